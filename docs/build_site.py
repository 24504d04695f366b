"""Build the site: `python docs/build_site.py build/site`. It needs no network, and neither does who reads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from site_pages import lay_out

from coursekit.errors import BuildError

ROOT = Path(__file__).resolve().parents[1]


def build_site(destination: Path) -> None:
    """Build the site into a folder that is new, empty or an earlier site; all else stays as it is.

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
        lay_out(ROOT, pages)
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
    try:
        build_site(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site"))
    except BuildError as error:
        sys.exit(str(error))
