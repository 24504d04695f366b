"""The other side of the wall: what a box does that holds a student's definitions.

It knows no test, no seed and no expected value.
"""

from __future__ import annotations

import socket
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.errors import BoxError
from coursekit.following import describe, follow, time_limit
from coursekit.grading.wire import Load, Loaded, Question, receive, send
from coursekit.trajectories import Failure, Trajectory


def answer_questions(channel: socket.socket) -> None:
    """Load the cells that arrive first, then answer questions until the grader hangs up."""
    order = receive(channel, Load)
    shell = _shell()
    failures = tuple(_run(shell, cell, order.seconds) for cell in order.cells)
    send(channel, Loaded(failures=failures))
    while True:
        try:
            question = receive(channel, Question)
        except BoxError:
            return
        send(channel, _answer(shell.user_ns, question))


def _answer(space: dict[str, Any], question: Question) -> Trajectory:
    if question.name not in space:
        message = f"name '{question.name}' is not defined"
        return Trajectory(failure=Failure(kind="NameError", message=message))
    return follow(space[question.name], question.scenario, seconds=question.seconds, unaided=True)


def _run(shell: InteractiveShell, cell: str, seconds: float) -> Failure | None:
    try:
        with time_limit(seconds):
            result = shell.run_cell(cell, store_history=False, silent=True)
    except BaseException as stopped:
        return describe(stopped)
    error = result.error_before_exec or result.error_in_exec
    return describe(error) if error else None


class _Shell(InteractiveShell):
    """An IPython in which magics work as in a notebook, and nothing is drawn."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window."""


def _shell() -> InteractiveShell:
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    return _Shell(config=settings)  # type: ignore[no-untyped-call]
