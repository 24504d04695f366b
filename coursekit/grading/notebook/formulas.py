"""Formulas as MathML: every browser sets them by itself, with nothing to load and nothing to run."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree as ET

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

MAX = 2000  # characters of a formula

# Commands that authors write and docutils does not know, in its words.
_REWRITTEN = (
    (r"\{,\}", r"\\text{,}"),  # the French decimal comma, with no space after it
    (r"\\\\[ \t]+", r"\\\\\n"),  # a new line and then a space, which is not an escaped space
    (r"\\dots(?![a-zA-Z])", r"\\ldots"),
    # A letter with a hat gets its index beside it, where docutils would put it underneath.
    (r"(\\(?:(?:wide)?(?:hat|tilde)|bar|d?dot|vec|overline)\s*(?:\{[^{}]*\}|\\?[a-zA-Z]+))\s*_", r"\1{}_"),
    (r"\\(big|Big|bigg|Bigg)(?=\s*[)\]])", r"\\\1r"),
    (r"\\(big|Big|bigg|Bigg)(?=\s*[(\[])", r"\\\1l"),
)
# Spaces as TeX has them: none inside of |x|, none after a sign that begins a number.
_SPACED = (
    (r"<mo([^>]*)>([|‖])</mo>", r'<mo\1 lspace="0" rspace="0">\2</mo>'),
    (r"(<mo[^>]*>(?:[=≈←≤≥≠,;(\[]|&lt;|&gt;)</mo>\s*<mo)>([−+±])", r'\1 form="prefix">\2'),
    ('<mo accent="true">_<', '<mo accent="true" stretchy="true">‾<'),  # of \overline
    ("&ApplyFunction;", "\u2061"),
    (r">\s+<", "><"),
)
_ATTRIBUTES = {
    *("accent", "accentunder", "class", "columnalign", "columnspacing", "display", "displaystyle", "fence", "form"),
    *(
        "largeop",
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "rowspacing",
        "rspace",
    ),
    *("scriptlevel", "separator", "stretchy", "symmetric", "title", "width"),
}
_TAG = re.compile(r"\{http://www\.w3\.org/1998/Math/MathML\}m[a-z]+")


def mathml(formula: str, *, block: bool) -> str:
    """Convert a formula from LaTeX.

    Raises
    ------
    docutils.utils.math.MathError
        Where it cannot be converted.
    """
    for pattern, replacement in _REWRITTEN:
        formula = re.sub(pattern, replacement, formula)
    converted: str = tex2mathml(formula, as_block=block)
    for pattern, replacement in _SPACED:
        converted = re.sub(pattern, replacement, converted)
    return converted


def of_a_stranger(formula: str, *, block: bool) -> str:
    """Convert a formula that may mean harm; show it as it is where it cannot be converted, or holds more than that."""
    try:
        converted = mathml(formula, block=block) if len(formula) <= MAX else ""
        elements = list(ET.fromstring(converted).iter())  # noqa: S314 - written by mathml, of a bounded length
    except (MathError, ET.ParseError, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        elements = []
    harmless = all(_TAG.fullmatch(each.tag) and _ATTRIBUTES.issuperset(each.keys()) for each in elements)
    return converted if elements and harmless else f"<code>{html.escape(formula)}</code>"
