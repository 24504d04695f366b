def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Follow an optimizer on a function and return all positions, shape (steps + 1, *start.shape), the start first.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    function: takes a position and returns a value that can be differentiated
    start: the first position, a tensor; it is not changed
    steps: how many steps to take
    """
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        y = function(x)
        y.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)
