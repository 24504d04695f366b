"""Mistakes in `close`: which numbers are compared, how far they may be apart, and what else must be the same."""

from __future__ import annotations

import numpy as np
import torch

from coursekit.optimizers import references
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, variant

_CLOSE = "Your turn: close enough"


def said(choice: Choice, scenario: ClosenessScenario) -> Rows:
    """Return what is said with these mistakes: 1 where the tensors are taken for close."""
    if not choice:
        given, right = ([torch.tensor(value) for value in row] for row in (scenario.got, scenario.expected))
        return np.array(float(references.close(given, right)))
    if "returned" in choice:
        return np.array(0.0)
    lengths, which = choice.get("lengths", ""), choice.get("which", "")
    if len(scenario.got) != len(scenario.expected) and not lengths:
        return np.array(0.0)
    pairs = list(zip(scenario.got, scenario.expected, strict=False))
    pairs = pairs[:1] if which == "first_tensor" else pairs[-1:] if which == "last_tensor" else pairs
    each = [_within(choice, got, expected) for got, expected in pairs]
    return np.array(float(all(each)))


def _within(choice: Choice, got: np.ndarray, expected: np.ndarray) -> bool:
    """Tell whether two tensors are taken for close."""
    shapes = choice.get("shapes", "")
    if got.shape != expected.shape and (
        not shapes
        or (shapes == "dimensions" and got.ndim != expected.ndim)
        or (shapes == "in_one_row" and got.size != expected.size)
    ):
        return False
    if shapes == "in_one_row":
        got, expected = got.reshape(-1), expected.reshape(-1)
    rule, off = choice.get("rule", ""), got - expected
    size = np.abs(expected)
    if rule in ("sum", "mean"):
        far = np.array(abs(off.sum()) / (off.size if rule == "mean" else 1))
        limit = np.array(1e-5 * abs(expected.sum()) + 1e-8)
    elif rule == "mean_of_sizes":
        far, limit = np.abs(off).mean(), 1e-5 * size.mean() + 1e-8
    elif rule == "mean_of_shares":
        far, limit = (np.abs(off) / (1e-5 * size + 1e-8)).mean(), np.array(1.0)
    else:
        far = off if rule == "one_sided" else np.abs(np.abs(got) - size) if rule == "sign_ignored" else np.abs(off)
        limits = {
            "exact": 0 * size,
            "fixed_limit": 0 * size + 1e-5,
            "fixed_and_larger": 0 * size + 5e-4,
            "fixed_and_large": 0 * size + 1e-2,
            "share_too_large": 1e-2 * size + 1e-8,
            "share_too_small": 1e-9 * size + 1e-8,
            "share_of_signed": 1e-5 * expected + 1e-8,
            "no_floor": 1e-5 * size,
            "floor_too_large": 1e-5 * size + 1e-3,
            "one_limit": 0 * size + 1e-5 * size.max(initial=0.0) + 1e-8,
        }
        limit = limits.get(rule, 1e-5 * size + 1e-8)
    nan = choice.get("nan", "")
    fine = ~(far > limit) if nan == "nan_passes" else far <= limit
    if nan == "nan_expected":
        fine = fine | (np.isnan(got) & np.isnan(expected))
    return bool(fine.any() if "counted" in choice else fine.all())


