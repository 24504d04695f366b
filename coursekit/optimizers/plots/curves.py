"""Curves over a common axis, in one panel or in several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from coursekit.language import translate
from coursekit.optimizers.data import Dataset
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.style import WIDE, Series, figure, label, legends_beside, numbers, scale
from coursekit.palette import DARK, GREY


def lines(
    series: Series,
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float] | None = None,
    log: str = "",
    levels: Mapping[str, float] | None = None,
    markers: bool = False,
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
    markers
        Whether every point is marked.
    """
    with figure(title, size=WIDE) as (axes,):
        for (name, given), look in zip(series.items(), looks(series), strict=True):
            values = numbers(given)
            axes.plot(
                np.arange(len(values)) if x is None else numbers(x)[: len(values)],
                values,
                marker="o" if markers else None,
                markersize=4,
                label=translate(name),
                **look,
            )
        for name, level in (levels or {}).items():
            axes.axhline(level, color=DARK, linestyle=":", linewidth=1.2, label=translate(name))
        for axis in log:
            scale(axes, axis, True)
        label(axes, "", xlabel, ylabel)
        legends_beside(axes)


def curve(function: Function, paths: Series, title: str, *, limits: tuple[float, float] | None = None) -> None:
    """Draw a function of one variable with the positions that were visited on it.

    Parameters
    ----------
    function
        What was minimised.
    paths
        For every name the positions, a sequence of numbers.
    title
        In English.
    limits
        The part of the axis to draw; by default that of the function.
    """
    low, high = limits or function.limits[0]
    x = torch.linspace(low, high, 400)
    with figure(title, size=WIDE) as (axes,):
        axes.plot(x.numpy(), function(x).numpy(), color=GREY, linewidth=1.2, label=f"${function.formula}$")
        for (name, path), look in zip(paths.items(), looks(paths), strict=True):
            positions = torch.as_tensor(numbers(path))
            axes.plot(positions, function(positions), marker="o", markersize=3, label=translate(name), **look)
            axes.plot(positions[-1:], function(positions[-1:]), "s", color=look["color"], markersize=7)
        axes.set_xlim(low, high)
        label(axes, "", "x", "f(x)")
        legends_beside(axes)


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
                    low, high = (numbers(edge) for edge in values)
                    axes.fill_between(
                        np.arange(len(low)),
                        low,
                        high,
                        step="mid" if steps else None,
                        color=look["color"],
                        alpha=0.25,
                        label=translate(name),
                    )
                else:
                    drawn = "steps-mid" if steps else None
                    axes.plot(numbers(values), drawstyle=drawn, label=translate(name), **look)
            scale(axes, "y", ylabel in log)
            label(axes, "", "", ylabel)
        stack[-1].set_xlabel(translate(xlabel))
        legends_beside(*stack)
