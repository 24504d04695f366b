"""The check of a check cell: it judges what stands in the notebook and shows how far it is right."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coursekit.errors import CheckFailed
from coursekit.judging.behaviours import Verdict, remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.running import TIME_LIMIT, run
from coursekit.judging.subject import subject
from coursekit.judging.table import LadderTable
from coursekit.judging.trajectories import Failure, Scenario, Trajectory
from coursekit.judging.values import OF_TYPE, kind_of
from coursekit.language import current, translate
from coursekit.student.elsewhere import not_there
from coursekit.student.quiet import quietly


def check(written: Any = None, name: str = "") -> None:
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
        When a behaviour is wrong, with one line that says which; or when this is nothing of the course's.
    """
    from IPython.display import display

    frame = inspect.currentframe()
    caller = frame and frame.f_back
    name = name or _name(written, caller.f_globals if caller else {})
    if name not in subject().exercises:
        known = ", ".join(subject().exercises)
        raise CheckFailed(translate("check() knows {names}; not {name!r}.", names=known, name=name))

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
        raise CheckFailed(table.summary)


def _name(written: Any, around: Mapping[str, Any]) -> str:
    """Find the course's name for something: its own, or else the one under which it stands around the call."""
    known = subject().exercises
    name = getattr(written, "__name__", "")
    if name in known:
        return name
    if callable(written):
        for space in (around, getattr(written, "__globals__", {})):
            for standing in known:
                if space.get(standing) is written:
                    return standing
    if name:
        return str(name)
    meant = written if isinstance(written, str) else type(written).__name__
    text = "check() was given {found}, and wants the class or the function itself: coursekit.check({name})."
    raise CheckFailed(translate(text, found=_found(written), name=meant if meant in known else next(iter(known))))


def _found(written: Any) -> str:
    """Say what was given, in the language of the notebook."""
    if written is None or isinstance(written, str):
        return translate(kind_of(written))
    return translate(OF_TYPE, theirs=type(written).__name__)


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
