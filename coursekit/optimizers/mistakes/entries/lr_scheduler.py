"""Wrong bases of the schedulers."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import Mistake
from coursekit.optimizers.mistakes.schedulers import (
    InitialRead,
    NeverWritten,
    NothingWritten,
    based,
    first_group_only,
)

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="first_group_only",
        title="{subject} writing into the first group only",
        looks='`optimizer.param_groups[0]["lr"] = lr`: the other groups keep their rate.',
        why="The optimizer reads the rate of each group, and a scheduler serves all of them.",
        where="What usually goes wrong",
        subjects=("LRScheduler",),
        follow=first_group_only,
    ),
    Mistake(
        name="first_group_only",
        title="{subject} writing into the first group only",
        looks='`optimizer.param_groups[0]["lr"] = lr`: the other groups keep their rate.',
        why="The optimizer reads the rate of each group, and a scheduler serves all of them.",
        where="Your turn",
        subjects=("LRSchedulerOnPlateau",),
        follow=first_group_only,
    ),
    Mistake(
        name="initial_rate_not_written",
        title="{subject} that does not write its initial rate",
        looks="The constructor keeps `initial_lr` and does not call `set_lr`.",
        why="Until the first change the optimizer goes on with the rate that it happens to have.",
        where="Your turn",
        subjects=("LRScheduler",),
        follow=based(NothingWritten),
    ),
    Mistake(
        name="initial_rate_returned",
        title="{subject} whose get_lr returns the initial rate",
        looks="`return self.initial_lr` stands in `get_lr`.",
        why="The rate in force stands in the groups; somebody else may have written it since.",
        where="Your turn",
        subjects=("LRScheduler",),
        follow=based(InitialRead),
    ),
    Mistake(
        name="rate_kept_to_itself",
        title="{subject} that keeps the rate to itself",
        looks="`self.lr = lr` or `optimizer.lr = lr`: `get_lr` reports the new rate, and no group has it.",
        why="The optimizer reads the rate in its groups, and nowhere else.",
        where="What usually goes wrong",
        subjects=("LRScheduler",),
        follow=based(NeverWritten),
    ),
)
