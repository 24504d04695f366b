"""Mistakes in `LRSchedulerOnPlateau`."""

from tests.bank.wrong.plain import Mistake, costs

_CHECK_MODE = """\
        if mode not in ("min", "max"):
            raise ValueError("mode must be 'min' or 'max'")
"""
_CHECK_FACTOR = """\
        if not 0 < factor < 1:
            raise ValueError("factor must lie between 0 and 1")
"""
_START = 'self.best = float("inf") if mode == "min" else -float("inf")'
_NEW_BEST = "self.best = metric\n            self.bad = 0"
_BAD = "else:\n            self.bad += 1"
_SET = 'for group in self.optimizer.param_groups:\n            group["lr"] = lr'
_WRITE = "self.set_lr(max(self.get_lr() * self.factor, self.min_lr))"
_REDUCED = "self.min_lr))\n            self.bad = 0"
_REDUCE = f"        if self.bad > self.patience:\n            {_WRITE}\n            self.bad = 0\n"
_LOWER = "metric < self.best * (1 - self.threshold)"
_HIGHER = "metric > self.best * (1 + self.threshold)"
_FIRST = 'if self.mode == "min":'
_NUMBER = "metric = float(metric)"

# All that is judged by how the scheduler's own run on a constant metric ends: with a reduction.
_NEVER_REDUCES = (
    "improvement patience count_reset best factor min_lr threshold negative mode nan metric_types groups signature"
)


def _mistake(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "LRSchedulerOnPlateau", name, *edits, known=known)


_RATE = (
    _mistake(
        "initial_rate",
        "the initial rate is not written",
        ("\n        self.set_lr(initial_lr)", ""),
        known="initial_rate_not_written",
    ),
    _mistake(
        "initial_rate groups",
        "the first group only",
        ("in self.optimizer.param_groups", "in self.optimizer.param_groups[:1]"),
        known="first_group_only",
    ),
    _mistake(
        "groups",
        "only the first group is reduced",
        (_WRITE, 'self.optimizer.param_groups[0]["lr"] = max(self.get_lr() * self.factor, self.min_lr)'),
        known="first_group_only",
    ),
    _mistake(
        "groups",
        "the next group starts from the rate of the first, which is reduced already",
        (
            _WRITE,
            _SET.replace("    group", "        group").replace(
                "= lr", "= max(self.get_lr() * self.factor, self.min_lr)"
            ),
        ),
    ),
    _mistake(
        "groups",
        "all groups are reduced once for every group",
        (_WRITE, "for _ in self.optimizer.param_groups:\n                " + _WRITE),
    ),
    _mistake(
        "initial_rate factor",
        "the initial rate is read",
        ('return self.optimizer.param_groups[0]["lr"]', "return self.initial_lr"),
        known="initial_rate_returned",
    ),
    _mistake(
        "factor",
        "the rate falls from the initial rate each time",
        ("self.get_lr() *", "self.initial_lr *"),
        known="from_initial_rate",
    ),
    _mistake(
        "factor",
        "the rate falls from the rate that was set last",
        (_SET, "self.lr = lr\n        " + _SET),
        ("self.get_lr() *", "self.lr *"),
        known="remembered_rate",
    ),
    _mistake(
        "factor", "factor is subtracted", ("self.get_lr() * self", "self.get_lr() - self"), known="factor_subtracted"
    ),
    _mistake(
        "factor min_lr", "divided by factor", ("self.get_lr() * self", "self.get_lr() / self"), known="rate_divided"
    ),
    _mistake(
        "factor", "factor is what is taken off", ("* self.factor,", "* (1 - self.factor),"), known="factor_taken_off"
    ),
    _mistake("factor", "factor is always 0.1", ("* self.factor,", "* 0.1,"), known="factor_fixed"),
    _mistake(
        _NEVER_REDUCES,
        "the new rate is kept, not written",
        (_WRITE, "self.lr = max(self.get_lr() * self.factor, self.min_lr)"),
        known="never_reduces",
    ),
)

_FLOOR = (
    _mistake("min_lr", "no floor", (_WRITE, "self.set_lr(self.get_lr() * self.factor)"), known="no_floor"),
    _mistake("factor", "straight to the floor", (_WRITE, "self.set_lr(self.min_lr)"), known="straight_to_floor"),
    _mistake(
        "factor min_lr", "the lower of rate and floor", ("self.set_lr(max(", "self.set_lr(min("), known="lower_of_both"
    ),
    _mistake(
        "min_lr", "the floor is always 1e-6", ("* self.factor, self.min_lr", "* self.factor, 1e-6"), known="floor_fixed"
    ),
    _mistake(
        "min_lr",
        "no reduction where it would pass the floor",
        (
            _WRITE,
            "if self.get_lr() * self.factor >= self.min_lr:\n                self.set_lr(self.get_lr() * self.factor)",
        ),
        known="last_reduction_skipped",
    ),
    _mistake(
        "min_lr",
        "the floor is looked at before the reduction",
        (_WRITE, "if self.get_lr() > self.min_lr:\n                self.set_lr(self.get_lr() * self.factor)"),
        known="floor_too_early",
    ),
    _mistake(
        "min_lr",
        "the floor holds before the factor",
        ("max(self.get_lr() * self.factor, self.min_lr)", "max(self.get_lr(), self.min_lr) * self.factor"),
        known="floor_too_early",
    ),
)

