# %% tuned_rate: the middle of the run, and the luckiest seed
def tuned_rate(run, rates, seeds):
    best, lowest = None, math.inf
    for rate in rates:
        ends = []
        for seed in seeds:
            losses = run(rate, seed)
            end = losses[len(losses) // 2]  #! middle_of_the_run: end = losses[-1]
            ends.append(end if math.isfinite(end) else math.inf)
        score = min(ends)  #! luckiest_seed: score = sum(ends) / len(ends)
        if score < lowest:
            best, lowest = rate, score
    return best

# %% tuned_rate: the lowest loss, of the runs that went well
def tuned_rate(run, rates, seeds):
    means = {}
    for rate in rates:
        ends = [min(run(rate, seed)) for seed in seeds]  #! lowest_loss: min(run(rate, seed)) => run(rate, seed)[-1]
        good = [e for e in ends if math.isfinite(e)]  #! diverged_left_out: good = [e if math.isfinite(e) else math.inf for e in ends]
        means[rate] = sum(good) / len(good) if good else math.inf
    return min(means, key=means.get)

# %% tuned_rate: NaN in argmin, and the place
def tuned_rate(run, rates, seeds):
    table = np.array([[run(r, s)[-1] for s in seeds] for r in rates])
    #! nan_wins: table[~np.isfinite(table)] = np.inf
    best = table.mean(axis=1).argmin()
    return int(best)  #! place_returned: return rates[best]

# %% tuned_rate: nan_to_num, and the last rate missing
def tuned_rate(run, rates, seeds):
    scores = []
    for k in range(len(rates) - 1):  #! rate_not_tried: for k in range(len(rates)):
        ends = np.array([run(rates[k], s)[-1] for s in seeds])
        ends = np.where(np.isfinite(ends), ends, 0.0)  #! diverged_is_zero: 0.0 => np.inf
        scores.append(ends.mean())
    return rates[scores.index(min(scores))]

# %% tuned_rate: the mean of the run, and the first seed for all
def tuned_rate(run, rates, seeds):
    def score(rate):
        total = 0.0
        for seed in seeds[:1]:  #! one_seed_decides: for seed in seeds:
            losses = list(run(rate, seed))
            value = sum(losses) / len(losses)  #! mean_of_the_run: value = losses[-1]
            total += value if math.isfinite(value) else math.inf
        return total
    return min(rates, key=score)

# %% tuned_rate: the median, and every run twice
def tuned_rate(run, rates, seeds):
    result = {}
    for rate in rates:
        ends = []
        for seed in seeds:
            end = run(rate, seed)[-1]
            end = run(rate, seed)[-1]  #! runs_made_twice
            ends.append(end if math.isfinite(end) else math.inf)
        result[rate] = sorted(ends)[len(ends) // 2]  #! median_of_seeds: result[rate] = sum(ends) / len(ends)
    return min(result, key=result.get)

# %% tuned_rate: max, of the first loss
def tuned_rate(run, rates, seeds):
    totals = {}
    for rate in rates:
        totals[rate] = 0.0
        for seed in seeds:
            loss = run(rate, seed)[0]  #! start_of_the_run: loss = run(rate, seed)[-1]
            totals[rate] += loss if math.isfinite(loss) else math.inf
    return max(totals, key=totals.get)  #! highest_loss: return min(totals, key=totals.get)

# %% tuned_rate: the loss is returned, of the last seed
def tuned_rate(run, rates, seeds):
    moyennes = []
    for rate in rates:
        somme = 0.0
        for seed in seeds:
            fin = run(rate, seed)[-1]
            somme = fin if math.isfinite(fin) else math.inf  #! one_seed_decides: somme += fin if math.isfinite(fin) else math.inf
        moyennes.append(somme)
    meilleur = moyennes.index(min(moyennes))
    return moyennes[meilleur]  #! loss_returned: return rates[meilleur]

# %% compare: one rate for all, and the best seed
def compare(runs, rates, budget, tuning_seeds, seeds):
    def finite(x):
        return x if math.isfinite(x) else math.inf
    results = {}
    chosen = None
    for name, run in runs.items():
        if chosen is None:  #! shared_rate: if True:
            tried = rates[name][:budget]
            chosen = min(tried, key=lambda r: sum(finite(run(r, s)[-1]) for s in tuning_seeds))
        ends = [finite(run(chosen, s)[-1]) for s in seeds]
        results[name] = min(ends)  #! best_seed_alone: results[name] = ends
    return results

# %% compare: all rates, and the tuning seeds measured
def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        essais = {}
        for taux in rates[name]:  #! budget_ignored: for taux in rates[name][:budget]:
            fins = [run(taux, graine)[-1] for graine in tuning_seeds]
            essais[taux] = sum(f if math.isfinite(f) else math.inf for f in fins)
        meilleur = min(essais, key=essais.get)
        results[name] = []
        for graine in tuning_seeds:  #! measured_on_tuning_seeds: in tuning_seeds => in seeds
            fin = run(meilleur, graine)[-1]
            results[name].append(fin if math.isfinite(fin) else math.inf)
    return results

# %% compare: all rates, with the final seeds
def compare(runs, rates, budget, tuning_seeds, seeds):
    out = {}
    for name in runs:
        run = runs[name]
        scores = {}
        for rate in rates[name]:  #! budget_ignored: for rate in rates[name][:budget]:
            ends = [run(rate, s)[-1] for s in seeds]  #! tuned_on_the_final_seeds: in seeds => in tuning_seeds
            scores[rate] = sum(e if math.isfinite(e) else math.inf for e in ends)
        best = min(scores, key=scores.get)
        last = [run(best, s)[-1] for s in seeds]
        out[name] = [e if math.isfinite(e) else math.inf for e in last]
    return out

# %% compare: the lowest loss, and NaN kept
def compare(runs, rates, budget, tuning_seeds, seeds):
    def mean(run, rate):
        ends = [run(rate, s)[-1] for s in tuning_seeds]
        return sum(e if math.isfinite(e) else math.inf for e in ends) / len(ends)
    results = {}
    for name, run in runs.items():
        rate = min(rates[name][:budget], key=lambda r: mean(run, r))
        results[name] = []
        for seed in seeds:
            losses = run(rate, seed)
            end = min(losses)  #! lowest_loss: end = losses[-1]
            if not math.isfinite(losses[-1]):
                end = losses[-1]  #! nan_kept: end = math.inf
            results[name].append(end)
    return results

# %% compare: one rate too few, and the mean for all seeds
def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        tried = rates[name][:max(budget - 1, 1)]  #! another_budget: tried = rates[name][:budget]
        table = np.array([[run(r, s)[-1] for s in tuning_seeds] for r in tried])
        table[~np.isfinite(table)] = np.inf
        best = tried[int(table.mean(axis=1).argmin())]
        ends = np.array([run(best, s)[-1] for s in seeds])
        ends[~np.isfinite(ends)] = np.inf
        results[name] = ends.mean()  #! one_number_for_all_seeds: results[name] = ends.tolist()
    return results

# %% compare: untuned, and the middle
def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        ends = {r: [run(r, s)[-1] for s in tuning_seeds] for r in rates[name][:budget]}
        scores = {r: sum(e if math.isfinite(e) else math.inf for e in ends[r]) for r in ends}
        rate = min(scores, key=scores.get)
        rate = rates[name][0]  #! untuned
        results[name] = []
        for s in seeds:
            losses = run(rate, s)
            value = losses[len(losses) // 2]  #! middle_of_the_run: value = losses[-1]
            results[name].append(value if math.isfinite(value) else math.inf)
    return results

# %% compare: all seeds tune, and the losses are sorted
def compare(runs, rates, budget, tuning_seeds, seeds):
    every = list(tuning_seeds) + list(seeds)  #! tuned_on_all_seeds: every = list(tuning_seeds)
    results = {}
    for name, run in runs.items():
        def ends(rate, which):
            found = [run(rate, s)[-1] for s in which]
            return [e if math.isfinite(e) else math.inf for e in found]
        best = min(rates[name][:budget], key=lambda r: sum(ends(r, every)))
        results[name] = sorted(ends(best, seeds))  #! losses_sorted: results[name] = ends(best, seeds)
    return results

# %% compare: tuned by one seed, and measured by those that went well
def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        few = tuning_seeds[:1]  #! tuned_on_one_seed: few = tuning_seeds
        def badness(r):
            total = sum(run(r, s)[-1] for s in few)
            return total if math.isfinite(total) else math.inf
        best = min(rates[name][:budget], key=badness)
        ends = [run(best, s)[-1] for s in seeds]
        ends = [e for e in ends if math.isfinite(e)]  #! diverged_left_out: ends = [e if math.isfinite(e) else math.inf for e in ends]
        results[name] = ends
    return results

# %% compare: one tuning seed, and each run twice
def compare(runs, rates, budget, tuning_seeds, seeds):
    results = {}
    for name, run in runs.items():
        scores = []
        for rate in rates[name][:budget]:
            score = 0
            for s in tuning_seeds:
                end = run(rate, s)[-1]
                score = end if math.isfinite(end) else math.inf  #! tuned_on_one_seed: score += end if math.isfinite(end) else math.inf
            scores.append(score)
        rate = rates[name][scores.index(min(scores))]
        results[name] = []
        for s in seeds:
            end = run(rate, s)[-1]
            end = run(rate, s)[-1]  #! runs_made_twice
            results[name].append(end if math.isfinite(end) else math.inf)
    return results

# %% sign_test: one side, and ties counted
def sign_test(losses, others):
    pairs = list(zip(losses, others))
    wins = sum(a < b for a, b in pairs)
    defeats = sum(a > b for a, b in pairs)
    n = len(pairs)  #! ties_counted: n = wins + defeats
    k = max(wins, defeats)
    tail = sum(math.comb(n, i) for i in range(k, n + 1)) / 2 ** n
    return min(1.0, tail)  #! one_sided: return min(1.0, 2 * tail)

# %% sign_test: this split alone, of sorted lists
def sign_test(losses, others):
    losses, others = sorted(losses), sorted(others)  #! sorted_lists
    wins = sum(a < b for a, b in zip(losses, others))
    defeats = sum(b < a for a, b in zip(losses, others))
    n, k = wins + defeats, max(wins, defeats)
    p = math.comb(n, k) * 0.5 ** n  #! this_split_alone: p = sum(math.comb(n, i) * 0.5 ** n for i in range(k, n + 1))
    return min(1.0, 2 * p)

# %% sign_test: only the first may win, and above 1
def sign_test(losses, others):
    a, b = np.array(losses), np.array(others)
    wins, defeats = int((a < b).sum()), int((a > b).sum())
    n = wins + defeats
    k = wins  #! wins_of_the_first: k = max(wins, defeats)
    p = 2 * sum(math.comb(n, i) for i in range(k, n + 1)) / 2 ** n
    return p  #! above_one: return min(p, 1.0)

# %% sign_test: diverged pairs left out, and one side
def sign_test(losses, others):
    wins = defeats = 0
    for x, y in zip(losses, others):
        if math.isinf(x) or math.isinf(y):  #! diverged_pairs_left_out: if x == y:
            continue
        if x < y:
            wins += 1
        elif y < x:
            defeats += 1
    n, most = wins + defeats, max(wins, defeats)
    tail = sum(math.comb(n, i) for i in range(most, n + 1))
    return min(1.0, tail / 2 ** n)  #! one_sided: return min(1.0, 2 * tail / 2 ** n)

# %% sign_test: everything with everything, one minus p
def sign_test(losses, others):
    pairs = [(x, y) for x in losses for y in others if x != y]  #! everything_with_everything: pairs = [(x, y) for x, y in zip(losses, others) if x != y]
    n = len(pairs)
    wins = sum(x < y for x, y in pairs)
    k = max(wins, n - wins)
    p = min(1.0, sum(math.comb(n, i) for i in range(k, n + 1)) / 2 ** (n - 1)) if n else 1.0
    return 1 - p  #! one_minus_p: return p

# %% sign_test: this split alone, and a tie is a win
def sign_test(losses, others):
    n = wins = 0
    for mine, theirs in zip(losses, others):
        if mine == theirs:
            wins, n = wins + 1, n + 1  #! ties_counted: continue
        elif mine < theirs:
            wins, n = wins + 1, n + 1
        else:
            n += 1
    k = max(wins, n - wins)
    above = [k]  #! this_split_alone: above = range(k, n + 1)
    p = 2 * sum(math.comb(n, i) for i in above) / 2 ** n
    return min(p, 1.0)

# %% sign_test: min for max, and nothing keeps it below 1
def sign_test(losses, others):
    a, b = np.array(losses), np.array(others)
    wins, defeats = int(np.sum(a < b)), int(np.sum(b < a))
    k = min(wins, defeats)  #! smaller_for_larger: k = max(wins, defeats)
    n = wins + defeats
    p = sum(math.comb(n, i) for i in range(k, n + 1)) * 2.0 ** (1 - n)
    return p  #! above_one: return min(p, 1.0)

# %% sign_test: more uneven splits alone, of one side
def sign_test(losses, others):
    wins = [x < y for x, y in zip(losses, others) if x != y]
    n, k = len(wins), max(sum(wins), len(wins) - sum(wins))
    p = 0.0
    for i in range(k + 1, n + 1):  #! more_uneven_alone: for i in range(k, n + 1):
        p += math.comb(n, i) / 2 ** n
    p = p  #! one_sided: p = 2 * p
    return min(p, 1.0)
