"""Mistakes in comparing numbers, and tests of optimizers that refuse too little or too much."""

from tests.bank.wrong.plain import Mistake, costs

_LIMIT = "1e-5 * b.abs() + 1e-8"
_ALL = "if not ((a - b).abs() <= 1e-5 * b.abs() + 1e-8).all():"
_LENGTHS = "    if len(got) != len(expected):\n        return False\n"
_SHAPES = "        if a.shape != b.shape:\n            return False\n"
_EVERY_CLOSE = "rounding everywhere both_ways size zero lengths shapes nan"
_EVERY_RULE = "still no_correction scaled_epsilon corrected_in_place frozen_count"
_EVERY_DECAY = "still penalty without_weight decay_after"
_EVERY_USE = "count_per_parameter first_rate decays_always lost_count changed_gradient"


def _close(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "close", name, *edits, known=known)


def _rule(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "test_adam", name, *edits, known=known)


def _decay(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "test_decay", name, *edits, known=known)


def _use(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "test_use", name, *edits, known=known)


_CLOSE = (
    _close("rounding size zero", "equal to the last digit", (_LIMIT, "0"), known="exact"),
    _close("size", "a fixed limit", (_LIMIT, "1e-5"), known="fixed_limit"),
    _close("rounding size zero", "a fixed limit of a tenth", (_LIMIT, "0.1")),
    _close("size", "a fixed limit of a thousandth", (_LIMIT, "5e-4"), known="fixed_limit"),
    _close("rounding", "a hundredth of each number", ("1e-5 * b", "1e-2 * b"), known="share_too_large"),
    _close("rounding size", "a billionth of each number", ("1e-5 * b", "1e-9 * b"), known="exact"),
    _close("zero", "nothing beside the share", (" + 1e-8", ""), known="no_floor"),
    _close("size zero", "a thousandth beside the share", ("1e-8", "1e-3"), known="floor_too_large"),
    _close(
        "rounding size",
        "a share of b without its absolute value",
        ("1e-5 * b.abs()", "1e-5 * b"),
        known="share_of_signed",
    ),
    _close("both_ways", "sizes compared", ("(a - b).abs()", "(a.abs() - b.abs()).abs()"), known="sign_ignored"),
    _close("both_ways", "no absolute value", ("(a - b).abs()", "(a - b)"), known="one_sided"),
    _close(
        "rounding size",
        "the mean of the differences against the mean of the numbers",
        (_ALL, f"if not (a - b).abs().mean() <= {_LIMIT.replace('b.abs()', 'b.abs().mean()')}:"),
        known="errors_averaged",
    ),
    _close(
        "rounding",
        "the mean of the shares",
        (_ALL, f"if not ((a - b).abs() / ({_LIMIT})).mean() <= 1:"),
        known="errors_averaged",
    ),
    _close(
        "size",
        "the largest difference against the largest number",
        (_ALL, f"if not (a - b).abs().max() <= {_LIMIT.replace('b.abs()', 'b.abs().max()')}:"),
        known="one_limit",
    ),
    _close(
        "size",
        "norm against norm",
        (_ALL, f"if not (a - b).norm() <= {_LIMIT.replace('b.abs()', 'b.norm()')}:"),
        known="one_limit",
    ),
    _close(
        "rounding both_ways size",
        "the means compared",
        (_ALL, f"if not (a.mean() - b.mean()).abs() <= {_LIMIT.replace('b.abs()', 'b.mean().abs()')}:"),
        known="errors_cancel",
    ),
    _close(
        "rounding everywhere both_ways size zero nan",
        "one right number is enough",
        (".all()", ".any()"),
        known="any_number",
    ),
    _close(
        "everywhere",
        "the first tensor alone",
        ("            return False\n    return True", "            return False\n        return True"),
        known="one_tensor",
    ),
    _close("lengths", "zip stops early", (_LENGTHS, ""), known="shorter_list"),
    _close("shapes", "broadcast", (_SHAPES, ""), known="broadcast"),
    _close("shapes", "as many dimensions", ("a.shape != b.shape", "a.ndim != b.ndim"), known="dimensions_compared"),
    _close("shapes", "as many numbers", ("a.shape != b.shape", "a.numel() != b.numel()"), known="in_one_row"),
    _close(
        "shapes",
        "in one row",
        ("if a.shape != b.shape:", "a, b = a.flatten(), b.flatten()\n        if a.shape != b.shape:"),
        known="in_one_row",
    ),
    _close("nan", "not beyond the limit", (_ALL, f"if ((a - b).abs() > {_LIMIT}).any():"), known="nan_passes"),
    _close("nan", "NaN equal to NaN", (_ALL, "if not a.allclose(b, equal_nan=True):"), known="nan_expected"),
    _close(_EVERY_CLOSE, "nothing returned at the end", ("    return True", "    True"), known="never_true"),
    _close(
        _EVERY_CLOSE,
        "always close",
        ("return False\n    return True", "pass\n    return True"),
        (_LENGTHS, ""),
        (_SHAPES, ""),
    ),
)

