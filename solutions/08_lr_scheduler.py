# %% [markdown] lang="en"
# # 8 · A scheduler for the learning rate
#
# <div class="alert alert-info">
#
# **You will write** `LRScheduler`, the class that every rule for changing the learning rate is derived from.
#
# **Time** 60 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** notebook [1](01_sgd.ipynb), inheritance in Python, and the variance of a sum.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 8 · Un scheduler pour le taux d'apprentissage
#
# <div class="alert alert-info">
#
# **Vous écrirez** `LRScheduler`, la classe dont dérive toute règle qui change le taux d'apprentissage.
#
# **Durée** 60 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** le notebook [1](01_sgd.ipynb), l'héritage en Python, et la variance d'une somme.
#
# **Commencez** par la cellule sous « À vous » : écrivez-y la classe, exécutez-la, puis exécutez la vérification qui
# suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import math

import torch

import coursekit

SGD = coursekit.own_class("SGD")

# %% [markdown] lang="en"
# ## The idea
#
# So far nearly every gradient saw all of the data. In practice it sees a mini-batch, and is the true gradient plus
# noise. The noise does not vanish at the minimum: there the true gradient is zero and the measured one is not, so the
# parameter keeps moving. How much is easy to compute on $L(\theta) = \frac{1}{2}\theta^2$. Say we measure
# $g = \theta + \xi$, where $\xi$ is drawn anew at each step, with mean 0 and variance $\sigma^2$. One step gives
# $\theta - \eta g = (1 - \eta)\,\theta - \eta\,\xi$, and the mean square $v = \mathbb{E}[\theta^2]$ obeys
#
# $$v \leftarrow (1 - \eta)^2\, v + \eta^2 \sigma^2 .$$
#
# With a fixed rate $0 < \eta < 2$ the first term shrinks and the second never does. They balance at the **noise floor**
#
# $$v_\infty = \frac{\eta}{2 - \eta}\,\sigma^2 \approx \frac{\eta}{2}\,\sigma^2 .$$
#
# A large rate approaches quickly and stays far away; a small rate approaches slowly and gets close. To have both, begin
# large and let the rate fall. Robbins and Monro showed in 1951 that this works (*A Stochastic Approximation Method*,
# Annals of Mathematical Statistics 22). In the form used today their conditions on the rates $\eta_1, \eta_2, \dots$
# are
#
# $$\sum_t \eta_t = \infty, \qquad \sum_t \eta_t^2 < \infty .$$
#
# The first says that the steps together can cover any distance, so a bad start can be made up for. The second says that
# the noise of the whole run stays finite. The rates $\eta_t = c/t$ satisfy both; a fixed rate does not satisfy the
# second.

# %% [markdown] lang="fr"
# ## L'idée
#
# Jusqu'ici, presque tous les gradients voyaient toutes les données. En pratique, un gradient ne voit qu'un mini-lot :
# c'est le vrai gradient plus du bruit. Le bruit ne s'éteint pas au minimum : là, le vrai gradient est nul et le
# gradient mesuré ne l'est pas, donc le paramètre bouge toujours. De combien ? Le calcul est facile sur
# $L(\theta) = \frac{1}{2}\theta^2$. Disons qu'on mesure $g = \theta + \xi$, où $\xi$ est tiré de nouveau à chaque pas,
# de moyenne 0 et de variance $\sigma^2$. Un pas donne $\theta - \eta g = (1 - \eta)\,\theta - \eta\,\xi$, et le carré
# moyen $v = \mathbb{E}[\theta^2]$ suit la récurrence
#
# $$v \leftarrow (1 - \eta)^2\, v + \eta^2 \sigma^2 .$$
#
# Avec un taux fixe $0 < \eta < 2$, le premier terme diminue et le second jamais. Ils s'équilibrent au **plancher de
# bruit**
#
# $$v_\infty = \frac{\eta}{2 - \eta}\,\sigma^2 \approx \frac{\eta}{2}\,\sigma^2 .$$
#
# Un grand taux s'approche vite et reste loin ; un petit taux s'approche lentement et arrive près. Pour avoir les deux,
# on commence grand et on laisse le taux décroître. Robbins et Monro ont montré en 1951 que cela marche (*A Stochastic
# Approximation Method*, Annals of Mathematical Statistics 22). Sous la forme employée aujourd'hui, leurs conditions sur
# les taux $\eta_1, \eta_2, \dots$ sont
#
# $$\sum_t \eta_t = \infty, \qquad \sum_t \eta_t^2 < \infty .$$
#
# La première dit que les pas, ensemble, peuvent franchir toute distance : un mauvais départ se rattrape. La seconde dit
# que le bruit reçu sur tout le parcours est fini. Les taux $\eta_t = c/t$ vérifient les deux ; un taux fixe ne vérifie
# pas la seconde.

# %% [markdown] lang="en"
# ## Four steps by hand
#
# Take $\sigma^2 = 1$, start at $\theta = 2$, so $v = 4$, and halve the rate before the fourth step.
#
# | step | $\eta$ | $(1-\eta)^2 v$ | $\eta^2$ | new $v$ |
# |---|---|---|---|---|
# | 1 | $0.5$ | $0.25 \cdot 4 = 1$ | $0.25$ | $1.25$ |
# | 2 | $0.5$ | $0.25 \cdot 1.25 = 0.3125$ | $0.25$ | $0.5625$ |
# | 3 | $0.5$ | $0.25 \cdot 0.5625 = 0.1406$ | $0.25$ | $0.3906$ |
# | 4 | $0.25$ | $0.5625 \cdot 0.3906 = 0.2197$ | $0.0625$ | $0.2822$ |
#
# At $\eta = 0.5$ the floor is $0.5/1.5 = 0.3333$: more steps at this rate would have brought little. The fourth step is
# already below it. The next cell sends out 100 000 walkers with random noise and averages $\theta^2$: it finds the last
# column, and only the third digit is left to chance.

