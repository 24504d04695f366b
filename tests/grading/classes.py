"""A small class, graded by the command or by what it calls, and all that a grading leaves behind."""

from __future__ import annotations

import difflib
import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import psutil

from coursekit.cli import main
from coursekit.grading.classroom import grading
from coursekit.grading.classroom.course import CONFIG, Course, Progress
from coursekit.grading.classroom.grading import Outcome
from coursekit.grading.classroom.sample import TIMESTAMP
from coursekit.grading.classroom.workers import Means

ASSIGNMENT = "optimizers"
KEPT = "kept"  # the folder of a course in which results of earlier gradings are
LIMIT = 600  # seconds for a grading, on however slow a machine
ENVIRONMENT = dict(os.environ)
UNHURRIED = (
    "c.Grade.timeout, c.Grade.budget = 300, 900\n"  # for a course whose notebooks are shown whole on any machine
)


_WHEN = re.compile(b"Points (as of|au) <time>[^<]*</time>")  # on a page


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that a grading leaves behind, but for when that was."""

    points: dict[str, list[tuple[str, str, float | None, bool]]]
    files: dict[str, bytes]


@dataclass(frozen=True)
class Class:
    """A class of which nothing is graded, and the same one graded undisturbed; no test changes either of them.

    Right code brings `most` points in its first notebook.
    """

    folder: Path
    most: float = 18.0

    @property
    def fresh(self) -> Path:
        return self.folder / "fresh"

    @property
    def finished(self) -> Path:
        return self.folder / "finished"

    @cached_property
    def undisturbed(self) -> Result:
        """What is left behind by a grading that nothing disturbs."""
        done = result(Course(root=self.finished))
        (first, *_), *_ = done.points["right"]
        code = [(score, waits) for name, _, score, waits in done.points["right"] if name == first and score]
        assert (sum(score for score, _ in code), any(waits for _, waits in code)) == (self.most, False)
        return done

    def judged(self, tmp_path: Path) -> Course:
        """Copy the class with all results of its grading kept, and none of them entered or shown."""
        shutil.copytree(self.finished / KEPT, copied(self.fresh, tmp_path).root / KEPT)
        return Course(root=tmp_path / "course")

    def finish(self, grade: Callable[[Course], tuple[int, str]]) -> None:
        """Grade it, once and for all."""
        with (self.fresh / CONFIG).open("a") as config:
            config.write(f'\nc.Grade.cache = "{KEPT}"\n{UNHURRIED}')
        shutil.copytree(self.fresh, self.finished)
        code, said = grade(Course(root=self.finished))
        assert code == 0, said
        assert "Warning" not in said


def shorten(path: Path, *but: str) -> None:
    """Take out of a notebook the code that nobody fills in and nothing is judged by: its pictures take time.

    What holds one of these texts stays.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type != "code" or cell.metadata.get("nbgrader") or any(text in cell.source for text in but)
    ]
    nbformat.write(notebook, path)


def reference(course: Course, stem: str, changes: Mapping[str, str] | None = None) -> str:
    """Read the reference solution of a notebook, and change its text."""
    text = (course.solutions / ASSIGNMENT / f"{stem}.ipynb").read_text(encoding="utf-8")
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text


def hand_in(course: Course, student: str, stem: str, text: str) -> None:
    """Put a text in the place of what a student handed in, with the same time stamp each time."""
    folder = course.submitted / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(TIMESTAMP)
    (folder / f"{stem}.ipynb").write_text(text, encoding="utf-8")


def hand_in_all(course: Course, wrong: Mapping[str, str]) -> None:
    """Hand in right and untouched work in every notebook, and work that is wrong in the first."""
    for number, path in enumerate(sorted((course.release / ASSIGNMENT).glob("*.ipynb"))):
        hand_in(course, "right", path.stem, reference(course, path.stem))
        hand_in(course, "wrong", path.stem, reference(course, path.stem, wrong if number == 0 else {}))
        hand_in(course, "untouched", path.stem, path.read_text(encoding="utf-8"))


def copied(folder: Path, tmp_path: Path) -> Course:
    shutil.copytree(folder, tmp_path / "course")
    return Course(root=tmp_path / "course")


def grade_here(course: Course, *words: str) -> tuple[int, str]:
    """Grade as the command does, in this process; return its exit code and what it says."""
    with _staying(), redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
        code = main(["grade", "--course", str(course.root), "--jobs=1", *words])
    return code, said.getvalue()


def outcome_of(course: Course, *, report: Progress = lambda *_: None, **how: Any) -> Outcome:
    """Grade in this process; return what came of it."""
    with _staying():
        return grading.grade_class(course, ASSIGNMENT, Means(jobs=1), report, **how)


@contextmanager
def _staying() -> Iterator[None]:
    """Have what workers are forked from stay for the next grading: seconds in which torch and nbgrader are imported."""
    forkserver.set_forkserver_preload(["coursekit.grading.classroom.preload"])
    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):  # whatever that of a test is
        forkserver.ensure_running()
    with mock.patch.object(grading, "stop"):
        yield


def start(course: Course, *options: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command, with one worker where the options do not say more."""
    program = str(Path(sys.executable).with_name("coursekit"))
    command = [program, "grade", "--course", str(course.root), "--jobs=1", *options]
    if sys.platform == "linux":  # what runs these tests in the background may have Ctrl-C ignored
        command = ["/usr/bin/env", "--default-signal=INT", *command]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=course.root,
        env={**os.environ, **environment},
    )


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end of a grading; return its exit code and what it said."""
    out, err = run.communicate(timeout=LIMIT)
    return run.returncode, out + err


def grade(course: Course, *options: str, **environment: str) -> tuple[int, str]:
    return ended(start(course, *options, **environment))


def result(course: Course) -> Result:
    with course.gradebook() as book:
        points = {
            student.id: sorted(
                (notebook.name, grade.name, grade.auto_score, grade.needs_manual_grade)
                for notebook in book.find_submission(ASSIGNMENT, student.id).notebooks
                for grade in notebook.grades
            )
            for student in book.students
        }
    folders = [course.root / name for name in ("autograded", "feedback")]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    paths.append(course.root / "grades.csv")
    files = {str(path.relative_to(course.root)): _WHEN.sub(b"", path.read_bytes()) for path in paths}
    return Result(points=points, files=files)


def same(one: Result, other: Result) -> bool:
    """Compare; where they differ, say in what."""
    assert one.points == other.points
    assert one.files.keys() == other.files.keys()
    for name, content in one.files.items():
        lines = [file.decode().splitlines() for file in (content, other.files[name])]
        differences = list(difflib.unified_diff(*lines, name, name, lineterm="", n=1))
        assert not differences, "\n".join(line[:300] for line in differences[:40])
    return True


def kept(course: Course) -> dict[Path, bytes]:
    """Read what a course keeps of its gradings so far."""
    folder = course.root / KEPT
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def traces(course: Course) -> int:
    """Count what a grading has left so far: results, then notebooks, then pages."""
    folders = (course.root / KEPT, course.autograded, course.feedback)
    return sum(len(files) for folder in folders for _, _, files in os.walk(folder))


def await_traces(course: Course, count: int, run: subprocess.Popen[str]) -> None:
    """Wait until a grading has left so many traces, or has ended."""
    while run.poll() is None and traces(course) < count:
        time.sleep(0.02)


def family(pid: int) -> list[psutil.Process]:
    """List the processes of a grading that still run: those of its session, and what they started."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found
