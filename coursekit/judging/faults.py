"""Faults: what is seen of a run besides its numbers, and must not be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FaultKind: TypeAlias = Literal[
    "replaced",
    "detached",
    "graph",
    "gradient_changed",
    "grad_mode",
    "dtype",
    "shape",
    "no_lr",
    "missing",
    "renamed",
    "further",
    "unnamed",
    "step_argument",
    "step_further",
    "graph_cut",
    "weights_changed",
    "gradient_made",
    "average_graph",
    "argument_changed",
]


@dataclass(frozen=True)
class Fault:
    """One of them.

    Attributes
    ----------
    kind
        The kind of fault.
    name, theirs
        The hyperparameter that it is about, if it is about one, and the name that the constructor has for it.
    """

    kind: FaultKind
    name: str = ""
    theirs: str = ""


Faults: TypeAlias = dict[Fault, None]  # a set that keeps its order

WORDS: dict[FaultKind, str] = {
    "replaced": "A parameter was replaced by another tensor: change it in place, for example with `p.add_(...)`.",
    "detached": "A parameter no longer requires a gradient after the step.",
    "graph": "The step was recorded by autograd, so memory grows: work under `torch.no_grad()`.",
    "gradient_changed": "The step changed a gradient; it must only be read.",
    "grad_mode": "Gradients were switched on or off globally and left that way: use `with torch.no_grad():`.",
    "dtype": "A parameter changed its dtype.",
    "shape": "A parameter changed its shape.",
    "no_lr": "The groups hold no `lr`: keep the learning rate under this key, so that a scheduler can change it.",
    "missing": "The constructor does not take `{name}`: add it to the signature, with its default value.",
    "renamed": "The constructor takes `{name}` under another name, `{theirs}`: use the name of the course.",
    "further": "The constructor needs one more argument, `{name}`: give it a default value, or leave it out.",
    "unnamed": "The constructor does not take `{name}` by its name: leave the `/` out of the signature.",
    "step_argument": "`step` cannot be called without an argument: give it a default value, as in `closure=None`.",
    "step_further": "`step` needs one more argument, `{name}`: give it a default value, or leave it out.",
    "graph_cut": "The gradient finds no way back: `detach`, `item`, `torch.tensor(...)` or `no_grad` cuts the graph.",
    "weights_changed": "The weights themselves have changed: they must only be read.",
    "gradient_made": "A gradient that was `None` is a tensor now: leave it `None`.",
    "average_graph": "An average holds a graph, so memory grows: work under `torch.no_grad()`.",
    "argument_changed": (
        "What was handed over has changed: work on a copy, as `.detach().clone()` makes one of a tensor, and"
        " `list(...)` one of a list."
    ),
}
