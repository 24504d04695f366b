"""Sliders for the hyperparameters, and the picture that is drawn anew with each of their moves.

Where no widgets can be shown, in a saved page or while a notebook is graded, the picture stands there with the values
that the sliders begin with.
"""

from __future__ import annotations

import base64
import html
import inspect
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from coursekit.language import translate
from coursekit.optimizers import functions, plots
from coursekit.optimizers.references import SIGNATURES

_WIDGET = "application/vnd.jupyter.widget-view+json"
_FUNCTIONS = {
    "valley": functions.valley(),
    "Himmelblau": functions.himmelblau(),
    "double well": functions.double_well(),
}
_METRICS = ("falls, then rests", "falls in two stages", "rises again")
_EPOCHS = 60


@dataclass(frozen=True)
class _Slider:
    """A number between two others; on a logarithmic scale if both are positive and far apart."""

    low: float
    high: float
    start: float
    whole: bool = False


@dataclass(frozen=True)
class _Desk:
    """The choices, the picture that is drawn of them, and the controls that each choice uses."""

    controls: Mapping[str, _Slider | tuple[str, ...]]
    draw: Callable[..., None]
    used: Callable[[Mapping[str, Any]], set[str]]

    @property
    def start(self) -> dict[str, Any]:
        """The values at the beginning."""
        return {name: each[0] if isinstance(each, tuple) else each.start for name, each in self.controls.items()}


def descent(optimizers: Mapping[str, Callable[..., torch.optim.Optimizer]], minimise: Callable[..., Any]) -> None:
    """Show how an optimizer walks on a function: choose both, the start, and every hyperparameter.

    Parameters
    ----------
    optimizers
        The classes by their names.
    minimise
        Called as in the course, `minimise(optimizer_class, function, start, steps, **hyperparameters)`; returns the
        positions, shape `(steps + 1, *start.shape)`.
    """
    hyperparameters = {
        "learning_rate": _Slider(1e-4, 10.0, 0.03),
        "decay": _Slider(0.0, 0.999, 0.9),
        "beta1": _Slider(0.0, 0.999, 0.9),
        "beta2": _Slider(0.0, 0.9999, 0.999),
        "epsilon": _Slider(1e-10, 1.0, 1e-8),
        "weight_decay": _Slider(0.0, 1.0, 0.01),
    }

    def taken(values: Mapping[str, Any]) -> set[str]:
        name = values["optimizer"]
        return hyperparameters.keys() & (SIGNATURES.get(name) or inspect.signature(optimizers[name]).parameters).keys()

    def used(values: Mapping[str, Any]) -> set[str]:
        axes = {"x", "y"} if len(_FUNCTIONS[values["function"]].limits) == 2 else {"x"}
        return {"optimizer", "function", "steps"} | axes | taken(values)

    def draw(**values: Any) -> None:
        function = _FUNCTIONS[values["function"]]
        plane = len(function.limits) == 2
        start = torch.tensor([values["x"], values["y"]] if plane else values["x"])
        chosen = {name: values[name] for name in sorted(taken(values))}
        path = minimise(optimizers[values["optimizer"]], function, start, values["steps"], **chosen)
        picture = plots.contours if plane else plots.curve
        picture(function, {values["optimizer"]: path}, "Your optimizer at play")

    controls: dict[str, _Slider | tuple[str, ...]] = {
        "optimizer": tuple(optimizers),
        "function": tuple(_FUNCTIONS),
        **hyperparameters,
        "steps": _Slider(1, 300, 60, whole=True),
        "x": _Slider(-10.0, 10.0, -2.5),
        "y": _Slider(-3.0, 3.0, 2.5),
    }
    _open(_Desk(controls, draw, used))


def damping(optimizer_class: Callable[..., torch.optim.Optimizer], distances: Callable[..., torch.Tensor]) -> None:
    """Show how the error dies out on a flat and on a steep axis of a bowl: choose the rate and the momentum.

    Parameters
    ----------
    optimizer_class
        Called as in the course, `optimizer_class(params, learning_rate=…, momentum=…)`.
    distances
        Called as `distances(optimizer_class, curvatures, steps, **hyperparameters)`; returns how far each axis is from
        its minimum, shape `(steps + 1, axes)`.
    """

    def draw(steps: int, **hyperparameters: float) -> None:
        flat, steep = distances(optimizer_class, [1.0, 25.0], steps, **hyperparameters).T
        panels = [("along, λ = 1", {"flat": flat}), ("across, λ = 25", {"steep": steep})]
        plots.stacked(panels, "Your momentum at play", "step")

    controls: dict[str, _Slider | tuple[str, ...]] = {
        "learning_rate": _Slider(0.002, 0.16, 0.04),
        "momentum": _Slider(0.0, 0.99, 0.64),
        "steps": _Slider(10, 200, 60, whole=True),
    }
    _open(_Desk(controls, draw, lambda _: set(controls)))