# %% [markdown] lang="fr"
# ## Quatre pas à la main
#
# Prenons $\sigma^2 = 1$, un départ en $\theta = 2$, donc $v = 4$, et divisons le taux par deux avant le quatrième pas.
#
# | pas | $\eta$ | $(1-\eta)^2 v$ | $\eta^2$ | nouveau $v$ |
# |---|---|---|---|---|
# | 1 | $0{,}5$ | $0{,}25 \cdot 4 = 1$ | $0{,}25$ | $1{,}25$ |
# | 2 | $0{,}5$ | $0{,}25 \cdot 1{,}25 = 0{,}3125$ | $0{,}25$ | $0{,}5625$ |
# | 3 | $0{,}5$ | $0{,}25 \cdot 0{,}5625 = 0{,}1406$ | $0{,}25$ | $0{,}3906$ |
# | 4 | $0{,}25$ | $0{,}5625 \cdot 0{,}3906 = 0{,}2197$ | $0{,}0625$ | $0{,}2822$ |
#
# À $\eta = 0{,}5$ le plancher est $0{,}5/1{,}5 = 0{,}3333$ : d'autres pas à ce taux n'auraient guère aidé. Le quatrième
# pas est déjà en dessous. La cellule suivante lance 100 000 marcheurs avec un bruit aléatoire et fait la moyenne de
# $\theta^2$ : elle retrouve la dernière colonne, au hasard près, qui ne joue que sur le troisième chiffre.

# %%
def mean_squares(rates, walkers=100_000):
    """Walk down θ²/2 with noise of variance 1 from θ = 2; return the mean of θ² before and after every step."""
    draw = torch.Generator().manual_seed(0)
    theta = torch.full((walkers,), 2.0)
    squares = [4.0]
    for rate in rates:
        theta = theta - rate * (theta + torch.randn(walkers, generator=draw))
        squares.append((theta**2).mean().item())
    return squares


print("v:", ", ".join(f"{v:.3f}" for v in mean_squares([0.5, 0.5, 0.5, 0.25])))

# %% [markdown] lang="en"
# Now the walkers take two hundred steps, with three choices of the rate: $0.5$, $0.05$, and $1/t$ in step
# $t = 1, 2, 3, \dots$ Predict, in the next cell: in which order do the three lie after ten steps, and in which after
# two hundred? For the fixed rates you know the floor, and $(1 - \eta)^2$ for the way to it. For $1/t$ do the first
# three steps by hand, as in the table, and go on from there.

# %% [markdown] lang="fr"
# Les marcheurs font maintenant deux cents pas, avec trois choix du taux : $0{,}5$, $0{,}05$, et $1/t$ au pas
# $t = 1, 2, 3, \dots$ Prédisez, dans la cellule suivante : dans quel ordre les trois se rangent-ils après dix pas, et
# après deux cents ? Pour les taux fixes, vous connaissez le plancher, et $(1 - \eta)^2$ pour le chemin qui y mène. Pour
# $1/t$, faites les trois premiers pas à la main, comme dans le tableau, et continuez à partir de là.

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
curves = {
    "rate 0.5": mean_squares([0.5] * 200, walkers=10_000),
    "rate 0.05": mean_squares([0.05] * 200, walkers=10_000),
    "rate 1/t": mean_squares([1 / t for t in range(1, 201)], walkers=10_000),
}
for name, squares in curves.items():
    print(f"{name:9}   t = 10: {squares[10]:.3f}   t = 200: {squares[200]:.3f}")
floors = {f"η/(2 − η), η = {rate}": rate / (2 - rate) for rate in (0.5, 0.05)}
coursekit.plots.lines(curves, "The noise floor of a fixed rate", "step", "mean of θ²", log="y", levels=floors)

# %% [markdown] lang="en"
# **What to see.** The two fixed rates stop at their floors, the dotted lines: the large one after a few steps, the
# small one after about seventy. So after ten steps the small rate lies highest, at $1.45$, still on its way, and after
# two hundred the large one, at $0.33$. The rate $1/t$ lies lowest both times, at $0.1$ and at $0.005$: it has no floor.
# By hand, $v$ is $1$, $\frac{1}{2}$, $\frac{1}{3}$ after its first three steps. You even know this case: $\theta$ after
# $t$ steps is minus the average of the $t$ noises, and an average of $t$ has the variance $1/t$.

# %% [markdown] lang="fr"
# **À voir.** Les deux taux fixes s'arrêtent à leur plancher, les lignes pointillées : le grand après quelques pas, le
# petit après environ soixante-dix. Après dix pas, c'est donc le petit qui est le plus haut, à $1{,}45$, encore en
# chemin, et après deux cents le grand, à $0{,}33$. Le taux $1/t$ est le plus bas les deux fois, à $0{,}1$ et à
# $0{,}005$ : il n'a pas de plancher. À la main, $v$ vaut $1$, $\frac{1}{2}$, $\frac{1}{3}$ après ses trois premiers
# pas. Vous connaissez même ce cas : $\theta$ après $t$ pas est l'opposé de la moyenne des $t$ bruits, et une moyenne de
# $t$ termes a pour variance $1/t$.

