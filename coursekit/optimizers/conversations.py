"""What a student's test asks of an optimizer, and what it is answered: nothing but numbers, so that names tell nothing.

Where the test runs there is no optimizer. There is a class that looks like one, and knows the answers to a script of
calls in advance. The test calls it; where it asks for something else than the script, or for more, it is stopped, and
what it asks for is told. Where points are decided, an optimizer answers that, and the test is run again with the longer
script, until it ends: it has then talked to an optimizer that was never near it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from coursekit.judging.calls import lending
from coursekit.judging.faults import Faults
from coursekit.judging.trajectories import Array, Row, Scenario, Trajectory
from coursekit.optimizers.references import SIGNATURES

# The first number of a call says what it is, the first number of a row how the test went on.
MAKE, STEP, SAVE, LOAD = range(4)
ENDED, REFUSED, ASKED = range(3)
TYPES = (torch.float64, torch.float32, torch.bfloat16, torch.float16)
NAMES = tuple(SIGNATURES["AdamW"])  # of the hyperparameters, as they cross; in a group the rate is called lr
KEYS = ("lr", *NAMES[1:])
MOST_CALLS = 150  # in one run of a test


@dataclass(frozen=True, eq=False, kw_only=True)
class ConversationScenario(Scenario):
    """A run of a student's test on a class that answers by a script.

    Its only row says how the test went on, after how many calls, and which call is not in the script, if any is not.

    Attributes
    ----------
    calls, answers
        The script.
    lent
        Exercises of which the test finds the course's own in place of the student's.
    raising
        Whether what the test asserts is raised, so that the line is known, and not told as a number.
    again
        Whether it is the same script once more, after all others.
    """

    calls: tuple[Row, ...] = ()
    answers: tuple[Row, ...] = ()
    lent: tuple[str, ...] = ()
    raising: bool = False
    again: bool = False

    def fits(self, trajectory: Trajectory) -> bool:
        """Look at the form of the only row; a call is looked at where it is answered."""
        if len(trajectory.rows) != 1 or not trajectory.rows[0] or trajectory.rows[0][0].shape != (2,):
            return False
        how, after = trajectory.rows[0][0]
        return how in (ENDED, REFUSED, ASKED) and after in range(len(self.calls) + 1)

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:  # noqa: ARG002
        """Run the test, and yield how it ended or what it asks for."""
        script, how = _Script(self.calls, self.answers), ENDED
        try:
            with lending(written, self.lent):
                written(_posing(script))
        except _BeyondScript:
            pass
        except AssertionError:
            if self.raising and script.asked is None:
                raise
            how = REFUSED
        except Exception:
            if script.asked is None:
                raise
        if script.asked is not None:
            yield (np.array((ASKED, script.position), float), *script.asked)
        else:
            yield (np.array((how, script.position), float),)


class _BeyondScript(BaseException):
    """Ends a test that asks for what the script does not have; no `except Exception` holds it up."""


class _Script:
    """The calls that are answered, and the first that is not."""

    def __init__(self, calls: Sequence[Row], answers: Sequence[Row]) -> None:
        self._calls, self._answers = calls, answers
        self.position, self.saved, self.made = 0, 0, 0
        self.asked: Row | None = None
        self.owners: dict[int, tuple[torch.Tensor, Any, int]] = {}  # of a tensor, which it keeps alive

    def ask(self, call: Row) -> Row:
        """Return the answer to a call."""
        known = self.position < len(self._calls) and same(self._calls[self.position], call)
        if self.asked is not None or not known:
            self.asked = self.asked or call
            raise _BeyondScript
        answer = self._answers[self.position]
        self.position += 1
        if not answer[0][0]:
            raise RuntimeError("The optimizer stopped with an exception.")
        return answer


def _posing(script: _Script) -> type[torch.optim.Optimizer]:
    """Make the class that a test is given."""

    class AdamW(torch.optim.Optimizer):
        def __init__(
            self,
            params: Iterable[Any],
            learning_rate: float = 0.001,
            beta1: float = 0.9,
            beta2: float = 0.999,
            epsilon: float = 1e-8,
            weight_decay: float = 0.01,
        ) -> None:
            values = (learning_rate, beta1, beta2, epsilon, weight_decay)
            super().__init__(params, dict(zip(KEYS, values, strict=True)))
            for group in self.param_groups:
                group["lr"] = group.pop("learning_rate", group["lr"])
            self._all = [p for group in self.param_groups for p in group["params"]]
            self.known = [_numbers(p) for p in self._all]
            self.number, script.made = script.made, script.made + 1
            origins = [self._origin(p, value) for p, value in zip(self._all, self.known, strict=True)]
            new = [value for value, (owner, _) in zip(self.known, origins, strict=True) if owner < 0]
            sizes = np.array([len(group["params"]) for group in self.param_groups], float)
            types = np.array([TYPES.index(p.dtype) for p in self._all], float)
            head = np.array([MAKE, 0.0])
            script.ask((head, sizes, types, self._groups(), np.array(origins, float).reshape(-1, 2), *new))
            self._is_owner()

        def _origin(self, p: torch.Tensor, value: Array) -> tuple[int, int]:
            """Say whose parameter has this value by its last step, so that it need not be told; -1 for nobody's."""
            if id(p) not in script.owners:
                return -1, -1
            _, owner, place = script.owners[id(p)]
            return (owner.number, place) if np.array_equal(owner.known[place], value, equal_nan=True) else (-1, -1)

        def _is_owner(self) -> None:
            script.owners.update({id(p): (p, self, place) for place, p in enumerate(self._all)})

        def add_param_group(self, param_group: dict[str, Any]) -> None:
            if hasattr(self, "_all"):
                raise RuntimeError("Give all groups when you make the optimizer: this class takes none later.")
            super().add_param_group(param_group)

        def __deepcopy__(self, memo: dict[int, Any]) -> Any:
            raise TypeError("Make a fresh optimizer and load the state: this class cannot be copied.")

        def step(self, closure: Any = None) -> Any:
            loss = None
            if closure is not None:
                with torch.enable_grad():
                    loss = closure()
            moved = {}
            for number, (p, known) in enumerate(zip(self._all, self.known, strict=True)):
                if not np.array_equal(now := _numbers(p), known, equal_nan=True):
                    moved[number] = now
            gradients = {number: _numbers(p.grad) for number, p in enumerate(self._all) if p.grad is not None}
            told = [np.array([number in of for number in range(len(self._all))], float) for of in (moved, gradients)]
            call = (np.array([STEP, self.number]), self._groups(), *told, *moved.values(), *gradients.values())
            head, changed, *values = script.ask(call)
            with torch.no_grad():
                for p, value in zip(self._all, values, strict=False):
                    new = torch.tensor(value, dtype=p.dtype)
                    if head[1]:
                        p.data = new
                    else:
                        p.copy_(new)
                self.known = [_numbers(p) for p in self._all]
                self._is_owner()
                for number, value in zip(np.flatnonzero(changed).tolist(), values[len(self._all) :], strict=True):
                    self._all[number].grad.copy_(torch.tensor(value))
            return loss

        def state_dict(self) -> dict[str, Any]:
            script.ask((np.array([SAVE, self.number]),))
            script.saved += 1
            return {"state": {"saved": script.saved - 1}, "param_groups": [_without(g) for g in self.param_groups]}

        def load_state_dict(self, state_dict: dict[str, Any]) -> None:
            saved = float(state_dict["state"]["saved"])
            _, groups = script.ask((np.array([LOAD, self.number]), np.array(saved)))
            for group, values in zip(self.param_groups, groups, strict=True):
                group.update(zip(KEYS, values.tolist(), strict=True))

        def _groups(self) -> Array:
            return np.array([[float(group[key]) for key in KEYS] for group in self.param_groups])

    return AdamW


