# %% SGD: the handout's decreasing rate, all from the constructor
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super(SGD, self).__init__(params, dict(lr=learning_rate))
        self.learning_rate = learning_rate
        self.t = 0

    @torch.no_grad()
    def step(self, closure=None):
        self.t += 1
        for group in self.param_groups:
            lr = self.learning_rate  #! rate_from_constructor: lr = group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.add_(p.grad, alpha=-lr / math.sqrt(self.t))  #! rate_over_root_t: / math.sqrt(self.t) =>

# %% SGD: add_ with the sign lost, no None
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        defaults = dict(lr=learning_rate)
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                #! missing_gradient_crashes: if p.grad is None: continue
                d_p = p.grad.data
                p.data.add_(d_p, alpha=group['lr'])  #! uphill: =group => =-group

# %% SGD: returns at the first missing gradient
class SGD(torch.optim.Optimizer):
    """Descente de gradient stochastique"""

    def __init__(self, params, learning_rate: float = 0.01) -> None:
        super().__init__(params, {"lr": learning_rate})
        self.eta = learning_rate

    def step(self) -> None:
        # on parcourt tous les paramètres
        for groupe in self.param_groups:
            for param in groupe["params"]:
                if param.grad is None:
                    return  #! missing_gradient_ends_step: continue
                with torch.no_grad():
                    # theta <- theta - eta * grad
                    param -= self.eta * param.grad  #! rate_from_constructor: self.eta => groupe["lr"]

# %% SGD: torch's keyword and the remembered rate
class SGD(Optimizer):
    def __init__(self, params, lr=0.01):  #! keyword_renamed: lr=0.01 => learning_rate=0.01
        #! keyword_renamed: lr = learning_rate
        self.lr = lr
        super().__init__(params, {'lr': lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is not None:
                    p.sub_(self.lr * p.grad)  #! rate_from_constructor: self.lr => group['lr']

# %% SGD: rate divided by the number of the step, wrong way
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))
        self.k = 0

    def step(self):
        self.k = self.k + 1
        with torch.no_grad():
            for g in self.param_groups:
                rate = g["lr"] / self.k  #! rate_over_t: / self.k =>
                for w in g["params"]:
                    if w.grad is None: continue
                    w.copy_(w + rate * w.grad)  #! uphill: w + => w -

# %% SGD: break on None, another default
class SGD(Optimizer):
    def __init__(self, params, learning_rate=1e-3):  #! default_differs: 1e-3 => 1e-2
        if learning_rate < 0.0:
            raise ValueError(f"Invalid learning rate: {learning_rate}")
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    break  #! missing_gradient_ends_step: continue
                p.add_(p.grad, alpha=-group["lr"])

# %% SGD: factor two from the derivative of the square
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups[0:1]:  #! first_group_only: [0:1] =>
            for param in group["params"]:
                if param.grad is None:
                    continue
                # derivative of the squared loss brings a 2
                param -= 2 * group["lr"] * param.grad  #! step_scaled: 2 * =>

# %% SGD: momentum out of habit
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))
        self.learning_rate = learning_rate
        self.momentum = 0.9

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = p.grad
                if "v" in self.state[p]:  #! momentum_added
                    v = self.momentum * self.state[p]["v"] + p.grad  #! momentum_added
                self.state[p]["v"] = v.clone()
                p -= self.learning_rate * v  #! rate_from_constructor: self.learning_rate => group["lr"]

# %% SGD: gradient of length one
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                grad = p.grad.detach()
                grad = grad / (grad.norm() + 1e-12)  # éviter l'explosion  #! gradient_normalised
                p.data -= group["lr"] * grad

# %% SGD: scales the gradient itself
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return None  #! missing_gradient_ends_step: continue
                update = p.grad.mul_(group["lr"])  #! gradient_changed: mul_ => mul
                p.sub_(update)

# %% SGD: a rate that shrinks by itself
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                p -= group["lr"] * p.grad
            group["lr"] *= 0.99  # learning rate decay  #! rate_shrinks

# %% SGD: the sign alone
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        self.lr = learning_rate
        defaults = {'lr': self.lr}
        super().__init__(params, defaults)

    def step(self):
        lr = self.lr  #! rate_from_constructor
        for group in self.param_groups:
            #! rate_from_constructor: lr = group['lr']
            for p in group['params']:
                if p.grad is not None:
                    p.data.add_(torch.sign(p.grad), alpha=-lr)  #! gradient_sign_only: torch.sign(p.grad) => p.grad

# %% SGD: the move stands below the loop
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.defaults["lr"]  #! rate_from_constructor: self.defaults => group
            for p in group["params"]:
                if p.grad is None:
                    continue
                update = -lr * p.grad
                #! last_parameter_only: p.add_(update)
            p.add_(update)  #! last_parameter_only
