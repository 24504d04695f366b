"""The other side of the wall: what a box does that holds a student's definitions.

It knows no test, no seed and no expected value.
"""

from __future__ import annotations

import ast
import socket
import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from coursekit.errors import BoxError
from coursekit.following import describe, follow
from coursekit.grading.boxes.wire import Answer, Load, Loaded, Question, receive, send
from coursekit.time_limit import time_limit
from coursekit.trajectories import Failure, Trajectory


def answer_questions(channel: socket.socket) -> None:
    """Load the cells that arrive first, then answer questions until the grader hangs up."""
    shell = _shell()
    streams = sys.stdout, sys.stderr
    try:
        while (order := receive(channel, Load)).cell is not None:
            failure = _run(shell, order.cell, order.seconds)
            sys.stdout, sys.stderr = streams  # the cell may have closed its own
            send(channel, Loaded(failure=failure, number=order.number))
        while True:
            question = receive(channel, Question)
            send(channel, Answer(trajectory=_answer(shell.user_ns, question), number=question.number))
    except BoxError:
        return


def _answer(space: dict[str, Any], question: Question) -> Trajectory:
    if question.name not in space:
        message = f"name '{question.name}' is not defined"
        return Trajectory(failure=Failure(kind="NameError", message=message))
    return follow(space[question.name], question.scenario, seconds=question.seconds)


def _run(shell: InteractiveShell, cell: str, seconds: float) -> Failure | None:
    try:
        with time_limit(seconds):
            result = shell.run_cell(cell, store_history=False, silent=True)
            error = result.error_before_exec or result.error_in_exec
            if isinstance(error, ImportError):
                # What the cell lacks then is missing where it is needed, and this is told as the reason.
                shell.run_cell(_without_missing(shell, cell), store_history=False, silent=True)
    except BaseException as stopped:
        return describe(stopped)
    return describe(error) if error else None


def _without_missing(shell: InteractiveShell, cell: str) -> str:
    """Leave out the imports at the top level of a cell that cannot be had here."""
    tree = ast.parse(shell.transform_cell(cell))
    tree.body = [part for statement in tree.body for part in _parts(statement) if not _is_missing(part)]
    return ast.unparse(tree)


def _parts(statement: ast.stmt) -> list[ast.stmt]:
    """Take an import of several things apart."""
    if isinstance(statement, ast.Import):
        return [ast.Import(names=[name]) for name in statement.names]
    if isinstance(statement, ast.ImportFrom):
        module, level = statement.module, statement.level
        return [ast.ImportFrom(module=module, names=[name], level=level) for name in statement.names]
    return [statement]


def _is_missing(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    try:
        exec(ast.unparse(statement), {})
    except ImportError:
        return True
    return False


class _Shell(InteractiveShell):
    """An IPython in which magics work as in a notebook, and nothing is drawn, written or installed."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window."""

    def system(self, *_: Any) -> None:
        """Do nothing: what a shell command does at the student's desk cannot be done here."""

    def getoutput(self, *_: Any, split: bool = True, **__: Any) -> Any:
        """Give nothing, in the form that a shell command does."""
        return SList() if split else ""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Do nothing: nobody reads it, and drawing that of a long recursion takes many seconds."""

    showsyntaxerror = showindentationerror = showtraceback


def _shell() -> InteractiveShell:
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    return _Shell(config=settings)  # type: ignore[no-untyped-call]
