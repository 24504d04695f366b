"""Wrong rules put through a scenario, all at once, as `coursekit.judging.running` puts a student's class through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from coursekit.judging.trajectories import Array
from coursekit.optimizers.mistakes.lanes import Lanes
from coursekit.optimizers.mistakes.machine import SHRINKS, State, Step
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.scenarios import OptimizerScenario

Gradients: TypeAlias = Sequence[np.ndarray | None]


class Run:
    """Lanes on their way through a scenario; `rows` gives after each step an array for each parameter, a row a lane."""

    def __init__(self, subject: str, lanes: Lanes, scenario: OptimizerScenario) -> None:
        self._subject = subject
        self._lanes = lanes
        self._scenario = scenario
        self._parameters = [self._spread(value) for value in scenario.start]
        self._elsewhere = [self._spread(value + 1.0) for value in scenario.start]
        self._optimizers = [_Optimizer(subject, scenario, lanes.count) for _ in range(3)]

    def rows(self) -> Iterator[list[Array]]:
        """Yield the parameters before the first step and after each; in between lanes may be dropped with `keep`."""
        yield self._parameters
        made = dict(zip(("optimizer", "partner", "neighbour"), self._optimizers, strict=True))
        for call in self._scenario.calls:
            current = made[call.by]
            if call.name == "reload":
                made |= dict.fromkeys(("optimizer", "partner"), current)
                current.reload(self._lanes)
            elif call.name == "write":
                current.write(call.rate)
            elif call.name == "place":
                self._parameters = [self._spread(value) for value in call.values if value is not None]
            else:
                self._step(current, self._parameters if call.is_step else self._elsewhere, call.values)
                if call.is_step:
                    yield self._parameters
                for other in made.values():
                    other.share(current, self._lanes)

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""
        self._lanes.keep(alive)
        self._parameters = [value[alive] for value in self._parameters]
        self._elsewhere = [value[alive] for value in self._elsewhere]
        for each in self._optimizers:
            each.keep(alive)

    def _spread(self, value: np.ndarray) -> Array:
        flat = np.asarray(value, np.float64).reshape(1, -1)
        return np.array(np.broadcast_to(flat, (self._lanes.count, flat.shape[1])))

    @np.errstate(all="ignore")
    def _step(self, optimizer: _Optimizer, parameters: list[Array], gradients: Gradients) -> None:
        optimizer.calls += 1.0
        decaying = self._lanes.that("missing decay", "decays")
        for group, members in enumerate(optimizer.groups):
            lasting = self._lanes.that("carry", "on")
            optimizer.carried[group] = np.where(lasting, optimizer.carried[group], 1.0)
            for i in members:
                gradient = gradients[i]
                if gradient is not None:
                    flat = np.asarray(gradient, np.float64).reshape(1, -1)
                    parameters[i] = self._moved(optimizer, group, i, parameters[i], flat)
                elif decaying.any():
                    share = optimizer.values[group]["lr"] * optimizer.values[group]["weight_decay"]
                    parameters[i] = np.where(decaying, (1.0 - share) * parameters[i], parameters[i])
            optimizer.carried[group] = optimizer.carried[group] * self._lanes.pick("shrinks", 1.0, **SHRINKS)

    def _moved(self, optimizer: _Optimizer, group: int, i: int, p: Array, g: Array) -> Array:
        lanes, values = self._lanes, optimizer.values[group]
        mixed, owner = lanes.that("state", "shape"), optimizer.alike[i]
        state = optimizer.states[i]
        if owner != i and mixed.any():
            state = {key: np.where(mixed, optimizer.states[owner][key], value) for key, value in state.items()}
        only_made = lanes.that("first step", "none") & (state["seen"] == 0)
        count = state["count"] + np.where(only_made, 0.0, 1.0)
        optimizer.everyone += 1.0
        step = Step(self._subject, lanes, values, state, optimizer.carried[group], np.ndim(self._scenario.start[i]))
        new = step.moved(p, g, lanes.pick("counted", count, everyone=optimizer.everyone, calls=optimizer.calls))
        optimizer.carried[group] = step.carried
        left_out = lanes.that("zeros", "left out") & (g == 0)
        share = values["lr"] * values.get("weight_decay", 0.0)
        stays = only_made | left_out
        kept = {key: np.where(stays, state[key], value) for key, value in step.kept.items()}
        kept = state | kept | {"count": count, "seen": state["seen"] + 1.0}
        optimizer.states[i] = kept
        if owner != i and mixed.any():
            theirs = optimizer.states[owner]
            optimizer.states[owner] = {key: np.where(mixed, value, theirs[key]) for key, value in kept.items()}
        return np.where(stays, np.where(left_out, p - share * p, p), new)


class _Optimizer:
    """The contents of one optimizer, with a row for each lane in all of it."""

    def __init__(self, subject: str, scenario: OptimizerScenario, count: int) -> None:
        everyone = tuple(range(len(scenario.start)))
        shapes = [np.shape(value) for value in scenario.start]
        groups = scenario.groups or ((everyone, {}),)
        self.groups = [members for members, _ in groups]
        self.alike = [shapes.index(shape) for shape in shapes]
        merged = [SIGNATURES[subject] | scenario.hyperparameters | overrides for _, overrides in groups]
        self.values = [each | {"lr": each.get("lr", each["learning_rate"])} for each in merged]
        self.states = [_fresh(count, np.size(value)) for value in scenario.start]
        self.carried = [np.ones((count, 1)) for _ in groups]
        self.calls = np.zeros((count, 1))
        self.everyone = np.zeros((count, 1))

    def write(self, rate: float) -> None:
        """Let somebody write a rate into every group."""
        for values in self.values:
            values["lr"] = rate
        self.carried = [np.ones_like(carried) for carried in self.carried]

    def reload(self, lanes: Lanes) -> None:
        """Lose what does not stand in a saved state."""
        emptied, uncounted = lanes.that("state", "class"), lanes.that("counts", "unsaved")
        for state in self.states:
            for key, value in state.items():
                lost = emptied | uncounted if key == "count" else emptied
                state[key] = np.where(lost, 0.0, value)

    def share(self, other: _Optimizer, lanes: Lanes) -> None:
        """Take over the state of another one, where all have the same."""
        shared = lanes.that("state", "class")
        if other is not self and shared.any():
            for mine, theirs in zip(self.states, other.states, strict=True):
                mine.update({key: np.where(shared, theirs[key], value) for key, value in mine.items()})

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""
        self.states = [{key: value[alive] for key, value in state.items()} for state in self.states]
        self.carried = [carried[alive] for carried in self.carried]
        self.calls, self.everyone = self.calls[alive], self.everyone[alive]


def _fresh(count: int, size: int) -> State:
    widths = {"seen": 1, "count": 1, "first": size, "second": size, "largest": size, "highest": size}
    widths |= dict.fromkeys(("velocity", "plain velocity", "mean", "start"), size)
    return {key: np.zeros((count, width)) for key, width in widths.items()}
