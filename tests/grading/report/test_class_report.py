"""The class report: its numbers against numbers worked out by hand, and its page in a real browser."""

from __future__ import annotations

import csv
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page
from sqlalchemy.exc import SAWarning

from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.report import write_report
from coursekit.grading.report.behaviours import discrimination
from coursekit.grading.report.numbers import histogram, quartiles
from tests.grading.classes import copied
from tests.grading.conftest import ROOT
from tests.grading.tiny import FOLDERS

pytestmark = pytest.mark.slow

SUBJECTS = {"01_sgd": "SGD", "02_rmsprop": "RMSProp"}
BEHAVIOURS = {
    "one_step": "One step is exact",
    "many_steps": "Many steps are exact",
    "groups": "A group may override any hyperparameter",
}
HOSTILE = '<img src=x onerror="window.owned=1">&'
SCRIPT = "</title></bdi><script>window.owned=1</script>"

# For each student and notebook which behaviours are right; "" where it is untouched, None where it is missing.
CLASS: dict[str, tuple[str | None, str | None]] = {
    "ada": ("111", "111"),
    "ben": ("011", "011"),
    "cyd": ("110", ""),
    "dan": ("101", None),
    "eve": ("111", "100"),
    HOSTILE: ("111", "110"),
}


def graded_notebook(subject: str, right: str) -> nbformat.NotebookNode:
    """Make what is left of a notebook for the report, and a cell whose output pretends to be a verdict."""
    behaviours = [
        {
            "name": name,
            "title": title,
            "right": right[place : place + 1] == "1",
            "unwritten": not right,
            "named": {"wrong_sign": "{subject} that climbs"} if (right, name) == ("011", "one_step") else {},
        }
        for place, (name, title) in enumerate(BEHAVIOURS.items())
    ]
    verdict = {"coursekit": {"subject": subject, "behaviours": behaviours}}
    check = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("execute_result", {}, metadata=verdict, execution_count=1)],
        metadata={"nbgrader": {"grade": True, "points": 18}},
    )
    pretended = nbformat.v4.new_output("display_data", {}, metadata={"coursekit": 5})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[pretended]), check])


def school(root: Path, assignment: str = "optimizers") -> Course:
    """Lay out a graded class: what nbgrader and the grader leave of it, without running them."""
    root.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = Course(root=root)
    other = {"optimizers": "optimiseurs", "optimiseurs": "optimizers"}[assignment]
    for name, language in FOLDERS.items():
        for stem in SUBJECTS:
            (course.release / name).mkdir(parents=True, exist_ok=True)
            released = nbformat.v4.new_notebook(metadata={"coursekit": {"language": language}})
            nbformat.write(released, course.release / name / f"{stem}.ipynb")
    with warnings.catch_warnings(), course.gradebook() as book:
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own
        for name in (assignment, other):
            book.add_assignment(name, duedate="2026-10-01 09:00:00 UTC")
        for stem in SUBJECTS:
            book.add_notebook(stem, assignment)
            book.add_grade_cell(f"{stem}_check", stem, assignment, max_score=18, cell_type="code")
            book.add_grade_cell(f"{stem}_words", stem, assignment, max_score=2, cell_type="markdown")
        for student in (*CLASS, "fay", "gus"):
            book.add_student(student, first_name=SCRIPT if student == HOSTILE else None)
        book.add_submission(other, "gus")
        for student, works in CLASS.items():
            time = "2026-10-02 11:30:00 UTC" if student == "dan" else "2026-10-01 08:00:00 UTC"
            book.add_submission(assignment, student, timestamp=time)
            for (stem, subject), right in zip(SUBJECTS.items(), works, strict=True):
                check, words = (
                    book.find_grade(f"{stem}_{cell}", stem, assignment, student) for cell in ("check", "words")
                )
                check.auto_score, check.needs_manual_grade = 6.0 * (right or "").count("1"), False
                words.needs_manual_grade = (student, stem) == ("ada", "01_sgd")
                if right is not None:
                    path = course.autograded / student / assignment / f"{stem}.ipynb"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    nbformat.write(graded_notebook(subject, right), path)
        book.db.commit()
    told = {
        "remarks": [[HOSTILE, "=1+1.ipynb", f"{root}/x: {SCRIPT}"], ["ada", "01_sgd", "cell sgd_check is edited"]],
        "failed": {"fay": "the gradebook is locked"},
    }
    (course.state / "remarks").mkdir(parents=True)
    (course.state / "remarks" / f"{assignment}.json").write_text(json.dumps(told))
    return course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return school(tmp_path_factory.mktemp("school") / "course")


