"""Files that were handed in more than once: the names under which they count, and attempts put together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from pathlib import Path

from coursekit.grading.exchange.collected import Source
from coursekit.grading.submission.intake import which_notebook

# Suffixes of a name that is taken: `01_sgd (2)` by browsers; `01_sgd-1`, after seven of them a long number, by
# Canvas, in front of the first dot or of the last.
_ADDED = re.compile(r"( ?\(\d+\)|-\d+|-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\.)")


@dataclass(frozen=True)
class Found:
    """A file with its source and its names.

    `name` is its name in the assignment, `plain` the same without what was added to tell it from another, and `exact`
    says whether its owner chose that name. `content` tells it from another, and `here` says whether it is what lies in
    the student's folder; what a person put there has no source.
    """

    path: Path
    source: Source | None
    name: str
    plain: str
    exact: bool
    depth: int
    content: str
    here: bool = False

    @property
    def number(self) -> float:
        """Its number in Canvas, which is higher for a later attempt."""
        return self.source.upload.order if self.source else inf

    @property
    def rank(self) -> tuple[float, float, bool, bool, int, str]:
        """Order files of one name: a person's, the newest, what is there already, an exact name, the least deep."""
        time = self.source.time if self.source else inf
        return (-self.number, -time, not self.here, not self.exact, self.depth, str(self.path))


def names_of(file: str, known: dict[str, str]) -> tuple[str, str, bool]:
    """Return the names of a file, `name`, `plain` and `exact` in `Found`, with those of notebooks that are known."""
    for plain in _peeled(file):
        stem = _stem(plain)
        if stem.casefold() in known:
            name = known[stem.casefold()] + _ADDED.sub("", plain[len(stem) :])
            return name, name, file == name
    stem = _stem(file)
    return (stem.strip(". ") or "notebook") + file[len(stem) :], plain_name(file), True


def plain_name(file: str) -> str:
    """Return a name without what was added to it as it was taken."""
    *_, plain = _peeled(file)
    return plain


def _peeled(file: str) -> Iterator[str]:
    """Yield a name, and what is left of it each time that something which was added is taken away."""
    yield file
    while (shorter := _ADDED.sub("", file, count=1)) != file:
        file = shorter
        yield file


def _stem(file: str) -> str:
    found = re.match(r"(.*?)\.ipynb", file, re.IGNORECASE)
    return found[1] if found else Path(file).stem


def attempts(files: list[Found], release: Path) -> Iterable[list[Found]]:
    """Group the attempts at one file: they have one name, or hold one notebook and were numbered by Canvas.

    Without such numbers, `tp-1` and `tp-2` may as well be two works. The first of a group counts; the same content is
    there once.
    """
    distinct: dict[tuple[str, str], Found] = {}
    for found in sorted(files, key=attrgetter("rank")):
        distinct.setdefault((found.name, found.content), found)
    together = defaultdict(list)
    numbers = {found.number for found in distinct.values()}
    is_canvas = all(numbers) and len(numbers) == len(distinct)
    for found in distinct.values():
        several = is_canvas and len({found.name for found in files}) > 1
        together[(several and which_notebook(found.path, release)) or found.name].append(found)
    return together.values()
