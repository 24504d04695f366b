"""Where no mistake is named it is said what to do about a wrong number, in both languages."""

import re
from functools import cache

import pytest

from coursekit.judging.explanations import help_with
from coursekit.optimizers.advice import FIXES
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import COMPARED
from coursekit.student.checks import judge
from tests.bank.questions import ANSWERS
from tests.bank.wrong import RIGHT
from tests.solutions import defined

LOOP = 'for p in group["params"]:\n'
SKIP = "                    if p.grad is None:\n"
DECAY = '                    p *= 1 - group["lr"] * group["weight_decay"]\n'
INIT = "    def __init__"
VELOCITY = """torch.zeros_like(p)
                    v = state["v"] = group["momentum"] * state["v"] + g
"""
OF_GRADIENT = """g
                    else:
                        state["v"].mul_(group["momentum"]).add_(g)
                    v = state["v"]
"""

# what is written, its name, edits of a right answer, the behaviour that is wrong, and a part of what to do
PROGRAMS = (
    ("SGD", "a new tensor", [("p -= lr * g", "p = p - lr * g")], "one_step", "new tensor"),
    (
        "SGD",
        "small gradients for zero",
        [("p -= lr * g", "p -= lr * g * (g.abs() > 1e-3)")],
        "many_steps",
        "does a condition take them for zero?",
    ),
    *(
        (
            subject,
            "the gradient itself as the velocity",
            [(VELOCITY, OF_GRADIENT)],
            "many_steps",
            "`p.grad.clone()`",
        )
        for subject in ("Momentum", "Muon")
    ),
    ("RMSProp", "squares in place", [("g ** 2", "g.pow_(2)")], "one_step", "`p.grad.clone()`"),
    (
        "Adagrad",
        "a state on the class",
        [(INIT, f"    kept = {{}}\n\n{INIT}"), ("self.state[p]", "self.kept.setdefault(p, {})")],
        "own_state",
        "stands in `self.state[p]`",
    ),
    ("AdamW", "a decay without a gradient", [(SKIP, DECAY + SKIP)], "no_gradient", "neither its value"),
    (
        "clip_gradients",
        "the weights shortened",
        [
            ("gradients = ", "parameters = list(parameters)\n    gradients = "),
            ("for g in gradients:", "for g in [p.data for p in parameters]:"),
        ],
        "one",
        "shorten `p.grad`",
    ),
    (
        "WarmUpStableDecay",
        "a climb by nothing",
        [("self.k < self.warmup_steps", "self.k <= self.warmup_steps")],
        "empty_phases",
        "`warmup_steps` is 0 here",
    ),
    (
        "AdamW",
        "no decay where the gradient is zero",
        [('lr * group["weight_decay"] * p', 'lr * group["weight_decay"] * p * bool(g.any())')],
        "zero_gradient",
        "Only `None` is skipped",
    ),
    (
        "newton_schulz",
        "the gradient itself divided",
        [("gradient / (gradient.norm() + 1e-7)", "gradient.div_(gradient.norm() + 1e-7)")],
        "unchanged",
        "The gradient belongs to the caller",
    ),
)
each_program = pytest.mark.parametrize("number", [pytest.param(n, id=each[1]) for n, each in enumerate(PROGRAMS)])


@cache
def findings(number):
    """Return what is wrong in a program, by behaviour."""
    subject, _, edits, *_ = PROGRAMS[number]
    source = RIGHT[subject]
    for old, new in edits:
        assert source.count(old) == 1
        source = source.replace(old, new)
    verdicts = judge(defined(source)[subject], subject)
    return {verdict.behaviour.name: verdict.finding for verdict in verdicts if verdict.finding}


@each_program
def test_it_is_said_what_to_do(number):
    subject, _, _, behaviour, words = PROGRAMS[number]
    assert words in help_with(findings(number)[behaviour], subject).fix


@each_program
def test_it_is_said_in_french_with_the_same_code(number):
    subject, _, _, behaviour, _ = PROGRAMS[number]
    english, french = (help_with(findings(number)[behaviour], subject, language).fix for language in ("en", "fr"))
    assert english != french
    assert sorted(re.findall(r"`[^`]*`", english)) == sorted(re.findall(r"`[^`]*`", french))


def test_fixes_are_of_what_is_tried():
    assert set(FIXES) < {trial.as_in for name in COMPARED for each in ladder(name) for trial in each.trials}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2 / (100 * curvature)", True),  # right with the numbers of the notebook
        ("2 / points", False),
        ("2 / curvature", False),  # this one has a name
    ],
)
def test_number_of_the_notebook_in_the_place_of_an_argument_is_asked_for(line, said):
    name = "largest_rate_of_sum"
    (verdict,) = judge(defined(ANSWERS[name].source(name, line))[name], name)
    assert ("where an argument should" in help_with(verdict.finding, name).fix) is said
