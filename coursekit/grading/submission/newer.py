"""Syntax of a newer Python than the grader's: a student who uses it is told so, and not of invalid syntax."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from functools import partial

from coursekit.language import translate
from coursekit.reading.names import without_magics

TELLING = (
    "This may need a newer Python than the grader's, which is {here}: {what} (since Python {since}). "
    "Write it as {here} reads it."
)
MAX_CELL, MAX_CELLS = 10_000, 50  # characters of a cell that are looked at, and cells
Version = tuple[int, int]
_BRACKETS = r"\[[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\]"
_SEVERAL = r"([A-Z][\w.]*(?:[ \t]*,[ \t]*[A-Z][\w.]*)+)"
_TOKEN = re.compile(r"#[^\n]*|(?i:f|t|fr|rf|tr|rt|r|b|br|rb|u)?('{3}|\"{3}|'|\")|\w+")
_CONVERSION = re.compile(r"(![rsa]\s*)?(?=[:}])")
_NAMES: dict[tuple[str, str], Version] = {
    ("itertools", "batched"): (3, 12),
    ("math", "sumprod"): (3, 12),
    ("random", "binomialvariate"): (3, 12),
    ("typing", "override"): (3, 12),
    ("copy", "replace"): (3, 13),
    ("math", "fma"): (3, 13),
    ("typing", "NoDefault"): (3, 13),
    ("typing", "ReadOnly"): (3, 13),
    ("typing", "TypeIs"): (3, 13),
    ("warnings", "deprecated"): (3, 13),
}


def newer_python(cells: Iterable[str], language: str = "en") -> str:
    """Say what of some cells the grader's Python cannot read, or does not have, and a newer one can; or nothing.

    Parameters
    ----------
    cells
        Their sources.
    language
        "en" or "fr".
    """
    here = sys.version_info[:2]
    short = [without_magics(cell) for cell in cells if len(cell) <= MAX_CELL][:MAX_CELLS]
    for what, since in [each for cell in short for each in _newer(cell)]:
        if since > here:
            versions = {"here": "{}.{}".format(*here), "since": "{}.{}".format(*since)}
            return translate(TELLING, language, what=translate(what, language), **versions)
    return ""


def _newer(source: str) -> list[tuple[str, Version]]:
    """List what in a cell is newer than some Python, the newest first."""
    tree = _parsed(source)
    if tree:
        names = {name for node in ast.walk(tree) for name in _of_modules(node)}
        return [(f"`{'.'.join(name)}`", since) for name, since in _NAMES.items() if name in names]
    found: list[tuple[str, Version]] = []
    text = source
    for what, since, older in _FORMS:
        if _parsed(older(source)):  # it is this alone
            return [(what, since)]
        if older(text) != text:
            found.insert(0, (what, since))
            text = older(text)
    return found if _parsed(text) else []


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_modules(node: ast.AST) -> list[tuple[str, str]]:
    match node:
        case ast.ImportFrom(module=str(module)):
            return [(module, alias.name) for alias in node.names]
        case ast.Attribute(value=ast.Name(id=module)):
            return [(module, node.attr)]
    return []


class _Strings:
    """Goes through code, and puts an empty string in the place of every string whose prefix has a letter."""

    def __init__(self, source: str, letter: str) -> None:
        self._source = source
        self._letter = letter
        self._place = 0
        self._fields: list[str] = []  # what stands in braces

    def replaced(self) -> str:
        """Return the code; where a string in it is one for no Python, as it was."""
        try:
            text = self._code()
        except (IndexError, RecursionError):
            return self._source
        return text if all(_parsed(f"({field}\n)") for field in self._fields) else self._source

    def _code(self, *, in_braces: bool = False) -> str:
        """Read to the end, or to that of what stands in braces."""
        parts, depth = [], 0
        while in_braces or self._place < len(self._source):
            found = _TOKEN.match(self._source, self._place)
            token = found[0] if found else self._source[self._place]
            if in_braces and not depth and (token in "}:" or (token == "!" and self._source[self._place + 1] != "=")):  # noqa: S105 - a token of Python
                break
            depth += (token in "([{") - (token in ")]}")  # noqa: S105 - a token of Python
            self._place += len(token)
            if token[0] != "#":
                parts.append(self._string(token) if token[-1] in "'\"" else token)
        return "".join(parts)

    def _string(self, start: str) -> str:
        """Read a string, of which prefix and quotes are read."""
        begin = self._place - len(start)
        prefix = start.rstrip("'\"").lower()
        self._text(start[len(prefix) :], braces="f" in prefix or "t" in prefix)
        return "''" if self._letter in prefix else self._source[begin : self._place]

    def _text(self, end: str, *, braces: bool) -> None:
        while not self._source.startswith(end, self._place):
            letter = self._source[self._place]
            if letter == "\n" and len(end) == 1:
                raise IndexError
            is_pair = letter == "\\" or (braces and self._source.startswith("{{", self._place))
            self._place += 2 if is_pair else 1
            if braces and letter == "{" and not is_pair:
                self._fields.append(self._code(in_braces=True).rstrip().removesuffix("="))
                conversion = _CONVERSION.match(self._source, self._place)
                if not conversion:
                    raise IndexError
                self._place = conversion.end()
                self._text("}", braces=True)  # how it is written
        self._place += len(end)


def _strings(letter: str, source: str) -> str:
    return _Strings(source, letter).replaced()


def _instead(pattern: str, older: str, source: str) -> str:
    return re.sub(pattern, older, source, flags=re.MULTILINE)


# The syntax, since when it exists, and a rewrite of code with it for an older Python.
_FORMS: tuple[tuple[str, Version, Callable[[str], str]], ...] = (
    ("what stands in the braces of an f-string", (3, 12), partial(_strings, "f")),
    ("`type` statements", (3, 12), partial(_instead, rf"^([ \t]*)type[ \t]+(\w+)(?:{_BRACKETS})?[ \t]*=", r"\1\2 =")),
    (
        "type parameters",
        (3, 12),
        partial(_instead, rf"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+){_BRACKETS}", r"\1"),
    ),
    (
        "`except` without brackets",
        (3, 14),
        partial(_instead, rf"^([ \t]*except\*?[ \t]+){_SEVERAL}[ \t]*:", r"\1(\2):"),
    ),
    ("t-strings", (3, 14), partial(_strings, "t")),
)
