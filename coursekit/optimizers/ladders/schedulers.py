"""The ladder of the base scheduler."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coursekit.judging.behaviours import Behaviour, Derive, Trial
from coursekit.judging.trajectories import Trajectory
from coursekit.optimizers.ladders.rates import Calls, behaviour, judged, with_all_evidence, written
from coursekit.optimizers.scenarios import SchedulerScenario


def base(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `LRScheduler`."""
    first, second, third, initial = np.random.default_rng(seed).uniform(0.01, 0.5, 4)

    def trial(label: str, expected: Derive | None, *calls: tuple[str, float], raises: str = "") -> Trial:
        scenario = SchedulerScenario(rates=(first, second), hyperparameters={"initial_lr": initial}, calls=calls)
        return replace(judged(label, scenario, expected), raises=raises)

    def from_row(number: int, calls: Calls) -> Derive:
        """Leave out of account what stands in the rows before: that is a behaviour of its own."""
        return lambda _, got: Trajectory(rows=(*got.rows[:number], *written(initial, calls, groups=2).rows[number:]))

    others = (("set_lr", second), ("write", third), ("get_lr", 0.0), ("write", first), ("get_lr", 0.0))
    twice = (("set_lr", second), ("set_lr", third))
    behaviours = (
        behaviour(
            "initial_rate",
            "The initial rate is written into every group",
            trial("two groups, scheduler just made", lambda _, __: written(initial, (), groups=2)),
            weight=5,
        ),
        behaviour(
            "get_lr",
            "get_lr returns the rate in force, a float",
            trial("somebody else wrote the rate, twice", from_row(2, others), *others),
            weight=4,
        ),
        behaviour(
            "set_lr",
            "set_lr writes the rate into every group",
            trial("two groups, rate set twice", from_row(1, twice), *twice),
            weight=5,
        ),
        behaviour(
            "step",
            "step raises NotImplementedError in the base class",
            trial("`step(0.5)` called", None, ("step", 0.5), raises="NotImplementedError"),
            trial("`step()` called", None, ("step_bare", 0.0), raises="NotImplementedError"),
            weight=4,
        ),
    )
    return with_all_evidence(behaviours)
