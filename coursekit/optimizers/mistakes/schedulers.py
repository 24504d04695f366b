"""Mistakes in the schedulers: torch's plateau with other settings, or with something done around its step."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import torch

from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.references import LRScheduler, Plateau
from coursekit.optimizers.scenarios import SchedulerScenario

Watch: TypeAlias = Callable[["Watched", float], None]
Reduce: TypeAlias = Callable[[float, "Watched"], float]


class Watched(Plateau):
    """Torch's plateau with something done after it is made, and after its step."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float, **settings: Any) -> None:
        super().__init__(optimizer, initial_lr, **settings)
        self.initial_lr = initial_lr
        self.inner = self._scheduler
        self.worst = self.inner.best
        self.improves = self.reduces = False
        self.old_best: float = self.inner.best
        self.old_count = 0
        self.old_rates: list[float] = []
        self.made()

    def made(self) -> None:
        """Change it, once it is made."""

    def after(self, number: float) -> None:
        """Change what a step with this metric did."""

    def set_lr(self, lr: float) -> None:
        """Write the rate, and remember it."""
        super().set_lr(lr)
        self.written = lr

    def step(self, metric: float | torch.Tensor) -> None:  # type: ignore[override]
        """Look at what the step is going to do, then do it."""
        number = float(metric)
        self.old_best, self.old_count = self.inner.best, self.inner.num_bad_epochs
        self.old_rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        self.improves = self.would_improve(number)
        self.reduces = not self.improves and self.old_count + 1 > self.inner.patience
        super().step(number)
        self.after(number)

    def would_improve(self, number: float) -> bool:
        """Ask a copy of torch's scheduler, one that never reduces."""
        probe = copy.copy(self.inner)
        probe.patience = math.inf  # type: ignore[assignment]
        probe.step(number)
        return probe.num_bad_epochs == 0


def watched(after: Watch) -> Follow:
    """Make a plateau followable with something done after its step."""
    return _followed(type("Wrong", (Watched,), {"after": after}))


def set_up(change: Callable[[Any], None]) -> Follow:
    """Make a plateau followable whose torch scheduler was changed after it was made."""
    return _followed(type("Wrong", (Watched,), {"made": lambda plateau: change(plateau.inner)}))


def reduced(rate: Reduce) -> Follow:
    """Make a plateau followable that reduces by another formula, out of the rate before."""

    def write(plateau: Watched, _: float) -> None:
        if plateau.reduces:
            for group, old in zip(plateau.optimizer.param_groups, plateau.old_rates, strict=True):
                group["lr"] = rate(old, plateau)

    return watched(write)


def default(name: str, value: float) -> Follow:
    """Make a plateau followable with another default."""

    def followed(_: str, scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, SchedulerScenario):
            return None
        return run(Plateau, replace(scenario, hyperparameters={name: value} | scenario.hyperparameters))

    return followed


def patience_reached(_: str, scenario: Scenario) -> Trajectory | None:
    """Follow a plateau that reduces when the count reaches patience.

    With patience 0 it says nothing: there it matters whether the count is looked at after a good epoch, too.
    """
    if not isinstance(scenario, SchedulerScenario):
        return None
    patience = scenario.hyperparameters.get("patience", 10.0)
    earlier = replace(scenario, hyperparameters={**scenario.hyperparameters, "patience": patience - 1})
    return run(Plateau, earlier) if patience else None


def always_min(_: str, scenario: Scenario) -> Trajectory | None:
    """Follow a plateau that does not look at its mode."""
    return run(Plateau, replace(scenario, mode=None)) if isinstance(scenario, SchedulerScenario) else None


def default_mode_max(_: str, scenario: Scenario) -> Trajectory | None:
    """Follow a plateau where higher is better unless something else is said."""
    if not isinstance(scenario, SchedulerScenario):
        return None
    return run(Plateau, replace(scenario, mode=scenario.mode or "max"))


def based(base: type[LRScheduler]) -> Follow:
    """Make a wrong base of the schedulers followable."""
    return _followed(base)


def first_group_only(subject: str, scenario: Scenario) -> Trajectory | None:
    """Follow a scheduler that writes into the first group only."""
    return _followed(_FirstGroup if subject == "LRScheduler" else _FirstGroupPlateau)(subject, scenario)


def _followed(scheduler: Any) -> Follow:
    def followed(_: str, scenario: Scenario) -> Trajectory | None:
        return run(scheduler, scenario) if isinstance(scenario, SchedulerScenario) else None

    return followed


class _FirstGroup(LRScheduler):
    def set_lr(self, lr: float) -> None:
        self.optimizer.param_groups[0]["lr"] = lr


class _FirstGroupPlateau(Watched):
    def set_lr(self, lr: float) -> None:
        self.optimizer.param_groups[0]["lr"] = lr

    def after(self, number: float) -> None:  # noqa: ARG002
        for group, old in zip(self.optimizer.param_groups[1:], self.old_rates[1:], strict=True):
            group["lr"] = old


class NothingWritten(LRScheduler):
    """Keeps the initial rate to itself."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float) -> None:  # noqa: ARG002
        self.optimizer = optimizer


class InitialRead(LRScheduler):
    """Reads the initial rate instead of the rate in force."""

    def __init__(self, optimizer: torch.optim.Optimizer, initial_lr: float) -> None:
        super().__init__(optimizer, initial_lr)
        self.initial_lr = initial_lr

    def get_lr(self) -> float:
        """Return what was given at first."""
        return float(self.initial_lr)


class NeverWritten(LRScheduler):
    """Keeps every rate to itself."""

    def set_lr(self, lr: float) -> None:
        """Keep the rate."""
        self.lr = lr

    def get_lr(self) -> float:
        """Return what was kept."""
        return float(self.lr)
