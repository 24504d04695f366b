"""Wrong rules for `LRSchedulerOnPlateau`: what each does around the step of torch's plateau."""

from __future__ import annotations

import math
from typing import Any

from coursekit.optimizers.mistakes.schedulers import Watched

# settings of torch's scheduler


def threshold_absolute(inner: Any) -> None:
    """Subtract the threshold from the best metric."""
    inner.threshold_mode = "abs"


def no_threshold(inner: Any) -> None:
    """Take every better metric for an improvement."""
    inner.threshold = 0.0


def threshold_wrong_side(inner: Any) -> None:
    """Take a metric that is a little worse for an improvement."""
    inner.threshold = -inner.threshold


def max_with_min_threshold(inner: Any) -> None:
    """Use 1 − τ in both modes."""
    if inner.mode == "max":
        inner.threshold = -inner.threshold


def best_starts_at_zero(inner: Any) -> None:
    """Start with 0 as the best metric."""
    inner.best = 0.0


def no_floor(inner: Any) -> None:
    """Forget the smallest rate."""
    inner.min_lrs = [0.0] * len(inner.min_lrs)


def max_never_improves(inner: Any) -> None:
    """Start or compare as in the other mode."""
    if inner.mode == "max":
        inner.best = math.inf


# the count


def count_kept_after_improvement(plateau: Watched, _: float) -> None:
    """Leave the count where it was."""
    if plateau.improves:
        plateau.inner.num_bad_epochs = plateau.old_count


def count_kept_after_reduction(plateau: Watched, _: float) -> None:
    """Leave the count above patience."""
    if plateau.reduces:
        plateau.inner.num_bad_epochs = plateau.old_count + 1


# the best metric


def last_is_best(plateau: Watched, metric: float) -> None:
    """Compare with the epoch before."""
    plateau.inner.best = metric


def best_never_updated(plateau: Watched, _: float) -> None:
    """Compare with infinity for ever."""
    plateau.inner.best = plateau.worst


def best_forgotten(plateau: Watched, _: float) -> None:
    """Begin anew after a reduction."""
    if plateau.reduces:
        plateau.inner.best = plateau.worst


def distance_of_best(plateau: Watched, _: float) -> None:
    """Take the threshold as a share of the size of the best metric."""
    plateau.inner.threshold = math.copysign(plateau.inner.threshold, plateau.inner.best)


# NaN


def nan_ignored(plateau: Watched, metric: float) -> None:
    """Undo what an epoch with NaN did."""
    if math.isnan(metric):
        plateau.inner.num_bad_epochs = plateau.old_count
        _restore_rates(plateau)


def nan_resets(plateau: Watched, metric: float) -> None:
    """Put the count back to 0 at NaN."""
    if math.isnan(metric):
        plateau.inner.num_bad_epochs = 0
        _restore_rates(plateau)


def nan_becomes_best(plateau: Watched, metric: float) -> None:
    """Let NaN become the best metric: after it nothing is better."""
    if math.isnan(metric):
        nan_resets(plateau, metric)
        plateau.inner.best = metric


# the new rate


def from_initial_rate(_: float, plateau: Watched) -> float:
    """Multiply the initial rate."""
    return max(plateau.initial_lr * plateau.inner.factor, plateau.inner.min_lrs[0])


def factor_subtracted(old: float, plateau: Watched) -> float:
    """Subtract the factor."""
    return max(old - plateau.inner.factor, plateau.inner.min_lrs[0])


def rate_divided(old: float, plateau: Watched) -> float:
    """Divide by the factor."""
    return max(old / plateau.inner.factor, plateau.inner.min_lrs[0])


def straight_to_floor(_: float, plateau: Watched) -> float:
    """Take the smallest rate at once."""
    return float(plateau.inner.min_lrs[0])


def remembered_rate(plateau: Watched, _: float) -> None:
    """Multiply the rate that the scheduler wrote last."""
    if plateau.reduces:
        plateau.set_lr(max(plateau.written * plateau.inner.factor, plateau.inner.min_lrs[0]))


# helper


def _restore_rates(plateau: Watched) -> None:
    for group, old in zip(plateau.optimizer.param_groups, plateau.old_rates, strict=True):
        group["lr"] = old
