"""Files that were handed in again: which of them are one work, and which of these counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.submission.stock import which_notebook
from coursekit.grading.submission.uploads import Upload

# What is added to a name that is taken: `01_sgd (2)` by browsers; `01_sgd-1`, after seven of them a long number, by
# Canvas, in front of the first dot or of the last.
_ADDED = re.compile(r"( ?\(\d+\)|-\d+|-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\.)")


@dataclass(frozen=True)
class Found:
    """A file: where it lies, whose it is, and its names.

    `name` is what it is called in the assignment, `plain` that without what was added to tell it from another, and
    `exact` whether its owner called it so.
    """

    path: Path
    upload: Upload | None
    name: str
    plain: str
    exact: bool
    depth: int

    @property
    def order(self) -> int:
        """Its number in Canvas, which is higher for a later attempt."""
        return self.upload.order if self.upload else 0

    @property
    def rank(self) -> tuple[int, bool, int, str]:
        """Order files of one name: Canvas's newest, the one that was called so, the one least deep."""
        return (-self.order, not self.exact, self.depth, str(self.path))


def names_of(file: str, known: dict[str, str]) -> tuple[str, str, bool]:
    """Give a file the name that its notebook has, if it is known by one; see `Found`."""
    plain = file
    while (stem := _stem(plain)).casefold() not in known and (shorter := _ADDED.sub("", plain, count=1)) != plain:
        plain = shorter
    if stem.casefold() in known:
        name = known[stem.casefold()] + _ADDED.sub("", plain[len(stem) :])
        return name, name, file == name
    stem = _stem(file)
    return (stem.strip(". ") or "notebook") + file[len(stem) :], plain, True


def _stem(file: str) -> str:
    found = re.match(r"(.*?)\.ipynb", file, re.IGNORECASE)
    return found[1] if found else Path(file).stem


def attempts(files: list[Found], release: Path) -> Iterable[list[Found]]:
    """Put together what is one file handed in again: it has one name, or holds one notebook and was numbered by Canvas.

    `tp-1` and `tp-2` may as well be two works.
    """
    together = defaultdict(list)
    is_canvas = all(found.order for found in files) and len({found.order for found in files}) == len(files)
    for found in files:
        several = is_canvas and len({found.name for found in files}) > 1
        together[(several and which_notebook(found.path, release)) or found.name].append(found)
    return together.values()
