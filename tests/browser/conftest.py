"""A browser, and pictures of what it shows where `COURSEKIT_SCREENSHOTS` names a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

PATIENCE = 90_000  # milliseconds, for a machine that has other things to do

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """Open a window for all pages: what they share is loaded once."""
    opened = browser.new_context()
    yield opened
    opened.close()


def new_page(browser: Browser | BrowserContext) -> Page:
    page = browser.new_page()
    page.set_viewport_size({"width": 1200, "height": 900})
    page.set_default_timeout(PATIENCE)
    return page


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, if somebody wants to look at it."""
    if folder := os.environ.get("COURSEKIT_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
