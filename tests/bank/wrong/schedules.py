"""Mistakes in the three schedules of notebook 12."""

from __future__ import annotations

from tests.bank.wrong.plain import Mistake, costs

_WRITE_INITIAL = "self.set_lr(self.rate())\n\n    def get_lr"
_LOOP = "for group in self.optimizer.param_groups"
_STEP = "        self.k += 1\n        self.set_lr(self.rate())\n"
_CLIMB = "self.initial_lr + (self.peak_lr - self.initial_lr) * done"
_DONE = "min(self.k / self.steps, 1.0)"
_SHARE = "(1 + math.cos(math.pi * done)) / 2"
_ARC = "self.min_lr + (self.initial_lr - self.min_lr) * share"
_ALL = {
    "WarmUp": "climb last_step after",
    "CosineDecay": "curve min_lr last_step after",
    "WarmUpStableDecay": "warm_up stable decay min_lr after empty_phases",
}
_END = {
    "WarmUp": "self.steps",
    "CosineDecay": "self.steps",
    "WarmUpStableDecay": "self.warmup_steps + self.stable_steps + self.decay_steps",
}
_CURVE = {"WarmUp": "climb last_step", "CosineDecay": "curve last_step", "WarmUpStableDecay": "warm_up"}
_AHEAD = {"WarmUp": "climb", "CosineDecay": "curve", "WarmUpStableDecay": "initial_rate warm_up"}


