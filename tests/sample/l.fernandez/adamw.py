class AdamW(torch.optim.Optimizer):
    """Adam with decoupled weight decay: θ ← θ − η m̂ / (√v̂ + ε) − η λ θ, with the θ from before the step.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    weight_decay: λ, the share η λ of θ is taken away at each step
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)
        super().__init__(params, defaults)

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
                p *= 1 - group["lr"] * group["weight_decay"]
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
