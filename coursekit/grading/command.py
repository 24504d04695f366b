"""The command line: `coursekit notebooks`, `points`, `sample`, `grade`, `doctor` and `bundle`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import CourseError
from coursekit.language import FOLDERS

if TYPE_CHECKING:
    from coursekit.grading.mistakes import Mistake

try:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Table
except ImportError:
    sys.exit("coursekit: this command is the instructor's and needs the grader: pip install 'coursekit[grading]'")

MOST = 10  # mistakes that are listed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit code: 0 when all went well, 1 when something did not."""
    options = _parser().parse_args(arguments)
    try:
        good: bool = options.run(options)
    except CourseError as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("coursekit: stopped. What was done is kept; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0 if good else 1


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description="Build the course, and grade a class with nbgrader.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], bool], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("--course", type=Path, default=Path(), help="folder of the course (default: this one)")
        return command

    notebooks = add("notebooks", _notebooks, "Build the notebooks of both languages from the scripts.")
    notebooks.add_argument("--outdated", action="store_true", help="only those that are not what their script says")
    add("points", _points, "Print the cells of points and what each asks.")
    sample = add("sample", _sample, "Lay out a course with a sample class.")
    sample.add_argument("folder", type=Path, help="where; what lies there is replaced")
    grade = add("grade", _grade, "Grade all submissions, write feedback pages and grades.csv, print a table.")
    grade.add_argument("assignment", nargs="*", help="by default every assignment that somebody handed in")
    grade.add_argument("--jobs", type=_positive, default=os.cpu_count(), help="processes (default: one for each core)")
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help="grade on the workers of a Dask scheduler")
    grade.add_argument("--no-sandbox", action="store_true", help="run students' code with your rights")
    add("doctor", _doctor, "Say what this machine offers to the grader.")
    bundle = add("bundle", _bundle, "Make the zip files for students without a hub.")
    bundle.add_argument("folder", type=Path, help="where the zip files go")
    return parser


def _doctor(options: argparse.Namespace) -> bool:
    from coursekit.grading.doctor import findings

    found = list(findings(options.course.resolve()))
    for finding in found:
        print(f"{'✓' if finding.good else '✗'} {finding.text}")
    return all(finding.good for finding in found if finding.needed)


def _notebooks(options: argparse.Namespace) -> bool:
    from coursekit.grading.course import Course

    with _progress() as report:
        Course(root=options.course.resolve()).build(outdated=options.outdated, report=report)
    return True


def _points(options: argparse.Namespace) -> bool:
    from coursekit.grading.course import Course

    table = Table("notebook", "cell", "points", "decided by", title="Points")
    for cell in Course(root=options.course.resolve()).cells_of_points():
        table.add_row(cell.notebook, cell.cell, f"{cell.points:g}", "\n".join(cell.asks))
    Console().print(table)
    return True


def _sample(options: argparse.Namespace) -> bool:
    import shutil

    from coursekit.grading.course import Course
    from coursekit.grading.sample import lay_out

    course = Course(root=options.course.resolve())
    folder = options.folder.resolve()
    if folder.exists():
        Course(root=folder)  # refuses to replace what is no course
        shutil.rmtree(folder)
    laid = course.lay_out(folder)
    students = lay_out(course.root / "tests" / "sample", laid.release, laid.solutions, laid.submitted)
    print(f"A sample class of {len(students)} students lies in {options.folder}.")
    return True


def _grade(options: argparse.Namespace) -> bool:
    from coursekit.grading.course import LOG, Course
    from coursekit.grading.marking import mark
    from coursekit.grading.mistakes import mistakes
    from coursekit.grading.workers import Means

    course = Course(root=options.course.resolve())
    if options.no_sandbox:
        course.config.Grade.sandbox = False
    assignments = options.assignment or [name for name in FOLDERS if any(course.submitted.glob(f"*/{name}"))]
    means = Means(jobs=options.jobs, scheduler=options.scheduler)
    outcomes = []
    for assignment in assignments:
        with _progress() as report:
            outcomes.append(mark(course, assignment, means, report))
    course.export(course.root / "grades.csv")
    for assignment in assignments:
        scores = list(course.scores(assignment))
        Console().print(_table(assignment, scores))
        for student, points in scores:
            for stem in [stem for stem, value in points.items() if value is None]:
                print(f"{student} did not hand in {stem}: it counts 0.")
        _say_mistakes(mistakes(course.autograded, assignment, FOLDERS[assignment]))
    for outcome in outcomes:
        for student, what, remark in outcome.remarks:
            print(f"{student}, {what}: {remark}.")
    print("Two points of each notebook are for the answer in words and wait for a person: nbgrader formgrader.")
    print(f"Feedback pages: {_short(course.root)}/feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html")
    print(f"Grades:         {_short(course.root)}/grades.csv")
    failed = {student: reason for outcome in outcomes for student, reason in outcome.failed.items()}
    for student, reason in failed.items():
        print(f"{student} could not be graded: {reason}", file=sys.stderr)
    if failed:
        print(f"{_short(course.root / LOG)} says more. A second run tries them again.", file=sys.stderr)
    return not failed


def _say_mistakes(found: Sequence[Mistake]) -> None:
    if found:
        table = Table("students", "what they get wrong", "who", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for mistake in found[:MOST]:
            table.add_row(str(len(mistake.students)), mistake.text, ", ".join(mistake.students))
        Console().print(table)
        if len(found) > MOST:
            print(f"and {len(found) - MOST} more, on the feedback pages.")


def _bundle(options: argparse.Namespace) -> bool:
    from coursekit.grading.bundle import make_bundles

    for path in make_bundles(options.course.resolve(), options.folder.resolve()):
        print(_short(path))
    return True


def _table(assignment: str, scores: list[tuple[str, dict[str, float | None]]]) -> Table:
    stems = list(scores[0][1]) if scores else []
    title = f"{assignment}, of 20 (– not handed in)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    for name in [*(stem[:2] for stem in stems), "sum"]:
        table.add_column(name, justify="right", no_wrap=True)
    for student, points in scores:
        table.add_row(
            student, *map(_written, points.values()), _written(sum(value or 0.0 for value in points.values()))
        )
    return table


def _written(points: float | None) -> str:
    return "–" if points is None else f"{points:.1f}".removesuffix(".0")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, completed=done, rate="")
            speed = bar.tasks[tasks[what]].speed
            bar.update(tasks[what], completed=done, total=total, rate=f"{speed:.1f}/s" if speed else "")

        yield report


def _short(path: Path) -> str:
    """Write a path from here, where it lies below."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
