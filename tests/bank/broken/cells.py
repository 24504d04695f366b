"""Accidents with the cells: doubled, split, moved, stripped of what names them, edited or thrown away."""

from __future__ import annotations

import copy
from collections.abc import Callable

from nbformat import NotebookNode

from tests.bank.broken.accident import add, cell, in_cells, place, release, stub

WRONG = ("p -= group", "p += group")
CALL = ('p -= group["lr"] * p.grad', 'move(p, group["lr"])')
HELPER = "def move(p, rate):\n    p -= rate * p.grad"
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DOUBLED, MISSED, EDITED = ("sgd", "doubled"), ("sgd", "missing"), ("edited",)


def _twin(source: Callable[[str], str], *, above: bool = False) -> Callable[[NotebookNode], None]:
    """Copy the answer with its metadata, and give the copy a source made of the answer's."""

    def change(notebook: NotebookNode) -> None:
        at = place(notebook, "sgd")
        twin = copy.deepcopy(notebook.cells[at])
        twin.update(id="twin", source=source(twin.source))
        notebook.cells.insert(at if above else at + 1, twin)

    return change


def _split(line: str, *, named: bool) -> Callable[[NotebookNode], None]:
    """Split the answer before a line: JupyterLab leaves the metadata to both halves, others to the first alone."""

    def change(notebook: NotebookNode) -> None:
        answer = cell(notebook, "sgd")
        head, found, tail = answer.source.partition(line)
        assert found
        second = add(notebook, found + tail, after="sgd")
        second.metadata = copy.deepcopy(answer.metadata) if named else second.metadata
        answer.source = head.rstrip("\n")

    return change


def _with_helper(notebook: NotebookNode) -> None:
    _edit("sgd", *CALL)(notebook)
    _edit("sgd", "class SGD", f"{HELPER}\n\n\nclass SGD")(notebook)


def _both(*changes: Callable[[NotebookNode], object]) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        for each in changes:
            each(notebook)

    return change


def _elsewhere(after: str) -> Callable[[NotebookNode], None]:
    """Leave the stub in the answer and write the class into an added cell."""

    def change(notebook: NotebookNode) -> None:
        add(notebook, cell(notebook, "sgd").source, after=after)
        cell(notebook, "sgd").source = stub()

    return change


