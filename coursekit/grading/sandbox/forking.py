"""The warm process, and the workers that it forks.

Run as `python -m coursekit.grading.sandbox.forking FD`, where FD is the control socket. Each message on it is an order
for a worker, with a line and a channel. For each kind of worker a template is forked, which makes what all workers of
the kind begin with. It forks a supervisor for each order: that has the sandbox built, forks the worker
that moves in and runs the student's code, and ends it all when the grader closes the line, or the code is done or takes
too much. Nothing of a student runs in the warm process, a template or a supervisor.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import linecache
import os
import random
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch

from coursekit.errors import SandboxError
from coursekit.grading.sandbox import answering, kernel
from coursekit.grading.sandbox.large_pages import join_pages
from coursekit.grading.sandbox.sandbox import Folder, Sandbox, die_with_parent, environment
from coursekit.grading.sandbox.warm import ENDED, TO_FIND_IT, TOO_MUCH, News, Order
from coursekit.grading.sandbox.wire import Load, decode, reader, send
from coursekit.judging.subject import subject
from coursekit.pictures import Lent

Work: TypeAlias = Callable[[socket.socket], None]  # of a worker, with its channel
TICK = 0.1  # seconds between two looks at a worker
LOOKS = 2  # that find too much: for a moment, a child that is about to run a command has the memory of its parent


def main() -> None:
    """Warm up, then hand every order that arrives to the template of its kind, until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader decides when this ends
    torch.set_num_threads(1)
    _import_all()
    for kind in (Order, Load, Lent, *subject().scenarios()):
        reader(kind)
    subject().borrowable()
    _freeze()
    join_pages()
    templates: dict[tuple[str, bool], socket.socket] = {}
    while True:
        message, handles, _, _ = socket.recv_fds(control, 2**16, 2)
        if not message:
            return
        order = decode(message, Order)
        sort = order.kind, order.unaided
        if sort not in templates:
            templates[sort] = _template(order)
        try:
            socket.send_fds(templates[sort], [message], handles)
        except OSError:  # it has died: whoever waits for this worker asks again
            templates.pop(sort).close()
        for handle in handles:
            os.close(handle)


