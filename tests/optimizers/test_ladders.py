"""The ladders: what stands on their behaviours, that right answers climb them, and that no answer gets anything."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.subject import subject
from coursekit.judging.trajectories import Trajectory
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import SCHEDULES, SIGNATURES, LRScheduler, Plateau, stand_in
from tests.bank.wrong import RIGHT
from tests.solutions import EXERCISES, HOMES, asking, defined, lost, solution

OTHER_SEEDS = (1, 7, 20261001)
CLASSES = (*SIGNATURES, "LRScheduler", "LRSchedulerOnPlateau", *SCHEDULES)
OPTIMIZER_RUNGS = [
    "one_step",
    "many_steps",
    "signature",
    "learning_rate",
    "groups",
    "no_gradient",
    "zero_gradient",
    "in_place",
    "shapes_and_dtypes",
    "own_state",
    "saved_state",
]


def everything(name):
    return {behaviour.name for behaviour in ladder(name)}


# right answers


@pytest.mark.parametrize("name", EXERCISES)
def test_reference_solution_climbs_the_whole_visible_ladder(name):
    assert lost(solution(name), name) == set()


@pytest.mark.parametrize("seed", OTHER_SEEDS)
@pytest.mark.parametrize("name", EXERCISES)
def test_reference_solution_climbs_the_whole_ladder_of_another_seed(name, seed):
    assert lost(solution(name), name, seed) == set()


@pytest.mark.parametrize("name", SIGNATURES)
def test_torch_climbs_the_whole_ladder(name):
    assert lost(stand_in(name), name) == set()


def test_torch_climbs_the_ladders_of_the_schedulers_but_for_validation():
    assert lost(LRScheduler, "LRScheduler") == set()
    assert lost(Plateau, "LRSchedulerOnPlateau") == {"validation"}


@pytest.mark.parametrize("name", SCHEDULES)
def test_torch_climbs_the_ladders_of_the_schedules(name):
    assert lost(stand_in(name), name) == set()


# no answers


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("subject", [None, dict, lambda *_, **__: 0.0, lambda *_, **__: None])
def test_something_that_is_no_answer_gets_nothing(name, subject):
    assert lost(subject, name) >= everything(name) - {"perfect"}  # 0 is the loss of a perfect prediction


def best_so_far(optimizer_class, function, start, steps, **hyperparameters):
    """Right as long as the value falls."""
    rows = list(solution("minimise")(optimizer_class, function, start, steps, **hyperparameters))
    return torch.stack([min(rows[: number + 1], key=function) for number in range(len(rows))])


def test_best_position_so_far_is_not_taken_for_the_present_one():
    assert "positions" in lost(best_so_far, "minimise")


class Idle(torch.optim.Optimizer):
    """Right in everything but the step."""

    def __init__(self, params, learning_rate=0.01, **others):
        super().__init__(params, {"lr": learning_rate, **others})

    def step(self):
        pass


class Blind(Idle):
    """Moves, but not along the gradient."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(group["lr"])


@pytest.mark.parametrize("subject", [Idle, Blind])
@pytest.mark.parametrize("name", SIGNATURES)
def test_step_that_does_not_look_at_the_gradient_gets_nothing(name, subject):
    assert lost(subject, name) == everything(name)


@pytest.mark.parametrize("name", ["minimise", "train_network"])
def test_function_that_ignores_its_optimizer_gets_the_start_at_most(name):
    def stays(_optimizer_class, _function, start, steps, **_):
        return start.expand(steps + 1)

    def ones(_optimizer_class, _x, _y, steps, **_):
        return torch.ones(steps + 1, 4)

    assert lost({"minimise": stays, "train_network": ones}[name], name) == everything(name) - {"start"}


def test_constant_rate_is_no_plateau_scheduler():
    class Constant(solution("LRSchedulerOnPlateau")):
        def step(self, metric):
            pass

    assert everything("LRSchedulerOnPlateau") - lost(Constant, "LRSchedulerOnPlateau") == {"initial_rate", "validation"}


@pytest.mark.parametrize("name", SCHEDULES)
def test_constant_rate_is_no_schedule(name):
    class Constant(solution(name)):
        def step(self, metric=None):
            pass

    assert everything(name) - lost(Constant, name) == {"initial_rate"}


@pytest.mark.parametrize("name", EXERCISES)
def test_empty_trajectory_without_a_failure_is_not_right(name):
    wrong = {behaviour.name for behaviour in ladder(name) if behaviour.judge(lambda _: Trajectory())}
    assert wrong == everything(name) != set()


# behaviours


