"""Putting a student's class, function or dictionary through a scenario."""

from __future__ import annotations

import copy
import inspect
import linecache
import random
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import inf
from types import CodeType
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand

from coursekit.judging.calling import Names, names, needed
from coursekit.judging.delegation import refused
from coursekit.judging.time_limit import time_limit
from coursekit.judging.trajectories import (
    Argument,
    CallScenario,
    Failure,
    OptimizerScenario,
    Row,
    Scenario,
    SchedulerScenario,
    TableScenario,
    Trajectory,
    is_own,
)

TIME_LIMIT = 5.0  # seconds that one scenario of a student's may take; a right answer needs a few milliseconds


def run(subject: Any, scenario: Scenario, *, seconds: float = inf, unaided: bool = False) -> Trajectory:
    """Put a student's class, function or dictionary through a scenario.

    What a notebook has set globally (`default_settings`) makes no difference to it.

    Parameters
    ----------
    subject
        An optimizer class, a scheduler class, a function or a dictionary, as the scenario needs it.
    scenario
        What to put it through.
    seconds
        The limit for a student's code, see `coursekit.judging.time_limit`; what is ours has none.
    unaided
        Whether torch's own optimizers and schedulers are refused to the subject, where `is_own` says that it must do
        without.

    Returns
    -------
    Trajectory
        The rows up to the end, or up to the exception that `failure` then names. It never raises what the
        student's code raises, but for a `KeyboardInterrupt`.
    """
    rows: list[Row] = []
    faults: dict[str, None] = {}  # a set that keeps its order
    failure = None
    with default_settings():
        try:
            refusal = refused() if unaided and is_own(scenario) else nullcontext()
            limit = nullcontext() if seconds == inf else time_limit(seconds)
            with refusal, limit:  # no limit while the refusal ends
                rows.extend(_RUNNERS[type(scenario)](subject, scenario, faults))
        except KeyboardInterrupt:
            raise  # whoever interrupts the kernel means all of it
        except BaseException as error:  # noqa: BLE001 - a student's code raises anything
            failure = describe(error, len(rows))
        if not torch.is_grad_enabled():
            faults["grad_mode"] = None
    return Trajectory(rows=tuple(rows), faults=tuple(faults), failure=failure)


def warm_up() -> None:
    """Do what is slow the first time: the first step of a torch optimizer imports much of torch.

    Interrupted by a time limit, that import would leave torch broken for the rest of the process.
    """
    parameter = torch.nn.Parameter(torch.zeros(1, device="cpu"))
    parameter.grad = torch.zeros(1, device="cpu")
    torch.optim.SGD([parameter], lr=0.1).step()


@contextmanager
def default_settings() -> Iterator[None]:
    """Run a block with what a fresh process has set, and put back what a notebook has set instead.

    These are torch's default device and dtype, its grad mode and its deterministic mode, the seeds of all three
    generators, how numpy takes a division by zero, and what becomes of a warning.
    """
    grad, dtype, deterministic = (
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        torch.get_deterministic_debug_mode(),
    )
    drawn, numpys, torchs = random.getstate(), mtrand.get_bit_generator(), torch.default_generator.get_state()
    usual = np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
    with _on_the_processor(), usual, warnings.catch_warnings(action="ignore"):
        try:
            torch.set_grad_enabled(True)
            torch.set_default_dtype(torch.float32)
            _be_deterministic(0)
            random.seed(0)
            mtrand.set_bit_generator(_STREAM)  # ten times quicker than to put a state back
            np.random.seed(0)
            torch.default_generator.manual_seed(0)
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


def _run_optimizer(subject: Any, scenario: OptimizerScenario, faults: dict[str, None]) -> Generator[Row]:
    dtype = getattr(torch, scenario.dtype)
    parameters = [torch.nn.Parameter(_tensor(value, dtype)) for value in scenario.start]
    overridden = [name for _, over in scenario.groups for name in over if name != "lr"]
    called = names(subject, [*scenario.hyperparameters, *overridden])
    faults.update(dict.fromkeys(called.faults()))
    optimizer = _make(subject, parameters, scenario, called)
    step_arguments = (None,) * needed(optimizer.step)
    if step_arguments:
        faults["step_argument"] = None
    if not all("lr" in group for group in optimizer.param_groups):
        faults["no_lr"] = None
    neighbour = None
    if scenario.neighbour:
        others = [torch.nn.Parameter(_tensor(value + 1.0, dtype)) for value in scenario.start]
        neighbour = _make(subject, others, scenario, called)
    partner = _make(subject, parameters, scenario, called) if scenario.turns else optimizer
    # The rows start with the parameters untouched: a constructor moves nothing.
    yield _values(parameters)
    for step, gradients in enumerate(scenario.gradients):
        if step == scenario.reload_before:
            state = copy.deepcopy(optimizer.state_dict())
            parameters = [torch.nn.Parameter(parameter.detach().clone()) for parameter in parameters]
            optimizer = partner = _make(subject, parameters, scenario, called)
            optimizer.load_state_dict(state)
        if step in scenario.rates:
            for group in optimizer.param_groups:
                group["lr"] = scenario.rates[step]
        if neighbour is not None:
            _give_gradients(others, [None if g is None else -3.0 * g for g in gradients], reuse=False)
            neighbour.step(*step_arguments)
        if scenario.placed:
            _place(parameters, scenario.placed[step])
        if not (scenario.gradients_once and step):
            _give_gradients(parameters, gradients, reuse=scenario.reuse_gradients)
        given = [
            (parameter.grad, None if parameter.grad is None else parameter.grad.clone()) for parameter in parameters
        ]
        optimizer.step(*step_arguments)
        faults.update(dict.fromkeys(_seen(optimizer, parameters, given, scenario)))
        yield _values(parameters)
        optimizer, partner = partner, optimizer


def _make(subject: Any, parameters: list[torch.nn.Parameter], scenario: OptimizerScenario, called: Names) -> Any:
    what: Any = parameters
    if scenario.groups:
        what = [
            {"params": [parameters[i] for i in members], **called.renamed(over, scenario.hyperparameters)}
            for members, over in scenario.groups
        ]
    elif scenario.generator:
        what = (parameter for parameter in parameters)
    return subject(what, **called.keywords(scenario.hyperparameters))


def _place(parameters: Sequence[torch.nn.Parameter], row: Row) -> None:
    with torch.no_grad():
        for parameter, value in zip(parameters, row, strict=True):
            parameter.copy_(_tensor(value, parameter.dtype))


def _give_gradients(
    parameters: Sequence[torch.nn.Parameter], gradients: Sequence[np.ndarray | None], *, reuse: bool
) -> None:
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if gradient is None:
            parameter.grad = None
        elif reuse and parameter.grad is not None:
            parameter.grad.copy_(_tensor(gradient, parameter.dtype))
        else:
            parameter.grad = _tensor(gradient, parameter.dtype)


def _seen(
    optimizer: Any,
    parameters: Sequence[torch.nn.Parameter],
    given: Sequence[tuple[torch.Tensor | None, torch.Tensor | None]],
    scenario: OptimizerScenario,
) -> Iterator[str]:
    """Name what a step did beside moving the parameters; `given` holds each gradient and a copy of it."""
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    for parameter, (gradient, copied), value in zip(parameters, given, scenario.start, strict=True):
        if id(parameter) not in held:
            yield "replaced"
        if not parameter.requires_grad:
            yield "detached"
        kept = (entry for entry in _entries(optimizer, parameter) if isinstance(entry, torch.Tensor))
        if parameter.grad_fn is not None or any(entry.grad_fn is not None for entry in kept):
            yield "graph"
        if parameter.dtype != getattr(torch, scenario.dtype):
            yield "dtype"
        if tuple(parameter.shape) != value.shape:
            yield "shape"
        changed = gradient is not None and copied is not None and not torch.equal(gradient, copied)
        if changed or parameter.grad is not gradient:
            yield "gradient_changed"


def _entries(optimizer: Any, parameter: torch.nn.Parameter) -> Iterator[Any]:
    """List what an optimizer keeps for a parameter, whether in a mapping, a tuple or a bare tensor."""
    state = optimizer.state.get(parameter, ())
    if isinstance(state, Mapping):
        yield from state.values()
    elif isinstance(state, tuple | list):
        yield from state
    else:
        yield state


