"""The whole cycle with nbgrader's own commands: two students, both assignments, an exchange of their own.

The commands run once for an assignment, in the fixture; each test looks at one thing that came of them.
"""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import nbformat
import pytest
from bs4 import BeautifulSoup

from coursekit.grading.course import Course
from coursekit.language import FOLDERS

from .conftest import ROOT, answer, nbgrader

ALL = sorted(path.stem for path in (ROOT / "solutions").glob("[0-9]*.py"))
# The code is the same in both languages: three notebooks show that commands find the way in the second.
STEMS = {"optimizers": ALL, "optimiseurs": [ALL[0], "06_evaluation", ALL[-1]]}
EXCHANGE = """
c.Exchange.root = {root!r}
c.CourseDirectory.course_id = "coursekit"
"""


@dataclass
class Cycle:
    """The folders of a finished cycle, and what its commands said."""

    assignment: str
    course: Course
    students: Path
    said: dict[str, CompletedProcess[str]]

    @property
    def stems(self) -> list[str]:
        return STEMS[self.assignment]

    def scores(self) -> dict[str, dict[str, float | None]]:
        return dict(self.course.scores(self.assignment))


@pytest.fixture(scope="module", params=FOLDERS)
def cycle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """Run the cycle of an assignment: Ada solves everything, Blaise hands in what he was given."""
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course = Course(root=ROOT).lay_out(folder / "course")
    for path in [*course.solutions.glob(f"{name}/*.ipynb"), *course.release.glob(f"{name}/*.ipynb")]:
        if path.stem not in STEMS[name]:
            path.unlink()
    settings = EXCHANGE.format(root=str(exchange))
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    done = Cycle(assignment=name, course=course, students=folder / "students", said={})

    def run(place: Path, command: str, *arguments: str, key: str = "") -> None:
        data = str(folder / "jupyter" / place.name)
        done.said[key or command] = nbgrader(place, command, *arguments, JUPYTER_DATA_DIR=data)

    run(course.root, "generate_assignment", name, "--force")
    run(course.root, "release_assignment", name)
    for student in ("ada", "blaise"):
        home = done.students / student
        home.mkdir(parents=True)
        (home / "nbgrader_config.py").write_text("c = get_config()" + settings)
        run(home, "fetch_assignment", name, f"--student={student}", key=f"fetch {student}")
        if student == "ada":
            for stem in done.stems:
                solve(home / name / f"{stem}.ipynb", course.solutions / name / f"{stem}.ipynb")
        # Validation runs a whole notebook: two of them stand for all, which nbval runs one by one.
        for stem in (ALL[0], ALL[-1]):
            run(home, "validate", f"{name}/{stem}.ipynb", key=f"validate {student} {stem}")
        run(home, "submit", name, f"--student={student}", key=f"submit {student}")
    run(course.root, "collect", name)
    run(course.root, "autograde", name)
    run(course.root, "generate_feedback", name)
    run(course.root, "release_feedback", name)
    for student in ("ada", "blaise"):
        run(done.students / student, "fetch_feedback", name, f"--student={student}", key=f"fetch_feedback {student}")
    run(course.root, "export", "--to=grades.csv")
    return done


def solve(path: Path, reference: Path) -> None:
    """Fill in the student's cells with the reference solution, as a student would by typing it."""
    mine, theirs = (nbformat.read(entry, as_version=4) for entry in (path, reference))
    for cell in mine.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            cell.source = answer(theirs, about.grade_id).source
    nbformat.write(mine, path)


def test_every_command_succeeds(cycle):
    failed = {key: run.stderr[-2000:] for key, run in cycle.said.items() if run.returncode}
    assert failed == {}


def test_students_fetch_every_notebook(cycle):
    assert sorted(path.stem for path in (cycle.students / "blaise" / cycle.assignment).glob("*.ipynb")) == cycle.stems


def test_validate_fails_on_the_untouched(cycle):
    for stem in (ALL[0], ALL[-1]):
        assert "VALIDATION FAILED" in cycle.said[f"validate blaise {stem}"].stdout


def test_validate_passes_on_the_solved(cycle):
    for stem in (ALL[0], ALL[-1]):
        assert "Success! Your notebook passes all the tests." in cycle.said[f"validate ada {stem}"].stdout


def test_the_reference_scores_everything_but_the_answers_in_words(cycle):
    assert cycle.scores()["ada"] == dict.fromkeys(cycle.stems, 18.0)


def test_the_answers_in_words_wait_for_a_person(cycle):
    with cycle.course.gradebook() as book:
        submission = book.find_submission(cycle.assignment, "ada")
        waiting = [
            grade.name for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade
        ]
    assert len(waiting) == len(cycle.stems)
    assert all(name.endswith("_words") for name in waiting)


def test_an_untouched_submission_scores_nothing(cycle):
    assert cycle.scores()["blaise"] == dict.fromkeys(cycle.stems, 0.0)


def test_every_notebook_is_worth_20_points_of_which_2_for_words(cycle):
    with cycle.course.gradebook() as book:
        for notebook in book.find_assignment(cycle.assignment).notebooks:
            assert notebook.max_score == 20
            assert [cell.max_score for cell in notebook.grade_cells if cell.name.endswith("_words")] == [2]


def test_a_student_fetches_a_feedback_page_for_every_notebook(cycle):
    for student in ("ada", "blaise"):
        pages = (cycle.students / student).rglob("*.html")
        assert sorted(path.stem for path in pages) == cycle.stems


def test_the_feedback_page_shows_the_ladder_in_the_language_of_the_notebook(cycle):
    page = next((cycle.students / "ada").rglob("01_sgd.html")).read_text()
    title = {"en": "One step is exact", "fr": "Un pas est exact"}[FOLDERS[cycle.assignment]]
    assert title in page


def test_an_answer_that_nobody_has_read_is_not_shown_as_worth_nothing(cycle):
    unread, so_far = {"en": ("not read yet", "so far"), "fr": ("pas encore lue", "pour l'instant")}[
        FOLDERS[cycle.assignment]
    ]
    for student, points, total in (("ada", unread, f"18 / 20 {so_far}"), ("blaise", "0", "0 / 20")):
        page = BeautifulSoup(next((cycle.students / student).rglob("01_sgd.html")).read_bytes(), "html.parser")
        assert page.select("header .number")[1].get_text() == f"{points} / 2"
        assert page.select_one("header .sum").get_text() == total


def test_a_class_is_exported_as_csv(cycle):
    with (cycle.course.root / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    count = len(cycle.stems)
    assert (float(rows["ada"]["score"]), float(rows["ada"]["max_score"])) == (18 * count, 20 * count)
    assert rows["blaise"]["score"] == "0.0"


def test_the_stand_ins_are_said_where_a_notebook_is_graded(cycle):
    path = cycle.course.root / "autograded" / "ada" / cycle.assignment / "06_evaluation.ipynb"
    shown = json.dumps(nbformat.read(path, as_version=4))
    said = {"en": "as always when a notebook is graded", "fr": "comme toujours quand un notebook est noté"}
    assert said[FOLDERS[cycle.assignment]] in json.loads(json.dumps(shown)).encode().decode("unicode_escape") or (
        said[FOLDERS[cycle.assignment]] in shown
    )
    assert os.environ.get("NBGRADER_EXECUTION") is None
