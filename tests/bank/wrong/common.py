"""Mistakes in what all five optimizers share: the constructor, the groups, the loop, the gradient, the memory."""

from __future__ import annotations

import re

from tests.bank.wrong.plain import RIGHT, Mistake, costs

EVERYTHING = (
    "one_step many_steps signature learning_rate groups no_gradient zero_gradient in_place shapes_and_dtypes "
    "own_state saved_state"
)

# Hyperparameters beside the rate, and a default that is not the course's (torch's own, or a slip of the keyboard).
OTHERS = {
    "SGD": (),
    "RMSProp": ("decay", "epsilon"),
    "Adagrad": ("epsilon",),
    "Adam": ("beta1", "beta2", "epsilon"),
    "AdamW": ("beta1", "beta2", "epsilon", "weight_decay"),
    "Momentum": ("momentum",),
    "SignSGD": (),
    "Muon": ("momentum",),
}
_DEFAULTS = {
    "SGD": (("learning_rate=0.01", "learning_rate=0.001"),),
    "RMSProp": (
        ("learning_rate=0.01", "learning_rate=0.001"),
        ("decay=0.9", "decay=0.99"),
        ("epsilon=1e-8", "epsilon=1e-6"),
    ),
    "Adagrad": (("learning_rate=0.01", "learning_rate=0.1"), ("epsilon=1e-8", "epsilon=1e-10")),
    "Adam": (
        ("learning_rate=0.001", "learning_rate=0.01"),
        ("beta1=0.9", "beta1=0.95"),
        ("beta2=0.999", "beta2=0.99"),
        ("epsilon=1e-8", "epsilon=1e-7"),
    ),
    "AdamW": (
        ("learning_rate=0.001", "learning_rate=0.01"),
        ("beta1=0.9", "beta1=0.99"),
        ("beta2=0.999", "beta2=0.9999"),
        ("epsilon=1e-8", "epsilon=1e-6"),
        ("weight_decay=0.01", "weight_decay=0.0"),
    ),
    "Momentum": (
        ("learning_rate=0.01", "learning_rate=0.001"),
        ("momentum=0.9", "momentum=0.0"),
        ("momentum=0.9", "momentum=0.5"),
    ),
    "SignSGD": (("learning_rate=0.01", "learning_rate=0.001"),),
    "Muon": (
        ("learning_rate=0.02", "learning_rate=0.001"),
        ("momentum=0.95", "momentum=0.0"),
        ("momentum=0.95", "momentum=0.5"),
    ),
}

# What they are called by torch and in books, and then in the group.
OTHERWISE = {
    "decay": "rho",
    "beta1": "b1",
    "beta2": "b2",
    "epsilon": "eps",
    "weight_decay": "wd",
    "momentum": "mu",
}

SUPER = "super().__init__(params, dict("
GROUPS = "for group in self.param_groups:"
PARAMS = 'for p in group["params"]:'
SKIP = "                    if p.grad is None:\n                        continue\n"
READ = 'lr, g, state = group["lr"], p.grad, self.state[p]'
NO_GRAD = "with torch.no_grad():"
LEFT = "raise NotImplementedError"


def lines(*texts: str) -> str:
    """Put texts one below the other, as deep as the rule stands."""
    return ("\n" + " " * 20).join(texts)


def line(subject: str, start: str) -> str:
    """Return the one line of the right answer that starts so, without the space before it."""
    (found,) = (text.strip() for text in RIGHT[subject].splitlines() if text.strip().startswith(start))
    return found


