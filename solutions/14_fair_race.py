# %% [markdown] lang="en"
# # 14 · The fair race
#
# <div class="alert alert-info">
#
# **You will write** `tuned_rate`, which finds the best learning rate of one optimizer, `compare`, which lets several
# optimizers race on equal terms, and `sign_test`, which tells whether the winner has won by more than luck.
#
# **Time** 75 minutes, and 5 for what is optional · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** SGD (notebook 1), Adam (notebook 4), momentum (notebook 10), and no new rule.
#
# **Begin** with the cell under “Your turn: one optimizer”: write the function there, run it, then run the check below
# it. *Run All* stops at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 14 · La course équitable
#
# <div class="alert alert-info">
#
# **Vous écrirez** `tuned_rate`, qui trouve le meilleur taux d'apprentissage d'un optimiseur, `compare`, qui fait courir
# plusieurs optimiseurs à armes égales, et `sign_test`, qui dit si le vainqueur doit sa victoire à autre chose
# qu'à la chance.
#
# **Durée** 75 minutes, et 5 pour ce qui est facultatif · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** SGD (notebook 1), Adam (notebook 4), l'élan (notebook 10), et aucune règle nouvelle.
#
# **Commencez** par la cellule sous « À vous : un seul optimiseur » : écrivez-y la fonction, exécutez-la, puis exécutez
# la vérification qui suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie. Ce qui est marqué
# comme facultatif peut être laissé de côté : rien de ce qui suit n'en a besoin.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import functools
import itertools
import math
import statistics

import torch

import coursekit

SGD, Momentum, Adam = (coursekit.own_class(name) for name in ("SGD", "Momentum", "Adam"))

# %% [markdown] lang="en"
# ## The idea
#
# Every new optimizer comes with a picture in which its curve lies below all others. Wilson and others found that plain
# SGD beats Adam on new data (*The Marginal Value of Adaptive Gradient Methods in Machine Learning*, NeurIPS 2017). Choi
# and others repeated such races with more hyperparameters tuned, and Adam was not behind any more (*On Empirical
# Comparisons of Optimizers for Deep Learning*, 2019, arXiv:1910.05446). Nobody had made a mistake in an optimizer. It
# was the **referee** that decided. Four ways to choose the winner beforehand:
#
# - **Unequal budgets.** One optimizer is tried with thirty rates, the others with three. More tries are more luck
#   (Sivaprasad and others, *Optimizer Benchmarking Needs to Account for Hyperparameter Tuning*, ICML 2020).
# - **One rate for all.** It looks fair, and is not: a rate means something else to each rule.
# - **The best seed.** Start and data are drawn by lot, and the luckiest run is shown.
# - **The middle of the run.** One looks while one's own curve is ahead.
#
# A fair race says beforehand how much each optimizer may try, gives all the same, chooses by the mean over several
# seeds at the end of the run, and measures with seeds that had no part in the choice. Schmidt, Schneider and Hennig let
# fifteen optimizers race on eight tasks. None won everywhere, and to try several of them with their defaults did about
# as much good as to tune one of them (*Descending through a Crowded Valley*, ICML 2021). Since 2023 there is a public
# race that says its budget beforehand, AlgoPerf (Dahl and others, *Benchmarking Neural Network Training Algorithms*,
# arXiv:2306.07179).

# %% [markdown] lang="fr"
# ## L'idée
#
# Tout nouvel optimiseur arrive avec une figure où sa courbe passe sous toutes les autres. Wilson et ses coauteurs ont
# trouvé que le simple SGD bat Adam sur des données nouvelles (*The Marginal Value of Adaptive Gradient Methods in
# Machine Learning*, NeurIPS 2017). Choi et ses coauteurs ont refait de telles courses en réglant davantage
# d'hyperparamètres, et Adam n'était plus derrière (*On Empirical Comparisons of Optimizers for Deep Learning*, 2019,
# arXiv:1910.05446). Personne ne s'était trompé dans un optimiseur : c'est l'**arbitre** qui a décidé. Voici quatre
# façons de choisir le vainqueur d'avance :
#
# - **Des budgets inégaux.** On essaie un optimiseur avec trente taux, les autres avec trois. Qui essaie plus a plus de
#   chance (Sivaprasad et coauteurs, *Optimizer Benchmarking Needs to Account for Hyperparameter Tuning*, ICML 2020).
# - **Un seul taux pour tous.** Cela paraît équitable et ne l'est pas : un taux ne veut pas dire la même chose pour
#   chaque règle.
# - **La meilleure graine.** Le départ et les données sont tirés au sort, et l'on montre l'exécution la plus chanceuse.
# - **Le milieu de l'exécution.** On regarde au moment où sa propre courbe est en tête.
#
# Une course équitable dit d'avance combien chaque optimiseur peut essayer, donne autant à tous, choisit d'après la
# moyenne sur plusieurs graines à la fin de l'exécution, et mesure avec des graines qui n'ont pas participé au choix.
# Schmidt, Schneider et Hennig ont fait courir quinze optimiseurs sur huit tâches. Aucun n'a gagné partout, et en
# essayer plusieurs avec leurs valeurs par défaut donnait d'à peu près aussi bons résultats que d'en régler un seul
# (*Descending through a Crowded Valley*, ICML 2021). Depuis 2023, il existe une course publique qui annonce son budget
# d'avance, AlgoPerf (Dahl et coauteurs, *Benchmarking Neural Network Training Algorithms*, arXiv:2306.07179).

