"""A picture that plays: one PNG, in which each frame holds what changes, and the last stands where nothing plays."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

from coursekit.palette import GROUND, PALETTE

_SHADES = 8  # of each line over each ground, for its edges
_GREYS = 24
_SAME = 255  # in the place of a pixel that stays as it was


def animated(frames: Iterable[np.ndarray], *, pause: int, rest: int, times: int) -> bytes:
    """Write frames as one PNG.

    Parameters
    ----------
    frames
        Arrays of one shape (height, width, 4), RGBA, each unlike the one before; colours become the nearest of a race.
    pause, rest
        For how many milliseconds each frame stands, and the last.
    times
        How often it plays.
    """
    shown: list[tuple[int, int, np.ndarray]] = []  # the top, the left and what is new of each frame
    before: Any = None
    whole: Any = None
    for frame in frames:
        pixels = np.ascontiguousarray(frame).view(np.uint32)[..., 0]
        if before is None:
            before, whole = ~pixels, np.empty(pixels.shape, dtype=np.uint8)
        changed = pixels != before
        whole[changed] = _indices(frame[changed])
        (top, bottom), (left, right) = (np.flatnonzero(changed.any(axis=axis))[[0, -1]] for axis in (1, 0))
        part = np.s_[top : bottom + 1, left : right + 1]
        shown.append((top, left, np.where(changed[part], whole[part], _SAME)))
        before = pixels
    height, width = whole.shape
    colours = _COLOURS.tobytes()
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", colours.ljust(3 * (_SAME + 1), b"\0")),
        _chunk(b"tRNS", bytes([255] * _SAME + [0])),
        _chunk(b"acTL", struct.pack(">II", len(shown), times)),
        _chunk(b"IDAT", _packed(whole)),
    ]
    for number, (top, left, new) in enumerate(shown):
        lasts = rest if number == len(shown) - 1 else pause
        place = struct.pack(">IIIIIHHBB", 2 * number, *new.shape[::-1], left, top, lasts, 1000, 0, 1)
        parts.append(_chunk(b"fcTL", place))
        parts.append(_chunk(b"fdAT", struct.pack(">I", 2 * number + 1) + _packed(new)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + _chunk(b"IEND", b"")


def _indices(pixels: np.ndarray) -> np.ndarray:
    """Return for each of some pixels, shape (n, 4), which colour is nearest."""
    from PIL import Image

    colours = Image.new("P", (1, 1))
    colours.putpalette(_COLOURS.tobytes())
    row = Image.fromarray(pixels[None, :, :3].copy())
    return np.asarray(row.quantize(palette=colours, dither=Image.Dither.NONE))[0]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _packed(indices: np.ndarray) -> bytes:
    """Compress the rows of an image, each after the number of its filter: none."""
    return zlib.compress(np.pad(indices, ((0, 0), (1, 0))).tobytes(), 1)


def _known() -> np.ndarray:
    """Return the colours of a race, with those at the edges of its lines, shape (n, 3) with n below 256."""
    lines, grounds = (255 * np.array([to_rgb(colour) for colour in colours]) for colours in (PALETTE, GROUND))
    shares = np.linspace(0, 1, _SHADES)[:, None, None, None]
    edges = shares * lines[:, None] + (1 - shares) * grounds
    greys = np.repeat(np.linspace(0, 255, _GREYS)[:, None], 3, axis=1)
    return np.unique(np.vstack([edges.reshape(-1, 3), greys]).round().astype(np.uint8), axis=0)


_COLOURS = _known()
