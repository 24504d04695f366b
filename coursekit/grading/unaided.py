"""In a box that answers questions, torch's compiled rules and the files of its own optimizers cannot be had."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from coursekit.errors import Delegated


def torch_s_rules() -> str:
    """Give the folder of torch's optimizers: what is loaded goes on, what is loaded afresh or copied is not there."""
    found = find_spec("torch")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "optim")


@cache
def refuse_compiled_rules() -> Any:
    """Let the rules that torch has compiled raise `Delegated` in this process, by whatever name they are called.

    Returns
    -------
    torch.library.Library
        What holds the refusals; they last as long as it does.
    """
    import torch

    library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings(action="ignore"):  # that something is overridden is what we want
        for rule in [name for name in dir(torch) if name.startswith("_fused_") and name.endswith("_")]:
            for form in getattr(torch.ops.aten, rule).overloads():
                full = rule if form == "default" else f"{rule}.{form}"
                library.impl(full, _refusing(f"torch.{rule}"), "CPU", allow_override=True)
    return library


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise Delegated(name)

    return refuse