def _without(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "params"}


def _numbers(value: torch.Tensor) -> Array:
    return value.detach().to(torch.float64).numpy().copy()


def same(one: Row, other: Row) -> bool:
    """Tell whether two calls, or two answers, are the same to the last digit."""
    return len(one) == len(other) and all(
        np.array_equal(mine, theirs, equal_nan=True) for mine, theirs in zip(one, other, strict=True)
    )


class Partner:
    """An optimizer that answers the calls of a test, where points are decided.

    Parameters
    ----------
    kind
        A class with the constructor of the course's AdamW.
    """

    def __init__(self, kind: Callable[..., torch.optim.Optimizer]) -> None:
        self._kind = kind
        self._heard: list[Row] = []
        self._answers: list[Row] = []
        self._begin()

    def answers(self, calls: Sequence[Row]) -> tuple[Row, ...]:
        """Answer a script of calls, from its beginning.

        Raises
        ------
        ValueError
            Where a call is none that a test can make.
        """
        if any(heard is not call for heard, call in zip(self._heard, calls, strict=False)):
            self._begin()
        for call in calls[len(self._heard) :]:
            self._heard.append(call)
            self._answers.append(self._answer(call))
        return tuple(self._answers[: len(calls)])

    def _begin(self) -> None:
        self._heard, self._answers = [], []
        self._made: list[torch.optim.Optimizer | None] = []
        self._saved: list[Any] = []

    def _answer(self, call: Row) -> Row:
        try:
            kind, number = (int(value) for value in call[0])
        except (IndexError, TypeError, ValueError) as error:
            raise ValueError("a call says what it is, and whose") from error
        if kind == MAKE:
            return self._make(*call[1:])
        optimizer = self._made[number] if number in range(len(self._made)) else None
        if optimizer is None:
            raise ValueError("there is no such optimizer")
        try:
            if kind == STEP:
                return self._step(optimizer, *call[1:])
            if kind == SAVE:
                self._saved.append(deepcopy(optimizer.state_dict()))
                return (np.ones(1),)
            optimizer.load_state_dict(deepcopy(self._saved[int(call[1])]))
            return np.ones(1), _groups_of(optimizer)
        except (RuntimeError, ValueError, TypeError, KeyError, IndexError):  # as any optimizer may raise
            return (np.zeros(2),)

    def _make(self, sizes: Array, types: Array, groups: Array, origins: Array, *values: np.ndarray) -> Row:
        given = iter(values)
        params = [
            torch.nn.Parameter(
                torch.tensor(next(given), dtype=TYPES[int(kind)]) if owner < 0 else self._value(int(owner), int(place))
            )
            for (owner, place), kind in zip(origins, types, strict=True)
        ]
        ends = np.cumsum(sizes).astype(int)
        named = [dict(zip(NAMES, row.tolist(), strict=True)) for row in groups]
        made = [
            {"params": params[end - int(size) : end], **own} for end, size, own in zip(ends, sizes, named, strict=True)
        ]
        try:
            self._made.append(self._kind(made))
        except (RuntimeError, ValueError):
            self._made.append(None)
            return (np.zeros(2),)
        return (np.ones(2),)

    def _value(self, owner: int, place: int) -> torch.Tensor:
        optimizer = self._made[owner]
        assert optimizer is not None
        return _parameters(optimizer)[place].detach().clone()

    def _step(self, optimizer: torch.optim.Optimizer, groups: Array, moved: Array, there: Array, *values: Any) -> Row:
        for group, row in zip(optimizer.param_groups, groups, strict=True):
            rate, first, second, epsilon, decay = row.tolist()
            group.update(lr=rate, betas=(first, second), eps=epsilon, weight_decay=decay)
        params = _parameters(optimizer)
        given = iter(values)
        for p, is_moved in zip(params, moved, strict=True):
            if is_moved:
                p.data.copy_(torch.tensor(next(given)))
        for p, is_there in zip(params, there, strict=True):
            p.grad = torch.tensor(next(given), dtype=p.dtype) if is_there else None
        places = [p.data_ptr() for p in params]
        before = [None if p.grad is None else _numbers(p.grad) for p in params]
        optimizer.step()
        changed = [
            p.grad is not None and value is not None and not np.array_equal(value, _numbers(p.grad), equal_nan=True)
            for p, value in zip(params, before, strict=True)
        ]
        elsewhere = [p.data_ptr() for p in params] != places
        gradients = [_numbers(p.grad) for p, other in zip(params, changed, strict=True) if other and p.grad is not None]
        return np.array((1.0, elsewhere)), np.array(changed, float), *map(_numbers, params), *gradients


def _parameters(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def _groups_of(optimizer: torch.optim.Optimizer) -> Array:
    rows = [(group["lr"], *group["betas"], group["eps"], group["weight_decay"]) for group in optimizer.param_groups]
    return np.array(rows, float)
