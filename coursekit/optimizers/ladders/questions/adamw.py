"""The questions of notebook 5: what the decay takes, and a decay that goes through the gradient."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.ladders.questions.runs import positions


def _lost(mistakes: str, theta: float, steps: float, learning_rate: float, weight_decay: float) -> float:
    given = {"learning_rate": learning_rate, "weight_decay": weight_decay}
    return theta - positions("AdamW", mistakes, [0.0] * int(steps), theta, **given)[-1]


def _moved(mistakes: str, theta: float, gradient: float, learning_rate: float, weight_decay: float) -> float:
    given = {"learning_rate": learning_rate, "weight_decay": weight_decay}
    return theta - positions("AdamW", mistakes, [gradient], theta, **given)[-1]


def _still(stream: np.random.Generator) -> Values:
    theta, rate, decay = between(stream, (1, 5), (0.1, 0.3), (0.2, 0.5))
    return theta, float(stream.integers(8, 20)), rate, decay


def _against(stream: np.random.Generator) -> Values:
    theta, gradient, rate, decay = between(stream, (3, 5), (0.1, 0.4), (0.01, 0.3), (0.2, 0.5))
    return theta, -gradient, rate, decay


QUESTIONS = {
    "lost_to_decay": Question(
        title="What the decay takes from a parameter without a slope",
        where="The idea",
        arguments=("theta", "steps", "learning_rate", "weight_decay"),
        own=(4.5, 100.0, 0.1, 0.01),
        draw=_still,
        right=lambda *given: _lost("", *given),
        wrong=(
            Wrong(
                "what_is_left",
                "what is left of the parameter",
                "It is the value after the steps.",
                "Asked for is how much it has lost.",
                lambda theta, *given: theta - _lost("", theta, *given),
            ),
            Wrong(
                "of_the_first_value",
                "a decay that always takes from the first value",
                "Each step takes the same amount.",
                "A step takes its share of what is left, and that is less each time.",
                lambda theta, steps, *given: steps * _lost("", theta, 1, *given),
            ),
            Wrong(
                "no_rate",
                "a decay without the learning rate",
                "Each step takes the share λ.",
                "The share is η times λ: a rate that falls makes the decay weaker, too.",
                lambda *given: _lost("decay_without_rate", *given),
            ),
            Wrong(
                "through_the_gradient",
                "a decay that goes through the gradient",
                "Each step has the length of the rate.",
                "That is Adam with a penalty: it divides λθ by its own size.",
                lambda _, steps, rate, __: steps * rate,
            ),
            Wrong(
                "one_step",
                "a single step",
                "The number of steps has no part in it.",
                "Each further step takes its share, too.",
                lambda theta, _, *given: _lost("", theta, 1, *given),
            ),
        ),
    ),
    "first_move_inside": Question(
        title="The first move with the decay inside the gradient",
        where="Decay beside the gradient, decay inside the gradient",
        arguments=("theta", "gradient", "learning_rate", "weight_decay"),
        own=(-4.14, -0.5, 0.1, 0.3),
        draw=_against,
        right=lambda *given: _moved("decay_in_gradient", *given),
        wrong=(
            Wrong(
                "beside",
                "a decay beside the gradient",
                "Adam's move and the decay are added up.",
                "That is your AdamW. Inside, the two are one gradient before Adam divides it by its size.",
                lambda *given: _moved("", *given),
            ),
            Wrong(
                "not_divided",
                "a step of SGD",
                "The sum of the gradient and λθ is multiplied by the rate.",
                "Adam divides it by its own size: of the first gradient nothing is left but the sign.",
                lambda theta, gradient, rate, decay: (
                    -positions("SGD", "", [gradient + decay * theta], learning_rate=rate)[-1]
                ),
            ),
            Wrong(
                "no_decay",
                "a move without a decay",
                "The sign is that of the gradient.",
                "Here λθ is larger than the gradient, and points the other way.",
                lambda theta, gradient, rate, _: _moved("", theta, gradient, rate, 0.0),
            ),
            Wrong(
                "no_sign",
                "the length of the move, without its sign",
                "The result is the rate, whatever the numbers are.",
                "Which way the move goes is decided by the sign of the gradient and λθ together.",
                lambda theta, _, rate, __: _moved("", theta, 1.0, rate, 0.0),
            ),
            Wrong(
                "after_minus_before",
                "θ after the step minus θ before it",
                "The sign is the opposite of that of the gradient and λθ together.",
                "Asked for is what the step takes away: θ before minus θ after.",
                lambda *given: -_moved("decay_in_gradient", *given),
            ),
        ),
    ),
}
