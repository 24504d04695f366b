"""Answers to the questions, as the one line that a student writes: right ones, and wrong ones with their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """What may stand behind `return` in the function with these arguments.

    Attributes
    ----------
    right
        The plain answer first.
    wrong
        Each with the name of the mistake, "" where it has none.
    """

    arguments: str
    right: tuple[str, ...]
    wrong: Mapping[str, str]

    def source(self, name: str, line: str) -> str:
        """Return the function that a student writes."""
        return f"import math\nimport numpy as np\nimport torch\n\ndef {name}({self.arguments}):\n    return {line}\n"


ANSWERS = {
    "moved_uncleared": Answers(
        "g1, g2, g3, learning_rate",
        (
            "learning_rate * (3 * g1 + 2 * g2 + g3)",
            "learning_rate * g1 + learning_rate * (g1 + g2) + learning_rate * (g1 + g2 + g3)",
            "learning_rate * float(np.cumsum([g1, g2, g3]).sum())",
            "torch.tensor([3.0, 2.0, 1.0]) @ torch.tensor([g1, g2, g3]) * learning_rate",
            "sum((3 - i) * g for i, g in enumerate((g1, g2, g3))) * learning_rate",
        ),
        {
            "learning_rate * (g1 + g2 + g3)": "cleared",
            "learning_rate * (g1 + 2 * g2 + 3 * g3)": "last_counts_most",
            "3 * g1 + 2 * g2 + g3": "no_rate",
            "-learning_rate * (3 * g1 + 2 * g2 + g3)": "other_sign",
            "learning_rate * g3": "",
            "learning_rate * (3 * g1 + 2 * g2 + g3) / 3": "",
            "learning_rate * 3 * (g1 + g2 + g3)": "",
        },
    ),
    "largest_rate_of_sum": Answers(
        "curvature, points",
        (
            "2 / (curvature * points)",
            "2 / curvature / points",
            "torch.tensor(2.0) / (points * curvature)",
            "np.float32(2) * (points * curvature) ** -1",
        ),
        {
            "2 / curvature": "of_the_mean",
            "2 * points / curvature": "grows_with_points",
            "1 / (curvature * points)": "arrives",
            "curvature * points / 2": "upside_down",
            "2 / points": "no_curvature",
            "2 / (curvature * points**0.5)": "",
            "2 / (curvature + points)": "",
        },
    ),
    "step_half_corrected": Answers(
        "t, learning_rate, beta1, beta2",
        (
            "learning_rate / (1 - beta2**t) ** 0.5",
            "learning_rate / math.sqrt(1 - beta2**t)",
            "learning_rate / torch.tensor(1 - beta2**t).sqrt()",
            "learning_rate / sum((1 - beta2) * beta2**i for i in range(t)) ** 0.5",
            "learning_rate * (1 - beta1**t) / (1 - beta1**t) / np.sqrt(1 - beta2**t)",
        ),
        {
            "learning_rate": "both_corrected",
            "learning_rate * (1 - beta1**t) / (1 - beta2**t) ** 0.5": "none_corrected",
            "learning_rate * (1 - beta1**t)": "other_corrected",
            "learning_rate / (1 - beta2**t)": "no_root",
            "learning_rate * (1 - beta2**t) ** 0.5": "multiplied",
            "learning_rate / (1 - beta2) ** 0.5": "first_step",
            "learning_rate / (1 - beta1**t) ** 0.5": "",
            "learning_rate / (1 - beta2 * t) ** 0.5 if beta2 * t < 1 else 0.5": "",
        },
    ),
    "step_after_turn": Answers(
        "learning_rate, beta1",
        (
            "learning_rate * (2 * beta1 - 1)",
            "learning_rate * (beta1 - (1 - beta1))",
            "torch.tensor(beta1 * 1 + (1 - beta1) * -1.0) * learning_rate",
            "learning_rate - 2 * learning_rate * (1 - beta1)",
            "np.average([learning_rate, -learning_rate], weights=[beta1, 1 - beta1])",
        ),
        {
            "-learning_rate": "no_momentum",
            "learning_rate * (1 - 2 * beta1)": "weights_swapped",
            "learning_rate * beta1": "new_left_out",
            "learning_rate": "not_turned",
            "learning_rate * (1 - beta1)": "",
            "2 * beta1 - 1": "",
        },
    ),
}
