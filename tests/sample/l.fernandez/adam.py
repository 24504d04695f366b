class Adam(torch.optim.Optimizer):
    """Adam: θ ← θ − η m̂ / (√v̂ + ε), with m and v the running means of g and g², corrected for their start at zero.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                m_hat = moving_average(state, "m", p.grad, group["beta1"])
                v_hat = moving_average(state, "v", p.grad**2, group["beta2"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
