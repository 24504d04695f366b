class LRScheduler:
    """Base."""

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.lr = initial_lr
        for group in self.optimizer.param_groups:
            group["lr"] = initial_lr

    def get_lr(self):
        """Get."""
        return self.lr

    def set_lr(self, lr):
        """Set."""
        self.lr = lr
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        """Step."""
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")
