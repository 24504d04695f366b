"""Paths over surfaces, from above and from the side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coursekit.language import translate
from coursekit.optimizers.data import Dataset
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.rulers import written
from coursekit.optimizers.plots.style import WIDE, Series, figure, label, legends_beside, numbers
from coursekit.optimizers.training import History
from coursekit.palette import GREY, GROUND, PALE


def training(history: History, data: Dataset, title: str) -> None:
    """Draw a training of `nn.Linear(1, 1)`: the loss, the path over the loss surface, the fitted line.

    Parameters
    ----------
    history
        From `coursekit.record`, with two parameters: weight and bias.
    data
        The data set of the training.
    title
        In English; it names the optimizer.
    """
    path = history.parameters.numpy()
    (look,) = looks([title])
    with figure(title, columns=3, size=(12.0, 3.6), top=0.65) as (losses, surface, fit):
        losses.plot(history.losses, **look)
        if is_wide(history.losses):
            losses.set_yscale("log")
        label(losses, "Loss by epoch", "epoch", "mean squared error")

        _loss_surface(surface, path, data, look)
        label(surface, "Path over the loss surface", "weight", "bias")

        x = data.x.flatten().numpy()
        fit.plot(x, data.y.flatten().numpy(), ".", color=GREY, label=translate("data"))
        with np.errstate(all="ignore"):
            line = path[-1, 0] * x + path[-1, 1]
        if np.isfinite(line).all():
            fit.plot(x, line, **look, label=translate("fitted line"))
        label(fit, "Fitted line", "x", "y")
        legends_beside(fit, handles=[each for panel in (surface, fit) for each in panel.get_legend_handles_labels()[0]])


def contours(
    function: Function,
    paths: Series,
    title: str,
    *,
    labels: tuple[str, str] = ("x", "y"),
    limits: tuple[tuple[float, float], ...] | None = None,
) -> None:
    """Draw paths over the contours of a function of two variables.

    Parameters
    ----------
    function
        The function that was minimised.
    paths
        For every name the positions, shape (steps + 1, 2).
    title, labels
        In English.
    limits
        The part of each axis to draw; by default that of the function.
    """
    with figure(title, size=WIDE) as (axes,):
        show_paths(axes, function, paths, limits or function.limits)
        label(axes, "", *labels)
        legends_beside(axes)


def show_paths(axes: Axes, function: Function, paths: Series, limits: tuple[tuple[float, float], ...]) -> None:
    """Draw paths over the contours of a function in a panel."""
    xlim, ylim = limits
    fill_contours(axes, *heights(function, xlim, ylim))
    for (name, path), look in zip(paths.items(), looks(paths), strict=True):
        positions = numbers(path)
        axes.plot(*positions.T, marker="o", markersize=3, label=translate(name), **look)
        axes.plot(*positions[-1], "s", color=look["color"], markersize=8, markeredgecolor="white")
    show_minima(axes, function)
    axes.set(xlim=xlim, ylim=ylim)


def surface(
    function: Function, paths: Series, title: str, *, limits: tuple[tuple[float, float], ...] | None = None
) -> None:
    """Draw paths over a function of two variables, seen from the side and from above.

    The height is `log₁₀(1 + f)`: with `f` itself the walls hide what lies between them.

    Parameters
    ----------
    function, paths, title, limits
        As for `contours`.
    """
    xlim, ylim = limits or function.limits
    with figure(title, columns=2, size=(12.6, 4.6), top=0.65) as (left, above):
        place = left.get_subplotspec()
        left.remove()
        drawn = above.figure
        side: Any = drawn.add_subplot(place, projection="3d", computed_zorder=False)
        side.plot_surface(*_raised(*heights(function, xlim, ylim, 36)), color=GROUND[0], linewidth=0)
        fill_contours(above, *heights(function, xlim, ylim))
        for (name, path), look in zip(paths.items(), looks(paths), strict=True):
            positions = torch.as_tensor(numbers(path))
            x, y = positions[:, 0].numpy(), positions[:, 1].numpy()
            side.plot(*_raised(x, y, function(positions).numpy()), **look, zorder=5)
            above.plot(x, y, **look, marker="o", markersize=3, label=translate(name))
            above.plot(x[-1:], y[-1:], "s", color=look["color"], markersize=8, markeredgecolor="white")
        show_minima(above, function)
        above.set(xlim=xlim, ylim=ylim)
        for axis in (side.xaxis, side.yaxis, side.zaxis):
            axis.set_major_locator(MaxNLocator(4))
            axis.set_major_formatter(lambda value, _: written(value))
        side.set(xlim=xlim, ylim=ylim, zlabel="log₁₀(1 + f)")
        side.view_init(elev=42, azim=-60)
        side.set_box_aspect(None, zoom=1.05)
        label(side, "Seen from the side", "x", "y")
        side.title.set_y(1.06)
        label(above, "Seen from above", "x", "y")
        legends_beside(above)


def show_minima(axes: Axes, function: Function) -> None:
    """Mark the lowest places of a function of two variables."""
    axes.plot(*zip(*function.minima, strict=True), "*", color="black", markersize=12, label=translate("minimum"))


def heights(
    function: Function, xlim: tuple[float, float], ylim: tuple[float, float], points: int = 160
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a grid over a part of the plane, and the values of a function on it: three arrays (points, points)."""
    x, y = torch.meshgrid(torch.linspace(*xlim, points), torch.linspace(*ylim, points), indexing="xy")
    return x.numpy(), y.numpy(), function(torch.stack([x, y], dim=-1)).numpy()


