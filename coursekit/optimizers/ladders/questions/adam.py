"""The questions of notebook 4: half of the correction, and a gradient that turns round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.optimizers.ladders.questions.question import Question, Values, Way, Wrong, between
from coursekit.optimizers.ladders.questions.runs import forgotten, last_step, positions


def _even(mistakes: str) -> Way:
    """Return what makes the length of step t under equal gradients."""

    def length(t: float, learning_rate: float, beta1: float, beta2: float) -> float:
        return last_step("Adam", mistakes, [1.0] * int(t), learning_rate=learning_rate, beta1=beta1, beta2=beta2)

    return length


def _half(change: Callable[[float, float], float]) -> Way:
    """Return what makes another number of the right one and the rate."""
    return lambda t, rate, beta1, beta2: change(_even("only_first_corrected")(t, rate, beta1, beta2), rate)


def _turned(mistakes: str, learning_rate: float, beta1: float) -> float:
    gradients = [1.0] * forgotten(beta1) + [-1.0]
    return last_step("Adam", mistakes, gradients, learning_rate=learning_rate, beta1=beta1, beta2=0.9)


def _of_half(stream: np.random.Generator) -> Values:
    return float(stream.integers(3, 8)), *between(stream, (0.01, 0.3), (0.8, 0.95), (0.9, 0.99))


QUESTIONS = {
    "step_half_corrected": Question(
        title="The length of a step where only m is corrected",
        where="Why the averages are corrected",
        arguments=("t", "learning_rate", "beta1", "beta2"),
        own=(5.0, 0.1, 0.9, 0.999),
        draw=_of_half,
        right=_even("only_first_corrected"),
        wrong=(
            Wrong(
                "both_corrected",
                "a step with both corrections",
                "The step has the length of the rate.",
                "Only with both corrections is m̂ the gradient and v̂ its square.",
                _even(""),
            ),
            Wrong(
                "none_corrected",
                "a step without any correction",
                "m is as small as its start at zero makes it.",
                "Corrected, the average of equal gradients is that gradient.",
                _even("no_correction"),
            ),
            Wrong(
                "other_corrected",
                "a step where only v is corrected",
                "The step is too short at first, as m is too small.",
                "It is v that is forgotten here, and v stands under the fraction.",
                _even("only_second_corrected"),
            ),
            Wrong(
                "no_root",
                "a v that is divided by without its root",
                "What v lacks counts in full.",
                "The step divides by the root of v, so that only the root of what v lacks counts.",
                _half(lambda step, rate: step * step / rate),
            ),
            Wrong(
                "multiplied",
                "a step that is too short by as much as it should be too long",
                "The result is smaller than the rate.",
                "Without its correction v is too small, and what is divided by something too small is too large.",
                _half(lambda step, rate: rate * rate / step),
            ),
            Wrong(
                "first_step",
                "the first step, and not step t",
                "The power is missing: the result is the same for every t.",
                "What is left of the zero at the start is multiplied by β at each step.",
                lambda _, rate, beta1, beta2: _even("only_first_corrected")(1, rate, beta1, beta2),
            ),
        ),
    ),
    "step_after_turn": Question(
        title="The step after the gradient has turned round",
        where="The idea",
        arguments=("learning_rate", "beta1"),
        own=(0.1, 0.9),
        draw=lambda stream: between(stream, (0.01, 0.3), (0.65, 0.85)),
        right=lambda rate, beta1: _turned("", rate, beta1),
        wrong=(
            Wrong(
                "no_momentum",
                "a step without momentum",
                "It goes back by the whole rate.",
                "m is an average over many gradients: a single one does not turn it round.",
                lambda rate, beta1: _turned("gradient_for_mean", rate, beta1),
            ),
            Wrong(
                "weights_swapped",
                "an m whose weights are swapped",
                "The result has the other sign.",
                "β₁ is how much of m is kept; the new gradient gets the rest.",
                lambda rate, beta1: _turned("weights_swapped_first", rate, beta1),
            ),
            Wrong(
                "new_left_out",
                "an m that forgets and learns nothing",
                "The old gradients count, and the new one does not.",
                "The new gradient pulls m to its own side, as far as its weight goes.",
                lambda rate, beta1: rate * beta1,
            ),
            Wrong(
                "not_turned",
                "a step before the gradient turned",
                "The step has the length of the rate.",
                "All gradients agree there. Here the last one does not, and m is smaller than a gradient.",
                lambda rate, _: -positions("Adam", "", [1.0], learning_rate=rate)[-1],
            ),
        ),
    ),
}
