"""The notebooks that are committed: what the scripts build, runnable from top to bottom, and without a secret."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import pytest

from coursekit import building
from coursekit.grading.course import Course
from coursekit.grading.drafting import TO_WRITE
from coursekit.language import FOLDERS

ROOT = Path(__file__).parents[1]
SCRIPTS = building.scripts(ROOT / "solutions")
EVERY = [pytest.param(script, folder, id=f"{folder}/{script.stem}") for folder in FOLDERS for script in SCRIPTS]
# The code of a script is the same in both languages: untouched, it is run in one of them.
BY_TURNS = [each for each in EVERY if SCRIPTS.index(each.values[0]) % 2 == list(FOLDERS).index(each.values[1])]


def nbval(notebook: Path, tmp_path: Path, *options: str) -> dict[str, str]:
    """Run a notebook with nbval; give for every cell, by its number, why it failed, "" where it did not."""
    results = tmp_path / "results.xml"
    command = [sys.executable, "-m", "pytest", str(notebook), *options, "--nbval-current-env"]
    plain = ["-c", os.devnull, f"--rootdir={notebook.parent}", "-p", "no:xdist", "-p", "no:cacheprovider"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    for _ in range(2):  # two kernels that start at the same moment may choose the same port, and one of them dies
        run = subprocess.run(
            [*command, *plain, f"--junitxml={results}"], env=environment, capture_output=True, text=True, check=False
        )
        if "Kernel died" not in run.stdout:
            break
    cells = ET.parse(results).iter("testcase")
    return {
        re.sub(r".*Cell ", "", cell.get("name", "")): "".join(failure.get("message", "") for failure in cell)
        for cell in cells
    }


def test_the_scripts_are_numbered_without_a_gap():
    assert len(SCRIPTS) >= 9
    assert [script.stem[:2] for script in SCRIPTS] == [f"{number:02d}" for number in range(1, len(SCRIPTS) + 1)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_nothing_is_left_to_write_in_a_script(script):
    assert [line for line in script.read_text().splitlines() if TO_WRITE in line] == []


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_the_instructors_notebook_is_what_its_script_builds(script, folder):
    assert building.is_current(script, folder), "rebuild with `make notebooks`"


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_students_notebooks_are_what_nbgrader_generates(folder, tmp_path):
    course = Course(root=ROOT).lay_out(tmp_path / "course")
    course.nbgrader("generate_assignment", folder, "--force", "--no-db")
    committed = sorted((ROOT / "notebooks" / folder).glob("*.ipynb"))
    assert [path.stem for path in committed] == [script.stem for script in SCRIPTS]
    for path in committed:
        built = course.release / folder / path.name
        assert path.read_text() == built.read_text(), f"{path.name}: rebuild with `make notebooks`"


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_nothing_of_a_solution_is_in_a_students_notebook(script, folder):
    solved = nbformat.read(building.target(script, folder), as_version=4)
    released = (ROOT / "notebooks" / folder / f"{script.stem}.ipynb").read_text()
    text = "\n".join(cell.source for cell in nbformat.reads(released, as_version=4).cells)
    assert "SOLUTION" not in released
    for cell in solved.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            regions = re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL)
            assert regions or cell.cell_type == "markdown"
            for secret in regions or [cell.source]:
                assert secret.strip() not in text


@pytest.mark.parametrize(("script", "folder"), BY_TURNS)
def test_an_untouched_notebook_runs_and_exactly_the_check_cells_fail(script, folder, tmp_path):
    path = ROOT / "notebooks" / folder / f"{script.stem}.ipynb"
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    checks = {str(number) for number, cell in enumerate(code) if cell.metadata.get("nbgrader", {}).get("grade")}
    cells = nbval(path, tmp_path, "--nbval-lax")
    assert len(cells) == len(code)
    assert {number for number, failure in cells.items() if failure} == checks


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_the_outputs_of_the_instructors_notebook_are_what_it_prints(script, folder, tmp_path):
    cells = nbval(building.target(script, folder), tmp_path, "--nbval")
    assert cells
    assert {number: failure for number, failure in cells.items() if failure} == {}


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_nothing_is_written_to_stderr(script, folder):
    notebook = nbformat.read(building.target(script, folder), as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [output for output in outputs if output.get("name") == "stderr" or output.output_type == "error"] == []


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_no_path_of_a_machine_is_in_an_output(script, folder):
    text = building.target(script, folder).read_text()
    assert str(ROOT) not in text
    assert not re.search(r"/tmp/ipykernel|/home/|site-packages", text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_points_of_a_notebook_are_20_of_which_2_for_words(script):
    cells = building.build(script, "en").cells
    points = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.get("points", 0) for cell in cells if cell.metadata
    }
    assert sum(points.values()) == 20
    assert [worth for name, worth in points.items() if name.endswith("_words")] == [2]
