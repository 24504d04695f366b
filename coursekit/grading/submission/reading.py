"""Read what was handed in, whatever it is: what can be made out counts, and nothing that stands in it is believed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from coursekit.errors import UnreadableError
from coursekit.grading.notebook.cleaning import clean_picture
from coursekit.reading import cells as reading
from coursekit.reading.marks import mark, put

MAX_BYTES = 128 * 2**20
MAX_PICTURES = 20  # of one cell


def read_file(path: Path) -> bytes:
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
        raise UnreadableError("it is a link, not a file" if link else "it cannot be opened") from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise UnreadableError("it is no regular file")
    with os.fdopen(handle, "rb") as file:
        if about.st_size > MAX_BYTES:
            raise UnreadableError("it is too large; clear its outputs and save it again")
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
        Cells with their sources, identifiers, pictures and nothing else; and what was odd about the file.

    Raises
    ------
    UnreadableError
        When no cell can be made out.
    """
    cells, remarks = reading.read(data)
    for cell in cells:
        if name := mark(cell).grade_id:
            put(cell, grade_id=name)
        pictures = _pictures(cell.pop("attachments", {}))
        if pictures:
            cell["attachments"] = pictures
    # nbformat would check it, and raise; there is nothing in it but what was made here.
    return nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), remarks


def _pictures(attachments: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return what is attached to a text and is a picture."""
    kept = {}
    for name, data in list(attachments.items())[:MAX_PICTURES]:
        for kind, value in data.items() if isinstance(data, dict) else ():
            picture = clean_picture(kind, value)
            if picture is not None:
                kept[name.encode("utf-8", "replace").decode()] = {kind: picture}
    return kept
