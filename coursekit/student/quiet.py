"""Output of a student's code while it is judged: it is kept out of the way, and told in a line."""

from __future__ import annotations

import builtins
import html
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from coursekit.language import translate

FEW, LONG = 5, 120  # lines that are told, and characters of one


class Printed(io.TextIOBase):
    """Takes in what is printed: it counts the lines and keeps the first."""

    def __init__(self) -> None:
        self._ended = 0
        self._open = False
        self._kept = ""

    @property
    def count(self) -> int:
        """How many lines there were."""
        return self._ended + self._open

    def write(self, text: str) -> int:
        """Take in some text."""
        self._ended += text.count("\n")
        self._open = not text.endswith("\n") if text else self._open
        self._kept += text[: FEW * LONG - len(self._kept)]
        return len(text)

    def __repr__(self) -> str:
        """Tell of it in text."""
        return "\n".join([self._told, *(f"    {line}" for line in self._few)])

    def _repr_html_(self) -> str:
        few = html.escape("\n".join(self._few))
        return f"<details><summary>{html.escape(self._told)}</summary><pre>{few}</pre></details>"

    @property
    def _told(self) -> str:
        if self.count == 1:
            return translate("Your code printed one line:")
        return translate("Your code printed {count} lines; the first:", count=self.count)

    @property
    def _few(self) -> list[str]:
        return [line[:LONG] for line in self._kept.splitlines()[:FEW]]


@contextmanager
def quietly() -> Iterator[Printed]:
    """Keep what is printed and displayed in the block away from the notebook; as when it is graded, nobody answers."""
    printed = Printed()
    with redirect_stdout(printed), redirect_stderr(printed), _displaying(printed), _unanswered():
        yield printed


@contextmanager
def _displaying(printed: Printed) -> Iterator[None]:
    """Take in what is displayed, too, where IPython runs: of a picture its words."""
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.getipython import get_ipython

    class Publisher(DisplayPublisher):
        def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
            print(data.get("text/plain", ""), file=printed)

        def clear_output(self, wait: bool = False) -> None:
            """Do nothing."""

    shell = get_ipython()
    if shell is None:
        yield
        return
    before, shell.display_pub = shell.display_pub, Publisher()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        shell.display_pub = before


@contextmanager
def _unanswered() -> Iterator[None]:
    """Let no debugger stop, and every question end as one at the end of a file."""

    def nobody(*_: Any) -> str:
        raise EOFError("nobody is asked here")

    asking, stopping = builtins.input, sys.breakpointhook
    builtins.input, sys.breakpointhook = nobody, lambda *_, **__: None
    try:
        yield
    finally:
        builtins.input, sys.breakpointhook = asking, stopping
