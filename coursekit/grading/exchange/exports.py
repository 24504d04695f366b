"""Exports of the gradebook for scripts, for Moodle and for Canvas, as plugins of `nbgrader export`.

`docs/instructors.md` shows how they are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from traitlets import Unicode

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook.points import Entered, entered
from coursekit.grading.classroom.gradebook.submissions import Submission, submissions
from coursekit.grading.exchange.class_lists import ClassList
from coursekit.grading.exchange.exporting import Export, GradesExport, SystemExport
from coursekit.grading.exchange.pages import CanvasPages, MoodlePages, PagesExport
from coursekit.grading.exchange.spreadsheets import Cell, write_csv
from coursekit.grading.exchange.systems import CANVAS, MOODLE


def export(
    course: Course, kind: str, destination: Path, *, worksheet: Path | None = None, assignments: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write the grades of a course, or its feedback pages.

    Parameters
    ----------
    course
        Whose gradebook is read.
    kind
        `csv`, `moodle` or `canvas` for grades; `moodle-pages`, `canvas-pages` or `pages`, one file a student.
    destination
        Where to write.
    worksheet
        For Moodle an assignment's grading worksheet, for Canvas its gradebook, as they were downloaded.
    assignments
        The names of those wanted; by default all.

    Returns
    -------
    tuple[str, ...]
        Notes for the instructor, a line each.

    Raises
    ------
    GradingError
        When the worksheet cannot be used, an assignment is unknown or the file cannot be written.
    """
    if kind not in KINDS:
        raise GradingError(f"{kind} is no kind of export: choose one of {', '.join(KINDS)}.")
    plugin = KINDS[kind](config=course.config)
    plugin.to = str(destination)
    plugin.assignment = list(assignments)
    if worksheet is not None:
        if not isinstance(plugin, SystemExport):
            raise GradingError(
                f"{worksheet} is of no use to the export {kind}: choose moodle or canvas, or their pages."
            )
        plugin.worksheet = str(worksheet)
    with course.gradebook() as book:
        plugin.export(book)
    return tuple(plugin.remarks)


class CsvExport(Export):
    """The columns of nbgrader's own export, as a CSV that holds whatever a name may contain."""

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Write a row for every assignment and student, with 0 for nothing handed in, as nbgrader's has it."""
        rows = []
        for assignment in self.assignments(gradebook):
            sent, everybody = submissions(gradebook, assignment.name), entered(gradebook, assignment.name)
            for student in self.students(gradebook):
                time, own = sent.get(student.id, Submission()).time, everybody.get(student.id, {}).values()
                rows.append(_row(assignment, student, time, own))
        write_csv(path, _HEADER, rows)


class MoodleExport(GradesExport):
    """Grades for Moodle: its grading worksheet, filled in, or a file for its grade import.

    With `worksheet`, the file that an assignment of Moodle gives under *Download grading worksheet*, the grades are
    put into its column Grade, and all other cells keep their values. A student who handed in nothing keeps the cell as
    it is, and Moodle leaves the grade of an empty cell alone.

    Without, a CSV is written for *Grades > Import > CSV file*, with a column for each assignment, to be mapped to a
    grade item there. That import takes a grade away where a cell is empty, so students who handed in nothing at all
    are left out.

    `missing_is_zero` gives 0 to those who handed in nothing.
    """

    usual = "moodle.csv"
    system = MOODLE

    def columns(self, people: ClassList, wanted: list[Assignment]) -> dict[int, Assignment]:
        """Find the one column of the one assignment."""
        column = people.column("grade")
        if column is None or len(wanted) != 1:
            names = " and ".join(assignment.name for assignment in wanted) or "none"
            raise GradingError(f"{self.worksheet} is of one assignment, and the gradebook has {names}: name one.")
        return {column: wanted[0]}


class CanvasExport(GradesExport):
    """Grades for Canvas: its gradebook, filled in, or a small one.

    With `worksheet`, the file that Canvas gives under *Grades > Export*, the grades are put into the column of each
    assignment, and all other cells keep their values. Students are found by SIS Login ID, SIS User ID or ID. A student
    who handed in nothing keeps the cell as it is, and so does one who is excused (EX) or was not given the assignment
    (N/A).

    Without, a gradebook is written with the ids and grades alone. Canvas makes a new assignment of a column whose name
    it does not know, and an empty cell may take a grade away, so students who handed in nothing at all are left out.

    `missing_is_zero` gives 0 to those who handed in nothing. `column` is the title or the number of the column, where
    that is not the name of the assignment.
    """

    usual = "canvas.csv"
    system = CANVAS
    column = Unicode("", help="Title or number of the assignment in Canvas, if it has another name.").tag(config=True)

    def columns(self, people: ClassList, wanted: list[Assignment]) -> dict[int, Assignment]:
        """Find the columns of assignments; an assignment may have none, if it was not asked for by name."""
        if self.column and len(wanted) > 1:
            raise GradingError(f"The column {self.column} is of one assignment and {len(wanted)} are wanted: name one.")
        columns = {assignment.name: self._column(people, assignment.name) for assignment in wanted}
        absent = [name for name, column in columns.items() if column is None]
        if len(absent) == len(columns) or (self.assignment and absent):
            raise GradingError(
                f"{self.worksheet} has no column {self.column or ', '.join(absent)}, but "
                f"{', '.join(people.sheet.header)}. Name the right one: --column=TITLE, or for nbgrader export "
                "--CanvasExport.column=TITLE."
            )
        for name in absent:
            self.remark(f"{self.worksheet} has no column {name}; that assignment is left out.")
        return {column: each for each in wanted if (column := columns[each.name]) is not None}

    def _column(self, people: ClassList, assignment: str) -> int | None:
        """Find the column of an assignment, which Canvas calls `title (number)`."""
        name = (self.column or assignment).casefold()
        found = {}
        for column, title in enumerate(people.sheet.header):
            parts = re.fullmatch(r"(.*\S)\s*\((\d+)\)", title.strip())
            if name in {part.casefold() for part in (title.strip(), *(parts.groups() if parts else ()))}:
                found[column] = title
        if len(found) > 1:
            titles = ", ".join(found.values())
            raise GradingError(f"{self.worksheet} has more than one column {name}: {titles}. Name one by its number.")
        return next(iter(found), None)


KINDS: dict[str, type[Export]] = {
    "csv": CsvExport,
    "moodle": MoodleExport,
    "canvas": CanvasExport,
    "moodle-pages": MoodlePages,
    "canvas-pages": CanvasPages,
    "pages": PagesExport,
}
_HEADER = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
_HEADER += ["raw_score", "late_submission_penalty", "score", "max_score"]


def _row(assignment: Assignment, student: Student, handed_in: datetime | None, own: Collection[Entered]) -> list[Cell]:
    raw, penalty = sum((each.points for each in own), 0.0), sum((each.penalty for each in own), 0.0)
    times = [str(time) if time else None for time in (assignment.duedate, handed_in)]
    person = [student.id, student.last_name, student.first_name, student.email]
    return [assignment.name, *times, *person, raw, penalty, max(0.0, raw - penalty), assignment.max_score]
