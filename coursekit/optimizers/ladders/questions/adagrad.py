"""The questions of notebook 3: a rare feature, and one memory for two parameters."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.ladders.questions.runs import last_step


def _rare(mistakes: str, steps: float, every: float, learning_rate: float) -> float:
    gradients = [float(step % int(every) == 0) for step in range(1, int(steps) + 1)]
    return last_step("Adagrad", mistakes, gradients, learning_rate=learning_rate)


def _shared(mistakes: str, g1: float, g2: float, learning_rate: float) -> float:
    """Return the step of the first, in whose G the square of the other is already."""
    return last_step("Adagrad", mistakes, [g2, g1], learning_rate=learning_rate)


def _seldom(stream: np.random.Generator) -> Values:
    every, times = (int(number) for number in stream.integers((3, 3), (7, 9)))
    return float(every * times), float(every), *between(stream, (0.05, 0.6))


QUESTIONS = {
    "rare_step": Question(
        title="The step of a feature that is seldom there",
        where="Rare features",
        arguments=("steps", "every", "learning_rate"),
        own=(60.0, 10.0, 0.5),
        draw=_seldom,
        right=lambda *given: _rare("", *given),
        wrong=(
            Wrong(
                "always_there",
                "a feature that is there at every step",
                "All steps are counted.",
                "A gradient of 0 adds nothing to G: only the steps count at which the feature was there.",
                lambda steps, _, rate: _rare("", steps, 1, rate),
            ),
            Wrong(
                "no_root",
                "a step that is divided by G itself",
                "The root is missing.",
                "G is a sum of squares; only its root has the size of a gradient.",
                lambda *given: _rare("no_root", *given),
            ),
            Wrong(
                "first_of_all",
                "the first step of all",
                "The step has the length of the rate.",
                "What is rare has shorter and shorter steps, too: each time adds to G.",
                lambda _, every, rate: _rare("", every, every, rate),
            ),
            Wrong(
                "pauses_counted",
                "a memory of the pauses",
                "The step grows shorter with the length of a pause, and not with the number of times.",
                "In a pause nothing is added to G, however long it is.",
                lambda _, every, rate: _rare("", every, 1, rate),
            ),
        ),
    ),
    "shared_first_step": Question(
        title="The first step where two parameters share one G",
        where="What usually goes wrong",
        arguments=("g1", "g2", "learning_rate"),
        own=(1.5, 4.5, 0.5),
        draw=lambda stream: between(stream, (0.5, 2), (3, 6), (0.05, 0.6)),
        right=lambda *given: _shared("", *given),
        wrong=(
            Wrong(
                "own_memory",
                "a step with a G of its own",
                "The step has the length of the rate.",
                "That is your Adagrad: there each parameter is divided by the size of its own gradient alone.",
                lambda g1, _, rate: last_step("Adagrad", "", [g1], learning_rate=rate),
            ),
            Wrong(
                "no_root",
                "a step that is divided by G itself",
                "The root is missing.",
                "G is a sum of squares; only its root has the size of a gradient.",
                lambda *given: _shared("no_root", *given),
            ),
            Wrong(
                "not_squared",
                "a sum of gradients, not of their squares",
                "The gradients are added up as they are.",
                "G adds up squares, and the root is taken of the sum.",
                lambda g1, g2, rate: rate * g1 / (g1 + g2),
            ),
            Wrong(
                "mean_for_sum",
                "a mean of the two squares",
                "The sum is divided by 2.",
                "Adagrad never divides G by how much has been added.",
                lambda g1, g2, rate: 2**0.5 * _shared("", g1, g2, rate),
            ),
            Wrong(
                "of_the_other",
                "the step of the other parameter",
                "The gradients stand in each other's place.",
                "Asked for is the step of the parameter whose gradient is g1.",
                lambda g1, g2, rate: _shared("", g2, g1, rate),
            ),
        ),
    ),
}
