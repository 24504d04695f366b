# %% [markdown] lang="en"
# # 1 · Stochastic gradient descent
#
# <div class="alert alert-info">
#
# **You will write** `SGD`, the rule that every other optimizer of this course starts from.
#
# **Time** 45 minutes · **Difficulty** ●○○○○ · **Points** 20
#
# **You need** derivatives of a function of several variables, Python classes, and `torch` tensors.
#
# </div>

# %% [markdown] lang="fr"
# # 1 · Descente de gradient stochastique
#
# <div class="alert alert-info">
#
# **Vous écrirez** `SGD`, la règle dont partent tous les autres optimiseurs de ce cours.
#
# **Durée** 45 minutes · **Difficulté** ●○○○○ · **Points** 20
#
# **Il vous faut** les dérivées d'une fonction de plusieurs variables, les classes Python et les tenseurs de `torch`.
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
# A model has parameters $\theta$. A loss $L(\theta)$ says how badly it fits the data. The gradient
# $g = \nabla L(\theta)$ points to where the loss grows fastest, so we walk the other way:
#
# $$\theta \leftarrow \theta - \eta\, g$$
#
# The number $\eta > 0$ is the **learning rate**. It is the only thing to choose, and most of this notebook is about
# choosing it.
#
# The rule is Cauchy's (1847). It is called *stochastic* when $g$ is measured on a random part of the data, a
# mini-batch, and is therefore only right on average. Robbins and Monro showed in 1951 that the rule still converges if
# the learning rate falls in the right way (*A Stochastic Approximation Method*, Annals of Mathematical Statistics 22).
# Here we give it all the data at each step: the code is the same, and the pictures are easier to read.

# %% [markdown] lang="fr"
# ## L'idée
#
# Un modèle a des paramètres $\theta$. Une perte $L(\theta)$ dit à quel point il s'ajuste mal aux données. Le gradient
# $g = \nabla L(\theta)$ indique la direction où la perte croît le plus vite ; on marche donc dans l'autre sens :
#
# $$\theta \leftarrow \theta - \eta\, g$$
#
# Le nombre $\eta > 0$ est le **taux d'apprentissage**. C'est la seule chose à choisir, et presque tout ce notebook
# porte sur ce choix.
#
# La règle est de Cauchy (1847). On la dit *stochastique* quand $g$ est mesuré sur une partie des données tirée au
# hasard, un mini-lot : il n'est alors juste qu'en moyenne. Robbins et Monro ont montré en 1951 que la règle converge
# encore si le taux décroît comme il faut (*A Stochastic Approximation Method*, Annals of Mathematical Statistics 22).
# Ici on lui donne toutes les données à chaque pas : le code est le même, et les images se lisent mieux.

# %% [markdown] lang="en"
# ## One step by hand
#
# Take $L(\theta) = \theta_1^2 + 3\theta_2^2$ at $\theta = (2, -1)$ with $\eta = 0.1$.
#
# | | $\theta_1$ | $\theta_2$ |
# |---|---|---|
# | gradient $g = (2\theta_1,\ 6\theta_2)$ | $4$ | $-6$ |
# | move $-\eta g$ | $-0.4$ | $+0.6$ |
# | new $\theta$ | $1.6$ | $-0.4$ |
#
# The loss falls from $7$ to $1.6^2 + 3 \cdot 0.4^2 = 3.04$. The next cell lets torch compute the same gradient.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Prenons $L(\theta) = \theta_1^2 + 3\theta_2^2$ en $\theta = (2, -1)$ avec $\eta = 0{,}1$.
#
# | | $\theta_1$ | $\theta_2$ |
# |---|---|---|
# | gradient $g = (2\theta_1,\ 6\theta_2)$ | $4$ | $-6$ |
# | déplacement $-\eta g$ | $-0{,}4$ | $+0{,}6$ |
# | nouveau $\theta$ | $1{,}6$ | $-0{,}4$ |
#
# La perte passe de $7$ à $1{,}6^2 + 3 \cdot 0{,}4^2 = 3{,}04$. La cellule suivante fait calculer le même gradient à torch.

# %%
theta = torch.tensor([2.0, -1.0], requires_grad=True)
loss = theta[0] ** 2 + 3 * theta[1] ** 2
loss.backward()
print("gradient ", theta.grad.tolist())
print("new theta", [f"{value:.1f}" for value in theta - 0.1 * theta.grad])

