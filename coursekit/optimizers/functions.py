"""Functions to minimise, in one dimension and in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Function:
    """A differentiable function with what is needed to draw it and to judge a minimisation.

    Attributes
    ----------
    name
        Its name.
    formula
        LaTeX, without dollar signs.
    rule
        Takes a tensor, 0-d for a function of one variable and of shape (..., 2) for one of two, and returns
        the value.
    minimum
        The place of the lowest value, one coordinate for each variable.
    limits
        The part of each axis worth drawing.
    others
        Further places that are as low.
    """

    name: str
    formula: str
    rule: Callable[[torch.Tensor], torch.Tensor]
    minimum: tuple[float, ...]
    limits: tuple[tuple[float, float], ...]
    others: tuple[tuple[float, ...], ...] = ()

    @property
    def minima(self) -> tuple[tuple[float, ...], ...]:
        """All places of the lowest value."""
        return (self.minimum, *self.others)

    def __call__(self, position: torch.Tensor) -> torch.Tensor:
        """Return the value at `position`."""
        return self.rule(position)


def quadratic(curvature: float = 1.0, centre: float = 2.0) -> Function:
    """Make `curvature * (x - centre)²`; by default the parabola of the comparison, lowest at 2."""
    return Function(
        name="quadratic",
        formula=rf"f(x) = {'' if curvature == 1 else f'{curvature:g}'}(x - {centre:g})^2",
        rule=lambda x: curvature * (x - centre) ** 2,
        minimum=(centre,),
        limits=((centre - 100.0, centre + 100.0),),
    )


def parabola() -> Function:
    """Make `3x² − 2x`, convex, lowest at 1/3."""
    return Function(
        name="parabola",
        formula=r"f(x) = 3x^2 - 2x",
        rule=lambda x: 3 * x**2 - 2 * x,
        minimum=(1 / 3,),
        limits=((-2.0, 2.5),),
    )


def double_well() -> Function:
    """Make `x⁴/4 − 2x² + x`: not convex, a shallow minimum at 1.861 and the lowest at −2.115."""
    return Function(
        name="double_well",
        formula=r"f(x) = \frac{x^4}{4} - 2x^2 + x",
        rule=lambda x: x**4 / 4 - 2 * x**2 + x,
        minimum=(-2.1149075415,),
        limits=((-3.2, 3.2),),
    )


def valley(steep: float = 50.0, x: float = 0.0, y: float = 0.0) -> Function:
    """Make a valley around (x, y) that is `steep` times more curved across than along: `(x² + steep·y²) / 2` at 0."""
    along, across = (
        f"({name} {'-' if at > 0 else '+'} {abs(at):g})" if at else name for name, at in (("x", x), ("y", y))
    )
    return Function(
        name="valley",
        formula=rf"f(x, y) = \frac{{1}}{{2}}\left({along}^2 + {steep:g}\,{across}^2\right)",
        rule=lambda p: 0.5 * ((p[..., 0] - x) ** 2 + steep * (p[..., 1] - y) ** 2),
        minimum=(x, y),
        limits=((x - 11.0, x + 11.0), (y - 3.0, y + 3.0)),
    )


def himmelblau() -> Function:
    """Make Himmelblau's function (1972): not convex, four minima of the same depth, one of them at (3, 2)."""
    return Function(
        name="himmelblau",
        formula=r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        rule=lambda p: (p[..., 0] ** 2 + p[..., 1] - 11) ** 2 + (p[..., 0] + p[..., 1] ** 2 - 7) ** 2,
        minimum=(3.0, 2.0),
        limits=((-5.5, 5.5), (-5.5, 5.5)),
        others=((-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)),
    )


def by_name(name: str, *coefficients: float) -> Function:
    """Make the function called `name` with its coefficients; an unknown name is a `KeyError`."""
    makers: dict[str, Callable[..., Function]] = {
        maker.__name__: maker for maker in (quadratic, parabola, double_well, valley, himmelblau)
    }
    return makers[name](*coefficients)
