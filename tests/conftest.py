"""What all tests share: their order, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# Files that take minutes, the longest first: with several processes none of them is left for the end.
LONG = [f"test_{name}.py" for name in ("hostile", "unbroken", "notebooks", "cycle", "elsewhere", "authors")]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    last = len(LONG)
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else last)


@pytest.fixture(scope="module")  # not longer: there can be one at a time in a process
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
