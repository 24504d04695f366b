"""Have the pages written that do not say what the gradebook says, with nbgrader's own converter."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from coursekit.grading.classroom.alone import FULL
from coursekit.grading.classroom.course import Course, Progress, reason_of
from coursekit.grading.classroom.gradebook.points import cells
from coursekit.grading.classroom.gradebook.students import names
from coursekit.grading.classroom.gradebook.submissions import submissions
from coursekit.grading.classroom.lateness import settle
from coursekit.grading.classroom.ledger import Entry, Ledger
from coursekit.grading.classroom.workers import Means, run_all
from coursekit.grading.files import sync
from coursekit.grading.nbgrader.converters import generate_feedback
from coursekit.grading.notebook.depends import digest


def write_pages(
    course: Course, assignment: str, students: Iterable[str], jobs: int, report: Progress
) -> tuple[int, dict[str, str]]:
    """Bring the pages of students up to date; return of how many they were not, and why some could not be written."""
    ledger = Ledger(course, assignment)
    due = _outdated(course, assignment, students)
    failed: dict[str, str] = {}
    done = 0

    def keep(student: str, result: str | BaseException) -> None:
        nonlocal done
        done += 1
        report(f"pages {assignment}", done, len(due))
        if isinstance(result, OSError) and result.errno in FULL:
            raise result
        if isinstance(result, BaseException) or result:
            course.log(f"{result}\n")
            failed[student] = f"no page: {reason_of(str(result))}"
        else:
            ledger.remember(student, due[student])

    orders = [(student, (str(course.root), assignment, student)) for student in due]
    run_all(Means(jobs=jobs), make_pages, orders, keep, preload=__name__)
    return len(due), failed


def _outdated(course: Course, assignment: str, students: Iterable[str]) -> dict[str, Entry]:
    """Return what will be done for those whose pages are not as they should be, after penalties have been settled."""
    with course.gradebook() as book:
        late = settle(book, assignment, course.config)
        said = cells(book, assignment, by_persons=True)
        called, sent = names(book), submissions(book, assignment)
    ledger = Ledger(course, assignment)
    due = {}
    for student in students:
        entry = ledger.entry(student)
        if entry is None:
            continue
        folder = course.feedback / student / assignment
        about = said.get(student), late.get(student), called.get(student), sent.get(student)
        pages = digest(about, entry.keys, entry.points)
        if pages != entry.pages or not all((folder / f"{stem}.html").is_file() for stem in entry.keys):
            due[student] = msgspec.structs.replace(entry, pages=pages)
    return due


def make_pages(where: tuple[str, str, str]) -> str:
    """Write the pages of one student; return what went wrong."""
    root, assignment, student = where
    course = Course(root=Path(root))
    complaint = _complaint(generate_feedback(course.config, assignment, student))
    if not complaint:
        sync(course.feedback / student / assignment)
    return complaint


def _complaint(result: dict[str, Any]) -> str:
    """Return what a command of nbgrader complains of, nothing after a success.

    Raises
    ------
    OSError
        Where the disk is full.
    """
    if result["success"]:
        return ""
    told = f"{result.get('log', '')}\n{result.get('error', '')}".strip()
    if any(words in told for words in ("database or disk is full", *map(os.strerror, FULL))):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return told or "nbgrader says nothing"
