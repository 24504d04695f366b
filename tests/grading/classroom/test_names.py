"""Names that others choose, of files, students and folders: each is understood, or said with what to do."""

from __future__ import annotations

import os
import shutil
import unicodedata
import warnings
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from coursekit.cli import main
from coursekit.grading.classroom.console import show_mistakes, show_scores
from coursekit.grading.classroom.course import Course, reason_of
from coursekit.grading.classroom.students import twins
from coursekit.grading.exchange.exports import export
from coursekit.grading.nbgrader.preprocessors import see_to_names
from coursekit.grading.notebook.mistakes import MistakeMade
from tests.grading.classes import ASSIGNMENT, copied, grade_here
from tests.grading.tiny import RIGHT

pytestmark = pytest.mark.slow

WORK, OTHER = RIGHT  # names of notebooks
NFC, NFD = (unicodedata.normalize(form, "Amélie") for form in ("NFC", "NFD"))


@pytest.fixture
def folder(bare: Course) -> Path:
    """Return the folder in which `collect` collects."""
    return bare.root


# Files.


@pytest.mark.parametrize("name", [f"Copy of {WORK}.ipynb", f"tp/{WORK}.ipynb"])
def test_a_notebook_under_another_name_is_graded_by_nbgrader_autograde_as_by_coursekit_grade(
    small, quick_nbgrader, tmp_path, name
):
    course = copied(small.finished, tmp_path)
    folder = course.submitted / "wrong" / ASSIGNMENT
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / f"{WORK}.ipynb").rename(folder / name)
    run = quick_nbgrader(course.root, "autograde", ASSIGNMENT, "--student=wrong", "--force")
    assert run.returncode == 0, run.stderr
    assert f"wrong, {name}: it holds the notebook {WORK} and is taken for {WORK}.ipynb." in run.stderr
    assert dict(course.scores(ASSIGNMENT))["wrong"][WORK] == 9.0
    code, said = grade_here(course)
    assert (code, dict(course.scores(ASSIGNMENT))["wrong"][WORK]) == (0, 9.0), said
    assert f"wrong, {name}: it holds the notebook {WORK} and is taken for {WORK}.ipynb." in said


def test_a_selection_of_notebooks_stays_one(small, tmp_path, monkeypatch):
    course = copied(small.fresh, tmp_path)
    folder = course.submitted / "wrong" / ASSIGNMENT
    (folder / f"{WORK}.ipynb").rename(folder / f"Copy of {WORK}.ipynb")
    (folder / "tp").mkdir()
    (folder / f"{OTHER}.ipynb").rename(folder / "tp" / "mine.ipynb")
    (folder / "scratch.ipynb").write_text("{}")
    monkeypatch.chdir(course.root)
    seen = {}
    for pattern in ("*", "scratch", "Copy*"):
        seen[pattern] = [str(path) for path in folder.glob(f"{pattern}.ipynb")]
        see_to_names(seen[pattern])
    both = [str(folder / f"{stem}.ipynb") for stem in RIGHT]
    assert seen == {"*": both, "scratch": [], "Copy*": both[:1]}


# Students.


def test_any_id_is_graded_or_refused_with_what_to_do_and_costs_nobody_else(small, tmp_path):
    course = copied(small.finished, tmp_path)
    ids = ["[guest]", "q?x", "ana ", " bob", ".cleo", ":a{0}+", NFC, NFD, "optimizers", "-f", "x" * 70]
    bad = ["a\nb", "\x1b[31mred", "y" * 129, os.fsdecode(b"caf\xe9")]
    for student in [*ids, *bad]:
        shutil.copytree(course.submitted / "wrong" / ASSIGNMENT, course.submitted / student / ASSIGNMENT)
    shutil.rmtree(course.submitted / "untouched" / ASSIGNMENT)
    (course.submitted / "untouched" / ASSIGNMENT).write_text("no folder")
    shutil.copytree(course.submitted / "wrong" / ASSIGNMENT, course.submitted / "emil" / "Optimizers")
    code, said = grade_here(course)
    assert code == 1, said
    assert "Traceback" not in said
    scores = dict(course.scores(ASSIGNMENT))
    assert set(scores) == {*ids, "right", "wrong", "untouched"}
    assert {student for student in ids if scores[student][WORK] != 9.0} == set()
    for student in ids:
        assert (course.feedback / student / ASSIGNMENT / f"{WORK}.html").is_file()
    for student in ("[guest]", "q?x", "ana ", " bob", ".cleo"):
        assert f"{student}, id: nbgrader's own commands do not find this id; rename the folder" in said
    assert f"{NFD} and {NFC} differ in capitals or accents only; if that is one student, keep one folder." in said
    assert said.count("this id has letters that cannot be printed, or that are not in UTF-8") == 3
    assert f"{'y' * 120} could not be graded: this id has more than 128 letters" in said
    assert "untouched could not be graded: this is no folder that can be read" in said
    page = course.feedback / "untouched" / ASSIGNMENT / f"{WORK}.html"
    assert "could not be graded yet" in page.read_text(encoding="utf-8")
    assert "submitted/emil/Optimizers was not graded: rename it to optimizers." in said


