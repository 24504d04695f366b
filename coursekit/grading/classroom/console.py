"""What the commands show: tables, a progress bar, short paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from coursekit.grading.classroom.course import CellOfPoints
    from coursekit.grading.notebook.mistakes import MistakeMade

MOST = 10  # mistakes, and students who did not hand in everything, that are listed


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


def show_scores(assignment: str, scores: list[tuple[str, dict[str, float | None]]]) -> None:
    """Show the points of a class, a row for each student."""
    stems = list(scores[0][1]) if scores else []
    title = f"{assignment}, of 20 (– not handed in)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("student", overflow="fold")  # which leaves their room to the points
    for name in [*(stem[:2] for stem in stems), "sum"]:
        table.add_column(name, justify="right", no_wrap=True)
    for student, points in scores:
        table.add_row(
            student, *map(_written, points.values()), _written(sum(value or 0.0 for value in points.values()))
        )
    _console().print(table)


def show_missing(scores: list[tuple[str, dict[str, float | None]]]) -> None:
    """Say who did not hand in which notebooks, a line for each student and no more than `MOST` lines."""
    missing = {student: [stem for stem, value in points.items() if value is None] for student, points in scores}
    missing = {student: stems for student, stems in missing.items() if stems}
    for student, stems in list(missing.items())[:MOST]:
        print(f"{student} did not hand in {', '.join(stems)}: {'it counts' if len(stems) == 1 else 'each counts'} 0.")
    if len(missing) > MOST:
        print(f"{len(missing) - MOST} more students did not hand in everything: – in the table, 0 in grades.csv.")


def _console() -> Console:
    """Make a console that shows what is in names as it is."""
    return Console(markup=False, emoji=False, highlight=False)


def _written(points: float | None) -> str:
    return "–" if points is None else f"{points:.1f}".removesuffix(".0")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each thing that is done, on standard error; return what moves it."""
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


def short(path: Path) -> str:
    """Write a path from here, where it lies below."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
