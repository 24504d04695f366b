"""The questions of notebook 13: a rate that Muon shares with SignSGD, and another norm before the first step."""

from __future__ import annotations

import numpy as np
import torch

from coursekit.optimizers import matrices
from coursekit.optimizers.ladders.questions.question import Question, Values, Wrong, between


def _rate(sign_rate: float, rows: float, columns: float, *, factor: float | None = None) -> float:
    """Return the rate with which a matrix whose singular values are 1 moves numbers by `sign_rate`, as a mean."""
    shape = int(rows), int(columns)
    step = np.eye(*shape) * (matrices.scale(*shape) if factor is None else factor)
    return sign_rate / float(np.sqrt(np.mean(step**2)))


def _stretched(larger: float, smaller: float, *, by: float, seen: int = 1, steps: int = 1) -> float:
    """Return what becomes of one of two singular values that were divided by a number before the first step."""
    values = torch.tensor([larger, smaller], dtype=torch.float64) / by
    return float(matrices.stretched(values, steps)[seen])


def _shape(stream: np.random.Generator) -> Values:
    """Draw a wide matrix: that of the notebook is tall."""
    rows, more = stream.integers(5, 30, 2)
    return *between(stream, (0.001, 0.09)), float(rows), float(rows + more)


def _pair(stream: np.random.Generator) -> Values:
    larger, share = between(stream, (2, 9), (0.15, 0.6))
    return larger, float(f"{larger * share:.3g}")


QUESTIONS = {
    "rate_like_sign": Question(
        title="The rate with which Muon moves numbers as far as SignSGD",
        where="A size for a matrix",
        arguments=("sign_rate", "rows", "columns"),
        own=(0.01, 32.0, 8.0),
        draw=_shape,
        right=_rate,
        wrong=(
            Wrong(
                "without_scale",
                "the rate of a Muon without its factor",
                "The factor for tall matrices has no part in it.",
                "Your class multiplies by √(rows/columns) where there are more rows than columns.",
                lambda rate, rows, columns: _rate(rate, rows, columns, factor=1.0),
            ),
            Wrong(
                "rows_for_columns",
                "a rate with rows and columns exchanged",
                "The number of rows stands where that of columns should.",
                "A matrix has as many singular values as its smaller side is long; the factor is for tall ones.",
                lambda rate, rows, columns: _rate(rate, columns, rows),
            ),
            Wrong(
                "same_rate",
                "the rate of SignSGD",
                "The shape of the matrix has no part in it.",
                "A matrix with singular values 1 is spread over all its numbers, and each of them is below 1.",
                lambda rate, *_: rate,
            ),
            Wrong(
                "no_root",
                "a rate without the root",
                "The number of columns stands there, not its root.",
                "A root mean square grows with the root of the sum of the squares.",
                lambda rate, rows, columns: _rate(rate, rows, columns) ** 2 / rate,
            ),
            Wrong(
                "upside_down",
                "a rate that falls with the size of the matrix",
                "The root stands below the line.",
                "The larger the matrix, the smaller is each number of the step, and the larger the rate must be.",
                lambda rate, rows, columns: rate**2 / _rate(rate, rows, columns),
            ),
            Wrong(
                "whole_length",
                "a rate for the length of the whole step",
                "The sum of the squares is taken, not their mean.",
                "SignSGD moves each number by its rate, and the whole matrix by √(rows · columns) times that.",
                lambda rate, rows, columns: _rate(rate, rows, columns) / float(np.sqrt(rows * columns)),
            ),
        ),
    ),
    "stretched_by_largest": Question(
        title="The smaller singular value after one step, when the larger one was made 1",
        where="Singular values, each by itself",
        arguments=("larger", "smaller"),
        own=(4.5, 1.5),  # whole ones would be handed over as ints
        draw=_pair,
        right=lambda larger, smaller: _stretched(larger, smaller, by=larger),
        wrong=(
            Wrong(
                "by_frobenius",
                "what your function makes of it",
                "The Frobenius norm divides.",
                "Here the matrix is divided by its larger singular value alone.",
                lambda larger, smaller: _stretched(larger, smaller, by=float(np.hypot(larger, smaller))),
            ),
            Wrong(
                "the_larger_one",
                "the larger one",
                "It is the same number for every matrix.",
                "Asked for is the smaller singular value.",
                lambda larger, smaller: _stretched(larger, smaller, by=larger, seen=0),
            ),
            Wrong(
                "not_divided",
                "a singular value that was not divided before",
                "The larger one has no part in it.",
                "The whole matrix is divided first, and the smaller singular value with it.",
                lambda larger, smaller: _stretched(larger, smaller, by=1.0),
            ),
            Wrong(
                "no_step",
                "the quotient alone",
                "The polynomial is missing.",
                "That is the singular value before the step.",
                lambda larger, smaller: _stretched(larger, smaller, by=larger, steps=0),
            ),
            Wrong(
                "multiplied_back",
                "a singular value that is multiplied back at the end",
                "The result grows with the size of the gradient.",
                "What was divided stays divided: the singular values are to come near 1.",
                lambda larger, smaller: larger * _stretched(larger, smaller, by=larger),
            ),
        ),
    ),
}
