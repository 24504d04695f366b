"""Mistakes in `clip_gradients`: how long the gradients are, what becomes of them, and what is returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.judging.trajectories import Row
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, variant
from coursekit.optimizers.references import reference
from coursekit.optimizers.stability import ClippingScenario, ReturnedNormScenario

_CLIP = "Your turn: the gradients"


def clipped(choice: Choice, scenario: ClippingScenario) -> Rows:
    """Return the gradients that are left with these mistakes, or what is returned."""
    if not choice:
        return reference("clip_gradients", scenario).rows
    of_returned = isinstance(scenario, ReturnedNormScenario)
    if of_returned and "generator" in choice:
        return None
    rows: list[Row] = []
    for call in scenario.calls:
        there = [place for place, each in enumerate(call) if each is not None]
        missing = [place for place, each in enumerate(call) if each is None]
        seen = there
        if missing and "none" in choice:
            seen = [place for place in there if place < missing[0]] if choice["none"] == "ends" else []
        gradients = [each for place in seen if (each := call[place]) is not None]
        weights = [scenario.start[place] for place in seen]
        if of_returned:
            rows.append((np.asarray(_returned(choice, gradients, weights, scenario.max_norm)),))
            continue
        left = dict(zip(seen, _left(choice, gradients, weights, scenario), strict=True))
        rows.append(tuple(left.get(place, before) for place, before in enumerate(_untouched(scenario, call))))
    return rows


def _untouched(scenario: ClippingScenario, call: Sequence[np.ndarray | None]) -> Row:
    missing = (np.full(value.shape, np.nan) for value in scenario.start)
    return tuple(nan if each is None else each for each, nan in zip(call, missing, strict=True))


def _left(choice: Choice, gradients: list[np.ndarray], weights: list[np.ndarray], made: ClippingScenario) -> Row:
    """Return what a call makes of the gradients that it comes by."""
    limit, norm = made.max_norm, _norm(choice, gradients, weights)
    way = choice.get("scale", "")
    if ("generator" in choice and made.generator) or way == "nothing_written":
        return tuple(gradients)
    norms = [_length([each]) for each in gradients] if choice.get("norm") == "each_alone" else [norm] * len(gradients)
    return tuple(_scaled(way, each, own, limit) for each, own in zip(gradients, norms, strict=True))


def _scaled(way: str, gradient: np.ndarray, norm: float, limit: float) -> np.ndarray:
    if way == "by_value":
        return np.clip(gradient, -limit, limit)
    is_long = norm <= limit if way == "condition_reversed" else norm > limit
    if not is_long and not way.startswith("always"):
        return gradient
    if not norm:
        return np.full(gradient.shape, np.nan) if way == "always, and 0/0" else gradient
    factor = {
        "limit_forgotten": 1 / norm,
        "not_divided": limit,
        "not_divided_by": 1 / limit,
        "upside_down": norm / limit,
        "own_norm": limit / (_length([gradient]) or 1.0),
        "zeroed": 0.0,
        "square": (limit / norm) ** 2,
        "root": (limit / norm) ** 0.5,
        "turned": -limit / norm,
    }.get(way, limit / norm)
    return np.asarray(gradient * factor)


def _returned(choice: Choice, gradients: list[np.ndarray], weights: list[np.ndarray], limit: float) -> float:
    norm = _norm(choice, gradients, weights)
    is_written, always = choice.get("scale") != "nothing_written", choice.get("scale", "").startswith("always")
    after = limit if always else min(norm, limit) if is_written else norm
    ways = {
        "norm_after": after,
        "factor": limit / (norm or 1.0),
        "factor_at_most_one": min(limit / (norm or 1.0), 1.0),
        "squared": norm**2,
        "last_norm": _length(gradients[-1:]),
        "longest_norm": max((_length([each]) for each in gradients), default=0.0),
        "first_norm": _length(gradients[:1]),
        "limit": limit,
    }
    return ways.get(choice.get("returned", ""), norm)


def _norm(choice: Choice, gradients: list[np.ndarray], weights: list[np.ndarray]) -> float:
    """Return the norm of all gradients together, with a mistake in it."""
    lengths = [_length([each]) for each in gradients]
    numbers = np.concatenate([np.zeros(0), *(each.ravel() for each in gradients)])
    ways: dict[str, Callable[[], float]] = {
        "sum_of_norms": lambda: sum(lengths),
        "root_of_norms": lambda: sum(lengths) ** 0.5,
        "no_root": lambda: _length(gradients) ** 2,
        "longest": lambda: max(lengths, default=0.0),
        "largest_entry": lambda: float(np.abs(numbers).max(initial=0.0)),
        "sum_of_sizes": lambda: float(np.abs(numbers).sum()),
        "last_alone": lambda: lengths[-1] if lengths else 0.0,
        "first_alone": lambda: lengths[0] if lengths else 0.0,
        "mean_of_norms": lambda: float(np.mean(lengths)) if lengths else 0.0,
        "root_mean_square": lambda: float(np.sqrt((numbers**2).mean())) if numbers.size else 0.0,
        "root_mean_square_of_norms": lambda: float(np.sqrt(np.mean(np.square(lengths)))) if lengths else 0.0,
        "of_the_weights": lambda: _length(weights),
    }
    return ways.get(choice.get("norm", ""), lambda: _length(gradients))()


def _length(arrays: list[np.ndarray]) -> float:
    return float(np.sqrt(sum((each**2).sum() for each in arrays)))


MISTAKES = (
    variant(
        "norm",
        "each_alone",
        "gradients that are clipped one by one, each by its own norm",
        "The norm of one parameter's gradient decides what becomes of it, inside the loop.",
        "All gradients are one long vector: one norm, one factor. Else the direction of the step changes.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "sum_of_norms",
        "a norm that is the sum of the norms",
        "`total += p.grad.norm()`, and no root at the end.",
        "Squares add up, norms do not: sum the squares of all numbers, and take one root.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "root_of_norms",
        "a root of the sum of the norms",
        "`total += p.grad.norm()` and a root at the end: the square is missing.",
        "Squares add up, norms do not: `p.grad.norm() ** 2` is what is summed.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "no_root",
        "the square of the norm in the place of the norm",
        "The squares are summed, and no root is taken.",
        "The limit is a norm; twice the gradients have four times the sum of squares.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "longest_gradient",
        "the norm of the longest gradient in the place of that of all",
        "`max` stands where the squares should be summed.",
        "Many gradients that are each within the limit may be far beyond it together.",
        where=_CLIP,
        way="longest",
    ),
    variant(
        "norm",
        "largest_entry",
        "the largest number in the place of the norm",
        "`abs().max()` is compared with the limit.",
        "That is another norm. Asked for is the Euclidean one: the root of the sum of all squares.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "sum_of_sizes",
        "the sum of the sizes in the place of the norm",
        "`abs().sum()`, or `norm(1)`, is compared with the limit.",
        "That is another norm. Asked for is the Euclidean one: the root of the sum of all squares.",
        where=_CLIP,
    ),
    variant(
        "norm",
        "last_gradient_alone",
        "the norm of the last gradient in the place of that of all",
        "`total = ...` stands in the loop where `total += ...` should.",
        "Each turn of the loop then throws away what the ones before have found.",
        where=_CLIP,
        way="last_alone",
    ),
    variant(
        "norm",
        "first_gradient_alone",
        "the norm of the first gradient in the place of that of all",
        "The norm is taken of one parameter and used for all of them.",
        "The squares of every gradient belong into the sum.",
        where=_CLIP,
        way="first_alone",
    ),
    *(
        variant(
            "norm",
            "mean_for_sum",
            "a mean in the place of a sum",
            "`mean` stands where `sum` should, or the sum is divided by how many there are.",
            "A norm does not divide by the count: more gradients are a longer vector.",
            where=_CLIP,
            way=way,
        )
        for way in ("mean_of_norms", "root_mean_square", "root_mean_square_of_norms")
    ),
    variant(
        "norm",
        "weights_measured",
        "the norm of the weights in the place of that of the gradients",
        "`p.norm()` stands where `p.grad.norm()` should.",
        "How long the step will be depends on the gradients, not on where the weights are.",
        where=_CLIP,
        way="of_the_weights",
    ),
    *(
        variant(
            "scale",
            "always_scaled",
            "gradients that are always brought to the norm of the limit",
            "Nothing leaves short gradients alone: an `if` that asks for the limit, or `min(1, ...)`.",
            "Short gradients are lengthened, and near a minimum the steps never get shorter.",
            where=_CLIP,
            way=way,
        )
        for way in ("always", "always, and 0/0")
    ),
    variant(
        "scale",
        "limit_forgotten",
        "gradients that are brought to the norm 1",
        "Too long gradients are divided by their norm, and the limit is not used any more.",
        "The factor is the limit over the norm, so that the norm of the limit is left.",
        where=_CLIP,
    ),
    *(
        variant(
            "scale",
            "norm_forgotten",
            "gradients that are multiplied or divided by the limit alone",
            "The norm is compared with the limit, and not divided by.",
            "The factor is the limit over the norm, so that the norm of the limit is left.",
            where=_CLIP,
            way=way,
        )
        for way in ("not_divided", "not_divided_by")
    ),
    variant(
        "scale",
        "upside_down",
        "gradients that are multiplied by the norm over the limit",
        "The fraction stands upside down.",
        "Long gradients then get longer. The factor must be below 1: the limit over the norm.",
        where=_CLIP,
    ),
    variant(
        "scale",
        "by_value",
        "gradients of which every number is clipped by itself",
        "`clamp` or `clip` on the numbers, between −limit and limit.",
        "That is clipping by value. It changes the direction, and the norm may still be beyond the limit.",
        where=_CLIP,
    ),
    variant(
        "scale",
        "own_norm_divides",
        "gradients that are each divided by their own norm",
        "The norm of all decides whether, but the factor has `p.grad.norm()` below the line.",
        "One factor for all: else each gradient gets the norm of the limit, and all together are beyond it.",
        where=_CLIP,
        way="own_norm",
    ),
    variant(
        "scale",
        "thrown_away",
        "gradients that become zero where they are too long",
        "The step is skipped in place of being shortened.",
        "A long gradient still knows the direction: only its length is not to be trusted.",
        where=_CLIP,
        way="zeroed",
    ),
    variant(
        "scale",
        "nothing_written",
        "gradients that stay as they were",
        "`g = p.grad * factor` gives a name to a new tensor, or `p.data` is multiplied: `p.grad` stays what it is.",
        "The optimizer reads `p.grad`: multiply in place, or put the new tensor there.",
        where=_CLIP,
    ),
    variant(
        "scale",
        "condition_reversed",
        "short gradients that are lengthened, and long ones that stay",
        "`<` stands where `>` should, or `max` where `min` should.",
        "Gradients that are longer than the limit are to be shortened.",
        where=_CLIP,
    ),
    variant(
        "scale",
        "factor_squared",
        "gradients that are shortened twice",
        "The factor is squared, or a gradient is multiplied by it twice.",
        "Once is enough: then the norm is that of the limit.",
        where=_CLIP,
        way="square",
    ),
    variant(
        "scale",
        "factor_s_root",
        "gradients that are multiplied by the root of the factor",
        "A root is taken of the limit over the norm.",
        "The norm is proportional to the factor: no root is needed.",
        where=_CLIP,
        way="root",
    ),
    variant(
        "scale",
        "turned_round",
        "gradients that point the other way",
        "The factor is negative.",
        "Clipping keeps the direction, and the optimizer itself goes against the gradient.",
        where=_CLIP,
        way="turned",
    ),
    variant(
        "returned",
        "norm_after",
        "the norm after clipping",
        "The norm is computed, or computed again, below the line that shortens.",
        "It would never be above the limit. The norm from before tells what the run is like.",
        where=_CLIP,
    ),
    *(
        variant(
            "returned",
            "factor_returned",
            "the factor in the place of the norm",
            "`return factor`.",
            "Asked for is the norm of all gradients, as it was before.",
            where=_CLIP,
            way=way,
        )
        for way in ("factor", "factor_at_most_one")
    ),
    variant(
        "returned",
        "square_returned",
        "the square of the norm",
        "The sum of the squares is returned.",
        "Return its root.",
        where=_CLIP,
        way="squared",
    ),
    *(
        variant(
            "returned",
            "one_norm_returned",
            "the norm of one gradient",
            "The value that is returned was computed inside the loop, for one parameter.",
            "Asked for is the norm of all gradients together.",
            where=_CLIP,
            way=way,
        )
        for way in ("last_norm", "first_norm", "longest_norm")
    ),
    variant(
        "returned",
        "limit_returned",
        "the limit in the place of the norm",
        "`return max_norm`.",
        "Asked for is the norm of all gradients, as it was before.",
        where=_CLIP,
        way="limit",
    ),
    variant(
        "generator",
        "generator_used_up",
        "a generator that is used up after the first loop",
        "`parameters` is gone through twice, once for the norm and once to shorten.",
        "`model.parameters()` can be gone through once. Make a list of it first: `list(parameters)`.",
        where=_CLIP,
        way="used_up",
    ),
    variant(
        "none",
        "none_ends_all",
        "a loop that ends at the first parameter without gradient",
        "`break` or `return` stands where `continue` should.",
        "The parameters after it may have gradients.",
        where=_CLIP,
        way="ends",
    ),
    variant(
        "none",
        "none_stops_clipping",
        "gradients that stay as they are as soon as one is missing",
        "The function returns before it has done anything, where any `.grad` is `None`.",
        "One parameter is passed over, and all the others are clipped.",
        where=_CLIP,
        way="nothing_at_all",
    ),
)
