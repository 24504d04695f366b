"""A first draft of a new notebook: script, ladder, French texts and hidden tests, which run as they are."""

from __future__ import annotations

import ast
import keyword
import re
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import GradingError
from coursekit.judging.subject import subject

if TYPE_CHECKING:
    from jinja2 import Environment

_SIGNATURE = '{"learning_rate": 0.01, "momentum": 0.9}'  # of a draft
TO_WRITE = "✎"  # stands in a draft wherever the author has something to say


def draft(root: Path, name: str, exercise: str) -> list[Path]:
    """Write the files of a new notebook, and name what it asks for among the others.

    Parameters
    ----------
    root
        The folder of the course.
    name
        Number and name, such as `10_clipping`.
    exercise
        The function that students will write in it or, with a capital letter, the optimizer.

    Returns
    -------
    list of Path
        The files that were written or, the last two, added to.

    Raises
    ------
    GradingError
        Where the name or the exercise cannot be, or is there already; then nothing is written.
    """
    package = root / "coursekit" / "optimizers"
    if not package.is_dir():
        raise GradingError(f"{root} has no {package.relative_to(root)}. Notebooks are written in a clone of coursekit.")
    number, topic = _parts(root, name)
    optimizer = exercise[:1].isupper()
    if not exercise.isidentifier() or keyword.iskeyword(exercise) or not (optimizer or exercise == exercise.lower()):
        raise GradingError(
            f"{exercise!r} is no name of a function or an optimizer. Take lower-case letters, digits and _ for a "
            "function, as in clip, and a capital letter first for an optimizer, as in Momentum."
        )
    if exercise in subject().exercises:
        raise GradingError(f"The course has a {exercise!r} already. Choose another name for the {topic}.")
    files = {
        root / "solutions" / f"{name}.py": "optimizer.py.j2" if optimizer else "script.py.j2",
        root / "coursekit" / "french" / f"{name}.toml": "french.toml.j2",
        root / "tests" / "hidden" / f"test_{name}.py": "points.py.j2",
    }
    exercises, references, ladders = (package / path for path in ("subject.py", "references.py", "ladders/__init__.py"))
    tables = {
        exercises: _with_entry(exercises.read_text("utf-8"), "exercises", f'"{exercise}": Exercise(home="{name}")')
    }
    if optimizer:  # whose ladder is that of every optimizer
        source = _with_entry(references.read_text("utf-8"), "SIGNATURES", f'"{exercise}": {_SIGNATURE}')
        tables[references] = _with_entry(source, "_TORCH", f'"{exercise}": torch.optim.SGD')
    else:
        files[package / "ladders" / f"{topic}.py"] = "ladder.py.j2"
        tables[ladders] = _with_ladder(ladders.read_text("utf-8"), topic, exercise)
    for path in files:
        if path.exists():
            raise GradingError(f"{path} is there already, and is left as it is. Choose another name, or remove it.")
    words = {
        "number": number,
        "title": topic.replace("_", " ").capitalize(),
        "subject": exercise,
        "cell": exercise.lower(),
        "optimizer": optimizer,
    }
    for path, template in files.items():
        path.write_text(templates().get_template(template).render(words), encoding="utf-8")
    for path, text in tables.items():
        path.write_text(text, encoding="utf-8")
    return [*files, *tables]


def templates() -> Environment:
    """Return what writes the files of this package's `templates`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("coursekit.authoring", "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - what is written is code
    )


def _parts(root: Path, name: str) -> tuple[int, str]:
    """Take a name apart, and see that its number comes after all others."""
    from coursekit.authoring.building import scripts

    following = max((int(script.stem[:2]) for script in scripts(root / "solutions")), default=0) + 1
    parts = re.fullmatch(r"([0-9]{2})_([a-z][a-z0-9_]*)", name)
    if not parts or int(parts[1]) < following:
        raise GradingError(
            f"{name!r} is no name of a new notebook. Take {following:02d}_ or a number beyond it, and a few words in "
            f"lower-case letters, digits and _, as in {following:02d}_shrinkage."
        )
    return int(parts[1]), parts[2]


def _with_ladder(source: str, topic: str, exercise: str) -> str:
    """Add a ladder to the source of `coursekit.optimizers.ladders`: an import and an entry."""
    source = _with_entry(source, "_MAKERS", f'"{exercise}": {topic}.{exercise}')
    lines = source.splitlines(keepends=True)
    package = "coursekit.optimizers.ladders"
    imports = (node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom))
    ladders = next(node for node in imports if node.module == package)
    names = sorted([*(alias.name for alias in ladders.names), topic])
    lines[ladders.lineno - 1 : ladders.end_lineno] = [f"from {package} import {', '.join(names)}\n"]
    return "".join(lines)


def _with_entry(source: str, table: str, entry: str) -> str:
    """Add an entry to the end of a dictionary in a source."""
    tables = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.AnnAssign))
    found = next(node for node in tables if ast.unparse(node.target) == table)
    assert found.end_lineno
    lines = source.splitlines(keepends=True)
    lines.insert(found.end_lineno - 1, f"{' ' * (found.col_offset + 4)}{entry},\n")
    return "".join(lines)
