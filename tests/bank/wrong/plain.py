"""One plain right answer for everything a student writes, and what a mistake in it is."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bank.questions import ANSWERS


@dataclass(frozen=True)
class Mistake:
    """A realistic mistake: a few edits (old text, new text) of the plain right answer.

    Attributes
    ----------
    subject, name
        What the student writes, and the mistake in a few words.
    edits
        Each old text stands in one place of the right answer.
    lost
        The behaviours that the mistake costs; it costs no other.
    known
        The mistakes that it must be named as, apart by spaces, and by "+" those made together; "" where none is known.
    """

    subject: str
    name: str
    edits: tuple[tuple[str, str], ...]
    lost: frozenset[str]
    known: str = ""

    @property
    def source(self) -> str:
        """Return the source with the mistake in it."""
        source = RIGHT[self.subject]
        for old, new in self.edits:
            assert source.count(old) == 1, f"{self.subject}, {self.name}: {old!r} must stand in one place"
            source = source.replace(old, new)
        return source


_OPTIMIZER = """
import torch

class {name}(torch.optim.Optimizer):
    def __init__(self, params, {signature}):
        super().__init__(params, dict({defaults}))

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    lr, g, state = group["lr"], p.grad, self.state[p]
{rule}
"""


def _optimizer(name: str, signature: str, rule: str) -> str:
    names = [part.split("=")[0] for part in signature.split(", ")]
    defaults = ", ".join(f"{'lr' if key == 'learning_rate' else key}={key}" for key in names)
    body = "\n".join(" " * 20 + line for line in rule.strip().splitlines())
    return _OPTIMIZER.format(name=name, signature=signature, defaults=defaults, rule=body)


_ADAM = """
if "t" not in state:
    state["t"] = 0
    state["m"] = torch.zeros_like(p)
    state["v"] = torch.zeros_like(p)
state["t"] += 1
m = state["m"] = group["beta1"] * state["m"] + (1 - group["beta1"]) * g
v = state["v"] = group["beta2"] * state["v"] + (1 - group["beta2"]) * g ** 2
m_hat = m / (1 - group["beta1"] ** state["t"])
v_hat = v / (1 - group["beta2"] ** state["t"])
"""

# What the tests of notebook 15 are written with: the student's own function, and the AdamW of notebook 5.
_TESTS = """
import copy
import torch
from coursekit.optimizers.suspects import AdamW

def close(got, expected):
    return len(got) == len(expected) and all(map(torch.allclose, got, expected))
"""

_VELOCITY = """
if "v" not in state:
    state["v"] = torch.zeros_like(p)
v = state["v"] = group["momentum"] * state["v"] + g
"""

_NEWTON_SCHULZ = """
import torch

