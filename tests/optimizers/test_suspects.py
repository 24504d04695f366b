"""Notebook 15: each suspect is torch's own but for its mistake, and a test is judged by numbers and nothing else."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.explanations import help_with
from coursekit.judging.running import run
from coursekit.judging.trajectories import Trajectory
from coursekit.optimizers.conversations import ASKED, ConversationScenario
from coursekit.optimizers.interrogation import MOST_CALLS, NEVER_THE_SAME, TOO_LONG, Refusal
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.suspects import DECAY, RIGHT, RULE, SUSPECTS, USE, AdamW, DecayAfter, NoCorrection, another
from coursekit.optimizers.weaknesses import WEAKNESSES
from tests.bank.wrong import RIGHT as PLAIN
from tests.solutions import asking, defined

LARGE = {"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.8, "epsilon": 0.3, "weight_decay": 0.4}


def rows(kind, gradients, dtype=torch.float64, start=(1.0, -2.0), **given):
    p = torch.nn.Parameter(torch.tensor(start, dtype=dtype))
    optimizer = kind([p], **given)
    left = []
    for gradient in gradients:
        p.grad = torch.tensor(gradient, dtype=dtype)
        optimizer.step()
        left.append(p.detach().double().numpy().copy())
    return np.array(left)


def numpys(gradients, correct=True, frozen=False, after=False, **given):
    """Follow the rule in numpy, with a mistake in it."""
    rate, b1, b2, eps, decay = (given[name] for name in LARGE)
    x, m, v, left = np.array([1.0, -2.0]), 0.0, 0.0, []
    for t, g in enumerate(np.array(gradients), start=1):
        m, v, n = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g, 1 if frozen else t
        first, second = (1 - b1**n, 1 - b2**n) if correct else (1, 1)
        step = rate * (m / first) / (np.sqrt(v / second) + eps)
        x = (x - step) * (1 - rate * decay) if after else x * (1 - rate * decay) - step
        left.append(x.copy())
    return np.array(left)


GRADIENTS = [[1.0, -0.5], [-2.0, 0.1], [0.3, 3.0], [0.0, 1.0]]


# the suspects


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", RIGHT, ids=lambda kind: kind.__name__)
def test_right_ones_follow_the_rule_that_numpy_follows(kind, dtype):
    digits = 1e-5 if dtype == torch.float32 else 1e-12
    np.testing.assert_allclose(rows(kind, GRADIENTS, dtype, **LARGE), numpys(GRADIENTS, **LARGE), rtol=digits)


@pytest.mark.parametrize("given", [{}, LARGE], ids=["usual", "large"])
@pytest.mark.parametrize("kind", RIGHT, ids=lambda kind: kind.__name__)
def test_right_ones_stay_together_for_as_long_as_a_test_may_take(kind, given):
    gradients = (GRADIENTS * MOST_CALLS)[:MOST_CALLS]
    got, expected = (rows(each, gradients, torch.float32, **given) for each in (kind, AdamW))
    np.testing.assert_allclose(got, expected, rtol=5e-6, atol=5e-6)


@pytest.mark.parametrize(
    ("name", "mistake"),
    [("NoCorrection", {"correct": False}), ("FrozenCount", {"frozen": True}), ("DecayAfter", {"after": True})],
)
def test_suspects_follow_the_rule_with_their_mistake(name, mistake):
    (kind,) = [kind for kind in SUSPECTS if kind.__name__ == name]
    np.testing.assert_allclose(rows(kind, GRADIENTS, **LARGE), numpys(GRADIENTS, **mistake, **LARGE), rtol=1e-12)


@pytest.mark.parametrize("kind", SUSPECTS, ids=lambda kind: kind.__name__)
def test_none_of_a_mistake_is_torchs_own(kind):
    np.testing.assert_allclose(
        rows(another(kind, 0.0), GRADIENTS, **LARGE), rows(AdamW, GRADIENTS, **LARGE), rtol=1e-12
    )


@pytest.mark.parametrize("kind", [*RULE, *DECAY], ids=lambda kind: kind.__name__)
def test_mistakes_in_the_rule_show_with_large_hyperparameters(kind):
    apart = np.abs(rows(kind, GRADIENTS, **LARGE) - rows(AdamW, GRADIENTS, **LARGE))
    assert apart.max() > 1e-3


def test_twelve_suspects_name_their_threads():
    assert len(SUSPECTS) == 12
    assert all(kind.thread and kind.did and kind.users and kind.about for kind in SUSPECTS)
    assert set().union(*(kind.hidden_by for kind in SUSPECTS)) <= set(WEAKNESSES)


# the conversation


def test_what_runs_beside_a_test_holds_no_optimizer_and_no_name():
    seen = []

    def curious(optimizer_class):
        seen.append(optimizer_class)
        optimizer_class([torch.nn.Parameter(torch.ones(1))])

    ask = remembering(asking(curious))
    for kind in (AdamW, NoCorrection):
        Refusal(label="", scenario=ConversationScenario(), suspect=kind, among=(kind,)).judge(ask)
    assert {kind.__qualname__ for kind in seen} == {"_posing.<locals>.AdamW"}
    assert not any(issubclass(kind, AdamW) for kind in seen)


@pytest.mark.parametrize(
    "made_up",
    [
        (),
        ((np.zeros(2),),),
        ((np.array([ASKED, 0.0]), np.array([7.0, 0.0])),),
        ((np.array([ASKED, 0.0]), np.array([1.0, 5.0])),),
        ((np.array([ASKED, 0.0]), np.array([0.0, 0.0]), np.ones(3)),),
        ((np.array([ASKED, 9.0]), np.zeros(2)),),
        ((np.array([0.5, 0.0]),),),
    ],
)
def test_calls_that_no_test_makes_bring_nothing(made_up):
    def forging(_):
        return Trajectory(rows=made_up)

    assert all(behaviour.judge(forging) for behaviour in ladder("test_adam"))


def test_test_that_says_it_refuses_all_but_right_ones_must_have_the_numbers():
    def always_well(scenario):
        return Trajectory(rows=((np.array([0.0, 0.0]),),))

    assert all(behaviour.judge(always_well) for behaviour in ladder("test_use"))


@pytest.mark.parametrize(
    ("subject", "section"),
    [
        ("test_adam", "Your turn: the rule"),
        ("test_decay", "Your turn: the decay"),
        ("test_use", "Your turn: in use"),
    ],
)
@pytest.mark.parametrize("seed", [0, 5])
def test_what_any_test_may_lack_is_in_the_section_of_its_exercise(subject, section, seed):
    findings = [judge_behaviour(each, asking(lambda _: None)) for each in ladder(subject, seed)]
    assert {mistake.where for finding in findings for mistake in finding.named.certain} == {section}


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        (lambda p, optimizer: optimizer.add_param_group({"params": [p]}), "Give all groups when you make"),
        (lambda p, optimizer: copy.deepcopy((p, optimizer)), "Make a fresh optimizer and load the state"),
    ],
)
def test_test_that_adds_a_group_or_copies_the_optimizer_is_told_what_to_do_instead(asked, advice):
    def written(optimizer_class):
        a, b = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
        asked(b, optimizer_class([a]))

    findings = [judge_behaviour(behaviour, asking(written)) for behaviour in ladder("test_use")]
    assert all(advice in finding.failure.message for finding in findings)


@pytest.mark.parametrize("subject", ["test_adam", "test_decay", "test_use"])
def test_test_that_refuses_a_right_one_gets_nothing_and_is_told_which_by_which_line(subject):
    source = PLAIN[subject].replace(
        f"def {subject}(optimizer_class):\n", f"def {subject}(optimizer_class):\n    assert False\n"
    )
    written = defined(source)[subject]
    findings = [judge_behaviour(behaviour, asking(written)) for behaviour in ladder(subject)]
    assert {finding.failure.line for finding in findings} == {"assert False"}
    assert {finding.trial for finding in findings} == {AdamW.about}


@pytest.mark.parametrize("seed", [0, 5, 6])
@pytest.mark.parametrize("subject", ["test_adam", "test_decay", "test_use"])
def test_test_that_counts_its_runs_or_takes_the_first_for_right_gets_nothing(subject, seed):
    written = defined(PLAIN[subject])[subject]
    runs, golden = [], []

    def counting(optimizer_class):
        rows(optimizer_class, GRADIENTS, **LARGE)
        runs.append(optimizer_class)
        assert len(runs) <= len(RIGHT)

    def comparing(optimizer_class):
        got = rows(optimizer_class, GRADIENTS, **LARGE)
        golden.append(got)
        np.testing.assert_allclose(got, golden[0], rtol=1e-5)

    assert not any(behaviour.judge(remembering(asking(written))) for behaviour in ladder(subject, seed))
    for cheat in (counting, comparing):
        ask = remembering(asking(cheat))
        assert all(behaviour.judge(ask) for behaviour in ladder(subject, seed))


@pytest.mark.slow
def test_test_that_does_something_else_each_time_and_one_without_end_are_told_so():
    stream = np.random.default_rng(0)

    def other_each_time(optimizer_class):
        optimizer_class([torch.nn.Parameter(torch.tensor(stream.normal()))])

    def long(optimizer_class):
        p = torch.nn.Parameter(torch.zeros(1))
        optimizer = optimizer_class([p])
        for _ in range(MOST_CALLS + 1):
            p.grad = torch.ones(1)
            optimizer.step()

    first = ladder("test_adam")[0]
    assert first.judge(asking(other_each_time)).same == NEVER_THE_SAME
    assert first.judge(remembering(asking(long))).same == TOO_LONG


def test_wrong_close_of_a_student_costs_nothing_of_the_tests():
    source = PLAIN["test_decay"] + "\ndef close(got, expected):\n    return True\n"
    written = defined(source)["test_decay"]
    assert [behaviour.name for behaviour in ladder("test_decay") if behaviour.judge(remembering(asking(written)))] == []


def test_survivor_is_told_with_what_it_means_and_without_the_test_that_finds_it():
    source = PLAIN["test_decay"].replace("weight_decay=0.5", "weight_decay=0.0")
    ask = remembering(asking(defined(source)["test_decay"]))
    findings = {each.name: judge_behaviour(each, ask) for each in ladder("test_decay")}
    told = help_with(findings["decay_after"], "test_decay")
    assert told.what == f"Tried: {DecayAfter.about}. {DecayAfter.users}"
    assert told.why[0] == "You wrote a test without weight decay."
    assert help_with(findings["decay_after"], "test_decay", "fr").why[0].startswith("Vous avez écrit un test")


def test_hidden_tests_try_other_amounts_and_the_same_test_finds_them():
    visible, hidden = (ladder("test_use", seed) for seed in (0, 5))
    assert all(each.trials[0].suspect in USE for each in visible)
    assert all(0.75 < each.trials[0].suspect.amount < 1 for each in hidden)
    assert [each.name for each in visible] == [each.name for each in hidden]


def test_conversations_are_held_once_for_all_behaviours():
    count = 0

    def counted(scenario):
        nonlocal count
        count += 1
        return run(written, scenario)

    written = defined(PLAIN["test_decay"])["test_decay"]
    ask = remembering(counted)
    first, *others = ladder("test_decay")
    first.judge(ask)
    asked = count
    for behaviour in others:
        behaviour.judge(ask)
    assert count - asked <= 2 * len(others)


def test_line_of_an_assert_is_asked_for_apart():
    scenario = ConversationScenario()

    def refusing(_):
        raise AssertionError("no")

    assert run(refusing, scenario).rows[0][0].tolist() == [1, 0]
    assert run(refusing, replace(scenario, raising=True)).failure.kind == "AssertionError"
