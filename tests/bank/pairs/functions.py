# %% minimise: moves the start that is given
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.requires_grad_(True)  #! start_moved: x = start.clone().requires_grad_(True)
    opt = optimizer_class([x], **hyperparameters)
    path = [x.detach().clone()]
    for _ in range(steps):
        opt.zero_grad()
        function(x).backward()
        opt.step()
        path.append(x.detach().clone())
    return torch.stack(path)

# %% minimise: detach without clone, and no zero_grad
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.tensor(start.tolist(), dtype=start.dtype, requires_grad=True)
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for i in range(steps):
        #! gradients_add_up: optimizer.zero_grad()
        y = function(x)
        y.backward()
        optimizer.step()
        positions.append(x.detach())  #! same_tensor_each_row: x.detach() => x.detach().clone()
    return torch.stack(positions)

# %% minimise: an optimizer in each step
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = nn.Parameter(start.detach().clone())
    #! optimizer_made_each_step: optimizer = optimizer_class([x], **hyperparameters)
    chemin = [x.data.clone()]
    for etape in range(steps):
        optimizer = optimizer_class([x], **hyperparameters)  #! optimizer_made_each_step
        optimizer.zero_grad()
        perte = function(x)
        perte.backward()
        optimizer.step()
        chemin.append(x.data.clone())
    return torch.stack(chemin)

# %% minimise: the start is missing
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().detach().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    out = []
    #! start_missing: out.append(x.detach().clone())
    for _ in range(steps):
        function(x).backward()
        optimizer.step()
        optimizer.zero_grad()
        out.append(x.detach().clone())
    return out

# %% minimise: one step too many
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    seen = [x.detach().clone()]
    for _ in range(steps + 1):  #! one_step_too_many: steps + 1 => steps
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        optimizer.step()
        seen.append(x.detach().clone())
    return torch.stack(seen)

# %% minimise: losses in the place of positions
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    losses = [function(x).detach()]  #! values_for_positions: function(x).detach() => x.detach().clone()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())  #! values_for_positions: loss.detach() => x.detach().clone()
    return torch.stack(losses)

# %% minimise: zero_grad between backward and step
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        #! gradient_cleared_before_step: optimizer.zero_grad()
        function(x).backward()
        optimizer.zero_grad()  #! gradient_cleared_before_step
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: only the rate is handed on
def minimise(optimizer_class, function, start, steps, learning_rate=0.01, **hyperparameters):  #! hyperparameters_dropped: learning_rate=0.01, =>
    x = start.clone().requires_grad_()
    #! hyperparameters_dropped: settings = hyperparameters
    settings = {"learning_rate": learning_rate}  #! hyperparameters_dropped
    optimizer = optimizer_class([x], **settings)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: only numbers, and the gradients add up
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.detach().clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    values = [x.detach().clone()]
    for _ in range(steps):
        value = function(x)
        value.backward()
        optimizer.step()
        #! gradients_add_up: x.grad = None
        values.append(torch.tensor(x.item()))  #! numbers_only: torch.tensor(x.item()) => x.detach().clone()
    return torch.stack(values)

# %% minimise: the last position is missing
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.nn.Parameter(start.clone())
    optimizer = optimizer_class([x], **hyperparameters)
    path = []
    for _ in range(steps):
        path.append(x.detach().clone())
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
    #! end_missing: path.append(x.detach().clone())
    return torch.stack(path)

# %% minimise: gradient of the start at every step
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    function(x).backward()  #! gradient_of_start
    for _ in range(steps):
        #! gradient_of_start: optimizer.zero_grad()
        #! gradient_of_start: function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: always SGD, recorded before the step
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=hyperparameters.get("learning_rate", 0.01))  #! optimizer_fixed: torch.optim.SGD([x], lr=hyperparameters.get("learning_rate", 0.01)) => optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        positions.append(x.detach().clone())  #! recorded_before_step
        optimizer.step()
        #! recorded_before_step: positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: two steps in each turn, rounded
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        optimizer.step()
        optimizer.step()  #! step_taken_twice
        positions.append(x.detach().round(decimals=1))  #! positions_rounded: x.detach().round(decimals=1) => x.detach().clone()
    return torch.stack(positions)

