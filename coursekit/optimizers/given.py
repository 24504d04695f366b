"""Arguments for functions of the course, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from coursekit.optimizers import functions
from coursekit.optimizers.references import SIGNATURES, stand_in
from coursekit.optimizers.training import linear_model

CRITERIA = ("MSELoss", "L1Loss", "PoissonNLLLoss")
TYPES = {2: torch.bfloat16, 4: torch.float32, 8: torch.float64}  # by the bytes of a number


def named(name: str, *values: Any) -> Any:
    """Make a model, a criterion or an optimizer of torch's, a list, or a function of `coursekit.functions`.

    Parameters
    ----------
    name
        "model"; "keeping", for an optimizer with a state; "losses", for a list; one of `CRITERIA`; one of `SIGNATURES`;
        or the name of a function.
    values
        The weight and the bias of each layer of a model, see `model`; what is kept, see `keeping`. For an optimizer
        nothing, which makes its constructor; or the model that it is for and its hyperparameters, in the order of its
        signature.
    """
    if name == "model":
        return model(*values)
    if name == "keeping":
        return keeping(*values)
    if name == "losses":
        return list(values)
    if name in CRITERIA:
        return getattr(torch.nn, name)()
    if name not in SIGNATURES:
        return functions.by_name(name, *values)
    if not values:
        return stand_in(name)
    trained, *hyperparameters = values
    return stand_in(name)(trained.parameters(), **dict(zip(SIGNATURES[name], hyperparameters, strict=False)))


def model(*values: float) -> torch.nn.Module:
    """Make a linear model in float64, or several with `Tanh` between them, of a weight and a bias for each."""
    layers = [linear_model(*pair) for pair in zip(values[::2], values[1::2], strict=True)]
    between = [part for layer in layers for part in (torch.nn.Tanh(), layer)][1:]
    return (layers[0] if len(layers) == 1 else torch.nn.Sequential(*between)).double()


def keeping(*values: float) -> torch.optim.Optimizer:
    """Make an optimizer that keeps what is listed; its parameters are in groups of two.

    Parameters
    ----------
    values
        For each thing that is kept three numbers: the parameter that it is kept for, from 0 on; how many numbers it
        holds; and the bytes of one of them, or 0 for a count, which is no tensor but an `int`.
    """
    entries = entries_of(values)
    params = [torch.nn.Parameter(torch.zeros(size)) for size in sizes_of(entries)]
    groups = [{"params": params[first : first + 2]} for first in range(0, len(params), 2)]
    optimizer: torch.optim.Optimizer = stand_in("SGD")(groups)
    for number, (place, size, each) in enumerate(entries):
        optimizer.state[params[place]][f"kept_{number}"] = torch.zeros(size, dtype=TYPES[each]) if each else size
    return optimizer


def entries_of(values: Sequence[float]) -> list[tuple[int, int, int]]:
    """List what an optimizer keeps: for which parameter, how many numbers, and the bytes of each."""
    whole = [int(value) for value in values]
    return list(zip(whole[::3], whole[1::3], whole[2::3], strict=True))


def sizes_of(entries: Sequence[tuple[int, int, int]]) -> list[int]:
    """Return how many numbers each parameter has: as many as the first tensor that is kept for it, else one."""
    count = max((place for place, *_ in entries), default=0) + 1
    return [next((size for place, size, each in entries if place == number and each), 1) for number in range(count)]
