"""Which mistakes leave the numbers that a student got: the smallest set of them that does.

A subject says what its mistakes are (`Known`): variants of the parts that what a student writes is made of. A set of
them holds no part twice. Here nothing is known but that, so that any subject can be diagnosed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import combinations
from math import comb
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from coursekit.errors import OracleError
from coursekit.judging.behaviours import Ask, Behaviour, Finding
from coursekit.judging.mistakes import Diagnosis, Mistake
from coursekit.judging.trajectories import Scenario, Trajectory, agree

Choices: TypeAlias = npt.NDArray[np.intp]  # sets of variants by their numbers, a row for each
Answers: TypeAlias = npt.NDArray[np.int8]  # for each set OTHER, SILENT or LEAVES
OTHER, SILENT, LEAVES = -1, 0, 1
LARGEST = 3  # mistakes in a set
MOST_SETS = 80_000  # beyond this each mistake is made in its first way only
MANY_SETS = 10_000  # of these those are left out first that spoil the smallest run
MOST_CANDIDATES = 8  # where more sets leave the same numbers nothing is known


class Variant(Protocol):
    """A wrong variant of some parts."""

    @property
    def mistake(self) -> Mistake:
        """The words for it; several variants may be ways of making one mistake."""

    @property
    def parts(self) -> Collection[str]:
        """The parts that it decides."""


class Family(Protocol):
    """Variants that can be made together."""

    def __hash__(self) -> int:
        """Be one of a kind."""

    @property
    def variants(self) -> Sequence[Variant]:
        """All of them."""

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:
        """Tell of each set whether it leaves the student's trajectory, another one, or says nothing of the scenario."""

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory | None:
        """Run what has these mistakes alone through a scenario; None where it says nothing of it."""


@dataclass(frozen=True)
class Known:
    """The known mistakes in one thing that a student writes.

    Attributes
    ----------
    families
        The variants; a set of them is of one family.
    right
        Makes the trajectory of what has no mistake.
    """

    families: tuple[Family, ...]
    right: Callable[[Scenario], Trajectory]


def judge_behaviour(behaviour: Behaviour, ask: Ask, known: Known | None = None) -> Finding | None:
    """Judge a behaviour, and name the mistakes that explain what is wrong.

    Parameters
    ----------
    behaviour
        One of the ladder.
    ask
        Puts scenarios to the student's code.
    known
        The mistakes that can be named, if any.

    Returns
    -------
    Finding or None
        None where the behaviour is right. `named` holds the smallest sets of mistakes that leave the student's
        numbers on all scenarios of the evidence and are not refuted by right ones elsewhere.
    """
    finding = behaviour.judge(ask)
    if finding is None or known is None or (finding.difference is None and finding.kind not in ("same", "short")):
        return finding
    try:
        return replace(finding, named=_diagnosis(behaviour, finding, ask, known))
    except OracleError:
        raise
    except Exception:  # noqa: BLE001 - numbers may be made up to break this; a name is help, and decides nothing
        return finding


def equal(scenario: Scenario, one: Trajectory, other: Trajectory) -> bool:
    """Tell whether two trajectories have the same numbers to the end."""
    complete = one.failure is None and len(one.rows) == len(other.rows)
    return complete and agree(one, other, scenario.precision)


def _diagnosis(behaviour: Behaviour, finding: Finding, ask: Ask, known: Known) -> Diagnosis:
    evidence = set(behaviour.evidence)
    whole = evidence.issuperset(behaviour.beyond)
    # Most wrong rules do not leave a number that was found wrong: these are looked at first.
    found = [trial.scenario for trial in behaviour.trials if trial.label == finding.trial]
    if not whole:
        wrong = [trial.scenario for trial in behaviour.trials if trial.scenario in evidence and trial.judge(ask)]
        found = list(dict.fromkeys(found + wrong))
    sets = _smallest(known, found, behaviour, ask)
    beyond = [scenario for scenario in behaviour.beyond if scenario not in evidence]
    least = min((choices.shape[1] for _, choices in sets), default=0)
    sets = [
        (
            family,
            choices[
                [len(row) == least or not _spoils(family, row, behaviour, beyond, ask) for row in choices.tolist()]
            ],
        )
        for family, choices in sets
    ]
    explained = [(family, *_told_apart(family, choices, beyond, ask, known)) for family, choices in sets]
    most = max(
        ((int(count), -choices.shape[1]) for _, choices, counts in explained for count in counts), default=(0, 0)
    )
    told: dict[frozenset[str], tuple[Mistake, ...]] = {}
    for family, choices, counts in explained:
        for choice in choices[counts == most[0]].tolist() if -choices.shape[1] == most[1] else ():
            costing = _costing(family, choice, behaviour) if whole else choice
            mistakes = {family.variants[number].mistake.name: family.variants[number].mistake for number in costing}
            told.setdefault(frozenset(mistakes), tuple(mistakes.values()))
    return Diagnosis(sets=tuple(told.values()) if len(told) <= MOST_CANDIDATES else ())


