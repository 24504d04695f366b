"""The people in the tables of Moodle and Canvas, and the ids that students have here."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection

from nbgrader.api import Student

from coursekit.errors import GradingError
from coursekit.grading.classroom.students import same
from coursekit.grading.exchange.spreadsheets import Sheet
from coursekit.grading.exchange.systems import CANVAS, MOODLE, OTHER, POINTS, System

_WHOLE = re.compile(r"(\d+)[.,]0+")  # a whole number that a program has written as another one
_NOBODY = re.compile(rf"^Student, Test$|{POINTS.strip()}")


class ClassList:
    """The people in a table: each is a row."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.system = next((system for system in (CANVAS, MOODLE) if self._has(system)), OTHER)

    def _has(self, system: System) -> bool:
        return all(self.sheet.column(*system.columns[mark]) is not None for mark in system.marks)

    def column(self, kind: str) -> int | None:
        """Find a column by what it holds; None where the table has none."""
        return self.sheet.column(*self.system.columns.get(kind, ()))

    def text(self, row: int, kind: str) -> str:
        """Return what stands in a row in the column that holds something; "" where there is none."""
        return self.sheet.cell(row, self.column(kind))

    @property
    def keys(self) -> list[int]:
        """The columns by which a person is known, the best first."""
        return [column for kind in self.system.keys if (column := self.column(kind)) is not None]

    def keyed_by(self, name: str) -> list[int]:
        """Return the columns with the ids of students: the one of this name, or without one all that `keys` has."""
        if not name:
            return self.keys
        column = self.sheet.column(name)
        if column is None:
            raise GradingError(f"{self.sheet.path} has no column {name}, but {', '.join(self.sheet.header)}. Name one.")
        return [column]

    def id_of(self, row: int, columns: list[int]) -> str:
        """Return the first id that stands in some columns; "" where none does."""
        found = next(filter(None, (self.sheet.cell(row, column) for column in columns)), "")
        whole = _WHOLE.fullmatch(found)
        return whole[1] if whole else found

    @property
    def people(self) -> list[int]:
        """The rows of people with something by which they are known."""
        known = [*self.keys, self.column("identifier")]
        return [row for row in self.everybody if any(self.sheet.cell(row, column) for column in known)]

    @property
    def everybody(self) -> list[int]:
        """The rows of people: not of points, or of Canvas's own student for trying things."""
        rows = [row for row, cells in enumerate(self.sheet.rows) if any(cell.strip() for cell in cells)]
        return [row for row in rows if not (self.system is CANVAS and _NOBODY.search(self.name(row)))]

    def maxima(self, column: int) -> list[str]:
        """List what the table says that an assignment is worth: Moodle in each row, Canvas in a row for all."""
        worth = {self.text(row, "maximum") for row in self.everybody}
        rows = [row for row in range(len(self.sheet.rows)) if POINTS.strip() in self.name(row)]
        return sorted(worth.union(self.sheet.cell(row, column) for row in rows) - {""})

    @property
    def in_doubt(self) -> str:
        """A doubt about how the list was read, for an instructor to look at; "" where there is none."""
        if self.sheet.encoding != "cp1252":
            return ""
        names = [self.name(row) for row in self.everybody if not self.name(row).isascii()]
        return (
            f"{self.sheet.path} is not in UTF-8, and was read as Windows-1252. Check that the names are right "
            f"({', '.join(names[:3]) or 'all in plain letters'}); if not, save it as “CSV UTF-8”."
        )

    def name(self, row: int) -> str:
        """Return a person's name, as the file writes it."""
        return self.text(row, "name") or " ".join(filter(None, (self.text(row, "first"), self.text(row, "last"))))

    def number(self, row: int) -> str:
        """Return the number by which the names of downloaded files know a person; "" where there is none."""
        found = re.search(r"[0-9]+$", self.text(row, "identifier"))
        return found.group() if found else ""

    def shown(self, row: int) -> str:
        """Name a person in a message: the name, and a key."""
        key = self.id_of(row, self.keys)
        return (
            f"{self.name(row)} ({key})" if key else self.name(row) or self.text(row, "identifier") or f"Row {row + 2}"
        )

    def made_id(self, row: int) -> str:
        """Return the id of a person who was collected without a list; `Participant` is the name of an anonymous one."""
        name = self.name(row) or re.sub(r"\s*[0-9]+$", "", self.text(row, "identifier"))
        if self.system is CANVAS:
            whole = self.text(row, "name") or self.text(row, "last") + self.text(row, "first")
            name = re.sub(r"\W", "", whole.lower())
        return made_id(name, self.number(row))

    def claims(self, students: Collection[Student]) -> dict[int, list[str]]:
        """Find the row of each student, by the best way that leads to one; the same may be that of several."""
        rows = self.people
        ways = [[self.sheet.cell(row, key) for row in rows] for key in self.keys]
        addresses = [self.text(row, "email").rpartition("@") for row in rows]
        if len({domain for _, _, domain in addresses}) == 1:
            ways.append([name for name, _, _ in addresses])  # the hub's names often are these
        ways.append([self.made_id(row) for row in rows])
        pairs: dict[str, int] = {}
        for way in ways:
            keys = [same(key) for key in way]
            often = Counter(keys)
            known = {key: row for key, row in zip(keys, rows, strict=True) if key and often[key] == 1}
            for student in students:
                names = [same(name) for name in (student.id, student.email, student.lms_user_id) if name]
                hits = {known[name] for name in names if name in known}
                if len(hits) == 1:
                    pairs.setdefault(student.id, hits.pop())
        claims = defaultdict(list)
        for student_id, row in pairs.items():
            claims[row].append(student_id)
        return claims


def made_id(name: str, number: str) -> str:
    """Make a student's id of what Moodle or Canvas puts before the name of a file."""
    return "-".join(part for part in (safe_id(name)[:40], safe_id(number)) if part)


def safe_id(text: str) -> str:
    """Leave of a text what a student's id may have: no path, pattern, option or plus comes through."""
    kept = re.sub(r"[^\w.@-]+", "-", unicodedata.normalize("NFC", text))
    return kept.strip(".-_")[:60].strip(".-_")
