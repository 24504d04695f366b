# %% RMSProp: root forgotten, gradient not squared
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, rho, eps = group["lr"], group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                if p not in self.state:
                    self.state[p] = {"v": torch.zeros_like(p)}
                v = self.state[p]["v"]
                v.mul_(rho).add_((1 - rho) * g.abs())  #! gradient_not_squared: g.abs() => g * g
                p.sub_(lr * g / (v + eps))  #! root_missing: (v + eps) => (v.sqrt() + eps)

# %% RMSProp: average of the gradient, then squared
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                avg = self.state[p].get("avg", torch.zeros_like(p))
                avg = group["decay"] * avg + (1 - group["decay"]) * p.grad  #! square_after_average: p.grad => p.grad**2
                self.state[p]["avg"] = avg
                rms = torch.sqrt(avg ** 2)  #! square_after_average: avg ** 2 => avg
                p -= self.learning_rate * p.grad / (rms + group["epsilon"])  #! rate_from_constructor: self.learning_rate => group["lr"]

# %% RMSProp: first group only, root forgotten
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
            params = [p for p in group['params'] if p.grad is not None]
            for p in params:
                moving = self.state[p].get('moving', torch.zeros_like(p))
                moving = moving * group['decay'] + p.grad.pow(2) * (1. - group['decay'])
                self.state[p]['moving'] = moving
                p.sub_(p.grad * group['lr'] / (moving + group['epsilon']))  #! root_missing: moving => moving ** 0.5

# %% RMSProp: state started at one, constructor's everything
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.learning_rate, self.decay, self.epsilon = learning_rate, decay, epsilon

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            eta = self.learning_rate  #! rate_from_constructor: self.learning_rate => group["lr"]
            gamma, eps = self.decay, self.epsilon  #! hyperparameters_from_constructor: gamma, eps = group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                if "Eg2" not in self.state[p]:
                    self.state[p]["Eg2"] = torch.ones_like(p)  #! state_starts_at_one: ones_like => zeros_like
                Eg2 = self.state[p]["Eg2"]
                Eg2.copy_(gamma * Eg2 + (1 - gamma) * p.grad**2)
                p.sub_(eta / (torch.sqrt(Eg2) + eps) * p.grad)
