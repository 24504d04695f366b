"""The parts of an optimizer's ladder: trials, and what is expected in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np

from coursekit.judging.behaviours import Ask, Derive, Trial, own
from coursekit.judging.faults import FaultKind
from coursekit.judging.trajectories import Precision, Trajectory, agree, without
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import Call, OptimizerScenario

_ALWAYS: frozenset[FaultKind] = frozenset({"replaced", "shape"})  # where the numbers cannot be right either


def trial(
    label: str,
    scenario: OptimizerScenario,
    expected: Derive | None,
    as_in: str = "",
    *,
    unlike: Derive | None = None,
    same: str = "",
    precision: Precision | None = None,
    faults: frozenset[FaultKind] = frozenset(),
    needs: tuple[Trial, ...] = (),
) -> Trial:
    """Make a trial in which what must never happen is always minded; see `coursekit.judging.behaviours.Trial`."""
    return Trial(
        label=label,
        scenario=scenario,
        expected=expected,
        as_in=as_in,
        unlike=unlike,
        same=same,
        precision=precision,
        faults=faults | _ALWAYS,
        needs=needs,
    )


def with_gradients(scenario: OptimizerScenario, change: Callable[[np.ndarray, int], np.ndarray]) -> OptimizerScenario:
    """Change every gradient; `change` is given it and the number of the step."""
    step = count()
    return scenario.with_gradients(
        lambda row: [None if given is None else change(given, number) for number in [next(step)] for given in row]
    )


def torch_does(name: str, scenario: OptimizerScenario) -> Derive:
    """Expect what torch's optimizer does, by its defaults where a constructor lacks a hyperparameter.

    A class without ε may also do without one.
    """

    def expected(_: Ask, trajectory: Trajectory) -> Trajectory:
        lacking = trajectory.lacking
        if "epsilon" in lacking:
            none = reference(name, without(scenario, lacking, epsilon=0.0))
            if agree(trajectory, none):
                return none
        return reference(name, without(scenario, lacking))

    return expected


def same_as(scenario: OptimizerScenario) -> Derive:
    """Expect what the student's own class does with another scenario."""
    return lambda ask, _: own(ask, scenario)


def each_alone(scenario: OptimizerScenario) -> Derive:
    """Expect of every parameter what it does alone: the hyperparameters of its group, only its own steps."""
    overrides = {member: over for members, over in scenario.groups for member in members}
    parts = []
    for item, start in enumerate(scenario.start):
        over = {"learning_rate" if key == "lr" else key: value for key, value in overrides.get(item, {}).items()}
        given = [row[item] for row in scenario.gradients]
        steps = tuple(Call("step", (gradient,)) for gradient in given if gradient is not None)
        hyperparameters = {**scenario.hyperparameters, **over}
        alone = replace(scenario, start=(start,), calls=steps, hyperparameters=hyperparameters, groups=())
        # After how many of its own steps the parameter is seen in each row.
        made = np.cumsum([0, *(gradient is not None for gradient in given)])
        parts.append((alone, made))

    def expected(ask: Ask, _: Trajectory) -> Trajectory:
        columns = [[own(ask, alone).rows[count][0] for count in made] for alone, made in parts]
        return Trajectory(rows=tuple(tuple(row) for row in zip(*columns, strict=True)))

    return expected