MISTAKES = (
    *(
        variant(
            "rule",
            "exact",
            "numbers that must be the same to the last digits",
            "`==`, `torch.equal`, or a share of 1e-9 and less.",
            "Two right programs round in different places. A number in float32 has seven digits.",
            where=_CLOSE,
            way=way,
        )
        for way in ("exact", "share_too_small")
    ),
    *(
        variant(
            "rule",
            "fixed_limit",
            "a limit that is the same for all numbers",
            "`(a - b).abs() <= 1e-5`, or another fixed number, with no share of b in it.",
            "Of a large number that is less than rounding, and of a small one it is everything.",
            where=_CLOSE,
            way=way,
        )
        for way in ("fixed_limit", "fixed_and_larger", "fixed_and_large")
    ),
    variant(
        "rule",
        "share_too_large",
        "a tolerance of about a hundredth",
        "The share is 1e-2, or 1e-3.",
        "The right ones differ by a few millionths: a thousandth off is another rule.",
        where=_CLOSE,
    ),
    variant(
        "returned",
        "never_true",
        "a function that never says True",
        "No `return True` is reached.",
        "Where no number is too far off the tensors are close.",
        where=_CLOSE,
    ),
    variant(
        "rule",
        "share_of_signed",
        "a limit that is negative for negative numbers",
        "The limit is `tolerance * b`, without an absolute value.",
        "No difference is below a negative limit. The share is one of the size of a number, `b.abs()`.",
        where=_CLOSE,
    ),
    variant(
        "rule",
        "no_floor",
        "a limit that is nothing where the expected number is zero",
        "The term 1e-8 is missing.",
        "Of zero every share is zero: a billionth of rounding would be refused.",
        where=_CLOSE,
    ),
    variant(
        "rule",
        "floor_too_large",
        "a limit that is too wide for small numbers",
        "A thousandth, or more, stands where 1e-8 should.",
        "It is added for every number, and small ones may then be anything.",
        where=_CLOSE,
    ),
    variant(
        "rule",
        "one_sided",
        "numbers that may be too small by any amount",
        "`a - b <= limit`: the absolute value is missing.",
        "A negative difference is below every limit.",
        where=_CLOSE,
    ),
    variant(
        "rule",
        "sign_ignored",
        "numbers of which only the size is compared",
        "An absolute value is taken of both, as in `a.abs() - b.abs()`.",
        "−1 is far from 1. The absolute value belongs around the difference.",
        where=_CLOSE,
    ),
    *(
        variant(
            "rule",
            "errors_cancel",
            "differences that are added up before they are compared",
            "`sum()` or `mean()` is taken of the tensors, or of what lies between them.",
            "What is too large in one place makes up for what is too small in another.",
            where=_CLOSE,
            way=way,
        )
        for way in ("sum", "mean")
    ),
    *(
        variant(
            "rule",
            "errors_averaged",
            "differences that are averaged before they are compared",
            "`mean()` is taken of the sizes of the differences, or of their shares of the limits.",
            "One wrong number among many right ones vanishes in a mean. Each number must be close.",
            where=_CLOSE,
            way=way,
        )
        for way in ("mean_of_sizes", "mean_of_shares")
    ),
    variant(
        "rule",
        "one_limit",
        "one limit for a whole tensor",
        "The limit is made of `b.abs().max()` or of a norm, and not of each number.",
        "Beside a large number a small one may then be anything. Each number has a limit of its own.",
        where=_CLOSE,
    ),
    variant(
        "counted",
        "any_number",
        "tensors of which one number is right",
        "`.any()` stands where `.all()` should.",
        "One right number says nothing of the others.",
        where=_CLOSE,
    ),
    *(
        variant(
            "which",
            "one_tensor",
            "lists of which one tensor is looked at",
            "`return` stands in the loop, or the result is written over in each turn.",
            "Every tensor must be close: return False at the first that is not, and True after the loop.",
            where=_CLOSE,
            way=way,
        )
        for way in ("first_tensor", "last_tensor")
    ),
    variant(
        "lengths",
        "shorter_list",
        "lists that are compared as far as the shorter one goes",
        "`zip` alone: it stops with the shorter list.",
        "A parameter that is missing would not be noticed. Compare the lengths first.",
        where=_CLOSE,
    ),
    variant(
        "shapes",
        "broadcast",
        "tensors whose shapes are not compared",
        "`a - b` of a column and a row is a table.",
        "Broadcasting makes tensors fit each other. Compare the shapes first.",
        where=_CLOSE,
    ),
    *(
        variant(
            "shapes", name, title, looks, "A row is no column. Compare `a.shape` with `b.shape`.", where=_CLOSE, way=way
        )
        for name, title, looks, way in (
            (
                "dimensions_compared",
                "tensors of which only the number of dimensions is compared",
                "`ndim`, or `len(a.shape)`, stands where `shape` should.",
                "dimensions",
            ),
            (
                "in_one_row",
                "tensors of which only the number of numbers is compared",
                "`numel()` stands where `shape` should, or all numbers are laid in one row, as `flatten` and `cat` do.",
                "in_one_row",
            ),
        )
    ),
    variant(
        "nan",
        "nan_passes",
        "a comparison that NaN passes",
        "It is asked whether the difference is beyond the limit.",
        "Every comparison with NaN is False. Ask whether it is within the limit.",
        where=_CLOSE,
    ),
    variant(
        "nan",
        "nan_expected",
        "a comparison that takes NaN for equal to NaN",
        "`equal_nan=True`, or `torch.isnan` of both.",
        "A number that is expected is a number: where a run gave NaN, nothing is known to be right.",
        where=_CLOSE,
    ),
)
