"""The ladders of the schedules of notebook 12: a warm-up, half a cosine, and warm-up, stable, decay.

The curve itself is compared with torch. What stands on it (the end, the floor, a phase without a step) is compared with
the student's own runs, from where their rate has its peak, so that a junction that is one step late costs no more than
that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Derive, Trial, own
from coursekit.judging.trajectories import Row, Trajectory
from coursekit.optimizers.ladders.rates import (
    SIGNATURE,
    Calls,
    behaviour,
    judged,
    like,
    never_falls,
    with_all_evidence,
    written,
)
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import ScheduleScenario

_BEYOND = 4  # steps after the last one
_TINY = 1e-3  # of a rate, beside which no other default is lost
_SAME = 1e-5  # share by which two rates of a student may differ that are meant to be one
_OTHERS = (0.9, 0.8)  # rates that groups have before a scheduler is made


def warm_up(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `WarmUp`."""
    stream = np.random.default_rng(seed)
    low, peak = stream.uniform((0.02, 0.3), (0.08, 0.6))
    steps = int(stream.integers(5, 9))
    runs = _Runs("WarmUp", {"initial_lr": low, "peak_lr": peak, "steps": steps}, steps)
    near, one = runs.but(initial_lr=0.5 * peak, steps=2 * steps), runs.but(steps=1)
    fewer = runs.run(steps - 1)
    living = partial(behaviour, alive=runs.alive())
    behaviours = (
        runs.initial_rate(weight=3),
        behaviour(
            "climb",
            "Each step climbs by the same amount",
            runs.as_torch("fewer steps than the climb has", fewer),
            near.as_torch("a longer climb, from half the peak", near.run(2 * steps - 1)),
            weight=6,
        ),
        living(
            "last_step",
            "The last step of the climb gives the peak",
            runs.as_torch("as many steps as the climb has", runs.run(steps), first=steps),
            one.as_torch("a climb of one step", one.run(1), first=1),
            weight=3,
        ),
        living("after", _AFTER, runs.stays(), weight=2),
        *runs.around(living, fewer),
        living("signature", _TAKES, *runs.signature(), weight=2),
    )
    return with_all_evidence(behaviours)


