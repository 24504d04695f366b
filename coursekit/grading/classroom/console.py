"""The output of the commands: tables, a progress bar, short paths."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table

if TYPE_CHECKING:
    from coursekit.grading.classroom.course import CellOfPoints
    from coursekit.grading.notebook.mistakes import MistakeMade

MOST = 10  # mistakes, and students who did not hand in everything, that are listed
MANY = 40  # lines that somebody reads
Scores = Sequence[tuple[str, dict[str, float | None]]]  # the points of students by notebook
Most = dict[str, tuple[float, float]]  # the most points of notebooks, by tests and for answers in words


def show_mistakes(found: Sequence[MistakeMade]) -> None:
    """Show what a class gets wrong, the most frequent first."""
    if found:
        table = Table("students", "what they get wrong", "who", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for mistake in found[:MOST]:
            table.add_row(str(len(mistake.students)), mistake.text, ", ".join(mistake.students))
        _console().print(table)
        if len(found) > MOST:
            print(f"and {len(found) - MOST} more, on the feedback pages.")


def show_points(cells: Iterable[CellOfPoints]) -> None:
    """Show the cells of points and what decides them."""
    table = Table("notebook", "cell", "points", "decided by", title="Points")
    for cell in cells:
        table.add_row(cell.notebook, cell.cell, f"{cell.points:g}", "\n".join(cell.asks))
    _console().print(table)


def show_scores(assignment: str, scores: Scores, most: Most, *, all_of_them: bool) -> None:
    """Show the points of a class: a row for each student, or where these are many one for each notebook."""
    if len(scores) <= MANY or all_of_them:
        table = _rows(scores, most)
        title = f"{assignment} (of: by tests + for answers in words; – not handed in)"
    else:
        table = _summary(scores, most)
        title = f"{assignment}, {len(scores)} students (all of them: --all, or coursekit report)"
    table.box, table.padding = SIMPLE_HEAD, (0, 1, 0, 0)
    print(title)  # as a title of the table it would be folded to its width
    _console().print(table)


def _rows(scores: Scores, most: Most) -> Table:
    table = Table()
    table.add_column("student", overflow="fold")  # which leaves their room to the points
    for name in [*(stem[:2] for stem in most), "sum"]:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("of", *map(_parts, most.values()), _parts(_sum(most)))
    for student, points in scores:
        table.add_row(student, *map(_written, points.values()), _written(_of(points)))
    return table


def _summary(scores: Scores, most: Most) -> Table:
    table = Table("notebook", *(Column(name, justify="right") for name in ("of", "handed in", "median")))
    for stem, worth in most.items():
        reached = [points[stem] or 0.0 for _, points in scores if points[stem] is not None]
        table.add_row(stem, _parts(worth), str(len(reached)), _written(median(reached) if reached else None))
    table.add_row("sum", _parts(_sum(most)), "", _written(median(_of(points) for _, points in scores)))
    return table


def show_missing(scores: Scores, absent: Sequence[str]) -> None:
    """Say who handed in nothing, and who did not hand in which notebooks, in no more than `MOST` lines."""
    if absent:
        print(f"Nothing was handed in by {_some(absent)}.")
    missing = {student: [stem for stem, value in points.items() if value is None] for student, points in scores}
    missing = {student: stems for student, stems in missing.items() if stems}
    for student, stems in list(missing.items())[:MOST]:
        print(f"{student} did not hand in {', '.join(stems)}: {'it counts' if len(stems) == 1 else 'each counts'} 0.")
    if len(missing) > MOST:
        print(f"{len(missing) - MOST} more students did not hand in everything: – in the table, 0 in grades.csv.")


def show_remarks(remarks: Sequence[tuple[str, str, str]]) -> None:
    """Show what was odd: a line for each student, or where these are many one for each thing that was."""
    if len(remarks) <= MANY:
        for student, what, remark in remarks:
            print(f"{student}, {what}: {remark}.")
        return
    alike: dict[str, list[str]] = {}
    for student, _, remark in remarks:
        alike.setdefault(remark, []).append(student)
    for remark, students in sorted(alike.items(), key=lambda item: -len(item[1]))[:MANY]:
        print(f"{_some(list(dict.fromkeys(students)))}: {remark}.")
    print("Which file it is in stands in the class report: coursekit report.")


def _some(students: Sequence[str]) -> str:
    more = len(students) - MOST
    return ", ".join(students[:MOST]) + (f" and {more} more" if more > 0 else "")


def _of(points: dict[str, float | None]) -> float:
    return sum(value or 0.0 for value in points.values())


def _sum(most: Most) -> tuple[float, float]:
    return sum(tests for tests, _ in most.values()), sum(words for _, words in most.values())


def _parts(worth: tuple[float, float]) -> str:
    return "+".join(_written(part) for part in worth if part)


def _console() -> Console:
    """Make a console that shows what is in names as it is."""
    return Console(markup=False, emoji=False, highlight=False)


def _written(points: float | None) -> str:
    return "–" if points is None else f"{points:.1f}".removesuffix(".0")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far each thing is that is done, on standard error; return what is told of it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        tasks = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, completed=done, rate="")
            speed = bar.tasks[tasks[what]].speed
            bar.update(tasks[what], completed=done, total=total, rate=f"{speed:.1f}/s" if speed else "")

        yield report


def _lines() -> Callable[[str, int, int], None]:
    """Return what writes a line at each tenth of a thing, for a file."""
    told: dict[str, int] = {}

    def report(what: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if told.get(what) != tenth:
            told[what] = tenth
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return report


def short(path: Path) -> str:
    """Write a path from here, where it lies below."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
