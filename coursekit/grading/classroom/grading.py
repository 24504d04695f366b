"""Grade a class: every notebook once, in several processes or on a cluster, then nbgrader's gradebook, then the pages.

What is done is kept in `.coursekit` in the folder of the course, so that a grading that was stopped, by whatever, goes
on where it was, and one of a class in which nothing changed has nothing to do.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from coursekit.errors import GradingError, HiddenTestError, NothingHandedIn, SandboxError
from coursekit.grading.classroom.course import Course, Progress, reason_of
from coursekit.grading.classroom.gradebook import cells, names, set_time, submissions, take_back
from coursekit.grading.classroom.lateness import check_due_date, settle
from coursekit.grading.classroom.notices import write_notices
from coursekit.grading.classroom.students import is_lost, twins, unfit
from coursekit.grading.classroom.workers import KEPT, Means, run_all, stop
from coursekit.grading.files import sync, write_at_once
from coursekit.grading.nbgrader.converters import autograde, generate_feedback
from coursekit.grading.nbgrader.preprocessors import NO_SANDBOX, Grade, copy_notes
from coursekit.grading.notebook.grade import Graded, Task, grade
from coursekit.grading.submission.intake import take_in
from coursekit.grading.submission.times import STAMP
from coursekit.grading.submission.uploads import shown

FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a grading.

    Attributes
    ----------
    failed
        For every student who could not be graded the reason.
    remarks
        Student, notebook, and what an instructor should know about it.
    graded, made
        How many notebooks were graded and how many students' pages written, that is, not taken from before.
    """

    failed: dict[str, str]
    remarks: tuple[tuple[str, str, str], ...]
    graded: int
    made: int


class _Entry(msgspec.Struct, frozen=True):
    """What is known to be done for one student."""

    keys: dict[str, str]
    stamp: str
    points: str = ""  # a digest of what the gradebook says
    pages: str = ""  # and of that with what persons wrote, as it stands on the pages


def grade_class(course: Course, assignment: str, means: Means, report: Progress) -> Outcome:
    """Grade every submission of an assignment, enter the points into the gradebook, and write the feedback pages.

    Where a submission cannot be graded, the points and the page of an earlier one are taken back.

    Raises
    ------
    GradingError
        When nothing can be graded: no sandbox, another grading of this course at work, no gradebook to be had.
    NothingHandedIn
        When nobody handed in a notebook.
    """
    with _alone(course.state / "lock"), _plainly(course):
        course.register(assignment)
        with course.gradebook() as book:
            check_due_date(book, assignment)
        try:
            return _Grading(course, assignment, means, report).run()
        finally:
            stop()