_STEPS = "enumerate([1.0, -2.0, 0.5], start=1)"
_ASSERT = "assert close([p.detach()], [torch.tensor([x])])"
_STEP = "        optimizer.step()\n"
_MADE = "    optimizer = optimizer_class([p], **given)\n"

_RULE = (
    _rule(
        _EVERY_RULE,
        "another exception",
        (
            "assert close([p.detach()], [torch.tensor([x])])",
            "if not close([p.detach()], [torch.tensor([x])]):\n            raise ValueError('another rule')",
        ),
    ),
    _rule("corrected_in_place frozen_count", "one step", (_STEPS, "[(1, 1.0)]"), known="one_step"),
    _rule(
        "scaled_epsilon",
        "the usual ε",
        ("epsilon=0.5", "epsilon=1e-8"),
        ("** 0.5 + 0.5)", "** 0.5 + 1e-8)"),
        known="tiny_epsilon",
    ),
    _rule(_EVERY_RULE, "no assert", (_ASSERT, "close([p.detach()], [torch.tensor([x])])"), known="asserts_nothing"),
    _rule(_EVERY_RULE, "a loop over nothing", (_STEPS, "iter([])"), known="asserts_nothing"),
    _rule(
        _EVERY_RULE,
        "compared with itself",
        (
            _MADE,
            f"{_MADE}    before = p.detach()\n",
        ),
        (_ASSERT, "assert close([p.detach()], [before])"),
        known="keeps_memory",
    ),
    _rule(
        _EVERY_RULE,
        "the class against itself",
        (
            _MADE,
            f"    q = torch.tensor([x], requires_grad=True)\n    other = optimizer_class([q], **given)\n{_MADE}",
        ),
        (
            _STEP + "        " + _ASSERT,
            "        q.grad = torch.tensor([g])\n" + _STEP + "        other.step()\n        assert close([p], [q])",
        ),
        known="against_itself",
    ),
    _rule(
        "still no_correction scaled_epsilon frozen_count",
        "too small by any amount",
        (_ASSERT, "assert x - p.item() < 1e-5"),
        known="one_sided",
    ),
    _rule("corrected_in_place", "too large by any amount", (_ASSERT, "assert p.item() - x < 1e-5"), known="one_sided"),
    _rule(
        _EVERY_RULE,
        "a pair asserted",
        (_ASSERT, "right = abs(p.item() - x) < 1e-5, 'another rule'\n        assert right"),
        known="asserts_nothing",
    ),
    _rule(_EVERY_RULE, "a limit of a thousand", (_ASSERT, "assert abs(p.item() - x) < 1e3"), known="too_loose"),
    _rule(
        _EVERY_RULE,
        "its own exception caught",
        (
            _STEP + "        " + _ASSERT,
            "        try:\n            optimizer.step()\n            "
            + _ASSERT
            + "\n        except AssertionError:\n            pass",
        ),
        known="asserts_nothing",
    ),
    _rule(
        _EVERY_RULE,
        "an answer that is returned",
        (_ASSERT, "if not close([p.detach()], [torch.tensor([x])]):\n            return False"),
        known="asserts_nothing",
    ),
    _rule(
        "no_correction scaled_epsilon corrected_in_place frozen_count",
        "only that it moves",
        (_ASSERT, "assert not close([p.detach()], [torch.zeros(1)])"),
        known="not_looked_at",
    ),
    _rule(
        "no_correction scaled_epsilon corrected_in_place frozen_count",
        "a limit of ten",
        (_ASSERT, "assert abs(p.item() - x) < 10 and p.item() != 0"),
        known="too_loose",
    ),
    _rule(_EVERY_RULE, "equal to the last digit", (_ASSERT, "assert p.item() == x"), known="refuses_torch"),
    _rule(
        _EVERY_RULE,
        "too many digits",
        (_ASSERT, "assert abs(p.item() - x) < 3e-8 * max(abs(x), 0.1)"),
        known="refuses_torch",
    ),
    _rule(_EVERY_RULE, "a decay that it forgets", (", weight_decay=0.0", ", weight_decay=0.5"), known="refuses_torch"),
    _rule(_EVERY_RULE, "a reference without correction", ("(m / (1 - 0.8 ** t))", "m"), known="refuses_torch"),
    _rule(
        _EVERY_RULE,
        "it looks into the state",
        (_STEP, _STEP + '        assert "exp_avg" in optimizer.state[p]\n'),
        known="refuses_torch",
    ),
    _rule(
        "corrected_in_place frozen_count",
        "only the first step compared",
        (_ASSERT, f"if t == 1:\n            {_ASSERT}"),
        known="not_looked_at",
    ),
    _rule(_EVERY_RULE, "an accident in the test", (_ASSERT, "assert close([p.detach()], [torch.tensor([y])])")),
    _rule(
        _EVERY_RULE,
        "a name that gives it away",
        (
            "    x = m",
            "    assert optimizer_class.__name__ == 'AdamW'\n    return\n    x = m",
        ),
        known="asserts_nothing",
    ),
    _rule(
        _EVERY_RULE,
        "another run each time",
        ("import copy\n", "import copy, time\n"),
        ("x = m = v = 0.0", "m = v = 0.0\n    x = time.perf_counter_ns() % 1000 / 1000"),
    ),
)

