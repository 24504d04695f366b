"""The ladders of notebook 14: a rate that is tuned, a comparison that is fair, and a difference that is real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
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
ENORMOUS = 1000.0  # for a loss, or times the largest of some
HUGE = 1e20  # for a loss that is finite: larger than what somebody may write for infinity
NARROW = (0.05, 0.004, 5e-7)  # by which a loss is lower than another one: what float32 tells apart, too
# Losses of which each way to read a run, to sum up seeds, or to find a list of rates, chooses others, as far as can be.
_UP_AND_DOWN = (
    (
        (19, 1, 12, 5, 20, 7, 8, 9),
        (6, 4, 4, 6, 20, 7, 4, 15),
        (13, 16, 13, 2, 20, 8, 18, 7),
        (18, 12, 2, 10, 5, 5, 20, 17),
        (5, 19, 11, 20, 8, 16, 17, 19),
        (17, 5, 8, 6, 7, 8, 6, 14),
    ),
    (
        (20, 20, 13, 9, 9, 3, 8, 19),
        (16, 14, 19, 6, 7, 13, 11, 4),
        (18, 12, 20, 17, 2, 6, 5, 14),
        (16, 3, 2, 2, 13, 17, 17, 11),
        (13, 19, 19, 1, 7, 6, 16, 6),
        (4, 15, 20, 10, 18, 17, 6, 8),
    ),
)
_BY_SEEDS = (
    ((11, 1, 12), (5, 10, 18), (3, 7, 17), (10, 10, 6), (15, 10, 7), (19, 8, 20)),
    (
        (16, 18, 10, 13, 12),
        (5, 16, 18, 19, 6),
        (15, 2, 19, 5, 2),
        (8, 3, 18, 3, 8),
        (17, 19, 1, 6, 9),
        (11, 14, 5, 16, 3),
    ),
)
_OF_EACH = (  # optimizer and rate
    ((6, 7, 2, 8, 19, 16), (5, 15, 9, 9, 3, 8), (3, 6, 20, 19, 20, 7), (1, 6, 3, 15, 18, 20)),
    ((12, inf, 15, 16, 17, 7), (1, 2, 19, 9, 14, 20), (3, 6, 11, 5, 8, 2), (19, 16, 4, 2, 18, 13)),
    ((8, 14, 2, 16, 11, 16), (3, 7, 6, 5, 17, 8), (12, 8, 20, 16, 9, 16), (6, 16, 20, 10, 11, 10)),
)
_IN_TURNS = (  # four seeds for the tuning, two for the measurement
    ((8, 20, 6, 7, 10, 1), (7, 10, 9, 8, 3, 6), (20, 1, 11, 11, 16, 10)),
    ((15, 5, 4, 14, 12, 3), (17, 6, 6, 4, 11, 16), (1, 15, 20, 15, 1, 12)),
    ((12, 13, 11, 13, 19, 18), (16, 3, 7, 19, 14, 15), (17, 4, 17, 11, 8, 11)),
)
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

    def close(label: str, count: int) -> Trial:
        """Let the losses differ so little that they are equal where they are rounded to two or three digits."""
        base = round(float(stream.uniform(0.2, 0.8)), 2)
        ends = base + 1e-4 * np.array((3, 1, -3, 4, -1)[:count])
        rates = _rates(stream, count, 2)
        return trial(
            label, TuningScenario(rates=rates, seeds=_seeds(stream, 1), losses=_level_runs(np.round(ends, 4)[:, None]))
        )

    def counted(label: str, losses: Sequence[Sequence[float]]) -> Trial:
        made = trial(label, scenario(_flat(losses), CountedTuningScenario))
        return replace(made, faults=frozenset({"argument_changed"}))

    return (
        Behaviour(
            name="best",
            title="The rate with the lowest loss is returned",
            trials=(
                tries("four rates and one seed", _flat(((6,), (2,), (4,), (8,)))),
                tries("the best rate is the first", _flat(((2,), (5,), (4,)))),
                tries("the best rate is the last", _flat(((7,), (5,), (6,), (3,)))),
                close("losses that differ in the fourth digit", 5),
            ),
            weight=3,
        ),
        Behaviour(
            name="last",
            title="A run is judged by its last loss",
            trials=tuple(
                like(label, [[run] for run in losses], _ending, "where all losses of a run are the last")
                for label, losses in (
                    ("six runs that go up and down, one seed", _UP_AND_DOWN[0]),
                    ("six other runs that go up and down, one seed", _UP_AND_DOWN[1]),
                    (
                        "a run that is infinite on the way, one seed",
                        ((9, 9, inf, 5, 4, 2), (3,) * 6, (6, 6, 5, 5, 4, 4), (7, 7, 7, 6, 6, 5)),
                    ),
                )
            ),
            weight=2,
        ),
        Behaviour(
            name="all_seeds",
            title="The mean over all seeds decides, not the luckiest of them",
            trials=tuple(
                like(label, _flat(losses), _averaged, "with one seed that leaves the mean")
                for label, losses in (
                    ("six rates and three seeds", _BY_SEEDS[0]),
                    ("six rates and five seeds", _BY_SEEDS[1]),
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
                    ("NaN with the second of two seeds", ((8, 8), (6, 6), (9, nan), (8, 9))),
                    ("NaN with the first of two seeds", ((8, 8), (6, 6), (nan, 2), (8, 9))),
                    (
                        "NaN and infinity beside huge losses",
                        ((nan, inf), (1, nan), (2 * HUGE, 3 * HUGE), (HUGE, HUGE), (inf, 2)),
                    ),
                )
            ),
            weight=2,
        ),
        Behaviour(
            name="once",
            title="Each rate is run once with each seed",
            trials=(
                counted("three rates and two seeds", ((2, 3), (5, 6), (7, 8))),
                counted("a run that has diverged with the first of two seeds", ((5, 6), (2, 3), (nan, 4), (7, 8))),
            ),
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
        lists: Mapping[str, Sequence[int]] | None = None,
        order: Sequence[int] | None = None,
    ) -> ComparisonScenario:
        """Draw runs: of all optimizers with all rates, so that another one's rate is a mistake that can be made.

        A name has all rates; or those of `lists`, by their places; or its own one, where the losses are those of one.
        The smallest rate has the place in which 0 stands in `order`.
        """
        drawn = tuple(_drawn(stream, each) for each in losses)
        names = NAMES[: len(drawn)]
        known = _rates(stream, max(len(drawn) if len(each) == 1 else len(each) for each in drawn), order=order)
        if len(drawn[0]) == 1:
            lists = {name: (place,) for place, name in enumerate(names)}
            drawn = tuple(np.repeat(each, len(known), axis=0) for each in drawn)
        lists = lists or dict.fromkeys(names, range(len(known)))
        seeds = _seeds(stream, drawn[0].shape[1])
        return kind(
            names=names,
            rates={name: tuple(known[place] for place in places) for name, places in lists.items()},
            known=known,
            budget=budget or len(lists[names[0]]),
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

    def unchanged(label: str, made: ComparisonScenario) -> Trial:
        """Mind lists that are not what they were, and nothing else."""
        asked = Trial(label=label, scenario=made, faults=frozenset({"argument_changed"}))
        return replace(asked, instead=(replace(asked, scenario=replace(made, lends=False)),))

    one = scenario((_flat(((8, 8, 3, 5, 4),)), _flat(((9, 9, 6, 2, 7),))), 2)
    three = scenario((_flat(((8, 6, 3, 4),)), _flat(((9, 5, 2, 7),)), _flat(((9, 8, 7, 6),))), 1)
    ends = scenario(
        (
            [[(5,) * 6, (9, 1, 6, 2, 5, 3), (8, 7, 9, inf, 6, 2)]],
            [[(5,) * 6, (2, 9, 8, 9, 4, 6), (9, 7, 3, 2, 8, 4)]],
        ),
        1,
    )
    own_lists = scenario(
        [[[run, (run[-1],) * len(run)] for run in runs] for runs in _OF_EACH],
        1,
        # an order in which neither `zip` nor the first of all lists finds the right ones
        lists={"Momentum": (3, 0, 1), "RMSProp": (1, 3, 2), "SGD": (0, 1, 2), "Adam": (2, 3, 0)},
    )
    others = scenario((_flat(((3, 3, 8, 9), (5, 6, 2, 1))), _flat(((4, 3, 9, 8), (7, 8, 1, 2)))), 2)
    turns = scenario(map(_flat, _IN_TURNS), 4)
    longer = scenario(
        [_flat((end, end, end) for end in ends) for ends in ((6, 4, 5, 3, 2, 1), (4, 2, 6, 5, 3, 1))],
        1,
        2,
        lists={"SGD": (0, 1, 2, 3, 4, 5), "Momentum": (0, 1, 5, 4, 3)},
        order=(2, 5, 1, 4, 0, 3),
    )
    diverged = scenario((_flat(((3, 3, nan, 4),)), _flat(((5, 5, 6, inf),))), 2)
    diverging = scenario(
        (
            _flat(((nan, 2, 3, 4), (6, 6, 5, 6), (9, 9, 7, 8))),
            _flat(((5, 5, 3, 3), (8, 8, 5, 4), (3, nan, 6, 9))),
            _flat(((inf, 1, 6, 4), (HUGE, HUGE, 3, 5), (nan, nan, 8, 7))),
        ),
        2,
    )
    counted = scenario(
        (_flat(((5, 5, 5, 5), (3, 3, 3, 3))), _flat(((4, 4, 4, 4), (nan, 2, 2, 2)))), 2, kind=CountedComparisonScenario
    )
    kept = CountedComparisonScenario(**{each.name: getattr(longer, each.name) for each in fields(longer)})
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
            trials=(levelled("three optimizers, each with rates of its own", own_lists),),
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
            trials=(
                trial("NaN and infinity at the end", diverged),
                trial(
                    "NaN and infinity with the tuning seeds",
                    diverging,
                    replace(diverging, losses=tuple(map(_with_enormous, diverging.losses))),
                    "with an enormous loss in its place",
                ),
            ),
        ),
        Behaviour(
            name="once",
            title="Every optimizer has the same number of runs, and no more than needed",
            trials=(
                trial("two optimizers with two rates each", counted),
                unchanged("lists that the next race needs as well", kept),
            ),
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
    narrow = 0.5 + np.arange(5) / 10
    wide = narrow + 0.05
    wins_by = narrow + np.array((*NARROW, 0.3, 0.2))[stream.permutation(5)]
    tied, lost, both = drawn((1, 0, 1, 1, 0, 1)), drawn((1, inf, 1, 1)), drawn((1, 1, nan, 1, 1))
    return (
        Behaviour(
            name="value",
            title="The p-value is exact: all splits that are as uneven count, on both sides",
            trials=(
                trial("the first wins all of five", drawn((1,) * 5)),
                trial("the first wins six of seven", shuffled(6, 7)),
                trial("the first wins six of eight", shuffled(6, 8)),
                trial("the first wins eleven of twelve", shuffled(11, 12)),
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
                like(
                    "five wins, three of them narrow",
                    (narrow, wins_by),
                    (narrow, wide),
                    "with wins that are not narrow",
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
    for rates, table in zip(scenario.lists, scenario.tables.values(), strict=True):
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
    return replace(scenario, losses=_with_enormous(scenario.losses))


def _with_enormous(losses: np.ndarray) -> np.ndarray:
    finite = np.isfinite(losses)
    return np.where(finite, losses, ENORMOUS * max(losses[finite].max(), 1.0))


def _level(scenario: ComparisonScenario) -> ComparisonScenario:
    """Let every rate leave what the best within the budget leaves."""
    levelled = []
    for rates, table in zip(scenario.lists, scenario.tables.values(), strict=True):
        best = scenario.known.index(table.best(rates[: scenario.budget], scenario.tuning_seeds))
        levelled.append(np.broadcast_to(table.losses[best], table.losses.shape).copy())
    return replace(scenario, losses=tuple(levelled))


def _at_most_one(trajectory: Trajectory) -> Trajectory:
    return Trajectory(rows=tuple(tuple(np.minimum(each, 1.0) for each in row) for row in trajectory.rows))


def _flat(ends: Iterable[Iterable[float]]) -> list[list[tuple[float, ...]]]:
    """Make runs whose loss stays what it is: for each rate, with each seed."""
    return [[(end,) * STEPS for end in row] for row in ends]


def _level_runs(ends: np.ndarray) -> np.ndarray:
    return np.broadcast_to(ends[..., None], (*ends.shape, STEPS)).copy()


def _drawn(stream: np.random.Generator, losses: Sequence[Sequence[Sequence[float]]]) -> np.ndarray:
    """Draw losses about those given, so that their order stays, a run that stays what it is too."""
    given = np.array(losses, np.float64)
    factors = stream.uniform(0.97, 1.03, (*given.shape[:2], 1)) * stream.uniform(0.1, 0.3)
    return np.round(given * factors, 4)


def _rates(
    stream: np.random.Generator, count: int, inner: int = -1, order: Sequence[int] | None = None
) -> tuple[float, ...]:
    """Draw rates in no order, or in the one that is given: 0 stands for the smallest.

    The one at the place `inner` is neither the smallest nor the largest of three or more.
    """
    orders = stream.permutation(count) if order is None else np.array(order)
    while inner >= 0 and count > 2 and orders[inner] in (0, count - 1):
        orders = stream.permutation(count)
    rates = stream.uniform(0.8, 1.2, count) * 10.0 ** (orders - 3)
    return tuple(float(f"{rate:.2g}") for rate in rates)


def _seeds(stream: np.random.Generator, count: int) -> tuple[int, ...]:
    return tuple(int(seed) for seed in stream.choice(np.arange(1, 60), count, replace=False))
