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
from coursekit.grading.reading import take_in
from coursekit.handout import HOMES
from coursekit.reading import Cell, read
from coursekit.references import SIGNATURES

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
    found = {}
    for name in re.findall(r'own_class\(\\"(\w+)\\"\)', release.decode()):
        if name not in SIGNATURES:
            path = folder / f"{HOMES[name]}.ipynb"
            with contextlib.suppress(UnreadableError):
                found[path.name] = json.dumps({"cells": list(_code(take_in(path)))}).encode()
    return {name: data for name, data in found.items() if len(data) <= MAX_ALL}


def _code(notebook: bytes) -> Iterator[Cell]:
    for number, cell in enumerate(read(notebook)[0]):
        if cell["cell_type"] == "code":
            # An identifier that is none of the course's may have been made up by the reader.
            identifier = cell["id"] if "-" in cell["id"] else str(number)
            yield {**cell, "id": identifier, "outputs": []}


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
