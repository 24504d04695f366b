class Adagrad(torch.optim.Optimizer):
    """Adagrad."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})
        self.lr = learning_rate
        self.eps = epsilon

    @torch.no_grad()
    def step(self):
        """Step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "G" not in state:
                    state["G"] = torch.zeros_like(p)
                state["G"] += p.grad**2
                p -= self.lr * p.grad / (torch.sqrt(state["G"]) + self.eps)
