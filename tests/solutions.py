"""What tests judge: the reference solutions, and sources run as a notebook would run them."""

from __future__ import annotations

import io
import linecache
import os
import re
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import jupytext

from coursekit.authoring.building import homes, scripts
from coursekit.judging.behaviours import Ask, Behaviour, Verdict, remembering
from coursekit.judging.mistakes import Diagnosis, Mistake
from coursekit.judging.running import run
from coursekit.judging.subject import subject
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes import known

ROOT = Path(__file__).parents[1]
SCRIPTS = scripts(ROOT / "solutions")
BUILT_IN = {script: homes(script) for script in SCRIPTS}  # in which folders, each with its language
EXERCISES = tuple(subject().exercises)
subject().warm_up()  # or the time limit of the first scenario may end torch's own imports on a busy machine

# The notebook in which a student writes each thing that a ladder judges.
HOMES = {
    name: script.stem
    for script in SCRIPTS
    for name in re.findall(r"^coursekit\.check\((\w+)\)$", script.read_text(), re.MULTILINE)
}


def solution(name: str) -> Any:
    """Return the reference solution that the course calls `name`."""
    return _namespace(HOMES[name])[name]


def defined(source: str, space: dict[str, Any] | None = None, *, cell: str = "cell") -> dict[str, Any]:
    """Run source as a cell whose lines a traceback can show, and give its namespace."""
    space = {"__name__": "__main__"} if space is None else space
    where = f"<{cell} {len(linecache.cache)}>"
    linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
    exec(compile(source, where, "exec"), space)
    return space


def judge(ladder: Iterable[Behaviour], ask: Ask) -> tuple[Verdict, ...]:
    """Judge every behaviour of a ladder, in order."""
    ask = remembering(ask)
    return tuple(Verdict(behaviour=behaviour, finding=behaviour.judge(ask)) for behaviour in ladder)


def of(subject: str) -> tuple[Mistake, ...]:
    """List the mistakes about something that a student writes, each once."""
    about = known(subject)
    families = about.families if about else ()
    return tuple({each.mistake.name: each.mistake for family in families for each in family.variants}.values())


def diagnosed(name: str, *sets: str) -> Diagnosis:
    """Make the diagnosis of these sets of mistakes in what the course calls `name`, their names apart by spaces."""
    known = {each.name: each for each in of(name)}
    return Diagnosis(sets=tuple(tuple(known[each] for each in names.split()) for names in sets))


def lost(written: Any, name: str, seed: int = 0) -> set[str]:
    """Name the behaviours that something a student may write has wrong."""
    return {verdict.behaviour.name for verdict in judge(ladder(name, seed), asking(written)) if verdict.finding}


def asking(written: Any, *, unaided: bool = False) -> Callable[[Scenario], Trajectory]:
    """Put scenarios to something that a student may write."""
    return lambda scenario: run(written, scenario, unaided=unaided)


@cache
def _namespace(stem: str) -> dict[str, Any]:
    """Run the cells of a script that hold definitions: those that are given and those that are written."""
    space: dict[str, Any] = {"__name__": "__main__"}
    graded = mock.patch.dict(os.environ, NBGRADER_EXECUTION="autograde")  # no student's earlier notebooks
    with graded, redirect_stdout(io.StringIO()):
        for cell in jupytext.read(ROOT / "solutions" / f"{stem}.py", fmt="py:percent").cells:
            if cell.cell_type == "code" and {"given", "solution"} & set(cell.metadata):
                defined(cell.source, space, cell=stem)
    return space


def thinned(programs: list[Any], each: int) -> list[Any]:
    """Take one of so many programs, or all of them with `COURSEKIT_BANK=all`."""
    return programs if os.environ.get("COURSEKIT_BANK") == "all" else programs[::each]