def newton_schulz(gradient, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    X = gradient / (gradient.norm() + 1e-7)
    tall = X.shape[0] > X.shape[1]
    if tall:
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if tall else X
"""

_MUON = (
    _VELOCITY
    + """
O = newton_schulz(v)
scale = max(1, p.shape[0] / p.shape[1]) ** 0.5
p -= lr * scale * O
"""
)

_SCHEDULE = """
import math

class {name}:
    def __init__(self, optimizer, initial_lr, {signature}):
        self.optimizer, self.initial_lr = optimizer, initial_lr
        {keeps} = {values}
        self.k = 0
        self.set_lr(self.rate())

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def rate(self):
{rule}

    def step(self, metric=None):
        self.k += 1
        self.set_lr(self.rate())
"""


def _schedule(name: str, signature: str, rule: str) -> str:
    names = [part.split("=")[0] for part in signature.split(", ")]
    body = "\n".join(" " * 8 + line for line in rule.strip().splitlines())
    keeps = ", ".join(f"self.{each}" for each in names)
    return _SCHEDULE.format(name=name, signature=signature, keeps=keeps, values=", ".join(names), rule=body)


RIGHT = {
    "SGD": _optimizer("SGD", "learning_rate=0.01", "p -= lr * g"),
    "RMSProp": _optimizer(
        "RMSProp",
        "learning_rate=0.01, decay=0.9, epsilon=1e-8",
        """
if "s" not in state:
    state["s"] = torch.zeros_like(p)
s = state["s"] = group["decay"] * state["s"] + (1 - group["decay"]) * g ** 2
p -= lr * g / (s.sqrt() + group["epsilon"])
""",
    ),
    "Adagrad": _optimizer(
        "Adagrad",
        "learning_rate=0.01, epsilon=1e-8",
        """
if "G" not in state:
    state["G"] = torch.zeros_like(p)
G = state["G"] = state["G"] + g ** 2
p -= lr * g / (G.sqrt() + group["epsilon"])
""",
    ),
    "Adam": _optimizer(
        "Adam",
        "learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8",
        _ADAM + 'p -= lr * m_hat / (v_hat.sqrt() + group["epsilon"])',
    ),
    "AdamW": _optimizer(
        "AdamW",
        "learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01",
        _ADAM + 'p -= lr * m_hat / (v_hat.sqrt() + group["epsilon"]) + lr * group["weight_decay"] * p',
    ),
    "SignSGD": _optimizer("SignSGD", "learning_rate=0.01", "p -= lr * torch.sign(g)"),
    "newton_schulz": _NEWTON_SCHULZ,
    "Muon": _NEWTON_SCHULZ
    + _optimizer("Muon", "learning_rate=0.02, momentum=0.95", _MUON).replace(
        "    def step(self):",
        """\
        if any(p.ndim != 2 for each in self.param_groups for p in each["params"]):
            raise ValueError("matrices only")

    def step(self):""",
        1,
    ),
    "Momentum": _optimizer("Momentum", "learning_rate=0.01, momentum=0.9", _VELOCITY + "p -= lr * v"),
    "Nesterov": _optimizer(
        "Nesterov", "learning_rate=0.01, momentum=0.9", _VELOCITY + 'p -= lr * (g + group["momentum"] * v)'
    ),
    "LRScheduler": """
class LRScheduler:
    def __init__(self, optimizer, initial_lr):
        self.optimizer = optimizer
        self.set_lr(initial_lr)

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric=None):
        raise NotImplementedError("a subclass says what a step does")
""",
    "LRSchedulerOnPlateau": """
class LRSchedulerOnPlateau:
    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        if mode not in ("min", "max"):
            raise ValueError("mode must be 'min' or 'max'")
        if not 0 < factor < 1:
            raise ValueError("factor must lie between 0 and 1")
        self.optimizer, self.patience, self.factor = optimizer, patience, factor
        self.min_lr, self.mode, self.threshold = min_lr, mode, threshold
        self.initial_lr = initial_lr
        self.bad = 0
        self.best = float("inf") if mode == "min" else -float("inf")
        self.set_lr(initial_lr)

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def step(self, metric):
        metric = float(metric)
        if self.mode == "min":
            better = metric < self.best * (1 - self.threshold)
        else:
            better = metric > self.best * (1 + self.threshold)
        if better:
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad = 0
""",
    "make_data": """
import numpy as np
import torch

def make_data(seed):
    np.random.seed(seed)
    x = np.linspace(-10, 10, 100)
    line = 3 * x + 5 + np.random.normal(0, 2, 100)
    parabola = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, 100)
    return x, line, parabola
""",
    "WarmUp": _schedule(
        "WarmUp",
        "peak_lr, steps",
        """
done = min(self.k / self.steps, 1.0)
return self.initial_lr + (self.peak_lr - self.initial_lr) * done
""",
    ),
    "CosineDecay": _schedule(
        "CosineDecay",
        "steps, min_lr=0.0",
        """
done = min(self.k / self.steps, 1.0)
share = (1 + math.cos(math.pi * done)) / 2
return self.min_lr + (self.initial_lr - self.min_lr) * share
""",
    ),
    "WarmUpStableDecay": _schedule(
        "WarmUpStableDecay",
        "peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0",
        """
