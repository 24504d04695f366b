"""What a check cell calls: it judges what stands in the notebook and shows how far it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coursekit.errors import CheckFailed
from coursekit.judging.behaviours import Verdict, remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.report import Report
from coursekit.judging.running import TIME_LIMIT, run, warm_up
from coursekit.judging.trajectories import Failure, Scenario, Trajectory
from coursekit.language import current, translate
from coursekit.optimizers.ladders import SUBJECTS, VISIBLE_SEED, ladder
from coursekit.student.elsewhere import not_there
from coursekit.student.quiet import quietly
from coursekit.student.starting import starting


def check(subject: Any, name: str = "") -> None:
    """Check what a student wrote, show the ladder of its behaviours, and explain the first wrong number.

    Parameters
    ----------
    subject
        The class, function or dictionary.
    name
        What the course calls it, where that is not the name it was defined under.

    Raises
    ------
    CheckFailed
        When a behaviour is wrong, with one line that says which.
    """
    from IPython.display import display

    name = name or getattr(subject, "__name__", "")
    if name not in SUBJECTS:
        raise CheckFailed(translate("check() knows {names}; not {name!r}.", names=", ".join(SUBJECTS), name=name))

    with starting():
        warm_up()
    with quietly() as printed:
        report = Report(name=name, verdicts=judge(subject, name), language=current())
    if report.one_line:
        raise CheckFailed(report.one_line)
    display(report)
    if printed.count:
        display(printed)
    for line in not_there(subject):
        print(line)
    if report.first_wrong:
        raise CheckFailed(report.summary)


def judge(subject: Any, name: str, why: Callable[[Failure], Failure] = lambda failure: failure) -> tuple[Verdict, ...]:
    """Judge the visible ladder of `name`, one of `SUBJECTS`.

    Where something is not written or does not end, the rest would be the same, and counts as that. `why` may know of
    another cause for what is raised.
    """

    def follow_it(scenario: Scenario) -> Trajectory:
        trajectory = run(subject, scenario, seconds=TIME_LIMIT, unaided=True)
        return replace(trajectory, failure=why(trajectory.failure)) if trajectory.failure else trajectory

    ask = remembering(follow_it)
    verdicts: tuple[Verdict, ...] = ()
    behaviours = ladder(name, VISIBLE_SEED)
    for behaviour in behaviours:
        finding = judge_behaviour(name, behaviour, ask)
        verdicts += (Verdict(behaviour=behaviour, finding=finding),)
        stopped = finding and finding.failure and finding.failure.kind in ("TimeLimitExceeded", "Delegated")
        if finding and (finding.kind == "unwritten" or stopped):
            rest = behaviours[len(verdicts) :]
            return verdicts + tuple(Verdict(behaviour=other, finding=finding) for other in rest)
    return verdicts
