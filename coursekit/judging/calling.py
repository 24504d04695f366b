"""Calling what a student wrote by the names of its own signature, so that another name costs that name and no more."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from coursekit.judging.faults import Fault

if TYPE_CHECKING:
    import torch

# Other names of the hyperparameters: in torch, in textbooks, and by hand.
ALIASES: dict[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "eta", "rate", "step_size", "learningrate", "learn_rate", "alpha"),
    "initial_lr": ("lr", "initial_learning_rate", "learning_rate", "init_lr", "start_lr"),
    "decay": ("rho", "alpha", "beta", "gamma", "decay_rate", "smoothing", "beta2"),
    "beta1": ("beta_1", "b1", "b_1", "betas"),
    "beta2": ("beta_2", "b2", "b_2", "betas"),
    "epsilon": ("eps", "e", "delta", "epsilone"),
    "weight_decay": ("wd", "lambda_", "lmbda", "lam", "weightdecay", "decay"),
    "factor": ("gamma", "decay", "reduce_factor"),
    "min_lr": ("minimum_lr", "lr_min", "min_learning_rate", "eta_min", "final_lr", "end_lr"),
    "peak_lr": ("max_lr", "peak", "highest_lr", "target_lr", "lr_max", "base_lr"),
    "steps": ("total_iters", "T_max", "total_steps", "warmup_steps", "num_steps", "max_steps", "n_steps", "epochs"),
    "warmup_steps": ("warmup", "warm_up_steps", "warm_up", "num_warmup_steps", "warmup_epochs"),
    "stable_steps": ("stable", "num_stable_steps", "constant_steps", "plateau_steps", "stable_epochs"),
    "decay_steps": ("decay", "num_decay_steps", "cooldown_steps", "cooldown", "decay_epochs"),
    "threshold": ("tol", "tolerance", "min_delta", "delta"),
}
_PAIRS = {"betas": ("beta1", "beta2")}
_WITHOUT_DEFAULT = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Names:
    """By what names a constructor takes what the course gives it.

    Attributes
    ----------
    known
        For a name of the course the one that the constructor has; "" where it has none.
    further
        Names that it needs and the course does not give: they get 0.
    placed
        Names that it takes by their place alone, in order, each with its default.
    """

    known: Mapping[str, str]
    further: tuple[str, ...] = ()
    placed: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def seen(cls, faults: Iterable[Fault], wanted: Iterable[str]) -> Names:
        """Make it again of what `faults` named: names only, whatever a student's code may have put there."""
        known = {name: name for name in wanted}
        further = []
        for fault in faults:
            if not fault.name.isidentifier() or (fault.theirs and not fault.theirs.isidentifier()):
                continue
            if fault.kind in ("missing", "renamed"):
                known[fault.name] = fault.theirs
            elif fault.kind == "further":
                further.append(fault.name)
        return cls(known, tuple(further))

    def keywords(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return keyword arguments of the constructor for values under the names of the course."""
        return self.renamed(values, values) | dict.fromkeys(self.further, 0.0)

    def call(self, constructor: Callable[..., Any], first: Any, values: Mapping[str, Any]) -> Any:
        """Call a constructor with its first argument, and with values under the names of the course."""
        keywords = self.keywords(values)
        placed = [keywords.pop(name, default) for name, default in self.placed]
        return constructor(first, *placed, **keywords)

    def renamed(self, values: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the course under the names of the constructor; what it has no name for is left out.

        A pair of which one half is given takes the other from `common`.
        """
        found = {}
        for name, value in values.items():
            theirs = self.known.get(name, name)
            if theirs in _PAIRS:
                found[theirs] = tuple({**common, **values}[part] for part in _PAIRS[theirs])
            elif theirs:
                found[theirs] = value
        return found

    def faults(self) -> Iterator[Fault]:
        """Name what is not as the course has it."""
        for name, theirs in self.known.items():
            if not theirs:
                yield Fault("missing", name)
            elif theirs != name:
                yield Fault("renamed", name, theirs)
        for name in self.further:
            yield Fault("further", name)
        for name, _ in self.placed:
            yield Fault("unnamed", name)


def names(constructor: Callable[..., Any], wanted: Iterable[str]) -> Names:
    """Find out by what names a constructor takes its keyword arguments; its first argument is given by position.

    Parameters
    ----------
    constructor
        A class or a function. Where Python cannot tell its signature, the names of the course are taken.
    wanted
        The names of what the course gives it.
    """
    wanted = tuple(dict.fromkeys(wanted))
    try:
        _, *parameters = _signature(constructor, getattr(constructor, "__init__", None)).parameters.values()
    except (TypeError, ValueError):
        return Names({name: name for name in wanted})
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters):
        return Names({name: name for name in wanted})
    there = {each.name for each in parameters if each.kind is not inspect.Parameter.VAR_POSITIONAL}
    free = there - set(wanted)
    known = {}
    for name in wanted:
        known[name] = name if name in there else next((other for other in ALIASES.get(name, ()) if other in free), "")
        if known[name] not in _PAIRS:
            free.discard(known[name])
    needed = [each.name for each in parameters if each.kind in _WITHOUT_DEFAULT and each.default is each.empty]
    placed = tuple((each.name, each.default) for each in parameters if each.kind is inspect.Parameter.POSITIONAL_ONLY)
    return Names(known, tuple(name for name in needed if name not in known.values()), placed)


@lru_cache(maxsize=64)
def _signature(constructor: Callable[..., Any], _: Any) -> inspect.Signature:
    """Read a signature once; a class may be given another `__init__`."""
    return inspect.signature(constructor)


@dataclass(frozen=True)
class Further:
    """Arguments that a method cannot be called without, although the course gives none.

    Attributes
    ----------
    by_place, by_name
        Their names.
    """

    by_place: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.by_place + self.by_name

    def call(self, method: Callable[..., Any], *given: Any, value: Any = None) -> Any:
        """Call the method with what is given, and with a value for each of them; a closure is one that does nothing."""
        places, by_name = (
            [_closure if "closure" in name else value for name in names] for names in (self.by_place, self.by_name)
        )
        return method(*given, *places, **dict(zip(self.by_name, by_name, strict=True)))


def needed(method: Callable[..., Any], given: int = 0) -> Further:
    """Find out what a method cannot be called without, beside so many arguments."""
    function = getattr(method, "__func__", None)
    bound = isinstance(function, FunctionType)
    found = _needed_of(function) if bound else _needed(method)
    return Further(found.by_place[given + bound :], found.by_name)


def _closure() -> torch.Tensor:
    """Return a loss; the gradients stay as they are."""
    import torch

    return torch.zeros(())


def _needed(called: Callable[..., Any]) -> Further:
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return Further()
    needed = [each for each in parameters if each.default is each.empty]
    return Further(
        tuple(each.name for each in needed if each.kind in _WITHOUT_DEFAULT),
        tuple(each.name for each in needed if each.kind is inspect.Parameter.KEYWORD_ONLY),
    )


_needed_of = lru_cache(maxsize=64)(_needed)  # of each function once
