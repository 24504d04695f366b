"""The scheduler that waits for a plateau in many styles, all of them right."""

import math
import operator
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import torch

from tests.bank.right.lr_scheduler import LRSchedulerPlain, LRSchedulerWithProperty


class PlateauWithSign(LRSchedulerWithProperty):
    """Turns `max` into `min` by a sign; each group falls from its own rate."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.sign = {"min": 1, "max": -1}.get(mode)
        if self.sign is None or not 0 < factor < 1:
            raise ValueError("wrong mode or factor")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.best, self.bad = math.inf, 0

    def step(self, metric):
        value = self.sign * (metric.item() if torch.is_tensor(metric) else metric)
        if value < self.best * (1 - self.sign * self.threshold):
            self.best, self.bad = value, 0
            return
        self.bad += 1
        if self.bad > self.patience:
            self.bad = 0
            for group in self.groups:
                group["lr"] = max(self.min_lr, group["lr"] * self.factor)


class PlateauBeginner(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode != "min" and mode != "max":  # noqa: PLR1714  (as a beginner writes it)
            raise ValueError("mode must be 'min' or 'max'")
        if not (factor > 0 and factor < 1):
            raise ValueError("factor must be between 0 and 1")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.num_bad_epochs = 0
        if mode == "min":
            self.best = float("inf")
        else:
            self.best = float("-inf")

    def step(self, metric):
        metric = float(metric)
        is_better = False
        if self.mode == "min":
            if metric < self.best * (1 - self.threshold):
                is_better = True
        elif metric > self.best * (1 + self.threshold):
            is_better = True

        if is_better == True:  # noqa: E712
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs = self.num_bad_epochs + 1

        if self.num_bad_epochs > self.patience:
            old_lr = self.get_lr()
            new_lr = old_lr * self.factor
            if new_lr < self.min_lr:  # noqa: PLR1730  (as a beginner writes it)
                new_lr = self.min_lr
            self.set_lr(new_lr)
            self.num_bad_epochs = 0


class PlateauAlone:
    """No base class, torch's infinity, and a method for each thought."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in {"min", "max"}:
            raise ValueError(f"unknown mode {mode!r}")
        if not 0.0 < factor < 1.0:
            raise ValueError(f"factor must lie between 0 and 1, not {factor}")
        self.optimizer = optimizer
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.reset()
        self.set_lr(initial_lr)

    def reset(self):
        self.best = torch.inf if self.mode == "min" else -torch.inf
        self.bad_epochs = 0

    def get_lr(self):
        return float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def is_improvement(self, metric):
        if self.mode == "max":
            return metric > self.best * (1 + self.threshold)
        return metric < self.best * (1 - self.threshold)

    def reduce(self):
        self.set_lr(max(self.get_lr() * self.factor, self.min_lr))

    def step(self, metric):
        value = metric.item() if hasattr(metric, "item") else metric
        if self.is_improvement(value):
            self.best = value
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
            if self.bad_epochs > self.patience:
                self.reduce()
                self.bad_epochs = 0


class PlateauCountdown(LRSchedulerPlain):
    """Counts the epochs that are left down to below zero."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in ("min", "max"):
            raise ValueError(mode)
        if not 1 > factor > 0:
            raise ValueError(factor)
        super().__init__(optimizer, initial_lr)
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.better = {
            "min": lambda new, best: new < best * (1 - threshold),
            "max": lambda new, best: new > best * (1 + threshold),
        }[mode]
        self.best = {"min": math.inf, "max": -math.inf}[mode]
        self.left = patience

    def step(self, metric):
        metric = torch.as_tensor(metric, dtype=torch.float64).item()
        if self.better(metric, self.best):
            self.best = metric
            self.left = self.patience
            return
        self.left -= 1
        if self.left >= 0:
            return
        self.left = self.patience
        for group in self.optimizer.param_groups:
            group["lr"] = max(group["lr"] * self.factor, self.min_lr)


class Mode(Enum):
    MIN = "min"
    MAX = "max"

    @property
    def worst(self):
        return math.inf if self is Mode.MIN else -math.inf

    def prefers(self, metric, best, threshold):
        match self:
            case Mode.MIN:
                return metric < best * (1 - threshold)
            case Mode.MAX:
                return metric > best * (1 + threshold)


class PlateauEnum(LRSchedulerPlain):
    """Looking up a value that the enumeration does not have raises the ValueError."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.mode = Mode(mode)
        if not 0 < factor < 1:
            raise ValueError("factor")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.best, self.bad = self.mode.worst, 0

    def step(self, metric=None):
        if metric is None:
            raise TypeError("a plateau needs a metric")
        metric = float(metric)
        improved = self.mode.prefers(metric, self.best, self.threshold)
        self.best, self.bad = (metric, 0) if improved else (self.best, self.bad + 1)
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0


