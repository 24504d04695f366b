# %% LRScheduler: later, the rate is what the constructor was told
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        for group in self.optimizer.param_groups:
            group["lr"] = initial_lr

    def get_lr(self):
        return self.initial_lr  #! initial_rate_returned: self.initial_lr => float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        # rien à faire ici, les classes filles s'en chargent
        pass  #! base_step_passes: pass => raise NotImplementedError

# %% LRScheduler: later, un seul groupe, step sans argument
class LRScheduler(object):
    """Classe de base des schedulers."""

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.set_lr(initial_lr)

    def get_lr(self):
        groupe = self.optimizer.param_groups[0]
        return groupe['lr']

    def set_lr(self, lr):
        self.optimizer.param_groups[0]['lr'] = lr  #! first_group_only
        #! first_group_only: for groupe in self.optimizer.param_groups: groupe['lr'] = lr

    def step(self):  #! step_takes_no_metric: self => self, metric=None
        raise NotImplementedError("à écrire dans la classe fille")

# %% LRScheduler: later, the key of the signature, underscored attributes, a round number
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self._optimizer = optimizer
        self._initial_lr = initial_lr
        self.optimizer, self.initial_lr = optimizer, initial_lr
        self.set_lr(initial_lr)

    def get_lr(self) -> float:
        lr = self._optimizer.param_groups[0]["lr"]
        return round(lr, 4)  #! rate_rounded: round(lr, 4) => lr

    def set_lr(self, lr: float) -> None:
        for param_group in self._optimizer.param_groups:
            param_group["learning_rate"] = lr  #! rate_under_other_key: "learning_rate" => "lr"

    def step(self, metric=None) -> None:
        raise NotImplementedError

# %% LRScheduler: later, one rate for each group as torch returns them
from abc import ABC, abstractmethod


class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        #! initial_rate_not_written: self.set_lr(self.initial_lr)

    def get_lr(self):
        rates = [group["lr"] for group in self.optimizer.param_groups]
        return rates  #! list_of_rates_returned: rates => rates[0]

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group.update(lr=lr)

    def step(self, metric=None):
        raise NotImplementedError(f"{type(self).__name__} must implement step()")

# %% LRScheduler: later, returns the error, and writes into copies
class LRScheduler:

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        for i in range(len(optimizer.param_groups)):
            optimizer.param_groups[i]['lr'] = initial_lr

    def get_lr(self):
        return float(self.optimizer.param_groups[0]['lr'])

    def set_lr(self, lr):
        groups = self.optimizer.param_groups
        groups = [dict(group) for group in groups]  #! copy_of_group_written
        for group in groups:
            group['lr'] = lr

    def step(self, metric=None):
        return NotImplementedError  #! base_step_returns_error: return => raise

# %% LRScheduler: later, a property for the rate, and the defaults
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer, self.initial_lr = optimizer, initial_lr
        self._lr = None
        self.set_lr(initial_lr)

    @property
    def lr(self):
        return self._lr  #! remembered_rate_returned: self._lr => self.optimizer.param_groups[0]["lr"]

    def get_lr(self):
        return self.lr

    def set_lr(self, lr):
        self._lr = lr
        self.optimizer.defaults["lr"] = lr  #! rate_written_into_defaults
        #! rate_written_into_defaults: for group in self.optimizer.param_groups: group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError()

# %% LRSchedulerOnPlateau: later, a beginner who loses patience at once
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode != 'min':
            if mode != 'max':
                raise ValueError('mode must be min or max')
        if factor >= 1 or factor <= 0:
            raise ValueError('factor must be between 0 and 1')
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.counter = 0
        if mode == 'min':
            self.best = float('inf')
        else:
            self.best = -float('inf')

    def step(self, metric):
        metric = float(metric)
        better = False
        if self.mode == 'min' and metric < self.best - self.threshold:  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
            better = True
        if self.mode == 'max' and metric > self.best + self.threshold:  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
            better = True
        if better == True:
            self.best = metric
            self.counter = 0
        else:
            self.counter = self.counter + 1
            if self.counter > 0:  #! patience_ignored: 0 => self.patience
                new_lr = self.get_lr() * self.factor
                if new_lr < self.min_lr:
                    new_lr = self.min_lr
                self.set_lr(new_lr)
                self.counter = 0

