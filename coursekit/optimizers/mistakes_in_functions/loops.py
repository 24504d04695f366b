"""Mistakes in the loops of notebooks 6 and 7."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations
from typing import TypeAlias

import numpy as np
import torch

from coursekit.judging.calls import CallScenario
from coursekit.judging.running import default_settings
from coursekit.optimizers import functions
from coursekit.optimizers.ladders.calls import descent
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Variant, variant
from coursekit.optimizers.references import SIGNATURES, stand_in

Objective: TypeAlias = Callable[..., torch.Tensor]
_LOOP, _TRAINING = "Your turn: the loop", "Your turn: the training"
_BENDS = {"relu_between": torch.relu, "tanh_between": torch.tanh, "sigmoid_between": torch.sigmoid}
_NAMED = {"weights_first": (0, 2, 1, 3), "biases_first": (1, 0, 3, 2), "second_layer_first": (2, 3, 0, 1)}
_OTHERS = [order for order in permutations(range(4)) if order not in (*_NAMED.values(), (0, 1, 2, 3))]
_COLUMNS = {name: list(order) for name, order in (*_NAMED.items(), *((str(order), order) for order in _OTHERS))}

_FORESEEN = 3  # rows of SGD that moves one tensor four times a step: too far, and soon by chance

_IMPOSED = tuple(f"imposed {rate}" for rate in ("0.1", "0.01", "0.001"))
_LATER = {f"{digits} digits after the start": digits for digits in range(1, 5)}
_ROUNDED = {f"{digits} digits": digits for digits in range(1, 5)} | _LATER


def minimise(choice: Choice, scenario: CallScenario) -> np.ndarray | None:
    """Return what `minimise` returns with these mistakes; None where that is nothing."""
    rows = _positions(_bowl, _of_the_steps(choice), scenario)
    if not choice.get("kept", "").startswith("values"):
        return _kept(choice, rows)
    objective, _ = _bowl(choice, scenario)
    values = np.array([objective(torch.tensor(row, dtype=torch.float64)).item() for row in rows])
    before = {"values_before": values[:-1], "values_twice": np.concatenate([values[:1], values[:-1]])}
    return before.get(choice["kept"], values)


def train_network(choice: Choice, scenario: CallScenario) -> np.ndarray | None:
    """Return what `train_network` returns with these mistakes; None where that is nothing, or rounding decides it."""
    rows = _positions(_network, _of_the_steps(choice), scenario)
    if "shared" in choice and scenario.arguments[0].name == "SGD" and len(rows) > _FORESEEN:
        return None
    return _kept(choice, rows[:, _COLUMNS[choice["order"]]] if "order" in choice else rows)


def _of_the_steps(choice: Choice) -> frozenset[tuple[str, str]]:
    """Leave out what is wrong with the rows only: many choices share their steps."""
    return frozenset(each for each in choice.items() if each[0] not in ("kept", "order", "rounded"))


def _bowl(choice: Choice, scenario: CallScenario) -> tuple[Objective, list[np.ndarray]]:
    """Return the function of a call of `minimise`, and the start."""
    _, function, start, _ = scenario.arguments
    objective = functions.by_name(function.name, *function.value.tolist())
    sign = -1.0 if choice.get("gradient") == "uphill" else 1.0
    return lambda x: sign * objective(x), [start.value]


def _network(choice: Choice, scenario: CallScenario) -> tuple[Objective, list[np.ndarray]]:
    """Return the loss of a call of `train_network`, and the start."""
    _, x, y, _ = scenario.arguments
    source = 1.0 if "input" in choice else float(x.value)
    target = 10.0 if "target" in choice else float(y.value)

    def objective(w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
        nothing = torch.zeros(())  # a parameter that is not used gets no gradient at all
        b1, b2 = nothing if "bias_1" in choice else b1, nothing if "bias_2" in choice else b2
        inner = w1 * source + b1
        if "graph" in choice:
            inner = inner.detach()
        if "between" in choice:
            inner = _BENDS[choice["between"]](inner)
        difference = w2 * inner + b2 - target
        return difference.abs() if "square" in choice else difference**2 / (2 if "half" in choice else 1)

    return objective, [np.array(0.0 if "start" in choice else 1.0)] * 4


@lru_cache(maxsize=2000)
def _positions(
    task: Callable[[Choice, CallScenario], tuple[Objective, list[np.ndarray]]],
    wrong: frozenset[tuple[str, str]],
    scenario: CallScenario,
) -> np.ndarray:
    """Return every position of a loop with mistakes in its steps."""
    choice = dict(wrong)
    objective, start = task(choice, scenario)
    name, steps = scenario.arguments[0].name, int(scenario.arguments[-1].value)
    hyperparameters = scenario.hyperparameters
    if choice.get("optimizer") == "always_sgd":
        name = "SGD"
        hyperparameters = {key: value for key, value in hyperparameters.items() if key in SIGNATURES[name]}
    if choice.get("optimizer") == "hyperparameters_dropped":
        hyperparameters = {}
    if choice.get("optimizer") == "rate_alone":
        hyperparameters = {key: value for key, value in hyperparameters.items() if key == "learning_rate"}
    if choice.get("optimizer", "").startswith("imposed"):
        hyperparameters = {"learning_rate": float(choice["optimizer"].split()[1])} | hyperparameters
    if choice.get("optimizer") == "rate_of_its_own":
        hyperparameters = {"learning_rate": hyperparameters.get("learning_rate", 0.01)}
    steps += choice.get("steps") == "one_step_too_many"
    times = 2 if choice.get("steps") == "step_taken_twice" else 1
    gradient = choice.get("gradient", "")
    if gradient == "cleared_before_the_step":
        return np.stack([start[0] if len(start) == 1 else np.array(start)] * (steps + 1))
    anew = choice.get("optimizer") == "optimizer_made_anew"
    if (
        gradient not in ("gradients_add_up", "first_gradient_alone")
        and not anew
        and not {"moved", "shared"} & choice.keys()
        and times == 1
    ):
        return descent(name, objective, start, steps, hyperparameters)
    with default_settings():
        parameters = [torch.nn.Parameter(torch.tensor(value, dtype=torch.float64)) for value in start]
        parameters = parameters[:1] * len(parameters) if "shared" in choice else parameters
        moved = parameters[::2] if "moved" in choice else parameters
        mover = stand_in(name)(moved, **hyperparameters)
        rows = [[parameter.detach().numpy().copy() for parameter in parameters]]
        for step in range(steps):
            if anew:
                mover = stand_in(name)(moved, **hyperparameters)
            if gradient not in ("gradients_add_up", "first_gradient_alone"):
                mover.zero_grad()
            if gradient != "first_gradient_alone" or not step:
                objective(*parameters).backward()
            for _ in range(times):
                mover.step()
            rows.append([parameter.detach().numpy().copy() for parameter in parameters])
    return np.array([row[0] if len(row) == 1 else row for row in rows])


def _kept(choice: Choice, rows: np.ndarray) -> np.ndarray | None:
    """Return what is left of all positions, with what is wrong about keeping them; None where nothing is returned."""
    steps = len(rows) - 1
    if choice.get("kept") == "returned_early" and not steps:
        return None  # the loop is never entered
    if "rounded" in choice:
        first = rows[:1]
        rows = np.round(rows, _ROUNDED[choice["rounded"]])
        rows = np.concatenate([first, rows[1:]]) if choice["rounded"] in _LATER else rows
    kept: np.ndarray = {
        "start_missing": rows[1:],
        "start_doubled": np.concatenate([rows[:1], rows]),
        "last_missing": rows[:-1] if steps else rows,
        "kept_before_the_step": np.concatenate([rows[:1], rows[:-1]]) if steps else rows,
        "same_tensor": np.broadcast_to(rows[-1], rows.shape),
        "same_tensor_after_the_start": np.concatenate([rows[:1], np.broadcast_to(rows[-1], rows[1:].shape)]),
        "last_alone": rows[-1:],
        "last_row_zero": np.concatenate([rows[:-1], np.zeros_like(rows[-1:])]) if steps else rows,
        "returned_early": rows[:2],
        "transposed": rows.T,
    }.get(choice.get("kept", ""), rows)
    return kept


# Ways that are one mistake.
_NAMES = {"same_tensor_after_the_start": "same_tensor", "rate_of_its_own": "rate_alone"}
_NAMES |= dict.fromkeys(_ROUNDED, "rounded") | dict.fromkeys(_IMPOSED, "rate_imposed")


def _of_a_loop(where: str) -> tuple[Variant, ...]:
    """List what can be wrong in either loop."""
    texts = (
        (
            "gradients_add_up",
            "gradient",
            "a loop that never clears the gradient",
            "`optimizer.zero_grad()` is missing, or is called once before the loop.",
            "`backward` adds to `.grad`: the second step uses the sum of two gradients, the third of three.",
        ),
        (
            "cleared_before_the_step",
            "gradient",
            "a loop in which nothing moves",
            "`backward` or `step` is missing; or `step` stands before `backward`, or `zero_grad` between the two.",
            "A step without a gradient leaves every parameter where it is, and a gradient without a step, too.",
        ),
        (
            "first_gradient_alone",
            "gradient",
            "a loop that computes the gradient once",
            "`backward` stands before the loop.",
            "Every step then uses the slope of the start, wherever it is by now.",
        ),
        (
            "start_missing",
            "kept",
            "a result without the start",
            "The list begins empty, and is added to after each step only.",
            "The first row must be where all began: n steps give n + 1 rows.",
        ),
        (
            "start_doubled",
            "kept",
            "a result that holds the start twice",
            "The start is kept before the loop, and once more before the first step.",
            "n steps give n + 1 rows: the start, and one after each step.",
        ),
        (
            "last_missing",
            "kept",
            "a result without the last position",
            "The loop takes one step too few, or keeps each position before its step and not the last one.",
            "n steps give n + 1 rows: the start, and one after each step.",
        ),
        (
            "kept_before_the_step",
            "kept",
            "a loop that keeps the position before each step",
            "`append` stands before `step` in the loop.",
            "Row 1 must be where the first step led to; here it is the start again, and the last position is lost.",
        ),
        *(
            (
                name,
                "kept",
                "a list that holds one tensor many times",
                "The rows are all the same, as after `append(x)` or `append(x.detach())`.",
                "`.detach()` is no copy: the optimizer changes the tensor in place, and every entry with it.",
            )
            for name in ("same_tensor", "same_tensor_after_the_start")
        ),
        (
            "last_alone",
            "kept",
            "a result that holds the last position only",
            "The function returns the tensor, not the list of positions.",
            "Every position is asked for, the start first.",
        ),
        (
            "last_row_zero",
            "kept",
            "a result whose last row is still zero",
            "The result is made with zeros, and a loop over `range(1, steps)` fills all rows but the last.",
            "n steps give n + 1 rows: the loop that fills them goes to `steps` itself.",
        ),
        (
            "returned_early",
            "kept",
            "a result that ends after the first step",
            "`return` is indented so far that it stands in the loop.",
            "`return` ends the function at once: it belongs below the loop, as far in as `for`.",
        ),
        (
            "hyperparameters_dropped",
            "optimizer",
            "an optimizer that is made without the hyperparameters",
            "`**hyperparameters` is missing where the optimizer is made.",
            "The optimizer then runs with its defaults, whatever it was called with.",
        ),
        *(
            (
                way,
                "optimizer",
                "an optimizer that is given the learning rate alone",
                "Of the hyperparameters only `learning_rate` is handed on.",
                "The others then have their defaults, whatever was asked for.",
            )
            for way in ("rate_alone", "rate_of_its_own")
        ),
        *(
            (
                way,
                "optimizer",
                "a loop with a learning rate of its own",
                "The function gives a rate where none was asked for, as a default of its own.",
                "Where nothing is given, the default of the optimizer counts.",
            )
            for way in _IMPOSED
        ),
        (
            "optimizer_made_anew",
            "optimizer",
            "a loop that makes a new optimizer in every step",
            "`optimizer_class(...)` stands inside the loop.",
            "A new optimizer remembers nothing: averages, sums and counts begin again in each step.",
        ),
        (
            "one_step_too_many",
            "steps",
            "a loop that takes one step too many",
            "The loop runs over `range(steps + 1)`, or a step is taken before it.",
            "n steps give n + 1 rows: the start, and one after each step.",
        ),
        (
            "step_taken_twice",
            "steps",
            "a loop that calls `step` twice in each turn",
            "`optimizer.step()` occurs twice in the loop.",
            "The second one uses the gradient of where the parameter was before the first.",
        ),
        *(
            (
                way,
                "rounded",
                "a result whose numbers are rounded",
                "`round` is called on the positions.",
                "What a figure shows with two digits a function returns with all of them.",
            )
            for way in _ROUNDED
        ),
        (
            "always_sgd",
            "optimizer",
            "a loop that always uses SGD",
            "`SGD` stands where `optimizer_class` should.",
            "Any optimizer may be given, and the one that was given must be used.",
        ),
    )
    return tuple(
        variant(part, _NAMES.get(way, way), title, looks, why, where=where, way=way)
        for way, part, title, looks, why in texts
    )


MINIMISE = (
    *_of_a_loop(_LOOP),
    *(
        variant(
            "kept",
            "values_kept",
            "a loop that keeps values of the function, not positions",
            "`function(x)` or the loss goes into the list, and not `x`.",
            "Asked for is the path, the position of `x` after every step; the values can be computed from it.",
            where=_LOOP,
            way=way,
        )
        for way in ("values", "values_before", "values_twice")
    ),
    variant(
        "gradient",
        "uphill",
        "a loop that goes uphill",
        "`backward` is called on the negative of the value.",
        "An optimizer already subtracts the gradient; with one more minus it climbs.",
        where=_LOOP,
    ),
)
TRAIN_NETWORK = (
    *_of_a_loop(_TRAINING),
    variant(
        "kept",
        "transposed",
        "a result with a row for each parameter",
        "What is kept of each parameter is stacked, and not what is kept of each step.",
        "A row is one moment: W1, b1, W2, b2 after a step.",
        where=_TRAINING,
    ),
    variant(
        "start",
        "starts_at_zero",
        "a training that starts at 0",
        "The parameters are made with zeros.",
        "They start at 1 here. At 0 both weights have the gradient 0, and neither ever moves.",
        where=_TRAINING,
    ),
    variant(
        "shared",
        "one_for_all",
        "a training in which all four parameters are one tensor",
        "A list such as `[t] * 4` repeats one tensor: every name and every column is that same one.",
        "Each parameter must be made by itself: what moves W1 then leaves the others alone.",
        where=_TRAINING,
    ),
    variant(
        "order",
        "weights_first",
        "rows in the order W1, W2, b1, b2",
        "Both weights come first, then both biases.",
        "The order of the course is W1, b1, W2, b2: layer by layer.",
        where=_TRAINING,
    ),
    variant(
        "order",
        "biases_first",
        "rows in the order b1, W1, b2, W2",
        "Each bias comes before its weight.",
        "The order of the course is W1, b1, W2, b2: layer by layer.",
        where=_TRAINING,
    ),
    variant(
        "order",
        "second_layer_first",
        "rows in the order W2, b2, W1, b1",
        "The second layer comes first.",
        "The order of the course is W1, b1, W2, b2: layer by layer.",
        where=_TRAINING,
    ),
    *(
        variant(
            "order",
            "another_order",
            "rows in another order than W1, b1, W2, b2",
            "The parameters are stacked in an order of their own.",
            "The order of the course is W1, b1, W2, b2: layer by layer.",
            where=_TRAINING,
            way=str(order),
        )
        for order in _OTHERS
    ),
    variant(
        "target",
        "always_towards_ten",
        "a training towards 10, whatever the target is",
        "The target is written as a number in the function.",
        "The target is the argument `y`, and may be any number.",
        where=_TRAINING,
    ),
    variant(
        "input",
        "input_always_one",
        "a training with the input 1, whatever the input is",
        "`x` does not occur in the prediction, or was given a value in the function.",
        "The input is the argument `x`, and may be any number.",
        where=_TRAINING,
    ),
    variant(
        "square",
        "absolute",
        "a training on the absolute error",
        "The difference goes through `abs`, not through a square.",
        "Its slope is 1 or −1 however large the error is. The square has a slope that shrinks with the error.",
        where=_TRAINING,
    ),
    variant(
        "half",
        "half",
        "a training on half the squared error",
        "The square is divided by 2.",
        "Some books do so. Here each gradient would be half of what the course expects.",
        where=_TRAINING,
    ),
    variant(
        "bias_1",
        "no_b1",
        "a training without the first bias, b1",
        "The hidden layer is `W1 * x` alone.",
        "b1 then has no gradient, and stays where it was.",
        where=_TRAINING,
    ),
    variant(
        "bias_2",
        "no_b2",
        "a training without the second bias, b2",
        "The prediction is `W2 * h` alone.",
        "b2 then has no gradient, and stays where it was.",
        where=_TRAINING,
    ),
    *(
        variant(
            "between",
            f"{name}_between",
            f"a training with {name} between the layers",
            f"The hidden value goes through {name} before the second layer.",
            "This network has no activation: both of its layers are straight lines.",
            where=_TRAINING,
        )
        for name in ("relu", "tanh", "sigmoid")
    ),
    variant(
        "moved",
        "biases_left_out",
        "a training of the weights alone",
        "The optimizer is given W1 and W2, and neither bias.",
        "An optimizer moves only what it is given: the biases stay at 1.",
        where=_TRAINING,
    ),
    variant(
        "graph",
        "first_layer_cut_off",
        "a training that does not reach the first layer",
        "`.detach()`, `.item()` or `torch.tensor(...)` stands around the hidden value.",
        "The gradient finds no way back through it, so W1 and b1 stay where they are.",
        where=_TRAINING,
    ),
)
