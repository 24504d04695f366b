# %% SGD: numpy habits, everything kept on self, and a network with a frozen layer kills it
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})
        self.lr = learning_rate

    def step(self):
        for group in self.param_groups:
            for param in group["params"]:
                #! missing_gradient_crashes: if param.grad is None: continue
                theta = param.data
                theta = theta - self.lr * param.grad.data  #! rate_from_constructor: self.lr => group["lr"]
                param.data = theta

# %% SGD: the formula copied with the equals sign and without no_grad
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super(SGD, self).__init__(params, dict(lr=learning_rate))

    #! in_place_without_no_grad: @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                p -= g["lr"] * p.grad

# %% SGD: a new tensor under an old name
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        defaults = dict(lr=learning_rate)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p = p - group["lr"] * p.grad  #! parameter_replaced: p.sub_(group["lr"] * p.grad)

# %% SGD: the return slipped into the loop, ascends
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        return  #! missing_gradient_ends_step: continue
                    p += group["lr"] * p.grad  #! uphill: += => -=

# %% SGD: from torch's documentation with a momentum that nobody asked for
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, momentum=0.9):  #! momentum_added: momentum=0.9 => momentum=0.0
        defaults = dict(lr=learning_rate, momentum=momentum)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                d_p = p.grad
                if group["momentum"] != 0:
                    param_state = self.state[p]
                    if "momentum_buffer" not in param_state:
                        buf = param_state["momentum_buffer"] = torch.clone(d_p).detach()
                    else:
                        buf = param_state["momentum_buffer"]
                        buf.mul_(group["momentum"]).add_(d_p)
                    d_p = buf
                p.add_(d_p, alpha=-group["lr"])

# %% SGD: the loop runs over the dictionary
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group:  #! keys_for_parameters: in group => in group["params"]
                if p.grad is None:
                    continue
                p -= group["lr"] * p.grad

# %% SGD: the defaults are a number
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, learning_rate)  #! defaults_no_dictionary: params, learning_rate => params, {"lr": learning_rate}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p -= group["lr"] * p.grad

# %% SGD: the stub's raise still below the code
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})
        raise NotImplementedError()  #! raise_left

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p -= group["lr"] * p.grad

# %% RMSProp: the practical's class, s without its weight and no epsilon
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9):  #! epsilon_missing: decay=0.9 => decay=0.9, epsilon=1e-8
        super().__init__(params, {"lr": learning_rate, "decay": decay})  #! epsilon_missing: decay} => decay, "epsilon": epsilon}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                if "s" not in st:
                    st["s"] = torch.zeros_like(p)
                st["s"] = group["decay"] * st["s"] + p.grad ** 2  #! new_term_unweighted: p.grad ** 2 => (1 - group["decay"]) * p.grad ** 2
                p -= group["lr"] * p.grad / torch.sqrt(st["s"])  #! epsilon_missing: torch.sqrt(st["s"]) => (torch.sqrt(st["s"]) + group["epsilon"])

# %% RMSProp: epsilon inside the root and the weights of the mean swapped
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        defaults = {"lr": learning_rate, "decay": decay, "epsilon": epsilon}
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            lr, rho, eps = group["lr"], group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data
                state = self.state[p]
                if len(state) == 0:
                    state["square_avg"] = torch.zeros_like(p.data)
                s = state["square_avg"]
                s.mul_(1 - rho).addcmul_(grad, grad, value=rho)  #! weights_swapped: s.mul_(rho).addcmul_(grad, grad, value=1 - rho)
                p.data.addcdiv_(grad, (s + eps).sqrt(), value=-lr)  #! epsilon_inside: (s + eps).sqrt() => s.sqrt() + eps

# %% RMSProp: the average is a local name, and the state is made anew at each call
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                s = torch.zeros_like(p)  #! state_made_each_step: s = self.state[p].setdefault("s", torch.zeros_like(p))
                s.mul_(group["decay"]).add_((1 - group["decay"]) * p.grad ** 2)
                p.sub_(group["lr"] / (torch.sqrt(s) + group["epsilon"]) * p.grad)

