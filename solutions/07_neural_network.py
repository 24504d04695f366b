# %% [markdown] lang="en"
# # 7 · A small network
#
# <div class="alert alert-info">
#
# **You will write** a network of two layers, its loss, and its training with any optimizer.
#
# **Time** 60 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** the chain rule, and the loop of notebook 6.
#
# **Begin** with the cell under “Your turn: the network and its loss”: write the function there, run it, then run the
# check below it. *Run All* stops at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 7 · Un petit réseau
#
# <div class="alert alert-info">
#
# **Vous écrirez** un réseau à deux couches, sa perte, et son entraînement avec n'importe quel optimiseur.
#
# **Durée** 60 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** la règle de la chaîne, et la boucle du notebook 6.
#
# **Commencez** par la cellule sous « À vous : le réseau et sa perte » : écrivez-y la fonction, exécutez-la, puis
# exécutez la vérification qui suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import math

import torch

import coursekit

SGD, RMSProp, Adagrad, Adam, AdamW = coursekit.own_optimizers()
optimizers = {"SGD": SGD, "RMSProp": RMSProp, "Adagrad": Adagrad, "Adam": Adam, "AdamW": AdamW}

# %% [markdown] lang="en"
# The lines above say whose classes are used: yours where the earlier notebook is in this folder and runs, the course's
# otherwise.
#
# ## The idea
#
# The smallest network with a hidden layer has one number in, one in the middle, and one out:
#
# $$h = W_1 x + b_1, \qquad \hat y = W_2 h + b_2, \qquad L = (y - \hat y)^2.$$
#
# It is small enough to do by hand everything that torch does for a large one. The gradient comes from the chain rule,
# applied from the loss backward: every quantity gets its derivative from the one that follows it,
#
# $$\frac{\partial L}{\partial \hat y} = 2(\hat y - y) = \delta, \qquad
# \frac{\partial L}{\partial W_2} = \delta h, \qquad
# \frac{\partial L}{\partial b_2} = \delta, \qquad
# \frac{\partial L}{\partial h} = \delta W_2, \qquad
# \frac{\partial L}{\partial W_1} = \delta W_2 x, \qquad
# \frac{\partial L}{\partial b_1} = \delta W_2.$$
#
# That is **backpropagation**. Rumelhart, Hinton and Williams made it known in 1986 (*Learning representations by
# back-propagating errors*, Nature 323), and `.backward()` does exactly this.

# %% [markdown] lang="fr"
# Les lignes ci-dessus disent quelles classes sont utilisées : les vôtres quand leur notebook se trouve dans ce dossier
# et fonctionne, celles du cours sinon.
#
# ## L'idée
#
# Le plus petit réseau qui ait une couche cachée a un nombre en entrée, un au milieu et un en sortie :
#
# $$h = W_1 x + b_1, \qquad \hat y = W_2 h + b_2, \qquad L = (y - \hat y)^2.$$
#
# Il est assez petit pour qu'on fasse à la main tout ce que torch fait pour un grand. Le gradient vient de la règle de
# la chaîne, appliquée en remontant à partir de la perte : chaque quantité tire sa dérivée de celle qui la suit,
#
# $$\frac{\partial L}{\partial \hat y} = 2(\hat y - y) = \delta, \qquad
# \frac{\partial L}{\partial W_2} = \delta h, \qquad
# \frac{\partial L}{\partial b_2} = \delta, \qquad
# \frac{\partial L}{\partial h} = \delta W_2, \qquad
# \frac{\partial L}{\partial W_1} = \delta W_2 x, \qquad
# \frac{\partial L}{\partial b_1} = \delta W_2.$$
#
# C'est la **rétropropagation**. Rumelhart, Hinton et Williams l'ont fait connaître en 1986 (*Learning representations
# by back-propagating errors*, Nature 323), et `.backward()` ne fait rien d'autre.

# %% [markdown] lang="en"
# ## Your turn: the network and its loss
#
# Two short functions. Both are given tensors and return a tensor, so that the gradient can find its way back through
# them: no `.item()`, no `float(...)`, no `torch.tensor(...)` around a result. If `x` holds many inputs, `forward`
# returns as many predictions; torch does that by itself when you write the formula.

# %% [markdown] lang="fr"
# ## À vous : le réseau et sa perte
#
# Deux fonctions courtes. Toutes deux reçoivent des tenseurs et renvoient un tenseur, pour que le gradient puisse
# remonter à travers elles : ni `.item()`, ni `float(...)`, ni `torch.tensor(...)` autour d'un résultat. Si `x` contient
# plusieurs entrées, `forward` renvoie autant de prédictions ; torch le fait de lui-même quand on écrit la formule.

