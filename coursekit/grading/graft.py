"""Put a student's cells into the released notebook: what is graded is ours in everything but the answers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """Something in a submission that was put right or left out.

    Attributes
    ----------
    kind
        "edited", "missing", "doubled" or "retyped".
    cell
        The identifier of the cell.
    """

    kind: str
    cell: str


def graft(submission: NotebookNode, release: NotebookNode) -> tuple[NotebookNode, tuple[Oddity, ...]]:
    """Make the notebook that is graded.

    Parameters
    ----------
    submission
        What the student handed in, as it is.
    release
        What the student was given.

    Returns
    -------
    notebook, oddities
        The released notebook with the sources of the student's answers and with the cells that the student added
        in their places; and what else was different in the submission, which has no effect.
    """
    theirs, extra, oddities = _sort(submission, release)
    notebook = copy.deepcopy(release)
    cells = list(_added(extra.get("", [])))
    for cell in notebook.cells:
        grade_id = _grade_id(cell)
        if _is_answer(cell):
            if grade_id in theirs:
                cell.source = theirs[grade_id].source
                if theirs[grade_id].cell_type != cell.cell_type:
                    oddities.append(Oddity(kind="retyped", cell=grade_id))
            else:
                oddities.append(Oddity(kind="missing", cell=grade_id))
        cells.append(cell)
        cells.extend(_added(extra.get(cell.id, [])))
    for number, cell in enumerate(cells):
        if cell.metadata.get("coursekit", {}).get("added"):
            cell["id"] = f"added-{number}"
    notebook.cells = cells
    return notebook, tuple(oddities)


def definitions(notebook: NotebookNode) -> tuple[str, ...]:
    """List the sources that a student's definitions need: locked cells without points, answers, added cells."""
    return tuple(cell.source for cell in notebook.cells if cell.cell_type == "code" and _defines(cell))


def _defines(cell: NotebookNode) -> bool:
    about = cell.metadata.get("nbgrader", {})
    locked = about.get("locked", False) and not about.get("grade", False)
    return locked or about.get("solution", False) or cell.metadata.get("coursekit", {}).get("added", False)


def _sort(
    submission: NotebookNode, release: NotebookNode
) -> tuple[dict[str, NotebookNode], dict[str, list[NotebookNode]], list[Oddity]]:
    """Sort a submission's cells into answers, cells added after a released cell (by its id), and oddities."""
    answers = {_grade_id(cell) for cell in release.cells if _is_answer(cell)}
    by_grade_id = {_grade_id(cell): cell for cell in release.cells if _grade_id(cell)}
    by_id = {cell.id: cell for cell in release.cells}
    by_source = {cell.source: cell for cell in release.cells}
    theirs: dict[str, NotebookNode] = {}
    extra: dict[str, list[NotebookNode]] = {}
    oddities: list[Oddity] = []
    anchor = ""
    for cell in submission.cells:
        grade_id = _grade_id(cell)
        given = by_grade_id.get(grade_id) or by_id.get(cell.get("id", "")) or by_source.get(cell.source)
        if given is not None and grade_id in answers and grade_id not in theirs:
            theirs[grade_id] = cell
            anchor = given.id
        elif given is not None and not _is_answer(given):
            if cell.source != given.source:
                oddities.append(Oddity(kind="edited", cell=_grade_id(given) or given.id))
            anchor = given.id
        else:
            if grade_id in theirs:
                oddities.append(Oddity(kind="doubled", cell=grade_id))
            extra.setdefault(anchor, []).append(cell)
    return theirs, extra, oddities


def _added(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    for cell in cells:
        if cell.cell_type in ("code", "markdown"):
            make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
            yield make(cell.source, metadata={"coursekit": {"added": True}})


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))
