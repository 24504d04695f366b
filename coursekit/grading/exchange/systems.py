"""The columns of Moodle's grading worksheet, of Canvas's gradebook, and of other lists, all of them CSV files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class System:
    """A program with tables of people; their columns are named by what they hold.

    Attributes
    ----------
    table, download
        The table that is filled in, and how to download it.
    marks
        The columns by which that table is known.
    keys
        The columns by which a person is known, the best first.
    own
        The column with the system's own number for a person, which the gradebook keeps.
    upload
        The columns of a small table, to be uploaded, where there is none to fill in.
    columns
        The names of each column; `identifier` ends with the number that the names of downloaded files have.
    """

    table: str = ""
    download: str = ""
    marks: tuple[str, ...] = ()
    keys: tuple[str, ...]
    own: str = "number"
    upload: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]]


CANVAS = System(
    table="gradebook of Canvas",
    download="Choose Export in Canvas's Grades.",
    marks=("person", "identifier", "section"),
    keys=("login", "number", "identifier"),
    own="identifier",
    upload=("name", "identifier", "number", "login", "section"),
    columns={
        "identifier": ("ID",),
        "login": ("SIS Login ID",),
        "number": ("SIS User ID",),
        "name": ("Student",),
        "first": ("FirstName",),
        "last": ("LastName",),
        "person": ("Student", "LastName", "SIS Login ID", "SIS User ID"),
        "section": ("Section",),
    },
)
MOODLE = System(  # in English, French and German
    table="grading worksheet of Moodle",
    download="Switch on the feedback type Offline grading worksheet in the assignment, and choose Download grading "
    "worksheet there.",
    marks=("identifier", "grade"),
    keys=("login", "number", "email"),
    upload=("login", "first", "last", "email", "number"),
    columns={
        "identifier": ("Identifier", "Identifiant", "ID"),
        "login": ("Username", "Nom d'utilisateur", "Anmeldename", "Login"),
        "number": ("ID number", "Numéro d'identification", "ID-Nummer", "lms_user_id"),
        "email": ("Email address", "Adresse de courriel", "E-Mail-Adresse", "email", "E-mail", "Courriel", "Mail"),
        "name": ("Full name", "Nom complet", "Vollständiger Name"),
        "first": ("First name", "Prénom", "Vorname", "FirstName", "first_name"),
        "last": ("Last name", "Surname", "Nom de famille", "Nom", "Nachname", "LastName", "last_name"),
        "grade": ("Grade", "Note", "Bewertung"),
        "maximum": ("Maximum grade", "Note maximale", "Beste Bewertung"),
    },
)
OTHER = System(  # Moodle's list of participants, nbgrader's list, a list made by hand
    keys=("id", *MOODLE.keys), columns={**MOODLE.columns, "id": ("id", "Identifiant")}
)
POINTS = "    Points Possible"  # in place of a name in Canvas
