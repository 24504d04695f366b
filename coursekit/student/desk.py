"""Help for a notebook at a student's desk: going on where something is not written, and the student's own classes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from coursekit.errors import UnreadableError
from coursekit.judging.behaviours import Finding
from coursekit.judging.running import describe
from coursekit.judging.subject import subject
from coursekit.language import FOLDERS, translate
from coursekit.reading.cells import read
from coursekit.reading.statements import cause
from coursekit.student.checks import judge
from coursekit.student.own import Own, look_around
from coursekit.student.quiet import quietly


@contextmanager
def once_written() -> Iterator[None]:
    """Run a block that needs what the student writes; where that is still a stub, say so and go on."""
    try:
        yield
    except NotImplementedError as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_qualname if trace else ""
        print(translate("`{function}` is not written yet.", function=name))


def predicted(prediction: object) -> None:
    """Show a student's prediction once more, above what answers it; where nothing was written, nothing."""
    if text := str(prediction).strip():
        print(translate("You predicted: {text}", text=text))


def own_optimizers() -> tuple[Callable[..., torch.optim.Optimizer], ...]:
    """Return `SGD, RMSProp, Adagrad, Adam, AdamW`: the student's own classes from notebooks 1 to 5.

    See `own_class`.
    """
    exercises = subject().exercises.items()
    return tuple(own_class(name) for name, each in exercises if each.lent and not each.only_right)


def own_class(name: str, substitute: Any = None) -> Any:
    """Return the class or function that the student wrote in an earlier notebook, or `substitute`; print which it is.

    A mistake in an earlier notebook costs nothing in a later one: when that is graded torch's optimizers are always
    used, and so is the course's training loop. That loop, and the base of the schedulers, are the student's own only
    where they are right.

    Parameters
    ----------
    name
        The class or function, one of the exercises.
    substitute
        The class to use where the notebook is missing, or its cell is not written or does not run; if None, torch's own
        behind the signature of the course.
    """
    exercise = subject().exercises[name]
    if substitute is None:
        substitute = subject().substitute(name)
    home = f"{exercise.home}.ipynb"
    if exercise.lent and os.environ.get("NBGRADER_EXECUTION") == "autograde":
        print(translate("{name}: the course's, as always when a notebook is graded.", name=name))
        return substitute
    if exercise.lent:  # what is not is asked for where points are decided, too, without torch's rules
        subject().warm_up()
    try:
        with quietly():
            found, reason = _own(name, home)
    except FileNotFoundError:
        reason = translate("{home} is not in this folder", home=home)
    except (UnreadableError, OSError):
        reason = translate("{home} cannot be read", home=home)
    if reason:
        print(translate("{name}: the course's, because {reason}.", name=name, reason=reason))
        return substitute
    print(translate("{name}: yours, from {home}.", name=name, home=home), *_warned(found, name))
    return found


def _warned(found: Any, name: str) -> Iterator[str]:
    """Say of a class that is used although its check finds something wrong that it may mislead."""
    if subject().exercises[name].only_right:
        return
    with quietly():
        wrong = len(_wrong(found, name))
    if wrong:
        text = "Its check finds {count} behaviours wrong: what it draws here may mislead."
        yield translate(
            text if wrong > 1 else "Its check finds one behaviour wrong: what it draws here may mislead.", count=wrong
        )


def _own(name: str, home: str) -> tuple[Any, str]:
    """Load a class and try it; give it, and why it is of no use, "" where it is."""
    space, lost = _notebook(home).load([name])
    try:
        if name not in space:
            raise NameError(f"name '{name}' is not defined")
        if not subject().exercises[name].only_right:
            _try(space[name])
        elif wrong := _wrong(space[name], name):
            unwritten = wrong[0].kind == "unwritten"
            reason = "it is not written yet in {home}" if unwritten else "yours in {home} does not pass its check"
            return None, translate(reason, home=home)
    except Exception as error:  # noqa: BLE001 - a student's code raises anything
        failure = cause(describe(error), lost)
        if failure.kind == "NotImplementedError" or (failure.kind == "NameError" and name not in space):
            return None, translate("it is not written yet in {home}", home=home)
        return None, translate("yours in {home} raises {error}", home=home, error=failure.kind)
    return space[name], ""


def _notebook(home: str) -> Own:
    """Find a notebook in this folder, under whatever name, or else in that of another assignment beside it."""
    path = Path(home)
    found = None if path.is_file() else look_around(path.parent)[0].get(path.stem)
    if isinstance(found, Own):
        return found
    for place in (path, *(Path("..", folder, home) for folder in FOLDERS)):
        if place.is_file():
            return Own.made(place, path.stem, read(place.read_bytes())[0])
    raise FileNotFoundError(home)


def _wrong(written: Any, name: str) -> list[Finding]:
    """List what the check finds wrong."""
    return [verdict.finding for verdict in judge(written, name) if verdict.finding]


def _try(optimizer: Callable[..., torch.optim.Optimizer]) -> None:
    """Use a class once, so that a stub or a crash shows here and not in the middle of a comparison."""
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.ones(2)
    optimizer([parameter]).step()