def _delete(*grade_ids: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        for grade_id in grade_ids:
            del notebook.cells[place(notebook, grade_id)]

    return change


def _anew(notebook: NotebookNode) -> None:
    add(notebook, cell(notebook, "sgd").source, after="sgd")
    _delete("sgd")(notebook)


def _strip(*, identifiers: bool) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        for number, each in enumerate(notebook.cells):
            each.metadata.clear()
            each.id = f"fresh-{number}" if identifiers else each.id

    return change


def _move(grade_id: str, to: int) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells.insert(to, notebook.cells.pop(place(notebook, grade_id)))


def _retype(kind: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        answer = cell(notebook, "sgd")
        answer.cell_type = kind
        del answer["outputs"], answer["execution_count"]

    return change


def _edit(grade_id: str, old: str, new: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        edited = cell(notebook, grade_id)
        assert old in edited.source
        edited.source = edited.source.replace(old, new, 1)

    return change


def _photo(notebook: NotebookNode) -> None:
    cell(notebook, "sgd_words").update(
        source="See my notes: ![notes](attachment:notes.png)", attachments={"notes.png": {"image/png": PICTURE}}
    )


def _crowd(notebook: NotebookNode) -> None:
    for number in range(1_000):
        add(notebook, f"x = {number}", after="sgd_check")
        add(notebook, f"Try {number}", after="sgd_check", kind="markdown")


def _tag(notebook: NotebookNode) -> None:
    for each in notebook.cells:
        each.metadata.update(tags=["skip-execution", "hide-input"], slideshow={"slide_type": "skip"}, editable=False)


ACCIDENTS = (
    in_cells(
        "nothing written",
        "The student handed the notebook in as it had been given out.",
        lambda notebook: notebook.update(release()),
        points=0.0,
        says=("is not written yet",),
    ),
    in_cells(
        "the answer emptied",
        "The student selected all of the answer, cut it to paste it elsewhere, and saved.",
        lambda notebook: cell(notebook, "sgd").update(source=""),
        points=0.0,
        says=("There is nothing called",),
    ),
    in_cells("the answer twice", "The student copied and pasted the cell by a slip.", _twin(str), tells=DOUBLED),
    in_cells(
        "the untouched answer kept above",
        "The student copied the cell before writing, and wrote into the lower one.",
        _twin(lambda _: stub(), above=True),
        tells=DOUBLED,
    ),
    in_cells(
        "the untouched answer kept below",
        "The student copied the cell before writing, wrote into the upper one, and never ran the lower one.",
        _twin(lambda _: stub()),
        tells=DOUBLED,
    ),
    in_cells(
        "a first attempt kept above",
        "The student copied the cell before every change, and the lowest one is right.",
        _twin(lambda source: source.replace(*WRONG), above=True),
        tells=DOUBLED,
    ),
    in_cells(
        "a scratch cell copied from the answer",
        "The student copied the answer to have a cell above it for trying things out.",
        _twin(lambda _: "torch.ones(3) - 0.1 * torch.ones(3)", above=True),
        tells=DOUBLED,
    ),
    in_cells(
        "the answer split before the class",
        "The student split the cell in JupyterLab, which leaves its metadata to both halves.",
        _both(_with_helper, _split("class SGD", named=True)),
        tells=DOUBLED,
    ),
    in_cells(
        "the answer split before the class in an older Jupyter",
        "The student split the cell, and the lower half has no metadata.",
        _both(_with_helper, _split("class SGD", named=False)),
    ),
    in_cells(
        "the answer split inside the class",
        "The student split the cell in JupyterLab by a wrong key, so that the class has no step any more.",
        _split("    def step(self):", named=True),
        points=0.0,
        says=("has no method",),
        tells=DOUBLED,
    ),
    in_cells(
        "the answer split inside a method",
        "The student split the cell by a wrong key, so that a method has no body.",
        _split('        """Move', named=False),
        points=0.0,
        says=("Your code raised",),
    ),
    in_cells(
        "written in a cell below the answer",
        "The student left the given cell as it was and wrote the class into a cell of its own.",
        _elsewhere("sgd"),
    ),
    in_cells(
        "written at the very end",
        "The student worked at the end of the notebook, and then ran the check cell above once more.",
        _elsewhere("sgd_words"),
    ),
    in_cells(
        "the answer deleted and written anew",
        "Colab let the student delete the cell, and the new one has neither metadata nor the old identifier.",
        _anew,
        tells=MISSED,
    ),
    in_cells(
        "metadata of all cells stripped",
        "A tool that cleans notebooks for git removed the metadata of the cells.",
        _strip(identifiers=False),
    ),
    in_cells(
        "metadata and identifiers of all cells lost",
        "The notebook was converted to a script and back.",
        _strip(identifiers=True),
    ),
    in_cells(
        "all cells in reverse order",
        "A script of the student's that joins notebooks put every cell in front of the last.",
        lambda notebook: notebook.cells.reverse(),
    ),
    in_cells(
        "texts first and code after",
        "A converter wrote all texts, and then all code.",
        lambda notebook: notebook.cells.sort(key=lambda each: each.cell_type, reverse=True),
    ),
    in_cells("the answer moved to the end", "The student pressed the key that moves cells down.", _move("sgd", 24)),
    in_cells("the check moved to the top", "The student wanted to have the check in sight.", _move("sgd_check", 0)),
    in_cells(
        "the imports deleted",
        "Colab let the student delete the locked cell, whose names the kernel still had.",
        _delete("setup"),
    ),
    in_cells(
        "the check deleted", "The student deleted the cell because of the red text under it.", _delete("sgd_check")
    ),
    in_cells(
        "all but the answer deleted",
        "The student handed in what was asked for and nothing else.",
        lambda notebook: notebook.update(cells=[cell(notebook, "sgd")]),
        tells=("sgd_words", "missing"),
    ),
    in_cells(
        "imports added to the locked cell",
        "VS Code let the student write into the cell of the imports.",
        _both(
            _edit("setup", "import torch", "import torch\nfrom torch.optim import Optimizer"),
            _edit("sgd", "torch.optim.Optimizer", "Optimizer"),
        ),
        tells=("setup", "edited"),
    ),
    in_cells(
        "a function written into a cell of the lesson",
        "The student wrote a function into the cell with the worked step, and the answer calls it.",
        _both(_edit("06", "theta = ", f"{HELPER}\n\n\ntheta = "), _edit("sgd", *CALL)),
        tells=EDITED,
    ),
    in_cells(
        "the class written into the check cell",
        "VS Code let the student write the class above the call that checks it.",
        _both(
            lambda notebook: _edit("sgd_check", "coursekit", cell(notebook, "sgd").source + "\n\n\ncoursekit")(
                notebook
            ),
            lambda notebook: cell(notebook, "sgd").update(source=stub()),
        ),
        tells=("sgd_check", "edited"),
    ),
    in_cells(
        "the check cell edited",
        "VS Code let the student write a note for the teacher into it.",
        _edit("sgd_check", "coursekit.check(SGD)", "# It is all green!\nSGD"),
        tells=("sgd_check", "edited"),
    ),
    in_cells(
        "the experiments of the lesson changed",
        "The student played with the lesson's own cells, as the page for students says one may.",
        _edit("31", "valley =", "class SGD:\n    def __init__(self, *_, **__):\n        pass\n\n\nvalley ="),
        tells=EDITED,
    ),
    in_cells(
        "explanations translated",
        "A browser's translator was on while the student edited the notebook.",
        lambda notebook: [
            each.update(source=f"*Übersetzt.* {each.source}") for each in notebook.cells if each.cell_type == "markdown"
        ],
    ),
    in_cells(
        "the answer became a text",
        "The student pressed the key M outside of the cell.",
        _retype("markdown"),
        tells=("sgd", "retyped"),
    ),
    in_cells(
        "the answer became a raw cell",
        "The student pressed the key R outside of the cell.",
        _retype("raw"),
        tells=("sgd", "retyped"),
    ),
    in_cells("2,000 cells more", "The student kept every try of a long night.", _crowd),
    in_cells("tags for slides on all cells", "The student made a talk out of the notebook.", _tag),
    in_cells(
        "a photo for the answer in words",
        "The student wrote by hand and dropped a picture of it into the cell.",
        _photo,
        says=(f"data:image/png;base64,{PICTURE[:20]}",),
    ),
    in_cells(
        "broken markup in the answer in words",
        "The student forgot to close a formula, a fold and a box of text.",
        lambda notebook: cell(notebook, "sgd_words").update(source="$\\frac{1}{$ <details><div><textarea> 100 times"),
    ),
)
