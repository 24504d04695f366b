# %% [markdown] lang="en"
# # 13 · Matrices
#
# <div class="alert alert-info">
#
# **You will write** `SignSGD`, which looks at signs alone; `newton_schulz`, which makes a matrix nearly orthogonal; and
# `Muon`, which trains matrices with it.
#
# **Time** 75 minutes, and 25 for what is optional · **Difficulty** ●●●●○ · **Points** 22
#
# **You need** SGD (notebook 1), Adam (notebook 4), Momentum (notebook 10), and what the singular values of a matrix
# are.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 13 · Les matrices
#
# <div class="alert alert-info">
#
# **Vous écrirez** `SignSGD`, qui ne regarde que les signes ; `newton_schulz`, qui rend une matrice presque
# orthogonale ; et `Muon`, qui s'en sert pour entraîner des matrices.
#
# **Durée** 75 minutes, et 25 pour ce qui est facultatif · **Difficulté** ●●●●○ · **Points** 22
#
# **Il vous faut** SGD (notebook 1), Adam (notebook 4), Momentum (notebook 10), et savoir ce que sont les valeurs
# singulières d'une matrice.
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
import torch

import coursekit

SGD = coursekit.own_class("SGD")
Adam = coursekit.own_class("Adam")

# %% [markdown] lang="en"
# ## The idea
#
# Take your Adam, and take its memory away: $\beta_1 = \beta_2 = 0$. Then $\hat m = g$ and $\hat v = g^2$, and what
# moves the parameter is, up to $\varepsilon$,
#
# $$\frac{\hat m}{\sqrt{\hat v}} = \frac{g}{|g|} = \operatorname{sign}(g) .$$
#
# So the heart of Adam is a rule of one line, which Bernstein, Wang, Azizzadenesheli and Anandkumar named (*signSGD:
# Compressed Optimisation for Non-Convex Problems*, ICML 2018):
#
# $$\theta \leftarrow \theta - \eta\, \operatorname{sign}(g)$$
#
# Every number moves by $\eta$, whatever the size of its gradient. Adam's two averages make the step shorter where the
# sign of the gradient changes from step to step: there $|\hat m|$ is smaller than $\sqrt{\hat v}$.
#
# The first half of this notebook asks what a sign is good for, and what it is blind to: it sees a **list of numbers**,
# each by itself. But the weights of a network are **matrices**. Is there a sign of a matrix? Write the gradient with
# its singular values, $G = U \Sigma V^\top$. The sign of a number keeps the direction and makes the size 1. The same
# can be done here: keep $U$ and $V$, and make every singular value 1. What is left is the orthogonal matrix
# $U V^\top$, and a step along it is **Muon**, by Keller Jordan and others ([*Muon: An optimizer for hidden layers in
# neural networks*](https://kellerjordan.github.io/posts/muon/), 2024). Today large language models are trained with it.
#
# Bernstein and Newhouse have put all three into one sentence (*Old Optimizer, New Norm: An Anthology*, arXiv
# 2409.20325, 2024). Of all steps that are no larger than $\eta$, take the one along which the loss falls fastest. What
# “large” means decides the rule:
#
# | the size of a step | the fastest step |
# |---|---|
# | the root of the sum of all squares | along $G$: gradient descent, normalised |
# | its largest number | along $\operatorname{sign}(G)$: SignSGD |
# | its largest singular value | along $U V^\top$: Muon |

# %% [markdown] lang="fr"
# ## L'idée
#
# Prenez votre Adam et ôtez-lui la mémoire : $\beta_1 = \beta_2 = 0$. Alors $\hat m = g$ et $\hat v = g^2$, et ce qui
# déplace le paramètre est, à $\varepsilon$ près,
#
# $$\frac{\hat m}{\sqrt{\hat v}} = \frac{g}{|g|} = \operatorname{sign}(g) .$$
#
# Le cœur d'Adam est donc une règle d'une ligne, à laquelle Bernstein, Wang, Azizzadenesheli et Anandkumar ont donné son
# nom (*signSGD: Compressed Optimisation for Non-Convex Problems*, ICML 2018) :
#
# $$\theta \leftarrow \theta - \eta\, \operatorname{sign}(g)$$
#
# Chaque nombre se déplace de $\eta$, quelle que soit la taille de son gradient. Les deux moyennes d'Adam raccourcissent
# le pas là où le signe du gradient change d'un pas à l'autre : $|\hat m|$ y est plus petit que $\sqrt{\hat v}$.
#
# La première moitié de ce notebook demande à quoi sert un signe, et ce qu'il ne voit pas : il voit une **liste de
# nombres**, pris un par un. Or les poids d'un réseau sont des **matrices**. Une matrice a-t-elle un signe ? Écrivez le
# gradient avec ses valeurs singulières, $G = U \Sigma V^\top$. Le signe d'un nombre garde la direction et ramène la
# taille à 1. On peut faire de même ici : garder $U$ et $V$, et ramener chaque valeur singulière à 1. Il reste la
# matrice orthogonale $U V^\top$, et un pas dans cette direction est **Muon**, de Keller Jordan et d'autres ([*Muon: An
# optimizer for hidden layers in neural networks*](https://kellerjordan.github.io/posts/muon/), 2024). De grands modèles
# de langue sont aujourd'hui entraînés ainsi.
#
# Bernstein et Newhouse ont réuni les trois règles en une phrase (*Old Optimizer, New Norm: An Anthology*, arXiv
# 2409.20325, 2024). De tous les pas qui ne sont pas plus grands que $\eta$, prenez celui qui fait baisser la perte le
# plus vite. Ce que « grand » veut dire décide de la règle :
#
# | la taille d'un pas | le pas le plus rapide |
# |---|---|
# | la racine de la somme de tous les carrés | le long de $G$ : la descente de gradient, normalisée |
# | son plus grand nombre | le long de $\operatorname{sign}(G)$ : SignSGD |
# | sa plus grande valeur singulière | le long de $U V^\top$ : Muon |

