# %% SignSGD: uphill, and zero is a positive number
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = torch.where(p.grad >= 0, 1.0, -1.0).to(p.dtype)  #! zero_has_sign: torch.where(p.grad >= 0, 1.0, -1.0) => p.grad.sign()
                p += group["lr"] * s  #! uphill: += => -=

# %% SignSGD: the constructor's rate, and an ε below the line
class SignSGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        self.learning_rate = learning_rate
        super().__init__(params, dict(lr=learning_rate))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                lr = self.learning_rate  #! rate_from_constructor: lr = group["lr"]
                for p in group["params"]:
                    if p.grad is not None:
                        g = p.grad
                        p -= lr * g / (g.abs() + 1e-8)  #! epsilon_beside_size: g / (g.abs() + 1e-8) => torch.sign(g)

# %% SignSGD: no sign at all, and None crashes
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                d_p = p.grad.data
                p.data.add_(d_p, alpha=-group["lr"])  #! sign_missing: d_p, => d_p.sign(),

# %% SignSGD: the momentum's sign, and the rate over √t
class SignSGD(Optimizer):
    """Signum, d'après l'article"""

    def __init__(self, params, learning_rate=0.01):
        super(SignSGD, self).__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for param in groupe["params"]:
                if param.grad is None:
                    continue
                etat = self.state[param]
                if not etat:
                    etat["t"], etat["m"] = 0, torch.zeros_like(param)
                etat["t"] += 1
                etat["m"] = 0.9 * etat["m"] + param.grad  #! momentum_added: 0.9 * etat["m"] + param.grad => param.grad.clone()
                param -= groupe["lr"] / etat["t"] ** 0.5 * etat["m"].sign()  #! rate_over_root_t: / etat["t"] ** 0.5 =>

# %% SignSGD: one parameter alone, by its size
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad / (p.grad.norm() + 1e-12)  #! length_in_place_of_sign: g = torch.sign(p.grad)
                p.sub_(g * group["lr"])
                break  #! first_parameter_only

