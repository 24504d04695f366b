"""The ladder of the scheduler that reduces the rate on a plateau.

When the rate falls is compared with torch in one behaviour, `patience`. Everything else compares runs of the student's
own scheduler, so that an early or a late reduction does not cost what it does not touch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Trial, own
from coursekit.judging.trajectories import Trajectory, without
from coursekit.optimizers.ladders.rates import (
    NAMES_AND_DEFAULTS,
    SIGNATURE,
    Calls,
    Runs,
    behaviour,
    down_to,
    falls_of,
    first_falls,
    judged,
    like,
    multiplied,
    never_falls,
    rates,
    steps,
    timed,
    until_it_falls,
    with_all_evidence,
    written,
)
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import SchedulerScenario

_NAN = float("nan")


def plateau(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `LRSchedulerOnPlateau`."""
    runs = Runs(seed)
    worse = runs.worse(13)
    alive = Trial(
        label="a metric that is worse than before", scenario=worse, unlike=never_falls, same="The rate never fell."
    )
    living = partial(behaviour, alive=alive)
    mode = _mode(runs)
    improvement = _improvement(runs)
    threshold = _threshold(runs, mode[0], improvement)
    behaviours = (
        behaviour(
            "initial_rate", "The initial rate is written, read and set as in the base class", _initial_rate(runs)
        ),
        living(
            "improvement",
            "While the metric improves the rate stays",
            *improvement,
        ),
        behaviour("patience", "The rate falls when the bad epochs exceed patience", *_patience(runs), weight=2),
        living(
            "count_reset",
            "The count of bad epochs starts again after an improvement and after a reduction",
            *_count_reset(runs, worse),
            weight=2,
        ),
        living("best", "Only an improvement becomes the best metric, and every improvement does", *_best(runs, worse)),
        living("factor", "The rate is multiplied by factor, from the present rate", *_factor(runs)),
        living("min_lr", "The rate never falls below min_lr", *_min_lr(runs)),
        living("threshold", "A change within the relative threshold is no improvement", *threshold, weight=2),
        living(
            "negative",
            "Negative metrics are compared by the same formula",
            *_negative(runs, short=threshold[0], short_max=threshold[3], rises_max=mode[2]),
        ),
        living("mode", "With mode 'max' a higher metric is better", *mode),
        living("nan", "NaN counts as a bad epoch", *_nan(runs, worse, improvement[0])),
        living("metric_types", "The metric may be a number or a one-element tensor", *_metric_types(runs)),
        living("groups", "Every group gets the new rate", _groups(runs)),
        behaviour("validation", "A wrong mode or factor is a ValueError, a right one is none", *_validation(runs)),
        living("signature", NAMES_AND_DEFAULTS, *_signature(runs)),
    )
    return with_all_evidence(behaviours)


def _initial_rate(runs: Runs) -> Trial:
    calls = (("get_lr", 0.0), ("set_lr", runs.rate / 3), ("get_lr", 0.0))
    scenario = replace(runs.run([], groups=2, then=calls), rates=(0.9, 0.9))
    label = "made, read, set, with two groups"
    return judged(label, scenario, lambda _, __: written(runs.rate, calls, groups=2))


def _patience(runs: Runs) -> Iterable[Trial]:
    for patience in (2, 0, 4):
        scenario = runs.run([runs.level] * (patience + 2), patience=float(patience))
        yield timed(f"a constant metric, patience {patience}", scenario, partial(_as_torch, scenario))


def _as_torch(scenario: SchedulerScenario, _: Ask, got: Trajectory) -> Iterable[int]:
    return falls_of(reference("LRSchedulerOnPlateau", without(scenario, got.lacking)))


def _improvement(runs: Runs) -> tuple[Trial, ...]:
    falling = [0.8**k for k in range(8)]
    return (
        runs.good("a metric that falls at every epoch", [runs.level * part for part in falling]),
        runs.good("a tiny metric that falls at every epoch", [1e-4 * part for part in falling], threshold=0.0),
    )


def _count_reset(runs: Runs, worse: SchedulerScenario) -> tuple[Trial, ...]:
    level, rewritten = runs.level, 0.9 * runs.rate
    better = runs.run([2 * level, level, 3 * level, 3 * level, level / 2, *[3 * level] * 6])
    # The rate is written anew before every epoch, so that each reduction shows, whatever it reduces to.
    calls = tuple(call for step in worse.calls for call in (("write", rewritten), step))

    def again(_: Ask, got: Trajectory) -> Trajectory:
        """Expect each reduction after as many bad epochs as the first."""
        after = [row[0] for row in got.rows[2::2]]
        fell = [epoch for epoch, row in enumerate(after, start=1) if row[0] != rewritten]
        due = set(range(fell[0], len(after) + 1, max(fell[0] - 2, 1))) if fell else set()
        found = [got.rows[0][0]]
        for epoch, row in enumerate(after, start=1):
            found.append(np.full(1, rewritten))
            reduced = row if epoch in fell else np.full(1, 0.5 * rewritten)
            found.append(reduced if epoch in due else found[-1])
        return rates(*found)

    return (
        judged("two bad epochs, an improvement, then bad epochs again", better, first_falls(worse, after=5)),
        judged("bad epochs only, the rate written anew before each", replace(worse, calls=calls), again),
    )


