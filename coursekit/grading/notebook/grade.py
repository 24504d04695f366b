"""Grade one notebook: a pure function of what was handed in, the course and its seed; no folder, no gradebook."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import nbformat
from nbformat import NotebookNode

from coursekit.errors import UnreadableError
from coursekit.grading.files import write_at_once
from coursekit.grading.notebook.depends import digest, grader, meaning
from coursekit.grading.notebook.mistakes import NOTICE
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits
from coursekit.grading.submission import reading
from coursekit.grading.submission.beside import cell, needed_by
from coursekit.grading.submission.intake import Intake
from coursekit.judging.subject import subject
from coursekit.language import translate
from coursekit.pictures import Lent, Picture

if TYPE_CHECKING:
    from coursekit.grading.notebook.verdicts import CellVerdict
    from coursekit.grading.sandbox.warm import Ahead, Order

NOTHING = Lent()
TOO_BUSY = "the machine was too busy to run all cells for the page; the next grading makes it again"
_JUDGING = threading.Lock()  # pytest keeps one thread at a time; a worker of a cluster may have several


@dataclass(frozen=True, kw_only=True)
class Settings:
    """An instructor's settings.

    Attributes
    ----------
    seed
        Draws the hidden inputs.
    sandbox
        Whether students' code runs in a sandbox.
    patience
        How long students' code is waited for.
    limits
        What else it may use.
    weights
        Of behaviours, by their names, where they are not those of the ladders.
    """

    seed: int
    sandbox: bool = True
    patience: Patience = USUAL
    limits: Limits = GENEROUS
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """All that is needed to grade a notebook, anywhere.

    Attributes
    ----------
    stem
        The name of the notebook.
    submission
        The bytes that were handed in, or why there are none to read.
    release
        The notebook that was handed out.
    tests
        The hidden tests: names of files and what stands in them.
    settings
        The instructor's choices.
    beside
        The modules beside it that it imports, see `coursekit.grading.submission.beside.needed_by`.
    is_reference
        Whether it is the course's own solution, which is judged to try the hidden tests, and never shown.
    """

    stem: str
    submission: bytes | str
    release: bytes
    tests: dict[str, bytes]
    settings: Settings
    beside: dict[str, bytes] = field(default_factory=dict)
    is_reference: bool = False

    @cached_property
    def depends(self) -> dict[str, str]:
        """The inputs of the result besides what was handed in, by names in words; they go where the task goes.

        Of tests, comments and layout are no part.
        """
        settings = self.settings
        return {
            "the notebook that was handed out": digest(self.release),
            "its hidden tests": digest({name: meaning(code) for name, code in self.tests.items()}),
            "c.Grade.seed": digest(settings.seed),
            "c.Grade.weights": digest(settings.weights),
            "the sandbox": digest(settings.sandbox),
            "the limits of time": digest(settings.patience),
            "the limits of the sandbox": digest(settings.limits),
            **grader(),
        }

    @cached_property
    def key(self) -> str:
        """The name of the result: two tasks with the same key have the same one; it goes where the task goes."""
        beside = [part for file in sorted(self.beside.items()) for part in file]
        return digest(self.stem, self.is_reference, sorted(self.depends.items()), self.submission, *beside)

    def of_reference(self, solution: Path) -> Task:
        """Return the task of the course's own solution of this notebook."""
        return replace(self, submission=solution.read_bytes(), beside={}, is_reference=True)


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A graded notebook, as JSON, and what an instructor should know about it.

    It is `unfinished` where a busy machine has cut short what is shown: another try may show all. The points are as
    they are. With a reference go its `pictures`, if they were recorded.
    """

    notebook: str
    remarks: tuple[str, ...]
    unfinished: bool = False
    pictures: tuple[Picture, ...] | None = None


def task(intake: Intake, release: Path, tests: Path, settings: Settings) -> Task:
    """Gather what is needed to grade a notebook; whatever was handed in, nothing is raised about it.

    Parameters
    ----------
    intake
        The file that the student handed in.
    release
        The notebook that was handed out.
    tests
        The folder of the hidden tests.
    settings
        The instructor's choices.
    """
    own = f"test_{release.stem}.py"
    files = [path for path in sorted(tests.glob("*.py")) if path.name == own or path.name[:5] != "test_"]
    held = {path.name: path.read_bytes() for path in files}
    weights = tuple(
        (name, weight)
        for name, weight in settings.weights
        if any(name.partition(".")[0].encode() in code for code in held.values())  # else they are another notebook's
    )
    return Task(
        stem=release.stem,
        submission=intake.file(release.stem).data,
        release=release.read_bytes(),
        tests=held,
        settings=replace(settings, weights=weights),
        beside=needed_by(intake, release),
    )


def grade(work: Task, lent: Lent = NOTHING) -> Graded:
    """Grade a notebook: graft, judge, execute; of the reference the remarks are the behaviours that it loses.

    The loans make it fast, and change nothing of the result; for a reference they say whether pictures are recorded.
    """
    from coursekit.grading.notebook.execute import BUSY, cut
    from coursekit.grading.notebook.verdicts import show_verdicts
    from coursekit.grading.sandbox.warm import Ahead
    from coursekit.grading.submission.graft import definitions, graft
    from coursekit.grading.submission.newer import newer_python

    release = nbformat.reads(work.release.decode(), as_version=4)
    language = release.metadata.get("coursekit", {}).get("language", "en")
    unreadable = ""
    remarks: list[str] = []
    try:
        if isinstance(work.submission, str):
            raise UnreadableError(work.submission)
        submission, odd = reading.read(work.submission)
        remarks += odd
    except UnreadableError as error:
        unreadable = str(error)
        submission = nbformat.v4.new_notebook()
    notebook, oddities = graft(submission, release)
    if work.beside:
        notebook.cells.insert(0, _beside(work.beside))
    if modules := sorted(name for name in work.beside if name.endswith(".py")):
        remarks.append(f"it was run with {', '.join(modules)}, which lay beside it")
    if work.is_reference:
        return _tried(work, notebook, records=lent.records)
    with Ahead(() if unreadable else _asked(work, notebook)) as ahead:
        verdicts = _judged(work, notebook, ahead)
        if unreadable:
            remarks.append(f"it could not be read: {unreadable}; nothing of it counts")
        else:
            remarks += [oddity.remark for oddity in oddities]
            remarks += _shown(work, notebook, verdicts, lent, ahead)
    left_out = "".join(verdict.left_out for verdict in verdicts)
    if left_out:
        remarks.append(f"left out, because it does not run here: {left_out}; the rest counts")
    if work.beside:
        del notebook.cells[0]
    newer = newer_python(definitions(notebook))
    if newer:
        remarks.append(f"{newer[0].lower()}{newer[1:].rstrip('.')}")
    show_verdicts(notebook, verdicts)
    if unreadable:
        notebook.cells.insert(0, _notice(unreadable, language))
    notebook.metadata.setdefault("coursekit", {})["graded"] = work.key
    return Graded(notebook=nbformat.writes(notebook), remarks=tuple(remarks), unfinished=cut(notebook) == BUSY)


def _tried(work: Task, notebook: NotebookNode, *, records: bool) -> Graded:
    """Judge a reference, and record its pictures."""
    from coursekit.grading.notebook.recording import record

    settings = work.settings
    tables = [verdict.table for verdict in _judged(work, notebook)]
    lost = [(table.name, each.behaviour.name) for table in tables for each in table.counted if each.finding]
    pictures = None
    if records:
        pictures = record(notebook, sandbox=settings.sandbox, patience=settings.patience, limits=settings.limits)
    told = tuple(f"{exercise}.{behaviour}" for exercise, behaviour in lost)
    return Graded(notebook="", remarks=told, pictures=pictures)


def _shown(
    work: Task, notebook: NotebookNode, verdicts: tuple[CellVerdict, ...], lent: Lent, ahead: Ahead
) -> list[str]:
    """Run the cells for whoever reads the notebook; return what is remarkable about that."""
    from coursekit.grading.notebook.execute import BUSY, cut, execute

    patience = work.settings.patience
    if any(verdict.hangs for verdict in verdicts):
        patience = patience.once_warned()
    said = execute(
        notebook,
        sandbox=work.settings.sandbox,
        patience=patience,
        limits=work.settings.limits,
        pictures=lent.pictures,
        decided={verdict.cell for verdict in verdicts},
        ahead=ahead,
    )
    return [*said, *([TOO_BUSY] if cut(notebook) == BUSY else [])]


def _asked(work: Task, notebook: NotebookNode) -> set[Order]:
    """Say which processes are needed: they are made while others work."""
    from coursekit.grading.notebook.execute import order
    from coursekit.grading.sandbox.warm import Order

    ladders = (
        subject().ladder(name, work.settings.seed)
        for name, exercise in subject().exercises.items()
        if exercise.home == work.stem
    )
    trials = (trial for ladder in ladders for behaviour in ladder for trial in behaviour.trials)
    kinds = {trial.scenario.unaided for trial in trials}
    sandbox, limits = work.settings.sandbox, work.settings.limits
    asked = {Order(kind="answers", sandbox=sandbox, unaided=unaided, limits=limits) for unaided in kinds}
    return asked | {order(notebook, sandbox=sandbox, patience=work.settings.patience, limits=limits)}


def _judged(work: Task, notebook: NotebookNode, ahead: Ahead | None = None) -> tuple[CellVerdict, ...]:
    """Judge a grafted notebook by the hidden tests."""
    from coursekit.grading.notebook.verdicts import judge_notebook

    settings = work.settings
    with tempfile.TemporaryDirectory(prefix="coursekit-tests-") as folder:
        for name, content in work.tests.items():
            (Path(folder) / name).write_bytes(content)
        with _JUDGING:
            return judge_notebook(
                notebook,
                Path(folder) / f"test_{work.stem}.py",
                settings.seed,
                sandbox=settings.sandbox,
                patience=settings.patience,
                limits=settings.limits,
                weights=dict(settings.weights),
                ahead=ahead,
            )


def grade_lent(work: tuple[Task, Lent]) -> Graded:
    """Grade a notebook with what is lent to it."""
    return grade(*work)


class Cache:
    """Results by their keys, in a folder; what is half written is never there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Graded | None:
        """Return the result of a key, None where there is none."""
        try:
            return msgspec.msgpack.decode(self._path(key).read_bytes(), type=Graded)
        except (OSError, msgspec.MsgspecError):
            return None

    def put(self, key: str, graded: Graded) -> None:
        """Keep a result."""
        write_at_once(self._path(key), msgspec.msgpack.encode(graded))

    def keep_only(self, keys: Container[str]) -> None:
        """Remove all other results."""
        for path in self._results():
            if path.name not in keys:
                path.unlink(missing_ok=True)

    def held(self) -> tuple[int, int]:
        """Return the number of results, and their bytes."""
        sizes = [path.stat().st_size for path in self._results()]
        return len(sizes), sum(sizes)

    def _results(self) -> Iterator[Path]:
        return self._folder.glob(f"??/{'?' * 64}")

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


def _beside(files: dict[str, bytes]) -> NotebookNode:
    """Make a cell above all others that puts files where these find them."""
    made = nbformat.v4.new_code_cell(cell(files))
    made.metadata["coursekit"] = NotebookNode(added=True)
    return made


def _notice(reason: str, language: str) -> NotebookNode:
    text = translate("This file could not be graded: {reason}.", language, reason=translate(reason, language))
    cell = nbformat.v4.new_markdown_cell(f"**{text}**")
    cell["id"] = NOTICE
    return cell
