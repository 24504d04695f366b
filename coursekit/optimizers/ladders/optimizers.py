"""The ladder of an optimizer.

Why the numbers are what they are: from zero state a single step or a constant gradient cannot see the decay
rates or the step count, and gradients of order one hide every mistake about ε. So the gradients vary and change
sign, and ε is large in one run and the gradients tiny in another.

Only the rule itself is compared with torch, on one parameter. Every other behaviour says that a run of some kind
equals runs of the plainest kind, and is judged on the student's own numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Trial, own
from coursekit.judging.trajectories import Trajectory
from coursekit.optimizers.ladders import handling
from coursekit.optimizers.ladders.drawing import Draw, balanced
from coursekit.optimizers.ladders.moves import same_as, torch_does, trial, with_gradients
from coursekit.optimizers.ladders.rates import NAMES_AND_DEFAULTS, SIGNATURE
from coursekit.optimizers.references import signature
from coursekit.optimizers.scenarios import OptimizerScenario

Trials: TypeAlias = Callable[[Draw], tuple[Trial, ...]]


def ladder(name: str, seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of the optimizer `name`, with inputs drawn from `seed`."""
    zero_gradient = handling.zero_gradient_of_sign if name == "SignSGD" else handling.zero_gradient
    return built(Draw(name, np.random.default_rng(seed)), _one_step, _many_steps, zero_gradient)


def built(
    draw: Draw,
    one: Trials,
    many: Trials,
    zero_gradient: Trials,
    shapes_and_dtypes: Trials = handling.shapes_and_dtypes,
) -> tuple[Behaviour, ...]:
    """Build a ladder out of what differs between optimizers: the rule, a gradient of zero, and what is moved."""
    one_step, many_steps = one(draw), many(draw)
    rule = tuple(trial.scenario for trial in (*one_step, *many_steps))
    own_state = handling.own_state(draw)
    alive = _alive(draw)

    def behaviour(name: str, title: str, *trials: Trial) -> Behaviour:
        evidence = tuple(each.scenario for each in trials if each.precision is None)
        return Behaviour(name=name, title=title, trials=(*alive, *trials), evidence=evidence)

    return (
        Behaviour(name="one_step", title="One step is exact", trials=one_step, weight=4, evidence=rule),
        Behaviour(name="many_steps", title="Many steps are exact", trials=many_steps, weight=5, evidence=rule),
        behaviour("signature", NAMES_AND_DEFAULTS, *_signature(draw)),
        behaviour("learning_rate", "The learning rate of a group is read at each step", *handling.learning_rate(draw)),
        behaviour("groups", "A group may override any hyperparameter", *handling.groups(draw, own_state[0])),
        behaviour(
            "no_gradient", "A parameter without gradient is left alone", *handling.no_gradient(draw, own_state[0])
        ),
        behaviour("zero_gradient", "A zero gradient leaves everything finite", *zero_gradient(draw)),
        behaviour("in_place", "The update is in place and leaves the gradient unchanged", *handling.in_place(draw)),
        behaviour("shapes_and_dtypes", "Any shape and floating dtype is kept", *shapes_and_dtypes(draw)),
        behaviour("own_state", "Each parameter and each optimizer has a state of its own", *own_state),
        behaviour(
            "saved_state", "A saved and loaded state goes on the same way", *handling.saved_state(draw, own_state[0])
        ),
    )


def _alive(draw: Draw) -> tuple[Trial, ...]:
    """Tell an optimizer from something that has no step in it, of which nothing can be shown."""
    scenario = draw.plain(steps=2, epsilon=0.1)
    # Neither the same signs nor the same sizes: a rule that is wrong may look at one of them alone.
    factors = np.resize([-2.0, 3.0, -0.5, -1.0], scenario.start[0].shape)
    other = with_gradients(scenario, lambda gradient, _: factors * gradient)
    elsewhere = replace(scenario, start=(scenario.start[0] + 1.0,))

    def from_where_it_was(ask: Ask, _: Trajectory) -> Trajectory:
        return Trajectory(rows=(elsewhere.start, *own(ask, scenario).rows[1:]))

    return (
        trial("two steps", other, None, unlike=same_as(scenario), same="The step does not depend on the gradient."),
        trial(
            "two steps from elsewhere",
            elsewhere,
            None,
            unlike=from_where_it_was,
            same="Where a parameter was before a step makes no difference: a step moves it from there.",
        ),
    )


