"""Wrong answers: single mistakes in everything a student writes, and what each costs."""

from tests.bank.wrong import (
    adagrad,
    adam,
    adamw,
    data,
    functions,
    lr_scheduler,
    matrices,
    momentum,
    plateau,
    questions,
    race,
    rmsprop,
    schedules,
    sgd,
    stability,
    testing,
    training,
)
from tests.bank.wrong.plain import RIGHT, Mistake

MISTAKES = (
    *sgd.MISTAKES,
    *data.MISTAKES,
    *training.MISTAKES,
    *rmsprop.MISTAKES,
    *adagrad.MISTAKES,
    *adam.MISTAKES,
    *adamw.MISTAKES,
    *lr_scheduler.MISTAKES,
    *plateau.MISTAKES,
    *momentum.MISTAKES,
    *stability.MISTAKES,
    *schedules.MISTAKES,
    *matrices.MISTAKES,
    *testing.MISTAKES,
    *race.MISTAKES,
    *functions.MISTAKES,
    *questions.MISTAKES,
)

__all__ = ["MISTAKES", "RIGHT", "Mistake"]
