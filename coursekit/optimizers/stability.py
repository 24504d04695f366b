"""Scenarios for what keeps a training stable: gradients that are clipped, and weights that are averaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
import torch

from coursekit.judging.calling import Names, names
from coursekit.judging.faults import Fault, Faults
from coursekit.judging.trajectories import Number, Precision, Row, Scenario, Trajectory
from coursekit.judging.values import numbers
from coursekit.optimizers import references
from coursekit.optimizers.delegation import helpers_refused
from coursekit.optimizers.scenarios import Values

Whose: TypeAlias = Literal["average", "neighbour"]


@dataclass(frozen=True, eq=False, kw_only=True)
class ClippingScenario(Scenario):
    """Calls of a function that shortens gradients where they are: `clip_gradients(parameters, max_norm)`.

    torch adds 1e-6 to the norm before it divides, others add nothing or less: that is within the precision, as long as
    the norm is not small.

    Attributes
    ----------
    start
        The parameters, any shapes.
    calls
        For each call the gradients, None for a parameter that has none.
    max_norm
        The limit.
    generator
        Whether the function is given a generator of the parameters, and not a list.
    """

    number: ClassVar[Number] = "gradient"
    precision: ClassVar[Precision] = Precision(travelled=0.0, size=1e-5)
    unaided: ClassVar[bool] = True

    start: Row
    calls: tuple[Values, ...]
    max_norm: float
    generator: bool = False

    @property
    def untouched(self) -> Trajectory:
        """What is left where nothing is clipped."""
        return Trajectory(rows=tuple(tuple(map(_or_nan, call, self.start)) for call in self.calls))

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows, and at the shapes in them."""
        shapes = [value.shape for value in self.start]
        whole = len(trajectory.rows) == len(self.calls)
        return whole and all([value.shape for value in row] == shapes for row in trajectory.rows)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield the gradients after each call; NaN where a parameter has none."""
        for parameters, gradients, _ in self._called(written):
            faults.update(dict.fromkeys(_made(parameters, gradients)))
            faults.update(dict.fromkeys(_moved(parameters, self.start)))
            yield tuple(_or_nan(p.grad, value) for p, value in zip(parameters, self.start, strict=True))

    def _called(self, written: Any) -> Iterator[tuple[list[torch.nn.Parameter], Values, Any]]:
        """Call the function; yield the parameters, the gradients that they had, and what was returned."""
        parameters = _parameters(self.start)
        for gradients in self.calls:
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = None if gradient is None else _tensor(gradient)
            with _alone(written):
                returned = written(_handed(parameters, generator=self.generator), self.max_norm)
            yield parameters, gradients, returned


@dataclass(frozen=True, eq=False, kw_only=True)
class ReturnedNormScenario(ClippingScenario):
    """The same calls, of which only what is returned is looked at."""

    number: ClassVar[Number] = "result"

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows alone."""
        return len(trajectory.rows) == len(self.calls)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:  # noqa: ARG002
        """Yield what each call returns: one number, whatever its type."""
        for *_, returned in self._called(written):
            norm = numbers(returned)
            yield (norm.reshape(()) if norm.size == 1 else norm,)


@dataclass(frozen=True, eq=False)
class Turn:
    """What is done with weights and their averages.

    Attributes
    ----------
    name
        "move" for weights that are changed in place; "replace" for weights whose storage is another from then on, as
        `p.data = ...` does; "update" of an average; "look" for an average that is read once more.
    values
        Where the weights go.
    by
        Whose update it is: that of the "average" that is looked at, or of a "neighbour" on the same weights.
    """

    name: Literal["move", "replace", "update", "look"]
    values: Row = ()
    by: Whose = "average"


