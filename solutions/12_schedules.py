# %% [markdown] lang="en"
# # 12 · Schedules that are used
#
# <div class="alert alert-info">
#
# **You will write** `WarmUp`, `CosineDecay` and `WarmUpStableDecay`, the three schedules with which most large models
# are trained, as subclasses of your own `LRScheduler`.
#
# **Time** 75 minutes, and 10 for what is optional · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** your `LRScheduler` (notebook 8), the small network with 16 neurons (notebook 7), and what an eigenvalue
# of the Hessian is (notebook 10).
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 12 · Les calendriers en usage
#
# <div class="alert alert-info">
#
# **Vous écrirez** `WarmUp`, `CosineDecay` et `WarmUpStableDecay`, les trois calendriers avec lesquels on entraîne la
# plupart des grands modèles, comme sous-classes de votre propre `LRScheduler`.
#
# **Durée** 75 minutes, et 10 pour ce qui est facultatif · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** votre `LRScheduler` (notebook 8), le petit réseau à 16 neurones (notebook 7), et savoir ce qu'est une
# valeur propre de la hessienne (notebook 10).
#
# **Commencez** par la cellule sous « À vous » : écrivez-y la classe, exécutez-la, puis exécutez la vérification qui
# suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie. Ce qui est marqué comme facultatif peut
# être laissé de côté : rien de ce qui suit n'en a besoin.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import math
from functools import partial

import numpy as np
import torch

import coursekit

SGD = coursekit.own_class("SGD")
LRScheduler = coursekit.own_class("LRScheduler")

# %% [markdown] lang="en"
# ## The idea
#
# Notebook 8 said why the rate must fall: to get below the noise. It left open *how* it should fall, and it gave the
# first steps no thought. Three answers are in use today. Let $k$ count the calls of `step`, from 0.
#
# - **A warm-up.** The first steps are dangerous: gradients are large, and averages such as Adam's rest on few of them.
#   So the rate begins low and climbs in a straight line, in $w$ steps, from $\eta_0$ to the peak:
#   $\eta_k = \eta_0 + (\eta_{\max} - \eta_0)\, k/w$. Goyal and others trained ImageNet in one hour with it (*Accurate,
#   Large Minibatch SGD: Training ImageNet in 1 Hour*, arXiv 1706.02677, 2017).
# - **Half a cosine.** The rate stays high for long, falls fastest in the middle, and arrives gently at the end, after
#   $K$ steps: $\eta_k = \eta_{\min} + \frac{1}{2}(\eta_0 - \eta_{\min})\left(1 + \cos\frac{\pi k}{K}\right)$
#   (Loshchilov and Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR 2017).
# - **Warm-up, stable, decay.** The rate climbs, stays at its peak, and falls only at the end, in a short decay. The
#   length of the training need not be known until the decay begins (Hu and others, *MiniCPM: Unveiling the Potential of
#   Small Language Models with Scalable Training Strategies*, arXiv 2404.06395, 2024).
#
# The second half of this notebook measures, on a small network, where the first steps are dangerous and why: at the
# *edge of stability* (Cohen and others, *Gradient Descent on Neural Networks Typically Occurs at the Edge of
# Stability*, ICLR 2021).

# %% [markdown] lang="fr"
# ## L'idée
#
# Le notebook 8 a dit pourquoi le taux doit baisser : pour passer sous le bruit. Il n'a pas dit *comment*, et il ne
# s'est pas occupé des premiers pas. Trois réponses sont en usage aujourd'hui. Soit $k$ le nombre d'appels à `step` déjà
# faits.
#
# - **Un échauffement** (*warm-up*). Les premiers pas sont dangereux : les gradients sont grands, et des moyennes comme
#   celles d'Adam reposent encore sur peu d'entre eux. Le taux commence donc bas et monte en ligne droite, en $w$ pas,
#   de $\eta_0$ au plus haut : $\eta_k = \eta_0 + (\eta_{\max} - \eta_0)\, k/w$. C'est ainsi que Goyal et d'autres ont
#   entraîné un réseau sur ImageNet en une heure (*Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, arXiv
#   1706.02677, 2017).
# - **Un demi-cosinus.** Le taux reste longtemps haut, descend le plus vite au milieu et arrive doucement à la fin,
#   après $K$ pas : $\eta_k = \eta_{\min} + \frac{1}{2}(\eta_0 - \eta_{\min})\left(1 + \cos\frac{\pi k}{K}\right)$
#   (Loshchilov et Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR 2017).
# - **Échauffement, palier, descente** (*warm-up, stable, decay*). Le taux monte, reste au plus haut, et ne descend qu'à
#   la fin, en peu de pas. Tant que la descente n'a pas commencé, il n'est pas nécessaire de connaître la durée de
#   l'entraînement (Hu et d'autres, *MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training
#   Strategies*, arXiv 2404.06395, 2024).
#
# Où les premiers pas sont dangereux, et pourquoi : la seconde moitié de ce notebook le mesure sur un petit réseau, à la
# *limite de stabilité* (*edge of stability* ; Cohen et d'autres, *Gradient Descent on Neural Networks Typically Occurs
# at the Edge of Stability*, ICLR 2021).

# %% [markdown] lang="en"
# ## Ten steps by hand
#
# A warm-up of 3 steps from $0.1$ to $0.4$, then 2 steps at the peak, then a decay of 4 steps to 0, and one step more.
# Below it a cosine from $0.4$ to 0 in 4 steps, with $\cos 45^\circ = 0.7071$.
#
# | $k$, calls of `step` | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
# |---|---|---|---|---|---|---|---|---|---|---|---|
# | three phases | $0.1$ | $0.2$ | $0.3$ | $0.4$ | $0.4$ | $0.4$ | $0.3$ | $0.2$ | $0.1$ | $0$ | $0$ |
# | $(1 + \cos\frac{\pi k}{4})/2$ | $1$ | $0.8536$ | $0.5$ | $0.1464$ | $0$ | | | | | | |
# | cosine | $0.4$ | $0.3414$ | $0.2$ | $0.0586$ | $0$ | $0$ | $0$ | $0$ | $0$ | $0$ | $0$ |
#
# Look at the junctions. Three steps lead from $k = 0$ to $k = 3$, as three panels of a fence need four posts. The rate
# of $k = 3$ is the end of the warm-up **and** the start of the stable phase: it belongs to both, and is not counted
# twice. The same holds for $k = 5$. After the last step the rate stays where it is.

