class SGD(torch.optim.Optimizer):
    """Gradient descent: θ ← θ − η g.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    """

    def __init__(self, params, learning_rate=0.01):
        defaults = {"lr": learning_rate}
        super().__init__(params, defaults)

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                param.data = param.data - group["lr"] * param.grad.data
