"""Read what was handed in, whatever it is: what can be made out counts, and nothing that stands in it is believed."""

from __future__ import annotations

import codecs
import json
import os
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from coursekit.errors import UnreadableError

MAX_BYTES = 128 * 2**20
MAX_CELLS = 5000


def take_in(path: Path) -> bytes:
    """Read a file that a stranger put there: a regular file of reasonable size, and no link to elsewhere.

    Raises
    ------
    UnreadableError
        When it is something else.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        link = path.is_symlink()
        raise UnreadableError(
            "it is a link, not a file" if link else f"it cannot be opened: {error.strerror}"
        ) from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise UnreadableError("it is no regular file")
    with os.fdopen(handle, "rb") as file:
        if about.st_size > MAX_BYTES:
            raise UnreadableError(f"it is larger than {MAX_BYTES // 2**20} MB; clear its outputs and save it again")
        return file.read()


def read(data: bytes) -> tuple[NotebookNode, tuple[str, ...]]:
    """Make out the cells of a notebook.

    Parameters
    ----------
    data
        The bytes of the file.

    Returns
    -------
    notebook, remarks
        Cells with their sources, identifiers and nothing else; and what was odd about the file.

    Raises
    ------
    UnreadableError
        When no cell can be made out.
    """
    text, remarks = _decode(data)
    if not text.strip():
        raise UnreadableError("it is empty")
    try:
        content, end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply to be a notebook") from error
    except ValueError as error:
        raise UnreadableError(_why(text, error)) from error
    if text.lstrip()[end:].strip():
        remarks.append("something follows the end of the notebook, and is left out")
    cells = [cell for cell in map(_cell, _cells(content)) if cell is not None]
    if not cells:
        raise UnreadableError("it is a notebook without cells")
    return nbformat.v4.new_notebook(cells=cells[:MAX_CELLS]), tuple(remarks)


def _decode(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), ["it is written in UTF-16, not UTF-8"]
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
    return f"it is damaged at character {position}"


def _cells(content: Any) -> list[Any]:
    if not isinstance(content, dict):
        raise UnreadableError("it is not a notebook; hand in the .ipynb file")
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):  # before format 4
        cells = [cell for sheet in content["worksheets"] if isinstance(sheet, dict) for cell in sheet.get("cells", [])]
    if not isinstance(cells, list):
        raise UnreadableError("it is a notebook without cells")
    return cells


def _cell(cell: Any) -> NotebookNode | None:
    """Give a clean cell; None for what is none."""
    if not isinstance(cell, dict):
        return None
    kind = {"code": "code", "raw": "raw"}.get(str(cell.get("cell_type")), "markdown")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    # What cannot be written down in UTF-8 would stop every tool after this one.
    source = source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\x00", "")
    made = getattr(nbformat.v4, f"new_{kind}_cell")(source)
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(about, dict) and isinstance(about.get("grade_id"), str):
        made.metadata["nbgrader"] = NotebookNode(grade_id=about["grade_id"])
    return made
