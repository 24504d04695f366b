"""The questions of notebook 15: how far from a right one an optimizer with a mistake is after a step."""

from __future__ import annotations

import torch

from coursekit.judging.running import default_settings
from coursekit.optimizers.ladders.questions.question import Question, Wrong, between
from coursekit.optimizers.suspects import AdamW, DecayAfter, ScaledEpsilon


def _after(kind: type[AdamW], start: float, gradient: float, **hyperparameters: float) -> float:
    """Return where a step leads."""
    with default_settings():
        parameter = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        kind([parameter], **hyperparameters).step()
        return float(parameter.item())


def _shrunk(gradient: float, epsilon: float, beta2: float) -> float:
    """Return by which factor the first step is too short with ε before the correction."""
    wrong, right = (
        _after(kind, 0.0, gradient, epsilon=epsilon, beta2=beta2, weight_decay=0.0) for kind in (ScaledEpsilon, AdamW)
    )
    return wrong / right


def _apart(learning_rate: float, weight_decay: float) -> float:
    """Return how far apart a decay before the step and one after it are, after the first step."""
    given = {"learning_rate": learning_rate, "weight_decay": weight_decay, "epsilon": 0.0}
    return _after(DecayAfter, 1.0, 1.0, **given) - _after(AdamW, 1.0, 1.0, **given)


QUESTIONS = {
    "epsilon_factor": Question(
        title="How much shorter the first step is with ε before the correction",
        where="A step by hand",
        arguments=("gradient", "epsilon", "beta2"),
        own=(2.0, 3.0, 0.75),
        draw=lambda stream: between(stream, (0.5, 3), (0.2, 2), (0.6, 0.95)),
        right=_shrunk,
        wrong=(
            Wrong(
                "upside_down",
                "the right step, as a multiple of the wrong one",
                "It is larger than 1.",
                "Asked for is the wrong step as a share of the right one: ε grows, and the step shrinks.",
                lambda gradient, epsilon, beta2: 1 / _shrunk(gradient, epsilon, beta2),
            ),
            Wrong(
                "no_root",
                "an ε that is divided by 1 − β₂",
                "The root is missing.",
                "The correction of √v is the root of that of v: ε is divided by √(1 − β₂).",
                lambda gradient, epsilon, beta2: _shrunk(gradient, epsilon, 1 - (1 - beta2) ** 2),
            ),
            Wrong(
                "no_gradient",
                "the share that is left where ε is all of the denominator",
                "The gradient has no part in it.",
                "ε is added to the size of the gradient: the larger this is, the less ε counts.",
                lambda _, epsilon, beta2: _shrunk(1e-9 * epsilon, epsilon, beta2),
            ),
            Wrong(
                "epsilon_as_it_is",
                "a share of a step without ε",
                "The right step is taken to be η.",
                "The right step has ε in its denominator as well.",
                lambda gradient, epsilon, beta2: (
                    _shrunk(gradient, epsilon, beta2)
                    * -_after(AdamW, 0.0, gradient, epsilon=epsilon, beta2=beta2, weight_decay=0.0, learning_rate=1.0)
                ),
            ),
        ),
    ),
    "decay_gap": Question(
        title="How far apart a decay after the step and one before it are",
        where="Your turn: the decay",
        arguments=("learning_rate", "weight_decay"),
        own=(0.1, 0.5),
        draw=lambda stream: between(stream, (0.05, 0.4), (0.1, 0.8)),
        right=_apart,
        wrong=(
            Wrong(
                "one_rate",
                "the decay of a weight of 1",
                "It is ηλ: the rate has been counted once.",
                "The weight itself decays in both. The step, of the length η, decays in one of them, by the share ηλ.",
                lambda rate, decay: 1 - _after(AdamW, 1.0, 0.0, learning_rate=rate, weight_decay=decay),
            ),
            Wrong(
                "no_decay",
                "a gap in which the decay has no part",
                "It is η².",
                "Without a decay both are the same: the gap must vanish with λ.",
                lambda rate, _: _apart(rate, 1.0),
            ),
            Wrong(
                "other_sign",
                "the other way round",
                "It is negative.",
                "A step downwards that decays is shorter: what decays after the step ends higher.",
                lambda rate, decay: -_apart(rate, decay),
            ),
        ),
    ),
}
