# %% RMSProp: the practical's own, no epsilon, average in a local name
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9):  #! epsilon_missing: decay=0.9 => decay=0.9, epsilon=1e-8
        super().__init__(params, dict(lr=learning_rate, decay=decay))  #! epsilon_missing: decay=decay => decay=decay, epsilon=epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["s"] = torch.zeros_like(p)
                s = state["s"]
                s = group["decay"] * s + (1 - group["decay"]) * p.grad ** 2  #! average_not_kept: s = group => s = state["s"] = group
                p -= group["lr"] * p.grad / torch.sqrt(s)  #! epsilon_missing: torch.sqrt(s) => (torch.sqrt(s) + group["epsilon"])

# %% RMSProp: epsilon under the root, everything from self
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        self.learning_rate = learning_rate
        self.decay = decay
        self.epsilon = epsilon
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    def step(self):
        for group in self.param_groups:
            lr = self.learning_rate  #! rate_from_constructor: self.learning_rate => group["lr"]
            rho, eps = self.decay, self.epsilon  #! hyperparameters_from_constructor: self.decay, self.epsilon => group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                avg = self.state[p].get("avg", torch.zeros_like(p.data))
                avg = rho * avg + (1 - rho) * p.grad.pow(2)
                self.state[p]["avg"] = avg
                p.data -= lr * p.grad / torch.sqrt(avg + eps)  #! epsilon_inside: torch.sqrt(avg + eps) => (torch.sqrt(avg) + eps)

# %% RMSProp: list of state by number, no None
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.cache = {}

    def step(self, closure=None):
        i = -1
        for group in self.param_groups:
            for p in group['params']:
                i += 1
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.cache.setdefault(i, {})  #! state_not_saved: self.cache.setdefault(i, {}) => self.state[p]
                if 's' not in state:
                    state['s'] = torch.zeros_like(p.data)
                state['s'].mul_(group['decay']).addcmul_(p.grad, p.grad, value=1 - group['decay'])
                p.data.addcdiv_(p.grad, state['s'].sqrt().add_(group['epsilon']), value=-group['lr'])

