"""What an instructor edits counts from the next grading on, and what nothing refers to any more is not kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.doctor import findings
from coursekit.grading.nbgrader.preprocessors import Grade
from coursekit.grading.notebook.verdicts import behaviours
from tests.grading import tiny

pytestmark = pytest.mark.slow

STEM = "01_double"
CONFTEST = "def pytest_generate_tests(metafunc):\n    metafunc.parametrize('number', range({count}))\n"


@pytest.fixture
def course(repository: Course, tmp_path: Path) -> Course:
    """Lay out a course in which one student handed in a right notebook in English and one in French."""
    course = tiny.lay_out(repository, tmp_path / "course")
    course.register("optimiseurs")
    for student, assignment in (("ann", "optimizers"), ("zoe", "optimiseurs")):
        folder = course.submitted / student / assignment
        folder.mkdir(parents=True)
        shutil.copy(course.solutions / assignment / f"{STEM}.ipynb", folder)
    return course


def graded(course: Course, assignment: str = "optimizers") -> list[float | None]:
    """Grade in this process, as a server does that runs for weeks; return the points of the only student."""
    assert main(["grade", "--course", str(course.root), "--jobs=1", assignment]) == 0
    return [points[STEM] for _, points in course.scores(assignment)]


def kept(course: Course) -> list[int]:
    """Return how many results are kept for each class."""
    grader = Grade(config=course.config)
    return [grader.results(course.directory, name).held()[0] for name in ("optimizers", "optimiseurs")]


def test_edited_tests_count_at_once_and_what_was_graded_with_the_old_ones_is_removed(course):
    assert (graded(course), graded(course, "optimiseurs")) == ([18.0], [18.0])
    assert kept(course) == [1, 1]
    tests = course.root / "tests" / "hidden" / f"test_{STEM}.py"
    tests.write_text(tests.read_text().replace("answer(student, 0) == 0", "answer(student, 0) == 1"))
    assert graded(course) == [9.0]
    assert kept(course) == [1, 1]
    assert {each.text for each in findings(course.root)} >= {"2 graded notebooks are kept in .coursekit/graded: 0 MB."}


def test_an_edited_conftest_counts_at_once(tmp_path):
    for count in (1, 2):
        tests = tmp_path / str(count) / "test_it.py"  # as each grading has a folder of its own
        tests.parent.mkdir()
        tests.write_text("import pytest\n\n@pytest.mark.cell('it')\ndef test_it(number): ...\n")
        tests.with_name("conftest.py").write_text(CONFTEST.format(count=count))
        assert len(behaviours(tests)["it"]) == count
