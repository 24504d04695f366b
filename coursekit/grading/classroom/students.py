"""The ids of students: which of them nbgrader can hold and find, and which are those of one person."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from nbgrader.api import Gradebook, Student

_LONGEST = 128  # letters that a gradebook keeps
_PATTERN = re.compile(r"[*?\[\]]|^[\s.]|\s$")
_ABOUT = ("first_name", "last_name", "email", "lms_user_id")


def same(student: str) -> str:
    """Give what two ids have in common that are one for a person: Anna and anna, and é however it is written."""
    return unicodedata.normalize("NFC", student).casefold()


def twins(students: Iterable[str]) -> list[list[str]]:
    """List the ids of which several seem to be those of one person, each with its like."""
    alike = defaultdict(list)
    for student in sorted(set(students)):
        alike[same(student)].append(student)
    return [ids for ids in alike.values() if len(ids) > 1]


def unfit(student: str) -> str:
    """Tell why somebody cannot have this id; empty where nothing is wrong with it."""
    if not student.isprintable():
        return "this id has letters that cannot be printed, or that are not in UTF-8"
    return f"this id has more than {_LONGEST} letters" if len(student) > _LONGEST else ""


def is_lost(student: str) -> bool:
    """Tell whether nbgrader's own commands miss this id: it looks like a pattern, is hidden or has blanks around it."""
    return bool(_PATTERN.search(student))


def unite(book: Gradebook) -> None:
    """Have nobody in a gradebook twice: what a list says of Anna is said of anna, if that is who handed in."""
    for ids in twins(student for (student,) in book.db.query(Student.id)):
        students = [book.find_student(student) for student in ids]
        active = [student for student in students if student.submissions]
        for listed in students if len(active) == 1 else ():
            if listed is not active[0] and not _are_two(listed, active[0]):
                for name in _ABOUT:
                    setattr(active[0], name, getattr(listed, name) or getattr(active[0], name))
                book.db.delete(listed)
        book.db.commit()


def _are_two(one: Student, other: Student) -> bool:
    return bool(one.email and other.email) and same(one.email) != same(other.email)
