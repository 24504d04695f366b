"""The parts of the schedulers' ladders: runs, and what is expected of their rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Derive, Trial, own
from coursekit.judging.faults import FaultKind
from coursekit.judging.trajectories import Row, Trajectory
from coursekit.optimizers.scenarios import SchedulerScenario

NAMES_AND_DEFAULTS = "The constructor has the names and default values of the course"
SIGNATURE: frozenset[FaultKind] = frozenset(
    {"missing", "renamed", "further", "unnamed", "step_argument", "step_further"}
)
Calls: TypeAlias = tuple[tuple[str, float], ...]


class Runs:
    """Draws a rate and a metric, and makes runs and trials with them."""

    def __init__(self, seed: int) -> None:
        stream = np.random.default_rng(seed)
        self.rate = float(stream.uniform(0.2, 0.6))
        self.level = float(stream.uniform(2.0, 4.0))

    def run(
        self,
        metrics: Iterable[float],
        *,
        call: str = "step",
        then: Calls = (),
        mode: str = "min",
        groups: int = 1,
        **hyperparameters: float,
    ) -> SchedulerScenario:
        """Make a run: a step with each metric, then other calls; patience 2 and factor 0.5 unless given."""
        settings = {"patience": 2.0, "factor": 0.5, "min_lr": 0.0, "threshold": 1e-4} | hyperparameters
        return SchedulerScenario(
            rates=(self.rate,) * groups,
            hyperparameters={"initial_lr": self.rate, **settings},
            mode=mode,
            calls=(*steps(metrics, call), *then),
        )

    def worse(self, count: int, **options: float) -> SchedulerScenario:
        """Make a run of two good epochs, the second an improvement beyond doubt, and bad ones beyond doubt."""
        return self.run([2 * self.level, self.level, *[3 * self.level] * (count - 2)], **options)  # type: ignore[arg-type]

    def good(self, label: str, metrics: Iterable[float], *, mode: str = "min", threshold: float = 1e-4) -> Trial:
        """Judge metrics each of which is an improvement: the rate stays."""
        scenario = self.run(metrics, mode=mode, threshold=threshold)
        return judged(label, scenario, never_falls)

    def bad(
        self,
        label: str,
        good: Iterable[float],
        bad: Iterable[float],
        *,
        worse: float,
        mode: str = "min",
        threshold: float = 1e-4,
    ) -> Trial:
        """Judge bad metrics after good ones: the rate falls as with one that is worse beyond doubt."""
        good, bad = list(good), list(bad)
        scenario, plain = (
            self.run(good + after, mode=mode, threshold=threshold) for after in (bad, [worse] * len(bad))
        )
        return like(label, scenario, plain, "with a metric that is much worse")


def behaviour(name: str, title: str, *trials: Trial, weight: int = 1, alive: Trial | None = None) -> Behaviour:
    """Make a behaviour; with `alive`, one that only a scheduler can show for which that trial is right."""
    evidence = tuple(trial.scenario for trial in trials if not trial.raises)
    first = () if alive is None else (alive,)
    return Behaviour(name=name, title=title, trials=(*first, *trials), weight=weight, evidence=evidence)


def with_all_evidence(behaviours: tuple[Behaviour, ...]) -> tuple[Behaviour, ...]:
    """Let every behaviour have the evidence of all: a run holds too few rates to tell one mistake from another."""
    evidence = tuple(scenario for each in behaviours for scenario in each.evidence)
    return tuple(replace(each, evidence=evidence) for each in behaviours)


def judged(label: str, scenario: SchedulerScenario, expected: Derive | None, as_in: str = "") -> Trial:
    """Make a trial in which rates are compared as exactly as they are written."""
    return Trial(label=label, scenario=scenario, expected=expected, as_in=as_in)


def like(label: str, scenario: SchedulerScenario, plain: SchedulerScenario, as_in: str) -> Trial:
    """Expect what the student's own scheduler does in another run."""
    return judged(label, scenario, lambda ask, _: own(ask, plain), as_in)


