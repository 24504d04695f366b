"""Texts of a notebook that the course or its grader wrote; pictures and all that was printed are skipped unread."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import msgspec

from coursekit.errors import GradingError
from coursekit.reading.marks import Mark


class _About(msgspec.Struct):
    nbgrader: Mark = Mark()


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell: what stands in it, and what nbgrader knows of it."""

    cell_type: str
    source: str | list[str] = ""
    metadata: _About = msgspec.field(default_factory=_About)
    attachments: dict[str, dict[str, Any]] = {}

    @property
    def text(self) -> str:
        """The source as one text."""
        return "".join(self.source)

    @property
    def mark(self) -> Mark:
        """The cell's metadata of nbgrader's."""
        return self.metadata.nbgrader


class _Notebook(msgspec.Struct):
    cells: list[Cell]


_NOTEBOOK = msgspec.json.Decoder(_Notebook)
_CELL = msgspec.json.Decoder(Cell)


def cells(path: Path) -> list[Cell]:
    """Read the cells of a notebook.

    Raises
    ------
    GradingError
        When the file is not as the course or its grader wrote it.
    """
    try:
        return _NOTEBOOK.decode(path.read_bytes()).cells
    except msgspec.MsgspecError as error:
        raise GradingError(f"{path} is damaged ({error}): write it again.") from error


def written(found: list[Cell], name: str) -> Cell | None:
    """Find the cell of a name that a student writes."""
    return next((cell for cell in found if cell.mark.solution and cell.mark.grade_id == name), None)


def read_written(path: Path, name: str) -> Cell | None:
    """Find the cell of a name that a student writes, and read no more of the file where nbformat has written it.

    There a cell begins and ends on lines that look like no others: no text has lines of its own in JSON.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            place = data.rfind(b'"grade_id": ' + msgspec.json.encode(name))
            cell = _CELL.decode(data[data.rfind(b"\n  {", 0, place) : data.find(b"\n  }", place) + len(b"\n  }")])
    except (ValueError, msgspec.MsgspecError):
        return written(cells(path), name)
    return written([cell], name) or written(cells(path), name)
