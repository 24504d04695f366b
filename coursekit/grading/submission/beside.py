"""What a student handed in beside a notebook and it is built on: that goes where its cells go, and nowhere else."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

from coursekit.errors import UnreadableError
from coursekit.grading.submission.modules import MAX_ALL, modules_in
from coursekit.grading.submission.reading import take_in
from coursekit.grading.submission.intake import find
from coursekit.judging.subject import subject
from coursekit.reading.cells import read


def needed_by(notebook: bytes, release: Path, folder: Path) -> dict[str, bytes]:
    """Take in what a notebook may import from a folder, and the notebooks that the course builds on.

    Parameters
    ----------
    notebook
        What a student handed in. One that names no module in the folder gets none.
    release
        The file that was handed out.
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


def _bases(folder: Path, release: Path) -> dict[str, bytes]:
    """Take in the code of the notebooks in which a student wrote what other classes are derived from."""
    found = {}
    for name in re.findall(r'own_class\(\\"(\w+)\\"\)', release.read_text(encoding="utf-8")):
        exercise = subject().exercises[name]
        if not exercise.lent:
            with contextlib.suppress(UnreadableError):
                found[f"{exercise.home}.ipynb"] = _code(take_in(find(folder, exercise.home, release.parent)))
    return {name: data for name, data in found.items() if len(data) <= MAX_ALL}


def _code(notebook: bytes) -> bytes:
    """Take the code out of a notebook, and nothing of what it shows."""
    code = [cell for cell in read(notebook)[0] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code):
        # An identifier that is none of the course's may have been made up by the reader.
        cell.update(id=cell["id"] if "-" in cell["id"] else str(number), outputs=[])
    return json.dumps({"cells": code}).encode()


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
