"""The loop over groups and parameters, and gradients that are missing or zero."""

from __future__ import annotations

from coursekit.optimizers.mistakes.changes import (
    changed,
    first_group,
    first_with_gradient,
    last_parameter,
    none_as_zero,
    none_ends_step,
    uphill,
    zero_skipped,
)
from coursekit.optimizers.mistakes.entry import ADAMS, EVERY, FADING, Mistake
from coursekit.optimizers.mistakes.hooks import count_all, hooked, zero_elements_skipped

_EVERYBODY = "Every parameter that has a gradient makes its step."

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="first_group_only",
        title="{subject} moving the first group only",
        looks='The loop runs over `self.param_groups[0]["params"]`, or ends after one group.',
        why="An optimizer serves all of its groups.",
        where="Your turn",
        subjects=EVERY,
        follow=changed(first_group),
    ),
    Mistake(
        name="first_parameter_only",
        title="{subject} moving only the first parameter of each group",
        looks='The loop over the parameters ends with `break` or `return`, or there is only `group["params"][0]`.',
        why=_EVERYBODY,
        where="Your turn",
        subjects=EVERY,
        follow=changed(first_with_gradient),
    ),
    Mistake(
        name="last_parameter_only",
        title="{subject} moving only the last parameter of each group",
        looks="The line that moves `p` stands after the loop over the parameters, and so it runs once.",
        why=_EVERYBODY,
        where="Your turn",
        subjects=EVERY,
        follow=changed(last_parameter),
    ),
    Mistake(
        name="none_ends_step",
        title="{subject} ending the step at the first parameter without gradient",
        looks="`return` or `break` stands where `continue` should: all parameters after it stand still.",
        why="Only the parameter without gradient is left alone; those after it have gradients of their own.",
        where="Your turn",
        subjects=EVERY,
        follow=changed(none_ends_step),
    ),
    Mistake(
        name="none_as_zero",
        title="{subject} taking a missing gradient for zeros",
        looks="Where `p.grad` is `None` the step goes on with `torch.zeros_like(p)`.",
        why="A parameter without gradient makes no step, and what is kept for it stays; with zeros its averages fade.",
        where="Your turn",
        subjects=FADING,
        follow=changed(none_as_zero),
    ),
    Mistake(
        name="none_counts",
        title="{subject} counting steps that a parameter did not make",
        looks="One `self.t` for the whole optimizer grows at each call of `step`, gradient or not.",
        why="t counts the steps of one parameter; with a larger t its averages are corrected too little.",
        where="Your turn",
        subjects=ADAMS,
        follow=hooked(before=count_all, plain=True),
    ),
    Mistake(
        name="zero_skipped",
        title="{subject} skipping a parameter whose gradient is all zeros",
        looks="A test such as `if not p.grad.any()` stands beside the one for `None`.",
        why="A gradient of zeros is a gradient: it is a step like any other, and the averages fade.",
        where="Your turn",
        subjects=FADING,
        follow=changed(zero_skipped),
    ),
    Mistake(
        name="zero_elements_skipped",
        title="{subject} leaving out the elements whose gradient is zero",
        looks="A mask such as `g != 0` keeps these elements, and their averages, as they were.",
        why="A gradient of zero is a gradient: the averages of that element fade.",
        where="Your turn",
        subjects=FADING,
        follow=zero_elements_skipped,
    ),
    Mistake(
        name="uphill",
        title="{subject} going uphill",
        looks="`p += ...` stands where `p -= ...` should: the loss grows from the first step on.",
        why="The gradient points to where the loss grows; a step goes against it.",
        where="The idea",
        subjects=EVERY,
        follow=changed(uphill),
    ),
)
