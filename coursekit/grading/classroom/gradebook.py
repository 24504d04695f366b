"""nbgrader's gradebook: no other module reads or writes it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from coursekit.grading.classroom.students import same, twins

_KEPT: ContextVar[Mapping[str, Gradebook]] = ContextVar("kept", default={})  # noqa: B039 - it is never changed
_ABOUT = ("first_name", "last_name", "email", "lms_user_id")


class Submission(NamedTuple):
    """When a student handed in an assignment, in UTC, when it was due, and the extension."""

    time: dt.datetime | None = None
    due: dt.datetime | None = None
    extension: dt.timedelta | None = None

    @property
    def late(self) -> float:
        """By how many seconds it is late."""
        if self.time is None or self.due is None:
            return 0.0
        return max(0.0, (self.time - self.due - (self.extension or dt.timedelta())).total_seconds())


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


@dataclass(frozen=True)
class Decision:
    """A person's decision about an answer: points, None where none were given, whether it waits, and a comment."""

    points: float | None
    waits: bool
    comment: str | None


@dataclass(frozen=True)
class Answer:
    """The gradebook's record of one answer that persons read.

    `grade` is nbgrader's id of it, `most` its points at most, and `auto` what nbgrader gave by itself: 0 where nothing
    was written.
    """

    grade: str
    student: str
    notebook: str
    cell: str
    most: float
    auto: float | None
    decision: Decision


class Found(NamedTuple):
    """nbgrader's reading of a cell.

    `points` are None where a person gives them, `comment` is its own, and `answer` stands for what both are given for.
    """

    is_graded: bool
    points: float | None
    comment: str | None
    answer: str


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


def names(book: Gradebook, *students: str) -> dict[str, str]:
    """Return the names of some students, or everybody's, by id, "" where the gradebook does not know it."""
    rows = book.db.query(api.Student.id, api.Student.first_name, api.Student.last_name)
    rows = rows.filter(api.Student.id.in_(students)) if students else rows
    return {student: " ".join(part for part in parts if part) for student, *parts in rows}


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


def submissions(book: Gradebook, assignment: str, *students: str) -> dict[str, Submission]:
    """Return for some students, or all, who handed in an assignment when that was."""
    sent, due = api.SubmittedAssignment, api.Assignment.duedate
    rows = (
        book.db.query(sent.student_id, sent.timestamp, due, sent.extension)
        .join(api.Assignment, api.Assignment.id == sent.assignment_id)
        .filter(api.Assignment.name == assignment)
    )
    rows = rows.filter(sent.student_id.in_(students)) if students else rows
    return {student: Submission(*about) for student, *about in rows}


