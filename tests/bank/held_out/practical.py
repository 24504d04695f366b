# %% SGD: a handout's rate over the root of t, the key is the name of the argument
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        if learning_rate < 0:
            raise ValueError(f"Invalid learning rate: {learning_rate}")
        defaults = {"learning_rate": learning_rate}  #! rate_under_other_key: "learning_rate" => "lr"
        super().__init__(params, defaults)

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            lr = group["learning_rate"]  #! rate_under_other_key: "learning_rate" => "lr"
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state.get("t", 0)
                grad = p.grad.data
                p.data -= lr / math.sqrt(t + 1) * grad  #! rate_over_root_t: / math.sqrt(t + 1) * grad => * grad
                state["t"] = t + 1
        return loss

# %% SGD: only the first group, and the gradients cleared on the way
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, defaults={"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        groups = self.param_groups[:1]  #! first_group_only: [:1] =>
        for group in groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.add_(p.grad, alpha=-group["lr"])
                p.grad.zero_()  #! gradient_cleared_in_step

# %% SGD: without the base class's constructor, as one writes a class in the first year
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        self.params = list(params)  #! super_forgotten: super().__init__(params, {"lr": learning_rate})
        self.learning_rate = learning_rate

    def step(self):
        with torch.no_grad():
            for p in self.params:  #! super_forgotten: for p, lr in ((p, group["lr"]) for group in self.param_groups for p in group["params"]):
                if p.grad is not None:
                    p -= self.learning_rate * p.grad  #! super_forgotten: self.learning_rate => lr

# %% SGD: nothing under lr, the key error of the first run
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"learning_rate": learning_rate})  #! defaults_not_given: "learning_rate" => "lr"

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.data.add_(p.grad, alpha=-group["lr"])

# %% RMSProp: one cache for all, started at 0, as in numpy
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        self.cache = 0  #! one_state_for_all

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                self.cache = group["decay"] * self.cache + (1 - group["decay"]) * g * g  #! one_state_for_all: cache = self.state[p]["cache"] = group["decay"] * self.state[p].get("cache", torch.zeros_like(p)) + (1 - group["decay"]) * g * g
                p -= group["lr"] * g / (self.cache.sqrt() + group["epsilon"])  #! one_state_for_all: self.cache => cache

# %% RMSProp: the root forgotten, default of torch for the decay
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.99, epsilon=1e-8):  #! default_differs: 0.99 => 0.9
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["v"] = torch.zeros_like(p)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p]["v"]
                v.copy_(group["decay"] * v + (1 - group["decay"]) * p.grad.pow(2))
                p -= group["lr"] * p.grad / (v + group["epsilon"])  #! root_missing: (v + => (v.sqrt() +

# %% RMSProp: the square is taken in the gradient itself
class RMSProp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                old = grad.clone()
                s = self.state[p].get("s", torch.zeros_like(p))
                s = group["decay"] * s + (1 - group["decay"]) * grad.pow_(2)  #! gradient_changed: pow_ => pow
                self.state[p]["s"] = s
                p -= group["lr"] * old / (s.sqrt() + group["epsilon"])

# %% Adagrad: the norm of the whole tensor is summed
class Adagrad(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                G = self.state[p].get("G", 0.0)
                G = G + torch.sum(g ** 2)  #! sum_over_elements: torch.sum(g ** 2) => g ** 2
                self.state[p]["G"] = G
                p.add_(g / (G.sqrt() + group["epsilon"]), alpha=-group["lr"])

# %% Adam: β instead of βᵗ, and dies where a gradient is missing
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                #! missing_gradient_crashes: if p.grad is None: continue
                state = self.state[p]
                if len(state) == 0:
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                    state["t"] = 0
                state["t"] += 1
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad ** 2
                m_hat = state["m"] / (1 - b1)  #! correction_without_power: b1 => b1 ** state["t"]
                v_hat = state["v"] / (1 - b2)  #! correction_without_power: b2 => b2 ** state["t"]
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])

# %% Adam: as in the second form of the paper, the rate kept on self
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.alpha = learning_rate
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2, eps = group["beta1"], group["beta2"], group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "t" not in state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                t = state["t"]
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                alpha_t = self.alpha * math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)  #! rate_from_constructor: self.alpha => group["lr"]
                p -= alpha_t * state["m"] / (state["v"].sqrt() + eps)  #! epsilon_before_correction: + eps => + eps * math.sqrt(1 - beta2 ** t)

