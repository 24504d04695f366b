"""Run a notebook for whoever reads it, in a kernel in a box: what it shows decides no point."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import math
import signal
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.util import ensure_async
from nbformat import NotebookNode
from traitlets import default

from coursekit.errors import GradingError
from coursekit.grading.notebook.cleaning import clean_output
from coursekit.grading.sandbox.kernel import MAX_MESSAGE
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.provisioner import BoxKernels, BoxProvisioner

MAX_WAITING = 4  # messages on a channel that wait here; what comes after them waits in the box
MAX_CELL = 2**20  # bytes that one cell may put out
MAX_NOTEBOOK = 8 * 2**20  # and all together; about twice what the richest notebook of the course puts out
_CUT = "[…] too much output: cut here"
_TOO_LONG = ["TimeLimitExceeded: the cell did not end in time."]
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def execute(notebook: NotebookNode, *, sandbox: bool, patience: Patience) -> tuple[str, ...]:
    """Run the cells of a notebook and put what they show into it, made harmless.

    Parameters
    ----------
    notebook
        Changed in place.
    sandbox
        Whether a wall is built around the kernel.
    patience
        How long the cells are waited for.

    Returns
    -------
    tuple of str
        What went wrong on the way. A kernel that dies or cannot be interrupted ends the execution; whatever a notebook
        does, nothing is raised.

    Raises
    ------
    GradingError
        When no kernel can be had on this machine.
    """
    cells, metadata = copy.deepcopy(notebook.cells), notebook.metadata
    remarks, killed = _play(notebook, sandbox=sandbox, patience=patience)
    if killed:  # perhaps from outside: once more shows whether it was the notebook's own doing
        notebook.cells = cells
        remarks, _ = _play(notebook, sandbox=sandbox, patience=patience)
    notebook.metadata = metadata  # the kernel has a say in what stands there now
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [clean for clean in map(clean_output, _joined(cell.outputs)) if clean is not None]
            cell.metadata.pop("execution", None)
    return tuple(dict.fromkeys(remarks))


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed at one go, and came in pieces that depend on the moment."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" == last.get("output_type") and output.name == last.get("name"):
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def _play(notebook: NotebookNode, *, sandbox: bool, patience: Patience) -> tuple[tuple[str, ...], bool]:
    """Run the cells once; give what went wrong, and whether the kernel was killed."""
    player = _Player(notebook, sandbox=sandbox, patience=patience)
    try:
        _finish(asyncio.wait_for(player.async_execute(), patience.cells + patience.kernel_grace))
    except _Enough:
        pass
    except GradingError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever ends a kernel is said to the reader
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        player.remarks.append(f"the kernel was ended ({reason})")
    finally:
        player.close()
    return tuple(player.remarks), player.was_killed


def _finish(doing: Coroutine[Any, Any, Any]) -> None:
    """Run to its end what waits; in another thread where a loop is running, as in the server of the formgrader."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(doing)
    else:
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(asyncio.run, doing).result()


class _Enough(Exception):  # noqa: N818 - it is no error
    """The rest of the notebook is left out."""


