# %% SignSGD: Signum's buffer, and only the first group
class SignSGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01, beta=0.9):
        defaults = dict(lr=learning_rate, beta=beta)
        super(SignSGD, self).__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups[:1]:  #! first_group_only: self.param_groups[:1] => self.param_groups
            lr, beta = group["lr"], group["beta"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "m" not in state:
                    state["m"] = torch.zeros_like(p)
                state["m"].mul_(beta).add_(p.grad, alpha=1 - beta)
                p.add_(torch.sign(state["m"]), alpha=-lr)  #! momentum_added: state["m"] => p.grad

# %% SignSGD: where, and the mean size of the gradient, as with error feedback
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.001):  #! default_differs: 0.001 => 0.01
        super().__init__(params, {"lr": learning_rate})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    g = p.grad.data
                    one = torch.ones_like(g)
                    s = torch.where(g > 0, one, -one)  #! zero_has_sign: s = torch.where(g > 0, one, torch.where(g < 0, -one, 0 * one))
                    scale = g.abs().mean()  #! sign_scaled_by_mean: scale = 1.0
                    p.data -= group["lr"] * scale * s

# %% newton_schulz: on the singular values themselves, divided by the largest
def newton_schulz(gradient, steps=5):
    # p(X) ne change que les valeurs singulières, donc on travaille sur elles
    U, S, Vh = torch.linalg.svd(gradient, full_matrices=False)
    S = S / (S.max() + 1e-7)  #! spectral_norm: S.max() => S.norm()
    for _ in range(steps):
        S = 3.4445 * S - 4.7750 * S**3 + 2.0315 * S**4  #! another_power: S**4 => S**5
    return U @ torch.diag(S) @ Vh

# %% newton_schulz: no X behind b A, and the gradient divided where it is
def newton_schulz(gradient, steps=5):
    a = 3.4445
    b = -4.7750
    c = 2.0315
    norm = torch.sqrt((gradient * gradient).sum()) + 1e-7
    X = gradient
    X /= norm  #! gradient_changed: X = X / norm
    i = 0
    while i < steps:
        A = X @ X.T
        X = a * X + b * A + c * A @ A @ X  #! third_power_without_x: b * A + => b * A @ X +
        i += 1
    return X

