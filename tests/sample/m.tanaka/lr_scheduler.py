class LRScheduler:
    """The base of the schedulers: knows an optimizer, reads its learning rate and writes it.

    optimizer: whose learning rate is set, kept as self.optimizer
    initial_lr: the first learning rate, written into every group
    """

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.lr = initial_lr
        for group in self.optimizer.param_groups:
            group["lr"] = initial_lr

    def get_lr(self):
        """Return the learning rate in force, a float."""
        return self.lr

    def set_lr(self, lr):
        """Write a learning rate into every group."""
        self.lr = lr
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        """Set the rate of the next epoch: left to the subclasses. Given; leave it as it is."""
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")
