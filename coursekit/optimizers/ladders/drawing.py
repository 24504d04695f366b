"""Draws the numbers of an optimizer's ladder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from coursekit.judging.trajectories import Row
from coursekit.optimizers.references import signature
from coursekit.optimizers.scenarios import Call, OptimizerScenario

_OTHERS = {
    "learning_rate": (0.3, 0.5),
    "decay": (0.4, 0.95),
    "beta1": (0.4, 0.95),
    "beta2": (0.6, 0.98),
    "epsilon": (0.4, 3.0),
    "weight_decay": (0.5, 0.7),
}
_ANY = (0.4, 0.95)  # of a hyperparameter that is not named here, such as a momentum: a number between 0 and 1
Shapes = tuple[tuple[int, ...], ...]


def balanced(gradient: np.ndarray) -> np.ndarray:
    """Round the numbers of a gradient to quarters, none of them zero, that add up to zero: three digits say them."""
    rounded = np.copysign(np.maximum(np.round(np.abs(gradient) * 4), 1) / 4, gradient)
    if rounded.flat[:-1].sum() == 0:
        rounded.flat[0] *= 2
    rounded.flat[-1] = -rounded.flat[:-1].sum()
    return rounded


class Draw:
    """Draws scenarios for the optimizer `name`, all from one stream."""

    def __init__(self, name: str, stream: np.random.Generator) -> None:
        self.name = name
        self._stream = stream

    def plain(self, steps: int, **options: Any) -> OptimizerScenario:
        """Draw a run of one parameter of four elements, with the options of `several`."""
        return self.several(steps, ((4,),), **options)

    def several(
        self,
        steps: int,
        shapes: Shapes,
        *,
        scale: float | np.ndarray = 1.0,
        epsilon: float = 1e-8,
        weight_decay: float | None = None,
        absent: dict[int, Iterable[int]] | None = None,
        hyperparameters: dict[str, float] | None = None,
    ) -> OptimizerScenario:
        """Draw a start and gradients of parameters of these shapes.

        Parameters
        ----------
        scale
            The size of the gradients.
        epsilon, weight_decay
            Instead of drawn ones, where the optimizer has them.
        absent
            For a parameter the steps at which it has no gradient.
        hyperparameters
            All of them, instead of drawn ones.
        """
        gradients: list[list[np.ndarray | None]] = [list(self._row(shapes, scale)) for _ in range(steps)]
        for parameter, without in (absent or {}).items():
            for step in without:
                gradients[step][parameter] = None
        if hyperparameters is None:
            hyperparameters = self.hyperparameters(epsilon)
            if weight_decay is not None and "weight_decay" in hyperparameters:
                hyperparameters["weight_decay"] = weight_decay
        return OptimizerScenario(
            start=self._row(shapes),
            calls=tuple(Call("step", tuple(row)) for row in gradients),
            hyperparameters=hyperparameters,
        )

    def coarse(self) -> OptimizerScenario:
        """Make a run that eight bits of precision can follow: long steps, short memory, numbers that need no more.

        It is the same for every seed: what so few bits make of other numbers is no student's doing.
        """
        short = {"learning_rate": 0.5, "decay": 0.5, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-3, "weight_decay": 0.1}
        gradients = ((1.0, -0.5, 0.75, -1.25), (0.5, -1.0, 1.25, -0.75), (1.25, -0.75, 0.5, -1.0))
        return OptimizerScenario(
            start=(np.array([1.5, -0.75, 0.5, -2.0]),),
            calls=tuple(Call("step", (np.array(row),)) for row in gradients),
            hyperparameters={key: short.get(key, 0.5) for key in signature(self.name)},
        )

    def hyperparameters(self, epsilon: float) -> dict[str, float]:
        """Draw hyperparameters that are far from the defaults."""
        drawn = {
            "learning_rate": self._stream.uniform(0.05, 0.2),
            "decay": self._stream.uniform(0.6, 0.8),
            "beta1": self._stream.uniform(0.6, 0.8),
            "beta2": self._stream.uniform(0.85, 0.95),
            "epsilon": epsilon,
            "weight_decay": self._stream.uniform(0.1, 0.3),
        }
        return {key: drawn.get(key) or self._stream.uniform(0.6, 0.8) for key in signature(self.name)}

    def others(self, name: str) -> tuple[float, float]:
        """Draw two values of a hyperparameter that are far from the default, from each other and from a drawn one."""
        low, high = _OTHERS.get(name, _ANY)
        return float(low * self._stream.uniform(0.9, 1.1)), float(high * self._stream.uniform(0.99, 1.01))

    def _row(self, shapes: Shapes, scale: float | np.ndarray = 1.0) -> Row:
        """Draw one array for every shape, each number between 0.3 and 1.5 times `scale` in size."""
        return tuple(np.asarray(scale * self._signs(shape) * self._stream.uniform(0.3, 1.5, shape)) for shape in shapes)

    def _signs(self, shape: tuple[int, ...]) -> np.ndarray:
        """Draw signs; where there are two elements, both signs."""
        signs = np.asarray(self._stream.choice((-1.0, 1.0), shape))
        if signs.size > 1:
            signs.flat[1] = -signs.flat[0]
        return signs
