# %% [markdown] lang="en"
# # 2 · RMSProp
#
# <div class="alert alert-info">
#
# **You will write** `RMSProp`, a rule that gives every parameter a step size of its own.
#
# **Time** 75 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** notebook 1: the class `SGD`, parameter groups, and what the curvature does to the learning rate.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 2 · RMSProp
#
# <div class="alert alert-info">
#
# **Vous écrirez** `RMSProp`, une règle qui donne à chaque paramètre sa propre longueur de pas.
#
# **Durée** 75 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** le notebook 1 : la classe `SGD`, les groupes de paramètres, et l'effet de la courbure sur le taux.
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
# In notebook 1 one learning rate had to serve every parameter: the steep direction set the limit, the flat one set the
# time. The size of a gradient says little about how far its minimum is. Its sign says where to go.
#
# A first answer is to use the sign alone. Rprop (Riedmiller and Braun, 1993) does so: each weight has a step of its
# own, which grows while the sign of its gradient stays the same and shrinks when it changes. This works on the whole
# data set. On mini-batches a sign says too little. Take steps that are all equal, and a parameter that gets the
# gradient $-0.1$ on nine mini-batches and $+0.9$ on the tenth. On average nothing should happen, and SGD ends where it
# started. The sign rule takes nine steps up and one step down.
#
# RMSProp divides by a size that changes little from one step to the next: the root of a running mean of the squared
# gradients.
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, g^2 \qquad\qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# Everything is done element by element: each number in $\theta$ has its own $s$, which starts at 0. The **decay**
# $\rho$ says how long the memory is: a squared gradient loses its weight by the factor $\rho$ at each step, so $s$
# remembers about $1/(1-\rho)$ steps. The small $\varepsilon$ keeps the division possible where $s = 0$.
#
# Two consequences to keep in mind. Where the gradient keeps its sign and size, $\sqrt{s}$ becomes $|g|$ and a step has
# the length $\eta$, whatever the size of $g$. And since $s \geq (1-\rho)\, g^2$, no step is longer than
# $\eta / \sqrt{1-\rho}$; the first step, with $s$ still empty, has exactly that length.
#
# There is no paper: the rule was taught in a lecture and spread from there (T. Tieleman and G. Hinton, *Lecture 6.5 –
# rmsprop: Divide the gradient by a running average of its recent magnitude*, COURSERA: Neural Networks for Machine
# Learning, 2012). The example with the ten mini-batches comes from that lecture.

# %% [markdown] lang="fr"
# ## L'idée
#
# Dans le notebook 1, un seul taux d'apprentissage devait servir à tous les paramètres : la direction raide fixait la
# limite, la direction plate fixait la durée. La taille d'un gradient dit peu de chose de la distance au minimum. Son
# signe dit dans quel sens aller.
#
# Une première réponse est de ne garder que le signe. C'est ce que fait Rprop (Riedmiller et Braun, 1993) : chaque poids
# a son propre pas, qui s'allonge tant que son gradient garde le même signe et raccourcit quand le signe change. Cela
# marche sur le jeu de données entier. Sur des mini-lots, un signe en dit trop peu. Prenons des pas tous égaux, et un
# paramètre qui reçoit le gradient $-0{,}1$ sur neuf mini-lots et $+0{,}9$ sur le dixième. En moyenne, il ne
# devrait rien se passer, et SGD finit là où il a commencé. La règle du signe fait neuf pas vers le haut et un pas vers
# le bas.
#
# RMSProp divise par une taille qui change peu d'un pas au suivant : la racine de la moyenne mobile exponentielle des
# carrés des gradients.
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, g^2 \qquad\qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# Tout se fait élément par élément : chaque nombre de $\theta$ a son propre $s$, qui part de 0. Le coefficient $\rho$
# (*decay*) dit combien de temps dure la mémoire : le poids d'un carré $g^2$ est multiplié par $\rho$ à chaque
# pas, donc $s$ se souvient d'environ $1/(1-\rho)$ pas. Le petit $\varepsilon$ rend la division possible là où $s = 0$.
#
# Deux conséquences à retenir. Là où le gradient garde son signe et sa taille, $\sqrt{s}$ devient $|g|$ et un pas a pour
# longueur $\eta$, quelle que soit la taille de $g$. Et comme $s \geq (1-\rho)\, g^2$, aucun pas ne dépasse
# $\eta / \sqrt{1-\rho}$ ; le premier pas, où $s$ est encore vide, a exactement cette longueur.
#
# Il n'y a pas d'article : la règle a été enseignée dans un cours, d'où elle s'est répandue (T. Tieleman et G. Hinton,
# *Lecture 6.5 – rmsprop: Divide the gradient by a running average of its recent magnitude*, COURSERA: Neural Networks
# for Machine Learning, 2012). L'exemple des dix mini-lots vient de ce cours.