class _Grading:
    def __init__(self, course: Course, assignment: str, means: Means, report: Progress) -> None:
        self._course = course
        self._assignment = assignment
        self._means = means
        self._report = report
        self._grader = Grade(config=course.config)
        self._cache = self._grader.results(course.directory, assignment)
        self._remarks: list[tuple[str, str, str]] = []
        self._failed: dict[str, str] = {}
        self._refused: dict[str, str] = {}  # who could not even be looked at
        self._due: dict[str, _Entry] = {}  # what is to be done for every other student
        self._said: dict[str, tuple[str, ...]] = {}  # the remarks that go with a result
        self._references: dict[str, str] = {}  # keys of what tries the hidden tests, by notebook

    def run(self) -> Outcome:
        folders = []
        for folder in sorted(self._course.submitted.glob(f"*/{self._assignment}")):
            if reason := unfit(folder.parent.name):
                self._refused[shown(folder.parent.name)] = f"{reason}: {shown(folder)}"
            else:
                folders.append(folder)
        graded = self._grade(folders)
        self._see_to_ids([folder.parent.name for folder in folders])
        if not self._due:
            self._keep_remarks()
            raise NothingHandedIn(self._nothing())
        self._enter()
        made = self._write_pages()
        handed_in = {student: due.keys for student, due in self._due.items()}
        write_notices(self._course, self._assignment, handed_in, self._failed | self._refused)
        for student, own in handed_in.items():
            self._remarks += [
                (student, stem, remark) for stem, key in own.items() for remark in self._said.get(key, ())
            ]
        self._keep_remarks()
        self._cache.keep_only({key for own in handed_in.values() for key in own.values()})
        return Outcome(failed=self._failed | self._refused, remarks=tuple(self._remarks), graded=graded, made=made)

    def _take_in(self, folder: Path) -> list[Task]:
        """Take in what is to be graded of a student; what else lies in the folder is left there, with a remark."""
        student = folder.parent.name
        if not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
            self._take_back(student)
            self._refused[student] = f"this is no folder that can be read: {shown(folder)}"
            return []
        intake = take_in(folder, self._course.release / self._assignment)
        self._remarks += [(student, name, remark) for name, remark in intake.remarks]
        if not intake.files:
            self._take_back(student)
            what = "something that could not be opened, and no notebook" if intake.unopened else "no notebook"
            self._remarks.append((student, self._assignment, f"the student handed in {what} of it"))
            return []
        tasks = [self._grader.task_for(self._course.directory, self._assignment, stem, intake) for stem in intake.files]
        stamp = f"{intake.time} UTC" if intake.time else ""  # as nbgrader writes it down
        self._due[student] = _Entry({task.stem: task.key for task in tasks}, stamp)
        return tasks

    def _see_to_ids(self, students: list[str]) -> None:
        """Say which ids nbgrader's own commands miss, and which may be those of one student."""
        lost = "nbgrader's own commands do not find this id; rename the folder, if the student can have another"
        self._remarks += [(student, "id", lost) for student in students if is_lost(student)]
        for ids in twins(students):
            twin = f"{' and '.join(ids)} differ in capitals or accents only; if that is one student, keep one folder"
            self._remarks.append((ids[0], "id", twin))

    def _nothing(self) -> str:
        told = [f"{student}, {what}: {remark}." for student, what, remark in self._remarks]
        told += [f"{student}: {reason}." for student, reason in self._refused.items()]
        where = self._course.submitted / "STUDENT" / self._assignment
        return "\n".join([f"No notebook of {self._assignment} was handed in: none is found in {where}.", *told])

    def _grade(self, folders: list[Path]) -> int:
        """Grade what was not graded before, equal files once."""
        waiting: Counter[str] = Counter()  # for how many notebooks each result counts
        lost: dict[str, str] = {}
        stems = len(list((self._course.release / self._assignment).glob("*.ipynb")))
        graded = done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            self._report(f"grading {self._assignment}", done, len(folders) * stems)

        def tasks() -> Iterator[tuple[str, Task]]:
            nonlocal graded
            for folder in folders:
                own = [task for task in self._take_in(folder) if not self._is_known(task.key) and task.key not in lost]
                tell(stems - len(own))
                for task in own:
                    waiting[task.key] += 1
                    if waiting[task.key] == 1:
                        graded += 1
                        yield from self._reference(task)
                        yield task.key, task

        def keep(key: str, result: Graded | BaseException) -> None:
            if isinstance(result, SandboxError):
                raise GradingError(NO_SANDBOX.format(reason=result))
            if isinstance(result, HiddenTestError):
                raise result
            if key in self._references.values():
                self._prove(key, result)
                return
            if isinstance(result, Graded):
                self._cache.put(key, result)
                self._said[key] = result.remarks
            else:
                lost[key] = str(result) or type(result).__name__
            tell(waiting.pop(key))

        tell(0)
        run_all(self._means, grade, tasks(), keep)
        for student, due in self._due.items():
            for stem, key in due.keys.items():
                if key in lost:
                    self._failed[student] = f"{stem}.ipynb: {lost[key]}"
        return graded

    def _reference(self, work: Task) -> Iterator[tuple[str, Task]]:
        """Have the reference go through the hidden tests of a notebook before any student does, once as they stand."""
        solved = self._course.solutions / self._assignment / f"{work.stem}.ipynb"
        if work.stem not in self._references and solved.is_file():
            reference = replace(work, submission=solved.read_bytes(), beside={}, is_reference=True)
            self._references[work.stem] = reference.key
            proof = self._proof(work.stem)
            if not (proof.is_file() and proof.read_text(encoding="utf-8") == reference.key):
                yield reference.key, reference

    def _prove(self, key: str, result: Graded | BaseException) -> None:
        """Remember that the reference has full points; where it has not, stop: the tests or the solution are wrong."""
        (stem,) = [stem for stem, own in self._references.items() if own == key]
        if isinstance(result, Graded) and not result.remarks:
            write_at_once(self._proof(stem), key.encode())
            return
        what = f"loses {', '.join(result.remarks)}" if isinstance(result, Graded) else f"cannot be judged ({result})"
        solved = f"solutions/{self._assignment}/{stem}.ipynb"
        raise HiddenTestError(
            f"tests/hidden/test_{stem}.py: the reference {solved} {what}. No student loses anything by this:"
            " fix the tests or the reference, and grade again."
        )

    def _proof(self, stem: str) -> Path:
        return self._course.state / "references" / self._assignment / stem

    def _is_known(self, key: str) -> bool:
        """Tell whether there is a result; what it says is remembered."""
        if key not in self._said and (known := self._cache.get(key)):
            self._said[key] = known.remarks
        return key in self._said

    def _enter(self) -> None:
        """Let nbgrader enter the points of everybody of whom the gradebook does not say what it should."""
        points = self._points()
        todo = [who for who in self._due if who not in self._failed and not self._is_entered(who, points.get(who))]
        for number, student in enumerate(todo):
            self._report(f"entering {self._assignment}", number, len(todo))
            error = self._autograde(student)
            if error:
                self._failed[student] = error
        if todo:
            self._report(f"entering {self._assignment}", len(todo), len(todo))
        for student in self._failed:
            self._take_back(student)
        points = self._points()
        for student in todo:
            if student not in self._failed:
                due = self._due[student]
                self._remember(student, msgspec.structs.replace(due, points=_digest(points.get(student))))

    def _autograde(self, student: str) -> str:
        """Run `nbgrader autograde` on the keys of a student's results, as files; return what went wrong."""
        due = self._due[student]
        stand_ins = self._course.state / "stand-ins"
        place = stand_ins / student / self._assignment
        shutil.rmtree(stand_ins, ignore_errors=True)
        place.mkdir(parents=True)
        for stem, key in due.keys.items():
            (place / f"{stem}.ipynb").write_text(key, encoding="utf-8")
        if due.stamp:
            (place / STAMP).write_text(due.stamp, encoding="utf-8")  # nbgrader would guess what a stamp may mean
        elif self._was_told_a_time(student):
            with self._course.gradebook() as book:
                set_time(book, self._assignment, student, None)
        config = deepcopy(self._course.config)
        config["Grade"]["stand_ins"] = True
        config["CourseDirectory"]["submitted_directory"] = str(stand_ins)
        result = autograde(config, self._assignment, student)
        shutil.rmtree(stand_ins, ignore_errors=True)
        self._course.log(result.get("log", ""))
        self._course.log(result.get("error", ""))
        complaint = _complaint(result)
        if not complaint:
            made = self._course.autograded / student / self._assignment
            copy_notes(self._folder(student), made)
            sync(made)
        return complaint and f"nbgrader could not enter the points: {reason_of(complaint)}"

    def _was_told_a_time(self, student: str) -> bool:
        """Tell whether the gradebook may have the time of a submission from a stamp, and not from a person."""
        entry = self._entry(student)
        return bool(entry and entry.stamp) or os.path.lexists(self._folder(student) / STAMP)

    def _folder(self, student: str) -> Path:
        return self._course.submitted / student / self._assignment

    def _is_entered(self, student: str, points: list[Any] | None) -> bool:
        entry, due = self._entry(student), self._due[student]
        folder = self._course.autograded / student / self._assignment
        return (
            entry is not None
            and (entry.keys, entry.stamp, entry.points) == (due.keys, due.stamp, _digest(points))
            and all((folder / f"{stem}.ipynb").is_file() for stem in due.keys)
        )

    def _points(self) -> dict[str, list[Any]]:
        """Read from the gradebook what nbgrader decided, for all students at once."""
        with self._course.gradebook() as book:
            return cells(book, self._assignment, by_persons=False)

    def _write_pages(self) -> int:
        """Have the pages written that do not say what the gradebook says."""
        with self._course.gradebook() as book:
            late = settle(book, self._assignment, self._course.config)
            said = cells(book, self._assignment, by_persons=True)
            called, sent = names(book), submissions(book, self._assignment)
        state = {}
        for student, due in self._due.items():
            entry = self._entry(student)
            folder = self._course.feedback / student / self._assignment
            here = all((folder / f"{stem}.html").is_file() for stem in due.keys)
            who = called.get(student), sent.get(student)
            digest = _digest([said.get(student), late.get(student), who, due.keys, entry.points if entry else ""])
            if entry is not None and student not in self._failed and not (here and entry.pages == digest):
                state[student] = msgspec.structs.replace(entry, pages=digest)
        done = 0
        what = f"pages {self._assignment}"

        def keep(student: str, result: str | BaseException) -> None:
            nonlocal done
            done += 1
            self._report(what, done, len(state))
            if isinstance(result, OSError) and result.errno in FULL:
                raise result
            if isinstance(result, BaseException) or result:
                self._course.log(f"{result}\n")
                self._failed[student] = f"no page: {reason_of(str(result))}"
            else:
                self._remember(student, state[student])

        jobs = [(student, (str(self._course.root), self._assignment, student)) for student in state]
        run_all(Means(jobs=self._means.jobs), _make_pages, jobs, keep, preload=__name__)
        return len(state)

    def _take_back(self, student: str) -> None:
        """Let nothing say how an earlier submission was graded, but what a person said of it."""
        for folder in (self._course.autograded, self._course.feedback):
            shutil.rmtree(folder / student / self._assignment, ignore_errors=True)
        self._ledger(student).unlink(missing_ok=True)
        with self._course.gradebook() as book:
            take_back(book, self._assignment, student)

    def _keep_remarks(self) -> None:
        """Write down, for the class report, what is said of this grading; a name may hold what is no letter."""
        told = {"remarks": self._remarks, "failed": self._failed | self._refused}
        text = json.dumps(told, ensure_ascii=False).encode(errors="replace")
        write_at_once(self._course.state / "remarks" / f"{self._assignment}.json", text)

    def _ledger(self, student: str) -> Path:
        return self._course.state / "ledger" / self._assignment / f"{student}.json"

    def _entry(self, student: str) -> _Entry | None:
        try:
            return msgspec.json.decode(self._ledger(student).read_bytes(), type=_Entry)
        except (OSError, msgspec.MsgspecError):
            return None

    def _remember(self, student: str, entry: _Entry) -> None:
        write_at_once(self._ledger(student), msgspec.json.encode(entry))


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _make_pages(where: tuple[str, str, str]) -> str:
    """Write the pages of one student with nbgrader's own converter; return what went wrong."""
    root, assignment, student = where
    course = Course(root=Path(root))
    complaint = _complaint(generate_feedback(course.config, assignment, student))
    if not complaint:
        sync(course.feedback / student / assignment)
    return complaint


def _complaint(result: dict[str, Any]) -> str:
    """Return what a command of nbgrader complains of, nothing after a success.

    Raises
    ------
    OSError
        Where the disk is full.
    """
    if result["success"]:
        return ""
    told = f"{result.get('log', '')}\n{result.get('error', '')}".strip()
    if any(words in told for words in ("database or disk is full", *map(os.strerror, FULL))):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return told or "nbgrader says nothing"


@contextmanager
def _plainly(course: Course) -> Iterator[None]:
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


@contextmanager
def _alone(path: Path) -> Iterator[None]:
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
