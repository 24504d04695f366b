"""The notebooks that are committed: what the scripts build, runnable from top to bottom, and without a secret."""

from __future__ import annotations

import dis
import os
import re
import subprocess
import unicodedata
from pathlib import Path
from types import CodeType
from xml.etree import ElementTree as ET

import nbformat
import pytest

from coursekit.authoring import building
from coursekit.authoring.drafting import TO_WRITE
from coursekit.grading.classroom.course import Course
from coursekit.language import FOLDERS
from coursekit.optimizers.ladders.questions import QUESTIONS
from coursekit.reading.marks import mark
from coursekit.reading.statements import names_in
from tests.solutions import BUILT_IN, ROOT, SCRIPTS
from tests.test_windows import DESK

EVERY = [
    pytest.param(script, folder, id=f"{folder}/{script.stem}")
    for folder in FOLDERS
    for script in SCRIPTS
    if folder in BUILT_IN[script]
]
# The code of a script is the same in both languages. Solved, it is run in one of them, untouched in the other; one of
# the two at a desk with Windows.
TURNS = [
    (script, *([*folders][:: -1 if number % 2 else 1] * 2)[:2])
    for number, (script, folders) in enumerate(BUILT_IN.items())
]
OPTIONAL = {"en": " (optional)", "fr": " (facultatif)"}
BOX = {
    "en": r"\*\*Time\*\* (\d+) minutes(?:, and (\d+) for what is optional)? · ",
    "fr": r"\*\*Durée\*\* (\d+) minutes(?:, et (\d+) pour ce qui est facultatif)? · ",
}
COLOURS = r"(?i)\b(?:blue|orange|green|pink|purple|indigo|brown|gr[ea]y|bleue?|verte?|rose|violette?|marron|grise?)s?\b"
# nbval on kernels that no other program can take a port from, and as patient as a busy machine needs.
NBVAL = """
import functools, os, sys, tempfile
import nbval.kernel, pytest

windows, *arguments = sys.argv[1:]

class Desk:
    def pytest_collection_modifyitems(self, items):
        for item in items:
            item.output_timeout = 600

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):  # its kernel starts now, if it is the first cell
        profile, warned = ("windows", "1") if item.path.parts[-3] == windows else ("posix", "")
        os.environ |= {"IPYTHONDIR": os.environ["DESKS"] + "/" + profile, "PYTHONWARNDEFAULTENCODING": warned}

options = ["--nbval-kernel-name=python3", "--nbval-kernel-startup-timeout=600", "--nbval-cell-timeout=600", *arguments]
with tempfile.TemporaryDirectory() as folder:
    manager = nbval.kernel.KernelManager
    nbval.kernel.KernelManager = functools.partial(manager, transport="ipc", ip=f"{folder}/k")
    sys.exit(pytest.main(options, plugins=[Desk()]))
"""
# What torch takes in for its compiler, and for some ways to ask for second derivatives: it takes a second or two.
QUICKLY = """
class _Quickly:
    def find_spec(self, name, *_):
        if name == "sympy":
            raise ImportError("a notebook that imports sympy begins late")

import sys
sys.meta_path.insert(0, _Quickly())
del sys
"""


