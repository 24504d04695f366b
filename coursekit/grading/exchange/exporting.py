"""What the exports share: who and what is wanted, whose row is whose, and what is put into it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from coursekit.errors import GradingError
from coursekit.grading.classroom.gradebook import entered, unite
from coursekit.grading.classroom.students import same
from coursekit.grading.exchange.class_lists import Roll
from coursekit.grading.exchange.spreadsheets import Cell, written

Scores = dict[str, float | None]  # of an assignment, by the student's id; None for who handed in nothing


class Export(ExportPlugin):
    """What the exports share: which assignments and students are wanted, and how something is said."""

    usual = "grades.csv"  # where to write, unless told

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; what an instructor should know is logged, and kept in `remarks`."""
        unite(gradebook)
        self.remarks: list[str] = []
        path = Path(self.to or self.usual)
        self.log.info("Exporting grades to %s", path)
        try:
            self._write(gradebook, path)
        except GradingError as error:
            if self.parent is None:
                raise
            self.parent.fail("%s", error)

    def _write(self, gradebook: Gradebook, path: Path) -> None:
        try:
            self.write(gradebook, path)
        except OSError as error:
            mend = "Make room for it, or choose another place."
            raise GradingError(f"{path} cannot be written ({error}). {mend}") from error

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


class WorksheetExport(Export):
    """What the exports to Moodle and Canvas share: whose row is whose, and what is put into it."""

    worksheet = Unicode("", help="The file that was downloaded, to be filled in.").tag(config=True)
    missing_is_zero = Bool(False, help="Whether who handed in nothing gets a 0, not an empty cell.").tag(config=True)

    def handed_in(self, gradebook: Gradebook) -> list[Assignment]:
        """List the assignments that are named, or else those that somebody handed in."""
        known = self.assignments(gradebook)
        return known if self.assignment else [entry for entry in known if entry.submissions] or known

    def scores(self, gradebook: Gradebook, assignment: Assignment) -> Scores:
        """Give the points of every student that is wanted, less the penalty for being late."""
        found: Scores = {student.id: 0.0 if self.missing_is_zero else None for student in self.students(gradebook)}
        waiting = 0
        for student, own in entered(gradebook, assignment.name).items():
            if student in found:
                found[student] = max(0.0, sum(each.points - each.penalty for each in own.values()))
                waiting += any(each.waiting for each in own.values())
        if waiting:
            self.remark(f"{assignment.name}: answers wait for a person; submissions not complete: {waiting}.")
        return found

    def fill(self, roll: Roll, gradebook: Gradebook, columns: dict[int, tuple[str, Scores]]) -> None:
        """Put grades into columns, each with the name of its assignment; say who has no row, and which row nobody."""
        path = roll.sheet.path
        claims = _claims(gradebook.students, roll)
        owners = {row: ids[0] for row, ids in claims.items() if len(ids) == 1}
        for row, ids in claims.items():
            if len(ids) > 1:
                who = " and ".join(sorted(ids))
                self.remark(f"{who} are both {roll.shown(row)} in {path}: none of their grades is written.")
        wanted = {student.id for student in self.students(gradebook)}
        for student in sorted(wanted.difference(*claims.values())):
            grades = [f"{name} {_points(scores[student])}" for name, scores in columns.values()]
            self.remark(f"{student} is in the gradebook and not in {path}; not written: {', '.join(grades)}.")
        lost = sorted({student.id for student in gradebook.students}.difference(owners.values()))
        strangers = [row for row in roll.people if row not in claims]
        zero = self.missing_is_zero and not lost  # a stranger may be one of the lost, who handed in
        for row in strangers:
            left = "gets 0" if zero else "left as it is"
            self.remark(f"{roll.shown(row)} is in {path} and not in the gradebook; {left}.")
        if self.missing_is_zero and strangers and lost:
            self.remark(f"Nobody in {path} who is not in the gradebook gets 0: they may be {', '.join(lost)}.")
        for column, (name, scores) in columns.items():
            given = {row: scores.get(student) for row, student in owners.items()}
            if zero:
                given |= dict.fromkeys(strangers, 0.0)
            self._put(roll, column, name, given)

    def _put(self, roll: Roll, column: int, name: str, given: dict[int, float | None]) -> None:
        for row, score in given.items():
            if score is None:
                continue
            old = roll.sheet.cell(row, column).upper()
            if old in ("N/A", "EX"):
                what = f"{written(score)} is not written"
                self.remark(f"{roll.shown(row)} has {old} for {name} in {roll.sheet.path}; {what}.")
            else:
                roll.sheet.put(row, column, score)

    def table(
        self, gradebook: Gradebook, graded: dict[str, Scores], person: Callable[[Student], list[Cell]]
    ) -> list[list[Cell]]:
        """Give a row for every student who has a grade: an empty cell may take one away."""
        rows = []
        for student in self.students(gradebook):
            grades = [scores[student.id] for scores in graded.values()]
            if any(grade is not None for grade in grades):
                rows.append([*person(student), *(grade if grade is None else round(grade, 5) for grade in grades)])
        return rows


def as_number(text: str) -> float | None:
    """Read a number, written with a point or a comma; None where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _claims(students: list[Student], roll: Roll) -> dict[int, list[str]]:
    """Find the row of each student, by the best way that leads to one; the same may be that of several."""
    people = roll.people
    ways = [[roll.sheet.cell(row, key) for row in people] for key in roll.keys]
    addresses = [roll.sheet.cell(row, roll.column("email")).rpartition("@") for row in people]
    if len({domain for _, _, domain in addresses}) == 1:
        ways.append([name for name, _, _ in addresses])  # the hub's names often are these
    ways.append([roll.made_id(row) for row in people])
    pairs: dict[str, int] = {}
    for way in ways:
        keys = [same(key) for key in way]
        often = Counter(keys)
        known = {key: row for key, row in zip(keys, people, strict=True) if key and often[key] == 1}
        for student in students:
            names = [same(name) for name in (student.id, student.email, student.lms_user_id) if name]
            hits = {known[name] for name in names if name in known}
            if len(hits) == 1:
                pairs.setdefault(student.id, hits.pop())
    claims = defaultdict(list)
    for student_id, row in pairs.items():
        claims[row].append(student_id)
    return claims


def _points(score: float | None) -> str:
    return "nothing" if score is None else written(score)