# %% [markdown] lang="fr"
# ## Dix pas à la main
#
# Un échauffement de 3 pas de $0{,}1$ à $0{,}4$, puis un palier de 2 pas, puis une descente de 4 pas jusqu'à 0, et un
# pas de plus. Dessous, un cosinus de $0{,}4$ à 0 en 4 pas, avec $\cos 45^\circ = 0{,}7071$.
#
# | $k$, appels à `step` | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
# |---|---|---|---|---|---|---|---|---|---|---|---|
# | trois phases | $0{,}1$ | $0{,}2$ | $0{,}3$ | $0{,}4$ | $0{,}4$ | $0{,}4$ | $0{,}3$ | $0{,}2$ | $0{,}1$ | $0$ | $0$ |
# | $(1 + \cos\frac{\pi k}{4})/2$ | $1$ | $0{,}8536$ | $0{,}5$ | $0{,}1464$ | $0$ | | | | | | |
# | cosinus | $0{,}4$ | $0{,}3414$ | $0{,}2$ | $0{,}0586$ | $0$ | $0$ | $0$ | $0$ | $0$ | $0$ | $0$ |
#
# Regardez les jonctions. Trois pas mènent de $k = 0$ à $k = 3$, comme trois panneaux de clôture demandent quatre
# poteaux. Le taux de $k = 3$ est la fin de l'échauffement **et** le début du palier : il appartient aux deux, et n'est
# pas compté deux fois. Il en va de même de $k = 5$. Après le dernier pas, le taux ne change plus.

# %% [markdown] lang="en"
# ## Your turn
#
# First the climb. The base class does a good part of it: its constructor writes `initial_lr` into every group, which is
# the rate of $k = 0$. What is left for you:
#
# - keep what `step` will need, and a count of the steps, in `self`: each scheduler counts for itself;
# - in `step`, first raise the count, then compute the rate of the new count, then write it with `set_lr`;
# - at the end stay at `peak_lr`, however often `step` is called after that.
#
# `step` may be given a metric, as in notebook 9, and has no use for it. Whether it is called after each batch or after
# each epoch is for the training loop to say: the schedule only counts calls. Build on nothing of the base class but
# `self.optimizer`, `self.initial_lr`, `get_lr` and `set_lr`.
#
# If somebody else writes the rate in the middle, your class may overwrite it at the next step, or go on from there.
# Both are fine.

# %% [markdown] lang="fr"
# ## À vous
#
# D'abord la montée. La classe de base en fait une bonne part : son constructeur écrit `initial_lr` dans chaque groupe,
# et c'est le taux de $k = 0$. Il vous reste :
#
# - à garder dans `self` ce dont `step` aura besoin, et un compte des pas : chaque scheduler compte pour lui-même ;
# - dans `step`, à augmenter d'abord le compte, à calculer ensuite le taux de ce nouveau compte, puis à l'écrire avec
#   `set_lr` ;
# - à la fin, à rester à `peak_lr`, quel que soit le nombre d'appels à `step` qui suivent.
#
# `step` peut recevoir une métrique, comme au notebook 9, et n'en fait rien. C'est la boucle d'entraînement qui décide
# si elle est appelée après chaque mini-lot ou après chaque époque : le calendrier ne compte que les appels. De la
# classe de base, n'utilisez que `self.optimizer`, `self.initial_lr`, `get_lr` et `set_lr`.
#
# Si quelqu'un d'autre écrit le taux en cours de route, votre classe peut l'écraser au pas suivant, ou repartir de là.
# Les deux sont justes.

# %% solution="warm_up"
class WarmUp(LRScheduler):
    """Climbs in equal steps from one rate to a higher one, and stays there.

    initial_lr: the rate before the first step
    peak_lr: the rate after `steps` steps, and from then on
    steps: how many steps the climb takes, 1 or more
    """

    def __init__(self, optimizer, initial_lr, peak_lr, steps):
        ### BEGIN SOLUTION
        super().__init__(optimizer, initial_lr)
        self.low = initial_lr
        self.peak_lr = peak_lr
        self.steps = steps
        self.k = 0
        ### END SOLUTION

    def step(self, metric=None):
        """Write the rate of the next step into every group."""
        ### BEGIN SOLUTION
        self.k = min(self.k + 1, self.steps)
        self.set_lr(self.low + (self.peak_lr - self.low) * self.k / self.steps)
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the constructor</summary>
#
# Begin with `super().__init__(optimizer, initial_lr)`. Then keep `peak_lr` and `steps`, and set a count to 0.
#
# </details>
# <details><summary>Hint 2: the end of the climb</summary>
#
# `min(self.k, self.steps)` is a count that goes no further than the end.
#
# </details>
# <details><summary>Hint 3: the first step is right, the last one is not</summary>
#
# Look at the table: after `steps` steps the share `k / steps` is 1. With `steps + 1` or `steps - 1` below the fraction
# it is not. And does your `step` still write when `k` is equal to `steps`?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le constructeur</summary>
#
# Commencez par `super().__init__(optimizer, initial_lr)`. Gardez ensuite `peak_lr` et `steps`, et mettez un compte à 0.
#
# </details>
# <details><summary>Indice 2 : la fin de la montée</summary>
#
# `min(self.k, self.steps)` est un compte qui ne va pas plus loin que la fin.
#
# </details>
# <details><summary>Indice 3 : le premier pas est juste, le dernier ne l'est pas</summary>
#
# Regardez le tableau : après `steps` pas, la part `k / steps` vaut 1. Avec `steps + 1` ou `steps - 1` au dénominateur,
# elle ne vaut pas 1. Et votre `step` écrit-elle encore quand `k` est égal à `steps` ?
#
# </details>

# %% check="warm_up_check" points=5
coursekit.check(WarmUp)

# %% [markdown] lang="en"
# ## Half a cosine
#
# The formula again, with $k$ no larger than $K$ = `steps`:
#
# $$\eta_k = \eta_{\min} + \left(\eta_0 - \eta_{\min}\right) \cdot \frac{1 + \cos(\pi k/K)}{2}$$
#
# The fraction is the *share that is left* of the way from $\eta_0$ down to $\eta_{\min}$. It falls from 1 to 0. With
# `min_lr` above 0 the whole arc is squeezed between the two rates; it is not cut off at the lower one.
#
# torch's `CosineAnnealingLR` climbs again after `T_max` steps, along the second half of the wave. Yours stays at
# `min_lr`.

