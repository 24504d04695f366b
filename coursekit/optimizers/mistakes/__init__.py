"""The known mistakes: variants of the parts that a rule is made of, each with the words that explain it.

Nothing here is a solution. A wrong rule is a choice of variants, and without any there is nothing to simulate: torch
has the right rules.
"""

from __future__ import annotations

from functools import cache, partial

from coursekit.judging.diagnosis import Family, Known
from coursekit.optimizers.mistakes.around import Around
from coursekit.optimizers.mistakes.entries import (
    adam,
    averages,
    decay,
    division,
    handling,
    rates,
    signs,
    steps,
    velocity,
)
from coursekit.optimizers.mistakes.entries import schedules as schedule_entries
from coursekit.optimizers.mistakes.entry import EVERY, variants
from coursekit.optimizers.mistakes.rules import Rules
from coursekit.optimizers.mistakes.schedulers import Schedulers
from coursekit.optimizers.mistakes.schedules import Schedules
from coursekit.optimizers.references import SCHEDULES, reference

SUBJECTS = (*EVERY, "LRScheduler", "LRSchedulerOnPlateau", *SCHEDULES)
AROUND = (*handling.HYPERPARAMETERS, *handling.LOOPS)
_RULE = (
    *steps.ENTRIES,
    *averages.ENTRIES,
    *velocity.ENTRIES,
    *signs.ENTRIES,
    *adam.ENTRIES,
    *division.ENTRIES,
    *decay.ENTRIES,
    *handling.FIXED.values(),
    handling.BETAS_FIXED,
    *handling.KEPT,
)


@cache
def known(subject: str) -> Known | None:
    """Return what is known of the mistakes in something that a student writes.

    Parameters
    ----------
    subject
        An optimizer or a scheduler; about anything else there is nothing.
    """
    if subject not in SUBJECTS:
        return None
    families: tuple[Family, ...] = (Schedulers(variants(rates.ENTRIES, subject)),)
    if subject in SCHEDULES:
        families = (Schedules(variants(schedule_entries.ENTRIES, subject)),)
    elif subject in EVERY:
        families = (Around(subject, variants(AROUND, subject)), Rules(subject, variants(_RULE, subject)))
    return Known(families=families, right=partial(reference, subject))