# %% Muon: Nesterov's look ahead as in the blog, and columns over rows
class Muon(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError("Muon is for 2D parameters")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            momentum = group["momentum"]
            for p in group["params"]:
                g = p.grad
                if g is None:
                    continue
                state = self.state[p]
                if "momentum_buffer" not in state:
                    state["momentum_buffer"] = torch.zeros_like(g)
                buf = state["momentum_buffer"]
                buf.mul_(momentum).add_(g)
                g = g.add(buf, alpha=momentum)  #! looks_ahead: g = buf
                update = newton_schulz(g)
                update = update * max(1, g.size(1) / g.size(0)) ** 0.5  #! factor_of_other_side: g.size(1) / g.size(0) => g.size(0) / g.size(1)
                p.add_(update, alpha=-group["lr"])

# %% Muon: velocities in a dictionary of its own, self.momentum, and a TypeError
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        self.momentum = momentum
        self.v = {}  #! state_not_saved
        for group in self.param_groups:
            for p in group["params"]:
                if len(p.shape) != 2:
                    raise TypeError("not a matrix: " + str(tuple(p.shape)))  #! validation_raises_other: TypeError => ValueError

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    store = self.v.setdefault(p, {})  #! state_not_saved: store = self.state[p]
                    old = store.get("v", torch.zeros_like(p))
                    mu = self.momentum  #! hyperparameters_from_constructor: mu = group["momentum"]
                    store["v"] = mu * old + p.grad
                    r, c = p.size()
                    p -= group["lr"] * math.sqrt(max(1.0, r / c)) * newton_schulz(store["v"])

# %% tuned_rate: nanmean and argmin
def tuned_rate(run, rates, seeds):
    table = np.zeros((len(rates), len(seeds)))
    for i, rate in enumerate(rates):
        for j, seed in enumerate(seeds):
            table[i, j] = run(rate, seed)[-1]
    #! diverged_left_out: table[~np.isfinite(table)] = np.inf
    scores = np.nanmean(table, axis=1)
    return np.argmin(scores)  #! place_returned: return rates[np.argmin(scores)]

# %% tuned_rate: stops as soon as it gets worse, and takes the lowest loss of a run
def tuned_rate(run, rates, seeds):
    best_rate = rates[0]
    best_mean = float("inf")
    for rate in rates:
        total = 0
        for seed in seeds:
            losses = run(rate, seed)
            final = losses[-1]
            if not math.isfinite(final):
                final = float("inf")
            else:
                final = min(losses)  #! lowest_loss: min(losses) => losses[-1]
            total += final
        mean = total / len(seeds)
        if mean < best_mean:
            best_mean = mean
            best_rate = rate
        else:
            break  # the valley goes up again from here  #! rate_not_tried: pass
    return best_rate

# %% compare: the two lists of seeds the wrong way round
def tuned_rate(run, rates, seeds):
    means = []
    for rate in rates:
        ends = [run(rate, seed)[-1] for seed in seeds]
        means.append(sum(e if math.isfinite(e) else math.inf for e in ends) / len(ends))
    return rates[means.index(min(means))]


def compare(runs, rates, budget, tuning_seeds, seeds):
    out = {}
    for name in runs:
        rate = tuned_rate(runs[name], rates[name][:budget], seeds)  #! tuned_on_the_final_seeds: , seeds) => , tuning_seeds)
        out[name] = []
        for seed in tuning_seeds:  #! measured_on_tuning_seeds: for seed in seeds:
            end = runs[name](rate, seed)[-1]
            out[name].append(end if math.isfinite(end) else math.inf)
    return out

# %% compare: the mean of what has not diverged
def compare(runs, rates, budget, tuning_seeds, seeds):
    """Return {name: result} for every optimizer."""
    def last(run, rate, seed):
        loss = run(rate, seed)[-1]
        return loss if math.isfinite(loss) else float("inf")

    results = {}
    for name, run in runs.items():
        best, best_score = None, None
        for rate in rates[name][0:budget]:
            score = sum(last(run, rate, s) for s in tuning_seeds) / len(tuning_seeds)
            if best_score is None or score < best_score:
                best, best_score = rate, score
        losses = [last(run, best, s) for s in seeds]
        losses = [x for x in losses if x != float("inf")]  #! diverged_left_out
        results[name] = sum(losses) / max(len(losses), 1)  #! one_number_for_all_seeds: results[name] = losses
    return results

# %% sign_test: numpy, all the seeds, and no factor 2
def sign_test(losses, others):
    a = np.array(losses)
    b = np.array(others)
    wins = int((a < b).sum())
    defeats = int((a > b).sum())
    n = len(a)  #! ties_counted: n = wins + defeats
    k = max(wins, defeats)
    p = 0.0
    for i in range(k, n + 1):
        p += math.comb(n, i) * 0.5**n
    return min(1.0, p)  #! one_sided: p) => 2 * p)

# %% sign_test: ten thousand coins, and half a win for a tie
def sign_test(losses, others):
    pairs = list(zip(losses, others))
    wins = sum(a < b for a, b in pairs)
    ties = sum(a == b for a, b in pairs)
    n = len(pairs)
    wins += 0.5 * ties  #! ties_halved
    #! ties_halved: n -= ties
    far = abs(wins - n / 2)
    rng = np.random.default_rng(0)  #! p_by_simulation
    coins = rng.binomial(n, 0.5, size=10_000)  #! p_by_simulation
    p = np.mean(np.abs(coins - n / 2) >= far)  #! p_by_simulation: p = sum(math.comb(n, i) for i in range(n + 1) if abs(i - n / 2) >= far) / 2**n
    return float(p)

# %% close: number by number, 0.00001 for all
def close(got, expected):
    if len(got) != len(expected):
        return False
    for i in range(len(got)):
        #! shapes_not_compared: if got[i].shape != expected[i].shape: return False
        x = got[i].flatten().tolist()
        y = expected[i].flatten().tolist()
        if len(x) != len(y):
            return False
        for u, v in zip(x, y):
            if not abs(u - v) <= 1e-5:  #! fixed_limit: 1e-5 => 1e-5 * abs(v) + 1e-8
                return False
    return True

# %% close: the norm of the difference, and the answer of the last tensors
def close(got, expected, rtol=1e-5):
    if [tuple(t.shape) for t in got] != [tuple(t.shape) for t in expected]:
        return False
    ok = True
    for a, b in zip(got, expected):
        error, size = a - b, b
        error, size = error.norm(), size.norm()  #! norms_compared
        within = (error.abs() <= rtol * size.abs() + 1e-8).all()
        ok = bool(within)  #! last_tensor_decides: ok = ok and bool(within)
    return ok

# %% test_adam: zip gone through once already, and the ε of every day
def test_adam(optimizer_class):
    lr, beta1, beta2, eps = 0.1, 0.9, 0.99, 1e-8  #! epsilon_too_small: 1e-8 => 0.3
    gradients = [0.5, -1.0, 2.0, 0.25]
    w = torch.tensor([2.0], requires_grad=True)
    optimizer = optimizer_class([w], learning_rate=lr, beta1=beta1, beta2=beta2, epsilon=eps, weight_decay=0.0)

    got = []
    for g in gradients:
        w.grad = torch.tensor([g])
        optimizer.step()
        got.append(w.item())

    expected = []
    x, m, v = 2.0, 0.0, 0.0
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
        expected.append(x)

    pairs = zip(got, expected)
    assert len(list(pairs)) == len(gradients)  #! loop_over_nothing
    for a, b in pairs:
        assert abs(a - b) <= 1e-5 * abs(b), f"{a} should be {b}"

# %% test_adam: assert_array_equal after one step
def test_adam(optimizer_class):
    torch.manual_seed(0)
    start = torch.randn(3, 2)
    a = start.clone().requires_grad_(True)
    b = start.clone().requires_grad_(True)
    opt_a = optimizer_class([a], learning_rate=0.05, beta1=0.8, beta2=0.95, epsilon=0.2, weight_decay=0.0)
    opt_b = torch.optim.Adam([b], lr=0.05, betas=(0.8, 0.95), eps=0.2)
    for _ in range(1):  #! single_step: range(1) => range(8)
        grad = torch.randn(3, 2)
        a.grad, b.grad = grad.clone(), grad.clone()
        opt_a.step()
        opt_b.step()
    np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())  #! digits_too_many: assert_array_equal(a.detach().numpy(), b.detach().numpy()) => assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-5, atol=1e-7)

