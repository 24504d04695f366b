class RMSProp(torch.optim.Optimizer):
    """RMSProp."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        """Step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p not in self.state:
                    self.state[p] = torch.zeros_like(p)  # the mean square is all there is to remember
                s = self.state[p].lerp_(p.grad.square(), 1 - group["decay"])
                p.addcdiv_(p.grad, s.sqrt().add_(group["epsilon"]), value=-group["lr"])
