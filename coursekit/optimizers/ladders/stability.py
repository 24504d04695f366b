"""The ladders of notebook 11: gradients that are clipped, weights that are averaged, and what an optimizer keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from coursekit.judging.behaviours import Ask, Behaviour, Derive, Trial, own
from coursekit.judging.calls import Argument
from coursekit.judging.faults import FaultKind
from coursekit.judging.trajectories import Row, Trajectory, agree, without
from coursekit.optimizers.given import entries_of
from coursekit.optimizers.ladders.calls import called
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import Values
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario, Turn

SHAPES: tuple[tuple[int, ...], ...] = ((3,), (2, 2), ())
NEVER = "Nothing is ever shortened."
IDLE = "Nothing is averaged."


def clip_gradients(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `clip_gradients(parameters, max_norm)`."""
    stream = np.random.default_rng(seed)
    limit = round(stream.uniform(3, 4), 3)
    long = (_of_norm(stream, (3,), limit * stream.uniform(1.8, 2.4)),)
    longer = (_of_norm(stream, (2, 3), limit * stream.uniform(3, 5)),)
    each_within, one_beyond, beyond, within = (
        _several(stream, limit, shares)
        for shares in ((0.75, 0.7, 0.65), (0.7, 1.6, 0.5), (40.0, 100.0, 60.0), (0.4, 0.36, 0.32))
    )
    zeros = tuple(np.zeros(shape) for shape in SHAPES)
    first, _, last = beyond  # each of them is clipped by whatever norm

    def scenario(*calls: Values, kind: type[ClippingScenario] = ClippingScenario) -> ClippingScenario:
        start = tuple(np.zeros(()) if each is None else np.full(each.shape, 5.0 + each.size) for each in calls[0])
        return kind(start=start, calls=calls, max_norm=limit)

    def as_torch(label: str, *calls: Values, kind: type[ClippingScenario] = ClippingScenario) -> Trial:
        made = scenario(*calls, kind=kind)
        return Trial(label=label, scenario=made, expected=lambda *_: reference("clip_gradients", made))

    def stays(label: str, *calls: Values) -> Trial:
        """Expect the gradients of the second call as they were, whatever became of those of the first."""
        made = scenario(*calls)
        return _unlike_untouched(label, made, lambda _, got: Trajectory(rows=(*got.rows[:1], *made.untouched.rows[1:])))

    def passed_over(label: str, call: Values) -> Trial:
        made = scenario(call)
        there = [place for place, each in enumerate(call) if each is not None]
        plain = replace(made, start=tuple(made.start[i] for i in there), calls=(tuple(call[i] for i in there),))

        def expected(ask: Ask, _: Trajectory) -> Trajectory:
            found = dict(zip(there, own(ask, plain).rows[0], strict=True))
            nothing = made.untouched.rows[0]
            return Trajectory(rows=(tuple(found.get(i, nothing[i]) for i in range(len(call))),))

        trial = _unlike_untouched(label, made, expected, as_in="without that parameter")
        return replace(trial, faults=frozenset({"gradient_made"}))

    several = scenario(beyond)
    kept = _unlike_untouched("three parameters, far beyond the limit", several, None)
    return (
        Behaviour(
            name="one",
            title="A long gradient gets the norm of the limit and keeps its direction",
            trials=(
                as_torch("one parameter, about twice the limit", long),
                as_torch("a matrix, several times the limit", longer),
            ),
            weight=2,
        ),
        Behaviour(
            name="together",
            title="All gradients have one norm and are shortened by one factor",
            trials=(
                as_torch("three parameters, each gradient within the limit by itself", each_within),
                as_torch("three parameters, one gradient longer than the limit", one_beyond),
            ),
            weight=3,
        ),
        Behaviour(
            name="within",
            title="Gradients within the limit stay as they are",
            trials=(stays("very long gradients, then short ones", beyond, within),),
            weight=2,
        ),
        Behaviour(
            name="returned",
            title="The norm from before is returned",
            trials=(
                as_torch("three parameters, one gradient longer than the limit", one_beyond, kind=ReturnedNormScenario),
                as_torch("three parameters, within the limit together", within, kind=ReturnedNormScenario),
            ),
            weight=2,
        ),
        Behaviour(
            name="no_gradient",
            title="A parameter without gradient is passed over",
            trials=(
                passed_over("no gradient for the second of three parameters", (first, None, last)),
                passed_over("no gradient for the first of two parameters", (None, last)),
            ),
        ),
        Behaviour(
            name="generator",
            title="A generator of parameters will do, as model.parameters() returns one",
            trials=(
                _unlike_untouched(
                    "parameters given as a generator",
                    replace(several, generator=True),
                    lambda ask, _: own(ask, several),
                    as_in="with a list",
                ),
            ),
        ),
        Behaviour(
            name="zero",
            title="Gradients of zeros stay zeros",
            trials=(stays("very long gradients, then zeros", beyond, zeros),),
        ),
        Behaviour(
            name="weights",
            title="Nothing but the gradients changes",
            trials=(replace(kept, faults=frozenset({"weights_changed", "detached", "grad_mode"})),),
        ),
    )


