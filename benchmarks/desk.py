"""How long a student waits: for the import, for a check, for a notebook from top to bottom.

    python benchmarks/desk.py

The import is a ratio against `import torch` alone, each the best of five processes that take turns; the first check is
the best of five processes, too. Later checks and notebooks are those of the reference solutions: the best of three
checks, and one run.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from coursekit.judging.subject import subject
from coursekit.reading.cells import read
from coursekit.student.checks import judge
from coursekit.student.own import Own

HERE = Path(__file__).resolve().parents[1] / "solutions" / "optimizers"
TURNS = 5


def main() -> None:
    """Print the table."""
    torch, named, used = imports("import torch", "import torch, coursekit", "import torch, coursekit; coursekit.check")
    print(
        f"import torch {torch:.2f} s; coursekit {named / torch:.2f} times as long, with its checks {used / torch:.2f}"
    )
    print(f"the first check {min(first_check() for _ in range(TURNS)):.2f} s")
    subject().warm_up()
    print(f"{'notebook':20}{'runs in':>10}   checks")
    for path in sorted(HERE.glob("*.ipynb")):
        print(f"{path.stem:20}{runs(path):8.1f} s   {', '.join(checks(path))}")


def imports(*codes: str) -> list[float]:
    """Give the seconds of processes that run these lines."""
    times: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(TURNS):
        for code, taken in times.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in times.values()]


def first_check() -> float:
    """Give the seconds of the first check in a fresh process, that of `SGD` after its notebook's imports."""
    path = HERE / "01_sgd.ipynb"
    code = f"""
import sys, time
from pathlib import Path
import torch, coursekit
from coursekit.reading.cells import read
from coursekit.student.own import Own
path = Path({str(path)!r})
SGD = Own.made(path, path.stem, read(path.read_bytes())[0]).load(["SGD"])[0]["SGD"]
start = time.perf_counter()
coursekit.check(SGD)
print(time.perf_counter() - start, file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(run.stderr.splitlines()[-1])


def runs(path: Path) -> float:
    """Give the seconds of a notebook, from the start of its kernel to the last cell."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(notebook, resources={"metadata": {"path": str(HERE)}}).execute()
    return time.perf_counter() - start


def checks(path: Path) -> list[str]:
    """Time every check of a notebook."""
    own = Own.made(path, path.stem, read(path.read_bytes())[0])
    names = [name for name, _ in own.asks]
    space, _ = own.load(names)
    times = []
    for name in names:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            judge(space[name], name)
            best = min(best, time.perf_counter() - start)
        times.append(f"{name} {1000 * best:.0f} ms")
    return times


if __name__ == "__main__":
    main()
