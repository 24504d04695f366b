"""The heart: scenarios, the trajectories they lead to, and where two trajectories part.

A scenario says what a student's code is put through, a trajectory what came of it, row by row. Both are
plain data (numbers, names, arrays), so that they can be written down and sent to another process.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Row: TypeAlias = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class OptimizerScenario:
    """Scripted gradients for an optimizer.

    Attributes
    ----------
    start
        The parameters before the first step, any shapes.
    gradients
        For every step the gradient of every parameter, or None where it has none at that step.
    hyperparameters
        Keyword arguments of the constructor, under the names of the course.
    groups
        For every parameter group the indices of its parameters and what it overrides; empty for a single group.
    rates
        Learning rates written into every group before the step that is the key (0 is the first).
    reload_before
        The step before which the state is saved and loaded into a fresh optimizer on fresh parameters.
    dtype
        "float64", "float32" or "bfloat16".
    generator
        Whether the constructor is given a generator of parameters.
    reuse_gradients
        Whether a gradient is written into the tensor that held the last one.
    gradients_once
        Whether the gradients of the first step are left where they are for all others.
    neighbour
        Whether a second optimizer of the same class takes a step of its own before each step.
    turns
        Whether two optimizers of the same class hold the same parameters and step in turn.
    placed
        For every step where the parameters are put before it; empty where they stay where the last step left them.
    """

    start: Row
    gradients: tuple[tuple[np.ndarray | None, ...], ...]
    hyperparameters: dict[str, float] = field(default_factory=dict)
    groups: tuple[tuple[tuple[int, ...], dict[str, float]], ...] = ()
    rates: dict[int, float] = field(default_factory=dict)
    reload_before: int | None = None
    dtype: str = "float64"
    generator: bool = False
    reuse_gradients: bool = False
    gradients_once: bool = False
    neighbour: bool = False
    turns: bool = False
    placed: tuple[Row, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class SchedulerScenario:
    """Calls of a learning-rate scheduler.

    Attributes
    ----------
    rates
        The learning rate of every group of the optimizer before the scheduler is made.
    hyperparameters
        Keyword arguments of the constructor.
    mode
        The argument `mode`, or None to leave it at its default.
    calls
        In order: ("step", metric), the metric as a tensor of one element ("step_tensor"), without dimensions
        ("step_scalar") or one that requires a gradient ("step_loss"), ("step_bare", 0.0) without a metric,
        ("set_lr", rate), ("get_lr", 0.0), or ("write", rate) for a rate that somebody else writes into every group.
    """

    rates: tuple[float, ...]
    hyperparameters: dict[str, float]
    mode: str | None = None
    calls: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Argument:
    """An argument of a call: a "tensor", a "number", an "optimizer" by its name, or a "function" by its name."""

    kind: str
    name: str = ""
    value: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False, kw_only=True)
class CallScenario:
    """One call of a student's function; the trajectory's rows are what it returns."""

    arguments: tuple[Argument, ...]
    hyperparameters: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class TableScenario:
    """A dictionary of dictionaries of numbers, or a function that returns one, read as rows.

    NaN stands where an entry is missing.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]


Scenario: TypeAlias = OptimizerScenario | SchedulerScenario | CallScenario | TableScenario
ScenarioT = TypeVar("ScenarioT", OptimizerScenario, SchedulerScenario, CallScenario, TableScenario)


@lru_cache(maxsize=10_000)
def without(scenario: ScenarioT, names: frozenset[str], **instead: float) -> ScenarioT:
    """Take hyperparameters away from a scenario, so that defaults count, and put others in."""
    if not names or isinstance(scenario, TableScenario):
        return scenario
    kept = {name: value for name, value in scenario.hyperparameters.items() if name not in names}
    return replace(scenario, hyperparameters=kept | instead)


