# %% [markdown] lang="en"
# # 11 · Keeping it stable
#
# <div class="alert alert-info">
#
# **You will write** `clip_gradients`, which shortens gradients that are too long, `AveragedWeights`, which averages the
# weights while they are trained, and `bytes_kept`, which tells what an optimizer keeps in memory.
#
# **Time** 75 minutes, and 15 for what is optional · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** SGD (notebook 1), `self.state` (notebook 2), Adam (notebook 4) and momentum (notebook 10).
#
# **Begin** with the cell under “Your turn: the gradients”: write the function there, run it, then run the check below
# it. *Run All* stops at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 11 · Garder l'entraînement stable
#
# <div class="alert alert-info">
#
# **Vous écrirez** `clip_gradients`, qui raccourcit les gradients trop longs, `AveragedWeights`, qui fait la moyenne des
# poids pendant l'entraînement, et `bytes_kept`, qui dit ce qu'un optimiseur garde en mémoire.
#
# **Durée** 75 minutes, et 15 pour ce qui est facultatif · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** SGD (notebook 1), `self.state` (notebook 2), Adam (notebook 4) et l'élan (notebook 10).
#
# **Commencez** par la cellule sous « À vous : les gradients » : écrivez-y la fonction, exécutez-la, puis exécutez la
# vérification qui suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie. Ce qui est marqué comme
# facultatif peut être laissé de côté : rien de ce qui suit n'en a besoin.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import torch

import coursekit

SGD = coursekit.own_class("SGD")
valley = coursekit.functions.valley(10)

# %% [markdown] lang="en"
# ## The idea
#
# A gradient says which way is down, and it is true for the place where it was measured. How far it stays true, it does
# not say. Where the loss has a **cliff**, it is enormous on one short piece of the way, and a step of $\eta$ times that
# throws the parameters far away: thousands of good steps can be lost in a single bad one.
#
# So we believe the direction of a gradient, and of its length no more than a limit $c$. Let $\lVert g \rVert$ be the
# Euclidean norm of *all* gradients, of all parameters, written one below the other in one long vector:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_p \sum_i g_{p,i}^2} \qquad\qquad
# g_p \leftarrow \min\!\left(1, \frac{c}{\lVert g \rVert}\right) g_p$$
#
# This is **clipping by the norm**. Gradients within the limit stay as they are. Longer ones are all multiplied by the
# same factor, so that their norm is $c$ and their direction is what it was.
#
# The rule is due to Pascanu, Mikolov and Bengio, who found such cliffs in recurrent networks (*On the difficulty of
# training recurrent neural networks*, ICML 2013). Today nearly every large language model is trained with it, most
# often with $c = 1$.

# %% [markdown] lang="fr"
# ## L'idée
#
# Un gradient dit de quel côté l'on descend, et il est vrai à l'endroit où on l'a mesuré. Jusqu'où il le reste, il ne le
# dit pas. Là où la perte a une **falaise**, il est énorme sur un petit bout de chemin, et un pas de $\eta$ fois ce
# gradient jette les paramètres au loin : un seul mauvais pas peut en faire perdre des milliers de bons.
#
# Fions-nous donc à la direction d'un gradient, mais ne gardons de sa longueur pas plus qu'une limite $c$. Soit
# $\lVert g \rVert$ la norme euclidienne de *tous* les gradients, de tous les paramètres, écrits l'un sous l'autre en un
# seul long vecteur :
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_p \sum_i g_{p,i}^2} \qquad\qquad
# g_p \leftarrow \min\!\left(1, \frac{c}{\lVert g \rVert}\right) g_p$$
#
# C'est l'**écrêtage par la norme** (*clipping* en anglais). Les gradients qui ne dépassent pas la limite restent tels
# quels. S'ils sont plus longs, tous sont multipliés par le même facteur : leur norme devient $c$, leur direction ne
# change pas.
#
# La règle est due à Pascanu, Mikolov et Bengio, qui ont trouvé de telles falaises dans les réseaux récurrents (*On the
# difficulty of training recurrent neural networks*, ICML 2013). Presque tous les grands modèles de langue sont
# aujourd'hui entraînés avec elle, le plus souvent avec $c = 1$.

# %% [markdown] lang="en"
# ## A step by hand
#
# A model has two parameters, with the gradients $(3, 4)$ and $(12)$. The limit is $c = 6.5$.
#
# | | first gradient | second gradient |
# |---|---|---|
# | sum of the squares | $9 + 16 = 25$ | $144$ |
# | all together | $25 + 144 = 169$ | |
# | norm $\lVert g \rVert$ | $\sqrt{169} = 13$ | |
# | factor $c/\lVert g \rVert$ | $6.5/13 = 0.5$ | |
# | new gradient | $(1.5,\ 2)$ | $(6)$ |
#
# Look at the first gradient alone: its norm is 5, within the limit, and still it is halved. The squares of both are
# added before the root is taken, and both get the same factor. So the ratio of their lengths stays 5 to 12.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Un modèle a deux paramètres, de gradients $(3\,;\ 4)$ et $(12)$. La limite vaut $c = 6{,}5$.
#
# | | premier gradient | second gradient |
# |---|---|---|
# | somme des carrés | $9 + 16 = 25$ | $144$ |
# | tous ensemble | $25 + 144 = 169$ | |
# | norme $\lVert g \rVert$ | $\sqrt{169} = 13$ | |
# | facteur $c/\lVert g \rVert$ | $6{,}5/13 = 0{,}5$ | |
# | nouveau gradient | $(1{,}5\,;\ 2)$ | $(6)$ |
#
# Regardez le premier gradient seul : sa norme vaut 5, en dessous de la limite, et pourtant il est réduit de moitié. Les
# carrés des deux s'additionnent avant que l'on prenne la racine, et les deux reçoivent le même facteur. Le rapport de
# leurs longueurs reste donc de 5 à 12.

# %%
gradients = [torch.tensor([3.0, 4.0]), torch.tensor([12.0])]
print("all numbers in one vector:", torch.cat(gradients).tolist(), "  its norm:", torch.cat(gradients).norm().item())