def _best(runs: Runs, worse: SchedulerScenario) -> tuple[Trial, ...]:
    level = runs.level
    rise = (3, 2, 1.5, 1.2, 1.15, 1.1, 1.08, 1.06, 1.04, 1.02)

    def run(*parts: float, threshold: float = 1e-4) -> SchedulerScenario:
        return runs.run([level * part for part in parts], threshold=threshold)

    return (
        runs.bad("a metric that rises, then falls again", [level], [level * x for x in rise], worse=3 * level),
        judged("improvements, then worse again", run(8, 4, 3, 2, 1, *[1.5] * 8), first_falls(worse, after=5)),
        like(
            "an improvement in two steps",
            run(2, 1, 0.85, *[0.75] * 8, threshold=0.2),
            run(2, 1, 3, *[0.4] * 8, threshold=0.2),
            "with an unmistakable improvement",
        ),
        like("bad epochs after a best of 0", run(1, 0, *[1] * 9), run(1, 0.5, *[1] * 9), "with a best above 0"),
    )


def _factor(runs: Runs) -> tuple[Trial, ...]:
    metrics = [2 * runs.level, runs.level, *[3 * runs.level] * 11]
    written_by_others = runs.run(metrics, then=(("write", runs.rate / 7), *steps(metrics)))
    return (
        judged("factor 0.3", runs.worse(13, factor=0.3), multiplied(0.3)),
        judged("somebody else wrote the rate", written_by_others, multiplied(0.5, but=14)),
    )


def _min_lr(runs: Runs) -> tuple[Trial, ...]:
    floor, low = 0.95 * runs.rate, 0.02 * runs.rate

    def not_below(_: Ask, got: Trajectory) -> Trajectory:
        return rates(*(np.maximum(row[0], low) for row in got.rows))

    return (
        judged("min_lr is reached at the first reduction", runs.worse(13, factor=0.3, min_lr=floor), down_to(floor)),
        judged("many reductions", runs.worse(20, patience=0.0, factor=0.3, min_lr=low), not_below),
    )


def _threshold(runs: Runs, rises_max: Trial, improving: tuple[Trial, ...]) -> tuple[Trial, ...]:
    level = runs.level

    def past(label: str, part: float, much: float, mode: str) -> Trial:
        scenario, plain = (runs.run([level, *[x * level] * 7], threshold=0.2, mode=mode) for x in (part, much))
        return like(label, scenario, plain, "with an unmistakable improvement")

    def short(label: str, part: float, worse: float, mode: str = "min", threshold: float = 0.2) -> Trial:
        return runs.bad(label, [level], [part * level] * 7, worse=worse * level, mode=mode, threshold=threshold)

    tiny = runs.good("a tiny metric that falls by a fifth each time", [1e-3 * 0.8**k for k in range(8)], threshold=0.1)
    return (
        short("metrics just short of the threshold", 0.81, 3),
        short("the same metric again, threshold 0", 1, 3, threshold=0.0),
        past("metrics just past the threshold", 0.79, 0.5, "min"),
        replace(short("mode 'max', just short of the threshold", 1.19, 0.1, "max"), needs=(rises_max,)),
        past("mode 'max', just past the threshold", 1.21, 2, "max"),
        replace(tiny, needs=improving),
    )


def _negative(runs: Runs, *, short: Trial, short_max: Trial, rises_max: Trial) -> tuple[Trial, ...]:
    level = runs.level
    above = "negative metrics, best · (1 − threshold) lies above best"
    below = "mode 'max', negative metrics, best · (1 + threshold) lies below best"
    rising = [-level * 0.7**k for k in range(1, 8)]
    return (
        runs.good("negative metrics that fall", [-level * 1.5**k for k in range(8)]),
        runs.bad("negative metrics that rise", [-level], rising, worse=3 * level),
        replace(runs.good(above, [-level] * 8, threshold=0.2), needs=(short,)),
        replace(runs.good(below, [-level] * 8, threshold=0.2, mode="max"), needs=(rises_max, short_max)),
    )


