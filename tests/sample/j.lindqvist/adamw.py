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
            ps = [p for p in group["params"] if p.grad is not None]
            if not ps:
                continue
            lr, beta1, beta2 = group["lr"], group["beta1"], group["beta2"]
            grads = [p.grad for p in ps]
            for p in ps:
                if p not in self.state:
                    self.state[p] = {"m": torch.zeros_like(p), "v": torch.zeros_like(p), "power1": 1.0, "power2": 1.0}
            states = [self.state[p] for p in ps]
            for state in states:  # beta ** t without a t
                state["power1"] *= beta1
                state["power2"] *= beta2
            ms, vs = [s["m"] for s in states], [s["v"] for s in states]
            torch._foreach_lerp_(ms, grads, 1 - beta1)
            torch._foreach_mul_(vs, beta2)
            torch._foreach_addcmul_(vs, grads, grads, value=1 - beta2)
            m_hats = torch._foreach_div(ms, [1 - s["power1"] for s in states])
            scales = torch._foreach_sqrt(torch._foreach_div(vs, [1 - s["power2"] for s in states]))
            torch._foreach_add_(scales, group["epsilon"])
            torch._foreach_mul_(ps, 1 - lr * group["weight_decay"])
            torch._foreach_addcdiv_(ps, m_hats, scales, value=-lr)
