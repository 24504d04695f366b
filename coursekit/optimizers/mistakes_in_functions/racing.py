"""Mistakes in `tuned_rate`, `compare` and `sign_test`: what is run, what is read of it, and what is made of that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.judging.trajectories import Row
from coursekit.optimizers.ladders.race import compared, p_value, tuned
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, Variant, variant
from coursekit.optimizers.racing import (
    ComparisonScenario,
    CountedComparisonScenario,
    CountedTuningScenario,
    Table,
    TuningScenario,
)

_TUNE, _RACE, _TEST = "Your turn: one optimizer", "Your turn: the race", "Your turn: the difference"
_Reduce: TypeAlias = Callable[[np.ndarray], np.ndarray]
_READ: dict[str, _Reduce] = {  # losses of which the last axis is that of the steps
    "first": lambda losses: losses[..., 0],
    "lowest": lambda losses: losses.min(axis=-1),
    "of_all_steps": lambda losses: losses.mean(axis=-1),
    "middle": lambda losses: losses[..., losses.shape[-1] // 2],
    "before_the_last": lambda losses: losses[..., -2],
    "median": lambda losses: np.median(losses, axis=-1),
    "highest": lambda losses: losses.max(axis=-1),
    **{
        f"last_{count}": partial(lambda count, losses: losses[..., -count:].mean(axis=-1), count) for count in (2, 3, 5)
    },
    "lowest_of_3": lambda losses: losses[..., -3:].min(axis=-1),
    "finite_throughout": lambda losses: np.where(np.isfinite(losses).all(axis=-1), losses[..., -1], np.inf),
}
_OVER: dict[str, _Reduce] = {  # scores of rates with seeds
    "luckiest": lambda ends: ends.min(axis=1),
    "worst": lambda ends: ends.max(axis=1),
    "median": lambda ends: np.median(ends, axis=1),
    "first_seed": lambda ends: ends[:, 0],
    "last_seed": lambda ends: ends[:, -1],
}
_WITHOUT_RUNS = ("first_rate", "last_rate", "smallest_rate", "largest_rate")
_LARGE = 1e6  # for infinity
_SUMMARIES: dict[str, Callable[[np.ndarray], float]] = {
    "best_seed": np.min,
    "mean": np.mean,
    "worst_seed": np.max,
    "last_seed": lambda ends: float(ends[-1]),
}


def chosen(choice: Choice, scenario: TuningScenario) -> Rows:
    """Return what `tuned_rate` returns with these mistakes, or how often it makes each run."""
    if not choice:
        return tuned(scenario)
    diverged = ~np.isfinite(scenario.losses[..., -1])
    tried = _tried(choice, diverged)
    if isinstance(scenario, CountedTuningScenario):
        if choice.get("choice") in _WITHOUT_RUNS and "calls" not in choice:  # with runs or without
            return None
        return _calls(choice, diverged, tried)
    ends = _read(choice, scenario.losses)
    scores = _scores(choice, ends)
    if not tried.any():
        return None
    return [(_chosen(choice, np.array(scenario.rates), scores, tried),)]


def _tried(choice: Choice, diverged: np.ndarray) -> np.ndarray:
    """Say which rates are tried."""
    tried = np.ones(len(diverged), bool)
    way = choice.get("tried", "")
    if way == "until_one_diverges":
        return np.asarray(np.cumsum(diverged.any(axis=1)) == 0)
    tried[{"last_left_out": -1, "first_left_out": 0}.get(way, slice(0, 0))] = False
    return tried


def _calls(choice: Choice, diverged: np.ndarray, tried: np.ndarray) -> np.ndarray:
    """Count how often each run is made."""
    if choice.get("tried") == "until_one_diverges":  # it has its runs
        tried = np.append(True, tried[:-1])
    calls = np.outer(tried, np.ones(diverged.shape[1])) * (2 if "calls" in choice else 1)
    only = {"first_seed_alone": slice(1, None), "last_seed_alone": slice(0, -1)}
    calls[:, only.get(choice.get("seeds", ""), slice(0, 0))] = 0
    if "early" in choice:
        calls[np.cumsum(diverged, axis=1) > diverged] = 0
    return calls.ravel()


def _read(choice: Choice, losses: np.ndarray) -> np.ndarray:
    """Read one loss of each run, the last where nothing is wrong about that."""
    reading = _READ.get(choice.get("read", ""))
    return reading(losses) if reading else losses[..., -1]


def _only(choice: Choice) -> str:
    """Say which seed alone is run, where one is."""
    return choice.get("seeds", "").removesuffix("_alone")


def _scores(choice: Choice, ends: np.ndarray) -> np.ndarray:
    """Make a score of each rate's ends, NaN and all."""
    over: _Reduce = _OVER.get(_only(choice), lambda each: np.asarray(each.mean(axis=1)))
    way = choice.get("diverged", "")
    if "left_out" in way:  # all that is not finite, or NaN alone, as `nanmean` does
        counts, nothing = (np.isfinite(ends), np.inf) if way == "left_out" else (~np.isnan(ends), np.nan)
        left = (row[kept] for row, kept in zip(ends, counts, strict=True))
        return np.array([over(row[None])[0] if row.size else nothing for row in left])
    if way == "as_zero":
        return over(np.where(np.isfinite(ends), ends, 0.0))
    if way == "nan_as_zero":
        return over(np.where(np.isnan(ends), 0.0, ends))
    if way in ("nan_wins", "nan_first_wins"):
        return over(ends)
    scores = over(np.where(np.isfinite(ends), ends, _LARGE if way == "large" else np.inf))
    return scores.round(int(choice["digits"])) if "digits" in choice else scores


