"""Read what is known of a class: the gradebook in four questions, the verdicts in the notebooks, the remarks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec
from nbgrader import api
from sqlalchemy import case, func

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.notebook.mistakes import Judged, read_back
from coursekit.language import FOLDERS

State: TypeAlias = Literal["graded", "untouched", "unreadable", "ungraded", "missing"]
Remark: TypeAlias = tuple[str, str, str]  # student, notebook or file, what is said of it


@dataclass(frozen=True, kw_only=True)
class Work:
    """One notebook of one student.

    Attributes
    ----------
    state
        "untouched" where no behaviour was written, "ungraded" where it was handed in and no grading has seen it.
    points
        What the gradebook says.
    waiting
        How many answers in words wait for a person.
    judged
        The verdicts, for each thing that was to be written.
    """

    state: State
    points: float = 0.0
    waiting: int = 0
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Member:
    """One student: `works` by notebook, `handed_in` in UTC, `late` in seconds, and why nothing was graded, or ""."""

    id: str
    name: str
    works: dict[str, Work]
    handed_in: dt.datetime | None
    late: float
    penalty: float
    failed: str

    @property
    def present(self) -> bool:
        """Whether anything was handed in."""
        return any(work.state != "missing" for work in self.works.values())

    @property
    def points(self) -> float:
        """The points of all notebooks, before the penalty for being late."""
        return sum(work.points for work in self.works.values())


@dataclass(frozen=True, kw_only=True)
class Room:
    """A class: what each notebook is worth at most, when all was due (UTC), who is in it, and what was odd."""

    assignment: str
    language: str
    most: dict[str, float]
    due: dt.datetime | None
    members: tuple[Member, ...]
    remarks: tuple[Remark, ...]


def gather(course: Course, assignment: str) -> Room:
    """Read all that is known of the class that worked on an assignment.

    In the class is who is in the gradebook or handed something in, but not who handed in the same in the other language
    only.

    Raises
    ------
    GradingError
        When there is no such assignment, or nothing of it is graded.
    """
    if assignment not in FOLDERS:
        raise GradingError(f"There is no assignment {assignment!r}; there are {' and '.join(FOLDERS)}.")
    graded = _files(course.autograded, assignment)
    if not any(graded.values()):
        raise GradingError(f"Nothing of {assignment} is graded in {course.root}: run `coursekit grade` first.")
    submitted = _files(course.submitted, assignment)
    kept = _kept(course, assignment)
    with course.gradebook() as book:
        names, sent, most, entered = _names(book), _sent(book), _most(book, assignment), _entered(book, assignment)
    here = {student for student, name in sent if name == assignment} | set(submitted) | set(graded)
    elsewhere = {student for student, _ in sent} - here
    due = next((due for (_, name), (_, due, _) in sent.items() if name == assignment), None)

    def member(student: str) -> Member:
        time, _, extension = sent.get((student, assignment), (None, None, None))
        points = entered.get(student, {})
        works = {}
        for stem in most:
            path = graded.get(student, {}).get(stem)
            is_here = path or stem in submitted.get(student, {})
            works[stem] = _work(path, points.get(stem, _NOTHING)) if is_here else Work(state="missing")
        return Member(
            id=student,
            name=names.get(student, ""),
            works=works,
            handed_in=time,
            late=_late(time, due, extension),
            penalty=sum(points.get(stem, _NOTHING).penalty for stem, work in works.items() if work.state != "missing"),
            failed=kept.failed.get(student, ""),
        )

    return Room(
        assignment=assignment,
        language=FOLDERS[assignment],
        most=most,
        due=due,
        members=tuple(map(member, sorted((set(names) | here) - elsewhere))),
        remarks=kept.remarks,
    )


class _Entered(NamedTuple):
    """What the gradebook says of one notebook of one student."""

    points: float = 0.0
    waiting: int = 0
    penalty: float = 0.0


_NOTHING = _Entered()


class _Kept(msgspec.Struct):
    remarks: tuple[Remark, ...] = ()
    failed: dict[str, str] = {}


def _kept(course: Course, assignment: str) -> _Kept:
    """Read what the last grading said; where the course lies is nobody's business who is shown it."""
    path = course.state / "remarks" / f"{assignment}.json"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:  # graded by nbgrader's own command, which says it and keeps nothing
        return _Kept()
    try:
        kept = msgspec.json.decode(text, type=_Kept)
    except msgspec.MsgspecError as error:
        raise GradingError(f"{path} is damaged ({error}): run `coursekit grade` again, which writes it.") from error

    def short(said: str) -> str:
        return said.replace(f"{course.root}/", "")

    return _Kept(
        remarks=tuple((student, what, short(said)) for student, what, said in kept.remarks),
        failed={student: short(said) for student, said in kept.failed.items()},
    )


