"""Adagrad in many styles, all of them right."""

from dataclasses import dataclass, field

import torch
from torch.optim import Optimizer

from tests.bank.right.rmsprop import DividesByARoot


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


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


class AdagradForeach(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            if not (moved := _with_gradient(group)):
                continue
            for p in moved:
                if not self.state[p]:
                    self.state[p]["G"] = torch.zeros_like(p)
            grads, sums = [p.grad for p in moved], [self.state[p]["G"] for p in moved]
            torch._foreach_addcmul_(sums, grads, grads)
            roots = torch._foreach_sqrt(sums)  # noqa: SLF001
            torch._foreach_add_(roots, group["epsilon"])
            moves = torch._foreach_div(grads, roots)  # noqa: SLF001
            torch._foreach_mul_(moves, group["lr"])
            torch._foreach_sub_(moved, moves)


class AdagradOnACommonBase(DividesByARoot):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def squares(self, old, gradient, _):
        return old + gradient**2


class AdagradBareTensor(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p not in self.state:
                    self.state[p] = torch.zeros_like(p)
                self.state[p].addcmul_(p.grad, p.grad)
                p.addcdiv_(p.grad, self.state[p].sqrt().add_(group["epsilon"]), value=-group["lr"])


class AdagradStateWithTheGroup(Optimizer):
    """Makes the sums when a group is added, which the constructor of torch does for the first groups too."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def add_param_group(self, param_group):
        super().add_param_group(param_group)
        for p in self.param_groups[-1]["params"]:
            self.state[p]["sum"] = torch.zeros_like(p, requires_grad=False)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.state[p]["sum"] += p.grad * p.grad
                    p.data -= group["lr"] * p.grad / (self.state[p]["sum"].sqrt() + group["epsilon"])


class AdagradTupleWithACount(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                count, total = self.state[p] or (0, torch.zeros_like(p))
                self.state[p] = count, total = count + 1, total + p.grad.square()
                p.copy_(p - group["lr"] * p.grad / (total.sqrt() + group["epsilon"]))


@dataclass
class Sum:
    value: torch.Tensor | float = 0.0
    path: list = field(default_factory=list)

    def add(self, gradient):
        self.value = self.value + gradient * gradient
        self.path.append(float(self.value.sum()))
        return self.value


class AdagradDataclass(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    memory = self.state[p].setdefault("memory", Sum())
                    p.sub_(group["lr"] * p.grad / (torch.sqrt(memory.add(p.grad)) + group["epsilon"]))


class AdagradExtraKeywords(Optimizer):
    def __init__(
        self, params, learning_rate=0.01, epsilon=1e-8, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0
    ):
        if learning_rate < 0 or epsilon < 0 or lr_decay < 0 or weight_decay < 0 or initial_accumulator_value < 0:
            raise ValueError("no hyperparameter may be negative")
        defaults = {"lr": learning_rate, "epsilon": epsilon, "lr_decay": lr_decay, "weight_decay": weight_decay}
        super().__init__(params, dict(defaults, initial_accumulator_value=initial_accumulator_value))

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("lr_decay", 0.0)
            group.setdefault("weight_decay", 0.0)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                if not state:
                    state["step"] = torch.tensor(0.0)
                    state["sum"] = torch.full_like(p, group["initial_accumulator_value"])
                gradient = p.grad.add(p, alpha=group["weight_decay"]) if group["weight_decay"] else p.grad
                rate = group["lr"] / (1 + state["step"].item() * group["lr_decay"])
                state["step"] += 1
                state["sum"].addcmul_(gradient, gradient, value=1)
                p.addcdiv_(gradient, state["sum"].sqrt().add_(group["epsilon"]), value=-rate)
        return loss


class AdagradBeginner(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        defaults = {"lr": learning_rate, "epsilon": epsilon}
        super().__init__(params, defaults)

        # one accumulator for each parameter
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                state["G"] = torch.zeros(p.shape, dtype=p.dtype)

    def step(self):
        for group in self.param_groups:
            learning_rate = group["lr"]
            epsilon = group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.detach().clone()
                G = self.state[p]["G"]
                G = G + grad**2
                self.state[p]["G"] = G
                adapted_rate = learning_rate / (torch.sqrt(G) + epsilon)
                new_value = p.data - adapted_rate * grad
                p.data.copy_(new_value)


def accumulate(total, gradient):
    return gradient.square() if total is None else total + gradient.square()


def scaled(gradient, total, rate, epsilon):
    return rate * gradient / (total.sqrt() + epsilon)


class AdagradByFunctions(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                total = accumulate(self.state[p].get("total"), p.grad)
                self.state[p].update(total=total)
                p.subtract_(scaled(p.grad, total, group["lr"], group["epsilon"]))


class AdagradNewStorage(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                self.state[p]["G"] = self.state[p].get("G", 0) + p.grad.data**2
                p.data = p.data - group["lr"] * p.grad.data / (self.state[p]["G"] ** 0.5 + group["epsilon"])


class AdagradRemembersEverySquare(Optimizer):
    """Wasteful: the sum is taken anew at every step, over all squared gradients so far."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                squares = self.state[p].setdefault("squares", [])
                squares.append(torch.pow(p.grad, 2))
                p.sub_(group["lr"] * p.grad / (torch.stack(squares).sum(dim=0).sqrt() + group["epsilon"]))


class AdagradNormOfTwo(Optimizer):
    """Keeps √G in a list, and takes the norm of it and the gradient."""

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        moved = [(group, p) for group in self.param_groups for p in group["params"] if p.grad is not None]
        for _, p in moved:
            (before,) = self.state[p] if p in self.state else [torch.zeros_like(p)]
            self.state[p] = [torch.linalg.vector_norm(torch.stack((before, p.grad)), dim=0)]
        for group, p in moved:
            p.sub_(p.grad.div(self.state[p][0].add(group["epsilon"])), alpha=group["lr"])


STYLES = (
    ("Adagrad", AdagradRoot),
    ("Adagrad", AdagradDoublePrecision),
    ("Adagrad", AdagradForeach),
    ("Adagrad", AdagradOnACommonBase),
    ("Adagrad", AdagradBareTensor),
    ("Adagrad", AdagradStateWithTheGroup),
    ("Adagrad", AdagradTupleWithACount),
    ("Adagrad", AdagradDataclass),
    ("Adagrad", AdagradExtraKeywords),
    ("Adagrad", AdagradBeginner),
    ("Adagrad", AdagradByFunctions),
    ("Adagrad", AdagradNewStorage),
    ("Adagrad", AdagradRemembersEverySquare),
    ("Adagrad", AdagradNormOfTwo),
)
