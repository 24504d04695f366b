"""Mistakes in both classes with a velocity; those in the constructor and in the memory stand under the first."""

from __future__ import annotations

from tests.bank.wrong.common import SKIP, hyperparameters, lines, memory, starts_in_constructor
from tests.bank.wrong.plain import Mistake, costs

_V = 'group["momentum"] * state["v"] + g'
_NEW = f'v = state["v"] = {_V}'
_MU = 'group["momentum"]'
_AHEAD = f"(g + {_MU} * v)"
_STEP = "p -= lr * v"
_RULE = "one_step many_steps"


def _both(subject: str) -> tuple[Mistake, ...]:
    """List what may be wrong in the velocity; Nesterov's step has μ in it, and shows it at the first step."""
    step = "p -= lr * v" if subject == "Momentum" else f"p -= lr * {_AHEAD}"
    momentum = "many_steps" if subject == "Momentum" else _RULE
    unread = "many_steps groups saved_state" if subject == "Momentum" else "many_steps saved_state"
    return (
        costs(_RULE, subject, "uphill", ("p -= ", "p += "), known="uphill"),
        costs(f"{_RULE} learning_rate groups", subject, "the rate forgotten", ("p -= lr * ", "p -= "), known="no_rate"),
        costs(
            f"{momentum} groups",
            subject,
            "a momentum of 0.9 whatever is asked for",
            (SKIP, f'{SKIP}                    group = group | {{"momentum": 0.9}}\n'),
            known="momentum_fixed",
        ),
        costs(_RULE, subject, "an average", ("+ g\n", f"+ (1 - {_MU}) * g\n"), known="velocity_averaged"),
        costs(
            "many_steps",
            subject,
            "dampened from the second gradient on",
            ("torch.zeros_like(p)", "g.clone()"),
            ("+ g\n", f"+ (1 - {_MU}) * g\n"),
            known="velocity_dampened",
        ),
        costs(
            _RULE, subject, "μ before the gradient", (_V, f'state["v"] + {_MU} * g'), known="velocity_weights_swapped"
        ),
        costs("many_steps", subject, "1 − μ for μ", (_V, f'(1 - {_MU}) * state["v"] + g'), known="velocity_complement"),
        costs(
            _RULE,
            subject,
            "lerp the wrong way round",
            (_V, f'torch.lerp(state["v"], g, {_MU})'),
            known="velocity_complement",
        ),
        costs(
            "many_steps groups" if subject == "Momentum" else "many_steps",
            subject,
            "nothing forgotten",
            (_V, 'state["v"] + g'),
            known="gradients_summed",
        ),
        costs(
            "many_steps",
            subject,
            "the old velocity subtracted",
            (_V, f'g - {_MU} * state["v"]'),
            known="velocity_subtracted",
        ),
        costs(unread, subject, "a new velocity at every step", ('"v" not in state', "True"), known="no_memory"),
        costs(unread, subject, "the velocity not put back", (_NEW, f"v = {_V}"), known="no_memory"),
        costs(
            "many_steps in_place",
            subject,
            "a velocity that is the gradient",
            ("torch.zeros_like(p)", lines("g", "else:", f'    state["v"].mul_({_MU}).add_(g)')),
            (_NEW, 'v = state["v"]'),
        ),
        costs(
            _RULE,
            subject,
            "the first gradient twice",
            ("torch.zeros_like(p)", "g.clone()"),
            known="velocity_starts_at_gradient",
        ),
        costs(
            "learning_rate",
            subject,
            "the rate in the velocity",
            (_V, f'{_MU} * state["v"] + lr * g'),
            (step, step.replace("lr * ", "").replace("(g", "(lr * g")),
            known="rate_in_velocity",
        ),
        costs(
            f"{_RULE} learning_rate",
            subject,
            "the rate in the velocity and in the step",
            (_V, f'{_MU} * state["v"] + lr * g'),
            known="rate_squared" if subject == "Momentum" else "",
        ),
        costs(
            _RULE,
            subject,
            "the first step makes the state only",
            ('["v"] = torch.zeros_like(p)', '["v"] = torch.zeros_like(p)\n                        continue'),
            known="first_step_missing",
        ),
        costs(
            "no_gradient",
            subject,
            "None is a zero gradient",
            (SKIP, ""),
            ("p.grad,", "torch.zeros_like(p) if p.grad is None else p.grad,"),
            known="none_as_zero",
        ),
        costs(
            "zero_gradient",
            subject,
            "a zero gradient is skipped",
            ("p.grad is None:", "p.grad is None or not p.grad.any():"),
            known="zero_skipped",
        ),
    )


def _momentum(lost: str, name: str, new: str, known: str = "") -> Mistake:
    return costs(lost, "Momentum", name, (_STEP, new), known=known)


def _nesterov(name: str, new: str, known: str = "", lost: str = _RULE) -> Mistake:
    return costs(lost, "Nesterov", name, (_AHEAD, new), known=known)


MISTAKES = (
    *hyperparameters("Momentum"),
    *memory("Momentum"),
    starts_in_constructor("Momentum", "v"),
    *_both("Momentum"),
    _momentum(_RULE, "Nesterov's step", f"p -= lr * {_AHEAD}", "nesterov"),
    _momentum(_RULE, "μ in the step as well", f"p -= lr * {_MU} * v", "velocity_scaled"),
    _momentum(_RULE, "the gradient once more", "p -= lr * (g + v)", "gradient_added"),
    _momentum(_RULE, "the rate squared", "p -= lr * lr * v", "rate_squared"),
    _momentum(f"{_RULE} learning_rate groups", "a rate of 0.01", "p -= 0.01 * v", "rate_fixed"),
    _momentum(_RULE, "divided by the rate", "p -= v / lr"),
    _momentum("many_steps groups saved_state", "the gradient alone", "p -= lr * g", "no_memory"),
    _momentum(
        _RULE,
        "corrected as in Adam",
        lines('t = state["t"] = state.get("t", 0) + 1', f"p -= lr * v / (1 - {_MU} ** t)"),
    ),
    costs(
        _RULE,
        "Momentum",
        "moves before the gradient came",
        (_NEW, 'v = state["v"]'),
        (_STEP, lines(_STEP, f'state["v"] = {_V}')),
        known="velocity_used_before",
    ),
    *_both("Nesterov"),
    _nesterov("no look ahead", "v", "look_ahead_missing"),
    _nesterov("the factor before the velocity forgotten", "(g + v)", "gradient_added"),
    _nesterov("μ before the gradient in the step", f"(v + {_MU} * g)", "look_ahead_swapped", "many_steps"),
    _nesterov("the gradient forgotten", f"{_MU} * v", "velocity_scaled"),
    _nesterov("looks ahead twice", f"(g + {_MU} * (g + {_MU} * v))", "look_ahead_twice"),
    _nesterov("the look ahead never taken back", f"(v + {_MU} * v)", "look_ahead_never_back", "many_steps"),
    _nesterov("the look ahead subtracted", f"(g - {_MU} * v)"),
    costs(
        _RULE,
        "Nesterov",
        "the velocity from before the gradient",
        (_NEW, lines('v = state["v"]', f'state["v"] = {_V}')),
        known="look_ahead_missing",
    ),
    costs(
        _RULE,
        "Nesterov",
        "old and new velocity the wrong way round",
        (_NEW, lines('old = state["v"]', _NEW)),
        (_AHEAD, f"((1 + {_MU}) * old - {_MU} * v)"),
        known="look_ahead_late",
    ),
)
