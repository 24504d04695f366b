# %% [markdown] lang="en"
# # 1 · Stochastic gradient descent
#
# <div class="alert alert-info">
#
# **You will write** `SGD`, the rule that every other optimizer of this course starts from; the data of the course; and
# the training loop that uses both.
#
# **Time** 90 minutes · **Difficulty** ●○○○○ · **Points** 22
#
# **You need** derivatives of a function of several variables, Python classes, `torch` tensors, and for one section what
# an eigenvalue is.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes. “Your turn: the data” and “Your turn: the training loop” come next.
#
# </div>

# %% [markdown] lang="fr"
# # 1 · Descente de gradient stochastique
#
# <div class="alert alert-info">
#
# **Vous écrirez** `SGD`, la règle dont partent tous les autres optimiseurs de ce cours ; les données du cours ; et la
# boucle d'entraînement qui se sert de l'une et des autres.
#
# **Durée** 90 minutes · **Difficulté** ●○○○○ · **Points** 22
#
# **Il vous faut** les dérivées d'une fonction de plusieurs variables, les classes Python, les tenseurs de `torch` et,
# pour une section, la notion de valeur propre.
#
# **Commencez** par la cellule sous « À vous » : écrivez-y la classe, exécutez-la, puis exécutez la vérification qui
# suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie. Puis viennent « À vous :
# les données » et « À vous : la boucle d'entraînement ».
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import numpy as np
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
# The number $\eta > 0$ is the **learning rate**. It is the only number to choose, and most of this notebook is about
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
# $g = \nabla L(\theta)$ indique la direction où la perte croît le plus vite ; on marche donc dans l'autre sens :
#
# $$\theta \leftarrow \theta - \eta\, g$$
#
# Le nombre $\eta > 0$ est le **taux d'apprentissage**. C'est le seul nombre à choisir, et presque tout ce notebook
# porte sur ce choix.
#
# La règle est de Cauchy (1847). On la dit *stochastique* quand $g$ est mesuré sur une partie des données tirée au
# hasard, un mini-lot : il n'est alors juste qu'en moyenne. Robbins et Monro ont montré en 1951 que la règle converge
# tout de même si le taux décroît comme il faut (*A Stochastic Approximation Method*, Annals of Mathematical Statistics
# 22). Ici on lui donne toutes les données à chaque pas : le code est le même, et les figures sont plus faciles à lire.

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
# Prenons $L(\theta) = \theta_1^2 + 3\theta_2^2$ en $\theta = (2\,;\ -1)$ avec $\eta = 0{,}1$.
#
# | | $\theta_1$ | $\theta_2$ |
# |---|---|---|
# | gradient $g = (2\theta_1\,;\ 6\theta_2)$ | $4$ | $-6$ |
# | déplacement $-\eta g$ | $-0{,}4$ | $+0{,}6$ |
# | nouveau $\theta$ | $1{,}6$ | $-0{,}4$ |
#
# La perte passe de $7$ à $1{,}6^2 + 3 \cdot 0{,}4^2 = 3{,}04$. La cellule suivante fait calculer le même gradient à
# torch.

# %%
theta = torch.tensor([2.0, -1.0], requires_grad=True)
loss = theta[0] ** 2 + 3 * theta[1] ** 2
loss.backward()
print("g", theta.grad.tolist())
print("θ", [f"{value:.1f}" for value in theta - 0.1 * theta.grad])

# %% [markdown] lang="en"
# ## Your turn
#
# An optimizer in torch is a class derived from `torch.optim.Optimizer`. Its constructor hands two things to the base
# class: the parameters, and a dictionary of defaults. The base class then gives you
#
# - `self.param_groups`, a list of dictionaries. Each holds the parameters of a group under `"params"` and the
#   hyperparameters of that group (the numbers that you choose, and training does not change) under their names. The
#   learning rate stands under `"lr"`.
# - `self.state`, a dictionary in which you may keep something for every parameter. SGD needs none.
#
# Three habits that you will keep in all five optimizers:
#
# - read the learning rate from the group at each step: somebody may have changed it (a scheduler does, see notebook 8);
# - leave a parameter alone when its `.grad` is `None`;
# - change the parameter **in place** and under `torch.no_grad()`, so that autograd does not record the step.
#
# The cell after the hints, `coursekit.check(SGD)`, runs your class on small examples, beside torch's own. It shows what
# is right, and explains the first number that is wrong. Check as often as you like. `coursekit.progress()`, in a cell
# of your own, shows how far you are in all nine notebooks.

