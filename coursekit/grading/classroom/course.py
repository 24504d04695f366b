"""A course on disk: building its notebooks, laying out a class, and grading it with nbgrader's own commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from coursekit.authoring import building
from coursekit.errors import GradingError
from coursekit.grading.classroom.gradebook.points import entered, most
from coursekit.grading.classroom.gradebook.students import unite
from coursekit.judging.behaviours import Behaviour, worth
from coursekit.language import FOLDERS, language_of, twins
from coursekit.reading.marks import mark

CONFIG = "nbgrader_config.py"
LOG = "nbgrader.log"
Progress = Callable[[str, int, int], None]  # what is done, how much, of how much


@dataclass(frozen=True, kw_only=True)
class CellOfPoints:
    """A cell, its points, and the behaviours, each with its points, or the person that decide them."""

    notebook: str
    cell: str
    points: float
    asks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Course:
    """A folder with `nbgrader_config.py`, `solutions`, `notebooks` and `tests/hidden`."""

    root: Path

    def __post_init__(self) -> None:
        if not (self.root / CONFIG).is_file():
            raise GradingError(f"{self.root} is no course: it has no {CONFIG}. Run this in the folder of the course.")

    @property
    def solutions(self) -> Path:
        """Scripts and instructor's notebooks."""
        return self.root / "solutions"

    @property
    def release(self) -> Path:
        """The folder of what students get."""
        return self.root / "notebooks"

    @property
    def submitted(self) -> Path:
        """The folder of what students handed in."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """The folder of graded notebooks."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """The folder of what students get back."""
        return self.root / "feedback"

    @property
    def state(self) -> Path:
        """The folder that gradings share; without it, everything is graded again."""
        return self.root / ".coursekit"

    @cached_property
    def config(self) -> Config:
        """The course's `nbgrader_config.py`."""
        return PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()

    @cached_property
    def directory(self) -> CourseDirectory:
        """Where nbgrader finds things in this course."""
        return CourseDirectory(config=self.config)

    def gradebook(self) -> Gradebook:
        """Open the gradebook of this course, SQLite or PostgreSQL as `CourseDirectory.db_url` says.

        Nobody is in it twice, under ids that differ in capitals or accents only.
        """
        with _commands_on_path():
            book = Gradebook(self.directory.db_url, self.directory.course_id)
        try:
            unite(book)
        except BaseException:
            book.close()
            raise
        return book

    def log(self, text: str) -> None:
        """Add to `nbgrader.log`."""
        with (self.root / LOG).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)

    def build(self, *, outdated: bool, report: Progress) -> None:
        """Build the notebooks of all languages from the scripts, and what students get from them.

        Parameters
        ----------
        outdated
            Build only the notebooks that do not have the cells that their scripts say.
        report
            Called after each notebook.
        """
        scripts = building.scripts(self.solutions)
        if not scripts:
            raise GradingError(f"{self.solutions} has no scripts. Notebooks are built in a clone of coursekit.")
        jobs = [(script, folder) for script in scripts for folder in building.homes(script)]
        if outdated:
            jobs = [(script, folder) for script, folder in jobs if not building.is_current(script, folder)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            # Later notebooks use the classes of earlier ones, so the files are there before any is executed.
            made = [(building.build(job[0], FOLDERS[job[1]]), building.target(*job)) for job in jobs]
            for notebook, path in made:
                building.write(notebook, path)
            for number, _ in enumerate(pool.map(lambda pair: _execute(*pair), made), 1):
                report("building", number, len(jobs))
        built = {folder for _, folder in jobs}
        for folder in dict.fromkeys(folder for script in scripts for folder in building.homes(script)):
            if folder in built or not (self.release / folder).is_dir():
                shutil.rmtree(self.release / folder, ignore_errors=True)
                self.nbgrader("generate_assignment", folder, "--force", "--no-db")

    def preview(self, name: str, folder: Path) -> Iterator[Path]:
        """Build one notebook, run it where the others lie, and write it as a page in each language.

        Parameters
        ----------
        name
            The name of its script, or how that begins, or its number.
        folder
            Where `NAME.LANGUAGE.html` is written; it is made if need be.
        """
        from nbconvert.exporters import HTMLExporter

        script = building.named(name, building.scripts(self.solutions))
        folder.mkdir(parents=True, exist_ok=True)
        for home, language in building.homes(script).items():
            notebook = building.build(script, language)
            building.execute(notebook, self.solutions / home)
            exporter: Any = HTMLExporter(config=self.config)  # type: ignore[no-untyped-call]
            path = folder / f"{script.stem}.{language}.html"
            path.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
            yield path

    def lay_out(self, destination: Path) -> Course:
        """Copy what nbgrader needs of this course into an empty folder, where a class can be graded."""
        destination.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.root / CONFIG, destination)
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        for folder in FOLDERS:
            shutil.copytree(self.solutions / folder, destination / "solutions" / folder, ignore=ignore)
            shutil.copytree(self.release / folder, destination / "notebooks" / folder, ignore=ignore)
        hidden = shutil.copytree(self.root / "tests" / "hidden", destination / "tests" / "hidden", ignore=ignore)
        for settings in hidden.glob("pytest.ini"):
            shutil.copy(settings, destination)  # where it is found before any that lies beside what was handed in
        return Course(root=destination)

    def assignments(self) -> dict[str, str]:
        """Return the assignments, those of the course first, each with the language of its first notebook.

        Each is a folder with notebooks in `notebooks`, or in `solutions` where it is not handed out yet. Where nothing
        is built at all, they are those that the course would build.
        """
        found = {name: language_of(paths[0]) or "en" for name, paths in self._notebooks().items()}
        return {name: found.pop(name) for name in FOLDERS if name in found} | found or dict(FOLDERS)

    def alternatives(self, assignment: str) -> set[str]:
        """Return those that are the same in another language: the course's own, or others of the same notebooks."""
        stems = {name: {path.stem for path in paths} for name, paths in self._notebooks().items()}
        same = {name for name, own in stems.items() if own == stems.get(assignment)}
        return (same | (twins(assignment) & stems.keys())) - {assignment}

    def _notebooks(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for place in (self.solutions, self.release):  # what is handed out goes before what it is made of
            for folder in sorted(place.glob("[!.]*/")):
                if notebooks := sorted(folder.glob("*.ipynb")):
                    found[folder.name] = notebooks
        return found

    def register(self, assignment: str) -> None:
        """See to it that the gradebook knows an assignment, as `nbgrader generate_assignment` does."""
        with self.gradebook() as book:
            known = most(book, assignment)
        if not known:
            self.nbgrader("generate_assignment", assignment, "--force")

    def cells_of_points(self, *names: str) -> Iterator[CellOfPoints]:
        """List every cell of points of the notebooks that are named, or of all, and what decides its points."""
        from coursekit.grading.notebook.verdicts import behaviours  # torch and pytest: not for those who need neither

        # Code is the same in every language.
        found = {path.stem: path for paths in self._notebooks().values() for path in paths}
        paths = [found[stem] for stem in sorted(found)]
        for path in [building.named(name, paths) for name in names] or paths:
            tests = self.root / "tests" / "hidden" / f"test_{path.stem}.py"
            decided = behaviours(tests, self.config.Grade.get("weights", {}))
            for cell in nbformat.read(path, as_version=4).cells:
                known = mark(cell)
                if known.grade:
                    points = known.points or 0.0
                    ladder = decided.get(known.grade_id, {})
                    asks = tuple(
                        f"{_worth(each, tuple(ladder.values()), points)}  {name}: {each.title}"
                        for name, each in ladder.items()
                    )
                    yield CellOfPoints(
                        notebook=path.stem,
                        cell=known.grade_id,
                        points=points,
                        asks=asks or ("a person, who reads the answer in words",),
                    )

    def nbgrader(self, *arguments: str) -> None:
        """Run an nbgrader command in this course; where it fails, its words are in the `GradingError`."""
        run = self._run(*arguments)
        if run.returncode:
            what = f"nbgrader {' '.join(arguments)} failed in {self.root}"
            raise GradingError(f"{what}: {reason_of(run.stderr)}. {LOG} there says more.")

    def scores(self, assignment: str) -> Iterator[tuple[str, dict[str, float | None]]]:
        """Return for every student who handed in the points of every notebook, None for one that is missing.

        They are less what is lost for being late, as everywhere.
        """
        with self.gradebook() as book:
            stems, everybody = most(book, assignment), entered(book, assignment)
        for student, own in everybody.items():
            folders = [place / student / assignment for place in (self.submitted, self.autograded)]
            # Under another name in the first, perhaps, and under its own in the second.
            here = {path.stem for folder in folders for path in folder.glob("*.ipynb")}
            yield student, {stem: own[stem].points - own[stem].penalty if stem in here else None for stem in stems}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nbgrader", *arguments, f"--NbGrader.logfile={self.root / LOG}"]
        return subprocess.run(command, cwd=self.root, env=_environment(), capture_output=True, text=True, check=False)


def _worth(behaviour: Behaviour, ladder: tuple[Behaviour, ...], points: float) -> str:
    return f"{worth(behaviour, ladder, points):.3g}" if behaviour.weight else "not counted"


def reason_of(said: str) -> str:
    """Find in what nbgrader says the line that tells why it failed: most of it is where, and comes last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["nbgrader says nothing"]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Entry|Exit)(: |$)", line)]
    first = [line for line in raised if "NbGraderException" not in line]
    return ([*first, *raised] or lines[-1:])[0].removeprefix("nbgrader.converters.base.NbGraderException: ").rstrip(".")


@contextmanager
def _commands_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic` by its name in the block."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = _environment()["PATH"]
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _environment() -> dict[str, str]:
    """Put this Python's commands on the path: nbgrader starts `alembic` by its name."""
    commands = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([commands, os.environ.get("PATH", "")])}


def _execute(notebook: nbformat.NotebookNode, path: Path) -> None:
    building.execute(notebook, path.parent)
    building.write(notebook, path)
