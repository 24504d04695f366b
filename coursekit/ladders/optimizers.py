"""The ladder of an optimizer.

Why the numbers are what they are: from zero state a single step or a constant gradient cannot see the decay
rates or the step count, and gradients of order one hide every mistake about ε. So the gradients vary and change
sign, ε is large in one run and the gradients tiny in another, and two of the three parameters have equal shapes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from coursekit.behaviours import Behaviour, Trial
from coursekit.following import follow
from coursekit.references import SIGNATURES, stand_in
from coursekit.trajectories import OptimizerScenario, Row

_SHAPES: tuple[tuple[int, ...], ...] = ((3,), (2, 2), (3,))
_IN_PLACE = frozenset({"replaced", "detached", "graph", "gradient_changed", "grad_mode"})
_KEPT = frozenset({"dtype", "shape"})


def ladder(name: str, seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of the optimizer `name`, with inputs drawn from `seed`."""
    draw = _Draw(name, np.random.default_rng(seed))
    trial = partial(_trial, name)
    return (
        Behaviour(
            name="one_step",
            title="One step is exact",
            trials=(trial("one step from fresh", draw.scenario(steps=1, epsilon=0.1)),),
        ),
        Behaviour(
            name="many_steps",
            title="Many steps are exact",
            trials=(
                trial("ten steps, large epsilon", draw.scenario(steps=10, epsilon=0.1)),
                trial(
                    "six steps, tiny gradients, gradient tensors reused",
                    draw.scenario(steps=6, scale=1e-6, reuse_gradients=True),
                ),
            ),
        ),
        Behaviour(
            name="defaults",
            title="The hyperparameters have their default values",
            trials=(trial("no hyperparameter given", draw.scenario(steps=3, hyperparameters={})),),
        ),
        Behaviour(
            name="learning_rate",
            title="The learning rate of a group is read at each step",
            trials=(
                trial("rate changed before steps 3 and 5", draw.scenario(steps=6, rates={2: 0.02, 4: 0.3})),
                trial("rate changed before the first step", draw.scenario(steps=2, rates={0: 0.07})),
            ),
        ),
        Behaviour(
            name="groups",
            title="A group may override any hyperparameter",
            trials=(
                trial("two groups with different hyperparameters", draw.groups()),
                trial("parameters given as a generator", draw.scenario(steps=3, generator=True)),
            ),
        ),
        Behaviour(
            name="no_gradient",
            title="A parameter without gradient is left alone",
            trials=(
                trial("no gradient for the second parameter", draw.scenario(steps=4, absent={1: range(4)})),
                trial("no gradient for the second parameter at steps 1 and 3", draw.scenario(4, absent={1: (0, 2)})),
            ),
        ),
        Behaviour(
            name="zero_gradient",
            title="A zero gradient leaves everything finite",
            trials=(
                trial("the gradient of the second parameter is zero", draw.scenario(steps=4, zero={1: range(4)})),
                trial("the gradient of the third becomes zero", draw.scenario(steps=5, zero={2: (2, 3, 4)})),
            ),
        ),
        Behaviour(
            name="in_place",
            title="The update is in place and leaves the gradient unchanged",
            trials=(Trial(label="three steps", scenario=draw.scenario(steps=3), faults=_IN_PLACE),),
        ),
        Behaviour(
            name="shapes_and_dtypes",
            title="Any shape and floating dtype is kept",
            trials=(
                trial("0-d, empty and 2-d", draw.scenario(3, shapes=((), (0,), (2, 3), (1, 1))), faults=_KEPT),
                trial("float32", draw.scenario(steps=3, dtype="float32"), tolerance=1e-3, faults=_KEPT),
                trial("bfloat16", draw.coarse(), tolerance=0.15, faults=_KEPT),
            ),
        ),
        Behaviour(
            name="own_state",
            title="Two optimizers share nothing",
            trials=(trial("a second optimizer steps in between", draw.scenario(steps=5, neighbour=True)),),
        ),
        Behaviour(
            name="saved_state",
            title="A saved and loaded state goes on the same way",
            trials=(trial("state saved and loaded before step 4", draw.scenario(steps=7, reload_before=3)),),
        ),
    )


def _trial(
    name: str, label: str, scenario: OptimizerScenario, *, tolerance: float = 1e-5, faults: frozenset[str] = frozenset()
) -> Trial:
    return Trial(
        label=label,
        scenario=scenario,
        reference=lambda: follow(stand_in(name), scenario),
        tolerance=tolerance,
        faults=faults,
    )


class _Draw:
    """Draws scenarios for one optimizer from one stream."""

    def __init__(self, name: str, stream: np.random.Generator) -> None:
        self.name = name
        self.stream = stream

    def scenario(
        self,
        steps: int,
        *,
        shapes: tuple[tuple[int, ...], ...] = _SHAPES,
        scale: float = 1.0,
        epsilon: float = 1e-8,
        hyperparameters: dict[str, float] | None = None,
        absent: dict[int, Any] | None = None,
        zero: dict[int, Any] | None = None,
        **options: Any,
    ) -> OptimizerScenario:
        """Draw a start and gradients; `absent` and `zero` map a parameter to steps without or with zero gradient."""
        gradients = [list(self.row(shapes, scale)) for _ in range(steps)]
        for parameter, at in (zero or {}).items():
            for step in at:
                gradients[step][parameter] = np.zeros(shapes[parameter])
        given: list[list[np.ndarray | None]] = [list(row) for row in gradients]
        for parameter, at in (absent or {}).items():
            for step in at:
                given[step][parameter] = None
        return OptimizerScenario(
            start=self.row(shapes),
            gradients=tuple(tuple(row) for row in given),
            hyperparameters=self.hyperparameters(epsilon) if hyperparameters is None else hyperparameters,
            **options,
        )

    def groups(self) -> OptimizerScenario:
        """Draw two groups: the first overrides every hyperparameter, the second none."""
        overrides = self.hyperparameters(epsilon=0.3)
        overrides["lr"] = overrides.pop("learning_rate")
        return self.scenario(steps=5, epsilon=0.05, groups=(((0,), overrides), ((1, 2), {})))

    def coarse(self) -> OptimizerScenario:
        """Draw a run that eight bits of precision can follow: long steps, short memory."""
        short = {"learning_rate": 0.5, "decay": 0.5, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-3, "weight_decay": 0.1}
        kept = {key: value for key, value in short.items() if key in SIGNATURES[self.name]}
        return self.scenario(steps=3, hyperparameters=kept, dtype="bfloat16")

    def hyperparameters(self, epsilon: float) -> dict[str, float]:
        """Draw hyperparameters that are far from the defaults."""
        drawn = {
            "learning_rate": self.stream.uniform(0.05, 0.2),
            "decay": self.stream.uniform(0.6, 0.8),
            "beta1": self.stream.uniform(0.6, 0.8),
            "beta2": self.stream.uniform(0.85, 0.95),
            "epsilon": epsilon,
            "weight_decay": self.stream.uniform(0.1, 0.3),
        }
        return {key: drawn[key] for key in SIGNATURES[self.name]}

    def row(self, shapes: tuple[tuple[int, ...], ...], scale: float = 1.0) -> Row:
        """Draw one array for every shape, each number between 0.3 and 1.5 times `scale` in size."""
        return tuple(
            np.asarray(scale * self.stream.choice((-1.0, 1.0), shape) * self.stream.uniform(0.3, 1.5, shape))
            for shape in shapes
        )
