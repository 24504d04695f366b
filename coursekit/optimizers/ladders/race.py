"""The ladders of notebook 14: a rate that is tuned, a comparison that is fair, and a difference that is real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import inf, nan
from typing import TypeAlias

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial, own
from coursekit.judging.calls import Argument, CallScenario
from coursekit.judging.trajectories import Row, Trajectory
from coursekit.optimizers.ladders.calls import PRECISION, called
from coursekit.optimizers.racing import (
    ComparisonScenario,
    CountedComparisonScenario,
    CountedTuningScenario,
    TuningScenario,
)

Plainer: TypeAlias = Callable[[TuningScenario], TuningScenario]
NAMES = ("SGD", "Momentum", "Adam")
FIXED = "The result does not change with the losses."
ENORMOUS = 1000.0  # for a loss
STEPS = 3  # of a run whose loss stays what it is, so that any of its losses will do


def tuned_rate(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `tuned_rate(run, rates, seeds)`."""
    stream = np.random.default_rng(seed)

    def scenario(losses: Sequence[Sequence[Sequence[float]]], kind: type[TuningScenario]) -> TuningScenario:
        drawn = _drawn(stream, losses)
        best = np.where(np.isfinite(drawn[..., -1]), drawn[..., -1], inf).mean(axis=1).argmin()
        rates = _rates(stream, drawn.shape[0], int(best))
        return kind(rates=rates, seeds=_seeds(stream, drawn.shape[1]), losses=drawn)

    def tries(label: str, losses: Sequence[Sequence[Sequence[float]]]) -> Trial:
        return trial(label, scenario(losses, TuningScenario))

    def trial(label: str, made: TuningScenario) -> Trial:
        return Trial(label=label, scenario=made, expected=lambda *_: Trajectory(rows=tuned(made)))

    def like(label: str, losses: Sequence[Sequence[Sequence[float]]], plainer: Plainer, as_in: str) -> Trial:
        """Expect what the student's own function makes of plainer runs, and that it looks at runs at all."""
        made = scenario(losses, TuningScenario)
        plain = plainer(made)
        moved = replace(plain, losses=2 * plain.losses[::-1])  # the best of them is in another place
        return replace(
            trial(label, made),
            expected=lambda ask, _: own(ask, plain),
            as_in=as_in,
            unlike=lambda ask, _: own(ask, moved),
            same=FIXED,
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
            weight=3,
        ),
        Behaviour(
            name="last",
            title="A run is judged by its last loss",
            trials=(
                like(
                    "four runs, one seed",
                    [[(4, 1, 2, 3)], [(9, 7, 5, 2)], [(3, 6, 6, 6)], [(7, 8, 8, 8)]],
                    _ending,
                    "where all losses of a run are the last",
                ),
                like(
                    "five runs, one seed",
                    [[(8, 0.5, 6, 6, 3)], [(4,) * 5], [(9, 9, 1, 9, 5)], [(9, 8, 7, 6, 2)], [(9, 9, 9, 1.5, 6)]],
                    _ending,
                    "where all losses of a run are the last",
                ),
            ),
            weight=2,
        ),
        Behaviour(
            name="all_seeds",
            title="The mean over all seeds decides, not the luckiest of them",
            trials=tuple(
                like(label, _flat(losses), _averaged, "with one seed that leaves the mean")
                for label, losses in (
                    ("four rates and three seeds", ((1, 9, 9), (5, 4, 6), (7, 7, 2), (4.2, 4.3, 16))),
                    ("a rate that is bad with one of three seeds", ((6, 6, 6), (3, 3, 8), (9, 9, 9), (9, 8, 9))),
                )
            ),
            weight=2,
        ),
        Behaviour(
            name="diverged",
            title="A rate with a run that has diverged loses",
            trials=tuple(
                like(label, _flat(losses), _enormous, "with an enormous loss in its place")
                for label, losses in (
                    ("the first rate leaves NaN", ((nan,), (2,), (4,), (6,))),
                    ("the last rate leaves NaN", ((4,), (2,), (6,), (nan,))),
                    ("one rate leaves infinity, one leaves NaN", ((inf,), (5,), (nan,), (7,))),
                    ("NaN with the second of two seeds", ((8, 8), (4, 4), (9, nan), (8, 9))),
                    ("NaN with the first of two seeds", ((8, 8), (6, 6), (nan, 2), (8, 9))),
                )
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

    def trial(label: str, made: ComparisonScenario, plain: ComparisonScenario | None = None, as_in: str = "") -> Trial:
        """Expect what is right; or what the student's own function makes of plainer runs, and that it looks at runs."""
        doubled = replace(made, losses=tuple(2 * each for each in made.losses))

        def asked(*, lends: bool) -> Trial:
            expected = Trial(
                label=label,
                scenario=replace(made, lends=lends),
                expected=lambda *_: Trajectory(rows=compared(made)),
            )
            if plain is None:
                return expected
            return replace(
                expected,
                expected=lambda ask, _: own(ask, replace(plain, lends=lends)),
                as_in=as_in,
                unlike=lambda ask, _: own(ask, replace(doubled, lends=lends)),
                same=FIXED,
            )

        return replace(asked(lends=True), instead=(asked(lends=False),))

    def levelled(label: str, made: ComparisonScenario) -> Trial:
        return trial(label, made, _level(made), "where all rates are as good as the best")

    one = scenario((_flat(((8, 8, 3, 5, 4),)), _flat(((9, 9, 6, 2, 7),))), 2)
    three = scenario((_flat(((8, 6, 3, 4),)), _flat(((9, 5, 2, 7),)), _flat(((9, 8, 7, 6),))), 1)
    ends = scenario(
        ([[(5,) * 5, (9, 1, 6, 4, 3), (8, 7, 9, 6, 2)]], [[(5,) * 5, (2, 9, 8, 9, 6), (9, 7, 3, 5, 4)]]),
        1,
    )
    three_rates = scenario(
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
            trials=(
                trial(
                    "two optimizers whose losses go up and down",
                    ends,
                    replace(ends, losses=tuple(map(_at_the_end, ends.losses))),
                    "where all losses of a run are the last",
                ),
            ),
        ),
        Behaviour(
            name="own_rate",
            title="Each optimizer has its own best rate",
            trials=(levelled("three optimizers with three best rates", three_rates),),
            weight=2,
        ),
        Behaviour(
            name="apart",
            title="The rate is chosen with the tuning seeds alone, and with all of them",
            trials=(
                levelled("the other seeds would choose otherwise", others),
                levelled("each tuning seed would choose otherwise", turns),
            ),
            weight=2,
        ),
        Behaviour(
            name="budget",
            title="No optimizer tries more rates than the budget allows",
            trials=(levelled("lists of five and six rates, a budget of two", longer),),
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

    def drawn(signs: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
        """Draw losses whose differences have these signs; 0 is a tie, and infinite or NaN are runs that diverged."""
        order = np.argsort(np.argsort(stream.uniform(0, 1, len(signs)) + ~np.isfinite(signs)))
        those = np.round(1 + order + stream.uniform(0, 0.1, len(signs)), 3)  # far apart, so that each keeps its place
        these = np.round(those + np.sign(signs) * stream.uniform(0.2, 0.4, len(signs)), 3)
        these[np.isinf(signs)] = inf
        those[np.isnan(signs)] = these[np.isnan(signs)] = inf
        return those, these

    def shuffled(wins: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        return drawn(tuple(stream.permutation([1] * wins + [-1] * (count - wins))))

    def trial(label: str, given: tuple[np.ndarray, np.ndarray]) -> Trial:
        return called(label, tuple(map(losses, given)), lambda: np.array(p_value(*given)))

    even = shuffled(3, 6)

    def like(label: str, given: tuple[np.ndarray, ...], plain: tuple[np.ndarray, ...], as_in: str) -> Trial:
        """Expect what the student's own function makes of plainer lists, and that it looks at lists at all."""
        made, plainer, other = (CallScenario(arguments=tuple(map(losses, each))) for each in (given, plain, even))
        return Trial(
            label=label,
            scenario=made,
            expected=lambda ask, _: own(ask, plainer),
            as_in=as_in,
            unlike=lambda ask, _: own(ask, other),
            same=FIXED,
            precision=PRECISION,
        )

    one_of_six, none_of_four = shuffled(1, 6), drawn((-1,) * 4)
    order = stream.permutation(6)
    first = np.round(np.arange(1, 7) + stream.uniform(0, 0.2, 6), 3)[order]
    small, large = (np.round(first + 0.3 - far * (order == 5), 3) for far in (0.6, 5.8))
    tied, lost, both = drawn((1, 0, 1, 1, 0, 1)), drawn((1, inf, 1, 1)), drawn((1, 1, nan, 1, 1))
    return (
        Behaviour(
            name="value",
            title="The p-value is exact: all splits that are as uneven count, on both sides",
            trials=(
                trial("the first wins all of five", drawn((1,) * 5)),
                trial("the first wins six of seven", shuffled(6, 7)),
                trial("the first wins six of eight", shuffled(6, 8)),
            ),
            weight=4,
        ),
        Behaviour(
            name="other_way",
            title="It is the same whichever of the two is better",
            trials=tuple(
                like(label, given, given[::-1], "with the two lists exchanged")
                for label, given in (
                    ("the first wins one of six", one_of_six),
                    ("the first wins none of four", none_of_four),
                )
            ),
            weight=2,
        ),
        Behaviour(
            name="paired",
            title="The losses are compared seed by seed",
            trials=(
                like(
                    "five small wins and one large defeat",
                    (first, large),
                    (first, small),
                    "with a small defeat in its place",
                ),
            ),
        ),
        Behaviour(
            name="ties",
            title="Equal losses are left out",
            trials=(
                like(
                    "four wins and two ties",
                    tied,
                    tuple(each[tied[0] != tied[1]] for each in tied),
                    "with lists that have no ties",
                ),
            ),
        ),
        Behaviour(
            name="even",
            title="It is never above 1",
            trials=(
                replace(trial("the first wins three of six", even), expected=lambda _, got: _at_most_one(got)),
                trial("ties alone", drawn((0, 0, 0))),
            ),
        ),
        Behaviour(
            name="diverged",
            title="A run that has diverged is lost, and two of them are a tie",
            trials=(
                like(
                    "four wins, one of them against infinity",
                    lost,
                    (lost[0], np.where(np.isfinite(lost[1]), lost[1], ENORMOUS)),
                    "with an enormous loss in its place",
                ),
                like(
                    "four wins, and infinity on both sides",
                    both,
                    tuple(each[np.isfinite(both[0])] for each in both),
                    "with lists that have no ties",
                ),
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


def _ending(scenario: TuningScenario) -> TuningScenario:
    return replace(scenario, losses=_at_the_end(scenario.losses))


def _at_the_end(losses: np.ndarray) -> np.ndarray:
    return np.broadcast_to(losses[..., -1:], losses.shape).copy()


def _averaged(scenario: TuningScenario) -> TuningScenario:
    return replace(scenario, seeds=scenario.seeds[:1], losses=scenario.losses.mean(axis=1, keepdims=True))


def _enormous(scenario: TuningScenario) -> TuningScenario:
    return replace(scenario, losses=np.where(np.isfinite(scenario.losses), scenario.losses, ENORMOUS))


def _level(scenario: ComparisonScenario) -> ComparisonScenario:
    """Let every rate leave what the best within the budget leaves."""
    levelled = []
    for rates, table in zip(scenario.rates, scenario.tables.values(), strict=True):
        best = rates.index(table.best(rates[: scenario.budget], scenario.tuning_seeds))
        levelled.append(np.broadcast_to(table.losses[best], table.losses.shape).copy())
    return replace(scenario, losses=tuple(levelled))


def _at_most_one(trajectory: Trajectory) -> Trajectory:
    return Trajectory(rows=tuple(tuple(np.minimum(each, 1.0) for each in row) for row in trajectory.rows))


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
