"""Wrong rules about the division by a root, the same for all who divide."""

from __future__ import annotations

from dataclasses import replace

from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes import adam_rules, rules
from coursekit.optimizers.mistakes.adam_rules import beside_decay
from coursekit.optimizers.mistakes.entry import ADAMS, Follow, Mistake
from coursekit.optimizers.mistakes.simulate import Rule, ruled

_SIZE_KEPT = "`g.abs()` is kept where `g ** 2` should be, and the root is still taken."
_ROOT_OF_SIZE = "The root undoes the square; of a size that was not squared it does not give a size."


def _each(rms: Rule, ada: Rule, adam: Rule) -> Follow:
    """Follow the rule of the subject."""
    follows = {"RMSProp": ruled(rms), "Adagrad": ruled(ada), "Adam": beside_decay(adam), "AdamW": beside_decay(adam)}

    def follow(subject: str, scenario: Scenario) -> Trajectory | None:
        return follows[subject](subject, scenario)

    return follow


_NO_ROOT = Mistake(
    name="no_root",
    title="{subject} without the square root",
    looks="The division is by the squares that are kept, not by their root.",
    why="Divided by squares, a large gradient makes a small step, and a small one a huge step.",
    where="The idea",
    subjects=("RMSProp", "Adam", "AdamW"),
    follow=_each(rules.rms_no_root, rules.ada_no_root, adam_rules.no_root),
)
_EPSILON_INSIDE = Mistake(
    name="epsilon_inside",
    title="{subject} with ε inside the square root",
    looks="ε is added before the root is taken, as in `(v + epsilon).sqrt()`, and not after it.",
    why="Inside the root 1e-8 acts like 1e-4 outside: small gradients are held back long before ε should matter.",
    where="What usually goes wrong",
    subjects=("RMSProp", "Adam"),
    follow=_each(rules.rms_epsilon_inside, rules.ada_epsilon_inside, adam_rules.epsilon_inside),
)
_NO_EPSILON = Mistake(
    name="no_epsilon",
    title="{subject} without ε",
    looks="Nothing is added to the root: an element whose gradient has always been zero becomes NaN.",
    why="There the root is zero, and 0/0 is not a number.",
    where="What usually goes wrong",
    subjects=("RMSProp", "Adagrad"),
    follow=_each(rules.rms_no_epsilon, rules.ada_no_epsilon, adam_rules.no_epsilon),
)

# The notebooks explain the same mistake in different sections.
ENTRIES: tuple[Mistake, ...] = (
    _NO_ROOT,
    replace(_NO_ROOT, subjects=("Adagrad",), where="What usually goes wrong"),
    _EPSILON_INSIDE,
    replace(_EPSILON_INSIDE, subjects=("Adagrad", "AdamW"), where="The idea"),
    _NO_EPSILON,
    replace(_NO_EPSILON, subjects=("Adam", "AdamW"), where="The idea"),
    Mistake(
        name="not_squared",
        title="{subject} with sizes under the root where squares should be",
        looks=_SIZE_KEPT,
        why=_ROOT_OF_SIZE,
        where="The idea",
        subjects=("RMSProp", "Adagrad"),
        follow=_each(rules.rms_not_squared, rules.ada_not_squared, adam_rules.second_not_squared),
    ),
    Mistake(
        name="second_not_squared",
        title="{subject} with v an average of sizes, not of squares",
        looks=_SIZE_KEPT,
        why=_ROOT_OF_SIZE,
        where="The idea",
        subjects=ADAMS,
        follow=beside_decay(adam_rules.second_not_squared),
    ),
    Mistake(
        name="old_average",
        title="{subject} dividing by the state from before the step",
        looks="The parameter moves before `self.state[p]` is updated: the first step divides by ε alone.",
        why="The present gradient must be in the state that divides it: only then is the length of a step bounded.",
        where="The idea",
        subjects=("RMSProp", "Adagrad"),
        follow=_each(rules.rms_old_average, rules.ada_old_sum, adam_rules.old_averages),
    ),
)