# %% [markdown] lang="en"
# ## One step by hand
#
# Take the gradient
#
# $$G = \begin{pmatrix} 6 & 8 \\ -4 & 3 \end{pmatrix}
# = \begin{pmatrix} 10 & 0 \\ 0 & 5 \end{pmatrix} \begin{pmatrix} 0.6 & 0.8 \\ -0.8 & 0.6 \end{pmatrix} .$$
#
# The last matrix is a rotation. So $U$ is the identity, $V^\top$ is the rotation, and the singular values are 10 and 5.
#
# | | first row | second row | singular values |
# |---|---|---|---|
# | gradient | $6,\ 8$ | $-4,\ 3$ | $10,\ 5$ |
# | its sign | $1,\ 1$ | $-1,\ 1$ | $1.41,\ 1.41$ |
# | $U V^\top$ | $0.6,\ 0.8$ | $-0.8,\ 0.6$ | $1,\ 1$ |
#
# The next cell computes the last row with `torch.linalg.svd`. That is slow on large matrices, and no optimizer can
# afford it at every step. Further down you will come near to $U V^\top$ with nothing but products of matrices.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Prenons le gradient
#
# $$G = \begin{pmatrix} 6 & 8 \\ -4 & 3 \end{pmatrix}
# = \begin{pmatrix} 10 & 0 \\ 0 & 5 \end{pmatrix} \begin{pmatrix} 0{,}6 & 0{,}8 \\ -0{,}8 & 0{,}6 \end{pmatrix} .$$
#
# La dernière matrice est une rotation. $U$ est donc l'identité, $V^\top$ est la rotation, et les valeurs singulières
# sont 10 et 5.
#
# | | première ligne | seconde ligne | valeurs singulières |
# |---|---|---|---|
# | gradient | $6\,;\ 8$ | $-4\,;\ 3$ | $10\,;\ 5$ |
# | son signe | $1\,;\ 1$ | $-1\,;\ 1$ | $1{,}41\,;\ 1{,}41$ |
# | $U V^\top$ | $0{,}6\,;\ 0{,}8$ | $-0{,}8\,;\ 0{,}6$ | $1\,;\ 1$ |
#
# La cellule suivante calcule la dernière ligne avec `torch.linalg.svd`. C'est lent pour de grandes matrices, et aucun
# optimiseur ne peut se le permettre à chaque pas. Plus bas, vous approcherez $U V^\top$ par de simples produits de
# matrices.

# %%
G = torch.tensor([[6.0, 8.0], [-4.0, 3.0]])
U, values, V_T = torch.linalg.svd(G)
print("singular values", [f"{value:.0f}" for value in values])
print("U Vᵀ", [[f"{value:.1f}" for value in row] for row in (U @ V_T).tolist()])

# %% [markdown] lang="en"
# ## Your turn
#
# First the sign. Take your SGD and change one line.
#
# - Read the rate from the group at each step, under `"lr"`.
# - The sign of 0 is 0: where the gradient is zero, nothing moves. `torch.sign` sees to that; $g / |g|$ does not.
# - Nothing is kept from one step to the next.

# %% [markdown] lang="fr"
# ## À vous
#
# D'abord le signe. Prenez votre SGD et changez une ligne.
#
# - Lisez le taux dans le groupe à chaque pas, sous `"lr"`.
# - Le signe de 0 est 0 : là où le gradient est nul, rien ne bouge. `torch.sign` s'en charge ; $g / |g|$ ne le fait pas.
# - Rien n'est gardé d'un pas au suivant.

