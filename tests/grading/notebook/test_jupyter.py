"""What a notebook shows here is what it shows in Jupyter, to the byte; all notebooks with `COURSEKIT_BANK=all`."""

from __future__ import annotations

import base64
import copy
import io
import json
import re
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image
from traitlets.config import Config

from coursekit.grading.notebook import execute
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.sandbox import environment
from tests.solutions import thinned

SOLUTIONS = sorted((Path(__file__).parents[3] / "solutions" / "optimizers").glob("*.ipynb"))
# What differs from one run to the next: names drawn at random, processes, addresses, and how long something took.
CHANGING = re.compile(r"\b[0-9a-f]{32}\b|(?<=ipykernel_)\d+|\b0x[0-9a-f]+|\b[\d.e+]+ (?:[mnμ]?s|min)\b")
PICTURE = "image/png"
SHADE = 0.5  # of 255, by which a picture may differ: the sum of many numbers depends on where they lie in memory
CELLS = {
    "what is printed and displayed": """
        import sys
        from IPython.display import HTML, JSON, Latex, Markdown, clear_output, display, update_display
        print(1); print(2, file=sys.stderr); display("3"); print(4)
        5
    """,
    "kinds of displays": """
        display(HTML("<b>x</b>"), Markdown("# x"), Latex("$x$"), JSON({"x": [1, None]}), {"x": 1})
        display({"text/plain": "x", "text/html": "<i>x</i>"}, raw=True, metadata={"text/html": {"isolated": True}})
    """,
    "clearing at once": "print(1); clear_output(); print(2)",
    "clearing later": "for i in range(3): print(i); clear_output(wait=True)",
    "clearing by a display": "print(1); clear_output(wait=True)\ndisplay(2, display_id='second'); print(3)",
    "an update": "handle = display(1, display_id='it')\nprint(2); handle.update(3); display(4, display_id='it')",
    "an update of another cell": "handle.update('newest'); update_display('x', display_id='second')",
    "an update of nothing": "update_display('x', display_id='no such')",
    "waiting at the top": """
        import asyncio
        async def double(x):
            await asyncio.sleep(0.01); print(x)
            return 2 * x
        await asyncio.gather(double(1), double(2))
    """,
    # It is closed: of one that is left over a warning comes whenever garbage happens to be collected.
    "a loop of one's own": "once = double(1)\ntry: asyncio.run(once)\nfinally: once.close()",
    "what is begun in a cell": "task = asyncio.create_task(double(3))",
    "and ends in another": "await task",
    "threads": """
        import threading
        threads = [threading.Thread(target=shows, args=(7,)) for shows in (print, display)]
        for thread in threads: thread.start(); thread.join()
    """,
    "a thread that outlives its cell": "late = threading.Timer(0.3, print, ['late']); late.start()",
    "which prints under the next": "late.join(); print('later')",
    "children": """
        import os
        sys.stdout.flush()
        child = os.fork()
        if not child: print("child"); os._exit(0)
        _ = os.waitpid(child, 0); import time; time.sleep(0.5)
    """,
    "what commands print": "import subprocess\n_ = subprocess.run(['echo', 'one']); import time; time.sleep(0.3)",
    "what is taken from commands": "x = !echo one; echo two\nx",
    "a cell for another program": "%%bash\necho one\necho two >&2\nexit 3",
    "magic": "%%capture kept\nprint(1); display(2)",
    "what magic has kept": "kept.show(); kept.stdout",
    "no such magic": "%nosuch",
    "time": "%time 1",
    "an error": "def half(x):\n    return x / 0\nhalf(1)",
    "an error in an error": "try: half(1)\nexcept ZeroDivisionError as error: raise ValueError('é') from error",
    "no Python": "def f(:",
    "an end": "raise SystemExit(3)",
    "an error in a text": "class Silent:\n    def __repr__(self): raise ValueError\nSilent()",
    "a question": "input('name?')",
    "a password": "import getpass; getpass.getpass()",
    "a debugger": "import pdb; pdb.set_trace()",
    "a warning": "import warnings; warnings.warn('careful')",
    "a log": "import logging; logging.warning('careful')",
    "hooks": "get_ipython().events.register('post_run_cell', lambda result: print('done', result.success))",
    "odd texts": "print('a\\rb\\x08c\\x1b[31md', end='\\udcff')",
    "the history": "_, __, In[1][:10], len(Out)",
    "streams": "sys.stdout.name, sys.stdout.isatty(), sys.stdout.encoding, sys.stderr.name",
    "the kernel": "it = get_ipython(); type(it).__name__, type(it.kernel).__name__, 'IPKernelApp' in it.config",
    "widgets": "import ipywidgets; slider = ipywidgets.IntSlider(); slider",
    "widgets of widgets": "slider.value = 3; display(ipywidgets.VBox([slider, ipywidgets.HTML('x')]))",
    "what numpy says of a machine": "%%capture\nimport matplotlib.pyplot as plt\nplt.plot([1]); plt.close()",
    "figures": "_ = plt.plot([1, 2]); print('before')",
    "figures that are shown": "_ = plt.plot([2, 1]); plt.show(); print('after')",
    "figures of another kind": "%config InlineBackend.figure_formats = ['retina']\n_ = plt.plot([1])",
    "an end of all": "exit()",
}