# %% [markdown] lang="en"
# ## Your turn
#
# A scheduler is an object that stands beside the optimizer and writes its learning rate. A training uses both:
#
# ```python
# for epoch in range(epochs):
#     ...                  # many times: zero_grad, backward, optimizer.step()
#     scheduler.step()     # once: the rate of the next epoch
# ```
#
# There are many rules for the rate, and they all need the same three things: know the optimizer, read the rate, write
# the rate. You write these once, in a base class. What differs is `step`. The base class gives its name and leaves it
# open; each subclass writes it. Such a method is called *abstract*. Thanks to it, the loop may call `step` on any
# scheduler without knowing which one it is.
#
# What you must know:
#
# - the learning rate stands in one place only, under `"lr"` in each dictionary of `optimizer.param_groups`; that is
#   where `optimizer.step()` reads it;
# - an optimizer may have several groups, and the scheduler serves **all** of them;
# - `get_lr` says what is in force *now*, as a `float`; somebody else may have changed it since. When the groups differ,
#   the first one will do;
# - `step` is given and complete. In the base class, raising `NotImplementedError` is the right answer: it is the
#   contract, "a subclass must write this". Leave it as it is.

# %% [markdown] lang="fr"
# ## À vous
#
# Un *scheduler* est un objet placé à côté de l'optimiseur, qui écrit son taux d'apprentissage. Un entraînement se sert
# des deux :
#
# ```python
# for epoch in range(epochs):
#     ...                  # plusieurs fois : zero_grad, backward, optimizer.step()
#     scheduler.step()     # une fois : le taux de l'époque suivante
# ```
#
# Il existe beaucoup de règles pour le taux, et toutes ont besoin des trois mêmes choses : connaître l'optimiseur, lire
# le taux, écrire le taux. Vous écrivez cela une seule fois, dans une classe de base. Ce qui diffère, c'est la méthode
# `step`. La classe de base en donne le nom, et chaque sous-classe l'écrit. Une telle méthode est dite *abstraite*.
# Grâce à elle, la boucle peut appeler `step` sur n'importe quel scheduler sans savoir duquel il s'agit.
#
# Ce qu'il faut savoir :
#
# - le taux ne se trouve qu'à un endroit, sous `"lr"` dans chaque dictionnaire de `optimizer.param_groups` ; c'est là
#   que `optimizer.step()` le lit ;
# - un optimiseur peut avoir plusieurs groupes, et le scheduler les sert **tous** ;
# - `get_lr` dit le taux en vigueur *maintenant*, sous forme de `float` : il a pu changer depuis. Quand les groupes
#   diffèrent, le premier suffit ;
# - `step` est donnée et complète. Dans la classe de base, lever `NotImplementedError` est la bonne réponse : c'est le
#   contrat, « une sous-classe doit écrire ceci ». Laissez-la telle quelle.

# %% solution="lr_scheduler"
class LRScheduler:
    """The base of the schedulers: knows an optimizer, reads its learning rate and writes it.

    optimizer: whose learning rate is set, kept as self.optimizer
    initial_lr: the first learning rate, kept as self.initial_lr and written into every group
    """

    def __init__(self, optimizer, initial_lr):
        ### BEGIN SOLUTION
        self.optimizer = optimizer
        self.initial_lr = initial_lr
        self.set_lr(initial_lr)
        ### END SOLUTION

    def get_lr(self):
        """Return the learning rate in force, a float."""
        ### BEGIN SOLUTION
        return float(self.optimizer.param_groups[0]["lr"])
        ### END SOLUTION

    def set_lr(self, lr):
        """Write a learning rate into every group."""
        ### BEGIN SOLUTION
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        ### END SOLUTION

    def step(self, metric=None):
        """Set the rate of the next epoch: left to the subclasses. Given; leave it as it is."""
        raise NotImplementedError("a subclass of LRScheduler says how the rate changes")

# %% [markdown] lang="en"
# <details><summary>Hint 1: the constructor</summary>
#
# Three lines: keep both arguments under their names, and write the first rate. There is already a method that writes.
#
# </details>
# <details><summary>Hint 2: set_lr</summary>
#
# `optimizer.param_groups` is a list of dictionaries: a loop over the list, one assignment under the key `"lr"`.
#
# </details>
# <details><summary>Hint 3: get_lr gives an old value</summary>
#
# Do not keep the rate in `self`. Ask the first group each time, and turn the answer into a `float`.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le constructeur</summary>
#
# Trois lignes : gardez les deux arguments sous leurs noms, et écrivez le premier taux. Une méthode qui écrit existe
# déjà.
#
# </details>
# <details><summary>Indice 2 : set_lr</summary>
#
# `optimizer.param_groups` est une liste de dictionnaires : une boucle sur la liste, une affectation sous la clé `"lr"`.
#
# </details>
# <details><summary>Indice 3 : get_lr donne une vieille valeur</summary>
#
# Ne gardez pas le taux dans `self`. Demandez-le chaque fois au premier groupe, et faites de la réponse un `float`.
#
# </details>

# %% check="lr_scheduler_check" points=18
coursekit.check(LRScheduler)

# %% [markdown] lang="en"
# ## Three rules built on your class
#
# They are given. None of them touches a group: they say *when* and *how much*, your class does the writing.
#
# - `Constant` never changes the rate: the smallest subclass that keeps the contract.
# - `StepDecay` halves it every `period` epochs, from whatever rate is in force.
# - `Cosine` lets it fall along half a cosine, from the highest rate to 0 (Loshchilov and Hutter, *SGDR: Stochastic
#   Gradient Descent with Warm Restarts*, ICLR 2017; they then start the arc again, here there is only one). In the
#   first `warmup` epochs the rate climbs to the highest one in equal parts.
#
# $$\eta_k = \frac{\eta_{\max}}{2}\left(1 + \cos\frac{\pi\,(k - w)}{K - w}\right)
# \quad\text{for } w \le k \le K, \qquad \eta_k = \eta_{\max}\,\frac{k + 1}{w + 1} \quad\text{for } k < w$$
#
# Here $k$ is the epoch, $K$ their number, and $w$ the length of the warm-up. Note the two styles: `StepDecay` changes
# the current rate, `Cosine` computes it anew from the epoch. The first respects a rate that somebody else wrote, the
# second overwrites it.