def _chosen(choice: Choice, rates: np.ndarray, scores: np.ndarray, tried: np.ndarray) -> np.ndarray:
    """Choose a rate by its score, or return something else."""
    way = choice.get("choice", "")
    unseen = {"first_rate": rates[0], "last_rate": rates[-1], "smallest_rate": rates.min(), "largest_rate": rates.max()}
    if way in unseen:
        return np.array(unseen[way])
    scores, rates = scores[tried], rates[tried]
    if way == "highest":
        scores = -scores
    if choice.get("diverged") in ("nan_wins", "nan_left_out"):
        best = int(scores.argmin())
    else:
        best = 0
        for place, score in enumerate(scores):  # as Python's own `min` does, which keeps a NaN that comes first
            best = place if score < scores[best] else best
    rate, score = float(rates[best]), float(abs(scores[best]))
    returned = {"score": score, "place": best, "pair": (rate, score), "pair_turned_round": (score, rate)}
    return np.array(returned.get(choice.get("returned", ""), rate))


def raced(choice: Choice, scenario: ComparisonScenario) -> Rows:
    """Return what `compare` returns with these mistakes, or how many runs each optimizer has."""
    if not choice:
        return compared(scenario)
    on = {
        "final_seeds": scenario.seeds,
        "both": (*scenario.tuning_seeds, *scenario.seeds),
        "first_seed": scenario.tuning_seeds[:1],
        "last_seed": scenario.tuning_seeds[-1:],
        "as_many_as_rates": scenario.tuning_seeds[: scenario.budget],
    }.get(choice.get("on", ""), scenario.tuning_seeds)
    measured = {
        "tuning_seeds": scenario.tuning_seeds,
        "all_seeds": (*scenario.tuning_seeds, *scenario.seeds),
    }.get(choice.get("measured", ""), scenario.seeds)
    tables = list(scenario.tables.values())
    tries = _tries(choice, scenario)
    if isinstance(scenario, CountedComparisonScenario):
        if choice.get("rate") in ("first_rate", "last_rate"):  # with a tuning that is not used, or without
            return None
        tuning = [len(each) * len(on) for each in tries]
        if choice.get("rate") == "shared_first":
            tuning[1:] = [0] * (len(tuning) - 1)
        way = choice.get("calls", "")
        twice = 2 if way == "twice" else 1, 2 if way else 1
        return np.array([runs * twice[0] + len(measured) * twice[1] for runs in tuning], np.float64)
    best = [_tuned(choice, table, rates, on) for table, rates in zip(tables, tries, strict=True)]
    return _measured(choice, tables, _shared(choice, scenario, best, tries), measured)


def _tuned(choice: Choice, table: Table, rates: tuple[float, ...], seeds: tuple[int, ...]) -> float:
    """Choose the rate of one optimizer."""
    inside = {part: choice[key] for part, key in _INSIDE.items() if key in choice}
    if not inside:
        return table.best(rates, seeds)
    places = [table.rates.tolist().index(rate) for rate in rates]
    losses = table.losses[places][:, [table.seeds.tolist().index(seed) for seed in seeds]]
    scores = _scores(inside, _read(inside, losses))
    return float(_chosen(inside, np.array(rates), scores, np.ones(len(rates), bool)))


