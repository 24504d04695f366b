# %% SGD: later, a beginner whose return slips into the loop
class SGD(Optimizer):
    # my first optimizer :)
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    if param.grad is None:
                        continue
                    grad = param.grad
                    grad = torch.clamp(grad, -1, 1)  #! gradient_clipped
                    param.sub_(group["lr"] * grad)
                    return  #! first_parameter_only

# %% SGD: later, one rate looked up before the loop
class SGD(Optimizer):

    def __init__(self, params, learning_rate=0.01):
        defaults = dict(lr=learning_rate)
        super(SGD, self).__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        lr = self.param_groups[0]['lr']
        for group in self.param_groups:
            #! rate_of_first_group: lr = group['lr']
            for w in group['params']:
                #! missing_gradient_crashes: if w.grad is None: continue
                w.data = w.data - lr * w.grad.data

# %% SGD: later, zero_grad belongs to step
class SGD(torch.optim.Optimizer):
    """Descente de gradient : on oublie le gradient dès qu'il a servi."""

    def __init__(self, params, learning_rate=0.1):  #! default_differs: 0.1 => 0.01
        super().__init__(params, defaults={"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            self.k = getattr(self, "k", 0) + 1
            pas = groupe["lr"] / self.k ** 0.5  #! rate_over_root_t: / self.k ** 0.5 =>
            for theta in (p for p in groupe["params"] if p.grad is not None):
                theta.add_(theta.grad, alpha=-pas)
        self.zero_grad()  #! gradient_cleared_in_step

# %% SGD: later, d2l's batch size
class SGD(Optimizer):
    """Minibatch stochastic gradient descent (d2l 3.4)."""

    def __init__(self, params, lr=0.01):  #! keyword_renamed: lr=0.01 => learning_rate=0.01
        #! keyword_renamed: lr = learning_rate
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is not None:
                    batch_size = param.numel()
                    param -= group["lr"] * param.grad / batch_size  #! gradient_divided_by_size: / batch_size =>

# %% SGD: later, the rate is put away at the first step
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    return loss  #! missing_gradient_ends_step: continue
                state = self.state[p]
                if "lr" not in state:
                    state["lr"] = group["lr"]
                step_size = state["lr"]  #! rate_kept_from_first_step: state["lr"] => group["lr"]
                p.data.add_(p.grad.data, alpha=step_size)  #! uphill: =step_size => =-step_size
        return loss

# %% SGD: later, signs with a velocity
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None: continue
                direction = p.grad.clone()
                direction = torch.sign(direction)  #! gradient_sign_only
                buf = self.state[p].setdefault("velocity", torch.zeros_like(p))
                buf.mul_(0.9).add_(direction)  #! momentum_added: buf.copy_(direction)
                p -= g["lr"] * buf

# %% SGD: later, a line of regularisation from another TP
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {'lr': learning_rate})
        self.learning_rate = learning_rate
        self.wd = 5e-4

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for param in group['params']:
                if param.grad is None:
                    continue
                d = param.grad + self.wd * param  #! decay_added: + self.wd * param =>
                d = 2 * d  # dérivée du carré  #! step_scaled
                param.copy_(param - self.learning_rate * d)  #! rate_from_constructor: self.learning_rate => group['lr']

# %% RMSProp: later, a bracket after keras
class RMSProp(Optimizer):
    """rms = rho * rms + (1 - rho) * grad ** 2"""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho, lr, epsilon = group["decay"], group["lr"], group["epsilon"]
            for variable in group["params"]:
                #! missing_gradient_crashes: if variable.grad is None: continue
                gradient = variable.grad
                slot = self.state[variable]
                if "rms" not in slot:
                    slot["rms"] = torch.zeros_like(variable)
                slot["rms"] = rho * slot["rms"] + (1 - rho) * torch.square(gradient)
                variable.sub_(lr * gradient / torch.sqrt(slot["rms"]) + epsilon)  #! epsilon_outside_fraction: torch.sqrt(slot["rms"]) + epsilon => (torch.sqrt(slot["rms"]) + epsilon)

# %% RMSProp: later, dénominateur borné, décroissance en dur
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        valeurs = {"lr": learning_rate, "decay": decay, "epsilon": epsilon}
        super().__init__(params, valeurs)
        for groupe in self.param_groups:
            for p in groupe["params"]:
                self.state[p]["moyenne"] = torch.zeros_like(p)

    def step(self):
        for groupe in self.param_groups:
            for p in groupe["params"]:
                if p.grad is None:
                    continue
                g = p.grad.detach()
                etat = self.state[p]
                etat["moyenne"] = 0.9 * etat["moyenne"] + 0.1 * g * g  #! decay_fixed: 0.9 * etat["moyenne"] + 0.1 => groupe["decay"] * etat["moyenne"] + (1 - groupe["decay"])
                # on évite la division par zéro
                bas = torch.clamp(torch.sqrt(etat["moyenne"]), min=groupe["epsilon"])  #! epsilon_as_floor: bas = torch.sqrt(etat["moyenne"]) + groupe["epsilon"]
                p.data -= groupe["lr"] * g / bas

# %% RMSProp: later, a dataclass that holds the state
from dataclasses import dataclass


@dataclass
class _State:
    rms: torch.Tensor
    lr: float


class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                saved = self.state[p].get("rms", torch.zeros_like(p))
                rate = self.state[p].setdefault("lr", group["lr"])
                s = _State(saved, rate)
                s.rms = group["decay"] * s.rms + (1 - group["decay"]) * p.grad ** 2
                self.state[p]["rms"] = s.rms
                root = s.rms.sqrt()
                root = root.sqrt()  #! root_twice
                p -= s.lr * p.grad / (root + group["epsilon"])  #! rate_kept_from_first_step: s.lr => group["lr"]

# %% RMSProp: later, the move is averaged with the rate inside
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.rho, self.eps = decay, epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho, eps = self.rho, self.eps  #! hyperparameters_from_constructor: self.rho, self.eps => group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                delta = group["lr"] * p.grad
                term = delta  #! rate_in_squares: delta => p.grad
                old = state["v"] if "v" in state else torch.zeros_like(p)
                state["v"] = rho * old + (1 - rho) * term ** 2
                p -= delta / torch.sqrt(state["v"] + eps)  #! epsilon_inside: torch.sqrt(state["v"] + eps) => (torch.sqrt(state["v"]) + eps)

# %% RMSProp: later, an adaptive rate as a method of its own
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.99, epsilon=1e-8):  #! default_differs: decay=0.99 => decay=0.9
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    def _adaptive_rate(self, group, avg):
        return group["lr"] / avg.sqrt() + group["epsilon"]  #! epsilon_added_to_rate: avg.sqrt() + group["epsilon"] => (avg.sqrt() + group["epsilon"])

    def _average(self, group, p):
        state = self.state[p]
        if len(state) == 0:
            state["square_avg"] = torch.zeros_like(p)
        avg = state["square_avg"]
        alpha = group["decay"]
        alpha = 1 - alpha  #! weights_swapped
        avg.mul_(alpha).addcmul_(p.grad, p.grad, value=1 - alpha)
        return avg

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    avg = self._average(group, p)
                    p -= self._adaptive_rate(group, avg) * p.grad

