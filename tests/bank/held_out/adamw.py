# %% AdamW: decay in the gradient, constructor's rate
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.learning_rate  #! rate_from_constructor: self.learning_rate => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad + group["weight_decay"] * p  #! decay_in_gradient: g = p.grad
                state = self.state[p]
                if "m" not in state:
                    state["m"], state["v"], state["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                state["t"] += 1
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * g
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * g ** 2
                m_hat = state["m"] / (1 - group["beta1"] ** state["t"])
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                #! decay_in_gradient: p *= 1 - lr * group["weight_decay"]
                p -= lr * m_hat / (torch.sqrt(v_hat) + group["epsilon"])

# %% AdamW: decay twice, in the gradient and beside it, rate kept
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.lr = learning_rate

    def step(self):
        for group in self.param_groups:
            lr = self.lr  #! rate_from_constructor: self.lr => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data
                grad = grad.add(p.data, alpha=group["weight_decay"])  #! decay_twice
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p.data)) + (1 - group["beta1"]) * grad
                s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p.data)) + (1 - group["beta2"]) * grad * grad
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])
                v_hat = s["v"] / (1 - group["beta2"] ** s["t"])
                p.data.mul_(1 - lr * group["weight_decay"])
                p.data.sub_(lr * m_hat / (v_hat.sqrt() + group["epsilon"]))

# %% AdamW: decay in the gradient, epsilon before the correction
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                grad = grad + group["weight_decay"] * p  #! decay_in_gradient
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["v"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                state["step"] += 1
                state["m"].mul_(group["beta1"]).add_(grad, alpha=1 - group["beta1"])
                state["v"].mul_(group["beta2"]).addcmul_(grad, grad, value=1 - group["beta2"])
                c1, c2 = (1 - group[b] ** state["step"] for b in ("beta1", "beta2"))
                #! decay_in_gradient: p.mul_(1 - group["lr"] * group["weight_decay"])
                denominator = state["v"].sqrt() + group["epsilon"]  #! epsilon_before_correction: state["v"].sqrt() => state["v"].sqrt() / c2 ** 0.5
                p.sub_(group["lr"] * c2 ** 0.5 / c1 * state["m"] / denominator)  #! epsilon_before_correction: * c2 ** 0.5 =>

# %% AdamW: decay of where the training began
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = self.learning_rate  #! rate_from_constructor: self.learning_rate => group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"], s["p"] = 0, torch.zeros_like(p), torch.zeros_like(p), p.clone()
                s["t"] += 1
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= lr * (m_hat / (v_hat.sqrt() + group["epsilon"]) + group["weight_decay"] * s["p"])  #! decay_of_start: s["p"] => p

# %% AdamW: handout, wd instead of weight_decay
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, wd=0.01):  #! keyword_renamed: wd= => weight_decay=
        #! keyword_renamed: wd = weight_decay
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=wd))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                t = st["t"] = st.get("t", 0) + 1
                st["m"] = group["beta1"] * st.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
                st["v"] = group["beta2"] * st.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
                c = (1 - group["beta2"] ** t) ** 0.5
                eps = group["epsilon"]  #! epsilon_before_correction: eps = group["epsilon"] * c
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p -= group["lr"] * c / (1 - group["beta1"] ** t) * st["m"] / (torch.sqrt(st["v"]) + eps)
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_after

# %% AdamW: only the first average corrected, decay after, no None
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
                s["v"] = group["beta2"] * s.get("v", 0.0) + (1 - group["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])
                v_hat = s["v"]  #! correction_second_missing: s["v"] => s["v"] / (1 - group["beta2"] ** s["t"])
                #! decay_after: p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_after
