# %% [markdown] lang="en"
# # 9 · Reducing the learning rate on a plateau
#
# <div class="alert alert-info">
#
# **You will write** `LRSchedulerOnPlateau`, which lowers the learning rate when the training has stopped improving.
#
# **Time** 75 minutes · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** notebook [8](08_lr_scheduler.ipynb): the base class `LRScheduler`, and why noise asks for a falling rate.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 9 · Réduire le taux sur un plateau
#
# <div class="alert alert-info">
#
# **Vous écrirez** `LRSchedulerOnPlateau`, qui baisse le taux d'apprentissage quand l'entraînement ne progresse plus.
#
# **Durée** 75 minutes · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** le notebook [8](08_lr_scheduler.ipynb) : la classe de base `LRScheduler`, et pourquoi le bruit
# demande un taux qui décroît.
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
LRScheduler = coursekit.own_class("LRScheduler")

# %% [markdown] lang="en"
# ## The idea
#
# The rules of notebook 8 follow the clock: they reduce the rate at epochs chosen beforehand, and nobody knows the good
# epochs beforehand. A person who watches a training does something else. Krizhevsky, Sutskever and Hinton describe it
# in 2012: they divided the rate by 10 when the validation error no longer fell (*ImageNet Classification with Deep
# Convolutional Neural Networks*, NIPS 25). Here we make a rule of it.
#
# After every epoch the scheduler is told a **metric** $m$, for example the loss on data kept aside. It remembers the
# best one, $b$, and counts the bad epochs, $c$. With `mode='min'`, where lower is better, one step is
#
# $$\begin{aligned}
# m < b\,(1 - \tau) &\ \Longrightarrow\ b \leftarrow m,\quad c \leftarrow 0 &&\text{an improvement}\\
# \text{otherwise} &\ \Longrightarrow\ c \leftarrow c + 1 &&\text{a bad epoch}\\
# c > \mathrm{patience} &\ \Longrightarrow\ \eta \leftarrow \max(\eta \cdot \mathrm{factor},\ \eta_{\min}),\quad
# c \leftarrow 0 &&\text{patience is used up}
# \end{aligned}$$
#
# With `mode='max'`, where higher is better, the first line reads $m > b\,(1 + \tau)$. Before the first metric
# $b = +\infty$ (`min`) or $-\infty$ (`max`), so that any number is better.
#
# The threshold $\tau$ is there because of the noise. Now and then a noisy metric is a little lower than all before it
# by chance alone; without a threshold each such record would start the count again.

# %% [markdown] lang="fr"
# ## L'idée
#
# Les règles du notebook 8 suivent l'horloge : elles réduisent le taux à des époques choisies d'avance, et personne ne
# connaît d'avance les bonnes. Quelqu'un qui surveille un entraînement fait autre chose. Krizhevsky, Sutskever et Hinton
# le décrivent en 2012 : ils divisaient le taux par 10 quand l'erreur de validation ne baissait plus (*ImageNet
# Classification with Deep Convolutional Neural Networks*, NIPS 25). Faisons-en une règle.
#
# Après chaque époque, on donne au scheduler une **métrique** $m$, par exemple la perte sur des données mises de côté.
# Il retient la meilleure, $b$, et compte les mauvaises époques, $c$. Avec `mode='min'`, où une métrique plus basse est
# meilleure, un pas s'écrit
#
# $$\begin{aligned}
# m < b\,(1 - \tau) &\ \Longrightarrow\ b \leftarrow m,\quad c \leftarrow 0 &&\text{une amélioration}\\
# \text{sinon} &\ \Longrightarrow\ c \leftarrow c + 1 &&\text{une mauvaise époque}\\
# c > \mathrm{patience} &\ \Longrightarrow\ \eta \leftarrow \max(\eta \cdot \mathrm{factor},\ \eta_{\min}),\quad
# c \leftarrow 0 &&\text{la patience est épuisée}
# \end{aligned}$$
#
# Avec `mode='max'`, où une métrique plus haute est meilleure, la première ligne devient $m > b\,(1 + \tau)$. Avant la
# première métrique, $b = +\infty$ (`min`) ou $-\infty$ (`max`), si bien que tout nombre est meilleur.
#
# Le seuil $\tau$ est là à cause du bruit. De temps en temps, une métrique bruitée est par pur hasard un peu plus basse
# que toutes les précédentes ; sans seuil, chacun de ces records ferait repartir le compte.

# %% [markdown] lang="en"
# ## Ten epochs by hand
#
# Take `patience=2`, `factor=0.5`, `threshold=0.1`, `mode='min'` and a rate of $0.8$. Cover the four columns on the
# right and fill them in yourself: the bound comes from the best metric *before* the epoch, and the last three columns
# say what is kept *after* it.
#
# | epoch | metric | must be below $0.9\,b$ | best $b$ | bad epochs $c$ | rate $\eta$ |
# |---|---|---|---|---|---|
# | 0 | $10$ | $\infty$ | $10$ | 0 | $0.8$ |
# | 1 | $8$ | $9$ | $8$ | 0 | $0.8$ |
# | 2 | $7.5$ | $7.2$ | $8$ | 1 | $0.8$ |
# | 3 | $6$ | $7.2$ | $6$ | 0 | $0.8$ |
# | 4 | $5.8$ | $5.4$ | $6$ | 1 | $0.8$ |
# | 5 | NaN | $5.4$ | $6$ | 2 | $0.8$ |
# | 6 | $5.6$ | $5.4$ | $6$ | 3, then 0 | $0.4$ |
# | 7 | $5.5$ | $5.4$ | $6$ | 1 | $0.4$ |
# | 8 | $5$ | $5.4$ | $5$ | 0 | $0.4$ |
# | 9 | $4.8$ | $4.5$ | $5$ | 1 | $0.4$ |
#
# Three things are worth a second look. Epoch 2 is the lowest so far and still bad: it is not lower *enough*, and it
# does not become the best. Epochs 4 to 8 creep down from 6 to 5; since the best stays at 6 all that time, their gains
# add up and count in the end. And neither `<` nor `>` is ever true with NaN, so NaN is a bad epoch without any special
# case.
#
# The next cell gives the same metrics to torch's own `ReduceLROnPlateau`.

