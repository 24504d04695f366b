# %% [markdown] lang="en"
# # 5 · AdamW
#
# <div class="alert alert-info">
#
# **You will write** `AdamW`: Adam, and beside its step a decay of the parameters that the gradients cannot touch.
#
# **Time** 60 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** the rule of [Adam](04_adam.ipynb). Your class from that notebook is not used here.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 5 · AdamW
#
# <div class="alert alert-info">
#
# **Vous écrirez** `AdamW` : Adam et, à côté de son pas, une décroissance des paramètres sur laquelle les gradients
# n'ont pas prise.
#
# **Durée** 60 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** la règle d'[Adam](04_adam.ipynb). Votre classe de ce notebook-là ne sert pas ici.
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

# %% [markdown] lang="en"
# ## The idea
#
# A model with large parameters can fit every accident of its data. There are two old ways to keep them small.
#
# - **An $L_2$ penalty** adds $\frac{\lambda}{2}\lVert\theta\rVert^2$ to the loss. Its gradient is $\lambda\theta$, so
#   the optimizer sees $g + \lambda\theta$ instead of $g$.
# - **Weight decay** leaves the loss alone and shrinks the parameters a little at each step:
#   $\theta \leftarrow (1 - \eta\lambda)\,\theta - \eta g$ (Hanson and Pratt, 1988).
#
# For plain gradient descent the two are the same, since
# $\theta - \eta\,(g + \lambda\theta) = (1 - \eta\lambda)\,\theta - \eta g$. That is why their names were confused for
# so long. For Adam they are not the same. What enters as a gradient goes through $m$ and $v$ and comes out divided by
# $\sqrt{\hat v}$: with a penalty, a parameter with large gradients hardly decays, and one with small gradients decays
# far too fast.
#
# I. Loshchilov and F. Hutter (*Decoupled Weight Decay Regularization*, ICLR 2019,
# [arXiv 1711.05101](https://arxiv.org/abs/1711.05101)) keep the decay out of $m$ and $v$. That is AdamW:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
# \hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t}$$
#
# $$\theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} - \eta\lambda\,\theta$$
#
# On the right, both times, $\theta$ is the value from **before** the step. Each step takes away the share $\eta\lambda$
# of it, with the defaults $0.001 \cdot 0.01 = 10^{-5}$. (In the paper the decay is multiplied by a schedule, but not by
# the learning rate. torch multiplies it by the rate in force, schedule included, and so do we.)

# %% [markdown] lang="fr"
# ## L'idée
#
# Un modèle aux grands paramètres peut s'ajuster à chaque accident de ses données. Deux moyens anciens permettent de les
# garder petits.
#
# - **Une pénalité $L_2$** ajoute $\frac{\lambda}{2}\lVert\theta\rVert^2$ à la perte. Son gradient est $\lambda\theta$ :
#   l'optimiseur voit $g + \lambda\theta$ au lieu de $g$.
# - **La décroissance des poids** (*weight decay*) ne touche pas à la perte et réduit un peu les paramètres à chaque
#   pas : $\theta \leftarrow (1 - \eta\lambda)\,\theta - \eta g$ (Hanson et Pratt, 1988).
#
# Pour la descente de gradient simple, c'est la même chose :
# $\theta - \eta\,(g + \lambda\theta) = (1 - \eta\lambda)\,\theta - \eta g$. C'est pourquoi l'on a si longtemps confondu
# leurs noms. Pour Adam, ce n'est pas la même chose. Ce qui entre comme gradient passe par $m$ et $v$ et ressort divisé
# par $\sqrt{\hat v}$ : avec une pénalité, un paramètre aux grands gradients ne décroît presque pas, et un paramètre aux
# petits gradients décroît beaucoup trop vite.
#
# I. Loshchilov et F. Hutter (*Decoupled Weight Decay Regularization*, ICLR 2019, [arXiv
# 1711.05101](https://arxiv.org/abs/1711.05101)) laissent la décroissance hors de $m$ et de $v$. C'est AdamW :
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
# \hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t}$$
#
# $$\theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} - \eta\lambda\,\theta$$
#
# À droite, les deux fois, $\theta$ est la valeur d'**avant** le pas. Chaque pas en retire la part $\eta\lambda$, soit,
# avec les valeurs par défaut, $0{,}001 \cdot 0{,}01 = 10^{-5}$. (Dans l'article, la décroissance est multipliée par un
# facteur qui suit un calendrier, mais pas par le taux d'apprentissage. torch la multiplie par le taux en vigueur,
# calendrier compris, et nous aussi.)