def _smallest(known: Known, found: Sequence[Scenario], behaviour: Behaviour, ask: Ask) -> list[tuple[Family, Choices]]:
    """Find the smallest sets that leave the student's numbers on the evidence, and the one that was found wrong."""

    def extent(scenario: Scenario) -> int:
        return sum(item.size for row in ask(scenario).rows for item in row)

    evidence = dict.fromkeys(behaviour.evidence, SILENT) | dict.fromkeys(found, LEAVES)
    # Small runs are simulated first: few sets are left for the others.
    ordered = sorted(evidence.items(), key=lambda each: extent(each[0]))
    # Where nothing ever happens anything may be the cause, and mistakes that cancel all others would be named.
    still = all(_stands_still(ask(scenario)) for scenario in evidence)

    def leaving(family: Family, size: int) -> Choices:
        choices = sets_of(family, size)
        if len(choices) > MANY_SETS:
            smallest = min(filter(extent, (*evidence, *behaviour.beyond)), key=extent, default=found[0])
            choices = _sparing(family, size, smallest, ask)
        return _leaving(family, choices, ordered, ask)

    for size in range(1, 2 if still else LARGEST + 1):
        sets = [(family, leaving(family, size)) for family in known.families]
        if any(len(choices) for _, choices in sets):
            # A larger set of another family may explain more beside.
            larger = [family for family, choices in sets if not len(choices)] if size == 1 and not still else []
            sets += [(family, leaving(family, 2)) for family in larger]
            return [(family, choices) for family, choices in sets if len(choices)]
    return []


def _leaving(family: Family, choices: Choices, evidence: Iterable[tuple[Scenario, int]], ask: Ask) -> Choices:
    """Choose the sets that leave the student's numbers, with something to say where that is the least."""
    for scenario, least in evidence:
        if not len(choices):
            break
        got = ask(scenario)
        if got.failure is not None or not scenario.fits(got):
            if least == LEAVES:
                return choices[:0]
            continue
        choices = choices[family.answers(choices, scenario, got, ask) >= least]
    return choices


@lru_cache(maxsize=4)  # the behaviours of one student ask for the same
def _sparing(family: Family, size: int, scenario: Scenario, ask: Ask) -> Choices:
    """List the sets of a size that do not leave other numbers than the student's in one run."""
    return _leaving(family, sets_of(family, size), [(scenario, SILENT)], ask)


def _stands_still(got: Trajectory) -> bool:
    first, *later = got.rows or ((),)
    return bool(later) and all(
        np.array_equal(item, start) for row in later for item, start in zip(row, first, strict=False)
    )


@cache
def sets_of(family: Family, size: int) -> Choices:
    """List the sets of a size in which no part is decided twice."""
    numbers: Sequence[int] = range(len(family.variants))
    if comb(len(numbers), size) > MOST_SETS:
        names = [variant.mistake.name for variant in family.variants]
        numbers = [names.index(name) for name in dict.fromkeys(names)]
    every = np.array(list(combinations(numbers, size)), np.intp).reshape(-1, size)
    parts = sorted({part for variant in family.variants for part in variant.parts})
    decides = np.array([[part in variant.parts for part in parts] for variant in family.variants], np.int8)
    possible = np.ones(len(every), bool)
    for part in decides.T:
        possible &= part[every].sum(axis=1) < 2
    return every[possible]


def _told_apart(
    family: Family, choices: Choices, beyond: Iterable[Scenario], ask: Ask, known: Known
) -> tuple[Choices, npt.NDArray[np.int_]]:
    """Drop sets that leave wrong numbers where the student's are right; tell how many wrong runs the others explain."""
    explained = np.zeros(len(choices), int)
    for scenario in beyond:
        if not len(choices):
            break
        got = ask(scenario)
        if got.failure is not None or not scenario.fits(got):
            continue
        answers = family.answers(choices, scenario, got, ask)
        right = equal(scenario, got, known.right(scenario))
        if right or (answers > OTHER).any():
            kept = answers > OTHER
            choices, explained, answers = choices[kept], explained[kept], answers[kept]
        if not right:
            explained += answers == LEAVES
    return choices, explained


def _spoils(family: Family, choice: list[int], behaviour: Behaviour, beyond: Iterable[Scenario], ask: Ask) -> bool:
    """Tell whether what a set adds for this behaviour leaves other numbers where the rest of it has the student's."""
    costing = _costing(family, choice, behaviour)
    both = np.array([choice], np.intp)
    rest = np.array([[number for number in choice if number not in costing]], np.intp)
    if not rest.size:
        return False
    return any(
        family.answers(both, scenario, got, ask)[0] == OTHER and family.answers(rest, scenario, got, ask)[0] == LEAVES
        for scenario in beyond
        for got in [ask(scenario)]
        if got.failure is None
    )


def _costing(family: Family, choice: Sequence[int], behaviour: Behaviour) -> Sequence[int]:
    """Choose of a set what alone costs the behaviour; all of it where nothing does."""

    def costs(number: int) -> bool:
        return behaviour.judge(lambda scenario: _simulated(family, number, scenario)) is not None

    return [number for number in choice if costs(number)] or choice


def _simulated(family: Family, number: int, scenario: Scenario) -> Trajectory:
    return family.simulate((number,), scenario) or Trajectory(rows=())
