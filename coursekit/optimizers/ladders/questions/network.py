"""The questions of notebook 7: how many numbers a network has, and what a gradient loses on its way through tanh."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from coursekit.judging.running import default_settings
from coursekit.optimizers.ladders.questions.question import Question, Values, Way, Wrong, between


def _count(inputs: float, hidden: float, outputs: float, *, bias: bool = True) -> float:
    with default_settings():
        layers = [torch.nn.Linear(int(inputs), int(hidden), bias), torch.nn.Linear(int(hidden), int(outputs), bias)]
        return float(sum(each.numel() for layer in layers for each in layer.parameters()))


def _through(bend: Callable[[torch.Tensor], torch.Tensor]) -> Way:
    """Return what makes the gradient of W₁, where something stands between the layers."""

    def gradient(delta: float, W2: float, z: float, x: float) -> float:
        with default_settings():
            W1, source = torch.tensor(z / x, dtype=torch.float64, requires_grad=True), x
            (delta * W2 * bend(W1 * source)).backward()
            return float(W1.grad)  # type: ignore[arg-type]

    return gradient


def _widths(stream: np.random.Generator) -> Values:
    return tuple(float(number) for number in stream.integers((2, 4, 2), (9, 21, 6)))


QUESTIONS = {
    "parameters_of": Question(
        title="How many parameters a network has",
        where="With an activation",
        arguments=("inputs", "hidden", "outputs"),
        own=(1.0, 16.0, 1.0),
        draw=_widths,
        right=_count,
        wrong=(
            Wrong(
                "no_biases",
                "a network without biases",
                "Only the weights are counted.",
                "Each neuron has a bias of its own, beside a weight for each number that it is given.",
                lambda *given: _count(*given, bias=False),
            ),
            Wrong(
                "bias_of_a_layer",
                "a network with one bias for each layer",
                "Two biases are counted.",
                "Each neuron of a layer has a bias of its own.",
                lambda *given: _count(*given, bias=False) + 2,
            ),
            Wrong(
                "neurons",
                "the number of neurons",
                "The widths are added up.",
                "A neuron has a weight for each number that it is given, and a bias.",
                lambda *given: sum(given),
            ),
            Wrong(
                "one_layer",
                "the first layer alone",
                "The number of outputs has no part in it.",
                "The second layer has weights and biases, too.",
                lambda inputs, hidden, _: _count(inputs, hidden, 1) - hidden - 1,
            ),
            Wrong(
                "biases_of_the_inputs",
                "a network whose inputs have biases",
                "A bias is counted for each input as well.",
                "The inputs are given. What is learned belongs to the neurons that take them.",
                lambda inputs, *given: _count(inputs, *given) + inputs,
            ),
            Wrong(
                "outputs_without_bias",
                "a network whose outputs have no bias",
                "A bias is counted for each hidden neuron alone.",
                "The second layer has biases, too: one for each output.",
                lambda *given: _count(*given) - given[-1],
            ),
        ),
    ),
    "gradient_through_tanh": Question(
        title="The gradient of W₁ with tanh between the layers",
        where="With an activation",
        arguments=("delta", "W2", "z", "x"),
        own=(-16.07, 1.0, 2.0, 1.0),
        draw=lambda stream: between(stream, (1, 6), (0.5, 2), (0.6, 1.2), (1.5, 3)),
        right=_through(torch.tanh),
        wrong=(
            Wrong(
                "no_activation",
                "a network without an activation",
                "What comes back is what came in.",
                "On its way back through tanh a gradient is multiplied by the slope of tanh at z.",
                _through(lambda z: z),
            ),
            Wrong(
                "value_for_slope",
                "the value of tanh in place of its slope",
                "The gradient is multiplied by tanh z.",
                "The chain rule multiplies slopes: where tanh is flat, nothing comes through.",
                _through(lambda z: z * torch.tanh(z).detach()),
            ),
            Wrong(
                "not_squared",
                "a slope of tanh without the square",
                "1 − tanh z stands where the slope should.",
                "The slope of tanh is as large at −z as at z.",
                _through(lambda z: z * (1 - torch.tanh(z)).detach()),
            ),
            Wrong(
                "slope_of_the_input",
                "a slope that takes z for tanh z",
                "z is squared, and not what tanh makes of it.",
                "The slope of tanh is easily said by its value at z; z itself may be as large as it likes.",
                _through(lambda z: z * (1 - z**2).detach()),
            ),
            Wrong(
                "of_the_bias",
                "the gradient of b₁",
                "x has no part in it.",
                "W₁ is multiplied by x on the way forward, and so is its gradient on the way back.",
                lambda delta, W2, z, x: _through(torch.tanh)(delta, W2, z, x) / x,
            ),
        ),
    ),
}
