"""Large pages for what all workers share: to fork a process then takes a third of the time.

A fork copies a table with an entry for each page, and the end of the process takes it down again. Of torch, Jupyter and
matplotlib there are some sixty thousand pages of 4 KiB, or some hundred of 2 MiB.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

SIZE = 2**21
_COLLAPSE = 25  # of madvise(2), since Linux 6.1


def join_pages() -> None:
    """Put what this process holds of its own into large pages, where the system can; else nothing happens."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    for start in _places():
        advise(ctypes.c_void_p(start), ctypes.c_size_t(SIZE), _COLLAPSE)


def _places() -> Iterator[int]:
    """Yield where in memory a large page has room, in what no file holds."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, _, _, inode, *_ = line.split()
        if rights == "rw-p" and inode == "0":
            start, end = (int(part, 16) for part in place.split("-"))
            yield from range(-(-start // SIZE) * SIZE, end - SIZE + 1, SIZE)
