"""Wrong rules put through a scenario, with numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from coursekit.judging.trajectories import Row, Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.scenarios import OptimizerScenario

State: TypeAlias = dict[str, Any]
Values: TypeAlias = dict[str, float]
# (parameter, gradient, what is kept for the parameter, hyperparameters with "lr") -> the parameter after the step
Rule: TypeAlias = Callable[[np.ndarray, np.ndarray, State, Values], Any]


def ruled(rule: Rule) -> Follow:
    """Make a wrong rule followable; it says nothing about schedulers or about dtypes other than float64."""

    def follow(subject: str, scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, OptimizerScenario) or scenario.dtype != "float64":
            return None
        return simulate(rule, subject, scenario)

    return follow


@np.errstate(all="ignore")
def simulate(rule: Rule, subject: str, scenario: OptimizerScenario) -> Trajectory:
    """Follow a rule through a scenario in float64.

    Parameters
    ----------
    rule
        Gives a parameter after a step; may keep what it likes in the state, a dictionary for each parameter.
    subject
        The optimizer whose signature and defaults count.
    scenario
        As `coursekit.judging.running.run` would put an optimizer through it. Infinities and NaN are results too.

    Returns
    -------
    Trajectory
        The parameters before the first step and after every step.
    """
    parameters: list[np.ndarray] = [np.array(value, dtype=np.float64) for value in scenario.start]
    current = _Memory.fresh(subject, scenario)
    partner = _Memory.fresh(subject, scenario) if scenario.turns else current
    rows: list[Row] = [tuple(parameters)]
    for step, gradients in enumerate(scenario.gradients):
        if step == scenario.reload_before:
            partner = current
        if step in scenario.rates:
            for values in current.values:
                values["lr"] = scenario.rates[step]
        if scenario.placed:
            parameters = [np.array(value, dtype=np.float64) for value in scenario.placed[step]]
        for i in current.order:
            gradient = gradients[i]
            if gradient is not None:
                given = np.array(gradient, dtype=np.float64)
                parameters[i] = np.asarray(rule(parameters[i], given, current.states[i], current.values[i]))
        rows.append(tuple(parameters))
        current, partner = partner, current
    return Trajectory(rows=tuple(rows))


@dataclass
class _Memory:
    """What one optimizer holds: the order of its parameters; for each its hyperparameters, and what it keeps."""

    order: list[int]
    values: list[Values]
    states: list[State] = field(default_factory=list)

    @classmethod
    def fresh(cls, subject: str, scenario: OptimizerScenario) -> _Memory:
        everyone = tuple(range(len(scenario.start)))
        common = SIGNATURES[subject] | scenario.hyperparameters
        values: list[Values] = [{} for _ in everyone]
        order: list[int] = []
        for members, overrides in scenario.groups or ((everyone, {}),):
            merged = common | overrides
            order += members
            for i in members:
                values[i] = merged | {"lr": merged.get("lr", merged["learning_rate"])}
        return cls(order=order, values=values, states=[{} for _ in everyone])
