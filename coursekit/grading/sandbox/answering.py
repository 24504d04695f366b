"""The worker that holds a student's definitions.

It knows no test, no seed and no expected value.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from coursekit.errors import WorkerError
from coursekit.grading.sandbox.shells import move_in
from coursekit.grading.sandbox.wire import Answer, Load, Loaded, Question, receive, send
from coursekit.judging.running import run
from coursekit.judging.trajectories import Failure, Trajectory
from coursekit.reading.loading import Loader, unread
from coursekit.reading.statements import Lost, read


def prepare() -> InteractiveShell:
    """Make the shell of the workers that will be forked from this process, and do once what is slow the first time."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = _Shell(config=settings)  # type: ignore[no-untyped-call]
    lost = list(Loader({}).load(read(_LIKE_A_CELL, "<cell>", shell.transform_cell)))
    assert not lost, lost
    return shell


def answer_questions(shell: InteractiveShell, channel: socket.socket) -> None:
    """Load the cells that arrive first, then answer questions until the grader hangs up."""
    move_in(shell)
    loader = Loader(shell.user_ns)
    streams = sys.stdout, sys.stderr
    sys.path.append("")  # for what lies beside the notebook, and never in place of what is here
    try:
        while (order := receive(channel, Load)).cell is not None:
            lost = tuple(_load(shell, loader, order, channel))
            sys.stdout, sys.stderr = streams  # the cell may have closed its own
            send(channel, Loaded(lost=lost, number=order.number))
        while True:
            question = receive(channel, Question)
            send(channel, Answer(trajectory=_answer(shell.user_ns, question), number=question.number))
    except WorkerError:
        return


def _answer(space: dict[str, Any], question: Question) -> Trajectory:
    if question.name not in space:
        message = f"name '{question.name}' is not defined"
        return Trajectory(failure=Failure(kind="NameError", message=message))
    return run(space[question.name], question.scenario, seconds=question.seconds, alone=True)


def _load(shell: InteractiveShell, loader: Loader, order: Load, channel: socket.socket) -> Iterator[Lost]:
    """Run a cell, and tell of each statement before it is run: it may be the last that is heard."""
    assert order.cell is not None
    try:
        statements = read(order.cell, f"<cell {order.number}>", shell.transform_cell)
    except Exception as error:  # noqa: BLE001 - IPython raises anything about a student's text
        yield unread(error)
        return
    with shell.builtin_trap:
        yield from loader.load(
            statements,
            seconds=order.seconds,
            runs=lambda each: each.where not in order.without,
            begins=lambda each: send(channel, Loaded(begins=each.where, number=order.number)),
        )


class _Shell(InteractiveShell):
    """An IPython in which magics work as in a notebook, and nothing is drawn, written or installed."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window."""

    def system(self, *_: Any) -> None:
        """Do nothing: what a shell command does at the student's desk cannot be done here."""

    def getoutput(self, *_: Any, split: bool = True, **__: Any) -> Any:
        """Return nothing, in the form that a shell command does."""
        return SList() if split else ""

    def ask_exit(self) -> None:
        """End what runs, as in a program."""
        raise SystemExit

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Do nothing: nobody reads it, and drawing that of a long recursion takes many seconds."""

    showsyntaxerror = showindentationerror = showtraceback


_LIKE_A_CELL = '''
class Rule:
    """A rule."""

    def step(self, x: float) -> float:
        return [0.5 * x for _ in range(2)][0]
'''
