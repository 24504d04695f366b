"""What a replay shows of a behaviour: its calls leave the verdict's numbers again, whatever is wrong."""

from __future__ import annotations

import copy
import io
import math
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import pytest
import torch

import coursekit
from coursekit.grading.notebook.replayed import cells_of
from coursekit.grading.notebook.side_by_side import follow, table
from coursekit.grading.notebook.verdicts import Detail
from coursekit.judging.behaviours import HIDDEN
from coursekit.judging.explanations import number
from coursekit.judging.faults import Fault
from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.ladders import ladder
from tests.bank.wrong import MISTAKES, RIGHT
from tests.solutions import defined

SEED = 7
EACH = 23  # of so many wrong programs of the bank one is tried
WITHOUT_CALLS = ("tuned", "test_adam", "test_decay", "test_use")  # a table, and tests that others answer
CAPTURED = (("super().__init__(", "self.epsilon = epsilon; super().__init__("), ('group["epsilon"]', "self.epsilon"))


def details(exercise: str, source: str) -> Iterator[Detail]:
    """Judge a program, and yield what is lost."""
    runs: dict[Scenario, Trajectory] = {}
    written = defined(source)[exercise]

    def ask(scenario: Scenario) -> Trajectory:
        runs.setdefault(scenario, run(written, scenario))
        return runs[scenario]

    for behaviour in ladder(exercise, SEED):
        if finding := behaviour.judge(ask):
            yield Detail(exercise=exercise, behaviour=behaviour, finding=finding, runs=runs)


def shown(detail: Detail, source: str) -> list[str]:
    """Run the code about a behaviour beside the program, and return the lines that it prints."""
    (_, code) = cells_of(detail, "pytest")
    space: dict[str, Any] = {"copy": copy, "math": math, "torch": torch, "coursekit": coursekit, "__name__": "__main__"}
    space |= {**defined(source), "np": __import__("numpy"), "follow": follow, "table": table}
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code.source, space)
    return printed.getvalue().splitlines()


def rows(detail: Detail) -> list[list[str]]:
    """Write down the number that was found wrong, row by row, as it is expected and as it came."""
    assert detail.finding is not None
    assert detail.finding.pair is not None
    assert detail.finding.difference is not None
    got, expected = detail.finding.pair
    where = detail.finding.difference

    def written(run: Trajectory, row: int) -> str:
        if row < len(run.rows) and where.item < len(run.rows[row]):
            item = run.rows[row][where.item]
            return number(float(item[where.index])) if item.ndim == len(where.index) else "-"
        return "-"

    return [[str(row), written(expected, row), written(got, row)] for row in range(len(expected.rows))]


@pytest.mark.parametrize("mistake", MISTAKES[::EACH], ids=lambda each: f"{each.subject}, {each.name}")
def test_calls_leave_the_numbers_of_the_verdict_and_mark_its_row(mistake):
    found = list(details(mistake.subject, mistake.source))
    assert found
    for detail in found:
        finding = detail.finding
        if mistake.subject in WITHOUT_CALLS or finding.kind == "unwritten":
            continue
        lines = shown(detail, mistake.source)
        told = [line for line in lines[: [*lines, ""].index("")] if "raised" not in line]
        if finding.difference and finding.pair and len(finding.pair[0].rows) == len(finding.pair[1].rows):
            assert [line.split()[:3] for line in told[1:]] == rows(detail)
            assert [line.split()[0] for line in told if "<--" in line] == [str(finding.difference.row)]
        if finding.failure and finding.failure.kind not in ("Delegated", "TimeLimitExceeded", "Unreadable", "Unfit"):
            assert f"this raised {finding.failure.kind}: " in "\n".join(lines)


