"""The ladders of notebook 14: a rate that is tuned, a comparison that is fair, and a difference that is real."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf, nan

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.calls import Argument
from coursekit.judging.trajectories import Row, Trajectory
from coursekit.optimizers.ladders.calls import called
from coursekit.optimizers.racing import (
    ComparisonScenario,
    CountedComparisonScenario,
    CountedTuningScenario,
    TuningScenario,
)

NAMES = ("SGD", "Momentum", "Adam")
STEPS = 3  # of a run whose loss stays what it is, so that any of its losses will do


def tuned_rate(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `tuned_rate(run, rates, seeds)`."""
    stream = np.random.default_rng(seed)

    def scenario(losses: Sequence[Sequence[Sequence[float]]], kind: type[TuningScenario]) -> TuningScenario:
        drawn = _drawn(stream, losses)
        best = np.where(np.isfinite(drawn[..., -1]), drawn[..., -1], inf).mean(axis=1).argmin()
        rates = _rates(stream, drawn.shape[0], int(best))
        return kind(rates=rates, seeds=_seeds(stream, drawn.shape[1]), losses=drawn)

    def tries(label: str, losses: Sequence[Sequence[Sequence[float]]], *needs: Trial) -> Trial:
        return trial(label, scenario(losses, TuningScenario), *needs)

    def trial(label: str, made: TuningScenario, *needs: Trial) -> Trial:
        return Trial(label=label, scenario=made, expected=lambda *_: Trajectory(rows=tuned(made)), needs=needs)

    several = (
        tries("four rates and three seeds", _flat(((1, 9, 9), (5, 4, 6), (7, 7, 2), (4.2, 4.3, 16)))),
        tries("three rates and three seeds", _flat(((6, 6, 6), (3, 3, 8), (9, 9, 9)))),
    )
    counted = scenario(_flat(((5, 6), (2, 3), (7, 8))), CountedTuningScenario)
    return (
        Behaviour(
            name="best",
            title="The rate with the lowest loss is returned",
            trials=(
                tries("four rates and one seed", _flat(((6,), (2,), (4,), (8,)))),
                tries("the best rate is the first", _flat(((2,), (5,), (4,)))),
                tries("the best rate is the last", _flat(((7,), (5,), (6,), (3,)))),
            ),
            weight=2,
        ),
        Behaviour(
            name="last",
            title="A run is judged by its last loss",
            trials=(
                tries("three runs, one seed", [[(4, 1, 2, 3)], [(9, 7, 5, 2)], [(3, 6, 6, 6)]]),
                tries(
                    "five runs, one seed",
                    [[(8, 0.5, 6, 6, 3)], [(4,) * 5], [(9, 9, 1, 9, 5)], [(9, 8, 7, 6, 2)], [(9, 9, 9, 1.5, 6)]],
                ),
            ),
            weight=2,
        ),
        Behaviour(
            name="all_seeds",
            title="The mean over all seeds decides, not the luckiest of them",
            trials=several,
            weight=2,
        ),
        Behaviour(
            name="diverged",
            title="A rate with a run that has diverged loses",
            trials=(
                tries("the first rate leaves NaN", _flat(((nan,), (2,), (4,)))),
                tries("the last rate leaves NaN", _flat(((4,), (2,), (nan,)))),
                tries("one rate leaves infinity, one leaves NaN", _flat(((inf,), (5,), (nan,)))),
                tries("NaN with the second of two seeds", _flat(((8, 8), (4, 4), (9, nan))), *several),
                tries("NaN with the first of two seeds", _flat(((8, 8), (6, 6), (nan, 2))), *several),
            ),
            weight=2,
        ),
        Behaviour(
            name="once",
            title="Each rate is run once with each seed",
            trials=(trial("three rates and two seeds", counted),),
        ),
    )


