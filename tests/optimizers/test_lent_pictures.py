"""No picture is drawn twice: one that was lent takes the place of a picture that looks the same, and of no other."""

import base64
import io

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from coursekit.likeness import CLOSE, close, likeness
from coursekit.optimizers import plots
from coursekit.pictures import Lent, Picture, lend, show_recorded
from tests.optimizers.test_plots import PICTURES


@pytest.fixture(autouse=True)
def closed():
    """Close what a test has opened."""
    yield
    plt.close("all")


@pytest.fixture
def displayed(monkeypatch):
    """Collect what is displayed in a notebook; afterwards nothing is lent."""
    bundles = []
    monkeypatch.setattr(mpl, "get_backend", lambda: "module://matplotlib_inline.backend_inline")
    monkeypatch.setattr("IPython.display.display", lambda data, **more: bundles.append((data, more["metadata"])))
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    yield bundles
    lend(Lent())


def recorded(displayed):
    """Take what was displayed by `show_recorded` as the pictures that it stands for."""
    shown, displayed[:] = displayed[:], []
    show_recorded()
    told = [({**about["image/png"], "png": data["image/png"]}) for data, about in displayed]
    displayed[:] = shown
    return tuple(Picture(**{name: base64.b64decode(text) for name, text in each.items()}) for each in told)


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_picture_that_was_lent_is_shown_as_if_it_were_drawn(draw, displayed, monkeypatch):
    draw()
    lend(Lent(records=True))
    draw()
    lend(Lent(pictures=recorded(displayed)))
    monkeypatch.setattr(FigureCanvasAgg, "draw", None)
    draw()
    drawn, while_recorded, lent = displayed
    assert drawn == while_recorded == lent


def test_pictures_that_differ_from_what_was_lent_are_drawn(displayed):
    def draw(last):
        plots.lines({"loss": [3.0, 2.0, last]}, "Loss by epoch", "epoch", "loss")

    lend(Lent(records=True))
    draw(1.0)
    (one,) = recorded(displayed)
    lend(Lent(pictures=(Picture(look=one.look, places=one.places, png=b"lent"),)))
    draw(1.0)
    draw(1.0 + 1e-6)
    draw(1.1)
    shown = [base64.b64decode(data["image/png"]) for data, _ in displayed[1:]]
    assert [png == b"lent" for png in shown] == [True, True, False]
    assert Image.open(io.BytesIO(shown[2])).size == Image.open(io.BytesIO(one.png)).size


def test_words_for_a_picture_that_was_lent_are_of_the_student_s_own_numbers(displayed):
    lend(Lent(records=True))
    plots.lines({"loss": [3.0, 2.0, 1.144999]}, "Loss by epoch", "epoch", "loss")
    lend(Lent(pictures=recorded(displayed)))
    plots.lines({"loss": [3.0, 2.0, 1.145001]}, "Loss by epoch", "epoch", "loss")
    assert [about["image/png"]["alt"][-9:] for _, about in displayed] == [" to 1.14.", " to 1.15."]
    assert displayed[0][0]["image/png"] == displayed[1][0]["image/png"]


def test_a_race_that_was_lent_has_the_number_of_its_own_cell(displayed, monkeypatch):
    lend(Lent(records=True))
    PICTURES["race"]()
    lend(Lent(pictures=recorded(displayed)))
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: type("Shell", (), {"execution_count": 7}))
    PICTURES["race"]()
    comments = [Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).info["Comment"] for data, _ in displayed]
    assert comments == ["In [0]", "In [7]"]


def figure():
    """Build a figure with some of everything."""
    made = plt.figure(figsize=(3, 3), dpi=100)
    axes = made.subplots()
    axes.plot([0, 1, 2], [1.0, 3.0, 2.0], "o-", label="loss")
    axes.fill_between([0, 1, 2], [0.0, 1.0, 1.0])
    axes.scatter([0.5, 1.5], [1.0, 2.0], s=[20, 40])
    axes.imshow(np.eye(4), extent=(0, 1, 0, 1), aspect="auto")
    axes.set(title="Loss", xlabel="step", ylabel="loss", xlim=(0, 2), ylim=(0, 4))
    axes.legend(loc="upper right")
    return made


