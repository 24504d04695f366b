"""The ladders of behaviours, by the name of what a student writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from coursekit.judging.behaviours import Behaviour, Trial
from coursekit.judging.calls import CallScenario
from coursekit.judging.subject import VISIBLE_SEED
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.ladders import (
    data,
    evaluation,
    matrices,
    network,
    optimizers,
    plateau,
    questions,
    race,
    schedulers,
    schedules,
    stability,
    testing,
    training,
)
from coursekit.optimizers.racing import ComparisonScenario, TuningScenario
from coursekit.optimizers.references import SIGNATURES
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario

_MAKERS: dict[str, Callable[[int], tuple[Behaviour, ...]]] = {
    **{name: partial(optimizers.ladder, name) for name in SIGNATURES},
    "make_data": data.make_data,
    "train": training.train,
    "minimise": evaluation.minimise,
    "tuned": evaluation.tuned,
    "forward": network.forward,
    "loss": network.loss,
    "train_network": network.train_network,
    "LRScheduler": schedulers.base,
    "LRSchedulerOnPlateau": plateau.plateau,
    "WarmUp": schedules.warm_up,
    "CosineDecay": schedules.cosine_decay,
    "WarmUpStableDecay": schedules.warm_up_stable_decay,
    "clip_gradients": stability.clip_gradients,
    "AveragedWeights": stability.averaged_weights,
    "bytes_kept": stability.bytes_kept,
    "newton_schulz": matrices.newton_schulz,
    "Muon": matrices.muon,
    "close": testing.close,
    "test_adam": testing.rule,
    "test_decay": testing.decay,
    "test_use": testing.use,
    "tuned_rate": race.tuned_rate,
    "compare": race.compare,
    "sign_test": race.sign_test,
    **{name: partial(questions.ladder, name) for name in questions.QUESTIONS},
}


@cache
def ladder(name: str, seed: int = VISIBLE_SEED) -> tuple[Behaviour, ...]:
    """Return the behaviours for what the course calls `name`.

    Parameters
    ----------
    name
        One of the exercises, e.g. "Adam" or "minimise"; any other name is a `KeyError`.
    seed
        Draws the numbers of the scenarios; the same seed gives the same ladder.
    """
    behaviours = _MAKERS[name](seed)
    trials = (trial for behaviour in behaviours for trial in behaviour.trials)
    calls = tuple(dict.fromkeys(trial.scenario for trial in trials if _shows_mistakes(trial)))
    if calls:  # whatever a function is called with shows its mistakes
        behaviours = tuple(replace(behaviour, evidence=calls) for behaviour in behaviours)
    beyond = tuple(scenario for behaviour in behaviours for scenario in behaviour.evidence)
    return tuple(replace(behaviour, beyond=beyond) for behaviour in behaviours)


def _shows_mistakes(trial: Trial) -> bool:
    """Tell whether a trial is of notebooks 11, 14 or 15, or a call of a function that is asked for a step."""
    if not isinstance(trial.scenario, CallScenario):
        kinds = ClippingScenario | AveragingScenario | TuningScenario | ComparisonScenario | ClosenessScenario
        return isinstance(trial.scenario, kinds)
    return all(each.value.item() for each in trial.scenario.arguments if each.kind == "number")
