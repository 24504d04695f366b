"""Single mistakes: one plain right answer for everything a student writes, and edits that each break one thing.

A `Mistake` makes its edits (old text, new text) in the right answer. `lost` holds the behaviours that it must cost;
where `exactly` is true it must cost no other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """A few edits of the right answer, and the behaviours that they cost."""

    subject: str
    name: str
    edits: tuple[tuple[str, str], ...]
    lost: frozenset[str]
    exactly: bool

    @property
    def source(self) -> str:
        """Give the source with the mistake in it."""
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
}


def _costs(lost: str, subject: str, name: str, *edits: tuple[str, str]) -> Mistake:
    """Name the behaviours, apart by spaces, that a mistake costs; "one_step ..." where it costs others too."""
    names = lost.removesuffix(" ...")
    return Mistake(subject, name, edits, frozenset(names.split()), exactly=names == lost)


_SKIP = "                    if p.grad is None:\n                        continue\n"
_EACH = "            for group in self.param_groups:"
_STEP = "    def step(self):"

MISTAKES = (
    _costs("one_step ...", "SGD", "goes uphill", ("p -= ", "p += ")),
    _costs("defaults", "SGD", "another default rate", ("learning_rate=0.01", "learning_rate=0.1")),
    _costs("learning_rate groups", "SGD", "the rate of the constructor", ('group["lr"]', 'self.defaults["lr"]')),
    _costs("no_gradient", "SGD", "None not skipped", (_SKIP, "")),
    _costs("no_gradient", "SGD", "all ends at the first None", ("continue", "return")),
    _costs("groups", "SGD", "the first group only", ("self.param_groups:", "self.param_groups[:1]:")),
    _costs("in_place", "SGD", "the gradient itself is scaled", ("lr * g", "g.mul_(lr)")),
    _costs("one_step ...", "SGD", "another tensor", ("p -= lr * g", "p = p - lr * g")),
    _costs("one_step ...", "RMSProp", "no root", ("s.sqrt()", "s")),
    _costs(
        "one_step ...",
        "RMSProp",
        "epsilon in the root",
        ('s.sqrt() + group["epsilon"]', '(s + group["epsilon"]).sqrt()'),
    ),
    _costs("one_step ...", "RMSProp", "1 - decay forgotten", ('(1 - group["decay"]) * ', "")),
    _costs("many_steps ...", "RMSProp", "no memory", ('"s" not in state', "True")),
    _costs("many_steps ...", "RMSProp", "the gradient's memory", ("torch.zeros_like(p)", "g")),
    _costs(
        "groups",
        "RMSProp",
        "the decay of the first group",
        ('group["decay"] * state', 'self.param_groups[0]["decay"] * state'),
    ),
    _costs("one_step ...", "Adagrad", "the gradient is not squared", ("g ** 2", "g.abs()")),
    _costs("many_steps ...", "Adagrad", "no memory", ('"G" not in state', "True")),
    _costs("many_steps ...", "Adagrad", "an average, not a sum", ('state["G"] + g', '0.9 * state["G"] + g')),
    _costs("groups", "Adagrad", "the epsilon of the constructor", ('group["epsilon"]', 'self.defaults["epsilon"]')),
    _costs(
        "saved_state",
        "Adagrad",
        "a memory of its own",
        ("self.state[p]", 'vars(self).setdefault("G", {}).setdefault(p, {})'),
    ),
    _costs(
        "own_state ...",
        "Adagrad",
        "a memory of the class",
        (_STEP, "    kept = {}\n\n" + _STEP),
        ("self.state[p]", "self.kept.setdefault(tuple(p.shape), {})"),
    ),
    _costs("one_step ...", "Adam", "no bias correction", ('v / (1 - group["beta2"] ** state["t"])', "v")),
    _costs("many_steps ...", "Adam", "t never counts", ('state["t"] += 1', 'state["t"] = 1')),
    _costs("one_step ...", "Adam", "t counts from 0", ('state["t"] += 1', "pass")),
    _costs("defaults", "Adam", "beta2 is 0.99", ("beta2=0.999", "beta2=0.99")),
    _costs(
        "no_gradient saved_state",
        "Adam",
        "one t for all parameters",
        (_EACH, "            self.t = getattr(self, 't', 0) + 1\n" + _EACH),
        ('state["t"] += 1', 'state["t"] = self.t'),
    ),
    _costs("one_step ...", "AdamW", "the decay with the wrong sign", ("+ lr * group", "- lr * group")),
    _costs(
        "one_step ...",
        "AdamW",
        "the decay without the rate",
        ('+ lr * group["weight_decay"]', '+ group["weight_decay"]'),
    ),
    _costs(
        "one_step ...",
        "AdamW",
        "the decay in the gradient",
        ("p.grad,", 'p.grad + group["weight_decay"] * p,'),
        (' + lr * group["weight_decay"] * p', ""),
    ),
    _costs(
        "zero_gradient",
        "AdamW",
        "no decay where the gradient is zero",
        ('weight_decay"] * p', 'weight_decay"] * p * (g != 0)'),
    ),
    _costs("defaults", "AdamW", "another default decay", ("weight_decay=0.01", "weight_decay=0.0")),
    _costs(
        "initial_rate get_lr set_lr",
        "LRScheduler",
        "the initial rate is not written",
        ("self.set_lr(initial_lr)", "pass"),
    ),
    _costs(
        "initial_rate get_lr set_lr",
        "LRScheduler",
        "the first group only",
        ("in self.optimizer.param_groups", "in self.optimizer.param_groups[:1]"),
    ),
    _costs(
        "get_lr set_lr",
        "LRScheduler",
        "the initial rate is read",
        ('return self.optimizer.param_groups[0]["lr"]', "return self.initial"),
        ("self.optimizer = optimizer", "self.optimizer, self.initial = optimizer, initial_lr"),
    ),
    _costs(
        "get_lr set_lr",
        "LRScheduler",
        "the rate is read as a list",
        (
            'return self.optimizer.param_groups[0]["lr"]',
            'return [group["lr"] for group in self.optimizer.param_groups]',
        ),
    ),
    _costs(
        "step",
        "LRScheduler",
        "step does nothing",
        ('raise NotImplementedError("a subclass says what a step does")', "pass"),
    ),
    _costs("patience ...", "LRSchedulerOnPlateau", "one epoch too early", ("bad > self", "bad >= self")),
    _costs(
        "count_reset ...",
        "LRSchedulerOnPlateau",
        "no new count after a reduction",
        ("self.min_lr))\n            self.bad = 0", "self.min_lr))"),
    ),
    _costs(
        "count_reset",
        "LRSchedulerOnPlateau",
        "no new count after an improvement",
        ("self.best = metric\n            self.bad = 0", "self.best = metric"),
    ),
    _costs(
        "best ...",
        "LRSchedulerOnPlateau",
        "the last metric is the best",
        ("self.bad += 1", "self.bad += 1\n            self.best = metric"),
    ),
    _costs("factor ...", "LRSchedulerOnPlateau", "from the initial rate", ("self.get_lr() *", "self.initial_lr *")),
    _costs(
        "min_lr",
        "LRSchedulerOnPlateau",
        "no lower limit",
        ("max(self.get_lr() * self.factor, self.min_lr)", "self.get_lr() * self.factor"),
    ),
    _costs(
        "threshold negative mode",
        "LRSchedulerOnPlateau",
        "no threshold",
        ("(1 - self.threshold)", "1"),
        ("(1 + self.threshold)", "1"),
    ),
    _costs(
        "threshold negative ...",
        "LRSchedulerOnPlateau",
        "an absolute threshold",
        ("self.best * (1 - self.threshold)", "self.best - self.threshold"),
    ),
    _costs("negative mode", "LRSchedulerOnPlateau", "mode ignored", ('self.mode == "min"', "True")),
    _costs("nan", "LRSchedulerOnPlateau", "NaN is skipped", ("self.bad += 1", "self.bad += metric == metric")),
    _costs(
        "metric_types",
        "LRSchedulerOnPlateau",
        "numbers only",
        ("float(metric)", "metric if isinstance(metric, float) else metric[0][0]"),
    ),
    _costs(
        "initial_rate groups",
        "LRSchedulerOnPlateau",
        "the first group only",
        ("in self.optimizer.param_groups", "in self.optimizer.param_groups[:1]"),
    ),
    _costs("validation", "LRSchedulerOnPlateau", "factor may be 1", ("< factor < 1", "< factor <= 1")),
    _costs("defaults", "LRSchedulerOnPlateau", "another default patience", ("patience=10", "patience=9")),
    _costs("start ...", "minimise", "the start is not kept", ("[x.detach().clone()]", "[]")),
    _costs(
        "positions ...",
        "minimise",
        "the same tensor again and again",
        ("append(x.detach().clone())", "append(x.detach())"),
    ),
    _costs("fresh_gradient ...", "minimise", "gradients add up", ("optimizer.zero_grad()", "pass")),
    _costs("hyperparameters ...", "minimise", "hyperparameters dropped", ("([x], **hyperparameters)", "([x])")),
    _costs("any_optimizer ...", "minimise", "always SGD", ("optimizer_class([x]", "torch.optim.SGD([x]")),
    _costs(
        "two_dimensions", "minimise", "numbers only", ("append(x.detach().clone())", "append(torch.tensor(x.item()))")
    ),
    _costs("reaches_SGD", "tuned", "the default rate of SGD", ('"learning_rate": 0.5', '"learning_rate": 0.01')),
    _costs("reaches_RMSProp", "tuned", "another name for the rate", ('"learning_rate": 5.0', '"lr": 5.0')),
    _costs("reaches_Adam", "tuned", "one optimizer forgotten", ('"Adam":', '"adam":')),
    _costs("one_input many_inputs", "forward", "one bias forgotten", ("* h + b2", "* h")),
    _costs("one_input many_inputs", "forward", "a function between the layers", ("x + b1", "x.tanh() + b1")),
    _costs("many_inputs", "forward", "one number for all", ("return W2 * h + b2", "return (W2 * h + b2).mean()")),
    _costs("squared_error", "loss", "not squared", ("(target - prediction) ** 2", "abs(target - prediction)")),
    _costs("squared_error", "loss", "half of it", ("(target - prediction) ** 2", "(target - prediction) ** 2 / 2")),
    _costs("perfect ...", "loss", "never zero", ("** 2", "** 2 + 1e-3")),
    _costs("start ...", "train_network", "starts at 0", ("torch.tensor(1.0)", "torch.tensor(0.0)")),
    _costs("positions ...", "train_network", "another order", ("W1, b1, W2, b2 =", "W1, W2, b1, b2 =")),
    _costs("inputs ...", "train_network", "always towards 10", ("((y -", "((10.0 -")),
    _costs(
        "hyperparameters", "train_network", "hyperparameters dropped", ("(weights, **hyperparameters)", "(weights)")
    ),
)
