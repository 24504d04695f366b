"""Whose a downloaded file is: the ids of students, by what Moodle's and Canvas's names and lists say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from nbgrader.api import Gradebook

from coursekit.grading.classroom.students import same
from coursekit.grading.exchange.class_lists import ClassList, made_id, safe_id
from coursekit.grading.exchange.entering import update
from coursekit.grading.exchange.spreadsheets import Sheet
from coursekit.grading.submission.uploads import Upload, shown


class Owners:
    """Students' ids, by what the names of downloads say; no two of these have one id.

    An id that is there already, in whatever capitals and accents, stays as it is. `listed` has the row of everybody
    who handed in and is in the list.
    """

    def __init__(self, path: str, column: str, submitted: Path, note: Callable[..., None]) -> None:
        self.listed: dict[str, int] = {}
        self._here = {same(folder.name): folder.name for folder in submitted.glob("*/")}
        self._note = note
        self._path = path
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._owners: dict[str, str] = {}
        self._made: dict[str, str] = {}
        if not path:
            return
        self._people = people = ClassList(Sheet.read(Path(path), from_excel=True))
        self._columns = people.keyed_by(column)
        if people.in_doubt:
            note("%s", people.in_doubt)
        if not self._columns:
            note("%s has no ids of students, as where they are anonymous; they are made of the files' names.", path)
            return
        for row in people.people:
            self._rows[people.number(row) or same(safe_id(people.name(row)))].append(row)

    def id_of(self, upload: Upload) -> str:
        """Return the id of the student who handed in; "" where none can be made."""
        who = upload.number or upload.name
        if who not in self._made:
            row, student = self._listed(upload) if self._rows else (None, "")
            student = student or made_id(upload.name, upload.number)
            student = self._here.get(same(student), student)
            if student and self._owners.setdefault(same(student), who) != who:
                again = made_id(student, upload.number)
                self._note("%s has the id %s of somebody else; collected as %s.", shown(upload.name), student, again)
                student = again
                self._owners[same(student)] = who
            self._made[who] = student
            if row is not None:
                self.listed[student] = row
        return self._made[who]

    def enter(self, book: Gradebook) -> None:
        """Enter what the list says of those who handed in."""
        for student, row in self.listed.items():
            update(book, self._people, row, student)

    def _listed(self, upload: Upload) -> tuple[int | None, str]:
        """Look a student up; without an id, and with a note, where the list does not have exactly one of them."""
        rows = self._rows.get(upload.number) or self._rows.get(same(safe_id(upload.name)), [])
        value = self._people.id_of(rows[0], self._columns) if len(rows) == 1 else ""
        student = safe_id(value)
        if not student:
            who, made = shown(f"{upload.name} {upload.number}".strip()), made_id(upload.name, upload.number)
            self._note("%s is not in %s, or more than once; collected as %s.", who, self._path, made)
        elif same(student) != same(value):
            self._note("%s cannot be a student's id; collected as %s.", shown(value), student)
        return rows[0] if len(rows) == 1 else None, student