# %% Adam: both averages local, the count grows, and betas stand in a tuple
class Adam(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = dict(lr=learning_rate, betas=(beta1, beta2), epsilon=epsilon)  #! hyperparameters_renamed: betas=(beta1, beta2) => beta1=beta1, beta2=beta2
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]  #! hyperparameters_renamed: group["betas"] => group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                m, v = state["m"], state["v"]
                state["step"] += 1
                m = beta1 * m + (1 - beta1) * p.grad  #! averages_not_kept: m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
                v = beta2 * v + (1 - beta2) * p.grad ** 2  #! averages_not_kept: v.mul_(beta2).add_(p.grad ** 2, alpha=1 - beta2)
                m_hat = m / (1 - beta1 ** state["step"])
                v_hat = v / (1 - beta2 ** state["step"])
                p.add_(-group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))

# %% Adam: a language model's AMSGrad, with epsilon before the correction
class Adam(torch.optim.Optimizer):
    """Adam optimizer (Kingma & Ba, 2014)."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        """Perform a single optimization step."""
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["exp_avg_sq"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["max_exp_avg_sq"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                exp_avg, exp_avg_sq = state["exp_avg"], state["exp_avg_sq"]
                state["step"] += 1
                bias_correction1 = 1 - beta1 ** state["step"]
                bias_correction2 = 1 - beta2 ** state["step"]
                exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
                exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                torch.maximum(state["max_exp_avg_sq"], exp_avg_sq, out=state["max_exp_avg_sq"])  #! largest_square_kept: state["max_exp_avg_sq"].copy_(exp_avg_sq)
                denom = state["max_exp_avg_sq"].sqrt().add_(group["epsilon"])  #! epsilon_before_correction: group["epsilon"] => group["epsilon"] * math.sqrt(bias_correction2)
                step_size = group["lr"] * math.sqrt(bias_correction2) / bias_correction1
                p.addcdiv_(exp_avg, denom, value=-step_size)

# %% AdamW: a course's pseudo-code, epsilon before the correction and the decay after the move
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            lr, b1, b2 = group["lr"], group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state.get("t", 1)
                m = state.get("m", torch.zeros_like(p.data))
                v = state.get("v", torch.zeros_like(p.data))
                grad = p.grad.data
                m = b1 * m + (1 - b1) * grad
                v = b2 * v + (1 - b2) * grad ** 2
                lr_t = lr * math.sqrt(1 - b2 ** t) / (1 - b1 ** t)
                #! decay_after: p.data -= lr * group["weight_decay"] * p.data
                p.data -= lr_t * m / (torch.sqrt(v) + group["epsilon"])  #! epsilon_before_correction: group["epsilon"] => group["epsilon"] * math.sqrt(1 - b2 ** t)
                p.data -= lr * group["weight_decay"] * p.data  #! decay_after
                state["t"], state["m"], state["v"] = t + 1, m, v
        return loss

# %% AdamW: decay without the rate, after the step
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))
        self.t = 0  #! one_count_for_all

    @torch.no_grad()
    def step(self):
        self.t += 1  #! one_count_for_all
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                #! one_count_for_all: state["t"] = t = state.get("t", 0) + 1
                if "m" not in state:
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * p.grad
                state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat = state["m"] / (1 - group["beta1"] ** self.t)  #! one_count_for_all: self.t => t
                v_hat = state["v"] / (1 - group["beta2"] ** self.t)  #! one_count_for_all: self.t => t
                p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"]) + group["weight_decay"] * p  #! decay_without_rate: + group["weight_decay"] * p => + group["lr"] * group["weight_decay"] * p

# %% AdamW: decay inside the learning step, multiplied by the rate twice
class AdamW(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            lr, wd = g["lr"], g["weight_decay"]
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = g["beta1"] * s.get("m", 0) + (1 - g["beta1"]) * p.grad
                s["v"] = g["beta2"] * s.get("v", 0) + (1 - g["beta2"]) * p.grad ** 2
                m_hat = s["m"] / (1 - g["beta1"] ** s["t"])
                v_hat = s["v"] / (1 - g["beta2"] ** s["t"])
                update = m_hat / (v_hat.sqrt() + g["epsilon"]) + lr * wd * p  #! decay_with_rate_twice: + lr * wd * p => + wd * p
                p -= lr * update

# %% LRScheduler: the first rate is not written, a list as torch's own returns
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        #! initial_rate_not_written: self.set_lr(initial_lr)

    def get_lr(self):
        return [group["lr"] for group in self.optimizer.param_groups]  #! list_of_rates_returned: return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for param_group in self.optimizer.param_groups:
            param_group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")

# %% LRSchedulerOnPlateau: Keras, at patience, with its min_delta
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError("mode must be 'min' or 'max'")
        if factor >= 1.0 or factor <= 0:
            raise ValueError("factor must lie in (0, 1)")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.bad_epochs = 0
        self.best = np.inf if mode == "min" else -np.inf

    def step(self, metric):
        current = float(metric)
        if self.mode == "min":
            better = current < self.best - self.threshold  #! threshold_absolute: self.best - self.threshold => self.best * (1 - self.threshold)
        else:
            better = current > self.best + self.threshold  #! threshold_absolute: self.best + self.threshold => self.best * (1 + self.threshold)
        if better:
            self.best = current
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
            if self.bad_epochs >= self.patience:  #! reduces_at_patience: >= => >
                old_lr = self.get_lr()
                new_lr = max(old_lr * self.factor, self.min_lr)
                self.set_lr(new_lr)
                self.bad_epochs = 0

# %% LRSchedulerOnPlateau: best starts at nothing, and max is min with another sign
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ["min", "max"]:
            raise ValueError("mode")
        if factor <= 0 or factor >= 1:
            raise ValueError("factor")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = None
        self.bad_epochs = 0

    def step(self, metric):
        metric = float(metric)
        #! first_metric_taken_unseen: if self.best is None: self.best = math.inf if self.mode == "min" else -math.inf
        if self.best is None:
            self.best = metric
        elif self.mode == "min" and metric < self.best * (1 - self.threshold):
            self.best = metric
            self.bad_epochs = 0
        elif self.mode == "max" and metric > self.best * (1 - self.threshold):  #! threshold_wrong_side: (1 - self.threshold) => (1 + self.threshold)
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0

# %% LRSchedulerOnPlateau: the count is not put back by an improvement
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
        improved = metric <= self.best * (1 - self.threshold) if self.mode == "min" else metric >= self.best * (1 + self.threshold)  #! equal_is_improvement: improved = metric < self.best * (1 - self.threshold) if self.mode == "min" else metric > self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            #! count_kept_after_improvement: self.bad_epochs = 0
        else:
            self.bad_epochs += 1
            if self.bad_epochs > self.patience:
                self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
                self.bad_epochs = 0

# %% minimise: the start itself is moved, and no zero_grad
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.requires_grad_(True)  #! start_moved: x = start.clone().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        #! gradients_add_up: optimizer.zero_grad()
        value = function(x)
        value.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: the tensor instead of a list, as one passes model.parameters()
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class(x, **hyperparameters)  #! parameter_not_in_list: x, **hyper => [x], **hyper
    positions = [x.clone().detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.clone().detach())
    return torch.stack(positions)

# %% minimise: the optimizer is made anew at each step
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_(True)
    #! optimizer_made_each_step: optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer = optimizer_class([x], **hyperparameters)  #! optimizer_made_each_step
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% forward: the layers the other way round
def forward(x, W1, b1, W2, b2):
    h = x * W2 + b2  #! layers_swapped: x * W2 + b2 => x * W1 + b1
    return h * W1 + b1  #! layers_swapped: h * W1 + b1 => h * W2 + b2

# %% loss: the square forgotten
def loss(prediction, target):
    return target - prediction  #! square_missing: target - prediction => (target - prediction) ** 2

# %% train_network: random starts, the first row missing
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = [torch.randn(1).squeeze().requires_grad_() for _ in range(4)]  #! weights_start_elsewhere: torch.randn(1).squeeze() => torch.ones(())
    optimizer = optimizer_class([W1, b1, W2, b2], **hyperparameters)
    rows = []  #! start_missing: [] => [[p.item() for p in (W1, b1, W2, b2)]]
    for _ in range(steps):
        optimizer.zero_grad()
        prediction = W2 * (W1 * x + b1) + b2
        loss_value = (prediction - y) ** 2
        loss_value.backward()
        optimizer.step()
        rows.append([p.item() for p in (W1, b1, W2, b2)])
    return torch.tensor(rows)

# %% tuned: the group's key instead of the argument's name
def tuned():
    return {
        "SGD": {"lr": 0.5},  #! hyperparameter_unknown: "lr" => "learning_rate"
        "RMSProp": {"lr": 0.98, "decay": 0.0},  #! hyperparameter_unknown: "lr" => "learning_rate"
        "Adagrad": {"lr": 100.0},  #! hyperparameter_unknown: "lr" => "learning_rate"
        "Adam": {"lr": 8.0, "beta1": 0.5},  #! hyperparameter_unknown: "lr" => "learning_rate"
        "AdamW": {"lr": 8.0, "beta1": 0.5, "weight_decay": 0.0},  #! hyperparameter_unknown: "lr" => "learning_rate"
    }
