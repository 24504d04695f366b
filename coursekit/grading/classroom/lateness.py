"""The penalty for being late: decided as nbgrader decides it, anew whenever something changes that it depends on."""

from __future__ import annotations

import math
import os
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.plugins import BasePlugin
from traitlets import Float, Integer
from traitlets.config import Config

from coursekit.errors import GradingError
from coursekit.grading.classroom.gradebook.points import entered
from coursekit.grading.classroom.gradebook.submissions import charge, of_student, set_time, submissions
from coursekit.grading.submission.times import STAMP, handed_in

NO_DATE = (
    '{assignment} has no due date{but}. Set one, in UTC: coursekit assign {assignment} --due="2026-10-31 23:00 UTC".'
)
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
                set_time(book, assignment, student, handed_in(folder)[0])
        return super().preprocess(nb, resources)


class LateDays(BasePlugin):
    """A rule for late work: some days of the term are each student's own, every other one costs a share of the points.

    An hour late is a day late. The days are used up by the assignment that was due first.
    """

    free = Integer(0, help="Days that a student may be late, all assignments together.").tag(config=True)
    share = Float(0.1, help="Share of the points that is lost for each day after these.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points that are lost of one notebook; nbgrader asks."""
        used = 0
        for assignment, own in of_student(self.parent.gradebook, student_id).items():
            if assignment == self.parent.assignment_id:
                break
            used += _days(own.late)
        late = _days(total_seconds_late) - max(0, self.free - used)
        return score * min(1.0, self.share * max(0, late))


def settle(book: Gradebook, assignment: str, config: Config) -> Penalties:
    """Bring the penalties for being late up to date, touch nothing else in the gradebook, and return them.

    nbgrader decides them when it enters a submission, and never again: not when a due date is moved, an extension
    given, the rule changed or an answer in words read. To enter all again would take that answer for an unread one.
    """
    charged = _charged(book, assignment)
    if not any("AssignLatePenalties" in str(step) for step in Autograde(config=config).autograde_preprocessors):
        return charged
    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    rule.gradebook, rule.assignment_id = book, assignment  # as nbgrader does
    late = {student: own.late for student, own in submissions(book, assignment).items() if own.late}

    def lost(student: str, points: float) -> float:
        decided = student in late and rule.plugin_inst.late_submission_penalty(student, points, late[student])
        return min(max(0.0, decided or 0.0), points)

    everybody = entered(book, assignment)
    whom = sorted({*late, *charged})
    charge(
        book, assignment, {who: {stem: lost(who, own.points) for stem, own in everybody[who].items()} for who in whom}
    )
    return _charged(book, assignment)


def check_due_date(book: Gradebook, assignment: str) -> None:
    """Refuse extensions of a due date that there is not, on which nbgrader fails for each of these students."""
    sent = submissions(book, assignment)
    extended = sorted(student for student, own in sent.items() if own.due is None and own.extension is not None)
    if extended:
        but = f", and extensions of it ({', '.join(extended)})"
        raise GradingError(NO_DATE.format(assignment=assignment, but=but))


def _charged(book: Gradebook, assignment: str) -> Penalties:
    lost = {who: [(stem, each.penalty) for stem, each in own.items()] for who, own in entered(book, assignment).items()}
    return {who: own for who, own in lost.items() if any(penalty for _, penalty in own)}


def _days(seconds: float) -> int:
    return math.ceil(seconds / 86400)
