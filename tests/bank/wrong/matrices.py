"""Mistakes in the sign, in Newton–Schulz, and in Muon."""

from __future__ import annotations

from tests.bank.wrong.common import hyperparameters, lines, memory, skeleton, starts_in_constructor
from tests.bank.wrong.plain import Mistake, costs

_RULE = "one_step many_steps"
_SIGN = "torch.sign(g)"
_SPECTRUM = "one_step many_steps singular_values"


def _sign(lost: str, name: str, new: str, known: str = "") -> Mistake:
    return costs(lost, "SignSGD", name, (_SIGN, new), known=known)


_SIGNS = (
    *skeleton("SignSGD"),
    costs(_RULE, "SignSGD", "uphill", ("p -= ", "p += "), known="uphill"),
    costs(f"{_RULE} learning_rate groups", "SignSGD", "the rate forgotten", ("lr * torch", "torch"), known="no_rate"),
    costs(
        f"{_RULE} learning_rate groups",
        "SignSGD",
        "the rate is always 0.01",
        ('group["lr"]', "0.01"),
        known="rate_fixed",
    ),
    costs(_RULE, "SignSGD", "the rate squared", ("lr * torch", "lr * lr * torch"), known="rate_squared"),
    costs(_RULE, "SignSGD", "divided by the rate", ("lr * torch.sign(g)", "torch.sign(g) / lr")),
    costs(
        "learning_rate groups",
        "SignSGD",
        "the constructor's rate inside the sign",
        ("lr * torch.sign(g)", 'self.defaults["lr"] * torch.sign(lr * g)'),
        known="rate_captured",
    ),
    _sign(_RULE, "the gradient itself", "g", "sign_forgotten"),
    _sign(_RULE, "the size", "g.abs()", "size_for_sign"),
    _sign("zero_gradient", "zero is positive", "torch.where(g >= 0, 1.0, -1.0)", "sign_of_zero"),
    _sign("zero_gradient", "zero is negative", "(2.0 * (g > 0) - 1.0)", "sign_of_zero"),
    _sign("zero_gradient", "divided by its size", "g / g.abs()", "divided_by_size"),
    _sign("zero_gradient", "divided by the root of its square", "g / g.pow(2).sqrt()", "divided_by_size"),
    _sign("many_steps", "an ε of 1e-8", "g / (g.abs() + 1e-8)", "size_and_epsilon"),
    _sign(_RULE, "an ε of 1e-2", "g / (g.abs() + 1e-2)", "size_and_epsilon"),
    _sign(_RULE, "zero or one", "(g > 0)", "positive_alone"),
    _sign("many_steps", "a threshold", "torch.where(g.abs() > 1e-3, torch.sign(g), 0.0)", "small_as_zero"),
    *(
        costs(
            "many_steps",
            "SignSGD",
            f"skipped where the {name} is 0",
            ("p.grad is None", f"p.grad is None or p.grad.{name}() == 0"),
            known="skipped_by_sum",
        )
        for name in ("sum", "mean")
    ),
    _sign(_RULE, "the root of the size", "torch.sign(g) * g.abs().sqrt()", "root_of_size"),
    _sign(_RULE, "tanh", "torch.tanh(g)", "soft_sign"),
    _sign(f"{_RULE} zero_gradient", "one sign for all", "torch.sign(g.sum())", "one_sign_for_all"),
    _sign(f"{_RULE} zero_gradient", "normalised", "g / g.norm()", "length_for_sign"),
    _sign(_RULE, "normalised with a guard", "g / (g.norm() + 1e-8)", "length_for_sign"),
    _sign(
        f"{_RULE} shapes_and_dtypes", "divided by the largest number", "g / (g.abs().max() + 1e-30)", "largest_for_sign"
    ),
    costs(
        "many_steps zero_gradient",
        "SignSGD",
        "the sign of the momentum",
        ("p -= lr", lines('v = state["v"] = 0.9 * state.get("v", 0.0) + g', "p -= lr")),
        (_SIGN, "torch.sign(v)"),
        known="momentum_added",
    ),
    costs(
        f"{_RULE} zero_gradient", "SignSGD", "weight decay", ("lr * torch.sign(g)", "lr * (torch.sign(g) + 0.01 * p)")
    ),
    costs(
        "many_steps",
        "SignSGD",
        "the rate over the root of t",
        ("p -= lr", lines('t = state["t"] = state.get("t", 0) + 1', "p -= lr / t ** 0.5")),
        known="rate_over_root_t",
    ),
)


