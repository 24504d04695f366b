"""Mistakes in tuning a rate, in comparing optimizers, and in a sign test."""

from tests.bank.wrong.plain import Mistake, costs

_END = "end = losses[-1]"
_READINGS = (
    ("the middle of the run", "losses[len(losses) // 2]", "middle_of_the_run"),
    ("the first loss", "losses[0]", "start_of_the_run"),
    ("the lowest loss of the run", "min(losses)", "lowest_loss"),
    ("the mean of the run", "sum(losses) / len(losses)", "mean_of_the_run"),
    ("the loss before the last", "losses[-2]", "loss_before_the_last"),
)
_FINITE = "ends.append(end if math.isfinite(end) else math.inf)"
_MEAN = "means[rate] = sum(ends) / len(ends)"
_BEST = "return min(means, key=means.get)"


def _tune(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "tuned_rate", name, *edits, known=known)


def _race(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "compare", name, *edits, known=known)


def _test(lost: str, name: str, *edits: tuple[str, str], known: str = "") -> Mistake:
    return costs(lost, "sign_test", name, *edits, known=known)


_TUNE = (
    *(_tune("last", name, (_END, f"end = {read}"), known=known) for name, read, known in _READINGS),
    _tune("all_seeds", "the luckiest seed", (_MEAN, "means[rate] = min(ends)"), known="luckiest_seed"),
    _tune("all_seeds", "the unluckiest seed", (_MEAN, "means[rate] = max(ends)"), known="unluckiest_seed"),
    _tune("all_seeds", "the median", (_MEAN, "means[rate] = sorted(ends)[len(ends) // 2]"), known="median_of_seeds"),
    _tune("all_seeds once", "the first seed alone", ("in seeds:", "in seeds[:1]:"), known="one_seed_decides"),
    _tune("all_seeds", "the last seed alone", (_MEAN, "means[rate] = ends[-1]"), known="one_seed_decides"),
    _tune(
        "diverged",
        "a mean of the runs that went well",
        (
            _MEAN,
            "ends = [e for e in ends if e < math.inf] or [math.inf]\n        " + _MEAN,
        ),
        known="diverged_left_out",
    ),
    _tune("diverged", "NaN is a loss of 0", ("else math.inf", "else 0.0"), known="diverged_is_zero"),
    _tune(
        "diverged",
        "nan_to_num",
        ("end if math.isfinite(end) else math.inf", "0.0 if end != end else end"),
        known="diverged_is_zero",
    ),
    _tune("diverged", "NaN goes into min", (_FINITE, "ends.append(end)"), known="nan_wins"),
    _tune(
        "diverged",
        "NaN goes into argmin",
        (_FINITE, "ends.append(end)"),
        (_BEST, "import numpy as np\n    return rates[int(np.argmin(list(means.values())))]"),
        known="nan_wins",
    ),
    _tune(
        "best",
        "the highest loss",
        (_BEST, "return max(means, key=means.get)"),
        known="highest_loss",
    ),
    _tune("best last all_seeds diverged", "the first rate", (_BEST, "return rates[0]"), known="rate_without_runs"),
    _tune("best last all_seeds diverged", "the largest rate", (_BEST, "return max(rates)"), known="rate_without_runs"),
    _tune("best last all_seeds diverged", "the smallest rate", (_BEST, "return min(rates)"), known="rate_without_runs"),
    _tune(
        "best",
        "the loss is returned",
        (_BEST, "return min(means.values())"),
        known="loss_returned",
    ),
    _tune(
        "best",
        "the place is returned",
        (_BEST, "return rates.index(min(means, key=means.get))"),
        known="place_returned",
    ),
    _tune("best once", "the last rate is not tried", ("in rates:", "in rates[:-1]:"), known="rate_not_tried"),
    _tune("best once", "the first rate is not tried", ("in rates:", "in rates[1:]:"), known="rate_not_tried"),
    _tune("once", "each run is made twice", (_END, "end = run(rate, seed)[-1]"), known="runs_made_twice"),
)
_RATE = "best = tuned_rate(runs[name], tried, tuning_seeds)"
_TRIED = "tried = rates[name][:budget]"
_LOOP = "    for name in runs:\n"
_KEPT = "results[name].append(end if math.isfinite(end) else math.inf)"
_RETURN = "return results"
_COMPARE = (
    *(_race("last", name, (_END, f"end = {read}"), known=known) for name, read, known in _READINGS),
    _race(
        "own_rate apart budget once",
        "the first rate of each list",
        (_RATE, "best = tried[0]"),
        known="untuned",
    ),
    _race(
        "own_rate apart once",
        "the last rate that is allowed",
        (_RATE, "best = tried[-1]"),
        known="untuned",
    ),
    _race(
        "own_rate once",
        "the rate of the first for all",
        (_RATE, "best = tuned_rate(runs['SGD'], tried, tuning_seeds)"),
    ),
    _race(
        "own_rate once",
        "tuned before the loop, for one of them",
        (
            _LOOP,
            "    first = next(iter(runs))\n    best = tuned_rate(runs[first], rates[first][:budget], tuning_seeds)\n"
            + _LOOP,
        ),
        (_RATE, "pass"),
        known="shared_rate",
    ),
    _race(
        "own_rate",
        "tuned in a loop of its own, and the last rate stays",
        (
            _LOOP,
            "    for name in runs:\n        best = tuned_rate(runs[name], rates[name][:budget], tuning_seeds)\n"
            + _LOOP,
        ),
        (_RATE, "pass"),
        known="shared_rate",
    ),
    _race(
        "own_rate",
        "one rate that is best for all together",
        (
            _LOOP,
            "    def all_together(rate, seed):\n"
            "        return [sum(run(rate, seed)[-1] for run in runs.values())]\n\n"
            "    common = next(iter(rates.values()))[:budget]\n"
            "    ends = {r: sum(all_together(r, s)[0] for s in tuning_seeds) for r in common}\n" + _LOOP,
        ),
        (_RATE, "best = min(ends, key=ends.get)"),
        known="shared_rate",
    ),
    _race(
        "apart",
        "tuned with the final seeds",
        (_RATE, _RATE.replace("tuning_seeds", "seeds")),
        known="tuned_on_the_final_seeds",
    ),
    _race(
        "apart once",
        "tuned with all seeds",
        (_RATE, _RATE.replace("tuning_seeds", "tuning_seeds + seeds")),
        known="tuned_on_all_seeds",
    ),
    _race(
        "apart once",
        "tuned with the first tuning seed",
        (_RATE, _RATE.replace("tuning_seeds", "tuning_seeds[:1]")),
        known="tuned_on_one_seed",
    ),
    _race(
        "apart once",
        "tuned with the last tuning seed",
        (_RATE, _RATE.replace("tuning_seeds", "[tuning_seeds[-1]]")),
        known="tuned_on_one_seed",
    ),
    _race(
        "apart",
        "tuned by the luckiest seed",
        (_RATE, "best = min(tried, key=lambda r: min(runs[name](r, s)[-1] for s in tuning_seeds))"),
        known="tuned_on_one_seed",
    ),
    _race("budget", "all rates of each list", (_TRIED, "tried = rates[name]"), known="budget_ignored"),
    _race(
        "budget",
        "as many as the shortest list has",
        (_TRIED, "tried = rates[name][:min(map(len, rates.values()))]"),
        known="another_budget",
    ),
    _race(
        "own_rate budget once",
        "one rate fewer than allowed",
        (_TRIED, "tried = rates[name][:max(budget - 1, 1)]"),
        known="another_budget",
    ),
    _race("budget", "one rate more than allowed", (_TRIED, "tried = rates[name][:budget + 1]"), known="another_budget"),
    _race("budget", "the last rates", (_TRIED, "tried = rates[name][-budget:]"), known="another_budget"),
    _race(
        "measured diverged",
        "measured with the tuning seeds",
        ("in seeds:", "in tuning_seeds:"),
        known="measured_on_tuning_seeds",
    ),
    _race(
        "measured diverged once",
        "measured with all seeds",
        ("in seeds:", "in tuning_seeds + seeds:"),
        known="all_seeds_measured",
    ),
    *(
        _race(
            "measured diverged",
            title,
            (_RETURN, f"return {{name: {made} for name, ends in results.items()}}"),
            known=known,
        )
        for title, made, known in (
            ("the best seed of each", "min(ends)", "best_seed_alone"),
            ("the mean of each", "sum(ends) / len(ends)", "one_number_for_all_seeds"),
            ("the worst seed of each", "max(ends)", "one_number_for_all_seeds"),
            ("the last seed of each", "ends[-1]", "one_number_for_all_seeds"),
            ("sorted losses", "sorted(ends)", "losses_sorted"),
        )
    ),
    _race(
        "measured last own_rate apart budget diverged",
        "the best name alone",
        (_RETURN, "return min(results, key=lambda name: sum(results[name]))"),
    ),
    _race("diverged", "NaN is kept", (_KEPT, "results[name].append(end)"), known="nan_kept"),
    _race(
        "diverged",
        "diverged runs are left out",
        (_KEPT, "results[name] += [end] if math.isfinite(end) else []"),
        known="diverged_left_out",
    ),
    _race(
        "diverged",
        "diverged runs count as a million",
        ("else math.inf)\n    return results", "else 1e6)\n    return results"),
    ),
    _race(
        "once",
        "each run is made twice",
        (_END, "end = runs[name](best, seed)[-1]"),
        known="runs_made_twice",
    ),
    _race(
        "measured last own_rate apart budget diverged once",
        "only the first optimizer",
        (_RETURN, "    return results"),
    ),
)
_WINS = "wins = sum(a < b for a, b in pairs)"
_DEFEATS = "defeats = sum(b < a for a, b in pairs)"
_K = "k = max(wins, defeats)"
_P = "p = 2 * tail / 2 ** n"
_TAIL = "range(k, n + 1)"
_LAST = "return min(p, 1.0)"
_PAIRS = "list(zip(losses, others))"
_SIGN = (
    _test("value", "one side", (_P, "p = tail / 2 ** n"), known="one_sided"),
    _test("value", "this split alone", (_TAIL, "(k,)"), known="this_split_alone"),
    _test(
        "value even",
        "more uneven splits alone",
        (_TAIL, "range(k + 1, n + 1)"),
        known="more_uneven_alone",
    ),
    _test("value even", "up to n without n", (_TAIL, "range(k, n)"), known="last_split_missing"),
    _test("other_way", "wins of the first", (_K, "k = wins"), known="wins_of_the_first"),
    _test(
        "value other_way paired ties diverged",
        "min for max",
        (_K, "k = min(wins, defeats)"),
        known="smaller_for_larger",
    ),
    _test("ties even diverged", "wins and ties", (_WINS, "wins = sum(a <= b for a, b in pairs)"), known="ties_counted"),
    _test(
        "ties even diverged",
        "defeats and ties",
        (_DEFEATS, "defeats = sum(b <= a for a, b in pairs)"),
        known="ties_counted",
    ),
    _test(
        "ties even diverged", "not a win is a defeat", (_DEFEATS, "defeats = len(pairs) - wins"), known="ties_counted"
    ),
    _test("ties diverged", "ties in the count", ("n = wins + defeats", "n = len(pairs)"), known="ties_counted"),
    _test("even", "above 1", (_LAST, "return p"), known="above_one"),
    _test("paired", "sorted lists", (_PAIRS, "list(zip(sorted(losses), sorted(others)))"), known="sorted_lists"),
    _test(
        "value paired ties diverged",
        "everything with everything",
        (_PAIRS, "[(a, b) for a in losses for b in others]"),
        known="everything_with_everything",
    ),
    _test(
        "diverged",
        "diverged pairs left out",
        (_PAIRS, "[(a, b) for a, b in zip(losses, others) if a + b < math.inf]"),
        known="diverged_pairs_left_out",
    ),
    _test(
        "value other_way even",
        "the share of wins",
        (_LAST, "return wins / max(n, 1)"),
        known="share_of_wins",
    ),
    _test(
        "value even",
        "one minus p",
        (_LAST, "return 1 - min(p, 1.0)"),
        known="one_minus_p",
    ),
    _test("value even", "a power of n", (_P, "p = 2 * tail / n ** 2")),
    _test("value other_way paired ties even diverged", "printed only", (_LAST, "print(p)")),
)

MISTAKES = (*_TUNE, *_COMPARE, *_SIGN)
