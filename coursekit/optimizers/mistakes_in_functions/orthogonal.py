"""Mistakes in `newton_schulz`: seen in the singular values, most of them, as these go their ways each by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from coursekit.judging.calls import CallScenario
from coursekit.optimizers import matrices
from coursekit.optimizers.mistakes_in_functions.variant import Choice, Rows, variant

_EACH = "Singular values, each by itself"
_NORM = "The Frobenius norm is the root of the sum of all squares: no singular value is larger."
_GIVEN = "p(X) = a X + (b A + c A A) X, with the three numbers of the text in this order."
_A, _B, _C = matrices.COEFFICIENTS
Powers = tuple[tuple[float, int], ...]  # a factor and a power for each term
_TERMS: dict[str, Powers] = {
    "swapped_bc": ((_A, 1), (_C, 3), (_B, 5)),
    "swapped_ab": ((_B, 1), (_A, 3), (_C, 5)),
    "swapped_ac": ((_C, 1), (_B, 3), (_A, 5)),
    "sign_of_b": ((_A, 1), (-_B, 3), (_C, 5)),
    "sign_of_c": ((_A, 1), (_B, 3), (-_C, 5)),
    "cubic": ((1.5, 1), (-0.5, 3)),
    "quintic": ((1.875, 1), (-1.25, 3), (0.375, 5)),
    "gentle": ((2.0, 1), (-1.5, 3), (0.5, 5)),
    "first_missing": ((_B, 3), (_C, 5)),
    "whole_first": ((1.0, 1), (_B, 3), (_C, 5)),
    "third_missing": ((_A, 1), (_C, 5)),
    "fifth_missing": ((_A, 1), (_B, 3)),
    "fifth_as_third": ((_A, 1), (_B + _C, 3)),
    "fifth_as_seventh": ((_A, 1), (_B, 3), (_C, 7)),
}
_NORMS: dict[str, Callable[[np.ndarray], float | np.ndarray]] = {
    "not_divided": lambda _: 1.0,
    "spectral": lambda matrix: float(np.linalg.norm(matrix, 2)),
    "largest_number": lambda matrix: float(np.abs(matrix).max()),
    "sum_of_sizes": lambda matrix: float(np.abs(matrix).sum()),
    "nuclear": lambda matrix: float(np.linalg.norm(matrix, "nuc")),
    "no_root": lambda matrix: float((matrix**2).sum()),
    "mean_for_sum": lambda matrix: float(np.sqrt((matrix**2).mean())),
    "longest_column": lambda matrix: float(np.linalg.norm(matrix, 1)),
    "longest_row": lambda matrix: float(np.linalg.norm(matrix, np.inf)),
    "number_of_numbers": lambda matrix: float(matrix.size),
    "each_row": lambda matrix: np.linalg.norm(matrix, axis=1, keepdims=True),
    "each_column": lambda matrix: np.linalg.norm(matrix, axis=0, keepdims=True),
}
_LEAST = {f"at_least {limit:g}": limit for limit in (1.0, 0.1, 0.01)}
_ADDED = {f"added {epsilon:g}": epsilon for epsilon in (1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5)}
_SMALL = 1.0  # a norm beside which 1e-7, which may be added or not, shows in the digits that are compared


def orthogonalised(choice: Choice, scenario: CallScenario) -> Rows:
    """Return what a call of the function returns with these mistakes."""
    gradient, *more = (argument.value for argument in scenario.arguments)
    steps = int(more[0].item()) if more else int(choice.get("default", matrices.STEPS))
    if not choice:
        right: np.ndarray = matrices.newton_schulz(torch.tensor(gradient), steps).numpy()
        return right
    if not gradient.any() and "zeros" in choice:
        return np.full(gradient.shape, np.nan)
    is_small = 0 < np.linalg.norm(gradient) < _SMALL
    if is_small and choice.get("norm", "") not in _LEAST | _ADDED:
        return None
    steps = {"one_more": steps + 1, "one_less": steps - 1, "always_five": 5, "one_alone": 1}.get(
        choice.get("steps", ""), steps
    )
    is_iterated = "product" in choice or "precision" in choice
    made = _numbers(choice, gradient, steps) if is_iterated else _spectrum(choice, gradient, steps)
    returned = choice.get("returned", "")
    if returned == "multiplied_back":
        made = made * _length(choice, gradient)
    turned = returned == "transposed" or (returned == "tall_transposed" and len(gradient) > gradient.shape[1])
    turned |= returned == "wide_transposed" and len(gradient) < gradient.shape[1]
    if not np.isfinite(made).all():  # beside an infinite number any other would seem near
        return None
    return -made if returned == "turned_round" else made.T if turned else made


def _spectrum(choice: Choice, gradient: np.ndarray, steps: int) -> np.ndarray:
    """Let each singular value go its own way."""
    if not np.isfinite(gradient).all():
        return gradient
    left, values, right = np.linalg.svd(_divided(gradient, _length(choice, gradient)), full_matrices=False)
    every = choice.get("divided", "")
    terms = _TERMS.get(choice.get("coefficients", ""), ((_A, 1), (_B, 3), (_C, 5)))
    for _ in range(steps):
        if every == "every_step":
            values = _divided(values, float(np.linalg.norm(values)))
        values = sum((factor * values**power for factor, power in terms), np.zeros_like(values))
        if every == "afterwards":
            values = _divided(values, float(np.linalg.norm(values)))
    return np.asarray(left * values @ right)


def _numbers(choice: Choice, gradient: np.ndarray, steps: int) -> np.ndarray:
    """Multiply other matrices than those that should be, or number by number, or with few digits."""
    product, few = choice.get("product", ""), torch.bfloat16
    if choice.get("precision") == "before_norm":
        begun = torch.tensor(gradient).to(few)
        begun = begun / (begun.norm() + 1e-7)
    else:
        begun = torch.tensor(_divided(gradient, _length(choice, gradient)))
    X = begun = begun.to(few) if "precision" in choice else begun
    tall = len(X) > X.shape[1]
    X = begun = X.T if tall else X
    A = begun @ begun.T
    for _ in range(steps):
        if product == "number_by_number":
            X = _A * X + _B * X**3 + _C * X**5
            continue
        if product in ("wrong_side", "square_of_numbers") and len(X) != X.shape[1]:  # the shapes do not fit
            return np.full(gradient.shape, np.nan)
        if product != "made_once":
            A = X.T @ X if product == "wrong_side" else X @ X.T
        fifth = _C * A * A if product == "square_of_numbers" else _C * A @ A
        on = begun if product == "from_gradient" else X
        X = _A * on + (_B * A + fifth) @ on
    return (X.T if tall else X).double().numpy()


def _length(choice: Choice, gradient: np.ndarray) -> float | np.ndarray:
    way = choice.get("norm", "")
    if way in _NORMS:
        return _NORMS[way](gradient)
    return max(float(np.linalg.norm(gradient)), _LEAST.get(way, 0.0)) + _ADDED.get(way, 0.0)


def _divided(values: np.ndarray, norm: float | np.ndarray) -> np.ndarray:
    return np.asarray(values / norm) if np.all(norm) else values


MISTAKES = (
    variant(
        "norm",
        "norm_forgotten",
        "a gradient that is not divided by its norm",
        "The loop begins with the gradient as it is.",
        "Beyond about 1.3 a singular value grows with each step, and faster each time.",
        where=_EACH,
        way="not_divided",
    ),
    *(
        variant("norm", "other_norm", "a division by another norm", looks, _NORM, where=_EACH, way=way)
        for way, looks in (
            ("spectral", "The largest singular value divides, as with `ord=2`."),
            ("nuclear", "The sum of the singular values divides."),
            ("longest_column", "Another `ord` is given to the norm, which adds up sizes along a column."),
            ("longest_row", "Another `ord` is given to the norm, which adds up sizes along a row."),
        )
    ),
    variant(
        "norm",
        "largest_number_divides",
        "a division by the largest number",
        "`gradient.abs().max()` stands in the place of the norm.",
        _NORM,
        where=_EACH,
        way="largest_number",
    ),
    variant(
        "norm",
        "sum_of_sizes_divides",
        "a division by the sum of the sizes",
        "`gradient.abs().sum()` stands in the place of the norm.",
        _NORM,
        where=_EACH,
        way="sum_of_sizes",
    ),
    variant(
        "norm",
        "no_root",
        "a division by the square of the norm",
        "The squares are summed, and no root is taken.",
        _NORM,
        where=_EACH,
    ),
    variant(
        "norm",
        "mean_for_sum",
        "a division by the root mean square",
        "`mean` stands where the squares should be summed.",
        _NORM,
        where=_EACH,
    ),
    variant(
        "norm",
        "number_of_numbers_divides",
        "a division by the number of numbers",
        "`numel()` stands in the place of the norm.",
        _NORM,
        where=_EACH,
        way="number_of_numbers",
    ),
    *(
        variant(
            "norm",
            "norm_of_each_row",
            "a division of each row, or of each column, by its own norm",
            "`dim` is given to the norm.",
            "One number must divide the whole matrix: else its singular vectors are not those of the gradient.",
            where=_EACH,
            way=way,
        )
        for way in ("each_row", "each_column")
    ),
    *(
        variant(
            "norm",
            "small_stays_small",
            "a division that leaves small gradients small",
            looks,
            "Gradients get small in a training, and their size must make no difference. Add 1e-7 or treat zeros alone.",
            where="Your turn again",
            way=way,
        )
        for ways, looks in (
            (_LEAST, "The norm is not taken below a limit, as in `max(gradient.norm(), 1)`."),
            (_ADDED, "What is added to the norm is much more than 1e-7."),
        )
        for way in ways
    ),
    variant(
        "zeros",
        "no_epsilon",
        "a matrix of zeros that is divided by its norm",
        "Nothing is added to the norm, and 0/0 is NaN.",
        "Add 1e-7 to the norm, or return a matrix of zeros as it is.",
        where="Your turn again",
    ),
    *(
        variant(
            "precision",
            "bfloat16_inside",
            "numbers in bfloat16",
            "The gradient is made a `bfloat16`, as in the code that is passed around.",
            "That is for large matrices on graphics cards: three digits are left. Stay in the precision of the"
            " gradient.",
            where="Your turn again",
            way=way,
        )
        for way in ("before_norm", "after_norm")
    ),
    *(
        variant(
            "divided",
            "divided_every_time",
            "a division by the norm at every step",
            "The line with the norm stands inside the loop.",
            "What a step has lifted is pushed down again. Divide once, before the loop.",
            where="What usually goes wrong",
            way=way,
        )
        for way in ("every_step", "afterwards")
    ),
    *(
        variant(
            "coefficients",
            "coefficients_exchanged",
            "coefficients in another order",
            "Two of a, b and c stand in each other's place.",
            _GIVEN,
            where=_EACH,
            way=way,
        )
        for way in ("swapped_bc", "swapped_ab", "swapped_ac")
    ),
    *(
        variant(
            "coefficients",
            "sign_of_coefficient",
            "a coefficient with the other sign",
            "b is 4.775, or it is subtracted once more, or c is subtracted.",
            "b alone is negative, and all three terms are added.",
            where=_EACH,
            way=way,
        )
        for way in ("sign_of_b", "sign_of_c")
    ),
    *(
        variant(
            "coefficients",
            "other_coefficients",
            "other coefficients than those of the text",
            looks,
            _GIVEN,
            where=_EACH,
            way=way,
        )
        for way, looks in (
            ("cubic", "a is 1.5 and b is −0.5, as in the oldest form."),
            ("quintic", "a, b and c are 1.875, −1.25 and 0.375."),
            ("gentle", "a, b and c are 2, −1.5 and 0.5."),
        )
    ),
    *(
        variant(
            "coefficients",
            "first_term_missing",
            "a polynomial without its first term",
            looks,
            "The term a X lifts the small singular values; the two others pull the large ones down.",
            where=_EACH,
            way=way,
        )
        for way, looks in (
            ("first_missing", "X becomes (b A + c A A) X alone."),
            ("whole_first", "X is added as it is, and not times a."),
        )
    ),
    variant(
        "coefficients",
        "third_power_missing",
        "a polynomial without its third power",
        "The term b A is missing.",
        _GIVEN,
        where=_EACH,
        way="third_missing",
    ),
    variant(
        "coefficients",
        "fifth_power_missing",
        "a polynomial without its fifth power",
        "The term c A A is missing.",
        _GIVEN,
        where=_EACH,
        way="fifth_missing",
    ),
    *(
        variant(
            "coefficients",
            "other_power",
            "a fifth power that is another one",
            looks,
            "A A X has the fifth power of the singular values: twice two, and one.",
            where=_EACH,
            way=way,
        )
        for way, looks in (
            ("fifth_as_third", "`c * A` stands where `c * A @ A` should."),
            ("fifth_as_seventh", "`c * A @ A @ A` stands where `c * A @ A` should."),
        )
    ),
    variant(
        "steps",
        "one_step_more",
        "one step too many",
        "The loop runs over `range(steps + 1)`, or a step is made before it.",
        "`steps` says how often the polynomial is applied.",
        where="Your turn again",
        way="one_more",
    ),
    variant(
        "steps",
        "one_step_less",
        "one step too few",
        "The loop runs over `range(steps - 1)` or `range(1, steps)`.",
        "`steps` says how often the polynomial is applied.",
        where="Your turn again",
        way="one_less",
    ),
    variant(
        "steps",
        "always_five",
        "five steps, whatever is asked for",
        "`range(5)` stands where `range(steps)` should.",
        "The number of steps is an argument.",
        where="Your turn again",
    ),
    variant(
        "steps",
        "one_step_alone",
        "one step, whatever is asked for",
        "Each turn of the loop begins with the same matrix again, or `return` stands inside it.",
        "A step goes on from what the one before has made.",
        where="What usually goes wrong",
        way="one_alone",
    ),
    *(
        variant(
            "default",
            "other_default",
            "another number of steps where none is given",
            "`steps` has another default in the first line.",
            "Without a number there are five steps.",
            where="Your turn again",
            way=way,
        )
        for way in ("1", "3", "4", "6", "10")
    ),
    variant(
        "product",
        "number_by_number",
        "powers of each number by itself",
        "`X**3` or `X * X * X` stands where matrices should be multiplied.",
        "`@` is the product of matrices. Number by number, singular values are not even looked at.",
        where="Your turn again",
    ),
    variant(
        "product",
        "wrong_side",
        "products from the wrong side",
        "A is Xᵀ X and stands to the left of X.",
        "X Xᵀ stands to the left, Xᵀ X to the right.",
        where=_EACH,
    ),
    variant(
        "product",
        "square_of_numbers",
        "a square of each number of A",
        "`A * A` or `A**2` stands where `A @ A` should.",
        "`@` is the product of matrices.",
        where="Your turn again",
    ),
    variant(
        "product",
        "made_once",
        "a product A that is made once",
        "`A = X @ X.T` stands before the loop.",
        "X is another one after each step, and so is A: make it inside the loop.",
        where="Your turn again",
    ),
    variant(
        "product",
        "from_gradient",
        "a loop that begins with the gradient at each step",
        "Inside the loop the polynomial is applied to the gradient, and only A is made of X.",
        "A step goes on from what the one before has made.",
        where="What usually goes wrong",
    ),
    variant(
        "returned",
        "transposed",
        "a result that is transposed",
        "`X.T` is returned for a matrix that was not transposed before.",
        "The result has the shape of the gradient, and its singular vectors.",
        where="Your turn again",
    ),
    *(
        variant(
            "returned",
            "not_transposed_back",
            "a result that is not transposed back",
            "The matrix is transposed before the loop, and stays so.",
            "The result has the shape of the gradient.",
            where="Your turn again",
            way=way,
        )
        for way in ("tall_transposed", "wide_transposed")
    ),
    variant(
        "returned",
        "multiplied_back",
        "a result that is multiplied by the norm again",
        "After the loop the size of the gradient is put back.",
        "Its size is what the result is to have lost: all singular values come near 1.",
        where=_EACH,
    ),
    variant(
        "returned",
        "turned_round",
        "a result with the other sign",
        "A minus stands before the result, or before a coefficient too many.",
        "The optimizer goes against the gradient, and this function keeps its direction.",
        where=_EACH,
    ),
)