def _schulz(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "newton_schulz", name, *edits, known=known)


_NORM = "gradient / (gradient.norm() + 1e-7)"
_POLYNOMIAL = "X = a * X + (b * A + c * A @ A) @ X"
_NUMBERS = "a, b, c = 3.4445, -4.7750, 2.0315"
_LOOP = "for _ in range(steps):"
_BACK = "return X.T if tall else X"
_TALL = "    if tall:\n        X = X.T\n"

_SCHULZ = (
    _schulz(f"{_SPECTRUM} size", "not divided", (_NORM, "gradient.clone()"), known="norm_forgotten"),
    _schulz(
        _RULE, "the spectral norm", ("gradient.norm()", "torch.linalg.matrix_norm(gradient, 2)"), known="other_norm"
    ),
    _schulz(
        _RULE,
        "the spectral norm again",
        ("gradient.norm()", "torch.linalg.svdvals(gradient).max()"),
        known="other_norm",
    ),
    _schulz(_RULE, "the nuclear norm", ("gradient.norm()", 'torch.linalg.norm(gradient, "nuc")'), known="other_norm"),
    _schulz(
        f"{_SPECTRUM} rotations tall wide",
        "the largest number",
        ("gradient.norm()", "gradient.abs().max()"),
        known="largest_number_divides",
    ),
    _schulz(
        f"{_RULE} rotations tall wide",
        "the sum of the sizes",
        ("gradient.norm()", "gradient.abs().sum()"),
        known="sum_of_sizes_divides",
    ),
    _schulz(f"{_RULE} size", "the sum of the squares", ("gradient.norm()", "gradient.pow(2).sum()"), known="no_root"),
    _schulz(
        f"{_SPECTRUM} tall wide",
        "the root mean square",
        ("gradient.norm()", "gradient.pow(2).mean().sqrt()"),
        known="mean_for_sum",
    ),
    _schulz(
        f"{_RULE} size tall wide",
        "the number of numbers",
        ("gradient.norm()", "gradient.numel()"),
        known="number_of_numbers_divides",
    ),
    _schulz(
        f"{_SPECTRUM} rotations tall",
        "every row by its norm",
        ("gradient.norm()", "gradient.norm(dim=1, keepdim=True)"),
        known="norm_of_each_row",
    ),
    _schulz("size", "the norm or 1", (_NORM, "gradient / max(gradient.norm(), 1)"), known="small_stays_small"),
    _schulz(
        "size", "a hundredth at least", (_NORM, "gradient / gradient.norm().clamp(min=1e-2)"), known="small_stays_small"
    ),
    _schulz("size", "an ε of 1e-4", ("1e-7", "1e-4"), known="small_stays_small"),
    _schulz("size", "an ε of 1e-5", ("1e-7", "1e-5"), known="small_stays_small"),
    _schulz(
        "many_steps",
        "divided at every step",
        (_LOOP, f"{_LOOP}\n        X = X / (X.norm() + 1e-7)"),
        known="divided_every_time",
    ),
    _schulz(
        _SPECTRUM,
        "divided after every step",
        (_POLYNOMIAL, f"{_POLYNOMIAL}\n        X = X / (X.norm() + 1e-7)"),
        known="divided_every_time",
    ),
    _schulz(
        _SPECTRUM, "b and c exchanged", (_NUMBERS, "a, c, b = 3.4445, -4.7750, 2.0315"), known="coefficients_exchanged"
    ),
    _schulz(
        _SPECTRUM, "a and b exchanged", (_NUMBERS, "b, a, c = 3.4445, -4.7750, 2.0315"), known="coefficients_exchanged"
    ),
    _schulz(_SPECTRUM, "b positive", (_NUMBERS, "a, b, c = 3.4445, 4.7750, 2.0315"), known="sign_of_coefficient"),
    _schulz(_SPECTRUM, "c negative", (_NUMBERS, "a, b, c = 3.4445, -4.7750, -2.0315"), known="sign_of_coefficient"),
    _schulz(_RULE, "the cubic", (_NUMBERS, "a, b, c = 1.5, -0.5, 0.0"), known="other_coefficients"),
    _schulz(_RULE, "2, −1.5 and 0.5", (_NUMBERS, "a, b, c = 2.0, -1.5, 0.5"), known="other_coefficients"),
    _schulz(_SPECTRUM, "the first term missing", ("a * X + (", "("), known="first_term_missing"),
    _schulz(_SPECTRUM, "X added as it is", ("a * X", "X"), known="first_term_missing"),
    _schulz(_SPECTRUM, "the third power missing", ("b * A + c * A @ A", "c * A @ A"), known="third_power_missing"),
    _schulz(_SPECTRUM, "the fifth power missing", ("b * A + c * A @ A", "b * A"), known="fifth_power_missing"),
    _schulz(_SPECTRUM, "A once for twice", ("c * A @ A", "c * A"), known="other_power"),
    _schulz(_SPECTRUM, "A three times", ("c * A @ A", "c * A @ A @ A"), known="other_power"),
    _schulz("one_step many_steps", "one step more", ("range(steps)", "range(steps + 1)"), known="one_step_more"),
    _schulz("one_step many_steps", "one step less", ("range(steps)", "range(1, steps)"), known="one_step_less"),
    _schulz("one_step many_steps steps_read", "always five steps", ("range(steps)", "range(5)"), known="always_five"),
    _schulz(
        "many_steps steps_read singular_values",
        "returned after one step",
        (_POLYNOMIAL, f"{_POLYNOMIAL}\n        {_BACK}"),
        known="one_step_alone",
    ),
    _schulz("default", "six steps by default", ("steps=5", "steps=6"), known="other_default"),
    _schulz("default", "ten steps by default", ("steps=5", "steps=10"), known="other_default"),
    _schulz("default", "no default", ("steps=5", "steps")),
    _schulz(
        f"{_SPECTRUM} wide tall rotations",
        "number by number",
        (_POLYNOMIAL, "X = a * X + b * X**3 + c * X**5"),
        known="number_by_number",
    ),
    _schulz(
        f"{_SPECTRUM} tall rotations",
        "A squared number by number",
        ("A @ A)", "A * A)"),
        known="square_of_numbers",
    ),
    _schulz(
        f"{_SPECTRUM} wide tall rotations", "from the wrong side", ("A = X @ X.T", "A = X.T @ X"), known="wrong_side"
    ),
    _schulz(
        "one_step many_steps wide tall rotations",
        "transposed",
        (_BACK, "return X if tall else X.T"),
        known="transposed",
    ),
    _schulz("tall", "not transposed back", (_BACK, "return X"), known="not_transposed_back"),
    _schulz(
        "wide tall",
        "transposed back where it was not",
        (_BACK, "return X if tall or X.shape[0] == X.shape[1] else X.T"),
    ),
    _schulz(
        f"{_SPECTRUM} size",
        "multiplied by the norm again",
        (_BACK, "return gradient.norm() * (X.T if tall else X)"),
        known="multiplied_back",
    ),
    _schulz(_RULE, "the other sign", ("X = gradient /", "X = -gradient /"), known="turned_round"),
    _schulz("unchanged", "the gradient itself divided", (_NORM, "gradient.div_(gradient.norm() + 1e-7)")),
    _schulz("zeros", "no ε", (" + 1e-7", ""), known="no_epsilon"),
    _schulz(f"{_RULE} size", "an ε of 1", (" + 1e-7", " + 1.0"), known="small_stays_small"),
    _schulz(
        f"{_RULE} rotations size wide tall",
        "in bfloat16",
        ("X = gradient /", "gradient = gradient.bfloat16()\n    X = gradient /"),
        known="bfloat16_inside",
    ),
    _schulz(
        f"{_RULE} rotations wide tall",
        "in bfloat16 after the norm",
        (_NORM, f"({_NORM}).bfloat16()"),
        (_BACK, "return (X.T if tall else X).double()"),
        known="bfloat16_inside",
    ),
    _schulz(
        "many_steps singular_values",
        "A made before the loop",
        (_LOOP, f"A = X @ X.T\n    {_LOOP}"),
        ("        A = X @ X.T\n        X", "        X"),
        known="made_once",
    ),
    _schulz(
        "many_steps singular_values",
        "the polynomial of the beginning, A of X",
        (_LOOP, f"G = X\n    {_LOOP}"),
        (_POLYNOMIAL, "X = a * G + (b * A + c * A @ A) @ G"),
        known="from_gradient",
    ),
    _schulz(
        "many_steps singular_values steps_read",
        "each step from the beginning",
        (_LOOP, f"G = X\n    {_LOOP}"),
        (_POLYNOMIAL, "A = G @ G.T\n        X = a * G + (b * A + c * A @ A) @ G"),
        known="one_step_alone",
    ),
    _schulz(
        "tall",
        "tall matrices not at all",
        ("if tall:", 'if tall:\n        raise ValueError("more rows than columns")\n    if tall:'),
    ),
    _schulz(
        "wide tall", "square matrices only", ("A = X @ X.T", "A = X @ X.T\n        assert X.shape[0] == X.shape[1]")
    ),
)


