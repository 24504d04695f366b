class Adagrad(torch.optim.Optimizer):
    """Adagrad."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        """Step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                # sqrt(G) instead of G: the hypotenuse adds one more square to it
                root = self.state[p].get("root", torch.zeros_like(p))
                self.state[p]["root"] = root = torch.hypot(root, p.grad)
                p.addcdiv_(p.grad, root + group["epsilon"], value=-group["lr"])
