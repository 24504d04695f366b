"""The ladders of behaviours, by the name of what a student writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from coursekit.judging.behaviours import Behaviour
from coursekit.judging.calls import CallScenario
from coursekit.judging.subject import VISIBLE_SEED
from coursekit.judging.trajectories import Scenario
from coursekit.optimizers.ladders import evaluation, network, optimizers, plateau, schedulers
from coursekit.optimizers.references import SIGNATURES

_MAKERS: dict[str, Callable[[int], tuple[Behaviour, ...]]] = {
    **{name: partial(optimizers.ladder, name) for name in SIGNATURES},
    "minimise": evaluation.minimise,
    "tuned": evaluation.tuned,
    "forward": network.forward,
    "loss": network.loss,
    "train_network": network.train_network,
    "LRScheduler": schedulers.base,
    "LRSchedulerOnPlateau": plateau.plateau,
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
    beyond = tuple(scenario for behaviour in behaviours for scenario in behaviour.evidence or _calls(behaviour))
    return tuple(replace(behaviour, beyond=beyond) for behaviour in behaviours)


def _calls(behaviour: Behaviour) -> tuple[Scenario, ...]:
    """List the calls of a function: whatever it is called with shows its mistakes."""
    return tuple(trial.scenario for trial in behaviour.trials if isinstance(trial.scenario, CallScenario))