# %% [markdown] lang="fr"
# ## À vous
#
# Dans torch, un optimiseur est une classe dérivée de `torch.optim.Optimizer`. Son constructeur donne deux choses à la
# classe de base : les paramètres, et un dictionnaire de valeurs par défaut. La classe de base vous fournit alors
#
# - `self.param_groups`, une liste de dictionnaires. Chacun contient les paramètres d'un groupe sous la clé `"params"`
#   et les hyperparamètres de ce groupe (les nombres que vous choisissez et que l'entraînement ne change pas) sous leur
#   nom. Le taux d'apprentissage se trouve sous `"lr"`.
# - `self.state`, un dictionnaire où vous pouvez garder quelque chose pour chaque paramètre. SGD n'en a pas besoin.
#
# Trois habitudes que vous garderez dans les cinq optimiseurs :
#
# - lire le taux d'apprentissage dans le groupe à chaque pas : il a pu changer (c'est ce que fait un *scheduler*, voir le
#   notebook 8) ;
# - ne pas toucher à un paramètre dont le `.grad` vaut `None` ;
# - modifier le paramètre **sur place** et sous `torch.no_grad()`, pour qu'autograd n'enregistre pas le pas.
#
# La cellule qui suit les indices, `coursekit.check(SGD)`, exécute votre classe sur de petits exemples, à côté de celle
# de torch. Elle montre ce qui est juste et explique le premier nombre faux. Vérifiez autant de fois que vous voulez.
# `coursekit.progress()`, dans une cellule à vous, montre où vous en êtes dans les neuf notebooks.

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
# <details><summary>Indice 1 : le constructeur</summary>
#
# Une ligne : appelez `super().__init__` avec `params` et un dictionnaire. Sous quelle clé le taux d'apprentissage
# doit-il se trouver ?
#
# </details>
# <details><summary>Indice 2 : les boucles</summary>
#
# Deux boucles imbriquées : sur `self.param_groups`, puis sur `group["params"]`.
#
# </details>
# <details><summary>Indice 3 : rien ne bouge</summary>
#
# `p = p - ...` crée un nouveau tenseur et lui donne le nom `p` ; le paramètre du modèle reste l'ancien. `p -= ...` et
# `p.sub_(...)` modifient le tenseur lui-même.
#
# </details>

# %% check="sgd_check" points=9
coursekit.check(SGD)

# %% [markdown] lang="en"
# ## Your turn: the data
#
# All notebooks use the same two sets of one hundred points. The inputs $x$ go from −10 to 10 in equal steps, and each
# point has normal noise with mean 0 added to it:
#
# - a line, $y = 3x + 5$, with noise of standard deviation 2;
# - a parabola, $y = 0.5x^2 - 4x$, with noise of standard deviation 5.
#
# `np.random.seed(seed)` starts a stream of random numbers that is the same on every computer, and
# `np.random.normal(mean, deviation, size)` draws the next numbers of it. Draw the noise of the line first, then that of
# the parabola, from the same stream.

# %% [markdown] lang="fr"
# ## À vous : les données
#
# Tous les notebooks utilisent les deux mêmes jeux de cent points. Les entrées $x$ vont de −10 à 10 par pas égaux, et à
# chaque point s'ajoute un bruit normal de moyenne 0 :
#
# - une droite, $y = 3x + 5$, avec un bruit d'écart-type 2 ;
# - une parabole, $y = 0{,}5x^2 - 4x$, avec un bruit d'écart-type 5.
#
# `np.random.seed(seed)` commence une suite de nombres aléatoires, la même sur tous les ordinateurs, et
# `np.random.normal(moyenne, écart_type, taille)` en tire les nombres suivants. Tirez d'abord le bruit de la droite,
# puis celui de la parabole, de la même suite.

# %% solution="make_data"
def make_data(seed):
    """Draw the two sets of the course from the stream that this seed starts.

    Return three arrays of 100 numbers: the inputs, the line and the parabola.
    """
    ### BEGIN SOLUTION
    np.random.seed(seed)
    x = np.linspace(-10, 10, 100)
    line = 3 * x + 5 + np.random.normal(0, 2, 100)
    parabola = 0.5 * x**2 - 4 * x + np.random.normal(0, 5, 100)
    return x, line, parabola
    ### END SOLUTION

