"""Python as a person starts it, but for the seconds in which a program imports torch, matplotlib or Jupyter.

Each program runs in a process of its own, forked from one that has imported them; this file run as a program is that
one. What is started in place of Python is `stand_in.py`.
"""

from __future__ import annotations

import atexit
import gc
import json
import marshal
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import NoReturn

from ipykernel.kernelspec import get_kernel_dict, make_ipkernel_cmd

IMPORTED = (  # nothing of ours: it may be that of another folder
    "torch",
    "matplotlib.pyplot",
    "ipywidgets",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "nbgrader.apps.nbgraderapp",
    "nbgrader.apps.api",
    "jupyterlab.labapp",
    "nbconvert.preprocessors",
    "nbval.plugin",
    "pytest",
)
INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel tells matplotlib before that is imported
GREATEST = 1 << 17  # bytes of an order
Run = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def forking(python: Path = Path(sys.executable), *modules: str) -> Iterator[Path]:
    """Return for the block a program that does what a Python does with `-m module ...` or the path of a script.

    It has these modules imported, too. Where `JUPYTER_PATH` names its folder, Jupyter starts kernels with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        place, program = Path(folder, "socket"), Path(folder, "python")
        command = [python, __file__, place, *IMPORTED, *modules]
        environment = {**os.environ, "PYTHONWARNDEFAULTENCODING": "1"}  # for those that want to be warned
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as server:
            assert server.stdout.readline() == b"ready\n"
            stand_in = Path(__file__).with_name("stand_in.py")
            program.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {stand_in} {place} "$@"\n')
            program.chmod(0o755)
            kernel = Path(folder, "kernels", "python3", "kernel.json")
            kernel.parent.mkdir(parents=True)
            kernel.write_text(json.dumps({**get_kernel_dict(), "argv": make_ipkernel_cmd(executable=str(program))}))
            yield program


def serve(place: str, *modules: str) -> None:
    """Fork for each order a process that watches over its program, until the standard input ends."""
    read = cache(lambda _path, read=metadata.entry_points: read())  # hundreds of files, which some programs read often
    metadata.entry_points = lambda **which: read(tuple(sys.path)).select(**which)
    with warnings.catch_warnings(action="ignore"):
        for name in modules:
            import_module(name)
    gc.collect()
    gc.freeze()  # to look through all that again in each process takes longer than most programs
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(place)
        listener.listen()
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            line, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                watch(line)
            line.close()


def watch(line: socket.socket) -> NoReturn:
    """Fork the program of an order, hand on the signals for it, and answer with its exit code.

    It is ended when nobody waits for it any more.
    """
    order, handles, *_ = socket.recv_fds(line, GREATEST, 3)
    program = os.fork()
    if program == 0:
        os.setsid()
        line.close()
        for stream, handle in enumerate(handles):
            os.dup2(handle, stream)
            os.close(handle)
        end(become(*marshal.loads(order)))
    for handle in handles:
        os.close(handle)
    ended = os.pidfd_open(program)
    while ended not in (ready := select.select([line, ended, sys.stdin], [], [])[0]):
        (number,) = (line in ready and line.recv(1)) or [signal.SIGKILL]
        os.kill(program, number)
        if number == signal.SIGKILL:
            break
    _, status = os.waitpid(program, 0)
    with suppress(BrokenPipeError):
        line.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def become(words: list[str], folder: str, environment: dict[str, str]) -> int:
    """Make of this process the Python that somebody has started, run its program, and return the exit code."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if not environment.get("PYTHONWARNDEFAULTENCODING"):
        warnings.filterwarnings("ignore", category=EncodingWarning)
    if words[:2] == ["-m", "ipykernel_launcher"]:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE
    sys.path[:0] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    try:
        if words[0] == "-m":
            sys.path.insert(0, folder)
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = words
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as said:
        if isinstance(said.code, str):
            print(said.code, file=sys.stderr)
        return said.code if isinstance(said.code, int) else int(said.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def end(code: int) -> NoReturn:
    """End as Python does, but leave the memory to the system, which takes a tenth of the time."""
    threading._shutdown()  # noqa: SLF001 - as multiprocessing does
    atexit._run_exitfuncs()  # noqa: SLF001
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.path = [path for path in sys.path if path != str(Path(__file__).parent)]  # what lies here has names of others
    serve(*sys.argv[1:])
