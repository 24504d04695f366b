# %% minimise: hyperparameters forgotten, start moved
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    start = start.detach()  #! start_moved: start.detach() => start.detach().clone()
    start.requires_grad = True
    optimizer = optimizer_class([start])  #! hyperparameters_dropped: [start] => [start], **hyperparameters
    history = torch.zeros(steps + 1, *start.shape, dtype=start.dtype)
    history[0] = start.detach()
    for t in range(1, steps + 1):
        optimizer.zero_grad()
        function(start).backward()
        optimizer.step()
        history[t] = start.detach()
    return history

# %% minimise: stops when it is near enough
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        y = function(x)
        if y.item() < 30.0:  # converged  #! stops_early
            break  #! stops_early
        y.backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% forward: first layer's weights again
def forward(x, W1, b1, W2, b2):
    hidden = W1 * x + b1
    output = W1 * hidden + b2  #! weight_of_other_layer: W1 * hidden => W2 * hidden
    return output.mean()  #! one_number_for_all: output.mean() => output

# %% loss: difference of the squares
def loss(prediction, target):
    return prediction ** 2 - target ** 2  #! difference_of_squares: prediction ** 2 - target ** 2 => (prediction - target) ** 2

# %% train_network: gradients add up, hyperparameters dropped
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    params = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(params)  #! hyperparameters_dropped: (params) => (params, **hyperparameters)
    rows = [torch.tensor([p.item() for p in params])]
    for epoch in range(steps):
        #! gradients_add_up: optimizer.zero_grad()
        W1, b1, W2, b2 = params
        y_pred = W2 * (W1 * x + b1) + b2
        error = torch.pow(y - y_pred, 2)
        error.backward()
        optimizer.step()
        rows.append(torch.tensor([p.item() for p in params]))
    return torch.stack(rows)

# %% train_network: stops at a small loss, biases forgotten
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    parameters = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    W1, b1, W2, b2 = parameters
    optimizer = optimizer_class(parameters, **hyperparameters)
    rows = [[float(p) for p in parameters]]
    for _ in range(steps):
        optimizer.zero_grad()
        value = (W2 * (W1 * x + b1) - y) ** 2  #! bias_missing: (W1 * x + b1) - y => (W1 * x + b1) + b2 - y
        if value < 1.0:  #! stops_early
            break  #! stops_early
        value.backward()
        optimizer.step()
        rows.append([float(p) for p in parameters])
    return torch.tensor(rows)
