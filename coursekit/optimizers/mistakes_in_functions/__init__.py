"""Mistakes in the functions of notebooks 6 and 7.

A function is made of parts, and each part has wrong variants; the right one is what torch and the formula give.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from coursekit.judging.behaviours import Ask
from coursekit.judging.calls import CallScenario
from coursekit.judging.diagnosis import LEAVES, OTHER, SILENT, Answers, Choices, Known
from coursekit.judging.trajectories import Scenario, Trajectory, compare
from coursekit.optimizers.ladders.calls import PRECISION
from coursekit.optimizers.mistakes_in_functions import formulas, loops
from coursekit.optimizers.mistakes_in_functions.variant import Simulate, Variant

MOST = 2  # mistakes that are looked for in one function
_ALL: dict[str, tuple[tuple[Variant, ...], Simulate]] = {
    "minimise": (loops.MINIMISE, loops.minimise),
    "forward": (formulas.FORWARD, formulas.forward),
    "loss": (formulas.LOSS, formulas.loss),
    "train_network": (loops.TRAIN_NETWORK, loops.train_network),
}


@cache
def known(subject: str) -> Known | None:
    """Return what is known of the mistakes in a function; about anything else there is nothing."""
    if subject not in _ALL:
        return None
    function = Function(*_ALL[subject])

    def right(scenario: Scenario) -> Trajectory:
        return function.simulate((), scenario) or Trajectory()

    return Known(families=(function,), right=right)


class Function:
    """The variants of a function; see `coursekit.judging.diagnosis.Family`."""

    def __init__(self, variants: Sequence[Variant], simulate: Simulate) -> None:
        self.variants = variants
        self._simulate = simulate
        self._simulated = lru_cache(maxsize=20_000)(self._run)

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:  # noqa: ARG002
        """Tell of each set whether it leaves what the function returned."""
        return np.array([self._answer(tuple(choice), scenario, got) for choice in choices.tolist()], np.int8)

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory | None:
        """Return what a function with these mistakes returns; that of no mistake is right."""
        return self._simulated(tuple(choice), scenario) if isinstance(scenario, CallScenario) else None

    def _answer(self, choice: tuple[int, ...], scenario: Scenario, got: Trajectory) -> int:
        if len(choice) > MOST:
            return OTHER
        left = self.simulate(choice, scenario)
        if left is None:
            return SILENT
        return LEAVES if len(got.rows) == len(left.rows) and compare(got, left, PRECISION) is None else OTHER

    def _run(self, choice: tuple[int, ...], scenario: CallScenario) -> Trajectory:
        chosen = [self.variants[number] for number in choice]
        with np.errstate(all="ignore"):
            rows = self._simulate({each.part: each.way for each in chosen}, scenario)
        return Trajectory(rows=tuple((np.array(row),) for row in np.atleast_1d(rows)))
