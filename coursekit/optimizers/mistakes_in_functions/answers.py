"""Wrong answers to the questions: each is all that is wrong."""

from __future__ import annotations

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.optimizers.ladders.questions import QUESTIONS, answer
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Variant, variant


def variants(name: str) -> tuple[Variant, ...]:
    """List the wrong answers to a question."""
    question = QUESTIONS[name]
    return tuple(
        variant("answer", each.name, each.title, each.looks, each.why, where=question.where) for each in question.wrong
    )


def answered(name: str, choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return what the function that answers a question returns with a mistake."""
    values = tuple(argument.value.item() for argument in scenario.arguments)
    return np.array(answer(name, values, choice.get("answer", "")))
