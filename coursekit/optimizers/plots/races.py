"""Optimizers that race: an animated picture, which plays wherever a picture is shown and needs no server."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from coursekit.language import translate
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.playing import animated
from coursekit.optimizers.plots.style import Series, figure, finish, label, numbers, show_picture
from coursekit.optimizers.plots.surfaces import fill_contours, heights, show_minima
from coursekit.pictures import picture

_FRAMES = 36
_SECONDS = 5.0
_REST = 2000  # ms on the last frame
_TIMES = 3  # it plays, and then stands still: what moves for ever is hard to read beside
_HEADER = 33  # bytes of a PNG that come first


def race(
    function: Function,
    paths: Series,
    title: str,
    *,
    labels: tuple[str, str] = ("x", "y"),
    limits: tuple[tuple[float, float], ...] | None = None,
) -> None:
    """Play how paths run over the contours of a function of two variables, all at the same pace.

    In a notebook this is an animated PNG, which plays three times; where it cannot be played, on paper say, its last
    frame stands. Outside of a notebook the last frame is shown.

    Parameters
    ----------
    function, paths, title, labels, limits
        As for `contours`.
    """
    xlim, ylim = limits or function.limits
    with figure(title, size=(7.0, 4.4)) as (axes,):
        fill_contours(axes, *heights(function, xlim, ylim))
        show_minima(axes, function)
        pairs = zip(paths.items(), looks(paths), strict=True)
        runners = [_Runner(axes, name, numbers(path), look) for (name, path), look in pairs]
        longest = max(len(runner.path) for runner in runners) - 1
        count = axes.text(0.02, 0.03, translate("step {step}", step=longest), transform=axes.transAxes)
        axes.set(xlim=xlim, ylim=ylim)
        label(axes, "", *labels)
        axes.legend(loc="upper right")
        if "inline" in mpl.get_backend():
            drawn: Any = axes.figure
            finish(drawn, title)
            pause = int(1000 * _SECONDS / min(_FRAMES, longest + 1))
            play = {"pause": pause, "rest": _REST, "times": _TIMES}
            png = picture(drawn, lambda: animated(_frames(axes, runners, count, longest), **play))
            show_picture(_numbered(png), drawn)


class _Runner:
    """A path and what is drawn of it: the way so far, and where it is now."""

    def __init__(self, axes: Axes, name: str, path: np.ndarray, look: dict[str, Any]) -> None:
        self.path = path
        (way,) = axes.plot(*path.T, label=translate(name), **look)
        (now,) = axes.plot(*path[-1:].T, "o", color=look["color"], markersize=8, markeredgecolor="white")
        self.lines = (way, now)

    def move(self, moment: int) -> None:
        """Show the first steps of the path, as they are after so many."""
        way = self.path[: moment + 1]
        for line, part in zip(self.lines, (way, way[-1:]), strict=True):
            line.set_data(*part.T)


def _frames(axes: Axes, runners: list[_Runner], count: Text, longest: int) -> Iterator[np.ndarray]:
    """Draw a race moment by moment, over a background that is drawn once; at the end all is as it was."""
    moving = [*(line for runner in runners for line in runner.lines), count]
    figure: Any = axes.figure
    for artist in moving:
        artist.set_animated(True)
    figure.canvas.draw()
    background = figure.canvas.copy_from_bbox(figure.bbox)
    for moment in np.unique(np.linspace(0, longest, _FRAMES).round().astype(int)):
        figure.canvas.restore_region(background)
        count.set_text(translate("step {step}", step=moment))
        for runner in runners:
            runner.move(moment)
        for artist in moving:
            axes.draw_artist(artist)
        yield np.array(figure.canvas.buffer_rgba())
    for artist in moving:
        artist.set_animated(False)


def _numbered(png: bytes) -> bytes:
    """Write the number of the cell into a picture, after its header: a browser plays no picture twice."""
    from IPython.core.getipython import get_ipython

    said = f"tEXtComment\0In [{getattr(get_ipython(), 'execution_count', 0)}]".encode()
    part = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    return png[:_HEADER] + part + png[_HEADER:]
