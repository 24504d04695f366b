"""Take in what lies in a student's folder: notebooks, also under other names; what else lies there is said."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.errors import UnreadableError
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.modules import modules_in
from coursekit.grading.submission.reading import read_file
from coursekit.grading.submission.times import STAMP, handed_in
from coursekit.grading.submission.uploads import shown
from coursekit.reading.cells import Cell, read
from coursekit.reading.grafting import is_untouched
from coursekit.reading.marks import mark

NOTES = (STAMP, "submission_secret.txt")  # what nbgrader itself writes beside a submission
LOOKED_AT = 50  # files under other names of one student that are opened
SEEN = 2000  # names in a folder that are read for it
DEPTH = 3  # folders, one in the other
MAX_BYTES = 2**25  # of a file that is opened to see what it is
_NO_WORK = "__MACOSX"  # what a Mac leaves in archives
_INSTEAD = (".txt", ".json", "")  # what programs put in the place of a notebook's ending


class Left(StrEnum):
    """A file that is left where it lies, and why."""

    UNOPENED = "it is an archive, of which nothing counts; unpack it here and remove it, or ask for the notebooks"
    OTHER = "it is no notebook of this assignment; left out"


@dataclass(frozen=True)
class File:
    """A file that was handed in; it is read once, when that is needed."""

    path: Path

    @cached_property
    def data(self) -> bytes | str:
        """Its contents, or why they cannot be read."""
        try:
            return read_file(self.path)
        except UnreadableError as error:
            return str(error)

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the notebook that it is, if it is one."""
        try:
            return read(self.data)[0] if isinstance(self.data, bytes) else []
        except UnreadableError:
            return []


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The contents of a student's folder.

    Attributes
    ----------
    folder
        Where it lies.
    time
        When it was handed in, in UTC; None where that is not certain.
    modules
        The modules that may be imported from it, see `coursekit.grading.submission.modules.modules_in`.
    files
        The file that counts as each notebook, by its name in the assignment.
    remarks
        Notes for the instructor, each with the name of the file.
    """

    folder: Path
    time: dt.datetime | None
    modules: dict[str, bytes]
    files: dict[str, File] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def unopened(self) -> bool:
        """Whether there is an archive in it."""
        return any(remark is Left.UNOPENED for _, remark in self.remarks)

    def file(self, stem: str) -> File:
        """Return the file that counts as a notebook; where none does, that is the one of its name."""
        return self.files.get(stem) or File(self.folder / f"{stem}.ipynb")


def take_in(folder: Path, release: Path) -> Intake:
    """Find the notebooks of an assignment in the folder of a student.

    Parameters
    ----------
    folder
        The files that were handed in.
    release
        The folder of the notebooks that were handed out.

    Returns
    -------
    Intake
        A file of the right name counts, whatever it holds. Where there is none, or something else than a file, the
        one that holds the notebook under another name counts, if no other differs from it.
    """
    time, why_not = handed_in(folder)
    intake = Intake(folder=folder, time=time, modules=modules_in(folder))
    entries = sorted(folder.iterdir())
    released = _released(release)
    own = _own_names(released)
    right = {path.stem: File(path) for path in entries if path.suffix == ".ipynb" and path.stem in released}
    for stem, file in right.items():
        other = _is_another(file, stem, own)
        if other:
            intake.remarks.append((file.path.name, f"it holds the notebook {other}; nothing of it counts as {stem}"))
    others: dict[str, list[File]] = {}
    for file in map(File, _elsewhere(folder, {file.path for file in right.values()}, released)):
        if stem := _holds(file, own):
            others.setdefault(stem, []).append(file)
    for stem in released:
        _decide(intake, stem, right.get(stem), others.get(stem, []), released[stem])
    # Of modules grading says which were run.
    told = {*NOTES, *(name.partition("/")[0] for name in intake.modules), *(file.path.name for file in right.values())}
    told |= {file.path.relative_to(folder).parts[0] for alike in others.values() for file in alike}
    for path in entries:
        if path.name not in told and not path.name.startswith("."):
            intake.remarks.append((shown(path.name), Left.UNOPENED if is_archive(path) else Left.OTHER))
    if why_not:
        intake.remarks.append((STAMP, f"{why_not}; nothing counts as late"))
    return intake


def may_be_notebook(name: str, stems: Collection[str]) -> bool:
    """Tell by its name whether a file may be a notebook; `stems` are those of notebooks, in small letters."""
    path = Path(name.casefold())
    return ".ipynb" in path.name or (path.suffix in _INSTEAD and path.stem in stems)


def which_notebook(path: Path, release: Path) -> str:
    """Tell which notebook of an assignment a file holds, whatever its name; empty where that is none, or not clear."""
    return _holds(File(path), _own_names(_released(release)))


def _decide(intake: Intake, stem: str, file: File | None, others: list[File], released: NotebookNode) -> None:
    names = [shown(str(other.path.relative_to(intake.folder))) for other in others]
    if file is not None and (not others or (file.path.is_file() and not file.path.is_symlink())):
        intake.files[stem] = file
        untouched = bool(others and file.cells) and is_untouched(file.cells, released.cells)
        too = f"it holds {stem}, too, and {file.path.name} is as it was given out" if untouched else f"it holds {stem}"
        intake.remarks.extend((name, f"{too}; {file.path.name} counts") for name in names)
    elif len({other.data for other in others}) == 1:
        intake.files[stem] = others[0]
        intake.remarks.append((names[0], f"it holds the notebook {stem} and is taken for {stem}.ipynb"))
    else:
        different = f"it holds {stem}, and so does a different file ({', '.join(names)}); none counts"
        intake.remarks.extend((name, different) for name in names)


def _elsewhere(folder: Path, right: set[Path], released: Collection[str]) -> Iterator[Path]:
    """List the files in a folder, and in those in it, that may be notebooks under other names; no link is followed."""
    places = [folder]
    stems = {stem.casefold() for stem in released}
    looked_at = 0
    for place in places:
        for entry in _entries(place):
            path = place / entry.name
            if entry.is_dir(follow_symlinks=False):
                if len(path.relative_to(folder).parts) <= DEPTH and len(places) < LOOKED_AT:
                    places.append(path)
            elif may_be_notebook(entry.name, stems) and entry.is_file(follow_symlinks=False) and path not in right:
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


def _holds(file: File, own: Mapping[str, set[str]]) -> str:
    """Tell which notebook of an assignment this is, by the names in it that no other notebook has."""
    theirs = {mark(cell).grade_id for cell in file.cells}
    fitting = [stem for stem, names in own.items() if names & theirs]
    return fitting[0] if len(fitting) == 1 else ""


def _is_another(file: File, stem: str, own: Mapping[str, set[str]]) -> str:
    """Tell which other notebook lies under a right name, if one does."""
    names = [f'"{name}"'.encode() for name in own[stem]]
    data = file.data
    if isinstance(data, str) or len(data) > MAX_BYTES or any(name in data for name in names):
        return ""  # as nearly always, and this takes no time
    other = _holds(file, own)
    return "" if other == stem else other


def _released(release: Path) -> dict[str, NotebookNode]:
    return {path.stem: _notebook(path.read_bytes()) for path in sorted(release.glob("*.ipynb"))}


@cache
def _notebook(data: bytes) -> NotebookNode:
    """Read a notebook that was handed out; to keep it by its path would keep it after an edit."""
    return nbformat.reads(data.decode(), as_version=4)


def _own_names(released: Mapping[str, NotebookNode]) -> dict[str, set[str]]:
    """Return for each notebook the names of cells to write in or of points that it alone has."""
    marks = {stem: [mark(cell) for cell in notebook.cells] for stem, notebook in released.items()}
    names = {stem: {each.grade_id for each in own if each.solution or each.grade} for stem, own in marks.items()}
    return {stem: own.difference(*(names[other] for other in names if other != stem)) for stem, own in names.items()}