# %% [markdown] lang="fr"
# ## Un demi-cosinus
#
# Encore la formule, où $k$ ne dépasse pas $K$ = `steps` :
#
# $$\eta_k = \eta_{\min} + \left(\eta_0 - \eta_{\min}\right) \cdot \frac{1 + \cos(\pi k/K)}{2}$$
#
# La fraction est la *part qui reste* du chemin de $\eta_0$ à $\eta_{\min}$. Elle descend de 1 à 0. Avec `min_lr`
# au-dessus de 0, tout l'arc est resserré entre les deux taux ; il n'est pas coupé au plus bas.
#
# Le `CosineAnnealingLR` de torch remonte après `T_max` pas, le long de la seconde moitié de l'onde. Le vôtre reste à
# `min_lr`.

# %% solution="cosine_decay"
class CosineDecay(LRScheduler):
    """Falls along half a cosine from one rate to a lower one, and stays there.

    initial_lr: the rate before the first step
    steps: how many steps the fall takes, 1 or more
    min_lr: the rate after `steps` steps, and from then on
    """

    def __init__(self, optimizer, initial_lr, steps, min_lr=0.0):
        ### BEGIN SOLUTION
        super().__init__(optimizer, initial_lr)
        self.high = initial_lr
        self.steps = steps
        self.min_lr = min_lr
        self.k = 0
        ### END SOLUTION

    def step(self, metric=None):
        """Write the rate of the next step into every group."""
        ### BEGIN SOLUTION
        self.k = min(self.k + 1, self.steps)
        left = (1 + math.cos(math.pi * self.k / self.steps)) / 2
        self.set_lr(self.min_lr + (self.high - self.min_lr) * left)
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint: which rate is multiplied</summary>
#
# The share is one of the *first* rate. If `self.get_lr()` is multiplied by it at each step, the shares multiply up, and
# the rate is near 0 long before the end.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice : quel taux est multiplié</summary>
#
# La part est une part du *premier* taux. Si `self.get_lr()` est multiplié par elle à chaque pas, les parts se
# multiplient entre elles, et le taux est proche de 0 bien avant la fin.
#
# </details>

# %% check="cosine_decay_check" points=6
coursekit.check(CosineDecay)

# %% [markdown] lang="en"
# ## Three phases
#
# Now the schedule of the table, with any lengths. Four corners describe it all, and the rate goes in a straight line
# from each to the next:
#
# | steps made | rate |
# |---|---|
# | $0$ | `initial_lr` |
# | `warmup_steps` | `peak_lr` |
# | `warmup_steps + stable_steps` | `peak_lr` |
# | `warmup_steps + stable_steps + decay_steps` | `min_lr`, and so for good |
#
# The warm-up and the stable phase may have no step at all. With `warmup_steps=0` the rate is `peak_lr` from the start:
# the constructor writes it, and `initial_lr` is never used. With `stable_steps=0` the decay begins at the top of the
# climb.

# %% [markdown] lang="fr"
# ## Trois phases
#
# Maintenant le calendrier du tableau, avec des longueurs quelconques. Quatre sommets le décrivent entièrement, et le
# taux va en ligne droite de l'un au suivant :
#
# | pas faits | taux |
# |---|---|
# | $0$ | `initial_lr` |
# | `warmup_steps` | `peak_lr` |
# | `warmup_steps + stable_steps` | `peak_lr` |
# | `warmup_steps + stable_steps + decay_steps` | `min_lr`, et il y reste |
#
# L'échauffement et le palier peuvent n'avoir aucun pas. Avec `warmup_steps=0`, le taux vaut `peak_lr` dès le départ :
# le constructeur l'écrit, et `initial_lr` ne sert pas. Avec `stable_steps=0`, la descente commence au sommet de la
# montée.

# %% solution="warm_up_stable_decay"
class WarmUpStableDecay(LRScheduler):
    """Climbs to a peak, stays there, and falls at the end, all in straight lines.

    initial_lr: the rate before the first step, where there is a warm-up
    peak_lr: the rate between the warm-up and the decay
    warmup_steps, stable_steps: how many steps these phases take, 0 or more
    decay_steps: how many steps the decay takes, 1 or more
    min_lr: the rate at the end of the decay, and from then on
    """

    def __init__(self, optimizer, initial_lr, peak_lr, warmup_steps, stable_steps, decay_steps, min_lr=0.0):
        ### BEGIN SOLUTION
        super().__init__(optimizer, initial_lr if warmup_steps else peak_lr)
        self.low, self.peak_lr, self.min_lr = initial_lr, peak_lr, min_lr
        self.warmup_steps, self.decay_steps = warmup_steps, decay_steps
        self.decay_begins = warmup_steps + stable_steps
        self.k = 0
        ### END SOLUTION

    def step(self, metric=None):
        """Write the rate of the next step into every group."""
        ### BEGIN SOLUTION
        self.k += 1
        if self.k < self.warmup_steps:
            self.set_lr(self.low + (self.peak_lr - self.low) * self.k / self.warmup_steps)
        elif self.k <= self.decay_begins:
            self.set_lr(self.peak_lr)
        else:
            fallen = min((self.k - self.decay_begins) / self.decay_steps, 1.0)
            self.set_lr(self.peak_lr + (self.min_lr - self.peak_lr) * fallen)
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the shape of step</summary>
#
# Raise the count. Then one question with three answers: is it below `warmup_steps`, is it at most
# `warmup_steps + stable_steps`, or is it beyond? Each answer has its formula.
#
# </details>
# <details><summary>Hint 2: the decay</summary>
#
# Count anew in it: `self.k - warmup_steps - stable_steps` is 1 at its first step, and `decay_steps` at its last.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : la forme de step</summary>
#
# Augmentez le compte. Puis une question à trois réponses : est-il inférieur à `warmup_steps`, est-il au plus égal à
# `warmup_steps + stable_steps`, ou est-il au-delà ? Chaque réponse a sa formule.
#
# </details>
# <details><summary>Indice 2 : la descente</summary>
#
# Comptez-y de nouveau : `self.k - warmup_steps - stable_steps` vaut 1 à son premier pas, et `decay_steps` à son
# dernier.
#
# </details>

# %% check="warm_up_stable_decay_check" points=7
coursekit.check(WarmUpStableDecay)

# %%
def rates(make, steps=60):
    """Return the rate before the first step and after each; `make` takes an optimizer and returns its scheduler."""
    scheduler = make(torch.optim.SGD([torch.zeros(1)], lr=0.1))
    seen = [scheduler.get_lr()]
    for _ in range(steps):
        scheduler.step()
        seen.append(scheduler.get_lr())
    return seen


