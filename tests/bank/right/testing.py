"""Comparisons, and tests of optimizers, in many styles: all of them refuse what is wrong, and nothing else."""

import copy
import math

import numpy as np
import torch

from coursekit.optimizers.suspects import AdamW
from tests.solutions import solution


def close_by_allclose(got, expected):
    if [t.shape for t in got] != [t.shape for t in expected]:
        return False
    return all(torch.allclose(a, b) for a, b in zip(got, expected, strict=True))


def close_by_numpy(got, expected, rtol=1e-5, atol=1e-8):
    same_shapes = len(got) == len(expected) and all(a.shape == b.shape for a, b in zip(got, expected, strict=True))
    return same_shapes and all(
        np.allclose(a.detach().numpy(), b.detach().numpy(), rtol=rtol, atol=atol)
        for a, b in zip(got, expected, strict=True)
    )


def close_number_by_number(got, expected):
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected, strict=True):
        if a.size() != b.size():
            return False
        for x, y in zip(a.reshape(-1).tolist(), b.reshape(-1).tolist(), strict=True):
            if not math.isclose(x, y, rel_tol=1e-5, abs_tol=1e-8):
                return False
    return True


def close_by_assert_close(got, expected):
    """torch's own of its tests, which raises; its limits are given for float64, too."""
    try:
        torch.testing.assert_close(list(got), list(expected), rtol=1e-5, atol=1e-8)
    except AssertionError:
        return False
    return True


def close_by_largest(got, expected):
    """Returns a tensor of one truth value."""
    if len(got) != len(expected) or any(a.shape != b.shape for a, b in zip(got, expected, strict=True)):
        return False
    worst = [((a - b).abs() / (1e-5 * b.abs() + 1e-8)).max() for a, b in zip(got, expected, strict=True)]
    return torch.stack(worst).max() <= 1


def close(got, expected, tolerance=1e-5):
    return len(got) == len(expected) and all(
        a.shape == b.shape and torch.allclose(a, b, rtol=tolerance) for a, b in zip(got, expected, strict=True)
    )


def walk(*arguments, **hyperparameters):
    """Take the steps of the notebook's own function, which students are given."""
    return solution("test_adam").__globals__["walk"](*arguments, **hyperparameters)


