"""What an accident is, and the few ways in which one is written down."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
from nbformat import NotebookNode

Damage: TypeAlias = Callable[[Path, NotebookNode], object]
Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[3]
NAME = "01_sgd.ipynb"
FULL = 9.0
UNREADABLE = ("could not be graded",)  # what the student reads; the instructor:
UNREAD = ("01_sgd", "could not be read")
MISSING = ("did not hand in",)


@dataclass(frozen=True, kw_only=True)
class Accident:
    """Something that goes wrong with the work of an honest student.

    Attributes
    ----------
    name
        What it is, in plain words.
    happens
        How it comes about, in a sentence.
    damage
        Lays what is handed in into an empty folder, given the notebook with the reference solution, which it leaves
        as it is.
    points
        What is due for the code of the first notebook, of 9; None where the notebook is not there.
    says, tells
        What the student's page, and what the instructor is told, must hold.
    """

    name: str
    happens: str
    damage: Damage
    points: float | None = FULL
    says: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


# Each takes the name, how it happens, and what it does; `due` are the points and the words.


def in_folder(name: str, happens: str, damage: Damage, **due: Any) -> Accident:
    """Make an accident of everything that lies in the folder."""
    return Accident(name=name, happens=happens, damage=damage, **due)


def in_file(name: str, happens: str, change: Callable[[bytes], bytes], **due: Any) -> Accident:
    """Make an accident with the bytes of the file."""
    return in_folder(name, happens, lambda folder, solved: put(folder, change(written(solved))), **due)


def in_json(name: str, happens: str, change: Callable[[Json], object], **due: Any) -> Accident:
    """Make an accident with what the file holds, of which `change` may alter all."""

    def damage(folder: Path, solved: NotebookNode) -> None:
        whole = json.loads(written(solved))
        change(whole)
        put(folder, dumped(whole))

    return in_folder(name, happens, damage, **due)


def in_cells(name: str, happens: str, change: Callable[[NotebookNode], object], **due: Any) -> Accident:
    """Make an accident with the cells, of which `change` may alter all."""

    def damage(folder: Path, solved: NotebookNode) -> None:
        notebook = copy.deepcopy(solved)
        change(notebook)
        put(folder, written(notebook))

    return in_folder(name, happens, damage, **due)


def in_answer(name: str, happens: str, edits: dict[str, str], **due: Any) -> Accident:
    """Make an accident in the code of the answer: old texts, each of which stands there, and the new ones."""

    def change(notebook: NotebookNode) -> None:
        answer = cell(notebook, "sgd")
        for old, new in edits.items():
            assert old in answer.source, f"{name}: {old!r} is not in the answer"
            answer.source = answer.source.replace(old, new, 1)

    return in_cells(name, happens, change, **due)


# What they do it with.


def written(notebook: NotebookNode) -> bytes:
    """Write a notebook as Jupyter does."""
    return (nbformat.writes(notebook) + "\n").encode()


def dumped(whole: object) -> bytes:
    """Write anything as JSON, as Jupyter does."""
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True).encode()


def put(folder: Path, data: bytes | str, name: str = NAME) -> None:
    """Put a file into a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def as_it_is(folder: Path, solved: NotebookNode) -> None:
    """Hand the notebook in with nothing wrong in it."""
    put(folder, written(solved))


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Find a cell by its grade_id, or by its number in the notebook."""
    return next(each for each in notebook.cells if _is(each, grade_id))


def place(notebook: NotebookNode, grade_id: str) -> int:
    """Find where a cell stands."""
    return next(number for number, each in enumerate(notebook.cells) if _is(each, grade_id))


def add(notebook: NotebookNode, source: str, *, after: str, kind: str = "code") -> NotebookNode:
    """Add a cell after another, or at the top where that is ""."""
    added = getattr(nbformat.v4, f"new_{kind}_cell")(source, id=f"added-{len(notebook.cells)}")
    notebook.cells.insert(place(notebook, after) + 1 if after else 0, added)
    return added


def raw(whole: Json, grade_id: str) -> Json:
    """Find a cell in what a file holds, as `cell` does in a notebook."""
    return next(each for each in whole["cells"] if _is(each, grade_id))


def release(stem: str = "01_sgd", folder: str = "optimizers") -> NotebookNode:
    """Read a notebook as students get it."""
    return nbformat.read(ROOT / "notebooks" / folder / f"{stem}.ipynb", as_version=4)


def solution(stem: str = "01_sgd", folder: str = "optimizers") -> NotebookNode:
    """Read a notebook with the reference solution."""
    return nbformat.read(ROOT / "solutions" / folder / f"{stem}.ipynb", as_version=4)


def stub() -> str:
    """Return the code that stands in the answer before the student writes it."""
    return cell(release(), "sgd").source


def _is(each: Json, grade_id: str) -> bool:
    return grade_id in (each["metadata"].get("nbgrader", {}).get("grade_id"), str(each.get("id")).rpartition("-")[2])
