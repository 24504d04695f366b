"""Scenarios of one call of a student's function, and of a table."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from coursekit.judging.subject import subject
from coursekit.judging.trajectories import Row, Scenario

Kind: TypeAlias = Literal["tensor", "number", "named"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Argument:
    """An argument of a call: a "tensor" of float64, a "number", or what the subject makes by a name (`Subject.named`).

    `value` is the tensor or the number; with a name, what it is made with.
    """

    kind: Kind
    name: str = ""
    value: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def made(self) -> Any:
        """Make the argument: a number is an int where it is a whole one."""
        import torch

        if self.kind == "named":
            return subject().named(self.name, *self.value.tolist())
        if self.kind == "number":
            number = self.value.item()
            return int(number) if number == int(number) else number
        return torch.tensor(self.value, dtype=torch.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class CallScenario(Scenario):
    """One call of a student's function; a row is what it returns, or an entry of that along its first axis.

    Attributes
    ----------
    arguments
        What it is called with.
    lent
        Exercises of which it finds the course's own in place of the student's, see `lending`.
    learnt
        The places of arguments, all of them tensors, that a gradient must reach.
    """

    arguments: tuple[Argument, ...]
    lent: tuple[str, ...] = ()
    learnt: tuple[int, ...] = ()

    def run(self, written: Any, faults: dict[str, None]) -> Iterator[Row]:
        """Call the function; a tensor that it changes is a fault, and so is a gradient that does not come through."""
        import torch

        given = [argument.made() for argument in self.arguments]
        for place in self.learnt:
            given[place].requires_grad_()
        with lending(written, self.lent):
            result = written(*given, **self.hyperparameters)
        if self.learnt and self._is_cut(written, given, result):
            faults["graph_cut"] = None
        for argument, tensor in zip(self.arguments, given, strict=True):
            if argument.kind == "tensor" and not np.array_equal(argument.value, tensor.detach().numpy()):
                faults["argument_changed"] = None
        if isinstance(result, list | tuple):
            result = torch.stack([torch.as_tensor(entry).detach() for entry in result])
        rows = torch.as_tensor(result, dtype=torch.float64).detach().numpy()
        for row in rows if rows.ndim else rows[None]:
            yield (np.array(row),)

    def _is_cut(self, written: Any, given: list[Any], result: Any) -> bool:
        """Tell whether a result has no gradient, or changes with an argument that its gradient does not reach."""
        import torch

        result = torch.as_tensor(result)
        if not result.requires_grad:
            return True
        gradients = torch.autograd.grad(result.sum(), [given[place] for place in self.learnt], allow_unused=True)
        for place, gradient in zip(self.learnt, gradients, strict=True):
            if gradient is None:
                moved = [*given[:place], given[place].detach() + 0.5, *given[place + 1 :]]
                other = torch.as_tensor(written(*moved, **self.hyperparameters))
                if not torch.equal(other.detach().double(), result.detach().double()):
                    return True
        return False


@contextmanager
def lending(written: Any, names: tuple[str, ...]) -> Iterator[None]:
    """Let a function find the course's own in the block, where it looks for what else a student wrote."""
    space = getattr(inspect.unwrap(written), "__globals__", {}) if names else {}
    before = {name: space[name] for name in names if name in space}
    try:
        space.update({name: subject().substitute(name) for name in names})
        yield
    finally:
        for name in names:
            space.pop(name, None)
        space.update(before)


@dataclass(frozen=True, eq=False, kw_only=True)
class TableScenario(Scenario):
    """A dictionary of dictionaries of numbers, or a function that returns one, read as rows.

    NaN stands where an entry is missing.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def run(self, written: Any, faults: dict[str, None]) -> Iterator[Row]:  # noqa: ARG002
        """Read the rows; a row that is missing, or a column too many, is a `KeyError`."""
        table = written() if callable(written) else written
        for name in self.rows:
            entries = table[name]
            unknown = set(entries) - set(self.columns)
            if unknown:
                raise KeyError(f"{name} has no hyperparameter {sorted(unknown)[0]!r}")
            yield (np.array([float(entries.get(column, "nan")) for column in self.columns]),)
