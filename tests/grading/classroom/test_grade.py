"""A class is graded three times: what went wrong is said and costs what it must, and what is handed in anew counts.

Ada and Ben hand in right work, which a person then reads; after that Ada hands in wrong work, and Ben what is no
notebook. The code of Lou never ends, that of Will warns, and Will does not hand in the second notebook.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from coursekit.grading.classroom.course import CONFIG, Course
from tests.grading import tiny
from tests.grading.classes import ASSIGNMENT, copied, grade_here, hand_in, reference

STEM, OTHER = tiny.RIGHT
CHANGES = {
    "ada": {},
    "ben": {},
    "lou": {"return": r"while True:\n        pass\n    return"},  # as it stands in a file
    "will": {"return": "__import__('warnings').warn('old ways'); return"},
}

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Work:
    """What lies there after a grading of what a student handed in."""

    check: float  # points of the check cell
    total: float | None
    written: int | None  # when the graded notebook was written
    page: str | None
    comment: str | None  # a person's, on the answer in words


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What a grading said, and what lies there after it."""

    code: int
    said: str
    works: dict[str, Work]


@pytest.fixture(scope="module")
def course(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = copied(tiny_course, tmp_path_factory.mktemp("again"))
    with (course.root / CONFIG).open("a") as config:
        config.write("\nc.Grade.timeout = 1\nc.Grade.patience = {'question': 1.0}\n")
    for student, changes in CHANGES.items():
        hand_in(course, student, STEM, reference(course, STEM, changes))
        if student != "will":
            hand_in(course, student, OTHER, reference(course, OTHER))
    return course


@pytest.fixture(scope="module")
def gradings(course: Course) -> dict[str, Graded]:
    """Grade the class, again with other work of two, and again as it is."""
    done = {"first": graded(course)}
    with course.gradebook() as book:
        for student in ("ada", "ben"):
            words = (f"{STEM}_words", STEM, ASSIGNMENT, student)
            book.find_grade(*words).manual_score = 1.5
            book.find_comment(*words).manual_comment = "Well put."
        book.db.commit()
    hand_in(course, "ada", STEM, reference(course, STEM, {"2 * number": "3 * number"}))
    hand_in(course, "ben", STEM, "no notebook")
    done["second"] = graded(course)
    done["third"] = graded(course)
    return done


def graded(course: Course) -> Graded:
    code, said = grade_here(course)
    points = dict(course.scores(ASSIGNMENT))
    works = {}
    with course.gradebook() as book:
        for student in CHANGES:
            path = Path(student, ASSIGNMENT, STEM)
            notebook = (course.autograded / path).with_suffix(".ipynb")
            page = (course.feedback / path).with_suffix(".html")
            check, words = [(f"{STEM}_{cell}", STEM, ASSIGNMENT, student) for cell in ("check", "words")]
            works[student] = Work(
                check=book.find_grade(*check).score,
                total=points[student][STEM],
                written=notebook.stat().st_mtime_ns if notebook.exists() else None,
                page=page.read_text() if page.exists() else None,
                comment=book.find_comment(*words).manual_comment,
            )
    return Graded(code=code, said=said, works=works)


def test_every_grading_succeeds(gradings):
    assert {name: (graded.code, graded.said) for name, graded in gradings.items() if graded.code} == {}


def test_everybody_gets_a_feedback_page_and_a_row_of_grades(gradings, course):
    rows = (course.root / "grades.csv").read_text()
    works = gradings["first"].works
    assert works
    assert {
        student for student, work in works.items() if f"{STEM}_check" not in work.page or student not in rows
    } == set()


# work that does not end, warns or is missing


def test_an_endless_loop_costs_its_cell(gradings):
    assert gradings["first"].works["lou"].check == 0.0


def test_after_an_endless_loop_the_next_cells_are_run(gradings, course):
    path = course.autograded / "lou" / ASSIGNMENT / f"{STEM}.ipynb"
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [bool(cell.execution_count) for cell in code] == [True] * 3
    assert code[-1].outputs[0].text.strip() == tiny.THE_END


def test_a_warning_on_stderr_costs_nothing(gradings):
    assert gradings["first"].works["will"].check == 18.0


def test_a_missing_notebook_counts_nothing_and_is_named(gradings, course):
    assert dict(course.scores(ASSIGNMENT))["will"][OTHER] is None
    assert f"will did not hand in {OTHER}: it counts 0." in gradings["first"].said


# work that is handed in again


def test_a_right_notebook_gets_its_points(gradings):
    assert gradings["first"].works["ada"].total == 18.0


def test_another_notebook_with_the_same_time_stamp_is_graded_anew(gradings):
    ada = gradings["second"].works["ada"]
    assert ada.check == 9.0
    assert "Any number will do" in ada.page


def test_what_the_class_gets_wrong_is_listed(gradings):
    lines = {name: [line for line in graded.said.splitlines() if "ada" in line] for name, graded in gradings.items()}
    assert not any("Any number will do" in line for line in lines["first"])
    assert any("Any number will do" in line for line in lines["second"])


def test_an_unchanged_notebook_is_left_alone(gradings):
    said = gradings["second"].said.splitlines()
    cut = {line.partition(",")[0] for line in said if "the machine was too busy" in line}  # which is made again
    second, third = (gradings[name].works.items() for name in ("second", "third"))
    assert {each for each in second if each[0] not in cut} == {each for each in third if each[0] not in cut}
    assert cut <= {"lou"}
    assert gradings["third"].works["ada"].written is not None


def test_what_is_no_notebook_takes_the_points_of_the_last_one_away(gradings):
    assert [gradings[name].works["ben"].check for name in ("first", "second")] == [18.0, 0.0]


def test_what_is_no_notebook_is_said_to_student_and_instructor(gradings):
    assert f"ben, {STEM}: it could not be read: it is not a notebook" in gradings["second"].said
    page = gradings["second"].works["ben"].page
    assert "This file could not be graded: it is not a notebook; hand in the .ipynb file." in page


@pytest.mark.parametrize("grading", ["second", "third"])
@pytest.mark.parametrize("student", ["ada", "ben"])
def test_what_a_person_said_stays(gradings, grading, student):
    work = gradings[grading].works[student]
    assert (work.comment, work.total) == ("Well put.", work.check + 1.5)
