"""Mistakes in `Muon`: in its velocity, in what is made of it, and in how long a step is."""

from __future__ import annotations

import numpy as np
import torch

from coursekit.optimizers import matrices
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, variant
from coursekit.optimizers.references import reference, signature
from coursekit.optimizers.scenarios import OptimizerScenario

_SIZE = "A size for a matrix"
_DECAYS = {f"{of} {share:g}": (of, share) for of in ("weight", "gradient") for share in (0.1, 0.01, 0.001)}
_SUM = "v ← μ v + g: the share μ of the velocity is kept, and the gradient is added."


def moved(choice: Choice, scenario: OptimizerScenario) -> Rows:
    """Return where the matrices are after each step with these mistakes; None where more than steps is tried."""
    if not choice:
        return reference("Muon", scenario).rows
    steps = all(call.name in ("step", "step_into") and call.by == "optimizer" for call in scenario.calls)
    if not steps or scenario.groups or scenario.dtype != "float64":
        return None
    values = signature("Muon") | scenario.hyperparameters
    rate = signature("Muon")["learning_rate"] if choice.get("rate") == "fixed" else values["learning_rate"]
    momentum = signature("Muon")["momentum"] if choice.get("momentum") == "fixed" else values["momentum"]
    kept = [np.zeros_like(value) for value in scenario.start]
    shapes = [value.shape for value in scenario.start]
    places = [shapes.index(shape) for shape in shapes] if "state" in choice else list(range(len(shapes)))
    row = list(scenario.start)
    rows = [tuple(row)]
    for gradients in scenario.gradients:
        for place, gradient in enumerate(gradients):
            if gradient is not None:
                of, share = _DECAYS.get(choice.get("decay", ""), ("", 0.0))
                with_penalty = gradient + share * row[place] if of == "gradient" else gradient
                if of == "weight":
                    row[place] = row[place] * (1 - _rate(choice, rate) * share)
                kept[places[place]], step = _step(choice, momentum, kept[places[place]], with_penalty)
                row[place] = row[place] - _rate(choice, rate) * _scale(choice, *step.shape) * step
        rows.append(tuple(row))
    return rows


