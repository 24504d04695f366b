"""The check of a check cell: it judges what stands in the notebook and shows how far it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coursekit.errors import CheckFailed, DidNotEnd
from coursekit.judging.behaviours import Verdict, remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.running import TIME_LIMIT, run
from coursekit.judging.subject import subject
from coursekit.judging.table import LadderTable
from coursekit.judging.trajectories import Failure, Scenario, Trajectory
from coursekit.language import current, translate
from coursekit.student.elsewhere import not_there
from coursekit.student.quiet import quietly
from coursekit.student.starting import starting


def check(written: Any, name: str = "") -> None:
    """Check what a student wrote, show the ladder of its behaviours, and explain the first wrong number.

    Parameters
    ----------
    written
        The class, function or dictionary.
    name
        The course's name for it, where it was defined under another.

    Raises
    ------
    CheckFailed
        When a behaviour is wrong, with one line that says which.
    """
    from IPython.display import display

    name = name or getattr(written, "__name__", "")
    known = subject().exercises
    if name not in known:
        raise CheckFailed(translate("check() knows {names}; not {name!r}.", names=", ".join(known), name=name))

    with starting():
        subject().warm_up()
    with quietly() as printed:
        table = LadderTable(name=name, verdicts=judge(written, name), language=current())
    if table.one_line:
        raise CheckFailed(table.one_line)
    display(table)
    if printed.count:
        display(printed)
    for line in not_there(written):
        print(line)
    if table.first_wrong:
        raise (DidNotEnd if any(map(_hangs, table.verdicts)) else CheckFailed)(table.summary)


def _hangs(verdict: Verdict) -> bool:
    failure = verdict.finding and verdict.finding.failure
    return failure is not None and failure.kind == "TimeLimitExceeded"


def judge(written: Any, name: str, why: Callable[[Failure], Failure] = lambda failure: failure) -> tuple[Verdict, ...]:
    """Judge the visible ladder of `name`, one of the exercises.

    Where something is not written or does not end, the rest would be the same, and counts as that. `why` may know of
    another cause for what is raised.
    """

    def follow_it(scenario: Scenario) -> Trajectory:
        trajectory = run(written, scenario, seconds=TIME_LIMIT, unaided=True)
        return replace(trajectory, failure=why(trajectory.failure)) if trajectory.failure else trajectory

    ask = remembering(follow_it)
    verdicts: tuple[Verdict, ...] = ()
    behaviours = subject().ladder(name)
    for behaviour in behaviours:
        finding = judge_behaviour(behaviour, ask, subject().known(name))
        verdicts += (Verdict(behaviour=behaviour, finding=finding),)
        stopped = finding and finding.failure and finding.failure.kind in ("TimeLimitExceeded", "Delegated")
        if finding and (finding.kind == "unwritten" or stopped):
            rest = behaviours[len(verdicts) :]
            return verdicts + tuple(Verdict(behaviour=other, finding=finding) for other in rest)
    return verdicts
