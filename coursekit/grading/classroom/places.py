"""Where the work of a class should lie, and what lies elsewhere: in folders swapped, misspelled or left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from coursekit.errors import NothingHandedIn
from coursekit.grading.classroom.course import Course
from coursekit.grading.submission.archives import is_archive
from coursekit.grading.submission.uploads import shown

LIKE = 0.8  # how much two names have in common that may be one
_SUBMITTED = ("submitted", "submissions", "submission")


def handed_in(course: Course, named: list[str], students: Collection[str] | None) -> list[str]:
    """List the assignments that somebody, or one of some students, handed in, of those that were named or of all.

    Raises
    ------
    NothingHandedIn
        When one that was named does not exist or was not handed in, or when none was.
    """
    known = course.assignments()
    unknown = [name for name in named if name not in known]
    if unknown:
        raise NothingHandedIn(no_assignment(unknown[0], known))
    folders = {name: {folder.parent.name for folder in course.submitted.glob(f"*/{name}")} for name in known}
    there = [name for name, ids in folders.items() if (ids if students is None else ids.intersection(students))]
    absent = [name for name in named or known if name not in there]
    if absent and (named or not there):
        ids = sorted(students or ("STUDENT",))
        wanted = " or ".join(str(course.submitted / student / name) for name in absent for student in ids)
        strays = [f"{path}: {fix}." for path, fix in misplaced(course)]
        raise NothingHandedIn("\n".join([f"Nobody has handed in anything: there is no folder {wanted}.", *strays]))
    return named or there


def no_assignment(name: str, known: Iterable[str]) -> str:
    """Say that there is no assignment of a name, and which there are."""
    there = " and ".join(known) or "none: notebooks/ASSIGNMENT/NOTEBOOK.ipynb makes one"
    return f"There is no assignment {name!r}; there are {there}."


def misplaced(course: Course) -> Iterator[tuple[str, str]]:
    """Return what lies where nothing of it counts, each with what to do."""
    if not course.submitted.is_dir():
        for folder in _folders(course.root):
            if _near(folder, _SUBMITTED):
                yield _told(course, folder), "is it what was handed in? Rename it to submitted"
        return
    yield from ((_told(course, path), "put it into submitted/STUDENT/ASSIGNMENT") for path in _work(course.submitted))
    known = course.assignments()
    for student in _folders(course.submitted):
        own = [folder.name for folder in _folders(student)]
        near = _near(student, known)
        if near and near not in own:
            yield _told(course, student), f"the folders are the wrong way round: make it submitted/STUDENT/{near}"
            continue
        for folder in _folders(student):
            if folder.name not in known and _near(folder, known):
                yield _told(course, folder), f"rename it to {_near(folder, known)}"
            if any(inner.name in known for inner in _folders(folder)):
                yield _told(course, folder), f"put it one folder higher, as submitted/{shown(folder.name)}"
        for path in _work(student):
            yield _told(course, path), f"put it into a folder there, {' or '.join(known)}"


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
    """Return the one of some names that was meant, if one was."""
    return next(iter(get_close_matches(folder.name.casefold().strip(), names, 1, LIKE)), "")


def _told(course: Course, path: Path) -> str:
    return shown(path.relative_to(course.root))
