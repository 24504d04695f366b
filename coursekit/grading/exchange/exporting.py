"""The common part of the exports: the students and assignments that are wanted, and students' rows in a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from coursekit.errors import GradingError
from coursekit.grading.classroom.gradebook.points import Entered, entered
from coursekit.grading.classroom.gradebook.students import unite
from coursekit.grading.exchange.class_lists import ClassList
from coursekit.grading.exchange.spreadsheets import Cell, Sheet, write_csv, written
from coursekit.grading.exchange.systems import CANVAS, POINTS, System
from coursekit.grading.files import write_at_once
from coursekit.grading.notebook.mistakes import left_out

Scores = dict[str, float | None]  # of an assignment, by the student's id; None for who handed in nothing


class Export(ExportPlugin):
    """The base of every export: the assignments and students that are wanted, and remarks."""

    usual = "grades.csv"  # where to write, unless told

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; remarks for an instructor are logged, and kept in `remarks`."""
        unite(gradebook)
        self.remarks: list[str] = []
        path = Path(self.to or self.usual)
        self.log.info("Exporting to %s", path)
        try:
            self._write(gradebook, path)
        except GradingError as error:
            if self.parent is None:
                raise
            self.parent.fail("%s", error)

    def _write(self, gradebook: Gradebook, path: Path) -> None:
        course = CourseDirectory(config=self.config)
        for assignment in self.assignments(gradebook):
            if uncounted := left_out(Path(course.root, course.autograded_directory), assignment.name):
                self.remark(f"{assignment.name}: not counted: {'; '.join(uncounted)}.")
        try:
            self.write(gradebook, path)
        except OSError as error:
            fix = "Make room for it, or choose another place."
            raise GradingError(f"{path} cannot be written ({error}). {fix}") from error

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Write the file; each export has its own."""
        raise NotImplementedError

    def remark(self, text: str) -> None:
        """Tell an instructor something."""
        self.remarks.append(text)
        self.log.warning("%s", text)

    def assignments(self, gradebook: Gradebook) -> list[Assignment]:
        """List the assignments that are wanted."""
        known = {assignment.name: assignment for assignment in gradebook.assignments}
        for name in map(str, self.assignment):
            if name not in known:
                raise GradingError(f"The gradebook has no assignment {name}, only {', '.join(known) or 'none at all'}.")
        wanted = set(map(str, self.assignment)) or set(known)
        return [assignment for name, assignment in known.items() if name in wanted]

    def students(self, gradebook: Gradebook) -> list[Student]:
        """List the students that are wanted."""
        wanted = set(map(str, self.student))
        return [student for student in gradebook.students if not wanted or student.id in wanted]

    def tell_waiting(self, assignment: str, everybody: Iterable[Iterable[Entered]]) -> None:
        """Say how many submissions have answers that nobody has read."""
        waiting = sum(any(each.waiting for each in own) for own in everybody)
        if waiting:
            self.remark(f"{assignment}: answers wait for a person; submissions not complete: {waiting}.")


class SystemExport(Export):
    """An export to Moodle or Canvas, with a table of theirs."""

    worksheet = Unicode("", help="Moodle's grading worksheet or Canvas's gradebook, as downloaded.").tag(config=True)
    system: ClassVar[System]

    def people(self) -> ClassList:
        """Read the table."""
        people = ClassList(Sheet.read(Path(self.worksheet)))
        if people.system is not self.system:
            marks = " and ".join(f"a column {self.system.columns[mark][0]}" for mark in self.system.marks)
            has = ", ".join(people.sheet.header)
            raise GradingError(
                f"{self.worksheet} is no {self.system.table}, which has {marks}: it has {has}. {self.system.download}"
            )
        return people


class GradesExport(SystemExport):
    """An export of grades: a table is filled in, or a small one is written."""

    missing_is_zero = Bool(False, help="Give 0, not an empty cell, to students who handed in nothing.").tag(config=True)

    def columns(self, people: ClassList, wanted: list[Assignment]) -> dict[int, Assignment]:
        """Find the columns into which the grades go, each with its assignment."""
        raise NotImplementedError

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Fill in the worksheet, or write a small table."""
        wanted = self.assignments(gradebook)
        if not self.assignment:
            wanted = [assignment for assignment in wanted if assignment.submissions] or wanted
        if not self.worksheet:
            self._write_small(gradebook, path, wanted)
            return
        people = self.people()
        columns = self.columns(people, wanted)
        for column, assignment in columns.items():
            for points in people.maxima(column):
                if _number(points) != assignment.max_score:
                    worth = f"{assignment.name} is worth {written(assignment.max_score)} points in the gradebook"
                    self.remark(f"{worth} and {points} in {self.worksheet}: set the same there.")
        graded = {column: (each.name, self._scores(gradebook, each)) for column, each in columns.items()}
        self._fill(people, gradebook, graded)
        write_at_once(path, people.sheet.content())

    def _write_small(self, gradebook: Gradebook, path: Path, wanted: list[Assignment]) -> None:
        """Write a row for every student who has a grade: an empty cell may take one away."""
        scores = [self._scores(gradebook, assignment) for assignment in wanted]
        rows: list[list[Cell]] = []
        if self.system is CANVAS:
            rows.append([POINTS, None, None, None, None, *(assignment.max_score for assignment in wanted)])
        for student in self.students(gradebook):
            grades = [each[student.id] for each in scores]
            if any(grade is not None for grade in grades):
                about = {"login": student.id, "first": student.first_name, "last": student.last_name}
                about |= {"email": student.email, self.system.own: student.lms_user_id}
                about["name"] = ", ".join(filter(None, (student.last_name, student.first_name))) or student.id
                rows.append([*map(about.get, self.system.upload), *grades])
        header = [self.system.columns[kind][0] for kind in self.system.upload]
        write_csv(path, [*header, *(assignment.name for assignment in wanted)], rows)

    def _scores(self, gradebook: Gradebook, assignment: Assignment) -> Scores:
        """Return the points of every student that is wanted, less the penalty for being late."""
        found: Scores = {student.id: 0.0 if self.missing_is_zero else None for student in self.students(gradebook)}
        everybody = {who: own.values() for who, own in entered(gradebook, assignment.name).items() if who in found}
        for student, own in everybody.items():
            found[student] = round(max(0.0, sum(each.points - each.penalty for each in own)), 5)
        self.tell_waiting(assignment.name, everybody.values())
        return found

    def _fill(self, people: ClassList, gradebook: Gradebook, columns: dict[int, tuple[str, Scores]]) -> None:
        """Put grades into columns, each with the name of its assignment; name students and rows without a match."""
        path = self.worksheet
        claims = people.claims(gradebook.students)
        owners = {row: ids[0] for row, ids in claims.items() if len(ids) == 1}
        for row, ids in claims.items():
            if len(ids) > 1:
                who = " and ".join(sorted(ids))
                self.remark(f"{who} are both {people.shown(row)} in {path}: none of their grades is written.")
        wanted = {student.id for student in self.students(gradebook)}
        for student in sorted(wanted.difference(*claims.values())):
            grades = ", ".join(f"{name} {_points(scores[student])}" for name, scores in columns.values())
            self.remark(f"{student} is in the gradebook and not in {path}; not written: {grades}.")
        lost = sorted({student.id for student in gradebook.students}.difference(owners.values()))
        strangers = [row for row in people.people if row not in claims]
        zero = self.missing_is_zero and not lost  # a stranger may be one of the lost, who handed in
        for row in strangers:
            left = "gets 0" if zero else "left as it is"
            self.remark(f"{people.shown(row)} is in {path} and not in the gradebook; {left}.")
        if self.missing_is_zero and strangers and lost:
            self.remark(f"Nobody in {path} who is not in the gradebook gets 0: they may be {', '.join(lost)}.")
        for column, (name, scores) in columns.items():
            given = {row: scores.get(student) for row, student in owners.items()}
            if zero:
                given |= dict.fromkeys(strangers, 0.0)
            for row, score in given.items():
                old = people.sheet.cell(row, column).upper()
                if score is not None and old in ("N/A", "EX"):
                    self.remark(f"{people.shown(row)} has {old} for {name} in {path}; {written(score)} is not written.")
                elif score is not None:
                    people.sheet.put(row, column, score)


def _number(text: str) -> float | None:
    """Read a number, written with a point or a comma; None where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _points(score: float | None) -> str:
    return "nothing" if score is None else written(score)
