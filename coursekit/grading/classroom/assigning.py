"""Assignments of any name, each of some of the course's notebooks, and when they are due."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence

from coursekit.authoring.building import named
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.gradebook.submissions import set_due
from coursekit.grading.classroom.places import no_assignment
from coursekit.grading.submission.times import read_time
from coursekit.language import FOLDERS


def assign(
    course: Course, name: str, notebooks: Sequence[str] = (), language: str = "en", due: str = ""
) -> Iterator[str]:
    """Make an assignment as `nbgrader generate_assignment` does, and set its due date; return what was done.

    Parameters
    ----------
    course
        Where.
    name
        Of the assignment.
    notebooks
        Numbers or names; without any, the assignment is one that is there.
    language
        Of the notebooks.
    due
        A date and a time, in UTC unless an offset says otherwise.

    Raises
    ------
    GradingError
        When the assignment is there already, or is not, or the name, a language or a time cannot be; then nothing
        is written. For a notebook that there is not, a `BuildError`.
    """
    try:
        moment = read_time(due) if due else None
    except ValueError as error:
        raise GradingError(f"--due {due!r}: {error}.") from error
    folder = course.solutions / name
    if notebooks:
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise GradingError(f"{name!r} is no name of an assignment. Take letters, digits, -, _ and . for it.")
        if folder.exists():
            raise GradingError(f"{name} is there already, and {folder} is left as it is. Take another name.")
        spoken = dict.fromkeys(FOLDERS.values())
        if language not in spoken:
            raise GradingError(f"The course has no notebooks in {language!r}, only in {' and '.join(spoken)}.")
        homes = (course.solutions / folder for folder, spoken_there in FOLDERS.items() if spoken_there == language)
        paths = sorted((path for home in homes for path in home.glob("*.ipynb")), key=lambda path: path.stem)
        chosen = [named(each, paths) for each in notebooks]
        folder.mkdir()
        try:
            for path in chosen:
                shutil.copy(path, folder)
            course.nbgrader("generate_assignment", name)
        except BaseException:
            shutil.rmtree(folder)
            raise
    elif name not in course.assignments():
        raise GradingError(f"{no_assignment(name, course.assignments())} Name its notebooks to make it.")
    course.register(name)
    stems = ", ".join(path.stem for path in sorted((course.release / name).glob("*.ipynb")))
    yield f"{name}: {stems}"
    if moment:
        with course.gradebook() as book:
            set_due(book, name, moment)
        yield f"due {moment:%Y-%m-%d %H:%M} UTC"