def _step(choice: Choice, momentum: float, old: np.ndarray, gradient: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the new velocity, and the matrix that the parameter moves against."""
    way, steps = choice.get("direction", ""), int(choice.get("steps", matrices.STEPS))
    added = _orthogonal(gradient, steps) if way in ("late", "kept") else gradient
    new = {
        "summed": old + added,
        "swapped": old + momentum * added,
        "complement": (1 - momentum) * old + added,
        "exchanged": (1 - momentum) * old + momentum * added,
        "subtracted": added - momentum * old,
        "never_kept": added,
    }.get(choice.get("velocity", ""), momentum * old + added)
    along = {
        "ahead": gradient + momentum * new,
        "ahead_whole": gradient + new,
        "before": old,
    }.get(choice.get("used", ""), new)
    if way == "late":
        return new, along
    if way == "plain":
        return new, along
    if way == "sign":
        return new, np.sign(along)
    if way == "length":
        return new, along / (np.linalg.norm(along) or 1.0)
    made = _orthogonal(along, steps)
    return (made if way == "written_back" else new), made


def _orthogonal(matrix: np.ndarray, steps: int) -> np.ndarray:
    if not np.isfinite(matrix).all():
        return np.full_like(matrix, np.nan)
    return matrices.newton_schulz(torch.tensor(matrix), steps).numpy()


def _rate(choice: Choice, rate: float) -> float:
    ways = {"uphill": -rate, "none": 1.0, "squared": rate**2, "double": 2 * rate, "half": rate / 2}
    return ways.get(choice.get("move", ""), rate)


def _scale(choice: Choice, rows: int, columns: int) -> float:
    ways = {
        "none": 1.0,
        "other_side": max(1.0, columns / rows) ** 0.5,
        "no_root": max(1.0, rows / columns),
        "rounded_down": max(1, rows // columns) ** 0.5,
        "rounded": max(1, round(rows / columns)) ** 0.5,
        "root_of_columns": max(1.0, rows / columns**0.5),
        "root_of_columns_no_limit": rows / columns**0.5,
        "no_limit": (rows / columns) ** 0.5,
        "no_limit_other": (columns / rows) ** 0.5,
        "largest_side": max(rows, columns) ** 0.5,
        "fifth_of_side": 0.2 * max(rows, columns) ** 0.5,
        "smallest_side": min(rows, columns) ** 0.5,
        "at_most_one": min(1.0, rows / columns) ** 0.5,
    }
    return ways.get(choice.get("scale", ""), matrices.scale(rows, columns))


MISTAKES = (
    variant(
        "direction",
        "not_orthogonal",
        "the velocity itself in the place of what Newton–Schulz makes of it",
        "`newton_schulz` is not called, or its result is not used.",
        "That is momentum. Muon makes all singular values of the velocity alike before it moves.",
        where=_SIZE,
        way="plain",
    ),
    variant(
        "direction",
        "sign_of_velocity",
        "the sign of the velocity",
        "`torch.sign(v)` stands where `newton_schulz(v)` should.",
        "The sign looks at each number by itself. Muon does that with singular values.",
        where=_SIZE,
        way="sign",
    ),
    variant(
        "direction",
        "length_of_velocity",
        "the velocity divided by its norm",
        "`v / v.norm()` stands where `newton_schulz(v)` should.",
        "That is Newton–Schulz without a step: large singular values stay larger than small ones.",
        where=_SIZE,
        way="length",
    ),
    variant(
        "direction",
        "momentum_after",
        "a momentum after Newton–Schulz",
        "`v = momentum * v + newton_schulz(g)` is kept, and `v` moves the parameter.",
        "The velocity comes first. The other way round orthogonal matrices add up to one that is not.",
        where=_SIZE,
        way="late",
    ),
    variant(
        "direction",
        "orthogonal_twice",
        "Newton–Schulz before the velocity and after it",
        "The gradient is made orthogonal, added to the velocity, and the velocity is made orthogonal once more.",
        "Add the gradient as it is: its size says how much it counts in the velocity.",
        where=_SIZE,
        way="kept",
    ),
    variant(
        "direction",
        "result_kept",
        "a velocity that Newton–Schulz has changed",
        '`state["v"] = newton_schulz(state["v"])`: the next step adds its gradient to the result.',
        "The velocity stays what it is; only the step is made of the result.",
        where=_SIZE,
        way="written_back",
    ),
    variant(
        "velocity",
        "gradients_summed",
        "a velocity that forgets nothing",
        "`v = v + g`: all gradients so far are added up, and none fades.",
        _SUM,
        where=_SIZE,
        way="summed",
    ),
    variant(
        "velocity",
        "velocity_weights_swapped",
        "μ before the gradient, not before the velocity",
        "`v = v + momentum * g`: nothing is forgotten.",
        _SUM,
        where=_SIZE,
        way="swapped",
    ),
    *(
        variant(
            "velocity",
            "velocity_complement",
            "1 − μ in the place of μ",
            "`(1 - momentum) * v` is kept: with μ = 0.95 nearly all of it is forgotten at once.",
            _SUM,
            where=_SIZE,
            way=way,
        )
        for way in ("complement", "exchanged")
    ),
    variant(
        "velocity",
        "velocity_subtracted",
        "the old velocity subtracted",
        "`v = g - momentum * v`: each step takes back a part of the one before.",
        _SUM,
        where=_SIZE,
        way="subtracted",
    ),
    variant(
        "velocity",
        "no_memory",
        "a velocity that starts anew at every step",
        "The velocity is made of zeros at each step, or what the step has computed is never put back.",
        "The new velocity must stand in `self.state[p]` when the step ends.",
        where=_SIZE,
        way="never_kept",
    ),
    variant(
        "state",
        "state_by_shape",
        "one velocity for all matrices of equal shape",
        "The velocity is kept under `p.shape`, not in `self.state[p]`.",
        "Each matrix has gradients of its own; in a shared velocity they are mixed.",
        where="Your turn once more",
        way="shape",
    ),
    *(
        variant(
            "used",
            "looks_ahead",
            "a look ahead along the velocity, as in Nesterov's rule",
            "`newton_schulz(g + momentum * v)` moves the parameter.",
            "torch does so, and this class does not: it moves by what is made of the velocity alone.",
            where=_SIZE,
            way=way,
        )
        for way in ("ahead", "ahead_whole")
    ),
    variant(
        "used",
        "velocity_used_before",
        "the velocity from before the gradient",
        "The parameter moves first, and the velocity is updated after.",
        "Update the velocity first, then move by the new one.",
        where=_SIZE,
        way="before",
    ),
    *(
        variant(
            "scale",
            name,
            title,
            looks,
            "The factor is √(rows/columns) where there are more rows than columns, else 1.",
            where=_SIZE,
            way=way,
        )
        for way, name, title, looks in (
            ("none", "no_scale", "steps without the factor for tall matrices", "The factor is missing, or always 1."),
            (
                "other_side",
                "scale_of_wide",
                "a factor for wide matrices in the place of tall ones",
                "Rows and columns are exchanged.",
            ),
            ("no_root", "scale_without_root", "a factor without its root", "`max(1, rows / columns)` has no root."),
            *(
                (
                    way,
                    "scale_rounded",
                    "a factor of whole numbers",
                    "`rows // columns` stands in the step, or the share is rounded.",
                )
                for way in ("rounded_down", "rounded")
            ),
            *(
                (
                    way,
                    "root_of_columns",
                    "a factor with the root of the columns alone",
                    "`rows / columns ** 0.5`: a power is taken before a division. Brackets belong around the fraction.",
                )
                for way in ("root_of_columns", "root_of_columns_no_limit")
            ),
            (
                "no_limit",
                "scale_below_one",
                "a factor that is below 1 for wide matrices",
                "`max(1, ...)` is missing.",
            ),
            (
                "no_limit_other",
                "scale_upside_down",
                "a factor that stands upside down",
                "`(columns / rows) ** 0.5` stands in the step.",
            ),
            (
                "largest_side",
                "scale_of_side",
                "a factor that grows with the matrix",
                "The root of a side stands in the step, as in forms of Muon that share a rate with Adam.",
            ),
            (
                "fifth_of_side",
                "scale_of_side",
                "a factor that grows with the matrix",
                "The root of a side stands in the step, as in forms of Muon that share a rate with Adam.",
            ),
            (
                "smallest_side",
                "scale_of_side",
                "a factor that grows with the matrix",
                "The root of a side stands in the step.",
            ),
            (
                "at_most_one",
                "scale_below_one",
                "a factor that is below 1 for wide matrices",
                "`min(1, ...)` stands where `max(1, ...)` should.",
            ),
        )
    ),
    *(
        variant("move", name, title, looks, why, where=_SIZE, way=way)
        for way, name, title, looks, why in (
            (
                "uphill",
                "uphill",
                "a step uphill",
                "`p += ...` stands where `p -= ...` should.",
                "The gradient points to where the loss grows; a step goes against it.",
            ),
            (
                "none",
                "no_rate",
                "a step without a learning rate",
                "What should be multiplied by the rate is subtracted as it is.",
                "The rate says how far a step goes.",
            ),
            (
                "squared",
                "rate_squared",
                "a rate that is multiplied in twice",
                "The result is scaled by the rate, and the scaled result by the rate again.",
                "Each step is then η times as long as it should be.",
            ),
            (
                "double",
                "step_doubled",
                "steps that are twice as long as they should be",
                "A factor 2 stands in the step.",
                "The rule has no such factor.",
            ),
            (
                "half",
                "step_halved",
                "steps that are half as long as they should be",
                "A factor 1/2 stands in the step.",
                "The rule has no such factor.",
            ),
        )
    ),
    *(
        variant(
            "decay",
            "decay_added",
            "a weight decay that this rule does not have",
            "A share of the parameter is taken away in each step, or added to the gradient.",
            "Forms of Muon for large models do so. Here a matrix moves by what is made of the velocity alone.",
            where=_SIZE,
            way=way,
        )
        for way in _DECAYS
    ),
    variant(
        "rate",
        "rate_fixed",
        "a number for η, whatever is asked for",
        "A number stands in the step where the hyperparameter should be read.",
        "What is given to the constructor or to a group has no effect.",
        where="Your turn once more",
        way="fixed",
    ),
    variant(
        "momentum",
        "momentum_fixed",
        "a number for μ, whatever is asked for",
        "A number stands in the step where the hyperparameter should be read.",
        "What is given to the constructor or to a group has no effect.",
        where="Your turn once more",
        way="fixed",
    ),
    *(
        variant(
            "steps",
            "other_number_of_steps",
            "another number of steps of Newton–Schulz",
            "`newton_schulz` is asked for more or fewer steps, or a loop of that length stands in the class.",
            "Call it with its default: five steps.",
            where="Your turn once more",
            way=way,
        )
        for way in ("1", "2", "3", "4", "6", "7", "8", "10")
    ),
)