def test_every_thing_a_student_writes_has_a_ladder_and_a_notebook():
    assert {name: exercise.home for name, exercise in subject().exercises.items()} == HOMES
    assert [bool(ladder(name)) for name in HOMES] == [True] * len(HOMES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_optimizer_has_one_rung_for_each_behaviour_of_the_course(name):
    assert [behaviour.name for behaviour in ladder(name)] == OPTIMIZER_RUNGS


@pytest.mark.parametrize("name", EXERCISES)
def test_rungs_have_names_and_titles_of_their_own(name):
    behaviours = ladder(name)
    assert (
        len({behaviour.name for behaviour in behaviours})
        == len({behaviour.title for behaviour in behaviours})
        == len(behaviours)
    )


@pytest.mark.parametrize("name", CLASSES)
def test_weights_of_a_class_sum_to_eighteen(name):
    assert sum(behaviour.weight for behaviour in ladder(name)) == 18


@pytest.mark.parametrize("name", SIGNATURES)
def test_rule_of_an_optimizer_is_half_of_its_ladder(name):
    assert sum(behaviour.weight for behaviour in ladder(name)[:2]) == 9


@pytest.mark.parametrize("name", CLASSES)
def test_every_rung_of_a_class_can_be_diagnosed_with_the_evidence_of_all(name):
    behaviours = ladder(name)
    evidence = frozenset(scenario for behaviour in behaviours for scenario in behaviour.evidence)
    assert {behaviour.name for behaviour in behaviours if not behaviour.evidence} <= {"validation"}
    assert {frozenset(behaviour.beyond) for behaviour in behaviours} == {evidence}


# seeds


def numbers(name, seed):
    """Write down every number of the optimizer scenarios of a ladder."""
    scenarios = [trial.scenario for behaviour in ladder(name, seed) for trial in behaviour.trials]
    scenarios = [scenario for scenario in scenarios if scenario.dtype != "bfloat16"]  # the same for every seed
    return np.concatenate([item.ravel() for scenario in scenarios for item in scenario.start])


@pytest.mark.parametrize("name", SIGNATURES)
def test_seed_draws_the_numbers(name):
    np.testing.assert_array_equal(numbers(name, 3), numbers(name, 3))
    assert not np.isin(numbers(name, 3), numbers(name, 4)).any()


@pytest.mark.parametrize("name", EXERCISES)
def test_titles_and_labels_are_the_same_for_every_seed(name):
    def words(seed):
        return [
            (behaviour.name, behaviour.title, [trial.label for trial in behaviour.trials])
            for behaviour in ladder(name, seed)
        ]

    assert words(0) == words(7)


def test_unknown_name_is_a_key_error():
    with pytest.raises(KeyError, match="Lion"):
        ladder("Lion")


def test_asking_twice_gives_the_same_answer():
    (one, two) = (ladder("Adam")[1].judge(asking(solution("Adam"))) for _ in range(2))
    assert one == two


# numbers that were made up


@pytest.mark.parametrize("made_up", ["a row more", "a row less", "another shape", "nothing in a row"])
@pytest.mark.parametrize("name", CLASSES)
def test_numbers_that_no_run_leaves_are_wrong_and_raise_nothing(name, made_up):
    right = asking(solution(name))
    ask = remembering(lambda scenario: changed(right(scenario), made_up))
    judged = {behaviour.name: judge_behaviour(behaviour, ask, subject().known(name)) for behaviour in ladder(name)}
    assert {behaviour for behaviour, finding in judged.items() if finding is None} <= {"step", "validation"}


def changed(trajectory: Trajectory, made_up: str) -> Trajectory:
    rows = {
        "a row more": (*trajectory.rows, *trajectory.rows[-1:]),
        "a row less": trajectory.rows[:-1],
        "another shape": tuple(tuple(np.append(value, 1.0) for value in row) for row in trajectory.rows),
        "nothing in a row": tuple(() for _ in trajectory.rows),
    }[made_up]
    return replace(trajectory, rows=rows)


@pytest.mark.parametrize("name", ["WarmUp", "CosineDecay", "WarmUpStableDecay"])
def test_a_count_that_no_constructor_sets_back_is_not_a_schedulers_own(name):
    source = RIGHT[name].replace(
        "self.set_lr(self.rate())\n\n    def get_lr", "self.set_lr(initial_lr)\n\n    def get_lr"
    )
    source = source.replace("self.k = 0", f"{name}.k = getattr({name}, 'k', 0)")
    assert "own_count" in lost(defined(source.replace("self.k += 1", f"{name}.k += 1"))[name], name)
