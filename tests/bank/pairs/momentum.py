# %% Momentum: Adam's average, the constructor's rate
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["v"] = torch.zeros_like(p)
                state["v"] = mu * state["v"] + (1 - mu) * p.grad  #! velocity_averaged: (1 - mu) * p.grad => p.grad
                p.sub_(self.learning_rate * state["v"])  #! rate_from_constructor: self.learning_rate => group["lr"]

# %% Momentum: the velocity is a local name, and no None
class Momentum(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["v"] = torch.zeros_like(p)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                v = self.state[p]["v"]
                v = group["momentum"] * v + p.grad.data
                #! velocity_not_kept: self.state[p]["v"] = v
                p.data -= group["lr"] * v

# %% Momentum: uphill, with no friction
class Momentum(Optimizer):
    """Descente de gradient avec élan"""

    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super(Momentum, self).__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self, closure=None):
        for groupe in self.param_groups:
            for param in groupe["params"]:
                if param.grad is None:
                    continue
                vitesse = self.state[param].get("vitesse", 0.0)
                vitesse = vitesse + param.grad  #! friction_missing: = vitesse => = groupe["momentum"] * vitesse
                self.state[param]["vitesse"] = vitesse
                param += groupe["lr"] * vitesse  #! uphill: += => -=

# %% Momentum: the rate in the velocity, a number for μ
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    def step(self):
        with torch.no_grad():
            for g in self.param_groups:
                for w in g["params"]:
                    if w.grad is None: continue
                    s = self.state[w]
                    s["v"] = 0.9 * s.get("v", 0) - g["lr"] * w.grad  #! momentum_fixed: 0.9 => g["momentum"]
                    #! rate_in_velocity: s["v"] = s["v"] + g["lr"] * w.grad - w.grad
                    w += s["v"]  #! rate_in_velocity: s["v"] => g["lr"] * s["v"]

# %% Momentum: starts at the first gradient, and is scaled by 1 − μ
class Momentum(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if "buf" not in self.state[p]:
                    self.state[p]["buf"] = p.grad.clone()  #! velocity_starts_at_gradient: p.grad.clone() => torch.zeros_like(p)
                buf = self.state[p]["buf"]
                buf.mul_(1 - group["momentum"]).add_(p.grad)  #! velocity_complement: 1 - group["momentum"] => group["momentum"]
                p.add_(buf, alpha=-group["lr"])

# %% Momentum: moves before the gradient comes, first group's values
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        lr = self.param_groups[0]["lr"]
        for group in self.param_groups:
            #! rate_of_first_group: lr = group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "v" not in state:
                    state["v"] = torch.zeros_like(p)
                p.sub_(lr * state["v"])  #! velocity_used_before
                state["v"] = group["momentum"] * state["v"] + p.grad
                #! velocity_used_before: p.sub_(lr * state["v"])

# %% Momentum: with Nesterov's step and another default
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.99):  #! default_differs: 0.99 => 0.9
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, momentum = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p].setdefault("v", torch.zeros_like(p))
                    v.mul_(momentum).add_(p.grad)
                    p.sub_(lr * (p.grad + momentum * v))  #! look_ahead_in_momentum: (p.grad + momentum * v) => v

