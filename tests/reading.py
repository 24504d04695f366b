"""What a reader of a check cell has to read, in words."""

from __future__ import annotations

import html
import re

from coursekit.judging.table import LadderTable

_DETAIL = re.compile(r"border-left:3px solid [^>]*>(.*?)</div></td>", re.DOTALL)
_NO_TEXT = re.compile(r"<(pre|table|svg)\b.*?</\1>", re.DOTALL)


def words(text: str) -> int:
    """Count the words of a text: what stands between backquotes is one, and numbers and signs are none."""
    tokens = re.sub(r"`[^`]*`", " code ", text).split()
    return sum(any(map(str.isalpha, token)) for token in tokens)


def help_of(table: LadderTable) -> str:
    """Return the text of all steps of help that a table shows, folded or not, without code, tables and pictures."""
    (detail,) = _DETAIL.findall(table.html())
    text = re.sub(r"</?code>", "`", _NO_TEXT.sub(" ", detail))
    return html.unescape(re.sub(r"<[^>]*>", " ", text))
