"""The term: every student in every assignment, on one page."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.grading.report.numbers import Report, Student


@dataclass(frozen=True, kw_only=True)
class Row:
    """A student: `of` holds the row in the report of each assignment, in whose class the student is."""

    id: str
    name: str
    of: dict[str, Student]
    most: float

    @property
    def sum(self) -> float:
        """The sum of the points of all assignments, less the penalties."""
        return round(sum(student.sum for student in self.of.values()), 4)


def everybody(reports: Sequence[Report]) -> list[Row]:
    """Return everybody who is in the class of some assignment."""
    of: dict[str, dict[str, Student]] = {}
    for report in reports:
        for student in report.students:
            of.setdefault(student.id, {})[report.assignment] = student
    most = {report.assignment: report.head.most for report in reports}
    return [
        Row(
            id=name,
            name=next((each.name for each in own.values() if each.name), ""),
            of=own,
            most=sum(most[each] for each in own),
        )
        for name, own in sorted(of.items())
    ]


def states(student: Student) -> tuple[str, ...]:
    """Name what a person may look for in one assignment of one student."""
    odd = any(cell.state in ("unreadable", "ungraded") for cell in student.notebooks.values())
    found = {
        "missing": bool(student.missing),
        "late": student.late > 0,
        "unread": student.waiting > 0,
        "odd": odd,
        "untouched": bool(student.untouched),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def median_share(rows: Sequence[Row]) -> float | None:
    """Return the median of the shares that students have of what they could have."""
    shares = [row.sum / row.most for row in rows if row.most]
    return statistics.median(shares) if shares else None
