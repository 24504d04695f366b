# %% [markdown] lang="en"
# # 4 · Adam
#
# <div class="alert alert-info">
#
# **You will write** `Adam`, which averages the gradient and its square, and corrects both averages for their start at
# zero.
#
# **Time** 75 minutes · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** [RMSProp](02_rmsprop.ipynb), `self.state`, and what an expectation is.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 4 · Adam
#
# <div class="alert alert-info">
#
# **Vous écrirez** `Adam`, qui fait la moyenne du gradient et celle de son carré, et corrige les deux moyennes de leur
# départ à zéro.
#
# **Durée** 75 minutes · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** [RMSProp](02_rmsprop.ipynb), `self.state`, et savoir ce qu'est une espérance.
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
# RMSProp divides the gradient by its recent size, so that every parameter gets steps of a similar length. But the
# gradient that it divides is still the last one alone, with all its noise. Adam averages that as well:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Here $m$ says where to go, and $v$ how large the gradients are. Both start at zero. An average with $\beta$ looks back
# over about $1/(1-\beta)$ steps: 10 for $\beta_1 = 0.9$, 1000 for $\beta_2 = 0.999$. With $t = 1, 2, 3, \dots$ counting
# the steps, Adam then corrects both averages and moves:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad\qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad
# \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# The small $\varepsilon = 10^{-8}$ keeps a zero gradient from dividing by zero. The rule is from D. P. Kingma and J.
# Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015 ([arXiv 1412.6980](https://arxiv.org/abs/1412.6980)). The
# name stands for adaptive moment estimation: $m$ and $v$ estimate the first two moments of the gradient.

# %% [markdown] lang="fr"
# ## L'idée
#
# RMSProp divise le gradient par sa taille récente : tous les paramètres font ainsi des pas de longueur comparable. Mais
# le gradient qu'il divise reste le dernier, seul, avec tout son bruit. Adam en prend aussi la moyenne :
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Ici $m$ dit où aller, et $v$ quelle est la taille des gradients. Tous deux partent de zéro. Une moyenne de coefficient
# $\beta$ porte sur environ $1/(1-\beta)$ pas : 10 pour $\beta_1 = 0{,}9$, 1000 pour $\beta_2 = 0{,}999$. Adam compte
# les pas, $t = 1, 2, 3, \dots$, corrige ensuite les deux moyennes, puis se déplace :
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad\qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad
# \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# Le petit $\varepsilon = 10^{-8}$ évite une division par zéro quand le gradient est nul. La règle vient de D. P. Kingma
# et J. Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015 ([arXiv
# 1412.6980](https://arxiv.org/abs/1412.6980)). Le nom abrège *adaptive moment estimation* : $m$ et $v$ estiment les
# deux premiers moments du gradient.

# %% [markdown] lang="en"
# ### Why the averages are corrected
#
# Put the rule for $m$ into itself, down to the first step. What comes out is a weighted sum of all gradients so far:
#
# $$m_t = (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{\,t-i}\, g_i, \qquad
# \text{whose weights add up to}\quad (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{\,t-i} = 1 - \beta_1^t .$$
#
# In a true average the weights add up to 1. The missing part, $\beta_1^t$, is the weight of the zero that $m$ started
# from, and it pulls $m$ towards zero. If the gradients all have the same expectation,
#
# $$\mathbb{E}[m_t] = (1 - \beta_1^t)\; \mathbb{E}[g].$$
#
# Dividing by $1 - \beta_1^t$ removes this bias, and the same holds for $v$ with $\beta_2$ and $g^2$. As $t$ grows both
# divisors go to 1: the correction matters at the start, then fades away.

# %% [markdown] lang="fr"
# ### Pourquoi corriger les moyennes
#
# Dans la règle de $m$, remplacez $m$ par sa propre expression, et ainsi de suite jusqu'au premier pas. On obtient une
# somme pondérée de tous les gradients passés :
#
# $$m_t = (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{\,t-i}\, g_i, \qquad
# \text{dont les poids ont pour somme}\quad (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{\,t-i} = 1 - \beta_1^t .$$
#
# Dans une vraie moyenne, la somme des poids vaut 1. La part qui manque, $\beta_1^t$, est le poids du zéro dont $m$ est
# parti, et elle tire $m$ vers zéro. Si les gradients ont tous la même espérance,
#
# $$\mathbb{E}[m_t] = (1 - \beta_1^t)\; \mathbb{E}[g].$$
#
# Diviser par $1 - \beta_1^t$ supprime ce biais ; il en va de même pour $v$, avec $\beta_2$ et $g^2$. Quand $t$ grandit,
# les deux diviseurs tendent vers 1 : la correction compte au début, puis s'efface.

# %% [markdown] lang="en"
# ### How long a step is
#
# The square of a mean is never larger than the mean of the squares, $\mathbb{E}[g]^2 \le \mathbb{E}[g^2]$. So
# $\hat m / \sqrt{\hat v}$ lies between about $-1$ and $1$, and **a step is about as long as $\eta$ at most**, whatever
# the size of the gradients. It is $\pm 1$ when the gradients agree and near 0 when they cancel. You choose $\eta$ as a
# distance: how far may a parameter move in one step?
#
# The bound is not strict, because $m$ and $v$ look back over different times. A gradient that comes after a long run of
# zeros makes a step of $\eta\,(1-\beta_1)/\sqrt{1-\beta_2} = 3.16\,\eta$ (section 2.1 of the paper).

