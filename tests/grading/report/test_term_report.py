"""The page of a term: its numbers, and how a person finds somebody in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from coursekit.grading.report.numbers import Cell, Head, Report, Spread, Student, histogram
from coursekit.grading.report.page import term_page

HOSTILE = "<script>window.owned=1</script>"
MISSING = Cell(state="missing", points=None, waiting=0)


def graded(points: float, waiting: int = 0) -> Cell:
    return Cell(state="graded", points=points, waiting=waiting)


def student(who: str, name: str, notebooks: dict[str, Cell], late: float = 0.0, penalty: float = 0.0) -> Student:
    points = [cell.points for cell in notebooks.values() if cell.points is not None]
    return Student(
        id=who,
        name=name,
        notebooks=notebooks,
        sum=sum(points) - penalty,
        penalty=penalty,
        handed_in="2026-10-01 08:00 UTC" if points else "",
        late=late,
    )


def report(assignment: str, *students: Student, language: str = "en") -> Report:
    stems = list(students[0].notebooks)
    head = Head(
        students=len(students),
        handed_in=sum(bool(each.handed_in) for each in students),
        graded=0,
        waiting=sum(each.waiting for each in students),
        most=20.0 * len(stems),
        mean=None,
        median=15.0,
        quartile=None,
    )
    spread = {"handed_in": 0, "missing": 0, "untouched": 0, "low": None, "median": None, "high": None}
    return Report(
        assignment=assignment,
        language=language,
        head=head,
        sums=histogram([each.sum for each in students], head.most),
        notebooks=tuple(Spread(notebook=stem, most=20.0, **spread) for stem in stems),
        behaviours=(),
        mistakes=(),
        needs=(),
        students=students,
        due="2026-10-01 07:00 UTC",
        oddities=(),
    )


TERM = (
    report(
        "tp1",
        student("anna", "Anna Haddad", {"01_sgd": graded(18), "02_rmsprop": graded(16.5)}),
        student("eli", "Émile Rossi", {"01_sgd": graded(9), "02_rmsprop": MISSING}, late=7200, penalty=2),
        student("zoe", HOSTILE, {"01_sgd": MISSING, "02_rmsprop": MISSING}),
    ),
    report(
        "tp 2",
        student("anna", "Anna Haddad", {"03_adagrad": graded(12, waiting=1)}),
        student("eli", "Émile Rossi", {"03_adagrad": graded(20)}),
    ),
)


def link(assignment: str, name: str, stem: str) -> str:
    return f"../feedback/{name}/{assignment}/{stem}.html" if stem != "02_rmsprop" else ""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("term") / "index.html"
    path.write_text(term_page("my course", TERM, link))
    return path


def test_every_student_has_a_row_with_the_points_of_all_assignments_and_their_sum(page):
    table = BeautifulSoup(page.read_text(), "html.parser").find(id="students").parent.tbody
    shown = {
        row.th.get_text(" ", strip=True): [float(cell["data-value"] or "nan") for cell in row("td")]
        for row in table("tr")
    }
    assert shown["anna Anna Haddad"] == [34.5, 12, 46.5, 46.5 / 60]
    assert shown["eli Émile Rossi"] == [7, 20, 27, 27 / 60]
    assert shown[f"zoe {HOSTILE}"][2:] == [0, 0], "who is in one class alone, and handed in nothing"


def test_the_points_of_a_notebook_lead_to_its_page_if_there_is_one(page):
    cell = BeautifulSoup(page.read_text(), "html.parser").find(id="students").parent.tbody.td
    assert [(each.text, each["href"]) for each in cell("a")] == [("18", "../feedback/anna/tp1/01_sgd.html")]
    assert "16.5" in cell.text


def test_an_assignment_says_when_it_was_due_and_how_the_class_did(page):
    first, second = BeautifulSoup(page.read_text(), "html.parser").find(id="assignments").parent.tbody("tr")
    assert [cell.text for cell in first("td")] == ["2026-10-01 07:00", "2 / 3", "1", "2", "0", "15", "40"]
    assert second.a["href"] == "tp%202.html"


def test_a_term_in_french_speaks_french():
    html = term_page("cours", [report("tp1", student("anna", "Anna", {"01_sgd": graded(9.5)}), language="fr")], link)
    assert '<html lang="fr">' in html
    assert "<b>9,5</b>" in html


@pytest.fixture
def view(browser: Browser, page: Path) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(page.as_uri())
    yield opened
    opened.close()


def visible(view: Page, place: int = 1) -> list[str]:
    return view.locator(f"section:has(#students) tbody tr:visible > :nth-child({place})").all_inner_texts()


@pytest.mark.browser
def test_a_student_is_found_by_a_part_of_the_name_without_its_accents(view):
    view.get_by_label("Student", exact=True).fill("rossi emi")
    assert [text.split()[0] for text in visible(view)] == ["eli"]
    assert view.locator("output").inner_text() == "1 of 3 students"


@pytest.mark.browser
def test_what_is_looked_for_is_looked_for_in_the_assignment_that_is_chosen(view):
    view.locator("[name=state]").select_option("missing")
    assert [text.split()[0] for text in visible(view)] == ["eli", "zoe"]
    view.locator("[name=assignment]").select_option("tp 2")
    assert visible(view) == []
    view.locator("[name=state]").select_option("unread")
    assert [text.split()[0] for text in visible(view)] == ["anna"]
    assert view.locator("section:has(#students) thead th:visible").count() == 4


@pytest.mark.browser
def test_the_time_of_handing_in_is_shown_when_wanted_and_nothing_of_a_student_s_runs(view):
    assert "2026-10-01 08:00" not in visible(view, 2)[1]
    view.get_by_label("when handed in").check()
    assert "2026-10-01 08:00 late by 2 h 0 min" in " ".join(visible(view, 2)[1].split())
    assert view.evaluate("window.owned") is None
