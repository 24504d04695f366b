"""Make what a student's code shows harmless in a browser: text, tables and pictures stay, what runs or loads goes."""

from __future__ import annotations

import base64
import binascii
import html
import re
import sys
import sysconfig
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any

import nbformat
import nh3
from jinja2 import pass_context
from nbformat import NotebookNode

import coursekit
from coursekit.grading.notebook.formulas import of_a_stranger
from coursekit.grading.notebook.nesting import is_closed
from coursekit.reading.cells import EMBEDDED

MAX_TEXT = 200_000  # characters of one output
MAX_MARKS = 8  # that stand on one letter; browsers do not survive a hundred thousand
MAX_GROWTH = 6  # times that HTML may be longer when it is clean
MAX_PICTURE = 4 * 2**20  # bytes
MAX_WORDS = 2000  # characters that stand for a picture
MAX_WIDTH = 2000  # pixels of a page that a picture is shown in
MAX_MARKDOWN = 20_000  # characters of a text that is set as Markdown; the time for some grows with their square
MAX_ROWS = 200  # lines of such a text with a bar: mistune looks from each to the last for the end of a table
MAX_SET = 100_000  # characters of all such texts on a page
MAX_FORMULAS = 300  # of a text
MANY_TEXTS, SHORT_TEXT = 1000, 10_000  # how many texts are remembered, and of how many characters

_DRAWING = {"svg", "g", "path", "line", "polyline", "rect", "circle", "text", "tspan", "title", "desc"}
_SHAPES = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "d", "points", "width", "height", "transform"}
_PAINT = {"fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "text-anchor", "font-size", "font-weight"}
_TAGS = (nh3.ALLOWED_TAGS | _DRAWING) - {"map", "area", "img"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items() if tag in _TAGS},
    **dict.fromkeys(_DRAWING, _SHAPES | _PAINT),
    "svg": _SHAPES | _PAINT | {"viewBox"},
    "*": {"style", "title", "lang", "dir", "role", "aria-label", "colspan", "rowspan", "border"},
}
_STYLES = {
    *("color", "background-color", "opacity", "font-size", "font-weight", "font-style", "font-family", "white-space"),
    *("text-align", "vertical-align", "text-decoration", "border", "border-left", "border-collapse", "max-width"),
    *("margin", "margin-top", "margin-bottom", "margin-left", "padding", "padding-left", "fill", "display", "width"),
}
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_KEPT = "\ue000", "\ue001"  # around the number of a formula that is put aside
_KEPT_MARKS = re.compile("[\ue000\ue001]")
_KEPT_FORMULA = re.compile("\ue000(\\d+)\ue001(?![^<>]*>)")  # not within a tag

_FOREIGN = re.compile(rf"[^\x00-\x7f]{{{MAX_MARKS + 1},}}")  # nothing else can be a pile


def clean_html(text: str) -> str | None:
    """Leave of a piece of HTML what cannot run, load or cover anything; None where it grows beyond all measure."""
    if not is_closed(text):
        return None
    cleaned = nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties=_STYLES,
        clean_content_tags={"script", "style", "title", "iframe", "noscript", "template", "textarea"} - _TAGS,
    )
    return cleaned if len(cleaned) <= MAX_GROWTH * max(len(text), 1000) else None


def remembered(function: Callable[[str], str]) -> Callable[[str], str]:
    """Remember what came of short texts: most of what stands on a page stands on that of every student."""
    of_short = lru_cache(maxsize=MANY_TEXTS)(function)

    @wraps(function)
    def remembering(text: str) -> str:
        return (of_short if len(text) <= SHORT_TEXT else function)(text)

    return remembering


@pass_context
def markdown(context: Mapping[str, Any], text: str) -> str:
    """Turn Markdown into HTML in which nothing runs; it takes the place of nbconvert's filter of that name.

    Pictures that are attached to the cell stand under it.
    """
    attached = context.get("cell", {}).get("attachments", {}).values()
    pictures = [(kind, clean_picture(kind, value)) for data in attached for kind, value in data.items()]
    page = context.get("resources", {})
    text = EMBEDDED.sub("", text)
    page["set"] = (page.get("set") or 0) + (len(text) if len(text) <= MAX_MARKDOWN else 0)
    body = _rendered(text) if page["set"] <= MAX_SET else _as_it_is(text)
    body = body.replace("[", "&#91;")  # nbconvert's next filter looks from each one to the end of the text for a link
    shown = [f'<p><img src="data:{kind};base64,{picture}" alt=""></p>' for kind, picture in pictures if picture]
    return "\n".join([body, *shown])


@remembered
def _rendered(text: str) -> str:
    """Set a text; one in which HTML is left open, with that as text, and one that is too long, as it is."""
    rows = sum("|" in line for line in text.split("\n"))
    tried = (_set(text, escape=escape) for escape in (False, True) if len(text) <= MAX_MARKDOWN and rows <= MAX_ROWS)
    return next((body for body in tried if body is not None), _as_it_is(text))


