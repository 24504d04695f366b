"""Mistakes in `AveragedWeights`: how it begins, what an update makes of it, and what it shares."""

from __future__ import annotations

import numpy as np

from coursekit.judging.trajectories import Row
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, variant
from coursekit.optimizers.references import reference
from coursekit.optimizers.stability import AveragingScenario

_AVERAGE = "Your turn: the average"
_DEFAULT = 0.999
_OTHER_DEFAULTS = (0.5, 0.9, 0.99, 0.9999)
_FIXED = (0.9, 0.99, 0.999)


def averaged(choice: Choice, scenario: AveragingScenario) -> Rows:
    """Return the averages with these mistakes, each time that they are read."""
    if not choice:
        return reference("AveragedWeights", scenario).rows
    if choice.get("begins", "").startswith("shared") and any(turn.name == "replace" for turn in scenario.turns):
        return None  # it depends on how the new tensors come in
    weights = [value.copy() for value in scenario.start]
    stored = weights  # what an average sees that has kept their first storage
    given = scenario.hyperparameters.get("decay")
    average = _Average(choice, given, weights, generator=scenario.generator)
    neighbour = _Average(choice, scenario.others, weights, generator=scenario.generator)
    if "apart" in choice:
        neighbour.values = average.values
    rows: list[Row] = []
    for turn in scenario.turns:
        if turn.name in ("move", "replace"):
            weights = [value.copy() for value in turn.values]
            stored = stored if turn.name == "replace" else weights
        seen = stored if "present" in choice else weights
        if turn.name == "update":
            (average if turn.by == "average" else neighbour).update(seen)
        if turn.name in ("update", "look") and turn.by == "average":
            rows.append(average.read(seen))
    return rows


class _Average:
    """An average with mistakes in it."""

    def __init__(self, choice: Choice, given: float | None, weights: list[np.ndarray], *, generator: bool) -> None:
        self._begins, self._blend, self._way = (choice.get(part, "") for part in ("begins", "blend", "decay"))
        self._used_up = choice.get("generator", "") if generator else ""
        self._decay = _DEFAULT if given is None else given
        kind, _, number = self._way.partition(" ")
        if kind == "fixed" or (kind == "default" and given is None):
            self._decay = float(number)
        self.values: list[np.ndarray] = []
        self._updates = 0
        self._is_shared = False
        if self._begins in ("zeros", "corrected"):
            self.values = [np.zeros_like(value) for value in weights]
        elif self._begins == "constructor" or self._used_up == "from the first":
            self.values = [value.copy() for value in weights]

    def read(self, weights: list[np.ndarray]) -> Row:
        """Return the averages as they are seen."""
        if self._is_shared:
            return tuple(value.copy() for value in weights)
        seen = 1 - self._decay**self._updates if self._begins == "corrected" else 1.0
        return tuple(value / seen for value in self.values)

    def update(self, weights: list[np.ndarray]) -> None:
        """Take the present weights in; of a shared average they are the only memory."""
        if self._used_up == "from the first" or (self._used_up and self._updates):
            return
        self._updates += 1
        if not self.values:
            self.values[:] = [value.copy() for value in weights]
            self._is_shared = self._begins.startswith("shared")
        elif self._is_shared:
            self._is_shared = self._begins != "shared once"
            self.values[:] = [value.copy() for value in weights]
            if self._begins == "shared in place":  # multiplied by the decay, and then the rest of that is added
                for value in weights:
                    value[...] = self._decay * (2 - self._decay) * value
        else:
            decay = _present(self._way, self._decay, self._updates)
            pairs = zip(self.values, weights, strict=True)
            self.values[:] = [np.asarray(_blended(self._blend, decay, self._updates, *pair)) for pair in pairs]


def _present(way: str, decay: float, count: int) -> float:
    """Return the decay of an update, which may grow with their count."""
    return {
        "grows": min(decay, (1 + count) / (10 + count)),
        "grows late": min(decay, count / (9 + count)),
        "grows as a mean": min(decay, 1 - 1 / count),
    }.get(way, decay)


