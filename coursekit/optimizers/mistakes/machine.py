"""One step of one parameter, put together from what each lane picks of every part: always with a mistake in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from coursekit.judging.trajectories import Array
from coursekit.optimizers.mistakes.lanes import Lanes
from coursekit.optimizers.references import SIGNATURES

State: TypeAlias = dict[str, Array]
Weights: TypeAlias = tuple[float | Array, float | Array]  # of what is kept and of what is added
EPSILONS = {f"1e-{digits}": 10.0**-digits for digits in (3, 4, 5, 6, 7, 9, 10, 12)}
CLIPS = {"1": 1.0, "5": 5.0}
GUARDS = {f"1e-{digits}": 10.0**-digits for digits in (12, 10, 8, 7, 6)}  # of a length that divides
SIGN_GUARDS = GUARDS | {"1e-3": 1e-3, "1e-2": 1e-2, "1e-1": 0.1, "1e-0": 1.0}
SHRINKS = {"half": 0.5, "nine tenths": 0.9, "0.95": 0.95, "0.99": 0.99, "0.999": 0.999}


@dataclass(frozen=True)
class Traits:
    """Which parts a rule has: what weighs each of its two memories ("" for a sum), and whether they are corrected.

    Without a correction the first memory is a velocity, and a step may look ahead along it. A step may be
    made of signs.
    """

    first: str | None = None
    second: str | None = None
    corrected: bool = False
    ahead: bool = False
    signed: bool = False


TRAITS = {
    "SGD": Traits(),
    "RMSProp": Traits(second="decay"),
    "Adagrad": Traits(second=""),
    "Adam": Traits(first="beta1", second="beta2", corrected=True),
    "AdamW": Traits(first="beta1", second="beta2", corrected=True),
    "Momentum": Traits(first="momentum"),
    "Nesterov": Traits(first="momentum", ahead=True),
    "SignSGD": Traits(signed=True),
}


class Step:
    """A step of parameter `p` with gradient `g` (a row for each lane), out of the values of a group and a state."""

    def __init__(
        self, subject: str, lanes: Lanes, values: dict[str, float], state: State, carried: Array, dimensions: int
    ) -> None:
        self.subject = subject
        self.traits = TRAITS[subject]
        self.pick = lanes.pick
        self.values = values
        self.state = state
        self.fresh = state["seen"] == 0
        self.dimensions = dimensions
        self.carried = carried  # what the rate has been multiplied by, where it is overwritten
        self.kept: State = {}

    def moved(self, p: Array, g: Array, count: Array) -> Array:
        """Return the parameter after the step; what is kept stands in `kept`."""
        self.count = count
        self.t = self.pick(
            "count", count, from_zero=lambda: count - 1, ahead=lambda: count + 1, twice=lambda: 2 * count, stuck=1.0
        )
        self.gradient = g = self._gradient(p, g)
        inside = self.pick("rate place", 1.0, inside=self._rate)
        above, below = self._fraction(p, inside * g)
        if self.traits.corrected:
            c1, c2 = self._left("beta1", "beta2"), self._left("beta2", "beta1")
            self.carried = self.pick(
                "carried", self.carried, both=lambda: self.carried * np.sqrt(c2) / c1, first=lambda: self.carried / c1
            )
        rate = self._rate() / inside
        factor = self.pick("sign", 1.0, uphill=-1.0) * self.pick("factor", 1.0, double=2.0, half=0.5)
        move = factor * self.pick(
            "epsilon place",
            lambda: rate * above / below,
            brackets=lambda: rate * (above / below + self._epsilon()),
            outside=lambda: rate * above / below + self._epsilon(),
            outside_plus=lambda: rate * above / below - self._epsilon(),
        )
        if self.subject != "AdamW":
            return p - self.pick(
                "velocity",
                move,
                with_rate=lambda: self._carried_on("velocity", move),
                without_rate=lambda: rate * self._carried_on("plain velocity", move / rate),
            )
        return self.pick(
            "decay place",
            lambda: p - move - self._decay(p, g),
            after=lambda: p - move - self._decay(p - move, g),
            gradient=lambda: p - move,
            fraction=lambda: p - move,
            none=lambda: p - move,
        )

    def _carried_on(self, name: str, move: Array) -> Array:
        self.kept[name] = 0.9 * self.state[name] + move
        return self.kept[name]

    def _read(self, name: str) -> Array:
        fixed = EPSILONS if name == "epsilon" else {}
        value = self.values["lr" if name == "learning_rate" else name]
        return self.pick(name, value, number=SIGNATURES[self.subject][name], **fixed)

    def _beta(self, name: str, other: str) -> Array:
        return self.pick("betas", lambda: self._read(name), swapped=lambda: self._read(other))

    def _gradient(self, p: Array, g: Array) -> Array:
        def length() -> Array:
            return np.sqrt(np.sum(g**2, axis=1, keepdims=True))

        values = {f"values {name}": (lambda most=most: np.clip(g, -most, most)) for name, most in CLIPS.items()}
        lengths = {
            f"length {name}": (lambda most=most: g * np.minimum(1.0, most / (length() + 1e-6)))
            for name, most in CLIPS.items()
        }
        guarded = {f"normalised {name}": (lambda guard=guard: g / (length() + guard)) for name, guard in GUARDS.items()}
        g = self.pick(
            "gradient",
            g,
            sign=lambda: np.sign(g),
            normalised=lambda: g / length(),
            mean=lambda: np.sum(g, axis=1, keepdims=True) / max(g.shape[1], 1) + 0 * g,
            divided=lambda: g / max(g.shape[1], 1),
            **guarded,
            **values,
            **lengths,
        )
        if self.subject != "AdamW":
            return self.pick("penalty", g, small=lambda: g + 0.01 * p)
        return self.pick(
            "decay place",
            g,
            gradient=lambda: g + self._read("weight_decay") * p,
            both=lambda: g + self._read("weight_decay") * p,
        )

    # the two memories

    def _fraction(self, p: Array, g: Array) -> tuple[Array, Array]:
        first = self._first(g)
        second = None if self.traits.second is None else self._second(g)
        above = first
        if self.traits.corrected:
            assert second is not None
            self.kept["first"] = self.pick(
                "memories", self.kept["first"], one=self.kept["second"], one_divided_early=self.kept["second"]
            )
            above = self.pick("memories", first, one=second)
            c1, c2 = self._left("beta1", "beta2"), self._left("beta2", "beta1")
            above = self._corrected("first correction", above, c1, c2)
            nesterov = self._beta("beta1", "beta2")
            above = self.pick(
                "above",
                above,
                gradient=g,
                factor=lambda: g * above,
                nesterov=lambda: nesterov * above + (1 - nesterov) * g / c1,
                lookahead=lambda: nesterov * above + (1 - nesterov) * g,
                sign=lambda: np.sign(above),
            )
        elif self.traits.first:
            above = self._along(g, first)
        else:
            above = self.pick("above", above, nesterov=lambda: g + 0.9 * first)
        if self.traits.signed:
            above = self._signs(above)
        if self.subject == "AdamW":
            mean = above
            above = self.pick("decay place", mean, fraction=lambda: mean + self._read("weight_decay") * p)
        return above, np.ones((1, 1)) if second is None else self._below(second)

    def _signs(self, g: Array) -> Array:
        size = np.abs(g)
        length = np.sqrt(np.sum(g**2, axis=1, keepdims=True))
        return self.pick(
            "signed",
            lambda: np.sign(g),
            none=g,
            sizes=size,
            zero_up=lambda: np.where(g < 0, -1.0, 1.0),
            zero_down=lambda: np.where(g > 0, 1.0, -1.0),
            positive=lambda: (g > 0).astype(np.float64),
            divided=lambda: g / size,
            root=lambda: np.sign(g) * np.sqrt(size),
            soft=lambda: np.tanh(g),
            shared=lambda: np.sign(np.sum(g, axis=1, keepdims=True)) + 0 * g,
            above_a_limit=lambda: np.where(size > 1e-4, np.sign(g), 0.0),
            unless_balanced=lambda: np.where(np.sum(g, axis=1, keepdims=True) == 0, 0.0, np.sign(g)),
            length=lambda: g / length,
            largest=lambda: g / np.max(size, axis=1, keepdims=True, initial=0.0),
            largest_guarded=lambda: g / np.max(size, axis=1, keepdims=True, initial=1e-300),
            **{f"guarded {name}": (lambda guard=guard: g / (size + guard)) for name, guard in SIGN_GUARDS.items()},
            **{f"length {name}": (lambda guard=guard: g / (length + guard)) for name, guard in SIGN_GUARDS.items()},
        )

    def _along(self, g: Array, velocity: Array) -> Array:
        momentum = self._read("momentum")
        return self.pick(
            "above",
            (lambda: g + momentum * velocity) if self.traits.ahead else velocity,
            velocity=velocity,
            nesterov=lambda: g + momentum * velocity,
            added=lambda: g + velocity,
            swapped=lambda: velocity + momentum * g,
            scaled=lambda: momentum * velocity,
            twice=lambda: g + momentum * (g + momentum * velocity),
            never_back=lambda: (1 + momentum) * velocity,
            late=lambda: (1 + momentum) * self.state["first"] - momentum * velocity,
        )

    def _first(self, g: Array) -> Array:
        old = self.state["first"]
        old = self.pick("first start", old, gradient=lambda: np.where(self.fresh, g, old))
        if self.traits.first is None:
            usual: Weights = (0.0, 1.0)
            weights: dict[str, Weights] = {"momentum": (0.9, 1.0), "average": (0.9, 0.1), "summed": (1.0, 1.0)}
        elif not self.traits.corrected:
            momentum = self._read("momentum")
            usual = (momentum, 1.0)
            weights = {"averaged": (momentum, 1 - momentum), "swapped": (1.0, momentum), "summed": (1.0, 1.0)}
            weights |= {"complement": (1 - momentum, 1.0), "exchanged": (1 - momentum, momentum)}
            weights["subtracted"] = (-momentum, 1.0)
        else:
            beta, other = self._beta("beta1", "beta2"), self._beta("beta2", "beta1")
            usual = (beta, 1 - beta)
            weights = {"missing": (beta, 1.0), "swapped": (1 - beta, beta), "other": (other, 1 - other)}
            weights["mixed"] = (beta, 1 - other)
        new = self._weighed("first weights", usual, weights, old, g)
        if self.traits.first:
            new = self._told(new, old)
        self.plain_first = new
        hat = (lambda: new / self._left("beta1", "beta2")) if self.traits.corrected else new
        self.kept["first"] = self.pick("first kept", new, never=old, corrected=hat)
        return self.pick("first used", new, old=old)

    def _second(self, g: Array) -> Array:
        def everywhere(value: Array) -> Array:
            return value + 0 * g

        kept = self.pick(
            "memories", self.state["second"], one=lambda: self.plain_first, one_divided_early=lambda: self.plain_first
        )
        old = self.pick(
            "second start",
            kept,
            square=lambda: np.where(self.fresh, g**2, kept),
            one=lambda: np.where(self.fresh, 1.0, kept),
            tenth=lambda: np.where(self.fresh, 0.1, kept),
            epsilon=lambda: np.where(self.fresh, self._epsilon(), kept),
        )
        squares = self.pick(
            "squares",
            lambda: g**2,
            sizes=lambda: np.abs(g),
            mean=lambda: self.plain_first**2,
            product=lambda: self.plain_first * g,
            gradient=g,
            distance=lambda: (g - self.plain_first) ** 2,
            rate=lambda: (self._rate() * g) ** 2,
            **{
                "tensor mean": lambda: everywhere(np.sum(g**2, axis=1, keepdims=True) / max(g.shape[1], 1)),
                "tensor sum": lambda: everywhere(np.sum(g**2, axis=1, keepdims=True)),
            },
        )
        weights: dict[str, Weights] = {"summed": (1.0, 1.0)}
        if self.traits.second:
            name = self.traits.second
            beta = self._beta("beta2", "beta1") if self.traits.corrected else self._read(name)
            usual: Weights = (beta, 1 - beta)
            weights |= {"missing": (beta, 1.0), "swapped": (1 - beta, beta)}
            if self.traits.corrected:
                other = self._beta("beta1", "beta2")
                weights |= {"other": (other, 1 - other), "mixed": (beta, 1 - other)}
        else:
            usual = (1.0, 1.0)
            weights |= {"average": (0.9, 0.1), "average slow": (0.99, 0.01), "forgetting": (0.9, 1.0)}
        new = self._weighed("second weights", usual, weights, old, squares)
        new = self.pick("squares joined", new, maximum=lambda: np.maximum(usual[0] * old, usual[1] * squares))
        new = self._told(new, old)
        hat = (lambda: new / self._left("beta2", "beta1")) if self.traits.corrected else new
        self.kept["second"] = self.pick("second kept", new, never=old, corrected=hat)
        self.kept["largest"] = np.maximum(new, self.state["largest"])
        new = self.pick("largest", new, kept=self.kept["largest"], corrected=new)
        return self.pick("second used", new, old=old, squared=lambda: new**2)

    def _told(self, new: Array, old: Array) -> Array:
        return self.pick("first step", new, untold=lambda: np.where(self.fresh, old, new))

    def _weighed(self, part: str, usual: Weights, weights: dict[str, Weights], old: Array, value: Array) -> Array:
        keep = self.pick(part, usual[0], **{option: pair[0] for option, pair in weights.items()})
        add = self.pick(part, usual[1], **{option: pair[1] for option, pair in weights.items()})
        return keep * old + add * value

    # the correction

    def _left(self, name: str, other: str) -> Array:
        beta = self._beta(name, other)
        part = "second power" if name == "beta2" else "first power"
        return 1 - self.pick(part, lambda: beta**self.t, linear=lambda: beta * self.t, none=beta)

    def _corrected(self, part: str, value: Array, own: Array, other: Array) -> Array:
        return self.pick(
            part,
            lambda: value / own,
            none=value,
            multiplied=lambda: value * own,
            other=lambda: value / other,
            rootless=lambda: value / own**2,
        )

    def _below(self, second: Array) -> Array:
        if self.traits.corrected:
            own, other = self._left("beta2", "beta1"), self._left("beta1", "beta2")
            corrected = self._corrected("second correction", second, own, other)
            self.kept["highest"] = np.maximum(corrected, self.state["highest"])
            corrected = self.pick("largest", corrected, kept=corrected, corrected=self.kept["highest"])
            early = self._root(second) / np.sqrt(own)
            return self.pick("epsilon moment", lambda: self._root(corrected), early=early)
        corrected = self.pick(
            "second correction",
            second,
            corrected=lambda: second / (1 - self._read("decay") ** self.t),
            counted=lambda: second / self.count,
            centred=lambda: second - self._mean() ** 2,
        )
        return self._root(corrected)

    def _mean(self) -> Array:
        decay = self._read("decay")
        self.kept["mean"] = decay * self.state["mean"] + (1 - decay) * self.gradient
        return self.kept["mean"]

    def _root(self, squares: Array) -> Array:
        def root(value: Array) -> Array:
            return self.pick("root", lambda: np.sqrt(value), none=value, twice=lambda: np.sqrt(np.sqrt(value)))

        epsilon = self._epsilon()
        square = epsilon**2
        return self.pick(
            "epsilon place",
            lambda: root(squares) + epsilon,
            inside=lambda: root(squares + epsilon),
            twice=lambda: root(squares + epsilon) + epsilon,
            limit=lambda: np.maximum(root(squares), epsilon),
            squared=lambda: root(squares) + square,
            square_inside=lambda: root(squares + square),
            none=lambda: root(squares),
            brackets=lambda: root(squares),
            outside=lambda: root(squares),
            outside_plus=lambda: root(squares),
        )

    def _epsilon(self) -> Array:
        return self._read("epsilon")

    # the rate and the decay

    def _rate(self) -> Array:
        rate = self._read("learning_rate") * self.carried
        return self.pick(
            "rate",
            rate,
            none=1.0,
            squared=lambda: rate**2,
            over_root_t=lambda: rate / np.sqrt(self.count),
            over_t=lambda: rate / self.count,
        )

    def _decay(self, p: Array, g: Array) -> Array:
        rate = self._read("learning_rate")
        share = self._read("weight_decay") * self.pick(
            "decay rate",
            rate,
            none=1.0,
            squared=lambda: rate**2,
            corrected=lambda: rate * np.sqrt(self._left("beta2", "beta1")) / self._left("beta1", "beta2"),
            first=lambda: rate / self._left("beta1", "beta2"),
        )
        share = share * self.pick("decay times", 1.0, two=2.0) * self.pick("decay sign", 1.0, added=-1.0)
        share = share * self.pick(
            "decay mask", 1.0, gradient=lambda: (g != 0).astype(np.float64), matrices=float(self.dimensions > 1)
        )
        return self.pick(
            "decay of",
            lambda: share * p,
            nothing=share,
            gradient=lambda: share * g,
            sign=lambda: share * np.sign(p),
            start=lambda: share * self._first_value(p),
        )

    def _first_value(self, p: Array) -> Array:
        self.kept["start"] = np.where(self.fresh, p, self.state["start"])
        return self.kept["start"]
