"""Questions about what a student has just written: two in each notebook, each answered by a function of a few numbers.

A question is about the rule with something changed, so that calling one's own class does not answer it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.trajectories import Precision
from coursekit.optimizers.ladders.calls import called, number
from coursekit.optimizers.ladders.questions import (
    adagrad,
    adam,
    adamw,
    evaluation,
    matrices,
    momentum,
    network,
    plateau,
    race,
    rmsprop,
    schedulers,
    schedules,
    sgd,
    stability,
    testing,
)
from coursekit.optimizers.ladders.questions.question import Question, Values

_IN_ORDER = (
    sgd,
    rmsprop,
    adagrad,
    adam,
    adamw,
    evaluation,
    network,
    schedulers,
    plateau,
    momentum,
    stability,
    schedules,
    matrices,
    testing,
    race,
)
QUESTIONS: dict[str, Question] = {name: each for home in _IN_ORDER for name, each in home.QUESTIONS.items()}
OTHERS = 3  # calls with other numbers than those of the notebook's own run
_PRECISION = Precision(travelled=1e-4)  # three digits after the point are too few, those of float32 are enough
OTHER_NUMBERS = "other numbers"  # these are asked for where those of the notebook are right


def ladder(name: str, seed: int) -> tuple[Behaviour, ...]:
    """Return the only behaviour of a question: its numbers are right."""
    question = QUESTIONS[name]
    stream = np.random.default_rng(seed)

    def trial(label: str, values: Values) -> Trial:
        made = called(label, tuple(map(number, values)), lambda: np.array(answer(name, values)), "number")
        return replace(made, precision=_PRECISION)

    others = [trial(OTHER_NUMBERS, question.draw(stream)) for _ in range(OTHERS)]
    trials = (trial("the numbers of the run in the notebook", question.own), *others)
    return (Behaviour(name="answer", title=question.title, trials=trials),)


@lru_cache(maxsize=20_000)
def answer(name: str, values: Values, wrong: str = "") -> float:
    """Return the right answer to a question, or a wrong one by its name."""
    question = QUESTIONS[name]
    ways = {"": question.right} | {each.name: each.way for each in question.wrong}
    return ways[wrong](*values)