if self.k < self.warmup_steps:
    return self.initial_lr + (self.peak_lr - self.initial_lr) * self.k / self.warmup_steps
fallen = self.k - self.warmup_steps - self.stable_steps
if fallen <= 0:
    return self.peak_lr
done = min(fallen / self.decay_steps, 1.0)
return self.peak_lr + (self.min_lr - self.peak_lr) * done
""",
    ),
    "train": """
def train(model, x, y, criterion, optimizer, epochs):
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        if epoch % 10 == 0:
            losses.append(loss.item())
    return losses, dict(model.named_parameters())
""",
    "minimise": """
import torch

def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.nn.Parameter(start.clone())
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)
""",
    "tuned": """
tuned = {
    "SGD": {"learning_rate": 0.5},
    "RMSProp": {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0},
    "Adagrad": {"learning_rate": 60.0},
    "Adam": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99},
    "AdamW": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99, "weight_decay": 0.0},
}
""",
    "forward": """
def forward(x, W1, b1, W2, b2):
    h = W1 * x + b1
    return W2 * h + b2
""",
    "loss": """
def loss(prediction, target):
    return (target - prediction) ** 2
""",
    "train_network": """
import torch

def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = weights = [torch.nn.Parameter(torch.tensor(1.0)) for _ in range(4)]
    optimizer = optimizer_class(weights, **hyperparameters)
    rows = [[weight.item() for weight in weights]]
    for _ in range(steps):
        optimizer.zero_grad()
        ((y - (W2 * (W1 * x + b1) + b2)) ** 2).backward()
        optimizer.step()
        rows.append([weight.item() for weight in weights])
    return torch.tensor(rows)
""",
    "close": """
def close(got, expected):
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected):
        if a.shape != b.shape:
            return False
        if not ((a - b).abs() <= 1e-5 * b.abs() + 1e-8).all():
            return False
    return True
""",
    "test_adam": _TESTS
    + """
def test_adam(optimizer_class):
    x = m = v = 0.0
    p = torch.tensor([x], requires_grad=True)
    given = dict(learning_rate=0.1, beta1=0.8, beta2=0.9, epsilon=0.5, weight_decay=0.0)
    optimizer = optimizer_class([p], **given)
    for t, g in enumerate([1.0, -2.0, 0.5], start=1):
        m = 0.8 * m + 0.2 * g
        v = 0.9 * v + 0.1 * g ** 2
        x -= 0.1 * (m / (1 - 0.8 ** t)) / ((v / (1 - 0.9 ** t)) ** 0.5 + 0.5)
        p.grad = torch.tensor([g])
        optimizer.step()
        assert close([p.detach()], [torch.tensor([x])])
""",
    "test_decay": _TESTS
    + """
def test_decay(optimizer_class):
    p, q = (torch.tensor([2.0, -3.0], requires_grad=True) for _ in range(2))
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    optimizer, own = optimizer_class([p], **given), AdamW([q], **given)
    for g in (1.0, -2.0, 0.5):
        p.grad, q.grad = torch.tensor([g, -g]), torch.tensor([g, -g])
        optimizer.step()
        own.step()
        assert close([p.detach()], [q.detach()])
""",
    "test_use": _TESTS
    + """
def made(*values):
    return [torch.tensor([value], requires_grad=True) for value in values]

def step(optimizer, params, g):
    for p in params:
        p.grad = torch.tensor([g])
    optimizer.step()

def two_groups(optimizer_class):
    a, b, c, d = made(1.0, -2.0, 1.0, -2.0)
    both = optimizer_class([{"params": [a], "lr": 0.1}, {"params": [b], "lr": 0.02}])
    first, second = optimizer_class([c], learning_rate=0.1), optimizer_class([d], learning_rate=0.02)
    for g in (1.0, 1.0):
        step(both, [a, b], g)
        step(first, [c], g)
        step(second, [d], g)
        assert close([a, b], [c, d])

