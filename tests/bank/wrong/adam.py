"""Mistakes in Adam, and those that AdamW shares with it."""

from __future__ import annotations

from tests.bank.wrong.common import (
    EVERYTHING,
    GROUPS,
    SKIP,
    SUPER,
    instead,
    line,
    lines,
    memory,
    skeleton,
    starts_in_constructor,
)
from tests.bank.wrong.plain import Mistake, costs

_COUNT = 'state["t"] += 1'
_FIRST = 'group["beta1"] * state["m"] + (1 - group["beta1"]) * g\n'
_SECOND = 'group["beta2"] * state["v"] + (1 - group["beta2"]) * g ** 2'
_M_HAT = 'm / (1 - group["beta1"] ** state["t"])'
_V_HAT = 'v / (1 - group["beta2"] ** state["t"])'
_ROOT = 'v_hat.sqrt() + group["epsilon"]'


def family(subject: str) -> tuple[Mistake, ...]:
    """Return the mistakes that can be made in Adam and in AdamW alike."""
    return (
        *memory(subject),
        costs(
            "one_step many_steps",
            subject,
            "the first gradient only makes zeros",
            (f'm = state["m"] = {_FIRST}', f'm = state["m"] = state["m"] if state["t"] == 1 else {_FIRST}'),
            (f'v = state["v"] = {_SECOND}', f'v = state["v"] = state["v"] if state["t"] == 1 else {_SECOND}'),
            known="first_gradient_untold",
        ),
        starts_in_constructor(subject, "t"),
        costs(
            "groups",
            subject,
            "both betas in one entry of the group",
            ("beta1=beta1, beta2=beta2", "betas=(beta1, beta2)"),
            *instead(subject, {"beta1": 'group["betas"][0]', "beta2": 'group["betas"][1]'}),
            known="betas_renamed",
        ),
        *_counts(subject),
        *_corrections(subject),
        *_fractions(subject),
        *_averages(subject),
        *_gradients(subject),
    )


def _counts(subject: str) -> tuple[Mistake, ...]:
    step = line(subject, "p -= ")
    return (
        costs(
            EVERYTHING,
            subject,
            "t counts from 0",
            (f"{_COUNT}\n", "\n"),
            (step, lines(step, _COUNT)),
            known="count_from_zero",
        ),
        costs(
            "one_step many_steps",
            subject,
            "t counts from 2",
            ('state["t"] = 0', 'state["t"] = 1'),
            known="count_ahead",
        ),
        costs("many_steps", subject, "t never counts", (_COUNT, 'state["t"] = 1'), known="count_stuck"),
        costs(
            "no_gradient",
            subject,
            "t counts steps without gradient too",
            (GROUPS, f"{GROUPS}\n                group['t'] = group.get('t', 0) + 1"),
            (_COUNT, 'state["t"] = group["t"]'),
            known="none_counts",
        ),
        costs(
            "no_gradient saved_state",
            subject,
            "one t for all parameters, in an attribute",
            (SUPER, f"self.t = 0\n        {SUPER}"),
            (GROUPS, f"self.t += 1\n            {GROUPS}"),
            (_COUNT, 'state["t"] = self.t'),
            known="none_counts count_not_saved",
        ),
        costs(
            "own_state",
            subject,
            "one t for all parameters of a group, counted at each",
            (_COUNT, lines("group['t'] = group.get('t', 0) + 1", 'state["t"] = group["t"]')),
            known="count_per_parameter",
        ),
        costs(
            "own_state saved_state",
            subject,
            "one t for all parameters, in an attribute, counted at each",
            (SUPER, f"self.t = 0\n        {SUPER}"),
            (_COUNT, lines("self.t += 1", 'state["t"] = self.t')),
            known="count_per_parameter",
        ),
        costs(
            "saved_state",
            subject,
            "t is kept, but not in the state",
            (SUPER, f"self.counts = {{}}\n        {SUPER}"),
            (_COUNT, 'state["t"] = self.counts[p] = self.counts.get(p, 0) + 1'),
            known="count_not_saved",
        ),
        costs(
            "many_steps learning_rate groups zero_gradient saved_state",
            subject,
            "times t, not to the power of t",
            (_M_HAT, _M_HAT.replace("**", "*")),
            (_V_HAT, _V_HAT.replace("**", "*")),
            known="linear_count",
        ),
    )