# %% check="make_data_check" points=1
coursekit.check(make_data)

# %% [markdown] lang="en"
# `coursekit.data` has both sets ready, drawn with the seed 0: `x` and `y` of each are tensors of 100 rows and one
# column, as a model of torch takes them.

# %% [markdown] lang="fr"
# `coursekit.data` fournit les deux jeux tout prêts, tirés avec la graine 0 : leurs `x` et `y` sont des tenseurs de 100
# lignes et une colonne, comme les attend un modèle de torch.

# %%
line, parabola = coursekit.data.linear(), coursekit.data.nonlinear()
print(line.x.shape, line.y.shape)

# %% [markdown] lang="en"
# ## Your turn: the training loop
#
# An optimizer only takes steps. Around it stands a loop, and each of its turns does five things:
#
# 1. clear the gradients (`optimizer.zero_grad()`), because `backward` adds to what is there;
# 2. predict, with `model(x)`;
# 3. measure how bad that is, with `criterion(prediction, y)`: the loss, one number;
# 4. differentiate it (`loss.backward()`), which puts a gradient into the `.grad` of every parameter;
# 5. take a step (`optimizer.step()`).
#
# One turn over all points is an **epoch**. Write the loop once: the rest of this notebook, and all later ones, train
# with yours.

# %% [markdown] lang="fr"
# ## À vous : la boucle d'entraînement
#
# Un optimiseur ne fait que des pas. Autour de lui, il y a une boucle, dont chaque tour fait cinq choses :
#
# 1. effacer les gradients (`optimizer.zero_grad()`), car `backward` s'ajoute à ce qui est déjà là ;
# 2. prédire, avec `model(x)` ;
# 3. mesurer l'erreur, avec `criterion(prediction, y)` : la perte, un nombre ;
# 4. la dériver (`loss.backward()`), ce qui met un gradient dans le `.grad` de chaque paramètre ;
# 5. faire un pas (`optimizer.step()`).
#
# Un tour sur tous les points est une **époque**. Écrivez cette boucle une fois : la suite de ce notebook et tous les
# suivants s'en servent pour l'entraînement.

# %% solution="train"
def train(model, x, y, criterion, optimizer, epochs):
    """Train a model on all points at once, with one step in each epoch.

    model: an nn.Module; model(x) is what it predicts
    x, y: inputs and targets, tensors of shape (n, 1)
    criterion: takes predictions and targets and returns the loss, as nn.MSELoss() does
    optimizer: holds the parameters of the model
    epochs: how many

    Return two things: a list of the losses at the epochs 0, 10, 20, ..., each from before the step of that epoch,
    and a dictionary of the parameters at the end, each under its name. Print on the way what you like.
    """
    ### BEGIN SOLUTION
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        if epoch % 10 == 0:
            losses.append(loss.item())
    return losses, dict(model.named_parameters())
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: what stands where</summary>
#
# An empty list before the loop, `for epoch in range(epochs):`, the five lines in the order of the text, and `return`
# below the loop, not in it.
#
# </details>
# <details><summary>Hint 2: every tenth loss</summary>
#
# `epoch % 10` is what is left when `epoch` is divided by 10. The loss is a tensor with a graph behind it; `.item()`
# makes a plain number of it.
#
# </details>
# <details><summary>Hint 3: the parameters under their names</summary>
#
# A model knows the names of its parameters: `model.named_parameters()` goes through pairs of a name and a parameter,
# and `dict(...)` makes a dictionary of pairs.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : la place de chaque ligne</summary>
#
# Une liste vide avant la boucle, `for epoch in range(epochs):`, les cinq lignes dans l'ordre du texte, et `return` sous
# la boucle, pas dedans.
#
# </details>
# <details><summary>Indice 2 : une perte sur dix</summary>
#
# `epoch % 10` est le reste de la division de `epoch` par 10. La perte est un tenseur attaché à un graphe ; `.item()` en
# fait un simple nombre.
#
# </details>
# <details><summary>Indice 3 : les paramètres sous leurs noms</summary>
#
# Un modèle connaît les noms de ses paramètres : `model.named_parameters()` parcourt des couples formés d'un nom et d'un
# paramètre, et `dict(...)` fait de ces couples un dictionnaire.
#
# </details>

