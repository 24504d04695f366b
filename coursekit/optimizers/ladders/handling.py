"""The behaviours that say how an optimizer handles groups, parameters, gradients and state, whatever its rule is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coursekit.judging.behaviours import Ask, Derive, Trial, own
from coursekit.judging.faults import FaultKind
from coursekit.judging.trajectories import Precision, Trajectory
from coursekit.optimizers.ladders.drawing import Draw
from coursekit.optimizers.ladders.moves import each_alone, same_as, trial, with_gradients
from coursekit.optimizers.ladders.rates import SIGNATURE
from coursekit.optimizers.references import signature
from coursekit.optimizers.scenarios import Call, OptimizerScenario, in_turn, with_neighbour, write

FORGETFUL = ("SGD", "SignSGD")  # that keep nothing from one step to the next
_NO_LR: frozenset[FaultKind] = frozenset({"no_lr"})
_IN_PLACE: frozenset[FaultKind] = frozenset({"replaced", "detached", "graph", "gradient_changed", "grad_mode"})


def learning_rate(draw: Draw) -> tuple[Trial, ...]:
    """Expect of a rate that stands in the group what the same rate does when the constructor is given it."""
    unwritten = draw.plain(steps=2, epsilon=0.1)
    written = unwritten.before(0, write(0.07))
    given = replace(unwritten, hyperparameters={**unwritten.hyperparameters, "learning_rate": 0.07})
    unchanged = draw.plain(steps=6, epsilon=0.1)
    changes = {2: 0.02, 4: 0.3}
    changed = unchanged.before(2, write(changes[2])).before(4, write(changes[4]))

    def at_each_rate(ask: Ask, trajectory: Trajectory) -> Trajectory:
        """Make each step from where it began, with its rate given to the constructor."""
        rate = changed.hyperparameters["learning_rate"]
        rows, runs = [trajectory.rows[0]], {}
        for step in range(len(changed.gradients)):
            rate = changes.get(step, rate)
            if rate not in runs:
                hyperparameters = {**changed.hyperparameters, "learning_rate": rate}
                placed = unchanged.placed(trajectory.rows[:-1])
                runs[rate] = own(ask, replace(placed, hyperparameters=hyperparameters))
            rows.append(runs[rate].rows[step + 1])
        return Trajectory(rows=tuple(rows))

    def unless_lacking(expected: Derive) -> Derive:
        """Expect nothing where the constructor can be given no rate; that it lacks one is another behaviour."""
        return lambda ask, got: got if "learning_rate" in got.lacking else expected(ask, got)

    same = "Another rate in the group changed nothing."
    return (
        trial(
            "rate changed before the first step",
            written,
            unless_lacking(same_as(given)),
            "with that rate given to the constructor",
            unlike=same_as(unwritten),
            same=same,
            faults=_NO_LR,
        ),
        trial(
            "rate changed before steps 3 and 5",
            changed,
            unless_lacking(at_each_rate),
            "with that rate given to the constructor",
            unlike=same_as(unchanged),
            same=same,
        ),
    )


def given_by_name(run: OptimizerScenario, hyperparameters: dict[str, float]) -> Trial:
    """Expect the constructor to take hyperparameters by the names of the course, and a step to need nothing."""
    scenario = replace(run, hyperparameters=hyperparameters)
    return trial("every hyperparameter given by its name", scenario, None, faults=SIGNATURE)


def groups(draw: Draw, several: Trial) -> tuple[Trial, ...]:
    """Expect of a group what its parameters do alone, with what it overrides given to the constructor.

    `several` is what several parameters in one group show: where they are mixed up, groups say nothing.
    """
    plain = draw.several(4, ((3,), (2,)), epsilon=0.05)

    def overridden(name: str) -> Trial:
        key = "lr" if name == "learning_rate" else name
        one, other = draw.others(name)
        scenario = replace(plain, groups=(((0,), {key: one}), ((1,), {key: other})))
        return trial(
            f"two groups, each with its own {key}",
            scenario,
            each_alone(scenario),
            "with one group",
            unlike=same_as(plain),
            same="What the groups override changed nothing.",
            needs=(several, replace(given_by_name(plain, {name: one}), faults=SIGNATURE | _NO_LR)),
        )

    listed = draw.several(2, ((3,), (3,), (3,)), epsilon=0.1)
    generator = trial(
        "parameters given as a generator", replace(listed, generator=True), same_as(listed), "with a list"
    )
    return *(overridden(name) for name in signature(draw.name)), generator


def no_gradient(draw: Draw, several: Trial) -> tuple[Trial, ...]:
    """Expect of a step without gradient that it is none; `several` is what several parameters with gradients show."""
    never = draw.several(3, ((3,), (2,), (3,)), epsilon=0.1, absent={1: range(3)})
    without = replace(never.with_gradients(lambda row: row[::2]), start=never.start[::2])

    def standing(ask: Ask, _: Trajectory) -> Trajectory:
        rows = own(ask, without).rows
        return Trajectory(rows=tuple((first, never.start[1], third) for first, third in rows))

    alone = draw.several(5, ((3,),), epsilon=0.1, absent={0: (0, 2)})
    at_times = draw.several(4, ((3,), (2,), (3,)), epsilon=0.1, absent={1: (0, 2)})
    without_steps = "without these steps"
    return (
        trial("no gradient for the second parameter", never, standing, "without that parameter"),
        trial("one parameter, no gradient at steps 1 and 3", alone, each_alone(alone), without_steps),
        trial(
            "no gradient for the second of three parameters at steps 1 and 3",
            at_times,
            each_alone(at_times),
            without_steps,
            needs=(several,),
        ),
    )


def zero_gradient(draw: Draw) -> tuple[Trial, ...]:
    """Expect of a gradient of zero what a very small one does."""

    def zeroed(label: str, scenario: OptimizerScenario, zero: np.ndarray) -> Trial:
        def with_zeros(tiny: float) -> OptimizerScenario:
            return with_gradients(scenario, lambda gradient, step: np.where(zero[step], tiny, gradient))

        return trial(label, with_zeros(0.0), same_as(with_zeros(1e-30)), "with gradients of 1e-30")

    never, some, later = np.ones((3, 4), bool), np.zeros((4, 4), bool), np.zeros((6, 4), bool)
    some[:, 1], some[1:3, 2] = True, True
    later[2:4] = True
    return (
        zeroed("the gradient is zero", draw.plain(steps=3, epsilon=1e-3), never),
        zeroed(
            "one element of the gradient is zero, another at steps 2 and 3", draw.plain(steps=4, epsilon=1e-3), some
        ),
        zeroed("the gradient is zero at steps 3 and 4", draw.plain(steps=6, epsilon=1e-3), later),
    )


def zero_gradient_of_sign(draw: Draw) -> tuple[Trial, ...]:
    """Expect of elements whose gradient is zero that they stay, and of the others what they do without them."""

    def zeroed(label: str, scenario: OptimizerScenario, zero: np.ndarray) -> Trial:
        def with_zeros(number: float) -> OptimizerScenario:
            return with_gradients(scenario, lambda gradient, step: np.where(zero[step], number, gradient))

        def staying(ask: Ask, _: Trajectory) -> Trajectory:
            rows = np.stack([row[0] for row in own(ask, with_zeros(1e-6)).rows])
            moves = np.where(zero, 0.0, np.diff(rows, axis=0))
            return Trajectory(rows=tuple((place,) for place in np.cumsum([rows[0], *moves], axis=0)))

        return trial(label, with_zeros(0.0), staying, "without the moves of these elements")

    never, some = np.ones((3, 4), bool), np.zeros((4, 4), bool)
    some[:, 1], some[1:3, 2] = True, True
    return (
        zeroed("the gradient is zero", draw.plain(steps=3), never),
        zeroed("one element of the gradient is zero, another at steps 2 and 3", draw.plain(steps=4), some),
    )


def in_place(draw: Draw) -> tuple[Trial, ...]:
    """Look at everything that a step must not do beside moving the parameters."""
    scenario = draw.plain(steps=3, epsilon=0.1)
    again = replace(scenario, calls=scenario.calls[:1] * 3)
    once = replace(scenario, calls=(again.calls[0], *(replace(call, name="step_again") for call in again.calls[1:])))
    return (
        trial("three steps", scenario, None, faults=_IN_PLACE),
        trial(
            "three steps with the gradient that was computed once",
            once,
            same_as(again),
            "with a fresh copy of it at each step",
        ),
    )


def shapes_and_dtypes(draw: Draw) -> tuple[Trial, ...]:
    """Expect of any shape and dtype the numbers of one dimension in float64."""
    kept: frozenset[FaultKind] = frozenset({"dtype", "shape"})

    def shaped(label: str, *shape: int) -> Trial:
        scenario = draw.several(3, (shape,), epsilon=0.1)
        flat = with_gradients(scenario, lambda gradient, _: gradient.reshape(-1))
        flat = replace(flat, start=(scenario.start[0].reshape(-1),))

        def reshaped(ask: Ask, _: Trajectory) -> Trajectory:
            rows = own(ask, flat).rows
            return Trajectory(
                rows=tuple((row[0].reshape(shape),) for row in rows if row[0].shape == flat.start[0].shape)
            )

        return trial(label, scenario, reshaped, "in one dimension", faults=kept)

    def typed(dtype: str, scenario: OptimizerScenario, precision: Precision) -> Trial:
        coarse = replace(scenario, dtype=dtype)
        return trial(dtype, coarse, same_as(scenario), "in float64", precision=precision, faults=kept)

    return (
        shaped("a parameter without dimensions"),
        shaped("an empty parameter", 0),
        shaped("two dimensions", 2, 3),
        shaped("one element in two dimensions", 1, 1),
        typed("float32", draw.plain(steps=3, epsilon=0.1), Precision(travelled=1e-3, size=1e-6)),
        typed("bfloat16", draw.coarse(), Precision(travelled=0.15, size=0.02)),
    )


def own_state(draw: Draw) -> tuple[Trial, ...]:
    """Expect of several parameters, and of several optimizers, what each does alone."""
    several = draw.several(4, ((3,), (2,), (3,)), epsilon=0.1)
    alone = draw.several(4, ((3,), (2,)), epsilon=0.1)
    one = draw.plain(steps=6, epsilon=0.1)
    turns = in_turn(one)

    def each_from_its_place(ask: Ask, trajectory: Trajectory) -> Trajectory:
        """Let each of the two make its own steps alone, from where it made them."""
        rows = list(trajectory.rows[:1]) * len(trajectory.rows)
        for first in (0, 1):
            half = replace(one, calls=one.calls[first::2]).placed(trajectory.rows[first:-1:2])
            rows[first + 1 :: 2] = own(ask, half).rows[1:]
        return Trajectory(rows=tuple(rows))

    return (
        trial("three parameters, two of the same shape", several, each_alone(several), "with one parameter"),
        trial(
            "a second optimizer steps in between",
            with_neighbour(alone),
            same_as(alone),
            "without the second optimizer",
        ),
        trial("two optimizers step in turn on the same parameter", turns, each_from_its_place, "with one optimizer"),
    )


def saved_state(draw: Draw, several: Trial) -> tuple[Trial, ...]:
    """Expect of a run that is saved and loaded what it does in one go; `several` as in `groups`."""

    def reloaded(label: str, scenario: OptimizerScenario, before: int) -> Trial:
        def afresh(ask: Ask, trajectory: Trajectory) -> Trajectory:
            rest = replace(scenario, start=trajectory.rows[before], calls=scenario.calls[before:])
            return Trajectory(rows=(*trajectory.rows[:before], *own(ask, rest).rows))

        return trial(
            label,
            scenario.before(before, Call("reload")),
            same_as(scenario),
            "without saving and loading",
            unlike=None if draw.name in FORGETFUL else afresh,
            same="Nothing was kept: it went on like a fresh optimizer.",
        )

    both = reloaded(
        "two parameters, state saved and loaded before step 3", draw.several(4, ((3,), (2,)), epsilon=0.1), 2
    )
    return (
        reloaded("state saved and loaded before step 4", draw.plain(steps=6, epsilon=0.1), 3),
        replace(both, needs=(several,)),
    )
