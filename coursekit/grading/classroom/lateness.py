"""What being late costs: decided as nbgrader decides it, anew whenever something changes on which it depends."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde
from traitlets.config import Config

from coursekit.errors import GradingError
from coursekit.grading.submission.stock import STAMP, time_of

Penalties = dict[str, list[tuple[str, float]]]  # by student: notebooks, and the points that they lose


class AssignLatePenalties(preprocessors.AssignLatePenalties):
    """Assigns them in `nbgrader autograde`, by a time that is certain: nbgrader has guessed one."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Put the time right first."""
        about = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir  # the exporter's parent is nbgrader's converter
        student, assignment = about["student"], about["assignment"]
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        if os.path.lexists(folder / STAMP):
            with Gradebook(about["db_url"]) as book:
                set_time(book, assignment, student, time_of(folder))
        return super().preprocess(nb, resources)


def set_time(book: Gradebook, assignment: str, student: str, time: dt.datetime | None) -> None:
    """Have a submission, if there is one, handed in at this time."""
    with contextlib.suppress(MissingEntry):
        book.find_submission(assignment, student).timestamp = time
        book.db.commit()


def settle(book: Gradebook, assignment: str, config: Config) -> Penalties:
    """Bring the penalties for being late up to date, touch nothing else in the gradebook, and return them.

    nbgrader decides them when it enters a submission, and never again: not when a due date is moved, an extension
    given, the rule changed or an answer in words read. To enter all again would take that answer for an unread one.
    """
    charged = _penalties(book, assignment)
    if not any("AssignLatePenalties" in str(step) for step in Autograde(config=config).autograde_preprocessors):
        return charged
    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    late = _seconds_late(book, assignment)
    for student in sorted({*late, *charged}):
        for notebook in book.find_submission(assignment, student).notebooks:
            lost = student in late and rule.plugin_inst.late_submission_penalty(student, notebook.score, late[student])
            notebook.late_submission_penalty = min(max(0.0, lost or 0.0), notebook.score)
    book.db.commit()
    return _penalties(book, assignment)


def check_due_date(book: Gradebook, assignment: str) -> None:
    """Refuse extensions of a due date that there is not, on which nbgrader fails for each of these students."""
    if book.find_assignment(assignment).duedate is None:
        given = SubmittedAssignment.extension.is_not(None)
        extended = sorted(entry.student_id for entry in _submissions(book, assignment).filter(given))
        if extended:
            raise GradingError(
                f"{assignment} has no due date, and extensions of it ({', '.join(extended)}). Set one, in UTC: "
                f'nbgrader db assignment add {assignment} --duedate="2026-10-31 23:00 UTC".'
            )


def _seconds_late(book: Gradebook, assignment: str) -> dict[str, float]:
    """Give by how much students are late who are."""
    after = _submissions(book, assignment).filter(SubmittedAssignment.timestamp > Assignment.duedate)
    return {entry.student_id: entry.total_seconds_late for entry in after if entry.total_seconds_late}


def _submissions(book: Gradebook, assignment: str) -> Any:
    joined = book.db.query(SubmittedAssignment).join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    return joined.filter(Assignment.name == assignment)


def _penalties(book: Gradebook, assignment: str) -> Penalties:
    lost = SubmittedNotebook.late_submission_penalty
    rows = (
        book.db.query(SubmittedAssignment.student_id, SubmittedNotebook.notebook_id, lost)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment, lost > 0)
    )
    found: Penalties = defaultdict(list)
    for student, notebook, points in sorted(rows):
        found[student].append((notebook, points))
    return found
