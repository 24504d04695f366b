"""What comes down from Moodle and Canvas in every form that it has in the wild, and archives that mean harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from coursekit.grading.exchange import unpacking
from coursekit.grading.exchange.attempts import names_of
from coursekit.grading.submission.intake import take_in
from coursekit.grading.submission.uploads import whose
from tests.grading.conftest import ROOT
from tests.grading.exchange.test_collecting import extract, packed

pytestmark = pytest.mark.slow

RELEASE = ROOT / "notebooks" / "optimizers"
AS_ANA = "Ana_1001_assignsubmission_file_/"
RAR, SEVEN = b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\0" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay out a course with its real notebooks, and what was downloaded for it."""
    course = tmp_path / "course"
    (course / "downloaded" / "optimizers" / "archive").mkdir(parents=True)
    shutil.copytree(RELEASE, course / "notebooks" / "optimizers")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    return course


def work(stem: str, said: str) -> bytes:
    """Make a notebook of the assignment that can be told from another of its name."""
    return (RELEASE / f"{stem}.ipynb").read_bytes() + b"\n" * len(said)


def taped(*entries: tarfile.TarInfo | tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as tape:
        for entry in entries:
            info = entry if isinstance(entry, tarfile.TarInfo) else tarfile.TarInfo(entry[0])
            content = b"" if isinstance(entry, tarfile.TarInfo) else entry[1]
            info.size = len(content) or info.size
            tape.addfile(info, io.BytesIO(content) if content else None)
    return data.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_names_in_utf_8_are_read_also_where_the_archive_does_not_say_so(tmp_path):
    data = bytearray(packed({"Łukasz Żółć_7_assignsubmission_file_/é.ipynb": "x"}))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + flags + 1] &= ~0x08
    assert extract(tmp_path, {"d.zip": bytes(data)}) == ["d/Łukasz Żółć_7_assignsubmission_file_/é.ipynb"]


def test_a_file_without_a_name_costs_itself(tmp_path):
    data = packed({"x": "1", "y.ipynb": "2"}).replace(b"x", b"\0")  # where Python ends a name
    assert extract(tmp_path, {"d.zip": data}) == ["d/y.ipynb"]


def test_names_in_the_letters_of_old_windows_stay_what_they_were(tmp_path):
    data = packed({"x.ipynb": "x"}).replace(b"x.ipynb", b"\x82.ipynb")
    assert extract(tmp_path, {"d.zip": data}) == ["d/é.ipynb"]


@pytest.mark.parametrize(
    ("name", "squeeze"),
    [
        ("work.tar", bytes),
        ("work.tar.gz", gzip.compress),
        ("WORK.TGZ", gzip.compress),
        ("work.tar-1.gz", gzip.compress),
        ("work.tar.bz2", bz2.compress),
        ("work.tbz2", bz2.compress),
        ("work.tar.xz", lzma.compress),
        ("work.txz", lzma.compress),
        ("work.zip", gzip.compress),
        ("work.rar", lambda _: packed({"tp/01_sgd.ipynb": "one", "tp/02_rmsprop.ipynb": "two"})),
    ],
)
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_an_archive_is_opened_as_what_it_is(tmp_path, name, squeeze, form):
    tape = taped(("tp/01_sgd.ipynb", b"one"), ("tp/02_rmsprop.ipynb", b"two" * 999), form=form)
    found = extract(tmp_path, {"d.zip": packed({f"{AS_ANA}{name}": squeeze(tape)})})
    assert [Path(path).name for path in found] == ["01_sgd.ipynb", "02_rmsprop.ipynb"]


def test_a_zip_at_the_end_of_a_tar_is_a_file_in_it(tmp_path):
    tape = taped(("01_sgd.ipynb", b"one"), ("more.zip", packed({"02_rmsprop.ipynb": "two"})))
    assert extract(tmp_path, {"w.tar": tape}) == ["w/01_sgd.ipynb", "w/more/02_rmsprop.ipynb"]


def test_what_leads_out_of_a_tape_or_is_no_file_is_left_there(tmp_path, caplog):
    harm = [
        entry("soft.ipynb", tarfile.SYMTYPE, "/etc/passwd"),
        entry("hard.ipynb", tarfile.LNKTYPE, "ok.ipynb"),
        entry("device.ipynb", tarfile.CHRTYPE),
        entry("block.ipynb", tarfile.BLKTYPE),
        entry("pipe.ipynb", tarfile.FIFOTYPE),
    ]
    out = [(name, b"x") for name in ("/tmp/coursekit-outside.ipynb", "../o.ipynb", "a/../../o.ipynb", "C:\\o.ipynb")]
    tape = taped(("ok.ipynb", b"ok"), *harm, *out, ("last.ipynb", b"last"))
    assert extract(tmp_path, {"w.tgz": gzip.compress(tape)}) == ["w/last.ipynb", "w/ok.ipynb"]
    assert caplog.text.count("it is a link or a device, not a file") == 5
    assert caplog.text.count("its name leads out of the archive") == 4
    assert not Path("/tmp/coursekit-outside.ipynb").exists()


