"""Record what the reference of a notebook draws, in a sandbox as any other notebook."""

from __future__ import annotations

import msgspec
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from coursekit.errors import GradingError
from coursekit.grading.notebook.execute import run
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits
from coursekit.grading.sandbox.wire import MAX_BYTES
from coursekit.pictures import Lent, Picture

MOST = MAX_BYTES // 2  # bytes that are lent to one notebook


def record(
    notebook: NotebookNode, *, sandbox: bool, patience: Patience, limits: Limits = GENEROUS
) -> tuple[Picture, ...] | None:
    """Run a reference as a student's notebook is run, and return its pictures; None where it was not run to its end."""
    last = new_code_cell("from coursekit.pictures import show_recorded\nshow_recorded()")
    notebook.cells.append(last)
    try:
        done, _ = run(notebook, Lent(records=True), sandbox=sandbox, patience=patience, limits=limits)
        pictures = tuple(map(_picture, last.outputs))
    except (GradingError, KeyError, msgspec.ValidationError):
        return None
    while sum(len(each.png) + len(each.places) for each in pictures) > MOST:
        pictures = pictures[:-1]
    return None if done.remarks or done.cut else pictures


def _picture(output: NotebookNode) -> Picture:
    """Read what `coursekit.pictures.show_recorded` has shown."""
    return msgspec.convert({**output["metadata"]["image/png"], "png": output["data"]["image/png"]}, Picture)
