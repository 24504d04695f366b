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
        for group in self.param_groups:
            for param in group["params"]:
                state = self.state[param]
                state["t"] = 0
                state["m"] = torch.zeros_like(param.data)
                state["v"] = torch.zeros_like(param.data)

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            b1 = group["beta1"]
            b2 = group["beta2"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad.data
                state = self.state[param]
                state["t"] += 1
                state["m"] = b1 * state["m"] + (1 - b1) * grad
                state["v"] = b2 * state["v"] + (1 - b2) * grad**2
                m_hat = state["m"] / (1 - b1 ** state["t"])
                v_hat = state["v"] / (1 - b2 ** state["t"])
                param.data = param.data - group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])