# %% check="train_check" points=8
coursekit.check(train)

# %% [markdown] lang="en"
# ## On the linear data
#
# Now train with what you have written. `nn.Linear(1, 1)` is a line with a weight and a bias; torch draws both at
# random, between −1 and 1, so every new model starts elsewhere, unless a seed is set first. As long as something that a
# block needs is not written, `with coursekit.once_written():` skips the block, and says so.

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Entraînez maintenant avec ce que vous avez écrit. `nn.Linear(1, 1)` est une droite avec un poids et un biais ; torch
# tire les deux au hasard, entre −1 et 1 : chaque nouveau modèle a un autre départ, à moins qu'on ne fixe d'abord une
# graine. Tant qu'il vous reste à écrire une chose dont un bloc a besoin, `with coursekit.once_written():` saute ce
# bloc, et le dit.

# %%
with coursekit.once_written():
    torch.manual_seed(0)
    model = torch.nn.Linear(1, 1)
    print(f"{model.weight.item():.3f}, {model.bias.item():.3f}")
    optimizer = SGD(model.parameters(), learning_rate=0.01)
    losses, parameters = train(model, line.x, line.y, torch.nn.MSELoss(), optimizer, epochs=100)
    print(", ".join(f"{loss:.2f}" for loss in losses))
    print({name: round(torch.as_tensor(value).item(), 3) for name, value in parameters.items()})
    coursekit.plots.fit(line, {"fitted line": model(line.x).detach()}, "SGD on the linear data, from a random start")

# %% [markdown] lang="en"
# **What to see.** Printed are the start, the ten losses, and the end. Set other seeds and run the cell again: the weight
# ends at 2.970 whatever the start; the bias, which ends at 4.512 here, still shows where it came from.
#
# For pictures that can be compared, the start must be the same. From here on `coursekit.linear_model()` makes the
# model, with weight and bias 0. And `coursekit.record(train, ...)` runs your loop and keeps what a picture needs, the
# loss and the parameters after every epoch; it prints every tenth loss, and leaves out what your loop prints.

# %% [markdown] lang="fr"
# **À voir.** Sont affichés le départ, les dix pertes et l'arrivée. Essayez d'autres graines et relancez la cellule : le
# poids finit à 2,970 quel que soit le départ ; le biais, qui finit ici à 4,512, laisse encore voir d'où il est parti.
#
# Pour que les figures soient comparables, le départ doit être le même. À partir d'ici, c'est `coursekit.linear_model()`
# qui crée le modèle, avec un poids et un biais nuls. Puis `coursekit.record(train, ...)` exécute votre boucle et garde
# ce qu'il faut pour une figure : la perte et les paramètres après chaque époque. Cette fonction affiche une perte sur
# dix, et masque ce qu'affiche votre boucle.

# %%
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = SGD(model.parameters(), learning_rate=0.01)
    history = coursekit.record(train, model, line, optimizer, epochs=100)
    coursekit.plots.training(history, line, "SGD on the linear data, learning rate 0.01")

# %% [markdown] lang="en"
# **What to see.** The weight is right after about five steps. After all hundred the bias has only reached 4.44 of 5.12.
# In the middle picture the path first crosses the valley, then crawls along it. The curvature is about 68 across the
# valley and 2 along it: one learning rate has to serve both, and the steep direction sets the limit.

# %% [markdown] lang="fr"
# **À voir.** Le poids est bon après cinq pas environ. Après les cent pas, le biais n'en est qu'à 4,44 sur 5,12. Sur la
# figure du milieu, le chemin traverse d'abord la vallée, puis la longe lentement. La courbure vaut environ 68 en
# travers de la vallée et 2 dans sa longueur. Un seul taux doit servir aux deux directions, et c'est la direction raide
# qui fixe la limite.

# %% [markdown] lang="en"
# ## On the non-linear data
#
# The same model on points of $y = 0.5x^2 - 4x$. What is the best line through a parabola? Write what you expect between
# the quotes, in a few words, and run both cells. Nobody grades it: it only comes back beside the result.

# %% [markdown] lang="fr"
# ## Sur les données non linéaires
#
# Le même modèle sur des points de $y = 0{,}5x^2 - 4x$. Quelle est la meilleure droite à travers une parabole ? Écrivez
# votre prédiction entre les guillemets, en quelques mots, puis lancez les deux cellules. Personne ne la note : elle
# réapparaît seulement à côté du résultat.

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
with coursekit.once_written():
    model = coursekit.linear_model()
    optimizer = SGD(model.parameters(), learning_rate=0.01)
    history = coursekit.record(train, model, parabola, optimizer, epochs=100)
    coursekit.plots.training(history, parabola, "SGD on the non-linear data, learning rate 0.01")

# %% [markdown] lang="en"
# **What to see.** The weight has arrived, near $-4.14$. The bias has come to 15.1 of 17.4, and the loss to 282. More
# steps would not help much: the best line has the loss 277, and no line is good here. A loss that stays high is not
# always the optimizer's fault.

# %% [markdown] lang="fr"
# **À voir.** Le poids est arrivé, près de $-4{,}14$. Le biais en est à 15,1 sur 17,4, et la perte à 282. D'autres pas
# n'aideraient guère : la meilleure droite a une perte de 277, et aucune droite n'est bonne ici. Une perte qui reste
# haute n'est pas toujours la faute de l'optimiseur.

# %% [markdown] lang="en"
# ## One step, seen from above
#
# A valley, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, ten times more curved across than along. Your class has taken two
# steps from $(-3,\ 1.2)$. Two arrows begin where it stands: the direction against the gradient, and the third step,
# drawn longer than it is. Predict, in the next cell: at which angle does each of them leave the contour line of this
# place, which is dashed?

# %% [markdown] lang="fr"
# ## Un pas, vu d'en haut
#
# Une vallée, $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, dix fois plus courbée en travers qu'en longueur. Votre classe a
# fait deux pas depuis $(-3\,;\ 1{,}2)$. Deux flèches partent du point où elle se trouve : la direction opposée au
# gradient, et le troisième pas, dessiné plus long qu'il ne l'est. Prédisez, dans la cellule suivante : quel angle
# chacune fait-elle avec la ligne de niveau qui passe par ce point, tracée en tirets ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
valley = coursekit.functions.valley(10)
with coursekit.once_written():
    coursekit.plots.one_step(SGD, valley, (-3.0, 1.2), "One step of SGD", steps=2, learning_rate=0.05)

# %% [markdown] lang="en"
# **What to see.** At a right angle, both of them: they have the same direction. The gradient is $(-2.7,\ 3)$; turned
# round and multiplied by the rate it is the step, $(0.135,\ -0.15)$. From this place, $f$ falls fastest in this
# direction. It is not the direction of the minimum. The steep coordinate counts for too much, and the next four
# notebooks are about that.

# %% [markdown] lang="fr"
# **À voir.** Un angle droit, toutes les deux : elles ont la même direction. Le gradient vaut $(-2{,}7\,;\ 3)$ ; changé
# de signe et multiplié par le taux, c'est le pas, $(0{,}135\,;\ -0{,}15)$. En ce point, c'est dans cette direction que
# $f$ baisse le plus vite. Ce n'est pas la direction du minimum : la coordonnée raide pèse trop lourd. C'est le sujet
# des quatre notebooks suivants.

# %% [markdown] lang="en"
# ## The rate from which it diverges
#
# On a parabola of curvature $\lambda$ one step multiplies the distance to the minimum by $1 - \eta\lambda$. The distance
# shrinks while $|1 - \eta\lambda| < 1$, that is while
#
# $$\eta < \frac{2}{\lambda}.$$
#
# With several parameters the curvatures are the eigenvalues of the Hessian, the matrix of all second derivatives of the
# loss, and the largest one decides. For the mean squared error of a line the Hessian is $\frac{2}{n} X^\top X$, where
# the columns of $X$ are $x$ and $1$. `torch.linalg.eigvalsh` computes the eigenvalues.

# %% [markdown] lang="fr"
# ## Le taux à partir duquel SGD diverge
#
# Sur une parabole de courbure $\lambda$, un pas multiplie la distance au minimum par $1 - \eta\lambda$. La distance
# diminue tant que $|1 - \eta\lambda| < 1$, c'est-à-dire tant que
#
# $$\eta < \frac{2}{\lambda}.$$
#
# Avec plusieurs paramètres, les courbures sont les valeurs propres de la hessienne, la matrice de toutes les dérivées
# secondes de la perte, et c'est la plus grande qui décide. Pour l'erreur quadratique moyenne d'une droite, la hessienne
# est $\frac{2}{n} X^\top X$, où les colonnes de $X$ sont $x$ et $1$. `torch.linalg.eigvalsh` calcule les valeurs
# propres.

