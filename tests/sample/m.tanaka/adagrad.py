class Adagrad(torch.optim.Optimizer):
    """Adagrad."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def step(self):
        """Step."""
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None
                        state = self.state[p]
                        state["G"] = state.get("G", torch.zeros_like(p)) + p.grad**2
                        p -= group["lr"] * p.grad / (state["G"].sqrt() + group["epsilon"])
