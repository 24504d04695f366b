"""Which mistake leaves the numbers that a student got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from coursekit.judging.behaviours import Ask, Behaviour, Finding
from coursekit.judging.calls import CallScenario
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.trajectories import Scenario, Trajectory, compare
from coursekit.optimizers.mistakes import Mistake, of
from coursekit.optimizers.mistakes_in_functions import diagnose_calls
from coursekit.optimizers.references import reference


def judge_behaviour(subject: str, behaviour: Behaviour, ask: Ask) -> Finding | None:
    """Judge a behaviour, and name the mistakes that explain what is wrong.

    Parameters
    ----------
    subject
        What the course calls the student's code.
    behaviour
        A behaviour of its ladder.
    ask
        Puts scenarios to the code.

    Returns
    -------
    Finding or None
        None where the behaviour is right. `named` holds every mistake that leaves the student's numbers on
        all scenarios of the evidence and is not refuted by right ones elsewhere: one is certain, several are
        candidates, and where there is none nothing is said.
    """
    finding = behaviour.judge(ask)
    if finding and isinstance(finding.scenario, CallScenario):
        return replace(finding, named=diagnose_calls(subject, finding, behaviour.beyond, ask))
    if finding is None or (finding.difference is None and finding.kind != "same"):
        return finding
    # Most wrong rules do not leave the number that was found wrong: it is looked at first.
    found = [trial.scenario for trial in behaviour.trials if trial.label == finding.trial]
    evidence = sorted(behaviour.evidence, key=lambda scenario: scenario not in found)
    fitting = [each for each in of(subject) if _leaves(each, subject, evidence, ask)]
    fitting = [each for each in fitting if not _refuted(each, subject, behaviour.beyond, ask)]
    if len(fitting) > 1:
        fitting = [each for each in fitting if _leaves(each, subject, behaviour.beyond, ask)] or fitting
    return replace(finding, named=Diagnosis(sets=tuple((each,) for each in fitting)))


def _leaves(mistake: Mistake, subject: str, evidence: Iterable[Scenario], ask: Ask) -> bool:
    """Tell whether a wrong rule leaves the student's numbers wherever it says something, and somewhere wrong ones."""
    wrong = False
    for scenario in evidence:
        left, right = _rule(mistake, subject, scenario)
        if left is not None:
            if not _equal(scenario, ask(scenario), left):
                return False
            wrong = wrong or not right
    return wrong


def _refuted(mistake: Mistake, subject: str, scenarios: tuple[Scenario, ...], ask: Ask) -> bool:
    """Tell whether the student is right somewhere where the wrong rule is not."""
    for scenario in scenarios:
        left, right = _rule(mistake, subject, scenario)
        if left is not None and not right and _equal(scenario, ask(scenario), reference(subject, scenario)):
            return True
    return False


@lru_cache(maxsize=10_000)
def _rule(mistake: Mistake, subject: str, scenario: Scenario) -> tuple[Trajectory | None, bool]:
    """Follow a wrong rule through a scenario, and tell whether it leaves the right numbers there."""
    left = mistake.follow(subject, scenario)
    return left, left is not None and _equal(scenario, left, reference(subject, scenario))


@lru_cache(maxsize=1000)
def _equal(scenario: Scenario, one: Trajectory, other: Trajectory) -> bool:
    complete = one.failure is None and len(one.rows) == len(other.rows)
    return complete and compare(one, other, scenario.precision) is None
