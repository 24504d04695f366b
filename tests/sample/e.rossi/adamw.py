class AdamW(torch.optim.Optimizer):
    """Adam with decoupled weight decay: θ ← θ − η m̂ / (√v̂ + ε) − η λ θ, with the θ from before the step.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    weight_decay: λ, the share η λ of θ is taken away at each step
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(
            params,
            {
                "lr": learning_rate,
                "beta1": beta1,
                "beta2": beta2,
                "epsilon": epsilon,
                "weight_decay": weight_decay,
            },
        )

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        with torch.no_grad():
            for group in self.param_groups:
                lr, beta1, beta2 = group["lr"], group["beta1"], group["beta2"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if not state:
                        state["t"] = 0
                        state["m"] = torch.zeros_like(p)
                        state["v"] = torch.zeros_like(p)
                    state["t"] += 1
                    state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                    state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad**2
                    m_hat = state["m"] / (1 - beta1 ** state["t"])
                    v_hat = state["v"] / (1 - beta2 ** state["t"])
                    p -= lr * m_hat / (v_hat.sqrt() + group["epsilon"]) - lr * group["weight_decay"] * p
