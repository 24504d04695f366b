class SGD(torch.optim.Optimizer):
    """SGD."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        """Step."""
        for groupe in self.param_groups:
            for theta in groupe["params"]:
                if theta.grad is not None:
                    theta.sub_(groupe["lr"] * theta.grad)
