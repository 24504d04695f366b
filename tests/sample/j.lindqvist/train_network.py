def train_network(optimizer_class, x, y, steps, **hyperparameters):
    """Train the network on one input and return its parameters, shape (steps + 1, 4), columns W1, b1, W2, b2.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    x, y: the input and the target
    steps: how many steps to take; all four parameters start at 1
    """
    weights = [torch.nn.Parameter(torch.tensor(1.0)) for _ in range(4)]
    optimizer = optimizer_class(weights, **hyperparameters)
    history = [torch.stack(weights).detach()]
    while len(history) <= steps:
        optimizer.zero_grad()
        loss(forward(x, *weights), y).backward()
        optimizer.step()
        history.append(torch.stack(weights).detach())
    return torch.stack(history)