# %% [markdown] lang="en"
# ## Your turn: the gradients
#
# The function is called between `backward` and `step`: it changes the gradients where they are, in `.grad`, and the
# optimizer then finds them shortened.
#
# - `parameters` may be a list, or what `model.parameters()` returns. That is a generator: one can go through it *once*.
# - A parameter whose `.grad` is `None` is passed over, and stays without a gradient.
# - Change the gradients in place, as in `p.grad.mul_(factor)`, or put new tensors into `.grad`. The weights stay as
#   they are.
# - Return the norm from *before*. It is what one watches during a training: the norm from after is never above $c$.
#
# torch's own function divides by $\lVert g \rVert + 10^{-6}$, to be safe where all gradients are zero. That shortens a
# gradient of norm 1 by a millionth too much. The check accepts both, and uses no norm below 1 except zero.

# %% [markdown] lang="fr"
# ## À vous : les gradients
#
# La fonction est appelée entre `backward` et `step` : elle modifie les gradients là où ils sont, dans `.grad`, et
# l'optimiseur les trouve alors raccourcis.
#
# - `parameters` peut être une liste, ou ce que renvoie `model.parameters()`. C'est un générateur : on ne peut le
#   parcourir qu'*une fois*.
# - Un paramètre dont le `.grad` vaut `None` est ignoré, et reste sans gradient.
# - Modifiez les gradients sur place, comme dans `p.grad.mul_(factor)`, ou mettez de nouveaux tenseurs dans `.grad`. Les
#   poids restent ce qu'ils sont.
# - Renvoyez la norme d'*avant*. C'est elle que l'on surveille pendant un entraînement : celle d'après ne dépasse jamais
#   $c$.
#
# La fonction de torch divise par $\lVert g \rVert + 10^{-6}$, par prudence, pour le cas où tous les gradients sont
# nuls. Un gradient de norme 1 en est raccourci d'un millionième de trop. La vérification accepte les deux, et ne
# demande aucune norme en dessous de 1, sauf zéro.

# %% solution="clip_gradients"
def clip_gradients(parameters, max_norm):
    """Shorten the gradients of all parameters together, in place, where their norm is beyond the limit.

    parameters: the parameters, a list or a generator; one whose .grad is None is passed over
    max_norm: the limit c

    Return the norm of all gradients together, as it was before.
    """
    ### BEGIN SOLUTION
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = sum((g**2).sum() for g in gradients) ** 0.5
    if norm > max_norm:
        for g in gradients:
            g.mul_(max_norm / norm)
    return norm
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: where to begin</summary>
#
# Collect the gradients that are there in a list, in one loop over the parameters. All else needs only this list.
#
# </details>
# <details><summary>Hint 2: one norm for all</summary>
#
# `(g**2).sum()` is the sum of the squares of one gradient. Add these sums up over the list, and take one root at the
# end. Only then go through the list again, to multiply.
#
# </details>
# <details><summary>Hint 3: the gradients do not change</summary>
#
# `g = g * factor` makes a new tensor and gives it the name `g`: the one in `.grad` stays as it was. `g.mul_(factor)`,
# with the underscore, writes into it.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : par où commencer</summary>
#
# Rassemblez dans une liste les gradients qui existent, en une boucle sur les paramètres. Tout le reste n'a besoin que
# de cette liste.
#
# </details>
# <details><summary>Indice 2 : une norme pour tous</summary>
#
# `(g**2).sum()` est la somme des carrés d'un gradient. Additionnez ces sommes sur la liste, et prenez une seule racine
# à la fin. Ensuite seulement, parcourez la liste une seconde fois, pour multiplier.
#
# </details>
# <details><summary>Indice 3 : les gradients ne changent pas</summary>
#
# `g = g * factor` crée un nouveau tenseur et lui donne le nom `g` : celui de `.grad` reste ce qu'il était.
# `g.mul_(factor)`, avec le tiret bas, écrit dedans.
#
# </details>

# %% check="clip_gradients_check" points=8
coursekit.check(clip_gradients)

# %% [markdown] lang="en"
# ## On a cliff
#
# The smallest recurrent network has one neuron that is fed its own output: $x \leftarrow \sigma(w x + b)$, 25 times,
# from $x = 0.5$. The loss is the square of the distance between $x$ and $0.7$. It is a loss of this kind, with its two
# numbers $w$ and $b$, that Pascanu and his co-authors drew.
#
# Two runs start at $w = 4$, $b = -3$ with your `SGD` and the learning rate 1. One has the limit 0.1, the other has
# none. Predict, in the next cell: what will the cliff do to the run without a limit?

# %% [markdown] lang="fr"
# ## Au bord d'une falaise
#
# Le plus petit réseau récurrent est un neurone auquel on redonne sa propre sortie : $x \leftarrow \sigma(w x + b)$, 25
# fois, depuis $x = 0{,}5$. La perte est le carré de l'écart qui reste alors entre $x$ et $0{,}7$. C'est cette perte,
# avec ses deux nombres $w$ et $b$, qu'ont dessinée Pascanu et ses coauteurs.
#
# Deux exécutions partent de $w = 4$, $b = -3$ avec votre `SGD` et le taux 1. L'une a la limite 0,1, l'autre n'en a pas.
# Prédisez, dans la cellule suivante : que va faire la falaise à l'exécution sans limite ?

# %% prediction=true
prediction_1 = ""

# %% given="cliff"
def fed_back(p):
    """Return the loss of a neuron that is fed its own output 25 times; p holds w and b in its last dimension."""
    x = torch.full_like(p[..., 0], 0.5)
    for _ in range(25):
        x = torch.sigmoid(p[..., 0] * x + p[..., 1])
    return (x - 0.7) ** 2


cliff = coursekit.functions.Function(
    name="cliff",
    formula=r"L(w, b) = (x_{25} - 0.7)^2",
    rule=fed_back,
    minimum=(3.5, -1.6),
    limits=((3.0, 6.5), (-3.3, 1.9)),
)

# %%
coursekit.predicted(prediction_1)
with coursekit.once_written():
    paths, norms = {}, {}
    for name, limit in {"without a limit": float("inf"), "limit 0.1": 0.1}.items():
        p = torch.tensor([4.0, -3.0], dtype=torch.float64, requires_grad=True)
        optimizer, paths[name], norms[name] = SGD([p], learning_rate=1.0), [p.detach().clone()], []
        for _ in range(50):
            optimizer.zero_grad()
            cliff(p).backward()
            norms[name].append(float(clip_gradients([p], limit)))
            optimizer.step()
            paths[name].append(p.detach().clone())
        print(f"{name:16} loss at the end: {cliff(p).item():.4f}   longest gradient: {max(norms[name]):.1f}")
    coursekit.plots.contours(cliff, paths, "Over a cliff, and along it", labels=("w", "b"))
    coursekit.plots.lines(
        norms,
        "How long the gradients are",
        "step",
        "norm before clipping",
        x=range(1, 51),
        log="y",
        levels={"limit": 0.1},
    )

