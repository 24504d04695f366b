"""What leaves the gradebook: for scripts, for Moodle and for Canvas, as plugins of `nbgrader export`.

`docs/instructors.md` shows how they are called.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook import Entered, Submission, entered, submissions
from coursekit.grading.exchange.canvas import CanvasExport
from coursekit.grading.exchange.exporting import Export
from coursekit.grading.exchange.moodle import MoodleExport
from coursekit.grading.exchange.spreadsheets import Cell, write_csv


def export(
    course: Course, kind: str, destination: Path, *, worksheet: Path | None = None, assignments: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write the grades of a course.

    Parameters
    ----------
    course
        Whose gradebook is read.
    kind
        `csv`, `moodle` or `canvas`.
    destination
        Where to write.
    worksheet
        For Moodle an assignment's grading worksheet, for Canvas its gradebook, as they were downloaded.
    assignments
        The names of those wanted; by default all.

    Returns
    -------
    tuple[str, ...]
        What an instructor should know, a line each.

    Raises
    ------
    GradingError
        When the worksheet cannot be used, an assignment is unknown or the file cannot be written.
    """
    if kind not in _KINDS:
        raise GradingError(f"{kind} is no kind of export: choose one of {', '.join(_KINDS)}.")
    plugin = _KINDS[kind](config=course.config)
    plugin.to = str(destination)
    plugin.assignment = list(assignments)
    if worksheet is not None:
        if isinstance(plugin, CsvExport):
            raise GradingError(f"{worksheet} cannot be filled in by the export csv: choose moodle or canvas.")
        plugin.worksheet = str(worksheet)
    with course.gradebook() as book:
        plugin.export(book)
    return tuple(plugin.remarks)


class CsvExport(Export):
    """The columns of nbgrader's own export, as a CSV that holds whatever a name may contain."""

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Write a row for every assignment and student; who handed in nothing has 0, as in nbgrader's."""
        rows = []
        for assignment in self.assignments(gradebook):
            sent, everybody = submissions(gradebook, assignment.name), entered(gradebook, assignment.name)
            for student in self.students(gradebook):
                time, own = sent.get(student.id, Submission()).time, everybody.get(student.id, {}).values()
                rows.append(_row(assignment, student, time, own))
        write_csv(path, _HEADER, rows)


_HEADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def _row(assignment: Assignment, student: Student, handed_in: datetime | None, own: Collection[Entered]) -> list[Cell]:
    raw, penalty = sum((each.points for each in own), 0.0), sum((each.penalty for each in own), 0.0)
    times = [str(time) if time else None for time in (assignment.duedate, handed_in)]
    person = [student.id, student.last_name, student.first_name, student.email]
    return [assignment.name, *times, *person, raw, penalty, max(0.0, raw - penalty), assignment.max_score]


_KINDS: dict[str, type[Export]] = {"csv": CsvExport, "moodle": MoodleExport, "canvas": CanvasExport}
