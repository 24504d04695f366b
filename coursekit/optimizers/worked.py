"""A worked step for a mistake: the smallest run in which it leaves another number than the right rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from coursekit.judging.calls import Argument, CallScenario, Part
from coursekit.judging.diagnosis import Known
from coursekit.judging.help import Worked
from coursekit.judging.mistakes import Mistake
from coursekit.judging.subject import subject as course
from coursekit.judging.trajectories import Precision, Scenario, Trajectory, compare
from coursekit.language import Numerals, Say
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.ladders.calls import number
from coursekit.optimizers.ladders.questions import QUESTIONS
from coursekit.optimizers.ladders.race import losses
from coursekit.optimizers.racing import (
    ComparisonScenario,
    CountedComparisonScenario,
    CountedTuningScenario,
    TuningScenario,
)
from coursekit.optimizers.references import OF_MATRICES, SCHEDULES, SIGNATURES
from coursekit.optimizers.scenarios import (
    Call,
    Groups,
    OptimizerScenario,
    SchedulerScenario,
    ScheduleScenario,
    Values,
    write,
)
from coursekit.optimizers.scripts import written
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario, Turn

# A difference that a reader sees at once, and one that can be seen at all.
CLEAR, VISIBLE = (Precision(travelled=share, size=1e-6) for share in (0.04, 0.004))
Told: TypeAlias = tuple[str, dict[str, Any]]  # an English text and what its fields stand for
_DECAY = 0.999  # where none is given
_LETTERS = {
    "learning_rate": "η",
    "decay": "ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "epsilon": "ε",
    "weight_decay": "λ",
    "momentum": "μ",
}


_RACE = ("tuned_rate", "compare", "sign_test")
_ONE_NUMBER = (
    "make_data",
    "forward",
    "loss",
    "train",
    "clip_gradients",
    "AveragedWeights",
    "bytes_kept",
    "newton_schulz",
    "close",
    *_RACE,
)
# Matrices and lists of runs are nothing for paper.
_NOT_BY_HAND = ("bytes_kept", "newton_schulz", *OF_MATRICES, *_RACE)
_TASK = "Work out the upper row by hand, and find the line of your code that makes the lower one of it."
_DRAWING = "Draw both arrays with this seed in a cell of your own, and compare their first numbers with these."


def worked_step(mistakes: tuple[Mistake, ...], subject: str, say: Say) -> Worked | None:
    """Work out what mistakes make of a small run, beside what is right; None where no small run shows them."""
    found = _found(mistakes, subject) if mistakes else None
    if found is None:
        return None
    told, right, wrong, row, item, index = found
    index = () if subject == "newton_schulz" else index  # whole rows of the matrix
    columns = tuple(str(number) for number in range(row + 1))
    heads = (say("call") if subject.startswith("LR") else say("step"), *columns)
    one_number = subject in (*_ONE_NUMBER, *QUESTIONS)  # or a few that are no steps
    texts = []
    for label, run in (("right", right), ("with this mistake" if len(mistakes) == 1 else "with these mistakes", wrong)):
        values = [_value(run, number, item, index) for number in range(len(run.rows) if one_number else row + 1)]
        texts.append((say(label), *map(say, values)))
    task: tuple[str, ...] = (_DRAWING if subject == "make_data" else _TASK,)
    if len(mistakes) > 1 or subject in _NOT_BY_HAND:  # of several there is more to read, and no one line
        task = ()
    return Worked(
        text=" ".join((*(say(text, **fields) for text, fields in told), *map(say, task))),
        columns=("", say("result")) if one_number else heads,
        right=texts[0],
        wrong=texts[1],
    )


def _value(run: Trajectory, row: int, item: int, index: tuple[int, ...]) -> Numerals:
    if row >= len(run.rows) or item >= len(run.rows[row]):
        return Numerals("–")
    value = run.rows[row][item]
    if index and value.ndim == len(index) and index[-1] < value.shape[-1]:
        value = value[index]
    return Numerals(", ".join(f"{each:.4g}" for each in value.ravel()))


@lru_cache(maxsize=500)
def _found(
    mistakes: tuple[Mistake, ...], subject: str
) -> tuple[tuple[Told, ...], Trajectory, Trajectory, int, int, tuple[int, ...]] | None:
    """Find the first of the small runs in which the mistakes are seen, and where."""
    about = course().known(subject)
    if about is None:
        return None
    for (told, scenario), precision in [(run, least) for least in (CLEAR, VISIBLE) for run in runs_of(subject)]:
        wrong = _left(about, mistakes, scenario)
        if wrong is None:
            continue
        right = about.right(scenario)
        difference = compare(wrong, right, precision)
        if difference is not None and np.isfinite(difference.expected):
            place = difference.row, difference.item, () if subject in _RACE else difference.index
            if _value(right, *place) != _value(wrong, *place):  # as they are written
                return told, right, wrong, *place
        if len(wrong.rows) != len(right.rows):
            return told, right, wrong, max(len(right.rows), len(wrong.rows)) - 1, 0, ()
    return None


def _left(about: Known, mistakes: tuple[Mistake, ...], scenario: Scenario) -> Trajectory | None:
    """Return what is left with all of these mistakes; None where that is not known."""
    for family in about.families:
        ways = [
            next((number for number, each in enumerate(family.variants) if each.mistake.name == mistake.name), -1)
            for mistake in mistakes
        ]
        left = family.simulate(ways, scenario) if min(ways) >= 0 else None
        if left and left.failure is None:
            return left
    return None


def runs_of(subject: str) -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    """Return the small runs in which a mistake in something may be seen, each with what is said of it."""
    of_one: dict[str, Callable[[], Iterator[tuple[tuple[Told, ...], Scenario]]]] = {
        "LRScheduler": _of_the_base,
        "LRSchedulerOnPlateau": _of_a_plateau,
        "train": _of_a_training,
        "clip_gradients": _of_clipping,
        "AveragedWeights": _of_averages,
        "bytes_kept": _of_a_state,
        "newton_schulz": _of_a_matrix,
        **dict.fromkeys(OF_MATRICES, _of_moved_matrices),
        "tuned_rate": _of_tuning,
        "compare": _of_a_comparison,
        "sign_test": _of_a_test,
        "close": _of_closeness,
    }
    if subject in of_one:
        return of_one[subject]()
    if subject in SIGNATURES:
        return _of_an_optimizer(subject)
    if subject in SCHEDULES:
        return _of_a_schedule(subject)
    return _of_a_question(subject) if subject in QUESTIONS else _of_a_function(subject)


def _of_an_optimizer(subject: str) -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    usual = {"learning_rate": 0.1, "decay": 0.5, "beta1": 0.5, "beta2": 0.75, "epsilon": 1e-8, "weight_decay": 0.1}
    usual = {name: value for name, value in (usual | {"momentum": 0.5}).items() if name in SIGNATURES[subject]}

    def run(
        *gradients: tuple[float | None, ...] | float,
        more: tuple[Told, ...] = (),
        given: dict[str, float] = usual,
        groups: Groups = (),
        between: tuple[Call, ...] = (),
    ) -> tuple[tuple[Told, ...], Scenario]:
        steps = [step if isinstance(step, tuple) else (step,) for step in gradients]
        letters = _lettered(given)
        scenario = OptimizerScenario(
            start=tuple(np.array(2.0) for _ in steps[0]),
            calls=tuple(Call("step", tuple(None if g is None else np.array(g) for g in step)) for step in steps),
            hyperparameters=given,
            groups=groups,
        )
        scenario = scenario.before(1, *between) if between else scenario
        one = len(steps[0]) == 1
        sequence = _as_list(steps)
        text = (
            "Take θ = 2, {letters} and the gradients {sequence}."
            if given
            else "Take θ = 2 and the gradients {sequence}."
        )
        if not one:
            text = "Take two parameters θ = 2, {letters}, and step by step the gradients {sequence}."
        return ((text, {"letters": letters, "sequence": sequence}), *more), scenario

    yield run(1.0, -0.5, 2.0)
    if "epsilon" in usual:
        yield run(1.0, -0.5, given=usual | {"epsilon": 0.5})
    if "weight_decay" in usual:
        yield run(1.0, -0.5, given=usual | {"learning_rate": 0.5, "epsilon": 0.5, "weight_decay": 0.5})
    yield run(0.0, 1.0)
    yield run(1.0, 1.0, more=(("Before step 2 the rate becomes 0.01.", {}),), between=(write(0.01),))
    yield run((1.0, -3.0), (2.0, 1.0))
    yield run((1.0, None), (1.0, 2.0), (1.0, 2.0))
    yield run((None, 1.0))
    yield run(1.0, 0.0)
    yield run(2.0, 0.5, 0.5)
    other = {"learning_rate": 0.5, "decay": 0.9, "beta1": 0.9, "beta2": 0.5, "epsilon": 1.0, "weight_decay": 0.5}
    other = {name: value for name, value in (other | {"momentum": 0.9}).items() if name in usual}
    over = {"lr" if name == "learning_rate" else name: value for name, value in other.items()}
    told = ("The second is in a group of its own, with {letters}.", {"letters": _lettered(other)})
    yield run((1.0, 1.0), (2.0, 2.0), more=(told,), groups=(((0,), {}), ((1,), over)))
    yield run(1.0, -0.5, more=(("Before step 2 the state is saved and loaded.", {}),), between=(Call("reload"),))
    yield run(1.0, -0.5, given={}, more=(("No hyperparameter is given.", {}),))


def _of_a_plateau() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(*metrics: float, mode: str | None = None, **changed: float) -> tuple[tuple[Told, ...], SchedulerScenario]:
        given = {"initial_lr": 0.1, "patience": 1, "factor": 0.5, "min_lr": 0.001, "threshold": 0.1} | changed
        scenario = SchedulerScenario(
            rates=(0.1,), hyperparameters=given, mode=mode, calls=tuple(("step", metric) for metric in metrics)
        )
        return (_of_metrics(metrics, given | ({"mode": mode} if mode else {})),), scenario

    yield run(4.0, 4.0, 4.0, 4.0, 4.0)
    yield run(4.0, 3.8, 3.7, 3.5, 3.4)
    yield run(0.4, 0.35, 0.35, 0.31, 0.31)
    yield run(4.0, 5.0, 2.0, 5.0, 5.0, 5.0)
    yield run(4.0, 5.0, 3.0, 3.5, 3.5, 3.5)
    yield run(4.0, 5.0, 5.0, 5.0, 5.0, min_lr=0.04)
    yield run(4.0, 5.0, 6.0, 7.0, 8.0, mode="max")
    yield run(4.0, 5.0, 4.0, 4.0, 4.0, mode="max")
    yield run(-4.0, -3.8, -4.2, -4.1, -4.3)
    yield run(1.0, 0.99995, 0.9999, 0.99985, 0.9998, threshold=1e-4)
    few, falling = {"initial_lr": 0.1, "patience": 1}, (1.0, 0.99995, 0.9999, 0.99985)
    calls = tuple(("step", metric) for metric in falling)
    yield (_of_metrics(falling, few),), SchedulerScenario(rates=(0.1,), hyperparameters=few, calls=calls)
    yield run(4.0, float("nan"), float("nan"), float("nan"), float("nan"))
    yield run(float("nan"), 4.0, 4.0, 4.0)
    yield run(4.0, 3.8, 3.8, 3.8, mode="max")
    told, scenario = run(4.0, 5.0, 5.0)
    yield (*told, ("Before that the optimizer has a rate of 0.3.", {})), replace(scenario, rates=(0.3,))
    yield (
        (*told, ("The optimizer has two groups, and the second one is shown.", {})),
        replace(scenario, rates=(0.1,) * 2),
    )
    told, scenario = run(4.0, 5.0, 5.0, 5.0)
    calls = (*scenario.calls[:2], ("write", 0.02), *scenario.calls[2:])
    yield (
        (*told, ("After call 2 somebody writes a rate of 0.02, which counts as a call.", {})),
        replace(scenario, calls=calls),
    )


def _of_the_base() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    calls = (("set_lr", 0.05), ("get_lr", 0.0), ("write", 0.02), ("get_lr", 0.0))
    told: tuple[Told, ...] = (
        ("An optimizer has a rate of 0.3, and `initial_lr` is 0.1.", {}),
        ("Call 1 sets the rate to 0.05, and call 2 reads it.", {}),
        ("Call 3 writes 0.02 into the groups, and call 4 reads again.", {}),
    )
    yield (told, SchedulerScenario(rates=(0.3,), hyperparameters={"initial_lr": 0.1}, calls=calls))
    told = (
        ("An optimizer has two groups with a rate of 0.3, and `initial_lr` is 0.1.", {}),
        ("Call 1 sets the rate to 0.05; the second group is shown.", {}),
    )
    yield (told, SchedulerScenario(rates=(0.3, 0.3), hyperparameters={"initial_lr": 0.1}, calls=calls[:1]))


def _of_a_schedule(subject: str) -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    given: dict[str, float] = {
        "WarmUp": {"initial_lr": 0.1, "peak_lr": 0.5, "steps": 4},
        "CosineDecay": {"initial_lr": 0.4, "steps": 4, "min_lr": 0.0},
        "WarmUpStableDecay": {
            "initial_lr": 0.1,
            "peak_lr": 0.4,
            "warmup_steps": 3,
            "stable_steps": 2,
            "decay_steps": 4,
            "min_lr": 0.0,
        },
    }[subject]
    lengths = sum(value for name, value in given.items() if name.endswith("steps"))

    def run(
        *more: Told, given: dict[str, float] = given, rates: tuple[float, ...] = (0.3,), call: str = "step_bare"
    ) -> tuple[tuple[Told, ...], Scenario]:
        calls = tuple((each, 0.0) for _ in range(int(lengths) + 2) for each in dict.fromkeys(("step_bare", call)))
        scenario = ScheduleScenario(rates=rates, hyperparameters=given, calls=calls)
        return (("Take {listed}, and call `step` again and again.", {"listed": _named(given)}), *more), scenario

    yield run()
    if "min_lr" in given:
        yield run(given=given | {"min_lr": 0.1})
    if "warmup_steps" in given:
        yield run(given=given | {"warmup_steps": 0})
    yield run(("The optimizer has a second group, whose rate was 0.2.", {}), rates=(0.3, 0.2))
    yield run(("After each step a second scheduler of the same kind makes one.", {}), call="neighbour")
    if "min_lr" in given:
        tiny = {name: 1e-4 * value if name.endswith("_lr") else value for name, value in given.items()}
        yield run(given={name: value for name, value in tiny.items() if name != "min_lr"})


def _of_a_function(subject: str) -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def tensors(*values: float) -> tuple[Argument, ...]:
        return tuple(Argument(kind="tensor", value=np.array(value)) for value in values)

    steps = Argument(kind="number", value=np.array(2.0))
    others: dict[str, dict[str, float]] = {"SGD": {}, "RMSProp": {"decay": 0.5}}
    for name, other in others.items() if subject in ("minimise", "train_network") else ():
        made = Argument(kind="named", name=name)
        fields = {"optimizer": Numerals(f"{name} (ρ = 0.5)") if other else name}
        if subject == "minimise":
            told: Told = ("Take f(x) = x², the start 4, {optimizer} with η = 0.25, and two steps.", fields)
            arguments = (made, Argument(kind="named", name="quadratic", value=np.array([1.0, 0.0])), *tensors(4.0))
            rate = 0.25
        else:
            told = ("Take x = 2, y = 5, {optimizer} with η = 0.02, and two steps; a row is W1, b1, W2, b2.", fields)
            arguments, rate = (made, *tensors(2.0, 5.0)), 0.02
        yield (told,), CallScenario(arguments=(*arguments, steps), hyperparameters={"learning_rate": rate, **other})
        if not other:
            told = (f"{told[0].split('{')[0]}{name} without hyperparameters, and two steps.", {})
            yield (told,), CallScenario(arguments=(*arguments, steps))
    if subject == "make_data":
        for seed in (0.0, 1.0):
            yield (("Take the seed {seed}.", {"seed": f"{seed:g}"}),), CallScenario(arguments=(number(seed),))
    elif subject == "forward":
        for x in (np.array(2.0), np.array(4.0), np.array([1.0, 2.0])):
            told = ("Take x = {x}, W1 = 3, b1 = −8, W2 = −2, b2 = 1.", {"x": f"`{x.tolist()}`" if x.ndim else f"{x:g}"})
            first = Argument(kind="tensor", value=x)
            yield (told,), CallScenario(arguments=(first, *tensors(3.0, -8.0, -2.0, 1.0)))
    elif subject == "loss":
        told = ("Take the prediction 2 and the target 5.", {})
        yield (told,), CallScenario(arguments=tensors(2.0, 5.0))


def _of_moved_matrices() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    usual = {"learning_rate": 0.5, "momentum": 0.5}

    def run(
        *gradients: tuple[np.ndarray | None, ...],
        more: tuple[Told, ...] = (),
        given: dict[str, float] = usual,
        groups: Groups = (),
        between: tuple[Call, ...] = (),
    ) -> tuple[tuple[Told, ...], Scenario]:
        shapes = [next(each.shape for each in column if each is not None) for column in zip(*gradients, strict=True)]
        scenario = OptimizerScenario(
            start=tuple(map(np.zeros, shapes)),
            calls=tuple(Call("step", step) for step in gradients),
            hyperparameters=given,
            groups=groups,
        )
        scenario = scenario.before(1, *between) if between else scenario
        letters = _lettered(given)
        listed = ["None" if each is None else written(each) for step in gradients for each in step]
        fields = {"letters": letters, "sequence": f"`[{', '.join(listed)}]`"}
        text = "Take a matrix of zeros, {letters} and the gradients {sequence}."
        if not given:
            text = "Take a matrix of zeros and the gradients {sequence}."
        elif len(shapes) > 1:
            text = "Take two matrices of zeros, {letters} and in turn their gradients {sequence}."
        return ((text, fields), *more), scenario

    one, other = np.array([[6.0, 8.0], [-4.0, 3.0]]), np.array([[0.0, -5.0], [2.0, 0.0]])
    tall = np.array([[6.0, 8.0], [-4.0, 3.0], [0.0, 0.0]])
    yield run((one,))
    yield run((one,), (other,))
    yield run((one,), (other,), (one,))
    yield run((tall,))
    yield run((tall.T,))
    yield run((one,), (other,), more=(("Before step 2 the rate becomes 0.01.", {}),), between=(write(0.01),))
    yield run((one, other), (other, one))
    yield run((None, one), (other, one))
    yield run((one, None), (one, other), (other, one))
    yield run((one,), (0.0 * one,), (other,))
    over: dict[str, float] = {"lr": 0.1, "momentum": 0.9}
    told = ("The second is in a group of its own, with {letters}.", {"letters": Numerals("η = 0.1, μ = 0.9")})
    yield run((one, one), (other, other), more=(told,), groups=(((0,), {}), ((1,), over)))
    yield run((one,), (other,), more=(("Before step 2 the state is saved and loaded.", {}),), between=(Call("reload"),))
    yield run((one,), (other,), given={}, more=(("No hyperparameter is given.", {}),))


def _of_a_matrix() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    square = np.array([[6.0, 8.0], [-4.0, 3.0]])
    tall = np.array([[6.0, 8.0], [-4.0, 3.0], [0.0, 0.0]])
    small, zeros = 0.0005 * square, 0.0 * np.abs(square)
    for matrix, *steps in (
        (square, 1),
        (square, 2),
        (square, 5),
        (tall, 1),
        (tall.T, 1),
        (0.1 * square, 2),
        (small, 1),
        (zeros, 1),
        (square,),
    ):
        text = "Take the matrix {matrix} and {count} of the steps." if steps else "Take the matrix {matrix}."
        fields = {"matrix": f"`{written(matrix)}`", **({"count": f"{steps[0]}"} if steps else {})}
        arguments = (Argument(kind="tensor", value=matrix), *map(number, steps))
        yield ((text, fields),), CallScenario(arguments=arguments)


def _of_closeness() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    one = (1.0,)
    for got, expected in (
        ((1.000002,), one),
        ((-1.000002,), (-1.0,)),
        ((1.0005,), one),
        ((-1.0,), one),
        ((10000.01,), (10000.0,)),
        ((0.0002,), (0.0001,)),
        (((1000000.0, 1.5),), ((1000000.0, 1.0),)),
        ((1e-9,), (0.0,)),
        (one, (3.0,)),
        (((2.0, 1.0),), ((1.0, 2.0),)),
        (((1.0, 5.0),), ((1.0, 2.0),)),
        (((1.0, 1.0, 1.000015),), ((1.0, 1.0, 1.0),)),
        ((1.0, 5.0), (1.0, 2.0)),
        ((5.0, 1.0), (2.0, 1.0)),
        (one, (1.0, 2.0)),
        (one, ((1.0, 1.0),)),
        ((((1.0,), (1.0,)),), (((1.0, 1.0),),)),
        ((math.nan,), one),
        ((math.nan,), (math.nan,)),
    ):
        lists = {"got": f"`{list(got)}`", "expected": f"`{list(expected)}`"}
        scenario = ClosenessScenario(got=tuple(map(np.array, got)), expected=tuple(map(np.array, expected)))
        yield (("Compare {got} with {expected}: 1 is close, 0 is not.", lists),), scenario


def _of_clipping() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(
        *gradients: tuple[float, ...] | None, limit: float, returned: bool = False, generator: bool = False
    ) -> tuple[tuple[Told, ...], Scenario]:
        call: Values = tuple(None if each is None else np.array(each) for each in gradients)
        start = tuple(np.zeros(()) if each is None else np.full(each.shape, 10.0) for each in call)
        kind = ReturnedNormScenario if returned else ClippingScenario
        sequence = _as_list(gradients)
        told: list[Told] = [
            ("Take the gradients {sequence} and the limit {limit}.", {"sequence": sequence, "limit": _listed((limit,))})
        ]
        told += [("The parameters come as a generator.", {})] if generator else []
        told += [("The result is what is returned.", {})] if returned else []
        return tuple(told), kind(start=start, calls=(call,), max_norm=limit, generator=generator)

    yield run((3.0, 4.0), limit=2.0)
    yield run((3.0, 4.0), (12.0, 0.0), limit=6.5)
    yield run((3.0, 4.0), limit=10.0)
    yield run((0.0, 0.0), limit=10.0)
    yield run((3.0, 4.0), (0.0, 0.0), limit=5.5)
    yield run((3.0, 4.0), None, (6.0, 8.0), limit=2.0)
    yield run((3.0, 4.0), limit=2.0, returned=True)
    yield run((3.0, 4.0), (12.0, 0.0), limit=6.5, returned=True)
    yield run((3.0, 4.0), limit=10.0, returned=True)
    yield run((3.0, 4.0), limit=2.0, generator=True)


def _of_averages() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(
        *weights: float, decay: float | None = 0.5, more: tuple[Told, ...] = (), **others: Any
    ) -> tuple[tuple[Told, ...], Scenario]:
        first, *later = weights
        turns = [
            turn for each in later for turn in (Turn(others.get("name", "move"), (np.array(each),)), Turn("update"))
        ]
        given = {} if decay is None else {"decay": decay}
        shown = {"first": (first,), "weights": later, "decay": (_DECAY if decay is None else decay,)}
        fields = {name: _listed(values) for name, values in shown.items()}
        text = "Take a decay of {decay}, a weight of {first} in the constructor, and before the updates {weights}."
        scenario = AveragingScenario(
            start=(np.array(first),),
            turns=others.get("turns") or tuple(turns),
            hyperparameters=given,
            generator=others.get("generator", False),
            others=0.9,
        )
        return ((text, fields), *more), scenario

    yield run(8.0, 4.0, 2.0)
    yield run(8.0, 4.0, 2.0, decay=0.75)
    yield run(8.0, 4.0, 2.0, 6.0)
    yield run(8.0, 4.0, 2.0, decay=None)
    storage: Told = ("Each weight comes as `p.data = ...`.", {})
    yield run(8.0, 4.0, 2.0, name="replace", more=(storage,))
    yield run(8.0, 4.0, 2.0, generator=True, more=(("The parameters come as a generator.", {}),))
    moved = (Turn("move", (np.array(4.0),)), Turn("update"), Turn("move", (np.array(2.0),)), Turn("look"))
    yield run(8.0, 4.0, turns=moved, more=(("Then the weight moves to 2, without an update.", {}),))
    beside = (
        Turn("update", by="neighbour"),
        Turn("move", (np.array(4.0),)),
        Turn("update"),
        Turn("move", (np.array(2.0),)),
        Turn("update"),
    )
    other: Told = ("Another average of this weight, with a decay of 0.9, is updated first.", {})
    yield run(8.0, 4.0, 2.0, turns=beside, more=(other,))


def _of_a_state() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(text: str, *entries: tuple[int, int, int]) -> tuple[tuple[Told, ...], Scenario]:
        values = np.array([value for entry in entries for value in entry], np.float64)
        return ((text, {}),), CallScenario(arguments=(Argument(kind="named", name="keeping", value=values),))

    yield run("Take a state of one tensor of 10 numbers in float32.", (0, 10, 4))
    yield run("Take a state of two tensors of 10 numbers in float32, for one parameter.", (0, 10, 4), (0, 10, 4))
    yield run("Take two tensors for one parameter, of 10 numbers in bfloat16 and in float64.", (0, 10, 2), (0, 10, 8))
    yield run("Take a tensor of 10 numbers in float32, and a count of 7 steps.", (0, 10, 4), (0, 7, 0))
    yield run(
        "Take three parameters in two groups, with 10, 20 and 30 numbers in float32.",
        (0, 10, 4),
        (1, 20, 4),
        (2, 30, 4),
    )


def _of_tuning() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(
        *losses: tuple[tuple[float, ...], ...], kind: type[TuningScenario] = TuningScenario
    ) -> tuple[tuple[Told, ...], Scenario]:
        rates = (0.1, 1.0, 10.0)[: len(losses)]
        listed = ", ".join(f"{rate:g}: {_nested(each)}" for rate, each in zip(rates, losses, strict=True))
        told: list[Told] = [
            ("Take runs whose losses are, for each rate and seed by seed, {listed}.", {"listed": f"`{listed}`"})
        ]
        told += [("The results are how often each run is made.", {})] if kind is CountedTuningScenario else []
        seeds = tuple(range(1, len(losses[0]) + 1))
        return tuple(told), kind(rates=rates, seeds=seeds, losses=np.array(losses))

    yield run(((5, 5),), ((2, 2),), ((4, 4),))
    yield run(((3, 3),), ((5, 5),))
    yield run(((5, 5),), ((6, 6),), ((3, 3),))
    yield run(((9, 4, 6, 5),), ((8, 7, 7, 3),))
    yield run(((2, 9, 9, 5),), ((8, 7, 7, 3),))
    yield run(((9, 9, 3, 9, 5),), ((8, 7, 7, 4, 3),))
    yield run(((1, 1), (9, 9)), ((4, 4), (4, 4)))
    yield run(((9, 9), (1, 1)), ((4, 4), (4, 4)))
    yield run(((3, 3), (3, 3), (9, 9)), ((4, 4), (4, 4), (4, 4)))
    yield run(((2, 2), (6, 6)), ((5, 5), (5, 5)))
    yield run(((np.nan, np.nan),), ((2, 2),))
    yield run(((np.nan, np.nan), (3, 3)), ((5, 5), (5, 5)))
    yield run(((3, 3), (4, 4)), ((2, 2), (5, 5)), kind=CountedTuningScenario)


def _of_a_comparison() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(
        *losses: tuple[tuple[tuple[float, ...], ...], ...],
        tuning: int = 1,
        budget: int = 2,
        kind: type[ComparisonScenario] = ComparisonScenario,
    ) -> tuple[tuple[Told, ...], Scenario]:
        text = (
            "Take a budget of {budget}, seeds {tuning} for tuning, and runs whose losses are, seed by seed, {listed}."
        )
        rates = (0.1, 1.0, 10.0)[: max(map(len, losses))]
        listed = "; ".join(
            f"{name}: " + ", ".join(f"{rate:g}: {_nested(each)}" for rate, each in zip(rates, rows, strict=False))
            for name, rows in zip("AB", losses, strict=False)
        )
        seeds = tuple(range(1, len(losses[0][0]) + 1))
        fields = {"budget": budget, "tuning": f"`{list(seeds[:tuning])}`", "listed": f"`{listed}`"}
        told: list[Told] = [(text, fields)]
        told += [("The results are how many runs each optimizer has.", {})] if kind is CountedComparisonScenario else []
        return tuple(told), kind(
            names=tuple("AB"[: len(losses)]),
            rates=dict.fromkeys("AB"[: len(losses)], rates),
            known=rates,
            budget=budget,
            tuning_seeds=seeds[:tuning],
            seeds=seeds[tuning:],
            losses=tuple(np.array(each, np.float64) for each in losses),
        )

    yield run((((5, 5), (6, 6), (4, 4)),), budget=1)
    yield run((((5, 5, 5, 5, 5), (9, 2, 4, 7, 3)),), budget=1)
    yield run((((5, 5), (6, 6)), ((3, 3), (4, 4))))
    yield run((((3, 3), (4, 4)), ((5, 5), (6, 6))), (((5, 5), (6, 6)), ((3, 3), (2, 2))))
    yield run((((3, 3), (6, 6)), ((4, 4), (2, 2))))
    yield run((((2, 2), (7, 7), (6, 6)), ((4, 4), (4, 4), (5, 5))), tuning=2)
    yield run((((5, 5), (6, 6)), ((3, 3), (4, 4)), ((1, 1), (2, 2))))
    yield run((((5, 5), (6, 6)), ((3, 3), (4, 4)), ((1, 1), (2, 2))), (((5, 5), (6, 6)), ((3, 3), (4, 4))))
    yield run((((5, 5), (3, 3), (np.nan, np.nan)),), budget=1)
    yield run((((1, 9, 5), (4, 4, 4)), ((7, 6, 3), (2, 2, 2))))
    yield run((((3, 3), (3, 3), (9, 9), (6, 6)), ((4, 4), (4, 4), (4, 4), (5, 5))), tuning=3)
    yield run((((1, 1), (9, 9), (6, 6)), ((6, 6), (6, 6), (5, 5))), tuning=2)
    yield run((((np.nan, np.nan), (6, 6)), ((4, 4), (5, 5))))
    yield run((((5, 5), (3, 3)), ((4, 4), (6, 6))), kind=CountedComparisonScenario)


def _of_a_test() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[tuple[Told, ...], Scenario]:
        fields = {"first": f"`[{_listed(first)}]`", "second": f"`[{_listed(second)}]`"}
        return (("Take the losses {first} and {second}.", fields),), CallScenario(
            arguments=(losses(np.array(first)), losses(np.array(second)))
        )

    yield run((1, 2, 3, 4), (2, 3, 4, 5))
    yield run((2, 3, 4), (1, 2, 3))
    yield run((1, 4), (2, 3))
    yield run((1, 2, 3, 6), (2, 3, 4, 1))
    yield run((1, 2, 3), (2, 2, 4))
    yield run((1, 2, 3), (2, np.inf, 4))


def _nested(losses: tuple[tuple[float, ...], ...]) -> str:
    """Write the losses of runs as Python does."""
    return "[" + ", ".join(f"[{_listed(each)}]" for each in losses) + "]"


def _of_a_question(subject: str) -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    question, stream = QUESTIONS[subject], np.random.default_rng(1)
    for values in (question.draw(stream), question.own):
        given = zip(question.arguments, values, strict=True)
        told: Told = ("Take {listed}.", {"listed": _named(dict(given))})
        yield (told,), CallScenario(arguments=tuple(map(number, values)))


def _of_a_training() -> Iterator[tuple[tuple[Told, ...], Scenario]]:
    def run(epochs: int, part: Part, criterion: str = "MSELoss") -> tuple[tuple[Told, ...], Scenario]:
        text = "Take x = 1, y = 3, a line with weight 1 and bias 0, SGD with η = 0.05, {criterion} and {epochs} epochs;"
        told: Told = (f"{text} {_SEEN[part]}", {"criterion": f"`{criterion}`", "epochs": epochs})
        arguments = (
            Argument(kind="named", name="model", value=np.array([1.0, 0.0])),
            *(Argument(kind="tensor", value=np.array([[value]])) for value in (1.0, 3.0)),
            Argument(kind="named", name=criterion),
            Argument(kind="named", name="SGD", value=np.array([0.05]), of_first=True),
            Argument(kind="number", value=np.array(float(epochs))),
        )
        entries = () if part == "first" else ("weight", "bias")
        return (told,), CallScenario(arguments=arguments, part=part, entries=entries)

    yield run(2, "argument")
    yield run(12, "first")
    yield run(2, "argument", "L1Loss")
    yield run(2, "argument", "PoissonNLLLoss")
    yield run(2, "entries")


_SEEN = {
    "argument": "the results are weight and bias.",
    "first": "the results are the losses.",
    "entries": "the results are the weight and the bias that are returned.",
}


def _as_list(gradients: Iterable[tuple[float | None, ...] | None]) -> str:
    """Write gradients as a list of Python: it is the same in every language."""

    def shown(gradient: tuple[float | None, ...] | None) -> str:
        if gradient is None:
            return "None"
        numbers = ", ".join("None" if each is None else f"{each:g}" for each in gradient)
        return numbers if len(gradient) == 1 else f"({numbers})"

    return f"`[{', '.join(map(shown, gradients))}]`"


def _of_metrics(metrics: tuple[float, ...], given: Mapping[str, float | str]) -> Told:
    return "Take {listed} and the metrics {metrics}.", {"listed": _named(given), "metrics": f"`[{_listed(metrics)}]`"}


def _named(given: Mapping[str, float | str]) -> str:
    """Write arguments as Python does: they are the same in every language."""
    values = {name: repr(value) if isinstance(value, str) else f"{value:g}" for name, value in given.items()}
    return f"`{', '.join(f'{name}={value}' for name, value in values.items())}`"


def _lettered(given: Mapping[str, float]) -> Numerals:
    """Write hyperparameters under their letters."""
    return Numerals(", ".join(f"{_LETTERS[name]} = {value:g}" for name, value in given.items()))


def _listed(values: Iterable[float]) -> Numerals:
    return Numerals(", ".join(f"{value:g}" for value in values))
