"""The base of the schedulers in many styles, all of them right."""

from dataclasses import dataclass
from typing import Any, Protocol

import torch


class LRSchedulerWithProperty:
    def __init__(self, optimizer, initial_lr):
        self.groups = optimizer.param_groups
        self.set_lr(initial_lr)

    def get_lr(self):
        return float(self.groups[-1]["lr"])

    def set_lr(self, lr):
        for group in self.groups:
            group.update(lr=lr)

    def step(self, metric=None):
        raise NotImplementedError


class LRSchedulerPlain:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        for group in self.optimizer.param_groups:
            group["lr"] = initial_lr

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError("a scheduler must say what a step does")


class LRSchedulerBeginner(object):  # noqa: UP004  (an old habit)
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.set_lr(initial_lr)

    def get_lr(self):
        groups = self.optimizer.param_groups
        first_group = groups[0]
        learning_rate = first_group["lr"]
        return float(learning_rate)

    def set_lr(self, lr):
        number_of_groups = len(self.optimizer.param_groups)
        for i in range(number_of_groups):
            self.optimizer.param_groups[i]["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError


class LRSchedulerRateIsAProperty:
    def __init__(self, optimizer, initial_lr):
        self._optimizer = optimizer
        self.lr = initial_lr

    @property
    def lr(self):
        return next(float(group["lr"]) for group in self._optimizer.param_groups)

    @lr.setter
    def lr(self, value):
        for group in self._optimizer.param_groups:
            group["lr"] = float(value)

    def get_lr(self):
        return self.lr

    def set_lr(self, lr):
        self.lr = lr

    def step(self, metric=None):
        raise NotImplementedError(f"{type(self).__name__} has no rule")


class LRSchedulerWithHistory:
    def __init__(self, optimizer, initial_lr):
        self.optimizer, self.history = optimizer, []
        self.set_lr(initial_lr)

    def get_lr(self):
        rates = [group["lr"] for group in self.optimizer.param_groups]
        return float(rates[0])

    def set_lr(self, lr):
        self.history.append(lr)
        [group.__setitem__("lr", lr) for group in self.optimizer.param_groups]

    def step(self, metric=None):
        raise NotImplementedError


class LRSchedulerWithChecks:
    def __init__(self, optimizer, initial_lr):
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise TypeError("the first argument must be an optimizer")
        if initial_lr < 0:
            raise ValueError("the first rate must not be negative")
        if not optimizer.param_groups:
            raise ValueError("the optimizer has no group")
        self.optimizer = optimizer
        self.set_lr(initial_lr)

    def get_lr(self):
        return float(max(group["lr"] for group in self.optimizer.param_groups))

    def set_lr(self, lr):
        if lr < 0:
            raise ValueError("a rate must not be negative")
        for group in self.optimizer.param_groups:
            group |= {"lr": lr}

    def step(self, metric=None):
        raise NotImplementedError


@dataclass
class LRSchedulerDataclass:
    optimizer: torch.optim.Optimizer
    initial_lr: float

    def __post_init__(self):
        self.set_lr(self.initial_lr)

    def get_lr(self):
        match self.optimizer.param_groups:
            case [{"lr": rate}, *_]:
                return float(rate)
            case _:
                raise LookupError("no group")

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError


class LRSchedulerSlots:
    __slots__ = ("_groups",)

    def __init__(self, optimizer, initial_lr):
        self._groups = optimizer.param_groups
        self.set_lr(initial_lr)

    def _write(self, group, lr):
        group["lr"] = lr

    def get_lr(self):
        (rate, *_) = (group["lr"] for group in self._groups)
        return float(rate)

    def set_lr(self, lr):
        for group in self._groups:
            self._write(group, lr)
        return self

    def step(self, metric=None):
        raise NotImplementedError


class LRSchedulerSaves:
    """May be saved and loaded, as torch's schedulers may, and counts the writes."""

    def __init__(self, optimizer, initial_lr, verbose=False):
        self.optimizer = optimizer
        self.verbose = verbose
        self.writes = 0
        self.set_lr(initial_lr)

    def state_dict(self):
        return {"lr": self.get_lr(), "writes": self.writes}

    def load_state_dict(self, state):
        self.set_lr(state["lr"])
        self.writes = state["writes"]

    def get_lr(self):
        return torch.as_tensor(self.optimizer.param_groups[0]["lr"], dtype=torch.float64).item()

    def set_lr(self, lr):
        if self.verbose:
            print("learning rate:", lr)
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.writes += 1

    def step(self, metric=None):
        raise NotImplementedError("Subclasses must implement step()")


def read_rate(optimizer):
    return float(optimizer.param_groups[0]["lr"])


def write_rate(optimizer, lr):
    optimizer.param_groups[:] = [group | {"lr": lr} for group in optimizer.param_groups]


class LRSchedulerByFunctions:
    """Puts new dictionaries into the list of groups; the list stays the same."""

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        write_rate(optimizer, initial_lr)

    def get_lr(self):
        return read_rate(self.optimizer)

    def set_lr(self, lr):
        write_rate(self.optimizer, lr)

    def step(self, metric=None):
        raise NotImplementedError


class HasParamGroups(Protocol):
    param_groups: list[dict[str, Any]]


class RateHolder:
    """The half that knows the optimizer; the other half knows when."""

    def __init__(self, optimizer: HasParamGroups, initial_lr: float):
        self.optimizer = optimizer
        self.set_lr(initial_lr)

    def get_lr(self) -> float:
        return float(self.optimizer.param_groups[-1]["lr"])

    def set_lr(self, lr: float) -> None:
        for group in reversed(self.optimizer.param_groups):
            group["lr"] = lr


class LRSchedulerTyped(RateHolder):
    def step(self, metric: float | None = None) -> None:
        raise NotImplementedError


class LRSchedulerByLambdas:
    def __init__(self, optimizer, initial_lr):
        self.get_lr = lambda: float(optimizer.param_groups[0]["lr"])
        self.set_lr = lambda lr: list(map(lambda group: group.update({"lr": lr}), optimizer.param_groups))  # noqa: C417
        self.set_lr(initial_lr)

    def step(self, metric=None):
        self._not_written(metric)

    def _not_written(self, metric):
        raise NotImplementedError(f"no rule for {metric}")


class LRSchedulerUnderOtherNames:
    """One private method does both; the public ones are thin."""

    def __init__(self, optimizer, initial_lr, *, key="lr"):
        self._optimizer, self._key = optimizer, key
        self._rate(initial_lr)

    def _rate(self, *new):
        for group in self._optimizer.param_groups:
            if new:
                (group[self._key],) = new
        return self._optimizer.param_groups[0][self._key]

    def get_lr(self):
        return float(self._rate())

    def set_lr(self, lr):
        self._rate(lr)

    def step(self, metric=None):
        error = NotImplementedError(f"step({metric})")
        raise error


STYLES = (
    ("LRScheduler", LRSchedulerWithProperty),
    ("LRScheduler", LRSchedulerPlain),
    ("LRScheduler", LRSchedulerBeginner),
    ("LRScheduler", LRSchedulerRateIsAProperty),
    ("LRScheduler", LRSchedulerWithHistory),
    ("LRScheduler", LRSchedulerWithChecks),
    ("LRScheduler", LRSchedulerDataclass),
    ("LRScheduler", LRSchedulerSlots),
    ("LRScheduler", LRSchedulerSaves),
    ("LRScheduler", LRSchedulerByFunctions),
    ("LRScheduler", LRSchedulerTyped),
    ("LRScheduler", LRSchedulerByLambdas),
    ("LRScheduler", LRSchedulerUnderOtherNames),
)
