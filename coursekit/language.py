"""Messages in English and French.

The English text is the key. `french/*.toml` gives its French counterpart, one file for the package's own
messages and one for the titles and labels of each notebook, whose code is the same in both languages.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from coursekit.judging.subject import subject

FOLDERS = {folder: language for each in subject().assignments.values() for folder, language in each.items()}
LANGUAGES = ("en", "fr")
Say: TypeAlias = Callable[..., str]  # (English text, values of its fields) -> the text in one language


class Numerals(str):
    """A number as English writes it, or several: 0.5, or η = 0.5, ρ = 0.9. What may be copied as code is none."""

    __slots__ = ()

    @property
    def in_french(self) -> str:
        """With decimal commas, and so with semicolons between several."""
        return self.replace(", ", "\N{NO-BREAK SPACE}; ").replace(".", ",")


def current() -> str:
    """Tell the language of the notebook that is running.

    Returns
    -------
    str
        "en" or "fr": what the environment variable `COURSEKIT_LANGUAGE` says; else the language of the notebook that
        the server tells of, or of one in this folder; else the language of the folder (one of `FOLDERS`); else "en".
    """
    named = os.environ.get("COURSEKIT_LANGUAGE", "")
    return named if named in LANGUAGES else _around(Path(os.environ.get("JPY_SESSION_NAME", "")), Path.cwd())


def language_of(notebook: Path) -> str:
    """Return the language that a notebook of the course is written in, "" where it says none."""
    try:
        told = json.loads(notebook.read_bytes())["metadata"]["coursekit"]["language"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return told if told in LANGUAGES else ""


def twins(folder: str) -> set[str]:
    """Return the folders of the same assignment in other languages."""
    return {other for each in subject().assignments.values() if folder in each for other in each} - {folder}


@cache
def _around(session: Path, folder: Path) -> str:
    """Find the language of a running notebook by where it lies; it does not change while it runs."""
    for notebook in (session, *sorted(folder.glob("*.ipynb"))):
        if told := language_of(notebook):
            return told
    parts = (*reversed(session.parts), *reversed(folder.parts))
    return next((FOLDERS[part] for part in parts if part in FOLDERS), "en")


def translate(text: str, language: str | None = None, /, **values: object) -> str:
    """Say an English text in the language asked for, with `{name}` fields filled in.

    Parameters
    ----------
    text
        The English text; one that has no French counterpart is said in English. `Numerals` have theirs by themselves.
    language
        "en" or "fr"; by default that of the running notebook.
    values
        The values of the fields in the text; `Numerals` are said in the same language.
    """
    if (language or current()) == "fr":
        text = text.in_french if isinstance(text, Numerals) else french().get(text, text)
        values = {name: value.in_french if isinstance(value, Numerals) else value for name, value in values.items()}
    return text.format(**values) if values else text


def saying(language: str | None = None) -> Say:
    """Return a function that says texts in one language, see `translate`."""
    language = language or current()

    def say(text: str, /, **values: object) -> str:
        return translate(text, language, **values)

    return say


@cache
def french() -> dict[str, str]:
    """Read the French counterparts of all English texts."""
    texts: dict[str, str] = {}
    folder = resources.files(__package__) / "french"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            texts |= tomllib.loads(entry.read_text(encoding="utf-8"))
    return texts