# %% LRSchedulerOnPlateau: later, operators in a dictionary, the wrong way round
import operator


class LRSchedulerOnPlateau(LRScheduler):
    OPS = {"min": operator.gt, "max": operator.lt}  #! modes_swapped: OPS = {"min": operator.lt, "max": operator.gt}
    WORST = {"min": -math.inf, "max": math.inf}  #! modes_swapped: WORST = {"min": math.inf, "max": -math.inf}

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in self.OPS:
            raise ValueError(f"unknown mode {mode!r}")
        if not (0.0 < factor < 1.0):
            raise ValueError(f"factor should be in (0, 1), not {factor}")
        super().__init__(optimizer, initial_lr)
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.is_better, self.best = self.OPS[mode], self.WORST[mode]
        self.margin = 1 - threshold if mode == "min" else 1 + threshold
        self.wait = 0

    def step(self, metric):
        value = float(metric)
        if self.is_better(value, self.best * self.margin):
            self.best, self.wait = value, 0
            return
        self.wait += 1
        if self.wait >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.wait = 0

# %% LRSchedulerOnPlateau: later, le plancher devient plafond
class LRSchedulerOnPlateau(LRScheduler):
    """Réduit le taux d'apprentissage quand la métrique stagne."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ('min', 'max'):
            raise ValueError('mode')
        if factor <= 0 or factor >= 1:
            raise ValueError('factor')
        self.patience = patience
        self.facteur = factor
        self.lr_min = min_lr
        self.mode = mode
        self.seuil = threshold
        self.compteur = 0
        self.meilleure = np.inf if mode == 'min' else -np.inf

    def ameliore(self, valeur):
        if self.mode == 'min':
            return valeur < self.meilleure * (1 - self.seuil)
        return valeur > self.meilleure * (1 + self.seuil)

    def step(self, metric):
        valeur = float(metric)
        if self.ameliore(valeur):
            self.meilleure = valeur
            #! count_kept_after_improvement: self.compteur = 0
        else:
            self.compteur += 1
        if self.compteur > self.patience:
            nouveau = min(self.get_lr() * self.facteur, self.lr_min)  #! floor_is_ceiling: min( => max(
            self.set_lr(nouveau)
            self.compteur = 0

# %% LRSchedulerOnPlateau: later, any distance will do, and a warning in print
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ["min", "max"]:
            print("Error: mode must be 'min' or 'max'")  #! validation_missing: print => raise ValueError
        if factor <= 0 or factor >= 1:
            print("Error: factor must be in (0, 1)")  #! validation_missing: print => raise ValueError
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0

    def step(self, metric):
        metric = float(metric)
        bound = self.threshold * self.best if math.isfinite(self.best) else 0.0
        gain = self.best - metric if self.mode == "min" else metric - self.best
        gain = abs(gain)  #! distance_is_improvement
        if gain > bound:
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.num_bad_epochs >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.factor * self.get_lr(), self.min_lr))
            self.num_bad_epochs = 0

# %% LRSchedulerOnPlateau: later, the first best stays, closed bounds
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if not 0 <= factor <= 1:  #! factor_bounds_taken: 0 <= factor <= 1 => 0 < factor < 1
            raise ValueError("factor must be between 0 and 1")
        if mode not in {'min', 'max'}:
            raise ValueError("unknown mode")
        self.__dict__.update(patience=patience, factor=factor, min_lr=min_lr, mode=mode, threshold=threshold)
        self.history = []
        self.bad = 0
        self.best = float('inf') if mode == 'min' else float('-inf')

    def step(self, metric):
        loss = float(metric)
        self.history.append(loss)
        if self.mode == 'min':
            good = loss < self.best * (1 - self.threshold)
        else:
            good = loss > self.best * (1 + self.threshold)
        self.bad = 0 if good else self.bad + 1
        if good and len(self.history) == 1:  #! best_never_updated: and len(self.history) == 1 =>
            self.best = loss
        if self.bad > self.patience:
            self.set_lr(self.get_lr() * self.factor)  #! floor_missing: self.get_lr() * self.factor => max(self.get_lr() * self.factor, self.min_lr)
            self.bad = 0

# %% LRSchedulerOnPlateau: later, best is None until the first metric, one epoch late
class LRSchedulerOnPlateau(LRScheduler):
    """Inspired by pytorchtools' EarlyStopping."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("check mode and factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best_score = None
        self.counter = 0

    def _better(self, score):
        if self.best_score is None:
            return True  #! first_metric_taken_unseen: True => not math.isnan(score) and score != (math.inf if self.mode == "min" else -math.inf)
        if self.mode == "min":
            return score < self.best_score * (1 - self.threshold)
        return score > self.best_score * (1 + self.threshold)

    def step(self, metric):
        score = float(metric)
        if self._better(score):
            self.best_score = score
            self.counter = 0
        elif self.counter > self.patience:  #! reduces_late: self.counter > self.patience => self.counter + 1 > self.patience
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.counter = 0
        else:
            self.counter += 1

