"""The questions of notebook 1: a gradient that is not cleared, and a loss that is a sum."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.ladders.questions.runs import positions, rate_to


def _moved(mistakes: str, *gradients: float, learning_rate: float) -> float:
    return -positions("SGD", mistakes, gradients, learning_rate=learning_rate)[-1]


def _critical(curvature: float) -> float:
    """Return the rate at which a step ends as far from the minimum as it began."""
    return rate_to(-1.0, curvature)


def _of_a_sum(stream: np.random.Generator) -> Values:
    return *between(stream, (0.5, 60)), float(stream.integers(5, 200))


QUESTIONS = {
    "moved_uncleared": Question(
        title="How far three steps go without zero_grad",
        where="What usually goes wrong",
        arguments=("g1", "g2", "g3", "learning_rate"),
        own=(4.5, -1.5, 2.5, 0.1),
        draw=lambda stream: between(stream, (3, 5), (0.5, 1.5), (0.5, 2), (0.05, 0.3)),
        right=lambda g1, g2, g3, rate: _moved("gradients_summed", g1, g2, g3, learning_rate=rate),
        wrong=(
            Wrong(
                "cleared",
                "three steps with cleared gradients",
                "Each gradient counts once.",
                "Without `zero_grad` a gradient stays in `.grad`, and every later step uses it again.",
                lambda g1, g2, g3, rate: _moved("", g1, g2, g3, learning_rate=rate),
            ),
            Wrong(
                "last_counts_most",
                "three steps in which the last gradient counts most",
                "The weights of the gradients grow from step to step.",
                "The first gradient is there in all three steps, the last one in the last step only.",
                lambda g1, g2, g3, rate: _moved("gradients_summed", g3, g2, g1, learning_rate=rate),
            ),
            Wrong(
                "no_rate",
                "three steps at a learning rate of 1",
                "The learning rate has no part in it.",
                "A step is η times what stands in `.grad`.",
                lambda g1, g2, g3, _: _moved("gradients_summed", g1, g2, g3, learning_rate=1.0),
            ),
            Wrong(
                "other_sign",
                "the way in the other direction",
                "The result has the other sign.",
                "Asked for is θ before the steps minus θ after them: positive gradients make it positive.",
                lambda g1, g2, g3, rate: _moved("gradients_summed", -g1, -g2, -g3, learning_rate=rate),
            ),
        ),
    ),
    "largest_rate_of_sum": Question(
        title="The rate from which SGD diverges on a sum of errors",
        where="The rate from which it diverges",
        arguments=("curvature", "points"),
        own=(68.01, 100.0),
        draw=_of_a_sum,
        right=lambda curvature, points: _critical(curvature * points),
        wrong=(
            Wrong(
                "of_the_mean",
                "the rate for the mean of the errors",
                "The number of points has no part in it.",
                "A sum over n points is n times their mean, and so is everything that is derived from it.",
                lambda curvature, _: _critical(curvature),
            ),
            Wrong(
                "grows_with_points",
                "a rate that grows with the number of points",
                "The rate of the mean is multiplied by the number of points.",
                "More points make the sum steeper, and what is steeper needs a smaller rate.",
                lambda curvature, points: _critical(curvature / points),
            ),
            Wrong(
                "arrives",
                "the rate at which a single step arrives",
                "It is half of what is asked for.",
                "At that rate a step ends in the minimum; at the one asked for it ends as far away as it began.",
                lambda curvature, points: rate_to(0.0, curvature * points),
            ),
            Wrong(
                "upside_down",
                "a fraction that is upside down",
                "The result grows with the curvature.",
                "The steeper the loss, the smaller is the largest rate.",
                lambda curvature, points: 1 / _critical(curvature * points),
            ),
            Wrong(
                "no_curvature",
                "a rate without the curvature",
                "Only the number of points counts.",
                "Two losses with as many points may be curved quite differently.",
                lambda _, points: _critical(points),
            ),
        ),
    ),
}
