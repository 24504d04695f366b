"""Pages for everybody on the list: also of notebooks that were not handed in, or could not be graded."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook.points import most
from coursekit.grading.classroom.gradebook.students import names
from coursekit.grading.classroom.students import unfit
from coursekit.grading.files import write_at_once
from coursekit.grading.nbgrader.preprocessors import copy_notes
from coursekit.grading.notebook.pages import STUDENT, notice


class Notice(StrEnum):
    """The parts of a page that nbgrader does not write."""

    ABSENT = "This notebook was not handed in: it counts 0."
    WAITING = "This notebook could not be graded yet. Ask your instructor about it."


def write_notices(
    course: Course,
    assignment: str,
    handed_in: Mapping[str, Collection[str]],
    failed: Collection[str],
    students: Collection[str] | None = None,
) -> None:
    """Write the pages that nbgrader does not.

    Parameters
    ----------
    course, assignment
        The notebooks that were graded.
    handed_in
        The names of the notebooks of every student who handed something in.
    failed
        The students whose work could not be graded.
    students
        Whose pages to write, if not everybody's.
    """
    with course.gradebook() as book:
        worth, listed = most(book, assignment), names(book)

    @cache
    def page(said: Notice, stem: str) -> str:
        return notice(said, course.release / assignment / f"{stem}.ipynb", worth[stem], course.config)

    for student in members(course, assignment, set(listed)):
        if students is not None and student not in students:
            continue
        called = html.escape(listed.get(student) or student)
        own = handed_in.get(student, ())
        folder = course.feedback / student / assignment
        waiting = (own or worth) if student in failed else ()
        told = {stem: Notice.ABSENT for stem in worth if stem not in own}
        told |= {stem: Notice.WAITING for stem in worth if stem in waiting}
        for stem, said in told.items():
            _write(folder / f"{stem}.html", page(said, stem).replace(STUDENT, called).encode())
        if told:
            copy_notes(course.submitted / student / assignment, folder)


def _write(path: Path, data: bytes) -> None:
    if not path.is_file() or path.read_bytes() != data:
        write_at_once(path, data)


def members(course: Course, assignment: str, listed: set[str]) -> Iterator[str]:
    """List who is in the class of an assignment: not those who handed in the same in another language only."""
    others, here = (
        {folder.parent.name for name in names for folder in course.submitted.glob(f"*/{name}")}
        for names in (course.alternatives(assignment), {assignment})
    )
    for student in sorted((listed - others) | here):
        if student and not unfit(student):
            yield student