# %% [markdown] lang="en"
# ## Your turn
#
# An optimizer in torch is a class derived from `torch.optim.Optimizer`. Its constructor hands two things to the base
# class: the parameters, and a dictionary of defaults. The base class then gives you
#
# - `self.param_groups`, a list of dictionaries. Each holds the parameters of a group under `"params"` and the
#   hyperparameters of that group under their names. The learning rate stands under `"lr"`.
# - `self.state`, a dictionary in which you may keep something for every parameter. SGD needs none.
#
# Three habits that you will keep in all five optimizers:
#
# - read the learning rate from the group at each step: somebody may have changed it (a scheduler does);
# - leave a parameter alone when its `.grad` is `None`;
# - change the parameter **in place** and under `torch.no_grad()`, so that autograd does not record the step.

# %% [markdown] lang="fr"
# ## À vous
#
# Dans torch, un optimiseur est une classe dérivée de `torch.optim.Optimizer`. Son constructeur donne deux choses à la
# classe de base : les paramètres, et un dictionnaire de valeurs par défaut. La classe de base vous fournit alors
#
# - `self.param_groups`, une liste de dictionnaires. Chacun contient les paramètres d'un groupe sous `"params"` et les
#   hyperparamètres de ce groupe sous leur nom. Le taux d'apprentissage se trouve sous `"lr"`.
# - `self.state`, un dictionnaire où vous pouvez garder quelque chose pour chaque paramètre. SGD n'en a pas besoin.
#
# Trois habitudes que vous garderez dans les cinq optimiseurs :
#
# - lire le taux d'apprentissage dans le groupe à chaque pas : quelqu'un a pu le changer (un *scheduler* le fait) ;
# - laisser un paramètre tranquille quand son `.grad` vaut `None` ;
# - modifier le paramètre **sur place** et sous `torch.no_grad()`, pour qu'autograd n'enregistre pas le pas.

# %% solution="sgd"
class SGD(torch.optim.Optimizer):
    """Gradient descent: θ ← θ − η g.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    """

    def __init__(self, params, learning_rate=0.01):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate})
        ### END SOLUTION

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p -= group["lr"] * p.grad
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the constructor</summary>
#
# One line: call `super().__init__` with `params` and a dictionary. Under which key must the learning rate stand?
#
# </details>
# <details><summary>Hint 2: the loops</summary>
#
# Two loops, one inside the other: over `self.param_groups`, then over `group["params"]`.
#
# </details>
# <details><summary>Hint 3: nothing moves</summary>
#
# `p = p - ...` makes a new tensor and gives it the name `p`; the parameter of the model is still the old one.
# `p -= ...` and `p.sub_(...)` change the tensor itself.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le constructeur</summary>
#
# Une ligne : appelez `super().__init__` avec `params` et un dictionnaire. Sous quelle clé le taux doit-il se trouver ?
#
# </details>
# <details><summary>Indice 2 : les boucles</summary>
#
# Deux boucles imbriquées : sur `self.param_groups`, puis sur `group["params"]`.
#
# </details>
# <details><summary>Indice 3 : rien ne bouge</summary>
#
# `p = p - ...` crée un nouveau tenseur et lui donne le nom `p` ; le paramètre du modèle reste l'ancien.
# `p -= ...` et `p.sub_(...)` modifient le tenseur lui-même.
#
# </details>

# %% check="sgd_check" points=18
coursekit.check(SGD)

# %% [markdown] lang="en"
# ## On the linear data
#
# One hundred points of $y = 3x + 5$ with noise, and a model with a weight and a bias, both starting at 0.

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Cent points de $y = 3x + 5$ avec du bruit, et un modèle avec un poids et un biais, tous deux nuls au départ.

# %%
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.train(model, line, SGD(model.parameters(), learning_rate=0.01), epochs=100)
    coursekit.plots.training(history, line, "SGD on the linear data, learning rate 0.01")

# %% [markdown] lang="en"
# **What to see.** The weight is right after a few steps; the bias takes nearly all hundred. In the middle picture the
# path first crosses the valley, then crawls along it. The curvature is about 68 across the valley and 2 along it: one
# learning rate has to serve both, and the steep direction sets the limit.

# %% [markdown] lang="fr"
# **À voir.** Le poids est bon après quelques pas ; le biais en demande presque cent. Sur l'image du milieu, le chemin
# traverse d'abord la vallée, puis la longe lentement. La courbure vaut environ 68 en travers de la vallée et 2 dans sa
# longueur : un seul taux sert aux deux, et c'est la direction raide qui fixe la limite.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The same model on points of $y = 0.5x^2 - 4x$. Before you run the cell: what is the best line through a parabola?

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# Le même modèle sur des points de $y = 0{,}5x^2 - 4x$. Avant de lancer la cellule : quelle est la meilleure droite à
# travers une parabole ?

