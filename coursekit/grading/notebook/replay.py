"""A small notebook that settles a dispute: what was put to a student's code, what is right, what came, step by step."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.errors import GradingError, UnreadableError
from coursekit.grading.classroom.course import Course
from coursekit.grading.nbgrader.preprocessors import Grade
from coursekit.grading.notebook import side_by_side
from coursekit.grading.notebook.replayed import cells_of, quoted
from coursekit.grading.notebook.verdicts import Detail, judge_in_detail
from coursekit.grading.submission import beside, reading
from coursekit.grading.submission.graft import definitions, graft
from coursekit.grading.submission.intake import Intake, take_in
from coursekit.grading.submission.uploads import shown

HEAD = """\
# {student}, {stem}

{lost} of {count} behaviours are lost. Of each you find below what the hidden test put to the student's code, what is
right and what came, as the grader had it. The cells do it again before your eyes, in plain calls.

**To run this notebook is to run a student's program with your rights,** outside of the sandbox: read the student's
cells first. Nothing of them was run to write this file; the numbers in its text came from the sandbox.

**It holds inputs of the hidden tests.** Show it to one student if you must, do not hand it out, keep it out of git."""
LEFT_OUT = "\n\nWhat did not run in the sandbox was left out there, and may stop its cell here:\n\n{lines}"
APART = """\
# In a folder of its own: nothing that lies in yours counts, and nothing is written into it.
import os
import tempfile

os.chdir(tempfile.mkdtemp(prefix="replay-"))
"""
HELPERS = """\
# The rest is the grader's again.
import copy

import torch

import coursekit

"""


def replay(course: Course, student: str, name: str, behaviour: str = "", *, assignment: str = "", folder: Path) -> Path:
    """Write the notebook, and return where; nothing that is there is overwritten.

    Parameters
    ----------
    course
        Whose hidden tests, seed and settings count.
    student, name
        Whose work, and which notebook of it: its name, how that begins, or its number.
    behaviour
        The one in question, as "groups" or "SGD.groups"; by default every one that is lost.
    assignment
        Where the student handed in several that hold this notebook, which one.
    folder
        Where it is written.

    Raises
    ------
    GradingError
        When there is no such work, none that can be read, or nothing lost in it.
    """
    assignment, stem, intake = _handed_in(course, student, name, assignment)
    made = _notebook(course, shown(student), course.release / assignment / f"{stem}.ipynb", intake, behaviour)
    names = (f"replay_{student}_{stem}{again}.ipynb" for again in ("", *(f"_{count}" for count in range(2, 1000))))
    path = next(path for each in names if not (path := folder / each).exists())
    with path.open("x", encoding="utf-8") as file:
        file.write(nbformat.writes(made))
    return path


def _handed_in(course: Course, student: str, name: str, assignment: str) -> tuple[str, str, Intake]:
    """Find the one notebook that is meant."""
    students = sorted(path.name for path in course.submitted.glob("*/"))
    if student not in students:
        near = get_close_matches(student, students, 3)
        raise GradingError(f"There is no submitted/{student}." + (f" There is {', '.join(near)}." if near else ""))
    start = name.zfill(2) if name.isdigit() else name.removesuffix(".ipynb")
    own = [each for each in course.assignments() if (course.submitted / student / each).is_dir()]
    intakes = {each: take_in(course.submitted / student / each, course.release / each) for each in own}
    there = [(each, stem, intake) for each, intake in intakes.items() for stem in intake.files]
    found = [one for one in there if one[1].startswith(start) and assignment in ("", one[0])]
    if len(found) != 1:
        listed = ", ".join(f"{each}/{stem}" for each, stem, _ in found or there) or "nothing that can be told"
        what = "more than one notebook" if found else "no notebook"
        ask = " Name it whole, and its assignment with --assignment." if found else ""
        raise GradingError(f"{student} handed in {what} {name!r}: there is {listed}.{ask}")
    return found[0]


def _notebook(course: Course, student: str, release: Path, intake: Intake, behaviour: str) -> NotebookNode:
    data = intake.file(release.stem).data
    try:
        if isinstance(data, str):
            raise UnreadableError(data)
        submission, _ = reading.read(data)
    except UnreadableError as error:
        raise GradingError(f"{release.stem} of {student} cannot be read: {error}.") from error
    notebook, _ = graft(submission, nbformat.read(release, as_version=4))
    lying = beside.needed_by(intake, release)
    cells = (*([beside.cell(lying)] if lying else []), *definitions(notebook))
    grader = Grade(config=course.config)
    tests = course.root / grader.tests / f"test_{release.stem}.py"
    settings = grader.settings
    details, left_out = judge_in_detail(
        cells,
        tests,
        settings.seed,
        sandbox=settings.sandbox,
        patience=settings.patience,
        limits=settings.limits,
        weights=dict(settings.weights),
    )
    counted = [each for each in details if each.behaviour.weight]
    lost = [each for each in counted if each.finding]
    head = HEAD.format(student=student, stem=release.stem, lost=len(lost), count=len(counted))
    made = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    made.cells = [
        new_markdown_cell(head + (LEFT_OUT.format(lines=quoted(left_out)) if left_out else "")),
        new_code_cell(APART),
        new_markdown_cell("## What the student's cells define, as they were handed in"),
        *(new_code_cell(source, metadata={"tags": ["raises-exception"]}) for source in cells),
        new_code_cell(HELPERS + inspect.getsource(side_by_side).partition('"""\n\n')[2].rstrip()),
    ]
    where = tests.relative_to(course.root).as_posix()
    said: set[str] = set()
    for each in _chosen(details, lost, behaviour, f"{student} in {release.stem}"):
        first, *rest = cells_of(each, f"pytest {where} --submission {release.stem}.ipynb")
        title, _, text = first.source.partition("\n\n")
        if text in said and not rest:
            first.source = f"{title}\n\nAs above."
        said.add(text)
        made.cells += (first, *rest)
    return made


def _chosen(details: Sequence[Detail], lost: list[Detail], behaviour: str, whose: str) -> list[Detail]:
    names = {f"{each.exercise}.{each.behaviour.name}": each for each in details}
    if not behaviour:
        if not lost:
            raise GradingError(f"Nothing is lost by {whose}.")
        return lost
    named = [each for name, each in names.items() if behaviour in (name, each.behaviour.name)]
    if not named:
        raise GradingError(f"There is no behaviour {behaviour!r}; there are {', '.join(names)}.")
    wrong = [each for each in named if each.finding]
    if not wrong:
        raise GradingError(f"{behaviour} is right, and not lost by {whose}.")
    return wrong
