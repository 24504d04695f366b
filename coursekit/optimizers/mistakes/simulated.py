"""Families whose variants are simulated, all at once: a set of them is a lane."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from coursekit.judging.behaviours import Ask
from coursekit.judging.diagnosis import LEAVES, OTHER, SILENT, Answers, Choices, equal
from coursekit.judging.trajectories import Array, Precision, Scenario, Trajectory, without
from coursekit.optimizers.mistakes.entry import Variant
from coursekit.optimizers.mistakes.lanes import Lanes, Table

_FEW = 6  # sets that are simulated one by one, and remembered


class Running(Protocol):
    """Lanes on their way through a scenario."""

    def rows(self) -> Iterator[list[Array]]:
        """Yield every row of the trajectories, for each of its items an array with a row for each lane."""

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""


class Simulated(ABC):
    """Variants that are simulated without the student's code; see `coursekit.judging.diagnosis.Family`."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = variants
        self._table = Table([variant.picks for variant in variants])
        # All behaviours of all students ask for the same few.
        self._simulated = lru_cache(maxsize=20_000)(self._simulate)

    @abstractmethod
    def speak(self, choices: Choices, scenario: Scenario) -> np.ndarray:
        """Tell which of the choices have something to say of a scenario."""

    @abstractmethod
    def start(self, lanes: Lanes, scenario: Scenario) -> Running:
        """Let lanes start on a scenario of which they have something to say."""

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:  # noqa: ARG002
        """Tell of each set whether it leaves the student's trajectory."""
        if len(choices) <= _FEW:
            told = [self._answer(tuple(choice), scenario, got) for choice in choices.tolist()]
            return np.array(told, np.int8)
        result = np.full(len(choices), SILENT, np.int8)
        spoken = np.flatnonzero(self.speak(choices, scenario))
        result[spoken] = OTHER
        result[spoken[self._leaving(choices[spoken], without(scenario, got.lacking), got)]] = LEAVES
        return result

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory | None:
        """Run one set through a scenario; where nothing is wrong there is nothing to simulate."""
        if not choice:
            raise ValueError("A wrong rule has at least one mistake; torch has the right ones.")
        return self._simulated(tuple(choice), scenario)

    def _answer(self, choice: tuple[int, ...], scenario: Scenario, got: Trajectory) -> int:
        left = self._simulated(choice, without(scenario, got.lacking))
        if left is None:
            return SILENT
        return LEAVES if equal(scenario, got, left) else OTHER

    def _simulate(self, choice: tuple[int, ...], scenario: Scenario) -> Trajectory | None:
        choices = np.array([choice], np.intp)
        if not self.speak(choices, scenario).all():
            return None
        shapes = [np.shape(value) for value in getattr(scenario, "start", ())]
        rows = []
        for items in self.start(self._table.lanes(choices), scenario).rows():
            flat = [item[0].copy() for item in items]
            rows.append(tuple(item.reshape(shape) for item, shape in zip(flat, shapes or [(-1,), ()], strict=False)))
        return Trajectory(rows=tuple(rows))

    def _leaving(self, choices: Choices, scenario: Scenario, got: Trajectory) -> np.ndarray:
        """Find the places of the choices that leave a trajectory to its end."""
        places = np.arange(len(choices))
        if not len(places):
            return places
        running = self.start(self._table.lanes(choices), scenario)
        flat = _allowed(got, scenario.precision)
        for items in running.rows():
            row = next(flat, [])
            if len(row) != len(items):
                return places[:0]
            alive = np.ones(len(places), bool)
            for item, (value, most) in zip(items, row, strict=True):
                alive &= _near(item, value, most)
            if not alive.all():
                places = places[alive]
                if not len(places):
                    return places
                running.keep(alive)
        return places if next(flat, None) is None else places[:0]


@np.errstate(all="ignore")
def _near(items: Array, value: Array, most: Array) -> np.ndarray:
    if items.shape[1] != value.shape[1]:
        return np.zeros(len(items), bool)
    return np.all((np.abs(items - value) <= most) | (items == value) | (np.isnan(items) & np.isnan(value)), axis=1)


@np.errstate(all="ignore")
def _allowed(got: Trajectory, precision: Precision) -> Iterator[list[tuple[Array, Array]]]:
    """Return for every row its items and by how much others may differ, as `coursekit.judging.trajectories.compare`."""
    rows = [[item.reshape(1, -1) for item in row] for row in got.rows]
    return iter([list(_tolerances(rows, number, precision)) for number in range(len(rows))])


def _tolerances(rows: list[list[Array]], number: int, precision: Precision) -> Iterator[tuple[Array, Array]]:
    for place, item in enumerate(rows[number]):
        travelled = None
        if number and precision.travelled:
            way = [row[place] for row in rows[: number + 1] if len(row) > place and row[place].shape == item.shape]
            moves = np.abs(np.diff(np.concatenate(way), axis=0))
            travelled = np.sum(np.where(np.isfinite(moves), moves, 0.0), axis=0, keepdims=True)
        yield item, precision.allowed(item, travelled)
