"""Grades for Canvas: its gradebook filled in, or a small one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from traitlets import Unicode

from coursekit.errors import GradingError
from coursekit.grading.exchange.exporting import WorksheetExport, as_number
from coursekit.grading.exchange.class_lists import Roll
from coursekit.grading.exchange.spreadsheets import Cell, Sheet, write_csv, written
from coursekit.grading.files import write_at_once


class CanvasExport(WorksheetExport):
    """Grades for Canvas: its gradebook, filled in, or a small one.

    With `worksheet`, the file that Canvas gives under *Grades > Export*, the grades are put into the column of each
    assignment, and all else stays byte for byte. Students are found by SIS Login ID, SIS User ID or ID. Who handed in
    nothing keeps the cell as it is, and so does who is excused (EX) or was not given the assignment (N/A).

    Without, a gradebook is written with the ids and grades alone. Canvas makes a new assignment of a column whose name
    it does not know, and an empty cell may take a grade away: who handed in nothing at all is left out.

    `missing_is_zero` gives 0 to those who handed in nothing. `column` is the title or the number of the column, where
    that is not the name of the assignment.
    """

    usual = "canvas.csv"
    column = Unicode("", help="Title or number of the assignment in Canvas, if it has another name.").tag(config=True)

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Fill in the gradebook, or write a small one."""
        if self.worksheet:
            write_at_once(path, self._filled(gradebook))
            return
        wanted = self.handed_in(gradebook)
        graded = {entry.name: self.scores(gradebook, entry) for entry in wanted}
        header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *graded]
        points: list[Cell] = ["    Points Possible", None, None, None, None, *(entry.max_score for entry in wanted)]
        write_csv(path, header, [points, *self.table(gradebook, graded, _person)])

    def _filled(self, gradebook: Gradebook) -> bytes:
        sheet = Sheet.read(Path(self.worksheet))
        roll = Roll(sheet)
        if not roll.is_canvas:
            raise GradingError(
                f"{self.worksheet} is no gradebook of Canvas: it has no columns ID and Section, but "
                f"{', '.join(sheet.header)}. Choose Export in Canvas's Grades."
            )
        filled = {}
        for entry, column in self._columns(sheet, self.handed_in(gradebook)):
            filled[column] = (entry.name, self.scores(gradebook, entry))
            for row in range(len(sheet.rows)):
                points = sheet.cell(row, column)
                if "Points Possible" in sheet.cell(row, 0) and as_number(points) != entry.max_score:
                    self.remark(
                        f"{sheet.header[column]} is of {points} points in Canvas and of "
                        f"{written(entry.max_score)} in the gradebook. Set the same points in Canvas."
                    )
        self.fill(roll, gradebook, filled)
        return sheet.content()

    def _columns(self, sheet: Sheet, wanted: list[Assignment]) -> Iterator[tuple[Assignment, int]]:
        """Find the columns of assignments; only one that nobody named may have none."""
        columns = {entry.name: self._column(sheet, entry.name) for entry in wanted}
        if self.column and len(wanted) > 1:
            raise GradingError(
                f"The column {self.column} is of one assignment, and {len(wanted)} are wanted: name one."
            )
        absent = [name for name, column in columns.items() if column is None]
        if len(absent) == len(columns) or (self.assignment and absent):
            raise GradingError(
                f"{self.worksheet} has no column {self.column or ', '.join(absent)}, but {', '.join(sheet.header)}. "
                "Name the right one: --CanvasExport.column=TITLE, or c.CanvasExport.column in nbgrader_config.py."
            )
        for entry in wanted:
            column = columns[entry.name]
            if column is None:
                self.remark(f"{self.worksheet} has no column {entry.name}; that assignment is left out.")
            else:
                yield entry, column

    def _column(self, sheet: Sheet, assignment: str) -> int | None:
        """Find the column of an assignment, which Canvas calls `title (number)`."""
        name = (self.column or assignment).casefold()
        found = []
        for column, title in enumerate(sheet.header):
            parts = re.fullmatch(r"(.*\S)\s*\((\d+)\)", title)
            if name in {title.casefold(), *((part.casefold() for part in parts.groups()) if parts else ())}:
                found.append(column)
        if len(found) > 1:
            titles = ", ".join(sheet.header[column] for column in found)
            raise GradingError(f"{sheet.path} has more than one column {name}: {titles}. Name one by its number.")
        return found[0] if found else None


def _person(student: Student) -> list[Cell]:
    name = ", ".join(part for part in (student.last_name, student.first_name) if part) or student.id
    return [name, student.lms_user_id, None, student.id, None]