# %% RMSProp: a dictionary of averages made from the parameters before the base class sees them
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        self.squares = {p: torch.zeros_like(p) for p in params}  #! generator_used_up
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        #! generator_used_up: self.squares = {p: torch.zeros_like(p) for group in self.param_groups for p in group["params"]}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.squares[p]  #! state_not_saved: s = self.state[p].setdefault("s", torch.zeros_like(p))
                s.mul_(group["decay"]).add_(p.grad.square(), alpha=1 - group["decay"])
                p.sub_(group["lr"] * p.grad / (s.sqrt() + group["epsilon"]))

# %% RMSProp: starts with the first square, reads its numbers from the constructor
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        self.lr = learning_rate
        self.rho = decay
        self.eps = epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p not in self.state:
                    self.state[p]["s"] = p.grad ** 2  #! state_starts_at_gradient: self.state[p]["s"] = (1 - group["decay"]) * p.grad ** 2
                else:
                    self.state[p]["s"] = self.rho * self.state[p]["s"] + (1 - self.rho) * p.grad ** 2  #! hyperparameters_from_constructor: self.state[p]["s"] = group["decay"] * self.state[p]["s"] + (1 - group["decay"]) * p.grad ** 2
                p -= self.lr * p.grad / (torch.sqrt(self.state[p]["s"]) + self.eps)  #! rate_from_constructor: self.lr => group["lr"]  #! hyperparameters_from_constructor: self.eps => group["epsilon"]

# %% Adagrad: brackets of the fraction, and the practical's missing test for None
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                if "G" not in self.state[p]:
                    self.state[p]["G"] = torch.zeros_like(p)
                self.state[p]["G"] += p.grad ** 2
                p -= group["lr"] * p.grad / torch.sqrt(self.state[p]["G"]) + group["epsilon"]  #! epsilon_outside_fraction: torch.sqrt(self.state[p]["G"]) + group["epsilon"] => (torch.sqrt(self.state[p]["G"]) + group["epsilon"])

# %% Adagrad: epsilon inside, rate of the constructor
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=1e-2, epsilon=1e-8):
        self.lr = learning_rate
        self.eps = epsilon
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if not state:
                        state["sum"] = torch.zeros_like(p)
                    state["sum"].add_(p.grad * p.grad)
                    p -= self.lr / torch.sqrt(state["sum"] + group["epsilon"]) * p.grad  #! rate_from_constructor: self.lr => group["lr"]  #! epsilon_inside: torch.sqrt(state["sum"] + group["epsilon"]) => (torch.sqrt(state["sum"]) + group["epsilon"])

# %% Adagrad: TensorFlow's accumulator
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["accumulator"] = torch.full_like(p, 0.1)  #! state_starts_at_one: torch.full_like(p, 0.1) => torch.zeros_like(p)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                acc = self.state[p]["accumulator"]
                acc.addcmul_(p.grad, p.grad)
                p.addcdiv_(p.grad, acc.sqrt() + group["epsilon"], value=-group["lr"])

# %% Adagrad: the new sum is never put back
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "G" not in state:
                    state["G"] = torch.zeros_like(p)
                G = state["G"]
                G = G + p.grad ** 2  #! average_not_kept: G += p.grad ** 2
                p -= group["lr"] * p.grad / (torch.sqrt(G) + group["epsilon"])

# %% Adagrad: ε is fixed and the sum is a dictionary of its own that no file keeps
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.sums = {}  #! state_not_saved

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p not in self.sums:  #! state_not_saved: p not in self.sums => "sum" not in self.state[p]
                    self.sums[p] = torch.zeros_like(p)  #! state_not_saved: self.sums[p] => self.state[p]["sum"]
                self.sums[p] += p.grad.pow(2)  #! state_not_saved: self.sums[p] => self.state[p]["sum"]
                p -= group["lr"] * p.grad / (self.sums[p].sqrt() + 1e-8)  #! epsilon_fixed: 1e-8 => group["epsilon"]  #! state_not_saved: self.sums[p] => self.state[p]["sum"]

