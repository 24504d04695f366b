# %% SGD: super().__init__ forgotten
class SGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        self.params = list(params)  #! super_forgotten: super().__init__(params, dict(lr=learning_rate))
        self.learning_rate = learning_rate

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p -= group["lr"] * p.grad

# %% Adagrad: the stub's raise above the answer
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        raise NotImplementedError("write me")  #! raise_left
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                G = self.state[p].setdefault("G", torch.zeros_like(p))
                G += p.grad ** 2
                p -= group["lr"] * p.grad / (G.sqrt() + group["epsilon"])

# %% Adagrad: math.sqrt of a tensor
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                G = self.state[p].setdefault("G", torch.zeros_like(p))
                G += p.grad ** 2
                p -= group["lr"] * p.grad / (math.sqrt(G) + group["epsilon"])  #! root_of_a_number: math.sqrt(G) => torch.sqrt(G)

# %% Adagrad: the truth of a tensor
class Adagrad(Optimizer):
    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        super().__init__(params, dict(lr=learning_rate, epsilon=epsilon))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if not p.grad:  #! truth_of_tensor: not p.grad => p.grad is None
                    continue
                G = self.state[p].setdefault("G", torch.zeros_like(p))
                G += p.grad ** 2
                p -= group["lr"] * p.grad / (G.sqrt() + group["epsilon"])

# %% train_network: loss hides loss
def loss(prediction, target):
    return (target - prediction) ** 2


def train_network(optimizer_class, x, y, steps, **hyperparameters):
    W1, b1, W2, b2 = params = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(params, **hyperparameters)
    rows = [torch.stack(params).detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(W2 * (W1 * x + b1) + b2, y)
        loss = value  #! used_before_assignment
        value.backward()
        optimizer.step()
        rows.append(torch.stack(params).detach())
    return torch.stack(rows)
