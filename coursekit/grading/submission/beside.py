"""What a student handed in beside a notebook and it is built on: that goes where its cells go, and nowhere else."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from coursekit.errors import UnreadableError
from coursekit.grading.submission.reading import take_in
from coursekit.optimizers.references import SIGNATURES
from coursekit.reading.cells import read
from coursekit.reading.handout import HOMES, holds

MAX_FILES, MAX_FILE, MAX_ALL = 20, 2**17, 2**18  # bytes
SEEN = 2000  # names in a folder that are read for it


def needed_by(notebook: bytes, release: bytes, folder: Path) -> dict[str, bytes]:
    """Take in what a notebook may import from a folder, and the notebooks that the course builds on.

    Parameters
    ----------
    notebook, release
        What a student handed in, and what was handed out. One that names no module in the folder gets none.
    folder
        Of the student.

    Returns
    -------
    dict
        What is in the files, by their names. A module of a name that the grader's Python knows is left out.
    """
    modules = modules_in(folder)
    names = {name.partition("/")[0].removesuffix(".py").encode() for name in modules}
    if not any(re.search(rb"\b%b\b" % name, notebook) for name in names):
        modules = {}
    return modules | _bases(folder, release)


def _bases(folder: Path, release: bytes) -> dict[str, bytes]:
    """Take in the code of the notebooks in which a student wrote what other classes are derived from."""
    names = re.findall(r'own_class\(\\"(\w+)\\"\)', release.decode())
    found = {f"{HOMES[name]}.ipynb": _code(folder, HOMES[name]) for name in names if name not in SIGNATURES}
    return {name: data for name, data in found.items() if 0 < len(data) <= MAX_ALL}


def _code(folder: Path, stem: str) -> bytes:
    """Take in the code of a notebook of the course, which may have another name, and nothing of what it shows."""
    own = folder / f"{stem}.ipynb"
    for path in [own] if own.is_file() else _entries(folder, "*.ipynb*"):
        with contextlib.suppress(UnreadableError):
            cells, _ = read(take_in(path))
            if path == own or holds(cells) == stem:
                code = [cell for cell in cells if cell["cell_type"] == "code"]
                for number, cell in enumerate(code):
                    # An identifier that is none of the course's may have been made up by the reader.
                    cell.update(id=cell["id"] if "-" in cell["id"] else str(number), outputs=[])
                return json.dumps({"cells": code}).encode()
    return b""


def modules_in(folder: Path) -> dict[str, bytes]:
    """Take in the modules in a folder, and those in packages in it."""
    found: dict[str, bytes] = {}
    for path in islice(_paths(folder), MAX_FILES):
        with contextlib.suppress(UnreadableError):
            data = take_in(path)
            if len(data) <= MAX_FILE and sum(map(len, found.values())) + len(data) <= MAX_ALL:
                found[path.relative_to(folder).as_posix()] = data
    return found


def cell(found: dict[str, bytes]) -> str:
    """Write a cell that puts files beside the notebook in which it stands."""
    return _CELL.replace("FILES", repr(found))


_CELL = """\
def _put(files):
    import importlib
    import pathlib

    for name, data in files.items():
        path = pathlib.Path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    importlib.invalidate_caches()


_put(FILES)
del _put
"""


def _paths(folder: Path) -> Iterator[Path]:
    """List what can be imported from a folder and from nowhere else; no link is followed."""
    entries = [path for path in _entries(folder) if path.stem.isidentifier() and not path.is_symlink()]
    yield from (path for path in entries if path.suffix == ".py" and path.is_file() and _is_free(path.stem))
    for package in [path for path in entries if path.is_dir() and _is_free(path.name)]:
        inside = [path for path in _entries(package, "*.py") if path.stem.isidentifier() and not path.is_symlink()]
        yield from (path for path in inside if path.is_file())


def _entries(folder: Path, pattern: str = "*") -> list[Path]:
    try:
        return sorted(islice(folder.glob(pattern), SEEN))
    except OSError:
        return []


def _is_free(name: str) -> bool:
    return name not in sys.stdlib_module_names and find_spec(name) is None
