"""Right answers climb every rung, whatever their style; a single mistake costs the rung of what it breaks."""

import numpy as np
import pytest

from coursekit.behaviours import Behaviour, Trial
from coursekit.following import follow
from coursekit.ladders import SUBJECTS, ladder
from coursekit.references import SIGNATURES, Plateau, stand_in
from coursekit.trajectories import Failure, OptimizerScenario, Trajectory
from tests.bank.right_styles import STYLES
from tests.bank.wrong_basic import MISTAKES, RIGHT
from tests.solutions import HOMES, asking, lost, run, solution

OTHER_SEEDS = (1, 7, 20261001)
OPTIMIZER_RUNGS = [
    "one_step",
    "many_steps",
    "defaults",
    "learning_rate",
    "groups",
    "no_gradient",
    "zero_gradient",
    "in_place",
    "shapes_and_dtypes",
    "own_state",
    "saved_state",
]


# right answers


@pytest.mark.parametrize("name", SUBJECTS)
def test_reference_solution_climbs_the_whole_visible_ladder(name):
    assert lost(solution(name), name) == set()


@pytest.mark.parametrize("seed", OTHER_SEEDS)
@pytest.mark.parametrize("name", SUBJECTS)
def test_reference_solution_climbs_the_whole_ladder_of_another_seed(name, seed):
    assert lost(solution(name), name, seed) == set()


@pytest.mark.parametrize("name", SIGNATURES)
def test_torch_climbs_the_whole_ladder(name):
    assert lost(stand_in(name), name) == set()


def test_torch_climbs_the_ladder_of_the_plateau_but_for_validation():
    assert lost(Plateau, "LRSchedulerOnPlateau") == {"validation"}


@pytest.mark.parametrize(("name", "subject"), STYLES, ids=[subject.__name__ for _, subject in STYLES])
def test_right_answer_in_another_style_climbs_the_whole_ladder(name, subject):
    for seed in (0, *OTHER_SEEDS):
        assert lost(subject, name, seed) == set()


@pytest.mark.parametrize("name", SUBJECTS)
def test_right_answer_of_the_bank_climbs_the_whole_ladder(name):
    assert lost(run(RIGHT[name])[name], name) == set()


# wrong answers


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{each.subject}, {each.name}" for each in MISTAKES])
def test_single_mistake_costs_the_behaviours_that_it_breaks(mistake):
    subject = run(mistake.source)[mistake.subject]
    for seed in (0, OTHER_SEEDS[-1]):
        missed = lost(subject, mistake.subject, seed)
        assert missed == mistake.lost if mistake.exactly else missed >= mistake.lost


@pytest.mark.parametrize("name", SUBJECTS)
def test_bank_has_mistakes_in_everything_that_is_judged(name):
    assert sum(mistake.subject == name for mistake in MISTAKES) >= 3


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("subject", [None, dict, lambda *_, **__: 0.0, lambda *_, **__: None])
def test_something_that_is_no_answer_gets_nothing(name, subject):
    everything = {behaviour.name for behaviour in ladder(name)}
    assert lost(subject, name) >= everything - {"perfect"}  # 0 is the loss of a perfect prediction


def test_constant_rate_is_no_plateau_scheduler():
    class Constant:
        def __init__(self, optimizer, initial_lr, **_):
            self.groups = optimizer.param_groups
            self.set_lr(initial_lr)

        def get_lr(self):
            return self.groups[0]["lr"]

        def set_lr(self, lr):
            for group in self.groups:
                group["lr"] = lr

        def step(self, metric):
            pass

    assert lost(Constant, "LRSchedulerOnPlateau") >= {"patience", "count_reset", "best", "factor", "nan", "defaults"}


# ladders