# %% [markdown] lang="fr"
# ## Dix époques à la main
#
# Prenons `patience=2`, `factor=0.5`, `threshold=0.1`, `mode='min'` et un taux de $0{,}8$. Cachez les quatre colonnes de
# droite et remplissez-les vous-même : la borne vient de la meilleure métrique *avant* l'époque, et les trois dernières
# colonnes disent ce qui est gardé *après* elle.
#
# | époque | métrique | doit passer sous $0{,}9\,b$ | meilleure $b$ | mauvaises époques $c$ | taux $\eta$ |
# |---|---|---|---|---|---|
# | 0 | $10$ | $\infty$ | $10$ | 0 | $0{,}8$ |
# | 1 | $8$ | $9$ | $8$ | 0 | $0{,}8$ |
# | 2 | $7{,}5$ | $7{,}2$ | $8$ | 1 | $0{,}8$ |
# | 3 | $6$ | $7{,}2$ | $6$ | 0 | $0{,}8$ |
# | 4 | $5{,}8$ | $5{,}4$ | $6$ | 1 | $0{,}8$ |
# | 5 | NaN | $5{,}4$ | $6$ | 2 | $0{,}8$ |
# | 6 | $5{,}6$ | $5{,}4$ | $6$ | 3, puis 0 | $0{,}4$ |
# | 7 | $5{,}5$ | $5{,}4$ | $6$ | 1 | $0{,}4$ |
# | 8 | $5$ | $5{,}4$ | $5$ | 0 | $0{,}4$ |
# | 9 | $4{,}8$ | $4{,}5$ | $5$ | 1 | $0{,}4$ |
#
# Trois points méritent qu'on s'y arrête. La métrique de l'époque 2 est la plus basse jusque-là, et l'époque est
# pourtant mauvaise : la métrique n'est pas *assez* basse, et ne devient pas la meilleure. Aux époques 4 à 8, la
# métrique glisse de 6 à 5 ; comme la meilleure reste à 6 pendant ce temps, les gains s'additionnent et finissent par
# compter. Enfin, ni `<` ni `>` n'est jamais vrai avec NaN : NaN est donc une mauvaise époque sans qu'il faille un cas à
# part.
#
# La cellule suivante donne les mêmes métriques au `ReduceLROnPlateau` de torch.

# %%
metrics = [10, 8, 7.5, 6, 5.8, math.nan, 5.6, 5.5, 5, 4.8]
optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.8)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2, factor=0.5, threshold=0.1)
for epoch, metric in enumerate(metrics):
    plateau.step(metric)
    best, count, rate = plateau.best, plateau.num_bad_epochs, plateau.get_last_lr()[0]
    print(f"{epoch}   m = {metric:4}   b = {best:4}   c = {count}   η = {rate}")

# %% [markdown] lang="en"
# ## Your turn
#
# Derive the class from your `LRScheduler`. You may use exactly what that class promises: its constructor, `get_lr()`,
# `set_lr(lr)`, and `self.optimizer`. What you must know beside the formula:
#
# - `step(metric)` gets a number or a tensor with one element. `float(metric)` makes a number of either; a tensor kept
#   as `best` might also keep the graph it came from.
# - The rate is reduced from the current one, `get_lr()`, not from `initial_lr`: somebody may have changed it.
# - A `mode` that is neither `'min'` nor `'max'`, or a `factor` outside $(0, 1)$, raises a `ValueError`. A factor above
#   1 would let the rate explode, and nobody would look for the mistake here.
# - Keep the arguments under their names (`self.patience`, ...), the best metric as `self.best` and the count as
#   `self.bad_epochs`. The check does not look at them; the pictures below do.

# %% [markdown] lang="fr"
# ## À vous
#
# Dérivez la classe de votre `LRScheduler`. Vous pouvez employer exactement ce que cette classe promet : son
# constructeur, `get_lr()`, `set_lr(lr)` et `self.optimizer`. Ce qu'il faut savoir en plus de la formule :
#
# - `step(metric)` reçoit un nombre ou un tenseur à un élément. `float(metric)` fait un nombre de l'un comme de
#   l'autre ; un tenseur gardé comme `best` pourrait aussi garder le graphe dont il vient.
# - Le taux est réduit à partir du taux actuel, `get_lr()`, et non de `initial_lr` : quelqu'un a pu le changer.
# - Un `mode` qui n'est ni `'min'` ni `'max'`, ou un `factor` hors de $]0\,;\ 1[$, lève une `ValueError`. Un facteur
#   supérieur à 1 ferait exploser le taux, et personne ne chercherait l'erreur ici.
# - Gardez les arguments sous leur nom (`self.patience`, ...), la meilleure métrique sous `self.best` et le compte sous
#   `self.bad_epochs`. La vérification ne les regarde pas ; les figures plus bas, si.