def test_ids_that_differ_in_capitals_or_accents_only_are_found():
    assert twins(["anna", "Bob", "Anna", NFD, NFC, "bob2"]) == [sorted([NFC, NFD]), ["Anna", "anna"]]


def listed(book: Gradebook, **students: str) -> None:
    for student, email in students.items():
        book.add_student(student, first_name=f"{student} of the list", email=email)


def submit(book: Gradebook, *students: str) -> None:
    book.update_or_create_assignment(ASSIGNMENT)
    for student in students:
        book.update_or_create_student(student)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own
            book.add_submission(ASSIGNMENT, student)


def known(course: Course) -> dict[str, str]:
    with course.gradebook() as book:
        return {student.id: student.first_name or "" for student in book.students}


@pytest.mark.parametrize(("name", "account"), [("Anna", "anna"), (NFC, NFD), (NFD, NFC.upper())])
def test_whom_the_list_calls_otherwise_than_the_account_is_one_student_and_has_the_name(bare, name, account):
    with bare.gradebook() as book:
        listed(book, **{name: "a@uni.org"})
        submit(book, account)
    assert known(bare) == {account: f"{name} of the list"}
    export(bare, "csv", bare.root / "grades.csv")
    assert len((bare.root / "grades.csv").read_text().splitlines()) == 2


def test_who_may_be_two_stays_two(bare):
    with bare.gradebook() as book:
        listed(book, Anna="a@uni.org", anna="b@uni.org", Bob="", bob="", Cleo="", cleo="")
        submit(book, "anna", "Bob", "bob")
    assert set(known(bare)) == {"Anna", "anna", "Bob", "bob", "Cleo", "cleo"}


def test_an_export_puts_the_grade_of_an_account_into_the_row_of_whoever_the_list_calls_otherwise(bare):
    worksheet = bare.root / "w.csv"
    worksheet.write_text(f"Identifier,Username,Grade\nParticipant 1,{NFD},\nParticipant 2,ANNA,\n", encoding="utf-8")
    with bare.gradebook() as book:
        book.add_assignment(ASSIGNMENT)
        book.add_notebook(WORK, ASSIGNMENT)
        book.add_grade_cell("check", WORK, ASSIGNMENT, max_score=20, cell_type="code")
        submit(book, NFC, "anna")
        for student in (NFC, "anna"):
            cell = book.find_grade("check", WORK, ASSIGNMENT, student)
            cell.auto_score, cell.needs_manual_grade = 7, False
        book.db.commit()
    assert export(bare, "moodle", bare.root / "m.csv", worksheet=worksheet) == ()
    assert (bare.root / "m.csv").read_text(encoding="utf-8").count(",7\n") == 2


def test_who_is_there_already_is_collected_into_the_folder_that_is_there(bare, collect):
    (bare.root / "notebooks" / ASSIGNMENT).mkdir(parents=True)
    for student in ("anna", NFD):
        (bare.submitted / student / "optimiseurs").mkdir(parents=True)
    (bare.root / "w.csv").write_text(f"Identifier;Username;Grade\nParticipant 1;Anna;\nParticipant 2;{NFC};\n")
    downloads = {f"X_{number}_assignsubmission_file_{WORK}.ipynb": str(number) for number in (1, 2)}
    files, _ = collect(downloads, "--Collector.students=w.csv")
    assert files == {f"anna/{WORK}.ipynb": "1", f"{NFD}/{WORK}.ipynb": "2"}


# Folders.


