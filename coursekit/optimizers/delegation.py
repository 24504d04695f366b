"""Keeping torch's own optimizers and schedulers away from code that should be a student's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FunctionType
from typing import Any

import torch
from torch.nn.utils import clip_grad
from torch.optim import lr_scheduler, swa_utils

from coursekit.errors import Delegated


@contextmanager
def refused() -> Iterator[None]:
    """Let every optimizer, every rule and every scheduler of torch raise `Delegated` in the block.

    Base classes stay: `torch.optim.Optimizer` and `torch.optim.lr_scheduler.LRScheduler`.
    """
    # The attribute may change between two blocks: torch wraps the step of a class when it first makes one.
    doors = [(owner, name, vars(owner)[name], refuse) for owner, name, refuse in _doors()]

    def open_all() -> None:
        for owner, name, before, _ in doors:
            setattr(owner, name, before)

    try:
        try:
            for owner, name, _, refuse in doors:
                setattr(owner, name, refuse)
            yield
        finally:
            open_all()  # an interrupt may arrive in the middle
    finally:
        open_all()


@contextmanager
def helpers_refused() -> Iterator[None]:
    """Let torch's clipping by norm and its averages of weights raise `Delegated` in the block, by whatever name.

    An optimizer may well clip its gradients by them: they are refused only to what should do the same.
    """
    helpers = [(function, function.__code__, refusal(name, function.__code__)) for name, function in _helpers()]
    try:
        for function, _, refuses in helpers:
            function.__code__ = refuses
        yield
    finally:
        for function, code, _ in helpers:
            function.__code__ = code


@cache
def _helpers() -> tuple[tuple[str, FunctionType], ...]:
    """List torch's functions for clipping by norm and for averages, with the names that they are known by."""
    clipping = {name: each for name, each in vars(clip_grad).items() if "norm" in name}
    averages = {name: each for name, each in vars(swa_utils).items() if name.endswith("avg_fn")}
    model = {"AveragedModel": swa_utils.AveragedModel.__init__}
    named = [(f"torch.nn.utils.{name}", each) for name, each in clipping.items()]
    named += [(f"torch.optim.swa_utils.{name}", each) for name, each in (averages | model).items()]
    return tuple((name, each) for name, each in named if isinstance(each, FunctionType))


@cache
def _doors() -> tuple[tuple[Any, str, Callable[..., Any]], ...]:
    """List where one gets in, with what refuses.

    These are constructors and steps, and the functions behind them, which could be called alone.
    """
    optimizers = [kind for kind in vars(torch.optim).values() if _derived(kind, torch.optim.Optimizer)]
    schedulers = [kind for kind in vars(lr_scheduler).values() if _derived(kind, lr_scheduler.LRScheduler)]
    doors = [(kind, name) for kind in (*optimizers, *schedulers) for name in ("__init__", "step")]
    for module in {inspect.getmodule(kind) for kind in optimizers}:
        names = [name for name in vars(module) if name.startswith(("_single_tensor_", "_multi_tensor_", "_fused_"))]
        doors += [(module, name) for name in names]
    doors += [(torch, name) for name in dir(torch) if name.startswith("_fused_") and name.endswith("_")]
    present = [(owner, name) for owner, name in doors if callable(vars(owner).get(name))]
    return tuple((owner, name, refusing(_called(owner, name))) for owner, name in present)


def _derived(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base) and kind is not base


def _called(owner: Any, name: str) -> str:
    """Say by what name one would know it."""
    if isinstance(owner, type):
        public = "torch.optim" if hasattr(torch.optim, owner.__name__) else owner.__module__
        return f"{public}.{owner.__name__}"
    return f"torch.{name}" if owner is torch else str(owner.__name__)


def refusing(name: str) -> Callable[..., Any]:
    """Make a function that raises `Delegated` with the name of what it stands for."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise Delegated(name)

    vars(refuse)["hooked"] = True  # or torch would wrap it as the step of a student's class, and there it would stay
    return refuse


def refusal(name: str, code: CodeType) -> CodeType:
    """Make code that raises `Delegated` with a name, for a function that has the code given."""

    def refuse(*_: object, **__: object) -> object:
        raise "Delegated"  # type: ignore[misc]  # noqa: B016 - the exception itself takes the place of this text

    error = Delegated(name)
    constants = tuple(error if value == "Delegated" else value for value in refuse.__code__.co_consts)
    return refuse.__code__.replace(co_consts=constants, co_freevars=code.co_freevars)
