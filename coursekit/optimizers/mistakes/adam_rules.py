"""Wrong rules for `Adam`: each is a mistake, and nothing here is right.

`AdamW` shares them, with the right decay beside: `beside_decay` makes that of a rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.judging.trajectories import Scenario, Trajectory
from coursekit.optimizers.mistakes.entry import Follow
from coursekit.optimizers.mistakes.simulate import Rule, State, Values, ruled


def beside_decay(rule: Rule) -> Follow:
    """Make a wrong rule of Adam followable; for AdamW with the decay of the parameter from before the step."""

    def decayed(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
        return rule(p, g, s, h) - h["lr"] * h["weight_decay"] * p

    def follow(subject: str, scenario: Scenario) -> Trajectory | None:
        return ruled(decayed if subject == "AdamW" else rule)(subject, scenario)

    return follow


# the correction


def no_correction(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Use the averages as they are."""
    m, v, _ = _averages(s, h, g, g**2)
    return _moved(p, h, m, v)


def only_first_corrected(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Correct the average of gradients only."""
    m, v, t = _averages(s, h, g, g**2)
    return _moved(p, h, m / (1 - h["beta1"] ** t), v)


def only_second_corrected(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Correct the average of squares only."""
    m, v, t = _averages(s, h, g, g**2)
    return _moved(p, h, m, v / (1 - h["beta2"] ** t))


def count_from_zero(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Count the first step as step 0."""
    m, v, t = _averages(s, h, g, g**2)
    return _moved(p, h, *_corrected(m, v, t - 1, h))


def count_ahead(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Count the first step as step 2."""
    m, v, t = _averages(s, h, g, g**2)
    return _moved(p, h, *_corrected(m, v, t + 1, h))


def count_stuck(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Count every step as step 1."""
    m, v, _ = _averages(s, h, g, g**2)
    return _moved(p, h, *_corrected(m, v, 1, h))


def linear_count(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Multiply by t where there should be a power."""
    m, v, t = _averages(s, h, g, g**2)
    return _moved(p, h, m / (1 - h["beta1"] * t), v / (1 - h["beta2"] * t))


def corrected_kept(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Keep the corrected averages, so that they are corrected again."""
    m, v, t = _averages(s, h, g, g**2)
    s["m"], s["v"] = _corrected(m, v, t, h)
    return _moved(p, h, s["m"], s["v"])


# ε and the root


def epsilon_inside(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Add ε before the root is taken."""
    m, v = _corrected(*_averages(s, h, g, g**2), h)
    return p - h["lr"] * m / np.sqrt(v + h["epsilon"])


def epsilon_before_correction(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Correct the rate, and add ε to a root that is not corrected."""
    m, v, t = _averages(s, h, g, g**2)
    rate = h["lr"] * np.sqrt(1 - h["beta2"] ** t) / (1 - h["beta1"] ** t)
    return _moved(p, h | {"lr": rate}, m, v)


def no_epsilon(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Leave ε out: 0/0 where there was no gradient yet."""
    m, v = _corrected(*_averages(s, h, g, g**2), h)
    return p - h["lr"] * m / np.sqrt(v)


def no_root(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide by the average of squares itself."""
    m, v = _corrected(*_averages(s, h, g, g**2), h)
    return p - h["lr"] * m / (v + h["epsilon"])


# the averages


def weight_missing_first(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Forget the factor 1 − β₁."""
    m, v = _corrected(*_averages(s, h, g / (1 - h["beta1"]), g**2), h)
    return _moved(p, h, m, v)


def weight_missing_second(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Forget the factor 1 − β₂."""
    m, v = _corrected(*_averages(s, h, g, g**2 / (1 - h["beta2"])), h)
    return _moved(p, h, m, v)


def weights_swapped(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Exchange β and 1 − β in both averages, not in the correction."""
    m, v, t = _averages(s, h | {"beta1": 1 - h["beta1"], "beta2": 1 - h["beta2"]}, g, g**2)
    return _moved(p, h, *_corrected(m, v, t, h))


def gradient_for_mean(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Move along the gradient, not along its average."""
    _, v = _corrected(*_averages(s, h, g, g**2), h)
    return _moved(p, h, g, v)


def second_not_squared(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Average sizes, not squares, and still take the root."""
    m, v = _corrected(*_averages(s, h, g, np.abs(g)), h)
    return _moved(p, h, m, v)


def second_of_mean(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Average the squares of the average."""
    mean = h["beta1"] * s.get("m", 0.0) + (1 - h["beta1"]) * g
    m, v = _corrected(*_averages(s, h, g, mean**2), h)
    return _moved(p, h, m, v)


def old_averages(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Move by the averages from before this step."""
    nothing = np.zeros_like(g)
    m, v = s.get("m", nothing), s.get("v", nothing)
    _, _, t = _averages(s, h, g, g**2)
    return _moved(p, h, *_corrected(m, v, t, h))


def starts_at_gradient(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Start the averages at the first gradient and its square."""
    s.setdefault("m", g)
    s.setdefault("v", g**2)
    m, v = _corrected(*_averages(s, h, g, g**2), h)
    return _moved(p, h, m, v)


# parts


def _averages(s: State, h: Values, first: Any, second: Any) -> tuple[Any, Any, int]:
    s["m"] = h["beta1"] * s.get("m", 0.0) + (1 - h["beta1"]) * first
    s["v"] = h["beta2"] * s.get("v", 0.0) + (1 - h["beta2"]) * second
    s["t"] = s.get("t", 0) + 1
    return s["m"], s["v"], s["t"]


def _corrected(m: Any, v: Any, t: int, h: Values) -> tuple[Any, Any]:
    return m / (1 - h["beta1"] ** t), v / (1 - h["beta2"] ** t)


def _moved(p: np.ndarray, h: Values, m: Any, v: Any) -> Any:
    return p - h["lr"] * m / (np.sqrt(v) + h["epsilon"])
