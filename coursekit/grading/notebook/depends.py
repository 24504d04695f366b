"""The dependencies of a result: the code and the packages that judge, run and show a notebook, and no other."""

from __future__ import annotations

import ast
import hashlib
import inspect
import platform
import re
from collections import defaultdict
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path

import coursekit
from coursekit.judging.subject import subject

# A module that is not listed here counts, new ones too. A test sees to it that no module that counts imports these.
OTHER_CODE = (
    *("cli.py", "authoring", "grading/answers", "grading/classroom", "grading/exchange", "grading/report"),
    *(f"grading/nbgrader/{name}.py" for name in ("converters", "preprocessors", "settings")),
    *(f"grading/notebook/{name}.py" for name in ("heading", "pages", "replay")),
    "french/report.toml",
)
OTHER_PACKAGES = {
    *("jupyterlab", "jupytext", "markupsafe", "nbclient", "nbgrader"),
    *("pebble", "rich", "shtab", "sqlalchemy"),
}


def digest(*parts: object) -> str:
    """Return a name of 64 letters for some values."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part if isinstance(part, bytes) else repr(part).encode()).digest())
    return whole.hexdigest()


@cache
def meaning(code: bytes) -> str:
    """Return a name for what a hidden test says, whatever its comments and its layout are."""
    try:
        return digest(ast.dump(ast.parse(code)))
    except (SyntaxError, ValueError):
        return digest(code)


@cache
def grader() -> dict[str, str]:
    """Return all that every result depends on, by name: packages with their versions, folders of code with a digest."""
    needed = [each for each in requires("coursekit") or () if "extra ==" not in each or '"grading"' in each]
    names = {re.split(r"[^\w.-]", each)[0] for each in needed} - OTHER_PACKAGES
    return {"Python": platform.python_version(), **{name: version(name) for name in sorted(names)}, **_folders()}


def counts(path: Path) -> bool:
    """Tell whether a result depends on a file of the package."""
    inside = path.relative_to(Path(coursekit.__file__).parent)
    return not any(inside.is_relative_to(other) for other in OTHER_CODE)


def _folders() -> dict[str, str]:
    package, course = Path(coursekit.__file__).parent, Path(inspect.getfile(type(subject()))).parent
    found = defaultdict(list)
    for path in sorted({path for place in {package, course} for path in place.rglob("*")}):
        place = package if path.is_relative_to(package) else course
        if path.suffix in (".py", ".toml") and (place is course or counts(path)):
            name = ".".join(path.parent.relative_to(place.parent).parts)
            found[name].append((path.name, digest(path.read_bytes())))
    return {name: digest(files) for name, files in found.items()}
