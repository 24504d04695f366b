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
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v, t = self.state.get(p, (torch.zeros_like(p), torch.zeros_like(p), 0))
                m = torch.lerp(m, p.grad, 1 - beta1)
                v = torch.lerp(v, p.grad.square(), 1 - beta2)
                t += 1
                self.state[p] = m, v, t
                # both corrections moved into one factor; epsilon has to follow
                root = (1 - beta2**t) ** 0.5
                p.addcdiv_(m, v.sqrt() + group["epsilon"] * root, value=-group["lr"] * root / (1 - beta1**t))
