"""What the tests of the grader share: the course of this checkout, and notebooks with a solution or a mistake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit.grading.classroom.course import CONFIG, Course
from tests.conftest import Once
from tests.grading import tiny
from tests.grading.classes import ASSIGNMENT, Class, grade, grade_here, hand_in, hand_in_all, reference, shorten
from tests.grading.forked import Run, forking

ROOT = Path(__file__).parents[2]
STEMS = ("01_sgd", "02_rmsprop")
WRONG_SIGN = {"p -= group": "p += group"}


@pytest.fixture(scope="session")
def repository() -> Course:
    """Return the course of this checkout, which no test may change."""
    return Course(root=ROOT)


@pytest.fixture
def release() -> NotebookNode:
    """Return the first notebook as students get it."""
    return nbformat.read(ROOT / "notebooks" / "optimizers" / "01_sgd.ipynb", as_version=4)


@pytest.fixture
def solved() -> NotebookNode:
    """Return the first notebook with the reference solution."""
    return nbformat.read(ROOT / "solutions" / "optimizers" / "01_sgd.ipynb", as_version=4)


@pytest.fixture
def rewritten(solved: NotebookNode) -> Callable[[dict[str, str]], NotebookNode]:
    """Return a function that changes the text of the reference solution of the first notebook."""

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
    return started(Path(sys.executable), folder, *arguments, **environment)


def started(python: Path, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [python, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


@pytest.fixture(scope="session")
def quick_nbgrader(quick_python: Path) -> Iterator[Run]:
    """Return what runs a real nbgrader command without the seconds in which it imports what it needs."""
    with ExitStack() as stack:

        @cache
        def to_grade() -> Path:  # with a process that all of them fork workers from
            return stack.enter_context(forking(quick_python, "coursekit.grading.classroom.preload"))

        yield lambda folder, *arguments, **environment: started(
            to_grade() if arguments[0] == "autograde" else quick_python, folder, *arguments, **environment
        )


@pytest.fixture(scope="session")
def full(once: Once, repository: Course) -> Class:
    """Return a class with two notebooks of the course; the second of one student is no notebook."""

    def fill(folder: Path) -> None:
        course = repository.lay_out(folder / "fresh")
        for path in [*course.solutions.glob("*/*.ipynb"), *course.release.glob("*/*.ipynb")]:
            if path.stem in STEMS:
                shorten(path)
            else:
                path.unlink()
        hand_in_all(course, WRONG_SIGN)
        hand_in(course, "cut", STEMS[0], reference(course, STEMS[0], WRONG_SIGN))
        hand_in(course, "cut", STEMS[1], "{ cut o")
        course.register(ASSIGNMENT)
        Class(folder).finish(grade)

    return Class(once("full", fill), most=20.0)


@pytest.fixture(scope="session")
def tiny_course(once: Once, repository: Course) -> Path:
    """Return the folder of a course whose notebooks import no torch; its gradebook knows both assignments."""
    return once("tiny", lambda folder: tiny.lay_out(repository, folder).register("optimiseurs"))


@pytest.fixture(scope="session")
def small(once: Once, repository: Course) -> Class:
    """Return a class of such a course, whose gradebook knows one assignment."""

    def fill(folder: Path) -> None:
        hand_in_all(tiny.lay_out(repository, folder / "fresh"), {"2 * number": "3 * number"})
        Class(folder).finish(grade_here)

    return Class(once("small", fill))


@pytest.fixture
def bare(once: Once, tmp_path: Path) -> Course:
    """Return a course that has its settings and an empty gradebook, and nothing else."""

    def fill(folder: Path) -> None:
        shutil.copy(ROOT / CONFIG, folder)
        Course(root=folder).gradebook().close()

    shutil.copytree(once("bare", fill), tmp_path, dirs_exist_ok=True)
    return Course(root=tmp_path)


@pytest.fixture
def collect(folder: Path, quick_nbgrader: Run) -> Callable[..., tuple[dict[str, str], str]]:
    """Return what runs the command on downloads, and returns what was handed in, by its path, and what was said."""

    def collected(downloads: Mapping[str, bytes | str], *options: str) -> tuple[dict[str, str], str]:
        for name, content in downloads.items():
            path = folder / "downloaded" / "optimizers" / "archive" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        run = quick_nbgrader(folder, "zip_collect", "optimizers", *options)
        assert run.returncode == 0, run.stderr
        submitted = folder / "submitted"
        found = {str(path.relative_to(submitted)): path for path in submitted.rglob("*") if path.is_file()}
        files = {name: path.read_text(errors="replace") for name, path in found.items() if path.suffix != ".zip"}
        return {name.replace("/optimizers/", "/"): text for name, text in files.items()}, run.stderr

    return collected
