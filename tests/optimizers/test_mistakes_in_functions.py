"""Mistakes in functions: alone or two together they are named, for certain or as candidates, and nothing right is."""

from functools import cache

import pytest

from coursekit.judging.behaviours import remembering
from coursekit.judging.diagnosis import judge_behaviour
from coursekit.judging.explanations import help_with
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.mistakes_in_functions import known
from tests.bank.right import STYLES
from tests.bank.wrong import RIGHT
from tests.solutions import asking, defined

COPY, KEEP, STEP = "x.detach().clone()", "positions.append(x.detach().clone())", "optimizer.step()"
NEXT = f"{STEP}\n        {KEEP}"
VALUE, CLEAR, MADE = "function(x).backward()", "optimizer.zero_grad()", "([x], **hyperparameters)"
EMPTY = ("[x.detach().clone()]", "[]")
GIVEN, LOSS = "weights, **hyperparameters", "((y - (W2 * (W1 * x + b1) + b2)) ** 2)"
WEIGHTS, ROW = "W1, b1, W2, b2 = weights", "rows.append([weight.item() for weight in weights])"
CLEARED, STEPPED = "        optimizer.zero_grad()\n", "        optimizer.step()\n"
DIFFERENTIATED, LOST = "        loss.backward()\n", "losses.append(loss.item())"
LIMIT = "1e-5 * b.abs() + 1e-8"
LENGTHS = "    if len(got) != len(expected):\n        return False\n"
SHAPES = "        if a.shape != b.shape:\n            return False\n"
AGAIN = "losses.append(criterion(model(x), y).item())"
START = "    losses, start = [], {n: p.detach().clone() for n, p in model.named_parameters()}"
PARABOLA = "    parabola = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, 100)\n"
DRAWN = [(f"np.random.normal(0, {deviation}", f"drawn.normal(0, {deviation}") for deviation in (2, 5)]
TORCH_S = [
    ("np.random.seed", "torch.manual_seed"),
    ("np.random.normal(0, 2, 100)", "2 * torch.randn(100).numpy()"),
    ("np.random.normal(0, 5, 100)", "5 * torch.randn(100).numpy()"),
]