def _muon(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "Muon", name, *edits, known=known)


_V = 'group["momentum"] * state["v"] + g'
_NEW = f'v = state["v"] = {_V}'
_MU = 'group["momentum"]'
_SCALE = "max(1, p.shape[0] / p.shape[1]) ** 0.5"
_O = "O = newton_schulz(v)"
_STEP = "p -= lr * scale * O"
_REFUSAL = "if any("

_MUON = (
    *hyperparameters("Muon"),
    *memory("Muon"),
    starts_in_constructor("Muon", "v"),
    _muon(_RULE, "uphill", ("p -= ", "p += "), known="uphill"),
    _muon(f"{_RULE} learning_rate groups", "the rate forgotten", ("p -= lr * ", "p -= "), known="no_rate"),
    _muon(_RULE, "the rate squared", ("p -= lr * ", "p -= lr * lr * "), known="rate_squared"),
    _muon(_RULE, "twice as long", ("p -= lr * ", "p -= 2 * lr * "), known="step_doubled"),
    _muon(f"{_RULE} learning_rate groups", "a rate of 0.02", ("p -= lr * ", "p -= 0.02 * "), known="rate_fixed"),
    _muon("many_steps groups", "a momentum of 0.95", (_MU, "0.95"), known="momentum_fixed"),
    _muon(
        "many_steps groups saved_state", "a new velocity at every step", ('"v" not in state', "True"), known="no_memory"
    ),
    _muon("many_steps groups saved_state", "the velocity not put back", (_NEW, f"v = {_V}"), known="no_memory"),
    _muon("many_steps groups", "nothing forgotten", (_V, 'state["v"] + g'), known="gradients_summed"),
    _muon(
        "many_steps groups", "μ before the gradient", (_V, f'state["v"] + {_MU} * g'), known="velocity_weights_swapped"
    ),
    _muon("many_steps", "1 − μ for μ", (_V, f'(1 - {_MU}) * state["v"] + g'), known="velocity_complement"),
    _muon(
        "many_steps", "lerp the wrong way round", (_V, f'torch.lerp(state["v"], g, {_MU})'), known="velocity_complement"
    ),
    _muon("many_steps", "the old velocity subtracted", (_V, f'g - {_MU} * state["v"]'), known="velocity_subtracted"),
    _muon("many_steps", "the first gradient twice", ("torch.zeros_like(p)", "g.clone()")),
    _muon(
        "many_steps",
        "a velocity that is the gradient",
        ("torch.zeros_like(p)", lines("g", "else:", f'    state["v"].mul_({_MU}).add_(g)')),
        (_NEW, 'v = state["v"]'),
    ),
    _muon("many_steps", "a look ahead", (_O, f"O = newton_schulz(g + {_MU} * v)"), known="looks_ahead"),
    _muon("many_steps", "a look ahead without μ", (_O, "O = newton_schulz(g + v)"), known="looks_ahead"),
    _muon(
        _RULE,
        "the velocity from before",
        (_NEW, lines('v = state["v"]', f'state["v"] = {_V}')),
        known="velocity_used_before",
    ),
    _muon(f"{_RULE}", "not orthogonal at all", (_O, "O = v"), known="not_orthogonal"),
    _muon(_RULE, "the sign", (_O, "O = torch.sign(v)"), known="sign_of_velocity"),
    _muon(_RULE, "the velocity normalised", (_O, "O = v / (v.norm() + 1e-12)"), known="length_of_velocity"),
    _muon(
        "many_steps",
        "the momentum after",
        (_V, f'{_MU} * state["v"] + newton_schulz(g)'),
        (_O, "O = v"),
        known="momentum_after",
    ),
    _muon(_RULE, "orthogonal twice", (_V, f'{_MU} * state["v"] + newton_schulz(g)'), known="orthogonal_twice"),
    _muon("many_steps", "the result kept", (_O, 'O = state["v"] = newton_schulz(v)'), known="result_kept"),
    _muon(_RULE, "three steps", (_O, "O = newton_schulz(v, 3)"), known="other_number_of_steps"),
    _muon(_RULE, "ten steps", (_O, "O = newton_schulz(v, steps=10)"), known="other_number_of_steps"),
    _muon("scale", "no factor", (_SCALE, "1"), known="no_scale"),
    _muon(
        "scale",
        "the factor of wide matrices",
        (_SCALE, "max(1, p.shape[1] / p.shape[0]) ** 0.5"),
        known="scale_of_wide",
    ),
    _muon(
        "scale", "the factor without its root", (_SCALE, "max(1, p.shape[0] / p.shape[1])"), known="scale_without_root"
    ),
    _muon(
        "scale", "the factor without its limit", (_SCALE, "(p.shape[0] / p.shape[1]) ** 0.5"), known="scale_below_one"
    ),
    _muon("scale", "whole numbers divided", (_SCALE, "max(1, p.shape[0] // p.shape[1]) ** 0.5"), known="scale_rounded"),
    _muon(
        "scale", "the share rounded", (_SCALE, "max(1, round(p.shape[0] / p.shape[1])) ** 0.5"), known="scale_rounded"
    ),
    _muon(
        f"{_RULE} scale",
        "the root of the columns alone",
        (_SCALE, "max(1, p.shape[0] / p.shape[1] ** 0.5)"),
        known="root_of_columns",
    ),
    _muon(
        f"{_RULE} scale",
        "the root of the columns alone, and no limit",
        (_SCALE, "p.shape[0] / p.shape[1] ** 0.5"),
        known="root_of_columns",
    ),
    _muon(
        f"{_RULE} zero_gradient scale",
        "weight decay",
        (_STEP, lines("p *= 1 - 0.1 * lr", _STEP)),
        known="decay_added",
    ),
    _muon(
        f"{_RULE} zero_gradient scale", "a penalty", ("p.grad, self", "p.grad + 0.01 * p, self"), known="decay_added"
    ),
    _muon("scale", "the factor upside down", (_SCALE, "(p.shape[1] / p.shape[0]) ** 0.5"), known="scale_upside_down"),
    _muon("scale", "at most one", (_SCALE, "min(1, p.shape[0] / p.shape[1]) ** 0.5"), known="scale_below_one"),
    _muon(f"{_RULE} scale", "as in Moonlight", (_SCALE, "0.2 * max(p.shape) ** 0.5"), known="scale_of_side"),
    _muon(f"{_RULE} scale", "the root of the larger side", (_SCALE, "max(p.shape) ** 0.5"), known="scale_of_side"),
    _muon("matrices_only", "anything is taken", (_REFUSAL, "if False and any(")),
    _muon("matrices_only", "an assert", ('raise ValueError("matrices only")', 'raise AssertionError("matrices only")')),
    _muon("matrices_only", "vectors alone refused", ("p.ndim != 2", "p.ndim < 2")),
    _muon(
        "matrices_only",
        "the first group looked at, and its first parameter",
        ('for p in each["params"]', 'for p in each["params"][:1]'),
    ),
    _muon(
        "matrices_only",
        "the last parameter of a group looked at",
        ('for p in each["params"]', 'for p in each["params"][-1:]'),
    ),
    _muon(
        "matrices_only",
        "the last group looked at",
        ("for each in self.param_groups for", "for each in self.param_groups[-1:] for"),
    ),
    _muon(
        "matrices_only",
        "the first group alone looked at",
        ('for p in each["params"]', 'for p in each["params"] if each is self.param_groups[0]'),
    ),
    _muon(
        "no_gradient",
        "None not skipped",
        ("                    if p.grad is None:\n                        continue\n", ""),
    ),
    _muon("no_gradient", "all ends at the first None", ("continue", "return"), known="none_ends_step"),
    _muon(
        "groups",
        "the first group only",
        ("in self.param_groups:\n                for", "in self.param_groups[:1]:\n                for"),
        known="first_group_only",
    ),
    _muon("own_state", "the first parameter only", (_STEP, lines(_STEP, "break")), known="first_parameter_only"),
    _muon(
        "in_place",
        "the gradient in the velocity",
        (_NEW, f'g += {_MU} * state["v"]\n                    v = state["v"] = g.clone()'),
    ),
    _muon("in_place", "the gradient is None afterwards", (_STEP, lines(_STEP, "p.grad = None"))),
    _muon("shapes_and_dtypes", "a result in float64", (_STEP, "p.data = p - lr * scale * O.double()")),
    _muon("shapes_and_dtypes", "through numpy", (_O, "O = torch.from_numpy(newton_schulz(v).numpy())")),
)

MISTAKES = (*_SIGNS, *_SCHULZ, *_MUON)
