"""Finding roots: a second subject, as small as one can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.calls import Argument, CallScenario
from coursekit.judging.subject import VISIBLE_SEED, Exercise, Subject
from coursekit.judging.trajectories import Scenario, Trajectory


class Roots(Subject):
    """Newton's method, in one notebook and one language."""

    exercises: ClassVar[Mapping[str, Exercise]] = {"newton": Exercise(home="01_newton")}
    folders: ClassVar[Mapping[str, str]] = {"roots": "en"}

    def ladder(self, exercise: str, seed: int = VISIBLE_SEED) -> tuple[Behaviour, ...]:
        """Return the two behaviours of `newton`."""
        assert exercise == "newton"
        numbers = np.random.default_rng(seed).uniform(1.0, 2.0, 5)
        return (
            behaviour("start", "The first number is the start", called(numbers, steps=0)),
            behaviour("tangent", "The next number is where the tangent crosses zero", called(numbers, steps=4)),
        )

    def scenarios(self) -> tuple[type[Scenario], ...]:
        """Return calls."""
        return (CallScenario,)

    def named(self, name: str, *values: float) -> Polynomial:
        """Make a polynomial of its coefficients."""
        return {"polynomial": Polynomial}[name](values)


@dataclass(frozen=True)
class Polynomial:
    """The polynomial with these coefficients, the one of the highest power first."""

    coefficients: Sequence[float]

    def __call__(self, x: float) -> float:
        """Return the value at `x`."""
        return float(np.polyval(self.coefficients, x))

    def slope(self, x: float) -> float:
        """Return the derivative at `x`."""
        return float(np.polyval(np.polyder(self.coefficients), x))


def behaviour(name: str, title: str, scenario: CallScenario) -> Behaviour:
    """Make a behaviour that one call decides."""
    trial = Trial(label="a cubic", scenario=scenario, expected=lambda *_: oracle(scenario))
    return Behaviour(name=name, title=title, trials=(trial,), evidence=(scenario,))


def called(numbers: Sequence[float], *, steps: int) -> CallScenario:
    """Call `newton(function, start, steps)` with a cubic, which the numbers after the first one make."""
    cubic = Argument(kind="named", name="polynomial", value=np.array(numbers[1:]))
    start, count = (Argument(kind="number", value=np.array(float(each))) for each in (numbers[0], steps))
    return CallScenario(arguments=(cubic, start, count))


def oracle(scenario: CallScenario, *, fixed_slope: bool = False) -> Trajectory:
    """Return the numbers of Newton's method, or those that it gives with the slope at the start in every step."""
    function, x, steps = (argument.made() for argument in scenario.arguments)
    found, first = [x], x
    for _ in range(steps):
        x -= function(x) / function.slope(first if fixed_slope else x)
        found.append(x)
    return Trajectory(rows=tuple((np.array(each),) for each in found))
