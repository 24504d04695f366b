"""The oracles of notebook 13: what Newton–Schulz makes of singular values, and Muon on top of torch's momentum.

torch's own Muon iterates in bfloat16, which knows three digits. Here everything is in the precision of the gradient,
and no matrix is iterated: `torch.linalg.svd` takes it apart, and each singular value goes its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # Jordan and others, 2024
STEPS = 5


def stretched(values: torch.Tensor, steps: int = STEPS) -> torch.Tensor:
    """Return what some steps make of singular values that are 1 or less, each by itself."""
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        values = a * values + b * values**3 + c * values**5
    return values


def newton_schulz(gradient: torch.Tensor, steps: int = STEPS) -> torch.Tensor:
    """Return the matrix with the singular vectors of a gradient, and its singular values stretched towards 1.

    Parameters
    ----------
    gradient
        A matrix of any shape, or zeros, which stay zeros.
    steps
        How often the polynomial is applied.
    """
    left, values, right = torch.linalg.svd(gradient.double(), full_matrices=False)
    length = values.norm()
    values = values / length if length > 0 else values
    return (left * stretched(values, steps) @ right).to(gradient.dtype)


def scale(rows: int, columns: int) -> float:
    """Return the factor of a matrix's steps: that of torch's Muon, "original"."""
    return max(1.0, rows / columns) ** 0.5


class Muon(torch.optim.SGD):
    """Muon: torch's SGD keeps the momentum, and its velocity moves the parameters orthogonalised.

    Parameters
    ----------
    params
        Matrices, or groups of them; of anything else a `ValueError` is raised.
    lr, momentum
        Of torch's SGD.
    """

    def __init__(self, params: Iterable[Any], lr: float, momentum: float) -> None:
        super().__init__(params, lr=lr, momentum=momentum)
        for p in self._all():
            if p.ndim != 2:
                raise ValueError(f"Muon moves matrices, and a parameter has the shape {tuple(p.shape)}")

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Let torch's SGD update the velocity, and move by what Newton–Schulz makes of it in the place of its own."""
        before = [p.clone() for p in self._all()]
        super().step(closure)
        for p, place in zip(self._all(), before, strict=True):
            p.copy_(place)
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    velocity = self.state[p].get("momentum_buffer")
                    step = newton_schulz(p.grad if velocity is None else velocity)
                    p.sub_(group["lr"] * scale(*p.shape) * step)

    def _all(self) -> list[torch.Tensor]:
        return [p for group in self.param_groups for p in group["params"]]
