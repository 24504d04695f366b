"""A grading that is killed or disturbed ends like one that is left alone.

`COURSEKIT_KILLS` says how often it is killed; a few times by default.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from coursekit.grading.course import Course
from tests.grading.classroom import await_traces, copied, family, grade, result, same, start, traces

KILLS = int(os.environ.get("COURSEKIT_KILLS", "3"))


def test_two_gradings_are_identical_to_the_byte(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    grade(course, "--jobs=1")
    assert same(result(course), undisturbed)


@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_killed_goes_on_and_ends_like_one_that_was_not(fresh, finished, tmp_path, undisturbed, number):
    dice = random.Random(number)
    for attempt in itertools.count():
        course = copied(fresh, tmp_path / str(attempt))
        run = start(course)
        await_traces(course, dice.randrange(traces(Course(root=finished))), run)
        time.sleep(dice.uniform(0, 0.5))
        if victims := family(run.pid):
            break
        run.communicate()  # it had ended
    victim = dice.choice(victims)
    what = f"{victim.name()}, child of {victim.parent()}"
    victim.kill()
    first = run.communicate(timeout=300)
    code, said = grade(course)
    assert code == 0, (what, first, said)
    assert same(result(course), undisturbed)
    assert family(run.pid) == []


def test_ctrl_c_stops_cleanly_and_a_second_run_goes_on(fresh, tmp_path, undisturbed):
    course = copied(fresh, tmp_path)
    run = start(course)
    await_traces(course, 1, run)
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
    await_traces(course, 1, first)
    psutil.Process(first.pid).suspend()
    code, said = grade(course)
    psutil.Process(first.pid).resume()
    out, err = first.communicate(timeout=300)
    assert (code, first.returncode) == (1, 0), said + out + err
    assert "Another grading of this course is at work" in said
    assert same(result(course), undisturbed)


def test_a_regrade_of_what_is_unchanged_writes_nothing(finished, tmp_path):
    course = copied(finished, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")}
    code, _ = grade(course)
    assert code == 0
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")} == times


def test_a_gradebook_that_was_lost_is_filled_again(finished, tmp_path, undisturbed):
    course = copied(finished, tmp_path)
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


@pytest.mark.skipif(sys.platform != "linux", reason="needs a mount namespace")
def test_a_full_disk_is_said_and_nothing_is_lost(fresh, finished, tmp_path, undisturbed):
    """Grade on a disk with room for half of what is written, then with more, and carry what came of it out."""
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
        [*command, fresh, disk, tmp_path, program, finished], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "first: 1" in run.stdout
    assert "The disk is full" in run.stderr
    assert "Traceback" not in run.stderr
    assert same(result(Course(root=tmp_path / "course")), undisturbed)
