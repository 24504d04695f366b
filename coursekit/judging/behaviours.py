"""The behaviours that are judged, one by one: a ladder of them for everything a student writes.

A check cell and a hidden test use the same ladder; only the seed that draws the numbers differs. A behaviour is
judged against torch where it is the rule itself, and else against the student's own code in its plainest use,
so that one mistake does not cost what it does not touch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from coursekit.judging.faults import Fault, FaultKind
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.trajectories import Difference, Failure, Number, Precision, Scenario, Trajectory, agree, compare

Ask: TypeAlias = Callable[[Scenario], Trajectory]
# Makes a trajectory to compare with, out of what was asked for and, where that helps, of further questions.
Derive: TypeAlias = Callable[[Ask, Trajectory], Trajectory]
Kind: TypeAlias = Literal["unwritten", "failure", "accepted", "fault", "short", "same", "hidden"] | Number


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The error found in a trajectory.

    Attributes
    ----------
    kind
        The kind of error; where a number is wrong, the kind of number.
    trial
        The label of the trial, in English (`coursekit.language` knows its French).
    scenario
        The scenario that was run; None where nothing is told of it.
    as_in
        Where the expected number comes from, in English; "" for torch.
    steady
        Whether it is the number of an earlier row, which must not change any more.
    difference, failure, fault, count
        Details of the kind; `count` is the number of rows expected.
    same
        The meaning, in English, of a run that equals one that it must not equal; "" where it does not.
    wanted
        The exception that the trial asks for; "" where it asks for none.
    pair
        The trajectory and the one it was compared with, where a number is wrong.
    named
        The mistakes that leave these numbers; see `coursekit.judging.diagnosis`.
    """

    kind: Kind
    trial: str = ""
    scenario: Scenario | None = None
    as_in: str = ""
    steady: bool = False
    difference: Difference | None = None
    failure: Failure | None = None
    fault: Fault | None = None
    same: str = ""
    wanted: str = ""
    count: int = 0
    pair: tuple[Trajectory, Trajectory] | None = None
    named: Diagnosis = field(default_factory=Diagnosis)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes got and expected of the item that differs, where they are not the same."""
        if self.difference is None or self.pair is None:
            return ()
        got, expected = (run.rows[self.difference.row][self.difference.item].shape for run in self.pair)
        return () if got == expected else (got, expected)


HIDDEN = Finding(kind="hidden")  # wrong in a hidden test alone, of which nothing is told


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One scenario of a behaviour and how its trajectory is judged.

    Attributes
    ----------
    label
        A name for the trial, in English.
    scenario
        The scenario that the student's code runs.
    expected
        Makes the trajectory that it must equal.
    as_in
        Where the expected numbers come from, in English, where that is the student's own code; "" for torch.
    steady
        Whether they are those of an earlier row of the same run.
    unlike, same
        Makes a trajectory that it must not equal; what it means when it does, in English.
    precision
        See `coursekit.judging.trajectories.compare`; by default the one of the scenario.
    faults
        The kinds of fault that this trial minds.
    raises
        The exception it must end with, or "".
    accept
        A further judgement of the trajectory: what is wrong with it, or None.
    needs
        Trials without which this one says nothing: where one of them is wrong, another behaviour is lost for it.
    instead
        Trials of which one that is right is enough, as with other things lent that a student wrote, and had wrong.
    """

    label: str
    scenario: Scenario
    expected: Derive | None = None
    as_in: str = ""
    steady: bool = False
    unlike: Derive | None = None
    same: str = ""
    precision: Precision | None = None
    faults: frozenset[FaultKind] = frozenset()
    raises: str = ""
    accept: Callable[[Trajectory], Finding | None] | None = None
    needs: tuple[Trial, ...] = ()
    instead: tuple[Trial, ...] = ()

    def judge(self, ask: Ask) -> Finding | None:
        """Say what is wrong with the answer to this trial, or None."""
        if any(needed.judge(ask) for needed in self.needs):
            return None
        finding = self._judged(ask)
        for other in self.instead if finding else ():
            another = other.judge(ask)
            if another is None:
                return None
            if finding and finding.failure and not another.failure:  # a number says more
                finding = another
        return finding

    def _judged(self, ask: Ask) -> Finding | None:
        try:
            finding = self._answered(ask)
        except _OwnRunFailed as own:
            return replace(_failed(own.failure, self.label), scenario=own.scenario)
        return finding and replace(finding, scenario=self.scenario)

    def _answered(self, ask: Ask) -> Finding | None:
        trajectory = ask(self.scenario)
        failure = trajectory.failure
        if self.raises:
            if failure is None:
                return Finding(kind="accepted", trial=self.label, wanted=self.raises)
            # The last call must raise it, not one before: a stub, too, raises NotImplementedError.
            in_time = failure.row == len(getattr(self.scenario, "calls", ()))
            raised = failure.kind == self.raises and in_time
            return None if raised else replace(_failed(failure, self.label), wanted=self.raises)
        if failure is not None:
            return _failed(failure, self.label)
        for fault in trajectory.faults:
            if fault.kind in self.faults:
                return Finding(kind="fault", trial=self.label, fault=fault)
        if not trajectory.rows:
            return Finding(kind="short", trial=self.label, count=1)
        if not self.scenario.fits(trajectory):
            return _failed(_MADE_UP, self.label)
        return self._compared(ask, trajectory)

    def _compared(self, ask: Ask, trajectory: Trajectory) -> Finding | None:
        precision = self.precision or self.scenario.precision
        if self.accept is not None:
            return self.accept(trajectory)
        if self.expected is not None:
            expected = self.expected(ask, trajectory)
            difference = compare(trajectory, expected, precision)
            pair = (trajectory, expected)
            if difference is not None:
                return Finding(
                    kind=self.scenario.number,
                    trial=self.label,
                    as_in=self.as_in,
                    steady=self.steady,
                    difference=difference,
                    same=self.same if self._is_same(ask, trajectory) else "",
                    pair=pair,
                )
            if len(trajectory.rows) != len(expected.rows):
                return Finding(kind="short", trial=self.label, count=len(expected.rows), pair=pair)
        if self._is_same(ask, trajectory):
            return Finding(kind="same", trial=self.label, same=self.same)
        return None

    def _is_same(self, ask: Ask, trajectory: Trajectory) -> bool:
        """Tell whether it equals what it must not equal."""
        if self.unlike is None:
            return False
        return agree(trajectory, self.unlike(ask, trajectory), self.precision or self.scenario.precision)


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """One thing that can be right or wrong by itself.

    Attributes
    ----------
    name, title
        For programs, and for people (English).
    trials
        The trials that decide it.
    weight
        Its share of the points, against that of the other behaviours of the ladder; 0 where it is not counted.
    evidence
        The scenarios on which a mistake must leave the student's numbers to be named.
    beyond
        Those of the whole ladder, which tell apart mistakes with the same numbers in the evidence.
    """

    name: str
    title: str
    trials: tuple[Trial, ...]
    weight: float = 1
    evidence: tuple[Scenario, ...] = ()
    beyond: tuple[Scenario, ...] = ()

    def judge(self, ask: Ask) -> Finding | None:
        """Put every trial to `ask` until something is wrong; None if the behaviour is right."""
        for trial in self.trials:
            finding = trial.judge(ask)
            if finding is not None:
                return finding
        return None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A behaviour and what is wrong with it, None if it is right."""

    behaviour: Behaviour
    finding: Finding | None


def worth(behaviour: Behaviour, ladder: Iterable[Behaviour], points: float) -> float:
    """Return what a behaviour is worth of the points of its ladder, by its weight."""
    return points * behaviour.weight / sum(other.weight for other in ladder)


def remembering(ask: Ask) -> Ask:
    """Ask each scenario once: many trials are compared with the same plain runs."""
    answers: dict[Scenario, Trajectory] = {}

    def remember(scenario: Scenario) -> Trajectory:
        if scenario not in answers:
            answer = ask(scenario)
            if answer.failure is not None:  # a process may have died of it, and the next one may not
                return answer
            answers[scenario] = answer
        return answers[scenario]

    return remember


def own(ask: Ask, scenario: Scenario) -> Trajectory:
    """Ask for a run of the student's code that others are compared with; where it fails, so does the trial."""
    trajectory = ask(scenario)
    if trajectory.failure is not None:
        raise _OwnRunFailed(trajectory.failure, scenario)
    if not scenario.fits(trajectory):
        raise _OwnRunFailed(_MADE_UP, scenario)
    return trajectory


_MADE_UP = Failure(kind="Unfit", message="")  # more or fewer numbers than the run has, or of other shapes


class _OwnRunFailed(Exception):  # noqa: N818 - never seen outside of this module
    def __init__(self, failure: Failure, scenario: Scenario) -> None:
        self.failure, self.scenario = failure, scenario


def _failed(failure: Failure, label: str) -> Finding:
    return Finding(kind="unwritten" if failure.in_stub else "failure", trial=label, failure=failure)
