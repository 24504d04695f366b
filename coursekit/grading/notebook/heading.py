"""The top of a feedback page: whose it is, the points of each cell, and how they came about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nbformat import NotebookNode

from coursekit.grading.classroom.gradebook.points import Given, Returned
from coursekit.language import Numerals, Say
from coursekit.reading.marks import mark

Found: TypeAlias = Mapping[str, tuple[str, str]]  # by cell of points: what was judged, and what tests found, as HTML

NO_RESPONSE = "No response."  # nbgrader's comment on an answer that nobody has changed
_ADVICE = re.compile(r' <span role="note">.*?</span>')  # of `coursekit.judging.table`
_HEADING = re.compile(r"^#{1,6} (.*)$", re.MULTILINE)
_LONGEST = 200  # characters of a heading


@dataclass(frozen=True, kw_only=True)
class Row:
    """The points of a cell: what they are for, what is to be known of them, and the cells with comments on it."""

    cell: str
    name: str
    points: str
    notes: str
    comments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """The hidden tests' findings as HTML; before them, where a person has given points, those and the comments."""

    name: str
    found: str
    given: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """All that stands above the notebook.

    Attributes
    ----------
    title, who, where
        Of the notebook; whose it is; the course, the assignment and the file.
    points
        The sum.
    waiting
        The answers that are still to be read.
    times
        When it was handed in and graded.
    rows, late
        The points of each cell, and what being late costs: how late, and how many points.
    cards
        The verdicts of the hidden tests.
    """

    title: str
    who: str
    where: str
    points: str
    waiting: str
    times: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    late: tuple[str, str] | None
    cards: tuple[Card, ...]


def heading(notebook: NotebookNode, about: Mapping[str, Any], found: Found, say: Say) -> Heading:
    """Gather what stands above a notebook.

    Parameters
    ----------
    notebook
        With the points and comments that nbgrader has put into its cells.
    about
        The marks that nbgrader knows of it, and as `returned` the gradebook.
    found
        The verdicts of the hidden tests.
    say
        Translates.
    """
    returned: Returned = about.get("returned") or Returned()
    given = returned.given
    rows = tuple(_rows(notebook.cells, given, found, say))
    waiting = sum(each.waits for each in given.values())
    comments = {mark(cell).grade_id: said for cell in notebook.cells if (said := comment(cell))}
    return Heading(
        title=about.get("title") or title(notebook) or about["notebook"],
        who=returned.name or about.get("student", ""),
        where=" · ".join(filter(None, (about.get("course"), about.get("assignment"), about["notebook"]))),
        points=say(Numerals(f"{number(about['score'])} / {number(about['max_score'])}")),
        waiting=_waiting(waiting, say),
        times=tuple(_times(returned, about.get("graded"), say)),
        rows=rows,
        late=_late(returned, about["late_penalty"], say),
        cards=tuple(_card(row, found, given, comments, say) for row in rows if row.cell in found),
    )


def number(points: float) -> Numerals:
    """Write points, to two decimals at most."""
    return Numerals(f"{round(float(points), 2):g}")


def comment(cell: NotebookNode) -> str:
    """Return what a person says of a cell, "" where nobody does."""
    said = str(cell.metadata.get("nbgrader", {}).get("comment") or "").strip()
    return "" if said == NO_RESPONSE else said


def title(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook, as text, "" where it has none; no student has written it."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "markdown" and not mark(cell).solution)
    given = (cell for cell in cells if not cell.metadata.get("coursekit", {}).get("added"))
    found = (each for cell in given for each in headings(cell.source))
    return re.sub(r"[`*$\\]", "", next(found, ""))


def headings(text: str) -> list[str]:
    """Return the headings in a text, without their marks."""
    return [found.strip(" #")[:_LONGEST] for found in _HEADING.findall(text)]


def _rows(cells: Sequence[NotebookNode], given: Mapping[str, Given], found: Found, say: Say) -> Iterator[Row]:
    """Yield the cells of points; a comment on code goes with the points that come after it."""
    comments: list[str] = []
    for cell in cells:
        known = mark(cell)
        if comment(cell):
            comments.append(known.grade_id)
        if known.grade:
            own = given.get(known.grade_id)
            name = found[known.grade_id][0] if known.grade_id in found else say("Answer in words")
            reached = "–" if own and own.undecided else number(cell.metadata.nbgrader.get("score") or 0.0)
            notes = _notes(own, is_read=known.grade_id not in found, say=say) if own else ()
            yield Row(
                cell=known.grade_id,
                name=name,
                points=say(Numerals(f"{reached} / {number(known.points or 0.0)}")),
                notes=", ".join(notes),
                comments=tuple(comments),
            )
            comments = []


def _notes(given: Given, *, is_read: bool, say: Say) -> Iterator[str]:
    """Say how the points of a cell came about, where that is not as usual; a person reads it, or tests judge it."""
    if given.undecided:
        yield say("not read yet")
    elif is_read and given.manual is None:
        yield say("no answer")
    elif given.manual is not None and not is_read:
        yield say("given by hand")
    if given.extra:
        yield say("{points} by hand", points=_signed(given.extra))
    if given.waits and not given.undecided:
        yield say("to be looked at again")


def _card(row: Row, found: Found, given: Mapping[str, Given], comments: Mapping[str, str], say: Say) -> Card:
    """Say before what the tests found that the points are a person's, and then not what to fix first."""
    own = given.get(row.cell, Given())
    if own.manual is not None:
        told = say("Given by hand: {points}. What the tests found stands below.", points=row.points)
    elif own.extra:
        told = say("Added by hand: {points}. What the tests found stands below.", points=_signed(own.extra))
    else:
        return Card(name=row.name, found=found[row.cell][1])
    quoted = tuple(comments[cell] for cell in row.comments)
    return Card(name=row.name, found=_ADVICE.sub("", found[row.cell][1]), given=told, comments=quoted)


def _signed(points: float) -> Numerals:
    return Numerals(f"{'−' if points < 0 else '+'}{number(abs(points))}")


def _waiting(count: int, say: Say) -> str:
    if count == 1:
        return say("so far: 1 answer is still to be read")
    return say("so far: {count} answers are still to be read", count=count) if count else ""


def _times(returned: Returned, graded: dt.datetime | None, say: Say) -> Iterator[tuple[str, str]]:
    for what, time in ((say("Handed in"), returned.submission.time), (say("Points as of"), graded)):
        if time:
            yield what, _moment(time)


def _late(returned: Returned, penalty: float, say: Say) -> tuple[str, str] | None:
    """Say by how much something is late and what that costs."""
    sent = returned.submission
    if not penalty > 0:
        return None
    cost = say(Numerals(f"−{number(penalty)}"))
    if not (sent.due and sent.late):
        return "", cost
    due = sent.due + (sent.extension or dt.timedelta())
    return say("{time} after {due}", time=_duration(sent.late, say), due=_moment(due)), cost


def _moment(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _duration(seconds: float, say: Say) -> str:
    """Write a time in days, hours and minutes, a begun minute for a whole one."""
    minutes = -int(-seconds // 60)
    parts = (("{count} d", minutes // 1440), ("{count} h", minutes // 60 % 24), ("{count} min", minutes % 60))
    return " ".join(say(text, count=count) for text, count in parts if count)
