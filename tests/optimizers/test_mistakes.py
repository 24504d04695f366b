"""The named wrong rules: each is wrong in its own way, and has its words in both languages."""

import math
import re
from dataclasses import replace
from functools import cache
from itertools import combinations

import jupytext
import numpy as np
import pytest

from coursekit.judging.running import run
from coursekit.judging.trajectories import compare
from coursekit.language import french, translate
from coursekit.optimizers.mistakes import CATALOGUE, of
from coursekit.optimizers.mistakes.simulate import simulate
from coursekit.optimizers.references import SIGNATURES, LRScheduler, Plateau, stand_in
from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario
from tests.solutions import HOMES, ROOT

SUBJECTS = (*SIGNATURES, "LRScheduler", "LRSchedulerOnPlateau")
# Their point is a division by zero, or the root of a negative number.
NOT_A_NUMBER = {"normalised", "no_epsilon", "count_from_zero", "linear_count"}
NAN = math.nan


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
        fields = {"start": rows(1)[0], "gradients": rows(steps, scale), "hyperparameters": given}
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
    return {
        "plain": make(),
        "tiny": make(scale=1e-6),
        "defaults": make(hyperparameters={}),
        "defaults, tiny": make(scale=1e-7, hyperparameters={}),
        "rates": make(rates={0: 0.3, 3: 0.02}),
        "groups": make(
            start=rows(1, shapes=several)[0], gradients=rows(5, shapes=several), groups=(((0,), {}), *each_its_own)
        ),
        "all overridden at first": make(groups=(((1,), over), ((2, 0), {}))),
        "None": make(gradients=without((1, 0), (3, 0), (0, 1))),
        "zero": make(gradients=without((2, 1), (3, 1), value=lambda g: 0 * g)),
        "some zero": make(gradients=without((0, 1), (3, 1), (4, 1), value=half)),
        "neighbour": make(neighbour=True, generator=True, reuse_gradients=True),
        "turns": make(turns=True),
        "placed": make(placed=rows(6)),
        "saved": make(reload_before=3, rates={1: 0.05}),
        "turns, saved": make(turns=True, reload_before=3, rates={1: 0.05}),
    }


def scheduler_scenarios(subject: str) -> dict[str, SchedulerScenario]:
    """Draw scenarios that together show every mistake of a scheduler."""
    if subject == "LRScheduler":
        calls = (("get_lr", 0.0), ("set_lr", 0.2), ("get_lr", 0.0), ("write", 0.4), ("get_lr", 0.0))
        return {"all": SchedulerScenario(rates=(0.9, 0.8), hyperparameters={"initial_lr": 0.3}, calls=calls)}

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


@cache
def scenarios(subject: str) -> dict:
    return optimizer_scenarios(subject) if subject in SIGNATURES else scheduler_scenarios(subject)


@cache
def right(subject: str) -> dict:
    made = {"LRScheduler": LRScheduler, "LRSchedulerOnPlateau": Plateau}.get(subject) or stand_in(subject)
    return {name: run(made, scenario) for name, scenario in scenarios(subject).items()}


