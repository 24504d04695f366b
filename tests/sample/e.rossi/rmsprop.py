class RMSProp(torch.optim.Optimizer):
    """RMSProp."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    def step(self):
        """Step."""
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if not state:
                        state["s"] = torch.zeros_like(p)
                    state["s"] = group["decay"] * state["s"] + (1 - group["decay"]) * p.grad**2
                    p -= group["lr"] * p.grad / (state["s"].sqrt() + group["epsilon"])
