"""No picture is drawn twice: where pictures are lent to a process, one whose figure looks the same takes its place.

A grader lends those of the reference to whoever runs a student's notebook. At a desk nothing is lent, and every picture
is drawn.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture, and by what its figure is known.

    Attributes
    ----------
    look, places
        Of a figure that looks the same: the part that must be equal and the numbers that must be close, see
        `coursekit.likeness`.
    png
        The picture.
    """

    look: bytes
    places: bytes
    png: bytes


@dataclass(frozen=True, kw_only=True)
class Lent:
    """The pictures that a process is lent, and whether it records its own.

    Attributes
    ----------
    pictures
        Those that need not be drawn.
    records
        Whether it keeps the pictures that it draws, for `show_recorded`.
    """

    pictures: tuple[Picture, ...] = ()
    records: bool = False


def picture(figure: Figure, draw: Callable[[], bytes]) -> bytes:
    """Return the picture of a figure that is all built: one that was lent, or else what `draw` draws."""
    lent = _here.lent
    if not lent.pictures and not lent.records:
        return draw()
    try:
        from coursekit.likeness import close, likeness

        look, places = likeness(figure)
        for known in lent.pictures:
            if known.look == look and close(known.places, places):
                return known.png
    except Exception:  # noqa: BLE001 - of what is drawn in a way that is not known, and after an upgrade
        return draw()
    png = draw()
    if lent.records:
        _here.recorded.append(Picture(look=look, places=places, png=png))
    return png


def lend(lent: Lent) -> None:
    """Have pictures shown in this process, from here on, with what is lent."""
    _here.lent = lent
    _here.recorded.clear()


def show_recorded() -> None:
    """Show every picture that was recorded; by what its figure is known is in the metadata."""
    from IPython.display import display

    for each in _here.recorded:
        png, look, places = (base64.b64encode(part).decode() for part in (each.png, each.look, each.places))
        display({"image/png": png}, raw=True, metadata={"image/png": {"look": look, "places": places}})


@dataclass
class _Here:
    """The state of this process."""

    lent: Lent = field(default_factory=Lent)
    recorded: list[Picture] = field(default_factory=list)


_here = _Here()
