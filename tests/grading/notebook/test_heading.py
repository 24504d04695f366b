"""What stands at the top of a feedback page: whose it is, who gave which points, and what is still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from coursekit.grading.classroom.course import Course
from coursekit.grading.nbgrader.converters import generate_feedback
from coursekit.grading.notebook.execute import BUSY, SLOW
from coursekit.grading.notebook.grade import Settings, grade, task
from coursekit.grading.notebook.heading import heading, title
from coursekit.grading.notebook.pages import Page
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.submission.intake import take_in
from coursekit.language import saying
from coursekit.reading.marks import mark
from tests.grading import tiny
from tests.grading.classes import ASSIGNMENT, Class, copied, outcome_of
from tests.grading.conftest import ROOT

STEM, OTHER = tiny.RIGHT
CHECK, WORDS = f"{STEM}_check", f"{STEM}_words"

pytestmark = pytest.mark.slow

Decide: TypeAlias = Callable[[Gradebook], None]
PageOf: TypeAlias = Callable[..., BeautifulSoup]


@pytest.fixture
def course(small: Class, tmp_path) -> Course:
    return copied(small.finished, tmp_path)


@pytest.fixture
def page_of(course: Course) -> PageOf:
    """Return what writes the page of a student after something was written into the gradebook."""

    def page(student: str, decide: Decide = lambda _: None, assignment: str = ASSIGNMENT) -> BeautifulSoup:
        with course.gradebook() as book:
            decide(book)
            book.db.commit()
        told = generate_feedback(course.config, assignment, student)
        assert told["success"], told
        return read(course, student, assignment)

    return page


def read(course: Course, student: str, assignment: str = ASSIGNMENT) -> BeautifulSoup:
    path = course.feedback / student / assignment / f"{STEM}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def give(student: str, cell: str, *, comment: str = "", **points: object) -> Decide:
    def decide(book: Gradebook) -> None:
        grade = book.find_grade(cell, STEM, ASSIGNMENT, student)
        for name, value in points.items():
            setattr(grade, name, value)
        if comment:
            book.find_comment(cell.removesuffix("_check"), STEM, ASSIGNMENT, student).manual_comment = comment

    return decide


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    cells = [row.find_all(["th", "td"]) for row in page.select("header tr")]
    return {name.get_text(): [" ".join(cell.get_text(" ").split()) for cell in rest] for name, *rest in cells}


def test_points_have_a_decimal_comma_in_french():
    cell = nbformat.v4.new_markdown_cell("Un mot.")
    known = dict.fromkeys(("grade", "solution"), True) | dict.fromkeys(("locked", "task"), False)
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": "words", "points": 2.5, "score": 1.25, **known}
    about = {"notebook": STEM, "score": 1.25, "max_score": 20.0, "late_penalty": 0.5}
    told = heading(nbformat.v4.new_notebook(cells=[cell]), about, {}, saying("fr"))
    assert (told.points, told.late) == ("1,25 / 20", ("", "−0,5"))
    assert [row.points for row in told.rows] == ["1,25 / 2,5"]


# points that a person gives


def test_points_given_by_hand_are_shown_as_such_with_the_comment_and_nothing_is_to_be_fixed_first(page_of):
    before = page_of("wrong").select_one("section.verdict").get_text()
    assert "Fix first" in before
    assert "by hand" not in before
    page = page_of("wrong", give("wrong", CHECK, manual_score=15.0, comment="Only $\\hat x_1$ is wrong."))
    (name, *_) = rows(page)
    assert rows(page)[name] == ["15 / 18", "given by hand · Comment"]
    card = page.select_one("section.verdict")
    assert "Given by hand: 15 / 18." in card.get_text()
    assert "Only" in card.get_text()
    assert "1 of 2 behaviours are right." in card.get_text()
    assert "Fix first" not in page.get_text()


@pytest.mark.parametrize(("extra", "row"), [(2.0, ["20 / 18", "+2 by hand"]), (-0.5, ["17.5 / 18", "−0.5 by hand"])])
def test_points_that_are_added_or_taken_off_by_hand_are_shown_as_such(page_of, extra, row):
    page = page_of("right", give("right", CHECK, extra_credit=extra))
    assert next(iter(rows(page).values())) == row
    assert f"Added by hand: {row[1].partition(' ')[0]}." in page.select_one("section.verdict").get_text()


@pytest.mark.parametrize(
    ("points", "row", "waiting"),
    [
        ({}, ["– / 2", "not read yet"], "so far: 1 answer is still to be read"),
        ({"manual_score": 1.5, "needs_manual_grade": False}, ["1.5 / 2", ""], None),
        (
            {"manual_score": 1.5, "needs_manual_grade": True},
            ["1.5 / 2", "to be looked at again"],
            "so far: 1 answer is still to be read",
        ),
    ],
)
def test_each_answer_in_words_has_a_state_of_its_own_and_the_sum_says_how_many_are_to_be_read(
    page_of, points, row, waiting
):
    page = page_of("right", give("right", WORDS, **points))
    assert rows(page)["Answer in words"] == row
    told = page.select_one("header .sum span")
    assert (told and told.get_text()) == waiting


def test_what_is_to_be_looked_at_again_is_not_called_unread(page_of):
    page = page_of("wrong", give("wrong", CHECK, manual_score=15.0, needs_manual_grade=True))
    assert next(iter(rows(page).values())) == ["15 / 18", "given by hand, to be looked at again"]
    assert page.select_one("header .sum").get_text() == "15 / 20 so far: 2 answers are still to be read"


def test_an_answer_that_nobody_wrote_is_called_that_in_the_language_of_the_notebook(page_of):
    page = page_of("untouched")
    assert rows(page)["Answer in words"] == ["0 / 2", "no answer"]
    assert "No response." not in page.get_text()


# comments


def test_a_comment_stands_under_the_cell_that_it_is_about_with_its_formulas_set(page_of):
    page = page_of(
        "right", give("right", WORDS, manual_score=1.0, comment="Why $\\hat m_t$?", needs_manual_grade=False)
    )
    (comment,) = page.select(".comment")
    assert comment.math.msub
    assert comment.find_parent(class_="marked").find(id=WORDS)
    (link,) = [each for each in page.select("header a") if each.get_text() == "Comment"]
    assert link["href"] == f"#{comment['id']}"


# whose it is, and when


def test_the_page_says_whose_it_is_and_of_what_and_when_it_was_handed_in_and_graded(page_of):
    def named(book: Gradebook) -> None:
        book.update_or_create_student("right", first_name="Zoë", last_name="<b>Ek</b>")

    assert page_of("right").select_one(".whose b").get_text() == "right"
    page = page_of("right", named)
    assert page.select_one(".whose").get_text("\n").split("\n") == [
        "Zoë <b>Ek</b>",
        f"coursekit · {ASSIGNMENT} · {STEM}",
    ]
    assert page.title.get_text() == f"{STEM} – Zoë <b>Ek</b>"
    assert page.html["lang"] == "en"
    handed_in, graded = [time.get_text() for time in page.select("header time")]
    assert handed_in == "2026-10-01 10:00 UTC"
    dt.datetime.strptime(graded, "%Y-%m-%d %H:%M UTC").replace(tzinfo=dt.UTC)


def test_a_heading_that_a_student_has_added_is_not_the_title():
    notebook = nbformat.read(ROOT / "notebooks" / "optimizers" / "01_sgd.ipynb", as_version=4)
    added = nbformat.v4.new_markdown_cell("# 20 / 20", metadata={"coursekit": {"added": True}})
    notebook.cells.insert(0, added)
    assert title(notebook) == "1 · Stochastic gradient descent"


def test_a_penalty_for_being_late_is_told_in_words(page_of):
    def late(book: Gradebook) -> None:
        book.find_assignment(ASSIGNMENT).duedate = dt.datetime(2026, 9, 29, 8)
        submission = book.find_submission(ASSIGNMENT, "right")
        submission.extension = dt.timedelta(hours=1)
        submission.notebooks[0].late_submission_penalty = 3.0
        submission.notebooks[1].late_submission_penalty = 3.0

    page = page_of("right", late)
    assert rows(page)["Handed in late"] == ["−3", "2 d 1 h after 2026-09-29 09:00 UTC"]
    assert page.select_one("header .sum").get_text().startswith("15 / 20")


def test_the_page_of_what_was_not_handed_in_has_a_name_too(course):
    with course.gradebook() as book:
        book.add_student("nobody", first_name="Jo", last_name="Doe")
        book.add_student("noone")
    (course.release / ASSIGNMENT / f"{OTHER}.ipynb").unlink()  # it is handed out no more
    outcome_of(course)
    assert [read(course, who).select_one(".whose b").get_text() for who in ("nobody", "noone")] == ["Jo Doe", "noone"]


def test_a_name_that_comes_later_and_an_answer_that_is_read_come_to_the_page_with_the_next_grading(course):
    with course.gradebook() as book:
        book.update_or_create_student("right", first_name="Zoë")
        give("wrong", WORDS, needs_manual_grade=False)(book)
        book.db.commit()
    assert outcome_of(course).made == 2
    assert read(course, "right").select_one(".whose b").get_text() == "Zoë"
    assert read(course, "wrong").select_one("header .sum span") is None


# what was not run


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (BUSY, "The page will be made again. The points do not depend on it."),
        (SLOW, "It takes too long. The points do not depend on it."),
        ("The code used too much memory.", "The code used too much memory. The points"),
    ],
)
def test_a_page_that_was_cut_says_why_and_which_cells_are_missing(why, told):
    notebook = nbformat.read(ROOT / "solutions" / "optimizers" / "01_sgd.ipynb", as_version=4)
    notebook.metadata["coursekit"]["cut"] = why
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    first_missing = next(number for number, cell in enumerate(code) if cell.source.startswith("prediction_2 ="))
    for number, cell in enumerate(code):
        cell.execution_count = number + 1 if number < first_missing else None
    about = {"notebook": STEM, "score": 3.0, "max_score": 20.0, "late_penalty": 0.0}
    page = BeautifulSoup(Page().from_notebook_node(notebook, {"nbgrader": about})[0], "html.parser")
    cut = page.select_one("section.cut")
    assert told in cut.get_text()
    ended = [] if why in (BUSY, SLOW) else ["On the non-linear data"]
    sections = ["One step, seen from above", "The rate from which it diverges", "What usually goes wrong"]
    sections += ["Two questions in numbers"]
    assert [link.get_text() for link in cut.select("a")] == ended + sections
    missing = page.select("p.cut")
    shown = [cell for cell in code[first_missing:] if not mark(cell).grade]
    assert len(missing) == len(shown) + len(ended)
    assert {link["href"][1:] for link in cut.select("a")} <= {each["id"] for each in missing}


def test_what_a_busy_machine_has_cut_has_its_points_and_is_worth_another_try(small, monkeypatch):
    monkeypatch.setattr("coursekit.grading.notebook.execute.waited", lambda _: 1e6)
    course = Course(root=small.fresh)
    release = course.release / ASSIGNMENT / f"{STEM}.ipynb"
    handed_in = take_in(course.submitted / "right" / ASSIGNMENT, release.parent)
    settings = Settings(seed=1, patience=Patience(cells=1e-9))
    graded = grade(task(handed_in, release, course.root / "tests" / "hidden", settings))
    assert graded.unfinished
    assert [remark for remark in graded.remarks if "too busy to run all cells" in remark]
    (check,) = [cell for cell in nbformat.reads(graded.notebook, as_version=4).cells if mark(cell).grade_id == CHECK]
    assert check.outputs[0].data["text/plain"] == "18.0"


# how it looks


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_columns_of_numbers_are_at_the_same_place_on_every_page(page_of, course, browser, width):
    page_of("right", give("right", CHECK, extra_credit=2.0, comment="A comment of some length."))
    page_of("wrong")
    opened = browser.new_page(viewport={"width": width, "height": 800})
    places = []
    for student in ("right", "wrong", "untouched"):
        opened.goto((course.feedback / student / ASSIGNMENT / f"{STEM}.html").as_uri())
        ends = "cells => [...new Set(cells.map(cell => Math.round(cell.getBoundingClientRect().right)))]"
        places.append(
            [opened.eval_on_selector_all(each, ends) for each in (".points .number", ".verdict td:last-child")]
        )
        assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.close()
    assert places[0] == places[1] == places[2]
    assert [len(each) for each in places[0]] == [1, 1]