class PlateauNoBestYet(LRSchedulerWithProperty):
    """`best` is None before the first metric; then anything better than infinitely bad is an improvement."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        match mode, factor:
            case (("min" | "max"), f) if 0 < f < 1:
                self.mode, self.factor = mode, factor
            case _:
                raise ValueError(f"mode {mode!r} with factor {factor!r}")
        self.patience, self.min_lr, self.threshold = patience, min_lr, threshold
        self.best = None
        self.bad = 0

    def improves(self, metric):
        match self.mode, self.best:
            case "min", None:
                return metric < math.inf
            case "max", None:
                return metric > -math.inf
            case "min", best:
                return metric < best * (1 - self.threshold)
            case "max", best:
                return metric > best * (1 + self.threshold)

    def step(self, metric):
        metric = float(metric)
        if self.improves(metric):
            self.best, self.bad = metric, 0
        elif self.bad == self.patience:
            self.bad = 0
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
        else:
            self.bad += 1


class Between(namedtuple("Ends", ("low", "high"))):
    def __contains__(self, number):
        return self.low < number < self.high


class PlateauKeepsTheBar(LRSchedulerPlain):
    """Keeps the number that the next metric must pass in place of the best metric."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if {mode} - {"min", "max"}:
            raise ValueError("mode")
        if factor not in Between(0, 1):
            raise ValueError("factor")
        super().__init__(optimizer, initial_lr)
        self.passes = operator.lt if mode == "min" else operator.gt
        self.scale = 1 - threshold if mode == "min" else 1 + threshold
        self.bar = math.inf if mode == "min" else -math.inf
        self.patience, self.factor, self.min_lr, self.bad = patience, factor, min_lr, 0

    def step(self, metric):
        value = float(metric)
        if self.passes(value, self.bar):
            self.bar = value * self.scale
            self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.bad = 0
            for group in self.optimizer.param_groups:
                group["lr"] = sorted((group["lr"] * self.factor, self.min_lr))[-1]


class PlateauEpochNumbers(LRSchedulerPlain):
    """Counts the epochs and remembers the last one that was good or saw a reduction; keeps a history."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode == "min":
            self.best = np.inf
        elif mode == "max":
            self.best = -np.inf
        else:
            raise ValueError(f"mode must be 'min' or 'max', not {mode}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must be between 0 and 1, not {factor}")
        self.mode, self.patience, self.factor, self.min_lr, self.threshold = mode, patience, factor, min_lr, threshold
        self.epoch = self.since = 0
        self.history = {"metric": [], "lr": []}

    def step(self, metric):
        value = metric.detach().item() if isinstance(metric, torch.Tensor) else float(metric)
        self.epoch += 1
        goal = self.best * (1 - self.threshold if self.mode == "min" else 1 + self.threshold)
        if (self.mode == "min" and value < goal) or (self.mode == "max" and value > goal):
            self.best, self.since = value, self.epoch
        if self.epoch - self.since > self.patience:
            self.since = self.epoch
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
        self.history["metric"].append(value)
        self.history["lr"].append(self.get_lr())


@dataclass
class PlateauDataclass:
    optimizer: torch.optim.Optimizer
    initial_lr: float
    patience: int = 10
    factor: float = 0.1
    min_lr: float = 1e-6
    mode: str = "min"
    threshold: float = 1e-4
    best: float = field(init=False)
    bad: list = field(init=False, default_factory=list)

    def __post_init__(self):
        if self.mode not in ["min", "max"]:
            raise ValueError("mode")
        if not 0 < self.factor < 1:
            raise ValueError("factor")
        self.best = math.inf if self.mode == "min" else -math.inf
        self.set_lr(self.initial_lr)

    def get_lr(self):
        return float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric):
        metric = float(metric)
        low, high = self.best * (1 - self.threshold), self.best * (1 + self.threshold)
        if (metric < low) if self.mode == "min" else (metric > high):
            self.best = metric
            self.bad.clear()
            return
        self.bad.append(metric)
        if len(self.bad) > self.patience:
            self.bad.clear()
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))


Wait = namedtuple("Wait", ("best", "bad", "reduce"))


def wait(before, metric, better, patience):
    """Return what follows a metric, and change nothing."""
    if better(metric, before.best):
        return Wait(metric, 0, reduce=False)
    if before.bad + 1 > patience:
        return Wait(before.best, 0, reduce=True)
    return Wait(before.best, before.bad + 1, reduce=False)


class PlateauByFunction(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if not 0 < factor < 1:
            raise ValueError("factor must lie in (0, 1)")
        if mode == "min":
            start, self.better = math.inf, lambda metric, best: metric < best * (1 - threshold)
        elif mode == "max":
            start, self.better = -math.inf, lambda metric, best: metric > best * (1 + threshold)
        else:
            raise ValueError("mode must be 'min' or 'max'")
        self.patience, self.reduced = patience, lambda lr: max(lr * factor, min_lr)
        self.state = Wait(start, 0, reduce=False)

    def step(self, metric):
        self.state = wait(self.state, float(metric), self.better, self.patience)
        if self.state.reduce:
            self.set_lr(self.reduced(self.get_lr()))


class LowerIsBetter:
    worst = math.inf

    def __init__(self, threshold):
        self.threshold = threshold

    def __call__(self, metric, best):
        return bool(metric < best * (1 - self.threshold))


class HigherIsBetter(LowerIsBetter):
    worst = -math.inf

    def __call__(self, metric, best):
        return bool(metric > best * (1 + self.threshold))


class PlateauStrategies(LRSchedulerWithProperty):
    """Compares tensors: a metric is never turned into a number."""

    RULES = {"min": LowerIsBetter, "max": HigherIsBetter}  # noqa: RUF012

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        try:
            self.better = self.RULES[mode](threshold)
        except KeyError:
            raise ValueError(f"mode must be one of {', '.join(self.RULES)}") from None
        if not 0 < factor < 1:
            raise ValueError("factor must lie strictly between 0 and 1")
        super().__init__(optimizer, initial_lr)
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.best, self.bad = torch.tensor(self.better.worst, dtype=torch.float64), 0

    def step(self, metric):
        metric = torch.as_tensor(metric, dtype=torch.float64).detach().clone().reshape(())
        if self.better(metric, self.best):
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad <= self.patience:
            return
        self.bad = 0
        rates = [max(group["lr"] * self.factor, self.min_lr) for group in self.groups]
        for group, rate in zip(self.groups, rates, strict=True):
            group["lr"] = rate


class PlateauGenerator(LRSchedulerPlain):
    """A generator waits for the metrics and says after each whether the rate must fall."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in {"min", "max"} or not 0 < factor < 1:
            raise ValueError("mode is 'min' or 'max', and factor lies between 0 and 1")
        self.factor, self.min_lr = factor, min_lr
        self.waiting = self.wait(patience, 1 if mode == "min" else -1, threshold)
        next(self.waiting)

    @staticmethod
    def wait(patience, sign, threshold):
        best, bad = sign * math.inf, 0
        metric = yield False
        while True:
            if sign * metric < sign * (best * (1 - sign * threshold)):
                best, bad = metric, 0
            else:
                bad += 1
            reduce = bad > patience
            if reduce:
                bad = 0
            metric = yield reduce

    def step(self, metric):
        if self.waiting.send(float(metric)):
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))


