"""Mistakes in SGD."""

from __future__ import annotations

from tests.bank.wrong.common import GROUPS, READ, SUPER, lines, skeleton
from tests.bank.wrong.plain import costs

_STEP = "p -= lr * g"

MISTAKES = (
    *skeleton("SGD"),
    costs("one_step many_steps", "SGD", "uphill", ("p -= ", "p += "), known="uphill"),
    costs("one_step many_steps learning_rate groups", "SGD", "the rate forgotten", ("lr * g", "g"), known="no_rate"),
    costs(
        "one_step many_steps learning_rate groups",
        "SGD",
        "the rate is always 0.01",
        ('group["lr"]', "0.01"),
        known="rate_fixed",
    ),
    costs("one_step many_steps", "SGD", "the rate squared", ("lr * g", "lr * lr * g"), known="rate_squared"),
    costs("one_step many_steps", "SGD", "divided by the rate", ("lr * g", "g / lr")),
    costs("one_step many_steps zero_gradient", "SGD", "the sign only", ("lr * g", "lr * g.sign()"), known="sign_only"),
    costs("many_steps", "SGD", "skipped where the sum is 0", ("p.grad is None", "p.grad is None or p.grad.sum() == 0")),
    costs("one_step many_steps", "SGD", "the size only", ("lr * g", "lr * g.abs()")),
    costs(
        "one_step many_steps zero_gradient",
        "SGD",
        "the gradient normalised",
        ("lr * g", "lr * g / g.norm()"),
        known="normalised",
    ),
    costs("one_step many_steps", "SGD", "the mean of the gradient", ("lr * g", "lr * g.mean()"), known="gradient_mean"),
    costs(
        "one_step many_steps",
        "SGD",
        "divided by the number of elements",
        ("lr * g", "lr * g / g.numel()"),
        known="gradient_divided",
    ),
    costs("one_step many_steps", "SGD", "the rate added", ("lr * g", "lr + g")),
    costs(
        "many_steps",
        "SGD",
        "momentum",
        (_STEP, lines('v = state["v"] = 0.9 * state.get("v", 0.0) + g', "p -= lr * v")),
        known="momentum_added",
    ),
    costs(
        "one_step many_steps",
        "SGD",
        "an average of the gradients",
        (_STEP, lines('m = state["m"] = 0.9 * state.get("m", 0.0) + 0.1 * g', "p -= lr * m")),
        known="momentum_added",
    ),
    costs(
        "one_step many_steps",
        "SGD",
        "Nesterov's look ahead",
        (_STEP, lines('v = state["v"] = 0.9 * state.get("v", 0.0) + g', "p -= lr * (g + 0.9 * v)")),
        known="nesterov",
    ),
    costs(
        "many_steps",
        "SGD",
        "the gradients summed up",
        (_STEP, lines('total = state["total"] = state.get("total", 0.0) + g', "p -= lr * total")),
        known="gradients_summed",
    ),
    costs("one_step many_steps", "SGD", "weight decay", ("lr * g", "lr * (g + 0.01 * p)"), known="decay_added"),
    costs("one_step many_steps", "SGD", "shrinks the parameter", (_STEP, lines("p *= 0.999", _STEP))),
    costs(
        "many_steps",
        "SGD",
        "the rate over the root of t",
        (_STEP, lines('t = state["t"] = state.get("t", 0) + 1', "p -= lr / t ** 0.5 * g")),
        known="rate_over_root_t",
    ),
    costs(
        "one_step many_steps no_gradient saved_state",
        "SGD",
        "the rate falls with a count of its own",
        (SUPER, f"self.t = 0\n        {SUPER}"),
        ("lr * g", "lr / (1 + 0.1 * self.t) * g"),
        (GROUPS, f"self.t += 1\n            {GROUPS}"),
    ),
    costs(
        "many_steps learning_rate no_gradient",
        "SGD",
        "the group's rate falls with each step",
        (_STEP, f'{_STEP}\n                group["lr"] *= 0.9'),
        known="rate_shrinks",
    ),
    costs(
        "one_step many_steps shapes_and_dtypes",
        "SGD",
        "half the rate for what is no matrix",
        (READ, lines(READ, "lr = lr if p.dim() > 1 else lr / 2")),
    ),
)