CHANGES = {
    "title": lambda axes: axes.set_title("loss"),
    "a label": lambda axes: axes.set_xlabel("epoch"),
    "a label's colour": lambda axes: axes.xaxis.label.set_color("red"),
    "a limit": lambda axes: axes.set_xlim(0, 2.01),
    "ticks": lambda axes: axes.set_xticks([0, 1]),
    "smaller ticks": lambda axes: axes.minorticks_on(),
    "labels of ticks": lambda axes: axes.set_xticks([0, 1, 2], ["a", "b", "c"]),
    "the look of ticks": lambda axes: axes.tick_params(labelcolor="red"),
    "a grid": lambda axes: axes.grid(visible=True),
    "a scale": lambda axes: axes.set_yscale("symlog"),
    "an axis that is hidden": lambda axes: axes.xaxis.set_visible(False),
    "an axis on the other side": lambda axes: axes.yaxis.tick_right(),
    "axes elsewhere": lambda axes: axes.set_position((0.1, 0.1, 0.8, 0.8)),
    "a frame": lambda axes: axes.spines["top"].set_visible(False),
    "a ground": lambda axes: axes.set_facecolor("yellow"),
    "a number": lambda axes: axes.lines[0].set_ydata([1.0, 3.0, 2.01]),
    "a number that is missing": lambda axes: axes.lines[0].set_ydata([1.0, np.nan, 2.0]),
    "a colour": lambda axes: axes.lines[0].set_color("red"),
    "a dash": lambda axes: axes.lines[0].set_linestyle("--"),
    "a width": lambda axes: axes.lines[0].set_linewidth(3),
    "a marker": lambda axes: axes.lines[0].set_marker("s"),
    "a marker's size": lambda axes: axes.lines[0].set_markersize(7),
    "an opacity": lambda axes: axes.lines[0].set_alpha(0.5),
    "what lies above": lambda axes: axes.lines[0].set_zorder(0.5),
    "a cut": lambda axes: axes.lines[0].set_clip_on(False),
    "an area": lambda axes: axes.collections[0].set_facecolor("red"),
    "a pattern": lambda axes: axes.collections[0].set_hatch("/"),
    "the size of dots": lambda axes: axes.collections[1].set_sizes([20, 60]),
    "the place of dots": lambda axes: axes.collections[1].set_offsets([[0.5, 1.0], [1.5, 2.1]]),
    "an image": lambda axes: axes.images[0].set_data(np.eye(4)[::-1]),
    "a legend": lambda axes: axes.legend(loc="upper left"),
    "a text": lambda axes: axes.text(1, 1, "here"),
    "an arrow": lambda axes: axes.annotate("", (1, 1), (0, 0), arrowprops={"arrowstyle": "->"}),
    "an effect": lambda axes: axes.lines[0].set_sketch_params(3),
    "the ground": lambda axes: axes.figure.set_facecolor("yellow"),
    "the size": lambda axes: axes.figure.set_size_inches(3.01, 3),
    "the resolution": lambda axes: axes.figure.set_dpi(101),
    "a second panel": lambda axes: axes.figure.add_axes((0.8, 0.8, 0.1, 0.1)),
    "a setting": lambda _: mpl.rcParams.update({"xtick.color": "red"}),
}


@pytest.fixture(scope="module")
def known():
    """What is known of the figure as it is."""
    return likeness(figure())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_can_be_seen_makes_another_picture(change, known):
    with mpl.rc_context():
        changed = figure()
        change(changed.axes[0])
        look, places = likeness(changed)
    assert look != known[0] or not close(places, known[1])


@pytest.mark.parametrize(("share", "same"), [(0.0, True), (0.9, True), (1.1, False), (-0.9, True), (-1.1, False)])
def test_what_is_elsewhere_by_less_than_a_tenth_of_a_pixel_looks_the_same(share, same, known):
    moved = figure()
    axes = moved.axes[0]
    axes.lines[0].set_ydata([1.0, 3.0 + share * CLOSE * 4 / axes.bbox.height, 2.0])
    look, places = likeness(moved)
    assert look == known[0]
    assert close(known[1], places) == same


@pytest.mark.parametrize(("last", "same"), [(1 - 1e-7, False), (1 + 1e-7, True)])
def test_a_tick_at_the_end_of_an_axis_is_there_or_not(last, same):
    looks = []
    for end in (1, last):
        axes = plt.figure(figsize=(2, 2)).subplots()
        axes.set_xlim(0, end)
        looks.append(likeness(axes.figure)[0])
    assert (looks[0] == looks[1]) == same


def test_a_figure_that_is_drawn_in_an_unknown_way_is_drawn(displayed, monkeypatch):
    monkeypatch.setattr("coursekit.likeness.likeness", None)
    lend(Lent(records=True))
    PICTURES["lines"]()
    assert base64.b64decode(displayed[0][0]["image/png"]).startswith(b"\x89PNG")
