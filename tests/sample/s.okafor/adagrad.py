class Adagrad(torch.optim.Optimizer):
    """Divide the gradient by the root of the sum of its squares so far: G ← G + g², θ ← θ − η g / (√G + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        defaults = {"lr": learning_rate, "epsilon": epsilon}
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param]["sum"] = torch.zeros_like(param.data)

    def step(self):
        """Update G and move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad.data
                self.state[param]["sum"] += grad**2
                param.data = param.data - group["lr"] * grad / (torch.sqrt(self.state[param]["sum"]) + group["epsilon"])
