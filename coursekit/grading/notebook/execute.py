"""Run a notebook for whoever reads it, in a sandbox: what it shows decides no point."""

from __future__ import annotations

import copy
import json
import math
import secrets
import select
import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg

from coursekit.errors import WorkerError
from coursekit.grading.notebook.cleaning import clean_output
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.sandbox import GENEROUS, Limits
from coursekit.grading.sandbox.warm import Ahead, Order, Worker, fork
from coursekit.grading.sandbox.wire import Load, Shown, receive, send
from coursekit.judging.time_limit import Deadline, waited
from coursekit.pictures import Lent, Picture
from coursekit.reading.marks import mark

MAX_CELL = 2**20  # bytes that one cell may put out; four of a picture count as one
MAX_NOTEBOOK = 8 * 2**20  # and all together; about twice what the richest notebook of the course puts out
PAUSE = 0.2  # seconds in which a cell that has put out too much may end by itself
SHORTEST = 0.25  # seconds that a cell has, however late it is
_CUT = "[…] too much output: cut here"
TOO_LONG = "TimeLimitExceeded"  # what a cell that did not end is told
BUSY = "busy"  # why something is missing that another try may show
SLOW = "It takes too long."


def execute(
    notebook: NotebookNode,
    *,
    sandbox: bool,
    patience: Patience,
    limits: Limits = GENEROUS,
    pictures: tuple[Picture, ...] = (),
    decided: Collection[str] = (),
    ahead: Ahead | None = None,
) -> tuple[str, ...]:
    """Run the cells of a notebook and put what they show into it, made harmless.

    Parameters
    ----------
    notebook
        Changed in place.
    sandbox
        Whether it runs in a sandbox.
    patience
        How long the cells are waited for.
    limits
        What else they may use.
    pictures
        Those that need not be drawn. A student's code can read them there, and change its own copy, which ends with it.
    decided
        The ids of cells that are counted and not run: what stands below them the hidden tests say.
    ahead
        Where a process for it may have been ordered before, see `order`.

    Returns
    -------
    tuple of str
        The problems on the way. A kernel that dies or cannot be interrupted ends the execution; whatever a notebook
        does, nothing is raised. Where something is missing, the notebook's metadata say why, see `cut`.

    Raises
    ------
    GradingError
        When no process can be had on this machine.
    """
    cells = copy.deepcopy(notebook.cells)
    lent = Lent(pictures=pictures)
    once = partial(run, notebook, lent, sandbox=sandbox, patience=patience, limits=limits, decided=decided)
    done, killed = once(ahead=ahead)
    if killed:  # perhaps from outside: once more shows whether it was the notebook's own doing
        notebook.cells = cells
        done, _ = once()
    if done.cut:
        notebook.metadata.setdefault("coursekit", {})["cut"] = done.cut
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [clean for clean in map(clean_output, joined(cell.outputs)) if clean is not None]
            cell.metadata.pop("execution", None)
    return tuple(dict.fromkeys(done.remarks))


def cut(notebook: NotebookNode) -> str:
    """Return why cells of an executed notebook were not run, or not to their end; "" where all were.

    It is `BUSY` where the machine may be to blame: then the notebook is worth another try.
    """
    return str(notebook.metadata.get("coursekit", {}).get("cut", ""))


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed at one go, and came in pieces that depend on the moment."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" == last.get("output_type") and output.name == last.get("name"):
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def order(notebook: NotebookNode, *, sandbox: bool, patience: Patience, limits: Limits = GENEROUS) -> Order:
    """Say which process runs the cells of a notebook."""
    language = notebook.metadata.get("coursekit", {}).get("language", "en")
    limits = replace(limits, seconds=min(limits.seconds, math.ceil(2 * patience.cells)))
    return Order(kind="cells", sandbox=sandbox, limits=limits, language=language)


def run(
    notebook: NotebookNode,
    lent: Lent,
    *,
    sandbox: bool,
    patience: Patience,
    limits: Limits = GENEROUS,
    decided: Collection[str] = (),
    ahead: Ahead | None = None,
) -> tuple[Execution, bool]:
    """Run the cells once; return how that went, and whether the kernel was killed, by whomever.

    Their outputs are in the notebook as they came.
    """
    wanted = order(notebook, sandbox=sandbox, patience=patience, limits=limits)
    worker = fork(wanted, ahead.take(wanted) if ahead else None)
    execution = Execution(worker, patience)
    try:
        send(worker.channel, lent)
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.source.strip():
                execution.run(cell, "pass" if mark(cell).grade_id in decided else cell.source)
    except (WorkerError, OSError) as error:
        reason = worker.why_over(error) or str(error) or type(error).__name__
        execution.remarks.append(f"the kernel was ended ({reason})")
        execution.cut = execution.cut or reason
    finally:
        worker.end()
    return execution, worker.killed


