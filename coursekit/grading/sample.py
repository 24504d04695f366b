"""The sample class: submissions of imagined students, laid out from small overlays.

`class.toml` has one table a student. The folder of a student holds what that student wrote: `sgd.py` is the source
of the solution cell `sgd`, `sgd_words.md` an answer in words, `sgd.before.py` a cell added before the cell `sgd`.
The rest is the released notebook (base "untouched"), or that with the code of the reference ("reference").
"""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
import nbformat
from nbformat import NotebookNode

from coursekit.building import write
from coursekit.errors import GradingError

TIMESTAMP = "2026-10-01 10:00:00 UTC"

_OVERLAY = re.compile(r"([a-z0-9_]+)(\.py|\.md|\.before\.py)")
_MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION *\n?", re.MULTILINE)


class Student(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of `class.toml`.

    Attributes
    ----------
    id, name, description
        The name of the folder, that of the person, and one line on what kind of work this is.
    assignment, base
        What was handed in, and where the cells without an overlay come from.
    missing
        Stems of the notebooks that were not handed in.
    wrong
        For the grade_id of a solution cell the name of a behaviour that the work there must lose, at least.
    """

    id: str
    name: str
    description: str
    assignment: Literal["optimizers", "optimiseurs"]
    base: Literal["reference", "untouched"]
    missing: tuple[str, ...] = ()
    wrong: dict[str, str] = {}


def lay_out(sample: Path, release: Path, solutions: Path, submitted: Path) -> list[Student]:
    """Write the submissions of the sample class, in the place of those of an earlier call.

    Parameters
    ----------
    sample
        Where `class.toml` and the overlays are.
    release, solutions
        What nbgrader releases and what it is made from; each holds a folder for every assignment.
    submitted
        Where `<student>/<assignment>/<stem>.ipynb` and `timestamp.txt` are written; nothing is, and a
        `GradingError` says why, when `class.toml` or an overlay does not fit the notebooks.
    """
    students = read_class(sample)
    for student, notebooks in [(each, assemble(each, sample, release, solutions)) for each in students]:
        folder = submitted / student.id / student.assignment
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for stem, notebook in notebooks.items():
            write(notebook, folder / f"{stem}.ipynb")
        (folder / "timestamp.txt").write_text(TIMESTAMP, encoding="utf-8")
    return students


def read_class(sample: Path) -> list[Student]:
    """Read `class.toml`, and see that every folder beside it belongs to a student."""
    path = sample / "class.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise GradingError(f"{path} cannot be read: {error}.") from error
    strays = sorted({entry.name for entry in sample.iterdir() if entry.is_dir()} - set(tables))
    if strays:
        raise GradingError(f'{sample / strays[0]} belongs to nobody; add a table ["{strays[0]}"] to {path}.')
    return [_student(name, table, path) for name, table in tables.items()]


def assemble(student: Student, sample: Path, release: Path, solutions: Path) -> dict[str, NotebookNode]:
    """Make the notebooks that a student hands in, by stem; the arguments are those of `lay_out`."""
    notebooks = _notebooks(release / student.assignment)
    for stem in student.missing:
        if notebooks.pop(stem, None) is None:
            raise GradingError(f"{sample / 'class.toml'}: {student.id} misses {stem!r}, which was never released.")
    if student.base == "reference":
        _solve(notebooks, solutions / student.assignment)
    homes = {grade_id: (notebook, cell) for notebook in notebooks.values() for grade_id, cell in _open(notebook)}
    for path in sorted((sample / student.id).glob("*")):
        match = _OVERLAY.fullmatch(path.name)
        if match is None:
            raise GradingError(f"{path} is no overlay; name it <grade_id>.py, <grade_id>.md or <grade_id>.before.py.")
        if match[1] not in homes:
            raise GradingError(f"{path}: no notebook handed in has a cell {match[1]!r}; there are {', '.join(homes)}.")
        _put(*homes[match[1]], match[2], path)
    return notebooks


def _student(name: str, table: dict[str, object], path: Path) -> Student:
    try:
        return msgspec.convert({"id": name, **table}, Student)
    except (msgspec.ValidationError, TypeError) as error:
        keys = ", ".join(Student.__struct_fields__[1:])
        raise GradingError(f'{path}, table ["{name}"]: {error}. The keys of a student are {keys}.') from error


def _notebooks(folder: Path) -> dict[str, NotebookNode]:
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise GradingError(f"There is no notebook in {folder}; build them with `make notebooks`.")
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def _open(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """List the cells that a student fills in, with their grade_id."""
    marked = ((cell.metadata.get("nbgrader", {}), cell) for cell in notebook.cells)
    return [(mark["grade_id"], cell) for mark, cell in marked if mark.get("solution")]


def _solve(notebooks: dict[str, NotebookNode], solutions: Path) -> None:
    """Put the code of the reference solution into released notebooks; answers in words stay open."""
    code = {grade_id: cell.source for solved in _notebooks(solutions).values() for grade_id, cell in _open(solved)}
    for notebook in notebooks.values():
        for grade_id, cell in _open(notebook):
            if grade_id not in code:
                raise GradingError(f"{solutions} has no solution of {grade_id!r}; run `make notebooks`.")
            if cell.cell_type == "code":
                cell.source = _MARKER.sub("", code[grade_id]).rstrip()


def _put(notebook: NotebookNode, cell: NotebookNode, suffix: str, path: Path) -> None:
    """Write an overlay into its cell, or insert it as a cell of its own before that one."""
    source = path.read_text(encoding="utf-8").rstrip("\n")
    if suffix == ".before.py":
        position = [other.id for other in notebook.cells].index(cell.id)
        notebook.cells.insert(position, nbformat.v4.new_code_cell(source, id=f"{cell.id}-before"))
    elif (suffix == ".py") == (cell.cell_type == "code"):
        cell.source = source
    else:
        raise GradingError(f"{path} is for a {cell.cell_type} cell; code is in .py files, an answer in words in .md.")
