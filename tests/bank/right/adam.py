"""Adam in many styles, all of them right."""

import math
from dataclasses import dataclass

import torch
from torch.optim import Optimizer


def _with_gradient(group):
    return [p for p in group["params"] if p.grad is not None]


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
    """The key "step" is the one tensor that torch loads in the dtype in which it was saved."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                state = self.state[p]
                if not state:
                    state.update(step=torch.tensor(0.0), m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["step"] += 1
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad**2
                m_hat = state["m"] / (1 - b1 ** state["step"])
                v_hat = state["v"] / (1 - b2 ** state["step"])
                p[...] = p - group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])


class AdamForeach(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            moved = _with_gradient(group)
            if not moved:
                continue
            for p in moved:
                if not self.state[p]:
                    self.state[p] = {"step": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}
                self.state[p]["step"] += 1
            grads = [p.grad for p in moved]
            ms, vs, counts = ([self.state[p][key] for p in moved] for key in ("m", "v", "step"))
            torch._foreach_lerp_(ms, grads, 1 - group["beta1"])
            torch._foreach_mul_(vs, group["beta2"])
            torch._foreach_addcmul_(vs, grads, grads, 1 - group["beta2"])
            roots = torch._foreach_sqrt(vs)  # noqa: SLF001
            torch._foreach_div_(roots, [math.sqrt(1 - group["beta2"] ** t) for t in counts])
            torch._foreach_add_(roots, group["epsilon"])
            torch._foreach_addcdiv_(moved, ms, roots, [-group["lr"] / (1 - group["beta1"] ** t) for t in counts])


@dataclass
class Moments:
    m: torch.Tensor
    v: torch.Tensor
    t: int = 0


class AdamDataclass(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                b1, b2 = group["beta1"], group["beta2"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    if p not in self.state:
                        self.state[p] = Moments(torch.zeros_like(p), torch.zeros_like(p))
                    moments = self.state[p]
                    moments.t += 1
                    moments.m.mul_(b1).add_(p.grad, alpha=1 - b1)
                    moments.v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                    m_hat = moments.m / (1 - b1**moments.t)
                    v_hat = moments.v / (1 - b2**moments.t)
                    p.addcdiv_(m_hat, v_hat.sqrt_().add_(group["epsilon"]), value=-group["lr"])


class AdamStateFromTheStart(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = {"m": torch.zeros_like(p.data), "v": torch.zeros_like(p.data), "t": 0}

    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                state["t"] += 1
                state["m"] *= beta1
                state["m"] += (1 - beta1) * p.grad
                state["v"] *= beta2
                state["v"] += (1 - beta2) * p.grad**2
                correction1 = 1 - beta1 ** state["t"]
                correction2 = 1 - beta2 ** state["t"]
                denominator = (state["v"] / correction2).sqrt() + group["epsilon"]
                p.data -= group["lr"] / correction1 * state["m"] / denominator


def adam_rule(g, m, v, t, *, lr, beta1, beta2, epsilon):
    """Return the move and the new state; nothing that it is given is changed."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g.square()
    t = t + 1
    move = -lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + epsilon)
    return move, (m, v, t)


