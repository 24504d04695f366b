# %% [markdown] lang="en"
# # 6 · Comparing the optimizers
#
# <div class="alert alert-info">
#
# **You will write** `minimise`, a loop that runs any optimizer on any function, and `tuned`, the hyperparameters with
# which each of the five reaches a minimum that is far away.
#
# **Time** 75 minutes · **Difficulty** ●●○○○ · **Points** 22
#
# **You need** the rules of notebooks 1 to 5, and `.backward()`.
#
# **Begin** with the cell under “Your turn: the loop”: write the function there, run it, then run the check below it.
# *Run All* stops at that check until it passes.
#
# </div>

# %% [markdown] lang="fr"
# # 6 · Comparer les optimiseurs
#
# <div class="alert alert-info">
#
# **Vous écrirez** `minimise`, une boucle qui exécute n'importe quel optimiseur sur n'importe quelle fonction, et
# `tuned`, les hyperparamètres avec lesquels chacun des cinq atteint un minimum lointain.
#
# **Durée** 75 minutes · **Difficulté** ●●○○○ · **Points** 22
#
# **Il vous faut** les règles des notebooks 1 à 5, et `.backward()`.
#
# **Commencez** par la cellule sous « À vous : la boucle » : écrivez-y la fonction, exécutez-la, puis exécutez la
# vérification qui suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import torch

import coursekit

SGD, RMSProp, Adagrad, Adam, AdamW = coursekit.own_optimizers()
optimizers = {"SGD": SGD, "RMSProp": RMSProp, "Adagrad": Adagrad, "Adam": Adam, "AdamW": AdamW}

# %% [markdown] lang="en"
# The lines above say whose classes are used: yours where the earlier notebook is in this folder and runs, the course's
# otherwise. A mistake in an earlier notebook costs no points here.
#
# ## The idea
#
# Which optimizer is the best? The question sounds simple, and an experiment seems to answer it: same function, same
# start, same number of steps, and see which one ends lowest. We will do this experiment on
#
# $$f(x) = (x - 2)^2, \qquad f'(x) = 2(x - 2), \qquad x_0 = 100,$$
#
# and find that it says more about the hyperparameters than about the rules. This is not only true of toys. Choi,
# Shallue, Nado, Lee, Maddison and Dahl (*On Empirical Comparisons of Optimizers for Deep Learning*, 2019,
# arXiv:1910.05446) show that the ranking of optimizers on neural networks can be turned around by changing the range in
# which the hyperparameters are searched. Schmidt, Schneider and Hennig (*Descending through a Crowded Valley*, 2021,
# ICML) compared fifteen optimizers in more than 50 000 runs, and found none that wins on every task.

# %% [markdown] lang="fr"
# Les lignes ci-dessus disent quelles classes sont utilisées : les vôtres quand leur notebook se trouve dans ce dossier
# et fonctionne, celles du cours sinon. Une erreur dans un notebook précédent ne coûte aucun point ici.
#
# ## L'idée
#
# Quel est le meilleur optimiseur ? La question paraît simple, et une expérience semble y répondre : même fonction, même
# départ, même nombre de pas, et l'on regarde lequel finit le plus bas. Nous ferons cette expérience sur
#
# $$f(x) = (x - 2)^2, \qquad f'(x) = 2(x - 2), \qquad x_0 = 100,$$
#
# et nous verrons qu'elle en dit plus sur les hyperparamètres que sur les règles. Cela ne vaut pas que pour les petits
# exemples. Choi, Shallue, Nado, Lee, Maddison et Dahl (*On Empirical Comparisons of Optimizers for Deep Learning*,
# 2019, arXiv:1910.05446) montrent que le classement des optimiseurs sur des réseaux de neurones peut se renverser quand
# on change la plage où l'on cherche les hyperparamètres. Schmidt, Schneider et Hennig (*Descending through a Crowded
# Valley*, 2021, ICML) ont comparé quinze optimiseurs en plus de 50 000 essais : aucun ne gagne sur toutes les tâches.

# %% [markdown] lang="en"
# ## One step by hand
#
# At $x_0 = 100$ the gradient is $g = 2 \cdot 98 = 196$. The first step of each optimizer with its default
# hyperparameters:
#
# | optimizer | the move | new $x$ |
# |---|---|---|
# | SGD | $-0.01 \cdot 196 = -1.96$ | $98.04$ |
# | RMSProp | $-0.01 \cdot 196 \,/ \sqrt{0.1 \cdot 196^2} = -0.01 / \sqrt{0.1} = -0.0316$ | $99.9684$ |
# | Adagrad | $-0.01 \cdot 196 \,/ \sqrt{196^2} = -0.01$ | $99.99$ |
# | Adam | $-0.001 \cdot 196 \,/ \sqrt{196^2} = -0.001$ | $99.999$ |
# | AdamW | $-0.001 - 0.001 \cdot 0.01 \cdot 100 = -0.002$ | $99.998$ |
#
# Only SGD's move contains the gradient. In the other four it cancels, and the learning rate sets the size of what is
# left.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# En $x_0 = 100$ le gradient vaut $g = 2 \cdot 98 = 196$. Le premier pas de chaque optimiseur avec ses hyperparamètres
# par défaut :
#
# | optimiseur | le déplacement | nouveau $x$ |
# |---|---|---|
# | SGD | $-0{,}01 \cdot 196 = -1{,}96$ | $98{,}04$ |
# | RMSProp | $-0{,}01 \cdot 196 \,/ \sqrt{0{,}1 \cdot 196^2} = -0{,}01 / \sqrt{0{,}1} = -0{,}0316$ | $99{,}9684$ |
# | Adagrad | $-0{,}01 \cdot 196 \,/ \sqrt{196^2} = -0{,}01$ | $99{,}99$ |
# | Adam | $-0{,}001 \cdot 196 \,/ \sqrt{196^2} = -0{,}001$ | $99{,}999$ |
# | AdamW | $-0{,}001 - 0{,}001 \cdot 0{,}01 \cdot 100 = -0{,}002$ | $99{,}998$ |
#
# Seul le déplacement de SGD contient le gradient. Dans les quatre autres il se simplifie, et c'est le taux
# d'apprentissage qui fixe la taille de ce qui reste.

