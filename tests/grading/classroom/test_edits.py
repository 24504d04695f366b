"""What an instructor edits counts from the next grading on, and what nothing refers to any more is not kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.doctor import observations
from coursekit.grading.nbgrader.preprocessors import Grade
from coursekit.grading.notebook.verdicts import behaviours
from tests.grading.classes import copied, grade_here, outcome_of

pytestmark = pytest.mark.slow

STEM = "01_double"
CONFTEST = "def pytest_generate_tests(metafunc):\n    metafunc.parametrize('number', range({count}))\n"


@pytest.fixture
def course(tiny_course: Path, tmp_path: Path) -> Course:
    """Lay out a course with a student in each language, whose answer is right but for large numbers."""
    course = copied(tiny_course, tmp_path)
    for student, assignment in (("ann", "optimizers"), ("zoe", "optimiseurs")):
        folder = course.submitted / student / assignment
        folder.mkdir(parents=True)
        solved = (course.solutions / assignment / f"{STEM}.ipynb").read_text()
        (folder / f"{STEM}.ipynb").write_text(solved.replace("2 * number", "2 * number % 1000"))  # right for small ones
    return course


def graded(course: Course, assignment: str = "optimizers") -> list[float | None]:
    """Grade in this process, as a server does that runs for weeks; return the points of the only student."""
    code, said = grade_here(course, assignment)
    assert code == 0, said
    return [points[STEM] for _, points in course.scores(assignment)]


def kept(course: Course) -> list[int]:
    """Return how many results are kept for each class."""
    grader = Grade(config=course.config)
    return [grader.results(course.directory, name).held()[0] for name in ("optimizers", "optimiseurs")]


def test_edited_tests_count_at_once_and_what_was_graded_with_the_old_ones_is_removed(course):
    assert (graded(course), graded(course, "optimiseurs")) == ([18.0], [18.0])
    assert kept(course) == [1, 1]
    tests = course.root / "tests" / "hidden" / f"test_{STEM}.py"
    tests.write_text(tests.read_text().replace("answer(student, 0) == 0", "answer(student, 600) == 1200"))
    assert graded(course) == [9.0]
    assert kept(course) == [1, 1]
    assert {each.text for each in observations(course.root)} >= {
        "2 graded notebooks are kept in .coursekit/graded: 0 MB."
    }


def test_tests_that_the_reference_does_not_pass_cost_nobody_anything(course):
    tests = course.root / "tests" / "hidden" / f"test_{STEM}.py"
    right = tests.read_text()
    for wrong, told in {
        "answer(student, 0) == 1": "the reference solutions/optimizers/01_double.ipynb loses test_zero.test_zero",
        "answr(student, 0) == 0": "the hidden test test_zero fails by itself (NameError: name 'answr' is not defined",
    }.items():
        tests.write_text(right.replace("answer(student, 0) == 0", wrong))
        code, said = grade_here(course, "optimizers")
        assert code == 1
        assert f"test_{STEM}.py" in said
        assert told in said
        assert kept(course) == [0, 0]
    tests.write_text(right)


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_what_is_handed_in_while_a_class_is_graded_counts_from_the_next_grading_on(course):
    handed_in = course.submitted / "ann" / "optimizers" / f"{STEM}.ipynb"

    def hand_in_again(what: str, *_: int) -> None:
        if what.startswith("entering"):
            shutil.copy(course.release / "optimizers" / handed_in.name, handed_in)

    outcome_of(course, report=hand_in_again)
    assert [points[STEM] for _, points in course.scores("optimizers")] == [18.0]
    assert graded(course) == [0.0]


def test_a_result_that_is_damaged_is_made_again(course):
    assert graded(course) == [18.0]
    (result,) = (course.state / "graded").rglob("?" * 64)
    result.write_bytes(b"damaged")
    shutil.rmtree(course.autograded)
    assert graded(course) == [18.0]


def test_an_edited_conftest_counts_at_once(tmp_path):
    for count in (1, 2):
        tests = tmp_path / str(count) / "test_it.py"  # as each grading has a folder of its own
        tests.parent.mkdir()
        tests.write_text("import pytest\n\n@pytest.mark.cell('it')\ndef test_it(number): ...\n")
        tests.with_name("conftest.py").write_text(CONFTEST.format(count=count))
        assert len(behaviours(tests)["it"]) == count
