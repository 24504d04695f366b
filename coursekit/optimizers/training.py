"""A training and its course: losses, parameters and their path."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import torch

from coursekit.language import translate
from coursekit.optimizers.data import Dataset

PATIENCE = 2.0  # seconds of training before a progress bar is shown


@dataclass(frozen=True, eq=False)
class History:
    """The history of a training.

    Attributes
    ----------
    losses
        The loss before the first step and after every step, `epochs + 1` numbers.
    parameters
        All parameters of the model, flattened, at the same moments: shape (epochs + 1, n), float32.
    """

    losses: list[float]
    parameters: torch.Tensor


def linear_model(weight: float = 0.0, bias: float = 0.0) -> torch.nn.Linear:
    """Make `nn.Linear(1, 1)` that starts at the same numbers each time, by default at 0; torch would draw them."""
    model = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(model.weight, weight)
    torch.nn.init.constant_(model.bias, bias)
    return model


def record(
    train: Callable[..., Any],
    model: torch.nn.Module,
    data: Dataset,
    optimizer: torch.optim.Optimizer,
    *,
    epochs: int = 100,
    criterion: Any = None,
    every: int = 10,
) -> History:
    """Run a training loop, and keep the loss and all parameters from before the first step to after the last.

    The output and the result of the loop itself are left out. A progress bar is shown where it takes long.

    Parameters
    ----------
    train
        The loop: `train(model, x, y, criterion, optimizer, epochs)`, as a student writes it in notebook 1.
    model
        The model, which is trained in place.
    data
        Inputs and targets, both of shape (n, 1).
    optimizer
        Holds the parameters of the model; whenever it has taken a step, everything is looked at.
    epochs
        How many steps; each sees all of the data.
    criterion
        Takes prediction and target and returns the loss; the mean squared error if None.
    every
        Print the loss every so many epochs; 0 prints nothing.

    Returns
    -------
    History
        As many losses and parameters as there were steps, and those of the start.
    """
    criterion = criterion or torch.nn.MSELoss()
    losses: list[float] = []
    positions: list[torch.Tensor] = []
    bar, shown = _Bar(epochs), sys.stdout

    def look(*_: Any) -> None:
        with torch.no_grad():
            losses.append(criterion(model(data.x), data.y).item())
        positions.append(_flat(model))
        with redirect_stdout(shown):
            bar.show(len(positions) - 1)

    look()
    hook = optimizer.register_step_post_hook(look)
    try:
        with redirect_stdout(io.StringIO()):
            train(model, data.x, data.y, criterion, optimizer, epochs)
    finally:
        hook.remove()
    if every:
        _print(losses, positions[-1], every)
    return History(losses=losses, parameters=torch.stack(positions))


def _print(losses: list[float], end: torch.Tensor, every: int) -> None:
    for epoch in range(0, len(losses), every):
        print(translate("epoch {epoch:4d}   loss {loss:.6g}", epoch=epoch, loss=losses[epoch]))
    if len(end) <= 4:
        print(translate("parameters at the end: {values}", values=", ".join(f"{value:.5g}" for value in end.tolist())))


def _flat(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])


class _Bar:
    """A progress bar in the notebook's output, never on stderr; it appears when a training takes its time."""

    def __init__(self, total: int) -> None:
        from IPython.display import ProgressBar

        self._bar = ProgressBar(total)
        self._start = time.monotonic()
        self._shown = False

    def show(self, done: int) -> None:
        if self._shown and done % max(1, self._bar.total // 100) == 0:
            self._bar.progress = done
        elif done < self._bar.total and time.monotonic() - self._start > PATIENCE:
            self._bar.display()
            self._shown = True
