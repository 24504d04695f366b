"""Mistakes in RMSProp."""

from __future__ import annotations

from tests.bank.wrong.common import SKIP, instead, lines, memory, skeleton, starts_in_constructor
from tests.bank.wrong.plain import costs

_AVERAGE = 'group["decay"] * state["s"] + (1 - group["decay"]) * g ** 2'
_ROOT = 's.sqrt() + group["epsilon"]'
_STEP = f"p -= lr * g / ({_ROOT})"

MISTAKES = (
    *skeleton("RMSProp"),
    *memory("RMSProp"),
    starts_in_constructor("RMSProp", "s"),
    costs("one_step many_steps", "RMSProp", "uphill", ("p -= ", "p += "), known="uphill"),
    costs(
        "one_step many_steps learning_rate groups",
        "RMSProp",
        "the rate forgotten",
        ("lr * g /", "g /"),
        known="no_rate",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "the first gradient only makes zeros",
        (
            f's = state["s"] = {_AVERAGE}',
            f'else:\n                        state["s"] = {_AVERAGE}\n                    s = state["s"]',
        ),
        known="first_gradient_untold",
    ),
    costs(
        "one_step many_steps groups",
        "RMSProp",
        "decay is always 0.9",
        *instead("RMSProp", {"decay": "0.9"}),
        known="decay_fixed",
    ),
    costs(
        "one_step many_steps groups",
        "RMSProp",
        "epsilon is always 1e-8",
        ('group["epsilon"]', "1e-8"),
        known="epsilon_fixed",
    ),
    costs("one_step many_steps", "RMSProp", "no root", ("s.sqrt()", "s"), known="no_root"),
    costs(
        "one_step many_steps",
        "RMSProp",
        "epsilon inside the root",
        (_ROOT, '(s + group["epsilon"]).sqrt()'),
        known="epsilon_inside",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "epsilon squared inside the root",
        (_ROOT, '(s + group["epsilon"] ** 2).sqrt()'),
        known="epsilon_squared",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "epsilon as a lower limit",
        (_ROOT, 's.sqrt().clamp(min=group["epsilon"])'),
        known="epsilon_limit",
    ),
    costs(
        "one_step many_steps groups zero_gradient",
        "RMSProp",
        "no epsilon",
        (f"({_ROOT})", "s.sqrt()"),
        known="no_epsilon",
    ),
    costs(
        "one_step many_steps zero_gradient",
        "RMSProp",
        "brackets forgotten",
        (f"({_ROOT})", _ROOT),
        known="epsilon_brackets",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "1 - decay forgotten",
        ('(1 - group["decay"]) * ', ""),
        known="weight_missing",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "decay and 1 - decay swapped",
        (_AVERAGE, '(1 - group["decay"]) * state["s"] + group["decay"] * g ** 2'),
        known="weights_swapped",
    ),
    costs("many_steps saved_state", "RMSProp", "no memory", ('"s" not in state', "True"), known="no_memory"),
    costs(
        "one_step many_steps",
        "RMSProp",
        "starts at the first square",
        ("torch.zeros_like(p)", "g ** 2"),
        known="starts_at_square",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "starts at one",
        ("torch.zeros_like(p)", "torch.ones_like(p)"),
        known="starts_at_one",
    ),
    costs(
        "one_step many_steps groups",
        "RMSProp",
        "a sum, not an average",
        (_AVERAGE, 'state["s"] + g ** 2'),
        known="sum_for_average",
    ),
    costs("one_step many_steps", "RMSProp", "the gradient is not squared", ("g ** 2", "g.abs()"), known="not_squared"),
    costs(
        "one_step many_steps",
        "RMSProp",
        "the average from before the step",
        ('s = state["s"] = ', 's, state["s"] = state["s"], '),
        known="old_average",
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "bias corrected",
        (
            _STEP,
            lines(
                't = state["t"] = state.get("t", 0) + 1',
                _STEP.replace("s.sqrt()", '(s / (1 - group["decay"] ** t)).sqrt()'),
            ),
        ),
        known="bias_corrected",
    ),
    costs(
        "many_steps",
        "RMSProp",
        "the root is kept",
        (_AVERAGE, f"({_AVERAGE}).sqrt()"),
        ("s.sqrt() +", "s +"),
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "an average of the gradients, then squared",
        ("g ** 2", "g"),
        ("s.sqrt()", "s.abs()"),
    ),
    costs(
        "one_step many_steps",
        "RMSProp",
        "one average for all elements",
        ("g ** 2", "(g ** 2).mean()"),
        known="whole_tensor",
    ),
    costs(
        "many_steps",
        "RMSProp",
        "momentum",
        (
            _STEP,
            lines(
                f'move = state["move"] = 0.9 * state.get("move", 0.0) + g / ({_ROOT})',
                "p -= lr * move",
            ),
        ),
        known="momentum_added",
    ),
    costs(
        "many_steps",
        "RMSProp",
        "a history of gradients that are not copied",
        ('state["s"] = torch.zeros_like(p)', 'state["s"] = []'),
        (
            f's = state["s"] = {_AVERAGE}',
            lines(
                'state["s"].append(g)',
                "s = torch.zeros_like(p)",
                'for past in state["s"]:',
                '    s = group["decay"] * s + (1 - group["decay"]) * past ** 2',
            ),
        ),
    ),
    costs(
        "no_gradient",
        "RMSProp",
        "None is a zero gradient",
        (SKIP, ""),
        ("p.grad,", "torch.zeros_like(p) if p.grad is None else p.grad,"),
        known="none_as_zero",
    ),
    costs(
        "zero_gradient",
        "RMSProp",
        "a zero gradient is skipped",
        ("p.grad is None:", "p.grad is None or not p.grad.any():"),
        known="zero_skipped",
    ),
    costs(
        "zero_gradient",
        "RMSProp",
        "elements with zero gradient are skipped",
        (_AVERAGE, f'torch.where(g == 0, state["s"], {_AVERAGE})'),
        known="zero_elements_skipped",
    ),
)