def _corrections(subject: str) -> tuple[Mistake, ...]:
    return (
        costs(
            "one_step many_steps",
            subject,
            "no bias correction",
            (_M_HAT, "m"),
            (_V_HAT, "v"),
            known="no_correction",
        ),
        costs(
            "one_step many_steps",
            subject,
            "only the first average corrected",
            (_V_HAT, "v"),
            known="only_first_corrected",
        ),
        costs(
            "one_step many_steps",
            subject,
            "only the second average corrected",
            (_M_HAT, "m"),
            known="only_second_corrected",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the corrections swapped",
            (_M_HAT, _M_HAT.replace("beta1", "beta2")),
            (_V_HAT, _V_HAT.replace("beta2", "beta1")),
            known="corrections_swapped",
        ),
        costs(
            "one_step many_steps",
            subject,
            "beta1 in both corrections",
            (_V_HAT, _V_HAT.replace("beta2", "beta1")),
            known="corrections_swapped",
        ),
        costs(
            "one_step many_steps",
            subject,
            "multiplied by the correction",
            (_M_HAT, _M_HAT.replace("/", "*")),
            (_V_HAT, _V_HAT.replace("/", "*")),
            known="correction_multiplied",
        ),
        costs(
            "one_step many_steps",
            subject,
            "corrected after the root",
            (_ROOT, 'v.sqrt() / (1 - group["beta2"] ** state["t"]) + group["epsilon"]'),
            known="corrected_after_root",
        ),
        costs(
            "many_steps",
            subject,
            "the corrected averages are kept",
            ("m_hat = m /", 'm_hat = state["m"] = m /'),
            ("v_hat = v /", 'v_hat = state["v"] = v /'),
            known="corrected_kept",
        ),
    )


def _fractions(subject: str) -> tuple[Mistake, ...]:
    return (
        costs(
            "one_step many_steps",
            subject,
            "epsilon inside the root",
            (_ROOT, '(v_hat + group["epsilon"]).sqrt()'),
            known="epsilon_inside",
        ),
        costs(
            "one_step many_steps",
            subject,
            "epsilon before the correction",
            (f"({_ROOT})", '(v.sqrt() + group["epsilon"]) * (1 - group["beta2"] ** state["t"]) ** 0.5'),
            known="epsilon_before_correction",
        ),
        costs(
            "one_step many_steps",
            subject,
            "epsilon as a lower limit",
            (_ROOT, 'v_hat.sqrt().clamp(min=group["epsilon"])'),
            known="epsilon_limit",
        ),
        costs(
            "one_step many_steps groups",
            subject,
            "epsilon is always 1e-8",
            ('group["epsilon"]', "1e-8"),
            known="epsilon_fixed",
        ),
        costs(
            "one_step many_steps groups zero_gradient",
            subject,
            "no epsilon",
            (f"({_ROOT})", "v_hat.sqrt()"),
            known="no_epsilon",
        ),
        costs(
            "one_step many_steps zero_gradient",
            subject,
            "brackets forgotten",
            (f"({_ROOT})", _ROOT),
            known="epsilon_brackets",
        ),
        costs("one_step many_steps", subject, "no root", ("v_hat.sqrt()", "v_hat"), known="no_root"),
        costs(
            "many_steps groups",
            subject,
            "the gradient, not its average",
            ("lr * m_hat", "lr * g"),
            known="gradient_for_mean",
        ),
        costs(
            "many_steps",
            subject,
            "Nesterov's look ahead",
            ("lr * m_hat", 'lr * (group["beta1"] * m_hat + (1 - group["beta1"]) * g)'),
            known="nesterov",
        ),
        costs(
            "many_steps",
            subject,
            "the greatest of the second averages",
            ("v_hat = v /", 'v_hat = state["top"] = torch.maximum(state.get("top", v / 1e9), v /'),
            ('["beta2"] ** state["t"])', '["beta2"] ** state["t"]))'),
            known="amsgrad",
        ),
    )


