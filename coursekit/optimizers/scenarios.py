"""Scenarios for optimizers and schedulers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import is_not
from typing import Any, ClassVar, Literal, Self, TypeAlias

import numpy as np
import torch

from coursekit.judging.calling import Names, names, needed
from coursekit.judging.calls import lending
from coursekit.judging.faults import Fault, Faults
from coursekit.judging.trajectories import Number, Precision, Row, Scenario, Trajectory
from coursekit.judging.values import Unreadable, type_of

Groups: TypeAlias = tuple[tuple[tuple[int, ...], dict[str, float]], ...]
By: TypeAlias = Literal["optimizer", "partner", "neighbour"]
Values: TypeAlias = tuple[np.ndarray | None, ...]

# What a scheduler is given as an int.
WHOLE = ("patience", "steps", "warmup_steps", "stable_steps", "decay_steps")


@dataclass(frozen=True, eq=False)
class Call:
    """One call of the script that an optimizer is put through.

    Attributes
    ----------
    name
        "step" with a gradient for every parameter, or None for one that has none; "step_into" where a gradient is
        written into the tensor that held the last one; "step_again" where those of the last step are left in place;
        "write" for a rate that is written into every group; "place" to put every parameter somewhere; "reload" to save
        the state and load it into a fresh optimizer on fresh parameters.
    values
        The gradients, the rate or the places.
    by
        The "optimizer", its "partner" of the same class on the same parameters, or a "neighbour" of the same class on
        parameters of its own. The optimizer that is loaded takes the place of the first two.
    """

    name: Literal["step", "step_into", "step_again", "write", "place", "reload"]
    values: Values = ()
    by: By = "optimizer"

    @property
    def is_step(self) -> bool:
        """Whether a row follows it."""
        return self.name.startswith("step") and self.by != "neighbour"

    @property
    def rate(self) -> float:
        """The rate that is written."""
        (rate,) = self.values
        assert rate is not None
        return float(rate)


def write(rate: float) -> Call:
    """Write a rate into every group."""
    return Call("write", (np.array(rate),))


@dataclass(frozen=True, eq=False, kw_only=True)
class OptimizerScenario(Scenario):
    """A script of calls for an optimizer.

    Attributes
    ----------
    start
        The parameters before the first step, any shapes.
    calls
        The calls, in order.
    groups
        For every parameter group the indices of its parameters and what it overrides; empty for a single group.
    dtype
        "float64", "float32" or "bfloat16".
    generator
        Whether the constructor is given a generator of parameters.
    everywhere
        Whether what a group overrides, and a rate, are written over the value before under whatever name that stands in
        the group.
    lent
        Exercises of which it finds the course's own in place of the student's, see `lending`.
    """

    number: ClassVar[Number] = "parameter"
    unaided: ClassVar[bool] = True

    start: Row
    calls: tuple[Call, ...]
    groups: Groups = ()
    dtype: str = "float64"
    generator: bool = False
    everywhere: bool = False
    lent: tuple[str, ...] = ()

    @property
    def gradients(self) -> tuple[Values, ...]:
        """The gradients of every step."""
        return tuple(call.values for call in self.calls if call.is_step)

    def has(self, name: str) -> bool:
        """Tell whether one of the calls has this name, or is by somebody of this name."""
        return any(name in (call.name, call.by) for call in self.calls)

    def but(self, name: str) -> Self:
        """Leave out the calls that have this name, or are by somebody of this name."""
        return replace(self, calls=tuple(call for call in self.calls if name not in (call.name, call.by)))

    def before(self, step: int, *calls: Call) -> Self:
        """Put calls before a step; 0 is the first."""
        place = [place for place, call in enumerate(self.calls) if call.is_step][step]
        return replace(self, calls=(*self.calls[:place], *calls, *self.calls[place:]))

    def placed(self, rows: Iterable[Row]) -> Self:
        """Put the parameters somewhere before every step."""
        placed = self
        for step, row in enumerate(rows):
            placed = placed.before(step, Call("place", row))
        return placed

    def with_gradients(self, change: Callable[[Values], Iterable[np.ndarray | None]]) -> Self:
        """Change the gradients of every step, also of a neighbour; the same scenario where they stay the same."""
        calls = tuple(_changed(call, change) if call.name.startswith("step") else call for call in self.calls)
        return replace(self, calls=calls) if any(map(is_not, calls, self.calls)) else self

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows, and at the shapes in them."""
        shapes = [value.shape for value in self.start]
        whole = len(trajectory.rows) == len(self.gradients) + 1
        return whole and all([value.shape for value in row] == shapes for row in trajectory.rows)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield every parameter before the first step and after every step."""
        with lending(written, self.lent):
            yield from self._steps(written, faults)

    def _steps(self, written: Any, faults: Faults) -> Iterator[Row]:
        dtype = getattr(torch, self.dtype)
        parameters = [torch.nn.Parameter(_tensor(value, dtype)) for value in self.start]
        others = [torch.nn.Parameter(_tensor(value + 1.0, dtype)) for value in self.start]
        overridden = [name for _, over in self.groups for name in over if name != "lr"]
        called = names(written, [*self.hyperparameters, *overridden])
        faults.update(dict.fromkeys(called.faults()))
        made = {"optimizer": _make(written, parameters, self, called)}
        further = needed(made["optimizer"].step)
        if further.names:
            faults[Fault("step_argument")] = None
        if not all("lr" in group for group in made["optimizer"].param_groups):
            faults[Fault("no_lr")] = None
        for name, theirs in (("neighbour", others), ("partner", parameters)):
            if self.has(name):
                made[name] = _make(written, theirs, self, called)
        # The rows start with the parameters untouched: a constructor moves nothing.
        yield _values(parameters)
        for call in self.calls:
            optimizer, moved = made[call.by], others if call.by == "neighbour" else parameters
            if call.name == "reload":
                state = copy.deepcopy(optimizer.state_dict())
                parameters = [torch.nn.Parameter(parameter.detach().clone()) for parameter in parameters]
                made |= dict.fromkeys(("optimizer", "partner"), _make(written, parameters, self, called))
                made["optimizer"].load_state_dict(state)
            elif call.name == "write":
                _write(optimizer, call.rate, everywhere=self.everywhere)
            elif call.name == "place":
                _place(moved, call.values)
            else:
                if call.name != "step_again":
                    _give_gradients(moved, call.values, reuse=call.name == "step_into")
                given = [(p.grad, None if p.grad is None else p.grad.clone()) for p in moved]
                further.call(optimizer.step)
                if call.is_step:
                    faults.update(dict.fromkeys(_seen(optimizer, parameters, given, self)))
                    yield _values(parameters)


def with_neighbour(scenario: OptimizerScenario) -> OptimizerScenario:
    """Let a second optimizer take a step of its own before each step."""
    for step, gradients in enumerate(scenario.gradients):
        opposite = tuple(None if gradient is None else -3.0 * gradient for gradient in gradients)
        scenario = scenario.before(step, Call("step", opposite, "neighbour"))
    return scenario


def in_turn(scenario: OptimizerScenario) -> OptimizerScenario:
    """Let two optimizers of the same parameters take the steps, and what stands before them, in turn."""
    steps = accumulate(scenario.calls, lambda made, call: made + call.is_step, initial=0)
    turns: tuple[By, By] = ("optimizer", "partner")
    calls = zip(scenario.calls, steps, strict=False)
    return replace(
        scenario,
        calls=tuple(call if call.by == "neighbour" else replace(call, by=turns[made % 2]) for call, made in calls),
    )


def _changed(call: Call, change: Callable[[Values], Iterable[np.ndarray | None]]) -> Call:
    values = tuple(change(call.values))
    return replace(call, values=values) if any(map(is_not, values, call.values)) else call


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
        In order: ("step", metric), the metric as a plain number ("step_float"), a tensor of one element
        ("step_tensor"), one without dimensions ("step_scalar") or one that requires a gradient ("step_loss"),
        ("step_bare", 0.0) without a metric,
        ("set_lr", rate), ("get_lr", 0.0), ("write", rate) for a rate that somebody else writes into every group, or
        ("neighbour", 0.0) for a step of a scheduler of the same class on another optimizer.
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

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield after the constructor and each call the rates of the groups, and what `get_lr()` returned."""
        keywords: dict[str, Any] = {
            name: int(value) if name in WHOLE else value for name, value in self.hyperparameters.items()
        }
        if self.mode is not None:
            keywords["mode"] = self.mode
        called = names(written, keywords)
        faults.update(dict.fromkeys(called.faults()))
        optimizer, other = self._driven(), self._driven()
        scheduler = called.call(written, optimizer, keywords)
        two = ("neighbour", 0.0) in self.calls
        neighbour = called.call(written, other, keywords) if two else scheduler
        further = needed(scheduler.step, given=1)
        faults.update({Fault("step_further", name): None for name in further.names})

        def rates() -> np.ndarray:
            return np.array([float(group["lr"]) for group in optimizer.param_groups])

        yield (rates(),)
        for call, number in self.calls:
            if call == "get_lr":
                in_force = scheduler.get_lr()
                if not isinstance(in_force, float):
                    raise Unreadable("nothing" if in_force is None else type_of(in_force), "one float")
                yield rates(), np.array(in_force)
                continue
            if call == "write":
                for group in optimizer.param_groups:
                    group["lr"] = number
            elif call == "set_lr":
                scheduler.set_lr(number)
            elif call == "step_bare":
                self._step_bare(scheduler, faults)
            elif call == "neighbour":
                self._step_bare(neighbour, faults)
            else:
                further.call(scheduler.step, _METRICS[call](number), value=0)
            yield (rates(),)

    def _step_bare(self, scheduler: Any, faults: Faults) -> None:  # noqa: ARG002
        """Call the step without a metric."""
        scheduler.step()

    def _driven(self) -> _Driven:
        return _Driven([{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in self.rates])


@dataclass(frozen=True, eq=False, kw_only=True)
class ScheduleScenario(SchedulerScenario):
    """Calls of a scheduler that follows the clock: it computes its rates, in float32 where a student likes that."""

    precision: ClassVar[Precision] = Precision(travelled=1e-5, size=1e-5)

    def _step_bare(self, scheduler: Any, faults: Faults) -> None:
        """Give None to a step that asks for a metric: that is a fault, and its rates are judged all the same."""
        further = needed(scheduler.step)
        if further.names:
            faults[Fault("step_argument")] = None
        further.call(scheduler.step)


def _make(written: Any, parameters: list[torch.nn.Parameter], scenario: OptimizerScenario, called: Names) -> Any:
    what: Any = parameters
    if scenario.groups:
        what = [
            {"params": [parameters[i] for i in members], **called.renamed(over, scenario.hyperparameters)}
            for members, over in scenario.groups
        ]
    elif scenario.generator:
        what = (parameter for parameter in parameters)
    made = called.call(written, what, scenario.hyperparameters)
    if scenario.everywhere:
        for group, (_, over) in zip(made.param_groups, scenario.groups, strict=False):
            for name, value in over.items():
                _write_over(group, scenario.hyperparameters["learning_rate" if name == "lr" else name], value)
    return made


def _write(optimizer: Any, rate: float, *, everywhere: bool) -> None:
    for group in optimizer.param_groups:
        if everywhere:
            _write_over(group, group["lr"], rate)
        group["lr"] = rate


def _write_over(group: dict[str, Any], before: float, value: float) -> None:
    """Put a value in the place of every equal one in a group, also within a pair."""
    for name, held in group.items():
        if isinstance(held, float) and held == before:
            group[name] = value
        elif isinstance(held, tuple | list) and name != "params" and before in held:
            group[name] = tuple(value if each == before else each for each in held)


def _place(parameters: Sequence[torch.nn.Parameter], row: Values) -> None:
    with torch.no_grad():
        for parameter, value in zip(parameters, row, strict=True):
            assert value is not None
            parameter.copy_(_tensor(value, parameter.dtype))


def _give_gradients(parameters: Sequence[torch.nn.Parameter], gradients: Values, *, reuse: bool) -> None:
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
) -> Iterator[Fault]:
    """Name what a step did beside moving the parameters; `given` holds each gradient and a copy of it."""
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    for parameter, (gradient, copied), value in zip(parameters, given, scenario.start, strict=True):
        if id(parameter) not in held:
            yield Fault("replaced")
        if not parameter.requires_grad:
            yield Fault("detached")
        kept = (entry for entry in _entries(optimizer, parameter) if isinstance(entry, torch.Tensor))
        if parameter.grad_fn is not None or any(entry.grad_fn is not None for entry in kept):
            yield Fault("graph")
        if parameter.dtype != getattr(torch, scenario.dtype):
            yield Fault("dtype")
        if tuple(parameter.shape) != value.shape:
            yield Fault("shape")
        changed = gradient is not None and copied is not None and not torch.equal(gradient, copied)
        if changed or parameter.grad is not gradient:
            yield Fault("gradient_changed")