# %% [markdown] lang="en"
# ## Two steps by hand
#
# One step cannot show a memory, so take two. The loss is that of notebook 1, $L(\theta) = \theta_1^2 + 3\theta_2^2$,
# with gradient $g = (2\theta_1,\ 6\theta_2)$, from $\theta = (2, -1)$. We choose $\eta = 0.1$ and $\rho = 0.75$, and
# leave $\varepsilon$ out because it is too small to be seen.
#
# | | $\theta_1$, step 1 | $\theta_2$, step 1 | $\theta_1$, step 2 | $\theta_2$, step 2 |
# |---|---|---|---|---|
# | gradient $g$ | $4$ | $-6$ | $3.6$ | $-4.8$ |
# | $0.75\, s$ | $0$ | $0$ | $3$ | $6.75$ |
# | $0.25\, g^2$ | $4$ | $9$ | $3.24$ | $5.76$ |
# | new $s$ | $4$ | $9$ | $6.24$ | $12.51$ |
# | $\sqrt{s}$ | $2$ | $3$ | $2.498$ | $3.537$ |
# | move $-\eta g / \sqrt{s}$ | $-0.2$ | $+0.2$ | $-0.1441$ | $+0.1357$ |
# | new $\theta$ | $1.8$ | $-0.8$ | $1.6559$ | $-0.6643$ |
#
# The first moves have the same length, $0.1/\sqrt{0.25}$, although the gradients are 4 and $-6$. The second are
# shorter, because $s$ now holds what it kept of the first step as well.

# %% [markdown] lang="fr"
# ## Deux pas à la main
#
# Un seul pas ne peut pas montrer une mémoire : faisons-en deux. La perte est celle du notebook 1,
# $L(\theta) = \theta_1^2 + 3\theta_2^2$, de gradient $g = (2\theta_1\,;\ 6\theta_2)$, depuis $\theta = (2\,;\ -1)$.
# Nous prenons $\eta = 0{,}1$ et $\rho = 0{,}75$, et nous laissons $\varepsilon$ de côté : il est trop petit pour que
# cela se voie.
#
# | | $\theta_1$, pas 1 | $\theta_2$, pas 1 | $\theta_1$, pas 2 | $\theta_2$, pas 2 |
# |---|---|---|---|---|
# | gradient $g$ | $4$ | $-6$ | $3{,}6$ | $-4{,}8$ |
# | $0{,}75\, s$ | $0$ | $0$ | $3$ | $6{,}75$ |
# | $0{,}25\, g^2$ | $4$ | $9$ | $3{,}24$ | $5{,}76$ |
# | nouveau $s$ | $4$ | $9$ | $6{,}24$ | $12{,}51$ |
# | $\sqrt{s}$ | $2$ | $3$ | $2{,}498$ | $3{,}537$ |
# | déplacement $-\eta g / \sqrt{s}$ | $-0{,}2$ | $+0{,}2$ | $-0{,}1441$ | $+0{,}1357$ |
# | nouveau $\theta$ | $1{,}8$ | $-0{,}8$ | $1{,}6559$ | $-0{,}6643$ |
#
# Les premiers déplacements ont la même longueur, $0{,}1/\sqrt{0{,}25}$, bien que les gradients vaillent 4 et $-6$. Les
# seconds sont plus courts, car $s$ contient maintenant aussi ce qu'il a gardé du premier pas.

# %%
theta, s = torch.tensor([2.0, -1.0]), torch.zeros(2)
for t in (1, 2):
    g = torch.tensor([2.0, 6.0]) * theta
    s = 0.75 * s + 0.25 * g**2
    theta = theta - 0.1 * g / s.sqrt()
    for name, values in (("g", g), ("s", s), ("θ", theta)):
        print(f"t = {t}  {name}", "".join(f"{value:10.4f}" for value in values.tolist()))

# %% [markdown] lang="en"
# ## Your turn
#
# Two things are new since `SGD`.
#
# **A state.** $s$ must live on from one step to the next, and every parameter has its own. `self.state[p]` is an empty
# dictionary the first time you ask for it, and belongs to the parameter `p` from then on: put your tensor there under a
# name that you choose. `torch.zeros_like(p)` gives the right shape and dtype. What stands in `self.state` is saved by
# `state_dict()`; what stands elsewhere is lost.
#
# **More hyperparameters.** Hand them to the base class in the same dictionary as the learning rate, under their names
# in the signature: `"decay"` and `"epsilon"`. The learning rate stays under `"lr"`. Read all three from the group at
# each step: a group may have its own.
#
# The habits of notebook 1 remain: skip a parameter whose `.grad` is `None` (its $s$ stays as it is, too), work in place
# and under `torch.no_grad()`, and leave the gradient unchanged.

# %% [markdown] lang="fr"
# ## À vous
#
# Deux choses sont nouvelles par rapport à `SGD`.
#
# **Un état.** $s$ doit survivre d'un pas à l'autre, et chaque paramètre a le sien. `self.state[p]` est un dictionnaire
# vide la première fois que vous le demandez, et appartient ensuite au paramètre `p` : rangez-y votre tenseur sous un
# nom de votre choix. `torch.zeros_like(p)` donne la bonne forme et le bon dtype. Ce qui est dans `self.state` est
# enregistré par `state_dict()` ; ce qui est ailleurs est perdu.
#
# **D'autres hyperparamètres.** Donnez-les à la classe de base dans le même dictionnaire que le taux d'apprentissage,
# sous leur nom dans la signature : `"decay"` et `"epsilon"`. Le taux reste sous `"lr"`. Lisez les trois dans le groupe
# à chaque pas : un groupe peut avoir les siens.
#
# Les habitudes du notebook 1 restent valables : ignorer un paramètre dont le `.grad` vaut `None` (son $s$ ne change
# pas non plus), travailler sur place et sous `torch.no_grad()`, et laisser le gradient inchangé.

