"""The grader graded: every wrong answer of the bank loses its behaviours and is named, every right one gets everything.

All are judged twice: with the seed of the check cells, which say what is wrong, and with that of the course as the
hidden tests do, which only decide; of wrong ones every third, or all with `COURSEKIT_BANK=all`.
"""

import re
from collections import Counter

import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.subject import VISIBLE_SEED
from coursekit.judging.table import LadderTable
from coursekit.optimizers import mistakes, mistakes_in_functions
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.ladders.questions import QUESTIONS
from coursekit.optimizers.references import COMPARED, SCHEDULES
from coursekit.optimizers.weaknesses import WEAKNESSES
from coursekit.student import checks
from tests.bank.right import STYLES
from tests.bank.wrong import MISTAKES, RIGHT
from tests.reading import help_of, words
from tests.solutions import EXERCISES, HOMES, ROOT, asking, defined, of, thinned

IN_FUNCTIONS = (
    "clip_gradients",
    "AveragedWeights",
    "bytes_kept",
    "newton_schulz",
    "Muon",
    "tuned_rate",
    "compare",
    "sign_test",
    "close",
)  # other functions: tests/optimizers
FIRST = [f"{number:02}" for number in range(1, 10)]  # the notebooks of the first assignment
TESTS = ("test_adam", "test_decay", "test_use")  # that students write
COURSE_SEED = int(re.search(r"Grade\.seed = (\d+)", (ROOT / "nbgrader_config.py").read_text())[1])
CLASSES = (
    *COMPARED,
    "LRScheduler",
    "LRSchedulerOnPlateau",
    "Momentum",
    "clip_gradients",
    "AveragedWeights",
    "tuned_rate",
    "compare",
    *SCHEDULES,
    "SignSGD",
    "newton_schulz",
    "Muon",
)
FEWEST_WRONG = (
    dict.fromkeys(SCHEDULES, 35)
    | dict.fromkeys(COMPARED, 25)
    | {"LRScheduler": 12, "LRSchedulerOnPlateau": 30, "Momentum": 40}
    | {"clip_gradients": 50, "AveragedWeights": 40, "bytes_kept": 12}
    | dict.fromkeys(("SignSGD", "newton_schulz", "Muon"), 40)
    | {"close": 16, "test_adam": 16, "test_decay": 10, "test_use": 14}
    | {"tuned_rate": 20, "compare": 30, "sign_test": 15}
)
MANY_FIRST = [name for name, _ in Counter(mistake.subject for mistake in MISTAKES).most_common()]

# A tenth of the bank shows what a change most often breaks.
each_part = pytest.mark.parametrize(
    ("name", "part"),
    [
        pytest.param(name, part, marks=[pytest.mark.slow] if part == "the rest" else [])
        for name in MANY_FIRST
        for part in ("a tenth", "the rest")
    ],
)


def known(name):
    """Give what is known of mistakes; of other functions they are named in tests of their own."""
    return mistakes_in_functions.known(name) if name in IN_FUNCTIONS else mistakes.known(name)


def lost(answer, name, seed):
    """Judge as a hidden test does, and name the behaviours that are lost."""
    ask = remembering(asking(answer, unaided=True))
    return {behaviour.name for behaviour in ladder(name, seed) if behaviour.judge(ask)}


def named(verdicts):
    """Name what a check cell says of a wrong answer: the sets of mistakes that are certain."""
    diagnoses = [verdict.finding.named for verdict in verdicts if verdict.finding]
    return {"+".join(sorted(each.name for each in diagnosis.certain)) for diagnosis in diagnoses if diagnosis.sets}


def read(name, verdicts):
    """Count the words of help in both languages, where a check cell tells of one mistake first."""
    first = next(verdict.finding for verdict in verdicts if verdict.finding and verdict.behaviour.weight)
    tables = [LadderTable(name=name, verdicts=verdicts, language=language) for language in ("en", "fr")]
    return [words(help_of(table)) for table in tables if len(first.named.certain) == 1]


def in_bank(name, part):
    every = [mistake for mistake in MISTAKES if mistake.subject == name]
    return [mistake for number, mistake in enumerate(every) if (number % 10 == 0) == (part == "a tenth")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [VISIBLE_SEED, COURSE_SEED], ids=["visible", "hidden"])
@pytest.mark.parametrize("name", MANY_FIRST)
def test_every_right_answer_gets_everything(name, seed):
    answers = [defined(RIGHT[name])[name], *(answer for subject, answer in STYLES if subject == name)]
    wrong = [(answer, lost(answer, name, seed)) for answer in answers]
    assert [(answer, behaviours) for answer, behaviours in wrong if behaviours] == []


@each_part
def test_every_mistake_costs_its_behaviours_is_named_as_itself_or_not_at_all_and_help_is_read_in_a_minute(name, part):
    chosen = in_bank(name, part)
    with_help = thinned(chosen, 3) if HOMES[name][:2] in FIRST and name not in QUESTIONS else []
    got, counts = {}, {}
    for mistake in chosen:
        verdicts = checks.judge(defined(mistake.source)[name], name)
        behaviours = {verdict.behaviour.name for verdict in verdicts if verdict.finding}
        got[mistake.name] = behaviours, named(verdicts) if name in TESTS or known(name) else set()
        if mistake in with_help:
            counts[mistake.name] = read(name, verdicts)
    assert got == {mistake.name: (mistake.lost, set(mistake.known.split())) for mistake in chosen}
    assert {each: read for each, read in counts.items() if not all(80 <= count <= 160 for count in read)} == {}


@each_part
def test_every_mistake_costs_the_same_with_hidden_numbers(name, part):
    chosen = thinned(in_bank(name, part), 3)
    got = {mistake.name: lost(defined(mistake.source)[name], name, COURSE_SEED) for mistake in chosen}
    assert got == {mistake.name: mistake.lost for mistake in chosen}


# the bank itself


@pytest.mark.parametrize("name", CLASSES)
def test_bank_has_at_least_ten_right_answers_in_styles_of_their_own(name):
    assert len({made for subject, made in STYLES if subject == name}) >= 10


@pytest.mark.parametrize(("name", "fewest"), FEWEST_WRONG.items())
def test_bank_has_enough_mistakes(name, fewest):
    assert len({mistake.source for mistake in MISTAKES if mistake.subject == name}) >= fewest


@pytest.mark.parametrize("name", EXERCISES)
def test_bank_has_mistakes_in_everything_that_is_judged(name):
    every = [(mistake.name, mistake.source) for mistake in MISTAKES if mistake.subject == name]
    names, sources = zip(*every, strict=True)
    assert len(set(names)) == len(set(sources)) == len(every) >= 3


def names(mistake):
    return set(mistake.known.replace("+", " ").split())


def test_known_mistakes_are_in_the_catalogue():
    catalogue = {name: {each.name for each in of(name)} for name in EXERCISES}
    catalogue |= {name: set(WEAKNESSES) for name in TESTS}
    for name in IN_FUNCTIONS:
        catalogue[name] = {each.mistake.name for family in known(name).families for each in family.variants}
    unknown = [(each.subject, each.name) for each in MISTAKES if not names(each) <= catalogue[each.subject]]
    assert unknown == []


def test_catalogue_names_at_least_eighty_kinds_of_mistake_of_the_bank():
    assert len(set().union(*map(names, MISTAKES))) >= 80