def _entries(optimizer: Any, parameter: torch.nn.Parameter) -> Iterator[Any]:
    """List what an optimizer keeps for a parameter, whether in a mapping, a tuple or a bare tensor."""
    state = optimizer.state.get(parameter, ())
    if isinstance(state, Mapping):
        yield from state.values()
    elif isinstance(state, tuple | list):
        yield from state
    else:
        yield state


class _Metric(float):
    """A number that may be asked for `item()`, as numpy's may: who can read nothing else loses one behaviour alone."""

    def item(self) -> float:
        """Return the plain number."""
        return float(self)


_METRICS: dict[str, Callable[[float], Any]] = {
    "step": _Metric,
    "step_float": float,
    "step_tensor": lambda number: torch.tensor([number]),
    "step_scalar": torch.tensor,
    "step_loss": lambda number: torch.tensor(number, requires_grad=True) * 1.0,
}


class _Driven(torch.optim.Optimizer):
    """The optimizer that a scheduler drives: as students write it, with the rate of a group under `lr`."""

    def __init__(self, groups: list[dict[str, Any]]) -> None:
        super().__init__(groups, {"lr": 0.1, "epsilon": 1e-8})

    def step(self) -> None:  # type: ignore[override]
        """Do nothing: only the rates are looked at."""


def _tensor(value: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    return torch.from_numpy(np.array(value, np.float64)).to(dtype)


def _values(parameters: Sequence[torch.Tensor]) -> Row:
    return tuple(parameter.detach().to(torch.float64).numpy().copy() for parameter in parameters)