class AdamByFunction(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            rule = {name: group[name] for name in ("lr", "beta1", "beta2", "epsilon")}
            for p in _with_gradient(group):
                start = (torch.zeros_like(p), torch.zeros_like(p), 0)
                move, self.state[p]["all"] = adam_rule(p.grad, *self.state[p].get("all", start), **rule)
                p.add_(move)
        return loss


class AdamBeginner(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        defaults = {
            "lr": learning_rate,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
        }
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            learning_rate = group["lr"]
            beta1 = group["beta1"]
            beta2 = group["beta2"]
            epsilon = group["epsilon"]

            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad.data

                # start of the state
                state = self.state[param]
                if len(state) == 0:
                    state["t"] = 0
                    state["m"] = torch.zeros_like(param.data)
                    state["v"] = torch.zeros_like(param.data)

                # moments
                state["t"] = state["t"] + 1
                t = state["t"]
                m = state["m"]
                v = state["v"]
                m = beta1 * m + (1 - beta1) * grad
                v = beta2 * v + (1 - beta2) * (grad * grad)
                state["m"] = m
                state["v"] = v

                # bias
                m_hat = m / (1 - beta1**t)
                v_hat = v / (1 - beta2**t)

                # update
                step_size = learning_rate * m_hat / (torch.sqrt(v_hat) + epsilon)
                param.data = param.data - step_size


class AdamFoldedCorrections(Optimizer):
    """Both corrections go into the rate, and epsilon is scaled with them."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @staticmethod
    def folded(group, t):
        root = math.sqrt(1 - group["beta2"] ** t)
        return group["lr"] * root / (1 - group["beta1"] ** t), group["epsilon"] * root

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                state["m"] = torch.lerp(p.grad, state.get("m", torch.zeros_like(p)), group["beta1"])
                state["v"] = torch.lerp(p.grad**2, state.get("v", torch.zeros_like(p)), group["beta2"])
                rate, epsilon = self.folded(group, state["t"])
                p.sub_(rate * state["m"] / (state["v"].sqrt() + epsilon))


class AdamStackedMoments(Optimizer):
    """Keeps both moments in one tensor with one more dimension."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            betas = (group["beta1"], group["beta2"])
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["moments"], state["step"] = torch.zeros((2, *p.shape), dtype=p.dtype), 0
                state["step"] += 1
                for power, (moment, beta) in enumerate(zip(state["moments"], betas, strict=True), start=1):
                    moment.add_(p.grad**power - moment, alpha=1 - beta)
                m, v = (
                    moment / (1 - beta ** state["step"]) for moment, beta in zip(state["moments"], betas, strict=True)
                )
                p.sub_(m / (v.sqrt() + group["epsilon"]), alpha=group["lr"])


class AdamDoublePrecision(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                g, state = p.grad.double(), self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                m = state["m"] = b1 * state.get("m", torch.zeros_like(g)).double() + (1 - b1) * g
                v = state["v"] = b2 * state.get("v", torch.zeros_like(g)).double() + (1 - b2) * g * g
                theta = p.double() - group["lr"] * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + group["epsilon"])
                p.copy_(theta.to(p.dtype))


class AdamStateInAList(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                self.state[p] = memory = self.state[p] or [torch.zeros_like(p), torch.zeros_like(p), 0]
                memory[0] = memory[0] + (1 - group["beta1"]) * (p.grad - memory[0])
                memory[1] = memory[1] + (1 - group["beta2"]) * (p.grad**2 - memory[1])
                memory[2] += 1
                corrections = [1 - group[beta] ** memory[2] for beta in ("beta1", "beta2")]
                m, v = (moment / c for moment, c in zip(memory[:2], corrections, strict=True))
                torch.sub(p, group["lr"] * m / (v.sqrt() + group["epsilon"]), out=p)


class AdamExtraKeywords(Optimizer):
    def __init__(
        self,
        params,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        weight_decay=0.0,
        amsgrad=False,
        maximize=False,
    ):
        for name, beta in {"beta1": beta1, "beta2": beta2}.items():
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"{name} must lie in [0, 1), not {beta}")
        if learning_rate < 0.0 or epsilon < 0.0:
            raise ValueError("neither the learning rate nor epsilon may be negative")
        defaults = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(params, {**defaults, "weight_decay": weight_decay, "amsgrad": amsgrad, "maximize": maximize})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._move(p, self.state[p], group)
        return loss

    def _move(self, p, state, group):
        if len(state) == 0:
            state["t"] = 0
            state["m"], state["v"], state["highest"] = (torch.zeros_like(p) for _ in range(3))
        g = p.grad.neg() if group["maximize"] else p.grad
        g = g.add(p, alpha=group["weight_decay"]) if group["weight_decay"] else g
        state["t"] += 1
        state["m"].mul_(group["beta1"]).add_(g, alpha=1 - group["beta1"])
        state["v"].mul_(group["beta2"]).addcmul_(g, g, value=1 - group["beta2"])
        v = state["v"]
        if group["amsgrad"]:
            v = torch.maximum(state["highest"], v, out=state["highest"])
        root = (v / (1 - group["beta2"] ** state["t"])).sqrt()
        p.sub_(group["lr"] / (1 - group["beta1"] ** state["t"]) * state["m"] / (root + group["epsilon"]))


class AdamOneElementCount(Optimizer):
    """Counts in a tensor of shape (1,), and reads the number out of it."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in _with_gradient(group):
                state = self.state[p]
                state.setdefault("step", torch.zeros(1)).add_(1)
                t = state["step"].item()
                m = state.setdefault("exp_avg", torch.zeros_like(p)).lerp_(p.grad, 1 - b1)
                v = state.setdefault("exp_avg_sq", torch.zeros_like(p)).mul_(b2).add_((1 - b2) * p.grad.square())
                m_hat, v_hat = m.div(1 - b1**t), v.div(1 - b2**t)
                p.copy_(p.sub(m_hat.mul(group["lr"]).div(v_hat.sqrt().add(group["epsilon"]))))


class AdamWeightedMeans(Optimizer):
    """The corrected moments are weighted means: a sum of weighted terms over the sum of the weights."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    def mean(self, p, name, term, beta):
        total, weight = self.state[p].get(name, (torch.zeros_like(p), 0.0))
        total, weight = beta * total + term, beta * weight + 1.0
        self.state[p][name] = (total, weight)
        return total / weight

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                m_hat = self.mean(p, "gradient", p.grad, group["beta1"])
                v_hat = self.mean(p, "square", p.grad**2, group["beta2"])
                p.addcdiv_(m_hat, v_hat.sqrt() + group["epsilon"], value=-group["lr"])


class RunningMean:
    """An exponential mean without bias, which may be copied with the state that holds it."""

    def __init__(self, like):
        self.biased = torch.zeros_like(like)
        self.power = 1.0

    def __call__(self, value, beta):
        self.biased = beta * self.biased + (1 - beta) * value
        self.power *= beta
        return self.biased / (1 - self.power)


class AdamOfObjects(Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if not self.state[p]:
                    self.state[p]["means"] = {"m": RunningMean(p), "v": RunningMean(p)}
                means = self.state[p]["means"]
                m, v = means["m"](p.grad, group["beta1"]), means["v"](p.grad.square(), group["beta2"])
                p -= group["lr"] * m / (v.sqrt() + group["epsilon"])  # noqa: PLW2901  (in place)


class AdamKeepsTheCorrected(Optimizer):
    """Keeps m̂ and √v̂ themselves; each step mixes the new gradient in with a share that falls to 1 - beta."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.inference_mode()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                share1, share2 = ((1 - beta) / (1 - beta**t) for beta in (group["beta1"], group["beta2"]))
                m = (1 - share1) * state.get("m", 0.0) + share1 * p.grad
                root = torch.sqrt((1 - share2) * state.get("root", torch.zeros_like(p)) ** 2 + share2 * p.grad**2)
                state.update(m=m, root=root)
                p.sub_(group["lr"] * m / (root + group["epsilon"]))


class AdamPairOfBetas(Optimizer):
    """Each group gets the pair that this step wants when it is added; a loaded count is made a number again."""

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    def add_param_group(self, param_group):
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        group["betas"] = (group["beta1"], group["beta2"])

    def __setstate__(self, state):
        super().__setstate__(state)
        for memory in self.state.values():
            memory["step"] = int(memory["step"])

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in _with_gradient(group):
                memory = self.state[p]
                memory["step"] = memory.get("step", 0) + 1
                for key, beta, term in (("m", beta1, p.grad), ("v", beta2, p.grad.square())):
                    memory[key] = memory[key] * beta + term * (1 - beta) if key in memory else term * (1 - beta)
                c1, c2 = 1 - beta1 ** memory["step"], 1 - beta2 ** memory["step"]
                p.data.addcdiv_(memory["m"], (memory["v"] / c2).sqrt() + group["epsilon"], value=-group["lr"] / c1)


class AdamOneNumberAtATime(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "t" not in state:
                    state["t"] = 0
                    state["m"] = [torch.zeros((), dtype=p.dtype) for _ in range(p.numel())]
                    state["v"] = [torch.zeros((), dtype=p.dtype) for _ in range(p.numel())]
                state["t"] += 1
                m, v = state["m"], state["v"]
                for i, g in enumerate(p.grad.flatten()):
                    m[i] = b1 * m[i] + (1 - b1) * g
                    v[i] = b2 * v[i] + (1 - b2) * g**2
                    m_hat = m[i] / (1 - b1 ** state["t"])
                    v_hat = v[i] / (1 - b2 ** state["t"])
                    p.view(-1)[i] -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["epsilon"])


STYLES = (
    ("Adam", AdamLerp),
    ("Adam", AdamPowersInATuple),
    ("Adam", AdamCountsInATensor),
    ("Adam", AdamForeach),
    ("Adam", AdamDataclass),
    ("Adam", AdamStateFromTheStart),
    ("Adam", AdamByFunction),
    ("Adam", AdamBeginner),
    ("Adam", AdamFoldedCorrections),
    ("Adam", AdamStackedMoments),
    ("Adam", AdamDoublePrecision),
    ("Adam", AdamStateInAList),
    ("Adam", AdamExtraKeywords),
    ("Adam", AdamOneElementCount),
    ("Adam", AdamWeightedMeans),
    ("Adam", AdamOfObjects),
    ("Adam", AdamKeepsTheCorrected),
    ("Adam", AdamPairOfBetas),
    ("Adam", AdamOneNumberAtATime),
)
