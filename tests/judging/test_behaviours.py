"""Judging trajectories: what a trial finds wrong, what it is compared with, and what it lets pass."""

import numpy as np
import pytest
import torch

from coursekit.judging.behaviours import Behaviour, Finding, Trial, own, remembering
from coursekit.judging.calls import CallScenario
from coursekit.judging.faults import Fault
from coursekit.judging.running import run
from coursekit.judging.trajectories import Failure, Precision, Trajectory
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario
from tests.solutions import defined, judge


class Nothing(OptimizerScenario):
    """A run of which any numbers may come."""

    def fits(self, _):
        return True


NOTHING, OTHER = Nothing(start=(), calls=()), Nothing(start=(), calls=())
CRASHED = Trajectory(failure=Failure(kind="ValueError", message=""))


def at(*values):
    return Trajectory(rows=tuple((np.array(value),) for value in values))


def always(trajectory):
    """Expect, or answer, the same trajectory whatever is asked."""
    return lambda *_: trajectory


def trial(**options):
    return Trial(**({"label": "", "scenario": NOTHING} | options))


def judged(tried, trajectory):
    finding = tried.judge(always(trajectory))
    return finding.kind if finding else "right"


# a trial


def test_trial_names_what_is_wrong_with_a_trajectory():
    tried = trial(expected=always(at(0.0, 1.0)), faults=frozenset({"graph"}))
    assert judged(tried, at(0.0, 1.0)) == "right"
    assert judged(tried, at(0.0, 2.0)) == "parameter"
    assert judged(tried, at(0.0)) == "short"
    assert judged(tried, at(0.0, 1.0, 2.0)) == "short"
    assert judged(tried, Trajectory()) == "short"
    assert judged(tried, CRASHED) == "failure"
    assert judged(tried, Trajectory(rows=at(0.0, 1.0).rows, faults=(Fault("graph"),))) == "fault"
    assert judged(tried, Trajectory(rows=at(0.0, 1.0).rows, faults=(Fault("dtype"),))) == "right"


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        (NOTHING, "parameter"),
        (type("Rates", (SchedulerScenario,), {"fits": Nothing.fits})(rates=()), "rate"),
        (CallScenario(arguments=()), "result"),
    ],
)
def test_wrong_number_is_called_by_what_it_is_a_number_of(scenario, kind):
    assert judged(trial(scenario=scenario, expected=always(at(1.0))), at(2.0)) == kind


def test_wrong_number_comes_with_both_trajectories_and_where_the_right_one_is_from():
    got, expected = at(0.0, 2.0), at(0.0, 1.0)
    finding = trial(label="two steps", expected=always(expected), as_in="alone").judge(always(got))
    assert finding.pair == (got, expected)
    assert (finding.trial, finding.as_in, finding.difference.row) == ("two steps", "alone", 1)


def test_what_is_expected_is_made_from_the_answer_and_from_further_questions():
    def twice_the_other(ask, got):
        return Trajectory(rows=(got.rows[0], (2 * ask(OTHER).rows[1][0],)))

    answers = {NOTHING: at(5.0, 8.0), OTHER: at(0.0, 4.0)}
    assert trial(expected=twice_the_other).judge(answers.__getitem__) is None
    assert trial(expected=twice_the_other).judge((answers | {OTHER: at(0.0, 3.0)}).__getitem__).difference.expected == 6


def test_precision_says_how_much_numbers_may_differ():
    tried = trial(expected=always(at(0.0, 1.0)))
    assert judged(tried, at(0.0, 1.01)) == "parameter"
    assert judged(trial(expected=tried.expected, precision=Precision(travelled=0.02)), at(0.0, 1.01)) == "right"


def test_trial_without_expectation_takes_any_numbers():
    assert judged(trial(), at(3.0, np.nan)) == "right"
    assert judged(trial(), Trajectory()) == "short"


def test_numbers_that_must_differ_from_others_are_wrong_when_they_are_the_same():
    tried = trial(unlike=always(at(0.0, 1.0)), same="It changed nothing.")
    assert judged(tried, at(0.0, 2.0)) == "right"
    found = Finding(kind="same", same="It changed nothing.", scenario=tried.scenario)
    assert tried.judge(always(at(0.0, 1.0))) == found


