"""Reads the attacks of `hostile/*.toml` and turns each into the folder that a student would hand in.

A file is a theme, a table `[[attack]]` in it an attack; `Attack` says what may stand there. An attack is a released
notebook with some cells and files in it that mean harm. Texts may hold placeholders:

`{course}` · `{home}` · `{python}`
    the folders of the course, of the grader's account, and of its installed packages;
`{neighbour}`
    the name of another student, whose work is honest;
`{port}` · `{udp}`
    a TCP and a UDP port of this machine at which somebody listens: whoever gets through broke out;
`{within}`
    seconds that are just within the limits of a cell and of a question;
`{pids}`
    the process namespace of whoever builds the attack, so that one that ends every process does so elsewhere only.

What a page runs, if it lets it, sets `window.owned`, sets the title to "owned" and asks for something at `{port}`.
"""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import socket
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote_to_bytes

import msgspec
import nbformat

from coursekit.grading.classroom.sample import TIMESTAMP
from tests.bank import notebooks

HOSTILE = Path(__file__).parent / "hostile"
NAMES = ("course", "home", "python", "neighbour", "port", "udp", "within")  # what the caller of `build` must know
CellType = Literal["code", "markdown", "raw"]


class Added(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cell that the student added, `repeat` times, after the cell with this grade_id or id; at the top after "".

    The source stands in it `times` times.
    """

    after: str
    source: str
    times: int = 1
    type: CellType = "code"
    metadata: dict[str, Any] = {}
    outputs: tuple[dict[str, Any], ...] = ()
    attachments: dict[str, Any] = {}
    repeat: int = 1


class Edited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is different in a released cell, named by its grade_id or id; metadata is merged into its own."""

    cell: str
    source: str | None = None
    type: CellType | None = None
    id: str | None = None
    metadata: dict[str, Any] = {}
    outputs: tuple[dict[str, Any], ...] = ()
    attachments: dict[str, Any] = {}


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further file; one with the name of the notebook takes its place.

    Attributes
    ----------
    name
        Its path in the submission, with %-escapes for bytes that are no text.
    text, fill, repeat, end, base64
        What is in it: `text`, `fill` as often as `repeat` says, and `end`; or else these bytes.
    count
        How many there are; `{number}` in the name tells them apart.
    sparse
        The size to which it is drawn out, with nothing in it.
    mode
        Its permissions, as `chmod` takes them.
    symlink, hardlink
        Or what it is a link to.
    fifo, socket, folder, depth
        Or what else it is; a folder holds one of its name, and so on, `depth` deep.
    """

    name: str
    text: str = ""
    fill: str = ""
    repeat: int = 1
    end: str = ""
    base64: str = ""
    count: int = 1
    sparse: int = 0
    mode: str = ""
    symlink: str = ""
    hardlink: str = ""
    fifo: bool = False
    socket: bool = False
    folder: bool = False
    depth: int = 1


class Attack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An attack.

    Attributes
    ----------
    theme
        The name of its file.
    name, does, holds
        A unique name, what it tries, and what stops it.
    notebook, honest
        The notebook it is in, and whether its answers are those of the reference, so that all points are due;
        otherwise they are stubs, unless `answers` says more.
    points
        The most that each check cell may bring. By default nothing, or if honest all.
    answers
        The sources of answer cells by grade_id.
    added, edited, dropped, doubled
        Cells that are added, changed, left out, and put in twice (the twin has the same changes and another id).
    notebook_metadata
        Merged into the notebook's.
    files
        What else is in the folder.
    shows, hides
        Texts that must and that must not stand in the feedback page (an attribute, with its `="`, in no tag); of the
        planted secrets none may, ever.
    browser
        Whether the page must also be opened in a browser: nothing of it may run, or ask for anything elsewhere.
    malformed
        Whether the notebook is, on purpose, not a regular file with a valid notebook in it.
    """

    theme: str
    name: str
    does: str
    holds: str
    notebook: str = "01_sgd"
    honest: bool = False
    points: dict[str, float] = {}
    answers: dict[str, str] = {}
    added: tuple[Added, ...] = ()
    edited: tuple[Edited, ...] = ()
    dropped: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    notebook_metadata: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    browser: bool = False
    malformed: bool = False


@cache
def attacks() -> list[Attack]:
    """Read all attacks, theme by theme, in the order of the files."""
    return [
        _read(path.stem, table)
        for path in sorted(HOSTILE.glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["attack"]
    ]


def build(attack: Attack, folder: Path, names: dict[str, str]) -> None:
    """Write what the student hands in.

    Parameters
    ----------
    attack
        One of `attacks()`.
    folder
        Where; it is made.
    names
        What stands for the placeholders, by their names without braces: all of `NAMES`.
    """
    ours = {name: names[name] for name in NAMES} | {"pids": _pids()}
    attack = msgspec.convert(_filled(msgspec.to_builtins(attack), ours), Attack)
    folder.mkdir(parents=True, exist_ok=True)
    written = {file.name for file in attack.files}
    notebook = f"{attack.notebook}.ipynb"
    if notebook not in written:
        text = json.dumps(_notebook(attack), indent=1, ensure_ascii=False)
        (folder / notebook).write_text(text, encoding="utf-8")
    if "timestamp.txt" not in written:
        (folder / "timestamp.txt").write_text(TIMESTAMP, encoding="utf-8")
    for file in attack.files:
        for number in range(file.count):
            _write(file, folder, file.name.replace("{number}", str(number)))


def _read(theme: str, table: dict[str, Any]) -> Attack:
    try:
        attack = msgspec.convert({"theme": theme, **table}, Attack)
    except msgspec.ValidationError as error:
        raise ValueError(f"{theme}.toml, {table.get('name', 'an attack without a name')}: {error}") from error
    marks = [cell["metadata"].get("nbgrader", {}) for cell in _released(attack.notebook)["cells"]]
    checks = [mark for mark in marks if mark.get("grade") and mark["cell_type"] == "code"]
    due = {mark["grade_id"]: float(mark["points"]) if attack.honest else 0.0 for mark in checks}
    return msgspec.structs.replace(attack, points=due | attack.points)


def _notebook(attack: Attack) -> dict[str, Any]:
    """Make the notebook, as plain data that may be no valid notebook."""
    notebook = copy.deepcopy(_released(attack.notebook))
    notebook["metadata"] = _merged(notebook["metadata"], attack.notebook_metadata)
    answers = (_reference(attack.notebook) if attack.honest else {}) | attack.answers
    known = {name for cell in notebook["cells"] for name in _names(cell)}
    mentioned = {*answers, *attack.dropped, *attack.doubled, *(each.cell for each in attack.edited)}
    unknown = (mentioned | {each.after for each in attack.added}) - known - {""}
    if unknown:
        raise ValueError(f"{attack.theme}.toml, {attack.name}: there is no cell {', '.join(sorted(unknown))}.")
    cells = _added(attack, ("",))
    for cell in notebook["cells"]:
        names = _names(cell)
        for name in names:
            cell["source"] = answers.get(name, cell["source"])
        for edit in attack.edited:
            if edit.cell in names:
                _edit(cell, edit)
        copies = 0 if set(names) & set(attack.dropped) else 2 if set(names) & set(attack.doubled) else 1
        cells += [cell, {**cell, "id": f"{names[0]}-twin"}][:copies]
        cells += _added(attack, names)
    notebook["cells"] = cells
    return notebook


def _names(cell: dict[str, Any]) -> tuple[str, ...]:
    """Return the names that a cell goes by; its id is the first."""
    mark = cell["metadata"].get("nbgrader")
    return (cell["id"], mark["grade_id"]) if mark else (cell["id"],)


def _added(attack: Attack, after: tuple[str, ...]) -> list[dict[str, Any]]:
    made = []
    for place, each in enumerate(attack.added):
        for number in range(each.repeat if each.after in after else 0):
            cell: dict[str, Any] = {"cell_type": each.type, "id": f"more-{place}-{number}", "metadata": each.metadata}
            cell["source"] = each.source * each.times
            if each.type == "code":
                cell |= {"execution_count": None, "outputs": list(each.outputs)}
            if each.attachments:
                cell["attachments"] = each.attachments
            made.append(cell)
    return made


def _edit(cell: dict[str, Any], edit: Edited) -> None:
    cell["metadata"] = _merged(cell["metadata"], edit.metadata)
    cell["cell_type"] = edit.type or cell["cell_type"]
    for field in ("source", "id"):
        if getattr(edit, field) is not None:
            cell[field] = getattr(edit, field)
    if cell["cell_type"] == "code":
        cell.setdefault("execution_count", None)
        cell["outputs"] = list(edit.outputs)
    else:
        cell.pop("execution_count", None)
        cell.pop("outputs", None)
    if edit.attachments:
        cell["attachments"] = edit.attachments


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return old | {key: _merged(old.get(key), value) for key, value in new.items()}


def _write(file: File, folder: Path, name: str) -> None:
    path = folder / os.fsdecode(unquote_to_bytes(name))
    if ".." in path.relative_to(folder).parts:
        raise ValueError(f"{name!r} is not in the submission.")
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.symlink:
        path.symlink_to(file.symlink)
        return
    if file.hardlink:
        path.hardlink_to(file.hardlink)
        return
    if file.fifo:
        os.mkfifo(path)
    elif file.socket:
        _bind(path)
    elif file.folder:
        _dig(path, file.depth)
    elif file.base64:
        path.write_bytes(base64.b64decode(file.base64))
    else:
        path.write_bytes((file.text + file.fill * file.repeat + file.end).encode())
    if file.sparse:
        os.truncate(path, file.sparse)
    if file.mode:
        path.chmod(int(file.mode, 8))


def _dig(path: Path, depth: int) -> None:
    """Make folders one in the other, deeper than a path can be long."""
    place = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(depth):
        os.mkdir(path.name, dir_fd=place)
        place, outer = os.open(path.name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=place), place
        os.close(outer)
    os.close(place)


def _bind(path: Path) -> None:
    """Leave a socket; its path may be longer than a socket's name can be."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


def _filled(value: Any, names: dict[str, str]) -> Any:
    """Put names in the place of their placeholders, in every text."""
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {_filled(key, names): _filled(entry, names) for key, entry in value.items()}
    return [_filled(entry, names) for entry in value] if isinstance(value, list | tuple) else value


def _pids() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return "none"


@cache
def _released(stem: str) -> dict[str, Any]:
    return json.loads(nbformat.writes(notebooks.release(stem), split_lines=False))


@cache
def _reference(stem: str) -> dict[str, str]:
    """Return the sources of the reference solution, as a student would have written them."""
    return {
        cell.metadata.nbgrader.grade_id: re.sub(r" *### (BEGIN|END) SOLUTION *\n?", "", cell.source).rstrip()
        for cell in notebooks.solution(stem).cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