# %%
X = torch.cat([line.x, torch.ones_like(line.x)], dim=1)
curvatures = torch.linalg.eigvalsh(2 / len(X) * X.T @ X)
critical = 2 / curvatures.max().item()
print("λ   ", ", ".join(f"{value:.2f}" for value in curvatures.tolist()))
print("2/λ ", f"{critical:.4f}")

# %%
with coursekit.once_written():
    losses = {}
    for share in (0.5, 0.98, 1.02):
        model = coursekit.linear_model()
        optimizer = SGD(model.parameters(), learning_rate=share * critical)
        losses[f"SGD, {share:.2f} × 2/λ"] = coursekit.record(train, model, line, optimizer, epochs=60, every=0).losses
    coursekit.plots.lines(losses, "SGD below and above the critical rate", "epoch", "mean squared error", log="y")

# %% [markdown] lang="en"
# **What to see.** Two per cent below the critical rate the loss still falls; two per cent above, it grows without end.
# The best of the three is the first: at half of the critical rate a single step crosses the steep direction.

# %% [markdown] lang="fr"
# **À voir.** Deux pour cent sous le taux critique, la perte baisse encore ; deux pour cent au-dessus, elle croît sans
# fin. Le meilleur des trois est le premier : à la moitié du taux critique, un seul pas suffit dans la direction raide.

# %% [markdown] lang="en"
# **Play.** The same training, at a share of the critical rate that you choose. Where does the loss fall fastest in the
# first steps, and where does it end lowest? What happens between 0.98 and 1.02?

# %% [markdown] lang="fr"
# **Jouez.** Le même entraînement, à une fraction du taux critique que vous choisissez. Pour quelle fraction la perte
# baisse-t-elle le plus vite aux premiers pas, et pour laquelle finit-elle le plus bas ? Que se passe-t-il entre 0,98
# et 1,02 ?

# %%
def trained(share):
    model = coursekit.linear_model()
    optimizer = SGD(model.parameters(), learning_rate=share * critical)
    return {"SGD": coursekit.record(train, model, line, optimizer, epochs=60, every=0).losses}


with coursekit.once_written():
    coursekit.playground.curves(
        trained,
        "SGD near the critical rate",
        "epoch",
        "mean squared error",
        log="y",
        ylim=(1, 1e5),
        sliders={"share": (0.02, 1.06, 0.98)},
    )

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# `loss.backward()` **adds** to `.grad`. Without `optimizer.zero_grad()` each step uses the sum of all gradients so far:
# the parameter gathers momentum, overshoots the minimum, and swings back and forth. The rule itself is right, and that
# is why this mistake is hard to find. The cell puts a function that does nothing in the place of `zero_grad`. Other
# frequent ones: `+=` instead of `-=` (the loss explodes at once), and `p = p - ...` (nothing moves).

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# `loss.backward()` **ajoute** à `.grad`. Sans `optimizer.zero_grad()`, chaque pas utilise la somme de tous les
# gradients passés : le paramètre prend de l'élan, dépasse le minimum et oscille. La règle elle-même est juste, et c'est
# pourquoi cette erreur est difficile à trouver. La cellule met une fonction qui ne fait rien à la place de `zero_grad`.
# Autres erreurs : `+=` au lieu de `-=` (la perte explose aussitôt), et `p = p - ...` (rien ne bouge).

# %%
with coursekit.once_written():
    biases = {}
    for name, forgotten in (("gradient cleared", False), ("zero_grad forgotten", True)):
        model = coursekit.linear_model()
        optimizer = SGD(model.parameters(), learning_rate=0.01)
        if forgotten:
            optimizer.zero_grad = model.zero_grad = lambda **_: None
        biases[name] = coursekit.record(train, model, line, optimizer, epochs=400, every=0).parameters[:, 1]
    coursekit.plots.stacked([("bias", biases)], "What a forgotten zero_grad does", "epoch")

# %% [markdown] lang="en"
# **What to see.** With cleared gradients the bias climbs to 5.12 and stays. Without, it swings between 0 and 10 and
# never settles.

