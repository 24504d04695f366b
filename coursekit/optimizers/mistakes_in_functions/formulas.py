"""Mistakes in the prediction and the loss of the little network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.optimizers.mistakes_in_functions.variant import Choice, variant

_NETWORK = "Your turn: the network and its loss"
_TWICE = {"W1": (0, 1, 0, 3), "W2": (2, 1, 2, 3), "b1": (0, 1, 2, 1), "b2": (0, 3, 2, 3)}
_ORDERS = {"weights_first": (0, 2, 1, 3), "biases_first": (1, 0, 3, 2), "biases_swapped": (0, 3, 2, 1)} | _TWICE
_BENDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


def forward(choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return what `forward` returns with these mistakes."""
    x, *weights = (argument.value for argument in scenario.arguments)
    return network(choice, x, *weights)


def network(choice: Choice, x: np.ndarray, *weights: np.ndarray) -> np.ndarray:
    """Return the prediction of the network with mistakes in it."""
    w1, b1, w2, b2 = (weights[place] for place in _ORDERS.get(choice.get("order", ""), range(4)))
    if choice.get("layers") == "layers_swapped":
        w1, b1, w2, b2 = w2, b2, w1, b1
    b1, b2 = (0.0 * b1 if "bias_1" in choice else b1), (0.0 * b2 if "bias_2" in choice else b2)
    b1, b2 = (-b if choice.get("bias sign") in ("both", place) else b for b, place in ((b1, "first"), (b2, "second")))
    w1, w2 = (0 * w + 1 if choice.get("weight") == place else w for w, place in ((w1, "first"), (w2, "second")))
    early = choice.get("bias place", "")
    hidden = w1 * (x + b1) if early in ("both", "first") else w1 * x + b1
    hidden = x if choice.get("layers") == "one_layer" else hidden
    if "between" in choice:
        hidden = _BENDS[choice["between"].removesuffix("_between")](hidden)
    result: np.ndarray = np.asarray(w2 * (hidden + b2) if early in ("both", "second") else w2 * hidden + b2)
    if choice.get("layers") == "bias_outside":
        result = np.asarray(w2 * w1 * x + b1 + b2)
    elif choice.get("layers") == "bias_alone":
        result = np.asarray(w1 * x + b1 * w2 + b2)
    if "added" in choice:
        result = result + x
    if "output" in choice:
        result = _BENDS[choice["output"].removesuffix("_on_output")](result)
    if "result" in choice:
        result = np.asarray(np.mean(result) if choice["result"] == "mean_of_all" else np.sum(result))
    return result


