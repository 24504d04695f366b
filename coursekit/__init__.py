"""A course on optimizers: what the notebooks import.

`check` judges what a student wrote and `progress` all notebooks, `record` keeps what a training goes through, `plots`
draws it, `playground` draws it anew with every move of a slider; `data` and `functions` are what it is tried on.
Everything heavy is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.optimizers import data, functions, playground, plots, suspects
    from coursekit.optimizers.training import History, linear_model, record
    from coursekit.student.checks import check
    from coursekit.student.desk import once_written, own_class, own_optimizers, predicted
    from coursekit.student.doctor import doctor
    from coursekit.student.progress import progress

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
    "predicted",
    "progress",
    "record",
    "suspects",
]

_HOMES = {
    "History": "optimizers.training",
    "check": "student.checks",
    "doctor": "student.doctor",
    "linear_model": "optimizers.training",
    "once_written": "student.desk",
    "own_class": "student.desk",
    "own_optimizers": "student.desk",
    "predicted": "student.desk",
    "progress": "student.progress",
    "record": "optimizers.training",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"coursekit.{_HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"coursekit.optimizers.{name}")
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