@dataclass(frozen=True, eq=False, kw_only=True)
class AveragingScenario(Scenario):
    """A script for `AveragedWeights(parameters, decay)`.

    Attributes
    ----------
    start
        The weights where it is made, any shapes.
    turns
        What is done, in order.
    generator
        Whether the constructor is given a generator of the parameters, and not a list.
    others
        The decay of the neighbour.
    """

    number: ClassVar[Number] = "average"
    precision: ClassVar[Precision] = Precision(travelled=1e-5, size=1e-6)  # averages may be kept in float32
    unaided: ClassVar[bool] = True

    start: Row
    turns: tuple[Turn, ...]
    generator: bool = False
    others: float = 0.5

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the number of rows, and at the shapes in them."""
        shapes = [value.shape for value in self.start]
        count = sum(turn.name in ("update", "look") and turn.by == "average" for turn in self.turns)
        return len(trajectory.rows) == count and all(
            [value.shape for value in row] == shapes for row in trajectory.rows
        )

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Yield the averages after each update and each look."""
        parameters, place = _parameters(self.start), self.start
        called = names(written, self.hyperparameters)
        faults.update(dict.fromkeys(called.faults()))
        made: dict[Whose, Any] = {"average": self._make(written, parameters, called)}
        if any(turn.by == "neighbour" for turn in self.turns):
            made["neighbour"] = self._make(written, parameters, called, decay=self.others)
        for turn in self.turns:
            if turn.name in ("move", "replace"):
                place = turn.values
                _put(parameters, place, anew=turn.name == "replace")
            elif turn.name == "update":
                with _alone(written):
                    made[turn.by].update()
            faults.update(dict.fromkeys(_moved(parameters, place)))
            if turn.name in ("update", "look") and turn.by == "average":
                held = _held(made["average"].averages)
                if any(isinstance(each, torch.Tensor) and each.grad_fn is not None for each in held):
                    faults[Fault("average_graph")] = None
                yield tuple(numbers(each, "a tensor for each parameter") for each in held)

    def _make(self, written: Any, parameters: Sequence[torch.nn.Parameter], called: Names, **other: float) -> Any:
        given = _handed(parameters, generator=self.generator)
        with _alone(written):
            return called.call(written, given, self.hyperparameters | other)


def _alone(written: Any) -> AbstractContextManager[object]:
    """Refuse torch's own to what is not the reference."""
    oracles = (references.clip_gradients, references.AveragedWeights)
    return nullcontext() if any(written is each for each in oracles) else helpers_refused()


def _parameters(start: Row) -> list[torch.nn.Parameter]:
    return [torch.nn.Parameter(_tensor(value)) for value in start]


def _handed(parameters: Sequence[torch.nn.Parameter], *, generator: bool) -> Any:
    return (p for p in parameters) if generator else list(parameters)


def _put(parameters: Sequence[torch.nn.Parameter], place: Row, *, anew: bool) -> None:
    for parameter, value in zip(parameters, place, strict=True):
        if anew:
            parameter.data = _tensor(value)
        else:
            with torch.no_grad():
                parameter.copy_(_tensor(value))


def _held(averages: Any) -> list[Any]:
    return list(averages.values() if isinstance(averages, Mapping) else averages)


def _made(parameters: Sequence[torch.nn.Parameter], gradients: Values) -> Iterator[Fault]:
    """Tell of a gradient where there was none."""
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if gradient is None and parameter.grad is not None:
            yield Fault("gradient_made")


def _moved(parameters: Sequence[torch.nn.Parameter], place: Row) -> Iterator[Fault]:
    """Tell of weights that are not where they were put, or no longer learn."""
    for parameter, value in zip(parameters, place, strict=True):
        if not np.array_equal(parameter.detach().to(torch.float64).numpy(), value):
            yield Fault("weights_changed")
        if not parameter.requires_grad:
            yield Fault("detached")


def _or_nan(value: torch.Tensor | np.ndarray | None, like: np.ndarray) -> np.ndarray:
    """Return numbers in float64; NaN in the shape of `like` where there are none."""
    if value is None:
        return np.full(like.shape, np.nan)
    return value.detach().to(torch.float64).numpy().copy() if isinstance(value, torch.Tensor) else value


def _tensor(value: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.array(value, np.float64))
