"""The known mistakes: each leaves numbers of its own, has its words in both languages, and is told from all others."""

import math
import random
import re
from functools import cache, partial

import jupytext
import numpy as np
import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import equal, judge_behaviour, sets_of
from coursekit.judging.trajectories import compare
from coursekit.language import french, translate
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes import SUBJECTS, known
from coursekit.optimizers.mistakes.rules import Rules
from coursekit.optimizers.references import SCHEDULES, SIGNATURES, reference
from coursekit.optimizers.scenarios import (
    Call,
    OptimizerScenario,
    SchedulerScenario,
    ScheduleScenario,
    in_turn,
    with_neighbour,
    write,
)
from tests.solutions import HOMES, ROOT, of

NAN = math.nan
# Of simulated pairs; `tests/test_pairs.py` has hundreds that were written.
PAIRS = dict.fromkeys(SUBJECTS, 20) | {"LRSchedulerOnPlateau": 40}
FAMILIES = [(subject, number) for subject in SUBJECTS for number in range(len(known(subject).families))]
each_family = pytest.mark.parametrize(("subject", "number"), FAMILIES)


# scenarios


def optimizer_scenarios(subject: str) -> dict[str, OptimizerScenario]:
    """Draw scenarios that together show every mistake."""
    stream = np.random.default_rng(20261)
    drawn = {
        "learning_rate": 0.1,
        "decay": 0.7,
        "beta1": 0.75,
        "beta2": 0.9,
        "epsilon": 0.1,
        "weight_decay": 0.2,
        "momentum": 0.75,
    }
    given = {key: drawn[key] for key in SIGNATURES[subject]}

    def rows(count: int, scale: float = 1.0, shapes=((3,), (2, 2), (3,))) -> tuple:
        return tuple(
            tuple(
                np.asarray(scale * stream.choice((-1.0, 1.0), shape) * stream.uniform(0.3, 1.5, shape))
                for shape in shapes
            )
            for _ in range(count)
        )

    def make(steps: int = 6, scale: float = 1.0, **options) -> OptimizerScenario:
        gradients = options.pop("gradients", None) or rows(steps, scale)
        fields = {"start": rows(1)[0], "calls": tuple(Call("step", row) for row in gradients), "hyperparameters": given}
        return OptimizerScenario(**(fields | options))

    def without(*places: tuple[int, int], value=lambda _: None) -> tuple:
        gradients = [list(row) for row in rows(6)]
        for step, item in places:
            gradients[step][item] = value(gradients[step][item])
        return tuple(tuple(row) for row in gradients)

    def half(g):
        return g * (np.arange(g.size).reshape(g.shape) % 2)

    over = {key: 1.3 * value for key, value in given.items() if key not in ("learning_rate", "beta1", "beta2")}
    over |= {key: 0.5 for key in ("beta1", "beta2") if key in given} | {"lr": 0.04}
    each_its_own = tuple(((number,), {key: over[key]}) for number, key in enumerate(over, start=1))
    several = ((2,),) * (len(over) + 1)
    saved = make().before(3, Call("reload")).before(1, write(0.05))
    return {
        "plain": make(),
        "tiny": make(scale=1e-6),
        "defaults": make(hyperparameters={}),
        "defaults, tiny": make(scale=1e-7, hyperparameters={}),
        "rates": make().before(0, write(0.3)).before(3, write(0.02)),
        "groups": make(
            start=rows(1, shapes=several)[0], gradients=rows(5, shapes=several), groups=(((0,), {}), *each_its_own)
        ),
        "all overridden at first": make(groups=(((1,), over), ((2, 0), {}))),
        "None": make(gradients=without((1, 0), (3, 0), (0, 1))),
        "zero": make(gradients=without((2, 1), (3, 1), value=lambda g: 0 * g)),
        "some zero": make(gradients=without((0, 1), (3, 1), (4, 1), value=half)),
        "neighbour": with_neighbour(make(generator=True)),
        "turns": in_turn(make()),
        "placed": make().placed(rows(6)),
        "saved": saved,
        "turns, saved": in_turn(saved),
    }