# %% solution="forward"
def forward(x, W1, b1, W2, b2):
    """Return the prediction of the network for the input x."""
    ### BEGIN SOLUTION
    h = W1 * x + b1
    return W2 * h + b2
    ### END SOLUTION

# %% check="forward_check" points=4
coursekit.check(forward)

# %% solution="loss"
def loss(prediction, target):
    """Return the squared error of a prediction."""
    ### BEGIN SOLUTION
    return (target - prediction) ** 2
    ### END SOLUTION

# %% check="loss_check" points=2
coursekit.check(loss)

# %% [markdown] lang="en"
# ## One step by hand
#
# Take $x = 1$, $y = 10$, and all four parameters 1. Forward: $h = 1 \cdot 1 + 1 = 2$, $\hat y = 1 \cdot 2 + 1 = 3$,
# $L = (10 - 3)^2 = 49$. Backward: $\delta = 2(3 - 10) = -14$, and then, for SGD with $\eta = 0.01$,
#
# | | $W_1$ | $b_1$ | $W_2$ | $b_2$ |
# |---|---|---|---|---|
# | gradient | $\delta W_2 x = -14$ | $\delta W_2 = -14$ | $\delta h = -28$ | $\delta = -14$ |
# | move $-\eta g$ | $+0.14$ | $+0.14$ | $+0.28$ | $+0.14$ |
# | new value | $1.14$ | $1.14$ | $1.28$ | $1.14$ |
#
# The new prediction is $1.28 \cdot (1.14 + 1.14) + 1.14 = 4.0584$, and the loss has fallen to $35.30$. The next cell
# sends the gradient back through your two functions.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Prenons $x = 1$, $y = 10$, et les quatre paramètres égaux à 1. Propagation avant : $h = 1 \cdot 1 + 1 = 2$,
# $\hat y = 1 \cdot 2 + 1 = 3$, $L = (10 - 3)^2 = 49$. Rétropropagation : $\delta = 2(3 - 10) = -14$, puis, pour SGD
# avec $\eta = 0{,}01$,
#
# | | $W_1$ | $b_1$ | $W_2$ | $b_2$ |
# |---|---|---|---|---|
# | gradient | $\delta W_2 x = -14$ | $\delta W_2 = -14$ | $\delta h = -28$ | $\delta = -14$ |
# | déplacement $-\eta g$ | $+0{,}14$ | $+0{,}14$ | $+0{,}28$ | $+0{,}14$ |
# | nouvelle valeur | $1{,}14$ | $1{,}14$ | $1{,}28$ | $1{,}14$ |
#
# La nouvelle prédiction est $1{,}28 \cdot (1{,}14 + 1{,}14) + 1{,}14 = 4{,}0584$, et la perte est tombée à $35{,}30$.
# La cellule suivante fait remonter le gradient à travers vos deux fonctions.

# %%
x, y = torch.tensor(1.0), torch.tensor(10.0)
with coursekit.once_written():
    parameters = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    error = loss(forward(x, *parameters), y)
    error.backward()
    moved = [(p - 0.01 * p.grad).detach() for p in parameters]
    print("L        ", error.item())
    print("gradient ", [p.grad.item() for p in parameters])
    print("W1 ... b2", [round(p.item(), 4) for p in moved])
    print("L        ", round(loss(forward(x, *moved), y).item(), 2))

# %% [markdown] lang="en"
# ## Your turn: the training
#
# `train_network` makes four parameters that start at 1, hands them to the optimizer in the order $W_1, b_1, W_2, b_2$,
# takes the steps, and returns what the parameters were before the first step and after each one: a tensor of shape
# `(steps + 1, 4)`.
#
# It is the loop of notebook 6 once more, with four parameters in place of one. Each of them is a tensor of its own and
# must require a gradient. The hyperparameters are passed on to `optimizer_class`.

# %% [markdown] lang="fr"
# ## À vous : l'entraînement
#
# `train_network` crée quatre paramètres qui partent de 1, les donne à l'optimiseur dans l'ordre $W_1, b_1, W_2, b_2$,
# fait les pas, et renvoie ce qu'étaient les paramètres avant le premier pas et après chacun : un tenseur de forme
# `(steps + 1, 4)`.
#
# C'est de nouveau la boucle du notebook 6, avec quatre paramètres au lieu d'un. Chacun est un tenseur à part et doit
# demander un gradient. Les hyperparamètres sont transmis à `optimizer_class`.