# %% solution="plateau"
class LRSchedulerOnPlateau(LRScheduler):
    """Reduces the learning rate when a metric has stopped improving.

    patience: how many bad epochs are allowed; one more, and the rate is reduced
    factor: what the rate is multiplied by, more than 0 and less than 1
    min_lr: the rate is not reduced below this
    mode: 'min' if a lower metric is better, 'max' if a higher one is
    threshold: by which share of the best metric a better one must differ
    """

    def __init__(self, optimizer, initial_lr, patience=10, factor=0.1, min_lr=1e-6, mode="min", threshold=1e-4):
        ### BEGIN SOLUTION
        super().__init__(optimizer, initial_lr)
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must lie between 0 and 1, not {factor}")
        self.patience = patience
        self.factor = factor
        self.min_lr = min_lr
        self.mode = mode
        self.threshold = threshold
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_epochs = 0
        ### END SOLUTION

    def step(self, metric):
        """Take the metric of an epoch, a number or a tensor with one element, and reduce the rate if it is time."""
        ### BEGIN SOLUTION
        metric = float(metric)
        if self.mode == "min":
            improved = metric < self.best * (1 - self.threshold)
        else:
            improved = metric > self.best * (1 + self.threshold)
        if improved:
            self.best = metric
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            self.set_lr(max(self.get_lr() * self.factor, self.min_lr))
            self.bad_epochs = 0
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the constructor</summary>
#
# Call `super().__init__(optimizer, initial_lr)`, check `mode` and `factor`, keep everything. `math.inf` is infinity.
#
# </details>
# <details><summary>Hint 2: the shape of step</summary>
#
# One question with two answers (improvement or not), then a second question (patience used up or not). The second one
# is asked after both answers of the first.
#
# </details>
# <details><summary>Hint 3: NaN</summary>
#
# Ask whether the metric *is* better, and let everything else be bad. If you ask whether it is worse, `metric >= bound`,
# the answer is "no" for NaN as well: like `<`, `>` and `<=`, this comparison is never true with NaN (`!=` always is).
# NaN would then count as an improvement.
#
# </details>
# <details><summary>Hint 4: the rate falls one epoch too early or too late</summary>
#
# With `patience=2` two bad epochs are allowed, and the third one reduces the rate. A constant metric: epoch 0 is an
# improvement on infinity, epochs 1, 2 and 3 are bad, and after epoch 3 the rate is lower.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le constructeur</summary>
#
# Appelez `super().__init__(optimizer, initial_lr)`, vérifiez `mode` et `factor`, gardez tout. `math.inf` est l'infini.
#
# </details>
# <details><summary>Indice 2 : la forme de step</summary>
#
# Une question à deux réponses (amélioration ou non), puis une seconde question (patience épuisée ou non). La seconde se
# pose après les deux réponses de la première.
#
# </details>
# <details><summary>Indice 3 : NaN</summary>
#
# Demandez si la métrique *est* meilleure, et que tout le reste soit mauvais. Si vous demandez si elle est moins bonne,
# `metric >= bound`, la réponse est « non » pour NaN aussi : comme `<`, `>` et `<=`, cette comparaison n'est jamais
# vraie avec NaN (`!=` l'est toujours). NaN compterait alors comme une amélioration.
#
# </details>
# <details><summary>Indice 4 : le taux baisse une époque trop tôt ou trop tard</summary>
#
# Avec `patience=2`, deux mauvaises époques sont tolérées et la troisième réduit le taux. Avec une métrique constante,
# l'époque 0 est une amélioration par rapport à l'infini, les époques 1, 2 et 3 sont mauvaises, et après l'époque 3 le
# taux est plus bas.
#
# </details>

# %% check="plateau_check" points=18
coursekit.check(LRSchedulerOnPlateau)

# %% [markdown] lang="en"
# ## The ten epochs again, drawn
#
# `replay` hands metrics to a scheduler and notes what it keeps; `draw` shows it, each epoch as a short step. In the
# upper panel the band reaches from the best metric so far down to the bound: a metric must lie *below* the band to
# count.

# %% [markdown] lang="fr"
# ## Les dix époques, dessinées
#
# `replay` donne des métriques à un scheduler et note ce qu'il garde ; `draw` le montre, chaque époque comme une marche.
# Dans le panneau du haut, la bande va de la meilleure métrique jusque-là, en haut, à la borne, en bas : une métrique
# doit passer *sous* la bande pour compter.

# %%
def replay(scheduler, metrics):
    """Hand over metrics one by one; note each, the best before it, and the bad epochs and the rate after it."""
    notes = {"metric": [], "best": [], "bad": [], "rate": []}
    for metric in metrics:
        notes["metric"].append(metric)
        notes["best"].append(scheduler.best if math.isfinite(scheduler.best) else math.nan)
        scheduler.step(metric)
        notes["bad"].append(scheduler.bad_epochs)
        notes["rate"].append(scheduler.get_lr())
    return notes


def draw(scheduler, notes, title, log=()):
    """Draw the metrics with the band of the threshold, the bad epochs with the patience, and the rate."""
    share = 1 - scheduler.threshold if scheduler.mode == "min" else 1 + scheduler.threshold
    bounds = [share * best for best in notes["best"]]
    epochs = len(notes["rate"])
    panels = [
        ("metric", {"metric": notes["metric"], "not better enough": (bounds, notes["best"])}),
        ("bad epochs", {"count": notes["bad"], "patience": [scheduler.patience] * epochs}),
        ("learning rate", {"rate": notes["rate"], "min_lr": [scheduler.min_lr] * epochs}),
    ]
    coursekit.plots.stacked(panels, title, "epoch", log=log, steps=True)


def some_optimizer(lr=0.8):
    """Make an optimizer that moves nothing, for a scheduler to work on."""
    return torch.optim.SGD([torch.zeros(1)], lr=lr)

# %%
with coursekit.once_written():
    scheduler = LRSchedulerOnPlateau(some_optimizer(), 0.8, patience=2, factor=0.5, threshold=0.1)
    notes = replay(scheduler, metrics)
    draw(scheduler, notes, "Ten metrics: patience 2, factor 0.5, threshold 0.1")

# %% [markdown] lang="en"
# **What to see.** An epoch counts as good where the metric lies below the band: 1, 3 and 8 (epoch 0 has no band,
# anything is good there). Epochs 2, 4, 6, 7 and 9 lie inside it, and at epoch 5 there is nothing to compare. The count
# may climb as far as the line of the patience, as at epoch 5; the next bad epoch, number 6, would take it to 3, so the
# rate is halved and the count is 0 again before we look.

# %% [markdown] lang="fr"
# **À voir.** Une époque compte comme bonne là où la métrique passe sous la bande : 1, 3 et 8 (l'époque 0 n'a pas de
# bande, tout y est bon). Les époques 2, 4, 6, 7 et 9 sont dedans, et à l'époque 5 il n'y a rien à comparer. Le compte
# peut monter jusqu'à la ligne de la patience, comme à l'époque 5 ; la mauvaise époque suivante, l'époque 6, le
# porterait à 3 : le taux est alors divisé par deux, et le compte vaut de nouveau 0 avant qu'on ne regarde.

