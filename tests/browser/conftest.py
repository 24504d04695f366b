"""A browser, and pictures of what it shows where `COURSEKIT_SCREENSHOTS` names a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

PATIENCE = 300_000  # milliseconds, for a machine that has other things to do

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Let all pages of a module share a cache."""
    opened = browser.new_context(viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, if somebody wants to look at it."""
    if folder := os.environ.get("COURSEKIT_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