class _Player(NotebookClient):
    """Runs cells within limits of time and output."""

    def __init__(self, notebook: NotebookNode, *, sandbox: bool, patience: Patience) -> None:
        super().__init__(
            notebook,
            allow_errors=True,
            interrupt_on_timeout=True,
            iopub_timeout=math.ceil(patience.kernel_grace),
            raise_on_iopub_timeout=True,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            skip_cells_with_tag="\0",  # no tag leaves a cell out
            error_on_timeout={"ename": "TimeLimitExceeded", "evalue": "", "traceback": []},
        )
        language = notebook.metadata.get("coursekit", {}).get("language", "en")
        self._kernels = BoxKernels(sandbox=sandbox, seconds=math.ceil(2 * patience.cells), language=language)
        self._manager: AsyncKernelManager | None = None
        self._context = _bounded_context()
        self._end = time.monotonic() + patience.cells
        self._patience = patience
        self._hanging = False
        self._cell_bytes = self._bytes = 0
        self._running: NotebookNode | None = None
        self._tasks: set[asyncio.Future[Any]] = set()
        self.timeout_func = self._time_for  # type: ignore[assignment]  # half seconds are as good
        self.on_cell_executed = self._note_hanging
        self.remarks: list[str] = []

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Make the manager of a kernel in a box."""
        self._handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        self.km = self._manager = AsyncKernelManager(
            kernel_spec_manager=self._kernels,
            client_class="coursekit.grading.notebook.execute.BoundedClient",
            context=self._context,  # for what the manager itself sends; clients have their own
        )
        return self._manager

    async def async_start_new_kernel(self, **options: Any) -> None:
        """Start the kernel, and give signals back to those who had them: nbclient would end the kernel and go on."""
        if threading.current_thread() is threading.main_thread():
            for number, handler in self._handlers.items():
                asyncio.get_running_loop().remove_signal_handler(number)
                signal.signal(number, handler)
        await super().async_start_new_kernel(**options)

    @property
    def was_killed(self) -> bool:
        """Whether the kernel was, by whomever."""
        return self._box is not None and self._box.was_killed

    @property
    def _box(self) -> BoxProvisioner | None:
        box = self._manager.provisioner if self._manager else None
        return box if isinstance(box, BoxProvisioner) else None

    def close(self) -> None:
        """Leave nothing open."""
        if self._box is not None:
            self._box.end()
        self._context.destroy(linger=0)

    def _time_for(self, _: NotebookNode) -> float:
        limit = self._patience.within(self._patience.cell, hung=self._hanging)
        return max(0.5, min(limit, self._end - time.monotonic()))

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *more: Any, **options: Any) -> Any:
        """Run a cell, unless time or patience is at an end."""
        if cell.cell_type == "code" and cell.source.strip() and time.monotonic() > self._end:
            self.remarks.append("the notebook takes too long; the rest was not run")
            raise _Enough
        self._cell_bytes, self._running = 0, cell
        try:
            return await super().async_execute_cell(cell, cell_index, *more, **options)
        finally:
            self._running = None

    def _note_hanging(self, cell: NotebookNode, execute_reply: dict[str, Any], **_: Any) -> None:
        reply = execute_reply["content"]
        if reply.get("ename") == "TimeLimitExceeded":
            self._hanging = True
            cell.outputs.append(NotebookNode(output_type="error", ename=reply["ename"], evalue="", traceback=_TOO_LONG))

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take in what a cell shows, up to the limit; a cell beyond it is interrupted, one that goes on is ended."""
        size = _size(msg["content"])
        self._cell_bytes += size
        self._bytes += size
        too_much = self._cell_bytes > MAX_CELL * (4 if _pictures(msg) else 1) or self._bytes > MAX_NOTEBOOK
        if not too_much or msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        assert self.km is not None
        if self._cell_bytes - size <= MAX_CELL:
            start = str(msg["content"].get("text", ""))[: max(0, MAX_CELL - self._cell_bytes + size)]
            cell.outputs.append(NotebookNode(output_type="stream", name="stdout", text=f"{start}\n{_CUT}\n"))
            self.remarks.append("a cell put out too much; its output was cut")
            self._later(self._interrupt())
        elif self._bytes > 4 * MAX_NOTEBOOK:
            self._later(ensure_async(self.km.shutdown_kernel(now=True)))
        return None

    async def _interrupt(self) -> None:
        """Interrupt the cell that runs, unless it ends by itself: the next one would be hit by it."""
        running = self._running
        await asyncio.sleep(0.2)
        if self.km is not None and self._running is running:
            await ensure_async(self.km.interrupt_kernel())

    def _later(self, doing: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)  # asyncio itself keeps none
        task.add_done_callback(self._tasks.discard)


class BoundedClient(AsyncKernelClient):
    """A client that takes in no more than it can hold, goes on as soon as the kernel is there, and needs no heartbeat.

    Whether the kernel lives is asked of its process; who waits for a heartbeat can be made to wait for ever.
    """

    @default("context")
    def _bounded(self) -> zmq.asyncio.Context:
        self._created_context = True
        return _bounded_context()

    def start_channels(self, *channels: bool, **named: bool) -> None:
        """Open the channels, without that of the heartbeat."""
        super().start_channels(*channels, **{**named, "hb": False})

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - jupyter_client's signature
        """Wait until the kernel answers and what it shows arrives; jupyter_client's own waits 0.2 s longer."""
        end = time.monotonic() + (timeout or 60)
        while time.monotonic() < end:
            self.kernel_info()
            with contextlib.suppress(Empty):
                await ensure_async(self.shell_channel.get_msg(timeout=1))
                await ensure_async(self.iopub_channel.get_msg(timeout=0.1))
                return
            if not await self.is_alive():
                break
        raise RuntimeError("the kernel did not answer")


def _bounded_context() -> zmq.asyncio.Context:
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)  # who sends more is cut off
    context.setsockopt(zmq.RCVHWM, MAX_WAITING)
    context.setsockopt(zmq.SNDTIMEO, 1000)  # ms; a kernel that takes no messages is not waited for
    return context


def _size(content: dict[str, Any]) -> int:
    """Give the size of what a message shows, about."""
    text = content.get("text")
    size = len(text) if isinstance(text, str) else 0
    data = content.get("data")
    for value in data.values() if isinstance(data, dict) else ():
        size += len(value) if isinstance(value, str) else len(str(value))
    return size + len(str(content.get("traceback", ""))) + 100


def _pictures(msg: dict[str, Any]) -> bool:
    data = msg["content"].get("data")
    return isinstance(data, dict) and "image/png" in data
