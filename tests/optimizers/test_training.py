"""A training loop recorded: what is kept of it, what is printed, and that it trains."""

import itertools
import time

import pytest
import torch

import coursekit
from coursekit.optimizers import data
from coursekit.optimizers.references import SIGNATURES, stand_in
from tests.solutions import solution

# What the course trains with on both data sets.
SETTINGS = {
    "SGD": {"learning_rate": 0.01},
    "RMSProp": {"learning_rate": 0.01, "decay": 0.8},
    "Adagrad": {"learning_rate": 0.5},
    "Adam": {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "AdamW": {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
    "Momentum": {"learning_rate": 0.01, "momentum": 0.9},
    "Nesterov": {"learning_rate": 0.01, "momentum": 0.9},
    "SignSGD": {"learning_rate": 0.1},
}


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")


def trained(optimizer_class, points, settings, **options):
    model = coursekit.linear_model()
    return coursekit.record(
        solution("train"), model, points, optimizer_class(model.parameters(), **settings), **options
    )


def test_model_starts_at_zero():
    weight, bias = coursekit.linear_model().parameters()
    assert (weight.shape, bias.shape) == ((1, 1), (1,))
    assert weight.item() == bias.item() == 0.0


def test_history_holds_the_start_and_every_epoch():
    history = trained(stand_in("SGD"), data.linear(), {}, epochs=7)
    assert len(history.losses) == 8
    assert (history.parameters.shape, history.parameters.dtype) == ((8, 2), torch.float32)
    assert history.parameters[0].tolist() == [0.0, 0.0]
    assert history.losses[0] == pytest.approx((data.linear().y ** 2).mean().item())


def test_losses_and_parameters_belong_to_the_same_moments():
    line = data.linear()
    history = trained(stand_in("SGD"), line, {}, epochs=5)
    losses = [((weight * line.x + bias - line.y) ** 2).mean().item() for weight, bias in history.parameters]
    assert history.losses == pytest.approx(losses, rel=1e-5)
    assert len(losses) == 6


def test_no_epoch_gives_the_start_alone():
    history = trained(stand_in("SGD"), data.linear(), {}, epochs=0)
    assert len(history.losses) == len(history.parameters) == 1


def test_another_criterion_is_obeyed():
    criterion = torch.nn.L1Loss()
    history = trained(stand_in("SGD"), data.linear(), {}, epochs=1, criterion=criterion)
    assert history.losses[0] == pytest.approx(data.linear().y.abs().mean().item())


def test_loss_is_printed_every_ten_epochs_and_the_parameters_at_the_end(capsys):
    trained(stand_in("SGD"), data.linear(), {"learning_rate": 0.01}, epochs=100)
    shown = capsys.readouterr()
    *epochs, end = shown.out.splitlines()
    assert [line[:10] for line in epochs] == [f"epoch {epoch:4d}" for epoch in range(0, 101, 10)]
    assert end == "parameters at the end: 2.9703, 4.4407"
    assert shown.err == ""


def test_what_is_printed_is_in_the_language_of_the_notebook(capsys, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    trained(stand_in("SGD"), data.linear(), {}, epochs=1)
    shown = capsys.readouterr().out
    assert "époque    0   perte " in shown
    assert "paramètres à la fin\u00a0: " in shown


def test_slow_training_shows_a_bar_on_stdout(capsys, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    trained(stand_in("SGD"), data.linear(), {}, epochs=5, every=0)
    shown = capsys.readouterr()
    assert "5/5" in shown.out
    assert shown.err == ""


def test_what_the_loop_prints_is_left_out(capsys):
    def talking(*given):
        print("I am talking")
        return solution("train")(*given)

    model = coursekit.linear_model()
    coursekit.record(talking, model, data.linear(), stand_in("SGD")(model.parameters()), epochs=1, every=0)
    assert capsys.readouterr().out == ""


def test_loop_is_followed_wherever_it_goes_and_left_alone_afterwards():
    def wrong(model, x, y, criterion, optimizer, epochs):
        optimizer.step()

    model = coursekit.linear_model()
    optimizer = stand_in("SGD")(model.parameters())
    history = coursekit.record(wrong, model, data.linear(), optimizer, epochs=100, every=0)
    assert history.parameters.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    optimizer.step()
    assert len(history.losses) == 2


def test_nothing_is_printed_on_demand(capsys):
    trained(stand_in("SGD"), data.linear(), {}, epochs=20, every=0)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("points", [data.linear, data.nonlinear])
@pytest.mark.parametrize("name", SIGNATURES)
def test_reference_solution_trains_like_torch_on_both_data_sets(name, points):
    own = trained(solution(name), points(), SETTINGS[name], epochs=100, every=0)
    torchs = trained(stand_in(name), points(), SETTINGS[name], epochs=100, every=0)
    assert own.losses == pytest.approx(torchs.losses, rel=1e-4)
    assert own.losses[-1] < own.losses[0]
