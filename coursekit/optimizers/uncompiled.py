"""Keeping torch's compiler out of a process that compiles nothing: its import takes as long as that of torch itself.

torch imports it with the first optimizer that is made, to say what must not be compiled of it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import torch

COMPILER = "torch._dynamo"
GUARDED = ("state_dict", "load_state_dict", "zero_grad", "add_param_group")  # of every optimizer
_KEPT = "__dynamo_disable"  # under which torch keeps what it made of such a method with the compiler


def leave_compiler_out() -> None:
    """Let torch's optimizers work without its compiler until somebody else imports that.

    A torch that is built in another way is left as it is.
    """
    if COMPILER in sys.modules:
        return
    for guarded in (getattr(torch.optim.Optimizer, name) for name in GUARDED):
        if method := getattr(guarded, "__wrapped__", None):
            vars(method)[_KEPT] = _lightly(guarded, method)
    for kind in vars(torch.optim).values():
        step = vars(kind).get("step") if isinstance(kind, type) else None
        if step is not None and step.__code__.co_name == "_use_grad":
            kind.step = functools.wraps(step)(_lightly(step, _in_grad_mode(step.__wrapped__)))


def _lightly(guarded: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """Call a method; once the compiler is there, call it as torch does."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if COMPILER not in sys.modules:
            return method(*args, **kwargs)
        vars(method).pop(_KEPT, None)
        return guarded(*args, **kwargs)

    return call


def _in_grad_mode(step: Callable[..., Any]) -> Callable[..., Any]:
    """Make a step as torch does: with gradients where the optimizer is to be differentiable, else without."""

    def stepping(self: torch.optim.Optimizer, *args: Any, **kwargs: Any) -> Any:
        with torch.set_grad_enabled(self.defaults["differentiable"]):
            return step(self, *args, **kwargs)

    return stepping
