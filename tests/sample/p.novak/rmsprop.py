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
                state = self.state[p]
                if len(state) == 0:
                    state["s"] = torch.zeros_like(p)
                s = state["s"]
                s.mul_(group["decay"]).add_((1 - group["decay"]) * p.grad**2)
                p.sub_(group["lr"] * p.grad / torch.sqrt(s + group["epsilon"]))