_PATIENCE = (
    _mistake("patience", "one epoch too early", ("bad > self", "bad >= self"), known="patience_reached"),
    _mistake(
        "patience",
        "one epoch too early, looked at after a bad epoch",
        ("        if self.bad > self.patience", "        if not better and self.bad >= self.patience"),
        known="patience_reached",
    ),
    _mistake(
        "patience", "one epoch too late", ("bad > self.patience", "bad > self.patience + 1"), known="patience_passed"
    ),
    _mistake("patience", "patience is always 10", ("bad > self.patience", "bad > 10")),
    _mistake(
        "patience count_reset",
        "patience is looked at before the metric",
        (_REDUCE, ""),
        (_NUMBER, _REDUCE.strip() + "\n        " + _NUMBER),
    ),
    _mistake(
        "count_reset",
        "the count goes on after an improvement",
        (_NEW_BEST, "self.best = metric"),
        known="count_kept_after_improvement",
    ),
    _mistake(
        "count_reset",
        "an improvement takes one bad epoch off",
        (_NEW_BEST, "self.best = metric\n            self.bad = max(self.bad - 1, 0)"),
    ),
    _mistake(
        "count_reset",
        "the count goes on after a reduction",
        (_REDUCED, "self.min_lr))"),
        known="count_kept_after_reduction",
    ),
    _mistake(
        "count_reset",
        "the epoch of a reduction counts again",
        (_REDUCED, "self.min_lr))\n            self.bad = 1"),
        known="count_one_after_reduction",
    ),
    _mistake(
        "count_reset", "a pause of one epoch after a reduction", (_REDUCED, "self.min_lr))\n            self.bad = -1")
    ),
    _mistake(
        "nan",
        "the count starts at 1",
        ("        self.bad = 0\n        self.best", "        self.bad = 1\n        self.best"),
    ),
    _mistake(
        "improvement patience count_reset negative mode",
        "good epochs are counted too",
        (_NEW_BEST, "self.best = metric\n            self.bad += 1"),
        known="good_epochs_counted",
    ),
    _mistake(
        _NEVER_REDUCES,
        "good epochs are counted in place of bad ones",
        (_NEW_BEST, "self.best = metric\n            self.bad += 1"),
        (_BAD, "else:\n            self.bad = 0"),
    ),
    _mistake(
        "patience threshold nan",
        "only a metric worse than the best is a bad epoch",
        (_BAD, 'elif metric < self.best if self.mode == "max" else metric > self.best:\n            self.bad += 1'),
        known="only_worse_counts",
    ),
    _mistake(
        "nan",
        "the count is kept on the class",
        ("        self.bad = 0\n        self.best", "        self.best"),
        ("    def step", "    bad = 0\n\n    def step"),
        (_NEW_BEST, "self.best = metric\n            type(self).bad = 0"),
        ("            self.bad += 1", "            type(self).bad += 1"),
        (_REDUCED, "self.min_lr))\n            type(self).bad = 0"),
    ),
)

