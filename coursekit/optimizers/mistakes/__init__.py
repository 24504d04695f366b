"""The named wrong rules: each leaves a trajectory of its own on any scenario, and has the words that explain it.

Nothing here is a solution. Most are torch's own classes on a scenario that was tampered with; the others are a
few lines of a rule that is wrong.
"""

from __future__ import annotations

from coursekit.optimizers.mistakes.entries import (
    adagrad,
    adam,
    adamw,
    defaults,
    division,
    hyperparameters,
    lr_scheduler,
    memory,
    plateau,
    rmsprop,
    sgd,
    structure,
)
from coursekit.optimizers.mistakes.entry import Mistake

__all__ = ["CATALOGUE", "Mistake", "of"]

CATALOGUE: tuple[Mistake, ...] = (
    *sgd.ENTRIES,
    *division.ENTRIES,
    *rmsprop.ENTRIES,
    *adagrad.ENTRIES,
    *adam.ENTRIES,
    *adamw.ENTRIES,
    *structure.ENTRIES,
    *memory.ENTRIES,
    *hyperparameters.ENTRIES,
    *lr_scheduler.ENTRIES,
    *plateau.ENTRIES,
    *defaults.ENTRIES,
)


def of(subject: str) -> tuple[Mistake, ...]:
    """Give the mistakes about something that a student writes, in the order of the catalogue.

    Parameters
    ----------
    subject
        An optimizer, "LRScheduler" or "LRSchedulerOnPlateau"; about anything else there is none.
    """
    return tuple(each for each in CATALOGUE if subject in each.subjects)