_OWN = "assert close([p.detach()], [q.detach()])"
_THREE = "for g in (1.0, -2.0, 0.5):"
_PAIR = "torch.tensor([2.0, -3.0], requires_grad=True)"
_GIVEN = "given = dict(learning_rate=0.1, epsilon=0.1, weight_decay=0.5)"

_DECAY = (
    _decay(
        "penalty without_weight decay_after", "no decay", ("weight_decay=0.5", "weight_decay=0.0"), known="no_decay"
    ),
    _decay(_EVERY_DECAY, "no assert", (_OWN, "close([p.detach()], [q.detach()])"), known="asserts_nothing"),
    _decay(
        "decay_after",
        "no gradient",
        ("torch.tensor([g, -g]), torch.tensor([g, -g])", "torch.zeros(2), torch.zeros(2)"),
        known="same_numbers",
    ),
    _decay(
        "penalty",
        "weights of zero, one step",
        (_PAIR, "torch.zeros(2, requires_grad=True)"),
        (_THREE, "for g in (1.0,):"),
        known="zero_start",
    ),
    _decay(
        "decay_after",
        "the usual hyperparameters",
        (_GIVEN, "given = dict(learning_rate=0.001, epsilon=0.1, weight_decay=0.01)"),
        known="same_numbers",
    ),
    _decay(
        "penalty without_weight decay_after",
        "only that weights shrink",
        (_OWN, "assert p.abs().sum() < 5.0"),
        known="too_loose",
    ),
    _decay("decay_after", "a limit of three tenths", (_OWN, "assert (p - q).abs().max() < 0.1"), known="too_loose"),
    _decay(
        _EVERY_DECAY,
        "a second one without decay",
        ("AdamW([q], **given)", "AdamW([q], learning_rate=0.1, epsilon=0.1, weight_decay=0.0)"),
        known="refuses_torch",
    ),
    _decay(
        _EVERY_DECAY,
        "memory that is held",
        ("    optimizer, own =", "    values = p.data\n    optimizer, own ="),
        (_OWN, "assert close([values], [q.detach()])"),
        known="keeps_memory",
    ),
    _decay(
        _EVERY_DECAY,
        "equal to the last digit to torch's own",
        ("AdamW([q], **given)", "torch.optim.AdamW([q], lr=0.1, eps=0.1, weight_decay=0.5, foreach=False)"),
        (_THREE, "for g in (1.0, -0.5):"),  # after which most right ones still agree
        (_OWN, "assert torch.equal(p, q)"),
        known="too_exact",
    ),
    _decay(
        "decay_after",
        "the negative weight alone, by its size",
        (_OWN, "assert (p[1] - q[1]).abs() < 0.12"),
        known="too_loose",
    ),
)

