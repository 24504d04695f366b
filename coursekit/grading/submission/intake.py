"""Find the notebooks in a student's folder, also under another name; what else lies there is left there, and said."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.errors import UnreadableError
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.modules import modules_in
from coursekit.grading.submission.reading import read, take_in
from coursekit.grading.submission.times import read_time
from coursekit.grading.submission.uploads import shown
from coursekit.reading.grafting import is_untouched
from coursekit.reading.marks import mark

STAMP = "timestamp.txt"
NOTES = (STAMP, "submission_secret.txt")  # what nbgrader itself writes beside a submission
LOOKED_AT = 50  # files under other names of one student that are opened
SEEN = 2000  # names in a folder that are read for it
DEPTH = 3  # folders, one in the other
MAX_BYTES = 2**25  # of a file that is opened to see what it is
UNOPENED = "it is an archive, of which nothing counts; unpack it here and remove it, or ask for the notebooks"
_OTHER = "it is no notebook of this assignment; left out"
_NO_WORK = "__MACOSX"  # what a Mac leaves in archives


@dataclass(frozen=True)
class Stock:
    """What lies in a student's folder.

    Attributes
    ----------
    files
        Where each notebook is, by its name in the assignment.
    remarks
        What an instructor should know, each with the name of the file.
    """

    files: dict[str, Path] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    path: Path
    digest: bytes
    notebook: NotebookNode


def take_stock(folder: Path, release: Path) -> Stock:
    """Find the notebooks of an assignment in the folder of a student.

    Parameters
    ----------
    folder
        What was handed in.
    release
        The folder of the notebooks that were handed out.

    Returns
    -------
    Stock
        A file of the right name counts, whatever it holds. Where there is none, or something else than a file, the
        one that holds the notebook under another name counts, if no other differs from it.
    """
    known = {path.stem for path in release.glob("*.ipynb")}
    stock = Stock()
    if not folder.is_dir():
        return stock
    others: dict[str, list[_Found]] = {}
    told = set()
    right = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix == ".ipynb" and path.stem in known}
    for stem, path in right.items():
        other = _is_another(path, stem, release)
        if other:
            stock.remarks.append((path.name, f"it holds the notebook {other}; nothing of it counts as {stem}"))
    for path in _elsewhere(folder, set(right.values())):
        found = _open(path)
        stem = _holds(found.notebook, release) if found else ""
        if found and stem:
            others.setdefault(stem, []).append(found)
            told.add(path.relative_to(folder).parts[0])
    for stem in sorted(known):
        _decide(stock, stem, right.get(stem), others.get(stem, []), folder, release)
    told |= {name.partition("/")[0] for name in modules_in(folder)}  # grading says which of them were run
    for path in sorted(folder.iterdir()):
        ours = path.name in {*told, *NOTES} or path in right.values() or path.name.startswith(".")
        if not ours:
            stock.remarks.append((shown(path.name), UNOPENED if is_archive(path) else _OTHER))
    if os.path.lexists(folder / STAMP):
        try:
            _time(folder)
        except (UnreadableError, ValueError) as error:
            why = "it is not text" if isinstance(error, UnicodeError) else str(error)
            stock.remarks.append((STAMP, f"{why}; nothing counts as late"))
    return stock


def find(folder: Path, stem: str, release: Path) -> Path:
    """Find the file that counts as a notebook, whatever it is called; where none does, that is the one of its name."""
    path = folder / f"{stem}.ipynb"
    return path if _is_file(path) else take_stock(folder, release).files.get(stem, path)


def which_notebook(path: Path, release: Path) -> str:
    """Tell which notebook of an assignment a file holds, whatever its name; empty where that is none, or not clear."""
    found = _open(path)
    return _holds(found.notebook, release) if found else ""


def time_of(folder: Path) -> dt.datetime | None:
    """Give the time at which a folder was handed in, in UTC; None where none is certain."""
    try:
        return _time(folder)
    except (UnreadableError, ValueError):
        return None


def _time(folder: Path) -> dt.datetime:
    return read_time(take_in(folder / STAMP).decode("utf-8-sig"))


def _decide(stock: Stock, stem: str, path: Path | None, others: list[_Found], folder: Path, release: Path) -> None:
    names = [shown(str(found.path.relative_to(folder))) for found in others]
    if path is not None and (_is_file(path) or not others):
        stock.files[stem] = path
        untouched = bool(others) and _is_as_given(path, stem, release)
        for name in names:
            word = f"it holds {stem}, too, and {path.name} is as it was given out" if untouched else f"it holds {stem}"
            stock.remarks.append((name, f"{word}; {path.name} counts"))
    elif len({found.digest for found in others}) == 1:
        stock.files[stem] = others[0].path
        stock.remarks.append((names[0], f"it holds the notebook {stem} and is taken for {stem}.ipynb"))
    elif others:
        for name in names:
            stock.remarks.append(
                (name, f"it holds {stem}, and so does a different file ({', '.join(names)}); none counts")
            )


def _elsewhere(folder: Path, right: set[Path]) -> Iterator[Path]:
    """List the files in a folder, and in those in it, that may be notebooks under other names; no link is followed."""
    places = [folder]
    looked_at = 0
    for place in places:
        for entry in _entries(place):
            path = place / entry.name
            if entry.is_dir(follow_symlinks=False):
                if len(path.relative_to(folder).parts) <= DEPTH and len(places) < LOOKED_AT:
                    places.append(path)
            elif ".ipynb" in entry.name.lower() and entry.is_file(follow_symlinks=False) and path not in right:
                if looked_at == LOOKED_AT:
                    return
                if entry.stat(follow_symlinks=False).st_size <= MAX_BYTES:
                    looked_at += 1
                    yield path


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            some = list(islice(entries, SEEN))
    except OSError:
        return []
    shown = [entry for entry in some if not entry.name.startswith(".") and entry.name != _NO_WORK]
    return sorted(shown, key=lambda entry: entry.name)


def _open(path: Path) -> _Found | None:
    try:
        data = take_in(path)
        return _Found(path, hashlib.sha256(data).digest(), read(data)[0])
    except UnreadableError:
        return None


def _holds(notebook: NotebookNode, release: Path) -> str:
    """Tell which notebook of an assignment this is, by the names in it that no other notebook has."""
    theirs = _names(notebook)
    fitting = [stem for stem, names in _own_names(release).items() if names & theirs]
    return fitting[0] if len(fitting) == 1 else ""


def _is_another(path: Path, stem: str, release: Path) -> str:
    """Tell which other notebook lies under a right name, if one does."""
    try:
        data = take_in(path)
    except UnreadableError:
        return ""
    own = [f'"{name}"'.encode() for name in _own_names(release)[stem]]
    if len(data) > MAX_BYTES or any(name in data for name in own):  # as nearly always, and this takes no time
        return ""
    other = which_notebook(path, release)
    return "" if other == stem else other


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_as_given(path: Path, stem: str, release: Path) -> bool:
    found = _open(path)
    return found is not None and is_untouched(found.notebook.cells, _released(release)[stem].cells)


def _names(notebook: NotebookNode) -> set[str]:
    return {mark(cell).grade_id for cell in notebook.cells} - {""}


@cache
def _released(release: Path) -> dict[str, NotebookNode]:
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(release.glob("*.ipynb"))}


@cache
def _own_names(release: Path) -> dict[str, set[str]]:
    """Give for each notebook the names of cells that it alone has."""
    names = {stem: _names(notebook) for stem, notebook in _released(release).items()}
    return {
        stem: own - {name for other, theirs in names.items() if other != stem for name in theirs}
        for stem, own in names.items()
    }
