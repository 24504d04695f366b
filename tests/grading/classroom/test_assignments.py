"""A term has as many assignments as its instructor likes, of any name, each with its notebooks and its language."""

from __future__ import annotations

import csv
import re
from urllib.parse import unquote

import pytest

from coursekit.cli import main
from coursekit.grading.classroom.course import Course
from tests.grading import tiny
from tests.grading.classes import grade_here
from tests.grading.tiny import RIGHT
from tests.solutions import ROOT

pytestmark = pytest.mark.slow

TERM = {"tp1": ("en", "01_double"), "devoir-2": ("fr", "02_square"), "all": ("en", *RIGHT)}


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """Grade a term of three assignments: Ana handed in the first two, Ben the third."""
    folder = tmp_path_factory.mktemp("term") / "course"
    course = tiny.lay_out(Course(root=ROOT), folder, TERM)
    for name in TERM:
        course.register(name)
    for student, names in {"ana": ("tp1", "devoir-2"), "ben": ("all",)}.items():
        for name in names:
            for path in (course.solutions / name).glob("*.ipynb"):
                place = course.submitted / student / name
                place.mkdir(parents=True, exist_ok=True)
                (place / path.name).write_bytes(path.read_bytes())
    code, said = grade_here(course)
    assert code == 0, said
    return course, said


def test_all_that_were_handed_in_are_graded(term):
    course, _ = term
    with (course.root / "grades.csv").open() as file:
        points = {(row["assignment"], row["student_id"]): float(row["score"]) for row in csv.DictReader(file)}
    assert points == {
        ("all", "ana"): 0.0,
        ("all", "ben"): 36.0,
        ("devoir-2", "ana"): 18.0,
        ("devoir-2", "ben"): 0.0,
        ("tp1", "ana"): 18.0,
        ("tp1", "ben"): 0.0,
    }


def test_each_speaks_the_language_of_its_notebooks(term):
    course, _ = term
    page = {name: (course.feedback / "ben" / name).glob("*.html") for name in ("tp1", "devoir-2")}
    assert "was not handed in" in next(page["tp1"]).read_text()
    assert "n'a pas été rendu" in next(page["devoir-2"]).read_text()


def test_some_are_graded_by_name_and_no_other_name_will_do(term):
    course, _ = term
    code, said = grade_here(course, "tp1", "all")
    assert code == 0
    assert "tp1 (of: by tests" in said
    assert "devoir-2 (of" not in said
    code, said = grade_here(course, "tp9")
    assert code == 2
    assert "There is no assignment 'tp9'; there are all and devoir-2 and tp1." in said


def test_there_is_a_class_report_of_each_and_one_of_the_term_that_leads_to_all_pages(term, tmp_path):
    course, _ = term
    assert main(["report", "--course", str(course.root), "--to", str(tmp_path)]) == 0
    pages = {tmp_path / f"{name}.html" for name in TERM}
    assert set(tmp_path.glob("*.html")) == {*pages, tmp_path / "index.html"}
    page = (tmp_path / "index.html").read_text()
    leads_to = {(tmp_path / unquote(link)).resolve() for link in re.findall(r'href="([^"#]+)"', page)}
    assert leads_to == {*pages, *course.feedback.glob("*/*/*.html")}


def test_points_are_listed_once_for_each_notebook(term, capsys):
    course, _ = term
    assert main(["points", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert said.count("01_double_check") == said.count("02_square_check") == 1
    assert said.index("01_double_check") < said.index("02_square_check")


def test_points_of_one_notebook_are_listed_by_its_number(term, capsys):
    course, _ = term
    assert main(["points", "2", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert "02_square_check" in said
    assert "01_double" not in said
