"""The reference goes through the hidden tests of a notebook before any student does, once as they stand.

Where many students are graded, its pictures are recorded on the way, and lent to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursekit.errors import HiddenTestError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.ledger import Ledger
from coursekit.grading.notebook.bank import MANY, Bank
from coursekit.grading.notebook.grade import Graded, Task
from coursekit.pictures import Lent, Picture


class References:
    """The references of an assignment that a grading has tried or is trying."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment
        self._ledger = Ledger(course, assignment)
        self._bank = Bank(course.state / "pictures" / assignment, lambda said: course.log(f"{said}\n"))
        self._stems: dict[str, str] = {}  # by key
        self._recording: set[str] = set()  # keys
        self._pictures: dict[str, tuple[Picture, ...]] = {}  # by stem

    def before(self, work: Task, students: int) -> Iterator[tuple[str, tuple[Task, Lent]]]:
        """Yield what is to be done before the task of one of some students, if that is not known to be well."""
        solved = self._course.solutions / self._assignment / f"{work.stem}.ipynb"
        if work.stem not in self._stems.values() and solved.is_file():
            reference = work.of_reference(solved)
            self._stems[reference.key] = work.stem
            known = self._bank.get(work.stem, reference.key)
            self._pictures[work.stem] = known or ()
            records = known is None and students >= MANY
            if records:
                self._recording.add(reference.key)
            if records or not self._ledger.is_proved(work.stem, reference.key):
                yield reference.key, (reference, Lent(records=records))

    def lend(self, work: Task) -> tuple[Task, Lent]:
        """Return a task with the pictures of its notebook, as far as they are there by now."""
        return work, Lent(pictures=self._pictures.get(work.stem, ()))

    def prove(self, key: str, result: Graded | BaseException) -> bool:
        """Tell whether a result is that of a reference, and remember that it has full points, and its pictures.

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
            if key in self._recording:
                self._pictures[stem] = self._bank.put(stem, key, result.pictures)
            return True
        what = f"loses {', '.join(result.remarks)}" if isinstance(result, Graded) else f"cannot be judged ({result})"
        solved = f"solutions/{self._assignment}/{stem}.ipynb"
        raise HiddenTestError(
            f"tests/hidden/test_{stem}.py: the reference {solved} {what}. No student loses anything by this:"
            " fix the tests or the reference, and grade again."
        )
