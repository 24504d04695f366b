class RMSProp(torch.optim.Optimizer):
    """Divide the gradient by the root of its running mean square: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    decay: ρ, how much of s is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        defaults = {"lr": learning_rate, "decay": decay, "epsilon": epsilon}
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param]["square_avg"] = torch.zeros_like(param.data)

    def step(self):
        """Update s and move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            rho = group["decay"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad.data
                square_avg = self.state[param]["square_avg"]
                square_avg = rho * square_avg + (1 - rho) * grad * grad
                self.state[param]["square_avg"] = square_avg
                param.data = param.data - group["lr"] * grad / (torch.sqrt(square_avg) + group["epsilon"])
