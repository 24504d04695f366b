"""Sliders for the hyperparameters, and the picture that is drawn anew with each of their moves.

Where no widgets can be shown, in a saved page or while a notebook is graded, the picture stands there with the values
that the sliders begin with.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

import torch

from coursekit.optimizers import functions, plots
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.sliders import Board, Slider, show

_FUNCTIONS = {
    "valley": functions.valley(),
    "Himmelblau": functions.himmelblau(),
    "double well": functions.double_well(),
}
_METRICS = ("falls, then rests", "falls in two stages", "rises again")
_EPOCHS = 60


def descent(optimizers: Mapping[str, Callable[..., torch.optim.Optimizer]], minimise: Callable[..., Any]) -> None:
    """Show how an optimizer walks on a function: choose both, the start, and every hyperparameter.

    Parameters
    ----------
    optimizers
        The classes by their names.
    minimise
        Called as in the course, `minimise(optimizer_class, function, start, steps, **hyperparameters)`; returns the
        positions, shape `(steps + 1, *start.shape)`.
    """
    hyperparameters = {
        "learning_rate": Slider(1e-4, 10.0, 0.03),
        "decay": Slider(0.0, 0.999, 0.9),
        "beta1": Slider(0.0, 0.999, 0.9),
        "beta2": Slider(0.0, 0.9999, 0.999),
        "epsilon": Slider(1e-10, 1.0, 1e-8),
        "weight_decay": Slider(0.0, 1.0, 0.01),
    }

    def taken(values: Mapping[str, Any]) -> set[str]:
        name = values["optimizer"]
        return hyperparameters.keys() & (SIGNATURES.get(name) or inspect.signature(optimizers[name]).parameters).keys()

    def used(values: Mapping[str, Any]) -> set[str]:
        axes = {"x", "y"} if len(_FUNCTIONS[values["function"]].limits) == 2 else {"x"}
        return {"optimizer", "function", "steps"} | axes | taken(values)

    def draw(**values: Any) -> None:
        function = _FUNCTIONS[values["function"]]
        plane = len(function.limits) == 2
        start = torch.tensor([values["x"], values["y"]] if plane else values["x"])
        chosen = {name: values[name] for name in sorted(taken(values))}
        path = minimise(optimizers[values["optimizer"]], function, start, values["steps"], **chosen)
        picture = plots.contours if plane else plots.curve
        picture(function, {values["optimizer"]: path}, "Your optimizer at play")

    controls: dict[str, Slider | tuple[str, ...]] = {
        "optimizer": tuple(optimizers),
        "function": tuple(_FUNCTIONS),
        **hyperparameters,
        "steps": Slider(1, 300, 60, whole=True),
        "x": Slider(-10.0, 10.0, -2.5),
        "y": Slider(-3.0, 3.0, 2.5),
    }
    show(Board(controls, draw, used))


def damping(optimizer_class: Callable[..., torch.optim.Optimizer], distances: Callable[..., torch.Tensor]) -> None:
    """Show how the error dies out on a flat and on a steep axis of a bowl: choose the rate and the momentum.

    Parameters
    ----------
    optimizer_class
        Called as in the course, `optimizer_class(params, learning_rate=…, momentum=…)`.
    distances
        Called as `distances(optimizer_class, curvatures, steps, **hyperparameters)`; returns how far each axis is from
        its minimum, shape `(steps + 1, axes)`.
    """

    def draw(steps: int, **hyperparameters: float) -> None:
        flat, steep = distances(optimizer_class, [1.0, 25.0], steps, **hyperparameters).T
        panels = [("along, λ = 1", {"flat": flat}), ("across, λ = 25", {"steep": steep})]
        plots.stacked(panels, "Your momentum at play", "step")

    controls: dict[str, Slider | tuple[str, ...]] = {
        "learning_rate": Slider(0.002, 0.16, 0.04),
        "momentum": Slider(0.0, 0.99, 0.64),
        "steps": Slider(10, 200, 60, whole=True),
    }
    show(Board(controls, draw, lambda _: set(controls)))


def plateau(scheduler_class: Callable[..., Any]) -> None:
    """Show when a scheduler reduces the rate: choose how the metric runs, its noise, and every hyperparameter.

    Parameters
    ----------
    scheduler_class
        Called as in the course, `scheduler_class(optimizer, initial_lr, patience=…, factor=…, min_lr=…, threshold=…)`.
    """

    def draw(metric: str, noise: float, **hyperparameters: Any) -> None:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        scheduler = scheduler_class(optimizer, 1.0, **hyperparameters)
        metrics, rates = _metrics(metric, noise), []
        for value in metrics:
            scheduler.step(value)
            rates.append(optimizer.param_groups[0]["lr"])
        panels = [
            ("metric", {"metric": metrics}),
            ("learning rate", {"rate": rates, "min_lr": [hyperparameters["min_lr"]] * _EPOCHS}),
        ]
        plots.stacked(panels, "Your scheduler at play", "epoch", log=["learning rate"], steps=True)

    controls: dict[str, Slider | tuple[str, ...]] = {
        "metric": _METRICS,
        "noise": Slider(0.0, 0.5, 0.05),
        "patience": Slider(0, 20, 5, whole=True),
        "factor": Slider(0.05, 0.95, 0.5),
        "min_lr": Slider(1e-6, 0.5, 1e-3),
        "threshold": Slider(1e-6, 0.5, 1e-3),
    }
    show(Board(controls, draw, lambda _: set(controls)))


def _metrics(kind: str, noise: float) -> list[float]:
    """Make a metric for every epoch; the noise is the same each time, so that only what was moved is seen to change."""
    generator = torch.Generator().manual_seed(0)
    shake = torch.randn(_EPOCHS, generator=generator).tolist()
    shapes: dict[str, Callable[[int], float]] = {
        "falls, then rests": lambda epoch: 1 + 4 * math.exp(-epoch / 6),
        "falls in two stages": lambda epoch: (1 if epoch < 30 else 0) + 1 + 3 * math.exp(-(epoch % 30) / 5),
        "rises again": lambda epoch: 1 + ((epoch - 20) / 15) ** 2,
    }
    return [max(shapes[kind](epoch) + noise * shake[epoch], 1e-3) for epoch in range(_EPOCHS)]