# %% solution="train_network"
def train_network(optimizer_class, x, y, steps, **hyperparameters):
    """Train the network on one input and return its parameters, shape (steps + 1, 4), columns W1, b1, W2, b2.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    x, y: the input and the target
    steps: how many steps to take; all four parameters start at 1
    """
    ### BEGIN SOLUTION
    parameters = [torch.tensor(1.0, requires_grad=True) for _ in range(4)]
    optimizer = optimizer_class(parameters, **hyperparameters)
    rows = [torch.stack(parameters).detach()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss(forward(x, *parameters), y).backward()
        optimizer.step()
        rows.append(torch.stack(parameters).detach())
    return torch.stack(rows)
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the parameters</summary>
#
# `torch.tensor(1.0, requires_grad=True)`, four times. A list that repeats one tensor four times, `[t] * 4`, holds a
# single parameter.
#
# </details>
# <details><summary>Hint 2: UnboundLocalError</summary>
#
# A line `loss = loss(...)` inside the function makes `loss` a local name, which then hides your function `loss`. Give
# the value another name, or none.
#
# </details>
# <details><summary>Hint 3: a row</summary>
#
# `torch.stack([W1, b1, W2, b2])` makes a new tensor with a copy of the four values; `.detach()` takes it off the graph.
# Stack the rows in the same way.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : les paramètres</summary>
#
# `torch.tensor(1.0, requires_grad=True)`, quatre fois. Une liste qui répète quatre fois un même tenseur, `[t] * 4`, ne
# contient qu'un paramètre.
#
# </details>
# <details><summary>Indice 2 : UnboundLocalError</summary>
#
# Une ligne `loss = loss(...)` dans la fonction fait de `loss` un nom local, qui cache alors votre fonction `loss`.
# Donnez à la valeur un autre nom, ou aucun.
#
# </details>
# <details><summary>Indice 3 : une ligne du résultat</summary>
#
# `torch.stack([W1, b1, W2, b2])` fait un nouveau tenseur avec une copie des quatre valeurs ; `.detach()` le sépare du
# graphe. Empilez les lignes de la même façon.
#
# </details>

# %% check="train_network_check" points=12
coursekit.check(train_network)

# %% [markdown] lang="en"
# ## Training with each optimizer
#
# One hundred steps with the default hyperparameters; the first one of SGD you have done by hand. The columns will be
# $W_1$, $b_1$, $W_2$, $b_2$ and the prediction of the network; the target is 10. Predict, in the next cell: which of
# the five will be first at the target? And how far can Adam's parameters get from 1 in a hundred steps at the rate
# 0.001?

# %% [markdown] lang="fr"
# ## L'entraînement avec chaque optimiseur
#
# Cent pas avec les hyperparamètres par défaut ; le premier de SGD, vous l'avez fait à la main. Les colonnes seront
# $W_1$, $b_1$, $W_2$, $b_2$ et la prédiction du réseau ; la cible est 10. Prédisez, dans la cellule suivante : lequel
# des cinq sera le premier à la cible ? Et jusqu'où les paramètres d'Adam peuvent-ils s'éloigner de 1 en cent pas au
# taux 0,001 ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
with coursekit.once_written():
    paths = {name: train_network(optimizer_class, x, y, 100) for name, optimizer_class in optimizers.items()}
    predictions = {name: forward(x, *path.T) for name, path in paths.items()}
    for name, path in paths.items():
        print(f"{name:8}", " ".join(f"{p:8.4f}" for p in path[-1].tolist()), f"{predictions[name][-1].item():8.2f}")
    coursekit.plots.lines(
        predictions,
        "The prediction in training, default hyperparameters",
        "step",
        "prediction",
        levels={"target": 10.0},
    )

# %% [markdown] lang="en"
# **What to see.** SGD is at the target after about twelve steps: the error is large, so its gradient is large, and so
# are its steps. RMSProp climbs in a nearly straight line and has not quite arrived. Adagrad, Adam and AdamW are at 4 or
# below. Adam's parameters move by about 0.001 a step and cannot be much further than 1.1, and with four times 1.1 the
# prediction is $1.1 \cdot 2.2 + 1.1 = 3.52$. As in notebook 6 this compares the defaults, not the rules. With larger
# rates all of them arrive:

# %% [markdown] lang="fr"
# **À voir.** SGD est à la cible après une douzaine de pas : l'erreur est grande, donc le gradient aussi, et les pas de
# même. RMSProp monte presque en ligne droite et n'est pas tout à fait arrivé. Adagrad, Adam et AdamW sont à 4 ou en
# dessous. Les paramètres d'Adam avancent d'environ 0,001 par pas et ne peuvent guère dépasser 1,1 ; avec quatre fois
# 1,1, la prédiction est $1{,}1 \cdot 2{,}2 + 1{,}1 = 3{,}52$. Comme au notebook 6, on compare ici les valeurs par
# défaut, et non les règles. Avec des taux plus grands, tous arrivent :

# %%
with coursekit.once_written():
    larger = {"SGD": 0.01, "RMSProp": 0.02, "Adagrad": 0.5, "Adam": 0.1, "AdamW": 0.1}
    for name, rate in larger.items():
        end = train_network(optimizers[name], x, y, 100, learning_rate=rate)[-1]
        print(f"{name:8}", " ".join(f"{p:8.4f}" for p in end.tolist()), f"{forward(x, *end).item():8.2f}")

# %% [markdown] lang="en"
# **What to see.** The predictions agree, the parameters do not. Any $W_1, b_1, W_2, b_2$ with
# $W_2(W_1 + b_1) + b_2 = 10$ has loss 0: one equation for four numbers, so the minima form a whole surface. Where on it
# a training ends depends on the optimizer. In large networks it is the same: there are many more parameters than the
# data can determine.

# %% [markdown] lang="fr"
# **À voir.** Les prédictions concordent, les paramètres non. Tous les $W_1, b_1, W_2, b_2$ tels que
# $W_2(W_1 + b_1) + b_2 = 10$ ont une perte nulle : une équation pour quatre nombres, donc les minimums forment toute
# une surface. L'endroit de cette surface où un entraînement s'arrête dépend de l'optimiseur. Il en va de même dans les
# grands réseaux : il y a bien plus de paramètres que les données ne peuvent en déterminer.

# %% [markdown] lang="en"
# ## Why $W_1$ and $b_1$ are always equal
#
# In every line above the first two columns are the same. Look at the gradients:
# $\partial L/\partial W_1 = \delta W_2 x$ and $\partial L/\partial b_1 = \delta W_2$. With $x = 1$ they are equal. Two
# parameters with the same start, the same gradient and the same state make the same step, and have the same gradient
# again: nothing can ever separate them.

# %% [markdown] lang="fr"
# ## Pourquoi $W_1$ et $b_1$ sont toujours égaux
#
# Dans chaque ligne ci-dessus, les deux premières colonnes sont les mêmes. Regardez les gradients :
# $\partial L/\partial W_1 = \delta W_2 x$ et $\partial L/\partial b_1 = \delta W_2$. Avec $x = 1$ ils sont égaux. Deux
# paramètres de même départ, de même gradient et de même état font le même pas, puis ont de nouveau le même gradient :
# rien ne pourra jamais les séparer.

# %%
with coursekit.once_written():
    for value in (1.0, 2.0):
        print(f"x = {value:g}, t = 30")
        for name, optimizer_class in optimizers.items():
            end = train_network(optimizer_class, torch.tensor(value), y, 30)[-1]
            print(f"  {name:8}", " ".join(f"{p:9.4f}" for p in end.tolist()))
    path = train_network(SGD, x, y, 30)
    coursekit.plots.lines(
        dict(zip(("W1", "b1", "W2", "b2"), path.T, strict=True)), "The four parameters with SGD, x = 1", "step", "value"
    )

# %% [markdown] lang="en"
# **What to see.** In the picture the dashed curve of $b_1$ lies on that of $W_1$. For $x = 2$ the gradient of $W_1$ is
# twice that of $b_1$, and SGD separates them: $W_1$ has moved by 0.6510, and $b_1$ by half of that.
#
# The adaptive rules do not separate them even then, and for them $W_2$ is equal too. Each divides a gradient by its own
# size, so a factor that stays the same from step to step cancels: with $W_1 = b_1 = W_2 = w$ the gradients are
# $x\,\delta w$, $\delta w$ and $(x + 1)\,\delta w$, and the step sees no difference. Only $b_2$, with the gradient
# $\delta$ alone, goes its own way.

# %% [markdown] lang="fr"
# **À voir.** Sur la figure, la courbe en tirets de $b_1$ recouvre celle de $W_1$. Pour $x = 2$, le gradient de $W_1$
# est le double de celui de $b_1$, et SGD les sépare : $W_1$ s'est déplacé de 0,6510, et $b_1$ de la moitié.
#
# Même alors, les règles adaptatives ne les séparent pas, et avec elles $W_2$ leur reste égal aussi. Chacune divise un
# gradient par sa propre taille : un facteur constant d'un pas à l'autre se simplifie. Avec $W_1 = b_1 = W_2 = w$, les
# gradients sont $x\,\delta w$, $\delta w$ et $(x + 1)\,\delta w$, et le pas ne voit pas la différence. Seul $b_2$, dont
# le gradient est $\delta$ seul, suit son propre chemin.

# %% [markdown] lang="en"
# ## With an activation
#
# Without an activation the layers collapse: $W_2(W_1 x + b_1) + b_2 = (W_2 W_1)\,x + (W_2 b_1 + b_2)$ is a line,
# however many layers and neurons there are. A function that is not linear, put between the layers, changes that. With
# enough neurons $N$,
#
# $$\hat y = \sum_{j=1}^{N} v_j \tanh(w_j x + c_j) + d$$
#
# comes as near as one likes to any continuous function on an interval (Cybenko, 1989, *Approximation by superpositions
# of a sigmoidal function*, Mathematics of Control, Signals and Systems 2). We take $N = 16$. Now the non-linear data of
# notebook 1, where no line was good, are within reach.
#
# Three precautions. $\tanh$ is nearly flat beyond $\pm 2$, where hardly any gradient passes ($1 - \tanh^2 2 = 0.07$),
# so we divide the inputs by 10; and the targets by 20, so that no weight has to travel far (on scaling see LeCun,
# Bottou, Orr and Müller, *Efficient BackProp*, 1998). And the weights start at random: the end of this notebook shows
# why.

# %% [markdown] lang="fr"
# ## Avec une activation
#
# Sans activation, les couches se confondent : $W_2(W_1 x + b_1) + b_2 = (W_2 W_1)\,x + (W_2 b_1 + b_2)$ est une droite,
# quel que soit le nombre de couches et de neurones. Une fonction non linéaire, placée entre les couches, change cela.
# Avec assez de neurones $N$,
#
# $$\hat y = \sum_{j=1}^{N} v_j \tanh(w_j x + c_j) + d$$
#
# approche d'aussi près qu'on veut toute fonction continue sur un intervalle (Cybenko, 1989, *Approximation by
# superpositions of a sigmoidal function*, Mathematics of Control, Signals and Systems 2). Nous prenons $N = 16$. Les
# données non linéaires du notebook 1, où aucune droite n'était bonne, sont maintenant à portée.
#
# Trois précautions. $\tanh$ est presque plate au-delà de $\pm 2$, et presque aucun gradient n'y passe
# ($1 - \tanh^2 2 = 0{,}07$) : nous divisons donc les entrées par 10. Nous divisons aussi les cibles par 20, pour
# qu'aucun poids n'ait un long chemin à faire (sur la mise à l'échelle, voir LeCun, Bottou, Orr et Müller, *Efficient
# BackProp*, 1998). Enfin, les poids sont tirés au hasard au départ : la fin de ce notebook montre pourquoi.

# %%
train = coursekit.own_class("train")
curve = coursekit.data.nonlinear()
scaled = coursekit.data.Dataset("scaled", curve.x / 10, curve.y / 20)

def small_network(activation):
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(1, 16), activation, torch.nn.Linear(16, 1))