# %% Adam: t counts parameters, and is lost when the state is saved
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0  #! count_per_parameter

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                self.t += 1  #! count_per_parameter: self.state[p]["t"] = t = self.state[p].get("t", 0) + 1
                m, v = self.state[p].get("mv", (torch.zeros_like(p), torch.zeros_like(p)))
                m = group["beta1"] * m + (1 - group["beta1"]) * p.grad
                v = group["beta2"] * v + (1 - group["beta2"]) * p.grad ** 2
                self.state[p]["mv"] = (m, v)
                m_hat = m / (1 - group["beta1"] ** self.t)  #! count_per_parameter: self.t => t
                v_hat = v / (1 - group["beta2"] ** self.t)  #! count_per_parameter: self.t => t
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% Adam: the count starts too late, 0/0
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if "t" not in s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["m"].mul_(group["beta1"]).add_(p.grad, alpha=1 - group["beta1"])
                s["v"].mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1 - group["beta2"])
                m_hat = s["m"] / (1 - group["beta1"] ** s["t"])  #! count_from_zero: s["t"] => (s["t"] + 1)
                v_hat = s["v"] / (1 - group["beta2"] ** s["t"])  #! count_from_zero: s["t"] => (s["t"] + 1)
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))
                s["t"] += 1

# %% Adam: the corrected averages are kept, numpy style
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is None:
                    continue
                st = self.state[w]
                st["t"] = st.get("t", 0) + 1
                dw = w.grad
                st["m"] = group["beta1"] * st.get("m", 0) + (1 - group["beta1"]) * dw
                st["v"] = group["beta2"] * st.get("v", 0) + (1 - group["beta2"]) * dw ** 2
                m = st["m"] = st["m"] / (1 - group["beta1"] ** st["t"])  #! corrected_kept: m = st["m"] / (1 - group["beta1"] ** st["t"])
                v = st["v"] = st["v"] / (1 - group["beta2"] ** st["t"])  #! corrected_kept: v = st["v"] / (1 - group["beta2"] ** st["t"])
                w -= group["lr"] * m / (torch.sqrt(v) + group["epsilon"])

# %% Adam: no correction, epsilon in the root
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                if "exp_avg" not in st:
                    st["step"] = 0
                    st["exp_avg"] = torch.zeros_like(p)
                    st["exp_avg_sq"] = torch.zeros_like(p)
                st["step"] += 1
                st["exp_avg"].lerp_(p.grad, 1 - group["beta1"])
                st["exp_avg_sq"].lerp_(p.grad ** 2, 1 - group["beta2"])
                m = st["exp_avg"]  #! correction_missing: st["exp_avg"] => st["exp_avg"] / (1 - group["beta1"] ** st["step"])
                v = st["exp_avg_sq"]  #! correction_missing: st["exp_avg_sq"] => st["exp_avg_sq"] / (1 - group["beta2"] ** st["step"])
                p -= group["lr"] * m / torch.sqrt(v + group["epsilon"])  #! epsilon_inside: torch.sqrt(v + group["epsilon"]) => (torch.sqrt(v) + group["epsilon"])

