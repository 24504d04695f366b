"""The questions of notebook 6: the rate for a given share of the way, and where AdamW comes to rest."""

from __future__ import annotations

import math

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.ladders.questions.runs import rate_to


def _rest(minimum: float, curvature: float, root_v: float, weight_decay: float) -> float:
    """Find where the two parts of a step cancel: both are straight lines, of which two places tell all."""

    def pull(x: float) -> float:
        return curvature * (x - minimum) / root_v + weight_decay * x

    return float(np.interp(0.0, [pull(-1e3), pull(1e3)], [-1e3, 1e3]))


def _share(stream: np.random.Generator) -> Values:
    return *between(stream, (0.05, 0.4), (0.5, 4)), float(stream.integers(3, 10))


QUESTIONS = {
    "rate_for": Question(
        title="The rate with which SGD leaves a given share of the way",
        where="The comparison, with the defaults",
        arguments=("share", "curvature", "steps"),
        own=(0.1326, 2.0, 10.0),
        draw=_share,
        right=lambda share, curvature, steps: rate_to(share, curvature, int(steps)),
        wrong=(
            Wrong(
                "even_steps",
                "steps that are all as long as the first",
                "The way is divided by the number of steps.",
                "The slope falls with the distance, and the steps fall with the slope.",
                lambda share, curvature, steps: rate_to(share, curvature) / steps,
            ),
            Wrong(
                "one_step",
                "a single step",
                "The number of steps has no part in it.",
                "Each step leaves its share of what the one before has left.",
                lambda share, curvature, _: rate_to(share, curvature),
            ),
            Wrong(
                "curvature_twice",
                "a curvature that is counted twice",
                "The distance is multiplied by 1 − 2ηλ at each step.",
                "On (x − 2)² the curvature λ is 2 already: the factor is 1 − ηλ.",
                lambda share, curvature, steps: rate_to(share, 2 * curvature, int(steps)),
            ),
            Wrong(
                "jumps_across",
                "a rate with which each step jumps across the minimum",
                "The share is left, but on one side and on the other in turn.",
                "Asked for is the rate with which x comes nearer from one side.",
                lambda share, curvature, steps: rate_to(-1.0, curvature) - rate_to(share, curvature, int(steps)),
            ),
            Wrong(
                "what_is_gone",
                "the share of the way that is gone",
                "1 − share stands where the share should.",
                "Asked for is the rate with which this share is left.",
                lambda share, curvature, steps: rate_to(1 - share, curvature, int(steps)),
            ),
            Wrong(
                "small_rate",
                "a rate for very small steps",
                "e^(−ηλ) stands for what a step leaves.",
                "Only where ηλ is near 0 is that nearly 1 − ηλ.",
                lambda share, curvature, steps: -math.log(share) / (curvature * steps),
            ),
        ),
    ),
    "place_of_rest": Question(
        title="The place where AdamW comes to rest",
        where="A larger rate is not enough",
        arguments=("minimum", "curvature", "root_v", "weight_decay"),
        own=(2.0, 2.0, 41.2, 0.01),
        draw=lambda stream: between(stream, (1, 5), (1.5, 4), (3, 8), (0.1, 0.3)),
        right=_rest,
        wrong=(
            Wrong(
                "minimum",
                "the minimum itself",
                "The decay has no part in it.",
                "At the minimum the slope is 0 and the decay is not: it goes on pulling.",
                lambda minimum, *_: minimum,
            ),
            Wrong(
                "through_the_gradient",
                "a decay that is divided by √v̂, too",
                "√v̂ has no part in it.",
                "That is Adam with a penalty. AdamW divides the slope alone, and the decay stands beside it.",
                lambda minimum, curvature, _, decay: _rest(minimum, curvature, 1.0, decay),
            ),
            Wrong(
                "added",
                "a decay that pushes away from 0",
                "The two parts have the wrong sign to each other.",
                "The decay pulls towards 0, so that the place of rest lies between 0 and the minimum.",
                lambda minimum, curvature, root_v, decay: _rest(minimum, curvature, root_v, -decay),
            ),
            Wrong(
                "no_curvature",
                "a slope that is the distance",
                "The curvature has no part in it.",
                "The slope at x is the curvature times the distance from the minimum.",
                lambda minimum, _, root_v, decay: _rest(minimum, 1.0, root_v, decay),
            ),
            Wrong(
                "distance",
                "the distance from the minimum",
                "It says how far off x is.",
                "Asked for is the place itself.",
                lambda minimum, *given: minimum - _rest(minimum, *given),
            ),
            Wrong(
                "pull_at_the_minimum",
                "a decay that pulls as it does at the minimum",
                "λ is multiplied by the minimum, and not by x.",
                "Where x rests, the decay is λ times x itself.",
                lambda minimum, curvature, root_v, decay: minimum * (1 - root_v * decay / curvature),
            ),
        ),
    ),
}
