"""Whether a piece of HTML closes what it opens: what does not is the more work, the longer it is."""

from __future__ import annotations

import re

SHORT = 5000  # characters that may be as they are
DEPTH = 40  # elements one in the other

# Written so that a browser reads the same in it as we do, and so that no text takes longer than its length.
_ATTRIBUTES = r"""(?:\s++[^\s"'<>/=]++(?:=(?:"[^"]*+"|'[^']*+'|[^\s"'<>=`]++))?+)*+\s*+"""
_TEXT = r"(?:[^<]|<(?![a-zA-Z/!?]))*+"
_ELEMENT = re.compile(rf"(?i)<([a-z][a-z0-9]*+){_ATTRIBUTES}>{_TEXT}</\1\s*+>")
_ALONE = re.compile(
    rf"(?i)<(?:br|hr|img|input|col|wbr){_ATTRIBUTES}/?>|<(?:path|line|polyline|rect|circle){_ATTRIBUTES}/>|<!--[^<>]*+-->"
)
_TAG = re.compile(r"<[a-zA-Z/!?]")


def is_closed(text: str) -> bool:
    """Tell whether each element ends in the one in which it began; short texts are let pass.

    An element that is left open begins again in each paragraph after it, so that a hundred kilobytes of HTML may become
    gigabytes.
    """
    if len(text) <= SHORT:
        return True
    text = _ALONE.sub("", text)
    for _ in range(DEPTH):
        text, found = _ELEMENT.subn("", text)
        if not found:
            break
    return not _TAG.search(text)
