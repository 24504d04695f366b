"""An instructor puts one notebook through the hidden tests with pytest, by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.classroom.course import Course
from coursekit.judging.explanations import number
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import reference
from tests.grading.conftest import ROOT, WRONG_SIGN, solution

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Put a notebook with a wrong sign through the hidden tests."""
    path = tmp_path_factory.mktemp("by_hand") / "01_sgd.ipynb"
    nbformat.write(solution("01_sgd", WRONG_SIGN), path)
    return by_hand(path)


def by_hand(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "tests/hidden", "--submission", str(path), "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)


def test_what_is_right_passes_and_the_tests_of_other_notebooks_are_skipped(wrong):
    assert "tests/hidden/test_01_sgd.py FF..................... " in wrong.stdout
    assert "tests/hidden/test_02_rmsprop.py sssssssssssss " in wrong.stdout


def test_a_failing_test_is_called_by_the_behaviour(wrong):
    assert wrong.returncode == 1
    failed = [line.split()[1] for line in wrong.stdout.splitlines() if line.startswith("FAILED")]
    assert failed == [f"tests/hidden/test_01_sgd.py::test_sgd[{name}]" for name in ("one_step", "many_steps")]


def test_the_inputs_are_those_of_the_course(wrong):
    seed = Course(root=ROOT).config.Grade.seed
    scenario = ladder("SGD", seed)[0].trials[0].scenario
    expected = reference("SGD", scenario).rows[1][0].flat[0]
    assert f"expected {number(expected)}" in wrong.stdout


def test_a_failing_test_names_the_mistake(wrong):
    assert wrong.stdout.count("Your numbers are those of SGD going uphill.") == 2


def test_a_failing_test_shows_no_line_of_the_grader(wrong):
    assert wrong.returncode == 1
    for line in ("student.judge(behaviour)", "pytest_plugin.py", "Traceback", "Scenario("):
        assert line not in wrong.stdout


def test_a_notebook_that_is_not_there_is_said():
    run = by_hand(ROOT / "nowhere" / "01_sgd.ipynb")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no file" in run.stderr
