"""Known mistakes, and the diagnosis of a student's numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """The words for one mistake.

    Attributes
    ----------
    name
        A slug, unique among the mistakes in one thing that a student writes.
    title
        Completes "Your numbers are those of …", or "You wrote …"; the field `{subject}` stands for what was to be
        written.
    looks
        The way it looks in code or in a run.
    why
        Why it is wrong.
    where
        The section of the notebook that explains it, by its English title.
    by_numbers
        Whether what is known of it are the numbers that it leaves.
    """

    name: str
    title: str
    looks: str
    why: str
    where: str
    by_numbers: bool = True


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The smallest sets of mistakes that leave a student's numbers: one is certain, several are candidates."""

    sets: tuple[tuple[Mistake, ...], ...] = ()

    @property
    def certain(self) -> tuple[Mistake, ...]:
        """The mistakes that were made, all of them together; none where more than one set leaves the numbers."""
        return self.sets[0] if len(self.sets) == 1 else ()
