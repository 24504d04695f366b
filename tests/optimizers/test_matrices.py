"""The oracles of notebook 13: torch's own iteration in float64 agrees with them, and what needs no oracle holds."""

import inspect

import numpy as np
import pytest
import torch

from coursekit.judging.subject import subject
from coursekit.optimizers import matrices
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import OF_MATRICES, signature, stand_in
from tests.solutions import defined, lost, solution

SHAPES = [(3, 3), (2, 5), (5, 2), (1, 4), (4, 1)]
COEFFICIENTS = np.array(matrices.COEFFICIENTS)


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))


class Exact(torch.Tensor):
    """A tensor that stays as it is where torch's Muon makes it coarse."""

    def bfloat16(self, *_, **__):
        return self.as_subclass(torch.Tensor).clone()


@pytest.fixture
def muon_of_torch(monkeypatch):
    """Return torch's module of Muon, iterating in float64; its function is private, and there since torch 2.9."""
    module = pytest.importorskip("torch.optim._muon")
    coarse = module._zeropower_via_newtonschulz  # noqa: SLF001

    def exact(gradient, *given):
        return coarse(gradient.as_subclass(Exact), *given)

    monkeypatch.setattr(module, "_zeropower_via_newtonschulz", exact)
    return module


# Newton–Schulz


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 8])
@pytest.mark.parametrize("shape", SHAPES)
def test_singular_values_go_the_way_of_torch_s_iteration(shape, steps, muon_of_torch):
    gradient = drawn(*shape)
    torch_s = muon_of_torch._zeropower_via_newtonschulz(gradient, matrices.COEFFICIENTS, steps, 1e-30)  # noqa: SLF001
    torch.testing.assert_close(matrices.newton_schulz(gradient, steps), torch_s, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
def test_products_of_numpy_come_to_the_same(shape):
    gradient = drawn(*shape)
    X = gradient.numpy() / np.linalg.norm(gradient.numpy())
    for _ in range(5):
        A = X @ X.T
        X = sum(factor * term for factor, term in zip(COEFFICIENTS, (X, A @ X, A @ A @ X), strict=True))
    np.testing.assert_allclose(matrices.newton_schulz(gradient).numpy(), X, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("made", [matrices.newton_schulz, solution("newton_schulz")], ids=["oracle", "solution"])
def test_rotations_come_through_and_sizes_do_not(made, shape):
    gradient, (left, right) = drawn(*shape), (torch.linalg.qr(drawn(size, size))[0] for size in shape)
    plain = made(gradient)
    torch.testing.assert_close(made(left @ gradient @ right), left @ plain @ right, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(made(1e3 * gradient), plain, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("made", [matrices.newton_schulz, solution("newton_schulz")], ids=["oracle", "solution"])
def test_singular_values_come_near_one_and_singular_vectors_stay(made):
    gradient = drawn(4, 6)
    left, _, right = torch.linalg.svd(gradient, full_matrices=False)
    values = left.T @ made(gradient) @ right.T
    torch.testing.assert_close(values, torch.diag(values.diagonal()), rtol=0, atol=1e-8)
    assert values.diagonal().min() > 0.65
    assert values.diagonal().max() < 1.25


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_zeros_stay_zeros_and_dtypes_what_they_are(dtype):
    assert torch.equal(matrices.newton_schulz(torch.zeros(2, 3, dtype=dtype)), torch.zeros(2, 3, dtype=dtype))
    assert matrices.newton_schulz(drawn(2, 3).to(dtype)).dtype == dtype


# Muon


@pytest.mark.parametrize("momentum", [0.0, 0.7])
@pytest.mark.parametrize("shape", SHAPES)
def test_muon_moves_as_torch_s_own_without_a_look_ahead(shape, momentum, muon_of_torch):
    gradients = [drawn(*shape) * (k - 1.5) + k for k in range(4)]
    ends = []
    for made, given in (
        (muon_of_torch.Muon, {"lr": 0.1, "momentum": momentum, "nesterov": False, "weight_decay": 0.0, "eps": 1e-30}),
        (stand_in("Muon"), {"learning_rate": 0.1, "momentum": momentum}),
    ):
        parameter = torch.nn.Parameter(torch.ones(*shape, dtype=torch.float64))
        optimizer = made([parameter], **given)
        for gradient in gradients:
            parameter.grad = gradient.clone()
            optimizer.step()
        ends.append(parameter.detach())
    torch.testing.assert_close(*ends, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("made", [stand_in("Muon"), solution("Muon")], ids=["oracle", "solution"])
def test_anything_but_a_matrix_is_refused_in_words(made):
    for shape in ((), (3,), (2, 3, 4)):
        with pytest.raises(ValueError, match="Muon moves matrices"):
            made([torch.zeros(2, 2), torch.zeros(shape)])


def test_signature_of_what_moves_matrices_is_that_of_the_solution():
    for name in OF_MATRICES:
        _, *others = inspect.signature(solution(name)).parameters.values()
        assert {parameter.name: parameter.default for parameter in others} == signature(name)


@pytest.mark.parametrize("seed", [0, 5])
def test_oracle_climbs_the_ladder_of_muon(seed):
    assert lost(stand_in("Muon"), "Muon", seed) == set()


def test_ladder_of_muon_is_that_of_an_optimizer_and_two_behaviours_more():
    names = [behaviour.name for behaviour in ladder("Muon")]
    assert names == [*(behaviour.name for behaviour in ladder("Momentum")), "scale", "matrices_only"]
    assert sum(behaviour.weight for behaviour in ladder("Muon")) == 18
    assert sum(behaviour.weight for behaviour in ladder("Muon")[:2]) == 9


MUON = """
import torch

class Muon(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        if any(p.ndim != 2 for group in self.param_groups for p in group["params"]):
            raise ValueError("matrices only")

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p].setdefault("v", torch.zeros_like(p))
                    v.mul_(group["momentum"]).add_(p.grad)
                    p -= group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5 * newton_schulz(v)
"""
UNWRITTEN = """
def newton_schulz(gradient, steps=5):
    raise NotImplementedError("to be written")
"""
WRONG = """
def newton_schulz(gradient, steps=5):
    return gradient.sign()
"""


@pytest.mark.parametrize("function", ["", UNWRITTEN, WRONG], ids=["missing", "unwritten", "wrong"])
def test_mistake_in_newton_schulz_costs_nothing_of_muon(function):
    space = defined(MUON + function)
    before = dict(space)
    assert lost(space["Muon"], "Muon") == set()
    assert space == before


# the sign


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_adam_without_a_memory_is_the_sign(dtype):
    gradient = torch.tensor([2.0, -1e-9, 0.0, 3e4], dtype=dtype)
    parameter = torch.nn.Parameter(torch.zeros(4, dtype=dtype))
    optimizer = subject().substitute("SignSGD")([parameter], learning_rate=0.5)
    for _ in range(3):
        parameter.grad = gradient.clone()
        optimizer.step()
    torch.testing.assert_close(parameter.detach(), -1.5 * gradient.sign(), rtol=1e-2, atol=0)
