"""The oracle: torch's own optimizers and scheduler behind the signatures of the course.

Nothing here is a solution. These classes translate names and hand over to `torch.optim`, which every student
has installed anyway. They judge trajectories, and stand in where a student's own class is missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from coursekit.errors import OracleError
from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers import matrices

# Signature of each optimizer: the course's names with their defaults.
SIGNATURES: dict[str, dict[str, float]] = {
    "SGD": {"learning_rate": 0.01},
    "RMSProp": {"learning_rate": 0.01, "decay": 0.9, "epsilon": 1e-8},
    "Adagrad": {"learning_rate": 0.01, "epsilon": 1e-8},
    "Adam": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "AdamW": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
    "Momentum": {"learning_rate": 0.01, "momentum": 0.9},
    "Nesterov": {"learning_rate": 0.01, "momentum": 0.9},
    "SignSGD": {"learning_rate": 0.01},
}

# And of what moves matrices alone.
OF_MATRICES: dict[str, dict[str, float]] = {"Muon": {"learning_rate": 0.02, "momentum": 0.95}}

# And of the scheduler that waits for a plateau, beside the first rate and the mode.
PLATEAU = {"patience": 10, "factor": 0.1, "min_lr": 1e-6, "threshold": 1e-4}

# The optimizers that notebooks 6 and 7 compare, and ask for.
COMPARED = ("SGD", "RMSProp", "Adagrad", "Adam", "AdamW")

_TORCH: dict[str, type[torch.optim.Optimizer]] = {
    "SGD": torch.optim.SGD,
    "RMSProp": torch.optim.RMSprop,
    "Adagrad": torch.optim.Adagrad,
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
    "Momentum": torch.optim.SGD,
    "Nesterov": torch.optim.SGD,
    "SignSGD": torch.optim.Adam,
    "Muon": matrices.Muon,
}
_ALWAYS: dict[str, dict[str, Any]] = {
    "Nesterov": {"nesterov": True},
    "SignSGD": {"betas": (0.0, 0.0), "eps": 2e-38},  # an ε that no sign sees, and that float32 still has
}
_TORCH_NAMES = {"learning_rate": "lr", "decay": "alpha", "epsilon": "eps"}


def signature(name: str) -> dict[str, float]:
    """Return the hyperparameters of an optimizer with their defaults."""
    return SIGNATURES[name] if name in SIGNATURES else OF_MATRICES[name]


def stand_in(name: str) -> Callable[..., Any]:
    """Return torch's optimizer `name` with the constructor of the course, or the base of the schedulers.

    Parameters
    ----------
    name
        One of `SIGNATURES` or `OF_MATRICES`, "LRScheduler", or one of `SCHEDULES`.

    Returns
    -------
    callable
        `(params, learning_rate=..., ...) -> torch.optim.Optimizer`; parameter groups may override any
        hyperparameter under the course's name. An unknown keyword is a `TypeError`. For a scheduler a class.
    """
    if name == "LRScheduler":
        return LRScheduler
    if name in SCHEDULES:
        return SCHEDULES[name]
    defaults = signature(name)

    def make(params: Iterable[Any], **hyperparameters: float) -> torch.optim.Optimizer:
        unknown = set(hyperparameters) - set(defaults)
        if unknown:
            raise TypeError(f"{name}() got an unexpected keyword argument {sorted(unknown)[0]!r}")
        values = defaults | hyperparameters
        groups = [
            {"params": entry["params"], **_translate(values, entry)} if isinstance(entry, dict) else entry
            for entry in params
        ]
        return _TORCH[name](groups, **_translate(values, {}), **_ALWAYS.get(name, {}))

    make.__name__ = make.__qualname__ = name
    return make


def torch_call(
    name: str, hyperparameters: dict[str, float], groups: list[dict[str, Any]]
) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    """Return what torch calls an optimizer, its hyperparameters, and what groups override, as torch's own has them.

    What stands in `coursekit.optimizers.matrices` is called by its bare name.
    """
    values = signature(name) | hyperparameters
    given = _translate(values, {})
    every = [_translate(values, over) for over in groups]
    others = [{key: value for key, value in own.items() if given.get(key) != value} for own in every]
    return (
        f"{'torch.optim.' if name in SIGNATURES else ''}{_TORCH[name].__name__}",
        given | _ALWAYS.get(name, {}),
        others,
    )


@lru_cache(maxsize=10_000)
def reference(subject: str, scenario: Scenario) -> Trajectory:
    """Return the trajectory that torch's own optimizer or scheduler leaves.

    Parameters
    ----------
    subject
        By the name of the course, as in `stand_in`, or "LRSchedulerOnPlateau", "clip_gradients", "AveragedWeights".
    scenario
        The scenario that a student's code runs.

    Raises
    ------
    OracleError
        When torch's own code fails, as on a machine without memory. Nothing is kept of that.
    """
    made = _OTHERS.get(subject) or stand_in(subject)
    trajectory = run(made, scenario)
    if trajectory.failure is not None:
        raise OracleError(
            f"torch's own {subject} failed ({trajectory.failure.kind}: {trajectory.failure.message}); this says nothing"
            " about any other. The machine may lack memory: run this again, in a notebook with a fresh kernel."
        )
    return trajectory


def forward(x: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
    """Return the prediction of the network of notebook 7: two of torch's linear layers."""
    value = x.double().reshape(-1, 1)
    for weight, bias in ((W1, b1), (W2, b2)):
        value = torch.nn.functional.linear(value, weight.double().reshape(1, 1), bias.double().reshape(1))
    return value.reshape(x.shape)


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return torch's squared error."""
    return torch.nn.functional.mse_loss(prediction.double(), target.double())


