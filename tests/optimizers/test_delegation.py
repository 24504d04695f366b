"""Torch's own optimizers and schedulers are refused to what should be a student's own, and to nothing else."""

import contextlib
import inspect
import sys

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler
from torch.optim.adam import adam

from coursekit.errors import Delegated
from coursekit.judging.calls import Argument, CallScenario
from coursekit.judging.running import run
from coursekit.judging.trajectories import compare
from coursekit.optimizers import delegation
from coursekit.optimizers.delegation import refused
from coursekit.optimizers.references import SIGNATURES, Plateau, stand_in
from coursekit.optimizers.scenarios import Call, OptimizerScenario, SchedulerScenario
from tests.bank.wrong import RIGHT
from tests.solutions import defined

STEPS = OptimizerScenario(start=(np.ones(2),), calls=(Call("step", (np.ones(2),)),) * 3)
RATES = SchedulerScenario(
    rates=(0.4,), hyperparameters={"initial_lr": 0.2, "patience": 0}, calls=(("step", 1.0), ("step", 1.0))
)
OPTIMIZERS = [kind for _, kind in inspect.getmembers(torch.optim, inspect.isclass) if kind is not torch.optim.Optimizer]
SCHEDULERS = [
    kind
    for _, kind in inspect.getmembers(lr_scheduler, inspect.isclass)
    if issubclass(kind, lr_scheduler.LRScheduler) and not kind.__name__.endswith("LRScheduler")  # the base, twice
]


def borrowed(subject, scenario):
    """Name what of torch's was refused to a subject that does without a mistake where nothing is."""
    assert run(subject, scenario).failure is None
    failure = run(subject, scenario, unaided=True).failure
    assert failure.kind == "Delegated"
    return failure.message