def scheduler_scenarios(subject: str) -> dict[str, SchedulerScenario]:
    """Draw scenarios that together show every mistake of a scheduler."""
    if subject == "LRScheduler":
        calls = (("get_lr", 0.0), ("set_lr", 0.2), ("get_lr", 0.0), ("write", 0.4), ("get_lr", 0.0))
        return {"all": SchedulerScenario(rates=(0.9, 0.8), hyperparameters={"initial_lr": 0.3}, calls=calls)}

    if subject in SCHEDULES:
        return schedule_scenarios(subject)

    def make(*metrics: float, then=(), mode=None, **settings: float) -> SchedulerScenario:
        given = {"initial_lr": 0.5, "patience": 2.0, "factor": 0.5, "min_lr": 1e-3, "threshold": 0.1} | settings
        calls = (*(("step", float(metric)) for metric in metrics), *then)
        return SchedulerScenario(rates=(0.9, 0.8), hyperparameters=given, mode=mode, calls=calls)

    def default(*metrics: float, rate: float = 0.5) -> SchedulerScenario:
        calls = tuple(("step", metric) for metric in metrics)
        return SchedulerScenario(rates=(0.9,), hyperparameters={"initial_lr": rate}, calls=calls)

    wandering = (4, 4.2, 3.9, 3.0, 3.1, 2.9, 2.8, 5, 4.8, 4.6, 4.4, 4.2, 2, 2, 2, 2, 2, 2, 2)
    return {
        "wandering": make(*wandering, factor=0.6),
        "wandering, max": make(*wandering, mode="max"),
        "low": make(*(0.02 * metric for metric in wandering)),
        "up and down": make(1, 3, 2, 1.5, 1.2, 1.1, 1.05, patience=1.0),
        "constant": make(*[3] * 30, min_lr=0.02, then=(("write", 0.3), *[("step", 3.0)] * 8)),
        "negative": make(-1, -1, -1, -1.05, -1.2, -1.1, -1, -0.95, -0.9, -0.8, -0.7),
        "negative, max": make(-1, -1, -1, -0.95, -0.8, -0.6, -0.65, -0.7, -0.8, mode="max"),
        "NaN": make(3, 3, NAN, NAN, 3, 3, NAN, 3, 3, 3, 2, NAN, NAN, NAN),
        "NaN at first": make(NAN, NAN, NAN, NAN, 1, 1, 1, 1),
        "slight": make(3, 2.8, 2.71, 2.69, 2.7, 2.69, 2.7, 3),
        "slight, max": make(3, 3.2, 3.29, 3.31, 3.3, 3.3, 3.2, 3, mode="max"),
        "constant, small factor": make(*[3] * 8, factor=0.1),
        "defaults": default(*[3.0] * 24),
        "defaults, tiny rate": default(*[3.0] * 24, rate=5e-6),
        "defaults, slightly better": default(3.0, *[3.0 * (1 - 5e-4)] * 12),
        "defaults, hardly better": default(3.0, *[3.0 * (1 - 5e-5)] * 12),
        "defaults, falling": default(*(3.0 * 0.9**k for k in range(13))),
    }


def schedule_scenarios(subject: str) -> dict[str, SchedulerScenario]:
    """Draw scenarios that together show every mistake of a schedule."""
    given = {
        "WarmUp": {"initial_lr": 0.1, "peak_lr": 0.5, "steps": 5},
        "CosineDecay": {"initial_lr": 0.4, "steps": 6, "min_lr": 0.1},
        "WarmUpStableDecay": {
            "initial_lr": 0.05,
            "peak_lr": 0.4,
            "warmup_steps": 3,
            "stable_steps": 5,
            "decay_steps": 6,
            "min_lr": 0.1,
        },
    }[subject]

    def make(*calls: str, rates: tuple[float, ...] = (0.9, 0.8), **changed: float) -> SchedulerScenario:
        values = {name: value for name, value in (given | changed).items() if value is not None}
        return ScheduleScenario(rates=rates, hyperparameters=values, calls=tuple((call, 0.0) for call in calls * 20))

    found = {"whole": make("step_bare"), "beside": make("step_bare", "neighbour")}
    if "min_lr" in given:
        found |= {"to zero": make("step_bare", min_lr=0.0), "default": make("step_bare", min_lr=None)}
    if "warmup_steps" in given:
        found |= {"no warm-up": make("step_bare", warmup_steps=0), "no plateau": make("step_bare", stable_steps=0)}
    return found


