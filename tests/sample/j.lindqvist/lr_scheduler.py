class LRScheduler:
    """Base."""

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.set_lr(initial_lr)

    def get_lr(self):
        """Get."""
        first, *_ = self.optimizer.param_groups
        return float(first["lr"])

    def set_lr(self, lr):
        """Set."""
        for group in self.optimizer.param_groups:
            group.update(lr=lr)

    def step(self, metric=None):
        """Step."""
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")