def _run_scheduler(subject: Any, scenario: SchedulerScenario, faults: dict[str, None]) -> Generator[Row]:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in scenario.rates]
    optimizer = _Driven(groups)
    keywords: dict[str, Any] = dict(scenario.hyperparameters)
    if "patience" in keywords:
        keywords["patience"] = int(keywords["patience"])
    if scenario.mode is not None:
        keywords["mode"] = scenario.mode
    called = names(subject, keywords)
    faults.update(dict.fromkeys(called.faults()))
    scheduler = subject(optimizer, **called.keywords(keywords))

    def rates() -> np.ndarray:
        return np.array([float(group["lr"]) for group in optimizer.param_groups])

    yield (rates(),)
    for call, number in scenario.calls:
        if call == "get_lr":
            in_force = scheduler.get_lr()
            if not isinstance(in_force, float):
                raise TypeError(f"get_lr() must return a float, not {type(in_force).__name__}")
            yield rates(), np.array(in_force)
            continue
        if call == "write":
            for group in optimizer.param_groups:
                group["lr"] = number
        elif call == "set_lr":
            scheduler.set_lr(number)
        elif call == "step_bare":
            scheduler.step()
        else:
            scheduler.step(_METRICS[call](number))
        yield (rates(),)


_METRICS: dict[str, Callable[[float], Any]] = {
    "step": lambda number: number,
    "step_tensor": lambda number: torch.tensor([number]),
    "step_scalar": torch.tensor,
    "step_loss": lambda number: torch.tensor(number, requires_grad=True) * 1.0,
}


class _Driven(torch.optim.Optimizer):
    """What a scheduler drives: an optimizer as students write it, whose groups hold the rate under `lr`."""

    def __init__(self, groups: list[dict[str, Any]]) -> None:
        super().__init__(groups, {"lr": 0.1, "epsilon": 1e-8})

    def step(self) -> None:  # type: ignore[override]
        """Do nothing: only the rates are looked at."""


def _run_call(subject: Any, scenario: CallScenario, faults: dict[str, None]) -> Generator[Row]:
    from coursekit.optimizers import functions, references

    def value(argument: Argument) -> Any:
        if argument.kind == "optimizer":
            return references.stand_in(argument.name)
        if argument.kind == "function":
            return functions.by_name(argument.name, *argument.value.tolist())
        if argument.kind == "number":
            number = argument.value.item()
            return int(number) if number == int(number) else number
        return torch.tensor(argument.value, dtype=torch.float64)

    given = [value(argument) for argument in scenario.arguments]
    result = subject(*given, **scenario.hyperparameters)
    for argument, tensor in zip(scenario.arguments, given, strict=True):
        if argument.kind == "tensor" and not np.array_equal(argument.value, tensor.detach().numpy()):
            faults["argument_changed"] = None
    if isinstance(result, list | tuple):
        result = torch.stack([torch.as_tensor(entry).detach() for entry in result])
    rows = torch.as_tensor(result).detach().to(torch.float64).numpy()
    for row in rows if rows.ndim else rows[None]:
        yield (np.array(row),)


def _run_table(subject: Any, scenario: TableScenario, _: dict[str, None]) -> Generator[Row]:
    table = subject() if callable(subject) else subject
    for name in scenario.rows:
        entries = table[name]
        unknown = set(entries) - set(scenario.columns)
        if unknown:
            raise KeyError(f"{name} has no hyperparameter {sorted(unknown)[0]!r}")
        yield (np.array([float(entries.get(column, "nan")) for column in scenario.columns]),)


_RUNNERS: dict[type, Callable[..., Generator[Row]]] = {
    OptimizerScenario: _run_optimizer,
    SchedulerScenario: _run_scheduler,
    CallScenario: _run_call,
    TableScenario: _run_table,
}


def _tensor(value: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    return torch.from_numpy(np.array(value, np.float64)).to(dtype)


def _values(parameters: Sequence[torch.Tensor]) -> Row:
    return tuple(parameter.detach().to(torch.float64).numpy().copy() for parameter in parameters)


def describe(error: BaseException, row: int = 0) -> Failure:
    """Describe an exception by the deepest line of the student's own code, if it passed through any."""
    function = line = ""
    in_stub = False
    for frame, number in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if "site-packages" in name or name.startswith("<frozen") or _is_ours(frame.f_globals):
            continue
        function, line = frame.f_code.co_qualname, linecache.getline(name, number).strip()
        in_stub = isinstance(error, NotImplementedError) and _is_stub(frame.f_code)
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - the text of an exception is student code too
        message = ""
    kind = type(error).__name__
    return Failure(kind=kind, message=message, function=function, line=line, row=row, in_stub=in_stub)


def _is_ours(space: dict[str, Any]) -> bool:
    return str(space.get("__package__")).partition(".")[0] == "coursekit"


def _is_stub(code: CodeType) -> bool:
    """Tell whether a function names nothing but the exception that it raises, and keeps nothing."""
    further = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    arguments = code.co_argcount + code.co_kwonlyargcount + further
    return set(code.co_names) <= {"NotImplementedError"} and code.co_nlocals == arguments
