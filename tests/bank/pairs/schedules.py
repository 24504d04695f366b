# %% WarmUp: as notebook 8 counts, and beyond the peak
class WarmUp(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.peak_lr = peak_lr
        self.steps = steps
        self.k = 0

    def step(self, metric=None):
        self.k += 1
        k = self.k + 1  #! one_step_ahead: self.k + 1 => self.k
        #! goes_on_behind_the_end: k = min(k, self.steps)
        self.set_lr(self.initial_lr + (self.peak_lr - self.initial_lr) * k / self.steps)

# %% WarmUp: from zero, one step behind
class WarmUp(LRScheduler):
    """Échauffement linéaire"""

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.initial_lr, self.peak_lr, self.steps = initial_lr, peak_lr, steps
        self.compteur = 0

    def step(self, metric=None):
        #! one_step_behind: self.compteur += 1
        t = min(self.compteur / self.steps, 1)
        lr = self.peak_lr * t  #! climb_from_zero: self.peak_lr * t => self.initial_lr + (self.peak_lr - self.initial_lr) * t
        self.set_lr(lr)
        self.compteur += 1  #! one_step_behind

# %% WarmUp: the first group, and no initial rate
class WarmUp(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        #! initial_rate_not_written: self.set_lr(initial_lr)
        self.peak_lr = peak_lr
        self.steps = steps
        self.count = 0

    def step(self, metric=None):
        if self.count < self.steps:
            self.count += 1
        lr = self.initial_lr + self.count * (self.peak_lr - self.initial_lr) / self.steps
        self.optimizer.param_groups[0]["lr"] = lr  #! first_group_only: self.optimizer.param_groups[0]["lr"] = lr => self.set_lr(lr)

# %% WarmUp: too long, and the last step left out
class WarmUp(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.start = initial_lr
        self.end = peak_lr
        self.total = steps
        self.done = 0

    def step(self, metric=None):
        self.done += 1
        if self.done < self.total:  #! last_step_missing: < => <=
            share = self.done / (self.total + 1)  #! climb_one_step_too_long: self.total + 1 => self.total
            self.set_lr((1 - share) * self.start + share * self.end)

# %% WarmUp: the whole peak, a count for all
class WarmUp(LRScheduler):
    steps_done = 0

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.low, self.high, self.steps = initial_lr, peak_lr, steps
        WarmUp.steps_done = 0  #! count_shared: WarmUp => self

    def step(self, metric=None):
        WarmUp.steps_done += 1  #! count_shared: WarmUp.steps_done += 1 => self.steps_done += 1
        reached = min(self.steps_done, self.steps)
        self.set_lr(self.low + self.high * reached / self.steps)  #! whole_peak_added: self.high * => (self.high - self.low) *

# %% WarmUp: multiplied, and back to the start
class WarmUp(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.initial_lr = initial_lr
        self.ratio = peak_lr / initial_lr
        self.steps = steps
        self.i = 0

    def step(self, metric=None):
        self.i += 1
        if self.i <= self.steps:
            part = self.i / self.steps
            self.set_lr(self.initial_lr * self.ratio ** part)  #! climb_by_a_factor: self.ratio ** part => (1 + (self.ratio - 1) * part)
        else:
            self.set_lr(self.initial_lr)  #! initial_rate_at_the_end: self.initial_lr => self.initial_lr * self.ratio

# %% WarmUp: half a cosine, first group
class WarmUp(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        super().__init__(optimizer, initial_lr)
        self.peak, self.first, self.n, self.k = peak_lr, initial_lr, steps, 0

    def set_lr(self, lr):
        for g in self.optimizer.param_groups[:1]:  #! first_group_only: [:1] =>
            g["lr"] = lr

    def step(self, metric=None):
        self.k = min(self.k + 1, self.n)
        up = self.k / self.n
        up = (1 - math.cos(math.pi * up)) / 2  #! climb_along_a_cosine
        self.set_lr(self.first + up * (self.peak - self.first))

# %% CosineDecay: no half of it, a limit for a floor
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.initial_lr = initial_lr
        self.steps = steps
        self.min_lr = min_lr
        self.current = 0

    def step(self, metric=None):
        self.current = min(self.current + 1, self.steps)
        cos = 1 + math.cos(math.pi * self.current / self.steps)
        #! half_forgotten: cos = cos / 2
        lr = max(self.initial_lr * cos, self.min_lr)  #! floor_as_limit: max(self.initial_lr * cos, self.min_lr) => self.min_lr + (self.initial_lr - self.min_lr) * cos
        self.set_lr(lr)

# %% CosineDecay: the angle half, up again
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.eta_max, self.eta_min, self.T = initial_lr, min_lr, steps
        self.t = 0

    def step(self, metric=None):
        self.t += 1
        t = self.t
        #! goes_on_behind_the_end: t = min(t, self.T)
        angle = math.pi * t / (2 * self.T)  #! angle_halved: (2 * self.T) => self.T
        self.set_lr(self.eta_min + 0.5 * (self.eta_max - self.eta_min) * (1 + math.cos(angle)))

# %% CosineDecay: lifted, too long
class CosineDecay(LRScheduler):
    """Décroissance en cosinus"""

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.lr0 = initial_lr
        self.n = steps
        self.lr_min = min_lr
        self.etape = 0

    def step(self, metric=None):
        self.etape += 1
        avance = min(self.etape / (self.n + 1), 1.0)  #! arc_one_step_too_long: (self.n + 1) => self.n
        forme = 0.5 * (1 + math.cos(math.pi * avance))
        self.set_lr(self.lr_min + self.lr0 * forme)  #! floor_added: self.lr0 * forme => (self.lr0 - self.lr_min) * forme

# %% CosineDecay: from the rate in force, one behind
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.start, self.steps, self.min_lr, self.k = initial_lr, steps, min_lr, 0

    def step(self, metric=None):
        #! one_step_behind: self.k += 1
        share = (1 + math.cos(math.pi * min(self.k, self.steps) / self.steps)) / 2
        lr = self.get_lr()  #! from_present_rate: self.get_lr() => self.start
        self.set_lr(self.min_lr + (lr - self.min_lr) * share)
        self.k += 1  #! one_step_behind

# %% CosineDecay: a quarter of a wave, another default
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=1e-6):  #! default_differs: 1e-6 => 0.0
        super().__init__(optimizer, initial_lr)
        self.high, self.low, self.total, self.seen = initial_lr, min_lr, steps, 0

    def step(self, metric=None):
        self.seen = min(self.seen + 1, self.total)
        quarter = math.cos(math.pi * self.seen / self.total / 2)
        #! quarter_wave: quarter = quarter ** 2
        self.set_lr(self.low + (self.high - self.low) * quarter)

# %% CosineDecay: no floor, starts again
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.initial, self.steps, self.min_lr = initial_lr, steps, min_lr
        self.k = 0

    def step(self, metric=None):
        self.k = (self.k + 1) % self.steps  #! starts_again: (self.k + 1) % self.steps => min(self.k + 1, self.steps)
        cosine = (math.cos(math.pi * self.k / self.steps) + 1) / 2
        self.set_lr(self.initial * cosine)  #! floor_ignored: self.initial * cosine => self.min_lr + (self.initial - self.min_lr) * cosine

# %% CosineDecay: a line, and the initial rate not written
class CosineDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        self.optimizer = optimizer
        self.initial_lr, self.steps, self.min_lr = initial_lr, steps, min_lr
        self.k = 0
        #! initial_rate_not_written: self.set_lr(initial_lr)

    def step(self, metric=None):
        self.k += 1
        left = max(0, 1 - self.k / self.steps)
        #! straight_line: left = (1 - math.cos(math.pi * left)) / 2
        self.set_lr(self.min_lr + (self.initial_lr - self.min_lr) * left)

# %% WarmUpStableDecay: the peak once more, no floor
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.peak_lr = peak_lr
        self.warmup_steps = warmup_steps
        self.stable_steps = stable_steps
        self.decay_steps = decay_steps
        self.min_lr = min_lr
        self.k = 0
        if self.warmup_steps == 0:
            self.set_lr(self.peak_lr)

    def step(self, metric=None):
        self.k += 1
        decay_start = self.warmup_steps + self.stable_steps
        if self.k < self.warmup_steps:
            lr = self.initial_lr + self.k / self.warmup_steps * (self.peak_lr - self.initial_lr)
        elif self.k <= decay_start + 1:  #! first_fall_left_out: decay_start + 1 => decay_start
            lr = self.peak_lr
        else:
            left = max(0, 1 - (self.k - decay_start) / self.decay_steps)
            lr = self.peak_lr * left  #! floor_ignored: self.peak_lr * left => self.min_lr + (self.peak_lr - self.min_lr) * left
        self.set_lr(lr)

# %% WarmUpStableDecay: low without a warm-up, on below the floor
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.low, self.peak, self.min_lr = initial_lr, peak_lr, min_lr
        self.w, self.s, self.d, self.k = warmup_steps, stable_steps, decay_steps, 0
        #! low_without_warm_up: self.set_lr(initial_lr if warmup_steps else peak_lr)

    def step(self, metric=None):
        self.k += 1
        if self.k < self.w:
            self.set_lr(self.low + (self.peak - self.low) * self.k / self.w)
        elif self.k <= self.w + self.s:
            self.set_lr(self.peak)
        else:
            progress = (self.k - self.w - self.s) / self.d
            #! goes_on_behind_the_end: progress = min(progress, 1)
            self.set_lr(self.peak + progress * (self.min_lr - self.peak))

# %% WarmUpStableDecay: counts from the start, from zero
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.first, self.peak, self.end = initial_lr, peak_lr, min_lr
        self.a, self.b, self.c, self.i = warmup_steps, stable_steps, decay_steps, 0

    def step(self, metric=None):
        self.i += 1
        if self.i < self.a:
            self.set_lr(self.peak * self.i / self.a)  #! climb_from_zero: self.peak * self.i / self.a => self.first + (self.peak - self.first) * self.i / self.a
        elif self.i <= self.a + self.b:
            self.set_lr(self.peak)
        else:
            gone = self.i  #! fall_counted_from_the_start: self.i => self.i - self.a - self.b
            self.set_lr(self.peak + (self.end - self.peak) * min(gone / self.c, 1))

# %% WarmUpStableDecay: a cosine at the end, one step behind
class WarmUpStableDecay(LRScheduler):
    """WSD : échauffement, plateau, descente"""

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr)
        self.phases = warmup_steps, stable_steps, decay_steps
        self.taux = initial_lr, peak_lr, min_lr
        self.t = 0
        self.set_lr(self.calcule())

    def calcule(self):
        (w, s, d), (bas, haut, fin) = self.phases, self.taux
        if self.t < w:
            return bas + (haut - bas) * self.t / w
        u = min(max(self.t - w - s, 0) / d, 1)
        u = (1 - math.cos(math.pi * u)) / 2  #! fall_along_a_cosine
        return haut + (fin - haut) * u

    def step(self, metric=None):
        #! one_step_behind: self.t += 1
        self.set_lr(self.calcule())
        self.t += 1  #! one_step_behind

# %% WarmUpStableDecay: the warm-up within the stable phase, the first group
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.peak_lr, self.min_lr, self.k = peak_lr, min_lr, 0
        self.warmup_steps, self.decay_steps = warmup_steps, decay_steps
        self.initial_lr = initial_lr
        self.until = max(stable_steps, warmup_steps)  #! warm_up_counted_as_stable: max(stable_steps, warmup_steps) => stable_steps + warmup_steps

    def step(self, metric=None):
        self.k += 1
        if self.k < self.warmup_steps:
            lr = self.initial_lr + (self.peak_lr - self.initial_lr) * self.k / self.warmup_steps
        elif self.k <= self.until:
            lr = self.peak_lr
        else:
            lr = self.peak_lr - (self.peak_lr - self.min_lr) * min(1.0, (self.k - self.until) / self.decay_steps)
        self.optimizer.param_groups[0]["lr"] = lr  #! first_group_only: self.optimizer.param_groups[0]["lr"] = lr => self.set_lr(lr)

# %% WarmUpStableDecay: down to the initial rate, the whole peak on top
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.low, self.peak = initial_lr, peak_lr
        self.end = initial_lr  #! falls_to_initial_rate: initial_lr => min_lr
        self.lengths = [warmup_steps, stable_steps, decay_steps]
        self.k = 0

    def step(self, metric=None):
        self.k += 1
        warmup, stable, decay = self.lengths
        if self.k < warmup:
            lr = self.low + self.peak * self.k / warmup  #! whole_peak_added: self.peak * => (self.peak - self.low) *
        elif self.k < warmup + stable:
            lr = self.peak
        else:
            j = min(self.k - warmup - stable, decay)
            lr = self.peak - (self.peak - self.end) * j / decay
        self.set_lr(lr)

# %% WarmUpStableDecay: falls from the initial rate, a shared count
class WarmUpStableDecay(LRScheduler):
    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.start, self.peak, self.min_lr = initial_lr, peak_lr, min_lr
        self.warmup, self.stable, self.decay = warmup_steps, stable_steps, decay_steps
        WarmUpStableDecay.now = 0  #! count_shared: WarmUpStableDecay => self

    def step(self, metric=None):
        WarmUpStableDecay.now += 1  #! count_shared: WarmUpStableDecay => self
        over = self.now - self.warmup - self.stable
        if self.now < self.warmup:
            self.set_lr(self.start + (self.peak - self.start) * self.now / self.warmup)
        elif over <= 0:
            self.set_lr(self.peak)
        else:
            top = self.start  #! falls_from_initial_rate: self.start => self.peak
            self.set_lr(top + (self.min_lr - top) * min(over, self.decay) / self.decay)
