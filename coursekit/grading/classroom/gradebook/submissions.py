"""When students handed in, what was due when, extensions, and penalties for being late."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from nbgrader import api
from nbgrader.api import Gradebook


class Submission(NamedTuple):
    """When a student handed in an assignment, in UTC, when it was due, and the extension."""

    time: dt.datetime | None = None
    due: dt.datetime | None = None
    extension: dt.timedelta | None = None

    @property
    def late(self) -> float:
        """By how many seconds it is late."""
        if self.time is None or self.due is None:
            return 0.0
        return max(0.0, (self.time - self.due - (self.extension or dt.timedelta())).total_seconds())


def submissions(book: Gradebook, assignment: str, *students: str) -> dict[str, Submission]:
    """Return for some students, or all, who handed in an assignment when that was."""
    sent, due = api.SubmittedAssignment, api.Assignment.duedate
    rows = (
        book.db.query(sent.student_id, sent.timestamp, due, sent.extension)
        .join(api.Assignment, api.Assignment.id == sent.assignment_id)
        .filter(api.Assignment.name == assignment)
    )
    rows = rows.filter(sent.student_id.in_(students)) if students else rows
    return {student: Submission(*about) for student, *about in rows}


def of_student(book: Gradebook, student: str) -> dict[str, Submission]:
    """Return when a student handed in assignments, or got an extension of them, in the order of their due dates."""
    sent, about = api.SubmittedAssignment, api.Assignment
    rows = (
        book.db.query(about.name, sent.timestamp, about.duedate, sent.extension)
        .join(about, about.id == sent.assignment_id)
        .filter(sent.student_id == student)
    )
    found = {name: Submission(*times) for name, *times in rows}
    return dict(sorted(found.items(), key=lambda item: (item[1].due or dt.datetime.max, item[0])))


def extend(book: Gradebook, assignment: str, student: str, extension: dt.timedelta | None) -> None:
    """Give a student an extension, or take it back; of somebody who has not handed in, nothing waits for a person."""
    try:
        submission = book.find_submission(assignment, student)
    except api.MissingEntry:
        submission = book.add_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.needs_manual_grade = False
    submission.extension = extension
    book.db.commit()


def set_due(book: Gradebook, assignment: str, due: dt.datetime) -> None:
    """Have an assignment that the gradebook knows due at this time, in UTC."""
    book.find_assignment(assignment).duedate = due
    book.db.commit()


def set_time(book: Gradebook, assignment: str, student: str, time: dt.datetime | None) -> None:
    """Have a submission, if there is one, handed in at this time."""
    with contextlib.suppress(api.MissingEntry):
        book.find_submission(assignment, student).timestamp = time
        book.db.commit()


def charge(book: Gradebook, assignment: str, lost: Mapping[str, Mapping[str, float]]) -> None:
    """Write down, by student and notebook, what is lost for being late."""
    for student, own in lost.items():
        for notebook in book.find_submission(assignment, student).notebooks:
            notebook.late_submission_penalty = own.get(notebook.name, 0.0)
    book.db.commit()
