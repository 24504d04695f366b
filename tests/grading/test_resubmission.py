"""A notebook handed in again is graded again; what a person said of it stays."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.course import Course
from coursekit.grading.sample import TIMESTAMP

from .conftest import ROOT, WRONG_SIGN, solution

WORK = Path("ada", "optimizers", "01_sgd.ipynb")
CHECK, WORDS = [(name, "01_sgd", "optimizers", "ada") for name in ("sgd_check", "sgd_words")]


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What a grading said, and what lay there after it."""

    code: int
    said: str
    check: float  # points of the check cell
    total: float | None
    written: int | None  # when the graded notebook was written
    page: str | None
    comment: str | None  # a person's, on the answer in words


@pytest.fixture(scope="module")
def gradings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """Grade a right notebook that a person then reads, a wrong one, the same again, and what is no notebook."""
    course = Course(root=ROOT).lay_out(tmp_path_factory.mktemp("again") / "course")
    done = {}
    hand_in(course, nbformat.writes(solution("01_sgd", {})))
    done["right"] = grade(course)
    read_by_a_person(course)
    hand_in(course, nbformat.writes(solution("01_sgd", WRONG_SIGN)))
    done["wrong"] = grade(course)
    done["unchanged"] = grade(course)
    hand_in(course, "no notebook")
    done["garbage"] = grade(course)
    return done


def hand_in(course: Course, text: str) -> None:
    """Put a text in the place of what was handed in, with the same time stamp."""
    folder = (course.submitted / WORK).parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / WORK.name).write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text(TIMESTAMP)


def grade(course: Course) -> Graded:
    command = [str(Path(sys.executable).with_name("coursekit")), "grade", "--course", str(course.root)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    graded = course.root / "autograded" / WORK
    page = course.root / "feedback" / WORK.with_suffix(".html")
    with course.gradebook() as book:
        check = book.find_grade(*CHECK).score
        comment = book.find_comment(*WORDS).manual_comment
    return Graded(
        code=run.returncode,
        said=run.stdout + run.stderr,
        check=check,
        total=dict(course.scores("optimizers"))["ada"]["01_sgd"],
        written=graded.stat().st_mtime_ns if graded.exists() else None,
        page=page.read_text() if page.exists() else None,
        comment=comment,
    )


def read_by_a_person(course: Course) -> None:
    """Give a point and a half for the answer in words, with a comment."""
    with course.gradebook() as book:
        book.find_grade(*WORDS).manual_score = 1.5
        book.find_comment(*WORDS).manual_comment = "Well put."
        book.db.commit()


def test_a_right_notebook_gets_its_points(gradings):
    assert (gradings["right"].code, gradings["right"].total) == (0, 18.0)


def test_another_notebook_with_the_same_time_stamp_is_graded_anew(gradings):
    assert (gradings["wrong"].code, gradings["wrong"].check) == (0, 9.0)
    assert "SGD going uphill" in gradings["wrong"].page


def test_what_the_class_gets_wrong_is_listed(gradings):
    assert "SGD going uphill" in gradings["wrong"].said
    assert "SGD going uphill" not in gradings["right"].said


def test_an_unchanged_notebook_is_left_alone(gradings):
    assert (gradings["unchanged"].code, gradings["unchanged"].check) == (0, 9.0)
    assert gradings["unchanged"].written == gradings["wrong"].written


def test_what_is_no_notebook_takes_the_points_of_the_last_one_away(gradings):
    assert (gradings["garbage"].code, gradings["garbage"].check) == (0, 0.0)


def test_what_is_no_notebook_is_said_to_student_and_instructor(gradings):
    assert "ada, 01_sgd: it could not be read: it is not a notebook" in gradings["garbage"].said
    assert "This file could not be graded: it is not a notebook; hand in the .ipynb file." in gradings["garbage"].page


@pytest.mark.parametrize("grading", ["wrong", "unchanged", "garbage"])
def test_what_a_person_said_stays(gradings, grading):
    graded = gradings[grading]
    assert (graded.comment, graded.total) == ("Well put.", graded.check + 1.5)