# %% [markdown] lang="en"
# ## On the linear data, with noise
#
# The training of notebook 8 with smaller batches, and so with more noise: a line, your `SGD`, twenty random batches of
# 5 points an epoch. The rate starts at $0.02$ as there. The metric is the loss on all points after every epoch.
# `epochs_of` is a generator: it trains for one epoch, hands out the loss, and goes on when the next one is asked for.
# In between, the scheduler takes its step.

# %% [markdown] lang="fr"
# ## Sur les données linéaires, avec du bruit
#
# L'entraînement du notebook 8 avec des mini-lots plus petits, donc plus de bruit : une droite, votre `SGD`, vingt
# mini-lots aléatoires de 5 points par époque. Le taux part là aussi de $0{,}02$. La métrique est la perte sur tous
# les points après chaque époque. `epochs_of` est un générateur : il entraîne pendant une époque, rend la perte, et
# continue quand on lui demande la suivante. Entre les deux, le scheduler fait son pas.

# %%
def epochs_of(theta, optimizer, data, epochs):
    """Train on 20 random batches of 5 points an epoch; yield the loss on all points after every epoch."""
    stream = torch.Generator().manual_seed(0)
    X, y = torch.cat([data.x, torch.ones_like(data.x)], dim=1), data.y.flatten()
    for _ in range(epochs):
        batches = torch.randint(100, (20, 5), generator=stream)
        for points, targets in zip(X[batches], y[batches], strict=True):
            theta.grad = (points @ theta.detach() - targets) @ points * (2 / 5)  # of the mean squared error
            optimizer.step()
        yield (X @ theta.detach() - y).square().mean().item()


def train_on_plateau(data, patience, epochs=60):
    """Train a line with SGD while the scheduler watches; return the scheduler and what was noted of it."""
    theta = torch.zeros(2, requires_grad=True)  # weight and bias
    optimizer = SGD([theta])
    scheduler = LRSchedulerOnPlateau(optimizer, 0.02, patience=patience, factor=0.5, threshold=0.05)
    return scheduler, replay(scheduler, epochs_of(theta, optimizer, data, epochs))

# %%
line = coursekit.data.linear()
with coursekit.once_written():
    scheduler, notes = train_on_plateau(line, patience=5)
    draw(scheduler, notes, "Noisy SGD on the linear data: patience 5, factor 0.5", log=("metric", "learning rate"))

# %% [markdown] lang="en"
# **What to see.** Epoch 3 is a lucky one: $4.06$, when the best possible loss is $4.03$. From then on nothing can be 5%
# better, so every epoch is bad, although the training has not arrived: most losses of the next epochs are higher. The
# scheduler halves the rate at epoch 9 and every sixth after that, and the jumps die away: after epoch 20 the loss never
# exceeds $4.3$.
#
# Note what the scheduler does not know. It cannot tell a metric that stands still because of noise from one that has
# arrived. After epoch 40 there is nothing left to gain, and the rate goes on falling, as far as `min_lr` if we let it.

# %% [markdown] lang="fr"
# **À voir.** L'époque 3 est un coup de chance : $4{,}06$, quand la meilleure perte possible est $4{,}03$. Dès lors rien
# ne peut être meilleur de 5 % : toute époque est mauvaise, alors que l'entraînement n'est pas au but, car la plupart
# des pertes des époques suivantes sont plus hautes. Le scheduler divise le taux par deux à l'époque 9 et toutes les six
# époques ensuite, et les sauts s'éteignent : après l'époque 20, la perte ne dépasse plus $4{,}3$.
#
# Remarquez ce que le scheduler ne sait pas. Il ne distingue pas une métrique que le bruit arrête d'une métrique arrivée
# au but. Après l'époque 40 il n'y a plus rien à gagner, et le taux continue de baisser, jusqu'à `min_lr` si on laisse
# faire.

# %% [markdown] lang="en"
# ## On the non-linear data, with noise
#
# The same on the parabola, where the noise is larger. For comparison, the same training with more patience than epochs,
# so that the rate never falls.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires, avec du bruit
#
# La même chose sur la parabole, où le bruit est plus grand. Pour comparer, le même entraînement avec plus de patience
# que d'époques, si bien que le taux ne baisse jamais.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    scheduler, notes = train_on_plateau(parabola, patience=5)
    draw(scheduler, notes, "Noisy SGD on the non-linear data: patience 5, factor 0.5", log=("metric", "learning rate"))
    losses = {"patience = 5": notes["metric"], "patience = 100": train_on_plateau(parabola, patience=100)[1]["metric"]}
    coursekit.plots.lines(losses, "With and without the scheduler", "epoch", "mean squared error", log="y")

# %% [markdown] lang="en"
# **What to see.** Four bad epochs at the start are allowed, then epochs 5 and 6 are improvements. The rate first falls
# at epoch 12, after the noise has thrown the loss up to 1600. In the lower picture both runs are one curve up to that
# epoch. Then the run without reductions jumps up to about 800 again and again, and the other one settles: after epoch
# 40 its loss stays below 280, and the best possible is 277. That the dashed curve ends at 277 as well is luck.

# %% [markdown] lang="fr"
# **À voir.** Quatre mauvaises époques au début sont tolérées, puis les époques 5 et 6 sont des améliorations. Le taux
# baisse pour la première fois à l'époque 12, après que le bruit a jeté la perte jusqu'à 1600. Sur la figure du bas, les
# deux entraînements ne font qu'une courbe jusqu'à cette époque. Ensuite, sans réduction, la perte saute encore et
# encore jusque vers 800 ; avec le scheduler, elle se calme : après l'époque 40, elle reste sous 280, et la meilleure
# possible est 277. Que la courbe en tirets finisse elle aussi à 277 est un hasard.

# %% [markdown] lang="en"
# ## Higher is better, NaN, and a floor
#
# An accuracy should rise: `mode='max'`. In this example it improves, stands still, and is NaN three times; and the rate
# cannot fall as far as the factor would like, because of `min_lr`. The rate starts at $0.8$, with `patience=2`,
# `factor=0.25`, `min_lr=0.1` and `threshold=0.05`, and the accuracies are
#
# | epoch | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 |
# |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
# | accuracy | 0.50 | 0.61 | 0.70 | 0.72 | 0.71 | NaN | 0.73 | 0.80 | 0.81 | NaN | NaN | 0.80 | 0.81 | 0.80 | 0.81 |
#
# Predict, in the next cell: at which epochs does the rate fall?

