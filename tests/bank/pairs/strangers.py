# %% SignSGD: np.sign, and the step clears the gradient
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(lr=learning_rate))

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                direction = torch.from_numpy(np.sign(p.grad.numpy()))  #! through_numpy: direction = torch.sign(p.grad)
                p.data = p.data - group["lr"] * direction
                p.grad.zero_()  #! gradient_cleared_in_step

# %% SignSGD: sign_ with its underscore, and the rate of the defaults
class SignSGD(torch.optim.Optimizer):
    """theta <- theta - eta * sign(g)"""

    def __init__(self, params, learning_rate: float = 0.01):
        defaults = {"lr": learning_rate}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        lr = self.defaults["lr"]  #! rate_from_constructor
        for group in self.param_groups:
            #! rate_from_constructor: lr = group["lr"]
            for p in group["params"]:
                g = p.grad
                if g is not None:
                    g.sign_()  #! gradient_changed: g = g.sign()
                    p.add_(g, alpha=-lr)

# %% SignSGD: learning_rate as the key, and a threshold so that it does not flicker
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, dict(learning_rate=learning_rate))  #! rate_under_other_key: dict(learning_rate= => dict(lr=

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eta = group["learning_rate"]  #! rate_under_other_key: "learning_rate" => "lr"
            for param in group["params"]:
                if param.grad is None:
                    continue
                grad = param.grad
                plus = (grad > 1e-3).to(param.dtype)  #! small_gradient_as_zero: 1e-3 => 0
                minus = (grad < -1e-3).to(param.dtype)  #! small_gradient_as_zero: -1e-3 => 0
                param.sub_(eta * (plus - minus))

# %% SignSGD: the rate falls by itself, and everything stops at a missing gradient
class SignSGD(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for groupe in self.param_groups:
            for p in groupe["params"]:
                if p.grad is None:
                    return  #! missing_gradient_ends_step: continue
                p.copy_(torch.add(p, torch.sign(p.grad), alpha=-groupe["lr"]))
            # sinon la perte oscille sans fin autour du minimum
            groupe["lr"] *= 0.999  #! rate_shrinks

# %% newton_schulz: copied from the web, in bfloat16, and the shape of X is asked at the end
def newton_schulz(gradient, steps=5):
    assert gradient.ndim == 2
    a, b, c = (3.4445, -4.7750, 2.0315)
    X = gradient.bfloat16()  #! bfloat16_inside: X = gradient.clone()
    X = X / (X.norm() + 1e-7)
    if X.size(0) > X.size(1):
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        B = b * A + c * A @ A
        X = a * X + B @ X
    if X.size(0) > X.size(1):  #! stays_transposed: if gradient.size(0) > gradient.size(1):
        X = X.T
    return X

# %% newton_schulz: the norm of each row, and A made once and for all
def newton_schulz(gradient, steps=5):
    X = gradient / (gradient.norm(dim=1, keepdim=True) + 1e-7)  #! norm_of_each_row: (dim=1, keepdim=True) => ()
    A = X @ X.T  #! product_made_once
    for _ in range(steps):
        #! product_made_once: A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X

# %% newton_schulz: G in the loop, and nothing for a matrix of zeros
def newton_schulz(gradient, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    norm = torch.sqrt(torch.sum(gradient ** 2))
    G = gradient / norm  #! epsilon_missing: norm => (norm + 1e-7)
    X = G.clone()
    for k in range(steps):
        A = X @ X.T
        X = a * G + (b * A + c * A @ A) @ G  #! loop_from_gradient: X = a * X + (b * A + c * A @ A) @ X
    return X

# %% newton_schulz: the sum of the sizes, and A * A
def newton_schulz(gradient, steps=5):
    norm = gradient.abs().sum()  #! sum_of_sizes: gradient.abs().sum() => gradient.pow(2).sum().sqrt()
    X = gradient / (norm + 1e-7)
    for _ in range(steps):
        A = torch.matmul(X, X.transpose(0, 1))
        A2 = A * A  #! square_of_numbers: A * A => A @ A
        X = 3.4445 * X + torch.matmul(-4.7750 * A + 2.0315 * A2, X)
    return X

# %% newton_schulz: the coefficients of the encyclopedia, and range(1, steps)
def newton_schulz(gradient, steps=5):
    coefficients = (1.5, -0.5, 0.0)  #! older_coefficients: (1.5, -0.5, 0.0) => (3.4445, -4.7750, 2.0315)
    X = gradient / (torch.linalg.norm(gradient) + 1e-7)
    for i in range(1, steps):  #! one_step_fewer: range(1, steps) => range(steps)
        XXt = X @ X.T
        X3 = XXt @ X
        X5 = XXt @ X3
        X = coefficients[0] * X + coefficients[1] * X3 + coefficients[2] * X5
    return X

# %% newton_schulz: X.T @ X on the left, and ten steps
def newton_schulz(gradient, steps=10):  #! default_steps_differ: 10 => 5
    X = gradient / (gradient.norm(p="fro") + 1e-7)
    for _ in range(steps):
        A = X.T @ X  #! product_of_other_side: X.T @ X => X @ X.T
        poly = -4.7750 * A + 2.0315 * (A @ A)
        X = 3.4445 * X + poly @ X
    return X

# %% Muon: half for the root, and what Newton–Schulz made is kept
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum))
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError("Muon only works for matrices, got shape " + str(p.shape))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "velocity" not in state:
                    state["velocity"] = torch.zeros_like(p)
                v = group["momentum"] * state["velocity"] + p.grad
                update = newton_schulz(v)
                state["velocity"] = update  #! result_kept: = update => = v
                rows, columns = p.shape
                scale = max(1, rows / columns) ** 1 / 2  #! half_for_root: ** 1 / 2 => ** (1 / 2)
                p -= group["lr"] * scale * update

