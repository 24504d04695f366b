def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Follow an optimizer on a function and return all positions, shape (steps + 1, *start.shape), the start first.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    function: takes a position and returns a value that can be differentiated
    start: the first position, a tensor; it is not changed
    steps: how many steps to take
    """
    x = torch.nn.Parameter(start.detach().clone())
    optimizer = optimizer_class([x], **hyperparameters)
    path = torch.empty(steps + 1, *start.shape, dtype=start.dtype)
    path[0] = start
    for k in range(1, steps + 1):
        (x.grad,) = torch.autograd.grad(function(x), x)  # a new gradient each time, nothing to clear
        optimizer.step()
        path[k] = x.detach()
    return path
