"""The visible content of a figure: a digest of the part that must be equal, and the numbers that may differ a little.

A figure draws itself by asking a renderer for lines, areas, texts and images. Here it asks one that draws nothing, and
writes down what it is asked for: all that can be seen, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

CLOSE = 0.1  # pixels that a thing may be elsewhere
_COLOURS = 25.0  # as many pixels is a colour from black to white: close are those of one step in 256
_CUT = ("_cliprect", "_clippath")  # where a style is cut off: numbers
_UNSEEN = ("backend", "interactive")  # settings that change from cell to cell


def likeness(figure: Figure) -> tuple[bytes, bytes]:
    """Return a digest of what must be equal in figures that look the same, and the numbers that must be `close`."""
    seen = _Seen(figure)
    figure.draw(seen)
    return seen.look.digest(), np.concatenate(seen.places).tobytes()


def close(one: bytes, other: bytes) -> bool:
    """Tell whether the numbers of two figures are the same, within a tenth of a pixel."""
    if len(one) != len(other):
        return False
    here, there = (np.frombuffer(numbers, dtype=np.float32) for numbers in (one, other))
    with np.errstate(invalid="ignore", over="ignore"):
        return bool(np.all((here == there) | (abs(here - there) <= CLOSE) | (np.isnan(here) & np.isnan(there))))


class _Seen(RendererBase):
    """Draws nothing and writes down what it is asked for; a text is as large in it as in the renderer that draws."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._size, self._dpi = figure.bbox.size, figure.dpi
        self.look = hashlib.sha256()
        self.places: list[np.ndarray] = []
        settings = dict.items(mpl.rcParams)  # as they are: to ask for each takes longer than all the rest here
        self._equal(sorted(each for each in settings if each[0] not in _UNSEEN), self._size, self._dpi)

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        """Write down a line or an area."""
        self._asked("path", gc, rgbFace)
        self._paths([path], transform)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Write down a mark, and where it stands."""
        self._asked("markers", gc, rgbFace)
        self._paths([marker_path], marker_trans)
        self._paths([path], trans)

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Sequence[Path],
        all_transforms: Any,
        offsets: Any,
        offset_trans: Transform,
        facecolors: Any,
        edgecolors: Any,
        linewidths: Any,
        linestyles: Any,
        antialiaseds: Any,
        urls: Any,  # noqa: ARG002 - not to be seen
        offset_position: Any,  # noqa: ARG002 - not used
        *,
        hatchcolors: Any = None,
    ) -> None:
        """Write down many areas."""
        self._asked("paths", gc, [list(each) for each in (linewidths, linestyles, antialiaseds)])
        for each in all_transforms if len(all_transforms) else [np.eye(3)]:
            self._paths(paths, Affine2D(each) + master_transform)
        self._close(offset_trans.transform(offsets))
        for colours in (facecolors, edgecolors, [] if hatchcolors is None else hatchcolors):
            self._close(_COLOURS * np.asarray(colours, dtype=float))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,  # noqa: ARG002 - the rest says it
    ) -> None:
        """Write down a line of text."""
        self._asked("text", gc, (s, str(prop), angle, ismath))
        self._close([x, y])

    def draw_image(
        self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Transform | None = None
    ) -> None:
        """Write down an image."""
        self._asked("image", gc, (im.shape, im.tobytes(), transform))
        self._close([x, y])

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Measure a text."""
        return _measured(s, prop.copy(), ismath, self._dpi)

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the figure."""
        width, height = self._size
        return width, height

    def points_to_pixels(self, points: Any) -> Any:
        """Return a size in pixels."""
        return points * self._dpi / 72

    def _asked(self, what: str, gc: Any, more: Any) -> None:
        """Write down what is asked for, with its style and where it is cut off."""
        self._equal(what, [each for each in vars(gc).items() if each[0] not in _CUT], more)
        box, (path, transform) = gc.get_clip_rectangle(), gc.get_clip_path()
        self._close([] if box is None else box.get_points())
        if path is not None:
            self._paths([path], transform)

    def _paths(self, paths: Sequence[Path], transform: Transform) -> None:
        self._equal([len(path) for path in paths], [_codes(path) for path in paths])
        self._close(transform.transform(np.concatenate([path.vertices for path in paths])) if paths else [])

    def _equal(self, *parts: object) -> None:
        self.look.update(repr(parts).encode())

    def _close(self, numbers: Any) -> None:
        flat = np.asarray(numbers, dtype=np.float32).ravel()
        self._equal(flat.size)
        self.places.append(flat)


@lru_cache(maxsize=1000)
def _measured(text: str, font: FontProperties, is_formula: Any, dpi: float) -> tuple[float, float, float]:
    """Measure a text as when it is drawn; numbers and names stand in many pictures."""
    return RendererAgg(1, 1, dpi).get_text_width_height_descent(text, font, is_formula)


def _codes(path: Path) -> bytes:
    """Return what leads to each point of a path.

    A line that ends where it began is the same whether it is closed there or not: of contours, rounding decides that.
    """
    if path.codes is None:
        return b""
    codes, points = np.array(path.codes), np.asarray(path.vertices)
    begins = np.maximum.accumulate(np.where(codes == Path.MOVETO, np.arange(len(codes)), 0))
    returns = (points == points[begins]).all(axis=1)
    codes[(codes == Path.CLOSEPOLY) & returns] = Path.LINETO
    return codes.tobytes()