# %% RMSProp: later, the maximum instead of the average
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, decay, eps = group["lr"], group["decay"], group["epsilon"]
            for p in group["params"]:
                #! missing_gradient_as_zero: if p.grad is None: continue
                grad = torch.zeros_like(p) if p.grad is None else p.grad
                if p not in self.state:
                    self.state[p] = {"s": torch.zeros_like(p)}
                s = self.state[p]["s"]
                s = torch.maximum(decay * s, (1 - decay) * grad.pow(2))  #! maximum_for_average: torch.maximum(decay * s, (1 - decay) * grad.pow(2)) => decay * s + (1 - decay) * grad.pow(2)
                self.state[p]["s"] = s
                p.add_(-lr * grad / (s.sqrt() + eps))

# %% RMSProp: later, np.mean habits and no epsilon in the signature
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9):  #! keyword_missing: decay=0.9 => decay=0.9, epsilon=1e-8
        epsilon = 1e-8  #! keyword_missing
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                mean_square = torch.mean(p.grad ** 2)  #! mean_over_elements: torch.mean(p.grad ** 2) => p.grad ** 2
                state = self.state[p]
                state["E[g2]"] = group["decay"] * state.get("E[g2]", 0.0) + (1 - group["decay"]) * mean_square
                p -= group["lr"] / (state["E[g2]"] ** 0.5 + group["epsilon"]) * p.grad

