"""The three schedules of notebook 12 in many styles, all of them right."""
# ruff: noqa: ARG002 - they follow the clock, and look at no metric

import itertools
import math
from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np
import torch

from tests.bank.right.lr_scheduler import (
    LRSchedulerBeginner,
    LRSchedulerPlain,
    LRSchedulerRateIsAProperty,
    LRSchedulerWithChecks,
    LRSchedulerWithHistory,
    LRSchedulerWithProperty,
)

# a climb


class WarmUpBeginner(LRSchedulerBeginner):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.start = initial_lr
        self.peak_lr = peak_lr
        self.steps = steps
        self.current_step = 0

    def step(self, metric=None):
        self.current_step = self.current_step + 1
        if self.current_step <= self.steps:
            difference = self.peak_lr - self.start
            fraction = self.current_step / self.steps
            new_lr = self.start + difference * fraction
            self.set_lr(new_lr)
        else:
            self.set_lr(self.peak_lr)


class WarmUpAdds(LRSchedulerPlain):
    """Adds the same amount to whatever is in force."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.amount, self.left = (peak_lr - initial_lr) / steps, steps

    def step(self, metric=None):
        if self.left:
            self.left -= 1
            self.set_lr(self.get_lr() + self.amount)


class WarmUpAsTorch(LRSchedulerPlain):
    """The chained form of torch's LinearLR: each rate is a multiple of the one before."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.start_factor, self.total_iters, self.last_epoch = initial_lr / peak_lr, steps, 0

    def step(self, metric=None):
        self.last_epoch += 1
        if self.last_epoch > self.total_iters:
            return
        grown = 1 - self.start_factor
        factor = 1 + grown / (self.total_iters * self.start_factor + (self.last_epoch - 1) * grown)
        for group in self.optimizer.param_groups:
            group["lr"] *= factor


class WarmUpClosedFactor(LRSchedulerWithHistory):
    """The closed form of torch's LinearLR: a share of the peak."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, peak_lr)
        self.peak, self.factor, self.total, self.t = peak_lr, initial_lr / peak_lr, steps, 0
        self.set_lr(self.peak * self.factor)

    def step(self, metric=None):
        self.t += 1
        self.set_lr(self.peak * (self.factor + (1 - self.factor) * min(self.total, self.t) / self.total))


class WarmUpInterpolates(LRSchedulerWithProperty):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.corners, self.k = ([0, steps], [initial_lr, peak_lr]), 0

    def step(self, metric=None):
        self.k += 1
        self.set_lr(np.interp(self.k, *self.corners))


class WarmUpFromTable(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.table = torch.linspace(initial_lr, peak_lr, steps + 1).tolist()[1:]

    def step(self, metric=None):
        self.set_lr(self.table.pop(0) if self.table else self.get_lr())


class WarmUpGenerator(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        climb = (initial_lr + (peak_lr - initial_lr) * k / steps for k in range(1, steps))
        self.rates = itertools.chain(climb, itertools.repeat(peak_lr))

    def step(self, metric=None):
        self.set_lr(next(self.rates))


class WarmUpWeighted(LRSchedulerWithChecks):
    """A mean of both rates, the weights counted down and up."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.rates, self.weights = (initial_lr, peak_lr), [steps, 0]

    def step(self, metric=None, **_):
        if self.weights[0] > 0:
            self.weights = [self.weights[0] - 1, self.weights[1] + 1]
        self.set_lr(sum(w * rate for w, rate in zip(self.weights, self.rates, strict=True)) / sum(self.weights))


class WarmUpTensor(LRSchedulerPlain):
    """A count, a share and a rate in float32."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.k, self.steps = torch.tensor(0.0), steps
        self.rates = torch.tensor([initial_lr, peak_lr])

    def step(self, metric=None):
        self.k += 1
        share = torch.clamp(self.k / self.steps, max=1.0)
        self.set_lr(torch.lerp(self.rates[0], self.rates[1], share).item())


class WarmUpProperty(LRSchedulerRateIsAProperty):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.low, self.high, self.steps, self.done = initial_lr, peak_lr, steps, 0

    def step(self, metric=None):
        self.done = min(self.done + 1, self.steps)
        self.lr = self.high - (self.high - self.low) * (1 - self.done / self.steps)


class WarmUpAlone:
    """No base class, and the last step as a case of its own."""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        self.optimizer, self.initial_lr, self.peak_lr, self.steps, self.k = optimizer, initial_lr, peak_lr, steps, 0
        self._write(initial_lr)

    def _write(self, rate):
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def step(self, metric=None):
        self.k += 1
        if self.k >= self.steps:
            return self._write(self.peak_lr)
        return self._write((1 - self.k / self.steps) * self.initial_lr + self.k / self.steps * self.peak_lr)


class WarmUpLambda(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.at = lambda k: min(peak_lr, initial_lr + k * (peak_lr - initial_lr) / steps)
        self.counter = itertools.count(1)

    def step(self, metric=None):
        self.set_lr(self.at(next(self.counter)))


# an arc


class CosineBeginner(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.steps = steps
        self.min_lr = min_lr
        self.step_number = 0

    def step(self, metric=None):
        self.step_number += 1
        if self.step_number > self.steps:  # noqa: PLR1730  (as a beginner writes it)
            self.step_number = self.steps
        cosine = math.cos(math.pi * self.step_number / self.steps)
        new_lr = self.min_lr + 0.5 * (self.initial_lr - self.min_lr) * (1 + cosine)
        self.set_lr(new_lr)


class CosineAsTorch(LRSchedulerPlain):
    """The chained form of torch's CosineAnnealingLR, which ends with its arc."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.T_max, self.eta_min, self.last_epoch = steps, min_lr, 0

    def step(self, metric=None):
        if self.last_epoch == self.T_max:
            return
        self.last_epoch += 1
        now, before = (1 + math.cos(math.pi * t / self.T_max) for t in (self.last_epoch, self.last_epoch - 1))
        self.set_lr(now / before * (self.get_lr() - self.eta_min) + self.eta_min)


class CosineSquared(LRSchedulerWithProperty):
    """(1 + cos 2x)/2 is cos²x, which ends at 4e-33."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.height, self.floor, self.steps, self.k = initial_lr - min_lr, min_lr, steps, 0

    def step(self, metric=None):
        self.k = min(self.k + 1, self.steps)
        self.set_lr(self.floor + self.height * math.cos(math.pi / 2 * self.k / self.steps) ** 2)


class CosineSine(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.min_lr, self.steps, self.k = min_lr, steps, 0

    def step(self, metric=None):
        self.k += self.k < self.steps
        self.set_lr(
            self.initial_lr - (self.initial_lr - self.min_lr) * math.sin(math.pi * self.k / self.steps / 2) ** 2
        )


class CosineTable(LRSchedulerPlain):
    """All rates made at once by numpy."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.rates = min_lr + (initial_lr - min_lr) * (1 + np.cos(np.linspace(0, np.pi, steps + 1))) / 2
        self.k = 0

    def step(self, metric=None):
        self.k += 1
        self.set_lr(float(self.rates[min(self.k, len(self.rates) - 1)]))


class CosineTensor(LRSchedulerPlain):
    """In float32, and the rate stays a tensor."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.steps, self.min_lr, self.k = steps, min_lr, 0

    def step(self, metric=None):
        self.k += 1
        angle = torch.tensor(math.pi * min(self.k, self.steps) / self.steps)
        self.set_lr(self.min_lr + (self.initial_lr - self.min_lr) * (1 + torch.cos(angle)) / 2)


class CosineMiddle(LRSchedulerWithHistory):
    """A middle and a swing about it."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.middle, self.swing = (initial_lr + min_lr) / 2, (initial_lr - min_lr) / 2
        self.angle, self.turn = 0.0, math.pi / steps

    def step(self, metric=None):
        self.angle = min(self.angle + self.turn, math.pi)
        self.set_lr(self.middle + self.swing * math.cos(self.angle))


class CosineComplex(LRSchedulerPlain):
    """A pointer turns by the same angle at each step."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.min_lr, self.pointer, self.left = min_lr, 1 + 0j, steps
        self.turn = complex(math.cos(math.pi / steps), math.sin(math.pi / steps))

    def step(self, metric=None):
        if self.left > 0:
            self.left -= 1
            self.pointer *= self.turn
        self.set_lr(max(self.min_lr, self.min_lr + (self.initial_lr - self.min_lr) * (1 + self.pointer.real) / 2))


class CosineGenerator(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.rates = self.arc(initial_lr, min_lr, steps)
        next(self.rates)

    @staticmethod
    def arc(high, low, steps):
        for k in range(steps):
            yield low + (high - low) * (1 + math.cos(math.pi * k / steps)) / 2
        while True:
            yield low

    def step(self, metric=None):
        self.set_lr(next(self.rates))


@dataclass
class CosineDataclass:
    optimizer: torch.optim.Optimizer
    initial_lr: float
    steps: int
    min_lr: float = 0.0
    k: int = field(default=0, init=False)

    def __post_init__(self):
        self.write(self.initial_lr)

    def write(self, rate):
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def step(self, metric=None):
        self.k += 1
        match self.k:
            case k if k < self.steps:
                self.write(self.min_lr + (self.initial_lr - self.min_lr) / 2 * (1 + math.cos(k * math.pi / self.steps)))
            case _:
                self.write(self.min_lr)


class CosineBackwards(LRSchedulerPlain):
    """Counts what is left, and climbs from the end: 1 − cos."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.min_lr, self.steps, self.left = min_lr, steps, steps

    def step(self, metric=None):
        self.left = max(0, self.left - 1)
        self.set_lr(
            self.min_lr + (self.initial_lr - self.min_lr) * (1 - math.cos(math.pi * self.left / self.steps)) / 2
        )


