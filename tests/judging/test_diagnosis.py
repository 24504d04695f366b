"""Naming the mistake that leaves a student's numbers: with certainty, as candidates, or not at all."""

from dataclasses import replace
from functools import partial

import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes import of
from coursekit.optimizers.references import reference, stand_in
from tests.bank.wrong import RIGHT
from tests.solutions import asking, defined, judge

INSIDE = ('v_hat.sqrt() + group["epsilon"]', '(v_hat + group["epsilon"]).sqrt()')
CAPTURED = ('lr, g, state = group["lr"]', 'lr, g, state = self.defaults["lr"]')
CLIPPED = ("p.grad, self", "p.grad.clamp(-0.5, 0.5), self")


def findings(name, ask):
    """Give what is wrong, by behaviour."""
    ask = remembering(ask)
    found = {behaviour.name: judge_behaviour(name, behaviour, ask) for behaviour in ladder(name)}
    return {behaviour: finding for behaviour, finding in found.items() if finding}


def named(*edits, name="Adam"):
    """Give what is said of the right answer with these edits, by behaviour."""
    source = RIGHT[name]
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return {behaviour: names(finding) for behaviour, finding in findings(name, asking(defined(source)[name])).items()}


def names(finding):
    """Name the sets of mistakes, each with spaces between its names."""
    return tuple(" ".join(each.name for each in mistakes) for mistakes in finding.named.sets)


def rule(name, subject):
    (found,) = (each for each in of(subject) if each.name == name)
    return found


# certain


def test_epsilon_inside_the_root_is_named_with_certainty():
    assert named(INSIDE) == {"one_step": ("epsilon_inside",), "many_steps": ("epsilon_inside",)}


@pytest.mark.parametrize("seed", [1, 7, 20261001])
def test_mistake_is_named_with_other_numbers_too(seed):
    ask = asking(defined(RIGHT["Adam"].replace(*INSIDE))["Adam"])
    assert names(judge_behaviour("Adam", ladder("Adam", seed)[1], ask)) == ("epsilon_inside",)


def test_two_mistakes_are_each_named_on_their_own_behaviours():
    assert named(CAPTURED, ("learning_rate=0.001", "learning_rate=0.01")) == {
        "signature": ("default_learning_rate_0_01",),
        "learning_rate": ("rate_captured",),
        "groups": ("rate_captured",),
    }


def test_wrong_rule_is_named_beside_another_mistake_and_the_other_one_not_wrongly():
    said = named(INSIDE, CAPTURED)
    assert said["one_step"] == said["many_steps"] == ("epsilon_inside",)
    assert {said["learning_rate"], said["groups"]} <= {(), ("rate_captured",)}


def test_mistake_of_a_scheduler_is_named():
    source = RIGHT["LRSchedulerOnPlateau"].replace("self.bad > self.patience", "self.bad >= self.patience")
    found = findings("LRSchedulerOnPlateau", asking(defined(source)["LRSchedulerOnPlateau"]))
    assert {behaviour: names(finding) for behaviour, finding in found.items()} == {"patience": ("patience_reached",)}


def test_finding_is_the_one_of_the_judge_but_for_the_name():
    ask = asking(defined(RIGHT["Adam"].replace(*INSIDE))["Adam"])
    (verdict, *_) = judge(ladder("Adam")[:1], ask)
    found = judge_behaviour("Adam", ladder("Adam")[0], ask)
    assert (found.kind, found.difference) == (verdict.finding.kind, verdict.finding.difference)
    assert (names(verdict.finding), names(found)) == ((), ("epsilon_inside",))


# nothing


def test_right_answer_has_nothing_to_name():
    assert named() == {}
    assert findings("Adam", asking(stand_in("Adam"))) == {}


def test_mistake_that_the_catalogue_does_not_hold_is_not_named():
    assert named(CLIPPED) == {"one_step": (), "many_steps": ()}


def test_mistake_of_the_catalogue_beside_an_unknown_one_is_not_named_where_both_show():
    assert named(CLIPPED, CAPTURED) == {
        "one_step": (),
        "many_steps": (),
        "learning_rate": (),
        "groups": (),
    }


def test_crash_is_not_named():
    crash = ("p -= lr", "raise ValueError\n                    p -= lr")
    said = named(INSIDE, crash)
    assert set(said) == {behaviour.name for behaviour in ladder("Adam")}
    assert set(said.values()) == {()}


def test_crash_in_part_of_the_evidence_names_nothing_there():
    fails = ("p -= lr", 'assert state["t"] < 10\n                    p -= lr')
    assert set(named(INSIDE, fails).values()) == {()}


def test_what_the_catalogue_does_not_speak_of_is_not_named():
    found = findings("loss", asking(lambda prediction, target: target - prediction))
    assert found["squared_error"].difference
    assert names(found["squared_error"]) == ()


# candidates

ONE_STEP = ladder("RMSProp")[0]
ALIKE = ("weight_missing", "starts_at_square", "sum_for_average", "bias_corrected")  # from fresh they leave the same
FRESH = replace(ONE_STEP, evidence=ONE_STEP.evidence[:1], beyond=())


@pytest.mark.parametrize("name", ALIKE)
def test_mistakes_that_leave_the_same_numbers_are_candidates(name):
    assert names(judge_behaviour("RMSProp", FRESH, partial(rule(name, "RMSProp").follow, "RMSProp"))) == ALIKE


@pytest.mark.parametrize("name", ALIKE)
def test_candidates_are_told_apart_by_the_whole_ladder(name):
    told = replace(FRESH, beyond=ONE_STEP.beyond)
    assert names(judge_behaviour("RMSProp", told, partial(rule(name, "RMSProp").follow, "RMSProp"))) == (name,)


def test_candidate_that_right_numbers_elsewhere_refute_is_not_named():
    wrong = rule("sum_for_average", "RMSProp")

    def ask(scenario):
        """Answer wrongly where the behaviour is judged, and else as torch."""
        made = partial(wrong.follow, "RMSProp") if scenario in FRESH.evidence else partial(reference, "RMSProp")
        return made(scenario)

    assert names(judge_behaviour("RMSProp", FRESH, ask)) == ALIKE
    assert names(judge_behaviour("RMSProp", replace(FRESH, beyond=ONE_STEP.beyond), ask)) == ()
