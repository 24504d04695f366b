"""The ladders of notebook 13: a matrix that Newton–Schulz makes nearly orthogonal, and the optimizer that moves by it.

What is right, `coursekit.optimizers.matrices` says, by way of singular values. Beside the rule itself most of it needs
no oracle: a function of the singular values does not see a rotation, a factor, or zeros beside a matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from coursekit.judging.behaviours import Ask, Behaviour, Derive, Trial, own
from coursekit.judging.calls import CallScenario
from coursekit.judging.faults import FaultKind
from coursekit.judging.trajectories import Precision, Trajectory
from coursekit.optimizers import matrices
from coursekit.optimizers.ladders import optimizers
from coursekit.optimizers.ladders.calls import called, number, tensor
from coursekit.optimizers.ladders.drawing import Draw, Shapes
from coursekit.optimizers.ladders.moves import same_as, torch_does, trial, with_gradients
from coursekit.optimizers.scenarios import Groups, OptimizerScenario

_PRECISION = Precision(travelled=1e-4, size=1e-4)  # a norm may have 1e-7 added to it
_BOUNDS = 0.6, 1.3  # of singular values that began not much smaller than the largest
_LARGE = 20.0  # the size of a gradient beside which 1e-7 is nothing
_SMALL, _SHARE = 8e-3, 5e-4  # the norm of a gradient of which 1e-6 is less than this share
_FEW = 2  # steps after which numbers that were not divided before are still finite
_HALF = ("zero_gradient", "in_place", "shapes_and_dtypes", "matrices_only")  # that weigh one half
# Matrices in the place of vectors.
_SHAPES: dict[tuple[int, ...], tuple[int, ...]] = {(4,): (3, 3), (3,): (2, 3), (2,): (3, 2)}


def newton_schulz(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `newton_schulz(gradient, steps=5)`."""
    stream = np.random.default_rng(seed)
    one, other, third, fourth = (_drawn(stream) for _ in range(4))

    def trial(label: str, gradient: np.ndarray, steps: int, expected: Any = None, **more: Any) -> Trial:
        arguments = tensor(gradient), number(steps)
        made = called(label, arguments, lambda: _torch_does(gradient, steps))
        return replace(made, precision=_PRECISION, **({"expected": expected} if expected else {}), **more)

    def plain(gradient: np.ndarray, *steps: int) -> CallScenario:
        return CallScenario(arguments=(tensor(gradient), *map(number, steps)))

    def as_own(gradient: np.ndarray, change: Callable[[np.ndarray], np.ndarray], steps: int = _FEW) -> Any:
        """Expect what the student's own function makes of another matrix, changed."""

        def expected(ask: Ask, _: Trajectory) -> Trajectory:
            rows = [row[0] for row in own(ask, plain(gradient, steps)).rows]
            square = len(rows) == len(gradient) and all(row.shape == gradient.shape[1:] for row in rows)
            return _rows(change(np.stack(rows) if square else np.full(gradient.shape, np.nan)))

        return expected

    def within(_: Ask, got: Trajectory) -> Trajectory:
        """Move the singular values of what was returned to where they should be."""
        rows = [row[0] for row in got.rows]
        if len(rows) != len(other) or any(row.shape != other.shape[1:] or not np.isfinite(row).all() for row in rows):
            return _rows(_torch_does(other, 5))
        left, values, right = np.linalg.svd(np.stack(rows))
        return _rows(left * np.clip(values, *_BOUNDS) @ right)

    unlike_itself = (
        trial(
            "a square matrix", one, _FEW, unlike=lambda *_: _rows(one), same="What is returned is the gradient itself."
        ),
        trial(
            "another square matrix",
            other,
            _FEW,
            unlike=lambda ask, _: own(ask, plain(one, _FEW)),
            same="What is returned does not depend on the gradient.",
        ),
    )
    alive = tuple(replace(each, expected=None) for each in unlike_itself)
    beside, below = _turned(stream, 5), _turned(stream, 5)
    left, right = _turned(stream, 3), _turned(stream, 3)
    wide = np.hstack([third, np.zeros((3, 2))]) @ beside
    tall = below @ np.vstack([third, np.zeros((2, 3))])
    rotated = left @ third @ right
    turned = 10 * left  # from which few wrong rules run away
    unset = replace(trial("no number of steps given", turned, 5, as_own(turned, np.array, 5)), scenario=plain(turned))

    def behaviour(name: str, title: str, *trials: Trial, weight: float = 1) -> Behaviour:
        return Behaviour(name=name, title=title, trials=trials, weight=weight)

    return (
        behaviour("one_step", "One step is exact", trial("a square matrix, one step", one, 1), weight=4),
        behaviour(
            "many_steps",
            "Many steps are exact",
            trial("a square matrix, three steps", one, 3),
            trial("another square matrix, five steps", other, 5),
            weight=5,
        ),
        behaviour(
            "steps_read",
            "The number of steps is the one that is asked for",
            *alive,
            replace(
                trial(
                    "a square matrix, two steps",
                    fourth,
                    2,
                    unlike=lambda ask, _: own(ask, plain(fourth, 1)),
                    same="One step and two steps return the same.",
                ),
                expected=None,
            ),
        ),
        behaviour(
            "default",
            "Without a number of steps there are five",
            *alive,
            replace(unset, as_in="with five steps asked for"),
        ),
        behaviour(
            "wide",
            "A matrix with more columns than rows is right",
            *alive,
            trial(
                "three rows, five columns",
                wide,
                _FEW,
                as_own(third, lambda made: np.hstack([made, np.zeros((3, 2))]) @ beside),
                as_in="of a square matrix, made wide",
            ),
        ),
        behaviour(
            "tall",
            "A matrix with more rows than columns is right",
            *alive,
            trial(
                "five rows, three columns",
                tall,
                _FEW,
                as_own(third, lambda made: below @ np.vstack([made, np.zeros((2, 3))])),
                as_in="of a square matrix, made tall",
            ),
        ),
        behaviour(
            "size",
            "The size of the gradient makes no difference",
            *alive,
            trial(
                "a matrix a thousand times as large",
                1e3 * third,
                _FEW,
                as_own(third, np.array),
                as_in="of the smaller matrix",
            ),
            trial(
                "a matrix whose norm is 0.008",
                third * (_SMALL / np.linalg.norm(third)),
                1,
                _nearly(as_own(third, np.array, 1)),
                as_in="of the larger matrix",
            ),
        ),
        behaviour(
            "rotations",
            "A rotation of the gradient rotates the result, and changes nothing else",
            *alive,
            trial(
                "a matrix that is rotated from the left and from the right",
                rotated,
                _FEW,
                as_own(third, lambda made: left @ made @ right),
                as_in="of the matrix before, rotated",
            ),
        ),
        behaviour(
            "singular_values",
            "After five steps the singular values are near 1",
            trial("another square matrix, five steps", other, 5, within, as_in="with singular values from 0.6 to 1.3"),
        ),
        behaviour(
            "unchanged",
            "The gradient stays as it was",
            *alive,
            replace(trial("a square matrix", fourth, _FEW), expected=None, faults=frozenset({"argument_changed"})),
        ),
        behaviour(
            "zeros",
            "A matrix of zeros stays zeros",
            *alive,
            trial("a matrix of zeros", np.zeros((3, 3)), _FEW),
        ),
    )


