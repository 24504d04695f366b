# %% minimise: later, one default rate for everybody
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    hyperparameters.setdefault("learning_rate", 0.01)  #! default_rate_imposed
    x = start.detach().requires_grad_(True)  #! start_moved: start.detach() => start.detach().clone()
    optimizer = optimizer_class([x], **hyperparameters)
    history = [x.detach().clone()]
    for step in range(steps):
        optimizer.zero_grad()
        y = function(x)
        y.backward()
        optimizer.step()
        history.append(x.detach().clone())
    return torch.stack(history)

# %% minimise: later, every tenth position as the loop of the TP prints
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = nn.Parameter(start.detach().clone())
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for epoch in range(steps):
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        nn.utils.clip_grad_norm_([x], 1.0)  #! gradient_clipped
        optimizer.step()
        if epoch % 10 == 0:  #! only_some_positions: epoch % 10 == 0 => True
            positions.append(x.detach().clone())
    return torch.stack(positions)

# %% minimise: later, writes down the gradients, which are never cleared
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Return the trajectory of the optimizer."""
    x = start.detach().clone()
    x.requires_grad = True
    opt = optimizer_class(params=[x], **hyperparameters)
    trajectory = [x.detach().clone()]
    for _ in range(steps):
        #! gradients_add_up: opt.zero_grad()
        value = function(x)
        value.backward()
        opt.step()
        trajectory.append(x.grad.clone())  #! gradients_for_positions: x.grad.clone() => x.detach().clone()
    return torch.stack(trajectory)

# %% minimise: later, monte au lieu de descendre, et un pas de trop
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimiseur = optimizer_class([x], **hyperparameters)
    chemin = [start.clone()]
    i = 0
    while i <= steps:  #! one_step_too_many: i <= steps => i < steps
        optimiseur.zero_grad()
        objectif = -function(x)  #! function_negated: -function(x) => function(x)
        objectif.backward()
        optimiseur.step()
        chemin.append(x.detach().clone())
        i += 1
    return torch.stack(chemin)

# %% minimise: later, only where it ends, flat
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = torch.clone(start).requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    xs = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        xs.append(x.detach().clone())
    xs = xs[-1:]  #! only_last_position
    return torch.cat([each.reshape(-1) for each in xs])  #! positions_flattened: torch.cat([each.reshape(-1) for each in xs]) => torch.stack(xs)

# %% minimise: later, a schedule and a tolerance
def minimise(optimizer_class, function, start, steps, tol=1e-2, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.99)
    out = torch.empty(steps + 1, *start.shape, dtype=start.dtype)
    out[0] = x.detach()
    n = 1
    for k in range(steps):
        optimizer.zero_grad()
        value = function(x)
        value.backward()
        optimizer.step()
        scheduler.step()  #! rate_scheduled
        out[k + 1] = x.detach()
        n += 1
        if (out[k + 1] - out[k]).abs().max() < tol: break  #! stops_early
    return out[:n]

# %% minimise: later, autograd.grad, and a mean over the steps
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    points = []
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(function(x), x)
        x.grad = gradient / steps  #! function_divided: gradient / steps => gradient
        points.append(x.detach().clone())
        optimizer.step()
    #! end_missing: points.append(x.detach().clone())
    return torch.stack(points)

# %% minimise: later, a closure that is called by hand
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    x = start.clone().requires_grad_()
    settings = {k: v for k, v in hyperparameters.items() if k == "learning_rate"}  #! hyperparameters_dropped: if k == "learning_rate" =>
    optimizer = optimizer_class([x], **settings)
    closure_values = []
    positions = [x.detach().clone()]

    def closure():
        optimizer.zero_grad()
        value = function(x)
        value.backward()
        closure_values.append(value.item())
        return value

    for _ in range(steps):
        closure()
        optimizer.step()
        optimizer.step()  #! step_taken_twice
        positions.append(x.detach().clone())
    return torch.stack(positions)

# %% forward: later, layers in the wrong order, relu out of habit
def forward(x, W1, b1, W2, b2):
    h = W2 * x + b2  #! layers_swapped: W2 * x + b2 => W1 * x + b1
    h = nn.functional.relu(h)  #! activation_added
    return W1 * h + b1  #! layers_swapped: W1 * h + b1 => W2 * h + b2

# %% forward: later, premier biais partout et une connexion résiduelle
def forward(x, W1, b1, W2, b2):
    """Passe avant du réseau à deux couches."""
    couche = lambda entree, W, b: W * entree + b
    cachee = couche(x, W1, b1)
    sortie = couche(cachee, W2, b1)  #! bias_of_other_layer: b1 => b2
    return sortie + x  #! input_added: sortie + x => sortie

# %% forward: later, an energy physicist's signs, the last layer has a bias only
def forward(x, W1, b1, W2, b2):
    hidden = W1 * x - b1  #! bias_subtracted: - b1 => + b1
    output = hidden + b2  #! weight_missing: hidden + b2 => W2 * hidden + b2
    return output

# %% forward: later, the same weights twice and the mean of a batch
def forward(x, W1, b1, W2, b2):
    layers = [(W1, b1), (W1, b2)]  #! weight_of_other_layer: (W1, b2) => (W2, b2)
    a = x
    for W, b in layers:
        a = torch.add(b, W * a)
    return torch.mean(a)  #! one_number_for_all: torch.mean(a) => a

# %% loss: later, the brackets of the square
def loss(prediction, target):
    # (y - y_hat)^2
    difference = target - prediction ** 2  #! brackets_of_square_missing: target - prediction ** 2 => (target - prediction) ** 2
    return difference / 2  #! loss_halved: difference / 2 => difference

# %% loss: later, smooth and with a penalty
def loss(prediction, target):
    error = nn.functional.huber_loss(prediction, target, reduction="none")  #! loss_is_huber: nn.functional.huber_loss => nn.functional.mse_loss
    penalty = 0.01 * prediction ** 2
    return error + penalty  #! penalty_added: error + penalty => error

# %% loss: later, valeurs absolues, puis la racine de la RMSE
def loss(prediction, target):
    ecart = torch.abs(target - prediction)
    carre = ecart ** 1  #! not_squared_error: ecart ** 1 => ecart ** 2
    return torch.sqrt(carre)  #! root_of_loss: torch.sqrt(carre) => carre

# %% train_network: later, one tensor four times
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    one = torch.tensor(1.0, requires_grad=True)
    weights = [one] * 4  #! same_parameter_four_times: [one] * 4 => [one.detach().clone().requires_grad_() for _ in range(4)]
    optimizer = optimizer_class(weights, **hyperparameters)
    history = [torch.tensor([w.item() for w in weights])]
    for _ in range(steps):
        optimizer.zero_grad()
        W1, b1, W2, b2 = weights
        error = y - (W2 * (W1 * x + b1) + b2)
        (0.5 * error ** 2).backward()  #! loss_halved: 0.5 * error ** 2 => error ** 2
        optimizer.step()
        history.append(torch.tensor([w.item() for w in weights]))
    return torch.stack(history)

# %% train_network: later, history kept by parameter, not by step
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    names = ["W1", "b1", "W2", "b2"]
    params = {name: torch.ones(1, requires_grad=True) for name in names}
    optimizer = optimizer_class(list(params.values()), **hyperparameters)
    logs = {name: [1.0] for name in names}
    for _ in range(steps):
        #! gradients_add_up: optimizer.zero_grad()
        h = params["W1"] * x + params["b1"]
        y_pred = params["W2"] * h + params["b2"]
        loss = torch.sum((y_pred - y) ** 2)
        loss.backward()
        optimizer.step()
        for name in names:
            logs[name].append(params[name].item())
    table = torch.tensor([logs[name] for name in names])
    return table  #! rows_and_columns_swapped: table => table.T

# %% train_network: later, two nn.Linear with their own start
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Linear(1, 1)
        self.layer2 = nn.Linear(1, 1)

    def forward(self, x):
        return self.layer2(self.layer1(x))


def train_network(optimizer_class, x, y, steps, **hyperparameters):
    torch.manual_seed(42)
    model = Network()
    #! weights_start_elsewhere: for p in model.parameters(): nn.init.ones_(p)
    criterion = nn.L1Loss()  #! not_squared_error: nn.L1Loss() => nn.MSELoss()
    optimizer = optimizer_class(model.parameters(), **hyperparameters)
    x, y = torch.as_tensor(x).float().reshape(1, 1), torch.as_tensor(y).float().reshape(1, 1)
    snapshots = [torch.cat([p.detach().flatten() for p in model.parameters()])]
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        snapshots.append(torch.cat([p.detach().flatten() for p in model.parameters()]))
    return torch.stack(snapshots)

# %% train_network: later, rétropropagation à la main
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = theta = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    opt = optimizer_class(theta, **hyperparameters)
    x, y = float(x), float(y)
    lignes = [[float(t) for t in theta]]
    for _ in range(steps):
        with torch.no_grad():
            h = W1 * x + b1
            delta = 2 * (W2 * h + b2 - y)
            W1.grad = delta * W2  #! input_left_out: delta * W2 => delta * W2 * x
            b1.grad = delta  #! weight_left_out: b1.grad = delta => b1.grad = delta * W2
            W2.grad = delta * h
            b2.grad = delta.clone()
        opt.step()
        lignes.append([float(t) for t in theta])
    return torch.tensor(lignes)

# %% train_network: later, a vector of weights and one of biases, ends when it is small
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W = torch.ones(2, requires_grad=True)
    b = torch.ones(2, requires_grad=True)
    optimizer = optimizer_class([W, b], **hyperparameters)
    rows = []
    for step in range(steps + 1):
        rows.append(torch.stack([W[0], W[1], b[0], b[1]]).detach())  #! columns_in_other_order: W[1], b[0] => b[0], W[1]
        if step == steps:
            break
        optimizer.zero_grad()
        y_hat = W[1] * (W[0] * x + b[0]) + b[1]
        loss = (y - y_hat).pow(2)
        loss.backward()
        optimizer.step()
        if loss.item() < 1e-2: return torch.stack(rows)  #! stops_early
    return torch.stack(rows)

# %% train_network: later, the weights alone are trained, a sigmoid in the middle
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1 = torch.tensor(1.0, requires_grad=True)
    b1 = torch.tensor(1.0, requires_grad=True)
    W2 = torch.tensor(1.0, requires_grad=True)
    b2 = torch.tensor(1.0, requires_grad=True)
    optimizer = optimizer_class([W1, W2], **hyperparameters)  #! parameters_missing: [W1, W2] => [W1, b1, W2, b2]
    model = lambda: W2 * torch.sigmoid(W1 * x + b1) + b2  #! activation_added: torch.sigmoid(W1 * x + b1) => (W1 * x + b1)
    rows = [torch.stack((W1, b1, W2, b2)).detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.square(y - model()).backward()
        optimizer.step()
        rows.append(torch.stack((W1, b1, W2, b2)).detach())
    return torch.stack(rows)

# %% tuned: later, momentum for SGD and the decay that stays
def tuned():
    return dict(
        SGD=dict(learning_rate=0.5, momentum=0.9),  #! hyperparameter_unknown: learning_rate=0.5, momentum=0.9 => learning_rate=0.5
        RMSProp=dict(learning_rate=5.0, decay=0.2, epsilon=10.0),
        Adagrad=dict(learning_rate=60.0),
        Adam=dict(learning_rate=10.0, beta1=0.5, beta2=0.99),
        AdamW=dict(learning_rate=10.0, beta1=0.5, beta2=0.99),  #! decay_left: beta2=0.99 => beta2=0.99, weight_decay=0.0
    )

# %% tuned: later, a configuration file and a grid of candidates
CONFIG = """
SGD: learning_rate=0.5
RMSProp: learning_rate=5.0, decay=0.2, epsilon=10.0
Adagrad: learning_rate=60.0
Adam: learning_rate=10.0, beta1=0.5, beta2=0.99
AdamW: learning_rate=10.0, beta1=0.5, beta2=0.99, weight_decay=0.0
"""


def tuned():
    found = {}
    for line in CONFIG.strip().splitlines():
        name, _, values = line.partition(": ")
        pairs = [value.split("=") for value in values.split(", ")]
        found[name] = {key: float(value) for key, value in pairs}
    found["Adam"] = {"learning_rate": [1.0, 5.0, 10.0], "beta1": 0.5, "beta2": 0.99}  #! candidates_for_number
    found["Adagrad"] = {"learning_rate": 1.0}  #! rate_not_tuned
    return found

# %% tuned: later, more steps instead of a rate, noms en minuscules
def tuned():
    reglages = {
        "SGD": {"learning_rate": 0.01, "steps": 1000},  #! steps_among_hyperparameters: "learning_rate": 0.01, "steps": 1000 => "learning_rate": 0.5
        "RMSProp": {"learning_rate": 5.0, "decay": 0.2, "epsilon": 10.0},
        "Adagrad": {"learning_rate": 60.0},
        "adam": {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99},  #! optimizer_missing: "adam" => "Adam"
    }
    reglages["AdamW"] = {**reglages.get("Adam", reglages.get("adam", {})), "weight_decay": 0.0}
    return reglages

# %% tuned: later, the rates of a blog, torch's alpha, no decay set
def tuned():
    best_params = {"SGD": {"learning_rate": 0.5}}
    best_params["RMSProp"] = {"learning_rate": 5.0, "alpha": 0.2, "epsilon": 10.0}  #! keyword_renamed: "alpha" => "decay"
    best_params["Adagrad"] = {"learning_rate": 60.0}
    best_params["Adam"] = {"learning_rate": 1000.0, "beta1": 0.5, "beta2": 0.99}  #! rate_too_large: 1000.0 => 10.0
    best_params["AdamW"] = {"learning_rate": 10.0, "beta1": 0.5, "beta2": 0.99, "weight_decay": 0.01}  #! decay_left: "weight_decay": 0.01 => "weight_decay": 0.0
    return best_params
