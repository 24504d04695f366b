"""The ladders of notebook 7: the prediction, the loss and the training of the little network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.calls import CallScenario
from coursekit.optimizers import references
from coursekit.optimizers.ladders.calls import called, descent, number, optimizer, tensor
from coursekit.optimizers.references import COMPARED

LENT = ("forward", "loss"), ("forward",), ("loss",)  # that may be wrong where the training is right


def forward(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `forward(x, W1, b1, W2, b2)`."""
    stream = np.random.default_rng(seed)

    def trial(label: str, x: np.ndarray) -> Trial:
        arguments = (tensor(x), *map(tensor, stream.uniform(-2, 2, 4)))
        return called(label, arguments, lambda: references.forward(*(each.made() for each in arguments)).numpy())

    return (
        Behaviour(
            name="one_input",
            title="The prediction for one input is exact",
            trials=(trial("one input", np.array(1.0)), trial("another input", np.array(stream.uniform(2, 5)))),
        ),
        Behaviour(
            name="many_inputs",
            title="Many inputs give as many predictions",
            trials=(trial("five inputs", stream.uniform(-3, 3, 5)),),
        ),
        Behaviour(
            name="gradient",
            title="A gradient reaches all four parameters",
            trials=(_differentiated(trial("one input", np.array(stream.uniform(2, 5))), 1, 2, 3, 4),),
        ),
    )


def loss(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `loss(prediction, target)`."""
    prediction, target = np.random.default_rng(seed).uniform(-5, 5, 2)
    high, low = max(prediction, target), min(prediction, target)

    def trial(label: str, one: float, other: float) -> Trial:
        arguments = tensor(one), tensor(other)
        return called(label, arguments, lambda: references.loss(*(each.made() for each in arguments)).numpy())

    return (
        Behaviour(
            name="squared_error",
            title="The loss is the squared error",
            trials=(trial("prediction too high", high, low), trial("prediction too low", low, high)),
        ),
        Behaviour(
            name="perfect",
            title="A perfect prediction costs nothing",
            trials=(trial("prediction and target are the same", high, high),),
        ),
        Behaviour(
            name="gradient",
            title="A gradient reaches the prediction",
            trials=(_differentiated(trial("prediction too low", low, high), 0),),
        ),
    )


def _differentiated(trial: Trial, *learnt: int) -> Trial:
    """Look at nothing but whether gradients reach these arguments."""
    assert isinstance(trial.scenario, CallScenario)
    scenario = replace(trial.scenario, learnt=learnt)
    return replace(trial, scenario=scenario, expected=None, faults=frozenset({"graph_cut"}))


def train_network(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `train_network(optimizer_class, x, y, steps, **hyperparameters)`.

    A mistake in `forward` or `loss`, which it may call, costs those: it is right with them or with the course's.
    """
    stream = np.random.default_rng(seed)
    x, y = (float(number) for number in stream.uniform((0.5, 5), (1.2, 9)))

    def trial(label: str, name: str, at: tuple[float, float], steps: int, **hyper: float) -> Trial:
        arguments = (optimizer(name), tensor(at[0]), tensor(at[1]), number(steps))
        made = called(label, arguments, lambda: training(name, at, steps, hyper), **hyper)
        lent = [CallScenario(arguments=arguments, hyperparameters=hyper, lent=names) for names in LENT]
        return replace(made, instead=tuple(replace(made, scenario=each) for each in lent))

    return (
        Behaviour(
            name="start",
            title="All four parameters start at 1",
            trials=(trial("no step at all", "SGD", (1.0, 10.0), 0),),
        ),
        Behaviour(
            name="positions",
            title="Every step adds one row with W1, b1, W2, b2",
            trials=(trial("SGD, one step", "SGD", (x, y), 1), trial("SGD, 20 steps", "SGD", (1.0, 10.0), 20)),
        ),
        Behaviour(
            name="inputs",
            title="The input and the target are those given",
            trials=(trial("another input and target", "SGD", (x, y), 15),),
        ),
        Behaviour(
            name="hyperparameters",
            title="The hyperparameters reach the optimizer",
            trials=(trial("Adam, learning rate 0.1", "Adam", (x, y), 10, learning_rate=0.1, beta1=0.5),),
        ),
        Behaviour(
            name="any_optimizer",
            title="Any optimizer class may be given",
            trials=tuple(trial(f"{name}, default hyperparameters", name, (1.0, 10.0), 10) for name in COMPARED),
        ),
    )


def training(name: str, at: tuple[float, float], steps: int, hyperparameters: dict[str, float]) -> np.ndarray:
    """Follow torch's optimizer in training the network on an input and a target."""
    x, y = (torch.tensor(value, dtype=torch.float64) for value in at)

    def objective(*parameters: torch.Tensor) -> torch.Tensor:
        return references.loss(references.forward(x, *parameters), y)

    return descent(name, objective, [np.array(1.0)] * 4, steps, hyperparameters)
