"""Processes that work side by side, on this machine or on a cluster; any of them may die at any time."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import connection, forkserver, resource_tracker
from typing import Any, TypeVar

from coursekit.errors import GradingError, HiddenTestError, SandboxError

ATTEMPTS = 3  # workers that a job may take with it
STUCK = 600.0  # seconds in which nothing was done: far beyond the limits that a box has
AHEAD = 2  # jobs for each process: one at work, one that waits
KEPT = "What was done is kept; the same command goes on from here."
Job = TypeVar("Job")


@dataclass(frozen=True, kw_only=True)
class Means:
    """With what a class is graded.

    Attributes
    ----------
    jobs
        Processes on this machine.
    scheduler
        The address of a Dask scheduler, whose workers are used instead; they need coursekit and no folder of ours.
    """

    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    scheduler: str = ""


def run_all(
    means: Means,
    function: Callable[[Any], Any],
    jobs: list[Job],
    work: Callable[[Job], Any],
    keep: Callable[[Job, Any], None],
    preload: str = "coursekit.grading.classroom.preload",
    patience: float = STUCK,
) -> None:
    """Run a function on what `work` makes of every job and hand the results, or exceptions, to `keep`, here.

    A worker that dies takes down all that ran at that moment; each of them is tried again, alone, `ATTEMPTS` times at
    most. Workers that do nothing for `patience` seconds are ended. On this machine they are forked from a process that
    has imported `preload`.

    Raises
    ------
    GradingError
        When no worker can be had.
    """
    with _executor(means, preload) as (start, many):
        _map(start, many, function, jobs, work, keep, patience)


def _map(
    start: Callable[[], Executor],
    many: Callable[[], int],
    function: Callable[[Any], Any],
    jobs: list[Job],
    work: Callable[[Job], Any],
    keep: Callable[[Job, Any], None],
    patience: float,
) -> None:
    waiting = list(reversed(jobs))
    suspects: list[Job] = []  # at work when something went wrong: each is tried again alone
    attempts: dict[Job, int] = defaultdict(int)
    executor = start()
    running: dict[Future[Any], Job] = {}
    failures = 0  # of starting workers, one after the other
    while waiting or suspects or running:
        broken = False
        alone = bool(suspects)
        room = 1 if alone else AHEAD * many()
        try:
            while (queue := suspects if alone else waiting) and len(running) < room:
                todo = work(queue[-1])
                with _ctrl_c_after():  # this may start a process, and a half-started one could not be ended
                    running[executor.submit(function, todo)] = queue[-1]
                queue.pop()
                failures = 0
        except BrokenProcessPool:
            broken = True
        except (EOFError, ConnectionError) as gone:  # what starts the workers is gone
            broken = True
            failures += 1
            if failures == ATTEMPTS:
                raise GradingError(f"No process could be started, {ATTEMPTS} times: {gone!r}.") from gone
        done, _ = wait(running, timeout=patience, return_when=FIRST_COMPLETED)
        alone = alone and len(running) == 1
        if running and not done:
            broken = True
            if alone:
                (job,) = running.values()
                attempts[job] += 1
                if attempts[job] == ATTEMPTS:
                    keep(job, GradingError(f"it was not done after {patience:.0f} seconds, {ATTEMPTS} times"))
                    running = {}
        for future in done:
            job = running.pop(future)
            error = future.exception()
            broken = broken or isinstance(error, BrokenProcessPool)
            attempts[job] += alone
            if _is_worth_another_try(error) and attempts[job] < ATTEMPTS:
                suspects.append(job)
            else:
                keep(job, error or future.result())
        if broken:
            suspects += running.values()
            running = {}
            executor = start()


def _is_worth_another_try(error: BaseException | None) -> bool:
    """Tell whether something may be the doing of another job: a lost worker, one that could not work, no memory."""
    others = isinstance(error, BrokenProcessPool | GradingError | MemoryError | OSError)
    return others and not isinstance(error, SandboxError | HiddenTestError)


@contextmanager
def _executor(means: Means, preload: str) -> Iterator[tuple[Callable[[], Executor], Callable[[], int]]]:
    """Give a function that makes anew what runs the work, and one that counts its workers."""
    if means.scheduler:
        try:
            from distributed import Client
        except ImportError as error:
            raise GradingError("--scheduler needs Dask: pip install 'coursekit[cluster]'.") from error
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of a lost cluster is said below
        try:
            client: Any = Client(  # type: ignore[no-untyped-call]
                means.scheduler, timeout="10s", set_as_default=False
            )
        except OSError as error:
            raise GradingError(f"There is no Dask scheduler at {means.scheduler} ({error}).") from error

        def count() -> int:
            with suppress(OSError):  # of a scheduler that is gone the work itself tells
                return sum(client.nthreads().values()) or 1
            return 1

        with client:
            try:
                yield client.get_executor, count
            except CancelledError as error:
                raise GradingError(f"The Dask cluster at {means.scheduler} is gone. {KEPT}") from error
        return
    made: list[ProcessPoolExecutor] = []

    def start() -> Executor:
        while made:
            _end(made.pop())
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([preload])
        with _deaf_to_ctrl_c():
            forkserver.ensure_running()
        made.append(ProcessPoolExecutor(means.jobs, mp_context=context, initializer=_settle_in))
        return made[-1]

    try:
        yield start, lambda: means.jobs
    finally:
        for pool in made:
            _end(pool)


def stop() -> None:
    """End what workers are forked from, the warm process and multiprocessing's own; when this returns, all are gone."""
    # By themselves they would end a moment later.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]  # noqa: SLF001


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((pool._processes or {}).values())  # noqa: SLF001 - they may be in the middle of something
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it is for the process that hands out the work."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _ctrl_c_after() -> Iterator[None]:
    """Let Ctrl-C wait until the block is done."""
    asked = []
    before = signal.signal(signal.SIGINT, lambda *_: asked.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _settle_in() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a forked worker hears it again


def _end_with_parent() -> None:
    """End this process when the one that hands out the work is gone, however that happened."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