class Own(torch.optim.Optimizer):
    """What a student builds on torch's base class; each test lets it move by something of torch's."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state[p]
                    for name in ("m", "v", "highest"):
                        state.setdefault(name, torch.zeros_like(p))
                    state.setdefault("t", torch.tensor(0.0))
                    self.move([p], [p.grad], [state["m"]], [state["v"]], [], [state["t"]], group["lr"])


SETTINGS = {"beta1": 0.9, "beta2": 0.999, "weight_decay": 0.0, "eps": 1e-8, "amsgrad": False, "maximize": False}


# optimizers


def test_subclass_of_torchs_optimizer_is_refused():
    class Adam(torch.optim.Adam):
        def __init__(self, params, learning_rate=0.001):
            super().__init__(params, lr=learning_rate)

    assert borrowed(Adam, STEPS) == "torch.optim.Adam"


def test_step_of_torchs_optimizer_is_refused_where_its_constructor_is_not_called():
    class SGD(torch.optim.SGD):
        def __init__(self, params, learning_rate=0.01):
            defaults = dict.fromkeys(("momentum", "dampening", "weight_decay"), 0.0)
            defaults |= dict.fromkeys(("nesterov", "maximize", "foreach", "differentiable", "fused"), False)
            torch.optim.Optimizer.__init__(self, params, defaults | {"lr": learning_rate})

    failure = run(SGD, STEPS, unaided=True).failure
    assert (failure.kind, failure.message) == ("Delegated", "torch.optim.SGD")
    assert run(SGD, STEPS).failure is None  # the class itself is as before, too


def test_torchs_optimizer_inside_is_refused():
    class Holds(Own):
        def __init__(self, params, learning_rate=0.001):
            super().__init__(params, learning_rate)
            self.inner = torch.optim.Adam(self.param_groups, lr=learning_rate)

        def step(self):
            self.inner.step()

    assert borrowed(Holds, STEPS) == "torch.optim.Adam"


def test_torchs_optimizer_inside_is_refused_under_another_name():
    kept = torch.optim.RMSprop

    class Holds(Own):
        def step(self):
            kept([p for group in self.param_groups for p in group["params"]]).step()

    assert borrowed(Holds, STEPS) == "torch.optim.RMSprop"


def test_rule_of_torch_that_was_taken_beforehand_is_refused():
    class Calls(Own):
        def move(self, *tensors):
            *tensors, rate = tensors
            adam(*tensors, foreach=False, lr=rate, **SETTINGS)

    assert borrowed(Calls, STEPS) == "torch.optim.adam"


def test_kernel_of_torch_is_refused():
    class Calls(Own):
        def move(self, *tensors):
            *tensors, rate = tensors
            tensors[-1][0] += 1
            torch._fused_adam_(*tensors, lr=rate, **SETTINGS)

    assert borrowed(Calls, STEPS) == "torch._fused_adam_"


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.__name__)
def test_every_optimizer_of_torch_is_refused(kind):
    with refused(), pytest.raises(Delegated, match=rf"^torch\.optim\.{kind.__name__}$"):
        kind([torch.nn.Parameter(torch.zeros(2, 2))])


# schedulers


def test_subclass_of_torchs_scheduler_is_refused():
    class Subclass(lr_scheduler.ReduceLROnPlateau):
        def __init__(self, optimizer, initial_lr, **others):
            super().__init__(optimizer, min_lr=initial_lr / 100, **others)

    assert borrowed(Subclass, RATES) == "torch.optim.lr_scheduler.ReduceLROnPlateau"


def test_torchs_scheduler_inside_is_refused():
    assert borrowed(Plateau, RATES) == "torch.optim.lr_scheduler.ReduceLROnPlateau"


@pytest.mark.parametrize("kind", SCHEDULERS, ids=lambda kind: kind.__name__)
def test_every_scheduler_of_torch_is_refused(kind):
    with refused(), pytest.raises(Delegated, match=rf"{kind.__name__}$"):
        kind(Own([torch.nn.Parameter(torch.zeros(1))]))


# what is allowed


@pytest.mark.parametrize("name", SIGNATURES)
def test_own_class_on_the_base_class_works(name):
    subject = defined(RIGHT[name])[name]
    trajectory = run(subject, STEPS, unaided=True)
    assert trajectory.failure is None
    assert compare(trajectory, run(subject, STEPS)) is None


@pytest.mark.parametrize("name", ["LRScheduler", "LRSchedulerOnPlateau"])
def test_own_scheduler_works(name):
    own = defined(RIGHT[name])[name]
    assert run(own, SchedulerScenario(rates=(0.4,), hyperparameters={"initial_lr": 0.2}), unaided=True).rows


def test_own_scheduler_on_torchs_base_class_works():
    class Halves(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [0.5 * group["lr"] for group in self.optimizer.param_groups]

    with refused():
        optimizer = Own([torch.nn.Parameter(torch.zeros(1))], learning_rate=0.4)
        Halves(optimizer)
    assert optimizer.param_groups[0]["lr"] == 0.2


@pytest.mark.parametrize("name", SIGNATURES)
def test_stand_ins_work_where_nobody_is_unaided(name):
    assert run(stand_in(name), STEPS).failure is None


def test_function_that_is_given_an_optimizer_may_use_it():
    def student(optimizer_class, start):
        x = torch.nn.Parameter(start)
        optimizer = optimizer_class([x])
        x.sum().backward()
        optimizer.step()
        return x

    arguments = (Argument(kind="named", name="Adam"), Argument(kind="tensor", value=np.ones(2)))
    assert run(student, CallScenario(arguments=arguments), unaided=True).failure is None


# afterwards


def standing():
    """Note what stands in torch where anything is refused."""
    modules = [inspect.getmodule(kind) for kind in (*OPTIMIZERS, *SCHEDULERS)]
    return [dict(vars(owner)) for owner in (*OPTIMIZERS, *SCHEDULERS, *modules, torch)]


def test_everything_is_as_before_after_the_block():
    before = standing()
    with refused():
        assert standing() != before
    assert standing() == before
    assert run(stand_in("Adam"), STEPS).failure is None


def test_everything_is_as_before_after_a_block_that_raises():
    before = standing()
    with pytest.raises(KeyError), refused():
        raise KeyError
    assert standing() == before


def test_everything_is_as_before_after_code_that_does_not_end():
    class Endless(Own):
        def step(self):
            while True:
                pass

    before = standing()
    assert run(Endless, STEPS, seconds=0.1, unaided=True).failure.kind == "TimeLimitExceeded"
    assert standing() == before


def test_refusal_in_a_refusal_ends_with_the_outer_one():
    before = standing()
    with refused():
        with refused():
            pass
        with pytest.raises(Delegated):
            torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))])
    assert standing() == before


# interrupted


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 5, 10, 50, 200])
def test_an_interrupt_at_any_moment_leaves_torch_as_it_was(lines):
    """Interrupt the refusal so many lines after its block has ended."""
    refusal = refused()
    left = lines

    def interrupt(frame, event, _):
        nonlocal left
        if event == "line" and frame.f_code.co_filename == delegation.__file__:
            left -= 1
            if left == -1:
                raise KeyboardInterrupt
        return interrupt

    refusal.__enter__()
    before = sys.gettrace()
    sys.settrace(interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        refusal.__exit__(None, None, None)
    sys.settrace(before)
    parameter = torch.nn.Parameter(torch.zeros(1))
    for kind in (torch.optim.SGD, torch.optim.AdamW):
        kind([parameter]).step()