@cache
def scenarios(subject: str) -> tuple:
    return tuple((optimizer_scenarios if subject in SIGNATURES else scheduler_scenarios)(subject).values())


@cache
def all_scenarios(subject: str) -> tuple:
    ladders = {scenario: None for behaviour in ladder(subject) for scenario in behaviour.evidence}
    return (*scenarios(subject), *ladders)


# words


def test_at_least_a_hundred_mistakes_have_names():
    assert len({each.name for subject in SUBJECTS for each in of(subject)}) >= 100


@pytest.mark.parametrize("subject", SUBJECTS)
def test_names_are_slugs_and_mean_one_thing_in_a_subject(subject):
    every = {variant.mistake for family in known(subject).families for variant in family.variants}
    names = [each.name for each in every]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)


def test_about_anything_else_nothing_is_known():
    assert known("minimise") is None
    assert of("minimise") == ()


def words(part: str) -> set[str]:
    return {getattr(each, part) for subject in SUBJECTS for each in of(subject)}


def test_every_text_has_its_french():
    texts = {text for part in ("title", "looks", "why", "where") for text in words(part)}
    assert sorted(texts - set(french())) == []


def test_only_the_title_has_a_field():
    assert {title.partition(" ")[0] for title in words("title")} == {"{subject}"}
    assert [text for part in ("looks", "why", "where") for text in words(part) if set("{}") & set(text)] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_are_sentences_and_the_title_is_none(language):
    assert [text for text in words("title") if translate(text, language).endswith(".")] == []
    sentences = words("looks") | words("why")
    assert [text for text in sentences if not translate(text, language).endswith(".")] == []


