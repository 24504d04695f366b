"""What a student's code returned, read as numbers."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from collections.abc import Set as AnySet
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from coursekit.judging.trajectories import Array

ONE_NUMBER = "one number"
OF_TYPE, OF_SHAPES = "a value of type `{theirs}`", "things of the shapes `{theirs}`"
UNDER_EACH_NAME = "a number or a tensor under each name"


class Unreadable(TypeError):  # noqa: N818 - nothing was raised by whom it tells of
    """What was returned is not what is wanted: nothing was raised by the code that returned it.

    Parameters
    ----------
    found, wanted
        Both in English, as in "a text" and "a number or a tensor".
    """

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"{found}; {wanted}")


def numbers(value: Any, wanted: str = "a number or a tensor") -> Array:
    """Read numbers in float64, whatever holds them: a number of any kind, a tensor, an array, or a list of these.

    Raises
    ------
    Unreadable
        Where there is something else, as a text, or where the shapes in a list differ.
    """
    import torch

    if isinstance(value, Fraction | Decimal):
        return np.array(float(value))
    if isinstance(value, list | tuple):
        return _stacked(value, wanted)
    try:
        exact = torch.float64 if isinstance(value, float) else None  # torch would make it a float32
        tensor = torch.as_tensor(value, dtype=exact).detach()
    except (TypeError, ValueError, RuntimeError) as error:
        raise Unreadable(kind_of(value), wanted) from error
    if tensor.is_complex():
        raise Unreadable("a complex number", wanted)
    return tensor.to("cpu", torch.float64).numpy().copy()


def one_number(value: Any) -> Array:
    """Read what `float` makes one number of; a text is none.

    Raises
    ------
    Unreadable
        Where there is something else, as a list of one number.
    """
    if isinstance(value, list | tuple):
        raise Unreadable(kind_of(value), ONE_NUMBER)
    return numbers(value, ONE_NUMBER)


def kind_of(value: Any) -> str:
    """Say what a value is, in English."""
    import torch

    if value is None:
        return "nothing"
    for kind, words in _KINDS.items():
        if isinstance(value, kind):
            return words
    if callable(value) and not isinstance(value, torch.nn.Module):
        return "a function or a class"
    return type_of(value)


def type_of(value: Any) -> str:
    """Say of what type a value is, in English."""
    return OF_TYPE.replace("{theirs}", type(value).__name__)


def _stacked(value: list[Any] | tuple[Any, ...], wanted: str) -> Array:
    nothing, something = _LISTS if isinstance(value, list) else _TUPLES
    try:
        parts = [numbers(each, wanted) for each in value]
    except Unreadable as error:
        raise Unreadable(something, wanted) from error
    if not parts:
        raise Unreadable(nothing, wanted)
    shapes = dict.fromkeys(str(part.shape) for part in parts)
    if len(shapes) > 1:
        raise Unreadable(OF_SHAPES.replace("{theirs}", ", ".join(shapes)), "one shape for all of them")
    return np.stack(parts)


_LISTS = "a list with nothing in it", "a list with something in it that is no number"
_TUPLES = "a tuple with nothing in it", "a tuple with something in it that is no number"
_KINDS: dict[type, str] = {
    str: "a text",
    Mapping: "a dictionary",
    AnySet: "a set",
    list: "a list",
    tuple: "a tuple",
    complex: "a complex number",
    Generator: "a generator",
}
