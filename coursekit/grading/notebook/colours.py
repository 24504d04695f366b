"""Code as HTML, with colours; whatever it is, that takes no long time."""

from __future__ import annotations

from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer

from coursekit.grading.notebook.cleaning import remembered

MAX = 20_000  # characters that are coloured: the time for some grows with the square of their length


def coloured(code: str, **_: Any) -> str:
    """Show code as Python; this takes the place of nbconvert's filter `highlight_code`."""
    return _coloured(code)


@remembered
def _coloured(code: str) -> str:
    # Blanks at the end of lines, which nobody sees, would take pygments the square of their number.
    code = "\n".join(line.rstrip() for line in code.split("\n"))
    lexer = PythonLexer() if len(code) <= MAX else TextLexer()
    return str(highlight(code or " ", lexer, HtmlFormatter(cssclass=" highlight hl-python")))