def fitted(model, optimizer_class, rate):
    """Train a model on the scaled data; return its losses and its predictions, back in the units of the data."""
    optimizer = optimizer_class(model.parameters(), learning_rate=rate)
    history = coursekit.record(train, model, scaled, optimizer, epochs=150, every=0)
    return [20**2 * value for value in history.losses], 20 * model(scaled.x).detach()

# %%
with coursekit.once_written():
    losses, curves = {}, {}
    losses["no activation"], curves["no activation"] = fitted(small_network(torch.nn.Identity()), Adam, 0.1)
    for name, rate in {"SGD": 0.14, "RMSProp": 0.01, "Adagrad": 0.1, "Adam": 0.1, "AdamW": 0.1}.items():
        losses[name], curves[name] = fitted(small_network(torch.nn.Tanh()), optimizers[name], rate)
    for name, values in losses.items():
        print(f"{name:14}{values[-1]:7.1f}")
    noise = torch.mean((curve.y - 0.5 * curve.x**2 + 4 * curve.x) ** 2).item()
    coursekit.plots.lines(
        losses,
        "Sixteen neurons on the non-linear data",
        "epoch",
        "mean squared error",
        log="y",
        levels={"noise": noise},
    )
    coursekit.plots.fit(curve, curves, "What the networks have learned after 150 epochs")

