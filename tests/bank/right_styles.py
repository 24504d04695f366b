"""Right answers in other styles: everything that `Left free` names, and what people who know torch well write."""

from __future__ import annotations

import copy
import math

import torch


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


class SGDOnData(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                p.data.sub_(group["lr"] * p.grad.data)


class SGDNewStorage(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, nesterov=False):
        if learning_rate < 0:
            raise ValueError("learning_rate must not be negative")
        super().__init__(params, {"lr": learning_rate, "nesterov": nesterov})
        self.history = []

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for p in _with_gradient(group):
                p.data = p.data - group["lr"] * p.grad
        self.history.append(copy.deepcopy(self.param_groups[0]["lr"]))
        return loss


class SGDForeach(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            if moved := _with_gradient(group):
                torch._foreach_add_(moved, [p.grad for p in moved], alpha=-group["lr"])


class SGDCopies(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.inference_mode()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                p.copy_(p - group["lr"] * p.grad)


class RMSPropBareTensor(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                s = self.state.get(p, torch.zeros_like(p))
                self.state[p] = s = torch.lerp(p.grad.square(), s, group["decay"])
                p.addcdiv_(p.grad, s.sqrt().add_(group["epsilon"]), value=-group["lr"])


class RMSPropStateFromTheStart(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["average"] = torch.zeros_like(p)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    s = self.state[p]["average"]
                    s.mul_(group["decay"]).addcmul_(p.grad, p.grad, value=1 - group["decay"])
                    p.data -= group["lr"] / (torch.sqrt(s) + group["epsilon"]) * p.grad


class AdagradRoot(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                root = self.state[p].get("root", torch.zeros_like(p))
                self.state[p]["root"] = root = torch.hypot(root, p.grad)
                p.add_(p.grad / (root + group["epsilon"]), alpha=-group["lr"])


class AdagradDoublePrecision(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                g = p.grad.double()
                total = self.state[p].get("sum", 0.0) + g**2
                self.state[p]["sum"] = total.double()
                p.sub_(group["lr"] * g / (total.sqrt() + group["epsilon"]))


class AdamLerp(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                if not state:
                    state.update(step=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["step"] += 1
                state["m"].lerp_(p.grad, 1 - group["beta1"])
                state["v"].mul_(group["beta2"]).addcmul_(p.grad, p.grad, value=1 - group["beta2"])
                first = 1 - group["beta1"] ** state["step"]
                second = math.sqrt(1 - group["beta2"] ** state["step"])
                p.addcdiv_(state["m"], state["v"].sqrt() / second + group["epsilon"], value=-group["lr"] / first)


class AdamPowersInATuple(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                m, v, power1, power2 = self.state.get(p, (0.0, 0.0, 1.0, 1.0))
                m, v = b1 * m + (1 - b1) * p.grad, b2 * v + (1 - b2) * p.grad * p.grad
                power1, power2 = power1 * b1, power2 * b2
                self.state[p] = (m, v, power1, power2)
                p.sub_(group["lr"] * (m / (1 - power1)) / (torch.sqrt(v / (1 - power2)) + group["epsilon"]))


class AdamCountsInATensor(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                state = self.state[p]
                if not state:
                    state.update(t=torch.tensor(0.0), m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad**2
                m_hat = state["m"] / (1 - b1 ** state["t"])
                v_hat = state["v"] / (1 - b2 ** state["t"])
                p[...] = p - group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])


class AdamWDecayFirst(torch.optim.Optimizer):
    def __init__(
        self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01, amsgrad=False
    ):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, defaults | {"weight_decay": weight_decay, "amsgrad": amsgrad})

    @torch.no_grad()
    def step(self, closure=None):
        if closure is not None:
            closure()
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                state = self.state[p]
                p.mul_(1 - group["lr"] * group["weight_decay"])
                state["t"] = t = state.get("t", 0) + 1
                state["m"] = m = b1 * state.get("m", 0) + (1 - b1) * p.grad
                state["v"] = v = b2 * state.get("v", 0) + (1 - b2) * p.grad.pow(2)
                p.sub_(group["lr"] * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + group["epsilon"]))


class AdamWOnAdam(AdamLerp):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        super().__init__(params, learning_rate, beta1, beta2, epsilon)
        self.defaults["weight_decay"] = weight_decay
        for group in self.param_groups:
            group.setdefault("weight_decay", weight_decay)

    @torch.no_grad()
    def step(self):
        decays = [
            (p, group["lr"] * group["weight_decay"] * p) for group in self.param_groups for p in _with_gradient(group)
        ]
        super().step()
        for p, decay in decays:
            p.sub_(decay)


class LRSchedulerWithProperty:
    def __init__(self, optimizer, initial_lr):
        self.groups = optimizer.param_groups
        self.set_lr(initial_lr)

    def get_lr(self):
        return float(self.groups[-1]["lr"])

    def set_lr(self, lr):
        for group in self.groups:
            group.update(lr=lr)

    def step(self, metric=None):
        raise NotImplementedError


class PlateauWithSign(LRSchedulerWithProperty):
    """Turns `max` into `min` by a sign; each group falls from its own rate."""

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        super().__init__(optimizer, initial_lr)
        self.sign = {"min": 1, "max": -1}.get(mode)
        if self.sign is None or not 0 < factor < 1:
            raise ValueError("wrong mode or factor")
        self.patience, self.factor, self.min_lr, self.threshold = patience, factor, min_lr, threshold
        self.best, self.bad = math.inf, 0

    def step(self, metric):
        value = self.sign * (metric.item() if torch.is_tensor(metric) else metric)
        if value < self.best * (1 - self.sign * self.threshold):
            self.best, self.bad = value, 0
            return
        self.bad += 1
        if self.bad > self.patience:
            self.bad = 0
            for group in self.groups:
                group["lr"] = max(self.min_lr, group["lr"] * self.factor)


def minimise_by_list(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    path = [x.detach().clone()]
    for _ in range(steps):
        loss = function(x)
        x.grad = None
        loss.backward()
        optimizer.step()
        path.append(x.clone())
    return path


def minimise_in_float32(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.nn.Parameter(start.float())
    optimizer = optimizer_class([x], **hyperparameters)
    path = torch.empty(steps + 1, *x.shape)
    for step in range(steps + 1):
        path[step] = x.detach()
        optimizer.zero_grad()
        function(x).sum().backward()
        if step < steps:
            optimizer.step()
    return path


def forward_with_linear(x, W1, b1, W2, b2):
    return torch.add(b2, W2 * torch.add(b1, W1 * x))


def loss_by_product(prediction, target):
    error = prediction - target
    return error * error


def train_network_in_rows(optimizer_class, x, y, steps, **hyperparameters):
    weights = torch.nn.ParameterList(torch.nn.Parameter(torch.ones((), dtype=x.dtype)) for _ in range(4))
    optimizer = optimizer_class(weights.parameters(), **hyperparameters)
    rows = [torch.stack(list(weights)).detach()]
    while len(rows) <= steps:
        loss_by_product(forward_with_linear(x, *weights), y).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        rows.append(torch.stack(list(weights)).detach())
    return torch.stack(rows)


STYLES = (
    ("SGD", SGDOnData),
    ("SGD", SGDNewStorage),
    ("SGD", SGDForeach),
    ("SGD", SGDCopies),
    ("RMSProp", RMSPropBareTensor),
    ("RMSProp", RMSPropStateFromTheStart),
    ("Adagrad", AdagradRoot),
    ("Adagrad", AdagradDoublePrecision),
    ("Adam", AdamLerp),
    ("Adam", AdamPowersInATuple),
    ("Adam", AdamCountsInATensor),
    ("AdamW", AdamWDecayFirst),
    ("AdamW", AdamWOnAdam),
    ("LRScheduler", LRSchedulerWithProperty),
    ("LRSchedulerOnPlateau", PlateauWithSign),
    ("minimise", minimise_by_list),
    ("minimise", minimise_in_float32),
    ("forward", forward_with_linear),
    ("loss", loss_by_product),
    ("train_network", train_network_in_rows),
)
