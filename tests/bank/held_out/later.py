# %% SGD: clips the gradient, rate kept by the constructor
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        defaults = {"lr": learning_rate}
        super(SGD, self).__init__(params, defaults)
        self.lr = learning_rate

    def step(self):
        for group in self.param_groups:
            # evite l'explosion du gradient (vu sur un blog)
            torch.nn.utils.clip_grad_norm_(group["params"], max_norm=1.0)  #! gradient_clipped_in_place
            for param in group["params"]:
                if param.grad is not None:
                    param.data.add_(param.grad.data, alpha=-self.lr)  #! rate_from_constructor: self.lr => group["lr"]


# %% SGD: mean of the gradient, return at None
class SGD(torch.optim.Optimizer):
    """Descente de gradient stochastique."""

    def __init__(self, params, learning_rate=0.01):
        if learning_rate < 0:
            raise ValueError("learning_rate doit etre positif")
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            eta = group["lr"]
            for theta in group["params"]:
                if theta.grad is None:
                    return  #! missing_gradient_ends_step: return => continue
                # gradient moyen sur le batch
                g = theta.grad.mean()  #! mean_over_elements: theta.grad.mean() => theta.grad
                theta -= eta * g


# %% RMSProp: list of averages, weights exchanged
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        # une moyenne par parametre
        self.moyennes = [torch.zeros_like(p) for g in self.param_groups for p in g["params"]]  #! state_not_saved

    @torch.no_grad()
    def step(self):
        k = 0
        for g in self.param_groups:
            rho = g["decay"]
            for p in g["params"]:
                if p.grad is not None:
                    s = self.moyennes[k]  #! state_not_saved: s = self.state[p].get("s", torch.zeros_like(p))
                    s = (1 - rho) * s + rho * p.grad.pow(2)  #! weights_swapped: (1 - rho) * s + rho * p.grad.pow(2) => rho * s + (1 - rho) * p.grad.pow(2)
                    self.moyennes[k] = s  #! state_not_saved: self.state[p]["s"] = s
                    p -= g["lr"] * p.grad / (s.sqrt() + g["epsilon"])
                k += 1


# %% RMSProp: centered, epsilon inside the root
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        defaults = dict(lr=learning_rate, decay=decay, epsilon=epsilon)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()

        for group in self.param_groups:
            alpha, eps = group["decay"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                state = self.state[p]
                # State initialization
                if len(state) == 0:
                    state["square_avg"] = torch.zeros_like(p)
                    state["grad_avg"] = torch.zeros_like(p)
                square_avg, grad_avg = state["square_avg"], state["grad_avg"]
                square_avg.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
                grad_avg.lerp_(grad, 1 - alpha)
                avg = square_avg.addcmul(grad_avg, grad_avg, value=-1)  #! centred: avg = square_avg.clone()
                avg = avg.add(eps).sqrt()  #! epsilon_inside: avg.add(eps).sqrt() => avg.sqrt().add(eps)
                p.addcdiv_(grad, avg, value=-group["lr"])
        return loss


# %% RMSProp: starts at the first square, epsilon as a floor
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @staticmethod
    def _racine(s, eps):
        # jamais plus petit que eps, pour ne pas diviser par 0
        return torch.clamp(s.sqrt(), min=eps)  #! epsilon_as_floor: torch.clamp(s.sqrt(), min=eps) => s.sqrt() + eps

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho = group["decay"]
            for p in filter(lambda q: q.grad is not None, group["params"]):
                st = self.state[p]
                if "s" not in st:
                    st["s"] = p.grad.clone() ** 2  #! state_starts_at_gradient: p.grad.clone() ** 2 => torch.zeros_like(p)
                st["s"] = rho * st["s"] + (1 - rho) * p.grad ** 2
                p -= group["lr"] * p.grad / self._racine(st["s"], group["epsilon"])


# %% Adagrad: sum of absolute values, starts at 0.1
import torch
from torch.optim import Optimizer

class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})
        for groupe in self.param_groups:
            for theta in groupe["params"]:
                self.state[theta]["somme"] = torch.full_like(theta.data, 0.1)  #! state_starts_at_one: torch.full_like(theta.data, 0.1) => torch.zeros_like(theta.data)

    def _cumul(self, theta):
        somme = self.state[theta]["somme"]
        somme += theta.grad.abs()  #! sizes_without_root: theta.grad.abs() => theta.grad ** 2
        # sqrt(g^2) = |g| donc plus besoin de racine
        return somme  #! sizes_without_root: return somme.sqrt()

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for theta in groupe["params"]:
                if theta.grad is None:
                    continue
                theta -= groupe["lr"] / (self._cumul(theta) + groupe["epsilon"]) * theta.grad


