"""Scenarios for a comparison of optimizers: every run is looked up in a table, and its calls are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from coursekit.judging.calls import lending
from coursekit.judging.faults import Fault, Faults
from coursekit.judging.trajectories import Number, Precision, Row, Scenario, Trajectory
from coursekit.judging.values import ONE_NUMBER, UNDER_EACH_NAME, Unreadable, kind_of, numbers

Run: TypeAlias = Callable[[float, int], list[float]]
_AS_FLOAT32 = 1e-6  # rates and losses may have been in a tensor of float32


class Table:
    """The losses of one optimizer.

    Parameters
    ----------
    rates, seeds
        The rates and the seeds that it was run with.
    losses
        What the runs leave, shape (rates, seeds, steps); what diverges is NaN or infinite.

    Attributes
    ----------
    run
        Returns the losses of a run, and counts it; a rate or a seed that is not there is a `LookupError`.
    calls
        How often each run was asked for, shape (rates, seeds).
    """

    def __init__(self, rates: Sequence[float], seeds: Sequence[int], losses: npt.ArrayLike) -> None:
        self.rates, self.seeds, self.losses = np.array(rates), np.array(seeds), np.array(losses, np.float64)
        self.calls = np.zeros(self.losses.shape[:2], int)
        self.run = _looking_up(self.rates, self.seeds, self.losses, self.calls)

    def ends(self, rates: Sequence[float], seeds: Sequence[int]) -> np.ndarray:
        """Return the last losses, shape (rates, seeds), infinite where a run has diverged."""
        rows, columns = [_place(self.rates, rate) for rate in rates], [_place(self.seeds, seed) for seed in seeds]
        ends = self.losses[rows][:, columns, -1]
        return np.where(np.isfinite(ends), ends, np.inf)

    def best(self, rates: Sequence[float], seeds: Sequence[int]) -> float:
        """Return the rate with the lowest mean of the last losses."""
        return float(rates[int(self.ends(rates, seeds).mean(axis=1).argmin())])


def _looking_up(rates: np.ndarray, seeds: np.ndarray, losses: np.ndarray, calls: np.ndarray) -> Run:
    """Make what a student is given, which does not lead back to the table."""

    def run(rate: float, seed: int) -> list[float]:
        row, column = _place(rates, rate), _place(seeds, seed)
        calls[row, column] += 1
        found: list[float] = losses[row, column].tolist()
        return found

    run.__qualname__ = "run"  # as an exception names it
    return run


def _place(known: np.ndarray, given: Any) -> int:
    found = np.flatnonzero(np.abs(known - float(given)) <= _AS_FLOAT32 * np.abs(known))
    if not found.size:
        raise LookupError(f"there is no run with {given} here, only with {', '.join(f'{each:g}' for each in known)}")
    return int(found[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class TuningScenario(Scenario):
    """A call of `tuned_rate(run, rates, seeds)`, of which the result is looked at.

    Attributes
    ----------
    rates, seeds, losses
        See `Table`.
    """

    precision: ClassVar[Precision] = Precision(travelled=0.0, size=_AS_FLOAT32)

    rates: tuple[float, ...]
    seeds: tuple[int, ...]
    losses: np.ndarray

    @property
    def table(self) -> Table:
        """The runs, none of which has been called."""
        return Table(self.rates, self.seeds, self.losses)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield the rate that is returned; a list that is changed is a fault."""
        yield (_numbers(self._called(written, self.table, faults), ONE_NUMBER),)

    def _called(self, written: Any, table: Table, faults: Faults) -> Any:
        given = list(self.rates), list(self.seeds)
        result = written(table.run, *given)
        if repr(given) != repr((list(self.rates), list(self.seeds))):
            faults[Fault("argument_changed")] = None
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class CountedTuningScenario(TuningScenario):
    """The same call, of which it is counted how often each run was asked for: a row for each."""

    number: ClassVar[Number] = "runs"

    @property
    def places(self) -> tuple[str, ...]:
        """The calls that are counted."""
        return tuple(f"run({rate:g}, {seed})" for rate in self.rates for seed in self.seeds)

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows."""
        return len(trajectory.rows) == len(self.rates) * len(self.seeds)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield the number of calls of each run."""
        table = self.table
        self._called(written, table, faults)
        yield from ((np.array(float(count)),) for count in table.calls.ravel())


