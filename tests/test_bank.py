"""The grader graded: every wrong answer of the bank loses its rungs and is named, every right one gets everything.

`pytest tests/test_bank.py -s` prints the score. Everything is judged twice by the same machinery: with the seed of the
check cells, and with the seed of the course as the hidden tests do.
"""

import re

import pytest

from coursekit.ladders import SUBJECTS, VISIBLE_SEED
from coursekit.misconceptions import of
from coursekit.references import SIGNATURES
from tests.bank.judging import judge_all
from tests.bank.right import STYLES
from tests.bank.wrong import MISTAKES, RIGHT
from tests.solutions import ROOT

COURSE_SEED = int(re.search(r"Grade\.seed = (\d+)", (ROOT / "nbgrader_config.py").read_text())[1])
SEEDS = {"visible": VISIBLE_SEED, "hidden": COURSE_SEED}
CLASSES = (*SIGNATURES, "LRScheduler", "LRSchedulerOnPlateau")
FEWEST_WRONG = dict.fromkeys(SIGNATURES, 25) | {"LRScheduler": 12, "LRSchedulerOnPlateau": 30}
RIGHT_ANSWERS = [(name, number) for number, (name, _) in enumerate(STYLES)] + list(RIGHT.items())
WRONG_ANSWERS = [(mistake.subject, mistake.source) for mistake in MISTAKES]


@pytest.fixture(scope="module")
def judged():
    """Judge everything with both seeds; first the right answers, then the wrong ones."""
    return dict(zip(SEEDS, judge_all(RIGHT_ANSWERS + WRONG_ANSWERS, list(SEEDS.values())), strict=True))


@pytest.fixture(scope="module")
def wrong(judged):
    return {kind: dict(zip(MISTAKES, judged[kind][len(RIGHT_ANSWERS) :], strict=True)) for kind in SEEDS}


def named(mistake, wrong):
    """Give what is said of a mistake, for every behaviour and seed of which anything is said."""
    return [said for kind in SEEDS for said in wrong[kind][mistake].named]


def by_name(mistake):
    return f"{mistake.subject}: {mistake.name}"


# fair


@pytest.mark.parametrize("kind", SEEDS)
def test_every_right_answer_gets_everything(kind, judged):
    right = zip(RIGHT_ANSWERS, judged[kind][: len(RIGHT_ANSWERS)], strict=True)
    lost = {f"{name}: {STYLES[made] if isinstance(made, int) else 'plain'}": each.lost for (name, made), each in right}
    print(f"\n{kind}: {sum(not rungs for rungs in lost.values())} of {len(lost)} right answers accepted")
    assert {answer: rungs for answer, rungs in lost.items() if rungs} == {}


@pytest.mark.parametrize("kind", SEEDS)
def test_every_mistake_costs_the_behaviours_that_it_breaks_and_no_other(kind, wrong):
    found = sum(bool(each.lost) for each in wrong[kind].values())
    print(f"\n{kind}: {found} of {len(MISTAKES)} mistakes found")
    assert {by_name(mistake): each.lost for mistake, each in wrong[kind].items() if each.lost != mistake.lost} == {}


# named


def test_every_mistake_of_the_catalogue_is_named_with_certainty(wrong):
    known = [mistake for mistake in MISTAKES if mistake.known]
    missed = [by_name(each) for each in known if not {(name,) for name in each.known.split()} <= {*named(each, wrong)}]
    print(f"\n{len(known) - len(missed)} of {len(known)} mistakes of the catalogue named")
    assert missed == []


def test_no_mistake_is_named_wrongly(wrong):
    certain = {mistake: {said[0] for said in named(mistake, wrong) if len(said) == 1} for mistake in MISTAKES}
    names = {by_name(each): said - {*each.known.split()} for each, said in certain.items()}
    print(f"\n{sum(map(bool, names.values()))} of {len(MISTAKES)} mistakes named wrongly")
    assert {mistake: said for mistake, said in names.items() if said} == {}


def test_candidates_hold_the_mistake(wrong):
    several = {by_name(each): said for each in MISTAKES for said in named(each, wrong) if len(said) > 1}
    right = {by_name(each): {*each.known.split()} for each in MISTAKES}
    assert {mistake: said for mistake, said in several.items() if not right[mistake] & {*said}} == {}


# the bank itself


@pytest.mark.parametrize("name", CLASSES)
def test_bank_has_at_least_ten_right_answers_in_styles_of_their_own(name):
    assert len({made for subject, made in STYLES if subject == name}) >= 10


@pytest.mark.parametrize(("name", "fewest"), FEWEST_WRONG.items())
def test_bank_has_enough_mistakes(name, fewest):
    assert len({mistake.source for mistake in MISTAKES if mistake.subject == name}) >= fewest


@pytest.mark.parametrize("name", SUBJECTS)
def test_bank_has_mistakes_in_everything_that_is_judged(name):
    sources = [mistake.source for mistake in MISTAKES if mistake.subject == name]
    assert len(set(sources)) == len(sources) >= 3


def test_known_mistakes_are_in_the_catalogue():
    catalogue = {name: {each.name for each in of(name)} for name in SUBJECTS}
    assert [by_name(each) for each in MISTAKES if not {*each.known.split()} <= catalogue[each.subject]] == []


def test_catalogue_names_at_least_forty_kinds_of_mistake_of_the_bank():
    assert len({name for mistake in MISTAKES for name in mistake.known.split()}) >= 40
