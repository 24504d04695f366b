"""The questions of notebook 9: the other reading of patience, and a count that is not put back."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Way, Wrong, between
from coursekit.optimizers.ladders.questions.runs import rates

LOW = 1e-30  # a floor that no rate gets to
GETTING_BETTER = 0.5  # from epoch to epoch, as long as it does


def _reduction(mistakes: str, improved: float, patience: float, number: float) -> float:
    """Return the epoch of a reduction, where the metric stands still after an epoch."""
    epochs = int(improved + (patience + 1) * number) + 1
    metrics = [GETTING_BETTER ** min(epoch, improved) for epoch in range(epochs)]
    given = {"initial_lr": 0.5, "patience": patience, "factor": 0.5, "min_lr": LOW, "threshold": 1e-4}
    seen = [0.5, *rates(mistakes, metrics, **given)]
    reduced = [epoch for epoch in range(epochs) if seen[epoch + 1] < seen[epoch]]
    return float(reduced[int(number) - 1])


def _rate(mistakes: str) -> Way:
    """Return what makes the rate after a good epoch and some bad ones."""

    def left(initial_lr: float, factor: float, patience: float, bad_epochs: float) -> float:
        given = {"initial_lr": initial_lr, "patience": patience, "factor": factor, "min_lr": LOW, "threshold": 1e-4}
        return rates(mistakes, [1.0] * (int(bad_epochs) + 1), **given)[-1]

    return left


def _stuck(stream: np.random.Generator) -> Values:
    return tuple(float(number) for number in stream.integers((1, 2, 3), (6, 7, 6)))


def _worse(stream: np.random.Generator) -> Values:
    patience, more = (int(number) for number in stream.integers((2, 3), (6, 7)))
    return *between(stream, (0.1, 0.9), (0.3, 0.8)), float(patience), float(patience + more)


QUESTIONS = {
    "reduction_in_keras": Question(
        title="The epoch of a reduction where the count need only reach patience",
        where="How patient is `patience=3`?",
        arguments=("improved", "patience", "number"),
        own=(2.0, 3.0, 3.0),
        draw=_stuck,
        right=lambda *given: _reduction("patience_reached", *given),
        wrong=(
            Wrong(
                "in_torch",
                "a count that must exceed patience",
                "From one reduction to the next it takes patience + 1 epochs.",
                "That is your class, and torch. With `>=` the rate falls one epoch earlier each time.",
                lambda *given: _reduction("", *given),
            ),
            Wrong(
                "only_the_first",
                "a reading that matters for the first reduction alone",
                "One epoch is gained in all.",
                "The count starts again after each reduction, and each time it needs one epoch less.",
                lambda *given: _reduction("", *given) - 1,
            ),
            Wrong(
                "from_the_start",
                "epochs that are counted from the first one",
                "The last improvement has no part in it.",
                "An improvement puts the count back to 0: bad epochs are counted from there.",
                lambda _, *given: _reduction("patience_reached", 1, *given) - 1,
            ),
            Wrong(
                "not_put_back",
                "a count that is not put back to 0 by a reduction",
                "From the first reduction on each bad epoch reduces.",
                "A reduction puts the count back to 0, and patience begins again.",
                lambda *given: _reduction("patience_reached count_kept_after_reduction", *given),
            ),
        ),
    ),
    "rate_if_not_reset": Question(
        title="The rate where a reduction does not put the count back",
        where="What usually goes wrong",
        arguments=("initial_lr", "factor", "patience", "bad_epochs"),
        own=(0.8, 0.5, 5.0, 13.0),
        draw=_worse,
        right=_rate("count_kept_after_reduction"),
        wrong=(
            Wrong(
                "put_back",
                "a count that a reduction puts back to 0",
                "After a reduction patience begins again.",
                "That is your class. Here the count stays above patience once it is there.",
                _rate(""),
            ),
            Wrong(
                "patience_reached",
                "a count that need only reach patience",
                "There is one reduction more.",
                "As many bad epochs as patience says are allowed; the next one reduces.",
                _rate("patience_reached count_kept_after_reduction"),
            ),
            Wrong(
                "one_too_few",
                "reductions of which the first is left out",
                "There is one reduction less.",
                "The first bad epoch beyond patience reduces already.",
                lambda *given: _rate("count_kept_after_reduction")(*given[:3], given[3] - 1),
            ),
            Wrong(
                "every_bad_epoch",
                "a scheduler without patience",
                "Each bad epoch reduces the rate, the first one too.",
                "The first bad epochs are allowed, as many as patience says.",
                _rate("patience_ignored"),
            ),
            Wrong(
                "one_reduction",
                "a single reduction",
                "The rate is multiplied by the factor once.",
                "Each further bad epoch reduces the rate again, as the count is still above patience.",
                lambda rate, factor, patience, _: _rate("")(rate, factor, patience, patience + 1),
            ),
        ),
    ),
}
