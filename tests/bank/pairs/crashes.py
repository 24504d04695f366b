# %% SGD: in place while autograd watches
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    #! in_place_without_no_grad: @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad

# %% Adam: in place while autograd watches, averages of numbers
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))

    #! in_place_without_no_grad: @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] = s.get("t", 0) + 1
                s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p.sub_(group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"]))

# %% SGD: dies on a missing gradient, French
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self):
        for groupe in self.param_groups:
            for parametre in groupe["params"]:
                #! missing_gradient_crashes: if parametre.grad is None: continue
                parametre.data -= groupe["lr"] * parametre.grad.data

# %% RMSProp: super().__init__ without defaults
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params)  #! defaults_not_given: super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p].setdefault("s", torch.zeros_like(p))
                s.mul_(group["decay"]).add_((1 - group["decay"]) * p.grad ** 2)
                p -= group["lr"] * p.grad / (s.sqrt() + group["epsilon"])

# %% Adagrad: the generator is used up before super
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        self.sums = [torch.zeros_like(p) for p in params]  #! generator_used_up
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))
        #! generator_used_up: self.sums = [torch.zeros_like(p) for group in self.param_groups for p in group["params"]]

    @torch.no_grad()
    def step(self):
        i = -1
        for group in self.param_groups:
            for p in group["params"]:
                i += 1
                if p.grad is None:
                    continue
                sums = self.sums  #! state_not_saved: sums = {i: self.state[p].setdefault("G", torch.zeros_like(p))}
                sums[i] += p.grad ** 2
                p -= group["lr"] * p.grad / (sums[i].sqrt() + group["epsilon"])

# %% RMSProp: one average for all shapes
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))
        self.avg = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                avg = self.avg  #! one_state_for_all: avg = self.state[p].get("avg", 0)
                avg = group["decay"] * avg + (1 - group["decay"]) * p.grad ** 2
                self.avg = avg  #! one_state_for_all: self.state[p]["avg"] = avg
                p -= group["lr"] * p.grad / (avg.sqrt() + group["epsilon"])

# %% Adam: the count hides the method step
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.step = 0  #! attribute_hides_method

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
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% Adam: a plain dictionary in the place of self.state
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.state = {}  #! state_overwritten

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
                state["m"].lerp_(p.grad, 1 - group["beta1"])
                state["v"].lerp_(p.grad ** 2, 1 - group["beta2"])
                m_hat = state["m"] / (1 - group["beta1"] ** state["t"])
                v_hat = state["v"] / (1 - group["beta2"] ** state["t"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% SGD: raise NotImplemented left at the end
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
        raise NotImplemented  #! raise_left

# %% RMSProp: KeyError at the first step
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                #! state_not_started: self.state[p].setdefault("square_avg", torch.zeros_like(p))
                self.state[p]["square_avg"] = group["decay"] * self.state[p]["square_avg"] + (1 - group["decay"]) * p.grad ** 2
                p -= group["lr"] * p.grad / (self.state[p]["square_avg"].sqrt() + group["epsilon"])

# %% RMSProp: sqrt without its import
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p].setdefault("s", torch.zeros_like(p))
                s.mul_(group["decay"]).add_((1 - group["decay"]) * p.grad ** 2)
                p -= group["lr"] * p.grad / (sqrt(s) + group["epsilon"])  #! import_missing: sqrt(s) => torch.sqrt(s)

# %% SGD: self missing in the signature
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step():  #! self_missing: step() => step(self)
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad

# %% SGD: the rate without self
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= learning_rate * p.grad  #! name_not_known: learning_rate => group["lr"]

# %% SGD: a slip of the keyboard
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.gard  #! attribute_misspelt: p.gard => p.grad

# %% Adam: torch.zero_like
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
                if len(s) == 0:
                    s["t"] = 0
                    s["m"] = torch.zero_like(p)  #! attribute_misspelt: zero_like => zeros_like
                    s["v"] = torch.zeros_like(p)
                s["t"] += 1
                s["m"] = group["beta1"] * s["m"] + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s["v"] + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% SGD: a group is no object
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad, alpha=-group.lr)  #! group_taken_for_object: group.lr => group["lr"]

# %% SGD: groups taken for parameters
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = [group]  #! group_taken_for_parameter: params = group["params"]
            for p in params:
                if p.grad is not None:
                    p -= group["lr"] * p.grad

