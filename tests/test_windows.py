"""Notebooks at a desk with Windows: without what POSIX has, and with another encoding of text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.test_notebooks import HOMES, ROOT, TURNS, code

DESK = """
import json, os, signal, sys, warnings
import IPython, ipywidgets, matplotlib.pyplot, matplotlib_inline.backend_inline, nbformat, PIL.Image, torch

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for name in ("fork", "getuid", "geteuid", "killpg", "setsid"):
    delattr(os, name)
for name in ("setitimer", "SIGALRM", "SIGKILL", "SIGUSR1"):
    delattr(signal, name)
warnings.filterwarnings("error", category=EncodingWarning)

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

def run(source):
    with capture_output() as seen:
        done = shell.run_cell(source)
    done.raise_error()
    print(json.dumps([seen.stdout + seen.stderr, [shown.data for shown in seen.outputs]]))

shell = InteractiveShell.instance()
for path in sys.argv[1:]:
    shell.reset()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            run(cell.source)
run("coursekit.progress()")
"""


@pytest.mark.slow
@pytest.mark.parametrize("folder", sorted({folder for *_, folder in TURNS}))
def test_notebooks_run_without_posix_and_print_what_is_kept_in_them(folder, tmp_path):
    place = ROOT / "solutions" / folder
    paths = [place / f"{script.stem}.ipynb" for script, _, other in TURNS if other == folder]
    command = [sys.executable, "-X", "warn_default_encoding", "-c", DESK, *(path.name for path in paths)]
    environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline", "IPYTHONDIR": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place, env=environment)
    assert run.returncode == 0, run.stderr
    *cells, (_, (progress,)) = map(json.loads, run.stdout.splitlines())
    assert [(text, words(shown)) for text, shown in cells] == [cell for path in paths for cell in kept(path)]
    assert all(script.stem in progress["text/plain"] for script, homes in HOMES.items() if folder in homes)


def kept(path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Read what each code cell of a notebook has printed and shown."""
    for cell in code(path):
        text = "".join(output.get("text", "") for output in cell.outputs)
        yield text, words(output.data for output in cell.outputs if "data" in output)


def words(shown: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Keep the texts, and that there are pictures; a widget is live in its own kernel only."""
    return [
        {kind: text if kind.startswith("text/") else "" for kind, text in data.items() if "widget" not in kind}
        for data in shown
    ]