# %%
f = coursekit.functions.quadratic()
with coursekit.once_written():
    for name, optimizer_class in optimizers.items():
        x = torch.tensor(100.0, requires_grad=True)
        f(x).backward()
        optimizer_class([x]).step()
        print(f"{name:8}{x.item():9.4f}")

# %% [markdown] lang="en"
# ## Your turn: the loop
#
# `minimise` makes the optimizer, takes the steps, and returns every position that was visited, the start first. What it
# is given:
#
# - `optimizer_class` is called like any of your classes: `optimizer_class([x], learning_rate=0.1)`. It may be any of
#   the five, so all the hyperparameters it wants arrive together in the dictionary `hyperparameters`.
# - `function(x)` returns the value at `x`, a tensor without dimension on which you can call `.backward()`.
# - `start` is a tensor of any shape. The caller may use it again for the next optimizer: work on a copy.
#
# The result is one tensor. For a start of shape `(2,)` and 10 steps it has the shape `(11, 2)`, for a number `(11,)`.

# %% [markdown] lang="fr"
# ## À vous : la boucle
#
# `minimise` crée l'optimiseur, fait les pas et renvoie toutes les positions visitées, le départ d'abord. Ce qu'elle
# reçoit :
#
# - `optimizer_class` s'appelle comme chacune de vos classes : `optimizer_class([x], learning_rate=0.1)`. Ce peut être
#   n'importe laquelle des cinq : tous les hyperparamètres voulus arrivent donc ensemble dans le dictionnaire
#   `hyperparameters`.
# - `function(x)` renvoie la valeur en `x`, un tenseur sans dimension sur lequel on peut appeler `.backward()`.
# - `start` est un tenseur de forme quelconque. Le code appelant peut s'en resservir pour l'optimiseur suivant :
#   travaillez sur une copie.
#
# Le résultat est un seul tenseur. Pour un départ de forme `(2,)` et 10 pas, sa forme est `(11, 2)` ; pour un nombre,
# `(11,)`.

# %% solution="minimise"
def minimise(optimizer_class, function, start, steps, **hyperparameters):
    """Run an optimizer on a function and return all positions, shape (steps + 1, *start.shape), the start first.

    optimizer_class: makes the optimizer from a list of parameters and the hyperparameters
    function: takes a position and returns a value that can be differentiated
    start: the first position, a tensor; it is not changed
    steps: how many steps to take
    """
    ### BEGIN SOLUTION
    x = start.detach().clone().requires_grad_()
    optimizer = optimizer_class([x], **hyperparameters)
    positions = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        positions.append(x.detach().clone())
    return torch.stack(positions)
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the parameter</summary>
#
# The optimizer needs a tensor that requires a gradient and that no other variable shares: copy with `.clone()`, then
# call `.requires_grad_()` on the copy.
#
# </details>
# <details><summary>Hint 2: the order in a step</summary>
#
# Clear the gradient, compute the value, go backward, step. Which of these four lines must you not forget, although no
# error would tell you?
#
# </details>
# <details><summary>Hint 3: all rows are the same</summary>
#
# `positions.append(x)` keeps the same tensor many times, and the optimizer changes it in place. Keep
# `x.detach().clone()`: a copy, without the graph. `torch.stack` makes one tensor of a list.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le paramètre</summary>
#
# Il faut à l'optimiseur un tenseur qui demande un gradient et qu'aucune autre variable ne partage : copiez avec
# `.clone()`, puis appelez `.requires_grad_()` sur la copie.
#
# </details>
# <details><summary>Indice 2 : l'ordre dans un pas</summary>
#
# Effacer le gradient, calculer la valeur, rétropropager, faire le pas. Laquelle de ces quatre lignes ne faut-il surtout
# pas oublier, bien qu'aucune erreur ne le signale ?
#
# </details>
# <details><summary>Indice 3 : toutes les lignes sont identiques</summary>
#
# `positions.append(x)` garde plusieurs fois le même tenseur, et l'optimiseur le modifie sur place. Gardez
# `x.detach().clone()` : une copie, sans le graphe. `torch.stack` fait un seul tenseur d'une liste.
#
# </details>

# %% check="minimise_check" points=9
coursekit.check(minimise)

# %% [markdown] lang="en"
# ## The comparison, with the defaults
#
# One hundred steps from 100, every optimizer with its default hyperparameters. Predict, in the next cell: where does
# each one end? The first steps that you computed by hand tell enough.

# %% [markdown] lang="fr"
# ## La comparaison, avec les valeurs par défaut
#
# Cent pas depuis 100, chaque optimiseur avec ses hyperparamètres par défaut. Prédisez, dans la cellule suivante : où
# finit chacun ? Les premiers pas calculés à la main en disent assez.

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
start = torch.tensor(100.0)
with coursekit.once_written():
    paths = {name: minimise(optimizer_class, f, start, 100) for name, optimizer_class in optimizers.items()}
    for name, path in paths.items():
        print(f"{name:8}{path[-1].item():10.6f}")
    coursekit.plots.lines(
        paths,
        "Five optimizers with default hyperparameters",
        "step",
        "position",
        levels={"minimum": 2.0},
        inset=(0, 100, 98.8, 100.1),
    )

# %% [markdown] lang="en"
# **What to see.** SGD comes down to 15; the other four lie on top of one another near 100, and the small picture shows
# them enlarged. None has reached 2, and each end can be predicted:
#
# - SGD multiplies the distance by $1 - 2\eta = 0.98$ at each step: $98 \cdot 0.98^{100} = 13.0$ is left.
# - Adam moves about $\eta = 0.001$ a step whatever the slope: after 100 steps it has gone $0.1$. AdamW adds as much
#   again through its decay, $100 \cdot 0.001 \cdot 0.01 \cdot 100 = 0.1$.
# - Adagrad's steps shrink like $0.01/\sqrt t$: together $0.186$. RMSProp's settle at about $0.01$: together $1.09$.
#
# Is SGD the best, then? No. Its step contains the slope, and the slope is steep here. The defaults of the adaptive
# rules suit parameters of size one, as in a neural network, and this minimum is 98 away.

