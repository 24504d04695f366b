"""RMSProp in many styles, all of them right."""

import math
from dataclasses import dataclass

import torch
from torch.optim import Optimizer


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


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


class RMSPropForeach(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            moved = _with_gradient(group)
            if not moved:
                continue
            grads = [p.grad for p in moved]
            averages = [self.state[p].setdefault("s", torch.zeros_like(p)) for p in moved]
            torch._foreach_mul_(averages, group["decay"])
            torch._foreach_addcmul_(averages, grads, grads, value=1 - group["decay"])
            roots = torch._foreach_sqrt(averages)  # noqa: SLF001
            torch._foreach_add_(roots, group["epsilon"])
            torch._foreach_addcdiv_(moved, grads, roots, value=-group["lr"])


class DividesByARoot(Optimizer):
    """What RMSProp and Adagrad have in common: a sum of squares whose root divides the gradient."""

    def squares(self, old, gradient, group):
        raise NotImplementedError

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
                old = self.state[p].get("squares")
                new = self.squares(torch.zeros_like(p) if old is None else old, p.grad, group)
                self.state[p]["squares"] = new
                p -= group["lr"] * p.grad / (new.sqrt() + group["epsilon"])  # noqa: PLW2901  (in place)
        return loss


class RMSPropOnACommonBase(DividesByARoot):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    def squares(self, old, gradient, group):
        return group["decay"] * old + (1 - group["decay"]) * gradient**2


class RMSPropTupleOfOne(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho = group["decay"]
            for p in _with_gradient(group):
                (s,) = self.state.get(p, (0.0,))
                s = s + (1 - rho) * (p.grad.square() - s)
                self.state[p] = (s,)
                p.copy_(p - p.grad * (s.sqrt() + group["epsilon"]).reciprocal() * group["lr"])


@dataclass
class Memory:
    squares: torch.Tensor
    steps: int = 0

    def take(self, gradient, decay):
        self.squares = torch.addcmul(self.squares * decay, gradient, gradient, value=1 - decay)
        self.steps += 1


class RMSPropDataclass(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    if p not in self.state:
                        self.state[p] = Memory(torch.zeros_like(p))
                    self.state[p].take(p.grad, group["decay"])
                    p.sub_(group["lr"] * p.grad / (self.state[p].squares ** 0.5 + group["epsilon"]))


class RMSPropKeepsTheRoot(Optimizer):
    """Keeps √s: the root of a weighted sum of two squares is a hypotenuse."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            old, new = math.sqrt(group["decay"]), math.sqrt(1 - group["decay"])
            for p in _with_gradient(group):
                state = self.state[p]
                state.setdefault("root", torch.zeros_like(p))
                state["root"] = torch.hypot(old * state["root"], new * p.grad)
                p.addcdiv_(p.grad, state["root"] + group["epsilon"], value=-group["lr"])


class RMSPropDoublePrecision(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                gradient = p.grad.to(torch.float64)
                old = self.state[p].get("s", torch.zeros_like(gradient)).to(torch.float64)
                s = group["decay"] * old + (1 - group["decay"]) * gradient * gradient
                self.state[p] = {"s": s}
                p.copy_(p.to(torch.float64) - group["lr"] * gradient / (torch.sqrt(s) + group["epsilon"]))


class RMSPropExtraKeywords(Optimizer):
    def __init__(
        self,
        params,
        learning_rate=0.01,
        decay=0.9,
        epsilon=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        maximize=False,
    ):
        if not learning_rate >= 0:
            raise ValueError(f"wrong learning rate: {learning_rate}")
        if not 0 <= decay < 1:
            raise ValueError(f"wrong decay: {decay}")
        if not epsilon >= 0:
            raise ValueError(f"wrong epsilon: {epsilon}")
        defaults = {"lr": learning_rate, "decay": decay, "epsilon": epsilon, "weight_decay": weight_decay}
        super().__init__(params, defaults | {"momentum": momentum, "centered": centered, "maximize": maximize})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.move(p, group)
        return loss

    def move(self, p, group):
        state, rho = self.state[p], group["decay"]
        if len(state) == 0:
            state["s"] = torch.zeros_like(p)
            state["mean"] = torch.zeros_like(p)
            state["velocity"] = torch.zeros_like(p)
        gradient = -p.grad if group["maximize"] else p.grad
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * p
        state["s"].mul_(rho).addcmul_(gradient, gradient, value=1 - rho)
        variance = state["s"]
        if group["centered"]:
            state["mean"].lerp_(gradient, 1 - rho)
            variance = variance - state["mean"] ** 2
        move = gradient / variance.sqrt().add_(group["epsilon"])
        if group["momentum"]:
            move = state["velocity"].mul_(group["momentum"]).add_(move)
        p.add_(move, alpha=-group["lr"])


class RMSPropBeginner(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        defaults = {"lr": learning_rate, "decay": decay, "epsilon": epsilon}
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            lr = group["lr"]
            rho = group["decay"]
            eps = group["epsilon"]
            for p in group["params"]:
                if p.grad is None:
                    continue

                gradient = p.grad.data
                state = self.state[p]

                # first time that this parameter is seen
                if len(state) == 0:
                    state["s"] = torch.zeros_like(p.data)

                s_old = state["s"]
                gradient_squared = gradient * gradient
                s_new = rho * s_old + (1 - rho) * gradient_squared
                state["s"] = s_new

                denominator = torch.sqrt(s_new) + eps
                update = lr * gradient / denominator
                p.data = p.data - update


def rmsprop_rule(gradient, s, *, lr, decay, epsilon, **_):
    """Return the move and the new average, and change nothing."""
    s = decay * s + (1 - decay) * gradient.pow(2)
    return -lr * gradient / (s.sqrt() + epsilon), s


class RMSPropByFunction(Optimizer):
    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rule = {key: value for key, value in group.items() if key != "params"}
            for p in _with_gradient(group):
                move, self.state[p]["s"] = rmsprop_rule(p.grad, self.state[p].get("s", torch.tensor(0.0)), **rule)
                p.add_(move)


class RMSPropSumWithoutItsFactor(Optimizer):
    """Keeps S = s / (1 - decay), so that each squared gradient enters with the weight one."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            factor = math.sqrt(1 - group["decay"])
            for p in _with_gradient(group):
                if "S" not in self.state[p]:
                    self.state[p]["S"] = torch.zeros_like(p)
                S = self.state[p]["S"]
                S.mul_(group["decay"]).add_(p.grad.square())
                p.sub_(p.grad.mul(group["lr"]).div_(S.sqrt().mul_(factor).add_(group["epsilon"])))


class RMSPropInferenceMode(Optimizer):
    """The average is always a new tensor: one that was made in inference mode is never changed."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})

    @torch.inference_mode()
    def step(self):
        for group in self.param_groups:
            rho = group["decay"]
            for p in group["params"]:
                if (g := p.grad) is None:
                    continue
                old = self.state[p].get("v", 0.0)
                v = self.state[p]["v"] = rho * old + (1 - rho) * g * g
                p.sub_(group["lr"] * g / v.sqrt().add(group["epsilon"]))


class RMSPropPlans(Optimizer):
    """First all averages, then all moves; the hyperparameters are unpacked by a method."""

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        self.steps_taken = 0

    def _plan(self):
        for group in self.param_groups:
            lr, decay, epsilon = (group[key] for key in ("lr", "decay", "epsilon"))
            for p in group["params"]:
                if p.grad is not None:
                    yield p, p.grad.detach(), self.state[p], lr, decay, epsilon

    @torch.no_grad()
    def step(self):
        plan = list(self._plan())
        for p, g, state, _, decay, _ in plan:
            state["s"] = torch.lerp(state["s"], g**2, 1 - decay) if state else (1 - decay) * g**2
            state["s"] = state["s"].to(p.dtype)
        for p, g, state, lr, _, epsilon in plan:
            torch.addcdiv(p, g, torch.sqrt(state["s"]) + epsilon, value=-lr, out=p)
        self.steps_taken += 1


STYLES = (
    ("RMSProp", RMSPropBareTensor),
    ("RMSProp", RMSPropStateFromTheStart),
    ("RMSProp", RMSPropForeach),
    ("RMSProp", RMSPropOnACommonBase),
    ("RMSProp", RMSPropTupleOfOne),
    ("RMSProp", RMSPropDataclass),
    ("RMSProp", RMSPropKeepsTheRoot),
    ("RMSProp", RMSPropDoublePrecision),
    ("RMSProp", RMSPropExtraKeywords),
    ("RMSProp", RMSPropBeginner),
    ("RMSProp", RMSPropByFunction),
    ("RMSProp", RMSPropSumWithoutItsFactor),
    ("RMSProp", RMSPropInferenceMode),
    ("RMSProp", RMSPropPlans),
)