# %% forward: second bias forgotten, an activation
def forward(x, W1, b1, W2, b2):
    """Return the prediction of the network for the input x."""
    h = torch.relu(W1 * x + b1)  #! activation_added: torch.relu(W1 * x + b1) => W1 * x + b1
    return W2 * h  #! bias_missing: W2 * h => W2 * h + b2

# %% forward: the bias before the weight
def forward(x, W1, b1, W2, b2):
    h = W1 * (x + b1)  #! bias_before_weight: W1 * (x + b1) => W1 * x + b1
    y = W2 * (h + b2)  #! bias_before_weight: W2 * (h + b2) => W2 * h + b2
    return y

# %% forward: the second layer sees the input
def forward(x, W1, b1, W2, b2):
    h = W1 * x + b1
    return W2 * x + b2  #! input_for_hidden: W2 * x => W2 * h

# %% forward: a sigmoid at the end
def forward(x, W1, b1, W2, b2):
    # couche 1
    z1 = x * W1 + b1
    # couche 2
    z2 = z1 * W2 + b2
    return torch.sigmoid(z2)  #! activation_added: torch.sigmoid(z2) => z2

# %% forward: biases swapped
def forward(x, W1, b1, W2, b2):
    return W2 * (W1 * x + b2) + b1  #! biases_swapped: W2 * (W1 * x + b2) + b1 => W2 * (W1 * x + b1) + b2

# %% forward: first bias forgotten, one sum for all
def forward(x, W1, b1, W2, b2):
    h = torch.mul(W1, x)  #! bias_missing: torch.mul(W1, x) => torch.mul(W1, x) + b1
    return torch.add(torch.mul(W2, h), b2).sum()  #! one_number_for_all: .sum() =>

# %% loss: absolute value
def loss(prediction, target):
    """Return the squared error of a prediction."""
    return (prediction - target).abs()  #! not_squared_error: (prediction - target).abs() => (prediction - target) ** 2

# %% loss: half the square, as in the derivation
def loss(prediction, target):
    error = target - prediction
    return 0.5 * error ** 2  #! loss_halved: 0.5 * error ** 2 => error ** 2

# %% loss: root of the mean square
def loss(prediction, target):
    mse = torch.mean((prediction - target) ** 2)
    return torch.sqrt(mse + 1e-8)  #! root_of_loss: torch.sqrt(mse + 1e-8) => mse

# %% loss: signed and relative to the target
def loss(prediction, target):
    difference = (target - prediction) / target  #! loss_relative: / target =>
    return -difference ** 2  #! loss_negative: -difference ** 2 => difference ** 2

# %% train_network: starts at zero
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    parameters = [torch.zeros(1).squeeze().requires_grad_() for _ in range(4)]  #! weights_start_elsewhere: torch.zeros(1) => torch.ones(1)
    optimizer = optimizer_class(parameters, **hyperparameters)
    W1, b1, W2, b2 = parameters
    rows = [[p.item() for p in parameters]]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (y - (W2 * (W1 * x + b1) + b2)) ** 2
        loss.backward()
        optimizer.step()
        rows.append([p.item() for p in parameters])
    return torch.tensor(rows)

# %% train_network: random weights, another order
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    torch.manual_seed(0)
    W1, W2 = (torch.randn(()).requires_grad_() for _ in range(2))  #! weights_start_elsewhere: torch.randn => torch.ones
    b1, b2 = (torch.zeros(()).requires_grad_() for _ in range(2))  #! weights_start_elsewhere: torch.zeros => torch.ones
    params = [W1, b1, W2, b2]
    rows_of = [W1, W2, b1, b2]  #! columns_in_other_order: [W1, W2, b1, b2] => params
    opt = optimizer_class(params, **hyperparameters)
    history = [torch.stack(rows_of).detach()]
    for _ in range(steps):
        opt.zero_grad()
        prediction = W2 * (W1 * x + b1) + b2
        ((y - prediction) ** 2).backward()
        opt.step()
        history.append(torch.stack(rows_of).detach())
    return torch.stack(history)

