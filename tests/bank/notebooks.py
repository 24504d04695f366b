"""What students of the banks work with: two notebooks with nothing to write but the optimizer, and without pictures."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.grading.classroom.course import Course

ROOT = Path(__file__).parents[2]
STEMS = ("01_sgd", "02_rmsprop")
ASKED = ("setup", "sgd", "sgd_check", "rmsprop", "rmsprop_check")
PICTURES = "with coursekit.once_written():"


def release(stem: str = "01_sgd", folder: str = "optimizers") -> NotebookNode:
    """Read a notebook as students get it."""
    return _shortened(ROOT / "notebooks" / folder / f"{stem}.ipynb")


def solution(stem: str = "01_sgd", folder: str = "optimizers") -> NotebookNode:
    """Read a notebook with the reference solution."""
    return _shortened(ROOT / "solutions" / folder / f"{stem}.ipynb")


def lay_out(destination: Path) -> Course:
    """Lay out a course of these notebooks alone; its hidden tests are those of what is left to write."""
    course = Course(root=ROOT).lay_out(destination)
    for stem in STEMS:
        write_tests(stem, course.root / "tests" / "hidden")
    for path in [*course.solutions.glob("*/*.ipynb"), *course.release.glob("*/*.ipynb")]:
        if path.stem in STEMS:
            nbformat.write(_shortened(path), path)
        else:
            path.unlink()
    return course


def write_tests(stem: str, folder: Path) -> Path:
    """Write the hidden tests of what is left to write in one of these notebooks into a folder; return the file."""
    name = f"test_{stem}.py"
    head, *each = (ROOT / "tests" / "hidden" / name).read_text(encoding="utf-8").split("\n\n\n")
    kept = [test for test in each if any(f'cell="{cell}"' in test for cell in ASKED)]
    (folder / name).write_text("\n\n\n".join([head, *kept]), encoding="utf-8")
    return folder / name


def _is_kept(cell: NotebookNode) -> bool:
    return cell.metadata.get("nbgrader", {}).get("grade_id", ASKED[0]) in ASKED


def _shortened(path: Path) -> NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "code" or _is_kept(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "code" and PICTURES in cell.source:
            cell.source = cell.source.partition(PICTURES)[0] + "..."
            cell.outputs = []
    return notebook
