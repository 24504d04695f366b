"""Crashes about names, numbers and loops, as in any Python."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches

from coursekit.judging.behaviours import Finding
from coursekit.judging.trajectories import Failure
from coursekit.optimizers.crashes.crash import Crash, Fields, called, operand
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.scenarios import ScheduleScenario

_IMPORTS = {
    "math": "import math",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "torch": "import torch",
    "nn": "from torch import nn",
    "Optimizer": "from torch.optim import Optimizer",
    "plt": "import matplotlib.pyplot as plt",
    "copy": "import copy",
    **{name: f"from math import {name}" for name in ("sqrt", "inf", "exp", "log")},
}
_HYPERPARAMETERS = {name for names in SIGNATURES.values() for name in names} | {"lr", "eps"}
_OWN = {
    "param_groups",
    "state",
    "optimizer",
    "best",
    "patience",
    "factor",
    "min_lr",
    "threshold",
    "mode",
    "get_lr",
    "set_lr",
}


def _import(_: Finding, __: Failure, fields: Fields) -> Fields | None:
    return {"statement": _IMPORTS[fields["name"]]} if fields["name"] in _IMPORTS else None


def _nearly(_: Finding, __: Failure, fields: Fields) -> Fields | None:
    """Find what a module that is loaded has under a similar name."""
    near = get_close_matches(fields["name"], dir(sys.modules.get(fields["owner"])), n=1, cutoff=0.8)
    return {"near": near[0]} if near else None


def _hyperparameter(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    key = "lr" if fields["name"] == "learning_rate" else fields["name"]
    return {"key": key} if failure.function.endswith(".step") and fields["name"] in _HYPERPARAMETERS else None


def _own(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    return {} if "." in failure.function and fields["name"] in _OWN else None


def _called(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    return {} if re.search(rf"\b{fields['name']}\(", failure.line) else None


def _nothing(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    """Find out which part of a line is None."""
    left = fields["one"] == "NoneType"
    what = operand(failure.line, fields["sign"], left=left)
    return {"what": what} if what else None


def _method(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    what = operand(failure.line, fields["sign"], left="method" in fields["one"])
    return {"what": what} if what else None


def _again(_: Finding, failure: Failure, fields: Fields) -> Fields | None:
    return {} if re.search(rf"\b{re.escape(fields['function'])}\(", failure.line) else None


def _no_warm_up(finding: Finding, _: Failure, __: Fields) -> Fields | None:
    scenario = finding.scenario
    without = isinstance(scenario, ScheduleScenario) and scenario.hyperparameters.get("warmup_steps") == 0
    return {} if without else None


def _one_call(_: Finding, failure: Failure, __: Fields) -> Fields | None:
    name = called(failure.line)
    return {"name": name} if name else None


_OPERANDS = r"unsupported operand type\(s\) for (?P<sign>.+): '(?P<one>\w+)' and '(?P<other>\w+)'"
_COMPARED = r"'(?P<sign>[<>]=?)' not supported between instances of '(?P<one>\w+)' and '(?P<other>\w+)'"

CRASHES = (
    # names
    Crash(
        kind="NameError",
        message=r"name '(?P<name>\w+)' is not defined",
        look=_import,
        cause="`{name}` is not imported.",
        fix="Write `{statement}` at the top of the cell.",
    ),
    Crash(
        kind="NameError",
        message=r"name '(?P<name>\w+)' is not defined",
        look=_hyperparameter,
        cause="`{name}` is an argument of `__init__`, and `step` does not see it.",
        fix='Read it from the group: `group["{key}"]`.',
    ),
    Crash(
        kind="NameError",
        message=r"name '(?P<name>\w+)' is not defined",
        look=_own,
        cause="`{name}` belongs to the object, and is found as `self.{name}` only.",
        fix="Write `self.{name}`.",
    ),
    Crash(
        kind="ModuleNotFoundError",
        message=r"No module named '(?P<name>[\w.]+)'",
        cause="There is no module `{name}` here: no file beside the notebook, and no package of the course.",
        fix="If the file is yours, hand it in with the notebook; else write what you need of it into a cell.",
    ),
    Crash(
        kind="FileNotFoundError",
        message=r"\[Errno 2\] [^']*'(?P<name>[^']+)'",
        cause="There is no file `{name}` here.",
        fix="Write what you need of it into a cell.",
    ),
    Crash(
        kind="AttributeError",
        message=r"module '(?P<owner>[\w.]+)' has no attribute '(?P<name>\w+)'",
        look=_nearly,
        cause="`{owner}` has no `{name}`.",
        fix="Look at the spelling: it has `{near}`.",
    ),
    Crash(
        kind="AttributeError",
        message=r"module '(?P<owner>[\w.]+)' has no attribute '(?P<name>\w+)'",
        cause="`{owner}` has no `{name}`.",
        fix="Look at the spelling, or at the documentation of `{owner}`.",
    ),
    Crash(
        kind="NameError",
        message=r"name '(?P<name>\w+)' is not defined",
        cause="There is nothing called `{name}`.",
        fix="Look at the spelling, or run the cell that defines it.",
    ),
    Crash(
        kind="UnboundLocalError",
        message=r"cannot access local variable '(?P<name>\w+)'",
        look=_called,
        cause=(
            "`{name} = ...` in `{function}` makes `{name}` a name of this function, and that hides the function of the"
            " same name."
        ),
        fix="Give the value another name.",
    ),
    Crash(
        kind="UnboundLocalError",
        message=r"cannot access local variable '(?P<name>\w+)'",
        line=r"(?P<sign>[-+*/])=",
        cause="`{name}` is a new name in `{function}`, and has no value yet.",
        fix="What must live on from call to call is kept in `self` or in the state, not in a name of the function.",
    ),
    Crash(
        kind="UnboundLocalError",
        message=r"cannot access local variable '(?P<name>\w+)'",
        cause="`{name}` has no value yet at this line of `{function}`.",
        fix="Set it before, on every way through the code.",
    ),
    # None and methods where a number should be
    Crash(
        kind="TypeError",
        message=rf"{_OPERANDS}|{_OPERANDS.replace('(?P<', '(?P<x')}",
        look=lambda finding, failure, fields: (
            _nothing(finding, failure, fields) if "NoneType" in (fields["one"], fields["other"]) else None
        ),
        cause="`{what}` is `None` here, and this line calculates with it.",
        fix="Give it a number before: look where it is set, and whether what sets it has a `return`.",
    ),
    Crash(
        kind="TypeError",
        message=_COMPARED,
        look=lambda finding, failure, fields: (
            _nothing(finding, failure, fields) if "NoneType" in (fields["one"], fields["other"]) else None
        ),
        cause="`{what}` is `None` here, and `None` is neither less nor more than a number.",
        fix="Give it a number before; what every number must beat starts at `math.inf` or `-math.inf`.",
    ),
    Crash(
        kind="TypeError",
        message=_OPERANDS,
        look=lambda finding, failure, fields: (
            _method(finding, failure, fields) if "method" in fields["one"] + fields["other"] else None
        ),
        cause="`{what}` is a method, not a number: it was not called.",
        fix="Add the round brackets: `{what}()`.",
    ),
    Crash(
        kind="TypeError",
        message=r"float\(\) argument must be a string or a real number, not 'NoneType'",
        line=r"float\((?P<what>[\w.]*)\)",
        cause="`float` cannot make a number of `None`, and `{what}` is `None` here.",
        fix="Look where it is set: it needs a value before this line.",
    ),
    Crash(
        kind="AttributeError",
        message=r"'NoneType' object has no attribute '(?P<name>\w+)'",
        cause="Something in this line is `None`, and `None` has no `{name}`.",
        fix="Look where it is set. A function without `return` gives `None`; so does `.grad` before `backward`.",
    ),
    # calls
    Crash(
        kind="TypeError",
        message=r"'(?P<theirs>[\w.]+)' object is not callable",
        look=_one_call,
        cause="`{name}` is called like a function, but holds a value of type `{theirs}`.",
        fix="Leave the round brackets out, or give the value another name if it hides a function.",
    ),
    Crash(
        kind="RecursionError",
        message=r"maximum recursion depth exceeded",
        look=_again,
        cause="`{function}` calls itself, and that call does so again: this has no end.",
        fix="Write what `{function}` must do, without calling it.",
    ),
    Crash(
        kind="RecursionError",
        message=r"maximum recursion depth exceeded",
        cause="Functions call one another without end, and one of them is `{function}`.",
        fix="One of them must do its work without calling the others.",
    ),
    Crash(
        kind="TimeLimitExceeded",
        message=r"",
        line=r"^while (True|1)\s*:",
        cause="`while True` has no end of its own, and no `break` or `return` was reached.",
        fix="A number of steps that is known needs `for _ in range(...):`.",
    ),
    # numbers
    Crash(
        kind="ZeroDivisionError",
        message=r"",
        look=_no_warm_up,
        cause="This line divides by zero.",
        fix="`warmup_steps` is 0 here: compute the climb only where there is one.",
    ),
    Crash(
        kind="ZeroDivisionError",
        message=r"",
        line=r"1(\.0*)? - [^/]*\*\*",
        cause="This line divides by zero: β to the power 0 is 1, and 1 − 1 is 0.",
        fix="The count of steps must be 1 in the first step: raise it before you use it.",
    ),
    Crash(
        kind="ZeroDivisionError",
        message=r"",
        cause="This line divides by zero.",
        fix="Look at the first step: what does the number below the line begin with?",
    ),
    Crash(
        kind="AssertionError",
        message=r"",
        line=r"^assert\b",
        look=lambda finding, *_: {"wanted": finding.wanted} if finding.wanted else None,
        cause="`assert` raises an `AssertionError`, and `{wanted}` is asked for here.",
        fix="Write `if` with the opposite condition, and `raise {wanted}(...)` under it.",
    ),
    Crash(
        kind=r".*",
        message=r"",
        line=r"^raise\b",
        look=lambda finding, failure, _: (
            {"wanted": finding.wanted} if finding.wanted not in ("", failure.kind) else None
        ),
        cause="`{wanted}` is asked for here, and this line raises `{kind}`.",
        fix="Write `raise {wanted}(...)`.",
    ),
    Crash(
        kind="ValueError",
        message=r"could not convert string to float: '(?P<name>[^']*)'",
        cause="`float` does not know the text `{name}`.",
        fix='Infinity is `float("inf")` or `math.inf`.',
    ),
)