def two_parameters(optimizer_class):
    a, b, c = made(1.0, -2.0, -2.0)
    both, alone = optimizer_class([a, b], learning_rate=0.1), optimizer_class([c], learning_rate=0.1)
    for g in (1.0, -2.0, 0.5):
        step(both, [a, b], g)
        step(alone, [c], g)
        assert close([b], [c])

def no_gradient(optimizer_class):
    a, b = made(1.0, 3.0)
    optimizer = optimizer_class([a, b], learning_rate=0.1, weight_decay=0.5)
    step(optimizer, [a], 1.0)
    assert b.item() == 3.0

def saved(optimizer_class):
    a, = made(1.0)
    optimizer = optimizer_class([a], learning_rate=0.1)
    for g in (1.0, -2.0, 0.5):
        step(optimizer, [a], g)
    b, = made(a.item())
    other = optimizer_class([b], learning_rate=0.1)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    step(optimizer, [a], 0.7)
    step(other, [b], 0.7)
    assert close([b], [a])

def gradient(optimizer_class):
    a, = made(2.0)
    optimizer = optimizer_class([a], learning_rate=0.1, weight_decay=0.5)
    step(optimizer, [a], 1.0)
    assert a.grad.item() == 1.0

def test_use(optimizer_class):
    for test in (two_groups, two_parameters, no_gradient, saved, gradient):
        test(optimizer_class)
""",
    "clip_gradients": """
def clip_gradients(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = sum((g ** 2).sum() for g in gradients) ** 0.5
    if norm > max_norm:
        for g in gradients:
            g.mul_(max_norm / norm)
    return norm
""",
    "tuned_rate": """
import functools
import math
import statistics

def tuned_rate(run, rates, seeds):
    means = {}
    for rate in rates:
        ends = []
        for seed in seeds:
            losses = run(rate, seed)
            end = losses[-1]
            ends.append(end if math.isfinite(end) else math.inf)
        means[rate] = sum(ends) / len(ends)
    return min(means, key=means.get)
""",
    "compare": """
import math
import statistics

def tuned_rate(run, rates, seeds):
    means = {}
    for rate in rates:
        ends = [run(rate, seed)[-1] for seed in seeds]
        means[rate] = sum(e if math.isfinite(e) else math.inf for e in ends) / len(ends)
    return min(means, key=means.get)

def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name in runs:
        tried = rates[name][:budget]
        best = tuned_rate(runs[name], tried, tuning_seeds)
        results[name] = []
        for seed in seeds:
            losses = runs[name](best, seed)
            end = losses[-1]
            results[name].append(end if math.isfinite(end) else math.inf)
    return results
""",
    "sign_test": """
import math

def sign_test(losses, others):
    pairs = list(zip(losses, others))
    wins = sum(a < b for a, b in pairs)
    defeats = sum(b < a for a, b in pairs)
    n = wins + defeats
    k = max(wins, defeats)
    tail = sum(math.comb(n, i) for i in range(k, n + 1))
    p = 2 * tail / 2 ** n
    return min(p, 1.0)
""",
    "AveragedWeights": """
import torch

class AveragedWeights:
    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = []

    @torch.no_grad()
    def update(self):
        if not self.averages:
            self.averages = [p.detach().clone() for p in self.parameters]
            return
        for average, p in zip(self.averages, self.parameters):
            average.copy_(self.decay * average + (1 - self.decay) * p)
""",
    "bytes_kept": """
import torch

def bytes_kept(optimizer):
    total = 0
    for state in optimizer.state.values():
        for kept in state.values():
            if isinstance(kept, torch.Tensor):
                total += kept.numel() * kept.element_size()
    return total
""",
    **{name: answers.source(name, answers.right[0]) for name, answers in ANSWERS.items()},
}


def costs(lost: str, subject: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    """Name the behaviours, apart by spaces, that a mistake costs."""
    return Mistake(subject, name, edits, frozenset(lost.split()), known)
