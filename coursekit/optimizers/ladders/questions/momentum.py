"""The questions of notebook 10: a velocity that is left alone, and a rate inside the velocity that falls."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.ladders.questions.runs import forgotten, last_step, positions


def _rolled(first: float, velocity: float, learning_rate: float, momentum: float) -> float:
    """Return how far a parameter goes from step `first` on, where only the first step has a gradient."""
    gradients = [velocity, *[0.0] * (2 * forgotten(momentum))]
    places = positions("Momentum", "", gradients, learning_rate=learning_rate, momentum=momentum)
    return places[int(first)] - places[-1]


def _after(last: float, before: float, momentum: float) -> float:
    """Return how far the step goes after a gradient that was the same for long, at a rate of 1."""
    steady = [before] * (2 * forgotten(momentum))
    return last_step("Momentum", "", [*steady, last], learning_rate=1.0, momentum=momentum)


def _cut(stream: np.random.Generator) -> Values:
    gradient, old, new, momentum = between(stream, (0.5, 4), (0.1, 0.3), (0.04, 0.09), (0.5, 0.7))
    return gradient, old, new, momentum


QUESTIONS = {
    "rolls_on": Question(
        title="How far a parameter rolls on without a gradient",
        where="The idea",
        arguments=("velocity", "learning_rate", "momentum"),
        own=(7.0, 0.01, 0.9),
        draw=lambda stream: between(stream, (2, 9), (0.05, 0.3), (0.6, 0.85)),
        right=lambda *given: _rolled(1, *given),
        wrong=(
            Wrong(
                "step_before",
                "the way with the step before in it",
                "The velocity counts whole in the first step.",
                "The next step multiplies the velocity by μ before it moves the parameter.",
                lambda *given: _rolled(0, *given),
            ),
            Wrong(
                "one_step",
                "the next step alone",
                "Only one step is counted.",
                "The velocity shrinks by μ at each step, and each of the steps moves the parameter.",
                lambda velocity, rate, momentum: -positions("SGD", "", [momentum * velocity], learning_rate=rate)[-1],
            ),
            Wrong(
                "no_rate",
                "a sum of velocities",
                "The learning rate has no part in it.",
                "A step is η times the velocity.",
                lambda velocity, _, momentum: _rolled(1, velocity, 1.0, momentum),
            ),
            Wrong(
                "exchanged",
                "a way with μ and 1 − μ exchanged",
                "The less momentum there is, the longer is the way.",
                "A step leaves the share μ of the velocity, and the steps add up to μ/(1 − μ) velocities.",
                lambda velocity, rate, momentum: _rolled(1, velocity, rate, 1 - momentum),
            ),
        ),
    ),
    "step_after_cut": Question(
        title="The first step after the rate was cut, with the rate inside the velocity",
        where="When the rate changes",
        arguments=("gradient", "old_rate", "new_rate", "momentum"),
        own=(1.0, 0.1, 0.01, 0.9),
        draw=_cut,
        right=lambda gradient, old, new, momentum: _after(new * gradient, old * gradient, momentum),
        wrong=(
            Wrong(
                "as_torch",
                "a step of your class",
                "The new rate multiplies all of the velocity.",
                "That is torch's form. Inside, what was gathered keeps the old rate.",
                lambda gradient, _, new, momentum: _after(new * gradient, new * gradient, momentum),
            ),
            Wrong(
                "old_goes_on",
                "a step in which nothing has changed",
                "The new rate has no part in it.",
                "The gradient of this step is multiplied by the new rate.",
                lambda gradient, old, _, momentum: _after(old * gradient, old * gradient, momentum),
            ),
            Wrong(
                "velocity_whole",
                "a step to which the whole old velocity is added",
                "The old velocity is not multiplied by μ.",
                "A step leaves only the share μ of the velocity, this one too.",
                lambda gradient, old, new, momentum: (
                    _after(old * gradient, old * gradient, momentum) + _after(new * gradient, 0.0, momentum)
                ),
            ),
            Wrong(
                "gradient_missing",
                "the old velocity alone",
                "The gradient of this step is left out.",
                "The new gradient is added, times the new rate.",
                lambda gradient, old, _, momentum: _after(0.0, old * gradient, momentum),
            ),
            Wrong(
                "new_alone",
                "a step without momentum",
                "Only the new rate and the gradient count.",
                "The velocity that was gathered before is still there.",
                lambda gradient, _, new, momentum: _after(new * gradient, 0.0, momentum),
            ),
        ),
    ),
}
