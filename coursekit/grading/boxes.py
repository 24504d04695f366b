"""The grader's end of a box: it sends scenarios in, takes numbers out, and keeps the time from outside."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from functools import cache
from types import TracebackType

from coursekit.errors import BoxError
from coursekit.following import TIME_LIMIT
from coursekit.grading.wire import Load, Loaded, Question, receive, send
from coursekit.trajectories import Failure, Scenario, Trajectory

LOAD_LIMIT = 10.0  # seconds that one cell may take while the student's definitions are loaded
GRACE = 3.0  # seconds beyond a limit before the process is ended from outside
PATIENCE = 4  # questions that may hang before the rest counts as hanging too
START_LIMIT = 60.0  # seconds for the warm process to import torch


class Box:
    """A fresh process that holds one student's definitions and answers questions about them.

    Parameters
    ----------
    cells
        The sources to run, in order, before the first question.

    Notes
    -----
    A process that dies, hangs or answers nonsense costs the question at hand; the next question gets a fresh
    one. Use it as a context manager: on leaving, the process and everything it started are ended.
    """

    def __init__(self, cells: tuple[str, ...]) -> None:
        self.cells = cells
        self.failures: tuple[Failure | None, ...] = ()
        self._channel: socket.socket | None = None
        self._process = 0
        self._hung: set[tuple[str, Scenario]] = set()
        self._place = tempfile.TemporaryDirectory(prefix="coursekit-box-")

    def __enter__(self) -> Box:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._place.cleanup()

    def ask(self, name: str, scenario: Scenario) -> Trajectory:
        """Put what the student calls `name` through a scenario; whatever goes wrong is a failure in the answer."""
        question = (name, scenario)
        if question in self._hung or len(self._hung) >= PATIENCE:
            return Trajectory(failure=Failure(kind="TimeLimitExceeded", message="did not end in time before"))
        try:
            if self._channel is None:
                self._start()
            assert self._channel is not None
            send(self._channel, Question(name=name, scenario=scenario, seconds=TIME_LIMIT))
            answer = receive(self._channel, Trajectory, TIME_LIMIT + GRACE)
        except TimeoutError:
            self._end()
            self._hung.add(question)
            return Trajectory(failure=Failure(kind="TimeLimitExceeded", message="did not end in time"))
        except (BoxError, OSError) as error:
            self._end()
            return Trajectory(failure=Failure(kind="BoxError", message=str(error)))
        if answer.failure and answer.failure.kind == "NameError":
            return Trajectory(failure=self._why_missing(answer.failure))
        if answer.failure and answer.failure.kind == "TimeLimitExceeded":
            self._hung.add(question)
        return answer

    def _why_missing(self, failure: Failure) -> Failure:
        """Prefer the exception of the cell that should have defined the name over the missing name."""
        return next((broken for broken in self.failures if broken is not None), failure)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = warm_process().fork(theirs)
        self._channel = ours
        send(ours, Load(cells=self.cells, place=self._place.name, seconds=LOAD_LIMIT))
        self.failures = receive(ours, Loaded, LOAD_LIMIT * (len(self.cells) + 1)).failures

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)


class WarmProcess:
    """A process that has torch imported and forks boxes; it ends when the grader does."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_LIMIT)
        with theirs:
            # Nothing of the grader's environment is needed there, and some of it is nobody's business.
            kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "LANG") if key in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "coursekit.grading.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**kept, "HOME": tempfile.gettempdir(), "NBGRADER_EXECUTION": "autograde"},
                stdin=subprocess.DEVNULL,
            )

        atexit.register(self.close)

    def close(self) -> None:
        """End it."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None

    def fork(self, channel: socket.socket) -> int:
        """Fork a box that serves on `channel`; give its process id."""
        socket.send_fds(self._control, [b"b"], [channel.fileno()])
        answer = self._control.recv(4)
        if len(answer) != 4:
            raise BoxError("The process that starts boxes is gone.")
        return int(struct.unpack("!i", answer)[0])


def warm_process() -> WarmProcess:
    """Give this process's warm process, a new one if the last has died."""
    process = _one(os.getpid())
    if not process.alive():
        _one.cache_clear()
        process = _one(os.getpid())
    return process


@cache
def _one(_: int) -> WarmProcess:
    return WarmProcess()
