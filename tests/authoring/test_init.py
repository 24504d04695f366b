"""A course of one's own: laid in an empty folder from the source, with the package that is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursekit.authoring.bundle import make_bundles
from coursekit.authoring.init import lay
from coursekit.cli import main
from coursekit.errors import GradingError
from coursekit.grading.classroom.course import Course
from tests.grading.classes import grade_here, shorten
from tests.solutions import ROOT

pytestmark = pytest.mark.slow

ASSIGNMENT = "tp1"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build what a release consists of: the source, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("published")
    clone = folder / "clone"
    left_out = shutil.ignore_patterns(".*", "build", "benchmarks", "notebooks", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=left_out)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def source(published: Path) -> Path:
    return next(published.glob("coursekit-*.tar.gz"))


@pytest.fixture(scope="module")
def course(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Lay a course, make an assignment, hand in a solution, and grade."""
    folder = tmp_path_factory.mktemp("mine") / "optimization 2026"
    assert main(["init", str(folder), "--from", str(source)]) == 0
    shorten(folder / "solutions" / "optimizers" / "01_sgd.ipynb")
    assert main(["assign", ASSIGNMENT, "1", "--due", "2026-10-31 23:00 +0100", "--course", str(folder)]) == 0
    course = Course(root=folder)
    shutil.copytree(course.solutions / ASSIGNMENT, course.submitted / "ada" / ASSIGNMENT)
    code, said = grade_here(course)
    assert code == 0, said
    return course


def test_a_class_is_graded_in_it(course):
    assert dict(course.scores(ASSIGNMENT)) == {"ada": {"01_sgd": 20.0}}
    assert (course.feedback / "ada" / ASSIGNMENT / "01_sgd.html").is_file()


def test_an_assignment_is_due_when_its_instructor_says(course, capsys):
    def due():
        with course.gradebook() as book:
            return f"{book.find_assignment(ASSIGNMENT).duedate:%Y-%m-%d %H:%M}"

    assert due() == "2026-10-31 22:00"
    assert main(["assign", ASSIGNMENT, "--due", "2026-11-07 22:00 UTC", "--course", str(course.root)]) == 0
    assert due() == "2026-11-07 22:00"
    assert main(["assign", ASSIGNMENT, "--due", "in a week", "--course", str(course.root)]) == 1
    assert "is not a date and a time" in capsys.readouterr().err


def test_git_leaves_out_what_holds_names_marks_or_the_seed(course):
    subprocess.run(["git", "init", "-q"], cwd=course.root, check=True)
    command = ["git", "ls-files", "--others", "--exclude-standard"]
    kept = subprocess.run(command, cwd=course.root, check=True, capture_output=True, text=True).stdout.split("\n")
    assert {path.split("/")[0] for path in kept if path} == {
        *(
            ".gitignore",
            "docs",
            "environment.yml",
            "nbgrader_config.py",
            "notebooks",
            "pytest.ini",
            "solutions",
            "tests",
        )
    }


def test_every_course_has_a_seed_of_its_own_and_none_is_graded_without(course, source, tmp_path):
    lay(tmp_path, source)
    other = Course(root=tmp_path)
    assert other.config.Grade.seed != course.config.Grade.seed
    (tmp_path / "seed.txt").unlink()
    with pytest.raises(SystemExit, match=r"seed\.txt holds no number"):
        _ = Course(root=tmp_path).config
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "seed.txt holds no number" in done.stderr) == (1, True)


def test_students_get_its_notebooks_and_the_package_without_a_solution_and_without_the_grader(
    course, published, tmp_path
):
    (path,) = make_bundles(course.root, tmp_path, {ASSIGNMENT: "en"})
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(tmp_path)
        inside = set(bundle.namelist())
    (wheel,) = (tmp_path / ASSIGNMENT).glob("*.whl")
    assert {f"{ASSIGNMENT}/{name}" for name in ("01_sgd.ipynb", "README.md", "environment.yml", wheel.name)} == inside
    with zipfile.ZipFile(wheel) as own, zipfile.ZipFile(published / wheel.name) as released:
        missing = set(released.namelist()) - set(own.namelist())
        assert set(own.namelist()) < set(released.namelist())
        assert not [name for name in own.namelist() if "hidden" in name or "solutions" in name]
    parts = {"/".join(name.split("/")[:2]) for name in missing - {"coursekit/french/report.toml"}}
    assert parts == {"coursekit/authoring", "coursekit/cli.py", "coursekit/grading"}


# what is refused


def test_nothing_is_laid_where_something_lies(source, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(GradingError, match="is not empty"):
        lay(tmp_path, source)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_students_install_is_no_source_and_the_right_one_is_named(published, tmp_path):
    wheel = next(published.glob("*.whl"))
    with pytest.raises(GradingError, match=r"has no pyproject\.toml\. Give the source of version .*tar\.gz"):
        lay(tmp_path / "course", wheel)
    assert not (tmp_path / "course").exists()


def test_the_source_of_another_version_is_refused(tmp_path):
    clone = tmp_path / "clone"
    for name in ("solutions", "docs", "tests/hidden"):
        shutil.copytree(ROOT / name, clone / name)
    shutil.copy(ROOT / "environment.yml", clone)
    (clone / "pyproject.toml").write_text('[project]\nversion = "99.1"\n')
    with pytest.raises(GradingError, match=r"is version 99\.1, and version .* is installed"):
        lay(tmp_path / "course", clone)


def test_an_assignment_that_is_there_is_left_as_it_is(course, capsys):
    before = (course.solutions / ASSIGNMENT / "01_sgd.ipynb").stat().st_mtime_ns
    for words, said in {
        (ASSIGNMENT, "2"): "is there already",
        ("tp2", "99"): "'99' names no notebooks",
        ("tp2",): "There is no assignment 'tp2'",
        ("../tp2", "2"): "is no name of an assignment",
        ("tp2", "2", "--language", "de"): "no notebooks in 'de', only in en and fr",
    }.items():
        assert main(["assign", *words, "--course", str(course.root)]) == 1
        assert said in capsys.readouterr().err
    assert (course.solutions / ASSIGNMENT / "01_sgd.ipynb").stat().st_mtime_ns == before
    assert not (course.solutions / "tp2").exists()


def test_a_course_of_one_s_own_is_never_replaced_by_the_sample(course, capsys):
    assert main(["sample", str(course.root), "--course", str(ROOT)]) == 1
    assert "is a course of its own, and is left as it is" in capsys.readouterr().err
    assert (course.root / "seed.txt").is_file()


@pytest.mark.parametrize("words", [("notebooks",), ("new", "10_momentum", "Momentum"), ("sample", "there")])
def test_what_needs_a_clone_says_so(course, words, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    assert main(list(words)) == 1
    assert "a clone of coursekit" in capsys.readouterr().err.lower()
