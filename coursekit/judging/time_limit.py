"""A limit on the time that code takes: how busy the machine is makes no difference to it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from types import FrameType

SHORTEST = 1e-3  # seconds; a timer that is set to none would never ring


class TimeLimitExceeded(BaseException):
    """Raised in code that did not end in time; not an `Exception`, so that `except Exception` lets it through."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitExceeded` in the block when it takes longer than `seconds`.

    Time in which the process waited for a processor does not count. Where the platform has no timer signal (Windows,
    threads) there is no limit. A timer that somebody else has set goes on, and its handler is called when it is due.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    deadline = Deadline(seconds)
    previous, other = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
    others_due = time.monotonic() + other if other else inf

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal others_due
        if time.monotonic() >= others_due:
            if callable(previous):
                previous(number, frame)
            again = signal.getitimer(signal.ITIMER_REAL)[0]
            others_due = time.monotonic() + again if again else inf
        left = deadline.left()
        if left <= 0:
            raise TimeLimitExceeded(f"did not end within {seconds:g} s")
        _set(min(left, others_due - time.monotonic()))

    try:
        try:
            signal.signal(signal.SIGALRM, ring)
            _set(min(seconds, other or inf))
            yield
        finally:
            _set(inf)  # the timer may ring a last time right before
    finally:
        signal.signal(signal.SIGALRM, previous)
        _set(others_due - time.monotonic())


class Deadline:
    """A moment in so many seconds, which moves on by what a process waits for a processor.

    Parameters
    ----------
    seconds
        Until then on a machine that has nothing else to do.
    process
        The id of another process, instead of this one.
    """

    def __init__(self, seconds: float, process: int | str = "self") -> None:
        self._process = process
        self._waited = waited(process)
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds until then, none or less when it is over."""
        return self._end - time.monotonic() + max(waited(self._process) - self._waited, 0.0)


def waited(process: int | str = "self") -> float:
    """Return the seconds that the main thread of a process has waited for a processor so far.

    Only differences mean something. Where the system does not tell them (macOS), nine tenths of the time that this
    process has spent without a processor count as that; of another process nothing is known.
    """
    try:
        handle = os.open(f"/proc/{process}/schedstat", os.O_RDONLY)
    except OSError:
        return 0.9 * (time.monotonic() - time.process_time()) if process == "self" else 0.0
    told = os.read(handle, 100).split()
    os.close(handle)
    return int(told[1]) / 1e9


def _set(seconds: float) -> None:
    """Let the timer ring in so many seconds, or never."""
    signal.setitimer(signal.ITIMER_REAL, 0 if seconds == inf else max(seconds, SHORTEST))
