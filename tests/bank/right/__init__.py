"""Right answers in styles as different as the course allows: `STYLES` lists them, each under what it answers."""

from tests.bank.right import (
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
    rmsprop,
    schedules,
    sgd,
    stability,
    testing,
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
    *matrices.STYLES,
    *testing.STYLES,
    *questions.STYLES,
)
