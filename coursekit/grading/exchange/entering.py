"""Enter a class list into the gradebook: a CSV of Excel, Moodle, Canvas or nbgrader."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.students import is_lost, same, unfit
from coursekit.grading.exchange.class_lists import ClassList
from coursekit.grading.exchange.spreadsheets import Sheet
from coursekit.grading.exchange.systems import CANVAS

_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


def enter(course: Course, path: Path, column: str = "") -> Iterator[str]:
    """Enter the students of a list; students who are known, in whatever capitals and accents, keep their ids.

    Parameters
    ----------
    course
        Whose gradebook is filled.
    path
        A CSV with a row for each student.
    column
        The name of the column with the ids; by default the first of id, login, number and e-mail address.

    Yields
    ------
    str
        Notes for the instructor, a line each; the last says how many there are.

    Raises
    ------
    GradingError
        When the list cannot be read, or has no ids.
    """
    people = ClassList(Sheet.read(path, from_excel=True))
    columns = people.keyed_by(column)
    if not columns:
        raise GradingError(f"{path} has no column of ids, such as id or Login, but {', '.join(people.sheet.header)}.")
    if people.in_doubt:
        yield people.in_doubt
    entered: set[str] = set()
    with course.gradebook() as book:
        known = {same(student.id): student.id for student in book.students}
        before = len(book.students)
        known |= {same(folder.name): folder.name for folder in course.submitted.glob("*/")}
        for row in people.everybody:
            student = people.id_of(row, columns)
            why_not = "this id is there twice" if same(student) in entered else _why_not(student)
            if why_not:
                yield f"{people.shown(row)} is left out: {why_not}."
                continue
            entered.add(same(student))
            student = known.get(same(student), student)
            if is_lost(student):
                yield f"nbgrader's own commands do not find the id {student}; change it, if you can."
            update(book, people, row, student)
        new = len(book.students) - before
    yield f"{len(entered)} students of {path} are in the gradebook, {new} of them new."


def update(book: Gradebook, people: ClassList, row: int, student: str) -> None:
    """Enter a student, with all that a list says; where it says nothing, what was known stays."""
    first, last = people.text(row, "first"), people.text(row, "last")
    if not (first or last) and people.system is CANVAS:
        last, _, first = people.name(row).partition(", ")
    elif not (first or last or _first_name(book, student)):  # a whole name is not put beside a part of it
        last = people.name(row)
    number = people.text(row, people.system.own)
    about = {"first_name": first, "last_name": last, "email": people.text(row, "email")}
    about["lms_user_id"] = "" if number == student else number
    book.update_or_create_student(student, **{name: text for name, text in about.items() if text})


def _first_name(book: Gradebook, student: str) -> str:
    with contextlib.suppress(MissingEntry):
        return book.find_student(student).first_name or ""
    return ""


def _why_not(student: str) -> str:
    if not student:
        return "there is no id"
    return "a spreadsheet has rounded this id" if _ROUNDED.fullmatch(student) else unfit(student)
