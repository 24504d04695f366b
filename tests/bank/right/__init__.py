"""Right answers in styles as different as the course allows: `STYLES` lists them, each under what it answers."""

from tests.bank.right import (
    adagrad,
    adam,
    adamw,
    data,
    functions,
    lr_scheduler,
    momentum,
    plateau,
    questions,
    race,
    rmsprop,
    schedules,
    sgd,
    stability,
    training,
)

STYLES = (
    *sgd.STYLES,
    *data.STYLES,
    *training.STYLES,
    *rmsprop.STYLES,
    *adagrad.STYLES,
    *adam.STYLES,
    *adamw.STYLES,
    *functions.STYLES,
    *lr_scheduler.STYLES,
    *plateau.STYLES,
    *momentum.STYLES,
    *stability.STYLES,
    *schedules.STYLES,
    *race.STYLES,
    *questions.STYLES,
)