@pytest.mark.parametrize(
    ("handed_in", "arguments", "mend"),
    [
        ("", [], "Nobody has handed in anything: there is no folder "),
        ("submitted/", [], "submitted/STUDENT/optimizers or "),
        ("submitted/ana/optimizers/01_sgd.ipynb", ["optimiseurs"], "submitted/STUDENT/optimiseurs."),
        ("submitted/ana/optimizers/01_sgd.ipynb", ["tp1"], "There is no assignment 'tp1'; there are optimizers and"),
        ("Submitted/ana/optimizers/01_sgd.ipynb", [], "Submitted: is it what was handed in? Rename it to submitted."),
        ("submissions/ana/optimizers/01_sgd.ipynb", [], "submissions: is it what was handed in?"),
        ("submitted/optimizers/ana/01_sgd.ipynb", [], "submitted/optimizers: the folders are the wrong way round"),
        ("submitted/Optimizers/ana/01_sgd.ipynb", [], "wrong way round: make it submitted/STUDENT/optimizers."),
        ("submitted/ana/Optimizers/01_sgd.ipynb", [], "submitted/ana/Optimizers: rename it to optimizers."),
        ("submitted/ana/optimizer /01_sgd.ipynb", [], "rename it to optimizers."),
        ("submitted/ana/Optimiseurs/01_sgd.ipynb", [], "submitted/ana/Optimiseurs: rename it to optimiseurs."),
        ("submitted/ana/01_sgd.ipynb", [], "submitted/ana/01_sgd.ipynb: put it into a folder there, optimizers or"),
        ("submitted/ana/work.zip", [], "submitted/ana/work.zip: put it into a folder there"),
        ("submitted/group/ana/optimizers/01_sgd.ipynb", [], "group/ana: put it one folder higher, as submitted/ana."),
        ("submitted/01_sgd.ipynb", [], "submitted/01_sgd.ipynb: put it into submitted/STUDENT/ASSIGNMENT."),
    ],
)
def test_where_nothing_can_be_graded_it_is_said_why_and_the_exit_code_is_2(bare, capsys, handed_in, arguments, mend):
    path = bare.root / handed_in
    if handed_in.endswith("/"):
        path.mkdir(parents=True)
    elif handed_in:
        path.parent.mkdir(parents=True)
        path.touch()
    assert main(["grade", *arguments, "--course", str(bare.root)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert mend in err


def test_where_no_notebook_is_in_any_folder_the_exit_code_is_2_and_what_lies_there_is_named(small, tmp_path):
    course = copied(small.finished, tmp_path)
    for student in course.submitted.iterdir():
        shutil.rmtree(student / ASSIGNMENT)
        (student / ASSIGNMENT).mkdir()
    (course.submitted / "wrong" / ASSIGNMENT / "work.rar").write_bytes(b"Rar!\x1a\x07\x01\0")
    code, said = grade_here(course)
    assert code == 2
    assert "No notebook of optimizers was handed in: none is found in " in said
    assert "wrong, work.rar: it is an archive, of which nothing counts; unpack it here" in said
    assert "wrong, optimizers: the student handed in something that could not be opened, and no notebook of it." in said
    assert "Grades:" not in said


# What is shown.


def test_a_table_keeps_its_points_readable_beside_ids_of_seventy_letters(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    long, odd = "abcdefghij" * 7, "[red]:smile:[/]"
    points = {f"{number:02}_x": 10.5 for number in range(1, 10)}
    most = dict.fromkeys(points, (18.0, 2.0))
    show_scores(ASSIGNMENT, [(long, points), (odd, points | {"01_x": None})], most, all_of_them=False)
    show_mistakes([MistakeMade(text="SGD going uphill", students=(long, odd))])
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert printed.count("10.5") == 17
    assert printed.count("94.5") == printed.count("84") == 1
    assert printed.replace("\n", "").replace(" ", "").count(odd) == 2
    letters = "".join(line.split()[0] for line in printed.splitlines() if line.split())
    assert long in letters


def test_of_what_nbgrader_says_the_reason_is_told_and_not_where_it_stands():
    said = """[ERROR] There was an error processing assignment: /course/submitted/ana/optimizers
[ERROR] Traceback (most recent call last):
      File "base.py", line 386, in convert_notebooks
        raise OperationalError("x")
    sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked
[ERROR] Please see the the above traceback for details on the specific errors on the above failures.
Traceback (most recent call last):
  File "x.py", line 1, in <module>
nbgrader.converters.base.NbGraderException: Please see the the above traceback for details
"""
    assert reason_of(said) == "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked"
    assert reason_of(said.splitlines()[-1]) == "Please see the the above traceback for details"
    assert reason_of("") == "nbgrader says nothing"
