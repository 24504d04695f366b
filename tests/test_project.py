"""What others join the project by: commands, workflows and versions agree."""

import os
import re
import runpy
import subprocess
import sys
import tomllib
from importlib.metadata import distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.solutions import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github" / "workflows").glob("*.yml")}
COMMANDS = {
    step["run"]
    for workflow in WORKFLOWS.values()
    for job in workflow["jobs"].values()
    for step in job["steps"]
    if "run" in step
}
(RELEASED,) = (command for command in COMMANDS if "GITHUB_REF_NAME" in command)
PINNED = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
# Packages of the grader and of the site, and what Windows has not.
NOT_THERE = ("msgspec", "nbgrader", "nh3", "shtab", "sphinx", "sqlalchemy", "grp", "pwd", "resource", "termios")
COLLECT = f"import sys, pytest; sys.modules.update(dict.fromkeys({NOT_THERE})); sys.exit(pytest.main(sys.argv[1:]))"


def ran(*command, **settings):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, **settings)


@pytest.mark.parametrize("command", sorted(COMMANDS - {RELEASED}))
def test_workflows_run_what_a_person_can_run(command):
    if command.startswith("make "):
        run = ran(*command.split(), "--dry-run")
        assert run.returncode == 0, run.stderr
    else:
        assert command in {".ci/run", "python -m pip install uv"}


@pytest.mark.parametrize("benchmark", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_finds_all_that_it_imports(benchmark):
    assert "main" in runpy.run_path(str(benchmark), run_name="imported")


@pytest.mark.parametrize(("tag", "released"), [(f"v{PROJECT['version']}", True), ("v99.1", False)])
def test_a_tag_is_released_that_is_the_version(tag, released):
    assert (ran("sh", "-c", RELEASED, env={**os.environ, "GITHUB_REF_NAME": tag}).returncode == 0) is released


def test_the_workflow_and_the_classifiers_name_the_same_versions_of_python():
    jobs = WORKFLOWS["tests"]["jobs"]
    classifiers = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in PROJECT["classifiers"]]
    versions = [each[1] for each in classifiers if each]
    assert jobs["all"]["strategy"]["matrix"]["python"] == versions
    assert jobs["student"]["strategy"]["matrix"]["python"] == versions
    assert jobs["lowest"]["container"]["image"] == f"python:{versions[0]}-bookworm"
    assert PROJECT["requires-python"] == f">={versions[0]}"


def test_every_dependency_is_pinned():
    named = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    pinned = {canonicalize_name(name) for name in PINNED} | {"coursekit"}
    assert {canonicalize_name(Requirement(each).name) for each in named} - pinned == set()


def test_what_is_pinned_can_be_installed_with_the_first_release_of_the_oldest_python():
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    pinned = {canonicalize_name(name) for name in PINNED}
    here = [each for each in distributions() if canonicalize_name(each.name) in pinned]
    assert len(here) > len(pinned) / 2
    needs = {each.name: each.metadata["Requires-Python"] for each in here}
    assert {name: need for name, need in needs.items() if need and oldest not in SpecifierSet(need)} == {}


@pytest.mark.slow
def test_the_tests_of_a_student_s_side_are_collected_without_the_grader():
    (command,) = (line for line in ran("make", "--dry-run", "student").stdout.splitlines() if " -m pytest " in line)
    ignored = re.findall(r"--ignore=\S+", command)
    run = ran(sys.executable, "-c", COLLECT, "--collect-only", "-q", "-p", "no:cacheprovider", *ignored)
    assert run.returncode == 0, run.stdout
    assert "tests/student/test_checks.py" in run.stdout


def test_colours_stand_in_the_palette_alone():
    modules = [path for path in (ROOT / "coursekit").rglob("*.py") if re.search("#[0-9a-fA-F]{6}", path.read_text())]
    assert modules == [ROOT / "coursekit" / "palette.py"]
