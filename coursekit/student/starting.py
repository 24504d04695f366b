"""A word for whoever waits: before its first step torch imports for seconds, in which a cell looks as if it hung."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from coursekit.language import translate


@contextmanager
def starting() -> Iterator[None]:
    """Say in the block that something slow begins, where it is slow and somebody waits; nothing of it stays."""
    if "torch._dynamo" in sys.modules or not _somebody_waits():  # the former is what takes so long
        yield
        return
    from IPython.display import clear_output, display

    display({"text/plain": translate("Starting: the first check takes some seconds …")}, raw=True)
    try:
        yield
    finally:
        clear_output(wait=True)  # until something else is shown


def _somebody_waits() -> bool:
    """Tell whether the cell was run by a person, who could be asked something, and not by a program.

    Should ipykernel no longer keep this where it is looked for, nobody is told anything.
    """
    from IPython.core.getipython import get_ipython

    return bool(getattr(getattr(get_ipython(), "kernel", None), "_allow_stdin", False))
