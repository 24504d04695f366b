"""Arguments for functions of the course, by their names."""

from __future__ import annotations

from typing import Any

import torch

from coursekit.optimizers import functions
from coursekit.optimizers.references import SIGNATURES, stand_in
from coursekit.optimizers.training import linear_model

CRITERIA = ("MSELoss", "L1Loss")


def named(name: str, *values: Any) -> Any:
    """Make a model, a criterion or an optimizer of torch's, or a function of `coursekit.functions`.

    Parameters
    ----------
    name
        "model"; one of `CRITERIA`; one of `SIGNATURES`; or the name of a function.
    values
        The weight and the bias of each layer of a model, see `model`. For an optimizer nothing, which makes its
        constructor; or the model that it is for and its hyperparameters, in the order of its signature.
    """
    if name == "model":
        return model(*values)
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