# %% [markdown] lang="en"
# ## A table by hand
#
# Four optimizers, two rates, two seeds. In each field stand the losses with seed 1 and with seed 2:
#
# | | rate 0.1, end | rate 1, end | better rate, middle |
# |---|---|---|---|
# | A | 6, 8 | 3, 3 | 8, 8 |
# | B | 7, 9 | 1, 9 | 7, 9 |
# | C | 4, 4 | 9, NaN | 6, 6 |
# | D | 6, 8 | 5, 5 | 5, 5 |
#
# - **Fair**, each with its better rate, the mean at the end: A has 3, B 5, C 4, D 5. **A wins.** C has diverged once
#   with the rate 1. That is infinitely bad, and so is the mean: its better rate is 0.1.
# - **The best seed**: the lowest number at the end is the 1 of **B**, whose other run ended at 9.
# - **The rate 0.1 for all**: the means are 7, 8, 4, 7. **C wins**, the only one whom this rate suits.
# - **The middle of the run**: the means are 8, 8, 6, 5. **D wins**, and stays where it is.
#
# One table, four referees, four winners.

# %% [markdown] lang="fr"
# ## Un tableau à la main
#
# Quatre optimiseurs, deux taux, deux graines. Dans chaque case figurent les pertes avec la graine 1 et avec la graine
# 2 :
#
# | | taux 0,1, fin | taux 1, fin | meilleur taux, milieu |
# |---|---|---|---|
# | A | 6 ; 8 | 3 ; 3 | 8 ; 8 |
# | B | 7 ; 9 | 1 ; 9 | 7 ; 9 |
# | C | 4 ; 4 | 9 ; NaN | 6 ; 6 |
# | D | 6 ; 8 | 5 ; 5 | 5 ; 5 |
#
# - **Équitable**, chacun avec son meilleur taux, la moyenne à la fin : A obtient 3, B 5, C 4, D 5. **A gagne.** C a
#   divergé une fois avec le taux 1. C'est infiniment mauvais, et la moyenne aussi : son meilleur taux est 0,1.
# - **La meilleure graine** : le plus petit nombre à la fin est le 1 de **B**, dont l'autre exécution a fini à 9.
# - **Le taux 0,1 pour tous** : les moyennes sont 7, 8, 4, 7. **C gagne**, le seul à qui ce taux convienne.
# - **Le milieu de l'exécution** : les moyennes sont 8, 8, 6, 5. **D gagne**, et reste où il est.
#
# Un tableau, quatre arbitres, quatre vainqueurs.

# %%
inf = math.inf
low_rate = {"A": (6, 8), "B": (7, 9), "C": (4, 4), "D": (6, 8)}
high_rate = {"A": (3, 3), "B": (1, 9), "C": (9, inf), "D": (5, 5)}
middle = {"A": (8, 8), "B": (7, 9), "C": (6, 6), "D": (5, 5)}
means = {name: min(sum(low_rate[name]), sum(high_rate[name])) / 2 for name in "ABCD"}
print("fair        ", means, "   winner", min(means, key=means.get))
print("best seed   ", min("ABCD", key=lambda name: min(low_rate[name] + high_rate[name])))
print("rate 0.1    ", min("ABCD", key=lambda name: sum(low_rate[name])))
print("the middle  ", min("ABCD", key=lambda name: sum(middle[name])))

# %% [markdown] lang="en"
# ## Your turn: one optimizer
#
# First the choice of a rate. All that is known of the optimizer is a function: `run(0.1, 3)` trains once with the rate
# 0.1 and the seed 3, and returns the losses on the way.
#
# - A run is judged by its **last** loss, `losses[-1]`.
# - A rate is judged by the **mean** over all seeds.
# - A last loss that is `NaN` or infinite says that the run has **diverged**. It counts as infinite, so that such a rate
#   loses. Mind that no comparison with `NaN` is true: `min` returns a `NaN` that comes first. `math.isfinite` tells.
# - A run is what a race costs: call `run` **once** for each rate and each seed.

# %% [markdown] lang="fr"
# ## À vous : un seul optimiseur
#
# D'abord le choix d'un taux. Tout ce que l'on sait de l'optimiseur est une fonction : `run(0.1, 3)` entraîne une fois
# avec le taux 0,1 et la graine 3, et renvoie les pertes rencontrées en chemin.
#
# - Une exécution est jugée à sa **dernière** perte, `losses[-1]`.
# - Un taux est jugé à la **moyenne** sur toutes les graines.
# - Une dernière perte qui vaut `NaN` ou l'infini dit que l'exécution a **divergé**. Elle compte comme infinie, si bien
#   qu'un tel taux perd. Attention, aucune comparaison avec `NaN` n'est vraie : `min` renvoie un `NaN` placé en premier.
#   `math.isfinite` le reconnaît.
# - Une exécution, c'est ce que coûte une course : appelez `run` **une fois** par taux et par graine.

