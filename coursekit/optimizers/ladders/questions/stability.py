"""The questions of notebook 11: a velocity of gradients that are clipped, and an average of weights that move on."""

from __future__ import annotations

import torch

from coursekit.judging.running import default_settings
from coursekit.optimizers.ladders.questions.question import Question, Wrong, between
from coursekit.optimizers.ladders.questions.runs import forgotten, last_step
from coursekit.optimizers.references import AveragedWeights


def _longest(max_norm: float, learning_rate: float, momentum: float) -> float:
    """Return the last step of a run in which every gradient is clipped to the limit, and all point the same way."""
    clipped = [max_norm] * (2 * forgotten(momentum))
    return last_step("Momentum", "", clipped, learning_rate=learning_rate, momentum=momentum)


def _behind(step: float, decay: float, *, late: int = 0) -> float:
    """Return how far an average is behind a weight that has long moved by `step` before each of its updates."""
    with default_settings():
        weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
        averages = AveragedWeights([weight], decay)
        for number in range(2 * forgotten(decay)):
            weight.data.fill_(step * number)
            averages.update()
        weight.data.add_(step * late)
        return float(weight.item() - averages.averages[0].item())


QUESTIONS = {
    "longest_step": Question(
        title="The longest step that momentum can make of clipped gradients",
        where="The gradients that are left",
        arguments=("max_norm", "learning_rate", "momentum"),
        own=(2.0, 0.01, 0.9),
        draw=lambda stream: between(stream, (1.2, 6), (0.05, 0.3), (0.6, 0.85)),
        right=_longest,
        wrong=(
            Wrong(
                "without_momentum",
                "the step of one clipped gradient",
                "The momentum has no part in it.",
                "That is the longest step of SGD. A velocity adds clipped gradients up.",
                lambda norm, rate, _: last_step("SGD", "", [norm], learning_rate=rate),
            ),
            Wrong(
                "velocity_before",
                "the velocity without its last gradient",
                "The sum begins with μ, not with 1.",
                "The last gradient counts whole: v is updated first, and moves the parameter after.",
                lambda norm, rate, momentum: momentum * _longest(norm, rate, momentum),
            ),
            Wrong(
                "no_rate",
                "a velocity, not a step",
                "The learning rate has no part in it.",
                "A step is η times the velocity.",
                lambda norm, _, momentum: _longest(norm, 1.0, momentum),
            ),
            Wrong(
                "exchanged",
                "a step with μ and 1 − μ exchanged",
                "The less momentum there is, the longer is the step.",
                "A step leaves the share μ of the velocity, and gradients that are all the same add up to 1/(1 − μ).",
                lambda norm, rate, momentum: _longest(norm, rate, 1 - momentum),
            ),
        ),
    ),
    "lag": Question(
        title="How far an average is behind weights that move on",
        where="In the middle of the valley",
        arguments=("step", "decay"),
        own=(0.02, 0.9),
        draw=lambda stream: between(stream, (0.1, 3), (0.55, 0.9)),
        right=_behind,
        wrong=(
            Wrong(
                "before_the_update",
                "the distance before the update",
                "The weight has moved once more than the average.",
                "Asked for is the distance after an update, which has just taken the weight in.",
                lambda step, decay: _behind(step, decay, late=1),
            ),
            Wrong(
                "exchanged",
                "a distance with the decay and 1 − decay exchanged",
                "A longer memory is less behind.",
                "The share that an update keeps is the decay; the more it keeps, the older the average is.",
                lambda step, decay: _behind(step, 1 - decay),
            ),
            Wrong(
                "reversed",
                "a distance with the other sign",
                "The weight is subtracted from the average.",
                "Asked for is the weight minus the average: it is positive where the weight grows.",
                lambda step, decay: -_behind(step, decay),
            ),
            Wrong(
                "one_move",
                "what a single move leaves behind",
                "Only the last move of the weight is counted.",
                "The average was behind already, and an update keeps the share `decay` of that, too.",
                lambda step, decay: decay * step,
            ),
            Wrong(
                "no_step",
                "a number of updates",
                "The length of a step has no part in it.",
                "That is how many updates the average is behind: each of them is a step long.",
                lambda _, decay: _behind(1.0, decay),
            ),
        ),
    ),
}
