"""Mistakes in tuning a rate, in comparing optimizers, and in a sign test."""

from tests.bank.wrong.plain import Mistake, costs

_END = "end = losses[-1]"
_READINGS = (
    ("the middle of the run", "losses[len(losses) // 2]", "middle_of_the_run"),
    ("the first loss", "losses[0]", "start_of_the_run"),
    ("the lowest loss of the run", "min(losses)", "lowest_loss"),
    ("the mean of the run", "sum(losses) / len(losses)", "mean_of_the_run"),
    ("the loss before the last", "losses[-2]", "loss_before_the_last"),
    ("the mean of the last two", "sum(losses[-2:]) / 2", "end_smoothed"),
    ("the mean of the last three", "sum(losses[-3:]) / len(losses[-3:])", "end_smoothed"),
    ("the lowest of the last three", "min(losses[-3:])", "lowest_of_the_last"),
    ("the median of the run", "sorted(losses)[len(losses) // 2]", ""),
    ("the highest loss of the run", "max(losses)", "highest_loss_of_the_run"),
    (
        "a finite loss of a finite run",
        "losses[-1] if all(map(math.isfinite, losses)) else math.inf",
        "diverged_on_the_way",
    ),
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
    _tune(
        "diverged",
        "NaN left out, and argmin",
        (_FINITE, "ends.append(end)"),
        (
            _MEAN,
            "kept = [e for e in ends if e == e]\n        means[rate] = sum(kept) / len(kept) if kept else math.nan",
        ),
        (_BEST, "import numpy as np\n    return rates[int(np.argmin(list(means.values())))]"),
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
    _tune("best last all_seeds diverged", "the first rate", (_BEST, "return rates[0]"), known="first_rate_always"),
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
    *(
        _tune("last", name, (_END, f"end = {read}"), known=known)
        for name, read, known in (
            ("the mean of the last five", "sum(losses[-5:]) / len(losses[-5:])", "end_smoothed"),
            ("the median between two", "statistics.median(losses)", "median_of_the_run"),
            ("a moving average", "functools.reduce(lambda a, b: 0.7 * a + 0.3 * b, losses)", ""),
            ("another moving average", "functools.reduce(lambda a, b: (a + b) / 2, losses)", ""),
        )
    ),
    _tune(
        "best last all_seeds diverged",
        "a sum that goes on",
        ("means = {}\n", "means, ends = {}, []\n"),
        ("        ends = []\n", ""),
        (_MEAN, "means[rate] = sum(ends)"),
        known="first_rate_always",
    ),
    *(
        _tune("all_seeds", name, (_MEAN, f"means[rate] = {score}"))
        for name, score in (
            (
                "a mean with its spread",
                "statistics.fmean(ends) + (statistics.pstdev(ends) if max(ends) < 1e9 else max(ends))",
            ),
            ("a mean of squares", "sum(end**2 for end in ends)"),
        )
    ),
    _tune("all_seeds diverged", "a product", (_MEAN, "means[rate] = math.prod(ends)")),
    _tune(
        "all_seeds diverged",
        "the rate that wins with most seeds",
        (_MEAN, "means[rate] = ends"),
        (
            _BEST,
            "return max(rates, key=[min(means, key=lambda r: means[r][k]) for k in range(len(seeds))].count)",
        ),
    ),
    *(
        _tune("diverged", f"{number} for infinity", ("else math.inf", f"else {number}"), known="diverged_is_a_number")
        for number in ("5", "100", "1e6", "1e10", "2**63")
    ),
    *(
        _tune(
            "best",
            f"means of {digits} digits",
            (_MEAN, f"{_MEAN.replace('= ', '= round(')}, {digits})"),
            known="means_rounded",
        )
        for digits in (2, 3)
    ),
    _tune(
        "once",
        "no more seeds after one that diverges",
        (_FINITE, f"{_FINITE}\n            if ends[-1] == math.inf:\n                break"),
        known="seeds_left_out",
    ),
    _tune(
        "diverged once",
        "no more rates after one that diverges",
        (_MEAN, f"if math.inf in ends:\n            break\n        {_MEAN}"),
        (_BEST, "return min(means, key=means.get) if means else rates[0]"),
        known="rate_not_tried",
    ),
    _tune(
        "best",
        "the rate and its loss",
        (_BEST, "return min((means[r], r) for r in rates)[::-1]"),
        known="pair_returned",
    ),
    _tune("best", "the loss and its rate", (_BEST, "return min((means[r], r) for r in rates)"), known="pair_returned"),
    _tune("once", "rates that are sorted in place", ("    means = {}\n", "    rates.sort()\n    means = {}\n")),
    _tune(
        "once",
        "rates that are taken off the list",
        ("    for rate in rates:\n", "    while rates:\n        rate = rates.pop()\n"),
        (_BEST, "return min(means, key=means.get)"),
    ),
    _tune("once", "each run is made twice", (_END, "end = run(rate, seed)[-1]"), known="runs_made_twice"),
)
_RATE = "best = tuned_rate(runs[name], tried, tuning_seeds)"
_TRIED = "tried = rates[name][:budget]"
_LOOP = "    for name in runs:\n"
_KEPT = "results[name].append(end if math.isfinite(end) else math.inf)"
_RETURN = "return results"
_FIRST_LIST = "next(iter(rates.values()))[:budget]"


def _by_itself(lost: str, name: str, end: str, score: str = "sum(ends)", known: str = "") -> Mistake:
    """Let the comparison choose the rates without `tuned_rate`."""
    tuning = f"""scores = {{}}
        for rate in tried:
            ends = []
            for seed in tuning_seeds:
                losses = runs[name](rate, seed)
                ends.append({end})
            scores[rate] = {score}
        best = min(scores, key=scores.get)"""
    return _race(lost, f"its own tuning: {name}", (_RATE, tuning), known=known)


def _if_finite(read: str) -> str:
    return f"{read} if math.isfinite(losses[-1]) else math.inf"


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
            "        end = sum(run(rate, seed)[-1] for run in runs.values())\n"
            "        return [end if math.isfinite(end) else math.inf]\n\n"
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
        known="luckiest_seed",
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
        known="diverged_is_a_number",
    ),
    *(
        _race(lost, name, (_TRIED, f"tried = {tried}"), known=known)
        for lost, name, tried, known in (
            ("own_rate", "the first list for each name", "next(iter(rates.values()))[:budget]", "shared_list"),
            ("own_rate", "the list of the first optimizer", "rates[next(iter(runs))][:budget]", "shared_list"),
            ("own_rate", "lists by place", "list(rates.values())[list(runs).index(name)][:budget]", "lists_by_place"),
            ("budget", "sorted rates", "sorted(rates[name])[:budget]", "rates_sorted"),
            ("budget", "rates sorted down", "sorted(rates[name], reverse=True)[:budget]", "rates_sorted"),
            (
                "apart once",
                "shared out among the seeds",
                "rates[name][:max(1, budget // len(tuning_seeds))]",
                "another_budget",
            ),
        )
    ),
    _race("own_rate", "a loop over the lists", ("for name in runs:", "for name in rates:")),
    _race(
        "apart",
        "as many tuning seeds as rates",
        (_RATE, _RATE.replace("tuning_seeds", "tuning_seeds[:budget]")),
        known="seeds_cut_by_the_budget",
    ),
    _race(
        "apart budget",
        "all rates, and as many tuning seeds as the budget has rates",
        (_TRIED, "tried = rates[name]"),
        (_RATE, _RATE.replace("tuning_seeds", "tuning_seeds[:budget]")),
        known="budget_ignored seeds_cut_by_the_budget",
    ),
    _race("once", "lists that are cut", (_TRIED, "tried = rates[name]\n        del tried[budget:]")),
    _race("once", "lists that are popped", (_TRIED, "tried = [rates[name].pop(0) for _ in range(budget)]")),
    _race(
        "budget once", "lists that are sorted", (_TRIED, f"rates[name].sort()\n        {_TRIED}"), known="rates_sorted"
    ),
    _race(
        "measured last diverged",
        "all losses of each run",
        (_KEPT, "results[name].append([loss if math.isfinite(loss) else math.inf for loss in losses])"),
        known="curves_returned",
    ),
    *(
        _by_itself("own_rate", name, _if_finite(read), known="tuned_by_another_loss")
        for name, read, _ in _READINGS[:-1]
    ),
    _by_itself("own_rate", *_READINGS[-1][:2], known="diverged_on_the_way"),
    _by_itself("apart", "the lowest of the seeds", _if_finite("losses[-1]"), "min(ends)", "luckiest_seed"),
    _by_itself("apart", "the highest of the seeds", _if_finite("losses[-1]"), "max(ends)", "unluckiest_seed"),
    _by_itself(
        "apart", "the median of the seeds", _if_finite("losses[-1]"), "statistics.median(ends)", "median_of_seeds"
    ),
    _by_itself("apart", "the first of the seeds", _if_finite("losses[-1]"), "ends[0]", "tuned_on_one_seed"),
    *(
        _by_itself("diverged", name, end, score, known="diverged_rate_chosen")
        for name, end, score in (
            ("NaN goes into min", "losses[-1]", "sum(ends)"),
            ("0 for infinity", "losses[-1] if math.isfinite(losses[-1]) else 0.0", "sum(ends)"),
            ("1e6 for infinity", "losses[-1] if math.isfinite(losses[-1]) else 1e6", "sum(ends)"),
            ("1e10 for infinity", "losses[-1] if math.isfinite(losses[-1]) else 1e10", "sum(ends)"),
            (
                "the runs that went well",
                _if_finite("losses[-1]"),
                "statistics.fmean([e for e in ends if e < math.inf] or [math.inf])",
            ),
        )
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
_N = "n = wins + defeats"
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
        known="too_large",
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
    _test("ties diverged", "ties in the count", (_N, "n = len(pairs)"), known="ties_counted"),
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
    _test("value other_way paired ties diverged", "from 0 to k", (_TAIL, "range(0, k + 1)"), known="too_large"),
    _test("value other_way paired ties diverged", "always 1", (_LAST, "return 1.0"), known="too_large"),
    _test("value other_way paired ties diverged", "perm for comb", ("math.comb", "math.perm"), known="too_large"),
    _test("value even", "from 0 to k without k", (_TAIL, "range(k)"), known="less_uneven_summed"),
    _test("value", "up to n without n where any are left", (_TAIL, "range(k, n or 1)"), known="last_split_missing"),
    _test("even", "0 where nothing is left", (_LAST, "return min(p, 1.0) if n else 0.0"), known="nothing_left_is_zero"),
    *(
        _test(
            "ties",
            f"ties of less than {near}",
            (_PAIRS, f"[(a, b) for a, b in zip(losses, others) if {test}]"),
            known="narrow_wins_left_out",
        )
        for near, test in (
            ("a tenth", "not abs(a - b) < 0.1"),
            ("a hundredth", "not abs(a - b) < 0.01"),
            ("a millionth", "not abs(a - b) < 1e-6"),
            ("a share", "not math.isclose(a, b, rel_tol=1e-5)"),
        )
    ),
    *(
        _test("value", f"{digits} digits", (_LAST, f"return round(min(p, 1.0), {digits})"), known="p_rounded")
        for digits in (3, 4)
    ),
    *(
        _test("diverged", f"both diverged, {name}", *edits, known="both_diverged_counted")
        for name, *edits in (
            ("in the count", (_N, "n = sum(a - b != 0 for a, b in pairs)")),
            ("as defeats", (_DEFEATS, "defeats = sum(not a - b <= 0 for a, b in pairs)")),
        )
    ),
    _test(
        "other_way diverged",
        "wins of the first, and both diverged",
        (_N, "n = sum(a - b != 0 for a, b in pairs)"),
        (_K, "k = wins"),
        known="wins_of_the_first both_diverged_counted",
    ),
    _test("value even", "a power of n", (_P, "p = 2 * tail / n ** 2")),
    _test("value other_way paired ties even diverged", "printed only", (_LAST, "print(p)")),
)

MISTAKES = (*_TUNE, *_COMPARE, *_SIGN)
