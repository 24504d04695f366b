"""The heart: scenarios, the trajectories they lead to, and where two trajectories part.

A scenario says what a student's code is put through, a trajectory what came of it, row by row. Both hold
plain data (numbers, names, arrays), so that they can be written down and sent to another process.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from coursekit.judging.faults import Fault, Faults

Array: TypeAlias = npt.NDArray[np.float64]
Row: TypeAlias = tuple[np.ndarray, ...]
Number: TypeAlias = Literal["parameter", "rate", "result", "gradient", "average", "runs"]
ScenarioT = TypeVar("ScenarioT", bound="Scenario")


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How much two numbers may differ: a share of how far the number has travelled, and a share of its size."""

    travelled: float = 1e-5  # rounding adds up on the way
    size: float = 1e-12

    def allowed(self, value: Array, travelled: Array | None) -> Array:
        """Return by how much others may differ; what has not travelled counts by its size. Nothing is near infinity."""
        size = np.where(np.isfinite(value), np.abs(value), 0.0)
        return self.travelled * (size if travelled is None else travelled) + self.size * size


@dataclass(frozen=True, eq=False, kw_only=True)
class Scenario(ABC):
    """A trial of a student's code: plain data in its fields, and a way to run it.

    Attributes
    ----------
    hyperparameters
        Keyword arguments of the constructor or of the call, under the names of the course.
    number
        The kind of numbers in its trajectory: "parameter", "rate", "gradient", "average", "runs" or "result".
    precision
        How exactly they are known.
    unaided
        Whether the code must do without what `Subject.refused` refuses.
    """

    number: ClassVar[Number] = "result"
    precision: ClassVar[Precision] = Precision()
    unaided: ClassVar[bool] = False

    hyperparameters: dict[str, float] = field(default_factory=dict)

    def fits(self, trajectory: Trajectory) -> bool:  # noqa: ARG002
        """Tell whether a run to the end has as many numbers as it should: one that has not was made up."""
        return True

    @abstractmethod
    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Put what a student wrote through it and yield the rows one by one; `faults` takes what else is seen."""


@lru_cache(maxsize=10_000)
def without(scenario: ScenarioT, names: frozenset[str], **instead: float) -> ScenarioT:
    """Take hyperparameters away from a scenario, so that defaults count, and put others in."""
    if not names:
        return scenario
    kept = {name: value for name, value in scenario.hyperparameters.items() if name not in names}
    return replace(scenario, hyperparameters=kept | instead)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An exception that ended a trajectory: its kind, message, where it was raised, and after how many rows.

    `number` is that of the line in its cell or file, 0 where none is known. `in_stub` tells whether it was raised by a
    function that does nothing else, as those that are still to be written.
    Texts are cut, wherever they come from: a student's code chose them.
    """

    kind: str
    message: str
    function: str = ""
    line: str = ""
    number: int = 0
    row: int = 0
    in_stub: bool = False

    def __post_init__(self) -> None:
        for name, most in (("kind", 100), ("message", 300), ("function", 200), ("line", 200)):
            object.__setattr__(self, name, getattr(self, name)[:most])

    @property
    def is_unread(self) -> bool:
        """Whether Python could not read the cell, so that nothing of it was run."""
        return self.kind in ("SyntaxError", "IndentationError", "TabError") and self.number > 0 and not self.function

    @property
    def is_leftover(self) -> bool:
        """Whether a line of the stub ended what is written by now."""
        bare = self.line.startswith("raise NotImpl") and not self.message
        return self.kind == "NotImplementedError" and bare and not self.in_stub


