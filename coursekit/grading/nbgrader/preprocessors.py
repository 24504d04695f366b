"""The course's steps in `nbgrader autograde`, named in `nbgrader_config.py`."""

from __future__ import annotations

import contextlib
import shutil
import sys
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Float, Integer, Unicode
from traitlets.log import get_logger

from coursekit.errors import GradingError, SandboxError, UnreadableError
from coursekit.grading.classroom.course import Course
from coursekit.grading.files import write_at_once
from coursekit.grading.notebook.bank import MANY, Bank
from coursekit.grading.notebook.grade import Cache, Graded, Settings, Task, grade, task
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandbox import Limits
from coursekit.grading.submission.intake import NOTES, Intake, take_in
from coursekit.grading.submission.reading import read_file
from coursekit.judging.subject import subject
from coursekit.pictures import Lent, Picture

MAX_NOTE = 1000  # bytes of a time stamp

NO_SANDBOX = (
    "No sandbox can be had here: {reason}. Students' code would run with your rights. To grade all the same, say so: "
    "c.Grade.sandbox = False in nbgrader_config.py, or coursekit grade --no-sandbox."
)


class Handed(NotebookExporter):
    """Hands over a submission unread, so that one that is no notebook does not stop the others."""

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **more: Any) -> Any:
        """Read a notebook, but not one that a student handed in: `Grade` does that, with care."""
        about = resources["nbgrader"] if resources else {}
        coursedir = self.parent.coursedir  # type: ignore[union-attr]  # nbgrader's converter
        folder = coursedir.format_path(coursedir.submitted_directory, about.get("student"), about.get("assignment"))
        if Path(filename).parent != Path(folder):
            return super().from_filename(filename, resources, **more)
        return self.from_notebook_node(  # type: ignore[no-untyped-call]
            nbformat.v4.new_notebook(), resources, **more
        )


