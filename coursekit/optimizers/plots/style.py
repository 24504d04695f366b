"""The house style of the pictures: the colours of the course, on white whatever surrounds it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, LogLocator

from coursekit.language import translate
from coursekit.optimizers.plots.words import described
from coursekit.palette import PALETTE
from coursekit.pictures import picture

WIDE = (8.6, 4.0)  # inches of a figure with a legend beside
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


@contextmanager
def figure(
    title: str, rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (7.0, 4.0), top: float = 0.42
) -> Iterator[tuple[Axes, ...]]:
    """Open a figure and show it at the end; `size` and the margin at the `top` are in inches.

    The margins are fixed and hold what the course writes there: a layout engine would measure every text several
    times, which takes as long as to draw it.
    """
    width, height = size
    left, right, bottom = 0.9, 0.12, 0.55
    with plt.rc_context(_STYLE):
        drawn, axes = plt.subplots(rows, columns, sharex=columns == 1, squeeze=False, figsize=size)
        drawn.subplots_adjust(
            left=left / width,
            right=1 - right / width,
            bottom=bottom / height,
            top=1 - top / height,
            wspace=0.3,
            hspace=0.12,
        )
        yield tuple(axes.flat)
        places = [panel.get_position() for panel in drawn.axes]
        drawn.suptitle(translate(title), x=(min(each.x0 for each in places) + max(each.x1 for each in places)) / 2)
        if plt.fignum_exists(drawn.number):
            _show(drawn)


def _show(drawn: Figure) -> None:
    """Show a figure; in a notebook with the words that stand for it where it cannot be seen."""
    if "inline" not in mpl.get_backend():
        plt.show()
        return

    def draw() -> bytes:
        file = io.BytesIO()
        drawn.savefig(file, format="png")
        return file.getvalue()

    show_picture(picture(drawn, draw), drawn)


def show_picture(png: bytes, drawn: Figure) -> None:
    """Show the picture of a figure in a notebook, with the words that stand for it, and close the figure."""
    from IPython.display import display

    words = described(drawn)
    plt.close(drawn)
    bundle = {"image/png": base64.b64encode(png).decode(), "text/plain": words}
    display(bundle, raw=True, metadata={"image/png": {"alt": words}})


def legends_beside(*panels: Axes) -> None:
    """Put legends on the right of their panels, where they hide nothing, and narrow the panels by the widest."""
    legends = [axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5)) for axes in panels]
    drawn = legends[0].figure
    widest = max(legend.get_window_extent().width for legend in legends)
    drawn.subplots_adjust(right=drawn.subplotpars.right - widest / drawn.bbox.width)


def label(axes: Axes, title: str, xlabel: str, ylabel: str) -> None:
    """Write the title and the labels of a panel, given in English."""
    axes.set(title=translate(title) if title else "", ylabel=translate(ylabel) if ylabel else "")
    if xlabel:
        axes.set_xlabel(translate(xlabel))


def scale(axes: Axes, axis: str, log: bool) -> None:
    """Make an axis logarithmic, with plain numbers."""
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


def numbers(values: Any) -> np.ndarray:
    """Make an array of a sequence of numbers or of tensors, or of a tensor."""
    if isinstance(values, torch.Tensor):
        return values.detach().numpy()
    if isinstance(values, list | tuple) and values and isinstance(values[0], torch.Tensor):
        return torch.stack(list(values)).detach().numpy()
    return np.asarray(values, dtype=float)
