"""The zip that a student without a hub gets: notebooks, a wheel of coursekit, `environment.yml`, and how to start.

Where its content lies in a public repository, the notebooks open in Google Colab and on Binder, by a badge each.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.authoring.package import wheel
from coursekit.errors import GradingError
from coursekit.language import FOLDERS, translate
from coursekit.reading.cells import fingerprint

_HOW_TO = {"en": "students.md", "fr": "etudiants.md"}
_ANY_WHEEL = "coursekit-VERSION-py3-none-any.whl"  # as the how-to names it: Windows completes no `*.whl`
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_BADGES = """\
[![{colab}](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/{place}/blob/main/{name})
[![{binder}](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{place}/main?urlpath=lab/tree/{name})\
"""
# Colab has all that is needed, and a newer IPython would break it: coursekit alone is installed.
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


def make_bundles(
    root: Path, destination: Path, assignments: Mapping[str, str] = FOLDERS, repository: str = ""
) -> list[Path]:
    """Make one zip for each assignment.

    Parameters
    ----------
    root
        The folder of the course.
    destination
        Where the zip files go; it is made if need be.
    assignments
        Their names, each with its language.
    repository
        The address of a repository on GitHub in whose branch `main` the content of the zip will lie; then each
        notebook begins with badges for Colab and Binder and with a cell that installs coursekit where it is missing.

    Returns
    -------
    list of Path
        The files written. No solution and no hidden test is in them: the notebooks are the released ones, and
        the package holds neither, nor the grader.

    Raises
    ------
    GradingError
        When the address is none of a repository on GitHub.
    """
    place = _REPOSITORY.fullmatch(repository)
    if repository and not place:
        raise GradingError(
            f"{repository!r} is not the address of a repository on GitHub. Give one such as https://github.com/owner/name."
        )
    destination.mkdir(parents=True, exist_ok=True)
    package = wheel()
    return [
        _zip(root, destination / f"{name}.zip", language, package, place[1] if place else "")
        for name, language in assignments.items()
    ]


def _zip(root: Path, path: Path, language: str, package: tuple[str, bytes], place: str) -> Path:
    name = path.stem
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for notebook in sorted((root / "notebooks" / name).glob("*.ipynb")):
            if place:
                public = _with_badges(notebook, language, place=place, wheel=package[0])
                bundle.writestr(f"{name}/{notebook.name}", nbformat.writes(public) + "\n")
            else:
                bundle.write(notebook, f"{name}/{notebook.name}")
        if place:
            bundle.writestr(f"{name}/postBuild", _POST_BUILD)
        bundle.writestr(f"{name}/{package[0]}", package[1])
        bundle.write(root / "environment.yml", f"{name}/environment.yml")
        how_to = (root / "docs" / _HOW_TO[language]).read_text(encoding="utf-8")
        bundle.writestr(f"{name}/README.md", how_to.replace(_ANY_WHEEL, package[0]))
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
