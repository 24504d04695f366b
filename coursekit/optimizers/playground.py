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
    "valley": (functions.valley(), (-2.5, 2.5)),
    "Himmelblau": (functions.himmelblau(), (0.0, -0.75)),
    "double well": (functions.double_well(), (3.0,)),
}  # each with a place to start from
_NONE = "none"
_METRICS = ("falls, then rests", "falls in two stages", "rises again")
_EPOCHS = 60


def descent(optimizers: Mapping[str, Callable[..., torch.optim.Optimizer]], minimise: Callable[..., Any]) -> None:
    """Show how one optimizer or two walk on a function: choose them, the start, and every hyperparameter.

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

    def walkers(values: Mapping[str, Any]) -> list[str]:
        return [name for name in dict.fromkeys((values["optimizer"], values["compared with"])) if name != _NONE]

    def taken(name: str) -> set[str]:
        return hyperparameters.keys() & (SIGNATURES.get(name) or inspect.signature(optimizers[name]).parameters).keys()

    def ranges(values: Mapping[str, Any]) -> dict[str, Slider]:
        function, start = _FUNCTIONS[values["function"]]
        return {axis: Slider(*ends, at) for axis, ends, at in zip("xy", function.limits, start, strict=False)}

    def used(values: Mapping[str, Any]) -> set[str]:
        chosen = {"optimizer", "compared with", "function", "steps"} | ranges(values).keys()
        return chosen.union(*map(taken, walkers(values)))

    def draw(**values: Any) -> None:
        function, _ = _FUNCTIONS[values["function"]]
        start = torch.tensor([values[axis] for axis in ranges(values)]).squeeze()
        paths = {}
        for name in walkers(values):
            chosen = {each: values[each] for each in sorted(taken(name))}
            paths[name] = minimise(optimizers[name], function, start, values["steps"], **chosen)
        plots.walks(function, paths, "Your optimizer at play")

    controls: dict[str, Slider | tuple[str, ...]] = {
        "optimizer": tuple(optimizers),
        "compared with": (_NONE, *optimizers),
        "function": tuple(_FUNCTIONS),
        **hyperparameters,
        "steps": Slider(1, 300, 60, whole=True),
        **ranges({"function": next(iter(_FUNCTIONS))}),
    }
    show(Board(controls, draw, used, ranges))


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
        metrics = _metrics(metric, noise)
        best, counts, rates = [], [], []
        for value in metrics:
            best.append(float(getattr(scheduler, "best", math.inf)))  # a class may keep it under another name
            scheduler.step(value)
            counts.append(getattr(scheduler, "bad_epochs", math.nan))
            rates.append(optimizer.param_groups[0]["lr"])
        best = [value if math.isfinite(value) else math.nan for value in best]
        bounds = [(1 - hyperparameters["threshold"]) * value for value in best]
        panels: list[tuple[str, dict[str, Any]]] = [
            ("metric", {"metric": metrics, "not better enough": (bounds, best)}),
            ("bad epochs", {"count": counts, "patience": [hyperparameters["patience"]] * _EPOCHS}),
            ("learning rate", {"rate": rates, "min_lr": [hyperparameters["min_lr"]] * _EPOCHS}),
        ]
        plots.stacked(panels, "Your scheduler at play", "epoch", log=["learning rate"], steps=True)

    controls: dict[str, Slider | tuple[str, ...]] = {
        "metric": _METRICS,
        "noise": Slider(0.0, 0.5, 0.05),
        "patience": Slider(0, 20, 5, whole=True),
        "factor": Slider(0.05, 0.95, 0.5),
        "min_lr": Slider(1e-6, 0.5, 1e-3),
        "threshold": Slider(1e-6, 0.5, 0.05),
    }
    show(Board(controls, draw, lambda _: set(controls)))


def curves(
    make: Callable[..., Mapping[str, Any]],
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    sliders: Mapping[str, tuple[float, float, float]],
    **options: Any,
) -> None:
    """Show curves that move with sliders.

    Parameters
    ----------
    make
        Called with what the sliders say, by their names; returns curves by their names.
    title, xlabel, ylabel, options
        As for `plots.lines`.
    sliders
        For each name the lowest number, the highest, and the one to begin with.
    """

    def draw(**values: float) -> None:
        plots.lines(make(**values), title, xlabel, ylabel, **options)

    controls = {name: Slider(*numbers) for name, numbers in sliders.items()}
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
