# %% [markdown] lang="en"
# # 3 · Adagrad
#
# <div class="alert alert-info">
#
# **You will write** `Adagrad`, a rule that lengthens the steps of what is rarely seen.
#
# **Time** 60 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** notebook 2: the state of an optimizer, and the division of a gradient by its own size.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 3 · Adagrad
#
# <div class="alert alert-info">
#
# **Vous écrirez** `Adagrad`, une règle qui allonge les pas de ce que l'on voit rarement.
#
# **Durée** 60 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** le notebook 2 : l'état d'un optimiseur, et la division d'un gradient par sa propre taille.
#
# **Commencez** par la cellule sous « À vous » : écrivez-y la classe, exécutez-la, puis exécutez la vérification qui
# suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import torch

import coursekit

SGD = coursekit.own_class("SGD")

# %% [markdown] lang="en"
# ## The idea
#
# A model reads texts, one at a time, and has a weight for every word. A text holds few of the words, and the weight of
# a word that is absent has the gradient 0. The weight of "the" is corrected by every text; that of "cardiogram" by one
# in ten thousand, and that text may say all that will ever be learnt about the word. With one learning rate for both,
# what is right for the common word is far too little for the rare one.
#
# Adagrad keeps, for each parameter, the sum of all its squared gradients, and divides by the root of that sum:
#
# $$G \leftarrow G + g^2 \qquad\qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{G} + \varepsilon}$$
#
# The quotient $\eta / (\sqrt{G} + \varepsilon)$ is the **effective rate** of a parameter. It falls a little whenever
# the parameter gets a gradient, and never rises. A word that has been seen a thousand times has a low one; a word that
# has never been seen still has its first step before it, and that step has the length $\eta$ exactly, because then
# $\sqrt{G} = |g|$.
#
# Compare notebook 2: $s$ was a mean that forgets, $G$ is a sum that does not. In history the order is the other way
# round. Adagrad came first (J. Duchi, E. Hazan and Y. Singer, *Adaptive Subgradient Methods for Online Learning and
# Stochastic Optimization*, Journal of Machine Learning Research 12, 2121–2159, 2011). For convex losses the paper
# proves that the rule does, up to a factor, as well as the best scaling of the coordinates that one could have chosen
# afterwards, knowing all the data.

# %% [markdown] lang="fr"
# ## L'idée
#
# Un modèle lit des textes, un par un, et a un poids pour chaque mot. Un texte ne contient que peu de ces mots, et le
# poids d'un mot absent a un gradient nul. Le poids de « le » est corrigé par chaque texte ; celui de « cardiogramme »
# par un sur dix mille, et ce texte dit peut-être tout ce que l'on apprendra jamais de ce mot. Avec un seul taux
# d'apprentissage pour les deux, ce qui convient au mot fréquent est bien trop peu pour le mot rare.
#
# Adagrad garde, pour chaque paramètre, la somme des carrés de tous ses gradients, et divise par la racine de cette
# somme :
#
# $$G \leftarrow G + g^2 \qquad\qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{G} + \varepsilon}$$
#
# Le quotient $\eta / (\sqrt{G} + \varepsilon)$ est le **taux effectif** d'un paramètre. Il baisse un peu chaque fois
# que le paramètre reçoit un gradient, et ne remonte jamais. Un mot déjà vu mille fois en a un petit ; un mot jamais vu
# a encore devant lui son premier pas, et ce pas a exactement la longueur $\eta$, car alors $\sqrt{G} = |g|$.
#
# Comparez au notebook 2 : $s$ était une moyenne qui oublie, $G$ est une somme qui n'oublie pas. Historiquement, l'ordre
# est inverse : Adagrad est venu d'abord (J. Duchi, E. Hazan et Y. Singer, *Adaptive Subgradient Methods for Online
# Learning and Stochastic Optimization*, Journal of Machine Learning Research 12, 2121–2159, 2011). Pour des pertes
# convexes, l'article démontre que la règle fait, à un facteur près, aussi bien que la meilleure mise à l'échelle des
# coordonnées que l'on aurait pu choisir après coup, en connaissant toutes les données.

# %% [markdown] lang="en"
# ## Two steps by hand
#
# Again $L(\theta) = \theta_1^2 + 3\theta_2^2$ with gradient $g = (2\theta_1,\ 6\theta_2)$, from $\theta = (2, -1)$. We
# choose $\eta = 0.5$, and leave $\varepsilon$ out because it is too small to be seen.
#
# | | $\theta_1$, step 1 | $\theta_2$, step 1 | $\theta_1$, step 2 | $\theta_2$, step 2 |
# |---|---|---|---|---|
# | gradient $g$ | $4$ | $-6$ | $3$ | $-3$ |
# | old $G$ | $0$ | $0$ | $16$ | $36$ |
# | new $G$ | $16$ | $36$ | $25$ | $45$ |
# | effective rate $\eta / \sqrt{G}$ | $0.125$ | $0.0833$ | $0.1$ | $0.0745$ |
# | move $-\eta g / \sqrt{G}$ | $-0.5$ | $+0.5$ | $-0.3$ | $+0.2236$ |
# | new $\theta$ | $1.5$ | $-0.5$ | $1.2$ | $-0.2764$ |
#
# Both first moves are as long as $\eta$. At the second step the gradients are equally large and the moves are not:
# $\theta_2$ had the larger gradient in the past.