def compare(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `compare(runs, rates, budget, tuning_seeds, seeds)`."""
    stream = np.random.default_rng(seed)

    def scenario(
        losses: Iterable[Sequence[Sequence[Sequence[float]]]],
        tuning: int,
        budget: int = 0,
        kind: type[ComparisonScenario] = ComparisonScenario,
    ) -> ComparisonScenario:
        drawn = tuple(_drawn(stream, each) for each in losses)
        seeds = _seeds(stream, drawn[0].shape[1])
        rates = _rates(stream, max(map(len, drawn)))  # of all, so that one rate for all is a mistake that can be made
        return kind(
            names=NAMES[: len(drawn)],
            rates=tuple(rates[: len(each)] for each in drawn),
            budget=budget or len(drawn[0]),
            tuning_seeds=seeds[:tuning],
            seeds=seeds[tuning:],
            losses=drawn,
        )

    def trial(label: str, made: ComparisonScenario) -> Trial:
        def expected(*_: object) -> Trajectory:
            return Trajectory(rows=compared(made))

        alone = Trial(label=label, scenario=replace(made, lends=False), expected=expected)
        return Trial(label=label, scenario=made, expected=expected, instead=(alone,))

    one = scenario((_flat(((8, 8, 3, 5, 4),)), _flat(((9, 9, 6, 2, 7),))), 2)
    three = scenario((_flat(((8, 6, 3, 4),)), _flat(((9, 5, 2, 7),)), _flat(((9, 8, 7, 6),))), 1)
    ends = scenario(
        ([[(5,) * 5, (9, 1, 6, 4, 3), (8, 7, 9, 6, 2)]], [[(5,) * 5, (2, 9, 8, 9, 6), (9, 7, 3, 5, 4)]]),
        1,
    )
    own = scenario(
        (
            _flat(((3, 3, 2), (7, 7, 8), (5, 5, 6))),
            _flat(((6, 6, 7), (2, 2, 3), (8, 8, 9))),
            _flat(((9, 9, 8), (5, 5, 7), (4, 4, 2))),
        ),
        1,
    )
    others = scenario((_flat(((3, 3, 8, 9), (5, 6, 2, 1))), _flat(((4, 3, 9, 8), (7, 8, 1, 2)))), 2)
    turns = scenario(
        (
            _flat(((2.5, 7.5, 5, 5), (5, 4, 7, 8), (8, 3, 1, 9))),
            _flat(((3, 8, 9, 9), (5, 5, 1, 1), (9, 2.5, 2, 2))),
        ),
        2,
    )
    longer = scenario(
        (
            _flat(((6, 6, 5), (4, 4, 3.5), (3, 3, 4), (5, 5, 6), (2, 2, 1), (1, 1, 2))),
            _flat(((5, 5, 4), (3, 3, 3.5), (1, 1, 2), (9, 9, 8), (2, 2, 1))),
        ),
        1,
        2,
    )
    diverged = scenario((_flat(((3, 3, nan, 4),)), _flat(((5, 5, 6, inf),))), 2)
    counted = scenario(
        (_flat(((5, 5, 5, 5), (3, 3, 3, 3))), _flat(((4, 4, 4, 4), (2, 2, 2, 2)))), 2, kind=CountedComparisonScenario
    )
    return (
        Behaviour(
            name="measured",
            title="The losses with each of the seeds are returned, in their order",
            trials=(
                trial("two optimizers with one rate each", one),
                trial("three optimizers with one rate each", three),
            ),
            weight=2,
        ),
        Behaviour(
            name="last",
            title="The last loss of each run is returned",
            trials=(trial("two optimizers whose losses go up and down", ends),),
        ),
        Behaviour(
            name="own_rate",
            title="Each optimizer has its own best rate",
            trials=(trial("three optimizers with three best rates", own),),
            weight=2,
        ),
        Behaviour(
            name="apart",
            title="The rate is chosen with the tuning seeds alone, and with all of them",
            trials=(
                trial("the other seeds would choose otherwise", others),
                trial("each tuning seed would choose otherwise", turns),
            ),
            weight=2,
        ),
        Behaviour(
            name="budget",
            title="No optimizer tries more rates than the budget allows",
            trials=(trial("lists of five and six rates, a budget of two", longer),),
            weight=2,
        ),
        Behaviour(
            name="diverged",
            title="A run that has diverged is infinitely bad",
            trials=(trial("NaN and infinity at the end", diverged),),
        ),
        Behaviour(
            name="once",
            title="Every optimizer has the same number of runs, and no more than needed",
            trials=(trial("two optimizers with two rates each", counted),),
        ),
    )


def sign_test(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `sign_test(losses, others)`."""
    stream = np.random.default_rng(seed)

    def trial(label: str, signs: Sequence[float]) -> Trial:
        """Try differences of these signs; 0 is a tie, and where one is infinite, or both (NaN), a run has diverged."""
        order = np.argsort(np.argsort(stream.uniform(0, 1, len(signs)) + ~np.isfinite(signs)))
        those = np.round(1 + order + stream.uniform(0, 0.1, len(signs)), 3)  # far apart, so that each keeps its place
        these = np.round(those + np.sign(signs) * stream.uniform(0.2, 0.4, len(signs)), 3)
        these[np.isinf(signs)] = inf
        those[np.isnan(signs)] = these[np.isnan(signs)] = inf
        return called(label, (losses(those), losses(these)), lambda: np.array(p_value(those, these)))

    def mixed(label: str, wins: int, count: int) -> Trial:
        signs = np.array([1] * wins + [-1] * (count - wins))
        return trial(label, tuple(stream.permutation(signs)))

    order = stream.permutation(6)
    first = np.round(np.arange(1, 7) + stream.uniform(0, 0.2, 6), 3)[order]
    second = np.round(first + 0.3 - 5.8 * (order == 5), 3)
    return (
        Behaviour(
            name="value",
            title="The p-value is exact: all splits that are as uneven count, on both sides",
            trials=(
                trial("the first wins all of five", (1,) * 5),
                mixed("the first wins six of seven", 6, 7),
                mixed("the first wins six of eight", 6, 8),
            ),
            weight=3,
        ),
        Behaviour(
            name="other_way",
            title="It is the same whichever of the two is better",
            trials=(mixed("the first wins one of six", 1, 6), trial("the first wins none of four", (-1,) * 4)),
            weight=2,
        ),
        Behaviour(
            name="paired",
            title="The losses are compared seed by seed",
            trials=(
                called(
                    "five small wins and one large defeat",
                    (losses(first), losses(second)),
                    lambda: np.array(p_value(first, second)),
                ),
            ),
        ),
        Behaviour(
            name="ties",
            title="Equal losses are left out",
            trials=(trial("four wins and two ties", (1, 0, 1, 1, 0, 1)),),
        ),
        Behaviour(
            name="even",
            title="It is never above 1",
            trials=(mixed("the first wins three of six", 3, 6), trial("ties alone", (0, 0, 0))),
        ),
        Behaviour(
            name="diverged",
            title="A run that has diverged is lost, and two of them are a tie",
            trials=(
                trial("four wins, one of them against infinity", (1, inf, 1, 1)),
                trial("four wins, and infinity on both sides", (1, 1, nan, 1, 1)),
            ),
        ),
    )


def losses(values: np.ndarray) -> Argument:
    """Hand over a list of losses."""
    return Argument(kind="named", name="losses", value=np.asarray(values, np.float64))


def p_value(first: np.ndarray, second: np.ndarray) -> float:
    """Count, among all ways to share the wins out, those that are at least as uneven."""
    lower, higher = (int(np.sum(each)) for each in (first < second, second < first))
    ways = np.array([1.0])
    for _ in range(lower + higher):
        ways = np.convolve(ways, [0.5, 0.5])
    uneven = np.abs(2 * np.arange(len(ways)) - lower - higher) >= abs(lower - higher)
    return float(ways[uneven].sum())


def tuned(scenario: TuningScenario) -> tuple[Row, ...]:
    """Look the best rate up; or say that each run is made once."""
    if isinstance(scenario, CountedTuningScenario):
        return ((np.array(1.0),),) * len(scenario.places)
    return ((np.array(scenario.table.best(scenario.rates, scenario.seeds)),),)


def compared(scenario: ComparisonScenario) -> tuple[Row, ...]:
    """Look up what a fair comparison measures; or say how many runs it has."""
    if isinstance(scenario, CountedComparisonScenario):
        runs = scenario.budget * len(scenario.tuning_seeds) + len(scenario.seeds)
        return ((np.array(float(runs)),),) * len(scenario.names)
    rows: list[Row] = []
    for rates, table in zip(scenario.rates, scenario.tables.values(), strict=True):
        best = table.best(rates[: scenario.budget], scenario.tuning_seeds)
        rows.append((table.ends([best], scenario.seeds)[0],))
    return tuple(rows)


def _flat(ends: Iterable[Iterable[float]]) -> list[list[tuple[float, ...]]]:
    """Make runs whose loss stays what it is: for each rate, with each seed."""
    return [[(end,) * STEPS for end in row] for row in ends]


def _drawn(stream: np.random.Generator, losses: Sequence[Sequence[Sequence[float]]]) -> np.ndarray:
    """Draw losses about those given, so that their order stays, a run that stays what it is too."""
    given = np.array(losses, np.float64)
    factors = stream.uniform(0.97, 1.03, (*given.shape[:2], 1)) * stream.uniform(0.1, 0.3)
    return np.round(given * factors, 4)


def _rates(stream: np.random.Generator, count: int, inner: int = -1) -> tuple[float, ...]:
    """Draw rates in no order; the one at the place `inner` is neither the smallest nor the largest of three or more."""
    orders = stream.permutation(count)
    while inner >= 0 and count > 2 and orders[inner] in (0, count - 1):
        orders = stream.permutation(count)
    rates = stream.uniform(0.8, 1.2, count) * 10.0 ** (orders - 3)
    return tuple(float(f"{rate:.2g}") for rate in rates)


def _seeds(stream: np.random.Generator, count: int) -> tuple[int, ...]:
    return tuple(int(seed) for seed in stream.choice(np.arange(1, 60), count, replace=False))
