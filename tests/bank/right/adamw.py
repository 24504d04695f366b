"""AdamW in many styles, all of them right."""

import math
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from torch.optim import Optimizer

from tests.bank.right.adam import AdamExtraKeywords, AdamLerp, AdamPowersInATuple


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


class AdamWDecayFirst(torch.optim.Optimizer):
    def __init__(
        self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01, amsgrad=False
    ):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, defaults | {"weight_decay": weight_decay, "amsgrad": amsgrad})

    @torch.no_grad()
    def step(self, closure=None):
        if closure is not None:
            with torch.enable_grad():
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


class AdamWShrinksThenAdam(AdamPowersInATuple):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        self.weight_decay = weight_decay
        super().__init__(params, learning_rate, beta1, beta2, epsilon)

    def add_param_group(self, param_group):
        super().add_param_group({"weight_decay": self.weight_decay, **param_group})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data *= 1 - group["lr"] * group["weight_decay"]
        super().step()


class AdamWForeach(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            if not (moved := _with_gradient(group)):
                continue
            grads = [p.grad for p in moved]
            states = [self.state[p] for p in moved]
            for p, state in zip(moved, states, strict=True):
                state["t"] = state.get("t", 0) + 1
                if state["t"] == 1:
                    state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
            ms, vs = [state["m"] for state in states], [state["v"] for state in states]
            torch._foreach_mul_(ms, group["beta1"])
            torch._foreach_add_(ms, grads, alpha=1 - group["beta1"])
            torch._foreach_mul_(vs, group["beta2"])
            torch._foreach_addcmul_(vs, grads, grads, value=1 - group["beta2"])
            m_hats = torch._foreach_div(ms, [1 - group["beta1"] ** state["t"] for state in states])  # noqa: SLF001
            v_hats = torch._foreach_div(vs, [1 - group["beta2"] ** state["t"] for state in states])  # noqa: SLF001
            roots = torch._foreach_sqrt(v_hats)  # noqa: SLF001
            torch._foreach_add_(roots, group["epsilon"])
            torch._foreach_mul_(moved, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_addcdiv_(moved, m_hats, roots, value=-group["lr"])


class AdamWOneFormula(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, dict(defaults, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, b1, b2 = group["lr"], group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                m, v, t = self.state.get(p, (torch.zeros_like(p), torch.zeros_like(p), 0))
                m, v, t = b1 * m + (1 - b1) * p.grad, b2 * v + (1 - b2) * p.grad**2, t + 1
                self.state[p] = (m, v, t)
                adam = (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + group["epsilon"])
                p.sub_(lr * (adam + group["weight_decay"] * p))


class AdamWBeginner(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {
            "lr": learning_rate,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "weight_decay": weight_decay,
        }
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            lr = group["lr"]
            beta1 = group["beta1"]
            beta2 = group["beta2"]
            epsilon = group["epsilon"]
            weight_decay = group["weight_decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad.data
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p.data)
                    state["v"] = torch.zeros_like(p.data)
                state["step"] += 1
                t = state["step"]

                theta_before = p.data.clone()

                state["m"] = beta1 * state["m"] + (1 - beta1) * grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * grad * grad
                m_hat = state["m"] / (1 - beta1**t)
                v_hat = state["v"] / (1 - beta2**t)

                p.data = p.data - lr * m_hat / (torch.sqrt(v_hat) + epsilon)
                p.data = p.data - lr * weight_decay * theta_before


@dataclass
class Memory:
    m: torch.Tensor
    v: torch.Tensor
    t: int = 0

    def update(self, gradient, beta1, beta2):
        self.m.lerp_(gradient, 1 - beta1)
        self.v.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        self.t += 1
        return self.m / (1 - beta1**self.t), self.v / (1 - beta2**self.t)


class AdamWDataclass(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            keep = 1 - group["lr"] * group["weight_decay"]
            for p in _with_gradient(group):
                if "memory" not in self.state[p]:
                    self.state[p]["memory"] = Memory(torch.zeros_like(p), torch.zeros_like(p))
                m_hat, v_hat = self.state[p]["memory"].update(p.grad, group["beta1"], group["beta2"])
                p.copy_(keep * p - group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"]))


def adam_direction(g, state, beta1, beta2, epsilon):
    """Bring the state up to date and return the direction of Adam, without the rate."""
    state.setdefault("m", torch.zeros_like(g)).mul_(beta1).add_(g, alpha=1 - beta1)
    state.setdefault("v", torch.zeros_like(g)).mul_(beta2).addcmul_(g, g, value=1 - beta2)
    state["step"] = state.get("step", 0) + 1
    root = state["v"].div(1 - beta2 ** state["step"]).sqrt()
    return state["m"].div(1 - beta1 ** state["step"]).div(root.add(epsilon))


class AdamWByFunction(Optimizer):
    """Shrinks by pulling towards zero."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

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
                direction = adam_direction(p.grad, self.state[p], group["beta1"], group["beta2"], group["epsilon"])
                p.lerp_(torch.zeros_like(p), group["lr"] * group["weight_decay"])
                p.add_(direction, alpha=-group["lr"])
        return loss


class AdamWDoublePrecision(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                b1, b2 = group["beta1"], group["beta2"]
                for p in _with_gradient(group):
                    theta, g, state = p.to(torch.float64), p.grad.to(torch.float64), self.state[p]
                    if not state:
                        state.update(m=torch.zeros_like(g), v=torch.zeros_like(g), step=torch.zeros(()).double())
                    state["step"] += 1
                    state["m"] = b1 * state["m"].to(torch.float64) + (1 - b1) * g
                    state["v"] = b2 * state["v"].to(torch.float64) + (1 - b2) * g**2
                    m_hat = state["m"] / (1 - b1 ** state["step"])
                    v_hat = state["v"] / (1 - b2 ** state["step"])
                    move = m_hat / (v_hat.sqrt() + group["epsilon"]) + group["weight_decay"] * theta
                    p.copy_(theta - group["lr"] * move)


class AdamWFoldedCorrections(Optimizer):
    """The corrections are folded into the rate and epsilon; the decay keeps the plain rate."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, b1, b2 = group["lr"], group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                state = self.state[p]
                state.setdefault("powers", (1.0, 1.0))
                power1, power2 = state["powers"]
                state["powers"] = power1, power2 = power1 * b1, power2 * b2
                state["m"] = state.get("m", 0) * b1 + p.grad * (1 - b1)
                state["v"] = state.get("v", 0) * b2 + p.grad.square() * (1 - b2)
                root = math.sqrt(1 - power2)
                decay = p * (lr * group["weight_decay"])
                p.addcdiv_(state["m"], state["v"].sqrt() + group["epsilon"] * root, value=-lr * root / (1 - power1))
                p.sub_(decay)


class DecoupledDecay:
    """Put before an optimizer, it lets every parameter that will move decay first."""

    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            self.decay(group)
        super().step()
        return loss

    @torch.no_grad()
    def decay(self, group):
        for p in filter(lambda p: p.grad is not None, group["params"]):
            p.sub_(p, alpha=group["lr"] * group["weight_decay"])


class AdamWMixin(DecoupledDecay, AdamLerp):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        Optimizer.__init__(self, params, {**defaults, "weight_decay": weight_decay})


class AdamWExtraKeywords(AdamExtraKeywords):
    """The Adam below takes the keyword too, but adds the decay to the gradient: it is given none."""

    def __init__(
        self,
        params,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        weight_decay=0.01,
        amsgrad=False,
        maximize=False,
    ):
        if weight_decay < 0:
            raise ValueError(f"weight_decay must not be negative: {weight_decay}")
        super().__init__(params, learning_rate, beta1, beta2, epsilon, weight_decay, amsgrad, maximize)

    def _move(self, p, state, group):
        p.mul_(1 - group["lr"] * group["weight_decay"])
        super()._move(p, state, group | {"weight_decay": 0.0})


class AdamWNamespace(Optimizer):
    """Keeps attributes in place of keys, and the weights of the running sums in place of a count."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        names = ("lr", "beta1", "beta2", "epsilon", "weight_decay")
        values = (learning_rate, beta1, beta2, epsilon, weight_decay)
        super().__init__(params, dict(zip(names, values, strict=True)))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            g = SimpleNamespace(**group)
            for p in _with_gradient(group):
                s = self.state[p].setdefault("s", SimpleNamespace(m=0.0, v=0.0, weight1=0.0, weight2=0.0))
                s.m, s.weight1 = g.beta1 * s.m + p.grad, g.beta1 * s.weight1 + 1
                s.v, s.weight2 = g.beta2 * s.v + p.grad**2, g.beta2 * s.weight2 + 1
                adam = s.m / s.weight1 / (torch.sqrt(s.v / s.weight2) + g.epsilon)
                p[...] = p - g.lr * g.weight_decay * p - g.lr * adam


class AdamWInferenceMode(Optimizer):
    """Keeps the state in a list that is replaced as a whole."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, defaults={**defaults, "weight_decay": weight_decay})
        self.norms = []

    @torch.inference_mode()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                m, v, t = self.state[p] or [torch.zeros_like(p), torch.zeros_like(p), 0]
                m = torch.lerp(m, p.grad, 1 - group["beta1"])
                v = torch.lerp(v, p.grad * p.grad, 1 - group["beta2"])
                self.state[p] = [m, v, t + 1]
                self.norms.append(float(p.grad.norm()))
                p.mul_(1 - group["weight_decay"] * group["lr"])
                denominator = torch.sqrt(v / (1 - group["beta2"] ** (t + 1))) + group["epsilon"]
                p.sub_(group["lr"] / (1 - group["beta1"] ** (t + 1)) * m / denominator)


class AdamWPlainState(Optimizer):
    """Works with an object for each parameter, but saves and loads plain dictionaries."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    def state_dict(self):
        saved = super().state_dict()
        return {**saved, "state": {index: vars(memory) for index, memory in saved["state"].items()}}

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for p, memory in self.state.items():
            self.state[p] = Memory(**memory)

    @torch.no_grad()
    def step(self):
        for p, group in ((p, each) for each in self.param_groups for p in _with_gradient(each)):
            memory = self.state.setdefault(p, Memory(torch.zeros_like(p), torch.zeros_like(p)))
            m_hat, v_hat = memory.update(p.grad, group["beta1"], group["beta2"])
            move = group["weight_decay"] * p + m_hat / (v_hat.sqrt() + group["epsilon"])
            p.add_(move, alpha=-group["lr"])


STYLES = (
    ("AdamW", AdamWDecayFirst),
    ("AdamW", AdamWOnAdam),
    ("AdamW", AdamWShrinksThenAdam),
    ("AdamW", AdamWForeach),
    ("AdamW", AdamWOneFormula),
    ("AdamW", AdamWBeginner),
    ("AdamW", AdamWDataclass),
    ("AdamW", AdamWByFunction),
    ("AdamW", AdamWDoublePrecision),
    ("AdamW", AdamWFoldedCorrections),
    ("AdamW", AdamWMixin),
    ("AdamW", AdamWExtraKeywords),
    ("AdamW", AdamWNamespace),
    ("AdamW", AdamWInferenceMode),
    ("AdamW", AdamWPlainState),
)
