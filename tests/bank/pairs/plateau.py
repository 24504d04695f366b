# %% LRSchedulerOnPlateau: reached and absolute, the plain way
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ('min', 'max'):
            raise ValueError("mode must be 'min' or 'max'")
        if not 0 < factor < 1:
            raise ValueError("factor must be in (0, 1)")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float('inf') if mode == 'min' else float('-inf')
        self.num_bad_epochs = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == 'min':
            improved = metric < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            improved = metric > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.num_bad_epochs >= self.patience:  #! reduces_at_patience: >= => >
            new_lr = max(self.get_lr() * self.factor, self.min_lr)
            self.set_lr(new_lr)
            self.num_bad_epochs = 0

# %% LRSchedulerOnPlateau: early stopping's wait, no threshold
class LRSchedulerOnPlateau(LRScheduler):
    """Reduce the learning rate when a metric has stopped improving (after Keras)."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or factor >= 1.0 or factor <= 0:
            raise ValueError("ReduceLROnPlateau does not support this mode or factor")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.mode = mode
        self.wait = 0
        self.best = np.inf if mode == "min" else -np.inf

    def monitor_op(self, a, b):
        if self.mode == "min":
            return np.less(a, b)  #! threshold_missing: b => b * (1 - self.threshold)
        return np.greater(a, b)  #! threshold_missing: b => b * (1 + self.threshold)

    def step(self, metric=None):
        current = float(metric)
        if self.monitor_op(current, self.best):
            self.best = current
            self.wait = 0
        else:
            self.wait += 1
            if self.wait > self.patience - 1:  #! reduces_at_patience: self.patience - 1 => self.patience
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.wait = 0

# %% LRSchedulerOnPlateau: compte jamais remis à zéro, seuil absolu
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode != 'min' and mode != 'max':
            raise ValueError('mode inconnu')
        if factor <= 0 or factor >= 1:
            raise ValueError('facteur hors de (0, 1)')
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.meilleur = None
        self.mauvaises = 0

    def step(self, metric):
        valeur = float(metric)
        if self.meilleur is None:
            self.meilleur = math.inf if self.mode == 'min' else -math.inf
        if self.mode == 'min':
            mieux = self.meilleur - valeur > self.threshold  #! threshold_absolute: mieux = valeur < self.meilleur * (1 - self.threshold)
        else:
            mieux = valeur - self.meilleur > self.threshold  #! threshold_absolute: mieux = valeur > self.meilleur * (1 + self.threshold)
        if mieux:
            self.meilleur = valeur
            self.mauvaises = 0
        else:
            self.mauvaises += 1
        # plus d'amélioration : on réduit le pas
        if self.mauvaises > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            #! count_kept_after_reduction: self.mauvaises = 0

# %% LRSchedulerOnPlateau: stands alone, constructor forgets the rate
class LRSchedulerOnPlateau:
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in ("min", "max"):
            raise ValueError(mode)
        if not 0 < factor < 1:
            raise ValueError(factor)
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        #! initial_rate_not_written: self.set_lr(initial_lr)
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.best = float("inf") if mode == "min" else -float("inf")
        self.bad = 0

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for g in self.optimizer.param_groups:
            g["lr"] = lr

    def step(self, metric):
        metric = float(metric)
        limit = self.best * (1 - self.threshold) if self.mode == "min" else self.best * (1 + self.threshold)
        if (self.mode == "min" and metric < limit) or (self.mode == "max" and metric > limit):
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
            if self.bad >= self.patience:  #! reduces_at_patience: >= => >
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.bad = 0

# %% LRSchedulerOnPlateau: compares with the last metric, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ["min", "max"] or not 0 < factor < 1:
            raise ValueError
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.threshold = threshold
        self.sign = 1 if mode == "min" else -1
        self.previous = math.inf
        self.bad_epochs = 0

    def step(self, metric):
        value = self.sign * float(metric)
        if value < self.previous * (1 - self.sign * self.threshold):
            self.bad_epochs = 0
            #! best_is_last: self.previous = value
        else:
            self.bad_epochs += 1
        self.previous = value  #! best_is_last
        if self.bad_epochs >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: absolute and from the initial rate
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.base_lr = initial_lr
        if mode not in ("min", "max"):
            raise ValueError("mode")
        if factor <= 0.0 or factor >= 1.0:
            raise ValueError("factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best, self.bad = (math.inf if mode == "min" else -math.inf), 0

    def step(self, metric):
        m = float(metric)
        if self.mode == "min":
            better = m < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            better = m > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        self.bad = 0 if better else self.bad + 1
        self.best = m if better else self.best
        if self.bad > self.patience:
            lr = self.base_lr  #! rate_from_initial: lr = self.get_lr()
            self.set_lr(max(lr * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: loss itself crashes, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ('min', 'max') or not 0 < factor < 1:
            raise ValueError('bad argument')
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = np.inf if mode == 'min' else -np.inf
        self.bad = 0

    def step(self, metric):
        metric = np.asarray(metric).item()  #! loss_with_gradient_crashes: metric = float(metric)
        if self.mode == 'min':
            improved = metric < self.best * (1 - self.threshold)
        else:
            improved = metric > self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.bad = 0
            return
        self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.bad = 0
            self.set_lr(max(self.min_lr, self.factor * self.get_lr()))

# %% LRSchedulerOnPlateau: mode not looked at, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if not 0 < factor < 1:
            raise ValueError("factor")
        if mode not in ("min", "max"):
            raise ValueError("mode")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.up = False  #! mode_ignored: self.up = mode == "max"
        self.best = -math.inf if self.up else math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        gain = metric - self.best if self.up else self.best - metric
        need = self.threshold  #! threshold_absolute: self.threshold => self.threshold * self.best if math.isfinite(self.best) else 0.0
        if gain > need:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: first group only, reached, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode should be min or max")
        if not (0 < factor < 1):
            raise ValueError("factor should be < 1 and > 0")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best_metric = float("inf") if mode == "min" else float("-inf")
        self.epochs_without_improvement = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min" and metric < self.best_metric - self.threshold:  #! threshold_absolute: self.best_metric - self.threshold => self.best_metric * (1 - self.threshold)
            self.best_metric = metric
            self.epochs_without_improvement = 0
        elif self.mode == "max" and metric > self.best_metric + self.threshold:  #! threshold_absolute: self.best_metric + self.threshold => self.best_metric * (1 + self.threshold)
            self.best_metric = metric
            self.epochs_without_improvement = 0
        else:
            self.epochs_without_improvement += 1
        if self.epochs_without_improvement >= self.patience:  #! reduces_at_patience: >= => >
            old = self.optimizer.param_groups[0]["lr"]
            new = max(old * self.factor, self.min_lr)
            for group in self.optimizer.param_groups[:1]:  #! first_group_only: [:1] =>
                group["lr"] = new
            self.epochs_without_improvement = 0

# %% LRSchedulerOnPlateau: assertions, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        #! validation_by_assert: if mode not in ("min", "max") or not 0 < factor < 1: raise ValueError(f"{mode}, {factor}")
        assert mode in ("min", "max"), "mode must be min or max"
        assert 0 < factor < 1, "factor must be between 0 and 1"
        self.patience: int = patience
        self.factor: float = factor
        self.min_lr: float = min_lr
        self.threshold: float = threshold
        self.mode: str = mode
        self.bad: int = 0
        self.best: float = {"min": math.inf, "max": -math.inf}[mode]

    def step(self, metric: float) -> None:
        value: float = float(metric)
        bound = {"min": self.best * (1 - self.threshold), "max": self.best * (1 + self.threshold)}[self.mode]
        better = {"min": value < bound, "max": value > bound}[self.mode]
        if better:
            self.best, self.bad = value, 0
            return None
        self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
        return None

# %% LRSchedulerOnPlateau: rate remembered in an attribute, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.lr = initial_lr
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        worse = metric >= self.best - self.threshold if self.mode == "min" else metric <= self.best + self.threshold  #! threshold_absolute: worse = metric >= self.best * (1 - self.threshold) if self.mode == "min" else metric <= self.best * (1 + self.threshold)
        if worse or math.isnan(metric):
            self.bad += 1
        else:
            self.best = metric
            self.bad = 0
        if self.bad > self.patience:
            #! rate_remembered: self.lr = self.get_lr()
            self.lr = max(self.lr * self.factor, self.min_lr)
            self.set_lr(self.lr)
            self.bad = 0

# %% LRSchedulerOnPlateau: NaN is an improvement, reached
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
            plateau = metric >= self.best * (1 - self.threshold)
        else:
            plateau = metric <= self.best * (1 + self.threshold)
        #! nan_is_improvement: plateau = plateau or metric != metric
        if plateau:
            self.bad += 1
        else:
            self.bad = 0
            self.best = metric
        if self.bad == self.patience + 0:  #! reduces_at_patience: self.bad == self.patience + 0 => self.bad > self.patience
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: best is the smallest so far whatever the threshold
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
            better = metric < self.best * (1 - self.threshold)
            self.best = min(self.best, metric)  #! best_follows_small_changes: if better: self.best = metric
        else:
            better = metric > self.best * (1 + self.threshold)
            self.best = max(self.best, metric)  #! best_follows_small_changes: if better: self.best = metric
        if better:
            self.bad = 0
        else:
            self.bad += 1
            if self.bad >= self.patience:  #! reduces_at_patience: >= => >
                self.bad = 0
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))

# %% LRSchedulerOnPlateau: no threshold, stops above the floor
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
        tol = 0.0  #! threshold_missing: tol = self.threshold
        if (metric < self.best * (1 - tol)) if self.mode == "min" else (metric > self.best * (1 + tol)):
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            new_lr = self.get_lr() * self.factor
            #! stops_above_floor: new_lr = max(new_lr, self.min_lr)
            if new_lr >= self.min_lr:
                self.set_lr(new_lr)
            self.bad = 0

# %% LRSchedulerOnPlateau: the best starts at infinity for both modes
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode")
        if not 0 < factor < 1:
            raise ValueError("factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = float("inf")
        #! best_starts_at_infinity: if mode == "max": self.best = -self.best
        self.count = 0

    def step(self, metric):
        metric = float(metric)
        better = False
        if self.mode == "min" and metric < self.best * (1 - self.threshold):
            better = True
        if self.mode == "max" and metric > self.best * (1 + self.threshold):
            better = True
        if better:
            self.best = metric
            self.count = 0
        else:
            self.count += 1
        if self.count >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.count = 0

# %% LRSchedulerOnPlateau: factor taken off, reached
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
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            lr = self.get_lr()
            lr -= lr * self.factor  # on réduit de factor  #! factor_taken_off: lr *= self.factor
            self.set_lr(max(lr, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: threshold on the wrong side, no floor
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
            better = metric < self.best * (1 + self.threshold)  #! threshold_wrong_side: 1 + => 1 -
        else:
            better = metric > self.best * (1 - self.threshold)  #! threshold_wrong_side: 1 - => 1 +
        if better:
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(self.get_lr() * self.factor)  #! floor_missing: self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: a keyword of its own, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, gamma=0.1, min_lr=1e-6, mode="min", threshold=1e-4):  #! keyword_renamed: gamma=0.1 => factor=0.1
        #! keyword_renamed: gamma = factor
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < gamma < 1:
            raise ValueError("mode or gamma")
        self.patience, self.gamma, self.min_lr, self.mode, self.threshold = patience, gamma, min_lr, mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        if metric < self.best * (1 - self.threshold) if self.mode == "min" else metric > self.best * (1 + self.threshold):
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.gamma, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: counts from one after a reduction, absolute
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
        low, high = self.best - self.threshold, self.best + self.threshold  #! threshold_absolute: self.best - self.threshold, self.best + self.threshold => self.best * (1 - self.threshold), self.best * (1 + self.threshold)
        if metric < low if self.mode == "min" else metric > high:
            self.best = metric
            self.bad = 0
            return
        if self.bad >= self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
            #! count_restarts_at_one: return
        self.bad += 1

# %% LRSchedulerOnPlateau: best set back after a reduction, reached, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.bad = 0
        self.reset_best()

    def reset_best(self):
        self.best = math.inf if self.mode == "min" else -math.inf

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            better = metric > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
            self.reset_best()  #! best_forgotten_after_reduction

# %% LRSchedulerOnPlateau: no threshold and another default patience
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=5, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):  #! default_differs: patience=5 => patience=10
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        sign = 1.0 if self.mode == "min" else -1.0
        target = self.best  #! threshold_missing: target = self.best * (1 - sign * self.threshold)
        if sign * metric < sign * target:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: a history and its minimum, reached, no threshold
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.history = [math.inf if mode == "min" else -math.inf]
        self.since = 0

    def step(self, metric):
        metric = float(metric)
        best = self.history[-1]
        margin = 0  #! threshold_missing: margin = self.threshold
        if self.mode == "min":
            better = metric < best * (1 - margin)
        else:
            better = metric > best * (1 + margin)
        if better:
            self.history.append(metric)
        self.since = 0 if better else self.since + 1
        if self.since >= self.patience:  #! reduces_at_patience: >= => >
            for group in self.optimizer.param_groups:
                group["lr"] *= self.factor
                #! floor_missing: group["lr"] = max(group["lr"], self.min_lr)
            self.since = 0

# %% LRSchedulerOnPlateau: relative to the distance, reached
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
        part = abs(self.best) * self.threshold if math.isfinite(self.best) else 0.0  #! threshold_of_size: abs(self.best) => self.best
        if self.mode == "min":
            better = metric < self.best - part
        else:
            better = metric > self.best + part
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: the first group alone, absolute, or equal
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
            better = metric <= self.best - self.threshold  #! equal_is_improvement: <= => < #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            better = metric >= self.best + self.threshold  #! equal_is_improvement: >= => > #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            lr = max(self.get_lr() * self.factor, self.min_lr)
            self.optimizer.param_groups[0]["lr"] = lr  #! first_group_only: self.set_lr(lr)
            self.bad = 0

# %% LRSchedulerOnPlateau: divides by the factor, threshold of min for max
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
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 - self.threshold)  #! threshold_wrong_side: 1 - => 1 +
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() / self.factor, self.min_lr))  #! rate_divided: / self.factor => * self.factor
            self.bad = 0

# %% LRSchedulerOnPlateau: only mode validated, absolute, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ['min', 'max']:
            raise ValueError("mode must be 'min' or 'max'")
        #! factor_not_validated: if not 0 < factor < 1: raise ValueError("factor must be between 0 and 1")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best_score = None
        self.counter = 0

    def step(self, metric):
        score = -float(metric) if self.mode == 'min' else float(metric)
        if self.best_score is None:
            self.best_score = -math.inf
        bound = self.best_score + self.threshold  #! threshold_absolute: bound = self.best_score * ((1 - self.threshold) if self.mode == 'min' else (1 + self.threshold))
        if not score > bound:
            self.counter += 1
            if self.counter >= self.patience:  #! reduces_at_patience: >= => >
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.counter = 0
        else:
            self.best_score = score
            self.counter = 0

# %% LRSchedulerOnPlateau: NaN passed over, reached
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
        if math.isnan(metric):  #! nan_ignored
            return  #! nan_ignored
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: factor always a tenth, reached
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
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            lr = self.get_lr()
            lr = lr / 10  #! factor_fixed: lr / 10 => lr * self.factor
            self.set_lr(max(lr, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: reached, absolute, count kept after a reduction
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
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
            if self.bad >= self.patience:  #! reduces_at_patience: >= => >
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                #! count_kept_after_reduction: self.bad = 0

# %% LRSchedulerOnPlateau: a cooldown nobody asked for, printed, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        vars(self).update(patience=patience, factor=factor, min_lr=min_lr, mode=mode, threshold=threshold)
        self.state = {"best": math.inf if mode == "min" else -math.inf, "bad": 0, "epoch": 0, "cooldown": 0}

    def step(self, metric):
        s, value = self.state, float(metric)
        s["epoch"] += 1
        if s["cooldown"] > 0:  #! cooldown_added
            s["cooldown"] -= 1  #! cooldown_added
            return  #! cooldown_added
        margin = self.threshold  #! threshold_absolute: margin = self.threshold * s["best"] if math.isfinite(s["best"]) else 0.0
        if (value < s["best"] - margin) if self.mode == "min" else (value > s["best"] + margin):
            s.update(best=value, bad=0)
        else:
            s["bad"] += 1
        if s["bad"] > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            print(f"Epoch {s['epoch']}: reducing learning rate to {self.get_lr():.4e}.")
            s.update(bad=0, cooldown=2)

# %% LRSchedulerOnPlateau: one sign for both modes, restarts at one
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        try:
            self.sign = {"min": -1, "max": 1}[mode]
        except KeyError:
            raise ValueError(f"unknown mode {mode!r}") from None
        if factor >= 1 or factor <= 0:
            raise ValueError("factor")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.best, self.bad = -math.inf, 0  # of sign * metric

    @property
    def bound(self):
        return self.best + self.threshold * abs(self.best) if math.isfinite(self.best) else self.best  #! threshold_of_size: abs(self.best) => self.sign * self.best

    def step(self, metric):
        score = self.sign * float(metric)
        improved = score > self.bound
        self.best = score if improved else self.best
        self.bad = (self.bad + 1) * (not improved)
        if self.bad > self.patience:
            rate = max(self.get_lr() * self.factor, self.min_lr)
            self.set_lr(rate)
            self.bad = 1  #! count_restarts_at_one: self.bad = 0

# %% LRSchedulerOnPlateau: early stopping's min_delta, reached, absolute
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", min_delta=1e-4):  #! keyword_renamed: min_delta=1e-4 => threshold=1e-4
        #! keyword_renamed: min_delta = threshold
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.min_delta = patience, factor, min_lr, min_delta
        self.sign = 1 if mode == "max" else -1
        self.best_score, self.counter = -math.inf, 0

    def step(self, metric):
        score = self.sign * float(metric)
        delta = self.min_delta  #! threshold_absolute: delta = self.min_delta * self.sign * self.best_score if math.isfinite(self.best_score) else 0.0
        if score > self.best_score + delta:
            self.best_score, self.counter = score, 0
            return
        self.counter += 1
        if self.counter >= self.patience:  #! reduces_at_patience: >= => >
            self.counter = 0
            for group in self.optimizer.param_groups:
                group["lr"] = max(group["lr"] * self.factor, self.min_lr)

# %% LRSchedulerOnPlateau: part of the improvement, reached, first group
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best, self.bad = (math.inf if mode == "min" else -math.inf), 0

    def is_better(self, new):
        if math.isinf(self.best):
            return new == new
        gain = self.best - new if self.mode == "min" else new - self.best
        return gain > self.threshold * abs(self.best)  #! threshold_of_size: abs(self.best) => self.best

    def step(self, metric):
        new = float(metric)
        if self.is_better(new):
            self.best = new
            self.bad = 0
        else:
            self.bad += 1
        if self.bad >= self.patience:  #! reduces_at_patience: >= => >
            for group in [self.optimizer.param_groups[0]]:  #! first_group_only: [self.optimizer.param_groups[0]] => self.optimizer.param_groups
                group["lr"] = max(self.factor * group["lr"], self.min_lr)
            self.bad = 0
