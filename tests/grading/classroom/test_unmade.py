"""Nothing that a person did is undone, and nothing is made again for which there is no reason."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nbgrader import api

from coursekit.cli import main
from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.grading import Outcome
from coursekit.grading.nbgrader.preprocessors import Grade
from tests.grading.classes import ASSIGNMENT, KEPT, Class, copied, grade_here, outcome_of
from tests.grading.forked import Run

pytestmark = pytest.mark.slow

READ, COMMENT = "right", "Say why."
FIRST, SECOND = "01_double", "02_square"


class State(NamedTuple):
    """What the gradebook says of an answer in words, and what a grading said and made."""

    points: float | None
    waits: bool
    comment: str | None
    graded: int
    anew: tuple[str, ...]


def graded(course: Course, stem: str = FIRST, **how: Any) -> State:
    outcome = outcome_of(course, **how)
    assert outcome.failed == {}
    return state(course, stem, outcome)


def state(course: Course, stem: str, outcome: Outcome | State) -> State:
    with course.gradebook() as book:
        grade = book.find_grade(f"{stem}_words", stem, ASSIGNMENT, READ)
        comment = book.find_comment(f"{stem}_words", stem, ASSIGNMENT, READ).manual_comment
        return State(grade.manual_score, grade.needs_manual_grade, comment, outcome.graded, outcome.anew)


def read_by_a_person(course: Course) -> None:
    with course.gradebook() as book:
        for stem in (FIRST, SECOND):
            grade = book.find_grade(f"{stem}_words", stem, ASSIGNMENT, READ)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
            book.find_comment(f"{stem}_words", stem, ASSIGNMENT, READ).manual_comment = COMMENT
        book.db.commit()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def states(small: Class, tmp_path_factory: pytest.TempPathFactory) -> dict[str, State]:
    """Grade a class in which answers have been read, again and again, each time after something has changed."""
    course = copied(small.finished, tmp_path_factory.mktemp("unmade"))
    read_by_a_person(course)
    first, second = (course.root / "tests" / "hidden" / f"test_{stem}.py" for stem in (FIRST, SECOND))
    states = {}
    edit(first, "number = 7", "number = 7  # a prime")
    states["a comment in a test"] = graded(course)
    edit(second, "number = 7", "number = 8")
    edit(course.submitted / READ / ASSIGNMENT / f"{FIRST}.ipynb", "It is.", "It is not.")
    states["a test"] = graded(course, SECOND)
    states["the answer"] = state(course, FIRST, states["a test"])
    shutil.rmtree(course.state)
    states["all that is kept"] = graded(course, SECOND)
    return states


def test_a_comment_in_a_test_is_no_reason_to_grade(states):
    assert states["a comment in a test"] == State(1.5, waits=False, comment=COMMENT, graded=0, anew=())


def test_a_test_that_changed_grades_its_notebook_and_leaves_answers_read(states):
    assert states["a test"][:4] == (1.5, False, COMMENT, 2 + 1)  # two of the three are equal
    assert states["a test"].anew == (f"3 notebooks of {SECOND}: its hidden tests changed",)


def test_an_answer_that_changed_is_to_be_read_again_and_keeps_its_points_and_comment(states):
    assert states["the answer"][:3] == (1.5, True, COMMENT)


def test_answers_stay_read_where_nothing_is_known_of_earlier_gradings(states):
    assert states["all that is kept"] == State(1.5, waits=False, comment=COMMENT, graded=0, anew=())


@pytest.fixture
def course(small: Class, tmp_path: Path) -> Course:
    return copied(small.finished, tmp_path)


def test_a_student_whose_file_could_not_be_graded_for_a_time_has_read_answers_afterwards(course):
    read_by_a_person(course)
    folder = course.submitted / READ / ASSIGNMENT
    folder.rename(folder.with_name("aside"))
    folder.mkdir()
    assert graded(course)[:2] == (1.5, False)
    folder.rmdir()
    folder.with_name("aside").rename(folder)
    assert graded(course)[:3] == (1.5, False, COMMENT)


def test_what_a_busy_machine_has_cut_is_made_again_by_the_next_grading_and_not_after(course):
    grader = Grade(config=course.config)
    results = grader.results(course.directory, ASSIGNMENT)
    key = max(path.name for path in (course.root / KEPT).rglob("?" * 64))
    whole = results.get(key)
    results.put(key, replace(whole, notebook=whole.notebook.replace("This is the end.", ""), unfinished=True))
    assert graded(course).graded == 1
    assert results.get(key) == whole
    assert graded(course).graded == 0


def test_one_student_is_graded_again_if_wanted_and_nobody_else(course):
    place = course.autograded
    times = {path: path.stat().st_mtime_ns for path in place.rglob("*.ipynb")}
    code, said = grade_here(course, f"--student={READ}", "--again")
    assert code == 0, said
    assert f"Graded anew, 2 notebooks of {FIRST}, {SECOND}: to be made again." in said
    assert "untouched" not in said
    changed = {path.parts[-3] for path, time in times.items() if path.stat().st_mtime_ns != time}
    assert changed == {READ}
    assert graded(course).graded == 0
    assert grade_here(course, "--student=nobody")[0] == 2


def test_what_would_be_graded_is_said_and_nothing_is_done(course, capsys):
    command = ["grade", "--course", str(course.root), "--why"]
    assert main(command) == 0
    assert capsys.readouterr().out == "optimizers, nothing has changed.\n"
    shutil.copytree(course.submitted / READ, course.submitted / "new")
    edit(course.submitted / "new" / ASSIGNMENT / f"{FIRST}.ipynb", "It is.", "Perhaps.")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("c.Grade.seed = 7\n")
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"optimizers, 6 notebooks of {FIRST}, {SECOND}: c.Grade.seed changed.",
        f"optimizers, 2 notebooks of {FIRST}, {SECOND}: not graded before.",
    ]
    assert not (course.autograded / "new").exists()
    shutil.rmtree(course.state / "depends")
    assert main(command) == 0
    assert f"6 notebooks of {FIRST}, {SECOND}: graded by an earlier version." in capsys.readouterr().out


def rows(course: Course) -> list[str]:
    """Read all that nbgrader enters, but for ids."""
    with course.gradebook() as book:
        grades = [(*whose(grade), grade.auto_score, grade.needs_manual_grade) for grade in book.db.query(api.Grade)]
        comments = [(*whose(comment), comment.comment) for comment in book.db.query(api.Comment)]
        sent = [(each.student.id, each.timestamp) for each in book.assignment_submissions(ASSIGNMENT)]
        return sorted(map(repr, [*grades, *comments, *sent]))


def whose(each: api.Grade | api.Comment) -> tuple[str, str, str]:
    return each.student.id, each.notebook.name, each.name


def files(course: Course) -> dict[str, tuple[bytes, int]]:
    paths = [path for path in course.autograded.rglob("*") if path.is_file()]
    return {str(path.relative_to(course.root)): (path.read_bytes(), path.stat().st_mode) for path in paths}


def test_points_and_notebooks_are_those_that_nbgrader_autograde_enters_and_writes(small, quick_nbgrader: Run, tmp_path):
    theirs, ours = small.judged(tmp_path), Course(root=small.finished)
    run = quick_nbgrader(theirs.root, "autograde", ASSIGNMENT)
    assert run.returncode == 0, run.stderr
    assert files(theirs) == files(ours)
    assert len(files(ours)) == 3 * (2 + 1)  # notebooks of three students, and when they handed in
    assert rows(theirs) == rows(ours)


def test_pages_are_those_that_nbgrader_generate_feedback_writes(course, small, quick_nbgrader: Run):
    run = quick_nbgrader(course.root, "generate_feedback", ASSIGNMENT, "--force")
    assert run.returncode == 0, run.stderr
    theirs, ours = (pages(each) for each in (course, Course(root=small.finished)))
    assert theirs == ours
    assert len(ours) == 3 * 2


def pages(course: Course) -> dict[str, str]:
    """Read all pages, but for the time at which they were made."""
    return {
        str(path.relative_to(course.root)): re.sub(r"\d\d\d\d-\d\d-\d\d \d\d:\d\d UTC", "", path.read_text("utf-8"))
        for path in course.feedback.rglob("*.html")
    }
