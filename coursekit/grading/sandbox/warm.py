"""The grader's end of the warm process, which is asked for workers.

Importing torch and the kernel takes seconds, forking a process that has done so takes milliseconds. A worker ends when
the grader closes its line, also by dying.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coursekit.errors import EndedError, GradingError, SandboxError, WorkerError
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits, environment
from coursekit.grading.sandbox.wire import Shown, encode, receive
from coursekit.judging.time_limit import Deadline

ENDED = "The process that ran the code ended before it answered."
TOO_MUCH = "The code used too much memory."
NOTICE = 1.0  # seconds for a supervisor to see that its worker is over
TO_FIND_IT = ("PYTHONPATH", "COURSEKIT_SUBJECT")  # the subject, see `coursekit.judging.subject`
START_LIMIT = 60.0  # seconds for the warm process to import torch, and for a worker to be there
STARTS = 3  # a worker that cannot be had is no student's doing, and is worth another try


@dataclass(frozen=True, kw_only=True)
class Order:
    """A request to the warm process.

    Attributes
    ----------
    kind
        "answers" for a worker that loads cells and answers questions, "cells" for one that runs cells for show.
    sandbox
        Whether it runs in a sandbox.
    unaided
        Whether torch's own optimizers and schedulers are out of reach in it.
    limits
        The limits of what it may use.
    language
        In which the course's own code speaks there to the student.
    """

    kind: Literal["answers", "cells"]
    sandbox: bool = True
    unaided: bool = False
    limits: Limits = GENEROUS
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class News:
    """A message from the supervisor of a worker: it is "open", "interrupted", or "refused" or "over" (and why).

    It is "killed" where that may not have been the code's own doing, as when a machine runs out of memory. `process`
    is its id, once it is open.
    """

    kind: Literal["open", "interrupted", "refused", "over", "killed"]
    text: str = ""
    process: int = 0


class Worker:
    """A process that runs a student's code, and what it started; all of it ends with `end`.

    Attributes
    ----------
    channel
        The wire to it.
    killed
        Whether it ended by what may have come from outside: then what was asked is worth asking again.
    process
        Its id.
    """

    def __init__(self, line: socket.socket, channel: socket.socket) -> None:
        self._line = line
        self.channel = channel
        self._over: str | None = None
        self.killed = False
        self.process = 0

    def wait_until_ready(self) -> None:
        """Wait until it is there; a `SandboxError` says why it cannot be."""
        news = receive(self._line, News, Deadline(START_LIMIT))
        if news.kind == "refused":
            raise SandboxError(news.text)
        if news.kind != "open":
            raise WorkerError(news.text)
        self.process = news.process

    def over(self) -> str | None:
        """Say why it is over; None while it is not."""
        if self._over is None:
            self._hear(0.0)
        return self._over

    def interrupt(self) -> None:
        """Interrupt what runs in it, as Ctrl-C does; when this returns, that is done."""
        if self.over() is None:
            with contextlib.suppress(OSError):
                self._line.sendall(b"!")
            self._hear(START_LIMIT)

    def _hear(self, seconds: float) -> None:
        try:
            news = receive(self._line, News, Deadline(seconds))
        except TimeoutError:
            return
        except (WorkerError, OSError):
            news = News(kind="killed", text=ENDED)  # with its supervisor
        if news.kind != "interrupted":
            self._over, self.killed = news.text, news.kind == "killed"

    def why_over(self, error: Exception) -> str | None:
        """Say why it is over, if it is, after an error: of an end its supervisor may yet have to learn."""
        if isinstance(error, EndedError | OSError):
            select.select([self._line], [], [], NOTICE)
        return self.over()

    def end(self) -> None:
        """End it; when this returns, nothing of it runs any more."""
        self.over()
        self.channel.close()
        with contextlib.suppress(WorkerError, OSError):
            self._line.shutdown(socket.SHUT_WR)
            while True:
                receive(self._line, News, Deadline(START_LIMIT))
        self._line.close()
        self._over = self._over or "It was ended."


class WarmProcess:
    """A process that has torch and Jupyter's kernel imported and forks workers.

    Processes that are forked from the one that made it may ask it, too; it ends with the last of them.
    """

    def __init__(self) -> None:
        self._maker = os.getpid()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        cache_folder = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "coursekit.grading.sandbox.forking", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={
                    **environment(),
                    **{name: os.environ[name] for name in TO_FIND_IT if name in os.environ},
                    "PATH": os.environ.get("PATH", os.defpath),  # bubblewrap may be anywhere
                    "MPLCONFIGDIR": os.path.join(cache_folder, "matplotlib"),  # noqa: PTH118
                },
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End it, and with it every worker; where it was made by another process, ask it no more."""
        self._control.close()
        if self._maker == os.getpid():
            self._process.kill()
            self._process.wait()

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Tell whether it has ended, or does so within some seconds."""
        return bool(select.select([self._control], [], [], seconds)[0])  # it never says anything here

    def order(self, order: Order) -> Worker:
        """Have a worker forked, and do not wait for it."""
        line, their_line = socket.socketpair()
        channel, their_channel = socket.socketpair()
        worker = Worker(line, channel)
        try:
            with their_line, their_channel:
                socket.send_fds(self._control, [encode(order)], [their_line.fileno(), their_channel.fileno()])
        except BaseException:
            worker.end()
            raise
        return worker

    def fork(self, order: Order, ordered: Worker | None = None) -> Worker:
        """Have a worker forked, or wait for one that was ordered before."""
        worker = ordered or self.order(order)
        try:
            worker.wait_until_ready()
            worker.channel.settimeout(START_LIMIT)
            if order.kind == "cells":
                receive(worker.channel, Shown, Deadline(START_LIMIT))
        except BaseException:
            worker.end()
            raise
        return worker


def prepare() -> None:
    """Start the warm process, for this process and those that will be forked from it."""
    _one()


class Ahead:
    """Workers that were ordered before they are needed; those that nobody has taken end with the block.

    Parameters
    ----------
    orders
        What they are for.
    """

    def __init__(self, orders: Iterable[Order]) -> None:
        self._workers: dict[Order, Worker] = {}
        with contextlib.suppress(OSError):  # whoever needs one asks for another
            for order in orders:
                self._workers[order] = _one().order(order)

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.end()

    def take(self, order: Order) -> Worker | None:
        """Take the worker that was ordered for this, if one was; see `fork`."""
        return self._workers.pop(order, None)


def fork(order: Order, ordered: Worker | None = None) -> Worker:
    """Have a worker forked by the warm process; a new one takes the place of one that has died.

    Parameters
    ----------
    order
        What it is for.
    ordered
        One that was ordered ahead for this; if it did not come to be, another takes its place.

    Raises
    ------
    SandboxError
        When no sandbox can be built on this machine.
    GradingError
        When no worker came to be, several times.
    """
    reason: Exception | None = None
    for _ in range(STARTS):
        if _one().has_ended(NOTICE if reason else 0.0):
            _one.cache_clear()
        try:
            return _one().fork(order, ordered)
        except (WorkerError, OSError) as error:  # killed, or out of memory: no student's code has run yet
            reason, ordered = error, None
    raise GradingError(f"No process for students' code could be started, {STARTS} times: {reason}") from reason


def stop() -> None:
    """End the warm process, and every worker; the next one gets a new one."""
    _one().close()
    _one.cache_clear()


@cache
def _one() -> WarmProcess:
    return WarmProcess()