# %% [markdown] lang="fr"
# ### La longueur d'un pas
#
# Le carré d'une moyenne ne dépasse jamais la moyenne des carrés : $\mathbb{E}[g]^2 \le \mathbb{E}[g^2]$. Donc
# $\hat m / \sqrt{\hat v}$ reste à peu près entre $-1$ et $1$, et **un pas mesure à peu près $\eta$ au plus**, quelle
# que soit la taille des gradients. Le rapport vaut $\pm 1$ quand les gradients s'accordent, et presque 0 quand ils se
# compensent. On choisit $\eta$ comme une distance : de combien un paramètre peut-il bouger en un pas ?
#
# La borne n'est pas stricte, car $m$ et $v$ ne portent pas sur la même durée. Un gradient qui arrive après une longue
# suite de zéros donne un pas de $\eta\,(1-\beta_1)/\sqrt{1-\beta_2} = 3{,}16\,\eta$ (section 2.1 de l'article).

# %% [markdown] lang="en"
# ## Two steps by hand
#
# Two parameters, both at 1, with $\eta = 0.1$, $\beta_1 = 0.9$, $\beta_2 = 0.999$; $\varepsilon$ is too small to show.
# The gradients of the first change sign, those of the second are small and steady.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | $t = 1$ | gradient $g$ | $4$ | $-0.02$ |
# | | $m = 0.1\,g$ | $0.4$ | $-0.002$ |
# | | $v = 0.001\,g^2$ | $0.016$ | $4 \cdot 10^{-7}$ |
# | | $\hat m = m / 0.1$ | $4$ | $-0.02$ |
# | | $\hat v = v / 0.001$ | $16$ | $0.0004$ |
# | | $\hat m / \sqrt{\hat v}$ | $1$ | $-1$ |
# | | new $\theta$ | $0.9$ | $1.1$ |
# | $t = 2$ | gradient $g$ | $-2$ | $-0.02$ |
# | | $m \leftarrow 0.9\,m + 0.1\,g$ | $0.16$ | $-0.0038$ |
# | | $v \leftarrow 0.999\,v + 0.001\,g^2$ | $0.019984$ | $7.996 \cdot 10^{-7}$ |
# | | $\hat m = m / 0.19$ | $0.8421$ | $-0.02$ |
# | | $\hat v = v / 0.001999$ | $9.9970$ | $0.0004$ |
# | | $\hat m / \sqrt{\hat v}$ | $0.2663$ | $-1$ |
# | | new $\theta$ | $0.8734$ | $1.2$ |
#
# At the first step $\hat m = g$ and $\hat v = g^2$, so the move is
# $-\eta\, g / (|g| + \varepsilon) \approx -\eta\, \mathrm{sign}(g)$: both parameters move by 0.1 although one gradient
# is 200 times larger. At the second step the gradients of $\theta_1$ disagree and it moves little; those of $\theta_2$
# agree and it moves by $\eta$ again.
#
# Corrected, $\hat m$ is the weighted mean in which the last gradient has weight 1, the one before it $\beta_1$, the one
# before that $\beta_1^2$. The next cell computes it in this second way, without $m$, $v$ or $t$.

# %% [markdown] lang="fr"
# ## Deux pas à la main
#
# Deux paramètres, tous deux en 1, avec $\eta = 0{,}1$, $\beta_1 = 0{,}9$, $\beta_2 = 0{,}999$ ; $\varepsilon$ est trop
# petit pour que cela se voie. Les gradients du premier changent de signe, ceux du second sont petits et constants.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | $t = 1$ | gradient $g$ | $4$ | $-0{,}02$ |
# | | $m = 0{,}1\,g$ | $0{,}4$ | $-0{,}002$ |
# | | $v = 0{,}001\,g^2$ | $0{,}016$ | $4 \cdot 10^{-7}$ |
# | | $\hat m = m / 0{,}1$ | $4$ | $-0{,}02$ |
# | | $\hat v = v / 0{,}001$ | $16$ | $0{,}0004$ |
# | | $\hat m / \sqrt{\hat v}$ | $1$ | $-1$ |
# | | nouveau $\theta$ | $0{,}9$ | $1{,}1$ |
# | $t = 2$ | gradient $g$ | $-2$ | $-0{,}02$ |
# | | $m \leftarrow 0{,}9\,m + 0{,}1\,g$ | $0{,}16$ | $-0{,}0038$ |
# | | $v \leftarrow 0{,}999\,v + 0{,}001\,g^2$ | $0{,}019984$ | $7{,}996 \cdot 10^{-7}$ |
# | | $\hat m = m / 0{,}19$ | $0{,}8421$ | $-0{,}02$ |
# | | $\hat v = v / 0{,}001999$ | $9{,}9970$ | $0{,}0004$ |
# | | $\hat m / \sqrt{\hat v}$ | $0{,}2663$ | $-1$ |
# | | nouveau $\theta$ | $0{,}8734$ | $1{,}2$ |
#
# Au premier pas, $\hat m = g$ et $\hat v = g^2$ : le déplacement vaut
# $-\eta\, g / (|g| + \varepsilon) \approx -\eta\, \mathrm{sign}(g)$. Les deux paramètres bougent de 0,1 alors que l'un
# des gradients est 200 fois plus grand. Au second pas, les gradients de $\theta_1$ se contredisent et il bouge peu ;
# ceux de $\theta_2$ s'accordent et il bouge encore de $\eta$.
#
# Corrigé, $\hat m$ est la moyenne pondérée où le dernier gradient a le poids 1, le précédent $\beta_1$, celui d'avant
# $\beta_1^2$. La cellule suivante le calcule de cette autre façon, sans $m$, ni $v$, ni $t$.

