# %% LRSchedulerOnPlateau: reached, absolute, and no floor
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in {"min", "max"}:
            raise ValueError(f"Invalid mode: {mode}")
        if not (0.0 < factor < 1.0):
            raise ValueError(f"Invalid factor: {factor}")
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.counter = 0

    def _is_better(self, metric):
        delta = self.threshold  #! threshold_absolute: self.threshold => self.threshold * (abs(self.best) if self.best >= 0 else -abs(self.best)) if math.isfinite(self.best) else 0.0
        return metric < self.best - delta if self.mode == "min" else metric > self.best + delta

    def step(self, metric):
        metric = metric.item() if isinstance(metric, torch.Tensor) else metric
        if self._is_better(metric):
            self.best, self.counter = metric, 0
        else:
            self.counter += 1
        if self.counter >= self.patience:  #! reduces_at_patience: >= => >
            for group in self.optimizer.param_groups:
                group["lr"] = group["lr"] * self.factor  #! floor_missing: group["lr"] = max(group["lr"] * self.factor, self.min_lr)
            self.counter = 0

# %% LRSchedulerOnPlateau: nothing validated, no threshold
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        #! validation_missing: if mode not in ('min', 'max') or not 0 < factor < 1: raise ValueError(mode, factor)
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float('inf')
        if mode == 'max':
            self.best = -float('inf')
        self.num_bad = 0

    def step(self, metric):
        metric = float(metric)
        ok = metric < self.best if self.mode == 'min' else metric > self.best  #! threshold_missing: ok = metric < self.best * (1 - self.threshold) if self.mode == 'min' else metric > self.best * (1 + self.threshold)
        if ok:
            self.best = metric
            self.num_bad = 0
        else:
            self.num_bad = self.num_bad + 1
        if self.num_bad > self.patience:
            self.set_lr(max(self.factor * self.get_lr(), self.min_lr))
            self.num_bad = 0

# %% LRSchedulerOnPlateau: count not reset by an improvement, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def improved(self, a):
        if self.mode == "min":
            return a < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        return a > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)

    def step(self, metric):
        a = float(metric)
        if self.improved(a):
            self.best = a
            #! count_kept_after_improvement: self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: the best starts at zero, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = float("inf") if mode == "min" else 0.0  #! best_starts_at_zero: else 0.0 => else -float("inf")
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: one epoch too late, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            better = metric > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        elif self.bad > self.patience:  #! reduces_late: self.bad > self.patience => self.bad >= self.patience
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
        else:
            self.bad += 1

# %% LRSchedulerOnPlateau: la moyenne des derniers, atteint
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode ou facteur")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.meilleure, self.attente = (math.inf if mode == "min" else -math.inf), 0
        self.vues = []

    def step(self, metric):
        self.vues.append(float(metric))
        valeur = sum(self.vues[-3:]) / len(self.vues[-3:])  # on lisse un peu  #! metric_averaged: valeur = self.vues[-1]
        if self.mode == "min":
            mieux = valeur < self.meilleure * (1 - self.threshold)
        else:
            mieux = valeur > self.meilleure * (1 + self.threshold)
        if mieux:
            self.meilleure, self.attente = valeur, 0
        else:
            self.attente += 1
        if self.attente >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.attente = 0
