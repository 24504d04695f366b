"""Many submissions one after the other leave no process, no file, no handle and no memory behind.

`COURSEKIT_MANY` says how many; a few by default.
"""

from __future__ import annotations

import gc
import os
import tempfile
import threading
from pathlib import Path

import nbformat
import psutil
import pytest

from coursekit.grading.notebook.grade import Settings, Task, grade
from tests.grading.conftest import ROOT, answer

MANY = int(os.environ.get("COURSEKIT_MANY", "12"))
SETTLING = 4  # after so many nothing is done for the first time any more
MIB = 2**20

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def left() -> dict[str, object]:
    gc.collect()
    process = psutil.Process()
    return {
        "processes": [child.pid for child in process.children(recursive=True)],
        "handles": process.num_fds(),
        "threads": threading.active_count(),
        "files": sorted(Path(tempfile.gettempdir()).iterdir()),
    }


def test_many_in_a_row_leave_nothing_behind(solved, release, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = ("setup", "sgd", "sgd_check")
    release.cells = [cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in kept]
    tests = {path.name: path.read_bytes() for path in (ROOT / "tests" / "hidden").glob("*01_sgd.py")}
    settings = Settings(seed=3)
    right = answer(solved, "sgd").source
    before, memory = {}, 0
    for number in range(SETTLING + MANY):
        if number == SETTLING:
            before, memory = left(), psutil.Process().memory_info().rss
        work = nbformat.from_dict(release)
        answer(work, "sgd").source = f"{right}\n# {number}"
        done = grade(
            Task(
                stem="01_sgd",
                submission=nbformat.writes(work).encode(),
                release=nbformat.writes(release).encode(),
                tests=tests,
                settings=settings,
            )
        )
        assert "9.0" in done.notebook
    assert left() == before
    assert psutil.Process().memory_info().rss - memory < (20 + MANY / 50) * MIB