# %% Adam: the square forgotten, abs to keep the root alive
class Adam(torch.optim.Optimizer):
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
                    state["t"], state["m"], state["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                state["t"] += 1
                b1, b2, t = group["beta1"], group["beta2"], state["t"]
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad.abs()  #! gradient_not_squared: p.grad.abs() => p.grad ** 2
                p -= group["lr"] * (state["m"] / (1 - b1 ** t)) / ((state["v"] / (1 - b2 ** t)).sqrt() + group["epsilon"])

# %% Adam: lists beside the parameters, and a t that no file keeps
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.t = 0
        self.all = [p for g in self.param_groups for p in g["params"]]
        self.m = [torch.zeros_like(p) for p in self.all]
        self.v = [torch.zeros_like(p) for p in self.all]

    @torch.no_grad()
    def step(self):
        self.t += 1
        i = 0
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue  #! index_stays: i += 1; continue
                b1, b2 = group["beta1"], group["beta2"]
                m, v = self.m[i], self.v[i]  #! state_not_saved: m, v = self.state[self.all[i]].setdefault("m", torch.zeros_like(p)), self.state[self.all[i]].setdefault("v", torch.zeros_like(p))
                #! one_count_for_all: self.t = self.state[self.all[i]]["t"] = self.state[self.all[i]].get("t", 0) + 1
                m.mul_(b1).add_((1 - b1) * p.grad)
                v.mul_(b2).add_((1 - b2) * p.grad ** 2)
                m_hat = m / (1 - b1 ** self.t)
                v_hat = v / (1 - b2 ** self.t)
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
                i += 1

# %% Adam: β1 and β2 exchanged in the averages only
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr = group["lr"]
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                s = self.state[p]
                if not s:
                    s["t"] = 0
                    s["m"] = torch.zeros_like(p)
                    s["v"] = torch.zeros_like(p)
                s["t"] += 1
                g = p.grad
                s["m"] = group["beta2"] * s["m"] + (1 - group["beta2"]) * g  #! betas_swapped: s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * g
                s["v"] = group["beta1"] * s["v"] + (1 - group["beta1"]) * g * g  #! betas_swapped: s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * g * g
                mh = s["m"] / (1 - group["beta2"] ** s["t"])  #! betas_swapped: beta2 => beta1
                vh = s["v"] / (1 - group["beta1"] ** s["t"])  #! betas_swapped: beta1 => beta2
                p -= lr * mh / (vh ** 0.5 + group["epsilon"])

# %% Adam: sizes, one m for all, made from the first parameter
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.m = torch.zeros_like(self.param_groups[0]["params"][0])  #! one_state_for_all
        self.v = torch.zeros_like(self.param_groups[0]["params"][0])  #! one_state_for_all

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                #! one_state_for_all: self.m, self.v = s.get("m", torch.zeros_like(p)), s.get("v", torch.zeros_like(p))
                self.m = group["beta1"] * self.m + (1 - group["beta1"]) * p.grad
                self.v = group["beta2"] * self.v + (1 - group["beta2"]) * p.grad ** 2
                #! one_state_for_all: s["m"], s["v"] = self.m, self.v
                m_hat = self.m / (1 - group["beta1"] ** s["t"])
                v_hat = self.v / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])

# %% AdamW: the same pseudo-code, with the corrected rate used for the decay too
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": weight_decay})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state.get("t", 0) + 1
                state["m"] = group["beta1"] * state.get("m", 0) + (1 - group["beta1"]) * p.grad.data
                state["v"] = group["beta2"] * state.get("v", 0) + (1 - group["beta2"]) * p.grad.data.pow(2)
                root = math.sqrt(1 - group["beta2"] ** t)
                alpha_t = group["lr"] * root / (1 - group["beta1"] ** t)
                old = p.data.clone()
                p.data.sub_(alpha_t * state["m"] / (state["v"].sqrt() + group["epsilon"]))  #! epsilon_before_correction: group["epsilon"] => group["epsilon"] * root
                p.data.sub_(alpha_t * group["weight_decay"] * old)  #! decay_scaled_by_correction: alpha_t => group["lr"]
                state["t"] = t

# %% AdamW: L2 in the gradient, no correction
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad + group["weight_decay"] * p  #! decay_in_gradient: p.grad + group["weight_decay"] * p => p.grad
                #! decay_in_gradient: p -= group["lr"] * group["weight_decay"] * p
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["step"] += 1
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * grad ** 2
                m, v = state["m"], state["v"]  #! correction_missing: m, v = state["m"] / (1 - group["beta1"] ** state["step"]), state["v"] / (1 - group["beta2"] ** state["step"])
                p -= group["lr"] * m / (torch.sqrt(v) + group["epsilon"])

