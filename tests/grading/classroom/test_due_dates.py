"""What is late follows the due date, extensions, the rule and the points, whenever they change; no time is guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.lateness import settle
from coursekit.grading.submission.intake import take_in
from coursekit.grading.submission.times import read_time
from tests.grading.classes import ASSIGNMENT, Class, copied, outcome_of
from tests.grading.conftest import ROOT

pytestmark = pytest.mark.slow

HANDED_IN = dt.datetime(2026, 10, 1, 10)  # as all of the class did
WORDS = ("sgd_words", "01_sgd", ASSIGNMENT, "right")


@pytest.fixture
def course(full: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Copy the graded class, in which being late now costs everything."""
    monkeypatch.setenv("PATH", str(ROOT))  # no command of nbgrader's may be needed
    course = copied(full.finished, tmp_path)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    return Course(root=course.root)


def due(course: Course, hours: float | None) -> None:
    """Set the due date, in hours after the class handed in."""
    date = None if hours is None else HANDED_IN + dt.timedelta(hours=hours)
    with course.gradebook() as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=date)


def graded(course: Course) -> tuple[float, float, bool, bool]:
    """Grade again; give a student's points, what is lost of them, whether an answer waits, and what the page says."""
    outcome_of(course)
    with course.gradebook() as book:
        submission = book.find_submission(ASSIGNMENT, "right")
        waits = book.find_grade(*WORDS).needs_manual_grade
        page = course.feedback / "right" / ASSIGNMENT / "01_sgd.html"
        told = "Handed in late" in page.read_text(encoding="utf-8")
        return submission.score, submission.late_submission_penalty, waits, told


def lost(course: Course) -> float:
    """Tell what a student loses, as a grading would decide it now."""
    with course.gradebook() as book:
        found = settle(book, ASSIGNMENT, course.config).get("right", [])
        assert book.find_submission(ASSIGNMENT, "right").late_submission_penalty == sum(points for _, points in found)
        return sum(points for _, points in found)


def read_by_a_person(book: Gradebook, points: float) -> None:
    grade = book.find_grade(*WORDS)
    grade.manual_score, grade.needs_manual_grade = points, False
    book.db.commit()


def test_a_due_date_that_is_moved_counts_in_the_next_grading_and_what_was_read_stays_read(course):
    with course.gradebook() as book:
        read_by_a_person(book, 2.0)
    assert graded(course) == (42.0, 0.0, False, False)
    due(course, -1)
    assert graded(course) == (42.0, 42.0, False, True)
    due(course, +1)
    assert graded(course) == (42.0, 0.0, False, False)


def test_an_extension_counts_and_so_does_another_and_taking_it_back(course):
    due(course, -5)
    for hours, points in ((0, 40.0), (6, 0.0), (4, 40.0), (5, 0.0), (0, 40.0)):
        with course.gradebook() as book:
            book.grant_extension(ASSIGNMENT, "right", hours=hours)
        assert lost(course) == points


def test_without_a_due_date_nothing_is_late(course):
    due(course, -1)
    assert lost(course) == 40.0
    due(course, None)
    assert lost(course) == 0.0


def test_points_that_a_person_gives_to_late_work_fall_under_the_rule_like_all_others(course):
    due(course, -1)
    assert lost(course) == 40.0
    with course.gradebook() as book:
        read_by_a_person(book, 2.0)
    assert lost(course) == 42.0


@pytest.mark.parametrize(
    "rule", ['c.LateSubmissionPlugin.penalty_method = "none"', "c.Autograde.autograde_preprocessors.pop(2)"]
)
def test_another_rule_counts_and_where_nbgrader_has_none_there_is_none(course, rule):
    due(course, -1)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\n{rule}\n")
    assert lost(Course(root=course.root)) == 0.0