@pytest.fixture
def another(course: Course, tmp_path: Path) -> Course:
    """Return a copy of the class, to be changed."""
    return copied(course.root, tmp_path)


@pytest.fixture(scope="module")
def page(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(course, "optimizers", tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def numbers(page: Path) -> dict:
    return json.loads(page.with_suffix(".json").read_text())


def table(page: Path, anchor: str) -> list[list[str]]:
    """Read the rows of the table of a section."""
    section = BeautifulSoup(page.read_text(), "html.parser").find(id=anchor).parent
    return [[cell.get_text(" ", strip=True) for cell in row("td") + row("th")] for row in section.tbody("tr")]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


# statistics


def test_discrimination_is_the_point_biserial_correlation():
    # (8 - 3) / sqrt(8) * sqrt(3/5 * 2/5)
    given = [(True, 10.0), (True, 8.0), (True, 6.0), (False, 4.0), (False, 2.0)]
    assert discrimination(given) == 0.866


@pytest.mark.parametrize(
    "given",
    [
        [(True, 1.0), (True, 2.0), (False, 3.0), (False, 4.0)],  # four wrote it
        [(True, float(points)) for points in range(6)],  # all have it right
        [(False, float(points)) for points in range(6)],  # none has
        [(True, 0.1 + 0.2), (True, 0.3), (False, 0.3), (False, 0.3), (True, 0.3)],  # all are equal in the rest
    ],
)
def test_a_discrimination_that_would_say_nothing_is_not_given(given):
    assert discrimination(given) is None


def test_quartiles_are_those_of_the_class_itself():
    assert quartiles([12, 12, 24, 24, 30, 36]) == (15.0, 24.0, 28.5)
    assert quartiles([7]) == (7.0, 7.0, 7.0)
    assert quartiles([]) == (None, None, None)


def test_every_sum_lies_in_one_bar_of_the_histogram():
    bars = histogram([0, 9.9, 10, 180, 171.5], 180)
    assert [(bar.low, bar.high, bar.students) for bar in bars if bar.students] == [
        (0.0, 10.0, 2),
        (10.0, 20.0, 1),
        (170.0, 180.0, 2),
    ]
    assert sum(bar.students for bar in histogram([200, 3], 180)) == 2


# numbers


def test_the_head_counts_the_class_without_those_of_the_other_language(numbers):
    assert numbers["head"] == {
        "students": 7,
        "handed_in": 6,
        "graded": 6,
        "waiting": 1,
        "most": 40.0,
        "mean": 23.0,
        "median": 24.0,
        "quartile": 15.0,
    }


def test_a_behaviour_is_measured_among_those_who_wrote_something(numbers):
    measured = {(each["notebook"], each["name"]): each for each in numbers["behaviours"]}
    first = measured["01_sgd", "one_step"]
    assert (first["wrote"], first["right"], first["share"]) == (6, 5, 0.8333)
    # The rest of the six: 30, 24 (who has it wrong), 6, 6, 18, 24; (16.8 - 24) / sqrt(84) * sqrt(5/6 * 1/6)
    assert first["discrimination"] == -0.2928
    second = measured["02_rmsprop", "groups"]
    assert (second["wrote"], second["right"], second["share"]) == (4, 2, 0.5)
    assert second["discrimination"] is None


def test_a_behaviour_weighs_in_the_rest_what_it_brought(another, tmp_path):
    for student in CLASS:
        path = another.autograded / student / "optimizers" / "01_sgd.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[1].outputs[0].metadata["coursekit"]["behaviours"][0]["weight"] = 4
        nbformat.write(notebook, path)
    numbers = json.loads(write_report(another, "optimizers", tmp_path).with_suffix(".json").read_text())
    # It brings 12 of 18 points, so that the rest is 24, 24 (who has it wrong), 0, 0, 12, 18.
    assert numbers["behaviours"][0]["discrimination"] == round((10.8 - 24) / 101**0.5 * (5 / 36) ** 0.5, 4)


def test_a_behaviour_that_does_not_count_is_called_that_and_is_no_need(another, tmp_path):
    for path in another.autograded.glob("*/optimizers/0*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[1].outputs[0].metadata["coursekit"]["behaviours"][0]["weight"] = 0
        nbformat.write(notebook, path)
    page = write_report(another, "optimizers", tmp_path)
    numbers = json.loads(page.with_suffix(".json").read_text())
    first, second = numbers["behaviours"][:2]
    assert (first["title"], first["counted"], second["counted"]) == ("One step is exact (not counted)", False, True)
    for name in ("optimizers.html", "optimizers-behaviours.csv"):
        assert "One step is exact (not counted)" in (tmp_path / name).read_text(encoding="utf-8")
    assert not [need for need in numbers["needs"] if "first behaviour wrong" in str(need["reasons"])]


def test_who_needs_help_is_sorted_by_need_with_reasons(numbers):
    assert [(need["student"], need["notebooks"], need["reasons"]) for need in numbers["needs"]] == [
        ("fay", 2, ["handed in nothing"]),
        ("ben", 2, ["first behaviour wrong: 01_sgd, 02_rmsprop"]),
        ("cyd", 1, ["untouched: 02_rmsprop", "in the lowest quarter: 12 points"]),
        ("dan", 1, ["missing: 02_rmsprop", "in the lowest quarter: 12 points"]),
    ]
    assert numbers["needs"][1]["mistakes"] == ["RMSProp that climbs", "SGD that climbs"]


def test_mistakes_come_with_who_made_them_the_most_frequent_first(numbers):
    assert numbers["mistakes"][0] == {
        "text": "RMSProp: A group may override any hyperparameter",
        "students": [HOSTILE, "eve"],
    }
    assert {"text": "SGD that climbs", "students": ["ben"]} in numbers["mistakes"]


def test_states_of_notebooks_and_lateness_are_told_apart(numbers):
    students = {student["id"]: student for student in numbers["students"]}
    states = {
        name: [cell["state"] for cell in student["notebooks"].values()]
        for name, student in students.items()
        if name in ("ada", "cyd", "dan", "fay")
    }
    assert states == {
        "ada": ["graded", "graded"],
        "cyd": ["graded", "untouched"],
        "dan": ["graded", "missing"],
        "fay": ["missing", "missing"],
    }
    assert students["dan"]["late"] == 26.5 * 3600
    assert [student["late"] for name, student in students.items() if name != "dan"] == [0] * 6


def test_an_extension_moves_the_due_date_and_a_penalty_lowers_the_sum(another, tmp_path):
    with another.gradebook() as book:
        book.grant_extension("optimizers", "dan", days=1)
        book.find_submission_notebook("01_sgd", "optimizers", "dan").late_submission_penalty = 5.0
        book.db.commit()
    numbers = json.loads(write_report(another, "optimizers", tmp_path).with_suffix(".json").read_text())
    dan = next(student for student in numbers["students"] if student["id"] == "dan")
    assert (dan["late"], dan["penalty"], dan["sum"]) == (2.5 * 3600, 5.0, 7.0)


# the page and the files


def test_page_json_and_csv_say_the_same(page, numbers):
    shown = {row[-1].split()[0]: row for row in table(page, "students")}
    written = {row["student"]: row for row in rows(page.with_name("optimizers-students.csv"))}
    assert len(shown) == len(written) == len(numbers["students"]) == 7
    for student in numbers["students"]:
        points = [cell["points"] for cell in student["notebooks"].values()]
        row = shown[student["id"].split()[0]]
        assert [float(cell.split()[0]) if cell[:1].isdigit() else None for cell in row[:2]] == points
        assert float(row[2]) == student["sum"] == float(written[student["id"]]["sum"])
        texts = ["" if value is None else str(value) for value in points]
        assert [written[student["id"]][stem] for stem in SUBJECTS] == texts
    for each, row, line in zip(
        numbers["behaviours"],
        table(page, "behaviours"),
        rows(page.with_name("optimizers-behaviours.csv")),
        strict=True,
    ):
        assert row == [
            each["notebook"],
            each["subject"],
            str(each["wrote"]),
            str(each["right"]),
            f"{100 * each['share']:.0f}%",
            "–" if each["discrimination"] is None else f"{each['discrimination']:+.2f}".replace("-", "−"),
            each["title"],
        ]
        assert (float(line["share"]), line["behaviour"]) == (each["share"], each["title"])
    lines = rows(page.with_name("optimizers-mistakes.csv"))
    assert [line["what is wrong"] for line in lines] == [each["text"] for each in numbers["mistakes"]]
    assert [row[-1] for row in table(page, "mistakes")] == [each["text"] for each in numbers["mistakes"]]


def test_marks_tell_missing_untouched_late_and_waiting_work(page):
    shown = {row[-1]: row[:4] for row in table(page, "students")}
    assert shown["ada"] == ["18 ✎", "18", "36", ""]
    assert shown["cyd"] == ["12", "0 ∅", "12", ""]
    assert shown["dan"] == ["12", "–", "12", "1 d 2 h"]
    assert table(page, "late") == [
        ["2026-10-02 11:30 UTC", "1 d 2 h", "02_rmsprop", "dan"],
        ["–", "", "01_sgd, 02_rmsprop", "fay"],
    ]


def test_oddities_are_told_and_what_stopped_a_grading_comes_first(page):
    assert table(page, "oddities") == [
        ["", "not graded: the gradebook is locked", "fay"],
        ["=1+1.ipynb", f"x: {SCRIPT}", HOSTILE],
        ["01_sgd", "cell sgd_check is edited", "ada"],
    ]


def test_what_came_from_a_student_is_text_and_no_place_is_told(course, page):
    html = page.read_text()
    assert HOSTILE not in html
    assert html.count("<script") == 1
    assert "&lt;img src=x onerror=" in html
    for path in page.parent.iterdir():
        assert str(course.root) not in path.read_text()


def test_two_runs_are_identical_to_the_byte(course, page, tmp_path):
    write_report(course, "optimizers", tmp_path)
    assert len(list(tmp_path.iterdir())) == 5
    for path in tmp_path.iterdir():
        assert path.read_bytes() == page.with_name(path.name).read_bytes()


def test_every_figure_has_a_title_labelled_axes_and_says_what_it_shows(page):
    sums, strips = BeautifulSoup(page.read_text(), "html.parser")("svg")
    for drawing, labels in ((sums, {"sum of points", "students"}), (strips, {"points", "notebook", "median"})):
        assert drawing["role"] == "img"
        assert drawing["aria-label"].startswith(drawing.find(class_="title").text)
        assert labels <= {text.text for text in drawing("text")}
    assert "10 to 12 points: 0" not in sums["aria-label"]
    assert "12 to 14 points: 2" in sums["aria-label"]
    assert len(strips("circle")) == 6 + 5
    assert [dot.title.text for dot in strips("circle", class_="hollow")] == ["cyd: 0"]


def test_a_french_class_gets_a_french_report(tmp_path):
    page = write_report(school(tmp_path / "course", "optimiseurs"), "optimiseurs", tmp_path)
    soup = BeautifulSoup(page.read_text(), "html.parser")
    assert soup.html["lang"] == "fr"
    assert [title.text for title in soup("h2")] == [
        "La classe",
        "Points",
        "Comportement par comportement",
        "Les erreurs de cette classe",
        "Qui a besoin d'aide",
        "Étudiants et notebooks",
        "Travaux en retard et manquants",
        "Anomalies",
    ]
    numbers = json.loads(page.with_suffix(".json").read_text())
    assert numbers["behaviours"][0]["title"] == "Un pas est exact"
    assert [need["reasons"][0] for need in numbers["needs"]] == [
        "n'a rien rendu",
        "premier comportement faux\u00a0: 01_sgd, 02_rmsprop",
        "intact\u00a0: 02_rmsprop",
        "manquant\u00a0: 02_rmsprop",
    ]
    assert ["12", "–", "12", "1 j 2 h", "dan"] in table(page, "students")
    assert table(page, "behaviours")[0][4:6] == ["83\N{NO-BREAK SPACE}%", "−0,29"]


# errors


def test_an_unknown_assignment_is_refused_by_name(course, tmp_path):
    with pytest.raises(GradingError, match=r"no assignment '../optimizers'; there are optimizers and optimiseurs"):
        write_report(course, "../optimizers", tmp_path)


def test_a_class_that_is_not_graded_is_told_to_be(course, tmp_path):
    with pytest.raises(GradingError, match=r"Nothing of optimiseurs is graded in .*: run `coursekit grade` first"):
        write_report(course, "optimiseurs", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["autograded/ada/optimizers/01_sgd.ipynb", ".coursekit/remarks/optimizers.json"])
def test_a_damaged_file_is_named(another, tmp_path, name):
    (another.root / name).write_text("{")
    with pytest.raises(GradingError, match=f"{name} is damaged .* run `coursekit grade` again"):
        write_report(another, "optimizers", tmp_path)


# in a browser


@pytest.fixture
def view(browser: Browser, page: Path) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(page.as_uri())
    yield opened
    opened.close()


def column(view: Page, anchor: str, place: int) -> list[str]:
    return view.locator(f"section:has(#{anchor}) tbody tr > :nth-child({place})").all_inner_texts()


@pytest.mark.browser
def test_nothing_is_loaded_and_nothing_of_a_student_s_runs(browser, page):
    opened = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(page.as_uri(), wait_until="networkidle")
    assert asked == [page.as_uri()]
    assert said == []
    assert opened.evaluate("window.owned") is None
    assert opened.title() == "Class report: optimizers"
    with opened.expect_event("requestfailed") as refused:
        opened.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1/x'}))")
    assert refused.value.failure == "csp"
    opened.close()


@pytest.mark.browser
def test_a_click_sorts_by_number_and_a_second_one_turns_it_around(view):
    head = view.locator("section:has(#students) th", has_text="sum")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(view, "students", 4) == ["0", "12", "12", "24", "24", "30", "36"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(view, "students", 4) == ["36", "30", "24", "24", "12", "12", "0"]
    assert view.locator("section:has(#students) th[aria-sort]").count() == 1


@pytest.mark.browser
def test_enter_sorts_and_what_is_empty_stands_last_both_ways(view):
    head = view.locator("section:has(#students) th", has_text="02").get_by_role("button")
    head.focus()
    view.keyboard.press("Enter")
    assert [text.strip("∅ ") for text in column(view, "students", 3)] == ["0", "6", "12", "12", "18", "–", "–"]
    view.keyboard.press("Enter")
    assert [text.strip("∅ ") for text in column(view, "students", 3)] == ["18", "12", "12", "6", "0", "–", "–"]


@pytest.mark.browser
def test_texts_sort_too(view):
    view.locator("section:has(#mistakes) th", has_text="what is wrong").get_by_role("button").click()
    texts = column(view, "mistakes", 2)
    assert texts == sorted(texts)
    assert len(texts) > 3


@pytest.mark.browser
def test_without_a_script_all_is_there(browser, page):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    assert opened.get_by_role("button").count() == 0
    assert opened.get_by_text("Click on the head").first.is_hidden()
    assert len(column(opened, "students", 1)) == 7
    context.close()


@pytest.mark.browser
def test_it_is_readable_in_the_dark_and_on_a_phone(browser, page):
    papers = set()
    for scheme in ("light", "dark"):
        opened = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
        opened.goto(page.as_uri())
        style = "getComputedStyle(document.documentElement)"
        papers.add(opened.evaluate(f"{style}.backgroundColor + {style}.color"))
        assert opened.evaluate("document.documentElement.scrollWidth") == 360
        opened.close()
    assert len(papers) == 2


# with the real grader


def test_what_a_real_grading_leaves_is_reported(full, tmp_path):
    course = Course(root=full.finished)
    numbers = json.loads(write_report(course, "optimizers", tmp_path).with_suffix(".json").read_text())
    students = {student["id"]: student for student in numbers["students"]}
    states = {name: [cell["state"] for cell in student["notebooks"].values()] for name, student in students.items()}
    assert states == {
        "cut": ["graded", "unreadable"],
        "right": ["graded", "graded"],
        "untouched": ["untouched", "untouched"],
        "wrong": ["graded", "graded"],
    }
    points = {name: sum(own.values()) for name, own in course.scores("optimizers")}
    assert {name: student["sum"] for name, student in students.items()} == points
    assert {need["reasons"][-1] for need in numbers["needs"] if need["student"] == "cut"} == {
        "could not be read: 02_rmsprop"
    }
    ladder = [each for each in numbers["behaviours"] if each["subject"] == "SGD"]
    assert len(ladder) == 11
    assert (ladder[0]["wrote"], ladder[0]["right"]) == (3, 1)
    assert {"text": "SGD going uphill", "students": ["cut", "wrong"]} in numbers["mistakes"]
    assert [(each["student"], each["where"], each["remark"][:22]) for each in numbers["oddities"]] == [
        ("cut", "02_rmsprop", "it could not be read: ")
    ]
