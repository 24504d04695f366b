"""What an optimizer and a scheduler are put through."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch

from coursekit.judging.calling import Names, names, needed
from coursekit.judging.trajectories import Number, Precision, Row, Scenario, Trajectory


@dataclass(frozen=True, eq=False, kw_only=True)
class OptimizerScenario(Scenario):
    """Scripted gradients for an optimizer.

    Attributes
    ----------
    start
        The parameters before the first step, any shapes.
    gradients
        For every step the gradient of every parameter, or None where it has none at that step.
    groups
        For every parameter group the indices of its parameters and what it overrides; empty for a single group.
    rates
        Learning rates written into every group before the step that is the key (0 is the first).
    reload_before
        The step before which the state is saved and loaded into a fresh optimizer on fresh parameters.
    dtype
        "float64", "float32" or "bfloat16".
    generator
        Whether the constructor is given a generator of parameters.
    reuse_gradients
        Whether a gradient is written into the tensor that held the last one.
    gradients_once
        Whether the gradients of the first step are left where they are for all others.
    neighbour
        Whether a second optimizer of the same class takes a step of its own before each step.
    turns
        Whether two optimizers of the same class hold the same parameters and step in turn.
    placed
        For every step where the parameters are put before it; empty where they stay where the last step left them.
    everywhere
        Whether what a group overrides, and a rate, are written over the value before under whatever name that stands in
        the group.
    """

    number: ClassVar[Number] = "parameter"
    unaided: ClassVar[bool] = True

    start: Row
    gradients: tuple[tuple[np.ndarray | None, ...], ...]
    groups: tuple[tuple[tuple[int, ...], dict[str, float]], ...] = ()
    rates: dict[int, float] = field(default_factory=dict)
    reload_before: int | None = None
    dtype: str = "float64"
    generator: bool = False
    reuse_gradients: bool = False
    gradients_once: bool = False
    neighbour: bool = False
    turns: bool = False
    placed: tuple[Row, ...] = ()
    everywhere: bool = False

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows, and at the shapes in them."""
        shapes = [value.shape for value in self.start]
        whole = len(trajectory.rows) == len(self.gradients) + 1
        return whole and all([value.shape for value in row] == shapes for row in trajectory.rows)

    def run(self, written: Any, faults: dict[str, None]) -> Iterator[Row]:
        """Yield every parameter before the first step and after every step."""
        dtype = getattr(torch, self.dtype)
        parameters = [torch.nn.Parameter(_tensor(value, dtype)) for value in self.start]
        overridden = [name for _, over in self.groups for name in over if name != "lr"]
        called = names(written, [*self.hyperparameters, *overridden])
        faults.update(dict.fromkeys(called.faults()))
        optimizer = _make(written, parameters, self, called)
        step_arguments = (None,) * needed(optimizer.step)
        if step_arguments:
            faults["step_argument"] = None
        if not all("lr" in group for group in optimizer.param_groups):
            faults["no_lr"] = None
        neighbour = None
        if self.neighbour:
            others = [torch.nn.Parameter(_tensor(value + 1.0, dtype)) for value in self.start]
            neighbour = _make(written, others, self, called)
        partner = _make(written, parameters, self, called) if self.turns else optimizer
        # The rows start with the parameters untouched: a constructor moves nothing.
        yield _values(parameters)
        for step, gradients in enumerate(self.gradients):
            if step == self.reload_before:
                state = copy.deepcopy(optimizer.state_dict())
                parameters = [torch.nn.Parameter(parameter.detach().clone()) for parameter in parameters]
                optimizer = partner = _make(written, parameters, self, called)
                optimizer.load_state_dict(state)
            if step in self.rates:
                for group in optimizer.param_groups:
                    if self.everywhere:
                        _write_over(group, group["lr"], self.rates[step])
                    group["lr"] = self.rates[step]
            if neighbour is not None:
                _give_gradients(others, [None if g is None else -3.0 * g for g in gradients], reuse=False)
                neighbour.step(*step_arguments)
            if self.placed:
                _place(parameters, self.placed[step])
            if not (self.gradients_once and step):
                _give_gradients(parameters, gradients, reuse=self.reuse_gradients)
            given = [
                (parameter.grad, None if parameter.grad is None else parameter.grad.clone()) for parameter in parameters
            ]
            optimizer.step(*step_arguments)
            faults.update(dict.fromkeys(_seen(optimizer, parameters, given, self)))
            yield _values(parameters)
            optimizer, partner = partner, optimizer