def is_own(scenario: Scenario) -> bool:
    """Tell whether it is about what a student writes without torch's optimizers and schedulers.

    A function that is given an optimizer may use them.
    """
    return isinstance(scenario, OptimizerScenario | SchedulerScenario)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An exception that ended a trajectory: its kind, message, where it was raised, and after how many rows.

    `in_stub` tells whether it was raised by a function that does nothing else, as those that are still to be written.
    Texts are cut, wherever they come from: a student's code chose them.
    """

    kind: str
    message: str
    function: str = ""
    line: str = ""
    row: int = 0
    in_stub: bool = False

    def __post_init__(self) -> None:
        for name, most in (("kind", 100), ("message", 300), ("function", 200), ("line", 200)):
            object.__setattr__(self, name, getattr(self, name)[:most])

    @property
    def is_leftover(self) -> bool:
        """Whether a line of the stub ended what is written by now."""
        return self.kind == "NotImplementedError" and self.line.startswith("raise NotImpl") and not self.in_stub


@dataclass(frozen=True, eq=False, kw_only=True)
class Trajectory:
    """What came of a scenario.

    Attributes
    ----------
    rows
        For an optimizer every parameter before the first step and after every step, float64; for a scheduler
        the rates of the groups, and what a call of `get_lr()` returned, after the constructor and every call.
    faults
        What else was seen and must not be: a kind (`gradient_changed`, `replaced`, `graph`, `dtype`, ...), and after a
        colon what it is about (`missing:epsilon`).
    failure
        The exception that ended it, if one did.
    """

    rows: tuple[Row, ...] = ()
    faults: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def lacking(self) -> frozenset[str]:
        """The hyperparameters that the constructor did not take."""
        kinds = (fault.partition(":") for fault in self.faults)
        return frozenset(about for kind, _, about in kinds if kind == "missing")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first number in which a trajectory leaves its reference.

    `ratio` compares the moves since the row before (got over expected); None where it says nothing.
    """

    row: int
    item: int
    index: tuple[int, ...]
    expected: float
    got: float
    ratio: float | None


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How much two numbers may differ: a share of how far the number has travelled, and a share of its size."""

    travelled: float = 1e-5
    size: float = 1e-12


PARAMETERS = Precision()  # rounding adds up on the way
RATES = Precision(travelled=0.0, size=1e-9)


@np.errstate(all="ignore")
def compare(trajectory: Trajectory, reference: Trajectory, precision: Precision = PARAMETERS) -> Difference | None:
    """Find the first number in which two trajectories differ.

    Parameters
    ----------
    trajectory, reference
        What was got and what was expected.
    precision
        The allowed error, in terms of the reference.

    Returns
    -------
    Difference or None
        None where every row of the reference is met; rows that are missing at the end are not looked at.
    """
    travelled: dict[int, Array] = {}
    for number, (row, expected_row) in enumerate(zip(trajectory.rows, reference.rows, strict=False)):
        for item, expected in enumerate(expected_row):
            got = _item(row, item, expected)
            before = _item(reference.rows[number - 1], item, expected) if number else expected
            move = expected - before
            so_far = _item((travelled[item],), 0, expected) if item in travelled else np.zeros(())
            travelled[item] = so_far + np.where(np.isfinite(move), np.abs(move), 0.0)
            scale = travelled[item] if number else np.abs(expected)
            allowed = precision.travelled * scale + precision.size * np.abs(expected)
            wrong = ~((np.abs(got - expected) <= allowed) | (got == expected) | (np.isnan(got) & np.isnan(expected)))
            if wrong.any():
                index = tuple(int(i) for i in np.argwhere(wrong)[0])
                moved = (
                    got - _item(trajectory.rows[number - 1], item, expected) if number else np.full_like(got, np.nan)
                )
                return Difference(
                    row=number,
                    item=item,
                    index=index,
                    expected=float(expected[index]),
                    got=float(got[index]),
                    ratio=_ratio(float(moved[index]), float(move[index])),
                )
    return None


def _item(row: Row, item: int, like: np.ndarray) -> np.ndarray:
    """Take an item of a row; NaN of the right shape where it is missing or has another shape."""
    if item < len(row) and row[item].shape == like.shape:
        return row[item]
    return np.full(like.shape, np.nan)


def _ratio(got: float, expected: float) -> float | None:
    if expected == 0 or not np.isfinite(got) or not np.isfinite(expected):
        return None
    return got / expected
