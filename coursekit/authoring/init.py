"""A course of one's own, laid in an empty folder.

The wheel of coursekit is what students install, so it holds no solution and no hidden test. The source of the same
version does: the archive that is published beside the wheel, or a clone. The course gets its notebooks and tests from
there, once; everything else it gets from the package that is installed, and so by an upgrade of that.
"""

from __future__ import annotations

import secrets
import shutil
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from coursekit.authoring.drafting import templates
from coursekit.authoring.package import origin
from coursekit.errors import GradingError
from coursekit.language import FOLDERS

# A course's own files: its solutions, its hidden tests, and the files that `coursekit bundle` puts beside notebooks.
PARTS = (*(f"solutions/{folder}" for folder in FOLDERS), "tests/hidden")
FILES = ("environment.yml", "docs/students.md", "docs/etudiants.md")
_SOURCE = (
    "Give the source of version {version}, which holds them: --from FOLDER for a clone, or --from "
    "coursekit-{version}.tar.gz, from the page of the release or by pip download --no-deps --no-binary coursekit "
    "coursekit=={version}"
)


def lay(folder: Path, source: Path | None = None) -> None:
    """Lay a course in an empty folder, with a seed of its own.

    Parameters
    ----------
    folder
        Where; it is made if need be. Its name becomes the name of the course.
    source
        A clone of coursekit or an archive of its source, in the version that is installed; by default that from
        which it was installed.

    Raises
    ------
    GradingError
        When the folder is not empty, or there is no such source; then nothing is written.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise GradingError(f"{folder} is not empty, and is left as it is. Name a folder that is new or empty.")
    source = source or origin()
    with _unpacked(source) as root:
        _see_to(root, source or root)
        left_out = shutil.ignore_patterns(".*", "__pycache__")
        for part in PARTS:
            shutil.copytree(root / part, folder / part, ignore=left_out)
        for name in FILES:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(root / name, folder / name)
    shutil.copyfile(folder / "tests" / "hidden" / "pytest.ini", folder / "pytest.ini")  # found before any student's
    seed = folder / "seed.txt"
    seed.touch(mode=0o600)
    seed.write_text(f"{secrets.randbits(63)}\n", encoding="utf-8")
    for name, template in {".gitignore": "gitignore.j2", "nbgrader_config.py": "nbgrader_config.py.j2"}.items():
        (folder / name).write_text(templates().get_template(template).render(name=folder.name), encoding="utf-8")


@contextmanager
def _unpacked(source: Path | None) -> Iterator[Path]:
    """Have a source as a folder in the block."""
    needed = _SOURCE.format(version=version("coursekit"))
    if source is None:
        raise GradingError(f"The coursekit that is installed is the students', without solutions. {needed}.")
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            if zipfile.is_zipfile(source):
                with zipfile.ZipFile(source) as zipped:
                    zipped.extractall(folder)  # noqa: S202 - from where the package comes
            else:
                with tarfile.open(source) as packed:
                    packed.extractall(folder, filter="data")
        except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            raise GradingError(f"{source} is no folder and no archive that can be read ({error}). {needed}.") from error
        inside = list(Path(folder).iterdir())
        yield inside[0] if len(inside) == 1 else Path(folder)


def _see_to(root: Path, source: Path) -> None:
    """See that a source, unpacked in `root`, holds what a course needs, in the version that is installed."""
    installed = version("coursekit")
    missing = [name for name in ("pyproject.toml", *PARTS, *FILES) if not (root / name).exists()]
    if missing:
        raise GradingError(f"{source} has no {missing[0]}. {_SOURCE.format(version=installed)}.")
    held = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if held != installed:
        raise GradingError(
            f"{source} is version {held}, and version {installed} is installed: their tests may differ. Install that "
            f"version, or name the source of this one."
        )
