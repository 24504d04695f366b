"""A browser, and pictures of what it shows where `COURSEKIT_SCREENSHOTS` names a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 90_000  # milliseconds, for a machine that has other things to do

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")  # not longer: other tests start a browser of their own, and there can be one at a time
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def new_page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(PATIENCE)
    return page


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, if somebody wants to look at it."""
    if folder := os.environ.get("COURSEKIT_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
