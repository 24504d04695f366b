"""The questions of notebook 2: a gradient that jumps, and ε inside the root."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between, short
from coursekit.optimizers.ladders.questions.runs import forgotten, last_step


def _jump(mistakes: str, times: float, learning_rate: float, decay: float) -> float:
    gradients = [1.0] * forgotten(decay) + [times]
    return last_step("RMSProp", mistakes, gradients, learning_rate=learning_rate, decay=decay)


def _first(mistakes: str, gradient: float, learning_rate: float, decay: float, epsilon: float) -> float:
    return last_step("RMSProp", mistakes, [gradient], learning_rate=learning_rate, decay=decay, epsilon=epsilon)


def _small(stream: np.random.Generator) -> Values:
    """Draw an ε that counts inside the root, and counts less beside it."""
    gradient, rate, decay, share = between(stream, (0.2, 0.4), (0.01, 0.3), (0.6, 0.85), (0.2, 0.6))
    return gradient, rate, decay, short(share * gradient**2)


QUESTIONS = {
    "step_at_jump": Question(
        title="The step of a gradient that has jumped",
        where="The idea",
        arguments=("times", "learning_rate", "decay"),
        own=(5.0, 0.01, 0.8),
        draw=lambda stream: between(stream, (2, 4), (0.01, 0.3), (0.6, 0.85)),
        right=lambda times, rate, decay: _jump("", times, rate, decay),
        wrong=(
            Wrong(
                "old_average",
                "a step that is divided by the old s",
                "The new gradient has no part in s.",
                "s takes the new gradient in first, and the move divides by the new s.",
                lambda times, rate, decay: _jump("old_average", times, rate, decay),
            ),
            Wrong(
                "weights_swapped",
                "an s whose weights are swapped",
                "ρ and 1 − ρ stand in each other's place.",
                "ρ is how much of s is kept; the new square gets the rest.",
                lambda times, rate, decay: _jump("weights_swapped", times, rate, decay),
            ),
            Wrong(
                "no_root",
                "a step that is divided by s itself",
                "The root is missing.",
                "s is a mean of squares; only its root has the size of a gradient.",
                lambda times, rate, decay: _jump("no_root", times, rate, decay),
            ),
            Wrong(
                "first_of_all",
                "the first step of all",
                "s holds the new gradient alone.",
                "After many equal gradients s is full of them, and most of it is kept.",
                lambda times, rate, decay: last_step("RMSProp", "", [times], learning_rate=rate, decay=decay),
            ),
            Wrong(
                "even",
                "a step without a jump",
                "The step has the length of the rate.",
                "So it is as long as the gradient stays the same; after a jump s needs some steps to follow.",
                lambda _, rate, decay: _jump("", 1.0, rate, decay),
            ),
        ),
    ),
    "first_step_inside": Question(
        title="The first step with ε inside the root",
        where="What usually goes wrong",
        arguments=("gradient", "learning_rate", "decay", "epsilon"),
        own=(2e-4, 0.01, 0.9, 1e-8),
        draw=_small,
        right=lambda *given: _first("epsilon_inside", *given),
        wrong=(
            Wrong(
                "beside",
                "a step with ε beside the root",
                "ε is added when the root has been taken.",
                "That is your RMSProp. Inside, it is the root of ε that counts next to a gradient.",
                lambda *given: _first("", *given),
            ),
            Wrong(
                "no_epsilon",
                "a step without ε",
                "ε has no part in it.",
                "Where a gradient is not much larger than the root of ε, it shortens the step.",
                lambda gradient, rate, decay, _: _first("", gradient, rate, decay, 1e-30),
            ),
            Wrong(
                "whole_square",
                "a first s that is the whole square",
                "1 − ρ is missing.",
                "s starts at zero: of the first square it takes the share 1 − ρ.",
                lambda gradient, rate, _, epsilon: _first("epsilon_inside", gradient, rate, 0.0, epsilon),
            ),
            Wrong(
                "weights_swapped_inside",
                "a first s with the wrong share of the square",
                "ρ stands where 1 − ρ should.",
                "ρ is how much of s is kept; the new square gets the rest.",
                lambda gradient, rate, decay, epsilon: _first("epsilon_inside", gradient, rate, 1 - decay, epsilon),
            ),
            Wrong(
                "no_root_inside",
                "a step that is divided by s + ε without the root",
                "The root is missing.",
                "s is a mean of squares; only its root has the size of a gradient.",
                lambda *given: _first("no_root", *given),
            ),
        ),
    ),
}
