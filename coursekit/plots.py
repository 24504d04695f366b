"""The pictures of the course, in one house style: the colour-blind-safe palette of Okabe and Ito.

Every function draws one figure and shows it. Titles and labels are given in English and shown in the
notebook's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.ticker import LogFormatter, LogLocator

from coursekit.data import Dataset
from coursekit.functions import Function
from coursekit.language import translate
from coursekit.training import History

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555")
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (3, 1)), "-")
Series: TypeAlias = Mapping[str, Any]

_STYLE: Any = {
    "figure.dpi": 80,
    "figure.facecolor": "white",
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.titley": 1.0,  # given, or its place is searched for at every drawing
    "grid.alpha": 0.3,
    "legend.frameon": True,
    "legend.framealpha": 0.8,
    "legend.edgecolor": "none",
    "lines.linewidth": 1.8,
}


def training(history: History, data: Dataset, title: str) -> None:
    """Draw a training of `nn.Linear(1, 1)`: the loss, the path over the loss surface, the fitted line.

    Parameters
    ----------
    history
        From `coursekit.train`, with two parameters: weight and bias.
    data
        What was trained on.
    title
        The title of the figure, in English.
    """
    path = history.parameters.numpy()
    with _figure(title, columns=3, size=(11.1, 3.6), top=0.65) as (losses, surface, fit):
        losses.plot(history.losses, color=PALETTE[0])
        _scale(losses, "y", _log_if_positive(history.losses))
        _label(losses, "Loss by epoch", "epoch", "mean squared error")

        _loss_surface(surface, path, data)
        _label(surface, "Path over the loss surface", "weight", "bias")

        x = data.x.flatten().numpy()
        fit.plot(x, data.y.flatten().numpy(), ".", color=PALETTE[6], alpha=0.6, label=translate("data"))
        with np.errstate(all="ignore"):
            line = path[-1, 0] * x + path[-1, 1]
        if np.isfinite(line).all():
            fit.plot(x, line, color=PALETTE[1], label=translate("fitted line"))
        _label(fit, "Fitted line", "x", "y")
        fit.legend()


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
    with _figure(title) as (axes,):
        for number, (name, given) in enumerate(series.items()):
            values = _numbers(given)
            axes.plot(
                np.arange(len(values)) if x is None else _numbers(x)[: len(values)],
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
            _scale(axes, axis, True)
        _label(axes, "", xlabel, ylabel)
        axes.legend()


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
    with _figure(title) as (axes,):
        axes.plot(x.numpy(), function(x).numpy(), color=PALETTE[6], linewidth=1.2, label=f"${function.formula}$")
        for number, (name, path) in enumerate(paths.items()):
            positions = torch.as_tensor(_numbers(path))
            colour = PALETTE[number % len(PALETTE)]
            axes.plot(
                positions, function(positions), "o-", color=colour, markersize=3, alpha=0.8, label=translate(name)
            )
            axes.plot(positions[-1:], function(positions[-1:]), "s", color=colour, markersize=7)
        axes.set_xlim(low, high)
        _label(axes, "", "x", "f(x)")
        axes.legend()


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
        What was minimised.
    paths
        For every name the positions, shape (steps + 1, 2).
    title, labels
        In English.
    limits
        The part of each axis to draw; by default that of the function.
    """
    xlim, ylim = limits or function.limits
    x, y = torch.meshgrid(torch.linspace(*xlim, 160), torch.linspace(*ylim, 160), indexing="xy")
    values = function(torch.stack([x, y], dim=-1)).numpy()
    with _figure(title) as (axes,):
        _contour(axes, x.numpy(), y.numpy(), values)
        for number, (name, path) in enumerate(paths.items()):
            positions = _numbers(path)
            colour = PALETTE[number % len(PALETTE)]
            axes.plot(
                positions[:, 0],
                positions[:, 1],
                color=colour,
                linestyle=STYLES[number % len(STYLES)],
                marker="o",
                markersize=3,
                label=translate(name),
            )
            axes.plot(*positions[-1], "s", color=colour, markersize=8, markeredgecolor="white")
        axes.plot(*function.minimum, "*", color="black", markersize=12, label=translate("minimum"))
        axes.set(xlim=xlim, ylim=ylim)
        _label(axes, "", *labels)
        axes.legend()


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
    with _figure(title) as (axes,):
        axes.plot(x, data.y.flatten().numpy(), ".", color=PALETTE[6], alpha=0.6, label=translate("data"))
        for number, (name, given) in enumerate(curves.items()):
            axes.plot(
                x,
                _numbers(given).flatten(),
                color=PALETTE[number % len(PALETTE)],
                linestyle=STYLES[number % len(STYLES)],
                label=translate(name),
            )
        _label(axes, "", "x", "y")
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
    with _figure(title, rows=len(panels), size=(8.0, 1.9 * len(panels) + 0.8)) as stack:
        for axes, (ylabel, series) in zip(stack, panels, strict=True):
            for number, (name, values) in enumerate(series.items()):
                colour = PALETTE[number % len(PALETTE)]
                if isinstance(values, tuple):
                    low, high = (_numbers(edge) for edge in values)
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
                        _numbers(values),
                        color=colour,
                        linestyle=style,
                        drawstyle="steps-mid" if steps else None,
                        label=translate(name),
                    )
            _scale(axes, "y", ylabel in log)
            _label(axes, "", "", ylabel)
            axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        stack[-1].set_xlabel(translate(xlabel))
        _make_room_for_legends(stack)