@dataclass(frozen=True, eq=False, kw_only=True)
class Trajectory:
    """The outcome of a scenario.

    Attributes
    ----------
    rows
        Arrays of float64, as the scenario says.
    faults
        Everything else that was seen and must not be, each fault once.
    failure
        The exception that ended it, if one did.
    """

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    failure: Failure | None = None

    @property
    def lacking(self) -> frozenset[str]:
        """The hyperparameters that the constructor did not take."""
        return frozenset(fault.name for fault in self.faults if fault.kind == "missing")

    @cached_property
    def shapes(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The shapes of all items, row by row."""
        return tuple(tuple(item.shape for item in row) for row in self.rows)

    @cached_property
    def numbers(self) -> Array:
        """All numbers, one after the other."""
        return _flat(item for row in self.rows for item in row)

    def allowed(self, precision: Precision) -> Array:
        """Return by how much each of `numbers` may be missed."""
        if precision not in self._allowed:
            self._allowed[precision] = _flat(self._each_allowed(precision))
        return self._allowed[precision]

    @cached_property
    def _allowed(self) -> dict[Precision, Array]:
        return {}

    def _each_allowed(self, precision: Precision) -> Iterator[np.ndarray]:
        travelled: dict[int, Array] = {}
        for number, row in enumerate(self.rows):
            for item, value in enumerate(row):
                move = value - _item(self.rows[number - 1], item, value) if number else np.zeros(value.shape)
                so_far = _item((travelled[item],), 0, value) if item in travelled else 0.0
                travelled[item] = so_far + np.where(np.isfinite(move), np.abs(move), 0.0)
                yield precision.allowed(value, travelled[item] if number else None)


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


def compare(trajectory: Trajectory, reference: Trajectory, precision: Precision = Precision()) -> Difference | None:
    """Find the first number in which two trajectories differ.

    Parameters
    ----------
    trajectory, reference
        The rows that were got and those that were expected.
    precision
        The allowed error, in terms of the reference.

    Returns
    -------
    Difference or None
        None where every row of the reference is met; rows that are missing at the end are not looked at.
    """
    near = _near(trajectory, reference, precision)
    return None if near.all() else _difference(trajectory, reference, int(near.argmin()))


def agree(trajectory: Trajectory, reference: Trajectory, precision: Precision = Precision()) -> bool:
    """Tell whether there is no difference; see `compare`."""
    return bool(_near(trajectory, reference, precision).all())


@np.errstate(all="ignore")
def _near(trajectory: Trajectory, reference: Trajectory, precision: Precision) -> npt.NDArray[np.bool_]:
    """Tell of each number of the reference, as far as the trajectory goes, whether it is met."""
    got = trajectory.numbers if trajectory.shapes == reference.shapes else _placed(trajectory, reference)
    expected, allowed = reference.numbers[: len(got)], reference.allowed(precision)[: len(got)]
    near = np.abs(got - expected) <= allowed
    if not near.all():
        near |= (got == expected) | (np.isnan(got) & np.isnan(expected))
    return near


def _placed(trajectory: Trajectory, reference: Trajectory) -> Array:
    """Put the numbers of a trajectory where those of another one are; NaN where one has another shape or is missing."""
    rows = zip(trajectory.rows, reference.rows, strict=False)
    return _flat(_item(row, item, like) for row, wanted in rows for item, like in enumerate(wanted))


@np.errstate(all="ignore")
def _difference(trajectory: Trajectory, reference: Trajectory, place: int) -> Difference:
    """Describe the difference at a place among all numbers of the reference."""
    items = [(number, item) for number, row in enumerate(reference.rows) for item in range(len(row))]
    ends = np.cumsum([reference.rows[number][item].size for number, item in items])
    which = int(np.searchsorted(ends, place, side="right"))
    number, item = items[which]
    expected = reference.rows[number][item]
    index = tuple(int(i) for i in np.unravel_index(place - ends[which] + expected.size, expected.shape))
    got = _item(trajectory.rows[number], item, expected)[index]
    ratio = None
    if number:
        moved, move = (
            end - _item(rows[number - 1], item, expected)[index]
            for end, rows in ((got, trajectory.rows), (expected[index], reference.rows))
        )
        ratio = _ratio(float(moved), float(move))
    return Difference(row=number, item=item, index=index, expected=float(expected[index]), got=float(got), ratio=ratio)


def _item(row: Row, item: int, like: np.ndarray) -> np.ndarray:
    """Take an item of a row; NaN of the right shape where it is missing or has another shape."""
    if item < len(row) and row[item].shape == like.shape:
        return row[item]
    return np.full(like.shape, np.nan)


def _flat(items: Iterable[np.ndarray]) -> Array:
    """Put the numbers of arrays one after the other."""
    return np.concatenate([np.zeros(0), *(item.ravel() for item in items)])


def _ratio(got: float, expected: float) -> float | None:
    if expected == 0 or not np.isfinite(got) or not np.isfinite(expected):
        return None
    return got / expected
