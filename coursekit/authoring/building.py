"""From one script to the notebooks in both languages.

A source script is in the percent format. Beside plain code cells it holds

- markdown cells in pairs, `# %% [markdown] lang="en"` then `lang="fr"`, or all in one language;
- `# %% solution="id"`: a cell the student fills in; what stands between `### BEGIN SOLUTION` and
  `### END SOLUTION` becomes the stub;
- `# %% check="id" points=18`: a cell whose points the hidden tests decide;
- `# %% given="id"`: a cell that students cannot edit;
- `# %% prediction=true`: a cell for what a student expects of the next one, which is not graded;
- `# %% [markdown] lang="en" answer="id" points=2`, in both languages: an answer in words, graded by hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from coursekit.errors import BuildError
from coursekit.judging.subject import subject
from coursekit.language import FOLDERS
from coursekit.reading.marks import mark, put

_KINDS = ("solution", "check", "given", "answer")
_KEYS = {"lang", "points", "prediction", *_KINDS}
_WIDGET = "application/vnd.jupyter.widget-view+json"
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def build(script: Path, language: str) -> NotebookNode:
    """Make the instructor's notebook of a script in one language, not executed.

    Parameters
    ----------
    script
        The source, in the percent format.
    language
        One of `languages(script)`.

    Returns
    -------
    NotebookNode
        Format 4.5, the same bytes each time, with nbgrader's metadata on every cell it minds.

    Raises
    ------
    BuildError
        Where a markdown cell lacks its twin though others have theirs, an identifier is used twice, or a cell's
        options are unknown; the message names the script and the cell.
    """
    source = _read(script)
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}, "coursekit": {"language": language}}
    )
    seen: set[str] = set()
    for number, cell in _in_language(source.cells, language, script):
        made = _cell(cell, f"{script.name}, cell {number}")
        made["id"] = f"{script.stem.replace('_', '-')}-{number:02d}"
        grade_id = mark(made).grade_id
        if grade_id in seen:
            raise BuildError(f"{script.name}, cell {number}: the identifier {grade_id!r} is used twice; rename one.")
        seen |= {grade_id} - {""}
        notebook.cells.append(made)
    return notebook


def execute(notebook: NotebookNode, folder: Path, *, timeout: int = 120) -> None:
    """Run a notebook in `folder` and keep its outputs in it; a cell that raises is a `BuildError`."""
    from nbclient.exceptions import CellExecutionError

    environment = {**os.environ, "COURSEKIT_LANGUAGE": notebook.metadata.coursekit.language, "PYTHONHASHSEED": "0"}
    with TemporaryDirectory() as sockets:
        client = NotebookClient(
            notebook,
            # At a port, which another program may take before the kernel does, it would not start.
            config=Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/k"}),
            timeout=timeout,
            startup_timeout=timeout,
            iopub_timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            coalesce_streams=True,
            store_widget_state=False,
            extra_arguments=["--log-level=ERROR", "--HistoryManager.hist_file=:memory:"],
        )
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            raise BuildError(f"The reference notebook in {folder.name} does not run.\n{error}") from error
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)  # live in that kernel only; what stands beside it stays
    notebook.metadata["kernelspec"] = _KERNEL
    notebook.metadata["language_info"] = {"name": "python"}


def scripts(solutions: Path) -> list[Path]:
    """List the source scripts, in order."""
    return sorted(solutions.glob("[0-9][0-9]_*.py"))


def languages(script: Path) -> list[str]:
    """Return the languages that a script is written in: that of all its texts where they have one, or else all."""
    return list(homes(script).values())


def homes(script: Path) -> dict[str, str]:
    """Return the folders that a script is built in, each with its language; its number says of which assignment."""
    cells = _read(script).cells
    spoken = {cell.metadata.get("lang") for cell in cells if cell.cell_type == "markdown"}
    assignments = subject().assignments
    folders = assignments[max(first for first in assignments if first <= int(script.stem[:2]))]
    return {folder: language for folder, language in folders.items() if spoken == {language}} or dict(folders)


def _read(script: Path) -> NotebookNode:
    """Return what stands in a script, which nobody may change."""
    return _parsed(script.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)  # a command asks many times for the same few scripts
def _parsed(text: str) -> NotebookNode:
    """Read the text of a script; what reads it takes long to import, and most commands read none."""
    import jupytext

    notebook: NotebookNode = jupytext.reads(text, fmt="py:percent")
    return notebook


def named(name: str, among: Sequence[Path]) -> Path:
    """Return the one of some files, notebooks or scripts, that a number or the beginning of a name means."""
    start = name.zfill(2) if name.isdigit() else name.removesuffix(".ipynb")
    found = [path for path in among if path.stem.startswith(start)]
    if len(found) != 1:
        there = ", ".join(path.stem for path in among) or "none"
        raise BuildError(f"{name!r} names {len(found) or 'no'} notebooks; there are {there}.")
    return found[0]


def target(script: Path, folder: str) -> Path:
    """Tell where the notebook of a script is built in the folder of a language."""
    return script.parent / folder / f"{script.stem}.ipynb"


def is_current(script: Path, folder: str) -> bool:
    """Tell whether the built notebook has the cells that its script says."""
    path = target(script, folder)
    if not path.exists():
        return False
    return bare(nbformat.read(path, as_version=4)) == bare(build(script, FOLDERS[folder]))


def bare(notebook: NotebookNode) -> list[tuple[str, str, str, Any]]:
    """Reduce a notebook to what its script decides: identifiers, types, sources and metadata of the cells."""
    return [(cell.id, cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as text that is the same wherever it is built."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _in_language(cells: list[NotebookNode], language: str, script: Path) -> Iterator[tuple[int, NotebookNode]]:
    """Return the cells of one language, numbered alike in all of the script; markdown comes once in each."""
    spoken = languages(script)
    number = position = 0
    while position < len(cells):
        cell = cells[position]
        where = f'{script.name}, cell {number + 1} ("{_first_words(cell)}")'
        if cell.cell_type == "code":
            yield (number := number + 1), cell
            position += 1
            continue
        pair = {
            other.metadata.get("lang"): other
            for other in cells[position : position + len(spoken)]
            if other.cell_type == "markdown"
        }
        missing = set(spoken) - set(pair)
        if missing:
            names = {"en": "English", "fr": "French"}
            raise BuildError(
                f"{where}: no {names[min(missing)]} text. Markdown cells come in pairs: "
                '`# %% [markdown] lang="en"` and then `# %% [markdown] lang="fr"`.'
            )
        yield (number := number + 1), pair[language]
        position += len(spoken)


def _cell(cell: NotebookNode, where: str) -> NotebookNode:
    options = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}  # jupytext's own
    unknown = set(options) - _KEYS
    if unknown:
        raise BuildError(f"{where}: unknown option {min(unknown)!r}; known are {', '.join(sorted(_KEYS))}.")
    kinds = [kind for kind in _KINDS if kind in options]
    made: NotebookNode = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")(cell.source)
    if len(kinds) > 1:
        raise BuildError(f"{where}: a cell has one role; choose between {' and '.join(kinds)}.")
    if bool({"check", "answer"} & set(kinds)) != isinstance(options.get("points"), int):
        raise BuildError(f"{where}: a check and an answer have points, a whole number; other cells have none.")
    if options.get("prediction"):
        made.metadata["coursekit"] = {"prediction": True}
    if not kinds:
        return made
    kind, identifier = kinds[0], options[kinds[0]]
    if not (isinstance(identifier, str) and re.fullmatch(r"[a-z0-9_]+", identifier)):
        raise BuildError(f"{where}: {identifier!r} is no identifier; use lower-case letters, digits and _.")
    put(
        made,
        grade=kind in ("check", "answer"),
        grade_id=identifier,
        locked=kind in ("check", "given"),
        schema_version=3,
        solution=kind in ("solution", "answer"),
        task=False,
        **({"points": options["points"]} if "points" in options else {}),
    )
    return made


def _first_words(cell: NotebookNode) -> str:
    return cell.source.strip().split("\n")[0][:40]
