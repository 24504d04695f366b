class Adagrad(torch.optim.Optimizer):
    """Adagrad."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        defaults = {"lr": learning_rate, "epsilon": epsilon}
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param]["sum"] = torch.zeros_like(param.data)

    def step(self):
        """Step."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad.data
                self.state[param]["sum"] += grad**2
                param.data = param.data - group["lr"] * grad / (torch.sqrt(self.state[param]["sum"]) + group["epsilon"])