# %% [markdown] lang="en"
# **What to see.** Where the lines run together there is the cliff, and to the left of it, at its foot, a whole line of
# minima: the star is one of them. Both runs go down the same slope at first, with gradients of about 0.1. Then, at the
# cliff, the gradient is suddenly 4. Without a limit one step of this length carries the parameters across the whole
# picture, onto a plain where the loss is 0.09 and the gradient nearly zero: there they stay for good. With the limit a
# gradient like that makes a step of length 0.1. This run bounces from one side of the foot to the other, where every
# second gradient is up to thirty times the limit, moves along it nevertheless, and comes down to a loss of about 0.005.

# %% [markdown] lang="fr"
# **À voir.** Là où les lignes se serrent, il y a la falaise, et à sa gauche, à son pied, toute une ligne de minima :
# l'étoile en est un. Les deux exécutions descendent d'abord la même pente, avec des gradients d'environ 0,1. Puis, à la
# falaise, le gradient vaut tout à coup 4. Sans limite, un seul pas de cette longueur emporte les paramètres à travers
# toute la figure, jusque sur un plateau où la perte vaut 0,09 et le gradient presque zéro : ils y restent pour de bon.
# Avec la limite, un tel gradient fait un pas de longueur 0,1. Cette exécution rebondit d'un côté à l'autre du pied, où
# un gradient sur deux vaut jusqu'à trente fois la limite, avance pourtant le long de ce pied, et descend jusqu'à une
# perte d'environ 0,005.

# %% [markdown] lang="en"
# ## Together or one by one (optional)
#
# Why one norm for all, and not one for each parameter? Because the gradient of the loss is one vector, and only the
# whole of it points downhill. The next cell lets your function clip $x$ and $y$ in the valley $f(x, y) =
# \frac{1}{2}(x^2 + 10\, y^2)$, once together and once each by itself, and a third time clips by value: every number is
# cut at the limit.

# %% [markdown] lang="fr"
# ## Ensemble ou un par un (facultatif)
#
# Pourquoi une norme pour tous, et non une par paramètre ? Parce que le gradient de la perte est un seul vecteur, et que
# seul le vecteur entier montre la descente. La cellule suivante fait écrêter $x$ et $y$ par votre fonction dans la
# vallée $f(x, y) = \frac{1}{2}(x^2 + 10\, y^2)$, d'abord ensemble, puis chacun à part, et une troisième fois par
# valeur : chaque nombre est coupé à la limite.

# %%
with coursekit.once_written():
    ways = {
        "together": lambda x, y: clip_gradients([x, y], 2.0),
        "each by itself": lambda x, y: [clip_gradients([p], 2.0) for p in (x, y)],
        "by value": lambda x, y: [p.grad.clamp_(-2.0, 2.0) for p in (x, y)],
    }
    paths = {}
    for name, clip in ways.items():
        x, y = (torch.tensor(start, requires_grad=True) for start in (8.0, 2.0))
        optimizer, paths[name] = SGD([x, y], learning_rate=0.1), [torch.stack([x, y]).detach()]
        for step in range(60):
            optimizer.zero_grad()
            valley(torch.stack([x, y])).backward()
            whole = torch.stack([x.grad, y.grad])
            clip(x, y)
            if step == 0:
                left = torch.stack([x.grad, y.grad])
                angle = torch.rad2deg(torch.acos((whole @ left / whole.norm() / left.norm()).clamp(max=1.0)))
                print(f"{name:15} gradient {left[0]:.2f}, {left[1]:.2f}", end="")
                print(f"   turned by {angle:.0f}°   norm {left.norm():.2f}")
            optimizer.step()
            paths[name].append(torch.stack([x, y]).detach())
    coursekit.plots.contours(valley, paths, "What clipping does to the direction", limits=((-0.5, 8.5), (-0.4, 2.4)))

# %% [markdown] lang="en"
# **What to see.** Clipped together, the path goes down the steepest slope, only slower: across the valley first, then
# along it. The other two are the same here, since each parameter is a single number. They turn the gradient by 23° and
# leave a norm of 2.83, beyond the limit: as long as both numbers are cut, the path runs along a straight line, as far
# in $x$ as in $y$ at each step, whatever the slope is. It is not slower here. But it is no longer a shorter gradient
# step; it has become another rule, one that gives every parameter the same length, as Adam does at its first step. A
# limit was all that was wanted.

# %% [markdown] lang="fr"
# **À voir.** Écrêté ensemble, le chemin descend la plus forte pente, seulement plus lentement : d'abord en travers de
# la vallée, puis en longueur. Les deux autres se confondent ici, puisque chaque paramètre est un seul nombre. Ils
# tournent le gradient de 23° et lui laissent une norme de 2,83, au-delà de la limite : tant que les deux nombres sont
# coupés, le chemin suit une droite, d'autant en $x$ qu'en $y$ à chaque pas, quelle que soit la pente. Ici, il n'est pas
# plus lent. Mais ce n'est plus un pas de gradient raccourci ; c'est devenu une autre règle, qui donne à tous les
# paramètres la même longueur, comme le fait Adam à son premier pas. On ne voulait qu'une limite.

# %% [markdown] lang="en"
# ## The gradients that are left
#
# An optimizer with a memory remembers the gradients that are left after clipping. So a limit does more for it than for
# SGD. In the next cell every gradient is 1, but one of them is 100: a single bad batch.

# %% [markdown] lang="fr"
# ## Les gradients qui restent
#
# Un optimiseur qui a une mémoire se souvient des gradients qui restent après l'écrêtage. Une limite fait donc plus pour
# lui que pour SGD. Dans la cellule suivante, chaque gradient vaut 1, sauf un qui vaut 100 : un seul mauvais mini-lot.

# %%
Momentum, Adam = coursekit.own_class("Momentum"), coursekit.own_class("Adam")
with coursekit.once_written():
    panels = []
    for optimizer_class in (Momentum, Adam):
        lengths = {}
        for name, limit in {"without a limit": float("inf"), "limit 2": 2.0}.items():
            theta = torch.zeros(1, requires_grad=True)
            optimizer, lengths[name] = optimizer_class([theta], learning_rate=0.01), []
            for step in range(100):
                theta.grad = torch.tensor([100.0 if step == 30 else 1.0])
                clip_gradients([theta], limit)
                before = theta.item()
                optimizer.step()
                lengths[name].append(before - theta.item())
        panels.append((f"step of {optimizer_class.__name__}", lengths))
    logarithmic = [label for label, _ in panels]
    coursekit.plots.stacked(panels, "One gradient of 100 among gradients of 1", "step", log=logarithmic)

