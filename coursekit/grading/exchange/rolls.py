"""The people in the tables of Moodle and Canvas, and the ids that students have here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from coursekit.grading.exchange.spreadsheets import Sheet

_NAMES = {  # of Moodle's columns, in English, French and German
    "identifier": ("Identifier", "Identifiant", "ID"),
    "username": ("Username", "Nom d'utilisateur", "Anmeldename"),
    "idnumber": ("ID number", "Numéro d'identification", "ID-Nummer"),
    "email": ("Email address", "Adresse de courriel", "E-Mail-Adresse"),
    "name": ("Full name", "Nom complet", "Vollständiger Name"),
    "first": ("First name", "Prénom", "Vorname", "FirstName"),
    "last": ("Last name", "Surname", "Nom de famille", "Nom", "Nachname", "LastName"),
    "grade": ("Grade", "Note", "Bewertung"),
    "maximum": ("Maximum grade", "Note maximale", "Beste Bewertung"),
}


@dataclass(frozen=True)
class Roll:
    """The people in a table: a grading worksheet or a list of participants of Moodle, or a gradebook of Canvas."""

    sheet: Sheet

    def column(self, kind: str) -> int | None:
        """Find a column of Moodle's by what it holds, a key of `_NAMES`."""
        return self.sheet.column(*_NAMES[kind])

    @property
    def is_canvas(self) -> bool:
        """Whether it is a gradebook of Canvas."""
        return self.sheet.column("ID") is not None and self.sheet.column("Section") is not None

    @property
    def keys(self) -> list[int]:
        """The columns by which a person is known, the best first."""
        if self.is_canvas:
            found = [self.sheet.column(name) for name in ("SIS Login ID", "SIS User ID", "ID")]
        else:
            found = [self.column(kind) for kind in ("username", "idnumber", "email")]
        return [column for column in found if column is not None]

    @property
    def people(self) -> list[int]:
        """The rows that are of a person, and not of points, or of Canvas's own student for trying things."""
        known = [column for column in (*self.keys, self.column("identifier")) if column is not None]
        rows = [row for row in range(len(self.sheet.rows)) if any(self.sheet.cell(row, column) for column in known)]
        return [row for row in rows if not (self.is_canvas and self.name(row) == "Student, Test")]

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
        key = next(filter(None, (self.sheet.cell(row, column) for column in self.keys)), "")
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
