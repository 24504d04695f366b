"""A desk with Windows, as far as it can be had here: without what POSIX has, and with another encoding of text.

Half of the notebooks are run at such a desk by `test_notebooks`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# For a process that runs with `PYTHONWARNDEFAULTENCODING=1`; what it imports first may be less careful than we are.
DESK = """
def _lay_desk():
    import os, signal, sys, warnings
    import IPython, ipywidgets, matplotlib.pyplot, matplotlib_inline.backend_inline, nbformat, PIL.Image, torch

    for name in ("fcntl", "grp", "pwd", "resource", "termios"):
        sys.modules[name] = None
    for name in ("fork", "getuid", "geteuid", "killpg", "setsid"):
        delattr(os, name)
    for name in ("setitimer", "SIGALRM", "SIGKILL", "SIGUSR1"):
        delattr(signal, name)
    warnings.filterwarnings("error", category=EncodingWarning)

_lay_desk()
del _lay_desk
"""


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["optimizers", "au-dela"])
def test_progress_is_shown_there(folder, quick_python, tmp_path):
    place, program = ROOT / "solutions" / folder, tmp_path / "program.py"
    program.write_text(f"{DESK}\nimport coursekit\nprint(coursekit.progress())")
    run = subprocess.run(
        [quick_python, program],
        env={**os.environ, "PYTHONWARNDEFAULTENCODING": "1"},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for notebook in place.glob("*.ipynb"):
        assert notebook.stem in run.stdout
