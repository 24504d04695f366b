"""The results of a class: what was handed in is taken in, and what has no result yet is graded, equal files once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.errors import GradingError, HiddenTestError, SandboxError
from coursekit.grading.classroom.course import Course, Progress
from coursekit.grading.classroom.gradebook.points import most
from coursekit.grading.classroom.ledger import Entry, Ledger, Remark
from coursekit.grading.classroom.proving import References
from coursekit.grading.classroom.reasons import Reasons
from coursekit.grading.classroom.workers import Means, run_all
from coursekit.grading.nbgrader.preprocessors import NO_SANDBOX, Grade
from coursekit.grading.notebook.grade import Graded, Task, grade_lent
from coursekit.grading.submission.intake import take_in
from coursekit.grading.submission.uploads import shown
from coursekit.pictures import Lent


class Results:
    """The inputs and results of a grading.

    Attributes
    ----------
    due
        The work to be done for every student who handed something in.
    refused, lost
        Why some students could not even be looked at, and why there is no result of a key.
    remarks
        Notes for the instructor about the files in the folders.
    said
        The remarks that go with a result, by its key.
    made
        The keys of the results that this grading has made.
    reasons
        Why they were made.
    """

    def __init__(self, course: Course, assignment: str, *, again: bool = False) -> None:
        self.due: dict[str, Entry] = {}
        self.refused: dict[str, str] = {}
        self.lost: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.said: dict[str, tuple[str, ...]] = {}
        self.made: set[str] = set()
        self.reasons = Reasons(Ledger(course, assignment))
        self._course = course
        self._assignment = assignment
        self._again = again
        self._ledger = Ledger(course, assignment)
        self._references = References(course, assignment)
        self._grader = Grade(config=course.config)
        self._cache = self._grader.results(course.directory, assignment)
        with course.gradebook() as book:
            self._known = most(book, assignment).keys()

    def look(self, folder: Path) -> list[Task]:
        """Take in what lies in the folder of a student; return what is to be graded of it."""
        entry = self._ledger.entry(folder.parent.name)
        new = []
        for task in self._take_in(folder):
            self.reasons.see(task)
            is_known = self._is_known(task.key)
            if not is_known or task.key in self.made:  # by then, for an equal file
                self.reasons.count(task, entry)
            if not is_known and task.key not in self.lost:
                new.append(task)
        return new

    def make(self, folders: Sequence[Path], means: Means, report: Progress) -> None:
        """Grade what was not graded before.

        Raises
        ------
        GradingError
            When nothing can be graded, as where there is no sandbox or a hidden test is wrong.
        """
        waiting: Counter[str] = Counter()  # for how many notebooks each result counts
        stems = len(list((self._course.release / self._assignment).glob("*.ipynb")))
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            report(f"grading {self._assignment}", done, len(folders) * stems)

        def tasks() -> Iterator[tuple[str, tuple[Task, Lent]]]:
            for folder in folders:
                own = self.look(folder)
                tell(stems - len(own))
                for task in own:
                    waiting[task.key] += 1
                    if waiting[task.key] == 1:
                        yield from self._references.before(task, len(folders))
                        yield task.key, self._references.lend(task)

        def keep(key: str, result: Graded | BaseException) -> None:
            if isinstance(result, SandboxError):
                raise GradingError(NO_SANDBOX.format(reason=result))
            if isinstance(result, HiddenTestError):
                raise result
            if self._references.prove(key, result):
                return
            if isinstance(result, Graded):
                self._cache.put(key, result)
                self.said[key] = result.remarks
                self.made.add(key)
            else:
                self.lost[key] = str(result) or type(result).__name__
            tell(waiting.pop(key))

        tell(0)
        run_all(means, grade_lent, tasks(), keep)

    def keep_only_these(self) -> None:
        """Remove from the cache what belongs to nothing that is handed in any more."""
        self._cache.keep_only({key for own in self.due.values() for key in own.keys.values()})

    def _take_in(self, folder: Path) -> list[Task]:
        """Take in what is to be graded of a student; what else lies in the folder is left there, with a remark."""
        student = folder.parent.name
        if not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
            self.refused[student] = f"this is no folder that can be read: {shown(folder)}"
            return []
        intake = take_in(folder, self._course.release / self._assignment)
        self.remarks += [(student, name, remark) for name, remark in intake.remarks]
        if not intake.files:
            what = "something that could not be opened, and no notebook" if intake.unopened else "no notebook"
            self.remarks.append((student, self._assignment, f"the student handed in {what} of it"))
            return []
        unknown = (
            f"the gradebook does not know it; register it: nbgrader generate_assignment {self._assignment} --force"
        )
        self.remarks += [(student, stem, unknown) for stem in intake.files if stem not in self._known]
        stems = [stem for stem in intake.files if stem in self._known]
        tasks = [self._grader.task_for(self._course.directory, self._assignment, stem, intake) for stem in stems]
        stamp = f"{intake.time} UTC" if intake.time else ""  # as nbgrader writes it down
        self.due[student] = Entry({task.stem: task.key for task in tasks}, stamp)
        return tasks

    def _is_known(self, key: str) -> bool:
        """Tell whether there is a result that is whole; what it says is remembered."""
        known = None if key in self.said or self._again else self._cache.get(key)
        if known and not known.unfinished:
            self.said[key] = known.remarks
        return key in self.said