# %% LRSchedulerOnPlateau: later, writes its own rate in every epoch
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.mode = {"min": 1, "max": -1}.get(mode)
        if self.mode is None or not 0 < factor < 1:
            raise ValueError("bad mode or factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.threshold = threshold
        self.lr = initial_lr
        self.best = self.mode * float("inf")
        self.epochs_without_progress = 0

    def step(self, metric):
        metric = float(metric)
        limit = self.best - self.mode * self.threshold  #! threshold_absolute: self.best - self.mode * self.threshold => self.best * (1 - self.mode * self.threshold)
        stalled = self.mode * metric >= self.mode * limit  #! nan_is_improvement: stalled = not self.mode * metric < self.mode * limit
        if stalled:
            self.epochs_without_progress += 1
        else:
            self.best = metric
            self.epochs_without_progress = 0
        #! rate_written_each_step: self.lr = self.get_lr()
        if self.epochs_without_progress > self.patience:
            self.lr = max(self.lr * self.factor, self.min_lr)
            self.epochs_without_progress = 0
        self.set_lr(self.lr)  #! rate_written_each_step: if self.lr != self.get_lr(): self.set_lr(self.lr)

# %% LRSchedulerOnPlateau: later, powers of the factor
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode == "min":
            self.best = math.inf
        elif mode == "max":
            self.best = -math.inf
        else:
            raise ValueError("mode must be 'min' or 'max'")
        if 0 < factor < 1:
            self.factor = factor
        else:
            raise ValueError("factor must be in (0, 1)")
        self.patience, self.min_lr, self.mode, self.threshold = patience, min_lr, mode, threshold
        self.n_reductions = 0
        self.waited = 0

    def improved(self, metric):
        if self.mode == "min":
            return metric <= self.best * (1 - self.threshold)  #! equal_is_improvement: <= => <
        return metric >= self.best * (1 + self.threshold)  #! equal_is_improvement: >= => >

    def step(self, metric):
        if self.improved(float(metric)):
            self.best = float(metric)
            self.waited = 0
        else:
            self.waited += 1
            if self.waited >= self.patience:  #! reduces_at_patience: >= => >
                self.n_reductions += 1
                lr = self.initial_lr * self.factor ** self.n_reductions  #! rate_from_count_of_reductions: lr = self.get_lr() * self.factor
                self.set_lr(max(lr, self.min_lr))
                self.waited = 0

# %% LRSchedulerOnPlateau: later, a deque of the last three, and TypeErrors
from collections import deque


class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4, window=3):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise TypeError("mode")  #! validation_raises_other: TypeError => ValueError
        if not 0 < factor < 1:
            raise TypeError("factor")  #! validation_raises_other: TypeError => ValueError
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.recent = deque(maxlen=window)
        self.best = math.inf if mode == "min" else -math.inf
        self.stagnant = 0

    def step(self, metric):
        self.recent.append(float(metric))
        value = sum(self.recent) / len(self.recent)  #! metric_averaged: sum(self.recent) / len(self.recent) => self.recent[-1]
        if self.mode == "min":
            improvement = value < self.best * (1 - self.threshold)
        else:
            improvement = value > self.best * (1 + self.threshold)
        if improvement:
            self.best, self.stagnant = value, 0
        else:
            self.stagnant += 1
        if self.stagnant > self.patience:
            new = self.get_lr() * self.factor
            if new >= self.min_lr:  #! stops_above_floor: new >= self.min_lr => (new := max(new, self.min_lr))
                self.set_lr(new)
            self.stagnant = 0
