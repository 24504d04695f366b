class LRSchedulerOnPlateau(LRScheduler):
    """Plateau."""

    def __init__(
        self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4
    ):
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must lie between 0 and 1, not {factor}")
        super().__init__(optimizer, initial_lr)
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        if mode == "min":
            self.best = float("inf")
            self._improves = lambda metric: metric < self.best * (1 - threshold)
        else:
            self.best = float("-inf")
            self._improves = lambda metric: metric > self.best * (1 + threshold)
        self.bad = 0

    def step(self, metric=None):
        """Step."""
        metric = float(metric)
        if self._improves(metric):
            self.best, self.bad = metric, 0
            return
        self.bad += 1  # NaN comes here too, it is never smaller than anything
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
