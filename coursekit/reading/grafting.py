"""Put a student's cells into what was handed out, and tell which of the cells define what is judged."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from coursekit.reading.cells import Cell, new_cell
from coursekit.reading.handout import asked
from coursekit.reading.marks import mark
from coursekit.reading.names import defined, made, written


class Kind(Enum):
    """Oddities of a cell, and what counts in each case."""

    EDITED = "the released one counts, and what is defined in it besides"
    MISSING = "the released one counts"
    DOUBLED = "all count, one after the other"
    RETYPED = "it counts as what it was"
    MOVED = "what was written in another cell counts"


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """Something in a submission that was put right or left out; `cell` is the identifier of the cell."""

    kind: Kind
    cell: str

    @property
    def remark(self) -> str:
        """Say it to an instructor."""
        return f"cell {self.cell} is {self.kind.name.lower()}; {self.kind.value}"


def graft(submission: Sequence[Cell], release: Sequence[Cell]) -> tuple[list[Cell], tuple[Oddity, ...]]:
    """Make the cells of the notebook that is graded.

    Parameters
    ----------
    submission
        The notebook that the student handed in, as it is.
    release
        The notebook that the student was given.

    Returns
    -------
    cells, oddities
        Those that were released, with the sources of the student's answers and with the cells that the student added
        in their places; and what else was different in the submission.
    """
    sorted_out = _sort(submission, release)
    theirs, oddities = sorted_out.answers, sorted_out.oddities
    cells = _added(sorted_out.extra.get("", []))
    unwritten = []
    for cell in copy.deepcopy(list(release)):
        grade_id = mark(cell).grade_id
        cells.append(cell)
        cells.extend(_added(sorted_out.extra.get(cell["id"], [])))
        cell["source"] = sorted_out.predictions.get(cell["id"], cell["source"])
        if not mark(cell).solution:
            continue
        answer = theirs.get(grade_id)
        if cell["cell_type"] == "code" and (answer is None or _is_unwritten(answer, cell)):
            unwritten.append((cell, cell["source"]))
        if answer is None:
            oddities.append(Oddity(kind=Kind.MISSING, cell=grade_id))
            continue
        cell["source"] = answer["source"]
        if answer["cell_type"] != cell["cell_type"]:
            oddities.append(Oddity(kind=Kind.RETYPED, cell=grade_id))
        elif "attachments" in answer:
            cell["attachments"] = copy.deepcopy(answer["attachments"])
    for cell, stub in unwritten:
        if _move(cells, cell, written(stub)):
            oddities.append(Oddity(kind=Kind.MOVED, cell=mark(cell).grade_id))
    for number, cell in enumerate(cells):
        if _is_added(cell):
            cell["id"] = f"added-{number}"
    return cells, tuple(oddities)


def definitions(cells: Sequence[Cell]) -> tuple[str, ...]:
    """List the sources that a student's definitions need: locked cells without points, answers, added cells.

    Cells added below the last check are play, and so are cells that define once more what a check above has asked for
    or had at hand: a check that is run where it stands does not see it.
    """
    checks = [number for number, cell in enumerate(cells) if _is_check(cell)]
    last = checks[-1] if checks else len(cells)
    found: list[str] = []
    settled: set[str] = set()
    for number, cell in enumerate(cells):
        if number in checks:
            settled.add(asked(cell))
            settled.update(*map(defined, found))
        elif cell["cell_type"] == "code" and (
            _defines(cell) or (_is_added(cell) and number < last and not made(cell["source"]) & settled)
        ):
            found.append(cell["source"])
    return tuple(found)


def is_untouched(submission: Sequence[Cell], release: Sequence[Cell]) -> bool:
    """Tell whether nothing was written into the answers in code."""
    theirs = _sort(submission, release).answers
    stubs = [cell for cell in release if mark(cell).solution and cell["cell_type"] == "code"]
    return all(mark(stub).grade_id not in theirs or _is_unwritten(theirs[mark(stub).grade_id], stub) for stub in stubs)


@dataclass
class _Sorted:
    """Answers by grade_id, predictions and cells added after a released cell by its id, and oddities."""

    answers: dict[str, Cell] = field(default_factory=dict)
    predictions: dict[str, str] = field(default_factory=dict)
    extra: dict[str, list[Cell]] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)


def _sort(submission: Sequence[Cell], release: Sequence[Cell]) -> _Sorted:
    by_grade_id = {mark(cell).grade_id: cell for cell in release if mark(cell).grade_id}
    by_id = {cell["id"]: cell for cell in release}
    by_source = {cell["source"]: cell for cell in release}
    found = _Sorted()
    anchor = ""
    for cell in submission:
        given = by_grade_id.get(mark(cell).grade_id) or by_id.get(cell.get("id", "")) or by_source.get(cell["source"])
        if given is None:
            found.extra.setdefault(anchor, []).append(cell)
            continue
        name = mark(given).grade_id
        if _about(given, "prediction") and _defines_the_same(cell, given):
            anchor = given["id"]
            found.predictions.setdefault(anchor, cell["source"])
        elif not mark(given).solution:
            anchor = given["id"]
            if cell["source"] != given["source"]:
                found.oddities.append(Oddity(kind=Kind.EDITED, cell=name or given["id"]))
                if given["cell_type"] == cell["cell_type"] == "code" and defined(cell["source"]) - defined(
                    given["source"]
                ):
                    found.extra.setdefault(anchor, []).append(cell)
        elif name not in found.answers:
            anchor = given["id"]
            found.answers[name] = cell
        else:
            found.oddities.append(Oddity(kind=Kind.DOUBLED, cell=name))
            if _is_unwritten(found.answers[name], given):
                anchor = given["id"]
                found.answers[name] = cell
            elif not _is_unwritten(cell, given):
                found.extra.setdefault(anchor, []).append(cell)
    return found


def _move(cells: list[Cell], answer: Cell, names: frozenset[str]) -> bool:
    """Make an answer of the added cell that defines what the answer should: the last one above the check, or the last.

    One above the check keeps its place, as it may need what stands in front of it.
    """
    fitting = [
        number
        for number, cell in enumerate(cells)
        if _is_added(cell) and cell["cell_type"] == "code" and names and names <= written(cell["source"])
    ]
    start = next(number for number, cell in enumerate(cells) if cell is answer)
    check = next((number for number, cell in enumerate(cells) if number > start and _is_check(cell)), len(cells))
    above = [number for number in fitting if number < check]
    if not fitting:
        return False
    place = (above or fitting)[-1]
    answer["source"] = cells[place]["source"]
    if above:
        cells[place] = answer
        del cells[start]
    else:
        del cells[place]
    return True


def _defines_the_same(cell: Cell, given: Cell) -> bool:
    return bool(cell["cell_type"] == given["cell_type"] and defined(cell["source"]) == defined(given["source"]))


def _added(cells: list[Cell]) -> list[Cell]:
    made = []
    for cell in cells:
        if cell["cell_type"] in ("code", "markdown"):
            added = new_cell(cell["cell_type"], cell["source"])
            added["metadata"]["coursekit"] = {"added": True}
            made.append(added)
    return made


def _is_check(cell: Cell) -> bool:
    return cell["cell_type"] == "code" and mark(cell).grade


def _is_added(cell: Cell) -> bool:
    return _about(cell, "added")


def _about(cell: Cell, name: str) -> bool:
    """Tell what the course has noted of a cell of its own."""
    return bool(cell["metadata"].get("coursekit", {}).get(name, False))


def _is_unwritten(cell: Cell, given: Cell) -> bool:
    return cell["source"].strip() in ("", given["source"].strip())


def _defines(cell: Cell) -> bool:
    known = mark(cell)
    return known.solution or (known.locked and not known.grade)
