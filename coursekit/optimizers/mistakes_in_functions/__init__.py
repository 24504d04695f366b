"""Mistakes in functions, in the classes of notebooks 11 and 13 that are no rule of numbers, and wrong answers.

A function is made of parts, and each part has wrong variants; the right one is what torch and the formula give.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, partial

import numpy as np

from coursekit.judging.behaviours import Ask
from coursekit.judging.calls import CallScenario
from coursekit.judging.diagnosis import LEAVES, OTHER, SILENT, Answers, Choices, Known
from coursekit.judging.trajectories import Precision, Scenario, Trajectory, agree
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.ladders.calls import PRECISION
from coursekit.optimizers.ladders.questions import QUESTIONS
from coursekit.optimizers.mistakes import AROUND
from coursekit.optimizers.mistakes.around import Around
from coursekit.optimizers.mistakes.entry import variants
from coursekit.optimizers.mistakes_in_functions import (
    answers,
    averaging,
    clipping,
    closeness,
    data,
    formulas,
    kept,
    loops,
    muon,
    orthogonal,
    racing,
    training,
)
from coursekit.optimizers.mistakes_in_functions.variant import Simulate, Variant
from coursekit.optimizers.racing import ComparisonScenario, TuningScenario
from coursekit.optimizers.references import OF_MATRICES
from coursekit.optimizers.scenarios import OptimizerScenario
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario

_PRECISION = Precision(travelled=PRECISION.travelled, size=1e-6)  # what stands still is known in float32, too
FEW = 6  # sets that are tried at once
MOST = 2  # mistakes that are looked for in one function
SIMULATED = (
    CallScenario,
    ClippingScenario,
    AveragingScenario,
    OptimizerScenario,
    TuningScenario,
    ComparisonScenario,
    ClosenessScenario,
)
_ALL: dict[str, tuple[tuple[Variant, ...], Simulate]] = {
    "make_data": (data.MAKE_DATA, data.make_data),
    "train": (training.TRAIN, training.train),
    "minimise": (loops.MINIMISE, loops.minimise),
    "forward": (formulas.FORWARD, formulas.forward),
    "loss": (formulas.LOSS, formulas.loss),
    "train_network": (loops.TRAIN_NETWORK, loops.train_network),
    "clip_gradients": (clipping.MISTAKES, clipping.clipped),
    "AveragedWeights": (averaging.MISTAKES, averaging.averaged),
    "bytes_kept": (kept.MISTAKES, kept.counted),
    "newton_schulz": (orthogonal.MISTAKES, orthogonal.orthogonalised),
    "Muon": (muon.MISTAKES, muon.moved),
    "close": (closeness.MISTAKES, closeness.said),
    "tuned_rate": (racing.TUNING, racing.chosen),
    "compare": (racing.COMPARING, racing.raced),
    "sign_test": (racing.TESTING, racing.tested),
    **{name: (answers.variants(name), partial(answers.answered, name)) for name in QUESTIONS},
}


@cache
def known(subject: str) -> Known | None:
    """Return what is known of the mistakes in a function; about anything else there is nothing."""
    if subject not in _ALL:
        return None
    quickest = min(ladder(subject)[0].beyond, key=_steps)
    function = Function(*_ALL[subject], quickest)

    def right(scenario: Scenario) -> Trajectory:
        return function.simulate((), scenario) or Trajectory()

    around = (Around(subject, variants(AROUND, "Momentum")),) if subject in OF_MATRICES else ()
    return Known(families=(*around, function), right=right)


def _steps(scenario: Scenario) -> float:
    """Tell how many steps are asked for in a call."""
    given = scenario.arguments if isinstance(scenario, CallScenario) else ()
    return sum(argument.value.item() for argument in given if argument.kind == "number")


class Function:
    """The variants of a function; see `coursekit.judging.diagnosis.Family`."""

    def __init__(self, variants: Sequence[Variant], simulate: Simulate, quickest: Scenario) -> None:
        self.variants = variants
        self._simulate = simulate
        self._quickest = quickest
        self._simulated = lru_cache(maxsize=20_000)(self._run)

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:
        """Tell of each set whether it leaves what the function returned."""
        sets = [tuple(choice) for choice in choices.tolist()]
        possible = [len(each) <= MOST for each in sets]
        if any(possible) and len(sets) > FEW:  # a quick call tells that most of them were not made
            quick = ask(self._quickest)
            if quick.failure is None:
                possible = [
                    able and self._answer(each, self._quickest, quick) > OTHER
                    for each, able in zip(sets, possible, strict=True)
                ]
        answers = [
            self._answer(each, scenario, got) if able else OTHER for each, able in zip(sets, possible, strict=True)
        ]
        return np.array(answers, np.int8)

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory | None:
        """Return what a function with these mistakes returns; that of no mistake is right."""
        return self._simulated(tuple(choice), scenario)

    def _answer(self, choice: tuple[int, ...], scenario: Scenario, got: Trajectory) -> int:
        left = self.simulate(choice, scenario)
        if left is None:
            return SILENT
        precision = _PRECISION if isinstance(scenario, CallScenario) else scenario.precision
        return LEAVES if len(got.rows) == len(left.rows) and agree(got, left, precision) else OTHER

    def _run(self, choice: tuple[int, ...], scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, SIMULATED):
            return None
        chosen = [self.variants[number] for number in choice]
        with np.errstate(all="ignore"):
            rows = self._simulate({each.part: each.way for each in chosen}, scenario)
        if rows is None:
            return None
        each = rows if isinstance(rows, list | tuple) else np.atleast_1d(rows)
        return Trajectory(rows=tuple(row if isinstance(row, tuple) else (np.array(row),) for row in each))
