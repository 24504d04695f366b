"""The whole cycle with nbgrader's own commands: two students, both assignments side by side, an exchange of their own.

Each command is typed for the English assignment as a person types it, and what is done again after that is forked. Each
test looks at one thing that came of them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import nbformat
import pytest
from bs4 import BeautifulSoup

from coursekit.grading.classroom.course import CONFIG, Course
from tests.grading.classes import UNHURRIED, shorten
from tests.grading.conftest import answer, nbgrader
from tests.grading.forked import Run
from tests.grading.tiny import FOLDERS

FIRST, LAST = "01_sgd", "09_lr_on_plateau"
# Each notebook is worth what it should be, `test_sample_class.py` sees; here commands find their way: one notebook with
# an optimizer, one that takes them from others and one with a scheduler will do. The code is the same in French.
STEMS = {"optimizers": [FIRST, "06_evaluation", LAST], "optimiseurs": [FIRST, "06_evaluation"]}
WHOLE = ("optimizers", FIRST)  # is handed out with its pictures; of the others it is known what they show
EXCHANGE = """
c.Exchange.root = {root!r}
c.CourseDirectory.course_id = "coursekit"
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """The folders of a finished cycle, and what its commands said."""

    course: Course
    students: Path
    said: dict[str, CompletedProcess[str]]

    def scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        return dict(self.course.scores(assignment))

    def page(self, student: str, assignment: str) -> BeautifulSoup:
        """Read the page of the first notebook that a student fetched."""
        path = next((self.students / student / assignment).rglob(f"{FIRST}.html"))
        return BeautifulSoup(path.read_bytes(), "html.parser")