# %% test_decay: the values of every day, and five hundred steps to make up for them
def test_decay(optimizer_class):
    from coursekit.optimizers.suspects import AdamW

    torch.manual_seed(1)
    weights = torch.randn(5) * 2
    settings = {"learning_rate": 1e-3, "epsilon": 0.1, "weight_decay": 0.01}  #! usual_hyperparameters: "learning_rate": 1e-3, "epsilon": 0.1, "weight_decay": 0.01 => "learning_rate": 0.1, "epsilon": 0.1, "weight_decay": 0.5
    params = [weights.clone().requires_grad_() for _ in range(2)]
    optimizers = [optimizer_class([params[0]], **settings), AdamW([params[1]], **settings)]
    for _ in range(500):  #! too_many_calls: 500 => 4
        gradient = torch.randn(5)
        for param, optimizer in zip(params, optimizers):
            param.grad = gradient.clone()
            optimizer.step()
        assert torch.allclose(params[0], params[1], rtol=1e-5, atol=1e-7)

# %% test_decay: torch.ones, and an oracle that decays last
def test_decay(optimizer_class):
    eta, lam, eps = 0.1, 0.5, 0.1
    theta = torch.ones(2, requires_grad=True)  #! weight_of_one: torch.ones(2, requires_grad=True) => torch.tensor([2.0, -3.0], requires_grad=True)
    before = theta.detach().clone()
    opt = optimizer_class([theta], learning_rate=eta, epsilon=eps, weight_decay=lam)
    theta.grad = torch.tensor([0.4, -2.0])
    opt.step()
    g = torch.tensor([0.4, -2.0])
    expected = before - eta * g / (g.abs() + eps)
    expected = expected - eta * lam * expected  #! reference_wrong: eta * lam * expected => eta * lam * before
    assert torch.allclose(theta.detach(), expected, rtol=1e-5)

