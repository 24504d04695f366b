"""Tuning, comparing and testing, in many styles, all of them right."""

import itertools
import math
import statistics

import numpy as np
import torch

INFINITE = float("inf")


def last(losses):
    return losses[-1] if math.isfinite(losses[-1]) else math.inf


# one optimizer


def tuned_by_dictionary(run, rates, seeds):
    scores = {rate: statistics.fmean(last(run(rate, seed)) for seed in seeds) for rate in rates}
    return min(scores, key=scores.get)


def tuned_with_a_running_best(run, rates, seeds):
    """Keeps the best so far; a NaN never becomes the best, for no comparison with it is true."""
    best_rate, best_loss = rates[0], float("inf")
    for rate in rates:
        total = 0.0
        for seed in seeds:
            total += run(rate, seed)[-1]
        if total / len(seeds) < best_loss:
            best_rate, best_loss = rate, total / len(seeds)
    return best_rate


def tuned_with_numpy(run, rates, seeds):
    ends = np.array([[run(rate, seed)[-1] for seed in seeds] for rate in rates])
    ends[~np.isfinite(ends)] = np.inf
    return rates[ends.mean(axis=1).argmin()]


def tuned_with_nan_to_num(run, rates, seeds):
    ends = np.array([[run(rate, seed)[-1] for seed in seeds] for rate in rates])
    return rates[int(np.argmin(np.nan_to_num(ends, nan=np.inf).sum(axis=1)))]


def tuned_with_torch(run, rates, seeds):
    """Returns a number out of a tensor of float32."""
    ends = torch.tensor([[run(rate, seed)[-1] for seed in seeds] for rate in rates])
    ends = torch.where(torch.isfinite(ends), ends, torch.inf)
    return torch.tensor(rates)[ends.mean(1).argmin()]


def tuned_by_sorting(run, rates, seeds):
    scored = []
    for number, rate in enumerate(rates):
        ends = [run(rate, seed)[-1] for seed in seeds]
        scored.append((sum(ends) if all(map(math.isfinite, ends)) else math.inf, number))
    return rates[sorted(scored)[0][1]]


def tuned_by_min_with_a_key(run, rates, seeds):
    def score(rate):
        return sum(last(list(run(rate, seed))) for seed in seeds)

    return min(rates, key=score)


def tuned_seed_by_seed(run, rates, seeds):
    totals = dict.fromkeys(rates, 0.0)
    for seed in seeds:
        for rate in rates:
            *_, end = run(rate, seed)
            totals[rate] += INFINITE if math.isnan(end) else end
    best = min(totals.values())
    return next(rate for rate in rates if totals[rate] == best)


def tuned_by_product(run, rates, seeds):
    ends = {(r, s): run(r, s)[-1] for r, s in itertools.product(rates, seeds)}
    for key, end in ends.items():
        if math.isnan(end) or math.isinf(end):
            ends[key] = math.inf
    means = [sum(ends[r, s] for s in seeds) / len(seeds) for r in rates]
    return rates[means.index(min(means))]


def tuned_without_what_diverged(run, rates, seeds):
    """Leaves a rate out as soon as one of its runs has diverged, and makes the other runs all the same."""
    good = {}
    for rate in rates:
        ends = [run(rate, seed)[-1] for seed in seeds]
        if not any(math.isnan(end) or math.isinf(end) for end in ends):
            good[rate] = np.mean(ends)
    return min(good, key=good.get) if good else rates[0]


def tuned_in_order_of_size(run, rates, seeds):
    """Tries the rates in another order, which changes nothing."""
    return tuned_by_dictionary(run, sorted(rates), list(reversed(seeds)))


class Tuning:
    """A class that is called."""

    def __init__(self, run):
        self.run = run

    def mean(self, rate, seeds):
        return statistics.mean(last(self.run(rate=rate, seed=seed)) for seed in seeds)


def tuned_by_a_class(run, rates, seeds):
    tuning = Tuning(run)
    return min((tuning.mean(rate, seeds), number, rate) for number, rate in enumerate(rates))[2]


