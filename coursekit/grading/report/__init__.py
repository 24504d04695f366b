"""The class report: what an instructor should know of a class, as HTML, as CSV and as JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec

from coursekit.grading.classroom.course import Course
from coursekit.grading.files import write_at_once


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
    from coursekit.grading.report.gather import gather
    from coursekit.grading.report.numbers import report
    from coursekit.grading.report.page import page
    from coursekit.grading.report.tables import write_tables

    found = report(gather(course, assignment))
    write_tables(found, folder)
    write_at_once(folder / f"{assignment}.json", msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    path = folder / f"{assignment}.html"
    write_at_once(path, page(found).encode(errors="replace"))
    return path