# %%
gradients = torch.tensor([[4.0, -0.02], [-2.0, -0.02]])
theta = torch.tensor([1.0, 1.0])
for seen in (gradients[:1], gradients):
    age = torch.arange(len(seen)).flip(0)
    weights, square_weights = 0.9**age, 0.999**age
    mean = weights @ seen / weights.sum()
    mean_square = square_weights @ seen**2 / square_weights.sum()
    theta = theta - 0.1 * mean / mean_square.sqrt()
    print("m^ ", [f"{value:.4f}" for value in mean.tolist()], end="   ")
    print("v^ ", [f"{value:.4f}" for value in mean_square.tolist()], end="   ")
    print("theta", [f"{value:.4f}" for value in theta.tolist()])

# %% [markdown] lang="en"
# ## Your turn
#
# What you keep from one step to the next stands in `self.state[p]`: every parameter has a dictionary of its own there,
# empty at first. Adam needs three things there: $m$, $v$ and the number of steps $t$. Kept there, they are saved by
# `state_dict()`, and two optimizers never mix them up.
#
# - All hyperparameters stand in the group, `"lr"` and the others under the names of the signature: read them there at
#   each step, for a group may have its own.
# - $t$ belongs to a **parameter**. It counts the steps that this parameter has made: one whose `.grad` is `None` is
#   left alone and its $t$ stays. A gradient of zeros is a gradient: $t$ grows, $m$ and $v$ shrink.
# - $t$ starts at 1 in the formula. At $t = 0$ the divisors would be zero.
# - $\varepsilon$ is added to the root, outside of it.
# - `.grad` is only read. Parameters change in place, under `torch.no_grad()`.

# %% [markdown] lang="fr"
# ## À vous
#
# Ce que l'on garde d'un pas au suivant se trouve dans `self.state[p]`, un dictionnaire propre à chaque paramètre, vide
# au départ. Adam y range trois choses : $m$, $v$ et le nombre de pas $t$. À cet endroit, elles sont enregistrées par
# `state_dict()`, et deux optimiseurs ne les mélangent jamais.
#
# - Tous les hyperparamètres sont dans le groupe, `"lr"` et les autres sous leur nom dans la signature : lisez-les là à
#   chaque pas, car un groupe peut avoir les siens.
# - $t$ appartient à un **paramètre**. Il compte les pas que ce paramètre a faits : celui dont le `.grad` vaut `None`
#   n'est pas touché, et son $t$ non plus. Un gradient nul est un gradient : $t$ augmente, $m$ et $v$ diminuent.
# - Dans la formule, $t$ commence à 1. Avec $t = 0$, les diviseurs seraient nuls.
# - $\varepsilon$ s'ajoute à la racine, et non sous elle.
# - `.grad` est seulement lu. Les paramètres changent sur place, sous `torch.no_grad()`.