with coursekit.once_written():
    seen = {
        "warm-up": rates(lambda optimizer: WarmUp(optimizer, 0.002, 0.02, steps=10)),
        "cosine": rates(lambda optimizer: CosineDecay(optimizer, 0.02, steps=50)),
        "three phases": rates(lambda optimizer: WarmUpStableDecay(optimizer, 0.002, 0.02, 10, 25, 15)),
    }
    coursekit.plots.lines(seen, "Your three schedules", "calls of step", "learning rate")

# %% [markdown] lang="en"
# **What to see.** The warm-up arrives at the peak after 10 steps, and stays there. The cosine has lost only a tenth of
# its rate after ten steps, and half of it after 25; from 50 on it is at 0. The three phases follow the warm-up, stay at
# the peak until 35, and arrive at 0 at step 50 as well.

# %% [markdown] lang="fr"
# **À voir.** L'échauffement arrive au plus haut après 10 pas et y reste. Le cosinus n'a perdu après dix pas qu'un
# dixième de son taux, et la moitié après 25 ; il est à 0 à partir de 50. Les trois phases suivent l'échauffement,
# restent au plus haut jusqu'à 35 et arrivent, elles aussi, à 0 au pas 50.

# %% [markdown] lang="en"
# ## One run, many ends
#
# A cosine must know its length beforehand: its rate at step 20 is another one when it ends at 30 than when it ends at
# 60. So a training of each length is a training of its own. With three phases it is different. Trainings of 15, 30 and
# 60 epochs are the same up to where their decay begins. One long run, the trunk, is enough, and a short decay branches
# off wherever a good model is wanted.

# %% [markdown] lang="fr"
# ## Un entraînement, plusieurs fins
#
# Un cosinus doit connaître sa longueur d'avance : au pas 20, son taux n'est pas le même s'il finit à 30 ou à 60. Chaque
# durée demande donc un entraînement à part. Avec trois phases, c'est autre chose. Les entraînements de 15, 30 et 60
# époques n'en font qu'un jusqu'au début de leur descente. Un seul long entraînement, le tronc, suffit, et une courte
# descente s'en détache là où l'on veut un bon modèle.

# %% [markdown] lang="en"
# ### Is the end as good? (optional)
#
# The next cell trains a line on the linear data, with batches of 10 points as in notebook 8: 100 trainings side by
# side, each with points of its own, so that chance averages out. It measures how far they are from the best line, as
# the root of the mean square. A scheduler steps once in an epoch; the decay is a third of the run. Predict: which ends
# nearer after 60 epochs, the cosine or the three phases?

# %% [markdown] lang="fr"
# ### La fin est-elle aussi bonne ? (facultatif)
#
# La cellule suivante ajuste une droite aux données linéaires, avec des mini-lots de 10 points comme au notebook 8 : 100
# entraînements côte à côte, chacun avec ses propres points, pour que le hasard se compense. Elle mesure leur distance à
# la meilleure droite, comme racine du carré moyen. Le scheduler avance une fois par époque ; la descente est un tiers
# de l'entraînement. Prédisez : après 60 époques, qui finit plus près, le cosinus ou les trois phases ?

# %% prediction=true
prediction_1 = ""

# %% given="side_by_side"
def side_by_side(data, make, epochs, trainings=100):
    """Train lines on 10 batches of 10 points an epoch; return their distance to the best line, epoch by epoch."""
    draw = torch.Generator().manual_seed(0)
    X, y = torch.cat([data.x, torch.ones_like(data.x)], dim=1), data.y.flatten()
    best = torch.linalg.lstsq(X, data.y).solution.flatten()
    theta = torch.zeros(trainings, 2, requires_grad=True)  # weight and bias of each
    optimizer = SGD([theta])
    scheduler = make(optimizer)
    apart = [best.norm().item()]
    for _ in range(epochs):
        for points in torch.randint(100, (10, trainings, 10), generator=draw):
            errors = (X[points] @ theta.detach().unsqueeze(2)).squeeze(2) - y[points]
            theta.grad = (errors.unsqueeze(1) @ X[points]).squeeze(1) * (2 / 10)
            optimizer.step()
        scheduler.step()
        apart.append((theta.detach() - best).square().sum(dim=1).mean().sqrt().item())
    return apart