def header(name: str, kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def sparse() -> bytes:
    """Make a file that says that it is a list of holes without end."""
    block = b"".join(tarfile.itn(number, 12) for number in range(1, 43)) + b"\x01"
    start = bytearray(header("holes.ipynb", tarfile.GNUTYPE_SPARSE, 0))
    start[482] = 1  # the list goes on
    start[148:156] = b" " * 8
    start[148:156] = b"%06o\0 " % sum(start)
    return bytes(start) + block.ljust(512, b"\0") * 2**14


@pytest.mark.parametrize(
    "tape",
    [
        lambda: header("bomb.ipynb", tarfile.REGTYPE, 2**30) + bytes(2**30),
        lambda: header("passed.pdf", tarfile.REGTYPE, 2**40),
        lambda: header("pax", tarfile.XHDTYPE, 2**28) + bytes(2**28),
        lambda: header("name", tarfile.GNUTYPE_LONGNAME, 2**28) + bytes(2**28),
        lambda: header("a.ipynb", tarfile.REGTYPE, 0) * 2 + header("back.ipynb", tarfile.REGTYPE, -1024),
        lambda: header("a.ipynb", tarfile.REGTYPE, 0) * 2 + header("back", tarfile.XHDTYPE, -1024),
        lambda: header("pax", tarfile.XHDTYPE, 0) * 5000,
        lambda: header("folder", tarfile.DIRTYPE, 0) * 2**16,
        sparse,
    ],
    ids=["large", "said to be large", "header", "name", "backwards", "back header", "chain", "folders", "sparse"],
)
def test_a_tape_that_unwinds_without_end_is_left_alone_before_it_takes_time_or_memory(
    tmp_path, caplog, monkeypatch, tape
):
    monkeypatch.setattr(unpacking, "ROOM", 2**26)
    monkeypatch.setattr(unpacking, "MAX_BYTES", 2**24)
    fine = gzip.compress(taped(("x.ipynb", b"x")))
    download = packed({"a/bomb.tgz": gzip.compress(tape(), 1), "b/fine.tgz": fine})
    tracemalloc.start()
    files = extract(tmp_path, {"d.zip": download})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert files == ["d/a/bomb.tgz", "d/b/fine/x.ipynb"]
    assert "bomb.tgz: " in caplog.text
    assert peak < 2**24


def test_of_attempts_in_canvas_the_last_counts_whatever_the_file_is_called(collect, folder):
    download = packed(
        {
            "doejane_1_101_final.work.ipynb": work("01_sgd", "1"),
            "doejane_1_102_final-1.work.ipynb": work("01_sgd", "22"),
            "doejane_1_110_final.work-2.ipynb": work("01_sgd", "333"),
            "doejane_1_111_final-6ba7b810-9dad-11d1-80b4-00c04fd430c8.work.ipynb": work("01_sgd", "4444"),
            "doejane_1_105_tp-1.ipynb": work("02_rmsprop", ""),
            "doejane_1_106_tp-2.ipynb": work("03_adagrad", ""),
            "doejane_1_107_04_adam.ipynb-1.txt": work("04_adam", "1"),
            "doejane_1_99_04_adam.ipynb.txt": work("04_adam", ""),
            "roerick_2_103_mine.ipynb": work("01_sgd", "1"),
            "roerick_2_question_7_104_05_adamw.ipynb": work("05_adamw", ""),
        }
    )
    again = packed({"roerick_LATE_2_203_mine-1.ipynb": work("01_sgd", "22")})
    files, said = collect({"m_1_2_submissions.zip": download, "m_1_2_submissions (1).zip": again})
    assert sorted(files) == [
        "doejane-1/04_adam.ipynb.txt",
        "doejane-1/final-6ba7b810-9dad-11d1-80b4-00c04fd430c8.work.ipynb",
        "doejane-1/tp-1.ipynb",
        "doejane-1/tp-2.ipynb",
        "roerick-2/05_adamw.ipynb",
        "roerick-2/mine-1.ipynb",
    ]
    assert files["doejane-1/04_adam.ipynb.txt"].endswith("}\n\n")
    assert said.count("which counts; left where it is.") == 5
    intake = take_in(folder / "submitted" / "doejane-1" / "optimizers", RELEASE)
    assert sorted(intake.files) == ["01_sgd", "02_rmsprop", "03_adagrad", "04_adam"]


@pytest.mark.parametrize(
    "file",
    ["01_sgd-1.ipynb", "01_sgd-12.ipynb", "01_sgd (2).ipynb", "01_sgd(2)-1.ipynb", "01_SGD-1.ipynb"],
)
def test_a_number_that_was_added_to_a_name_is_not_of_it(file):
    assert names_of(file, {"01_sgd": "01_sgd", "tp-1": "tp-1"})[0] == "01_sgd.ipynb"


def test_a_number_of_the_notebook_s_own_stays():
    known = {"tp-1": "tp-1", "tp": "tp"}
    assert [names_of(file, known)[0] for file in ("tp-1.ipynb", "tp-1-1.ipynb", "tp-2.ipynb")] == [
        "tp-1.ipynb",
        "tp-1.ipynb",
        "tp.ipynb",
    ]


def test_a_file_handed_in_for_a_question_of_a_quiz_is_its_students():
    upload = whose(("doejane_LATE_12_question_345_678_01_sgd.ipynb",))
    assert upload is not None
    assert (upload.name, upload.number, upload.order, upload.file) == ("doejane", "12", 678, "01_sgd.ipynb")


def test_the_mark_of_late_work_is_no_part_of_a_name_and_a_name_is_no_mark():
    uploads = [whose((f"{name}_12_678_LATE_work.ipynb",)) for name in ("doe_jane_LATE", "doe_late", "late")]
    told = [(upload.name, upload.late) for upload in uploads if upload]
    assert told == [("doe_jane", True), ("doe_late", False), ("late", False)]


def test_who_handed_in_what_cannot_be_opened_is_listed_with_what_to_do_and_again_when_graded(collect, folder):
    files, said = collect(
        {
            "TP.zip": packed(
                {
                    f"{AS_ANA}work.rar": RAR,
                    "Bob_1002_assignsubmission_file_/work.zip": SEVEN,
                    "Cleo_1003_assignsubmission_file_/work.zip": packed({"__MACOSX/._01_sgd.ipynb": "rubbish"}),
                }
            ),
            "Dan_1004_assignsubmission_file_work.7z": SEVEN,
            "backup of last year.7z": SEVEN,
        },
    )
    for student, name, why in (
        ("Ana-1001", "work.rar", "it is a RAR archive, which cannot be opened here"),
        ("Bob-1002", "work.zip", "it is a 7z archive, which cannot be opened here"),
        ("Cleo-1003", "work.zip", "nothing in it can be taken"),
        ("Dan-1004", "work.7z", "it is a 7z archive, which cannot be opened here"),
    ):
        place = folder / "submitted" / student / "optimizers"
        assert (place / name).is_file()
        assert f"{name}: {why}; left where it is." in said
        assert f"{student} handed in something that could not be opened, {name}. Unpack it in " in said
        ((told, remark),) = take_in(place, RELEASE).remarks
        assert told == name
        assert remark.endswith("unpack it here and remove it, or ask for the notebooks")
    assert set(files) == {"Ana-1001/work.rar", "Dan-1004/work.7z"}
    assert "backup of last year.7z: it is a 7z archive" in said


def test_what_lay_in_an_archive_counts_as_soon_as_somebody_has_unpacked_it_there(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work.rar").write_bytes(RAR)
    shutil.copy(RELEASE / "01_sgd.ipynb", tmp_path / "work")
    files = take_in(tmp_path, RELEASE).files
    assert {stem: file.path for stem, file in files.items()} == {"01_sgd": tmp_path / "work" / "01_sgd.ipynb"}


@pytest.mark.parametrize("name", ["01_sgd", "01_SGD.txt", "01_sgd.json", "01_sgd.ipynb.txt", "01_sgd.ipynb (1)"])
def test_a_notebook_with_another_ending_or_none_counts(tmp_path, name):
    shutil.copy(RELEASE / "01_sgd.ipynb", tmp_path / name)
    intake = take_in(tmp_path, RELEASE)
    assert {stem: file.path.name for stem, file in intake.files.items()} == {"01_sgd": name}
    assert intake.remarks == [(name, "it holds the notebook 01_sgd and is taken for 01_sgd.ipynb")]


@pytest.mark.parametrize("name", ["01_sgd", "01_SGD.txt", "01_sgd.json"])
def test_a_notebook_with_another_ending_or_none_is_collected(folder, collect, name):
    files, _ = collect({"d.zip": packed({f"Ana_1_assignsubmission_file_/{name}": work("01_sgd", "")})})
    assert set(files) == {f"Ana-1/{name.replace('SGD', 'sgd')}"}


def test_what_is_handed_out_may_change_while_a_process_goes_on(tmp_path):
    released, handed_in = tmp_path / "released", tmp_path / "handed in"
    released.mkdir()
    handed_in.mkdir()
    shutil.copy(RELEASE / "02_rmsprop.ipynb", handed_in / "Copy of 02_rmsprop.ipynb")
    shutil.copy(RELEASE / "01_sgd.ipynb", released)
    assert take_in(handed_in, released).files == {}, "that all notebooks begin alike makes none of them another"
    shutil.copy(RELEASE / "02_rmsprop.ipynb", released)
    assert set(take_in(handed_in, released).files) == {"02_rmsprop"}
