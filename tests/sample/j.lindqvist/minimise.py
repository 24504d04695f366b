def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Minimise."""
    x = torch.nn.Parameter(start.detach().clone())
    optimizer = optimizer_class([x], **hyperparameters)
    path = torch.empty(steps + 1, *start.shape, dtype=start.dtype)
    path[0] = start
    for k in range(1, steps + 1):
        (x.grad,) = torch.autograd.grad(function(x), x)  # a new gradient each time, nothing to clear
        optimizer.step()
        path[k] = x.detach()
    return path
