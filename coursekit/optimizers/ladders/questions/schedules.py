"""The questions of notebook 12: a second arc in the place of the rest of the first, and the edge with momentum."""

from __future__ import annotations

import numpy as np

from coursekit.optimizers.ladders.calls import descent
from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between
from coursekit.optimizers.references import reference
from coursekit.optimizers.scenarios import ScheduleScenario

_CURVATURES = np.array([0.5, 1.0])  # times the rate, two on the straight line that is followed to the edge


def _arc(initial_lr: float, steps: float, done: float) -> float:
    """Return the rate of torch's arc after some of its steps."""
    given = {"initial_lr": initial_lr, "steps": steps}
    scenario = ScheduleScenario(rates=(0.1,), hyperparameters=given, calls=(("step_bare", 0.0),) * int(done))
    return float(reference("CosineDecay", scenario).rows[-1][0][0])


def _edge(optimizer: str, learning_rate: float, **momentum: float) -> float:
    """Return the curvature beyond which torch's optimizer swings more with each step.

    On a parabola a step makes the place a x + b y of the last two places x and y, so that at the edge, where one is
    minus the other, 1 + a − b is 0.
    """
    tried = _CURVATURES / learning_rate
    rows = descent(
        optimizer,
        lambda x: (x.new_tensor(tried) / 2 * x**2).sum(),
        [np.ones(len(tried))],
        3,
        {"learning_rate": learning_rate, **momentum},
    )
    left = []
    for x0, x1, x2, x3 in rows.T:
        # without a memory the last place alone decides
        a, b = np.linalg.solve([[x1, x0], [x2, x1]], [x2, x3]) if momentum else (x1 / x0, 0.0)
        left.append(1 + a - b)
    slope = (left[1] - left[0]) / (tried[1] - tried[0])
    return float(tried[0] - left[0] / slope)


def _resumed(stream: np.random.Generator) -> Values:
    steps = int(stream.integers(40, 90))
    done = int(stream.integers(steps // 4, steps // 2))
    more = int(stream.integers((steps - done) // 4, (steps - done) // 2))
    return *between(stream, (0.1, 0.9)), float(steps), float(done), float(more)


QUESTIONS = {
    "rate_after_resuming": Question(
        title="The rate of a second arc that takes over in the middle of the first",
        where="Half a cosine",
        arguments=("initial_lr", "steps", "done", "more"),
        own=(0.5, 60.0, 20.0, 10.0),
        draw=_resumed,
        right=lambda initial, steps, done, more: _arc(_arc(initial, steps, done), steps - done, more),
        wrong=(
            Wrong(
                "one_arc",
                "the rate of the first arc, if it had gone on",
                "The steps before and after the stop are added up.",
                "The new scheduler counts from 0, and its arc is flat at its own start.",
                lambda initial, steps, done, more: _arc(initial, steps, done + more),
            ),
            Wrong(
                "from_the_top",
                "an arc that begins at the first rate",
                "The new arc starts at initial_lr.",
                "It should start at the rate that was in force when the training stopped.",
                lambda initial, steps, done, more: _arc(initial, steps - done, more),
            ),
            Wrong(
                "whole_length",
                "a new arc of the whole length",
                "The new arc has as many steps as the first.",
                "It should have only the steps that were left.",
                lambda initial, steps, done, more: _arc(_arc(initial, steps, done), steps, more),
            ),
            Wrong(
                "half_forgotten",
                "two arcs, one of them without its factor ½",
                "One of the two shares is 1 + cos.",
                "A share falls from 1 to 0: it is half of 1 + cos.",
                lambda initial, steps, done, more: 2 * _arc(_arc(initial, steps, done), steps - done, more),
            ),
            Wrong(
                "at_the_stop",
                "the rate at the stop",
                "The steps after it have no part in it.",
                "The new arc has made its own steps since.",
                lambda initial, steps, done, _: _arc(initial, steps, done),
            ),
            Wrong(
                "everything_again",
                "a new scheduler with the old arguments",
                "The new arc has the first rate and the whole length.",
                "It should start at the rate that was in force, and have only the steps that were left.",
                lambda initial, steps, _, more: _arc(initial, steps, more),
            ),
        ),
    ),
    "edge_with_momentum": Question(
        title="The sharpness at which momentum comes to its edge",
        where="The edge of stability",
        arguments=("learning_rate", "momentum"),
        own=(0.2, 0.5),
        draw=lambda stream: between(stream, (0.02, 0.4), (0.3, 0.8)),
        right=lambda rate, momentum: _edge("Momentum", rate, momentum=momentum),
        wrong=(
            Wrong(
                "no_momentum",
                "the edge without momentum",
                "The momentum has no part in it.",
                "The velocity damps a swing from wall to wall: each gradient meets the rest of the opposite one.",
                lambda rate, _: _edge("SGD", rate),
            ),
            Wrong(
                "long_steps",
                "the edge for steps that are as long as under a constant gradient",
                "The rate is taken to be η/(1 − μ).",
                "The velocity grows to that under a gradient of one sign. At the edge the sign changes at each step.",
                lambda rate, momentum: _edge("SGD", rate / (1 - momentum)),
            ),
            Wrong(
                "nesterov",
                "the edge of Nesterov's rule",
                "It lies lower than without momentum.",
                "Asked for is plain momentum, whose step is the velocity alone.",
                lambda rate, momentum: _edge("Nesterov", rate, momentum=momentum),
            ),
            Wrong(
                "half_of_it",
                "half of the edge",
                "The 2 is missing.",
                "Without momentum 2/η must be left.",
                lambda rate, momentum: _edge("Momentum", rate, momentum=momentum) / 2,
            ),
            Wrong(
                "rate_multiplied",
                "a product with the rate",
                "It grows with the rate.",
                "The larger the rate, the flatter must it be.",
                lambda rate, momentum: rate**2 * _edge("Momentum", rate, momentum=momentum),
            ),
        ),
    ),
}
