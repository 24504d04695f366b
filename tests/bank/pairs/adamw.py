# %% AdamW: the handout as it stands, two betas in a tuple of locals
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        if learning_rate < 0:
            raise ValueError(f"Invalid learning rate: {learning_rate}")
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            lr = group["lr"]
            beta1, beta2 = group["beta1"], group["beta2"]
            eps, wd = group["epsilon"], group["weight_decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state.get("t", 1)
                m = state.get("m", torch.zeros_like(p.data))
                v = state.get("v", torch.zeros_like(p.data))
                grad = p.grad.data
                m = beta1 * m + (1 - beta1) * grad
                v = beta2 * v + (1 - beta2) * grad ** 2
                alpha_t = lr * math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)  #! epsilon_before_correction: * math.sqrt(1 - beta2 ** t) =>
                #! decay_after: p.data -= lr * wd * p.data
                p.data -= alpha_t * m / (torch.sqrt(v) + eps)  #! epsilon_before_correction: torch.sqrt(v) => torch.sqrt(v / (1 - beta2 ** t))
                p.data -= lr * wd * p.data  #! decay_after
                state["t"] = t + 1
                state["m"], state["v"] = m, v
        return loss

# %% AdamW: handout, addcdiv
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                exp_avg, exp_avg_sq = state["exp_avg"], state["exp_avg_sq"]
                state["step"] += 1
                exp_avg.mul_(group["beta1"]).add_(p.grad, alpha=1.0 - group["beta1"])
                exp_avg_sq.mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1.0 - group["beta2"])
                bias_correction1 = 1.0 - group["beta1"] ** state["step"]
                bias_correction2 = 1.0 - group["beta2"] ** state["step"]
                denom = exp_avg_sq.sqrt().add_(group["epsilon"])  #! epsilon_before_correction: exp_avg_sq.sqrt() => (exp_avg_sq / bias_correction2).sqrt()
                step_size = group["lr"] * math.sqrt(bias_correction2) / bias_correction1  #! epsilon_before_correction: * math.sqrt(bias_correction2) =>
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p.addcdiv_(exp_avg, denom, value=-step_size)
                p.add_(p, alpha=-group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: handout, decay by the corrected rate
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            alpha, b1, b2, eps, lam = group["lr"], group["beta1"], group["beta2"], group["epsilon"], group["weight_decay"]
            for theta in group["params"]:
                if theta.grad is None:
                    continue
                s = self.state[theta]
                t = s["t"] = s.get("t", 0) + 1
                m = s["m"] = b1 * s.get("m", torch.zeros_like(theta)) + (1 - b1) * theta.grad
                v = s["v"] = b2 * s.get("v", torch.zeros_like(theta)) + (1 - b2) * theta.grad ** 2
                alpha_t = alpha * (1 - b2 ** t) ** 0.5 / (1 - b1 ** t)
                theta -= alpha_t * lam * theta  #! decay_scaled_by_correction: alpha_t * lam => alpha * lam
                theta -= alpha_t * m / (v ** 0.5 + eps)  #! epsilon_before_correction: v ** 0.5 + eps => v ** 0.5 + eps * (1 - b2 ** t) ** 0.5

# %% AdamW: the practical's sign, averages in local names
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = {"m": torch.zeros_like(p), "v": torch.zeros_like(p), "t": 0}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                etat = self.state[p]
                etat["t"] += 1
                m, v, t = etat["m"], etat["v"], etat["t"]
                m = group["beta1"] * m + (1 - group["beta1"]) * p.grad
                v = group["beta2"] * v + (1 - group["beta2"]) * p.grad ** 2
                #! averages_not_kept: etat["m"], etat["v"] = m, v
                m_hat = m / (1 - group["beta1"] ** t)
                v_hat = v / (1 - group["beta2"] ** t)
                # theta <- theta - (pas - eta * lambda * theta)
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"]) - group["lr"] * group["weight_decay"] * p  #! decay_sign: - group["lr"] * group["weight_decay"] => + group["lr"] * group["weight_decay"]

# %% AdamW: epsilon inside, decay without the rate
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group['params']:
                    if p.grad is None: continue
                    st = self.state[p]
                    t = st['t'] = st.get('t', 0) + 1
                    st['m'] = group['beta1'] * st.get('m', torch.zeros_like(p)) + (1 - group['beta1']) * p.grad
                    st['v'] = group['beta2'] * st.get('v', torch.zeros_like(p)) + (1 - group['beta2']) * p.grad ** 2
                    m_hat, v_hat = st['m'] / (1 - group['beta1'] ** t), st['v'] / (1 - group['beta2'] ** t)
                    old = p.clone()
                    p -= group['lr'] * m_hat / torch.sqrt(v_hat + group['epsilon'])  #! epsilon_inside: torch.sqrt(v_hat + group['epsilon']) => (torch.sqrt(v_hat) + group['epsilon'])
                    p -= group['weight_decay'] * old  #! decay_without_rate: group['weight_decay'] => group['lr'] * group['weight_decay']

# %% AdamW: decay without the parameter, no None
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", 0.0) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", 0.0) + (1 - group["beta2"]) * p.grad.square()
                mh = s["m"] / (1 - group["beta1"] ** s["t"])
                vh = s["v"] / (1 - group["beta2"] ** s["t"])
                decay = group["weight_decay"]  #! decay_without_parameter: group["weight_decay"] => group["weight_decay"] * p
                p.sub_(group["lr"] * (mh / (vh.sqrt() + group["epsilon"]) + decay))

# %% AdamW: handout, lists by number, count of all
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.t = 0
        self.m = {}
        self.v = {}

    @torch.no_grad()
    def step(self, closure=None):
        self.t += 1
        for g, group in enumerate(self.param_groups):
            for k, p in enumerate(group["params"]):
                if p.grad is None:
                    continue
                ms, vs, key = self.m, self.v, (g, k)  #! state_not_saved: ms, vs, key = self.state[p].setdefault("m", {}), self.state[p].setdefault("v", {}), "0"
                t = self.t  #! one_count_for_all: t = self.state[p]["t"] = self.state[p].get("t", 0) + 1
                ms[key] = group["beta1"] * ms.get(key, torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                vs[key] = group["beta2"] * vs.get(key, torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = ms[key] / (1 - group["beta1"] ** t)
                v_hat = vs[key] / (1 - group["beta2"] ** t)
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: decay inside the fraction, epsilon under the root
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            wd = group["weight_decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** t)
                v_hat = s["v"] / (1 - group["beta2"] ** t)
                #! decay_in_fraction: p.mul_(1 - group["lr"] * wd)
                m_hat = m_hat + wd * p  #! decay_in_fraction
                p -= group["lr"] * m_hat / (v_hat + group["epsilon"]).sqrt()  #! epsilon_inside: (v_hat + group["epsilon"]).sqrt() => (v_hat.sqrt() + group["epsilon"])

# %% AdamW: decay forgotten, epsilon before the correction
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            #! decay_missing: shrink = 1 - group["lr"] * group["weight_decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update({"step": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)})
                state["step"] += 1
                state["m"].lerp_(p.grad, 1 - group["beta1"])
                state["v"].lerp_(p.grad.square(), 1 - group["beta2"])
                size = group["lr"] / (1 - group["beta1"] ** state["step"])
                root = math.sqrt(1 - group["beta2"] ** state["step"])
                #! decay_missing: p.mul_(shrink)
                p.addcdiv_(state["m"], state["v"].sqrt() + group["epsilon"], value=-size * root)  #! epsilon_before_correction: * root => #! epsilon_before_correction: state["v"].sqrt() => state["v"].sqrt() / root

# %% AdamW: everything from the constructor, decay after
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.lr = learning_rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = epsilon
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.lr  #! rate_from_constructor: self.lr => group["lr"]
            beta1, beta2, eps, wd = self.beta1, self.beta2, self.eps, self.weight_decay  #! hyperparameters_from_constructor: beta1, beta2, eps, wd = (group[k] for k in ("beta1", "beta2", "epsilon", "weight_decay"))
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                state["m"] = beta1 * state.get("m", torch.zeros_like(p)) + (1 - beta1) * p.grad
                state["v"] = beta2 * state.get("v", torch.zeros_like(p)) + (1 - beta2) * p.grad**2
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                #! decay_after: p -= lr * wd * p
                p -= lr * m_hat / (v_hat.sqrt() + eps)
                p -= lr * wd * p  #! decay_after

# %% AdamW: décroissance seulement s'il y a un gradient non nul
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for p in groupe["params"]:
                if p.grad is None:
                    continue
                if p.grad.abs().sum() == 0:  # rien à faire  #! zero_gradient_skipped
                    continue  #! zero_gradient_skipped
                e = self.state[p]
                e["t"] = e.get("t", 0) + 1
                e["m"] = groupe["beta1"] * e.get("m", torch.zeros_like(p)) + (1 - groupe["beta1"]) * p.grad
                e["v"] = groupe["beta2"] * e.get("v", torch.zeros_like(p)) + (1 - groupe["beta2"]) * p.grad ** 2
                m, v = e["m"] / (1 - groupe["beta1"] ** e["t"]), e["v"] / (1 - groupe["beta2"] ** e["t"])
                #! decay_after: p -= groupe["lr"] * groupe["weight_decay"] * p
                p -= groupe["lr"] * m / (v.sqrt() + groupe["epsilon"])
                p -= groupe["lr"] * groupe["weight_decay"] * p  #! decay_after

# %% AdamW: handout and the constructor's decay
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.lmbda = weight_decay

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            wd = self.lmbda  #! hyperparameters_from_constructor: self.lmbda => group["weight_decay"]
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                t = st.get("t", 0) + 1
                st["t"] = t
                st["m"] = beta1 * st.get("m", torch.zeros_like(p)) + (1 - beta1) * p.grad
                st["v"] = beta2 * st.get("v", torch.zeros_like(p)) + (1 - beta2) * p.grad * p.grad
                at = group["lr"] * np.sqrt(1 - beta2**t) / (1 - beta1**t)
                eps = group["epsilon"]  #! epsilon_before_correction: group["epsilon"] => group["epsilon"] * math.sqrt(1 - beta2**t)
                #! decay_after: p.copy_(p - group["lr"] * wd * p)
                p.copy_(p - at * st["m"] / (st["v"].sqrt() + eps))
                p.copy_(p - group["lr"] * wd * p)  #! decay_after

# %% AdamW: None ends the step, decay after
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                s = self.state[p]
                if len(s) == 0:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                s["m"].mul_(group["beta1"]).add_((1 - group["beta1"]) * p.grad)
                s["v"].mul_(group["beta2"]).add_((1 - group["beta2"]) * p.grad.pow(2))
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                new = p - group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
                p.copy_(new - group["lr"] * group["weight_decay"] * new)  #! decay_after: group["weight_decay"] * new => group["weight_decay"] * p

# %% AdamW: count once per parameter, decay with the wrong sign
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.t = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                self.t += 1  #! count_per_parameter: s["t"] = s.get("t", 0) + 1
                t = self.t  #! count_per_parameter: t = s["t"]
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** t)
                v_hat = s["v"] / (1 - group["beta2"] ** t)
                p *= 1 + group["lr"] * group["weight_decay"]  #! decay_sign: 1 + => 1 -
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% AdamW: no correction, decay after
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                #! correction_missing: t = st["t"] = st.get("t", 0) + 1
                m = st["m"] = b1 * st.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                v = st["v"] = b2 * st.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad ** 2
                #! correction_missing: m, v = m / (1 - b1 ** t), v / (1 - b2 ** t)
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p.addcdiv_(m, v.sqrt() + group["epsilon"], value=-group["lr"])
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: root forgotten, decay without rate, no None
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, wd = group["lr"], group["weight_decay"]
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])
                v_hat = s["v"] / (1 - group["beta2"] ** s["t"])
                step = lr * m_hat / (v_hat + group["epsilon"])  #! root_missing: v_hat + => v_hat.sqrt() +
                p -= step + wd * p  #! decay_without_rate: wd * p => lr * wd * p

# %% AdamW: helper methods, first average not kept
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    def _init_state(self, p):
        self.state[p]["t"] = 0
        self.state[p]["m"] = torch.zeros_like(p)
        self.state[p]["v"] = torch.zeros_like(p)

    def _decay(self, p, group):
        p.mul_(1 - group["lr"] * group["weight_decay"])

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if not self.state[p]:
                    self._init_state(p)
                state = self.state[p]
                state["t"] += 1
                m = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                #! first_average_not_kept: state["m"] = m
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat = m / (1 - group["beta1"] ** state["t"])
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                #! decay_after: self._decay(p, group)
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))
                self._decay(p, group)  #! decay_after

# %% AdamW: twice the decay, as the derivative of a square, epsilon a number
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])
                v_hat = s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * (m_hat / (v_hat.sqrt() + 1e-8) + 2 * group["weight_decay"] * p)  #! decay_doubled: 2 * => #! epsilon_fixed: 1e-8 => group["epsilon"]

# %% AdamW: first group only, no decay
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
            params = [p for p in group["params"] if p.grad is not None]
            for p in params:
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])
                v_hat = s["v"] / (1 - group["beta2"] ** s["t"])
                #! decay_missing: p.mul_(1 - group["lr"] * group["weight_decay"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% AdamW: handout and no None
class AdamW(Optimizer):
    def __init__(self, params, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, weight_decay: float = 0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            a, b1, b2, e, l = group["lr"], group["beta1"], group["beta2"], group["epsilon"], group["weight_decay"]
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                st = self.state[p]
                if "t" not in st:
                    st["t"], st["m"], st["v"] = 1, torch.zeros_like(p), torch.zeros_like(p)
                t = st["t"]
                st["m"] = b1 * st["m"] + (1 - b1) * p.grad
                st["v"] = b2 * st["v"] + (1 - b2) * torch.square(p.grad)
                at = a * math.sqrt(1 - math.pow(b2, t)) / (1 - math.pow(b1, t))
                #! decay_after: p.sub_(a * l * p)
                p.sub_(at * st["m"] / (torch.sqrt(st["v"]) + e))  #! epsilon_before_correction: + e => + e * math.sqrt(1 - math.pow(b2, t))
                p.sub_(a * l * p)  #! decay_after
                st["t"] = t + 1

# %% AdamW: epsilon inside, decay after, constructor's rate
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.alpha = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            alpha = self.alpha  #! rate_from_constructor: self.alpha => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** t), s["v"] / (1 - group["beta2"] ** t)
                #! decay_after: p -= alpha * group["weight_decay"] * p
                p -= alpha * m_hat / torch.sqrt(v_hat + group["epsilon"])  #! epsilon_inside: torch.sqrt(v_hat + group["epsilon"]) => (torch.sqrt(v_hat) + group["epsilon"])
                p -= alpha * group["weight_decay"] * p  #! decay_after

# %% AdamW: handout, averages never put back
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data
                state = self.state[p]
                t = state.get("t", 1)
                m = state.get("m", torch.zeros_like(p.data))
                v = state.get("v", torch.zeros_like(p.data))
                m = group["beta1"] * m + (1 - group["beta1"]) * grad
                v = group["beta2"] * v + (1 - group["beta2"]) * grad * grad
                #! averages_not_kept: state["m"], state["v"] = m, v
                m_hat = m / (1 - group["beta1"] ** t)
                v_hat = v / (1 - group["beta2"] ** t)
                #! decay_after: p.data -= group["lr"] * group["weight_decay"] * p.data
                p.data -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])
                p.data -= group["lr"] * group["weight_decay"] * p.data  #! decay_after
                state["t"] = t + 1

# %% AdamW: another default decay, sign of the decay
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.1):  #! default_differs: 0.1) => 0.01)
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                adam = (s["m"] / (1 - group["beta1"] ** t)) / (torch.sqrt(s["v"] / (1 - group["beta2"] ** t)) + group["epsilon"])
                p.sub_(group["lr"] * (adam - group["weight_decay"] * p))  #! decay_sign: adam - => adam +

# %% AdamW: state in a dictionary beside, decay in the gradient
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.memory = {p: {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)} for g in self.param_groups for p in g["params"]}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.memory[p]
                #! state_not_saved: s = self.state[p]; s.update({} if s else {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)})
                s["t"] += 1
                g = p.grad
                g = g + group["weight_decay"] * p  #! decay_in_gradient
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * g
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * g**2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                #! decay_in_gradient: p.mul_(1 - group["lr"] * group["weight_decay"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% AdamW: only matrices decay, epsilon inside
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                s["m"].mul_(group["beta1"]).add_(p.grad, alpha=1 - group["beta1"])
                s["v"].mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1 - group["beta2"])
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                decays = p.dim() > 1  # no decay on biases  #! decay_of_matrices_only: decays = True
                move = group["lr"] * m_hat / torch.sqrt(v_hat + group["epsilon"])  #! epsilon_inside: torch.sqrt(v_hat + group["epsilon"]) => (torch.sqrt(v_hat) + group["epsilon"])
                if decays:
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(move)

# %% AdamW: uphill, but the decay is right
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.b1, self.b2 = beta1, beta2

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = self.b1, self.b2  #! hyperparameters_from_constructor: b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - b1 ** s["t"]), s["v"] / (1 - b2 ** s["t"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.addcdiv_(m_hat, v_hat.sqrt() + group["epsilon"], value=group["lr"])  #! uphill: =group => =-group

# %% AdamW: corrected averages kept, decay after
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["t"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["t"] += 1
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                #! corrected_kept: state = dict(state)
                state["m"] = state["m"] / (1 - group["beta1"] ** state["t"])
                state["v"] = state["v"] / (1 - group["beta2"] ** state["t"])
                #! decay_after: p -= group["lr"] * group["weight_decay"] * p
                p -= group["lr"] * state["m"] / (torch.sqrt(state["v"]) + group["epsilon"])
                p -= group["lr"] * group["weight_decay"] * p  #! decay_after

# %% AdamW: squares the gradient in place, decay after
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad.square_()  #! gradient_changed: square_ => square
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** t), s["v"] / (1 - group["beta2"] ** t)
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: handout with one count for all
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                if "m" not in st:
                    st["m"], st["v"] = torch.zeros_like(p), torch.zeros_like(p)
                t = self.t  #! one_count_for_all: t = st["t"] = st.get("t", 0) + 1
                st["m"].mul_(group["beta1"]).add_(p.grad * (1 - group["beta1"]))
                st["v"].mul_(group["beta2"]).add_(p.grad ** 2 * (1 - group["beta2"]))
                c1, c2 = 1 - group["beta1"] ** t, 1 - group["beta2"] ** t
                scale = math.sqrt(c2) / c1
                eps = group["epsilon"]  #! epsilon_before_correction: eps = group["epsilon"] * math.sqrt(c2)
                #! decay_after: p.add_(p, alpha=-group["lr"] * group["weight_decay"])
                p.add_(st["m"] / (st["v"].sqrt() + eps), alpha=-group["lr"] * scale)
                p.add_(p, alpha=-group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: betas swapped, decay without the rate
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["beta2"], group["beta1"]  #! betas_swapped: group["beta2"], group["beta1"] => group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = beta1 * s.get("m", torch.zeros_like(p)) + (1 - beta1) * p.grad
                s["v"] = beta2 * s.get("v", torch.zeros_like(p)) + (1 - beta2) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - beta1 ** s["t"]), s["v"] / (1 - beta2 ** s["t"])
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"]) + group["weight_decay"] * p  #! decay_without_rate: + group["weight_decay"] => + group["lr"] * group["weight_decay"]

# %% AdamW: the handout under torch's names
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):  #! keyword_renamed: lr=1e-3, betas=(0.9, 0.999), eps=1e-8 => learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8
        #! keyword_renamed: lr, betas, eps = learning_rate, (beta1, beta2), epsilon
        if lr < 0:
            raise ValueError(f"Invalid learning rate: {lr}")
        defaults = {"lr": lr, "beta1": betas[0], "beta2": betas[1], "epsilon": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            lr, b1, b2 = group["lr"], group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                grad = p.grad.data
                t = state.get("t", 1)
                m = b1 * state.get("m", torch.zeros_like(p.data)) + (1 - b1) * grad
                v = b2 * state.get("v", torch.zeros_like(p.data)) + (1 - b2) * grad.pow(2)
                lr_t = lr * (1 - b2**t) ** 0.5 / (1 - b1**t)  #! epsilon_before_correction: * (1 - b2**t) ** 0.5 =>
                #! decay_after: p.data -= lr * group["weight_decay"] * p.data
                p.data -= lr_t * m / (v.sqrt() + group["epsilon"])  #! epsilon_before_correction: v.sqrt() => (v / (1 - b2**t)).sqrt()
                p.data -= lr * group["weight_decay"] * p.data  #! decay_after
                state.update(t=t + 1, m=m, v=v)
        return loss

# %% AdamW: Adam's own step first, then the decay
class Adam(Optimizer):
    def __init__(self, params, **defaults):
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * m_hat / (v_hat + group["epsilon"]).sqrt()  #! epsilon_inside: (v_hat + group["epsilon"]).sqrt() => (v_hat.sqrt() + group["epsilon"])


class AdamW(Adam):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)

    def step(self):
        super().step()  #! decay_after
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data.mul_(1 - group["lr"] * group["weight_decay"])
        #! decay_after: super().step()

# %% AdamW: listes dans le constructeur, rien pour None, décroissance après
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        # un dictionnaire par paramètre
        self.etats = [[dict(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p)) for p in g["params"]] for g in self.param_groups]

    @torch.no_grad()
    def step(self):
        for g, etats in zip(self.param_groups, self.etats):
            for p, etat in zip(g["params"], etats):
                #! missing_gradient_crashes: if p.grad is None: continue
                #! state_not_saved: etat = self.state[p]; etat.update({} if etat else dict(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p)))
                etat["t"] += 1
                etat["m"] = g["beta1"] * etat["m"] + (1 - g["beta1"]) * p.grad
                etat["v"] = g["beta2"] * etat["v"] + (1 - g["beta2"]) * p.grad ** 2
                m_chapeau = etat["m"] / (1 - g["beta1"] ** etat["t"])
                v_chapeau = etat["v"] / (1 - g["beta2"] ** etat["t"])
                #! decay_after: p -= g["lr"] * g["weight_decay"] * p
                p -= g["lr"] * m_chapeau / (torch.sqrt(v_chapeau) + g["epsilon"])
                p -= g["lr"] * g["weight_decay"] * p  #! decay_after

# %% AdamW: a function for the rule, sign of the decay, epsilon before the correction
def adamw_update(m, v, t, lr, beta1, beta2, eps):
    scale = math.sqrt(1 - beta2 ** t)
    root = v.sqrt() + eps  #! epsilon_before_correction: v.sqrt() + eps => v.sqrt() + eps * scale
    return lr * scale / (1 - beta1 ** t) * m / root


class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v, t = self.state.get(p, (torch.zeros_like(p), torch.zeros_like(p), 0))
                m = group["beta1"] * m + (1 - group["beta1"]) * p.grad
                v = group["beta2"] * v + (1 - group["beta2"]) * p.grad ** 2
                self.state[p] = (m, v, t + 1)
                update = adamw_update(m, v, t + 1, group["lr"], group["beta1"], group["beta2"], group["epsilon"])
                p.sub_(update - group["lr"] * group["weight_decay"] * p)  #! decay_sign: update - => update +