# %% [markdown] lang="en"
# ## One step by hand
#
# Two parameters $\theta = (2, -1)$, gradients $g = (4, 0)$, and $\eta = 0.1$, $\lambda = 0.1$. This is the first step,
# so Adam's part is $-\eta\,\mathrm{sign}$ of the gradient it is given, and 0 where that is 0.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | | before the step | $2$ | $-1$ |
# | AdamW | Adam's part, from $g$ | $-0.1$ | $0$ |
# | | decay $-\eta\lambda\theta$ | $-0.02$ | $+0.01$ |
# | | new $\theta$ | $1.88$ | $-0.99$ |
# | Adam with a penalty | gradient $g + \lambda\theta$ | $4.2$ | $-0.1$ |
# | | Adam's part, from $g + \lambda\theta$ | $-0.1$ | $+0.1$ |
# | | new $\theta$ | $1.9$ | $-0.9$ |
#
# AdamW takes one per cent from both parameters, beside Adam's part. With the penalty, $\theta_1$ shows no trace of a
# decay: without any, it would be at 1.9 as well. And $\theta_2$, whose gradient is zero, is moved by a whole $\eta$,
# ten times the decay that was asked for.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Deux paramètres $\theta = (2\,;\ -1)$, des gradients $g = (4\,;\ 0)$, et $\eta = 0{,}1$, $\lambda = 0{,}1$. C'est le
# premier pas : la part d'Adam est donc $-\eta\,\mathrm{sign}$ du gradient qu'on lui donne, et 0 là où celui-ci est nul.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | | avant le pas | $2$ | $-1$ |
# | AdamW | part d'Adam, à partir de $g$ | $-0{,}1$ | $0$ |
# | | décroissance $-\eta\lambda\theta$ | $-0{,}02$ | $+0{,}01$ |
# | | nouveau $\theta$ | $1{,}88$ | $-0{,}99$ |
# | Adam avec pénalité | gradient $g + \lambda\theta$ | $4{,}2$ | $-0{,}1$ |
# | | part d'Adam, à partir de $g + \lambda\theta$ | $-0{,}1$ | $+0{,}1$ |
# | | nouveau $\theta$ | $1{,}9$ | $-0{,}9$ |
#
# AdamW retire un pour cent aux deux paramètres, à côté de la part d'Adam. Avec la pénalité, $\theta_1$ ne porte aucune
# trace de décroissance : sans elle, il serait aussi en 1,9. Et $\theta_2$, dont le gradient est nul, est déplacé d'un
# $\eta$ entier, dix fois la décroissance demandée.

# %%
theta = torch.tensor([2.0, -1.0])
gradient = torch.tensor([4.0, 0.0])
rate = decay = 0.1
adamw = theta - rate * gradient.sign() - rate * decay * theta
penalty = theta - rate * (gradient + decay * theta).sign()
print("AdamW    ", [f"{value:.2f}" for value in adamw.tolist()])
print("Adam + L2", [f"{value:.2f}" for value in penalty.tolist()])

# %% [markdown] lang="en"
# ## Your turn
#
# The class is Adam with one more term. Write it whole, from `torch.optim.Optimizer`; you may copy from your own Adam.
#
# - The decay uses $\theta$ from before the step. Either shrink the parameter first, by $1 - \eta\lambda$, and then make
#   Adam's move, which does not depend on $\theta$; or compute both terms and subtract both.
# - The decay must not enter $m$ or $v$, so `p.grad` goes into them unchanged.
# - A gradient of zeros does not stop the decay. A `.grad` that is `None` does: such a parameter is left alone.
# - $\lambda$ stands in the group under `"weight_decay"`, and a group may have its own. It is usual to give biases
#   $\lambda = 0$. With $\lambda = 0$ your class must do what Adam does.

# %% [markdown] lang="fr"
# ## À vous
#
# La classe est Adam, avec un terme de plus. Écrivez-la en entier, à partir de `torch.optim.Optimizer` ; vous pouvez
# recopier votre Adam.
#
# - La décroissance utilise le $\theta$ d'avant le pas. Ou bien multipliez d'abord le paramètre par $1 - \eta\lambda$,
#   puis faites le déplacement d'Adam, qui ne dépend pas de $\theta$ ; ou bien calculez les deux termes et
#   soustrayez-les.
# - La décroissance ne doit entrer ni dans $m$ ni dans $v$ : `p.grad` y va tel quel.
# - Un gradient nul n'arrête pas la décroissance. Un `.grad` qui vaut `None` l'arrête : le paramètre n'est pas touché.
# - $\lambda$ est dans le groupe sous `"weight_decay"`, et un groupe peut avoir le sien. On donne d'habitude
#   $\lambda = 0$ aux biais. Avec $\lambda = 0$, votre classe doit faire ce que fait Adam.