_BEST = (
    _mistake(
        "best nan",
        "the last metric is the best",
        ("self.bad += 1", "self.bad += 1\n            self.best = metric"),
        known="last_is_best",
    ),
    _mistake(_NEVER_REDUCES, "the best stays at infinity", (_NEW_BEST, "self.bad = 0"), known="best_never_updated"),
    _mistake(
        "best",
        "the best stays at the first metric",
        (_NEW_BEST, 'if abs(self.best) == float("inf"):\n                self.best = metric\n            self.bad = 0'),
        known="best_stays_first",
    ),
    _mistake(
        "best",
        "a new best waits for a reduction",
        (_NEW_BEST, 'if abs(self.best) == float("inf"):\n                self.best = metric\n            self.bad = 0'),
        (_REDUCED, _REDUCED + "\n            self.best = metric"),
    ),
    _mistake(
        "best",
        "a reduction makes the present metric the best",
        (_REDUCED, _REDUCED + "\n            self.best = metric"),
    ),
    _mistake(
        "count_reset best",
        "the best is forgotten after a reduction",
        (_REDUCED, _REDUCED + '\n            self.best = float("inf") if self.mode == "min" else -float("inf")'),
        known="best_forgotten",
    ),
    _mistake(
        "best",
        "a record within the threshold becomes the best",
        (
            "self.bad += 1",
            "self.bad += 1\n            self.best = (min if self.mode == 'min' else max)(self.best, metric)",
        ),
        known="smallest_is_best",
    ),
    _mistake(
        "improvement patience count_reset mode",
        "the best starts at 0",
        (_START, "self.best = 0.0"),
        known="best_starts_at_zero",
    ),
    _mistake(
        "mode",
        "the best starts at 0 where higher is better",
        ('else -float("inf")', "else 0.0"),
        known="best_starts_at_zero_in_max",
    ),
    _mistake(
        "mode",
        "the best starts at +inf in both modes",
        (' if mode == "min" else -float("inf")', ""),
        known="max_never_improves",
    ),
    _mistake(
        "patience nan",
        "the first metric is compared with itself",
        (_START, "self.best = None"),
        (_NUMBER, _NUMBER + "\n        if self.best is None:\n            self.best = metric"),
        known="first_with_itself",
    ),
    _mistake(
        "nan",
        "the first metric is the best, even NaN",
        (_START, "self.best = None"),
        (_FIRST, 'if self.best is None:\n            better = True\n        elif self.mode == "min":'),
        known="first_is_best",
    ),
    _mistake(
        "best",
        "a best of 0 is taken for none",
        (_START, "self.best = None"),
        (_FIRST, 'if not self.best:\n            better = metric == metric\n        elif self.mode == "min":'),
    ),
)

_THRESHOLD = (
    _mistake(
        "threshold",
        "no threshold",
        ("(1 - self.threshold)", "1"),
        ("(1 + self.threshold)", "1"),
        known="no_threshold",
    ),
    _mistake(
        "threshold",
        "an absolute threshold",
        ("self.best * (1 - self.threshold)", "self.best - self.threshold"),
        ("self.best * (1 + self.threshold)", "self.best + self.threshold"),
        known="threshold_absolute",
    ),
    _mistake(
        "patience threshold",
        "the threshold on the wrong side",
        ("(1 - self.threshold)", "(1 + self.threshold)"),
        (_HIGHER, "metric > self.best * (1 - self.threshold)"),
        known="threshold_wrong_side",
    ),
    _mistake(
        "threshold",
        "the threshold of 'min' in 'max' too",
        ("(1 + self.threshold)", "(1 - self.threshold)"),
        known="max_with_min_threshold",
    ),
    _mistake(
        "threshold",
        "the threshold is put on the metric",
        (_LOWER, "metric * (1 + self.threshold) < self.best"),
        (_HIGHER, "metric * (1 - self.threshold) > self.best"),
    ),
    _mistake(
        "threshold",
        "the threshold in percent",
        ("(1 - self.threshold)", "(1 - self.threshold / 100)"),
        ("(1 + self.threshold)", "(1 + self.threshold / 100)"),
    ),
    _mistake(
        "threshold",
        "the threshold is always 1e-4",
        ("(1 - self.threshold)", "(1 - 1e-4)"),
        ("(1 + self.threshold)", "(1 + 1e-4)"),
        known="threshold_fixed",
    ),
    _mistake("threshold", "no threshold where higher is better", ("(1 + self.threshold)", "1")),
    _mistake(
        "threshold",
        "an equal metric is an improvement",
        ("metric < ", "metric <= "),
        ("metric > ", "metric >= "),
        known="equal_improves",
    ),
    _mistake(
        "negative",
        "the threshold by the size of the best",
        ("(1 - self.threshold)", "(1 - self.threshold * (1 if self.best > 0 else -1))"),
        ("(1 + self.threshold)", "(1 + self.threshold * (1 if self.best > 0 else -1))"),
        known="distance_of_best",
    ),
    _mistake(
        "negative",
        "the threshold by the size of the best where higher is better",
        ("(1 + self.threshold)", "(1 + self.threshold * (1 if self.best > 0 else -1))"),
    ),
    _mistake("negative", "sizes are compared", (_LOWER, "abs(metric) < abs(self.best) * (1 - self.threshold)")),
    _mistake(
        "improvement patience count_reset negative",
        "multiplied out, where inf - inf is NaN",
        ("self.best * (1 - self.threshold)", "self.best - self.best * self.threshold"),
        ("self.best * (1 + self.threshold)", "self.best + self.best * self.threshold"),
        known="infinite_bound",
    ),
)

