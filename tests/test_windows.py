"""Notebooks at a desk with Windows: without what POSIX has, and with another encoding of text."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOLUTIONS = Path(__file__).parents[1] / "solutions"
DESK = """
import os, signal, sys, warnings
import IPython, ipywidgets, matplotlib.pyplot, matplotlib_inline.backend_inline, nbformat, PIL.Image, torch

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for name in ("fork", "getuid", "geteuid", "killpg", "setsid"):
    delattr(os, name)
for name in ("setitimer", "SIGALRM", "SIGKILL", "SIGUSR1"):
    delattr(signal, name)
warnings.filterwarnings("error", category=EncodingWarning)

from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        shell.run_cell(cell.source).raise_error()
shell.run_cell("coursekit.progress()").raise_error()
"""


@pytest.mark.parametrize("stem", ["01_sgd", "06_evaluation", "09_lr_on_plateau"])
def test_a_notebook_runs_without_posix_and_says_how_its_files_are_encoded(stem, tmp_path):
    folder = shutil.copytree(SOLUTIONS / "optimizers", tmp_path / "optimizers")
    command = [sys.executable, "-X", "warn_default_encoding", "-c", DESK, f"{stem}.ipynb"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "All is well" in run.stdout
