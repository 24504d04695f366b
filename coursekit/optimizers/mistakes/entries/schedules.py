"""The schedules that follow the clock: a warm-up, half a cosine, and warm-up, stable, decay."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.optimizers.mistakes.entry import Entry

# Each schedule with the section of its notebook that says its rule.
WHERE = {"WarmUp": "Your turn", "CosineDecay": "Half a cosine", "WarmUpStableDecay": "Three phases"}
_UP, _ARC, _PHASES = WHERE
_WRONG = "What usually goes wrong"
_AFTER = "After its last step a schedule stays at the rate that it has reached, however often `step` is called."
_COUNT = "After k calls of `step` the rate is that of k: the count is raised first, and then the rate is computed."
_CLIMB = "The climb goes in equal steps from `initial_lr` to `peak_lr`."
_ARC_RULE = "The share of the way that is left is half of 1 + cos(πk/K): it falls from 1 to 0."
_FLOOR = "The share that is left is one of the way between the two rates, and the floor is added to it."
_SAME_START = "The formula computes each rate from the same start, and not from the rate before."
_PEAK_LEFT = "The decay begins when `warmup_steps` and `stable_steps` are over, at the peak."


def _each(
    subjects: tuple[str, ...],
    name: str,
    title: str,
    looks: str,
    why: str,
    *ways: Mapping[str, str],
    where: str = "",
) -> tuple[Entry, ...]:
    """Make an entry for each subject, which sends to the section of its own rule."""
    return tuple(Entry(name, title, looks, why, where or WHERE[each], (each,), ways) for each in subjects)


def _computed(way: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
    """Let the constructor write the initial rate, or compute it as every other."""
    return way, {**way, "initial": "computed"}


_RATES = (
    *_each(
        (_UP, _ARC, _PHASES),
        "initial_rate_not_written",
        "{subject} that does not write its initial rate",
        "The constructor keeps `initial_lr` and does not call `set_lr`.",
        "Until the first change the optimizer goes on with the rate that it happens to have.",
        {"initial": "unwritten"},
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "first_group_only",
        "{subject} writing into the first group only",
        '`optimizer.param_groups[0]["lr"] = lr`: the other groups keep their rate.',
        "The optimizer reads the rate of each group, and a scheduler serves all of them.",
        {"written": "first"},
        {"written": "later"},
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "rate_not_written",
        "{subject} whose step writes no rate",
        "`step` does not write the rate that it computes, if it computes one.",
        "Call `self.set_lr(rate)`.",
        {"written": "never"},
    ),
    *_each(
        (_PHASES,),
        "low_without_warm_up",
        "{subject} that begins at initial_lr without a warm-up",
        "With `warmup_steps=0` the constructor writes `initial_lr`, and the peak comes with the first step.",
        "Without a warm-up the rate is the peak from the start.",
        {"empty": "initial"},
    ),
)
_COUNTS = (
    *_each(
        (_UP, _ARC, _PHASES),
        "one_step_behind",
        "{subject} that is one step behind",
        "The rate is written, and the count is raised after it.",
        _COUNT,
        {"count": "late"},
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "one_step_ahead",
        "{subject} that is one step ahead",
        "The count starts at 1, or `k + 1` stands in the formula.",
        _COUNT,
        *_computed({"count": "early"}),
    ),
    *_each(
        (_UP,),
        "counted_from_one",
        "{subject} with (k + 1)/(steps + 1) for k/steps",
        "That is the warm-up of notebook 8, which has no first rate of its own.",
        _CLIMB,
        *_computed({"count": "early", "climb length": "more"}),
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "count_shared",
        "{subject} whose count belongs to all of its kind",
        "The count stands in the class, or in a global name, and not in `self`.",
        "Each scheduler counts its own steps.",
        {"count": "shared"},
    ),
)
_ENDS = (
    *_each(
        (_UP, _ARC, _PHASES),
        "last_step_missing",
        "{subject} that leaves out its last step",
        "`if self.k < steps` stands before the line that writes: the rate of the last step is never written.",
        "After as many steps as it has, a schedule is where it should end.",
        {"last": "missing"},
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "goes_on_behind_the_end",
        "{subject} whose formula goes on past the end",
        "Nothing limits the count: a line goes on, and a cosine turns round.",
        _AFTER,
        {"after": "on"},
        where=_WRONG,
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "starts_again",
        "{subject} that starts again at the end",
        "The count is taken modulo the number of steps.",
        _AFTER,
        {"after": "again"},
    ),
    *_each(
        (_UP, _ARC, _PHASES),
        "initial_rate_at_the_end",
        "{subject} that goes back to initial_lr at the end",
        "Where the formula ends, `initial_lr` is written.",
        _AFTER,
        {"after": "initial"},
        {"last": "initial"},
    ),
    *_each(
        (_PHASES,),
        "peak_at_the_end",
        "{subject} that goes back to the peak at the end",
        "Where the formula ends, `peak_lr` is written.",
        _AFTER,
        {"after": "peak"},
        {"last": "peak"},
    ),
)
_CLIMBS = (
    *_each(
        (_UP, _PHASES),
        "climb_one_step_too_long",
        "{subject} whose climb is one step too long",
        "`steps + 1` is what the count is divided by.",
        _CLIMB,
        {"climb length": "more"},
        {"climb length": "short"},
    ),
    *_each(
        (_UP, _PHASES),
        "climb_one_step_too_short",
        "{subject} whose climb is one step too short",
        "`steps - 1` is what the count is divided by.",
        _CLIMB,
        {"climb length": "less"},
        {"climb length": "beyond"},
    ),
    *_each(
        (_UP, _PHASES),
        "climb_from_zero",
        "{subject} that climbs from 0",
        "`peak_lr * k / steps` leaves `initial_lr` out.",
        _CLIMB,
        *_computed({"climb": "zero"}),
    ),
    *_each(
        (_UP, _PHASES),
        "whole_peak_added",
        "{subject} that adds the whole peak to its initial rate",
        "`initial_lr + peak_lr * k / steps` ends above the peak.",
        "What is added on the way is the difference of the two rates.",
        {"climb": "added"},
        {"climb": "capped"},
    ),
    *_each(
        (_UP, _PHASES),
        "peak_at_once",
        "{subject} that is at the peak after one step",
        "`max` stands where `min` should, or the first step writes `peak_lr`.",
        _CLIMB,
        {"climb": "peak"},
    ),
    *_each(
        (_UP, _PHASES),
        "share_of_what_is_left",
        "{subject} whose steps are shares of what is left",
        "The difference is taken from the rate in force, and grows smaller with each step.",
        _CLIMB,
        {"climb": "gap"},
    ),
    *_each(
        (_UP, _PHASES),
        "climbs_from_present_rate",
        "{subject} whose climb begins anew at the rate in force",
        "`self.get_lr()` stands in both places where `initial_lr` should.",
        _SAME_START,
        {"climb": "present"},
        where=_WRONG,
    ),
    *_each(
        (_UP, _PHASES),
        "climb_added_to_present_rate",
        "{subject} that adds what it has climbed to the rate in force",
        "`self.get_lr() + (peak_lr - initial_lr) * k / steps`: what was added before is added once more.",
        _SAME_START,
        {"climb": "present_start"},
        where=_WRONG,
    ),
    *_each(
        (_UP, _PHASES),
        "height_above_present_rate",
        "{subject} whose height is measured from the rate in force",
        "`initial_lr + (peak_lr - self.get_lr()) * k / steps`: the height grows smaller as the rate climbs.",
        _SAME_START,
        {"climb": "present_height"},
        where=_WRONG,
    ),
    *_each(
        (_UP, _PHASES),
        "climb_by_a_factor",
        "{subject} that multiplies at each step",
        "A power of `peak_lr / initial_lr` stands in the climb.",
        _CLIMB,
        {"climb": "factor"},
    ),
    *_each(
        (_UP, _PHASES),
        "climb_along_a_cosine",
        "{subject} that climbs along a cosine",
        "Half a cosine stands in the climb.",
        _CLIMB,
        {"climb": "wave"},
    ),
)
_ARCS = (
    *_each(
        (_ARC,),
        "arc_one_step_too_long",
        "{subject} whose arc is one step too long",
        "`steps + 1` is what the count is divided by.",
        _ARC_RULE,
        {"arc length": "more"},
        {"arc length": "short"},
    ),
    *_each(
        (_ARC,),
        "arc_one_step_too_short",
        "{subject} whose arc is one step too short",
        "`steps - 1` is what the count is divided by.",
        _ARC_RULE,
        {"arc length": "less"},
        {"arc length": "beyond"},
    ),
    *_each(
        (_ARC,),
        "angle_halved",
        "{subject} that ends half-way down",
        "The angle goes to π/2 only: the cosine ends at 0, and its share at one half.",
        _ARC_RULE,
        {"angle": "half"},
    ),
    *_each(
        (_ARC,),
        "angle_doubled",
        "{subject} with a whole wave",
        "The angle goes to 2π: the rate falls, and climbs again.",
        _ARC_RULE,
        {"angle": "double"},
    ),
    *_each(
        (_ARC,),
        "angle_in_degrees",
        "{subject} with an angle in degrees",
        "180 stands where π should.",
        "`math.cos` takes an angle in radians.",
        {"angle": "degrees"},
    ),
    *_each(
        (_ARC,),
        "pi_forgotten",
        "{subject} without π",
        "`math.cos(k / steps)`: the angle goes to 1 only.",
        _ARC_RULE,
        {"angle": "none"},
    ),
    *_each(
        (_ARC,),
        "half_forgotten",
        "{subject} without the factor ½",
        "1 + cos falls from 2 to 0: the first step nearly doubles the rate.",
        _ARC_RULE,
        *_computed({"wave": "whole"}),
    ),
    *_each(
        (_ARC,),
        "bracket_forgotten",
        "{subject} with a bracket missing",
        "`1 + math.cos(...) / 2`: the cosine alone is halved.",
        _ARC_RULE,
        *_computed({"wave": "unbracketed"}),
    ),
    *_each(
        (_ARC,),
        "cosine_alone",
        "{subject} whose rate becomes negative",
        "The rate is multiplied by the cosine alone, which ends at −1.",
        _ARC_RULE,
        {"wave": "alone"},
    ),
    *_each(
        (_ARC,),
        "quarter_wave",
        "{subject} with a quarter of a wave",
        "The rate is multiplied by cos(πk/2K): it arrives at 0 steeply.",
        _ARC_RULE,
        {"wave": "quarter"},
    ),
    *_each(
        (_ARC,),
        "arc_upside_down",
        "{subject} that climbs",
        "1 − cos stands where 1 + cos should.",
        _ARC_RULE,
        *_computed({"wave": "turned"}),
    ),
    *_each(
        (_ARC,),
        "straight_line",
        "{subject} that falls in a straight line",
        "There is no cosine: each step takes the same amount.",
        _ARC_RULE,
        {"wave": "line"},
    ),
)
_FALLS = (
    *_each(
        (_ARC, _PHASES),
        "floor_ignored",
        "{subject} without its floor min_lr",
        "`min_lr` is taken and never used: the rate ends at 0.",
        _FLOOR,
        {"floor": "none"},
    ),
    *_each(
        (_ARC, _PHASES),
        "floor_as_limit",
        "{subject} that takes min_lr for a limit",
        "`max(rate, min_lr)`: the curve to 0 is cut off at the floor.",
        _FLOOR,
        {"floor": "limit"},
    ),
    *_each(
        (_ARC, _PHASES),
        "floor_added",
        "{subject} that lifts the whole curve by min_lr",
        "`min_lr` is added, and not taken off the height: the curve begins too high.",
        _FLOOR,
        *_computed({"floor": "added"}),
    ),
    *_each(
        (_ARC, _PHASES),
        "from_present_rate",
        "{subject} that multiplies the rate in force",
        "`self.get_lr()` stands where the rate at the start of the fall should: the shares are multiplied up.",
        _SAME_START,
        {"falls from": "present"},
        where=_WRONG,
    ),
    *_each(
        (_PHASES,),
        "falls_from_initial_rate",
        "{subject} whose decay begins at initial_lr",
        "`initial_lr` stands where `peak_lr` should: the rate drops at once.",
        _PEAK_LEFT,
        {"falls from": "initial"},
    ),
    *_each(
        (_PHASES,),
        "falls_to_initial_rate",
        "{subject} whose decay ends at initial_lr",
        "`initial_lr` stands where `min_lr` should.",
        "The decay ends at `min_lr`; the initial rate is only for the warm-up.",
        {"floor": "initial"},
    ),
    *_each(
        (_PHASES,),
        "fall_one_step_too_long",
        "{subject} whose decay is one step too long",
        "`decay_steps + 1` is what the count is divided by.",
        "The decay takes `decay_steps` equal steps.",
        {"fall length": "more"},
        {"fall length": "short"},
    ),
    *_each(
        (_PHASES,),
        "fall_one_step_too_short",
        "{subject} whose decay is one step too short",
        "`decay_steps - 1` is what the count is divided by.",
        "The decay takes `decay_steps` equal steps.",
        {"fall length": "less"},
        {"fall length": "beyond"},
    ),
    *_each(
        (_PHASES,),
        "fall_counted_from_the_start",
        "{subject} whose decay counts all steps",
        "`k / decay_steps`: what was before the decay is not taken off.",
        _PEAK_LEFT,
        {"fall count": "start"},
    ),
    *_each(
        (_PHASES,),
        "fall_counts_the_warm_up",
        "{subject} whose decay counts the warm-up as its own",
        "`k - stable_steps`: the warm-up is not taken off.",
        _PEAK_LEFT,
        {"fall count": "stable"},
    ),
    *_each(
        (_PHASES,),
        "fall_along_a_cosine",
        "{subject} whose decay is half a cosine",
        "The decay has the arc of the cosine.",
        "It should go in a straight line.",
        {"fall": "wave"},
    ),
    *_each(
        (_PHASES,),
        "fall_along_a_root",
        "{subject} whose decay follows a root",
        "The share that is left is 1 − √: it falls steeply at first.",
        "It should go in a straight line.",
        {"fall": "root"},
    ),
    *_each(
        (_PHASES,),
        "fall_at_once",
        "{subject} without a decay",
        "After the stable phase `min_lr` is written at once.",
        "The decay takes `decay_steps` equal steps.",
        {"fall": "once"},
    ),
    *_each(
        (_PHASES,),
        "first_fall_left_out",
        "{subject} that leaves out the first step of the decay",
        "`<=` stands where `<` should: the peak is written once more, and then the rate drops by two steps.",
        "Arrived at the peak, the rate stays for `stable_steps` steps; the next one is lower.",
        {"held": "more"},
    ),
    *_each(
        (_PHASES,),
        "stable_one_step_too_long",
        "{subject} that is at the peak one step too long",
        "The decay begins after `stable_steps + 1` steps at the peak.",
        "Arrived at the peak, the rate stays for `stable_steps` steps; the next one is lower.",
        {"flat": "more"},
    ),
    *_each(
        (_PHASES,),
        "stable_one_step_too_short",
        "{subject} that is at the peak one step too short",
        "The decay begins after `stable_steps - 1` steps at the peak.",
        "Arrived at the peak, the rate stays for `stable_steps` steps; the next one is lower.",
        {"flat": "less"},
    ),
    *_each(
        (_PHASES,),
        "warm_up_counted_as_stable",
        "{subject} whose stable phase ends too early by the warm-up",
        "`k <= stable_steps` asks for the steps since the start, and those of the warm-up are among them.",
        "`stable_steps` is a length: the phase ends at `warmup_steps + stable_steps`.",
        {"flat": "total"},
        {"flat": "end"},
        {"held": "stable"},
    ),
)
_DEFAULTS = _each(
    (_ARC, _PHASES),
    "default_min_lr",
    "{subject} with another default for min_lr",
    "The constructor has 1e-6 or 1e-3 where 0 should stand.",
    "Whoever leaves `min_lr` out wants a rate that ends at 0.",
    {"default min_lr": "tiny"},
    {"default min_lr": "small"},
)

ENTRIES = (*_RATES, *_COUNTS, *_ENDS, *_CLIMBS, *_ARCS, *_FALLS, *_DEFAULTS)
