"""Mistakes in the functions of notebooks 6 and 7: which of them, alone or together, leave a student's numbers.

A function is made of parts, and each part has wrong variants; the right one is what torch and the formula give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np

from coursekit.judging.behaviours import Ask, Finding
from coursekit.judging.calls import CallScenario
from coursekit.judging.mistakes import Diagnosis
from coursekit.judging.trajectories import Scenario, Trajectory, compare
from coursekit.optimizers.ladders.calls import PRECISION
from coursekit.optimizers.mistakes_in_functions import formulas, loops
from coursekit.optimizers.mistakes_in_functions.variant import Simulate, Variant

MOST = 2  # mistakes in one function
_ALL: dict[str, tuple[tuple[Variant, ...], Simulate]] = {
    "minimise": (loops.MINIMISE, loops.minimise),
    "forward": (formulas.FORWARD, formulas.forward),
    "loss": (formulas.LOSS, formulas.loss),
    "train_network": (loops.TRAIN_NETWORK, loops.train_network),
}


def variants_of(subject: str) -> tuple[Variant, ...]:
    """Return the mistakes that are known of a function; about anything else there is none."""
    return _ALL[subject][0] if subject in _ALL else ()


def diagnose_calls(subject: str, finding: Finding, scenarios: Iterable[Scenario], ask: Ask) -> Diagnosis:
    """Find the smallest sets of mistakes that leave a function's results in all calls.

    Parameters
    ----------
    subject
        The function, by its name in the course.
    finding
        What is wrong with it.
    scenarios
        The calls that are looked at. One that raised something has words of its own, and is passed over.
    ask
        Puts scenarios to the function.
    """
    if finding.fault == "argument_changed":
        return Diagnosis(sets=((loops.START_MOVED,),) if subject == "minimise" else ())
    if finding.difference is None and finding.kind not in ("short", "same"):
        return Diagnosis()
    calls = [each for each in scenarios if isinstance(each, CallScenario)]
    calls.sort(key=lambda each: each is not finding.scenario)  # most sets do not leave the number that is wrong there
    answers = [(call, answer) for call in calls if (answer := ask(call)).failure is None]
    known = variants_of(subject)
    for size in range(1, MOST + 1):
        found = [chosen for chosen in _sets(known, size) if _leaves(subject, chosen, answers)]
        if found:
            return Diagnosis(sets=tuple(found))
    return Diagnosis()


def simulated(subject: str, chosen: tuple[Variant, ...], scenario: CallScenario) -> Trajectory | None:
    """Return what a function with these mistakes returns; that of no mistake is right."""
    rows = _simulated(subject, frozenset((each.part, each.name) for each in chosen), scenario)
    return None if rows is None else Trajectory(rows=tuple((np.array(row),) for row in rows))


@lru_cache(maxsize=10_000)
def _simulated(subject: str, chosen: frozenset[tuple[str, str]], scenario: CallScenario) -> np.ndarray | None:
    with np.errstate(all="ignore"):
        rows = _ALL[subject][1](dict(chosen), scenario)
    return rows if rows is None or rows.ndim else rows[None]


def _sets(known: tuple[Variant, ...], size: int) -> Iterator[tuple[Variant, ...]]:
    """List the sets of mistakes of a size: never two in one part."""
    return (each for each in combinations(known, size) if len({variant.part for variant in each}) == size)


def _leaves(subject: str, chosen: tuple[Variant, ...], answers: list[tuple[CallScenario, Trajectory]]) -> bool:
    """Tell whether mistakes leave the results of all calls, and each of them counts in some call."""
    for call, answer in answers:
        left = simulated(subject, chosen, call)
        if left is not None and not _same(answer, left):
            return False
    calls = [call for call, _ in answers]
    return all(_matters(subject, chosen, each, calls) for each in chosen)


def _matters(subject: str, chosen: tuple[Variant, ...], one: Variant, calls: list[CallScenario]) -> bool:
    fewer = tuple(each for each in chosen if each is not one)
    for call in calls:
        left, without = simulated(subject, chosen, call), simulated(subject, fewer, call)
        if left is not None and (without is None or not _same(left, without)):
            return True
    return False


def _same(one: Trajectory, other: Trajectory) -> bool:
    return len(one.rows) == len(other.rows) and compare(one, other, PRECISION) is None
