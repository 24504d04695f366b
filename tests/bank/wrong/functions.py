"""Mistakes in the loop of notebook 6, its hyperparameters, and the network of notebook 7."""

from tests.bank.wrong.plain import costs

_MINIMISE = (
    costs(
        "start positions fresh_gradient hyperparameters any_optimizer two_dimensions",
        "minimise",
        "the start is not kept",
        ("[x.detach().clone()]", "[]"),
    ),
    costs(
        "start_kept positions fresh_gradient hyperparameters any_optimizer two_dimensions",
        "minimise",
        "the last position alone",
        ("return torch.stack(positions)", "return positions[-1]"),
    ),
    costs(
        "positions fresh_gradient hyperparameters any_optimizer two_dimensions",
        "minimise",
        "the same tensor again and again",
        ("append(x.detach().clone())", "append(x.detach())"),
    ),
    costs(
        "positions fresh_gradient hyperparameters any_optimizer two_dimensions",
        "minimise",
        "gradients add up",
        ("optimizer.zero_grad()", "pass"),
    ),
    costs(
        "hyperparameters",
        "minimise",
        "hyperparameters dropped",
        ("([x], **hyperparameters)", "([x])"),
    ),
    costs(
        "positions fresh_gradient hyperparameters any_optimizer two_dimensions",
        "minimise",
        "always SGD",
        ("optimizer_class([x]", "torch.optim.SGD([x]"),
    ),
    costs(
        "two_dimensions", "minimise", "numbers only", ("append(x.detach().clone())", "append(torch.tensor(x.item()))")
    ),
)

_TUNED = (
    costs("reaches_SGD", "tuned", "the default rate of SGD", ('"learning_rate": 0.5', '"learning_rate": 0.01')),
    costs("reaches_RMSProp", "tuned", "another name for the rate", ('"learning_rate": 5.0', '"lr": 5.0')),
    costs("reaches_Adam", "tuned", "one optimizer forgotten", ('"Adam":', '"adam":')),
)

_FORWARD = (
    costs("one_input many_inputs", "forward", "one bias forgotten", ("* h + b2", "* h")),
    costs("one_input many_inputs", "forward", "a function between the layers", ("x + b1", "x.tanh() + b1")),
    costs("gradient", "forward", "a graph that is cut", ("return W2 * h + b2", "return (W2 * h + b2).detach()")),
    costs(
        "gradient", "forward", "a first layer that is cut off", ("return W2 * h + b2", "return W2 * h.detach() + b2")
    ),
    costs(
        "gradient",
        "forward",
        "a result that only looks as if",
        ("return W2 * h + b2", "return (W2 * h + b2).detach().requires_grad_()"),
    ),
    costs("many_inputs", "forward", "one number for all", ("return W2 * h + b2", "return (W2 * h + b2).mean()")),
)

_LOSS = (
    costs("squared_error", "loss", "not squared", ("(target - prediction) ** 2", "abs(target - prediction)")),
    costs("squared_error", "loss", "half of it", ("(target - prediction) ** 2", "(target - prediction) ** 2 / 2")),
    costs(
        "gradient",
        "loss",
        "a number",
        ("(target - prediction) ** 2", "prediction.new_tensor(((target - prediction) ** 2).item())"),
    ),
    costs("perfect", "loss", "never zero", ("** 2", "** 2 + 1e-8")),
)

_TRAIN_NETWORK = (
    costs(
        "start positions inputs hyperparameters any_optimizer",
        "train_network",
        "starts at 0",
        ("torch.tensor(1.0)", "torch.tensor(0.0)"),
    ),
    costs("positions inputs any_optimizer", "train_network", "another order", ("W1, b1, W2, b2 =", "W1, W2, b1, b2 =")),
    costs("positions inputs hyperparameters", "train_network", "always towards 10", ("((y -", "((10.0 -")),
    costs("hyperparameters", "train_network", "hyperparameters dropped", ("(weights, **hyperparameters)", "(weights)")),
)

MISTAKES = (*_MINIMISE, *_TUNED, *_FORWARD, *_LOSS, *_TRAIN_NETWORK)
