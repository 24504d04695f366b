"""The students that the gradebook knows."""

from __future__ import annotations

from nbgrader import api
from nbgrader.api import Gradebook

from coursekit.grading.classroom.students import same, twins

_ABOUT = ("first_name", "last_name", "email", "lms_user_id")


def names(book: Gradebook, *students: str) -> dict[str, str]:
    """Return the names of some students, or everybody's, by id, "" where the gradebook does not know it."""
    rows = book.db.query(api.Student.id, api.Student.first_name, api.Student.last_name)
    rows = rows.filter(api.Student.id.in_(students)) if students else rows
    return {student: " ".join(part for part in parts if part) for student, *parts in rows}


def unite(book: Gradebook) -> None:
    """Have nobody in a gradebook twice: what a list says of Anna is said of anna, if that is who handed in."""
    for ids in twins(names(book)):
        students = [book.find_student(student) for student in ids]
        active = [student for student in students if student.submissions]
        for listed in students if len(active) == 1 else ():
            if listed is not active[0] and not _are_two(listed, active[0]):
                for name in _ABOUT:
                    setattr(active[0], name, getattr(listed, name) or getattr(active[0], name))
                book.db.delete(listed)
        book.db.commit()


def _are_two(one: api.Student, other: api.Student) -> bool:
    return bool(one.email and other.email) and same(one.email) != same(other.email)
