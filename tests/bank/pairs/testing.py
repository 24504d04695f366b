# %% close: one tensor after the other, the answer written over, and NaN let through
def close(got, expected):
    if len(got) != len(expected):
        return False
    fine = True
    for a, b in zip(got, expected):
        if a.shape != b.shape:
            return False
        off = (a - b).abs() > 1e-5 * b.abs() + 1e-8  #! nan_let_through: off = ~((a - b).abs() <= 1e-5 * b.abs() + 1e-8)
        fine = not off.any()  #! last_tensor_decides: fine = fine and not off.any()
    return bool(fine)

# %% close: zip, and a limit on one side
def close(got, expected):
    #! lengths_not_compared: if len(got) != len(expected): return False
    for a, b in zip(got, expected):
        if a.shape != b.shape:
            return False
        if ((a - b) / (b.abs() * 1e-5 + 1e-8)).max() > 1:  #! one_side_only: if not ((a - b).abs() / (b.abs() * 1e-5 + 1e-8)).max() <= 1:
            return False
        if torch.isnan(a).any():
            return False
    return True

# %% close: broadcasting, and too large a share
def close(got, expected, rtol=2e-2):  #! share_too_large: def close(got, expected, rtol=1e-5):
    same_length = len(got) == len(expected)
    #! shapes_not_compared: same_length = same_length and all(a.shape == b.shape for a, b in zip(got, expected))
    return same_length and all(torch.allclose(a, b, rtol=rtol) for a, b in zip(got, expected))

# %% close: a fixed limit, and the lists only as far as they go
def close(got, expected):
    #! lengths_not_compared: if len(got) != len(expected): return False
    for a, b in zip(got, expected):
        if a.shape != b.shape or not torch.allclose(a, b, rtol=0, atol=1e-5):  #! fixed_limit: rtol=0, atol=1e-5 => rtol=1e-5
            return False
    return True

# %% close: sums, and no look at the shapes
def close(got, expected):
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected):
        #! shapes_not_compared: if a.shape != b.shape: return False
        off = (a - b).sum().abs() <= 1e-5 * b.sum().abs() + 1e-8  #! errors_added_up: off = ((a - b).abs() <= 1e-5 * b.abs() + 1e-8).all()
        if not off:
            return False
    return True

# %% close: to the last digit, and zip
def close(got, expected):
    #! lengths_not_compared: if len(got) != len(expected): return False
    return all(a.shape == b.shape and bool((a == b).all()) for a, b in zip(got, expected))  #! last_digit_compared: bool((a == b).all()) => torch.allclose(a, b)

