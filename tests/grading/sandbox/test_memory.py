"""The memory that a student's code takes is limited, whatever form it has; what processes share counts once."""

import errno
import os
import socket
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.errors import WorkerError
from coursekit.grading.sandbox.forking import watch
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.sandbox import Limits
from coursekit.grading.sandbox.sandboxed import Sandboxed
from coursekit.grading.sandbox.warm import TOO_MUCH, Order, fork
from coursekit.grading.sandbox.wire import Load, Loaded, receive, send
from coursekit.judging.time_limit import Deadline
from coursekit.optimizers.ladders import ladder

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox")]

START = """
import ctypes, mmap, os, socket, tempfile, threading, time

def fill(memory, start=0, end=2**30):
    memory.seek(start)
    while memory.tell() < end:
        memory.write(bytes(2**24))

def in_children(function, count):
    for number in range(count):
        if os.fork() == 0:
            function(number)
            time.sleep(60)
            os._exit(0)
"""
WAYS = {
    "shared": """
        fill(mmap.mmap(-1, 2**30))
        time.sleep(60)
    """,
    "shared by children, each of which fills a part": """
        memory = mmap.mmap(-1, 2**30)
        in_children(lambda number: fill(memory, number * 2**27, (number + 1) * 2**27), 8)
        time.sleep(60)
    """,
    "of many, each of which takes no more than one may": """
        in_children(lambda number: setattr(in_children, "held", b"x" * 10**8), 10)
        time.sleep(60)
    """,
    "of a process whose first thread has ended": """
        def later():
            fill(mmap.mmap(-1, 2**30))
            time.sleep(60)
        threading.Thread(target=later).start()
        ctypes.CDLL(None).pthread_exit(None)
    """,
    "of files with nothing in them": """
        for folder in (os.getcwd(), "/tmp", "/dev/shm"):
            for number in range(200000):
                os.close(os.open(f"{folder}/{number}", os.O_CREAT))
        time.sleep(60)
    """,
    "of what waits in sockets": """
        def hold(number):
            pairs = [socket.socketpair() for _ in range(200)]
            for pair in pairs:
                for one in pair:
                    one.setblocking(False)
                    one.send(bytes(2**17))
            time.sleep(60)
        in_children(hold, 20)
        time.sleep(60)
    """,
}


def what_becomes_of(code: str, memory: int = 256) -> str | None:
    """Load a cell in a worker with so many MiB; say why it is over, or what was raised, or nothing."""
    worker = fork(Order(kind="answers", limits=Limits(memory=memory)))
    try:
        send(worker.channel, Load(cell=START + textwrap.dedent(code), seconds=50, number=1))
        while (told := receive(worker.channel, Loaded, Deadline(60))).begins is not None:
            pass
        failure = told.lost[0].failure if told.lost else None
        return failure and failure.message
    except WorkerError as error:
        return worker.why_over(error)
    finally:
        worker.end()


@pytest.mark.parametrize("way", WAYS)
def test_too_much_memory_ends_the_worker(way):
    assert what_becomes_of(WAYS[way]) == TOO_MUCH


def test_after_too_many_questions_that_took_too_much_nothing_is_asked_any_more():
    greedy = """
import mmap, torch
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})
    def step(self):
        if self.defaults["lr"] < 0.4:
            held = mmap.mmap(-1, 2**30)
            for _ in range(2**10):
                held.write(bytes(2**20))
            while True:
                pass
"""
    step = next(trial.scenario for rung in ladder("SGD") for trial in rung.trials)
    patience = Patience(question=60, again=60, hanging=2)
    with Sandboxed((greedy,), patience=patience, limits=Limits(memory=256)) as student:
        told = [
            student.ask("SGD", replace(step, hyperparameters={"learning_rate": rate})).failure
            for rate in (0.5, 0.1, 0.2, 0.5)
        ]
    assert [failure and failure.message for failure in told] == [None, *[TOO_MUCH] * 3]


def test_too_much_for_a_moment_as_when_a_command_is_started_is_let_pass():
    class Momentary:
        looks = iter([True, False, True, False, True, True])

        def overflows(self):
            return next(self.looks)

    line, grader = socket.socketpair()
    with line, grader, subprocess.Popen(["sleep", "60"]) as process:
        assert watch(process.pid, line, Momentary()).text == TOO_MUCH
        process.kill()
    assert list(Momentary.looks) == []


def test_what_processes_share_counts_once():
    code = """
        held = b"x" * 2**26
        in_children(lambda number: sum(held[::4096]), 24)
        time.sleep(2)
    """
    assert what_becomes_of(code) is None


@pytest.mark.parametrize("call", ["memfd_create(b'', 0)", "shmget(0, 1, 0o1600)", "semget(0, 1, 0)", "msgget(0, 0)"])
def test_memory_that_belongs_to_nobody_cannot_be_had(call):
    code = f"""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.{call} < 0:
            raise OSError(ctypes.get_errno(), "refused")
    """
    assert what_becomes_of(code) == f"[Errno {errno.EPERM}] refused"


@pytest.mark.parametrize(
    "way", ["flock(file, fcntl.LOCK_SH)", "lockf(file, fcntl.LOCK_SH)", "fcntl(file, 36, bytes(32))"]
)
def test_a_file_that_all_sandboxes_see_cannot_be_locked_to_tell_another_something(way):
    code = f"""
        import fcntl
        file = open(os.__file__)
        fcntl.fcntl(file, fcntl.F_GETFD)
        fcntl.{way}
    """
    assert what_becomes_of(code) == f"[Errno {errno.EPERM}] {os.strerror(errno.EPERM)}"


@pytest.mark.parametrize("call", ["inotify_init()", "inotify_init1(0)", "fanotify_init(0, 0)", "fcntl(0, 1026, 1)"])
def test_nobody_is_told_of_what_happens_to_a_file_that_all_sandboxes_see(call):
    code = f"""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.{call} < 0:
            raise OSError(ctypes.get_errno(), "refused")
    """
    assert what_becomes_of(code) == f"[Errno {errno.EPERM}] refused"


@pytest.mark.parametrize("device", ["null", "zero", "full", "random", "urandom"])
def test_a_device_that_all_sandboxes_see_can_be_used_and_its_times_cannot_be_set(device):
    before = Path(f"/dev/{device}").stat()
    code = f"""
        with open("/dev/{device}", "r+b", buffering=0) as file:
            file.read(1)
        os.utime("/dev/{device}")
    """
    assert (what_becomes_of(code) or "").startswith(f"[Errno {errno.EROFS}]")
    assert Path(f"/dev/{device}").stat().st_mtime_ns == before.st_mtime_ns


def test_an_empty_mapping_whose_tables_would_fill_the_memory_is_refused():
    code = "mmap.mmap(-1, 2**42, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)[:: 2**21]"
    assert what_becomes_of(code) == f"[Errno {errno.ENOMEM}] {os.strerror(errno.ENOMEM)}"


def test_many_threads_can_be_had():
    code = """
        threads = [threading.Thread(target=time.sleep, args=(1,)) for _ in range(100)]
        for thread in threads:
            thread.start()
    """
    assert what_becomes_of(code, memory=Limits().memory) is None
