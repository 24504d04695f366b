"""Scenarios of one call of a student's function, and of a table."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from coursekit.judging.faults import Fault, Faults
from coursekit.judging.subject import subject
from coursekit.judging.trajectories import Row, Scenario
from coursekit.judging.values import UNDER_EACH_NAME, Unreadable, kind_of, numbers, one_number

Kind: TypeAlias = Literal["tensor", "number", "named"]
Part: TypeAlias = Literal["all", "number", "first", "entries", "argument"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Argument:
    """An argument of a call: a "tensor" of float64, a "number", or what the subject makes by a name (`Subject.named`).

    `value` is the tensor or the number; with a name, what it is made with. An object made by a name may be made for the
    first argument of the call (`of_first`), as an optimizer is for a model.
    """

    kind: Kind
    name: str = ""
    value: np.ndarray = field(default_factory=lambda: np.zeros(0))
    of_first: bool = False

    def made(self, first: Any = None) -> Any:
        """Make the argument: a number is an int where it is a whole one."""
        import torch

        if self.kind == "named":
            for_it = (first,) if self.of_first else ()
            return subject().named(self.name, *for_it, *self.value.tolist())
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
        The arguments of the call.
    lent
        Exercises of which it finds the course's own in place of the student's, see `lending`.
    learnt
        The places of arguments, all of them tensors, that a gradient must reach.
    part
        The part that is looked at: "all" that it returns, or that as one "number"; the "first" of several things;
        "entries" of a dictionary among them; or the first "argument", a module, after the call.
    entries
        The names of the entries, or of the module's parameters; a row has the numbers of one, whatever their shape.
    """

    arguments: tuple[Argument, ...]
    lent: tuple[str, ...] = ()
    learnt: tuple[int, ...] = ()
    part: Part = "all"
    entries: tuple[str, ...] = ()

    def made(self) -> list[Any]:
        """Make the arguments."""
        given: list[Any] = []
        for argument in self.arguments:
            given.append(argument.made(*given[:1]))
        return given

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:
        """Call the function; a tensor that it changes is a fault, and so is a gradient that does not come through."""
        given = self.made()
        for place in self.learnt:
            given[place].requires_grad_()
        with lending(written, self.lent):
            result = written(*given, **self.hyperparameters)
        if self.learnt and self._is_cut(written, given, result):
            faults[Fault("graph_cut")] = None
        for argument, tensor in zip(self.arguments, given, strict=True):
            if argument.kind == "tensor" and not np.array_equal(argument.value, tensor.detach().numpy()):
                faults[Fault("argument_changed")] = None
        if self.entries:
            table = dict(given[0].named_parameters()) if self.part == "argument" else _table(result)
            for name in self.entries:
                entry = numbers(table[name], UNDER_EACH_NAME)
                yield (entry.reshape(-1 if entry.size > 1 else ()),)
            return
        if self.part == "first":
            result = _first(result)
        rows = one_number(result) if self.part == "number" else numbers(result)
        for row in rows if rows.ndim else rows[None]:
            yield (np.array(row),)

    def _is_cut(self, written: Any, given: list[Any], result: Any) -> bool:
        """Tell whether a result has no gradient, or changes with an argument that its gradient does not reach."""
        import torch

        numbers(result)
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


def _first(result: Any) -> Any:
    """Take the first of several things that were returned; what was returned alone may be that."""
    several = isinstance(result, tuple) or (
        isinstance(result, list) and any(isinstance(each, Mapping) for each in result)
    )
    first = result[0] if several else result
    if isinstance(first, Mapping):
        raise Unreadable(kind_of(first), _BOTH)
    return first


def _table(result: Any) -> Mapping[str, Any]:
    """Find the dictionary in what was returned."""
    for part in result if isinstance(result, list | tuple) else (result,):
        if isinstance(part, Mapping):
            return part
    raise Unreadable(kind_of(result), _BOTH)


_BOTH = "a pair of the losses and the dictionary of the parameters"


@contextmanager
def lending(written: Any, lent: tuple[str, ...] | Mapping[str, Any]) -> Iterator[None]:
    """Let a function or a class find the course's own in the block, where it looks for what else a student wrote.

    Parameters
    ----------
    written
        The function or class.
    lent
        The names of exercises; or, for each name, what is found by it.
    """
    space = _globals(written) if lent else {}
    before = {name: space[name] for name in lent if name in space}
    try:
        space.update(lent if isinstance(lent, Mapping) else {name: subject().substitute(name) for name in lent})
        yield
    finally:
        for name in lent:
            space.pop(name, None)
        space.update(before)


def _globals(written: Any) -> dict[str, Any]:
    """Find the names around a function, or around the methods of a class."""
    written = inspect.unwrap(written)
    methods = vars(written).values() if isinstance(written, type) else ()
    spaces = (getattr(inspect.unwrap(each), "__globals__", None) for each in (written, *methods) if callable(each))
    return next((space for space in spaces if space is not None), {})


@dataclass(frozen=True, eq=False, kw_only=True)
class TableScenario(Scenario):
    """A dictionary of dictionaries of numbers, or a function that returns one, read as rows.

    NaN stands where an entry is missing.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:  # noqa: ARG002
        """Read the rows; a row that is missing, or a column too many, is a `KeyError`."""
        table = written() if callable(written) else written
        for name in self.rows:
            entries = table[name]
            unknown = set(entries) - set(self.columns)
            if unknown:
                raise KeyError(f"{name} has no hyperparameter {sorted(unknown)[0]!r}")
            yield (np.array([float(entries.get(column, "nan")) for column in self.columns]),)