@pytest.mark.parametrize("stamp", [None, "2026-10-01 10:00:00 CEST"])
def test_a_time_that_is_no_longer_told_is_forgotten(course, stamp):
    due(course, -1)
    assert lost(course) == 40.0
    path = course.submitted / "right" / ASSIGNMENT / "timestamp.txt"
    if stamp:
        path.write_text(stamp)
    else:
        path.unlink()
    assert graded(course)[1] == 0.0


def test_an_extension_of_no_due_date_is_refused_with_the_mend(course):
    with course.gradebook() as book:
        book.grant_extension(ASSIGNMENT, "right", hours=4)
    with pytest.raises(GradingError, match=r"no due date, and extensions of it \(right\). Set one, in UTC: coursekit"):
        graded(course)


def test_what_is_said_of_a_missing_due_date_sets_one(full, tmp_path):
    course = copied(full.finished, tmp_path)
    assert main(["assign", ASSIGNMENT, "--due=2026-10-31 23:00 UTC", "--course", str(course.root)]) == 0
    with course.gradebook() as book:
        assert book.find_assignment(ASSIGNMENT).duedate == dt.datetime(2026, 10, 31, 23)


@pytest.mark.parametrize(
    ("stamp", "time"),
    [("2026-10-01 10:00:00 +0900", dt.datetime(2026, 10, 1, 1)), ("2026-10-01 10:00:00 CEST", None)],
)
def test_nbgrader_autograde_guesses_no_time_either(small, quick_nbgrader, tmp_path, stamp, time):
    course = copied(small.finished, tmp_path)
    (course.submitted / "untouched" / ASSIGNMENT / "timestamp.txt").write_text(stamp)
    run = quick_nbgrader(course.root, "autograde", ASSIGNMENT, "--student=untouched", "--force")
    assert run.returncode == 0, run.stderr
    with course.gradebook() as book:
        assert book.find_submission(ASSIGNMENT, "untouched").timestamp == time
    assert ("timestamp.txt: a zone by name (CEST) may mean more than one" in run.stderr) == (time is None)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 14:30:00 UTC",
        "2026-10-01 14:30:00.000000 UTC\n",
        "2026-10-01 14:30",
        "2026-10-01T14:30:00Z",
        "2026-10-01 14:30:00 GMT",
        "2026-10-01 16:30:00 +0200",
        "2026-10-01T16:30:00+02:00",
        "2026-10-01 23:30:00 +09",
        "2026-10-01 09:00:00 -0530",
    ],
)
def test_a_time_in_utc_or_with_an_offset_is_read(text):
    assert read_time(text) == dt.datetime(2026, 10, 1, 14, 30)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-10-01 14:30:00 CEST", r"a zone by name \(CEST\) may mean more than one; write UTC or an offset"),
        ("2026-10-01 14:30:00 IST", "a zone by name"),
        ("2026-10-01 14:30:00 EST", "a zone by name"),
        ("2026-10-01 14:30 UTC+2", "a zone by name"),
        ("2026-10-01 2:30 PM", "it is not a date and a time"),
        ("14:30:00", "it is not a date and a time"),
        ("14:30 UTC", "it is not a date and a time"),
        ("2026-10-01", "it is not a date and a time"),
        ("2026", "it is not a date and a time"),
        ("01/10/2026 14:30", "it is not a date and a time"),
        ("1 Oct 14:30", "it is not a date and a time"),
        ("tomorrow", "it is not a date and a time"),
        ("2026-02-30 14:30", "there is no such date or time"),
        ("2026-10-01 25:30", "there is no such date or time"),
        ("0001-01-01 00:00 +0200", "there is no such date or time"),
    ],
)
def test_a_time_that_would_have_to_be_guessed_is_said_and_nothing_is_late(tmp_path, text, why):
    with pytest.raises(ValueError, match=why):
        read_time(text)
    (tmp_path / "timestamp.txt").write_text(text)
    ((name, said),) = take_in(tmp_path, ROOT / "notebooks" / ASSIGNMENT).remarks
    assert (name, said.endswith("; nothing counts as late")) == ("timestamp.txt", True)