# %% [markdown] lang="fr"
# **À voir.** Quand on efface les gradients, le biais monte jusqu'à 5,12 et y reste. Sinon, il oscille entre 0 et 10 et
# ne se fixe jamais.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** `zero_grad` is forgotten, as in the last picture. SGD takes three steps; before each of them `.backward()` adds
# a gradient to `.grad`, first $g_1$, then $g_2$, then $g_3$. How far do the three steps go, as $\theta$ before them
# minus $\theta$ after them?
#
# <details><summary>Hint</summary>
#
# What stands in `.grad` at the first step, at the second, at the third? In how many of the steps is $g_1$ there?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** `zero_grad` est oublié, comme sur la dernière figure. SGD fait trois pas ; avant chacun, `.backward()` ajoute
# un gradient à `.grad`, d'abord $g_1$, puis $g_2$, puis $g_3$. Jusqu'où vont les trois pas ? Comptez $\theta$ avant
# eux moins $\theta$ après eux.
#
# <details><summary>Indice</summary>
#
# Qu'y a-t-il dans `.grad` au premier pas, au deuxième, au troisième ? Dans combien de pas $g_1$ est-il présent ?
#
# </details>

# %% solution="moved_uncleared"
def moved_uncleared(g1, g2, g3, learning_rate):
    """Return θ before minus θ after three steps of SGD without zero_grad.

    g1, g2, g3: what each of the three calls of backward adds to .grad
    """
    ### BEGIN SOLUTION
    return learning_rate * (3 * g1 + 2 * g2 + g3)
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    theta.grad = torch.zeros(1)
    optimizer = SGD([theta], learning_rate=0.1)
    for gradient in (4.5, -1.5, 2.5):
        theta.grad += gradient
        optimizer.step()
    print(f"SGD              {-theta.item():.6f}")
    print(f"moved_uncleared  {float(moved_uncleared(4.5, -1.5, 2.5, 0.1)):.6f}")

# %% check="moved_uncleared_check" points=1
coursekit.check(moved_uncleared)

# %% [markdown] lang="en"
# **2.** Someone leaves out the mean: the loss is now the **sum** of the squared errors of all points. From which
# learning rate on does SGD diverge? You are given the largest curvature of the mean (above it was 68.01) and the number
# of points. The cell below the function trains at 0.98 and at 1.02 times your answer, and prints the first loss and the
# last.
#
# <details><summary>Hint</summary>
#
# What does the sum do to every gradient, and so to the curvature?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Quelqu'un oublie la moyenne : la perte est maintenant la **somme** des carrés des erreurs sur tous les points.
# À partir de quel taux d'apprentissage SGD diverge-t-il ? On vous donne la plus grande courbure de la moyenne (68,01
# plus haut) et le nombre de points. La cellule sous la fonction fait un entraînement avec 0,98 puis avec 1,02 fois
# votre réponse, et affiche la première perte et la dernière.
#
# <details><summary>Indice</summary>
#
# Que fait la somme à chaque gradient, et donc à la courbure ?
#
# </details>

# %% solution="largest_rate_of_sum"
def largest_rate_of_sum(curvature, points):
    """Return the learning rate from which SGD diverges on the sum of the squared errors.

    curvature: the largest curvature of the mean of the squared errors
    points: how many points there are
    """
    ### BEGIN SOLUTION
    return 2 / (curvature * points)
    ### END SOLUTION

# %%
with coursekit.once_written():
    edge = float(largest_rate_of_sum(curvatures.max().item(), len(line.x)))
    for share in (0.98, 1.02):
        model = coursekit.linear_model()
        optimizer = SGD(model.parameters(), learning_rate=share * edge)
        summed = torch.nn.MSELoss(reduction="sum")
        losses = coursekit.record(train, model, line, optimizer, epochs=60, criterion=summed, every=0).losses
        print(f"{share:.2f} × {edge:.6f}: {losses[0]:.0f} → {losses[-1]:.0f}")

# %% check="largest_rate_of_sum_check" points=1
coursekit.check(largest_rate_of_sum)

# %% [markdown] lang="en"
# ## A question
#
# Someone measures $x$ in millimetres instead of centimetres, so every $x$ is ten times larger. What happens to the
# critical learning rate, and what does that mean for the number of steps the bias needs? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Quelqu'un mesure $x$ en millimètres au lieu de centimètres : chaque $x$ est dix fois plus grand. Que devient le taux
# critique, et qu'en résulte-t-il pour le nombre de pas qu'il faut au biais ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="sgd_words" points=2
# The curvature along the weight is $2\,\overline{x^2}$: it becomes 100 times larger, so the critical rate becomes 100
# times smaller. The curvature along the bias stays 2. At a rate 100 times smaller the bias needs about 100 times as
# many steps. Rescaling the inputs is therefore worth more than any tuning of the rate.