# %% [markdown] lang="fr"
# ## Deux pas à la main
#
# Reprenons $L(\theta) = \theta_1^2 + 3\theta_2^2$, de gradient $g = (2\theta_1\,;\ 6\theta_2)$, depuis
# $\theta = (2\,;\ -1)$. Nous prenons $\eta = 0{,}5$, et nous laissons $\varepsilon$ de côté : il est trop petit pour
# que cela se voie.
#
# | | $\theta_1$, pas 1 | $\theta_2$, pas 1 | $\theta_1$, pas 2 | $\theta_2$, pas 2 |
# |---|---|---|---|---|
# | gradient $g$ | $4$ | $-6$ | $3$ | $-3$ |
# | ancien $G$ | $0$ | $0$ | $16$ | $36$ |
# | nouveau $G$ | $16$ | $36$ | $25$ | $45$ |
# | taux effectif $\eta / \sqrt{G}$ | $0{,}125$ | $0{,}0833$ | $0{,}1$ | $0{,}0745$ |
# | déplacement $-\eta g / \sqrt{G}$ | $-0{,}5$ | $+0{,}5$ | $-0{,}3$ | $+0{,}2236$ |
# | nouveau $\theta$ | $1{,}5$ | $-0{,}5$ | $1{,}2$ | $-0{,}2764$ |
#
# Les premiers déplacements ont tous deux la longueur $\eta$. Au deuxième pas, les gradients ont la même taille et les
# déplacements non : $\theta_2$ avait eu le plus grand gradient au premier.

# %%
theta, G = torch.tensor([2.0, -1.0]), torch.zeros(2)
for t in (1, 2):
    g = torch.tensor([2.0, 6.0]) * theta
    G = G + g**2
    theta = theta - 0.5 * g / G.sqrt()
    for name, values in (("g", g), ("G", G), ("θ", theta)):
        print(f"t = {t}  {name}", "".join(f"{value:10.4f}" for value in values.tolist()))

# %% [markdown] lang="en"
# ## Your turn
#
# The class is that of notebook 2 with another memory: `self.state[p]` holds $G$, zeros at first, of the shape and dtype
# of `p`. There is no decay. The hyperparameters of a group stand under `"lr"` and `"epsilon"`.
#
# Two things deserve thought:
#
# - A parameter whose `.grad` is `None` is skipped, and its $G$ stays as it is. A gradient of 0 is something else: the
#   parameter takes its step, of length 0. At the first step that means $0/(0 + \varepsilon)$: this is what ε is for.
# - $G$ belongs to one parameter of one optimizer. It is neither an attribute of the class nor one number for all.

# %% [markdown] lang="fr"
# ## À vous
#
# La classe est celle du notebook 2 avec une autre mémoire : `self.state[p]` contient $G$, d'abord rempli de zéros, de
# la forme et du dtype de `p`. Il n'y a pas de *decay*. Les hyperparamètres d'un groupe se trouvent sous `"lr"` et
# `"epsilon"`.
#
# Deux points méritent réflexion :
#
# - Un paramètre dont le `.grad` vaut `None` est ignoré, et son $G$ ne change pas. Un gradient nul, c'est autre chose :
#   le paramètre fait son pas, de longueur 0. Au premier pas, cela donne $0/(0 + \varepsilon)$, et c'est là que sert ε.
# - $G$ appartient à un paramètre d'un optimiseur. Ce n'est ni un attribut de la classe, ni un nombre commun à tous.