_MODE = (
    _mistake(
        "mode",
        "lower is always better",
        (_FIRST, "if True:"),
        (' if mode == "min" else -float("inf")', ""),
        known="mode_ignored",
    ),
    _mistake(
        "improvement count_reset best threshold negative mode nan",
        "the modes are swapped",
        (_FIRST, 'if self.mode == "max":'),
        ('float("inf") if mode == "min"', 'float("inf") if mode == "max"'),
        known="mode_swapped",
    ),
    _mistake("validation mode threshold", "'max' is refused", ('mode not in ("min", "max")', 'mode != "min"')),
)

_VALIDATION = (
    _mistake(
        "validation",
        "any mode is taken",
        (_CHECK_MODE, ""),
    ),
    _mistake(
        "validation",
        "the mode is looked at in the first step",
        (_CHECK_MODE, ""),
        (_NUMBER, 'if self.mode not in ("min", "max"):\n            raise ValueError("mode")\n        ' + _NUMBER),
    ),
    _mistake("validation", "factor may be 1", ("< factor < 1", "< factor <= 1")),
    _mistake("validation", "factor may be 0", ("0 < factor <", "0 <= factor <")),
    _mistake("validation", "factor may be above 1", ("not 0 < factor < 1", "factor <= 0 or factor == 1")),
    _mistake("validation", "factor may be negative", ("not 0 < factor < 1", "factor == 0 or factor >= 1")),
    _mistake(
        "validation",
        "any factor is taken",
        (_CHECK_FACTOR, ""),
    ),
    _mistake("validation", "a factor above a half is refused", ("0 < factor < 1", "0 < factor <= 0.5")),
    _mistake(
        "validation",
        "an AssertionError",
        (_CHECK_MODE, '        assert mode in ("min", "max")\n'),
        (_CHECK_FACTOR, "        assert 0 < factor < 1\n"),
    ),
)

_NAN = (
    _mistake("nan", "NaN is skipped", ("self.bad += 1", "self.bad += metric == metric"), known="nan_ignored"),
    _mistake(
        "nan",
        "NaN starts the count again",
        (_BAD, "elif metric != metric:\n            self.bad = 0\n        " + _BAD),
        known="nan_resets",
    ),
    _mistake("nan", "NaN is a new best", ("if better:", "if better or metric != metric:"), known="nan_becomes_best"),
    _mistake(
        "nan",
        "NaN becomes the best of the bad epochs",
        ("self.bad += 1", "self.bad += 1\n            if metric != metric:\n                self.best = metric"),
    ),
    _mistake(
        "nan",
        "not worse is taken for better",
        ("metric < self", "not metric >= self"),
        ("metric > self", "not metric <= self"),
        known="nan_improves",
    ),
    _mistake(
        "nan",
        "NaN raises",
        (_NUMBER, _NUMBER + '\n        if metric != metric:\n            raise ValueError("the metric is NaN")'),
    ),
)

_METRIC = (
    _mistake(
        "metric_types",
        "numbers only",
        (
            _NUMBER,
            'if not isinstance(metric, int | float):\n            raise TypeError("the metric must be a number")',
        ),
    ),
    _mistake(
        "metric_types",
        "a tensor without dimensions only",
        (_NUMBER, "metric = float(metric if isinstance(metric, int | float) else metric.tolist())"),
    ),
    _mistake(
        "metric_types",
        "a tensor with one dimension only",
        (_NUMBER, "metric = float(metric if isinstance(metric, int | float) else metric[0])"),
    ),
    _mistake("metric_types", "tensors only", (_NUMBER, "metric = metric.item()")),
    _mistake("improvement", "the metric is rounded", ("float(metric)", "round(float(metric), 2)")),
)

_DEFAULTS = (
    _mistake("signature", "a step that needs an epoch", ("def step(self, metric):", "def step(self, metric, epoch):")),
    _mistake("signature", "another default patience", ("patience=10", "patience=5"), known="default_patience_5"),
    _mistake("signature", "another default factor", ("factor=0.1", "factor=0.5"), known="default_factor_0_5"),
    _mistake("signature", "no default floor", ("min_lr=1e-6", "min_lr=0.0"), known="default_min_lr_0_0"),
    _mistake("signature", "another default mode", ('mode="min"', 'mode="max"'), known="default_mode_max"),
    _mistake(
        "signature",
        "another default threshold",
        ("threshold=1e-4", "threshold=1e-3"),
        known="default_threshold_0_001",
    ),
    _mistake("signature", "no default threshold", ("threshold=1e-4", "threshold=0.0"), known="default_threshold_0_0"),
)

MISTAKES = (*_RATE, *_FLOOR, *_PATIENCE, *_BEST, *_THRESHOLD, *_MODE, *_VALIDATION, *_NAN, *_METRIC, *_DEFAULTS)
