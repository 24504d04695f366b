"""The sign, Newton–Schulz and Muon in many styles, all of them right."""

import math
from collections import defaultdict

import numpy as np
import torch
from torch.optim import Optimizer

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


class _Signed(Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})


class SignInPlace(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad.sign(), alpha=-group["lr"])


class SignByComparing(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.sub_(group["lr"] * ((p.grad > 0).to(p.dtype) - (p.grad < 0).to(p.dtype)))


class SignByWhere(_Signed):
    def step(self, closure=None):
        loss = closure() if closure else None
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        size = p.grad.abs()
                        ones = torch.where(size > 0, p.grad / torch.where(size > 0, size, 1), 0)
                        p.sub_(group["lr"] * ones)
        return loss


class SignByData(_Signed):
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data = p.data - group["lr"] * torch.sign(p.grad)


class SignByForeach(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            if params:
                signs = torch._foreach_sign([p.grad for p in params])  # noqa: SLF001
                torch._foreach_add_(params, signs, alpha=-group["lr"])


class SignByClamp(_Signed):
    """Numbers so large that a clamp leaves −1, 0 or 1."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(group["lr"] * (p.grad.double() * 1e60).clamp(-1, 1).to(p.dtype))


class SignByCopysign(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(group["lr"] * torch.copysign((p.grad != 0).to(p.dtype), p.grad))


class SignByHeaviside(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in filter(lambda p: p.grad is not None, group["params"]):
                half = torch.full((), 0.5, dtype=p.dtype)
                p.sub_(group["lr"] * (2 * torch.heaviside(p.grad, half) - 1))


class SignWithMask(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p[p.grad > 0] -= group["lr"]
                    p[p.grad < 0] += group["lr"]


class SignAsAdam(_Signed):
    """Adam without a memory, and with no ε where there is no need of one."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    root = p.grad.double().square().sqrt()
                    p.sub_(group["lr"] * (p.grad / root).nan_to_num(0.0).to(p.dtype))


class SignOfAll(Optimizer):
    """Takes the signs of all groups first, and moves after."""

    def __init__(self, params, learning_rate=0.01, maximise=False):
        super().__init__(params, {"lr": learning_rate, "maximise": maximise})

    def step(self):
        moves = [
            (p, (group["lr"] if group["maximise"] else -group["lr"]) * p.grad.sgn())
            for group in self.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        with torch.no_grad():
            for p, move in moves:
                p.add_(move)


class SignThatCounts(_Signed):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                self.state[p]["steps"] = self.state[p].get("steps", 0) + 1
                p.copy_(p - group["lr"] * torch.sign(p.grad))


def schulz_as_in_the_post(gradient, steps=5):
    a, b, c = (3.4445, -4.7750, 2.0315)
    X = gradient.clone()
    X /= X.norm() + 1e-7
    if gradient.size(0) > gradient.size(1):
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        B = b * A + c * A @ A
        X = a * X + B @ X
    if gradient.size(0) > gradient.size(1):
        X = X.T
    return X


def schulz_never_transposed(gradient, steps=5):
    X = gradient / gradient.norm().clamp(min=1e-7)
    for _ in range(steps):
        A = X @ X.mT
        X = 3.4445 * X - 4.7750 * A @ X + 2.0315 * A @ A @ X
    return X


def schulz_from_the_right(gradient, steps=5):
    a, b, c = COEFFICIENTS
    X = gradient / (torch.linalg.matrix_norm(gradient) + 1e-7)
    one = torch.eye(X.shape[1], dtype=X.dtype)
    for _ in range(steps):
        A = X.T @ X
        X = X @ (a * one + b * A + c * A @ A)
    return X


def schulz_by_svd(gradient, steps=5):
    U, values, V_T = torch.linalg.svd(gradient, full_matrices=False)
    values = values / (values.square().sum().sqrt() + 1e-7)
    for _ in range(steps):
        values = 3.4445 * values - 4.7750 * values**3 + 2.0315 * values**5
    return U @ torch.diag(values) @ V_T


def schulz_by_addmm(gradient, steps=5):
    a, b, c = COEFFICIENTS
    tall = gradient.shape[0] > gradient.shape[1]
    X = gradient.T if tall else gradient
    X = X / (X.norm() + 1e-7)
    for _ in range(steps):
        gram = X @ X.T
        X = torch.addmm(X, torch.addmm(gram, gram, gram, beta=b, alpha=c), X, beta=a)
    return X.T.contiguous() if tall else X


def schulz_by_recursion(gradient, steps=5, started=False):
    if not started:
        length = gradient.norm()
        gradient = gradient / length if length > 0 else torch.zeros_like(gradient)
    if steps == 0:
        return gradient
    a, b, c = COEFFICIENTS
    cube = gradient @ gradient.T @ gradient
    return schulz_by_recursion(a * gradient + b * cube + c * gradient @ gradient.T @ cube, steps - 1, True)


def schulz_through_numpy(gradient, steps=5):
    X = gradient.detach().numpy()
    X = X / (np.linalg.norm(X) + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A.dot(A)).dot(X)
    return torch.from_numpy(X)


def schulz_by_horner(gradient, steps=5):
    a, b, c = COEFFICIENTS
    if not gradient.any():
        return torch.zeros_like(gradient)
    X = gradient / gradient.pow(2).sum().sqrt()
    eye = torch.eye(len(X), dtype=X.dtype, device=X.device)
    for _ in range(steps):
        A = torch.matmul(X, X.t())
        X = torch.matmul(a * eye + torch.matmul(A, b * eye + c * A), X)
    return X


def schulz_by_einsum(gradient, steps=5):
    a, b, c = COEFFICIENTS
    X = gradient / (math.sqrt((gradient**2).sum().item()) + 1e-7)
    while steps:
        A = torch.einsum("ik,jk->ij", X, X)
        X = a * X + b * torch.einsum("ij,jk->ik", A, X) + c * torch.einsum("ij,jl,lk->ik", A, A, X)
        steps -= 1
    return X


def schulz_in_place(gradient, steps: int = 5):
    """Works in a tensor of its own."""
    X = gradient.detach().clone().div_(gradient.norm() + 1e-8)
    for _ in range(int(steps)):
        A = X.mm(X.t())
        B = A.mm(A).mul_(2.0315).add_(A, alpha=-4.7750)
        X.mul_(3.4445).add_(B.mm(X.clone() / 3.4445))
    return X


def schulz_of_both(gradient, steps=5):
    """Divides the smaller product, by a factor, and the matrix itself at the end."""
    scale = float(gradient.norm())
    if scale == 0:
        return gradient.clone()
    X = gradient
    for step in range(steps):
        A = X @ X.T
        if step == 0:
            A, X = A / scale**2, X / scale
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X


def schulz_batched(gradient, steps=5, epsilon=1e-7):
    X = gradient[None]
    X = X / (X.norm(dim=(-2, -1), keepdim=True) + epsilon)
    for _ in range(steps):
        A = torch.bmm(X, X.transpose(1, 2))
        X = torch.baddbmm(3.4445 * X, torch.baddbmm(-4.7750 * A, A, A, alpha=2.0315), X)
    return X[0]


def newton_schulz(gradient, steps=5):
    return schulz_as_in_the_post(gradient, steps)


class _Matrices(Optimizer):
    """The constructor that all of these share who are about the step alone."""

    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if p.dim() != 2:
                    raise ValueError(f"a parameter of {p.dim()} dimensions")


def _factor(p):
    return math.sqrt(max(1.0, p.shape[0] / p.shape[1]))


class MuonInPlace(_Matrices):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.mul_(group["momentum"]).add_(p.grad)
                p.add_(newton_schulz(v), alpha=-group["lr"] * _factor(p))


class MuonByAverage(_Matrices):
    """As torch has it: a factor 1 − μ that Newton–Schulz does not see."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.lerp_(p.grad, 1 - group["momentum"])
                p.sub_(group["lr"] * _factor(p) * newton_schulz(v))


class MuonBySvd(_Matrices):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                old = self.state[p].get("v")
                v = p.grad.clone() if old is None else group["momentum"] * old + p.grad
                self.state[p]["v"] = v
                p.sub_(group["lr"] * _factor(p) * schulz_by_svd(v.double()).to(p.dtype))


class MuonWithItsOwnLoop(_Matrices):
    def orthogonal(self, X):
        X = X / (X.norm() + 1e-7)
        for _ in range(5):
            A = X @ X.T
            X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
        return X

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state[p]
                    state["v"] = group["momentum"] * state.get("v", 0.0) + p.grad
                    p.sub_(group["lr"] * _factor(p) * self.orthogonal(state["v"]))


class MuonByData(_Matrices):
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                v = self.state[p].get("v", torch.zeros_like(p.data))
                v = v * group["momentum"] + p.grad.data
                self.state[p]["v"] = v
                p.data = p.data - group["lr"] * _factor(p) * newton_schulz(v).detach()


class MuonBareTensor(_Matrices):
    """Keeps the velocity itself under the parameter."""

    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, learning_rate, momentum)
        self.state = defaultdict(lambda: None, self.state)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p]
                    v = p.grad.clone() if v is None else v * group["momentum"] + p.grad
                    self.state[p] = v
                    p.sub_(group["lr"] * _factor(p) * newton_schulz(v))


class MuonFromTheStart(_Matrices):
    """Makes all velocities in the constructor."""

    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        super().__init__(params, learning_rate, momentum)
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["v"] = torch.zeros_like(p)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.state[p]["v"] = group["momentum"] * self.state[p]["v"] + p.grad
                    p.sub_(group["lr"] * _factor(p) * newton_schulz(self.state[p]["v"]))


class MuonBySides(_Matrices):
    """The factor with a condition, and the rate inside the sign of the velocity."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            eta, mu = group["lr"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                w = self.state[p].setdefault("w", torch.zeros_like(p))
                w.mul_(mu).sub_(p.grad)
                move = eta * newton_schulz(w)
                rows, columns = p.size()
                if rows > columns:
                    move = move * (rows / columns) ** 0.5
                p.add_(move)


class MuonOfFunctions(_Matrices):
    @staticmethod
    def velocity(state, gradient, momentum):
        state["v"] = gradient + (momentum * state["v"] if "v" in state else 0)
        return state["v"]

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in (each for each in group["params"] if each.grad is not None):
                    v = self.velocity(self.state[p], p.grad, group["momentum"])
                    p.sub_(newton_schulz(v), alpha=group["lr"] * _factor(p))


class MuonByForeach(_Matrices):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            if not params:
                continue
            velocities = [self.state[p].setdefault("v", torch.zeros_like(p)) for p in params]
            torch._foreach_mul_(velocities, group["momentum"])
            torch._foreach_add_(velocities, [p.grad for p in params])
            moves = [newton_schulz(v) * _factor(p) for p, v in zip(params, velocities, strict=True)]
            torch._foreach_add_(params, moves, alpha=-group["lr"])


class MuonRefusesEarly(Optimizer):
    """Looks at what it is given before anything else, groups or not."""

    def __init__(self, params, learning_rate=0.02, momentum=0.95, weight_decay=0.0):
        params = list(params)
        for each in params:
            members = each["params"] if isinstance(each, dict) else [each]
            if any(len(p.shape) != 2 for p in members):
                raise ValueError("Muon is for matrices")
        super().__init__(params, {"lr": learning_rate, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p].setdefault("v", torch.zeros_like(p))
                    v.mul_(group["momentum"]).add_(p.grad)
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.sub_(group["lr"] * _factor(p) * newton_schulz(v))


class MuonOfSizes(_Matrices):
    """Keeps the velocity at the size 1 or less, with the size beside it."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                size, unit = state.get("size", 0.0), state.get("unit", torch.zeros_like(p))
                v = group["momentum"] * size * unit + p.grad
                state["size"] = float(v.norm())
                state["unit"] = v / state["size"] if state["size"] else v
                p.sub_(group["lr"] * _factor(p) * newton_schulz(state["unit"]))


STYLES = (
    *(
        ("SignSGD", style)
        for style in (
            SignInPlace,
            SignByComparing,
            SignByWhere,
            SignByData,
            SignByForeach,
            SignByClamp,
            SignByCopysign,
            SignByHeaviside,
            SignWithMask,
            SignAsAdam,
            SignOfAll,
            SignThatCounts,
        )
    ),
    *(
        ("newton_schulz", style)
        for style in (
            schulz_as_in_the_post,
            schulz_never_transposed,
            schulz_from_the_right,
            schulz_by_svd,
            schulz_by_addmm,
            schulz_by_recursion,
            schulz_through_numpy,
            schulz_by_horner,
            schulz_by_einsum,
            schulz_in_place,
            schulz_of_both,
            schulz_batched,
        )
    ),
    *(
        ("Muon", style)
        for style in (
            MuonInPlace,
            MuonByAverage,
            MuonBySvd,
            MuonWithItsOwnLoop,
            MuonByData,
            MuonBareTensor,
            MuonFromTheStart,
            MuonBySides,
            MuonOfFunctions,
            MuonByForeach,
            MuonRefusesEarly,
            MuonOfSizes,
        )
    ),
)