def train(
    model: torch.nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    criterion: Callable[..., torch.Tensor],
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> tuple[list[float], dict[str, torch.nn.Parameter]]:
    """Train a model, with gradients from `torch.autograd.grad`; return every tenth loss, and the parameters by name."""
    parameters = dict(model.named_parameters())
    losses = []
    for _ in range(epochs):
        loss = criterion(model(x), y)
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        for parameter, gradient in zip(parameters.values(), gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()
        losses.append(loss.item())
    return losses[::10], parameters


def make_data(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 100 inputs, and on them the line and the parabola of the course, their noise drawn from one stream."""
    stream = np.random.RandomState(seed)  # the stream that np.random.seed(seed) starts
    x = np.linspace(-10, 10, 100)
    return x, 3 * x + 5 + stream.normal(0, 2, 100), 0.5 * x**2 - 4 * x + stream.normal(0, 5, 100)


def clip_gradients(parameters: Iterable[torch.nn.Parameter], max_norm: float) -> torch.Tensor:
    """Let torch clip the gradients by their norm, and return the norm from before."""
    return torch.nn.utils.clip_grad_norm_(parameters, max_norm)


class AveragedWeights:
    """`torch.optim.swa_utils.AveragedModel` with the interface of the course's class; its first update copies."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], decay: float = 0.999) -> None:
        self._weights = torch.nn.ParameterList(parameters)
        self._model = torch.optim.swa_utils.AveragedModel(
            self._weights,
            avg_fn=torch.optim.swa_utils.get_ema_avg_fn(decay),
        )

    def update(self) -> None:
        """Let torch take the present weights in."""
        self._model.update_parameters(self._weights)

    @property
    def averages(self) -> list[torch.Tensor]:
        """The averages, in the order of the weights."""
        return [parameter.detach() for parameter in self._model.parameters()]


def close(got: Sequence[torch.Tensor], expected: Sequence[torch.Tensor], *tolerance: float, **others: float) -> bool:
    """Let torch tell whether all numbers of two lists of tensors are close, by its own tolerances or a share given."""
    share = next(iter((*tolerance, *others.values())), 1e-5)
    return len(got) == len(expected) and all(
        one.shape == other.shape and torch.allclose(one.double(), other.double(), rtol=share)
        for one, other in zip(got, expected, strict=True)
    )


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "forward": forward,
    "loss": loss,
    "train": train,
    "newton_schulz": matrices.newton_schulz,
    "close": close,
}


def _translate(values: dict[str, float], overrides: dict[str, Any]) -> dict[str, Any]:
    """Turn the course's hyperparameters into torch's keyword arguments."""
    merged = values | {key: value for key, value in overrides.items() if key in values}
    betas = {"betas": (merged.pop("beta1"), merged.pop("beta2"))} if "beta1" in merged else {}
    translated = {_TORCH_NAMES.get(key) or key: value for key, value in merged.items()}
    rate = {"lr": overrides["lr"]} if "lr" in overrides else {}
    return {**translated, **betas, **rate}


class LRScheduler:
    """The base of the schedulers, as a student writes it in notebook 8; torch's own writes the rate."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float) -> None:
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.set_lr(initial_lr)

    def get_lr(self) -> float:
        """Return the rate in force."""
        return float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr: float) -> None:
        """Let torch write `lr` into every group."""
        _Same(self.optimizer, lr)

    def step(self, metric: float | torch.Tensor | None = None) -> None:
        """Leave the rule to a subclass."""
        raise NotImplementedError("A subclass says how the rate changes.")


class _Same(torch.optim.lr_scheduler.LRScheduler):
    """Torch's scheduler with one rate for all groups; making one writes that rate."""

    def __init__(self, optimizer: torch.optim.Optimizer, lr: float) -> None:
        self._lr = lr
        super().__init__(optimizer)

    def get_lr(self) -> list[float | torch.Tensor]:
        return [self._lr] * len(self.optimizer.param_groups)


class Plateau(LRScheduler):
    """`torch.optim.lr_scheduler.ReduceLROnPlateau` with the interface of `LRSchedulerOnPlateau`."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, initial_lr: float, mode: str = "min", **hyperparameters: float
    ) -> None:
        super().__init__(optimizer, initial_lr)
        settings = PLATEAU | hyperparameters
        self._scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer,
            mode=mode,  # type: ignore[arg-type]
            patience=int(settings["patience"]),
            factor=settings["factor"],
            min_lr=settings["min_lr"],
            threshold=settings["threshold"],
            threshold_mode="rel",
            eps=0.0,
        )

    def step(self, metric: float | torch.Tensor) -> None:  # type: ignore[override]
        """Hand the metric over to torch's scheduler."""
        self._scheduler.step(float(metric))


class WarmUp(LRScheduler):
    """`torch.optim.lr_scheduler.LinearLR`, which climbs to the rate that the groups have when it is made."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float, peak_lr: float, steps: int) -> None:
        super().__init__(optimizer, initial_lr)
        self._scheduler = _line(optimizer, initial_lr, peak_lr, steps)

    def step(self, metric: float | torch.Tensor | None = None) -> None:  # noqa: ARG002
        """Let torch's scheduler step; it stays at the end."""
        _step(self._scheduler)


class CosineDecay(LRScheduler):
    """`torch.optim.lr_scheduler.CosineAnnealingLR`, up to the end of its first half-wave: it would climb again."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float, steps: int, min_lr: float = 0.0) -> None:
        super().__init__(optimizer, initial_lr)
        self._scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps, eta_min=min_lr)

    def step(self, metric: float | torch.Tensor | None = None) -> None:  # noqa: ARG002
        """Let torch's scheduler step, as long as its rate falls."""
        if self._scheduler.last_epoch < self._scheduler.T_max:
            _step(self._scheduler)


class WarmUpStableDecay(LRScheduler):
    """One `torch.optim.lr_scheduler.LinearLR` up, and after some steps without any another one down."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        initial_lr: float,
        peak_lr: float,
        warmup_steps: int,
        stable_steps: int,
        decay_steps: int,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(optimizer, initial_lr)
        self._left = warmup_steps + stable_steps
        self._scheduler = None
        self._down = (peak_lr, min_lr, decay_steps)
        if warmup_steps:
            self._scheduler = _line(optimizer, initial_lr, peak_lr, warmup_steps)
        else:
            self.set_lr(peak_lr)
        self._turn()

    def step(self, metric: float | torch.Tensor | None = None) -> None:  # noqa: ARG002
        """Let torch's scheduler of the present phase step."""
        self._left -= 1
        if self._scheduler:
            _step(self._scheduler)
        self._turn()

    def _turn(self) -> None:
        if not self._left:
            self._scheduler = _line(self.optimizer, *self._down)


def _line(optimizer: torch.optim.Optimizer, start: float, end: float, steps: int) -> torch.optim.lr_scheduler.LinearLR:
    """Let torch go from one rate to another; its factors are shares of the higher one, and it begins with the first."""
    highest = max(start, end)
    _Same(optimizer, highest)
    return torch.optim.lr_scheduler.LinearLR(optimizer, start / highest, end / highest, total_iters=steps)


def _step(scheduler: torch.optim.lr_scheduler.LRScheduler) -> None:
    """Let torch's scheduler step, also where its optimizer has made none, of which torch would warn."""
    with warnings.catch_warnings(action="ignore"):
        scheduler.step()


SCHEDULES: dict[str, type[LRScheduler]] = {
    "WarmUp": WarmUp,
    "CosineDecay": CosineDecay,
    "WarmUpStableDecay": WarmUpStableDecay,
}

_OTHERS: dict[str, Callable[..., Any]] = {
    "LRSchedulerOnPlateau": Plateau,
    "clip_gradients": clip_gradients,
    "AveragedWeights": AveragedWeights,
}
