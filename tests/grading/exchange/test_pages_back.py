"""Pages go back to everybody, however they handed in: through the exchange, in Moodle or in Canvas.

Each system's way to find out whose a file is stands in a function here, as the system itself does it.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from nbgrader.apps import NbGraderAPI

from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.grading.exchange.exports import export
from tests.conftest import Once
from tests.grading import tiny
from tests.grading.classes import ASSIGNMENT, Class, copied, grade_here, reference
from tests.grading.exchange.test_collecting import packed
from tests.grading.forked import Run

pytestmark = pytest.mark.slow

STEMS = tuple(tiny.RIGHT)
FIRST, SECOND = (f"{stem}.html" for stem in STEMS)
MOODLE = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (submission)"
"Participant 1001","Ana María O'Neill-López",ana@uni.org,"Submitted for grading",,40.00,"Thursday, 1 October 2026, 6 PM"
"Participant 1002","Łukasz_Jan Żółć Müller",luk@uni.org,"Submitted for grading",,40.00,"Thursday, 1 October 2026, 7 PM"
"Participant 1003","No Work",none@uni.org,"No submission",,40.00,-
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,optimizers (1)
    Points Possible,,,,,40
"Doe, Jane",12345,S1,jdoe,TP,
"Roe, Rick",12346,S2,rroe,TP,
"Idle, Ida",12347,S3,iidle,TP,
"""


@pytest.fixture(scope="session")
def graded(once: Once, small: Class, quick_nbgrader: Run) -> Path:
    """Return a graded class, of which one handed in through the exchange, three in Moodle and three in Canvas."""

    def fill(folder: Path) -> None:
        course = small.judged(folder)
        exchange, home = folder / "exchange", folder / "home" / "ada"
        exchange.mkdir()
        exchange.chmod(0o777)
        home.mkdir(parents=True)
        settings = f"\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'coursekit'\n"
        with (course.root / CONFIG).open("a") as config:
            config.write(settings)
        (home / CONFIG).write_text(f"c = get_config(){settings}")
        with course.gradebook() as book:
            book.add_student("lazy")
        run(quick_nbgrader, course.root, "release_assignment", ASSIGNMENT)
        at_home(quick_nbgrader, home, "fetch_assignment")
        at_home(quick_nbgrader, home, "submit")
        run(quick_nbgrader, course.root, "collect", ASSIGNMENT)
        work = {stem: reference(course, stem) for stem in STEMS}
        in_moodle = {
            "Ana María O'Neill-López_1001_assignsubmission_file_/01_double.ipynb": work[STEMS[0]],
            "Łukasz Jan Żółć Müller_1002_assignsubmission_file_/all.zip": {
                f"{stem}.ipynb": work[stem] for stem in work
            },
            "Participant_1005_assignsubmission_file_/01_double.ipynb": work[STEMS[0]],
        }
        in_canvas = {
            "doejane_LATE_12345_67001_01_double.ipynb": "an earlier attempt",
            "doejane_LATE_12345_67003_01_double-1.ipynb": work[STEMS[0]],
            "doejane_LATE_12345_67002_02_square.ipynb": work[STEMS[1]],
            "roerick_12346_67004_my_work.zip": {f"tp/{STEMS[0]}.ipynb": work[STEMS[0]]},
            "anon_1a2b3_67005_02_square.ipynb": work[STEMS[1]],
        }
        (course.root / "m.csv").write_text(MOODLE, encoding="utf-8")
        (course.root / "c.csv").write_text(CANVAS, encoding="utf-8")
        archive = course.root / "downloaded" / ASSIGNMENT / "archive"
        archive.mkdir(parents=True)
        for name, files, table in (("TP-42", in_moodle, "m.csv"), ("m_101_submissions", in_canvas, "c.csv")):
            (archive / f"{name}.zip").write_bytes(packed(files))
            run(quick_nbgrader, course.root, "zip_collect", ASSIGNMENT, f"--Collector.students={table}")
            (archive / f"{name}.zip").unlink()
        assert grade_here(course)[0] == 0

    return once("pages_back", fill)


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Course:
    return copied(graded / "course", tmp_path)


def run(nbgrader: Run, folder: Path, *command: str, **environment: str) -> str:
    done = nbgrader(folder, *command, **environment)
    assert done.returncode == 0, done.stderr
    return done.stderr


