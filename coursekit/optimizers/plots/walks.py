"""Paths on a function, with the value after every step beside them."""

from __future__ import annotations

import numpy as np
import torch

from coursekit.language import translate
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.curves import show_curve
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.style import Series, figure, label, legends_beside, numbers
from coursekit.optimizers.plots.surfaces import is_wide, show_paths

_FAR = 1.5  # times as far from the middle as what is drawn is wide: a path that ends beyond has diverged


def walks(function: Function, paths: Series, title: str) -> None:
    """Draw paths on a function of one variable or of two, and beside them its value after every step.

    Parameters
    ----------
    function
        The function that was minimised.
    paths
        For every name the positions, shape (steps + 1,) or (steps + 1, 2). Of a path that diverges, this is said, and
        only the beginning drawn.
    title
        In English.
    """
    shown = {}
    for name, path in paths.items():
        end = _lost(numbers(path), function)
        told = translate("{name} diverges", name=name) if end else name
        shown[told] = torch.as_tensor(numbers(path))[:end]
    with figure(title, columns=2, size=(11.1, 4.0)) as (place, values):
        if len(function.limits) == 1:
            show_curve(place, function, shown, function.limits[0])
        else:
            show_paths(place, function, shown, function.limits)
            label(place, "", "x", "y")
        reached = [function(path).numpy() for path in shown.values()]
        for name, line, look in zip(shown, reached, looks(shown), strict=True):
            values.plot(line, label=translate(name), **look)
        if is_wide(np.concatenate(reached).tolist()):
            values.set_yscale("log")
        label(values, "", "step", "f(x)" if len(function.limits) == 1 else "f(x, y)")
        legends_beside(values)


def _lost(path: np.ndarray, function: Function) -> int | None:
    """Return after how many positions a path that diverges is far beyond what is drawn of a function; else None."""
    ends = np.array(function.limits)
    away = abs(path.reshape(len(path), -1) - ends.mean(axis=1)) / np.ptp(ends, axis=1)
    near = (away < _FAR).all(axis=1)  # what is no number is not
    return None if near[-1] else max(int(np.argmin(near)), 1)
