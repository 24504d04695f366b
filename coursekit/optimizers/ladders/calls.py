"""The parts of the functions' ladders: calls with their arguments, and what is expected of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from coursekit.judging.behaviours import Trial
from coursekit.judging.calls import Argument, CallScenario, Part
from coursekit.judging.running import default_settings
from coursekit.judging.trajectories import Precision, Trajectory
from coursekit.optimizers.references import stand_in

PRECISION = Precision(
    travelled=1e-3
)  # a student may work in float32, where a position near 6 is known to 2e-7 and a step of Adam is 1e-3


def called(
    label: str,
    arguments: tuple[Argument, ...],
    expected: Callable[[], np.ndarray],
    part: Part = "all",
    /,
    **hyperparameters: float,
) -> Trial:
    """Expect numbers of a call, as exactly as float32 has them.

    Parameters
    ----------
    label
        A name for this call, in English.
    arguments
        See `tensor`, `number`, `optimizer` and `function`.
    expected
        Makes what is returned: a number, or an array whose first axis is looked at row by row.
    part
        The part that is looked at, see `coursekit.judging.calls.CallScenario`.
    hyperparameters
        Keyword arguments of the call.
    """
    return Trial(
        label=label,
        scenario=CallScenario(arguments=arguments, hyperparameters=hyperparameters, part=part),
        expected=lambda _, __: Trajectory(rows=tuple((np.array(value),) for value in np.atleast_1d(expected()))),
        precision=PRECISION,
    )


def tensor(value: np.ndarray | float) -> Argument:
    """Hand over a float64 tensor."""
    return Argument(kind="tensor", value=np.asarray(value, dtype=np.float64))


def number(value: float) -> Argument:
    """Hand over a number: an int where it is a whole one."""
    return Argument(kind="number", value=np.array(float(value)))


def optimizer(name: str) -> Argument:
    """Hand over torch's optimizer `name` behind the signature of the course."""
    return Argument(kind="named", name=name)


def function(name: str, *values: float) -> Argument:
    """Hand over a function of `coursekit.functions`, made with these values."""
    return Argument(kind="named", name=name, value=np.array(values))


def descent(
    name: str,
    objective: Callable[..., torch.Tensor],
    start: list[np.ndarray],
    steps: int,
    hyperparameters: dict[str, float],
) -> np.ndarray:
    """Follow torch's optimizer on an objective of one or more tensors; a row holds all of them, in order."""
    with default_settings():
        parameters = [torch.nn.Parameter(torch.tensor(value, dtype=torch.float64)) for value in start]
        mover = stand_in(name)(parameters, **hyperparameters)

        def row() -> np.ndarray:
            values = [parameter.detach().numpy().copy() for parameter in parameters]
            return values[0] if len(values) == 1 else np.array(values)

        rows = [row()]
        for _ in range(steps):
            mover.zero_grad()
            objective(*parameters).backward()
            mover.step()
            rows.append(row())
        return np.stack(rows)
