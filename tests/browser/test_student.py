"""A student's way through a notebook, in JupyterLab and in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coursekit.grading.course import Course
from tests.browser.conftest import picture
from tests.browser.lab import Notebook, enter
from tests.browser.server import Person

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.server]

ROOT = Path(__file__).parents[2]
STUB, MARKED = (
    next(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.source.startswith("class SGD"))
    for path in (ROOT / folder / "optimizers" / "01_sgd.ipynb" for folder in ("notebooks", "solutions"))
)
SOLUTION = "\n".join(line for line in MARKED.splitlines() if "###" not in line)
RACE, DESCENT = "coursekit.plots.race", "coursekit.playground.descent"
UPHILL = SOLUTION.replace("p -= group", "p += group")
CLASS, CHECK, AFTER, LAST = "class SGD", "coursekit.check(SGD)", "data.linear()", "What a forgotten zero_grad does"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A student with a server."""

    person: Person
    address: str


@pytest.fixture(scope="module")
def desk(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("student")
    teacher = Person(home=folder / "teacher", folder=folder / "course", exchange=folder / "exchange")
    student = Person(home=folder / "student", folder=folder / "work", exchange=folder / "exchange")
    for person in (teacher, student):
        person.settle()
    Course(root=ROOT).lay_out(teacher.folder)
    teacher.nbgrader("release_assignment", "optimizers")
    with student.serving() as address:
        yield Desk(person=student, address=address)


@pytest.fixture(scope="module")
def lab(context: BrowserContext, desk: Desk) -> Page:
    """Open JupyterLab."""
    page = context.new_page()
    enter(page, desk.address)
    return page


@pytest.fixture(scope="module")
def sgd(lab: Page, desk: Desk) -> Notebook:
    """Open the first notebook; every test writes into it what it needs."""
    shutil.copytree(ROOT / "notebooks" / "optimizers", desk.person.folder / "own" / "optimizers")
    return Notebook.open(lab, "own/optimizers/01_sgd.ipynb")


def test_the_first_cell_says_that_all_is_well(sgd):
    sgd.run("coursekit.doctor()")
    expect(sgd.output("coursekit.doctor()").first).to_contain_text("well")
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
    expect(output.locator("table")).to_contain_text("Your numbers are those of SGD going uphill.")
    sgd.show(sgd.cell(CHECK))
    picture(sgd.page, "student-wrong")


def test_validate_shows_what_is_wrong(sgd):
    sgd.write(CLASS, UPHILL)
    said = sgd.validate()
    picture(sgd.page, "student-validate-wrong")
    sgd.close_dialog()
    assert "coursekit.check(SGD)" in said
    assert "SGD: 9 of 11 behaviours are right." in said


def test_notebook_7_shows_the_same_and_validate_says_there_that_right_work_passes(sgd, context, desk):
    page = context.new_page()
    classic = Notebook.open_alone(page, desk.address, "own/optimizers/01_sgd.ipynb")  # with the kernel that it has
    classic.write(CLASS, SOLUTION)
    classic.answer("Someone measures", "A hundred times smaller, and a hundred times as many steps.")
    classic.run_all()
    expect(classic.output(CHECK).locator("table").get_by_text("✓")).to_have_count(11)
    expect(classic.output(LAST).locator("img")).to_be_visible()
    assert "Success! Your notebook passes all the tests." in classic.validate()
    picture(page, "student-notebook-7")
    page.close()


def test_an_assignment_is_fetched_and_handed_in(lab, desk):
    lab.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    picture(lab, "student-menu")
    lab.get_by_role("menuitem", name="Assignment List").click()
    lab.get_by_role("button", name="Fetch").click()
    expect(lab.get_by_role("button", name="Submit")).to_be_visible()
    assert len(list((desk.person.folder / "optimizers").glob("*.ipynb"))) == 9
    picture(lab, "student-fetched")
    lab.get_by_role("button", name="Submit").click()
    expect(lab.get_by_role("button", name="Fetch Feedback")).to_be_visible()
    picture(lab, "student-submitted")
    handed = list((desk.person.exchange / "coursekit" / "inbound").glob("*/01_sgd.ipynb"))
    assert len(handed) == 1


@pytest.fixture(scope="module")
def evaluation(lab: Page, desk: Desk) -> Notebook:
    """Open what is tried here of the sixth notebook, with its solutions and those of the five before it, and run it."""
    folder = desk.person.folder / "solved" / "optimizers"
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "solutions" / "optimizers").glob("0[1-6]_*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [
            cell for cell in notebook.cells if cell.metadata or RACE in cell.source or DESCENT in cell.source
        ]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, folder / path.name)
    opened = Notebook.open(lab, "solved/optimizers/06_evaluation.ipynb")
    opened.run_all()
    return opened


def test_the_race_plays_again_when_its_cell_is_run_again(evaluation):
    film = evaluation.output(RACE).locator("img")
    before = film.get_attribute("src")
    evaluation.run(RACE)
    expect(film).to_be_visible()
    evaluation.show(evaluation.cell(RACE))
    assert film.get_attribute("src") != before, "a browser plays no picture twice"
    picture(evaluation.page, "student-race")
    first = film.screenshot()
    while film.screenshot() == first:  # it rests for two seconds at each end
        pass


def test_a_slider_draws_the_picture_anew(evaluation):
    output = evaluation.output(DESCENT)
    drawn = output.locator("img.widget-image, .widget-image img")
    expect(drawn).to_be_visible()
    evaluation.show(evaluation.cell(DESCENT))
    shown = output.locator(".widget-readout:visible").all_inner_texts()
    assert shown == ["0.030", "60", "−2.500", "2.500"], "as they are in the picture of a saved page"
    assert drawn.evaluate("(each) => each.width === each.naturalWidth"), "stretched, it would be blurred"
    before = drawn.screenshot()
    picture(evaluation.page, "student-playground")
    output.get_by_role("slider").first.focus()
    for _ in range(3):
        address = drawn.get_attribute("src")
        evaluation.page.keyboard.press("ArrowRight")
        expect(drawn).not_to_have_attribute("src", address or "")
    assert drawn.screenshot() != before
    picture(evaluation.page, "student-playground-moved")
