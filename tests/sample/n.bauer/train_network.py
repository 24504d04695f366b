def train_network(optimizer_class, x, y, steps, **hyperparameters):
    """Train the network on one input and return its parameters, shape (steps + 1, 4), columns W1, b1, W2, b2.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    x, y: the input and the target
    steps: how many steps to take; all four parameters start at 1
    """
    W1 = torch.tensor(1.0, requires_grad=True)
    b1 = torch.tensor(1.0, requires_grad=True)
    W2 = torch.tensor(1.0, requires_grad=True)
    b2 = torch.tensor(1.0, requires_grad=True)
    optimizer = optimizer_class([W1, b1, W2, b2], **hyperparameters)
    rows = []
    for step in range(steps):
        optimizer.zero_grad()
        error = loss(forward(x, W1, b1, W2, b2), y)
        error.backward()
        optimizer.step()
        rows.append([W1.item(), b1.item(), W2.item(), b2.item()])
    return torch.tensor(rows)