def loss(choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return what `loss` returns with these mistakes."""
    prediction, target = (argument.value for argument in scenario.arguments)
    return error(choice, prediction, target)


def error(choice: Choice, prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the loss with mistakes in it."""
    difference = prediction - target
    if "relative" in choice:
        difference = difference / target
    value: np.ndarray = {
        "absolute": np.abs(difference),
        "not_squared": difference,
        "not_squared_negative": -difference,
        "squares_apart": prediction**2 - target**2,
        "squares_apart_negative": target**2 - prediction**2,
        "sum_for_difference": (prediction + target) ** 2,
        "root": np.sqrt(difference**2 + 1e-8),
        "root_of_size": np.sqrt(np.abs(difference)),
        "brackets_target": prediction - target**2,
        "brackets_prediction": target - prediction**2,
        "huber": np.where(np.abs(difference) < 1, difference**2 / 2, np.abs(difference) - 0.5),
    }.get(choice.get("square", ""), difference**2)
    if "half" in choice:
        value = value / 2
    return -value if "sign" in choice else value


FORWARD = (
    variant(
        "bias_1",
        "no_b1",
        "a network without the first bias, b1",
        "The hidden layer is `W1 * x` alone.",
        "Without b1 the hidden value is 0 for x = 0 whatever is learned.",
        where=_NETWORK,
    ),
    variant(
        "bias_2",
        "no_b2",
        "a network without the second bias, b2",
        "The last line is `W2 * h` alone.",
        "Without b2 the prediction cannot be shifted as a whole.",
        where=_NETWORK,
    ),
    *(
        variant(
            "bias place",
            "bias_before_weight",
            "a network that adds a bias before it multiplies",
            "`W1 * (x + b1)` stands where `W1 * x + b1` should, or the like in the second layer.",
            "A layer multiplies first; a bias that is added before is multiplied as well.",
            where=_NETWORK,
            way=way,
        )
        for way in ("both", "first", "second")
    ),
    *(
        variant(
            "between",
            f"{name}_between",
            f"a network with {name} between its layers",
            f"The hidden value goes through {name} before the second layer.",
            "This network has no activation: both of its layers are straight lines.",
            where=_NETWORK,
        )
        for name in _BENDS
    ),
    *(
        variant(
            "output",
            f"{name}_on_output",
            f"a network with {name} on its output",
            f"The result goes through {name} at the end.",
            "A prediction may be any number, and an activation at the end allows only some.",
            where=_NETWORK,
        )
        for name in _BENDS
    ),
    variant(
        "layers",
        "layers_swapped",
        "a network whose layers stand in the other order",
        "W2 and b2 are used first, then W1 and b1.",
        "The input meets W1 and b1 first, and what comes out of that meets W2 and b2.",
        where=_NETWORK,
    ),
    variant(
        "layers",
        "one_layer",
        "a network whose second layer is given the input",
        "The last line uses `x` where it should use the hidden value.",
        "So the first layer has no effect, and W1 and b1 get no gradient.",
        where=_NETWORK,
    ),
    *(
        variant(
            "layers",
            "layer_not_in_brackets",
            "a network whose second weight does not multiply the whole first layer",
            f"`{code}` stands where `W2 * (W1 * x + b1) + b2` should.",
            "A product comes before a sum, so the first layer needs brackets: W2 multiplies all that comes out of it.",
            where=_NETWORK,
            way=way,
        )
        for way, code in (("bias_outside", "W2 * W1 * x + b1 + b2"), ("bias_alone", "W1 * x + b1 * W2 + b2"))
    ),
    variant(
        "order",
        "weights_first",
        "a network whose arguments are taken in the order W1, W2, b1, b2",
        "The second argument after `x` is used as a weight.",
        "The order of the course is W1, b1, W2, b2: layer by layer.",
        where=_NETWORK,
    ),
    variant(
        "order",
        "biases_first",
        "a network whose arguments are taken in the order b1, W1, b2, W2",
        "The first argument after `x` is used as a bias.",
        "The order of the course is W1, b1, W2, b2: layer by layer.",
        where=_NETWORK,
    ),
    variant(
        "order",
        "biases_swapped",
        "a network whose biases are swapped",
        "b2 is added in the first layer, and b1 in the second.",
        "Each bias belongs to the weight of its own layer.",
        where=_NETWORK,
    ),
    *(
        variant(
            "order",
            "used_twice",
            "a network that uses one of its parameters in both layers",
            f"`{name}` stands in both lines, and another parameter in none.",
            "Each layer has a weight and a bias of its own.",
            where=_NETWORK,
            way=name,
        )
        for name in _TWICE
    ),
    *(
        variant(
            "bias sign",
            "bias_subtracted",
            "a network that subtracts a bias",
            "`W1 * x - b1` stands where `W1 * x + b1` should, or the like in the second layer.",
            "A layer adds its bias.",
            where=_NETWORK,
            way=way,
        )
        for way in ("both", "first", "second")
    ),
    *(
        variant(
            "weight",
            "no_weight",
            "a network without one of its weights",
            "`x + b1` or `h + b2` is all that a layer computes.",
            "A layer multiplies by its weight before it adds the bias.",
            where=_NETWORK,
            way=way,
        )
        for way in ("first", "second")
    ),
    variant(
        "added",
        "input_added",
        "a network that adds its input to its result",
        "`+ x` stands in the last line.",
        "Other networks have such a shortcut; in this one the input goes through both layers.",
        where=_NETWORK,
    ),
    variant(
        "result",
        "mean_of_all",
        "a network that returns the mean of its predictions",
        "The result is one number where `x` holds many.",
        "Each input has a prediction of its own; only the loss makes one number of them.",
        where=_NETWORK,
    ),
    variant(
        "result",
        "sum_of_all",
        "a network that returns the sum of its predictions",
        "The result is one number where `x` holds many.",
        "Each input has a prediction of its own; only the loss makes one number of them.",
        where=_NETWORK,
    ),
)

LOSS = (
    variant(
        "square",
        "absolute",
        "the absolute error",
        "The difference goes through `abs`.",
        "Its slope is 1 or −1 however large the error is. The square has a slope that shrinks with the error.",
        where=_NETWORK,
    ),
    variant(
        "square",
        "not_squared",
        "the difference itself, prediction − target",
        "No square is taken.",
        "A prediction that is too low then has a negative loss, and training makes it lower still.",
        where=_NETWORK,
    ),
    variant(
        "square",
        "not_squared_negative",
        "the difference itself, target − prediction",
        "No square is taken.",
        "A prediction that is too high then has a negative loss, and training makes it higher still.",
        where=_NETWORK,
    ),
    variant(
        "square",
        "squares_apart",
        "a difference of squares",
        "Each of the two is squared, and then they are subtracted.",
        "The square belongs around the difference: (a − b)² is not a² − b².",
        where=_NETWORK,
    ),
    variant(
        "square",
        "squares_apart_negative",
        "a difference of squares",
        "Each of the two is squared, and then they are subtracted.",
        "The square belongs around the difference: (a − b)² is not a² − b².",
        where=_NETWORK,
    ),
    variant(
        "square",
        "sum_for_difference",
        "the square of the sum",
        "The two are added before the square is taken.",
        "A loss measures how far two numbers are apart, and that is their difference.",
        where=_NETWORK,
    ),
    variant(
        "square",
        "root",
        "the root of the squared error",
        "`torch.sqrt` stands around the loss.",
        "The root undoes the square, and its slope no longer shrinks with the error.",
        where=_NETWORK,
    ),
    variant(
        "square",
        "root_of_size",
        "the root of the absolute error",
        "`abs` stands where the square should, and a root is taken of it.",
        "Its slope grows without end where the error is small; that of the square shrinks with the error.",
        where=_NETWORK,
    ),
    *(
        variant(
            "square",
            "brackets_missing",
            "a square of one of the two, not of their difference",
            "`a - b ** 2` stands where `(a - b) ** 2` should.",
            "A power comes before a difference: the difference needs brackets.",
            where=_NETWORK,
            way=way,
        )
        for way in ("brackets_target", "brackets_prediction")
    ),
    variant(
        "square",
        "huber",
        "Huber's loss",
        "`huber_loss` or `smooth_l1_loss` stands where the square should.",
        "It is a square only near 0, and half of one.",
        where=_NETWORK,
    ),
    variant(
        "relative",
        "relative",
        "an error that is divided by the target",
        "The difference is divided by `target` before the square is taken.",
        "A target near 0 would then have an enormous loss; the squared error is that of the difference itself.",
        where=_NETWORK,
    ),
    variant(
        "half",
        "half",
        "half the loss",
        "The square is divided by 2.",
        "Some books do so, to cancel the 2 of the derivative. Here each gradient would be half of what is expected.",
        where=_NETWORK,
    ),
    variant(
        "sign",
        "negative",
        "the loss with the other sign",
        "There is a minus before the square.",
        "An optimizer makes the loss small, and a negative square is small where the error is large.",
        where=_NETWORK,
    ),
)
