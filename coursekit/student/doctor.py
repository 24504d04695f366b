"""Whether a student's desk has what the notebooks need."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from coursekit.language import translate

_NEEDED = {"torch": "torch", "numpy": "numpy", "matplotlib": "matplotlib", "PIL": "pillow"}
_PYTHON = (3, 11)


def doctor() -> None:
    """Say in one line that all is well, or in one line each what is not, and what to do."""
    print("\n".join(_complaints()) or translate("All is well: the notebook can be run."))


def _complaints() -> Iterator[str]:
    if sys.version_info < _PYTHON:
        yield translate("✗ Python is too old. Choose a kernel with Python 3.11 or newer.")
    for module, package in _NEEDED.items():
        if find_spec(module) is None:
            yield translate("✗ {package} is missing. Run `%pip install {package}` in a cell.", package=package)
    if find_spec("ipywidgets") is None:
        yield translate("✗ ipywidgets is missing, so there are no sliders. Run `%pip install ipywidgets` in a cell.")
    if not os.access(Path.cwd(), os.W_OK):
        yield translate("✗ This folder cannot be written to: your work would not be saved. Copy it to another place.")