# %%
coursekit.predicted(prediction_1)
line = coursekit.data.linear()
with coursekit.once_written():
    apart = {}
    for epochs in (15, 30, 60):
        phases = {"warmup_steps": 3, "stable_steps": epochs - epochs // 3 - 3, "decay_steps": epochs // 3}
        makers = {
            f"cosine, {epochs} epochs": partial(CosineDecay, initial_lr=0.02, steps=epochs),
            f"three phases, {epochs} epochs": partial(WarmUpStableDecay, initial_lr=0.002, peak_lr=0.02, **phases),
        }
        for name, make in makers.items():
            apart[name] = side_by_side(line, make, epochs)
            print(f"{name:24}{apart[name][-1]:.3f}")
    coursekit.plots.lines(apart, "Cosines, and decays of one run", "epoch", "distance to the best line", log="y")

# %% [markdown] lang="en"
# **What to see.** The runs with three phases follow one path, though it is drawn three times: down to the noise floor,
# at about 0.2, and along it. Each decay leaves it, and soon leads lower. After 15 epochs they are well ahead, 0.109
# against 0.208: the cosine has lowered its rate too early, and has not arrived. After 30 and 60 epochs the cosine is
# nearer, 0.057 against 0.072, and 0.039 against 0.050. Its fall is longer, and the noise has more time to die. The
# price: the three cosines cost $15 + 30 + 60 = 105$ epochs. The three phases cost only 75: 60 for the trunk with the
# last decay, and $5 + 10$ for the other two.

# %% [markdown] lang="fr"
# **À voir.** Les entraînements à trois phases suivent un seul chemin, bien qu'il soit tracé trois fois : vers le bas
# jusqu'au plancher de bruit, à environ 0,2, et le long de celui-ci. Chaque descente s'en détache et mène vite plus bas.
# Après 15 époques, ils ont une bonne avance : 0,109 contre 0,208, car le cosinus a baissé trop tôt et n'est pas encore
# arrivé. Après 30 et 60 époques, le cosinus est plus près : 0,057 contre 0,072, et 0,039 contre 0,050. Sa baisse est
# plus longue, et le bruit a plus de temps pour s'éteindre. Le prix : les trois cosinus coûtent $15 + 30 + 60 = 105$
# époques. Les trois phases n'en coûtent que 75 : 60 pour le tronc avec la dernière descente, et $5 + 10$ pour les deux
# autres.

# %% [markdown] lang="en"
# ## The edge of stability
#
# On a parabola of curvature $\lambda$ a step of SGD multiplies the distance from the minimum by $1 - \eta\lambda$. With
# $\lambda > 2/\eta$ this is below $-1$, and each step swings further than the one before. A network is no parabola, but
# near any place its loss is nearly a parabola, and the largest eigenvalue of its Hessian is the curvature of its
# steepest axis. Call it the **sharpness**. Hence the rule of thumb: keep the rate below 2 divided by the sharpness. It
# supposes that the sharpness is simply there, like a mountain.
#
# It is not. We measure it while the network trains. The Hessian $H$ of 49 parameters has 2401 entries; that of a large
# model fits into no memory. But the product $Hv$ with one vector costs little more than a gradient: it is the gradient
# of $\nabla L \cdot v$. And products are enough. Multiply a vector by $H$ again and again, and bring its length back to
# 1 each time: the axis with the largest eigenvalue (in absolute value) wins, for it is stretched most. This is called
# *power iteration*, and $v \cdot Hv$ tends to that eigenvalue. The next cell has it, for the network of notebook 7: 16
# neurons with `Tanh`, on all of the non-linear data at once. You need not follow it line by line.

# %% [markdown] lang="fr"
# ## La limite de stabilité
#
# Sur une parabole de courbure $\lambda$, un pas de SGD multiplie la distance au minimum par $1 - \eta\lambda$. Si
# $\lambda > 2/\eta$, ce facteur est inférieur à $-1$, et chaque oscillation va plus loin que la précédente. Un réseau
# n'est pas une parabole, mais près de tout point sa perte en est presque une, et la plus grande valeur propre de sa
# hessienne est la courbure de son axe le plus raide. Appelons-la **raideur** (*sharpness*). D'où la règle courante :
# garder le taux sous 2 divisé par la raideur. Elle suppose que la raideur est simplement là, comme une montagne.
#
# Ce n'est pas le cas. Nous allons la mesurer pendant que le réseau s'entraîne. La hessienne $H$ de 49 paramètres a 2401
# éléments ; celle d'un grand modèle ne tient dans aucune mémoire. Mais le produit $Hv$ avec un seul vecteur coûte à
# peine plus qu'un gradient : c'est le gradient de $\nabla L \cdot v$. Et les produits suffisent. Multipliez un vecteur
# par $H$, encore et encore, en ramenant chaque fois sa longueur à 1 : l'axe de la plus grande valeur propre (en valeur
# absolue) l'emporte, car c'est lui qui s'allonge le plus. Cela s'appelle la *méthode de la puissance*, et $v \cdot Hv$
# tend vers cette valeur propre. La cellule suivante la contient, pour le réseau du notebook 7 : 16 neurones avec
# `Tanh`, sur toutes les données non linéaires à la fois. Inutile de la suivre ligne à ligne.

# %% given="sharpness"
torch.set_num_threads(1)  # more would only wait for one another: the network is small
curve = coursekit.data.nonlinear()
x, y = curve.x.double() / 10, curve.y.double() / 20  # scaled as in notebook 7


def small_network():
    """Make the network of notebook 7, always with the same weights."""
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)).double()


def joined(tensors):
    """Put the elements of several tensors into one vector."""
    return torch.cat([tensor.flatten() for tensor in tensors])


def sharpness(model, x, y, direction, rounds):
    """Return the largest eigenvalue of the Hessian by power iteration, and its direction.

    direction: a vector of length 1 to begin with; the better it is, the fewer rounds are needed
    """
    parameters = list(model.parameters())
    loss = torch.nn.functional.mse_loss(model(x), y)
    gradient = joined(torch.autograd.grad(loss, parameters, create_graph=True))
    for _ in range(rounds):
        product = joined(torch.autograd.grad(gradient @ direction, parameters, retain_graph=True))
        eigenvalue = direction @ product
        direction = product / product.norm()
    return eigenvalue.item(), direction


def watched(make, steps, every=20):
    """Train the small network on all points; return the rate, the loss and the sharpness before each step.

    make: takes an optimizer and returns its scheduler, which steps with it
    every: after how many steps the sharpness is measured; in between it is a straight line
    """
    model = small_network()
    optimizer = SGD(model.parameters())
    scheduler = make(optimizer)
    direction = torch.nn.functional.normalize(torch.ones(49, dtype=torch.float64), dim=0)
    rates, losses, measured = [], [], {}
    for step in range(steps):
        loss = torch.nn.functional.mse_loss(model(x), y)
        rates.append(scheduler.get_lr())
        losses.append(loss.item())
        if not loss < 100:
            break
        if step % every == 0:
            measured[step], direction = sharpness(model, x, y, direction, rounds=6 if step else 30)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    between = np.interp(range(len(losses)), list(measured), list(measured.values()))
    return {"rate": rates, "loss": losses, "sharpness": between}

# %% [markdown] lang="en"
# Three constant rates: $0.05$, for which $2/\eta = 40$; $0.15$, with $2/\eta = 13.3$; and $0.2$, with $2/\eta = 10$. At
# the start the sharpness is 10. Predict: what will the sharpness do under each of them? And the loss?

# %% [markdown] lang="fr"
# Trois taux constants : $0{,}05$, pour lequel $2/\eta = 40$ ; $0{,}15$, avec $2/\eta = 13{,}3$ ; et $0{,}2$, avec
# $2/\eta = 10$. Au départ, la raideur vaut 10. Prédisez : que fera la raideur sous chacun d'eux ? Et la perte ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)


def constant(rate):
    """Return what makes a scheduler with one rate: a warm-up that begins at its peak."""
    return lambda optimizer: WarmUp(optimizer, rate, rate, 1)


with coursekit.once_written():
    runs = {rate: watched(constant(rate), 281) for rate in (0.05, 0.15, 0.2)}
    sharp = {f"η = {rate:g}": run["sharpness"] for rate, run in runs.items()}
    edges = {f"2/η = {2 / rate:.3g}": [2 / rate] * 281 for rate in (0.15, 0.2)}
    losses = {f"η = {rate:g}": run["loss"] for rate, run in runs.items()}
    coursekit.plots.stacked(
        [("sharpness", {**sharp, **edges}), ("loss", losses)],
        "Gradient descent on the small network, three rates",
        "step",
        log=("loss",),
    )

