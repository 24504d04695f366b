"""Processes that work side by side, on this machine or on a cluster; any of them may die at any time."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import connection, forkserver, resource_tracker
from typing import Any, NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessPool

from coursekit.errors import GradingError, HiddenTestError, SandboxError

ATTEMPTS = 3  # times that a job is tried
STUCK = 600.0  # seconds for a job: far beyond the limits of a sandbox
AHEAD = 2  # jobs for each process: one at work, one that waits
KEPT = "Finished work is kept; the same command goes on from here."
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
    jobs: Iterable[tuple[Job, Any]],
    keep: Callable[[Job, Any], None],
    preload: str = "coursekit.grading.classroom.preload",
    patience: float = STUCK,
) -> None:
    """Run a function on what comes with every job, and hand the results, or exceptions, to `keep`, here.

    A failure that may be the fault of another job is tried again, after all others and alone: a job whose worker died,
    that was not done after `patience` seconds, or had no memory. Jobs are asked for when there is a worker for them. On
    this machine workers are forked from a process that has imported `preload`.

    Raises
    ------
    GradingError
        When no worker can be had.
    """
    jobs = iter(jobs)
    first = list(islice(jobs, 1))
    if not first:
        return
    jobs = chain(first, jobs)
    with _cluster(means.scheduler) if means.scheduler else _here(means.jobs, preload, patience) as workers:
        for attempt in range(1, ATTEMPTS + 1):
            again = []
            for job, work, result in _done(workers, function, jobs, patience, alone=attempt > 1):
                if attempt < ATTEMPTS and _is_worth_another_try(result):
                    again.append((job, work))
                elif isinstance(result, ProcessExpired):
                    keep(job, GradingError(f"the process that worked on it died, {ATTEMPTS} times"))
                elif isinstance(result, TimeoutError):
                    keep(job, GradingError(f"it was not done after {patience:.0f} seconds, {ATTEMPTS} times"))
                else:
                    keep(job, result)
            jobs = again


class _Workers(NamedTuple):
    """How work is handed to them, how many there are, and what makes others take the place of those that do nothing."""

    submit: Callable[[Callable[[Any], Any], Any], Future[Any]]
    number: Callable[[], int]
    renew: Callable[[], None]


def _done(
    workers: _Workers, function: Callable[[Any], Any], jobs: Iterable[tuple[Job, Any]], patience: float, *, alone: bool
) -> Iterator[tuple[Job, Any, Any]]:
    """Run jobs, and return each with its work and what came of it."""
    waiting = iter(jobs)
    running: dict[Future[Any], tuple[Job, Any]] = {}
    while True:
        room = 1 if alone else AHEAD * workers.number()
        for job, work in islice(waiting, max(0, room - len(running))):
            running[workers.submit(function, work)] = job, work
        if not running:
            return
        done, _ = wait(running, timeout=patience, return_when=FIRST_COMPLETED)
        if not done:
            workers.renew()
        for future in done or list(running):
            yield *running.pop(future), (future.exception() or future.result()) if done else TimeoutError()


def _is_worth_another_try(result: Any) -> bool:
    """Tell whether something may be the doing of another job: a lost worker, one that could not work, no memory."""
    others = isinstance(result, BrokenProcessPool | GradingError | MemoryError | OSError)
    return others and not isinstance(result, SandboxError | HiddenTestError)


@contextmanager
def _here(jobs: int, preload: str, patience: float) -> Iterator[_Workers]:
    """Have workers on this machine."""
    pools: list[ProcessPool] = []

    def submit(function: Callable[[Any], Any], work: Any) -> Future[Any]:
        for _ in range(ATTEMPTS):
            pools[:] = pools or [_pool(jobs, preload)]
            try:
                with _ctrl_c_after():  # this may start processes, and half-started ones could not be ended
                    return pools[0].schedule(function, [work], timeout=patience)
            except RuntimeError as error:  # it is broken, as when what the workers are forked from is gone
                reason = error
                end()
        raise GradingError(f"No process could be started, {ATTEMPTS} times: {reason!r}.") from reason

    def end() -> None:
        for pool in pools:
            pool.stop()
            pool.join()
        pools.clear()

    try:
        yield _Workers(submit, lambda: jobs, end)
    finally:
        end()


def _pool(jobs: int, preload: str) -> ProcessPool:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for this process, and for none that it starts
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
    return ProcessPool(jobs, initializer=_end_with_parent, context=context)


@contextmanager
def _cluster(address: str) -> Iterator[_Workers]:
    try:
        from distributed import Client
    except ImportError as error:
        raise GradingError("--scheduler needs Dask: pip install 'coursekit[cluster]'.") from error
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of a lost cluster is said below
    try:
        client: Any = Client(address, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise GradingError(f"There is no Dask scheduler at {address} ({error}).") from error

    def number() -> int:
        with suppress(OSError):  # of a scheduler that is gone the work itself tells
            return sum(client.nthreads().values()) or 1
        return 1

    with client:
        try:
            yield _Workers(client.get_executor().submit, number, lambda: None)
        except CancelledError as error:
            raise GradingError(f"The Dask cluster at {address} is gone. {KEPT}") from error


def stop() -> None:
    """End what workers are forked from, the warm process and multiprocessing's own; when this returns, all are gone."""
    # By themselves they would end a moment later.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]  # noqa: SLF001


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


def _end_with_parent() -> None:
    """End this process when the one that hands out the work is gone, however that happened."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    gone = [parent.sentinel]
    threading.Thread(target=lambda: connection.wait(gone) and os._exit(1), daemon=True).start()