def timed(label: str, scenario: SchedulerScenario, falls: Callable[[Ask, Trajectory], Iterable[int]]) -> Trial:
    """Expect the rate to fall in certain rows and in no other, to whatever it falls."""

    def expected(ask: Ask, got: Trajectory) -> Trajectory:
        return _falling(got, set(falls(ask, got)), 0, len(got.rows))

    return judged(label, scenario, expected)


def falls_of(trajectory: Trajectory) -> list[int]:
    """List the rows, by number, in which the rate of the first group changed."""
    first = [row[0][0] for row in trajectory.rows]
    return [number for number in range(1, len(first)) if first[number] != first[number - 1]]


def until_it_falls(plain: SchedulerScenario, *, without: int = 0) -> Derive:
    """Expect the student's own scheduler in another run, without its first calls, up to its first reduction."""

    def expected(ask: Ask, got: Trajectory) -> Trajectory:
        run = own(ask, plain)
        last = next(iter(falls_of(run)), len(run.rows) - 1) + 1
        return Trajectory(rows=(run.rows[0], *run.rows[1 + without : last], *got.rows[last - without :]))

    return expected


def first_falls(plain: SchedulerScenario, *, after: int) -> Derive:
    """Expect the next reduction as long after the good epoch in row `after` as the first of another run after row 2."""

    def expected(ask: Ask, got: Trajectory) -> Trajectory:
        due = next(iter(falls_of(own(ask, plain))), len(got.rows)) - 2 + after
        looked_at = _falling(got, {due}, after, min(due + 1, len(got.rows)))
        return Trajectory(rows=(*got.rows[:after], *looked_at.rows, *got.rows[due + 1 :]))

    return expected


def _falling(got: Trajectory, due: set[int], first: int, end: int) -> Trajectory:
    """Let the rate of row `first` fall in the rows that are due, to what it fell there, and stay in the others."""
    changed = set(falls_of(got))
    row = got.rows[first][0]
    rows = [row]
    for number in range(first + 1, end):
        if number in due:
            row = got.rows[number][0] if number in changed else 0.5 * row
        rows.append(row)
    return rates(*rows)


def never_falls(_: Ask, got: Trajectory) -> Trajectory:
    """Expect the first rate in every row."""
    return Trajectory(rows=got.rows[:1] * len(got.rows))


def multiplied(factor: float, but: int = 0) -> Derive:
    """Expect `factor` times the rate before wherever the rate changes, but in one row, where somebody wrote it."""

    def expected(_: Ask, got: Trajectory) -> Trajectory:
        changed = set(falls_of(got)) - {but}
        found = [row[0] for row in got.rows]
        return rates(*(factor * found[n - 1] if n in changed else found[n] for n in range(len(found))))

    return expected


def down_to(floor: float) -> Derive:
    """Expect the rate at the floor from its first change on, and a change."""

    def expected(_: Ask, got: Trajectory) -> Trajectory:
        first = next(iter(falls_of(got)), len(got.rows) - 1)
        return rates(*(row[0] if number < first else np.full(1, floor) for number, row in enumerate(got.rows)))

    return expected


def written(rate: float, calls: Calls, groups: int) -> Trajectory:
    """Write down what a scheduler that does nothing by itself leads to."""
    rows: list[Row] = [(np.full(groups, rate),)]
    for call, number in calls:
        if call == "get_lr":
            rows.append((np.full(groups, rate), np.array(rate)))
        else:
            rate = number
            rows.append((np.full(groups, rate),))
    return Trajectory(rows=tuple(rows))


def rates(*rows: np.ndarray) -> Trajectory:
    """Make a trajectory of rates."""
    return Trajectory(rows=tuple((row,) for row in rows))


def steps(metrics: Iterable[float], call: str = "step") -> Calls:
    """Make a call for every metric."""
    return tuple((call, float(metric)) for metric in metrics)