# %% [markdown] lang="fr"
# ## Trois règles bâties sur votre classe
#
# Elles sont données. Aucune ne touche à un groupe : elles disent *quand* et *de combien*, votre classe écrit.
#
# - `Constant` ne change jamais le taux : la plus petite sous-classe qui respecte le contrat.
# - `StepDecay` le divise par deux toutes les `period` époques, à partir du taux en vigueur.
# - `Cosine` le fait descendre le long d'un demi-cosinus, du taux le plus haut à 0 (Loshchilov et Hutter, *SGDR:
#   Stochastic Gradient Descent with Warm Restarts*, ICLR 2017 ; eux recommencent ensuite l'arc, ici il n'y en a qu'un).
#   Pendant les `warmup` premières époques, l'échauffement, le taux monte jusqu'au plus haut par paliers égaux.
#
# $$\eta_k = \frac{\eta_{\max}}{2}\left(1 + \cos\frac{\pi\,(k - w)}{K - w}\right)
# \quad\text{pour } w \le k \le K, \qquad \eta_k = \eta_{\max}\,\frac{k + 1}{w + 1} \quad\text{pour } k < w$$
#
# Ici $k$ est l'époque, $K$ leur nombre et $w$ la longueur de l'échauffement. Remarquez les deux styles : `StepDecay`
# change le taux actuel, `Cosine` le recalcule à partir de l'époque. Le premier respecte un taux que quelqu'un d'autre a
# écrit, le second l'écrase.

# %%
class Constant(LRScheduler):
    """Leaves the rate as it is."""

    def step(self, metric=None):
        pass


class StepDecay(LRScheduler):
    """Halves the rate every `period` epochs."""

    def __init__(self, optimizer, initial_lr, period):
        super().__init__(optimizer, initial_lr)
        self.period = period
        self.epoch = 0

    def step(self, metric=None):
        self.epoch += 1
        if self.epoch % self.period == 0:
            self.set_lr(self.get_lr() / 2)


class Cosine(LRScheduler):
    """Falls from `initial_lr` to 0 along half a cosine, after `warmup` epochs of climbing."""

    def __init__(self, optimizer, initial_lr, epochs, warmup=0):
        super().__init__(optimizer, initial_lr)
        self.highest, self.epochs, self.warmup = initial_lr, epochs, warmup
        self.epoch = 0
        self.set_lr(self.rate())

    def rate(self):
        if self.epoch < self.warmup:
            return self.highest * (self.epoch + 1) / (self.warmup + 1)
        done = (self.epoch - self.warmup) / (self.epochs - self.warmup)
        return self.highest * (1 + math.cos(math.pi * done)) / 2

    def step(self, metric=None):
        self.epoch += 1
        self.set_lr(self.rate())


def rates(make, epochs=60):
    """Return the rate of every epoch; `make` takes an optimizer and returns its scheduler."""
    scheduler = make(torch.optim.SGD([torch.zeros(1)], lr=0.01))
    seen = []
    for _ in range(epochs):
        seen.append(scheduler.get_lr())
        scheduler.step()
    return seen


rules = {
    "constant 0.02": lambda optimizer: Constant(optimizer, 0.02),
    "constant 0.002": lambda optimizer: Constant(optimizer, 0.002),
    "halved every 10 epochs": lambda optimizer: StepDecay(optimizer, 0.02, period=10),
    "cosine": lambda optimizer: Cosine(optimizer, 0.02, epochs=60),
    "cosine after a warm-up of 10": lambda optimizer: Cosine(optimizer, 0.02, epochs=60, warmup=10),
}

# %%
with coursekit.once_written():
    seen = {name: rates(make) for name, make in rules.items()}
    coursekit.plots.stacked([("learning rate", seen)], "Five schedules of the learning rate", "epoch", steps=True)

# %% [markdown] lang="en"
# **What to see.** The staircase halves every ten epochs and ends at $0.02/32$. The cosine stays high for a long time,
# falls fastest in the middle, and arrives gently at 0. With a warm-up the same arc is squeezed into the last 50 epochs.
#
# A warm-up protects the first steps, when gradients are large or the averages of Adam still rest on few of them; Goyal
# and others made it a habit (*Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, arXiv 1706.02677, 2017).

# %% [markdown] lang="fr"
# **À voir.** L'escalier baisse de moitié toutes les dix époques et finit à $0{,}02/32$. Le cosinus reste longtemps
# haut, descend le plus vite au milieu et arrive doucement à 0. Avec un échauffement, le même arc tient dans les 50
# dernières époques.
#
# Un échauffement protège les premiers pas, quand les gradients sont grands ou que les moyennes d'Adam reposent encore
# sur peu d'entre eux ; Goyal et ses coauteurs en ont fait une habitude (*Accurate, Large Minibatch SGD: Training
# ImageNet in 1 Hour*, arXiv 1706.02677, 2017).

# %% [markdown] lang="en"
# ## On the linear data, with noise
#
# The same line as in notebook 1, but each step now sees 10 points drawn at random. Ten such steps make an epoch,
# after which the scheduler steps. All runs draw the same points in the same order. Since there is one best line, we can
# measure what matters: the distance $|\theta - \theta^*|$ of (weight, bias) from it. Below the picture stands its
# average over the last ten epochs, in the order of the legend.