# %% [markdown] lang="fr"
# ## Une métrique à augmenter, NaN, et un plancher
#
# Une exactitude doit monter : `mode='max'`. Dans cet exemple elle s'améliore, stagne et vaut trois fois NaN ; et le
# taux ne peut pas baisser autant que le facteur le voudrait, à cause de `min_lr`. Le taux part de $0{,}8$, avec
# `patience=2`, `factor=0.25`, `min_lr=0.1` et `threshold=0.05`, et les exactitudes sont
#
# | époque | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 |
# |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
# | exactitude | 0,50 | 0,61 | 0,70 | 0,72 | 0,71 | NaN | 0,73 | 0,80 | 0,81 | NaN | NaN | 0,80 | 0,81 | 0,80 | 0,81 |
#
# Prédisez, dans la cellule suivante : à quelles époques le taux baisse-t-il ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
accuracies = [0.50, 0.61, 0.70, 0.72, 0.71, math.nan, 0.73, 0.80, 0.81, math.nan, math.nan, 0.80, 0.81, 0.80, 0.81]
with coursekit.once_written():
    scheduler = LRSchedulerOnPlateau(
        some_optimizer(), 0.8, patience=2, factor=0.25, min_lr=0.1, mode="max", threshold=0.05
    )
    draw(scheduler, replay(scheduler, accuracies), "An accuracy: mode 'max', patience 2, factor 0.25, min_lr 0.1")

# %% [markdown] lang="en"
# **What to see.** The band now lies above the best, and a metric must leave it at the top. $0.72$, $0.71$ and NaN are
# three bad epochs: at epoch 5 the rate is multiplied by the factor. $0.73$ is a record and still bad; $0.80$ is an
# improvement, and the count starts again. $0.81$ and twice NaN: at epoch 10 the factor asks for $0.05$, and `min_lr`
# makes it $0.1$. At epoch 13 patience is used up once more; the count goes back to 0 and the rate stays at its floor.
#
# A NaN never becomes the best. If it did, no later metric would be better, and the rate would only fall.

# %% [markdown] lang="fr"
# **À voir.** La bande est maintenant au-dessus de la meilleure, et la métrique doit en sortir par le haut. $0{,}72$,
# $0{,}71$ et NaN font trois mauvaises époques : à l'époque 5, le taux est multiplié par le facteur. $0{,}73$ est un
# record et pourtant mauvais ; $0{,}80$ est une amélioration, et le compte repart. $0{,}81$ et deux fois NaN : à
# l'époque 10 le facteur demande $0{,}05$, et `min_lr` en fait $0{,}1$. À l'époque 13, la patience est de nouveau
# épuisée ; le compte revient à 0 et le taux reste à son plancher.
#
# Un NaN ne devient jamais la meilleure. Sinon, aucune métrique suivante ne serait jugée meilleure, et le taux ne ferait
# que baisser.

# %% [markdown] lang="en"
# ## How patient is `patience=3`?
#
# The word is read in two ways, and you will meet both:
#
# | | reduces when | a constant metric, `patience=3` |
# |---|---|---|
# | torch, and you | count $>$ patience | three bad epochs are allowed, the fourth reduces |
# | Keras, fastai | count $\ge$ patience | two bad epochs are allowed, the third reduces |
#
# So your class with `patience=2` does what Keras and fastai do with 3, and we can replay both readings on one sequence.

# %% [markdown] lang="fr"
# ## Combien de patience dans `patience=3` ?
#
# Le mot se lit de deux façons, et vous rencontrerez les deux :
#
# | | réduit quand | métrique constante, `patience=3` |
# |---|---|---|
# | torch, et vous | compte $>$ patience | trois mauvaises époques tolérées, la quatrième réduit |
# | Keras, fastai | compte $\ge$ patience | deux mauvaises époques tolérées, la troisième réduit |
#
# Votre classe avec `patience=2` fait donc ce que Keras et fastai font avec 3, et nous pouvons rejouer les deux lectures
# sur une même suite.

# %%
with coursekit.once_written():
    stuck = [5, 4, 3] + [3] * 13
    readings = {
        "count > 3 (torch)": LRSchedulerOnPlateau(some_optimizer(), 0.8, patience=3, factor=0.5),
        "count ≥ 3 (Keras, fastai)": LRSchedulerOnPlateau(some_optimizer(), 0.8, patience=2, factor=0.5),
    }
    seen = {name: replay(scheduler, stuck)["rate"] for name, scheduler in readings.items()}
    coursekit.plots.stacked(
        [("metric", {"metric": stuck}), ("learning rate", seen)],
        "Two readings of patience 3",
        "epoch",
        log=("learning rate",),
        steps=True,
    )

# %% [markdown] lang="en"
# **What to see.** The last improvement is at epoch 2. The first reading reduces at epochs 6, 10 and 14, every fourth;
# the second at 5, 8, 11 and 14, every third. The difference is not one epoch in all, it comes back each time: at the
# end one rate is twice the other. With `patience=1` one reading reduces twice as often as the other. A number copied
# from a Keras script into torch should therefore be lowered by 1.

# %% [markdown] lang="fr"
# **À voir.** La dernière amélioration est à l'époque 2. La première lecture réduit aux époques 6, 10 et 14, une sur
# quatre ; la seconde aux époques 5, 8, 11 et 14, une sur trois. L'écart n'est pas d'une époque en tout, il revient
# chaque fois : à la fin, un taux est le double de l'autre. Avec `patience=1`, une lecture réduit deux fois plus souvent
# que l'autre. Un nombre recopié d'un script Keras dans torch doit donc être diminué de 1.

# %% [markdown] lang="en"
# ## Play
#
# Choose how the metric runs, how much it shakes, and the hyperparameters. Three things to find out. How much noise
# makes a patience of 2 useless? What does a larger threshold do while the metric still falls? How many reductions
# does it take to reach `min_lr`?

