"""What the tests of the grader share: the course of this checkout, and notebooks with a solution or a mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit.grading.course import Course
from coursekit.grading.sample import TIMESTAMP
from tests.grading.classroom import ASSIGNMENT, STEMS, Result, copied, grade, result, shorten

ROOT = Path(__file__).parents[2]
WRONG_SIGN = {"p -= group": "p += group"}


@pytest.fixture(scope="session")
def repository() -> Course:
    """Give the course of this checkout, which no test may change."""
    return Course(root=ROOT)


@pytest.fixture
def release() -> NotebookNode:
    """Give the first notebook as students get it."""
    return nbformat.read(ROOT / "notebooks" / "optimizers" / "01_sgd.ipynb", as_version=4)


@pytest.fixture
def solved() -> NotebookNode:
    """Give the first notebook with the reference solution."""
    return nbformat.read(ROOT / "solutions" / "optimizers" / "01_sgd.ipynb", as_version=4)


@pytest.fixture
def rewritten(solved: NotebookNode) -> Callable[[dict[str, str]], NotebookNode]:
    """Give a function that changes the text of the reference solution of the first notebook."""

    return lambda changes: rewrite(solved, "sgd", changes)


def solution(stem: str, changes: dict[str, str], folder: str = "optimizers") -> NotebookNode:
    """Read the reference solution of the notebook on an optimizer, and change the text of its class."""
    notebook = nbformat.read(ROOT / "solutions" / folder / f"{stem}.ipynb", as_version=4)
    return rewrite(notebook, stem.partition("_")[2], changes)


def rewrite(notebook: NotebookNode, grade_id: str, changes: dict[str, str]) -> NotebookNode:
    """Change the text of a cell."""
    cell = answer(notebook, grade_id)
    for old, new in changes.items():
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
    return notebook


def answer(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Find a cell by its grade_id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def nbgrader(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a real nbgrader command in a folder, as a person would."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a class that nobody has graded: right, wrong and untouched work in short notebooks."""
    course = Course(root=ROOT).lay_out(tmp_path_factory.mktemp("fresh") / "course")
    shorten(course)
    for student in ("right", "wrong", "untouched"):
        folder = course.submitted / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(TIMESTAMP)
        for stem in STEMS:
            changes = WRONG_SIGN if (student, stem) == ("wrong", "01_sgd") else {}
            released = nbformat.read(course.release / ASSIGNMENT / f"{stem}.ipynb", as_version=4)
            solved = nbformat.read(course.solutions / ASSIGNMENT / f"{stem}.ipynb", as_version=4)
            work = released if student == "untouched" else rewrite(solved, stem.partition("_")[2], changes)
            nbformat.write(work, folder / f"{stem}.ipynb")
    course.register(ASSIGNMENT)
    return course.root


@pytest.fixture(scope="session")
def finished(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class undisturbed; give its folder, which no test may change."""
    course = copied(fresh, tmp_path_factory.mktemp("undisturbed"))
    code, said = grade(course)
    assert code == 0, said
    assert "Warning" not in said
    return course.root


@pytest.fixture(scope="session")
def undisturbed(finished: Path) -> Result:
    done = result(Course(root=finished))
    assert ("01_sgd", "sgd_check", 18.0, False) in done.points["right"]
    return done