# %%
parabola = coursekit.data.nonlinear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.train(model, parabola, SGD(model.parameters(), learning_rate=0.01), epochs=100)
    coursekit.plots.training(history, parabola, "SGD on the non-linear data, learning rate 0.01")

# %% [markdown] lang="en"
# **What to see.** The loss settles near 280 although the optimizer does its work: it found the best line, with a
# slope near $-4$, and no line is good here. A loss that stays high is not always the optimizer's fault.

# %% [markdown] lang="fr"
# **À voir.** La perte se fixe vers 280 bien que l'optimiseur fasse son travail : il a trouvé la meilleure
# droite, de pente proche de $-4$, et aucune droite n'est bonne ici. Une perte qui reste haute n'est pas toujours la
# faute de l'optimiseur.

# %% [markdown] lang="en"
# ## One step, seen from above
#
# A valley, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, ten times more curved across than along. Your class has taken two
# steps from $(-3,\ 1.2)$, and the arrow is its third. Before you run the cell: at which angle does it cross the
# contour line?

# %% [markdown] lang="fr"
# ## Un pas, vu d'en haut
#
# Une vallée, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, dix fois plus courbée en travers qu'en longueur. Votre classe a
# fait deux pas depuis $(-3 ;\ 1{,}2)$, et la flèche est le troisième. Avant de lancer la cellule : sous quel angle
# coupe-t-elle la ligne de niveau ?

# %%
valley = coursekit.functions.valley(10)
with coursekit.once_written():
    coursekit.plots.one_step(SGD, valley, (-3.0, 1.2), "One step of SGD", steps=2, learning_rate=0.05)

# %% [markdown] lang="en"
# **What to see.** At a right angle. The gradient is $(-2.7,\ 3)$, and the step is that turned round and shortened,
# $(0.135,\ -0.15)$: at this place $f$ falls fastest in this direction. It is not the direction of the minimum. The
# steep coordinate has too much to say, and the next four notebooks are about that.

# %% [markdown] lang="fr"
# **À voir.** À angle droit. Le gradient vaut $(-2{,}7 ;\ 3)$ et le pas est ce gradient, retourné et raccourci,
# $(0{,}135 ;\ -0{,}15)$ : à cet endroit, c'est dans cette direction que $f$ baisse le plus vite. Ce n'est pas la
# direction du minimum. La coordonnée raide a trop à dire, et c'est le sujet des quatre notebooks suivants.

# %% [markdown] lang="en"
# ## The rate at which it diverges
#
# On a parabola of curvature $\lambda$ one step multiplies the distance to the minimum by $1 - \eta\lambda$. The distance
# shrinks while $|1 - \eta\lambda| < 1$, that is while
#
# $$\eta < \frac{2}{\lambda}.$$
#
# With several parameters the curvatures are the eigenvalues of the Hessian, and the largest one decides. For the mean
# squared error of a line the Hessian is $\frac{2}{n} X^\top X$, where the columns of $X$ are $x$ and $1$.

# %% [markdown] lang="fr"
# ## Le taux où elle diverge
#
# Sur une parabole de courbure $\lambda$, un pas multiplie la distance au minimum par $1 - \eta\lambda$. La distance
# diminue tant que $|1 - \eta\lambda| < 1$, c'est-à-dire tant que
#
# $$\eta < \frac{2}{\lambda}.$$
#
# Avec plusieurs paramètres, les courbures sont les valeurs propres de la hessienne, et la plus grande décide. Pour
# l'erreur quadratique moyenne d'une droite, la hessienne est $\frac{2}{n} X^\top X$, où les colonnes de $X$ sont $x$ et $1$.

# %%
X = torch.cat([line.x, torch.ones_like(line.x)], dim=1)
curvatures = torch.linalg.eigvalsh(2 / len(X) * X.T @ X)
critical = 2 / curvatures.max().item()
print("curvatures   ", ", ".join(f"{value:.2f}" for value in curvatures.tolist()))
print("critical rate", f"{critical:.4f}")

# %%
with coursekit.once_written():
    losses = {}
    for share in (0.5, 0.98, 1.02):
        model = coursekit.linear_model()
        optimizer = SGD(model.parameters(), learning_rate=share * critical)
        losses[f"{share:.2f} × 2/λ"] = coursekit.train(model, line, optimizer, epochs=60, every=0).losses
    coursekit.plots.lines(losses, "SGD below and above the critical rate", "epoch", "mean squared error", log="y")

