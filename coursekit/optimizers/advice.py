"""The words of the course on optimizers about a finding, besides which number is wrong."""

from __future__ import annotations

from coursekit.judging.behaviours import Finding
from coursekit.judging.calls import TableScenario
from coursekit.judging.faults import Fault
from coursekit.judging.help import Advice
from coursekit.language import Say
from coursekit.optimizers.by_hand import by_hand
from coursekit.optimizers.crashes import explain_crash
from coursekit.optimizers.worked import worked_step

FAR = 98.0  # from the minimum, where the search for hyperparameters starts


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
    cause, fix = explain_crash(finding, say) or ("", _tuning(finding, say))
    if finding.fault == Fault("argument_changed"):
        fix = say("The start belongs to the caller: the next optimizer would begin where this one has ended.")
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
        distance=f"{distance:.3g}",
    )
