"""Downloads of Moodle and Canvas, taken in by the real `nbgrader zip_collect`; some of what is in them means harm."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursekit.grading.classroom.course import CONFIG, Course
from coursekit.grading.exchange import unpacking
from coursekit.grading.exchange.unpacking import Extractor
from tests.grading.conftest import ROOT, nbgrader

pytestmark = pytest.mark.slow

NINE = sorted(path.name for path in (ROOT / "notebooks" / "optimizers").glob("*.ipynb"))
WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade"
"Participant 1001","Ana María O'Neill-López",ana@uni.org,Submitted,,20.00
"Participant 1002","Bob Two",bob+tp@uni.org,Submitted,,20.00
"Participant 1003","Path Finder",../../../evil,Submitted,,20.00
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,optimizers (1)
    Points Possible,,,,,20
"Doe, Jane",12345,S1,jdoe,TP,
"Roe, Rick",12346,S2,rroe,TP,
"""

Content = bytes | str | Mapping[str, "Content"]


def packed(files: Mapping[str, Content]) -> bytes:
    """Make a zip file; what is a mapping in it is one, too."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, packed(content) if isinstance(content, Mapping) else content)
    return data.getvalue()


def link(name: str, target: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return data.getvalue()


@pytest.fixture
def folder(bare: Course) -> Path:
    course = bare.root / "course"
    (course / "downloaded" / "optimizers" / "archive").mkdir(parents=True)
    for name in (CONFIG, "gradebook.db"):
        (bare.root / name).rename(course / name)
    (course / "notebooks" / "optimizers").mkdir(parents=True)
    for name in NINE:
        (course / "notebooks" / "optimizers" / name).write_text("{}")
    (course / "w.csv").write_text(WORKSHEET)
    (course / "c.csv").write_text(CANVAS)
    return course


def test_a_download_of_moodle_is_collected_whatever_form_it_has(folder, collect):
    work = {f"work of ana/{name}": name for name in NINE}
    download = packed(
        {
            "Ana María O'Neill-López_1001_assignsubmission_file_/all.zip": {
                **work,
                "__MACOSX/work of ana/._01_sgd.ipynb": "rubbish",
                "work of ana/.ipynb_checkpoints/01_sgd-checkpoint.ipynb": "old",
            },
            "Bob_Two_1002_assignsubmission_file/sub/folder/01_sgd.ipynb": "bob",
            "Bob_Two_1002_assignsubmission_file/report.pdf": "no notebook",
            "No Folder_1004_assignsubmission_file_01_sgd (1).ipynb": "four",
            "No Folder_1004_assignsubmission_file_02_RMSPROP.ipynb.txt": "saved by a browser",
            "Participant_1005_assignsubmission_file_/work.ipynb": "under another name",
            "Łukasz Żółć_1006_assignsubmission_file_more.zip": {"01_sgd.ipynb": "six"},
            "Łukasz Żółć_1006_assignsubmission_onlinetext_/onlinetext.html": "words",
            "Path Finder_1003_assignsubmission_file_/01_sgd.ipynb": "three",
            "Group A_77_assignsubmission_file_/01_sgd.ipynb": "group",
            "readme/01_sgd.ipynb": "whose is it",
        }
    )
    files, said = collect({"TP 1-optimizers-42.zip": download}, "--Collector.students=w.csv")
    assert files == {
        **{f"ana@uni.org/{name}": name for name in NINE},
        "bob-tp@uni.org/01_sgd.ipynb": "bob",
        "evil/01_sgd.ipynb": "three",
        "No-Folder-1004/01_sgd.ipynb": "four",
        "No-Folder-1004/02_rmsprop.ipynb.txt": "saved by a browser",
        "Participant-1005/work.ipynb": "under another name",
        "Łukasz-Żółć-1006/01_sgd.ipynb": "six",
        "Group-A-77/01_sgd.ipynb": "group",
    }
    assert "readme/01_sgd.ipynb: its name does not say whose it is; left where it is." in said
    assert (folder / "downloaded/optimizers/extracted/TP 1-optimizers-42/readme/01_sgd.ipynb").is_file()
    assert "No Folder 1004 is not in w.csv, or more than once; collected as No-Folder-1004." in said
    assert "bob+tp@uni.org cannot be a student's id; collected as bob-tp@uni.org." in said
    assert "report.pdf" in said


def test_a_download_of_canvas_is_collected_and_the_newest_counts(collect):
    download = packed(
        {
            "doejane_LATE_12345_67001_01_sgd.ipynb": "first",
            "doejane_LATE_12345_67009_01_sgd-2.ipynb": "newest",
            "doejane_LATE_12345_67005_01_sgd-1.ipynb": "second",
            "doejane_12345_67006_work.zip": {f"tp/{name}": name for name in NINE},
            "roe_rick2_12346_67002_02_rmsprop.ipynb": "rick",
            "roe_rick2_12346_67003_12399_67004_01_sgd.ipynb": "a name like Canvas's",
            "łukaszżółć_12347_67007_01_sgd.ipynb": "not in the gradebook",
            "anon_1a2b3_67008_01_sgd.ipynb": "nobody",
            "LATE_anon_9z8y7_67010_01_sgd.ipynb": "nobody else",
        }
    )
    files, said = collect({"math_101_2_submissions (1).zip": download}, "--Collector.students=c.csv")
    assert files == {
        **{f"jdoe/{name}": name for name in NINE},
        "jdoe/01_sgd.ipynb": "newest",
        "rroe/02_rmsprop.ipynb": "rick",
        "rroe/12399_67004_01_sgd.ipynb": "a name like Canvas's",
        "łukaszżółć-12347/01_sgd.ipynb": "not in the gradebook",
        "anon-1a2b3/01_sgd.ipynb": "nobody",
        "anon-9z8y7/01_sgd.ipynb": "nobody else",
    }
    left = [line for line in said.splitlines() if "jdoe handed in another 01_sgd.ipynb" in line]
    assert len(left) == 3
    assert all("01_sgd-2.ipynb, which counts; left where it is." in line for line in left)


def test_modules_beside_a_notebook_are_collected_with_it_and_of_each_the_newest(collect):
    moodle = packed(
        {
            "Ana María_1_assignsubmission_file_/all.zip": {
                "tp/01_sgd.ipynb": "ana",
                "tp/my_utils.py": "ana's",
                "tp/tools/__init__.py": "",
                "tp/tools/deep/no.py": "too deep",
                "venv/lib.py": "elsewhere",
                "tp/not-a-name.py": "cannot be imported",
            },
            "Bob_2_assignsubmission_file_01_sgd.ipynb": "bob",
            "Bob_2_assignsubmission_file_my_utils.py": "bob's",
        }
    )
    canvas = packed(
        {
            "doejane_12345_67001_my_utils.py": "first",
            "doejane_12345_67002_01_sgd.ipynb": "jane",
            "doejane_12345_67003_my_utils-1.py": "newest",
        }
    )
    files, said = collect({"m.zip": moodle, "c_submissions.zip": canvas})
    assert files == {
        "Ana-María-1/01_sgd.ipynb": "ana",
        "Ana-María-1/my_utils.py": "ana's",
        "Ana-María-1/tools/__init__.py": "",
        "Bob-2/01_sgd.ipynb": "bob",
        "Bob-2/my_utils.py": "bob's",
        "doejane-12345/01_sgd.ipynb": "jane",
        "doejane-12345/my_utils.py": "newest",
    }
    assert "doejane-12345 handed in another my_utils.py, doejane_12345_67003_my_utils-1.py, which counts" in said
    again, _ = collect({"c_submissions.zip": packed({"doejane_12345_67009_my_utils-2.py": "newer still"})})
    assert again == {**files, "doejane-12345/my_utils.py": "newer still"}


def test_whoever_hands_in_what_is_no_notebook_is_named(collect):
    names = ("01_sgd.pdf", "01_sgd.html", "01_sgd.py", "my_utils.py", "data.csv")
    download = packed({f"S{number}_{number}_assignsubmission_file_/{name}": "x" for number, name in enumerate(names)})
    files, said = collect({"d.zip": download})
    assert files == {}
    for number, name in enumerate(names):
        assert f"S{number}-{number} handed in no notebook, but {name}; left where it is." in said


AS_ANA = "Ana María O'Neill-López_1001_assignsubmission_file_"
AS_JANE = "doejane_12345_67001_"
WORK = packed({f"{AS_ANA}/01_sgd.ipynb": "1", f"{AS_JANE}02_rmsprop.ipynb": "2"})


@pytest.mark.parametrize(
    "downloads",
    [
        {"Bob Two_1002_assignsubmission_file_/work.zip": WORK},
        {
            "d.zip": packed(
                {
                    "Bob Two_1002_assignsubmission_file_/work.zip": WORK,
                    f"Bob Two_1002_assignsubmission_file_/{AS_ANA}03_momentum.ipynb": "3",
                    f"Bob Two_1002_assignsubmission_file_{AS_ANA}04_x.ipynb": "4",
                    f"Bob Two_1002_assignsubmission_file_{AS_JANE}05_x.ipynb": "5",
                }
            )
        },
    ],
)
@pytest.mark.hostile
def test_nobody_can_hand_in_for_somebody_else(collect, downloads):
    files, _ = collect(downloads, "--Collector.students=w.csv")
    assert {name.partition("/")[0] for name in files} == {"bob-tp@uni.org"}
    assert sorted(files.values()) == list("12345")[: len(files)]
    assert len(files) > 1


def test_of_two_files_of_one_name_the_one_least_deep_counts_and_the_other_is_said(collect):
    files, said = collect(
        {
            "Ana_1_assignsubmission_file_/b/01_sgd.ipynb": "deep",
            "Ana_1_assignsubmission_file_/01_sgd.ipynb": "right",
            "Ana_1_assignsubmission_file_/c/01_sgd.ipynb": "right",
            "Bob_2_assignsubmission_file_01_sgd.ipynb": "bob",
        },
    )
    assert files == {"Ana-1/01_sgd.ipynb": "right", "Bob-2/01_sgd.ipynb": "bob"}
    assert said.count("Ana-1 handed in another 01_sgd.ipynb") == 1
    assert "b/01_sgd.ipynb: Ana-1" in said


def test_who_has_somebody_elses_id_gets_another(folder, collect):
    (folder / "w.csv").write_text(WORKSHEET.replace("bob+tp@uni.org", "ana@uni.org"))
    downloads = {f"X_{number}_assignsubmission_file_/01_sgd.ipynb": number for number in ("1001", "1002")}
    files, said = collect(downloads, "--Collector.students=w.csv", "--Collector.column=email address")
    assert files == {"ana@uni.org/01_sgd.ipynb": "1001", "ana@uni.org-1002/01_sgd.ipynb": "1002"}
    assert "has the id ana@uni.org of somebody else" in said


@pytest.mark.hostile
def test_hostile_names_and_archives_harm_nobody(folder, collect):
    start = "Eve_666_assignsubmission_file_"
    download = packed(
        {
            "Bob_2_assignsubmission_file_/01_sgd.ipynb": "bob",
            "../../../../outside.ipynb": "x",
            "/tmp/coursekit-outside.ipynb": "x",
            "C:\\outside.ipynb": "x",
            f"{start}/..\\..\\..\\outside.ipynb": "x",
            f"{start}/a.zip": {"../../../../../outside.ipynb": "x", "ok\\01_sgd.ipynb": "eve"},
            f"{start}/b.zip": link("02_rmsprop.ipynb", str(folder / "nbgrader_config.py")),
            f"{start}/c.zip": b"no zip at all",
            f"{start}/d.zip": packed({"03_adagrad.ipynb": "x"})[:-30],
            f"{start}/{'n' * 300}.ipynb": "x",
            f"{start}/=HYPERLINK(1)\n[WARNING] all is well\x1b[31m.ipynb": "a name",
            ".._1_assignsubmission_file_/01_sgd.ipynb": "dots",
            "a+b*?[x]{y}_3_assignsubmission_file_/01_sgd.ipynb": "pattern",
        }
    )
    (folder / "downloaded/optimizers/archive/Mal_7_assignsubmission_file_").mkdir()
    (folder / "downloaded/optimizers/archive/Mal_7_assignsubmission_file_/01_sgd.ipynb").symlink_to(folder / "w.csv")
    before = {path for path in folder.parent.rglob("*") if path.name != "nbgrader.log"}
    files, said = collect({"d.zip": download})
    new = {path.relative_to(folder).parts[0] for path in folder.parent.rglob("*") if path not in before}
    assert new <= {"submitted", "downloaded", ".nbgrader.log", "nbgrader.log"}
    assert not Path("/tmp/coursekit-outside.ipynb").exists()
    assert files == {
        "Bob-2/01_sgd.ipynb": "bob",
        "Eve-666/01_sgd.ipynb": "eve",
        "Eve-666/=HYPERLINK(1)_[WARNING] all is well_[31m.ipynb": "a name",
        "1/01_sgd.ipynb": "dots",
        "a-b-x-y-3/01_sgd.ipynb": "pattern",
    }
    for expected in (
        "outside.ipynb: its name leads out of the archive; left where it is.",
        "b.zip: 02_rmsprop.ipynb: it is a link or a device, not a file; left where it is.",
        "c.zip: it is damaged, or no archive; left where it is.",
        "d.zip: it is damaged, or no archive; left where it is.",
        "it cannot be written (File name too long); left where it is.",
        "Mal_7_assignsubmission_file_/01_sgd.ipynb: it is a link, not a file; left where it is.",
    ):
        assert expected in said
    assert said.count("its name leads out of the archive") == 5
    assert "\n[WARNING] all is well" not in said


def extract(tmp_path: Path, downloads: Mapping[str, bytes]) -> list[str]:
    for name, content in downloads.items():
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / "archive" / name).write_bytes(content)
    Extractor().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    found = [path for path in (tmp_path / "extracted").rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(tmp_path / "extracted")) for path in found)


@pytest.mark.hostile
def test_a_bomb_costs_its_owner_alone(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(unpacking, "ROOM", 4 * 2**20)
    monkeypatch.setattr(unpacking, "MAX_BYTES", 2**20)
    small = {"x.ipynb": "x"}
    bomb = {f"{number}.ipynb": b"\0" * 2**19 for number in range(9)}
    nested = {f"{number}.zip": {"y.ipynb": b"\0" * 2**20} for number in range(9)}
    files = extract(
        tmp_path,
        {
            "d.zip": packed(
                {
                    "a/s.zip": small,
                    "b/bomb.zip": bomb,
                    "c/nested.zip": nested,
                    "e/deep.zip": {"1.zip": {"2.zip": small}},
                }
            ),
            "large.zip": packed({"huge.ipynb": b"\0" * (2**20 + 1), "fine.ipynb": "x"}),
        },
    )
    assert "d/a/s/x.ipynb" in files
    assert "d/b/bomb.zip" in files
    assert not [file for file in files if file.startswith("d/b/bomb/")]
    assert "bomb.zip: unpacked, it takes more room than there is for it; left where it is." in caplog.text
    assert len([file for file in files if file.endswith("y.ipynb")]) == 3
    assert "d/e/deep/1/2.zip" in files
    assert "2.zip: it is an archive in an archive in an archive; left where it is." in caplog.text
    assert [file for file in files if file.startswith("large")] == ["large/fine.ipynb"]
    assert "huge.ipynb: it is too large for a notebook" in caplog.text


@pytest.mark.hostile
def test_an_archive_of_too_many_files_is_left_where_it_is(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_FILES", 10)
    files = extract(tmp_path, {"many.zip": packed({f"{number}.ipynb": "" for number in range(11)})})
    assert files == []
    assert "many.zip: more than 10 files are in it; left where it is." in caplog.text


def test_a_full_disk_is_not_filled_up(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(unpacking, "SPARE", 2**60)
    assert extract(tmp_path, {"d.zip": packed({"x.ipynb": "x"})}) == []
    assert "it takes more room than there is for it" in caplog.text


@pytest.mark.parametrize("kind", ["gz", ""])
@pytest.mark.hostile
def test_a_tar_is_unpacked_without_its_links(tmp_path, caplog, kind):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=f"w:{kind}") as archive:
        for name, type_ in (
            ("ok/01_sgd.ipynb", tarfile.REGTYPE),
            ("l.ipynb", tarfile.SYMTYPE),
            ("../o.ipynb", tarfile.REGTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = type_, "/etc/passwd"
            archive.addfile(info)
    assert extract(tmp_path, {"w.tar.gz": data.getvalue()}) == ["w/ok/01_sgd.ipynb"]
    assert "l.ipynb: it is a link or a device" in caplog.text
    assert "o.ipynb: its name leads out of the archive" in caplog.text


def test_what_has_a_password_is_said_and_the_rest_is_taken(tmp_path, caplog):
    data = bytearray(packed({"locked.ipynb": "x", "open.ipynb": "y"}))
    data[6] |= 1  # the flag in the file's own header, and in the list at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert extract(tmp_path, {"d.zip": bytes(data)}) == ["d/open.ipynb"]
    assert "locked.ipynb: it is damaged, or has a password" in caplog.text


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_costs_itself_and_no_other(tmp_path, caplog, method):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr("bad.ipynb", bytes(range(256)) * 50)
        archive.writestr("good.ipynb", "{}", zipfile.ZIP_STORED)
    broken = bytearray(data.getvalue())
    start = 30 + len("bad.ipynb") + 12
    broken[start : start + 60] = b"\xff" * 60
    assert extract(tmp_path, {"d.zip": bytes(broken)}) == ["d/good.ipynb"]
    assert "bad.ipynb: it is damaged, or has a password" in caplog.text


def test_a_list_that_cannot_be_used_stops_the_command_in_a_line(folder):
    (folder / "downloaded/optimizers/archive/X_1_assignsubmission_file_01_sgd.ipynb").write_text("x")
    options = ("--Collector.students=c.csv", "--Collector.column=Email address")
    run = nbgrader(folder, "zip_collect", "optimizers", *options)
    assert run.returncode == 1
    assert "c.csv has no column Email address, but Student" in run.stderr
    assert "Traceback" not in run.stderr
