"""Controls above a picture, which is drawn anew with each of their moves.

Where no widgets can be shown, in a saved page or while a notebook is graded, the picture stands there with the values
that the controls begin with.
"""

from __future__ import annotations

import base64
import html
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coursekit.language import translate

_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Slider:
    """A number between two others; on a logarithmic scale if both are positive and far apart."""

    low: float
    high: float
    start: float
    whole: bool = False


@dataclass(frozen=True)
class Board:
    """The choices, the picture that is drawn of them, and the controls that each choice uses."""

    controls: Mapping[str, Slider | tuple[str, ...]]
    draw: Callable[..., None]
    used: Callable[[Mapping[str, Any]], set[str]]
    ranges: Callable[[Mapping[str, Any]], Mapping[str, Slider]] = lambda _: {}  # those that depend on what is chosen

    @property
    def start(self) -> dict[str, Any]:
        """The values at the beginning."""
        return {name: each[0] if isinstance(each, tuple) else each.start for name, each in self.controls.items()}


def show(desk: Board) -> None:
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


def _drawn(desk: Board, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw without showing; give the picture, the words for it, and what belongs to them."""
    from IPython.utils.capture import capture_output

    capture: Any = capture_output
    with capture() as captured:
        desk.draw(**values)
    picture: Any = captured.outputs[-1]
    return dict(picture.data), dict(picture.metadata)


def _board(desk: Board, first: Mapping[str, Any], width: int) -> Any:
    """Make the controls and the picture under them, shown as wide as other figures."""
    import ipywidgets

    controls = {name: _control(name, each) for name, each in desk.controls.items()}
    look = {"width": f"{width}px", "height": "auto", "max_width": "100%", "align_self": "flex-start"}
    picture = ipywidgets.Image(value=base64.b64decode(first["image/png"]), format="png", layout=look)
    words = ipywidgets.HTML()

    fitting: list[bool] = []  # while ranges change, no picture is drawn

    def chosen() -> dict[str, Any]:
        """Return what is chosen, and show the controls that have a say in it."""
        values = {name: control.value for name, control in controls.items()}
        used = desk.used(values)
        for name, control in controls.items():
            control.layout.display = "" if name in used else "none"
        return values

    def redraw(_: object) -> None:
        if fitting:
            return
        fitting.append(True)
        for name, slider in desk.ranges({name: control.value for name, control in controls.items()}).items():
            _fit(controls[name], slider)
        fitting.clear()
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
        list(controls.values()), layout={"grid_template_columns": "repeat(auto-fill, minmax(24em, 1fr))"}
    )
    return ipywidgets.VBox([grid, words, picture])


def _control(name: str, given: Slider | tuple[str, ...]) -> Any:
    import ipywidgets

    look: dict[str, Any] = {
        "description": translate(name),
        "style": {"description_width": "8em"},
        "layout": {"width": "auto"},  # of its place: by itself it is wider, and its number is cut
    }
    if isinstance(given, tuple):
        options = [(translate(option), option) for option in given]
        return ipywidgets.Dropdown(options=options, **look)
    if given.whole:
        whole = {"value": int(given.start), "min": int(given.low), "max": int(given.high)}
        return ipywidgets.IntSlider(**whole, **look)
    if given.low > 0 and given.high / given.low > 100:
        low, high, start = (math.log10(number) for number in (given.low, given.high, given.start))
        return ipywidgets.FloatLogSlider(
            value=given.start,
            base=10,
            min=low,
            max=high,
            step=_step(low, high, start),
            readout_format=".2g",
            **look,
        )
    return ipywidgets.FloatSlider(
        value=given.start,
        min=given.low,
        max=given.high,
        step=_step(given.low, given.high, given.start),
        readout_format=".4g",
        **look,
    )


def _fit(control: Any, slider: Slider) -> None:
    """Give a slider another range, with the value that this begins with; where it has the range, leave it."""
    if (control.min, control.max) != (slider.low, slider.high):
        with control.hold_trait_notifications():
            control.min, control.max, control.value = slider.low, slider.high, slider.start
            control.step = _step(slider.low, slider.high, slider.start)


def _step(low: float, high: float, start: float) -> float:
    """Return about a 200th of the way, such that steps lead from the low end to the start: a slider moves to a step."""
    steps = round(200 * (start - low) / (high - low))
    return (start - low) / steps if steps else (high - low) / 200


def _told(error: Exception) -> str:
    told = translate("Your code raises {error}: {message}", error=type(error).__name__, message=str(error)[:300])
    return f"<b>{html.escape(told)}</b>"
