"""What the grading of a right notebook waits for: its cells, its hidden tests, its sandboxes, and the rest.

    python benchmarks/waiting.py                # all notebooks, in two minutes
    python benchmarks/waiting.py 01_sgd

The notebooks are the reference solutions, graded in this process, one after the other, with the pictures that a class
is lent. What the grader and students' code wait for a processor is left out. Of the processes that build a sandbox and
take it down nothing like that is known: only on a quiet machine are these two columns right.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from coursekit.grading.notebook import execute, verdicts
from coursekit.grading.notebook.grade import Settings, Task, grade, task
from coursekit.grading.sandbox import warm
from coursekit.grading.submission.intake import take_in
from coursekit.judging.time_limit import waited
from coursekit.pictures import Lent

ROOT = Path(__file__).parents[1]
SOLUTIONS, RELEASE = ROOT / "solutions" / "optimizers", ROOT / "notebooks" / "optimizers"
GOALS = {"its hidden tests": "0.1", "beyond both": "0.15"}
spent: Counter[str] = Counter()
workers = 0.0  # seconds that those which have ended waited for a processor


def main() -> None:
    """Grade, and print what it waited for."""
    import_module("coursekit.grading.classroom.preload")  # as in a class

    _measure(warm.Worker, "end", "sandboxes taken down")
    _count_waiting_of_workers()
    _measure(warm.WarmProcess, "order", "sandboxes made")
    _measure(warm.WarmProcess, "fork", "sandboxes made")
    _measure(execute.Execution, "run", "its cells")
    _measure(verdicts, "judge_notebook", "judge")
    works = [_task(path) for path in sorted(RELEASE.glob("*.ipynb")) if path.stem in (sys.argv[1:] or path.stem)]
    grade(works[0])  # whatever is slow the first time
    table = Table("notebook", *_PARTS, title="seconds")
    sums: Counter[str] = Counter()
    for work in works:
        pictures = grade(replace(work, is_reference=True), Lent(records=True)).pictures or ()
        spent.clear()
        _measured(grade, "all")(work, Lent(pictures=pictures))
        parts = _parts()
        sums.update(parts)
        table.add_row(work.stem, *(f"{parts[part]:.3f}" for part in _PARTS))
    table.add_section()
    table.add_row("on average", *(f"{sums[part] / len(works):.3f}" for part in _PARTS))
    table.add_row("goal", *(GOALS.get(part, "") for part in _PARTS))
    Console(width=140).print(table)


_PARTS = ("its cells", "its hidden tests", "sandboxes made", "sandboxes taken down", "the rest", "beyond both")


def _parts() -> Counter[str]:
    """Take apart what was measured: sandboxes are made and taken down within the hidden tests, too."""
    sandboxes = spent["sandboxes made"] + spent["sandboxes taken down"]
    within = spent["sandboxes made of tests"] + spent["sandboxes taken down of tests"]
    parts = Counter({part: spent[part] for part in _PARTS})
    parts["its hidden tests"] = spent["judge"] - within
    parts["beyond both"] = spent["all"] - spent["its cells"] - parts["its hidden tests"]
    parts["the rest"] = parts["beyond both"] - sandboxes
    return parts


def _task(release: Path) -> Task:
    return task(take_in(SOLUTIONS, RELEASE), release, ROOT / "tests" / "hidden", Settings(seed=1))


def _measure(owner: Any, name: str, part: str) -> None:
    setattr(owner, name, _measured(getattr(owner, name), part))


_within: list[str] = []


def _measured(function: Callable[..., Any], part: str) -> Callable[..., Any]:
    """Have what a function takes added to a part, and once more where it is called by the hidden tests."""

    def measured(*arguments: Any, **named: Any) -> Any:
        if part in _within:
            return function(*arguments, **named)
        begin = _now()
        _within.append(part)
        try:
            return function(*arguments, **named)
        finally:
            _within.pop()
            taken = _now() - begin
            spent[part] += taken
            if "judge" in _within:
                spent[f"{part} of tests"] += taken

    return measured


def _now() -> float:
    """Return the time, less what this process and the workers have waited for a processor."""
    return time.monotonic() - waited() - workers - sum(waited(each.process) for each in _alive)


_alive: list[warm.Worker] = []


def _count_waiting_of_workers() -> None:
    """Know which workers there are, and what those that have ended waited."""
    fork, end = warm.WarmProcess.fork, warm.Worker.end

    def forked(self: warm.WarmProcess, order: warm.Order, ordered: warm.Worker | None = None) -> warm.Worker:
        worker = fork(self, order, ordered)
        _alive.append(worker)
        return worker

    def ended(self: warm.Worker) -> None:
        global workers  # noqa: PLW0603
        if self in _alive:
            _alive.remove(self)
            workers += waited(self.process)
        end(self)

    warm.WarmProcess.fork = forked  # type: ignore[method-assign]
    warm.Worker.end = ended  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
