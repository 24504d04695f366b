"""A second download adds to the first, by the real `nbgrader zip_collect`: nothing newer, or of a person, is lost."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursekit.grading.classroom.course import Course
from coursekit.grading.exchange.collected import Collected, Source
from coursekit.grading.submission.times import handed_in
from tests.grading.conftest import ROOT
from tests.grading.exchange.test_collecting import CANVAS, WORKSHEET

pytestmark = pytest.mark.slow

RELEASE = ROOT / "notebooks" / "optimizers"
ANA, BOB, CLEO = (f"{name}_assignsubmission_file_" for name in ("Ana María_1001", "Bob Two_1002", "Cleo_1003"))


@pytest.fixture
def folder(bare: Course) -> Path:
    (bare.release / "optimizers").mkdir(parents=True)
    for stem in ("01_sgd", "02_rmsprop"):
        shutil.copy(RELEASE / f"{stem}.ipynb", bare.release / "optimizers")
    (bare.root / "w.csv").write_text(WORKSHEET)
    (bare.root / "c.csv").write_text(CANVAS)
    return bare.root


def download(hour: int, files: Mapping[str, str | bytes]) -> bytes:
    """Make a zip as Moodle and Canvas do: every file in it is of the time at which it was downloaded."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 1, hour, 0, 0)), content)
    return data.getvalue()


def work(stem: str, said: str) -> str:
    return (RELEASE / f"{stem}.ipynb").read_text(encoding="utf-8") + said


def test_a_second_download_adds_what_is_newer_and_removes_nothing(collect, folder):
    first = download(9, {f"{ANA}/01_sgd.ipynb": "1", f"{ANA}/02_rmsprop.ipynb": "2", f"{BOB}/01_sgd.ipynb": "3"})
    collect({"TP-42.zip": first})
    own = folder / "submitted" / "Ana-María-1001" / "optimizers"
    (own / "timestamp.txt").write_text("2026-10-01 08:00:00 UTC")
    (own / "notes").mkdir()
    (own / "notes" / "helper.py").write_text("by mail")
    (folder / "downloaded/optimizers/archive/TP-42.zip").unlink()
    files, said = collect(
        {"TP-42 (1).zip": download(18, {f"{ANA}/01_sgd.ipynb": "newer", f"{CLEO}/01_sgd.ipynb": "4"})}
    )
    assert files == {
        "Ana-María-1001/01_sgd.ipynb": "newer",
        "Ana-María-1001/02_rmsprop.ipynb": "2",
        "Ana-María-1001/timestamp.txt": "2026-10-01 08:00:00 UTC",
        "Ana-María-1001/notes/helper.py": "by mail",
        "Bob-Two-1002/01_sgd.ipynb": "3",
        "Cleo-1003/01_sgd.ipynb": "4",
    }
    assert "which counts" not in said
    assert not (folder / "downloaded" / "optimizers" / "extracted" / ".before").exists()


def test_an_older_download_replaces_nothing_newer(collect, folder):
    collect({"TP-42 (1).zip": download(18, {f"{ANA}/01_sgd.ipynb": "newer"})})
    (folder / "downloaded/optimizers/archive/TP-42 (1).zip").unlink()
    old = download(9, {f"{ANA}/01_sgd.ipynb": "older", f"{ANA}/02_rmsprop.ipynb": "2"})
    files, said = collect({"TP-42.zip": old})
    assert files == {"Ana-María-1001/01_sgd.ipynb": "newer", "Ana-María-1001/02_rmsprop.ipynb": "2"}
    assert "01_sgd.ipynb: Ana-María-1001 handed in another 01_sgd.ipynb, 01_sgd.ipynb, which counts; left where" in said


def test_what_a_person_put_there_stays(collect, folder):
    collect({"TP-42.zip": download(9, {f"{ANA}/01_sgd.ipynb": "cut o"})})
    mended = folder / "submitted" / "Ana-María-1001" / "optimizers" / "01_sgd.ipynb"
    mended.write_text("mended by hand")
    files, said = collect({"TP-42 (1).zip": download(18, {f"{ANA}/01_sgd.ipynb": "cut again"})})
    assert files == {"Ana-María-1001/01_sgd.ipynb": "mended by hand"}
    assert said.count("handed in another 01_sgd.ipynb, 01_sgd.ipynb, which counts; left where it is.") == 2


def test_what_a_run_that_was_broken_off_took_out_is_put_back(collect, folder):
    collect({"TP-42.zip": download(9, {f"{ANA}/01_sgd.ipynb": "1"})})
    before = folder / "downloaded" / "optimizers" / "extracted" / ".before"
    (before / "Ana-María-1001").mkdir(parents=True)
    (before / "Ana-María-1001" / "timestamp.txt").write_text("2026-10-01 08:00:00 UTC")
    files, _ = collect({})
    assert files["Ana-María-1001/timestamp.txt"] == "2026-10-01 08:00:00 UTC"
    assert not before.exists()


def test_where_a_file_came_from_is_known_whatever_letters_its_name_has(tmp_path):
    source = Source("Zo\udcebe_7_assignsubmission_file_/01_sgd.ipynb", 1.5)
    collected = Collected(tmp_path, "tp1")
    collected.add("Zo-7", "its content", source)
    collected.write()
    assert Collected(tmp_path, "tp1").source("Zo-7", "its content") == source


