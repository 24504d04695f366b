"""The functions of notebooks 6 and 7 in many styles, all of them right."""

import torch
from torch import nn


def minimise_by_list(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_(True)
    optimizer = optimizer_class([x], **hyperparameters)
    path = [x.detach().clone()]
    for _ in range(steps):
        loss = function(x)
        x.grad = None
        loss.backward()
        optimizer.step()
        path.append(x.clone())
    return path


def minimise_in_float32(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.nn.Parameter(start.float())
    optimizer = optimizer_class([x], **hyperparameters)
    path = torch.empty(steps + 1, *x.shape)
    for step in range(steps + 1):
        path[step] = x.detach()
        optimizer.zero_grad()
        function(x).sum().backward()
        if step < steps:
            optimizer.step()
    return path


def minimise_without_backward(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.tensor(start.tolist(), dtype=start.dtype, requires_grad=True)
    optimizer = optimizer_class([x], **hyperparameters)
    rows = [x.tolist()]
    for _ in range(steps):
        (x.grad,) = torch.autograd.grad(function(x), x)
        optimizer.step()
        rows.append(x.tolist())
    return torch.tensor(rows, dtype=start.dtype)


def positions(optimizer, x, function):
    while True:
        yield x.detach().clone()
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()


def minimise_by_generator(optimizer_class, function, start, steps, **hyperparameters):
    x = nn.Parameter(start.detach().clone())
    visited = positions(optimizer_class([{"params": [x]}], **hyperparameters), x, function)
    return torch.stack([next(visited) for _ in range(steps + 1)])


def forward_with_linear(x, W1, b1, W2, b2):
    return torch.add(b2, W2 * torch.add(b1, W1 * x))


def forward_multiplied_out(x, W1, b1, W2, b2):
    slope = W1 * W2
    return slope * x + (W2 * b1 + b2)


def layer(weight, bias):
    return lambda x: torch.addcmul(bias, weight, x)


def forward_by_layers(x, W1, b1, W2, b2):
    for apply in (layer(W1, b1), layer(W2, b2)):
        x = apply(x)
    return x


def loss_by_product(prediction, target):
    error = prediction - target
    return error * error


def loss_multiplied_out(prediction, target):
    return target**2 - 2 * target * prediction + prediction**2


def loss_of_torch(prediction, target):
    return nn.functional.mse_loss(prediction, target, reduction="sum")


def train_network_in_rows(optimizer_class, x, y, steps, **hyperparameters):
    weights = torch.nn.ParameterList(torch.nn.Parameter(torch.ones((), dtype=x.dtype)) for _ in range(4))
    optimizer = optimizer_class(weights.parameters(), **hyperparameters)
    rows = [torch.stack(list(weights)).detach()]
    while len(rows) <= steps:
        loss_by_product(forward_with_linear(x, *weights), y).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        rows.append(torch.stack(list(weights)).detach())
    return torch.stack(rows)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.W1, self.b1, self.W2, self.b2 = (nn.Parameter(torch.tensor(1.0)) for _ in range(4))

    def forward(self, x):
        return forward_multiplied_out(x, self.W1, self.b1, self.W2, self.b2)


def train_network_as_a_module(optimizer_class, x, y, steps, **hyperparameters):
    network = Network()
    optimizer = optimizer_class(network.parameters(), **hyperparameters)
    history = torch.zeros(steps + 1, 4)
    history[0] = nn.utils.parameters_to_vector(p.reshape(1) for p in network.parameters()).detach()
    for step in range(1, steps + 1):
        network.zero_grad()
        loss_of_torch(network(x.float()), y.float()).backward()
        optimizer.step()
        with torch.no_grad():
            history[step] = torch.cat([p.flatten() for p in network.parameters()])
    return history


def train_network_by_hand(optimizer_class, x, y, steps, **hyperparameters):
    """Works out the four gradients by the chain rule."""
    W1, b1, W2, b2 = parameters = [torch.ones_like(x).requires_grad_() for _ in range(4)]
    optimizer = optimizer_class(parameters, **hyperparameters)
    rows = [[p.item() for p in parameters]]
    for _ in range(steps):
        with torch.no_grad():
            h = W1 * x + b1
            delta = 2 * (W2 * h + b2 - y)
            W1.grad, b1.grad, W2.grad, b2.grad = delta * W2 * x, delta * W2, delta * h, delta.clone()
        optimizer.step()
        rows.append([p.item() for p in parameters])
    return torch.tensor(rows)


STYLES = (
    ("minimise", minimise_by_list),
    ("minimise", minimise_in_float32),
    ("minimise", minimise_without_backward),
    ("minimise", minimise_by_generator),
    ("forward", forward_with_linear),
    ("forward", forward_multiplied_out),
    ("forward", forward_by_layers),
    ("loss", loss_by_product),
    ("loss", loss_multiplied_out),
    ("loss", loss_of_torch),
    ("train_network", train_network_in_rows),
    ("train_network", train_network_as_a_module),
    ("train_network", train_network_by_hand),
)