@dataclass(frozen=True, eq=False, kw_only=True)
class SchedulerScenario(Scenario):
    """Calls of a learning-rate scheduler.

    Attributes
    ----------
    rates
        The learning rate of every group of the optimizer before the scheduler is made.
    mode
        The argument `mode`, or None to leave it at its default.
    calls
        In order: ("step", metric), the metric as a tensor of one element ("step_tensor"), without dimensions
        ("step_scalar") or one that requires a gradient ("step_loss"), ("step_bare", 0.0) without a metric,
        ("set_lr", rate), ("get_lr", 0.0), or ("write", rate) for a rate that somebody else writes into every group.
    """

    number: ClassVar[Number] = "rate"
    precision: ClassVar[Precision] = Precision(travelled=0.0, size=1e-9)
    unaided: ClassVar[bool] = True

    rates: tuple[float, ...]
    mode: str | None = None
    calls: tuple[tuple[str, float], ...] = ()

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows, and at that of the rates in them."""
        whole = len(trajectory.rows) == len(self.calls) + 1
        return whole and all(row and row[0].shape == (len(self.rates),) for row in trajectory.rows)

    def run(self, written: Any, faults: dict[str, None]) -> Iterator[Row]:
        """Yield after the constructor and each call the rates of the groups, and what `get_lr()` returned."""
        groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in self.rates]
        optimizer = _Driven(groups)
        keywords: dict[str, Any] = dict(self.hyperparameters)
        if "patience" in keywords:
            keywords["patience"] = int(keywords["patience"])
        if self.mode is not None:
            keywords["mode"] = self.mode
        called = names(written, keywords)
        faults.update(dict.fromkeys(called.faults()))
        scheduler = written(optimizer, **called.keywords(keywords))

        def rates() -> np.ndarray:
            return np.array([float(group["lr"]) for group in optimizer.param_groups])

        yield (rates(),)
        for call, number in self.calls:
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


def _make(written: Any, parameters: list[torch.nn.Parameter], scenario: OptimizerScenario, called: Names) -> Any:
    what: Any = parameters
    if scenario.groups:
        what = [
            {"params": [parameters[i] for i in members], **called.renamed(over, scenario.hyperparameters)}
            for members, over in scenario.groups
        ]
    elif scenario.generator:
        what = (parameter for parameter in parameters)
    made = written(what, **called.keywords(scenario.hyperparameters))
    if scenario.everywhere:
        for group, (_, over) in zip(made.param_groups, scenario.groups, strict=False):
            for name, value in over.items():
                _write_over(group, scenario.hyperparameters["learning_rate" if name == "lr" else name], value)
    return made


def _write_over(group: dict[str, Any], before: float, value: float) -> None:
    """Put a value in the place of every equal one in a group, also within a pair."""
    for name, held in group.items():
        if isinstance(held, float) and held == before:
            group[name] = value
        elif isinstance(held, tuple | list) and name != "params" and before in held:
            group[name] = tuple(value if each == before else each for each in held)


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


def _tensor(value: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    return torch.from_numpy(np.array(value, np.float64)).to(dtype)


def _values(parameters: Sequence[torch.Tensor]) -> Row:
    return tuple(parameter.detach().to(torch.float64).numpy().copy() for parameter in parameters)