# %% solution="adagrad"
class Adagrad(torch.optim.Optimizer):
    """Divide the gradient by the root of the sum of its squares so far: G ← G + g², θ ← θ − η g / (√G + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, epsilon=1e-8):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "epsilon": epsilon})
        ### END SOLUTION

    def step(self):
        """Update G and move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if "G" not in state:
                        state["G"] = torch.zeros_like(p)
                    state["G"] += p.grad**2
                    p -= group["lr"] * p.grad / (state["G"].sqrt() + group["epsilon"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: where to begin</summary>
#
# Open your `RMSProp`. Which line makes the memory, which line changes it, and which of the two differs here?
#
# </details>
# <details><summary>Hint 2: the first step is right, the second too long</summary>
#
# Then $G$ is made anew or replaced instead of added to. After two steps of the table above it must be 25 and 45.
#
# </details>
# <details><summary>Hint 3: NaN</summary>
#
# Which of the three is 0: $g$, $G$, or both? Is ε added before the division, and outside the root?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : par où commencer</summary>
#
# Ouvrez votre `RMSProp`. Quelle ligne crée la mémoire, quelle ligne la change, et laquelle des deux diffère ici ?
#
# </details>
# <details><summary>Indice 2 : le premier pas est juste, le deuxième trop long</summary>
#
# C'est que $G$ est recréé ou remplacé, au lieu d'être augmenté. Après deux pas du tableau ci-dessus, il doit valoir 25
# et 45.
#
# </details>
# <details><summary>Indice 3 : NaN</summary>
#
# Qu'est-ce qui est nul : $g$, $G$, ou les deux ? ε est-il ajouté avant la division, et hors de la racine ?
#
# </details>

# %% check="adagrad_check" points=18
coursekit.check(Adagrad)

# %% [markdown] lang="en"
# ## On the linear data
#
# The learning rate is 0.5, fifty times that of SGD in notebook 1; the loop is yours, `train` from there. The first step
# has the length $\eta$, and the weight has to go from 0 to 2.970, the bias from 0 to 5.120. Predict, in the next cell:
# is this rate too bold?

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Le taux est de 0,5, cinquante fois celui de SGD dans le notebook 1, d'où vient aussi votre boucle `train`. Le
# premier pas a la longueur $\eta$, et le poids doit aller de 0 à 2,970, le biais de 0 à 5,120. Prédisez, dans la
# cellule suivante : ce taux est-il trop audacieux ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, line, Adagrad(model.parameters(), learning_rate=0.5), epochs=100)
    coursekit.plots.training(history, line, "Adagrad on the linear data, learning rate 0.5")

# %% [markdown] lang="en"
# **What to see.** The first step is 0.5 long in both coordinates, and the path leaves on the diagonal as with RMSProp.
# Then each parameter slows down by itself, the weight near its value and the bias on the way to 5.12; after 100 epochs
# it is at 4.96. Nothing hops at the end, and the loss comes close to that of the best line.
#
# The rate was not too bold. Not drawn is why: from the first step on, the effective rate of the weight is much lower
# than that of the bias, about twenty times at first. The steep direction got a lower rate without being told. In the end
# both have nearly stopped falling, since gradients that go to 0 add next to nothing to $G$.

# %% [markdown] lang="fr"
# **À voir.** Le premier pas mesure 0,5 dans les deux coordonnées, et le chemin part en diagonale comme avec RMSProp.
# Ensuite chaque paramètre ralentit de lui-même, le poids près de sa valeur et le biais en route vers 5,12 ; après 100
# époques il est à 4,96. Rien ne saute à la fin, et la perte s'approche de celle de la meilleure droite.
#
# Le taux n'était pas trop audacieux. La raison n'est pas sur la figure : dès le premier pas, le taux effectif du poids
# est bien plus petit que celui du biais, environ vingt fois au début. La direction raide a reçu un taux plus petit sans
# qu'on le demande. À la fin, les deux taux ont presque cessé de baisser, car des gradients qui tendent vers 0
# n'ajoutent presque rien à $G$.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The same rate first. The best line has the weight $-4.145$ and the bias $17.41$.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# D'abord le même taux. La meilleure droite a pour poids $-4{,}145$ et pour biais $17{,}41$.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, parabola, Adagrad(model.parameters(), learning_rate=0.5), epochs=100)
    coursekit.plots.training(history, parabola, "Adagrad on the non-linear data, learning rate 0.5")

# %%
with coursekit.once_written():
    biases = {}
    for rate in (0.5, 2.0, 5.0):
        model = coursekit.linear_model()
        optimizer = Adagrad(model.parameters(), learning_rate=rate)
        history = coursekit.record(train, model, parabola, optimizer, epochs=100, every=0)
        biases[f"Adagrad, η = {rate:g}"] = history.parameters[:, 1]
    coursekit.plots.lines(
        biases, "Adagrad at three learning rates", "epoch", "bias", levels={"bias of the best line": 17.413}
    )

# %% [markdown] lang="en"
# **What to see.** With 0.5 the weight arrives, and the bias has covered 8.23 of 17.41, more slowly with every epoch.
# Nothing diverges when the rate is ten times larger. The first step is then 5, and the weight, which is not drawn,
# overshoots. But the gradients of an overshoot enter $G$ as well: the further a parameter is thrown, the shorter its
# next steps become. The bias has arrived after about 25 epochs. Choose Adagrad's rate by the distance you expect a
# parameter to walk. Patience does not make up for a rate that is too low, as the section on dying steps will show.

# %% [markdown] lang="fr"
# **À voir.** Avec 0,5, le poids arrive, et le biais a parcouru 8,23 sur 17,41, de plus en plus lentement. Rien ne
# diverge quand le taux est dix fois plus grand. Le premier pas mesure alors 5, et le poids, qui n'est pas tracé,
# dépasse le but. Mais les gradients de ce dépassement entrent eux aussi dans $G$ : plus un paramètre est jeté loin,
# plus ses pas suivants raccourcissent. Le biais est arrivé après 25 époques environ. Choisissez le taux d'Adagrad
# d'après la distance qu'un paramètre doit parcourir. La patience ne rattrape pas un taux trop bas, comme le montrera la
# section sur les pas qui s'éteignent.

# %% [markdown] lang="en"
# ## One step, taken apart
#
# Your class in a valley that is ten times more curved across than along, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$,
# after ten steps.

# %% [markdown] lang="fr"
# ## Un pas, décortiqué
#
# Votre classe dans une vallée dix fois plus courbée en travers qu'en longueur, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$,
# après dix pas.

# %%
with coursekit.once_written():
    valley = coursekit.functions.valley(10)
    coursekit.plots.one_step(Adagrad, valley, (-3.0, 1.2), "One step of Adagrad", steps=10, learning_rate=0.3)

# %% [markdown] lang="en"
# **What to see.** Two things. The gradient has nearly equal parts along the valley and across it, $(-1.66,\ 1.75)$. The
# step, $(0.068,\ -0.027)$, goes mostly along it: $G$ still holds the steep slopes of the first steps across, and
# divides by them. And the step is short. The first one was 0.3 in each coordinate, and each stretch of the path is
# shorter than the one before.

# %% [markdown] lang="fr"
# **À voir.** Deux choses. D'abord, le gradient est presque aussi grand dans la longueur de la vallée qu'en travers,
# $(-1{,}66\,;\ 1{,}75)$. Le pas, $(0{,}068\,;\ -0{,}027)$, va surtout dans sa longueur : $G$ contient encore les fortes
# pentes des premiers pas en travers, et l'on divise par elles. Ensuite, le pas est court. Le premier mesurait 0,3 dans
# chaque coordonnée, et chaque segment du chemin est plus court que le précédent.

# %% [markdown] lang="en"
# ## Rare features
#
# Five hundred short texts and ten words. The first word is in every text, the next six are each in one text of two, the
# last three in one of a hundred. The target of a text is the sum of the weights of its words, $2$ and $-2$ in turn,
# with noise of standard deviation 0.5. The texts come one at a time, each is seen once, and each makes one step.
#
# To be fair, each rule tries three learning rates. The columns show the root mean square of the error of the weights
# after the last text, for the seven common words and for the three rare ones.

# %% [markdown] lang="fr"
# ## Des variables rares
#
# Cinq cents textes courts et dix mots. Le premier mot est dans tous les textes, les six suivants chacun dans un texte
# sur deux, les trois derniers dans un sur cent. La cible d'un texte est la somme des poids de ses mots, $2$ et $-2$
# tour à tour, avec un bruit d'écart-type 0,5. Les textes viennent un par un, chacun est vu une fois, et chacun donne
# lieu à un pas.
#
# Pour que la comparaison soit équitable, chaque règle essaie trois taux d'apprentissage. Les colonnes donnent la racine
# de l'erreur quadratique moyenne des poids après le dernier texte, pour les sept mots fréquents et pour les trois mots
# rares.

# %%
generator = torch.Generator().manual_seed(0)
frequency = torch.tensor([1.0] + 6 * [0.5] + 3 * [0.01])
words = (torch.rand(500, 10, generator=generator) < frequency).float()
truth = torch.tensor([2.0, -2.0]).repeat(5)
targets = words @ truth + 0.5 * torch.randn(500, generator=generator)
print([int(count) for count in words.sum(dim=0)])

# %%
def read(rule, rate, times=1):
    """Read the texts one by one; return the weights before the first and after every one, and all gradients."""
    weights = torch.zeros(10, requires_grad=True)
    optimizer = rule([weights], learning_rate=rate)
    visited, gradients = [weights.detach().clone()], []
    for _ in range(times):
        for x, y in zip(words, targets, strict=True):
            weights.grad = 2 * (x @ visited[-1] - y) * x  # of the squared error of this text
            gradients.append(weights.grad)
            optimizer.step()
            visited.append(weights.detach().clone())
    return torch.stack(visited), torch.stack(gradients)


with coursekit.once_written():
    errors = {}
    for name, rule, rates in (("SGD", SGD, (0.05, 0.1, 0.2)), ("Adagrad", Adagrad, (0.5, 1.0, 2.0))):
        for rate in rates:
            visited, _ = read(rule, rate)
            squares = (visited - truth) ** 2
            common, rare = squares[:, :7].mean(dim=1).sqrt(), squares[:, 7:].mean(dim=1).sqrt()
            errors[f"{name}, η = {rate:g}"] = common, rare
            print(f"{name:8} η = {rate:<5g} {common[-1]:8.3f} {rare[-1]:8.3f}")
    best = ("SGD, η = 0.1", "Adagrad, η = 1")
    panels = [
        ("error, common words", {name: errors[name][0] for name in best}),
        ("error, rare words", {name: errors[name][1] for name in best}),
    ]
    coursekit.plots.stacked(panels, "Reading 500 texts once", "text")

# %% [markdown] lang="en"
# **What to see.** In the table SGD has to choose. With a rate of 0.05 the common words are right and the rare ones
# hardly learnt; with 0.2 the rare words are learnt, and the noise shakes the common ones. Adagrad with $\eta = 1$ gets
# both: the errors are 0.13 and 0.21. The picture shows the best rate of each. In the lower panel nothing happens until
# a rare word turns up, at text 98 for the first time; then Adagrad goes further in one step than SGD, because that word
# still has its whole rate. In the upper panel Adagrad is the calmer of the two: its rate for the common words has
# fallen, that of SGD has not.
#
# Is this the luck of the draw? Change the seed in the cell that draws the texts, and run again from there.

# %% [markdown] lang="fr"
# **À voir.** Dans le tableau, SGD doit choisir. Avec un taux de 0,05, les mots fréquents sont justes et les rares à
# peine appris ; avec 0,2, les mots rares sont appris, mais le bruit secoue les fréquents. Adagrad avec $\eta = 1$
# apprend les deux : les erreurs sont de 0,13 et 0,21. La figure montre le meilleur taux de chacun. En bas, rien ne se
# passe tant qu'un mot rare n'apparaît pas, la première fois au texte 98 ; alors Adagrad va plus loin que SGD en un pas,
# car ce mot a encore tout son taux. En haut, Adagrad est le plus calme des deux : son taux pour les mots fréquents a
# baissé, celui de SGD non.
#
# Est-ce un hasard du tirage ? Changez la graine dans la cellule du tirage et relancez à partir de là.

# %% [markdown] lang="en"
# ## Why its steps die
#
# $G$ only grows. If the gradient keeps a size of about $\bar g$, as it does with noise that never ends, then $G$ is
# about $\bar g^2 t$ after $t$ steps and the effective rate $\eta / (\bar g \sqrt{t})$: it falls like $1/\sqrt{t}$. Here
# are the effective rates of three words, now with the 500 texts read four times over.

# %% [markdown] lang="fr"
# ## Pourquoi ses pas s'éteignent
#
# $G$ ne fait que croître. Si le gradient garde une taille d'environ $\bar g$, comme avec un bruit qui ne cesse pas,
# alors $G$ vaut environ $\bar g^2 t$ après $t$ pas et le taux effectif $\eta / (\bar g \sqrt{t})$ : il baisse comme
# $1/\sqrt{t}$. Voici les taux effectifs de trois mots, les 500 textes étant maintenant lus quatre fois.

# %%
with coursekit.once_written():
    _, gradients = read(Adagrad, 1.0, times=4)
    G = (gradients**2).cumsum(dim=0)
    G[G == 0] = float("nan")
    texts = torch.arange(1, len(G) + 1)
    effective = {
        "word in every text": 1 / G[:, 0].sqrt(),
        "word in half of the texts": 1 / G[:, 1].sqrt(),
        "rare word": 1 / G[:, 9].sqrt(),
        "1/√t": 1 / texts.sqrt(),
    }
    coursekit.plots.lines(effective, "The effective rate", "text", "η / √G", x=texts, log="xy")

# %% [markdown] lang="en"
# **What to see.** On log axes $1/\sqrt{t}$ is a straight line. At the beginning the gradients are large because the
# weights are wrong, and what they leave in $G$ keeps the curves flatter; then only noise is left, and beyond a few
# hundred texts the curves of the frequent words bend towards the slope of the line. The rare word follows the same law
# at its own pace: it starts late, at its first text, and ends six times higher than the word that is everywhere.
#
# This is what one wants where a noisy measurement is averaged: late steps should be small. It is also a limit. The
# steps $\eta/1 + \eta/\sqrt{2} + \ldots + \eta/\sqrt{t}$ add up to about $2\eta\sqrt{t}$, so under a gradient of
# constant size the distance $D$ takes about $(D / 2\eta)^2$ steps. The next cell measures it with the default rate
# 0.01.

# %% [markdown] lang="fr"
# **À voir.** Sur des axes logarithmiques, $1/\sqrt{t}$ est une droite. Au début, les gradients sont grands parce que
# les poids sont faux, et ce qu'ils laissent dans $G$ aplatit les courbes. Puis il ne reste que le bruit : au-delà de
# quelques centaines de textes, les courbes des mots fréquents s'inclinent vers la pente de la droite. Le mot rare suit
# la même loi à son rythme : il commence tard, à son premier texte, et finit six fois plus haut que le mot présent
# partout.
#
# C'est ce que l'on veut quand on moyenne une mesure bruitée : les derniers pas doivent être petits. C'est aussi une
# limite. La somme des pas $\eta/1 + \eta/\sqrt{2} + \ldots + \eta/\sqrt{t}$ vaut environ $2\eta\sqrt{t}$. Avec un
# gradient de taille constante, la distance $D$ demande donc environ $(D / 2\eta)^2$ pas. La cellule suivante le mesure
# avec le taux par défaut 0,01.

# %%
with coursekit.once_written():
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = Adagrad([parameter])
    for t in range(1, 801):
        parameter.grad = torch.tensor([-1.0])
        optimizer.step()
        if t in (1, 200, 800):
            print(f"t = {t:3d}   θ = {parameter.item():.4f}   2η√t = {0.02 * t**0.5:.4f}")

# %% [markdown] lang="en"
# **What to see.** Four times as many steps go twice as far. In notebook 6 every rule starts 98 away from the minimum
# with its default rate: for Adagrad that means at least $(98 / 0.02)^2$, about 24 million steps. RMSProp forgets, keeps
# steps of about $\eta$ and needs about ten thousand. That is what a mean gains over a sum.

# %% [markdown] lang="fr"
# **À voir.** Quatre fois plus de pas mènent deux fois plus loin. Dans le notebook 6, chaque règle part à 98 du minimum
# avec son taux par défaut : pour Adagrad, cela fait au moins $(98 / 0{,}02)^2$, environ 24 millions de pas. RMSProp
# oublie, garde des pas d'environ $\eta$ et en demande environ dix mille. Voilà l'avantage d'une moyenne sur une somme.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **ε forgotten.** At the first text every absent word has $g = 0$ and $G = 0$. The next cell applies the rule without ε
# to the first two texts, with $\eta = 1$.
#
# **The memory lost.** `G = g**2` instead of `G += g**2`, zeros made anew in each step, or an optimizer that is created
# inside the training loop: all three divide the gradient by its own size and leave the sign. The picture below shows it
# on the linear data.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **ε oublié.** Au premier texte, tout mot absent a $g = 0$ et $G = 0$. La cellule suivante applique la règle sans ε aux
# deux premiers textes, avec $\eta = 1$.
#
# **La mémoire perdue.** `G = g**2` au lieu de `G += g**2`, des zéros recréés à chaque pas, ou un optimiseur créé à
# l'intérieur de la boucle d'entraînement : les trois divisent le gradient par sa propre taille et ne laissent que le
# signe. La figure plus bas le montre sur les données linéaires.

# %%
weights, G = torch.zeros(10), torch.zeros(10)
for t in (1, 2):
    x, y = words[t - 1], targets[t - 1]
    g = 2 * (x @ weights - y) * x
    G = G + g**2
    weights = weights - g / G.sqrt()
    print(f"t = {t}  {[round(value, 3) for value in weights.tolist()]}")

# %%
with coursekit.once_written():
    losses = {}
    for name, forgets in (("Adagrad", False), ("G ← g²", True)):
        model = coursekit.linear_model()
        optimizer = Adagrad(model.parameters(), learning_rate=0.5)
        losses[name] = []
        for _ in range(100):
            if forgets:
                optimizer = Adagrad(model.parameters(), learning_rate=0.5)
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(line.x), line.y)
            loss.backward()
            optimizer.step()
            losses[name].append(loss.item())
    coursekit.plots.lines(losses, "What a lost memory does", "epoch", "mean squared error", log="y")

# %% [markdown] lang="en"
# **What to see.** After one text the weights of the five absent words are NaN. After two, all are, even those that were
# still numbers: the prediction for the second text is a sum over all words, and $0 \cdot \mathrm{NaN}$ is NaN. With ε
# the quotient is $0/\varepsilon = 0$ and the word waits.
#
# In the picture the rule without memory is the faster one at first, since its steps never shrink. Then it cannot do
# anything smaller than 0.5, and the loss hops between 4.1 and 11.7 for ever, while Adagrad goes on down. When a loss
# falls steeply and then turns into a saw, look at the state.
#
# Two more mistakes: **the root forgotten**, $g / G$, makes the first step $\eta / g$, so that a large gradient gives a
# small step; and **one $G$ for all parameters** turns the rule into SGD with a falling rate, and the rare words are
# lost again.

# %% [markdown] lang="fr"
# **À voir.** Après un texte, les poids des cinq mots absents sont NaN. Après deux, tous le sont, même ceux qui étaient
# encore des nombres : la prédiction pour le deuxième texte est une somme sur tous les mots, et $0 \cdot \mathrm{NaN}$
# vaut NaN. Avec ε, le quotient est $0/\varepsilon = 0$ et le mot attend.
#
# Sur la figure, la règle sans mémoire est d'abord la plus rapide, car ses pas ne raccourcissent jamais. Ensuite, elle
# ne peut rien faire de plus petit que 0,5 : la perte saute sans fin entre 4,1 et 11,7, tandis qu'Adagrad continue de
# descendre. Quand une perte tombe vite puis dessine des dents de scie, regardez l'état.
#
# Deux autres erreurs : **la racine oubliée**, $g / G$, donne un premier pas de $\eta / g$, si bien qu'un grand gradient
# donne un petit pas ; et **un seul $G$ pour tous les paramètres** fait de la règle un SGD à taux décroissant, qui perd
# de nouveau les mots rares.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** A feature is there at every tenth step (in general at every `every`-th), always with the same gradient; at all
# other steps its gradient is 0. How long is the step at step number `steps`, a multiple of `every`?
#
# <details><summary>Hint</summary>
#
# Call the gradient 1. What is $G$ by then?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Une variable est présente tous les dix pas (en général, tous les `every` pas), toujours avec le même gradient ;
# à tous les autres pas, son gradient est nul. Quelle est la longueur du pas numéro `steps`, un multiple de `every` ?
#
# <details><summary>Indice</summary>
#
# Supposez que le gradient vaut 1. Que vaut alors $G$ ?
#
# </details>

# %% solution="rare_step"
def rare_step(steps, every, learning_rate):
    """Return the length of step number `steps` of Adagrad, where each `every`-th gradient is 1 and all others are 0.

    steps: a multiple of every
    """
    ### BEGIN SOLUTION
    return learning_rate / (steps / every) ** 0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    optimizer = Adagrad([theta], learning_rate=0.5)
    for step in range(1, 61):
        before = theta.item()
        theta.grad = torch.tensor([1.0 if step % 10 == 0 else 0.0])
        optimizer.step()
    print(f"Adagrad    {before - theta.item():.5f}")
    print(f"rare_step  {float(rare_step(60, 10, 0.5)):.5f}")

# %% check="rare_step_check" points=1
coursekit.check(rare_step)

# %% [markdown] lang="en"
# **2.** Someone keeps **one** $G$ for two parameters: the squares of both gradients are added to it, and both are
# divided by its root. At the first step the gradients are $g_1$ and $g_2$, both positive. How long is the step of the
# parameter whose gradient is $g_1$? The cell below the function prints its first step under your class, which keeps two
# memories, and your answer for one.
#
# <details><summary>Hint</summary>
#
# What does the one $G$ hold when both squares have come in?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Quelqu'un garde **un seul** $G$ pour deux paramètres : les carrés des deux gradients s'y ajoutent, et les deux
# sont divisés par sa racine. Au premier pas, les gradients sont $g_1$ et $g_2$, tous deux positifs. Quelle est la
# longueur du pas du paramètre dont le gradient est $g_1$ ? La cellule sous la fonction affiche son premier pas avec
# votre classe, qui garde deux mémoires, puis votre réponse pour une seule.
#
# <details><summary>Indice</summary>
#
# Que contient cet unique $G$ quand les deux carrés y sont entrés ?
#
# </details>

# %% solution="shared_first_step"
def shared_first_step(g1, g2, learning_rate):
    """Return the length of the first step of the parameter with the gradient g1, if both parameters shared one G."""
    ### BEGIN SOLUTION
    return learning_rate * g1 / (g1**2 + g2**2) ** 0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(2, requires_grad=True)
    theta.grad = torch.tensor([1.5, 4.5])
    Adagrad([theta], learning_rate=0.5).step()
    print(f"Adagrad            {-theta[0].item():.5f}")
    print(f"shared_first_step  {float(shared_first_step(1.5, 4.5, 0.5)):.5f}")

# %% check="shared_first_step_check" points=1
coursekit.check(shared_first_step)

# %% [markdown] lang="en"
# ## A question
#
# A word has been seen a few times, then not at all for a thousand texts, so its gradient was 0 a thousand times. Now it
# appears again. What do Adagrad and RMSProp (with $\rho = 0.9$) still know about it, and how long is its next step
# under each? Which of the two suits rare features? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Un mot a été vu quelques fois, puis plus du tout pendant mille textes : son gradient a été nul mille fois. Le voici de
# nouveau. Qu'en savent encore Adagrad et RMSProp (avec $\rho = 0{,}9$), et quelle est la longueur de son prochain pas
# avec chacun ? Lequel des deux convient aux variables rares ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="adagrad_words" points=2
# A gradient of 0 adds nothing to $G$, so Adagrad knows exactly what it knew: the step is $\eta\, |g| / \sqrt{G + g^2}$
# with the old $G$, shorter than the first one, and the word goes on where it was. RMSProp multiplied $s$ by $0.9$ a
# thousand times, which leaves nothing. Its next step is $\eta / \sqrt{1 - 0.9} \approx 3.16\,\eta$, whatever the size
# of $g$, as at the very first: the weight of a rare word jumps by the same length at each appearance and never settles.
# Adagrad suits rare features.

# %% [markdown] lang="fr" answer="adagrad_words" points=2
# Un gradient nul n'ajoute rien à $G$ : Adagrad sait exactement ce qu'il savait. Le pas est
# $\eta\, |g| / \sqrt{G + g^2}$ avec l'ancien $G$, plus court que le premier, et le mot reprend là où il en était.
# RMSProp a multiplié $s$ par $0{,}9$ mille fois, et il n'en reste rien. Son prochain pas vaut
# $\eta / \sqrt{1 - 0{,}9} \approx 3{,}16\,\eta$, quelle que soit la taille de $g$, comme au tout premier : le poids
# d'un mot rare saute de la même longueur à chaque apparition et ne se fixe jamais. C'est Adagrad qui convient aux
# variables rares.

# %% [markdown] lang="en"
# ## What to remember
#
# - Divide each gradient by the root of the sum of its squares: $G \leftarrow G + g^2$, then
#   $\theta \leftarrow \theta - \eta g / (\sqrt{G} + \varepsilon)$.
# - The first step of every parameter has the length $\eta$; what is seen rarely keeps long steps,
#   what is seen often gets short ones.
# - The effective rate never rises. Under steady gradients it falls like $1/\sqrt{t}$, and the distance
#   walked grows like $2\eta\sqrt{t}$.
# - Choose a large rate, and put ε beside the root: a feature that has not come yet has $g = G = 0$.
#
# Next: [Adam](04_adam.ipynb) takes the mean of RMSProp and gives the walker a momentum.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Diviser chaque gradient par la racine de la somme de ses carrés : $G \leftarrow G + g^2$, puis
#   $\theta \leftarrow \theta - \eta g / (\sqrt{G} + \varepsilon)$.
# - Le premier pas de chaque paramètre a la longueur $\eta$ ; ce que l'on voit rarement garde de longs pas, ce que l'on
#   voit souvent en fait de courts.
# - Le taux effectif ne remonte jamais. Avec des gradients stables, il baisse comme $1/\sqrt{t}$, et la
#   distance parcourue croît comme $2\eta\sqrt{t}$.
# - Prendre un grand taux, et mettre ε à côté de la racine : une variable qui n'est pas encore venue a $g = G = 0$.
#
# Ensuite : [Adam](04_adam.ipynb) reprend la moyenne de RMSProp et donne de l'élan au marcheur.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **The whole matrix.** The paper has a second form: $G \leftarrow G + g\,g^\top$ is a matrix, and the move is
#    $-\eta\, G^{-1/2} g$. `torch.linalg.eigh` gives the eigenvalues and eigenvectors that the root needs; add
#    $\varepsilon$ to the roots of the eigenvalues. Compare it with your `Adagrad` (rate 0.5, in `float64`, 100 steps
#    from $(-3,\ 1.2)$) in the valley $\frac{1}{2}(x^2 + 50\,y^2)$, and in the same valley and start turned by 45°.
#    *Expect* the matrix to be equally far from the minimum in both after every step, to six digits. Yours ends at
#    0.0007 in the straight valley and at 1.08 in the turned one. What would the matrix cost for a million parameters?
# 2. **Starting anew.** `optimizer.state.clear()` empties the memory. Do it every 200 steps where the gradient is always
#    $-1$, at the end of the section on dying steps. *Expect* to be at 1.07 after 800 steps instead of 0.55, and at 2.04
#    if you do it every 50. Then do it every 100 texts in `read`, with $\eta = 1$. *Expect* an error of 0.22 for the
#    common words instead of 0.13, and of 0.72 for the rare ones instead of 0.21. What is gained, what is lost?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **La matrice entière.** L'article a une seconde forme : $G \leftarrow G + g\,g^\top$ est une matrice, et le
#    déplacement est $-\eta\, G^{-1/2} g$. `torch.linalg.eigh` donne les valeurs et les vecteurs propres dont la racine
#    a besoin ; ajoutez $\varepsilon$ aux racines des valeurs propres. Comparez-la à votre `Adagrad` (taux 0,5, en
#    `float64`, 100 pas depuis $(-3\,;\ 1{,}2)$) dans la vallée $\frac{1}{2}(x^2 + 50\,y^2)$, puis dans la même vallée
#    tournée de 45°, départ compris. *Attendez-vous* à ce que cette seconde forme soit, après chaque pas, à la même
#    distance du minimum dans les deux, à six chiffres près. Votre `Adagrad` finit à 0,0007 dans la vallée droite et à
#    1,08 dans la vallée tournée. Que coûterait la matrice pour un million de paramètres ?
# 2. **Repartir de zéro.** `optimizer.state.clear()` vide la mémoire. Faites-le tous les 200 pas là où le gradient vaut
#    toujours $-1$, à la fin de la section sur les pas qui s'éteignent. *Attendez-vous* à 1,07 après 800 pas au lieu de
#    0,55, et à 2,04 si vous le faites tous les 50 pas. Faites-le ensuite tous les 100 textes dans `read`, avec
#    $\eta = 1$. *Attendez-vous* à une erreur de 0,22 pour les mots fréquents au lieu de 0,13, et de 0,72 pour les mots
#    rares au lieu de 0,21. Qu'a-t-on gagné, qu'a-t-on perdu ?