# %% [markdown] lang="en"
# **What to see.** With $0.05$ the edge at 40 is far away. The sharpness grows all the way, from 10 to 14: left alone,
# gradient descent goes into narrower and narrower valleys. With the other two rates it grows up to the line of its own
# $2/\eta$, and a little beyond. Then the steps swing more and more: the loss jumps. One would expect an explosion. But
# the swing pushes the network out of the narrow valley, to a flatter place: the sharpness falls below the edge, the
# loss calms down, and all begins again (Damian, Nichani and Lee, *Self-Stabilization*, ICLR 2023). So it is the rate
# that chooses the sharpness, and not the other way round. (The sharpness is measured every 20 steps, hence the
# corners.)

# %% [markdown] lang="fr"
# **À voir.** Avec $0{,}05$, la limite de 40 est loin. La raideur monte pendant tout l'entraînement, de 10 à 14 : tant
# qu'on laisse faire la descente de gradient, elle entre dans des vallées de plus en plus étroites. Avec les deux autres
# taux, elle monte jusqu'à la ligne de son propre $2/\eta$, et un peu au-delà. Alors les pas oscillent de plus en plus :
# la perte bondit. On s'attendrait à une explosion. Mais l'oscillation pousse le réseau hors de la vallée étroite, vers
# un endroit plus plat : la raideur retombe sous la limite, la perte se calme, et tout recommence (Damian, Nichani et
# Lee, *Self-Stabilization*, ICLR 2023). C'est donc le taux qui choisit la raideur, et non l'inverse. (La raideur est
# mesurée tous les 20 pas, d'où les angles.)

# %% [markdown] lang="en"
# ## What a warm-up is for
#
# With a rate of $0.4$ the edge is at 5, and the network starts with a sharpness of 10. It would have to become half as
# sharp first. Predict which of these runs survives: the whole rate from the start; a warm-up from $0.02$ to $0.4$ in
# 250 steps; a warm-up from $0.2$ to $0.4$ in 250 steps.

# %% [markdown] lang="fr"
# ## À quoi sert un échauffement
#
# Avec un taux de $0{,}4$, la limite est à 5, et le réseau part avec une raideur de 10. Il devrait d'abord devenir deux
# fois plus plat. Prédisez lequel de ces entraînements survit : tout le taux dès le départ ; un échauffement de $0{,}02$
# à $0{,}4$ en 250 pas ; un échauffement de $0{,}2$ à $0{,}4$ en 250 pas.

# %% prediction=true
prediction_3 = ""

# %%
coursekit.predicted(prediction_3)
with coursekit.once_written():
    runs = {
        "0.4 at once": watched(constant(0.4), 301),
        "warm-up from 0.02": watched(lambda optimizer: WarmUp(optimizer, 0.02, 0.4, 250), 301),
        "warm-up from 0.2": watched(lambda optimizer: WarmUp(optimizer, 0.2, 0.4, 250), 301),
    }
    sharp = {name: run["sharpness"] for name, run in runs.items()}
    for name in ("0.02", "0.2"):
        rates_of = runs[f"warm-up from {name}"]["rate"]
        sharp[f"2/η, from {name}"] = [2 / rate if rate > 0.08 else float("nan") for rate in rates_of]
    coursekit.plots.stacked(
        [("sharpness", sharp), ("loss", {name: run["loss"] for name, run in runs.items()})],
        "Three ways to a rate of 0.4",
        "step",
        log=("loss",),
    )

# %% [markdown] lang="en"
# **What to see.** With the whole rate at once the loss explodes within seven steps. The warm-up from $0.2$ survives.
# Its edge comes down slowly, and the sharpness comes down with it, from 10 to about 5: whenever it is above the edge
# for some time, a swing throws it back. In the end the network trains at a rate that it could not have borne at the
# start.
#
# The surprise is the warm-up from $0.02$. It begins ten times lower, with the most caution, and explodes all the same
# after 150 steps. While its rate is small nothing holds the sharpness: it grows to 14.5 (a steep last piece belongs to
# the explosion). Its edge has come down to it after 89 steps; by then the network is in a much narrower valley than if
# it had been pushed from the start, and the edge keeps falling. So a warm-up is not a matter of caution: it must lead
# the network *along its edge* to flatter places. In large networks Gilmer and others have seen that a warm-up makes the
# loss flatter (*A Loss Curvature Perspective on Training Instability in Deep Learning*, ICLR 2022).

# %% [markdown] lang="fr"
# **À voir.** Avec le taux entier d'emblée, la perte explose en sept pas. L'échauffement à partir de $0{,}2$ survit. Sa
# limite descend lentement, et la raideur descend avec elle, de 10 à environ 5 : chaque fois qu'elle passe quelque temps
# au-dessus de la limite, une oscillation la rejette en dessous. À la fin, le réseau s'entraîne à un taux qu'il n'aurait
# pas supporté au départ.
#
# La surprise est l'échauffement à partir de $0{,}02$. Il commence dix fois plus bas, avec le plus de prudence, et
# explose pourtant après 150 pas. Tant que son taux est petit, rien ne retient la raideur : elle monte à 14,5 (un
# dernier bout abrupt appartient à l'explosion). Sa limite l'a rejointe après 89 pas ; le réseau se trouve alors dans
# une vallée bien plus étroite que s'il avait été poussé dès le début, et la limite continue de descendre. Un
# échauffement n'est donc pas une affaire de prudence : il doit mener le réseau *le long de sa limite* vers des endroits
# plus plats. Dans de grands réseaux, Gilmer et d'autres ont vu qu'un échauffement rend la perte plus plate (*A Loss
# Curvature Perspective on Training Instability in Deep Learning*, ICLR 2022).

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# - **Past the end.** torch's `CosineAnnealingLR` is called more often than `T_max` says, and the rate climbs again.
#   Nothing warns you.
# - **The rate in force.** `self.get_lr() * share` multiplies the shares with each other.
# - **Both made at the start.** A warm-up, then a cosine: `WarmUp` and `CosineDecay` are both made before the training,
#   and it is the last constructor that writes the first rate. The very first step is made at the peak, the one that the
#   warm-up was to protect. Make the second one when the first has ended: it then writes the rate that is there already.
# - **Batches counted as epochs.** The lengths are meant in epochs, and `step` is called after each batch: with ten
#   batches an epoch, the schedule is over after a tenth of the training.
#
# A fifth mistake shows only when a training is resumed: `optimizer.state_dict()` holds the rate, but not the count of
# the scheduler. A new scheduler writes its first rate, and begins at zero.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# - **Au-delà de la fin.** Le `CosineAnnealingLR` de torch est appelé plus souvent que `T_max` ne le dit, et le taux
#   remonte. Rien ne prévient.
# - **Le taux en vigueur.** `self.get_lr() * part` multiplie les parts entre elles.
# - **Les deux construits au départ.** Un échauffement, puis un cosinus : `WarmUp` et `CosineDecay` sont construits tous
#   deux avant l'entraînement, et c'est le dernier constructeur qui écrit le premier taux. Le tout premier pas se fait
#   au plus haut, celui-là même que l'échauffement devait protéger. Construisez le second quand le premier a fini : il
#   écrit alors le taux qui est déjà là.
# - **Des mini-lots comptés comme des époques.** Les longueurs sont pensées en époques, et `step` est appelée après
#   chaque mini-lot : avec dix mini-lots par époque, le calendrier est fini au dixième de l'entraînement.
#
# Une cinquième erreur ne se voit qu'à la reprise : `optimizer.state_dict()` contient le taux, mais pas le compte du
# scheduler. Un nouveau scheduler écrit son premier taux, et recommence à zéro.

