"""Putting a student's class, function or dictionary through a scenario."""

from __future__ import annotations

import inspect
import linecache
import random
import sysconfig
import traceback
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import inf
from types import CodeType
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand

from coursekit.judging.faults import Fault, Faults
from coursekit.judging.subject import subject
from coursekit.judging.time_limit import time_limit
from coursekit.judging.trajectories import Failure, Row, Scenario, Trajectory

TIME_LIMIT = 1.5  # seconds that one scenario of a student's may take; a right answer needs a few milliseconds


def run(
    written: Any, scenario: Scenario, *, seconds: float = inf, unaided: bool = False, alone: bool = False
) -> Trajectory:
    """Put a student's class, function or dictionary through a scenario.

    Global settings of a notebook (see `default_settings`) make no difference to it.

    Parameters
    ----------
    written
        A class, a function or a dictionary, as the scenario needs it.
    scenario
        The scenario to run.
    seconds
        The limit for a student's code, see `coursekit.judging.time_limit`; what is ours has none.
    unaided
        Whether what the subject refuses (`Subject.refused`) is refused to it, where the scenario says that it must do
        without.
    alone
        Whether nothing else runs in this process, so that what a notebook has set need not be put back.

    Returns
    -------
    Trajectory
        The rows up to the end, or up to the exception that `failure` then names. It never raises what the
        student's code raises, but for a `KeyboardInterrupt`.
    """
    rows: list[Row] = []
    faults: Faults = {}
    failure = None
    with default_settings(stay=alone):
        try:
            refusal = subject().refused() if unaided and scenario.unaided else nullcontext()
            limit = nullcontext() if seconds == inf else time_limit(seconds)
            with refusal, limit:  # no limit while the refusal ends
                rows.extend(scenario.run(written, faults))
        except KeyboardInterrupt:
            raise  # whoever interrupts the kernel means all of it
        except BaseException as error:  # noqa: BLE001 - a student's code raises anything
            failure = describe(error, len(rows))
        if not torch.is_grad_enabled():
            faults[Fault("grad_mode")] = None
    return Trajectory(rows=tuple(rows), faults=tuple(faults), failure=failure)


@contextmanager
def default_settings(*, stay: bool = False) -> Iterator[None]:
    """Run a block with what a fresh process has set, and put back what a notebook has set instead, or let it `stay`.

    These are torch's default device and dtype, its grad mode and its deterministic mode, the seeds of all three
    generators, how numpy takes a division by zero, and what becomes of a warning.
    """
    usual = np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
    with nullcontext() if stay else _put_back(), _on_the_processor(), usual, warnings.catch_warnings(action="ignore"):
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        _be_deterministic(0)
        random.seed(0)
        mtrand.set_bit_generator(_STREAM)  # ten times quicker than to put a state back
        np.random.seed(0)
        torch.default_generator.manual_seed(0)
        yield


@contextmanager
def _put_back() -> Iterator[None]:
    grad, dtype, deterministic = (
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        torch.get_deterministic_debug_mode(),
    )
    drawn, numpys, torchs = random.getstate(), mtrand.get_bit_generator(), torch.default_generator.get_state()
    try:
        yield
    finally:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        _be_deterministic(deterministic)
        random.setstate(drawn)
        mtrand.set_bit_generator(numpys)
        torch.default_generator.set_state(torchs)


_STREAM = np.random.MT19937()


def _be_deterministic(mode: int) -> None:
    if torch.get_deterministic_debug_mode() != mode:  # to ask is quicker
        torch.set_deterministic_debug_mode(mode)


def _on_the_processor() -> AbstractContextManager[object]:
    """Make new tensors on the processor where a notebook has chosen another device, as a card that is not there."""
    try:
        there = torch.empty(0).device.type
    except (RuntimeError, AssertionError):
        there = "none"
    return nullcontext() if there == "cpu" else torch.device("cpu")


def describe(error: BaseException, row: int = 0) -> Failure:
    """Describe an exception by the deepest line of the student's own code, if it passed through any."""
    function = line = ""
    number = 0
    in_stub = False
    for frame, at in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if "site-packages" in name or name.startswith(_OF_PYTHON) or _is_ours(frame.f_globals):
            continue
        function, number, line = frame.f_code.co_qualname, at, linecache.getline(name, at).strip()
        in_stub = isinstance(error, NotImplementedError) and _is_stub(frame.f_code)
    try:
        message = str(error)
        if not function and isinstance(error, SyntaxError):  # Python could not even read the cell
            message, number = str(error.msg), int(error.lineno or 0)
            line = (linecache.getline(error.filename or "", number) or error.text or "").strip()
    except Exception:  # noqa: BLE001 - what an exception holds is student code too
        message = ""
    return Failure(
        kind=type(error).__name__,
        message=message,
        function=function,
        line=line,
        number=number,
        row=row,
        in_stub=in_stub,
    )


_OF_PYTHON = ("<frozen", sysconfig.get_path("stdlib"))


def _is_ours(space: dict[str, Any]) -> bool:
    return str(space.get("__package__")).partition(".")[0] == "coursekit"


def _is_stub(code: CodeType) -> bool:
    """Tell whether a function names nothing but the exception that it raises, and keeps nothing."""
    further = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    arguments = code.co_argcount + code.co_kwonlyargcount + further
    return set(code.co_names) == {"NotImplementedError"} and code.co_nlocals == arguments
