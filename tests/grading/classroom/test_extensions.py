"""One student gets more time, and everybody has some days of the term: what is late costs accordingly, everywhere."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.lateness import settle
from coursekit.grading.exchange.exports import export
from tests.grading.classes import ASSIGNMENT, Class, copied, outcome_of

pytestmark = pytest.mark.slow

HANDED_IN = dt.datetime(2026, 10, 1, 10)  # as all of the class did
RULE = """
c.AssignLatePenalties.plugin_class = "coursekit.grading.classroom.lateness.LateDays"
c.LateDays.share = 0.25
c.LateDays.free = {free}
"""


@pytest.fixture
def course(small: Class, tmp_path: Path) -> Course:
    """Copy the graded class, which handed in a day and an hour late."""
    course = with_rule(copied(small.finished, tmp_path), free=0)
    with course.gradebook() as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=HANDED_IN - dt.timedelta(hours=25))
    return course


def with_rule(course: Course, free: int) -> Course:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(RULE.format(free=free))
    return Course(root=course.root)


def lost(course: Course, student: str = "right") -> float:
    """Tell what a student loses of 36 points, as a grading would decide it now."""
    with course.gradebook() as book:
        return sum(points for _, points in settle(book, ASSIGNMENT, course.config).get(student, []))


def extend(course: Course, *arguments: str) -> int:
    return main(["extend", *arguments, "--course", str(course.root)])


def test_every_day_begun_costs_its_share_of_the_points(course):
    assert lost(course) == 2 * 0.25 * 36.0


@pytest.mark.parametrize(
    ("arguments", "points"),
    [(["--days=1"], 9.0), (["--days=2"], 0.0), (["--until=2026-10-01 12:00 +0200"], 0.0), (["--days=0"], 18.0)],
)
def test_an_extension_counts_for_one_student_in_the_place_of_an_earlier_one(course, capsys, arguments, points):
    assert extend(course, "right", ASSIGNMENT, "--days=30") == 0
    assert extend(course, "right", ASSIGNMENT, *arguments) == 0
    assert "The next `coursekit grade` applies it." in capsys.readouterr().out
    assert (lost(course), lost(course, "wrong")) == (points, 0.5 * 27.0)


def test_points_are_the_same_in_the_table_the_gradebook_the_page_and_the_export(course):
    outcome = outcome_of(course)
    assert outcome.graded == 0
    assert dict(course.scores(ASSIGNMENT))["right"] == {"01_double": 9.0, "02_square": 9.0}
    with course.gradebook() as book:
        sent = book.find_submission(ASSIGNMENT, "right")
        assert (sent.score - sent.late_submission_penalty, [each.needs_manual_grade for each in sent.notebooks]) == (
            18.0,
            [True, True],
        )
    page = course.feedback / "right" / ASSIGNMENT / "01_double.html"
    assert "9 / 20" in page.read_text(encoding="utf-8")
    list(export(course, "csv", course.root / "grades.csv"))
    with (course.root / "grades.csv").open() as file:
        assert [row["score"] for row in csv.DictReader(file) if row["student_id"] == "right"] == ["18.0"]


def test_who_has_more_time_and_has_handed_in_nothing_counts_as_missing(course):
    with course.gradebook() as book:
        book.add_student("ana")
    assert extend(course, "ana", ASSIGNMENT, "--days=3") == 0
    assert "ana" not in dict(course.scores(ASSIGNMENT))
    said = list(export(course, "moodle", course.root / "moodle.csv"))
    assert "ana" not in (course.root / "moodle.csv").read_text()
    assert any("submissions not complete: 2." in line for line in said)  # as before


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own
def test_days_of_the_term_are_used_up_by_what_was_due_first(course):
    course = with_rule(course, free=3)
    assert lost(course) == 0.0
    with course.gradebook() as book:
        book.add_assignment("tp0", duedate=HANDED_IN - dt.timedelta(days=9))
        book.add_submission("tp0", "right", timestamp=HANDED_IN - dt.timedelta(days=7))
        book.add_assignment("tp2", duedate=HANDED_IN + dt.timedelta(days=9))
        book.add_submission("tp2", "right", timestamp=HANDED_IN + dt.timedelta(days=19))
    assert lost(course) == 9.0  # two days are gone before, one is left, and ten came after
    assert lost(course, "wrong") == 0.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["right", "tp9", "--days=1"], "There is no assignment 'tp9'"),
        (["nobody", ASSIGNMENT, "--days=1"], "There is no student 'nobody'"),
        (["right", ASSIGNMENT, "--until=2026-09-01 12:00"], "is due on 2026-09-30 09:00 UTC: an extension ends later"),
        (["right", ASSIGNMENT, "--until=2026-10-07"], "it is not a date and a time such as"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(course, capsys, arguments, said):
    assert extend(course, *arguments) == 1
    assert said in capsys.readouterr().err


def test_without_a_due_date_there_is_nothing_to_extend(course, capsys):
    with course.gradebook() as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=None)
    assert extend(course, "right", ASSIGNMENT, "--days=1") == 1
    assert "optimizers has no due date. Set one, in UTC: coursekit assign optimizers --due=" in capsys.readouterr().err