def _every(subject: str) -> tuple[Mistake, ...]:
    """List what may be wrong in any of them."""
    end, everything = _END[subject], _ALL[subject]
    of_the_end = "decay" if subject == "WarmUpStableDecay" else "last_step"
    computes = subject == "WarmUpStableDecay"

    def mistake(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
        return costs(lost, subject, name, *edits, known=known)

    return (
        mistake(
            "initial_rate empty_phases" if computes else "initial_rate",
            "the initial rate is not written",
            (_WRITE_INITIAL, "self.lr = initial_lr\n\n    def get_lr"),
            known="initial_rate_not_written",
        ),
        mistake(
            "initial_rate groups",
            "the first group only",
            (_LOOP, f"{_LOOP}[:1]"),
            known="first_group_only",
        ),
        mistake(
            "groups",
            "later rates go into the first group only",
            (_STEP, '        self.k += 1\n        self.optimizer.param_groups[0]["lr"] = self.rate()\n'),
            known="first_group_only",
        ),
        mistake(
            _CURVE[subject],
            "one step behind",
            (_STEP, "        self.set_lr(self.rate())\n        self.k += 1\n"),
            known="one_step_behind",
        ),
        mistake(
            _AHEAD[subject],
            "the count starts at 1",
            ("self.k = 0", "self.k = 1"),
            *(() if computes else ((_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),)),
            known="one_step_ahead",
        ),
        mistake(
            "own_count",
            "the count stands in the class",
            ("self.k = 0", f"{subject}.k = 0"),
            ("self.k += 1", f"{subject}.k += 1"),
            known="count_shared",
        ),
        mistake(
            of_the_end,
            "the last step is left out",
            (_STEP, f"        self.k += 1\n        if self.k < {end}:\n            self.set_lr(self.rate())\n"),
            known="last_step_missing",
        ),
        mistake(
            "after",
            "starts again one step after the end",
            ("self.k += 1", f"self.k = 0 if self.k == {end} else self.k + 1"),
        ),
        mistake(
            f"{of_the_end} after",
            "starts again at the end",
            ("self.k += 1", f"self.k = (self.k + 1) % ({end})"),
            known="starts_again",
        ),
        mistake(
            "after",
            "the initial rate after the end",
            (
                _STEP,
                f"        self.k += 1\n        self.set_lr(self.initial_lr if self.k > {end} else self.rate())\n",
            ),
            known="initial_rate_at_the_end",
        ),
        mistake(
            everything + " groups own_count signature",
            "step does nothing",
            (_STEP, "        pass\n"),
            known="rate_not_written",
        ),
        mistake(
            everything + " groups own_count signature",
            "step returns its rate",
            (_STEP, "        self.k += 1\n        return self.rate()\n"),
            known="rate_not_written",
        ),
        mistake("signature", "step takes no metric", ("self, metric=None", "self")),
        mistake("signature", "step needs a metric", ("metric=None", "metric")),
        mistake(
            "signature",
            "the metric is taken for the count",
            ("self.k += 1", "self.k = self.k + 1 if metric is None else metric"),
        ),
        mistake(
            "signature",
            "another name for the first rate",
            ("initial_lr, ", "lr, "),
            ("optimizer, initial_lr\n", "optimizer, lr\n"),
        ),
    )


_WARM_UP = (
    *_every("WarmUp"),
    costs("after", "WarmUp", "climbs on", (_DONE, "self.k / self.steps"), known="goes_on_behind_the_end"),
    costs(
        "climb last_step",
        "WarmUp",
        "divided by steps + 1",
        ("self.k / self.steps", "self.k / (self.steps + 1)"),
        known="climb_one_step_too_long",
    ),
    costs(
        "climb last_step",
        "WarmUp",
        "counted to steps, divided by steps + 1",
        (_DONE, "min(self.k, self.steps) / (self.steps + 1)"),
        known="climb_one_step_too_long",
    ),
    costs(
        "climb last_step",
        "WarmUp",
        "divided by steps − 1",
        ("self.k / self.steps", "self.k / (self.steps - 1)"),
        known="climb_one_step_too_short",
    ),
    costs(
        "initial_rate climb",
        "WarmUp",
        "as in notebook 8, also at the start",
        ("self.k / self.steps", "(self.k + 1) / (self.steps + 1)"),
        known="counted_from_one",
    ),
    costs(
        "climb",
        "WarmUp",
        "as in notebook 8",
        ("self.k / self.steps", "(self.k + 1) / (self.steps + 1)"),
        (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),
        known="counted_from_one",
    ),
    costs("initial_rate climb", "WarmUp", "from zero", (_CLIMB, "self.peak_lr * done"), known="climb_from_zero"),
    costs(
        "climb",
        "WarmUp",
        "from zero, the constructor writes the initial rate",
        (_CLIMB, "self.peak_lr * done"),
        (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),
        known="climb_from_zero",
    ),
    costs(
        "climb last_step",
        "WarmUp",
        "the whole peak added",
        (_CLIMB, "self.initial_lr + self.peak_lr * done"),
        known="whole_peak_added",
    ),
    costs(
        "climb",
        "WarmUp",
        "the whole peak added, and cut off",
        (_CLIMB, "min(self.initial_lr + self.peak_lr * done, self.peak_lr)"),
        known="whole_peak_added",
    ),
    costs(
        "climb",
        "WarmUp",
        "at the peak at once",
        (_CLIMB, "self.peak_lr if self.k else self.initial_lr"),
        known="peak_at_once",
    ),
    costs(
        "climb last_step after",
        "WarmUp",
        "a share of what is left",
        (_STEP, "        self.set_lr(self.get_lr() + (self.peak_lr - self.get_lr()) / self.steps)\n"),
        known="share_of_what_is_left",
    ),
    costs(
        "climb",
        "WarmUp",
        "begun anew at the rate in force",
        (_CLIMB, "self.get_lr() + (self.peak_lr - self.get_lr()) * done"),
        (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),
        known="climbs_from_present_rate",
    ),
    costs(
        "climb last_step after",
        "WarmUp",
        "added to the rate in force",
        (_CLIMB, "self.get_lr() + (self.peak_lr - self.initial_lr) * done"),
        (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),
        known="climb_added_to_present_rate",
    ),
    costs(
        "climb last_step after",
        "WarmUp",
        "the height above the rate in force",
        (_CLIMB, "self.initial_lr + (self.peak_lr - self.get_lr()) * done"),
        (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr"),
        known="height_above_present_rate",
    ),
    costs(
        "climb last_step",
        "WarmUp",
        "counted to steps, divided by steps − 1",
        (_DONE, "min(self.k, self.steps) / (self.steps - 1)"),
        known="climb_one_step_too_short",
    ),
    costs(
        "climb",
        "WarmUp",
        "multiplied at each step",
        (_CLIMB, "self.initial_lr * (self.peak_lr / self.initial_lr) ** done"),
        known="climb_by_a_factor",
    ),
    costs(
        "climb",
        "WarmUp",
        "along a cosine",
        (_CLIMB, f"{_CLIMB[:-4]}(1 - math.cos(math.pi * done)) / 2"),
        known="climb_along_a_cosine",
    ),
    costs("climb last_step", "WarmUp", "down instead of up", ("self.initial_lr + (", "self.initial_lr - (")),
    costs(
        "climb",
        "WarmUp",
        "the start as a factor, as in torch",
        (_CLIMB, "self.peak_lr * (self.initial_lr + (1 - self.initial_lr) * done) if self.k else self.initial_lr"),
    ),
    costs("climb", "WarmUp", "whole numbers only", (_DONE, "min(self.k // self.steps, 1)")),
    costs(
        "initial_rate climb last_step",
        "WarmUp",
        "a squared share, and the two rates exchanged",
        (_CLIMB, "self.peak_lr + (self.initial_lr - self.peak_lr) * done ** 2"),
    ),
    costs("climb", "WarmUp", "a squared share", (_DONE, f"{_DONE} ** 2")),
    costs("climb", "WarmUp", "a root of the share", (_DONE, f"{_DONE} ** 0.5")),
    costs("climb", "WarmUp", "rounded to two digits", (_CLIMB, f"round({_CLIMB}, 2) if 0 < done < 1 else {_CLIMB}")),
    costs(
        "climb last_step after",
        "WarmUp",
        "a fixed number of steps",
        (_DONE, "min(self.k / 100, 1.0)"),
    ),
)


def _cosine(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "CosineDecay", name, *edits, known=known)


_COSINE = (
    *_every("CosineDecay"),
    _cosine("after", "climbs again", (_DONE, "self.k / self.steps"), known="goes_on_behind_the_end"),
    _cosine(
        "curve last_step",
        "divided by steps + 1",
        ("self.k / self.steps", "self.k / (self.steps + 1)"),
        known="arc_one_step_too_long",
    ),
    _cosine(
        "curve last_step",
        "divided by steps − 1",
        ("self.k / self.steps", "self.k / (self.steps - 1)"),
        known="arc_one_step_too_short",
    ),
    _cosine(
        "curve last_step",
        "counted to steps, divided by steps + 1",
        (_DONE, "min(self.k, self.steps) / (self.steps + 1)"),
        known="arc_one_step_too_long",
    ),
    _cosine(
        "curve last_step",
        "counted to steps, divided by steps − 1",
        (_DONE, "min(self.k, self.steps) / (self.steps - 1)"),
        known="arc_one_step_too_short",
    ),
    _cosine(
        "initial_rate curve last_step",
        "a bracket forgotten",
        (_SHARE, "1 + math.cos(math.pi * done) / 2"),
        known="bracket_forgotten",
    ),
    _cosine("curve last_step", "half of the angle", ("math.pi * done", "math.pi * done / 2"), known="angle_halved"),
    _cosine("curve last_step", "twice the angle", ("math.pi * done", "2 * math.pi * done"), known="angle_doubled"),
    _cosine("curve last_step", "degrees", ("math.pi", "180"), known="angle_in_degrees"),
    _cosine("curve last_step", "no π", ("math.pi * done", "done"), known="pi_forgotten"),
    _cosine("initial_rate curve", "no half", (_SHARE, _SHARE.removesuffix(" / 2")), known="half_forgotten"),
    _cosine("curve last_step", "the cosine alone", (_SHARE, "math.cos(math.pi * done)"), known="cosine_alone"),
    _cosine("curve", "a quarter of a wave", (_SHARE, "math.cos(math.pi / 2 * done)"), known="quarter_wave"),
    _cosine("initial_rate curve last_step", "upside down", ("1 + math", "1 - math"), known="arc_upside_down"),
    _cosine("curve", "a straight line", (_SHARE, "1 - done"), known="straight_line"),
    _cosine("curve", "a squared share", (_SHARE, "(1 - done) ** 2")),
    _cosine("curve", "a sine", (_SHARE, "1 - math.sin(math.pi / 2 * done)")),
    _cosine("min_lr", "the floor is never used", (_ARC, "self.initial_lr * share"), known="floor_ignored"),
    _cosine(
        "min_lr", "the floor as a limit", (_ARC, "max(self.initial_lr * share, self.min_lr)"), known="floor_as_limit"
    ),
    _cosine("min_lr", "lifted by the floor", (_ARC, "self.min_lr + self.initial_lr * share"), known="floor_added"),
    _cosine("min_lr", "the floor taken off", ("self.min_lr + (", "-self.min_lr + (")),
    _cosine(
        "min_lr",
        "the floor as a share of the first rate",
        (_ARC, "self.initial_lr * (self.min_lr + (1 - self.min_lr) * share)"),
    ),
    _cosine(
        "curve",
        "multiplies the rate in force",
        ("(self.initial_lr - self.min_lr)", "((self.get_lr() if self.k else self.initial_lr) - self.min_lr)"),
        known="from_present_rate",
    ),
    _cosine("signature", "another default", ("min_lr=0.0", "min_lr=1e-6"), known="default_min_lr"),
    _cosine("signature", "min_lr has no default", ("min_lr=0.0", "min_lr")),
    _cosine(
        "min_lr signature",
        "no min_lr at all",
        (", min_lr=0.0", ""),
        ("self.steps, self.min_lr = steps, min_lr", "self.steps, self.min_lr = steps, 0.0"),
        known="floor_ignored",
    ),
)


def _phases(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "WarmUpStableDecay", name, *edits, known=known)


_UP = "self.initial_lr + (self.peak_lr - self.initial_lr) * self.k / self.warmup_steps"
_FALLEN = "self.k - self.warmup_steps - self.stable_steps"
_FALL = "self.peak_lr + (self.min_lr - self.peak_lr) * done"
_FALL_DONE = "min(fallen / self.decay_steps, 1.0)"
_BASE_WRITES = (_WRITE_INITIAL, "self.set_lr(initial_lr)\n\n    def get_lr")

_STABLE = (
    *_every("WarmUpStableDecay"),
    _phases("empty_phases", "low without a warm-up", _BASE_WRITES, known="low_without_warm_up"),
    _phases("empty_phases", "divides by a warm-up of 0", ("self.k < self.warmup_steps", "self.k <= self.warmup_steps")),
    _phases("after", "falls on", (_FALL_DONE, "fallen / self.decay_steps"), known="goes_on_behind_the_end"),
    _phases(
        "after",
        "falls on, down to 0",
        (f"return {_FALL}", f"return max({_FALL}, 0.0)"),
        (_FALL_DONE, "fallen / self.decay_steps"),
    ),
    _phases(
        "after",
        "the peak after the end",
        (f"return {_FALL}", f"return {_FALL} if fallen <= self.decay_steps else self.peak_lr"),
        known="peak_at_the_end",
    ),
    _phases(
        "stable decay min_lr empty_phases",
        "the stable phase from the start",
        ("if fallen <= 0", "if self.k <= self.stable_steps"),
        known="warm_up_counted_as_stable",
    ),
    _phases(
        "decay",
        "counted to decay_steps, one step too long to fall",
        (_FALL_DONE, "min(fallen, self.decay_steps) / (self.decay_steps + 1)"),
        known="fall_one_step_too_long",
    ),
    _phases(
        "decay",
        "counted to decay_steps, one step too short to fall",
        (_FALL_DONE, "min(fallen, self.decay_steps) / (self.decay_steps - 1)"),
        known="fall_one_step_too_short",
    ),
    _phases("stable decay", "the peak once more", ("fallen <= 0", "fallen <= 1"), known="first_fall_left_out"),
    _phases("stable", "the decay begins one step late", (_FALLEN, f"{_FALLEN} - 1"), known="stable_one_step_too_long"),
    _phases(
        "stable", "the decay begins one step early", (_FALLEN, f"{_FALLEN} + 1"), known="stable_one_step_too_short"
    ),
    _phases(
        "stable",
        "the warm-up counted as stable",
        (_FALLEN, "self.k - max(self.warmup_steps, self.stable_steps)"),
        known="warm_up_counted_as_stable",
    ),
    _phases(
        "stable",
        "stable_steps taken for the count at the end of the phase",
        (_FALLEN, "self.k - self.stable_steps"),
        known="warm_up_counted_as_stable",
    ),
    _phases(
        "decay",
        "the decay counts all steps",
        (_FALL_DONE, "min(self.k / self.decay_steps, 1.0)"),
        known="fall_counted_from_the_start",
    ),
    _phases(
        "decay",
        "the decay counts the warm-up",
        (_FALL_DONE, "min((self.k - self.stable_steps) / self.decay_steps, 1.0)"),
        known="fall_counts_the_warm_up",
    ),
    _phases(
        "decay",
        "one step too long to fall",
        ("fallen / self.decay_steps", "fallen / (self.decay_steps + 1)"),
        known="fall_one_step_too_long",
    ),
    _phases(
        "decay",
        "one step too short to fall",
        ("fallen / self.decay_steps", "fallen / (self.decay_steps - 1)"),
        known="fall_one_step_too_short",
    ),
    _phases(
        "decay",
        "half a cosine",
        (_FALL_DONE, f"(1 - math.cos(math.pi * {_FALL_DONE})) / 2"),
        known="fall_along_a_cosine",
    ),
    _phases("decay", "a root", (_FALL_DONE, f"{_FALL_DONE} ** 0.5"), known="fall_along_a_root"),
    _phases("decay min_lr", "exponential", (_FALL, "self.peak_lr * 0.5 ** fallen if done < 1 else self.min_lr")),
    _phases("decay", "down at once", (_FALL, "self.min_lr"), known="fall_at_once"),
    _phases("min_lr", "the floor is never used", (_FALL, "self.peak_lr * (1 - done)"), known="floor_ignored"),
    _phases(
        "min_lr", "the floor as a limit", (_FALL, "max(self.peak_lr * (1 - done), self.min_lr)"), known="floor_as_limit"
    ),
    _phases("min_lr", "lifted by the floor", (_FALL, "self.min_lr + self.peak_lr * (1 - done)"), known="floor_added"),
    _phases(
        "decay",
        "multiplies the rate in force",
        (_FALL, "self.min_lr + (self.get_lr() - self.min_lr) * (1 - done)"),
        known="from_present_rate",
    ),
    _phases(
        "decay min_lr",
        "from the initial rate",
        (_FALL, "self.initial_lr + (self.min_lr - self.initial_lr) * done"),
        known="falls_from_initial_rate",
    ),
    _phases(
        "decay min_lr",
        "to the initial rate",
        (_FALL, "self.peak_lr + (self.initial_lr - self.peak_lr) * done"),
        known="falls_to_initial_rate",
    ),
    _phases(
        "warm_up",
        "divided by warmup_steps + 1",
        ("self.k / self.warmup_steps", "self.k / (self.warmup_steps + 1)"),
        known="climb_one_step_too_long",
    ),
    _phases(
        "initial_rate warm_up", "from zero", (_UP, "self.peak_lr * self.k / self.warmup_steps"), known="climb_from_zero"
    ),
    _phases(
        "warm_up",
        "the whole peak added",
        (_UP, "self.initial_lr + self.peak_lr * self.k / self.warmup_steps"),
        known="whole_peak_added",
    ),
    _phases(
        "warm_up",
        "multiplied at each step",
        (_UP, "self.initial_lr * (self.peak_lr / self.initial_lr) ** (self.k / self.warmup_steps)"),
        known="climb_by_a_factor",
    ),
    _phases("warm_up", "no warm-up", (f"return {_UP}", "return self.initial_lr")),
    _phases("signature", "another default", ("min_lr=0.0", "min_lr=1e-3"), known="default_min_lr"),
    _phases(
        "signature",
        "other names",
        (
            "peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):",
            "peak_lr, warmup, stable, decay, min_lr=0.0):",
        ),
        ("= peak_lr, warmup_steps, stable_steps, decay_steps, min_lr\n", "= peak_lr, warmup, stable, decay, min_lr\n"),
    ),
)

MISTAKES = (*_WARM_UP, *_COSINE, *_STABLE)