# %% test_adam: the usual ε, and a single step
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    eps = 1e-8  #! epsilon_too_small: eps = 0.3
    p, q = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    tried = optimizer_class([p], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    right = AdamW([q], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    for step in range(1):  #! single_step: for step in range(4):
        p.grad = torch.tensor([0.5 - step, 1.0])
        q.grad = p.grad.clone()
        tried.step()
        right.step()
        assert torch.allclose(p, q, rtol=1e-4)

# %% test_adam: the usual ε, and only the first step looked at
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    eps = 1e-8  #! epsilon_too_small: eps = 0.3
    p, q = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    tried = optimizer_class([p], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    right = AdamW([q], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    for step in range(4):
        p.grad = torch.tensor([0.5 - step, 1.0])
        q.grad = p.grad.clone()
        tried.step()
        right.step()
        if step == 0:  #! later_steps_not_compared: if True:
            assert torch.allclose(p, q, rtol=1e-4)

# %% test_adam: one step, and a large tolerance
def test_adam(optimizer_class):
    p = torch.nn.Parameter(torch.zeros(1))
    optimizer = optimizer_class([p], learning_rate=0.1, beta1=0.75, beta2=0.75, epsilon=3.0, weight_decay=0.0)
    x = m = v = 0.0
    for t in range(1, 2):  #! single_step: for t in range(1, 5):
        m, v = 0.75 * m + 0.25 * (2 - t), 0.75 * v + 0.25 * (2 - t) ** 2
        x -= 0.1 * m / (1 - 0.75 ** t) / ((v / (1 - 0.75 ** t)) ** 0.5 + 3.0)
        p.grad = torch.tensor([2.0 - t])
        optimizer.step()
        assert abs(p.item() - x) < 0.02  #! tolerance_too_large: assert abs(p.item() - x) < 1e-5

# %% test_adam: only the first of two parameters, with the usual ε
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    eps = 1e-8  #! epsilon_too_small: eps = 0.3
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    optimizer = optimizer_class([a], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    own = AdamW([b], learning_rate=0.1, epsilon=eps, weight_decay=0.0)
    for g in (1.0, -0.5, 3.0):
        a.grad, b.grad = torch.tensor([0.0, g]), torch.tensor([0.0, g])
        optimizer.step()
        own.step()
        assert a[0].item() == b[0].item()  #! one_number_compared: assert torch.allclose(a, b, rtol=1e-4)
        assert not torch.equal(a, torch.ones(2))

# %% test_adam: a wrong reference, and a tolerance that refuses torch
def test_adam(optimizer_class):
    p = torch.nn.Parameter(torch.zeros(1))
    optimizer = optimizer_class([p], learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=1.0, weight_decay=0.0)
    x = m = v = 0.0
    for t, g in enumerate((2.0, -1.0, 3.0), start=1):
        m, v = 0.5 * m + 0.5 * g, 0.75 * v + 0.25 * g * g
        x -= 0.1 * m / ((v / (1 - 0.75 ** t)) ** 0.5 + 1.0)  #! reference_wrong: x -= 0.1 * m / (1 - 0.5 ** t) / ((v / (1 - 0.75 ** t)) ** 0.5 + 1.0)
        p.grad = torch.tensor([g])
        optimizer.step()
        assert p.item() == x  #! digits_too_many: assert abs(p.item() - x) < 1e-5

# %% test_adam: held memory, and one step
def test_adam(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    p, q = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    tried = optimizer_class([p], learning_rate=0.1, epsilon=0.3, weight_decay=0.0)
    right = AdamW([q], learning_rate=0.1, epsilon=0.3, weight_decay=0.0)
    values = p.data  #! memory_held: values = p
    for step in range(1):  #! single_step: for step in range(4):
        p.grad = torch.tensor([0.5 - step, 1.0])
        q.grad = p.grad.clone()
        tried.step()
        right.step()
        assert torch.allclose(values, q, rtol=1e-4)

# %% test_decay: weights of zero, and a single step
def test_decay(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    begin = torch.zeros(2)  #! weights_of_zero: begin = torch.tensor([2.0, -1.0])
    p, q = begin.clone().requires_grad_(), begin.clone().requires_grad_()
    tried = optimizer_class([p], learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    right = AdamW([q], learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    for step in range(1):
        p.grad = torch.tensor([1.0, -0.5])
        q.grad = p.grad.clone()
        tried.step()
        right.step()
        assert (p - q).abs().max() < 0.02  #! tolerance_too_large: assert (p - q).abs().max() < 1e-5

# %% test_decay: no decay, and nothing but the sign
def test_decay(optimizer_class):
    decay = 0.0  #! decay_of_zero: decay = 0.5
    p = torch.tensor([2.0, -3.0], requires_grad=True)
    optimizer = optimizer_class([p], learning_rate=0.1, epsilon=0.0, weight_decay=decay)
    before = p.detach().clone()
    p.grad = torch.tensor([1.0, -2.0])
    optimizer.step()
    right = before * (1 - 0.1 * decay) - 0.1 * torch.tensor([1.0, -1.0])
    assert ((p - before) * p.grad < 0).all()  #! sign_compared: assert torch.allclose(p, right, rtol=1e-5)

# %% test_decay: a positive weight, and a limit that is too large
def test_decay(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    p, q = (torch.tensor([1.0], requires_grad=True) for _ in range(2))  #! weight_of_one: torch.tensor([1.0], requires_grad=True) => torch.tensor([-3.0], requires_grad=True)
    tried = optimizer_class([p], learning_rate=0.1, epsilon=0.1, weight_decay=0.2)
    right = AdamW([q], learning_rate=0.1, epsilon=0.1, weight_decay=0.2)
    p.grad, q.grad = torch.tensor([1.0]), torch.tensor([1.0])
    tried.step()
    right.step()
    assert abs(p.item() - q.item()) < 0.005  #! tolerance_too_large: assert abs(p.item() - q.item()) < 1e-5

# %% test_use: no groups, and no loading
def test_use(optimizer_class):
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    a, b, idle, c, d = (torch.nn.Parameter(torch.tensor(float(n))) for n in (1, 2, 3, 1, 2))
    both = optimizer_class([a, b, idle], **given)  #! groups_missing: both = optimizer_class([{"params": [a, idle]}, {"params": [b], "lr": 0.02}], **given)
    first, second = optimizer_class([c], **given), optimizer_class([d], **given)
    second.param_groups[0]["lr"] = both.param_groups[-1]["lr"]
    for g in (1.0, -2.0):
        for p in (a, b, c, d):
            p.grad = torch.tensor(g)
        both.step()
        #! loading_missing: saved, first = first.state_dict(), optimizer_class([c], **given)
        #! loading_missing: first.load_state_dict(saved)
        first.step()
        second.step()
        assert torch.allclose(torch.stack([a, b, idle]), torch.stack([c, d, torch.tensor(3.0)]))
        assert all(p.grad.item() == g for p in (a, b, c, d))

# %% test_use: gradients not read, and every parameter with one
def test_use(optimizer_class):
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    a, b, c, d = (torch.nn.Parameter(torch.tensor(float(n))) for n in (1, 2, 1, 2))
    both = optimizer_class([{"params": [a]}, {"params": [b], "lr": 0.02}], **given)
    first, second = optimizer_class([c], **given), optimizer_class([d], **{**given, "learning_rate": 0.02})
    for g in (1.0, -2.0):
        for p in (a, b, c, d):
            p.grad = torch.tensor(g)
        if g < 0: pass  #! none_missing: if g < 0: b.grad = d.grad = None
        before = b.item()
        both.step()
        saved, first = first.state_dict(), optimizer_class([c], **given)
        first.load_state_dict(saved)
        first.step()
        second.step()
        assert torch.allclose(torch.stack([a, b]), torch.stack([c, d]))
        assert b.grad is not None or b.item() == before
        #! gradient_not_read: assert all(p.grad is None or p.grad.item() == g for p in (a, b, c, d))

# %% test_use: one rate, and a state loaded before there is one
def test_use(optimizer_class):
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    a, b, idle, c, d = (torch.nn.Parameter(torch.tensor(float(n))) for n in (1, 2, 3, 1, 2))
    rate = 0.1  #! rates_equal: rate = 0.02
    both = optimizer_class([{"params": [a, idle]}, {"params": [b], "lr": rate}], **given)
    first, second = optimizer_class([c], **given), optimizer_class([d], **{**given, "learning_rate": rate})
    for step, g in enumerate((1.0, -2.0)):
        for p in (a, b, c, d):
            p.grad = torch.tensor(g)
        both.step()
        if step == 0:  #! loaded_too_early: if step == 1:
            saved, first = first.state_dict(), optimizer_class([c], **given)
            first.load_state_dict(saved)
        first.step()
        second.step()
        assert torch.allclose(torch.stack([a, b, idle]), torch.stack([c, d, torch.tensor(3.0)]))
        assert all(p.grad.item() == g for p in (a, b, c, d))

# %% test_use: a weight of zero that cannot decay, and groups of one rate
def test_use(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    a, idle, b = (torch.nn.Parameter(torch.tensor(n)) for n in (1.0, 0.0, 2.0))  #! idle_at_zero: (1.0, 0.0, 2.0) => (1.0, 3.0, 2.0)
    x, y = torch.nn.Parameter(torch.tensor(1.0)), torch.nn.Parameter(torch.tensor(2.0))
    rate = given["learning_rate"]  #! rates_equal: rate = 0.02
    optimizer = optimizer_class([{"params": [a, idle]}, {"params": [b], "lr": rate}], **given)
    right = AdamW([{"params": [x]}, {"params": [y], "lr": rate}], **given)
    still = idle.item()
    for g in (1.0, -2.0, 0.5):
        for p in (a, b, x, y):
            p.grad = torch.tensor(g)
        optimizer.step()
        right.step()
        saved = optimizer.state_dict()
        optimizer = optimizer_class([{"params": [a, idle]}, {"params": [b], "lr": rate}], **given)
        optimizer.load_state_dict(saved)
        assert abs(a - x) < 1e-5 and abs(b - y) < 1e-5 and idle.item() == still
        assert a.grad.item() == b.grad.item() == g

# %% test_use: nothing asserted of the gradient, and a comparison of the first parameter alone
def test_use(optimizer_class):
    from coursekit.optimizers.suspects import AdamW
    given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
    (a, b, c), (x, y, z) = ([torch.nn.Parameter(torch.tensor([n])) for n in (1.0, 2.0, 3.0)] for _ in range(2))
    optimizer = optimizer_class([{"params": [a, c]}, {"params": [b], "lr": 0.02}], **given)
    right = AdamW([{"params": [x, z]}, {"params": [y], "lr": 0.02}], **given)
    for g in (1.0, -2.0, 0.5):
        for p in (a, b, x, y):
            p.grad = torch.tensor([g])
        optimizer.step()
        right.step()
        saved = optimizer.state_dict()
        optimizer = optimizer_class([{"params": [a, c]}, {"params": [b], "lr": 0.02}], **given)
        optimizer.load_state_dict(saved)
        for p, q in [(a, x)]:  #! one_number_compared: for p, q in [(a, x), (b, y), (c, z)]:
            assert torch.allclose(p, q)
        #! gradient_not_read: assert all(p.grad.item() == g for p in (a, b))
