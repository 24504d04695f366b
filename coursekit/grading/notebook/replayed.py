"""One behaviour in a replay: the verdict's numbers as a table, and calls that make them again."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from coursekit.errors import OracleError
from coursekit.grading.notebook import side_by_side
from coursekit.grading.notebook.verdicts import Detail
from coursekit.judging.behaviours import Finding, Trial
from coursekit.judging.explanations import help_with, number
from coursekit.judging.script import Script
from coursekit.judging.subject import subject
from coursekit.judging.trajectories import Precision, Scenario, Trajectory, agree, without

EXACT = Precision(travelled=0.0, size=1e-12)
NOT_SHOWN = "No calls show this: {why}. `{command}` tells the rest, with the seed of the course."
BESIDE = (
    "What is wrong is none of these numbers: the calls are those that were made, and the words above say what was seen."
)
STOPPED = ("TimeLimitExceeded", "WorkerError", "Delegated")


def cells_of(detail: Detail, command: str) -> list[NotebookNode]:
    """Make the cells about a behaviour that is lost.

    Parameters
    ----------
    detail
        From `coursekit.grading.notebook.verdicts.judge_in_detail`.
    command
        A command line that tells more where calls do not.
    """
    finding, behaviour = detail.finding, detail.behaviour
    assert finding is not None
    text = [f"## {detail.exercise}.{behaviour.name}: {behaviour.title}"]
    told = help_with(finding, detail.exercise)
    text += [quoted(line) for line in (told.what, told.fix, *told.why, told.raw) if line]
    script, why = _script(finding, detail)
    if script is None:
        text.append(NOT_SHOWN.format(why=why, command=command))
        return [new_markdown_cell("\n\n".join(text))]
    item, index = _place(finding, detail)
    if finding.pair:
        text += [f"In the sandbox, {_named(finding, item, index)}:", _as_markdown(finding, finding.pair, item, index)]
    if finding.kind == "fault":
        text.append(BESIDE)
    lines = [*_function("calls", script), "", *script.student, "", "", "got = follow(calls(student))"]
    expected = _by_torch(finding, detail, script) or _by_own(finding, detail)
    lines += expected or _by_verdict(finding)
    precision = _precision(finding, detail)
    rest = f"got, item={item}, index={index}, travelled={precision.travelled}, size={precision.size})"
    lines.append(f"table(expected, {rest}  # {_named(finding, item, index)}")
    if not expected and script.right:
        lines += [*_right(script), 'print("\\nBeside torch\'s own:")', f"table(expected, {rest}"]
    return [new_markdown_cell("\n\n".join(text)), new_code_cell("\n".join(lines))]


def _script(finding: Finding, detail: Detail) -> tuple[Script | None, str]:
    """Write what the student's code was put through; or say why that cannot be."""
    if finding.kind == "unwritten" or (finding.failure and finding.failure.is_unread):
        return None, "there is nothing to call"
    if finding.failure and finding.failure.kind in STOPPED:
        return None, "the sandbox stopped it, and here nothing would"
    if finding.scenario is None:
        return None, "it is judged by a test of its own"
    run = detail.runs.get(finding.scenario, Trajectory())
    script = subject().script(finding.scenario, detail.exercise, run.faults)
    return script, "it is no run of calls that is judged"


def _by_torch(finding: Finding, detail: Detail, script: Script) -> list[str]:
    """Let torch make the numbers that are expected; nothing where these are others."""
    scenario, pair, known = finding.scenario, finding.pair, subject().known(detail.exercise)
    assert scenario is not None
    if pair is None:
        return _right(script) if script.right and finding.kind != "accepted" else ["expected = []"]
    for each in (scenario, without(scenario, pair[0].lacking)):
        written = subject().script(each, detail.exercise)
        if known and written and written.right and _equal(pair[1], known.right(each)):
            return _right(written)
    return []


def _by_own(finding: Finding, detail: Detail) -> list[str]:
    """Let the student's own class make the numbers in the runs that they come from; nothing where they do not."""
    assert finding.pair is not None
    own = _asked(finding, detail)
    rows = [[_found(item, own) for item in row] for row in finding.pair[1].rows]
    if not all(found for row in rows for found in row):
        return []
    lines = ["", "", "# What the student's own class does in other runs, which must be the same:"]
    used = sorted({found[0] for row in rows for found in row if found})
    for place in used:
        other = list(own)[place]
        script = subject().script(other, detail.exercise, own[other].faults)
        assert script is not None
        head, *body = script.student
        lines += [
            *_function(f"calls_{place}", script),
            "",
            head.replace("student", f"student_{place}", 1),
            *body,
            "",
            "",
        ]
    runs = ", ".join(f"{place}: follow(calls_{place}(student_{place}))" for place in used)
    drawn = [f"    [{', '.join(_from(found) for found in row if found)}]," for row in rows]
    return [*lines, f"own = {{{runs}}}", "expected = [", *drawn, "]"]


