"""Momentum and Nesterov in many styles, all of them right."""

from collections import defaultdict
from dataclasses import dataclass

import torch
from torch.optim import Optimizer


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


class _Named(Optimizer):
    """The constructor that all of these share who are about the step alone."""

    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})


class InPlace(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                v = self.state[p].setdefault("velocity", torch.zeros_like(p))
                v.mul_(group["momentum"]).add_(p.grad)
                p.sub_(v, alpha=group["lr"])


class AsTorch(Optimizer):
    """As torch writes it: the velocity starts as a copy of the first gradient, and is updated from the second on."""

    def __init__(self, params, learning_rate=0.01, momentum=0.9, dampening=0.0, weight_decay=0.0):
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum {momentum} is not in [0, 1)")
        given = {"momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {"lr": learning_rate} | given)

    @torch.no_grad()
    def step(self, closure=None):  # noqa: ARG002
        for group in self.param_groups:
            for p in _with_gradient(group):
                d_p = p.grad.add(p, alpha=group["weight_decay"])
                buf = self.state[p].get("momentum_buffer")
                if buf is None:
                    buf = self.state[p]["momentum_buffer"] = d_p.clone()
                else:
                    buf.mul_(group["momentum"]).add_(d_p, alpha=1 - group["dampening"])
                p.add_(buf, alpha=-group["lr"])


class SignInside(_Named):
    """The velocity points downhill."""

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in _with_gradient(group):
                    v = self.state[p].get("v", 0.0)
                    self.state[p]["v"] = group["momentum"] * v - p.grad
                    p.add_(group["lr"] * self.state[p]["v"])


class FromTheStart(_Named):
    """Every velocity is there before the first step."""

    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, learning_rate, momentum)
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["v"] = torch.zeros_like(p)

    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                self.state[p]["v"] = group["momentum"] * self.state[p]["v"] + p.grad
                p.data -= group["lr"] * self.state[p]["v"]


class Foreach(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            moved = _with_gradient(group)
            if not moved:
                continue
            velocities = [self.state[p].setdefault("v", torch.zeros_like(p)) for p in moved]
            torch._foreach_mul_(velocities, group["momentum"])
            torch._foreach_add_(velocities, [p.grad for p in moved])
            torch._foreach_add_(moved, velocities, alpha=-group["lr"])


class AsAnAverage(_Named):
    """Adam's m, and a rate that makes up for it; with μ = 1 there is no such rate, and nobody asks for it."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in _with_gradient(group):
                state = self.state[p]
                state["m"] = mu * state.get("m", torch.zeros_like(p)) + (1 - mu) * p.grad
                p.sub_(state["m"] * group["lr"] / (1 - mu))


class BareTensor(_Named):
    """The state of a parameter is its velocity itself."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                old = self.state.get(p, torch.zeros_like(p))
                self.state[p] = torch.add(p.grad, old, alpha=group["momentum"])
                p.copy_(p - group["lr"] * self.state[p])


class Moves(_Named):
    """The move is kept together with the rate that it was made with, and is rescaled when that changes."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, mu = group["lr"], group["momentum"]
            for p in _with_gradient(group):
                state = self.state[p]
                last = state["move"] * (lr / state["lr"]) if "move" in state else torch.zeros_like(p)
                state["move"], state["lr"] = mu * last + lr * p.grad, lr
                p.sub_(state["move"])


class InATuple(_Named):
    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in _with_gradient(group):
                    velocity, steps = self.state[p].get("v", (torch.zeros_like(p), 0))
                    velocity = velocity * group["momentum"] + p.grad
                    self.state[p]["v"] = velocity, steps + 1
                    p.data.sub_(velocity.mul(group["lr"]))


@dataclass
class _Rule:
    lr: float
    momentum: float

    def __call__(self, gradient, velocity):
        velocity = self.momentum * velocity + gradient
        return velocity, -self.lr * velocity


class ByFunction(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rule = _Rule(group["lr"], group["momentum"])
            for p in _with_gradient(group):
                state = self.state[p]
                state["v"], move = rule(p.grad, state["v"] if state else torch.zeros_like(p))
                p.add_(move)


class AllGradients(_Named):
    """All gradients so far are kept, and summed anew with their weights; as long as μ stays that is the same."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                past = self.state[p].setdefault("gradients", [])
                past.append(p.grad.clone())
                ages = reversed(range(len(past)))
                p.sub_(group["lr"] * sum(group["momentum"] ** age * g for age, g in zip(ages, past, strict=True)))


class Collected(_Named):
    """Parameters of all groups are put into one list first."""

    @torch.no_grad()
    def step(self):
        todo = defaultdict(list)
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    todo[group["lr"], group["momentum"]].append(p)
        for (lr, mu), parameters in todo.items():
            for p in parameters:
                v = self.state[p]["v"] = self.state[p].get("v", 0) * mu + p.grad
                p.sub_(lr * v)


class WithAFlag(_Named):
    """One class for both rules, with torch's flag."""

    def __init__(self, params, learning_rate=0.01, momentum=0.9, nesterov=False):
        super().__init__(params, learning_rate, momentum)
        self.nesterov = nesterov

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                state.setdefault("v", torch.zeros_like(p))
                state["v"] = group["momentum"] * state["v"] + p.grad
                p.sub_(group["lr"] * (p.grad + group["momentum"] * state["v"] if self.nesterov else state["v"]))


# looking ahead


class NesterovByTheFlag(WithAFlag):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, learning_rate, momentum, nesterov=True)


class NesterovInPlace(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                v = self.state[p].setdefault("velocity", torch.zeros_like(p))
                v.mul_(group["momentum"]).add_(p.grad)
                p.sub_(p.grad.add(v, alpha=group["momentum"]), alpha=group["lr"])


class NesterovAsTorch(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        if momentum <= 0:
            raise ValueError("Nesterov momentum requires a momentum")
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None):  # noqa: ARG002
        for group in self.param_groups:
            momentum = group["momentum"]
            for p in _with_gradient(group):
                state = self.state[p]
                if "momentum_buffer" not in state:
                    buf = state["momentum_buffer"] = torch.clone(p.grad).detach()
                else:
                    buf = state["momentum_buffer"]
                    buf.mul_(momentum).add_(p.grad)
                p.add_(p.grad.add(buf, alpha=momentum), alpha=-group["lr"])


class NesterovOldAndNew(_Named):
    """The look ahead along the old velocity is taken back, and the one along the new velocity is made."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, mu = group["lr"], group["momentum"]
            for p in _with_gradient(group):
                old = self.state[p].get("v", torch.zeros_like(p))
                new = self.state[p]["v"] = mu * old + p.grad
                p.sub_(lr * ((1 + mu) * new - mu * old))


class NesterovMultipliedOut(_Named):
    """Both lines in one: (1 + μ) g + μ² v."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in _with_gradient(group):
                v = self.state[p].get("v", 0.0)
                p.sub_(group["lr"] * ((1 + mu) * p.grad + mu**2 * v))
                self.state[p]["v"] = mu * v + p.grad


class NesterovSignInside(_Named):
    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in _with_gradient(group):
                    v = self.state[p]["v"] = group["momentum"] * self.state[p].get("v", 0.0) - p.grad
                    p.add_(group["lr"] * (group["momentum"] * v - p.grad))


class NesterovInTwoMoves(_Named):
    """The step against the gradient, then the one along the velocity."""

    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                state["v"] = state.get("v", torch.zeros_like(p)).mul(group["momentum"]).add(p.grad)
                p.data.add_(p.grad, alpha=-group["lr"])
                p.data.add_(state["v"], alpha=-group["lr"] * group["momentum"])


class NesterovForeach(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            moved = _with_gradient(group)
            if not moved:
                continue
            grads = [p.grad for p in moved]
            velocities = [self.state[p].setdefault("v", torch.zeros_like(p)) for p in moved]
            torch._foreach_mul_(velocities, group["momentum"])
            torch._foreach_add_(velocities, grads)
            ahead = torch._foreach_add(grads, velocities, alpha=group["momentum"])  # noqa: SLF001
            torch._foreach_add_(moved, ahead, alpha=-group["lr"])


class NesterovRemembersTheGradient(_Named):
    """What the look ahead was is worked out from the velocity before."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, mu = group["lr"], group["momentum"]
            for p in _with_gradient(group):
                state = self.state[p]
                v = state.get("v", torch.zeros_like(p))
                stands = p + lr * mu * v  # the parameter of the paper
                state["v"] = mu * v + p.grad
                stands = stands - lr * state["v"]
                p.copy_(stands - lr * mu * state["v"])


class NesterovFromTheStart(FromTheStart):
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                v = self.state[p]["v"] = group["momentum"] * self.state[p]["v"] + p.grad
                p.data -= group["lr"] * (group["momentum"] * v + p.grad)


class NesterovBareTensor(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                self.state[p] = group["momentum"] * self.state.get(p, torch.zeros_like(p)) + p.grad
                p.copy_(p - group["lr"] * torch.add(p.grad, self.state[p], alpha=group["momentum"]))


class NesterovByMomentumTwice(InPlace):
    """First the step of its parent class, which moves by the velocity; then the rest."""

    @torch.no_grad()
    def step(self):
        super().step()
        for group in self.param_groups:
            for p in _with_gradient(group):
                v = self.state[p]["velocity"]
                p.sub_(group["lr"] * (p.grad - (1 - group["momentum"]) * v))


class NesterovAllGradients(_Named):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in _with_gradient(group):
                past = self.state[p].setdefault("gradients", [])
                past.append(p.grad.clone())
                v = sum(mu ** (len(past) - 1 - number) * g for number, g in enumerate(past))
                p.sub_(group["lr"] * (p.grad + mu * v))


STYLES = (
    *(
        ("Momentum", style)
        for style in (
            InPlace,
            AsTorch,
            SignInside,
            FromTheStart,
            Foreach,
            AsAnAverage,
            BareTensor,
            Moves,
            InATuple,
            ByFunction,
            AllGradients,
            Collected,
            WithAFlag,
        )
    ),
    *(
        ("Nesterov", style)
        for style in (
            NesterovByTheFlag,
            NesterovInPlace,
            NesterovAsTorch,
            NesterovOldAndNew,
            NesterovMultipliedOut,
            NesterovSignInside,
            NesterovInTwoMoves,
            NesterovForeach,
            NesterovRemembersTheGradient,
            NesterovFromTheStart,
            NesterovBareTensor,
            NesterovByMomentumTwice,
            NesterovAllGradients,
        )
    ),
)
