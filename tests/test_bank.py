"""The grader graded: every wrong answer of the bank loses its rungs and is named, every right one gets everything.

`make test ARGS="tests/test_bank.py -s"` prints the score. Everything is judged twice, as the check cell does and as the
hidden tests do, with the seed of the course, by one and the same machinery.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from coursekit.behaviours import Verdict, remembering
from coursekit.diagnosis import examine
from coursekit.ladders import SUBJECTS, VISIBLE_SEED, ladder
from coursekit.misconceptions import of
from coursekit.references import SIGNATURES
from tests.bank.right import STYLES
from tests.bank.wrong import MISTAKES, RIGHT
from tests.bank.wrong.plain import Mistake
from tests.solutions import ROOT, asking, run

COURSE_SEED = int(re.search(r"Verdicts\.seed = (\d+)", (ROOT / "nbgrader_config.py").read_text())[1])
SEEDS = {"visible": VISIBLE_SEED, "hidden": COURSE_SEED}
CLASSES = (*SIGNATURES, "LRScheduler", "LRSchedulerOnPlateau")
FEWEST_WRONG = dict.fromkeys(SIGNATURES, 25) | {"LRScheduler": 12, "LRSchedulerOnPlateau": 30}


@cache
def judged(made: Any, name: str, seed: int) -> tuple[Verdict, ...]:
    """Judge and diagnose a class, or what a source defines, as a check cell and a hidden test do."""
    subject = run(made)[name] if isinstance(made, str) else made
    ask = remembering(asking(subject, unaided=True))
    return tuple(
        Verdict(behaviour=behaviour, finding=examine(name, behaviour, ask)) for behaviour in ladder(name, seed)
    )


def lost(made: Any, name: str, seed: int) -> set[str]:
    return {verdict.behaviour.name for verdict in judged(made, name, seed) if verdict.finding}


def named(mistake: Mistake) -> Iterator[tuple[str, ...]]:
    """Give the misconceptions that are said of a mistake, for every behaviour and seed that has any."""
    for seed in SEEDS.values():
        for verdict in judged(mistake.source, mistake.subject, seed):
            if verdict.finding and verdict.finding.named:
                yield verdict.finding.named


def by_name(mistake: Mistake) -> str:
    return f"{mistake.subject}: {mistake.name}"


# fair


@pytest.mark.parametrize("kind", SEEDS)
def test_every_right_answer_gets_everything(kind):
    answers = (*STYLES, *RIGHT.items())
    failed = {f"{name}, {made}": lost(made, name, SEEDS[kind]) for name, made in answers}
    print(f"\n{kind}: {sum(not rungs for rungs in failed.values())} of {len(answers)} right answers accepted")
    assert {made: rungs for made, rungs in failed.items() if rungs} == {}


@pytest.mark.parametrize("kind", SEEDS)
def test_every_mistake_costs_the_behaviours_that_it_breaks_and_no_other(kind):
    rungs = {by_name(each): lost(each.source, each.subject, SEEDS[kind]) for each in MISTAKES}
    print(f"\n{kind}: {sum(map(bool, rungs.values()))} of {len(MISTAKES)} mistakes found")
    assert {by_name(each): rungs[by_name(each)] for each in MISTAKES if rungs[by_name(each)] != each.lost} == {}


# named


def test_every_mistake_of_the_catalogue_is_named_with_certainty():
    known = [each for each in MISTAKES if each.known]
    missed = [by_name(each) for each in known if (each.known,) not in named(each)]
    print(f"\n{len(known) - len(missed)} of {len(known)} mistakes of the catalogue named")
    assert missed == []


def test_no_mistake_is_named_wrongly():
    wrong = {
        by_name(each): said for each in MISTAKES for said in named(each) if len(said) == 1 and said[0] != each.known
    }
    print(f"\n{len(wrong)} of {len(MISTAKES)} mistakes named wrongly")
    assert wrong == {}


def test_candidates_hold_the_mistake_where_the_catalogue_does():
    wrong = {by_name(each): said for each in MISTAKES if each.known for said in named(each) if each.known not in said}
    assert wrong == {}


# the bank itself


@pytest.mark.parametrize("name", CLASSES)
def test_bank_has_at_least_ten_right_answers_in_styles_of_their_own(name):
    assert sum(subject == name for subject, _ in STYLES) >= 10


@pytest.mark.parametrize(("name", "fewest"), FEWEST_WRONG.items())
def test_bank_has_enough_mistakes(name, fewest):
    assert sum(mistake.subject == name for mistake in MISTAKES) >= fewest


@pytest.mark.parametrize("name", SUBJECTS)
def test_bank_has_mistakes_in_everything_that_is_judged(name):
    assert sum(mistake.subject == name for mistake in MISTAKES) >= 3
    assert len({mistake.name for mistake in MISTAKES if mistake.subject == name}) == sum(
        mistake.subject == name for mistake in MISTAKES
    )


def test_known_mistakes_are_in_the_catalogue():
    assert {
        by_name(each) for each in MISTAKES if each.known and each.known not in {m.name for m in of(each.subject)}
    } == set()
