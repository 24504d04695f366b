# %% Adagrad: sums the gradients, root forgotten
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                acc = self.state[p].get("acc", torch.zeros_like(p))
                acc = acc + p.grad.abs()  #! gradient_not_squared: p.grad.abs() => p.grad ** 2
                self.state[p]["acc"] = acc
                p -= group["lr"] / (acc + group["epsilon"]) * p.grad  #! root_missing: acc => acc.sqrt()

# %% Adagrad: list in __init__, epsilon inside, no None
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.sums = [{"G": torch.zeros_like(p)} for group in self.param_groups for p in group["params"]]

    @torch.no_grad()
    def step(self):
        k = 0
        for group in self.param_groups:
            for p in group["params"]:
                kept = self.sums[k]
                k += 1
                #! missing_gradient_crashes: if p.grad is None: continue
                #! state_not_saved: kept = self.state[p]; kept.setdefault("G", torch.zeros_like(p))
                kept["G"] = kept["G"] + p.grad**2
                p -= group["lr"] * p.grad / torch.sqrt(kept["G"] + group["epsilon"])  #! epsilon_inside: torch.sqrt(kept["G"] + group["epsilon"]) => (torch.sqrt(kept["G"]) + group["epsilon"])