def _one_step(draw: Draw) -> tuple[Trial, ...]:
    fresh = draw.plain(steps=1, epsilon=0.1)
    trials = (trial("one step from fresh", fresh, torch_does(draw.name, fresh)),)
    if "beta1" not in signature(draw.name):
        return trials
    sizes = np.array([1e-3, 1.0, 30.0, 1e3])
    scenario = draw.plain(steps=1, scale=sizes, epsilon=1e-12, weight_decay=0.0)
    (gradient,) = scenario.gradients[0]
    assert gradient is not None
    end = scenario.start[0] - scenario.hyperparameters["learning_rate"] * np.sign(gradient)
    sign = Trajectory(rows=(scenario.start, (end,)))
    as_torch = torch_does(draw.name, scenario)
    label = "one step from fresh: it is −η · sign(g), whatever the size of the gradient"
    return trial(label, scenario, lambda ask, got: as_torch(ask, got) if got.lacking else sign), *trials


def _many_steps(draw: Draw) -> tuple[Trial, ...]:
    large = draw.plain(steps=30, scale=np.array([0.05, 1.0, 1.0, 4.0]), epsilon=0.1)
    if draw.name in handling.FORGETFUL:  # nothing moves where all is zero, and a sum may be zero as well
        large = with_gradients(large, lambda gradient, step: balanced(gradient) if step == 3 else gradient)
    tiny = draw.plain(steps=6, scale=1e-6)
    tiny = replace(tiny, calls=tuple(replace(call, name="step_into") for call in tiny.calls))
    trials: tuple[Trial, ...] = (
        trial("thirty steps, large epsilon", large, torch_does(draw.name, large)),
        trial("six steps, tiny gradients, gradient tensors reused", tiny, torch_does(draw.name, tiny)),
    )
    if draw.name == "Momentum":
        still = draw.plain(steps=4)
        still = replace(still, hyperparameters=still.hyperparameters | {"momentum": 0.0})
        return *trials, trial("without momentum it is gradient descent", still, torch_does(draw.name, still))
    if "beta1" not in signature(draw.name):
        return trials
    small = draw.plain(steps=5, epsilon=1e-12, weight_decay=0.0)
    scaled = with_gradients(small, lambda gradient, _: 1e3 * gradient)
    label = "gradients a thousand times larger change nothing"
    trials = (trial(label, scaled, same_as(small), "with the smaller gradients"), *trials)
    if "weight_decay" not in signature(draw.name):
        return trials
    plain = draw.plain(steps=5, epsilon=0.1, weight_decay=0.0)
    adam = {key: value for key, value in plain.hyperparameters.items() if key != "weight_decay"}
    without = replace(plain, hyperparameters=adam)
    return trial("without weight decay it is Adam", plain, torch_does("Adam", without)), *trials


def _signature(draw: Draw) -> tuple[Trial, ...]:
    def unset(label: str, scenario: OptimizerScenario) -> Trial:
        given = replace(scenario, hyperparameters=dict(signature(draw.name)))
        return trial(label, scenario, same_as(given), "with the defaults of the course given", faults=SIGNATURE)

    plain = draw.plain(steps=4, hyperparameters={})
    return (
        handling.given_by_name(plain, signature(draw.name)),
        unset("no hyperparameter given", plain),
        unset("no hyperparameter given, tiny gradients", draw.plain(steps=4, scale=1e-7, hyperparameters={})),
    )
