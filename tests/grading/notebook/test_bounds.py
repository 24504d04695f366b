"""Whatever a student writes, and however long it is, to show it takes a time that its length bounds."""

from __future__ import annotations

import json
import time

import nbformat
import pytest
from nbconvert.filters import ansi2html
from nbconvert.filters.strings import strip_files_prefix

from coursekit.grading.notebook.cleaning import MAX_TEXT, clean_html, clean_output, markdown
from coursekit.grading.notebook.colours import coloured
from coursekit.grading.notebook.heading import headings
from coursekit.grading.submission.reading import read
from coursekit.reading.cells import MAX_SOURCES
from coursekit.reading.names import MAX_SOURCE, defined

MUCH = 10**6
SECONDS = 20.0  # of a processor, on however slow a machine; without bounds some of these take days
LONG = {
    "blanks": " ",
    "lines of blanks": " \n",
    "brackets": "[",
    "brackets in a text": '"{a[',
    "parentheses": "(",
    "backquotes": "`a",
    "stars": "*a",
    "emphasis": "*a **a ",
    "formulas": "$a$ ",
    "dollars": "$",
    "environments": "\\begin{a}",
    "formulas that do not end": "\\\\[ ",
    "quotes": "> ",
    "lists": "- - ",
    "tables": "|a|b\n|-|-\n",
    "tables whose last row is short": "a|b|c\n-|-|-\n",
    "a code block in a language that takes long": "```ipython3\n \n \n \n```\n",
    "HTML that is left open": "<div>",
    "HTML that begins again": "<p><b title=1>x",
    "letters with marks": "a\u0301",
    "quotation marks": '"""',
    "escapes": "\x1b[1",
}


@pytest.fixture(params=LONG)
def text(request: pytest.FixtureRequest) -> str:
    return (LONG[request.param] * MUCH)[:MUCH]


@pytest.fixture(autouse=True)
def _soon():
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def test_headings_are_found_soon(text):
    assert all(len(found) <= 200 for found in headings(f"# {text}"))


def test_code_is_coloured_soon(text):
    assert "highlight" in coloured(text)
    assert "highlight" in coloured(text[:20_000])


def test_markdown_is_set_soon(text):
    for some in (text, text[:20_000]):
        shown = markdown({}, some)
        assert len(shown) < 2 * MAX_TEXT * 6
        strip_files_prefix(shown)


def test_what_is_shown_is_cleaned_soon(text):
    for some in (text, text[:20_000], text[:5000]):
        output = nbformat.v4.new_output("display_data", {"text/html": some, "text/plain": some})
        assert len(json.dumps(clean_output(output))) < 20 * MAX_TEXT
        ansi2html(some[:MAX_TEXT])


def test_a_notebook_is_read_soon(text):
    cells = [{"cell_type": kind, "metadata": {}, "source": 2 * text} for kind in ("code", "markdown")]
    notebook, remarks = read(json.dumps({"cells": cells}).encode())
    assert sum(len(cell.source) for cell in notebook.cells) <= MAX_SOURCES
    assert remarks == ("it is too long; its 1 longest cells are left out",)
    for cell in notebook.cells:
        defined(cell.source)
        defined(cell.source[:MAX_SOURCE])


@pytest.mark.slow
def test_many_texts_that_take_long_take_no_longer_than_a_few():
    text = "\\\\[a" * 4000
    page = {"resources": {}}
    shown = [markdown(page, f"{number}{text}") for number in range(150)]
    assert shown[0].startswith("<p>")
    assert shown[-1].startswith("<pre>149")


def test_elements_that_begin_again_in_each_paragraph_do_not_multiply():
    html = "".join(f"<p><b title={number}>" for number in range(2000)) + "<p>x" * 10_000
    assert clean_html(html) is None


def test_a_long_table_stays():
    row = "<tr><th>1</th><td>0 &lt; 1</td><td>a > b</td></tr>\n"
    style = "<style scoped>\n    .dataframe tbody { top: 0 }\n</style>"
    html = f'<div>\n{style}\n<table border="1" class="dataframe">{row * 500}</table></div>'
    assert (clean_html(html) or "").count("<td>") == 1000


def test_of_a_long_text_with_html_left_open_the_rest_is_set():
    shown = markdown({}, "**Why**\n\n<center>\n\n" + "Since it is so. " * 1000)
    assert "<strong>Why</strong>" in shown
    assert "&lt;center&gt;" in shown


def test_a_picture_within_a_text_does_not_make_it_too_long():
    source = f"See ![it](data:image/png;base64,{'A' * MAX_SOURCES}): so it is."
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source}]
    notebook, remarks = read(json.dumps({"cells": cells}).encode())
    assert notebook.cells[0].source == "See ![it](): so it is."
    assert remarks == ()
    assert markdown({}, source) == markdown({}, notebook.cells[0].source)
