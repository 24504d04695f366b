"""Enter the results of a class as `nbgrader autograde` would: notebooks side by side, the gradebook by one writer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from traitlets.utils.importstring import import_item

from coursekit.errors import GradingError
from coursekit.grading.classroom.alone import FULL
from coursekit.grading.classroom.course import Course, Progress
from coursekit.grading.classroom.gradebook.points import Found, cells, record
from coursekit.grading.classroom.ledger import Entry, Ledger
from coursekit.grading.classroom.workers import Means, run_all
from coursekit.grading.files import write_at_once
from coursekit.grading.nbgrader.preprocessors import Grade, copy_notes
from coursekit.grading.notebook.depends import digest
from coursekit.grading.submission.times import STAMP

# The work of these is done here, or has been done: the marked cells are those of the released notebook.
_DONE = (Grade, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata)


class _Order(NamedTuple):
    """The results of one student, by notebook, that are to be written."""

    root: Path
    assignment: str
    student: str
    keys: dict[str, str]


class _Written(NamedTuple):
    """The contents of the cells of a student's notebooks, by notebook, now and before."""

    found: dict[str, dict[str, Found]]
    before: dict[str, str]


def enter(course: Course, assignment: str, due: Mapping[str, Entry], jobs: int, report: Progress) -> dict[str, str]:
    """Write the graded notebooks of some students and enter their points; return why that was not possible.

    An answer that a person has read stays read where it is the same.
    """
    ledger = Ledger(course, assignment)
    entries = {student: ledger.entry(student) for student in due}
    failed: dict[str, str] = {}
    answers: dict[str, dict[str, str]] = {}
    orders = [(student, _Order(course.root, assignment, student, own.keys)) for student, own in due.items()]
    with course.gradebook() as book:

        def keep(student: str, result: _Written | BaseException) -> None:
            if isinstance(result, OSError) and result.errno in FULL:
                raise result
            try:
                if isinstance(result, BaseException):
                    raise result
                entry = entries[student] or Entry()
                _hand_in(book, course, assignment, student, entry.stamp, due[student].stamp)
                record(book, assignment, student, result.found, entry.answers | result.before)
                _put_in_place(course, assignment, student)
                answers[student] = dict(_answers(result.found))
            except (GradingError, MissingEntry) as error:
                course.log(f"{student}: {error}\n")
                failed[student] = f"the points could not be entered: {error}"
            report(f"entering {assignment}", len(answers) + len(failed), len(due))

        report(f"entering {assignment}", 0, len(due))
        for student in due if course.config.Autograde.get("create_student", True) else ():
            book.update_or_create_student(student)  # in this order, whoever's notebooks are written first
        run_all(Means(jobs=jobs), write_notebooks, orders, keep, preload=__name__)
        points = cells(book, assignment, by_persons=False)
    shutil.rmtree(_aside(course), ignore_errors=True)
    for student, own in answers.items():
        done = msgspec.structs.replace(due[student], points=digest(points.get(student)), answers=own)
        ledger.remember(student, done)
    return failed


def write_notebooks(order: _Order) -> _Written:
    """Write the graded notebooks of a student aside, and tell what nbgrader reads from them.

    They are put in the place of earlier ones when their points are entered: what lies there is what a person has read.
    """
    course = _course(order.root)
    results = Grade(config=course.config).results(course.directory, order.assignment)
    converter = _converter(course, order.assignment, order.student, _aside(course))
    steps = list(_steps(converter))
    folder = _aside(course) / order.student / order.assignment
    shutil.rmtree(folder, ignore_errors=True)
    found = {}
    for stem, key in order.keys.items():
        graded = results.get(key)
        if graded is None:
            raise GradingError(f"the result of {stem} is gone; grade again")
        notebook = nbformat.reads(graded.notebook, as_version=4)
        about = {"student": order.student, "assignment": order.assignment, "notebook": stem}
        resources: dict[str, Any] = {"unique_key": stem, "nbgrader": {**about, "db_url": course.directory.db_url}}
        for step in steps:
            notebook, resources = step(notebook, resources)
        found[stem] = _found(notebook)
        write_at_once(folder / f"{stem}.ipynb", f"{nbformat.writes(notebook)}\n".encode())
    copy_notes(course.submitted / order.student / order.assignment, folder)
    converter.set_permissions(order.assignment, order.student)
    return _Written(found, _before(course.autograded / order.student / order.assignment))


def _aside(course: Course) -> Path:
    return course.state / "entering"


def _converter(course: Course, assignment: str, student: str, place: Path) -> Autograde:
    """Make the converter that nbgrader would use, but for where it writes."""
    about = {"assignment_id": assignment, "student_id": student, "autograded_directory": str(place)}
    return Autograde(coursedir=CourseDirectory(config=course.config, **about), config=course.config)


def _put_in_place(course: Course, assignment: str, student: str) -> None:
    """Have the notebooks that were written for a student where nbgrader looks for them."""
    folder = course.autograded / student / assignment
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(_aside(course) / student / assignment, folder)
    converter = _converter(course, assignment, student, course.autograded)
    converter.notebooks = sorted(map(str, folder.glob("*.ipynb")))
    converter.run_post_convert_hook()


@cache
def _course(root: Path) -> Course:
    return Course(root=root)


def _steps(converter: Autograde) -> Iterator[Any]:
    """Make what the course's settings put between a result and the notebook, such as a limit of what is shown."""
    for name in (*converter.sanitize_preprocessors, *converter.autograde_preprocessors):
        kind = import_item(name) if isinstance(name, str) else name
        if not issubclass(kind, _DONE):
            yield kind(parent=converter, config=converter.config)


def _before(folder: Path) -> dict[str, str]:
    """Return what a person may have read in the notebooks of a folder, and nothing of one that cannot be read."""
    found = {}
    for path in folder.glob("*.ipynb"):
        with suppress(ValueError, LookupError, AttributeError):
            found[path.stem] = _found(nbformat.read(path, as_version=4))
    return dict(_answers(found))


def _found(notebook: NotebookNode) -> dict[str, Found]:
    """Return what nbgrader reads from the cells that it knows, and what each was given for."""
    marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id")]
    code = [cell.source for cell in marked if utils.is_solution(cell) and not utils.is_grade(cell)]
    found = {}
    for cell in marked:
        is_written = utils.is_solution(cell)
        points = utils.determine_grade(cell)[0] if utils.is_grade(cell) else None
        same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        found[cell.metadata.nbgrader.grade_id] = Found(
            is_graded=utils.is_grade(cell),
            points=points,
            comment="No response." if same and is_written else None,
            answer=digest(cell.source) if is_written else digest(points, code),
        )
    return found


def _answers(found: Mapping[str, Mapping[str, Found]]) -> Iterator[tuple[str, str]]:
    for stem, own in found.items():
        yield from ((f"{stem}/{cell}", each.answer) for cell, each in own.items() if each.is_graded)


def _hand_in(book: Gradebook, course: Course, assignment: str, student: str, before: str, stamp: str) -> None:
    """See to it that the gradebook knows a submission, and its time by what was and is stamped on it."""
    no_longer = before or os.path.lexists(course.submitted / student / assignment / STAMP)
    time = {"timestamp": stamp or None} if stamp or no_longer else {}  # else a person may have entered one
    book.update_or_create_submission(assignment, student, **time)
