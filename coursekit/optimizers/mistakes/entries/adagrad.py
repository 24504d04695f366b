"""Wrong rules for the sum of `Adagrad`."""

from __future__ import annotations

from coursekit.optimizers.mistakes import rules
from coursekit.optimizers.mistakes.entry import Mistake
from coursekit.optimizers.mistakes.simulate import ruled

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="average_for_sum",
        title="{subject} with an average of the squares in place of their sum",
        looks="`G = 0.9 * G + 0.1 * g ** 2`: the steps do not become shorter.",
        why="That is RMSProp. The sum of this rule forgets nothing.",
        where="The idea",
        subjects=("Adagrad",),
        follow=ruled(rules.ada_average_for_sum),
    ),
    Mistake(
        name="forgetting_sum",
        title="{subject} with a sum that loses a tenth at each step",
        looks="`G = 0.9 * G + g ** 2`: the sum does not grow beyond ten squares.",
        why="The sum of this rule forgets nothing.",
        where="The idea",
        subjects=("Adagrad",),
        follow=ruled(rules.ada_forgetting_sum),
    ),
    Mistake(
        name="mean_for_sum",
        title="{subject} with the mean of the squares in place of their sum",
        looks="G is divided by the number of steps before the root is taken.",
        why="The sum grows from step to step and shortens the steps; a mean does not.",
        where="The idea",
        subjects=("Adagrad",),
        follow=ruled(rules.ada_mean_for_sum),
    ),
    Mistake(
        name="square_of_sum",
        title="{subject} with the square of the sum in place of the sum of the squares",
        looks="`G = G + g`, and `G ** 2` under the root: gradients of opposite sign cancel.",
        why="Where they cancel one divides by nearly nothing, and the step is huge.",
        where="The idea",
        subjects=("Adagrad",),
        follow=ruled(rules.ada_square_of_sum),
    ),
    Mistake(
        name="rate_over_root_t",
        title="{subject} with the rate divided by √t as well",
        looks="The rate is divided by the root of the number of steps, and the gradient by the root of G besides.",
        why="The root of G shortens the steps already, for each parameter by itself; here they shorten twice.",
        where="The idea",
        subjects=("Adagrad",),
        follow=ruled(rules.ada_rate_over_root_t),
    ),
)