# %% AdamW: derived from Adam, which steps first
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, **more):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, **more))

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
                s["m"].mul_(group["beta1"]).add_((1 - group["beta1"]) * p.grad)
                s["v"].mul_(group["beta2"]).add_((1 - group["beta2"]) * p.grad ** 2)
                mh, vh = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * mh / (vh.sqrt() + group["epsilon"])


class AdamW(Adam):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, learning_rate, beta1, beta2, epsilon, weight_decay=weight_decay)

    @torch.no_grad()
    def step(self):
        super().step()  #! decay_after
        for group in self.param_groups:
            for p in group["params"]:
                #! decay_without_gradient: if p.grad is None: continue
                p.mul_(1 - group["lr"] * group["weight_decay"])
        #! decay_after: super().step()

# %% AdamW: subtracts a sum with the wrong inner sign (the practical's own)
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for param in group["params"]:
                #! missing_gradient_crashes: if param.grad is None: continue
                grad = param.grad
                state = self.state[param]
                if "m" not in state:
                    state["m"] = torch.zeros_like(param)
                    state["v"] = torch.zeros_like(param)
                    state["t"] = 0
                state["t"] += 1
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * grad ** 2
                m_hat = state["m"] / (1 - group["beta1"] ** state["t"])
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                param -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"]) - group["lr"] * group["weight_decay"] * param  #! decay_sign: ) - group["lr"] => ) + group["lr"]

# %% AdamW: θ forgotten in the decay, ε in the root
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if "m" not in s:
                    s["m"], s["v"], s["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                s["t"] += 1
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * p.grad ** 2
                mh = s["m"] / (1 - group["beta1"] ** s["t"])
                vh = s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * group["weight_decay"]  #! decay_without_parameter: group["weight_decay"] => group["weight_decay"] * p
                p -= group["lr"] * mh / torch.sqrt(vh + group["epsilon"])  #! epsilon_inside: torch.sqrt(vh + group["epsilon"]) => (torch.sqrt(vh) + group["epsilon"])

# %% AdamW: Hugging Face's old class, weight decay off by default
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-6, weight_decay=0.0):  #! default_differs: epsilon=1e-6 => epsilon=1e-8  #! default_differs: weight_decay=0.0 => weight_decay=0.01
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        loss = closure() if closure is not None else None
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["step"] += 1
                state["exp_avg"].mul_(group["beta1"]).add_(p.grad, alpha=1.0 - group["beta1"])
                state["exp_avg_sq"].mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1.0 - group["beta2"])
                c1, c2 = 1.0 - group["beta1"] ** state["step"], 1.0 - group["beta2"] ** state["step"]
                denom = (state["exp_avg_sq"] / c2).sqrt().add_(group["epsilon"])
                #! decay_after: p.add_(p, alpha=-group["lr"] * group["weight_decay"])
                p.addcdiv_(state["exp_avg"], denom, value=-group["lr"] / c1)
                if group["weight_decay"] > 0.0:  #! decay_after
                    p.add_(p, alpha=-group["lr"] * group["weight_decay"])  #! decay_after
        return loss

# %% LRScheduler: the first group only, and get_lr says what was asked for
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.lr = initial_lr
        self.set_lr(initial_lr)

    def get_lr(self):
        return self.lr  #! remembered_rate_returned: self.lr => float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        self.lr = lr
        self.optimizer.param_groups[0]["lr"] = lr  #! first_group_only: for group in self.optimizer.param_groups: group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")

# %% LRScheduler: writes an attribute of the optimizer
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.optimizer.lr = initial_lr  #! rate_written_onto_optimizer: self.set_lr(initial_lr)

    def get_lr(self):
        return self.optimizer.lr  #! rate_written_onto_optimizer: self.optimizer.lr => self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        self.optimizer.lr = lr  #! rate_written_onto_optimizer: for group in self.optimizer.param_groups: group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")

