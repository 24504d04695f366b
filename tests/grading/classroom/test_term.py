"""One term from an empty folder: dates, a bad test, a behaviour left out, late work, words, a dispute, pages back."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from coursekit.cli import main
from coursekit.grading.answers.service import Change, Service, State
from coursekit.grading.classroom.course import CONFIG, Course
from tests.grading.classes import grade_here, shorten
from tests.solutions import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

NAMES = "id,first_name,last_name\nada,Ada,Byron\nben,Ben,Okri\neve,Eve,Moon\n"
TERM = {"tp1": "1 2", "tp2": "3 10", "devoir": "1 9 --language fr"}
WORDS = "tp1/01_sgd/sgd_words"
Say = Callable[..., str]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Lay a course with three assignments and a class list; Ada is right, Ben a day late and uphill, Eve absent."""
    folder = tmp_path_factory.mktemp("term") / "optimization"
    assert main(["init", str(folder), "--from", str(ROOT)]) == 0
    (folder / "class.csv").write_text(NAMES)
    assert main(["students", str(folder / "class.csv"), "--course", str(folder)]) == 0
    for stem in ("01_sgd", "02_rmsprop"):
        shorten(folder / "solutions" / "optimizers" / f"{stem}.ipynb")
    for day, (name, words) in enumerate(TERM.items(), start=10):
        due = f"2026-10-{day} 22:00 UTC"
        assert main(["assign", name, *words.split(), "--due", due, "--course", str(folder)]) == 0
    course = Course(root=folder)
    for student, stems, time in (("ada", ("01_sgd", "02_rmsprop"), "10 21:00"), ("ben", ("01_sgd",), "11 21:00")):
        place = course.submitted / student / "tp1"
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text(f"2026-10-{time}:00 UTC")
        for stem in stems:
            shutil.copy(course.solutions / "tp1" / f"{stem}.ipynb", place)
    edit(course.submitted / "ben" / "tp1" / "01_sgd.ipynb", "p -= ", "p += ")
    return course


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def points(course: Course) -> dict[str, dict[str, float]]:
    return {student: dict(own) for student, own in course.scores("tp1")}


def page(course: Course, student: str) -> str:
    return (course.feedback / student / "tp1" / "01_sgd.html").read_text(encoding="utf-8")


@pytest.fixture
def say(course: Course, capsys: pytest.CaptureFixture[str]) -> Say:
    """Type a command, which must go well, and return what it says."""

    def typed(*words: str) -> str:
        assert main([*words, "--course", str(course.root)]) == 0
        return capsys.readouterr().out

    return typed


def test_a_term_goes_from_an_empty_folder_to_pages_for_everybody(course, say, tmp_path, monkeypatch):
    # A typo in a hidden test stops the grading, and nobody loses anything by it.
    hidden = course.root / "tests" / "hidden" / "test_01_sgd.py"
    edit(hidden, "student.judge(behaviour)", "student.judge(behavior)")
    code, said = grade_here(course)
    assert (code, "test_01_sgd.py" in said, "behavior" in said) == (1, True, True)
    assert not course.feedback.exists() or not list(course.feedback.glob("*/*/*.html"))
    edit(hidden, "student.judge(behavior)", "student.judge(behaviour)")

    code, said = grade_here(course)
    assert code == 0, said
    assert points(course)["ada"] == {"01_sgd": 20.0, "02_rmsprop": 20.0}
    before = points(course)["ben"]["01_sgd"]
    assert 0 < before < 20
    assert "eve" in said

    # One behaviour is left out, and what is late counts nothing: the next grading follows both.
    config = course.root / CONFIG
    edit(config, '# c.Grade.weights = {"SGD.saved_state": 0}', 'c.Grade.weights = {"SGD.saved_state": 0}')
    edit(config, "# c.LateSubmissionPlugin", "c.LateSubmissionPlugin")
    monkeypatch.setenv("COLUMNS", "120")
    assert "not counted  SGD.saved_state" in say("points", "1")
    assert "tp1" in say("grade", "--why", "tp1")
    code, said = grade_here(course, "tp1")
    assert code == 0, said
    assert "not counted" in page(course, "ada")
    assert points(course)["ben"]["01_sgd"] == 0.0

    # Ben was ill.
    say("extend", "ben", "tp1", "--days", "3")
    code, said = grade_here(course, "tp1")
    assert code == 0, said
    assert 0 < points(course)["ben"]["01_sgd"] < before

    # Ada's answer is read, and stays read.
    service = Service(course)
    (ada,) = (each for group in service.answers(WORDS) for each in group.members if each.student == "ada")
    full = State(points=2.0, waits=False, comment="Well said.")
    assert service.decide(WORDS, [Change(id=ada.id, text=ada.text, seen=ada.state, to=full)]).refused == []
    code, said = grade_here(course, "tp1", "--student", "ada", "--again")
    assert code == 0, said
    assert points(course)["ada"]["01_sgd"] == 22.0
    assert "Well said." in page(course, "ada")

    # Ben does not agree: the instructor sees step by step what his class did.
    monkeypatch.chdir(tmp_path)
    say("replay", "ben", "01_sgd", "one_step")
    (replay,) = tmp_path.glob("replay*.ipynb")
    cells = nbformat.read(replay, as_version=4).cells
    assert any("p += " in cell.source for cell in cells)

    # The class at a glance, and pages for everybody.
    say("report", "--to", str(tmp_path / "reports"))
    assert "Ben Okri" in (tmp_path / "reports" / "tp1.html").read_text(encoding="utf-8")
    say("export", "pages", "tp1", "--to", str(tmp_path / "pages"))
    with zipfile.ZipFile(tmp_path / "pages" / "ada.zip") as own:
        assert {Path(name).name for name in own.namelist()} == {"01_sgd.html", "02_rmsprop.html"}
