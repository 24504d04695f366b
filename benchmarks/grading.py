"""How fast a class is graded, against stock nbgrader on the same notebooks in the same run.

    python benchmarks/grading.py                    # about an hour on two processors
    python benchmarks/grading.py --students 12      # two thirds of that

The class is the sample class of the tests, three times: right, wrong, untouched and looping work, every notebook of
which is run in whole, figures included. Each copy differs in a comment, so that nothing but untouched work is graded
once for several students. In a second class of that size, four of five students have everything right. Stock nbgrader
is `nbgrader autograde` and `nbgrader generate_feedback` without the course's settings, measured on the sample class
once, and once more on those of it who have everything right. README.md beside this says what each line means.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from coursekit.grading.classroom.course import Course
from coursekit.grading.classroom.sample import lay_out, read_class

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "sample"
ASSIGNMENT = "optimizers"
MODELS = sorted(student.id for student in read_class(SAMPLE) if student.assignment == ASSIGNMENT)
RIGHT = ("a.haddad", "j.lindqvist", "l.fernandez")  # of the sample class, whose work is all right
USUAL = 5  # of so many students, one has something wrong
STOCK = """
from pathlib import Path
c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "coursekit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
"""
BARE = """
import os, sys
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
from pathlib import Path
import nbformat, torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from coursekit.judging.subject import subject
from coursekit.judging.time_limit import time_limit
import coursekit.student.checks, coursekit.optimizers.plots, coursekit.optimizers.training

torch.set_num_threads(1)
subject().warm_up()
shell = InteractiveShell.instance()
pictures = 0
for path in sorted(Path(sys.argv[1], "submitted").glob("*/*/*.ipynb")):
    cells = nbformat.read(path, as_version=4).cells
    if os.fork():
        drawn = os.waitstatus_to_exitcode(os.wait()[1])
        if drawn < 0:
            sys.exit(f"{path} could not be run")
        pictures += drawn
        continue
    with capture_output() as shown:
        for cell in cells:
            if cell.cell_type == "code":
                with time_limit(6):
                    shell.run_cell(cell.source)
    os._exit(len(shown.outputs))