def _as_it_is(text: str) -> str:
    return f"<pre>{html.escape(_text(text))}</pre>"


def _set(text: str, *, escape: bool) -> str | None:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    from coursekit.grading.notebook.colours import coloured

    formulas: list[str] = []

    class Renderer(IPythonRenderer):
        def image(self, text: str, *_: Any, **__: Any) -> str:
            """Leave of a picture in the text its description; nbconvert's raises where an attachment is missing."""
            return text

        def block_code(self, code: str, info: str | None = None) -> str:
            """Colour Python; some of the other languages that a text can name take for ever."""
            return coloured(code) if (info or "").startswith(("py", "ipython")) else super().block_code(code)

        def inline_math(self, body: str) -> str:
            return self._kept(body, block=False)

        def block_math(self, body: str) -> str:
            return self._kept(body, block=True)

        def latex_environment(self, name: str, body: str) -> str:
            return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

        def _kept(self, formula: str, *, block: bool) -> str:
            """Put a formula aside, until the rest is clean."""
            if len(formulas) == MAX_FORMULAS:
                return f"<code>{html.escape(formula)}</code>"
            formulas.append(of_a_stranger(formula, block=block))
            return f"{_KEPT[0]}{len(formulas) - 1}{_KEPT[1]}"

    renderer = Renderer(escape=escape, exclude_anchor_links=True)
    body = clean_html(MarkdownWithMath(renderer=renderer).render(_KEPT_MARKS.sub("", text)))
    return body and _KEPT_FORMULA.sub(lambda found: formulas[int(found[1])], body)


def unpiled(text: str) -> str:
    """Take off what is piled up on single letters, beyond what any language does."""
    return _FOREIGN.sub(lambda run: _piles().sub(r"\1", run[0]), text)


@cache
def _piles() -> re.Pattern[str]:
    marks = "".join(char for char in map(chr, range(sys.maxunicode)) if unicodedata.category(char) in ("Mn", "Me"))
    return re.compile(f"([{marks}]{{{MAX_MARKS}}})[{marks}]+")


def clean_output(output: NotebookNode) -> NotebookNode | None:
    """Make one output of a cell harmless; None where nothing of it can stay."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line) for line in lines[:100]] if isinstance(lines, list) else []
        return nbformat.v4.new_output(
            "error", ename=_text(output.get("ename")), evalue=_text(output.get("evalue")), traceback=lines
        )
    if kind in ("display_data", "execute_result"):
        data = _data(output.get("data"))
        more = {"execution_count": _count(output.get("execution_count"))} if kind == "execute_result" else {}
        return nbformat.v4.new_output(kind, data=data, metadata=_about(output), **more) if data else None
    return None


def _about(output: NotebookNode) -> dict[str, dict[str, str | int]]:
    """Keep the words that stand for a picture, and how wide it is shown."""
    about = output.get("metadata")
    about = about.get("image/png") if isinstance(about, dict) else None
    about = about if isinstance(about, dict) else {}
    words, width = about.get("alt"), about.get("width")
    kept: dict[str, str | int] = {"alt": _text(words)[:MAX_WORDS]} if isinstance(words, str) else {}
    if type(width) is int and 0 < width <= MAX_WIDTH:
        kept["width"] = width
    return {"image/png": kept} if kept else {}


def clean_picture(kind: str, value: Any) -> str | None:
    """Return a picture as it is written in a notebook; None where it is none, or too large."""
    if kind not in _PICTURES or not isinstance(value, str):
        return None
    try:
        picture = base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    fits = picture.startswith(_PICTURES[kind]) and len(picture) <= MAX_PICTURE
    return base64.b64encode(picture).decode() if fits else None


def _data(data: Any) -> dict[str, str]:
    kept = {}
    for kind, value in data.items() if isinstance(data, dict) else ():
        if kind == "text/plain":
            kept[kind] = _text(value)
        elif kind == "text/html":
            if (cleaned := clean_html(_text(value))) is not None:
                kept[kind] = cleaned
        elif (picture := clean_picture(kind, value)) is not None:
            kept[kind] = picture
    return kept


def _text(value: Any) -> str:
    text = "".join(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else value
    text = unpiled((text if isinstance(text, str) else "").encode("utf-8", "replace").decode())
    for folder in _folders():
        text = text.replace(folder, "")
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n[…]"


@cache
def _folders() -> tuple[str, ...]:
    """List where Python's files lie on this machine, which is nobody's business and differs from machine to machine."""
    paths = {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}
    paths |= {sys.prefix, sys.base_prefix, str(Path(coursekit.__file__).parents[1])}
    return tuple(f"{path}/" for path in sorted(paths - {"/usr"}, key=len, reverse=True))


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**31 else None
