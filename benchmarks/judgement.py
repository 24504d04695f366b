"""How long a student waits for a check, and how long the hidden tests of a notebook take.

`python benchmarks/judgement.py` prints the median of several runs in one process, and its ratio to a baseline in the
same run: torch's own optimizer put through the same scenarios, without a judgement. The first run of each is left out:
it imports much of torch, and starts the process that forks the workers.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path

import nbformat

from coursekit.errors import CheckFailed
from coursekit.grading.notebook.verdicts import judge_notebook
from coursekit.judging.running import run
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import stand_in
from coursekit.student.checks import check

ROOT = Path(__file__).parents[1]
RUNS = 15
GOALS = {"check": 0.15, "hidden tests": 0.3}  # seconds
INSIDE = ('(v_hat.sqrt() + group["epsilon"])', '(v_hat + group["epsilon"]).sqrt()')


def main() -> None:
    """Print the table."""
    source = nbformat.read(ROOT / "solutions" / "optimizers" / "04_adam.ipynb", as_version=4)
    cell = next(cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "adam")
    spaces: dict[str, type] = {}
    for kind, text in (("right", cell.source), ("wrong", cell.source.replace(*INSIDE))):
        space: dict[str, type] = {}
        exec(f"import torch\n{text}", space)  # noqa: S102 - a solution of the course
        spaces[kind] = space["Adam"]
    assert INSIDE[0] in cell.source
    tests = ROOT / "tests" / "hidden" / "test_04_adam.py"
    scenarios = [trial.scenario for behaviour in ladder("Adam") for trial in behaviour.trials]

    def put_through() -> None:
        for scenario in scenarios:
            run(stand_in("Adam"), scenario)

    def checked(kind: str) -> None:
        with redirect_stdout(io.StringIO()), suppress(CheckFailed):
            check(spaces[kind], "Adam")

    def hidden(kind: str) -> None:
        cell.source = cell.source.replace(*INSIDE) if kind == "wrong" else cell.source
        judge_notebook(source, tests, seed=1)

    baseline = median(put_through)
    print(f"{len(scenarios)} scenarios of Adam, torch's own class, no judgement: {baseline:.3f} s")
    for name, judge in (("check", checked), ("hidden tests", hidden)):
        for kind in ("right", "wrong"):
            took = median(lambda judge=judge, kind=kind: judge(kind))
            print(
                f"{name}, {kind} class: {took:.3f} s, {took / baseline:.1f} times the baseline (goal {GOALS[name]} s)"
            )


def median(measured: Callable[[], None]) -> float:
    """Return the median of the wall-clock times of some runs, in seconds."""
    measured()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        measured()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
