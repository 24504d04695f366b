"""Mistakes about what is kept: torch's optimizer with something done around its step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import torch

from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.references import stand_in
from coursekit.optimizers.scenarios import OptimizerScenario

Hook: TypeAlias = Callable[[str, torch.optim.Optimizer], None]


def hooked(
    *,
    made: Hook | None = None,
    before: Hook | None = None,
    after: Hook | None = None,
    loaded: Hook | None = None,
    plain: bool = False,
) -> Follow:
    """Make followable torch's optimizer with something done after it is made, around a step, or after loading.

    With `plain` it says nothing about scenarios with groups or in which the state is saved: what becomes of it there
    depends on where the mistaken code keeps it.
    """

    def followed(subject: str, scenario: Scenario) -> Trajectory | None:
        if not isinstance(scenario, OptimizerScenario):
            return None
        if plain and (scenario.groups or scenario.reload_before is not None):
            return None

        def make(params: Iterable[Any], **hyperparameters: float) -> torch.optim.Optimizer:
            optimizer: torch.optim.Optimizer = stand_in(subject)(params, **hyperparameters)
            if made:
                made(subject, optimizer)
            if before:
                optimizer.register_step_pre_hook(lambda optimizer, *_: before(subject, optimizer))
            if after:
                optimizer.register_step_post_hook(lambda optimizer, *_: after(subject, optimizer))
            if loaded:
                optimizer.register_load_state_dict_post_hook(lambda optimizer: loaded(subject, optimizer))
            return optimizer

        return run(make, scenario)

    return followed


# what is kept


def forget(subject: str, optimizer: torch.optim.Optimizer) -> None:
    """Begin with an empty state."""
    for p in parameters_of(optimizer):
        optimizer.state[p] = _fresh(subject, p)


def count_anew(_: str, optimizer: torch.optim.Optimizer) -> None:
    """Begin to count the steps again, and keep the rest."""
    for state in optimizer.state.values():
        state["step"] = torch.zeros_like(state["step"])


def count_all(subject: str, optimizer: torch.optim.Optimizer) -> None:
    """Count a step for the parameters without gradient, too."""
    for p in parameters_of(optimizer):
        if p not in optimizer.state:
            optimizer.state[p] = _fresh(subject, p)
        if p.grad is None:
            optimizer.state[p]["step"] += 1


def share_by_shape(subject: str, optimizer: torch.optim.Optimizer) -> None:
    """Give parameters of equal shape one state."""
    shared: dict[torch.Size, dict[str, Any]] = {}
    for p in parameters_of(optimizer):
        optimizer.state[p] = shared.setdefault(p.shape, _fresh(subject, p))


def share_count(subject: str, optimizer: torch.optim.Optimizer) -> None:
    """Give all parameters one count from 0 on, which each of them then advances; what else is kept stays."""
    count = torch.zeros(())
    for p in parameters_of(optimizer):
        optimizer.state[p] = (optimizer.state.get(p) or _fresh(subject, p)) | {"step": count}


def state_of_the_class(subject: str, scenario: Scenario) -> Trajectory | None:
    """Follow optimizers that keep their state in the class, by number of the parameter; a new one empties it."""
    everyone: list[torch.optim.Optimizer] = []

    def share(subject: str, optimizer: torch.optim.Optimizer) -> None:
        if optimizer not in everyone:
            everyone.append(optimizer)
        shared: dict[int, dict[str, Any]] = {}
        for each in everyone:
            for number, p in enumerate(parameters_of(each)):
                each.state[p] = shared.setdefault(number, _fresh(subject, p))

    return hooked(made=share, loaded=share)(subject, scenario)


def zero_elements_skipped(subject: str, scenario: Scenario) -> Trajectory | None:
    """Follow an optimizer that leaves elements with a zero gradient, and what it keeps for them, as they were."""
    held: dict[torch.Tensor, tuple[torch.Tensor, dict[str, Any]]] = {}

    def hold(subject: str, optimizer: torch.optim.Optimizer) -> None:
        for p in parameters_of(optimizer):
            state = optimizer.state[p] if p in optimizer.state else _fresh(subject, p)
            held[p] = (p.detach().clone(), {key: value.clone() for key, value in state.items()})

    def put_back(_: str, optimizer: torch.optim.Optimizer) -> None:
        for group in optimizer.param_groups:
            share = group["lr"] * group["weight_decay"]  # 0 in all but AdamW, whose decay goes on
            for p in group["params"]:
                if p.grad is not None:
                    old, kept = held[p]
                    p.data.copy_(torch.where(p.grad == 0, old - share * old, p.detach()))
                    for key, value in optimizer.state[p].items():
                        if key != "step":
                            value.copy_(torch.where(p.grad == 0, kept[key], value))

    return hooked(before=hold, after=put_back)(subject, scenario)


# helpers


def parameters_of(optimizer: torch.optim.Optimizer) -> Iterator[Any]:
    """List the parameters of all groups."""
    return (p for group in optimizer.param_groups for p in group["params"])


def _fresh(subject: str, like: torch.Tensor) -> dict[str, Any]:
    """Give what torch keeps for a parameter that has made no step; it makes it at the first one."""
    p = torch.nn.Parameter(torch.zeros_like(like))
    optimizer = stand_in(subject)([p])
    p.grad = torch.zeros_like(p)
    optimizer.step()
    state = dict(optimizer.state[p])
    return state | {"step": torch.zeros_like(state["step"])}
