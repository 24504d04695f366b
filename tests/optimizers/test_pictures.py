"""Every picture of the notebooks, in both languages: it is whole, its texts are apart, and nothing is too pale."""

import io
import os
import re
from contextlib import redirect_stdout
from functools import cache, partial
from itertools import combinations
from unittest import mock

import jupytext
import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.contour import ContourSet

from coursekit.language import french
from coursekit.optimizers import plots
from coursekit.palette import GROUND
from tests.solutions import SCRIPTS, defined
from tests.test_language import TABLES, said_in_words
from tests.texts import POINT, names

TEXT, LINE = 4.5, 3.0  # the contrasts that WCAG 2.2 asks for
PUBLIC = [name for name in plots.__all__ if callable(getattr(plots, name))]
SCRIPTS_WITH_PICTURES = [script for script in SCRIPTS if "coursekit.plots." in script.read_text()]


@cache
def pictures(script):
    """Run a script and return what draws each of its pictures."""
    calls = []

    def noting(draw):
        return lambda *given, **named: calls.append(partial(draw, *given, **named))

    note = {name: noting(getattr(plots, name)) for name in PUBLIC}
    at_hand = {"NBGRADER_EXECUTION": "autograde", "COURSEKIT_LANGUAGE": "en"}
    space = {"__name__": "__main__"}
    with mock.patch.multiple(plots, **note), mock.patch.dict(os.environ, at_hand), redirect_stdout(io.StringIO()):
        for cell in jupytext.read(script, fmt="py:percent").cells:
            if cell.cell_type == "code" and "coursekit.check(" not in cell.source:
                defined(cell.source, space, cell=script.stem)
    return calls


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("script", SCRIPTS_WITH_PICTURES, ids=lambda script: script.stem)
def test_picture_can_be_read(script, language, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", language)
    monkeypatch.setattr(plt, "show", lambda: None)
    foreign_mark = re.compile(r"\d\.\d" if language == "fr" else r"\d,\d")
    assert pictures(script)
    for draw in pictures(script):
        draw()
        figure = plt.gcf()
        figure.draw_without_rendering()
        title = figure.get_suptitle()
        assert title
        assert [said for said in map(plt.Text.get_text, texts(figure)) if foreign_mark.search(said)] == [], title
        assert overlaps(figure) == [], title
        assert cut(figure) == [], title
        assert pale(figure) == [], title
        assert hidden(figure) == [], title
        plt.close(figure)


@pytest.mark.parametrize("script", SCRIPTS_WITH_PICTURES, ids=lambda script: script.stem)
def test_everything_that_is_drawn_has_a_french_text_or_is_made_of_names(script):
    texts = drawn(script)
    assert texts
    foreign = {text: set(re.findall(r"[A-Za-z_]{2,}", text)) - names(script) for text in texts - set(french())}
    assert {text: words for text, words in foreign.items() if words} == {}
    assert [text for text in texts - set(french()) if POINT.search(text)] == []


@pytest.mark.slow
def test_every_french_text_is_said_or_drawn_somewhere():
    used = said_in_words().union(*map(drawn, SCRIPTS_WITH_PICTURES))
    assert TABLES
    assert {name: sorted(set(table) - used) for name, table in TABLES.items() if set(table) - used} == {}


def drawn(script):
    """Return the texts in the pictures of a script."""
    named = {draw: [value for name, value in draw.keywords.items() if name != "log"] for draw in pictures(script)}
    return {text for draw, values in named.items() for text in given(*draw.args, *values)}


def given(*values):
    """Return the texts among arguments, also in dictionaries and lists, and the keys of these."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from given(*value, *value.values())
        elif isinstance(value, list | tuple):
            yield from given(*value)


def panels(figure):
    return [each for axes in figure.axes for each in (axes, *axes.child_axes)]


def texts(figure):
    """Return all texts that are to be seen, but those in space, which stand behind one another."""
    found = [*figure.texts, *(text for axes in figure.axes if axes.name != "3d" for text in axes.findobj(plt.Text))]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def overlaps(figure):
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    return [(one, other) for (one, here), (other, there) in combinations(boxes, 2) if here.overlaps(there)]


def cut(figure):
    width, height = figure.canvas.get_width_height()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    boxes += [("legend", axes.get_legend().get_window_extent()) for axes in figure.axes if axes.get_legend()]
    return [name for name, box in boxes if min(box.x0, box.y0) < 0 or box.x1 > width or box.y1 > height]


def pale(figure):
    """Return what is too pale to be told from its ground: white, or the darkest of a surface."""
    found = [text.get_text() for text in texts(figure) if contrast(text.get_color(), "white") < TEXT]
    for axes in panels(figure):
        ground = GROUND[-1] if any(isinstance(each, ContourSet) for each in axes.collections) else "white"
        found += [line.get_label() for line in axes.lines if contrast(line.get_color(), ground) < LINE]
    return found


def hidden(figure):
    """Return the curves of which a legend covers a point."""
    found = []
    for axes in (axes for axes in figure.axes if axes.get_legend() and axes.name != "3d"):
        legend = axes.get_legend().get_window_extent()
        for line in axes.lines:
            points = line.get_transform().transform(line.get_xydata())
            shown = axes.bbox.count_contains(points) and legend.count_contains(points)
            found += [line.get_label()] if shown and line.get_linestyle() != "None" else []
    return found


def contrast(colour, ground):
    lights = sorted(luminance(each) + 0.05 for each in (colour, ground))
    return lights[1] / lights[0]


def luminance(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