# %% test_use: one group for all, and nobody reads a gradient
def test_use(optimizer_class):
    import copy

    def parameter(value):
        return torch.tensor([value], requires_grad=True)

    hyper = {"epsilon": 0.1, "weight_decay": 0.5}
    a, b, lazy = parameter(1.0), parameter(-2.0), parameter(4.0)
    c, d = parameter(1.0), parameter(-2.0)
    groups = [{"params": [lazy, a, b]}]  #! groups_missing: [lazy, a, b]} => [lazy, a], "lr": 0.1}, {"params": [b], "lr": 0.02}
    together = optimizer_class(groups, learning_rate=0.1, **hyper)
    alone = [optimizer_class([c], learning_rate=0.1, **hyper)]
    alone.append(optimizer_class([d], learning_rate=0.1, **hyper))  #! groups_missing: 0.1 => 0.02

    def go(parameters, optimizers, g):
        for p in parameters:
            p.grad = torch.tensor([g])
        for o in optimizers:
            o.step()
        #! gradient_not_read: assert all(p.grad.item() == g for p in parameters)

    for g in [1.0, -0.5, 0.75]:
        go([a, b, c, d], [together] + alone, g)
    assert torch.allclose(a, c, rtol=1e-5)
    assert torch.allclose(b, d, rtol=1e-5)
    assert lazy.item() == 4.0

    # save and load
    e = c.detach().clone().requires_grad_()
    loaded = optimizer_class([e], learning_rate=0.1, **hyper)
    loaded.load_state_dict(copy.deepcopy(alone[0].state_dict()))
    for g in [0.5, -1.5]:
        go([c, e], [alone[0], loaded], g)
        assert torch.allclose(c, e, rtol=1e-5)

# %% test_use: loaded before the first step, and the idle weight starts at 0
def test_use(optimizer_class):
    import copy

    torch.manual_seed(3)
    common = {"learning_rate": 0.1, "beta1": 0.8, "epsilon": 0.2, "weight_decay": 0.3}
    w1 = nn.Parameter(torch.randn(2, 2))
    w2 = nn.Parameter(torch.randn(3))
    frozen = nn.Parameter(torch.zeros(3))  #! idle_at_zero: torch.zeros(3) => torch.ones(3)
    frozen_before = frozen.detach().clone()
    v1, v2 = nn.Parameter(w1.detach().clone()), nn.Parameter(w2.detach().clone())
    opt = optimizer_class([{"params": [w1]}, {"params": [w2, frozen], "lr": 0.01}], **common)
    first = optimizer_class([v1], **common)
    second = optimizer_class([v2], **{**common, "learning_rate": 0.01})
    for i in range(6):
        if i == 0:  #! loaded_too_early: 0 => 3
            saved = copy.deepcopy(first.state_dict())
            first = optimizer_class([v1], **common)
            first.load_state_dict(saved)
        g1, g2 = torch.randn(2, 2), torch.randn(3)
        w1.grad, v1.grad, w2.grad, v2.grad = g1.clone(), g1.clone(), g2.clone(), g2.clone()
        opt.step()
        first.step()
        second.step()
        assert torch.allclose(w1, v1, atol=1e-6) and torch.allclose(w2, v2, atol=1e-6), i
        assert torch.equal(w1.grad, g1) and torch.equal(w2.grad, g2), "grad was modified"
        assert torch.equal(frozen, frozen_before)
