"""Clipping, averages and what is kept, in many styles, all of them right."""

import copy
import functools
import math

import numpy as np
import torch


def clip_as_torch_does(parameters, max_norm):
    """Adds 1e-6, and lets a factor of at most 1 spare the condition."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
    factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    for g in gradients:
        g.mul_(factor)
    return norm


def clip_with_floats(parameters, max_norm):
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is None:
            continue
        total += p.grad.pow(2).sum().item()
    norm = math.sqrt(total)
    if norm > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad *= max_norm / norm
    return norm


def clip_with_new_tensors(parameters, max_norm):
    """Puts a new tensor into `.grad`."""
    there = [p for p in parameters if p.grad is not None]
    norm = math.hypot(*(p.grad.norm().item() for p in there))
    for p in there:
        p.grad = p.grad * min(1.0, max_norm / (norm + 1e-12))
    return torch.tensor(norm)


def clip_in_one_vector(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    vector = torch.cat([g.flatten() for g in gradients])
    norm = vector.norm()
    if norm > max_norm:
        vector = vector / norm * max_norm
        at = 0
        for g in gradients:
            g.copy_(vector[at : at + g.numel()].reshape(g.shape))
            at += g.numel()
    return norm


def clip_through_numpy(parameters, max_norm):
    gradients = [p.grad.numpy() for p in parameters if p.grad is not None]
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    if norm >= max_norm:
        for g in gradients:
            np.multiply(g, max_norm / norm, out=g)
    return norm


def clip_by_foreach(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = torch.stack(torch._foreach_norm(gradients)).norm()  # noqa: SLF001
    torch._foreach_mul_(gradients, min(max_norm / max(norm.item(), max_norm), 1.0))
    return norm.item()


def clip_by_data(parameters, max_norm):
    parameters = tuple(parameters)
    norms = [p.grad.data.norm(2) for p in parameters if p.grad is not None]
    total = sum(n.item() ** 2 for n in norms) ** (1.0 / 2)
    coefficient = max_norm / (total + 1e-6)
    if coefficient < 1:
        for p in filter(lambda p: p.grad is not None, parameters):
            p.grad.data.mul_(coefficient)
    return total


def clip_by_dividing(parameters, max_norm):
    """Divides by how many times too long they are."""
    gradients = [p.grad for p in parameters if isinstance(p.grad, torch.Tensor)]
    norm = torch.sqrt(functools.reduce(lambda total, g: total + torch.sum(g * g), gradients, torch.zeros(())))
    too_long = max(1.0, float(norm) / max_norm)
    for g in gradients:
        g.div_(too_long)
    return norm


def clip_with_max(parameters, max_norm):
    parameters = [p for p in parameters if p.grad is not None]
    with torch.no_grad():
        norm = torch.stack([torch.sum(p.grad**2) for p in parameters]).sum().sqrt()
        for p in parameters:
            p.grad.copy_(max_norm * p.grad / torch.maximum(norm, torch.tensor(max_norm, dtype=norm.dtype)))
    return norm


def clip_early_return(parameters, max_norm):
    gradients = []
    for p in parameters:
        g = p.grad
        if g is not None:
            gradients += [g]
    norm = sum(torch.dot(g.flatten(), g.flatten()) for g in gradients).sqrt().reshape(1)
    if norm <= max_norm:
        return norm
    for g in gradients:
        g.sub_(g * (1 - max_norm / norm.item()))
    return norm


def clip_once_for_each_loop(parameters, max_norm):
    if not isinstance(parameters, list):
        parameters = [*parameters]
    norm = _norm_of(parameters)
    scale = 1.0 if norm == 0 else min(1.0, max_norm / norm)
    for p in parameters:
        if p.grad is None:
            continue
        p.grad[...] = scale * p.grad
    return norm


def _norm_of(parameters):
    return sum(float(torch.linalg.norm(p.grad)) ** 2 for p in parameters if p.grad is not None) ** 0.5


def clip_with_einsum(parameters, max_norm):
    there = {id(p): p for p in parameters if p.grad is not None}
    squares = [torch.einsum("i,i->", p.grad.reshape(-1), p.grad.reshape(-1)) for p in there.values()]
    norm = float(sum(squares)) ** 0.5
    for p in there.values() if norm > max_norm else ():
        torch.mul(p.grad, max_norm / norm, out=p.grad)
    return norm


def clip_in_float32(parameters, max_norm):
    """Measures in float32, as mixed precision does."""
    parameters = list(parameters)
    norm = torch.cat([p.grad.float().reshape(-1) for p in parameters if p.grad is not None]).norm()
    for p in parameters:
        if p.grad is not None and norm > max_norm:
            p.grad.mul_(max_norm / (norm + 1e-6))
    return norm


class AverageByLerp:
    def __init__(self, parameters, decay=0.999):
        self.parameters, self.decay, self.averages = list(parameters), decay, None

    def update(self):
        with torch.no_grad():
            if self.averages is None:
                self.averages = [p.clone() for p in self.parameters]
            else:
                for average, p in zip(self.averages, self.parameters, strict=True):
                    average.lerp_(p, 1 - self.decay)


class AverageByCount:
    """Has a decay of zero at its first update."""

    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.averages = [torch.zeros_like(p) for p in self.parameters]
        self.decay = decay
        self.count = 0

    @torch.no_grad()
    def update(self):
        self.count += 1
        for i, p in enumerate(self.parameters):
            decay = self.decay if self.count > 1 else 0
            self.averages[i] = decay * self.averages[i] + (1 - decay) * p


class AverageOfCopies:
    """Keeps parameters, which require a gradient, as AveragedModel does."""

    def __init__(self, parameters, decay=0.999):
        self.weights = list(parameters)
        self.averages = copy.deepcopy(self.weights)
        self.decay, self.fresh = decay, True

    def update(self):
        for average, weight in zip(self.averages, self.weights, strict=True):
            if self.fresh:
                average.data.copy_(weight.data)
            else:
                average.data.mul_(self.decay).add_(weight.data, alpha=1 - self.decay)
        self.fresh = False


class AverageInFloat32:
    def __init__(self, parameters, decay=0.999):
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = [torch.empty(p.shape) for p in self.parameters]
        self.first = True

    def update(self):
        for average, p in zip(self.averages, self.parameters, strict=True):
            new = p.detach()
            average.copy_(new if self.first else average + (1 - self.decay) * (new.float() - average))
        self.first = False


class AverageByForeach:
    def __init__(self, parameters, decay=0.999):
        self.parameters = tuple(parameters)
        self.decay = decay
        self.averages = ()

    @torch.no_grad()
    def update(self):
        if len(self.averages) == 0:
            self.averages = tuple(torch._foreach_mul(self.parameters, 1.0))  # noqa: SLF001
            return
        torch._foreach_mul_(self.averages, self.decay)
        torch._foreach_add_(self.averages, self.parameters, alpha=1 - self.decay)


class AverageInADictionary:
    def __init__(self, parameters, decay=0.999):
        self.parameters = dict(enumerate(parameters))
        self.decay = decay
        self.averages = {}

    def update(self):
        for key, p in self.parameters.items():
            new = p.detach().clone()
            old = self.averages.get(key)
            self.averages[key] = new if old is None else self.decay * old + (1 - self.decay) * new


class AverageAsProperty:
    def __init__(self, parameters, decay=0.999):
        self._pairs = [[p, None] for p in parameters]
        self._decay = decay

    @property
    def averages(self):
        return [average for _, average in self._pairs]

    def update(self):
        for pair in self._pairs:
            p, average = pair
            p = p.data
            pair[1] = p.clone() if average is None else average * self._decay + p * (1 - self._decay)


class AverageThroughNumpy:
    def __init__(self, parameters, decay=0.999):
        self.parameters = [*parameters]
        self.decay = decay
        self.averages = None

    def update(self):
        now = [p.detach().numpy().copy() for p in self.parameters]
        if self.averages is None:
            self.averages = now
        else:
            self.averages = [self.decay * a + (1 - self.decay) * n for a, n in zip(self.averages, now, strict=True)]


class AverageOfState:
    """Keeps each average with its parameter, under the parameter itself."""

    def __init__(self, parameters, decay=0.999, device=None):
        self.parameters = list(parameters)
        self.decay = decay
        self.shadow = {}
        self.device = device

    @property
    def averages(self):
        return [self.shadow[p] for p in self.parameters]

    def update(self):
        with torch.no_grad():
            for p in self.parameters:
                if p in self.shadow:
                    self.shadow[p] -= (1 - self.decay) * (self.shadow[p] - p)
                else:
                    self.shadow[p] = p.clone()


class AverageByRecursion(torch.nn.Module):
    """Is a module, so that it can be saved."""

    def __init__(self, parameters, decay=0.999):
        super().__init__()
        self.decay = decay
        self.watched = list(parameters)
        self.number = 0
        for place, p in enumerate(self.watched):
            self.register_buffer(f"average_{place}", torch.zeros_like(p))

    @property
    def averages(self):
        return list(self.buffers())

    @torch.no_grad()
    def update(self):
        self.number += 1
        for average, p in zip(self.buffers(), self.watched, strict=True):
            if self.number == 1:
                average.add_(p)
            else:
                average.mul_(self.decay).add_((1 - self.decay) * p)


class AverageOfAllBefore:
    """Keeps everything, and works the average out anew."""

    def __init__(self, parameters, decay=0.999):
        self.parameters, self.decay, self.past = list(parameters), decay, []

    def update(self):
        self.past.append([p.detach().clone() for p in self.parameters])
        t = len(self.past)
        shares = [(1 - self.decay) * self.decay ** (t - 1 - i) for i in range(t)]
        shares[0] = self.decay ** (t - 1)
        self.averages = [
            sum(share * row[i] for share, row in zip(shares, self.past, strict=True))
            for i in range(len(self.parameters))
        ]


class AverageInInference:
    def __init__(self, parameters, decay=0.999):
        self.decay = decay
        self.parameters = list(parameters)

    def update(self):
        with torch.inference_mode():
            if not hasattr(self, "averages"):
                self.averages = [p * 1 for p in self.parameters]
                return
            self.averages = [
                self.decay * average + (1 - self.decay) * p
                for average, p in zip(self.averages, self.parameters, strict=True)
            ]


def bytes_by_nbytes(optimizer):
    return sum(
        kept.nbytes for state in optimizer.state.values() for kept in state.values() if isinstance(kept, torch.Tensor)
    )


def bytes_of_the_state_dict(optimizer):
    total = 0
    for state in optimizer.state_dict()["state"].values():
        for kept in state.values():
            if torch.is_tensor(kept):
                total += kept.element_size() * kept.nelement()
    return total


def bytes_group_by_group(optimizer):
    total = 0
    for group in optimizer.param_groups:
        for p in group["params"]:
            tensors = [kept for kept in optimizer.state[p].values() if hasattr(kept, "element_size")]
            total += sum(t.numel() * t.element_size() for t in tensors)
    return float(total)


def bytes_by_storage(optimizer):
    held = [kept for state in optimizer.state.values() for kept in state.values()]
    return sum(kept.untyped_storage().nbytes() for kept in held if isinstance(kept, torch.Tensor))


def bytes_by_types(optimizer):
    sizes = {torch.float64: 8, torch.float32: 4, torch.bfloat16: 2, torch.float16: 2}
    numbers = dict.fromkeys(sizes, 0)
    for state in optimizer.state.values():
        for kept in state.values():
            if type(kept) is torch.Tensor:
                numbers[kept.dtype] += kept.numel()
    return sum(sizes[dtype] * count for dtype, count in numbers.items())


def bytes_by_recursion(thing):
    if isinstance(thing, torch.optim.Optimizer):
        return bytes_by_recursion(dict(thing.state))
    if isinstance(thing, dict):
        return sum(map(bytes_by_recursion, thing.values()))
    return thing.numel() * thing.itemsize if isinstance(thing, torch.Tensor) else 0


STYLES = (
    ("clip_gradients", clip_as_torch_does),
    ("clip_gradients", clip_with_floats),
    ("clip_gradients", clip_with_new_tensors),
    ("clip_gradients", clip_in_one_vector),
    ("clip_gradients", clip_through_numpy),
    ("clip_gradients", clip_by_foreach),
    ("clip_gradients", clip_by_data),
    ("clip_gradients", clip_by_dividing),
    ("clip_gradients", clip_with_max),
    ("clip_gradients", clip_early_return),
    ("clip_gradients", clip_once_for_each_loop),
    ("clip_gradients", clip_with_einsum),
    ("clip_gradients", clip_in_float32),
    ("AveragedWeights", AverageByLerp),
    ("AveragedWeights", AverageByCount),
    ("AveragedWeights", AverageOfCopies),
    ("AveragedWeights", AverageInFloat32),
    ("AveragedWeights", AverageByForeach),
    ("AveragedWeights", AverageInADictionary),
    ("AveragedWeights", AverageAsProperty),
    ("AveragedWeights", AverageThroughNumpy),
    ("AveragedWeights", AverageOfState),
    ("AveragedWeights", AverageByRecursion),
    ("AveragedWeights", AverageOfAllBefore),
    ("AveragedWeights", AverageInInference),
    ("bytes_kept", bytes_by_nbytes),
    ("bytes_kept", bytes_of_the_state_dict),
    ("bytes_kept", bytes_group_by_group),
    ("bytes_kept", bytes_by_storage),
    ("bytes_kept", bytes_by_types),
    ("bytes_kept", bytes_by_recursion),
)