@dataclass(frozen=True, eq=False, kw_only=True)
class ComparisonScenario(Scenario):
    """A call of `compare(runs, rates, budget, tuning_seeds, seeds)`, of which the result is looked at.

    Attributes
    ----------
    names
        The names of the optimizers.
    rates
        For each of them the rates, in the order in which they are tried. There may be names that have no runs, and
        the order of the names is another one.
    known
        The rates with which each of them has runs: at least all of those above.
    budget
        How many rates each of them may try.
    tuning_seeds, seeds
        The seeds for the choice of a rate, and those for the measurement.
    losses
        For each optimizer what its runs leave, shape (known rates, tuning seeds and seeds, steps).
    lends
        Whether a `tuned_rate` of the course's is found in place of the student's.
    """

    precision: ClassVar[Precision] = Precision(travelled=0.0, size=_AS_FLOAT32)

    names: tuple[str, ...]
    rates: dict[str, tuple[float, ...]]
    known: tuple[float, ...]
    budget: int
    tuning_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    losses: tuple[np.ndarray, ...]
    lends: bool = True

    @property
    def entries(self) -> tuple[str, ...]:
        """The names of what is looked at."""
        return self.names

    @property
    def lists(self) -> tuple[tuple[float, ...], ...]:
        """The rates of each optimizer, in the order of the names."""
        return tuple(self.rates[name] for name in self.names)

    @property
    def tables(self) -> dict[str, Table]:
        """The runs of each optimizer, for those who do not call them."""
        return self._made()

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield what is returned for each optimizer; a list that is changed is a fault."""
        result = self._called(written, self._made(), faults)
        if not isinstance(result, Mapping):
            raise Unreadable(kind_of(result), "a dictionary of the optimizers")
        for name in self.names:
            yield (_numbers(result[name], UNDER_EACH_NAME),)

    def _made(self) -> dict[str, Table]:
        seeds = (*self.tuning_seeds, *self.seeds)
        return {name: Table(self.known, seeds, each) for name, each in zip(self.names, self.losses, strict=True)}

    def _called(self, written: Any, tables: Mapping[str, Table], faults: Faults) -> Any:
        given, kept = self._lists(), self._lists()
        rates, *seeds = given
        with self._lending(written, tables):
            result = written({name: table.run for name, table in tables.items()}, rates, self.budget, *seeds)
        if repr(given) != repr(kept):
            faults[Fault("argument_changed")] = None
        return result

    def _lists(self) -> tuple[dict[str, list[float]], list[int], list[int]]:
        rates = {name: list(each) for name, each in self.rates.items()}
        return rates, list(self.tuning_seeds), list(self.seeds)

    def _lending(self, written: Any, tables: Mapping[str, Table]) -> AbstractContextManager[object]:
        return lending(written, {"tuned_rate": choosing(tables)}) if self.lends else nullcontext()


@dataclass(frozen=True, eq=False, kw_only=True)
class CountedComparisonScenario(ComparisonScenario):
    """The same call, of which it is counted how many runs each optimizer had."""

    number: ClassVar[Number] = "runs"

    @property
    def places(self) -> tuple[str, ...]:
        """The functions whose calls are counted."""
        return tuple(f'runs["{name}"]' for name in self.names)

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows."""
        return len(trajectory.rows) == len(self.names)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield the number of runs of each optimizer."""
        tables = self._made()
        self._called(written, tables, faults)
        yield from ((np.array(float(tables[name].calls.sum())),) for name in self.names)


def choosing(tables: Mapping[str, Table]) -> Callable[..., float]:
    """Make what takes the place of `tuned_rate`: it has every run made, and looks the best rate up."""

    def lent(run: Run, rates: Sequence[float], seeds: Sequence[int]) -> float:
        before = {name: table.calls.sum() for name, table in tables.items()}
        for rate in rates:
            for seed in seeds:
                run(rate, seed)
        called = max(tables, key=lambda name: tables[name].calls.sum() - before[name])
        return tables[called].best(list(rates), list(seeds))

    return lent


def _numbers(result: Any, wanted: str) -> np.ndarray:
    """Read numbers, whatever holds them; of several of one number each as of one."""
    read = numbers(result, wanted)
    return read.reshape(len(read)) if isinstance(result, list | tuple) and read.shape[1:] == (1,) else read
