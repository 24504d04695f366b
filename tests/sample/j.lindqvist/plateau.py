class LRSchedulerOnPlateau(LRScheduler):
    """Reduces the learning rate when a metric has stopped improving.

    patience: how many bad epochs are borne; one more, and the rate is reduced
    factor: what the rate is multiplied by, more than 0 and less than 1
    min_lr: the rate is not reduced below this
    mode: 'min' if a lower metric is better, 'max' if a higher one is
    threshold: by which share of the best metric a better one must differ
    """

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must lie between 0 and 1, not {factor}")
        super().__init__(optimizer, initial_lr)
        vars(self).update(patience=patience, factor=factor, min_lr=min_lr, mode=mode, threshold=threshold)
        self.best, self.bad_epochs = float("inf" if mode == "min" else "-inf"), 0

    def improves(self, metric):
        if self.mode == "min":
            return metric < self.best * (1 - self.threshold)
        return metric > self.best * (1 + self.threshold)

    def step(self, metric):
        """Take the metric of an epoch, a number or a tensor with one element, and reduce the rate if it is time."""
        metric = float(metric)
        if self.improves(metric):
            self.best, self.bad_epochs = metric, 0
            return
        self.bad_epochs += 1  # NaN comes here too, it is never smaller than anything
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0