# %% [markdown] lang="fr"
# ## Sur les données linéaires, avec du bruit
#
# La même droite qu'au notebook 1, mais chaque pas ne voit plus que 10 points tirés au hasard. Dix de ces pas font une
# époque, après quoi le scheduler fait le sien. Tous les entraînements tirent les mêmes points dans le même ordre. Comme
# il existe une meilleure droite, nous pouvons mesurer ce qui compte : la distance $|\theta - \theta^*|$ de (poids,
# biais) à celle-ci. Sous la figure se trouve sa moyenne sur les dix dernières époques, dans l'ordre de la légende.

# %%
def train_on_batches(data, make, epochs=60):
    """Train a line with SGD on 10 random batches of 10 points an epoch; the scheduler steps after every epoch."""
    draw = torch.Generator().manual_seed(0)
    X, y = torch.cat([data.x, torch.ones_like(data.x)], dim=1), data.y.flatten()
    theta = torch.zeros(2, requires_grad=True)  # weight and bias
    optimizer = SGD([theta])
    scheduler = make(optimizer)
    visited = [theta.detach().clone()]
    for _ in range(epochs):
        batches = torch.randint(100, (10, 10), generator=draw)
        for points, targets in zip(X[batches], y[batches], strict=True):
            theta.grad = (points @ theta.detach() - targets) @ points * (2 / 10)  # of the mean squared error
            optimizer.step()
        scheduler.step()
        visited.append(theta.detach().clone())
    parameters = torch.stack(visited)
    losses = (parameters @ X.T - y).square().mean(dim=1)
    return coursekit.History(losses=losses.tolist(), parameters=parameters)


def distances(history, data):
    """Measure how far (weight, bias) was from the best line, before the first epoch and after every one."""
    X = torch.cat([data.x, torch.ones_like(data.x)], dim=1)
    best = torch.linalg.lstsq(X, data.y).solution.flatten()
    return (history.parameters - best).norm(dim=1)

# %%
line = coursekit.data.linear()
with coursekit.once_written():
    seen = {name: distances(train_on_batches(line, make), line) for name, make in rules.items()}
    coursekit.plots.lines(
        seen, "Noisy SGD on the linear data, five schedules", "epoch", "distance to the best line", log="y"
    )
    print("|θ − θ*|:", ", ".join(f"{path[-10:].mean():.4f}" for path in seen.values()))

# %% [markdown] lang="en"
# **What to see.** Both constant rates fail, each in its own way. At $0.02$ the line comes near within ten epochs, and
# then jumps about, at a distance of up to $0.4$, for good. At $0.002$ it moves quietly, and after sixty epochs it is
# still $0.47$ away. The rates that fall begin like the first; over the last ten epochs they are on average eight to
# fourteen times nearer than it. The warm-up costs about ten epochs and brings nothing here: this problem has no
# dangerous first steps.

# %% [markdown] lang="fr"
# **À voir.** Les deux taux constants échouent, chacun à sa façon. À $0{,}02$, la droite est proche en dix époques, puis
# saute sans fin, jusqu'à une distance de $0{,}4$. À $0{,}002$, elle avance calmement, et après soixante époques elle
# est encore à $0{,}47$. Les taux qui décroissent commencent comme le premier ; sur les dix dernières époques, la droite
# est en moyenne huit à quatorze fois plus proche qu'avec lui. L'échauffement coûte environ dix époques et n'apporte
# rien ici : ce problème n'a pas de premiers pas dangereux.

# %% [markdown] lang="en"
# ## On the non-linear data, with noise
#
# The line that fits the parabola best misses most points by far, so two batches disagree much more than before: the
# noise is larger, and with it the floor. First the constant rate, then the halved one.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires, avec du bruit
#
# La droite qui s'ajuste le mieux à la parabole manque largement la plupart des points. Deux mini-lots se contredisent
# donc bien plus qu'avant. Le bruit est plus grand, et le plancher avec lui. D'abord le taux constant, puis le taux
# divisé par deux.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    history = train_on_batches(parabola, rules["constant 0.02"])
    coursekit.plots.training(history, parabola, "Noisy SGD on the non-linear data, constant rate 0.02")

# %%
with coursekit.once_written():
    history = train_on_batches(parabola, rules["halved every 10 epochs"])
    coursekit.plots.training(history, parabola, "Noisy SGD on the non-linear data, halved every 10 epochs")

# %% [markdown] lang="en"
# **What to see.** The two paths are the same for ten epochs. Then the constant rate goes on wandering around the star,
# mostly along the weight, the steep direction, and its loss still jumps, once up to 1320. The halved rate narrows the
# wandering: after epoch 50 its loss never exceeds 280, and the best possible is 277. Where the constant rate is when
# one stops is luck: between two epochs near the end its loss goes from 277 to 830.

# %% [markdown] lang="fr"
# **À voir.** Les deux chemins sont les mêmes pendant dix époques. Ensuite le taux constant continue d'errer autour de
# l'étoile, surtout selon le poids, la direction raide, et sa perte saute encore, une fois jusqu'à 1320. Le taux divisé
# par deux resserre cette errance : après l'époque 50, sa perte ne dépasse plus 280, et la meilleure possible est 277.
# Avec le taux constant, l'endroit où l'on s'arrête tient du hasard : entre deux époques, vers la fin, la perte passe de
# 277 à 830.

