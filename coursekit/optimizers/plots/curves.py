"""Curves over a common axis, in one panel or in several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from coursekit.language import translate
from coursekit.optimizers.data import Dataset
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.style import STYLES, WIDE, Series, figure, label, legends_beside, numbers, scale
from coursekit.palette import PALETTE


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
        for number, (name, given) in enumerate(series.items()):
            values = numbers(given)
            axes.plot(
                np.arange(len(values)) if x is None else numbers(x)[: len(values)],
                values,
                color=PALETTE[number % len(PALETTE)],
                linestyle=STYLES[number % len(STYLES)],
                marker="o" if markers else None,
                markersize=4,
                label=translate(name),
            )
        for name, level in (levels or {}).items():
            axes.axhline(level, color=PALETTE[6], linestyle=":", linewidth=1.2, label=translate(name))
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
        axes.plot(x.numpy(), function(x).numpy(), color=PALETTE[6], linewidth=1.2, label=f"${function.formula}$")
        for number, (name, path) in enumerate(paths.items()):
            positions = torch.as_tensor(numbers(path))
            colour = PALETTE[number % len(PALETTE)]
            axes.plot(
                positions, function(positions), "o-", color=colour, markersize=3, alpha=0.8, label=translate(name)
            )
            axes.plot(positions[-1:], function(positions[-1:]), "s", color=colour, markersize=7)
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
        axes.plot(x, data.y.flatten().numpy(), ".", color=PALETTE[6], alpha=0.6, label=translate("data"))
        for number, (name, given) in enumerate(curves.items()):
            axes.plot(
                x,
                numbers(given).flatten(),
                color=PALETTE[number % len(PALETTE)],
                linestyle=STYLES[number % len(STYLES)],
                label=translate(name),
            )
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
            for number, (name, values) in enumerate(series.items()):
                colour = PALETTE[number % len(PALETTE)]
                if isinstance(values, tuple):
                    low, high = (numbers(edge) for edge in values)
                    axes.fill_between(
                        np.arange(len(low)),
                        low,
                        high,
                        step="mid" if steps else None,
                        color=colour,
                        alpha=0.25,
                        label=translate(name),
                    )
                else:
                    style = STYLES[number % len(STYLES)]
                    axes.plot(
                        numbers(values),
                        color=colour,
                        linestyle=style,
                        drawstyle="steps-mid" if steps else None,
                        label=translate(name),
                    )
            scale(axes, "y", ylabel in log)
            label(axes, "", "", ylabel)
        stack[-1].set_xlabel(translate(xlabel))
        legends_beside(*stack)
