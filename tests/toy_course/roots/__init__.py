"""Finding roots: a second subject, as small as one can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Trial
from coursekit.judging.calls import Argument, CallScenario
from coursekit.judging.diagnosis import LEAVES, OTHER, Answers, Choices, Known, equal
from coursekit.judging.mistakes import Mistake
from coursekit.judging.subject import VISIBLE_SEED, Exercise, Subject
from coursekit.judging.trajectories import Scenario, Trajectory


class Roots(Subject):
    """Newton's method, in one notebook and one language."""

    exercises: ClassVar[Mapping[str, Exercise]] = {"newton": Exercise(home="01_newton")}
    assignments: ClassVar[Mapping[int, Mapping[str, str]]] = {1: {"roots": "en"}}

    def ladder(self, exercise: str, seed: int = VISIBLE_SEED) -> tuple[Behaviour, ...]:
        """Return the two behaviours of `newton`."""
        assert exercise == "newton"
        numbers = np.random.default_rng(seed).uniform(1.0, 2.0, 5)
        return (
            behaviour("start", "The first number is the start", called(numbers, steps=0)),
            behaviour("tangent", "The next number is where the tangent crosses zero", called(numbers, steps=4)),
        )

    def known(self, exercise: str) -> Known | None:
        """Return the one mistake."""
        assert exercise == "newton"
        return Known(families=(Slopes(),), right=oracle)

    def scenarios(self) -> tuple[type[Scenario], ...]:
        """Return calls."""
        return (CallScenario,)

    def named(self, name: str, *values: float) -> Polynomial:
        """Make a polynomial of its coefficients."""
        return {"polynomial": Polynomial}[name](values)


class FixedSlope:
    """The slope at the start, taken in every step."""

    parts = ("slope",)
    mistake = Mistake(
        name="fixed_slope",
        title="{subject} with the slope at the start in every step",
        looks="The slope is computed before the loop.",
        why="The tangent turns from step to step.",
        where="Newton's method",
    )


class Slopes:
    """What may be wrong with a slope."""

    variants = (FixedSlope(),)

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:  # noqa: ARG002
        """Tell whether each set of mistakes, that is the one with this mistake, leaves what was got."""
        made = self.simulate((0,), scenario)
        return np.full(len(choices), LEAVES if equal(scenario, got, made) else OTHER, np.int8)

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory:  # noqa: ARG002
        """Run Newton's method with the mistake."""
        assert isinstance(scenario, CallScenario)
        return oracle(scenario, fixed_slope=True)


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


def oracle(scenario: Scenario, *, fixed_slope: bool = False) -> Trajectory:
    """Return the numbers of Newton's method, or those that it gives with the slope at the start in every step."""
    assert isinstance(scenario, CallScenario)
    function, x, steps = (argument.made() for argument in scenario.arguments)
    found, first = [x], x
    for _ in range(steps):
        x -= function(x) / function.slope(first if fixed_slope else x)
        found.append(x)
    return Trajectory(rows=tuple((np.array(each),) for each in found))