# %% SignSGD: tanh, and another default
class SignSGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001):  #! default_differs: 0.001 => 0.01
        super().__init__(params, defaults={"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = group["lr"]
            for p in group["params"]:
                if p.grad is None: continue
                direction = torch.tanh(p.grad)  #! soft_sign: torch.tanh(p.grad) => torch.sgn(p.grad)
                p.copy_(p - lr * direction)

# %% SignSGD: the first group only, and divided by the size
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
                for p in group["params"]:
                    if p.grad is not None:
                        size = p.grad.abs()
                        #! divided_by_own_size: size[size == 0] = 1
                        p -= group["lr"] * p.grad / size

# %% newton_schulz: not divided, and b positive
def newton_schulz(gradient, steps=5):
    a, b, c = 3.4445, 4.7750, 2.0315  #! coefficient_other_sign: 4.7750 => -4.7750
    X = gradient  #! norm_left_out: gradient => gradient / (gradient.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% newton_schulz: the spectral norm, and one step too many
def newton_schulz(gradient, steps=5):
    X = gradient / (torch.linalg.norm(gradient, 2) + 1e-7)  #! spectral_norm: torch.linalg.norm(gradient, 2) => torch.linalg.norm(gradient)
    for k in range(steps + 1):  #! one_step_more: steps + 1 => steps
        A = X @ X.mT
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X

# %% newton_schulz: not transposed back, and six steps
def newton_schulz(gradient, steps=6):  #! default_steps_differ: 6 => 5
    a, b, c = (3.4445, -4.7750, 2.0315)
    X = gradient / (gradient.norm() + 1e-7)
    if gradient.size(0) > gradient.size(1):
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        B = b * A + c * A @ A
        X = a * X + B @ X
    #! stays_transposed: if gradient.size(0) > gradient.size(1): X = X.T
    return X

# %% newton_schulz: number by number, and always five steps
def newton_schulz(gradient, steps=5):
    x = gradient / (torch.sqrt((gradient ** 2).sum()) + 1e-7)
    for i in range(5):  #! steps_ignored: range(5) => range(steps)
        x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5  #! powers_of_numbers: x ** 3 + 2.0315 * x ** 5 => x @ x.T @ x + 2.0315 * x @ x.T @ x @ x.T @ x
    return x

# %% newton_schulz: the first term forgotten, and the largest number
def newton_schulz(gradient, steps=5):
    X = gradient / (gradient.abs().max() + 1e-7)  #! largest_number: gradient.abs().max() => gradient.norm()
    for _ in range(steps):
        A = X @ X.T
        X = (-4.7750 * A + 2.0315 * A @ A) @ X  #! first_term_left_out: = (-4 => = 3.4445 * X + (-4
    return X

# %% newton_schulz: changes the gradient, and b and c in each other's place
def newton_schulz(gradient, steps=5):
    b, c = 2.0315, -4.7750  #! coefficients_exchanged: b, c = -4.7750, 2.0315
    X = gradient
    X /= X.norm() + 1e-7  #! start_moved: X = X / (X.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (b * A + c * A @ A) @ X
    return X

# %% newton_schulz: A three times, and no root
def newton_schulz(gradient, steps=5):
    norm = (gradient * gradient).sum()  #! root_left_out: .sum() => .sum().sqrt()
    X = gradient / (norm + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (-4.775 * A + 2.0315 * A @ A @ A) @ X  #! another_power: A @ A @ A => A @ A
    return X

# %% newton_schulz: the norm at every step, and the size put back
def newton_schulz(gradient, steps=5):
    X = gradient / (gradient.norm() + 1e-7)
    for _ in range(steps):
        X = X / (X.norm() + 1e-7)  #! norm_every_step
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X * gradient.norm()  #! size_put_back: X * gradient.norm() => X

# %% Muon: the rate of the constructor, and no factor
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        self.lr = learning_rate
        if any(p.ndim != 2 for group in self.param_groups for p in group["params"]):
            raise ValueError("Muon needs matrices")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                buf = self.state[p].setdefault("buf", torch.zeros_like(p))
                buf.mul_(group["momentum"]).add_(p.grad)
                p -= self.lr * newton_schulz(buf)  #! rate_from_constructor: self.lr => group["lr"]  #! factor_left_out: newton_schulz(buf) => newton_schulz(buf) * max(1, p.shape[0] / p.shape[1]) ** 0.5

# %% Muon: uphill, and vectors are taken
class Muon(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        #! vectors_taken: assert_matrices = [p for g in self.param_groups for p in g["params"] if p.dim() != 2]
        #! vectors_taken: if assert_matrices: raise ValueError("2-D parameters only")

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None: continue
                    s = self.state[p]
                    s["v"] = group["momentum"] * s.get("v", 0) + p.grad
                    rows, cols = p.shape
                    p += group["lr"] * math.sqrt(max(1, rows / cols)) * newton_schulz(s["v"])  #! uphill: += => -=

# %% Muon: looks ahead, with a number for μ
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if len(p.shape) != 2:
                    raise ValueError("not a matrix")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            mu = 0.95  #! momentum_fixed: 0.95 => group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["v"] = torch.zeros_like(p)
                state["v"] = mu * state["v"] + p.grad
                update = newton_schulz(p.grad + mu * state["v"])  #! looks_ahead: p.grad + mu * state["v"] => state["v"]
                p.sub_(group["lr"] * max(1, p.size(0) / p.size(1)) ** 0.5 * update)

# %% Muon: the factor of the other side, and all ends at None
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        for g in self.param_groups:
            for p in g["params"]:
                if p.ndim != 2: raise ValueError(p.shape)

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    break  #! missing_gradient_ends_step: continue
                v = self.state[p].get("v")
                v = p.grad.clone() if v is None else g["momentum"] * v + p.grad
                self.state[p]["v"] = v
                h, w = p.shape
                factor = max(1, w / h) ** 0.5  #! factor_of_other_side: w / h => h / w
                p -= g["lr"] * factor * newton_schulz(v)

# %% Muon: the momentum after, kept outside of the state
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        self.velocities = {}
        if any(p.ndim != 2 for g in self.param_groups for p in g["params"]):
            raise ValueError("only matrices")

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                store = self.velocities.setdefault(p, {})  #! state_not_saved: self.velocities.setdefault(p, {}) => self.state[p]
                old = store.get("v", torch.zeros_like(p))
                store["v"] = g["momentum"] * old + newton_schulz(p.grad)  #! momentum_after_schulz: newton_schulz(p.grad) => p.grad
                step = store["v"]  #! momentum_after_schulz: step = newton_schulz(store["v"])
                p -= g["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5 * step

# %% Muon: nothing fades, and the factor has no root
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError("Muon : des matrices seulement")

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for W in groupe["params"]:
                if W.grad is None:
                    continue
                v = self.state[W].get("v", torch.zeros_like(W))
                v = v + W.grad  #! friction_missing: = v + => = groupe["momentum"] * v +
                self.state[W]["v"] = v
                m, n = W.shape
                W -= groupe["lr"] * max(1, m / n) * newton_schulz(v)  #! factor_without_root: max(1, m / n) => max(1, m / n) ** 0.5

# %% Muon: the sign of the velocity, in the first group only
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError("matrices only")

    def step(self):
        with torch.no_grad():
            for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    state["v"] = group["momentum"] * state.get("v", 0) + p.grad
                    O = torch.sign(state["v"])  #! sign_of_velocity: torch.sign => newton_schulz
                    p -= group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5 * O
