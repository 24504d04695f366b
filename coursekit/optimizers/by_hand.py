"""Code that shows a wrong number or a crash by hand, with short numbers in place of those that were tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from coursekit.judging.behaviours import Finding
from coursekit.judging.calls import CallScenario
from coursekit.language import Say
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.mistakes_in_functions import known
from coursekit.optimizers.race_scripts import comparison_by_hand, tuning_by_hand
from coursekit.optimizers.racing import ComparisonScenario, TuningScenario
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario, ScheduleScenario
from coursekit.optimizers.scripts import (
    arguments,
    averaging,
    clipping,
    closeness,
    entry_of,
    keywords,
    number,
    steps_of,
    written,
)
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario

ValueT = TypeVar("ValueT", np.ndarray, np.ndarray | None)
MOST_STEPS, MOST_NUMBERS, MOST_CALLS, MOST_LINES = 4, 12, 16, 12  # that are read with pleasure
DIGITS = 8  # that tell two numbers apart


def by_hand(finding: Finding, subject: str, say: Say) -> str:
    """Write code that a student can run in a cell to see what was found; "" where it would be too long to read.

    The right number, from torch, stands in a comment.
    """
    scenario = finding.scenario
    failure, difference = finding.failure, finding.difference
    if failure and failure.function and failure.kind not in ("Delegated", "TimeLimitExceeded"):
        row = failure.row
    elif difference and (isinstance(scenario, TuningScenario | ComparisonScenario) or _is_told(finding)):
        row = difference.row
    else:
        return ""
    lines: list[str] = []
    if isinstance(scenario, OptimizerScenario):
        lines = list(_optimizer(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, ScheduleScenario):
        lines = list(_schedule(scenario, subject, row, finding, say))
    elif isinstance(scenario, SchedulerScenario):
        lines = list(_scheduler(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, ClippingScenario):
        lines = list(_clipping(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, AveragingScenario):
        lines = list(_averaging(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, ClosenessScenario):
        lines = [*closeness(scenario), f"print(int(bool({subject}(got, expected))))"]
        lines += [f"# {say('right')} {int(difference.expected)}"] if difference else []
    elif isinstance(scenario, TuningScenario | ComparisonScenario):
        lines = list(_race(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, CallScenario):
        lines = list(_call(scenario, subject, row, say, right=failure is None))
    return "\n".join(lines)


def _is_told(finding: Finding) -> bool:
    """Tell whether the reference says what is right; and printed, numbers of another shape may be the same."""
    return not finding.as_in and not finding.shapes


def _optimizer(scenario: OptimizerScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    steps = scenario.calls[: max(row, 1)]
    numbers = sum(value.size for value in scenario.start)
    if not steps or not _is_plain(scenario) or len(steps) > MOST_STEPS or numbers > MOST_NUMBERS:
        return
    without = [number for number, given in enumerate(steps[-1].values) if given is None]  # these are what it is about
    shown = without or range(len(scenario.start))
    short = OptimizerScenario(
        start=tuple(_short(scenario.start[number]) for number in shown),
        calls=tuple(replace(step, values=tuple(_short(step.values[number]) for number in shown)) for step in steps),
        hyperparameters={name: _rounded(value) for name, value in scenario.hyperparameters.items()},
    )
    yield from steps_of(short, lambda what: f"{subject}({what}{keywords(short.hyperparameters)})")
    yield "print(*[p.tolist() for p in params])"
    if right:
        values = [written(value, DIGITS) for value in reference(subject, short).rows[-1]]
        yield f"# {say('right')} {' '.join(values)}"


def _is_plain(scenario: OptimizerScenario) -> bool:
    """Tell whether nothing but steps is tried."""
    steps = all(call.name in ("step", "step_into") and call.by == "optimizer" for call in scenario.calls)
    return steps and not scenario.groups and not scenario.generator and scenario.dtype == "float64"


def _scheduler(scenario: SchedulerScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    calls = scenario.calls[:row]
    if subject != "LRSchedulerOnPlateau" or len(scenario.rates) > 1 or len(calls) > MOST_CALLS:
        return
    if not calls or any(call != "step" for call, _ in calls):
        return
    short = replace(
        scenario,
        hyperparameters={name: _rounded(value) for name, value in scenario.hyperparameters.items()},
        calls=tuple(("step", _rounded(metric)) for _, metric in calls),
    )
    mode = f', mode="{scenario.mode}"' if scenario.mode is not None else ""
    metrics = ", ".join(number(metric) for _, metric in short.calls)
    yield "optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)"
    yield f"scheduler = {subject}(optimizer{keywords(short.hyperparameters)}{mode})"
    yield f"for metric in [{metrics}]:"
    yield "    scheduler.step(metric)"
    yield '    print(optimizer.param_groups[0]["lr"])'
    if right:
        yield f"# {say('right')} {written(reference(subject, short).rows[row][0][0], DIGITS)}"


def _schedule(scenario: ScheduleScenario, subject: str, row: int, finding: Finding, say: Say) -> Iterator[str]:
    plain = all(call == "step_bare" for call, _ in scenario.calls) and len(scenario.rates) == 1
    if not plain or not 0 < row <= MOST_CALLS:
        return
    short = replace(
        scenario,
        hyperparameters={name: _rounded(value) for name, value in scenario.hyperparameters.items()},
        calls=scenario.calls[:row],
    )
    expected = None if finding.failure else reference(subject, short).rows[row][0][0]
    if finding.difference and not np.isclose(finding.difference.expected, reference(subject, scenario).rows[row][0][0]):
        return  # measured by the student's own peak
    yield "optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)"
    yield f"scheduler = {subject}(optimizer{keywords(short.hyperparameters)})"
    yield f"for _ in range({row}):"
    yield "    scheduler.step()"
    yield '    print(optimizer.param_groups[0]["lr"])'
    if expected is not None:
        yield f"# {say('right')} {written(expected, DIGITS)}"


def _clipping(scenario: ClippingScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    gradients = tuple(map(_short, scenario.calls[min(row, len(scenario.calls) - 1)]))
    short = replace(
        scenario, start=tuple(map(_short, scenario.start)), calls=(gradients,), max_norm=_rounded(scenario.max_norm)
    )
    if sum(value.size for value in short.start) > MOST_NUMBERS:
        return
    yield from clipping(short, f"norm = {subject}({{params}}, {{limit}})")
    of_norm = isinstance(scenario, ReturnedNormScenario)
    yield (
        "print(torch.as_tensor(norm).tolist())"
        if of_norm
        else "print(*[p.grad.tolist() for p in params if p.grad is not None])"
    )
    if right:
        values = [value for value in reference(subject, short).rows[0] if not np.isnan(value).any()]
        yield f"# {say('right')} {' '.join(written(value, DIGITS) for value in values)}"


def _averaging(scenario: AveragingScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    reads = [place for place, turn in enumerate(scenario.turns) if turn.name in ("update", "look")]
    turns = scenario.turns[: reads[min(row, len(reads) - 1)] + 1]
    if scenario.generator or any(turn.by == "neighbour" for turn in turns) or len(turns) > MOST_CALLS:
        return
    short = replace(
        scenario,
        start=tuple(map(_short, scenario.start)),
        turns=tuple(replace(turn, values=tuple(map(_short, turn.values))) for turn in turns),
        hyperparameters={name: _rounded(value) for name, value in scenario.hyperparameters.items()},
    )
    if sum(value.size for value in short.start) > MOST_NUMBERS:
        return
    yield from averaging(short, subject)
    yield "print(*[each.tolist() for each in average.averages])"
    if right:
        values = [written(value, DIGITS) for value in reference(subject, short).rows[-1]]
        yield f"# {say('right')} {' '.join(values)}"


def _race(
    scenario: TuningScenario | ComparisonScenario, subject: str, row: int, say: Say, *, right: bool
) -> Iterator[str]:
    if scenario.number == "runs":  # it says itself what was called how often
        return
    if isinstance(scenario, TuningScenario):
        short = replace(scenario, losses=_short(scenario.losses))
        if short.table.best(short.rates, short.seeds) != scenario.table.best(scenario.rates, scenario.seeds):
            short = scenario
        *lines, known_right = tuning_by_hand(short, subject, written)
    else:
        if len(scenario.names) * len(scenario.known) > MOST_LINES:
            return
        shorter = replace(scenario, losses=tuple(map(_short, scenario.losses)))
        *lines, known_right = comparison_by_hand(shorter, subject, min(row, len(scenario.names) - 1), written)
    yield from lines
    if right:
        yield f"# {say('right')} {known_right}"


def _call(scenario: CallScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    short = replace(
        scenario,
        arguments=tuple(
            replace(each, value=_short(each.value)) if each.kind != "number" else each for each in scenario.arguments
        ),
    )
    values = [each.value for each in short.arguments if each.kind == "tensor"]
    if scenario.lent or sum(value.size for value in values) > MOST_NUMBERS:
        return
    above, given = arguments(short, "torch.float64" if subject == "train" else "")
    yield from above
    yield f"result = {subject}({given}{keywords(scenario.hyperparameters)})"
    rows_of_many = subject in ("make_data", "minimise", "train_network") or bool(scenario.entries)
    seen = f"result[{row}]" if rows_of_many else "result[0]" if scenario.part == "first" else "result"
    if scenario.entries:
        seen = f'{entry_of(scenario)}["{scenario.entries[row]}"]'
    few = "[:3]" if subject == "make_data" else ""  # of a hundred
    yield f"print(torch.as_tensor({seen}{few}).tolist())"
    function = known(subject)
    if right and function:
        expected = function.right(short)
        rows = [expected.rows[row]] if rows_of_many else expected.rows
        yield f"# {say('right')} {' '.join(written(each[0][:3] if few else each[0], DIGITS) for each in rows)}"


def _short(value: ValueT) -> ValueT:
    """Round what is not None."""
    return np.vectorize(_rounded, otypes=[np.float64])(value) if value is not None and value.size else value


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