def _averages(subject: str) -> tuple[Mistake, ...]:
    return (
        costs(
            "many_steps",
            subject,
            "beta1 and beta2 swapped",
            (_FIRST, _FIRST.replace("beta1", "beta2")),
            (_SECOND, _SECOND.replace("beta2", "beta1")),
            (_M_HAT, _M_HAT.replace("beta1", "beta2")),
            (_V_HAT, _V_HAT.replace("beta2", "beta1")),
            known="betas_swapped",
        ),
        costs(
            "many_steps groups",
            subject,
            "beta1 is always 0.9",
            *instead(subject, {"beta1": "0.9"}),
            known="beta1_fixed",
        ),
        costs(
            "many_steps groups",
            subject,
            "beta2 is always 0.999",
            *instead(subject, {"beta2": "0.999"}),
            known="beta2_fixed",
        ),
        costs(
            "one_step many_steps",
            subject,
            "1 - beta1 forgotten",
            ('(1 - group["beta1"]) * g', "g"),
            known="weight_missing_first",
        ),
        costs(
            "one_step many_steps",
            subject,
            "1 - beta2 forgotten",
            ('(1 - group["beta2"]) * g', "g"),
            known="weight_missing_second",
        ),
        costs(
            "one_step many_steps",
            subject,
            "beta and 1 - beta swapped",
            (_FIRST, '(1 - group["beta1"]) * state["m"] + group["beta1"] * g\n'),
            (_SECOND, '(1 - group["beta2"]) * state["v"] + group["beta2"] * g ** 2'),
            known="weights_swapped",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the second average is not of squares",
            ("g ** 2", "g.abs()"),
            known="second_not_squared",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the second average is of the first",
            ("g ** 2", "m ** 2"),
            known="second_of_mean",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the second average is of deviations",
            ("g ** 2", "(g - m) ** 2"),
            known="second_of_distance",
        ),
        costs(
            "one_step many_steps",
            subject,
            "one second average for all elements",
            ("g ** 2", "(g ** 2).mean()"),
            known="whole_tensor",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the averages from before the step",
            ('m = state["m"] = ', 'm, state["m"] = state["m"], '),
            ('v = state["v"] = ', 'v, state["v"] = state["v"], '),
            known="old_averages",
        ),
        costs(
            "one_step many_steps",
            subject,
            "the averages start at the gradient",
            ('state["m"] = torch.zeros_like(p)', 'state["m"] = g.clone()'),
            ('state["v"] = torch.zeros_like(p)', 'state["v"] = g ** 2'),
            known="starts_at_gradient",
        ),
        costs(
            "many_steps saved_state groups",
            subject,
            "no memory",
            ('"t" not in state', "True"),
            known="no_memory",
        ),
        costs(
            "many_steps",
            subject,
            "a history of gradients that are not copied",
            ('state["m"] = torch.zeros_like(p)', 'state["m"] = []'),
            (
                f'm = state["m"] = {_FIRST}',
                lines(
                    'state["m"].append(g)',
                    "m = torch.zeros_like(p)",
                    'for past in state["m"]:',
                    '    m = group["beta1"] * m + (1 - group["beta1"]) * past\n',
                ),
            ),
        ),
    )


def _gradients(subject: str) -> tuple[Mistake, ...]:
    averages = {
        _FIRST: f'torch.where(g == 0, state["m"], {_FIRST.strip()})\n',
        _SECOND: f'torch.where(g == 0, state["v"], {_SECOND})',
    }
    return (
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
        costs(
            "zero_gradient",
            subject,
            "elements with zero gradient are skipped",
            *averages.items(),
            ("lr * m_hat /", "lr * m_hat * (g != 0) /"),
            known="zero_elements_skipped",
        ),
    )


MISTAKES = (
    *skeleton("Adam"),
    *family("Adam"),
    costs(
        "one_step many_steps",
        "Adam",
        "one tensor for both averages, changed in place",
        ('state["v"] = torch.zeros_like(p)', 'state["v"] = state["m"]'),
        (f'm = state["m"] = {_FIRST}', 'm = state["m"].mul_(group["beta1"]).add_(g, alpha=1 - group["beta1"])\n'),
        (
            f'v = state["v"] = {_SECOND}',
            'v = state["v"].mul_(group["beta2"]).addcmul_(g, g, value=1 - group["beta2"])',
        ),
        known="one_memory",
    ),
    costs(
        "one_step many_steps",
        "Adam",
        "one tensor for both averages, divided in between",
        (f"m_hat = {_M_HAT}\n", "\n"),
        ('state["v"] = torch.zeros_like(p)', 'state["v"] = state["m"]'),
        (
            f'm = state["m"] = {_FIRST}',
            lines(
                'm = state["m"].mul_(group["beta1"]).add_(g, alpha=1 - group["beta1"])',
                'm_hat = m / (1 - group["beta1"] ** state["t"])\n',
            ),
        ),
        (
            f'v = state["v"] = {_SECOND}',
            'v = state["v"].mul_(group["beta2"]).addcmul_(g, g, value=1 - group["beta2"])',
        ),
        known="one_memory",
    ),
    costs("one_step many_steps", "Adam", "uphill", ("p -= ", "p += "), known="uphill"),
    costs(
        "one_step many_steps learning_rate groups",
        "Adam",
        "the rate forgotten",
        ("lr * m_hat", "m_hat"),
        known="no_rate",
    ),
    costs("one_step many_steps", "Adam", "weight decay", ("p.grad,", "p.grad + 0.01 * p,"), known="decay_added"),
    costs("one_step many_steps", "Adam", "the rate squared", ("lr * m_hat", "lr ** 2 * m_hat"), known="rate_squared"),
)
