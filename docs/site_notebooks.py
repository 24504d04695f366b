"""A notebook as the site shows it: the one that students get, with the outputs of the instructor's beside its code.

What a solution cell holds in the instructor's is never taken over, and an answer in words only where that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from coursekit.errors import BuildError
from coursekit.reading.marks import mark

_PICTURE = "image/png"
_ANSWER = {"en": "A model answer: write your own first", "fr": "Une réponse possible : écrivez d'abord la vôtre"}


def shown(released: NotebookNode, solved: NotebookNode, name: str, *, answers: bool = False) -> NotebookNode:
    """Give the released notebook with the outputs of the solved one, where both have the same code.

    A cell belongs to the one with its grade_id, or else to the one with its id. `name` is for the message of the
    `BuildError` that two notebooks are which do not belong together. With `answers`, the model answer to a question in
    words is folded below the place for one's own.
    """
    twins = {_key(cell): cell for cell in solved.cells}
    if set(twins) != {_key(cell) for cell in released.cells}:
        raise BuildError(f"{name} has other cells in `notebooks` than in `solutions`. Rebuild both: make notebooks.")
    notebook = nbformat.v4.new_notebook(metadata=released.metadata)
    for cell in released.cells:
        made = nbformat.from_dict({**cell, "metadata": {}})
        notebook.cells.append(made)
        twin = twins[_key(cell)]
        if answers and cell.cell_type == "markdown" and mark(cell).solution:
            summary = _ANSWER[released.metadata.coursekit.language]
            made.source += f"\n\n<details><summary>{summary}</summary>\n\n{twin.source}\n\n</details>"
        if cell.cell_type == "code" and not mark(cell).solution:
            if twin.source != cell.source:
                raise BuildError(
                    f"{name}, cell {cell.id}, is another one in `solutions`. Rebuild both: make notebooks."
                )
            notebook.cells[-1:] = _by_picture(made, twin.outputs)
    return notebook


def _key(cell: NotebookNode) -> str:
    return str(mark(cell).grade_id or cell.id)


def _by_picture(cell: NotebookNode, outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Spread outputs over the cell and others that show no code: on the site, a cell has the words of one picture."""
    for output in outputs:
        if _PICTURE in output.get("data", {}):
            if "mystnb" in cell.metadata:
                yield cell
                cell = nbformat.v4.new_code_cell("# not shown", metadata={"tags": ["remove-input"]})
            cell.metadata["mystnb"] = {"image": {"alt": output.metadata.get(_PICTURE, {}).get("alt", "")}}
        cell.outputs.append(output)
    yield cell