# what is written, the names of the mistakes in it, edits of a right answer
PROGRAMS = (
    ("make_data", "parabola_first", [(PARABOLA, ""), ("    line =", f"{PARABOLA}    line =")]),
    ("make_data", "seeded_twice", [("    parabola", "    np.random.seed(seed)\n    parabola")]),
    ("make_data", "seed_ignored", [("    np.random.seed(seed)\n", "")]),
    ("make_data", "new_generator", [("np.random.seed", "drawn = np.random.default_rng"), *DRAWN]),
    ("make_data", "uniform", [("normal(0, 2", "uniform(-2, 2"), ("normal(0, 5", "uniform(-5, 5")]),
    ("make_data", "torch_s_generator", TORCH_S),
    ("make_data", "deviations_squared", [("(0, 2", "(0, 4"), ("(0, 5", "(0, 25")]),
    ("make_data", "deviations_exchanged", [("(0, 2", "(0, 5."), ("(0, 5,", "(0, 2,")]),
    ("make_data", "deviations_of_1", [("(0, 2", "(0, 1"), ("(0, 5", "(0, 1")]),
    ("make_data", "no_noise", [(" + np.random.normal(0, 2, 100)", ""), (" + np.random.normal(0, 5, 100)", "")]),
    ("make_data", "half_of_both", [("0.5 * x**2 - 4 * x", "0.5 * (x**2 - 4 * x)")]),
    ("make_data", "no_half", [("0.5 * x**2", "x**2")]),
    ("make_data", "variances", [("(0, 2", "(0, 2**0.5"), ("(0, 5", "(0, 5**0.5")]),
    ("make_data", "half_squared", [("0.5 * x**2", "(0.5 * x)**2")]),
    ("make_data", "slope_for_intercept plus_for_minus", [("3 * x + 5", "5 * x + 3"), ("- 4 * x", "+ 4 * x")]),
    (
        "make_data",
        "seeded_twice slope_for_intercept",
        [("    parabola", "    np.random.seed(seed)\n    parabola"), ("3 * x + 5", "5 * x + 3")],
    ),
    ("make_data", "end_missing", [("linspace(-10, 10, 100)", "arange(-10, 10, 0.2)")]),
    ("train", "gradients_add_up", [(CLEARED, "")]),
    ("train", "gradients_add_up", [(CLEARED, ""), ("    for", f"{CLEARED[4:]}    for")]),
    ("train", "nothing_moves", [(STEPPED, "")]),
    ("train", "nothing_moves", [(STEPPED, CLEARED + STEPPED)]),
    ("train", "nothing_moves", [(DIFFERENTIATED + STEPPED, STEPPED + DIFFERENTIATED)]),
    (
        "train",
        "step_before_backward",
        [(CLEARED, ""), (DIFFERENTIATED + STEPPED, STEPPED + CLEARED + DIFFERENTIATED)],
    ),
    (
        "train",
        "step_before_backward gradients_add_up",
        [(CLEARED, ""), (DIFFERENTIATED + STEPPED, STEPPED + DIFFERENTIATED)],
    ),
    ("train", "step_taken_twice", [(STEPPED, STEPPED * 2)]),
    ("train", "one_epoch_alone", [("    return", "        return")]),
    ("train", "one_too_many", [("range(epochs)", "range(epochs + 1)")]),
    ("train", "one_too_few", [("range(epochs)", "range(epochs - 1)")]),
    ("train", "one_too_few counted_from_one", [("range(epochs)", "range(1, epochs)")]),
    ("train", "criterion_turned_round", [("criterion(model(x), y)", "criterion(y, model(x))")]),
    ("train", "criterion_ignored", [("criterion(model(x), y)", "((model(x) - y) ** 2).mean()")]),
    ("train", "loss_after_the_step", [(LOST, AGAIN)]),
    ("train", "counted_from_one", [("epoch % 10", "(epoch + 1) % 10")]),
    ("train", "counted_from_one gradients_add_up", [("epoch % 10", "(epoch + 1) % 10"), (CLEARED, "")]),
    ("train", "every_epoch", [("if epoch % 10 == 0", "if True")]),
    ("train", "last_alone", [("return losses", "return loss.item()")]),
    ("train", "first_missing", [("== 0:", "== 0 and epoch:")]),
    ("train", "first_missing", [("epoch % 10", "(epoch + 1) % 10"), (LOST, AGAIN)]),
    ("train", "end_added", [("    return", f"    {AGAIN}\n    return")]),
    ("train", "rounded", [(LOST, "losses.append(round(loss.item(), 3))")]),
    ("train", "parameters_of_the_start", [("    losses = []", START), ("dict(model.named_parameters())", "start")]),
    ("minimise", "gradients_add_up", [(CLEAR, "pass")]),
    ("minimise", "gradients_add_up", [("for _", f"{CLEAR}\n    for _"), (f"        {CLEAR}\n", "")]),
    ("minimise", "cleared_before_the_step", [(CLEAR, "pass"), (STEP, f"{CLEAR}; {STEP}")]),
    (
        "minimise",
        "first_gradient_alone",
        [("for _", f"{VALUE}\n    for _"), (CLEAR, "pass"), (f"        {VALUE}\n", "")],
    ),
    ("minimise", "start_missing", [EMPTY]),
    ("minimise", "start_missing", [("torch.stack(positions)", "torch.stack(positions[1:] or positions)")]),
    ("minimise", "start_doubled", [("[x.detach().clone()]", "[x.detach().clone()] * 2")]),
    ("minimise", "start_doubled", [("return", "positions.insert(0, start); return")]),
    ("minimise", "last_missing", [("range(steps)", "range(steps - 1)")]),
    ("minimise", "last_missing", [("torch.stack(positions)", "torch.stack(positions[:-1] or positions)")]),
    (
        "minimise",
        "last_missing",
        [EMPTY, (NEXT, f"{KEEP}\n        {STEP}"), ("return", "positions = positions or [x]; return")],
    ),
    ("minimise", "kept_before_the_step", [(NEXT, f"{KEEP}\n        {STEP}")]),
    ("minimise", "same_tensor", [("[x.detach().clone()]", "[x.detach()]"), (KEEP, "positions.append(x.detach())")]),
    ("minimise", "same_tensor", [("[x.detach().clone()]", "[x]"), (KEEP, "positions.append(x)")]),
    ("minimise", "same_tensor", [("[x.detach().clone()]", "[x.data]"), (KEEP, "positions.append(x.data)")]),
    ("minimise", "same_tensor", [(KEEP, "positions.append(x.detach())")]),
    ("minimise", "last_alone", [("torch.stack(positions)", "x.detach()[None]")]),
    (
        "minimise",
        "last_row_zero",
        [
            ("[x.detach().clone()]", "torch.zeros(steps + 1, *start.shape, dtype=start.dtype); positions[0] = start"),
            ("for _ in range(steps)", "for row in range(1, steps)"),
            (KEEP, "positions[row] = x.detach()"),
            ("torch.stack(positions)", "positions"),
        ],
    ),
    ("minimise", "returned_early", [(KEEP, f"{KEEP}\n        return torch.stack(positions)")]),
    ("minimise", "hyperparameters_dropped", [(MADE, "([x])")]),
    (
        "minimise",
        "always_sgd",
        [("optimizer_class([x]", "(lambda p, learning_rate=0.01, **_: torch.optim.SGD(p, learning_rate))([x]")],
    ),
    ("minimise", "uphill", [(VALUE, "(-function(x)).backward()")]),
    ("minimise", "gradients_add_up start_missing", [(CLEAR, "pass"), EMPTY]),
    ("minimise", "gradients_add_up hyperparameters_dropped", [(CLEAR, "pass"), (MADE, "([x])")]),
    ("minimise", "gradients_add_up kept_before_the_step", [(CLEAR, "pass"), (NEXT, f"{KEEP}\n        {STEP}")]),
    ("minimise", "last_missing hyperparameters_dropped", [("range(steps)", "range(steps - 1)"), (MADE, "([x])")]),
    ("train_network", "gradients_add_up", [(CLEAR, "pass")]),
    ("train_network", "cleared_before_the_step", [(STEP, f"{CLEAR}; {STEP}")]),
    ("train_network", "start_missing", [("[[weight.item() for weight in weights]]", "[]")]),
    ("train_network", "start_doubled", [("[[weight.item() for weight in weights]]", "[[1.0] * 4] * 2")]),
    ("train_network", "last_missing", [("range(steps)", "range(steps - 1)")]),
    (
        "train_network",
        "last_row_zero",
        [
            ("[[weight.item() for weight in weights]]", "torch.zeros(steps + 1, 4); rows[0] = 1"),
            ("for _ in range(steps)", "for row in range(1, steps)"),
            (ROW, "rows[row] = torch.stack(weights).detach()"),
            ("torch.tensor(rows)", "rows"),
        ],
    ),
    ("train_network", "returned_early", [(ROW, f"{ROW}\n        return torch.tensor(rows)")]),
    ("train_network", "kept_before_the_step", [(f"{STEP}\n        {ROW}", f"{ROW}\n        {STEP}")]),
    ("train_network", "starts_at_zero", [("torch.tensor(1.0)", "torch.tensor(0.0)")]),
    ("train_network", "one_for_all", [(" for _ in range(4)]", "] * 4")]),
    (
        "train_network",
        "hyperparameters_dropped one_for_all",
        [(" for _ in range(4)]", "] * 4"), ("(weights, **hyperparameters)", "(weights)")],
    ),
    ("train_network", "weights_first", [(WEIGHTS, "W1, W2, b1, b2 = weights")]),
    ("train_network", "biases_first", [(WEIGHTS, "b1, W1, b2, W2 = weights")]),
    ("train_network", "second_layer_first", [(WEIGHTS, "W2, b2, W1, b1 = weights")]),
    ("train_network", "always_towards_ten", [("((y -", "((10.0 -")]),
    ("train_network", "input_always_one", [("W1 * x", "W1")]),
    ("train_network", "absolute", [(LOSS, "(y - (W2 * (W1 * x + b1) + b2)).abs()")]),
    ("train_network", "half", [(LOSS, f"({LOSS} / 2)")]),
    ("train_network", "no_b1", [("W1 * x + b1", "W1 * x")]),
    ("train_network", "no_b2", [("+ b1) + b2", "+ b1)")]),
    ("train_network", "hyperparameters_dropped", [("(weights, **hyperparameters)", "(weights)")]),
    ("train_network", "gradients_add_up weights_first", [(CLEAR, "pass"), (WEIGHTS, "W1, W2, b1, b2 = weights")]),
    (
        "train_network",
        "last_missing starts_at_zero",
        [("range(steps)", "range(steps - 1)"), ("tensor(1.0)", "tensor(0.0)")],
    ),
    ("forward", "no_b1", [("x + b1", "x")]),
    ("forward", "no_b2", [("* h + b2", "* h")]),
    ("forward", "no_b1 no_b2", [("x + b1", "x"), ("* h + b2", "* h")]),
    ("forward", "relu_between", [("W2 * h", "W2 * h.clamp(min=0)")]),
    ("forward", "tanh_between", [("W2 * h", "W2 * h.tanh()")]),
    ("forward", "sigmoid_between", [("W2 * h", "W2 * h.sigmoid()")]),
    ("forward", "relu_on_output", [("W2 * h + b2", "(W2 * h + b2).relu()")]),
    ("forward", "tanh_on_output", [("W2 * h + b2", "(W2 * h + b2).tanh()")]),
    ("forward", "sigmoid_on_output", [("W2 * h + b2", "(W2 * h + b2).sigmoid()")]),
    ("forward", "layers_swapped", [("W1 * x + b1", "W2 * x + b2"), ("return W2 * h + b2", "return W1 * h + b1")]),
    ("forward", "one_layer", [("W2 * h", "W2 * x")]),
    ("forward", "layer_not_in_brackets", [("W2 * h + b2", "W2 * W1 * x + b1 + b2")]),
    ("forward", "layer_not_in_brackets", [("W2 * h + b2", "W1 * x + b1 * W2 + b2")]),
    ("forward", "weights_first", [("x, W1, b1, W2, b2", "x, W1, W2, b1, b2")]),
    ("forward", "mean_of_all", [("W2 * h + b2", "(W2 * h + b2).mean()")]),
    ("forward", "sum_of_all", [("W2 * h + b2", "(W2 * h + b2).sum()")]),
    ("forward", "no_b1 tanh_between", [("x + b1", "x"), ("W2 * h", "W2 * h.tanh()")]),
    ("forward", "no_b2 sigmoid_on_output", [("W2 * h + b2", "(W2 * h).sigmoid()")]),
    ("forward", "used_twice", [("* h + b2", "* h + b1")]),
    ("forward", "used_twice", [("return W2", "return W1")]),
    ("forward", "bias_subtracted", [("* h + b2", "* h - b2")]),
    ("forward", "no_weight", [("W2 * h", "h")]),
    ("forward", "input_added", [("* h + b2", "* h + b2 + x")]),
    ("loss", "root_of_size", [("(target - prediction) ** 2", "abs(target - prediction) ** 0.5")]),
    ("loss", "brackets_missing", [("(target - prediction) ** 2", "target - prediction ** 2")]),
    ("loss", "huber", [("** 2", "** 2 / 2 if abs(target - prediction) < 1 else abs(target - prediction) - 0.5")]),
    ("minimise", "rate_imposed", [(MADE, "([x], **({'learning_rate': 0.1} | hyperparameters))")]),
    ("train_network", "rate_imposed", [(GIVEN, "weights, **({'learning_rate': 0.001} | hyperparameters)")]),
    ("train_network", "transposed", [("torch.tensor(rows)", "torch.tensor(rows).T")]),
    ("forward", "bias_before_weight", [("W1 * x + b1", "W1 * (x + b1)"), ("W2 * h + b2", "W2 * (h + b2)")]),
    ("forward", "bias_before_weight", [("W2 * h + b2", "W2 * (h + b2)")]),
    (
        "minimise",
        "values_kept",
        [("[x.detach().clone()]", "[function(x).detach()]"), (KEEP, KEEP.replace(COPY, "function(x).detach()"))],
    ),
    (
        "minimise",
        "values_kept",
        [
            ("[x.detach().clone()]", "[function(x).detach()]"),
            (VALUE, "value = function(x); positions.append(value.detach()); value.backward()"),
            (KEEP, "pass"),
        ],
    ),
    ("minimise", "rounded", [("torch.stack(positions)", "torch.stack(positions).round(decimals=3)")]),
    ("minimise", "rounded", [(KEEP, KEEP.replace(COPY, "x.detach().round(decimals=2)"))]),
    ("minimise", "step_taken_twice", [(STEP, f"{STEP}; {STEP}")]),
    (
        "minimise",
        "rounded step_taken_twice",
        [(STEP, f"{STEP}; {STEP}"), ("torch.stack(positions)", "torch.stack(positions).round(decimals=3)")],
    ),
    ("train_network", "step_taken_twice", [(STEP, f"{STEP}; {STEP}")]),
    ("train_network", "rounded", [(ROW, "rows.append([round(weight.item(), 3) for weight in weights])")]),
    ("train_network", "another_order", [(WEIGHTS, "W2, b1, W1, b2 = weights")]),
    ("minimise", "one_step_too_many", [("range(steps)", "range(steps + 1)")]),
    ("minimise", "rate_alone", [(MADE, "([x], **{k: v for k, v in hyperparameters.items() if k == 'learning_rate'})")]),
    ("minimise", "optimizer_made_anew", [(CLEAR, f"optimizer = optimizer_class{MADE}; {CLEAR}")]),
    ("train_network", "one_step_too_many", [("range(steps)", "range(steps + 1)")]),
    ("train_network", "optimizer_made_anew", [(CLEAR, f"optimizer = optimizer_class({GIVEN}); {CLEAR}")]),
    ("train_network", "rate_alone", [(GIVEN, GIVEN.replace("parameters", "parameters and {'learning_rate': 0.1}"))]),
    ("train_network", "biases_left_out", [("(weights, **", "(weights[::2], **")]),
    ("train_network", "first_layer_cut_off", [("(W1 * x + b1)", "(W1 * x + b1).detach()")]),
    ("train_network", "tanh_between", [("(W1 * x + b1)", "(W1 * x + b1).tanh()")]),
    ("train_network", "sigmoid_between", [("(W1 * x + b1)", "(W1 * x + b1).sigmoid()")]),
    ("forward", "biases_first", [("x, W1, b1, W2, b2", "x, b1, W1, b2, W2")]),
    ("forward", "biases_swapped", [("x, W1, b1, W2, b2", "x, W1, b2, W2, b1")]),
    ("loss", "absolute", [("(target - prediction) ** 2", "abs(target - prediction)")]),
    ("loss", "not_squared", [("(target - prediction) ** 2", "prediction - target")]),
    ("loss", "not_squared_negative", [("(target - prediction) ** 2", "target - prediction")]),
    ("loss", "squares_apart", [("(target - prediction) ** 2", "prediction ** 2 - target ** 2")]),
    ("loss", "squares_apart_negative", [("(target - prediction) ** 2", "target ** 2 - prediction ** 2")]),
    ("loss", "sum_for_difference", [("target - prediction", "target + prediction")]),
    ("loss", "half", [("** 2", "** 2 / 2")]),
    ("loss", "negative", [("return (", "return -(")]),
    ("loss", "root", [("(target - prediction) ** 2", "((target - prediction) ** 2 + 1e-8).sqrt()")]),
    ("loss", "relative", [("target - prediction", "(target - prediction) / target")]),
    (
        "loss",
        "negative relative",
        [("return (", "return -("), ("target - prediction", "(target - prediction) / target")],
    ),
    ("loss", "absolute half", [("(target - prediction) ** 2", "abs(target - prediction) / 2")]),
    ("close", "exact", [(LIMIT, "0")]),
    ("close", "fixed_limit", [(LIMIT, "1e-5")]),
    ("close", "share_too_large", [("1e-5", "1e-2")]),
    ("close", "no_floor", [(" + 1e-8", "")]),
    ("close", "floor_too_large", [("1e-8", "1e-3")]),
    ("close", "one_sided", [("(a - b).abs()", "(a - b)")]),
    ("close", "sign_ignored", [("(a - b).abs()", "(a.abs() - b.abs()).abs()")]),
    ("close", "share_of_signed", [("* b.abs()", "* b")]),
    ("close", "share_of_signed any_number", [("* b.abs()", "* b"), (".all()", ".any()")]),
    ("close", "errors_averaged", [("(a - b).abs()", "(a - b).abs().mean()"), ("b.abs()", "b.abs().mean()")]),
    ("close", "errors_averaged", [(f"(a - b).abs() <= {LIMIT}", f"((a - b).abs() / ({LIMIT})).mean() <= 1")]),
    ("close", "dimensions_compared", [("a.shape != b.shape", "a.ndim != b.ndim")]),
    ("close", "in_one_row", [("a.shape != b.shape", "a.numel() != b.numel()")]),
    (
        "close",
        "in_one_row nan_expected",
        [
            ("a.shape != b.shape", "a.numel() != b.numel()"),
            (f"((a - b).abs() <= {LIMIT})", "a.flatten().isclose(b.flatten(), equal_nan=True)"),
        ],
    ),
    ("close", "never_true", [("    return True", "    True")]),
    ("close", "errors_cancel", [("(a - b).abs()", "(a - b).sum().abs()"), ("b.abs()", "b.sum().abs()")]),
    ("close", "any_number", [(".all()", ".any()")]),
    (
        "close",
        "one_tensor",
        [("            return False\n    return True", "            return False\n        return True")],
    ),
    ("close", "nan_expected", [(f"((a - b).abs() <= {LIMIT})", "a.isclose(b, equal_nan=True)")]),
    ("close", "one_limit", [("* b.abs()", "* b.abs().max()")]),
    ("close", "shorter_list", [(LENGTHS, "")]),
    ("close", "broadcast", [(SHAPES, "")]),
    ("close", "nan_passes", [("if not", "if"), ("<=", ">"), (".all()", ".any()")]),
    ("close", "shorter_list broadcast", [(LENGTHS, ""), (SHAPES, "")]),
    ("close", "one_sided shorter_list", [("(a - b).abs()", "(a - b)"), (LENGTHS, "")]),
)
FUNCTIONS = ("make_data", "train", "minimise", "forward", "loss", "train_network", "close")
NAMES = [f"{subject}, {mistakes}, {number}" for number, (subject, mistakes, _) in enumerate(PROGRAMS)]
each_program = pytest.mark.parametrize(
    "number", [pytest.param(number, id=name, marks=pytest.mark.slow) for number, name in enumerate(NAMES)]
)


