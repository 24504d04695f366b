"""Wrong rules for `Adam`; `AdamW` shares them."""

from __future__ import annotations

from dataclasses import replace

from coursekit.optimizers.mistakes import adam_rules
from coursekit.optimizers.mistakes.adam_rules import beside_decay
from coursekit.optimizers.mistakes.changes import swapped
from coursekit.optimizers.mistakes.entry import Mistake
from coursekit.optimizers.mistakes.hooks import hooked, share_count

_WEIGHTS = "The weights of an average add up to 1, and the correction counts on it."

_ADAM: tuple[Mistake, ...] = (
    Mistake(
        name="count_per_parameter",
        title="{subject} with one count of steps, raised for each parameter",
        looks="`self.t += 1` stands inside the loop over the parameters.",
        why="With n parameters the count grows by n at each step, and the correction fades n times too early.",
        where="What usually goes wrong",
        subjects=("Adam",),
        follow=hooked(made=share_count, plain=True),
    ),
    Mistake(
        name="no_correction",
        title="{subject} without the correction of the averages",
        looks="m and v are used as they are: with the defaults the first step is 3.16 times too long.",
        why="Both averages start at zero and are too small at first, v more so than m.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.no_correction),
    ),
    Mistake(
        name="only_first_corrected",
        title="{subject} with m corrected and v not",
        looks="m̂ is divided by √v + ε: with the defaults the first step is 32 times too long.",
        why="v starts at zero as well, and is too small at first.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.only_first_corrected),
    ),
    Mistake(
        name="only_second_corrected",
        title="{subject} with v corrected and m not",
        looks="m is divided by √v̂ + ε: with the defaults the first step is a tenth of what it should be.",
        why="m starts at zero as well, and is too small at first.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.only_second_corrected),
    ),
    Mistake(
        name="count_from_zero",
        title="{subject} counting its first step as step 0",
        looks="t grows after it was used: the first step divides by 1 − β⁰ = 0, and everything becomes NaN.",
        why="At the first step t is 1, and the divisors are 1 − β₁ and 1 − β₂.",
        where="Your turn",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.count_from_zero),
    ),
    Mistake(
        name="count_ahead",
        title="{subject} counting its first step as step 2",
        looks="t starts at 1 and grows before it is used.",
        why="At the first step t is 1; with a larger t the averages are corrected too little.",
        where="Your turn",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.count_ahead),
    ),
    Mistake(
        name="count_stuck",
        title="{subject} counting every step as step 1",
        looks="t is set to 1 in each step, or never grows: the first step is right, the later ones are not.",
        why="The correction fades as the averages fill; here it stays as strong as at first.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.count_stuck),
    ),
    Mistake(
        name="linear_count",
        title="{subject} with β·t in place of βᵗ",
        looks="`1 - beta * t` instead of `1 - beta ** t`: right at the first step, then the root of a negative number.",
        why="β is multiplied in once at each step, so what is left of the zero at the start is a power, βᵗ.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.linear_count),
    ),
    Mistake(
        name="corrected_kept",
        title="{subject} keeping the corrected averages",
        looks="m̂ and v̂ are written back into `self.state[p]`, and corrected again at the next step.",
        why="The correction is for the present step; what is kept are the plain averages.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.corrected_kept),
    ),
    Mistake(
        name="epsilon_before_correction",
        title="{subject} with ε added before v is corrected",
        looks="The correction is put into the rate, η√(1 − β₂ᵗ)/(1 − β₁ᵗ), and ε is added to √v.",
        why="At first √v is much smaller than √v̂, so the same ε weighs more beside it.",
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.epsilon_before_correction),
    ),
    Mistake(
        name="betas_swapped",
        title="{subject} with β₁ and β₂ exchanged",
        looks="m is averaged with `beta2` and v with `beta1`.",
        why="m then remembers a thousand steps and v ten: the direction lags far behind the gradients.",
        where="The idea",
        subjects=("Adam",),
        follow=swapped("beta1", "beta2"),
    ),
    Mistake(
        name="weights_swapped",
        title="{subject} with β and 1 − β the wrong way round",
        looks="`m = (1 - beta1) * m + beta1 * g`, and v in the same way.",
        why="The averages then remember little more than the last gradient, and the correction does not fit them.",
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.weights_swapped),
    ),
    Mistake(
        name="weight_missing_first",
        title="{subject} with the factor 1 − β₁ forgotten",
        looks="`m = beta1 * m + g`: a step is 1/(1 − β₁) times as long as it should be.",
        why=_WEIGHTS,
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.weight_missing_first),
    ),
    Mistake(
        name="weight_missing_second",
        title="{subject} with the factor 1 − β₂ forgotten",
        looks="`v = beta2 * v + g ** 2`: a step is √(1 − β₂) times as long as it should be.",
        why=_WEIGHTS,
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.weight_missing_second),
    ),
    Mistake(
        name="gradient_for_mean",
        title="{subject} moving along the gradient instead of m̂",
        looks="g stands above the root where m̂ should, and m is kept for nothing.",
        why="The average m is what takes the noise out of single gradients.",
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.gradient_for_mean),
    ),
    Mistake(
        name="second_of_mean",
        title="{subject} with v an average of m², not of g²",
        looks="`m ** 2` goes into v where `g ** 2` should.",
        why="v says how large the gradients are; where they change sign m is small, and the steps become too long.",
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.second_of_mean),
    ),
    Mistake(
        name="old_averages",
        title="{subject} moving by the averages from before the step",
        looks="The parameter moves before m and v are updated: the first step goes nowhere.",
        why="The present gradient enters both averages before they are used.",
        where="The idea",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.old_averages),
    ),
    Mistake(
        name="starts_at_gradient",
        title="{subject} whose averages start at the first gradient",
        looks="The state is made from `g` and `g ** 2` and not from zeros, and is corrected all the same.",
        why="The correction is made for averages that start at zero; others become too large by it.",
        where="Why the averages are corrected",
        subjects=("Adam",),
        follow=beside_decay(adam_rules.starts_at_gradient),
    ),
)

# The notebook on AdamW does not explain again what it takes from Adam.
ENTRIES = (
    *_ADAM,
    *(
        replace(each, subjects=("AdamW",), where="Your turn" if each.where == "Your turn" else "The idea")
        for each in _ADAM
    ),
)
