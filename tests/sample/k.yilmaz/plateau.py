class LRSchedulerOnPlateau(LRScheduler):
    """Reduces the learning rate when a metric has stopped improving.

    patience: how many bad epochs are borne; one more, and the rate is reduced
    factor: what the rate is multiplied by, more than 0 and less than 1
    min_lr: the rate is not reduced below this
    mode: 'min' if a lower metric is better, 'max' if a higher one is
    threshold: by which share of the best metric a better one must differ
    """

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
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
        self.bad_epochs = 0

    def step(self, metric):
        """Take the metric of an epoch, a number or a tensor with one element, and reduce the rate if it is time."""
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
            if self.bad_epochs >= self.patience:
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.bad_epochs = 0