# %% [markdown] lang="fr"
# ## Jouez
#
# Choisissez l'allure de la métrique, son bruit et les hyperparamètres. Trois choses à découvrir. À partir de quel bruit
# une patience de 2 devient-elle inutile ? Que fait un seuil plus grand tant que la métrique baisse encore ? Combien de
# réductions faut-il pour atteindre `min_lr` ?

# %%
with coursekit.once_written():
    coursekit.playground.plateau(LRSchedulerOnPlateau)

# %% [markdown] lang="en"
# **What to see.** Without sliders, in a saved page, the picture shows the values they begin with: the metric has come
# to rest near 1 after about 30 epochs, and from then on only noise decides what is an improvement. The rate is halved
# each time six epochs in a row bring none.

# %% [markdown] lang="fr"
# **À voir.** Sans curseurs, dans une page enregistrée, la figure correspond à leurs valeurs initiales. La métrique
# s'est stabilisée près de 1 après 30 époques environ ; dès lors, seul le bruit décide de ce qui est une amélioration.
# Le taux est divisé par deux chaque fois que six époques de suite n'en apportent pas.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# Three mistakes, each a line or two away from your class:
#
# - the metric becomes the best at every epoch, improvement or not: then each epoch is compared with the one before;
# - the count is not put back to 0 after a reduction;
# - the threshold is read as absolute, $m < b - \tau$ instead of $m < b\,(1 - \tau)$. Keras and fastai do so on purpose
#   and call it `min_delta`.
#
# The metric here falls by 3% an epoch for thirty epochs, from $0.02$ to about $0.008$, and then swings around a fixed
# level. All four have `patience=5`, `factor=0.5`, `threshold=0.01`.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# Trois erreurs, chacune à une ou deux lignes de votre classe :
#
# - la métrique devient la meilleure à chaque époque, amélioration ou non : chaque époque est alors comparée à la
#   précédente ;
# - le compte n'est pas remis à 0 après une réduction ;
# - le seuil est lu comme absolu, $m < b - \tau$ au lieu de $m < b\,(1 - \tau)$. Keras et fastai le font exprès et
#   l'appellent `min_delta`.
#
# La métrique baisse ici de 3 % par époque pendant trente époques, de $0{,}02$ à environ $0{,}008$, puis oscille autour
# d'un niveau fixe. Les quatre ont `patience=5`, `factor=0.5`, `threshold=0.01`.

# %%
class TheLastIsTheBest(LRSchedulerOnPlateau):
    def step(self, metric):
        super().step(metric)
        self.best = metric


class CountNotReset(LRSchedulerOnPlateau):
    def step(self, metric):
        rate = self.get_lr()
        super().step(metric)
        if self.get_lr() < rate:
            self.bad_epochs = self.patience + 1


class AbsoluteThreshold(LRSchedulerOnPlateau):
    def step(self, metric):
        share, self.threshold = self.threshold, self.threshold / self.best
        super().step(metric)
        self.threshold = share

# %%
falling = [0.02 * 0.97**epoch for epoch in range(31)]
swinging = [falling[-1] * (1 + 0.02 * math.cos(2.5 * epoch)) for epoch in range(30)]
with coursekit.once_written():
    classes = {
        "right": LRSchedulerOnPlateau,
        "best at every epoch": TheLastIsTheBest,
        "count not reset": CountNotReset,
        "absolute threshold": AbsoluteThreshold,
    }
    seen = {}
    for name, scheduler_class in classes.items():
        scheduler = scheduler_class(some_optimizer(), 0.8, patience=5, factor=0.5, min_lr=1e-3, threshold=0.01)
        seen[name] = replay(scheduler, falling + swinging)["rate"]
    coursekit.plots.stacked(
        [("metric", {"metric": falling + swinging}), ("learning rate", seen)],
        "Three mistakes on one sequence",
        "epoch",
        log=("learning rate",),
        steps=True,
    )

# %% [markdown] lang="en"
# **What to see.** The right class waits until the metric has really stopped falling, halves the rate at epoch 38, and
# then every six epochs.
#
# - Best at every epoch: the rate never falls. In the swinging part a metric is often more than 1% below *the one
#   before*, and that starts the count again.
# - Count not reset: the first reduction is right. After it every bad epoch reduces, and nine epochs later the rate is
#   at `min_lr`.
# - Absolute threshold: nothing is $0.01$ lower than $0.02$ until the metric has been halved, so the rate falls from
#   epoch 6 on while the training is doing well. An absolute threshold has the unit of the metric: measure the loss in
#   another unit, and it means something else.

# %% [markdown] lang="fr"
# **À voir.** La classe juste attend que la métrique ait vraiment cessé de baisser, divise le taux par deux à l'époque
# 38, puis toutes les six époques.
#
# - Meilleure à chaque époque : le taux ne baisse jamais. Dans la partie oscillante, une métrique est souvent plus de
#   1 % sous *la précédente*, et cela fait repartir le compte.
# - Compte non remis à zéro : la première réduction est juste. Ensuite chaque mauvaise époque réduit, et neuf époques
#   plus tard le taux est à `min_lr`.
# - Seuil absolu : aucune métrique n'est de $0{,}01$ plus basse que $0{,}02$ avant d'avoir diminué de moitié ; le taux
#   baisse donc dès l'époque 6, alors que l'entraînement se passe bien. Un seuil absolu a l'unité de la métrique :
#   mesurez la perte dans une autre unité, et il veut dire autre chose.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** Someone has written `>=` where your class has `>`: the rate falls as soon as the count *reaches* patience. The
# metric improves up to epoch `improved` (counted from 0), then stands still for ever. In which epoch does the rate fall
# for the `number`-th time?
#
# <details><summary>Hint</summary>
#
# Which epoch is the first bad one? How many bad epochs does it take to a reduction, and from one to the next?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Quelqu'un a écrit `>=` là où votre classe a `>` : le taux baisse dès que le compte *atteint* la patience. La
# métrique s'améliore jusqu'à l'époque `improved` (comptée à partir de 0), puis ne bouge plus. À quelle époque le taux
# baisse-t-il pour la `number`-ième fois ?
#
# <details><summary>Indice</summary>
#
# Quelle est la première mauvaise époque ? Combien en faut-il jusqu'à une réduction, et d'une réduction à la suivante ?
#
# </details>