def averaged_weights(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `AveragedWeights(parameters, decay=0.999)`."""
    stream = np.random.default_rng(seed)
    decay, other = (round(share, 3) for share in (stream.uniform(0.65, 0.85), stream.uniform(0.2, 0.4)))
    made, *places = [_walk(stream, ((3,),), number) for number in range(8)]
    shapes = (*SHAPES, (3,))  # two of them alike
    several = [_walk(stream, shapes, number) for number in range(4)]

    def scenario(start: Row, *turns: Turn, **hyperparameters: float) -> AveragingScenario:
        return AveragingScenario(start=start, turns=turns, hyperparameters=hyperparameters, others=other)

    def trial(
        label: str, made: AveragingScenario, expected: Derive | None, as_in: str = "", *faults: FaultKind
    ) -> Trial:
        return Trial(label=label, scenario=made, expected=expected, as_in=as_in, faults=frozenset(faults))

    def unlike_idle(trial: Trial) -> Trial:
        assert isinstance(trial.scenario, AveragingScenario)
        return replace(trial, unlike=partial(_idle, trial.scenario), same=IDLE)

    def like(label: str, made: AveragingScenario, plain: AveragingScenario, as_in: str) -> Trial:
        return unlike_idle(trial(label, made, lambda ask, _: own(ask, plain), as_in))

    def updates(places: Iterable[Row], name: Literal["move", "replace"] = "move") -> tuple[Turn, ...]:
        return tuple(turn for place in places for turn in (Turn(name, place), Turn("update")))

    def onwards(made: AveragingScenario) -> Derive:
        """Expect what torch makes of the first value that the student's own class has."""
        return lambda _, got: reference("AveragedWeights", replace(_given(made, got), start=got.rows[0]))

    update = Turn("update")
    first = scenario(made, *updates(places[:1]), decay=decay)
    two = scenario(made, update, *updates(places[:1]), decay=decay)
    many = scenario(made, update, *updates(places), decay=decay)
    unset = scenario(made, update, *updates(tuple(100 * each for each in place) for place in places[:2]))
    shaped = scenario(several[0], *updates(several[1:]), decay=decay)
    alone = [_only(shaped, item) for item in range(len(shapes))]
    look = Turn("look")
    looked = scenario(made, update, look, Turn("move", places[0]), look, decay=decay)
    later = scenario(made, update, *updates(places[:1]), look, Turn("move", places[1]), look, decay=decay)
    beside = scenario(
        made,
        Turn("update", by="neighbour"),
        update,
        Turn("move", places[0]),
        Turn("update", by="neighbour"),
        update,
        Turn("move", places[1]),
        Turn("update", by="neighbour"),
        Turn("update", by="neighbour"),
        update,
        decay=decay,
    )

    def each_alone(ask: Ask, _: Trajectory) -> Trajectory:
        columns = [[row[0] for row in own(ask, each).rows] for each in alone]
        return Trajectory(rows=tuple(zip(*columns, strict=True)))

    return (
        Behaviour(
            name="first",
            title="The first update takes the weights as they are",
            trials=(
                trial(
                    "weights moved, then one update",
                    first,
                    lambda _, got: reference("AveragedWeights", _given(first, got)),
                ),
            ),
            weight=3,
        ),
        Behaviour(
            name="average",
            title="Each further update keeps the share decay of the average",
            trials=(trial("two updates", two, onwards(two)), trial("eight updates", many, onwards(many))),
            weight=6,
        ),
        Behaviour(
            name="own_average",
            title="Each parameter has an average of its own",
            trials=(
                unlike_idle(
                    trial("four parameters, two of the same shape", shaped, each_alone, "with each parameter alone")
                ),
            ),
        ),
        Behaviour(
            name="signature",
            title="The constructor takes decay, 0.999 by default",
            trials=(
                trial("decay given by its name", first, None, "", "missing", "renamed", "further"),
                like("no decay given", unset, replace(unset, hyperparameters={"decay": 0.999}), "with 0.999 given"),
            ),
        ),
        Behaviour(
            name="own_memory",
            title="The averages share no memory with the weights",
            trials=(
                trial(
                    "one update, then the weights moved without another",
                    looked,
                    lambda _, got: Trajectory(rows=got.rows[:1] * 3),
                ),
                unlike_idle(
                    trial(
                        "two updates, then the weights moved without another",
                        later,
                        lambda _, got: Trajectory(rows=(*got.rows[:1], *got.rows[1:2] * 3)),
                    )
                ),
            ),
            weight=2,
        ),
        Behaviour(
            name="weights",
            title="The weights stay as they are",
            trials=(
                unlike_idle(trial("eight updates", many, None, "", "weights_changed", "detached", "grad_mode")),
                unlike_idle(
                    trial("four parameters, two of the same shape", shaped, None, "", "weights_changed", "detached")
                ),
            ),
        ),
        Behaviour(
            name="no_graph",
            title="No graph is kept",
            trials=(unlike_idle(trial("eight updates", many, None, "", "average_graph")),),
        ),
        Behaviour(
            name="generator",
            title="A generator of parameters will do, as model.parameters() returns one",
            trials=(like("parameters given as a generator", replace(shaped, generator=True), shaped, "with a list"),),
        ),
        Behaviour(
            name="present",
            title="The present weights are averaged, also after p.data = ...",
            trials=(
                like(
                    "new storage for the weights before each update",
                    scenario(made, update, *updates(places[:3], "replace"), decay=decay),
                    scenario(made, update, *updates(places[:3]), decay=decay),
                    "with weights that are changed in place",
                ),
            ),
        ),
        Behaviour(
            name="apart",
            title="Two averages of the same weights share nothing",
            trials=(
                like(
                    "another one, with its own decay, updated in between",
                    beside,
                    scenario(made, update, *updates(places[:2]), decay=decay),
                    "without the other",
                ),
            ),
        ),
    )


def bytes_kept(seed: int) -> tuple[Behaviour, ...]:
    """Return the behaviours of `bytes_kept(optimizer)`."""
    stream = np.random.default_rng(seed)
    one, two, three, four = (int(size) for size in stream.choice(np.arange(5, 40), 4, replace=False))
    count = int(stream.integers(41, 90))

    def trial(label: str, *entries: tuple[int, int, int]) -> Trial:
        values = [value for entry in entries for value in entry]
        given = Argument(kind="named", name="keeping", value=np.array(values, np.float64))
        return called(label, (given,), lambda: kept_in_all(values))

    return (
        Behaviour(
            name="bytes",
            title="A tensor counts with its bytes, four for each number in float32",
            trials=(trial("one tensor for one parameter", (0, one, 4)), trial("another one", (0, two, 4))),
        ),
        Behaviour(
            name="everything",
            title="All that is kept counts, for every parameter of every group",
            trials=(
                trial("two tensors for one parameter", (0, one, 4), (0, one, 4)),
                trial("two parameters", (0, one, 4), (1, two, 4)),
                trial("two groups, of two parameters and of one", (0, one, 4), (1, two, 4), (2, three, 4)),
            ),
            weight=2,
        ),
        Behaviour(
            name="types",
            title="A number has the size of its own type",
            trials=(
                trial("two tensors, the first in bfloat16", (0, three, 2), (0, one, 4)),
                trial("two tensors, the second in float64", (0, two, 4), (0, four, 8)),
            ),
        ),
        Behaviour(
            name="counts",
            title="Only tensors count",
            trials=(trial("a count of steps beside a tensor", (0, one, 4), (0, count, 0)),),
        ),
    )


def kept_in_all(values: Iterable[float]) -> np.ndarray:
    """Add up the bytes of what is listed, see `coursekit.optimizers.given.keeping`."""
    return np.array(float(sum(size * each for _, size, each in entries_of(list(values)))))


def _unlike_untouched(label: str, made: ClippingScenario, expected: Derive | None, as_in: str = "") -> Trial:
    """Make a trial that is wrong where nothing is clipped."""
    return Trial(
        label=label, scenario=made, expected=expected, as_in=as_in, unlike=lambda *_: made.untouched, same=NEVER
    )


def _given(made: AveragingScenario, got: Trajectory) -> AveragingScenario:
    """Leave out what the constructor does not take."""
    return without(made, got.lacking)


def _idle(made: AveragingScenario, _: Ask, got: Trajectory) -> Trajectory:
    """Return the first value again and again where that is what was got, else the weights of the last update."""
    still = Trajectory(rows=got.rows[:1] * len(got.rows))
    if agree(got, still, made.precision):
        return still
    place, taken, rows = made.start, made.start, []
    for turn in made.turns:
        if turn.name in ("move", "replace"):
            place = turn.values
        elif turn.by == "average":
            taken = place if turn.name == "update" else taken
            rows.append(taken)
    return Trajectory(rows=tuple(rows))


def _only(made: AveragingScenario, item: int) -> AveragingScenario:
    """Take one parameter alone."""
    turns = tuple(replace(turn, values=turn.values[item : item + 1]) for turn in made.turns)
    return replace(made, start=made.start[item : item + 1], turns=turns)


def _several(stream: np.random.Generator, limit: float, shares: tuple[float, ...]) -> Row:
    """Draw gradients of the course's shapes, their norms about these shares of the limit."""
    return tuple(
        _of_norm(stream, shape, limit * share * stream.uniform(0.98, 1.02))
        for shape, share in zip(SHAPES, shares, strict=True)
    )


def _of_norm(stream: np.random.Generator, shape: tuple[int, ...], norm: float) -> np.ndarray:
    """Draw a gradient of a norm, none of its numbers near zero."""
    drawn = np.asarray(stream.uniform(1, 2.5, shape) * stream.choice((-1.0, 1.0), shape))
    return np.asarray(drawn * (norm / np.sqrt((drawn**2).sum())))


def _walk(stream: np.random.Generator, shapes: tuple[tuple[int, ...], ...], number: int) -> Row:
    """Draw weights of which each number is clearly apart from zero, and from where it was before."""
    return tuple(np.asarray((stream.uniform(1, 2, shape) + 0.3 * number) * (-1) ** number) for shape in shapes)