@cache
def sections(subject: str) -> dict[str, str]:
    """Map the English section titles of a subject's notebook to the French ones."""
    titles: dict[str, list[str]] = {"en": [], "fr": []}
    for cell in jupytext.read(ROOT / "solutions" / f"{HOMES[subject]}.py", fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            titles[cell.metadata["lang"]] += re.findall(r"^##+ (.+)$", cell.source, re.MULTILINE)
    return dict(zip(titles["en"], titles["fr"], strict=True))


def test_where_is_a_section_of_every_notebook_it_speaks_of():
    where = {(each.name, subject): each.where for subject in SUBJECTS for each in of(subject)}
    there = {(name, subject): sections(subject).get(title) for (name, subject), title in where.items()}
    assert there == {key: translate(title, "fr") for key, title in where.items()} != {}


# numbers


@each_family
def test_every_variant_leaves_other_numbers_than_torch(subject, number):
    family = known(subject).families[number]
    silent = [
        variant.mistake.name
        for place, variant in enumerate(family.variants)
        if not any(
            left is not None and compare(left, reference(subject, scenario))
            for scenario in all_scenarios(subject)
            for left in [family.simulate((place,), scenario)]
        )
    ]
    assert silent == []


@pytest.mark.slow
@each_family
def test_every_variant_gets_as_far_as_the_right_rule(subject, number):
    family = known(subject).families[number]  # rules take the same way through a scenario: each is put through a third
    ends = {
        (variant.mistake.name, left.failure, len(left.rows) - len(reference(subject, scenario).rows))
        for place, variant in enumerate(family.variants)
        for scenario in (scenarios(subject)[place % 3 :: 3] if isinstance(family, Rules) else scenarios(subject))
        for left in [family.simulate((place,), scenario)]
        if left is not None
    }
    assert ends == {(variant.mistake.name, None, 0) for variant in family.variants} != set()


# A mistake of each subject that does not show in plain runs: what is beside it must be right there.
HIDDEN = {
    "RMSProp": "state_of_the_class",
    "Adagrad": "state_of_the_class",
    "Adam": "count_not_saved",
    "AdamW": "count_not_saved",
    "Momentum": "state_of_the_class",
    "Nesterov": "state_of_the_class",
}


@pytest.mark.parametrize(("subject", "name"), HIDDEN.items())
def test_parts_without_a_mistake_are_those_of_torch(subject, name):
    family = known(subject).families[-1]
    (place,) = (place for place, variant in enumerate(family.variants) if variant.mistake.name == name)
    plain = [
        scenario
        for scenario in all_scenarios(subject)
        if not any(map(scenario.has, ("reload", "neighbour", "partner")))
    ]
    wrong = [each for each in plain if not equal(each, family.simulate((place,), each), reference(subject, each))]
    assert len(plain) > 10
    assert wrong == []


def test_parts_of_a_plateau_without_a_mistake_are_those_of_torch():
    family = known("LRSchedulerOnPlateau").families[0]
    (place,) = (place for place, each in enumerate(family.variants) if each.mistake.name == "default_mode_max")
    plain = [scenario for scenario in all_scenarios("LRSchedulerOnPlateau") if scenario.mode]
    right = partial(reference, "LRSchedulerOnPlateau")
    assert len(plain) > 10
    assert [each for each in plain if not equal(each, family.simulate((place,), each), right(each))] == []


@pytest.mark.parametrize("subject", SCHEDULES)
def test_parts_of_a_schedule_without_a_mistake_are_those_of_torch(subject):
    family = known(subject).families[0]
    (place,) = (place for place, each in enumerate(family.variants) if each.mistake.name == "count_shared")
    plain = [scenario for scenario in all_scenarios(subject) if ("neighbour", 0.0) not in scenario.calls]
    assert len(plain) > 5
    assert [each for each in plain if not equal(each, family.simulate((place,), each), reference(subject, each))] == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_without_a_mistake_nothing_is_simulated(subject):
    with pytest.raises(ValueError, match="at least one mistake"):
        known(subject).families[-1].simulate((), scenarios(subject)[0])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_many_at_once_leave_what_each_leaves_alone(subject):
    family = known(subject).families[-1]
    pairs, compared = sets_of(family, 2), 0
    for scenario in scenarios(subject)[::7]:
        place = int(random.Random(1).randrange(len(pairs)))
        got = family.simulate(tuple(pairs[place].tolist()), scenario)
        if got is not None:
            answers = family.answers(pairs, scenario, got, partial(reference, subject))
            assert answers[place] == 1
            alone = [
                family.answers(pairs[[other]], scenario, got, partial(reference, subject))[0]
                for other in range(min(20, len(pairs)))
            ]
            assert alone == answers[:20].tolist()
            compared += 1
    assert compared


# pairs

# Pairs that have the numbers of another mistake, which is then named: its words are true of them as well.
SAME = {
    frozenset({"lower_of_both", "rate_divided"}): "straight_to_floor",
    frozenset({"epsilon_brackets", "epsilon_fixed"}): "no_epsilon",
    frozenset({"infinite_bound", "mode_ignored"}): "good_epochs_counted",
    **{frozenset({"best_never_updated", f"nan_{what}"}): "never_reduces" for what in ("ignored", "resets", "improves")},
}


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_pairs_of_mistakes_are_named_in_full_or_are_among_the_candidates(subject):
    about = known(subject)
    family = about.families[-1]
    rule = {
        place
        for place, each in enumerate(family.variants)
        if not {"state", "counts", "counted", "zeros"} & set(each.parts)
        and each.mistake.name != "rate_not_written"  # which hides all others
    }
    pairs = [pair for pair in sets_of(family, 2).tolist() if rule.issuperset(pair)]
    random.Random(20261).shuffle(pairs)
    behaviours = ladder(subject)[:2] if subject in SIGNATURES else ladder(subject)
    misled, full = {}, 0
    for pair in pairs[: PAIRS[subject]]:
        truth = frozenset(family.variants[place].mistake.name for place in pair)
        ask = remembering(partial(family.simulate, tuple(pair)))
        found = [finding for each in behaviours if (finding := judge_behaviour(each, ask, about))]
        said = [{frozenset(each.name for each in mistakes) for mistakes in finding.named.sets} for finding in found]
        certain = frozenset().union(*(names for sets in said if len(sets) == 1 for names in sets))
        full += certain == truth
        truth |= {SAME.get(truth, "")}
        if not (certain <= truth and all(any(names <= truth for names in sets) for sets in said if sets)):
            misled[tuple(sorted(truth))] = [sorted(map(sorted, sets)) for sets in said]
    assert misled == {}
    assert full >= 0.8 * min(PAIRS[subject], len(pairs))
