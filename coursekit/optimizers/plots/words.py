"""A picture in words, for those who cannot see it: title, axes, and where each curve begins and ends."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coursekit.language import current, translate
from coursekit.optimizers.plots.rulers import written

_SEEN = 1 / 200  # of an axis: what an eye tells apart; a number is said no finer, and what is smaller as 0
_NOISE = 1e-12  # of the largest number of a curve on an axis of decades: rounding decides what is smaller


def described(figure: Figure) -> str:
    """Say what a figure shows, one sentence for each panel, in the language of the notebook."""
    return " ".join([f"{figure.get_suptitle()}.", *filter(None, map(_panel, figure.axes))])


def _panel(axes: Axes) -> str:
    axis = f"{axes.get_ylabel()} ({axes.get_xlabel()})" if axes.get_xlabel() else axes.get_ylabel()
    space = "\N{NO-BREAK SPACE}" if current() == "fr" else ""  # before a colon and a semicolon
    head = f"{axes.get_title()}{space}: {axis}" if axes.get_title() else axis
    curves = "" if axes.name == "3d" else f"{space}; ".join(_curves(axes))  # what it shows is in a map beside it, too
    return f"{head}{space}: {curves}." if curves else ""


def _curves(axes: Axes) -> Iterator[str]:
    is_map = any(isinstance(artist, ContourSet) for artist in axes.collections)
    artists = [*axes.lines, *axes.collections]
    names = {artist: "" if str(artist.get_label()).startswith("_") else str(artist.get_label()) for artist in artists}
    for artist, name in names.items():
        if isinstance(artist, Line2D) and (name or not any(names.values())):
            yield f"{name} {_ends(artist, axes, is_map)}".strip()
        elif name:
            yield name


def _ends(line: Line2D, axes: Axes, is_map: bool) -> str:
    """Say from where to where a line leads, in points on a map and else in ordinates; where nothing does, nothing."""
    places = np.array([np.asarray(values, dtype=float) for values in line.get_data()])
    x, y = places[:, ~np.isnan(places).any(axis=0)]  # what is not a number is not drawn
    if not len(x) or (not is_map and line.get_linestyle() == "None"):
        return ""
    if is_map:
        first, last = (
            translate("({x}, {y})", x=_number(x, at, axes.xaxis), y=_number(y, at, axes.yaxis)) for at in (0, -1)
        )
    else:
        first, last = (_number(y, at, axes.yaxis) for at in (0, -1))
    return first if first == last else translate("from {first} to {last}", first=first, last=last)


def _number(values: np.ndarray, at: int, axis: Axis) -> str:
    """Say a number of a curve as finely as it can be read along its axis; two digits of it where that has decades."""
    value = float(values[at])
    if not np.isfinite(value):
        return written(value)
    if axis.get_scale() == "log":
        largest = np.abs(values[np.isfinite(values)]).max()
        return "0" if abs(value) < _NOISE * largest else written(float(f"{value:.2g}"))
    low, high = sorted(axis.get_view_interval())
    return written(round(value, -math.floor(math.log10(_SEEN * (high - low)))))
