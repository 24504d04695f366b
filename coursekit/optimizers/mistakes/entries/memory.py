"""What is kept from one step to the next, and where."""

from __future__ import annotations

from coursekit.optimizers.mistakes.entry import ADAMS, STATEFUL, Mistake
from coursekit.optimizers.mistakes.hooks import count_anew, forget, hooked, share_by_shape, state_of_the_class

ENTRIES: tuple[Mistake, ...] = (
    Mistake(
        name="state_by_shape",
        title="{subject} with one state for all parameters of equal shape",
        looks="The state is kept under `p.shape`, not in `self.state[p]`.",
        why="Each parameter has gradients of its own; in a shared state they are mixed.",
        where="Your turn",
        subjects=STATEFUL,
        follow=hooked(made=share_by_shape, plain=True),
    ),
    Mistake(
        name="state_of_the_class",
        title="{subject} with a state that all its optimizers share",
        looks="The state is a dictionary on the class, and not `self.state`.",
        why="What one optimizer has seen must not change the steps of another.",
        where="Your turn",
        subjects=STATEFUL,
        follow=state_of_the_class,
    ),
    Mistake(
        name="state_not_saved",
        title="{subject} whose state is lost when it is saved and loaded",
        looks="The state stands in a dictionary such as `self.memory`, not in `self.state[p]`.",
        why="`state_dict()` saves what stands in `self.state`; the optimizer that loads it starts from nothing.",
        where="Your turn",
        subjects=STATEFUL,
        follow=hooked(loaded=forget),
    ),
    Mistake(
        name="count_not_saved",
        title="{subject} whose count of steps starts anew after loading",
        looks="The averages stand in `self.state[p]`, but the count in `self.t`.",
        why="`state_dict()` does not save the count: full averages are then corrected as if they had just begun.",
        where="Your turn",
        subjects=ADAMS,
        follow=hooked(loaded=count_anew),
    ),
    Mistake(
        name="no_memory",
        title="{subject} whose state starts anew at every step",
        looks="Each step starts from zeros: they are made anew, or what the step has computed is never put back.",
        why="What earlier steps have seen is thrown away, and of the gradient little more than its sign remains.",
        where="Your turn",
        subjects=STATEFUL,
        follow=hooked(before=forget),
    ),
)