def _mode(runs: Runs) -> tuple[Trial, ...]:
    level = runs.level
    falling = [level * 0.8**k for k in range(1, 8)]
    negative = [-level * 0.7**k for k in range(8)]
    return (
        runs.good("mode 'max', a metric that rises", [level * 1.5**k for k in range(8)], mode="max"),
        runs.bad("mode 'max', a metric that falls", [level], falling, worse=0.1 * level, mode="max"),
        runs.good("mode 'max', negative metrics that rise", negative, mode="max"),
    )


def _nan(runs: Runs, worse: SchedulerScenario, improving: Trial) -> tuple[Trial, ...]:
    level = runs.level
    good = (2 * level, level)
    again = (*[3 * level] * 2, *[level / 2] * 6)
    bad = "with bad metrics in place of NaN"
    falling = [_NAN, *(level * 0.8**k for k in range(8))]
    from_the_start = judged(
        "NaN from the start",
        runs.run([_NAN] * 11),
        until_it_falls(worse, without=2),
        "with bad metrics after two good ones",
    )
    return (
        judged("NaN after good epochs", runs.run([*good, *[_NAN] * 11]), until_it_falls(worse), bad),
        judged(
            "a bad epoch, NaN, then bad epochs",
            runs.run([*good, 3 * level, _NAN, *[3 * level] * 9]),
            until_it_falls(worse),
            bad,
        ),
        like(
            "two NaN, an improvement, then bad epochs",
            runs.run([*good, _NAN, _NAN, *again[2:]]),
            runs.run([*good, *again]),
            bad,
        ),
        replace(from_the_start, needs=(improving,)),
        replace(runs.good("NaN, then a metric that falls", falling), needs=(improving,)),
    )


def _metric_types(runs: Runs) -> tuple[Trial, ...]:
    metrics = [runs.level * part for part in (1, 0.7, 0.8, 0.8, 0.8, 0.5, 0.6, 0.6, 0.6)]
    mixed = (*steps(metrics[1:4], "step_tensor"), *steps(metrics[4:]))
    return tuple(
        like(label, scenario, runs.run(metrics), "with numbers")
        for label, scenario in (
            ("a plain number", runs.run(metrics, call="step_float")),
            ("a tensor with one element", runs.run(metrics, call="step_tensor")),
            ("a tensor without dimensions", runs.run(metrics, call="step_scalar")),
            ("a loss that requires a gradient", runs.run(metrics, call="step_loss")),
            ("numbers and tensors in turn", runs.run(metrics[:1], then=mixed)),
        )
    )


def _groups(runs: Runs) -> Trial:
    one, three = (replace(runs.worse(13), rates=(0.9,) * groups) for groups in (1, 3))

    def as_one(ask: Ask, _: Trajectory) -> Trajectory:
        return rates(*(np.full(3, row[0]) for row in own(ask, one).rows))

    return judged("three groups, a metric that is worse than before", three, as_one, "with one group")


def _validation(runs: Runs) -> tuple[Trial, ...]:
    def trial(label: str, raises: str = "", **options: Any) -> Trial:
        return replace(judged(label, runs.run([], **options), None), raises=raises)

    return (
        trial("mode 'low'", "ValueError", mode="low"),
        *(trial(f"factor {factor}", "ValueError", factor=factor) for factor in (1.0, 0.0, 1.5, -0.5)),
        trial("mode 'max', factor 0.99", mode="max", factor=0.99),
        trial("mode 'min', factor 0.01", mode="min", factor=0.01),
    )


def _signature(runs: Runs) -> tuple[Trial, ...]:
    level = runs.level
    defaults = {"patience": 10.0, "factor": 0.1, "min_lr": 1e-6, "threshold": 1e-4}

    def trial(label: str, *calls: tuple[str, float], rate: float = runs.rate) -> Trial:
        few = SchedulerScenario(rates=(rate,), hyperparameters={"initial_lr": rate}, calls=calls)
        given = replace(few, hyperparameters={**few.hyperparameters, **defaults}, mode="min")
        return like(label, few, given, "with the defaults of the course given")

    constant: Calls = steps([level] * 24)
    return (
        replace(judged("every hyperparameter given by its name", runs.worse(3), None), faults=SIGNATURE),
        trial("no hyperparameter given, a constant metric", *constant),
        trial("no hyperparameter given, a tiny rate", *constant[:12], rate=5e-6),
        trial("no hyperparameter given, a small improvement", *steps([level, *[level * (1 - 5e-4)] * 12])),
        trial("no hyperparameter given, a smaller improvement", *steps([level, *[level * (1 - 5e-5)] * 12])),
        trial("no hyperparameter given, a metric that falls", *steps([level * 0.9**k for k in range(13)])),
    )
