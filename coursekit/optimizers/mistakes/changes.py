"""Changes of a scenario that stand for mistakes around the rule; where one does not apply, the scenario stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from coursekit.optimizers.scenarios import OptimizerScenario

Change: TypeAlias = Callable[[OptimizerScenario], OptimizerScenario]
Gradients: TypeAlias = Sequence[np.ndarray | None]
Choose: TypeAlias = Callable[[Gradients, tuple[int, ...]], Sequence[int]]


@lru_cache(maxsize=10_000)
def changed(part: str, option: str, scenario: OptimizerScenario) -> OptimizerScenario:
    """Change a scenario by what is picked of a part; the scenario itself where that changes nothing.

    Parameters
    ----------
    part, option
        A hyperparameter and where it is read ("constructor", "number", "first group", or "another name" in the group),
        or its default and a number; or the name of one of the changes below.
    """
    if option in ("constructor", "another name"):
        return _unread(part, scenario)
    if option == "first group":
        return _of_first_group(part, scenario)
    if part.startswith("default "):
        return _default(part.removeprefix("default "), float(option), scenario)
    return _CHANGES[option](scenario)


# hyperparameters


def overridden(name: str, scenario: OptimizerScenario) -> bool:
    """Tell whether a group has its own value, or one is written into it later."""
    return any(_key(name) in over for _, over in scenario.groups) or (name == "learning_rate" and scenario.has("write"))


@lru_cache(maxsize=10_000)
def with_value(name: str, value: float, scenario: OptimizerScenario) -> OptimizerScenario:
    """Change a value that the constructor is given."""
    return replace(scenario, hyperparameters=scenario.hyperparameters | {name: value})


@lru_cache(maxsize=10_000)
def with_group_value(name: str, factor: float, scenario: OptimizerScenario) -> OptimizerScenario:
    """Multiply what all groups have of their own."""
    key = _key(name)
    groups = tuple(
        (members, over | ({key: factor * over[key]} if key in over else {})) for members, over in scenario.groups
    )
    return replace(scenario, groups=groups)


@lru_cache(maxsize=10_000)
def everywhere(scenario: OptimizerScenario) -> OptimizerScenario:
    """Write what groups override, and rates, under every name that holds the value before."""
    return replace(scenario, everywhere=True)


def _unread(name: str, scenario: OptimizerScenario) -> OptimizerScenario:
    """Let a group have no value of its own."""
    if not overridden(name, scenario):
        return scenario
    groups = tuple((members, _without(_key(name), over)) for members, over in scenario.groups)
    return replace(scenario.but("write") if name == "learning_rate" else scenario, groups=groups)


def _of_first_group(name: str, scenario: OptimizerScenario) -> OptimizerScenario:
    values = [over.get(_key(name)) for _, over in scenario.groups]
    if len(set(values)) < 2:
        return scenario
    own = {} if values[0] is None else {_key(name): values[0]}
    return replace(
        scenario, groups=tuple((members, _without(_key(name), over) | own) for members, over in scenario.groups)
    )


def _default(name: str, value: float, scenario: OptimizerScenario) -> OptimizerScenario:
    if name in scenario.hyperparameters:
        return scenario
    return replace(scenario, hyperparameters=scenario.hyperparameters | {name: value})


def _key(name: str) -> str:
    return "lr" if name == "learning_rate" else name


def _without(key: str, values: dict[str, float]) -> dict[str, float]:
    return {other: value for other, value in values.items() if other != key}


# gradients


def _first_group(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move the first group only."""
    return _moving(scenario, lambda _, members: members if members == _members(scenario)[0] else ())


def _first_with_gradient(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move only the first parameter of each group, of those that have a gradient."""
    return _moving(scenario, lambda row, members: [i for i in members if row[i] is not None][:1])


def _last_parameter(scenario: OptimizerScenario) -> OptimizerScenario:
    """Move only the last parameter of each group."""
    return _moving(scenario, lambda _, members: members[-1:])


def _none_ends_step(scenario: OptimizerScenario) -> OptimizerScenario:
    """Leave a step at the first parameter without gradient, in the order of the groups."""
    order = [i for members in _members(scenario) for i in members]

    def until_none(row: Gradients) -> Gradients:
        first = next((place for place, i in enumerate(order) if row[i] is None), len(order))
        reached = {i for place, i in enumerate(order) if place < first}
        return [g if i in reached else None for i, g in enumerate(row)]

    return scenario.with_gradients(until_none)


def _none_as_zero(scenario: OptimizerScenario) -> OptimizerScenario:
    """Take a missing gradient for a gradient of zeros."""
    zeros = [np.zeros_like(value) for value in scenario.start]
    return scenario.with_gradients(lambda row: [z if g is None else g for g, z in zip(row, zeros, strict=True)])


def _zero_skipped(scenario: OptimizerScenario) -> OptimizerScenario:
    """Take a gradient of zeros for a missing one."""
    return scenario.with_gradients(lambda row: [g if g is not None and g.any() else None for g in row])


def _members(scenario: OptimizerScenario) -> list[tuple[int, ...]]:
    return [members for members, _ in scenario.groups] or [tuple(range(len(scenario.start)))]


def _moving(scenario: OptimizerScenario, choose: Choose) -> OptimizerScenario:
    """Take the gradients from all parameters but those that are chosen at each step in each group."""

    def chosen(row: Gradients) -> Gradients:
        kept = {i for members in _members(scenario) for i in choose(row, members)}
        return [g if i in kept else None for i, g in enumerate(row)]

    return scenario.with_gradients(chosen)


_CHANGES: dict[str, Change] = {
    "first group only": _first_group,
    "first parameter": _first_with_gradient,
    "last parameter": _last_parameter,
    "none ends": _none_ends_step,
    "none is zero": _none_as_zero,
    "zero is none": _zero_skipped,
}
