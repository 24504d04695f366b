"""Hyperparameters that are read in the wrong place, or nowhere."""

from __future__ import annotations

from coursekit.optimizers.mistakes.changes import always_default, captured, changed, values_of_first_group
from coursekit.optimizers.mistakes.entry import ADAMS, EVERY, FADING, STATEFUL, Mistake

_OWN_VALUE = "A group may have its own value, under the name in the signature."
_NUMBER = "A number stands in the step where the hyperparameter should be read."
_NO_EFFECT = "What is given to the constructor or to a group has no effect."

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="rate_captured",
        title="{subject} with the constructor's learning rate at every step",
        looks='The step reads `self.learning_rate` or `self.defaults["lr"]` instead of `group["lr"]`.',
        why="A scheduler writes the rate into the groups, and a group may have its own; neither is seen.",
        where="Your turn",
        subjects=EVERY,
        follow=changed(captured("lr")),
    ),
    Mistake(
        name="overrides_captured",
        title="{subject} with all hyperparameters but the rate from the constructor",
        looks="The step reads `self.epsilon` and the others in the same way, and only the rate from the group.",
        why="A group may override any hyperparameter, not only the rate.",
        where="Your turn",
        subjects=FADING,
        follow=changed(captured("decay", "beta1", "beta2", "epsilon", "weight_decay")),
    ),
    Mistake(
        name="epsilon_captured",
        title="{subject} with ε from the constructor in every group",
        looks='The step reads `self.epsilon` instead of `group["epsilon"]`.',
        why=_OWN_VALUE,
        where="Your turn",
        subjects=STATEFUL,
        follow=changed(captured("epsilon")),
    ),
    Mistake(
        name="decay_captured",
        title="{subject} with ρ from the constructor in every group",
        looks='The step reads `self.decay` instead of `group["decay"]`.',
        why=_OWN_VALUE,
        where="Your turn",
        subjects=("RMSProp",),
        follow=changed(captured("decay")),
    ),
    Mistake(
        name="beta1_captured",
        title="{subject} with β₁ from the constructor in every group",
        looks='The step reads `self.beta1` instead of `group["beta1"]`.',
        why=_OWN_VALUE,
        where="Your turn",
        subjects=ADAMS,
        follow=changed(captured("beta1")),
    ),
    Mistake(
        name="beta2_captured",
        title="{subject} with β₂ from the constructor in every group",
        looks='The step reads `self.beta2` instead of `group["beta2"]`.',
        why=_OWN_VALUE,
        where="Your turn",
        subjects=ADAMS,
        follow=changed(captured("beta2")),
    ),
    Mistake(
        name="weight_decay_captured",
        title="{subject} with λ from the constructor in every group",
        looks='The step reads `self.weight_decay` instead of `group["weight_decay"]`.',
        why=_OWN_VALUE,
        where="Your turn",
        subjects=("AdamW",),
        follow=changed(captured("weight_decay")),
    ),
    Mistake(
        name="epsilon_fixed",
        title="{subject} with ε = 1e-8 whatever is asked for",
        looks=_NUMBER,
        why=_NO_EFFECT,
        where="Your turn",
        subjects=STATEFUL,
        follow=always_default("epsilon"),
    ),
    Mistake(
        name="decay_fixed",
        title="{subject} with ρ = 0.9 whatever is asked for",
        looks=_NUMBER,
        why=_NO_EFFECT,
        where="Your turn",
        subjects=("RMSProp",),
        follow=always_default("decay"),
    ),
    Mistake(
        name="beta1_fixed",
        title="{subject} with β₁ = 0.9 whatever is asked for",
        looks=_NUMBER,
        why=_NO_EFFECT,
        where="Your turn",
        subjects=ADAMS,
        follow=always_default("beta1"),
    ),
    Mistake(
        name="beta2_fixed",
        title="{subject} with β₂ = 0.999 whatever is asked for",
        looks=_NUMBER,
        why=_NO_EFFECT,
        where="Your turn",
        subjects=ADAMS,
        follow=always_default("beta2"),
    ),
    Mistake(
        name="weight_decay_fixed",
        title="{subject} with λ = 0.01 whatever is asked for",
        looks=_NUMBER,
        why=_NO_EFFECT,
        where="Your turn",
        subjects=("AdamW",),
        follow=always_default("weight_decay"),
    ),
    Mistake(
        name="first_group_values",
        title="{subject} with the first group's values for all groups",
        looks="Rate and hyperparameters are read from `self.param_groups[0]`, before the loop over the groups.",
        why="Each group has its own rate and hyperparameters: read them inside the loop.",
        where="Your turn",
        subjects=EVERY,
        follow=changed(values_of_first_group),
    ),
)