# %% LRScheduler: set_lr prints instead of get_lr returning
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        for g in optimizer.param_groups:
            g["lr"] = initial_lr

    def get_lr(self):
        for g in self.optimizer.param_groups:
            print(g["lr"])  #! rate_printed: print(g["lr"]) => return g["lr"]

    def set_lr(self, lr):
        for g in self.optimizer.param_groups:
            g["learning_rate"] = lr  #! rate_under_other_key: "learning_rate" => "lr"

    def step(self, metric=None):
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")

# %% LRScheduler: a method that its attribute hides, and a step that does something
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.set_lr(initial_lr)

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        self.get_lr = lr  #! attribute_hides_method: self.lr = lr
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        pass  #! base_step_passes: raise NotImplementedError("a subclass says how the rate changes")

# %% LRScheduler: NotImplemented is raised
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer, self.initial_lr = optimizer, initial_lr
        self.set_lr(initial_lr)

    def get_lr(self):
        return float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        raise NotImplemented("must be overridden")  #! raise_left: raise NotImplementedError("must be overridden")

# %% LRSchedulerOnPlateau: no threshold, no errors, at patience
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float('inf') if mode == 'min' else -float('inf')
        self.bad_epochs = 0
        #! validation_missing: if mode not in ("min", "max") or not 0 < factor < 1: raise ValueError("mode or factor")

    def step(self, metric):
        if self.mode == 'min':
            improved = metric < self.best  #! threshold_missing: self.best => self.best * (1 - self.threshold)
        else:
            improved = metric > self.best  #! threshold_missing: self.best => self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs >= self.patience:  #! reduces_at_patience: >= => >
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: early stopping's counter, never reset, from the initial rate
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in {"min", "max"}:
            raise ValueError(f"unknown mode {mode}")
        if not 0 < factor < 1:
            raise ValueError("factor")
        super().__init__(optimizer, initial_lr)
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_epochs = 0

    def is_better(self, metric):
        if self.mode == "min":
            return metric < self.best * (1 - self.threshold)
        return metric > self.best * (1 + self.threshold)

    def step(self, metric):
        metric = float(metric)
        if self.is_better(metric):
            self.best = metric
            self.bad_epochs = 0
            return
        self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.initial_lr * self.factor, self.min_lr))  #! rate_from_initial: self.initial_lr => self.get_lr()
            #! count_kept_after_reduction: self.bad_epochs = 0