@pytest.fixture(scope="module", params=SUBJECTS)
def subject(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def left(subject) -> dict:
    """Follow every mistake of a subject through its scenarios."""
    told = {
        each.name: {name: each.follow(subject, scenario) for name, scenario in scenarios(subject).items()}
        for each in of(subject)
    }
    assert told
    return told


def differ(one: dict, other: dict) -> bool:
    """Tell whether two sets of trajectories differ in a scenario that both speak of."""
    return any(one[name] is not None and other[name] is not None and compare(one[name], other[name]) for name in one)


# the catalogue


def test_catalogue_holds_at_least_sixty_mistakes_about_seven_subjects():
    assert len({each.name for each in CATALOGUE}) >= 60
    assert {subject for each in CATALOGUE for subject in each.subjects} == set(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_names_are_slugs_and_unique_for_a_subject(subject):
    names = [each.name for each in of(subject)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)


def test_about_anything_else_there_is_none():
    assert of("minimise") == ()


# words


def test_every_text_has_its_french():
    texts = {text for each in CATALOGUE for text in (each.title, each.looks, each.why, each.where)}
    assert sorted(texts - set(french())) == []


def test_only_the_title_has_a_field():
    assert {each.title.partition(" ")[0] for each in CATALOGUE} == {"{subject}"}
    texts = [text for each in CATALOGUE for text in (each.looks, each.why, each.where)]
    assert [text for text in texts if set("{}") & set(text)] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_are_sentences_and_the_title_is_none(language):
    words = [[translate(text, language) for text in (each.title, each.looks, each.why)] for each in CATALOGUE]
    titles, looks, reasons = zip(*words, strict=True)
    assert [title for title in titles if title.endswith(".")] == []
    assert [text for text in looks + reasons if not text.endswith(".")] == []


@cache
def sections(subject: str) -> dict[str, str]:
    """Map the English section titles of a subject's notebook to the French ones."""
    titles: dict[str, list[str]] = {"en": [], "fr": []}
    for cell in jupytext.read(ROOT / "solutions" / f"{HOMES[subject]}.py", fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            titles[cell.metadata["lang"]] += re.findall(r"^##+ (.+)$", cell.source, re.MULTILINE)
    return dict(zip(titles["en"], titles["fr"], strict=True))


def test_where_is_a_section_of_every_notebook_it_speaks_of():
    where = {(each.name, subject): each.where for each in CATALOGUE for subject in each.subjects}
    there = {(name, subject): sections(subject).get(title) for (name, subject), title in where.items()}
    assert there == {key: translate(title, "fr") for key, title in where.items()} != {}


# trajectories


def test_each_wrong_rule_leaves_other_numbers_than_torch(subject, left):
    assert [name for name, trajectories in left.items() if not differ(trajectories, right(subject))] == []


def test_each_wrong_rule_stays_finite_unless_that_is_its_point(left):
    assert {name for name, trajectories in left.items() if not finite(trajectories)} == NOT_A_NUMBER & set(left)


def finite(trajectories: dict) -> bool:
    told = [trajectory for trajectory in trajectories.values() if trajectory]
    return all(np.isfinite(item).all() for trajectory in told for row in trajectory.rows for item in row)


def test_each_wrong_rule_gets_as_far_as_the_right_one(subject, left):
    told = {(name, where): made for name, all_made in left.items() for where, made in all_made.items() if made}
    ends = {(name, where): (made.failure, len(made.rows)) for (name, where), made in told.items()}
    assert ends == {(name, where): (None, len(right(subject)[where].rows)) for name, where in told} != {}


def test_no_two_mistakes_of_a_subject_leave_the_same_numbers(left):
    same = [(one, other) for one, other in combinations(left, 2) if not differ(left[one], left[other])]
    assert same == []


def test_optimizer_mistakes_say_nothing_about_schedulers_and_the_other_way_round():
    optimizer, scheduler = scenarios("Adam")["plain"], scenarios("LRScheduler")["all"]
    others = {subject: scheduler if subject in SIGNATURES else optimizer for subject in SUBJECTS}
    told = [each.name for each in CATALOGUE if each.follow(each.subjects[0], others[each.subjects[0]]) is not None]
    assert CATALOGUE
    assert told == []


# the simulator, with right rules that are written down nowhere else


def sgd(p, g, _, h):
    return p - h["lr"] * g


def rmsprop(p, g, s, h):
    s["s"] = h["decay"] * s.get("s", 0) + (1 - h["decay"]) * g**2
    return p - h["lr"] * g / (np.sqrt(s["s"]) + h["epsilon"])


def adagrad(p, g, s, h):
    s["G"] = s.get("G", 0) + g**2
    return p - h["lr"] * g / (np.sqrt(s["G"]) + h["epsilon"])


def adam(p, g, s, h):
    s["t"] = s.get("t", 0) + 1
    s["m"] = h["beta1"] * s.get("m", 0) + (1 - h["beta1"]) * g
    s["v"] = h["beta2"] * s.get("v", 0) + (1 - h["beta2"]) * g**2
    m, v = s["m"] / (1 - h["beta1"] ** s["t"]), s["v"] / (1 - h["beta2"] ** s["t"])
    return p - h["lr"] * m / (np.sqrt(v) + h["epsilon"])


def adamw(p, g, s, h):
    return adam(p, g, s, h) - h["lr"] * h["weight_decay"] * p


@pytest.mark.parametrize(
    ("subject", "rule"),
    {"SGD": sgd, "RMSProp": rmsprop, "Adagrad": adagrad, "Adam": adam, "AdamW": adamw}.items(),
    ids=SIGNATURES,
)
def test_right_rule_in_the_simulator_leaves_the_numbers_of_torch(subject, rule):
    simulated = [simulate(rule, subject, scenario) for scenario in scenarios(subject).values()]
    np.testing.assert_allclose(numbers(simulated), numbers(right(subject).values()), rtol=1e-8, atol=1e-12)


def numbers(trajectories) -> np.ndarray:
    return np.concatenate([item.ravel() for trajectory in trajectories for row in trajectory.rows for item in row])


def test_wrong_rules_say_nothing_about_other_dtypes_and_torch_does():
    scenario = replace(scenarios("SGD")["plain"], dtype="float32")
    told = {each.name: each.follow("SGD", scenario) for each in of("SGD")}
    assert told["no_rate"] is None
    assert told["uphill"] is not None


def test_shapes_are_kept_by_the_simulator():
    scenario = OptimizerScenario(
        start=(np.array(1.0), np.zeros((0,)), np.ones((1, 2))),
        gradients=((np.array(2.0), np.zeros((0,)), np.ones((1, 2))),) * 2,
    )
    told = {each.name: each.follow("AdamW", scenario).rows for each in of("AdamW")}
    shapes = {name: {tuple(item.shape for item in row) for row in rows} for name, rows in told.items()}
    assert shapes == {name: {((), (0,), (1, 2))} for name in told} != {}
