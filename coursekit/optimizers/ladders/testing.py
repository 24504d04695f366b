"""The ladders of notebook 15: numbers that are close, and tests that refuse optimizers with a mistake."""

from __future__ import annotations

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.subject import VISIBLE_SEED
from coursekit.judging.trajectories import Row, Trajectory
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.conversations import ConversationScenario
from coursekit.optimizers.interrogation import Refusal
from coursekit.optimizers.suspects import DECAY, RIGHT, RULE, USE, AdamW, Scaled, Still, another


def close(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `close(got, expected)`."""
    stream = np.random.default_rng(seed)
    one, two, three = stream.uniform(1, 3, (2, 2)), stream.uniform(1, 3, 3), np.array(stream.uniform(1, 3))
    every, share = (one, two, three), float(stream.uniform(1.5, 3))
    signed = one * np.array([1, -1]), two * np.array([-1, 1, 1]), np.array(-three)  # a limit must not be negative
    large, small = (1e4 * signed[1],), (1e-4 * signed[1],)
    many = (stream.uniform(1, 3, (12, 10)),)
    beside, by = np.array([1e6, 1.0]) * stream.uniform(1, 2), np.array([0.0, 0.5])

    def times(values: Row, factor: float) -> Row:
        return tuple(np.asarray(factor * value) for value in values)

    def but(values: Row, which: int, place: tuple[int, ...], by: float) -> Row:
        other = [value.copy() for value in values]
        other[which][place] += by
        return tuple(other)

    alone, unknown = (two,), but((two,), 0, (1,), np.nan)
    itself = are("three tensors and their copies", every, every)
    return (
        Behaviour(
            name="rounding",
            title="What differs by rounding is close, and what differs by a thousandth is not",
            trials=(
                are(
                    "three tensors, each number off by two millionths of itself", times(every, 1 + 1e-6 * share), every
                ),
                are("the same with negative numbers among them", times(signed, 1 + 1e-6 * share), signed),
                are_not("three tensors, each number off by a thousandth of itself", times(signed, 1 + 1e-3), signed),
                are_not(
                    "one of 120 numbers off by a thousandth of itself", but(many, 0, (7, 3), 1e-3 * many[0][7, 3]), many
                ),
            ),
            weight=2,
        ),
        Behaviour(
            name="everywhere",
            title="One wrong number is enough, wherever it is",
            trials=(
                itself,
                are_not("all numbers of the first tensor are wrong", (one + 0.2, two, three), every),
                are_not("the first number of the first tensor is wrong", but(every, 0, (0, 0), 0.2), every),
                are_not("the last number of the second tensor is wrong", but(every, 1, (2,), 0.2), every),
                are_not("the only number of the last tensor is wrong", but(every, 2, (), 0.2), every),
            ),
            weight=2,
        ),
        Behaviour(
            name="both_ways",
            title="Too small is as wrong as too large, and errors do not cancel",
            trials=(
                itself,
                are_not("a number that is too small", but(alone, 0, (0,), -0.2), alone),
                are_not("a number with the other sign", but(alone, 0, (0,), -2 * two[0]), alone),
                are_not("one number too large, another too small", but(but(alone, 0, (1,), 0.2), 0, (2,), -0.2), alone),
            ),
        ),
        Behaviour(
            name="size",
            title="How far off a number may be depends on its size",
            trials=(
                are("numbers of ten thousand and more, off by two millionths", times(large, 1 + 1e-6 * share), large),
                are_not("numbers of a ten-thousandth, off by a twentieth of themselves", times(small, 1.05), small),
                are_not("a small number that is wrong beside a large one", (beside + by,), (beside,)),
            ),
            weight=2,
        ),
        Behaviour(
            name="zero",
            title="Near zero, too, rounding is allowed and no more",
            trials=(
                are(
                    "a billionth where zero should be", but(alone, 0, (0,), 1e-9 - two[0]), but(alone, 0, (0,), -two[0])
                ),
                are_not(
                    "a thousandth where zero should be",
                    but(alone, 0, (0,), 1e-3 - two[0]),
                    but(alone, 0, (0,), -two[0]),
                ),
            ),
        ),
        Behaviour(
            name="lengths",
            title="Lists of different lengths are not close",
            trials=(
                itself,
                are_not("the last tensor is missing", every[:2], every),
                are_not("one tensor too many", every, every[:2]),
            ),
        ),
        Behaviour(
            name="shapes",
            title="Tensors of different shapes are not close",
            trials=(
                itself,
                are_not("one number where three equal ones should be", (three,), (np.full(3, three),)),
                are_not("a column where a row should be", (np.full((3, 1), three),), (np.full(3, three),)),
                are_not(
                    "a matrix of one column for one of one row", (np.full((3, 1), three),), (np.full((1, 3), three),)
                ),
            ),
        ),
        Behaviour(
            name="nan",
            title="NaN is close to nothing",
            trials=(
                itself,
                are_not("NaN in the place of a number", unknown, alone),
                are_not("NaN where NaN is expected", unknown, unknown),
            ),
        ),
    )


def are(label: str, got: Row, expected: Row) -> Trial:
    """Expect that they are close."""
    return _said(label, got, expected, 1.0)


def are_not(label: str, got: Row, expected: Row) -> Trial:
    """Expect that they are not."""
    return _said(label, got, expected, 0.0)


def _said(label: str, got: Row, expected: Row, right: float) -> Trial:
    scenario = ClosenessScenario(got=got, expected=expected)
    return Trial(label=label, scenario=scenario, expected=lambda *_: Trajectory(rows=((np.array(right),),)))


def rule(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `test_adam(optimizer_class)`."""
    return _refusals(seed, (Still, *RULE))


def decay(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `test_decay(optimizer_class)`."""
    return _refusals(seed, (Still, *DECAY))


def use(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `test_use(optimizer_class)`."""
    return _refusals(seed, USE)


def _refusals(seed: int, suspects: tuple[type[AdamW], ...]) -> tuple[Behaviour, ...]:
    """Ask for the refusal of each suspect; other seeds make less of each mistake, and another unit in a right one."""
    stream = np.random.default_rng(seed)
    right, asked = RIGHT, suspects
    if seed != VISIBLE_SEED:
        right = tuple(another(kind, stream.uniform(2, 6)) if kind is Scaled else kind for kind in RIGHT)
        asked = tuple(another(kind, stream.uniform(0.75, 1)) for kind in suspects)
    head, *others = stream.permutation(np.array(asked, object)).tolist()
    order = (head, *stream.permutation(np.array((*others, *right), object)).tolist())
    return tuple(
        Behaviour(
            name=named(kind),
            title=f"Refuses: {kind.about}",
            trials=(
                Refusal(
                    label=kind.about,
                    scenario=ConversationScenario(),
                    same=kind.users,
                    suspect=kind,
                    among=asked,
                    right=right,
                    order=order,
                ),
            ),
        )
        for kind in asked
    )


def named(kind: type[AdamW]) -> str:
    """Return the name of the behaviour that is about a suspect: that of its class, in small letters."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
