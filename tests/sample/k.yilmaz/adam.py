class Adam(torch.optim.Optimizer):
    """Adam: θ ← θ − η m̂ / (√v̂ + ε), with m and v the running means of g and g², corrected for their start at zero.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, defaults)
        self.t = 0

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        with torch.no_grad():
            for group in self.param_groups:
                beta1, beta2, eps = group["beta1"], group["beta2"], group["epsilon"]
                for p in group["params"]:
                    if p.grad is not None:
                        self.t += 1
                        state = self.state[p]
                        if not state:
                            state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
                        state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                        state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad.pow(2)
                        m_hat = state["m"] / (1 - beta1**self.t)
                        v_hat = state["v"] / (1 - beta2**self.t)
                        p -= group["lr"] * m_hat / (v_hat.sqrt() + eps)
