"""Read what is known of a class: the gradebook in four queries, the verdicts in the notebooks, the remarks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook import students
from coursekit.grading.classroom.gradebook.points import Entered, entered, most
from coursekit.grading.classroom.gradebook.submissions import Submission, submissions
from coursekit.grading.classroom.places import no_assignment
from coursekit.grading.notebook.mistakes import Judged, read_back

State: TypeAlias = Literal["graded", "untouched", "unreadable", "ungraded", "missing"]
Remark: TypeAlias = tuple[str, str, str]  # student, notebook or file, what is said of it


def gather(course: Course, assignment: str) -> Classroom:
    """Read all that is known of the class that worked on an assignment.

    Its members are in the gradebook or handed something in; students who handed in the other language's assignment
    alone are not of it.

    Raises
    ------
    GradingError
        When there is no such assignment, or nothing of it is graded.
    """
    known = course.assignments()
    if assignment not in known:
        raise GradingError(no_assignment(assignment, known))
    graded = _files(course.autograded, assignment)
    if not any(graded.values()):
        raise GradingError(f"Nothing of {assignment} is graded in {course.root}: run `coursekit grade` first.")
    submitted = _files(course.submitted, assignment)
    kept = _kept(course, assignment)
    with course.gradebook() as book:
        names, worth = students.names(book), most(book, assignment)
        points_of = entered(book, assignment)
        sent = {name: submissions(book, name) for name in (assignment, *course.alternatives(assignment))}
    own = sent[assignment]
    here = {*own, *submitted, *graded}
    elsewhere = {student for others in sent.values() for student in others} - here
    due = next((each.due for each in own.values()), None)

    def member(student: str) -> Member:
        handed_in = own.get(student, Submission())
        points = points_of.get(student, {})
        works = {}
        for stem in worth:
            path = graded.get(student, {}).get(stem)
            is_here = path or stem in submitted.get(student, {})
            works[stem] = _work(path, points.get(stem, _NOTHING)) if is_here else Work(state="missing")
        return Member(
            id=student,
            name=names.get(student, ""),
            works=works,
            handed_in=handed_in.time,
            late=handed_in.late,
            penalty=sum(points.get(stem, _NOTHING).penalty for stem, work in works.items() if work.state != "missing"),
            failed=kept.failed.get(student, ""),
        )

    return Classroom(
        assignment=assignment,
        language=known[assignment],
        most=worth,
        due=due,
        members=tuple(map(member, sorted((set(names) | here) - elsewhere))),
        remarks=kept.remarks,
    )


@dataclass(frozen=True, kw_only=True)
class Work:
    """One notebook of one student.

    Attributes
    ----------
    state
        "untouched" where no behaviour was written, "ungraded" where it was handed in and no grading has seen it.
    points
        Its points in the gradebook.
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
    """One student: `works` by notebook, `handed_in` in UTC, `late` in seconds; `failed` says why nothing was graded."""

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
class Classroom:
    """A class: what each notebook is worth at most, when all was due (UTC), its members, and the grader's remarks."""

    assignment: str
    language: str
    most: dict[str, float]
    due: dt.datetime | None
    members: tuple[Member, ...]
    remarks: tuple[Remark, ...]


_NOTHING = Entered()


class _Kept(msgspec.Struct):
    remarks: tuple[Remark, ...] = ()
    failed: dict[str, str] = {}


def _kept(course: Course, assignment: str) -> _Kept:
    """Read the remarks of the last grading, without the path of the course: others may be shown them."""
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


def _work(path: Path | None, entered: Entered) -> Work:
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
    """Return the name of a file as text that can be encoded, whatever its bytes are."""
    return name.encode(errors="replace").decode()