def _nearly(expected: Derive) -> Derive:
    """Allow a share of the whole: a wrong step may make much of 1e-7 in a number that nearly cancels."""

    def at_least(ask: Ask, got: Trajectory) -> Trajectory:
        right = expected(ask, got)
        mine, theirs = ([row[0] for row in each.rows] for each in (got, right))
        if [row.shape for row in mine] != [row.shape for row in theirs]:
            return right
        off = np.linalg.norm(np.stack(mine) - np.stack(theirs))
        return got if off <= _SHARE * np.linalg.norm(np.stack(theirs)) else right

    return at_least


def muon(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `Muon`, which is right with the student's own `newton_schulz` or with the course's."""
    plain, lent = (_muon(Matrices(lent, np.random.default_rng(seed))) for lent in ((), ("newton_schulz",)))
    return tuple(
        replace(
            one,
            trials=tuple(replace(each, instead=(other,)) for each, other in zip(one.trials, two.trials, strict=True)),
        )
        for one, two in zip(plain, lent, strict=True)
    )


class Matrices(Draw):
    """Draws scenarios for Muon: square, wide and tall matrices, with gradients that are large beside any ε."""

    def __init__(self, lent: tuple[str, ...], stream: np.random.Generator) -> None:
        super().__init__("Muon", stream)
        self._lent = lent

    def several(self, steps: int, shapes: Shapes, **options: Any) -> OptimizerScenario:
        """Draw as any other, with a matrix in the place of each vector."""
        options["scale"] = _LARGE * options.get("scale", 1.0)
        drawn = super().several(steps, tuple(_SHAPES.get(shape, shape) for shape in shapes), **options)
        return replace(drawn, lent=self._lent)


def _muon(draw: Matrices) -> tuple[Behaviour, ...]:
    common = optimizers.built(draw, _one_step, _many_steps, _zero_gradient, _dtypes)
    by_name = {each.name: each for each in common}
    alive = by_name["in_place"].trials[:2]

    def behaviour(name: str, title: str, *trials: Trial) -> Behaviour:
        evidence = tuple(each.scenario for each in trials if not each.raises)
        return Behaviour(name=name, title=title, trials=(*alive, *trials), evidence=evidence)

    kinds = replace(by_name["shapes_and_dtypes"], title="Any floating dtype is kept")
    by_name |= {"shapes_and_dtypes": kinds}
    scaled = behaviour("scale", "A tall matrix makes longer steps, a wide one does not", *_scale(draw))
    refused = behaviour("matrices_only", "Anything but a matrix is refused", *_refused(draw))
    every = (*by_name.values(), scaled, refused)
    return tuple(replace(each, weight=0.5) if each.name in _HALF else each for each in every)


def _one_step(draw: Draw) -> tuple[Trial, ...]:
    fresh = draw.plain(steps=1)
    return (trial("one step from fresh", fresh, torch_does("Muon", fresh)),)


def _many_steps(draw: Draw) -> tuple[Trial, ...]:
    steps = draw.plain(steps=6)
    steps = replace(steps, calls=tuple(replace(call, name="step_into") for call in steps.calls))
    small = draw.plain(steps=4)
    scaled = with_gradients(small, lambda gradient, _: 1e3 * gradient)
    still = draw.plain(steps=3)
    still = replace(still, hyperparameters=still.hyperparameters | {"momentum": 0.0})
    label = "gradients a thousand times larger change nothing"
    return (
        trial(label, scaled, same_as(small), "with the smaller gradients"),
        trial("six steps, gradient tensors reused", steps, torch_does("Muon", steps)),
        trial("without momentum each gradient moves alone", still, torch_does("Muon", still)),
    )


def _zero_gradient(draw: Draw) -> tuple[Trial, ...]:
    never, later = draw.plain(steps=2), draw.plain(steps=4)
    never = with_gradients(never, lambda gradient, _: 0.0 * gradient)

    def ending(size: float) -> OptimizerScenario:
        return with_gradients(later, lambda gradient, step: size * gradient if step > 1 else gradient)

    return (
        trial("the gradient is zero", never, lambda *_: Trajectory(rows=(never.start,) * 3), "without a step"),
        trial("the gradient is zero at steps 3 and 4", ending(0.0), same_as(ending(1e-30)), "with gradients of 1e-30"),
    )


def _dtypes(draw: Draw) -> tuple[Trial, ...]:
    kept: frozenset[FaultKind] = frozenset({"dtype", "shape"})
    plain = draw.plain(steps=3)
    single, half = (replace(plain, dtype=dtype) for dtype in ("float32", "bfloat16"))
    rough = Precision(travelled=1e-3, size=1e-5)
    return (
        trial("float32", single, same_as(plain), "in float64", precision=rough, faults=kept),
        trial("bfloat16", half, None, precision=rough, faults=kept),
    )


def _scale(draw: Matrices) -> tuple[Trial, ...]:
    """Expect of a square matrix beside zeros what it does without them, by the factor longer."""
    square = draw.plain(steps=3)
    more = np.zeros((2, len(square.start[0])))

    def padded(label: str, pad: Callable[[np.ndarray], np.ndarray], as_in: str) -> Trial:
        start = pad(square.start[0])
        factor = matrices.scale(*start.shape)

        def longer(ask: Ask, _: Trajectory) -> Trajectory:
            moves = [row[0] - square.start[0] for row in own(ask, square).rows]
            return Trajectory(rows=tuple((start + factor * pad(move),) for move in moves))

        scenario = replace(with_gradients(square, lambda gradient, _: pad(gradient)), start=(start,))
        return trial(label, scenario, longer, as_in)

    longer = "without the rows of zeros, longer"
    return (
        padded("five rows, three columns", lambda part: np.vstack([part, more]), longer),
        padded("seven rows, three columns", lambda part: np.vstack([part, more, more]), longer),
        padded("three rows, five columns", lambda part: np.hstack([part, more.T]), "without the columns of zeros"),
    )


def _refused(draw: Matrices) -> tuple[Trial, ...]:
    def refused(label: str, *shapes: tuple[int, ...], groups: Groups = ()) -> Trial:
        scenario = replace(draw.several(0, shapes), groups=groups)
        return Trial(label=label, scenario=scenario, raises="ValueError")

    apart: Groups = ((0,), {}), ((1,), {})
    return (
        refused("a matrix and a vector", (2, 3), (5,)),
        refused("a vector and a matrix", (5,), (2, 3)),
        refused("a group of a matrix and a group of a vector", (2, 3), (5,), groups=apart),
        refused("a group of a vector and a group of a matrix", (5,), (2, 3), groups=apart),
        refused("a parameter of three dimensions", (2, 3, 2)),
        refused("a single number", ()),
    )


def _drawn(stream: np.random.Generator) -> np.ndarray:
    """Draw a square matrix whose singular values are known and apart: 10 times 1, 0.5 and 0.15, a little off."""
    values = 10 * np.array([1.0, 0.5, 0.15]) * stream.uniform(0.9, 1.1, 3)
    return np.asarray(_turned(stream, 3) * values @ _turned(stream, 3))


def _turned(stream: np.random.Generator, size: int) -> np.ndarray:
    """Draw a rotation, not far from one that is always the same: no seed has easier matrices than another."""
    base = np.random.default_rng(size).normal(size=(size, size))
    return np.linalg.qr(base + stream.normal(0, 0.15, (size, size)))[0]


def _rows(matrix: np.ndarray) -> Trajectory:
    return Trajectory(rows=tuple((row,) for row in matrix))


def _torch_does(gradient: np.ndarray, steps: int) -> np.ndarray:
    return matrices.newton_schulz(torch.tensor(gradient), steps).numpy()
