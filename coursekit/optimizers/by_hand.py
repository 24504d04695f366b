"""Code that shows a wrong number or a crash by hand, with short numbers in place of those that were tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from coursekit.judging.behaviours import Finding
from coursekit.judging.calls import Argument, CallScenario
from coursekit.language import Say
from coursekit.optimizers.mistakes_in_functions import known
from coursekit.optimizers.references import SIGNATURES, reference
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario

ValueT = TypeVar("ValueT", np.ndarray, np.ndarray | None)
MOST_STEPS, MOST_NUMBERS, MOST_CALLS = 4, 12, 16  # that are read with pleasure


def by_hand(finding: Finding, subject: str, say: Say) -> str:
    """Write code that a student can run in a cell to see what was found; "" where it would be too long to read.

    What is right stands in a comment, as torch gives it.
    """
    scenario = finding.scenario
    failure, difference = finding.failure, finding.difference
    if failure and failure.function and failure.kind not in ("Delegated", "TimeLimitExceeded"):
        row = failure.row
    elif difference and not finding.as_in:
        row = difference.row
    else:
        return ""
    lines: list[str] = []
    if isinstance(scenario, OptimizerScenario):
        lines = list(_optimizer(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, SchedulerScenario):
        lines = list(_scheduler(scenario, subject, row, say, right=failure is None))
    elif isinstance(scenario, CallScenario):
        lines = list(_call(scenario, subject, row, say, right=failure is None))
    return "\n".join(lines)


def _optimizer(scenario: OptimizerScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    steps = scenario.gradients[: max(row, 1)]
    numbers = sum(value.size for value in scenario.start)
    if not _is_plain(scenario) or len(steps) > MOST_STEPS or numbers > MOST_NUMBERS:
        return
    without = [number for number, given in enumerate(steps[-1]) if given is None]  # these are what it is about
    shown = without or range(len(scenario.start))
    short = OptimizerScenario(
        start=tuple(_short(scenario.start[number]) for number in shown),
        gradients=tuple(tuple(_short(step[number]) for number in shown) for step in steps),
        hyperparameters={name: _rounded(value) for name, value in scenario.hyperparameters.items()},
    )
    yield "params = [torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))"
    yield f"          for start in [{', '.join(map(_written, short.start))}]]"
    yield f"optimizer = {subject}(params{_keywords(short.hyperparameters)})"
    for number, step in enumerate(short.gradients):
        for parameter, value in enumerate(step):
            p = f"params[{parameter}]"
            given = "None" if value is None else f"{p}.new_tensor({_written(value)})"
            copied = scenario.reuse_gradients and number and value is not None
            yield f"{p}.grad.copy_({given})" if copied else f"{p}.grad = {given}"
        yield "optimizer.step()"
    yield "print(*[p.tolist() for p in params])"
    if right:
        values = [_written(value) for value in reference(subject, short).rows[-1]]
        yield f"# {say('right')} {' '.join(values)}"


def _is_plain(scenario: OptimizerScenario) -> bool:
    """Tell whether nothing but steps is tried."""
    special = scenario.groups or scenario.rates or scenario.placed or scenario.gradients_once or scenario.generator
    with_others = scenario.neighbour or scenario.turns or scenario.reload_before is not None
    return not (special or with_others) and scenario.dtype == "float64"


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
    metrics = ", ".join(_number(metric) for _, metric in short.calls)
    yield "optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)"
    yield f"scheduler = {subject}(optimizer{_keywords(short.hyperparameters)}{mode})"
    yield f"for metric in [{metrics}]:"
    yield "    scheduler.step(metric)"
    yield '    print(optimizer.param_groups[0]["lr"])'
    if right:
        yield f"# {say('right')} {_written(reference(subject, short).rows[row][0][0])}"


def _call(scenario: CallScenario, subject: str, row: int, say: Say, *, right: bool) -> Iterator[str]:
    arguments = tuple(
        replace(each, value=_short(each.value)) if each.kind != "number" else each for each in scenario.arguments
    )
    values = [each.value for each in arguments if each.kind == "tensor"]
    if scenario.lent or sum(value.size for value in values) > MOST_NUMBERS:
        return
    given = ", ".join(_argument(each) for each in arguments)
    yield f"result = {subject}({given}{_keywords(scenario.hyperparameters)})"
    rows_of_many = subject in ("minimise", "train_network")
    yield f"print(torch.as_tensor(result{f'[{row}]' if rows_of_many else ''}).tolist())"
    function = known(subject)
    if right and function:
        expected = function.right(replace(scenario, arguments=arguments))
        rows = [expected.rows[row]] if rows_of_many else expected.rows
        yield f"# {say('right')} {' '.join(_written(each[0]) for each in rows)}"


def _argument(argument: Argument) -> str:
    if argument.name in SIGNATURES:
        return argument.name
    if argument.kind == "number":
        return f"{argument.value.item():g}"
    if argument.kind == "named":
        return f"coursekit.functions.{argument.name}({', '.join(map(_number, argument.value.tolist()))})"
    return f"torch.tensor({_written(argument.value)})"


def _keywords(values: dict[str, float]) -> str:
    whole = ("patience",)
    return "".join(f", {name}={int(value) if name in whole else _number(value)}" for name, value in values.items())


def _written(value: np.ndarray) -> str:
    """Write an array of floats as Python does, with as many digits as tell two numbers apart."""
    if value.ndim == 0:
        return _number(float(f"{value.item():.8g}"))
    return f"[{', '.join(map(_written, value))}]"


def _number(value: float) -> str:
    """Write a number as Python reads it: a float stays one."""
    return {"inf": "math.inf", "-inf": "-math.inf", "nan": "math.nan"}.get(str(value), str(value))


def _short(value: ValueT) -> ValueT:
    """Round what is not None."""
    return np.vectorize(_rounded, otypes=[np.float64])(value) if value is not None and value.size else value


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