def plateau(scheduler_class: Callable[..., Any]) -> None:
    """Show when a scheduler reduces the rate: choose how the metric runs, its noise, and every hyperparameter.

    Parameters
    ----------
    scheduler_class
        Called as in the course, `scheduler_class(optimizer, initial_lr, patience=…, factor=…, min_lr=…, threshold=…)`.
    """

    def draw(metric: str, noise: float, **hyperparameters: Any) -> None:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        scheduler = scheduler_class(optimizer, 1.0, **hyperparameters)
        metrics, rates = _metrics(metric, noise), []
        for value in metrics:
            scheduler.step(value)
            rates.append(optimizer.param_groups[0]["lr"])
        panels = [
            ("metric", {"metric": metrics}),
            ("learning rate", {"rate": rates, "min_lr": [hyperparameters["min_lr"]] * _EPOCHS}),
        ]
        plots.stacked(panels, "Your scheduler at play", "epoch", log=["learning rate"], steps=True)

    controls: dict[str, _Slider | tuple[str, ...]] = {
        "metric": _METRICS,
        "noise": _Slider(0.0, 0.5, 0.05),
        "patience": _Slider(0, 20, 5, whole=True),
        "factor": _Slider(0.05, 0.95, 0.5),
        "min_lr": _Slider(1e-6, 0.5, 1e-3),
        "threshold": _Slider(1e-6, 0.5, 1e-3),
    }
    _open(_Desk(controls, draw, lambda _: set(controls)))


def _metrics(kind: str, noise: float) -> list[float]:
    """Make a metric for every epoch; the noise is the same each time, so that only what was moved is seen to change."""
    generator = torch.Generator().manual_seed(0)
    shake = torch.randn(_EPOCHS, generator=generator).tolist()
    shapes: dict[str, Callable[[int], float]] = {
        "falls, then rests": lambda epoch: 1 + 4 * math.exp(-epoch / 6),
        "falls in two stages": lambda epoch: (1 if epoch < 30 else 0) + 1 + 3 * math.exp(-(epoch % 30) / 5),
        "rises again": lambda epoch: 1 + ((epoch - 20) / 15) ** 2,
    }
    return [max(shapes[kind](epoch) + noise * shake[epoch], 1e-3) for epoch in range(_EPOCHS)]


def _open(desk: _Desk) -> None:
    """Show the picture, with sliders above it where they can be had; either can be shown by itself."""
    import matplotlib as mpl
    from IPython.display import display

    if "inline" not in mpl.get_backend():
        desk.draw(**desk.start)
        return
    bundle, about = _drawn(desk, desk.start)
    if os.environ.get("NBGRADER_EXECUTION") != "autograde":
        try:
            # Written out, as ipywidgets 7, which Colab has, does not give it.
            bundle[_WIDGET] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": _board(desk, bundle, about["image/png"]["width"]).model_id,
            }
        except ImportError:
            print(translate("The sliders need ipywidgets: pip install ipywidgets"))
    display(bundle, raw=True, metadata=about)


def _drawn(desk: _Desk, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw without showing; give the picture, the words for it, and what belongs to them."""
    from IPython.utils.capture import capture_output

    capture: Any = capture_output
    with capture() as captured:
        desk.draw(**values)
    picture: Any = captured.outputs[-1]
    return dict(picture.data), dict(picture.metadata)


def _board(desk: _Desk, first: Mapping[str, Any], width: int) -> Any:
    """Make the controls and the picture under them, shown as wide as other figures."""
    import ipywidgets

    controls = {name: _control(name, each) for name, each in desk.controls.items()}
    look = {"width": f"{width}px", "height": "auto", "max_width": "100%", "align_self": "flex-start"}
    picture = ipywidgets.Image(value=base64.b64decode(first["image/png"]), format="png", layout=look)
    words = ipywidgets.HTML()

    def chosen() -> dict[str, Any]:
        """Return what is chosen, and show the controls that have a say in it."""
        values = {name: control.value for name, control in controls.items()}
        used = desk.used(values)
        for name, control in controls.items():
            control.layout.display = "" if name in used else "none"
        return values

    def redraw(_: object) -> None:
        try:
            bundle, _about = _drawn(desk, chosen())
        except Exception as error:  # noqa: BLE001 - whatever a student's code raises belongs beside the picture
            words.value = _told(error)
        else:
            words.value = ""
            picture.value = base64.b64decode(bundle["image/png"])

    chosen()
    for control in controls.values():
        control.observe(redraw, names="value")
    grid = ipywidgets.GridBox(
        list(controls.values()), layout={"grid_template_columns": "repeat(auto-fill, minmax(20em, 1fr))"}
    )
    return ipywidgets.VBox([grid, words, picture])


def _control(name: str, given: _Slider | tuple[str, ...]) -> Any:
    import ipywidgets

    style = {"description_width": "8em"}
    shown = translate(name)
    if isinstance(given, tuple):
        options = [(translate(option), option) for option in given]
        return ipywidgets.Dropdown(options=options, description=shown, style=style)
    if given.whole:
        whole = {"value": int(given.start), "min": int(given.low), "max": int(given.high)}
        return ipywidgets.IntSlider(**whole, description=shown, style=style)
    if given.low > 0 and given.high / given.low > 100:
        low, high, start = (math.log10(number) for number in (given.low, given.high, given.start))
        return ipywidgets.FloatLogSlider(
            value=given.start,
            base=10,
            min=low,
            max=high,
            step=_step(low, high, start),
            description=shown,
            style=style,
            readout_format=".2g",
        )
    return ipywidgets.FloatSlider(
        value=given.start,
        min=given.low,
        max=given.high,
        step=_step(given.low, given.high, given.start),
        description=shown,
        style=style,
        readout_format=".4g",
    )


def _step(low: float, high: float, start: float) -> float:
    """Return about a 200th of the way, such that steps lead from the low end to the start: a slider moves to a step."""
    steps = round(200 * (start - low) / (high - low))
    return (start - low) / steps if steps else (high - low) / 200


def _told(error: Exception) -> str:
    told = translate("Your code raises {error}: {message}", error=type(error).__name__, message=str(error)[:300])
    return f"<b>{html.escape(told)}</b>"
