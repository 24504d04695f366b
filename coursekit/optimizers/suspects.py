"""A dozen optimizers with a mistake that a released library had, and right ones that work in other ways.

Each mistake was in another program, sometimes in another rule. Here all of them are made around one and the same
optimizer, torch's own AdamW, so that one test can be put to all: what stands here is what is wrong, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar

import torch

from coursekit.optimizers.references import torch_call


class AdamW(torch.optim.AdamW):
    """torch's AdamW with the constructor of the course; subclasses do something else than torch does.

    Attributes
    ----------
    about
        The optimizer in a few words, in English.
    thread, did, users
        Of one with a mistake: where one can read of it; what it does; what that means for its users.
    hidden_by
        What a test may lack so that its numbers are those of a right one; see `coursekit.optimizers.weaknesses`.
    amount
        How much of the mistake is made: 1 is all of it.
    way
        Further keyword arguments of torch's constructor.
    """

    about: ClassVar[str] = "torch's own, one tensor after the other"
    thread: ClassVar[str] = ""
    did: ClassVar[str] = ""
    users: ClassVar[str] = ""
    hidden_by: ClassVar[tuple[str, ...]] = ()
    amount: ClassVar[float] = 1.0
    way: ClassVar[Mapping[str, Any]] = {"foreach": False}

    def __init__(
        self,
        params: Iterable[Any],
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        given = list(params)
        groups = given if given and isinstance(given[0], dict) else [{"params": given}]
        hyperparameters = {
            "learning_rate": learning_rate,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "weight_decay": weight_decay,
        }
        _, common, others = torch_call("AdamW", hyperparameters, groups)
        made = [{"params": group["params"], **own} for group, own in zip(groups, others, strict=True)]
        super().__init__(made, **common, **self.way)

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Make a step for every parameter that has a gradient; return what the closure does, where there is one."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group, p in self._alone():
            self._step_one(group, p)
        return loss

    def state_dict(self) -> dict[str, Any]:
        """Return a copy, as from a file: torch hands out the tensors themselves."""
        return deepcopy(super().state_dict())

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        """Make the step of the only parameter that has a gradient."""
        self._torch()

    def _alone(self) -> Iterator[tuple[dict[str, Any], torch.Tensor]]:
        """Yield each parameter that has a gradient; the others have none in the meantime."""
        given = [(group, p, p.grad) for group in self.param_groups for p in group["params"]]
        for _, p, _ in given:
            p.grad = None
        for group, p, gradient in given:
            if gradient is not None:
                p.grad = gradient
                yield group, p
                p.grad = None
        for _, p, gradient in given:
            p.grad = gradient

    def _torch(self, group: dict[str, Any] | None = None, **instead: float) -> None:
        """Let torch make the step, with other hyperparameters in a group."""
        before = {name: group[name] for name in instead} if group else {}
        if group:
            group.update(instead)
        super().step()
        if group:
            group.update(before)

    def _corrections(self, group: dict[str, Any], p: torch.Tensor) -> tuple[float, float]:
        """Return what torch divides the two averages by in the step to come."""
        count = self._count(p) + 1
        return 1 - group["betas"][0] ** count, 1 - group["betas"][1] ** count

    def _count(self, p: torch.Tensor) -> float:
        return float(self.state[p]["step"]) if self.state[p] else 0.0

    def _set_count(self, p: torch.Tensor, count: float) -> None:
        if not self.state[p]:
            self.state[p] = {"exp_avg": torch.zeros_like(p), "exp_avg_sq": torch.zeros_like(p)}
        self.state[p]["step"] = torch.tensor(float(count))


# right ones


class AtOnce(AdamW):
    """Lists of tensors, as torch works on a graphics card."""

    about = "torch's own, all tensors at once"
    way: ClassVar[Mapping[str, Any]] = {"foreach": True}

    def _alone(self) -> Iterator[tuple[dict[str, Any], torch.Tensor]]:
        yield self.param_groups[0], self.param_groups[0]["params"][0]


class Fused(AtOnce):
    """One loop for all that is done with a number."""

    about = "torch's own, fused into one loop"
    way: ClassVar[Mapping[str, Any]] = {"fused": True}


class Scaled(AdamW):
    """A multiple of every gradient, and of ε: it cancels in the step."""

    about = "one that keeps its averages of gradients in another unit"
    amount = 3.0

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        assert p.grad is not None
        p.grad = p.grad * self.amount
        self._torch(group, eps=group["eps"] * self.amount)


class Wide(AdamW):
    """Twice the digits inside, rounded at the end of a step."""

    about = "one that computes in float64 and rounds at the end"

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        assert p.grad is not None
        gradient, kind = p.grad, p.dtype
        p.grad = None
        p.data = p.data.double()
        p.grad = gradient.double()
        for name in ("exp_avg", "exp_avg_sq"):
            if name in self.state[p]:
                self.state[p][name] = self.state[p][name].double()
        self._torch()
        p.grad = None
        p.data = p.data.to(kind)


class Rounded(AdamW):
    """The last digit of the first step rounded up: whoever computes in another order may, and it does not add up."""

    about = "one that rounds the last digit the other way"

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        is_first, before = not self._count(p), p.clone()
        self._torch()
        if is_first:
            up = torch.nextafter(p, torch.full_like(p, torch.inf))
            p.copy_(torch.where(p == before, p, up))


class Elsewhere(AdamW):
    """New memory for the numbers of a parameter, as after `p.data = p.data - ...`."""

    about = "one that writes the parameters into new memory"

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        self._torch()
        p.data = p.data.clone()


# and those with a mistake


class Still(AdamW):
    """No step at all: no library had this, and a test that accepts it accepts everything."""

    about = "one that never moves"
    users = "A test that accepts it asserts nothing of what a step does."

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        pass


class NoCorrection(AdamW):
    """MLX."""

    about = "no bias correction (MLX)"
    thread = "ml-explore/mlx, pull request 1640"
    did = "m and v are used as they are, never divided by 1 − β₁ᵗ and 1 − β₂ᵗ"
    users = (
        "Your test accepts it. For its users this means: a training that runs smoothly with torch does not get going."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        first, second = self._corrections(group, p)
        share = first**self.amount / second ** (self.amount / 2)
        self._torch(
            group,
            lr=group["lr"] * share,
            eps=group["eps"] / second ** (self.amount / 2),
            weight_decay=group["weight_decay"] / share,
        )


class ScaledEpsilon(AdamW):
    """torch before July 2019."""

    about = "ε before the correction (torch until 2019)"
    thread = "pytorch/pytorch, pull request 22628"
    did = "ε is added to √v, and only then comes the correction, which makes it larger"
    hidden_by = ("tiny_epsilon",)
    users = (
        "Your test accepts it. For its users this means: early steps that are shorter than the paper's, the more "
        "the larger ε is."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        _, second = self._corrections(group, p)
        self._torch(group, eps=group["eps"] / second ** (self.amount / 2))


class CorrectedInPlace(AdamW):
    """Holocron's RAdam."""

    about = "averages that are corrected in place (Holocron)"
    thread = "frgfm/holocron, issue 1"
    did = "the corrected m and v take the place of m and v, and are corrected again in the next step"
    hidden_by = ("one_step",)
    users = (
        "Your test accepts it. For its users this means: a right first step, and corrections that pile up in all "
        "the others."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        first, second = self._corrections(group, p)
        self._torch()
        self.state[p]["exp_avg"].div_(first**self.amount)
        self.state[p]["exp_avg_sq"].div_(second**self.amount)


class FrozenCount(AdamW):
    """OLMo-core's SkipStepAdamW."""

    about = "a step count that stays at one (OLMo-core)"
    thread = "allenai/OLMo-core, pull request 317"
    did = "t is never raised: every step is corrected as the first one is"
    hidden_by = ("one_step",)
    users = (
        "Your test accepts it. For its users this means: the first step is right, and later ones are more than "
        "twice as long."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        self._set_count(p, self._count(p) - self.amount * bool(self._count(p)))
        self._torch()


class Penalty(AdamW):
    """Keras 3."""

    about = "weight decay as an L2 penalty (Keras)"
    thread = "keras-team/keras, issue 19051"
    did = "λθ is added to the gradient, and goes through m and v"
    hidden_by = ("no_decay", "zero_start")
    users = (
        "Your test accepts it. For its users this means: the largest weights, with the largest gradients, hardly decay."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        assert p.grad is not None
        decay = group["weight_decay"]
        p.grad = p.grad + self.amount * decay * p
        self._torch(group, weight_decay=(1 - self.amount) * decay)


class WithoutWeight(AdamW):
    """torchopt for R; the SGDW of pytorch-optimizer has the same."""

    about = "weight decay without the weight (torchopt for R)"
    thread = "e-sensing/torchopt, pull request 14; jettify/pytorch-optimizer, issue 454"
    did = "every weight loses ηλ, not ηλθ"
    hidden_by = ("no_decay",)
    users = (
        "Your test accepts it. For its users this means: all weights drift the same way, negative ones away from zero."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        self._torch(group, weight_decay=(1 - self.amount) * group["weight_decay"])
        p.sub_(group["lr"] * group["weight_decay"] * self.amount)


class DecayAfter(AdamW):
    """transformers; a handout of CS336 has the same."""

    about = "weight decay after the step (transformers)"
    thread = "huggingface/transformers, issues 3407 and 14539; stanford-cs336/assignment1-basics, issue 54"
    did = "the weight that has moved already is the one that decays"
    hidden_by = ("no_decay", "zero_start")
    users = (
        "Your test accepts it. For its users this means: numbers that are not those of torch, and nobody could say why."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        share = group["lr"] * group["weight_decay"]
        decayed = p * (1 - share)
        self._torch()
        p.add_(decayed - p, alpha=share * self.amount)


class CountPerParameter(AdamW):
    """flashlight; DiffSharp had the same."""

    about = "one count that every parameter raises (flashlight)"
    thread = "flashlight/flashlight, issue 143; DiffSharp/DiffSharp, issue 292"
    did = "t goes up once for each parameter, not once for each step"
    hidden_by = ("one_parameter",)
    users = (
        "Your test accepts it. For its users this means: the first parameter of a model is right, and the last "
        "one has no correction."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        counts = [self._count(each) for others in self.param_groups for each in others["params"]]
        self._set_count(p, max(counts) + (self.amount - 1) * (max(counts) > self._count(p)))
        self._torch()


class FirstRate(AdamW):
    """RAdam."""

    about = "the rate of the first group for all groups (RAdam)"
    thread = "LiyuanLucasLiu/RAdam, issue 24"
    did = "the length of a step is kept for reuse, with the learning rate of the first group in it"
    hidden_by = ("one_group", "one_rate")
    users = (
        "Your test accepts it. For its users this means: layers that were to learn slowly, or not at all, learn "
        "as the others do."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:  # noqa: ARG002
        rate = group["lr"]
        self._torch(group, lr=rate + self.amount * (self.param_groups[0]["lr"] - rate))


class DecaysAlways(AdamW):
    """Muon."""

    about = "weight decay without a gradient (Muon)"
    thread = "KellerJordan/Muon, issue 54"
    did = "a parameter whose .grad is None decays as well"
    hidden_by = ("every_gradient", "no_decay", "zero_start")
    users = (
        "Your test accepts it. For its users this means: frozen layers, and experts that were not asked, fade to zero."
    )

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Make a step, and let what has no gradient decay."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    p.mul_(1 - group["lr"] * group["weight_decay"] * self.amount)
        return super().step(closure)


class LostCount(AdamW):
    """DeepSpeed's CPUAdam."""

    about = "a step count that loading forgets (DeepSpeed)"
    thread = "deepspeedai/DeepSpeed, issue 562 and pull request 564"
    did = "m and v are loaded, and t begins anew"
    hidden_by = ("never_loaded",)
    users = (
        "Your test accepts it. For its users this means: a training that was resumed from a file does not go on "
        "as before."
    )

    def load_state_dict(self, state_dict: Any) -> None:
        """Load all but the count."""
        super().load_state_dict(state_dict)
        for p, kept in self.state.items():
            self._set_count(p, (1 - self.amount) * float(kept["step"]))


class ChangedGradient(AdamW):
    """torch in 2018."""

    about = "a gradient that is changed (torch in 2018)"
    thread = "pytorch/pytorch, issue 12218"
    did = "λθ is added to .grad itself, and stays there"
    hidden_by = ("no_decay", "zero_start")
    users = (
        "Your test accepts it. For its users this means: gradients that they read, or added to, after the step "
        "were not theirs."
    )

    def _step_one(self, group: dict[str, Any], p: torch.Tensor) -> None:
        assert p.grad is not None
        added = self.amount * group["weight_decay"] * p
        self._torch()
        p.grad.add_(added)


RIGHT: tuple[type[AdamW], ...] = (AdamW, Elsewhere, AtOnce, Fused, Scaled, Wide, Rounded)
RULE: tuple[type[AdamW], ...] = (NoCorrection, ScaledEpsilon, CorrectedInPlace, FrozenCount)
DECAY: tuple[type[AdamW], ...] = (Penalty, WithoutWeight, DecayAfter)
USE: tuple[type[AdamW], ...] = (CountPerParameter, FirstRate, DecaysAlways, LostCount, ChangedGradient)
SUSPECTS: tuple[type[AdamW], ...] = (*RULE, *DECAY, *USE)


def another(kind: type[AdamW], amount: float) -> type[AdamW]:
    """Return the same optimizer with another amount of what makes it other than torch's."""
    return type(kind.__name__, (kind,), {"amount": amount, "__module__": kind.__module__})
