"""In a worker that answers for what students write without torch's help, nothing of torch's own rules is left.

It goes before the first cell is loaded, out of the functions themselves: who finds one, wherever it may be kept, has
something that refuses.
"""

from __future__ import annotations

import gc
import linecache
import warnings
from functools import cache
from pathlib import Path
from types import FunctionType

import torch
from torch.optim import lr_scheduler

from coursekit.optimizers.delegation import refusal, refusing


def torch_s_folder() -> str:
    """Return the folder of torch's optimizers: loaded modules go on, fresh or copied ones are not found."""
    return str(Path(torch.__file__).parent / "optim")


@cache
def torch_s_rules() -> tuple[tuple[str, FunctionType], ...]:
    """Find the functions of torch's optimizers and schedulers, but not those of their base classes, with their names.

    This looks at every object there is, and at those only that the garbage collector has not been told to leave out.
    """
    folder = torch_s_folder()
    rules = []
    for found in gc.get_objects():
        if type(found) is not FunctionType or not found.__code__.co_filename.startswith(folder):
            continue
        owner = found.__qualname__.partition(".")[0]
        if found.__module__ == lr_scheduler.__name__:
            kind = getattr(lr_scheduler, owner, None)
            is_rule = isinstance(kind, type) and issubclass(kind, lr_scheduler.LRScheduler)
            if not is_rule or kind is lr_scheduler.LRScheduler:
                continue
        elif Path(found.__code__.co_filename).stem == "optimizer":
            continue
        public = "torch.optim" if hasattr(torch.optim, owner) else found.__module__
        rules.append((f"{public}.{owner}", found))
    return tuple(rules)


def forget_rules() -> None:
    """Take torch's own rules out of this process for good, compiled or not; calling one raises `Delegated`."""
    for name, rule in torch_s_rules():
        rule.__code__ = refusal(name, rule.__code__)
    linecache.clearcache()
    _refuse_compiled_rules()


@cache
def _refuse_compiled_rules() -> torch.library.Library:
    """Refuse by whatever name they are called, as long as what this returns exists."""
    library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings(action="ignore"):  # that something is overridden is what we want
        for rule in [name for name in dir(torch) if name.startswith("_fused_") and name.endswith("_")]:
            for form in getattr(torch.ops.aten, rule).overloads():
                full = rule if form == "default" else f"{rule}.{form}"
                library.impl(full, refusing(f"torch.{rule}"), "CPU", allow_override=True)
    return library
