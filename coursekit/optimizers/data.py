"""The two data sets of the course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class Dataset:
    """Points to fit: `x` and `y` are float32 tensors of shape (100, 1)."""

    name: str
    x: torch.Tensor
    y: torch.Tensor


def linear() -> Dataset:
    """Return 100 points of `y = 3x + 5` with noise of standard deviation 2, `x` evenly spaced on [-10, 10]."""
    return _both()[0]


def nonlinear() -> Dataset:
    """Return 100 points of `y = 0.5x² − 4x` with noise of standard deviation 5, on the same `x`."""
    return _both()[1]


def _both() -> tuple[Dataset, Dataset]:
    """Draw both sets from one stream, always in the same order: the second depends on the first."""
    stream = np.random.RandomState(0)  # the stream that np.random.seed(0) starts
    x = np.linspace(-10, 10, 100)
    line = 3 * x + 5 + stream.normal(0, 2, 100)
    curve = 0.5 * x**2 - 4 * x + stream.normal(0, 5, 100)
    inputs = _column(x)
    return Dataset("Linear data", inputs, _column(line)), Dataset("Non-linear data", inputs, _column(curve))


def _column(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32).reshape(-1, 1)
