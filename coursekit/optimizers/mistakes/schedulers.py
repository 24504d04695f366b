"""The family of wrong schedulers: many of them run at once, each a lane that picks from the parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coursekit.judging.diagnosis import Choices
from coursekit.judging.trajectories import Array, Scenario
from coursekit.optimizers.mistakes.lanes import Lanes
from coursekit.optimizers.mistakes.simulated import Running, Simulated
from coursekit.optimizers.scenarios import SchedulerScenario

COOLDOWNS = {str(epochs): float(epochs) for epochs in (1, 2, 3, 5)}
_DEFAULTS = {"patience": 10.0, "factor": 0.1, "min_lr": 1e-6, "threshold": 1e-4}


class Schedulers(Simulated):
    """The wrong variants of a scheduler."""

    def speak(self, choices: Choices, scenario: Scenario) -> np.ndarray:
        """Tell which of the choices have something to say of a scenario."""
        return np.full(len(choices), isinstance(scenario, SchedulerScenario))

    def start(self, lanes: Lanes, scenario: Scenario) -> Running:
        """Let lanes start on a scenario."""
        assert isinstance(scenario, SchedulerScenario)
        return _Run(lanes, scenario)


class _Run:
    def __init__(self, lanes: Lanes, scenario: SchedulerScenario) -> None:
        self.lanes, self.pick = lanes, lanes.pick
        self.calls = scenario.calls
        given = scenario.hyperparameters
        values = {
            name: given[name] if name in given else self._default(name, value) for name, value in _DEFAULTS.items()
        }
        self.values = {name: self._column(value) for name, value in values.items()}
        is_max = scenario.mode == "max" if scenario.mode else self._default("mode", 0.0, max=1.0)
        usual = self._column(is_max) == 1
        # 1 where higher is better, else −1: times it, what is better is always larger
        self.way = np.where(self.pick("mode", usual, min=usual & False, swapped=~usual), 1.0, -1.0)
        self.worst = -np.inf * self.way
        in_max = {"zero in max": lambda: np.where(self.way == 1, 0.0, self.worst)}
        self.best = self._column(self.pick("first best", self.worst, zero=0.0, infinite=np.inf, **in_max))
        self.bad = self._column(0.0)
        self.cooldown = self._column(0.0)
        self.fresh = self.first = True
        self.rates = np.repeat(np.array([scenario.rates]), lanes.count, axis=0)
        self.initial = self.written = self._column(given["initial_lr"])
        unwritten = self.rates
        self._set(self.initial)
        self.rates = self.pick("initial", self.rates, unwritten=unwritten)

    def rows(self) -> Iterator[list[Array]]:
        """Yield the rates, and what was read, before the first call and after each."""
        yield [self.rates]
        for call, number in self.calls:
            read = []
            if call == "get_lr":
                read = [self._column(self.pick("read", self.rates[:, :1], initial=self.initial, own=self.written))]
            elif call == "set_lr":
                self._set(self._column(number))
            elif call == "write":
                self.rates = np.full_like(self.rates, number)
            else:
                self._step(number if call == "step" else float(np.float32(number)))
            yield [self.rates, *read]

    def keep(self, alive: np.ndarray) -> None:
        """Go on with those lanes alone that are alive."""
        self.lanes.keep(alive)
        self.values = {name: value[alive] for name, value in self.values.items()}
        for name in ("way", "worst", "best", "bad", "cooldown", "rates", "initial", "written"):
            setattr(self, name, getattr(self, name)[alive])

    def _column(self, value: float | Array) -> Array:
        return np.array(np.broadcast_to(value, (self.lanes.count, 1)), np.float64)

    def _default(self, name: str, usual: float, **others: float) -> Array:
        return self.pick(
            f"default {name}", usual, **others or {option: float(option) for option in _OTHER.get(name, ())}
        )

    @np.errstate(all="ignore")
    def _step(self, metric: float) -> None:
        """Look at a metric, and act on it."""
        improves = self._improves(metric)
        more = self.bad + 1
        worse = self.pick("counts", more, worse=lambda: self.bad + (self.way * metric < self.way * self.best))
        bad = np.where(improves, self.pick("after improvement", 0.0, kept=self.bad, counted=more), worse)
        becomes = self.pick(
            "becomes best",
            improves,
            every=lambda: improves | True,
            none=lambda: improves & False,
            first=lambda: improves & self.first,
            better=lambda: improves | (self.way * metric > self.way * self.best),
        )
        best = np.where(becomes, metric, self.best)
        patience = self.values["patience"]
        reduces = self.pick(
            "patience",
            lambda: bad > patience,
            passed=lambda: bad > patience + 1,
            reached=lambda: bad >= patience,
            counted=lambda: (bad >= patience) & ~improves,
            met=lambda: bad == patience,
            none=lambda: bad > 0,
        )
        away = self.cooldown > 0
        bad, best, reduces = np.where(away, self.bad, bad), np.where(away, self.best, best), reduces & ~away
        self.cooldown = np.maximum(self.cooldown - 1, 0.0)
        if np.isnan(metric):
            left = self.lanes.that("nan", "ignored", "resets", "best")
            bad = np.where(left, self.pick("nan", 0.0, ignored=self.bad), bad)
            best = np.where(left, self.pick("nan", self.best, best=metric), best)
            reduces = reduces & ~left
        self.bad, self.best = bad, best
        if reduces.any():
            self._reduce(reduces)

    def _improves(self, metric: float) -> np.ndarray:
        if self.fresh:
            self.best = self._column(self.pick("first best", self.best, itself=metric))
        bound, value = self.way * self._bound(), self.way * metric
        better = value > bound
        improves = self.pick("comparison", better, equal=lambda: value >= bound, distance=lambda: self._apart(metric))
        improves = self.pick("nan", improves, **{"not worse": lambda: ~(value <= bound)})
        self.first = self.fresh
        first = self.lanes.that("first best", "first") if self.fresh else np.zeros((1, 1), bool)
        self.fresh = False
        return np.broadcast_to(improves | first, self.best.shape)

    def _apart(self, metric: float) -> np.ndarray:
        """Tell whether a metric is far from the best, to whichever side."""
        far = np.abs(self._bound() - self.best)
        return np.isinf(self.best) | (np.abs(metric - self.best) > far)

    def _bound(self) -> Array:
        best, part = self.best, self.values["threshold"]
        way = self.pick("threshold side", self.way, wrong=-self.way, below=-1.0)
        return self.pick(
            "threshold",
            lambda: best * (1 + way * part),
            none=best,
            number=lambda: best * (1 + way * 1e-4),
            absolute=lambda: best + way * part,
            **{
                "of size": lambda: np.where(np.isinf(best), best, best + way * part * np.abs(best)),
                "multiplied out": lambda: best + way * (best * part),
            },
        )

    def _reduce(self, reduces: np.ndarray) -> None:
        rates = self.rates
        start = self.pick("reduced from", rates, initial=self.initial, own=self.written)
        floor, factor = self.values["min_lr"], self.values["factor"]
        product = self.pick(
            "factor",
            lambda: start * factor,
            subtracted=lambda: start - factor,
            divided=lambda: start / factor,
            complement=lambda: start * (1 - factor),
            tenth=lambda: start * 0.1,
            half=lambda: start * 0.5,
        )
        reduced = self.pick(
            "floor",
            lambda: np.maximum(product, floor),
            none=product,
            number=lambda: np.maximum(product, 1e-6),
            lower=lambda: np.minimum(product, floor),
            straight=lambda: floor + 0 * product,
            skipped=lambda: np.where(product >= floor, product, rates),
            before=lambda: np.where(start > floor, product, rates),
            **{"under factor": lambda: np.maximum(start, floor) * factor},
        )
        self.written = np.where(reduces, reduced[:, :1], self.written)
        first = np.where(np.arange(rates.shape[1]) == 0, reduced, rates)
        written = self.pick("reduced groups", reduced, first=first, none=rates)
        written = self.pick("written", written, first=first, none=rates)
        self.rates = np.where(reduces, written, rates)
        self.cooldown = np.where(reduces, self.pick("cooldown", 0.0, **COOLDOWNS), self.cooldown)
        self.bad = np.where(reduces, self.pick("after reduction", 0.0, kept=self.bad, one=1.0), self.bad)
        self.best = np.where(reduces, self.pick("best after reduction", self.best, forgotten=self.worst), self.best)

    def _set(self, rate: Array) -> None:
        """Write a rate somewhere."""
        first = np.arange(self.rates.shape[1]) == 0
        new = rate + 0 * self.rates
        self.rates = self.pick("written", new, first=np.where(first, new, self.rates), none=self.rates)
        self.written = rate


_OTHER = {"patience": ("5",), "factor": ("0.5",), "min_lr": ("0.0",), "threshold": ("0.001", "0.0")}
