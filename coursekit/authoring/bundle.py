"""The zip that a student without a hub gets: notebooks, a wheel of coursekit, `environment.yml`, and how to start.

Where its content lies in a public repository, the notebooks open in Google Colab and on Binder, by a badge each.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.errors import GradingError
from coursekit.language import FOLDERS, translate
from coursekit.reading.cells import fingerprint

_HOW_TO = {"en": "students.md", "fr": "etudiants.md"}
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_BADGES = """\
[![{colab}](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/{place}/blob/main/{name})
[![{binder}](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{place}/main?urlpath=lab/tree/{name})\
"""
# What Colab has is enough, and a newer IPython would break it: coursekit alone is installed.
_SET_UP = """\
try:
    import coursekit
except ModuleNotFoundError:
    %pip install --quiet --no-deps https://github.com/{place}/raw/main/{wheel}\
"""
# Binder makes the environment of `environment.yml`, then runs this.
_POST_BUILD = """\
#!/bin/sh
python -m pip install --no-deps coursekit-*.whl
"""


def make_bundles(root: Path, destination: Path, repository: str = "") -> list[Path]:
    """Make one zip for each language.

    Parameters
    ----------
    root
        The folder of the course.
    destination
        Where the zip files go; it is made if need be.
    repository
        The address of a repository on GitHub in whose branch `main` the content of the zip will lie; then each
        notebook begins with badges for Colab and Binder and with a cell that installs coursekit where it is missing.

    Returns
    -------
    list of Path
        The files written. No solution and no hidden test is in them: the notebooks are the released ones, and
        the package holds neither.

    Raises
    ------
    GradingError
        When the address is none of a repository on GitHub, or the wheel cannot be built.
    """
    place = _REPOSITORY.fullmatch(repository)
    if repository and not place:
        raise GradingError(
            f"{repository!r} is not the address of a repository on GitHub. Give one such as https://github.com/owner/name."
        )
    destination.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(root, Path(folder))
        return [
            _zip(root, destination, name, language, wheel, place[1] if place else "")
            for name, language in FOLDERS.items()
        ]


def _zip(root: Path, destination: Path, name: str, language: str, wheel: Path, place: str) -> Path:
    path = destination / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for notebook in sorted((root / "notebooks" / name).glob("*.ipynb")):
            if place:
                public = _with_badges(notebook, language, place=place, wheel=wheel.name)
                bundle.writestr(f"{name}/{notebook.name}", nbformat.writes(public) + "\n")
            else:
                bundle.write(notebook, f"{name}/{notebook.name}")
        if place:
            bundle.writestr(f"{name}/postBuild", _POST_BUILD)
        bundle.write(wheel, f"{name}/{wheel.name}")
        bundle.write(root / "environment.yml", f"{name}/environment.yml")
        bundle.write(root / "docs" / _HOW_TO[language], f"{name}/README.md")
    return path


def _with_badges(path: Path, language: str, **where: str) -> NotebookNode:
    """Put badges below the title of a notebook and the set-up above its first code; grading passes over both."""
    notebook = nbformat.read(path, as_version=4)
    names = {"colab": translate("Open in Colab", language), "binder": translate("Open on Binder", language)}
    badges = nbformat.v4.new_markdown_cell(_BADGES.format(**names, **where, name=path.name), id="badges")
    set_up = nbformat.v4.new_code_cell(_SET_UP.format(**where), id="set-up")
    for cell in (badges, set_up):
        cell.metadata["coursekit"] = {"published": fingerprint(cell.source)}
    first = next(number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first, set_up)
    notebook.cells.insert(1, badges)
    return notebook


def _wheel(root: Path, folder: Path) -> Path:
    source = folder / "source"  # a copy, so that building leaves nothing behind in the course
    shutil.copytree(root / "coursekit", source / "coursekit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source)
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise GradingError(
            f"The wheel of coursekit cannot be built in {root}:\n{run.stdout[-2000:]}{run.stderr[-2000:]}"
        )
    return next(folder.glob("coursekit-*.whl"))
