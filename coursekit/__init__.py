"""A course on optimizers: what the notebooks import.

`check` judges what a student wrote and `progress` all notebooks, `train` trains with it, `plots` draws what happened,
`playground` draws it anew with every move of a slider; `data` and `functions` are what it is tried on. Everything
heavy is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit import data, functions, playground, plots
    from coursekit.checks import check
    from coursekit.desk import once_written, own_class, own_optimizers
    from coursekit.equipment import doctor
    from coursekit.standing import progress
    from coursekit.training import History, linear_model, train

__all__ = [
    "History",
    "check",
    "data",
    "doctor",
    "functions",
    "linear_model",
    "once_written",
    "own_class",
    "own_optimizers",
    "playground",
    "plots",
    "progress",
    "train",
]

_HOMES = {
    "History": "training",
    "check": "checks",
    "doctor": "equipment",
    "linear_model": "training",
    "once_written": "desk",
    "own_class": "desk",
    "own_optimizers": "desk",
    "progress": "standing",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"coursekit.{_HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"coursekit.{name}")
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
