"""An instructor's way through a class: the formgrader, the pages that students get back, and the class report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.sample import TIMESTAMP
from coursekit.grading.report import write_report
from tests.browser.conftest import new_page, picture
from tests.browser.server import TOKEN, Person
from tests.grading.classes import reference, shorten
from tests.grading.conftest import ROOT, WRONG_SIGN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox"),
]

DRAWN = "What a forgotten zero_grad does"
COMMENT = "Say how many more steps."
NAMES = {"ada": ("Ada", "Lind"), "ben": ("Ben", "Okoro"), "cleo": ("Cleo", "Marin"), "dan": ("Dan", "Weiss")}
HOSTILE = """from IPython.display import HTML, display
display(HTML("<script>window.owned = 1</script>"))
display(HTML("<img src='x' onerror='window.owned = 1'>"))
display(HTML("<a href='javascript:window.owned = 1'>a harmless link</a>"))
display(HTML("<img src='http://127.0.0.1:9/owned.png'><iframe src='http://127.0.0.1:9/owned.html'></iframe>"))"""
LOADED = "() => window.formgrader?.grades?.loaded && formgrader.comments?.loaded"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An instructor with a server; of the class of four, ada alone is not graded."""

    course: Course
    address: str


@pytest.fixture(scope="module")
def desk(browser: Browser, quick_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("instructor")
    person = Person(python=quick_python, home=folder / "home", folder=folder / "course", exchange=folder / "exchange")
    person.settle()
    course = Course(root=ROOT).lay_out(person.folder)
    for path in [*course.solutions.rglob("*.ipynb"), *course.release.rglob("*.ipynb")]:
        if path.stem == "01_sgd":
            shorten(path, "data.linear()", DRAWN)  # with the data that it is drawn from
        else:
            path.unlink()
    for student, notebook in submissions(course).items():
        place = course.submitted / student / "optimizers"
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text(TIMESTAMP)
        (place / "01_sgd.ipynb").write_text(notebook, encoding="utf-8")
    person.nbgrader("generate_assignment", "optimizers", "--force")
    rows = [",".join((student, *names)) for student, names in NAMES.items()]
    (folder / "class.csv").write_text("\n".join(["id,first_name,last_name", *rows]))
    person.nbgrader("db", "student", "import", str(folder / "class.csv"))
    person.nbgrader("autograde", "optimizers", "--CourseDirectory.student_id_exclude=ada")
    with person.serving() as address:
        yield Desk(course=course, address=address)


def submissions(course: Course) -> dict[str, str]:
    """Make what is handed in: right, with a wrong sign, untouched, and right with an output that means harm."""
    hostile = nbformat.read(course.solutions / "optimizers" / "01_sgd.ipynb", as_version=4)
    hostile.cells.append(nbformat.v4.new_code_cell(HOSTILE))
    return {
        "ada": reference(course, "01_sgd"),
        "ben": reference(course, "01_sgd", WRONG_SIGN),
        "cleo": (course.release / "optimizers" / "01_sgd.ipynb").read_text(encoding="utf-8"),
        "dan": nbformat.writes(hostile),
    }


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    opened = new_page(window)
    yield opened
    opened.close()


def row(page: Page, student: str) -> Locator:
    return page.locator("#main-table tr", has=page.locator(".student-id", has_text=student))


def list_submissions(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/formgrader?token={TOKEN}")
    page.locator("#main-table .num-submissions a").click()
    expect(row(page, "dan")).to_be_visible()


def press(page: Page, student: str, button: str) -> str:
    """Press the button of a student, and give what the dialog says before it is closed."""
    row(page, student).locator(f".{button} a").click()
    dialog = page.locator(".modal.in")
    expect(dialog.get_by_role("heading").first).to_be_visible()
    said = dialog.inner_text()
    picture(page, f"instructor-{button}")
    dialog.get_by_role("button", name="OK").click()
    expect(page.locator(".modal-backdrop")).to_have_count(0)
    return said


def test_a_submission_is_graded_with_a_click(page, desk):
    list_submissions(page, desk)
    expect(row(page, "ada")).to_contain_text("needs autograding")
    said = press(page, "ada", "autograde")
    assert "Successfully autograded" in said
    assert "[WARNING]" not in said
    expect(row(page, "ada").locator(".score")).to_have_text("20 / 22")
    expect(row(page, "ada").locator(".status")).to_have_text("needs manual grading")
    expect(row(page, "ben").locator(".score")).to_have_text("15.5 / 22")
    picture(page, "instructor-submissions")
    graded = nbformat.read(desk.course.autograded / "ada" / "optimizers" / "01_sgd.ipynb", as_version=4)
    drawn = next(cell for cell in graded.cells if DRAWN in cell.source)
    assert "image/png" in drawn.outputs[0].data, "the notebook was not run for the reader"


def test_answers_in_words_are_graded_one_after_the_other_and_the_page_says_so(page, desk):
    page.goto(f"{desk.address}/formgrader?token={TOKEN}")
    for place in ("Manual Grading", "optimizers", "01_sgd", "Submission #1"):
        page.get_by_role("link", name=place, exact=True).click()
    total = int(page.locator(".panel-title .pull-right").first.inner_text().rpartition("/")[2])
    for number in range(1, total + 1):
        expect(page.locator(".panel-title").first).to_contain_text(f"Submission {number} / {total}")
        page.wait_for_function(LOADED)
        write(page, "input#sgd_words", "1.5", "grade")
        write(page, "textarea#sgd_words-comment", COMMENT, "comment")
        picture(page, f"instructor-words-{number}")
        page.get_by_role("link", name="Next →").click()
    expect(page).to_have_url(f"{desk.address}/formgrader/gradebook/optimizers/01_sgd")

    list_submissions(page, desk)
    expect(row(page, "ben").locator(".status")).to_have_text("graded")
    expect(row(page, "ben").locator(".score")).to_have_text("17 / 22")
    assert "Successfully generated feedback" in press(page, "ben", "generate-feedback")
    page.goto(feedback(desk, "ben"))
    expect(page.locator("header .sum")).to_have_text("17 / 22")
    expect(page.get_by_text("✗").first).to_be_visible()
    page.get_by_text("Why", exact=True).first.click()
    expect(page.get_by_text("Your numbers are those of SGD going uphill.").first).to_be_visible()
    expect(page.get_by_text(COMMENT)).to_be_visible()
    picture(page, "instructor-feedback")


def write(page: Page, field: str, text: str, kind: str) -> None:
    """Write into a field and go on to the next; what was written is saved at that moment."""
    with page.expect_response(lambda answer: f"/api/{kind}/" in answer.url and answer.request.method == "PUT"):
        page.locator(field).fill(text)
        page.locator(field).press("Tab")


def feedback(desk: Desk, student: str) -> str:
    return (desk.course.feedback / student / "optimizers" / "01_sgd.html").as_uri()


def test_what_a_student_hid_in_an_output_does_nothing(page, desk):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    elsewhere = {}
    for student in ("ben", "dan"):
        list_submissions(page, desk)
        asked.clear()
        page.get_by_role("link", name=", ".join(reversed(NAMES[student]))).click()
        page.get_by_role("link", name="01_sgd").click()
        page.wait_for_function(LOADED)
        if student == "dan":
            stays_harmless(page)
            picture(page, "instructor-hostile")
        elsewhere[student] = {url for url in asked if not url.startswith((desk.address, "data:"))}
    assert elsewhere["dan"] == elsewhere["ben"], "what nbgrader's own page loads, and nothing else"

    list_submissions(page, desk)
    press(page, "dan", "generate-feedback")
    asked.clear()
    page.goto(feedback(desk, "dan"))
    stays_harmless(page)
    assert [url for url in asked if url != feedback(desk, "dan") and not url.startswith("data:")] == []


def stays_harmless(page: Page) -> None:
    """Click what looks harmless: nothing that a student wrote is run."""
    link = page.get_by_text("a harmless link", exact=True)
    link.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.owned") is None
    assert "a harmless link" in page.content(), "the click led nowhere"


def test_the_class_report_is_sorted_with_a_click(page, desk, tmp_path):
    page.goto(write_report(desk.course, "optimizers", tmp_path).as_uri())
    picture(page, "instructor-report")
    students = page.locator("section:has(#students)")
    students.scroll_into_view_if_needed()
    before = students.locator("tbody tr").all_inner_texts()
    head = students.locator("th", has_text="sum")
    for _ in range(2):
        head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    picture(page, "instructor-report-sorted")
    after = students.locator("tbody tr").all_inner_texts()
    assert sorted(after) == sorted(before)
    assert after[0].startswith(("ada", "dan"))
    assert after[-1].startswith("cleo")
