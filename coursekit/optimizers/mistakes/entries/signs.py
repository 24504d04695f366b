"""Mistakes in the sign of a gradient."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import Entry
from coursekit.optimizers.mistakes.machine import SIGN_GUARDS

_ONLY = ("SignSGD",)
_SIZE = "Every number moves by η, whatever the size of its gradient."
_ZERO = "The sign of 0 is 0: where the gradient is zero nothing moves. `torch.sign` sees to that."

ENTRIES = (
    Entry(
        "sign_forgotten",
        "{subject} with the gradient itself in the place of its sign",
        "`p.grad` moves the parameter, and `sign` is missing: this is gradient descent.",
        _SIZE,
        "The idea",
        _ONLY,
        ({"signed": "none"},),
    ),
    Entry(
        "size_for_sign",
        "{subject} with the size of the gradient in the place of its sign",
        "`p.grad.abs()` stands where `torch.sign(p.grad)` should.",
        "The size has lost the direction. The sign keeps the direction alone.",
        "The idea",
        _ONLY,
        ({"signed": "sizes"},),
    ),
    Entry(
        "sign_of_zero",
        "{subject} moving also where the gradient is zero",
        "Something like `torch.where(g >= 0, 1, -1)` makes a sign of 0, too.",
        _ZERO,
        "Your turn",
        _ONLY,
        ({"signed": "zero_up"}, {"signed": "zero_down"}),
    ),
    Entry(
        "divided_by_size",
        "{subject} with 0/0 where the gradient is zero",
        "`g / g.abs()` stands for the sign.",
        _ZERO,
        "Your turn",
        _ONLY,
        ({"signed": "divided"},),
    ),
    Entry(
        "size_and_epsilon",
        "{subject} with an ε below the line",
        "`g / (g.abs() + epsilon)` stands for the sign: small gradients make smaller steps.",
        "That is Adam without a memory, with its ε. A sign is 1 or −1, however small the gradient is.",
        "The idea",
        _ONLY,
        tuple({"signed": f"guarded {guard}"} for guard in SIGN_GUARDS),
    ),
    Entry(
        "positive_alone",
        "{subject} moving only where the gradient is positive",
        "`(g > 0)` stands for the sign: it is 1 or 0.",
        "Where the gradient is negative the parameter moves the other way, by just as much.",
        "The idea",
        _ONLY,
        ({"signed": "positive"},),
    ),
    Entry(
        "root_of_size",
        "{subject} with the root of the gradient",
        "The sign is multiplied by the root of the size.",
        _SIZE,
        "The idea",
        _ONLY,
        ({"signed": "root"},),
    ),
    Entry(
        "soft_sign",
        "{subject} with tanh in the place of the sign",
        "`torch.tanh(g)` stands for the sign: small gradients make smaller steps.",
        _SIZE,
        "The idea",
        _ONLY,
        ({"signed": "soft"},),
    ),
    Entry(
        "small_as_zero",
        "{subject} standing still where the gradient is small",
        "A sign is taken only of what is larger than some number.",
        "A sign is 1 or −1, however small the gradient is. Only 0 has the sign 0.",
        "The idea",
        _ONLY,
        ({"signed": "above_a_limit"},),
    ),
    Entry(
        "skipped_by_sum",
        "{subject} standing still where the gradient adds up to 0",
        "`p.grad.sum()`, or its mean, is compared with 0, and the parameter is skipped.",
        "Numbers of both signs add up to 0, too. Each of them moves by η; `torch.sign` sees to those that are 0.",
        "Your turn",
        _ONLY,
        ({"signed": "unless_balanced"},),
    ),
    Entry(
        "one_sign_for_all",
        "{subject} with one sign for all numbers of a parameter",
        "The gradient is summed up before its sign is taken.",
        "Each number has a gradient of its own, and a sign of its own.",
        "The idea",
        _ONLY,
        ({"signed": "shared"},),
    ),
    Entry(
        "length_for_sign",
        "{subject} with the gradient divided by its length",
        "`g / g.norm()` stands for the sign: the whole step has the length η, and its numbers are not alike.",
        "A sign is taken of each number by itself.",
        "The idea",
        _ONLY,
        ({"signed": "length"}, *({"signed": f"length {guard}"} for guard in SIGN_GUARDS)),
    ),
    Entry(
        "largest_for_sign",
        "{subject} with the gradient divided by its largest number",
        "`g / g.abs().max()` stands for the sign: only the largest number moves by η.",
        _SIZE,
        "The idea",
        _ONLY,
        ({"signed": "largest"}, {"signed": "largest_guarded"}),
    ),
)