pytestmark = pytest.mark.slow


def test_each_kind_of_cell_shows_what_it_shows_in_jupyter(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [nbformat.v4.new_code_cell(textwrap.dedent(source).strip()) for source in CELLS.values()]
    ours, theirs = both(nbformat.v4.new_notebook(cells=cells), monkeypatch)
    assert dict(zip(CELLS, map(texts, ours), strict=True)) == dict(zip(CELLS, map(texts, theirs), strict=True))
    assert list(map(pictures, ours)) == list(map(pictures, theirs))


@pytest.mark.parametrize("path", thinned(SOLUTIONS, 2), ids=lambda path: path.stem)
def test_a_notebook_of_the_course_shows_what_it_shows_in_jupyter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = both(nbformat.read(path, as_version=4), monkeypatch)
    assert list(map(texts, ours)) == list(map(texts, theirs))
    for cell, other in zip(ours, theirs, strict=True):
        for here, there in zip(pictures(cell), pictures(other), strict=True):
            assert here == there or np.abs(pixels(here) - pixels(there)).mean() < SHADE


@pytest.fixture(autouse=True)
def kernels(quick_python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have kernels forked that Jupyter starts."""
    monkeypatch.setenv("JUPYTER_PATH", str(quick_python.parent))


def both(notebook: NotebookNode, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any]]:
    """Return the cells of a notebook as they are run here, with what they show as it is, and in Jupyter."""
    monkeypatch.setattr(execute, "clean_output", lambda output: output)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    theirs = in_jupyter(copy.deepcopy(notebook))
    assert execute.execute(notebook, sandbox=True, patience=Patience(cell=60, cells=300)) == ()
    return notebook.cells, theirs.cells


def in_jupyter(notebook: NotebookNode) -> NotebookNode:
    """Run a notebook in a kernel of Jupyter's, where it finds what it finds here."""
    with tempfile.TemporaryDirectory() as folder:  # another program may take a port before the kernel does
        reached = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/k"}})
        variables = {**environment(), "HOME": folder, "COURSEKIT_LANGUAGE": "en", "OMP_NUM_THREADS": "1"}
        client = NotebookClient(
            notebook, config=reached, allow_errors=True, timeout=600, startup_timeout=600, iopub_timeout=600
        )
        client.execute(cwd=folder, env=variables)
    return notebook


def texts(cell: NotebookNode) -> list[str]:
    """Return what a cell shows, but for what changes from run to run and for pictures."""
    shown = [{**output, "data": {**output.get("data", {}), PICTURE: None}} for output in execute.joined(cell.outputs)]
    return [CHANGING.sub("…", json.dumps(output, sort_keys=True, ensure_ascii=False)) for output in shown]


def pictures(cell: NotebookNode) -> list[bytes]:
    data = [output.get("data", {}) for output in cell.outputs]
    return [base64.b64decode(each[PICTURE]) for each in data if PICTURE in each]


def pixels(picture: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA").convert("RGB")).astype(float)