class PlateauExtraKeywords(LRSchedulerPlain):
    """Takes the keywords of torch's scheduler too, which change nothing as long as they are left alone."""

    def __init__(
        self,
        optimizer,
        initial_lr,
        patience=10,
        factor=0.1,
        min_lr=1e-6,
        mode="min",
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        verbose=False,
    ):
        super().__init__(optimizer, initial_lr)
        for value, allowed in ((mode, {"min", "max"}), (threshold_mode, {"rel", "abs"})):
            if value not in allowed:
                raise ValueError(f"{value!r} is none of {sorted(allowed)}")
        if not 0.0 < factor < 1.0:
            raise ValueError("factor must lie in (0, 1)")
        if patience < 0 or min_lr < 0:
            raise ValueError("neither patience nor min_lr may be negative")
        self.patience, self.factor, self.min_lr, self.verbose = patience, factor, min_lr, verbose
        self.sign = 1 if mode == "min" else -1
        self.relative = threshold_mode == "rel"
        self.threshold, self.cooldown = threshold, cooldown
        self.best, self.bad, self.cooling = self.sign * math.inf, 0, 0

    @property
    def goal(self):
        change = self.best * self.threshold if self.relative else self.threshold
        return self.best if math.isinf(self.best) else self.best - self.sign * change

    def step(self, metric):
        value = float(metric)
        if not math.isnan(value) and self.sign * (self.goal - value) > 0:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        if self.cooling > 0:
            self.cooling -= 1
            self.bad = 0
        if self.bad > self.patience:
            self._reduce()

    def _reduce(self):
        for number, group in enumerate(self.optimizer.param_groups):
            group["lr"] = max(group["lr"] * self.factor, self.min_lr)
            if self.verbose:
                print(f"group {number}: learning rate {group['lr']:g}")
        self.bad, self.cooling = 0, self.cooldown


STYLES = (
    ("LRSchedulerOnPlateau", PlateauWithSign),
    ("LRSchedulerOnPlateau", PlateauBeginner),
    ("LRSchedulerOnPlateau", PlateauAlone),
    ("LRSchedulerOnPlateau", PlateauCountdown),
    ("LRSchedulerOnPlateau", PlateauEnum),
    ("LRSchedulerOnPlateau", PlateauNoBestYet),
    ("LRSchedulerOnPlateau", PlateauKeepsTheBar),
    ("LRSchedulerOnPlateau", PlateauEpochNumbers),
    ("LRSchedulerOnPlateau", PlateauDataclass),
    ("LRSchedulerOnPlateau", PlateauByFunction),
    ("LRSchedulerOnPlateau", PlateauStrategies),
    ("LRSchedulerOnPlateau", PlateauGenerator),
    ("LRSchedulerOnPlateau", PlateauExtraKeywords),
)
