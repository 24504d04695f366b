"""Give one student more time for one assignment."""

from __future__ import annotations

import datetime as dt

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook.students import names
from coursekit.grading.classroom.gradebook.submissions import extend, of_student
from coursekit.grading.classroom.lateness import NO_DATE
from coursekit.grading.classroom.places import no_assignment
from coursekit.grading.submission.times import read_time

DAY = dt.timedelta(days=1)


def grant(course: Course, student: str, assignment: str, *, days: float | None = None, until: str = "") -> str:
    """Give an extension of so many days or until a time, in the place of one given before; return what to say of it.

    Parameters
    ----------
    course, student, assignment
        The student and the assignment; it need not be handed in yet.
    days
        After the due date; none takes the extension back.
    until
        The new due date in UTC, or with an offset, if `days` does not say it.

    Raises
    ------
    GradingError
        When there is no such assignment, student or time, or no due date that could be extended.
    """
    known = course.assignments()
    if assignment not in known:
        raise GradingError(no_assignment(assignment, known))
    course.register(assignment)
    with course.gradebook() as book:
        if student not in names(book):
            if not (course.submitted / student).is_dir():
                raise GradingError(f"There is no student {student!r}: enter the class list with `coursekit students`.")
            book.add_student(student)
        due = book.find_assignment(assignment).duedate
        if due is None:
            raise GradingError(NO_DATE.format(assignment=assignment, but=""))
        extension = _time(until) - due if until else DAY * (days or 0)
        if extension < dt.timedelta():
            raise GradingError(f"{assignment} is due on {_said(due)}: an extension ends later than that.")
        extend(book, assignment, student, extension or None)
        whole = sum((own.extension or dt.timedelta() for own in of_student(book, student).values()), dt.timedelta())
    return (
        f"{student} has until {_said(due + extension)} for {assignment}, {_days(extension)} more; in all assignments"
        f" {_days(whole)}. The next `coursekit grade` applies it."
    )


def _time(text: str) -> dt.datetime:
    try:
        return read_time(text)
    except ValueError as error:
        raise GradingError(f"--until {text!r}: {error}.") from error


def _said(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _days(extension: dt.timedelta) -> str:
    count = round(extension / DAY, 2)
    return f"{count:g} {'day' if count == 1 else 'days'}"
