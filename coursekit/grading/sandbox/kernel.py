"""A Jupyter kernel that has the wire in place of sockets: it runs the cells of a notebook and sends what they show.

It is ipykernel's own in all but that. An upgrade may change what streams want of the thread that sends (`_Publisher`)
and what a kernel wants that has no sockets (`Kernel`); then cells show the error instead of what they should.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread, main_thread
from traceback import format_exception
from types import SimpleNamespace
from typing import Any, cast

from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets.config import Config

from coursekit.errors import WorkerError
from coursekit.grading.sandbox.shells import move_in
from coursekit.grading.sandbox.wire import MAX_BYTES, Load, Shown, receive, send
from coursekit.pictures import Lent, lend

MAX_CONTENT = MAX_BYTES - 2**10  # bytes


def prepare() -> Kernel:
    """Make the kernel of the workers that will be forked from this process, but for its threads and its streams."""
    settings = Config()
    settings.IPKernelApp.log_level = "ERROR"
    settings.HistoryManager.enabled = False  # it would be a database on a disk
    app: Any = Kernel.instance(config=settings, session=_Session())
    app.initialize([])
    return cast("Kernel", app)


def execute_cells(app: Kernel, channel: socket.socket) -> None:
    """Take what is lent, and run the cells that arrive, until the grader hangs up; the first message says: ready."""
    app.open(channel)
    with suppress(WorkerError):
        asyncio.run(_execute_cells(channel, app.kernel))


async def _execute_cells(channel: socket.socket, kernel: Any) -> None:
    kernel.start()  # and say so
    asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, int)  # now interrupts wake the loop, too
    process = os.getpid()
    lend(await asyncio.to_thread(receive, channel, Lent))
    while True:
        order = await asyncio.to_thread(receive, channel, Load)
        header = {**kernel.session.msg_header("execute_request"), "msg_id": str(order.number)}
        kernel.set_parent([], {"header": header})
        kernel.pre_handler_hook()  # from here on an interrupt is an exception
        try:
            await kernel.do_execute(order.cell, silent=False)
            sys.stdout.flush()
            sys.stderr.flush()
        except KeyboardInterrupt:
            pass
        except Exception as error:  # noqa: BLE001 - the cell may have broken the kernel
            told = {"ename": type(error).__name__, "evalue": str(error), "traceback": format_exception(error)}
            kernel.send_response(None, "error", told)
        finally:
            kernel.post_handler_hook()
        if os.getpid() != process:  # a child that the cell has forked and not ended
            os._exit(0)
        kernel.session.tell(Shown(number=order.number))


class _Session(Session):
    """Sends messages over the wire, from a thread: an interrupt, which is raised in the main one, would cut one in two.

    A message that is too large is cut here, so that an accident is no reason to hang up. The grader leaves out what is
    beyond its own limit, which is smaller, and says so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.publisher = _Publisher()

    def open(self, channel: socket.socket) -> None:
        """Begin to send; what is made here no other worker has."""
        self.publisher.start()
        self._channel = channel
        self._lock = multiprocessing.get_context("fork").Lock()  # children send, too

    def send(  # type: ignore[override]
        self, _: object, msg_or_type: Any, content: Any = None, parent: Any = None, *__: Any, **___: Any
    ) -> Any:
        """Send a message, as ipykernel does with whatever it shows."""
        msg = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        data = self.pack(msg["content"])
        if len(data) > MAX_CONTENT:
            data = self.pack(_cut(msg["content"]))
        number = int(msg["parent_header"].get("msg_id") or 0)
        self.tell(Shown(number=number, kind=msg["msg_type"], content=data))
        return msg

    def tell(self, shown: Shown) -> None:
        """Send it after all that was sent before."""
        self.publisher.schedule(partial(self._send, shown))

    def _send(self, shown: Shown) -> None:
        with self._lock:
            send(self._channel, shown)


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[: MAX_BYTES // 8]
    if isinstance(value, list):
        return [_cut(each) for each in value]
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    return value


class _Publisher(IOPubThread):
    """A thread that does what streams put off; ipykernel's own is told of it through sockets."""

    def __init__(self) -> None:
        self.socket = None

    def start(self) -> None:
        """Start it."""
        loop = asyncio.new_event_loop()
        self.io_loop = loop  # type: ignore[assignment]  # streams want nothing of it that only tornado's has
        self._do = loop.call_soon_threadsafe
        self.thread = Thread(target=loop.run_forever, name="IOPub", daemon=True)
        self.thread.start()

    def schedule(self, f: Callable[[], Any]) -> None:
        """Have it called in the thread, or call it, in a child that was forked."""
        if self.thread.is_alive():
            self._do(f)
        else:
            f()


class Kernel(IPKernelApp):
    """The program around a kernel, without command line, sockets and heartbeat."""

    def _nothing(self, *_: Any, **__: Any) -> None:
        pass

    parse_command_line = init_connection_file = init_heartbeat = init_io = _nothing
    write_connection_file = log_connection_info = _nothing

    def open(self, channel: socket.socket) -> None:
        """Send all that is put out in this process over the wire."""
        move_in(self.kernel.shell)
        self.session.open(channel)
        super().init_io()  # type: ignore[no-untyped-call]

    def init_sockets(self) -> None:
        """Have what is printed sent."""
        self.iopub_thread = self.session.publisher

    def init_kernel(self) -> None:
        """Make the kernel."""
        self.kernel = IPythonKernel.instance(
            parent=self,
            session=self.session,
            iopub_thread=self.iopub_thread,
            shell_channel_thread=SimpleNamespace(parent_thread=main_thread()),  # who may be interrupted
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