# %% Adam: betas are not in the defaults
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))  #! defaults_not_given: epsilon=epsilon => beta1=beta1, beta2=beta2, epsilon=epsilon

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
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** s["t"]), s["v"] / (1 - group["beta2"] ** s["t"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% AdamW: the count is a local name
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
                #! used_before_assignment: t = s.get("t", 0)
                t += 1
                s["t"] = t
                s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * p.grad
                s["v"] = group["beta2"] * s.get("v", 0) + (1 - group["beta2"]) * p.grad ** 2
                m_hat, v_hat = s["m"] / (1 - group["beta1"] ** t), s["v"] / (1 - group["beta2"] ** t)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% SGD: not a subclass
class SGD:  #! base_missing: SGD => SGD(Optimizer)
    def __init__(self, params, learning_rate=0.01):
        #! base_missing: super().__init__(params, dict(lr=learning_rate))
        self.lr = learning_rate

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad

# %% SGD: step stands inside of __init__
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

        def step(self):  #! method_inside_constructor
            with torch.no_grad():  #! method_inside_constructor
                for group in self.param_groups:  #! method_inside_constructor
                    for p in group["params"]:  #! method_inside_constructor
                        p -= group["lr"] * p.grad  #! method_inside_constructor

    #! method_inside_constructor: def step(self):
        #! method_inside_constructor: for p, lr in [(p, group["lr"]) for group in self.param_groups for p in group["params"]]:
            #! method_inside_constructor: if p.grad is not None: p.data -= lr * p.grad

# %% SGD: closure called although there is none
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self, closure=None):
        loss = closure()  #! closure_always_called: loss = closure() if closure else None
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data.add_(p.grad, alpha=-group["lr"])
        return loss

# %% RMSProp: numpy on a tensor that requires a gradient
class RMSProp(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, decay=decay, epsilon=epsilon))

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p].setdefault("s", torch.zeros_like(p.data))
                s.mul_(group["decay"]).add_((1 - group["decay"]) * p.grad ** 2)
                theta = p.numpy()  #! through_numpy: theta = p.data
                theta -= group["lr"] * p.grad / (s.sqrt() + group["epsilon"])

# %% Adam: keeps the parameters as they were given
class Adam(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        params = list(params)
        super().__init__(params, dict(lr=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon))
        self.m = [torch.zeros_like(p) for p in params]  #! parameters_taken_as_given
        self.v = [torch.zeros_like(p) for p in params]  #! parameters_taken_as_given
        #! parameters_taken_as_given: self.m, self.v = [[torch.zeros_like(p) for group in self.param_groups for p in group["params"]] for _ in "mv"]

    @torch.no_grad()
    def step(self):
        i = -1
        for group in self.param_groups:
            for p in group["params"]:
                i += 1
                if p.grad is None:
                    continue
                #! state_not_saved: self.m[i], self.v[i] = self.state[p].get("mv", (self.m[i], self.v[i]))
                t = self.state[p]["t"] = self.state[p].get("t", 0) + 1
                self.m[i] = group["beta1"] * self.m[i] + (1 - group["beta1"]) * p.grad
                self.v[i] = group["beta2"] * self.v[i] + (1 - group["beta2"]) * p.grad ** 2
                #! state_not_saved: self.state[p]["mv"] = self.m[i], self.v[i]
                m_hat, v_hat = self.m[i] / (1 - group["beta1"] ** t), self.v[i] / (1 - group["beta2"] ** t)
                p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])

# %% LRSchedulerOnPlateau: the base class gets no rate
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer)  #! defaults_not_given: super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best, self.bad = (math.inf if mode == "min" else -math.inf), 0

    def step(self, metric):
        metric = float(metric)
        if metric < self.best * (1 - self.threshold) if self.mode == "min" else metric > self.best * (1 + self.threshold):
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% LRSchedulerOnPlateau: get_lr without parentheses, reached
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best, self.bad = (math.inf if mode == "min" else -math.inf), 0

    def step(self, metric):
        metric = float(metric)
        if metric < self.best * (1 - self.threshold) if self.mode == "min" else metric > self.best * (1 + self.threshold):
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr * self.factor, self.min_lr))  #! method_not_called: self.get_lr => self.get_lr()
            self.bad = 0

# %% LRSchedulerOnPlateau: compares with None
class LRSchedulerOnPlateau(LRScheduler):
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max") or not 0 < factor < 1:
            raise ValueError("mode or factor")
        self.patience, self.factor, self.min_lr, self.mode, self.threshold = patience, factor, min_lr, mode, threshold
        self.best = None  #! best_is_none: self.best = math.inf if mode == "min" else -math.inf
        self.bad = 0

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        self.bad = 0 if better else self.bad + 1
        self.best = metric if better else self.best
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0

# %% train_network: the prediction stands above the loop
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = params = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(params, **hyperparameters)
    rows = [torch.stack(params).detach()]
    loss = (W2 * (W1 * x + b1) + b2 - y) ** 2
    for _ in range(steps):
        #! graph_used_twice: loss = (W2 * (W1 * x + b1) + b2 - y) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rows.append(torch.stack(params).detach())
    return torch.stack(rows)

# %% minimise: .item() before backward
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = function(x).item()  #! item_before_backward: .item() =>
        loss.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: the copy requires no gradient
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.detach().clone()  #! gradient_not_required: clone() => clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: numbers cannot be stacked
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.item())  #! number_among_tensors: x.item() => x.detach().clone()
    return torch.stack(positions)

# %% forward: matrix product of numbers
def forward(x, W1, b1, W2, b2):
    h = W1 @ x + b1  #! matrix_product: W1 @ x => W1 * x
    return W2 @ h + b2  #! matrix_product: W2 @ h => W2 * h

# %% loss: a module in the place of its value
def loss(prediction, target):
    return nn.MSELoss(prediction, target)  #! module_not_called: nn.MSELoss(prediction, target) => nn.MSELoss()(prediction, target)
