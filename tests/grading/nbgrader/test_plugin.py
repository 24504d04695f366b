"""pytest knows of hidden tests where these lie, and nowhere else; nothing beside what was handed in is run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.grading.nbgrader.pytest_plugin import _seed
from tests.grading.conftest import ROOT, solution

pytestmark = pytest.mark.slow

BY_HAND = ("--submission", "submitted/anna/optimizers/01_sgd.ipynb", "tests/hidden/test_01_sgd.py")
SEEDED = "c = get_config()\nc.Grade.seed = 4711\n"
EVIL = "import pathlib; pathlib.Path(__file__).with_name('owned').touch()"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def test_a_pytest_of_something_else_knows_nothing_of_the_grader(tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\n\ndef test_other(pytestconfig):\n"
        "    assert not [name for name in sys.modules if name.startswith('coursekit')]\n"
        "    assert pytestconfig.getoption('--submission', None) is None\n"
    )
    assert run(tmp_path).returncode == 0


@pytest.mark.parametrize(("asked_for", "seed"), [(None, 4711), (12, 12)])
def test_by_hand_the_hidden_inputs_are_those_of_the_course_unless_others_are_asked_for(tmp_path, asked_for, seed):
    (tmp_path / CONFIG).write_text(SEEDED)
    options = SimpleNamespace(getoption={"--course-seed": asked_for}.get)
    assert _seed(options, tmp_path / "tests" / "hidden" / "test_01_sgd.py") == seed


def test_by_hand_nothing_is_run_of_what_lies_beside_the_notebook(tmp_path):
    course = Course(root=ROOT).lay_out(tmp_path / "course")
    folder = course.submitted / "anna" / "optimizers"
    folder.mkdir(parents=True)
    nbformat.write(solution("01_sgd", {}), folder / "01_sgd.ipynb")
    (folder / "conftest.py").write_text(EVIL)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = conftest.py\n")
    by_hand = run(course.root, *BY_HAND)
    assert "23 passed" in by_hand.stdout, by_hand.stdout + by_hand.stderr
    assert not (folder / "owned").exists()