# %% [markdown] lang="en"
# **What to see.** Without an activation the sixteen neurons find the best line, loss 277, and stop there. With $\tanh$
# all five get below 50. Adam and AdamW lie on top of each other and reach 24. That is below the noise, 26.9, the mean
# squared distance of the points from the true parabola: they have begun to fit the noise of these hundred points. SGD,
# RMSProp and Adagrad are not there yet: their curves are still too flat at the right end. As before, other rates would
# give another order.

# %% [markdown] lang="fr"
# **À voir.** Sans activation, les seize neurones trouvent la meilleure droite (perte 277) et en restent là. Avec
# $\tanh$, les cinq passent sous 50. Adam et AdamW se superposent et atteignent 24. C'est moins que le bruit, 26,9, la
# moyenne des carrés des écarts à la vraie parabole : ils ont commencé à s'ajuster au bruit de ces cent points. SGD,
# RMSProp et Adagrad n'y sont pas encore : leurs courbes sont encore trop plates à l'extrémité droite. Comme plus haut,
# d'autres taux donneraient un autre ordre.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **A forgotten `zero_grad`.** The gradients add up from step to step, and the optimizer uses their sum. We can watch it
# for sixty steps, with an optimizer whose `zero_grad` does nothing. When the prediction of the network passes the
# target 10, the new gradient is 0: what is the sum there? Predict, in the next cell: will the network come to rest at
# 10, come to rest elsewhere, or not come to rest at all?

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Un `zero_grad` oublié.** Les gradients s'additionnent pas après pas, et l'optimiseur utilise leur somme. On peut le
# voir pendant soixante pas, avec un optimiseur dont le `zero_grad` ne fait rien. Quand la prédiction du réseau passe
# par la cible 10, le nouveau gradient est nul : que vaut alors la somme ? Prédisez, dans la cellule suivante : le
# réseau va-t-il s'arrêter à 10, s'arrêter ailleurs, ou ne pas s'arrêter du tout ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)

