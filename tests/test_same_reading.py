"""The desk sees a notebook as the grader does: whatever is in it, and whatever happened to the file."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest

import coursekit
from coursekit.grading.notebook.verdicts import judge_notebook
from coursekit.grading.submission.graft import graft
from coursekit.optimizers.ladders import ladder
from coursekit.student.progress import Progress
from tests.bank.broken import ACCIDENTS, Accident
from tests.bank.broken.accident import NAME, ROOT, cell, release, solution
from tests.bank.habits import CLASS, HABITS, written
from tests.solutions import asking, defined

pytestmark = pytest.mark.slow

# What a student does not see from here: files in other folders, and none at all.
ELSEWHERE = ("in a folder", "in a folder of its own name", "the notebook missing")


@pytest.fixture(scope="module")
def solved():
    return solution()


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """Work in an empty folder, in English, where nobody types, and not as the grader."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path


@pytest.fixture
def progress(monkeypatch):
    """Return a function that asks for the progress."""
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)

    def ask() -> Progress:
        coursekit.progress()
        return shown.pop()

    return ask


def right(verdicts) -> dict[str, bool]:
    return {verdict.behaviour.name: verdict.finding is None for verdict in verdicts}


@pytest.mark.parametrize(("habit", "good"), HABITS.values(), ids=HABITS)
def test_progress_own_class_and_grade_give_the_same_verdicts(habit, good, solved, desk, progress, capsys):
    notebook = copy.deepcopy(solved)
    cell(notebook, "sgd").source = written(habit)
    nbformat.write(notebook, desk / NAME)
    graded, *_others = judge_notebook(graft(notebook, release())[0], ROOT / "tests" / "hidden" / "test_01_sgd.py", 1)
    row, *_others = progress().checked
    found = coursekit.own_class("SGD", defined("import torch\n" + CLASS.replace("-=", "+="))["SGD"])
    assert (graded.score == 9.0) == good
    assert row.reached == graded.score
    if row.table:
        assert right(row.table.verdicts) == right(graded.table.verdicts)
    (one_step,) = (behaviour for behaviour in ladder("SGD") if behaviour.name == "one_step")
    assert (one_step.judge(asking(found)) is None) == right(graded.table.verdicts)["one_step"]


@pytest.mark.parametrize(
    "accident", [each for each in ACCIDENTS if each.name not in ELSEWHERE], ids=lambda accident: accident.name
)
def test_progress_shows_what_is_due_after_an_accident(accident: Accident, solved, desk: Path, progress):
    accident.damage(desk, solved)
    if accident.points is None or not any(desk.glob("*.ipynb*")):
        return
    (reached,) = {row.reached for row in progress().checked if row.notebook == "01_sgd" and row.name in ("", "SGD")}
    assert reached == accident.points