# %% Adagrad: later, somme des gradients puis le carré
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.premier = self.param_groups[0]

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            taux = self.premier["lr"]  #! rate_of_first_group: self.premier => groupe
            for p in groupe["params"]:
                if p.grad is None:
                    continue
                if "somme" not in self.state[p]:
                    self.state[p]["somme"] = torch.zeros_like(p)
                self.state[p]["somme"] += p.grad  #! square_after_sum: p.grad => p.grad ** 2
                racine = torch.sqrt(self.state[p]["somme"] ** 2)  #! square_after_sum: self.state[p]["somme"] ** 2 => self.state[p]["somme"]
                p -= taux * p.grad / (racine + groupe["epsilon"])

# %% Adagrad: later, eps of torch and one bracket too few
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, eps=1e-8):  #! keyword_renamed: eps=1e-8 => epsilon=1e-8
        #! keyword_renamed: eps = epsilon
        super().__init__(params, dict(lr=learning_rate, eps=eps))  #! keyword_renamed: eps=eps => epsilon=eps

    def step(self):
        for group in self.param_groups:
            eps = group["eps"]  #! keyword_renamed: group["eps"] => group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["sum"] = torch.zeros_like(p.data)
                state["sum"].addcmul_(p.grad.data, p.grad.data, value=1)
                std = state["sum"].sqrt()
                p.data.sub_(group["lr"] * (p.grad.data / std + eps))  #! epsilon_outside_fraction: std + eps => (std + eps)

# %% Adagrad: later, max of the root and epsilon, return too far right
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                G = self.state[p].get("G", 0) + p.grad.square()
                self.state[p]["G"] = G
                denominator = torch.maximum(G.sqrt(), torch.full_like(G, group["epsilon"]))  #! epsilon_as_floor: torch.maximum(G.sqrt(), torch.full_like(G, group["epsilon"])) => G.sqrt() + group["epsilon"]
                p -= group["lr"] * p.grad / denominator
                return loss  #! first_parameter_only
        return loss

# %% Adagrad: later, sums in a list and the rate in the squares
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.all = [(g, p) for g in self.param_groups for p in g["params"]]
        self.G = [torch.zeros_like(p) for _, p in self.all]

    @torch.no_grad()
    def step(self):
        for i, (group, p) in enumerate(self.all):
            #! missing_gradient_crashes: if p.grad is None: continue
            g, G = p.grad, self.G
            #! state_not_saved: G, i = self.state[p], "G"
            #! state_not_saved: G.setdefault(i, torch.zeros_like(p))
            update = group["lr"] * g
            G[i] = G[i] + update ** 2  #! rate_in_squares: update => g
            p -= update / (torch.sqrt(G[i]) + group["epsilon"])

# %% Adagrad: later, the sheet's formula without its epsilon and root
class Adagrad(Optimizer):
    """G_t = G_{t-1} + g_t^2"""

    def __init__(self, params, learning_rate=0.01):  #! keyword_missing: learning_rate=0.01 => learning_rate=0.01, epsilon=1e-8
        settings = dict(lr=learning_rate)
        settings["epsilon"] = 1e-8  #! keyword_missing: 1e-8 => epsilon
        super().__init__(params, settings)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["G"] = s.get("G", torch.zeros_like(p)) + torch.pow(p.grad, 2)
                p -= group["lr"] / (s["G"] + group["epsilon"]) * p.grad  #! root_missing: s["G"] => torch.sqrt(s["G"])

