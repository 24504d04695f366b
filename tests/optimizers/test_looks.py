"""An optimizer has one colour and one line style in every picture; everybody tells the colours apart."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb

mpl.use("Agg")

import matplotlib.pyplot as plt

import coursekit
from coursekit.optimizers import data, functions, plots
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.references import stand_in
from coursekit.palette import OPTIMIZERS, PALETTE

NAMES = tuple(OPTIMIZERS)
PATH = torch.tensor([[-2.0, 1.0], [-1.0, 0.5], [0.0, 0.0]])
# What a reader with full sight sees, and without one kind of cones: of red, green, blue (Machado and others, 2009).
SIGHTS = {
    "full": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
PICTURES = {
    "lines": lambda name: plots.lines({"noise": [1.0, 2.0], name: [2.0, 1.0]}, "data", "step", "loss"),
    "stacked": lambda name: plots.stacked([("loss", {name: [1.0, 2.0]})], "data", "step"),
    "curve": lambda name: plots.curve(functions.double_well(), {name: PATH[:, 0]}, "data"),
    "contours": lambda name: plots.contours(functions.valley(), {name: PATH}, "data"),
    "surface": lambda name: plots.surface(functions.valley(), {name: PATH}, "data"),
    "walks": lambda name: plots.walks(functions.valley(), {name: PATH}, "data"),
    "race": lambda name: plots.race(functions.valley(), {name: PATH}, "data"),
    "fit": lambda name: plots.fit(data.linear(), {name: data.linear().x}, "data"),
    "one_step": lambda name: plots.one_step(stand_in(name), functions.valley(), (-3.0, 1.0), "data"),
    "training": lambda name: plots.training(
        coursekit.History(losses=[3.0, 2.0, 1.0], parameters=PATH), data.linear(), f"Noisy {name} on the linear data"
    ),
}


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    yield
    plt.close("all")


def drawn(line):
    """Return what a line looks like: its colour, and its dashes as a share of its width."""
    return line.get_color(), line._unscaled_dash_pattern  # noqa: SLF001 - a line tells of its dashes nowhere else


def as_drawn(name):
    colour, style = OPTIMIZERS[name]
    return drawn(plt.Line2D([], [], color=colour, linestyle=style))


def test_every_picture_with_curves_is_tried_here():
    assert {name for name in plots.__all__ if callable(getattr(plots, name))} == {*PICTURES, "marks"}  # which has none


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_optimizer_looks_the_same_in_every_picture(draw):
    draw("Adam")
    curves = [line for axes in plt.gcf().axes for line in axes.lines]
    assert as_drawn("Adam") in map(drawn, curves)


@pytest.mark.parametrize("said", ["{}, η = 0.1", "your {}", "no decay ({})", "Noisy {} on the linear data", "{}: |Δθ|"])
def test_optimizer_is_found_in_a_name(said):
    found = looks([said.format(name) for name in NAMES])
    assert [(look["color"], look["linestyle"]) for look in found] == list(OPTIMIZERS.values())


def test_curves_of_one_picture_never_look_the_same():
    series = ["SGD, x0 = 1", "SGD, x0 = 2", "SGD, x0 = 3", "SGD, x0 = 4", "AdamW", "AdamW, λ = 1", "AdamW, λ = 2"]
    for names in (series, ["noise", *NAMES[:6]], ["a", "b", "your Adam"], list("abcdef")):
        found = looks(names)
        assert len({look["color"] for look in found}) == len(names)
    assert len({str(look["linestyle"]) for look in looks(series[:4])}) == 4


def test_what_is_no_optimizer_s_looks_like_none_that_is_there():
    own, *others = looks(["your Adam", "ε inside the root", "correction forgotten"])
    assert own["color"] == OPTIMIZERS["Adam"][0]
    assert OPTIMIZERS["Adam"][0] not in [look["color"] for look in others]
    assert len(looks([*NAMES, *"abc"])) == len(NAMES) + 3


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_everybody_tells_the_colours_apart(sight):
    seen = [lab(np.clip(sight @ linear(colour), 0, 1)) for colour in PALETTE]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 12  # 2 is just visible


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return the CIE lightness and two opponent colours of a linear RGB colour."""
    weights = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(weights @ rgb / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
