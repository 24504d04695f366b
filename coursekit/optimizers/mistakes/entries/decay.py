"""The decay of `AdamW`."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import Entry

_ADAMW = ("AdamW",)
_ONCE = "The decay is λ times the rate as it is, once: η λ θ."

ENTRIES = (
    Entry(
        "decay_sign",
        "{subject} with the decay added instead of subtracted",
        "`p -= a - lr * weight_decay * p`, with a for Adam's move: one minus stands for both terms.",
        "Decay brings the parameters nearer to zero; here it drives them away.",
        "What usually goes wrong",
        _ADAMW,
        ({"decay sign": "added"},),
    ),
    Entry(
        "decay_without_rate",
        "{subject} with a decay that is not multiplied by the rate",
        "`weight_decay * p` is subtracted, without `lr`.",
        "With the default rate such a decay is a thousand times too strong, and it does not follow the rate.",
        "What usually goes wrong",
        _ADAMW,
        ({"decay rate": "none"},),
    ),
    Entry(
        "decay_rate_squared",
        "{subject} with a decay that is multiplied by the rate twice",
        "`lr * (update + lr * weight_decay * p)`: the rate stands inside the bracket, and before it.",
        _ONCE,
        "The idea",
        _ADAMW,
        ({"decay rate": "squared"},),
    ),
    Entry(
        "decay_rate_corrected",
        "{subject} with a decay by the corrected rate",
        "The rate that decays is the one in which the correction of the averages stands, as in `step_size`.",
        _ONCE,
        "The idea",
        _ADAMW,
        ({"decay rate": "corrected"}, {"decay rate": "first"}),
    ),
    Entry(
        "decay_without_parameter",
        "{subject} with a decay that is not multiplied by the parameter",
        "`lr * weight_decay` is subtracted, the same number from every element.",
        "Decay takes a share of each parameter; a fixed number pushes all of them to one side.",
        "The idea",
        _ADAMW,
        ({"decay of": "nothing"},),
    ),
    *(
        Entry(
            f"decay_of_{what}",
            f"{{subject}} with a decay that is multiplied by {called}, not by the parameter",
            f"`{code}` stands beside `weight_decay` where `p` should.",
            "Decay takes a share of the parameter as it is now.",
            "The idea",
            _ADAMW,
            ({"decay of": what},),
        )
        for what, called, code in (
            ("gradient", "the gradient", "p.grad"),
            ("sign", "the sign", "p.sign()"),
            ("start", "the first value", "p0"),
        )
    ),
    Entry(
        "decay_in_gradient",
        "{subject} with the decay inside the gradient, an L2 penalty",
        "`g = p.grad + weight_decay * p` goes into m and v.",
        "What goes through v is divided by its own size: the gradients then decide how fast a parameter decays.",
        "Decay beside the gradient, decay inside the gradient",
        _ADAMW,
        ({"decay place": "gradient"},),
    ),
    Entry(
        "decay_in_fraction",
        "{subject} with the decay divided by the root as well",
        "`(m_hat + weight_decay * p) / (v_hat.sqrt() + epsilon)` is multiplied by the rate.",
        "The decay must not depend on the size of the gradients, and here it is divided by it.",
        "The idea",
        _ADAMW,
        ({"decay place": "fraction"},),
    ),
    Entry(
        "decay_after",
        "{subject} with the decay after Adam's move",
        "`p *= 1 - lr * weight_decay` stands below the line that moves the parameter.",
        "The decay uses θ from before the step; the difference is ηλ times the move.",
        "What usually goes wrong",
        _ADAMW,
        ({"decay place": "after"},),
    ),
    Entry(
        "no_decay",
        "{subject} without its decay, that is Adam",
        "`weight_decay` is an argument of the constructor and nothing reads it.",
        "Each step takes the share ηλ from the parameter, beside Adam's move.",
        "The idea",
        _ADAMW,
        ({"decay place": "none"},),
    ),
    Entry(
        "decay_needs_gradient",
        "{subject} that does not decay where the gradient is zero",
        "The decay is multiplied by a mask such as `g != 0`.",
        "A gradient of zeros does not stop the decay; only a missing one does.",
        "Your turn",
        _ADAMW,
        ({"decay mask": "gradient"},),
    ),
    Entry(
        "decay_without_gradient",
        "{subject} that decays parameters without a gradient, too",
        "The line that decays stands above the test for `None`, or in a loop of its own that has no such test.",
        "A parameter whose gradient is `None` is left alone: it neither moves nor decays.",
        "Your turn",
        _ADAMW,
        ({"missing decay": "decays"},),
    ),
    Entry(
        "decay_of_matrices_only",
        "{subject} that decays only parameters with two dimensions or more",
        "A test such as `p.ndim >= 2` stands before the decay: vectors and numbers do not decay.",
        "Each parameter of a group decays; what should not decay gets a group of its own, without decay.",
        "The idea",
        _ADAMW,
        ({"decay mask": "matrices"},),
    ),
    Entry(
        "decay_twice",
        "{subject} with the decay both inside the gradient and beside it",
        "`g = p.grad + weight_decay * p` goes into m and v, and the parameter is shrunk as well.",
        "The decay must stay out of m and v: `p.grad` goes into them as it is.",
        "The idea",
        _ADAMW,
        ({"decay place": "both"},),
    ),
    Entry(
        "decay_doubled",
        "{subject} with the decay subtracted twice",
        "The share ηλ of the parameter is taken away in two places of the step.",
        "Each step takes it away once.",
        "The idea",
        _ADAMW,
        ({"decay times": "two"},),
    ),
)
