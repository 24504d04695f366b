"""A grading that is killed, disturbed or run elsewhere ends like one that is left alone.

`COURSEKIT_KILLS` says how often it is killed; a few times by default.
"""

from __future__ import annotations

import difflib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import psutil
import pytest

from coursekit.grading.course import Course
from coursekit.grading.sample import TIMESTAMP

from .conftest import ROOT, WRONG_SIGN, solution

KILLS = int(os.environ.get("COURSEKIT_KILLS", "3"))
ASSIGNMENT = "optimizers"
STEMS = ("01_sgd", "02_rmsprop")


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that a grading leaves behind."""

    points: dict[str, list[tuple[str, str, float | None, bool]]]
    files: dict[str, bytes]
    seconds: float = 0.0  # that it took


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a class that nobody has graded: right, wrong and untouched work."""
    course = Course(root=ROOT).lay_out(tmp_path_factory.mktemp("fresh") / "course")
    for student in ("right", "wrong", "untouched"):
        folder = course.submitted / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(TIMESTAMP)
        for stem in STEMS:
            changes = WRONG_SIGN if (student, stem) == ("wrong", "01_sgd") else {}
            released = nbformat.read(course.release / ASSIGNMENT / f"{stem}.ipynb", as_version=4)
            work = released if student == "untouched" else solution(stem, changes)
            nbformat.write(work, folder / f"{stem}.ipynb")
    course.register(ASSIGNMENT)
    return course.root


def copied(fresh: Path, tmp_path: Path) -> Course:
    shutil.copytree(fresh, tmp_path / "course")
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


@pytest.fixture(scope="module")
def undisturbed(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    course = copied(fresh, tmp_path_factory.mktemp("undisturbed"))
    begin = time.monotonic()
    code, said = grade(course)
    seconds = time.monotonic() - begin
    assert code == 0, said
    done = result(course)
    assert ("01_sgd", "sgd_check", 18.0, False) in done.points["right"]
    return replace(done, seconds=seconds)


def same(one: Result, other: Result) -> bool:
    """Compare, with the differing files named by pytest where they differ."""
    assert one.points == other.points
    assert one.files.keys() == other.files.keys()
    for name, content in one.files.items():
        lines = [file.decode().splitlines() for file in (content, other.files[name])]
        assert list(difflib.unified_diff(*lines, name, name, lineterm="", n=1))[:40] == []
    return True


def test_two_gradings_are_identical_to_the_byte(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    grade(course, "--jobs=1")
    assert same(result(course), undisturbed)


@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_killed_goes_on_and_ends_like_one_that_was_not(fresh, tmp_path, undisturbed, number):
    dice = random.Random(number)
    course = copied(fresh, tmp_path)
    run = start(course)
    time.sleep(dice.uniform(0.1, 0.8) * undisturbed.seconds)
    victim = dice.choice(family(run.pid))
    what = f"{victim.name()}, child of {victim.parent()}"
    victim.kill()
    first = run.communicate(timeout=300)
    code, said = grade(course)
    assert code == 0, (what, first, said)
    assert same(result(course), undisturbed)
    assert family(run.pid) == []


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


def test_ctrl_c_stops_cleanly_and_a_second_run_goes_on(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    run = start(course)
    time.sleep(8)
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "stopped. What was done is kept" in err
    assert "Traceback" not in err
    code, said = grade(course)
    assert code == 0, said
    assert same(result(course), undisturbed)


def test_of_two_at_once_one_is_refused_and_changes_nothing(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    first = start(course)
    time.sleep(3)
    code, said = grade(course)
    out, err = first.communicate(timeout=300)
    assert (code, first.returncode) == (1, 0), said + out + err
    assert "Another grading of this course is at work" in said
    assert same(result(course), undisturbed)


def test_a_regrade_of_what_is_unchanged_writes_nothing(fresh, tmp_path):
    course = copied(fresh, tmp_path)
    grade(course)
    times = {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")}
    code, _ = grade(course)
    assert code == 0
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")} == times


def test_a_gradebook_that_was_lost_is_filled_again(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    grade(course)
    (course.root / "gradebook.db").unlink()
    code, said = grade(course)
    assert code == 0, said
    assert result(course).points == undisturbed.points


def test_a_locked_gradebook_is_said_and_nothing_is_lost(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    holder = sqlite3.connect(course.root / "gradebook.db")
    holder.execute("BEGIN EXCLUSIVE")
    code, said = grade(course)
    holder.close()
    assert code == 1
    assert "gradebook" in said
    assert "Traceback" not in said
    assert grade(course)[0] == 0
    assert same(result(course), undisturbed)


@pytest.mark.parametrize("bubblewrap", ["", "#!/bin/sh\necho 'bwrap: no namespaces for you' >&2\nexit 1\n"])
def test_where_no_sandbox_can_be_had_nothing_is_graded_until_it_is_said_so(fresh, tmp_path, bubblewrap):
    course = copied(fresh, tmp_path)
    shutil.rmtree(course.submitted / "wrong")
    tools = tmp_path / "tools"
    tools.mkdir()
    if bubblewrap:
        (tools / "bwrap").write_text(bubblewrap)
        (tools / "bwrap").chmod(0o755)
    path = f"{tools}:{Path(sys.executable).parent}"
    code, said = grade(course, path=path)
    assert code == 1
    assert "No sandbox can be had here: " + ("bwrap: no namespaces" if bubblewrap else "bubblewrap is not") in said
    assert "Traceback" not in said
    assert not (course.root / "autograded").exists()
    code, said = grade(course, "--no-sandbox", path=path)
    assert code == 0, said
    assert ("01_sgd", "sgd_check", 18.0, False) in result(course).points["right"]
