def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Minimise."""
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        y = function(x)
        y.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)