# %% [markdown] lang="en"
# **What to see.** Without a limit, momentum's steps are eleven times as long at once, and it takes some fifty steps
# until that has faded. Adam does the opposite, and that is worse: the square of the bad gradient goes into $v$, the
# steps fall to a tenth, and they stay there, for with $\beta_2 = 0.999$ the memory of $v$ is a thousand steps long.
# With a limit of 2 the bad batch is hardly seen in either of them.

# %% [markdown] lang="fr"
# **À voir.** Sans limite, les pas de l'élan deviennent d'un coup onze fois plus longs, et il faut une cinquantaine de
# pas pour que cela s'efface. Adam fait le contraire, et c'est pire : le carré du mauvais gradient entre dans $v$, les
# pas tombent au dixième de leur longueur, et ils y restent, car avec $\beta_2 = 0{,}999$ la mémoire de $v$ dure mille
# pas. Avec une limite de 2, on voit à peine le mauvais mini-lot, chez l'un comme chez l'autre.

# %% [markdown] lang="en"
# ## An average of the weights
#
# Clipping helps against one bad step. Against the many small ones it does nothing: near a minimum a gradient is mostly
# noise, and the weights jump around it, the more the higher the rate is. Lowering the rate is one answer (notebook 8).
# Another is to let the weights jump, and to look at their average $\bar\theta$ in place of them. The errors of the
# single steps then cancel, and the training itself does not even notice.
#
# Ruppert (*Efficient estimations from a slowly convergent Robbins-Monro process*, Cornell University, 1988) and Polyak
# and Juditsky (*Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and Optimization 30,
# 1992) took the plain mean of all weights, and proved that in the long run no rule makes better use of noisy
# gradients. But the plain mean never forgets where the training began. In practice one takes the average that you know
# from Adam, with a **decay** $d$ near 1, after each step of the optimizer:
#
# $$\bar\theta \leftarrow d\,\bar\theta + (1 - d)\,\theta$$
#
# It looks back over about $1/(1 - d)$ updates: a thousand for the usual $d = 0.999$.
#
# What is its **first value**? Adam begins with zero and divides by $1 - \beta^t$ later on. Here that is not needed: at
# the first update there is nothing but $\theta$, so $\bar\theta$ becomes a copy of it. All later updates follow the
# formula. This is what torch's `AveragedModel` does with `get_ema_avg_fn`.

# %% [markdown] lang="fr"
# ## Une moyenne des poids
#
# L'écrêtage aide contre un seul mauvais pas. Contre les nombreux petits, il ne peut rien : près d'un minimum, un
# gradient est surtout du bruit, et les poids sautent autour de lui, d'autant plus que le taux est haut. Baisser le taux
# est une réponse (notebook 8). Une autre est de laisser sauter les poids, et de regarder leur moyenne $\bar\theta$ à
# leur place. Les erreurs des différents pas se compensent alors, et l'entraînement lui-même n'en remarque rien.
#
# Ruppert (*Efficient estimations from a slowly convergent Robbins-Monro process*, Cornell University, 1988), puis
# Polyak et Juditsky (*Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and Optimization
# 30, 1992) ont pris la simple moyenne de tous les poids, et ont démontré qu'à la longue aucune règle ne tire mieux
# parti de gradients bruités. Mais la simple moyenne n'oublie jamais où l'entraînement a commencé. En pratique, on prend
# la moyenne que vous connaissez d'Adam, avec un **decay** $d$ proche de 1, après chaque pas de l'optimiseur :
#
# $$\bar\theta \leftarrow d\,\bar\theta + (1 - d)\,\theta$$
#
# Elle couvre à peu près les $1/(1 - d)$ dernières mises à jour : mille pour la valeur usuelle $d = 0{,}999$.
#
# Quelle est sa **première valeur** ? Adam part de zéro et divise ensuite par $1 - \beta^t$. Ici, ce n'est pas
# nécessaire : à la première mise à jour, il n'y a rien d'autre que $\theta$, et $\bar\theta$ en devient donc une copie.
# Toutes les mises à jour suivantes appliquent la formule. C'est ce que fait `AveragedModel` de torch avec
# `get_ema_avg_fn`.

# %% [markdown] lang="en"
# Three updates by hand, with $d = 0.5$:
#
# | update | weight $\theta$ | average $\bar\theta$ |
# |---|---|---|
# | 1 | $4$ | $4$, a copy |
# | 2 | $2$ | $0.5 \cdot 4 + 0.5 \cdot 2 = 3$ |
# | 3 | $6$ | $0.5 \cdot 3 + 0.5 \cdot 6 = 4.5$ |
#
# The last weight has the share $\frac{1}{2}$ in it, the one before $\frac{1}{4}$, and the first one what is left, which
# is $\frac{1}{4}$ as well.

# %% [markdown] lang="fr"
# Trois mises à jour à la main, avec $d = 0{,}5$ :
#
# | mise à jour | poids $\theta$ | moyenne $\bar\theta$ |
# |---|---|---|
# | 1 | $4$ | $4$, une copie |
# | 2 | $2$ | $0{,}5 \cdot 4 + 0{,}5 \cdot 2 = 3$ |
# | 3 | $6$ | $0{,}5 \cdot 3 + 0{,}5 \cdot 6 = 4{,}5$ |
#
# Le dernier poids y a la part $\frac{1}{2}$, le précédent $\frac{1}{4}$, et le premier ce qui reste, soit encore
# $\frac{1}{4}$.

# %%
weights = torch.tensor([4.0, 2.0, 6.0])
print("all at once:", (torch.tensor([0.25, 0.25, 0.5]) @ weights).item())

# %% [markdown] lang="en"
# ## Your turn: the average
#
# The class is made once, before the training. `update()` is called after each step of the optimizer.
#
# - Keep the parameters themselves, in a list of your own, and read them anew at each update. What you are given may be
#   a generator, and an optimizer may give a parameter new storage, as `p.data = ...` does.
# - The averages are tensors in a list, `self.averages`, in the order of the parameters. What stands there before the
#   first update is up to you.
# - They have memory of their own. `p.detach()` and `p.data` are other names for the *same* numbers: when the optimizer
#   moves the weights in place, they move along. `.clone()` makes a copy.
# - Nothing is recorded: work under `torch.no_grad()`. The weights stay as they are, and go on learning.

