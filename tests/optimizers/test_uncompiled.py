"""torch's compiler stays out of a process that compiles nothing, and whoever imports it finds torch as it was."""

import subprocess
import sys
from textwrap import dedent

import pytest

pytestmark = pytest.mark.slow
HEAD = """
import sys
import torch
from coursekit.judging.subject import subject

def away(kind, **given):
    p = torch.nn.Parameter(torch.arange(1.0, 7.0).reshape(2, 3))
    optimizer = kind([p], **given)
    for step in range(3):
        optimizer.zero_grad()
        (p ** 2 / 2).sum().backward()
        optimizer.step()
    again = kind([p], **given)
    again.load_state_dict(optimizer.state_dict())
    return p.tolist()

KINDS = {
    name: kind
    for name, kind in vars(torch.optim).items()
    if isinstance(kind, type) and name not in ("Optimizer", "LBFGS", "SparseAdam")
}
"""


def ran(code):
    """Run code in a fresh process; return what it prints."""
    run = subprocess.run([sys.executable, "-c", HEAD + dedent(code)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split("\n")[:-1]


def test_no_optimizer_imports_the_compiler_and_all_move_as_they_do_with_it():
    compared = """
        subject().warm_up()
        subject().warm_up()
        light = {name: away(kind) for name, kind in KINDS.items()}
        print("torch._dynamo" in sys.modules, len(light) > 10)
        import torch._dynamo
        print([name for name, kind in KINDS.items() if away(kind) != light[name]])
    """
    assert ran(compared) == ["False True", "[]"]


def test_first_check_imports_no_compiler():
    checked = """
        import coursekit
        from tests.bank.wrong import RIGHT

        for name in ("Adam", "LRSchedulerOnPlateau", "minimise", "AveragedWeights", "Muon"):
            space = {}
            exec(RIGHT[name], space)
            coursekit.check(space[name])
        print("torch._dynamo" in sys.modules)
    """
    assert ran(checked)[-1] == "False"


def test_step_that_is_to_be_differentiable_is_and_others_are_not():
    differentiated = """
        subject().warm_up()
        p = torch.ones(2, requires_grad=True)
        p.grad = torch.ones(2)
        torch.optim.SGD([p], lr=0.1).step()  # with gradients it would raise: p is a leaf
        print(p.is_leaf, torch.is_grad_enabled())
        moved = p.clone()
        moved.retain_grad()
        moved.grad = torch.ones(2)
        torch.optim.SGD([moved], lr=0.1, differentiable=True).step()
        print(torch.autograd.grad(moved.sum(), p)[0].tolist())
    """
    assert ran(differentiated) == ["True True", "[1.0, 1.0]"]


def test_code_that_somebody_compiles_uses_torch_s_own_methods():
    compiled = """
        subject().warm_up()
        p = torch.nn.Parameter(torch.ones(2))
        optimizer = torch.optim.SGD([p], lr=0.1)

        @torch.compile(backend="eager")
        def step():
            p.grad = torch.ones(2)
            optimizer.step()

        step()
        optimizer.zero_grad()
        method = torch.optim.Optimizer.zero_grad.__wrapped__
        print(p.tolist() == [torch.tensor(0.9).item()] * 2, p.grad)
        print(method.__dynamo_disable.__module__.startswith("torch._dynamo"))
    """
    assert ran(compiled) == ["True None", "True"]
