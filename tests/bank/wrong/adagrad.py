"""Mistakes in Adagrad."""

from __future__ import annotations

from tests.bank.wrong.common import lines, memory, skeleton, starts_in_constructor
from tests.bank.wrong.plain import costs

_SUM = 'state["G"] + g ** 2'
_ROOT = 'G.sqrt() + group["epsilon"]'
_STEP = f"p -= lr * g / ({_ROOT})"

MISTAKES = (
    *skeleton("Adagrad"),
    *memory("Adagrad"),
    starts_in_constructor("Adagrad", "G"),
    costs("one_step many_steps", "Adagrad", "uphill", ("p -= ", "p += "), known="uphill"),
    costs(
        "one_step many_steps learning_rate groups",
        "Adagrad",
        "the rate forgotten",
        ("lr * g /", "g /"),
        known="no_rate",
    ),
    costs(
        "one_step many_steps groups",
        "Adagrad",
        "epsilon is always 1e-8",
        ('group["epsilon"]', "1e-8"),
        known="epsilon_fixed",
    ),
    costs(
        "one_step many_steps",
        "Adagrad",
        "the first gradient only makes zeros",
        (
            f'G = state["G"] = {_SUM}',
            f'else:\n                        state["G"] = {_SUM}\n                    G = state["G"]',
        ),
        known="first_gradient_untold",
    ),
    costs("one_step many_steps", "Adagrad", "no root", ("G.sqrt()", "G"), known="no_root"),
    costs(
        "one_step many_steps",
        "Adagrad",
        "epsilon inside the root",
        (_ROOT, '(G + group["epsilon"]).sqrt()'),
        known="epsilon_inside",
    ),
    costs(
        "one_step many_steps",
        "Adagrad",
        "epsilon as a lower limit",
        (_ROOT, 'G.sqrt().clamp(min=group["epsilon"])'),
        known="epsilon_limit",
    ),
    costs(
        "one_step many_steps groups zero_gradient",
        "Adagrad",
        "no epsilon",
        (f"({_ROOT})", "G.sqrt()"),
        known="no_epsilon",
    ),
    costs(
        "one_step many_steps zero_gradient",
        "Adagrad",
        "brackets forgotten",
        (f"({_ROOT})", _ROOT),
        known="epsilon_brackets",
    ),
    costs(
        "one_step many_steps",
        "Adagrad",
        "an average, not a sum",
        (_SUM, '0.9 * state["G"] + 0.1 * g ** 2'),
        known="average_for_sum",
    ),
    costs("many_steps", "Adagrad", "a sum that forgets", (_SUM, '0.9 * state["G"] + g ** 2'), known="forgetting_sum"),
    costs(
        "one_step many_steps",
        "Adagrad",
        "the gradient itself is kept",
        ("g ** 2", "g"),
        known="second_of_gradient",
    ),
    costs("one_step many_steps", "Adagrad", "the gradient is not squared", ("g ** 2", "g.abs()"), known="not_squared"),
    costs(
        "one_step many_steps",
        "Adagrad",
        "the sum from before the step",
        ('G = state["G"] = ', 'G, state["G"] = state["G"], '),
        known="old_average",
    ),
    costs("many_steps saved_state", "Adagrad", "no memory", ('"G" not in state', "True"), known="no_memory"),
    costs(
        "many_steps",
        "Adagrad",
        "the mean of the squares",
        (
            _STEP,
            lines(
                't = state["t"] = state.get("t", 0) + 1',
                _STEP.replace("G.sqrt()", "(G / t).sqrt()"),
            ),
        ),
        known="mean_for_sum",
    ),
    costs(
        "many_steps",
        "Adagrad",
        "the square of the sum",
        ("g ** 2", "g"),
        ("G.sqrt()", "(G ** 2).sqrt()"),
        known="square_of_sum",
    ),
    costs(
        "many_steps",
        "Adagrad",
        "the sum of the sizes",
        ("g ** 2", "g.abs()"),
        ("G.sqrt()", "G"),
        known="no_root+not_squared",
    ),
    costs(
        "many_steps",
        "Adagrad",
        "the rate over the root of t",
        (
            _STEP,
            lines('t = state["t"] = state.get("t", 0) + 1', _STEP.replace("lr *", "lr / t ** 0.5 *")),
        ),
        known="rate_over_root_t",
    ),
    costs("many_steps", "Adagrad", "the root is kept", (_SUM, f"({_SUM}).sqrt()"), ("G.sqrt() +", "G +")),
    costs(
        "many_steps",
        "Adagrad",
        "the greatest square",
        (_SUM, 'torch.maximum(state["G"], g ** 2)'),
        known="maximum_for_average",
    ),
    costs(
        "one_step many_steps", "Adagrad", "one sum for all elements", ("g ** 2", "(g ** 2).sum()"), known="whole_tensor"
    ),
    costs(
        "one_step many_steps",
        "Adagrad",
        "starts at 0.1",
        ("torch.zeros_like(p)", "torch.full_like(p, 0.1)"),
        known="starts_above_zero",
    ),
    costs("one_step many_steps", "Adagrad", "the square added twice", ("+ g ** 2", "+ 2 * g ** 2")),
    costs(
        "one_step many_steps",
        "Adagrad",
        "the fourth root",
        ("G.sqrt()", "G ** 0.25"),
        known="root_twice",
    ),
    costs(
        "many_steps",
        "Adagrad",
        "momentum",
        (
            _STEP,
            lines(f'move = state["move"] = 0.9 * state.get("move", 0.0) + g / ({_ROOT})', "p -= lr * move"),
        ),
        known="momentum_added",
    ),
    costs(
        "many_steps",
        "Adagrad",
        "a history of gradients that are not copied",
        ('state["G"] = torch.zeros_like(p)', 'state["G"] = []'),
        (
            f'G = state["G"] = {_SUM}',
            lines('state["G"].append(g)', 'G = sum(past ** 2 for past in state["G"])'),
        ),
    ),
)
