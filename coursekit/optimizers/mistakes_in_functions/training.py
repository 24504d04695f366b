"""Mistakes in the training loop of notebook 1."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from coursekit.judging.calls import CallScenario
from coursekit.judging.running import default_settings
from coursekit.optimizers.ladders.training import trained
from coursekit.optimizers.mistakes_in_functions.variant import Choice, variant

_LOOP = "Your turn: the training loop"
_DIGITS = {f"{digits} digits": digits for digits in range(1, 5)}
_OF_THE_LOSSES = ("kept", "measured", "rounded")


def train(choice: Choice, scenario: CallScenario) -> list[np.ndarray]:
    """Return the rows that `train` leaves with these mistakes: losses, or the parameters that are asked for."""
    if not choice:
        return [row[0] for row in trained(scenario).rows]
    before, after, parameters = _run(
        frozenset(each for each in choice.items() if each[0] not in _OF_THE_LOSSES), scenario
    )
    if scenario.part != "first":
        return [parameters[name] for name in scenario.entries]
    losses = np.array(after if "measured" in choice else before)
    kept = {
        "counted_from_one": losses[9::10],
        "every_epoch": losses,
        "last_alone": losses[-1:],
        "first_missing": losses[10::10],
        "end_added": np.append(losses[::10], after[-1:]),
    }.get(choice.get("kept", ""), losses[::10])
    return list(np.round(kept, _DIGITS[choice["rounded"]]) if "rounded" in choice else kept)


@lru_cache(maxsize=500)
def _run(
    wrong: frozenset[tuple[str, str]], scenario: CallScenario
) -> tuple[list[float], list[float], dict[str, np.ndarray]]:
    """Return the losses before and after each step of a loop with mistakes in its steps, and the parameters returned.

    The gradients are handed to the optimizer: nothing has to be cleared, and each mistake says which they are.
    """
    choice = dict(wrong)
    with default_settings():
        model, x, y, criterion, optimizer, epochs = scenario.made()
        criterion = torch.nn.MSELoss() if choice.get("criterion") == "criterion_ignored" else criterion
        named = dict(model.named_parameters())
        moving = list(named.values())

        def look() -> dict[str, np.ndarray]:
            return {name: np.array(value.item()) for name, value in named.items()}

        def measure() -> torch.Tensor:
            given = (y, model(x)) if choice.get("criterion") == "criterion_turned_round" else (model(x), y)
            loss: torch.Tensor = criterion(*given)
            return loss

        before, after, start = [], [], look()
        last: list[torch.Tensor] = []
        counts = {"one_epoch_alone": 1, "one_too_many": epochs + 1, "one_too_few": epochs - 1}
        for _ in range(counts.get(choice.get("epochs", ""), epochs)):
            loss = measure()
            before.append(loss.item())
            gradients = list(torch.autograd.grad(loss, moving))
            if "sum" in choice and last:
                gradients = [one + other for one, other in zip(gradients, last, strict=True)]
            used, last = last if "late" in choice else gradients, gradients
            for parameter, gradient in zip(moving, used, strict=False):
                parameter.grad = gradient.clone()
            for _ in range({"nothing_moves": 0, "step_taken_twice": 2}.get(choice.get("steps", ""), 1)):
                optimizer.step()
            after.append(measure().item())
        named_wrong = "named" in choice and scenario.part == "entries"
        return before, after, start if named_wrong else look()


TRAIN = (
    variant(
        "sum",
        "gradients_add_up",
        "a loop that never clears the gradient",
        "`optimizer.zero_grad()` is missing, stands before the loop, or has lost its brackets.",
        "`backward` adds to `.grad`: the second step uses the sum of two gradients, the third of three.",
        where=_LOOP,
    ),
    variant(
        "steps",
        "nothing_moves",
        "a loop in which nothing moves",
        "`backward` or `step` is missing; or `step` stands before `backward`, or `zero_grad` between the two.",
        "A step without a gradient leaves every parameter where it is, and a gradient without a step, too.",
        where=_LOOP,
    ),
    variant(
        "late",
        "step_before_backward",
        "a loop whose step comes before its gradient",
        "`step` stands before `backward`, and `zero_grad` between the two.",
        "Each step then uses the gradient of the epoch before, and the first one finds none.",
        where=_LOOP,
    ),
    variant(
        "steps",
        "step_taken_twice",
        "a loop that calls `step` twice in each turn",
        "`optimizer.step()` occurs twice in the loop.",
        "The second one uses the gradient of where the parameter was before the first.",
        where=_LOOP,
    ),
    variant(
        "epochs",
        "one_epoch_alone",
        "a loop that ends after one epoch",
        "`return` is indented as far as the lines of the loop.",
        "It belongs below the loop: else the first turn ends the function.",
        where=_LOOP,
    ),
    variant(
        "epochs",
        "one_too_many",
        "a loop that takes one epoch too many",
        "The loop runs over `range(epochs + 1)`, or a step is taken before or after it.",
        "As many steps are asked for as there are epochs.",
        where=_LOOP,
    ),
    variant(
        "epochs",
        "one_too_few",
        "a loop that takes one epoch too few",
        "The loop runs over `range(1, epochs)` or `range(epochs - 1)`.",
        "As many steps are asked for as there are epochs.",
        where=_LOOP,
    ),
    variant(
        "criterion",
        "criterion_ignored",
        "a loop that always uses the mean squared error",
        "`MSELoss`, or the square of the difference, stands where `criterion` should.",
        "Another criterion may be given, and then that is what has to be minimised.",
        where=_LOOP,
    ),
    variant(
        "criterion",
        "criterion_turned_round",
        "a criterion that is given the targets first",
        "It is called as `criterion(y, prediction)`.",
        "The prediction comes first. A square does not tell the two apart, and other criteria do.",
        where=_LOOP,
    ),
    variant(
        "measured",
        "loss_after_the_step",
        "losses that are measured after the step",
        "The loss is computed once more below `optimizer.step()`, and that one is kept.",
        "Asked for is the loss that `backward` was called on: the first one tells where the training began.",
        where=_LOOP,
    ),
    variant(
        "kept",
        "counted_from_one",
        "losses kept at the end of every ten epochs",
        "`(epoch + 1) % 10 == 0`, or a loop that counts from 1.",
        "The first loss is lost with it, and the others come nine epochs late: count from 0.",
        where=_LOOP,
    ),
    variant(
        "kept",
        "every_epoch",
        "a list with the loss of every epoch",
        "`append` stands in no `if`.",
        "Asked for is one loss every ten epochs: `if epoch % 10 == 0:`.",
        where=_LOOP,
    ),
    variant(
        "kept",
        "last_alone",
        "the last loss in place of all of them",
        "The loss itself is returned, and no list was made.",
        "Make an empty list before the loop, and return it below.",
        where=_LOOP,
    ),
    variant(
        "kept",
        "first_missing",
        "losses without the first one",
        "The condition asks for `epoch > 0` as well; or the loop counts from 1, and measures the loss after the step.",
        "The first loss tells where the training began: 0 is a multiple of 10, too.",
        where=_LOOP,
    ),
    variant(
        "kept",
        "end_added",
        "losses with one more at the end",
        "After the loop the loss is measured once more, and kept.",
        "Asked for are the losses of every tenth epoch, and no other.",
        where=_LOOP,
    ),
    *(
        variant(
            "rounded",
            "rounded",
            "a result whose numbers are rounded",
            "`round` is called on the losses.",
            "What is printed with two digits a function returns with all of them.",
            where=_LOOP,
            way=way,
        )
        for way in _DIGITS
    ),
    variant(
        "named",
        "parameters_of_the_start",
        "the parameters from before the training",
        "They are copied before the loop, and the copies are returned.",
        "Asked for is where the training has ended.",
        where=_LOOP,
    ),
)