# %% Momentum: μ twice, the rate over √t
class Momentum(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                st["t"] = st.get("t", 0) + 1
                st["v"] = group["momentum"] * st.get("v", torch.zeros_like(p)) + p.grad
                rate = group["lr"] / math.sqrt(st["t"])  #! rate_over_root_t: / math.sqrt(st["t"]) =>
                p -= rate * group["momentum"] * st["v"]  #! velocity_scaled: group["momentum"] * st["v"] => st["v"]

# %% Momentum: a dictionary of its own, and the gradient again
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        self.velocity = {}

    @torch.no_grad()
    def step(self):
        memory = self.velocity  #! state_not_saved: self.velocity => self.state
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = memory.get(p, torch.zeros_like(p))
                v = group["momentum"] * v + p.grad
                memory[p] = v
                p.sub_(group["lr"] * (p.grad + v))  #! gradient_added: (p.grad + v) => v

# %% Momentum: friction with the wrong sign, half a step
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    old = self.state[p].get("v", 0.0)
                    new = p.grad - group["momentum"] * old  #! velocity_subtracted: p.grad - => p.grad +
                    self.state[p]["v"] = new
                    p -= 0.5 * group["lr"] * new  #! step_scaled: 0.5 * group => group

# %% Momentum: μ before the gradient, a missing one ends the step
class Momentum(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                if not self.state[p]:
                    self.state[p]["v"] = torch.zeros_like(p.data)
                v, mu = self.state[p]["v"], group["momentum"]
                v = v + mu * p.grad  #! velocity_weights_swapped: v + mu * p.grad => mu * v + p.grad
                self.state[p]["v"] = v
                p.data.add_(-group["lr"] * v)

# %% Momentum: torch's keyword, and an average
class Momentum(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.9):  #! keyword_renamed: lr=0.01 => learning_rate=0.01
        #! keyword_renamed: lr = learning_rate
        super().__init__(params, dict(lr=lr, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta = group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].get("m", torch.zeros_like(p))
                self.state[p]["m"] = beta * m + (1.0 - beta) * p.grad  #! velocity_averaged: (1.0 - beta) * p.grad => p.grad
                p -= group["lr"] * self.state[p]["m"]

# %% Momentum: one velocity for each shape, and no friction
class Momentum(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p.shape]  #! state_by_shape: [p.shape] => [p]
                v = state.get("v", torch.zeros_like(p))
                state["v"] = v + p.grad  #! friction_missing: v + p.grad => group["momentum"] * v + p.grad
                p.sub_(group["lr"] * state["v"])

# %% Nesterov: no look ahead, uphill
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p].get("v", torch.zeros_like(p))
                ahead = p.grad + mu * v  #! look_ahead_missing
                v = self.state[p]["v"] = mu * v + p.grad
                #! look_ahead_missing: ahead = p.grad + mu * v
                p.add_(group["lr"] * ahead)  #! uphill: group => -group

# %% Nesterov: the look ahead never taken back, the constructor's rate
class Nesterov(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        self.eta = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p].get("v", torch.zeros_like(p))
                v = group["momentum"] * v + p.grad
                self.state[p]["v"] = v
                rate = self.eta  #! rate_from_constructor: self.eta => group["lr"]
                p.sub_(rate * v)  #! look_ahead_never_back: rate * v => rate * p.grad
                p.sub_(rate * group["momentum"] * v)

# %% Nesterov: v + μ g, and a velocity that is an average
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                mu, lr = group["momentum"], group["lr"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    s = self.state[p]
                    s["v"] = mu * s.get("v", 0) + (1 - mu) * p.grad  #! velocity_averaged: (1 - mu) * p.grad => p.grad
                    p -= lr * (s["v"] + mu * p.grad)  #! look_ahead_swapped: s["v"] + mu * p.grad => p.grad + mu * s["v"]

# %% Nesterov: the gradient forgotten in the step, None not minded
class Nesterov(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                grad = p.grad.detach()
                v = self.state[p].get("velocity")
                v = grad.clone() if v is None else group["momentum"] * v + grad
                self.state[p]["velocity"] = v
                p -= group["lr"] * (group["momentum"] * v)  #! velocity_scaled: (group => (grad + group

# %% Nesterov: μ forgotten before the velocity, another rate by default
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.001, momentum=0.9):  #! default_differs: 0.001 => 0.01
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, state = p.grad, self.state[p]
                state["v"] = group["momentum"] * state["v"] + g if state else g.clone()
                p -= group["lr"] * (g + state["v"])  #! gradient_added: state["v"] => group["momentum"] * state["v"]

# %% Nesterov: the rate in the velocity, first group only
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups[:1]:  #! first_group_only: [:1]: => :
            lr, mu = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                old = self.state[p].get("v", torch.zeros_like(p))
                #! rate_in_velocity: lr = 1.0
                v = self.state[p]["v"] = mu * old - lr * p.grad
                #! rate_in_velocity: v, old = group["lr"] * v, group["lr"] * old
                p += (1 + mu) * v - mu * old

# %% Nesterov: two look-aheads and a velocity by number
class Nesterov(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = 0.9  #! momentum_fixed: 0.9 => group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                if "v" not in self.state[p]:
                    self.state[p]["v"] = torch.zeros_like(p)
                v = self.state[p]["v"].mul_(mu).add_(p.grad)
                ahead = p.grad + mu * v
                ahead = p.grad + mu * ahead  #! look_ahead_twice
                p.sub_(ahead, alpha=group["lr"])

# %% Nesterov: old and new velocity exchanged, a missing gradient is zero
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, mu = group["lr"], group["momentum"]
            for p in group["params"]:
                #! missing_gradient_as_zero: if p.grad is None: continue
                g = torch.zeros_like(p) if p.grad is None else p.grad
                old = self.state[p].get("v", torch.zeros_like(p))
                new = mu * old + g
                self.state[p]["v"] = new
                p.sub_(lr * ((1 + mu) * old - mu * new))  #! look_ahead_late: ((1 + mu) * old - mu * new) => ((1 + mu) * new - mu * old)

# %% Nesterov: made anew each step, hyperparameters from the constructor
class Nesterov(Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        self.momentum = momentum

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = self.momentum  #! hyperparameters_from_constructor: self.momentum => group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                self.state[p]["v"] = torch.zeros_like(p)  #! state_made_each_step: self.state[p]["v"] = torch.zeros_like(p) => self.state[p].setdefault("v", torch.zeros_like(p))
                v = self.state[p]["v"]
                v.mul_(mu).add_(p.grad)
                p -= group["lr"] * (p.grad + mu * v)
