"""What a wrong rule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.judging.mistakes import Mistake as Words
from coursekit.judging.trajectories import Scenario, Trajectory

# Optimizers that a mistake can be made in: all; those that keep something; those whose memory fades; both Adams.
EVERY = ("SGD", "RMSProp", "Adagrad", "Adam", "AdamW")
STATEFUL = ("RMSProp", "Adagrad", "Adam", "AdamW")
FADING = ("RMSProp", "Adam", "AdamW")
ADAMS = ("Adam", "AdamW")

Follow: TypeAlias = Callable[[str, Scenario], Trajectory | None]


@dataclass(frozen=True, kw_only=True)
class Mistake(Words):
    """A mistake in what some of the subjects are, and the trajectory that it leaves.

    Attributes
    ----------
    subjects
        What a student writes and may get wrong in this way.
    follow
        Gives the trajectory of the wrong rule for a subject and a scenario; None where the rule says nothing
        about such a scenario.
    """

    subjects: tuple[str, ...]
    follow: Follow
