"""The fixtures of the hidden tests; `tests/hidden/pytest.ini` has pytest load this plugin, there and nowhere else.

`@pytest.mark.ladder("SGD", cell="sgd_check")` runs a test once for every behaviour of a ladder;
`@pytest.mark.cell("sgd_check")` ties a test of another kind to the cell whose points it decides.
The fixture `student` stands for the student's code in its sandbox.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from coursekit.grading.sandbox.sandboxed import Sandboxed
    from coursekit.judging.behaviours import Ask, Behaviour, Finding
    from coursekit.judging.trajectories import Scenario, Trajectory

    AskFor = Callable[[str], Ask]

SUBMISSION = pytest.StashKey["Sandboxed"]()


class WrongBehaviour(AssertionError):  # noqa: N818 - it reads as a sentence
    """A behaviour is wrong: the message says how, to an instructor, and `told` what a student may be told of it.

    `finding` is what the hidden numbers show, and `runs` all that the student's code was put through so far.
    """

    def __init__(self, finding: Finding, subject: str, told: Finding, runs: Mapping[Scenario, Trajectory]) -> None:
        from coursekit.judging.explanations import help_with

        self.finding = replace(finding, named=told.named)
        super().__init__("\n".join(help_with(self.finding, subject).lines))
        self.told = told
        self.runs = runs


class Student:
    """A student's code, out of reach: it can be put through scenarios and nothing else."""

    def __init__(self, ask_for: AskFor, ask_in_public: AskFor, name: str) -> None:
        self._ask_for = ask_for
        self._ask_in_public = ask_in_public
        self._name = name
        self._runs: dict[Scenario, Trajectory] = {}
        self.has_failed = False  # in anything that it was put through

    def run(self, scenario: Scenario, name: str = "") -> Trajectory:
        """Put what the student calls `name`, by default what the ladder is about, through a scenario."""
        trajectory = self._runs[scenario] = self._ask_for(name or self._name)(scenario)
        self.has_failed = self.has_failed or trajectory.failure is not None
        return trajectory

    def judge(self, behaviour: Behaviour) -> None:
        """Fail the test where the student's code lacks the behaviour."""
        finding = behaviour.judge(self.run)
        if finding is not None:
            raise WrongBehaviour(finding, self._name, self._in_public(behaviour), self._runs)

    def _in_public(self, behaviour: Behaviour) -> Finding:
        """Say what is wrong with the inputs of the check cell, by code that has seen no other ones.

        Nothing is told that a student's code may have made up from hidden inputs.
        """
        from coursekit.judging.behaviours import HIDDEN
        from coursekit.judging.diagnosis import judge_behaviour
        from coursekit.judging.subject import subject

        (visible,) = [each for each in subject().ladder(self._name) if each.name == behaviour.name]
        return judge_behaviour(visible, self._ask_in_public(self._name), subject().known(self._name)) or HIDDEN


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the hidden tests."""
    group = parser.getgroup("coursekit")
    group.addoption("--submission", type=Path, help="the notebook to put through the hidden tests")
    group.addoption("--course-seed", type=int, help="draws the hidden inputs; by default, c.Grade.seed of the course")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line("markers", "ladder(name, cell): one test for each behaviour of a ladder")
    config.addinivalue_line("markers", "cell(grade_id): the cell whose points the test decides")
    path = config.getoption("--submission")
    if path is not None and not path.is_file():
        raise pytest.UsageError(f"--submission: there is no file {path}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with a ladder once for each behaviour."""
    mark = metafunc.definition.get_closest_marker("ladder")
    if mark is not None:
        from coursekit.judging.subject import subject

        behaviours = subject().ladder(mark.args[0], _seed(metafunc.config, metafunc.definition.path))
        metafunc.parametrize("behaviour", behaviours, ids=[behaviour.name for behaviour in behaviours])


def _seed(config: pytest.Config, tests: Path) -> int:
    """Return the seed that was asked for, or that of the course in whose folder the tests lie."""
    given: int | None = config.getoption("--course-seed")
    if given is not None:
        return given
    from coursekit.grading.classroom.course import CONFIG, Course

    roots = (folder for folder in tests.parents if (folder / CONFIG).is_file())
    root = next(roots, None)
    return int(Course(root=root).config.Grade.get("seed", 1)) if root else 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what is wrong with a student's code in words, without the grader's own lines."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, WrongBehaviour):
        report.longrepr = _Words(str(call.excinfo.value))  # type: ignore[assignment]
    return report


@dataclass(frozen=True)
class _Words:
    """The text that pytest prints of a failure, once: its summary would repeat a string, whole where `CI` is set."""

    words: str

    def __str__(self) -> str:
        return self.words

    def toterminal(self, terminal: Any) -> None:
        """Print them."""
        terminal.line(self.words)


@pytest.fixture
def student(request: pytest.FixtureRequest, _ask_for: AskFor, _ask_in_public: AskFor) -> Student:
    """Stand for the student's code; without a submission, for the reference solution."""
    mark = request.node.get_closest_marker("ladder")
    return Student(_ask_for, _ask_in_public, mark.args[0] if mark else "")


@pytest.fixture(scope="module")
def _ask_for(_sandboxed: Sandboxed) -> AskFor:
    """Ask the sandbox by name."""
    return _asking(_sandboxed)


@pytest.fixture(scope="module")
def _ask_in_public(_sandboxed: Sandboxed) -> Iterator[AskFor]:
    """Ask a second sandbox by name, which is made when it is first asked."""
    with contextlib.ExitStack() as stack:
        sandboxed = cache(lambda: _asking(stack.enter_context(_sandboxed.another())))

        def ask_for(name: str) -> Ask:
            return sandboxed()(name)

        yield ask_for


def _asking(sandboxed: Sandboxed) -> AskFor:
    """Ask a sandbox each scenario once for all tests of a file."""
    from coursekit.judging.behaviours import remembering

    return cache(lambda name: remembering(partial(sandboxed.ask, name)))


@pytest.fixture(scope="module")
def _sandboxed(request: pytest.FixtureRequest) -> Iterator[Any]:
    if SUBMISSION in request.config.stash:
        yield request.config.stash[SUBMISSION]
        return
    import nbformat

    from coursekit.grading.sandbox.sandboxed import Sandboxed
    from coursekit.grading.submission.beside import cell, needed_by
    from coursekit.grading.submission.graft import definitions, graft
    from coursekit.grading.submission.intake import take_in
    from coursekit.grading.submission.reading import read, read_file
    from coursekit.judging.subject import subject

    stem = request.path.stem.removeprefix("test_")
    course = request.path.parents[2]
    path = request.config.getoption("--submission")
    if path is not None and path.stem != stem:
        pytest.skip(f"{path.name} is not what {request.path.name} is about")
    subject().warm_up()
    notebook = nbformat.read(_notebook(course / "solutions", stem), as_version=4)
    beside = {}
    if path is not None:
        release = _notebook(course / "notebooks", stem)
        beside = needed_by(take_in(path.parent, release.parent), release)
        notebook, _ = graft(read(read_file(path))[0], nbformat.read(release, as_version=4))
    with Sandboxed((cell(beside), *definitions(notebook)) if beside else definitions(notebook)) as sandboxed:
        yield sandboxed


def _notebook(folder: Path, stem: str) -> Path:
    """Find a notebook in whatever assignment it lies: its code is the same in all."""
    found = sorted(folder.glob(f"[!.]*/{stem}.ipynb"))
    if not found:
        raise pytest.UsageError(f"There is no {stem}.ipynb in a folder of {folder}.")
    return found[0]
