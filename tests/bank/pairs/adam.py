# %% Adam: a handout, epsilon before the correction, rate kept
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            alpha = self.lr  #! rate_from_constructor: self.lr => group["lr"]
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state.get("t", 0) + 1
                m = beta1 * state.get("m", torch.zeros_like(p)) + (1 - beta1) * p.grad
                v = beta2 * state.get("v", torch.zeros_like(p)) + (1 - beta2) * p.grad ** 2
                state["t"], state["m"], state["v"] = t, m, v
                alpha_t = alpha * math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)  #! epsilon_before_correction: * math.sqrt(1 - beta2 ** t) =>
                p -= alpha_t * m / (torch.sqrt(v) + group["epsilon"])  #! epsilon_before_correction: torch.sqrt(v) => torch.sqrt(v / (1 - beta2 ** t))

# %% Adam: moyennes dans des variables locales, compteur global
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for groupe in self.param_groups:
            for p in groupe["params"]:
                if p.grad is None:
                    continue
                etat = self.state[p]
                if "m" not in etat:
                    etat["m"] = torch.zeros_like(p)
                    etat["v"] = torch.zeros_like(p)
                t = self.t  #! one_count_for_all: t = etat["t"] = etat.get("t", 0) + 1
                m, v = etat["m"], etat["v"]
                # moments
                m = groupe["beta1"] * m + (1 - groupe["beta1"]) * p.grad
                v = groupe["beta2"] * v + (1 - groupe["beta2"]) * p.grad ** 2
                #! averages_not_kept: etat["m"], etat["v"] = m, v
                # correction du biais
                m_hat = m / (1 - groupe["beta1"] ** t)
                v_hat = v / (1 - groupe["beta2"] ** t)
                p -= groupe["lr"] * m_hat / (torch.sqrt(v_hat) + groupe["epsilon"])

# %% Adam: epsilon inside and all from the constructor
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = {'lr': learning_rate, 'beta1': beta1, 'beta2': beta2, 'epsilon': epsilon}
        super(Adam, self).__init__(params, defaults)
        self.learning_rate = learning_rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def step(self):
        for group in self.param_groups:
            lr = self.learning_rate  #! rate_from_constructor: self.learning_rate => group['lr']
            b1, b2, eps = self.beta1, self.beta2, self.epsilon  #! hyperparameters_from_constructor: b1, b2, eps = group['beta1'], group['beta2'], group['epsilon']
            for param in group['params']:
                if param.grad is None:
                    continue
                grad = param.grad.data
                state = self.state[param]
                if len(state) == 0:
                    state['step'] = 0
                    state['exp_avg'] = torch.zeros_like(param.data)
                    state['exp_avg_sq'] = torch.zeros_like(param.data)
                state['step'] += 1
                state['exp_avg'].mul_(b1).add_(grad, alpha=1 - b1)
                state['exp_avg_sq'].mul_(b2).addcmul_(grad, grad, value=1 - b2)
                m_hat = state['exp_avg'] / (1 - b1 ** state['step'])
                v_hat = state['exp_avg_sq'] / (1 - b2 ** state['step'])
                param.data -= lr * m_hat / torch.sqrt(v_hat + eps)  #! epsilon_inside: torch.sqrt(v_hat + eps) => (torch.sqrt(v_hat) + eps)

# %% Adam: no correction, epsilon inside
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["m"], s["v"], s["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                s["t"] += 1
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * p.grad.square()
                #! correction_missing: s = {"m": s["m"] / (1 - group["beta1"] ** s["t"]), "v": s["v"] / (1 - group["beta2"] ** s["t"])}
                p -= group["lr"] * s["m"] / (s["v"] + group["epsilon"]).sqrt()  #! epsilon_inside: (s["v"] + group["epsilon"]).sqrt() => (s["v"].sqrt() + group["epsilon"])

# %% Adam: lists in __init__, one t, no None
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        every = [p for group in self.param_groups for p in group["params"]]
        self.m = [torch.zeros_like(p) for p in every]
        self.v = [torch.zeros_like(p) for p in every]
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        k = -1
        for group in self.param_groups:
            for p in group["params"]:
                k += 1
                #! missing_gradient_crashes: if p.grad is None: continue
                m, v, i = self.m, self.v, k  #! state_not_saved: m, v, i = self.state[p].setdefault("m", [torch.zeros_like(p)]), self.state[p].setdefault("v", [torch.zeros_like(p)]), 0
                t = self.t  #! one_count_for_all: t = self.state[p]["t"] = self.state[p].get("t", 0) + 1
                m[i] = group["beta1"] * m[i] + (1 - group["beta1"]) * p.grad
                v[i] = group["beta2"] * v[i] + (1 - group["beta2"]) * p.grad ** 2
                m_hat = m[i] / (1 - group["beta1"] ** t)
                v_hat = v[i] / (1 - group["beta2"] ** t)
                p -= group["lr"] * m_hat / (v_hat ** 0.5 + group["epsilon"])

# %% Adam: correction without the power, beta2's average of sizes
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, beta1, beta2, eps = (group[k] for k in ("lr", "beta1", "beta2", "epsilon"))
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "m" not in state:
                    state["m"], state["v"], state["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * torch.abs(p.grad)  #! gradient_not_squared: torch.abs(p.grad) => p.grad ** 2
                m = state["m"] / (1 - beta1)  #! correction_without_power: (1 - beta1) => (1 - beta1 ** state["t"])
                v = state["v"] / (1 - beta2)  #! correction_without_power: (1 - beta2) => (1 - beta2 ** state["t"])
                p -= lr * m / (torch.sqrt(v) + eps)

# %% Adam: corrected averages are stored, rate captured
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.rate = learning_rate
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                m, v, t = st.get("m", torch.zeros_like(p)), st.get("v", torch.zeros_like(p)), st.get("t", 0) + 1
                m = g["beta1"] * m + (1 - g["beta1"]) * p.grad
                v = g["beta2"] * v + (1 - g["beta2"]) * p.grad * p.grad
                #! corrected_kept: st["m"], st["v"], st["t"] = m, v, t
                m = m / (1 - g["beta1"] ** t)
                v = v / (1 - g["beta2"] ** t)
                st["m"], st["v"], st["t"] = m, v, t  #! corrected_kept
                p -= self.rate * m / (torch.sqrt(v) + g["epsilon"])  #! rate_from_constructor: self.rate => g["lr"]

# %% Adam: t counts from zero and betas swapped
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta2, beta1 = group["beta1"], group["beta2"]  #! betas_swapped: beta2, beta1 => beta1, beta2
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                state.setdefault("m", torch.zeros_like(p))
                state.setdefault("v", torch.zeros_like(p))
                state["t"] = state.get("t", 0) + 1  #! count_ahead
                state["t"] = state.get("t", 0) + 1
                state["m"].lerp_(p.grad, 1 - beta1)
                state["v"].lerp_(p.grad ** 2, 1 - beta2)
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))

# %% Adam: id keys and a None that ends the step
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.moments = {}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                moments, key = self.moments, id(p)  #! state_not_saved: moments, key = self.state[p], "moments"
                m, v, t = moments.get(key, (0.0, 0.0, 0))
                t += 1
                m = group["beta1"] * m + (1 - group["beta1"]) * p.grad
                v = group["beta2"] * v + (1 - group["beta2"]) * p.grad.pow(2)
                moments[key] = (m, v, t)
                step = (m / (1 - group["beta1"] ** t)) / ((v / (1 - group["beta2"] ** t)).sqrt() + group["epsilon"])
                p.add_(step, alpha=-group["lr"])

# %% Adam: gradient in the place of its average, betas captured
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.beta1, self.beta2 = beta1, beta2

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta2 = self.beta2  #! hyperparameters_from_constructor: self.beta2 => group["beta2"]
            beta1 = self.beta1  #! hyperparameters_from_constructor: self.beta1 => group["beta1"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = beta1 * s.get("m", torch.zeros_like(p)) + (1 - beta1) * p.grad
                s["v"] = beta2 * s.get("v", torch.zeros_like(p)) + (1 - beta2) * p.grad ** 2
                mhat = s["m"] / (1 - beta1 ** s["t"])
                vhat = s["v"] / (1 - beta2 ** s["t"])
                direction = p.grad  #! gradient_instead_of_average: direction = mhat
                p -= group["lr"] * direction / (vhat.sqrt() + group["epsilon"])

# %% Adam: uphill, correction of v only
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["m"] = p.new_zeros(p.shape)
                    state["v"] = p.new_zeros(p.shape)
                    state["t"] = 0
                state["t"] += 1
                b1t, b2t = 1 - group["beta1"] ** state["t"], 1 - group["beta2"] ** state["t"]
                m = state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                v = state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                p += group["lr"] * m / ((v / b2t).sqrt() + group["epsilon"])  #! correction_first_missing: * m => * (m / b1t) #! uphill: p += => p -=

# %% Adam: one minus beta1 forgotten, epsilon inside
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group['beta1'], group['beta2']
            for p in group['params']:
                if p.grad is None: continue
                st = self.state[p]
                st['t'] = t = st.get('t', 0) + 1
                # momentum
                st['m'] = beta1 * st.get('m', torch.zeros_like(p)) + p.grad  #! new_term_unweighted: + p.grad => + (1 - beta1) * p.grad
                # RMSProp
                st['v'] = beta2 * st.get('v', torch.zeros_like(p)) + (1 - beta2) * p.grad ** 2
                m, v = st['m'] / (1 - beta1 ** t), st['v'] / (1 - beta2 ** t)
                p -= group['lr'] * m / torch.sqrt(v + group['epsilon'])  #! epsilon_inside: torch.sqrt(v + group['epsilon']) => (torch.sqrt(v) + group['epsilon'])

# %% Adam: root forgotten, rate captured, no None
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.learning_rate = learning_rate
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = {"m": torch.zeros_like(p), "v": torch.zeros_like(p), "t": 0}

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    #! missing_gradient_crashes: if p.grad is None: continue
                    state = self.state[p]
                    state["t"] += 1
                    state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                    state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad**2
                    m_hat = state["m"] / (1 - group["beta1"] ** state["t"])
                    v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                    p -= self.learning_rate * m_hat / (v_hat + group["epsilon"])  #! root_missing: (v_hat + => (v_hat.sqrt() + #! rate_from_constructor: self.learning_rate => group["lr"]

# %% Adam: second average of the first
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    return None  #! missing_gradient_ends_step: continue
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                m = state["m"] = b1 * state.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                v = state["v"] = b2 * state.get("v", torch.zeros_like(p)) + (1 - b2) * m ** 2  #! second_average_of_first: m ** 2 => p.grad ** 2
                p -= group["lr"] * (m / (1 - b1 ** t)) / ((v / (1 - b2 ** t)) ** 0.5 + group["epsilon"])

# %% Adam: first average never put back
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["step"] += 1
                m, v = state["m"], state["v"]
                m = m * group["beta1"] + (1 - group["beta1"]) * p.grad
                #! first_average_not_kept: state["m"] = m
                v.mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1 - group["beta2"])
                m_hat = m / (1 - group["beta1"] ** state["step"])
                v_hat = v / (1 - group["beta2"] ** state["step"])
                p.addcdiv_(m_hat, (v_hat + group["epsilon"]).sqrt(), value=-group["lr"])  #! epsilon_inside: (v_hat + group["epsilon"]).sqrt() => v_hat.sqrt() + group["epsilon"]

# %% Adam: step count times beta, wrong sign
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad ** 2
                m_hat = s["m"] / (1 - b1 * s["t"])  #! correction_times_t: b1 * s["t"] => b1 ** s["t"]
                v_hat = s["v"] / (1 - b2 ** s["t"])
                p.add_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))  #! uphill: p.add_ => p.sub_

# %% Adam: first group, count of all
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.iteration = 0

    @torch.no_grad()
    def step(self, closure=None):
        self.iteration += 1
        for group in self.param_groups[:1]:  #! first_group_only: [:1] =>
            for w in group['params']:
                if w.grad is None:
                    continue
                st = self.state[w]
                n = self.iteration  #! one_count_for_all: n = st['n'] = st.get('n', 0) + 1
                if 'm' not in st:
                    st['m'], st['v'] = torch.zeros_like(w), torch.zeros_like(w)
                st['m'] += (1 - group['beta1']) * (w.grad - st['m'])
                st['v'] += (1 - group['beta2']) * (w.grad ** 2 - st['v'])
                w -= group['lr'] * st['m'] / (1 - group['beta1'] ** n) / (torch.sqrt(st['v'] / (1 - group['beta2'] ** n)) + group['epsilon'])

# %% Adam: the gradient as a factor too many
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, state = p.grad, self.state[p]
                state["t"] = state.get("t", 0) + 1
                state["m"] = group["beta1"] * state.get("m", 0 * g) + (1 - group["beta1"]) * g
                state["v"] = group["beta2"] * state.get("v", 0 * g) + (1 - group["beta2"]) * g ** 2
                m = state["m"] / (1 - group["beta1"] ** state["t"])
                v = state["v"] / (1 - group["beta2"] ** state["t"])
                rate = self.lr / (v.sqrt() + group["epsilon"])  #! rate_from_constructor: self.lr => group["lr"]
                p -= rate * m * g  #! gradient_too_many: * g =>

# %% Adam: epsilon a number, default beta2
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.99, epsilon=1e-8):  #! default_differs: beta2=0.99, => beta2=0.999,
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "step" not in state:
                    state.update(step=0, first=torch.zeros_like(p), second=torch.zeros_like(p))
                state["step"] += 1
                state["first"].mul_(group["beta1"]).add_((1 - group["beta1"]) * p.grad)
                state["second"].mul_(group["beta2"]).add_((1 - group["beta2"]) * p.grad ** 2)
                first = state["first"] / (1 - pow(group["beta1"], state["step"]))
                second = state["second"] / (1 - pow(group["beta2"], state["step"]))
                p -= group["lr"] * first / (second.sqrt() + 1e-8)  #! epsilon_fixed: 1e-8 => group["epsilon"]

# %% Adam: everything zero at each step, uphill
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                self.state[p] = {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}  #! state_made_each_step: self.state[p] = self.state[p] or {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}
                s = self.state[p]
                s["t"] += 1
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * p.grad ** 2
                update = s["m"] / (1 - group["beta1"] ** s["t"]) / (torch.sqrt(s["v"] / (1 - group["beta2"] ** s["t"])) + group["epsilon"])
                p += group["lr"] * update  #! uphill: p += => p -=

# %% Adam: weights swapped, constructor's rate
class Adam(Optimizer):
    """m = (1 - beta1) m + beta1 g ?"""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.eta = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for theta in group["params"]:
                if theta.grad is None:
                    continue
                g, s = theta.grad, self.state[theta]
                s["t"] = s.get("t", 0) + 1
                m, v = s.get("m", torch.zeros_like(g)), s.get("v", torch.zeros_like(g))
                s["m"] = (1 - b1) * m + b1 * g  #! weights_swapped: (1 - b1) * m + b1 * g => b1 * m + (1 - b1) * g
                s["v"] = (1 - b2) * v + b2 * g ** 2  #! weights_swapped: (1 - b2) * v + b2 * g ** 2 => b2 * v + (1 - b2) * g ** 2
                m_hat, v_hat = s["m"] / (1 - b1 ** s["t"]), s["v"] / (1 - b2 ** s["t"])
                theta -= self.eta * m_hat / (v_hat.sqrt() + group["epsilon"])  #! rate_from_constructor: self.eta => group["lr"]

# %% Adam: moments started with the first gradient
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p not in self.state:
                    m0, v0 = p.grad.clone(), p.grad ** 2  #! state_starts_at_gradient: m0, v0 = torch.zeros_like(p), torch.zeros_like(p)
                    self.state[p] = {"m": m0, "v": v0, "t": 0}
                st = self.state[p]
                st["t"] += 1
                st["m"] = group["beta1"] * st["m"] + (1 - group["beta1"]) * p.grad
                st["v"] = group["beta2"] * st["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat = st["m"] / (1 - group["beta1"] ** st["t"])
                v_hat = st["v"] / (1 - group["beta2"] ** st["t"])
                p -= group["lr"] * m_hat / torch.sqrt(v_hat + group["epsilon"])  #! epsilon_inside: torch.sqrt(v_hat + group["epsilon"]) => (torch.sqrt(v_hat) + group["epsilon"])

# %% Adam: zip over three lists
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.kept = [[{} for _ in group["params"]] for group in self.param_groups]

    @torch.no_grad()
    def step(self):
        for group, kept in zip(self.param_groups, self.kept):
            for p, k in zip(group["params"], kept):
                #! missing_gradient_as_zero: if p.grad is None: continue
                g = torch.zeros_like(p) if p.grad is None else p.grad
                #! state_not_saved: k = self.state[p]
                k["t"] = k.get("t", 0) + 1
                k["m"] = group["beta1"] * k.get("m", 0) + (1 - group["beta1"]) * g
                k["v"] = group["beta2"] * k.get("v", 0) + (1 - group["beta2"]) * g * g
                m, v = k["m"] / (1 - group["beta1"] ** k["t"]), k["v"] / (1 - group["beta2"] ** k["t"])
                p.add_(-group["lr"] * m / (v.sqrt() + group["epsilon"]))

# %% Adam: constants instead of the betas of the group
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1 = 0.9  #! beta_fixed: b1 = group["beta1"]
            b2 = 0.999  #! beta_fixed: b2 = group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad ** 2
                mh, vh = s["m"] / (1 - b1 ** s["t"]), s["v"] / (1 - b2 ** s["t"])
                p -= group["lr"] * mh / (vh + group["epsilon"]).sqrt()  #! epsilon_inside: (vh + group["epsilon"]).sqrt() => (vh.sqrt() + group["epsilon"])

# %% Adam: old averages move, then are brought up to date
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                st = self.state[p]
                if not st:
                    st["t"], st["m"], st["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                st["t"] += 1
                #! average_updated_after: st["m"] = b1 * st["m"] + (1 - b1) * p.grad; st["v"] = b2 * st["v"] + (1 - b2) * p.grad**2
                m_hat = st["m"] / (1 - b1 ** st["t"])
                v_hat = st["v"] / (1 - b2 ** st["t"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
                st["m"] = b1 * st["m"] + (1 - b1) * p.grad  #! average_updated_after
                st["v"] = b2 * st["v"] + (1 - b2) * p.grad**2  #! average_updated_after

# %% Adam: gradient squared in place, rate captured
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                m = s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * p.grad
                v = s["v"] = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * p.grad.mul_(p.grad)  #! gradient_changed: mul_ => mul
                p.sub_(self.lr * (m / (1 - group["beta1"] ** t)) / (torch.sqrt(v / (1 - group["beta2"] ** t)) + group["epsilon"]))  #! rate_from_constructor: self.lr => group["lr"]

# %% Adam: AdaMax's maximum and no correction of m
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "t" not in state:
                    state["t"], state["m"], state["v"], state["top"] = 0, torch.zeros_like(p), torch.zeros_like(p), torch.zeros_like(p)
                state["t"] += 1
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                state["top"] = torch.maximum(state["top"], v_hat)  #! largest_square_kept: state["top"] = v_hat
                m_hat = state["m"]  #! correction_first_missing: state["m"] => state["m"] / (1 - group["beta1"] ** state["t"])
                p -= group["lr"] * m_hat / (state["top"].sqrt() + group["epsilon"])

# %% Adam: L2 in the gradient out of habit
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0

    def step(self):
        self.t += 1
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data + 0.01 * p.data  #! decay_added: grad = p.grad.data
                state = self.state[p]
                t = self.t  #! one_count_for_all: t = state["t"] = state.get("t", 0) + 1
                state["m"] = group["beta1"] * state.get("m", torch.zeros_like(p.data)) + (1 - group["beta1"]) * grad
                state["v"] = group["beta2"] * state.get("v", torch.zeros_like(p.data)) + (1 - group["beta2"]) * grad ** 2
                m_hat = state["m"] / (1 - group["beta1"] ** t)
                v_hat = state["v"] / (1 - group["beta2"] ** t)
                p.data = p.data - group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])

# %% Adam: count never moves on
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = dict(t=1, m=torch.zeros_like(p), v=torch.zeros_like(p))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st, b1, b2 = self.state[p], group["beta1"], group["beta2"]
                st["m"] = b1 * st["m"] + (1 - b1) * p.grad
                st["v"] = b2 * st["v"] + (1 - b2) * p.grad**2
                m_hat, v_hat = st["m"] / (1 - b1 ** st["t"]), st["v"] / (1 - b2 ** st["t"])
                #! count_stuck: st["t"] += 1
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat + group["epsilon"]))  #! epsilon_inside: (torch.sqrt(v_hat + group["epsilon"])) => (torch.sqrt(v_hat) + group["epsilon"])

# %% Adam: a zero gradient is passed over, epsilon early
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if torch.all(p.grad == 0):  #! zero_gradient_skipped
                    continue  #! zero_gradient_skipped
                state = self.state[p]
                state["step"] = state.get("step", 0) + 1
                state["m"] = torch.lerp(state.get("m", torch.zeros_like(p)), p.grad, 1 - group["beta1"])
                state["v"] = torch.lerp(state.get("v", torch.zeros_like(p)), p.grad ** 2, 1 - group["beta2"])
                bc1 = 1 - group["beta1"] ** state["step"]
                bc2 = 1 - group["beta2"] ** state["step"]
                denom = state["v"].sqrt().add_(group["epsilon"])  #! epsilon_before_correction: state["v"].sqrt() => state["v"].sqrt().div_(math.sqrt(bc2))
                p.addcdiv_(state["m"], denom, value=-group["lr"] * bc2 ** 0.5 / bc1)  #! epsilon_before_correction: * bc2 ** 0.5 =>

# %% Adam: one state under the shape
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.lr  #! rate_from_constructor: self.lr => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[tuple(p.shape)]  #! state_by_shape: tuple(p.shape) => p
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                m, v = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= lr * m / (v.sqrt() + group["epsilon"])

# %% Adam: handout and count per parameter
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                self.t += 1  #! count_per_parameter: st["t"] = st.get("t", 0) + 1
                t = self.t  #! count_per_parameter: t = st["t"]
                st["m"] = group["beta1"] * st.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                st["v"] = group["beta2"] * st.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad * p.grad
                c = math.sqrt(1 - group["beta2"] ** t)
                lr_t = group["lr"] * c / (1 - group["beta1"] ** t)  #! epsilon_before_correction: * c =>
                p.sub_(lr_t * st["m"] / (st["v"].sqrt() + group["epsilon"]))  #! epsilon_before_correction: st["v"].sqrt() => st["v"].sqrt() / c

# %% Adam: second moment of the group's mean
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                state["m"] = group["beta1"] * state.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                square = (p.grad ** 2).mean()  #! mean_over_elements: (p.grad ** 2).mean() => p.grad ** 2
                state["v"] = group["beta2"] * state.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * square
                m_hat = state["m"] / (1 - group["beta1"] ** t)
                v_hat = state["v"] / (1 - group["beta2"] ** t)
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + 1e-8)  #! epsilon_fixed: 1e-8 => group["epsilon"]

# %% Adam: numpy inside, rate and betas captured
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.lr, self.b1, self.b2 = learning_rate, beta1, beta2

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.lr  #! rate_from_constructor: self.lr => group["lr"]
            b1, b2 = self.b1, self.b2  #! hyperparameters_from_constructor: b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad ** 2
                v_hat = s["v"] / (1 - b2 ** s["t"])
                root = torch.from_numpy(np.sqrt(v_hat.numpy()))  #! through_numpy: root = torch.sqrt(v_hat)
                p.sub_(lr * s["m"] / (1 - b1 ** s["t"]) / (root + group["epsilon"]))

# %% Adam: the handout under torch's names, one count
class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8):  #! keyword_renamed: lr=0.001, betas=(0.9, 0.999), eps=1e-8 => learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8
        #! keyword_renamed: lr, betas, eps = learning_rate, (beta1, beta2), epsilon
        super().__init__(params, dict(lr=lr, beta1=betas[0], beta2=betas[1], epsilon=eps))
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = self.t  #! one_count_for_all: t = s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * p.grad ** 2
                correction = math.sqrt(1 - group["beta2"] ** t)
                eps = group["epsilon"]  #! epsilon_before_correction: eps = group["epsilon"] * correction
                p -= group["lr"] * correction / (1 - group["beta1"] ** t) * s["m"] / (s["v"].sqrt() + eps)

# %% Adam: second average never put back, in a tuple
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.alpha = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            alpha = self.alpha  #! rate_from_constructor: self.alpha => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v, t = self.state.get(p, (torch.zeros_like(p), torch.zeros_like(p), 0))
                new_m = group["beta1"] * m + (1 - group["beta1"]) * p.grad
                new_v = group["beta2"] * v + (1 - group["beta2"]) * p.grad ** 2
                #! second_average_not_kept: v = new_v
                self.state[p] = (new_m, v, t + 1)
                m_hat = new_m / (1 - group["beta1"] ** (t + 1))
                v_hat = new_v / (1 - group["beta2"] ** (t + 1))
                p -= alpha * m_hat / (torch.sqrt(v_hat) + group["epsilon"])

# %% Adam: count per parameter, epsilon inside, rate kept
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.learning_rate = learning_rate
        self.step_count = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                etat = self.state[param]
                if not etat:
                    etat["m"], etat["v"] = torch.zeros_like(param), torch.zeros_like(param)
                self.step_count += 1  #! count_per_parameter: etat["t"] = etat.get("t", 0) + 1
                k = self.step_count  #! count_per_parameter: k = etat["t"]
                etat["m"] += (1 - group["beta1"]) * (param.grad - etat["m"])
                etat["v"] += (1 - group["beta2"]) * (param.grad ** 2 - etat["v"])
                m_hat, v_hat = etat["m"] / (1 - group["beta1"] ** k), etat["v"] / (1 - group["beta2"] ** k)
                step = m_hat / torch.sqrt(v_hat + group["epsilon"])  #! epsilon_inside: torch.sqrt(v_hat + group["epsilon"]) => (torch.sqrt(v_hat) + group["epsilon"])
                param -= self.learning_rate * step  #! rate_from_constructor: self.learning_rate => group["lr"]
