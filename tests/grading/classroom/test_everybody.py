"""Everybody on the list gets a page for each notebook, whatever was handed in or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.grading.classroom.course import Course
from tests.grading.classes import copied, grade_here
from tests.grading.forked import Run

pytestmark = pytest.mark.slow

LISTED = ("empty", "cut", "folder", "some", "[guest]", "nothing", "file")


@pytest.fixture(scope="module")
def course(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade a class in which hardly anybody handed in what was asked for."""
    course = copied(tiny_course, tmp_path_factory.mktemp("everybody"))
    with course.gradebook() as book:
        for name in ("nothing", "french", "../elsewhere", "..", "x" * 300):
            book.add_student(name)
    (course.submitted / "french" / "optimiseurs").mkdir(parents=True)
    place = {name: course.submitted / name / "optimizers" for name in LISTED}
    for name in ("empty", "cut", "folder", "some", "[guest]"):
        place[name].mkdir(parents=True)
        (place[name] / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC")
        (place[name] / "submission_secret.txt").write_text(f"of {name}")
    place["file"].parent.mkdir()
    place["file"].write_text("no folder")
    text = (course.solutions / "optimizers" / "01_double.ipynb").read_text(encoding="utf-8")
    (place["cut"] / "01_double.ipynb").write_text(text[: len(text) // 2])
    (place["folder"] / "01_double.ipynb").mkdir()
    for name in ("some", "[guest]"):
        (place[name] / "01_double.ipynb").write_text(text)
    assert grade_here(course, "optimizers")[0] == 1  # because of the file
    return course


def page(course: Course, student: str, stem: str = "01_double") -> str:
    """Read a page, from its heading on."""
    text = (course.feedback / student / "optimizers" / f"{stem}.html").read_text(encoding="utf-8")
    return text[text.index("<header") :]


@pytest.mark.parametrize("student", LISTED)
def test_everybody_has_a_page_for_each_notebook(course, student):
    released = {path.stem for path in (course.release / "optimizers").glob("*.ipynb")}
    assert {path.stem for path in (course.feedback / student / "optimizers").glob("*.html")} == released


@pytest.mark.parametrize(("student", "stem"), [("empty", "01_double"), ("nothing", "02_square"), ("some", "02_square")])
def test_page_of_what_was_not_handed_in_says_so_and_nothing_else(course, student, stem):
    told = page(course, student, stem)
    assert '<p class="sum">0 / 20</p>' in told
    assert f"<b>{student}</b>" in told
    assert "This notebook was not handed in: it counts 0." in told
    assert "The notebook</h2>" not in told


@pytest.mark.parametrize(("student", "cause"), [("cut", "it ends in the middle"), ("folder", "it is no regular file")])
def test_page_of_what_cannot_be_read_opens_with_the_cause(course, student, cause):
    told = page(course, student)
    assert told.count("<section") == 1
    assert 0 < told.index(f"This file could not be graded: {cause}") < told.index("The notebook</h2>")


def test_page_of_what_could_not_be_graded_yet_says_so(course):
    assert "This notebook could not be graded yet." in page(course, "file")


def test_page_of_somebody_with_brackets_says_what_the_points_are_for(course):
    assert '<section class="verdict" aria-label=' in page(course, "[guest]")


def test_whoever_is_in_another_class_gets_none(course):
    assert not (course.feedback / "french").exists()


def test_nobody_s_name_leads_elsewhere(course):
    assert not (course.root / "elsewhere").exists()
    assert not (course.root / "optimizers").exists()


def test_pages_of_all_who_handed_in_through_the_exchange_are_released_at_once(course, quick_nbgrader: Run, tmp_path):
    tmp_path.chmod(0o777)
    run = quick_nbgrader(course.root, "release_feedback", "optimizers", f"--Exchange.root={tmp_path}")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    released = list(Path(tmp_path).rglob("*.html"))
    assert len(released) == 2 * len(("empty", "cut", "folder", "some", "[guest]"))
