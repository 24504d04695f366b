"""The reference solutions agree with torch on random scenarios; the figures of the course are torch's too."""

import inspect

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.errors import OracleError
from coursekit.judging.running import run
from coursekit.judging.trajectories import Precision, compare
from coursekit.optimizers import functions
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import SCHEDULES, SIGNATURES, Plateau, reference, stand_in
from coursekit.optimizers.scenarios import (
    Call,
    OptimizerScenario,
    SchedulerScenario,
    ScheduleScenario,
    in_turn,
    with_neighbour,
    write,
)
from tests.solutions import solution

SHAPES = [(), (1,), (3,), (2, 2), (0,)]
HYPERPARAMETERS = {
    "learning_rate": st.floats(1e-4, 1.0),
    "decay": st.floats(0.0, 0.999),
    "beta1": st.floats(0.0, 0.99),
    "beta2": st.floats(0.0, 0.9999),
    "epsilon": st.floats(1e-10, 1.0),
    "weight_decay": st.floats(0.0, 0.5),
    "momentum": st.floats(0.01, 0.99),  # torch's Nesterov refuses 0
}
SEARCH = settings(max_examples=100, deadline=None, derandomize=True, database=None)


@st.composite
def optimizer_scenarios(draw, name):
    """Draw any scenario in which the course says what an optimizer must do."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=4))
    steps = draw(st.integers(1, 6))
    stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = 10.0 ** draw(st.integers(-6, 3))
    kinds = st.sampled_from(["some", "some", "some", "zero", "none"])

    def gradient(shape):
        kind = draw(kinds)
        return None if kind == "none" else scale * stream.normal(size=shape) * (kind == "some")

    def some(names, most=None):
        chosen = draw(st.lists(st.sampled_from(list(names)), unique=True, max_size=most))
        return {key: draw(HYPERPARAMETERS[key]) for key in chosen}

    def overrides():
        return {"lr" if key == "learning_rate" else key: value for key, value in some(SIGNATURES[name]).items()}

    cut = draw(st.integers(0, len(shapes) - 1))
    groups = ((tuple(range(cut, len(shapes))), overrides()), (tuple(range(cut)), overrides())) if cut else ()
    name_of_step = draw(st.sampled_from(["step", "step_into"]))
    scenario = OptimizerScenario(
        start=tuple(stream.normal(size=shape) for shape in shapes),
        calls=tuple(Call(name_of_step, tuple(gradient(shape) for shape in shapes)) for _ in range(steps)),
        hyperparameters=some(SIGNATURES[name]),
        groups=groups,
    )
    for step in draw(st.lists(st.integers(0, steps - 1), max_size=1)):
        scenario = scenario.before(step, Call("reload"))
    for step, rate in draw(
        st.dictionaries(st.integers(0, steps - 1), HYPERPARAMETERS["learning_rate"], max_size=2)
    ).items():
        scenario = scenario.before(step, write(rate))
    for change in draw(st.lists(st.sampled_from([with_neighbour, in_turn]), unique=True)):
        scenario = change(scenario)
    return scenario


@pytest.mark.parametrize("name", SIGNATURES)
def test_reference_optimizer_agrees_with_torch(name):
    @SEARCH
    @given(optimizer_scenarios(name))
    def search(scenario):
        trajectory, reference = run(solution(name), scenario, unaided=True), run(stand_in(name), scenario)
        assert reference.failure is trajectory.failure is None
        assert len(trajectory.rows) == len(reference.rows)
        assert compare(trajectory, reference) is None
        assert trajectory.faults == ()

    search()


@pytest.mark.parametrize("name", SIGNATURES)
@pytest.mark.parametrize(("dtype", "share"), [("float32", 1e-3), ("bfloat16", 0.15)])
@pytest.mark.parametrize("seed", range(5))
def test_reference_optimizer_agrees_with_torch_in_short_dtypes(name, dtype, share, seed):
    short = {"learning_rate": 0.5, "decay": 0.5, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-3, "weight_decay": 0.1}
    short["momentum"] = 0.5
    stream = np.random.default_rng(seed)
    scenario = OptimizerScenario(
        start=(stream.uniform(0.5, 1.5, 4),),
        calls=tuple(Call("step", (stream.uniform(0.5, 1.5, 4),)) for _ in range(3)),
        hyperparameters={key: short[key] for key in SIGNATURES[name]},
        dtype=dtype,
    )
    got, expected = run(solution(name), scenario), run(stand_in(name), scenario)
    assert compare(got, expected, Precision(travelled=share)) is None


METRICS = st.floats(-10, 10) | st.sampled_from([float("nan"), 0.0, 1.0, 1.0, 0.9, -1.0, -1.1])


@st.composite
def plateau_scenarios(draw):
    """Draw metrics and settings; the rate starts above `min_lr`."""
    initial_lr = draw(st.floats(0.01, 1.0))
    hyperparameters = {
        "initial_lr": initial_lr,
        "patience": draw(st.integers(0, 4)),
        "factor": draw(st.floats(0.05, 0.95)),
        "min_lr": draw(st.sampled_from([0.0, 1e-6, 0.3 * initial_lr])),
        "threshold": draw(st.sampled_from([0.0, 1e-4, 0.1, 0.5])),
    }
    metrics = draw(st.lists(METRICS, max_size=25))
    return SchedulerScenario(
        rates=(0.9,) * draw(st.integers(1, 3)),
        hyperparameters=hyperparameters,
        mode=draw(st.sampled_from([None, "min", "max"])),
        calls=tuple((draw(st.sampled_from(["step", "step_tensor", "step_scalar"])), metric) for metric in metrics),
    )


@settings(SEARCH, max_examples=300)
@given(plateau_scenarios())
def test_reference_plateau_agrees_with_torch(scenario):
    trajectory, reference = run(solution("LRSchedulerOnPlateau"), scenario), run(Plateau, scenario)
    assert reference.failure is trajectory.failure is None
    assert len(trajectory.rows) == len(reference.rows) == len(scenario.calls) + 1
    assert compare(trajectory, reference) is None


@st.composite
def schedules(draw, name):
    """Draw a schedule and more steps than it has."""
    rate, length = st.floats(1e-4, 1.0), st.integers(1, 12)
    given = {"initial_lr": draw(rate)}
    if name != "CosineDecay":
        given["peak_lr"] = given["initial_lr"] * draw(st.floats(1.0, 100.0))
    if name == "WarmUpStableDecay":
        given |= {"warmup_steps": draw(st.integers(0, 6)), "stable_steps": draw(st.integers(0, 6))}
    given["decay_steps" if name == "WarmUpStableDecay" else "steps"] = draw(length)
    if name != "WarmUp":
        given["min_lr"] = draw(st.sampled_from([0.0, 0.1, 1.0])) * given["initial_lr"]
    steps = sum(int(value) for key, value in given.items() if key.endswith("steps"))
    return ScheduleScenario(rates=(0.9,), hyperparameters=given, calls=(("step_bare", 0.0),) * (steps + 5))


def of_numpy(initial_lr, peak_lr=None, min_lr=0.0, **lengths):
    """Return what makes the rate of a step: straight lines between corners, or half a cosine."""
    if peak_lr is None:
        (steps,) = lengths.values()
        return lambda k: min_lr + (initial_lr - min_lr) * (1 + np.cos(np.pi * np.minimum(k, steps) / steps)) / 2
    if "steps" in lengths:
        return lambda k: np.interp(k, [0, lengths["steps"]], [initial_lr, peak_lr])
    corners = np.cumsum([0, *lengths.values()])
    return lambda k: np.interp(k, corners, [initial_lr, peak_lr, peak_lr, min_lr])


@pytest.mark.parametrize("name", SCHEDULES)
def test_reference_schedule_agrees_with_torch_and_with_numpy(name):
    @settings(SEARCH, max_examples=100)
    @given(schedules(name))
    def search(scenario):
        trajectory, reference = run(solution(name), scenario), run(SCHEDULES[name], scenario)
        assert reference.failure is trajectory.failure is None
        assert len(trajectory.rows) == len(reference.rows) == len(scenario.calls) + 1
        numbers = of_numpy(**scenario.hyperparameters)(np.arange(len(reference.rows)))
        rates = np.array([row[0][0] for row in reference.rows])
        np.testing.assert_allclose([row[0][0] for row in trajectory.rows], numbers, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(rates, numbers, rtol=1e-9, atol=1e-12)

    search()


def test_three_phases_are_those_of_torch_one_after_the_other():
    lr_scheduler = torch.optim.lr_scheduler
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.4)
    up, down = ((0.25, 1.0, 3), (1.0, 0.1, 5))
    phases = [
        lr_scheduler.LinearLR(optimizer, *up),
        lr_scheduler.ConstantLR(optimizer, 1.0, 0),
        lr_scheduler.LinearLR(optimizer, *down),
    ]
    sequence, rates = lr_scheduler.SequentialLR(optimizer, phases, milestones=[3, 7]), []
    for _ in range(16):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        sequence.step()
    given = {"initial_lr": 0.1, "peak_lr": 0.4, "warmup_steps": 3, "stable_steps": 4, "decay_steps": 5, "min_lr": 0.04}
    scenario = ScheduleScenario(rates=(0.9,), hyperparameters=given, calls=(("step_bare", 0.0),) * 15)
    assert [row[0].item() for row in run(solution("WarmUpStableDecay"), scenario).rows] == pytest.approx(rates)


def test_plateau_without_arguments_has_the_defaults_of_the_course():
    calls = tuple(("step", 1.0) for _ in range(80))
    few = SchedulerScenario(rates=(0.9,), hyperparameters={"initial_lr": 0.5}, calls=calls)
    rates = [row[0].item() for row in run(Plateau, few).rows]
    falls = [step for step in range(1, 81) if rates[step] < rates[step - 1]]
    assert falls == [12, 23, 34, 45, 56, 67]
    assert rates[-1] == 1e-6


@pytest.mark.parametrize("name", SIGNATURES)
def test_reference_optimizer_has_the_signature_of_the_course(name):
    _, first, *others = inspect.signature(solution(name).__init__).parameters.values()
    assert first.name == "params"
    assert {parameter.name: parameter.default for parameter in others} == SIGNATURES[name]
    assert issubclass(solution(name), torch.optim.Optimizer)


def test_reference_schedulers_have_the_signatures_of_the_course():
    def parameters(function):
        return [str(parameter) for parameter in inspect.signature(function).parameters.values()][1:]

    base, plateau = solution("LRScheduler"), solution("LRSchedulerOnPlateau")
    assert parameters(base.__init__) == ["optimizer", "initial_lr"]
    assert parameters(base.step) == ["metric=None"]
    assert parameters(plateau.__init__) == [
        "optimizer",
        "initial_lr",
        "patience=10",
        "factor=0.1",
        "min_lr=1e-06",
        "mode='min'",
        "threshold=0.0001",
    ]


SIGNATURES_OF_SCHEDULES = {
    "WarmUp": ["optimizer", "initial_lr", "peak_lr", "steps"],
    "CosineDecay": ["optimizer", "initial_lr", "steps", "min_lr=0.0"],
    "WarmUpStableDecay": [
        *("optimizer", "initial_lr", "peak_lr", "warmup_steps", "stable_steps", "decay_steps"),
        "min_lr=0.0",
    ],
}


@pytest.mark.parametrize(("name", "expected"), SIGNATURES_OF_SCHEDULES.items())
def test_reference_schedule_has_the_signature_of_the_course(name, expected):
    _, *parameters = inspect.signature(solution(name).__init__).parameters.values()
    assert [str(parameter) for parameter in parameters] == expected


def test_stand_in_takes_the_names_of_the_course_and_no_other():
    parameter = torch.nn.Parameter(torch.zeros(1))
    group = stand_in("Adam")([parameter], learning_rate=0.5, beta2=0.25, epsilon=0.125).param_groups[0]
    assert (group["lr"], group["betas"], group["eps"]) == (0.5, (0.9, 0.25), 0.125)
    with pytest.raises(TypeError, match=r"Adam\(\) got an unexpected keyword argument 'lr'"):
        stand_in("Adam")([parameter], lr=0.5)


# the figures of sections 6 and 7

COMPARISON = {"SGD": 14.996723, "RMSProp": 98.909378, "Adagrad": 99.814201, "Adam": 99.900055, "AdamW": 99.800110}


def from_100(optimizer_class):
    """Minimise (x − 2)² from 100 in 100 steps, float32, default hyperparameters."""
    x = torch.nn.Parameter(torch.tensor(100.0))
    optimizer = optimizer_class([x])
    for _ in range(100):
        optimizer.zero_grad()
        functions.quadratic()(x).backward()
        optimizer.step()
    return x.item()


@pytest.mark.parametrize(("name", "end"), COMPARISON.items())
def test_comparison_ends_where_the_course_says(name, end):
    assert from_100(stand_in(name)) == pytest.approx(end, abs=2e-5)
    assert from_100(solution(name)) == pytest.approx(end, abs=2e-5)


@pytest.mark.parametrize(("name", "end"), COMPARISON.items())
def test_minimise_ends_where_the_course_says(name, end):
    path = solution("minimise")(stand_in(name), functions.quadratic(), torch.tensor(100.0), 100)
    assert path.shape == (101,)
    assert path[-1].item() == pytest.approx(end, abs=2e-5)


def test_decay_with_the_wrong_sign_stands_still_at_100():
    class WrongSign(solution("Adam")):
        @torch.no_grad()
        def step(self):
            (x,) = self.param_groups[0]["params"]
            decay = 0.001 * 0.01 * x
            super().step()
            x += decay

    assert from_100(WrongSign) == pytest.approx(100.0, abs=1e-4)


def test_network_trained_with_sgd_ends_where_the_course_says():
    rows = solution("train_network")(stand_in("SGD"), torch.tensor(1.0), torch.tensor(10.0), 100)
    w1, b1, w2, b2 = torch.as_tensor(rows)[-1].tolist()
    assert w1 == pytest.approx(1.796552, abs=1e-5)
    assert b1 == pytest.approx(1.796552, abs=1e-5)
    assert w2 == pytest.approx(2.356535, abs=1e-5)
    assert b2 == pytest.approx(1.532728, abs=1e-5)


# a failing oracle


def test_an_oracle_that_fails_is_our_failure_and_is_not_remembered(monkeypatch):
    scenario = OptimizerScenario(start=(np.ones(2),), calls=(Call("step", (np.ones(2),)),))
    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.SGD, "step", lambda _: {}["gone"])
        with pytest.raises(OracleError, match=r"SGD failed \(KeyError: .gone"):
            reference("SGD", scenario)
    assert len(reference("SGD", scenario).rows) == 2


@pytest.mark.parametrize("name", [*SIGNATURES, "LRScheduler", "LRSchedulerOnPlateau", *SCHEDULES])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_oracle_gets_through_every_scenario_that_a_mistake_is_looked_for_in(name, seed):
    scenarios = [scenario for behaviour in ladder(name, seed) for scenario in behaviour.evidence]
    counts = [len(getattr(each, "gradients", ()) or getattr(each, "calls", ())) + 1 for each in scenarios]
    assert counts
    assert [len(reference(name, scenario).rows) for scenario in scenarios] == counts