# %% [markdown] lang="fr"
# ## À vous : la moyenne
#
# L'objet est créé une fois, avant l'entraînement. `update()` est appelée après chaque pas de l'optimiseur.
#
# - Gardez les paramètres eux-mêmes, dans une liste à vous, et relisez-les à chaque mise à jour. On peut vous donner un
#   générateur, et un optimiseur peut changer la mémoire d'un paramètre, comme le fait `p.data = ...`.
# - Les moyennes sont des tenseurs dans une liste, `self.averages`, dans l'ordre des paramètres. Ce qui s'y trouve avant
#   la première mise à jour est libre.
# - Elles ont leur propre mémoire. `p.detach()` et `p.data` sont d'autres noms des *mêmes* nombres : quand l'optimiseur
#   déplace les poids sur place, elles suivent. `.clone()` fait une copie.
# - Rien n'est enregistré : travaillez sous `torch.no_grad()`. Les poids restent ce qu'ils sont, et continuent
#   d'apprendre.

# %% solution="averaged_weights"
class AveragedWeights:
    """An exponential moving average of weights.

    parameters: the parameters, a list or a generator
    decay: d, the share of the average that an update keeps

    averages: a list of tensors, one for each parameter; after the first update copies of the weights
    """

    def __init__(self, parameters, decay=0.999):
        ### BEGIN SOLUTION
        self.parameters = list(parameters)
        self.decay = decay
        self.averages = []
        ### END SOLUTION

    def update(self):
        """Take the present weights into the averages."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            if not self.averages:
                self.averages = [p.clone() for p in self.parameters]
                return
            for average, p in zip(self.averages, self.parameters, strict=True):
                average.copy_(self.decay * average + (1 - self.decay) * p)
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the first update</summary>
#
# An empty list in the constructor says that there was no update yet. `if not self.averages:` is then the place for the
# copies, and `return` ends the first update.
#
# </details>
# <details><summary>Hint 2: the average never changes, or it is the weight itself</summary>
#
# In `for average in self.averages:` the line `average = ...` only gives the name to a new tensor. Write into the one
# that is there, with `average.copy_(...)`. If the average is always equal to the weight: is there a `.clone()` where it
# is made?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : la première mise à jour</summary>
#
# Une liste vide dans le constructeur dit qu'il n'y a encore eu aucune mise à jour. `if not self.averages:` est alors
# l'endroit des copies, et `return` termine la première mise à jour.
#
# </details>
# <details><summary>Indice 2 : la moyenne ne change jamais, ou c'est le poids lui-même</summary>
#
# Dans `for average in self.averages:`, la ligne `average = ...` ne fait que donner ce nom à un nouveau tenseur. Écrivez
# dans celui qui est là, avec `average.copy_(...)`. Si la moyenne est toujours égale au poids : y a-t-il un `.clone()`
# là où elle est créée ?
#
# </details>

# %% check="averaged_weights_check" points=7
coursekit.check(AveragedWeights)

# %% [markdown] lang="en"
# ## In the middle of the valley
#
# The valley $f(x, y) = \frac{1}{2}(x^2 + 10\, y^2)$, and now every gradient has noise in it. The rate 0.1 is high:
# $\eta\lambda = 1$ across the valley. Predict, in the next cell: where will the average be in the end, and where will
# it be after the first ten steps, nearer to the minimum than the weights or farther from it?

# %% [markdown] lang="fr"
# ## Au milieu de la vallée
#
# La vallée $f(x, y) = \frac{1}{2}(x^2 + 10\, y^2)$, mais chaque gradient contient maintenant du bruit. Le taux 0,1 est
# élevé : en travers de la vallée, $\eta\lambda$ vaut 1. Prédisez, dans la cellule suivante : où sera la moyenne à la
# fin, et où sera-t-elle après les dix premiers pas, plus près du minimum que les poids, ou plus loin ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
with coursekit.once_written():
    torch.manual_seed(0)
    noise = torch.randn(300, 2) * torch.tensor([2.0, 6.0])
    p = torch.tensor([-8.0, 2.0], requires_grad=True)
    optimizer, average = SGD([p], learning_rate=0.1), AveragedWeights([p], decay=0.95)
    weights, averages = [], []
    for each in noise:
        optimizer.zero_grad()
        valley(p).backward()
        p.grad.add_(each)
        optimizer.step()
        average.update()
        weights.append(p.detach().clone())
        averages.append(average.averages[0].clone())
    paths = {"weights": torch.stack(weights), "their average": torch.stack(averages)}
    heights = {name: valley(path) for name, path in paths.items()}
    for name, height in heights.items():
        print(f"{name:14} loss after 10 steps {height[9].item():5.2f}", end="")
        print(f"   mean of the last 100 {height[-100:].mean():.2f}")
    coursekit.plots.contours(valley, paths, "Weights and their average", limits=((-9.0, 2.0), (-2.8, 2.2)))
    coursekit.plots.lines(heights, "The loss at the weights and at their average", "step", "loss", log="y")

# %% [markdown] lang="en"
# **What to see.** The weights reach the floor of the valley and jump about on it, for good: their loss stays at 2.6 on
# average. The average lies in the middle of where they jump, with a loss of 0.19, fourteen times lower. To get that
# from the rate it would have to be lowered to about a fifth. But at the beginning the average is *behind*: after ten
# steps it still remembers where the weights came from. While the weights are moving, an average is late; once they only
# jump, it is right.

# %% [markdown] lang="fr"
# **À voir.** Les poids atteignent le fond de la vallée et y sautent sans fin : leur perte reste à 2,6 en moyenne. La
# moyenne se trouve au milieu de leurs sauts, avec une perte de 0,19, quatorze fois plus basse. Pour en obtenir autant
# par le seul taux, il faudrait le baisser à un cinquième environ. Mais au début, la moyenne est *en retard* : après dix
# pas, elle se souvient encore d'où venaient les poids. Tant que les poids avancent, une moyenne est en retard ; quand
# ils ne font plus que sauter, elle tombe juste.

# %% [markdown] lang="en"
# ### On handwritten digits (optional)
#
# The digits of notebook 9: 32 neurons between the pixels and ten scores, small batches of 16, and a rate of 1, which is
# too high. A second network, the twin, is never trained. Every ten steps it is given the averages as its weights, and
# both networks are tried on images that none of them has seen.

# %% [markdown] lang="fr"
# ### Sur des chiffres manuscrits (facultatif)
#
# Les chiffres du notebook 9 : 32 neurones entre les pixels et dix scores, des mini-lots de 16, et un taux de 1, trop
# élevé. Un second réseau, le jumeau, n'est jamais entraîné. Tous les dix pas, on lui donne les moyennes pour poids, et
# les deux réseaux sont essayés sur des images qu'aucun n'a vues.

# %% given="digits"
images, digits = coursekit.data.digits()
aside = torch.arange(len(images)) % 3 == 0
torch.set_num_threads(1)  # more would only wait for one another: the network is small


def network():
    """Make a network for the digits, the same each time."""
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))


def loss_of(model, chosen):
    """Return the cross entropy of a model on the images that are chosen."""
    return torch.nn.functional.cross_entropy(model(images[chosen]), digits[chosen])

# %%
with coursekit.once_written():
    model, twin = network(), network()
    optimizer, average = SGD(model.parameters(), learning_rate=1.0), AveragedWeights(model.parameters(), decay=0.98)
    learnt = torch.arange(len(images))[~aside]
    losses = {"weights": [], "their average": []}
    for step in range(1, 401):
        optimizer.zero_grad()
        loss_of(model, learnt[torch.randint(len(learnt), (16,))]).backward()
        optimizer.step()
        average.update()
        if step % 10 == 0:
            with torch.no_grad():
                for p, averaged in zip(twin.parameters(), average.averages, strict=True):
                    p.copy_(averaged)
                for name, each in zip(losses, (model, twin), strict=True):
                    losses[name].append(loss_of(each, aside).item())
    for name, each in losses.items():
        print(f"{name:14} mean of the last 100 steps {sum(each[-10:]) / 10:.3f}")
    coursekit.plots.lines(
        losses, "Loss on digits that were kept aside", "step", "loss", x=range(10, 401, 10), log="y"
    )

# %% [markdown] lang="en"
# **What to see.** The weights are good at one step and bad at the next. Their average is late for the first hundred
# steps. From then on it is better than nearly all of the weights, and steady: one can stop at any step. That is what
# averages are used for in large trainings, where the rate is high and nobody knows beforehand which step will be the
# last.

# %% [markdown] lang="fr"
# **À voir.** Les poids sont bons à un pas et mauvais au suivant. Leur moyenne est en retard pendant les cent premiers
# pas. Ensuite, elle est meilleure que presque tous les poids, et régulière : on peut s'arrêter à n'importe quel pas.
# C'est à cela que servent les moyennes dans les grands entraînements, où le taux est haut et où personne ne sait
# d'avance quel pas sera le dernier.

# %% [markdown] lang="en"
# ## Your turn: the bytes
#
# Nothing of this is free. An average is one more number for each weight, and so is everything that an optimizer keeps
# in its state. In float32 each of these numbers takes 4 bytes, as the weight and its gradient do, and bytes for each
# weight are gigabytes for a model of a billion weights. That decides which card it fits on.
#
# The state stands in `optimizer.state`, a dictionary: for each parameter it holds what `self.state[p]` was in your
# classes, a dictionary again, in which tensors stand and perhaps a count of steps.
#
# - Add up the bytes of all tensors, for all parameters. A tensor `t` has `t.numel()` numbers of `t.element_size()`
#   bytes each: four in float32, two in bfloat16.
# - Only tensors count: one number of steps is nothing beside a million weights.

# %% [markdown] lang="fr"
# ## À vous : les octets
#
# Rien de cela n'est gratuit. Une moyenne, c'est un nombre de plus par poids, et tout ce qu'un optimiseur garde dans son
# état aussi. En float32, chacun de ces nombres prend 4 octets, comme le poids et son gradient, et les octets par poids
# sont des gigaoctets pour un modèle d'un milliard de poids. Cela décide de la carte sur laquelle il tient.
#
# L'état se trouve dans `optimizer.state`, un dictionnaire : pour chaque paramètre, il contient ce qu'était
# `self.state[p]` dans vos classes, encore un dictionnaire, où se trouvent des tenseurs et peut-être un compte des pas.
#
# - Additionnez les octets de tous les tenseurs, pour tous les paramètres. Un tenseur `t` a `t.numel()` nombres de
#   `t.element_size()` octets chacun : quatre en float32, deux en bfloat16.
# - Seuls les tenseurs comptent : un nombre de pas n'est rien à côté d'un million de poids.

# %% solution="bytes_kept"
def bytes_kept(optimizer):
    """Return how many bytes the tensors in the state of an optimizer have, all together."""
    ### BEGIN SOLUTION
    total = 0
    for state in optimizer.state.values():
        for kept in state.values():
            if isinstance(kept, torch.Tensor):
                total += kept.numel() * kept.element_size()
    return total
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint</summary>
#
# Two loops, one inside the other: over `optimizer.state.values()`, and over the `.values()` of what that gives.
# `isinstance(kept, torch.Tensor)` tells what is a tensor.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice</summary>
#
# Deux boucles, l'une dans l'autre : sur `optimizer.state.values()`, puis sur les `.values()` de ce que l'on y trouve.
# `isinstance(kept, torch.Tensor)` dit ce qui est un tenseur.
#
# </details>

# %% check="bytes_kept_check" points=3
coursekit.check(bytes_kept)

# %% [markdown] lang="en"
# ## A billion weights (optional)
#
# Your own classes, each after one step, measured with your function. (If one of your classes keeps a bare tensor in
# `self.state[p]`, and not a dictionary, let your function look for that, too.)

# %% [markdown] lang="fr"
# ## Un milliard de poids (facultatif)
#
# Vos propres classes, chacune après un pas, mesurées avec votre fonction. (Si l'une de vos classes garde dans
# `self.state[p]` un simple tenseur, et non un dictionnaire, que votre fonction tienne compte de ce cas aussi.)

# %%
RMSProp, Adagrad, AdamW = (coursekit.own_class(name) for name in ("RMSProp", "Adagrad", "AdamW"))
with coursekit.once_written():
    print("\nbytes for a weight in float32, or GB for a billion of them")
    print("            weight + gradient + state = in all")
    for optimizer_class in (SGD, Momentum, RMSProp, Adagrad, Adam, AdamW):
        weight = torch.zeros(100_000, requires_grad=True)
        weight.grad = torch.ones(100_000)
        optimizer = optimizer_class([weight])
        optimizer.step()
        state = bytes_kept(optimizer) / 100_000
        print(f"{optimizer_class.__name__:12}{4:6} + {4:8} + {state:5.0f} = {8 + state:6.0f}")

# %% [markdown] lang="en"
# **What to see.** SGD keeps nothing, and needs 8 GB. One number for each weight makes it 12, Adam's two make it 16, and
# an average of the weights 20: all of that before the first activation is computed. A model of which the weights alone
# fill 4 GB is trained with Adam on four times as much. Large models are trained in 16 bits, and it is 16 bytes again: 2
# for the weight and 2 for the gradient, and in float32 a second, exact copy of the weight and Adam's two averages, 12
# more (Rajbhandari and others, *ZeRO: Memory Optimizations Toward Training Trillion Parameter Models*, SC 2020).

# %% [markdown] lang="fr"
# **À voir.** SGD ne garde rien, et demande 8 Go. Un nombre par poids en fait 12, les deux d'Adam en font 16, et une
# moyenne des poids 20 : tout cela avant que la première activation soit calculée. Un modèle dont les poids seuls
# occupent 4 Go demande, avec Adam, quatre fois plus de mémoire. Les grands modèles s'entraînent en 16 bits, et cela
# fait de nouveau 16 octets : 2 pour le poids et 2 pour le gradient, puis en float32 une seconde copie, exacte, du poids
# et les deux moyennes d'Adam, soit 12 de plus (Rajbhandari et coauteurs, *ZeRO: Memory Optimizations Toward Training
# Trillion Parameter Models*, SC 2020).

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **An average that begins at zero**, or with the weights of the constructor. With $d = 0.999$ more than a third of that
# beginning is still in the average after a thousand updates. **No `.clone()`**: the average *is* the weights, and
# nobody notices, for its loss is never bad, only as restless as that of the weights. **Clipping at the wrong place**:
# before `backward` there is no gradient, or still the old one, and after `step` it is too late. In both cases a norm is
# returned and nothing is raised.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Une moyenne qui commence à zéro**, ou avec les poids du constructeur. Avec $d = 0{,}999$, plus d'un tiers de ce
# début est encore dans la moyenne après mille mises à jour. **Pas de `.clone()`** : la moyenne *est* les poids, et
# personne ne le remarque, car sa perte n'est jamais mauvaise, seulement aussi agitée que celle des poids. **Écrêter au
# mauvais endroit** : avant `backward`, il n'y a pas de gradient, ou encore l'ancien, et après `step`, il est trop tard.
# Dans les deux cas, une norme est renvoyée, et aucune erreur ne le dit.

# %%
with coursekit.once_written():
    weight = torch.full((1,), 10.0, requires_grad=True)  # as the constructor finds it
    average = AveragedWeights([weight], decay=0.9)
    from_zero, from_constructor = 0.0, weight.item()
    begun = {"weight": [], "your average": [], "begun at zero": [], "begun in the constructor": []}
    for step in range(40):
        weight.data.fill_(4.0 + 0.5 * (-1) ** step)
        average.update()
        from_zero, from_constructor = (0.9 * each + 0.1 * weight.item() for each in (from_zero, from_constructor))
        kept = (weight.item(), average.averages[0].item(), from_zero, from_constructor)
        for values, value in zip(begun.values(), kept, strict=True):
            values.append(value)
    coursekit.plots.lines(begun, "Three beginnings of an average, decay 0.9", "update", "value", x=range(1, 41))

# %% [markdown] lang="en"
# **What to see.** The weight jumps between 3.5 and 4.5. Your average begins at the first weight, 4.5, and is soon in
# the middle. The two others need some thirty updates to forget a beginning that was never a trained weight.

# %% [markdown] lang="fr"
# **À voir.** Le poids saute entre 3,5 et 4,5. Votre moyenne commence par le premier poids, 4,5, et se trouve bientôt au
# milieu. Aux deux autres, il faut une trentaine de mises à jour pour oublier un début qui n'a jamais été un poids
# entraîné.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** All gradients are clipped to the norm `max_norm`, and then your `Momentum` takes its step. How long can a step
# get at most, if the training goes on for as long as you like?
#
# <details><summary>Hint</summary>
#
# A velocity is longest when all gradients point the same way and are as long as allowed. What do they add up to?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Tous les gradients sont écrêtés à la norme `max_norm`, puis votre `Momentum` fait son pas. Quelle longueur un
# pas peut-il atteindre au plus, si l'entraînement dure aussi longtemps que l'on veut ?
#
# <details><summary>Indice</summary>
#
# Une vitesse est la plus longue quand tous les gradients vont du même côté et sont aussi longs que permis. Que donne
# leur somme ?
#
# </details>

# %% solution="longest_step"
def longest_step(max_norm, learning_rate, momentum):
    """Return the length that no step of Momentum exceeds where every gradient is clipped to max_norm."""
    ### BEGIN SOLUTION
    return learning_rate * max_norm / (1 - momentum)
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(2, requires_grad=True)
    optimizer = Momentum([theta], learning_rate=0.01, momentum=0.9)
    for _ in range(200):
        theta.grad = torch.tensor([30.0, 40.0])
        clip_gradients([theta], 2.0)
        before = theta.detach().clone()
        optimizer.step()
    print(f"Momentum      {(theta - before).norm().item():.4f}")
    print(f"longest_step  {float(longest_step(2.0, 0.01, 0.9)):.4f}")

# %% check="longest_step_check" points=1
coursekit.check(longest_step)

# %% [markdown] lang="en"
# **2.** A weight moves by the same `step` before every update, and has done so for a long time. How far behind the
# weight is its average, right after an update, as the weight minus the average?
#
# <details><summary>Hint</summary>
#
# Call the distance $L$. Then the weight moves, and the distance is $L + \text{step}$. Which share of it does the update
# leave? In the long run it leaves $L$ again.
#
# </details>

# %% [markdown] lang="fr"
# **2.** Un poids se déplace de la même quantité `step` avant chaque mise à jour, et cela depuis longtemps. De combien
# sa moyenne est-elle en retard sur lui, juste après une mise à jour, en comptant le poids moins la moyenne ?
#
# <details><summary>Indice</summary>
#
# Appelez ce retard $L$. Le poids se déplace, et le retard vaut $L + \text{step}$. Quelle part en laisse la mise à
# jour ? À la longue, elle laisse de nouveau $L$.
#
# </details>

# %% solution="lag"
def lag(step, decay):
    """Return how far the average is behind a weight that moves by `step` before each update, after an update."""
    ### BEGIN SOLUTION
    return step * decay / (1 - decay)
    ### END SOLUTION

# %%
with coursekit.once_written():
    weight = torch.zeros(1, requires_grad=True)
    average = AveragedWeights([weight], decay=0.9)
    for number in range(200):
        weight.data.fill_(0.02 * number)
        average.update()
    print(f"AveragedWeights  {(weight - average.averages[0]).item():.4f}")
    print(f"lag              {float(lag(0.02, 0.9)):.4f}")

# %% check="lag_check" points=1
coursekit.check(lag)

# %% [markdown] lang="en"
# ## A question
#
# Someone trains with Adam and clips. Their limit is so low that *every* gradient is beyond it. They halve the limit,
# and nothing changes; with SGD the steps would have become half as long. Why does Adam not notice the limit itself?
# What has clipping changed all the same, compared with a training without it? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Quelqu'un entraîne avec Adam et écrête. Sa limite est si basse que *chaque* gradient la dépasse. Il la réduit de
# moitié, et rien ne change ; avec SGD, les pas seraient devenus deux fois plus courts. Pourquoi Adam ne remarque-t-il
# pas la limite elle-même ? Qu'est-ce que l'écrêtage a tout de même changé, par rapport à un entraînement sans lui ?
# Répondez en quelques phrases.

# %% [markdown] lang="en" answer="stability_words" points=2
# Where every gradient is clipped, half the limit means half of every gradient. In Adam's step $\hat m$ is halved and
# $\sqrt{\hat v}$ is halved, too, so their quotient stays (but for ε). SGD multiplies the gradient by the rate, and its
# step is halved. Still something has changed: each gradient has been divided by its *own* norm, so that all count the
# same in both averages. A batch with a very long gradient no longer outweighs the others in $m$, and no longer makes
# $v$ large, and the steps short, for a thousand steps. Only the directions of the gradients are left, and the ratios
# between the parameters within each of them.

# %% [markdown] lang="fr" answer="stability_words" points=2
# Là où chaque gradient est écrêté, une limite deux fois plus basse divise tous les gradients par deux. Dans le pas
# d'Adam, $\hat m$ est divisé par deux, et $\sqrt{\hat v}$ aussi : leur quotient ne change donc pas (à ε près). SGD
# multiplie le gradient par le taux, et son pas est divisé par deux. Quelque chose a pourtant changé : chaque gradient a
# été divisé par sa *propre* norme, si bien que tous comptent autant dans les deux moyennes. Un mini-lot au gradient
# très long ne l'emporte plus sur les autres dans $m$, et ne rend plus $v$ grand, et les pas courts, pour mille pas. Il
# ne reste que les directions des gradients et, dans chacun, les rapports entre les paramètres.

# %% [markdown] lang="en"
# ## What to remember
#
# - Clipping keeps the direction of a gradient and bounds its length: one norm over all parameters, one factor, between
#   `backward` and `step`. Watch the norm that it returns.
# - A limit protects what an optimizer remembers: one bad gradient stays in Adam's $v$ for a thousand steps.
# - An average of the weights is better than the weights once they only jump, and late while they still move, by $d/(1 -
#   d)$ steps. Its first value is a copy, with memory of its own.
# - In float32 a weight costs 4 bytes, its gradient 4, each number that an optimizer keeps 4, and an average 4: with
#   Adam 16 GB for a billion weights, 20 with an average.

# %% [markdown] lang="fr"
# ## À retenir
#
# - L'écrêtage garde la direction d'un gradient et borne sa longueur : une norme sur tous les paramètres, un facteur,
#   entre `backward` et `step`. Surveillez la norme qu'il renvoie.
# - Une limite protège ce dont un optimiseur se souvient : un seul mauvais gradient reste mille pas dans le $v$ d'Adam.
# - Une moyenne des poids vaut mieux que les poids dès qu'ils ne font plus que sauter, et elle est en retard tant qu'ils
#   avancent, de $d/(1 - d)$ pas. Sa première valeur est une copie, avec sa propre mémoire.
# - En float32, un poids coûte 4 octets, son gradient 4, chaque nombre que garde un optimiseur 4, et une moyenne 4 :
#   avec Adam, 16 Go pour un milliard de poids, 20 avec une moyenne.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **A limit that finds itself** (Seetharaman and others, *AutoClip: Adaptive Gradient Clipping for Source Separation
#    Networks*, MLSP 2020). Keep the norms that `clip_gradients` returns, and let the limit of each step be the tenth
#    percentile of all norms so far, its own among them. Try it on the cliff with the rate 1. *Expect* limits between
#    0.09 and 0.12, much like the 0.1 that was chosen by hand, and a loss below 0.001 after 50 steps. Which question
#    about the rate does this leave open?
# 2. **An average in 16 bits.** Make a tensor of one number in `torch.bfloat16`, with the value 0.5, and average it with
#    the weight 1 by `average + (1 - d) * (1 - average)`, five thousand times. *Expect* 1 to be reached with no $d$: the
#    average stops at 0.98 for $d = 0.9$, at 0.80 for $d = 0.99$, and with $d = 0.999$ it never moves at all. How many
#    digits does a number in bfloat16 have, and in which type must averages be kept?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : écrivez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Une limite qui se trouve elle-même** (Seetharaman et coauteurs, *AutoClip: Adaptive Gradient Clipping for Source
#    Separation Networks*, MLSP 2020). Gardez les normes que renvoie `clip_gradients`, et prenez pour limite de chaque
#    pas le dixième centile de toutes les normes jusque-là, la sienne comprise. Essayez sur la falaise avec le taux 1.
#    *Attendez-vous* à des limites entre 0,09 et 0,12, semblables au 0,1 choisi à la main, et à une perte sous 0,001
#    après 50 pas. Quelle question sur le taux cela laisse-t-il ouverte ?
# 2. **Une moyenne en 16 bits.** Créez un tenseur d'un seul nombre en `torch.bfloat16`, de valeur 0,5, et faites-en la
#    moyenne avec le poids 1 par `average + (1 - d) * (1 - average)`, cinq mille fois. *Attendez-vous* à ce que 1 ne
#    soit atteint pour aucun $d$ : la moyenne s'arrête à 0,98 pour $d = 0{,}9$, à 0,80 pour $d = 0{,}99$, et avec $d =
#    0{,}999$ elle ne bouge pas du tout. Combien de chiffres un nombre en bfloat16 a-t-il, et dans quel type faut-il
#    garder les moyennes ?
