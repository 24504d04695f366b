"""Files that are there whole or not at all, whatever happens while they are written, and that stay."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_at_once(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, also when the power fails, and afterwards stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    _sync(path.parent)


def sync(folder: Path) -> None:
    """Have the files that others wrote into a folder stay, also when the power fails."""
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