# %% [markdown] lang="fr"
# **À voir.** SGD descend jusqu'à 15 ; les quatre autres se superposent près de 100, et la petite figure les montre
# agrandis. Aucun n'a atteint 2, et chaque point d'arrivée pouvait se prévoir :
#
# - SGD multiplie la distance par $1 - 2\eta = 0{,}98$ à chaque pas : il en reste $98 \cdot 0{,}98^{100} = 13{,}0$.
# - Adam avance d'environ $\eta = 0{,}001$ par pas quelle que soit la pente : en 100 pas il a fait $0{,}1$. AdamW en
#   ajoute autant par sa décroissance, $100 \cdot 0{,}001 \cdot 0{,}01 \cdot 100 = 0{,}1$.
# - Les pas d'Adagrad diminuent comme $0{,}01/\sqrt t$ : en tout $0{,}186$. Ceux de RMSProp se fixent vers $0{,}01$ : en
#   tout $1{,}09$.
#
# SGD est-il donc le meilleur ? Non. Son pas contient la pente, et la pente est raide ici. Les valeurs par défaut des
# règles adaptatives conviennent à des paramètres de taille 1, comme dans un réseau de neurones, et ce minimum est à 98
# de là.

# %% [markdown] lang="en"
# ## A larger rate is not enough
#
# So we take larger learning rates, chosen by the distance. Three of the optimizers now come near the minimum, and none
# of the three ends within 0.01 of it.

# %% [markdown] lang="fr"
# ## Un taux plus grand ne suffit pas
#
# Prenons donc des taux plus grands, choisis d'après la distance. Trois des optimiseurs s'approchent maintenant du
# minimum, mais aucun des trois ne finit à moins de 0,01 de lui.

# %%
with coursekit.once_written():
    near = {
        "RMSProp, rate 2, decay 0.5": minimise(RMSProp, f, start, 100, learning_rate=2.0, decay=0.5),
        "Adam, rate 5": minimise(Adam, f, start, 100, learning_rate=5.0),
        "AdamW, rate 5, beta1 0.5": minimise(AdamW, f, start, 100, learning_rate=5.0, beta1=0.5),
    }
    for name, path in near.items():
        print(f"{name:28}", ", ".join(f"{x:.3f}" for x in path[-3:].tolist()))
    coursekit.plots.lines(
        {name: (path - 2).abs() for name, path in near.items()},
        "Three optimizers that do not end at the minimum",
        "step",
        "distance to the minimum",
        log="y",
        levels={"0.01": 0.01},
    )

# %% [markdown] lang="en"
# **What to see.** Three reasons, one for each:
#
# - **RMSProp** forgets fast when its decay is small. It passes the minimum closely near step 55 and cannot stay: with
#   $s \approx g^2$ each step has the length $\eta$ however small the slope. It ends up jumping from $2 - \eta/2$ to
#   $2 + \eta/2$ and back, for ever.
# - **Adam** has momentum. It rushes past the minimum and swings. The swings shrink by about $\sqrt{\beta_1}$ a step:
#   too slowly to end within 100 steps. The sharp dips are the crossings.
# - **AdamW** comes to rest, at another place. There the step towards 2 and the decay towards 0 cancel:
#   $2(x - 2)/\sqrt{\hat v} = -\lambda x$. With $\beta_2 = 0.999$, $\sqrt{\hat v}$ still remembers the steep slopes of
#   the beginning and is about 41. That is why $x$ stays 0.34 below the minimum.

# %% [markdown] lang="fr"
# **À voir.** Trois raisons, une pour chacun :
#
# - **RMSProp** oublie vite quand son `decay` est petit. Il passe tout près du minimum vers le pas 55 et ne peut y
#   rester : avec $s \approx g^2$, chaque pas a la longueur $\eta$, si faible que soit la pente. Il finit par sauter
#   sans fin de $2 - \eta/2$ à $2 + \eta/2$ et inversement.
# - **Adam** a de l'élan. Il dépasse le minimum et oscille. Les oscillations diminuent d'un facteur d'environ
#   $\sqrt{\beta_1}$ par pas : trop lentement pour s'éteindre en 100 pas. Les creux aigus sont les passages par le
#   minimum.
# - **AdamW** s'arrête, mais ailleurs. À cet endroit, le pas vers 2 et la décroissance vers 0 se compensent :
#   $2(x - 2)/\sqrt{\hat v} = -\lambda x$. Avec $\beta_2 = 0{,}999$, $\sqrt{\hat v}$ se souvient encore des fortes
#   pentes du début et vaut environ 41. C'est pourquoi $x$ reste à 0,34 sous le minimum.

# %% [markdown] lang="en"
# ## Your turn: the hyperparameters
#
# Find for each optimizer hyperparameters with which it ends within 0.01 of the minimum, after 100 steps from 100 on the
# same $f$. `tuned` returns a dictionary: under the name of each optimizer, a dictionary of what is passed to `minimise`
# besides the function, the start and the steps. What you leave out keeps its default.
#
# Think first, then try: the cell after the check shows where each of the five ends. No single answer is right.

# %% [markdown] lang="fr"
# ## À vous : les hyperparamètres
#
# Trouvez pour chaque optimiseur des hyperparamètres avec lesquels il finit à moins de 0,01 du minimum, après 100 pas
# depuis 100 pour la même $f$. `tuned` renvoie un dictionnaire : sous le nom de chaque optimiseur, un dictionnaire de ce
# qu'on passe à `minimise` en plus de la fonction, du départ et du nombre de pas. Ce que vous omettez garde sa valeur
# par défaut.
#
# Réfléchissez d'abord, essayez ensuite : la cellule après la vérification montre où finit chacun des cinq. Il n'y a pas
# qu'une bonne réponse.

