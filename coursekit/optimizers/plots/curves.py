"""Curves over a common axis, in one panel or in several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from coursekit.language import translate
from coursekit.optimizers.data import Dataset
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.rulers import rule
from coursekit.optimizers.plots.style import WIDE, Series, figure, label, legends_beside, numbers
from coursekit.palette import DARK, GREY

_INSET = (0.52, 0.53, 0.45, 0.36)  # of a panel


def lines(
    series: Series,
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float] | None = None,
    log: str = "",
    levels: Mapping[str, float] | None = None,
    ylim: tuple[float, float] | None = None,
    markers: bool = False,
    inset: tuple[float, float, float, float] | None = None,
) -> None:
    """Draw named curves over a common axis.

    Parameters
    ----------
    series
        For every name a sequence of numbers.
    title, xlabel, ylabel
        In English; names in `series` and `levels` too.
    x
        The common abscissa; 0, 1, 2, ... if None.
    log
        The logarithmic axes: "", "x", "y" or "xy".
    levels
        Named horizontal lines.
    ylim
        The part of the ordinate to draw; by default where the curves are.
    markers
        Whether every point is marked.
    inset
        The part that is drawn once more, larger, at the upper right: left, right, low, high.
    """
    with figure(title, size=WIDE) as (axes,):
        panels = [axes, axes.inset_axes(_INSET, xlim=inset[:2], ylim=inset[2:])] if inset else [axes]
        for (name, given), look in zip(series.items(), looks(series), strict=True):
            values = numbers(given)
            places = np.arange(len(values)) if x is None else numbers(x)[: len(values)]
            look.update(marker="o" if markers else None, markersize=4, label=translate(name))
            for panel in panels:
                panel.plot(places, values, **look)
        for name, level in (levels or {}).items():
            axes.axhline(level, color=DARK, linestyle=":", linewidth=1.2, label=translate(name))
        axes.set(**{f"{axis}scale": "log" for axis in log}, ylim=ylim)
        label(axes, "", xlabel, ylabel)
        if inset:
            rule(panels[1])
            axes.indicate_inset_zoom(panels[1], edgecolor=DARK)
        legends_beside(axes)


def curve(function: Function, paths: Series, title: str, *, limits: tuple[float, float] | None = None) -> None:
    """Draw a function of one variable with the positions that were visited on it.

    Parameters
    ----------
    function
        The function that was minimised.
    paths
        For every name the positions, a sequence of numbers.
    title
        In English.
    limits
        The part of the axis to draw; by default that of the function.
    """
    with figure(title, size=WIDE) as (axes,):
        show_curve(axes, function, paths, limits or function.limits[0])
        legends_beside(axes)


def show_curve(axes: Axes, function: Function, paths: Series, limits: tuple[float, float]) -> None:
    """Draw a function of one variable in a panel, with the positions that were visited on it."""
    x = torch.linspace(*limits, 400)
    y = function(x).numpy()
    axes.plot(x.numpy(), y, color=GREY, linewidth=1.2, label=f"${function.formula}$")
    for (name, path), look in zip(paths.items(), looks(paths), strict=True):
        positions = torch.as_tensor(numbers(path))
        axes.plot(positions, function(positions), marker="o", markersize=3, label=translate(name), **look)
        axes.plot(positions[-1:], function(positions[-1:]), "s", color=look["color"], markersize=7)
    margin = 0.05 * np.ptp(y)
    axes.set(xlim=limits, ylim=(y.min() - margin, y.max() + margin))
    label(axes, "", "x", "f(x)")


def fit(data: Dataset, curves: Series, title: str) -> None:
    """Draw the points of a data set with the curves that were fitted to them.

    Parameters
    ----------
    data
        The points.
    curves
        For every name the predictions at `data.x`.
    title
        In English, as all names.
    """
    x = data.x.flatten().numpy()
    with figure(title) as (axes,):
        axes.plot(x, data.y.flatten().numpy(), ".", color=GREY, label=translate("data"))
        for (name, given), look in zip(curves.items(), looks(curves), strict=True):
            axes.plot(x, numbers(given).flatten(), label=translate(name), **look)
        label(axes, "", "x", "y")
        axes.legend()


def stacked(
    panels: Sequence[tuple[str, Series]], title: str, xlabel: str, *, log: Sequence[str] = (), steps: bool = False
) -> None:
    """Draw panels below one another over a common abscissa.

    Parameters
    ----------
    panels
        For every panel the label of its ordinate and its named curves; a curve may be a tuple of a lower and an
        upper sequence, which is drawn as a band.
    title, xlabel
        In English, as all names.
    log
        The labels of the panels whose ordinate is logarithmic.
    steps
        Whether every number is drawn as a step around its abscissa, instead of joined to the next by a slope.
    """
    with figure(title, rows=len(panels), size=(8.0, 1.9 * len(panels) + 0.8)) as stack:
        for axes, (ylabel, series) in zip(stack, panels, strict=True):
            for (name, values), look in zip(series.items(), looks(series), strict=True):
                if isinstance(values, tuple):
                    x, low = _steps(values[0], steps)
                    high = _steps(values[1], steps)[1]
                    axes.fill_between(
                        x,
                        low,
                        high,
                        step="post" if steps else None,
                        color=look["color"],
                        alpha=0.25,
                        label=translate(name),
                    )
                else:
                    drawn = "steps-post" if steps else "default"
                    axes.plot(*_steps(values, steps), drawstyle=drawn, label=translate(name), **look)
            if ylabel in log:
                axes.set_yscale("log")
            label(axes, "", "", ylabel)
        stack[-1].set_xlabel(translate(xlabel))
        legends_beside(*stack)


def _steps(values: Any, steps: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the abscissas and ordinates of numbers at 0, 1, 2, ...; each as a step from half before to half after."""
    y = numbers(values)
    return (np.arange(len(y) + 1) - 0.5, np.append(y, y[-1:])) if steps else (np.arange(len(y)), y)
