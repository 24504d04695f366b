"""Mistakes about the decay of `AdamW`: torch makes its step without one, and another decay is put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch

from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.mistakes.hooks import hooked, parameters_of

Kept: TypeAlias = dict[str, Any]
# (parameter before and after a step without decay, gradient, what is kept, group) -> the parameter with a decay
Decay: TypeAlias = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, Kept, Kept], torch.Tensor]


def decayed(decay: Decay) -> Follow:
    """Make AdamW followable with another decay in place of its own."""

    def followed(subject: str, scenario: Scenario) -> Trajectory | None:
        held: dict[torch.Tensor, torch.Tensor] = {}
        given: list[float] = []

        def put_off(_: str, optimizer: torch.optim.Optimizer) -> None:
            held.update((p, p.detach().clone()) for p in parameters_of(optimizer))
            given[:] = [group["weight_decay"] for group in optimizer.param_groups]
            for group in optimizer.param_groups:
                group["weight_decay"] = 0.0

        def put_on(_: str, optimizer: torch.optim.Optimizer) -> None:
            for group, weight_decay in zip(optimizer.param_groups, given, strict=True):
                group["weight_decay"] = weight_decay
                for p in group["params"]:
                    if p.grad is not None:
                        p.data.copy_(decay(held[p], p.detach(), p.grad, optimizer.state[p], group))

        return hooked(before=put_off, after=put_on)(subject, scenario)

    return followed


def decay_in_gradient(subject: str, scenario: Scenario) -> Trajectory | None:
    """Follow AdamW with the decay inside the gradient: an L2 penalty."""
    return _in_gradient(subject, scenario, beside=False)


def decay_twice(subject: str, scenario: Scenario) -> Trajectory | None:
    """Follow AdamW with the decay inside the gradient and beside it."""
    return _in_gradient(subject, scenario, beside=True)


def _in_gradient(subject: str, scenario: Scenario, *, beside: bool) -> Trajectory | None:
    given: list[tuple[Kept, float, list[torch.Tensor | None]]] = []

    def put_in(_: str, optimizer: torch.optim.Optimizer) -> None:
        for group in optimizer.param_groups:
            given.append((group, group["weight_decay"], [p.grad for p in group["params"]]))
            for p in group["params"]:
                if p.grad is not None:
                    p.grad = p.grad + group["weight_decay"] * p.detach()
            if not beside:
                group["weight_decay"] = 0.0

    def put_back(_: str, __: torch.optim.Optimizer) -> None:
        for group, weight_decay, gradients in given:
            group["weight_decay"] = weight_decay
            for p, gradient in zip(group["params"], gradients, strict=True):
                p.grad = gradient
        given.clear()

    return hooked(before=put_in, after=put_back)(subject, scenario)


def decay_sign(before: torch.Tensor, after: torch.Tensor, _: torch.Tensor, __: Kept, group: Kept) -> torch.Tensor:
    """Add the decay."""
    return after + group["lr"] * group["weight_decay"] * before


def decay_without_rate(
    before: torch.Tensor, after: torch.Tensor, _: torch.Tensor, __: Kept, group: Kept
) -> torch.Tensor:
    """Leave the rate out."""
    return after - group["weight_decay"] * before


def decay_without_parameter(
    _: torch.Tensor, after: torch.Tensor, __: torch.Tensor, ___: Kept, group: Kept
) -> torch.Tensor:
    """Leave the parameter out."""
    return after - group["lr"] * group["weight_decay"]


def decay_in_fraction(
    before: torch.Tensor, after: torch.Tensor, _: torch.Tensor, kept: Kept, group: Kept
) -> torch.Tensor:
    """Divide the decay by the root, as the average of gradients is."""
    root = (kept["exp_avg_sq"] / (1 - group["betas"][1] ** kept["step"].item())).sqrt()
    return after - group["lr"] * group["weight_decay"] * before / (root + group["eps"])


def decay_after(_: torch.Tensor, after: torch.Tensor, __: torch.Tensor, ___: Kept, group: Kept) -> torch.Tensor:
    """Take the share of the new parameter."""
    return after * (1 - group["lr"] * group["weight_decay"])


def decay_needs_gradient(
    before: torch.Tensor, after: torch.Tensor, gradient: torch.Tensor, _: Kept, group: Kept
) -> torch.Tensor:
    """Leave out elements whose gradient is zero."""
    return after - group["lr"] * group["weight_decay"] * before * (gradient != 0)


def decay_doubled(before: torch.Tensor, after: torch.Tensor, _: torch.Tensor, __: Kept, group: Kept) -> torch.Tensor:
    """Take the share twice."""
    return after - 2 * group["lr"] * group["weight_decay"] * before