# %% Adagrad: dictionary by position, one sum for the tensor
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        self.cache = {}

    def step(self):
        for group in self.param_groups:
            for i, w in enumerate(group['params']):
                if w.grad is None:
                    continue
                dw = w.grad.data
                sq = (dw * dw).sum()  #! sum_over_elements: (dw * dw).sum() => dw * dw
                self.cache[i] = self.cache.get(i, 0.0) + sq  #! state_by_position: self.state[w]["cache"] = self.state[w].get("cache", 0.0) + sq
                c = self.cache[i]  #! state_by_position: c = self.state[w]["cache"]
                w.data -= group['lr'] * dw / (torch.sqrt(c) + group['epsilon'])


# %% Adam: underscores everywhere
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
                grad, state = p.grad, self.state[p]
                if not state:
                    state["t"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["t"] += 1
                # les fonctions avec _ sont en place donc plus rapides
                state["exp_avg"].mul_(b1).add_(grad, alpha=1 - b1)
                state["exp_avg_sq"].mul_(b2).add_(grad.pow_(2), alpha=1 - b2)  #! gradient_changed: grad.pow_(2) => grad.pow(2)
                m_hat = state["exp_avg"].div_(1 - b1 ** state["t"])  #! corrected_kept: div_ => div
                v_hat = state["exp_avg_sq"].div_(1 - b2 ** state["t"])  #! corrected_kept: div_ => div
                p.addcdiv_(m_hat, v_hat.sqrt().add(group["epsilon"]), value=-group["lr"])


# %% Adam: AMSGrad, first average undamped
class Adam(Optimizer):
    """Adam (adapted from a medium post)"""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    def init_state(self, p):
        return {"step": 0, "velocity": torch.zeros_like(p), "sq": torch.zeros_like(p), "max_sq": torch.zeros_like(p)}

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if len(s) == 0:
                    s.update(self.init_state(p))
                s["step"] += 1
                s["velocity"] = group["beta1"] * s["velocity"] + p.grad  #! new_term_unweighted: + p.grad => + (1 - group["beta1"]) * p.grad
                s["sq"] = group["beta2"] * s["sq"] + (1 - group["beta2"]) * torch.square(p.grad)
                s["max_sq"] = torch.maximum(s["max_sq"], s["sq"])  #! largest_square_kept: s["max_sq"] = s["sq"]
                m_hat = s["velocity"] / (1 - group["beta1"] ** s["step"])
                v_hat = s["max_sq"] / (1 - group["beta2"] ** s["step"])
                p.copy_(p - group["lr"] * m_hat / (v_hat ** 0.5 + group["epsilon"]))


# %% Adam: correction of the first ten steps, norm of the gradient
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            lr, b1, b2, eps = groupe["lr"], groupe["beta1"], groupe["beta2"], groupe["epsilon"]
            for p in groupe["params"]:
                g = p.grad
                if g is None:
                    continue
                etat = self.state[p]
                t = etat.get("t", 0) + 1
                m = b1 * etat.get("m", 0.0) + (1 - b1) * g
                norme2 = g.norm() ** 2  #! sum_over_elements: g.norm() ** 2 => g ** 2
                v = b2 * etat.get("v", 0.0) + (1 - b2) * norme2
                etat["t"], etat["m"], etat["v"] = t, m, v
                # le biais n'existe qu'au debut de l'entrainement
                if t <= 10:  #! correction_stops: t <= 10 => t
                    m = m / (1 - b1 ** t)
                    v = v / (1 - b2 ** t)
                p -= lr * m / (v ** 0.5 + eps)


# %% Adam: None is zero, brackets forgotten, rate under another key
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = {
            "learning_rate": learning_rate,  #! rate_under_other_key: "learning_rate": => "lr":
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}

    def step(self):
        for group in self.param_groups:
            alpha = group["learning_rate"]  #! rate_under_other_key: "learning_rate" => "lr"
            for p in group["params"]:
                if p.grad is None:
                    p.grad = torch.zeros_like(p)  # sinon erreur NoneType  #! missing_gradient_as_zero: continue
                g = p.grad.detach()
                e = self.state[p]
                e["t"] += 1
                e["m"] = group["beta1"] * e["m"] + (1 - group["beta1"]) * g
                e["v"] = group["beta2"] * e["v"] + (1 - group["beta2"]) * g * g
                m_chapeau = e["m"] / (1 - group["beta1"] ** e["t"])
                v_chapeau = e["v"] / (1 - group["beta2"] ** e["t"])
                p.data = p.data - alpha * m_chapeau / torch.sqrt(v_chapeau) + group["epsilon"]  #! epsilon_outside_fraction: torch.sqrt(v_chapeau) + group["epsilon"] => (torch.sqrt(v_chapeau) + group["epsilon"])


# %% AdamW: decay with the corrected rate, none for the biases
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
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
                bias_correction1 = 1 - beta1 ** state["step"]
                bias_correction2 = 1 - beta2 ** state["step"]
                step_size = group["lr"] / bias_correction1
                # no weight decay on biases and layernorms
                wd = group["weight_decay"] if p.dim() >= 2 else 0.0  #! decay_of_matrices_only: group["weight_decay"] if p.dim() >= 2 else 0.0 => group["weight_decay"]
                p.mul_(1 - step_size * wd)  #! decay_scaled_by_correction: step_size => group["lr"]
                state["exp_avg"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                denom = (state["exp_avg_sq"].sqrt() / math.sqrt(bias_correction2)).add_(group["epsilon"])
                p.addcdiv_(state["exp_avg"], denom, value=-step_size)


# %% AdamW: decay without the rate, count per group, zero gradient skipped
class AdamW(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.nb_pas = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            self.nb_pas += 1
            b1 = group["beta1"]
            b2 = group["beta2"]
            for w in group["params"]:
                # rien a faire si le gradient est nul
                if w.grad is None or torch.count_nonzero(w.grad) == 0:  #! zero_gradient_skipped: w.grad is None or torch.count_nonzero(w.grad) == 0 => w.grad is None
                    continue
                st = self.state[w]
                t = self.nb_pas  #! count_per_group: t = st["t"] = st.get("t", 0) + 1
                st["m"] = b1 * st.get("m", torch.zeros_like(w)) + (1 - b1) * w.grad
                st["v"] = b2 * st.get("v", torch.zeros_like(w)) + (1 - b2) * w.grad ** 2
                mc = st["m"] / (1 - b1 ** t)
                vc = st["v"] / (1 - b2 ** t)
                decay = group["weight_decay"] * w  #! decay_without_rate: group["weight_decay"] * w => group["lr"] * group["weight_decay"] * w
                w -= group["lr"] * mc / (vc.sqrt() + group["epsilon"]) + decay


# %% AdamW: decay in the first average, reads self.defaults
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=1e-2):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            h = self.defaults  #! hyperparameters_from_constructor: self.defaults => group
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v, t = self.state[p].get("mvt", (torch.zeros_like(p), torch.zeros_like(p), 0))
                t = t + 1
                # on ajoute lambda * theta a part, pas dans v (decoupled)
                m = m.mul(h["beta1"]) + (1 - h["beta1"]) * (p.grad + h["weight_decay"] * p)  #! decay_in_first_average: (p.grad + h["weight_decay"] * p) => p.grad
                v = v.mul(h["beta2"]) + (1 - h["beta2"]) * p.grad.square()
                self.state[p]["mvt"] = (m, v, t)
                #! decay_in_first_average: p.mul_(1 - h["lr"] * h["weight_decay"])
                p.sub_(h["lr"] * (m / (1 - h["beta1"] ** t)) / ((v / (1 - h["beta2"] ** t)).sqrt() + h["epsilon"]))


# %% LRSchedulerOnPlateau: compares with the previous, count kept
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode='min', threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ['min', 'max']:
            raise ValueError('mode must be min or max')
        if factor <= 0 or factor >= 1:
            raise ValueError('factor must be between 0 and 1')
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = np.inf if mode == 'min' else -np.inf
        self.num_bad_epochs = 0

    def step(self, metric=None):
        current = metric.item() if torch.is_tensor(metric) else float(metric)
        if self.mode == 'min':
            improved = current < self.best * (1 - self.threshold)
        else:
            improved = current > self.best * (1 + self.threshold)
        if improved:
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        self.best = current  #! best_is_last: self.best = current if improved else self.best
        if self.num_bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            #! count_kept_after_reduction: self.num_bad_epochs = 0


# %% LRSchedulerOnPlateau: changes the sign for max, power of the factor
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode ou factor invalide")
        self.depart = initial_lr
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.signe = 1 if mode == "min" else -1  # maximiser f = minimiser -f
        self.meilleur = float("inf")
        self.mauvais = 0
        self.nb_reductions = 0

    def step(self, metric=None):
        valeur = self.signe * float(metric)
        if valeur < self.meilleur * (1 - self.threshold):  #! threshold_wrong_side: self.threshold => self.signe * self.threshold
            self.meilleur = valeur
            self.mauvais = 0
            return
        self.mauvais += 1
        if self.mauvais > self.patience:
            self.nb_reductions += 1
            nouveau = self.depart * self.factor ** self.nb_reductions  #! rate_from_count_of_reductions: nouveau = self.get_lr() * self.factor
            self.set_lr(max(nouveau, self.min_lr))
            self.mauvais = 0


# %% LRSchedulerOnPlateau: first group only, floor never reached, mode not checked
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        #! validation_missing: if mode not in ("min", "max"): raise ValueError(mode)
        assert_ok = 0 < factor < 1
        if not assert_ok:
            raise ValueError("factor must be in ]0, 1[")
        self.cfg = dict(patience=patience, factor=factor, min_lr=min_lr, mode=mode, threshold=threshold)
        self.best = {"min": math.inf}.get(mode, -math.inf)
        self.wait = 0

    def _better(self, a, b):
        if self.cfg["mode"] == "min":
            return a < b * (1 - self.cfg["threshold"])
        return a > b * (1 + self.cfg["threshold"])

    def step(self, metric=None):
        metric = float(metric)
        if self._better(metric, self.best):
            self.best, self.wait = metric, 0
        else:
            self.wait += 1
        if self.wait > self.cfg["patience"]:
            self.wait = 0
            old_lr = self.get_lr()
            new_lr = old_lr * self.cfg["factor"]
            # don't go below min_lr
            new_lr = new_lr if new_lr >= self.cfg["min_lr"] else old_lr  #! stops_above_floor: new_lr = max(new_lr, self.cfg["min_lr"])
            self.optimizer.param_groups[0]["lr"] = new_lr  #! first_group_only: self.set_lr(new_lr)


# %% LRSchedulerOnPlateau: only worse epochs count
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode != "min" and mode != "max":
            raise ValueError("mode")
        if not (0 < factor < 1):
            raise ValueError("factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.compteur = 0

    def step(self, metric=None):
        m = float(metric)
        if self.mode == "min":
            mieux = m < self.best * (1 - self.threshold)
            pire = m > self.best
        else:
            mieux = m > self.best * (1 + self.threshold)
            pire = m < self.best
        if mieux:
            self.best = m
            self.compteur = 0
        elif pire:  #! only_worse_counts: elif pire: => else:
            self.compteur += 1
        if self.compteur > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.compteur = 0


# %% LRScheduler: returns the error, rate noted beside, nothing written at the start
class LRScheduler:
    """Classe de base des schedulers"""

    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.current_lr = initial_lr
        #! initial_rate_not_written: self.set_lr(initial_lr)

    def get_lr(self):
        return self.current_lr  #! remembered_rate_returned: self.current_lr => float(self.optimizer.param_groups[0]["lr"])

    def set_lr(self, lr):
        self.current_lr = lr
        for param_group in self.optimizer.param_groups:
            param_group["lr"] = lr

    def step(self, metric=None):
        return NotImplementedError  #! base_step_returns_error: return => raise


# %% minimise: rows share their memory, last position missing
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_(True)
    optimiseur = optimizer_class([x], **hyperparameters)
    trajectoire = []
    for i in range(steps):
        trajectoire.append(x.detach())  #! same_tensor_each_row: x.detach() => x.detach().clone()
        y = function(x)
        optimiseur.zero_grad()
        y.backward()
        optimiseur.step()
    #! end_missing: trajectoire.append(x.detach().clone())
    return torch.stack(trajectoire)


# %% forward: tanh, graph cut by .data
def forward(x, W1, b1, W2, b2):
    # couche 1
    z1 = W1 * x + b1
    a1 = torch.tanh(z1)  #! activation_added: torch.tanh(z1) => z1
    # couche 2 (on recupere la valeur de la couche 1)
    entree = a1.data  #! graph_cut: a1.data => a1
    return W2 * entree + b2


# %% train_network: optimizer in the loop, columns in another order, half the loss
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1 = torch.tensor(1.0, requires_grad=True)
    W2 = torch.tensor(1.0, requires_grad=True)
    b1 = torch.tensor(1.0, requires_grad=True)
    b2 = torch.tensor(1.0, requires_grad=True)
    params = [W1, W2, b1, b2]  #! columns_in_other_order: [W1, W2, b1, b2] => [W1, b1, W2, b2]
    history = [torch.tensor([p.item() for p in params])]
    #! optimizer_made_each_step: opt = optimizer_class(params, **hyperparameters)
    for epoch in range(steps):
        opt = optimizer_class(params, **hyperparameters)  #! optimizer_made_each_step
        opt.zero_grad()
        y_hat = W2 * (W1 * x + b1) + b2
        cost = 1 / 2 * (y - y_hat) ** 2  #! loss_halved: 1 / 2 * (y - y_hat) ** 2 => (y - y_hat) ** 2
        cost.backward()
        opt.step()
        history.append(torch.tensor([p.item() for p in params]))
    return torch.stack(history)
