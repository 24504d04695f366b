"""Run the hidden tests on one student's notebook and turn what they say into points."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit.errors import GradingError, HiddenTestError
from coursekit.grading.nbgrader import pytest_plugin
from coursekit.grading.nbgrader.pytest_plugin import WrongBehaviour
from coursekit.grading.notebook.mistakes import written_down
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits
from coursekit.grading.sandbox.sandboxed import Sandboxed
from coursekit.grading.sandbox.warm import Ahead
from coursekit.grading.submission.graft import definitions
from coursekit.grading.submission.newer import newer_python
from coursekit.judging.behaviours import HIDDEN, Behaviour, Finding, Verdict
from coursekit.judging.table import LadderTable
from coursekit.judging.time_limit import TimeLimitExceeded
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.language import translate
from coursekit.reading.marks import mark

NOTE = (
    "Decided by hidden tests: the same behaviours with other numbers. What is explained here is what your code does"
    " with the numbers of the check cell."
)
LEFT_OUT = "Left out, because it does not run where this is graded: {lines}. The rest was loaded."


@dataclass(frozen=True, kw_only=True)
class CellVerdict:
    """The hidden tests' result for one cell of points: the share of those that passed, by weight, decides.

    With the first of a notebook goes which of its lines did not run, see `coursekit.grading.sandbox.sandboxed`.
    """

    cell: str
    points: float
    table: LadderTable
    left_out: str = ""

    @property
    def score(self) -> float:
        """The points reached, to two decimals."""
        return round(self.points * self.table.share, 2)

    @property
    def hangs(self) -> bool:
        """Whether something that was asked for did not end."""
        failures = (verdict.finding.failure for verdict in self.table.verdicts if verdict.finding)
        return any(failure is not None and failure.kind == TimeLimitExceeded.__name__ for failure in failures)


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A behaviour of an exercise, what the hidden numbers show of it, and what the student's code was put through."""

    exercise: str
    behaviour: Behaviour
    finding: Finding | None
    runs: Mapping[Scenario, Trajectory]


def judge_notebook(
    notebook: NotebookNode,
    tests: Path,
    seed: int,
    *,
    sandbox: bool = True,
    patience: Patience = USUAL,
    limits: Limits = GENEROUS,
    weights: Mapping[str, float] = {},
    ahead: Ahead | None = None,
) -> tuple[CellVerdict, ...]:
    """Decide the points of a grafted notebook.

    Parameters
    ----------
    notebook
        From `coursekit.grading.submission.graft.graft`.
    tests
        The file of hidden tests that belongs to it.
    seed
        Draws the hidden inputs.
    sandbox
        Whether the student's code runs in a sandbox.
    patience
        How long that is waited for.
    limits
        What else it may use.
    weights
        Of some behaviours, by names such as "SGD.saved_state", in place of those of the ladders; 0 leaves one out.
    ahead
        Processes for the student's code that were ordered before.

    Raises
    ------
    GradingError
        When the tests are missing, cannot be run, or leave a cell of points undecided, or no sandbox can be had.
    """
    with Sandboxed(definitions(notebook), sandbox=sandbox, patience=patience, limits=limits, ahead=ahead) as sandboxed:
        recorder = _recorded(sandboxed, tests, seed, weights)
    language = notebook.metadata.get("coursekit", {}).get("language", "en")
    verdicts: list[CellVerdict] = []
    for cell in notebook.cells:
        known = mark(cell)
        if cell.cell_type == "code" and known.grade:
            found = recorder.verdicts.get(known.grade_id)
            if not found:
                raise HiddenTestError(f"{tests}: no test decides the cell {known.grade_id!r}; mark one with it.")
            name, judged = found
            if not any(verdict.behaviour.weight for verdict in judged):
                raise HiddenTestError(f"{tests}: nothing counts for the cell {known.grade_id!r}; count one behaviour.")
            left_out = "" if verdicts else sandboxed.left_out
            note = translate(NOTE, language)
            note += f" {translate(LEFT_OUT, language, lines=left_out)}" if left_out else ""
            newer = "" if verdicts else newer_python(sandboxed.cells, language)
            note += f" {newer}" if newer else ""
            worth = float(known.points or 0.0)
            table = LadderTable(name=name, verdicts=tuple(judged), language=language, points=worth, note=note)
            verdicts.append(CellVerdict(cell=known.grade_id, points=worth, table=table, left_out=left_out))
    return tuple(verdicts)


def judge_in_detail(
    cells: tuple[str, ...],
    tests: Path,
    seed: int,
    *,
    sandbox: bool,
    patience: Patience,
    limits: Limits,
    weights: Mapping[str, float],
) -> tuple[tuple[Detail, ...], str]:
    """Judge what some cells define, as `judge_notebook` does; return what no student may see, and what was left out."""
    with Sandboxed(cells, sandbox=sandbox, patience=patience, limits=limits) as sandboxed:
        return tuple(_recorded(sandboxed, tests, seed, weights).details), sandboxed.left_out


def behaviours(tests: Path, weights: Mapping[str, float] = {}) -> dict[str, dict[str, Behaviour]]:
    """Return what a file of hidden tests decides, for every cell, by the names that `c.Grade.weights` knows."""
    collected = _Collector(weights)
    _run(tests, collected, "--collect-only")
    return collected.behaviours


def show_verdicts(notebook: NotebookNode, verdicts: tuple[CellVerdict, ...]) -> None:
    """Replace the outputs of the cells of points by the verdicts, in the one form that nbgrader reads points from."""
    by_cell = {verdict.cell: verdict for verdict in verdicts}
    for cell in notebook.cells:
        verdict = by_cell.get(mark(cell).grade_id)
        if verdict is not None:
            data = {"text/plain": f"{verdict.score}", "text/html": verdict.table.html()}
            result = nbformat.v4.new_output("execute_result", data, execution_count=cell.execution_count)
            result.metadata["coursekit"] = written_down(verdict.table.name, verdict.table.verdicts)
            cell.outputs = [result]


