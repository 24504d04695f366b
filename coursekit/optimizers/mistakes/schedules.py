"""The family of wrong schedules: rates that are computed from the number of steps, many ways at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coursekit.judging.behaviours import Ask
from coursekit.judging.diagnosis import OTHER, Answers, Choices
from coursekit.judging.trajectories import Array, Scenario, Trajectory
from coursekit.optimizers.mistakes.lanes import Lanes
from coursekit.optimizers.mistakes.simulated import Running, Simulated
from coursekit.optimizers.scenarios import ScheduleScenario


class Schedules(Simulated):
    """The wrong variants of a schedule."""

    def answers(self, choices: Choices, scenario: Scenario, got: Trajectory, ask: Ask) -> Answers:
        """See `coursekit.judging.diagnosis.Family`: who takes no floor does nothing wrong with it but that."""
        told = super().answers(choices, scenario, got, ask)
        if "min_lr" in got.lacking:
            lifting = [number for number, each in enumerate(self.variants) if each.picks.get("floor", "none") != "none"]
            told[np.isin(choices, lifting).any(axis=1)] = OTHER
        return told

    def speak(self, choices: Choices, scenario: Scenario) -> np.ndarray:
        """Tell which of the choices have something to say of a scenario."""
        return np.full(len(choices), isinstance(scenario, ScheduleScenario))

    def start(self, lanes: Lanes, scenario: Scenario) -> Running:
        """Let lanes start on a scenario."""
        assert isinstance(scenario, ScheduleScenario)
        given = scenario.hyperparameters
        if "decay_steps" in given:
            return _UpFlatDown(lanes, scenario)
        return _Up(lanes, scenario) if "peak_lr" in given else _Arc(lanes, scenario)


class _Run:
    """A schedule of which a subclass says its rate after `k` steps, and how many it has."""

    last: float  # the number of its steps

    def __init__(self, lanes: Lanes, scenario: ScheduleScenario) -> None:
        self.lanes, self.pick = lanes, lanes.pick
        self.calls = scenario.calls
        self.given = scenario.hyperparameters
        self.initial = self.given["initial_lr"]
        self.floor = self._column(
            self.given["min_lr"] if "min_lr" in self.given else self.pick("default min_lr", 0.0, tiny=1e-6, small=1e-3)
        )
        self.rates = np.repeat(np.array([scenario.rates]), lanes.count, axis=0)

    def rows(self) -> Iterator[list[Array]]:
        """Yield the rates before the first call and after each."""
        steps = others = 0
        self.now = self._column(self.initial)
        written = self._column(self.pick("initial", self._first(), computed=lambda: self._after(self._count(0, 0))))
        self._write(written, but=self.lanes.that("initial", "unwritten"), first="first")
        yield [self.rates]
        for call, _ in self.calls:
            if call == "neighbour":
                others += 1
            else:
                steps += 1
                self._write(self._after(self._count(steps, others)))
            yield [self.rates]

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""
        self.lanes.keep(alive)
        self.rates, self.now, self.floor = self.rates[alive], self.now[alive], self.floor[alive]

    def rate(self, k: Array, *, free: bool = False) -> Array:
        """Return the rate after `k` steps; where it is left free, the formula goes on behind its end."""
        raise NotImplementedError

    def _first(self) -> Array:
        return self._column(self.initial)

    def _count(self, steps: int, others: int) -> Array:
        counted = self.pick("count", float(steps), late=steps - 1.0, early=steps + 1.0, shared=float(steps + others))
        return np.maximum(self._column(counted), 0.0)

    @np.errstate(all="ignore")
    def _after(self, k: Array) -> Array:
        """Return the rate after `k` steps, also past the end."""
        found = self.pick(
            "after", self.rate(k), on=lambda: self.rate(k, free=True), again=lambda: self.rate(k % self.last)
        )
        peak = self.given.get("peak_lr", self.initial)
        for part, behind in (("after", k > self.last), ("last", k >= self.last)):
            found = self.pick(
                part,
                found,
                initial=np.where(behind, self.initial, found),
                peak=np.where(behind, peak, found),
                missing=np.where(behind, self.now, found),
            )
        return found

    def _write(self, rate: Array, but: np.ndarray | None = None, first: str = "later") -> None:
        """Write a rate into all groups; some lanes write into the first only, from the start on or later."""
        every = rate + 0 * self.rates
        one = np.where(np.arange(self.rates.shape[1]) == 0, every, self.rates)
        later = first == "later"
        new = self.pick(
            "written", every, first=one, later=one if later else every, never=self.rates if later else every
        )
        self.rates = new if but is None else np.where(but, self.rates, new)
        self.now = self.rates[:, :1]

    def _column(self, value: float | Array) -> Array:
        return np.array(np.broadcast_to(value, (self.lanes.count, 1)), np.float64)

    def _share(self, k: Array, part: str, steps: float, *, free: bool) -> Array:
        limited, shorter = np.minimum(k, steps), max(steps - 1, 1.0)
        counted = self.pick(part, k, short=limited, beyond=limited)
        length = self.pick(part, steps, more=steps + 1, short=steps + 1, less=shorter, beyond=shorter)
        share = counted / self._column(length)
        return share if free else self.pick(part, np.minimum(share, 1.0), beyond=share)

    def _climbed(self, k: Array, steps: float, peak: float, *, free: bool) -> Array:
        low = self.initial
        share = self._share(k, "climb length", steps, free=free)
        return self.pick(
            "climb",
            lambda: low + (peak - low) * share,
            zero=lambda: peak * share,
            added=lambda: low + peak * share,
            capped=lambda: np.minimum(low + peak * share, peak),
            peak=lambda: np.where(k > 0, peak, low),
            gap=lambda: self.now + (peak - self.now) / steps,
            present=lambda: self.now + (peak - self.now) * share,
            present_start=lambda: self.now + (peak - low) * share,
            present_height=lambda: low + (peak - self.now) * share,
            factor=lambda: low * (peak / low) ** share,
            wave=lambda: low + (peak - low) * (1 - np.cos(np.pi * share)) / 2,
        )

    def _down_to_floor(self, high: float, share: Array) -> Array:
        """Return the rate of which a share is left, down to the floor."""
        start = self._column(self.pick("falls from", high, initial=self.initial, present=self.now))
        floor = self._column(self.pick("floor", self.floor, initial=self.initial))
        return self.pick(
            "floor",
            lambda: floor + (start - floor) * share,
            none=lambda: start * share,
            limit=lambda: np.maximum(start * share, floor),
            added=lambda: floor + start * share,
        )


class _Up(_Run):
    def __init__(self, lanes: Lanes, scenario: ScheduleScenario) -> None:
        super().__init__(lanes, scenario)
        self.last = self.given["steps"]

    def rate(self, k: Array, *, free: bool = False) -> Array:
        return self._climbed(k, self.last, self.given["peak_lr"], free=free)


class _Arc(_Run):
    def __init__(self, lanes: Lanes, scenario: ScheduleScenario) -> None:
        super().__init__(lanes, scenario)
        self.last = self.given["steps"]

    def rate(self, k: Array, *, free: bool = False) -> Array:
        done = self._share(k, "arc length", self.last, free=free)
        wave = np.cos(self.pick("angle", np.pi, half=np.pi / 2, double=2 * np.pi, degrees=180.0, none=1.0) * done)
        share = self.pick(
            "wave",
            lambda: (1 + wave) / 2,
            whole=lambda: 1 + wave,
            unbracketed=lambda: 1 + wave / 2,
            alone=lambda: wave,
            quarter=lambda: np.cos(np.pi / 2 * done),
            turned=lambda: (1 - wave) / 2,
            line=lambda: 1 - done,
        )
        return self._down_to_floor(self.initial, share)


class _UpFlatDown(_Run):
    def __init__(self, lanes: Lanes, scenario: ScheduleScenario) -> None:
        super().__init__(lanes, scenario)
        self.up, self.flat, self.down = (self.given[f"{phase}_steps"] for phase in ("warmup", "stable", "decay"))
        self.last = self.up + self.flat + self.down
        self.peak = self.given["peak_lr"]

    def rate(self, k: Array, *, free: bool = False) -> Array:
        before = self.up + self.flat
        flat_end = self.pick(
            "flat", before, more=before + 1, less=before - 1, total=max(self.flat, self.up), end=self.flat
        )
        held = self.pick("held", flat_end, more=lambda: flat_end + 1, stable=self.flat)
        fallen = self.pick("fall count", k - flat_end, start=k, stable=k - self.flat)
        done = self._share(fallen, "fall length", self.down, free=free)
        share = self.pick(
            "fall",
            lambda: 1 - done,
            wave=lambda: (1 + np.cos(np.pi * done)) / 2,
            root=lambda: 1 - np.abs(done) ** 0.5,
            once=lambda: 0 * done,
        )
        high = np.where(k <= held, self.peak, self._down_to_floor(self.peak, share))
        return np.where(k < self.up, self._climbed(k, self.up, self.peak, free=True), high) if self.up else high

    def _first(self) -> Array:
        return self._column(self.initial if self.up else self.pick("empty", self.peak, initial=self.initial))