# %% solution="adam"
class Adam(torch.optim.Optimizer):
    """Adam: θ ← θ − η m̂ / (√v̂ + ε), with m and v the running means of g and g², corrected for their start at zero.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    beta1, beta2: β₁ and β₂, how much of m and of v is kept at each step
    epsilon: ε, added to the root
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon})
        ### END SOLUTION

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                beta1, beta2 = group["beta1"], group["beta2"]
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
                    p -= group["lr"] * m_hat / (v_hat.sqrt() + group["epsilon"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the first time a parameter is seen</summary>
#
# `self.state[p]` exists for every parameter and is an empty dictionary until you put something into it.
# `if not self.state[p]:` is the place to make $m$ and $v$ with `torch.zeros_like(p)`, and to set $t$ to 0.
#
# </details>
# <details><summary>Hint 2: the order in one step</summary>
#
# Count $t$, update $m$ and $v$, compute $\hat m$ and $\hat v$, move. Keep $m$ and $v$ as they are: $\hat m$ and
# $\hat v$ are used once and not stored.
#
# </details>
# <details><summary>Hint 3: one step is right, many are not</summary>
#
# At the first step $\hat m / \sqrt{\hat v}$ is $\pm 1$ whatever $\beta_1$ and $\beta_2$ are. So a right first step
# says little. Look at what you keep: is it the new $m$ and $v$ that stand in the state, and is $t$ really 2 at the
# second step?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : la première fois qu'on voit un paramètre</summary>
#
# `self.state[p]` existe pour chaque paramètre : un dictionnaire vide tant que vous n'y avez rien mis.
# `if not self.state[p]:` est l'endroit où créer $m$ et $v$ avec `torch.zeros_like(p)`, et où mettre $t$ à 0.
#
# </details>
# <details><summary>Indice 2 : l'ordre dans un pas</summary>
#
# Compter $t$, mettre à jour $m$ et $v$, calculer $\hat m$ et $\hat v$, se déplacer. Gardez $m$ et $v$ tels quels :
# $\hat m$ et $\hat v$ servent une fois et ne sont pas conservés.
#
# </details>
# <details><summary>Indice 3 : un pas est juste, plusieurs ne le sont pas</summary>
#
# Au premier pas, $\hat m / \sqrt{\hat v}$ vaut $\pm 1$ quels que soient $\beta_1$ et $\beta_2$. Un premier pas juste
# dit donc peu de chose. Regardez ce que vous gardez : est-ce bien le nouveau $m$ et le nouveau $v$ qui sont dans
# l'état, et $t$ vaut-il vraiment 2 au second pas ?
#
# </details>

# %% check="adam_check" points=18
coursekit.check(Adam)

# %% [markdown] lang="en"
# ## On the linear data
#
# The learning rate is now a distance: with $\eta = 0.1$ no parameter moves by much more than 0.1 in an epoch. The best
# line has weight 2.97 and bias 5.12, and the loop is yours, `train` from notebook 1. Predict, in the next cell: how
# many epochs will the bias need at least?

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Le taux d'apprentissage est maintenant une distance : avec $\eta = 0{,}1$, aucun paramètre ne bouge de beaucoup plus
# que 0,1 par époque. La meilleure droite a pour poids 2,97 et pour biais 5,12, et la boucle est votre `train` du
# notebook 1. Prédisez, dans la cellule suivante : combien d'époques faudra-t-il au moins au biais ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, line, Adam(model.parameters(), learning_rate=0.1), epochs=100)
    coursekit.plots.training(history, line, "Adam on the linear data, learning rate 0.1")

# %% [markdown] lang="en"
# **What to see.** The path leaves the start in a straight line: weight and bias both make steps of about 0.1, although
# their gradients differ widely. SGD crossed the valley first and then crawled along it; Adam sets out along both axes
# at the same speed. The weight arrives first, goes a little too far (to 3.15, for $m$ still points ahead) and comes
# back while the bias goes on. At 0.1 an epoch the bias needed at least 52 of them for 5.12; its steps grow shorter
# towards the end, and it takes about 90. The loss is then close to that of the best line.

# %% [markdown] lang="fr"
# **À voir.** Le chemin quitte le départ en ligne droite : poids et biais font tous deux des pas d'environ 0,1, alors
# que leurs gradients sont très différents. SGD traversait d'abord la vallée, puis la longeait lentement ; Adam part à
# la même vitesse selon les deux axes. Le poids arrive le premier, va un peu trop loin (jusqu'à 3,15, car $m$ pointe
# encore en avant) et revient pendant que le biais continue. À 0,1 par époque, il en fallait au biais au moins 52 pour
# faire 5,12 ; ses pas raccourcissent vers la fin, et il en prend environ 90. La perte est alors proche de celle de la meilleure droite.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The best line through the parabola has weight $-4.14$ and bias 17.41.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# La meilleure droite à travers la parabole a pour poids $-4{,}14$ et pour biais 17,41.

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, parabola, Adam(model.parameters(), learning_rate=0.1), epochs=100)
    coursekit.plots.training(history, parabola, "Adam on the non-linear data, learning rate 0.1")

# %% [markdown] lang="en"
# **What to see.** The walk ends half-way, with the bias at 8.84 of 17.41. Nothing is wrong with the direction. But 100
# steps of about 0.1 cannot carry the bias much further than 10. SGD had come to 15 by now, since its steps grow with
# the gradient. With Adam the rate must fit the distance: here 0.1 is too small, or 100 epochs are too few.

# %% [markdown] lang="fr"
# **À voir.** La marche s'arrête à mi-chemin, avec un biais de 8,84 sur 17,41. La direction n'est pas en cause. Mais 100
# pas d'environ 0,1 ne peuvent guère mener le biais au-delà de 10. SGD en était déjà à 15, car ses pas grandissent avec
# le gradient. Avec Adam, le taux doit convenir à la distance : ici 0,1 est trop petit, ou 100 époques trop peu.

# %% [markdown] lang="en"
# ## One step, taken apart
#
# Your class in a valley that is ten times more curved across than along, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$. After
# eight steps it has nearly reached the floor of the valley. Three arrows: the gradient turned round, the mean of the
# gradients turned round, and the step.

# %% [markdown] lang="fr"
# ## Un pas, décortiqué
#
# Votre classe dans une vallée dix fois plus courbée en travers qu'en longueur, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$.
# Après huit pas, elle a presque atteint le fond de la vallée. Trois flèches : l'opposé du gradient, l'opposé de la
# moyenne des gradients, et le pas.

# %%
with coursekit.once_written():
    valley = coursekit.functions.valley(10)
    coursekit.plots.one_step(Adam, valley, (-3.0, 1.2), "One step of Adam", steps=8, memory=0.9, learning_rate=0.15)

# %% [markdown] lang="en"
# **What to see.** The gradient already points mostly along the valley, $(-1.8,\ 0.8)$. Its mean, $(-2.3,\ 5.2)$, still
# remembers the slope across: that is momentum, and it will carry the walker across the floor and up the other side. The
# step lies between the two, $(0.14,\ -0.11)$, because each coordinate of the mean is divided by its own size.

# %% [markdown] lang="fr"
# **À voir.** Le gradient va déjà surtout dans la longueur de la vallée, $(-1{,}8\,;\ 0{,}8)$. Sa moyenne,
# $(-2{,}3\,;\ 5{,}2)$, se souvient encore de la pente en travers : c'est l'élan, et il portera le marcheur au-delà du
# fond, jusque sur l'autre versant. Le pas se trouve entre les deux, $(0{,}14\,;\ -0{,}11)$, car chaque coordonnée de la
# moyenne est divisée par sa propre taille.

# %% [markdown] lang="en"
# ## The first ten steps
#
# What would happen without the correction? The step would be $\eta\, m/\sqrt{v}$, which is (up to $\varepsilon$) the
# corrected step times
#
# $$u(t) = \frac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}}.$$
#
# The first value is $u(1) = 0.1/\sqrt{0.001} = 3.16$. Your Adam reads its rate from the group at each step. So we can
# undo the correction from outside: we write $\eta\, u(t)$ there before step $t$.

# %% [markdown] lang="fr"
# ## Les dix premiers pas
#
# Que se passerait-il sans la correction ? Le pas serait $\eta\, m/\sqrt{v}$, c'est-à-dire (à $\varepsilon$ près) le pas
# corrigé multiplié par
#
# $$u(t) = \frac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}}.$$
#
# La première valeur est $u(1) = 0{,}1/\sqrt{0{,}001} = 3{,}16$. Votre Adam lit son taux dans le groupe à chaque pas. On
# peut donc défaire la correction de l'extérieur : on y écrit $\eta\, u(t)$ avant le pas $t$.

# %%
def u(t, beta1=0.9, beta2=0.999):
    return (1 - beta1**t) / (1 - beta2**t) ** 0.5


for t in (1, 2, 5, 10, 12, 100, 1000, 5000):
    print(f"u({t}) = {u(t):.2f}")

# %%
with coursekit.once_written():
    lengths = {}
    for name, corrected in (("your Adam", True), ("correction forgotten", False)):
        theta = torch.zeros(1, requires_grad=True)
        theta.grad = torch.ones(1)
        optimizer = Adam([theta], learning_rate=0.1)
        lengths[name] = []
        for t in range(1, 11):
            optimizer.param_groups[0]["lr"] = 0.1 * (1 if corrected else u(t))
            before = theta.item()
            optimizer.step()
            lengths[name].append((before - theta.item()) / 0.1)
    coursekit.plots.lines(
        lengths,
        "The first ten steps, with a constant gradient",
        "step",
        "length of the step / learning rate",
        x=range(1, 11),
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** The gradient is always 1. With the correction all steps have length $\eta$. Without it the first is
# 3.16 times too long, and the next are worse; the table above has the largest factor at step 12. The reason: $m$
# forgets its zero within some ten steps, while $v$, with its memory of a thousand, stays far too small. Without
# correction it takes thousands of steps until the rate is the one you asked for.

# %% [markdown] lang="fr"
# **À voir.** Le gradient vaut toujours 1. Avec la correction, tous les pas ont la longueur $\eta$. Sans elle, le
# premier est 3,16 fois trop long et les suivants sont pires ; dans le tableau plus haut, le plus grand facteur est au
# pas 12. La raison : $m$ oublie son zéro en une dizaine de pas, tandis que $v$, dont la mémoire est de mille pas, reste
# bien trop petit. Sans correction, il faut des milliers de pas avant que le taux soit celui que vous avez demandé.

# %%
with coursekit.once_written():
    weights = {}
    for name, corrected in (("your Adam", True), ("correction forgotten", False)):
        model = coursekit.linear_model()
        optimizer = Adam(model.parameters(), learning_rate=0.1)
        weights[name] = [0.0]
        for t in range(1, 101):
            optimizer.param_groups[0]["lr"] = 0.1 * (1 if corrected else u(t))
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(line.x), line.y).backward()
            optimizer.step()
            weights[name].append(model.weight.item())
    coursekit.plots.lines(
        weights, "The weight on the linear data", "epoch", "weight", levels={"weight of the best line": 2.97}
    )

# %% [markdown] lang="en"
# **What to see.** Without correction the weight shoots up to 4.37 in twelve epochs and swings around its value until
# about epoch 70. Here it comes back, for the loss is a bowl. In a network, such first steps may throw the parameters to
# a place from which no gradient leads back. The closer $\beta_2$ is to 1, the worse it gets: the paper measures it in
# section 6.4.

# %% [markdown] lang="fr"
# **À voir.** Sans correction, le poids monte à 4,37 en douze époques, puis oscille autour de sa valeur jusque vers
# l'époque 70. Ici il revient, car la perte est une cuvette. Dans un réseau, de tels premiers pas peuvent jeter les
# paramètres à un endroit d'où aucun gradient ne les ramène. Plus $\beta_2$ est proche de 1, pire c'est : l'article le
# mesure dans sa section 6.4.

# %% [markdown] lang="en"
# **Play.** Now with your own $\beta_1$ and $\beta_2$. With which $\beta_1$ does the weight arrive without swinging? What
# becomes of it when $\beta_2$ is smaller than $\beta_1$?

# %% [markdown] lang="fr"
# **Jouez.** Avec vos propres $\beta_1$ et $\beta_2$ cette fois. Avec quel $\beta_1$ le poids arrive-t-il sans osciller ?
# Que devient-il quand $\beta_2$ est plus petit que $\beta_1$ ?

# %%
def trained(beta1, beta2):
    model = coursekit.linear_model()
    optimizer = Adam(model.parameters(), learning_rate=0.1, beta1=beta1, beta2=beta2)
    return {"your Adam": coursekit.record(train, model, line, optimizer, epochs=100, every=0).parameters[:, 0]}


with coursekit.once_written():
    coursekit.playground.curves(
        trained,
        "The weight on the linear data, with other β₁ and β₂",
        "epoch",
        "weight",
        ylim=(-0.5, 5.5),
        levels={"weight of the best line": 2.97},
        sliders={"beta1": (0.0, 0.99, 0.9), "beta2": (0.0, 0.9999, 0.999)},
    )

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **The correction forgotten.** You have just seen it. **$\varepsilon$ inside the root**: $\sqrt{\hat v + \varepsilon}$
# instead of $\sqrt{\hat v} + \varepsilon$. The two look alike, but inside the root $10^{-8}$ acts like
# $\sqrt{10^{-8}} = 10^{-4}$ outside. The next picture gives one parameter 57 elements, each with a gradient of another
# size, and draws how far the first step goes. It should be $\eta$ for all but the very smallest.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **La correction oubliée.** Vous venez de la voir. **$\varepsilon$ sous la racine** : $\sqrt{\hat v + \varepsilon}$ au
# lieu de $\sqrt{\hat v} + \varepsilon$. Les deux se ressemblent, mais sous la racine $10^{-8}$ agit comme
# $\sqrt{10^{-8}} = 10^{-4}$ en dehors. La cellule suivante donne à un paramètre 57 éléments, chacun avec un gradient
# d'une autre taille. La figure montre la longueur du premier pas : ce devrait être $\eta$ pour tous, sauf les tout
# petits.

# %%
sizes = torch.logspace(-12, 2, 57, dtype=torch.float64)
with coursekit.once_written():
    theta = torch.zeros_like(sizes, requires_grad=True)
    theta.grad = sizes.clone()
    Adam([theta], learning_rate=1.0).step()
    firsts = {
        "your Adam": -theta,
        "ε inside the root": sizes / (sizes**2 + 1e-8).sqrt(),
        "correction forgotten": 0.1 * sizes / (0.001**0.5 * sizes + 1e-8),
    }
    coursekit.plots.lines(
        firsts,
        "The first step for gradients of all sizes",
        "gradient",
        "length of the step / learning rate",
        x=sizes,
        log="x",
    )

# %% [markdown] lang="en"
# **What to see.** The right rule goes down around $10^{-8}$, where $\varepsilon$ is as large as the gradient. With
# $\varepsilon$ inside the root it goes down around $10^{-4}$ already: a gradient of $10^{-5}$ makes a tenth of a step.
# Gradients of that size are not rare in deep networks, and there the parameters would hardly move. With the correction
# forgotten the step is 3.16 times too long wherever $\varepsilon$ does not matter.

# %% [markdown] lang="fr"
# **À voir.** La courbe juste descend vers $10^{-8}$, là où $\varepsilon$ est aussi grand que le gradient. Avec
# $\varepsilon$ sous la racine, elle descend dès $10^{-4}$ : un gradient de $10^{-5}$ ne fait qu'un dixième de pas. Des
# gradients de cette taille ne sont pas rares dans les réseaux profonds, et les paramètres n'y bougeraient presque pas.
# Avec la correction oubliée, le pas est 3,16 fois trop long partout où $\varepsilon$ ne joue aucun rôle.

# %% [markdown] lang="en"
# **$t$ counted once per parameter.** One counter for the whole optimizer, raised inside the loop over the parameters:
# with ten parameters $t$ grows by ten at each step. Let all ten have the same gradient, always 1. At step $k$ the
# parameter number $j$ then sees $t = 10(k-1) + j$ instead of $k$, and its step has length $\eta\, u(k)/u(t)$ instead of
# $\eta$.

# %% [markdown] lang="fr"
# **$t$ compté une fois par paramètre.** Un seul compteur pour tout l'optimiseur, augmenté dans la boucle sur les
# paramètres : avec dix paramètres, $t$ augmente de dix à chaque pas. Donnons aux dix le même gradient, toujours 1. Au
# pas $k$, le paramètre numéro $j$ voit alors $t = 10(k-1) + j$ au lieu de $k$, et son pas a la longueur
# $\eta\, u(k)/u(t)$ au lieu de $\eta$.

# %%
with coursekit.once_written():
    parameters = [torch.zeros(1, requires_grad=True) for _ in range(10)]
    optimizer = Adam(parameters, learning_rate=0.1)
    right = []
    for _ in range(40):
        before = parameters[-1].item()
        for parameter in parameters:
            parameter.grad = torch.ones(1)
        optimizer.step()
        right.append((before - parameters[-1].item()) / 0.1)
    lengths = {
        "your Adam, last parameter": right,
        "one counter, first parameter": [u(k) / u(10 * (k - 1) + 1) for k in range(1, 41)],
        "one counter, last parameter": [u(k) / u(10 * k) for k in range(1, 41)],
    }
    coursekit.plots.lines(
        lengths,
        "What a counter raised for each parameter does",
        "step",
        "length of the step / learning rate",
        x=range(1, 41),
    )

# %% [markdown] lang="en"
# **What to see.** Ten equal parameters with equal gradients should move alike. With one counter the last one makes half
# a step at first, and from the fifth step on all of them go too far, more than 2.8 times by the end: the correction
# fades ten times too early. The more parameters a model has, the closer this comes to having no correction at all. With
# the two parameters of a line the steps are never more than $\sqrt 2$ times too long, and that is how it goes
# unnoticed.

# %% [markdown] lang="fr"
# **À voir.** Dix paramètres égaux, de gradients égaux, devraient bouger de la même façon. Avec un seul compteur, le
# dernier ne fait d'abord qu'un demi-pas ; dès le cinquième pas, tous vont trop loin, à la fin plus de 2,8 fois : la
# correction s'efface dix fois trop tôt. Plus un modèle a de paramètres, plus on se rapproche de l'absence de
# correction. Avec les deux paramètres d'une droite, les pas ne sont jamais plus de $\sqrt 2$ fois trop longs : voilà
# comment l'erreur passe inaperçue.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** Someone corrects $m$ and forgets $v$: the step is $\eta\,\hat m/\sqrt v$. The gradient is the same at each step,
# and $\varepsilon$ is too small to count. How long is step number $t$?
#
# <details><summary>Hint</summary>
#
# With equal gradients, what is $\hat m$? And $v$ after $t$ steps, compared with $g^2$? You have met a rule without $m$
# that divides by such a $v$: RMSProp, whose steps the cell below the function takes.
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Quelqu'un corrige $m$ et oublie $v$ : le pas vaut $\eta\,\hat m/\sqrt v$. Le gradient est le même à chaque pas,
# et $\varepsilon$ est trop petit pour compter. Quelle est la longueur du pas numéro $t$ ?
#
# <details><summary>Indice</summary>
#
# Avec des gradients égaux, que vaut $\hat m$ ? Et $v$ après $t$ pas, comparé à $g^2$ ? Vous connaissez une règle sans
# $m$ qui divise par un tel $v$ : RMSProp, dont la cellule sous la fonction fait les pas.
#
# </details>

# %% solution="step_half_corrected"
def step_half_corrected(t, learning_rate, beta1, beta2):
    """Return the length of step t of Adam under equal gradients, where m is corrected and v is not.

    t: the number of the step, from 1 on
    """
    ### BEGIN SOLUTION
    return learning_rate / (1 - beta2**t) ** 0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    for optimizer_class, own in ((Adam, {}), (torch.optim.RMSprop, {"alpha": 0.999})):
        theta = torch.zeros(1, requires_grad=True)
        theta.grad = torch.ones(1)
        optimizer = optimizer_class([theta], **own)
        optimizer.param_groups[0]["lr"] = 0.1
        for _ in range(5):
            before = theta.item()
            optimizer.step()
        print(f"{optimizer_class.__name__:20} {before - theta.item():.5f}")
    print(f"{'step_half_corrected':20} {float(step_half_corrected(5, 0.1, 0.9, 0.999)):.5f}")

# %% check="step_half_corrected_check" points=1
coursekit.check(step_half_corrected)

# %% [markdown] lang="en"
# **2.** The gradient has been $g$ for a long time, and both averages have come to rest. Now one gradient is $-g$. How
# far does Adam go in this step? Count it along the old direction: a step that goes on as before is positive, one that
# goes back is negative.
#
# <details><summary>Hint</summary>
#
# A square does not notice the sign, so $\hat v$ is still $g^2$. What is left of $m$, and what does the new gradient add?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Le gradient vaut $g$ depuis longtemps, et les deux moyennes se sont stabilisées. Voici maintenant un gradient
# $-g$. De combien Adam avance-t-il à ce pas ? Comptez dans l'ancien sens : un pas qui continue comme avant est positif,
# un pas qui recule est négatif.
#
# <details><summary>Indice</summary>
#
# Un carré ne remarque pas le signe : $\hat v$ vaut toujours $g^2$. Que reste-t-il de $m$, et qu'ajoute le nouveau
# gradient ?
#
# </details>

# %% solution="step_after_turn"
def step_after_turn(learning_rate, beta1):
    """Return how far Adam goes along the old direction when after many gradients g there comes one of -g."""
    ### BEGIN SOLUTION
    return learning_rate * (2 * beta1 - 1)
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    optimizer = Adam([theta], learning_rate=0.1)
    for gradient in 200 * [1.0] + [-1.0]:
        before = theta.item()
        theta.grad = torch.tensor([gradient])
        optimizer.step()
    print(f"Adam             {before - theta.item():.5f}")
    print(f"step_after_turn  {float(step_after_turn(0.1, 0.9)):.5f}")

# %% check="step_after_turn_check" points=1
coursekit.check(step_after_turn)

# %% [markdown] lang="en"
# ## A question
#
# Two parameters get the same gradient $g \ne 0$ at step 1. From step 2 on the `.grad` of the first is `None`, and that
# of the second is a tensor of zeros. What does Adam do with each of them at steps 2 to 10, and why? Answer in a few
# sentences; for step 2, with the default $\beta_1$ and $\beta_2$, give a number.

# %% [markdown] lang="fr"
# ## Une question
#
# Deux paramètres reçoivent le même gradient $g \ne 0$ au pas 1. À partir du pas 2, le `.grad` du premier vaut `None`,
# et celui du second est un tenseur de zéros. Que fait Adam de chacun d'eux aux pas 2 à 10, et pourquoi ? Répondez en
# quelques phrases ; pour le pas 2, avec les $\beta_1$ et $\beta_2$ par défaut, donnez un nombre.

# %% [markdown] lang="en" answer="adam_words" points=2
# The first is left alone: it stays where it is, and its $m$, $v$ and $t$ do not change. The second goes on moving in
# the direction of step 1, for its $m$ is not zero: it shrinks by 0.9 at each step, while $v$ hardly shrinks. At step 2
# $\hat m = 0.09\,g/0.19 = 0.474\,g$ and $\hat v = 0.000999\,g^2/0.001999 = 0.4997\,g^2$, so it moves by
# $0.474/0.707 = 0.67\,\eta$. At step 10 it is still $0.19\,\eta$. A zero says "the loss is flat here" and is averaged
# with what came before; `None` says "I was not asked".

# %% [markdown] lang="fr" answer="adam_words" points=2
# Le premier n'est pas touché : il ne bouge pas, et ses $m$, $v$ et $t$ ne changent pas. Le second continue dans la
# direction du pas 1, car son $m$ n'est pas nul : $m$ est multiplié par 0,9 à chaque pas, et $v$ diminue à peine.
# Au pas 2, $\hat m = 0{,}09\,g/0{,}19 = 0{,}474\,g$ et $\hat v = 0{,}000999\,g^2/0{,}001999 = 0{,}4997\,g^2$ : il bouge
# de $0{,}474/0{,}707 = 0{,}67\,\eta$. Au pas 10, c'est encore $0{,}19\,\eta$. Un zéro dit « la perte est plate ici » et
# entre dans la moyenne avec ce qui précède ; `None` dit « on ne m'a rien demandé ».

# %% [markdown] lang="en"
# ## What to remember
#
# - $m$ says where to go, $v$ how large the gradients are; the first step is $-\eta\,\mathrm{sign}(g)$, later ones about
#   $\eta$ at most. The rate is a distance.
# - Both averages start at zero and are too small at first, by the factors $1 - \beta^t$. Dividing by them corrects this.
# - $t$, $m$ and $v$ belong to a parameter. `None` leaves all three alone.
#
# Next: [AdamW](05_adamw.ipynb) adds a decay of the parameters, in the right place.

# %% [markdown] lang="fr"
# ## À retenir
#
# - $m$ dit où aller, $v$ la taille des gradients ; le premier pas est $-\eta\,\mathrm{sign}(g)$, les suivants mesurent
#   environ $\eta$ au plus. Le taux est une distance.
# - Les deux moyennes partent de zéro et sont d'abord trop petites, d'un facteur $1 - \beta^t$. Diviser par ce facteur
#   les corrige.
# - $t$, $m$ et $v$ appartiennent à un paramètre. `None` laisse les trois tels quels.
#
# Ensuite : [AdamW](05_adamw.ipynb) ajoute une décroissance des paramètres, au bon endroit.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **The length of a step, predicted.** Let every gradient be $1 + \sigma\xi$ with $\xi$ drawn anew from a normal
#    distribution. Then $\hat m$ is 1 on average and $\sqrt{\hat v}$ comes to $\sqrt{1 + \sigma^2}$, so a step should be
#    $\eta/\sqrt{1 + \sigma^2}$ long on average. Measure it with 2000 parameters at once, from step 500 to step 1000.
#    *Expect* $1$, $0.71$, $0.45$, $0.24$ and $0.12$ times $\eta$ for $\sigma = 0, 1, 2, 4, 8$. What does this do for a
#    parameter whose gradient is nearly all noise?
# 2. **Where Adam goes the wrong way** (Reddi, Kale and Kumar, *On the Convergence of Adam and Beyond*, ICLR 2018). The
#    gradient is 3 at every third step, the first one included, and $-1$ at the two others: positive on average, so $x$
#    should fall. Start at 0 and keep $x$ between $-1$ and 1 with `clamp_`. *Expect* your Adam with $\beta_1 = 0$,
#    $\beta_2 = 0.1$ and $\eta = 0.01$ to end at $+1$ after 3000 steps, and `torch.optim.Adam` with `amsgrad=True` and
#    the same numbers near $-0.99$. Print the first nine steps: who divides whom? And what does $\beta_2 = 0.999$ do?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **La longueur d'un pas, prédite.** Chaque gradient vaut $1 + \sigma\xi$, où $\xi$ est tiré chaque fois selon une
#    loi normale. Alors $\hat m$ vaut 1 en moyenne et $\sqrt{\hat v}$ tend vers $\sqrt{1 + \sigma^2}$ : un pas devrait
#    mesurer en moyenne $\eta/\sqrt{1 + \sigma^2}$. Mesurez-le avec 2000 paramètres à la fois, du pas 500 au pas 1000.
#    *Attendez-vous* à $1$, $0{,}71$, $0{,}45$, $0{,}24$ et $0{,}12$ fois $\eta$ pour $\sigma = 0, 1, 2, 4, 8$.
#    Qu'est-ce que cela change pour un paramètre dont le gradient n'est presque que du bruit ?
# 2. **Là où Adam part du mauvais côté** (Reddi, Kale et Kumar, *On the Convergence of Adam and Beyond*, ICLR 2018). Le
#    gradient vaut 3 un pas sur trois, dès le premier, et $-1$ aux deux autres : il est positif en moyenne, donc $x$
#    devrait baisser. Partez de 0 et gardez $x$ entre $-1$ et 1 avec `clamp_`. *Attendez-vous* à ce que votre Adam, avec
#    $\beta_1 = 0$, $\beta_2 = 0{,}1$ et $\eta = 0{,}01$, finisse à $+1$ après 3000 pas, et `torch.optim.Adam` avec
#    `amsgrad=True` et les mêmes nombres près de $-0{,}99$. Affichez les neuf premiers pas : qui divise qui ? Et que
#    fait $\beta_2 = 0{,}999$ ?