def _work(path: Path | None, entered: _Entered) -> Work:
    if path is None:
        return Work(state="ungraded", points=entered.points)
    read = read_back(path)
    untouched = bool(read.judged) and all(judged.unwritten for judged in read.judged)
    return Work(
        state="unreadable" if not read.readable else "untouched" if untouched else "graded",
        points=entered.points,
        waiting=entered.waiting,
        judged=read.judged if read.readable else (),
    )


def _files(place: Path, assignment: str) -> dict[str, dict[str, Path]]:
    """Find the notebooks of an assignment, by student and stem."""
    return {
        _spelled(folder.parent.name): {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
        for folder in sorted(place.glob(f"*/{assignment}"))
    }


def _spelled(name: str) -> str:
    """Give the name of a file so that it can be written down, whatever its bytes are; as `mark` does."""
    return name.encode(errors="replace").decode()


def _late(time: dt.datetime | None, due: dt.datetime | None, extension: Any) -> float:
    if time is None or due is None:
        return 0.0
    return max(0.0, (time - due - (extension or dt.timedelta())).total_seconds())


def _names(book: api.Gradebook) -> dict[str, str]:
    """Give everybody's name by id, "" where the gradebook does not know it."""
    rows = book.db.query(api.Student.id, api.Student.first_name, api.Student.last_name)
    return {student: " ".join(part for part in parts if part) for student, *parts in rows}


def _sent(book: api.Gradebook) -> dict[tuple[str, str], tuple[Any, Any, Any]]:
    """Give for a student and an assignment of the course when it was handed in, when it was due, the extension."""
    rows = (
        book.db.query(
            api.SubmittedAssignment.student_id,
            api.Assignment.name,
            api.SubmittedAssignment.timestamp,
            api.Assignment.duedate,
            api.SubmittedAssignment.extension,
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name.in_(FOLDERS))
    )
    return {(student, name): (time, due, extension) for student, name, time, due, extension in rows}


def _most(book: api.Gradebook, assignment: str) -> dict[str, float]:
    """Give what each notebook is worth at most, in their order."""
    rows = (
        book.db.query(api.Notebook.name, api.Notebook.max_score)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .filter(api.Assignment.name == assignment)
    )
    return {name: float(most) for name, most in sorted(rows)}


def _entered(book: api.Gradebook, assignment: str) -> dict[str, dict[str, _Entered]]:
    """Give by student and notebook the points, how many cells wait for a person, and the penalty for being late."""
    waits = func.sum(case((api.Grade.needs_manual_grade, 1), else_=0))
    penalty = api.SubmittedNotebook.late_submission_penalty
    rows = (
        book.db.query(api.SubmittedAssignment.student_id, api.Notebook.name, func.sum(api.Grade.score), waits, penalty)
        .select_from(api.SubmittedNotebook)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment)
        .group_by(api.SubmittedAssignment.student_id, api.Notebook.name, penalty)
    )
    told: dict[str, dict[str, _Entered]] = defaultdict(dict)
    for student, stem, points, waiting, less in rows:
        # Rounded, as a database adds numbers up in no fixed order.
        told[student][stem] = _Entered(round(float(points), 6), int(waiting), float(less or 0.0))
    return told
