"""Mistakes around the rule: torch's optimizer follows a scenario with something changed or left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.references import SIGNATURES, stand_in
from coursekit.optimizers.scenarios import OptimizerScenario

Change: TypeAlias = Callable[[OptimizerScenario], OptimizerScenario]
Gradients: TypeAlias = Sequence[np.ndarray | None]


def changed(change: Change) -> Follow:
    """Make followable what torch does on a changed scenario."""

    def followed(subject: str, scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, OptimizerScenario):
            return None
        return run(stand_in(subject), change(scenario))

    return followed


# hyperparameters


def captured(*names: str) -> Change:
    """Take what groups override under these names from the constructor; with "lr" what is written later, too."""

    def change(scenario: OptimizerScenario) -> OptimizerScenario:
        groups = tuple(
            (members, {key: value for key, value in overrides.items() if key not in names})
            for members, overrides in scenario.groups
        )
        return replace(scenario, groups=groups, rates={} if "lr" in names else scenario.rates)

    return change


def fixed(name: str, value: float) -> Change:
    """Never read a hyperparameter, and use a number in its place."""

    def change(scenario: OptimizerScenario) -> OptimizerScenario:
        scenario = captured(name)(scenario)
        return replace(scenario, hyperparameters=scenario.hyperparameters | {name: value})

    return change


def always_default(name: str) -> Follow:
    """Use the default of the signature whatever is given."""

    def followed(subject: str, scenario: Scenario) -> Trajectory | None:
        return changed(fixed(name, SIGNATURES[subject][name]))(subject, scenario)

    return followed


def default(name: str, value: float) -> Change:
    """Give a hyperparameter another default."""
    return lambda scenario: replace(scenario, hyperparameters={name: value} | scenario.hyperparameters)


def swapped(one: str, other: str) -> Follow:
    """Take one hyperparameter for the other."""
    names = {one: other, other: one}

    def exchanged(values: dict[str, float]) -> dict[str, float]:
        return {names.get(key, key): value for key, value in values.items()}

    def followed(subject: str, scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, OptimizerScenario):
            return None
        whole = SIGNATURES[subject] | scenario.hyperparameters
        groups = tuple((members, exchanged(overrides)) for members, overrides in scenario.groups)
        return run(stand_in(subject), replace(scenario, hyperparameters=exchanged(whole), groups=groups))

    return followed


def values_of_first_group(scenario: OptimizerScenario) -> OptimizerScenario:
    """Use what the first group overrides for all groups."""
    return replace(scenario, groups=tuple((members, scenario.groups[0][1]) for members, _ in scenario.groups))


# gradients


def first_group(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move the first group only."""
    return _moving(scenario, lambda _, members: members if members == _members(scenario)[0] else ())


def first_with_gradient(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move only the first parameter of each group, of those that have a gradient."""
    return _moving(scenario, lambda row, members: [i for i in members if row[i] is not None][:1])


def last_parameter(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move only the last parameter of each group."""
    return _moving(scenario, lambda _, members: members[-1:])


def none_ends_step(scenario: OptimizerScenario) -> OptimizerScenario:
    """Leave a step at the first parameter without gradient, in the order of the groups."""
    order = [i for members in _members(scenario) for i in members]

    def until_none(row: Gradients) -> Gradients:
        first = next((place for place, i in enumerate(order) if row[i] is None), len(order))
        reached = {i for place, i in enumerate(order) if place < first}
        return [g if i in reached else None for i, g in enumerate(row)]

    return _with_gradients(scenario, until_none)


def none_as_zero(scenario: OptimizerScenario) -> OptimizerScenario:
    """Take a missing gradient for a gradient of zeros."""
    zeros = [np.zeros_like(value) for value in scenario.start]
    return _with_gradients(scenario, lambda row: [z if g is None else g for g, z in zip(row, zeros, strict=True)])


def zero_skipped(scenario: OptimizerScenario) -> OptimizerScenario:
    """Take a gradient of zeros for a missing one."""
    return _with_gradients(scenario, lambda row: [g if g is not None and g.any() else None for g in row])


def uphill(scenario: OptimizerScenario) -> OptimizerScenario:
    """Turn every gradient around: each of the five rules then steps the other way."""
    return _with_gradients(scenario, lambda row: [None if g is None else -g for g in row])


def _members(scenario: OptimizerScenario) -> list[tuple[int, ...]]:
    return [members for members, _ in scenario.groups] or [tuple(range(len(scenario.start)))]


def _moving(
    scenario: OptimizerScenario, choose: Callable[[Gradients, tuple[int, ...]], Sequence[int]]
) -> OptimizerScenario:
    """Take the gradients from all parameters but those that are chosen at each step in each group."""

    def chosen(row: Gradients) -> Gradients:
        kept = {i for members in _members(scenario) for i in choose(row, members)}
        return [g if i in kept else None for i, g in enumerate(row)]

    return _with_gradients(scenario, chosen)


def _with_gradients(scenario: OptimizerScenario, change: Callable[[Gradients], Gradients]) -> OptimizerScenario:
    return replace(scenario, gradients=tuple(tuple(change(row)) for row in scenario.gradients))