def at_home(nbgrader: Run, home: Path, command: str) -> str:
    return run(
        nbgrader, home, command, ASSIGNMENT, f"--student={home.name}", JUPYTER_DATA_DIR=str(home.parent / "jupyter")
    )


def pages_of(course: Course, student: str) -> dict[str, bytes]:
    paths = (course.feedback / student / ASSIGNMENT).glob("*.html")
    return {path.name: path.read_bytes() for path in paths}


def in_moodle(path: Path, participants: set[str]) -> dict[str, dict[str, bytes]]:
    """Find by participant the files of a zip, as Moodle's import does: by the parts of a name between underscores."""
    found: dict[str, dict[str, bytes]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            folder, _, file = name.partition("/")
            _, number, kind, plugin, rest = folder.split("_", 4)
            assert (kind, plugin, rest) == ("assignsubmission", "file", "")
            assert number in participants
            assert not file.startswith((".", "~"))
            found.setdefault(number, {})[file] = archive.read(name)
    return found


def in_canvas(path: Path, attachments: dict[str, tuple[str, str]]) -> dict[str, dict[str, bytes]]:
    """Find by user the files of a zip, as Canvas does, and the names under which it shows them."""
    found: dict[str, dict[str, bytes]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert "/" not in name  # of which Canvas would see the end
            parts = [part for part in name.split("_") if part != "LATE"]
            user, number = (
                parts[1:3] if parts[0] == "anon" else [part for part in parts if re.fullmatch(r"\d+", part)][:2]
            )
            owner, shown = attachments[number]
            assert owner == user
            assert not parts[-1].startswith("link")
            found.setdefault(user, {})[shown] = archive.read(name)
    return found


ATTACHMENTS = {
    "67001": ("12345", "01_double.ipynb"),
    "67002": ("12345", "02_square.ipynb"),
    "67003": ("12345", "01_double-1.ipynb"),
    "67004": ("12346", "my_work.zip"),
    "67005": ("1a2b3", "02_square.ipynb"),
}


def test_release_feedback_does_what_it_can_and_names_the_others(graded, course, quick_nbgrader):
    said = run(quick_nbgrader, course.root, "release_feedback", ASSIGNMENT)
    assert "Traceback" not in said
    others = "Participant-1005, ana@uni.org, anon-1a2b3, jdoe, luk@uni.org, right, rroe, untouched, wrong"
    assert f"so their pages are not released: {others}. Give them back with coursekit export moodle-pages" in said
    home = graded / "home" / "ada"
    at_home(quick_nbgrader, home, "fetch_feedback")
    fetched = {path.name: path.read_bytes() for path in (home / ASSIGNMENT / "feedback").rglob("*.html")}
    assert fetched == pages_of(course, "ada")
    assert len(list((graded / "exchange").rglob("feedback/*.html"))) == len(fetched) == 2


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments")  # nbgrader misspells one
def test_the_formgrader_s_button_does_the_same(course):
    told = NbGraderAPI(config=course.config).release_feedback(ASSIGNMENT, "jdoe")
    assert told["success"], told
    assert "their pages are not released: jdoe." in told["log"]


def test_moodle_gets_the_pages_of_all_in_its_worksheet_and_the_others_are_named(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    assert main(["export", "moodle-pages", "--worksheet", "m.csv", ASSIGNMENT]) == 0
    pages = in_moodle(course.root / "moodle-pages.zip", {"1001", "1002", "1003"})
    assert pages == {"1001": pages_of(course, "ana@uni.org"), "1002": pages_of(course, "luk@uni.org")}
    assert capsys.readouterr().out.splitlines() == [
        "optimizers: handed in nothing, and get no pages: lazy.",
        "optimizers: answers wait for a person; submissions not complete: 8.",
        "In m.csv, and without work here: No Work (none@uni.org).",
        "Not in m.csv, and get no pages: Participant-1005, ada, anon-1a2b3, jdoe, right, rroe, untouched, wrong.",
        "moodle-pages.zip",
    ]


def test_moodle_gets_the_pages_of_anonymous_students_by_their_numbers(course):
    (course.root / "m.csv").write_text('Identifier,Status,Grade\n"Participant 1005",,\n"Participant 1006",,\n')
    said = export(course, "moodle-pages", course.root / "p.zip", worksheet=course.root / "m.csv")
    assert in_moodle(course.root / "p.zip", {"1005", "1006"}) == {"1005": pages_of(course, "Participant-1005")}
    assert any(line.endswith("and without work here: Participant 1006.") for line in said)


def test_where_two_students_would_have_one_row_neither_gets_the_pages_of_the_other(course):
    with course.gradebook() as book:
        book.add_student("ana2", email="ANA@uni.org")
    said = export(course, "moodle-pages", course.root / "p.zip", worksheet=course.root / "m.csv")
    assert in_moodle(course.root / "p.zip", {"1002"}).keys() == {"1002"}
    assert any("m.csv is several here, who get no pages: ana2, ana@uni.org." in line for line in said)


def test_without_a_worksheet_moodle_gets_pages_by_the_names_of_its_downloads(course):
    said = export(course, "moodle-pages", course.root / "p.zip")
    assert in_moodle(course.root / "p.zip", {"1001", "1002", "1005"}).keys() == {"1001", "1002", "1005"}
    assert said[-1].startswith("Nothing says who they are in Moodle, and they get no pages; give a --worksheet: ada,")


def test_canvas_gets_each_page_in_answer_to_the_file_that_counts_and_an_archive_for_an_archive(course):
    said = export(course, "canvas-pages", course.root / "p.zip")
    pages = in_canvas(course.root / "p.zip", ATTACHMENTS)
    jane = pages_of(course, "jdoe")
    assert pages["12345"] == {"01_double-1.ipynb": jane[FIRST], "02_square.ipynb": jane[SECOND]}
    with zipfile.ZipFile(io.BytesIO(pages["12346"]["my_work.zip"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == pages_of(course, "rroe")
    assert pages["1a2b3"] == {"02_square.ipynb": pages_of(course, "anon-1a2b3")[SECOND]}
    assert said[-2:] == (
        "Get no pages of what they did not hand in: anon-1a2b3.",
        "Canvas shows pages as what they answer: 01_sgd.ipynb is a page, to be saved as 01_sgd.html.",
    )


def test_canvas_gets_pages_of_those_in_its_gradebook_and_the_others_are_named(course, monkeypatch):
    monkeypatch.chdir(course.root)
    said = export(course, "canvas-pages", course.root / "p.zip", worksheet=Path("c.csv"))
    assert in_canvas(course.root / "p.zip", ATTACHMENTS).keys() == {"12345", "12346"}
    assert "In c.csv, and without work here: Idle, Ida (iidle)." in said
    assert any(line.startswith("Not in c.csv, and get no pages: Participant-1005, ada, ana@uni.org") for line in said)


def test_each_student_gets_a_zip_file_with_all_pages(course, quick_nbgrader):
    run(quick_nbgrader, course.root, "export", "--exporter=coursekit.grading.exchange.pages.PagesExport")
    assert len(list((course.root / "pages").iterdir())) == 10
    with zipfile.ZipFile(course.root / "pages" / "ada.zip") as archive:
        read = {name.removeprefix("optimizers/"): archive.read(name) for name in archive.namelist()}
    assert read == pages_of(course, "ada")


def test_what_is_too_large_for_an_upload_takes_several_files(course):
    course.config.MoodlePages.most = 0
    said = export(course, "moodle-pages", course.root / "p.zip", worksheet=course.root / "m.csv")
    assert said[-1] == "The pages take more than one file. Upload each of them: p.zip, p-2.zip."
    found = [set(in_moodle(course.root / name, {"1001", "1002"})) for name in ("p.zip", "p-2.zip")]
    assert found == [{"1001"}, {"1002"}]


def test_pages_that_can_be_given_to_nobody_are_refused_with_the_fix(course):
    (course.root / "downloaded" / ASSIGNMENT / "collected.json").unlink()
    for kind, names, cause in (
        ("canvas-pages", (ASSIGNMENT,), "Nobody's pages can be given back so.* Were not collected from a download of"),
        ("moodle-pages", ("optimiseurs",), "The gradebook has no assignment optimiseurs"),
    ):
        with pytest.raises(GradingError, match=cause):
            export(course, kind, course.root / "p.zip", assignments=names)
    shutil.rmtree(course.feedback)
    with pytest.raises(GradingError, match="There are no pages to give back: run `coursekit grade` first"):
        export(course, "pages", course.root / "p")