# %% [markdown] lang="en"
# **What to see.** Two per cent below the critical rate the loss still falls; two per cent above it grows without end.
# The best of the three is the first: half of the critical rate crosses the steep direction in a single step.

# %% [markdown] lang="fr"
# **À voir.** Deux pour cent sous le taux critique, la perte baisse encore ; deux pour cent au-dessus, elle croît sans fin.
# Le meilleur des trois est le premier : la moitié du taux critique traverse la direction raide en un seul pas.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# `loss.backward()` **adds** to `.grad`. Without `optimizer.zero_grad()` each step uses the sum of all gradients so far:
# the walker keeps its momentum, overshoots the minimum, and swings back and forth. The rule itself was right, and that
# is why this mistake is hard to find. Other frequent ones: `+=` instead of `-=` (the loss explodes at once), and
# `p = p - ...` (nothing moves).

# %% [markdown] lang="fr"
# ## Ce qui se passe souvent mal
#
# `loss.backward()` **ajoute** à `.grad`. Sans `optimizer.zero_grad()`, chaque pas utilise la somme de tous les gradients
# passés : le marcheur garde son élan, dépasse le minimum et oscille. La règle elle-même était juste, et c'est pourquoi
# cette erreur est difficile à trouver. Autres erreurs fréquentes : `+=` au lieu de `-=` (la perte explose aussitôt), et
# `p = p - ...` (rien ne bouge).

# %%
with coursekit.once_written():
    biases = {}
    for name, forgotten in (("gradient cleared", False), ("zero_grad forgotten", True)):
        model = coursekit.linear_model()
        optimizer = SGD(model.parameters(), learning_rate=0.01)
        biases[name] = []
        for _ in range(100):
            if not forgotten:
                optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(line.x), line.y).backward()
            optimizer.step()
            biases[name].append(model.bias.item())
    coursekit.plots.stacked([("bias", biases)], "What a forgotten zero_grad does", "epoch")

# %% [markdown] lang="en"
# **What to see.** With cleared gradients the bias climbs to its value and stays. Without, it swings around it and never settles.

# %% [markdown] lang="fr"
# **À voir.** Avec des gradients remis à zéro, le biais monte vers sa valeur et y reste. Sans cela, il oscille autour et ne se fixe jamais.

# %% [markdown] lang="en"
# ## A question
#
# Someone measures $x$ in millimetres instead of centimetres, so every $x$ is ten times larger. What happens to the
# critical learning rate, and what does that mean for the number of steps the bias needs? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Quelqu'un mesure $x$ en millimètres au lieu de centimètres : chaque $x$ est dix fois plus grand. Que devient le taux
# critique, et qu'est-ce que cela change au nombre de pas qu'il faut au biais ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="sgd_words" points=2
# The curvature along the weight is $2\,\overline{x^2}$: it becomes 100 times larger, so the critical rate becomes 100
# times smaller. The curvature along the bias stays 2. At a rate 100 times smaller the bias needs about 100 times as
# many steps. Rescaling the inputs is therefore worth more than any tuning of the rate.

# %% [markdown] lang="fr" answer="sgd_words" points=2
# La courbure selon le poids est $2\,\overline{x^2}$ : elle devient 100 fois plus grande, donc le taux critique devient
# 100 fois plus petit. La courbure selon le biais reste 2. À un taux 100 fois plus petit, il faut au biais environ 100
# fois plus de pas. Remettre les entrées à l'échelle vaut donc mieux que tout réglage du taux.

# %% [markdown] lang="en"
# ## What to remember
#
# - One rule, $\theta \leftarrow \theta - \eta g$, and one number to choose.
# - The largest curvature sets the limit: $\eta < 2/\lambda_{\max}$. The smallest sets the time.
# - Read the rate from the group, skip `None`, change in place under `torch.no_grad()`, and clear the gradients.
#
# Next: [RMSProp](02_rmsprop.ipynb) gives every parameter a step size of its own.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Une règle, $\theta \leftarrow \theta - \eta g$, et un nombre à choisir.
# - La plus grande courbure fixe la limite : $\eta < 2/\lambda_{\max}$. La plus petite fixe la durée.
# - Lire le taux dans le groupe, passer les `None`, modifier sur place sous `torch.no_grad()`, et effacer les gradients.
#
# Ensuite : [RMSProp](02_rmsprop.ipynb) donne à chaque paramètre sa propre longueur de pas.
