class SGD(torch.optim.Optimizer):
    """Gradient descent: θ ← θ − η g.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    """

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad
