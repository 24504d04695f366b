"""A first draft of a new notebook: script, ladder, French texts and hidden tests, which run as they are."""

from __future__ import annotations

import ast
import keyword
import re
from pathlib import Path

from coursekit.errors import GradingError

TO_WRITE = "✎"  # stands in a draft wherever the author has something to say


def draft(root: Path, name: str, subject: str) -> list[Path]:
    """Write the files of a new notebook, and name its ladder among the others.

    Parameters
    ----------
    root
        The folder of the course.
    name
        Number and name, such as `10_clipping`.
    subject
        The function that students will write in it.

    Returns
    -------
    list of Path
        The files that were written or, the last, added to.

    Raises
    ------
    GradingError
        Where the name or the function cannot be, or is there already; then nothing is written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    number, topic = _parts(root, name)
    if not subject.isidentifier() or keyword.iskeyword(subject) or subject != subject.lower():
        raise GradingError(f"{subject!r} is no name of a function. Take lower-case letters, digits and _, as in clip.")
    ladders = root / "coursekit" / "optimizers" / "ladders" / "__init__.py"
    files = {
        root / "solutions" / f"{name}.py": "script.py.j2",
        root / "coursekit" / "optimizers" / "ladders" / f"{topic}.py": "ladder.py.j2",
        root / "coursekit" / "french" / f"{name}.toml": "french.toml.j2",
        root / "tests" / "hidden" / f"test_{name}.py": "points.py.j2",
    }
    for path in files:
        if path.exists():
            raise GradingError(f"{path} is there already, and is left as it is. Choose another name, or remove it.")
    registered = _with_ladder(ladders, topic, subject)
    templates = Environment(
        loader=PackageLoader("coursekit.authoring", "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - what is written is code
    )
    words = {"number": number, "title": topic.replace("_", " ").capitalize(), "subject": subject, "cell": subject}
    for path, template in files.items():
        path.write_text(templates.get_template(template).render(words), encoding="utf-8")
    ladders.write_text(registered, encoding="utf-8")
    return [*files, ladders]


def _parts(root: Path, name: str) -> tuple[int, str]:
    """Take a name apart, and see that its number is the next."""
    from coursekit.authoring.building import scripts

    there = scripts(root / "solutions")
    following = len(there) + 1
    parts = re.fullmatch(r"([0-9]{2})_([a-z][a-z0-9_]*)", name)
    if not parts or int(parts[1]) != following:
        raise GradingError(
            f"{name!r} is not the name of the next notebook. There are {len(there)}, so take {following:02d}_ and "
            f"a few words in lower-case letters, digits and _, as in {following:02d}_clipping."
        )
    return following, parts[2]


def _with_ladder(path: Path, topic: str, subject: str) -> str:
    """Add a ladder to the source of `coursekit.optimizers.ladders`: an import and an entry."""
    from coursekit.optimizers.ladders import SUBJECTS

    if subject in SUBJECTS:
        raise GradingError(f"The course has a {subject!r} already. Choose another name for the function.")
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source).body
    package = "coursekit.optimizers.ladders"
    ladders = next(node for node in tree if isinstance(node, ast.ImportFrom) and node.module == package)
    makers = next(node for node in tree if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_MAKERS")
    assert makers.end_lineno
    lines.insert(makers.end_lineno - 1, f'    "{subject}": {topic}.{subject},\n')
    names = sorted([*(alias.name for alias in ladders.names), topic])
    lines[ladders.lineno - 1 : ladders.end_lineno] = [f"from {package} import {', '.join(names)}\n"]
    return "".join(lines)
