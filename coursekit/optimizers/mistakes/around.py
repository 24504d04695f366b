"""The family of mistakes around the rule: the student's own class is put through a scenario that they change.

So a wrong rule hides none of them. Where a mistake changes nothing of a scenario it says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np

from coursekit.judging.behaviours import Ask
from coursekit.judging.diagnosis import LEAVES, OTHER, SILENT, Answers, Choices, equal
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.changes import changed, everywhere, overridden, with_group_value, with_value
from coursekit.optimizers.mistakes.entry import Variant
from coursekit.optimizers.references import OF_MATRICES, reference, signature
from coursekit.optimizers.scenarios import OptimizerScenario


class Around:
    """The mistakes of an optimizer about hyperparameters, groups, missing gradients, and a state that is saved."""

    def __init__(self, subject: str, variants: Sequence[Variant]) -> None:
        self.subject = subject
        self.variants = variants
        self._near = 1e-7 if subject in OF_MATRICES else 0.0  # that may be added to a norm, and is no difference

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:
        """See `coursekit.judging.diagnosis.Family`."""
        # What changes nothing of this scenario makes no difference in a set, either: few different sets are left.
        telling = self._telling(scenario)
        sets = [tuple(number for number in choice if number in telling) for choice in choices.tolist()]
        told = {each: self._answer(each, scenario, got, ask) for each in set(sets)}
        return np.array([told[each] for each in sets], np.int8)

    def simulate(self, choice: Sequence[int], scenario: Scenario) -> Trajectory | None:
        """See `coursekit.judging.diagnosis.Family`: torch's class is put through the changed scenario."""
        if not isinstance(scenario, OptimizerScenario):
            return None
        return self._run(choice, scenario, lambda each: reference(self.subject, each))

    def _answer(self, choice: Sequence[int], scenario: Scenario, got: Trajectory, ask: Ask) -> int:
        left = self._run(choice, scenario, ask) if isinstance(scenario, OptimizerScenario) else None
        if left is None or not isinstance(scenario, OptimizerScenario):
            return SILENT
        told = equal(scenario, got, left) and all(
            equal(scenario, mine, theirs) if same else not _identical(mine, theirs, self._near)
            for other, items, same in self._others(choice, scenario)
            for mine, theirs in [(_only(got, items), _only(ask(other), items))]
        )
        return LEAVES if told else OTHER

    def _run(self, choice: Sequence[int], scenario: OptimizerScenario, ask: Ask) -> Trajectory | None:
        other = self._changed(choice, scenario)
        if other.has("reload") and self._loses(choice):
            return _afresh(other, ask)
        return None if other is scenario else ask(other)

    def _telling(self, scenario: Scenario) -> frozenset[int]:
        """Find the variants that change something of a scenario."""
        if not isinstance(scenario, OptimizerScenario):
            return frozenset()
        lost = scenario.has("reload")
        numbers = range(len(self.variants))
        return frozenset(
            number
            for number in numbers
            if self._changed((number,), scenario) is not scenario or (lost and self._loses((number,)))
        )

    def _changed(self, choice: Sequence[int], scenario: OptimizerScenario, but: str = "") -> OptimizerScenario:
        other = scenario
        for part, option in self._picks(choice):
            if part not in ("saved", but):
                other = changed(part, option, other)
        if other.hyperparameters != scenario.hyperparameters:  # these defaults are wrong, and no more than these
            for name, value in signature(self.subject).items():
                other = other if name in other.hyperparameters else with_value(name, value, other)
        return other

    def _others(
        self, choice: Sequence[int], scenario: OptimizerScenario
    ) -> Iterator[tuple[OptimizerScenario, Sequence[int], bool]]:
        """List runs that tell where a value is read, in which parameters, and whether they must be the same there.

        A default that is given with the right value makes a difference, too.
        """
        other = self._changed(choice, scenario)
        every = range(len(scenario.start))
        for part, option in self._picks(choice):
            name = part.removeprefix("default ")
            if name != part and name not in scenario.hyperparameters:
                yield with_value(name, signature(self.subject)[name], other), every, False
            elif option in ("constructor", "another name") and overridden(part, scenario):
                yield everywhere(self._changed(choice, scenario, but=part)), every, option == "constructor"
                if option == "constructor":
                    given = scenario.hyperparameters.get(part, signature(self.subject)[part])
                    yield with_value(part, 0.5 * given, other), every, False
            elif option == "first group" and changed(part, option, scenario) is not scenario:
                members = [i for members, _ in scenario.groups[1:] for i in members]
                yield with_group_value(part, 0.5, other), members, False
        if other.has("reload") and self._loses(choice):
            yield _whole(other), every, False

    def _picks(self, choice: Sequence[int]) -> Iterator[tuple[str, str]]:
        return (pick for number in choice for pick in self.variants[number].picks.items())

    def _loses(self, choice: Sequence[int]) -> bool:
        return ("saved", "lost") in self._picks(choice)


def _afresh(scenario: OptimizerScenario, ask: Ask) -> Trajectory:
    """Run to where the state is saved, and on with an optimizer that has none."""
    first = ask(_whole(scenario))
    place = next(place for place, call in enumerate(scenario.calls) if call.name == "reload")
    before = sum(call.is_step for call in scenario.calls[:place])
    if first.failure is not None or len(first.rows) <= before:
        return first
    last = ask(replace(scenario, start=first.rows[before], calls=scenario.calls[place + 1 :]))
    return replace(last, rows=(*first.rows[:before], *last.rows))


def _identical(one: Trajectory, other: Trajectory, near: float) -> bool:
    rows = zip(one.rows, other.rows, strict=False)
    pairs = chain.from_iterable(zip(*both, strict=False) for both in rows)
    return len(one.rows) == len(other.rows) and all(
        np.allclose(mine, theirs, near, near) if near and mine.shape == theirs.shape else np.array_equal(mine, theirs)
        for mine, theirs in pairs
    )


def _only(trajectory: Trajectory, items: Sequence[int]) -> Trajectory:
    return replace(trajectory, rows=tuple(tuple(row[i] for i in items if i < len(row)) for row in trajectory.rows))


@lru_cache(maxsize=1000)
def _whole(scenario: OptimizerScenario) -> OptimizerScenario:
    return scenario.but("reload")