def test_where_the_rule_is_wrong_too_what_is_expected_comes_from_the_student_s_own_class():
    source = RIGHT["Adam"].replace("(v_hat.sqrt() + ", "(v_hat + ")
    for old, new in CAPTURED:
        source = source.replace(old, new)
    (detail,) = (each for each in details("Adam", source) if each.behaviour.name == "groups")
    assert "own = {" in cells_of(detail, "pytest")[1].source
    assert "torch.optim.Adam" not in cells_of(detail, "pytest")[1].source
    assert [line.split()[:3] for line in shown(detail, source)[1:]] == rows(detail)


def test_where_the_rule_is_right_what_is_expected_is_torch_s_own_for_everybody_to_see():
    source = RIGHT["Adam"]
    for old, new in CAPTURED:
        source = source.replace(old, new)
    (detail,) = details("Adam", source)
    code = cells_of(detail, "pytest")[1].source
    assert 'return torch.optim.Adam([{"params": [params[0]], "eps":' in code
    assert [line.split()[:3] for line in shown(detail, source)[1:]] == rows(detail)


NOT_SHOWN = {
    "it is no run of calls": ("tuned", RIGHT["tuned"].replace("0.5}", "0.4e-5}")),
    "there is nothing to call": ("SGD", "def SGD(*_, **__):\n    raise NotImplementedError"),
    "the sandbox stopped it": (
        "SGD",
        "from coursekit.errors import Delegated\n\ndef SGD(*_, **__):\n    raise Delegated('torch.optim.SGD')",
    ),
}


@pytest.mark.parametrize("why", NOT_SHOWN)
def test_what_calls_do_not_show_is_said_with_the_command_that_tells_more(why):
    first = next(details(*NOT_SHOWN[why]))
    (cell,) = cells_of(first, "pytest tests/hidden --submission 06_evaluation.ipynb")
    assert f"No calls show this: {why}" in cell.source
    assert "pytest tests/hidden --submission 06_evaluation.ipynb" in cell.source


def test_where_what_is_expected_is_worked_out_from_the_run_torch_s_own_stands_beside_it():
    (mistake,) = (each for each in MISTAKES if each.name == "the rate falls from the initial rate each time")
    (detail,) = (each for each in details(mistake.subject, mistake.source) if each.behaviour.name == "factor")
    assert "# As the verdict has worked it out from the run itself:" in cells_of(detail, "pytest")[1].source
    lines = shown(detail, mistake.source)
    beside = lines.index("Beside torch's own:")
    assert [line.split()[:3] for line in lines[1 : beside - 1]] == rows(detail)
    assert len(lines[beside + 1 :]) == beside - 1


def test_where_no_number_is_wrong_it_is_said_that_the_table_does_not_show_it():
    source = RIGHT["SGD"].replace("p -= lr * g", "p -= lr * g\n                    p.grad = None")
    (detail,) = (each for each in details("SGD", source) if each.finding.kind == "fault")
    text, code = (cell.source for cell in cells_of(detail, "pytest"))
    assert "What is wrong is none of these numbers" in text
    assert "torch.optim.SGD(params" in code
    assert [line for line in shown(detail, source) if "<--" in line] == []


def test_test_of_an_instructor_s_own_is_named_as_that():
    detail = Detail(exercise="test_rows", behaviour=ladder("SGD")[0], finding=HIDDEN, runs={})
    (cell,) = cells_of(detail, "pytest")
    assert "No calls show this: it is judged by a test of its own" in cell.source


def test_what_a_student_s_code_made_up_becomes_neither_markup_nor_code():
    source = RIGHT["SGD"].replace("p -= lr * g", "raise ValueError('![](http://x/y.png)\\n# <script>')")
    detail = next(details("SGD", source))
    text = cells_of(detail, "pytest")[0].source
    assert [line for line in text.splitlines() if "<script>" in line and not line.startswith("    ")] == []
    forged = Trajectory(faults=(Fault("renamed", "learning_rate", "lr=print(1), x"),))
    detail = Detail(
        exercise="SGD", behaviour=detail.behaviour, finding=detail.finding, runs={detail.finding.scenario: forged}
    )
    assert "print(1)" not in cells_of(detail, "pytest")[1].source
