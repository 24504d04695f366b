"""Which misconception leaves the numbers that a student got."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from coursekit.behaviours import Ask, Behaviour, Finding
from coursekit.following import follow
from coursekit.misconceptions import Misconception, of
from coursekit.references import oracle
from coursekit.trajectories import PARAMETERS, RATES, Scenario, SchedulerScenario, Trajectory, compare


def examine(subject: str, behaviour: Behaviour, ask: Ask) -> Finding | None:
    """Judge a behaviour, and name the misconceptions that explain what is wrong.

    Parameters
    ----------
    subject
        What the course calls the student's code.
    behaviour
        A rung of its ladder.
    ask
        Puts scenarios to the code.

    Returns
    -------
    Finding or None
        None where the behaviour is right. `named` holds every misconception that leaves the student's numbers on
        all scenarios of the evidence: one is certain, several are candidates, none says nothing.
    """
    finding = behaviour.judge(ask)
    if finding is None or (finding.difference is None and finding.kind != "same"):
        return finding
    fitting = _fitting(of(subject), subject, behaviour.evidence, ask)
    if len(fitting) > 1:
        fitting = _fitting(fitting, subject, behaviour.beyond, ask) or fitting
    return replace(finding, named=tuple(each.name for each in fitting))


def _fitting(
    known: tuple[Misconception, ...], subject: str, evidence: tuple[Scenario, ...], ask: Ask
) -> tuple[Misconception, ...]:
    """Keep the misconceptions that leave the student's numbers on all scenarios of some evidence."""
    got = {scenario: ask(scenario) for scenario in evidence} if known else {}
    if any(trajectory.failure for trajectory in got.values()):
        return ()
    return tuple(each for each in known if _leaves(each, subject, got))


def _leaves(misconception: Misconception, subject: str, got: dict[Scenario, Trajectory]) -> bool:
    """Tell whether a wrong rule leaves these numbers wherever it says something, and not the right ones everywhere."""
    wrong = False
    for scenario, trajectory in got.items():
        left, right = _rule(misconception, subject, scenario)
        if left is None:
            continue
        if not _equal(scenario, trajectory, left):
            return False
        wrong = wrong or not right
    return wrong


@lru_cache(maxsize=10_000)
def _rule(misconception: Misconception, subject: str, scenario: Scenario) -> tuple[Trajectory | None, bool]:
    """Follow a wrong rule through a scenario, and tell whether it leaves the right numbers there."""
    left = misconception.follow(subject, scenario)
    return left, left is not None and _equal(scenario, left, follow(oracle(subject), scenario))


def _equal(scenario: Scenario, one: Trajectory, other: Trajectory) -> bool:
    precision = RATES if isinstance(scenario, SchedulerScenario) else PARAMETERS
    return len(one.rows) == len(other.rows) and compare(one, other, precision) is None
