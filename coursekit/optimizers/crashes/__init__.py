"""The crashes of the first hour in words: what is wrong in the line that raised something, and what to do.

A cause is named where it is certain: by the exception, by its words, and by the line or by what was tried. Where no
more is known than Python says, no more is said.
"""

from __future__ import annotations

from coursekit.judging.behaviours import Finding
from coursekit.language import Say
from coursekit.optimizers.crashes import calls, classes, groups, python, tensors

CRASHES = (*classes.CRASHES, *groups.CRASHES, *tensors.CRASHES, *calls.CRASHES, *python.CRASHES)


def explain_crash(finding: Finding, say: Say) -> tuple[str, str] | None:
    """Say what is wrong where a student's code raised something, and what to do ("" where that is not known).

    Parameters
    ----------
    finding
        One with a failure.
    say
        Translates.

    Returns
    -------
    tuple of str, or None
        None where nothing is known.
    """
    failure = finding.failure
    if failure is None:
        return None
    for crash in CRASHES:
        fields = crash.fields(finding, failure)
        if fields is not None:
            return say(crash.cause, **fields), say(crash.fix, **fields) if crash.fix else ""
    return None
