"""The first check of a kernel says to whoever waits that it is starting; nothing of that stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import Empty

import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from tests.bank.habits import CLASS

STARTING = "Starting: the first check takes some seconds …"
SET_UP = f"import torch\nimport coursekit\n{CLASS}"
ENVIRONMENT = {**os.environ, "COURSEKIT_LANGUAGE": "en"}


@pytest.fixture
def kernel() -> Iterator[BlockingKernelClient]:
    manager = KernelManager()
    manager.start_kernel(env=ENVIRONMENT, extra_arguments=["--HistoryManager.hist_file=:memory:"])
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready()
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def shown(client: BlockingKernelClient, code: str, *, somebody: bool = True) -> list[tuple[str, str]]:
    """Run code; return the kinds of what is shown, and the beginnings."""
    request = client.execute(code, allow_stdin=somebody)
    messages = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=300)
        except Empty:
            pytest.fail("the kernel is silent")
        content = message["content"]
        if message["parent_header"].get("msg_id") != request:
            continue
        if content.get("execution_state") == "idle":
            return messages
        if message["msg_type"] not in ("status", "execute_input"):
            text = content.get("data", {}).get("text/plain") or content.get("evalue") or str(content.get("wait"))
            messages.append((message["msg_type"], text.splitlines()[0]))


@pytest.mark.slow
def test_the_first_check_says_that_it_is_starting_and_takes_it_back(kernel):
    assert shown(kernel, SET_UP) == []
    report = ("display_data", "SGD: all 11 behaviours are right.")
    assert shown(kernel, "coursekit.check(SGD)") == [("display_data", STARTING), ("clear_output", "True"), report]
    assert shown(kernel, "coursekit.check(SGD)") == [report]


@pytest.mark.slow
def test_a_program_that_runs_the_notebook_is_told_nothing(kernel):
    assert shown(kernel, SET_UP, somebody=False) == []
    assert [kind for kind, _ in shown(kernel, "coursekit.check(SGD)", somebody=False)] == ["display_data"]


@pytest.mark.slow
@pytest.mark.parametrize("somebody", [True, False])
def test_nothing_of_it_is_in_a_notebook_that_is_saved(somebody, tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in (SET_UP, "coursekit.check(SGD)", "coursekit.check(int)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(notebook, allow_errors=True, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.on_cell_start = lambda **_: setattr(client.kc, "allow_stdin", somebody)
    client.execute(env=ENVIRONMENT)
    first, second = notebook.cells[1].outputs, notebook.cells[2].outputs
    assert [output.output_type for output in first] == ["display_data"]
    assert "all 11" in first[0].data["text/plain"]
    assert [output.output_type for output in second] == ["error"]
    assert STARTING not in nbformat.writes(notebook)
