"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import tempfile
from pathlib import Path


def write_at_once(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(data)
            file.flush()
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
