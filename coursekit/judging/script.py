"""A scenario as a short script of calls, which anybody can run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Script:
    """Lines of Python that put something through a scenario.

    Attributes
    ----------
    steps
        The body of a generator that yields a row at a time, each a list of numbers and of lists of them. It makes what
        is put through the scenario with `make`.
    student
        The lines that define `student`, which is `make` for a student's work.
    right
        The lines that define `right`, which is `make` for the reference; empty where there is none.
    """

    steps: tuple[str, ...]
    student: tuple[str, ...]
    right: tuple[str, ...] = ()
