"""The sample class: submissions of imagined students, laid out as edits of the reference solution.

`class.toml` has one table a student, with the edits that turn the reference into that student's code. The folder of a
student holds what no edit can say: `sgd_words.md` is an answer in words, `sgd.before.py` a cell added before the cell
`sgd`, `sgd.py` the whole source of that cell. The rest is the released notebook (base "untouched"), or that with the
code of the reference ("reference").
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

from coursekit.authoring.building import write
from coursekit.errors import GradingError
from coursekit.reading.marks import mark

TIMESTAMP = "2026-10-01 10:00:00 UTC"

_OVERLAY = re.compile(r"([a-z0-9_]+)(\.py|\.md|\.before\.py)")
_MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION *\n?", re.MULTILINE)
_Home = tuple[NotebookNode, NotebookNode]  # a cell, after the notebook that it is in


class Student(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of `class.toml`.

    Attributes
    ----------
    id, name, description
        The name of the folder, that of the person, and one line on what kind of work this is.
    assignment, base
        The submission, and the notebook whose cells stand where the student wrote nothing else.
    missing
        Stems of the notebooks that were not handed in.
    edits
        For the grade_id of a solution cell the edits (old text, new text) that turn the reference solution into what
        the student wrote there, one after the other; each old text stands in one place.
    """

    id: str
    name: str
    description: str
    assignment: str
    base: Literal["reference", "untouched"]
    missing: tuple[str, ...] = ()
    edits: dict[str, tuple[tuple[str, str], ...]] = {}


def lay_out(sample: Path, release: Path, solutions: Path, submitted: Path) -> list[Student]:
    """Write the submissions of the sample class, in the place of those of an earlier call.

    Parameters
    ----------
    sample
        Where `class.toml` and the folders of the students are.
    release, solutions
        nbgrader's release and source folders; each holds a folder for every assignment.
    submitted
        Where `<student>/<assignment>/<stem>.ipynb` and `timestamp.txt` are written; nothing is, and a
        `GradingError` says why, when `class.toml` or a file of a student does not fit the notebooks.
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
    table = f"{sample / 'class.toml'}: {student.id}"
    notebooks = _notebooks(release / student.assignment)
    for stem in student.missing:
        if notebooks.pop(stem, None) is None:
            raise GradingError(f"{table} misses {stem!r}, which was never released.")
    homes = {grade_id: (notebook, cell) for notebook in notebooks.values() for grade_id, cell in _open(notebook)}
    solved = [key for key, (_, cell) in homes.items() if cell.cell_type == "code" and student.base == "reference"]
    reference = _reference(solutions / student.assignment)
    for grade_id, edits in {**dict.fromkeys(solved, ()), **student.edits}.items():
        _, cell = _home(homes, grade_id, table)
        if grade_id not in reference:
            raise GradingError(f"{solutions} has no solution of {grade_id!r}; run `make notebooks`.")
        cell.source = _edited(reference[grade_id], edits, f"{table}, {grade_id}")
    for path in sorted((sample / student.id).glob("*")):
        match = _OVERLAY.fullmatch(path.name)
        if match is None:
            raise GradingError(f"{path} is no overlay; name it <grade_id>.py, <grade_id>.md or <grade_id>.before.py.")
        if match[2] == ".py" and match[1] in student.edits:
            raise GradingError(f"{path} is a whole source, and {table} edits the reference there; keep one of the two.")
        _put(*_home(homes, match[1], str(path)), match[2], path)
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
    return [(mark(cell).grade_id, cell) for cell in notebook.cells if mark(cell).solution]


def _reference(solutions: Path) -> dict[str, str]:
    """Read what the reference solution writes into the open cells, without the marks around it."""
    notebooks = _notebooks(solutions).values()
    return {key: _MARKER.sub("", cell.source).rstrip() for solved in notebooks for key, cell in _open(solved)}


def _home(homes: dict[str, _Home], grade_id: str, origin: str) -> _Home:
    """Find the cell that something is written into."""
    if grade_id not in homes:
        raise GradingError(f"{origin}: no notebook handed in has a cell {grade_id!r}; there are {', '.join(homes)}.")
    return homes[grade_id]


def _edited(source: str, edits: tuple[tuple[str, str], ...], origin: str) -> str:
    """Put new text in the place of old."""
    for old, new in edits:
        if (places := source.count(old)) != 1:
            raise GradingError(f"{origin}: {old!r} must stand in one place of what it edits, not in {places}.")
        source = source.replace(old, new)
    return source


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