# %% solution="tuned"
def tuned():
    """Return the hyperparameters that bring each optimizer from 100 to the minimum of f in 100 steps.

    A dictionary with the keys "SGD", "RMSProp", "Adagrad", "Adam" and "AdamW"; each value is a dictionary such as
    {"learning_rate": 0.01}.
    """
    ### BEGIN SOLUTION
    return {
        "SGD": {"learning_rate": 0.1},
        "RMSProp": {"learning_rate": 3.0, "decay": 0.9},
        "Adagrad": {"learning_rate": 50.0},
        "Adam": {"learning_rate": 5.0, "beta1": 0.5},
        "AdamW": {"learning_rate": 10.0, "beta1": 0.5, "weight_decay": 1e-4},
    }
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: SGD</summary>
#
# The distance is multiplied by $1 - 2\eta$ at each step. From 98 to 0.01 in 100 steps: how small must $|1 - 2\eta|$ be?
#
# </details>
# <details><summary>Hint 2: Adagrad</summary>
#
# Its first step has exactly the length $\eta$, and the later ones are never longer. Compare with the distance. If it
# stops halfway, its steps became short too soon.
#
# </details>
# <details><summary>Hint 3: RMSProp</summary>
#
# While the slope is large a step has about the length $\eta$: how large must $\eta$ be to go 98 in 100 steps? With a
# short memory it would then swing by $\pm\eta/2$. With a long memory, $\sqrt s$ stays large for a while after the slope
# has become small, and the steps shrink with the slope as those of SGD do. So keep the decay at 0.9 or above. Steps
# that shrink need time: the rate must be larger than your estimate, by a factor of two or more.
#
# </details>
# <details><summary>Hint 4: Adam and AdamW</summary>
#
# The rate is estimated as for RMSProp, and must be still larger: with $\beta_2 = 0.999$ the memory is very long, and
# the steps shrink from the beginning. Then the swings: they shrink like $\beta_1^{t/2}$, so which $\beta_1$ makes
# $98\,\beta_1^{50}$ smaller than 0.01? For AdamW put $x \approx 2$ and $\sqrt{\hat v} \approx 40$ in the equation of
# the place of rest: how small must $\lambda$ be? Stay well below, since $\sqrt{\hat v}$ depends on the path.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : SGD</summary>
#
# La distance est multipliée par $1 - 2\eta$ à chaque pas. De 98 à 0,01 en 100 pas : quelle valeur $|1 - 2\eta|$ ne
# doit-il pas dépasser ?
#
# </details>
# <details><summary>Indice 2 : Adagrad</summary>
#
# Son premier pas a exactement la longueur $\eta$, et les suivants ne sont jamais plus longs. Comparez à la distance.
# S'il s'arrête à mi-chemin, c'est que ses pas ont raccourci trop tôt.
#
# </details>
# <details><summary>Indice 3 : RMSProp</summary>
#
# Tant que la pente est forte, un pas a environ la longueur $\eta$ : quel taux faut-il pour parcourir 98 en 100 pas ?
# Avec une mémoire courte il oscillerait ensuite de $\pm\eta/2$. Avec une mémoire longue, $\sqrt s$ reste grand quelque
# temps après que la pente est devenue faible, et les pas diminuent avec la pente comme ceux de SGD. Gardez donc `decay`
# à 0,9 ou au-dessus. Des pas qui diminuent prennent du temps : le taux doit dépasser votre estimation, d'un facteur
# deux ou plus.
#
# </details>
# <details><summary>Indice 4 : Adam et AdamW</summary>
#
# Le taux s'estime comme pour RMSProp, et doit être encore plus grand : avec $\beta_2 = 0{,}999$ la mémoire est très
# longue, et les pas diminuent dès le début. Puis les oscillations : elles diminuent comme $\beta_1^{t/2}$ ; quel
# $\beta_1$ rend $98\,\beta_1^{50}$ plus petit que 0,01 ? Pour AdamW, mettez $x \approx 2$ et $\sqrt{\hat v} \approx 40$
# dans l'équation du point d'arrêt : quelle valeur $\lambda$ ne doit-il pas dépasser ? Restez nettement en dessous, car
# $\sqrt{\hat v}$ dépend du chemin.
#
# </details>

# %% check="tuned_check" points=9
coursekit.check(tuned)

# %%
with coursekit.once_written():
    hyperparameters = tuned()
    paths = {name: minimise(optimizers[name], f, start, 100, **hyperparameters[name]) for name in optimizers}
    for name, path in paths.items():
        print(f"{name:8}{path[-1].item():9.4f}")
    coursekit.plots.lines(
        {name: (path - 2).abs().clamp(min=1e-7) for name, path in paths.items()},
        "The five, tuned for this start",
        "step",
        "distance to the minimum",
        log="y",
        levels={"0.01": 0.01},
    )

# %% [markdown] lang="en"
# **What to see.** All five arrive. With the hyperparameters of our solution SGD falls along a straight line, a constant
# factor at each step. So does Adagrad: once the slopes are small its $G$ no longer grows, and what remains is gradient
# descent with a fixed rate. RMSProp and Adam begin slowly, with steps of about $\eta$, and bend down later, when the
# slope falls faster than their memory of it. AdamW levels off at 0.004: that is its place of rest for our $\lambda$.
# The floors at the bottom are the precision of `float32`; a distance of 0, for which a logarithmic axis has no place,
# is drawn at $10^{-7}$. With your hyperparameters the picture differs in the details.
#
# Which optimizer is the best? Now the answer depends on the tuning. That is the lesson of this section: a comparison
# says nothing without the hyperparameters, and without saying how they were found.

# %% [markdown] lang="fr"
# **À voir.** Les cinq arrivent. Avec les hyperparamètres de notre solution, SGD descend en ligne droite, un facteur
# constant à chaque pas. Adagrad aussi : une fois les pentes faibles, son $G$ ne croît plus, et il reste une descente de
# gradient à taux fixe. RMSProp et Adam commencent lentement, par des pas d'environ $\eta$, et plongent plus tard, quand
# la pente baisse plus vite que le souvenir qu'ils en ont. AdamW se fixe à 0,004 : c'est son point d'arrêt pour notre
# $\lambda$. Les paliers du bas sont dus à la précision de `float32` ; une distance nulle, qui n'a pas de place sur un
# axe logarithmique, est dessinée à $10^{-7}$. Avec vos hyperparamètres, la figure diffère dans les détails.
#
# Quel est le meilleur optimiseur ? La réponse dépend maintenant du réglage. C'est la leçon de cette section : une
# comparaison ne dit rien sans ses hyperparamètres, ni sans la façon dont on les a trouvés.

