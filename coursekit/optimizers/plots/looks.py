"""The colour and the line style of each curve: an optimizer looks the same in every picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from coursekit.palette import OPTIMIZERS, PALETTE, STYLES

_NAME = re.compile(rf"\b({'|'.join(OPTIMIZERS)})\b")
_ALL = tuple(zip(PALETTE, STYLES, strict=True))


def looks(names: Iterable[str]) -> list[dict[str, Any]]:
    """Choose colour and line style for each curve of a picture.

    A curve whose name speaks of an optimizer, "SGD, η = 0.1" say, looks like that optimizer; where several do, the
    later ones have other shades and styles. All others share the looks that are left.

    Parameters
    ----------
    names
        Those of the curves, in English.

    Returns
    -------
    list of dict
        Arguments of the drawing, for each of them.
    """
    named = [found[0] if (found := _NAME.search(name)) else "" for name in names]
    left = [look for look in _ALL if look not in [OPTIMIZERS.get(each) for each in named]]
    others = cycle(left or _ALL) if not any(named) else cycle(left[::-1] or _ALL)  # what is no optimizer's comes first
    seen: Counter[str] = Counter()
    chosen = []
    for name in named:
        colour, style = OPTIMIZERS[name] if name else next(others)
        if name and seen[name]:
            colour, style = _shade(colour, seen[name]), STYLES[(STYLES.index(style) + seen[name]) % len(STYLES)]
        seen[name] += 1
        chosen.append({"color": colour, "linestyle": style})
    return chosen


def _shade(colour: str, number: int) -> str:
    """Return another shade of a colour: lighter if it is dark, else darker."""
    rgb = np.array(to_rgb(colour))
    end = 0.6 if rgb.sum() < 1 else 0.0
    return to_hex((end + (rgb - end) * 0.5**number).tolist())
