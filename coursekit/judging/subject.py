"""The subject of a course as one object: everything the engine asks of it, and how it is found."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, ClassVar

from coursekit.errors import CourseError
from coursekit.judging.faults import Fault
from coursekit.judging.help import Advice

if TYPE_CHECKING:
    from coursekit.judging.behaviours import Behaviour, Finding
    from coursekit.judging.diagnosis import Known
    from coursekit.judging.script import Script
    from coursekit.judging.trajectories import Scenario
    from coursekit.language import Say

VISIBLE_SEED = 0  # of what a check cell judges by


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One thing that a student writes: a class, a function or a dictionary.

    Attributes
    ----------
    home
        The notebook in which it is written, without the ending of its file.
    points
        Its points there.
    lent
        Whether later notebooks get the course's own instead, where they are graded.
    only_right
        Whether later notebooks get the student's own only where it passes its check.
    """

    home: str
    points: float = 18.0
    lent: bool = False
    only_right: bool = False


class Subject(ABC):
    """The subject of a course.

    Making one must be cheap: notebooks, commands and sandboxes ask for it when they start. Heavy modules are imported
    by the methods.

    Attributes
    ----------
    exercises
        The things that students write, by name, in the order of the notebooks.
    assignments
        Each begins with the notebook of the number that it stands under, and has a folder in each language: the
        folder, whose name is that of the assignment, with the language.
    used, drawing
        Modules that notebooks use, which a grader imports once and beforehand; those that draw are imported anew by
        each notebook, as they look around for a place to draw in.
    """

    exercises: ClassVar[Mapping[str, Exercise]]
    assignments: ClassVar[Mapping[int, Mapping[str, str]]]
    used: ClassVar[tuple[str, ...]] = ()
    drawing: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def ladder(self, exercise: str, seed: int = VISIBLE_SEED) -> tuple[Behaviour, ...]:
        """Return the behaviours of an exercise, in the order in which they are shown.

        The seed draws the numbers of the scenarios; the same seed gives the same ladder.
        """

    @abstractmethod
    def scenarios(self) -> tuple[type[Scenario], ...]:
        """Return the kinds of scenario that its ladders are made of."""

    def known(self, exercise: str) -> Known | None:  # noqa: ARG002
        """Return what is known of the mistakes in an exercise, if anything is."""
        return None

    def named(self, name: str, *values: Any) -> Any:  # noqa: ARG002
        """Make an argument of a call that the subject knows by a name, of numbers and what it is made for."""
        raise KeyError(name)

    def substitute(self, exercise: str) -> Any:
        """Return what the course lends where a student's own is missing."""
        raise KeyError(exercise)

    def advise(self, finding: Finding, exercise: str, say: Say) -> Advice:  # noqa: ARG002
        """Say what is known of a finding beside which number is wrong; `say` translates."""
        return Advice()

    def script(self, scenario: Scenario, exercise: str, faults: Collection[Fault] = ()) -> Script | None:  # noqa: ARG002
        """Write a scenario as a script of calls, if one can say it; `faults` were seen when the student's code ran."""
        return None

    def warm_up(self) -> None:  # noqa: B027 - many subjects have nothing to do
        """Do what is slow the first time, and would be broken for good if a time limit interrupted it."""

    def refused(self) -> AbstractContextManager[object]:
        """Refuse in a block what a student must write and may not borrow: using it raises `Delegated`."""
        return nullcontext()

    def borrowable(self) -> tuple[str, ...]:
        """Find what `refused` refuses, all of it imported by now, and return the folders in which it lies."""
        return ()

    def forget(self) -> None:  # noqa: B027 - where nothing is refused nothing has to go
        """Take what `borrowable` found out of this process for good."""


@cache
def subject() -> Subject:
    """Find what this course is about: the one entry point of the group `coursekit.subject`.

    Where several are installed, the environment variable `COURSEKIT_SUBJECT` names one.

    Raises
    ------
    CourseError
        When there is none, or no way to choose.
    """
    found = {entry.name: entry for entry in entry_points(group="coursekit.subject")}
    name = os.environ.get("COURSEKIT_SUBJECT") or (next(iter(found)) if len(found) == 1 else "")
    if name not in found:
        there = ", ".join(sorted(found)) or "none"
        raise CourseError(
            f"No subject {name!r} is installed (there: {there}). Install the course again, or set COURSEKIT_SUBJECT to"
            " one that is there."
        )
    made: Subject = found[name].load()()
    return made