def test_every_thing_a_student_writes_has_a_ladder_and_a_notebook():
    assert set(SUBJECTS) == set(HOMES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_optimizer_has_one_rung_for_each_behaviour_of_the_course(name):
    assert [behaviour.name for behaviour in ladder(name)] == OPTIMIZER_RUNGS


@pytest.mark.parametrize("name", SUBJECTS)
def test_rungs_have_names_and_titles_of_their_own(name):
    rungs = ladder(name)
    assert len({behaviour.name for behaviour in rungs}) == len({behaviour.title for behaviour in rungs}) == len(rungs)


def numbers(name, seed):
    """Write down every number of the optimizer scenarios of a ladder."""
    scenarios = [trial.scenario for behaviour in ladder(name, seed) for trial in behaviour.trials]
    return np.concatenate([item.ravel() for scenario in scenarios for item in scenario.start])


@pytest.mark.parametrize("name", SIGNATURES)
def test_seed_draws_the_numbers(name):
    np.testing.assert_array_equal(numbers(name, 3), numbers(name, 3))
    assert not np.isin(numbers(name, 3), numbers(name, 4)).any()


def test_unknown_name_is_a_key_error():
    with pytest.raises(KeyError, match="Lion"):
        ladder("Lion")


# judging

NOTHING = OptimizerScenario(start=(), gradients=())


def at(*values):
    return Trajectory(rows=tuple((np.array(value),) for value in values))


def judged(trial, trajectory):
    finding = trial.judge(trajectory)
    return finding.kind if finding else "right"


def test_trial_names_what_is_wrong_with_a_trajectory():
    trial = Trial(label="", scenario=NOTHING, reference=lambda: at(0.0, 1.0), faults=frozenset({"graph"}))
    assert judged(trial, at(0.0, 1.0)) == "right"
    assert judged(trial, at(0.0, 2.0)) == "parameter"
    assert judged(trial, at(0.0)) == "short"
    assert judged(trial, at(0.0, 1.0, 2.0)) == "short"
    assert judged(trial, Trajectory(failure=Failure(kind="ValueError", message=""))) == "failure"
    assert judged(trial, Trajectory(rows=at(0.0, 1.0).rows, faults=("graph",))) == "fault"
    assert judged(trial, Trajectory(rows=at(0.0, 1.0).rows, faults=("dtype",))) == "right"


def test_trial_without_reference_wants_something_to_move():
    trial = Trial(label="", scenario=NOTHING)
    assert judged(trial, at(0.0, 0.0)) == "still"
    assert judged(trial, at(0.0, 1.0)) == "right"


def test_trial_that_must_raise_wants_that_exception():
    trial = Trial(label="", scenario=NOTHING, raises="ValueError")
    assert judged(trial, Trajectory(failure=Failure(kind="ValueError", message=""))) == "right"
    assert judged(trial, Trajectory(failure=Failure(kind="TypeError", message=""))) == "failure"
    assert judged(trial, at(0.0)) == "accepted"


def test_stub_is_unwritten_and_not_just_a_failure():
    trial = Trial(label="", scenario=NOTHING)
    stub = run("def student():\n    raise NotImplementedError()\n")["student"]
    assert judged(trial, follow(stub, trial.scenario)) == "failure"  # it was called with arguments
    assert judged(trial, follow(lambda *_: stub(), trial.scenario)) == "unwritten"


def test_behaviour_stops_at_its_first_wrong_trial():
    asked = []
    trials = tuple(Trial(label=label, scenario=NOTHING, reference=lambda: at(1.0)) for label in "abc")

    def ask(scenario):
        asked.append(scenario)
        return at(float(len(asked)))

    assert Behaviour(name="", title="", trials=trials).judge(ask).trial == "b"
    assert len(asked) == 2


def test_empty_trajectory_without_a_failure_is_not_right():
    for name in ("SGD", "LRScheduler", "minimise", "tuned"):
        assert all(behaviour.judge(lambda _: Trajectory()) for behaviour in ladder(name))


def test_asking_twice_gives_the_same_answer():
    (one, two) = (ladder("Adam")[1].judge(asking(solution("Adam"))) for _ in range(2))
    assert one == two