def nbval(python: Path, notebooks: list[Path], tmp_path: Path, *, on_windows: str) -> list[list[str]]:
    """Run notebooks with nbval, and tell for every code cell why it failed, "" where it did not.

    The outputs of a notebook that was run before must be the same again. Those of one folder are run at a desk with
    Windows.
    """
    results = tmp_path / "results.xml"
    for desk, lines in (("windows", DESK), ("posix", "")):
        startup = tmp_path / desk / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "desk.py").write_text(lines + QUICKLY)
    plain = ["-p", "nbval.plugin", "--nbval", "-c", os.devnull, f"--rootdir={ROOT}", "-p", "no:cacheprovider"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    (tmp_path / "run.py").write_text(NBVAL)
    subprocess.run(
        [python, tmp_path / "run.py", on_windows, *notebooks, *plain, f"--junitxml={results}"],
        env={
            **environment,
            "DESKS": str(tmp_path),
            "JUPYTER_PATH": str(python.parent),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        check=False,
    )
    cells = [*ET.parse(results).iter("testcase")]
    names = [".".join(notebook.relative_to(ROOT).parts) for notebook in notebooks]
    return [
        ["".join(failure.get("message", "") for failure in cell) for cell in cells if cell.get("classname") == name]
        for name in names
    ]


def test_the_scripts_are_numbered_without_a_gap():
    assert len(SCRIPTS) >= 9
    assert [script.stem[:2] for script in SCRIPTS] == [f"{number:02d}" for number in range(1, len(SCRIPTS) + 1)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_nothing_is_left_to_write_in_a_script(script):
    assert [line for line in script.read_text().splitlines() if TO_WRITE in line] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_holds_no_control_character_but_the_end_of_a_line(script):
    # They are what is left of a formula whose backslash was read as an escape, as in `\top` and `\frac`.
    text = script.read_bytes().decode()
    assert [character for character in text if unicodedata.category(character) == "Cc" and character != "\n"] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_text_calls_a_curve_or_an_arrow_by_its_colour(script):
    # Colours belong to `coursekit.palette`, which may give them to others; and not everybody sees them.
    cells = [cell for language in building.languages(script) for cell in building.build(script, language).cells]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert re.findall(COLOURS, "\n".join(texts)) == []


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_the_instructors_notebook_is_what_its_script_builds(script, folder):
    assert building.is_current(script, folder), "rebuild with `make notebooks`"


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_students_notebooks_are_what_nbgrader_generates(folder, tmp_path):
    course = Course(root=ROOT).lay_out(tmp_path / "course")
    course.nbgrader("generate_assignment", folder, "--force", "--no-db")
    committed = sorted((ROOT / "notebooks" / folder).glob("*.ipynb"))
    assert [path.stem for path in committed] == [script.stem for script in SCRIPTS if folder in BUILT_IN[script]]
    for path in committed:
        built = course.release / folder / path.name
        assert path.read_text() == built.read_text(), f"{path.name}: rebuild with `make notebooks`"


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_nothing_of_a_solution_is_in_a_students_notebook(script, folder):
    solved = nbformat.read(building.target(script, folder), as_version=4)
    released = (ROOT / "notebooks" / folder / f"{script.stem}.ipynb").read_text()
    text = "\n".join(cell.source for cell in nbformat.reads(released, as_version=4).cells)
    assert "SOLUTION" not in released
    written = [cell for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert {cell.cell_type for cell in written} == {"code", "markdown"}
    for cell in written:
        regions = re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL)
        assert bool(regions) == (cell.cell_type == "code")
        for secret in regions or [cell.source]:
            assert secret.strip() not in text


@pytest.mark.slow
@pytest.mark.parametrize(("script", "folder", "other"), TURNS, ids=[script.stem for script in SCRIPTS])
def test_solved_it_prints_what_is_kept_and_untouched_exactly_its_check_cells_fail(
    script, folder, other, quick_python, tmp_path
):
    on_windows = "solutions" if SCRIPTS.index(script) // 2 % 2 else "notebooks"
    untouched = ROOT / "notebooks" / other / f"{script.stem}.ipynb"
    solved = building.target(script, folder)
    checks = [cell.metadata.get("nbgrader", {}).get("grade", False) for cell in code(untouched)]
    as_it_is, done = nbval(quick_python, [untouched, solved], tmp_path, on_windows=on_windows)
    assert any(checks)
    assert [bool(failure) for failure in as_it_is] == checks
    assert done == [""] * len(code(solved))


def code(notebook: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(
    "script", [script for script in SCRIPTS if len(BUILT_IN[script]) > 1], ids=lambda script: script.stem
)
def test_what_is_kept_has_the_same_numbers_and_pictures_in_both_languages(script):
    english, other = ([kept(cell) for cell in code(building.target(script, folder))] for folder in BUILT_IN[script])
    assert english == other


def kept(cell: nbformat.NotebookNode) -> list[tuple[set[str], list[str]]]:
    """Return the numbers, but those that may be written as words, and the kinds of what a cell has shown."""
    shown = [output.get("data", {"text/plain": output.get("text", "")}) for output in cell.outputs]
    return [(set(re.findall(r"\d+", data.get("text/plain", ""))) - {"0", "1", "2"}, sorted(data)) for data in shown]


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
def test_the_points_of_a_notebook_are_18_for_code_2_for_words_and_1_for_each_question_in_numbers(script):
    cells = building.build(script, building.languages(script)[0]).cells
    points = {about.grade_id: about.get("points", 0) for cell in cells if (about := cell.metadata.get("nbgrader"))}
    asked = sum(f"{name}_check" in points for name in QUESTIONS)
    assert sum(points.values()) == 18 + 2 + asked
    assert [worth for name, worth in points.items() if name.endswith("_words")] == [2]


def with_sections(script: Path, language: str) -> list[tuple[nbformat.NotebookNode, str]]:
    """Pair every cell of a notebook with the heading of the optional section that it stands in, "" where in none."""
    pairs, depth, optional = [], 0, ""
    for cell in building.build(script, language).cells:
        heading = re.match(r"(#+) (.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading and (not optional or len(heading[1]) <= depth):
            depth, optional = len(heading[1]), heading[2] if heading[2].endswith(OPTIONAL[language]) else ""
        pairs.append((cell, optional))
    return pairs


def names(source: str) -> tuple[set[str], set[str]]:
    """List the names that a cell needs from the cells above, and those that it defines."""
    needed, defined = set(), set()
    for step in dis.get_instructions(compile(source, "cell", "exec")):
        if step.opname == "STORE_NAME":
            defined.add(step.argval)
        elif step.opname == "LOAD_NAME":
            needed |= {step.argval} - defined
        elif isinstance(step.argval, CodeType):
            needed |= names_in(step.argval)[0] - defined
    return needed, defined


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_nothing_that_is_graded_stands_in_an_optional_section(script, folder):
    inside = [cell for cell, optional in with_sections(script, FOLDERS[folder]) if optional]
    assert [cell.source for cell in inside if mark(cell).grade or mark(cell).solution] == []
    assert [cell.source for cell in inside if "coursekit.check(" in cell.source] == []


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_no_cell_needs_a_name_from_an_optional_section_that_it_does_not_stand_in(script, folder):
    made_in: dict[str, str] = {}
    missing = []
    for cell, optional in with_sections(script, FOLDERS[folder]):
        if cell.cell_type == "code":
            needed, defined = names(cell.source)
            missing += [f"{name} of {made_in[name]}" for name in needed if made_in.get(name, "") not in ("", optional)]
            made_in |= dict.fromkeys(defined, optional)
    assert missing == []


@pytest.mark.parametrize(
    "script", [script for script in SCRIPTS if len(BUILT_IN[script]) > 1], ids=lambda path: path.stem
)
def test_the_same_sections_are_optional_in_both_languages(script):
    english, french = ([bool(optional) for _, optional in with_sections(script, language)] for language in OPTIONAL)
    assert english == french


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_what_is_required_takes_75_minutes_at_most_and_the_box_says_what_is_optional_takes_more(script, folder):
    language = FOLDERS[folder]
    (first, _), *others = with_sections(script, language)
    required, more = re.search(BOX[language], first.source).groups()
    assert int(required) <= (90 if script == SCRIPTS[0] else 75)  # with notebook 1 students find their way about
    assert bool(more) == any(optional for _, optional in others)
