class Adagrad(torch.optim.Optimizer):
    """Divide the gradient by the root of the sum of its squares so far: G ← G + g², θ ← θ − η g / (√G + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})
        self.lr = learning_rate
        self.eps = epsilon

    @torch.no_grad()
    def step(self):
        """Update G and move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "G" not in state:
                    state["G"] = torch.zeros_like(p)
                state["G"] += p.grad**2
                p -= self.lr * p.grad / (torch.sqrt(state["G"]) + self.eps)