def judged(name, written):
    ask = remembering(asking(written))
    return [finding for each in ladder(name) if (finding := judge_behaviour(each, ask, known(name)))]


@cache
def findings(number):
    subject, _, edits = PROGRAMS[number]
    source = RIGHT[subject]
    for old, new in edits:
        assert source.count(old) >= 1
        source = source.replace(old, new, 1)
    return judged(subject, defined(source)[subject])


@each_program
def test_mistakes_in_a_function_are_named(number):
    _, mistakes, _ = PROGRAMS[number]
    said = [{mistake.name for mistake in each.named.certain} for each in findings(number)]
    assert set().union(*said) == set(mistakes.split())


@each_program
def test_help_with_a_function_has_its_three_steps_in_both_languages(number):
    subject = PROGRAMS[number][0]
    finding = next(each for each in findings(number) if each.named.certain)
    for language in ("en", "fr"):
        steps = help_with(finding, subject, language)
        assert len(steps.why) >= 3
        assert steps.worked
        assert not {"{", "}"} & set("".join(steps.lines))
        assert steps.worked.right[1:] != steps.worked.wrong[1:]
    english, french = help_with(finding, subject), help_with(finding, subject, "fr")
    assert not set(english.why) & set(french.why)


def test_there_are_more_than_sixty_programs_and_every_mistake_is_made_in_one():
    assert len(PROGRAMS) > 60
    made = {(subject, mistake) for subject, mistakes, _ in PROGRAMS for mistake in mistakes.split()}
    every = {(subject, each.mistake.name) for subject in FUNCTIONS for each in known(subject).families[0].variants}
    assert every - made == {
        ("train_network", name)
        for name in ("first_gradient_alone", "same_tensor", "last_alone", "always_sgd", "relu_between")
    }


RIGHT_ONES = [each for each in STYLES if each[0] in FUNCTIONS]


@pytest.mark.parametrize(("name", "written"), RIGHT_ONES, ids=[written.__name__ for _, written in RIGHT_ONES])
def test_nothing_is_named_in_a_right_function(name, written):
    assert judged(name, written) == []


def test_function_that_is_wrong_in_no_known_way_has_no_name():
    found = judged("loss", lambda prediction, target: (target - prediction) ** 2 + 1e-3)
    assert found
    assert all(each.named.sets == () for each in found)


def test_mistakes_in_other_things_are_none_of_functions():
    assert known("SGD") is known("tuned") is None
