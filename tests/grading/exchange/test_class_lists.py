"""A class list as Excel, Moodle, Canvas and nbgrader write it is read, or the fix is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.classroom.course import Course

pytestmark = pytest.mark.slow

ANA = ("ana", "Ana María", "Núñez", "ana@uni.org")
LIST = "id,first_name,last_name,email\nana,Ana María,Núñez,ana@uni.org\nbob,Bob,O'Two,\n"


@pytest.fixture
def folder(bare: Course) -> Path:
    """Return the folder in which `collect` collects."""
    return bare.root


def entered(course: Course, text: str | bytes, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Run the command on a list; give its exit code and what it said."""
    path = course.root / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = main(["students", str(path), "--course", str(course.root), *options])
    out, err = capsys.readouterr()
    return code, (out + err).replace(f"{course.root}/", "")


def known(course: Course) -> dict[str, tuple[str | None, ...]]:
    with course.gradebook() as book:
        return {
            student.id: (student.first_name, student.last_name, student.email, student.lms_user_id)
            for student in book.students
        }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_however_a_spreadsheet_saves_it(bare, capsys, delimiter, encoding, end):
    text = LIST.replace(",", delimiter).replace("\n", end)
    code, said = entered(bare, text.encode(encoding), capsys)
    assert code == 0, said
    assert known(bare) == {"ana": (*ANA[1:], None), "bob": ("Bob", "O'Two", None, None)}
    assert said.endswith("2 students of class.csv are in the gradebook, 2 of them new.\n")
    in_doubt = "was read as Windows-1252. Check that the names are right (Ana María Núñez); if not, save it as"
    assert (in_doubt in said) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("sep=;\nid;first_name\nana;Ana\n", {"ana": ("Ana", None, None, None)}),
        ("id\nana\nbob\n", {"ana": (None,) * 4, "bob": (None,) * 4}),
        (
            "Prénom;Nom de famille;Adresse de courriel\nAna;Núñez;ana@uni.org\n",
            {"ana@uni.org": ("Ana", "Núñez", "ana@uni.org", None)},
        ),
        (
            "First name,Last name,ID number,Email address,Groups\nAna,Núñez,77,ana@uni.org,\n",
            {"77": ("Ana", "Núñez", "ana@uni.org", None)},
        ),
        (
            """Student,ID,SIS User ID,SIS Login ID,Section,tp (1)
    Points Possible,,,,,20
"Núñez, Ana",12,S1,ana,TP,
"Student, Test",13,,,TP,
""",
            {"ana": ("Ana", "Núñez", None, "12")},
        ),
        ("Login;Full name\nana;Ana María Núñez\n;;\n", {"ana": (None, "Ana María Núñez", None, None)}),
        ("ID;Section;Vorname\nana;A;Ana\n", {"ana": ("Ana", None, None, None)}),
        (
            'id,first_name\n"=""007""","=""Ana"""\n20261234.0,Bob\n',
            {"007": ("Ana", None, None, None), "20261234": ("Bob", None, None, None)},
        ),
    ],
)
def test_a_list_of_another_program_is_read(bare, capsys, text, people):
    code, said = entered(bare, text, capsys)
    assert code == 0, said
    assert known(bare) == people


def test_whoever_is_known_keeps_the_id_and_what_is_known_besides(bare, capsys):
    (bare.submitted / "anna" / "optimizers").mkdir(parents=True)
    with bare.gradebook() as book:
        book.add_student("Bob", first_name="Robert", email="b@uni.org")
    code, said = entered(bare, "id,first_name\nAnna,Anna\nbob,Bob\n", capsys)
    assert code == 0, said
    assert known(bare) == {"anna": ("Anna", None, None, None), "Bob": ("Bob", None, "b@uni.org", None)}
    assert "2 students of class.csv are in the gradebook, 1 of them new." in said


def test_the_column_of_the_ids_can_be_named(bare, capsys):
    assert entered(bare, LIST, capsys, "--column=E-Mail") == (
        1,
        "coursekit: class.csv has no column E-Mail, but id, first_name, last_name, email. Name one.\n",
    )
    code, said = entered(bare, LIST, capsys, "--column=Email")
    assert (code, set(known(bare))) == (0, {"ana@uni.org"})
    assert "Bob O'Two (bob) is left out: there is no id." in said


def test_who_cannot_be_entered_is_named_and_all_others_are(bare, capsys):
    text = "id,first_name\nana,Ana\nANA,Again\n1.23457E+11,Rounded\na\u200bb,Unseen\n[guest],Guest\n"
    text += "a/b,Path\n..,Up\n,Nobody\n"
    code, said = entered(bare, text, capsys)
    assert code == 0
    assert set(known(bare)) == {"ana", "[guest]"}
    for expected in (
        "Again (ANA) is left out: this id is there twice.",
        "Rounded (1.23457E+11) is left out: a spreadsheet has rounded this id.",
        "is left out: this id has letters that cannot be printed",
        "Path (a/b) is left out: no folder can have the name of this id.",
        "Up (..) is left out: no folder can have the name of this id.",
        "Nobody is left out: there is no id.",
        "nbgrader's own commands do not find the id [guest]",
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"PK\x03\x04...", "class.csv is an Excel or OpenDocument file. Save it as “CSV UTF-8”."),
        (b"\xd0\xcf\x11\xe0...", "class.csv is an Excel or OpenDocument file. Save it as “CSV UTF-8”."),
        (b"", "class.csv is no table: it has no columns. Save it as “CSV UTF-8”."),
        (b'id,x\n"1,2\n', "class.csv is damaged: a quote in it is not closed, or out of place. Save it as “CSV"),
        (b"Group;Mark\nA;1\n", "class.csv has no column of ids, such as id or Login, but Group, Mark."),
    ],
)
def test_what_is_no_list_is_refused_with_the_fix_and_without_a_traceback(bare, capsys, data, cause):
    code, said = entered(bare, data, capsys)
    assert code == 1
    assert said.startswith(f"coursekit: {cause}")
    assert known(bare) == {}


def test_downloads_are_collected_by_a_list_that_a_spreadsheet_has_saved(bare, collect):
    (bare.root / "notebooks" / "optimizers").mkdir(parents=True)
    (bare.root / "w.csv").write_bytes("Identifier;Full name;Username\nParticipant 7;Ana Núñez;ana\n".encode("cp1252"))
    download = {"Ana Núñez_7_assignsubmission_file_01_sgd.ipynb": "1"}
    files, said = collect(download, "--Collector.students=w.csv")
    assert files == {"ana/01_sgd.ipynb": "1"}
    assert "w.csv is not in UTF-8, and was read as Windows-1252. Check that the names are right (Ana" in said
