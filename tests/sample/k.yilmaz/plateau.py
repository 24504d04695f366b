class LRSchedulerOnPlateau(LRScheduler):
    """Plateau."""

    def __init__(
        self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4
    ):
        if mode != "min" and mode != "max":
            raise ValueError("mode must be min or max")
        if factor <= 0 or factor >= 1:
            raise ValueError("factor must be between 0 and 1")
        super().__init__(optimizer, initial_lr)
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float("inf") if mode == "min" else -float("inf")
        self.wait = 0

    def step(self, metric=None):
        """Step."""
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best = metric
            self.wait = 0
        else:
            self.wait += 1
            if self.wait >= self.patience:
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.wait = 0