sys.exit(0 if pictures else "nothing was drawn")
"""


def main() -> None:
    """Measure, and print what was measured beside the goal."""
    parser = argparse.ArgumentParser(description="Measure how fast a class is graded.")
    parser.add_argument("--students", type=int, default=36)
    parser.add_argument("--sample", type=int, default=12, help="students whom stock nbgrader grades, of all kinds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    table = Table("what", "stock", "here", "ratio", "goal")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = Path(folder)
        everyone = _class(place / "all", _of_all_kinds(options.students))
        some = _class(place / "some", _of_all_kinds(options.sample))
        right = _class(place / "right", RIGHT)
        notebooks, few = _count(everyone), _count(some)

        stock = _course(some, place / "stock", STOCK)
        plain = _timed(stock, "nbgrader", "autograde", ASSIGNMENT) / few
        pages = _timed(stock, "nbgrader", "generate_feedback", ASSIGNMENT) / few
        plain_right = _timed(_course(right, place / "stock-right", STOCK), "nbgrader", "autograde", ASSIGNMENT)
        plain_right /= _count(right)

        ours = _course(some, place / "ours")
        alone = _timed(ours, "nbgrader", "autograde", ASSIGNMENT) / few
        _row(table, "nbgrader autograde with the course's settings, a notebook", plain, alone, "8")
        cells = _bare(some) / few
        _row(table, "the same cells in a warm process, pictures drawn, a notebook", plain, cells, "the ceiling")

        with _watched() as grader:
            whole = _timed(everyone, "coursekit", "grade", f"--jobs={options.jobs}") / notebooks
        what = (
            f"coursekit grade, {options.students} students, {notebooks} notebooks, {options.jobs} processes, a notebook"
        )
        _row(table, what, plain + pages, whole, "20")
        again = _timed(everyone, "coursekit", "grade", f"--jobs={options.jobs}") / notebooks
        _row(table, "the same again, unchanged, a notebook", plain + pages, again, "200")

        usual = _class(place / "usual", _as_usual(options.students))
        mostly_right = _timed(usual, "coursekit", "grade", f"--jobs={options.jobs}") / _count(usual)
        what = f"the same where {USUAL - 1} of {USUAL} students have everything right, a notebook"
        _row(table, what, ((USUAL - 1) * plain_right + plain) / USUAL + pages, mostly_right, "25")

        ten = _class(place / "ten", _of_all_kinds(10))
        fewer = _timed(ten, "coursekit", "grade", f"--jobs={options.jobs}") / _count(ten)
        table.add_row("a notebook of ten students", "", f"{fewer:.3f} s", f"{whole / fewer:.2f}", "0.9 to 1.1")

        shutil.rmtree(everyone.root / "feedback")
        made = (_timed(everyone, "coursekit", "grade", f"--jobs={options.jobs}") - again * notebooks) / notebooks
        _row(table, "feedback pages, a page", pages, made, "4")

        flooded = _class(place / "flooded", _of_all_kinds(3))
        _flood(flooded)
        with _watched() as under_flood:
            _timed(flooded, "coursekit", "grade", f"--jobs={options.jobs}")
        for what, memory in (("", grader), (", every notebook flooding its output", under_flood)):
            begin, end = (max(part) / 2**30 for part in (memory[: len(memory) // 2], memory[len(memory) // 2 :]))
            table.add_row(
                f"memory of the grader, first and second half{what}",
                "",
                f"{begin:.2f}, {end:.2f} GiB",
                "",
                "below 1 GiB",
            )
    Console(width=140).print(table)


def _row(table: Table, what: str, stock: float, here: float, goal: str) -> None:
    table.add_row(what, f"{stock:.2f} s", f"{here:.3f} s", f"{stock / here:.1f}", goal)


def _of_all_kinds(count: int) -> list[str]:
    """Choose some of the sample class; a few are not the first few, and of many some are taken again and again."""
    return [MODELS[number * max(1, len(MODELS) // count) % len(MODELS)] for number in range(count)]


def _as_usual(count: int) -> list[str]:
    """Choose those who have something wrong one after the other, and between them those who have everything right."""
    others = [model for model in MODELS if model not in RIGHT]
    return [
        RIGHT[number % len(RIGHT)] if number % USUAL else others[number // USUAL % len(others)]
        for number in range(count)
    ]


def _class(folder: Path, models: Sequence[str]) -> Course:
    """Lay out a class whose work is that of some of the sample class."""
    course = Course(root=ROOT).lay_out(folder)
    lay_out(SAMPLE, course.release, course.solutions, folder / "models")
    for number, model in enumerate(models):
        target = course.submitted / f"{model}.{number:04d}" / ASSIGNMENT
        shutil.copytree(folder / "models" / model / ASSIGNMENT, target)
        for path in target.glob("*.ipynb") if model != "t.mensah" else ():
            _add_cell(path, f"# {number}")
    shutil.rmtree(folder / "models")
    course.register(ASSIGNMENT)
    return course


def _count(course: Course) -> int:
    """Return how many notebooks were handed in."""
    return len(list(course.submitted.glob("*/*/*.ipynb")))


def _flood(course: Course) -> None:
    """Put a cell into every notebook that puts out as much as it can."""
    floods = (
        "while True: print('x' * 1000)",
        "print('x' * 10**9)",
        "import sys\nwhile True: sys.stderr.write('x' * 10**5)",
        "from IPython.display import display\nwhile True: display({'text/plain': 'x' * 10**6}, raw=True)",
    )
    for number, path in enumerate(sorted(course.submitted.glob("*/*/*.ipynb"))):
        _add_cell(path, floods[number % len(floods)])


def _add_cell(path: Path, code: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(3, nbformat.v4.new_code_cell(code))
    nbformat.write(notebook, path)


def _course(course: Course, folder: Path, settings: str = "") -> Course:
    """Copy a course, with other settings for nbgrader."""
    shutil.copytree(course.root, folder)
    if settings:
        (folder / "nbgrader_config.py").write_text(settings)
    return Course(root=folder)


def _timed(course: Course, command: str, *arguments: str) -> float:
    """Run a command in a course and give the seconds it took."""
    program = str(Path(sys.executable).with_name(command))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    begin = time.perf_counter()
    run = subprocess.run(
        [program, *arguments],
        cwd=course.root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f"{command} {' '.join(arguments)} failed:\n{run.stderr[-3000:]}")
    return time.perf_counter() - begin


def _bare(course: Course) -> float:
    """Run the cells of all notebooks of a course in forked processes, one after the other; give the seconds."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE, course.root], check=True, capture_output=True)
    return time.perf_counter() - begin


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Note the memory of all that this process starts, shared pages counted once, until the block ends.

    Sandboxes are left out: what a student's code takes has limits of its own, and is given back when it ends.
    """
    sums = [0]
    done = threading.Event()
    outside = Path("/proc/self/ns/pid").readlink()

    def watch() -> None:
        while not done.wait(0.5):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    if Path(f"/proc/{process.pid}/ns/pid").readlink() == outside:
                        total += process.memory_full_info().pss
                except (OSError, psutil.Error):
                    continue
            sums.append(total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sums
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    main()