@pytest.fixture(scope="module")
def cycle(repository: Course, quick_nbgrader: Run, tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """Go through the cycle: Ada solves everything, Blaise hands in what he was given, in English."""
    folder = tmp_path_factory.mktemp("cycle")
    course = handed_out(repository, folder / "course")
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    settings = EXCHANGE.format(root=str(exchange))
    with (course.root / CONFIG).open("a") as config:
        config.write(settings + UNHURRIED)
    ada, blaise = folder / "students" / "ada", folder / "students" / "blaise"
    for home in (ada, blaise):
        home.mkdir(parents=True)
        (home / CONFIG).write_text("c = get_config()" + settings)
    said = {}

    def run(how: Run, place: Path, *command: str) -> None:
        said[" ".join(command)] = how(place, *command, JUPYTER_DATA_DIR=str(folder / "jupyter" / place.name))

    for name, how in (("optimizers", nbgrader), ("optimiseurs", quick_nbgrader)):
        run(how, course.root, "generate_assignment", name, "--force")
        run(how, course.root, "release_assignment", name)
        run(how, ada, "fetch_assignment", name, "--student=ada")
        if name == "optimizers":
            run(quick_nbgrader, blaise, "fetch_assignment", name, "--student=blaise")
            run(quick_nbgrader, blaise, "submit", name, "--student=blaise")
            solve(ada, course, name, LAST)
            run(nbgrader, ada, "validate", f"{name}/{LAST}.ipynb", f"{name}/{FIRST}.ipynb")
        for stem in STEMS[name]:
            solve(ada, course, name, stem)
        run(how, ada, "submit", name, "--student=ada")
        run(how, course.root, "collect", name)
        run(how, course.root, "autograde", name)
        run(how, course.root, "generate_feedback", name)
        run(how, course.root, "release_feedback", name)
        run(how, ada, "fetch_feedback", name, "--student=ada")
    run(quick_nbgrader, blaise, "fetch_feedback", "optimizers", "--student=blaise")
    run(nbgrader, course.root, "export", "--to=grades.csv")
    return Cycle(course=course, students=folder / "students", said=said)


def handed_out(repository: Course, place: Path) -> Course:
    """Lay out the course with the notebooks that are needed, no longer than they must be."""
    course = repository.lay_out(place)
    for path in [*course.solutions.glob("*/*.ipynb"), *course.release.glob("*/*.ipynb")]:
        name, stem = path.parent.name, path.stem
        if stem not in STEMS.get(name, ()):
            path.unlink()
        elif (name, stem) != WHOLE:
            shorten(path)
    return course


def solve(home: Path, course: Course, assignment: str, stem: str) -> None:
    """Fill in the student's cells with the reference solution, as a student would by typing it."""
    path = home / assignment / f"{stem}.ipynb"
    mine = nbformat.read(path, as_version=4)
    theirs = nbformat.read(course.solutions / assignment / f"{stem}.ipynb", as_version=4)
    for cell in mine.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            cell.source = answer(theirs, about.grade_id).source
    nbformat.write(mine, path)


def test_every_command_succeeds(cycle):
    failed = {command: run.stderr[-2000:] for command, run in cycle.said.items() if run.returncode}
    assert failed == {}
    assert len(cycle.said) == 2 * 9 + 5


@pytest.mark.parametrize("assignment", FOLDERS)
def test_students_fetch_every_notebook(cycle, assignment):
    assert sorted(path.stem for path in (cycle.students / "ada" / assignment).glob("*.ipynb")) == STEMS[assignment]


def test_validate_passes_on_the_solved_and_fails_on_the_untouched(cycle):
    said = cycle.said[f"validate optimizers/{LAST}.ipynb optimizers/{FIRST}.ipynb"].stdout
    passed = said.index("Success! Your notebook passes all the tests.")
    assert "VALIDATION FAILED" in said[passed:]


@pytest.mark.parametrize("assignment", FOLDERS)
def test_the_reference_scores_everything_but_the_answers_in_words(cycle, assignment):
    assert cycle.scores(assignment)["ada"] == dict.fromkeys(STEMS[assignment], 20.0)


@pytest.mark.parametrize("assignment", FOLDERS)
def test_the_answers_in_words_wait_for_a_person(cycle, assignment):
    with cycle.course.gradebook() as book:
        submission = book.find_submission(assignment, "ada")
        waiting = [
            grade.name for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade
        ]
    assert len(waiting) == len(STEMS[assignment])
    assert all(name.endswith("_words") for name in waiting)


def test_an_untouched_submission_scores_nothing(cycle):
    assert cycle.scores("optimizers")["blaise"] == dict.fromkeys(STEMS["optimizers"], 0.0)


@pytest.mark.parametrize("assignment", FOLDERS)
def test_every_notebook_is_worth_22_points_of_which_2_for_words(cycle, assignment):
    with cycle.course.gradebook() as book:
        points = {
            notebook.name: (
                notebook.max_score,
                [cell.max_score for cell in notebook.grade_cells if cell.name.endswith("_words")],
            )
            for notebook in book.find_assignment(assignment).notebooks
        }
    assert points == dict.fromkeys(STEMS[assignment], (22, [2]))


def test_a_whole_notebook_is_graded_with_all_that_it_shows_and_nothing_to_remark(cycle):
    name, stem = WHOLE
    notebook = nbformat.read(cycle.course.autograded / "ada" / name / f"{stem}.ipynb", as_version=4)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len([output for output in shown if "image/png" in output.get("data", {})]) > 2
    assert f"ada, {stem}.ipynb" not in cycle.said[f"autograde {name}"].stderr


@pytest.mark.parametrize(
    ("student", "assignment"), [("ada", "optimizers"), ("blaise", "optimizers"), ("ada", "optimiseurs")]
)
def test_a_student_fetches_a_feedback_page_for_every_notebook(cycle, student, assignment):
    pages = (cycle.students / student / assignment).rglob("*.html")
    assert sorted(path.stem for path in pages) == STEMS[assignment]


@pytest.mark.parametrize(
    ("assignment", "title"), [("optimizers", "One step is exact"), ("optimiseurs", "Un pas est exact")]
)
def test_the_feedback_page_shows_the_ladder_in_the_language_of_the_notebook(cycle, assignment, title):
    assert title in cycle.page("ada", assignment).get_text()


@pytest.mark.parametrize(
    ("student", "assignment", "points", "total"),
    [
        ("ada", "optimizers", "– / 2 not read yet", "20 / 22 so far: 1 answer is still to be read"),
        ("ada", "optimiseurs", "– / 2 pas encore lue", "20 / 22 pour l'instant\u00a0: 1 réponse reste à lire"),
        ("blaise", "optimizers", "0 / 2 no answer", "0 / 22"),
    ],
)
def test_an_answer_that_nobody_has_read_is_not_shown_as_worth_nothing(cycle, student, assignment, points, total):
    page = cycle.page(student, assignment)
    assert page.select("header tr")[-1].get_text(" ", strip=True).endswith(points)
    assert page.select_one("header .sum").get_text() == total


def test_a_class_is_exported_as_csv(cycle):
    with (cycle.course.root / "grades.csv").open() as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    for name, stems in STEMS.items():
        score, most = (float(rows[name, "ada"][column]) for column in ("score", "max_score"))
        assert (score, most) == (20 * len(stems), 22 * len(stems))
    assert rows["optimizers", "blaise"]["score"] == "0.0"


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("optimizers", "as always when a notebook is graded"),
        ("optimiseurs", "comme toujours quand un notebook est noté"),
    ],
)
def test_the_stand_ins_are_said_where_a_notebook_is_graded(cycle, assignment, said):
    notebook = nbformat.read(cycle.course.autograded / "ada" / assignment / "06_evaluation.ipynb", as_version=4)
    printed = [output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(said in text for text in printed)