# %% solution="reduction_in_keras"
def reduction_in_keras(improved, patience, number):
    """Return the epoch of the number-th reduction, if the rate falls as soon as the count of bad epochs is patience.

    improved: the last epoch that brings an improvement; epochs count from 0
    """
    ### BEGIN SOLUTION
    return improved + number * patience
    ### END SOLUTION

# %%
with coursekit.once_written():
    seen = LRSchedulerOnPlateau(some_optimizer(), 0.8, patience=2, factor=0.5)
    rate = replay(seen, stuck)["rate"]
    print("Keras             ", [epoch for epoch in range(1, len(rate)) if rate[epoch] < rate[epoch - 1]])
    print("reduction_in_keras", [int(reduction_in_keras(2, 3, number)) for number in (1, 2, 3, 4)])

# %% check="reduction_in_keras_check" points=1
coursekit.check(reduction_in_keras)

# %% [markdown] lang="en"
# **2.** Someone does not put the count back to 0 after a reduction; the rest is as in your class. After one good epoch
# there come `bad_epochs` bad ones, more than patience allows. What has become of the rate, if `min_lr` is too small to
# matter?
#
# <details><summary>Hint</summary>
#
# Which bad epoch is the first to reduce the rate? What happens in each of the epochs after it?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Quelqu'un ne remet pas le compte à 0 après une réduction ; le reste est comme dans votre classe. Après une bonne
# époque viennent `bad_epochs` mauvaises, plus que la patience n'en permet. Qu'est devenu le taux, si `min_lr` est trop
# petit pour compter ?
#
# <details><summary>Indice</summary>
#
# Quelle mauvaise époque est la première à réduire le taux ? Que se passe-t-il à chacune des suivantes ?
#
# </details>

# %% solution="rate_if_not_reset"
def rate_if_not_reset(initial_lr, factor, patience, bad_epochs):
    """Return the rate after bad_epochs bad epochs, more than patience, if no reduction puts their count back to 0."""
    ### BEGIN SOLUTION
    return initial_lr * factor ** (bad_epochs - patience)
    ### END SOLUTION

# %%
with coursekit.once_written():
    scheduler = CountNotReset(some_optimizer(), 0.8, patience=5, factor=0.5)
    print(f"CountNotReset      {replay(scheduler, [1.0] * 14)['rate'][-1]:.6f}")
    print(f"rate_if_not_reset  {float(rate_if_not_reset(0.8, 0.5, 5, 13)):.6f}")

# %% check="rate_if_not_reset_check" points=1
coursekit.check(rate_if_not_reset)

# %% [markdown] lang="en"
# ## A question
#
# Your metric is a log-likelihood: negative, and the higher the better, so `mode='max'`. The best so far is $-100$, and
# the threshold is $0.01$. Which metrics count as an improvement now? What does the scheduler do when the metric gets
# half a per cent worse at every epoch? How do you fix it without touching the class? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Votre métrique est une log-vraisemblance, négative et à augmenter : `mode='max'`. La meilleure jusqu'ici est
# $-100$, et le seuil est $0{,}01$. Quelles métriques comptent maintenant comme une amélioration ? Que fait le scheduler
# quand la métrique se dégrade d'un demi pour cent à chaque époque ? Comment y remédier sans toucher à la classe ?
# Répondez en quelques phrases.

# %% [markdown] lang="en" answer="plateau_words" points=2
# The bound is $-100 \cdot 1.01 = -101$, which lies *below* the best: everything above $-101$ counts, also $-100.5$,
# which is worse. A metric that gets half a per cent worse at every epoch is therefore an improvement each time, becomes
# the best, and takes the bound down with it. No epoch is ever bad and the rate never falls. Hand over the negative
# log-likelihood, a positive number, with `mode='min'`, or set `threshold=0`.

# %% [markdown] lang="fr" answer="plateau_words" points=2
# La borne est $-100 \cdot 1{,}01 = -101$, *sous* la meilleure : tout ce qui dépasse $-101$ compte, même $-100{,}5$, qui
# est moins bon. Une métrique qui se dégrade d'un demi pour cent à chaque époque est donc chaque fois une amélioration,
# devient la meilleure et fait descendre la borne avec elle. Aucune époque n'est jamais mauvaise et le taux ne baisse
# jamais. Donnez l'opposé de la log-vraisemblance, un nombre positif, avec `mode='min'`, ou mettez `threshold=0`.

# %% [markdown] lang="en"
# ## On real data: handwritten digits
#
# So far we made the data up. Here are 1797 digits that thirteen people wrote by hand, each an image of 8 by 8 pixels
# (E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998, under
# CC BY 4.0; scikit-learn has them, too).
#
# The network has 32 neurons between the pixels and ten scores, one for each digit. Cross-entropy is the loss: it asks
# that the score of the right digit be the highest by far. Your `AdamW` trains on two images of three. The third is kept
# aside: the loss on these is the metric that your scheduler watches. The decay is strong, $\lambda = 1$. Nothing else
# is new: what you have written for two parameters now moves 2410.

# %% [markdown] lang="fr"
# ## Sur des données réelles : des chiffres manuscrits
#
# Jusqu'ici, nous avons fabriqué les données. Voici 1797 chiffres que treize personnes ont écrits à la main, chacun une
# image de 8 pixels sur 8 (E. Alpaydin et C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
# Repository, 1998, sous licence CC BY 4.0 ; scikit-learn les fournit aussi).
#
# Le réseau a 32 neurones entre les pixels et dix scores, un par chiffre. La perte est l'entropie croisée : elle demande
# que le score du bon chiffre soit de loin le plus haut. Votre `AdamW` entraîne le réseau avec deux images sur trois. La
# troisième est mise de côté : la perte sur ces images-là est la métrique de votre scheduler. La décroissance est forte,
# $\lambda = 1$. Rien d'autre n'est nouveau : ce que vous avez écrit pour deux paramètres en déplace maintenant 2410.

