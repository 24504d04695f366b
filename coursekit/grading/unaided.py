"""In a box that answers questions, torch's compiled rules and the files of its own optimizers cannot be had."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import torch

from coursekit.delegation import refusing


def torch_s_rules() -> str:
    """Give the folder of torch's optimizers: what is loaded goes on, what is loaded afresh or copied is not there."""
    return str(Path(torch.__file__).parent / "optim")


@cache
def refuse_compiled_rules() -> Any:
    """Let the rules that torch has compiled raise `Delegated` in this process, by whatever name they are called.

    Returns
    -------
    torch.library.Library
        What holds the refusals; they last as long as it does.
    """
    library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings(action="ignore"):  # that something is overridden is what we want
        for rule in [name for name in dir(torch) if name.startswith("_fused_") and name.endswith("_")]:
            for form in getattr(torch.ops.aten, rule).overloads():
                full = rule if form == "default" else f"{rule}.{form}"
                library.impl(full, refusing(f"torch.{rule}"), "CPU", allow_override=True)
    return library
