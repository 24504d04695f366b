"""The page of the answers in words in a browser: by keys, with undo, for groups, and with a second person at work."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coursekit.grading.classroom.course import Course
from tests.browser.conftest import new_page, picture
from tests.grading.answers.test_answers import SQUARE, say
from tests.grading.classes import ASSIGNMENT, Class

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.slow]

HOSTILE = "$x^2$ <script>owned = 1</script><img src=x onerror='window.owned = 1'><b onclick='owned = 1'>Click</b>"


@pytest.fixture(scope="module")
def course(small: Class, tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("answers") / "course"
    shutil.copytree(small.finished, root)
    course = Course(root=root)
    say(course, "right", SQUARE, "It is, I think.")
    say(course, "wrong", SQUARE, HOSTILE)
    return course


@pytest.fixture(scope="module")
def address(course: Course) -> Iterator[str]:
    """Run the command, and return the address that it prints."""
    program = Path(sys.executable).with_name("coursekit")
    command = [program, "answers", "--course", course.root, "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    yield server.stdout.readline().split()[-1]
    server.kill()
    server.wait()
    server.stdout.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened = new_page(browser)
    opened.goto(address)
    expect(current(opened)).to_be_visible()
    yield opened
    opened.close()


def current(page: Page) -> Locator:
    return page.locator(".card[aria-current]")


def press(page: Page, *keys: str, until: str) -> None:
    """Press keys, and wait until the page says something."""
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_role("status")).to_have_text(until)


def decisions(course: Course, student: str, stem: str) -> tuple[float | None, bool, str | None]:
    """Read in the gradebook what was decided of an answer."""
    with course.gradebook() as book:
        grade = book.find_grade(f"{stem}_words", stem, ASSIGNMENT, student)
        comment = book.find_comment(f"{stem}_words", stem, ASSIGNMENT, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_equal_answers_are_read_by_one_key_and_undone_by_another(page, course):
    expect(current(page)).to_contain_text("2 students")
    expect(page.locator("#all")).to_have_text("2 of 6 read")
    press(page, "1", ".", until="Saved for 2 students.")
    expect(current(page).locator(".read")).to_have_text("1.5 / 2")
    expect(page.locator("#all")).to_have_text("4 of 6 read")
    assert [decisions(course, each, "01_double") for each in ("right", "wrong")] == [(1.5, False, None)] * 2

    press(page, "u", until="Undone for 2 students.")
    expect(current(page)).to_contain_text("not read yet")
    assert [decisions(course, each, "01_double") for each in ("right", "wrong")] == [(None, True, None)] * 2
    press(page, "u", until="There is nothing to undo.")
    press(page, "3", until="There are 2 points at most.")


def test_a_comment_that_was_used_before_comes_with_its_points_by_one_key(page, course):
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="02_square")).to_be_visible()
    press(page, "1", "c", until="Saved.")
    page.keyboard.insert_text("Say why.")
    press(page, "Escape", "n", "s", "n", until="No other answer of 02_square waits: this is 01_double.")
    assert [decisions(course, each, "02_square") for each in ("right", "wrong")] == [(1.0, False, "Say why.")] * 2


def test_what_a_second_person_decided_is_shown_and_stays_until_one_decides_anew(page, browser, address, course):
    second = new_page(browser)
    second.goto(address)
    expect(current(second)).to_contain_text("2 students")
    expect(current(page)).to_contain_text("2 students")
    press(second, "2", until="Saved for 2 students.")
    press(page, "0", until="Not saved: somebody else was here.")
    told = "Somebody else has changed this for 2 of 2 students since you saw it: 2 / 2."
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(current(page).locator(".read")).to_have_text("2 / 2")
    picture(page, "answers-conflict")
    assert decisions(course, "right", "01_double") == (2.0, False, None)
    press(page, "0", until="Saved for 2 students.")
    assert decisions(course, "right", "01_double") == (0.0, False, None)
    press(page, "u", until="Undone for 2 students.")
    assert decisions(course, "right", "01_double") == (2.0, False, None), "as the second person has it"
    second.close()


def test_formulas_are_set_and_what_a_student_hid_does_nothing(page):
    page.get_by_role("button", name="02_square").click()
    hostile = page.locator(".card", has_text="Click")
    expect(hostile.locator("math")).to_be_visible()
    hostile.get_by_text("Click").click()
    expect(hostile).to_have_attribute("aria-current", "true")
    assert page.evaluate("() => window.owned") is None


def test_names_are_hidden_by_a_key_and_stay_hidden(page):
    expect(current(page).locator(".who")).to_be_visible()
    page.keyboard.press("a")
    expect(current(page).locator(".who")).to_be_hidden()
    page.reload()
    expect(current(page)).to_be_visible()
    expect(current(page).locator(".who")).to_be_hidden()