def _tries(choice: Choice, scenario: ComparisonScenario) -> list[tuple[float, ...]]:
    """List the rates that each optimizer tries."""
    listed = list(scenario.rates.values())
    lists = {
        "first": [listed[0]] * len(scenario.names),
        "first_optimizer": [scenario.lists[0]] * len(scenario.names),
        "by_place": listed[: len(scenario.names)],
    }.get(choice.get("list", ""), list(scenario.lists))
    if "sorted" in choice:
        lists = [tuple(sorted(rates, reverse=choice["sorted"] == "down")) for rates in lists]
    budget = scenario.budget
    tried = {
        "all": slice(None),
        "shortest": slice(min(map(len, listed))),
        "one_fewer": slice(max(budget - 1, 1)),
        "last_ones": slice(-budget, None),
        "one_more": slice(budget + 1),
        "one_later": slice(1, budget + 1),
        "shared_out": slice(max(budget // len(scenario.tuning_seeds), 1)),
    }.get(choice.get("budget", ""), slice(budget))
    return [rates[tried] or rates for rates in lists]


def _shared(
    choice: Choice, scenario: ComparisonScenario, best: list[float], tries: list[tuple[float, ...]]
) -> list[float]:
    """Return the rate that each optimizer is measured with."""
    way = choice.get("rate", "")
    if way in ("first_rate", "last_rate"):
        return [rates[0 if way == "first_rate" else -1] for rates in tries]
    if way in ("shared_first", "shared_last"):
        return [best[0 if way == "shared_first" else -1]] * len(best)
    tables = scenario.tables.values()
    if way in ("shared_best", "shared_best_of_optimizer"):
        listed = next(iter(scenario.rates.values())) if way == "shared_best" else scenario.lists[0]
        common = listed[: scenario.budget]
        means = [table.ends(common, scenario.tuning_seeds).mean(axis=1) for table in tables]
        return [common[int(np.mean(means, axis=0).argmin())]] * len(best)
    if way == "worst":
        return [
            rates[int(table.ends(rates, scenario.tuning_seeds).mean(axis=1).argmax())]
            for table, rates in zip(tables, tries, strict=True)
        ]
    return best


def _measured(choice: Choice, tables: list[Table], rates: list[float], seeds: tuple[int, ...]) -> Rows:
    rows: list[Row] = []
    for table, rate in zip(tables, rates, strict=True):
        losses = table.losses[list(table.rates).index(rate)][[list(table.seeds).index(seed) for seed in seeds]]
        curves = choice.get("measured") == "curves"
        ends = losses if curves else _read(choice, losses)
        way = choice.get("diverged", "")
        if way == "left_out":
            ends = ends[np.isfinite(ends)]
        elif way != "nan_kept":
            ends = np.where(np.isfinite(ends), ends, _LARGE if way == "large" else np.inf)
        way = choice.get("measured", "")
        if way in _SUMMARIES:
            ends = np.asarray(_SUMMARIES[way](ends)) if ends.size else np.array(np.nan)
        rows.append((np.sort(ends, axis=None) if "order" in choice else ends,))
    return rows


def tested(choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return the p-value of `sign_test` with these mistakes in it."""
    first, second = (argument.value for argument in scenario.arguments)
    if not choice:
        return np.array(p_value(first, second))
    if choice.get("diverged") == "left_out":
        kept = np.isfinite(first) & np.isfinite(second)
        first, second = first[kept], second[kept]
    if choice.get("pairs") == "sorted":
        first, second = np.sort(first), np.sort(second)
    elif choice.get("pairs") == "all":
        first, second = np.repeat(first, len(second)), np.tile(second, len(first))
    apart = np.abs(first - second) >= float(choice.get("near", 0))
    apart |= ~np.isfinite(first) | ~np.isfinite(second)
    wins, defeats = int(((first < second) & apart).sum()), int(((second < first) & apart).sum())
    ties = len(first) - wins - defeats
    both = int((np.isinf(first) & np.isinf(second)).sum())  # whose difference is NaN
    way = choice.get("ties", "")
    wins += ties if way == "as_wins" else 0
    defeats += ties if way == "as_defeats" else 0
    way = choice.get("diverged", "")
    wins += both if way == "both_won" else 0
    defeats += both if way == "both_lost" else 0
    count = wins + defeats + (ties if choice.get("ties") == "counted" else both if way == "both_counted" else 0)
    most = wins if choice.get("direction") == "wins_alone" else max(wins, defeats)
    if choice.get("direction") == "fewest":
        most = min(wins, defeats)
    ways = np.array([1.0])
    for _ in range(count):
        ways = np.convolve(ways, [0.5, 0.5])
    way, _, guarded = choice.get("tail", "").partition(" ")
    tails = {
        "alone": ways[most : most + 1],
        "beyond": ways[most + 1 :],
        "short": ways[most:count],
        "below": ways[:most],
    }
    tail = tails.get(way, ways[most:]).sum()
    value = tail * (1 if "sides" in choice else 2)
    value = value if "cap" in choice else min(value, 1.0)
    if not count and (guarded or "nothing" in choice):
        value = float("nothing" not in choice)
    if "digits" in choice:
        value = round(float(value), int(choice["digits"]))
    results = {"share": wins / max(count, 1), "confidence": 1 - value, "wins": wins}
    return np.array(results.get(choice.get("returned", ""), value))


_READINGS = (
    (
        "middle_of_the_run",
        "a run that is judged in its middle",
        "A loss from the middle of the list is read.",
        "A run that is ahead in the middle may stop there. Only the end of the budget counts, `losses[-1]`.",
        "middle",
    ),
    (
        "start_of_the_run",
        "a run that is judged by its first loss",
        "`losses[0]` is read.",
        "That is where the run began. What it has reached stands at the end, `losses[-1]`.",
        "first",
    ),
    (
        "lowest_loss",
        "a run that is judged by its lowest loss",
        "`min(losses)` is read.",
        "A run that goes up and down has a lucky step sooner or later. One has what there is at the end.",
        "lowest",
    ),
    (
        "mean_of_the_run",
        "a run that is judged by the mean of its losses",
        "The losses of all steps are averaged.",
        "A slow start then counts for ever. What counts is the end, `losses[-1]`.",
        "of_all_steps",
    ),
    (
        "loss_before_the_last",
        "a run that is judged by the loss before the last",
        "`losses[-2]` is read.",
        "The last loss is `losses[-1]`.",
        "before_the_last",
    ),
    *(
        (
            "end_smoothed",
            "a run that is judged by the mean of its last losses",
            "The last two, three or five losses are averaged.",
            "What counts is the end, `losses[-1]`. Luck is averaged out over the seeds.",
            f"last_{count}",
        )
        for count in (2, 3, 5)
    ),
    (
        "lowest_of_the_last",
        "a run that is judged by the lowest of its last three losses",
        "`min(losses[-3:])` is read.",
        "That is one lucky step, a late one. One has what there is at the end, `losses[-1]`.",
        "lowest_of_3",
    ),
    (
        "median_of_the_run",
        "a run that is judged by the median of its losses",
        "The losses of all steps are sorted, and the one in the middle is taken.",
        "Half of a run lies before its middle. What counts is the end, `losses[-1]`.",
        "median",
    ),
    (
        "highest_loss_of_the_run",
        "a run that is judged by its highest loss",
        "`max(losses)` is read.",
        "Most often that is where the run began. What counts is the end, `losses[-1]`.",
        "highest",
    ),
    (
        "diverged_on_the_way",
        "runs that count as diverged for a loss on the way",
        "All losses of a run are looked at, as with `all(map(math.isfinite, losses))`.",
        "A run may recover. It has diverged where its last loss is NaN or infinite.",
        "finite_throughout",
    ),
)
_ON_THE_WAY = _READINGS[-1][:-1]  # of which there are two ways in `compare`: where the rate is chosen, too
_INSIDE = {"read": "judged", "seeds": "over", "diverged": "tuned_diverged"}  # parts of a tuning, as `compare` has them


def _readings(where: str) -> tuple[Variant, ...]:
    return tuple(variant("read", *texts, where=where, way=way) for *texts, way in _READINGS)


TUNING = (
    *_readings(_TUNE),
    variant(
        "seeds",
        "luckiest_seed",
        "rates that are judged by their luckiest seed",
        "`min` is taken over the seeds.",
        "The lowest of several losses says how lucky one run was. The mean says what to expect of the next.",
        where=_TUNE,
        way="luckiest",
    ),
    variant(
        "seeds",
        "unluckiest_seed",
        "rates that are judged by their unluckiest seed",
        "`max` is taken over the seeds.",
        "That is a matter of caution, not the mean that is asked for: one bad run decides alone.",
        where=_TUNE,
        way="worst",
    ),
    variant(
        "seeds",
        "median_of_seeds",
        "rates that are judged by the median over the seeds",
        "The seed in the middle decides.",
        "A median does not see that one run in three is bad. Asked for is the mean.",
        where=_TUNE,
        way="median",
    ),
    *(
        variant(
            "seeds",
            "one_seed_decides",
            "rates that are judged with one seed alone",
            "One seed is read, as with `seeds[0]`, or with `=` in the loop where a sum is needed.",
            "All seeds count alike: add the last losses up, and divide by how many there are.",
            where=_TUNE,
            way=way,
        )
        for way in ("first_seed", "last_seed", "first_seed_alone", "last_seed_alone")
    ),
    *(
        variant(
            "diverged",
            "diverged_left_out",
            "runs that have diverged and do not count",
            "NaN and infinite losses are left out of the mean.",
            "The rate is then judged by the seeds on which it happened to work. A diverged run is infinitely bad.",
            where=_TUNE,
            way=way,
        )
        for way in ("left_out", "nan_left_out", "nan_left_out_first")
    ),
    *(
        variant(
            "diverged",
            "diverged_is_zero",
            "runs that have diverged and count as a loss of 0",
            "NaN becomes 0, as with `nan_to_num`, or is left out of the sum and not of the count.",
            "0 is the best loss there is, and the rate that has diverged wins.",
            where=_TUNE,
            way=way,
        )
        for way in ("as_zero", "nan_as_zero")
    ),
    *(
        variant(
            "diverged",
            "nan_wins",
            "a rate that wins with NaN",
            "NaN goes into `min` or `argmin` as it is.",
            "No comparison with NaN is true, so that nothing is lower. Make it infinite first: `math.isfinite` tells.",
            where=_TUNE,
            way=way,
        )
        for way in ("nan_wins", "nan_first_wins")
    ),
    variant(
        "choice",
        "highest_loss",
        "the rate with the highest loss",
        "`max` stands where `min` should, or `>` where `<` should.",
        "The lower the loss, the better.",
        where=_TUNE,
        way="highest",
    ),
    variant(
        "diverged",
        "diverged_is_a_number",
        "runs that have diverged and count as a number",
        "A large number such as `1e6` stands in the place of infinity.",
        "A loss that is finite may be larger, and counts as worse then. Nothing is larger than `math.inf`.",
        where=_TUNE,
        way="large",
    ),
    *(
        variant(
            "digits",
            "means_rounded",
            "means that are rounded before they are compared",
            "`round` is applied to a loss or to a mean.",
            "Two rates that differ in a later digit are equal then. Round what is printed, not what is compared.",
            where=_TUNE,
            way=way,
        )
        for way in ("1", "2", "3")
    ),
    variant(
        "choice",
        "first_rate_always",
        "the first rate, whatever the runs leave",
        "`rates[0]` is returned, or the sum goes on from rate to rate, so that the first has the lowest.",
        "The losses of each rate say how good it is. Begin each sum at 0, and compare all of them.",
        where=_TUNE,
        way="first_rate",
    ),
    *(
        variant(
            "choice",
            "rate_without_runs",
            "a rate that is not chosen by its runs",
            "The last, the smallest or the largest rate is returned.",
            "The losses say which rate is best.",
            where=_TUNE,
            way=way,
        )
        for way in _WITHOUT_RUNS[1:]
    ),
    variant(
        "returned",
        "loss_returned",
        "the loss of the best rate",
        "The lowest mean is returned.",
        "Asked for is the rate that leaves it.",
        where=_TUNE,
        way="score",
    ),
    variant(
        "returned",
        "place_returned",
        "the place of the best rate in the list",
        "The result of `argmin` or `index` is returned.",
        "Asked for is the rate itself, `rates[place]`.",
        where=_TUNE,
        way="place",
    ),
    *(
        variant(
            "returned",
            "pair_returned",
            "the best rate together with its loss",
            "Two things are returned.",
            "Asked for is the rate alone.",
            where=_TUNE,
            way=way,
        )
        for way in ("pair", "pair_turned_round")
    ),
    *(
        variant(
            "tried",
            "rate_not_tried",
            "a rate that is never tried",
            "The first or the last rate is left out of the loop, or those after one that has diverged.",
            "Each rate of the list has its runs.",
            where=_TUNE,
            way=way,
        )
        for way in ("first_left_out", "last_left_out", "until_one_diverges")
    ),
    variant(
        "early",
        "seeds_left_out",
        "seeds that are left out after a run that has diverged",
        "The loop over the seeds ends with `break`, or `all` stops at the first run that is not finite.",
        "Each rate is run once with each seed, so that all have had the same number of runs.",
        where=_TUNE,
    ),
    variant(
        "calls",
        "runs_made_twice",
        "runs that are made twice",
        "`run` is called again where its result could have been kept.",
        "Runs are what a comparison costs. Call `run` once, and give its result a name.",
        where=_TUNE,
        way="twice",
    ),
)
COMPARING = (
    *_readings(_RACE),
    *(
        variant(
            "rate",
            "shared_rate",
            "one rate for all optimizers",
            "The rate is chosen once, for one optimizer or for all together.",
            "A rate means something else to each rule. Choose it inside the loop, for each optimizer by its own runs.",
            where=_RACE,
            way=way,
        )
        for way in ("shared_first", "shared_last", "shared_best", "shared_best_of_optimizer")
    ),
    *(
        variant(
            "list",
            "shared_list",
            "one list of rates for all optimizers",
            "The same list is taken for each name, as with `next(iter(rates.values()))`.",
            "A rate means something else to each rule, so each optimizer has a list of its own: `rates[name]`.",
            where=_RACE,
            way=way,
        )
        for way in ("first", "first_optimizer")
    ),
    variant(
        "list",
        "lists_by_place",
        "the rates of another optimizer",
        "`zip` takes `runs` and `rates` in the order of either dictionary.",
        "`rates` may have another order, and more names. Look each list up by its name: `rates[name]`.",
        where=_RACE,
        way="by_place",
    ),
    *(
        variant(
            "judged",
            "tuned_by_another_loss",
            "rates that are chosen by another loss than the last",
            "In the tuning, a loss from the beginning or the middle is read, the lowest, or the mean of several.",
            "A run is judged by its last loss, when the rate is chosen as when it is measured.",
            where=_RACE,
            way=way,
        )
        for way in _READ
        if way not in ("finite_throughout", "last_5")
    ),
    variant("judged", *_ON_THE_WAY, where=_RACE, way="finite_throughout"),
    *(
        variant(
            "over",
            name,
            title,
            looks,
            "The mean over all tuning seeds decides.",
            where=_RACE,
            way=way,
        )
        for name, title, looks, way in (
            (
                "luckiest_seed",
                "rates that are chosen by their luckiest seed",
                "`min` is taken over the seeds.",
                "luckiest",
            ),
            (
                "unluckiest_seed",
                "rates that are chosen by their unluckiest seed",
                "`max` is taken over the seeds.",
                "worst",
            ),
            ("median_of_seeds", "rates that are chosen by the median", "The seed in the middle decides.", "median"),
        )
    ),
    *(
        variant(
            "tuned_diverged",
            "diverged_rate_chosen",
            "a rate that is chosen although it has diverged",
            "In the tuning, NaN goes into `min` as it is, counts as 0 or another number, or is left out of the mean.",
            "A run that has diverged is infinitely bad, and so is the mean with it. `math.isfinite` tells.",
            where=_RACE,
            way=way,
        )
        for way in (
            *("nan_wins", "nan_first_wins", "as_zero", "nan_as_zero", "left_out", "nan_left_out", "nan_left_out_first"),
            "large",
        )
    ),
    *(
        variant(
            "rate",
            "untuned",
            "a rate that is not tuned",
            "The first or the last rate of the list is used.",
            "Let `tuned_rate` choose among the rates that the budget allows.",
            where=_RACE,
            way=way,
        )
        for way in ("first_rate", "last_rate")
    ),
    variant(
        "rate",
        "worst_rate",
        "the worst rate of each optimizer",
        "`max` stands where `min` should.",
        "The lower the loss, the better.",
        where=_RACE,
        way="worst",
    ),
    variant(
        "on",
        "tuned_on_the_final_seeds",
        "rates that are chosen with the seeds of the measurement",
        "`seeds` goes to the tuning.",
        "A rate that was chosen for its luck with these seeds is then measured with the same luck.",
        where=_RACE,
        way="final_seeds",
    ),
    variant(
        "on",
        "tuned_on_all_seeds",
        "rates that are chosen with all seeds",
        "`tuning_seeds + seeds` goes to the tuning.",
        "The seeds of the measurement must be new: else part of their luck is chosen with the rate.",
        where=_RACE,
        way="both",
    ),
    *(
        variant(
            part,
            "tuned_on_one_seed",
            "rates that are chosen with one seed",
            "Only one of the tuning seeds is used.",
            "The mean over all tuning seeds decides.",
            where=_RACE,
            way=way,
        )
        for part, way in (("on", "first_seed"), ("on", "last_seed"), ("over", "first_seed"), ("over", "last_seed"))
    ),
    variant(
        "on",
        "seeds_cut_by_the_budget",
        "as many tuning seeds as the budget has rates",
        "The slice `[:budget]` stands behind `tuning_seeds`.",
        "The budget counts rates. Each of them is run with all tuning seeds.",
        where=_RACE,
        way="as_many_as_rates",
    ),
    variant(
        "budget",
        "budget_ignored",
        "optimizers with more rates than others",
        "All rates of each list are tried, however many there are.",
        "More tries are more luck. Each optimizer gets `rates[name][:budget]`.",
        where=_RACE,
        way="all",
    ),
    *(
        variant(
            "budget",
            "another_budget",
            "another number of rates than the budget",
            "The slice is another one than `[:budget]`, or the budget is divided by the number of seeds.",
            "The first `budget` rates of each list are tried, and no others.",
            where=_RACE,
            way=way,
        )
        for way in ("shortest", "one_fewer", "last_ones", "one_more", "one_later", "shared_out")
    ),
    *(
        variant(
            "sorted",
            "rates_sorted",
            "rates that are sorted before the first of them are taken",
            "`sorted` stands before the slice `[:budget]`.",
            "Other rates are tried then. Which are the first was decided before the race: keep the order of the list.",
            where=_RACE,
            way=way,
        )
        for way in ("up", "down")
    ),
    variant(
        "measured",
        "measured_on_tuning_seeds",
        "losses with the seeds of the tuning",
        "`tuning_seeds` is used twice.",
        "Those losses were chosen to be low. Measure with `seeds`, which no choice has seen.",
        where=_RACE,
        way="tuning_seeds",
    ),
    variant(
        "measured",
        "all_seeds_measured",
        "losses with the seeds of the tuning as well",
        "The losses of the tuning stand in the result, too.",
        "Those were chosen to be low. Measure with `seeds`, which no choice has seen.",
        where=_RACE,
        way="all_seeds",
    ),
    variant(
        "measured",
        "best_seed_alone",
        "the best seed of each optimizer",
        "`min` is taken over the seeds.",
        "The best of several runs says how lucky one of them was. Return all losses, one for each seed.",
        where=_RACE,
        way="best_seed",
    ),
    *(
        variant(
            "measured",
            "one_number_for_all_seeds",
            "one number in the place of one for each seed",
            "The losses are averaged, or one of them is returned.",
            "A mean hides how far apart the runs are. Return all losses, one for each seed.",
            where=_RACE,
            way=way,
        )
        for way in ("mean", "worst_seed", "last_seed")
    ),
    variant(
        "measured",
        "curves_returned",
        "all losses of each run",
        "The list that `run` returns is kept as it is.",
        "What counts is the end. Keep one number for each seed, `losses[-1]`.",
        where=_RACE,
        way="curves",
    ),
    variant(
        "order",
        "losses_sorted",
        "losses in order of size",
        "The losses are sorted.",
        "They are compared seed by seed later: keep the order of the seeds.",
        where=_RACE,
        way="sorted",
    ),
    variant(
        "diverged",
        "nan_kept",
        "losses that are NaN",
        "The last loss is returned as it is.",
        "No comparison with NaN is true: such a run would not even lose. Make it infinite.",
        where=_RACE,
    ),
    variant(
        "diverged",
        "diverged_left_out",
        "runs that have diverged and are left out",
        "NaN and infinite losses do not come into the list.",
        "The optimizer is then judged by the seeds on which it happened to work. A diverged run is infinitely bad.",
        where=_RACE,
        way="left_out",
    ),
    variant(
        "diverged",
        "diverged_is_a_number",
        "runs that have diverged and count as a number",
        "A large number such as `1e6` stands in the place of infinity.",
        "A loss that is finite may be larger, and counts as worse then. Nothing is larger than `math.inf`.",
        where=_RACE,
        way="large",
    ),
    *(
        variant(
            "calls",
            "runs_made_twice",
            "runs that are made twice",
            "`run` is called again where its result could have been kept.",
            "Runs are what a comparison costs. Call `run` once, and give its result a name.",
            where=_RACE,
            way=way,
        )
        for way in ("twice", "measured_twice")
    ),
)
TESTING = (
    variant(
        "sides",
        "one_sided",
        "a p-value of one side",
        "The sum is not doubled.",
        "Before the race nobody knew who would win: the other could have been as far ahead, and that counts as well.",
        where=_TEST,
    ),
    variant(
        "tail",
        "this_split_alone",
        "the chance of exactly this split",
        "One binomial coefficient is taken, without those beyond it.",
        "Splits that are even more uneven count as well: sum from `k` up to `n`.",
        where=_TEST,
        way="alone",
    ),
    *(
        variant("tail", *texts, where=_TEST, way=way + guarded)
        for guarded in ("", " where any are left")
        for *texts, way in (
            (
                "more_uneven_alone",
                "the chance of more uneven splits alone",
                "The sum begins one too late, or ends one too early, as with `range(k)` up from no win.",
                "The split that was seen counts as well: sum from `k` up to `n`.",
                "beyond",
            ),
            (
                "last_split_missing",
                "a sum that ends one too early",
                "`range(k, n)` ends at n − 1.",
                "The split in which one wins all counts as well: `range(k, n + 1)` goes up to n.",
                "short",
            ),
            (
                "less_uneven_summed",
                "the chance of fewer wins",
                "The sum goes from 0 up to k − 1, as with `range(k)`.",
                "Splits that are as uneven or more so count: sum from `k` up to `n`.",
                "below",
            ),
        )
    ),
    variant(
        "nothing",
        "nothing_left_is_zero",
        "a p-value of 0 where no pairs are left",
        "0 is returned where all losses are equal.",
        "Nothing speaks against luck then: the p-value is 1.",
        where=_TEST,
    ),
    *(
        variant(
            "digits",
            "p_rounded",
            "a p-value that is rounded",
            "`round` stands before what is returned.",
            "A small p-value loses its digits, and becomes 0 at last. Round what is printed.",
            where=_TEST,
            way=way,
        )
        for way in ("2", "3", "4")
    ),
    *(
        variant(
            "near",
            "narrow_wins_left_out",
            "narrow wins that count as ties",
            "Losses that are close count as equal, as with `math.isclose` or `abs(a - b) < 0.1`.",
            "A narrow win is a win. Only equal losses are left out.",
            where=_TEST,
            way=way,
        )
        for way in ("0.1", "0.01", "0.001", "1e-6")
    ),
    variant(
        "direction",
        "wins_of_the_first",
        "a p-value that asks only whether the first is better",
        "The number of wins is used where the larger of wins and defeats should be.",
        "The test is the same when the two lists are exchanged.",
        where=_TEST,
        way="wins_alone",
    ),
    variant(
        "direction",
        "too_large",
        "a p-value that is too large, however uneven the split",
        "The sum begins at the smaller number of wins, or goes up from 0 to the larger; or 1 is always returned.",
        "Half of all splits or more are in such a sum. Sum up from the larger number, or down from the smaller one.",
        where=_TEST,
        way="fewest",
    ),
    *(
        variant(
            "ties",
            "ties_counted",
            "ties that count",
            "`<=` stands where `<` should, or the count is the length of the list.",
            "Equal losses say nothing about who is better: leave them out of the wins and of the count.",
            where=_TEST,
            way=way,
        )
        for way in ("as_wins", "as_defeats", "counted")
    ),
    variant(
        "cap",
        "above_one",
        "a p-value above 1",
        "The sum is doubled, and the split in the middle counts twice.",
        "No chance is larger than 1: `min(1.0, ...)`.",
        where=_TEST,
        way="none",
    ),
    variant(
        "pairs",
        "sorted_lists",
        "lists that are sorted before they are compared",
        "`sorted` takes the pairs apart.",
        "Both losses of a pair come from one seed, with the same start and the same data.",
        where=_TEST,
        way="sorted",
    ),
    variant(
        "pairs",
        "everything_with_everything",
        "every loss compared with every other",
        "Two loops stand where `zip` should.",
        "Both losses of a pair come from one seed, with the same start and the same data.",
        where=_TEST,
        way="all",
    ),
    variant(
        "diverged",
        "diverged_pairs_left_out",
        "pairs that are left out because a run has diverged",
        "Infinite losses are filtered away.",
        "A run that has diverged is a lost run: the other one has won.",
        where=_TEST,
        way="left_out",
    ),
    *(
        variant(
            "diverged",
            "both_diverged_counted",
            "pairs that count although both runs have diverged",
            "The difference of two infinite losses is NaN, which is not 0 and not lower either.",
            "Two infinite losses are equal, and their seed is left out: compare the losses, not their difference.",
            where=_TEST,
            way=way,
        )
        for way in ("both_counted", "both_lost", "both_won")
    ),
    *(
        variant(
            "returned",
            "share_of_wins",
            "how often the first has won",
            "The wins, or their share, are returned.",
            "Asked for is how likely such a split is where both are equally good.",
            where=_TEST,
            way=way,
        )
        for way in ("share", "wins")
    ),
    variant(
        "returned",
        "one_minus_p",
        "one minus the p-value",
        "`1 - p` is returned.",
        "The smaller the p-value, the harder it is to explain the split by luck.",
        where=_TEST,
        way="confidence",
    ),
)
