"""Files and modules that may be missing when the code is graded: they are named while something can be done."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from coursekit.language import translate
from coursekit.reading.statements import names_in

OF_THE_COURSE = {"IPython", "PIL", "coursekit", "ipywidgets", "matplotlib", "mpl_toolkits", "numpy", "torch"}
NEAR = 2  # parts of the path of a module that is handed in: a file, or a folder and a file


def not_there(subject: Any) -> Iterator[str]:
    """Say what a class or a function uses that is neither in the notebook nor in the course, and what to do."""
    names = sorted(_modules_of(subject))
    places = {name: _place(name) for name in names}
    for place, text in _TEXTS.items():
        listed = ", ".join(f"`{name}`" for name in names if places[name] == place)
        if listed:
            yield translate(text, names=listed)


_TEXTS = {
    "beside": "Your code uses {names}, from a file beside this notebook: hand that file in, too.",
    "package": "Your code uses {names}, which the course does not need: it may be missing when this is graded.",
    "elsewhere": (
        "Your code uses {names}, which will not be there when this is graded: write what you need of it into a cell "
        "above."
    ),
}


def _place(name: str) -> str:
    """Tell where a module comes from, "" where it is there for everybody."""
    file = None if name in (*OF_THE_COURSE, *sys.stdlib_module_names, "__main__") else _file(name)
    if file is None:
        return ""
    path = Path(file)
    if {"site-packages", "dist-packages"} & set(path.parts):
        return "package"
    if path.is_relative_to(Path.cwd()) and len(path.relative_to(Path.cwd()).parts) <= NEAR:
        return "beside"
    return "elsewhere"


def _file(name: str) -> str | None:
    """Find the file of a module, which a function that was not called yet has not imported."""
    if name in sys.modules:
        return getattr(sys.modules[name], "__file__", None)
    spec = find_spec(name)
    return spec.origin if spec and spec.has_location else None


def _modules_of(subject: Any) -> set[str]:
    """List the modules that some code uses, by the first parts of their names."""
    found: set[str] = set()
    # A number or a table does not know where it comes from; those of packages are no matter.
    top = [(name, module) for name, module in list(sys.modules.items()) if "." not in name]
    own = {name: vars(module) for name, module in top if _place(name) in ("beside", "elsewhere")}
    waiting, seen = [subject], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        module = each.__name__ if isinstance(each, ModuleType) else getattr(each, "__module__", None)
        if module != "__main__":
            found |= {module.partition(".")[0]} if isinstance(module, str) else set()
        elif isinstance(each, type):
            waiting += [*each.__mro__, *map(_function, vars(each).values())]
        elif isinstance(each, FunctionType):
            function = inspect.unwrap(each)
            loaded, imported = names_in(function.__code__)
            found |= {name.partition(".")[0] for name in imported}
            for name in loaded & function.__globals__.keys():
                value = function.__globals__[name]
                waiting.append(value)
                if isinstance(value, ModuleType) or getattr(value, "__module__", None):
                    continue
                found |= {module for module, space in own.items() if space.get(name, found) is value}
    return found


def _function(value: Any) -> Any:
    """Take a function out of what a class makes of it."""
    return getattr(value, "fget", None) or getattr(value, "__func__", value)
