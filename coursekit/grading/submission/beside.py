"""Modules that a student handed in beside a notebook: they go where its cells go, and nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from coursekit.grading.submission.intake import Intake
from coursekit.grading.submission.modules import MAX_ALL
from coursekit.judging.subject import subject
from coursekit.reading.cells import Cell


def needed_by(intake: Intake, release: Path) -> dict[str, bytes]:
    """Choose of what was handed in what a notebook may import, and the notebooks that the course builds on.

    Parameters
    ----------
    intake
        From the folder of the student.
    release
        The notebook that was handed out. A student's notebook that names no module gets none.

    Returns
    -------
    dict
        The contents of the files, by their names. A module of a name that the grader's Python knows is left out.
    """
    notebook = intake.file(release.stem).data
    if isinstance(notebook, str):
        return {}
    names = {name.partition("/")[0].removesuffix(".py").encode() for name in intake.modules}
    named = any(re.search(rb"\b%b\b" % name, notebook) for name in names)
    return (intake.modules if named else {}) | _bases(intake, release)


def _bases(intake: Intake, release: Path) -> dict[str, bytes]:
    """Take the code of the notebooks in which a student wrote what other classes are derived from."""
    found = {}
    for name in re.findall(r'own_class\(\\"(\w+)\\"\)', release.read_text(encoding="utf-8")):
        exercise = subject().exercises[name]
        if not exercise.lent and (cells := intake.file(exercise.home).cells):
            found[f"{exercise.home}.ipynb"] = _code(cells)
    return {name: data for name, data in found.items() if len(data) <= MAX_ALL}


def _code(cells: list[Cell]) -> bytes:
    """Take the code out of a notebook, and nothing of what it shows."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    # An identifier that is none of the course's may have been made up by the reader.
    ids = [cell["id"] if "-" in cell["id"] else str(number) for number, cell in enumerate(code)]
    return json.dumps(
        {"cells": [{**cell, "id": name, "outputs": []} for cell, name in zip(code, ids, strict=True)]}
    ).encode()


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
