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
    """

    arguments: tuple[Argument, ...]
    lent: tuple[str, ...] = ()

    def run(self, written: Any, faults: dict[str, None]) -> Iterator[Row]:
        """Call the function; a tensor that it changes is a fault."""
        import torch

        given = [argument.made() for argument in self.arguments]
        with lending(written, self.lent):
            result = written(*given, **self.hyperparameters)
        for argument, tensor in zip(self.arguments, given, strict=True):
            if argument.kind == "tensor" and not np.array_equal(argument.value, tensor.detach().numpy()):
                faults["argument_changed"] = None
        if isinstance(result, list | tuple):
            result = torch.stack([torch.as_tensor(entry).detach() for entry in result])
        rows = torch.as_tensor(result).detach().to(torch.float64).numpy()
        for row in rows if rows.ndim else rows[None]:
            yield (np.array(row),)


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