class Forgetful(torch.optim.SGD):
    def zero_grad(self, set_to_none=True):
        pass

with coursekit.once_written():
    paths = {
        "gradient cleared": train_network(torch.optim.SGD, x, y, 60, lr=0.01),
        "zero_grad forgotten": train_network(Forgetful, x, y, 60, lr=0.01),
    }
    coursekit.plots.lines(
        {name: forward(x, *path.T) for name, path in paths.items()},
        "The network with and without zero_grad",
        "step",
        "prediction",
        levels={"target": 10.0},
    )

# %% [markdown] lang="en"
# **What to see.** With cleared gradients the prediction climbs to 10 and stays. Without, it does not come to rest. At
# the target the sum still holds all the gradients of the way up, so the parameters run on. Only gradients of the other
# sign, from beyond the target, use the sum up and drive the prediction back, too far again: it swings between about 3
# and 17.
#
# **A graph that is cut.** `.item()` turns a tensor into a plain number. It may be wrapped in a tensor again, but that
# one knows nothing of the parameters: their `.grad` stays `None`, every optimizer leaves them alone, and no error says
# so.

# %% [markdown] lang="fr"
# **À voir.** Quand on efface les gradients, la prédiction monte à 10 et y reste. Sinon, elle ne s'arrête pas. À la
# cible, la somme contient encore tous les gradients de la montée, et les paramètres continuent sur leur lancée. Seuls
# les gradients de signe opposé, au-delà de la cible, épuisent la somme et ramènent la prédiction en arrière, trop loin
# de nouveau : elle oscille entre 3 et 17 environ.
#
# **Un graphe coupé.** `.item()` fait d'un tenseur un simple nombre. On peut en refaire un tenseur, mais ce dernier ne
# sait rien des paramètres : leur `.grad` reste `None`, aucun optimiseur n'y touche, et aucune erreur ne le signale.

# %%
W = torch.tensor(1.0, requires_grad=True)
prediction = 3 * W
torch.tensor((10 - prediction.item()) ** 2, requires_grad=True).backward()
print(".item()   grad =", W.grad)
((10 - prediction) ** 2).backward()
print("tensor    grad =", W.grad.item())

# %% [markdown] lang="en"
# **All weights equal at the start.** What happened to $W_1$ and $b_1$ happens to whole neurons: sixteen neurons with
# the same weights get the same gradients and stay copies of one another.

# %% [markdown] lang="fr"
# **Tous les poids égaux au départ.** Ce qui est arrivé à $W_1$ et $b_1$ arrive à des neurones entiers : seize neurones
# de mêmes poids reçoivent les mêmes gradients et restent des copies les uns des autres.

# %%
with coursekit.once_written():
    curves = {"random start": curves["Adam"]}
    for name, value in (("all weights 0.1", 0.1), ("all weights 0", 0.0)):
        model = small_network(torch.nn.Tanh())
        for parameter in model.parameters():
            torch.nn.init.constant_(parameter, value)
        values, curves[name] = fitted(model, Adam, 0.1)
        print(f"{values[-1]:6.1f}  ", [round(weight, 4) for weight in model[0].weight.flatten().tolist()[:4]], "...")
    coursekit.plots.fit(curve, curves, "Sixteen equal neurons are worth one")

# %% [markdown] lang="en"
# **What to see.** The printed weights are the first four of the sixteen in the first layer. Started at 0.1 they have
# moved, but together: the network is a single $\tanh$, which only goes up or only goes down. It cannot turn round at
# the bottom of the parabola, and its loss stays at 47. Started at 0 almost nothing moves: the gradient of $v_j$
# contains $\tanh(0) = 0$, that of $w_j$ contains $v_j = 0$. Only the bias $d$ learns, and it learns the mean of the
# data.

