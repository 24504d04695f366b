"""The ladders of the functions a student writes: the loop of notebook 6 and the network of notebook 7."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from coursekit import functions
from coursekit.behaviours import Behaviour, Finding, Trial
from coursekit.references import SIGNATURES, stand_in
from coursekit.trajectories import (
    Argument,
    CallScenario,
    Difference,
    Failure,
    Precision,
    TableScenario,
    Trajectory,
)

COLUMNS = ("learning_rate", "decay", "beta1", "beta2", "epsilon", "weight_decay")
NEAR = 0.01  # how near the minimum a tuned optimizer must end
PRECISION = Precision(
    travelled=1e-3
)  # a student may work in float32, where a position near 6 is known to 2e-7 and a step of Adam is 1e-3


def minimise(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `minimise(optimizer_class, function, start, steps, **hyperparameters)`."""
    stream = np.random.default_rng(seed)
    curvature, centre, start = (round(float(number), 3) for number in stream.uniform((0.5, -3, 4), (2, 3, 9)))
    point = stream.uniform(0.5, 2.0, 2)

    def trial(label: str, name: str, function: Argument, at: np.ndarray, steps: int, **hyper: float) -> Trial:
        scenario = CallScenario(
            arguments=(Argument(kind="optimizer", name=name), function, _tensor(at), _number(steps)),
            hyperparameters=hyper,
        )
        made = functions.by_name(function.name, *function.value.tolist())
        return Trial(
            label=label,
            scenario=scenario,
            expected=lambda _, __: _descent(name, made, [np.asarray(at)], steps, hyper),
            precision=PRECISION,
        )

    bowl = Argument(kind="function", name="quadratic", value=np.array([curvature, centre]))
    valley = Argument(kind="function", name="valley", value=np.array([20.0]))
    one = np.array(start)
    return (
        Behaviour(
            name="start",
            title="The first position is the start",
            trials=(trial("no step at all", "SGD", bowl, one, 0),),
        ),
        Behaviour(
            name="positions",
            title="Every step adds one position",
            trials=(trial("SGD, one step", "SGD", bowl, one, 1), trial("SGD, 12 steps", "SGD", bowl, one, 12)),
        ),
        Behaviour(
            name="fresh_gradient",
            title="Each step uses the gradient of the present position alone",
            trials=(trial("SGD, learning rate 0.3", "SGD", bowl, one, 8, learning_rate=0.3),),
        ),
        Behaviour(
            name="hyperparameters",
            title="The hyperparameters reach the optimizer",
            trials=(
                trial("RMSProp with its decay", "RMSProp", bowl, one, 8, learning_rate=0.2, decay=0.6),
                trial(
                    "AdamW with all of its own", "AdamW", bowl, one, 8, learning_rate=0.4, beta1=0.5, weight_decay=0.3
                ),
            ),
        ),
        Behaviour(
            name="any_optimizer",
            title="Any optimizer class may be given",
            trials=tuple(trial(f"{name}, default hyperparameters", name, bowl, one, 10) for name in SIGNATURES),
        ),
        Behaviour(
            name="two_dimensions",
            title="The start may have any shape",
            trials=(trial("a valley in two dimensions", "Adam", valley, point, 10, learning_rate=0.1),),
        ),
    )


def tuned(_: int) -> tuple[Behaviour, ...]:
    """Give the rungs of the hyperparameters, in a dictionary, that bring each optimizer from 100 to the minimum."""
    function = functions.quadratic()

    label = "from x = 100 on (x - 2)^2"

    def reaches(name: str) -> Callable[[Trajectory], Finding | None]:
        def accept(trajectory: Trajectory) -> Finding | None:
            values = dict(zip(COLUMNS, trajectory.rows[0][0].tolist(), strict=True))
            given = {key: value for key, value in values.items() if not np.isnan(value)}
            try:
                end = _descent(name, function, [np.array(100.0)], 100, given).rows[-1][0].item()
            except (TypeError, ValueError) as error:  # a hyperparameter that this optimizer does not take
                failure = Failure(kind=type(error).__name__, message=str(error))
                return Finding(kind="failure", trial=label, failure=failure)
            if abs(end - 2.0) <= NEAR:
                return None
            off = Difference(row=100, item=0, index=(), expected=2.0, got=end, ratio=None)
            return Finding(kind="parameter", trial=label, difference=off)

        return accept

    return tuple(
        Behaviour(
            name=f"reaches_{name}",
            title=f"{name} reaches the minimum in 100 steps",
            trials=(
                Trial(
                    label=label,
                    scenario=TableScenario(rows=(name,), columns=COLUMNS),
                    accept=reaches(name),
                ),
            ),
        )
        for name in SIGNATURES
    )


