"""A student's way through a notebook, in JupyterLab and in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from coursekit.grading.classroom.course import Course
from tests.browser.conftest import new_page, picture
from tests.browser.lab import Notebook
from tests.browser.server import TOKEN, Person

ROOT = Path(__file__).parents[2]


def written(folder: str, start: str) -> str:
    """Return the cell of the first notebook that starts so, without the marks around a solution."""
    cells = nbformat.read(ROOT / folder / "optimizers" / "01_sgd.ipynb", as_version=4).cells
    source = next(cell.source for cell in cells if cell.source.startswith(start))
    return "\n".join(line for line in source.splitlines() if "###" not in line)


STUB, SOLUTION = (written(folder, "class SGD") for folder in ("notebooks", "solutions"))
RACE, SLIDERS = "coursekit.plots.race", "coursekit.playground.descent"
UPHILL = SOLUTION.replace("p -= group", "p += group")
pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.slow]
DOCTOR, CLASS, CHECK, TRAIN = "coursekit.doctor()", "class SGD", "coursekit.check(SGD)", "def train("
AFTER, LAST = "data.linear()", "What a forgotten zero_grad does"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A student with a server."""

    person: Person
    address: str


@pytest.fixture(scope="module")
def desk(browser: Browser, quick_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("student")
    teacher, student = (
        Person(python=quick_python, home=folder / name, folder=folder / name / "work", exchange=folder / "exchange")
        for name in ("teacher", "student")
    )
    for person in (teacher, student):
        person.settle()
    Course(root=ROOT).lay_out(teacher.folder)
    teacher.nbgrader("release_assignment", "optimizers")
    with student.serving() as address:
        yield Desk(person=student, address=address)


def lay_out(folder: Path) -> None:
    """Copy the notebooks of a student who has written all of the first one but the class."""
    shutil.copytree(ROOT / "notebooks" / "optimizers", folder)
    first = folder / "01_sgd.ipynb"
    keep(first, DOCTOR, "import numpy", CLASS, CHECK, AFTER, TRAIN, LAST)
    notebook = nbformat.read(first, as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith(TRAIN):
            cell.source = written("solutions", TRAIN)
    nbformat.write(notebook, first)


def keep(path: Path, *texts: str) -> None:
    """Take out of a notebook the code that holds none of some texts, and all outputs."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells if cell.cell_type != "code" or any(text in cell.source for text in texts)
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def sgd(window: BrowserContext, desk: Desk) -> Iterator[Notebook]:
    """Open the first notebook; every test writes into it what it needs."""
    lay_out(desk.person.folder / "own" / "optimizers")
    page = new_page(window)
    yield Notebook.open(page, desk.address, "own/optimizers/01_sgd.ipynb")
    page.close()


def test_the_first_cell_says_that_all_is_well(sgd):
    sgd.run(DOCTOR)
    expect(sgd.output(DOCTOR).first).to_contain_text("well")
    picture(sgd.page, "student-doctor")


def test_an_untouched_notebook_says_what_is_not_written_and_goes_on_from_there(sgd):
    sgd.write(CLASS, STUB)
    sgd.run_all()
    expect(sgd.output(CHECK)).to_have_text("`SGD.__init__` is not written yet.")
    sgd.run_from(AFTER)
    expect(sgd.output(LAST)).to_have_text("`SGD.__init__` is not written yet.")
    sgd.show(sgd.cell(CLASS))
    picture(sgd.page, "student-untouched")


def test_a_solution_turns_the_ladder_right(sgd):
    sgd.write(CLASS, SOLUTION)
    sgd.run_all()
    ladder = sgd.output(CHECK).locator("table")
    expect(ladder.locator("tr")).to_have_count(11)
    expect(ladder.get_by_text("✓")).to_have_count(11)
    expect(sgd.output(LAST).locator("img")).to_be_visible()
    sgd.show(sgd.cell(CLASS))
    picture(sgd.page, "student-right")


def test_a_wrong_sign_is_named(sgd):
    sgd.write(CLASS, UPHILL)
    sgd.run_all()
    output = sgd.output(CHECK)
    expect(output.locator("table").get_by_text("✗").first).to_be_visible()
    named = output.get_by_text("Your numbers are those of SGD going uphill.")
    expect(named).to_be_hidden()
    output.locator("summary", has_text="Why").click()
    expect(named).to_be_visible()
    sgd.show(sgd.cell(CHECK))
    picture(sgd.page, "student-wrong")


def test_validate_says_that_right_work_passes(sgd):
    sgd.write(CLASS, SOLUTION)
    sgd.answer("Someone measures", "A hundred times smaller, and a hundred times as many steps.")
    assert "Success! Your notebook passes all the tests." in sgd.validate()
    picture(sgd.page, "student-validate-right")
    sgd.close_dialog()


def test_validate_shows_what_is_wrong(sgd):
    sgd.write(CLASS, UPHILL)
    said = sgd.validate()
    picture(sgd.page, "student-validate-wrong")
    sgd.close_dialog()
    assert "coursekit.check(SGD)" in said
    assert "SGD: 9 of 11 behaviours are right." in said


def test_notebook_7_shows_and_validates_the_same(window, desk):
    lay_out(desk.person.folder / "classic" / "optimizers")
    page = new_page(window)
    sgd = Notebook.open(page, desk.address, "classic/optimizers/01_sgd.ipynb", desk="notebooks")
    sgd.write(CLASS, SOLUTION)
    sgd.answer("Someone measures", "A hundred times smaller, and a hundred times as many steps.")
    sgd.run_all()
    expect(sgd.output(CHECK).locator("table").get_by_text("✓")).to_have_count(11)
    expect(sgd.output(LAST).locator("img")).to_be_visible()
    assert "Success! Your notebook passes all the tests." in sgd.validate()
    picture(page, "student-notebook-7")
    page.close()


def test_an_assignment_is_fetched_and_handed_in(window, desk):
    page = new_page(window)
    page.goto(f"{desk.address}/lab?reset&token={TOKEN}")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    picture(page, "student-menu")
    page.get_by_role("menuitem", name="Assignment List").click()
    page.get_by_role("button", name="Fetch").click()
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    assert len(list((desk.person.folder / "optimizers").glob("*.ipynb"))) == 9
    picture(page, "student-fetched")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("button", name="Fetch Feedback")).to_be_visible()
    picture(page, "student-submitted")
    handed = list((desk.person.exchange / "coursekit" / "inbound").glob("*/01_sgd.ipynb"))
    assert len(handed) == 1
    page.close()


@pytest.fixture(scope="module")
def evaluation(window: BrowserContext, desk: Desk) -> Iterator[Notebook]:
    """Open what plays and what slides in the sixth notebook, and run it."""
    path = desk.person.folder / "solved" / "06_evaluation.ipynb"
    path.parent.mkdir()
    shutil.copy(ROOT / "solutions" / "optimizers" / path.name, path)
    keep(path, "own_optimizers()", "def minimise", "prediction_2 =", RACE, SLIDERS)
    page = new_page(window)
    opened = Notebook.open(page, desk.address, "solved/06_evaluation.ipynb")
    opened.run_all()
    yield opened
    page.close()


def test_the_race_plays_again_when_its_cell_is_run_again(evaluation):
    film = evaluation.output(RACE).locator("img")
    before = film.get_attribute("src")
    evaluation.run(RACE)
    expect(film).to_be_visible()
    evaluation.show(evaluation.cell(RACE))
    shots = set()
    for number in range(4):  # it rests for two seconds at each end
        shots.add(film.screenshot())
        picture(evaluation.page, f"student-race-{number}")
        evaluation.page.wait_for_timeout(1000)
    assert len(shots) > 1
    assert film.get_attribute("src") != before, "a browser plays no picture twice"


def test_a_slider_draws_the_picture_anew(evaluation):
    output = evaluation.output(SLIDERS)
    drawn = output.locator("img.widget-image, .widget-image img")
    expect(drawn).to_be_visible()
    evaluation.show(evaluation.cell(SLIDERS))
    shown = output.locator(".widget-readout:visible").all_inner_texts()
    assert shown == ["0.030", "60", "−2.500", "2.500"], "as they are in the picture of a saved page"
    assert drawn.evaluate("(each) => each.naturalWidth >= 2 * each.width"), "sharp on every screen"
    before = drawn.screenshot()
    picture(evaluation.page, "student-playground")
    output.get_by_role("slider").first.focus()
    for _ in range(3):
        address = drawn.get_attribute("src")
        evaluation.page.keyboard.press("ArrowRight")
        expect(drawn).not_to_have_attribute("src", address or "")
    assert drawn.screenshot() != before
    picture(evaluation.page, "student-playground-moved")
