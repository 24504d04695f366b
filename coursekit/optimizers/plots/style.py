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
from matplotlib.ticker import FixedLocator

from coursekit.language import translate
from coursekit.optimizers.plots.rulers import rule
from coursekit.optimizers.plots.words import described
from coursekit.palette import PALETTE
from coursekit.pictures import picture

WIDE = (8.6, 4.0)  # inches of a figure with a legend beside
PIXELS = 80  # an inch, as a page shows it; drawn are twice as many, for screens that have them
Series: TypeAlias = Mapping[str, Any]

_STYLE: Any = {
    "figure.dpi": 2 * PIXELS,
    "figure.facecolor": "white",
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.titley": 1.0,  # given, or its place is searched for at every drawing
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
        if plt.fignum_exists(drawn.number):
            finish(drawn, title)
            _show(drawn)


def finish(drawn: Figure, title: str) -> None:
    """Write the numbers along the axes of a figure, and its title above the middle of its panels."""
    for panel in drawn.axes:
        if panel.name != "3d" and not isinstance(panel.yaxis.get_major_locator(), FixedLocator):  # those are names
            rule(panel)
    places = [panel.get_position() for panel in drawn.axes]
    drawn.suptitle(translate(title), x=(min(each.x0 for each in places) + max(each.x1 for each in places)) / 2)


def _show(drawn: Figure) -> None:
    """Show a figure; in a notebook with the words that stand for it where it cannot be seen."""
    if "inline" not in mpl.get_backend():
        plt.show()
        return
    show_picture(picture(drawn, lambda: _png(drawn)), drawn)


def _png(drawn: Figure) -> bytes:
    """Draw a figure in at most 256 colours, which takes a third of the bytes and of the time of all colours."""
    from PIL import Image

    file, canvas = io.BytesIO(), drawn.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[attr-defined]
    Image.fromarray(pixels).quantize(method=Image.Quantize.FASTOCTREE).save(file, format="PNG", compress_level=1)
    return file.getvalue()


def show_picture(png: bytes, drawn: Figure) -> None:
    """Show the picture of a figure in a notebook, with the words that stand for it, and close the figure."""
    from IPython.display import display

    about = {"alt": described(drawn), "width": round(PIXELS * drawn.get_figwidth())}
    plt.close(drawn)
    bundle = {"image/png": base64.b64encode(png).decode(), "text/plain": about["alt"]}
    display(bundle, raw=True, metadata={"image/png": about})


def legends_beside(*panels: Axes, handles: list[Any] | None = None) -> None:
    """Put legends on the right of their panels, where they hide nothing, and narrow the panels by the widest."""
    legends = [axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5)) for axes in panels]
    drawn = legends[0].figure
    widest = max(legend.get_window_extent().width for legend in legends)
    drawn.subplots_adjust(right=drawn.subplotpars.right - widest / drawn.bbox.width)


def label(axes: Axes, title: str, xlabel: str, ylabel: str) -> None:
    """Write the title and the labels of a panel, given in English."""
    axes.set(title=translate(title) if title else "", ylabel=translate(ylabel) if ylabel else "")
    if xlabel:
        axes.set_xlabel(translate(xlabel))


def numbers(values: Any) -> np.ndarray:
    """Make an array of a sequence of numbers or of tensors, or of a tensor."""
    if isinstance(values, torch.Tensor):
        return values.detach().numpy()
    if isinstance(values, list | tuple) and values and isinstance(values[0], torch.Tensor):
        return torch.stack(list(values)).detach().numpy()
    return np.asarray(values, dtype=float)
