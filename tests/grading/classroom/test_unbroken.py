"""A grading that is killed or disturbed ends like one that is left alone.

`COURSEKIT_KILLS` says how often it is killed; a few times by default.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursekit.grading.classroom.course import Course
from tests.grading.classes import (
    await_traces,
    copied,
    ended,
    family,
    grade,
    grade_here,
    kept,
    result,
    same,
    start,
    traces,
)
from tests.grading.tiny import GATE

KILLS = int(os.environ.get("COURSEKIT_KILLS", "3"))

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_killed_goes_on_and_ends_like_one_that_was_not(request, tmp_path, number):
    """Kill one of its processes at any time; in two of three gradings when all is judged and nothing entered.

    The first is of notebooks of the course, and with it two gradings are seen to be identical to the byte.
    """
    pupils = request.getfixturevalue("small" if number else "full")
    dice = random.Random(number + 1)
    for attempt in itertools.count():
        place = tmp_path / str(attempt)
        course = pupils.judged(place) if number % 3 else copied(pupils.fresh, place)
        left, all_of_it = traces(course), traces(Course(root=pupils.finished))
        run = start(course, "--jobs=2")
        await_traces(course, dice.randrange(left, all_of_it), run)
        time.sleep(dice.uniform(0, 0.5))
        if victims := family(run.pid):
            break
        ended(run)
    victim = dice.choice(victims)
    what = f"{victim.name()}, child of {victim.parent()}"
    victim.kill()
    first = ended(run)
    code, said = grade_here(course)
    assert code == 0, (what, first, said)
    assert same(result(course), pupils.undisturbed)
    assert family(run.pid) == []


def test_a_second_grading_is_refused_and_the_first_stops_cleanly_at_ctrl_c(small, tmp_path):
    course = copied(small.fresh, tmp_path)
    gate = tmp_path / "gate"
    gate.touch()
    run = start(course, **{GATE: str(gate)})
    await_traces(course, 1, run)
    code, said = grade_here(course)
    assert code == 1, said
    assert "Another grading of this course is at work" in said
    os.killpg(run.pid, signal.SIGINT)
    code, said = ended(run)
    assert code == 130, said
    assert "stopped. Finished work is kept" in said
    assert "Traceback" not in said
    assert family(run.pid) == []
    assert 0 < len(kept(course)) < len(kept(Course(root=small.finished)))
    assert kept(course).items() <= kept(Course(root=small.finished)).items()


def test_a_regrade_of_what_is_unchanged_writes_nothing(small, tmp_path):
    course = copied(small.finished, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")}
    code, said = grade_here(course)
    assert code == 0, said
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")} == times


def test_a_locked_gradebook_is_said_and_one_that_was_lost_is_filled_again(small, tmp_path):
    course = copied(small.finished, tmp_path)
    (course.root / "gradebook.db").unlink()
    holder = sqlite3.connect(course.root / "gradebook.db")
    holder.execute("BEGIN EXCLUSIVE")
    code, said = grade_here(course)
    holder.close()
    assert code == 1
    assert "gradebook" in said
    assert "Traceback" not in said
    code, said = grade_here(course)
    assert code == 0, said
    assert same(result(course), small.undisturbed)


def test_where_no_sandbox_can_be_had_nothing_is_graded_until_it_is_said_so(small, tmp_path):
    course = copied(small.fresh, tmp_path)
    path = str(Path(sys.executable).parent)
    code, said = grade(course, PATH=path)
    assert code == 1
    assert "No sandbox can be had here: bubblewrap is not installed" in said
    assert "Traceback" not in said
    assert traces(course) == 0
    code, said = grade(course, "--no-sandbox", PATH=path)
    assert code == 0, said
    assert result(course).points == small.undisturbed.points


def test_where_bubblewrap_can_build_nothing_its_reason_is_said(tmp_path):
    bubblewrap = tmp_path / "bwrap"
    bubblewrap.write_text("#!/bin/sh\necho 'bwrap: no namespaces for you' >&2\nexit 1\n")
    bubblewrap.chmod(0o755)
    program = Path(sys.executable).with_name("coursekit")
    environment = {**os.environ, "PATH": f"{tmp_path}:{program.parent}"}
    run = subprocess.run([program, "doctor"], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "No sandbox: bwrap: no namespaces for you." in run.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="needs a mount namespace")
def test_a_full_disk_is_said_and_nothing_is_lost(small, tmp_path):
    """Grade on a disk with room for half of what is written, then with more, and carry what came of it out."""
    course = copied(small.fresh, tmp_path / "fresh").root
    disk = tmp_path / "disk"
    disk.mkdir()
    script = """
        before="$(du -sk "$1" | cut -f1)" after="$(du -sk "$5" | cut -f1)"
        mount -t tmpfs -o size="$(((before + after) / 2))k" none "$2"
        cp -a "$1" "$2/course"
        cd "$2"
        code=0; "$4" grade --course course || code=$?
        echo "first: $code"
        mount -o remount,size=100m "$2"
        "$4" grade --course course
        cp -a course "$3/course"
    """
    command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-euc", script, "sh"]
    program = Path(sys.executable).with_name("coursekit")
    run = subprocess.run(
        [*command, course, disk, tmp_path, program, small.finished], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "first: 1" in run.stdout
    assert "The disk is full" in run.stderr
    assert "Traceback" not in run.stderr
    assert same(result(Course(root=tmp_path / "course")), small.undisturbed)
