"""What all tests share: how they are spread over processes, what is made once for all of them, and a browser."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.grading.forked import forking

ROOT = Path(__file__).parents[1]
collect_ignore = ["toy_course"]  # a course of its own, with hidden tests of its own

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUICK = "COURSEKIT_QUICK_PYTHON"
FEW = os.environ.get("COURSEKIT_BANK") == "few"
SHARES = re.compile(r'scope="module"|\bbrowser\b|@cache')  # of a file: what one test has made serves the next


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what is slow first, and of that what cannot be spread, so that none of it is left for the end.

    With `COURSEKIT_BANK=few` only the first case of each test is run.
    """
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("slow", "hostile", "server")])
    if FEW:
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        few = set(first.values())
        config.hook.pytest_deselected(items=[item for item in items if item not in few])
        items[:] = [item for item in items if item in few]


def pytest_collection() -> None:
    """Let nobody look for garbage among all that is imported now and stays: neither now, nor in every test again."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for it from here on."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start one process more than there are processors: many tests wait for a server, a browser or a limit.

    Of a few tests each takes no longer than it takes a process to collect them all.
    """
    return (os.cpu_count() or 1) + (not FEW)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Spread the tests over the processes: files one by one, and slow tests that share nothing, too."""
    return _Spread(config, log)


class _Spread(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if _stays_together(path) else nodeid


@cache
def _stays_together(path: str) -> bool:
    text = (ROOT / path).read_text(encoding="utf-8")
    return "mark.slow" not in text or bool(SHARES.search(text))


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a function that fills a folder of a name, once for all processes of this run.

    No test may change what is in it: whoever must works on a copy.
    """
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = place / name, place / f"{name}.done"
        place.mkdir(exist_ok=True)
        with FileLock(place / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what a test that failed or was ended has left
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def quick_python() -> Iterator[Path]:
    """Return what stands for Python where the seconds in which it imports torch, or Jupyter, are no test's point.

    It serves tests that a test runs, too.
    """
    if QUICK in os.environ:
        yield Path(os.environ[QUICK])
        return
    with forking() as program, pytest.MonkeyPatch.context() as patch:
        patch.setenv(QUICK, str(program))
        yield program


@pytest.fixture(scope="module")  # not longer: there can be one at a time in a process
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
