"""The people in the tables of Moodle and Canvas, and the ids that students have here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from coursekit.errors import GradingError
from coursekit.grading.exchange.spreadsheets import Sheet

_NAMES = {  # of Moodle's columns, in English, French and German, and of those of lists
    "identifier": ("Identifier", "Identifiant", "ID"),
    "username": ("Username", "Nom d'utilisateur", "Anmeldename", "Login"),
    "number": ("ID number", "Numéro d'identification", "ID-Nummer", "lms_user_id"),
    "email": ("Email address", "Adresse de courriel", "E-Mail-Adresse", "email", "E-mail", "Courriel", "Mail"),
    "name": ("Full name", "Nom complet", "Vollständiger Name"),
    "first": ("First name", "Prénom", "Vorname", "FirstName", "first_name"),
    "last": ("Last name", "Surname", "Nom de famille", "Nom", "Nachname", "LastName", "last_name"),
    "grade": ("Grade", "Note", "Bewertung"),
    "maximum": ("Maximum grade", "Note maximale", "Beste Bewertung"),
}
_NOBODY = re.compile("^Student, Test$|Points Possible")  # in a gradebook of Canvas


@dataclass(frozen=True)
class Roll:
    """The people in a table: a worksheet or a list of participants of Moodle, a gradebook of Canvas, a class list."""

    sheet: Sheet

    def column(self, kind: str) -> int | None:
        """Find a column of Moodle's by what it holds, a key of `_NAMES`."""
        return self.sheet.column(*_NAMES[kind])

    @property
    def is_canvas(self) -> bool:
        """Whether it is a gradebook of Canvas."""
        of_canvas = self.sheet.column("Student", "SIS Login ID", "SIS User ID", "LastName") is not None
        return of_canvas and self.sheet.column("ID") is not None and self.sheet.column("Section") is not None

    @property
    def keys(self) -> list[int]:
        """The columns by which a person is known, the best first."""
        if self.is_canvas:
            found = [self.sheet.column(name) for name in ("SIS Login ID", "SIS User ID", "ID")]
        else:
            own = None if self.column("grade") is not None else self.sheet.column("id", "Identifiant")
            found = [own, *(self.column(kind) for kind in ("username", "number", "email"))]
        return [column for column in found if column is not None]

    def keyed_by(self, name: str) -> list[int]:
        """Give the columns with the ids of students: the one of this name, or without one all that `keys` has."""
        if not name:
            return self.keys
        column = self.sheet.column(name)
        if column is None:
            raise GradingError(f"{self.sheet.path} has no column {name}, but {', '.join(self.sheet.header)}. Name one.")
        return [column]

    def id_of(self, row: int, columns: list[int]) -> str:
        """Give the first id that stands in some columns; empty where none does."""
        return next(filter(None, (self.sheet.cell(row, column) for column in columns)), "")

    @property
    def people(self) -> list[int]:
        """The rows that are of a person, and not of points, or of Canvas's own student for trying things."""
        known = [column for column in (*self.keys, self.column("identifier")) if column is not None]
        return [row for row in self.everybody if any(self.sheet.cell(row, column) for column in known)]

    @property
    def everybody(self) -> list[int]:
        """Those rows, and those of people without an id."""
        rows = [row for row, cells in enumerate(self.sheet.rows) if any(cell.strip() for cell in cells)]
        return [row for row in rows if not (self.is_canvas and _NOBODY.search(self.name(row)))]

    @property
    def in_doubt(self) -> str:
        """What should be looked at, as it may have been read in another way than it was meant; empty where nothing."""
        if self.sheet.encoding != "cp1252":
            return ""
        names = [self.name(row) for row in self.everybody if not self.name(row).isascii()]
        return (
            f"{self.sheet.path} is not written in UTF-8, and was read as Windows writes. Look whether the names are "
            f"right ({', '.join(names[:3]) or 'all in plain letters'}); if not, save it as “CSV UTF-8”."
        )

    def name(self, row: int) -> str:
        """Give a person's name, as the file writes it."""
        whole = self.sheet.column("Student") if self.is_canvas else self.column("name")
        parts = [self.sheet.cell(row, self.column(kind)) for kind in ("first", "last")]
        return self.sheet.cell(row, whole) or " ".join(part for part in parts if part)

    def number(self, row: int) -> str:
        """Give the number by which the names of downloaded files know a person; empty where there is none."""
        found = re.search(r"[0-9]+$", self.sheet.cell(row, self.column("identifier")))
        return found.group() if found else ""

    def shown(self, row: int) -> str:
        """Name a person in a message: the name, and what the person is known by."""
        key = self.id_of(row, self.keys)
        return f"{self.name(row)} ({key})" if key else self.name(row) or f"Row {row + 2}"

    def made_id(self, row: int) -> str:
        """Give the id that a person has who was collected without a list."""
        name = self.name(row)
        if self.is_canvas:
            parts = [self.sheet.cell(row, self.column(kind)) for kind in ("last", "first")]
            name = re.sub(r"\W", "", (self.sheet.cell(row, self.sheet.column("Student")) or "".join(parts)).lower())
        return made_id(name, self.number(row))


def made_id(name: str, number: str) -> str:
    """Make a student's id of what Moodle or Canvas puts before the name of a file."""
    return "-".join(part for part in (safe_id(name)[:40], safe_id(number)) if part)


def safe_id(text: str) -> str:
    """Leave of a text what a student's id may have: no path, pattern, option or plus comes through."""
    kept = re.sub(r"[^\w.@-]+", "-", unicodedata.normalize("NFC", text))
    return kept.strip(".-_")[:60].strip(".-_")
