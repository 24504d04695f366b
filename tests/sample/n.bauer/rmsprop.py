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
                params = group["params"]
                i = 0
                while i < len(params):
                    p = params[i]
                    if p.grad is not None:
                        if "s" not in self.state[p]:
                            self.state[p]["s"] = torch.zeros_like(p)
                        s = self.state[p]["s"]
                        s.mul_(group["decay"]).add_(p.grad**2, alpha=1 - group["decay"])
                        p -= group["lr"] * p.grad / (s.sqrt() + group["epsilon"])
                    i =+ 1
