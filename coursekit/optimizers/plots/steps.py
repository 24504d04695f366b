"""One step, taken apart into its arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from coursekit.language import translate
from coursekit.optimizers.functions import Function
from coursekit.optimizers.plots.looks import looks
from coursekit.optimizers.plots.rulers import written
from coursekit.optimizers.plots.style import figure, label
from coursekit.optimizers.plots.surfaces import fill_contours, heights, show_minima

_SHARE = 0.36  # of the height of the picture: the length of the longest arrow
_SIZE = (9.6, 4.2)
_LEGEND = 3.4  # inches on the right
_WIDTHS = (0.02, 0.012, 0.005)  # of arrows from one foot: none hides another


def one_step(
    optimizer_class: Callable[..., torch.optim.Optimizer],
    function: Function,
    start: Sequence[float],
    title: str,
    *,
    steps: int = 3,
    span: float = 4.0,
    memory: float = 0.0,
    **hyperparameters: Any,
) -> None:
    """Draw what goes into one step of an optimizer, over the contours of a function of two variables.

    The arrows are where the gradient points (turned round), where the mean of the gradients points, the step that
    the optimizer takes, and what weight decay adds to it. Step and decay are drawn to one scale, of the two others
    the direction alone.

    Parameters
    ----------
    optimizer_class
        Called as in the course, `optimizer_class([x], **hyperparameters)`.
    function
        The function that is minimised.
    start
        The first position, two coordinates.
    title
        In English.
    steps
        How many steps are taken before the one that is drawn.
    span
        The height of the part of the plane that is drawn.
    memory
        The β of the exponential mean of the gradients; 0 draws none.
    hyperparameters
        Those of the optimizer; with `weight_decay`, the same step is also taken without it, and the difference drawn.
    """
    positions, gradients = _followed(optimizer_class, function, start, steps + 1, hyperparameters)
    here, step = positions[-2], positions[-1] - positions[-2]
    own, *others = looks([getattr(optimizer_class, "__name__", ""), "", "", ""])
    against, averaged, decayed = (look["color"] for look in others)
    arrows = [("against the gradient (direction)", _direction(-gradients[-1]), against)]
    if memory:
        mean = sum(memory**age * gradient for age, gradient in enumerate(reversed(gradients)))
        arrows.append(("against the mean of the gradients (direction)", _direction(-mean), averaged))
    moves = [("the step, drawn {scale} times as long", step, own["color"])]
    if hyperparameters.get("weight_decay"):
        plain = _moved(optimizer_class, start, gradients, {**hyperparameters, "weight_decay": 0.0})
        moves.append(("of which weight decay, to the same scale", step - plain, decayed))
    longest = max(np.hypot(*move) for _, move, _ in moves)
    scale = _SHARE * span / longest if longest > 0 else 1.0
    with figure(title, size=_SIZE) as (axes,):
        axes.figure.subplots_adjust(right=1 - _LEGEND / _SIZE[0])
        _show_place(axes, function, here + 0.5 * scale * step, span)
        _show_level(axes, function, here)
        axes.plot(positions[:-1, 0], positions[:-1, 1], **own, marker="o", markersize=4, label=translate("path"))
        for (name, direction, colour), width in zip(arrows, _WIDTHS, strict=False):
            _arrow(axes, here, _SHARE * span * direction, colour, width, translate(name))
        for name, move, colour in moves:
            _arrow(axes, here, scale * move, colour, _WIDTHS[-1], translate(name, scale=written(float(f"{scale:.2g}"))))
        show_minima(axes, function)
        if len(moves) > 1:
            axes.plot(0, 0, "P", color="black", markersize=9, label=translate("origin"))
        label(axes, "", "x", "y")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)


def _followed(
    optimizer_class: Callable[..., torch.optim.Optimizer],
    function: Function,
    start: Sequence[float],
    steps: int,
    hyperparameters: dict[str, Any],
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the positions, shape (steps + 1, 2), and the gradient at each of them but the last."""
    x = torch.tensor(start, requires_grad=True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions, gradients = [x.detach().clone()], []
    for _ in range(steps):
        (x.grad,) = torch.autograd.grad(function(x), x)
        gradients.append(x.grad.clone().numpy())  # a copy: the optimizer may change it
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions).numpy(), gradients


def _moved(
    optimizer_class: Callable[..., torch.optim.Optimizer],
    start: Sequence[float],
    gradients: list[np.ndarray],
    hyperparameters: dict[str, Any],
) -> np.ndarray:
    """Return the last move under given gradients."""
    x = torch.tensor(start, requires_grad=True)
    optimizer = optimizer_class([x], **hyperparameters)
    for gradient in gradients:
        before = x.detach().clone()
        x.grad = torch.tensor(gradient)
        optimizer.step()
    return (x.detach() - before).numpy()


def _direction(vector: np.ndarray) -> np.ndarray:
    length = np.hypot(*vector)
    return vector / length if length > 0 else vector


def _show_place(axes: Axes, function: Function, centre: np.ndarray, span: float) -> None:
    """Show the part of the plane around a place, with one scale for both axes, so that right angles are right."""
    box = axes.get_window_extent()
    reach = np.array([span * box.width / box.height, span]) / 2
    (left, low), (right, high) = centre - reach, centre + reach
    fill_contours(axes, *heights(function, (left, right), (low, high)))
    axes.set(xlim=(left, right), ylim=(low, high))


def _show_level(axes: Axes, function: Function, here: np.ndarray) -> None:
    """Draw the contour line through a place: the gradient is at a right angle to it."""
    level = function(torch.as_tensor(here)).item()
    drawn = axes.contour(*heights(function, axes.get_xlim(), axes.get_ylim()), levels=[level], alpha=0)
    lines = [points for points in drawn.allsegs[0] if len(points)]  # none where the place is the lowest
    if lines:
        nearest = min(lines, key=lambda points: np.hypot(*(points - here).T).min())
        axes.plot(*nearest.T, "--", color="black", linewidth=1.2, label=translate("as high as here"))


def _arrow(axes: Axes, start: np.ndarray, move: np.ndarray, colour: str, width: float, name: str) -> None:
    head: Any = {"headwidth": 3 if width == _WIDTHS[-1] else 2, "headlength": 4, "headaxislength": 4}
    look: Any = {"color": colour, "width": width, "label": name, "zorder": 4}
    axes.quiver(*start, *move, angles="xy", scale_units="xy", scale=1, **head, **look)
