"""Grades for Moodle: a grading worksheet filled in, or a file for the grade import."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student

from coursekit.errors import GradingError
from coursekit.grading.exchange.exporting import WorksheetExport, as_number
from coursekit.grading.exchange.class_lists import Roll
from coursekit.grading.exchange.spreadsheets import Cell, Sheet, write_csv, written
from coursekit.grading.files import write_at_once


class MoodleExport(WorksheetExport):
    """Grades for Moodle: its grading worksheet, filled in, or a file for its grade import.

    With `worksheet`, the file that an assignment of Moodle gives under *Download grading worksheet*, the grades are
    put into its column Grade, and all else stays byte for byte. Who handed in nothing keeps the cell as it is, and
    Moodle leaves the grade of an empty cell alone.

    Without, a CSV is written for *Grades > Import > CSV file*, with a column for each assignment, to be mapped to a
    grade item there. That import takes a grade away where a cell is empty: who handed in nothing at all is left out.

    `missing_is_zero` gives 0 to those who handed in nothing.
    """

    usual = "moodle.csv"

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Fill in the worksheet, or write a table for the import."""
        if self.worksheet:
            write_at_once(path, self._filled(gradebook))
            return
        graded = {entry.name: self.scores(gradebook, entry) for entry in self.handed_in(gradebook)}
        header = ["Username", "First name", "Last name", "Email address", "ID number", *graded]
        write_csv(path, header, self.table(gradebook, graded, _person))

    def _filled(self, gradebook: Gradebook) -> bytes:
        roll = Roll(Sheet.read(Path(self.worksheet)))
        column = roll.column("grade")
        titles = {"Identifier": roll.column("identifier"), "Grade": column}
        absent = [title for title, found in titles.items() if found is None]
        if roll.is_canvas or column is None or absent:
            names = " and no column ".join(absent) or "Identifier"
            raise GradingError(
                f"{self.worksheet} is no grading worksheet of Moodle: it has no column {names}, but "
                f"{', '.join(roll.sheet.header)}. Switch on the feedback type Offline grading worksheet in the "
                "assignment, and choose Download grading worksheet there."
            )
        assignment = self._assignment(gradebook)
        highest = {roll.sheet.cell(row, roll.column("maximum")).replace(",", ".") for row in roll.people} - {""}
        for maximum in sorted(highest):
            if as_number(maximum) != assignment.max_score:
                self.remark(
                    f"{self.worksheet} is of {maximum} points and {assignment.name} of "
                    f"{written(assignment.max_score)}: set the same in Moodle, which passes over a grade above it."
                )
        self.fill(roll, gradebook, {column: (assignment.name, self.scores(gradebook, assignment))})
        return roll.sheet.content()

    def _assignment(self, gradebook: Gradebook) -> Assignment:
        """Choose the one that the worksheet is of."""
        wanted = self.handed_in(gradebook)
        if len(wanted) != 1:
            names = " and ".join(assignment.name for assignment in wanted) or "none"
            raise GradingError(f"{self.worksheet} is of one assignment, and the gradebook has {names}: name one.")
        return wanted[0]


def _person(student: Student) -> list[Cell]:
    return [student.id, student.first_name, student.last_name, student.email, student.lms_user_id]