# %% [markdown] lang="en"
# ## How fast may the rate fall?
#
# Halving every `period` epochs makes the squares of the rates sum to something finite, so the noise dies. But the rates
# sum to something finite too, and that breaks the first condition. With ten steps an epoch and `period` epochs at each
# rate,
#
# $$\sum_t \eta_t = 10 \cdot \mathrm{period} \cdot \eta_0 \left(1 + \tfrac{1}{2} + \tfrac{1}{4} + \dots\right)
# = 20 \cdot \mathrm{period} \cdot \eta_0 .$$
#
# In a direction of curvature $\lambda$ a small step multiplies the distance by
# $1 - \eta\lambda \approx e^{-\eta\lambda}$, so all the steps that will ever be taken multiply it by
# about $e^{-\lambda \sum \eta_t}$ and no less. For the bias $\lambda = 2$, and it starts 5.12 away from its best value.
#
# We try the periods 1, 2 and 5 for sixty epochs, from $\eta_0 = 0.02$. The period 10 was one of the schedules above: it
# ended at an average distance of $0.0127$. Predict, in the next cell: with which of the four periods does the line come
# nearest to the best one, and at which distance does it stop with the period 1?

# %% [markdown] lang="fr"
# ## À quelle vitesse le taux peut-il décroître ?
#
# Diviser par deux toutes les `period` époques rend finie la somme des carrés des taux : le bruit s'éteint. Mais la
# somme des taux devient finie aussi, et cela viole la première condition. Avec dix pas par époque et `period` époques à
# chaque taux,
#
# $$\sum_t \eta_t = 10 \cdot \mathrm{period} \cdot \eta_0 \left(1 + \tfrac{1}{2} + \tfrac{1}{4} + \dots\right)
# = 20 \cdot \mathrm{period} \cdot \eta_0 .$$
#
# Dans une direction de courbure $\lambda$, un petit pas multiplie la distance par
# $1 - \eta\lambda \approx e^{-\eta\lambda}$. Tous les pas que l'on pourra faire la multiplient donc par environ
# $e^{-\lambda \sum \eta_t}$, jamais par moins. Pour le biais, $\lambda = 2$, et il part à 5,12 de sa meilleure valeur.
#
# Nous essayons les périodes 1, 2 et 5 pendant soixante époques, à partir de $\eta_0 = 0{,}02$. La période 10 était l'un
# des calendriers ci-dessus : elle finissait à une distance moyenne de $0{,}0127$. Prédisez, dans la cellule suivante :
# laquelle des quatre périodes mène le plus près de la meilleure droite, et à quelle distance s'arrête-t-on avec la
# période 1 ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
with coursekit.once_written():
    paths = {}
    for period in (1, 2, 5):
        history = train_on_batches(line, lambda optimizer, period=period: StepDecay(optimizer, 0.02, period))
        paths[period] = distances(history, line)
    paths[10] = seen["halved every 10 epochs"]
    print("period    Σ η   5.12 exp(−2 Σ η)   |θ − θ*|")
    for period, path in paths.items():
        total = 20 * period * 0.02
        print(f"{period:6d}{total:7.1f}{5.12 * math.exp(-2 * total):20.4f}{path[-1]:11.4f}")
    curves = {f"period = {period}": path for period, path in paths.items()}
    coursekit.plots.lines(curves, "Rates that fall too fast", "epoch", "distance to the best line", log="y")

# %% [markdown] lang="en"
# **What to see.** With a period of 1, 2 or 5 the curves become flat far from the goal: the noise is gone and so is all
# motion. Where they stop is what the formula says, to within a fifth: with a period of 1 at $2.4$, with nearly half of
# the way still to go. The period of 10 comes nearest. There the formula leaves only $0.002$, less than the noise that
# is still there at the end. Between too fast and too slow lies a good period, and nothing tells you beforehand which
# one it is.

# %% [markdown] lang="fr"
# **À voir.** Avec une période de 1, 2 ou 5, les courbes deviennent plates loin du but : le bruit a disparu, et tout
# mouvement avec lui. Elles s'arrêtent là où le dit la formule, à un cinquième près : avec une période de 1, à $2{,}4$,
# avec presque la moitié du chemin à faire encore. C'est la période de 10 qui mène le plus près. La formule n'y laisse
# que $0{,}002$, moins que le bruit qui reste à la fin. Entre trop vite et trop lentement se trouve une bonne période,
# et rien ne dit d'avance laquelle.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# Three schedulers that say one thing and do another. Nothing crashes, and `get_lr()` reports what you hoped for:
#
# - `optimizer.lr = lr`: Python lets you add an attribute to any object. No optimizer reads this one.
# - `self.lr = lr`: the scheduler remembers the rate and tells no one.
# - `optimizer.param_groups[0]["lr"] = lr`: the first group obeys, the others keep their rate.
#
# To see it, we put the weight into one group and the bias into another, and look into the groups.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# Trois schedulers qui disent une chose et en font une autre. Rien ne plante, et `get_lr()` annonce ce que vous
# espériez :
#
# - `optimizer.lr = lr` : Python permet d'ajouter un attribut à tout objet. Aucun optimiseur ne lit celui-ci.
# - `self.lr = lr` : le scheduler retient le taux et ne le dit à personne.
# - `optimizer.param_groups[0]["lr"] = lr` : le premier groupe obéit, les autres gardent leur taux.
#
# Pour le voir, donnons au poids et au biais un groupe chacun, et regardons dans les groupes.

# %%
class WritesAnAttribute(StepDecay):
    def set_lr(self, lr):
        self.optimizer.lr = lr

    def get_lr(self):
        return self.optimizer.lr


class KeepsItToItself(StepDecay):
    def set_lr(self, lr):
        self.lr = lr

    def get_lr(self):
        return self.lr


class WritesTheFirst(StepDecay):
    def set_lr(self, lr):
        self.optimizer.param_groups[0]["lr"] = lr


