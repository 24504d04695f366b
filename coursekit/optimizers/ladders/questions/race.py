"""The questions of notebook 14: how many seeds a test needs, and what more tries are worth."""

from __future__ import annotations

from itertools import count
from math import log, log2

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Wrong, short
from coursekit.optimizers.ladders.race import p_value

_WON = "Is the difference real?"
_LUCK = "More tries, more luck"


def _seeds(level: float, sides: int = 2) -> float:
    """Return the first number of seeds for which winning all of them gives a p-value that is no larger."""
    return float(next(n for n in count(1) if sides / 2 * p_value(np.zeros(n), np.ones(n)) <= level))


def _chance(tries: float, others: float) -> float:
    """Integrate, over the place of the best of all tries, that one of the first is there and all else above it."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    above = (1 - nodes) / 2
    return float(weights @ (tries * above ** (tries + others - 1)) / 2)


QUESTIONS = {
    "seeds_needed": Question(
        title="How many seeds a sign test needs",
        where=_WON,
        arguments=("level",),
        own=(0.03125,),  # 1/32: six seeds are just enough
        draw=lambda stream: (short(stream.uniform(0.55, 0.95) * 2.0 ** -int(stream.integers(4, 12))),),
        right=_seeds,
        wrong=(
            Wrong(
                "one_sided",
                "the seeds of a test on one side",
                "The chance of winning all seeds is not doubled, or the logarithm is rounded down.",
                "The other optimizer could have won all of them just as well: both are equally uneven.",
                lambda level: _seeds(level, sides=1),
            ),
            Wrong(
                "not_whole",
                "a number of seeds that is not a whole one",
                "The logarithm is not rounded up.",
                "There is no half of a seed: the next whole number is needed.",
                lambda level: 1 + log2(1 / level),
            ),
            Wrong(
                "reciprocal",
                "as many seeds as the level goes into 1",
                "The result is 1 over the level.",
                "Each further seed halves the p-value, it does not take the same from it.",
                lambda level: 1 / level,
            ),
            Wrong(
                "natural_logarithm",
                "a number of seeds with another logarithm",
                "`log` is the natural logarithm.",
                "Each seed halves the p-value, and how many halvings are needed says the logarithm to the base 2.",
                lambda level: float(np.ceil(1 + log(1 / level))),
            ),
        ),
    ),
    "chance_of_more_tries": Question(
        title="The chance that the best of more tries is the better one",
        where=_LUCK,
        arguments=("tries", "others"),
        own=(15.0, 5.0),
        draw=lambda stream: tuple(map(float, stream.choice(np.arange(2, 14), 2, replace=False))),
        right=_chance,
        wrong=(
            Wrong(
                "even",
                "an even chance",
                "The result is one half.",
                "Each try has the same chance to be the best of all, and one side has more of them.",
                lambda *_: 0.5,
            ),
            Wrong(
                "exchanged",
                "the chance of the other side",
                "The more tries there are, the smaller is the chance.",
                "The best of all is more likely among those of which there are more.",
                lambda tries, others: _chance(others, tries),
            ),
            Wrong(
                "ratio",
                "a ratio, not a chance",
                "The tries of one side are divided by those of the other.",
                "A chance is a share of all tries, of both sides.",
                lambda tries, others: tries / others,
            ),
            Wrong(
                "lead",
                "the difference of two chances",
                "The tries of the other side are subtracted.",
                "That is by how much one side is the more likely one. Asked for is its chance alone.",
                lambda tries, others: _chance(tries, others) - _chance(others, tries),
            ),
        ),
    ),
}