def cosine_decay(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `CosineDecay`."""
    stream = np.random.default_rng(seed)
    initial, floor = stream.uniform((0.3, 0.05), (0.6, 0.12))
    steps = int(stream.integers(6, 10))
    runs = _Runs("CosineDecay", {"initial_lr": initial, "steps": steps, "min_lr": 0.0}, steps)
    longer, one = runs.but(steps=2 * steps), runs.but(steps=1)
    fewer = runs.run(steps - 1)
    living = partial(behaviour, alive=runs.alive())

    def squeezed(ask: Ask, got: Trajectory) -> Trajectory:
        to_zero = own(ask, runs.run(steps)).rows
        return _rates(got.rows[0], *(floor + (1 - floor / initial) * row[0] for row in to_zero[1:]))

    lifted = runs.but(min_lr=floor).run(steps)
    behaviours = (
        runs.initial_rate(weight=2),
        behaviour(
            "curve",
            "The rate falls along half a cosine",
            runs.as_torch("fewer steps than the arc has", fewer),
            longer.as_torch("an arc twice as long", longer.run(2 * steps - 1)),
            weight=6,
        ),
        living(
            "min_lr",
            "With min_lr the whole arc lies between the two rates",
            _derived("min_lr above 0", lifted, squeezed, _SQUEEZED),
            weight=3,
        ),
        living(
            "last_step",
            "The last step of the arc gives the lowest rate",
            runs.as_torch("as many steps as the arc has", runs.run(steps), first=steps),
            one.as_torch("an arc of one step", one.run(1), first=1),
            weight=2,
        ),
        living("after", _AFTER, runs.stays(), runs.but(min_lr=floor).stays(_LIFTED), weight=2),
        *runs.around(living, fewer),
        living("signature", _TAKES, *runs.signature(min_lr=0.0)),
    )
    return with_all_evidence(behaviours)


def warm_up_stable_decay(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `WarmUpStableDecay`."""
    stream = np.random.default_rng(seed)
    low, peak, floor = stream.uniform((0.02, 0.3, 0.1), (0.08, 0.6, 0.15))
    up = int(stream.integers(3, 5))
    flat = up + int(stream.integers(1, 3))
    down = flat + int(stream.integers(1, 3))
    given = {"initial_lr": low, "peak_lr": peak, "warmup_steps": up, "stable_steps": flat, "decay_steps": down}
    runs = _Runs("WarmUpStableDecay", given | {"min_lr": 0.0}, up + flat + down)
    one = runs.but(warmup_steps=1)
    climb, whole = runs.run(up), runs.run(runs.steps + 1)
    living = partial(behaviour, alive=runs.alive())

    def holds(first: Callable[[list[np.ndarray]], int]) -> Derive:
        """Expect the peak from its first row on, in as many rows as it is stable, and one row later less."""

        def expected(_: Ask, got: Trajectory) -> Trajectory:
            found = runs.rates(got)
            peak, begin = max(found, key=_first), first(found)
            end = begin + flat
            rows = [*found[:begin], *[peak] * (flat + 1), *found[end + 1 :]][: len(found)]
            if end + 1 < len(found) and _equal(found[end + 1], peak):
                rows[end + 1] = (1 - 1 / down) * peak
            return _rates(*rows)

        return expected

    def falls(_: Ask, got: Trajectory) -> Trajectory:
        """Expect torch's way down, from where the student's own begins."""
        found = runs.rates(got)
        last, share = _end(found), max(found, key=_first) / peak
        straight = [share * row[0] for row in reference(runs.subject, runs.run(runs.steps)).rows[up + flat :]]
        return _rates(*[*found[:last], *straight, *found[last + 1 + down :]][: len(found)])

    def squeezed(ask: Ask, got: Trajectory) -> Trajectory:
        to_zero = runs.rates(own(ask, whole))
        last, highest = _end(to_zero), max(to_zero, key=_first)
        squeeze = floor + (1 - floor / highest) * np.array(to_zero)
        return _rates(*(to_zero[n] if n <= last else squeeze[n] for n in range(len(got.rows))))

    def begins_high(ask: Ask, got: Trajectory) -> Trajectory:
        highest = max(runs.rates(own(ask, whole)), key=_first)
        return _rates(*(highest if n < flat else row[0] for n, row in enumerate(got.rows)))

    def ends_alike(ask: Ask, got: Trajectory) -> Trajectory:
        return Trajectory(rows=(*got.rows[:-1], own(ask, whole).rows[-1]))

    absolute = _derived("every phase", whole, holds(lambda _: up), _PEAK)
    behaviours = (
        runs.initial_rate(weight=1),
        behaviour(
            "warm_up",
            "The warm-up climbs in equal steps to the peak",
            runs.as_torch("the warm-up alone", climb),
            one.as_torch("a warm-up of one step", one.run(1)),
            weight=3,
        ),
        living(
            "stable",
            "The rate stays at the peak for stable_steps steps",
            replace(_derived("every phase", whole, holds(_begin), _PEAK), instead=(absolute,)),
            weight=4,
        ),
        living(
            "decay",
            "Then it falls in equal steps, decay_steps of them",
            _derived("every phase, and one step more", runs.run(runs.steps + 2), falls, ""),
            weight=4,
        ),
        living(
            "min_lr",
            "With min_lr the decay ends there",
            _derived("min_lr above 0", runs.but(min_lr=floor).run(runs.steps - 1), squeezed, _SQUEEZED),
        ),
        living("after", _AFTER, runs.stays(), runs.but(min_lr=floor).stays(_LIFTED)),
        living(
            "empty_phases",
            "A warm-up and a stable phase may have no step at all",
            judged("warmup_steps 0", runs.but(warmup_steps=0).run(flat + down), begins_high, _PEAK),
            _derived("stable_steps 0", runs.but(stable_steps=0).run(up + down + 1), ends_alike, _END),
        ),
        *runs.around(living, climb),
        living("signature", _TAKES, *runs.signature(min_lr=0.0)),
    )
    return with_all_evidence(behaviours)


_AFTER = "After the last step the rate stays"
_TAKES = "The constructor and step take what the course gives them"
_SQUEEZED = "with min_lr 0, squeezed so that it ends at min_lr"
_PEAK = "at its peak"
_LIFTED = "some steps more, min_lr above 0"
_END = "at the end of a run with a stable phase"


@dataclass(frozen=True)
class _Runs:
    """Makes runs and trials of a schedule."""

    subject: str
    given: dict[str, float]
    steps: int  # of the whole schedule

    def but(self, **changed: float) -> _Runs:
        return replace(self, given=self.given | changed)

    def run(self, steps: int, *, rates: tuple[float, ...] = _OTHERS[:1], calls: Calls = ()) -> ScheduleScenario:
        return ScheduleScenario(
            rates=rates,
            hyperparameters={name: float(value) for name, value in self.given.items()},
            calls=calls or (("step_bare", 0.0),) * steps,
        )

    def rates(self, trajectory: Trajectory) -> list[np.ndarray]:
        """List the rates of a trajectory, the first as it should be: that is a behaviour of its own."""
        first = np.full_like(trajectory.rows[0][0], self.given["initial_lr"])
        return [first, *(row[0] for row in trajectory.rows[1:])]

    def alive(self) -> Trial:
        return Trial(
            label="all of its steps", scenario=self.run(self.steps), unlike=never_falls, same="The rate never changed."
        )

    def initial_rate(self, weight: int) -> Behaviour:
        scenario = replace(self.run(0), rates=_OTHERS)
        trial = judged(
            "two groups, scheduler just made",
            scenario,
            lambda _, __: written(self.given["initial_lr"], (), groups=len(_OTHERS)),
        )
        return behaviour("initial_rate", "The initial rate is written into every group", trial, weight=weight)

    def as_torch(self, label: str, scenario: ScheduleScenario, *, first: int = 1) -> Trial:
        """Expect torch's rates from row `first` on; those before are a behaviour of their own."""

        def expected(_: Ask, got: Trajectory) -> Trajectory:
            right = reference(self.subject, scenario).rows
            return Trajectory(rows=(*got.rows[:first], *right[first:]))

        return judged(label, scenario, expected)

    def stays(self, label: str = "some steps more") -> Trial:
        """Expect the rate at which it has arrived, one step late at most, in every further row."""
        late = self.steps + 2

        def expected(_: Ask, got: Trajectory) -> Trajectory:
            found = self.rates(got)
            start = max(found[:late], key=_first) if "decay_steps" in self.given else found[0]
            end = max(found[self.steps : late], key=lambda rates: abs(_first(rates) - _first(start)))
            return _rates(*found[:late], *[end] * (len(found) - late))

        trial = _derived(label, self.run(late + _BEYOND - 1), expected, "when it has arrived")
        return replace(trial, steady=True)

    def around(self, living: Callable[..., Behaviour], first: ScheduleScenario) -> tuple[Behaviour, ...]:
        """Return what is asked beside the rule; `first` is the first run that steps, with no other before it."""
        plain, many = self.run(self.steps), replace(self.run(self.steps), rates=(*_OTHERS, 0.7))

        def as_one(ask: Ask, got: Trajectory) -> Trajectory:
            return _rates(got.rows[0], *(np.full(3, row[0]) for row in own(ask, plain).rows[1:]))

        turns = tuple(call for _ in range(self.steps) for call in (("step_bare", 0.0), ("neighbour", 0.0)))

        def alone(ask: Ask, _: Trajectory) -> Trajectory:
            before, *later = (row[0] for row in own(ask, plain).rows)
            return _rates(before, *(row for row in later for _ in range(2)))

        groups = judged("three groups", many, as_one, "with one group")

        def as_before(ask: Ask, got: Trajectory) -> Trajectory:
            return _rates(got.rows[0], *own(ask, first).rows[1:])

        count = judged("a second scheduler steps in between", self.run(0, calls=turns), alone, "without the second one")
        again = judged("the first run once more", replace(first, rates=_OTHERS[1:]), as_before, "the first time")
        return (
            living("groups", "Every group gets the new rate", groups),
            living("own_count", "Two schedulers count their steps for themselves", count, again),
        )

    def signature(self, **default: float) -> tuple[Trial, ...]:
        plain = self.run(self.steps)
        named = replace(judged("every argument given by its name", plain, None), faults=SIGNATURE)
        metric = replace(plain, calls=tuple(("step", 0.5) for _ in plain.calls))
        trials = [named, like("step with a metric", metric, plain, "without a metric")]
        if default:
            given = plain.hyperparameters
            tiny = {name: _TINY * value if name.endswith("_lr") else value for name, value in given.items()}
            complete = replace(plain, hyperparameters=tiny)
            few = replace(plain, hyperparameters={name: value for name, value in tiny.items() if name not in default})
            trials.append(replace(like("min_lr not given", few, complete, "with min_lr 0"), faults=SIGNATURE))
        return tuple(trials)


def _first(rates: np.ndarray) -> float:
    return float(rates[0])


def _equal(rates: np.ndarray, peak: np.ndarray) -> bool:
    return bool(np.all(np.abs(rates - peak) <= _SAME * np.abs(peak)))


def _begin(found: list[np.ndarray]) -> int:
    """Find the first row with the highest rate."""
    peak = max(found, key=_first)
    return next((number for number, rates in enumerate(found) if _equal(rates, peak)), 0)


def _end(found: list[np.ndarray]) -> int:
    """Find the last row of those that begin there."""
    begin = _begin(found)
    peak = found[begin]
    return next((number for number in range(begin, len(found)) if not _equal(found[number], peak)), len(found)) - 1


def _rates(*rows: np.ndarray | Row) -> Trajectory:
    return Trajectory(rows=tuple(row if isinstance(row, tuple) else (row,) for row in rows))


def _derived(label: str, scenario: ScheduleScenario, derive: Derive, as_in: str) -> Trial:
    """Make a trial in which the first row does not count."""

    def expected(ask: Ask, got: Trajectory) -> Trajectory:
        return Trajectory(rows=(*got.rows[:1], *derive(ask, got).rows[1:]))

    return judged(label, scenario, expected, as_in)
