"""What a misconception is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.judging.trajectories import Scenario, Trajectory

# Optimizers that a mistake can be made in: all; those that keep something; those whose memory fades; both Adams.
EVERY = ("SGD", "RMSProp", "Adagrad", "Adam", "AdamW")
STATEFUL = ("RMSProp", "Adagrad", "Adam", "AdamW")
FADING = ("RMSProp", "Adam", "AdamW")
ADAMS = ("Adam", "AdamW")

Follow: TypeAlias = Callable[[str, Scenario], Trajectory | None]


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """A wrong rule with a name, the words that explain it, and the trajectory that it leaves.

    Attributes
    ----------
    name
        A slug, unique among the misconceptions of a subject.
    title
        Completes "Your numbers are those of …"; the field `{subject}` stands for what was to be written.
    looks
        What it looks like in code or in a run.
    why
        Why it is wrong.
    where
        The section of the notebook that explains it, by its English title.
    subjects
        What a student writes and may get wrong in this way.
    follow
        Gives the trajectory of the wrong rule for a subject and a scenario; None where the rule says nothing
        about such a scenario.
    """

    name: str
    title: str
    looks: str
    why: str
    where: str
    subjects: tuple[str, ...]
    follow: Follow
