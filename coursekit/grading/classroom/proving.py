"""The reference goes through the hidden tests of a notebook before any student does, once as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coursekit.errors import HiddenTestError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.ledger import Ledger
from coursekit.grading.notebook.grade import Graded, Task


class References:
    """The references of an assignment that a grading has tried or is trying."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment
        self._ledger = Ledger(course, assignment)
        self._stems: dict[str, str] = {}  # by key

    def before(self, work: Task) -> Iterator[tuple[str, Task]]:
        """Yield what is to be done before a task, if that is not known to be well."""
        solved = self._course.solutions / self._assignment / f"{work.stem}.ipynb"
        if work.stem not in self._stems.values() and solved.is_file():
            reference = replace(work, submission=solved.read_bytes(), beside={}, is_reference=True)
            self._stems[reference.key] = work.stem
            if not self._ledger.is_proved(work.stem, reference.key):
                yield reference.key, reference

    def prove(self, key: str, result: Graded | BaseException) -> bool:
        """Tell whether a result is that of a reference, and remember that it has full points.

        Raises
        ------
        HiddenTestError
            When it has not: the tests or the solution are wrong.
        """
        stem = self._stems.get(key)
        if stem is None:
            return False
        if isinstance(result, Graded) and not result.remarks:
            self._ledger.remember_proof(stem, key)
            return True
        what = f"loses {', '.join(result.remarks)}" if isinstance(result, Graded) else f"cannot be judged ({result})"
        solved = f"solutions/{self._assignment}/{stem}.ipynb"
        raise HiddenTestError(
            f"tests/hidden/test_{stem}.py: the reference {solved} {what}. No student loses anything by this:"
            " fix the tests or the reference, and grade again."
        )
