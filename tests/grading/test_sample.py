"""The sample class is laid out as its table and its overlays say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from coursekit import ladders
from coursekit.building import build, scripts, write
from coursekit.errors import GradingError
from coursekit.grading.sample import TIMESTAMP, Student, lay_out, read_class
from coursekit.language import FOLDERS

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "sample"
STUDENTS = read_class(SAMPLE)
OVERLAYS = sorted(path for path in SAMPLE.glob("*/*") if path.is_file())
SOLUTION = re.compile(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)

ADA = '["ada"]\nname = "Ada"\ndescription = "all of it"\nassignment = "optimizers"\nbase = "reference"\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the notebooks of both languages, as released and as solved."""
    release, solutions = tmp_path_factory.mktemp("release"), tmp_path_factory.mktemp("solutions")
    for script in scripts(ROOT / "solutions"):
        for folder, language in FOLDERS.items():
            notebook = build(script, language)
            write(notebook, solutions / folder / f"{script.stem}.ipynb")
            for cell in notebook.cells:
                cell.source = SOLUTION.sub(r"\1raise NotImplementedError()", cell.source)
                if cell.cell_type == "markdown" and "nbgrader" in cell.metadata:
                    cell.source = "YOUR ANSWER HERE"
            write(notebook, release / folder / f"{script.stem}.ipynb")
    return release, solutions


@pytest.fixture(scope="module")
def submitted(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("submitted")
    lay_out(SAMPLE, *built, folder)
    return folder


def sources(path: Path) -> dict[str, str]:
    cells = nbformat.read(path, as_version=4).cells
    return {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell.source for cell in cells}


def a_class(folder: Path, table: str, **files: str) -> Path:
    folder = folder / "sample"
    (folder / "ada").mkdir(parents=True)
    (folder / "class.toml").write_text(table, encoding="utf-8")
    for name, text in files.items():
        (folder / "ada" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("student", STUDENTS, ids=lambda student: student.id)
def test_a_student_hands_in_every_notebook_but_the_missing_ones(student: Student, submitted: Path) -> None:
    folder = submitted / student.id / student.assignment
    handed_in = {path.stem for path in folder.glob("*.ipynb")}
    assert handed_in == {script.stem for script in scripts(ROOT / "solutions")} - set(student.missing)
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == TIMESTAMP


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_overlay_is_in_exactly_one_notebook(path: Path, submitted: Path) -> None:
    source = path.read_text(encoding="utf-8").rstrip("\n")
    notebooks = (submitted / path.parent.name).glob("*/*.ipynb")
    assert sum(source in sources(notebook).values() for notebook in notebooks) == 1


def test_the_code_of_all_overlays_but_one_is_python() -> None:
    broken = []
    for path in OVERLAYS:
        if path.suffix == ".py":
            try:
                ast.parse(path.read_text(encoding="utf-8"))
            except SyntaxError:
                broken.append(f"{path.parent.name}/{path.name}")
    assert broken == ["m.tanaka/adagrad.py"]


@pytest.mark.parametrize("student", STUDENTS, ids=lambda student: student.id)
def test_what_a_mistake_must_cost_is_a_behaviour_of_what_was_written(student: Student) -> None:
    for grade_id, behaviour in student.wrong.items():
        source = (SAMPLE / student.id / f"{grade_id}.py").read_text(encoding="utf-8")
        subject = re.findall(r"^(?:class|def) (\w+)", source, re.MULTILINE)[-1]
        assert behaviour in {rung.name for rung in ladders.ladder(subject)}


def test_the_base_decides_the_cells_without_overlay(built: tuple[Path, Path], tmp_path: Path) -> None:
    two = ADA + ADA.replace("ada", "bob").replace("reference", "untouched")
    lay_out(a_class(tmp_path, two), *built, tmp_path / "submitted")
    ada, bob = (sources(tmp_path / f"submitted/{name}/optimizers/01_sgd.ipynb") for name in ("ada", "bob"))
    assert 'p -= group["lr"] * p.grad' in ada["sgd"]
    assert "SOLUTION" not in ada["sgd"]
    assert ada["sgd_words"] == "YOUR ANSWER HERE"
    assert "raise NotImplementedError()" in bob["sgd"]


def test_an_added_cell_stands_before_the_cell_it_is_named_after(built: tuple[Path, Path], tmp_path: Path) -> None:
    lay_out(a_class(tmp_path, ADA, sgd__before__py="half = 0.5\n"), *built, tmp_path / "submitted")
    cells = list(sources(tmp_path / "submitted/ada/optimizers/01_sgd.ipynb").items())
    position = [source for _, source in cells].index("half = 0.5")
    assert cells[position + 1][0] == "sgd"


def test_a_second_call_takes_the_place_of_the_first(built: tuple[Path, Path], tmp_path: Path) -> None:
    sample, folder = a_class(tmp_path, ADA), tmp_path / "submitted/ada/optimizers"
    lay_out(sample, *built, tmp_path / "submitted")
    first = (folder / "02_rmsprop.ipynb").read_bytes()
    (sample / "class.toml").write_text(ADA + 'missing = ["01_sgd"]\n', encoding="utf-8")
    lay_out(sample, *built, tmp_path / "submitted")
    assert not (folder / "01_sgd.ipynb").exists()
    assert (folder / "02_rmsprop.ipynb").read_bytes() == first


@pytest.mark.parametrize(
    ("table", "files", "message"),
    [
        (ADA + "grade = 20", {}, r'class\.toml, table \["ada"\]: .*`grade`.* The keys of a student are name,'),
        (ADA.replace("reference", "own"), {}, r"'own'.*`\$\.base`"),
        (ADA.replace('name = "Ada"\n', ""), {}, "missing required field `name`"),
        (ADA + "wrong =", {}, r"class\.toml cannot be read"),
        (ADA.replace("ada", "bob"), {}, r'ada belongs to nobody; add a table \["ada"\]'),
        (ADA + 'missing = ["1_sgd"]', {}, "ada misses '1_sgd', which was never released"),
        (ADA, {"sdg__py": ""}, r"sdg\.py: no notebook handed in has a cell 'sdg'; there are sgd, "),
        (ADA + 'missing = ["01_sgd"]', {"sgd__py": ""}, r"sgd\.py: no notebook handed in has a cell 'sgd'"),
        (ADA, {"sgd__txt": ""}, r"sgd\.txt is no overlay; name it"),
        (ADA, {"sgd__md": ""}, r"sgd\.md is for a code cell; code is in \.py files"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(
    table: str, files: dict[str, str], message: str, built: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(GradingError, match=message):
        lay_out(a_class(tmp_path, table, **files), *built, tmp_path / "submitted")
    assert not (tmp_path / "submitted").exists()
