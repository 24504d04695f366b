"""A small class, graded by the real command, and all that a grading leaves behind."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from coursekit.grading.course import Course

ASSIGNMENT = "optimizers"
STEMS = ("01_sgd", "02_rmsprop")


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that a grading leaves behind."""

    points: dict[str, list[tuple[str, str, float | None, bool]]]
    files: dict[str, bytes]


def shorten(course: Course) -> None:
    """Take out of every notebook the code that nobody fills in and nothing is judged by: its pictures take time."""
    for path in [*course.solutions.glob("*/*.ipynb"), *course.release.glob("*/*.ipynb")]:
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "code" or cell.metadata.get("nbgrader")]
        nbformat.write(notebook, path)


def copied(folder: Path, tmp_path: Path) -> Course:
    shutil.copytree(folder, tmp_path / "course")
    return Course(root=tmp_path / "course")


def start(course: Course, *options: str, path: str = os.environ["PATH"]) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("coursekit")), "grade", "--course", str(course.root), *options]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=course.root,
        env={**os.environ, "PATH": path},
    )


def grade(course: Course, *options: str, **more: str) -> tuple[int, str]:
    run = start(course, *options, **more)
    out, err = run.communicate(timeout=300)
    return run.returncode, out + err


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
    files = {str(path.relative_to(course.root)): path.read_bytes() for path in [*paths, course.root / "grades.csv"]}
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


def traces(course: Course) -> int:
    """Count what a grading has left so far: results, notebooks and pages."""
    folders = (course.state / "graded", course.autograded, course.feedback)
    return sum(path.is_file() for folder in folders for path in folder.rglob("*"))


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
