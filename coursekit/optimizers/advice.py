"""The words of the course on optimizers about a finding, besides which number is wrong."""

from __future__ import annotations

import math

import numpy as np

from coursekit.judging.behaviours import Finding
from coursekit.judging.calls import TableScenario
from coursekit.judging.faults import Fault
from coursekit.judging.help import Advice
from coursekit.language import Numerals, Say
from coursekit.optimizers.by_hand import by_hand
from coursekit.optimizers.crashes import explain_crash
from coursekit.optimizers.ladders.questions import OTHER_NUMBERS
from coursekit.optimizers.scenarios import OptimizerScenario
from coursekit.optimizers.stability import ClippingScenario
from coursekit.optimizers.worked import worked_step

TINY = 1e-4  # a gradient that a step may take for nothing
FAR = 98.0  # from the minimum, where the search for hyperparameters starts
_ALONE = "Where `p.grad` is `None` nothing of this parameter changes: neither its value nor what is kept for it."
_EACH = "What is kept for a parameter stands in `self.state[p]`: elsewhere another one, or another optimizer, meets it."
# What to do where a run must equal another one of the student's own code, by what the other one is.
FIXES = {
    "with one parameter": _EACH,
    "without the second optimizer": _EACH,
    "with one optimizer": _EACH,
    "without that parameter": _ALONE,
    "without these steps": _ALONE,
    "with gradients of 1e-30": "A gradient of zeros is a gradient: the step is made. Only `None` is skipped.",
    "with one group": (
        'Read the rate from `group["lr"]` and the others from `group` under their names in the signature, in the loop'
        " over the groups."
    ),
    "with that rate given to the constructor": 'Read the rate from `group["lr"]` at each step.',
    "without saving and loading": "`state_dict()` saves `self.state` and the groups. What is kept elsewhere is lost.",
}

# Why what was handed over must stay as it is, by what it was handed to.
_CALLERS = {
    "minimise": "The start belongs to the caller: the next optimizer would begin where this one has ended.",
    "newton_schulz": "The gradient belongs to the caller. `/=` changes it; `X = gradient / ...` makes a new matrix.",
    "tuned_rate": "The lists belong to the caller, who needs them again. `sorted(rates)` makes a new list.",
    "compare": "The lists belong to the caller: the next race has other rates. `rates[name][:budget]` is a new list.",
}


def advise(finding: Finding, subject: str, say: Say) -> Advice:
    """Return what is known of a finding.

    Parameters
    ----------
    finding
        From `coursekit.judging.diagnosis.judge_behaviour`.
    subject
        The course's name for the student's code.
    say
        Translates.
    """
    cause, fix = explain_crash(finding, say) or ("", _tuning(finding, say) or _habit(finding, say))
    if finding.fault == Fault("argument_changed"):
        fix = say(_CALLERS[subject])
    return Advice(
        cause=cause,
        fix=fix,
        by_hand=by_hand(finding, subject, say),
        worked=worked_step(finding.named.certain, subject, say),
    )


def _tuning(finding: Finding, say: Say) -> str:
    """Say what an end far from the minimum, or near it, tells of the hyperparameters."""
    if not isinstance(finding.scenario, TableScenario) or finding.difference is None:
        return ""
    distance = abs(finding.difference.got - finding.difference.expected)
    if not distance < FAR:  # NaN, too
        return say("This ends no nearer than it starts: each step goes too far. Try a smaller learning rate.")
    return say(
        "This ends {distance} from the minimum. Draw the path: if it has not arrived, the steps are too short; if it"
        " jumps around the minimum, they are too long at the end.",
        distance=Numerals(f"{distance:.3g}"),
    )


def _habit(finding: Finding, say: Say) -> str:
    """Say what to do about a wrong number whose mistake has no name, as far as what was tried tells it."""
    if finding.difference is None or finding.pair is None:
        return ""
    got = finding.pair[0]
    if Fault("gradient_changed") in got.faults:
        return say(
            "The step changed `p.grad` as well, which must only be read. `g = p.grad` is the same tensor under a second"
            " name, in the state, too: `p.grad.clone()` is one of your own."
        )
    if Fault("weights_changed") in got.faults and isinstance(finding.scenario, ClippingScenario):
        return say("The weights have changed, and they must only be read: shorten `p.grad`, not `p.data`.")
    if finding.named.sets:
        return ""
    if finding.trial == OTHER_NUMBERS:
        return say(
            "With the numbers of the notebook it is right. Is the result rounded? Or does one of them, or a name of"
            " another cell, stand in your line where an argument should?"
        )
    if not isinstance(finding.scenario, OptimizerScenario):
        return ""
    if not finding.as_in and all(
        np.array_equal(item, start) for row in got.rows for item, start in zip(row, got.rows[0], strict=False)
    ):
        gradients = (value for row in finding.scenario.gradients for value in row if value is not None)
        are_tiny = all((np.abs(value) < TINY).all() for value in gradients)
        condition = say("The gradients are very small here: does a condition take them for zero?") if are_tiny else ""
        replaced = say("Is the move written `p = p - ...`? That makes a new tensor. `p -= ...` moves the parameter.")
        return f"{condition} {replaced}".strip()
    return "" if math.isnan(finding.difference.got) else say(FIXES.get(finding.as_in, ""))
