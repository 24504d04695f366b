"""A second subject, `tests/toy_course`, is built, checked and graded by the same engine."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.solutions import ROOT

pytestmark = pytest.mark.slow

TOY = ROOT / "tests" / "toy_course"
TANGENT = "function.slope(numbers[-1])"
ANSWERS = {"right": TANGENT, "chord": "function.slope(start)"}


def command(python: Path, *words: object) -> str:
    """Run a command of the course, and return all that it prints."""
    program = Path(sys.executable).with_name("coursekit")
    of_the_toy = {"PYTHONPATH": str(TOY), "COURSEKIT_SUBJECT": "roots", "JUPYTER_PATH": str(python.parent)}
    line = [python, program, *map(str, words)]
    done = subprocess.run(line, env={**os.environ, **of_the_toy}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def course(quick_python, tmp_path_factory):
    """Build the toy and grade a class of three."""
    course = tmp_path_factory.mktemp("toy") / "course"
    shutil.copytree(TOY, course, ignore=shutil.ignore_patterns("roots*"))
    shutil.copy(ROOT / "nbgrader_config.py", course)
    command(quick_python, "notebooks", "--course", course)
    for student in ("untouched", *ANSWERS):
        notebook = nbformat.read(course / "notebooks" / "roots" / "01_newton.ipynb", as_version=4)
        if student in ANSWERS:
            notebook = nbformat.read(course / "solutions" / "roots" / "01_newton.ipynb", as_version=4)
            for cell in notebook.cells:
                cell.source = cell.source.replace(TANGENT, ANSWERS[student])
        folder = course / "submitted" / student / "roots"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "01_newton.ipynb")
    command(quick_python, "grade", "--course", course)
    return course


def test_what_is_handed_out_holds_a_stub_and_no_solution(course):
    handed_out = (course / "notebooks" / "roots" / "01_newton.ipynb").read_text()
    assert "raise NotImplementedError" in handed_out
    assert TANGENT not in handed_out


def test_check_cell_shows_the_ladder(course):
    built = nbformat.read(course / "solutions" / "roots" / "01_newton.ipynb", as_version=4)
    (shown,) = [output.data["text/plain"] for cell in built.cells for output in cell.get("outputs", [])]
    assert shown.startswith("newton: all 2 behaviours are right.")


def test_hidden_tests_decide_the_points(course):
    with (course / "grades.csv").open() as file:
        points = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert points == {"right": 18.0, "chord": 9.0, "untouched": 0.0}


def test_mistake_is_named_on_the_feedback_page(course):
    page = (course / "feedback" / "chord" / "roots" / "01_newton.html").read_text()
    assert "newton with the slope at the start in every step" in page
