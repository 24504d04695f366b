"""The sample class is laid out as its table and the files of its students say."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat
import pytest

from coursekit.errors import GradingError
from coursekit.grading.classroom.sample import TIMESTAMP, Student, lay_out, read_class
from tests.solutions import BUILT_IN, ROOT

SAMPLE = ROOT / "tests" / "sample"
BUILT = ROOT / "notebooks", ROOT / "solutions"
STUDENTS = read_class(SAMPLE)
OVERLAYS = sorted(path for path in SAMPLE.glob("*/*") if path.is_file())

ADA = '["ada"]\nname = "Ada"\ndescription = "all of it"\nassignment = "optimizers"\nbase = "reference"\n'


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("submitted")
    lay_out(SAMPLE, *BUILT, folder)
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
    of_it = {script.stem for script, homes in BUILT_IN.items() if student.assignment in homes}
    assert handed_in == of_it - set(student.missing)
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == TIMESTAMP


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_overlay_is_in_exactly_one_notebook(path: Path, submitted: Path) -> None:
    source = path.read_text(encoding="utf-8").rstrip("\n")
    notebooks = (submitted / path.parent.name).glob("*/*.ipynb")
    assert sum(source in sources(notebook).values() for notebook in notebooks) == 1


def test_all_code_of_the_class_is_python_but_for_one_syntax_error(submitted: Path) -> None:
    broken = []
    for path in submitted.rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            try:
                ast.parse(cell.source if cell.cell_type == "code" else "")
            except SyntaxError:
                broken.append((path.parts[-3], cell.metadata.nbgrader.grade_id))
    assert broken == [("m.tanaka", "adagrad")]


def test_the_base_decides_the_cells_without_overlay(tmp_path: Path) -> None:
    two = ADA + ADA.replace("ada", "bob").replace("reference", "untouched")
    lay_out(a_class(tmp_path, two), *BUILT, tmp_path / "submitted")
    ada, bob = (sources(tmp_path / f"submitted/{name}/optimizers/01_sgd.ipynb") for name in ("ada", "bob"))
    assert 'p -= group["lr"] * p.grad' in ada["sgd"]
    assert "SOLUTION" not in ada["sgd"]
    assert ada["sgd_words"].startswith("*Your answer here.*")
    assert "raise NotImplementedError()" in bob["sgd"]


@pytest.mark.parametrize("base", ["reference", "untouched"])
def test_edits_are_of_the_reference_whatever_the_base(base: str, tmp_path: Path) -> None:
    edits = "edits.sgd = [['p -=', 'p +='], ['p += group', 'p += 2 * group']]\n"
    lay_out(a_class(tmp_path, ADA.replace("reference", base) + edits), *BUILT, tmp_path / "submitted")
    sgd = sources(tmp_path / "submitted/ada/optimizers/01_sgd.ipynb")["sgd"]
    assert 'p += 2 * group["lr"] * p.grad' in sgd
    assert "SOLUTION" not in sgd


def test_an_added_cell_stands_before_the_cell_it_is_named_after(tmp_path: Path) -> None:
    lay_out(a_class(tmp_path, ADA, sgd__before__py="half = 0.5\n"), *BUILT, tmp_path / "submitted")
    cells = list(sources(tmp_path / "submitted/ada/optimizers/01_sgd.ipynb").items())
    position = [source for _, source in cells].index("half = 0.5")
    assert cells[position + 1][0] == "sgd"


def test_a_second_call_takes_the_place_of_the_first(tmp_path: Path) -> None:
    sample, folder = a_class(tmp_path, ADA), tmp_path / "submitted/ada/optimizers"
    lay_out(sample, *BUILT, tmp_path / "submitted")
    first = (folder / "02_rmsprop.ipynb").read_bytes()
    (sample / "class.toml").write_text(ADA + 'missing = ["01_sgd"]\n', encoding="utf-8")
    lay_out(sample, *BUILT, tmp_path / "submitted")
    assert not (folder / "01_sgd.ipynb").exists()
    assert (folder / "02_rmsprop.ipynb").read_bytes() == first


@pytest.mark.parametrize(
    ("table", "files", "message"),
    [
        (ADA + "grade = 20", {}, r'class\.toml, table \["ada"\]: .*`grade`.* The keys of a student are name,'),
        (ADA.replace("reference", "own"), {}, r"'own'.*`\$\.base`"),
        (ADA.replace('name = "Ada"\n', ""), {}, "missing required field `name`"),
        (ADA + "missing =", {}, r"class\.toml cannot be read"),
        (ADA.replace("ada", "bob"), {}, r'ada belongs to nobody; add a table \["ada"\]'),
        (ADA + 'missing = ["1_sgd"]', {}, "ada misses '1_sgd', which was never released"),
        (ADA, {"sdg__py": ""}, r"sdg\.py: no notebook handed in has a cell 'sdg'; there are sgd, "),
        (ADA + 'missing = ["01_sgd"]', {"sgd__py": ""}, r"sgd\.py: no notebook handed in has a cell 'sgd'"),
        (ADA + "edits.sdg = []", {}, r"class\.toml: ada: no notebook handed in has a cell 'sdg'; there are sgd, "),
        (
            ADA + "edits.sgd = [['p -= h', '']]",
            {},
            r"class\.toml: ada, sgd: 'p -= h' must stand in one place .*not in 0",
        ),
        (
            ADA + "edits.sgd = [['self', '']]",
            {},
            r"class\.toml: ada, sgd: 'self' must stand in one place .*not in [2-9]",
        ),
        (ADA + "edits.sgd = []", {"sgd__py": ""}, r"sgd\.py is a whole source, and .* keep one of the two"),
        (ADA, {"sgd__txt": ""}, r"sgd\.txt is no overlay; name it"),
        (ADA, {"sgd__md": ""}, r"sgd\.md is for a code cell; code is in \.py files"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(
    table: str, files: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(GradingError, match=message):
        lay_out(a_class(tmp_path, table, **files), *BUILT, tmp_path / "submitted")
    assert not (tmp_path / "submitted").exists()


def test_a_cell_without_a_solution_is_named_and_the_command_that_builds_it(tmp_path: Path) -> None:
    release, solutions = tmp_path / "release", ROOT / "solutions"
    shutil.copytree(ROOT / "notebooks" / "optimizers", release / "optimizers")
    first = release / "optimizers" / "01_sgd.ipynb"
    first.write_text(
        first.read_text(encoding="utf-8").replace('"grade_id": "sgd"', '"grade_id": "new"'), encoding="utf-8"
    )
    with pytest.raises(GradingError, match="no solution of 'new'; run `make notebooks`"):
        lay_out(a_class(tmp_path, ADA), release, solutions, tmp_path / "submitted")
