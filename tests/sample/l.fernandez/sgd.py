class SGD(torch.optim.Optimizer):
    """SGD."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self):
        """Step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                d_p = p.grad.data
                p.data.add_(-group["lr"], d_p)