def instead(subject: str, changes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Edit every line of the step that reads a hyperparameter of the group, for each to read something else."""
    edits = []
    for text in RIGHT[subject].splitlines():
        new = text
        for key, value in changes.items():
            new = new.replace(f'group["{key}"]', value)
        if new != text:
            edits.append((text.strip(), new.strip()))
    return tuple(edits)


def captured(subject: str, *keys: str) -> tuple[tuple[str, str], ...]:
    """Let the constructor keep hyperparameters, and the step read them there."""
    kept = "".join(f"self.{key} = {key}\n        " for key in keys)
    return (SUPER, kept + SUPER), *instead(subject, {key: f"self.{key}" for key in keys})


def renamed(subject: str, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Let the constructor put hyperparameters into the group under other names, and the step read them there."""
    kept = line(subject, SUPER)
    new = kept
    for key, other in names.items():
        new = new.replace(f"{key}={key}", f"{other}={key}")
    return (kept, new), *instead(subject, {key: f'group["{other}"]' for key, other in names.items()})


def _everything(subject: str) -> str:
    """Name all behaviours of an optimizer."""
    return f"{EVERYTHING} scale matrices_only" if subject == "Muon" else EVERYTHING


def _slug(*parts: str) -> str:
    """Name a mistake about a number as the catalogue does."""
    return re.sub(r"\W", "_", "_".join(parts))


def skeleton(subject: str) -> tuple[Mistake, ...]:
    """Return the mistakes that have nothing to do with the rule."""
    return (
        *hyperparameters(subject),
        *_groups(subject),
        *_loop(subject),
        *_gradient(subject),
        *_tensors(subject),
    )


def hyperparameters(subject: str) -> tuple[Mistake, ...]:
    """Return the mistakes in what the constructor is given, and where a step reads it."""
    return *_signature(subject), *_constructor(subject)


def _signature(subject: str) -> tuple[Mistake, ...]:
    """List what keeps a right rule from being called as the course calls it."""
    rate = _DEFAULTS[subject][0][0]
    mistakes = (
        costs("signature", subject, "a rate by its place alone", (rate, f"{rate}, /")),
        costs("signature", subject, "no rate at all", (f", {rate}", ""), ("lr=learning_rate", f"lr={rate[14:]}")),
        costs(
            "signature",
            subject,
            "a step that needs a closure by its name",
            ("def step(self):", "def step(self, *, closure):"),
        ),
        costs(
            "signature",
            subject,
            "a step that calls its closure",
            ("def step(self):", "def step(self, closure):\n        closure()"),
        ),
        costs("signature", subject, "the rate called lr", ("learning_rate=", "lr="), ("lr=learning_rate", "lr=lr")),
        costs("signature", subject, "one more argument", ("params, learning_rate", "params, model, learning_rate")),
        costs("signature", subject, "a step that needs a closure", ("def step(self):", "def step(self, closure):")),
        costs("signature", subject, "a rate without a default", ("learning_rate=0.", "learning_rate, _=0.")),
        costs(
            "learning_rate",
            subject,
            "the rate under another key",
            ("lr=learning_rate", "rate=learning_rate"),
            ('group["lr"]', 'group["rate"]'),
        ),
        costs(
            _everything(subject),
            subject,
            "the line of the stub still there",
            (NO_GRAD, f"{NO_GRAD}\n            {LEFT}"),
        ),
    )
    if "epsilon" not in OTHERS[subject]:
        return mistakes
    return (
        *mistakes,
        costs("signature", subject, "ε called eps", ("epsilon=1e-8", "eps=1e-8"), ("epsilon=epsilon", "epsilon=eps")),
        costs("signature", subject, "ε a number", (", epsilon=1e-8", ""), ("epsilon=epsilon", "epsilon=1e-8")),
        costs(
            "signature zero_gradient",
            subject,
            "no ε at all",
            (", epsilon=1e-8", ""),
            ("epsilon=epsilon", "epsilon=0.0"),
            known="no_epsilon",
        ),
    )


def _constructor(subject: str) -> tuple[Mistake, ...]:
    others = OTHERS[subject]
    at_once = (
        costs(
            "groups",
            subject,
            "all but the rate from the constructor",
            *captured(subject, *others),
            known="overrides_captured",
        ),
        costs(
            "groups",
            subject,
            "all but the rate under other names in the group",
            *renamed(subject, {key: OTHERWISE[key] for key in others}),
            known="overrides_renamed",
        ),
    )
    return (
        costs(
            "learning_rate groups",
            subject,
            "the rate of the constructor",
            (SUPER, f"self.learning_rate = learning_rate\n        {SUPER}"),
            ('group["lr"]', "self.learning_rate"),
            known="rate_captured",
        ),
        *(
            costs("groups", subject, f"{key} of the constructor", *captured(subject, key), known=f"{key}_captured")
            for key in others
        ),
        *(
            costs(
                "groups",
                subject,
                f"{key} under another name in the group",
                *renamed(subject, {key: OTHERWISE[key]}),
                known=f"{key}_renamed",
            )
            for key in others
        ),
        costs(
            "learning_rate groups",
            subject,
            "a second rate in the group",
            ("lr=learning_rate", "lr=learning_rate, eta=learning_rate"),
            ('group["lr"]', 'group["eta"]'),
            known="rate_renamed",
        ),
        *(at_once if len(others) > 1 else ()),
        *(
            costs("signature", subject, f"default {new}", (old, new), known=_slug("default", new))
            for old, new in _DEFAULTS[subject]
        ),
        costs(
            "groups",
            subject,
            "the constructor's rate written into every group",
            (
                line(subject, SUPER),
                f"{line(subject, SUPER)}\n        {GROUPS}\n            group['lr'] = learning_rate",
            ),
        ),
        costs("groups", subject, "parameters must be a list", (SUPER, f"self.count = len(params)\n        {SUPER}")),
        costs(
            "groups",
            subject,
            "parameters taken as they were given",
            (SUPER, f"self.params = params\n        {SUPER}"),
            (PARAMS, "for p in self.params:"),
        ),
    )


def _groups(subject: str) -> tuple[Mistake, ...]:
    return (
        costs(
            "learning_rate",
            subject,
            "the rate at the first step of each parameter",
            ('group["lr"]', 'self.state[p].setdefault("lr", group["lr"])'),
        ),
        costs(
            "learning_rate groups",
            subject,
            "the rate of the first group at the first step",
            (READ, lines('self.rate = getattr(self, "rate", group["lr"])', READ)),
            ('= group["lr"],', "= self.rate,"),
            known="first_group_values" if subject in ("SGD", "SignSGD") else "first_group_rate",
        ),
        costs(
            "groups",
            subject,
            "the first group only",
            ("self.param_groups:", "self.param_groups[:1]:"),
            known="first_group_only",
        ),
        costs("groups", subject, "the last group only", ("self.param_groups:", "self.param_groups[-1:]:")),
        costs(
            "groups",
            subject,
            "the values of the first group",
            (READ, lines("group = self.param_groups[0]", READ)),
            known="first_group_values",
        ),
        costs(
            "groups",
            subject,
            "the values of the last group",
            (READ, lines("group = self.param_groups[-1]", READ)),
        ),
        costs(
            "groups",
            subject,
            "every parameter once for each group",
            (PARAMS, 'for p in [p for each in self.param_groups for p in each["params"]]:'),
        ),
    )


def _loop(subject: str) -> tuple[Mistake, ...]:
    step = line(subject, "p -= ")
    return (
        costs(
            "own_state",
            subject,
            "the first parameter of a group only",
            (step, lines(step, "break")),
            known="first_parameter_only",
        ),
        costs(
            "own_state",
            subject,
            "the last parameter of a group only",
            (PARAMS, 'for p in group["params"][-1:]:'),
            known="last_parameter_only",
        ),
        costs(_everything(subject), subject, "all but the last parameter", (PARAMS, 'for p in group["params"][:-1]:')),
        costs("no_gradient", subject, "None not skipped", (SKIP, "")),
        costs("no_gradient", subject, "all ends at the first None", ("continue", "return"), known="none_ends_step"),
        costs(_everything(subject), subject, "torch.no_grad() forgotten", (NO_GRAD, "if True:")),
        costs(
            "in_place",
            subject,
            "gradients switched off for good",
            (NO_GRAD, "torch.set_grad_enabled(False)\n        if True:"),
        ),
        costs(
            "in_place",
            subject,
            "the parameter needs no gradient any more",
            (NO_GRAD, "if True:"),
            (step, lines("p.requires_grad_(False)", step)),
        ),
        costs(
            _everything(subject),
            subject,
            "a new tensor that nobody keeps",
            (step, step.replace("p -= ", "p = p - (") + ")"),
        ),
        costs(
            "one_step many_steps",
            subject,
            "the step taken twice",
            (step, lines(step, step)),
            known="" if subject == "AdamW" else "step_doubled",
        ),
    )


def _gradient(subject: str) -> tuple[Mistake, ...]:
    step = line(subject, "p -= ")
    in_place = {
        "SGD": ("lr * g", "g.mul_(lr)"),
        "RMSProp": ("lr * g /", "g.mul_(lr) /"),
        "Adagrad": ("lr * g /", "g.mul_(lr) /"),
        "Adam": ("g ** 2", "g.pow_(2)"),
        "AdamW": ("g ** 2", "g.square_()"),
        "SignSGD": ("torch.sign(g)", "g.sign_()"),
    }
    changed = (
        costs("in_place", subject, "the gradient itself is changed", in_place[subject]),
        costs("in_place", subject, "the gradient is None afterwards", (step, lines(step, "p.grad = None"))),
    )
    if subject == "SignSGD":  # which sees no size
        return changed
    return (
        *changed,
        costs("one_step many_steps", subject, "the gradient clipped", ("p.grad,", "p.grad.clamp(-0.5, 0.5),")),
        costs(
            "one_step many_steps in_place",
            subject,
            "the gradient clipped to norm 0.1 in place",
            (READ, lines("torch.nn.utils.clip_grad_norm_([p], 0.1)", READ)),
        ),
    )


def _tensors(subject: str) -> tuple[Mistake, ...]:
    step = line(subject, "p -= ")
    move = step.removeprefix("p -= ")
    return (
        costs(_everything(subject), subject, "one number only", ("p.grad,", "p.grad.item(),")),
        costs(
            "shapes_and_dtypes",
            subject,
            "row by row",
            (step, lines(f"move = {move}", "for i in range(len(p)):", "    p[i] -= move[i]")),
        ),
        costs("shapes_and_dtypes", subject, "the parameter made flat", (step, f"p.data = (p - ({move})).flatten()")),
        costs("shapes_and_dtypes", subject, "through numpy", ("p.grad,", "torch.from_numpy(p.grad.numpy()),")),
        costs(
            "shapes_and_dtypes",
            subject,
            "a result in float32 at least",
            ("p.grad,", "p.grad.float(),"),
            (step, f"p.data = p - ({move})"),
        ),
    )


def memory(subject: str) -> tuple[Mistake, ...]:
    """Return the mistakes in where the state of a parameter is kept; SGD keeps none."""
    return (
        costs(
            "saved_state",
            subject,
            "a dictionary of its own",
            (SUPER, f"self.memory = {{}}\n        {SUPER}"),
            ("self.state[p]", "self.memory.setdefault(p, {})"),
            known="state_not_saved",
        ),
        costs(
            "own_state",
            subject,
            "one state for each shape",
            ("self.state[p]", "self.state[p.shape]"),
            known="state_by_shape",
        ),
        costs(
            "own_state",
            subject,
            "one state for all parameters",
            ("self.state[p]", 'self.state["all"]'),
        ),
        costs(
            "own_state saved_state",
            subject,
            "the state hung on the parameter",
            ("self.state[p]", 'vars(p).setdefault("memory", {})'),
            known="state_not_saved",
        ),
        costs(
            "own_state saved_state",
            subject,
            "the state on the class",
            (SUPER, f"type(self).memory = {{}}\n        {SUPER}"),
            (GROUPS, "for number, group in enumerate(self.param_groups):"),
            (PARAMS, 'for place, p in enumerate(group["params"]):'),
            ("self.state[p]", "self.memory.setdefault((number, place), {})"),
            known="state_not_saved" if subject == "Muon" else "state_of_the_class",
        ),
        costs(
            "no_gradient saved_state",
            subject,
            "a list for those that have a gradient",
            (SUPER, f"self.memory = {{}}\n        {SUPER}"),
            (GROUPS, f"place = 0\n            {GROUPS}"),
            (READ, lines(READ, "place += 1")),
            ("self.state[p]", "self.memory.setdefault(place, {})"),
            known="state_not_saved",
        ),
    )


def starts_in_constructor(subject: str, key: str) -> Mistake:
    """Let the constructor make the state of the first group, and no step make one."""
    text = RIGHT[subject]
    start = text.index(f'                    if "{key}" not in state:\n')
    end = text.index("                    ", text.rindex("torch.zeros_like(p)\n"))
    block = text[start:end]
    entries = "".join(
        f"\n            {entry.strip().replace('state[', 'self.state[p][')}" for entry in block.splitlines()[1:]
    )
    made = line(subject, SUPER) + '\n        for p in self.param_groups[0]["params"]:' + entries
    return costs("groups", subject, "a state for the first group only", (line(subject, SUPER), made), (block, ""))
