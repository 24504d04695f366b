"""One grading at a time: the lock of the course, and plain words for what stops a grading from outside."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.workers import KEPT

FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock of a course; it is free again when its holder ends, however that happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise GradingError(
                f"Another grading of this course is at work (process {file.read().strip() or 'unknown'}). "
                "Wait until it is done; nothing was changed."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def plainly(course: Course) -> Iterator[None]:
    """Say in plain words what stops a grading from outside."""
    try:
        yield
    except SQLAlchemyError as error:
        where = make_url(course.directory.db_url).render_as_string(hide_password=True)
        reason = str(error).partition("\n")[0]
        raise GradingError(f"The gradebook {where} cannot be used: {reason}. {KEPT}") from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise GradingError(f"The disk is full: {error.filename or course.root}. Make room. {KEPT}") from error