# %% [markdown] lang="fr"
# **À voir.** Les poids affichés sont les quatre premiers des seize de la première couche. Partis de 0,1, ils ont bougé,
# mais ensemble : le réseau est une seule $\tanh$, qui ne fait que monter ou que descendre. Il ne peut pas remonter
# après le fond de la parabole, et sa perte reste à 47. Partis de 0, ils ne bougent presque pas : le gradient de $v_j$
# contient $\tanh(0) = 0$, celui de $w_j$ contient $v_j = 0$. Seul le biais $d$ apprend, et il apprend la moyenne des
# données.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** The sixteen neurons above have one input and one output. How many parameters does such a network have in
# general: `inputs` numbers come in, one hidden layer of `hidden` neurons with an activation, `outputs` numbers go out,
# and both layers have biases?
#
# <details><summary>Hint</summary>
#
# How many numbers does one neuron of the hidden layer learn? And one neuron of the output?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Les seize neurones ci-dessus ont une entrée et une sortie. Combien de paramètres a un tel réseau en général :
# `inputs` nombres entrent, une couche cachée de `hidden` neurones avec une activation, `outputs` nombres sortent, et
# les deux couches ont des biais ?
#
# <details><summary>Indice</summary>
#
# Combien de nombres apprend un neurone de la couche cachée ? Et un neurone de la sortie ?
#
# </details>

# %% solution="parameters_of"
def parameters_of(inputs, hidden, outputs):
    """Return how many parameters a network with one hidden layer has, weights and biases."""
    ### BEGIN SOLUTION
    return (inputs + 1) * hidden + (hidden + 1) * outputs
    ### END SOLUTION

# %%
with coursekit.once_written():
    print("small_network ", sum(p.numel() for p in small_network(torch.nn.Tanh()).parameters()))
    print("parameters_of ", parameters_of(1, 16, 1))

# %% check="parameters_of_check" points=1
coursekit.check(parameters_of)

# %% [markdown] lang="en"
# **2.** Put $\tanh$ between the layers of the two scalar layers: $z = W_1 x + b_1$, $h = \tanh z$,
# $\hat y = W_2 h + b_2$. With $\delta = 2(\hat y - y)$ as before, what is the gradient of $W_1$? The four arguments are
# numbers, not tensors: their $\tanh$ is `math.tanh`.
#
# <details><summary>Hint</summary>
#
# Only one factor is new on the way back: the slope of $\tanh$ at $z$. The text on precautions above has it.
#
# </details>

# %% [markdown] lang="fr"
# **2.** Mettez $\tanh$ entre les deux couches scalaires : $z = W_1 x + b_1$, $h = \tanh z$, $\hat y = W_2 h + b_2$.
# Avec $\delta = 2(\hat y - y)$ comme avant, quel est le gradient de $W_1$ ? Les quatre arguments sont des nombres, non
# des tenseurs : leur $\tanh$ est `math.tanh`.
#
# <details><summary>Indice</summary>
#
# Un seul facteur est nouveau au retour : la pente de $\tanh$ en $z$. Le texte sur les précautions, plus haut, la donne.
#
# </details>

# %% solution="gradient_through_tanh"
def gradient_through_tanh(delta, W2, z, x):
    """Return the gradient of W1 with tanh between the layers: z is W1 * x + b1, delta is 2 * (prediction - target)."""
    ### BEGIN SOLUTION
    return delta * W2 * (1 - math.tanh(z) ** 2) * x
    ### END SOLUTION

# %%
with coursekit.once_written():
    W1, b1, W2, b2 = (torch.tensor(1.0, requires_grad=True) for _ in range(4))
    prediction = W2 * torch.tanh(W1 * x + b1) + b2
    loss(prediction, y).backward()
    delta = 2 * (prediction - y).item()
    print(f"backward               {W1.grad.item():.4f}")
    print(f"gradient_through_tanh  {float(gradient_through_tanh(delta, 1.0, 2.0, 1.0)):.4f}")

# %% check="gradient_through_tanh_check" points=1
coursekit.check(gradient_through_tanh)

# %% [markdown] lang="en"
# ## A question
#
# Take the small network again with $x = 1$, but start at $b_1 = 0.5$ and the other three parameters at 1. How does the
# difference $W_1 - b_1$ evolve with SGD, with Adam, and with AdamW? What does that tell you about the start of a
# network? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Reprenez le petit réseau avec $x = 1$, mais partez de $b_1 = 0{,}5$ et des trois autres paramètres à 1. Comment la
# différence $W_1 - b_1$ évolue-t-elle avec SGD, avec Adam et avec AdamW ? Qu'en concluez-vous sur les valeurs de départ
# d'un réseau ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="network_words" points=2
# With $x = 1$ both have the gradient $\delta W_2$ at every step, whatever their values. SGD therefore moves both by the
# same amount, and the difference stays 0.5. Adam builds its averages $m$ and $v$ from the same gradients, so its steps
# are equal too and the difference stays 0.5. AdamW also subtracts $\eta\lambda\theta$, which is larger for the larger
# parameter: the difference is multiplied by $1 - \eta\lambda$ at each step and shrinks very slowly. An optimizer does
# not create a difference between parameters that get the same gradients: it must be there at the start. That is why the
# weights of a layer start at random.