# %%
class FromPresentRate(CosineDecay):
    """Multiplies the rate in force by the share that is left."""

    def step(self, metric=None):
        before = self.get_lr()
        super().step()
        self.set_lr(before * self.get_lr() / 0.02)


def one_after_the_other(at_the_start):
    """Return the rates of a warm-up of 10 steps and a cosine of 50; both may be made at the start."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    first = WarmUp(optimizer, 0.002, 0.02, 10)
    second = CosineDecay(optimizer, 0.02, 50) if at_the_start else None
    seen = [first.get_lr()]
    for k in range(60):
        if k == 10 and not at_the_start:
            second = CosineDecay(optimizer, 0.02, 50)
        (first if k < 10 else second).step()
        seen.append(first.get_lr())
    return seen


with coursekit.once_written():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.02)
    torchs, climbs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30), [0.02]
    for _ in range(60):
        optimizer.step()
        torchs.step()
        climbs.append(optimizer.param_groups[0]["lr"])
    right = rates(partial(CosineDecay, initial_lr=0.02, steps=30))
    long = rates(partial(CosineDecay, initial_lr=0.02, steps=60))
    multiplied = rates(partial(FromPresentRate, initial_lr=0.02, steps=30))
    in_turn, at_the_start = one_after_the_other(False), one_after_the_other(True)
    panels = [
        ("past the end", {"yours": right, "torch's": climbs}),
        ("present rate", {"yours": right, "the rate in force": multiplied}),
        ("two in turn", {"made in turn": in_turn, "both made at the start": at_the_start}),
        ("per batch", {"once an epoch": long, "once a batch": long[::10] + [0.0] * 54}),
    ]
    coursekit.plots.stacked(panels, "Four schedules gone wrong", "epoch", steps=True)

# %% [markdown] lang="en"
# **What to see.** In each picture the right curve and the wrong one. The first goes wrong only after 30 steps, the
# third only at the very first: a look at the loss would show nothing of it. Draw the rates of every schedule before you
# use it, as here: that costs nothing.

# %% [markdown] lang="fr"
# **À voir.** Dans chaque image, la courbe juste et la fausse. La première ne se trompe qu'après 30 pas, la troisième
# qu'au tout premier : un coup d'œil à la courbe de perte n'en montrerait rien. Dessinez les taux de tout calendrier
# avant de vous en servir, comme ici : cela ne coûte rien.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** A training with `CosineDecay(optimizer, initial_lr, steps)` stops after `done` steps. The optimizer was saved,
# the scheduler was not. Somebody loads the optimizer and makes a new `CosineDecay`, which begins at the rate in force
# and has the steps that were left, `steps - done`. What is the rate after `more` steps of that one?
#
# <details><summary>Hint</summary>
#
# Two arcs, one after the other. Which share did the first leave, and which share of that does the second leave?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Un entraînement avec `CosineDecay(optimizer, initial_lr, steps)` s'arrête après `done` pas. L'optimiseur a été
# enregistré, le scheduler non. Quelqu'un charge l'optimiseur et construit un nouveau `CosineDecay`, qui commence au
# taux en vigueur et a les pas qui restaient, `steps - done`. Quel est le taux après `more` pas de celui-ci ?
#
# <details><summary>Indice</summary>
#
# Deux arcs, l'un après l'autre. Quelle part le premier a-t-il laissée, et quelle part de celle-ci laisse le second ?
#
# </details>

# %% solution="rate_after_resuming"
def rate_after_resuming(initial_lr, steps, done, more):
    """Return the rate where a second CosineDecay has taken over from the first one after `done` of its steps."""
    ### BEGIN SOLUTION
    first = (1 + math.cos(math.pi * done / steps)) / 2
    return initial_lr * first * (1 + math.cos(math.pi * more / (steps - done))) / 2
    ### END SOLUTION

# %%
with coursekit.once_written():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = CosineDecay(optimizer, 0.5, 60)
    for _ in range(20):
        scheduler.step()
    scheduler = CosineDecay(optimizer, scheduler.get_lr(), 40)
    for _ in range(10):
        scheduler.step()
    print(f"two arcs             {scheduler.get_lr():.6f}")
    print(f"rate_after_resuming  {float(rate_after_resuming(0.5, 60, 20, 10)):.6f}")

# %% check="rate_after_resuming_check" points=1
coursekit.check(rate_after_resuming)

# %% [markdown] lang="en"
# **2.** At which sharpness is the edge if one trains with your `Momentum` of notebook 10, with the rate $\eta$ and the
# momentum $\mu$? The cell below the function lets it swing on two parabolas, one a little less sharp than your answer,
# the other a little sharper.
#
# <details><summary>Hint</summary>
#
# Notebook 10 said it under “Critical damping”: up to which $\eta\lambda$ do the swings stay bounded? At the edge each
# place is the opposite of the one before.
#
# </details>

# %% [markdown] lang="fr"
# **2.** À quelle raideur se trouve la limite si l'on s'entraîne avec votre `Momentum` du notebook 10, de taux $\eta$ et
# d'élan $\mu$ ? La cellule sous la fonction le laisse osciller sur deux paraboles, l'une un peu moins raide que votre
# réponse, l'autre un peu plus.
#
# <details><summary>Indice</summary>
#
# Le notebook 10 l'a dit sous « L'amortissement critique » : jusqu'à quel $\eta\lambda$ les oscillations restent-elles
# bornées ? À la limite, chaque position est l'opposée de la précédente.
#
# </details>

# %% solution="edge_with_momentum"
def edge_with_momentum(learning_rate, momentum):
    """Return the largest sharpness at which the swings of Momentum stay bounded."""
    ### BEGIN SOLUTION
    return 2 * (1 + momentum) / learning_rate
    ### END SOLUTION

# %%
Momentum = coursekit.own_class("Momentum")
with coursekit.once_written():
    edge = float(edge_with_momentum(0.2, 0.5))
    for curvature in (0.98 * edge, 1.02 * edge):
        theta = torch.ones(1, requires_grad=True)
        optimizer = Momentum([theta], learning_rate=0.2, momentum=0.5)
        for _ in range(300):
            theta.grad = curvature * theta.detach()
            optimizer.step()
        print(f"sharpness {curvature:.2f}   distance after 300 steps {abs(theta.item()):.1e}")

# %% check="edge_with_momentum_check" points=1
coursekit.check(edge_with_momentum)

# %% [markdown] lang="en"
# ## A question
#
# A model was trained for 10 000 steps with a cosine down to 0. It is good, and 10 000 steps more are granted. What
# happens if one goes on from this model, at the rate at which the cosine has ended? And what if one starts again at the
# peak? What could have been kept with the three phases, and what would the model of 20 000 steps then cost? Answer in a
# few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Un modèle a été entraîné sur 10 000 pas avec un cosinus jusqu'à 0. Il est bon, et l'on accorde 10 000 pas de plus. Que
# se passe-t-il si l'on continue à partir de ce modèle, au taux où le cosinus a fini ? Et si l'on repart au plus haut ?
# Qu'aurait-on pu garder avec les trois phases, et que coûterait alors le modèle de 20 000 pas ? Répondez en quelques
# phrases.

# %% [markdown] lang="en" answer="schedules_words" points=2
# At the rate 0 nothing moves any more: the steps would be wasted. At the peak the model climbs back to the noise floor
# of that rate: what the fall had gained is lost within some steps, and a whole fall is needed again at the end. This
# model has then had two falls, the first of them for nothing, and is not that of one cosine of 20 000 steps. With three
# phases one keeps the state (model, optimizer, count) from before the decay. One goes on from there at the peak, and
# decays later: the model of 20 000 steps costs only the 10 000 steps more, and the first decay, which is short, is all
# that is thrown away.

# %% [markdown] lang="fr" answer="schedules_words" points=2
# Au taux 0, plus rien ne bouge : les pas seraient perdus. Au plus haut taux, le modèle remonte au plancher de bruit de
# ce taux : ce que la baisse avait gagné est perdu en quelques pas, et il faut de nouveau une baisse complète à la fin.
# Ce modèle aura eu deux baisses, dont la première n'a servi à rien, et il n'est pas celui d'un cosinus de 20 000 pas.
# Avec trois phases, on garde l'état (modèle, optimiseur, compte) d'avant la descente. On en repart au plus haut taux et
# l'on descend plus tard : le modèle de 20 000 pas ne coûte que les 10 000 pas de plus, et la première descente, courte,
# est tout ce que l'on jette.

# %% [markdown] lang="en"
# ## What to remember
#
# - $k$ steps have $k + 1$ rates. At a junction the rate belongs to both phases, and is counted once.
# - A cosine must know its length. Warm-up, stable, decay need not, and one trunk carries many ends.
# - The sharpness is the largest eigenvalue of the Hessian. Products $Hv$ are enough to measure it.
# - Gradient descent raises the sharpness up to $2/\eta$ and then moves about that line: the edge of stability.
# - A warm-up leads the network along this edge to flatter places. One that begins too low lets the sharpness grow.

# %% [markdown] lang="fr"
# ## À retenir
#
# - $k$ pas ont $k + 1$ taux. À une jonction, le taux appartient aux deux phases et n'est compté qu'une fois.
# - Un cosinus doit connaître sa longueur. Échauffement, palier, descente : non, et un tronc porte plusieurs fins.
# - La raideur est la plus grande valeur propre de la hessienne. Les produits $Hv$ suffisent pour la mesurer.
# - La descente de gradient augmente la raideur jusqu'à $2/\eta$, puis celle-ci évolue autour de cette valeur : la
#   limite de stabilité.
# - Un échauffement mène le réseau le long de cette limite vers des endroits plus plats. Commencer trop bas laisse la
#   raideur monter.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **In turn.** Write `InTurn(optimizer, makers, lengths)`, which makes a scheduler when the one before has made its
#    steps: `makers` is a list of functions that take an optimizer, `lengths` says how many steps each has. *Expect*,
#    for a warm-up from 0.1 to 0.5 in 3 steps and then a cosine of 4 steps, the rates 0.1, 0.2333, 0.3667, 0.5, 0.4268,
#    0.25, 0.0732, 0. What is different in torch's `SequentialLR`, which is given schedulers that are made already?
# 2. **Noise and sharpness.** Train `small_network` for 600 steps at the rate 0.1 with batches drawn at random, and
#    measure the sharpness of the loss on all points at the end. *Expect* about 16 with all points, 15 with batches of
#    20, 14 with 10, and 13 with 5: none is at its edge, which is 20. Why does noise hold the sharpness, too?
# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : écrivez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **L'un après l'autre.** Écrivez `InTurn(optimizer, makers, lengths)`, qui construit un scheduler quand le précédent
#    a fait ses pas : `makers` est une liste de fonctions qui reçoivent un optimiseur, `lengths` dit combien de pas
#    chacun a. *Attendez-vous*, pour un échauffement de 0,1 à 0,5 en 3 pas suivi d'un cosinus de 4 pas, aux taux 0,1 ;
#    0,2333 ; 0,3667 ; 0,5 ; 0,4268 ; 0,25 ; 0,0732 ; 0. Que change `SequentialLR` de torch, qui reçoit des schedulers
#    déjà construits ?
# 2. **Le bruit et la raideur.** Entraînez `small_network` pendant 600 pas au taux 0,1 avec des mini-lots tirés au
#    hasard, et mesurez à la fin la raideur de la perte sur toutes les données. *Attendez-vous* à environ 16 avec tous
#    les points, 15 avec 20 par mini-lot, 14 avec 10 et 13 avec 5 : aucune n'atteint la limite, qui est à 20. Pourquoi
#    le bruit retient-il la raideur, lui aussi ?
