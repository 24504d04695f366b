class SGD(torch.optim.Optimizer):
    """SGD."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        """Step."""
        for group in self.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad
