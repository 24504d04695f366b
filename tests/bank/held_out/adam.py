# %% Adam: count once per parameter, no None
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                #! missing_gradient_crashes: if p.grad is None: continue
                st = self.state[p]
                self.t += 1  #! count_per_parameter: st["t"] = st.get("t", 0) + 1
                t = self.t  #! count_per_parameter: t = st["t"]
                m = group['beta1'] * st.get('m', 0) + (1 - group['beta1']) * p.grad
                v = group['beta2'] * st.get('v', 0) + (1 - group['beta2']) * p.grad**2
                st['m'], st['v'] = m, v
                m = m / (1 - group['beta1'] ** t)
                v = v / (1 - group['beta2'] ** t)
                p.sub_(group['lr'] * m / (v.sqrt() + group['epsilon']))

# %% Adam: only m corrected, epsilon forgotten
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    def step(self, closure=None):
        loss = None
        if closure is not None:
            loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad, state = p.grad.data, self.state[p]
                if len(state) == 0:
                    state.update(step=0, m=torch.zeros_like(p.data), v=torch.zeros_like(p.data))
                state["step"] += 1
                state["m"].mul_(group["beta1"]).add_(grad, alpha=1 - group["beta1"])
                state["v"].mul_(group["beta2"]).addcmul_(grad, grad, value=1 - group["beta2"])
                m_hat = state["m"] / (1 - group["beta1"] ** state["step"])
                v_hat = state["v"]  #! correction_second_missing: v_hat = state["v"] / (1 - group["beta2"] ** state["step"])
                denom = v_hat.sqrt()  #! epsilon_missing: denom = v_hat.sqrt() + group["epsilon"]
                p.data.addcdiv_(m_hat, denom, value=-group["lr"])
        return loss

# %% Adam: helper with torch's betas
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, betas=(0.9, 0.999), epsilon=1e-8):  #! keyword_renamed: betas=(0.9, 0.999) => beta1=0.9, beta2=0.999
        #! keyword_renamed: betas = (beta1, beta2)
        super().__init__(params, dict(lr=learning_rate, beta1=betas[0], beta2=betas[1], epsilon=epsilon))
        self.eps = epsilon

    def _moments(self, p, b1, b2):
        state = self.state[p]
        state["t"] = state.get("t", 0) + 1
        state["m"] = b1 * state.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
        state["v"] = b2 * state.get("v", torch.zeros_like(p)) + (1 - b2) * p.grad * p.grad
        return state["m"] / (1 - b1 ** state["t"]), state["v"] / (1 - b2 ** state["t"])

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eps = self.eps  #! hyperparameters_from_constructor: self.eps => group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v = self._moments(p, group["beta1"], group["beta2"])
                p.sub_(group["lr"] * m / (v.sqrt() + eps))

# %% Adam: correction of the rate without its root
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.state[p]
                if len(state) == 0:
                    state["t"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["t"] += 1
                state["m"].mul_(group["beta1"]).add_(p.grad, alpha=1 - group["beta1"])
                state["v"].mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1 - group["beta2"])
                c1 = 1 - group["beta1"] ** state["t"]
                c2 = 1 - group["beta2"] ** state["t"]
                root = state["v"].sqrt() / c2  #! correction_without_root: / c2 => / math.sqrt(c2)
                p.addcdiv_(state["m"] / c1, root + group["epsilon"], value=-group["lr"])

# %% Adam: both corrections with beta1
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.epsilon = epsilon

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
                v_hat = s["v"] / (1 - group["beta1"] ** s["t"])  #! correction_wrong_beta: beta1 => beta2
                p -= group["lr"] * m_hat / (v_hat.sqrt() + self.epsilon)  #! hyperparameters_from_constructor: self.epsilon => group["epsilon"]

# %% Adam: t starts at zero and is raised at the end
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.state[p]
                if len(state) == 0:
                    state["t"] = 0  #! count_from_zero: state["t"] = 1
                    state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat = state["m"] / (1 - group["beta1"] ** state["t"])
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])
                state["t"] += 1
