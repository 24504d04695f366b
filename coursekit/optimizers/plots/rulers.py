"""The numbers along the axes and the grid at them: chosen once, and drawn as lines and texts."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import offset_copy

from coursekit.language import Numerals, translate

_MOST, _MOST_DECADES = 6, 8  # numbers along an axis
_WIDE, _HIGH, _GAP = 6.4, 12.0, 6.0  # points that a digit is wide and high, and that numbers are away from their axis
_OUT = -0.015  # of a panel: how far a line of the grid sticks out, where the numbers are
_GRID: Any = {"colors": "0.87", "linewidths": 0.8, "zorder": -1, "clip_on": False}


def rule(axes: Axes) -> None:
    """Write a few round numbers along both axes of a panel, with a line of a grid at each.

    Matplotlib's ticks are five artists each: to search for them, make them and draw them is half of a drawing.
    """
    columns, rows = (_places(axis) for axis in (axes.xaxis, axes.yaxis))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([])
        axis.set_minor_locator(NullLocator())
    along, up = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    for lines, transform in (
        ([[(x, _OUT), (x, 1)] for x in columns], along),
        ([[(_OUT, y), (1, y)] for y in rows], up),
    ):
        axes.add_collection(LineCollection(lines, transform=transform, **_GRID), autolim=False)
    place = axes.get_subplotspec()
    drawn: Any = axes.figure
    if place is None or place.is_last_row():
        below = offset_copy(along, drawn, y=-_GAP, units="points")
        for x in columns:
            axes.text(x, 0, written(x), transform=below, ha="center", va="top")
    beside = offset_copy(up, drawn, x=-_GAP, units="points")
    for y in rows:
        axes.text(0, y, written(y), transform=beside, ha="right", va="center")
    axes.xaxis.labelpad = _GAP + _HIGH
    axes.yaxis.labelpad = 2 * _GAP + _WIDE * max((len(written(y)) for y in rows), default=0)


def written(value: float) -> str:
    """Write a number as 0.01, 100 or 1e−7; in French with a comma."""
    number, _, exponent = f"{value + 0.0:g}".partition("e")
    text = (f"{number}e{int(exponent)}" if exponent else number).replace("-", "−")
    return translate(Numerals(text))


def _places(axis: Any) -> list[float]:
    """Choose round numbers along an axis."""
    low, high = sorted(axis.get_view_interval())
    places = _in_decades(low, high) if axis.get_scale() == "log" else _SEARCH.tick_values(low, high)
    return [float(place) for place in places if low <= place <= high]


_SEARCH = MaxNLocator(_MOST, steps=(1, 2, 5, 10))


def _in_decades(low: float, high: float) -> list[float]:
    """Choose powers of ten around two numbers; where these are few, some between the powers."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = 1 + max(0, last - first) // _MOST_DECADES
    between: tuple[int, ...] = (1, 2, 5) if last - first <= 1 else (1,)
    if high < 10 * low:  # of 1, 2 and 5 only two may lie there
        between = (1, 2, 3, 5, 7)
    return [float(f"{each}e{power}") for power in range(first - 1, last + 1) if power % every == 0 for each in between]