# %% solution="sign_sgd"
class SignSGD(torch.optim.Optimizer):
    """Moves every number by the rate, against the sign of its gradient: θ ← θ − η sign(g).

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
                        p -= group["lr"] * torch.sign(p.grad)
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint</summary>
#
# `torch.sign(p.grad)` is a tensor of −1, 0 and 1, of the shape of the gradient. The rest is as in notebook 1.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice</summary>
#
# `torch.sign(p.grad)` est un tenseur de −1, de 0 et de 1, de la forme du gradient. Le reste est comme au notebook 1.
#
# </details>

# %% check="sign_sgd_check" points=5
coursekit.check(SignSGD)

# %% [markdown] lang="en"
# ## On the linear data (optional)
#
# The points and the model of notebook 1, with the rate 0.1. Predict, in the next cell: what will the loss do when the
# line is nearly right?

# %% [markdown] lang="fr"
# ## Sur les données linéaires (facultatif)
#
# Les points et le modèle du notebook 1, avec le taux 0,1. Prédisez, dans la cellule suivante : que fera la perte quand
# la droite sera presque juste ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, line, SignSGD(model.parameters(), learning_rate=0.1), epochs=100)
    coursekit.plots.training(history, line, "SignSGD on the linear data, learning rate 0.1")

# %% [markdown] lang="en"
# **What to see.** Weight and bias leave at the same pace, though the slope is much steeper in the weight: 30 epochs
# make 3 of each. There the weight has arrived. From then on it steps over its goal and back, while the bias goes on.
# After 52 epochs it is the same with the bias. The loss goes up and down between 4.07 and 4.20 for ever, and 4.03 is
# that of the best line: a sign does not shrink near the minimum. Only a rate that falls ends this (notebooks 8 and 12).

# %% [markdown] lang="fr"
# **À voir.** Le poids et le biais partent à la même allure, bien que la pente soit beaucoup plus raide selon le poids :
# 30 époques font 3 pour chacun. Le poids est alors arrivé. Il dépasse ensuite son but et revient, tandis que le biais
# continue. Après 52 époques, il en va de même du biais. La perte monte et descend sans fin entre 4,07 et 4,20, alors
# que celle de la meilleure droite est 4,03 : un signe ne rétrécit pas près du minimum. Seul un taux qui baisse y met
# fin (notebooks 8 et 12).

# %% [markdown] lang="en"
# ## The key to Adam (optional)
#
# Without a memory Adam is your SignSGD. The cell lets both walk down a valley, and prints how far they are apart. Then
# it gives Adam its memory back. Many parameters have a gradient of 1 on average, with more and more noise from left to
# right, drawn anew at each step. How long are the steps, in parts of the rate, as a root mean square?

# %% [markdown] lang="fr"
# ## La clé d'Adam (facultatif)
#
# Sans mémoire, Adam est votre SignSGD. La cellule fait descendre une vallée à tous deux, et affiche de combien ils
# s'écartent. Elle rend ensuite sa mémoire à Adam. De nombreux paramètres ont un gradient de 1 en moyenne, avec de plus
# en plus de bruit de gauche à droite, tiré de nouveau à chaque pas. Quelle est la longueur des pas, en parts du taux,
# en moyenne quadratique ?

# %%
valley = coursekit.functions.valley(50.0)
noise = torch.linspace(0, 5, 26)
with coursekit.once_written():
    places = []
    for optimizer_class, hyperparameters in ((SignSGD, {}), (Adam, {"beta1": 0.0, "beta2": 0.0})):
        theta = torch.tensor([10.0, 1.05], requires_grad=True)
        optimizer = optimizer_class([theta], learning_rate=0.1, **hyperparameters)
        for _ in range(50):
            (theta.grad,) = torch.autograd.grad(valley(theta), theta)
            optimizer.step()
        places.append(theta.detach())
    print(f"furthest apart: {(places[0] - places[1]).abs().max():.6f}")

    lengths = {}
    for name, optimizer_class in (("SignSGD", SignSGD), ("Adam", Adam)):
        torch.manual_seed(0)
        theta = torch.zeros(200, 26, requires_grad=True)
        optimizer = optimizer_class([theta], learning_rate=1.0)
        for _ in range(100):
            before = theta.detach().clone()
            theta.grad = 1 + noise * torch.randn(200, 26)
            optimizer.step()
        lengths[name] = (theta.detach() - before).square().mean(dim=0).sqrt()
    coursekit.plots.lines(
        lengths,
        "The step of a gradient of 1, in parts of the rate",
        "size of the noise",
        "root mean square of the steps",
        x=noise,
        ylim=(0, 1.1),
    )

# %% [markdown] lang="en"
# **What to see.** SignSGD trusts every gradient, and moves by the whole rate. Adam averages above the fraction bar and
# below it. Without noise both averages agree, and its step is that of the sign. With noise, gradients of both signs
# cancel above the bar; below it squares cannot cancel, and the step shrinks: to three quarters where the noise is as
# large as the gradient, to less than a third where it is five times as large. So Adam is a sign that is *as long as it
# is sure*. Its two averages serve that.

# %% [markdown] lang="fr"
# **À voir.** SignSGD se fie à chaque gradient, et se déplace de tout le taux. Adam fait une moyenne au-dessus de la
# barre et une autre au-dessous. Sans bruit, les deux s'accordent, et son pas est celui du signe. Avec du bruit, des
# gradients des deux signes se compensent au-dessus de la barre ; au-dessous, des carrés ne le peuvent pas, et le pas
# rétrécit : aux trois quarts quand le bruit est aussi grand que le gradient, à moins d'un tiers quand il est cinq fois
# plus grand. Adam est donc un signe *aussi long qu'il est sûr de lui*. C'est à cela que servent ses deux moyennes.

# %% [markdown] lang="en"
# ## Rotate the valley
#
# A sign belongs to a number, and the numbers belong to the axes. In notebook 4 the valley lay along one axis, and each
# number had a slope of its own, which is where Adam shines. Now turn the valley around its minimum, and the start with
# it. It is the same valley, seen by somebody who has turned their head. Predict: which of SGD, SignSGD and Adam will
# notice?

# %% [markdown] lang="fr"
# ## Tourner la vallée
#
# Un signe appartient à un nombre, et les nombres appartiennent aux axes. Au notebook 4, la vallée suivait un axe, et
# chaque nombre avait sa propre pente : c'est là qu'Adam brille. Tournez maintenant la vallée autour de son minimum, et
# le départ avec elle. C'est la même vallée, vue par quelqu'un qui a penché la tête. Prédisez : de SGD, SignSGD et Adam,
# lesquels le remarqueront ?

# %% prediction=true
prediction_2 = ""

# %% given="turned"
def rotation(degrees):
    """Return the matrix that turns a column of two numbers by an angle."""
    angle = torch.deg2rad(torch.tensor(float(degrees), dtype=torch.float64))
    return torch.stack([torch.stack([angle.cos(), -angle.sin()]), torch.stack([angle.sin(), angle.cos()])])


def walk(optimizer_class, degrees, steps=100, **hyperparameters):
    """Return the path of an optimizer down the turned valley, seen along its axes: shape (steps + 1, 2).

    The parameter is a matrix of two rows and one column. The rate falls in a straight line to 0.
    """
    turn = rotation(degrees)
    curvatures = torch.tensor([[1.0], [50.0]], dtype=torch.float64)
    theta = (turn @ torch.tensor([[10.0], [1.0]], dtype=torch.float64)).requires_grad_()
    optimizer = optimizer_class([theta], **hyperparameters)
    rate = optimizer.param_groups[0]["lr"]
    path = [turn.T @ theta.detach()]
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        theta.grad = turn @ (curvatures * path[-1])
        optimizer.step()
        path.append(turn.T @ theta.detach())
    return torch.stack(path)[:, :, 0]

# %%
coursekit.predicted(prediction_2)
chosen = {"SGD": (SGD, {"learning_rate": 0.038}), "Adam": (Adam, {"learning_rate": 0.4})}
degrees = [7.5 * number for number in range(13)]
with coursekit.once_written():
    chosen["SignSGD"] = (SignSGD, {"learning_rate": 0.2})
    ends = {
        name: [walk(each, angle, **given)[-1].norm() for angle in degrees] for name, (each, given) in chosen.items()
    }
    coursekit.plots.lines(
        ends,
        "How far from the minimum 100 steps end",
        "angle of the valley, in degrees",
        "distance",
        x=degrees,
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Gradient descent ends at the same distance at every angle: a gradient turns with the valley. The sign
# does not. In the valley as it lies, or turned by 90°, SignSGD is the best of the three by far; at 45° it ends 1.1
# away, and Adam, a sign at heart, 1.3.
#
# Nobody chooses the axes of a weight matrix so that they fit the loss. What would a rule look like that is as bold as
# the sign, and does not see a rotation?

# %% [markdown] lang="fr"
# **À voir.** La descente de gradient finit à la même distance quel que soit l'angle : un gradient tourne avec la
# vallée. Le signe, non. Dans la vallée telle qu'elle est, ou tournée de 90°, SignSGD est de loin le meilleur des
# trois ; à 45°, il finit à une distance de 1,1, et Adam, qui au fond est un signe, de 1,3.
#
# Personne ne choisit les axes d'une matrice de poids pour qu'ils conviennent à la perte. À quoi ressemblerait une règle
# aussi hardie que le signe, et qui ne voit pas une rotation ?

# %% [markdown] lang="en"
# ### Why the sign notices (optional)
#
# The last 60 steps of your SignSGD, in the valley as it lies and in the valley turned by 45°.

# %% [markdown] lang="fr"
# ### Pourquoi le signe le remarque (facultatif)
#
# Les 60 derniers pas de votre SignSGD, dans la vallée telle qu'elle est et dans la vallée tournée de 45°.

# %%
with coursekit.once_written():
    paths = {f"valley turned by {angle}°": walk(SignSGD, angle, learning_rate=0.2)[40:] for angle in (0, 45)}
    coursekit.plots.contours(
        coursekit.functions.valley(50.0),
        paths,
        "The last 60 steps of SignSGD, seen along the axes of the valley",
        limits=((-0.3, 4.0), (-0.3, 0.3)),
    )

# %% [markdown] lang="en"
# **What to see.** In the valley as it lies a step goes along *and* across, by the rate in each, as if the two numbers
# had nothing to do with each other. At 45° a step can only go along *or* across. Wherever the slope across is the
# larger one it goes across, to and fro: a third of all steps is spent so, and the rate is at 0 before the minimum is
# reached.

# %% [markdown] lang="fr"
# **À voir.** Dans la vallée telle qu'elle est, un pas va en longueur *et* en travers, de la valeur du taux dans chaque
# sens, comme si les deux nombres n'avaient rien à voir l'un avec l'autre. À 45°, un pas ne peut aller qu'en longueur
# *ou* en travers. Là où la pente en travers est la plus grande, il va en travers, d'une paroi à l'autre : un tiers des
# pas y passe, et le taux est à 0 avant que le minimum soit atteint.

# %% [markdown] lang="en"
# ## Singular values, each by itself
#
# We want $U V^\top$ without `svd`. Look at what a product does to singular values: with $G = U \Sigma V^\top$ it is
# $G G^\top G = U \Sigma^3 V^\top$. The singular vectors stay, and each singular value is cubed, by itself. So a
# polynomial with odd powers,
#
# $$p(X) = a\, X + b\, (X X^\top) X + c\, (X X^\top)^2 X ,$$
#
# makes of each singular value $\sigma$ the number $p(\sigma) = a\,\sigma + b\,\sigma^3 + c\,\sigma^5$, and touches
# nothing else. Apply it again and again, with a $p$ that drives all numbers between 0 and 1 towards 1: that is the
# **Newton–Schulz iteration**. Jordan and others have chosen
#
# $$a = 3.4445, \qquad b = -4.7750, \qquad c = 2.0315 .$$
#
# A large $a$ lifts small singular values quickly: it multiplies them by 3.4 at each step. The price is that nothing
# settles at exactly 1: they end between about 0.7 and 1.2, which is good enough for a step.
#
# First the singular values must not be larger than 1. Divide by the **Frobenius norm**, the root of the sum of all
# squares. It is also the root of the sum of the squares of the singular values, so none is larger. For the $G$ of above
# it is $\sqrt{125} = 11.18$:
#
# | | larger singular value | smaller one |
# |---|---|---|
# | $G$ | $10$ | $5$ |
# | divided by 11.18 | $0.894$ | $0.447$ |
# | after one step | $0.827$ | $1.150$ |
# | after two | $0.934$ | $0.784$ |
# | after three | $0.771$ | $1.001$ |
#
# Neither stays where it is, and both stay near 1.

# %% [markdown] lang="fr"
# ## Les valeurs singulières, une par une
#
# Nous voulons $U V^\top$ sans `svd`. Voyez ce qu'un produit fait des valeurs singulières : avec $G = U \Sigma V^\top$,
# on a $G G^\top G = U \Sigma^3 V^\top$. Les vecteurs singuliers restent, et chaque valeur singulière est élevée au
# cube, indépendamment des autres. Un polynôme de puissances impaires,
#
# $$p(X) = a\, X + b\, (X X^\top) X + c\, (X X^\top)^2 X ,$$
#
# fait donc de chaque valeur singulière $\sigma$ le nombre $p(\sigma) = a\,\sigma + b\,\sigma^3 + c\,\sigma^5$, et ne
# touche à rien d'autre. Appliquez-le encore et encore, avec un $p$ qui pousse vers 1 tous les nombres entre 0 et 1 :
# c'est l'**itération de Newton–Schulz**. Jordan et d'autres ont choisi
#
# $$a = 3{,}4445, \qquad b = -4{,}7750, \qquad c = 2{,}0315 .$$
#
# Un grand $a$ relève vite les petites valeurs singulières : il les multiplie par 3,4 à chaque pas. Le prix en est que
# rien ne se pose exactement sur 1 : elles finissent entre 0,7 et 1,2 environ, ce qui suffit pour un pas.
#
# Auparavant, aucune valeur singulière ne doit dépasser 1. Divisez par la **norme de Frobenius**, la racine de la somme
# de tous les carrés. C'est aussi la racine de la somme des carrés des valeurs singulières, et aucune n'est donc plus
# grande. Pour le $G$ de plus haut, elle vaut $\sqrt{125} = 11{,}18$ :
#
# | | plus grande valeur singulière | plus petite |
# |---|---|---|
# | $G$ | $10$ | $5$ |
# | divisé par 11,18 | $0{,}894$ | $0{,}447$ |
# | après un pas | $0{,}827$ | $1{,}150$ |
# | après deux | $0{,}934$ | $0{,}784$ |
# | après trois | $0{,}771$ | $1{,}001$ |
#
# Aucune ne reste où elle est, et toutes deux restent près de 1.

# %% [markdown] lang="en"
# ### Your turn again
#
# Write `newton_schulz`. It is worth 6 points.
#
# - Divide by the Frobenius norm, once, before the first step. A matrix of zeros must stay zeros: add $10^{-7}$ to the
#   norm, or treat it by itself.
# - $A = X X^\top$ is the only large product that you need twice: $p(X) = a X + (b A + c A A)\, X$.
# - `@` is the product of matrices. `*` multiplies number by number, and `X**2` squares each number by itself.
# - The gradient that you are given must stay as it is.
# - $X X^\top$ has as many rows as $X$. If $X$ has more rows than columns, work with $X^\top$, and transpose the result:
#   the numbers are the same, and $A$ is smaller. It saves time, and no check asks for it.

# %% [markdown] lang="fr"
# ### À vous encore
#
# Écrivez `newton_schulz`. Elle vaut 6 points.
#
# - Divisez par la norme de Frobenius, une fois, avant le premier pas. Une matrice nulle doit rester nulle : ajoutez
#   $10^{-7}$ à la norme, ou traitez ce cas à part.
# - $A = X X^\top$ est le seul grand produit dont vous avez besoin deux fois : $p(X) = a X + (b A + c A A)\, X$.
# - `@` est le produit des matrices. `*` multiplie nombre par nombre, et `X**2` élève les nombres au carré, un par un.
# - Le gradient que vous recevez doit rester tel qu'il est.
# - $X X^\top$ a autant de lignes que $X$. Si $X$ a plus de lignes que de colonnes, travaillez avec $X^\top$, et
#   transposez le résultat : les nombres sont les mêmes, et $A$ est plus petite. C'est du temps gagné, et aucune
#   vérification ne le demande.

# %% solution="newton_schulz"
def newton_schulz(gradient, steps=5):
    """Return a matrix with the singular vectors of the gradient, and singular values near 1.

    gradient: a matrix of any shape; it stays as it is
    steps: how often the polynomial is applied
    """
    ### BEGIN SOLUTION
    a, b, c = 3.4445, -4.7750, 2.0315
    X = gradient / (gradient.norm() + 1e-7)
    tall = X.shape[0] > X.shape[1]
    if tall:
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if tall else X
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the norm</summary>
#
# `gradient.norm()` is the Frobenius norm. `X = gradient / (gradient.norm() + 1e-7)` makes a new matrix; `/=` would
# change the one that you were given.
#
# </details>
# <details><summary>Hint 2: one step is right, several are not</summary>
#
# The loop must go on from what it has made: `X = ...` inside it, and nothing with `gradient`. And the norm is divided
# by once, before the loop.
#
# </details>
# <details><summary>Hint 3: nothing is right</summary>
#
# Take the 2 × 2 matrix from above. `torch.linalg.svdvals(newton_schulz(G, 1))` must be 1.150 and 0.827. Which of your
# products is not one of matrices?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : la norme</summary>
#
# `gradient.norm()` est la norme de Frobenius. `X = gradient / (gradient.norm() + 1e-7)` crée une nouvelle matrice ;
# `/=` changerait celle que vous avez reçue.
#
# </details>
# <details><summary>Indice 2 : un pas est juste, plusieurs ne le sont pas</summary>
#
# La boucle doit repartir de ce qu'elle a fait : `X = ...` à l'intérieur, et rien avec `gradient`. Et la division par la
# norme se fait une fois, avant la boucle.
#
# </details>
# <details><summary>Indice 3 : rien n'est juste</summary>
#
# Prenez la matrice 2 × 2 de plus haut. `torch.linalg.svdvals(newton_schulz(G, 1))` doit donner 1,150 et 0,827. Lequel
# de vos produits n'est pas un produit de matrices ?
#
# </details>

# %% check="newton_schulz_check" points=6
coursekit.check(newton_schulz)

# %% [markdown] lang="en"
# Three things can be checked without knowing one right number. The cell below takes a gradient of 40 rows and 60
# columns: do its singular values come near 1? What becomes of a gradient that is turned from both sides? And how far is
# the result from $U V^\top$? The last line does it once more in `bfloat16`, which has between two and three digits:
# this is what torch's own `Muon` does, for speed. So torch's numbers and yours differ in the second digit, and the
# check compares yours with the singular values instead.

# %% [markdown] lang="fr"
# Trois choses se vérifient sans connaître un seul nombre juste. La cellule suivante prend un gradient de 40 lignes et
# de 60 colonnes : ses valeurs singulières s'approchent-elles de 1 ? Que devient un gradient que l'on tourne des deux
# côtés ? Et quelle est la distance du résultat à $U V^\top$ ? La dernière ligne recommence en `bfloat16`, qui a entre
# deux et trois chiffres : c'est ce que fait le `Muon` de torch, pour aller vite. Les nombres de torch et les vôtres
# diffèrent donc au deuxième chiffre, et la vérification compare les vôtres aux valeurs singulières.

# %%
with coursekit.once_written():
    torch.manual_seed(0)
    G = torch.randn(40, 60, dtype=torch.float64) @ torch.diag(torch.logspace(0, -2, 60, dtype=torch.float64))
    made = {"divided by the norm": torch.linalg.svdvals(G / G.norm())}
    for steps in (1, 2, 3, 5):
        made[f"after step {steps}"] = torch.linalg.svdvals(newton_schulz(G, steps)).sort(descending=True).values
    coursekit.plots.lines(
        made, "Singular values of a gradient, on their way to 1", "place, the largest first", "singular value", levels={"1": 1.0}
    )
    Q, R = (torch.linalg.qr(torch.randn(size, size, dtype=torch.float64))[0] for size in (40, 60))
    turned = newton_schulz(Q @ G @ R)
    print(f"turned before or after, apart by   {(turned - Q @ newton_schulz(G) @ R).abs().max():.10f}")
    U, _, V_T = torch.linalg.svd(G, full_matrices=False)
    print(f"furthest from U Vᵀ                 {(newton_schulz(G) - U @ V_T).abs().max():.3f}")
    print(f"in bfloat16, apart by              {(newton_schulz(G.bfloat16()) - newton_schulz(G)).abs().max():.2f}")

# %% [markdown] lang="en"
# **What to see.** At first most singular values are near 0: a few directions hold nearly all of this gradient, and
# gradient descent would move along those alone. Each step multiplies the small ones by 3.4, and lets the large ones
# swing around 1. To turn the gradient before or after makes no difference. After five steps the result is not
# $U V^\top$ itself: the directions are the same, the sizes lie between 0.68 and 1.20, and single numbers are off by up
# to 0.12. In `bfloat16` some numbers differ by 0.02.

# %% [markdown] lang="fr"
# **À voir.** Au départ, la plupart des valeurs singulières sont proches de 0 : quelques directions portent presque tout
# ce gradient, et la descente de gradient n'irait que le long de celles-là. Chaque pas multiplie les petites par 3,4,
# et laisse les grandes osciller autour de 1. Tourner le gradient avant ou après ne change rien. Après cinq pas, le
# résultat n'est pas $U V^\top$ lui-même : les directions sont les mêmes, les tailles vont de 0,68 à 1,20, et certains
# nombres s'écartent jusqu'à 0,12. En `bfloat16`, certains nombres diffèrent de 0,02.

# %% [markdown] lang="en"
# ## A size for a matrix
#
# Now the optimizer. It keeps a velocity as your `Momentum` does, and moves by what Newton–Schulz makes of it:
#
# $$v \leftarrow \mu\, v + g \qquad\qquad
# \theta \leftarrow \theta - \eta\, \sqrt{\max\left(1, \frac{\text{rows}}{\text{columns}}\right)}\; \mathrm{NS}(v)$$
#
# - **The velocity first, then Newton–Schulz.** The other way round, matrices of size 1 add up to one of size
#   $1/(1 - \mu)$, whose singular values are anything but equal.
# - **A factor $1 - \mu$ before $g$ would change nothing.** Newton–Schulz divides by the norm, and does not see the size
#   of $v$.
# - **The root is for tall matrices.** A layer $y = W x$ with more outputs than inputs has a tall $W$. All singular
#   values of the step are near 1, so it can make of $x$ nothing longer than $x$, while $y$ has more numbers than $x$ to
#   be moved. With the root, the numbers of $y$ move as far as those of $x$ are large.
# - **Matrices only.** A bias has no singular values, and no rotations to be protected from. Whoever trains with Muon
#   leaves vectors to Adam. Your constructor refuses them with a `ValueError` that says so.
#
# torch has had a `Muon` since its version 2.9: this rule with a look ahead as in `Nesterov`, and a weight decay as in
# `AdamW`.

# %% [markdown] lang="fr"
# ## Une taille pour une matrice
#
# Voici l'optimiseur. Il garde une vitesse comme votre `Momentum`, et se déplace selon ce que Newton–Schulz en fait :
#
# $$v \leftarrow \mu\, v + g \qquad\qquad
# \theta \leftarrow \theta - \eta\, \sqrt{\max\left(1, \frac{\text{lignes}}{\text{colonnes}}\right)}\; \mathrm{NS}(v)$$
#
# - **La vitesse d'abord, Newton–Schulz ensuite.** Dans l'autre sens, des matrices de taille 1 s'additionnent en une
#   matrice de taille $1/(1 - \mu)$, dont les valeurs singulières sont tout sauf égales.
# - **Un facteur $1 - \mu$ devant $g$ ne changerait rien.** Newton–Schulz divise par la norme, et ne voit pas la taille
#   de $v$.
# - **La racine est pour les matrices hautes.** Une couche $y = W x$ avec plus de sorties que d'entrées a une matrice
#   $W$ haute. Toutes les valeurs singulières du pas sont près de 1 : il ne peut rien faire de $x$ qui soit plus long
#   que $x$, alors que $y$ a plus de nombres à déplacer que $x$. Avec la racine, les nombres de $y$ se déplacent
#   d'autant que ceux de $x$ sont grands.
# - **Des matrices seulement.** Un biais n'a pas de valeurs singulières, ni de rotations dont il faille le protéger. Qui
#   entraîne avec Muon laisse les vecteurs à Adam. Votre constructeur les refuse par une `ValueError` qui le dit.
#
# torch a un `Muon` depuis sa version 2.9 : cette règle, avec une anticipation comme dans `Nesterov`, et une
# décroissance des poids comme dans `AdamW`.

# %% [markdown] lang="en"
# ### Your turn once more
#
# `Muon` is worth 7 points. Take your `Momentum` as a start, or the stub.
#
# - In the constructor, after `super().__init__`, go through all parameters of all groups: `p.ndim` must be 2.
# - Call your own `newton_schulz`, with its default number of steps. If it is not right yet, the check lends you one.
# - `p.shape` holds rows and columns, in this order.
# - The velocity stands in `self.state[p]`; rate and momentum are read from the group at each step.

# %% [markdown] lang="fr"
# ### À vous une dernière fois
#
# `Muon` vaut 7 points. Partez de votre `Momentum`, ou de l'ébauche.
#
# - Dans le constructeur, après `super().__init__`, parcourez tous les paramètres de tous les groupes : `p.ndim` doit
#   valoir 2.
# - Appelez votre propre `newton_schulz`, avec son nombre de pas par défaut. Si elle n'est pas encore juste, la
#   vérification vous en prête une.
# - `p.shape` contient les lignes et les colonnes, dans cet ordre.
# - La vitesse se trouve dans `self.state[p]` ; le taux et l'élan se lisent dans le groupe à chaque pas.

# %% solution="muon"
class Muon(torch.optim.Optimizer):
    """Moves matrices by what Newton–Schulz makes of their velocity.

    params: matrices, or groups of them; anything else is a ValueError
    learning_rate: η, kept in every group under "lr"
    momentum: μ, the share of the velocity that a step leaves
    """

    def __init__(self, params, learning_rate=0.02, momentum=0.95):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError(f"Muon moves matrices alone, not a parameter of shape {tuple(p.shape)}")
        ### END SOLUTION

    def step(self):
        """Move every parameter that has a gradient by one step, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    state = self.state[p]
                    if not state:
                        state["v"] = torch.zeros_like(p)
                    state["v"] = group["momentum"] * state["v"] + p.grad
                    rows, columns = p.shape
                    scale = max(1, rows / columns) ** 0.5
                    p -= group["lr"] * scale * newton_schulz(state["v"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: one step is right, many are not</summary>
#
# At the first step $v = g$. From the second on, what you kept counts: is it the velocity that stands in the state, or
# what Newton–Schulz made of it? The velocity it must be.
#
# </details>
# <details><summary>Hint 2: the check speaks of tall matrices</summary>
#
# `rows, columns = p.shape`, and the factor is `max(1, rows / columns) ** 0.5`: above 1 only where there are more rows.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : un pas est juste, plusieurs ne le sont pas</summary>
#
# Au premier pas, $v = g$. Dès le deuxième, ce que vous avez gardé compte : est-ce la vitesse qui est dans l'état, ou ce
# que Newton–Schulz en a fait ? Ce doit être la vitesse.
#
# </details>
# <details><summary>Indice 2 : la vérification parle de matrices hautes</summary>
#
# `rows, columns = p.shape`, et le facteur est `max(1, rows / columns) ** 0.5` : il ne dépasse 1 que s'il y a plus de
# lignes.
#
# </details>

# %% check="muon_check" points=7
coursekit.check(Muon)

# %% [markdown] lang="en"
# ## The valley once more
#
# The turned valley of above again. Its parameter is a matrix of two rows and one column, so Muon can walk there: its
# only singular value is the length of the gradient.

# %% [markdown] lang="fr"
# ## La vallée encore
#
# La vallée tournée de plus haut, de nouveau. Son paramètre est une matrice de deux lignes et d'une colonne, si bien que
# Muon peut y marcher : sa seule valeur singulière est la longueur du gradient.

# %%
with coursekit.once_written():
    ends["Muon"] = [walk(Muon, angle, learning_rate=0.3, momentum=0.5)[-1].norm() for angle in degrees]
    coursekit.plots.lines(
        ends,
        "How far from the minimum 100 steps end, Muon's too",
        "angle of the valley, in degrees",
        "distance",
        x=degrees,
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** Muon does not notice the angle, and ends 0.005 from the minimum.

# %% [markdown] lang="fr"
# **À voir.** Muon ne remarque pas l'angle, et finit à 0,005 du minimum.

# %% [markdown] lang="en"
# ### A valley of matrices (optional)
#
# Now a valley for a matrix $W$ of 24 rows and 16 columns,
#
# $$f(W) = \tfrac{1}{2} \left\| L\, (W - W_\ast)\, R \right\|^2 ,$$
#
# whose axes lie anywhere, and whose curvatures differ by a factor of a million. Each optimizer has its best rate, with
# which it ends lower after 150 steps than with half of it or twice as much; all rates fall to 0.

# %% [markdown] lang="fr"
# ### Une vallée de matrices (facultatif)
#
# Voici maintenant une vallée pour une matrice $W$ de 24 lignes et de 16 colonnes,
#
# $$f(W) = \tfrac{1}{2} \left\| L\, (W - W_\ast)\, R \right\|^2 ,$$
#
# dont les axes sont quelconques, et dont les courbures diffèrent d'un facteur d'un million. Chaque optimiseur a son
# meilleur taux, avec lequel il finit plus bas après 150 pas qu'avec la moitié ou le double ; tous les taux baissent
# jusqu'à 0.

# %% given="matrix_valley"
def random(*shape, seed):
    """Draw a matrix of float64."""
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def turned_curvatures(size, smallest, seed):
    """Return a symmetric matrix with eigenvalues from 1 down to the smallest, whose axes lie anywhere."""
    turn = torch.linalg.qr(random(size, size, seed=seed))[0]
    return turn * torch.logspace(0, torch.tensor(smallest).log10().item(), size, dtype=torch.float64) @ turn.T


LEFT, RIGHT, GOAL = turned_curvatures(24, 0.1, 1), turned_curvatures(16, 0.01, 2), random(24, 16, seed=3)


def losses_of(optimizer_class, steps=150, **hyperparameters):
    """Return the loss in the valley of matrices, before the first step and after each; the rate falls to 0."""
    W = torch.zeros(24, 16, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([W], **hyperparameters)
    rate, losses = optimizer.param_groups[0]["lr"], []
    for step in range(steps + 1):
        error = LEFT @ (W.detach() - GOAL) @ RIGHT
        losses.append(0.5 * (error**2).sum().item())
        W.grad = LEFT @ error @ RIGHT
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        optimizer.step()
    return losses

# %% [markdown] lang="en"
# Predict: which of the four will have the lowest loss after 50 steps, and which after 150?

# %% [markdown] lang="fr"
# Prédisez : lequel des quatre aura la perte la plus basse après 50 pas, et lequel après 150 ?

# %% prediction=true
prediction_3 = ""

# %%
coursekit.predicted(prediction_3)
with coursekit.once_written():
    rates = {"SGD": (SGD, 1.9), "SignSGD": (SignSGD, 0.02), "Adam": (Adam, 0.4), "Muon": (Muon, 0.6)}
    falls = {name: losses_of(each, learning_rate=rate) for name, (each, rate) in rates.items()}
    coursekit.plots.lines(falls, "The loss in a valley of matrices", "step", "loss", log="y")

# %% [markdown] lang="en"
# **What to see.** Muon is the worst of the four after 50 steps: its steps are long in *all* directions, also in those
# that have arrived already, and it swings. Adam is more than ten times lower. But where the curvature is small, Adam
# and gradient descent hardly move, and Muon goes on as fast as anywhere. As the rate falls, the swings end, and after
# 150 steps its loss is a quarter of Adam's. Whoever had compared at step 50 would have chosen wrongly: notebook 14 is
# about that.

# %% [markdown] lang="fr"
# **À voir.** Muon est le pire des quatre après 50 pas : ses pas sont longs dans *toutes* les directions, y compris dans
# celles où l'on est déjà arrivé, et il oscille. Adam est plus de dix fois plus bas. Mais là où la courbure est petite,
# Adam et la descente de gradient bougent à peine, et Muon avance aussi vite qu'ailleurs. Quand le taux baisse, les
# oscillations cessent, et après 150 pas sa perte est le quart de celle d'Adam. Qui aurait comparé au pas 50 aurait mal
# choisi : c'est le sujet du notebook 14.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# - **The norm is forgotten.** A singular value of 10 becomes 198 409 in one step, and `nan` in two more.
# - **The norm is divided by at every step.** It looks careful, and undoes what the step has gained.
# - **The loop begins with the gradient every time.** `X = a * G + ...` computes one step, as often as it is asked for.
# - **Number by number.** `X**3` and `A * A` are no products of matrices. With a square gradient nothing complains.
# - **Everything in Muon.** `Muon(model.parameters())` meets a bias. Embeddings are matrices, and yet they belong to
#   Adam: the question below is about them.
# - **One rate for all.** Muon, SignSGD and gradient descent each measure a step in another way, and a rate of the one
#   means nothing to the others.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# - **La norme est oubliée.** Une valeur singulière de 10 devient 198 409 en un pas, et `nan` deux pas plus tard.
# - **On divise par la norme à chaque pas.** Cela semble prudent, et défait ce que le pas a gagné.
# - **La boucle repart chaque fois du gradient.** `X = a * G + ...` calcule un seul pas, aussi souvent qu'on le demande.
# - **Nombre par nombre.** `X**3` et `A * A` ne sont pas des produits de matrices. Avec un gradient carré, rien ne se
#   plaint.
# - **Tout dans Muon.** `Muon(model.parameters())` rencontre un biais. Les plongements (*embeddings*) sont des matrices,
#   et pourtant ils reviennent à Adam : la question plus bas en parle.
# - **Un taux pour tous.** Muon, SignSGD et la descente de gradient mesurent un pas chacun à sa façon, et le taux de
#   l'un ne dit rien des autres.

# %% [markdown] lang="en"
# ### Three mistakes in a picture (optional)
#
# The singular values that the second and the third mistake leave, and two steps where five were meant.

# %% [markdown] lang="fr"
# ### Trois erreurs en image (facultatif)
#
# Les valeurs singulières que laissent la deuxième et la troisième erreur, et deux pas là où il en fallait cinq.

# %%
def divided_every_time(gradient, steps=5):
    """Divides by the norm before every step."""
    for _ in range(steps):
        gradient = newton_schulz(gradient, 1)
    return gradient


with coursekit.once_written():
    wrong = {
        "your newton_schulz": newton_schulz(G),
        "divided at every step": divided_every_time(G),
        "always from the gradient": newton_schulz(G, 1),
        "two steps in place of five": newton_schulz(G, 2),
    }
    coursekit.plots.lines(
        {name: torch.linalg.svdvals(made) for name, made in wrong.items()},
        "Singular values at the end, with three mistakes",
        "place, the largest first",
        "singular value",
        levels={"1": 1.0},
    )

# %% [markdown] lang="en"
# **What to see.** Two steps are enough for half of the singular values, and one step for a few. Divided at every step,
# all five steps together do little more than one: what a step lifts, the division pushes down again. Nothing explodes
# here, and a loss would fall with all of them. Only the singular values tell.

# %% [markdown] lang="fr"
# **À voir.** Deux pas suffisent pour la moitié des valeurs singulières, un pas pour quelques-unes. Si l'on divise à
# chaque pas, les cinq pas ensemble font à peine plus qu'un seul : ce qu'un pas relève, la division le rabaisse. Rien
# n'explose ici, et une perte baisserait avec tous. Seules les valeurs singulières le disent.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** Your `SignSGD` moves every number of a matrix by its rate. Suppose that Newton–Schulz were exact, so that all
# singular values of its result are 1. With which rate does your `Muon` move the numbers of the matrix by as much, as a
# root mean square? The matrix may be wide as well as tall: remember the factor for tall ones.
#
# <details><summary>Hint</summary>
#
# The sum of the squares of all numbers is the sum of the squares of the singular values. How many of them are there in
# a wide matrix? And in a tall one, with the factor?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Votre `SignSGD` déplace chaque nombre d'une matrice de son taux. Supposons que Newton–Schulz soit exact, si
# bien que toutes les valeurs singulières de son résultat valent 1. Avec quel taux votre `Muon` déplace-t-il les nombres
# de la matrice d'autant, en moyenne quadratique ? La matrice peut être large aussi bien que haute : pensez au facteur
# des matrices hautes.
#
# <details><summary>Indice</summary>
#
# La somme des carrés de tous les nombres est la somme des carrés des valeurs singulières. Combien y en a-t-il dans une
# matrice large ? Et dans une matrice haute, avec le facteur ?
#
# </details>

# %% solution="rate_like_sign"
def rate_like_sign(sign_rate, rows, columns):
    """Return the rate with which Muon moves numbers as far as SignSGD with `sign_rate`, as a root mean square."""
    ### BEGIN SOLUTION
    return sign_rate * columns**0.5
    ### END SOLUTION

# %%
with coursekit.once_written():
    torch.manual_seed(4)
    theta = torch.zeros(32, 8, dtype=torch.float64, requires_grad=True)
    theta.grad = torch.linalg.qr(torch.randn(32, 8, dtype=torch.float64))[0]
    Muon([theta], learning_rate=float(rate_like_sign(0.01, 32, 8))).step()
    print(f"asked for            {0.01:.5f}")
    print(f"with your Muon       {theta.square().mean().sqrt().item():.5f}   its singular values are not exactly 1")

# %% check="rate_like_sign_check" points=1
coursekit.check(rate_like_sign)

# %% [markdown] lang="en"
# **2.** A gradient has two singular values. Somebody divides it by the **larger of the two**, and not by the Frobenius
# norm, and makes one step of Newton–Schulz. What has become of the smaller one? The cell below the function shows what
# your own function makes of it, and your answer: they differ.
#
# <details><summary>Hint</summary>
#
# What is the smaller one after the division? Then $p$ of it.
#
# </details>

# %% [markdown] lang="fr"
# **2.** Un gradient a deux valeurs singulières. Quelqu'un le divise par la **plus grande des deux**, et non par la
# norme de Frobenius, et fait un pas de Newton–Schulz. Qu'est devenue la plus petite ? La cellule sous la fonction
# montre ce que votre propre fonction en fait, et votre réponse : elles diffèrent.
#
# <details><summary>Indice</summary>
#
# Que vaut la plus petite après la division ? Puis $p$ de ce nombre.
#
# </details>

# %% solution="stretched_by_largest"
def stretched_by_largest(larger, smaller):
    """Return the smaller singular value after one step, where the gradient was divided by the larger one."""
    ### BEGIN SOLUTION
    value = smaller / larger
    return 3.4445 * value - 4.7750 * value**3 + 2.0315 * value**5
    ### END SOLUTION

# %%
with coursekit.once_written():
    own = newton_schulz(torch.diag(torch.tensor([4.5, 1.5], dtype=torch.float64)), 1)
    print(f"newton_schulz         {own[1, 1].item():.5f}")
    print(f"stretched_by_largest  {float(stretched_by_largest(4.5, 1.5)):.5f}")

# %% check="stretched_by_largest_check" points=1
coursekit.check(stretched_by_largest)

# %% [markdown] lang="en"
# ## A question
#
# The embedding of a language model is a matrix: a row for each of 50 000 words, 512 columns. A batch holds 1000
# different words, and only their rows have a gradient that is not zero. What would Muon do with the row of a rare word,
# compared with that of a frequent one, whose gradient is a hundred times as large? What about the rows of words that
# the batch does not hold, once there is momentum? And why does it make no sense to ask for a rotation of these rows?
# Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Le plongement d'un modèle de langue est une matrice : une ligne pour chacun de 50 000 mots, et 512 colonnes. Un
# mini-lot contient 1000 mots différents, et seules leurs lignes ont un gradient non nul. Que ferait Muon de la ligne
# d'un mot rare, comparée à celle d'un mot fréquent, dont le gradient est cent fois plus grand ? Et des lignes de mots
# que le mini-lot ne contient pas, dès qu'il y a de l'élan ? Et pourquoi une rotation de ces lignes n'a-t-elle pas de
# sens ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="matrices_words" points=2
# Newton–Schulz makes all singular values alike, so the directions of small gradients are lifted to the size of the
# large ones: the row of a rare word moves about as far as that of a frequent one, on the word of a few examples. Rows
# whose gradient is zero stay zero in $v$ only if they have never had one. With momentum a row keeps a rest of old
# gradients, and Newton–Schulz lifts even a small rest: words are moved that the batch does not hold. And a rotation
# from the left would mix the rows of different words. But a row belongs to its word: it is looked up, and never mixed
# with others before it is used. The axes of this matrix have a meaning, so a rule that looks at each number by itself,
# such as Adam, fits better.

# %% [markdown] lang="fr" answer="matrices_words" points=2
# Newton–Schulz rend toutes les valeurs singulières semblables : les directions des petits gradients sont relevées à la
# taille des grands, et la ligne d'un mot rare se déplace à peu près autant que celle d'un mot fréquent, sur la foi de
# quelques exemples. Les lignes au gradient nul ne restent nulles dans $v$ que si elles n'en ont jamais eu d'autre. Avec
# l'élan, une ligne garde un reste d'anciens gradients, et Newton–Schulz relève même un petit reste : des mots sont
# déplacés que le mini-lot ne contient pas. Et une rotation par la gauche mélangerait les lignes de mots différents. Or
# une ligne appartient à son mot : on va l'y chercher, et rien ne la mélange à d'autres avant son emploi. Les axes de
# cette matrice ont un sens, et une règle qui regarde les nombres un par un, comme Adam, convient mieux.

# %% [markdown] lang="en"
# ## What to remember
#
# - Adam without a memory is the sign of the gradient. Its two averages make the step shorter where it is not sure.
# - Whoever looks at each number by itself sees the axes. Turn the valley, and sign and Adam become other
#   optimizers; gradient descent and Muon stay the same.
# - The sign of a matrix is $U V^\top$: every singular value becomes 1, and the directions stay.
# - Newton–Schulz comes near to it with products alone, after a division by the Frobenius norm.
# - Muon: the velocity first, then Newton–Schulz, then a factor for tall matrices; vectors, embeddings and the last
#   layer go to Adam.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Adam sans mémoire est le signe du gradient. Ses deux moyennes raccourcissent le pas là où il n'est pas sûr.
# - Qui regarde les nombres un par un voit les axes. Tournez la vallée : le signe et Adam deviennent d'autres
#   optimiseurs ; la descente de gradient et Muon restent les mêmes.
# - Le signe d'une matrice est $U V^\top$ : chaque valeur singulière devient 1, et les directions restent.
# - Newton–Schulz s'en approche par des produits seulement, après une division par la norme de Frobenius.
# - Muon : la vitesse d'abord, puis Newton–Schulz, puis un facteur pour les matrices hautes ; les vecteurs, les
#   plongements et la dernière couche reviennent à Adam.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **Other coefficients.** The oldest Newton–Schulz has $a = \frac{3}{2}$, $b = -\frac{1}{2}$, $c = 0$, and settles at
#    exactly 1. Follow singular values of 0.5, 0.1 and 0.01 under it. *Expect* 4, 8 and 14 steps until they are within
#    0.01 of 1. How many steps do the coefficients of this notebook need until they are above 0.65 for the first time?
#    Which of the two would you take for five steps?
# 2. **Weight decay.** Give your `Muon` a weight decay as in `AdamW`, beside the step and times the rate; and in another
#    class add $\lambda\theta$ to the gradient, as in notebook 5. An 8 × 8 matrix begins at 0, its gradient is always
#    100 times the identity, $\eta = 0.1$ and $\lambda = 0.1$. *Expect* all singular values of the first to come to rest
#    at 10.67, and those of the second to be at 106.7 after 1000 steps, still growing. Where does 10.67 come from? From
#    which size on would the second one notice its decay?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : écrivez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **D'autres coefficients.** Le plus ancien Newton–Schulz a $a = \frac{3}{2}$, $b = -\frac{1}{2}$, $c = 0$, et se
#    pose exactement sur 1. Suivez sous lui des valeurs singulières de 0,5, 0,1 et 0,01. *Attendez-vous* à 4, 8 et 14
#    pas jusqu'à ce qu'elles soient à 0,01 de 1. Combien de pas les coefficients de ce notebook prennent-ils jusqu'à ce
#    qu'elles dépassent 0,65 pour la première fois ? Lequel des deux prendriez-vous pour cinq pas ?
# 2. **Décroissance des poids.** Donnez à votre `Muon` une décroissance comme dans `AdamW`, à côté du pas et multipliée
#    par le taux ; et, dans une autre classe, ajoutez $\lambda\theta$ au gradient, comme au notebook 5. Une matrice
#    8 × 8 part de 0, son gradient est toujours 100 fois l'identité, $\eta = 0{,}1$ et $\lambda = 0{,}1$.
#    *Attendez-vous* à ce que toutes les valeurs singulières de la première s'arrêtent à 10,67, et à ce que celles de la
#    seconde soient à 106,7 après 1000 pas, et croissent encore. D'où vient 10,67 ? À partir de quelle taille la seconde
#    remarquerait-elle sa décroissance ?
