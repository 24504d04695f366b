"""The page for authors, done word by word in a copy of the course: one more notebook, from the draft to the grade."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from coursekit.authoring.drafting import TO_WRITE, draft
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.sample import TIMESTAMP
from tests.solutions import ROOT, SCRIPTS

NEXT = len(SCRIPTS) + 1
PAGE = (ROOT / "docs" / "authors.md").read_text().partition("## A new notebook\n")[2]
NAME, OPTIMIZER = "16_shrinkage", "17_adamax"
SCRIPT = f"solutions/{NAME}.py"
WRONG = {"- threshold": "- 2 * threshold"}
COMMANDS = Path(sys.executable).parent
LEFT_OUT = (".git", ".venv", "build", "__pycache__", ".*_cache", ".ipynb_checkpoints", "*.egg-info")


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """Return every fenced block of a page: its kind, the path that the line before it ends with, and its text."""
    for lead, kind, text in re.findall(r"((?:.+\n)*)\n```(\w+)\n((?:.*\n)*?)```", page):
        paths = re.findall(r"`([\w/]+\.\w+)`:?$", lead.strip())
        yield kind, paths[-1] if paths else "", text


@pytest.fixture(scope="module")
def place(quick_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the course as somebody who clones it has it, with a `coursekit` command of its own."""
    folder = tmp_path_factory.mktemp("clone") / "course"
    command = folder.with_name("coursekit")
    line = f"JUPYTER_PATH={quick_python.parent} exec {quick_python} {COMMANDS / command.name}"
    command.write_text(f'#!/bin/sh\n{line} "$@"\n')
    command.chmod(0o755)
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return folder


def typed(place: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the page in the copy; what it imports is the copy's too."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    path = os.pathsep.join([str(place.parent), str(COMMANDS), os.environ["PATH"]])
    done = subprocess.run(
        command,
        shell=True,
        cwd=place,
        env={**environment, "PATH": path, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done


@pytest.fixture(scope="module")
def followed(place: Path) -> Path:
    """Do what the page says, block by block."""
    kinds = []
    for kind, path, text in blocks(PAGE):
        kinds.append(kind)
        if kind == "sh":
            for command in text.splitlines():
                if command.startswith("coursekit notebooks"):
                    draft_optimizer(place)
                typed(place, command)
        elif kind == "diff":
            (place / "change.diff").write_text(text)
            typed(place, "git apply --verbose change.diff")
        elif path:
            (place / path).write_text(text)
        else:
            script = place / SCRIPT
            script.write_text(with_cell(script.read_text(), text).replace(TO_WRITE, ""))
    assert kinds.count("python") == 3
    assert {"sh", "toml", "diff"} < set(kinds)
    return place


def draft_optimizer(place: Path) -> None:
    """Draft one notebook more as the page says below its last step, and leave it in English alone."""
    typed(place, f"coursekit new {OPTIMIZER} Adamax")
    script = place / "solutions" / f"{OPTIMIZER}.py"
    cells = re.split(r"\n(?=# %%)", script.read_text())
    script.write_text("\n".join(cell for cell in cells if 'lang="fr"' not in cell).replace(TO_WRITE, ""))
    (place / "coursekit" / "french" / f"{OPTIMIZER}.toml").unlink()


def with_cell(script: str, cell: str) -> str:
    """Put a cell in the place of the last that begins with the same line."""
    first = cell.partition("\n")[0] + "\n"
    before, _, after = script.rpartition("\n" + first)
    assert before, f"there is no cell {first!r}"
    return f"{before}\n{cell}\n{after[after.index('# %%') :]}"


def hand_in(course: Course, student: str, changes: dict[str, str]) -> None:
    """Hand in the instructor's notebook, with changes of the text of its answer."""
    notebook = nbformat.read(course.solutions / "beyond" / f"{NAME}.ipynb", as_version=4)
    cell = next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "soft_threshold"
    )
    for old, new in changes.items():
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
    folder = course.submitted / student / "beyond"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    (folder / "timestamp.txt").write_text(TIMESTAMP)


# the page


@pytest.mark.slow
def test_a_notebook_that_was_made_by_the_page_is_built_released_and_graded(followed):
    released = (followed / "notebooks" / "beyond" / f"{NAME}.ipynb").read_text()
    assert "NotImplementedError" in released
    assert "parameter.abs()" not in released
    course = Course(root=followed)
    hand_in(course, "ada", {})
    hand_in(course, "ben", WRONG)
    shutil.copy(course.solutions / "beyond" / f"{OPTIMIZER}.ipynb", course.submitted / "ada" / "beyond")
    typed(followed, "coursekit grade beyond")
    points = dict(course.scores("beyond"))
    assert {student: each[NAME] for student, each in points.items()} == {
        "ada": 18,
        "ben": round(18 * 3 / 7, 2),
    }
    assert points["ada"][OPTIMIZER] == 18
    feedback = (followed / "feedback" / "ben" / "beyond" / f"{NAME}.html").read_text()
    assert "A number beyond the threshold moves" in feedback


@pytest.mark.slow
def test_the_points_of_the_new_notebook_are_listed_with_the_others(followed):
    assert "A threshold of zero changes nothing" in typed(followed, "COLUMNS=200 coursekit points").stdout


@pytest.mark.slow
def test_an_optimizer_is_drafted_in_one_language_and_its_solution_is_right(followed):
    assert [path.parent.name for path in followed.glob(f"notebooks/*/{OPTIMIZER}.ipynb")] == ["beyond"]
    solved = (followed / "solutions" / "beyond" / f"{OPTIMIZER}.ipynb").read_text()
    assert "Adamax: all 11 behaviours are right." in solved


# what cannot be drafted


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Make a folder with the scripts and the ladders of the course, and nothing else."""
    for name in ("solutions", "coursekit/optimizers/ladders", "coursekit/french", "tests/hidden"):
        (tmp_path / name).mkdir(parents=True)
    for script in SCRIPTS:
        (tmp_path / "solutions" / script.name).touch()
    for name in ("subject.py", "references.py", "ladders/__init__.py"):
        shutil.copy(ROOT / "coursekit" / "optimizers" / name, tmp_path / "coursekit" / "optimizers" / name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "subject", "said"),
    [
        ("10_shrinkage", "shrink", f"Take {NEXT}_"),
        (f"{NEXT}_Shrinkage", "shrink", "lower-case"),
        ("shrinkage", "shrink", f"Take {NEXT}_"),
        (NAME, "forward", "has a 'forward' already"),
        (NAME, "lambda", "no name of a function"),
        (NAME, "shrinkIt", "no name of a function or an optimizer"),
        (f"{NEXT}_again", "Adam", "has a 'Adam' already"),
        (NAME, "a-b", "no name of a function"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_with_the_mend_and_nothing_is_written(bare, name, subject, said):
    before = sorted(bare.rglob("*"))
    with pytest.raises(GradingError, match=said):
        draft(bare, name, subject)
    assert sorted(bare.rglob("*")) == before


def test_a_file_that_is_there_is_left_as_it_is(bare):
    there = bare / "coursekit" / "optimizers" / "ladders" / "shrinkage.py"
    there.write_text("mine")
    with pytest.raises(GradingError, match=r"shrinkage\.py is there already"):
        draft(bare, NAME, "shrink")
    assert there.read_text() == "mine"
    assert not (bare / "solutions" / f"{NAME}.py").exists()
