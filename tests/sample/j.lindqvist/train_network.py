def train_network(optimizer_class, x, y, steps, **hyperparameters):
    """Train."""
    weights = [torch.nn.Parameter(torch.tensor(1.0)) for _ in range(4)]
    optimizer = optimizer_class(weights, **hyperparameters)
    history = [torch.stack(weights).detach()]
    while len(history) <= steps:
        optimizer.zero_grad()
        loss(forward(x, *weights), y).backward()
        optimizer.step()
        history.append(torch.stack(weights).detach())
    return torch.stack(history)