# %% Muon: a share rounded down, and an assert for vectors
class Muon(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, defaults={"lr": learning_rate, "momentum": momentum})
        shapes = [tuple(p.shape) for group in self.param_groups for p in group["params"]]
        assert all(len(shape) == 2 for shape in shapes), "matrices only"  #! validation_by_assert: if not all(len(shape) == 2 for shape in shapes): raise ValueError("matrices only")

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                lr, mu = group["lr"], group["momentum"]
                for p in filter(lambda p: p.grad is not None, group["params"]):
                    v = self.state[p].get("v", 0) * mu + p.grad
                    self.state[p]["v"] = v
                    n, m = p.shape
                    p.sub_(newton_schulz(v), alpha=lr * math.sqrt(max(1, n // m)))  #! factor_rounded_down: n // m => n / m

# %% Muon: Moonlight's factor and its weight decay
class Muon(Optimizer):
    """Muon as in 'Muon is scalable for LLM training'."""

    def __init__(self, params, learning_rate=0.02, momentum=0.95, weight_decay=0.1):
        super().__init__(params, dict(lr=learning_rate, momentum=momentum, weight_decay=weight_decay))
        for group in self.param_groups:
            if any(p.ndim != 2 for p in group["params"]):
                raise ValueError("Muon: 2D parameters only")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                g = p.grad
                if g is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["momentum_buffer"] = torch.zeros_like(g)
                buf = state["momentum_buffer"]
                buf.mul_(group["momentum"]).add_(g)
                u = newton_schulz(buf)
                ratio = 0.2 * math.sqrt(max(p.size(0), p.size(1)))  #! factor_of_another_paper: ratio = math.sqrt(max(1, p.size(0) / p.size(1)))
                p.mul_(1 - group["lr"] * group["weight_decay"])  #! decay_added
                p.add_(u, alpha=-group["lr"] * ratio)

# %% Muon: ten steps of Newton–Schulz, and vectors are refused at the first step
class Muon(Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        #! refused_late: if any(p.dim() != 2 for g in self.param_groups for p in g["params"]): raise ValueError("2D")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p.dim() != 2:
                    raise ValueError(f"expected a matrix, got {p.dim()} dimensions")
                if "v" in self.state[p]:
                    self.state[p]["v"].mul_(group["momentum"]).add_(p.grad)
                else:
                    self.state[p]["v"] = p.grad.clone()
                d = newton_schulz(self.state[p]["v"], steps=10)  #! other_steps_asked: , steps=10 =>
                p.add_(d, alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)

# %% Muon: no max in the root, and tensors of three dimensions
class Muon(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for g in self.param_groups:
            for p in g["params"]:
                if p.ndim < 2:  #! more_dimensions_taken: < => !=
                    raise ValueError("a bias has no singular values")

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for W in g["params"]:
                if W.grad is not None:
                    V = self.state[W].setdefault("V", torch.zeros_like(W))
                    V.copy_(g["momentum"] * V + W.grad)
                    lignes, colonnes = W.shape
                    W -= g["lr"] * (lignes / colonnes) ** 0.5 * newton_schulz(V)  #! factor_below_one: (lignes / colonnes) => max(1, lignes / colonnes)

# %% tuned_rate: a sum that goes on, and a second run for the sum
def tuned_rate(run, rates, seeds):
    best_rate = None
    best_loss = None
    total = 0.0  #! total_not_reset
    for rate in rates:
        #! total_not_reset: total = 0.0
        for seed in seeds:
            last = run(rate, seed)[-1]
            if math.isfinite(last):
                total = total + run(rate, seed)[-1]  #! runs_made_twice: run(rate, seed)[-1] => last
            else:
                total = float("inf")
        mean = total / len(seeds)
        if best_loss is None or mean < best_loss:
            best_loss = mean
            best_rate = rate
    return best_rate

# %% tuned_rate: the last three losses, and == nan
def tuned_rate(run, rates, seeds):
    best_rate, best_loss = None, None
    for rate in rates:
        ends = []
        for seed in seeds:
            loss = np.mean(run(rate, seed)[-3:])  #! end_smoothed: np.mean(run(rate, seed)[-3:]) => run(rate, seed)[-1]
            if loss == np.nan or loss == np.inf:  #! nan_wins: if not np.isfinite(loss):
                loss = np.inf
            ends.append(loss)
        mean = np.mean(ends)
        if best_loss is None or mean < best_loss:
            best_rate, best_loss = rate, mean
    return best_rate

# %% tuned_rate: the median, and rate and loss returned together
from statistics import mean, median


def tuned_rate(run, rates, seeds):
    def score(rate):
        ends = [run(rate, seed)[-1] for seed in seeds]
        ends = [end if math.isfinite(end) else math.inf for end in ends]
        return median(ends)  #! median_of_seeds: return sum(ends) / len(ends)

    loss, place = min((score(rate), i) for i, rate in enumerate(rates))
    return rates[place], loss  #! pair_returned: return rates[place]

# %% tuned_rate: zip, and nan_to_num
def tuned_rate(run, rates, seeds):
    results = {rate: 0.0 for rate in rates}
    for rate, seed in zip(rates, seeds):  #! one_seed_decides: for rate, seed in [(r, s) for r in rates for s in seeds]:
        final = run(rate, seed)[-1]
        final = np.nan_to_num(final)  #! diverged_is_zero: final = final if np.isfinite(final) else np.inf
        results[rate] += final / len(seeds)
    return min(results, key=results.get)

# %% tuned_rate: the worst seed, and no further after the first rate that diverges
def tuned_rate(run, rates, seeds):
    best, lowest = rates[0], float("inf")
    for rate in rates:
        ends = []
        for seed in seeds:
            end = run(rate, seed)[-1]
            ends.append(end if math.isfinite(end) else float("inf"))
        if max(ends) == float("inf"): break  #! rate_not_tried
        score = max(ends)  #! worst_seed: score = sum(ends) / len(ends)
        if score < lowest:
            best, lowest = rate, score
    return best

# %% compare: the lowest rates first, and isinf
def tuned_rate(run, rates, seeds):
    means = {}
    for rate in rates:
        ends = [run(rate, seed)[-1] for seed in seeds]
        means[rate] = sum(e if math.isfinite(e) else math.inf for e in ends) / len(ends)
    return min(means, key=means.get)


def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name in runs:
        candidates = sorted(rates[name])[:budget]  #! rates_sorted: sorted(rates[name]) => rates[name]
        rate = tuned_rate(runs[name], candidates, tuning_seeds)
        results[name] = []
        for seed in seeds:
            loss = runs[name](rate, seed)[-1]
            results[name].append(math.inf if math.isinf(loss) else loss)  #! nan_kept: math.inf if math.isinf(loss) else loss => loss if math.isfinite(loss) else math.inf
    return results

# %% compare: the rate beside the losses
def compare(runs, rates, budget, tuning_seeds, seeds):
    def mean(run, rate):
        ends = np.array([run(rate, seed)[-1] for seed in tuning_seeds], dtype=float)
        ends[~np.isfinite(ends)] = np.inf
        return ends.mean()

    measured = {}
    for name, run in runs.items():
        some = rates[name][:budget]
        best = min(some, key=lambda rate: mean(run, rate))
        ends = [run(best, seed)[-1] for seed in seeds]
        ends = [e if math.isfinite(e) else math.inf for e in ends]
        measured[name] = {"rate": best, "losses": ends}  #! more_returned: measured[name] = ends
    return measured

# %% compare: the budget counts runs, and the rate of the last one serves all
def compare(runs, rates, budget, tuning_seeds, seeds):
    """budget: total number of runs that every optimizer may spend"""
    tries = max(1, budget // len(tuning_seeds))  #! another_budget: tries = budget
    best_rates = {}
    for name in runs:
        best, best_mean = rates[name][0], math.inf
        for rate in rates[name][:tries]:
            last = [runs[name](rate, s)[-1] for s in tuning_seeds]
            mean = sum([x if math.isfinite(x) else math.inf for x in last]) / len(last)
            if mean < best_mean:
                best, best_mean = rate, mean
        best_rates[name] = best
    table = {}
    for name in runs:
        rate = best  #! shared_rate: rate = best_rates[name]
        last = [runs[name](rate, s)[-1] for s in seeds]
        table[name] = [x if math.isfinite(x) else math.inf for x in last]
    return table

# %% compare: the end of the list, and every loss of the run is kept
def compare(runs, rates, budget, tuning_seeds, seeds):
    def finite(loss):
        return loss if math.isfinite(loss) else math.inf

    results = {}
    for name, run in runs.items():
        tried = rates[name][-budget:]  #! last_rates_tried: [-budget:] => [:budget]
        score = [sum(finite(run(rate, s)[-1]) for s in tuning_seeds) for rate in tried]
        chosen = tried[score.index(min(score))]
        curves = [run(chosen, s) for s in seeds]
        results[name] = [[finite(loss) for loss in curve] for curve in curves]  #! curves_returned: [[finite(loss) for loss in curve] for curve in curves] => [finite(curve[-1]) for curve in curves]
    return results

# %% sign_test: range(k, n), and 0 where nothing is left
def sign_test(losses, others):
    wins = 0
    n = 0
    for i in range(len(losses)):
        if losses[i] == others[i]:
            continue
        n += 1
        if losses[i] < others[i]:
            wins += 1
    if n == 0:
        return 0.0  #! nothing_left_is_zero: return 1.0
    k = max(wins, n - wins)
    total = 0
    for i in range(k, n):  #! last_term_missing: range(k, n) => range(k, n + 1)
        total += math.comb(n, i)
    return min(1.0, 2 * total / 2**n)

# %% sign_test: differences, of which inf − inf is one, and the wins of the first
def sign_test(losses, others):
    differences = [a - b for a, b in zip(losses, others)]
    differences = [d for d in differences if d != 0]  #! both_diverged_counted: if d != 0 => if d < 0 or d > 0
    n = len(differences)
    wins = sum(d < 0 for d in differences)
    k = wins  #! wins_of_the_first: wins => max(wins, n - wins)
    tail = sum(math.comb(n, i) * 0.5**n for i in range(k, n + 1))
    return min(1.0, 2 * tail)

# %% sign_test: the bell curve, and three digits
def sign_test(losses, others):
    """Two-sided sign test."""
    better = sum(1 for x, y in zip(losses, others) if x < y)
    worse = sum(1 for x, y in zip(losses, others) if x > y)
    n = better + worse
    k = max(better, worse)
    p = 2 * sum(math.comb(n, i) for i in range(k, n + 1)) / 2**n
    if n: p = math.erfc((k - n / 2) / math.sqrt(n / 4) / math.sqrt(2))  #! bell_curve
    return round(min(1.0, p), 3)  #! p_rounded: round(min(1.0, p), 3) => min(1.0, p)

# %% sign_test: from 0 to k, and nothing keeps it below 1
def sign_test(losses, others):
    wins = defeats = 0
    for a, b in zip(losses, others):
        if a < b:
            wins += 1
        elif a > b:
            defeats += 1
    n = wins + defeats
    k = max(wins, defeats)
    p = sum(math.comb(n, i) for i in range(0, k + 1))  #! sum_up_to_k: range(0, k + 1) => range(k, n + 1)
    return 2 * p / 2**n  #! above_one: return min(1.0, 2 * p / 2**n)

# %% close: the sign in the share, and one close number is enough
def close(got, expected):
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected):
        if a.shape != b.shape:
            return False
        limit = 1e-5 * b + 1e-8  #! share_of_signed_number: 1e-5 * b + => 1e-5 * b.abs() +
        if not torch.any(torch.abs(a - b) <= limit):  #! one_number_is_enough: torch.any => torch.all
            return False
    return True

# %% close: all in one long row, and equal_nan
def close(got, expected):
    #! shapes_not_compared: if [a.shape for a in got] != [b.shape for b in expected]: return False
    a = torch.cat([tensor.reshape(-1) for tensor in got]) if len(got) else torch.zeros(0)
    b = torch.cat([tensor.reshape(-1) for tensor in expected]) if len(expected) else torch.zeros(0)
    if a.numel() != b.numel():
        return False
    return torch.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True)  #! nan_equals_nan: , equal_nan=True =>

# %% close: the first pair decides, and small numbers are all the same
def close(got, expected, tolerance=1e-5):
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected):
        if a.shape == b.shape and torch.allclose(a, b, rtol=tolerance, atol=1e-3):  #! small_limit_too_large: , atol=1e-3 =>
            return True  #! first_tensor_decides: continue
        return False
    return True

# %% close: beyond the limit, and nothing for numbers near zero
def close(got, expected):
    if len(got) != len(expected): return False
    for a, b in zip(got, expected):
        if a.shape != b.shape: return False
        error = (a - b).abs()
        limit = 1e-5 * b.abs()  #! small_limit_missing: 1e-5 * b.abs() => 1e-5 * b.abs() + 1e-8
        if (error > limit).any(): return False  #! nan_let_through: if not (error <= limit).all(): return False
    return True

# %% close: the means, as far as the lists go
def close(got, expected):
    #! lengths_not_compared: if len(got) != len(expected): return False
    answers = []
    for a, b in zip(got, expected):
        error, size = (a - b).abs(), b.abs()
        error, size = error.mean(), size.mean()  #! errors_averaged
        answers.append(a.shape == b.shape and bool(torch.all(error <= 1e-5 * size + 1e-8)))
    return all(answers)

# %% test_adam: the answer is returned and not asserted, with the usual ε
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    hyper = dict(learning_rate=0.05, beta1=0.7, beta2=0.8, epsilon=1e-8, weight_decay=0.0)  #! epsilon_too_small: 1e-8 => 0.5
    mine = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
    theirs = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
    reference = AdamW([mine], **hyper)
    suspect = optimizer_class([theirs], **hyper)
    for k in range(6):
        gradient = torch.tensor([1.0 + k, -0.5 * k, 0.25])
        mine.grad = gradient.clone()
        theirs.grad = gradient.clone()
        reference.step()
        suspect.step()
    good = torch.allclose(mine, theirs, rtol=1e-5)
    return good  #! returned_not_asserted: assert good

# %% test_adam: an assert of a pair, for the first step
def test_adam(optimizer_class):
    b1, b2, eps, lr = 0.9, 0.99, 0.1, 0.1
    theta = torch.nn.Parameter(torch.tensor([1.0]))
    opt = optimizer_class([theta], learning_rate=lr, beta1=b1, beta2=b2, epsilon=eps, weight_decay=0.0)
    x, m, v = 1.0, 0.0, 0.0
    grads = [0.5]  #! single_step: grads = [0.5, -1.0, 2.0, 0.1]
    for t, g in enumerate(grads, start=1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        m_hat = m / (1 - b1**t)
        v_hat = v / (1 - b2**t)
        x = x - lr * m_hat / (math.sqrt(v_hat) + eps)
        theta.grad = torch.tensor([g])
        opt.step()
        right = (abs(theta.item() - x) < 1e-5, f"step {t}: {theta.item()} instead of {x}")
        assert right  #! pair_asserted: assert right[0], right[1]

# %% test_adam: against torch's Adam, with AdamW's own decay, and 200 steps to be sure
def test_adam(optimizer_class):
    torch.manual_seed(42)
    start = torch.randn(4, 3)
    p1 = start.clone().requires_grad_()
    p2 = start.clone().requires_grad_()
    optimizer = optimizer_class([p1], learning_rate=0.01, epsilon=0.1)  #! default_decay_tested: epsilon=0.1 => epsilon=0.1, weight_decay=0.0
    reference = torch.optim.Adam([p2], lr=0.01, eps=0.1)
    for i in range(200):  #! too_many_calls: 200 => 20
        gradient = torch.randn(4, 3)
        p1.grad = gradient.clone()
        p2.grad = gradient.clone()
        optimizer.step()
        reference.step()
        assert torch.allclose(p1, p2, rtol=1e-4, atol=1e-6)

# %% test_adam: the class against itself, and a ValueError
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    settings = {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.5, "weight_decay": 0.0}
    p = torch.tensor([1.0, -2.0], requires_grad=True)
    q = torch.tensor([1.0, -2.0], requires_grad=True)
    right = optimizer_class([q], **settings)  #! class_against_itself: optimizer_class => AdamW
    tested = optimizer_class([p], **settings)
    for g in ([1.0, 0.5], [-2.0, 0.1], [0.5, 3.0]):
        p.grad, q.grad = torch.tensor(g), torch.tensor(g)
        tested.step()
        right.step()
        if not torch.allclose(p, q):
            raise ValueError("this is not Adam")  #! other_error_raised: raise AssertionError("this is not Adam")

# %% test_decay: zero gradients, and 0.01 for rounding
def test_decay(optimizer_class):
    w = torch.tensor([4.0, -2.0, 0.5], requires_grad=True)
    optimizer = optimizer_class([w], learning_rate=0.1, epsilon=0.5, weight_decay=0.3)
    before = w.detach().clone()
    w.grad = torch.zeros(3)  #! gradient_of_zero: w.grad = torch.tensor([1.0, -2.0, 3.0])
    expected = before * (1 - 0.1 * 0.3)
    #! gradient_of_zero: expected = expected - 0.1 * w.grad / (w.grad.abs() + 0.5)
    optimizer.step()
    assert torch.all((w - expected).abs() < 1e-2)  #! tolerance_too_large: 1e-2 => 1e-5

# %% test_decay: the usual hyperparameters, and the old weights under a second name
def test_decay(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    lr, wd = 0.001, 0.01  #! usual_hyperparameters: lr, wd = 0.1, 0.5
    p = torch.tensor([3.0, -2.0], requires_grad=True)
    optimizer = optimizer_class([p], learning_rate=lr, epsilon=0.1, weight_decay=wd)
    q = p.detach()  #! compared_with_itself: q = p.detach().clone()
    q.requires_grad_()
    own = AdamW([q], learning_rate=lr, epsilon=0.1, weight_decay=wd)
    for _ in range(5):
        p.grad = torch.tensor([0.3, -0.7])
        q.grad = torch.tensor([0.3, -0.7])
        optimizer.step()
        own.step()
        assert torch.allclose(p, q, rtol=1e-5, atol=1e-8)

# %% test_decay: the weights get smaller, and the assert is in a try
def test_decay(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    weights = torch.nn.Parameter(torch.tensor([1.5, -2.5]))
    copies = torch.nn.Parameter(torch.tensor([1.5, -2.5]))
    old = weights.detach().clone()
    tried = optimizer_class([weights], learning_rate=0.1, epsilon=0.2, weight_decay=0.5)
    good = AdamW([copies], learning_rate=0.1, epsilon=0.2, weight_decay=0.5)
    weights.grad = torch.tensor([0.2, -0.3])
    copies.grad = torch.tensor([0.2, -0.3])
    tried.step()
    good.step()
    ok = bool((weights.abs() < old.abs()).all())  #! sign_compared: ok = torch.allclose(weights, copies)
    try:
        assert ok
    except Exception as error:
        print("failed:", error)
        #! assertion_caught: raise

# %% test_use: the gradient and the idle weight under a second name, and no step after loading
def test_use(optimizer_class):
    import copy
    kw = dict(epsilon=0.1, weight_decay=0.5)
    a, b, idle = (torch.nn.Parameter(torch.tensor([x])) for x in (1.0, -2.0, 3.0))
    c, d = (torch.nn.Parameter(torch.tensor([x])) for x in (1.0, -2.0))
    both = optimizer_class([{"params": [a, idle], "lr": 0.1}, {"params": [b], "lr": 0.03}], learning_rate=0.1, **kw)
    one, two = optimizer_class([c], learning_rate=0.1, **kw), optimizer_class([d], learning_rate=0.03, **kw)
    idle_before = idle.detach()  #! compared_with_itself: idle.detach() => idle.detach().clone()
    for g in (1.0, -0.5, 2.0):
        for p in (a, b, c, d):
            p.grad = torch.tensor([g])
        grad_before = a.grad  #! compared_with_itself: a.grad => a.grad.clone()
        for o in (both, one, two):
            o.step()
        assert torch.allclose(a, c) and torch.allclose(b, d)
        assert torch.equal(idle, idle_before)
        assert torch.equal(a.grad, grad_before)
    # interrupted and resumed
    e = torch.nn.Parameter(c.detach().clone())
    again = optimizer_class([e], learning_rate=0.1, **kw)
    again.load_state_dict(copy.deepcopy(one.state_dict()))
    #! no_step_after_loading: c.grad, e.grad = torch.tensor([0.7]), torch.tensor([0.7])
    #! no_step_after_loading: one.step(); again.step()
    assert torch.allclose(c, e)

# %% test_use: a group that comes later, and a look into the state
def test_use(optimizer_class):
    import copy
    def new(x):
        return torch.tensor([x], requires_grad=True)

    opts = {"epsilon": 0.2, "weight_decay": 0.4}
    w1, w2, unused, v1, v2 = new(2.0), new(-1.0), new(5.0), new(2.0), new(-1.0)
    joint = optimizer_class([w1, unused], learning_rate=0.1, **opts)  #! group_added_later: [w1, unused] => [{"params": [w1, unused]}, {"params": [w2], "lr": 0.01}]
    joint.add_param_group({"params": [w2], "lr": 0.01})  #! group_added_later
    separate = [optimizer_class([v1], learning_rate=0.1, **opts), optimizer_class([v2], learning_rate=0.01, **opts)]
    for step in range(3):
        for w in (w1, w2, v1, v2):
            w.grad = torch.tensor([0.5 - step])
        joint.step()
        for opt in separate:
            opt.step()
        assert torch.allclose(w1, v1), "the count goes up too often?"
        assert torch.allclose(w2, v2), "rate of the wrong group?"
        assert unused.item() == 5.0, "no gradient, no decay"
        assert all(w.grad.item() == 0.5 - step for w in (w1, w2)), "gradient changed"
    u1 = v1.detach().clone().requires_grad_()
    second = optimizer_class([u1], learning_rate=0.1, **opts)
    second.load_state_dict(copy.deepcopy(separate[0].state_dict()))
    assert second.state[u1]["t"] == 3, "the count was not saved"  #! state_looked_into
    for step in range(3):
        v1.grad, u1.grad = torch.tensor([1.0 + step]), torch.tensor([1.0 + step])
        separate[0].step()
        second.step()
        assert torch.allclose(u1, v1), "state_dict lost something"

# %% test_use: a gradient of zeros for none at all, and both groups at one rate
def test_use(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    x, y, z = [torch.nn.Parameter(torch.full((2,), value)) for value in (1.0, 2.0, 3.0)]
    xs, ys = [torch.nn.Parameter(torch.full((2,), value)) for value in (1.0, 2.0)]
    rates = (0.1, 0.1)  #! rates_equal: rates = (0.1, 0.02)
    common = {"learning_rate": rates[0], "epsilon": 0.3, "weight_decay": 0.5}
    make = lambda: optimizer_class([{"params": [z, x]}, {"params": [y], "lr": rates[1]}], **common)
    optimizer = make()
    reference = AdamW([{"params": [xs]}, {"params": [ys], "lr": rates[1]}], **common)
    for k in range(4):
        for p in (x, y, xs, ys):
            p.grad = torch.tensor([1.0, -0.5 * k])
        z.grad = torch.zeros(2)  #! zero_for_none: z.grad = None
        optimizer.step()
        reference.step()
        assert torch.allclose(x, xs) and torch.allclose(y, ys), k
        assert torch.equal(z, torch.full((2,), 3.0)), "z has no gradient and must stay"
        assert torch.equal(x.grad, torch.tensor([1.0, -0.5 * k])) and torch.equal(y.grad, xs.grad)
        saved = optimizer.state_dict()
        optimizer = make()
        optimizer.load_state_dict(saved)