def rates_of_groups(make, epochs=16):
    """Return what get_lr says and what stands in the two groups, epoch by epoch."""
    optimizer = torch.optim.SGD([{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)]}], lr=0.01)
    scheduler = make(optimizer, 0.01, period=4)
    scheduler.set_lr(0.01)
    curves = {"get_lr()": [], "first group": [], "second group": []}
    for _ in range(epochs):
        now = [scheduler.get_lr(), *(group["lr"] for group in optimizer.param_groups)]
        for curve, rate in zip(curves.values(), now, strict=True):
            curve.append(rate)
        scheduler.step()
    return curves

# %%
with coursekit.once_written():
    panels = [
        ("every group", rates_of_groups(StepDecay)),
        ("optimizer.lr", rates_of_groups(WritesAnAttribute)),
        ("self.lr", rates_of_groups(KeepsItToItself)),
        ("first group only", rates_of_groups(WritesTheFirst)),
    ]
    coursekit.plots.stacked(panels, "What get_lr says and what the groups hold", "epoch", steps=True)

# %% [markdown] lang="en"
# **What to see.** At the top the three curves are one: your class. With `optimizer.lr` and `self.lr` only the report
# falls, and both groups stay at $0.01$; the training goes on as if there were no scheduler. With the first group only,
# the bias would keep its full rate and its noise. The test for all three is the same: read `param_groups`, not the
# scheduler.
#
# A fourth one is about the place of the call: `scheduler.step()` inside the loop over batches. With ten batches an
# epoch, "every 10 epochs" becomes "every epoch", and you have just seen what falling too fast does.

# %% [markdown] lang="fr"
# **À voir.** En haut, les trois courbes n'en font qu'une : votre classe. Avec `optimizer.lr` et `self.lr`, seul le taux
# annoncé baisse, et les deux groupes restent à $0{,}01$ ; l'entraînement continue comme s'il n'y avait pas de
# scheduler. Avec le premier groupe seul, le biais garderait son taux entier et son bruit. Le test est le même pour les
# trois : lisez `param_groups`, pas le scheduler.
#
# Une quatrième erreur tient à la place de l'appel : `scheduler.step()` dans la boucle sur les mini-lots. Avec dix
# mini-lots par époque, « toutes les 10 époques » devient « à chaque époque », et vous venez de voir ce que fait une
# décroissance trop rapide.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** `StepDecay` halves whatever rate is in force, every `period` epochs. It starts at `initial_lr`; after `at` calls
# of its `step` somebody calls `set_lr(written)`; it then goes on until `step` has been called `epoch` times in all.
# Which rate is in force?
#
# <details><summary>Hint</summary>
#
# How often has the rate been halved after `epoch` calls? How many of these halvings came before the writing?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** `StepDecay` divise par deux le taux en vigueur, toutes les `period` époques. Il part de `initial_lr`. Après
# `at` appels à son `step`, quelqu'un appelle `set_lr(written)` ; puis il continue jusqu'à `epoch` appels à `step` en
# tout. Quel est le taux en vigueur ?
#
# <details><summary>Indice</summary>
#
# Combien de fois le taux a-t-il été divisé par deux après `epoch` appels ? Combien de ces divisions précèdent
# l'écriture ?
#
# </details>

