"""Naming the mistake that leaves a student's numbers: with certainty, as candidates, or not at all."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from coursekit.judging.behaviours import Behaviour, Trial, remembering
from coursekit.judging.diagnosis import Known, equal, judge_behaviour
from coursekit.judging.explanations import explain
from coursekit.judging.mistakes import Mistake
from coursekit.judging.running import run
from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes import known
from coursekit.optimizers.references import stand_in
from tests.bank.wrong import RIGHT
from tests.solutions import asking, defined, judge

INSIDE = ('v_hat.sqrt() + group["epsilon"]', '(v_hat + group["epsilon"]).sqrt()')
CAPTURED = ('lr, g, state = group["lr"]', 'lr, g, state = self.defaults["lr"]')
CLIPPED = ("p.grad, self", "p.grad.clamp(-0.7, 0.7), self")


def findings(name, ask):
    """Return what is wrong, by behaviour."""
    ask = remembering(ask)
    found = {behaviour.name: judge_behaviour(behaviour, ask, known(name)) for behaviour in ladder(name)}
    return {behaviour: finding for behaviour, finding in found.items() if finding}


def named(*edits, name="Adam"):
    """Return what is said of the right answer with these edits, by behaviour."""
    source = RIGHT[name]
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return {behaviour: names(finding) for behaviour, finding in findings(name, asking(defined(source)[name])).items()}


def names(finding):
    """Name the sets of mistakes, each with spaces between its names."""
    return tuple(" ".join(each.name for each in mistakes) for mistakes in finding.named.sets)


# certain


def test_epsilon_inside_the_root_is_named_with_certainty():
    assert named(INSIDE) == {"one_step": ("epsilon_inside",), "many_steps": ("epsilon_inside",)}


@pytest.mark.parametrize("seed", [1, 7, 20261001])
def test_mistake_is_named_with_other_numbers_too(seed):
    ask = asking(defined(RIGHT["Adam"].replace(*INSIDE))["Adam"])
    assert names(judge_behaviour(ladder("Adam", seed)[1], ask, known("Adam"))) == ("epsilon_inside",)


def test_two_mistakes_are_each_named_on_their_own_behaviours():
    assert named(CAPTURED, ("learning_rate=0.001", "learning_rate=0.01")) == {
        "signature": ("default_learning_rate_0_01",),
        "learning_rate": ("rate_captured",),
        "groups": ("rate_captured",),
    }


def test_wrong_rule_hides_no_mistake_around_it():
    assert named(INSIDE, CAPTURED) == {
        "one_step": ("epsilon_inside",),
        "many_steps": ("epsilon_inside",),
        "learning_rate": ("rate_captured",),
        "groups": ("rate_captured",),
    }


def test_values_under_other_names_in_the_group_are_not_said_to_come_from_the_constructor():
    betas = ("beta1=beta1, beta2=beta2", "betas=(beta1, beta2)")
    read = [(f'group["beta{number}"]', f'group["betas"][{number - 1}]') for number in (1, 2)]
    kept = ("super().__init__", "self.epsilon = epsilon; super().__init__")
    assert named(betas, *read, kept, ('group["epsilon"]', "self.epsilon")) == {
        "groups": ("epsilon_captured betas_renamed",)
    }


def test_two_mistakes_in_a_rule_are_named_together():
    rootless = ("v_hat.sqrt()", "v_hat")
    swapped = (
        'group["beta1"] * state["m"] + (1 - group["beta1"]) * g',
        '(1 - group["beta1"]) * state["m"] + group["beta1"] * g',
    )
    assert named(rootless, swapped)["many_steps"] == ("weights_swapped_first no_root",)


def test_mistake_of_a_scheduler_is_named():
    source = RIGHT["LRSchedulerOnPlateau"].replace("self.bad > self.patience", "self.bad >= self.patience")
    found = findings("LRSchedulerOnPlateau", asking(defined(source)["LRSchedulerOnPlateau"]))
    assert {behaviour: names(finding) for behaviour, finding in found.items()} == {"patience": ("patience_reached",)}


def test_what_changed_nothing_is_said_beside_the_wrong_number():
    found = findings("Adam", asking(defined(RIGHT["Adam"].replace(*INSIDE).replace(*CAPTURED))["Adam"]))[
        "learning_rate"
    ]
    assert found.difference is not None
    assert explain(found).endswith(" Another rate in the group changed nothing.")


def test_finding_is_the_one_of_the_judge_but_for_the_name():
    ask = asking(defined(RIGHT["Adam"].replace(*INSIDE))["Adam"])
    (verdict, *_) = judge(ladder("Adam")[:1], ask)
    found = judge_behaviour(ladder("Adam")[0], ask, known("Adam"))
    assert (found.kind, found.difference) == (verdict.finding.kind, verdict.finding.difference)
    assert (names(verdict.finding), names(found)) == ((), ("epsilon_inside",))


# nothing


def test_right_answer_has_nothing_to_name():
    assert named() == {}
    assert findings("Adam", asking(stand_in("Adam"))) == {}


def test_mistake_that_the_catalogue_does_not_hold_is_not_named():
    assert named(CLIPPED) == {"one_step": (), "many_steps": ()}


def test_unknown_rule_hides_no_mistake_around_it():
    assert named(CLIPPED, CAPTURED) == {
        "one_step": (),
        "many_steps": (),
        "learning_rate": ("rate_captured",),
        "groups": ("rate_captured",),
    }


def test_crash_is_not_named():
    crash = ("p -= lr", "raise ValueError\n                    p -= lr")
    said = named(INSIDE, crash)
    assert set(said) == {behaviour.name for behaviour in ladder("Adam")}
    assert set(said.values()) == {()}


def test_crash_in_part_of_the_evidence_does_not_hide_a_mistake():
    fails = ("p -= lr", 'assert state["t"] < 10\n                    p -= lr')
    said = named(INSIDE, fails)
    assert (said["one_step"], said["many_steps"]) == (("epsilon_inside",), ())  # the latter has only the crash to tell
    assert set(said.values()) == {(), ("epsilon_inside",)}


def test_what_the_catalogue_does_not_speak_of_is_not_named():
    found = findings("loss", asking(lambda prediction, target: target - prediction))
    assert found["squared_error"].difference
    assert names(found["squared_error"]) == ()


# a subject of one mistake


@dataclass(frozen=True)
class Doubled:
    """Something that was to be returned as it is was doubled, or raised by one, or a third thing of no consequence."""

    mistake: Mistake
    parts: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Said(Scenario):
    """A number that is to be returned as it is."""

    value: float

    def run(self, written, _):
        """Call what was written."""
        yield (np.array([written(self.value)]),)


def word(name):
    return Mistake(name=name, title="{subject} " + name, looks=".", why=".", where="")


class Toy:
    """Two mistakes in two parts, and a third that is the same as both of them where the number is 1."""

    variants = tuple(
        Doubled(word(name), parts)
        for name, parts in {"doubled": ("a",), "raised": ("b",), "tripled": ("a", "b")}.items()
    )

    def simulate(self, choice, scenario):
        value = scenario.value * 3 if 2 in choice else scenario.value * (2 if 0 in choice else 1) + (1 in choice)
        return Trajectory(rows=((np.array([value]),),))

    def answers(self, choices, scenario, got, _):
        return np.array([1 if equal(scenario, got, self.simulate(each, scenario)) else -1 for each in choices.tolist()])


ONE, FIVE, SEVEN = (Said(value=value) for value in (1.0, 5.0, 7.0))
TOY = Known(families=(Toy(),), right=lambda scenario: Trajectory(rows=((np.array([scenario.value]),),)))


def toy(written, *, evidence=(ONE, FIVE), beyond=()):
    """Name what is wrong in a function that should return what it is given, judged by the first of the evidence."""
    trials = tuple(
        Trial(label=str(each.value), scenario=each, expected=lambda _, __, each=each: TOY.right(each))
        for each in evidence
    )
    behaviour = Behaviour(
        name="same", title="Same", trials=trials, evidence=evidence, beyond=(*evidence, *beyond, SEVEN)
    )
    return names(judge_behaviour(behaviour, partial(run, written), TOY))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (lambda x: 2 * x, "doubled"),
        (lambda x: x + 1, "raised"),
        (lambda x: 2 * x + 1, "doubled raised"),
        (lambda x: 3 * x, "tripled"),
    ],
)
def test_smallest_set_that_leaves_the_numbers_is_certain_where_it_is_the_only_one(written, said):
    assert toy(written) == (said,)


def test_sets_of_one_size_that_leave_the_same_numbers_are_candidates():
    assert toy(lambda x: 2.0 if x == 1 else -x, evidence=(ONE,)) == ("doubled", "raised")


def test_candidates_are_told_apart_by_what_else_is_run():
    assert toy(lambda x: 2 * x, evidence=(ONE,), beyond=(FIVE,)) == ("doubled",)
    assert toy(lambda x: x + 1, evidence=(ONE,), beyond=(FIVE,)) == ("raised",)


def test_set_that_right_numbers_elsewhere_refute_is_not_named():
    assert toy(lambda x: 3 * x if x < 6 else x) == ()


def test_nothing_is_named_where_no_set_leaves_the_numbers():
    assert toy(lambda x: 9 * x) == ()


def test_nothing_is_named_where_nothing_is_known():
    (behaviour, *_) = ladder("Adam")
    finding = judge_behaviour(behaviour, asking(defined(RIGHT["Adam"].replace(*INSIDE))["Adam"]))
    assert finding.difference is not None
    assert names(finding) == ()
