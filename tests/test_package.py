"""The package as a whole: what importing it costs, what it exports, and that it never needs the grader."""

import ast
import subprocess
import sys
import tomllib

import pytest
import yaml

import coursekit
from tests.solutions import ROOT

HEAVY = {"matplotlib", "IPython", "jupytext", "nbformat", "nbclient", "nbgrader", "msgspec", "pytest", "rich"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONDA_NAMES = {"pytorch": "torch", "pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}


def imported_by(statement):
    """Name the modules that a fresh interpreter holds after a statement."""
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_imports_nothing_heavy():
    assert not (HEAVY | {"torch", "numpy"}) & imported_by("import coursekit")


@pytest.mark.slow
def test_trajectories_need_torch_alone():
    modules = ("judging.trajectories", "optimizers.references", "optimizers.ladders", "student.checks")
    found = imported_by("import " + ", ".join(f"coursekit.{name}" for name in modules))
    assert "torch" in found
    assert not HEAVY & found


@pytest.mark.parametrize("name", coursekit.__all__)
def test_public_name_is_there(name):
    assert getattr(coursekit, name).__name__.rpartition(".")[2] == name


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'coursekit' has no attribute 'Optimiser'"):
        _ = coursekit.Optimiser


def imports(path):
    """Name the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: say where it is imported from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


PACKAGE = ROOT / "coursekit"
OF_ALL = {"errors", "language", "palette"}
ARROWS = {  # what each part may import of the others
    "judging": set[str](),
    "reading": {"judging"},
    "optimizers": {"judging"},
    "student": {"judging", "reading"},
    "authoring": {"judging", "reading"},
    "grading": {"judging", "reading", "authoring"},
}
STUDENTS = [path for name in ("judging", "reading", "optimizers", "student") for path in (PACKAGE / name).rglob("*.py")]


@pytest.mark.parametrize("part", ARROWS)
def test_imports_run_one_way(part):
    found = {
        (path.name, name.split(".")[1])
        for path in (PACKAGE / part).rglob("*.py")
        for name in imports(path)
        if name.startswith("coursekit.") and name.split(".")[1] not in {part, *OF_ALL}
    }
    against = {each for each in found if each[1] not in ARROWS[part] and (PACKAGE / each[1]).exists()}
    assert against == set()


def test_what_a_student_imports_is_in_the_base_dependencies():
    base = {"coursekit", *(name for name, _ in requirements(PROJECT["project"]["dependencies"]))}
    own = base | {"IPython", "PIL"} | set(sys.stdlib_module_names) | {"cycler"}  # cycler comes with matplotlib
    needed = {name.split(".")[0]: path.name for path in STUDENTS for name in imports(path)}
    assert needed
    assert {name: path for name, path in needed.items() if name not in own} == {}


def requirements(lines):
    """Split requirements into names, as pip knows them, and version bounds."""
    for line in lines:
        name = line.split("[")[0].split("<")[0].split(">")[0].split("=")[0].split("!")[0].strip()
        yield CONDA_NAMES.get(name, name), line[line.find(name) + len(name) :].replace(" ", "")


def test_conda_environment_holds_what_a_student_needs_and_nothing_else():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    conda = dict(requirements(environment["dependencies"]))
    assert conda.pop("python") == PROJECT["project"]["requires-python"]
    assert conda.pop("pip") == ""
    assert conda == dict(requirements(PROJECT["project"]["dependencies"]))
