"""Run the hidden tests on one student's notebook and turn what they say into points."""

from __future__ import annotations

import builtins
import os
import re
import sys
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit import errors
from coursekit.behaviours import Behaviour, Finding, Verdict
from coursekit.errors import GradingError
from coursekit.grading import pytest_plugin
from coursekit.grading.boxes.box import Box
from coursekit.grading.graft import definitions
from coursekit.grading.mistakes import written_down
from coursekit.grading.patience import USUAL, Patience
from coursekit.language import french, translate
from coursekit.report import Report
from coursekit.trajectories import Failure


@dataclass(frozen=True, kw_only=True)
class CellVerdict:
    """What the hidden tests say about one cell of points: the share of those that passed, by weight, decides."""

    cell: str
    points: float
    report: Report

    @property
    def score(self) -> float:
        """The points reached, to two decimals."""
        return round(self.points * self.report.share, 2)


def judge_notebook(
    notebook: NotebookNode, tests: Path, seed: int, *, sandbox: bool = True, patience: Patience = USUAL
) -> tuple[CellVerdict, ...]:
    """Decide the points of a grafted notebook.

    Parameters
    ----------
    notebook
        From `coursekit.grading.graft.graft`.
    tests
        The file of hidden tests that belongs to it.
    seed
        Draws the hidden inputs.
    sandbox
        Whether a wall is built around the student's code.
    patience
        How long that is waited for.

    Raises
    ------
    GradingError
        When the tests are missing, cannot be run, or leave a cell of points undecided, or no box can be had.
    """
    if not tests.is_file():
        raise GradingError(f"{tests} does not exist: every notebook needs a file of hidden tests of that name.")
    with Box(definitions(notebook), sandbox=sandbox, patience=patience) as box:
        recorder = _Recorder(box)
        status = _run(tests, recorder, f"--course-seed={seed}")
    if recorder.stopped:
        raise recorder.stopped
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or recorder.broken:
        raise GradingError(f"{tests}: the hidden tests cannot be run ({recorder.broken or status}).")
    language = notebook.metadata.get("coursekit", {}).get("language", "en")
    verdicts = []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("grade"):
            found = recorder.verdicts.get(about.grade_id)
            if not found:
                raise GradingError(f"{tests}: no test decides the cell {about.grade_id!r}; mark one with it.")
            name, rungs = found
            note = translate("Decided by hidden tests: the same behaviours with other numbers.", language)
            worth = float(about.points)
            report = Report(name=name, verdicts=tuple(rungs), language=language, points=worth, note=note)
            verdicts.append(CellVerdict(cell=about.grade_id, points=worth, report=report))
    return tuple(verdicts)


def behaviours(tests: Path) -> dict[str, list[Behaviour]]:
    """List the behaviours that a file of hidden tests decides, for every cell."""
    collected = _Collector()
    _run(tests, collected, "--collect-only")
    return collected.behaviours


def show_verdicts(notebook: NotebookNode, verdicts: tuple[CellVerdict, ...]) -> None:
    """Replace the outputs of the cells of points by the verdicts, in the one form that nbgrader reads points from."""
    by_cell = {verdict.cell: verdict for verdict in verdicts}
    for cell in notebook.cells:
        verdict = by_cell.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if verdict is not None:
            data = {"text/plain": f"{verdict.score}", "text/html": verdict.report.html()}
            result = nbformat.v4.new_output("execute_result", data, execution_count=cell.execution_count)
            result.metadata["coursekit"] = written_down(verdict.report.name, verdict.report.verdicts)
            cell.outputs = [result]


_QUIET = (
    "-c",
    os.devnull,
    "--disable-plugin-autoload",
    "--import-mode=importlib",
    "--assert=plain",
    "--capture=no",
    "-pcoursekit.grading.pytest_plugin",
    *(f"-pno:{name}" for name in ("cacheprovider", "terminal", "logging", "warnings", "faulthandler")),
    "-pno:unraisableexception",  # it collects garbage for longer than the tests take
)


_NUMBER = re.compile(r"\d+")


def _run(tests: Path, plugin: object, *options: str) -> int | pytest.ExitCode:
    """Run pytest in this process, on the file as it is now: a module of its name from another run is set aside."""
    aside = sys.modules.pop(tests.stem, None)
    try:
        # A conftest.py above them, which anybody could put into /tmp, is not read.
        where = (f"--rootdir={tests.parent}", f"--confcutdir={tests.parent}")
        return pytest.main([str(tests), *where, *options, *_QUIET], plugins=[plugin])
    finally:
        sys.modules.pop(tests.stem, None)
        if aside is not None:
            sys.modules[tests.stem] = aside


class _Recorder:
    """A pytest plugin that hands the box to the tests and keeps what they say, cell by cell."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.verdicts: dict[str, tuple[str, list[Verdict]]] = {}
        self.broken = ""
        self.stopped: GradingError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[pytest_plugin.SUBMISSION] = self._box

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken = str(report.longrepr).strip().splitlines()[-1]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, GradingError):
            self.stopped = error  # the machine's doing, which decides no point
            item.session.shouldstop = "the grader cannot go on"
        elif call.when == "call" or report.failed:
            self._keep(item, error)
        return report

    def _keep(self, item: pytest.Function, error: BaseException | None) -> None:
        grade_id, name, behaviour = _about(item)
        finding = _finding(error, "\n".join(self._box.cells))
        self.verdicts.setdefault(grade_id, (name, []))[1].append(Verdict(behaviour=behaviour, finding=finding))


class _Collector:
    """A pytest plugin that lists what would be run."""

    def __init__(self) -> None:
        self.behaviours: dict[str, list[Behaviour]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            grade_id, _, behaviour = _about(item)
            self.behaviours.setdefault(grade_id, []).append(behaviour)


def _about(item: Any) -> tuple[str, str, Behaviour]:
    """Give the cell that a test decides, the name of what it is about, and its behaviour."""
    ladder, cell = item.get_closest_marker("ladder"), item.get_closest_marker("cell")
    if ladder:
        return ladder.kwargs["cell"], ladder.args[0], item.callspec.params["behaviour"]
    title = (item.function.__doc__ or item.name).strip().splitlines()[0].rstrip(".")
    return cell.args[0] if cell else "", item.name, Behaviour(name=item.name, title=title, trials=())


def _finding(error: BaseException | None, source: str) -> Finding | None:
    if error is None:
        return None
    if not isinstance(error, pytest_plugin.WrongBehaviour):
        return Finding(kind="failure", failure=Failure(kind=type(error).__name__, message=str(error)[:300]))
    finding = error.finding
    return replace(finding, failure=_masked(finding.failure, source, error.in_public)) if finding.failure else finding


def _masked(failure: Failure, source: str, in_public: str) -> Failure:
    """Take from what a student's code raised all that it may have made up from the numbers it was given.

    Those of a hidden test stay hidden: names and lines are shown where the student wrote them, and a message, with its
    numbers blotted out, where it is ours, or the same that comes with the inputs that everybody may know.
    """
    message, public = (_NUMBER.sub("…", text) for text in (failure.message, in_public))
    parts = set(re.findall(r"\w+", failure.function)) - {"locals", "lambda"}  # that Python calls so
    known = failure.kind in source or hasattr(builtins, failure.kind) or hasattr(errors, failure.kind)
    return replace(
        failure,
        kind=failure.kind if known or failure.kind == "TimeLimitExceeded" else "Exception",
        message=message if message == public or message in french() else "",
        function=failure.function if all(part in source for part in parts) else "",
        line=failure.line if failure.line in source else "",
    )
