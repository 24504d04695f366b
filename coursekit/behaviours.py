"""The behaviours that are judged, one by one: the rungs of a ladder for everything a student writes.

A check cell and a hidden test use the same ladder; only the seed that draws the numbers differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from coursekit.trajectories import (
    CallScenario,
    Difference,
    Failure,
    OptimizerScenario,
    Scenario,
    SchedulerScenario,
    Trajectory,
    compare,
)

Ask: TypeAlias = Callable[[Scenario], Trajectory]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong in a trajectory.

    Attributes
    ----------
    kind
        "unwritten", "failure", "accepted", "fault", "short" or "still"; or where a number is wrong "parameter",
        "rate" or "result", by what it is a number of.
    trial
        What was tried, in English (`coursekit.language` knows its French).
    difference, failure, fault, count
        What belongs to the kind; `count` is the number of rows expected.
    """

    kind: str
    trial: str = ""
    difference: Difference | None = None
    failure: Failure | None = None
    fault: str = ""
    count: int = 0


_NUMBER_OF = {OptimizerScenario: "parameter", SchedulerScenario: "rate", CallScenario: "result"}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One scenario of a behaviour and how its trajectory is judged.

    Attributes
    ----------
    label
        What is tried, in English.
    scenario
        What the student's code is put through.
    reference
        Makes the trajectory to compare with, or None where only the faults count.
    tolerance
        See `coursekit.trajectories.compare`.
    faults
        The faults that this trial minds.
    raises
        The exception it must end with, or "".
    accept
        A further judgement of the trajectory: what is wrong with it, or None.
    """

    label: str
    scenario: Scenario
    reference: Callable[[], Trajectory] | None = None
    tolerance: float = 1e-5
    faults: frozenset[str] = frozenset()
    raises: str = ""
    accept: Callable[[Trajectory], Finding | None] | None = None

    def judge(self, trajectory: Trajectory) -> Finding | None:
        """Say what is wrong with a trajectory of this trial, or None."""
        failure = trajectory.failure
        if self.raises:
            if failure is None:
                return Finding(kind="accepted", trial=self.label, fault=self.raises)
            # The last call must raise it, not one before: a stub, too, raises NotImplementedError.
            in_time = failure.row == len(getattr(self.scenario, "calls", ()))
            return None if failure.kind == self.raises and in_time else _failed(failure, self.label)
        if failure is not None:
            return _failed(failure, self.label)
        for fault in trajectory.faults:
            if fault in self.faults:
                return Finding(kind="fault", trial=self.label, fault=fault)
        if self.reference is None and not trajectory.rows:
            return Finding(kind="short", trial=self.label, count=1)
        if self.reference is None and self.accept is None:
            still = all(map(np.array_equal, trajectory.rows[0], trajectory.rows[-1]))
            return Finding(kind="still", trial=self.label) if still else None
        finding = self.accept(trajectory) if self.accept else None
        return finding or (self._compared(trajectory, self.reference()) if self.reference else None)

    def _compared(self, trajectory: Trajectory, reference: Trajectory) -> Finding | None:
        difference = compare(trajectory, reference, self.tolerance)
        if difference is not None:
            return Finding(kind=_NUMBER_OF[type(self.scenario)], trial=self.label, difference=difference)
        if len(trajectory.rows) != len(reference.rows):
            return Finding(kind="short", trial=self.label, count=len(reference.rows))
        return None


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """One rung: a name for programs, a title for people (English), and the trials that decide it."""

    name: str
    title: str
    trials: tuple[Trial, ...]

    def judge(self, ask: Ask) -> Finding | None:
        """Put every trial to `ask` until something is wrong; None if the behaviour is right."""
        for trial in self.trials:
            finding = trial.judge(ask(trial.scenario))
            if finding is not None:
                return finding
        return None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A behaviour and what is wrong with it, None if it is right."""

    behaviour: Behaviour
    finding: Finding | None


def judge(ladder: Iterable[Behaviour], ask: Ask) -> tuple[Verdict, ...]:
    """Judge every behaviour of a ladder, in order."""
    return tuple(Verdict(behaviour=behaviour, finding=behaviour.judge(ask)) for behaviour in ladder)


def _failed(failure: Failure, label: str) -> Finding:
    unwritten = failure.kind == "NotImplementedError" and failure.line.startswith("raise NotImplementedError")
    return Finding(kind="unwritten" if unwritten else "failure", trial=label, failure=failure)
