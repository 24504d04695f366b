"""The division by a root: what is divided by, and where ε stands."""

from __future__ import annotations

from dataclasses import replace

from coursekit.optimizers.mistakes.entries.handling import FIXED
from coursekit.optimizers.mistakes.entry import ADAMS, DIVIDING, Entry
from coursekit.optimizers.mistakes.machine import EPSILONS

_SIZE_KEPT = "`g.abs()` is kept where `g ** 2` should be, and the root is still taken."
_ROOT_OF_SIZE = "The root undoes the square; of a size that was not squared it does not give a size."

ENTRIES = (
    Entry(
        "no_root",
        "{subject} without the square root",
        "The division is by the squares that are kept, not by their root.",
        "Divided by squares, a large gradient makes a small step, and a small one a huge step.",
        "What usually goes wrong",
        DIVIDING,
        ({"root": "none"},),
        idea=("RMSProp", *ADAMS),
    ),
    Entry(
        "root_twice",
        "{subject} with the square root taken twice",
        "`sqrt` stands in two lines, or a root that was taken is taken again.",
        "The root of the average square has the size of a gradient; its root has not.",
        "The idea",
        DIVIDING,
        ({"root": "twice"},),
    ),
    Entry(
        "epsilon_inside",
        "{subject} with ε inside the square root",
        "ε is added before the root is taken, as in `(v + epsilon).sqrt()`, and not after it.",
        "Inside the root 1e-8 acts like 1e-4 outside: small gradients are held back long before ε should matter.",
        "What usually goes wrong",
        DIVIDING,
        ({"epsilon place": "inside"},),
        idea=("Adagrad", "AdamW"),
    ),
    Entry(
        "epsilon_twice",
        "{subject} with ε both inside the square root and beside it",
        "ε is added before the root is taken, and to the root as well.",
        "ε is added once, to the root.",
        "The idea",
        DIVIDING,
        ({"epsilon place": "twice"},),
    ),
    Entry(
        "epsilon_limit",
        "{subject} with ε as a lower limit",
        "`clamp(min=epsilon)` or `maximum` stands where ε should be added to the root.",
        "ε is added to every root, not only to one that is smaller.",
        "The idea",
        DIVIDING,
        ({"epsilon place": "limit"},),
    ),
    Entry(
        "epsilon_brackets",
        "{subject} with the brackets around root and ε forgotten",
        "`a / root + epsilon` divides by the root alone, and adds ε to the step.",
        "A division comes before an addition: the sum of root and ε needs brackets.",
        "The idea",
        DIVIDING,
        ({"epsilon place": "brackets"}, {"epsilon place": "outside"}, {"epsilon place": "outside_plus"}),
    ),
    Entry(
        "epsilon_squared",
        "{subject} with ε² in place of ε",
        "`epsilon ** 2` is added to the root, or under it.",
        "ε is small already; its square is so small that it does nothing beside a root.",
        "The idea",
        DIVIDING,
        ({"epsilon place": "squared"}, {"epsilon place": "square_inside"}),
    ),
    Entry(
        "no_epsilon",
        "{subject} without ε",
        "Nothing is added to the root: an element whose gradient has always been zero becomes NaN.",
        "There the root is zero, and 0/0 is not a number.",
        "What usually goes wrong",
        DIVIDING,
        ({"epsilon place": "none"},),
        idea=ADAMS,
    ),
    Entry(
        "epsilon_before_correction",
        "{subject} with ε added before v is corrected",
        "The correction is put into the rate, η√(1 − β₂ᵗ)/(1 − β₁ᵗ), and ε is added to √v.",
        "At first √v is much smaller than √v̂, so the same ε weighs more beside it.",
        "The idea",
        ADAMS,
        ({"epsilon moment": "early"},),
    ),
    replace(FIXED["epsilon"], ways=tuple({"epsilon": size} for size in EPSILONS)),
    Entry(
        "not_squared",
        "{subject} with sizes under the root where squares should be",
        _SIZE_KEPT,
        _ROOT_OF_SIZE,
        "The idea",
        ("RMSProp", "Adagrad"),
        ({"squares": "sizes"},),
    ),
    Entry(
        "second_not_squared",
        "{subject} with v an average of sizes, not of squares",
        _SIZE_KEPT,
        _ROOT_OF_SIZE,
        "The idea",
        ADAMS,
        ({"squares": "sizes"},),
    ),
    Entry(
        "whole_tensor",
        "{subject} with one size for all elements of a parameter",
        "The squares are averaged or added up over the whole tensor, as by `mean()`, `sum()` or `norm()`.",
        "Each element is divided by the size of its own gradients.",
        "The idea",
        DIVIDING,
        ({"squares": "tensor mean"}, {"squares": "tensor sum"}),
    ),
    Entry(
        "amsgrad",
        "{subject} dividing by the largest average so far, that is AMSGrad",
        "`torch.maximum` keeps the largest v, and its root divides.",
        "That is another rule: this one divides by the present average, which may fall.",
        "The idea",
        ADAMS,
        ({"largest": "kept"}, {"largest": "corrected"}),
    ),
    Entry(
        "old_average",
        "{subject} dividing by the state from before the step",
        "The parameter moves before `self.state[p]` is updated: the first step divides by ε alone.",
        "The present gradient must be in the state that divides it: only then is the length of a step bounded.",
        "The idea",
        ("RMSProp", "Adagrad"),
        ({"second used": "old"},),
    ),
)