def forward(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `forward(x, W1, b1, W2, b2)`."""
    stream = np.random.default_rng(seed)

    def trial(label: str, x: np.ndarray) -> Trial:
        weights = stream.uniform(-2, 2, 4)
        w1, b1, w2, b2 = weights
        return _call(label, (x, *weights), lambda: _row(w2 * (w1 * x + b1) + b2))

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
    )


def loss(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `loss(prediction, target)`."""
    prediction, target = np.random.default_rng(seed).uniform(-5, 5, 2)
    high, low = max(prediction, target), min(prediction, target)

    def trial(label: str, one: float, other: float) -> Trial:
        return _call(label, (np.array(one), np.array(other)), lambda: _row(np.array((one - other) ** 2)))

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
    )


def train_network(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `train_network(optimizer_class, x, y, steps, **hyperparameters)`."""
    stream = np.random.default_rng(seed)
    x, y = (float(number) for number in stream.uniform((0.5, 5), (1.2, 9)))

    def trial(label: str, name: str, at: tuple[float, float], steps: int, **hyper: float) -> Trial:
        scenario = CallScenario(
            arguments=(
                Argument(kind="optimizer", name=name),
                _tensor(np.array(at[0])),
                _tensor(np.array(at[1])),
                _number(steps),
            ),
            hyperparameters=hyper,
        )
        return Trial(
            label=label,
            scenario=scenario,
            expected=lambda _, __: _training(name, at, steps, hyper),
            precision=PRECISION,
        )

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
            trials=tuple(trial(f"{name}, default hyperparameters", name, (1.0, 10.0), 10) for name in SIGNATURES),
        ),
    )


def _call(label: str, values: tuple[np.ndarray | float, ...], reference: Callable[[], Trajectory]) -> Trial:
    scenario = CallScenario(arguments=tuple(_tensor(np.asarray(value)) for value in values))
    return Trial(label=label, scenario=scenario, expected=lambda _, __: reference(), precision=PRECISION)


def _row(values: np.ndarray) -> Trajectory:
    return Trajectory(rows=tuple((np.array(value),) for value in np.atleast_1d(values)))


def _tensor(value: np.ndarray) -> Argument:
    return Argument(kind="tensor", value=np.asarray(value, dtype=np.float64))


def _number(value: float) -> Argument:
    return Argument(kind="number", value=np.array(float(value)))


def _descent(
    name: str,
    objective: Callable[..., torch.Tensor],
    start: list[np.ndarray],
    steps: int,
    hyperparameters: dict[str, float],
) -> Trajectory:
    """Follow torch's optimizer on an objective of one or more tensors; a row holds all of them, in order."""
    parameters = [torch.nn.Parameter(torch.tensor(value, dtype=torch.float64)) for value in start]
    optimizer = stand_in(name)(parameters, **hyperparameters)

    def row() -> tuple[np.ndarray]:
        values = [parameter.detach().numpy().copy() for parameter in parameters]
        return (values[0] if len(values) == 1 else np.array(values),)

    rows = [row()]
    for _ in range(steps):
        optimizer.zero_grad()
        objective(*parameters).backward()
        optimizer.step()
        rows.append(row())
    return Trajectory(rows=tuple(rows))


def _training(name: str, at: tuple[float, float], steps: int, hyperparameters: dict[str, float]) -> Trajectory:
    x, y = at

    def objective(w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
        return (y - (w2 * (w1 * x + b1) + b2)) ** 2

    return _descent(name, objective, [np.array(1.0)] * 4, steps, hyperparameters)