def test_expected_numbers_are_looked_at_before_those_that_must_differ():
    tried = trial(expected=always(at(0.0, 1.0)), unlike=always(at(0.0, 2.0)))
    assert judged(tried, at(0.0, 1.0)) == "right"
    assert judged(tried, at(0.0, 2.0)) == "parameter"


def test_further_judgement_decides_alone():
    tried = trial(accept=lambda got: None if got.rows[0][0] > 0 else Finding(kind="short", count=7))
    assert judged(tried, at(1.0)) == "right"
    assert tried.judge(always(at(-1.0))).count == 7


# what a trial needs


def test_trial_says_nothing_where_one_that_it_needs_is_wrong():
    needed = trial(scenario=OTHER, expected=always(at(1.0)))
    tried = trial(expected=always(at(1.0)), needs=(needed,))
    assert tried.judge({NOTHING: at(2.0), OTHER: at(1.0)}.__getitem__).kind == "parameter"
    assert tried.judge({NOTHING: at(2.0), OTHER: at(2.0)}.__getitem__) is None


@pytest.mark.parametrize("option", ["expected", "unlike"])
def test_trial_fails_where_the_own_run_that_it_is_compared_with_fails(option):
    answers = {NOTHING: at(1.0), OTHER: CRASHED}
    tried = trial(label="two steps", **{option: lambda ask, _: own(ask, OTHER)})
    finding = tried.judge(answers.__getitem__)
    assert (finding.kind, finding.trial, finding.failure) == ("failure", "two steps", CRASHED.failure)


# exceptions


def test_trial_that_must_raise_wants_that_exception():
    tried = trial(raises="ValueError")
    assert judged(tried, CRASHED) == "right"
    assert judged(tried, Trajectory(failure=Failure(kind="TypeError", message=""))) == "failure"
    assert judged(tried, at(0.0)) == "accepted"


def test_trial_that_must_raise_wants_the_last_call_to_raise():
    tried = trial(
        scenario=SchedulerScenario(rates=(), hyperparameters={}, calls=(("set_lr", 0.1), ("step", 0.5))),
        raises="ValueError",
    )
    raised = [Trajectory(failure=Failure(kind="ValueError", message="", row=row)) for row in range(3)]
    assert [judged(tried, trajectory) for trajectory in raised] == ["failure", "failure", "right"]


def test_stub_is_unwritten_and_not_just_a_failure():
    stub = defined("def student():\n    raise NotImplementedError()\n")["student"]
    assert judged(trial(), run(stub, NOTHING)) == "failure"  # it was called with arguments
    assert judged(trial(), run(lambda *_: stub(), NOTHING)) == "unwritten"


def test_line_that_torch_cannot_calculate_is_no_stub():
    square = defined("def student(prediction, target):\n    return (target - prediction) ^ 2\n")["student"]
    one = torch.tensor(1.0)
    assert judged(trial(), run(lambda *_: square(one, one), NOTHING)) == "failure"


# behaviours and ladders


def test_behaviour_stops_at_its_first_wrong_trial():
    asked = []
    trials = tuple(trial(label=label, expected=always(at(1.0))) for label in "abc")

    def ask(scenario):
        asked.append(scenario)
        return at(float(len(asked)))

    assert Behaviour(name="", title="", trials=trials).judge(ask).trial == "b"
    assert len(asked) == 2


def test_ladder_is_judged_rung_by_rung_and_to_its_end():
    wrong, right = (trial(scenario=scenario, expected=always(at(1.0))) for scenario in (NOTHING, OTHER))
    behaviours = tuple(Behaviour(name=name, title="", trials=(made,)) for name, made in (("a", wrong), ("b", right)))
    verdicts = judge(behaviours, {NOTHING: at(2.0), OTHER: at(1.0)}.__getitem__)
    assert [(verdict.behaviour.name, verdict.finding is None) for verdict in verdicts] == [("a", False), ("b", True)]


# remembering


def test_scenario_is_asked_once():
    asked = []
    ask = remembering(lambda scenario: asked.append(scenario) or at(1.0))
    assert ask(NOTHING) is ask(NOTHING)
    ask(OTHER)
    assert asked == [NOTHING, OTHER]


def test_failure_is_not_remembered():
    answers = iter([CRASHED, at(1.0)])
    ask = remembering(lambda _: next(answers))
    assert ask(NOTHING) is CRASHED
    assert ask(NOTHING).failure is None
    assert ask(NOTHING).failure is None
