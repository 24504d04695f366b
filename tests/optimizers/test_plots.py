"""The pictures: every function shows one figure, with titles and labels in the notebook's language."""

import base64
import io
import math

import matplotlib as mpl
import pytest
import torch

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.quiver import Quiver
from PIL import Image, ImageColor, ImageSequence

import coursekit
from coursekit.optimizers import data, functions, plots, references
from coursekit.optimizers.plots import surfaces
from coursekit.optimizers.references import stand_in

LINE = data.linear()


def history(rate=0.01, epochs=20):
    model = coursekit.linear_model()
    optimizer = stand_in("SGD")(model.parameters(), learning_rate=rate)
    return coursekit.record(references.train, model, LINE, optimizer, epochs=epochs, every=0)


# Every function of the pictures, drawn once with texts that the course uses.
PICTURES = {
    "training": lambda: plots.training(history(), LINE, "Fitted line"),
    "lines": lambda: plots.lines({"loss": [3.0, 2.0, 1.0]}, "Loss by epoch", "epoch", "loss"),
    "curve": lambda: plots.curve(functions.double_well(), {"path": [3.0, 2.0, 1.9]}, "Path over the loss surface"),
    "contours": lambda: plots.contours(
        functions.himmelblau(), {"path": torch.tensor([[0.0, 0.0], [1.0, 2.0]])}, "Path over the loss surface"
    ),
    "surface": lambda: plots.surface(
        functions.himmelblau(), {"path": torch.tensor([[0.0, 0.0], [1.0, 2.0]])}, "Path over the loss surface"
    ),
    "one_step": lambda: plots.one_step(
        stand_in("AdamW"), functions.valley(), (-3.0, 1.0), "One step of AdamW", memory=0.9, weight_decay=0.5
    ),
    "race": lambda: plots.race(
        functions.valley(), {"path": torch.tensor([[0.0, 0.0], [1.0, 2.0]])}, "Path over the loss surface"
    ),
    "walks": lambda: plots.walks(
        functions.himmelblau(), {"path": torch.tensor([[0.0, 0.0], [1.0, 2.0]])}, "Your optimizer at play"
    ),
    "fit": lambda: plots.fit(LINE, {"fitted line": 3 * LINE.x + 5}, "Fitted line"),
    "marks": lambda: plots.marks(
        {"loss": [True, False], "bias": [False, False], "data": [True, True]},
        ["one that never moves", "no bias correction (MLX)"],
        "Twelve mistakes and your tests",
        ("epoch", "optimizer"),
        ("refused", "accepted"),
    ),
    "stacked": lambda: plots.stacked([("loss", {"path": [1.0, 2.0]}), ("bias", {"data": [0.0]})], "data", "step"),
}


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Collect the figures that are shown, drawn to the last line."""
    figures = []

    def show():
        figures[:] = [plt.figure(number) for number in plt.get_fignums()]
        for figure in figures:
            figure.canvas.draw()

    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    monkeypatch.setattr(plt, "show", show)
    yield figures
    plt.close("all")


def texts(figure):
    legends = [axes.get_legend() for axes in figure.axes]
    return [
        figure.get_suptitle(),
        *(axes.get_title() for axes in figure.axes),
        *(axes.get_xlabel() for axes in figure.axes),
        *(axes.get_ylabel() for axes in figure.axes),
        *(text.get_text() for legend in legends if legend for text in legend.get_texts()),
    ]


def test_every_function_of_the_pictures_is_tried_here():
    assert {name for name in plots.__all__ if callable(getattr(plots, name))} == set(PICTURES)


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_picture_is_one_figure_with_a_title_and_labelled_axes(draw, shown, capsys):
    draw()
    (figure,) = shown
    assert figure.get_suptitle()
    assert all(axes.get_ylabel() for axes in figure.axes)
    assert figure.axes[-1].get_xlabel()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_picture_speaks_the_language_of_the_notebook(draw, shown, monkeypatch):
    draw()
    english = [text for text in texts(shown[0]) if text and not text.startswith("$")]
    plt.close("all")
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    draw()
    french = [text for text in texts(shown[0]) if text and not text.startswith("$")]
    same = {"x", "y", "f(x)", "f(x, y)", "minimum"}  # the same in both languages
    assert len(french) == len(english)
    assert all((one == other) == (one in same) for one, other in zip(english, french, strict=True))


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_nothing_is_written_beyond_the_edge_of_the_picture(draw, shown):
    draw()
    (figure,) = shown
    width, height = figure.get_size_inches()
    extent = figure.get_tightbbox()
    assert extent.x0 >= 0
    assert extent.y0 >= 0
    assert extent.x1 <= width
    assert extent.y1 <= height


def test_stacked_panels_make_room_for_long_names(shown):
    name = "a name that is longer than any other in the course"
    plots.stacked([("loss", {"path": [0.0001, 0.0002]}), ("bias", {name: [1.0, 2.0]})], "data", "step")
    (figure,) = shown
    legends = [axes.get_legend().get_window_extent() for axes in figure.axes]
    assert max(legend.x1 for legend in legends) <= figure.bbox.x1
    assert min(legend.x0 - axes.bbox.x1 for legend, axes in zip(legends, figure.axes, strict=True)) >= 0


def test_house_style_ends_with_the_picture():
    before = dict(mpl.rcParams)
    PICTURES["lines"]()
    assert dict(mpl.rcParams) == before


def test_training_shows_loss_path_and_fitted_line(shown):
    plots.training(history(), LINE, "Fitted line")
    losses, surface, fitted = shown[0].axes
    assert (losses.get_title(), losses.get_yscale()) == ("Loss by epoch", "log")
    assert (surface.get_xlabel(), surface.get_ylabel()) == ("weight", "bias")
    assert len(fitted.get_lines()) == 2


def test_training_that_diverges_is_drawn_all_the_same(shown):
    diverged = history(rate=0.1, epochs=200)
    assert not torch.isfinite(diverged.parameters[-1]).all()
    plots.training(diverged, LINE, "Fitted line")
    assert len(shown) == 1


def test_training_without_a_step_is_drawn_all_the_same(shown):
    plots.training(history(epochs=0), LINE, "Fitted line")
    assert len(shown) == 1


def test_lines_have_levels_markers_and_logarithmic_axes(shown):
    plots.lines({"loss": [1.0, 10.0]}, "data", "x", "y", x=[1, 10], log="xy", levels={"minimum": 2.0}, markers=True)
    (axes,) = shown[0].axes
    curve, level = axes.get_lines()
    assert curve.get_xdata().tolist() == [1, 10]
    assert curve.get_marker() == "o"
    assert set(level.get_ydata()) == {2.0}
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1e-2, 1e3], {"0.01", "1", "1000"}),
        ([1.0, 5.0], {"1", "2", "5"}),
        ([0.21, 0.49], {"0.2", "0.5"}),
        ([0.27, 1.1], {"0.3", "0.5", "0.7", "1"}),
        ([1e-12, 1e9], {"1e−12", "1e6"}),
    ],
)
def test_logarithmic_axes_are_labelled_with_plain_numbers(values, labels, shown):
    plots.lines({"loss": values}, "data", "x", "y", log="y")
    written = {text.get_text() for text in shown[0].axes[0].texts}
    assert labels <= written
    assert not any("$" in text for text in written)


def test_loss_surface_is_the_mean_squared_error(shown, monkeypatch):
    drawn = []
    monkeypatch.setattr(surfaces, "fill_contours", lambda _, *grids: drawn.append(grids))
    plots.training(history(), LINE, "Fitted line")
    ((weight, bias, values),) = drawn
    places = ((0, 0), (7, 100), (119, 119))
    lines = [float(weight[place]) * LINE.x + float(bias[place]) for place in places]
    losses = [torch.mean((line - LINE.y) ** 2).item() for line in lines]
    assert [values[place] for place in places] == pytest.approx(losses, rel=1e-5)


def test_numbers_have_the_decimal_mark_of_the_language(displayed, shown, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    plots.contours(functions.valley(), {"path": torch.tensor([[5.0, 1.0], [0.5, -0.25]])}, "data")
    assert "de (5\u00a0; 1) à (0,5\u00a0; −0,25)" in displayed[0][0]["text/plain"]
    monkeypatch.setattr(mpl, "get_backend", lambda: "agg")
    plots.lines({"loss": [0.0, 1.0]}, "data", "x", "y")
    assert {"0", "0,2", "1"} <= {text.get_text() for text in shown[0].axes[0].texts}


def test_bands_and_steps_are_whole_from_the_first_to_the_last(shown):
    panels = [("loss", {"loss": [3.0, 2.0, 1.0], "data": ([math.nan, 1.0, 1.0], [math.nan, 2.0, 2.0])})]
    plots.stacked(panels, "data", "step", steps=True)
    (axes,) = shown[0].axes
    assert axes.lines[0].get_xdata().tolist() == [-0.5, 0.5, 1.5, 2.5]
    (band,) = [each for each in axes.collections if each.get_label() == "data"]
    assert (band.get_paths()[0].get_extents().x0, band.get_paths()[0].get_extents().x1) == (0.5, 2.5)


def test_part_of_a_picture_is_drawn_once_more_and_larger(shown):
    plots.lines({"Adam": [100.0, 99.9], "SGD": [100.0, 50.0]}, "data", "x", "y", inset=(0, 1, 99, 100))
    (inset,) = shown[0].axes[0].child_axes
    assert [line.get_color() for line in inset.lines] == [line.get_color() for line in shown[0].axes[0].lines[:2]]
    assert (inset.get_xlim(), inset.get_ylim()) == ((0, 1), (99, 100))


@pytest.mark.parametrize("end", [math.nan, math.inf, 30.0])
def test_path_that_diverges_is_called_so_and_is_not_drawn_beyond_the_picture(end, shown):
    paths = {"SGD": torch.tensor([1.0, -2.0, 20.0, end]), "Adam": torch.tensor([1.0, 20.0, 1.5, 1.8])}
    plots.walks(functions.double_well(), paths, "data")
    place, values = shown[0].axes
    assert [text.get_text() for text in values.get_legend().get_texts()] == ["SGD diverges", "Adam"]
    assert [line.get_xdata().tolist() for line in values.lines] == [[0, 1], [0, 1, 2, 3]]
    assert place.get_ylim()[1] < 20


def test_curves_take_lists_tensors_and_lists_of_tensors(shown):
    parameter = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    series = {"loss": [1, 2], "path": parameter, "data": [torch.tensor(1.0), torch.tensor(2.0)]}
    plots.lines(series, "data", "x", "y")
    assert [line.get_ydata().tolist() for line in shown[0].axes[0].get_lines()] == [[1.0, 2.0]] * 3


def test_curves_of_one_picture_differ_in_colour(shown):
    plots.lines({name: [0.0, 1.0] for name in "abcdef"}, "data", "x", "y")
    assert len({line.get_color() for line in shown[0].axes[0].get_lines()}) == 6


def test_stacked_panels_share_their_abscissa_and_draw_bands(shown):
    panels = [("loss", {"data": ([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])}), ("bias", {"path": [1.0, 10.0]})]
    plots.stacked(panels, "data", "step", log=["bias"], steps=True)
    upper, lower = shown[0].axes
    assert upper.get_shared_x_axes().joined(upper, lower)
    assert [each.get_label() for each in upper.collections if each.get_label() == "data"] == ["data"]
    assert (upper.get_yscale(), lower.get_yscale()) == ("linear", "log")


def test_curve_and_contours_mark_the_end_of_a_path_within_the_limits(shown):
    plots.curve(functions.quadratic(), {"path": [5.0, 3.0]}, "data", limits=(0.0, 6.0))
    plots.contours(functions.valley(), {"path": [[5.0, 1.0], [0.5, 0.0]]}, "data", limits=((-1.0, 6.0), (-2.0, 2.0)))
    plane, contours = (figure.axes[0] for figure in shown)
    assert plane.get_xlim() == (0.0, 6.0)
    assert (contours.get_xlim(), contours.get_ylim()) == ((-1.0, 6.0), (-2.0, 2.0))
    assert [3.0, 1.0] in [line.get_xydata()[-1].tolist() for line in plane.get_lines() if line.get_marker() == "s"]
    assert [0.5, 0.0] in [line.get_xydata()[-1].tolist() for line in contours.get_lines() if line.get_marker() == "s"]


def arrows(figure):
    quivers = [each for each in figure.axes[0].collections if isinstance(each, Quiver)]
    return {each.get_label(): (float(each.U[0]), float(each.V[0])) for each in quivers}


def test_arrows_of_a_step_are_what_the_optimizer_does(shown):
    plots.one_step(stand_in("SGD"), functions.valley(10), (-3.0, 1.0), "data", steps=0, span=4.0, learning_rate=0.1)
    against, step = arrows(shown[0]).values()
    assert step == pytest.approx(against)  # to the same length
    assert step[0] / step[1] == pytest.approx(3.0 / -10.0)


def test_decay_is_the_difference_that_it_makes(shown):
    valley = functions.valley(10, 3.5)
    plots.one_step(stand_in("AdamW"), valley, (2.0, 1.0), "data", steps=0, weight_decay=0.5, learning_rate=0.1)
    _, step, decay = arrows(shown[0]).values()
    assert decay[0] / decay[1] == pytest.approx(2.0, rel=1e-4)  # straight to the origin
    assert step[1] / decay[1] == pytest.approx((0.1 + 0.1 * 0.5) / (0.1 * 0.5), rel=1e-4)


def test_an_optimizer_that_stands_still_is_drawn_all_the_same(shown):
    plots.one_step(stand_in("SGD"), functions.valley(), (0.0, 0.0), "data", memory=0.9)
    assert len(shown) == 1


@pytest.fixture
def displayed(monkeypatch):
    """Collect what is displayed in a notebook."""
    bundles = []
    monkeypatch.setattr(mpl, "get_backend", lambda: "module://matplotlib_inline.backend_inline")
    monkeypatch.setattr("IPython.display.display", lambda data, **more: bundles.append((data, more)))
    return bundles


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_picture_comes_with_words_for_those_who_cannot_see_it(draw, displayed):
    draw()
    ((data, more),) = displayed
    words = data["text/plain"]
    assert more["metadata"]["image/png"]["alt"] == words
    assert words.count(". ") >= 1
    assert "Figure" not in words
    assert not plt.get_fignums()
    width = more["metadata"]["image/png"]["width"]
    assert 400 < width == Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width / 2  # sharp on any screen


def test_words_say_from_where_to_where_a_curve_leads(displayed):
    plots.lines({"loss": [30.0, 2.0, 1.5], "path": [3.0, 1e-9]}, "data", "step", "loss", levels={"minimum": 2.0})
    assert displayed[0][0]["text/plain"] == "data. loss (step): loss from 30 to 1.5; path from 3 to 0; minimum 2."


def test_words_tell_curves_apart_that_an_eye_does(displayed):
    plots.lines({"one": [100.0, 99.12], "other": [100.4, 101.26]}, "data", "step", "loss")
    assert "one from 100 to 99.12; other from 100.4 to 101.26." in displayed[0][0]["text/plain"]


def test_words_say_what_is_small_on_an_axis_of_decades(displayed):
    plots.lines({"one": [100.0, 1.26e-7], "rounded": [1.0, 1e-17]}, "data", "step", "loss", log="y")
    assert "one from 100 to 1.3e−7; rounded from 1 to 0." in displayed[0][0]["text/plain"]


def test_words_give_the_points_of_a_path_on_a_map(displayed):
    plots.contours(functions.valley(), {"path": torch.tensor([[5.0, 1.0], [0.5, 0.25]])}, "data")
    assert "path from (5, 1) to (0.5, 0.25)" in displayed[0][0]["text/plain"]


def test_race_plays_and_its_last_frame_stands_where_nothing_plays(displayed):
    path = torch.stack([torch.linspace(-10, 0, 21), torch.linspace(2, 0, 21)], dim=1)
    plots.race(functions.valley(), {"path": path, "data": path[:10]}, "Fitted line")
    picture = Image.open(io.BytesIO(base64.b64decode(displayed[0][0]["image/png"])))
    assert picture.info["loop"] == 3
    assert picture.info["default_image"]
    frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]
    assert len(frames) == 22  # the one that stands, and one for each position
    assert frames[0].tobytes() == frames[-1].tobytes()
    assert len({frame.tobytes() for frame in frames[1:]}) == 21


def test_runners_of_a_race_keep_their_colours(displayed):
    rows = {
        name: torch.tensor([[-10.0, height], [10.0, height]])
        for name, height in zip("abcdef", range(-3, 3), strict=True)
    }
    plots.race(functions.valley(), rows, "data")
    picture = Image.open(io.BytesIO(base64.b64decode(displayed[0][0]["image/png"]))).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(2**16)}
    assert {ImageColor.getrgb(colour) for colour in plots.PALETTE[:-1]} <= colours
