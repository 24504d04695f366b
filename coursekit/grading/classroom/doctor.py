"""The machine's fitness for grading, found out by trying."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import GradingError
from coursekit.grading.sandbox import warm

ROOM = 2.0  # GB that should be free


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One thing that was looked at: whether it is well, in words, and whether grading needs it."""

    good: bool
    text: str
    needed: bool = True


def observations(course: Path) -> Iterator[Observation]:
    """Look at the sandbox, the processors, the disk and the course, one after the other."""
    yield _sandbox()
    cores = os.cpu_count() or 1
    yield Observation(good=True, text=f"Python {platform.python_version()}, {cores} processes at a time.", needed=False)
    free = shutil.disk_usage(course).free / 1e9
    low = f"{free:.1f} GB are free, and a class may need {ROOM:.0f}: make room."
    yield Observation(good=free > ROOM, text=f"{free:.0f} GB are free." if free > ROOM else low, needed=False)
    is_course = (course / "nbgrader_config.py").is_file()
    text = f"{course} is {'a course' if is_course else 'no course: it has no nbgrader_config.py'}."
    yield Observation(good=is_course, text=text, needed=False)
    if is_course:
        yield _kept(course)


def _kept(course: Path) -> Observation:
    """Say how much gradings keep between them."""
    from coursekit.grading.classroom.course import Course
    from coursekit.grading.nbgrader.preprocessors import Grade

    of = Course(root=course)
    grader = Grade(config=of.config)
    held = [grader.results(of.directory, name).held() for name in of.assignments()]
    count, size = (sum(each) for each in zip((0, 0), *held, strict=True))
    text = f"{count} graded notebooks are kept in {grader.cache}: {size / 1e6:.0f} MB."
    return Observation(good=True, text=text, needed=False)


def _sandbox() -> Observation:
    """Make a sandbox and say who its code would be."""
    try:
        warm.fork(warm.Order(kind="answers")).end()
    except GradingError as error:
        instead = "Students' code can only be run with your rights: coursekit grade --no-sandbox."
        return Observation(good=False, text=f"No sandbox: {error}. {instead}")
    who = "a user that nobody is" if os.geteuid() == 0 else "you, without rights"
    text = f"Sandbox: bubblewrap; students' code runs as {who}, sees no network and none of your files."
    return Observation(good=True, text=text)
