"""The numbers of a class report, as plain data."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import msgspec

from coursekit.grading.notebook.mistakes import MistakeMade, count
from coursekit.grading.report.behaviours import Measured, behaviours
from coursekit.grading.report.gather import Classroom, Member, State, Work
from coursekit.grading.report.needs import Need, needs

WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # of the bars of a histogram, in points
BARS = 20  # at most


def report(classroom: Classroom) -> Report:
    """Count and measure a class."""
    students = tuple(map(_student, classroom.members))
    present = [student.sum for student, member in zip(students, classroom.members, strict=True) if member.present]
    found = count(
        ((member.id, work.judged) for member in classroom.members for work in member.works.values()), classroom.language
    )
    head = Head(
        students=len(students),
        handed_in=len(present),
        graded=sum(_is_graded(member) for member in classroom.members),
        waiting=sum(student.waiting for student in students),
        most=sum(classroom.most.values()),
        mean=_rounded(statistics.fmean(present)) if present else None,
        median=_rounded(statistics.median(present)) if present else None,
        quartile=quartiles(present)[0],
    )
    return Report(
        assignment=classroom.assignment,
        language=classroom.language,
        head=head,
        sums=histogram(present, head.most),
        notebooks=tuple(_spread(classroom, stem) for stem in classroom.most),
        behaviours=tuple(behaviours(classroom)),
        mistakes=tuple(found),
        needs=tuple(needs(classroom, {student.id: student.sum for student in students}, head.quartile, found)),
        students=students,
        due=_time(classroom.due),
        oddities=tuple(_oddities(classroom)),
    )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a class report shows, in its order; `due` is in UTC, "" where the gradebook knows no due date."""

    assignment: str
    language: str
    head: Head
    sums: tuple[Bar, ...]
    notebooks: tuple[Spread, ...]
    behaviours: tuple[Measured, ...]
    mistakes: tuple[MistakeMade, ...]
    needs: tuple[Need, ...]
    students: tuple[Student, ...]
    due: str
    oddities: tuple[Oddity, ...]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The class in a few numbers.

    Attributes
    ----------
    students, handed_in, graded
        How many there are, handed something in, and have all that they handed in graded.
    waiting
        Answers in words that a person has yet to read.
    most
        The points of everything together.
    mean, median, quartile
        Of the sums of those who handed something in; `quartile` bounds the lowest quarter. None where nobody did.
    """

    students: int
    handed_in: int
    graded: int
    waiting: int
    most: float
    mean: float | None
    median: float | None
    quartile: float | None


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """How many sums lie from `low` to below `high`; what everything is worth lies in the last bar."""

    low: float
    high: float
    students: int


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """The points of a notebook among those who handed it in; the quartiles are None where nobody did."""

    notebook: str
    most: float
    handed_in: int
    missing: int
    untouched: int
    low: float | None
    median: float | None
    high: float | None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One notebook of one student: its points, None where it is missing, and how many answers in words wait."""

    state: State
    points: float | None
    waiting: int


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """One student's row; `handed_in` is in UTC, `late` in seconds, and the sum is less the penalty for being late."""

    id: str
    name: str
    notebooks: dict[str, Cell]
    sum: float
    penalty: float
    handed_in: str
    late: float

    @property
    def missing(self) -> list[str]:
        """The notebooks that were not handed in."""
        return [stem for stem, cell in self.notebooks.items() if cell.state == "missing"]

    @property
    def overdue(self) -> bool:
        """Whether something came late or is missing."""
        return self.late > 0 or bool(self.missing)

    @property
    def untouched(self) -> list[str]:
        """The notebooks that were handed in as they were given out."""
        return [stem for stem, cell in self.notebooks.items() if cell.state == "untouched"]

    @property
    def waiting(self) -> int:
        """How many answers in words wait for a person."""
        return sum(cell.waiting for cell in self.notebooks.values())


class Oddity(msgspec.Struct, frozen=True, kw_only=True):
    """Something odd: whose, in what, and what it is; `stopped` where it kept a student from being graded."""

    student: str
    where: str
    remark: str
    stopped: bool


def quartiles(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Cut values into quarters, between the values that lie at a quarter, the half and three quarters of the way."""
    if not values:
        return None, None, None
    cuts = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    low, middle, high = map(_rounded, cuts)
    return low, middle, high


def histogram(sums: Sequence[float], most: float) -> tuple[Bar, ...]:
    """Count sums in bars of equal width, from 0 to what everything is worth or somebody got, in `BARS` bars at most."""
    top = max([most, *sums])
    width = next((width for width in WIDTHS if top <= width * BARS), WIDTHS[-1])
    number = max(1, -int(-top // width))
    places = [min(max(int(value // width), 0), number - 1) for value in sums]
    return tuple(
        Bar(low=float(width * place), high=float(width * (place + 1)), students=places.count(place))
        for place in range(number)
    )


def _student(member: Member) -> Student:
    return Student(
        id=member.id,
        name=member.name,
        notebooks={stem: _cell(work) for stem, work in member.works.items()},
        sum=_rounded(max(0.0, member.points - member.penalty)),
        penalty=_rounded(member.penalty),
        handed_in=_time(member.handed_in) if member.present else "",
        late=member.late if member.present else 0.0,
    )


def _cell(work: Work) -> Cell:
    missing = work.state == "missing"
    return Cell(state=work.state, points=None if missing else _rounded(work.points), waiting=work.waiting)


def _spread(classroom: Classroom, stem: str) -> Spread:
    works = [member.works[stem] for member in classroom.members]
    points = [work.points for work in works if work.state != "missing"]
    low, median, high = quartiles(points)
    return Spread(
        notebook=stem,
        most=classroom.most[stem],
        handed_in=len(points),
        missing=len(works) - len(points),
        untouched=sum(work.state == "untouched" for work in works),
        low=low,
        median=median,
        high=high,
    )


def _oddities(classroom: Classroom) -> Iterator[Oddity]:
    """List what stopped the grading of a student, and then what else was odd."""
    for member in classroom.members:
        if member.failed:
            yield Oddity(student=member.id, where="", remark=member.failed, stopped=True)
    for student, where, remark in sorted(classroom.remarks):
        yield Oddity(student=student, where=where, remark=remark, stopped=False)


def _is_graded(member: Member) -> bool:
    return member.present and not member.failed and all(work.state != "ungraded" for work in member.works.values())


def _time(time: object) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC" if time else ""


def _rounded(value: float) -> float:
    return round(value, 4)
