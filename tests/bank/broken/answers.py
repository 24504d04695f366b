"""Accidents in the code of the answer: what was pasted, forgotten, misnamed or left over from a search."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from tests.bank.broken.accident import Accident, add, cell, in_answer, in_cells

CLASS = "class SGD(torch.optim.Optimizer):"
STEP = "        with torch.no_grad():"
UPDATE = 'p -= group["lr"] * p.grad'
WRONG = 'p += group["lr"] * p.grad'
CALL = 'move(p, group["lr"])'
RIGHT_ONE = """\
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
"""
MARKERS = f"<<<<<<< HEAD\n{' ' * 24}{UPDATE}\n=======\n{' ' * 24}p.sub_(p.grad)\n>>>>>>> main"


def _on_top(name: str, happens: str, line: str, **due: Any) -> Accident:
    return in_answer(name, happens, {CLASS: f"{line}\n{CLASS}"}, **due)


def _in_step(name: str, happens: str, line: str, **due: Any) -> Accident:
    return in_answer(name, happens, {STEP: f"        {line}\n{STEP}"}, **due)


def _spoilt(name: str, happens: str, edits: dict[str, str], *says: str) -> Accident:
    return in_answer(name, happens, edits, points=0.0, says=says)


def _needing(name: str, happens: str, edits: dict[str, str], source: str, **due: Any) -> Accident:
    """Need in the answer what stands in a cell below it, above the check."""

    def change(notebook: NotebookNode) -> None:
        answer = cell(notebook, "sgd")
        for old, new in edits.items():
            answer.source = answer.source.replace(old, new)
        add(notebook, source, after="sgd")

    return in_cells(name, happens, change, **due)


def _indented(notebook: NotebookNode) -> None:
    answer = cell(notebook, "sgd")
    answer.source = answer.source.replace("    ", "\t")


def _in_function(notebook: NotebookNode) -> None:
    answer = cell(notebook, "sgd")
    answer.source = "def make():\n    " + answer.source.replace("\n", "\n    ") + "\n    return SGD"


def _main(notebook: NotebookNode) -> None:
    answer = cell(notebook, "sgd")
    answer.source = 'if __name__ == "__main__":\n    ' + answer.source.replace("\n", "\n    ")


ACCIDENTS = (
    # What Python does not read. The student's own kernel says so, too.
    _spoilt(
        "a colon forgotten", "The student changed a line last and did not run it.", {CLASS: CLASS[:-1]}, "SyntaxError"
    ),
    _spoilt(
        "merge markers in the answer",
        "Two students merged their notebooks with a tool that marks conflicts cell by cell.",
        {" " * 24 + UPDATE: MARKERS},
        "IndentationError",
    ),
    _spoilt(
        "curly quotes",
        "The line went through a text processor, which made curly quotes of straight ones.",
        {'{"lr"': "{“lr”"},
        "SyntaxError",
    ),
    _spoilt(
        "non-breaking spaces in front of a line",
        "The line was pasted from a web page that indents with non-breaking spaces.",
        {" " * 24 + UPDATE: "\u00a0" * 24 + UPDATE},
        "SyntaxError",
    ),
    _spoilt(
        "tabs and spaces mixed",
        "A line was pasted from an editor that indents with tabs.",
        {" " * 24 + UPDATE: "\t\t\t" + UPDATE},
        "TabError",
    ),
    in_cells(
        "tabs throughout", "The student writes in an editor that indents with tabs, and pasted all of it.", _indented
    ),
    in_answer(
        "a non-breaking space in a comment",
        "A Mac writes one where the option key is still held.",
        {"### BEGIN SOLUTION": "# the\u00a0base class keeps it"},
    ),
    # What stands in front of the class, or is called in it.
    _on_top(
        "a magic on top of the answer", "The student begins every cell with figures like this.", "%matplotlib inline"
    ),
    _on_top(
        "an installation on top of the answer",
        "Colab has no coursekit, so cells begin like this.",
        "!pip install torch",
    ),
    _on_top("a time taken of the answer", "The student measured how long the cell takes.", "%%time"),
    _on_top("an output captured", "The student had printed much and wanted no output under the cell.", "%%capture"),
    _on_top(
        "the answer written to a file",
        "The student saved the class for another project, and with this line the cell does not run.",
        "%%writefile sgd.py",
        points=0.0,
        says=("There is nothing called",),
    ),
    _on_top(
        "an import that the grader does not have",
        "The student imports all favourite packages on top, and needs none of them here.",
        "import seaborn as sns",
    ),
    _in_step(
        "a line printed in each step",
        "The student watched the rate and left the line in.",
        'print("rate", self.param_groups[0]["lr"])',
    ),
    _in_step(
        "a line on stderr in each step",
        "The student watched the steps where nothing else is printed.",
        "import sys; print('step', file=sys.stderr)",
    ),
    _in_step(
        "a warning in each step",
        "A function that the student calls is old and warns of it.",
        "import warnings; warnings.warn('old')",
    ),
    _in_step(
        "a log of each step",
        "The student watched the steps and left the line in.",
        "import logging; logging.warning('step')",
    ),
    _in_step("a slow step", "The student slowed it down for an animation.", "import time; time.sleep(0.001)"),
    _in_step(
        "a breakpoint left in the step",
        "The student searched for a mistake, found it, and left the line.",
        "breakpoint()",
    ),
    _spoilt(
        "the line that says it is not written left in",
        "The student wrote above `raise NotImplementedError()` and did not delete it.",
        {"        ### END SOLUTION\n\n": "        raise NotImplementedError()\n\n"},
        "A line of the stub is still in",
    ),
    _spoilt(
        "a step that calls itself",
        "The student meant to call the step of the base class.",
        {STEP: f"        self.step()\n{STEP}"},
        "RecursionError",
    ),
    # What a name stands for.
    _spoilt(
        "the class renamed",
        "The student writes abbreviations like words and did not run the check after that.",
        {CLASS: CLASS.replace("SGD", "Sgd")},
        "There is nothing called",
    ),
    in_cells(
        "the class inside a function",
        "The student puts everything into functions and forgot to call this one.",
        _in_function,
        points=0.0,
        says=("There is nothing called",),
    ),
    in_cells(
        "the class under a test for the main program",
        "The student writes this line in all scripts, and a notebook is a main program.",
        _main,
    ),
    in_answer(
        "two classes of one name, the second right",
        "The student kept the first attempt above the second.",
        {UPDATE: f"{WRONG}\n\n\n{RIGHT_ONE}"},
    ),
    in_answer(
        "two classes of one name, the second with a wrong sign",
        "The student kept a good attempt above a later one.",
        {UPDATE: WRONG, CLASS: f"{RIGHT_ONE}\n\n{CLASS}"},
        points=4.5,
        says=("Every move goes the wrong way",),
    ),
    _spoilt(
        "an import that was deleted",
        "The student imported torch under another name and deleted that cell; the kernel still had the name.",
        {CLASS: CLASS.replace("torch", "t")},
        "NameError",
    ),
    _needing(
        "a function defined below",
        "The student wrote a function under the class that calls it.",
        {UPDATE: CALL},
        "def move(p, rate):\n    p -= rate * p.grad",
    ),
    _needing(
        "a base class defined below",
        "The student ran the lower cell first; from top to bottom the class cannot be made.",
        {CLASS: "class SGD(Base):"},
        "class Base(torch.optim.Optimizer):\n    pass",
        points=0.0,
        says=("NameError",),
    ),
    # What other alphabets and long texts do.
    in_answer(
        "Greek names",
        "The student writes the names as they stand in the formula.",
        {UPDATE: "θ, η = p, group['lr']; θ -= η * θ.grad"},
    ),
    in_answer("emoji", "The student is proud of the line and says so.", {"### BEGIN SOLUTION": '"""🎉👩‍🏫"""  # 🚀'}),
    in_answer(
        "text from right to left",
        "The student takes notes in Arabic, with the marks that turn the direction.",
        {"### BEGIN SOLUTION": "# \u202bالخطوة نزول\u202c \u200f"},
    ),
    in_answer(
        "a very long line",
        "A table of numbers was pasted into a comment.",
        {"### BEGIN SOLUTION": "# " + "0.1, " * 200_000},
    ),
)
