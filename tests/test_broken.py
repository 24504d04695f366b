"""What is due to honest students after accidents is what they get, and who must know of it is told."""

from __future__ import annotations

import html
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import MissingEntry

from coursekit.grading.classroom.course import Course
from coursekit.grading.notebook import execute, verdicts
from coursekit.grading.notebook.grade import Settings, grade, task
from coursekit.grading.notebook.verdicts import CellVerdict
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.submission.graft import definitions
from coursekit.grading.submission.intake import take_in
from tests.bank.broken import ACCIDENTS, Accident
from tests.bank.broken.accident import MISSING, ROOT, solution
from tests.grading.classes import outcome_of

pytestmark = [pytest.mark.hostile, pytest.mark.slow]
STEM, CHECK, ASSIGNMENT = "01_sgd", "sgd_check", "optimizers"
RELEASE = ROOT / "notebooks" / ASSIGNMENT
JUDGE, JUDGED = verdicts.judge_notebook, dict[tuple[str, ...], tuple[CellVerdict, ...]]()
SETTINGS = Settings(seed=5, patience=Patience(definition=3.0, grace=1.0))
# Pages, and what nbgrader makes of times and names, can be seen in a whole grading only.
WHOLE = (
    "a time stamp far in the future",
    "a time stamp that is no text",
    "a photo for the answer in words",
    "broken markup in the answer in words",
    "the browser's second copy",
    "in a folder of its own name",
    "a link to the notebook in a folder",
    "two different copies and no original",
    "an empty folder",
)


@pytest.fixture(scope="module")
def solved() -> NotebookNode:
    """Return the first notebook with the reference solution, which no accident changes."""
    return solution()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Make an empty folder, and remove it soon: some of what is handed in is large."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def page(notebook: NotebookNode) -> str:
    """Return the texts of a graded notebook, as they stand on a page."""
    parts = []
    for cell in notebook.cells:
        outputs = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])]
        parts += [cell.source, *map(html.unescape, outputs)]
    return "\n".join(parts)


def judge_once(notebook: NotebookNode, *more: Any, **options: Any) -> tuple[CellVerdict, ...]:
    """Judge the same definitions once: after many an accident they are those of the reference solution."""
    code = definitions(notebook)
    if code not in JUDGED:
        JUDGED[code] = JUDGE(notebook, *more, **options)
    return JUDGED[code]


@pytest.mark.parametrize("accident", [each for each in ACCIDENTS if each.name not in WHOLE], ids=lambda each: each.name)
def test_an_accident_costs_what_is_due(
    accident: Accident, solved: NotebookNode, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "execute", lambda *_, **__: ())  # nobody looks at it
    monkeypatch.setattr(verdicts, "judge_notebook", judge_once)
    accident.damage(folder, solved)
    intake = take_in(folder, RELEASE)
    told = [f"{name}: {remark}" for name, remark in intake.remarks]
    points = None
    if STEM in intake.files:
        work = task(intake, RELEASE / f"{STEM}.ipynb", ROOT / "tests" / "hidden", SETTINGS)
        graded = grade(work)
        notebook = nbformat.reads(graded.notebook, as_version=4)
        check = next(each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == CHECK)
        points = float(check.outputs[0]["data"]["text/plain"])
        told += [f"{STEM}: {remark}" for remark in graded.remarks]
        assert [text for text in accident.says if text not in page(notebook)] == []
    assert points == accident.points
    assert [text for text in accident.tells if text not in (*MISSING, *told) and text not in "\n".join(told)] == []


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, solved: NotebookNode) -> Course:
    """Lay a course out in which each of these accidents happens to a student."""
    course = Course(root=ROOT).lay_out(tmp_path_factory.mktemp("broken") / "course")
    for number, name in enumerate(WHOLE):
        place = course.submitted / f"student{number:02}" / ASSIGNMENT
        place.mkdir(parents=True)
        by_name(name).damage(place, solved)
    return course


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_in_a_whole_grading_accidents_cost_what_is_due_and_are_said(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    outcome = outcome_of(course)
    assert outcome.failed == {}
    wrong = {}
    for number, name in enumerate(WHOLE):
        student, accident = f"student{number:02}", by_name(name)
        told = "\n".join(f"{what}: {remark}" for who, what, remark in outcome.remarks if who == student)
        due = (accident.points, (), ())
        shown = course.root / "feedback" / student / ASSIGNMENT / f"{STEM}.html"
        text = html.unescape(shown.read_text(encoding="utf-8")) if shown.is_file() else ""
        unsaid = tuple(words for words in accident.says if words not in text)
        untold = tuple(words for words in accident.tells if words not in told and words not in MISSING)
        found = (points_in_gradebook(course, student), unsaid, untold)
        if found != due:
            wrong[name] = found
    assert wrong == {}


def points_in_gradebook(course: Course, student: str) -> float | None:
    with course.gradebook() as book, suppress(MissingEntry):
        return float(book.find_grade(CHECK, STEM, ASSIGNMENT, student).score)
    return None


def by_name(name: str) -> Accident:
    return next(accident for accident in ACCIDENTS if accident.name == name)
