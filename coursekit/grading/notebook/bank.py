"""The bank: the pictures that the references draw, each drawn once, and lent to every student's notebook.

It is made here and read here. A sandbox gets what it is lent over the wire, as a copy of its own; nothing that is drawn
for a student gets into the bank. Without it, or where it is damaged, pictures are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from coursekit.grading.files import write_at_once
from coursekit.pictures import Picture

MANY = 8  # students: with fewer, to run the references takes longer than to draw all pictures
_DIGEST = hashlib.sha256().digest_size


class Bank:
    """The pictures of an assignment, in a folder, a file for each notebook; what is wrong with one is told to `log`."""

    def __init__(self, folder: Path, log: Callable[[str], object]) -> None:
        self._folder = folder
        self._log = log

    def get(self, stem: str, key: str) -> tuple[Picture, ...] | None:
        """Return what the reference of a notebook draws; None where nothing is known of the one that has this key."""
        path = self._folder / stem
        try:
            data = path.read_bytes()
            if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
                raise ValueError(f"{path} is damaged")
            of, pictures = msgspec.msgpack.decode(data[_DIGEST:], type=tuple[str, tuple[Picture, ...]])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self._log(f"The pictures of {stem} that are kept cannot be lent ({error}).")
            return None
        return pictures if of == key else None

    def put(self, stem: str, key: str, pictures: tuple[Picture, ...] | None) -> tuple[Picture, ...]:
        """Keep what was recorded, and return it; also that nothing could be, or it would be tried for every student."""
        path = self._folder / stem
        if pictures is None:
            self._log(
                f"The reference of {stem} was not run to its end: its pictures are drawn, until {path} is removed."
            )
        kept = pictures or ()
        data = msgspec.msgpack.encode((key, kept))
        try:
            write_at_once(path, hashlib.sha256(data).digest() + data)
        except OSError as error:
            self._log(f"The pictures of {stem} cannot be kept ({error}).")
        return kept