# %% [markdown] lang="en"
# ## Convex or not
#
# Is $3x^2 - 2x$ convex? It is easily taken for a function that is not, because of its minus sign. A function is
# **convex** when no chord falls below its graph,
#
# $$f\big(\lambda a + (1 - \lambda) b\big) \le \lambda f(a) + (1 - \lambda) f(b) \qquad \text{for all } a, b
# \text{ and } 0 \le \lambda \le 1,$$
#
# and for a function that is twice differentiable this is the same as $f''(x) \ge 0$ everywhere. Here $f''(x) = 6$: the
# function is convex. On a convex function every local minimum is a global one, so no worse minimum can trap you. An
# optimizer can still diverge there, hop, or come to rest elsewhere.

# %% [markdown] lang="fr"
# ## Convexe ou non
#
# La fonction $3x^2 - 2x$ est-elle convexe ? Son signe moins fait facilement croire le contraire. Une fonction est
# **convexe** quand aucune corde ne passe sous son graphe,
#
# $$f\big(\lambda a + (1 - \lambda) b\big) \le \lambda f(a) + (1 - \lambda) f(b) \qquad \text{pour tous } a, b
# \text{ et } 0 \le \lambda \le 1,$$
#
# et pour une fonction deux fois dérivable cela équivaut à $f''(x) \ge 0$ partout. Ici $f''(x) = 6$ : la fonction est
# convexe. Sur une fonction convexe, tout minimum local est global : aucun minimum moins bon ne peut piéger un
# optimiseur. Il peut quand même y diverger, y sautiller ou s'arrêter ailleurs.