def _template(order: Order) -> socket.socket:
    """Fork a process that makes what all workers of a kind begin with, and forks them; return its control socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        try:
            die_with_parent()
            _close_all_but(theirs.fileno())
            work = _prepared(order)
            _freeze()
            _fork_workers(theirs, work)
        except Exception:  # noqa: BLE001 - a mistake of ours, and the process ends
            traceback.print_exc()
        finally:
            os._exit(0)
    theirs.close()
    return ours


def _prepared(order: Order) -> Work:
    """Make what all workers of a kind begin with, and return what they do; nothing of it stays in a folder."""
    with tempfile.TemporaryDirectory(prefix="coursekit-") as home:
        os.environ["HOME"] = home
        if order.kind == "cells":
            return partial(kernel.execute_cells, kernel.prepare())
        if order.unaided:
            subject().forget()
        return partial(answering.answer_questions, answering.prepare())


def _fork_workers(control: socket.socket, work: Work) -> None:
    """Fork a supervisor for every order that arrives, until the warm process is gone."""
    while True:
        message, handles, _, _ = socket.recv_fds(control, 2**16, 2)
        if not message:
            return
        order = decode(message, Order)
        if os.fork() == 0:
            control.close()
            line, channel = (socket.socket(fileno=handle) for handle in handles)
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                supervise(order, line, channel, work)
            except Exception:  # noqa: BLE001 - a mistake of ours, and the process ends
                traceback.print_exc()
            finally:
                os._exit(0)
        for handle in handles:
            os.close(handle)


def supervise(order: Order, line: socket.socket, channel: socket.socket, work: Work) -> None:
    """Build a sandbox, run in it what is ordered, and see it end."""
    die_with_parent()
    try:
        hidden = subject().borrowable() if order.unaided else ()
        sandbox = Sandbox(order.limits, hidden) if order.sandbox else Folder(order.limits)
    except (SandboxError, OSError) as error:
        _tell(line, News(kind="refused", text=str(error)))
        return
    begins, beginning = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            _become_worker(order, sandbox, channel, beginning, work)
        finally:
            os._exit(0)
    channel.close()
    os.close(beginning)
    try:
        _tell(line, News(kind="open", process=process))
        select.select([line.fileno(), begins], [], [])  # before, there is nothing of a student's to look at
        _tell(line, watch(process, line, sandbox))
    finally:
        sandbox.close(process)


def watch(process: int, line: socket.socket, sandbox: Sandbox | Folder) -> News:
    """Wait until a process has ended, its line is closed, or its sandbox holds too much; return which it is.

    A byte that arrives interrupts the process.
    """
    too_much = 0
    while True:
        if select.select([line], [], [], TICK)[0]:
            if not _hears(line):
                return News(kind="over", text="It was ended.")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGINT)
            _tell(line, News(kind="interrupted"))
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            return News(kind="killed" if killed else "over", text=ENDED)
        too_much = too_much + 1 if sandbox.overflows() else 0
        if too_much == LOOKS:
            return News(kind="over", text=TOO_MUCH)


def _hears(line: socket.socket) -> bool:
    """Take in a byte; tell whether there is one, and nobody has hung up."""
    try:
        return bool(line.recv(1))
    except ConnectionResetError:  # with news that were not read
        return False


def _tell(line: socket.socket, news: News) -> None:
    with contextlib.suppress(OSError):  # nobody may be there any more
        send(line, news)


def _become_worker(order: Order, sandbox: Sandbox | Folder, channel: socket.socket, beginning: int, work: Work) -> None:
    """Become what runs a student's code: all that is left of the grader is the channel."""
    _close_all_but(channel.fileno(), beginning)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sandbox.settle()
    os.environ["PATH"] = environment()["PATH"]
    os.environ["HOME"] = str(sandbox.home)
    os.environ["COURSEKIT_LANGUAGE"] = order.language
    for name in ("MPLCONFIGDIR", *TO_FIND_IT):
        os.environ.pop(name, None)
    tempfile.tempdir = None
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    if order.kind == "answers":
        select.select([channel], [], [])  # it may have been ordered long before it is asked
    os.close(beginning)
    work(channel)


def _close_all_but(*kept: int) -> None:
    for before, after in pairwise((2, *sorted(kept), 2**16)):
        os.closerange(before + 1, after)


def _freeze() -> None:
    """Share with every process that is forked from this one what is here, as long as nothing writes to it."""
    linecache.clearcache()  # what a worker frees it must first copy
    gc.collect()
    gc.freeze()


def _import_all() -> None:
    """Import what notebooks use, and do once what is slow the first time."""
    for name in (*_OF_OURS, *subject().used, *subject().drawing):
        importlib.import_module(name)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # its import takes longer than the start of a kernel
    for name in _OF_KERNELS:
        importlib.import_module(name)
    del sys.modules["debugpy"]
    subject().warm_up()
    _draw_once()
    # It looks around for a kernel when it is imported, and finds one only in a worker.
    for name in [name for name in sys.modules if name.startswith("matplotlib_inline")]:
        del sys.modules[name]


def _draw_once() -> None:
    """Draw a figure, so that backends, fonts and formulas are at hand."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.registry import backend_registry
    from matplotlib.figure import Figure

    backend_registry.list_all()  # which asks every package that is installed
    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot([0, 1], label="$x$")
    axes.legend()
    figure.savefig(io.BytesIO())


_OF_OURS = (
    "coursekit.student.checks",
    "coursekit.student.desk",
    "coursekit.likeness",
)
# Imports of a kernel when it starts.
_OF_KERNELS = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "tornado.platform.asyncio",
)


if __name__ == "__main__":
    main()