# all of them


tuned_rate = tuned_by_dictionary


def compared_plainly(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        rate = tuned_rate(run, rates[name][:budget], tuning_seeds)
        results[name] = [last(run(rate, seed)) for seed in seeds]
    return results


def compared_in_one_expression(runs, rates, budget, tuning_seeds, seeds):
    best = {name: tuned_rate(run, rates[name][:budget], tuning_seeds) for name, run in runs.items()}
    return {name: [last(run(best[name], seed)) for seed in seeds] for name, run in runs.items()}


def compared_by_itself(runs, rates, budget, tuning_seeds, seeds):
    """Does not call `tuned_rate`, but does the same."""
    results = {}
    for name in runs:
        best, lowest = None, None
        for rate in rates[name][:budget]:
            total = sum(last(runs[name](rate, seed)) for seed in tuning_seeds)
            if lowest is None or total < lowest:
                best, lowest = rate, total
        results[name] = [last(runs[name](best, seed)) for seed in seeds]
    return results


def compared_with_tensors(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        rate = tuned_with_torch(run, rates[name][:budget], tuning_seeds).item()
        ends = torch.tensor([run(rate, seed)[-1] for seed in seeds], dtype=torch.float64)
        results[name] = torch.nan_to_num(ends, nan=math.inf, posinf=math.inf)
    return results


def compared_with_numpy(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        rate = tuned_rate(run, rates[name][:budget], tuning_seeds)
        ends = np.array([run(rate, seed)[-1] for seed in seeds])
        results[name] = np.where(np.isnan(ends), np.inf, ends)
    return results


def compared_with_tuples(runs, rates, budget, tuning_seeds, seeds):
    def ends(name, rate):
        for seed in seeds:
            end = runs[name](rate, seed)[-1]
            yield math.inf if math.isnan(end) else end

    def tune(name):
        return tuned_rate(runs[name], rates[name][0:budget], tuning_seeds)

    return {name: tuple(ends(name, tune(name))) for name in runs}


def compared_with_islice(runs, rates, budget, tuning_seeds, seeds):
    results = {name: [] for name in runs}
    for name in sorted(runs):
        tried = list(itertools.islice(rates[name], budget))
        rate = tuned_rate(runs[name], tried, tuning_seeds)
        for seed in seeds:
            results[name].append(last(runs[name](rate, seed)))
    return results


def compared_with_a_wrapped_run(runs, rates, budget, tuning_seeds, seeds):
    """Wraps `run` before it is handed on."""
    results = {}
    for name, run in runs.items():

        def ended(rate, seed, run=run):
            return [last(run(rate, seed))]

        rate = tuned_rate(ended, rates[name][:budget], tuning_seeds)
        results[name] = [ended(rate, seed)[0] for seed in seeds]
    return results


def compared_with_memory(runs, rates, budget, tuning_seeds, seeds):
    """Remembers runs, and so never makes one twice."""
    made = {}

    def end(name, rate, seed):
        if (name, rate, seed) not in made:
            made[name, rate, seed] = last(runs[name](rate, seed))
        return made[name, rate, seed]

    results = {}
    for name in runs:
        scores = [sum(end(name, rate, seed) for seed in tuning_seeds) for rate in rates[name][:budget]]
        rate = rates[name][scores.index(min(scores))]
        results[name] = [end(name, rate, seed) for seed in seeds]
    return results


def compared_with_a_counter(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        tried = []
        count = 0
        while count < budget:
            tried.append(rates[name][count])
            count += 1
        rate = tuned_rate(run, tried, tuning_seeds)
        ends = []
        for seed in seeds:
            losses = run(rate, seed)
            if math.isfinite(losses[-1]):
                ends.append(losses[-1])
            else:
                ends.append(float("inf"))
        results[name] = ends
    return results


def compared_in_two_passes(runs, rates, budget, tuning_seeds, seeds):
    """Tunes all of them, and measures after that; returns numbers of torch in a list."""
    chosen = {}
    for name, run in runs.items():
        chosen[name] = tuned_rate(run, rates[name][:budget], tuning_seeds)
    measured = {name: [] for name in chosen}
    for seed in seeds:
        for name, rate in chosen.items():
            measured[name].append(torch.tensor(last(runs[name](rate, seed)), dtype=torch.float64))
    return measured


# the difference


def signs_with_comb(losses, others):
    wins = sum(a < b for a, b in zip(losses, others, strict=True))
    defeats = sum(a > b for a, b in zip(losses, others, strict=True))
    n = wins + defeats
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(max(wins, defeats), n + 1)) / 2**n)


def signs_from_below(losses, others):
    """Sums up from no win to the smaller number of wins."""
    pairs = [(a, b) for a, b in zip(losses, others, strict=True) if a != b]
    n = len(pairs)
    fewest = min(sum(a < b for a, b in pairs), sum(b < a for a, b in pairs))
    p = sum(math.comb(n, i) * 0.5**n for i in range(fewest + 1)) * 2
    return p if p < 1 else 1.0


def signs_by_all_flips(losses, others):
    """Goes through all ways in which the coin can fall."""
    signs = [1 if a < b else -1 for a, b in zip(losses, others, strict=True) if a != b]
    seen = abs(sum(signs))
    flips = list(itertools.product((1, -1), repeat=len(signs)))
    return sum(abs(sum(flip)) >= seen for flip in flips) / len(flips)


def signs_with_numpy(losses, others):
    a, b = np.array(losses), np.array(others)
    k, n = max((a < b).sum(), (b < a).sum()), (a != b).sum()
    return float(min(1, 2 * np.sum([math.comb(int(n), i) for i in range(int(k), int(n) + 1)]) / 2.0**n))


def signs_with_torch(losses, others):
    a, b = torch.tensor(losses, dtype=torch.float64), torch.tensor(others, dtype=torch.float64)
    wins, defeats = int((a < b).sum()), int((a > b).sum())
    n, k = wins + defeats, max(wins, defeats)
    if n == 0:
        return torch.tensor(1.0)
    return torch.tensor(sum(math.comb(n, i) for i in range(k, n + 1)) / 2 ** (n - 1)).clamp(max=1.0)


def signs_by_pascal(losses, others):
    wins = defeats = 0
    row = [1]
    for a, b in zip(losses, others, strict=True):
        if a == b:
            continue
        wins, defeats = (wins + 1, defeats) if a < b else (wins, defeats + 1)
        row = [1, *map(sum, itertools.pairwise(row)), 1]
    if wins == defeats:
        return 1.0
    return 2 * sum(row[max(wins, defeats) :]) / sum(row)


STYLES = (
    ("tuned_rate", tuned_by_dictionary),
    ("tuned_rate", tuned_with_a_running_best),
    ("tuned_rate", tuned_with_numpy),
    ("tuned_rate", tuned_with_nan_to_num),
    ("tuned_rate", tuned_with_torch),
    ("tuned_rate", tuned_by_sorting),
    ("tuned_rate", tuned_by_min_with_a_key),
    ("tuned_rate", tuned_seed_by_seed),
    ("tuned_rate", tuned_by_product),
    ("tuned_rate", tuned_without_what_diverged),
    ("tuned_rate", tuned_in_order_of_size),
    ("tuned_rate", tuned_by_a_class),
    ("compare", compared_plainly),
    ("compare", compared_in_one_expression),
    ("compare", compared_by_itself),
    ("compare", compared_with_tensors),
    ("compare", compared_with_numpy),
    ("compare", compared_with_tuples),
    ("compare", compared_with_islice),
    ("compare", compared_with_a_wrapped_run),
    ("compare", compared_with_memory),
    ("compare", compared_with_a_counter),
    ("compare", compared_in_two_passes),
    ("sign_test", signs_with_comb),
    ("sign_test", signs_from_below),
    ("sign_test", signs_by_all_flips),
    ("sign_test", signs_with_numpy),
    ("sign_test", signs_with_torch),
    ("sign_test", signs_by_pascal),
)
