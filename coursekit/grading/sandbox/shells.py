"""IPython's shells that are made in one process, and used in others that are forked from it."""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.paths import get_ipython_dir


def move_in(shell: InteractiveShell) -> None:
    """Give a shell the folders that it would have if it had been made in this process."""
    shell.ipython_dir = get_ipython_dir()
    shell.profile_dir = ProfileDir.create_profile_dir_by_name(shell.ipython_dir)
