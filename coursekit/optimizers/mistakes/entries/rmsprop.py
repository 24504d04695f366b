"""Wrong rules for the average of `RMSProp`."""

from __future__ import annotations

from coursekit.optimizers.mistakes import rules
from coursekit.optimizers.mistakes.entry import Mistake
from coursekit.optimizers.mistakes.simulate import ruled

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="weight_missing",
        title="{subject} with the factor 1 − ρ forgotten",
        looks="`s = decay * s + g ** 2`: a step is √(1 − ρ) times as long as it should be.",
        why="The weights of an average add up to 1; here s becomes 1/(1 − ρ) times too large.",
        where="The idea",
        subjects=("RMSProp",),
        follow=ruled(rules.rms_weight_missing),
    ),
    Mistake(
        name="weights_swapped",
        title="{subject} with ρ and 1 − ρ the wrong way round",
        looks="`s = (1 - decay) * s + decay * g ** 2`: the last gradient counts most.",
        why="With ρ = 0.9 the memory then lasts one step instead of ten.",
        where="What usually goes wrong",
        subjects=("RMSProp",),
        follow=ruled(rules.rms_weights_swapped),
    ),
    Mistake(
        name="starts_at_square",
        title="{subject} whose average starts at the first square",
        looks="The state is made from `g ** 2` and not from zeros: the first step has the length η.",
        why="s starts at 0, and so the first step has the length η/√(1 − ρ).",
        where="The idea",
        subjects=("RMSProp",),
        follow=ruled(rules.rms_starts_at_square),
    ),
    Mistake(
        name="sum_for_average",
        title="{subject} with a sum in place of the average",
        looks="`s = s + g ** 2`: nothing is forgotten, and the steps become ever shorter.",
        why="That is Adagrad. This rule divides by the recent size of the gradients.",
        where="The idea",
        subjects=("RMSProp",),
        follow=ruled(rules.rms_sum_for_average),
    ),
    Mistake(
        name="bias_corrected",
        title="{subject} with its average corrected as in Adam",
        looks="s is divided by 1 − ρᵗ before the root is taken: the first step has the length η.",
        why="The correction belongs to Adam; here s is used as it is, and the first steps are longer.",
        where="The idea",
        subjects=("RMSProp",),
        follow=ruled(rules.rms_bias_corrected),
    ),
)
