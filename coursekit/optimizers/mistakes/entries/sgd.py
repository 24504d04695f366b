"""Wrong rules for `SGD`."""

from __future__ import annotations

from coursekit.optimizers.mistakes import rules
from coursekit.optimizers.mistakes.entry import Mistake
from coursekit.optimizers.mistakes.simulate import ruled

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="no_rate",
        title="{subject} without a learning rate",
        looks="The gradient itself is subtracted, `p -= p.grad`.",
        why="The rate says how far a step goes; without it most steps are far too long.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.no_rate),
    ),
    Mistake(
        name="rate_squared",
        title="{subject} with the rate multiplied in twice",
        looks="The gradient is scaled by the rate, and the scaled gradient by the rate again.",
        why="Each step is then η times as long as it should be.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.rate_squared),
    ),
    Mistake(
        name="sign_only",
        title="{subject} using only the sign of the gradient",
        looks="`p.grad.sign()` stands for the gradient: every element moves by η.",
        why="Near the minimum the gradient becomes small, and the steps with it; a sign does not.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.sign_only),
    ),
    Mistake(
        name="normalised",
        title="{subject} with the gradient divided by its length",
        looks="`g / g.norm()` stands for the gradient: every step of a parameter has the length η.",
        why="The size of the gradient belongs to the rule; without it the steps do not shorten near the minimum.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.normalised),
    ),
    Mistake(
        name="momentum_added",
        title="{subject} with a momentum of 0.9",
        looks="Something like `v = 0.9 * v + g` is kept from step to step, and `v` is what moves the parameter.",
        why="That is another rule: this one looks at the present gradient and keeps nothing.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.momentum_added),
    ),
    Mistake(
        name="gradients_summed",
        title="{subject} using the sum of all gradients so far",
        looks="Gradients are added up inside the step, as they are in `.grad` without `zero_grad()`.",
        why="A step uses the gradient of where the parameters are now; the old ones carry it past the minimum.",
        where="What usually goes wrong",
        subjects=("SGD",),
        follow=ruled(rules.gradients_summed),
    ),
    Mistake(
        name="gradient_mean",
        title="{subject} moving all elements by the mean of their gradients",
        looks="`p.grad.mean()` stands for the gradient: all elements of a parameter move alike.",
        why="Each element has a gradient of its own, and moves by that one.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.gradient_mean),
    ),
    Mistake(
        name="decay_added",
        title="{subject} with a weight decay of 0.01",
        looks="`0.01 * p` is added to the gradient.",
        why="This rule has no decay: where the gradient is zero nothing moves.",
        where="The idea",
        subjects=("SGD",),
        follow=ruled(rules.decay_added),
    ),
)
