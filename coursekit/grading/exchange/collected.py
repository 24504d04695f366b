"""The record of what was collected of an assignment: from which download each file came, kept beside the downloads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from coursekit.errors import GradingError
from coursekit.grading.files import write_at_once
from coursekit.grading.submission.uploads import Upload, whose


@dataclass(frozen=True)
class Source:
    """Where a file came from.

    Attributes
    ----------
    path
        Its path in the download, from the name on that says whose it is.
    time
        When the download was made.
    """

    path: str
    time: float

    @cached_property
    def upload(self) -> Upload:
        """The parts of that name."""
        upload = whose((self.path.split("/")[0],))
        assert upload, self.path
        return upload

    @property
    def order(self) -> tuple[int, float]:
        """A later attempt is higher: its number in Canvas, or else the time of the download."""
        return self.upload.order, self.time


class Collected:
    """The sources of files, by student and content: what a person changed has none."""

    def __init__(self, root: Path, assignment: str) -> None:
        self._path = root / "downloaded" / assignment / "collected.json"
        self._known: dict[str, dict[str, tuple[str, float]]] = {}
        if self._path.is_file():
            try:
                self._known = json.loads(self._path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise GradingError(f"{self._path} is damaged. Remove it, and collect all downloads again.") from error

    def add(self, student: str, content: str, source: Source) -> None:
        """Note that a student handed in a content; the latest source of it counts."""
        known = self.source(student, content)
        if known is None or known.order < source.order:
            self._known.setdefault(student, {})[content] = (source.path, source.time)

    def source(self, student: str, content: str) -> Source | None:
        """Return where the content of a file of a student came from, if it was collected."""
        known = self._known.get(student, {}).get(content)
        return Source(*known) if known else None

    def sources(self, student: str) -> list[Source]:
        """List where all that a student ever handed in came from, the latest first."""
        return sorted(
            (Source(*known) for known in self._known.get(student, {}).values()), key=attrgetter("order"), reverse=True
        )

    def write(self) -> None:
        """Keep it."""
        write_at_once(self._path, json.dumps(self._known, indent=1).encode())


def content_of(path: Path) -> str:
    """Return what tells one content of a file from another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
