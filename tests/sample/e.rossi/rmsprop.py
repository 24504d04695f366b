class RMSProp(torch.optim.Optimizer):
    """Divide the gradient by the root of its running mean square: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    decay: ρ, how much of s is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    def step(self):
        """Update s and move every parameter that has a gradient by one step, in place."""
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
