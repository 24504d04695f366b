"""Clipping and averages: torch and float64 numpy say the same, torch's own is refused, and what is wrong is told."""

import numpy as np
import pytest
import torch
from torch.nn.utils import clip_grad_norm_
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn

from coursekit.errors import Delegated
from coursekit.judging.behaviours import remembering
from coursekit.judging.explanations import help_with
from coursekit.judging.running import run
from coursekit.optimizers.delegation import helpers_refused
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import AveragedWeights, clip_gradients, reference
from coursekit.optimizers.scenarios import Call, OptimizerScenario
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario, Turn
from tests.bank.wrong import RIGHT
from tests.solutions import asking, defined

SEEDS = (0, 7, 20261001)
CLIPPING = ClippingScenario(start=(np.ones(2), np.ones(3)), calls=((np.array([3.0, 4.0]), None),), max_norm=2.0)
AVERAGING = AveragingScenario(
    start=(np.ones(2),),
    turns=(Turn("update"), Turn("move", (np.full(2, 3.0),)), Turn("update")),
    hyperparameters={"decay": 0.5},
)


def scenarios(name, kind):
    trials = [trial for seed in SEEDS for behaviour in ladder(name, seed) for trial in behaviour.trials]
    return [trial.scenario for trial in trials if type(trial.scenario) is kind]


def norm_of(gradients):
    return np.linalg.norm(np.concatenate([each.ravel() for each in gradients if each is not None]))


# the oracle


def test_torch_clips_as_numpy_does():
    for scenario in scenarios("clip_gradients", ClippingScenario):
        for row, call in zip(reference("clip_gradients", scenario).rows, scenario.calls, strict=True):
            factor = min(1.0, scenario.max_norm / max(norm_of(call), 1e-300))
            for got, gradient in zip(row, call, strict=True):
                if gradient is not None:
                    np.testing.assert_allclose(got, factor * gradient, rtol=1e-6)


def test_torch_returns_the_norm_that_numpy_has():
    for scenario in scenarios("clip_gradients", ReturnedNormScenario):
        rows = reference("clip_gradients", scenario).rows
        assert [row[0].item() for row in rows] == pytest.approx([norm_of(call) for call in scenario.calls], rel=1e-14)


def test_norms_that_are_asked_for_are_so_long_that_a_millionth_does_not_matter():
    norms = [
        norm_of(call)
        for kind in (ClippingScenario, ReturnedNormScenario)
        for scenario in scenarios("clip_gradients", kind)
        for call in scenario.calls
    ]
    assert min(norm for norm in norms if norm) > 1
    assert all(1e-6 / norm < ClippingScenario.precision.size / 5 for norm in norms if norm)


def test_torch_averages_as_numpy_does():
    for scenario in scenarios("AveragedWeights", AveragingScenario):
        decay, place, average, rows = scenario.hyperparameters.get("decay", 0.999), scenario.start, None, []
        for turn in scenario.turns:
            if turn.name in ("move", "replace"):
                place = turn.values
            elif turn.by == "average":
                if turn.name == "update":
                    pairs = zip(average or place, place, strict=True)
                    average = [decay * old + (1 - decay) * new for old, new in pairs] if average else list(place)
                rows.append(average)
        for got, expected in zip(reference("AveragedWeights", scenario).rows, rows, strict=True):
            for one, other in zip(got, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-12)


# what may not be borrowed


def clips(parameters, max_norm):
    return clip_grad_norm_(parameters, max_norm)


class Averages:
    """Hands over to torch's own."""

    def __init__(self, parameters, decay=0.999):
        self.weights = torch.nn.ParameterList(parameters)
        self.model = AveragedModel(self.weights, avg_fn=get_ema_avg_fn(decay))

    def update(self):
        self.model.update_parameters(self.weights)


@pytest.mark.parametrize(
    ("written", "scenario", "name"),
    [
        (clips, CLIPPING, "torch.nn.utils.clip_grad_norm_"),
        (Averages, AVERAGING, "torch.optim.swa_utils.get_ema_avg_fn"),
    ],
)
def test_torchs_own_is_refused_to_what_should_do_the_same(written, scenario, name):
    failure = run(written, scenario).failure
    assert (failure.kind, failure.message) == ("Delegated", name)


def test_afterwards_torch_clips_and_averages_as_before():
    with pytest.raises(Delegated), helpers_refused():
        clip_grad_norm_([], 1.0)
    assert run(clip_gradients, CLIPPING).failure is None
    assert run(AveragedWeights, AVERAGING).failure is None
    p = torch.nn.Parameter(torch.zeros(2))
    p.grad = torch.tensor([3.0, 4.0])
    assert clip_grad_norm_([p], 1.0).item() == 5.0


def test_an_optimizer_may_clip_its_gradients_by_torchs_own():
    class Clips(defined(RIGHT["SGD"])["SGD"]):
        def step(self):
            clip_grad_norm_(self.param_groups[0]["params"], 1.0)
            super().step()

    scenario = OptimizerScenario(start=(np.ones(2),), calls=(Call("step", (np.array([3.0, 4.0]),)),))
    assert run(Clips, scenario, unaided=True).failure is None


# what is told


def told(name, *edits, language="en"):
    source = RIGHT[name]
    for old, new in edits:
        assert source.count(old) == 1
        source = source.replace(old, new)
    ask = remembering(asking(defined(source)[name]))
    findings = {behaviour.name: behaviour.judge(ask) for behaviour in ladder(name)}
    return {key: help_with(finding, name, language).what for key, finding in findings.items() if finding}


def test_a_wrong_gradient_is_told_with_its_parameter():
    one_by_one = ("(max_norm / norm)", "(max_norm / g.norm())")
    assert (
        "After call 1, the gradient of parameter 1, element [0]: expected"
        in told("clip_gradients", one_by_one)["together"]
    )
    french = told("clip_gradients", one_by_one, language="fr")["together"]
    assert "Après l'appel 1, le gradient du paramètre 1, élément [0]" in french


def test_a_wrong_average_is_told_with_its_parameter():
    zeros = ("self.averages = []", "self.averages = [torch.zeros_like(p) for p in self.parameters]")
    assert "When the averages are read, time 1, the average of parameter 1" in told("AveragedWeights", zeros)["first"]
    assert "la moyenne du paramètre 1" in told("AveragedWeights", zeros, language="fr")["first"]


def test_what_never_clips_is_told_as_that():
    found = told("clip_gradients", ("g.mul_(max_norm / norm)", "g = g * (max_norm / norm)"))
    assert all("Nothing is ever shortened." in found[name] for name in ("within", "no_gradient", "generator", "zero"))


def test_what_changes_beside_is_told():
    made = ("if p.grad is not None]", "if p.grad is not None or not setattr(p, 'grad', 0 * p.detach())]")
    assert "leave it `None`" in told("clip_gradients", made)["no_gradient"]
    moved = ("p.detach().clone() for p", "p.data.mul_(1.5) for p")
    assert "The weights themselves have changed" in told("AveragedWeights", moved)["weights"]
    recorded = (
        ("    @torch.no_grad()\n", ""),
        ("p.detach().clone()", "p.clone()"),
        ("average.copy_(", "average.data.copy_("),
    )
    assert "An average holds a graph" in told("AveragedWeights", *recorded)["no_graph"]
