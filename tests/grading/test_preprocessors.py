"""What the reader is shown: a kernel that dies costs the rest of the show and nothing else."""

from __future__ import annotations

import gc

import nbformat
import pytest

from coursekit.grading import preprocessors
from coursekit.grading.preprocessors import Run

# What jupyter_client leaves to the garbage collector is collected here, and not in somebody else's test.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
RESOURCES = {"nbgrader": {"notebook": "01_sgd"}, "metadata": {"path": "."}}


@pytest.fixture(autouse=True)
def collected():
    yield
    gc.collect()


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_what_ran_before_the_kernel_died_is_shown():
    shown, _ = Run().preprocess(notebook("print('before')", "import os; os._exit(1)", "print('after')"), RESOURCES)
    assert shown.cells[0].outputs[0].text == "before\n"
    assert shown.cells[2].outputs == []


@pytest.mark.parametrize("deaths", [1, preprocessors.STARTS])
def test_a_kernel_that_does_not_start_is_started_again(deaths, monkeypatch):
    starts = []
    start = Run.start_new_kernel

    def dying(self, **options):
        starts.append(1)
        if len(starts) <= deaths:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return start(self, **options)

    monkeypatch.setattr(Run, "start_new_kernel", dying)
    shown, _ = Run().preprocess(notebook("print('shown')"), RESOURCES)
    assert bool(shown.cells[0].outputs) == (deaths < preprocessors.STARTS)
