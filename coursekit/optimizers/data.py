"""The data of the course: two sets that are made, and one that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from coursekit.optimizers.references import make_data


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


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Return 1797 handwritten digits: images, float32 of shape (1797, 64), and the digits that they show, int64.

    An image is 8 by 8 pixels, from 0 for paper to 1 for ink, row after row. It is the set that scikit-learn's
    `load_digits` returns: the test set of E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI
    Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49, under CC BY 4.0. Here it is kept as bytes.
    """
    with np.load(Path(__file__).with_name("digits.npz")) as kept:
        images, shown = kept["images"], kept["labels"]
    return torch.tensor(images.reshape(-1, 64) / 16, dtype=torch.float32), torch.tensor(shown, dtype=torch.int64)


def _both() -> tuple[Dataset, Dataset]:
    inputs, line, curve = map(_column, make_data(seed=0))
    return Dataset("Linear data", inputs, line), Dataset("Non-linear data", inputs, curve)


def _column(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32).reshape(-1, 1)