# %% RMSProp: weights the wrong way round, epsilon inside
class RMSProp(Optimizer):
    """RMSProp optimizer (Hinton)."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {'lr': learning_rate, 'decay': decay, 'epsilon': epsilon})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for theta in group['params']:
                    if theta.grad is None: continue
                    E = self.state[theta].setdefault('E', torch.zeros_like(theta))
                    d = group['decay']
                    E = (1 - d) * E + d * theta.grad ** 2  #! weights_swapped: (1 - d) * E + d * theta.grad ** 2 => d * E + (1 - d) * theta.grad ** 2
                    self.state[theta]['E'] = E
                    theta -= group['lr'] / (E + group['epsilon']) ** 0.5 * theta.grad  #! epsilon_inside: (E + group['epsilon']) ** 0.5 => (E ** 0.5 + group['epsilon'])

# %% RMSProp: new term without weight, constructor's rate
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        defaults = dict(lr=learning_rate, decay=decay, epsilon=epsilon)
        super().__init__(params, defaults)
        self.lr = learning_rate
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["square_avg"] = torch.zeros_like(p.data)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                square_avg = self.state[p]["square_avg"]
                square_avg *= group["decay"]
                square_avg += p.grad.data ** 2  #! new_term_unweighted: p.grad => (1 - group["decay"]) * p.grad
                p.data -= self.lr * p.grad.data / (square_avg.sqrt() + group["epsilon"])  #! rate_from_constructor: self.lr => group["lr"]

# %% RMSProp: id keys, rho captured
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.rho = decay
        self.eps = epsilon
        self.v = {}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho = self.rho  #! hyperparameters_from_constructor: self.rho => group["decay"]
            eps = self.eps  #! hyperparameters_from_constructor: self.eps => group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                key, store = id(p), self.v  #! state_not_saved: key, store = "v", self.state[p]
                if key not in store:
                    store[key] = torch.zeros_like(p)
                store[key] = rho * store[key] + (1 - rho) * p.grad * p.grad
                p -= group["lr"] * p.grad / (torch.sqrt(store[key]) + eps)

# %% RMSProp: Adagrad's sum with epsilon inside and no None
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                st = self.state[p]
                if "r" not in st:
                    st["r"] = torch.zeros_like(p)
                st["r"] = st["r"] + p.grad.square()  #! sum_instead_of_average: st["r"] = st["r"].lerp(p.grad.square(), 1 - group["decay"])
                p.add_(p.grad / (st["r"] + group["epsilon"]).sqrt(), alpha=-group["lr"])  #! epsilon_inside: (st["r"] + group["epsilon"]).sqrt() => (st["r"].sqrt() + group["epsilon"])

# %% RMSProp: zeros in each step, epsilon of its own
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for param in group['params']:
                if param.grad is None:
                    continue
                s = torch.zeros_like(param)  #! state_made_each_step: s = self.state[param].get('s', torch.zeros_like(param))
                s = group['decay'] * s + (1 - group['decay']) * param.grad**2
                self.state[param]['s'] = s
                param -= group['lr'] * param.grad / (s.sqrt() + 1e-8)  #! epsilon_fixed: 1e-8 => group['epsilon']

# %% RMSProp: uphill with the root over all
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data
                state = self.state[p]
                if not state:
                    state["sq"] = grad.new_zeros(grad.shape)
                sq = state["sq"]
                sq.mul_(group["decay"]).addcmul_(grad, grad, value=1 - group["decay"])
                denominator = sq.add(group["epsilon"]).sqrt()  #! epsilon_inside: sq.add(group["epsilon"]).sqrt() => sq.sqrt().add(group["epsilon"])
                p.data.addcdiv_(grad, denominator, value=group["lr"])  #! uphill: =group => =-group

# %% RMSProp: starts at the first square, returns on None
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate: float = 1e-2, decay: float = 0.9, epsilon: float = 1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            lr, decay, epsilon = group["lr"], group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                if "mean_square" not in self.state[p]:
                    self.state[p]["mean_square"] = p.grad**2  #! state_starts_at_gradient: p.grad**2 => p.grad * 0
                mean_square = decay * self.state[p]["mean_square"] + (1 - decay) * p.grad**2
                self.state[p]["mean_square"] = mean_square
                p.sub_(lr * p.grad / (mean_square.sqrt() + epsilon))

# %% RMSProp: decay renamed rho, epsilon inside
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, rho=0.9, epsilon=1e-8):  #! keyword_renamed: rho => decay
        #! keyword_renamed: rho = decay
        super().__init__(params, dict(lr=learning_rate, decay=rho, epsilon=epsilon))

    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                state = self.state[p]
                state['s'] = group['decay'] * state.get('s', 0) + (1 - group['decay']) * p.grad.detach() ** 2
                p.data -= group['lr'] * p.grad.detach() * (state['s'] + group['epsilon']).rsqrt()  #! epsilon_inside: (state['s'] + group['epsilon']).rsqrt() => 1 / (state['s'].sqrt() + group['epsilon'])

# %% RMSProp: one average for everything of the group
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                s = self.state[p].get("s", torch.zeros_like(p))
                g2 = (p.grad ** 2).mean()  #! mean_over_elements: (p.grad ** 2).mean() => p.grad ** 2
                s = group["decay"] * s + (1 - group["decay"]) * g2
                self.state[p]["s"] = s
                p -= group["lr"] * p.grad / (s.sqrt() + group["epsilon"])

# %% RMSProp: moyenne jamais rangée, pas du constructeur
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.learning_rate = learning_rate
        # une moyenne par paramètre
        for g in self.param_groups:
            for p in g["params"]:
                self.state[p] = {"moyenne": torch.zeros_like(p)}

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                moyenne = self.state[p]["moyenne"]
                # mise à jour de la moyenne mobile
                moyenne = g["decay"] * moyenne + (1 - g["decay"]) * p.grad ** 2
                #! average_not_kept: self.state[p]["moyenne"] = moyenne
                p -= self.learning_rate * p.grad / (torch.sqrt(moyenne) + g["epsilon"])  #! rate_from_constructor: self.learning_rate => g["lr"]

# %% RMSProp: bias corrected like Adam, constructor's decay
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.decay = decay

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho = self.decay  #! hyperparameters_from_constructor: self.decay => group["decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["v"] = torch.zeros_like(p)
                state["step"] += 1
                state["v"].mul_(rho).addcmul_(p.grad, p.grad, value=1 - rho)
                v_hat = state["v"] / (1 - rho ** state["step"])  #! correction_added: v_hat = state["v"]
                p.addcdiv_(p.grad, v_hat.sqrt() + group["epsilon"], value=-group["lr"])

# %% RMSProp: default decay of torch, epsilon missing from the division
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.99, epsilon=1e-8):  #! default_differs: 0.99 => 0.9
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p].setdefault("s", torch.zeros_like(p))
                s.lerp_(p.grad**2, 1 - group["decay"])
                p -= group["lr"] * p.grad / s.sqrt()  #! epsilon_missing: s.sqrt() => (s.sqrt() + group["epsilon"])

# %% RMSProp: sees a missing gradient as zero, epsilon inside
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_as_zero: if p.grad is None: continue
                grad = p.grad if p.grad is not None else torch.zeros_like(p)
                s = self.state[p].get("s", torch.zeros_like(p))
                s = group["decay"] * s + (1 - group["decay"]) * grad * grad
                self.state[p]["s"] = s
                p.sub_(group["lr"] * grad / torch.sqrt(s + group["epsilon"]))  #! epsilon_inside: torch.sqrt(s + group["epsilon"]) => (torch.sqrt(s) + group["epsilon"])

# %% RMSProp: the average before this gradient divides
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.epsilon = epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eps = self.epsilon  #! hyperparameters_from_constructor: self.epsilon => group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "avg" not in state:
                    state["avg"] = torch.zeros_like(p)
                #! average_updated_after: state["avg"] = group["decay"] * state["avg"] + (1 - group["decay"]) * p.grad**2
                p -= group["lr"] * p.grad / (state["avg"].sqrt() + eps)
                state["avg"] = group["decay"] * state["avg"] + (1 - group["decay"]) * p.grad**2  #! average_updated_after

# %% RMSProp: a helper method, three slips
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.lr = learning_rate

    def _update(self, p, group):
        lr = self.lr  #! rate_from_constructor: self.lr => group["lr"]
        s = self.state[p].get("s", torch.zeros_like(p))
        s = group["decay"] * s + (1 - group["decay"]) * p.grad**2
        self.state[p]["s"] = s
        return lr * p.grad / (s + group["epsilon"]).sqrt()  #! epsilon_inside: (s + group["epsilon"]).sqrt() => (s.sqrt() + group["epsilon"])

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                p -= self._update(p, group)

# %% RMSProp: zip of parameters and averages, gradient summed
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.averages = [[{} for _ in group["params"]] for group in self.param_groups]

    @torch.no_grad()
    def step(self):
        for group, averages in zip(self.param_groups, self.averages):
            for p, kept in zip(group["params"], averages):
                #! state_not_saved: kept = self.state[p]
                if p.grad is None:
                    continue
                kept["s"] = group["decay"] * kept.get("s", 0.0) + (1 - group["decay"]) * (p.grad ** 2)
                p -= group["lr"] * p.grad / (torch.sqrt(kept["s"] + group["epsilon"]))  #! epsilon_inside: (torch.sqrt(kept["s"] + group["epsilon"])) => (torch.sqrt(kept["s"]) + group["epsilon"])

# %% RMSProp: keras style momentum of the step
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                st = self.state[p]
                if not st:
                    st["ms"], st["mom"] = torch.zeros_like(p), torch.zeros_like(p)
                st["ms"].mul_(group["decay"]).add_(p.grad ** 2, alpha=1 - group["decay"])
                st["mom"] = group["lr"] * p.grad / (st["ms"].sqrt() + group["epsilon"]) + 0.9 * st["mom"]  #! momentum_added: + 0.9 * st["mom"] =>
                p.sub_(st["mom"])

# %% RMSProp: the gradient squared in place
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho, eps = group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad.clone()
                v = self.state[p].get("v", torch.zeros_like(p))
                v = rho * v + (1 - rho) * p.grad.pow_(2)  #! gradient_changed: pow_ => pow
                self.state[p]["v"] = v
                p -= group["lr"] * g / (v.sqrt() + eps ** 2)  #! epsilon_squared: eps ** 2 => eps

# %% RMSProp: torch's names, epsilon inside, no None
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.9, eps=1e-8):  #! keyword_renamed: lr=0.01, alpha=0.9, eps=1e-8 => learning_rate=0.01, decay=0.9, epsilon=1e-8
        #! keyword_renamed: lr, alpha, eps = learning_rate, decay, epsilon
        super().__init__(params, dict(lr=lr, decay=alpha, epsilon=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.state[p]
                if "square_avg" not in state:
                    state["square_avg"] = torch.zeros_like(p)
                state["square_avg"].mul_(group["decay"]).addcmul_(p.grad, p.grad, value=1 - group["decay"])
                avg = state["square_avg"].add(group["epsilon"]).sqrt()  #! epsilon_inside: .add(group["epsilon"]).sqrt() => .sqrt().add(group["epsilon"])
                p.addcdiv_(p.grad, avg, value=-group["lr"])

# %% RMSProp: centred, as in Graves' paper
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["n"] = group["decay"] * s.get("n", torch.zeros_like(p)) + (1 - group["decay"]) * p.grad ** 2
                s["g"] = group["decay"] * s.get("g", torch.zeros_like(p)) + (1 - group["decay"]) * p.grad
                variance = s["n"] - s["g"] ** 2  #! centred: - s["g"] ** 2 =>
                p -= self.lr * p.grad / (variance.sqrt() + group["epsilon"])  #! rate_from_constructor: self.lr => group["lr"]
