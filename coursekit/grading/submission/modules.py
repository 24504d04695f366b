"""The modules that a student wrote and handed in: small plain files with names of their own."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from coursekit.errors import UnreadableError
from coursekit.grading.submission.reading import read_file

MAX_FILES, MAX_FILE, MAX_ALL = 20, 2**17, 2**18  # bytes
SEEN = 2000  # names in a folder that are read for it


def modules_in(folder: Path) -> dict[str, bytes]:
    """Read the modules in a folder, and those in packages in it."""
    found: dict[str, bytes] = {}
    for path in islice(_paths(folder), MAX_FILES):
        with contextlib.suppress(UnreadableError):
            data = read_file(path)
            if len(data) <= MAX_FILE and sum(map(len, found.values())) + len(data) <= MAX_ALL:
                found[path.relative_to(folder).as_posix()] = data
    return found


def _paths(folder: Path) -> Iterator[Path]:
    """List what can be imported from a folder and from nowhere else; no link is followed."""
    entries = _entries(folder)
    yield from (path for path in entries if path.suffix == ".py" and path.is_file() and _is_free(path.stem))
    for package in [path for path in entries if path.is_dir() and _is_free(path.name)]:
        yield from (path for path in _entries(package) if path.suffix == ".py" and path.is_file())


def _entries(folder: Path) -> list[Path]:
    try:
        some = sorted(islice(folder.iterdir(), SEEN))
    except OSError:
        return []
    return [path for path in some if path.stem.isidentifier() and not path.is_symlink()]


def _is_free(name: str) -> bool:
    return name not in sys.stdlib_module_names and find_spec(name) is None
