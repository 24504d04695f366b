"""A row of the tables: a mistake with its words, and the ways of making it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from coursekit.judging.mistakes import Mistake

# Optimizers that a mistake can be made in: all; those that see how large a gradient is; those that keep something;
# those whose memory fades; those with several hyperparameters beside the rate; those that divide; both Adams; those
# with a velocity.
EVERY = ("SGD", "RMSProp", "Adagrad", "Adam", "AdamW", "Momentum", "Nesterov", "SignSGD")
SIZED = EVERY[:-1]
STATEFUL = ("RMSProp", "Adagrad", "Adam", "AdamW", "Momentum", "Nesterov")
FADING = ("RMSProp", "Adam", "AdamW", "Momentum", "Nesterov")
SEVERAL = ("RMSProp", "Adam", "AdamW")
DIVIDING = ("RMSProp", "Adagrad", "Adam", "AdamW")
ADAMS = ("Adam", "AdamW")
ROLLING = ("Momentum", "Nesterov")


@dataclass(frozen=True)
class Entry:
    """A mistake in what some of the subjects are.

    Attributes
    ----------
    name, title, looks, why, where
        As in `coursekit.judging.mistakes.Mistake`.
    subjects
        The exercises in which a student may make it.
    ways
        The variants to pick of which parts, for each way of making the mistake.
    idea
        Subjects whose notebook says it in "The idea" and not in `where`.
    """

    name: str
    title: str
    looks: str
    why: str
    where: str
    subjects: tuple[str, ...]
    ways: tuple[Mapping[str, str], ...]
    idea: tuple[str, ...] = ()

    def mistake(self, subject: str) -> Mistake:
        """Put it into words for a subject."""
        where = "The idea" if subject in self.idea else self.where
        return Mistake(name=self.name, title=self.title, looks=self.looks, why=self.why, where=where)


@dataclass(frozen=True)
class Variant:
    """One way of making a mistake."""

    mistake: Mistake
    picks: Mapping[str, str]

    @property
    def parts(self) -> Collection[str]:
        """The parts that it decides."""
        return self.picks


def variants(entries: Iterable[Entry], subject: str) -> tuple[Variant, ...]:
    """List the ways of making the mistakes about a subject."""
    return tuple(
        Variant(each.mistake(subject), way) for each in entries if subject in each.subjects for way in each.ways
    )