@contextmanager
def _figure(
    title: str, rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (7.0, 4.0), top: float = 0.42
) -> Iterator[tuple[Axes, ...]]:
    """Open a figure and show it at the end; `size` and the margin at the `top` are in inches.

    The margins are fixed and hold what the course writes there: a layout engine would measure every text several
    times, which takes as long as to draw it.
    """
    width, height = size
    left, right, bottom = 0.9, 0.12, 0.55
    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(rows, columns, sharex=columns == 1, squeeze=False, figsize=size)
        canvas: Any = figure.canvas
        canvas.print_figure = _drawn_once(canvas.print_figure)
        figure.subplots_adjust(
            left=left / width,
            right=1 - right / width,
            bottom=bottom / height,
            top=1 - top / height,
            wspace=0.3,
            hspace=0.12,
        )
        figure.suptitle(translate(title), x=(width + left - right) / (2 * width))
        yield tuple(axes.flat)
        plt.show()


def _drawn_once(print_figure: Callable[..., Any]) -> Callable[..., Any]:
    """Let a canvas leave the margins as they are: to find out what can be cut off, it would draw everything twice."""
    return lambda *where, **options: print_figure(*where, **{**options, "bbox_inches": None})


def _make_room_for_legends(stack: Sequence[Axes]) -> None:
    """Narrow the axes by the widest of the legends that stand on their right."""
    figure = stack[0].figure
    widest = max(legend.get_window_extent().width for axes in stack if (legend := axes.get_legend()))
    figure.subplots_adjust(right=figure.subplotpars.right - widest / figure.bbox.width)


def _loss_surface(axes: Axes, path: np.ndarray, data: Dataset) -> None:
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
    _contour(axes, weight, bias, values)
    axes.plot(shown[:, 0], shown[:, 1], "o-", color=PALETTE[1], markersize=2.5, linewidth=1.2, label=translate("path"))
    axes.plot(*shown[0], "o", color=PALETTE[1], markersize=7, label=translate("start"))
    axes.plot(slope, intercept, "*", color="black", markersize=12, label=translate("minimum"))
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.legend()


def _contour(axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray) -> None:
    floor = values.min()
    levels = floor + np.geomspace(max(1e-3 * np.ptp(values), 1e-9), np.ptp(values), 14)
    axes.contourf(x, y, values, levels=[floor, *levels], cmap="Greys", alpha=0.55, norm="symlog")
    axes.contour(x, y, values, levels=levels, colors="#777777", linewidths=0.5)
    axes.grid(visible=False)


def _label(axes: Axes, title: str, xlabel: str, ylabel: str) -> None:
    axes.set(title=translate(title) if title else "", ylabel=translate(ylabel) if ylabel else "")
    if xlabel:
        axes.set_xlabel(translate(xlabel))


def _scale(axes: Axes, axis: str, log: bool) -> None:
    if log:
        getattr(axes, f"set_{axis}scale")("log")
        ticks = getattr(axes, f"{axis}axis")
        ticks.set_minor_locator(LogLocator(subs=(2, 4, 6)))  # those with labels; each tick takes its time
        ticks.set_major_formatter(_Plain())
        ticks.set_minor_formatter(_Plain())


class _Plain(LogFormatter):
    """Label a logarithmic axis with 0.01, 100 or 1e−7: powers of ten are formulas, which are slow to typeset."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        if not super().__call__(x, pos):
            return ""
        number, _, exponent = f"{x:g}".partition("e")
        return f"{number}e{int(exponent)}".replace("-", "−") if exponent else number


def _log_if_positive(values: Sequence[float]) -> bool:
    finite = [value for value in values if np.isfinite(value)]
    return len(finite) == len(values) and min(finite) > 0 and max(finite) > 10 * min(finite)


def _numbers(values: Any) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        return values.detach().numpy()
    if isinstance(values, list | tuple) and values and isinstance(values[0], torch.Tensor):
        return torch.stack(list(values)).detach().numpy()
    return np.asarray(values, dtype=float)
