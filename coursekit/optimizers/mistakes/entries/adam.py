"""The count of the steps and the correction of the averages, which both Adams share."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import ADAMS, Entry

_CORRECTED = "Why the averages are corrected"
_ONE_DIVISOR = "What is left of the zero at the start is βᵗ of the average's own β, and one divides by 1 − βᵗ once."

ENTRIES = (
    Entry(
        "count_per_parameter",
        "{subject} with one count of steps, raised for each parameter",
        "`self.t += 1` stands inside the loop over the parameters.",
        "With n parameters the count grows by n at each step, and the correction fades n times too early.",
        "What usually goes wrong",
        ADAMS,
        ({"counted": "everyone"},),
        idea=("AdamW",),
    ),
    Entry(
        "none_counts",
        "{subject} counting steps that a parameter did not make",
        "One `self.t` for the whole optimizer grows at each call of `step`, gradient or not.",
        "t counts the steps of one parameter; with a larger t its averages are corrected too little.",
        "Your turn",
        ADAMS,
        ({"counted": "calls"},),
    ),
    Entry(
        "count_from_zero",
        "{subject} counting its first step as step 0",
        "t grows after it was used: the first step divides by 1 − β⁰ = 0, and everything becomes NaN.",
        "At the first step t is 1, and the divisors are 1 − β₁ and 1 − β₂.",
        "Your turn",
        ADAMS,
        ({"count": "from_zero"},),
    ),
    Entry(
        "count_ahead",
        "{subject} counting its first step as step 2",
        "t starts at 1 and grows before it is used, or it grows twice in every step.",
        "At the first step t is 1; with a larger t the averages are corrected too little.",
        "Your turn",
        ADAMS,
        ({"count": "ahead"}, {"count": "twice"}),
    ),
    Entry(
        "count_stuck",
        "{subject} counting every step as step 1",
        "t never grows, or the power is left out, `1 - beta1`: the first step is right, the later ones are not.",
        "The correction fades as the averages fill; here it stays as strong as at first.",
        _CORRECTED,
        ADAMS,
        ({"count": "stuck"}, {"first power": "none"}, {"second power": "none"}),
        idea=("AdamW",),
    ),
    Entry(
        "linear_count",
        "{subject} with β·t in place of βᵗ",
        "`1 - beta * t` instead of `1 - beta ** t`: right at the first step, then the root of a negative number.",
        "β is multiplied in once at each step, so what is left of the zero at the start is a power, βᵗ.",
        _CORRECTED,
        ADAMS,
        (
            {"first power": "linear", "second power": "linear"},
            {"first power": "linear"},
            {"second power": "linear"},
        ),
        idea=("AdamW",),
    ),
    Entry(
        "no_correction",
        "{subject} without the correction of the averages",
        "m and v are used as they are: with the defaults the first step is 3.16 times too long.",
        "Both averages start at zero and are too small at first, v more so than m.",
        _CORRECTED,
        ADAMS,
        ({"first correction": "none", "second correction": "none"},),
        idea=("AdamW",),
    ),
    Entry(
        "only_first_corrected",
        "{subject} with m corrected and v not",
        "m̂ is divided by √v + ε: with the defaults the first step is 32 times too long.",
        "v starts at zero as well, and is too small at first.",
        _CORRECTED,
        ADAMS,
        ({"second correction": "none"},),
        idea=("AdamW",),
    ),
    Entry(
        "only_second_corrected",
        "{subject} with v corrected and m not",
        "m is divided by √v̂ + ε: with the defaults the first step is a tenth of what it should be.",
        "m starts at zero as well, and is too small at first.",
        _CORRECTED,
        ADAMS,
        ({"first correction": "none"},),
        idea=("AdamW",),
    ),
    Entry(
        "correction_multiplied",
        "{subject} multiplying by the correction instead of dividing",
        "`m * (1 - beta1 ** t)`, or v in the same way: the averages, too small at first, become smaller still.",
        _ONE_DIVISOR,
        _CORRECTED,
        ADAMS,
        (
            {"first correction": "multiplied", "second correction": "multiplied"},
            {"first correction": "multiplied"},
            {"second correction": "multiplied"},
        ),
        idea=("AdamW",),
    ),
    Entry(
        "corrections_swapped",
        "{subject} correcting an average by the other one's β",
        "m is divided by 1 − β₂ᵗ, or v by 1 − β₁ᵗ.",
        _ONE_DIVISOR,
        _CORRECTED,
        ADAMS,
        (
            {"first correction": "other", "second correction": "other"},
            {"first correction": "other"},
            {"second correction": "other"},
        ),
        idea=("AdamW",),
    ),
    Entry(
        "corrected_after_root",
        "{subject} correcting v after its root was taken",
        "`v.sqrt() / (1 - beta2 ** t)` stands where the root of v̂ should.",
        _ONE_DIVISOR,
        _CORRECTED,
        ADAMS,
        ({"second correction": "rootless"},),
        idea=("AdamW",),
    ),
    Entry(
        "rate_overwritten",
        "{subject} overwriting the rate in the loop over the parameters",
        "`lr = lr * ... / (1 - beta1 ** t)` stands in the loop: the next parameter starts from the corrected rate.",
        "Each parameter starts from the rate of its group; give what is corrected another name.",
        "Your turn",
        ADAMS,
        tuple(
            {"first correction": "none", "carried": what} | second | carry
            for what, second in (("both", {"second correction": "none"}), ("first", {}))
            for carry in ({}, {"carry": "on"})
        ),
    ),
    Entry(
        "count_not_saved",
        "{subject} whose count of steps starts anew after loading",
        "The averages stand in `self.state[p]`, but the count in `self.t`.",
        "`state_dict()` does not save the count: full averages are then corrected as if they had just begun, and the"
        " steps that follow are others.",
        "Your turn",
        ADAMS,
        ({"counts": "unsaved"},),
    ),
)
