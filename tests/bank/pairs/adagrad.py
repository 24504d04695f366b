# %% Adagrad: the practical's own, without epsilon, crash on None
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01):  #! epsilon_missing: 0.01 => 0.01, epsilon=1e-8
        super().__init__(params, dict(lr=learning_rate))  #! epsilon_missing: =learning_rate => =learning_rate, epsilon=epsilon

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                g = p.grad.data
                if "G" not in self.state[p]:
                    self.state[p]["G"] = torch.zeros_like(p.data)
                self.state[p]["G"] += g ** 2
                p.data -= group["lr"] * g / torch.sqrt(self.state[p]["G"])  #! epsilon_missing: torch.sqrt(self.state[p]["G"]) => (torch.sqrt(self.state[p]["G"]) + group["epsilon"])

# %% Adagrad: epsilon inside and a captured rate
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        self.learning_rate = learning_rate
        super().__init__(params, {'lr': learning_rate, 'epsilon': epsilon})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state['sum'] = torch.zeros_like(p)
                state['sum'].addcmul_(p.grad, p.grad)
                std = (state['sum'] + group['epsilon']).sqrt()  #! epsilon_inside: (state['sum'] + group['epsilon']).sqrt() => state['sum'].sqrt() + group['epsilon']
                p.addcdiv_(p.grad, std, value=-self.learning_rate)  #! rate_from_constructor: self.learning_rate => group['lr']

# %% Adagrad: somme jamais gardée
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.epsilon = epsilon
        for groupe in self.param_groups:
            for p in groupe['params']:
                self.state[p]['G'] = torch.zeros_like(p)

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for p in groupe['params']:
                if p.grad is None:
                    continue
                G = self.state[p]['G']
                G = G + p.grad ** 2  # on accumule  #! average_not_kept: G = self.state[p]['G'] = G + p.grad ** 2
                p -= groupe['lr'] * p.grad / (torch.sqrt(G) + self.epsilon)  #! hyperparameters_from_constructor: self.epsilon => groupe['epsilon']

# %% Adagrad: dictionary by id, no None
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.history = {}

    def step(self):
        for group in self.param_groups:
            for param in group["params"]:
                #! missing_gradient_crashes: if param.grad is None: continue
                key, history = id(param), self.history  #! state_not_saved: key, history = "sum", self.state[param]
                if key not in history:
                    history[key] = torch.zeros_like(param.data)
                history[key] += param.grad.data ** 2
                param.data -= group["lr"] * param.grad.data / (history[key].sqrt() + group["epsilon"])

# %% Adagrad: RMSProp's average with epsilon inside
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p].get("s", torch.zeros_like(p))
                s = 0.9 * s + 0.1 * p.grad**2  #! average_instead_of_sum: s = s + p.grad**2
                self.state[p]["s"] = s
                p -= group["lr"] * p.grad / torch.sqrt(s + group["epsilon"])  #! epsilon_inside: torch.sqrt(s + group["epsilon"]) => (torch.sqrt(s) + group["epsilon"])

# %% Adagrad: norm of the gradient instead of its elements
class Adagrad(Optimizer):
    """AdaGrad-Norm by accident."""
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.lr = learning_rate

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    square = torch.sum(p.grad ** 2)  #! sum_over_elements: torch.sum(p.grad ** 2) => p.grad ** 2
                    G = self.state[p]["G"] = self.state[p].get("G", 0) + square
                    p.sub_(self.lr * p.grad / (G.sqrt() + group["epsilon"]))  #! rate_from_constructor: self.lr => group["lr"]

# %% Adagrad: starts at one, returns on None
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-2, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["G"] = torch.full_like(p, 0.1)  #! state_starts_at_one: 0.1 => 0.0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, eps = group["lr"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                G = self.state[p]["G"]
                G.add_(p.grad.square())
                p.add_(-lr * p.grad / (G.sqrt() + eps))

# %% Adagrad: rate decay like the paper's library, uphill
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                state["G"] = state.get("G", torch.zeros_like(p)) + p.grad * p.grad
                lr = group["lr"] / t ** 0.5  #! rate_over_root_t: / t ** 0.5 =>
                p.sub_(-lr * p.grad / (state["G"].sqrt() + group["epsilon"]))  #! uphill: -lr => lr

# %% Adagrad: default of torch and the old sum
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-10):  #! default_differs: 1e-10 => 1e-8
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                G = self.state[p].setdefault("G", torch.zeros_like(p))
                #! average_updated_after: G += p.grad**2
                p -= group["lr"] * p.grad / (G.sqrt() + group["epsilon"])
                G += p.grad**2  #! average_updated_after

# %% Adagrad: root of epsilon's own number, first group
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
            for p in group['params']:
                if p.grad is None: continue
                s = self.state[p]
                s['cache'] = s.get('cache', torch.zeros_like(p)) + p.grad ** 2
                p -= group['lr'] * p.grad / (s['cache'].sqrt() + 1e-7)  #! epsilon_fixed: 1e-7 => group['epsilon']

# %% Adagrad: weight decay nobody asked for
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.eps = epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eps = self.eps  #! hyperparameters_from_constructor: self.eps => group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad + 0.01 * p  #! decay_added: g = p.grad
                G = self.state[p].get("G", torch.zeros_like(p)) + g * g
                self.state[p]["G"] = G
                p -= group["lr"] * g / (G.sqrt() + eps)

# %% Adagrad: zeros made in each step, renamed epsilon
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, eps=1e-8):  #! keyword_renamed: eps => epsilon
        #! keyword_renamed: eps = epsilon
        super().__init__(params, dict(lr=learning_rate, epsilon=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                self.state[p]["G"] = torch.zeros_like(p)  #! state_made_each_step: self.state[p].setdefault("G", torch.zeros_like(p))
                self.state[p]["G"] += p.grad ** 2
                p -= group["lr"] * p.grad / (self.state[p]["G"].sqrt() + group["epsilon"])

# %% Adagrad: squares the gradient for good
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.rate = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                if "G" not in self.state[p]:
                    self.state[p]["G"] = g * 0
                self.state[p]["G"] += g ** 2
                update = g.div_(self.state[p]["G"].sqrt() + group["epsilon"])  #! gradient_changed: div_ => div
                p -= self.rate * update  #! rate_from_constructor: self.rate => group["lr"]
