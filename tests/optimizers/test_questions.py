"""The questions: whatever way a right answer is written it is right, and a wrong one is wrong and has its own name."""

from itertools import combinations

import numpy as np
import pytest
import torch

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.explanations import help_with
from coursekit.judging.subject import subject
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.ladders.questions import QUESTIONS, answer
from tests.bank.questions import ANSWERS
from tests.solutions import HOMES, asking, defined

SEEDS = (0, 20261001)
APART = 0.02  # of the larger of two numbers


def finding(name, line, seed=0):
    written = defined(ANSWERS[name].source(name, line))[name]
    (behaviour,) = ladder(name, seed)
    return judge_behaviour(behaviour, remembering(asking(written)), subject().known(name))


def asked(name, seed):
    """List the numbers that a ladder calls a function with."""
    (behaviour,) = ladder(name, seed)
    return [tuple(each.value.item() for each in trial.scenario.arguments) for trial in behaviour.trials]


def apart(one, other):
    return abs(one - other) > APART * max(abs(one), abs(other))


def test_every_question_has_answers_in_the_bank_and_a_point_in_its_notebook():
    assert set(ANSWERS) == set(QUESTIONS)
    assert {name: subject().exercises[name].points for name in QUESTIONS} == dict.fromkeys(QUESTIONS, 1)
    homes = [HOMES[name] for name in QUESTIONS]
    assert {homes.count(home) for home in homes} == {2}
    assert all(len(each.right) >= 4 and len(each.wrong) >= 6 for each in ANSWERS.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_right_answers_are_right_with_all_numbers_and_wrong_ones_have_their_name(name):
    given = ANSWERS[name]
    for seed in SEEDS:
        assert {line: finding(name, line, seed) for line in given.right} == dict.fromkeys(given.right)
        found = {line: finding(name, line, seed) for line in given.wrong}
        assert all(found.values())
        named = {line: {each.name for each in wrong.named.certain} for line, wrong in found.items()}
        assert named == {line: {mistake} - {""} for line, mistake in given.wrong.items()}
    assert set(given.wrong.values()) - {""} == {each.name for each in QUESTIONS[name].wrong}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_number_is_that_of_another_answer(name):
    ways = ["", *(each.name for each in QUESTIONS[name].wrong)]
    for seed in range(3):
        numbers = {way: [answer(name, values, way) for values in asked(name, seed)] for way in ways}
        close = [
            (seed, *pair)
            for pair in combinations(ways, 2)
            if not any(apart(one, other) for one, other in zip(*(numbers[way] for way in pair), strict=True))
        ]
        assert close == []


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "made",
    [torch.tensor, np.float32, lambda value: torch.tensor([value], requires_grad=True), lambda value: round(value, 7)],
    ids=["tensor", "float32", "one element that requires a gradient", "rounded"],
)
def test_kind_of_number_does_not_matter(name, made):
    (behaviour,) = ladder(name)
    assert behaviour.judge(asking(lambda *values: made(answer(name, values)))) is None


@pytest.mark.parametrize("name", QUESTIONS)
def test_numbers_of_the_run_are_the_same_for_everybody_and_the_others_are_not(name):
    (own, *others), (same, *hidden) = asked(name, 0), asked(name, 3)
    assert own == same == QUESTIONS[name].own
    assert not set(others) & set(hidden)


@pytest.mark.parametrize("name", QUESTIONS)
def test_help_with_a_wrong_answer_is_said_in_both_languages(name):
    lines = [line for line, mistake in ANSWERS[name].wrong.items() if mistake]
    assert lines
    for line in lines:
        english, french = (help_with(finding(name, line), name, language) for language in ("en", "fr"))
        assert len(english.why) == len(french.why) == 3
        assert not set(english.why) & set(french.why)
        assert english.worked.right[1:] != english.worked.wrong[1:]
        assert name in english.by_hand