def entered(book: Gradebook, assignment: str) -> dict[str, dict[str, Entered]]:
    """Return by student and notebook what is entered of it."""
    waits = func.sum(case((api.Grade.needs_manual_grade, 1), else_=0))
    who, penalty = (
        (api.SubmittedAssignment.student_id, api.Notebook.name),
        api.SubmittedNotebook.late_submission_penalty,
    )
    known = waits + func.count(api.Grade.auto_score) + func.count(api.Grade.manual_score)
    rows = (
        _of(book, assignment, *who, func.sum(api.Grade.score), waits, penalty)
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
        rows = _of_cells(book, assignment, table, *who, *wanted)
        for student, *row in sorted(rows, key=repr):
            told[student].append(row)
    return told


def returned(book: Gradebook, assignment: str, student: str, stem: str) -> Returned:
    """Return what the page of a notebook says of a student and of each cell of points."""
    cells = (api.BaseCell.name, api.Grade.auto_score, api.Grade.manual_score, api.Grade.extra_credit)
    which = api.SubmittedAssignment.student_id == student, api.Notebook.name == stem
    rows = _of_cells(book, assignment, api.Grade, *cells, api.Grade.needs_manual_grade).filter(*which)
    return Returned(
        name=names(book, student).get(student) or student,
        submission=submissions(book, assignment, student).get(student, Submission()),
        given={name: Given(*given) for name, *given in rows},
    )


def set_due(book: Gradebook, assignment: str, due: dt.datetime) -> None:
    """Have an assignment that the gradebook knows due at this time, in UTC."""
    book.find_assignment(assignment).duedate = due
    book.db.commit()


def answers(book: Gradebook, assignment: str, notebook: str = "", cell: str = "") -> list[Answer]:
    """Return the answers that persons read, what students both write and have points for: all, or those in one cell."""
    written = aliased(api.SolutionCell)
    rows = (
        _of(
            book,
            assignment,
            *(api.Grade.id, api.SubmittedAssignment.student_id, api.Notebook.name, api.GradeCell.name),
            *(api.GradeCell.max_score, api.Grade.auto_score),
            *(api.Grade.manual_score, api.Grade.needs_manual_grade, api.Comment.manual_comment),
        )
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .join(written, and_(written.notebook_id == api.GradeCell.notebook_id, written.name == api.GradeCell.name))
        .join(api.Comment, and_(api.Comment.cell_id == written.id, api.Comment.notebook_id == api.SubmittedNotebook.id))
    )
    if notebook:
        rows = rows.filter(api.Notebook.name == notebook, api.GradeCell.name == cell)
    return [
        Answer(grade, student, stem, name, most, auto, Decision(*decision))
        for grade, student, stem, name, most, auto, *decision in rows
    ]


def decide(book: Gradebook, changes: Iterable[tuple[str, Decision, Decision]]) -> set[str]:
    """Write down what a person decides of answers, each by nbgrader's id, with what that person saw and what is to be.

    An answer of which the gradebook says something else by now stays as it is; the ids of those are returned.
    """
    refused = set()
    # In one order, so that no two who write wait for each other.
    for grade, seen, decision in sorted(changes, key=itemgetter(0)):
        if not _replace_points(book, grade, seen, decision):
            refused.add(grade)
        elif not _replace_comment(book, grade, seen.comment, decision.comment):
            _replace_points(book, grade, decision, seen)
            refused.add(grade)
    book.db.commit()
    return refused


def record(
    book: Gradebook, assignment: str, student: str, found: Mapping[str, Mapping[str, Found]], before: Mapping[str, str]
) -> None:
    """Enter what was found in a student's notebooks, as `nbgrader autograde` does; the other ones were not handed in.

    What a person has looked at need not be looked at again where the answer is the same as `before`, which is known
    by notebook and cell.

    Raises
    ------
    MissingEntry
        When the gradebook does not know a cell.
    """
    own = api.SubmittedAssignment.student_id == student
    where = api.Notebook.name, api.BaseCell.name
    wanted = {(stem, cell) for stem, cells in found.items() for cell, each in cells.items() if each.is_graded}
    for stem, name, grade in _of_cells(book, assignment, api.Grade, *where, api.Grade).filter(own):
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
    for stem, name, comment in _of_cells(book, assignment, api.Comment, *where, api.Comment).filter(own):
        if name in found.get(stem, {}):
            comment.auto_comment = found[stem][name].comment
    book.db.commit()


def of_student(book: Gradebook, student: str) -> dict[str, Submission]:
    """Return when a student handed in assignments, or got an extension of them, in the order of their due dates."""
    sent, about = api.SubmittedAssignment, api.Assignment
    rows = (
        book.db.query(about.name, sent.timestamp, about.duedate, sent.extension)
        .join(about, about.id == sent.assignment_id)
        .filter(sent.student_id == student)
    )
    found = {name: Submission(*times) for name, *times in rows}
    return dict(sorted(found.items(), key=lambda item: (item[1].due or dt.datetime.max, item[0])))


def extend(book: Gradebook, assignment: str, student: str, extension: dt.timedelta | None) -> None:
    """Give a student an extension, or take it back; of somebody who has not handed in, nothing waits for a person."""
    try:
        submission = book.find_submission(assignment, student)
    except api.MissingEntry:
        submission = book.add_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.needs_manual_grade = False
    submission.extension = extension
    book.db.commit()


def set_time(book: Gradebook, assignment: str, student: str, time: dt.datetime | None) -> None:
    """Have a submission, if there is one, handed in at this time."""
    with contextlib.suppress(api.MissingEntry):
        book.find_submission(assignment, student).timestamp = time
        book.db.commit()


def charge(book: Gradebook, assignment: str, lost: Mapping[str, Mapping[str, float]]) -> None:
    """Write down, by student and notebook, what is lost for being late."""
    for student, own in lost.items():
        for notebook in book.find_submission(assignment, student).notebooks:
            notebook.late_submission_penalty = own.get(notebook.name, 0.0)
    book.db.commit()


def take_back(book: Gradebook, assignment: str, student: str) -> None:
    """Let nothing count of what nbgrader entered for a student; what persons entered stays."""
    with contextlib.suppress(api.MissingEntry):
        for notebook in book.find_submission(assignment, student).notebooks:
            for cell in notebook.grades:
                if cell.auto_score is not None:
                    cell.auto_score, cell.needs_manual_grade = 0.0, True
        book.db.commit()


def unite(book: Gradebook) -> None:
    """Have nobody in a gradebook twice: what a list says of Anna is said of anna, if that is who handed in."""
    for ids in twins(names(book)):
        students = [book.find_student(student) for student in ids]
        active = [student for student in students if student.submissions]
        for listed in students if len(active) == 1 else ():
            if listed is not active[0] and not _are_two(listed, active[0]):
                for name in _ABOUT:
                    setattr(active[0], name, getattr(listed, name) or getattr(active[0], name))
                book.db.delete(listed)
        book.db.commit()


def _replace_points(book: Gradebook, grade: str, old: Decision, new: Decision) -> bool:
    found = book.db.query(api.Grade).filter(
        api.Grade.id == grade,
        api.Grade.manual_score.is_not_distinct_from(old.points),
        api.Grade.needs_manual_grade == old.waits,
    )
    changed = {api.Grade.manual_score: new.points, api.Grade.needs_manual_grade: new.waits}
    return bool(found.update(changed, synchronize_session=False))


def _replace_comment(book: Gradebook, grade: str, old: str | None, new: str | None) -> bool:
    graded, written = aliased(api.GradeCell), aliased(api.SolutionCell)
    own = (
        select(api.Comment.id)
        .join(written, written.id == api.Comment.cell_id)
        .join(graded, and_(graded.notebook_id == written.notebook_id, graded.name == written.name))
        .join(api.Grade, and_(api.Grade.cell_id == graded.id, api.Grade.notebook_id == api.Comment.notebook_id))
        .where(api.Grade.id == grade)
    )
    found = book.db.query(api.Comment).filter(
        api.Comment.id.in_(own), api.Comment.manual_comment.is_not_distinct_from(old)
    )
    return bool(found.update({api.Comment.manual_comment: new}, synchronize_session=False))


def _are_two(one: api.Student, other: api.Student) -> bool:
    return bool(one.email and other.email) and same(one.email) != same(other.email)


def _of(book: Gradebook, assignment: str, *columns: Any) -> Any:
    """Ask for columns of the notebooks that were handed in of an assignment."""
    return (
        book.db.query(*columns)
        .select_from(api.SubmittedNotebook)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment)
    )


def _of_cells(book: Gradebook, assignment: str, table: Any, *columns: Any) -> Any:
    """Ask for columns of their cells; the table holds something about each."""
    return (
        _of(book, assignment, *columns)
        .join(table, table.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == table.cell_id)
    )