def test_to_collect_the_same_again_touches_nothing(collect, folder):
    downloads = {"TP-42.zip": download(9, {f"{ANA}/01_sgd.ipynb": "1", f"{BOB}/01_sgd.ipynb": "2"})}
    before, _ = collect(downloads)
    times = [path.stat().st_mtime_ns for path in sorted(folder.glob("submitted/*/*/*"))]
    files, said = collect({})
    assert files == before
    assert [path.stat().st_mtime_ns for path in sorted(folder.glob("submitted/*/*/*"))] == times
    assert "Skipped" not in said
    assert "Nothing in the downloads is newer than what was collected before." in said
    shutil.rmtree(folder / "submitted")
    assert collect({})[0] == before


def test_a_later_attempt_in_canvas_counts_under_whatever_name_and_the_number_decides(collect, folder):
    collect({"m_submissions.zip": download(9, {"doejane_12345_101_mine.ipynb": work("01_sgd", " 1")})})
    (folder / "downloaded/optimizers/archive/m_submissions.zip").unlink()
    later = {
        "doejane_12345_205_mine-1.ipynb": work("01_sgd", " 2"),
        "roerick_12346_206_02_rmsprop.ipynb": "2",
    }
    files, _ = collect({"m_submissions (1).zip": download(8, later)})  # by a clock that was put back
    assert {name: text[-2:] for name, text in files.items()} == {
        "doejane-12345/mine-1.ipynb": " 2",
        "roerick-12346/02_rmsprop.ipynb": "2",
    }


LATE = {"doejane_LATE_12345_101_01_sgd.ipynb": "1", "roerick_12346_102_01_sgd.ipynb": "2"}


def test_what_canvas_marks_as_late_is_named_with_what_a_penalty_needs(collect, folder):
    files, said = collect({"m_submissions.zip": download(9, LATE)}, "--Collector.students=c.csv")
    assert set(files) == {"jdoe/01_sgd.ipynb", "rroe/01_sgd.ipynb"}
    assert "Late by the mark of Canvas, which does not say when: jdoe. For a penalty, write the time into " in said
    assert "submitted/STUDENT/optimizers/timestamp.txt, as in 2026-11-01 18:00:00 UTC, or collect again with" in said
    collect({}, "--Collector.students=c.csv", "--Collector.late=2026-11-01 18:00:00 +0100")
    own = folder / "submitted"
    assert str(handed_in(own / "jdoe" / "optimizers")[0]) == "2026-11-01 17:00:00"
    assert handed_in(own / "rroe" / "optimizers") == (None, "")


def test_a_time_that_a_person_wrote_for_late_work_stays(collect, folder):
    collect({"m_submissions.zip": download(9, LATE)}, "--Collector.students=c.csv")
    stamp = folder / "submitted" / "jdoe" / "optimizers" / "timestamp.txt"
    stamp.write_text("2026-11-03 09:00:00 UTC")
    _, said = collect({}, "--Collector.students=c.csv", "--Collector.late=2026-11-01 18:00:00 UTC")
    assert stamp.read_text() == "2026-11-03 09:00:00 UTC"
    assert "Late by the mark" not in said


def test_names_and_addresses_of_a_list_go_to_the_gradebook_and_nothing_is_overwritten_with_nothing(collect, bare):
    with bare.gradebook() as book:
        book.add_student("ana@uni.org", first_name="Ana María", last_name="O'Neill-López", lms_user_id="77")
        book.add_student("jdoe", email="jane@uni.org")
    moodle = download(9, {f"{ANA}/01_sgd.ipynb": "1", f"{BOB}/01_sgd.ipynb": "2"})
    collect({"TP-42.zip": moodle}, "--Collector.students=w.csv")
    (bare.root / "downloaded/optimizers/archive/TP-42.zip").unlink()
    collect({"m_submissions.zip": download(9, LATE)}, "--Collector.students=c.csv")
    with bare.gradebook() as book:
        known = {each.id: (each.first_name, each.last_name, each.email, each.lms_user_id) for each in book.students}
    assert known == {
        "ana@uni.org": ("Ana María", "O'Neill-López", "ana@uni.org", "77"),
        "bob-tp@uni.org": (None, "Bob Two", "bob+tp@uni.org", None),
        "jdoe": ("Jane", "Doe", "jane@uni.org", "12345"),
        "rroe": ("Rick", "Roe", None, "12346"),
    }


def test_a_list_of_anonymous_students_says_once_that_it_has_no_ids(collect, folder):
    (folder / "w.csv").write_text(
        'Identifier,Status,Grade\n"Participant 1005",Submitted,\n"Participant 1006",Submitted,\n'
    )
    anonymous = {f"Participant_{number}_assignsubmission_file_/01_sgd.ipynb": number for number in ("1005", "1006")}
    files, said = collect({"TP-42.zip": download(9, anonymous)}, "--Collector.students=w.csv")
    assert set(files) == {"Participant-1005/01_sgd.ipynb", "Participant-1006/01_sgd.ipynb"}
    assert said.count("w.csv has no ids of students") == 1
    assert "is not in w.csv" not in said