class Execution:
    """Runs cells within limits of time and output; `cut` says why something is missing, if it is."""

    def __init__(self, worker: Worker, patience: Patience) -> None:
        self.remarks: list[str] = []
        self.cut = ""
        self._worker = worker
        self._patience = patience
        self._begin = time.monotonic()
        self._end = Deadline(patience.cells, worker.process)  # what a busy machine makes it wait does not count
        self._count = 0
        self._seconds = patience.cell  # that a cell has
        self._bytes = self._kept = self._kept_of_cell = 0
        self._is_cut = False  # the output of the cell
        self._clears = False  # before the next output
        self._displays: dict[str, list[NotebookNode]] = defaultdict(list)

    def run(self, cell: NotebookNode, source: str) -> None:
        """Run the source of a cell, unless the time of all is over; one whose own time is over is interrupted."""
        left = self._end.left()
        if left < 0:
            self.remarks.append("the notebook takes too long; the rest was not run")
            self._miss(SLOW)
            return
        self._count += 1
        cell.execution_count, cell.outputs = self._count, []
        self._kept_of_cell, self._is_cut, self._clears = 0, False, False
        number = secrets.randbits(63)
        send(self._worker.channel, Load(cell=source, number=number))
        limit = self._within(max(SHORTEST, min(left, self._seconds)))
        deadline, hangs = limit, False
        while True:
            shown = self._next(deadline)
            if shown is None:
                if hangs:
                    raise WorkerError("It did not stop when it was interrupted.")
                self._worker.interrupt()
                hangs = deadline is limit
                deadline = self._within(self._patience.kernel_grace) if hangs else limit
            elif shown.number == number and not shown.kind:
                break
            elif shown.number == number and self._cuts(cell, shown) and not hangs:
                deadline = min(limit, self._within(PAUSE), key=Deadline.left)
        if hangs:
            self._seconds = min(self._seconds, self._patience.again)
            self._miss("")
            told = [f"{TOO_LONG}: the cell did not end in time."]
            cell.outputs.append(new_output("error", ename=TOO_LONG, evalue="", traceback=told))

    def _within(self, seconds: float) -> Deadline:
        return Deadline(seconds, self._worker.process)

    def _miss(self, why: str) -> None:
        """Note why something is missing: the machine, where the code has waited for it for most of the time."""
        busy = waited(self._worker.process) > (time.monotonic() - self._begin) / 2
        self.cut = BUSY if busy else self.cut or why

    def _next(self, deadline: Deadline) -> Shown | None:
        """Wait for a message; None when there is none in time."""
        left = deadline.left()
        if left <= 0 or not select.select([self._worker.channel], [], [], left)[0]:
            return None
        return receive(self._worker.channel, Shown, self._within(self._patience.kernel_grace))

    def _cuts(self, cell: NotebookNode, shown: Shown) -> bool:
        """Take in what a cell shows, up to the limit; tell whether this message is the first beyond it."""
        size = len(shown.content) + 100
        self._bytes += size
        if self._bytes > 4 * MAX_NOTEBOOK:
            raise WorkerError("It put out far too much.")
        if self._is_cut:
            return False
        content = _content(shown.content)
        left = MAX_CELL - self._kept_of_cell
        counts = size // 4 if _is_picture(content) else size
        if counts <= left and self._kept + size <= MAX_NOTEBOOK:
            self._kept_of_cell += counts
            self._kept += size
            self._show(cell.outputs, shown.kind, content)
            return False
        text = f"{str(content.get('text', ''))[:left]}\n{_CUT}\n"
        cell.outputs.append(new_output("stream", name="stdout", text=text))
        self.remarks.append("a cell put out too much; its output was cut")
        self._is_cut = True
        return True

    def _show(self, outputs: list[NotebookNode], kind: str, content: dict[str, Any]) -> None:
        """Do what a message says, by the rules of Jupyter; what is no output of a notebook does not become one."""
        if kind == "clear_output":
            self._clears = bool(content.get("wait"))
            if not self._clears:
                outputs.clear()
            return
        as_new = "display_data" if kind == "update_display_data" else kind
        try:
            output = output_from_msg({"header": {"msg_type": as_new}, "content": content})
            name = str((content.get("transient") or {}).get("display_id") or "") if "data" in output else ""
        except Exception:  # noqa: BLE001 - nbformat raises anything
            return
        if kind == "stream" and not isinstance(output.text, str):  # nbformat allows a list of lines
            return
        for shown in self._displays[name] if name else ():
            shown.data, shown.metadata = output.data, output.metadata
        if kind == "update_display_data":
            return
        if self._clears:
            outputs.clear()
            self._clears = False
        if name:
            self._displays[name].append(output)
        outputs.append(output)


def _content(data: bytes) -> dict[str, Any]:
    """Read the content of a message; of nonsense, nothing."""
    try:
        content = json.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError):
        content = None
    return content if isinstance(content, dict) else {}


def _is_picture(content: dict[str, Any]) -> bool:
    data = content.get("data")
    return isinstance(data, dict) and "image/png" in data
