"""`coursekit grade` on a small class: what went wrong is said, and costs what it must and no more."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.course import Course

from .conftest import ROOT, answer

LOOP = {"with torch.no_grad():": "while True:\n            pass\n        with torch.no_grad():"}
WARNING = {"with torch.no_grad():": "__import__('warnings').warn('old ways')\n        with torch.no_grad():"}


@dataclass
class Graded:
    """What a grading printed, and the course it left behind."""

    course: Course
    code: int
    out: str


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade one notebook each of a student whose step never ends and of one whose step warns."""
    course = Course(root=ROOT).lay_out(tmp_path_factory.mktemp("small") / "course")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("c.Grade.timeout = 3\n")
    for student, changes in (("looper", LOOP), ("warner", WARNING)):
        notebook = nbformat.read(course.solutions / "optimizers" / "01_sgd.ipynb", as_version=4)
        cell = answer(notebook, "sgd")
        for old, new in changes.items():
            assert old in cell.source
            cell.source = cell.source.replace(old, new)
        folder = course.submitted / student / "optimizers"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "01_sgd.ipynb")
    command = [str(Path(sys.executable).with_name("coursekit")), "grade", "--course", str(course.root)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return Graded(course=course, code=run.returncode, out=run.stdout)


def test_grading_succeeds(graded):
    assert graded.code == 0


def test_an_endless_loop_costs_its_cell(graded):
    scores = dict(graded.course.scores("optimizers"))
    assert scores["looper"]["01_sgd"] == 0.0


def test_after_an_endless_loop_the_next_cells_are_run(graded):
    path = graded.course.root / "autograded" / "looper" / "optimizers" / "01_sgd.ipynb"
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    shown = [output for cell in code for output in cell.outputs]
    assert any("critical rate" in output.get("text", "") for output in shown)


def test_a_warning_on_stderr_costs_nothing(graded):
    assert dict(graded.course.scores("optimizers"))["warner"]["01_sgd"] == 18.0


def test_a_missing_notebook_counts_nothing_and_is_named(graded):
    assert dict(graded.course.scores("optimizers"))["warner"]["02_rmsprop"] is None
    assert "warner did not hand in 02_rmsprop: it counts 0." in graded.out


def test_everybody_gets_a_feedback_page(graded):
    for student in ("looper", "warner"):
        page = graded.course.root / "feedback" / student / "optimizers" / "01_sgd.html"
        assert "sgd_check" in page.read_text()
    assert (graded.course.root / "grades.csv").is_file()
