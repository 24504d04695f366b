"""The ids of students: which of them nbgrader can hold and find, and which are those of one person."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_LONGEST = 128  # letters that a gradebook keeps
_PATTERN = re.compile(r"[*?\[\]]|^[\s.]|\s$")


def same(student: str) -> str:
    """Return what two ids have in common that are one for a person: Anna and anna, and é however it is written."""
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
    if "/" in student or (student and not student.strip(".")):
        return "no folder can have the name of this id"
    return f"this id has more than {_LONGEST} letters" if len(student) > _LONGEST else ""


def is_lost(student: str) -> bool:
    """Tell whether nbgrader's own commands miss this id: it looks like a pattern, is hidden or has blanks around it."""
    return bool(_PATTERN.search(student))