class Grade(NbGraderPreprocessor):
    """Grades what was handed in, or takes the result from the cache."""

    tests = Unicode("tests/hidden", help="Folder of the hidden tests, relative to the course.").tag(config=True)
    seed = Integer(1, help="Draws the hidden inputs. Choose your own and keep it to yourself.").tag(config=True)
    timeout = Float(USUAL.cell, help="Seconds that one cell may take in what the reader is shown.").tag(config=True)
    budget = Float(USUAL.cells, help="Seconds that all cells of a notebook may take.").tag(config=True)
    patience = Dict(
        value_trait=Float(),
        help="Other limits of time for students' code, see coursekit.grading.sandbox.patience.Patience.",
    ).tag(config=True)
    limits = Dict(
        value_trait=Integer(min=1),
        help="Other limits of what students' code may use, see coursekit.grading.sandbox.sandbox.Limits.",
    ).tag(config=True)
    sandbox = Bool(True, help="Whether students' code runs in a sandbox.").tag(config=True)
    weights = Dict(
        value_trait=Float(min=0.0),
        help='Weights of behaviours, if not those of their ladders, as in {"SGD.saved_state": 0}; 0 leaves one out.',
    ).tag(config=True)
    cache = Unicode(".coursekit/graded", help="Folder of what was graded before.").tag(config=True)

    def preprocess(self, _: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Put the graded notebook in the place of the submission."""
        about = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir  # the exporter's parent is nbgrader's converter
        student, assignment, stem = about["student"], about["assignment"], about["notebook"]
        origin = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        self._leave_notebooks(Path(coursedir.format_path(coursedir.autograded_directory, student, assignment)), origin)
        release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
        work = self.task_for(coursedir, assignment, stem, take_in(origin, release))
        results = self.results(coursedir, assignment)
        graded = results.get(work.key)
        if graded is None or graded.unfinished:
            solution = Path(coursedir.format_path(coursedir.source_directory, ".", assignment)) / f"{stem}.ipynb"
            bank = Bank(Path(coursedir.root) / ".coursekit/pictures" / assignment, self.log.warning)
            students = len(list(origin.parents[1].glob(f"*/{origin.name}")))
            graded = self._graded(work, Lent(pictures=self._known(work, solution, bank, students)))
            results.put(work.key, graded)
        for remark in graded.remarks:
            self.log.warning("%s, %s.ipynb: %s.", student, stem, remark)
        return nbformat.reads(graded.notebook, as_version=4), resources

    def _graded(self, work: Task, lent: Lent) -> Graded:
        """Grade a notebook, if that can be done at all."""
        import coursekit.grading.classroom.preload  # noqa: F401 - all that takes long, while the warm process gets ready

        try:
            return grade(work, lent)
        except SandboxError as error:
            sys.exit(NO_SANDBOX.format(reason=error))

    def _known(self, work: Task, solution: Path, bank: Bank, students: int) -> tuple[Picture, ...]:
        """Take from the bank what the reference of a notebook draws, or record it where many have handed in."""
        if not solution.is_file():
            return ()
        reference = work.of_reference(solution)
        known = bank.get(work.stem, reference.key)
        if known is None and students >= MANY:
            try:
                recorded = self._graded(reference, Lent(records=True)).pictures
            except GradingError:  # which students do not pay for
                recorded = None
            known = bank.put(work.stem, reference.key, recorded)
        return known or ()

    def results(self, coursedir: Any, assignment: str) -> Cache:
        """Open the cache of an assignment."""
        return Cache(Path(coursedir.root) / self.cache / assignment)

    def task_for(self, coursedir: Any, assignment: str, stem: str, intake: Intake) -> Task:
        """Gather what is needed to grade one of the notebooks that a student handed in."""
        release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment)) / f"{stem}.ipynb"
        return task(intake, release, Path(coursedir.root) / self.tests, self.settings)

    @cached_property
    def settings(self) -> Settings:
        """The instructor's settings.

        Raises
        ------
        GradingError
            When a weight is one of no behaviour, or a limit is none.
        """
        for setting, kind in (("patience", Patience), ("limits", Limits)):
            known = [field.name for field in fields(kind) if field.name not in ("cell", "cells")]  # timeout, budget
            for name in getattr(self, setting):
                if name not in known:
                    raise _unknown(setting, name, ", ".join(known))
        for name in self.weights:
            exercise, _, behaviour = name.partition(".")
            ladder = subject().ladder(exercise) if exercise in subject().exercises else ()
            if behaviour not in [each.name for each in ladder]:
                there = ", ".join(f"{exercise}.{each.name}" for each in ladder) or "EXERCISE.BEHAVIOUR, as SGD.groups"
                raise _unknown("weights", name, there)
        patience = Patience(cell=self.timeout, cells=self.budget, **self.patience)
        weights = tuple(sorted(self.weights.items()))
        limits = Limits(**self.limits)
        return Settings(seed=self.seed, sandbox=self.sandbox, patience=patience, limits=limits, weights=weights)

    def _leave_notebooks(self, folder: Path, origin: Path) -> None:
        """Remove what nbgrader copied beside the notebooks: it may be what a link of a student's points to."""
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.suffix == ".ipynb":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        copy_notes(origin, folder)


def see_to_names(notebooks: list[str], **_: str) -> None:
    """Have `nbgrader autograde`, whose hook this is, take a student's files for the notebooks that they hold.

    It looks for each under its own name, and `Grade` finds it there. Anything odd in the folder is said.
    """
    folder = Path(notebooks[0]).parent
    release = Course(root=Path.cwd()).release / folder.name  # nbgrader has gone to the folder of the course
    intake = take_in(folder, release)
    for name, remark in intake.remarks:
        get_logger().warning("%s, %s: %s.", folder.parent.name, name, remark)
    chosen = {Path(notebook) for notebook in notebooks}
    every = chosen.issuperset(folder.glob("*.ipynb"))  # unless a person has chosen some
    found = [stem for stem, file in intake.files.items() if every or file.path in chosen]
    notebooks[:] = [str(folder / f"{stem}.ipynb") for stem in found]


def copy_notes(origin: Path, folder: Path) -> None:
    """Copy what nbgrader itself writes beside a submission, if that is what lies there."""
    for name in NOTES:
        with contextlib.suppress(UnreadableError):
            note = read_file(origin / name)
            if len(note) <= MAX_NOTE:
                write_at_once(folder / name, note)  # nbgrader may have left one there that cannot be written


def _unknown(setting: str, name: str, known: str) -> GradingError:
    return GradingError(f"c.Grade.{setting} in nbgrader_config.py: there is no {name!r}. Known: {known}.")
