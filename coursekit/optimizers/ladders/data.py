"""The ladder of the data of notebook 1: each of the three results by itself, and what the seed is for."""

from __future__ import annotations

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Trial, own
from coursekit.judging.calls import CallScenario
from coursekit.judging.trajectories import Precision, Row, Trajectory
from coursekit.optimizers import references
from coursekit.optimizers.ladders.calls import number

_PRECISION = Precision(travelled=1e-5, size=1e-6)  # a student may work in float32
X, LINE, PARABOLA = range(3)


def make_data(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `make_data(seed)`."""
    others = np.random.default_rng(seed).integers(1, 10_000, 2).tolist()
    return (
        Behaviour(name="x", title="The inputs go from −10 to 10 in equal steps", trials=(_result(X),)),
        Behaviour(name="line", title="The line has its noise, which is drawn first", trials=(_result(LINE),)),
        Behaviour(
            name="parabola", title="The parabola has its noise, which is drawn next", trials=(_result(PARABOLA),)
        ),
        Behaviour(
            name="seed",
            title="The noise is that of the seed that is given",
            trials=tuple(_noise(other) for other in others),
        ),
    )


def _result(looked_at: int) -> Trial:
    """Look at one of the results with the seed 0: the others may be wrong."""

    def expected(_: Ask, got: Trajectory) -> Trajectory:
        rows = list(_right(0))
        for place, row in enumerate(got.rows[: len(rows)]):
            rows[place] = rows[place] if place == looked_at else row
        return Trajectory(rows=tuple(rows))

    return Trial(label="the seed 0", scenario=_call(0), expected=expected, precision=_PRECISION)


def _noise(seed: int) -> Trial:
    """Expect what the student's own code returns with the seed 0, but for the noise."""

    def expected(ask: Ask, _: Trajectory) -> Trajectory:
        rows, noises = _right(seed), zip(_right(seed), _right(0), strict=True)
        theirs = own(ask, _call(0)).rows
        if [row[0].shape for row in theirs] == [row[0].shape for row in rows]:
            rows = tuple((row[0] + new[0] - old[0],) for row, (new, old) in zip(theirs, noises, strict=True))
        return Trajectory(rows=rows)

    as_in = "with the seed 0, but for the noise"
    return Trial(label="another seed", scenario=_call(seed), expected=expected, as_in=as_in, precision=_PRECISION)


def _call(seed: int) -> CallScenario:
    return CallScenario(arguments=(number(seed),))


def _right(seed: int) -> tuple[Row, ...]:
    return tuple((values,) for values in references.make_data(seed))
