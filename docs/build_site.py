"""Build the site: `python docs/build_site.py build/site`. It needs no network, and neither does who reads it.

With `--answers` the pages of the notebooks hold model answers to the questions in words, for those who learn alone.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from site_pages import lay_out

from coursekit.errors import BuildError

ROOT = Path(__file__).resolve().parents[1]


def build_site(destination: Path, *, answers: bool = False) -> None:
    """Build the site into a folder that is new, empty or an earlier site; all else stays as it is.

    With `answers`, it shows the model answers to the questions in words.

    Raises
    ------
    BuildError
        Where Sphinx has something to say, of a page or of a docstring, or `destination` holds something else.
    """
    if destination.exists() and any(destination.iterdir()) and not (destination / "searchindex.js").exists():
        raise BuildError(f"{destination} holds something that is no site. Name another folder, or empty this one.")
    with tempfile.TemporaryDirectory(prefix="site-") as place:
        pages, site = Path(place, "pages"), Path(place, "site")
        pages.mkdir()
        lay_out(ROOT, pages, answers=answers)
        strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet"]
        folders: list[str | Path] = ["--conf-dir", ROOT / "docs", "--doctree-dir", Path(place, "doctrees"), pages, site]
        if subprocess.run([sys.executable, "-m", "sphinx", *strict, *folders], check=False).returncode:
            raise BuildError("The site is not built: fix what Sphinx says above.")
        shutil.rmtree(site / "_sources", ignore_errors=True)  # empty: the sources of the pages are not given out
        (site / ".buildinfo").unlink(missing_ok=True)
        if destination.exists():
            shutil.rmtree(destination)
        shutil.copytree(site, destination)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument(
        "folder", type=Path, nargs="?", default=ROOT / "build" / "site", help="where (default: build/site)"
    )
    parser.add_argument(
        "--answers", action="store_true", help="with model answers, for a site that no class is graded by"
    )
    options = parser.parse_args()
    try:
        build_site(options.folder, answers=options.answers)
    except BuildError as error:
        sys.exit(str(error))