# %% train_network: the biases are not trained
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    one = torch.tensor(1.0, requires_grad=True)
    weights = [one.detach().clone().requires_grad_() for _ in range(4)]
    w, b, v, c = weights
    optimizer = optimizer_class(weights[::2], **hyperparameters)  #! parameters_missing: weights[::2] => weights
    rows = [torch.stack(weights).detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((v * (w * x + b) + c - y) ** 2).backward()
        optimizer.step()
        rows.append(torch.stack(weights).detach())
    return torch.stack(rows)

# %% train_network: x = 1 and y = 10 as in the text
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = [nn.Parameter(torch.tensor(1.0)) for _ in range(4)]
    optimizer = optimizer_class([W1, b1, W2, b2], **hyperparameters)
    rows = [[W1.item(), b1.item(), W2.item(), b2.item()]]
    for _ in range(steps):
        optimizer.zero_grad()
        h = W1 * 1.0 + b1  #! input_fixed: W1 * 1.0 => W1 * x
        y_hat = W2 * h + b2
        loss = (10.0 - y_hat) ** 2  #! input_fixed: 10.0 - y_hat => y - y_hat
        loss.backward()
        optimizer.step()
        rows.append([W1.item(), b1.item(), W2.item(), b2.item()])
    return torch.tensor(rows)

# %% train_network: one vector, shown again and again
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    weights = torch.ones(4, requires_grad=True)
    optimizer = optimizer_class([weights], **hyperparameters)
    rows = [weights.detach()]  #! same_tensor_each_row: weights.detach() => weights.detach().clone()
    for _ in range(steps):
        optimizer.zero_grad()
        prediction = weights[2] * (weights[0] * x + weights[1]) + weights[3]
        ((prediction - y) ** 2).backward()
        optimizer.step()
        rows.append(weights.detach())  #! same_tensor_each_row: weights.detach() => weights.detach().clone()
    return torch.stack(rows)

# %% train_network: half the loss, start missing
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = p = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(p, **hyperparameters)
    rows = []
    #! start_missing: rows.append(torch.stack(p).detach())
    for _ in range(steps):
        optimizer.zero_grad()
        cost = (y - (W2 * (W1 * x + b1) + b2)) ** 2 / 2  #! loss_halved: / 2 =>
        cost.backward()
        optimizer.step()
        rows.append(torch.stack(p).detach())
    return torch.stack(rows) if rows else torch.empty(0, 4)

# %% train_network: a network with an activation
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.W1 = nn.Parameter(torch.tensor(1.0))
        self.b1 = nn.Parameter(torch.tensor(1.0))
        self.W2 = nn.Parameter(torch.tensor(1.0))
        self.b2 = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        h = torch.tanh(self.W1 * x + self.b1)  #! activation_added: torch.tanh(self.W1 * x + self.b1) => self.W1 * x + self.b1
        return self.W2 * h + self.b2


def train_network(optimizer_class, x, y, steps, **hyperparameters):
    net = Net()
    optimizer = optimizer_class(net.parameters(), **hyperparameters)
    rows = [[p.item() for p in net.parameters()]]
    for _ in range(steps):
        optimizer.zero_grad()
        ((net(x) - y) ** 2).backward()
        optimizer.step()
        rows.append([p.item() for p in net.parameters()])
    return torch.tensor(rows)

# %% train_network: an optimizer in each step, columns in another order
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    P = {name: torch.tensor(1.0, requires_grad=True) for name in ("W1", "b1", "W2", "b2")}
    order = ("W1", "b1", "W2", "b2")
    order = ("b1", "W1", "W2", "b2")  #! columns_in_other_order
    rows = [torch.stack([P[k] for k in order]).detach()]
    #! optimizer_made_each_step: optimizer = optimizer_class(P.values(), **hyperparameters)
    for _ in range(steps):
        optimizer = optimizer_class(P.values(), **hyperparameters)  #! optimizer_made_each_step
        optimizer.zero_grad()
        ((y - (P["W2"] * (P["W1"] * x + P["b1"]) + P["b2"])) ** 2).backward()
        optimizer.step()
        rows.append(torch.stack([P[k] for k in order]).detach())
    return torch.stack(rows)

# %% train_network: absolute loss, one step too many
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = parameters = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(parameters, **hyperparameters)
    rows = [torch.stack(parameters).detach()]
    for _ in range(1, steps + 2):  #! one_step_too_many: steps + 2 => steps + 1
        optimizer.zero_grad()
        (y - (W2 * (W1 * x + b1) + b2)).abs().backward()  #! not_squared_error: .abs() => .square()
        optimizer.step()
        rows.append(torch.stack(parameters).detach())
    return torch.stack(rows)

# %% train_network: the gradient does not reach the first layer
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = params = [torch.ones((), requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(params, **hyperparameters)
    trajectoire = [torch.stack(params).detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        h = (W1 * x + b1).detach()  #! graph_cut: .detach() =>
        perte = (W2 * h + b2 - y) ** 2
        perte.backward()
        optimizer.step()
        trajectoire.append(torch.stack(params).detach())
    return torch.stack(trajectoire)

# %% tuned: default rates for the adaptive ones
def tuned():
    return {
        "SGD": {"learning_rate": 0.5},
        "RMSProp": {"learning_rate": 0.01},  #! rate_not_tuned: {"learning_rate": 0.01} => {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0}
        "Adagrad": {"learning_rate": 0.5},  #! rate_not_tuned: 0.5 => 60.0
        "Adam": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99},
        "AdamW": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99, "weight_decay": 0.0},
    }

# %% tuned: torch's names
def tuned():
    hyperparameters = {
        "SGD": dict(lr=0.5),  #! keyword_renamed: lr= => learning_rate=
        "RMSProp": dict(learning_rate=5.0, decay=0.2, epsilon=10.0),
        "Adagrad": dict(learning_rate=60.0),
        "Adam": dict(learning_rate=10.0, betas=(0.5, 0.99)),  #! keyword_renamed: betas=(0.5, 0.99) => beta1=0.5, beta2=0.99
        "AdamW": dict(learning_rate=10.0, beta1=0.5, beta2=0.99, weight_decay=0.0),
    }
    return hyperparameters

# %% tuned: an optimizer spelled otherwise, a rate too large
def tuned():
    """Return the hyperparameters by the name of the optimizer."""
    best = {}
    best["SGD"] = {"learning_rate": 1.1}  #! rate_too_large: 1.1 => 0.5
    best["RMSprop"] = {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0}  #! optimizer_missing: RMSprop => RMSProp
    best["Adagrad"] = {"learning_rate": 60.0}
    best["Adam"] = {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99}
    best["AdamW"] = {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99, "weight_decay": 0.0}
    return best

# %% tuned: AdamW with a decay, Adagrad forgotten
def tuned():
    adam = {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99}
    return {
        "SGD": {"learning_rate": 0.5},
        "RMSProp": {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0},
        #! optimizer_missing: "Adagrad": {"learning_rate": 60.0},
        "Adam": adam,
        "AdamW": {**adam, "weight_decay": 0.1},  #! decay_left: 0.1 => 0.0
    }

# %% tuned: the rates alone
def tuned():
    rates = {"SGD": 0.5, "RMSProp": 5.0, "Adagrad": 60.0, "Adam": 10.0, "AdamW": 10.0}
    others = {"RMSProp": {"decay": 0.2, "epsilon": 10.0}, "Adam": {"beta1": 0.5, "beta2": 0.99}}
    others["AdamW"] = {**others["Adam"], "weight_decay": 0.0}
    others = {}  #! only_rates_tuned
    return {name: {"learning_rate": rate, **others.get(name, {})} for name, rate in rates.items()}

# %% tuned: a rate in the place of a dictionary
def tuned():
    return {
        "SGD": 0.5,  #! number_for_dictionary: 0.5 => {"learning_rate": 0.5}
        "RMSProp": {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0},
        "Adagrad": {"learning_rate": 60.0},
        "Adam": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99},
        "AdamW": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99, "weight_decay": 0.0},
    }
