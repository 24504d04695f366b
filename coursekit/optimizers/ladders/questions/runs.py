"""Numbers out of runs: of torch's own optimizers and schedulers, and of rules with known mistakes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from coursekit.judging.running import default_settings
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.ladders.calls import descent
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import Call, OptimizerScenario, SchedulerScenario

RATES = 2001
NOTHING = 1e-6  # that is left of where an average began


def positions(
    subject: str, mistakes: str, gradients: Sequence[float], start: float = 0.0, **hyperparameters: float
) -> list[float]:
    """Return where a parameter is before the first step and after each.

    Parameters
    ----------
    subject
        An optimizer, by the name of the course.
    mistakes
        The mistakes in its rule, their names apart by spaces; "" for torch's own.
    gradients
        One for each step.
    """
    scenario = OptimizerScenario(
        start=(np.array(start),),
        calls=tuple(Call("step", (np.array(float(gradient)),)) for gradient in gradients),
        hyperparameters=hyperparameters,
    )
    return [row[0].item() for row in _left(subject, mistakes, scenario).rows]


def last_step(subject: str, mistakes: str, gradients: Sequence[float], **hyperparameters: float) -> float:
    """Return how far the last step goes against the gradient; see `positions`."""
    *_, before, after = positions(subject, mistakes, gradients, **hyperparameters)
    return before - after


def forgotten(kept: float) -> int:
    """Return after how many steps an average has forgotten where it began; `kept` is how much it keeps at each."""
    return math.ceil(math.log(NOTHING, kept))


def rates(mistakes: str, metrics: Sequence[float], **hyperparameters: float) -> list[float]:
    """Return the rate after each metric that a plateau scheduler is given; `mistakes` as in `positions`."""
    calls = tuple(("step", float(metric)) for metric in metrics)
    scenario = SchedulerScenario(rates=(0.1,), hyperparameters=hyperparameters, calls=calls)
    return [row[0][0].item() for row in _left("LRSchedulerOnPlateau", mistakes, scenario).rows[1:]]


def rate_to(place: float, curvature: float, steps: int = 1) -> float:
    """Find the rate at which torch's SGD goes from 1 to a place on a parabola around 0; many rates are tried at once.

    One step gets anywhere; of several none may lead across 0.
    """
    tried = np.linspace(0, 4 if steps == 1 else 1, RATES)  # times the curvature, which is what counts
    rows = descent(
        "SGD", lambda x: (torch.tensor(tried) / 2 * x**2).sum(), [np.ones(RATES)], steps, {"learning_rate": 1.0}
    )
    return float(np.interp(-place, -rows[-1], tried)) / curvature


def halved(initial_lr: float, period: int, epochs: int, written: float | None = None, at: int = 0) -> float:
    """Return the rate after some epochs of torch's StepLR; after `at` of them somebody may have written another."""
    with default_settings():
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=initial_lr)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, period, gamma=0.5)
        for epoch in range(epochs + 1):
            if epoch:
                scheduler.step()
            if epoch == at and written is not None:
                optimizer.param_groups[0]["lr"] = written
        return float(optimizer.param_groups[0]["lr"])


def _left(subject: str, mistakes: str, scenario: Scenario) -> Trajectory:
    from coursekit.optimizers.mistakes import known

    names = mistakes.split()
    about = known(subject)
    assert about is not None
    if not names:
        return reference(subject, scenario)
    family = about.families[-1]  # of the rules
    every = [variant.mistake.name for variant in family.variants]
    left = family.simulate([every.index(name) for name in names], scenario)
    assert left is not None
    return left