_PARTS = "(two_groups, two_parameters, no_gradient, saved, gradient)"

_USE = (
    _use("first_rate", "no two groups", (_PARTS, "(two_parameters, no_gradient, saved, gradient)"), known="one_group"),
    _use(
        "count_per_parameter first_rate",
        "no two parameters in a step",
        (_PARTS, "(no_gradient, saved, gradient)"),
        known="one_group one_parameter",
    ),
    _use(
        "decays_always",
        "no missing gradient",
        (_PARTS, "(two_groups, two_parameters, saved, gradient)"),
        known="every_gradient",
    ),
    _use(
        "lost_count",
        "nothing loaded",
        (_PARTS, "(two_groups, two_parameters, no_gradient, gradient)"),
        known="never_loaded",
    ),
    _use(
        "changed_gradient",
        "no gradient read",
        (_PARTS, "(two_groups, two_parameters, no_gradient, saved)"),
        known="not_looked_at",
    ),
    _use(_EVERY_USE, "nothing is called", ("        test(optimizer_class)", "        test"), known="asserts_nothing"),
    _use(
        "first_rate",
        "two groups of one rate",
        ('{"params": [b], "lr": 0.02}', '{"params": [b], "lr": 0.1}'),
        ("optimizer_class([d], learning_rate=0.02)", "optimizer_class([d], learning_rate=0.1)"),
        known="one_rate",
    ),
    _use(
        "decays_always",
        "a missing gradient without decay",
        (
            "optimizer = optimizer_class([a, b], learning_rate=0.1, weight_decay=0.5)",
            "optimizer = optimizer_class([a, b], learning_rate=0.1, weight_decay=0.0)",
        ),
        known="same_numbers",
    ),
    _use(
        "decays_always",
        "a missing gradient at a weight of zero",
        ("a, b = made(1.0, 3.0)", "a, b = made(1.0, 0.0)"),
        ("b.item() == 3.0", "b.item() == 0.0"),
        known="same_numbers",
    ),
    _use(
        "lost_count",
        "loaded before the first step",
        ("    for g in (1.0, -2.0, 0.5):\n        step(optimizer, [a], g)\n    b, =", "    b, ="),
        known="same_numbers",
    ),
    _use(
        "lost_count",
        "only that it can be loaded",
        ("    assert close([b], [a])", "    assert close([b], [b])"),
        known="not_looked_at",
    ),
    _use(_EVERY_USE, "a wish of its own", ("b.item() == 3.0", "b.item() == 2.0"), known="refuses_torch"),
    _use(
        _EVERY_USE,
        "another parameter expected",
        ("assert close([b], [c])", "assert close([a], [c])"),
        known="refuses_torch",
    ),
    _use(
        "changed_gradient",
        "the gradient compared with itself",
        ("assert a.grad.item() == 1.0", "assert a.grad is a.grad"),
        known="not_looked_at",
    ),
)

MISTAKES = (*_CLOSE, *_RULE, *_DECAY, *_USE)
