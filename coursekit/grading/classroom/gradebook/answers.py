"""Answers in words, and what persons decide about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from coursekit.grading.classroom.gradebook.book import of_notebooks


@dataclass(frozen=True)
class Decision:
    """A person's decision about an answer: points, None where none were given, whether it waits, and a comment."""

    points: float | None
    waits: bool
    comment: str | None


@dataclass(frozen=True)
class Answer:
    """The gradebook's record of one answer that persons read.

    `grade` is nbgrader's id of it, `most` its points at most, and `auto` what nbgrader gave by itself: 0 where nothing
    was written.
    """

    grade: str
    student: str
    notebook: str
    cell: str
    most: float
    auto: float | None
    decision: Decision


def answers(book: Gradebook, assignment: str, notebook: str = "", cell: str = "") -> list[Answer]:
    """Return the answers that persons read, what students both write and have points for: all, or those in one cell."""
    written = aliased(api.SolutionCell)
    rows = (
        of_notebooks(
            book,
            assignment,
            *(api.Grade.id, api.SubmittedAssignment.student_id, api.Notebook.name, api.GradeCell.name),
            *(api.GradeCell.max_score, api.Grade.auto_score),
            *(api.Grade.manual_score, api.Grade.needs_manual_grade, api.Comment.manual_comment),
        )
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .join(written, and_(written.notebook_id == api.GradeCell.notebook_id, written.name == api.GradeCell.name))
        .join(api.Comment, and_(api.Comment.cell_id == written.id, api.Comment.notebook_id == api.SubmittedNotebook.id))
    )
    if notebook:
        rows = rows.filter(api.Notebook.name == notebook, api.GradeCell.name == cell)
    return [
        Answer(grade, student, stem, name, most, auto, Decision(*decision))
        for grade, student, stem, name, most, auto, *decision in rows
    ]


def decide(book: Gradebook, changes: Iterable[tuple[str, Decision, Decision]]) -> set[str]:
    """Write down what a person decides of answers, each by nbgrader's id, with what that person saw and what is to be.

    An answer of which the gradebook says something else by now stays as it is; the ids of those are returned.
    """
    refused = set()
    # In one order, so that no two who write wait for each other.
    for grade, seen, decision in sorted(changes, key=itemgetter(0)):
        if not _replace_points(book, grade, seen, decision):
            refused.add(grade)
        elif not _replace_comment(book, grade, seen.comment, decision.comment):
            _replace_points(book, grade, decision, seen)
            refused.add(grade)
    book.db.commit()
    return refused


def _replace_points(book: Gradebook, grade: str, old: Decision, new: Decision) -> bool:
    found = book.db.query(api.Grade).filter(
        api.Grade.id == grade,
        api.Grade.manual_score.is_not_distinct_from(old.points),
        api.Grade.needs_manual_grade == old.waits,
    )
    changed = {api.Grade.manual_score: new.points, api.Grade.needs_manual_grade: new.waits}
    return bool(found.update(changed, synchronize_session=False))


def _replace_comment(book: Gradebook, grade: str, old: str | None, new: str | None) -> bool:
    graded, written = aliased(api.GradeCell), aliased(api.SolutionCell)
    own = (
        select(api.Comment.id)
        .join(written, written.id == api.Comment.cell_id)
        .join(graded, and_(graded.notebook_id == written.notebook_id, graded.name == written.name))
        .join(api.Grade, and_(api.Grade.cell_id == graded.id, api.Grade.notebook_id == api.Comment.notebook_id))
        .where(api.Grade.id == grade)
    )
    found = book.db.query(api.Comment).filter(
        api.Comment.id.in_(own), api.Comment.manual_comment.is_not_distinct_from(old)
    )
    return bool(found.update({api.Comment.manual_comment: new}, synchronize_session=False))