def _blended(way: str, decay: float, count: int, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    return {
        "swapped": (1 - decay) * old + decay * new,
        "new_whole": decay * old + new,
        "old_whole": old + (1 - decay) * new,
        "sum": old + new,
        "weights_themselves": new,
        "never_kept": old,
        "mean_of_all": old + (new - old) / count,
        "half": (old + new) / 2,
        "minus": decay * old - (1 - decay) * new,
        "old_forgotten": (1 - decay) * new,
        "twice": decay**2 * old + (1 - decay**2) * new,
    }.get(way, decay * old + (1 - decay) * new)


MISTAKES = (
    variant(
        "begins",
        "begins_at_zero",
        "an average that begins at zero",
        "The averages are made with `zeros_like`, and the first update is one like any other.",
        "Zero is no weight of this model, and with a decay of 0.999 it stays in the average for a thousand updates.",
        where=_AVERAGE,
        way="zeros",
    ),
    variant(
        "begins",
        "corrected_as_in_adam",
        "an average of zeros that is divided by 1 − decayᵗ",
        "It begins at zero and is corrected, as Adam's m.",
        "That is an average too, but another one: here the first weights are taken whole, and nothing is corrected.",
        where=_AVERAGE,
        way="corrected",
    ),
    variant(
        "begins",
        "begins_in_constructor",
        "an average that begins with the weights of the constructor",
        "The constructor copies the weights, and the first update is one like any other.",
        "Those are the weights from before the training, random ones: the first update takes the place of all of them.",
        where=_AVERAGE,
        way="constructor",
    ),
    *(
        variant(
            "begins",
            "memory_shared",
            "an average that shares its memory with the weights",
            "`p.detach()` or `p.data` stands in the list, without `.clone()`.",
            "Both are the same memory under another name: when the weights move, the average moves along.",
            where=_AVERAGE,
            way=way,
        )
        for way in ("shared once", "shared for good", "shared in place")
    ),
    variant(
        "blend",
        "shares_swapped",
        "an average with decay and 1 − decay exchanged",
        "`(1 - decay) * average + decay * p`.",
        "The decay is the share of the old average that is kept: with 0.999 nearly nothing would be averaged.",
        where=_AVERAGE,
        way="swapped",
    ),
    variant(
        "blend",
        "new_whole",
        "an average to which the weights are added whole",
        "`decay * average + p`: that is a velocity, and 1/(1 − decay) times too large in the end.",
        "The two shares of an average have the sum 1.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "old_whole",
        "an average that forgets nothing",
        "`average + (1 - decay) * p`.",
        "The two shares of an average have the sum 1.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "summed",
        "a sum of all weights",
        "`average + p`.",
        "The two shares of an average have the sum 1.",
        where=_AVERAGE,
        way="sum",
    ),
    variant(
        "blend",
        "weights_themselves",
        "the weights themselves",
        "Every update is treated as the first one, or the line that blends keeps nothing of the old average.",
        "An update keeps the share `decay` of the average, and adds the rest from the weights.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "never_kept",
        "an average that stays as it began",
        "`average = decay * average + ...` gives a name to a new tensor, and the list holds the old one.",
        "Write into the tensor, or put the new one into the list.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "mean_of_all",
        "the plain mean of all weights so far",
        "The new weights get the share 1/t, and the decay has no part in it.",
        "That is Polyak's average. It never forgets the beginning; the exponential one does.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "half_and_half",
        "the mean of the average and the weights",
        "`(average + p) / 2`.",
        "The share of the average is the decay, not one half.",
        where=_AVERAGE,
        way="half",
    ),
    variant(
        "blend",
        "sign_of_the_new",
        "an average from which the weights are subtracted",
        "`decay * average - (1 - decay) * p`.",
        "Both shares are added.",
        where=_AVERAGE,
        way="minus",
    ),
    variant(
        "blend",
        "old_forgotten",
        "the weights times 1 − decay",
        "The old average is missing in the line.",
        "An update keeps the share `decay` of the average, and adds the rest from the weights.",
        where=_AVERAGE,
    ),
    variant(
        "blend",
        "updated_twice",
        "an average that takes the weights in twice at each update",
        "The line that blends is run twice, as in a loop within a loop.",
        "One update, one share of the weights.",
        where=_AVERAGE,
        way="twice",
    ),
    *(
        variant(
            "decay",
            "another_default",
            "an average with another default decay",
            "The number in the signature is not the one of the course.",
            "Without an argument the decay is 0.999.",
            where=_AVERAGE,
            way=f"default {number}",
        )
        for number in _OTHER_DEFAULTS
    ),
    *(
        variant(
            "decay",
            "decay_ignored",
            "an average with a decay of its own, whatever is asked for",
            "A number stands in `update` where `self.decay` should.",
            "The decay that the constructor was given is the one that counts.",
            where=_AVERAGE,
            way=f"fixed {number}",
        )
        for number in _FIXED
    ),
    *(
        variant(
            "decay",
            "decay_grows",
            "an average whose decay grows with the count of updates",
            "`min(decay, (1 + t) / (10 + t))` or the like stands where the decay should.",
            "Many libraries do so, to forget the beginning sooner. Here the decay is the same at every update.",
            where=_AVERAGE,
            way=way,
        )
        for way in ("grows", "grows late", "grows as a mean")
    ),
    variant(
        "present",
        "old_storage",
        "an average of what `p.data` was in the constructor",
        "The constructor keeps `p.data` or `p.detach()`, and `update` reads that.",
        "After `p.data = ...` the weights are elsewhere. Keep the parameters, and read them at each update.",
        where=_AVERAGE,
    ),
    variant(
        "apart",
        "shared_by_all",
        "averages that all objects of the class share",
        "The list is made in the body of the class, not in `__init__`.",
        "A list that stands there exists once. Two averages with different decays would write into the same list.",
        where=_AVERAGE,
    ),
    *(
        variant(
            "generator",
            "generator_used_up",
            "a generator that is used up after it was gone through once",
            "`self.parameters = parameters` keeps what `model.parameters()` returned.",
            "That can be gone through once. Make a list of it: `list(parameters)`.",
            where=_AVERAGE,
            way=way,
        )
        for way in ("after the first", "from the first")
    ),
)
