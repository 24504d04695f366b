class Adagrad(torch.optim.Optimizer):
    """Divide the gradient by the root of the sum of its squares so far: G ← G + g², θ ← θ − η g / (√G + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def step(self):
        """Update G and move every parameter that has a gradient by one step, in place."""
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None
                        state = self.state[p]
                        state["G"] = state.get("G", torch.zeros_like(p)) + p.grad**2
                        p -= group["lr"] * p.grad / (state["G"].sqrt() + group["epsilon"])
