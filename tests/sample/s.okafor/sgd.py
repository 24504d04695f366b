class SGD(torch.optim.Optimizer):
    """SGD."""

    def __init__(self, params, learning_rate=0.01):
        defaults = {"lr": learning_rate}
        super().__init__(params, defaults)

    def step(self):
        """Step."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                param.data = param.data - group["lr"] * param.grad.data
