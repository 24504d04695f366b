"""Opening nbgrader's gradebook, and asking it about what was handed in: no other folder reads or writes it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook

_KEPT: ContextVar[Mapping[str, Gradebook]] = ContextVar("kept", default={})  # noqa: B039 - it is never changed


@contextlib.contextmanager
def opened(url: str) -> Iterator[Gradebook]:
    """Open a gradebook, or take the one that is kept open."""
    if url in (kept := _KEPT.get()):
        yield kept[url]
        return
    with Gradebook(url) as book:
        yield book


@contextlib.contextmanager
def kept_open(url: str) -> Iterator[None]:
    """Keep a gradebook open in the block: to open it takes longer than to ask it, and each new one learns SQL anew."""
    with Gradebook(url) as book:
        token = _KEPT.set({url: book})
        try:
            yield
        finally:
            _KEPT.reset(token)


def of_notebooks(book: Gradebook, assignment: str, *columns: Any) -> Any:
    """Ask for columns of the notebooks that were handed in of an assignment."""
    return (
        book.db.query(*columns)
        .select_from(api.SubmittedNotebook)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment)
    )


def of_cells(book: Gradebook, assignment: str, table: Any, *columns: Any) -> Any:
    """Ask for columns of their cells; the table holds something about each."""
    return (
        of_notebooks(book, assignment, *columns)
        .join(table, table.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == table.cell_id)
    )