# %%
AdamW = coursekit.own_class("AdamW")
torch.set_num_threads(1)  # more would only wait for one another: the network is small
images, digits = coursekit.data.digits()
aside = torch.arange(len(images)) % 3 == 0


def epochs_on_digits(network, optimizer, epochs=40):
    """Train on random batches of 100 images; yield the loss on the images kept aside after every epoch."""
    criterion = torch.nn.functional.cross_entropy
    seen, answers = images[~aside], digits[~aside]
    for _ in range(epochs):
        for batch in torch.randperm(len(seen)).split(100):
            optimizer.zero_grad()
            criterion(network(seen[batch]), answers[batch]).backward()
            optimizer.step()
        yield criterion(network(images[aside]), digits[aside]).item()


def learn_to_read(patience):
    """Train a network; return what was noted of the scheduler, and which images kept aside are read right."""
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
    optimizer = AdamW(network.parameters(), weight_decay=1.0)
    scheduler = LRSchedulerOnPlateau(optimizer, 0.05, patience=patience, factor=0.3, threshold=0.01)
    notes = replay(scheduler, epochs_on_digits(network, optimizer))
    return notes, network(images[aside]).argmax(dim=1) == digits[aside]

# %%
with coursekit.once_written():
    losses, rates = {}, {}
    for patience in (3, 100):
        notes, right = learn_to_read(patience)
        losses[f"patience = {patience}"], rates[f"patience = {patience}"] = notes["metric"], notes["rate"]
        print(f"patience = {patience:<4} {right.sum()} / {len(right)}")
    coursekit.plots.stacked(
        [("cross-entropy", losses), ("learning rate", rates)],
        "Handwritten digits, with and without the scheduler",
        "epoch",
        log=("learning rate",),
        steps=True,
    )

# %% [markdown] lang="en"
# **What to see.** Up to epoch 9 both runs are one curve. There the scheduler lowers the rate for the first time, and the
# loss on the images kept aside goes down to 0.20. With the rate left alone it jumps between 0.22 and 0.29 to the end.
# Of 599 images 581 are read right, instead of 566: nearly half of the errors are gone, and only the rate was changed.

# %% [markdown] lang="fr"
# **À voir.** Jusqu'à l'époque 9, les deux entraînements ne font qu'une courbe. Le scheduler baisse alors le taux pour
# la première fois, et la perte sur les images mises de côté descend jusqu'à 0,20. Avec un taux inchangé, elle saute
# entre 0,22 et 0,29 jusqu'à la fin. Sur 599 images, 581 sont bien lues au lieu de 566 : près de la moitié des erreurs
# ont disparu, et l'on n'a changé que le taux.

# %% [markdown] lang="en"
# ## What to remember
#
# - The rate falls when the metric has not improved for more than `patience` epochs: no epochs to choose beforehand.
# - Better means better by a share of the best; only an improvement becomes the best; an improvement and a reduction
#   both put the count back to 0.
# - Ask "is it better?", and NaN needs no special case. Read `patience` and `threshold` in the manual before you copy
#   numbers from one library to another.
#
# You have written five optimizers, the loop that compares them, a network, and two schedulers. They work together, on
# digits as on two parameters.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Le taux baisse quand la métrique ne s'est pas améliorée pendant plus de `patience` époques : aucune époque à choisir
#   d'avance.
# - Une amélioration bat la meilleure métrique d'une fraction donnée de celle-ci ; seule une amélioration devient la
#   meilleure ; amélioration et réduction remettent toutes deux le compte à 0.
# - Demandez « est-ce meilleur ? », et NaN ne demande aucun cas à part. Lisez `patience` et `threshold` dans le manuel
#   avant de recopier des nombres d'une bibliothèque à l'autre.
#
# Vous avez écrit cinq optimiseurs, la boucle qui les compare, un réseau et deux schedulers. Ils s'emploient ensemble,
# sur des chiffres comme sur deux paramètres.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **A pause after each reduction.** torch's scheduler has a `cooldown`: for so many epochs after a reduction, bad
#    epochs are not counted. Derive it from your class, and compare it with `torch.optim.lr_scheduler.ReduceLROnPlateau`
#    on `[5, 4] + [3] * 28` with `patience=3`. *Expect* reductions at epochs 6, 10, 14, ... without a pause, at 6, 12,
#    18, 24 with a `cooldown` of 2, and at 6, 13, 20, 27 with 3. Which noisy training would gain by it?
# 2. **A calmer metric.** On the noisy linear data, give the scheduler a running mean of the losses instead of the loss:
#    it starts at the first one, and then $a \leftarrow 0.8\,a + 0.2\,m$. *Expect* the first reduction at epoch 26
#    instead of 9, and four reductions in 60 epochs instead of nine. What can the lucky epoch 3 no longer do, and what
#    is the price?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Une pause après chaque réduction.** Le scheduler de torch a un `cooldown` : pendant ce nombre d'époques après une
#    réduction, les mauvaises époques ne sont pas comptées. Dérivez-le de votre classe, et comparez-le à
#    `torch.optim.lr_scheduler.ReduceLROnPlateau` sur `[5, 4] + [3] * 28` avec `patience=3`. *Attendez-vous* à des
#    réductions aux époques 6, 10, 14, ... sans pause, à 6, 12, 18, 24 avec un `cooldown` de 2, et à 6, 13, 20, 27
#    avec 3. Quel entraînement bruité y gagnerait ?
# 2. **Une métrique plus calme.** Sur les données linéaires bruitées, donnez au scheduler une moyenne mobile des
#    pertes au lieu de la perte : elle part de la première, puis $a \leftarrow 0{,}8\,a + 0{,}2\,m$. *Attendez-vous* à
#    la première réduction à l'époque 26 au lieu de 9, et à quatre réductions en 60 époques au lieu de neuf. Que ne peut
#    plus faire l'époque 3, la chanceuse, et à quel prix ?
