"""A right answer has all its points on a machine that has much else to do, and what hangs is ended there, too."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from coursekit.grading.notebook.verdicts import judge_notebook
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandboxed import Sandboxed
from coursekit.judging.running import run
from coursekit.optimizers.ladders import ladder
from tests.bank.right import adam
from tests.grading.conftest import ROOT, solution
from tests.solutions import defined
from tests.solutions import solution as reference

OTHERS = 2 * (os.cpu_count() or 1)
QUICK = Patience(question=0.5, definition=0.5, again=0.2, grace=0.1)
HANGS = "class SGD:\n    def __init__(self, *_, **__):\n        while True: pass"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell who waits"),
]


@pytest.fixture(autouse=True, scope="module")
def busy() -> Iterator[None]:
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(OTHERS)]
    yield
    for other in others:
        other.kill()
        other.wait()


def test_a_right_notebook_gets_all_its_points():
    verdicts = judge_notebook(solution("04_adam", {}), ROOT / "tests" / "hidden" / "test_04_adam.py", seed=7)
    assert [verdict.score for verdict in verdicts] == [18.0, 1.0, 1.0]


def test_a_right_class_gets_through_every_check():
    scenarios = [trial.scenario for rung in ladder("Adam") for trial in rung.trials]
    assert scenarios
    assert [told for told in scenarios if run(reference("Adam"), told, seconds=0.5).failure] == []


def test_right_work_that_loops_over_every_number_takes_far_less_than_it_may():
    cells = (inspect.getsource(adam), "Adam = AdamOneNumberAtATime")
    scenarios = [trial.scenario for rung in ladder("Adam", 7) for trial in rung.trials]
    with Sandboxed(cells, patience=replace(USUAL, question=USUAL.question / 5)) as student:
        assert [told for told in scenarios if student.ask("Adam", told).failure] == []


def test_what_hangs_is_ended_here_and_behind_the_wall():
    scenario = ladder("SGD")[0].trials[0].scenario
    with Sandboxed((HANGS,), patience=QUICK) as student:
        answers = [run(defined(HANGS)["SGD"], scenario, seconds=0.2), student.ask("SGD", scenario)]
    assert [answer.failure.kind for answer in answers] == ["TimeLimitExceeded"] * 2