# %% solution="tuned_rate"
def tuned_rate(run, rates, seeds):
    """Return the rate whose last loss is the lowest in the mean over all seeds.

    run: run(rate, seed) trains once and returns the losses on the way, the last one at the end
    rates: a list of the rates to try
    seeds: a list of seeds; each rate is run once with each of them

    A run whose last loss is NaN or infinite has diverged: its loss counts as infinite.
    """
    ### BEGIN SOLUTION
    means = {}
    for rate in rates:
        ends = [run(rate, seed)[-1] for seed in seeds]
        means[rate] = sum(end if math.isfinite(end) else math.inf for end in ends) / len(ends)
    return min(means, key=means.get)
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: where to begin</summary>
#
# Two loops, the rates outside and the seeds inside. Keep for each rate one number, the mean, in a dictionary.
#
# </details>
# <details><summary>Hint 2: NaN</summary>
#
# Look at each last loss before it goes into the sum: `end if math.isfinite(end) else math.inf`. A sum with an infinite
# number in it is infinite, and infinity is never the lowest where something finite is there.
#
# </details>
# <details><summary>Hint 3: the rate, not the loss</summary>
#
# `min(means, key=means.get)` returns the key of a dictionary whose value is the lowest.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : par où commencer</summary>
#
# Deux boucles, les taux à l'extérieur, les graines à l'intérieur. Gardez pour chaque taux un nombre, la moyenne, dans
# un dictionnaire.
#
# </details>
# <details><summary>Indice 2 : NaN</summary>
#
# Regardez chaque dernière perte avant de l'additionner : `end if math.isfinite(end) else math.inf`. Une somme où figure
# l'infini est infinie, et l'infini n'est jamais le plus petit dès qu'il y a quelque chose de fini.
#
# </details>
# <details><summary>Indice 3 : le taux, pas la perte</summary>
#
# `min(means, key=means.get)` renvoie la clé d'un dictionnaire dont la valeur est la plus petite.
#
# </details>

# %% check="tuned_rate_check" points=7
coursekit.check(tuned_rate)

# %% [markdown] lang="en"
# ## Three optimizers and the digits
#
# The race is on the handwritten digits of notebook 9, with a single layer: 64 pixels, ten scores, batches of 16, forty
# steps. The next cell makes `run(rate, seed)` of any of your classes. The seed draws the start and the batches, so that
# **at one seed all optimizers have the same start and see the same images**. The loss is that of images which are kept
# aside, after every fourth step. A run that is asked for again is not made again: it is looked up.
#
# Predict: for which of SGD, Momentum and Adam will `tuned_rate` find the largest rate, for which the smallest, and how
# many times smaller will it be?

# %% [markdown] lang="fr"
# ## Trois optimiseurs et les chiffres
#
# La course a lieu sur les chiffres manuscrits du notebook 9, avec une seule couche : 64 pixels, dix scores, des
# mini-lots de 16, quarante pas. La cellule suivante fait une fonction `run(rate, seed)` de chacune de vos classes. La
# graine tire le départ et les mini-lots : **pour une même graine, tous les optimiseurs partent du même point et voient
# les mêmes images**. La perte est celle d'images mises de côté, relevée tous les quatre pas. Une exécution demandée de
# nouveau n'est pas refaite : elle est retrouvée.
#
# Prédisez : pour lequel de SGD, Momentum et Adam `tuned_rate` trouvera-t-elle le plus grand taux, pour lequel le plus
# petit, et combien de fois plus petit sera-t-il ?

# %% prediction=true
prediction_1 = ""

# %% given="training"
images, digits = coursekit.data.digits()
aside = torch.arange(len(images)) % 3 == 0
learnt = torch.arange(len(images))[~aside]
torch.set_num_threads(1)  # more would only wait for one another: the layer is small


def training(optimizer_class, decays=False):
    """Return run(rate, seed), which takes 40 steps; `decays` lets the rate fall to zero on the way."""
    loss_of = torch.nn.functional.cross_entropy

    @functools.cache
    def run(rate, seed):
        drawn = torch.Generator().manual_seed(seed)
        weights = torch.normal(0.0, 0.1, (64, 10), generator=drawn).requires_grad_()
        optimizer, losses = optimizer_class([weights], learning_rate=rate), []
        for step in range(40):
            if decays:
                optimizer.param_groups[0]["lr"] = rate * (1 - step / 40)
            batch = learnt[torch.randint(len(learnt), (16,), generator=drawn)]
            optimizer.zero_grad()
            loss_of(images[batch] @ weights, digits[batch]).backward()
            optimizer.step()
            if step % 4 == 3:
                losses.append(loss_of(images[aside] @ weights.detach(), digits[aside]).item())
        return tuple(losses)

    return run


runs = {"SGD": training(SGD), "Momentum": training(Momentum), "Adam": training(Adam)}
with_decay = {"Momentum": runs["Momentum"], "Adam": runs["Adam"], "decaying Momentum": training(Momentum, decays=True)}
rates = {  # in an order that was drawn by lot
    "SGD": [1.0, 0.1, 10.0, 0.3, 3.0],
    "Momentum": [0.3, 3.0, 0.1, 1.0, 0.03],
    "Adam": [0.03, 0.3, 0.01, 1.0, 0.1],
    "decaying Momentum": [0.3, 3.0, 0.1, 1.0, 0.03],
}
tuning_seeds, seeds = [0, 1, 2], [3, 4, 5, 6, 7, 8, 9, 10]

