"""A result counts until something changes on which it depends, and what that is can be said."""

from __future__ import annotations

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.grading.notebook.depends import OTHER_CODE, OTHER_PACKAGES, counts, grader, meaning
from coursekit.grading.notebook.grade import Settings, Task, task
from coursekit.grading.submission.intake import take_in
from tests.solutions import ROOT
from tests.test_package import imports

PACKAGE = ROOT / "coursekit"
# Where a person starts pytest.
BY_HAND = {("pytest_plugin.py", f"coursekit.grading.classroom.course.{name}") for name in ("CONFIG", "Course")}
TASK = Task(
    stem="01", submission=b"{}", release=b"{}", tests={"test_01.py": b"a = 1\n"}, settings=Settings(seed=1), beside={}
)


def test_what_does_not_count_is_imported_by_nothing_that_counts():
    others = {f"coursekit/{name}".removesuffix(".py").replace("/", ".") for name in OTHER_CODE} | OTHER_PACKAGES
    against = {
        (path.name, name)
        for path in PACKAGE.rglob("*.py")
        if counts(path)
        for name in imports(path)
        if any(f"{name}.".startswith(f"{other}.") for other in others)
    }
    assert against == BY_HAND


@pytest.mark.parametrize("name", ["judging", "reading", "student", "optimizers.ladders", "grading.sandbox", "french"])
def test_code_that_judges_or_runs_counts(name):
    assert f"coursekit.{name}" in grader()


@pytest.mark.parametrize("name", ["torch", "numpy", "ipython", "matplotlib", "Python"])
def test_versions_of_what_runs_a_notebook_count(name):
    assert grader()[name][0].isdigit()


@pytest.mark.parametrize("name", ["coursekit.grading.exchange", "coursekit.authoring", "rich"])
def test_what_only_hands_on_does_not_count(name):
    assert name not in grader()


@pytest.mark.parametrize(
    "changed",
    [
        replace(TASK, submission=b"{ }"),
        replace(TASK, release=b"{ }"),
        replace(TASK, tests={"test_01.py": b"a = 2\n"}),
        replace(TASK, settings=Settings(seed=2)),
        replace(TASK, settings=Settings(seed=1, weights=(("SGD.groups", 0.0),))),
        replace(TASK, beside={"mine.py": b""}),
        replace(TASK, is_reference=True),
    ],
)
def test_whatever_decides_a_result_changes_its_key(changed):
    assert changed.key != TASK.key


def test_a_comment_in_a_test_changes_nothing():
    assert replace(TASK, tests={"test_01.py": b"# one\na  =  1\n"}).key == TASK.key


def test_code_is_known_by_what_it_says():
    path = Path(__file__).read_bytes()
    assert meaning(path) == meaning(ast.unparse(ast.parse(path)).encode())
    assert meaning(b"not python") != meaning(b"not python either")


@pytest.mark.parametrize(("stem", "weights"), [("01_sgd", (("SGD.groups", 0.0),)), ("02_rmsprop", ())])
def test_a_weight_counts_for_the_notebook_that_it_is_about(stem, weights, tmp_path):
    release = ROOT / "notebooks" / "optimizers" / f"{stem}.ipynb"
    shutil.copy(release, tmp_path)
    settings = Settings(seed=1, weights=(("SGD.groups", 0.0),))
    made = task(take_in(tmp_path, release.parent), release, ROOT / "tests" / "hidden", settings)
    assert made.settings.weights == weights