class CosineLambda(LRSchedulerBeginner):
    """A factor of the first rate for each group, as LambdaLR has it."""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        low = min_lr / initial_lr
        self.factor = lambda k: low + (1 - low) * (1 + math.cos(math.pi * min(k / steps, 1))) / 2
        self.base_lrs, self.k = [group["lr"] for group in optimizer.param_groups], 0

    def step(self, metric=None):
        self.k += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = base * self.factor(self.k)


# three phases


class PhasesBeginner(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.peak_lr = peak_lr
        self.warmup_steps = warmup_steps
        self.stable_steps = stable_steps
        self.decay_steps = decay_steps
        self.min_lr = min_lr
        self.t = 0
        if warmup_steps == 0:
            self.set_lr(peak_lr)

    def step(self, metric=None):
        self.t += 1
        if self.t <= self.warmup_steps:
            lr = self.initial_lr + (self.peak_lr - self.initial_lr) * self.t / self.warmup_steps
        elif self.t <= self.warmup_steps + self.stable_steps:
            lr = self.peak_lr
        elif self.t <= self.warmup_steps + self.stable_steps + self.decay_steps:
            decayed = self.t - self.warmup_steps - self.stable_steps
            lr = self.peak_lr - (self.peak_lr - self.min_lr) * decayed / self.decay_steps
        else:
            lr = self.min_lr
        self.set_lr(lr)


class PhasesStrict(LRSchedulerPlain):
    """The junctions on the other side: < where others have <=."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.low, self.peak, self.floor, self.k = initial_lr, peak_lr, min_lr, 0
        self.first, self.second = warmup_steps, warmup_steps + stable_steps
        self.last = self.second + decay_steps

    def step(self, metric=None):
        self.k += 1
        if self.k < self.first:
            self.set_lr(self.low + (self.peak - self.low) * self.k / self.first)
        elif self.k < self.second:
            self.set_lr(self.peak)
        elif self.k < self.last:
            self.set_lr(self.floor + (self.peak - self.floor) * (self.last - self.k) / (self.last - self.second))
        else:
            self.set_lr(self.floor)


class PhasesCorners(LRSchedulerWithProperty):
    """The four corners of the trapezoid."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.at = np.cumsum([0, warmup_steps, stable_steps, decay_steps])
        self.rates, self.k = [initial_lr, peak_lr, peak_lr, min_lr], 0
        self.set_lr(self.rate())

    def rate(self):
        return float(np.interp(self.k, self.at, self.rates))

    def step(self, metric=None):
        self.k += 1
        self.set_lr(self.rate())


class PhasesLower(LRSchedulerPlain):
    """The lowest of three lines."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)

        def at(k):
            up = initial_lr + (peak_lr - initial_lr) * k / warmup_steps if warmup_steps else peak_lr
            left = warmup_steps + stable_steps + decay_steps - k
            down = min_lr + (peak_lr - min_lr) * max(left, 0) / decay_steps
            return min(up, peak_lr, down)

        self.at, self.k = at, 0
        self.set_lr(at(0))

    def step(self, metric=None):
        self.k += 1
        self.set_lr(self.at(self.k))


class PhasesTable(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        up = np.linspace(initial_lr, peak_lr, warmup_steps, endpoint=False)
        down = np.linspace(peak_lr, min_lr, decay_steps + 1)
        self.rates = [*up, *[peak_lr] * stable_steps, *down]
        self.set_lr(self.rates.pop(0))

    def step(self, metric=None):
        if self.rates:
            self.set_lr(float(self.rates.pop(0)))


class PhasesGenerator(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        def rates():
            for k in range(warmup_steps):
                yield initial_lr + (peak_lr - initial_lr) * k / warmup_steps
            for _ in range(stable_steps):
                yield peak_lr
            for k in range(decay_steps):
                yield peak_lr + (min_lr - peak_lr) * k / decay_steps
            yield from itertools.repeat(min_lr)

        self.rates = rates()
        super().__init__(optimizer, next(self.rates))

    def step(self, metric=None):
        self.set_lr(next(self.rates))


class PhasesAdds(LRSchedulerPlain):
    """Adds to whatever is in force, an amount for each phase."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.amounts = [(peak_lr - initial_lr) / max(warmup_steps, 1)] * warmup_steps
        self.amounts += [0.0] * stable_steps + [(min_lr - peak_lr) / decay_steps] * decay_steps
        self.k = 0

    def step(self, metric=None):
        if self.k < len(self.amounts):
            self.set_lr(self.get_lr() + self.amounts[self.k])
        self.k += 1


class PhasesOfOthers(LRSchedulerPlain):
    """Another schedule drives each phase."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.k, self.turn = 0, warmup_steps + stable_steps
        self.down = lambda: WarmUpBeginner(optimizer, peak_lr, min_lr, decay_steps)
        self.now = WarmUpBeginner(optimizer, initial_lr, peak_lr, warmup_steps) if warmup_steps else None
        if not warmup_steps:
            self.set_lr(peak_lr)
        self.look()

    def look(self):
        if self.k == self.turn:
            self.now = self.down()

    def step(self, metric=None):
        self.k += 1
        if self.now:
            self.now.step()
        self.look()


class PhasesBisect(LRSchedulerWithHistory):
    """Finds the phase by its milestone, as SequentialLR does."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.milestones = [warmup_steps, warmup_steps + stable_steps]
        self.phases = [
            lambda k: initial_lr + (peak_lr - initial_lr) * k / warmup_steps,
            lambda _: peak_lr,
            lambda k: peak_lr + (min_lr - peak_lr) * min(k, decay_steps) / decay_steps,
        ]
        self.last_epoch = -1
        self.step()

    def step(self, metric=None):
        self.last_epoch += 1
        phase = bisect_right(self.milestones, self.last_epoch)
        self.set_lr(self.phases[phase](self.last_epoch - [0, *self.milestones][phase]))


class PhasesAlone:
    """No base class; the share that is left, from 1 to 0."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        vars(self).update({name: value for name, value in locals().items() if name != "self"})
        self.k = 0
        self.write()

    def write(self):
        over = self.k - self.warmup_steps - self.stable_steps
        if self.k < self.warmup_steps:
            share = self.k / self.warmup_steps
            rate = share * self.peak_lr + (1 - share) * self.initial_lr
        else:
            share = min(max(over / self.decay_steps, 0), 1)
            rate = share * self.min_lr + (1 - share) * self.peak_lr
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def step(self, metric=None):
        self.k += 1
        self.write()


class PhasesStates(LRSchedulerPlain):
    """A phase, and how many steps of it are left."""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.plan = [(warmup_steps, initial_lr, peak_lr), (stable_steps, peak_lr, peak_lr)]
        self.plan = [phase for phase in (*self.plan, (decay_steps, peak_lr, min_lr)) if phase[0]]
        self.done = 0
        self.set_lr(self.plan[0][1])

    def step(self, metric=None):
        if not self.plan:
            return
        steps, start, end = self.plan[0]
        self.done += 1
        self.set_lr(start + (end - start) * self.done / steps)
        if self.done == steps:
            del self.plan[0]
            self.done = 0


class PhasesTensor(LRSchedulerPlain):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        up = torch.linspace(initial_lr, peak_lr, warmup_steps + 1)[:-1]
        flat, down = torch.full((stable_steps,), peak_lr), torch.linspace(peak_lr, min_lr, decay_steps + 1)
        self.rates, self.k = torch.cat([up, flat, down]), 0
        self.set_lr(self.rates[0].item())

    def step(self, metric=None):
        self.k += 1
        self.set_lr(self.rates[min(self.k, len(self.rates) - 1)].item())


_CLIMBS = (
    WarmUpBeginner,
    WarmUpAdds,
    WarmUpAsTorch,
    WarmUpClosedFactor,
    WarmUpInterpolates,
    WarmUpFromTable,
    WarmUpGenerator,
    WarmUpWeighted,
    WarmUpTensor,
    WarmUpProperty,
    WarmUpAlone,
    WarmUpLambda,
)
_ARCS = (
    CosineBeginner,
    CosineAsTorch,
    CosineSquared,
    CosineSine,
    CosineTable,
    CosineTensor,
    CosineMiddle,
    CosineComplex,
    CosineGenerator,
    CosineDataclass,
    CosineBackwards,
    CosineLambda,
)
_PHASES = (
    PhasesBeginner,
    PhasesStrict,
    PhasesCorners,
    PhasesLower,
    PhasesTable,
    PhasesGenerator,
    PhasesAdds,
    PhasesOfOthers,
    PhasesBisect,
    PhasesAlone,
    PhasesStates,
    PhasesTensor,
)
STYLES = (
    *(("WarmUp", each) for each in _CLIMBS),
    *(("CosineDecay", each) for each in _ARCS),
    *(("WarmUpStableDecay", each) for each in _PHASES),
)