# %% solution="adamw"
class AdamW(torch.optim.Optimizer):
    """Adam with decoupled weight decay: θ ← θ − η m̂ / (√v̂ + ε) − η λ θ, with the θ from before the step.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    weight_decay: λ, the share η λ of θ is taken away at each step
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
        ### BEGIN SOLUTION
        defaults = {
            "lr": learning_rate,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "weight_decay": weight_decay,
        }
        super().__init__(params, defaults)
        ### END SOLUTION

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                lr, beta1, beta2 = group["lr"], group["beta1"], group["beta2"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if not state:
                        state["t"] = 0
                        state["m"] = torch.zeros_like(p)
                        state["v"] = torch.zeros_like(p)
                    state["t"] += 1
                    state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                    state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad**2
                    m_hat = state["m"] / (1 - beta1 ** state["t"])
                    v_hat = state["v"] / (1 - beta2 ** state["t"])
                    p *= 1 - lr * group["weight_decay"]
                    p -= lr * m_hat / (v_hat.sqrt() + group["epsilon"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: where the decay goes</summary>
#
# One line, before the line that moves the parameter and after the test for `None`. Which number must `p` be multiplied
# by?
#
# </details>
# <details><summary>Hint 2: right without decay, slightly wrong with it</summary>
#
# If the decay comes after Adam's move, it takes its share of the new $\theta$. The difference is $\eta\lambda$ times
# the move: you will not see it in a picture, but the check does.
#
# </details>
# <details><summary>Hint 3: the gradient is reported as changed</summary>
#
# `g = p.grad` gives the same tensor a second name, and `g += ...` changes it. In AdamW nothing is ever added to the
# gradient.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : où va la décroissance</summary>
#
# Une ligne, avant celle qui déplace le paramètre et après le test de `None`. Par quel nombre faut-il multiplier `p` ?
#
# </details>
# <details><summary>Indice 2 : juste sans décroissance, un peu faux avec elle</summary>
#
# Si la décroissance vient après le déplacement d'Adam, elle prend sa part du nouveau $\theta$. La différence est
# $\eta\lambda$ fois le déplacement : aucune figure ne la montre, mais la vérification la voit.
#
# </details>
# <details><summary>Indice 3 : le gradient est signalé comme modifié</summary>
#
# `g = p.grad` donne un second nom au même tenseur, et `g += ...` le modifie. Dans AdamW, rien ne s'ajoute jamais au
# gradient.
#
# </details>

# %% check="adamw_check" points=18
coursekit.check(AdamW)

# %% [markdown] lang="en"
# ## On the linear data
#
# With your loop `train` from notebook 1, Adam at the same rate ended at weight 2.95, bias 5.15 and loss 4.046. Predict,
# in the next cell: what will the decay change?

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Avec votre boucle `train` du notebook 1, Adam, au même taux, finissait à un poids de 2,95, un biais de 5,15 et une
# perte de 4,046. Prédisez, dans la cellule suivante : que va changer la décroissance ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = AdamW(model.parameters(), learning_rate=0.1, weight_decay=0.01)
    history = coursekit.record(train, model, line, optimizer, epochs=100)
    coursekit.plots.training(history, line, "AdamW on the linear data, learning rate 0.1, weight decay 0.01")

# %% [markdown] lang="en"
# **What to see.** The path looks like Adam's and ends a little short of the minimum, on the side of zero: weight 2.92,
# bias 5.03, loss 4.112. Decay makes the loss on the training data slightly worse. That is its price. It may bring a
# better loss on data that the model has not seen, but two parameters for a hundred points have nothing to gain there.

# %% [markdown] lang="fr"
# **À voir.** Le chemin ressemble à celui d'Adam et finit un peu avant le minimum, du côté de zéro : poids 2,92, biais
# 5,03, perte 4,112. La décroissance augmente un peu la perte sur les données d'entraînement. C'est son prix. Elle peut
# améliorer la perte sur des données que le modèle n'a pas vues, mais deux paramètres pour cent points n'ont
# rien à y gagner.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The best line has weight $-4.14$ and bias 17.41. Adam got as far as $-4.18$ and 8.84 in a hundred epochs.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# La meilleure droite a pour poids $-4{,}14$ et pour biais 17,41. Adam était arrivé à $-4{,}18$ et 8,84 en cent époques.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = AdamW(model.parameters(), learning_rate=0.1, weight_decay=0.01)
    history = coursekit.record(train, model, parabola, optimizer, epochs=100)
    coursekit.plots.training(history, parabola, "AdamW on the non-linear data, learning rate 0.1, weight decay 0.01")

# %% [markdown] lang="en"
# **What to see.** As with Adam, a hundred steps of about 0.1 do not suffice for a bias of 17.41. The decay slows it
# down further: it is at 8.45 instead of 8.84 after 100 epochs, because near 8 each step loses
# $\eta\lambda\theta = 0.008$.

# %% [markdown] lang="fr"
# **À voir.** Comme avec Adam, cent pas d'environ 0,1 ne suffisent pas pour un biais de 17,41. La décroissance le
# ralentit encore : il est à 8,45 au lieu de 8,84 après 100 époques, car vers 8 chaque pas perd
# $\eta\lambda\theta = 0{,}008$.

# %% [markdown] lang="en"
# ## One step, taken apart
#
# A valley whose lowest place is not the origin but $(3.5,\ 0)$, and a decay of 0.3, so that it can be seen. The cell
# takes the same step with and without the decay; the short arrow is the difference.

# %% [markdown] lang="fr"
# ## Un pas, décortiqué
#
# Une vallée dont le point le plus bas n'est pas l'origine mais $(3{,}5\,;\ 0)$, et une décroissance de 0,3, pour
# qu'elle se voie. La cellule fait le même pas avec et sans elle ; la flèche courte est la différence.

# %%
with coursekit.once_written():
    valley = coursekit.functions.valley(10, 3.5)
    coursekit.plots.one_step(
        AdamW,
        valley,
        (1.5, 2.2),
        "One step of AdamW",
        steps=4,
        span=4.0,
        memory=0.9,
        learning_rate=0.1,
        weight_decay=0.3,
    )

# %% [markdown] lang="en"
# **What to see.** The short arrow points from the place straight to the origin, whatever the slope: it is
# $-\eta\lambda\theta = -0.1 \cdot 0.3 \cdot (1.71,\ 1.57)$. Adam's part is $(0.099,\ -0.098)$, of nearly one length in
# both coordinates. Together they make $(0.048,\ -0.145)$: along $x$ the decay takes away half of the step, along $y$ it
# adds to it. A minimum far from the origin has its price. (The gradient and its mean have nearly one direction here,
# and their arrows lie on each other.)

# %% [markdown] lang="fr"
# **À voir.** La flèche courte va tout droit de la position vers l'origine, quelle que soit la pente : c'est
# $-\eta\lambda\theta = -0{,}1 \cdot 0{,}3 \cdot (1{,}71\,;\ 1{,}57)$. La part d'Adam vaut
# $(0{,}099\,;\ -0{,}098)$, presque la même longueur dans les deux coordonnées. Ensemble, elles font
# $(0{,}048\,;\ -0{,}145)$ : selon $x$, la décroissance retire la moitié du pas, selon $y$ elle s'y ajoute. Un minimum
# loin de l'origine se paie. (Le gradient et sa moyenne ont ici presque la même direction, et leurs flèches se
# recouvrent.)

# %% [markdown] lang="en"
# ## How far a parameter can go
#
# Adam's part of a step is about $\eta$ at most, and the decay $\eta\lambda\theta$ grows with $\theta$. They balance
# where $\eta = \eta\lambda|\theta|$. So $\lambda$ sets a wall at about
#
# $$|\theta| = \frac{1}{\lambda}$$
#
# whatever the loss wants, and whatever $\eta$ is. With $\lambda = 0.01$ the wall is at 100. The next cell trains the
# line with four values of $\lambda$ and draws the bias, which should become 5.12.

# %% [markdown] lang="fr"
# ## Jusqu'où un paramètre peut aller
#
# La part d'Adam dans un pas est d'environ $\eta$ au plus, et la décroissance $\eta\lambda\theta$ grandit avec $\theta$.
# Elles s'équilibrent là où $\eta = \eta\lambda|\theta|$. Donc $\lambda$ dresse un mur vers
#
# $$|\theta| = \frac{1}{\lambda}$$
#
# quoi que veuille la perte, et quel que soit $\eta$. Avec $\lambda = 0{,}01$, le mur est à 100. La cellule suivante
# entraîne la droite avec quatre valeurs de $\lambda$ et trace le biais, qui devrait arriver à 5,12.

# %%
with coursekit.once_written():
    biases = {}
    for decay in (0.0, 0.01, 0.1, 1.0):
        model = coursekit.linear_model()
        optimizer = AdamW(model.parameters(), learning_rate=0.1, weight_decay=decay)
        history = coursekit.record(train, model, line, optimizer, epochs=150, every=0)
        biases[f"AdamW, λ = {decay:g}"] = history.parameters[:, 1]
    print("\n".join(f"{name:<15} {path[-1]:.3f}" for name, path in biases.items()))
    coursekit.plots.lines(biases, "The bias on the linear data for several decays", "epoch", "bias")

# %% [markdown] lang="en"
# **What to see.** Without decay the bias reaches 5.12, and with $\lambda = 0.01$ nearly. With $\lambda = 0.1$ it is
# only at 4.21 after 150 epochs, although the wall, at 10, still lies behind the minimum: near the minimum the gradients
# are small while $v$ still remembers the large ones, so Adam's part is far less than $\eta$. With $\lambda = 1$ the
# wall stands in front of the minimum, at 1: the bias runs into it and stays there.

# %% [markdown] lang="fr"
# **À voir.** Sans décroissance, le biais atteint 5,12 ; avec $\lambda = 0{,}01$, il en approche. Avec
# $\lambda = 0{,}1$, il n'est qu'à 4,21 après 150 époques, alors que le mur, à 10, est encore derrière le minimum. Près
# du minimum, en effet, les gradients sont petits tandis que $v$ se souvient encore des grands : la part d'Adam est bien
# inférieure à $\eta$. Avec $\lambda = 1$, le mur est devant le minimum, à 1 : le biais s'y heurte et y reste.

# %% [markdown] lang="en"
# **Play.** Choose $\lambda$. From which value on does the wall, at $1/\lambda$, stand in front of the minimum?

# %% [markdown] lang="fr"
# **Jouez.** Choisissez $\lambda$. À partir de quelle valeur le mur, en $1/\lambda$, est-il devant le minimum ?

# %%
def trained(weight_decay):
    model = coursekit.linear_model()
    optimizer = AdamW(model.parameters(), learning_rate=0.1, weight_decay=weight_decay)
    return {"AdamW": coursekit.record(train, model, line, optimizer, epochs=150, every=0).parameters[:, 1]}


with coursekit.once_written():
    coursekit.playground.curves(
        trained,
        "The bias on the linear data, with another decay",
        "epoch",
        "bias",
        ylim=(-0.3, 6),
        levels={"bias of the best line": 5.12},
        sliders={"weight_decay": (0.001, 3.0, 0.1)},
    )

# %% [markdown] lang="en"
# ## Decay beside the gradient, decay inside the gradient
#
# `torch.optim.Adam` has a `weight_decay` too, but there it is the penalty: $\lambda\theta$ is added to the gradient.
# To see the difference, take two parameters that both start at 1. The gradient of the first is $\pm 10$, that of the
# second $\pm 0.1$, with a sign that changes at each step. So the loss wants nothing of either, on average, and what
# remains is the decay. With $\eta = 0.0025$ and $\lambda = 0.5$ it should be the factor
# $(1 - \eta\lambda)^{400} = 0.61$ after 400 steps.

# %% [markdown] lang="fr"
# ## Décroître à côté du gradient, décroître dans le gradient
#
# `torch.optim.Adam` a lui aussi un `weight_decay`, mais c'est la pénalité : $\lambda\theta$ est ajouté au gradient.
# Pour voir la différence, prenons deux paramètres qui partent tous deux de 1. Le gradient du premier vaut $\pm 10$,
# celui du second $\pm 0{,}1$, d'un signe qui change à chaque pas. En moyenne, la perte ne demande donc rien à aucun des
# deux, et il ne reste que la décroissance. Avec $\eta = 0{,}0025$ et $\lambda = 0{,}5$, elle devrait
# multiplier chaque paramètre par $(1 - \eta\lambda)^{400} = 0{,}61$ en 400 pas.

# %%
def shrink(make, steps=400):
    """Return the two parameters after every step, shape (steps + 1, 2)."""
    theta = torch.ones(2, requires_grad=True)
    optimizer = make([theta])
    path = [theta.detach().clone()]
    for t in range(steps):
        theta.grad = torch.tensor([10.0, 0.1]) * (-1) ** t
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path)


with coursekit.once_written():
    beside = shrink(lambda params: AdamW(params, learning_rate=0.0025, weight_decay=0.5))
    inside = shrink(lambda params: torch.optim.Adam(params, lr=0.0025, weight_decay=0.5))
    print("AdamW    ", [f"{value:.3f}" for value in beside[-1].tolist()])
    print("Adam + L2", [f"{value:.3f}" for value in inside[-1].tolist()])
    shrinking = {
        "AdamW, gradients ±10": beside[:, 0],
        "AdamW, gradients ±0.1": beside[:, 1],
        "Adam + L2, gradients ±10": inside[:, 0],
        "Adam + L2, gradients ±0.1": inside[:, 1],
    }
    coursekit.plots.lines(shrinking, "Two parameters with gradients of different size", "step", "parameter")

# %% [markdown] lang="en"
# **What to see.** AdamW takes the same share from both, and its two curves lie on each other: 0.604, nearly the factor
# that was asked for. With the penalty the first parameter has lost 5 per cent, the second 73. The penalty's part of a
# step is about $\eta\lambda\theta/\sqrt{\hat v}$. For the first $\sqrt{\hat v}$ is 10, so it decays at a tenth of the
# speed. For the second the gradient itself is smaller than $\lambda\theta$: $\sqrt{\hat v}$ then measures the penalty,
# and divides it by its own size. Which parameter is kept small is decided by the gradients, not by you.

# %% [markdown] lang="fr"
# **À voir.** AdamW retire la même part aux deux, et ses deux courbes se recouvrent : 0,604, presque le facteur demandé.
# Avec la pénalité, le premier paramètre a perdu 5 pour cent, le second 73. La part de la pénalité dans un pas vaut
# environ $\eta\lambda\theta/\sqrt{\hat v}$. Pour le premier, $\sqrt{\hat v}$ vaut 10 : il décroît dix fois moins vite.
# Pour le second, le gradient lui-même est plus petit que $\lambda\theta$ : $\sqrt{\hat v}$ mesure alors surtout la
# pénalité, qui est ainsi divisée par sa propre taille. Ce sont les gradients qui décident quel paramètre reste petit,
# et non vous.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **The sign.** Write $a = \eta\,\hat m/(\sqrt{\hat v} + \varepsilon)$ for Adam's move. The rule is
# $\theta \leftarrow \theta - (a + \eta\lambda\theta)$. It is easy to write `theta -= a - lr * decay * theta` instead,
# one minus for each term: the decay is then **added**. With the default hyperparameters the mistake can look very odd.
# Minimise $(x - 2)^2$ from $x = 100$. The gradient always points the same way, so $a = \eta = 0.001$; and
# $\eta\lambda x = 10^{-5} \cdot 100 = 0.001$. The start lies exactly on the wall $1/\lambda$.
#
# The next cell adds twice the decay back after your step, computed from the $x$ of before, which makes its sign wrong.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Le signe.** Notons $a = \eta\,\hat m/(\sqrt{\hat v} + \varepsilon)$ le déplacement d'Adam. La règle est
# $\theta \leftarrow \theta - (a + \eta\lambda\theta)$. On écrit facilement `theta -= a - lr * decay * theta`, un moins
# pour chaque terme : la décroissance est alors **ajoutée**. Avec les hyperparamètres par défaut, l'erreur peut avoir un
# effet étrange. Minimisons $(x - 2)^2$ depuis $x = 100$. Le gradient pointe toujours du même côté, donc
# $a = \eta = 0{,}001$ ; et $\eta\lambda x = 10^{-5} \cdot 100 = 0{,}001$. Le départ est exactement sur le mur
# $1/\lambda$.
#
# La cellule suivante rajoute après votre pas deux fois la décroissance, calculée avec le $x$ d'avant : son signe
# devient faux.

# %%
with coursekit.once_written():
    positions = {}
    for name, decay, added in (("AdamW", 0.01, 0.0), ("no decay (Adam)", 0.0, 0.0), ("sign wrong", 0.01, 2e-5)):
        x = torch.tensor(100.0, requires_grad=True)
        optimizer = AdamW([x], weight_decay=decay)
        positions[name] = [x.item()]
        for _ in range(100):
            optimizer.zero_grad()
            ((x - 2) ** 2).backward()
            before = x.detach().clone()
            optimizer.step()
            with torch.no_grad():
                x += added * before
            positions[name].append(x.item())
    for rule, visited in zip(("- a - ηλx", "- a", "- a + ηλx"), positions.values(), strict=True):
        print(f"x {rule:<9} {visited[-1]:9.3f}")
    coursekit.plots.lines(positions, "The sign of the decay, from x = 100 on", "step", "x")

# %% [markdown] lang="en"
# **What to see.** AdamW makes 0.002 a step, half of it Adam's and half the decay's. Without decay it goes half as far.
# With the wrong sign the two halves cancel and nothing moves at all: from any other start it would move, and from a
# larger one it would run away. What stands still need not be switched off: two terms may cancel. (100 steps of these
# sizes go nowhere near 2 in any case: the default rate is small.)
#
# Other frequent mistakes: $\lambda\theta$ added to the gradient (that is the penalty); $\lambda\theta$ subtracted
# without $\eta$ (a decay a thousand times too strong with the default rate); the decay after Adam's move.

# %% [markdown] lang="fr"
# **À voir.** AdamW avance de 0,002 par pas, moitié pour Adam et moitié pour la décroissance. Sans décroissance, il fait
# la moitié du chemin. Avec le mauvais signe, les deux moitiés se compensent et rien ne bouge. Depuis tout autre départ,
# $x$ bougerait, et depuis un départ plus grand il s'enfuirait. Ce qui ne bouge pas n'est pas forcément inactif : deux
# termes se compensent peut-être. (De toute façon, 100 pas de cette taille n'approchent guère de 2 : le taux par défaut
# est petit.)
#
# Autres erreurs : $\lambda\theta$ ajouté au gradient (c'est la pénalité) ; $\lambda\theta$ soustrait sans $\eta$ (une
# décroissance mille fois trop forte avec le taux par défaut) ; la décroissance après le déplacement d'Adam.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** The loss is flat along a parameter $\theta$: its gradient is a tensor of zeros at every step. How much has it
# lost after some steps of AdamW, as $\theta$ before them minus $\theta$ after them?
#
# <details><summary>Hint</summary>
#
# Which share of $\theta$ does one step leave? And two?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** La perte est plate selon un paramètre $\theta$ : son gradient est un tenseur de zéros à chaque pas. Combien
# a-t-il perdu après quelques pas d'AdamW ? Comptez $\theta$ avant eux moins $\theta$ après eux.
#
# <details><summary>Indice</summary>
#
# Quelle part de $\theta$ un pas laisse-t-il ? Et deux ?
#
# </details>

# %% solution="lost_to_decay"
def lost_to_decay(theta, steps, learning_rate, weight_decay):
    """Return how much a parameter loses in some steps of AdamW, when its gradient is always 0.

    theta: its value before the first step
    """
    ### BEGIN SOLUTION
    return theta * (1 - (1 - learning_rate * weight_decay) ** steps)
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.tensor([4.5], requires_grad=True)
    theta.grad = torch.zeros(1)
    optimizer = AdamW([theta], learning_rate=0.1, weight_decay=0.01)
    for _ in range(100):
        optimizer.step()
    print(f"AdamW          {4.5 - theta.item():.5f}")
    print(f"lost_to_decay  {float(lost_to_decay(4.5, 100, 0.1, 0.01)):.5f}")

# %% check="lost_to_decay_check" points=1
coursekit.check(lost_to_decay)

# %% [markdown] lang="en"
# **2.** Now the decay goes **through the gradient**, as in `torch.optim.Adam`: Adam is given $g + \lambda\theta$ in
# place of $g$. How far does its **first** step move $\theta$, as $\theta$ before it minus $\theta$ after it? The numbers
# may have either sign. The cell below the function prints two first moves of your AdamW, and your answer for each.
#
# <details><summary>Hint</summary>
#
# At the first step $\hat m$ is what Adam is given, and $\hat v$ its square. What is left of $g + \lambda\theta$? (The
# function gets plain numbers, which have no `.sign()`: the sign of such a number `a` is `a / abs(a)`.)
#
# </details>

# %% [markdown] lang="fr"
# **2.** La décroissance passe maintenant **par le gradient**, comme dans `torch.optim.Adam` : Adam reçoit
# $g + \lambda\theta$ à la place de $g$. De combien son **premier** pas déplace-t-il $\theta$ ? Comptez $\theta$ avant
# lui moins $\theta$ après lui. Les nombres peuvent être positifs ou négatifs. La cellule sous la fonction affiche
# deux premiers déplacements de votre AdamW, et votre réponse pour chacun.
#
# <details><summary>Indice</summary>
#
# Au premier pas, $\hat m$ est ce qu'Adam reçoit, et $\hat v$ son carré. Que reste-t-il de $g + \lambda\theta$ ? (La
# fonction reçoit de simples nombres, qui n'ont pas de `.sign()` : le signe d'un tel nombre `a` est `a / abs(a)`.)
#
# </details>

# %% solution="first_move_inside"
def first_move_inside(theta, gradient, learning_rate, weight_decay):
    """Return θ before minus θ after the first step of Adam, if it is given gradient + weight_decay * θ."""
    ### BEGIN SOLUTION
    return learning_rate if gradient + weight_decay * theta > 0 else -learning_rate
    ### END SOLUTION

# %%
with coursekit.once_written():
    for value, gradient in ((-4.14, -0.5), (4.14, -0.5)):
        theta = torch.tensor([value], requires_grad=True)
        theta.grad = torch.tensor([gradient])
        AdamW([theta], learning_rate=0.1, weight_decay=0.3).step()
        print(f"θ = {value:5}   AdamW              {value - theta.item():8.5f}")
        print(f"            first_move_inside  {float(first_move_inside(value, gradient, 0.1, 0.3)):8.5f}")

# %% check="first_move_inside_check" points=1
coursekit.check(first_move_inside)

# %% [markdown] lang="en"
# ## A question
#
# A parameter starts at 1, and the loss does not depend on it: its gradient is a tensor of zeros at every step. All
# hyperparameters have their defaults. After about how many steps has AdamW halved it? What would `torch.optim.Adam`
# with the same `weight_decay` do to it instead? And what does a $\lambda$ ten times larger change in each case?

# %% [markdown] lang="fr"
# ## Une question
#
# Un paramètre part de 1, et la perte ne dépend pas de lui : son gradient est un tenseur de zéros à chaque pas. Tous les
# hyperparamètres ont leur valeur par défaut. Après combien de pas environ AdamW l'a-t-il divisé par deux ? Que lui
# ferait `torch.optim.Adam` avec le même `weight_decay` ? Et que change, dans chaque cas, un $\lambda$ dix fois plus
# grand ?

# %% [markdown] lang="en" answer="adamw_words" points=2
# With AdamW $m$ and $v$ stay zero and only the decay remains: $(1 - 10^{-5})^n = 1/2$ for
# $n \approx \ln 2 \cdot 10^5 \approx 69\,000$ steps, and ten times fewer if $\lambda$ is ten times larger. With the
# penalty Adam is given $g = \lambda\theta$, and divides it by its own size. So $\lambda$ drops out, and a step is
# about $\eta = 0.001$ long: the parameter is halved after some 500 to 600 steps, with either $\lambda$.

# %% [markdown] lang="fr" answer="adamw_words" points=2
# Avec AdamW, $m$ et $v$ restent nuls et seule la décroissance agit : $(1 - 10^{-5})^n = 1/2$ pour
# $n \approx \ln 2 \cdot 10^5 \approx 69\,000$ pas, et dix fois moins si $\lambda$ est dix fois plus grand. Avec la
# pénalité, Adam reçoit $g = \lambda\theta$ et le divise par sa propre taille. $\lambda$ disparaît donc, et un pas
# mesure environ $\eta = 0{,}001$ : le paramètre est divisé par deux après 500 à 600 pas, avec l'un ou l'autre
# $\lambda$.

# %% [markdown] lang="en"
# ## What to remember
#
# - Weight decay and an $L_2$ penalty are the same for plain SGD, without momentum. For Adam they are not: what goes
#   through $v$ loses its size.
# - AdamW takes the share $\eta\lambda$ of $\theta$ at each step, beside Adam's move, from the $\theta$ before it.
# - $1/\lambda$ is about as far as a parameter can go. $\lambda = 0$ is Adam.
#
# Next: [Evaluation](06_evaluation.ipynb) lets your five optimizers run against each other.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Décroissance des poids et pénalité $L_2$ sont la même chose pour SGD seul, sans élan. Pour Adam, non : ce qui passe
#   par $v$ perd sa taille.
# - AdamW retire à chaque pas la part $\eta\lambda$ de $\theta$, à côté du déplacement d'Adam, à partir du $\theta$
#   d'avant.
# - Un paramètre ne va guère plus loin que $1/\lambda$. Avec $\lambda = 0$, c'est Adam.
#
# Ensuite : [Évaluation](06_evaluation.ipynb) fait courir vos cinq optimiseurs les uns contre les autres.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **A bias without decay.** Train the line for 300 epochs with two groups: the weight with $\lambda = 0.1$, the bias
#    with $\lambda = 0$ ($\eta = 0.1$). *Expect* the weight 2.80 and the bias 5.12, and the loss 4.96 instead of 5.44
#    where both decay. With $\lambda = 1$ for the weight it ends in front of its wall, at 0.98. Why is the bias right
#    even then? What is the mean of $x$?
# 2. **A length that settles.** Where a normalisation follows a layer, the length of its weights means nothing to the
#    loss, and the gradient is at a right angle to them. Take 1000 parameters and draw such a gradient at each step:
#    random numbers, less their part along $\theta$. Every step then adds about $1000\,\eta^2$ to the squared length and
#    the decay takes the share $2\eta\lambda$ of it, so the length should settle at $\sqrt{1000\,\eta / 2\lambda}$.
#    *Expect* about 3.5 for $\eta = 0.01$ and $\lambda = 0.4$ after 6000 steps, from a start of length 1 and from one of
#    length 20. What do $\eta$ and $\lambda$ decide together there?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Un biais sans décroissance.** Entraînez la droite pendant 300 époques avec deux groupes : le poids avec
#    $\lambda = 0{,}1$, le biais avec $\lambda = 0$ ($\eta = 0{,}1$). *Attendez-vous* à un poids de 2,80, à un biais de
#    5,12, et à une perte de 4,96 au lieu de 5,44 quand les deux décroissent. Avec $\lambda = 1$ pour le poids, il finit
#    devant son mur, à 0,98. Pourquoi le biais est-il juste même alors ? Quelle est la moyenne de $x$ ?
# 2. **Une longueur qui se stabilise.** Là où une normalisation suit une couche, la longueur de ses poids ne change rien
#    à la perte, et le gradient leur est perpendiculaire. Prenez 1000 paramètres et tirez un tel gradient à
#    chaque pas : des nombres aléatoires, moins leur composante le long de $\theta$. Chaque pas ajoute alors environ
#    $1000\,\eta^2$ au carré de la longueur, et la décroissance en prend la part $2\eta\lambda$ : la longueur devrait se
#    stabiliser à $\sqrt{1000\,\eta / 2\lambda}$. *Attendez-vous* à environ 3,5 pour $\eta = 0{,}01$ et
#    $\lambda = 0{,}4$ après 6000 pas, depuis un départ de longueur 1 comme de longueur 20. Qu'est-ce que $\eta$ et
#    $\lambda$ fixent ici ensemble ?
