"""A dispute is settled with a notebook: `coursekit replay`, as an instructor types it, and run in a real kernel."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from coursekit.cli import main
from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.optimizers.ladders import ladder
from tests.grading.classes import Class, copied, hand_in
from tests.grading.conftest import ROOT, answer, solution

SEED = int(re.findall(r"Grade\.seed = (\d+)", (ROOT / CONFIG).read_text())[0])
WRONG = {".sqrt() + group": " + group"}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a course with the second notebook, in two assignments, and stand in an empty folder beside it."""
    root, here = tmp_path / "course", tmp_path / "here"
    shutil.copytree(ROOT / "tests" / "hidden", root / "tests" / "hidden")
    shutil.copy(ROOT / CONFIG, root)
    for assignment in ("optimizers", "resit"):
        (root / "notebooks" / assignment).mkdir(parents=True)
        shutil.copy(ROOT / "notebooks" / "optimizers" / "02_rmsprop.ipynb", root / "notebooks" / assignment)
    here.mkdir()
    monkeypatch.chdir(here)
    return Course(root=root)


def replay(course: Course, *words: str) -> int:
    return main(["replay", *words, "--course", str(course.root)])


def executed(path: Path) -> NotebookNode:
    """Run a notebook in a kernel of its own, from top to bottom."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", startup_timeout=600, timeout=600).execute()
    return notebook


def table(text: str) -> list[list[str]]:
    """Read the rows of a table, drawn in text or in Markdown."""
    return [
        re.findall(r"-?[\d.]+(?:e[-+]\d+)?|<--|←", line) for line in text.splitlines() if re.match(r"\|? *\d+ ", line)
    ]


@pytest.mark.slow
def test_dispute_is_settled_by_calls_that_leave_the_numbers_of_the_verdict(course, tmp_path, capsys):
    owned = tmp_path / "owned"
    work = solution("02_rmsprop", WRONG)
    answer(work, "rmsprop").source += f"\n__import__('pathlib').Path({str(owned)!r}).touch()\n"
    hand_in(course, "anna", "02_rmsprop", nbformat.writes(work))
    shutil.copytree(course.submitted / "anna" / "optimizers", course.submitted / "anna" / "resit")
    assert replay(course, "anna", "2", "--assignment", "resit") == 0
    path = Path("replay_anna_02_rmsprop.ipynb")
    assert capsys.readouterr().out.splitlines()[0] == str(path)
    assert not owned.exists()  # nothing of hers was run here

    notebook = nbformat.read(path, as_version=4)
    head = notebook.cells[0].source
    assert "2 of 13 behaviours are lost" in head
    assert "run a student's program with your rights" in head
    assert "keep it out of git" in head
    assert answer(work, "rmsprop").source in [cell.source for cell in notebook.cells]
    (many,) = (cell.source for cell in notebook.cells if cell.source.startswith("## RMSProp.many_steps"))
    assert "Your numbers are those of RMSProp without the square root" in many
    hidden = ladder("RMSProp", SEED)[0].trials[0].scenario
    code = [cell.source for cell in notebook.cells if "def calls(make)" in cell.source]
    assert all(repr(value) in code[0] for value in hidden.hyperparameters.values())
    assert "return torch.optim.RMSprop(params, lr=" in code[0]

    ran = executed(path)
    told = [table(cell.source) for cell in ran.cells if "In the sandbox" in cell.source]
    seen = [table(cell.outputs[0].text) for cell in ran.cells if "def calls(make)" in cell.source]
    assert [[row[:3] for row in each] for each in seen] == [[row[:3] for row in each] for each in told]
    marked = [[row[0] for row in each if len(row) > 3] for each in (*seen, *told)]
    assert marked == [["1"], ["1"], ["1"], ["1"]]
    assert owned.exists()  # the warning is true


def test_what_is_meant_is_asked_for_where_it_is_not_clear(course, capsys):
    text = nbformat.writes(solution("02_rmsprop", WRONG))
    hand_in(course, "anna", "02_rmsprop", text)
    shutil.copytree(course.submitted / "anna" / "optimizers", course.submitted / "anna" / "resit")
    for words, answer_ in (
        (("ana", "2"), "There is no submitted/ana. There is anna."),
        (("anna", "3"), "anna handed in no notebook '3': there is optimizers/02_rmsprop, resit/02_rmsprop."),
        (("anna", "2"), "anna handed in more than one notebook '2': there is optimizers/02_rmsprop, resit/02_rmsprop."),
    ):
        assert replay(course, *words) == 1
        assert answer_ in capsys.readouterr().err


@pytest.fixture
def graded(small: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a small course, whose hidden tests are an instructor's own, and stand in an empty folder beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return copied(small.fresh, tmp_path)


@pytest.mark.slow
def test_nothing_is_overwritten_and_what_calls_cannot_show_is_said(graded):
    assert [replay(graded, "wrong", "1") for _ in range(2)] == [0, 0]
    one, two = (Path(f"replay_wrong_01_double{again}.ipynb") for again in ("", "_2"))
    assert [cell.source for cell in nbformat.read(one, as_version=4).cells] == [
        cell.source for cell in nbformat.read(two, as_version=4).cells
    ]
    last = nbformat.read(two, as_version=4).cells[-1].source
    assert last.startswith("## test_any.test_any: Any number will do")
    assert "`pytest tests/hidden/test_01_double.py --submission 01_double.ipynb` tells the rest" in last


@pytest.mark.slow
def test_what_is_said_of_every_behaviour_is_said_once(course):
    work = solution("02_rmsprop", {"def step(self):": "def step(self)"})
    hand_in(course, "anna", "02_rmsprop", nbformat.writes(work))
    assert replay(course, "anna", "02_rmsprop") == 0
    told = [cell.source for cell in nbformat.read("replay_anna_02_rmsprop.ipynb", as_version=4).cells]
    first, *others = (text for text in told if text.startswith("## RMSProp."))
    assert "Python cannot read line" in first
    assert [text.partition("\n\n")[2] for text in others] == ["As above."] * 10


@pytest.mark.slow
def test_where_nothing_is_lost_nothing_is_written(graded, capsys):
    for words, told in (
        (("right", "1"), "Nothing is lost by right in 01_double."),
        (("wrong", "1", "test_zero"), "test_zero is right, and not lost by wrong in 01_double."),
        (("wrong", "1", "slope"), "There is no behaviour 'slope'; there are test_zero.test_zero, test_any.test_any."),
    ):
        assert replay(graded, *words) == 1
        assert told in capsys.readouterr().err
    assert list(Path().iterdir()) == []


@pytest.mark.slow
def test_work_that_cannot_be_read_is_told_with_the_reason(graded, capsys):
    hand_in(graded, "wrong", "01_double", "{ cut o")
    assert replay(graded, "wrong", "1") == 1
    assert "01_double of wrong cannot be read: it" in capsys.readouterr().err


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_git_does_not_take_it():
    run = subprocess.run(
        ["git", "check-ignore", "replay_anna_01_sgd.ipynb"], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0
