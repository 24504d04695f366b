"""Mistakes in AdamW."""

from __future__ import annotations

from tests.bank.wrong.adam import family
from tests.bank.wrong.common import lines, skeleton
from tests.bank.wrong.plain import costs

_ADAM = 'lr * m_hat / (v_hat.sqrt() + group["epsilon"])'
_DECAY = 'lr * group["weight_decay"] * p'
_STEP = f"p -= {_ADAM} + {_DECAY}"

MISTAKES = (
    *skeleton("AdamW"),
    *family("AdamW"),
    costs("one_step many_steps", "AdamW", "uphill", ("p -= lr", "p -= -lr"), known="uphill"),
    costs("one_step many_steps", "AdamW", "the rate in the decay only", ("p -= lr * ", "p -= "), known="no_rate"),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay with the wrong sign",
        (f"+ {_DECAY}", f"- {_DECAY}"),
        known="decay_sign",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay without the rate",
        (_DECAY, 'group["weight_decay"] * p'),
        known="decay_without_rate",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay without the parameter",
        (_DECAY, 'lr * group["weight_decay"]'),
        known="decay_without_parameter",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay in the gradient",
        ("p.grad,", 'p.grad + group["weight_decay"] * p,'),
        (f" + {_DECAY}", ""),
        known="decay_in_gradient",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay in the fraction",
        ("lr * m_hat", 'lr * (m_hat + group["weight_decay"] * p)'),
        (f" + {_DECAY}", ""),
        known="decay_in_fraction",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay after the step",
        (_STEP, lines(f"p -= {_ADAM}", f"p -= {_DECAY}")),
        known="decay_after",
    ),
    costs("one_step many_steps groups", "AdamW", "no decay", (f" + {_DECAY}", ""), known="no_decay"),
    costs(
        "one_step many_steps groups",
        "AdamW",
        "the decay is always 0.01",
        ('group["weight_decay"]', "0.01"),
        known="weight_decay_fixed",
    ),
    costs(
        "zero_gradient",
        "AdamW",
        "no decay where the gradient is zero",
        (_DECAY, f"{_DECAY} * (g != 0)"),
        known="decay_needs_gradient",
    ),
    costs(
        "no_gradient",
        "AdamW",
        "decay where there is no gradient",
        (
            "p.grad is None:\n",
            'p.grad is None:\n                        p -= group["lr"] * group["weight_decay"] * p\n',
        ),
        known="decay_without_gradient",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay in the gradient and beside",
        ("p.grad,", 'p.grad + group["weight_decay"] * p,'),
        known="decay_twice",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the decay in the first average",
        ('(1 - group["beta1"]) * g', '(1 - group["beta1"]) * (g + group["weight_decay"] * p)'),
        (f" + {_DECAY}", ""),
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the rate twice in the decay",
        (_DECAY, f"lr * {_DECAY}"),
        known="decay_rate_squared",
    ),
    costs(
        "one_step many_steps",
        "AdamW",
        "the sign of the parameter decays",
        (_DECAY, f"{_DECAY}.sign()"),
        known="decay_of_sign",
    ),
    costs("one_step many_steps", "AdamW", "the size of the parameter decays", (_DECAY, f"{_DECAY}.abs()")),
    costs("one_step many_steps", "AdamW", "twice the decay", (_DECAY, f"2 * {_DECAY}"), known="decay_doubled"),
    costs(
        "many_steps",
        "AdamW",
        "the decay of where the parameter began",
        ('state["t"] = 0', lines('state["t"] = 0', '    state["start"] = p.clone()')),
        (_DECAY, 'lr * group["weight_decay"] * state["start"]'),
        known="decay_of_start",
    ),
    costs("many_steps", "AdamW", "the decay divided by t", (_DECAY, f'{_DECAY} / state["t"]')),
    costs(
        "learning_rate groups",
        "AdamW",
        "the decay with the constructor's rate",
        (_DECAY, "self.defaults['lr'] * group[\"weight_decay\"] * p"),
    ),
    costs(
        "one_step many_steps shapes_and_dtypes groups",
        "AdamW",
        "decay for matrices only",
        (_DECAY, f"{_DECAY} * (p.dim() > 1)"),
        known="decay_of_matrices_only",
    ),
)