# %%
parabola, wells = coursekit.functions.parabola(), coursekit.functions.double_well()
for function in (parabola, wells):
    second = [torch.autograd.functional.hessian(function, torch.tensor(x)) for x in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    print(f"{function.name:12}", [round(each.item(), 2) for each in second])
coursekit.plots.curve(parabola, {"chord": [-1.5, 2.0]}, "A chord above a convex function")
coursekit.plots.curve(wells, {"chord": [-2.4, 2.2]}, "A chord that cuts a function that is not convex")

# %% [markdown] lang="en"
# **What to see.** The second derivatives at $-2, -1, 0, 1, 2$: always 6 for the parabola; for $x^4/4 - 2x^2 + x$ it is
# $3x^2 - 4$, negative in the middle. The chord of the parabola stays above the curve. The other chord runs below the
# hill, and that one chord is enough to prove that the second function is not convex. It has two wells: the lower one at
# $-2.115$, a shallower one at $1.861$, and the top of the hill at $0.254$.

# %% [markdown] lang="fr"
# **À voir.** Les dérivées secondes en $-2, -1, 0, 1, 2$ : toujours 6 pour la parabole ; pour $x^4/4 - 2x^2 + x$ c'est
# $3x^2 - 4$, négatif au milieu. La corde de la parabole reste au-dessus de la courbe. L'autre corde passe sous la
# bosse, et cette seule corde suffit à prouver que la seconde fonction n'est pas convexe. Elle a deux puits, le plus bas
# en $-2{,}115$ et un moins profond en $1{,}861$ ; le sommet de la bosse est en $0{,}254$.

# %%
with coursekit.once_written():
    coursekit.plots.curve(
        wells,
        {
            f"SGD, x0 = {x}": minimise(SGD, wells, torch.tensor(x), 80, learning_rate=0.02)
            for x in (-3.0, 0.2, 0.3, 3.0)
        },
        "The start decides which minimum is found",
    )
    coursekit.plots.curve(
        wells,
        {
            "Adam, rate 0.3": minimise(Adam, wells, torch.tensor(3.0), 60, learning_rate=0.3),
            "Adam, rate 1": minimise(Adam, wells, torch.tensor(3.0), 60, learning_rate=1.0),
        },
        "Momentum may cross the hill",
    )

# %% [markdown] lang="en"
# **What to see.** First picture: gradient descent with small steps walks down into the well it starts in. The starts
# 0.2 and 0.3 lie on the two sides of the top and end four units apart. Second picture, from $x_0 = 3$, where SGD
# stopped in the shallow well: Adam at rate 0.3 carries on past the bottom, climbs part of the hill, and falls back; at
# rate 1 its momentum takes it over the hill into the deeper well. This is luck as much as merit: the same momentum can
# carry it out of the better well.

# %% [markdown] lang="fr"
# **À voir.** Première figure : la descente de gradient à petits pas va au fond du puits où elle commence. Les départs
# 0,2 et 0,3 sont de part et d'autre du sommet, et les chemins finissent à quatre unités l'un de l'autre. Seconde
# figure, depuis $x_0 = 3$, d'où SGD a fini dans le puits le moins profond. Au taux 0,3, Adam dépasse le fond, remonte
# une partie de la bosse et retombe ; au taux 1, son élan lui fait franchir la bosse jusqu'au puits le plus profond.
# C'est de la chance autant que du mérite : le même élan peut le faire sortir du meilleur puits.

# %% [markdown] lang="en"
# ### In two dimensions
#
# Himmelblau's function (*Applied Nonlinear Programming*, 1972, McGraw-Hill),
# $f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2$, has four minima, all with the value 0, and one hill between them. We
# start all five optimizers near the top of that hill, at $(0,\ -0.75)$.

# %% [markdown] lang="fr"
# ### En deux dimensions
#
# La fonction de Himmelblau (*Applied Nonlinear Programming*, 1972, McGraw-Hill),
# $f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2$, a quatre minimums, tous de valeur 0, et une bosse entre eux. Nous
# faisons partir les cinq optimiseurs près du sommet de cette bosse, en $(0\,;\ -0{,}75)$.

# %%
with coursekit.once_written():
    himmelblau = coursekit.functions.himmelblau()
    rates = {"SGD": 0.01, "RMSProp": 0.1, "Adagrad": 0.5, "Adam": 0.3, "AdamW": 0.3}
    top = torch.tensor([0.0, -0.75])
    paths = {name: minimise(optimizers[name], himmelblau, top, 100, learning_rate=rates[name]) for name in optimizers}
    for name, path in paths.items():
        print(f"{name:8}", ", ".join(f"{x:6.2f}" for x in path[-1].tolist()))
    coursekit.plots.surface(himmelblau, paths, "Himmelblau's function: one start, two minima")

# %% [markdown] lang="en"
# **What to see.** The light spots, hollows seen from the side, are the four minima. The gradient at the start is
# $(-12.9,\ -4.2)$. SGD goes the opposite way, mostly to the right, and ends in the minimum on the lower right. The four
# others divide each coordinate by its own size: their first step is as long upwards as to the right, they leave along
# the diagonal, and end in the minimum at $(3,\ 2)$. AdamW stops a little short of it, drawn to the origin by its decay.
# Neither answer is wrong: all four minima are equally deep. On a function that is not convex, the optimizer decides not
# only how fast you arrive, but where.

# %% [markdown] lang="fr"
# **À voir.** Les taches claires, des creux vus de côté, sont les quatre minimums. Le gradient au départ vaut
# $(-12{,}9\,;\ -4{,}2)$. SGD va dans le sens opposé, surtout vers la droite, et finit dans le minimum en bas à droite.
# Les quatre autres divisent chaque coordonnée par sa propre taille : leur premier pas est aussi long vers le haut que
# vers la droite, ils partent en diagonale et finissent dans le minimum en $(3\,;\ 2)$. AdamW s'arrête un peu avant,
# attiré vers l'origine par sa décroissance. Aucune des deux réponses n'est fausse : les quatre minimums ont la même
# profondeur. Sur une fonction non convexe, l'optimiseur ne décide pas seulement à quelle vitesse on arrive, mais aussi
# où.

# %% [markdown] lang="en"
# ### A race
#
# The same five in a valley fifty times more curved across than along, $f(x, y) = \frac{1}{2}(x^2 + 50\,y^2)$, from
# $(-10,\ 2)$, for 150 steps. The rates are 0.036 for SGD, 0.1 for RMSProp, 1 for Adagrad, and 0.3 for Adam and AdamW.
# The animation plays three times; run the cell again to see it again. Predict, in the next cell: which one will be
# first at the star, and which ones will run past it?

# %% [markdown] lang="fr"
# ### Une course
#
# Les mêmes cinq dans une vallée cinquante fois plus courbée en travers qu'en longueur,
# $f(x, y) = \frac{1}{2}(x^2 + 50\,y^2)$, depuis $(-10\,;\ 2)$, pendant 150 pas. Les taux sont 0,036 pour SGD, 0,1 pour
# RMSProp, 1 pour Adagrad, et 0,3 pour Adam et AdamW. L'animation se joue trois fois ; relancez la cellule pour la
# revoir. Prédisez, dans la cellule suivante : lequel sera le premier à l'étoile, et lesquels la dépasseront ?

# %% prediction=true
prediction_2 = ""

# %%
coursekit.predicted(prediction_2)
with coursekit.once_written():
    valley = coursekit.functions.valley()
    rates = {"SGD": 0.036, "RMSProp": 0.1, "Adagrad": 1.0, "Adam": 0.3, "AdamW": 0.3}
    far = torch.tensor([-10.0, 2.0])
    paths = {name: minimise(optimizers[name], valley, far, 150, learning_rate=rates[name]) for name in optimizers}
    coursekit.plots.race(valley, paths, "Five optimizers in a valley, 150 steps")

# %% [markdown] lang="en"
# **What to see.** SGD is thrown from wall to wall and slows down as the slope does. RMSProp keeps its pace to the end,
# then hops about the goal. Adagrad sets out fastest along the valley and is the last to arrive, since its steps shrink.
# Adam and AdamW swing wide, run past the star, turn round, and are within 0.1 of it for good after about 80 steps; the
# others need 123 to 132. With other rates the order would be different.

# %% [markdown] lang="fr"
# **À voir.** SGD est rejeté d'une paroi à l'autre et ralentit avec la pente. RMSProp garde son allure jusqu'au bout,
# puis sautille autour du but. Adagrad part le plus vite dans la longueur de la vallée et arrive le dernier, car ses pas
# diminuent. Adam et AdamW virent au large, dépassent l'étoile, font demi-tour et restent à moins de 0,1 d'elle après 80
# pas environ ; il en faut 123 à 132 aux autres. Avec d'autres taux, l'ordre serait différent.

# %% [markdown] lang="en"
# ### Play
#
# Choose a function, an optimizer or two, a start and hyperparameters; path and value are drawn anew with every change.
# Three things to find out. Up to which learning rate does SGD come down the valley? Which $\beta_1$ brings Adam to rest
# fastest? From which starts does no optimizer find the minimum of Himmelblau's function at $(3,\ 2)$?

# %% [markdown] lang="fr"
# ### Jouez
#
# Choisissez une fonction, un ou deux optimiseurs, un départ et des hyperparamètres ; le chemin et la valeur sont
# redessinés à chaque changement. Trois choses à découvrir. Jusqu'à quel taux SGD descend-il la vallée ? Avec quel
# $\beta_1$ Adam s'immobilise-t-il le plus vite ? Depuis quels départs aucun optimiseur ne trouve-t-il le minimum de la
# fonction de Himmelblau en $(3\,;\ 2)$ ?

# %%
with coursekit.once_written():
    coursekit.playground.descent(optimizers, minimise)

# %% [markdown] lang="en"
# **What to see.** Without sliders, in a saved page, the picture shows the values they begin with: SGD at the rate
# 0.03, thrown from wall to wall and yet nearing the star. The limit is $2/50 = 0.04$, as in notebook 1.

# %% [markdown] lang="fr"
# **À voir.** Sans curseurs, dans une page enregistrée, la figure correspond à leurs valeurs initiales : SGD au taux
# 0,03 est rejeté d'une paroi à l'autre et s'approche pourtant de l'étoile. La limite est $2/50 = 0{,}04$, comme dans le
# notebook 1.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **The same tensor, kept many times.** An optimizer changes the parameter in place. A list of `x` then holds the last
# position many times.
#
# **The value of another function.** One minimises $3x^2 - 2x$ and prints $(x - 2)^2$ at the end. SGD has found the
# minimum, at $1/3$; the number printed is $2.78$, and the optimizer gets the blame.
#
# **A sign.** Written as $\theta \leftarrow \theta - (a - \eta\lambda\theta)$, with $a$ for Adam's step, AdamW adds the
# decay where it should subtract it. The decay then pushes the parameter away from 0.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Le même tenseur, gardé plusieurs fois.** Un optimiseur modifie le paramètre sur place. Une liste de `x` contient
# alors plusieurs fois la dernière position.
#
# **La valeur d'une autre fonction.** On minimise $3x^2 - 2x$ et l'on affiche $(x - 2)^2$ à la fin. SGD a trouvé le
# minimum, en $1/3$ ; le nombre affiché est $2{,}78$, et c'est l'optimiseur qu'on accuse.
#
# **Un signe.** Écrit $\theta \leftarrow \theta - (a - \eta\lambda\theta)$, où $a$ est le pas d'Adam, AdamW ajoute la
# décroissance au lieu de la soustraire. Elle éloigne alors le paramètre de 0.

# %%
x, kept, copied = torch.tensor(4.0), [], []
for _ in range(3):
    x -= 1
    kept.append(x)
    copied.append(x.clone())
print("append(x)        ", torch.stack(kept).tolist())
print("append(x.clone())", torch.stack(copied).tolist())

# %%
with coursekit.once_written():
    end = minimise(SGD, parabola, torch.tensor(2.5), 100, learning_rate=0.1)[-1]
    print(f"x = {end:.4f}    3x² - 2x = {parabola(end):.4f}    (x - 2)² = {f(end):.4f}")

# %%
class WrongSign(torch.optim.Adam):
    """AdamW with the decay added, for one parameter and the default hyperparameters."""

    def step(self):
        theta = self.param_groups[0]["params"][0]
        before = theta.detach().clone()
        super().step()
        with torch.no_grad():
            theta += 0.001 * 0.01 * before

with coursekit.once_written():
    paths = {"AdamW": minimise(AdamW, f, start, 50), "decay added": minimise(WrongSign, f, start, 50)}
    print(f"{paths['decay added'][-1].item():.4f}")
    coursekit.plots.lines(paths, "AdamW, and AdamW with a wrong sign", "step", "position")

# %% [markdown] lang="en"
# **What to see.** With the wrong sign the optimizer stands still at 100. That is a coincidence of the defaults: at
# $\theta = 100$ Adam's step is $\eta = 0.001$ and the decay is
# $\eta\lambda\theta = 0.001 \cdot 0.01 \cdot 100 = 0.001$, the same. From any other start it would move, and the
# mistake would pass for slow learning. A test at a single point can be fooled.

# %% [markdown] lang="fr"
# **À voir.** Avec le mauvais signe, l'optimiseur reste immobile à 100. C'est une coïncidence des valeurs par défaut :
# en $\theta = 100$, le pas d'Adam vaut $\eta = 0{,}001$ et la décroissance
# $\eta\lambda\theta = 0{,}001 \cdot 0{,}01 \cdot 100 = 0{,}001$, autant. De tout autre départ il bougerait, et l'erreur
# passerait pour un apprentissage lent. Un test en un seul point peut tromper.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** After 100 steps of SGD with its default rate, a distance of 13.0 is left of 98: the share 0.1326. With which
# rate would as much be left after 10 steps? In general: on a parabola of curvature $\lambda$ (here $f'' = 2$), with
# which rate is `share` of the distance left after `steps` steps? Let $x$ come nearer from one side, without jumping
# across the minimum.
#
# <details><summary>Hint</summary>
#
# By how much is the distance multiplied at each step? After all steps it must have been multiplied by `share`.
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Avec son taux par défaut, il reste à SGD 13,0 sur 98 après 100 pas, soit la part 0,1326. Avec quel taux en
# resterait-il autant après 10 pas ? En général : sur une parabole de courbure $\lambda$ (ici $f'' = 2$), avec quel taux
# reste-t-il la part `share` de la distance après `steps` pas ? On veut que $x$ s'approche d'un seul côté, sans sauter
# par-dessus le minimum.
#
# <details><summary>Indice</summary>
#
# Par combien la distance est-elle multipliée à chaque pas ? Après tous les pas, elle doit l'être par `share`.
#
# </details>

# %% solution="rate_for"
def rate_for(share, curvature, steps):
    """Return the rate with which SGD leaves `share` of the distance on a parabola, after some steps from one side."""
    ### BEGIN SOLUTION
    return (1 - share ** (1 / steps)) / curvature
    ### END SOLUTION

# %%
with coursekit.once_written():
    print(f"SGD, 100   {minimise(SGD, f, start, 100)[-1].item() - 2:.3f}")
    rate = float(rate_for(0.1326, 2.0, 10))
    print(f"SGD, 10    {minimise(SGD, f, start, 10, learning_rate=rate)[-1].item() - 2:.3f}")

# %% check="rate_for_check" points=1
coursekit.check(rate_for)

# %% [markdown] lang="en"
# **2.** AdamW came to rest at 1.66, and not at 2: there the step towards the minimum and the decay towards 0 cancel.
# Where does it rest in general, with the minimum at `minimum`, the slope `curvature` times the distance from it (above
# $2(x - 2)$), and $\sqrt{\hat v}$ standing at `root_v` (above it was about 41.2)?
#
# <details><summary>Hint</summary>
#
# Write down that the two parts of a step add up to 0, and solve for $x$. The learning rate cancels.
#
# </details>

# %% [markdown] lang="fr"
# **2.** AdamW s'est arrêté à 1,66, et non à 2 : à cet endroit, le pas vers le minimum et la décroissance vers 0 se
# compensent. Où s'arrête-t-il en général, quand le minimum est en `minimum`, que la pente vaut `curvature` fois la
# distance à celui-ci (plus haut, $2(x - 2)$) et que $\sqrt{\hat v}$ reste égal à `root_v` (plus haut, environ 41,2) ?
#
# <details><summary>Indice</summary>
#
# Écrivez que la somme des deux parts d'un pas est nulle, et résolvez en $x$. Le taux d'apprentissage se simplifie.
#
# </details>

# %% solution="place_of_rest"
def place_of_rest(minimum, curvature, root_v, weight_decay):
    """Return the x at which AdamW comes to rest, where the slope is curvature * (x - minimum) and √v̂ is root_v."""
    ### BEGIN SOLUTION
    return curvature * minimum / (curvature + root_v * weight_decay)
    ### END SOLUTION

# %%
with coursekit.once_written():
    rest = float(place_of_rest(2.0, 2.0, 41.2, 0.01))
    print(f"AdamW          {near['AdamW, rate 5, beta1 0.5'][-1].item():.3f}")
    print(f"place_of_rest  {rest:.3f}")

# %% check="place_of_rest_check" points=1
coursekit.check(place_of_rest)

# %% [markdown] lang="en"
# ## A question
#
# Multiply $f$ by 100 and run the comparison with the default hyperparameters again. Which of the five paths change,
# how, and why? What does that say about the unit in which a learning rate is measured? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Multipliez $f$ par 100 et refaites la comparaison avec les hyperparamètres par défaut. Lesquels des cinq chemins
# changent, comment, et pourquoi ? Qu'est-ce que cela dit de l'unité dans laquelle se mesure un taux d'apprentissage ?
# Répondez en quelques phrases.

# %% [markdown] lang="en" answer="evaluation_words" points=2
# Only SGD changes. Its gradient becomes 100 times larger, so the distance is multiplied by $1 - 200 \cdot 0.01 = -1$ at
# each step: it jumps between 100 and $-96$ for ever. In the four others the gradient is divided by a running size of
# itself, and the factor 100 cancels (except for $\varepsilon$, which is negligible here); AdamW's decay does not depend
# on the gradient at all. The rate of SGD is therefore measured in $x^2$ per unit of $f$ and must be tuned again when
# the loss is rescaled. The rate of the adaptive rules is a length in $x$: it must be tuned by the distance to go.

# %% [markdown] lang="fr" answer="evaluation_words" points=2
# Seul SGD change. Son gradient devient 100 fois plus grand, et la distance est donc multipliée par
# $1 - 200 \cdot 0{,}01 = -1$ à chaque pas : il saute sans fin entre 100 et $-96$. Dans les quatre autres, le gradient
# est divisé par sa propre taille récente, et le facteur 100 se simplifie (sauf pour $\varepsilon$, négligeable
# ici) ; la décroissance d'AdamW ne dépend pas du tout du gradient. Le taux de SGD se mesure donc en $x^2$ par unité de
# $f$ et doit être réglé de nouveau quand on change l'échelle de la perte. Celui des règles adaptatives est une longueur
# en $x$ : il se règle d'après la distance à parcourir.

# %% [markdown] lang="en"
# ## What to remember
#
# - A comparison of optimizers is a comparison of optimizers *with their hyperparameters*. Say how they were chosen.
# - SGD's step contains the slope; the adaptive rules step by about $\eta$, whatever the slope.
# - Near the minimum a short memory swings, momentum overshoots, and weight decay moves the place of rest.
# - On a convex function no worse minimum can trap you; on other functions the optimizer also decides which minimum you
#   find.
#
# Next: [A small network](07_neural_network.ipynb), where there are several parameters and the gradient comes from the
# chain rule.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Une comparaison d'optimiseurs compare des optimiseurs *avec leurs hyperparamètres*. Dites comment ils ont été
#   choisis.
# - Le pas de SGD contient la pente ; les règles adaptatives avancent d'environ $\eta$, quelle que soit la pente.
# - Près du minimum, une mémoire courte fait osciller, l'élan fait dépasser le but, et la décroissance déplace le point
#   d'arrêt.
# - Sur une fonction convexe, aucun minimum moins bon ne peut vous piéger ; sur les autres, l'optimiseur décide aussi du
#   minimum que l'on trouve.
#
# Ensuite : [Un petit réseau](07_neural_network.ipynb), où il y a plusieurs paramètres et où le gradient vient de la
# règle de la chaîne.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **A fair budget.** Give every optimizer the same 60 tries: learning rates between $10^{-3}$ and $10^2$, drawn so
#    that their logarithm is uniform, all else by default, 100 steps from 100 as above. With a budget of $n$ tries one
#    keeps the best of $n$. *Expect* that about a quarter of the rates bring SGD and RMSProp within 0.01 of the minimum,
#    a sixth Adagrad, and none Adam or AdamW: which default is in their way? Then draw between $10^{-4}$ and $10^{-1}$.
#    *Expect* that SGD alone comes near. Who has won the comparison, and who has decided it?
# 2. **Ten times as far.** Start at 982, ten times as far from the minimum, with your `tuned()`. *Expect* SGD to arrive
#    as before, and the four others to be far away if they are tuned like ours, by 200 to 700. Now multiply the rates of
#    these four by ten. *Expect* the paths of RMSProp, Adagrad and Adam to be the old ones, ten times larger around the
#    minimum, as long as $\varepsilon$ is too small to count. Which term keeps AdamW from doing the same exactly?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Un budget équitable.** Donnez à chaque optimiseur les mêmes 60 essais : des taux entre $10^{-3}$ et $10^2$, tirés
#    de sorte que leur logarithme soit uniforme, tout le reste par défaut, 100 pas depuis 100 comme plus haut. Avec un
#    budget de $n$ essais, on garde le meilleur des $n$. *Attendez-vous* à ce qu'un quart environ des taux amène SGD et
#    RMSProp à moins de 0,01 du minimum, un sixième Adagrad, et aucun Adam ni AdamW : quelle valeur par défaut les
#    gêne ? Tirez ensuite entre $10^{-4}$ et $10^{-1}$. *Attendez-vous* à ce que seul SGD s'approche. Qui a gagné la
#    comparaison, et qui en a décidé ?
# 2. **Dix fois plus loin.** Partez de 982, dix fois plus loin du minimum, avec votre `tuned()`. *Attendez-vous* à ce
#    que SGD arrive comme avant, et à ce que les quatre autres soient loin s'ils sont réglés comme les nôtres : de 200
#    à 700. Multipliez maintenant par dix les taux de ces quatre-là. *Attendez-vous* à ce que les chemins de RMSProp,
#    d'Adagrad et d'Adam soient les anciens, agrandis dix fois autour du minimum, tant que $\varepsilon$ est trop petit
#    pour compter. Quel terme empêche AdamW de faire exactement de même ?
