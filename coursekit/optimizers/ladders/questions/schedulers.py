"""The questions of notebook 8: a rate that somebody else wrote, and the noise floor on another parabola."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between, short
from coursekit.optimizers.ladders.questions.runs import halved, positions

SETTLED = 1e-12  # of what changes in a step, when it has come to rest


def _written(initial_lr: float, written: float, at: float, epoch: float, period: float) -> float:
    return halved(initial_lr, int(period), int(epoch), written, int(at))


def _floor(learning_rate: float, curvature: float, variance: float) -> float:
    """Follow the mean square of many walkers: a step keeps a share of where they are, and adds a share of the noise."""
    kept = positions("SGD", "", [curvature], 1.0, learning_rate=learning_rate)[-1]
    added = positions("SGD", "", [variance**0.5], learning_rate=learning_rate)[-1]
    square, before = added**2, 0.0
    while square - before > SETTLED * square:
        square, before = kept**2 * square + added**2, square
    return square


def _in_between(stream: np.random.Generator) -> Values:
    """Draw an epoch to write at within a period, and one to look at when as much of a period is left."""
    period, periods, more = (int(number) for number in stream.integers((3, 1, 0), (7, 3, 3)))
    past = int(stream.integers(1, period))
    late = int(stream.integers(0, past))
    initial, share = between(stream, (0.05, 0.3), (0.3, 0.45))
    at, epoch = period * periods + past, period * (periods + more + 1) + late
    return initial, short(share * initial), float(at), float(epoch), float(period)


QUESTIONS = {
    "rate_after_writing": Question(
        title="The rate of StepDecay after somebody has written another",
        where="Three rules built on your class",
        arguments=("initial_lr", "written", "at", "epoch", "period"),
        own=(0.02, 0.015, 25.0, 60.0, 10.0),
        draw=_in_between,
        right=_written,
        wrong=(
            Wrong(
                "counted_anew",
                "periods that are counted from the writing on",
                "The first halving comes a whole period after the rate was written.",
                "StepDecay counts its epochs from the start; it does not know that somebody has written.",
                lambda _, written, at, epoch, period: _written(written, written, 0, epoch - at, period),
            ),
            Wrong(
                "overwritten",
                "a schedule that overwrites what was written",
                "The written rate has no part in it.",
                "So does Cosine, which computes the rate anew. StepDecay halves whatever is in force.",
                lambda initial, _, __, epoch, period: _written(initial, initial, 0, epoch, period),
            ),
            Wrong(
                "every_halving",
                "all halvings from the start on",
                "Those before the rate was written are counted, too.",
                "What was written took the place of the rate as it was: earlier halvings are gone.",
                lambda _, written, __, epoch, period: _written(written, written, 0, epoch, period),
            ),
            Wrong(
                "never_again",
                "a rate that stays as it was written",
                "There is no halving after the writing.",
                "At the end of each period StepDecay halves whatever is in force.",
                lambda _, written, *__: written,
            ),
            Wrong(
                "parts_of_halvings",
                "a rate that falls a little at every epoch",
                "The number of halvings is not a whole number.",
                "StepDecay halves at the end of a period, and in between the rate stays.",
                lambda _, written, at, epoch, period: written * 0.5 ** ((epoch - at) / period),
            ),
        ),
    ),
    "noise_floor": Question(
        title="The noise floor on a parabola of any curvature",
        where="The idea",
        arguments=("learning_rate", "curvature", "variance"),
        own=(0.1, 4.0, 1.5),
        draw=lambda stream: between(stream, (0.1, 0.35), (1.5, 3), (0.5, 3)),
        right=_floor,
        wrong=(
            Wrong(
                "curvature_of_one",
                "the floor for a curvature of 1",
                "The curvature has no part in it.",
                "The true gradient is λθ here, and a step keeps the share 1 − ηλ of θ.",
                lambda rate, _, variance: _floor(rate, 1.0, variance),
            ),
            Wrong(
                "rate_for_product",
                "the floor for a rate of ηλ",
                "ηλ stands wherever η stood.",
                "θ is multiplied by ηλ, and the noise by η alone.",
                lambda rate, curvature, variance: _floor(rate * curvature, 1.0, variance),
            ),
            Wrong(
                "small_rate",
                "the floor for very small rates",
                "It grows in proportion to the rate.",
                "Only where ηλ is near 0 is (1 − ηλ)² nearly 1 − 2ηλ.",
                lambda rate, curvature, variance: rate * variance / (2 * curvature),
            ),
            Wrong(
                "one_step",
                "the noise of a single step",
                "It is what one step adds.",
                "Most of what earlier steps have added is still there.",
                lambda rate, _, variance: positions("SGD", "", [variance**0.5], learning_rate=rate)[-1] ** 2,
            ),
            Wrong(
                "distance",
                "a distance, and not its square",
                "A root is taken.",
                "Asked for is the mean of θ².",
                lambda *given: _floor(*given) ** 0.5,
            ),
        ),
    ),
}