# %% LRSchedulerOnPlateau: every metric becomes the best, no floor
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode")
        if not 0 < factor < 1:
            raise ValueError("factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float("inf") if mode == "min" else float("-inf")
        self.bad_epochs = 0

    def step(self, metric):
        metric = float(metric)
        if (self.mode == "min" and metric < self.best * (1 - self.threshold)) or (
            self.mode == "max" and metric > self.best * (1 + self.threshold)
        ):
            self.bad_epochs = 0
            #! best_is_last: self.best = metric
        else:
            self.bad_epochs += 1
            if self.bad_epochs > self.patience:
                lr = self.get_lr() * self.factor  #! floor_missing: lr = max(self.get_lr() * self.factor, self.min_lr)
                self.set_lr(lr)
                self.bad_epochs = 0
        self.best = metric  #! best_is_last

# %% LRSchedulerOnPlateau: NaN passes for an improvement, the last reduction is skipped
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = float("inf") if mode == "min" else float("-inf")
        self.bad_epochs = 0

    def step(self, metric):
        value = metric.item() if torch.is_tensor(metric) else metric
        sign = 1 if self.mode == "min" else -1
        bound = self.best * (1 - sign * self.threshold)
        if sign * value >= sign * bound:  #! nan_is_improvement: if not sign * value < sign * bound:
            self.bad_epochs += 1
        else:
            self.best = value
            self.bad_epochs = 0
        if self.bad_epochs > self.patience:
            new_lr = self.get_lr() * self.factor
            if new_lr >= self.min_lr:  #! stops_above_floor: if True:
                self.set_lr(new_lr)  #! stops_above_floor: new_lr => max(new_lr, self.min_lr)
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: max mode starts at zero, mode decides nothing else
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        assert mode in ("min", "max")  #! validation_by_assert: if mode not in ("min", "max"): raise ValueError("mode")
        if not (0.0 < factor < 1.0):
            raise ValueError("factor")
        self.patience, self.factor, self.min_lr = patience, factor, min_lr
        self.mode, self.threshold = mode, threshold
        self.best = float("inf") if mode == "min" else 0.0  #! best_starts_at_zero: 0.0 => -float("inf")
        self.bad_epochs = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            good = metric < self.best * (1 - self.threshold)
        else:
            good = metric > self.best * (1 + self.threshold)
        self.bad_epochs = 0 if good else self.bad_epochs + 1
        self.best = metric if good else self.best
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: writes the first group itself, min for max in the floor
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode")
        if not 0 < factor < 1:
            raise ValueError("factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.bad_epochs = 0
        self.best = math.inf if mode == "min" else -math.inf

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            improved = metric < self.best * (1 - self.threshold)
        else:
            improved = metric > self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            lr = min(self.get_lr() * self.factor, self.min_lr)  #! floor_is_ceiling: lr = max(self.get_lr() * self.factor, self.min_lr)
            self.optimizer.param_groups[0]["lr"] = lr  #! first_group_only: self.set_lr(lr)
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: without the constructor of its base
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        #! super_forgotten: super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode")
        if not 0 < factor < 1:
            raise ValueError("factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.bad_epochs = 0
        self.best = math.inf if mode == "min" else -math.inf

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            improved = metric < self.best * (1 - self.threshold)
        else:
            improved = metric > self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0

# %% minimise: the same tensor again and again
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    path = [x.detach()]  #! same_tensor_each_row: x.detach() => x.detach().clone()
    for i in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        path.append(x.detach())  #! same_tensor_each_row: x.detach() => x.detach().clone()
    return torch.stack(path)

# %% minimise: without the start, and only floats
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.nn.Parameter(start.clone())
    opt = optimizer_class([x], **hyperparameters)
    history = []  #! start_missing: [] => [x.detach().clone()]
    for step in range(steps):
        opt.zero_grad()
        loss = function(x)
        loss.backward()
        opt.step()
        history.append(x.item())  #! numbers_only: x.item() => x.detach().clone()
    return torch.tensor(history)  #! numbers_only: torch.tensor(history) => torch.stack(history)

# %% minimise: a step too few, hyperparameters forgotten
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.detach().clone()
    x.requires_grad = True
    optimizer = optimizer_class([x])  #! hyperparameters_dropped: [x] => [x], **hyperparameters
    out = torch.zeros(steps + 1, *start.shape, dtype=start.dtype)
    out[0] = start
    for t in range(1, steps):  #! last_row_zero: range(1, steps) => range(1, steps + 1)
        optimizer.zero_grad()
        y = function(x)
        y.backward()
        optimizer.step()
        out[t] = x.detach()
    return out

# %% minimise: a copy that requires no gradient
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone()  #! gradient_not_required: start.clone() => start.clone().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: differentiates once, before the loop
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [start.clone()]
    loss = function(x)  #! graph_used_twice
    for _ in range(steps):
        optimizer.zero_grad()
        #! graph_used_twice: loss = function(x)
        loss.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: the return one tab too far
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
        return torch.stack(positions)  #! returned_early
    #! returned_early: return torch.stack(positions)

# %% forward: the hidden layer without its bias, and a ReLU from habit
def forward(x, W1, b1, W2, b2):
    h = torch.relu(W1 * x)  #! activation_added: torch.relu(W1 * x) => (W1 * x)  #! bias_missing: W1 * x => W1 * x + b1
    return W2 * h + b2

# %% forward: in one line, the brackets forgotten
def forward(x, W1, b1, W2, b2):
    return W2 * W1 * x + b1 + b2  #! layer_not_in_brackets: W2 * W1 * x + b1 + b2 => W2 * (W1 * x + b1) + b2

# %% forward: sigmoid in the middle, a number comes out
def forward(x, W1, b1, W2, b2):
    hidden = torch.sigmoid(x * W1 + b1)  #! activation_added: torch.sigmoid(x * W1 + b1) => x * W1 + b1
    out = hidden * W2 + b2
    return out.item()  #! item_returned: out.item() => out

# %% loss: absolute, as in a lecture on robust fits
def loss(prediction, target):
    return torch.mean(torch.abs(prediction - target))  #! not_squared_error: torch.abs(prediction - target) => torch.square(prediction - target)

# %% loss: half of it, as in a course of optimization
def loss(prediction, target):
    return 0.5 * (target - prediction) ** 2  #! loss_halved: 0.5 * (target - prediction) => (target - prediction)

# %% loss: built by torch, a float comes out
def loss(prediction, target):
    criterion = nn.MSELoss()
    return criterion(prediction, target).item()  #! item_returned: .item() =>

# %% train_network: weights first, then the biases
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1 = torch.tensor(1.0, requires_grad=True)
    W2 = torch.tensor(1.0, requires_grad=True)
    b1 = torch.tensor(1.0, requires_grad=True)
    b2 = torch.tensor(1.0, requires_grad=True)
    params = [W1, W2, b1, b2]  #! columns_in_other_order: W1, W2, b1, b2 => W1, b1, W2, b2
    optimizer = optimizer_class(params, **hyperparameters)
    path = [torch.tensor([p.item() for p in params])]
    for _ in range(steps):
        #! gradients_add_up: optimizer.zero_grad()
        error = (W2 * (W1 * x + b1) + b2 - y) ** 2
        error.backward()
        optimizer.step()
        path.append(torch.tensor([p.item() for p in params]))
    return torch.stack(path)

# %% train_network: four names for one tensor
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    parameters = [torch.ones((), requires_grad=True)] * 4  #! same_parameter_four_times: [torch.ones((), requires_grad=True)] * 4 => [torch.ones((), requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(parameters, **hyperparameters)
    path = [torch.stack(parameters).detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        W1, b1, W2, b2 = parameters
        ((W2 * (W1 * x + b1) + b2 - y) ** 2).backward()
        optimizer.step()
        path.append(torch.stack(parameters).detach())
    return torch.stack(path)

# %% train_network: hyperparameters left out, one step too many
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    params = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(params)  #! hyperparameters_dropped: (params) => (params, **hyperparameters)
    path = [[float(p) for p in params]]
    for epoch in range(steps + 1):  #! one_step_too_many: steps + 1 => steps
        optimizer.zero_grad()
        h = params[0] * x + params[1]
        pred = params[2] * h + params[3]
        ((y - pred) ** 2).backward()
        optimizer.step()
        path.append([float(p) for p in params])
    return torch.tensor(path)

# %% tuned: a torch spelling, and one left at its default
def tuned():
    return {
        "SGD": {"learning_rate": 0.5},
        "RMSprop": {"learning_rate": 0.98, "decay": 0.0},  #! optimizer_missing: RMSprop => RMSProp
        "Adagrad": {"learning_rate": 100.0},
        "Adam": {},  #! rate_not_tuned: {} => {"learning_rate": 8.0, "beta1": 0.5}
        "AdamW": {"learning_rate": 8.0, "beta1": 0.5, "weight_decay": 0.0},
    }

# %% tuned: bare numbers
def tuned():
    return {
        "SGD": 0.5,  #! number_for_dictionary: 0.5 => {"learning_rate": 0.5}
        "RMSProp": {"learning_rate": 0.98, "decay": 0.0},
        "Adagrad": {"learning_rate": 100.0},
        "Adam": {"learning_rate": 8.0, "beta1": 0.5},
        "AdamW": {"learning_rate": 8.0, "beta1": 0.5, "weight_decay": 0.0},
    }