# %% [markdown] lang="fr" answer="network_words" points=2
# Avec $x = 1$, tous deux ont le gradient $\delta W_2$ à chaque pas, quelles que soient leurs valeurs. SGD les déplace
# donc de la même quantité, et la différence reste 0,5. Adam calcule ses moyennes $m$ et $v$ à partir des mêmes
# gradients : ses pas sont égaux aussi, et la différence reste 0,5. AdamW soustrait de plus $\eta\lambda\theta$, plus
# grand pour le plus grand paramètre : la différence est multipliée par $1 - \eta\lambda$ à chaque pas et diminue très
# lentement. Un optimiseur ne crée pas de différence entre des paramètres qui reçoivent les mêmes gradients : elle doit
# exister au départ. C'est pourquoi l'on tire au hasard les poids de départ d'une couche.

# %% [markdown] lang="en"
# ## What to remember
#
# - Backpropagation is the chain rule, from the loss backward; every factor can be computed by hand.
# - Parameters with the same start and the same gradient stay equal for ever. Start a layer at random.
# - Layers without an activation make one line. With one, sixteen neurons fit a parabola.
# - Clear the gradients, keep the graph whole, and do not take `.item()` before `.backward()`.
#
# Next: a [scheduler](08_lr_scheduler.ipynb) changes the learning rate while the training runs.

# %% [markdown] lang="fr"
# ## À retenir
#
# - La rétropropagation est la règle de la chaîne appliquée en remontant depuis la perte ; chaque facteur se calcule à
#   la main.
# - Des paramètres de même départ et de même gradient restent égaux pour toujours. Tirez au hasard les poids de départ
#   d'une couche.
# - Des couches sans activation ne font qu'une droite. Avec une activation, seize neurones s'ajustent à une parabole.
# - Effacer les gradients, garder le graphe entier, et ne pas prendre `.item()` avant `.backward()`.
#
# Ensuite : un [scheduler](08_lr_scheduler.ipynb) change le taux d'apprentissage pendant l'entraînement.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **By hand, with $\tanh$.** Take $\hat y = W_2 \tanh(W_1 x + b_1) + b_2$ with the same loss. Derive the four
#    gradients on paper, write them as a function without `.backward()`, and compare with `.backward()` at a hundred
#    random points, in `float64`. *Expect* differences below $10^{-12}$. Then choose $W_1 x + b_1 = 5$. *Expect* that
#    only the share $1 - \tanh^2 5 = 0.00018$ of the gradient reaches $W_1$: a neuron that is saturated learns nothing.
# 2. **A quantity that stays.** Without an activation, let $Q = W_2^2 - W_1^2 - b_1^2$. Show on paper that gradient
#    descent with very small steps does not change $Q$, whatever $x$ and $y$ are. Then look at the paths of
#    `train_network` for $x = 1$, where $Q$ starts at $-1$. *Expect* $-0.902$ after 100 steps of SGD at the rate 0.01,
#    $-0.9914$ after 1000 at 0.001, and $-0.9992$ after 10 000 at 0.0001. With Adam at the rate 0.1 it is $-3.9$ after
#    100 steps. What does that say about which of the many minima is found?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **À la main, avec $\tanh$.** Prenez $\hat y = W_2 \tanh(W_1 x + b_1) + b_2$ et la même perte. Calculez les quatre
#    gradients sur papier, écrivez-les comme une fonction sans `.backward()`, et comparez avec `.backward()` en cent
#    points aléatoires, en `float64`. *Attendez-vous* à des écarts inférieurs à $10^{-12}$. Choisissez ensuite
#    $W_1 x + b_1 = 5$. *Attendez-vous* à ce que seule la part $1 - \tanh^2 5 = 0{,}00018$ du gradient atteigne $W_1$ :
#    un neurone saturé n'apprend rien.
# 2. **Une quantité conservée.** Sans activation, soit $Q = W_2^2 - W_1^2 - b_1^2$. Montrez sur papier qu'une descente
#    de gradient à très petits pas ne change pas $Q$, quels que soient $x$ et $y$. Regardez ensuite les chemins de
#    `train_network` pour $x = 1$, où $Q$ part de $-1$. *Attendez-vous* à $-0{,}902$ après 100 pas de SGD au taux 0,01,
#    à $-0{,}9914$ après 1000 au taux 0,001, et à $-0{,}9992$ après 10 000 au taux 0,0001. Avec Adam au taux 0,1, c'est
#    $-3{,}9$ après 100 pas. Qu'est-ce que cela dit du minimum trouvé parmi tous les autres ?