# %% [markdown] lang="fr" answer="sgd_words" points=2
# La courbure selon le poids est $2\,\overline{x^2}$ : elle devient 100 fois plus grande, donc le taux critique devient
# 100 fois plus petit. La courbure selon le biais reste 2. À un taux 100 fois plus petit, il faut au biais environ 100
# fois plus de pas. Remettre les entrées à l'échelle vaut donc mieux que tout réglage du taux.

# %% [markdown] lang="en"
# ## What to remember
#
# - One rule, $\theta \leftarrow \theta - \eta g$, and one number to choose.
# - The largest curvature sets the limit: $\eta < 2/\lambda_{\max}$. The smallest sets the time.
# - In the optimizer: read the rate from the group, skip `None`, change in place under `torch.no_grad()`.
# - In the loop: clear, predict, measure, differentiate, step.
#
# Next: [RMSProp](02_rmsprop.ipynb) gives every parameter a step size of its own.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Une règle, $\theta \leftarrow \theta - \eta g$, et un nombre à choisir.
# - La plus grande courbure fixe la limite : $\eta < 2/\lambda_{\max}$. La plus petite fixe la durée.
# - Dans l'optimiseur : lire le taux dans le groupe, ignorer les `None`, modifier sur place sous `torch.no_grad()`.
# - Dans la boucle : effacer, prédire, mesurer, dériver, faire un pas.
#
# Ensuite : [RMSProp](02_rmsprop.ipynb) donne à chaque paramètre sa propre longueur de pas.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **The best rate at each step.** In the valley $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, the rate that lowers $f$ most
#    along $-g$ is $\eta = g^\top g \,/\, g^\top H g$, where $H$ holds the curvatures 1 and 10. Write it into the group
#    before each step of your `SGD`, from $(10,\ 1)$. *Expect* every gradient to be at a right angle to the one before,
#    and $f$ to be multiplied by $(9/11)^2 = 0.669$ at each step. The fixed rate $2/11$ does just as well. Why do steps
#    that are best one by one not make the best path?
# 2. **A rate for each parameter.** Train the line with two groups, the weight and the bias, each with its own rate
#    $1/\lambda$ under `"lr"` (another key is no error, and changes nothing): the curvatures stand above. *Expect* the
#    loss of the best line, 4.03, after a single step. Now replace $x$ by $x + 5$. The curvatures along the two parameters
#    become 118 and 2; take the inverses of these. *Expect* the loss 142 after the first step, and less than 4.04 only
#    after 13 steps. What has changed in the Hessian?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Le meilleur taux à chaque pas.** Dans la vallée $f(x, y) = \frac{1}{2}(x^2 + 10\,y^2)$, le taux qui fait le plus
#    baisser $f$ le long de $-g$ est $\eta = g^\top g \,/\, g^\top H g$, où $H$ contient les courbures 1 et 10.
#    Écrivez-le dans le groupe avant chaque pas de votre `SGD`, depuis $(10\,;\ 1)$. *Attendez-vous* à ce que chaque
#    gradient soit perpendiculaire au précédent et à ce que $f$ soit multipliée par $(9/11)^2 = 0{,}669$ à chaque pas.
#    Le taux fixe $2/11$ fait aussi bien. Pourquoi les meilleurs pas, pris un par un, ne donnent-ils pas le meilleur
#    chemin ?
# 2. **Un taux par paramètre.** Entraînez la droite avec deux groupes, le poids et le biais, chacun avec son propre taux
#    $1/\lambda$ sous `"lr"` (une autre clé n'est pas une erreur, et reste sans effet) ; les courbures sont plus haut.
#    *Attendez-vous* à la perte de la meilleure droite, 4,03, après un seul pas. Remplacez maintenant $x$ par $x + 5$. Les
#    courbures le long des deux paramètres deviennent 118 et 2 ; prenez leurs inverses. *Attendez-vous* à une perte de
#    142 après le premier pas, et à moins de 4,04 seulement après 13 pas. Qu'est-ce qui a changé dans la hessienne ?
