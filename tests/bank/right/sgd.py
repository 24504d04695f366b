"""SGD in many styles, all of them right."""

import copy
import itertools

import torch
from torch.optim import Optimizer


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


class SGDBeginner(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        self.learning_rate = learning_rate
        defaults = {}
        defaults["lr"] = learning_rate
        super().__init__(params, defaults)

    def step(self):
        with torch.no_grad():
            for i in range(len(self.param_groups)):
                group = self.param_groups[i]
                lr = group["lr"]
                parameters = group["params"]
                for j in range(len(parameters)):
                    theta = parameters[j]
                    gradient = theta.grad
                    if gradient is not None:
                        move = lr * gradient
                        new_theta = theta - move
                        theta[...] = new_theta


def descend(parameter, gradient, rate):
    parameter.add_(gradient, alpha=-rate)


class SGDByFunction(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, defaults={"lr": learning_rate})

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
                descend(p, p.grad, group["lr"])
        return loss


class SGDWithMomentumLeftAtZero(Optimizer):
    def __init__(
        self, params, learning_rate=0.01, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False
    ):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("nesterov needs a momentum and no dampening")
        defaults = {"lr": learning_rate, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**defaults, "nesterov": nesterov, "maximize": maximize})

    def direction(self, p, group):
        d = -p.grad if group["maximize"] else p.grad
        if group["weight_decay"] != 0:
            d = d + group["weight_decay"] * p
        if group["momentum"] == 0:
            return d
        state = self.state[p]
        if "buffer" not in state:
            state["buffer"] = d.clone()
        else:
            state["buffer"].mul_(group["momentum"]).add_(d, alpha=1 - group["dampening"])
        return d + group["momentum"] * state["buffer"] if group["nesterov"] else state["buffer"]

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(self.direction(p, group), alpha=group["lr"])


class SGDPairs(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    def pairs(self):
        return ((p, group["lr"]) for group in self.param_groups for p in group["params"] if p.grad is not None)

    @torch.no_grad()
    def step(self):
        for p, rate in self.pairs():
            torch.sub(p, p.grad, alpha=rate, out=p)


class SGDOneLongVector(Optimizer):
    """Every group is moved as one flat vector and cut into its parameters again."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            moved = list(filter(lambda p: p.grad is not None, group["params"]))
            if not moved:
                continue
            theta = torch.cat([p.flatten() for p in moved])
            gradient = torch.cat([p.grad.flatten() for p in moved])
            pieces = (theta - group["lr"] * gradient).split([p.numel() for p in moved])
            for p, piece in zip(moved, pieces, strict=True):
                p.copy_(piece.view_as(p))


class SGDGradModeByHand(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        Optimizer.__init__(self, params, {"lr": learning_rate})

    def step(self):
        before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        try:
            for p, lr in [(p, group["lr"]) for group in self.param_groups for p in group["params"]]:
                match p.grad:
                    case None:
                        pass
                    case g:
                        p.add_(-lr * g)
        finally:
            torch.set_grad_enabled(before)


class SGDWithAMemory(Optimizer):
    """Keeps what no step needs: the number of steps and the last gradient of each parameter."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                state["step"] = state.get("step", 0) + 1
                state["last"] = p.grad.clone()
                p.sub_(state["last"].mul(group["lr"]))


class SGDInDoublePrecision(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": float(learning_rate)})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in _with_gradient(group):
                p.copy_(p.double() - group["lr"] * p.grad.double())


class SGDDetached(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @property
    def learning_rate(self):
        return [group["lr"] for group in self.param_groups]

    @learning_rate.setter
    def learning_rate(self, value):
        for group in self.param_groups:
            group["lr"] = value

    def step(self):
        for group, rate in zip(self.param_groups, self.learning_rate, strict=True):
            for p in group["params"]:
                if p.grad is not None:
                    p.detach().sub_(p.grad.detach(), alpha=rate)


class SGDChained(Optimizer):
    """Knows its parameters from the start; the rate of each is looked up at every step."""

    def __init__(self, params, learning_rate=0.01, *, verbose=False):
        super().__init__(params, {"lr": learning_rate})
        self.verbose = verbose

    @torch.no_grad()
    def step(self):
        everything = itertools.chain.from_iterable(
            zip(group["params"], itertools.repeat(group["lr"])) for group in self.param_groups
        )
        for number, (p, rate) in enumerate(everything):
            if p.grad is None:
                continue
            move = torch.mul(p.grad, rate).neg()
            if self.verbose:
                print(f"parameter {number} moves by {move}")
            p += move  # noqa: PLW2901  (in place: the parameter stays the same object)


class SGDInATable(Optimizer):
    """All new values are worked out before the first one is written."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        new = {
            p: torch.add(p, p.grad, alpha=-group["lr"])
            for group in self.param_groups
            for p in group["params"]
            if p.grad is not None
        }
        for p, value in new.items():
            p.set_(value)


STYLES = (
    ("SGD", SGDOnData),
    ("SGD", SGDNewStorage),
    ("SGD", SGDForeach),
    ("SGD", SGDCopies),
    ("SGD", SGDBeginner),
    ("SGD", SGDByFunction),
    ("SGD", SGDWithMomentumLeftAtZero),
    ("SGD", SGDPairs),
    ("SGD", SGDOneLongVector),
    ("SGD", SGDGradModeByHand),
    ("SGD", SGDWithAMemory),
    ("SGD", SGDInDoublePrecision),
    ("SGD", SGDDetached),
    ("SGD", SGDChained),
    ("SGD", SGDInATable),
)