def _raised(x: np.ndarray, y: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return x, y, np.log10(1 + values)


def _loss_surface(axes: Axes, path: np.ndarray, data: Dataset, look: dict[str, Any]) -> None:
    """Draw the contours of the mean squared error around a path of weight and bias."""
    x, y = data.x.flatten().double().numpy(), data.y.flatten().double().numpy()
    slope, intercept = np.polyfit(x, y, 1)
    shown = path[np.isfinite(path).all(axis=1) & (np.abs(path) < 1e3).all(axis=1)]
    points = np.vstack([shown, [[slope, intercept]]])
    margin = 0.15 * np.ptp(points, axis=0) + 0.5
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    weight, bias = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120))
    # The mean of (weight x + bias − y)², multiplied out: five means over the data serve every point of the grid.
    values = (weight**2 * (x @ x) + y @ y - 2 * weight * (x @ y)) / len(x) + bias**2
    values += 2 * bias * (weight * x.mean() - y.mean())
    fill_contours(axes, weight, bias, values)
    axes.plot(*shown.T, **look, marker="o", markersize=2.5, linewidth=1.2, label=translate("path"))
    axes.plot(*shown[0], "o", color=look["color"], markersize=7, label=translate("start"))
    axes.plot(slope, intercept, "*", color="black", markersize=12, label=translate("minimum"))
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def fill_contours(axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray) -> None:
    """Draw the values on a grid as pale bands between contour lines, close to one another where the values are low."""
    floor, height = float(values.min()), float(np.ptp(values))
    *levels, top = floor + np.geomspace(max(1e-3 * height, 1e-9), height, 14)
    top += 1e-6 * height  # or rounding would decide what is drawn at the highest place
    ground = [GROUND[len(GROUND) * band // 14] for band in range(14)]
    axes.contourf(x, y, values, levels=[floor, *levels, top], colors=ground).set(edgecolor=PALE, linewidth=0.5)


def is_wide(values: Sequence[float]) -> bool:
    """Tell whether positive numbers are better seen on a logarithmic axis."""
    finite = [value for value in values if np.isfinite(value)]
    return len(finite) == len(values) and min(finite) > 0 and max(finite) > 10 * min(finite)
