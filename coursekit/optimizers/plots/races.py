"""Optimizers that race: an animated picture, which plays wherever a picture is shown and needs no server."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text

from coursekit.language import translate
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.playing import animated
from coursekit.optimizers.plots.style import Series, figure, finish, label, numbers, show_picture
from coursekit.optimizers.plots.surfaces import fill_contours, heights, show_minima
from coursekit.pictures import picture

_FRAMES = 24
_SECONDS = 4.0
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
        walks = [numbers(path) for path in paths.values()]
        runners = zip(paths, walks, looks(paths), strict=True)
        ways = [axes.plot(*walk.T, label=translate(name), **look)[0] for name, walk, look in runners]
        ends, colours = np.array([walk[-1] for walk in walks]), [way.get_color() for way in ways]
        places = axes.scatter(ends[:, 0], ends[:, 1], s=64, c=colours, edgecolors="white", zorder=3)
        longest = max(map(len, walks)) - 1
        count = axes.text(0.02, 0.03, translate("step {step}", step=longest), transform=axes.transAxes)
        axes.set(xlim=xlim, ylim=ylim)
        label(axes, "", *labels)
        axes.legend(loc="upper right")
        if "inline" in mpl.get_backend():
            drawn: Any = axes.figure
            finish(drawn, title)
            pause = int(1000 * _SECONDS / min(_FRAMES, longest + 1))
            play = {"pause": pause, "rest": _REST, "times": _TIMES}
            png = picture(drawn, lambda: animated(_frames(axes, walks, ways, places, count), **play))
            show_picture(_numbered(png), drawn)


def _frames(
    axes: Axes, walks: list[np.ndarray], ways: list[Line2D], places: PathCollection, count: Text
) -> Iterator[np.ndarray]:
    """Draw a race moment by moment, over a background that is drawn once; at the end all is as it was."""
    figure: Any = axes.figure
    for artist in (*ways, places, count):
        artist.set_animated(True)
    figure.canvas.draw()
    background = figure.canvas.copy_from_bbox(figure.bbox)
    for moment in np.unique(np.linspace(0, max(map(len, walks)) - 1, _FRAMES).round().astype(int)):
        figure.canvas.restore_region(background)
        gone = [walk[: moment + 1] for walk in walks]
        for way, part in zip(ways, gone, strict=True):
            way.set_data(*part.T)
        places.set_offsets([part[-1] for part in gone])
        count.set_text(translate("step {step}", step=moment))
        for artist in (*ways, places, count):
            axes.draw_artist(artist)
        yield np.array(figure.canvas.buffer_rgba())
    for artist in (*ways, places, count):
        artist.set_animated(False)


def _numbered(png: bytes) -> bytes:
    """Write the number of the cell into a picture, after its header: a browser plays no picture twice."""
    from IPython.core.getipython import get_ipython

    said = f"tEXtComment\0In [{getattr(get_ipython(), 'execution_count', 0)}]".encode()
    part = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    return png[:_HEADER] + part + png[_HEADER:]
