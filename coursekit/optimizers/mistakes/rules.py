"""Wrong rules for `SGD`, `RMSProp` and `Adagrad`: each is a mistake, and nothing here is right."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.optimizers.mistakes.simulate import State, Values

# SGD


def no_rate(p: np.ndarray, g: np.ndarray, _: State, __: Values) -> Any:
    """Subtract the gradient itself."""
    return p - g


def rate_squared(p: np.ndarray, g: np.ndarray, _: State, h: Values) -> Any:
    """Multiply by the rate twice."""
    return p - h["lr"] ** 2 * g


def sign_only(p: np.ndarray, g: np.ndarray, _: State, h: Values) -> Any:
    """Keep the sign of the gradient only."""
    return p - h["lr"] * np.sign(g)


def normalised(p: np.ndarray, g: np.ndarray, _: State, h: Values) -> Any:
    """Divide the gradient by its length."""
    return p - h["lr"] * g / np.sqrt(np.sum(g**2))


def momentum_added(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Keep nine tenths of the last move."""
    s["v"] = 0.9 * s.get("v", 0.0) + g
    return p - h["lr"] * s["v"]


def gradients_summed(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Use the sum of all gradients so far."""
    s["sum"] = s.get("sum", 0.0) + g
    return p - h["lr"] * s["sum"]


def gradient_mean(p: np.ndarray, g: np.ndarray, _: State, h: Values) -> Any:
    """Move all elements by the mean of their gradients."""
    return p - h["lr"] * np.sum(g) / max(g.size, 1)


def decay_added(p: np.ndarray, g: np.ndarray, _: State, h: Values) -> Any:
    """Let the parameters shrink."""
    return p - h["lr"] * (g + 0.01 * p)


# RMSProp: the average of squares is kept under "s"


def rms_no_root(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide by the average of squares itself."""
    return p - h["lr"] * g / (_average(s, h, g**2) + h["epsilon"])


def rms_epsilon_inside(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Add ε before the root is taken."""
    return p - h["lr"] * g / np.sqrt(_average(s, h, g**2) + h["epsilon"])


def rms_no_epsilon(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Leave ε out: 0/0 where there was no gradient yet."""
    return p - h["lr"] * g / np.sqrt(_average(s, h, g**2))


def rms_weight_missing(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Forget the factor 1 − ρ."""
    s["s"] = h["decay"] * s.get("s", 0.0) + g**2
    return _divided(p, g, s["s"], h)


def rms_weights_swapped(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Exchange ρ and 1 − ρ."""
    return _divided(p, g, _average(s, h | {"decay": 1 - h["decay"]}, g**2), h)


def rms_starts_at_square(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Start the average at the first square."""
    s.setdefault("s", g**2)
    return _divided(p, g, _average(s, h, g**2), h)


def rms_sum_for_average(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Add the squares up, as another optimizer does."""
    s["s"] = s.get("s", 0.0) + g**2
    return _divided(p, g, s["s"], h)


def rms_not_squared(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Average sizes, not squares, and still take the root."""
    return _divided(p, g, _average(s, h, np.abs(g)), h)


def rms_old_average(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide by the average from before this step."""
    before = s.get("s", np.zeros_like(g))
    _average(s, h, g**2)
    return _divided(p, g, before, h)


def rms_bias_corrected(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Correct the average for its start, as Adam does."""
    t = _counted(s)
    return _divided(p, g, _average(s, h, g**2) / (1 - h["decay"] ** t), h)


# Adagrad: the sum is kept under "G"


def ada_no_root(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide by the sum itself."""
    return p - h["lr"] * g / (_sum(s, g**2) + h["epsilon"])


def ada_epsilon_inside(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Add ε before the root is taken."""
    return p - h["lr"] * g / np.sqrt(_sum(s, g**2) + h["epsilon"])


def ada_no_epsilon(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Leave ε out: 0/0 where there was no gradient yet."""
    return p - h["lr"] * g / np.sqrt(_sum(s, g**2))


def ada_average_for_sum(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Average the squares, as RMSProp does."""
    s["G"] = 0.9 * s.get("G", 0.0) + 0.1 * g**2
    return _divided(p, g, s["G"], h)


def ada_forgetting_sum(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Let the sum fade."""
    s["G"] = 0.9 * s.get("G", 0.0) + g**2
    return _divided(p, g, s["G"], h)


def ada_not_squared(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Add up sizes, not squares, and still take the root."""
    return _divided(p, g, _sum(s, np.abs(g)), h)


def ada_old_sum(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide by the sum from before this step."""
    before = s.get("G", np.zeros_like(g))
    _sum(s, g**2)
    return _divided(p, g, before, h)


def ada_mean_for_sum(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Divide the sum by the number of steps."""
    t = _counted(s)
    return _divided(p, g, _sum(s, g**2) / t, h)


def ada_square_of_sum(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Square the sum of the gradients."""
    return _divided(p, g, _sum(s, g) ** 2, h)


def ada_rate_over_root_t(p: np.ndarray, g: np.ndarray, s: State, h: Values) -> Any:
    """Let the rate fall as well as the effective rate."""
    t = _counted(s)
    return _divided(p, g, _sum(s, g**2), h | {"lr": h["lr"] / np.sqrt(t)})


# parts


def _average(s: State, h: Values, value: Any) -> Any:
    s["s"] = h["decay"] * s.get("s", 0.0) + (1 - h["decay"]) * value
    return s["s"]


def _sum(s: State, value: Any) -> Any:
    s["G"] = s.get("G", 0.0) + value
    return s["G"]


def _counted(s: State) -> int:
    s["t"] = s.get("t", 0) + 1
    return int(s["t"])


def _divided(p: np.ndarray, g: np.ndarray, squares: Any, h: Values) -> Any:
    return p - h["lr"] * g / (np.sqrt(squares) + h["epsilon"])