# %%
coursekit.predicted(prediction_1)
every_rate = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
with coursekit.once_written():
    means = {}
    for name, run in runs.items():
        print(f"{name:9} tuned rate {tuned_rate(run, rates[name], tuning_seeds):g}")
        ends = {rate: [run(rate, seed)[-1] for seed in tuning_seeds] for rate in rates[name]}
        means[name] = [sum(ends[rate]) / 3 if rate in ends else math.nan for rate in every_rate]
    coursekit.plots.lines(
        means,
        "Three optimizers with every rate, mean over three seeds",
        "learning rate",
        "loss at the end",
        x=every_rate,
        log="xy",
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Three valleys in different places, with 0.47, 0.34 and 0.27 at the bottom and more than 1 on their
# sides: SGD is at its best with 3, Momentum with 0.3, Adam with 0.1, thirty times less. Momentum adds up ten gradients,
# so it needs about a tenth of SGD's rate; and Adam's rate is a length, whatever the gradients are. How deep the valleys
# are differs much less than how far one climbs on their sides: a wrong rate costs more than a wrong optimizer.

# %% [markdown] lang="fr"
# **À voir.** Trois vallées à des endroits différents, avec 0,47, 0,34 et 0,27 au fond et plus de 1 sur les flancs : SGD
# est à son meilleur avec 3, Momentum avec 0,3, Adam avec 0,1, trente fois moins. Momentum additionne dix gradients, il
# lui faut donc environ un dixième du taux de SGD ; et le taux d'Adam est une longueur, quels que soient les gradients.
# Les vallées diffèrent bien moins par leur profondeur que par la hauteur où l'on monte sur leurs flancs : un mauvais
# taux coûte plus cher qu'un mauvais optimiseur.

# %% [markdown] lang="en"
# ## One rate for all
#
# Read it off the picture, along a vertical line. Only Adam with the rate 3 has not been run yet.

# %% [markdown] lang="fr"
# ## Un seul taux pour tous
#
# Lisez la figure le long d'une droite verticale. Seul Adam avec le taux 3 n'a pas encore été exécuté.

# %%
with coursekit.once_written():
    for rate in (0.1, 1.0, 3.0):
        shared = {name: sum(run(rate, seed)[-1] for seed in tuning_seeds) / 3 for name, run in runs.items()}
        told = ", ".join(f"{name} {loss:.3f}" for name, loss in shared.items())
        print(f"rate {rate:3g} for all:  {told}   winner {min(shared, key=shared.get)}")

# %% [markdown] lang="en"
# **What to see.** Three rates, three winners. To choose the rate that all must have is to choose the winner, and it
# can happen without meaning to: 0.1 is a rate that many take.

# %% [markdown] lang="fr"
# **À voir.** Trois taux, trois vainqueurs. Qui choisit le taux que tous doivent avoir choisit le vainqueur, et peut
# même ne pas le savoir : 0,1 est un taux que l'on prend volontiers.

# %% [markdown] lang="en"
# ## Your turn: the race
#
# Now all of them. For each optimizer, `compare`
#
# 1. takes the first `budget` of its rates, as many as every other gets;
# 2. lets your `tuned_rate` choose among them, with `tuning_seeds`;
# 3. runs the chosen rate once with each of `seeds`, and keeps the last losses, in the order of the seeds.
#
# Why new seeds in the third step? The rate was chosen because its losses were low, and part of that was luck with these
# very seeds. With new ones the luck is gone, and the merit stays. A run that diverges here is infinite again.

# %% [markdown] lang="fr"
# ## À vous : la course
#
# À présent, tous ensemble. Pour chaque optimiseur, `compare`
#
# 1. prend les `budget` premiers de ses taux, autant qu'en reçoit chacun des autres ;
# 2. laisse votre `tuned_rate` choisir parmi eux, avec `tuning_seeds` ;
# 3. exécute le taux choisi une fois avec chacune des graines `seeds`, et garde les dernières pertes, dans l'ordre des
#    graines.
#
# Pourquoi de nouvelles graines au troisième point ? Le taux a été choisi parce que ses pertes étaient basses, et cela
# tenait en partie à la chance avec ces graines-là. Avec de nouvelles, la chance s'en va et le mérite reste. Une
# exécution qui diverge ici est de nouveau infinie.

# %% solution="compare"
def compare(runs, rates, budget, tuning_seeds, seeds):
    """Tune every optimizer with the same budget, then measure it with seeds that its tuning has not seen.

    runs: for each name a function run(rate, seed), as for tuned_rate
    rates: for each name a list of rates, in the order in which they are tried
    budget: how many rates each optimizer may try, the first of its list
    tuning_seeds: the seeds with which its rate is chosen
    seeds: the seeds with which the chosen rate is run, once each

    Return a dictionary: for each name a list of the last losses in the order of seeds, infinite where a run diverged.
    """
    ### BEGIN SOLUTION
    measured = {}
    for name, run in runs.items():
        rate = tuned_rate(run, rates[name][:budget], tuning_seeds)
        ends = [run(rate, seed)[-1] for seed in seeds]
        measured[name] = [end if math.isfinite(end) else math.inf for end in ends]
    return measured
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint</summary>
#
# One loop over `runs.items()`. `rates[name][:budget]` are the first rates of a list. Your `tuned_rate` reads the ends
# of runs already; here the rate is fixed, and nothing is averaged.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice</summary>
#
# Une boucle sur `runs.items()`. `rates[name][:budget]` donne les premiers taux d'une liste. Votre `tuned_rate` lit déjà
# la fin des exécutions ; ici, le taux est fixé, et l'on ne fait aucune moyenne.
#
# </details>

# %% check="compare_check" points=7
coursekit.check(compare)

# %% [markdown] lang="en"
# ## The race
#
# Five rates each, three seeds for the tuning, eight for the measurement. Predict: who has the lowest mean, and does it
# win with each of the eight seeds?

# %% [markdown] lang="fr"
# ## La course
#
# Cinq taux chacun, trois graines pour le réglage, huit pour la mesure. Prédisez : qui a la moyenne la plus basse, et
# gagne-t-il avec chacune des huit graines ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
with coursekit.once_written():
    results = compare(runs, rates, 5, tuning_seeds, seeds)
    for name, ends in results.items():
        print(f"{name:9} mean {sum(ends) / len(ends):.3f}   lowest {min(ends):.3f}   highest {max(ends):.3f}")
    coursekit.plots.lines(
        results,
        "Each optimizer with its own rate and eight new seeds",
        "seed",
        "loss at the end",
        x=seeds,
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Adam has the lowest mean, Momentum is next, SGD last. But the curves cross again and again. The
# lowest point of all is one of Momentum's, and with one seed SGD is ahead of both. The best seed would have let
# Momentum win; with a single seed, anyone could have won. And one seed in eight leaves SGD with twice its usual loss: a
# picture of the other seven would not show it.

# %% [markdown] lang="fr"
# **À voir.** Adam a la moyenne la plus basse, puis vient Momentum, SGD est dernier. Mais les courbes ne cessent de se
# croiser. Le point le plus bas de tous appartient à Momentum, et avec une graine SGD devance les deux autres. La
# meilleure graine aurait fait gagner Momentum ; une seule graine, n'importe qui. Et une graine sur huit laisse à SGD le
# double de sa perte habituelle : une figure des sept autres ne le montrerait pas.

# %% [markdown] lang="en"
# ## The middle of the run (optional)
#
# A fourth one enters the race: your Momentum with a rate that falls to zero in the course of the run, as in notebook
# 12. It gets the same budget and the same seeds.

# %% [markdown] lang="fr"
# ## Le milieu de l'exécution (facultatif)
#
# Un quatrième entre dans la course : votre Momentum avec un taux qui tombe à zéro au cours de l'exécution, comme dans
# le notebook 12. Il reçoit le même budget et les mêmes graines.

# %%
with coursekit.once_written():
    results = compare(with_decay, rates, 5, tuning_seeds, seeds)
    curves = {}
    for name, run in with_decay.items():
        rate = tuned_rate(run, rates[name], tuning_seeds)
        curves[name] = [statistics.mean(losses) for losses in zip(*(run(rate, seed) for seed in seeds), strict=True)]
        told = f"after 24 steps {curves[name][5]:.3f}   at the end {sum(results[name]) / 8:.3f}"
        print(f"{name:18} rate {rate:3g}   {told}")
    coursekit.plots.lines(
        curves, "The order turns around on the way", "step", "mean loss", x=range(4, 41, 4), log="y", markers=True
    )

# %% [markdown] lang="en"
# **What to see.** The rate that was chosen for the decaying run is larger, because it need not be small enough for the
# end. After 24 steps this run is the last of the three, by far, and at the end it is the first. A judge in the middle
# would have thrown it out. A schedule is made for its last step, and it cannot be compared at any other.

# %% [markdown] lang="fr"
# **À voir.** Le taux choisi pour l'exécution à taux décroissant est plus grand, car il n'a pas à être assez petit pour
# la fin. Après 24 pas, cette exécution est de loin la dernière des trois, et à la fin elle est la première. Qui aurait
# jugé au milieu l'aurait éliminée. Un calendrier est fait pour son dernier pas, et on ne peut le comparer à aucun
# autre.

# %% [markdown] lang="en"
# ## More tries, more luck
#
# What does one more try bring? From five rates one can choose two in ten ways. The next cell goes through all of them,
# keeps the better of the two each time, and takes the mean; the same for one, three, four and five tries. So it needs
# no more runs.

# %% [markdown] lang="fr"
# ## Plus d'essais, plus de chance
#
# Que rapporte un essai de plus ? Parmi cinq taux, on peut en choisir deux de dix façons. La cellule suivante les passe
# toutes en revue, garde chaque fois le meilleur des deux, et fait la moyenne ; de même pour un, trois, quatre et cinq
# essais. Elle n'a donc besoin d'aucune exécution de plus.

# %%
with coursekit.once_written():
    best_of = {}
    for name, run in runs.items():
        scores = [statistics.mean(run(rate, seed)[-1] for seed in tuning_seeds) for rate in rates[name]]
        best_of[name] = [
            statistics.mean(min(chosen) for chosen in itertools.combinations(scores, tries)) for tries in range(1, 6)
        ]
    coursekit.plots.lines(
        best_of,
        "What each further try brings",
        "rates that were tried",
        "loss at the end",
        x=range(1, 6),
        log="y",
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Each try helps, the second most of all. With equal budgets Adam is ahead, whatever the budget. But
# Momentum with two tries beats Adam with one, and SGD with three does so as well: any of the three can be made the
# winner by letting it try more often than the others. That is why a result must come with its budget: “better after two
# tries” and “better after thirty” are different claims.

# %% [markdown] lang="fr"
# **À voir.** Chaque essai aide, le deuxième plus que tous les autres. À budget égal, Adam est en tête, quel que soit le
# budget. Mais Momentum avec deux essais bat Adam avec un seul, et SGD avec trois le bat aussi : de chacun des trois on
# peut faire le vainqueur, en le laissant essayer plus souvent que les autres. C'est pourquoi un résultat doit être
# accompagné de son budget : « meilleur après deux essais » et « meilleur après trente » sont des affirmations
# différentes.

# %% [markdown] lang="en"
# ## Your turn: the difference
#
# Adam's mean is lower than Momentum's. Is Adam better, or was it lucky eight times? Suppose that both were equally
# good. Then it is a coin that decides with each seed who is lower, and one can count. Let $n$ be the number of seeds at
# which the losses differ, and $k$ the wins of the one who won more often. The **sign test** asks how likely a split as
# uneven as this one is, or a more uneven one, on either side:
#
# $$p = \min\!\Big(1,\ 2 \sum_{i=k}^{n} \binom{n}{i}\, 2^{-n}\Big)$$
#
# With 6 wins of 8: $\binom86 + \binom87 + \binom88 = 28 + 8 + 1 = 37$, so that $p = 2 \cdot 37/256 = 0.289$. A split
# like that comes by luck in more than a quarter of all races. The 2 is there because nobody had said before the race
# who would win. A small $p$, by custom below 0.05, says that luck is a poor explanation.
#
# The losses are compared **seed by seed**: at one seed both had the same start and the same images. An infinite loss
# loses against any other. Where both are equal, also both infinite, the seed says nothing and is left out. The test is
# one of the oldest of all (Arbuthnott, *An Argument for Divine Providence*, 1710).

# %% [markdown] lang="fr"
# ## À vous : la différence
#
# La moyenne d'Adam est plus basse que celle de Momentum. Adam est-il meilleur, ou a-t-il eu de la chance huit fois ?
# Supposons les deux aussi bons l'un que l'autre. C'est alors à pile ou face que se décide, pour chaque graine, lequel
# est le plus bas, et l'on peut compter. Soit $n$ le nombre de graines où les pertes diffèrent, et $k$ les victoires de
# celui qui a gagné le plus souvent. Le **test des signes** demande quelle est la probabilité d'un partage aussi inégal
# que celui-ci, ou plus inégal encore, d'un côté ou de l'autre :
#
# $$p = \min\!\Big(1\,;\ 2 \sum_{i=k}^{n} \binom{n}{i}\, 2^{-n}\Big)$$
#
# Avec 6 victoires sur 8 : $\binom86 + \binom87 + \binom88 = 28 + 8 + 1 = 37$, donc $p = 2 \cdot 37/256 = 0{,}289$. Un
# tel partage arrive par chance dans plus d'une course sur quatre. Le 2 est là parce que personne n'avait dit avant la
# course qui gagnerait. Un petit $p$, d'ordinaire en dessous de 0,05, dit que la chance est une mauvaise explication.
#
# Les pertes se comparent **graine par graine** : pour une même graine, les deux avaient le même départ et les mêmes
# images. Une perte infinie perd contre toute autre. Là où les deux sont égales, même toutes deux infinies, la graine ne
# dit rien et on l'écarte. Ce test est l'un des plus anciens (Arbuthnott, *An Argument for Divine Providence*, 1710).

# %% solution="sign_test"
def sign_test(losses, others):
    """Return the p-value of the sign test, for both sides, on the losses of two optimizers.

    losses, others: two lists of last losses, of the same seeds in the same order; infinite where a run has diverged

    Equal losses are left out. Where no others are left, the p-value is 1.
    """
    ### BEGIN SOLUTION
    wins = sum(a < b for a, b in zip(losses, others, strict=True))
    defeats = sum(a > b for a, b in zip(losses, others, strict=True))
    n = wins + defeats
    as_uneven = sum(math.comb(n, i) for i in range(max(wins, defeats), n + 1))
    return min(1.0, 2 * as_uneven / 2**n)
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint</summary>
#
# `zip(losses, others)` gives the pairs. Count how often the first is lower, and how often the second is. `math.comb(n,
# i)` is $\binom{n}{i}$, and `range(k, n + 1)` goes up to $n$.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice</summary>
#
# `zip(losses, others)` donne les paires. Comptez combien de fois le premier est plus bas, et combien de fois le second.
# `math.comb(n, i)` vaut $\binom{n}{i}$, et `range(k, n + 1)` va jusqu'à $n$.
#
# </details>

# %% check="sign_test_check" points=4
coursekit.check(sign_test)

# %% [markdown] lang="en"
# ## Is the difference real?
#
# All pairs of the race. A fourth optimizer takes part, with the same budget and the same seeds: your Momentum with a
# rate that falls to zero. The picture shows what the test says if one wins with all seeds, or with all but one.

# %% [markdown] lang="fr"
# ## La différence est-elle réelle ?
#
# Toutes les paires de la course. Un quatrième optimiseur y prend part, avec le même budget et les mêmes graines : votre
# Momentum avec un taux qui tombe à zéro. La figure montre ce que dit le test quand l'un gagne avec toutes les graines, ou
# avec toutes sauf une.

# %%
with coursekit.once_written():
    results = compare(runs | with_decay, rates, 5, tuning_seeds, seeds)
    for first, second in itertools.combinations(results, 2):
        wins = sum(a < b for a, b in zip(results[first], results[second], strict=True))
        p = sign_test(results[first], results[second])
        print(f"{first:9} {wins} : {8 - wins} {second:18} p = {float(p):.3f}")
    coursekit.plots.lines(
        {
            "all seeds won": [float(sign_test([0.0] * n, [1.0] * n)) for n in range(2, 13)],
            "all but one": [float(sign_test([0.0] * (n - 1) + [2.0], [1.0] * n)) for n in range(2, 13)],
        },
        "How many seeds a claim needs",
        "seeds",
        "p-value",
        x=range(2, 13),
        log="y",
        levels={"0.05": 0.05},
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Adam against Momentum, 6 to 2: luck would do as well. Even Adam's 7 to 1 against SGD is not below
# 0.05. After all this work the race has *no* winner: eight seeds do not tell these optimizers apart. That does not say
# that they are equal. The picture shows what one could have known beforehand: with five seeds or fewer no result is
# below 0.05, not even if one optimizer wins them all, and with eight a single defeat is one too many. A table with
# three seeds can show who is ahead; it cannot show that somebody is better.

# %% [markdown] lang="fr"
# **À voir.** Adam contre Momentum, 6 à 2 : la chance en ferait autant. Même le 7 à 1 d'Adam contre SGD n'est pas en
# dessous de 0,05. Après tout ce travail, la course n'a *pas* de vainqueur : huit graines ne distinguent pas ces
# optimiseurs. Cela ne dit pas qu'ils se valent. La figure montre ce que l'on aurait pu savoir d'avance : avec cinq
# graines ou moins, aucun résultat ne passe sous 0,05, même si un optimiseur les gagne toutes, et avec huit, une seule
# défaite est de trop. Un tableau de trois graines peut montrer qui est devant ; il ne peut pas montrer que quelqu'un
# est meilleur.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **The baseline keeps its defaults**, while one's own optimizer is tuned for weeks: unequal budgets, though nobody has
# meant it. **The best rate is at the end of the list**: then the valley of the first picture has only one side, and the
# best rate may lie beyond. Make the list longer, for all of them. **Diverged runs are dropped**, as they spoil the
# mean: what is left is the optimizer on the seeds that it likes. **Seeds are tried until the picture is right.** Write
# down the seeds, the budget and the test before the first run.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **L'adversaire garde ses valeurs par défaut**, tandis qu'on règle son propre optimiseur pendant des semaines : des
# budgets inégaux, sans que personne ne l'ait voulu. **Le meilleur taux est au bout de la liste** : la vallée de la
# première figure n'a alors qu'un flanc, et le meilleur taux est peut-être au-delà. Allongez la liste, pour tous. **On
# écarte les exécutions qui ont divergé**, parce qu'elles gâtent la moyenne : il reste l'optimiseur sur les graines qui
# lui plaisent. **On essaie des graines jusqu'à ce que la figure convienne.** Notez les graines, le budget et le test
# avant la première exécution.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Round only where a whole number is asked for. The hidden tests call your function with other numbers.
#
# **1.** How many seeds must one have at least, so that an optimizer which wins all of them has a p-value of at most
# `level`?
#
# <details><summary>Hint</summary>
#
# With $n$ wins of $n$ the sum has one term, and $p = 2 \cdot 2^{-n}$. Solve $2^{1-n} \leq$ `level` for $n$ with
# `math.log2`, and round up with `math.ceil`.
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez que là où l'on demande un nombre entier. Les tests cachés
# appellent votre fonction avec d'autres nombres.
#
# **1.** Combien de graines faut-il au moins pour qu'un optimiseur qui les gagne toutes ait une valeur $p$ d'au plus
# `level` ?
#
# <details><summary>Indice</summary>
#
# Avec $n$ victoires sur $n$, la somme n'a qu'un terme, et $p = 2 \cdot 2^{-n}$. Résolvez $2^{1-n} \leq$ `level` en $n$
# avec `math.log2`, et arrondissez vers le haut avec `math.ceil`.
#
# </details>

# %% solution="seeds_needed"
def seeds_needed(level):
    """Return the smallest number of seeds with which winning all of them has a p-value of at most `level`."""
    ### BEGIN SOLUTION
    return math.ceil(1 + math.log2(1 / level))
    ### END SOLUTION

# %%
with coursekit.once_written():
    for n in (4, 5, 6):
        print(f"sign_test with {n} wins of {n}  {sign_test([0.0] * n, [1.0] * n):g}")
    print(f"seeds_needed for 0.03125  {float(seeds_needed(0.03125)):g}")

# %% check="seeds_needed_check" points=1
coursekit.check(seeds_needed)

# %% [markdown] lang="en"
# **2.** Two optimizers are equally good, so that every try of either leaves a loss from the same lot. One shows the
# best of its `tries`, the other the best of its `others` tries. What is the chance that the first looks better?
#
# <details><summary>Hint</summary>
#
# Mix all tries. Each of them has the same chance to be the best of all. How many of them belong to the first?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Deux optimiseurs se valent : chaque essai de l'un ou de l'autre laisse une perte tirée de la même urne. L'un
# montre le meilleur de ses essais, au nombre de `tries`, l'autre le meilleur des siens, au nombre de `others`. Avec
# quelle probabilité le premier paraît-il meilleur ?
#
# <details><summary>Indice</summary>
#
# Mélangez tous les essais. Chacun a la même chance d'être le meilleur de tous. Combien appartiennent au premier ?
#
# </details>

# %% solution="chance_of_more_tries"
def chance_of_more_tries(tries, others):
    """Return the chance that the best of `tries` losses is below the best of `others`, where all are drawn alike."""
    ### BEGIN SOLUTION
    return tries / (tries + others)
    ### END SOLUTION

# %%
with coursekit.once_written():
    torch.manual_seed(0)
    drawn = torch.rand(20_000, 20)  # 15 tries and 5 others, twenty thousand times
    better = (drawn[:, :15].amin(1) < drawn[:, 15:].amin(1)).float().mean()
    print(f"twenty thousand races  {better.item():.3f}")
    print(f"chance_of_more_tries   {float(chance_of_more_tries(15, 5)):.3f}")

# %% check="chance_of_more_tries_check" points=1
coursekit.check(chance_of_more_tries)

# %% [markdown] lang="en"
# ## A question
#
# A laboratory tries twenty new optimizers against a tuned Adam, each in a fair race with six seeds. One of them wins
# all six, $p = 0.031$, and that race alone is published. Each of the twenty races was fair by itself. What is wrong all
# the same? What would you ask the laboratory to run, and why does it cost little? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Un laboratoire essaie vingt nouveaux optimiseurs contre un Adam bien réglé, chacun dans une course équitable de six
# graines. L'un d'eux gagne les six, $p = 0{,}031$, et cette seule course est publiée. Chacune des vingt courses était
# équitable. Qu'est-ce qui ne va pas malgré tout ? Que demanderiez-vous au laboratoire d'exécuter, et pourquoi cela
# coûte-t-il peu ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="fair_race_words" points=2
# Twenty races are twenty tries, and the best of them is shown: the winner was chosen for its luck, as with the best
# seed. Even if none of the twenty is better than Adam, each wins all six seeds with the chance $2^{-6} = 1/64$, and at
# least one of twenty does so with about $1 - (63/64)^{20} = 27\,\%$. The p-value of 0.031 holds for a race that was
# named beforehand, not for the best of twenty. So the choice must not be measured with the seeds that made it: let this
# one optimizer and Adam run again with new seeds, eight or more, with the rates that they have, and count only those.
# That needs no tuning and just one of the twenty optimizers, a few runs beside the hundreds that there were. And the
# nineteen other races should be told as well.

# %% [markdown] lang="fr" answer="fair_race_words" points=2
# Vingt courses sont vingt essais, et l'on montre le meilleur : le vainqueur a été choisi pour sa chance, comme avec la
# meilleure graine. Même si aucun des vingt ne vaut mieux qu'Adam, chacun gagne les six graines avec la probabilité
# $2^{-6} = 1/64$, et l'un au moins des vingt le fait avec une probabilité d'environ $1 - (63/64)^{20} = 27\,\%$. La
# valeur $p$ de 0,031 vaut pour une course annoncée d'avance, pas pour la meilleure de vingt. Le choix ne doit donc pas
# être mesuré avec les graines qui l'ont fait : que cet optimiseur et Adam courent de nouveau avec de nouvelles graines,
# huit ou plus, avec les taux qu'ils ont, et que l'on ne compte que celles-là. Il n'y faut aucun réglage et un seul des
# vingt optimiseurs, quelques exécutions à côté des centaines déjà faites. Et il faudrait aussi parler des dix-neuf
# autres courses.

# %% [markdown] lang="en"
# ## What to remember
#
# - A race compares optimizers *with the effort that was spent on them*: the same number of tries for all, and each its
#   own best rate.
# - Choose by the mean over several seeds at the end of the run; measure with new seeds; a diverged run is infinitely
#   bad.
# - The best of several is chosen for its luck, be it a seed, a rate, a step on the way or one race of many.
# - Compare seed by seed, and ask whether luck would do as well. With five seeds or fewer the sign test never gets below
#   0.05.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Une course compare des optimiseurs *avec l'effort qu'on leur a consacré* : le même nombre d'essais pour tous, et à
#   chacun son meilleur taux.
# - Choisissez d'après la moyenne sur plusieurs graines à la fin de l'exécution ; mesurez avec de nouvelles graines ;
#   une exécution qui a divergé est infiniment mauvaise.
# - Le meilleur de plusieurs est choisi pour sa chance, que ce soit une graine, un taux, un pas en chemin ou une course
#   parmi d'autres.
# - Comparez graine par graine, et demandez si la chance en ferait autant. Avec cinq graines ou moins, le test des
#   signes ne passe jamais sous 0,05.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **Sizes, not only signs.** The sign test forgets by how much one has won. Fisher's permutation test does not: take
#    the differences of the eight pairs, change their signs in all $2^8$ ways, and count how often the size of their sum
#    is at least the one that was seen. *Expect* 0.023 for Adam and SGD, where the sign test had 0.070, and 0.094 for
#    Adam and Momentum. Why can it be smaller than the sign test, and never below $2 \cdot 2^{-n}$?
# 2. **A race for the budget.** Let `compare` run with the budgets 1 to 5, and print the means. *Expect* Momentum ahead
#    with the budgets 1 to 4, and Adam with 5, whose best rate was drawn last. Then turn the three lists around and run
#    it again. *Expect* Adam ahead with every budget. What would one have to report, so that the order of the lists does
#    not matter?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : écrivez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **La taille, et pas seulement le signe.** Le test des signes oublie de combien on a gagné. Le test de permutation
#    de Fisher ne l'oublie pas : prenez les différences des huit paires, changez leurs signes des $2^8$ façons
#    possibles, et comptez combien de fois leur somme est, en valeur absolue, au moins celle qu'on a vue.
#    *Attendez-vous* à 0,023 pour Adam et SGD, là où le test des signes avait 0,070, et à 0,094 pour Adam et Momentum.
#    Pourquoi peut-il être plus petit que le test des signes, mais jamais en dessous de $2 \cdot 2^{-n}$ ?
# 2. **Une course pour le budget.** Appelez `compare` avec les budgets de 1 à 5, et affichez les moyennes.
#    *Attendez-vous* à Momentum en tête avec les budgets de 1 à 4, et à Adam avec 5, dont le meilleur taux a été tiré en
#    dernier. Renversez ensuite les trois listes et recommencez. *Attendez-vous* à Adam en tête avec tous les budgets.
#    Que faudrait-il publier pour que l'ordre des listes n'importe plus ?