_QUIET = (
    "-c",
    os.devnull,
    "--disable-plugin-autoload",
    "--import-mode=importlib",
    "--assert=plain",
    "--capture=no",
    "-pno:unraisableexception",  # it collects garbage for longer than the tests take
    *(f"-pno:{name}" for name in ("cacheprovider", "terminal", "logging", "warnings", "faulthandler")),
    # They do nothing here, and each that is there is looked through at every start.
    *(f"-pno:{name}" for name in ("doctest", "junitxml", "legacypath", "pastebin")),
    *(f"-pno:{name}" for name in ("setuponly", "setupplan", "stepwise")),
)

_OF_PYTEST = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


def _recorded(sandboxed: Sandboxed, tests: Path, seed: int, weights: Mapping[str, float]) -> _Recorder:
    """Run the hidden tests on what is in a sandbox."""
    if not tests.is_file():
        raise GradingError(f"{tests} does not exist: every notebook needs a file of hidden tests of that name.")
    recorder = _Recorder(sandboxed, weights)
    status = _run(tests, recorder, f"--course-seed={seed}")
    if recorder.stopped:
        raise recorder.stopped
    if status == pytest.ExitCode.INTERNAL_ERROR:  # of this moment: another process may succeed
        raise GradingError(f"{tests.name}: pytest failed by itself ({recorder.broken}).")
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or recorder.broken:
        raise HiddenTestError(f"{tests.name}: the hidden tests cannot be run ({recorder.broken or status}).")
    return recorder


def _run(tests: Path, plugin: object, *options: str) -> int | pytest.ExitCode:
    """Run pytest in this process, on the files as they are now: modules of their names from before are set aside.

    So is what the environment says to pytest: that is for other tests.
    """
    names = [path.stem for path in tests.parent.glob("*.py")]
    aside = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    said = {name: os.environ.pop(name) for name in _OF_PYTEST if name in os.environ}
    try:
        # A conftest.py above them, which anybody could put into /tmp, is not read.
        where = (f"--rootdir={tests.parent}", f"--confcutdir={tests.parent}")
        return pytest.main([str(tests), *where, *options, *_QUIET], plugins=[pytest_plugin, plugin])
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(aside)
        os.environ.update(said)


class _Recorder:
    """A pytest plugin that hands the sandbox to the tests and keeps what they say, cell by cell."""

    def __init__(self, sandboxed: Sandboxed, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._sandboxed = sandboxed
        self.verdicts: dict[str, tuple[str, list[Verdict]]] = {}
        self.details: list[Detail] = []
        self.broken = ""
        self.stopped: GradingError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[pytest_plugin.SUBMISSION] = self._sandboxed
        config.option.tbstyle = "native"  # nobody reads it; to make another, tests are parsed anew for every failure

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.broken = excinfo.exconly()
        return True  # all is said

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken = str(report.longrepr).strip().splitlines()[-1]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if report.failed or report.skipped or call.when == "call":
            try:
                finding = None if report.skipped else _finding(error, item)
            except GradingError as ours:
                self.stopped = ours
                item.session.shouldstop = "the grader cannot go on"
            else:
                grade_id, name, behaviour = _about(item, self._weights)
                if report.skipped:
                    behaviour = replace(behaviour, weight=0)
                self.verdicts.setdefault(grade_id, (name, []))[1].append(Verdict(behaviour=behaviour, finding=finding))
                seen, runs = (error.finding, error.runs) if isinstance(error, WrongBehaviour) else (finding, {})
                self.details.append(Detail(exercise=name, behaviour=behaviour, finding=seen, runs=runs))
        return report


class _Collector:
    """A pytest plugin that lists what would be run."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self.behaviours: dict[str, dict[str, Behaviour]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            grade_id, exercise, behaviour = _about(item, self._weights)
            name = behaviour.name if exercise == behaviour.name else f"{exercise}.{behaviour.name}"
            self.behaviours.setdefault(grade_id, {})[name] = behaviour


def _about(item: Any, weights: Mapping[str, float]) -> tuple[str, str, Behaviour]:
    """Return the cell that a test decides, the name of what it is about, and its behaviour."""
    ladder, cell = item.get_closest_marker("ladder"), item.get_closest_marker("cell")
    if ladder:
        name, behaviour = ladder.args[0], item.callspec.params["behaviour"]
        weight = weights.get(f"{name}.{behaviour.name}", behaviour.weight)
        return ladder.kwargs["cell"], name, replace(behaviour, weight=weight)
    title = (item.function.__doc__ or item.name).strip().splitlines()[0].rstrip(".")
    return cell.args[0] if cell else "", item.name, Behaviour(name=item.name, title=title, trials=())


def _finding(error: BaseException | None, item: pytest.Function) -> Finding | None:
    """Say what a student is told of a test, None where it passed; what is not the student's doing is raised."""
    if error is None:
        return None
    if isinstance(error, WrongBehaviour):
        return error.told
    if isinstance(error, GradingError):
        raise error
    student: Any = item.funcargs.get("student")
    if isinstance(error, AssertionError | pytest.fail.Exception) or (student is not None and student.has_failed):
        return HIDDEN
    lines = [entry.lineno for entry in traceback.extract_tb(error.__traceback__) if Path(entry.filename) == item.path]
    where = f"{item.path.name}, line {lines[-1]}" if lines else item.path.name
    what = f"{type(error).__name__}: {error}"
    raise HiddenTestError(f"{where}: the hidden test {item.name} fails by itself ({what}). Fix it, and grade again.")