def rule_by_walks(optimizer_class):
    """Two walks against those of torch's Adam, one of two weights and one with very small gradients."""
    for weights, gradients, epsilon in (
        ([1.0, -2.0], [[1.0, -0.5], [-2.0, 0.1], [0.5, 3.0]], 0.3),
        ([0.0], [[2e-3], [-1e-3], [5e-4]], 1e-3),
    ):
        given = {"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.8, "epsilon": epsilon, "weight_decay": 0.0}
        right = walk(AdamW, weights, gradients, **given)
        assert close(walk(optimizer_class, weights, gradients, **given), right, 1e-4)


def decay_by_walks(optimizer_class):
    """The same walk with a decay and without, one step from each place."""
    given = {"learning_rate": 0.1, "epsilon": 0.2}
    for weights in ([2.0, -3.0], [-0.5, 4.0]):
        (plain,) = walk(optimizer_class, weights, [[1.0, -2.0]], weight_decay=0.0, **given)
        (decayed,) = walk(optimizer_class, weights, [[1.0, -2.0]], weight_decay=0.5, **given)
        assert not close([plain], [torch.tensor(weights)])
        assert close([plain - decayed], [0.05 * torch.tensor(weights)], 1e-4)


def use_by_walks(optimizer_class):
    """Walks of one parameter say what each of several does; what is saved, and idle, is looked at beside them."""
    given = {"epsilon": 0.1, "weight_decay": 0.3}
    a, b, idle = (torch.nn.Parameter(torch.tensor([value])) for value in (1.0, -2.0, 3.0))
    groups = [{"params": [a, idle], "lr": 0.1}, {"params": [b], "lr": 0.02}]
    optimizer = optimizer_class(groups, **given)
    for step, g in enumerate((1.0, -0.5, 2.0)):
        if step == 2:
            saved, optimizer = optimizer.state_dict(), optimizer_class(groups, **given)
            optimizer.load_state_dict(saved)
        a.grad, b.grad = torch.tensor([g]), torch.tensor([-g])
        optimizer.step()
        assert a.grad.item() == g == -b.grad.item()
        assert idle.item() == 3.0
    alone = [
        walk(optimizer_class, [start], [[sign * g] for g in (1.0, -0.5, 2.0)], learning_rate=rate, **given)[-1]
        for start, sign, rate in ((1.0, 1, 0.1), (-2.0, -1, 0.02))
    ]
    assert close([a, b], alone)


def numbers_of(optimizer_class, gradients, start=(1.0,), **given):
    """Run one parameter and return its values, in float64."""
    p = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    optimizer = optimizer_class([p], **given)
    rows = []
    for g in gradients:
        p.grad = torch.full_like(p, g)
        optimizer.step()
        rows.append(p.detach().clone())
    return rows


def rule_by_torch(optimizer_class):
    """Against torch's own Adam, in float64, ten steps."""
    p, q = (torch.nn.Parameter(torch.arange(1.0, 4.0, dtype=torch.float64)) for _ in range(2))
    mine = optimizer_class([p], learning_rate=0.05, beta1=0.7, beta2=0.8, epsilon=0.2, weight_decay=0.0)
    theirs = torch.optim.Adam([q], lr=0.05, betas=(0.7, 0.8), eps=0.2)
    for step in range(10):
        p.grad, q.grad = ((torch.arange(3.0) - step % 3).double() for _ in range(2))
        mine.step()
        theirs.step()
        assert close([p], [q]), f"step {step}"


def rule_by_numbers(optimizer_class):
    """Against numbers that were computed before; small gradients take the place of a large ε."""
    given = {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-3, "weight_decay": 0.0}
    m = v = x = 0.0
    expected = []
    for t, g in ((1, 2e-3), (2, -1e-3), (3, 5e-4)):
        m, v = 0.5 * (m + g), 0.75 * v + 0.25 * g * g
        x -= 0.1 * (m / (1 - 0.5**t)) / (math.sqrt(v / (1 - 0.75**t)) + 1e-3)
        expected.append(torch.tensor([x], dtype=torch.float64))
    got = numbers_of(optimizer_class, (2e-3, -1e-3, 5e-4), (0.0,), **given)
    torch.testing.assert_close(got, expected, rtol=1e-6, atol=1e-9)


def rule_on_a_loss(optimizer_class):
    """Gradients by backward, so that what is asked for depends on what was answered."""
    p = torch.tensor([2.0, -1.0], requires_grad=True)
    q = p.detach().clone().requires_grad_()
    mine = optimizer_class([p], learning_rate=0.2, epsilon=0.5, weight_decay=0.0)
    theirs = AdamW([q], learning_rate=0.2, epsilon=0.5, weight_decay=0.0)
    for _ in range(5):
        for tensor, optimizer in ((p, mine), (q, theirs)):
            optimizer.zero_grad()
            (tensor**2 + tensor).sum().backward()
            optimizer.step()
        assert close([p], [q], 1e-4)


def rule_with_a_closure(optimizer_class):
    torch.manual_seed(3)
    p = torch.nn.Parameter(torch.randn(2, 2))
    q = torch.nn.Parameter(p.detach().clone())
    given = {"learning_rate": 0.1, "beta1": 0.6, "beta2": 0.9, "epsilon": 0.3, "weight_decay": 0}
    mine, theirs = optimizer_class([{"params": [p]}], **given), AdamW([q], **given)
    for _ in range(4):
        direction = torch.randn(2, 2)

        def loss(direction=direction):
            p.grad = None
            value = (p * direction).sum()
            value.backward()
            return value

        mine.step(loss)
        q.grad = direction
        theirs.step()
        if not torch.allclose(p, q, rtol=1e-4, atol=1e-6):
            raise AssertionError("another rule")


def decay_by_formula(optimizer_class):
    """One step with ε = 0, whose length is the rate; the next ones with another gradient."""
    rate, decay = 0.2, 0.5
    p = torch.tensor([3.0, -2.0, 0.5], requires_grad=True)
    optimizer = optimizer_class([p], learning_rate=rate, weight_decay=decay, epsilon=0.0)
    before = p.detach().clone()
    p.grad = torch.tensor([5.0, 0.1, -2.0])
    optimizer.step()
    assert close([p.detach()], [before * (1 - rate * decay) - rate * torch.tensor([1.0, 1.0, -1.0])])


def decay_by_differences(optimizer_class):
    """What a decay takes away, from two runs."""
    with_decay = numbers_of(optimizer_class, (0.5, -1.0), (2.0, -4.0), learning_rate=0.1, weight_decay=0.4)
    without = numbers_of(optimizer_class, (0.5, -1.0), (2.0, -4.0), learning_rate=0.1, weight_decay=0.0)
    begin = torch.tensor([2.0, -4.0], dtype=torch.float64)
    moves = [without[0] - begin, without[1] - without[0]]
    assert all(move.abs().max() > 0.01 for move in moves)
    x = begin
    for move, row in zip(moves, with_decay, strict=True):
        x = x * (1 - 0.1 * 0.4) + move
        assert torch.allclose(row, x, rtol=1e-6)


def decay_by_loading(optimizer_class):
    """Against torch's AdamW, of which each step begins anew where the other one is."""
    p = torch.tensor([1.5, -2.5], requires_grad=True)
    optimizer = optimizer_class([p], learning_rate=0.3, epsilon=0.1, weight_decay=0.3)
    q = p.detach().clone().requires_grad_()
    right = torch.optim.AdamW([q], lr=0.3, eps=0.1, weight_decay=0.3)
    for g in ([1.0, 2.0], [0.0, -1.0], [3.0, 0.0]):
        for tensor, each in ((p, optimizer), (q, right)):
            tensor.grad = torch.tensor(g)
            each.step()
        assert (p - q).abs().max() < 1e-5
        with torch.no_grad():
            p.copy_(q)


def use_in_one_run(optimizer_class):
    """Everything in one: two groups, a parameter without gradient at times, a state that is loaded in the middle."""

    def run(kind, groups_of, reload):
        params = [torch.nn.Parameter(torch.tensor([value], dtype=torch.float64)) for value in (1.0, -2.0, 3.0)]
        optimizer = kind(groups_of(params), learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
        rows = []
        for step in range(4):
            if step == 2 and reload:
                saved = copy.deepcopy(optimizer.state_dict())
                optimizer = kind(groups_of(params), learning_rate=0.1, epsilon=0.1, weight_decay=0.5)
                optimizer.load_state_dict(saved)
            for number, p in enumerate(params):
                p.grad = None if number == step % 3 else torch.full_like(p, 1.0 - step * number)
            optimizer.step()
            for number, p in enumerate(params):
                assert number == step % 3 or p.grad.item() == 1.0 - step * number
            rows += [p.detach().clone() for p in params]
        return rows

    def grouped(params):
        return [{"params": params[:1], "lr": 0.02}, {"params": params[1:], "learning_rate": 0.2}]

    assert close(run(optimizer_class, grouped, True), run(AdamW, grouped, False))


class UseInParts:
    """An object that can be called will do, too."""

    def __call__(self, optimizer_class):
        self.made = lambda p, **given: optimizer_class(p, learning_rate=0.1, weight_decay=0.5, **given)
        for part in (self.count, self.groups, self.idle, self.loaded, self.gradient):
            part()

    @staticmethod
    def params(*values):
        return [torch.nn.Parameter(torch.tensor(float(value))) for value in values]

    def count(self):
        a, b = self.params(1, 1)
        optimizer = self.made([a, b])
        for g in (1.0, -3.0):
            a.grad, b.grad = torch.tensor(g), torch.tensor(g)
            optimizer.step()
        assert close([a], [b])

    def groups(self):
        a, b = self.params(1, 1)
        optimizer = self.made([{"params": [a]}, {"params": [b]}])
        optimizer.param_groups[1]["lr"] = 0.0
        a.grad = b.grad = torch.tensor(2.0)
        optimizer.step()
        assert b.item() == 1.0
        assert a.item() != 1.0

    def idle(self):
        a, b = self.params(1, 4)
        a.grad = torch.tensor(1.0)
        self.made([a, b]).step()
        assert b.item() == 4.0

    def loaded(self):
        a, b = self.params(1, 1)
        one, other = self.made([a]), self.made([b])
        a.grad = torch.tensor(1.0)
        one.step()
        with torch.no_grad():
            b.copy_(a)
        other.load_state_dict(one.state_dict())
        for p, optimizer in ((a, one), (b, other)):
            p.grad = torch.tensor(-0.3)
            optimizer.step()
        assert close([a], [b])

    def gradient(self):
        (a,) = self.params(2)
        a.grad = kept = torch.tensor(1.5)
        self.made([a]).step()
        assert kept.item() == 1.5


def use_by_doubling(optimizer_class):
    """One test of several parameters, against each alone."""
    starts, gradients = (1.0, 2.0, -3.0), ((0.5, 1.0, None), (2.0, -1.0, 0.3), (None, 1.0, 1.0))

    def run(numbers, rates):
        params = [torch.tensor([starts[number]], requires_grad=True) for number in numbers]
        groups = [{"params": [p], "lr": rates[number]} for p, number in zip(params, numbers, strict=True)]
        optimizer = optimizer_class(groups, epsilon=0.01, weight_decay=0.2)
        for step, row in enumerate(gradients):
            if step:
                resumed = optimizer_class(groups, epsilon=0.01, weight_decay=0.2)
                resumed.load_state_dict(optimizer.state_dict())
                optimizer = resumed if len(numbers) > 1 else optimizer
            for p, number in zip(params, numbers, strict=True):
                p.grad = None if row[number] is None else torch.tensor([row[number]])
            before = [p.detach().clone() for p in params]
            optimizer.step()
            for p, number, old in zip(params, numbers, before, strict=True):
                assert row[number] is not None or torch.equal(p, old)
                assert row[number] is None or p.grad.item() == torch.tensor(row[number]).item()
        return [p.detach() for p in params]

    rates = (0.1, 0.02, 0.3)
    assert close(run((0, 1, 2), rates), [run((number,), rates)[0] for number in range(3)])


STYLES = (
    ("close", close_by_allclose),
    ("close", close_by_numpy),
    ("close", close_number_by_number),
    ("close", close_by_assert_close),
    ("close", close_by_largest),
    ("test_adam", rule_by_walks),
    ("test_decay", decay_by_walks),
    ("test_use", use_by_walks),
    ("test_adam", rule_by_torch),
    ("test_adam", rule_by_numbers),
    ("test_adam", rule_on_a_loss),
    ("test_adam", rule_with_a_closure),
    ("test_decay", decay_by_formula),
    ("test_decay", decay_by_differences),
    ("test_decay", decay_by_loading),
    ("test_use", use_in_one_run),
    ("test_use", UseInParts()),
    ("test_use", use_by_doubling),
)
