"""Where the work of a class should lie, and what lies elsewhere: in folders swapped, misspelled or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from coursekit.errors import NothingHandedIn
from coursekit.grading.classroom.course import Course
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.uploads import shown
from coursekit.language import FOLDERS

LIKE = 0.8  # how much two names have in common that may be one
_SUBMITTED = ("submitted", "submissions", "submission")


def handed_in(course: Course, named: list[str]) -> list[str]:
    """List the assignments that somebody handed in, of those that were named or of all.

    Raises
    ------
    NothingHandedIn
        When one that was named does not exist or was not handed in, or when none was.
    """
    unknown = [name for name in named if name not in FOLDERS]
    if unknown:
        raise NothingHandedIn(f"There is no assignment {unknown[0]}; there are {' and '.join(FOLDERS)}.")
    there = [name for name in FOLDERS if any(course.submitted.glob(f"*/{name}"))]
    absent = [name for name in named or FOLDERS if name not in there]
    if absent and (named or not there):
        wanted = " or ".join(str(course.submitted / "STUDENT" / name) for name in absent)
        strays = [f"{path}: {mend}." for path, mend in misplaced(course)]
        raise NothingHandedIn("\n".join([f"Nobody has handed in anything: there is no folder {wanted}.", *strays]))
    return named or there


def misplaced(course: Course) -> Iterator[tuple[str, str]]:
    """Give what lies where nothing of it counts, each with what to do."""
    if not course.submitted.is_dir():
        for folder in _folders(course.root):
            if _near(folder, _SUBMITTED):
                yield _told(course, folder), "is it what was handed in? Rename it to submitted"
        return
    yield from ((_told(course, path), "put it into submitted/STUDENT/ASSIGNMENT") for path in _work(course.submitted))
    for student in _folders(course.submitted):
        own = [folder.name for folder in _folders(student)]
        near = _near(student, FOLDERS)
        if near and near not in own:
            yield _told(course, student), f"the folders are the wrong way round: make it submitted/STUDENT/{near}"
            continue
        for folder in _folders(student):
            if folder.name not in FOLDERS and _near(folder, FOLDERS):
                yield _told(course, folder), f"rename it to {_near(folder, FOLDERS)}"
        for path in _work(student):
            yield _told(course, path), f"put it into a folder there, {' or '.join(FOLDERS)}"


def _folders(place: Path) -> list[Path]:
    return [path for path in _entries(place) if path.is_dir()]


def _work(place: Path) -> list[Path]:
    """List the notebooks and archives that lie in a folder."""
    files = [path for path in _entries(place) if path.is_file()]
    return [path for path in files if ".ipynb" in path.name.lower() or is_archive(path)]


def _entries(place: Path) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def _near(folder: Path, names: Iterable[str]) -> str:
    """Give the one of some names that was meant, if one was."""
    return next(iter(get_close_matches(folder.name.casefold().strip(), names, 1, LIKE)), "")


def _told(course: Course, path: Path) -> str:
    return shown(path.relative_to(course.root))
