"""The ladder of the training loop of notebook 1.

Whether a step is right shows in the model, whatever the function returns. Mistakes beside the step are tried
with one epoch where that is enough: a gradient that is not cleared costs what it breaks, and no more.
"""

from __future__ import annotations

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.calls import Argument, CallScenario, Part
from coursekit.judging.running import default_settings
from coursekit.judging.trajectories import Trajectory
from coursekit.optimizers import references
from coursekit.optimizers.ladders.calls import number, tensor

LINE, LAYERS = ("weight", "bias"), ("0.weight", "0.bias", "2.weight", "2.bias")


def train(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `train(model, x, y, criterion, optimizer, epochs)`."""
    stream = np.random.default_rng(seed)
    x = np.linspace(-2, 2, 5)[:, None]
    y = stream.uniform(1, 3) * x + stream.uniform(1, 3) + stream.normal(0, 0.5, x.shape)
    start = stream.uniform(-1, 1, 4).round(3)
    line, layers = given("model", *start[:2]), given("model", *start)

    def trial(
        label: str,
        epochs: int,
        part: Part = "argument",
        *,
        model: Argument = line,
        criterion: str = "MSELoss",
        optimizer: tuple[str, float] = ("SGD", 0.05),
    ) -> Trial:
        arguments = model, tensor(x), tensor(y), given(criterion), made_for_it(*optimizer), number(epochs)
        entries = () if part == "first" else LINE if model is line else LAYERS
        scenario = CallScenario(arguments=arguments, part=part, entries=entries)
        return Trial(label=label, scenario=scenario, expected=lambda *_: trained(scenario))

    return (
        Behaviour(
            name="one_epoch",
            title="One epoch takes one step against the gradient",
            weight=2,
            trials=(trial("parameters after one epoch", 1),),
        ),
        Behaviour(
            name="fresh_gradient",
            title="Each epoch uses the gradient of the present parameters alone",
            weight=2,
            trials=(trial("parameters after 12 epochs", 12),),
        ),
        Behaviour(
            name="criterion",
            title="The criterion that is given is the one used",
            trials=(
                trial("the absolute error, one epoch", 1, criterion="L1Loss"),
                # In which prediction and target cannot be exchanged.
                trial("a loss for counts, one epoch", 1, criterion="PoissonNLLLoss"),
            ),
        ),
        Behaviour(
            name="optimizer",
            title="The optimizer that is given takes the steps",
            trials=(trial("Adam, one epoch", 1, optimizer=("Adam", 0.2)),),
        ),
        Behaviour(
            name="losses",
            title="The loss is kept at every tenth epoch, from the first on, as it was before the step",
            weight=2,
            trials=(trial("the losses of 25 epochs", 25, "first"),),
        ),
        Behaviour(
            name="parameters",
            title="The parameters at the end are returned under their names, whatever the model",
            trials=(trial("a model of two layers, one epoch", 1, "entries", model=layers),),
        ),
    )


def given(name: str, *values: float) -> Argument:
    """Hand over what the course knows by a name, see `coursekit.optimizers.given`."""
    return Argument(kind="named", name=name, value=np.array(values))


def made_for_it(name: str, *hyperparameters: float) -> Argument:
    """Hand over an optimizer for the model of the call."""
    return Argument(kind="named", name=name, value=np.array(hyperparameters), of_first=True)


def trained(scenario: CallScenario) -> Trajectory:
    """Return what a right training leaves: losses, or the entries that are asked for."""
    with default_settings():
        return Trajectory(rows=tuple(scenario.run(references.train, {})))