# %% solution="rmsprop"
class RMSProp(torch.optim.Optimizer):
    """Divide the gradient by the root of its running mean square: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    decay: ρ, how much of s is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.01, decay=0.9, epsilon=1e-8):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "decay": decay, "epsilon": epsilon})
        ### END SOLUTION

    def step(self):
        """Update s and move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                rho = group["decay"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if "s" not in state:
                        state["s"] = torch.zeros_like(p)
                    state["s"] = rho * state["s"] + (1 - rho) * p.grad**2
                    p -= group["lr"] * p.grad / (state["s"].sqrt() + group["epsilon"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the constructor</summary>
#
# Still one line. The dictionary now has three entries: `"lr"`, `"decay"` and `"epsilon"`.
#
# </details>
# <details><summary>Hint 2: the first time</summary>
#
# `self.state[p]` is a dictionary. If your key is not in it yet, put zeros there. Do it inside the loop, once, before
# you update: zeros made anew at each step are no memory.
#
# </details>
# <details><summary>Hint 3: the order</summary>
#
# First the new $s$, then the move, which uses the new $s$. Is the result of the first formula put back into the state?
#
# </details>
# <details><summary>Hint 4: one step is right, many are not</summary>
#
# Then the memory is wrong: compare your $s$ after two steps with the table above.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le constructeur</summary>
#
# Toujours une ligne. Le dictionnaire a maintenant trois entrées : `"lr"`, `"decay"` et `"epsilon"`.
#
# </details>
# <details><summary>Indice 2 : la première fois</summary>
#
# `self.state[p]` est un dictionnaire. Si votre clé n'y est pas encore, mettez-y des zéros. Faites-le dans la boucle,
# une seule fois, avant la mise à jour : des zéros recréés à chaque pas ne font pas une mémoire.
#
# </details>
# <details><summary>Indice 3 : l'ordre</summary>
#
# D'abord le nouveau $s$, puis le déplacement, qui utilise le nouveau $s$. Le résultat de la première formule est-il
# remis dans l'état ?
#
# </details>
# <details><summary>Indice 4 : un pas est juste, plusieurs ne le sont pas</summary>
#
# C'est alors la mémoire qui est fausse : comparez votre $s$ après deux pas au tableau ci-dessus.
#
# </details>

# %% check="rmsprop_check" points=18
coursekit.check(RMSProp)

# %% [markdown] lang="en"
# ## On the linear data
#
# The data of notebook 1 and your loop `train` from there, the learning rate 0.01 that suited SGD, and the decay 0.8.
# The best line has the weight 2.970 and the bias 5.120. Predict, in the next cell: if a step has a length of about 0.01,
# how far do 100 of them reach?

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Les données et votre boucle `train` du notebook 1, le taux 0,01 qui convenait à SGD, et un *decay* de 0,8.
# La meilleure droite a pour poids 2,970 et pour biais 5,120. Prédisez, dans la cellule suivante : si un pas mesure
# environ 0,01, jusqu'où mènent 100 pas ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = RMSProp(model.parameters(), learning_rate=0.01, decay=0.8)
    history = coursekit.record(train, model, line, optimizer, epochs=100)
    coursekit.plots.training(history, line, "RMSProp on the linear data, learning rate 0.01, decay 0.8")

# %% [markdown] lang="en"
# **What to see.** It does not arrive. Weight and bias walk side by side, about 0.01 at each step, and after 100 epochs
# both are near 1: a third of the way for the weight, a fifth for the bias. Nothing is wrong with the rule. Under
# RMSProp $\eta$ is a length, so it has to fit the distance to walk, and this one is too short.

# %% [markdown] lang="fr"
# **À voir.** RMSProp n'arrive pas. Le poids et le biais avancent côte à côte, d'environ 0,01 à chaque pas, et après 100
# époques tous deux sont près de 1 : un tiers du chemin pour le poids, un cinquième pour le biais. La règle n'y est pour
# rien. Avec RMSProp, $\eta$ est une longueur : elle doit convenir à la distance à parcourir, et celle-ci est trop
# courte.

# %%
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = RMSProp(model.parameters(), learning_rate=0.1, decay=0.8)
    history = coursekit.record(train, model, line, optimizer, epochs=100)
    coursekit.plots.training(history, line, "RMSProp on the linear data, learning rate 0.1, decay 0.8")
    print("model.weight:", [round(value, 4) for value in history.parameters[-4:, 0].tolist()])

# %% [markdown] lang="en"
# **What to see.** With a rate ten times larger it arrives. The path starts on the diagonal because both parameters take
# equal steps; when the weight is there, the bias goes on alone. Then look at the last four weights: they hop between
# 2.92 and 3.02, to either side of the best one. Near the minimum $g$ shrinks, $\sqrt{s}$ shrinks after it, and
# $\eta/\sqrt{s}$ grows until a step overshoots: that is the bump near epoch 70. What is left in the end is a hop of
# length $\eta$, and a loss that stays above the lowest one.

# %% [markdown] lang="fr"
# **À voir.** Avec un taux dix fois plus grand, RMSProp arrive. Le chemin part en diagonale parce que les deux
# paramètres font des pas égaux ; quand le poids est arrivé, le biais continue seul. Regardez ensuite les quatre
# derniers poids : ils sautent entre 2,92 et 3,02, de part et d'autre du meilleur. Près du minimum, $g$ diminue,
# $\sqrt{s}$ diminue à sa suite, et $\eta/\sqrt{s}$ grandit jusqu'à ce qu'un pas dépasse le but : c'est la bosse vers
# l'époque 70. À la fin, il reste un saut de longueur $\eta$, et une perte au-dessus de la plus basse.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The same values first, then four rates side by side. Here the best line has the weight $-4.145$ and the bias $17.41$:
# the bias has a long way to go.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# D'abord les mêmes valeurs, puis quatre taux côte à côte. Ici, la meilleure droite a pour poids $-4{,}145$ et pour
# biais $17{,}41$ : le biais a un long chemin à faire.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = RMSProp(model.parameters(), learning_rate=0.01, decay=0.8)
    history = coursekit.record(train, model, parabola, optimizer, epochs=100)
    coursekit.plots.training(history, parabola, "RMSProp on the non-linear data, learning rate 0.01, decay 0.8")

# %% [markdown] lang="en"
# **What to see.** The gradients are larger than on the linear data, and the moves are the same as there: about 1.03 in
# 100 epochs, the weight down and the bias up. A steeper surface would have lengthened the steps of SGD; RMSProp does
# not notice it.

# %% [markdown] lang="fr"
# **À voir.** Les gradients sont plus grands que sur les données linéaires, et les déplacements sont les mêmes : environ
# 1,03 en 100 époques, le poids vers le bas et le biais vers le haut. Une surface plus raide aurait allongé les pas de
# SGD ; RMSProp ne s'en aperçoit pas.

# %%
X = torch.cat([parabola.x, torch.ones_like(parabola.x)], dim=1)
best_line = torch.linalg.lstsq(X, parabola.y).solution
lowest = torch.nn.functional.mse_loss(X @ best_line, parabola.y).item()
print(f"{lowest:.2f}")
with coursekit.once_written():
    excess = {}
    for rate in (0.01, 0.1, 0.3, 1.0):
        model = coursekit.linear_model()
        optimizer = RMSProp(model.parameters(), learning_rate=rate, decay=0.8)
        losses = coursekit.record(train, model, parabola, optimizer, epochs=200, every=0).losses
        excess[f"RMSProp, η = {rate:g}"] = [loss - lowest for loss in losses]
    coursekit.plots.lines(excess, "RMSProp at four learning rates", "epoch", "loss above the best line", log="y")

# %% [markdown] lang="en"
# **What to see.** A larger rate comes down sooner and stops higher. In the end the loss stays above that of the best
# line by about $8.75\,\eta^2$, because weight and bias hop at a distance of $\eta/2$, and half the curvatures are 34
# and 1. The dip of $\eta = 1$ near epoch 25 is a passage, not an arrival: the curve is soon thrown back up. And 0.01
# has hardly left. No constant rate is both fast and exact. That is what the schedulers of notebooks 8 and 9 are for.

# %% [markdown] lang="fr"
# **À voir.** Un taux plus grand descend plus vite et s'arrête plus haut. À la fin, la perte reste au-dessus de celle de
# la meilleure droite d'environ $8{,}75\,\eta^2$, car le poids et le biais sautent de part et d'autre du minimum, à une
# distance de $\eta/2$, et les demi-courbures valent 34 et 1. Le creux de $\eta = 1$ vers l'époque 25 est un passage,
# pas une arrivée : la courbe remonte aussitôt. Quant à 0,01, il est à peine parti. Aucun taux constant n'est à la fois
# rapide et exact. C'est à cela que servent les *schedulers* des notebooks 8 et 9.

# %% [markdown] lang="en"
# ## One step, taken apart
#
# Your class in a valley that is ten times more curved across than along, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$. It has
# taken three steps. Two arrows begin where it stands: the direction against the gradient, and the fourth step, drawn
# longer than it is. Predict, in the next cell: which of the two is closer to the direction of the minimum?

# %% [markdown] lang="fr"
# ## Un pas, décortiqué
#
# Votre classe dans une vallée dix fois plus courbée en travers qu'en longueur, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$.
# Elle a déjà fait trois pas. Deux flèches partent de là où elle se trouve : la direction opposée au gradient, et le
# quatrième pas, dessiné plus long qu'il ne l'est. Prédisez, dans la cellule suivante : laquelle des deux est la plus
# proche de la direction du minimum ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
with coursekit.once_written():
    gentle = coursekit.functions.valley(10)
    coursekit.plots.one_step(RMSProp, gentle, (-3.0, 1.2), "One step of RMSProp", steps=3, learning_rate=0.1)

# %% [markdown] lang="en"
# **What to see.** The step. The gradient is $(-2.29,\ 5.47)$, more than twice as large across as along. The step is
# $(0.15,\ -0.11)$: each coordinate was divided by its own $\sqrt{s}$, and the steep one no longer counts for more than
# the other. The arrow has turned towards the minimum, though the rule knows nothing of where that is.

# %% [markdown] lang="fr"
# **À voir.** Le pas. Le gradient vaut $(-2{,}29\,;\ 5{,}47)$, plus de deux fois plus grand en travers qu'en longueur.
# Le pas vaut $(0{,}15\,;\ -0{,}11)$ : chaque coordonnée a été divisée par son propre $\sqrt{s}$, et la coordonnée raide
# ne l'emporte plus sur l'autre. La flèche s'est tournée vers le minimum, bien que la règle ignore où il se trouve.

# %% [markdown] lang="en"
# ## A badly scaled valley
#
# Now the case the rule was made for: $f(x, y) = \frac{1}{2}(x^2 + 50\,y^2)$, fifty times more curved across than along.
# Both walkers start at $(-2.5,\ 2.5)$, equally far from the minimum in $x$ and in $y$, and take 40 steps. SGD has the
# rate 0.036, close to its limit $2/50$. RMSProp has the rate 0.1.

# %% [markdown] lang="fr"
# ## Une vallée mal conditionnée
#
# Voici le cas pour lequel la règle est faite : $f(x, y) = \frac{1}{2}(x^2 + 50\,y^2)$, cinquante fois plus courbée en
# travers qu'en longueur. Les deux marcheurs partent de $(-2{,}5\,;\ 2{,}5)$, aussi loin du minimum en $x$ qu'en $y$, et
# font 40 pas. SGD a le taux 0,036, proche de sa limite $2/50$. RMSProp a le taux 0,1.

# %%
valley = coursekit.functions.valley()


def walk(make_optimizer, steps=40):
    position = torch.tensor([-2.5, 2.5], requires_grad=True)
    optimizer = make_optimizer([position])
    path = [position.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        valley(position).backward()
        optimizer.step()
        path.append(position.detach().clone())
    return torch.stack(path)


with coursekit.once_written():
    paths = {
        "SGD": walk(lambda params: SGD(params, learning_rate=0.036)),
        "RMSProp": walk(lambda params: RMSProp(params, learning_rate=0.1)),
    }
    coursekit.plots.contours(valley, paths, "Two ways down a badly scaled valley", limits=((-3.0, 1.0), (-3.0, 3.0)))
    steps = {name: path.diff(dim=0).abs() for name, path in paths.items()}
    print(f"{'':8}", *(f"{name:>10}" for name in ("|Δx|, 1", "|Δy|, 1", "x, 40", "y, 40")))
    for name, path in paths.items():
        print(f"{name:8}", *(f"{value:10.5f}" for value in [*steps[name][0].tolist(), *path[-1].tolist()]))
    panels = [
        (f"{name}: |Δθ|", {f"{name}, along the valley": moves[:, 0], f"{name}, across the valley": moves[:, 1]})
        for name, moves in steps.items()
    ]
    coursekit.plots.stacked(panels, "The length of each step, by coordinate", "step", log=[name for name, _ in panels])

# %% [markdown] lang="en"
# **What to see.** In the table are the first step and the place after 40. The first step of SGD is fifty times longer
# across the valley than along it, although the distances to go are equal. It is thrown from one wall to the other while
# $x$ crawls: after 40 steps $x = -0.577$. RMSProp goes straight to the minimum, as if the valley were a round bowl: its
# two steps stay equal, so the two curves in the lower panel lie on each other. After 40 steps it is 0.006 from the
# minimum in each coordinate (go on to 200, and it hops here too). The reason: a factor of 50 in the gradient is a
# factor of 50 in $\sqrt{s}$, and it cancels.
#
# One limit of this: RMSProp rescales coordinate by coordinate. This valley lies along the axes. In an oblique valley,
# $x$ and $y$ can have equal curvatures, and there is nothing for it to even out.

# %% [markdown] lang="fr"
# **À voir.** Le tableau montre le premier pas et la position après 40 pas. Le premier pas de SGD est cinquante fois
# plus long en travers de la vallée que dans sa longueur, alors que les distances à parcourir sont égales. SGD est
# rejeté d'une paroi à l'autre pendant que $x$ avance à peine : après 40 pas, $x = -0{,}577$. RMSProp va droit au
# minimum, comme si la vallée était une cuvette ronde : ses deux pas restent égaux, si bien que les deux courbes du bas
# se recouvrent. Après 40 pas, il est à 0,006 du minimum dans chaque coordonnée (continuez jusqu'à 200 pas : là aussi,
# il saute). La raison : un facteur 50 dans le gradient est un facteur 50 dans $\sqrt{s}$, et il se simplifie.
#
# Une limite : RMSProp remet à l'échelle coordonnée par coordonnée. Cette vallée suit les axes. Dans une vallée oblique,
# $x$ et $y$ peuvent avoir des courbures égales, et il n'a alors rien à égaliser.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **ε forgotten.** Where the gradient is zero from the start, $s$ is zero too, and $0/0$ is not a number. This is not
# rare: a unit that is never active or an input that is always 0 has a zero gradient.
#
# **ε inside the root**, $\sqrt{s + \varepsilon}$. No NaN, and no difference that you would notice while gradients are
# near 1. But what counts next to a small gradient is now $\sqrt{\varepsilon} = 10^{-4}$, and not $10^{-8}$.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **ε oublié.** Là où le gradient est nul dès le départ, $s$ l'est aussi, et $0/0$ n'est pas un nombre. Ce n'est pas
# rare : un neurone jamais actif ou une entrée toujours nulle a un gradient nul.
#
# **ε sous la racine**, $\sqrt{s + \varepsilon}$. Pas de NaN, et aucune différence visible tant que les gradients sont
# proches de 1. Mais ce qui compte à côté d'un petit gradient est alors $\sqrt{\varepsilon} = 10^{-4}$, et non
# $10^{-8}$.

# %%
g = torch.tensor([4.0, 0.0])
s = 0.25 * g**2
print("g / √s       ", (g / s.sqrt()).tolist())
print("g / (√s + ε) ", (g / (s.sqrt() + 1e-8)).tolist())

sizes = torch.logspace(-10, 0, 61, dtype=torch.float64)
s = 0.1 * sizes**2
first_steps = {
    "ε beside the root": sizes / (s.sqrt() + 1e-8),
    "ε inside the root": sizes / (s + 1e-8).sqrt(),
}
coursekit.plots.lines(
    first_steps, "Where ε stands", "size of the gradient", "first step divided by η", x=sizes, log="xy"
)

# %% [markdown] lang="en"
# **What to see.** A NaN in one element, from a single step; it stays there for good, and the first sum it enters is NaN
# as well. In the picture every first step should be $1/\sqrt{0.1} = 3.16$ times $\eta$. Beside the root, ε halves it
# for a gradient of $3 \cdot 10^{-8}$. Inside the root it does so at $2 \cdot 10^{-4}$: a parameter with small gradients
# is held back by the very rule that should have helped it.

# %% [markdown] lang="fr"
# **À voir.** Un NaN dans un élément, dès le premier pas ; il y reste pour toujours, et la première somme où il entre
# vaut NaN aussi. Sur la figure, chaque premier pas devrait valoir $1/\sqrt{0{,}1} = 3{,}16$ fois $\eta$. À côté de la
# racine, ε le réduit de moitié pour un gradient de $3 \cdot 10^{-8}$. Sous la racine, il le fait dès
# $2 \cdot 10^{-4}$ : un paramètre aux petits gradients est freiné par la règle même qui devait l'aider.

# %% [markdown] lang="en"
# **The decay the wrong way round**, $s \leftarrow (1-\rho)\, s + \rho\, g^2$. The first step is right up to a factor
# and the loss falls, so the mistake goes unnoticed. But it is RMSProp with the decay 0.1 instead of 0.9: a memory of
# about one step. Here are the ten mini-batches of the beginning, $-0.1$ nine times and $+0.9$ once, twenty times over.

# %% [markdown] lang="fr"
# **Le *decay* à l'envers**, $s \leftarrow (1-\rho)\, s + \rho\, g^2$. Le premier pas est juste à un facteur près et la
# perte baisse : l'erreur passe inaperçue. Mais c'est RMSProp avec un *decay* de 0,1 au lieu de 0,9 : une mémoire d'un
# pas environ. Voici les dix mini-lots du début, neuf fois $-0{,}1$ et une fois $+0{,}9$, vingt fois de suite.

# %%
def drift(make_optimizer):
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = make_optimizer([parameter])
    positions = [0.0]
    for gradient in 20 * (9 * [-0.1] + [0.9]):
        parameter.grad = torch.tensor([gradient])
        optimizer.step()
        positions.append(parameter.item())
    return positions


with coursekit.once_written():
    drifts = {
        "SGD": drift(lambda params: SGD(params, learning_rate=0.01)),
        "RMSProp, decay 0.9": drift(lambda params: RMSProp(params, learning_rate=0.01)),
        "decay the wrong way round": drift(lambda params: RMSProp(params, learning_rate=0.01, decay=0.1)),
    }
    coursekit.plots.lines(drifts, "Gradients that are zero on average", "step", "position")

# %% [markdown] lang="en"
# **What to see.** On average there is nothing to do, and SGD stays at 0. With the decay the wrong way round the
# parameter behaves nearly as under the sign rule: it gains $7\eta$ in ten steps (the sign rule $8\eta$), 1.41 after
# 200. RMSProp drifts too, ten times more slowly once $s$ has filled: its memory of ten steps is no longer than the cycle
# of ten mini-batches. A larger $\rho$ drifts less, and adapts more slowly.

# %% [markdown] lang="fr"
# **À voir.** En moyenne il n'y a rien à faire, et SGD reste en 0. Avec le *decay* à l'envers, le paramètre se comporte
# presque comme sous la règle du signe : il gagne $7\eta$ en dix pas (au lieu de $8\eta$), soit 1,41 après 200 pas.
# RMSProp dérive aussi, dix fois plus lentement une fois que $s$ s'est rempli : sa mémoire de dix pas n'est pas plus
# longue que le cycle de dix mini-lots. Un $\rho$ plus grand dérive moins, et s'adapte plus lentement.

# %% [markdown] lang="en"
# **Play.** Choose $\rho$. From which value on does RMSProp hardly drift? And what does it do at 0, where $s$ is the
# square of the present gradient alone?

# %% [markdown] lang="fr"
# **Jouez.** Choisissez $\rho$. À partir de quelle valeur RMSProp ne dérive-t-il presque plus ? Et que fait-il pour
# $\rho = 0$, quand $s$ n'est que le carré du gradient actuel ?

# %%
def drift_with(decay):
    return {"RMSProp": drift(lambda params: RMSProp(params, learning_rate=0.01, decay=decay))}


with coursekit.once_written():
    coursekit.playground.curves(
        drift_with,
        "RMSProp with gradients that are zero on average",
        "step",
        "position",
        ylim=(-0.1, 1.7),
        sliders={"decay": (0.0, 0.999, 0.9)},
    )

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** The gradient has been the same for a long time, and $s$ has come to rest. Now comes one that is `times` times as
# large. How long is this step? ($\varepsilon$ is too small to count.)
#
# <details><summary>Hint</summary>
#
# Call the old gradient 1. What is $s$ just before the jump, and what is it when the new square has come in?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Le gradient est le même depuis longtemps, et $s$ s'est stabilisé. En voici un qui est `times` fois plus grand.
# Quelle est la longueur de ce pas ? ($\varepsilon$ est trop petit pour compter.)
#
# <details><summary>Indice</summary>
#
# Supposez que l'ancien gradient vaut 1. Que vaut $s$ juste avant le saut, puis quand le nouveau carré y est entré ?
#
# </details>

# %% solution="step_at_jump"
def step_at_jump(times, learning_rate, decay):
    """Return the length of the step of RMSProp when after many equal gradients there comes one `times` as large."""
    ### BEGIN SOLUTION
    return learning_rate * times / (decay + (1 - decay) * times**2) ** 0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    optimizer = RMSProp([theta], learning_rate=0.01, decay=0.8)
    for gradient in 100 * [1.0] + [5.0]:
        before = theta.item()
        theta.grad = torch.tensor([gradient])
        optimizer.step()
    print(f"RMSProp       {before - theta.item():.5f}")
    print(f"step_at_jump  {float(step_at_jump(5, 0.01, 0.8)):.5f}")

# %% check="step_at_jump_check" points=1
coursekit.check(step_at_jump)

# %% [markdown] lang="en"
# **2.** Someone puts $\varepsilon$ inside the root, $\sqrt{s + \varepsilon}$. How long is the **first** step, for a
# gradient $g > 0$ that may be small? The cell below the function prints the first step of your class, and your answer
# for the other rule.
#
# <details><summary>Hint</summary>
#
# $s$ starts at zero. How much of $g^2$ does it hold at the first step?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Quelqu'un met $\varepsilon$ sous la racine, $\sqrt{s + \varepsilon}$. Quelle est la longueur du **premier** pas,
# pour un gradient $g > 0$ qui peut être petit ? La cellule sous la fonction affiche le premier pas de votre classe,
# puis votre réponse pour l'autre règle.
#
# <details><summary>Indice</summary>
#
# $s$ part de zéro. Quelle part de $g^2$ contient-il au premier pas ?
#
# </details>

# %% solution="first_step_inside"
def first_step_inside(gradient, learning_rate, decay, epsilon):
    """Return the length of the first step of RMSProp if ε stood inside the root."""
    ### BEGIN SOLUTION
    return learning_rate * gradient / ((1 - decay) * gradient**2 + epsilon) ** 0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    theta.grad = torch.tensor([2e-4])
    RMSProp([theta], learning_rate=0.01, decay=0.9).step()
    print(f"RMSProp            {-theta.item():.5f}")
    print(f"first_step_inside  {float(first_step_inside(2e-4, 0.01, 0.9, 1e-8)):.5f}")

# %% check="first_step_inside_check" points=1
coursekit.check(first_step_inside)

# %% [markdown] lang="en"
# ## A question
#
# Someone sums the loss over 1000 examples instead of taking the mean, so every gradient is 1000 times larger. The
# learning rate stays. What changes for SGD, what changes for RMSProp, and where could RMSProp notice it at all? Answer
# in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Quelqu'un somme la perte sur 1000 exemples au lieu d'en prendre la moyenne : chaque gradient est 1000 fois plus grand.
# Le taux d'apprentissage reste le même. Qu'est-ce qui change pour SGD, qu'est-ce qui change pour RMSProp, et où RMSProp
# pourrait-il s'en apercevoir ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="rmsprop_words" points=2
# Every step of SGD is 1000 times longer. The curvature is 1000 times larger as well, so the critical rate is 1000 times
# smaller and the training most likely diverges; the rate has to be divided by 1000. For RMSProp $g$ and $\sqrt{s}$ are
# both multiplied by 1000, the factor cancels, and the path is the same. Only ε does not grow along: where $\sqrt{s}$
# was of the order of $10^{-8}$ or less, ε had shortened the steps, and with gradients 1000 times larger these steps
# become longer.

# %% [markdown] lang="fr" answer="rmsprop_words" points=2
# Chaque pas de SGD est 1000 fois plus long. La courbure est elle aussi 1000 fois plus grande, donc le taux critique est
# 1000 fois plus petit et l'entraînement diverge très probablement ; il faut diviser le taux par 1000. Pour RMSProp, $g$
# et $\sqrt{s}$ sont tous deux multipliés par 1000, le facteur se simplifie et le chemin est le même. Seul ε ne grandit
# pas avec eux : là où $\sqrt{s}$ était de l'ordre de $10^{-8}$ ou moins, ε raccourcissait les pas, et avec des
# gradients 1000 fois plus grands ces pas s'allongent.

# %% [markdown] lang="en"
# ## What to remember
#
# - Divide each gradient by its own recent size:
#   $s \leftarrow \rho s + (1-\rho) g^2$, then $\theta \leftarrow \theta - \eta g / (\sqrt{s} + \varepsilon)$.
# - The learning rate becomes a length: a step is about $\eta$ while the gradient is steady, whatever its scale, and
#   never more than $\eta/\sqrt{1-\rho}$.
# - With a constant rate it does not settle: it ends up hopping at a distance of about $\eta/2$.
# - State per parameter goes into `self.state[p]`; hyperparameters are read from the group; ε stands beside the root.
#
# Next: [Adagrad](03_adagrad.ipynb) divides by a memory that never forgets.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Diviser chaque gradient par sa propre taille récente : $s \leftarrow \rho s + (1-\rho) g^2$, puis
#   $\theta \leftarrow \theta - \eta g / (\sqrt{s} + \varepsilon)$.
# - Le taux d'apprentissage devient une longueur : un pas vaut environ $\eta$ tant que le gradient est stable, quelle
#   que soit son échelle, et jamais plus de $\eta/\sqrt{1-\rho}$.
# - Avec un taux constant, RMSProp ne se fixe pas : il finit par sauter de part et d'autre du minimum, à une distance
#   d'environ $\eta/2$.
# - L'état de chaque paramètre va dans `self.state[p]` ; les hyperparamètres se lisent dans le groupe ; ε est à côté de
#   la racine.
#
# Ensuite : [Adagrad](03_adagrad.ipynb) divise par une mémoire qui n'oublie jamais.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **An oblique valley.** Turn the badly scaled valley by 45°: with $a = (x + y)/\sqrt 2$ and $b = (y - x)/\sqrt 2$ it
#    is $\frac{1}{2}(a^2 + 50\,b^2)$, and the start becomes $(x, y) = (-3.54,\ 0)$. *Expect* SGD to be as far from the
#    minimum after every step as before, 0.58 after the fortieth. RMSProp, which came to 0.009 in the straight valley,
#    is at 2.09 after 40 steps. Print $\sqrt s$ of both coordinates: what is there to even out?
# 2. **Centred RMSProp.** Keep a running mean $m$ of the gradient as well, with the same $\rho$, and divide by
#    $\sqrt{s - m^2} + \varepsilon$, the size of the fluctuation (A. Graves, *Generating Sequences With Recurrent Neural
#    Networks*, 2013). `torch.optim.RMSprop` with `alpha=0.9, centered=True` tells you whether yours is right. *Expect*
#    a surprise under a constant gradient (in `float64`): the tenth step is $2.1\,\eta$ long, the fiftieth $14\,\eta$,
#    the hundredth $194\,\eta$. Why?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Une vallée oblique.** Tournez de 45° la vallée mal conditionnée : avec $a = (x + y)/\sqrt 2$ et
#    $b = (y - x)/\sqrt 2$, elle s'écrit $\frac{1}{2}(a^2 + 50\,b^2)$, et le départ devient $(x, y) = (-3{,}54\,;\ 0)$.
#    *Attendez-vous* à ce que SGD soit, après chaque pas, à la même distance du minimum que dans la vallée droite : 0,58
#    après le quarantième. RMSProp, qui arrivait à 0,009 dans la vallée droite, est à 2,09 après 40 pas. Affichez
#    $\sqrt s$ pour les deux coordonnées : que reste-t-il à égaliser ?
# 2. **RMSProp centré.** Gardez aussi une moyenne mobile $m$ du gradient, avec le même $\rho$, et divisez par
#    $\sqrt{s - m^2} + \varepsilon$, la taille de la fluctuation (A. Graves, *Generating Sequences With Recurrent Neural
#    Networks*, 2013). `torch.optim.RMSprop` avec `alpha=0.9, centered=True` vous dit si le vôtre est juste.
#    *Attendez-vous* à une surprise sous un gradient constant (en `float64`) : le dixième pas mesure $2{,}1\,\eta$, le
#    cinquantième $14\,\eta$, le centième $194\,\eta$. Pourquoi ?
