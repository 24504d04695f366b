"""The command line, as a tired person types it."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.cli import _parser, main
from coursekit.grading.classroom.course import Course
from tests.grading.conftest import ROOT
from tests.grading.tiny import FOLDERS


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    return tmp_path


def test_every_command_has_a_help_of_its_own(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for name in ("notebooks", "preview", "points", "sample", "grade", "report", "export", "doctor", "bundle"):
        assert f"\n    {name} " in text
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert "--course" in capsys.readouterr().out


@pytest.mark.parametrize("page", ["term", "instructors", "authors", "hub"])
def test_every_command_of_a_guide_is_one_that_there_is(page):
    text = (ROOT / "docs" / f"{page}.md").read_text()
    typed = re.findall(r"^(?:    )?coursekit (\w.*)$", text, re.MULTILINE)
    typed += [words for words in re.findall(r"`coursekit (\w[^`]+)`", text) if " " in words]  # the others are names
    assert typed
    for words in typed:
        _parser().parse_args(shlex.split(words, comments=True))


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"coursekit {version('coursekit')}\n")


def test_report_without_a_graded_class_says_what_to_do(course, capsys):
    assert main(["report", "--course", str(course)]) == 1
    assert capsys.readouterr().err == f"coursekit: Nothing is graded in {course}: run `coursekit grade` first.\n"


@pytest.mark.slow
def test_export_writes_the_file_and_says_where(course, monkeypatch, capsys):
    with Course(root=course).gradebook() as book:
        fill(book)
    monkeypatch.chdir(course)
    assert main(["export", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "grades.csv"
    rows = list(csv.DictReader((course / "grades.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["student_id"], row["max_score"]) for row in rows] == [("ana", "20.0")]


@pytest.mark.slow
def test_the_arguments_of_a_command_stand_in_any_order(course, monkeypatch, capsys):
    with Course(root=course).gradebook() as book:
        fill(book)
        book.add_assignment("another")  # of which the file has no column
    (course / "c.csv").write_text("Student,ID,SIS Login ID,Section,optimizers (1)\nAna,1,ana,,\n")
    monkeypatch.chdir(course)
    for line in (
        "export canvas optimizers --worksheet c.csv --to u.csv",
        "export canvas --worksheet c.csv optimizers --to u.csv",
        "export --to u.csv canvas --worksheet c.csv optimizers",
        "export --worksheet c.csv --to u.csv canvas optimizers",
    ):
        assert main(line.split()) == 0
        assert capsys.readouterr().out.splitlines() == ["u.csv"]


def fill(book: Gradebook) -> None:
    book.add_assignment("optimizers")
    book.add_notebook("01_sgd", "optimizers")
    book.add_grade_cell("sgd_check", "01_sgd", "optimizers", max_score=20, cell_type="code")
    book.add_student("ana")


def test_export_for_something_else_lists_what_there_is(course, capsys):
    with pytest.raises(SystemExit):
        main(["export", "blackboard", "--course", str(course)])
    assert "csv" in capsys.readouterr().err


SCRIPT = """
# %% [markdown] lang="en"
# A dot, of the size $s^2$.

# %% [markdown] lang="fr"
# Un point, de taille $s^2$.

# %%
import io

import IPython.display
import PIL.Image

dot = io.BytesIO()
PIL.Image.new("L", (1, 1)).save(dot, "png")
IPython.display.Image(dot.getvalue())
"""


@pytest.mark.slow
def test_preview_writes_a_page_for_each_language_and_nothing_else(course, capsys):
    for folder in FOLDERS:
        (course / "solutions" / folder).mkdir(parents=True)
    (course / "solutions" / "08_dot.py").write_text(SCRIPT)
    before = sorted(course.rglob("*"))
    assert main(["preview", "8", "--course", str(course), "--to", str(course / "pages")]) == 0
    pages = [course / "pages" / f"08_dot.{language}.html" for language in FOLDERS.values()]
    assert sorted(course.rglob("*")) == sorted([*before, course / "pages", *pages])
    english, french = (page.read_text() for page in pages)
    assert "image/png" in english
    assert "<math" in english
    assert "Un point" in french


def test_preview_of_what_is_not_there_lists_what_is(capsys):
    assert main(["preview", "99", "--course", str(ROOT)]) == 1
    assert "there are 01_sgd, 02_rmsprop" in capsys.readouterr().err


def test_shell_can_complete_the_command():
    command = [str(Path(sys.executable).with_name("coursekit")), "--print-completion", "bash"]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    assert "report" in script


@pytest.mark.parametrize("missing", ["shtab", "rich", "nbgrader"])
def test_without_the_grader_s_dependencies_a_command_says_what_to_install(missing, tmp_path):
    (tmp_path / f"{missing}.py").write_text("raise ModuleNotFoundError(name=__name__)")
    command = [str(Path(sys.executable).with_name("coursekit")), "grade"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 1
    assert f"({missing} is missing): pip install 'coursekit[grading]'" in run.stderr
    assert "Traceback" not in run.stderr