# %% solution="rate_after_writing"
def rate_after_writing(initial_lr, written, at, epoch, period):
    """Return the rate of StepDecay after `epoch` steps, if somebody has written another one after `at` of them."""
    ### BEGIN SOLUTION
    return written * 0.5 ** (epoch // period - at // period)
    ### END SOLUTION

# %%
with coursekit.once_written():
    scheduler = StepDecay(torch.optim.SGD([torch.zeros(1)], lr=0.01), 0.02, period=10)
    for epoch in range(1, 61):
        scheduler.step()
        if epoch == 25:
            scheduler.set_lr(0.015)
    print(f"StepDecay           {scheduler.get_lr():.6f}")
    print(f"rate_after_writing  {float(rate_after_writing(0.02, 0.015, 25, 60, 10)):.6f}")

# %% check="rate_after_writing_check" points=1
coursekit.check(rate_after_writing)

# %% [markdown] lang="en"
# **2.** The noise floor above is that of $\frac{1}{2}\theta^2$. What is it on $L(\theta) = \frac{\lambda}{2}\theta^2$,
# with the measured gradient $g = \lambda\theta + \xi$ and $\xi$ of variance $\sigma^2$ as before? The cell below the
# function sends out 100 000 walkers under your `SGD`; in what they find only the third digit is left to chance.
#
# <details><summary>Hint</summary>
#
# Write down one step, then what becomes of $v = \mathbb{E}[\theta^2]$ in it, as in “The idea”. At the floor $v$ stays
# the same: solve for it.
#
# </details>

# %% [markdown] lang="fr"
# **2.** Le plancher de bruit ci-dessus est celui de $\frac{1}{2}\theta^2$. Quel est-il sur
# $L(\theta) = \frac{\lambda}{2}\theta^2$, avec le gradient mesuré $g = \lambda\theta + \xi$ et $\xi$ de variance
# $\sigma^2$ comme avant ? La cellule sous la fonction lance 100 000 marcheurs avec votre `SGD` ; ce qu'ils trouvent est
# juste, au hasard près, qui ne joue que sur le troisième chiffre.
#
# <details><summary>Indice</summary>
#
# Écrivez un pas, puis ce qu'il fait de $v = \mathbb{E}[\theta^2]$, comme dans « L'idée ». Au plancher, $v$ ne change
# plus : résolvez.
#
# </details>

# %% solution="noise_floor"
def noise_floor(learning_rate, curvature, variance):
    """Return the mean of θ² at which SGD settles on curvature / 2 * θ², if the noise has this variance."""
    ### BEGIN SOLUTION
    return learning_rate * variance / (curvature * (2 - learning_rate * curvature))
    ### END SOLUTION

# %%
with coursekit.once_written():
    draw = torch.Generator().manual_seed(0)
    walkers = torch.zeros(100_000, requires_grad=True)
    optimizer = SGD([walkers], learning_rate=0.1)
    for _ in range(40):
        walkers.grad = 4 * walkers.detach() + 1.5**0.5 * torch.randn(len(walkers), generator=draw)
        optimizer.step()
    print(f"SGD          {walkers.square().mean().item():.5f}")
    print(f"noise_floor  {float(noise_floor(0.1, 4.0, 1.5)):.5f}")

# %% check="noise_floor_check" points=1
coursekit.check(noise_floor)

# %% [markdown] lang="en"
# ## A question
#
# Instead of halving the rate after ten epochs, someone doubles the size of the mini-batches and leaves the rate alone.
# What does that do to the noise floor? What is better than with the halved rate, and what does it cost?
# Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Au lieu de diviser le taux par deux après dix époques, quelqu'un double la taille des mini-lots et ne touche pas au
# taux. Quel est l'effet sur le plancher de bruit ? Qu'est-ce qui est mieux qu'avec le taux divisé par deux, et
# qu'est-ce que cela coûte ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="lr_scheduler_words" points=2
# The mean over twice as many independent points has half the variance $\sigma^2$, so the floor
# $\eta\sigma^2/(2 - \eta)$ is halved: about what halving $\eta$ does. The steps stay as long as before, so the distance
# that is still to go is covered in as many steps as before, while a halved rate needs twice as many. The price is that
# each step reads twice as many points. It also has an end, once the batch is all of the data: then there is no noise
# left to reduce.

# %% [markdown] lang="fr" answer="lr_scheduler_words" points=2
# La moyenne sur deux fois plus de points indépendants a une variance $\sigma^2$ deux fois plus petite : le plancher
# $\eta\sigma^2/(2 - \eta)$ est divisé par deux, à peu près comme en divisant $\eta$ par deux. Les pas restent aussi
# longs qu'avant : la distance encore à parcourir l'est en autant de pas, alors qu'un taux divisé par deux en demande
# deux fois plus. Le prix : chaque pas lit deux fois plus de points. Et il y a une limite, quand le mini-lot contient
# toutes les données : il n'y a alors plus de bruit à réduire.

# %% [markdown] lang="en"
# ## What to remember
#
# - Noise and a fixed rate leave a floor, about $\frac{\eta}{2}\sigma^2$ for curvature 1. A rate that falls goes below
#   it.
# - It must fall far enough for the noise to die, and slowly enough to arrive: $\sum \eta_t = \infty$ and
#   $\sum \eta_t^2 < \infty$.
# - The rate stands in `param_groups`, in every group. The base class writes it, the subclass says when.
#
# Next: all three rules follow the clock and never look at the training.
# [The plateau](09_lr_on_plateau.ipynb) waits until the training itself has stopped.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Un bruit et un taux fixe laissent un plancher, environ $\frac{\eta}{2}\sigma^2$ pour une courbure de 1. Un taux qui
#   décroît passe en dessous.
# - Il doit décroître assez pour que le bruit s'éteigne, et assez lentement pour arriver : $\sum \eta_t = \infty$ et
#   $\sum \eta_t^2 < \infty$.
# - Le taux se trouve dans `param_groups`, dans chaque groupe. La classe de base l'écrit, la sous-classe dit quand.
#
# Ensuite : ces trois règles suivent l'horloge et ne regardent jamais l'entraînement. [Le
# plateau](09_lr_on_plateau.ipynb) attend que l'entraînement lui-même se soit arrêté.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **Warm restarts.** Derive a class from `Cosine` that starts again at the highest rate whenever its arc has come to
#    0, each time with an arc twice as long: 5, 10, 20 and 40 epochs, 75 in all. Train on the linear data with it.
#    *Expect* a distance to the best line of about 1.5, 0.14, 0.015 and 0.03 at the ends of the four arcs; one epoch
#    after the third it is back at 0.2. When is it useful to have several good ends instead of one?
# 2. **An average instead of a falling rate** (Polyak and Juditsky, *Acceleration of Stochastic Approximation by
#    Averaging*, 1992). Leave the rate at 0.02 for 400 epochs, and take the mean of `history.parameters` over the
#    last 300. *Expect* the positions to be 0.17 from the best line on average, and their mean to be 0.016 from it.
#    The mean of the last 30 is only at 0.07. Why does the mean gain so much, and what would it lose if it began at
#    epoch 0?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Redémarrages.** Dérivez de `Cosine` une classe qui repart du taux le plus haut chaque fois que son arc est arrivé
#    à 0, avec un arc deux fois plus long à chaque fois : 5, 10, 20 et 40 époques, 75 en tout. Entraînez avec elle sur
#    les données linéaires. *Attendez-vous* à une distance à la meilleure droite d'environ 1,5, 0,14, 0,015 et 0,03 à la
#    fin des quatre arcs ; une époque après le troisième, elle est revenue à 0,2. Quand est-il utile d'avoir plusieurs
#    bonnes fins plutôt qu'une ?
# 2. **Une moyenne au lieu d'un taux qui baisse** (Polyak et Juditsky, *Acceleration of Stochastic Approximation by
#    Averaging*, 1992). Laissez le taux à 0,02 pendant 400 époques, et prenez la moyenne de `history.parameters` sur les
#    300 dernières. *Attendez-vous* à ce que les positions soient en moyenne à 0,17 de la meilleure droite, et leur
#    moyenne à 0,016. La moyenne des 30 dernières n'est qu'à 0,07. Pourquoi la moyenne gagne-t-elle autant, et que
#    perdrait-elle à commencer à l'époque 0 ?
