"""The class report: what an instructor should know of a class, as HTML, as CSV and as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from coursekit.grading.classroom.course import Course
from coursekit.grading.files import write_at_once

TERM = "index.html"


def write_reports(course: Course, assignments: Sequence[str], folder: Path) -> Iterator[Path]:
    """Write the reports of some assignments as `write_report` does and, of several, the page of the term.

    That page comes first. It leads to the others and, in the folder of the course, to the feedback pages.
    """
    from coursekit.grading.report.gather import gather
    from coursekit.grading.report.numbers import report
    from coursekit.grading.report.page import page, term_page
    from coursekit.grading.report.tables import write_tables

    found = [report(gather(course, assignment)) for assignment in assignments]
    several = len(found) > 1

    def link(assignment: str, student: str, notebook: str) -> str:
        path = course.feedback / student / assignment / f"{notebook}.html"
        return quote(os.path.relpath(path, folder)) if path.is_file() else ""

    if several:
        name = course.directory.course_id or course.root.name
        write_at_once(folder / TERM, term_page(name, found, link).encode(errors="replace"))
        yield folder / TERM
    for each in found:
        write_tables(each, folder)
        start = folder / each.assignment
        write_at_once(Path(f"{start}.json"), msgspec.json.format(msgspec.json.encode(each), indent=1) + b"\n")
        html = page(each, link, TERM if several else "")
        write_at_once(Path(f"{start}.html"), html.encode(errors="replace"))
        yield Path(f"{start}.html")


def write_report(course: Course, assignment: str, folder: Path) -> Path:
    """Write the report of an assignment, in its language.

    Parameters
    ----------
    course
        With a graded class.
    assignment
        One of `Course.assignments`.
    folder
        Where `ASSIGNMENT.html`, `ASSIGNMENT.json` and `ASSIGNMENT-students.csv`, `-behaviours.csv` and
        `-mistakes.csv` are written; it is made if need be.

    Returns
    -------
    Path
        The HTML file. It loads nothing and needs none of the other files.

    Raises
    ------
    GradingError
        When there is no such assignment, or nothing of it is graded.
    """
    (path,) = write_reports(course, [assignment], folder)
    return path
