"""The one reader of notebooks, of the grader and at a student's desk: what can be made out of a file counts."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from coursekit.errors import UnreadableError
from coursekit.reading import marks

MAX_CELLS = 5000
MAX_SOURCES = 3 * 10**6  # characters that stand in all cells; nobody writes a tenth of that
EMBEDDED = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")  # a picture within a text, which is not shown
DEPTH = 10_000  # levels that a file may be nested
Cell: TypeAlias = dict[str, Any]  # as nbformat 4 has it
Kind: TypeAlias = Literal["code", "markdown", "raw"]
_KINDS: dict[str, Kind] = {"code": "code", "raw": "raw"}  # all else is text
_ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what nbformat calls an identifier


def read(data: bytes) -> tuple[list[Cell], tuple[str, ...]]:
    """Make out the cells of a notebook.

    Parameters
    ----------
    data
        The bytes of the file.

    Returns
    -------
    cells, remarks
        Sources, identifiers, what nbgrader is said to know of a cell, and what is attached to a text; and what was
        odd about the file.

    Raises
    ------
    UnreadableError
        When no cell can be made out.
    """
    text, remarks = _decode(data)
    if not text.strip():
        raise UnreadableError("it is empty")
    try:
        with _depth(DEPTH):
            content, end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply to be a notebook") from error
    except ValueError as error:
        raise UnreadableError(_why(text, error)) from error
    if text.lstrip()[end:].strip():
        remarks.append("something follows the end of the notebook, and is left out")
    cells = [cell for cell in map(_cell, _cells(content)[:MAX_CELLS]) if cell is not None]
    if not cells:
        raise UnreadableError("it is a notebook without cells")
    remarks += _leave_out(cells)
    seen: set[str] = set()
    for cell in cells:
        if cell["id"] in seen:
            cell["id"] = _fresh()
        seen.add(cell["id"])
    return cells, tuple(remarks)


def _leave_out(cells: list[Cell]) -> list[str]:
    """Shorten a notebook that is too long: pictures within texts go first, then the longest cells, which is said."""

    def excess() -> int:
        return sum(len(cell["source"]) for cell in cells) - MAX_SOURCES

    if excess() > 0:
        for cell in cells:
            if cell["cell_type"] == "markdown":
                cell["source"] = EMBEDDED.sub("", cell["source"])
    too_many, emptied = excess(), 0
    for cell in sorted(cells, key=lambda cell: len(cell["source"]), reverse=True):
        if too_many <= 0:
            break
        too_many, emptied = too_many - len(cell["source"]), emptied + 1
        cell["source"] = ""
    return [f"it is too long; its {emptied} longest cells are left out"] if emptied else []


def new_cell(kind: Kind, source: str) -> Cell:
    """Make a cell; unlike nbformat, check nothing, which would take long where there are thousands."""
    cell: Cell = {"cell_type": kind, "id": _fresh(), "metadata": {}, "source": source}
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def fingerprint(source: str) -> str:
    """Mark what stands in a cell, so that a change of it is seen."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _fresh() -> str:
    return uuid.uuid4().hex[:8]


@contextmanager
def _depth(levels: int) -> Iterator[None]:
    """Let what is called here call itself so many times."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, levels))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _decode(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), ["it is written in UTF-16, not UTF-8"]
    if data[:2] in (b"{\0", b"\0{"):
        encoding = "utf-16-le" if data[:1] == b"{" else "utf-16-be"
        return data.decode(encoding, errors="replace"), ["it is written in UTF-16, not UTF-8"]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), ["it is not written in UTF-8"]


def _why(text: str, error: ValueError) -> str:
    start = text.lstrip()[:200].lower()
    if start.startswith("pk\x03"):
        return "it is a zip file or an office document, not a notebook"
    if start.startswith(("<!doctype", "<html")):
        return "it is a web page, not a notebook; hand in the .ipynb file"
    if not start.startswith("{"):
        return "it is not a notebook; hand in the .ipynb file"
    if "<<<<<<<" in text and ">>>>>>>" in text:
        return "merge markers (<<<<<<<) were left in it; open it in a text editor, decide, and save it again"
    position = getattr(error, "pos", 0)
    if position >= len(text.strip()) - 1 or "Unterminated" in str(error):
        return "it ends in the middle, as after an upload that was cut off; hand it in again"
    return "it is damaged; open it in Jupyter, save it and hand it in again"


def _cells(content: Any) -> list[Any]:
    if not isinstance(content, dict):
        raise UnreadableError("it is not a notebook; hand in the .ipynb file")
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):  # before format 4
        cells = [cell for sheet in content["worksheets"] if isinstance(sheet, dict) for cell in sheet.get("cells", [])]
    if not isinstance(cells, list):
        raise UnreadableError("it is a notebook without cells")
    return cells


def _cell(cell: Any) -> Cell | None:
    """Return a clean cell; None for what is none, and for what a notebook in public has besides, if it is as it was."""
    if not isinstance(cell, dict):
        return None
    kind = _KINDS.get(str(cell.get("cell_type")), "markdown")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        lines = [part for part in source if isinstance(part, str)]
        source = ("" if any(line.endswith("\n") for line in lines) else "\n").join(lines)
    if not isinstance(source, str):
        return None
    # Text that UTF-8 cannot hold would stop every tool after this one.
    source = source.encode("utf-8", "replace").decode().replace("\x00", "")
    made = new_cell(kind, source.replace("\r\n", "\n").replace("\r", "\n"))
    if _published(cell) == fingerprint(made["source"]):
        return None
    if isinstance(cell.get("id"), str) and _ALLOWED.fullmatch(cell["id"]):
        made["id"] = cell["id"]
    if kind == "markdown" and isinstance(cell.get("attachments"), dict):
        made["attachments"] = cell["attachments"]
    if known := marks.said(cell):
        marks.put(made, **known)
    return made


def _published(cell: dict[str, Any]) -> object:
    """Return the fingerprint of a cell that a notebook in public has besides."""
    metadata = cell.get("metadata")
    about = metadata.get("coursekit") if isinstance(metadata, dict) else None
    return about.get("published") if isinstance(about, dict) else None