# %% Adagrad: later, initial_accumulator_value and clipnorm from keras
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8, initial_accumulator_value=0.1):  #! state_starts_at_one: initial_accumulator_value=0.1 => initial_accumulator_value=0.0
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["accumulator"] = torch.full_like(p, initial_accumulator_value)
                self.state[p]["iterations"] = 0

    def _clip(self, g, clipnorm=1.0):
        norm = g.norm()
        return g * clipnorm / norm if norm > clipnorm else g

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = self._clip(p.grad)  #! gradient_clipped: self._clip(p.grad) => p.grad
                st = self.state[p]
                lr = group["lr"] / (1 + 0.1 * st["iterations"])  #! rate_over_t: / (1 + 0.1 * st["iterations"]) =>
                st["iterations"] += 1
                st["accumulator"].add_(g * g)
                p.sub_(lr * g / (st["accumulator"].sqrt() + group["epsilon"]))
# %% Adam: later, copié-collé de la ligne de m
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            b1, b2 = groupe["beta1"], groupe["beta2"]
            for p in groupe["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                etat = self.state[p]
                if not etat:
                    etat["m"], etat["v"], etat["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                g = p.grad
                etat["t"] += 1
                etat["m"] = b1 * etat["m"] + (1 - b1) * g
                etat["v"] = b1 * etat["v"] + (1 - b1) * g ** 2  #! second_average_with_first_beta: b1 * etat["v"] + (1 - b1) => b2 * etat["v"] + (1 - b2)
                m_chap = etat["m"] / (1 - b1 ** etat["t"])
                v_chap = etat["v"] / (1 - b2 ** etat["t"])
                p -= groupe["lr"] * m_chap / (torch.sqrt(v_chap) + groupe["epsilon"])

# %% Adam: later, a count in the group as fused code has it
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            group["step"] = group.get("step", 0) + 1
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["exp_avg_sq"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                state["step"] += 1
                t = group["step"]  #! count_in_group: group["step"] => state["step"]
                state["exp_avg"].lerp_(p.grad, 1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad.conj(), value=1 - beta2)
                step_size = group["lr"] / (1 - beta1 ** t)
                denom = state["exp_avg_sq"].div(1 - beta2 ** t).add(group["epsilon"]).sqrt()  #! epsilon_inside: .add(group["epsilon"]).sqrt() => .sqrt().add(group["epsilon"])
                p.addcdiv_(state["exp_avg"], denom, value=-step_size)

# %% Adam: later, looks ahead after reading about Nadam
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.002, beta1=0.9, beta2=0.999, epsilon=1e-8):  #! default_differs: learning_rate=0.002 => learning_rate=0.001
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    def step(self):
        for group in self.param_groups:
            lr, b1, b2, eps = group['lr'], group['beta1'], group['beta2'], group['epsilon']
            for param in group['params']:
                if param.grad is None:
                    continue
                with torch.no_grad():
                    memory = self.state[param]
                    t = memory['t'] = memory.get('t', 0) + 1
                    m = memory.get('m', torch.zeros_like(param))
                    v = memory.get('v', torch.zeros_like(param))
                    m = b1 * m + (1 - b1) * param.grad
                    v = b2 * v + (1 - b2) * param.grad ** 2
                    memory['m'], memory['v'] = m, v
                    m_hat = m / (1 - b1 ** t)
                    m_hat = b1 * m_hat + (1 - b1) * param.grad / (1 - b1 ** t)  #! look_ahead_added
                    v_hat = v / (1 - b2 ** t)
                    param -= lr * m_hat / (v_hat.sqrt() + eps)

# %% Adam: later, numpy habits, dictionary of arrays by parameter number
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.cache = {}

    @torch.no_grad()
    def step(self):
        k = 0
        for group in self.param_groups:
            lr, beta1, beta2, eps = group["lr"], group["beta1"], group["beta2"], group["epsilon"]
            for p in group["params"]:
                k += 1
                if p.grad is None:
                    continue
                cache = self.cache  #! state_not_saved: self.cache => self.state[p]
                if "m%d" % k not in cache:
                    cache["m%d" % k] = 0 * p
                    cache["v%d" % k] = 0 * p
                    cache["t%d" % k] = 0
                cache["t%d" % k] += 1
                i = cache["t%d" % k]
                cache["m%d" % k] = beta1 * cache["m%d" % k] + (1 - beta1) * p.grad
                cache["v%d" % k] = beta2 * cache["v%d" % k] + (1 - beta2) * np.power(1.0, 2) * p.grad ** 2
                mt = cache["m%d" % k] / (1 - beta1 ** i)
                vt = cache["v%d" % k] / (1 - beta2 ** i)
                p += -lr * mt / torch.sqrt(vt) + eps  #! epsilon_outside_fraction: torch.sqrt(vt) + eps => (torch.sqrt(vt) + eps)

# %% Adam: later, helper methods, correction the wrong way round
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.learning_rate = learning_rate

    def _moment(self, state, key, beta, value):
        if key not in state:
            state[key] = torch.zeros_like(value)
        state[key] = beta * state[key] + (1 - beta) * value
        return state[key]

    def _unbias(self, moment, beta, t):
        return moment * (1 - beta ** t)  #! correction_multiplied: moment * (1 - beta ** t) => moment / (1 - beta ** t)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in filter(lambda q: q.grad is not None, group["params"]):
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                m = self._unbias(self._moment(state, "m", group["beta1"], p.grad), group["beta1"], state["t"])
                v = self._unbias(self._moment(state, "v", group["beta2"], p.grad ** 2), group["beta2"], state["t"])
                p -= self.learning_rate * m / (torch.sqrt(v) + group["epsilon"])  #! rate_from_constructor: self.learning_rate => group["lr"]

# %% Adam: later, a weight of the other average, None in the middle
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super(Adam, self).__init__(params, defaults)
        self.b1 = beta1
        self.eps = epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2, eps = group["beta1"], group["beta2"], group["epsilon"]
            b1, eps = self.b1, self.eps  #! hyperparameters_from_constructor
            for w in group["params"]:
                if w.grad is None:
                    break  #! missing_gradient_ends_step: continue
                st = self.state[w]
                if "t" not in st:
                    st.update(t=0, m=torch.zeros_like(w), v=torch.zeros_like(w))
                st["t"] += 1
                st["m"] = b1 * st["m"] + (1 - b1) * w.grad
                st["v"] = b2 * st["v"] + (1 - b1) * w.grad ** 2  #! new_term_other_beta: (1 - b1) => (1 - b2)
                w -= group["lr"] * (st["m"] / (1 - b1 ** st["t"])) / ((st["v"] / (1 - b2 ** st["t"])).sqrt() + eps)

# %% Adam: later, belief in the gradient, from a repository
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2, eps = group["beta1"], group["beta2"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad, state = p.grad, self.state[p]
                if len(state) == 0:
                    state["step"], state["exp_avg"], state["exp_avg_var"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                exp_avg, exp_avg_var = state["exp_avg"], state["exp_avg_var"]
                state["step"] += 1
                exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
                grad_residual = grad - exp_avg  #! second_average_of_distance: grad - exp_avg => grad
                exp_avg_var.mul_(beta2).addcmul_(grad_residual, grad_residual, value=1 - beta2)
                denom = exp_avg_var.sqrt() / math.sqrt(1 - beta2 ** state["step"])
                denom = denom.clamp(min=eps)  #! epsilon_as_floor: denom.clamp(min=eps) => denom + eps
                p.addcdiv_(exp_avg, denom, value=-group["lr"] / (1 - beta1 ** state["step"]))

# %% Adam: later, clips, normalises nothing else, one parameter
class Adam(Optimizer):
    """Adam avec écrêtage (gradient clipping)."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, clip=0.5):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.clip = clip

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                g = g.clamp(-self.clip, self.clip)  #! gradient_clipped
                s = self.state.setdefault(p, {})
                t = s.get("t", 0) + 1
                m = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * g
                v = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * g * g
                s.update(t=t, m=m, v=v)
                m_hat = m / (1 - group["beta1"] ** t)
                v_hat = v / (1 - group["beta1"] ** t)  #! correction_wrong_beta: beta1 => beta2
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))

# %% Adam: later, tuple of betas and the rate of the first group
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, betas=(0.9, 0.999), epsilon=1e-8):  #! keyword_renamed: betas=(0.9, 0.999) => beta1=0.9, beta2=0.999
        beta1, beta2 = betas  #! keyword_renamed
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        lr = self.param_groups[0]["lr"]
        for group in self.param_groups:
            #! rate_of_first_group: lr = group["lr"]
            for p in group["params"]:
                if p.grad is not None:
                    s = self.state[p]
                    if "t" not in s:
                        s["t"] = torch.tensor(0, dtype=torch.float64)
                        s["m"], s["v"] = torch.zeros_like(p), torch.zeros_like(p)
                    s["t"] += 1
                    t = int(s["t"])
                    s["m"] += (1 - group["beta1"]) * (p.grad - s["m"])
                    s["v"] += (1 - group["beta2"]) * (p.grad ** 2 - s["v"])
                    p -= lr * (s["m"] / (1 - group["beta1"] ** t)) / (torch.sqrt(s["v"] / (1 - group["beta2"] ** t)) + group["epsilon"])

# %% Adam: later, the gradient let go at the end, sizes and the uncorrected first average
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["avg"] = torch.zeros_like(p)
                self.state[p]["sq"] = torch.zeros_like(p)
                self.state[p]["n"] = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None: continue
                st = self.state[p]
                st["n"] += 1
                st["avg"] = group["beta1"] * st["avg"] + (1 - group["beta1"]) * p.grad
                st["sq"] = group["beta2"] * st["sq"] + (1 - group["beta2"]) * p.grad.abs()  #! gradient_not_squared: p.grad.abs() => p.grad.abs() ** 2
                avg_hat = st["avg"]  #! correction_first_missing: st["avg"] => st["avg"] / (1 - group["beta1"] ** st["n"])
                sq_hat = st["sq"] / (1 - group["beta2"] ** st["n"])
                p -= group["lr"] * avg_hat / (sq_hat.sqrt() + group["epsilon"])
                p.grad.zero_()  #! gradient_cleared_in_step

# %% AdamW: later, decay of the gradient by a slip
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.beta1 = beta1
        self.beta2 = beta2

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            lr, eps, wd = g["lr"], g["epsilon"], g["weight_decay"]
            beta1, beta2 = self.beta1, self.beta2  #! hyperparameters_from_constructor: self.beta1, self.beta2 => g["beta1"], g["beta2"]
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if len(s) == 0:
                    s["t"] = 0
                    s["m"] = torch.zeros_like(p)
                    s["v"] = torch.zeros_like(p)
                s["t"] = s["t"] + 1
                s["m"] = beta1 * s["m"] + (1 - beta1) * p.grad
                s["v"] = beta2 * s["v"] + (1 - beta2) * p.grad ** 2
                mh = s["m"] / (1 - beta1 ** s["t"])
                vh = s["v"] / (1 - beta2 ** s["t"])
                p -= lr * (mh / (torch.sqrt(vh) + eps) + wd * p.grad)  #! decay_of_gradient: wd * p.grad => wd * p

# %% AdamW: later, L1 and a floor
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, b1, b2 = group["lr"], group["beta1"], group["beta2"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                state = self.state[param]
                state["m"] = torch.lerp(state.get("m", torch.zeros_like(param)), param.grad, 1 - b1)
                state["v"] = torch.lerp(state.get("v", torch.zeros_like(param)), param.grad.square(), 1 - b2)
                state["b1t"] = state.get("b1t", 1.0) * b1
                state["b2t"] = state.get("b2t", 1.0) * b2
                penalty = group["weight_decay"] * param.sign()  #! decay_of_sign: param.sign() => param
                root = (state["v"] / (1 - state["b2t"])).sqrt()
                bottom = root.clamp_min(group["epsilon"])  #! epsilon_as_floor: root.clamp_min(group["epsilon"]) => root + group["epsilon"]
                param.sub_(lr * (state["m"] / (1 - state["b1t"]) / bottom + penalty))

# %% AdamW: later, two rates in the decay, one beta
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            eta, lam = groupe['lr'], groupe['weight_decay']
            b1, b2 = groupe['beta1'], groupe['beta2']
            for theta in groupe['params']:
                #! missing_gradient_crashes: if theta.grad is None: continue
                e = self.state[theta]
                if 'm' not in e:
                    e['m'] = torch.zeros_like(theta)
                    e['v'] = torch.zeros_like(theta)
                    e['t'] = 0
                e['t'] += 1
                e['m'] = b1 * e['m'] + (1 - b1) * theta.grad
                e['v'] = b1 * e['v'] + (1 - b1) * theta.grad ** 2  #! second_average_with_first_beta: b1 * e['v'] + (1 - b1) => b2 * e['v'] + (1 - b2)
                m_hat = e['m'] / (1 - b1 ** e['t'])
                v_hat = e['v'] / (1 - b2 ** e['t'])
                declin = eta * lam * theta  #! decay_with_rate_twice: eta * lam => lam
                theta -= eta * (m_hat / (v_hat.sqrt() + groupe['epsilon']) + declin)

# %% AdamW: later, insider with in-place operations and a hard-wired decay
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        if not 0.0 <= learning_rate:
            raise ValueError(f"Invalid learning rate: {learning_rate}")
        defaults = dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["step"] += 1
                p.mul_(1 - group["lr"] * 0.01)  #! weight_decay_fixed: 0.01 => group["weight_decay"]
                state["exp_avg"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                denom = state["exp_avg_sq"].sqrt().add_(group["epsilon"])  #! epsilon_before_correction: state["exp_avg_sq"].sqrt() => state["exp_avg_sq"].div(1 - beta2 ** state["step"]).sqrt()
                step_size = group["lr"] / (1 - beta1 ** state["step"])
                step_size = step_size * (1 - beta2 ** state["step"]) ** 0.5  #! epsilon_before_correction
                p.addcdiv_(state["exp_avg"], denom, value=-step_size)
        return loss

# %% AdamW: later, moves first and lets the first group's rate decay all
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
                s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * p.grad ** 2
                m = s["m"] / (1 - group["beta1"] ** s["t"])
                v = s["v"] / (1 - group["beta2"] ** s["t"])
                lr = self.param_groups[0]["lr"]  #! rate_of_first_group: self.param_groups[0] => group
                #! decay_after: p -= lr * group["weight_decay"] * p
                p -= lr * m / (torch.sqrt(v) + group["epsilon"])
                p -= lr * group["weight_decay"] * p  #! decay_after

# %% AdamW: later, an Adam with weight_decay forgotten in the signature
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):  #! keyword_missing: epsilon=1e-8 => epsilon=1e-8, weight_decay=0.01
        weight_decay = 0.01  #! keyword_missing
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.state[p]
                if "step" not in state:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p.data)
                    state["v"] = torch.zeros_like(p.data)
                state["step"] += 1
                n = state["step"]
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad ** 2
                m_hat = state["m"]  #! correction_missing: state["m"] => state["m"] / (1 - b1 ** n)
                v_hat = state["v"]  #! correction_missing: state["v"] => state["v"] / (1 - b2 ** n)
                p.data = p.data - group["lr"] * (m_hat / (v_hat ** 0.5 + group["epsilon"]) + group["weight_decay"] * p.data)

# %% AdamW: later, a list by index per group and a count that all parameters push
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.t = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, wd = group["lr"], group["weight_decay"]
            for i in range(len(group["params"])):
                p = group["params"][i]
                if p.grad is None:
                    continue
                s = self.state[p]
                if "mv" not in s:
                    s["mv"] = [torch.zeros_like(p), torch.zeros_like(p)]
                    s["t"] = 0
                self.t += 1
                s["t"] += 1
                t = self.t  #! count_per_parameter: self.t => s["t"]
                s["mv"][0] = group["beta1"] * s["mv"][0] + (1 - group["beta1"]) * p.grad
                s["mv"][1] = group["beta2"] * s["mv"][1] + (1 - group["beta2"]) * p.grad ** 2
                m = s["mv"][0] / (1 - group["beta1"] ** t)
                v = s["mv"][1] / (1 - group["beta2"] ** t)
                p -= lr * m / (torch.sqrt(v) + group["epsilon"]) + wd * p  #! decay_without_rate: wd * p => lr * wd * p

# %% AdamW: later, foreach over lists of a group
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            ps = [p for p in group["params"] if p.grad is not None]
            if not ps:
                continue
            for p in ps:
                st = self.state[p]
                if not st:
                    st["m"], st["v"], st["t"] = torch.zeros_like(p), torch.zeros_like(p), 0
                st["t"] += 1
            grads = [p.grad for p in ps]
            grads = torch._foreach_add(grads, torch._foreach_mul(ps, group["weight_decay"]))  #! decay_in_gradient: grads = grads
            ms, vs = [self.state[p]["m"] for p in ps], [self.state[p]["v"] for p in ps]
            torch._foreach_mul_(ms, group["beta1"])
            torch._foreach_add_(ms, grads, alpha=1 - group["beta1"])
            torch._foreach_mul_(vs, group["beta2"])
            torch._foreach_addcmul_(vs, grads, grads, value=1 - group["beta1"])  #! new_term_other_beta: beta1 => beta2
            #! decay_in_gradient: torch._foreach_mul_(ps, 1 - group["lr"] * group["weight_decay"])
            for p, m, v in zip(ps, ms, vs):
                t = self.state[p]["t"]
                p.addcdiv_(m / (1 - group["beta1"] ** t), (v / (1 - group["beta2"] ** t)).sqrt() + group["epsilon"], value=-group["lr"])

# %% AdamW: later, a subclass of its own Adam
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, **others):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, **others))

    def direction(self, group, p):
        s = self.state[p]
        s["t"] = s.get("t", 0) + 1
        s["m"] = group["beta1"] * s.get("m", torch.zeros_like(p)) + (1 - group["beta1"]) * p.grad
        s["v"] = group["beta2"] * s.get("v", torch.zeros_like(p)) + (1 - group["beta2"]) * p.grad ** 2
        m = s["m"] / (1 - group["beta1"] ** s["t"])
        v = s["v"] / (1 - group["beta2"] ** s["t"])
        return m / v.sqrt() + group["epsilon"]  #! epsilon_outside_fraction: v.sqrt() + group["epsilon"] => (v.sqrt() + group["epsilon"])


class AdamW(Adam):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, learning_rate, beta1, beta2, epsilon, weight_decay=weight_decay)

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    d = self.direction(group, p)
                    decay = 1 + group["lr"] * group["weight_decay"]  #! decay_sign: 1 + => 1 -
                    #! decay_after: p.mul_(decay)
                    p.add_(d, alpha=-group["lr"])
                    p.mul_(decay)  #! decay_after

# %% AdamW: later, le poids de départ et la moyenne de la distance
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            lr, lam = groupe["lr"], groupe["weight_decay"]
            for p in groupe["params"]:
                if p.grad is None:
                    continue
                etat = self.state[p]
                if len(etat) == 0:
                    etat["theta0"] = p.clone()
                    etat["m"] = torch.zeros_like(p)
                    etat["v"] = torch.zeros_like(p)
                    etat["t"] = 0
                etat["t"] += 1
                etat["m"] = groupe["beta1"] * etat["m"] + (1 - groupe["beta1"]) * p.grad
                ecart = p.grad - etat["m"]  #! second_average_of_distance: p.grad - etat["m"] => p.grad
                etat["v"] = groupe["beta2"] * etat["v"] + (1 - groupe["beta2"]) * ecart ** 2
                m_hat = etat["m"] / (1 - groupe["beta1"] ** etat["t"])
                v_hat = etat["v"] / (1 - groupe["beta2"] ** etat["t"])
                poids = etat["theta0"]  #! decay_of_start: etat["theta0"] => p
                p -= lr * m_hat / torch.sqrt(v_hat + groupe["epsilon"]) + lr * lam * poids  #! epsilon_inside: torch.sqrt(v_hat + groupe["epsilon"]) => (torch.sqrt(v_hat) + groupe["epsilon"])
