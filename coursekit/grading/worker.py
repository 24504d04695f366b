"""The other side of the wall: a warm process that forks one box for each notebook, and what a box does.

It knows no test, no seed and no expected value. Run as `python -m coursekit.grading.worker FD`, where FD is the
control socket: each message on it carries a channel for a new box and is answered with the box's process id.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import struct
import sys
from typing import Any

import numpy as np
import torch
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.errors import BoxError
from coursekit.following import describe, follow, time_limit, warm_up
from coursekit.grading.wire import Load, Loaded, Question, receive, send
from coursekit.trajectories import Failure, Trajectory


def main() -> None:
    """Warm up, then fork a box for every channel that arrives, until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader decides when this ends
    _silence()
    torch.set_num_threads(1)
    warm_up()
    while True:
        message, channels, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        process = os.fork()
        if process == 0:
            control.close()
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            try:
                serve(socket.socket(fileno=channels[0]))
            finally:
                os._exit(0)
        os.close(channels[0])
        control.sendall(struct.pack("!i", process))


def serve(channel: socket.socket) -> None:
    """Load the cells that arrive first, then answer questions until the grader hangs up."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    order = receive(channel, Load)
    os.chdir(order.place)
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


def _silence() -> None:
    """Send what students print to nowhere: answers go over the channel alone."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


if __name__ == "__main__":
    main()