def _by_verdict(finding: Finding) -> list[str]:
    """Write down the numbers that were expected."""
    assert finding.pair is not None
    drawn = [f"    [{', '.join(_array(item) for item in row)}]," for row in finding.pair[1].rows]
    return ["# As the verdict has worked it out from the run itself:", "expected = [", *drawn, "]"]


def _right(script: Script) -> list[str]:
    return ["", "", *script.right, "", "", "expected = follow(calls(right))"]


def _equal(one: Trajectory, other: Trajectory) -> bool:
    return len(one.rows) == len(other.rows) and agree(one, other, EXACT)


def _found(item: np.ndarray, own: Mapping[Scenario, Trajectory]) -> tuple[int, int, int, tuple[int, ...] | None] | None:
    """Find numbers among those of some runs: which run, row and item, and the shape that they are then given."""
    for place, run in enumerate(own.values()):
        for row, items in enumerate(run.rows):
            for number_of, other in enumerate(items):
                if item.size == other.size and np.array_equal(item.ravel(), other.ravel(), equal_nan=True):
                    return place, row, number_of, None if item.shape == other.shape else item.shape
    return None


def _from(found: tuple[int, int, int, tuple[int, ...] | None]) -> str:
    place, row, item, shape = found
    return f"own[{place}][{row}][{item}]" + (f".reshape({shape})" if shape is not None else "")


def _asked(finding: Finding, detail: Detail) -> dict[Scenario, Trajectory]:
    """List the other runs with which the one that was found wrong was compared."""
    asked: dict[Scenario, Trajectory] = {}

    def ask(scenario: Scenario) -> Trajectory:
        asked[scenario] = detail.runs[scenario]
        return asked[scenario]

    with suppress(KeyError):
        for trial in _trials(finding, detail):
            replace(trial, needs=()).judge(ask)
    return {scenario: run for scenario, run in asked.items() if scenario is not finding.scenario}


def _precision(finding: Finding, detail: Detail) -> Precision:
    assert finding.scenario is not None
    return next((each.precision for each in _trials(finding, detail) if each.precision), finding.scenario.precision)


def _trials(finding: Finding, detail: Detail) -> list[Trial]:
    return [trial for trial in detail.behaviour.trials if trial.label == finding.trial]


def _place(finding: Finding, detail: Detail) -> tuple[int, tuple[int, ...]]:
    """Choose the number that is shown: the first wrong one, or where none is, the first of all."""
    if finding.difference:
        return finding.difference.item, finding.difference.index
    known, scenario = subject().known(detail.exercise), finding.scenario
    assert scenario is not None
    rows = detail.runs.get(scenario, Trajectory()).rows
    if not rows and known:
        with suppress(OracleError):
            rows = known.right(scenario).rows
    return 0, (0,) * (rows[0][0].ndim if rows and rows[0] else 0)


def _named(finding: Finding, item: int, index: tuple[int, ...]) -> str:
    assert finding.scenario is not None
    if finding.scenario.number == "rate":
        return "what get_lr() returned" if item else f"the rate of group {1 + sum(index)}"
    what = f"parameter {item + 1}" if finding.scenario.number == "parameter" else "the result"
    return what + (f", element {list(index)}" if index else "")


def _as_markdown(finding: Finding, pair: tuple[Trajectory, Trajectory], item: int, index: tuple[int, ...]) -> str:
    """Draw the verdict's own numbers."""

    def cell(run: Trajectory, row: int) -> str:
        value = side_by_side.one_of(run.rows[row], item, index) if row < len(run.rows) else None
        return "–" if value is None else number(value)

    got, expected = pair
    lines = ["| row | expected | got | |", "|---|---|---|---|"]
    for row in range(max(len(got.rows), len(expected.rows))):
        wrong = finding.difference is not None and row == finding.difference.row
        mark = "**← the first that is wrong**" if wrong else ""
        lines.append(f"| {row} | {cell(expected, row)} | {cell(got, row)} | {mark} |")
    return "\n".join(lines)


def _function(name: str, script: Script) -> list[str]:
    return [f"def {name}(make):", *(f"    {line}" for line in script.steps), ""]


def _array(value: np.ndarray) -> str:
    return f"np.array({value.tolist()!r})".replace("nan", "math.nan").replace("inf", "math.inf")


def quoted(text: str) -> str:
    """Quote a line as it is: a student may have chosen parts of it."""
    return textwrap.indent("\n".join(textwrap.wrap(text, 110)), "    ")
