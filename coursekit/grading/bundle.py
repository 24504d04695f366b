"""The zip that a student without a hub gets: notebooks, a wheel of coursekit, `environment.yml`, and how to start."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from coursekit.errors import GradingError
from coursekit.language import FOLDERS

_HOW_TO = {"en": "students.md", "fr": "etudiants.md"}


def make_bundles(root: Path, destination: Path) -> list[Path]:
    """Make one zip for each language.

    Parameters
    ----------
    root
        The folder of the course.
    destination
        Where the zip files go; it is made if need be.

    Returns
    -------
    list of Path
        The files written. No solution and no hidden test is in them: the notebooks are the released ones, and
        the package holds neither.
    """
    destination.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(root, Path(folder))
        return [_zip(root, destination, name, language, wheel) for name, language in FOLDERS.items()]


def _zip(root: Path, destination: Path, name: str, language: str, wheel: Path) -> Path:
    path = destination / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for notebook in sorted((root / "notebooks" / name).glob("*.ipynb")):
            bundle.write(notebook, f"{name}/{notebook.name}")
        bundle.write(wheel, f"{name}/{wheel.name}")
        bundle.write(root / "environment.yml", f"{name}/environment.yml")
        bundle.write(root / "docs" / _HOW_TO[language], f"{name}/README.md")
    return path


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
