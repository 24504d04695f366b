"""Mistakes in the data of notebook 1."""

from __future__ import annotations

import numpy as np
import torch

from coursekit.judging.calls import CallScenario
from coursekit.optimizers.mistakes_in_functions.variant import Choice, variant

_DATA = "Your turn: the data"
_DEVIATIONS = {
    "variances": ("√2 and √5", 2**0.5, 5**0.5),
    "deviations_squared": ("4 and 25", 4.0, 25.0),
    "deviations_exchanged": ("5 and 2", 5.0, 2.0),
    "deviations_of_1": ("1 and 1", 1.0, 1.0),
}
_PARABOLAS = {
    "plus_for_minus": "0.5x² + 4x",
    "half_of_both": "0.5(x² − 4x)",
    "half_squared": "(0.5x)² − 4x",
    "no_half": "x² − 4x",
}


def make_data(choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return what `make_data` returns with these mistakes."""
    seed = 0 if "seed" in choice else int(scenario.arguments[0].value.item())
    x = _inputs(choice.get("inputs", ""))
    draw = _Noise(seed, choice.get("generator", ""))
    _, of_line, of_parabola = _DEVIATIONS.get(choice.get("deviation", ""), ("", 2.0, 5.0))
    if choice.get("order") == "parabola_first":
        noise = draw(of_parabola)
        line, parabola = draw(of_line), noise
    else:
        line = draw(of_line)
        draw = _Noise(seed, choice.get("generator", "")) if choice.get("order") == "seeded_twice" else draw
        parabola = draw(of_parabola)
    if "noise" in choice:
        line, parabola = line * 0, parabola * 0
    wrong = 0.5 * x**2 + 4 * x, 0.5 * (x**2 - 4 * x), (0.5 * x) ** 2 - 4 * x, x**2 - 4 * x
    curves = dict(zip(_PARABOLAS, wrong, strict=True))
    straight = 5 * x + 3 if "straight" in choice else 3 * x + 5
    return np.stack([x, straight + line, curves.get(choice.get("curve", ""), 0.5 * x**2 - 4 * x) + parabola])


def _inputs(way: str) -> np.ndarray:
    if way == "end_left_out":
        return np.linspace(-10, 10, 100, endpoint=False)
    return np.arange(-10, 10, 0.2) if way == "arange" else np.linspace(-10, 10, 100)


class _Noise:
    """Draws the noise of one set after the other."""

    def __init__(self, seed: int, way: str) -> None:
        self._way = way
        self._stream = np.random.default_rng(seed) if way == "new_generator" else np.random.RandomState(seed)
        self._of_torch = torch.Generator().manual_seed(seed)

    def __call__(self, deviation: float) -> np.ndarray:
        if self._way == "torch_s_generator":
            return torch.randn(100, generator=self._of_torch).numpy() * deviation
        if self._way == "uniform":
            return self._stream.uniform(-deviation, deviation, 100)
        return self._stream.normal(0, deviation, 100)


MAKE_DATA = (
    variant(
        "order",
        "parabola_first",
        "data in which the noise of the parabola is drawn first",
        "The lines of the two sets stand in the other order.",
        "A stream gives its numbers one after the other: the first hundred belong to the line.",
        where=_DATA,
    ),
    variant(
        "order",
        "seeded_twice",
        "data whose noise is drawn twice from the beginning of the stream",
        "`np.random.seed(seed)` stands before each of the two sets, or each has a generator of its own.",
        "Both sets then have the same noise, one times two and one times five. One stream serves both.",
        where=_DATA,
    ),
    variant(
        "generator",
        "new_generator",
        "data from another generator, `np.random.default_rng`",
        "`default_rng(seed)` stands where `np.random.seed(seed)` should.",
        "It is the better generator, but the same seed starts another stream of numbers there.",
        where=_DATA,
    ),
    variant(
        "generator",
        "torch_s_generator",
        "data from torch's generator",
        "`torch.manual_seed(seed)` and `torch.randn` draw the noise.",
        "The same seed starts another stream of numbers in numpy, and the course draws from that one.",
        where=_DATA,
    ),
    variant(
        "generator",
        "uniform",
        "data with noise that is spread evenly",
        "`np.random.uniform` draws the noise.",
        "The noise is normal: small errors are frequent and large ones rare. `np.random.normal` draws it.",
        where=_DATA,
    ),
    variant(
        "seed",
        "seed_ignored",
        "data that do not change with the seed",
        "`np.random.seed` is called with 0, or not at all.",
        "The function is given a seed, and with another seed the noise must be another.",
        where=_DATA,
    ),
    *(
        variant(
            "deviation",
            name,
            f"data whose noise has the standard deviations {deviations}",
            "A root or a square is taken of 2 and 5, or they are exchanged or left out.",
            "The second argument of `np.random.normal` is the standard deviation itself: 2 for the line, 5 for the"
            " parabola.",
            where=_DATA,
        )
        for name, (deviations, *_) in _DEVIATIONS.items()
    ),
    variant(
        "noise",
        "no_noise",
        "data without noise",
        "What `np.random.normal` returns is not added.",
        "Without noise every point lies on the curve, and a loss of 0 can be reached.",
        where=_DATA,
    ),
    variant(
        "straight",
        "slope_for_intercept",
        "data of the line 5x + 3",
        "Slope and intercept are exchanged: 5 multiplies the inputs, and 3 is added.",
        "The slope is 3, and the line meets the axis at 5.",
        where=_DATA,
    ),
    *(
        variant(
            "curve",
            name,
            f"data of the parabola {formula}",
            "A sign, a bracket or the factor 0.5 is another than in `0.5 * x**2 - 4 * x`.",
            "Half of the square alone is taken, and four times the input is subtracted.",
            where=_DATA,
        )
        for name, formula in _PARABOLAS.items()
    ),
    *(
        variant(
            "inputs",
            "end_missing",
            "data whose inputs end before 10",
            "`np.arange` makes them, or `linspace` is told to leave out the end.",
            "`np.linspace(-10, 10, 100)` makes a hundred numbers, both ends among them.",
            where=_DATA,
            way=way,
        )
        for way in ("end_left_out", "arange")
    ),
)
