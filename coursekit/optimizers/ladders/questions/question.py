"""A question in numbers: asked in words, answered by a function of a few numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Values: TypeAlias = tuple[float, ...]
Way: TypeAlias = Callable[..., float]  # makes a number of the arguments of a question


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: `way` makes its number; for the words see `coursekit.judging.mistakes.Mistake`."""

    name: str
    title: str
    looks: str
    why: str
    way: Way


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about what was just written, with some of it changed.

    Attributes
    ----------
    title
        The title of its behaviour.
    where
        The section of the notebook that explains it, by its English title.
    arguments
        The arguments of the student's function.
    own
        Its arguments as the notebook's own run has them.
    draw
        Draws others.
    right
        Makes the right number out of a run: of torch's own, or of a rule with a known mistake. No formula stands here,
        for the package goes to students.
    wrong
        Wrong answers that have a name.
    """

    title: str
    where: str
    arguments: tuple[str, ...]
    own: Values
    draw: Callable[[np.random.Generator], Values]
    right: Way
    wrong: tuple[Wrong, ...]


def between(stream: np.random.Generator, *bounds: tuple[float, float]) -> Values:
    """Draw numbers of three digits, each between two bounds."""
    return tuple(short(stream.uniform(low, high)) for low, high in bounds)


def short(value: float) -> float:
    """Round to three digits."""
    return float(f"{value:.3g}")
