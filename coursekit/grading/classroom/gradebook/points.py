"""The points of cells and notebooks: those nbgrader gives, and those persons give in their place or besides."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import case, func

from coursekit.grading.classroom.gradebook.book import of_cells, of_notebooks
from coursekit.grading.classroom.gradebook.students import names
from coursekit.grading.classroom.gradebook.submissions import Submission, submissions


class Entered(NamedTuple):
    """The points of one notebook of one student, the cells that wait for a person, and the penalty for being late."""

    points: float = 0.0
    waiting: int = 0
    penalty: float = 0.0


class Given(NamedTuple):
    """The points of a cell: nbgrader's own, a person's in their place, a person's besides; whether it waits for one."""

    auto: float | None = None
    manual: float | None = None
    extra: float | None = None
    waits: bool = False

    @property
    def undecided(self) -> bool:
        """Whether nobody has given any yet."""
        return self.auto is None and self.manual is None


class Returned(NamedTuple):
    """A student's name, or else the id, when the work was handed in, and its points by cell."""

    name: str = ""
    submission: Submission = Submission()
    given: Mapping[str, Given] = {}


class Found(NamedTuple):
    """nbgrader's reading of a cell.

    `points` are None where a person gives them, `comment` is its own, and `answer` stands for what both are given for.
    """

    is_graded: bool
    points: float | None
    comment: str | None
    answer: str


def most(book: Gradebook, assignment: str) -> dict[str, float]:
    """Return what each notebook of an assignment is worth at most, in their order."""
    return {name: sum(each) for name, each in parts(book, assignment).items()}


def parts(book: Gradebook, assignment: str) -> dict[str, tuple[float, float]]:
    """Return what each notebook of an assignment is worth at most, by tests and by persons, in their order."""
    rows = (
        book.db.query(api.Notebook.name, api.Notebook.max_code_score, api.Notebook.max_score)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .filter(api.Assignment.name == assignment)
    )
    return {name: (float(code), float(all_of_it) - float(code)) for name, code, all_of_it in sorted(rows)}


def entered(book: Gradebook, assignment: str) -> dict[str, dict[str, Entered]]:
    """Return by student and notebook what is entered of it."""
    waits = func.sum(case((api.Grade.needs_manual_grade, 1), else_=0))
    who, penalty = (
        (api.SubmittedAssignment.student_id, api.Notebook.name),
        api.SubmittedNotebook.late_submission_penalty,
    )
    known = waits + func.count(api.Grade.auto_score) + func.count(api.Grade.manual_score)
    rows = (
        of_notebooks(book, assignment, *who, func.sum(api.Grade.score), waits, penalty)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .group_by(*who, penalty)
        .having(known > 0)  # of who has an extension and has handed in nothing, nothing is entered
    )
    told: dict[str, dict[str, Entered]] = defaultdict(dict)
    for student, stem, points, waiting, lost in sorted(rows):
        # Rounded, as a database adds numbers up in no fixed order.
        told[student][stem] = Entered(round(float(points), 6), int(waiting), float(lost or 0.0))
    return told


def cells(book: Gradebook, assignment: str, *, by_persons: bool) -> dict[str, list[Any]]:
    """Return by student the points of every cell as nbgrader decided them, and if wanted what persons added."""
    added = [api.Grade.manual_score, api.Grade.extra_credit, api.Grade.needs_manual_grade] if by_persons else []
    points = [api.Grade.auto_score, *added]
    columns = [(api.Grade, points), (api.Comment, [api.Comment.auto_comment, api.Comment.manual_comment])]
    told: dict[str, list[Any]] = defaultdict(list)
    for table, wanted in columns if by_persons else columns[:1]:
        who = api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name
        rows = of_cells(book, assignment, table, *who, *wanted)
        for student, *row in sorted(rows, key=repr):
            told[student].append(row)
    return told


def returned(book: Gradebook, assignment: str, student: str, stem: str) -> Returned:
    """Return what the page of a notebook says of a student and of each cell of points."""
    cells = (api.BaseCell.name, api.Grade.auto_score, api.Grade.manual_score, api.Grade.extra_credit)
    which = api.SubmittedAssignment.student_id == student, api.Notebook.name == stem
    rows = of_cells(book, assignment, api.Grade, *cells, api.Grade.needs_manual_grade).filter(*which)
    return Returned(
        name=names(book, student).get(student) or student,
        submission=submissions(book, assignment, student).get(student, Submission()),
        given={name: Given(*given) for name, *given in rows},
    )


def record(
    book: Gradebook, assignment: str, student: str, found: Mapping[str, Mapping[str, Found]], before: Mapping[str, str]
) -> None:
    """Enter what was found in a student's notebooks, as `nbgrader autograde` does; the other ones were not handed in.

    An answer that a person has looked at need not be looked at again where the answer is the same as `before`, which is
    known by notebook and cell.

    Raises
    ------
    MissingEntry
        When the gradebook does not know a cell.
    """
    own = api.SubmittedAssignment.student_id == student
    where = api.Notebook.name, api.BaseCell.name
    wanted = {(stem, cell) for stem, cells in found.items() for cell, each in cells.items() if each.is_graded}
    for stem, name, grade in of_cells(book, assignment, api.Grade, *where, api.Grade).filter(own):
        if stem not in found:
            grade.auto_score, grade.needs_manual_grade = 0.0, False
        elif (stem, name) in wanted:
            wanted.remove((stem, name))
            cell = found[stem][name]
            grade.auto_score = cell.points
            waits = grade.manual_score is not None or cell.points is None
            is_read = not grade.needs_manual_grade and before.get(f"{stem}/{name}") == cell.answer
            grade.needs_manual_grade = waits and not is_read
    if wanted:
        book.db.rollback()
        raise api.MissingEntry(f"there is no {'/'.join(min(wanted))} in the gradebook")
    for stem, name, comment in of_cells(book, assignment, api.Comment, *where, api.Comment).filter(own):
        if name in found.get(stem, {}):
            comment.auto_comment = found[stem][name].comment
    book.db.commit()


def take_back(book: Gradebook, assignment: str, student: str) -> None:
    """Let nothing count of what nbgrader entered for a student; what persons entered stays."""
    with contextlib.suppress(api.MissingEntry):
        for notebook in book.find_submission(assignment, student).notebooks:
            for cell in notebook.grades:
                if cell.auto_score is not None:
                    cell.auto_score, cell.needs_manual_grade = 0.0, True
        book.db.commit()
