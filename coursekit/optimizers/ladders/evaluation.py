"""The ladders of notebook 6: the loop, and hyperparameters that reach the minimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coursekit.judging.behaviours import Behaviour, Finding, Trial
from coursekit.judging.calls import Argument, TableScenario
from coursekit.judging.trajectories import Difference, Failure, Trajectory, agree
from coursekit.optimizers import functions
from coursekit.optimizers.ladders.calls import called, descent, function, number, optimizer, tensor
from coursekit.optimizers.references import COMPARED

COLUMNS = ("learning_rate", "decay", "beta1", "beta2", "epsilon", "weight_decay")
NEAR = 0.01  # how near the minimum a tuned optimizer must end


def minimise(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `minimise(optimizer_class, function, start, steps, **hyperparameters)`."""
    stream = np.random.default_rng(seed)
    curvature, centre, start = (round(float(each), 3) for each in stream.uniform((0.5, -3, 4), (2, 3, 9)))
    point = stream.uniform(0.5, 2.0, 2)

    def trial(label: str, name: str, way: Argument, at: np.ndarray, steps: int, **hyper: float) -> Trial:
        made = functions.by_name(way.name, *way.value.tolist())
        arguments = (optimizer(name), way, tensor(at), number(steps))
        return called(label, arguments, lambda: descent(name, made, [at], steps, hyper), **hyper)

    bowl = function("quadratic", curvature, centre)
    valley = function("valley", 20.0)
    one = np.array(start)
    return (
        Behaviour(
            name="start",
            title="The first position is the start",
            trials=(trial("no step at all", "SGD", bowl, one, 0),),
        ),
        Behaviour(
            name="start_kept",
            title="The start that is given stays as it was",
            trials=(
                replace(
                    trial("SGD, two steps", "SGD", bowl, one, 2),
                    expected=None,
                    accept=_leaves(one),
                    faults=frozenset({"argument_changed"}),
                ),
            ),
        ),
        Behaviour(
            name="positions",
            title="Every step adds one position",
            weight=2,
            trials=(
                trial("SGD, one step", "SGD", bowl, one, 1),
                trial("SGD, 12 steps", "SGD", bowl, one, 12),
                trial("SGD, each step too long", "SGD", function("quadratic", 120.0, centre), one, 4),
            ),
        ),
        Behaviour(
            name="fresh_gradient",
            title="Each step uses the gradient of the present position alone",
            weight=2,
            trials=(trial("SGD, a steep parabola", "SGD", function("quadratic", 30 * curvature, centre), one, 8),),
        ),
        Behaviour(
            name="hyperparameters",
            title="The hyperparameters reach the optimizer",
            trials=(
                trial("RMSProp with its decay", "RMSProp", bowl, one, 8, learning_rate=0.2, decay=0.6),
                trial(
                    "AdamW with all of its own", "AdamW", bowl, one, 8, learning_rate=0.4, beta1=0.5, weight_decay=0.3
                ),
            ),
        ),
        Behaviour(
            name="any_optimizer",
            title="Any optimizer class may be given",
            trials=tuple(trial(f"{name}, default hyperparameters", name, bowl, one, 10) for name in COMPARED),
        ),
        Behaviour(
            name="two_dimensions",
            title="The start may have any shape",
            trials=(trial("a valley in two dimensions", "RMSProp", valley, point, 10),),
        ),
    )


def _leaves(start: np.ndarray) -> Callable[[Trajectory], Finding | None]:
    """Tell a function that goes somewhere from one that leaves the start alone since it does nothing."""

    def accept(got: Trajectory) -> Finding | None:
        if len(got.rows) < 2:
            return Finding(kind="short", trial="SGD, two steps", count=3)
        still = agree(got, Trajectory(rows=((start,),) * len(got.rows)))
        return Finding(kind="same", trial="SGD, two steps", same="Nothing has moved.") if still else None

    return accept


def tuned(_: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of the settings that bring each optimizer from 100 to the minimum."""
    bowl = functions.quadratic()

    label = "from x = 100 on (x - 2)^2"

    def reaches(name: str) -> Callable[[Trajectory], Finding | None]:
        def accept(trajectory: Trajectory) -> Finding | None:
            values = dict(zip(COLUMNS, trajectory.rows[0][0].tolist(), strict=True))
            given = {key: value for key, value in values.items() if not np.isnan(value)}
            try:
                end = descent(name, bowl, [np.array(100.0)], 100, given)[-1].item()
            except (TypeError, ValueError) as error:  # a hyperparameter that this optimizer does not take
                failure = Failure(kind=type(error).__name__, message=str(error))
                return Finding(kind="failure", trial=label, failure=failure)
            if abs(end - 2.0) <= NEAR:
                return None
            off = Difference(row=100, item=0, index=(), expected=2.0, got=end, ratio=None)
            return Finding(kind="parameter", trial=label, difference=off)

        return accept

    return tuple(
        Behaviour(
            name=f"reaches_{name}",
            title=f"{name} reaches the minimum in 100 steps",
            trials=(
                Trial(
                    label=label,
                    scenario=TableScenario(rows=(name,), columns=COLUMNS),
                    accept=reaches(name),
                ),
            ),
        )
        for name in COMPARED
    )
