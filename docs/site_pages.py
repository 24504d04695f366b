"""The pages of the site, laid out for Sphinx: what stands in `docs/`, the project's own files, and the notebooks."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from site_notebooks import shown

from coursekit.language import FOLDERS, twins

_TWINS = {"students.md": ("English", "etudiants.md"), "etudiants.md": ("Français", "students.md")}
_OWN = ("CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")
_NAMES = {"en": "English", "fr": "Français"}
_DOWNLOAD = {"en": "Download it to work on", "fr": "À télécharger pour y travailler"}
_NOTE = {
    "en": "This is a finished notebook, without the code and the answer that you will write.",
    "fr": "Ceci est un notebook terminé, sans le code ni la réponse que vous écrirez.",
}


def lay_out(root: Path, folder: Path, *, answers: bool = False) -> None:
    """Write the pages into a folder.

    Parameters
    ----------
    root
        Of the project: `docs`, `notebooks`, `solutions` and what it says of itself (CONTRIBUTING.md, ...) are read, and
        which modules `coursekit.grading` has.
    folder
        It gets the Markdown pages, the notebooks in the folders of their assignments and, to be downloaded, `released`.
    answers
        Whether the pages of notebooks hold the model answers to the questions in words, folded.

    Raises
    ------
    BuildError
        Where a notebook of students and that of instructors do not belong together; the message names it.
    """
    shutil.copytree(root / "docs" / "images", folder / "images")
    for page in sorted((root / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if page.name in _TWINS:
            text = _below_title(text, _languages(*_TWINS[page.name]))
        (folder / page.name).write_text(text, encoding="utf-8")
    for name in _OWN:
        text = (root / name).read_text(encoding="utf-8").replace("](docs/", "](")
        for other in _OWN:
            text = text.replace(f"]({other}", f"]({other.lower()}")
        (folder / name.lower()).write_text(text, encoding="utf-8")
    _complete(
        folder / "reference_grader.md", root / "coursekit" / "grading", (folder / "reference_tests.md").read_text()
    )
    for place in FOLDERS:
        _lay_out_notebooks(root, folder, place, answers=answers)


def _complete(page: Path, package: Path, elsewhere: str) -> None:
    """Add to the reference of a package the modules that neither it nor the text of another page names."""
    text = page.read_text(encoding="utf-8")
    paths = sorted(path.relative_to(package).with_suffix("") for path in package.rglob("[a-z]*.py"))
    entries = [f".. automodule:: coursekit.{package.name}.{'.'.join(path.parts)}\n" for path in paths]
    missing = [f"{entry}   :members:\n" for entry in entries if entry not in text + elsewhere]
    if missing:
        text += f"\n## Other modules\n\n```{{eval-rst}}\n{''.join(missing)}```\n"
        page.write_text(text, encoding="utf-8")


def _lay_out_notebooks(root: Path, folder: Path, place: str, *, answers: bool) -> None:
    """Write the notebooks of one language, each with its languages and its download below the title."""
    language, (other,) = FOLDERS[place], twins(place)
    (folder / place).mkdir()
    (folder / "released" / place).mkdir(parents=True)
    for path in sorted((root / "notebooks" / place).glob("*.ipynb")):
        shutil.copy(path, folder / "released" / place)
        solved = nbformat.read(root / "solutions" / place / path.name, as_version=4)
        notebook = shown(nbformat.read(path, as_version=4), solved, f"{place}/{path.name}", answers=answers)
        there = (root / "notebooks" / other / path.name).exists()
        languages = f"{_languages(_NAMES[language], f'../{other}/{path.name}')} · " if there else ""
        download = f"{{download}}`{_DOWNLOAD[language]} <../released/{place}/{path.name}>`"
        first = notebook.cells[0]
        first.source = _below_title(first.source, f"{languages}{download}\n\n*{_NOTE[language]}*")
        nbformat.write(notebook, folder / place / path.name)


def _languages(here: str, other: str) -> str:
    """Say in which language a page is, and where the other one is."""
    there = next(name for name in _NAMES.values() if name != here)
    return f"**{here}** · [{there}]({other})"


def _below_title(text: str, line: str) -> str:
    title, rest = text.split("\n", 1)
    return f"{title}\n\n{line}\n{rest}"
