# %% [markdown] lang="en"
# # 10 · Momentum and Nesterov
#
# <div class="alert alert-info">
#
# **You will write** `Momentum`, which goes on in the direction that it has gathered, and `Nesterov`, which also looks
# ahead.
#
# **Time** 75 minutes, and 5 for what is optional · **Difficulty** ●●●○○ · **Points** 22
#
# **You need** SGD (notebook 1), `self.state` (notebook 2), and what an eigenvalue is. Adam (notebook 4) is met again.
#
# **Begin** with the cell under “Your turn”: write the class there, run it, then run the check below it. *Run All* stops
# at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 10 · L'élan et Nesterov
#
# <div class="alert alert-info">
#
# **Vous écrirez** `Momentum`, qui continue dans la direction où il a pris de l'élan, et `Nesterov`, qui regarde en plus
# devant lui.
#
# **Durée** 75 minutes, et 5 pour ce qui est facultatif · **Difficulté** ●●●○○ · **Points** 22
#
# **Il vous faut** SGD (notebook 1), `self.state` (notebook 2), et savoir ce qu'est une valeur propre. On y retrouve
# Adam (notebook 4).
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

# %% [markdown] lang="en"
# ## The idea
#
# SGD knows nothing of the past. In a narrow valley it crosses from wall to wall, and crawls along the floor. A heavy
# ball does better: what pushes it to the left now and to the right then cancels, and what always pushes it the same way
# adds up. So we let the parameter have a **velocity** $v$, which starts at zero:
#
# $$v \leftarrow \mu\, v + g \qquad\qquad \theta \leftarrow \theta - \eta\, v$$
#
# The number $0 \le \mu < 1$ is the **momentum**: the share of the velocity that one step leaves. The rest is lost to
# friction. With $\mu = 0$ this is gradient descent. Under a constant gradient the velocity grows to
#
# $$g\,(1 + \mu + \mu^2 + \dots) = \frac{g}{1 - \mu},$$
#
# which is ten times $g$ for the usual $\mu = 0.9$.
#
# The rule is due to Boris Polyak, and is also called the *heavy ball* (*Some methods of speeding up the convergence of
# iteration methods*, USSR Computational Mathematics and Mathematical Physics 4, 1964). Sutskever, Martens, Dahl and
# Hinton showed that deep networks can be trained with it, if rate and momentum are chosen with care (*On the importance
# of initialization and momentum in deep learning*, ICML 2013). Gabriel Goh's *Why Momentum Really Works* ([Distill,
# 2017](https://distill.pub/2017/momentum)) has the pictures of this notebook, and more.

# %% [markdown] lang="fr"
# ## L'idée
#
# SGD ignore tout du passé. Dans une vallée étroite, il va d'une paroi à l'autre et avance à peine dans la longueur. Une
# boule pesante fait mieux : ce qui la pousse tantôt à gauche, tantôt à droite, se compense, et ce qui la pousse
# toujours du même côté s'ajoute. Donnons donc au paramètre une **vitesse** $v$, nulle au départ :
#
# $$v \leftarrow \mu\, v + g \qquad\qquad \theta \leftarrow \theta - \eta\, v$$
#
# Le nombre $0 \le \mu < 1$ est le coefficient d'**élan** (*momentum* en anglais) : la part de la vitesse qui reste
# après un pas. Le frottement emporte le reste. Avec $\mu = 0$, c'est la descente de gradient. Avec un gradient
# constant, la vitesse grandit jusqu'à
#
# $$g\,(1 + \mu + \mu^2 + \dots) = \frac{g}{1 - \mu},$$
#
# soit dix fois $g$ pour la valeur habituelle $\mu = 0{,}9$.
#
# La règle est due à Boris Polyak, et on l'appelle aussi la *boule pesante* (*Some methods of speeding up the
# convergence of iteration methods*, USSR Computational Mathematics and Mathematical Physics 4, 1964). Sutskever,
# Martens, Dahl et Hinton ont montré qu'elle suffit à entraîner des réseaux profonds, pourvu que le taux et l'élan
# soient bien choisis (*On the importance of initialization and momentum in deep learning*, ICML 2013). L'article de
# Gabriel Goh, *Why Momentum Really Works* ([Distill, 2017](https://distill.pub/2017/momentum)), contient les figures de
# ce notebook, et d'autres.

# %% [markdown] lang="en"
# ## Two steps by hand
#
# Take the loss of notebook 1, $L(\theta) = \theta_1^2 + 3\theta_2^2$ at $\theta = (2, -1)$, with $\eta = 0.1$ and
# $\mu = 0.5$.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | first step | gradient $g = (2\theta_1,\ 6\theta_2)$ | $4$ | $-6$ |
# | | $v = g$ | $4$ | $-6$ |
# | | move $-\eta v$ | $-0.4$ | $+0.6$ |
# | | new $\theta$ | $1.6$ | $-0.4$ |
# | second step | gradient $g$ | $3.2$ | $-2.4$ |
# | | $v \leftarrow 0.5\, v + g$ | $5.2$ | $-5.4$ |
# | | move $-\eta v$ | $-0.52$ | $+0.54$ |
# | | new $\theta$ | $1.08$ | $0.14$ |
#
# The first step is that of SGD. At the second, SGD would come to $(1.28, -0.16)$. With momentum $\theta_1$ is further
# on its way. But $\theta_2$, where the loss is steeper, has run past its minimum: a heavy ball does not stop at once.
#
# The velocity can also be had without a memory, from all gradients so far: the last one counts once, the one before it
# $\mu$ times, the one before that $\mu^2$ times. The next cell computes both steps in this second way.

# %% [markdown] lang="fr"
# ## Deux pas à la main
#
# Prenons la perte du notebook 1, $L(\theta) = \theta_1^2 + 3\theta_2^2$ en $\theta = (2\,;\ -1)$, avec $\eta = 0{,}1$
# et $\mu = 0{,}5$.
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | premier pas | gradient $g = (2\theta_1\,;\ 6\theta_2)$ | $4$ | $-6$ |
# | | $v = g$ | $4$ | $-6$ |
# | | déplacement $-\eta v$ | $-0{,}4$ | $+0{,}6$ |
# | | nouveau $\theta$ | $1{,}6$ | $-0{,}4$ |
# | second pas | gradient $g$ | $3{,}2$ | $-2{,}4$ |
# | | $v \leftarrow 0{,}5\, v + g$ | $5{,}2$ | $-5{,}4$ |
# | | déplacement $-\eta v$ | $-0{,}52$ | $+0{,}54$ |
# | | nouveau $\theta$ | $1{,}08$ | $0{,}14$ |
#
# Le premier pas est celui de SGD. Au second, SGD arriverait en $(1{,}28\,;\ -0{,}16)$. Avec l'élan, $\theta_1$ est plus
# avancé. Mais $\theta_2$, où la perte est plus raide, a dépassé son minimum : une boule pesante ne s'arrête pas d'un
# coup.
#
# On peut aussi obtenir la vitesse sans mémoire, à partir de tous les gradients passés : le dernier compte une fois, le
# précédent $\mu$ fois, celui d'avant $\mu^2$ fois. La cellule suivante calcule les deux pas de cette autre façon.

# %%
theta, gradients = torch.tensor([2.0, -1.0]), []
for _ in range(2):
    gradients.append(torch.tensor([2.0, 6.0]) * theta)
    velocity = sum(0.5**age * gradient for age, gradient in enumerate(reversed(gradients)))
    theta = theta - 0.1 * velocity
    print("v", [f"{value:.1f}" for value in velocity], "  θ", [f"{value:.2f}" for value in theta])

# %% [markdown] lang="en"
# ## Your turn
#
# The velocity of a parameter stands in `self.state[p]`, a dictionary of its own that is empty at first. Kept there, it
# is saved by `state_dict()`, and no two parameters share one.
#
# - Read rate and momentum from the group at each step, `"lr"` and `"momentum"`: a group may have its own.
# - Update the velocity first, then move by the new one.
# - The rate stands outside of the velocity. It multiplies $v$ when the parameter moves, and is not kept in $v$. A
#   section below shows when that matters.
# - A parameter whose `.grad` is `None` stays where it is, and so does its velocity. A gradient of zeros is a gradient:
#   the velocity loses its share, and the parameter rolls on.

# %% [markdown] lang="fr"
# ## À vous
#
# La vitesse d'un paramètre se trouve dans `self.state[p]`, un dictionnaire qui lui est propre, vide au départ. À cet
# endroit, elle est enregistrée par `state_dict()`, et deux paramètres ne partagent jamais la même.
#
# - Lisez le taux et l'élan dans le groupe à chaque pas, sous `"lr"` et `"momentum"` : un groupe peut avoir les siens.
# - Mettez d'abord la vitesse à jour, puis déplacez le paramètre selon la nouvelle.
# - Le taux reste en dehors de la vitesse. Il multiplie $v$ quand le paramètre se déplace, et n'est pas gardé dans $v$.
#   Une section plus bas montre quand cela compte.
# - Un paramètre dont le `.grad` vaut `None` reste où il est, et sa vitesse reste ce qu'elle est. Un gradient nul est un
#   gradient : la vitesse perd sa part, et le paramètre roule encore.

# %% solution="momentum"
class Momentum(torch.optim.Optimizer):
    """Gradient descent with momentum: v ← μ v + g, then θ ← θ − η v.

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    momentum: μ, the share of the velocity that a step leaves
    """

    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
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
                    p -= group["lr"] * state["v"]
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: where to begin</summary>
#
# Take your SGD. Its constructor gets one more entry in the dictionary, and its step one more line before the last.
#
# </details>
# <details><summary>Hint 2: the first step of a parameter</summary>
#
# `self.state[p]` is an empty dictionary until you put something into it. `if not self.state[p]:` is the place to make
# the velocity, with `torch.zeros_like(p)`. Then go on with the step: the first gradient counts.
#
# </details>
# <details><summary>Hint 3: one step is right, many are not</summary>
#
# At the first step $v = g$, whatever $\mu$ is. From the second step on, what you kept counts. Does the new velocity
# really stand in the state? `v = mu * v + g` gives a new tensor the name `v`, and the one in the state stays as it was.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : par où commencer</summary>
#
# Reprenez votre SGD. Son constructeur reçoit une entrée de plus dans le dictionnaire, et son pas une ligne de plus
# avant la dernière.
#
# </details>
# <details><summary>Indice 2 : le premier pas d'un paramètre</summary>
#
# `self.state[p]` est un dictionnaire vide tant que vous n'y mettez rien. `if not self.state[p]:` est l'endroit où créer
# la vitesse, avec `torch.zeros_like(p)`. Continuez ensuite le pas : le premier gradient compte.
#
# </details>
# <details><summary>Indice 3 : un pas est juste, plusieurs ne le sont pas</summary>
#
# Au premier pas, $v = g$ quel que soit $\mu$. Dès le deuxième, ce que vous avez gardé compte. La nouvelle vitesse
# est-elle vraiment dans l'état ? `v = mu * v + g` donne le nom `v` à un nouveau tenseur, et celui de l'état reste tel
# qu'il était.
#
# </details>

# %% check="momentum_check" points=12
coursekit.check(Momentum)

# %% [markdown] lang="en"
# ## On the linear data
#
# The points, the model and the rate of notebook 1, where SGD came to a bias of 4.44 in a hundred epochs, on its way to
# 5.12. Predict, in the next cell: will momentum get there?

# %% [markdown] lang="fr"
# ## Sur les données linéaires
#
# Les points, le modèle et le taux du notebook 1, où SGD arrivait en cent époques à un biais de 4,44 sur 5,12. Prédisez,
# dans la cellule suivante : l'élan va-t-il y arriver ?

# %% prediction=true
prediction_1 = ""

# %%
coursekit.predicted(prediction_1)
train = coursekit.own_class("train")
line = coursekit.data.linear()
with coursekit.once_written():
    model = coursekit.linear_model()
    history = coursekit.record(train, model, line, Momentum(model.parameters(), learning_rate=0.01), epochs=100)
    coursekit.plots.training(history, line, "Momentum on the linear data, learning rate 0.01, momentum 0.9")

# %% [markdown] lang="en"
# **What to see.** After a hundred epochs the bias is at 5.10 and the loss at 4.04, next to nothing above that of the
# best line. But look at the way: the weight reaches 5.67 at the third epoch, nearly twice its value, and the bias 6.63
# at epoch 23. Momentum carries the parameter there, and beyond. The loss no longer falls at every epoch, and nothing is
# wrong with that.

# %% [markdown] lang="fr"
# **À voir.** Après cent époques, le biais est à 5,10 et la perte à 4,04, presque celle de la meilleure droite. Mais
# regardez le chemin : le poids atteint 5,67 à la troisième époque, près du double de sa valeur, et le biais 6,63 à
# l'époque 23. L'élan mène le paramètre au but, et au-delà. La perte ne baisse plus à chaque époque, et ce n'est pas un
# défaut.

# %% [markdown] lang="en"
# ## One eigenvalue at a time
#
# Why does it overshoot, and by how much? Near a minimum every loss is a bowl, and along each axis of the bowl, that is
# along each eigenvector of the Hessian, the gradient is $\lambda$ times the distance $e$ from the minimum. Each axis
# goes its own way, as if it were alone:
#
# $$v \leftarrow \mu\, v + \lambda\, e \qquad\qquad e \leftarrow e - \eta\, v$$
#
# Only the product $\eta\lambda$ matters. The next cell lets your class walk on two axes of the same bowl, one with
# $\lambda = 1$ and one with $\lambda = 25$. The rate is $0.04$, so that $\eta\lambda$ is $0.04$ along the valley and
# $1$ across it. It starts at the distance 1 on both.

# %% [markdown] lang="fr"
# ## Une valeur propre à la fois
#
# Pourquoi dépasse-t-on le minimum, et de combien ? Près d'un minimum, toute perte est une cuvette. Selon chacun des
# axes de la cuvette, c'est-à-dire selon chaque vecteur propre de la hessienne, le gradient vaut $\lambda$ fois la
# distance $e$ au minimum. Chaque axe suit son chemin, comme s'il était seul :
#
# $$v \leftarrow \mu\, v + \lambda\, e \qquad\qquad e \leftarrow e - \eta\, v$$
#
# Seul compte le produit $\eta\lambda$. La cellule suivante fait marcher votre classe sur deux axes d'une même cuvette,
# l'un avec $\lambda = 1$, l'autre avec $\lambda = 25$. Le taux vaut $0{,}04$ : $\eta\lambda$ vaut donc $0{,}04$ dans la
# longueur de la vallée et $1$ en travers. Le départ est à la distance 1 sur les deux axes.

# %% given="distances"
def distances(optimizer_class, curvatures, steps, **hyperparameters):
    """Return how far each axis of a bowl is from its minimum, before the first step and after each."""
    curvatures = torch.tensor(curvatures)
    errors = torch.ones_like(curvatures, requires_grad=True)
    optimizer = optimizer_class([errors], **hyperparameters)
    rows = [errors.detach().clone()]
    for _ in range(steps):
        errors.grad = curvatures * errors.detach()
        optimizer.step()
        rows.append(errors.detach().clone())
    return torch.stack(rows)

# %%
with coursekit.once_written():
    along, across = {}, {}
    for mu in (0.0, 0.64, 0.9):
        errors = distances(Momentum, [1.0, 25.0], 60, learning_rate=0.04, momentum=mu)
        along[f"μ = {mu:g}"], across[f"μ = {mu:g}"] = errors[:, 0], errors[:, 1]
    coursekit.plots.stacked(
        [("along, λ = 1", along), ("across, λ = 25", across)], "The error, split by eigenvalue", "step"
    )

# %% [markdown] lang="en"
# **What to see.** Without momentum the error across the valley is gone after one step, and the error along it shrinks
# by 4% a step: 9% of it is left in the end. With $\mu = 0.64$ it is gone after some 30 steps, without a swing. With
# $\mu = 0.9$ it swings: too much momentum is slow again. Across the valley every momentum is too much, since there
# $\eta\lambda = 1$ was perfect without any. The swings on both axes die out at the same pace, a strange fact that the
# next section explains.

# %% [markdown] lang="fr"
# **À voir.** Sans élan, l'erreur en travers de la vallée disparaît en un pas, et celle dans la longueur diminue de 4 %
# par pas : il en reste 9 % à la fin. Avec $\mu = 0{,}64$, elle a disparu après environ 30 pas, sans osciller.
# Avec $\mu = 0{,}9$, elle oscille : trop d'élan, et c'est de nouveau lent. En travers de la vallée, tout élan est de
# trop, puisque $\eta\lambda = 1$ y était parfait sans lui. Les oscillations des deux axes s'amortissent au même
# rythme : ce fait étrange est expliqué dans la section suivante.

# %% [markdown] lang="en"
# ## Critical damping
#
# Put the two rules together and $v$ drops out:
# $e_{t+1} = (1 + \mu - \eta\lambda)\, e_t - \mu\, e_{t-1}$. The solutions are powers of the roots of
#
# $$z^2 - (1 + \mu - \eta\lambda)\, z + \mu = 0 ,$$
#
# and the larger root, in absolute value, is the factor that an error keeps at each step in the long run. The product of
# the two roots is $\mu$.
#
# - **Little momentum**: two real roots. The larger one is above $\sqrt\mu$, and the error creeps to zero.
# - **Much momentum**: two complex roots, both of absolute value $\sqrt\mu$. The error swings, and *how fast the swings
#   die out depends on $\mu$ alone*, not on $\eta$ or $\lambda$.
# - **Between the two**, where the roots meet, the error dies out fastest. The discriminant is zero for
#
# $$\mu = \left(1 - \sqrt{\eta\lambda}\right)^2 .$$
#
# Mechanics calls this *critical damping*: a door closer is set so that the door falls shut quickly and does not swing.
# The swings stay bounded as long as $\eta\lambda < 2(1 + \mu)$, which is up to twice the limit of SGD.
#
# The next cell measures it with your class: how many steps does it take until the error stays below a thousandth, for
# many values of $\mu$ and three eigenvalues? Each $\mu$ is a group of its own in one single optimizer.

# %% [markdown] lang="fr"
# ## L'amortissement critique
#
# En réunissant les deux règles, on élimine $v$ : $e_{t+1} = (1 + \mu - \eta\lambda)\, e_t - \mu\, e_{t-1}$. Les
# solutions sont des puissances des racines de
#
# $$z^2 - (1 + \mu - \eta\lambda)\, z + \mu = 0 ,$$
#
# et la plus grande racine, en valeur absolue, est le facteur par lequel chaque pas multiplie l'erreur, à la longue. Le
# produit des deux racines vaut $\mu$.
#
# - **Peu d'élan** : deux racines réelles. La plus grande dépasse $\sqrt\mu$, et l'erreur se traîne vers zéro.
# - **Beaucoup d'élan** : deux racines complexes, de module $\sqrt\mu$. L'erreur oscille, et *la vitesse à laquelle elle
#   s'amortit ne dépend que de $\mu$*, ni de $\eta$ ni de $\lambda$.
# - **Entre les deux**, là où les racines se rejoignent, l'erreur s'éteint le plus vite. Le discriminant est nul pour
#
# $$\mu = \left(1 - \sqrt{\eta\lambda}\right)^2 .$$
#
# La mécanique appelle cela l'*amortissement critique* : un ferme-porte est réglé pour que la porte se ferme vite sans
# battre. Les oscillations restent bornées tant que $\eta\lambda < 2(1 + \mu)$, soit jusqu'au double de la limite de
# SGD.
#
# La cellule suivante le mesure avec votre classe : combien de pas faut-il pour que l'erreur reste sous un millième,
# pour de nombreux $\mu$ et trois valeurs propres ? Chaque $\mu$ est un groupe d'un seul et même optimiseur.

# %%
eta, curvatures = 0.04, torch.tensor([1.0, 4.0, 9.0])
momenta = [0.03 * k for k in range(33)]
for curvature in curvatures.tolist():
    print(f"λ = {curvature:g}   μ = {(1 - (eta * curvature) ** 0.5) ** 2:.2f}")
with coursekit.once_written():
    groups = [{"params": [torch.ones(3, requires_grad=True)], "momentum": mu} for mu in momenta]
    errors = [group["params"][0] for group in groups]
    optimizer = Momentum(groups, learning_rate=eta)
    needed = torch.zeros(len(momenta), 3)
    for step in range(1, 360):
        for error in errors:
            error.grad = curvatures * error.detach()
        optimizer.step()
        needed[torch.stack(errors).abs() > 0.001] = step + 1
    coursekit.plots.lines(
        {f"λ = {curvature:g}": needed[:, k] for k, curvature in enumerate(curvatures.tolist())},
        "Steps until the error stays below a thousandth",
        "momentum",
        "steps",
        x=momenta,
        log="y",
    )

# %% [markdown] lang="en"
# **What to see.** Each curve falls down to its critical momentum, and has its minimum there or just beyond. Then it
# meets the common branch, on which $\mu$ alone decides: from there on all three need the same time. With one $\mu$ for
# all axes, the flattest should decide: $\mu = 0.64$ here. The steeper ones then swing, and still die out as fast.

# %% [markdown] lang="fr"
# **À voir.** Chaque courbe descend jusqu'à son élan critique, et c'est là, ou juste après, qu'elle a son minimum. Elle
# rejoint ensuite la branche commune, où $\mu$ seul décide : dès lors, les trois prennent le même temps. Avec un seul
# $\mu$ pour tous les axes, c'est le plus plat qui doit décider : ici $\mu = 0{,}64$. Les plus raides oscillent alors,
# mais s'amortissent tout aussi vite.

# %% [markdown] lang="en"
# Set it yourself: where ipywidgets are installed, two sliders change the rate and the momentum of your class on the two
# axes $\lambda = 1$ and $\lambda = 25$. Find the rate and the momentum with which *both* errors are gone soonest.

# %% [markdown] lang="fr"
# À vous de régler : si ipywidgets est installé, deux curseurs changent le taux et l'élan de votre classe sur les
# deux axes $\lambda = 1$ et $\lambda = 25$. Trouvez le taux et l'élan avec lesquels les *deux* erreurs disparaissent au
# plus tôt.

# %%
with coursekit.once_written():
    coursekit.playground.damping(Momentum, distances)

# %% [markdown] lang="en"
# The best choice makes both axes critical at once, the flattest from below and the steepest from above. With
# $\kappa = \lambda_{\max}/\lambda_{\min}$ it is
#
# $$\eta = \left(\frac{2}{\sqrt{\lambda_{\max}} + \sqrt{\lambda_{\min}}}\right)^2, \qquad
# \sqrt\mu = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} .$$
#
# For the sliders above that is $\eta = 1/9$ and $\mu = 4/9$. SGD at its best rate keeps the factor
# $\frac{\kappa - 1}{\kappa + 1}$ at each step. The root of $\kappa$ in the place of $\kappa$ is what momentum is worth.
# The cell counts the steps until the distance to the minimum stays below a thousandth, with the best rate each time:

# %% [markdown] lang="fr"
# Le meilleur choix rend les deux axes critiques à la fois, le plus plat par en dessous et le plus raide par au-dessus.
# Avec $\kappa = \lambda_{\max}/\lambda_{\min}$, c'est
#
# $$\eta = \left(\frac{2}{\sqrt{\lambda_{\max}} + \sqrt{\lambda_{\min}}}\right)^2, \qquad
# \sqrt\mu = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} .$$
#
# Pour les curseurs ci-dessus, cela donne $\eta = 1/9$ et $\mu = 4/9$. SGD, à son meilleur taux, multiplie l'erreur à
# chaque pas par $\frac{\kappa - 1}{\kappa + 1}$. La racine de $\kappa$ à la place de $\kappa$ : voilà ce que vaut
# l'élan. La cellule compte les pas jusqu'à ce que la distance au minimum reste sous un millième, chaque fois avec le
# meilleur taux.

# %%
with coursekit.once_written():
    for kappa in (25, 100, 400):
        root = kappa**0.5
        best = {0.0: 2 / (1 + kappa), ((root - 1) / (root + 1)) ** 2: (2 / (root + 1)) ** 2}
        print(f"κ = {kappa:3}", end="")
        for momentum, rate in best.items():
            path = distances(Momentum, [1.0, float(kappa)], 1500, learning_rate=rate, momentum=momentum)
            print(f"   μ = {momentum:.2f}: {(path.norm(dim=1) > 0.001).sum().item():4}", end="")
        print()

# %% [markdown] lang="en"
# **What to see.** Where $\kappa$ is four times as large, the valley costs four times as many steps without momentum, and
# about twice as many with it.

# %% [markdown] lang="fr"
# **À voir.** Là où $\kappa$ est quatre fois plus grand, la vallée coûte quatre fois plus de pas sans élan, et environ
# deux fois plus avec lui.

# %% [markdown] lang="en"
# ## An average or a sum?
#
# Adam keeps $m \leftarrow \beta_1 m + (1 - \beta_1)\, g$. That is momentum, up to a factor. With $\mu = \beta_1$, and
# both starting at zero,
#
# $$v_t = \sum_{i=1}^{t} \mu^{\,t-i}\, g_i \qquad\text{and}\qquad m_t = (1 - \mu) \sum_{i=1}^{t} \mu^{\,t-i}\, g_i
# = (1 - \mu)\, v_t .$$
#
# The one is a sum, the other an average. A rule that moves by $\eta\, m$ is your `Momentum` with the rate
# $\eta\,(1 - \mu)$. So a rate means something else in the two: for $\mu = 0.9$ they differ by a factor of ten. Whoever
# adds momentum to SGD and keeps the rate makes the steps ten times longer in the long run. Both begin at zero, and need
# some twenty steps until they know the gradient. Adam corrects that, and momentum does not: it gathers way.

# %% [markdown] lang="fr"
# ## Une moyenne ou une somme ?
#
# Adam garde $m \leftarrow \beta_1 m + (1 - \beta_1)\, g$. C'est de l'élan, à un facteur près. Avec $\mu = \beta_1$, et
# deux départs à zéro,
#
# $$v_t = \sum_{i=1}^{t} \mu^{\,t-i}\, g_i \qquad\text{et}\qquad m_t = (1 - \mu) \sum_{i=1}^{t} \mu^{\,t-i}\, g_i
# = (1 - \mu)\, v_t .$$
#
# L'une est une somme, l'autre une moyenne. Une règle qui se déplace de $\eta\, m$ est votre `Momentum` avec le taux
# $\eta\,(1 - \mu)$. Un taux n'a donc pas le même sens dans les deux : pour $\mu = 0{,}9$, un facteur dix les sépare.
# Ajouter de l'élan à SGD sans toucher au taux rend, à la longue, les pas dix fois plus longs. Toutes deux partent de
# zéro, et il leur faut une vingtaine de pas pour connaître le gradient. Adam corrige cela, l'élan non : il prend de la
# vitesse.

# %% [markdown] lang="en"
# ## Looking ahead
#
# A ball that rolls on blindly notices the slope on the other side only when it is there. Yurii Nesterov measures the
# gradient where the velocity is about to carry the parameter (*A method of solving a convex programming problem with
# convergence rate $O(1/k^2)$*, Soviet Mathematics Doklady 27, 1983). His theorem lets $\mu$ grow from step to step; no
# rule that sees gradients alone can promise more for all convex functions. With a constant $\mu$, and as Sutskever and
# his co-authors write it, with the rate and the sign inside the velocity $w$:
#
# $$w \leftarrow \mu\, w - \eta\, \nabla L(\theta + \mu\, w) \qquad\qquad \theta \leftarrow \theta + w$$
#
# An optimizer in torch is given the gradient of the place where the parameter *is*. So let the parameter be the
# place that is looked at, $\varphi = \theta + \mu\, w$. With $g = \nabla L(\varphi)$, one step moves it to
#
# $$\varphi_{\text{new}} = \theta + w_{\text{new}} + \mu\, w_{\text{new}}
# = \varphi - \mu\, w + w_{\text{new}} + \mu\, w_{\text{new}} = \varphi - \eta\, g + \mu\, w_{\text{new}} .$$
#
# Write $w = -\eta\, v$ and you have torch's form, with the velocity of your first class:
#
# $$v \leftarrow \mu\, v + g \qquad\qquad \theta \leftarrow \theta - \eta\,(g + \mu\, v)$$
#
# The step is the gradient that is seen here, and the velocity, already updated, once more. From the place of the first
# example:
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | first step | $v = g$ | $4$ | $-6$ |
# | | $g + 0.5\, v$ | $6$ | $-9$ |
# | | new $\theta$ | $1.4$ | $-0.1$ |
# | second step | gradient $g$ | $2.8$ | $-0.6$ |
# | | $v \leftarrow 0.5\, v + g$ | $4.8$ | $-3.6$ |
# | | $g + 0.5\, v$ | $5.2$ | $-2.4$ |
# | | new $\theta$ | $0.88$ | $0.14$ |

# %% [markdown] lang="fr"
# ## Regarder devant soi
#
# Une boule qui roule sans voir ne remarque la pente d'en face qu'une fois dessus. Iouri Nesterov mesure le gradient là
# où la vitesse va porter le paramètre (*A method of solving a convex programming problem with convergence rate
# $O(1/k^2)$*, Soviet Mathematics Doklady 27, 1983). Son théorème fait croître $\mu$ d'un pas à l'autre ; aucune règle
# qui ne voit que des gradients ne peut promettre mieux pour toutes les fonctions convexes. Voici la règle avec $\mu$
# constant, comme l'écrivent Sutskever et ses coauteurs, le taux et le signe à l'intérieur de la vitesse $w$ :
#
# $$w \leftarrow \mu\, w - \eta\, \nabla L(\theta + \mu\, w) \qquad\qquad \theta \leftarrow \theta + w$$
#
# Dans torch, un optimiseur reçoit le gradient de l'endroit où le paramètre *se trouve*. Prenons donc pour paramètre
# l'endroit que l'on regarde, $\varphi = \theta + \mu\, w$. Avec $g = \nabla L(\varphi)$, un pas le mène en
#
# $$\varphi_{\text{nouv.}} = \theta + w_{\text{nouv.}} + \mu\, w_{\text{nouv.}}
# = \varphi - \mu\, w + w_{\text{nouv.}} + \mu\, w_{\text{nouv.}} = \varphi - \eta\, g + \mu\, w_{\text{nouv.}} .$$
#
# Posez $w = -\eta\, v$ et vous avez la forme de torch, avec la vitesse de votre première classe :
#
# $$v \leftarrow \mu\, v + g \qquad\qquad \theta \leftarrow \theta - \eta\,(g + \mu\, v)$$
#
# Le pas est fait du gradient vu ici et, une fois de plus, de la vitesse déjà mise à jour. En partant du premier
# exemple :
#
# | | | $\theta_1$ | $\theta_2$ |
# |---|---|---|---|
# | premier pas | $v = g$ | $4$ | $-6$ |
# | | $g + 0{,}5\, v$ | $6$ | $-9$ |
# | | nouveau $\theta$ | $1{,}4$ | $-0{,}1$ |
# | second pas | gradient $g$ | $2{,}8$ | $-0{,}6$ |
# | | $v \leftarrow 0{,}5\, v + g$ | $4{,}8$ | $-3{,}6$ |
# | | $g + 0{,}5\, v$ | $5{,}2$ | $-2{,}4$ |
# | | nouveau $\theta$ | $0{,}88$ | $0{,}14$ |

# %% [markdown] lang="en"
# ### Your turn again
#
# Write the class whole, or derive it from `Momentum` and change the step. It is worth 6 points.

# %% [markdown] lang="fr"
# ### À vous encore
#
# Écrivez la classe en entier, ou dérivez-la de `Momentum` et changez le pas. Elle vaut 6 points.

# %% solution="nesterov"
class Nesterov(torch.optim.Optimizer):
    """Nesterov's momentum in torch's form: v ← μ v + g, then θ ← θ − η (g + μ v).

    params: the parameters, or groups of them
    learning_rate: η, kept in every group under "lr"
    momentum: μ, the share of the velocity that a step leaves
    """

    def __init__(self, params, learning_rate=0.01, momentum=0.9):
        ### BEGIN SOLUTION
        super().__init__(params, {"lr": learning_rate, "momentum": momentum})
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
                    p -= group["lr"] * (p.grad + group["momentum"] * state["v"])
        ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint: the check says that this is plain momentum</summary>
#
# `g + mu * v` with the velocity from *before* the update is the new velocity, by its very definition. Update first.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice : la vérification dit que c'est l'élan simple</summary>
#
# `g + mu * v` avec la vitesse d'*avant* la mise à jour est, par définition, la nouvelle vitesse. Mettez-la d'abord à
# jour.
#
# </details>

# %% check="nesterov_check" points=6
coursekit.check(Nesterov)

# %% [markdown] lang="en"
# ### The same points (optional)
#
# The paper's form, written out beside your class, in the valley $f(x, y) = \frac{1}{2}(x^2 + 10\, y^2)$. The paper has
# two places at each step: where it stands, and where it looks. Which of the two does your class walk through?

# %% [markdown] lang="fr"
# ### Les mêmes points (facultatif)
#
# La forme de l'article, écrite à côté de votre classe, dans la vallée $f(x, y) = \frac{1}{2}(x^2 + 10\, y^2)$. À chaque
# pas, l'article distingue deux endroits : celui où il se tient, et celui qu'il regarde. Par lequel des deux votre
# classe passe-t-elle ?

# %%
valley = coursekit.functions.valley(10)
eta, mu = 0.05, 0.8
with coursekit.once_written():
    theta, w = torch.tensor([-3.0, 1.2]), torch.zeros(2)
    stands, looks = [theta], [theta + mu * w]
    own = torch.tensor([-3.0, 1.2], requires_grad=True)
    optimizer, walked = Nesterov([own], learning_rate=eta, momentum=mu), [own.detach().clone()]
    for _ in range(14):
        w = mu * w - eta * torch.tensor([1.0, 10.0]) * (theta + mu * w)
        theta = theta + w
        stands.append(theta)
        looks.append(theta + mu * w)
        optimizer.zero_grad()
        valley(own).backward()
        optimizer.step()
        walked.append(own.detach().clone())
    for name, places in {"θ": stands, "θ + μ w": looks}.items():
        apart = (torch.stack(places) - torch.stack(walked)).norm(dim=1).max()
        print(f"{name:8} {apart:.3f}")
    coursekit.plots.contours(
        valley,
        {"where the paper stands": stands, "your Nesterov": walked},
        "Two ways to write Nesterov's rule",
        limits=((-3.4, 1.2), (-1.4, 1.4)),
    )

# %% [markdown] lang="en"
# **What to see.** Your class walks where the paper looks: printed is how far from your path the two places are at
# most, $\theta$ and $\theta + \mu\, w$. The two paths are one motion, seen from two places that are $\mu\, w$ apart.
# They meet where the velocity is zero: at the start, and at rest in the minimum. So the form makes no difference to
# where a training ends, only to which of the two places is called the parameter on the way.

# %% [markdown] lang="fr"
# **À voir.** Votre classe passe là où l'article regarde : est affichée la plus grande distance entre votre chemin et
# chacun des deux endroits, $\theta$ et $\theta + \mu\, w$. Les deux chemins sont un seul mouvement, vu de deux endroits
# distants de $\mu\, w$. Ils se rejoignent là où la vitesse est nulle : au départ, et au repos dans le minimum. La forme
# ne change donc rien à l'endroit où finit un entraînement. Elle dit seulement lequel des deux endroits on appelle, en
# chemin, le paramètre.

# %% [markdown] lang="en"
# ### What looking ahead is good for
#
# On an axis with the eigenvalue $\lambda$ the roots are now those of
# $z^2 - (1 + \mu)(1 - \eta\lambda)\, z + \mu\,(1 - \eta\lambda)$, and where the error swings it keeps the factor
#
# $$\sqrt{\mu\,(1 - \eta\lambda)}$$
#
# at each step, where plain momentum has $\sqrt\mu$. So Nesterov's rule has a momentum of its own for every axis,
# $\mu\,(1 - \eta\lambda)$: nearly $\mu$ along the valley, and little across it, where it did harm (theorem 2.1 of
# Sutskever's paper).

# %% [markdown] lang="fr"
# ### À quoi sert de regarder devant soi
#
# Selon un axe de valeur propre $\lambda$, les racines sont maintenant celles de
# $z^2 - (1 + \mu)(1 - \eta\lambda)\, z + \mu\,(1 - \eta\lambda)$, et là où l'erreur oscille, chaque pas la multiplie
# par
#
# $$\sqrt{\mu\,(1 - \eta\lambda)} ,$$
#
# au lieu de $\sqrt\mu$ pour l'élan simple. La règle de Nesterov a donc un élan propre à chaque axe,
# $\mu\,(1 - \eta\lambda)$ : presque $\mu$ dans la longueur de la vallée, et peu en travers, là où il nuisait (théorème
# 2.1 de l'article de Sutskever).

# %%
with coursekit.once_written():
    along, across = {}, {}
    for optimizer_class in (Momentum, Nesterov):
        errors = distances(optimizer_class, [1.0, 25.0], 60, learning_rate=0.03, momentum=0.9)
        along[optimizer_class.__name__], across[optimizer_class.__name__] = errors[:, 0], errors[:, 1]
    coursekit.plots.stacked(
        [("along, λ = 1", along), ("across, λ = 25", across)], "What looking ahead does, momentum 0.9", "step"
    )

# %% [markdown] lang="en"
# **What to see.** Across the valley $\eta\lambda = 0.75$. There plain momentum keeps $\sqrt{0.9} = 0.95$ of its swings
# at each step, and after fifty steps it is swinging still. Nesterov's rule keeps $\sqrt{0.9 \cdot 0.25} = 0.47$, and is
# at rest after seven steps. Along the valley there is little to choose between them.

# %% [markdown] lang="fr"
# **À voir.** En travers de la vallée, $\eta\lambda = 0{,}75$. L'élan simple y garde à chaque pas $\sqrt{0{,}9} =
# 0{,}95$ de ses oscillations, et oscille encore après cinquante pas. La règle de Nesterov en garde $\sqrt{0{,}9 \cdot
# 0{,}25} = 0{,}47$, et se trouve au repos après sept pas. Dans la longueur de la vallée, les deux se valent à peu près.

# %% [markdown] lang="en"
# ## When the rate changes
#
# The papers keep the rate inside the velocity: $w \leftarrow \mu\, w - \eta\, g$ and $\theta \leftarrow \theta + w$. As
# long as the rate is constant, these are the numbers of your class, with $w = -\eta\, v$. When a scheduler changes the
# rate, they part. In torch's form the new rate multiplies all of $v$ at once. In the papers' form the velocity still
# holds moves that were made with the old rate, and goes on with them.

# %% [markdown] lang="fr"
# ## Quand le taux change
#
# Les articles gardent le taux à l'intérieur de la vitesse : $w \leftarrow \mu\, w - \eta\, g$ et
# $\theta \leftarrow \theta + w$. Tant que le taux est constant, ce sont les nombres de votre classe, avec
# $w = -\eta\, v$. Quand un *scheduler* change le taux, les deux se séparent. Dans la forme de torch, le nouveau taux
# multiplie d'un coup tout $v$. Dans celle des articles, la vitesse contient encore des déplacements faits avec l'ancien
# taux, et les poursuit.

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    theta.grad = torch.ones(1)
    optimizer = Momentum([theta], learning_rate=0.1, momentum=0.9)
    w, lengths = 0.0, {"your Momentum": [], "rate inside the velocity": []}
    for step in range(60):
        rate = optimizer.param_groups[0]["lr"] = 0.1 if step < 30 else 0.01
        before = theta.item()
        optimizer.step()
        w = 0.9 * w - rate
        lengths["your Momentum"].append(before - theta.item())
        lengths["rate inside the velocity"].append(-w)
    coursekit.plots.lines(
        lengths,
        "The rate falls to a tenth after step 30",
        "step",
        "length of the step",
        x=range(1, 61),
        markers=True,
    )

# %% [markdown] lang="en"
# **What to see.** The gradient is always 1. Up to step 30 the two curves lie on each other, and the steps grow towards
# the length 1, ten times the rate. Then yours fall to a tenth at once. With the rate inside, the old rate fades away
# over the next thirty steps: whoever lowers the rate because the loss explodes will hardly see it obeyed. Libraries
# differ here: the same code and the same schedule can give two different runs. Your class does what torch does.

# %% [markdown] lang="fr"
# **À voir.** Le gradient vaut toujours 1. Jusqu'au pas 30 les deux courbes se recouvrent, et les pas grandissent vers
# la longueur 1, dix fois le taux. Puis les vôtres tombent d'un coup au dixième. Avec le taux à l'intérieur, l'ancien
# taux s'efface au fil des trente pas suivants : si l'on baisse le taux parce que la perte explose, l'effet se fait
# attendre. Les bibliothèques diffèrent sur ce point : le même code et le même calendrier peuvent donner deux
# entraînements différents. Votre classe fait ce que fait torch.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **A factor $1 - \mu$ before the gradient**, out of habit from Adam: the steps are ten times too short, and training
# looks slow. **The velocity is not kept**: `v = mu * v + g` gives a name to a new tensor, and the one in the state
# stays zeros. What remains is gradient descent, and nothing explodes to give it away. **No friction**:
# $v \leftarrow v + g$ swings for ever. That is the forgotten `zero_grad` of notebook 1, for a gradient that adds up is
# a velocity with $\mu = 1$.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Un facteur $1 - \mu$ devant le gradient**, par habitude d'Adam : les pas sont dix fois trop courts, et
# l'entraînement paraît lent. **La vitesse n'est pas gardée** : `v = mu * v + g` donne un nom à un nouveau tenseur, et
# celui de l'état reste nul. Il ne reste que la descente de gradient, et rien n'explose pour le trahir. **Pas de
# frottement** : $v \leftarrow v + g$ oscille sans fin. C'est le `zero_grad` oublié du notebook 1, car un gradient qui
# s'accumule est une vitesse avec $\mu = 1$.

# %%
with coursekit.once_written():
    chosen = {
        "your Momentum": {},
        "factor 1 − μ before the gradient": {"learning_rate": 0.001},
        "velocity not kept": {"momentum": 0.0},
        "no friction": {"momentum": 1.0},
    }
    biases = {}
    for name, hyperparameters in chosen.items():
        model = coursekit.linear_model()
        optimizer = Momentum(model.parameters(), **hyperparameters)
        path = coursekit.record(train, model, line, optimizer, epochs=100, every=0).parameters
        biases[name] = path[:, 1]
    coursekit.plots.lines(
        biases, "The bias, with three mistakes", "epoch", "bias", levels={"bias of the best line": 5.12}
    )

# %% [markdown] lang="en"
# **What to see.** Each mistake is your class with another number: the factor is a rate ten times smaller, a velocity
# that is not kept has $\mu = 0$, one without friction $\mu = 1$. The first two come to 4.60 and 4.44, much as SGD did
# in notebook 1. Nothing swings and nothing explodes, and so they pass for slow training. The last one swings between 0
# and 10, and never settles.

# %% [markdown] lang="fr"
# **À voir.** Chaque erreur est votre classe avec un autre nombre : le facteur revient à un taux dix fois plus petit, la
# vitesse non gardée à $\mu = 0$, l'absence de frottement à $\mu = 1$. Les deux premières arrivent à 4,60 et à 4,44, à
# peu près comme SGD au notebook 1. Rien n'oscille et rien n'explose : elles passent pour un entraînement lent. La
# dernière oscille entre 0 et 10, et ne se fixe jamais.

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** A parameter has gathered the velocity $v$, and its last step is made. From now on its gradient is a tensor of
# zeros. How far does it still roll with your `Momentum`, until it rests, as $\theta$ now minus $\theta$ at rest?
#
# <details><summary>Hint</summary>
#
# How far is the next step? And the one after it? Add them up as in “The idea”.
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte, c'est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** Un paramètre a accumulé la vitesse $v$, et son dernier pas est fait. Désormais, son gradient est un tenseur de
# zéros. Jusqu'où roule-t-il encore, avec votre `Momentum`, avant de s'arrêter ? Comptez $\theta$ maintenant moins
# $\theta$ à l'arrêt.
#
# <details><summary>Indice</summary>
#
# Quelle est la longueur du pas suivant ? Et celle du pas d'après ? Additionnez-les comme dans « L'idée ».
#
# </details>

# %% solution="rolls_on"
def rolls_on(velocity, learning_rate, momentum):
    """Return how far a parameter still rolls when its gradient is 0 from now on.

    velocity: v after the last step
    """
    ### BEGIN SOLUTION
    return learning_rate * momentum * velocity / (1 - momentum)
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    theta.grad = torch.tensor([7.0])
    optimizer = Momentum([theta], learning_rate=0.01, momentum=0.9)
    optimizer.step()  # from rest, one gradient of 7 makes a velocity of 7
    now = theta.item()
    theta.grad = torch.zeros(1)
    for _ in range(200):
        optimizer.step()
    print(f"Momentum  {now - theta.item():.5f}")
    print(f"rolls_on  {float(rolls_on(7.0, 0.01, 0.9)):.5f}")

# %% check="rolls_on_check" points=1
coursekit.check(rolls_on)

# %% [markdown] lang="en"
# **2.** Now the rate stands **inside the velocity**, as in the papers. The gradient has been the same for so long that
# all steps have become equal. Then the rate is cut. How long is the first step with the new rate? The cell below the
# function prints the step that your class makes, and your answer: they differ.
#
# <details><summary>Hint</summary>
#
# What has the velocity $w$ grown to before the cut? What does one more step make of it?
#
# </details>

# %% [markdown] lang="fr"
# **2.** Le taux se trouve maintenant **à l'intérieur de la vitesse**, comme dans les articles. Le gradient est resté le
# même si longtemps que tous les pas sont devenus égaux. Puis le taux est abaissé. Quelle est la longueur du premier pas
# avec le nouveau taux ? La cellule sous la fonction affiche le pas que fait votre classe, et votre réponse : ils
# diffèrent.
#
# <details><summary>Indice</summary>
#
# Jusqu'où la vitesse $w$ a-t-elle grandi avant la baisse ? Qu'en fait un pas de plus ?
#
# </details>

# %% solution="step_after_cut"
def step_after_cut(gradient, old_rate, new_rate, momentum):
    """Return the length of the first step with the new rate, where the rate stands inside the velocity."""
    ### BEGIN SOLUTION
    return momentum * old_rate * gradient / (1 - momentum) + new_rate * gradient
    ### END SOLUTION

# %%
with coursekit.once_written():
    theta = torch.zeros(1, requires_grad=True)
    theta.grad = torch.ones(1)
    optimizer = Momentum([theta], learning_rate=0.1, momentum=0.9)
    for _ in range(200):
        optimizer.step()
    optimizer.param_groups[0]["lr"] = 0.01
    before = theta.item()
    optimizer.step()
    print(f"Momentum        {before - theta.item():.4f}")
    print(f"step_after_cut  {float(step_after_cut(1.0, 0.1, 0.01, 0.9)):.4f}")

# %% check="step_after_cut_check" points=1
coursekit.check(step_after_cut)

# %% [markdown] lang="en"
# ## A question
#
# Someone trains with SGD at half of the critical rate, $\eta = 1/\lambda_{\max}$. On a colleague's advice they add a
# momentum of 0.9 and change nothing else. The loss, which used to fall slowly, now swings. By which factor have the
# steps along the flattest axis become longer in the long run? Which rate would make them as long as before? If one took
# that rate, how many times below the limit of stability would it be, and what could one do with this room? Answer in a
# few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Quelqu'un entraîne avec SGD à la moitié du taux critique, $\eta = 1/\lambda_{\max}$. Sur le conseil d'un collègue, il
# ajoute un élan de 0,9 et ne change rien d'autre. La perte, qui baissait lentement, oscille maintenant. Par quel
# facteur les pas selon l'axe le plus plat se sont-ils allongés, à la longue ? Quel taux leur rendrait leur longueur
# d'avant ? À ce taux, combien de fois serait-on sous la limite de stabilité, et que pourrait-on faire de cette marge ?
# Répondez en quelques phrases.

# %% [markdown] lang="en" answer="momentum_words" points=2
# Along a flat axis the gradient hardly changes from step to step, so the velocity grows to $g/(1 - \mu) = 10\, g$: the
# steps are ten times as long. With a tenth of the rate, $\eta = 0.1/\lambda_{\max}$, they are as long as before, and
# the swings of the flat axes are gone with them. The limit is $\eta\lambda_{\max} < 2(1 + \mu) = 3.8$, and 0.1 is 38
# times below it, where SGD was 2 times below its own. This room is what momentum gives: the rate may be raised again,
# and with it the pace along the valley, much further than SGD could without exploding across it.

# %% [markdown] lang="fr" answer="momentum_words" points=2
# Selon un axe plat, le gradient change à peine d'un pas à l'autre : la vitesse grandit donc jusqu'à
# $g/(1 - \mu) = 10\, g$, et les pas sont dix fois plus longs. Avec un dixième du taux,
# $\eta = 0{,}1/\lambda_{\max}$, ils reprennent leur longueur d'avant, et les oscillations des axes plats disparaissent.
# La limite est $\eta\lambda_{\max} < 2(1 + \mu) = 3{,}8$, et 0,1 est 38 fois plus petit, alors que SGD n'était que 2
# fois sous la sienne. Cette marge est ce que donne l'élan : on peut relever le taux, et avec lui l'allure dans la
# longueur de la vallée, bien plus que SGD ne le pourrait sans exploser en travers.

# %% [markdown] lang="en"
# ## What to remember
#
# - The velocity is a sum of gradients that fade: what changes sign cancels, what stays adds up to $g/(1 - \mu)$.
# - $\mu = (1 - \sqrt{\eta\lambda})^2$ is critical. With less the error creeps, with more it swings and keeps $\sqrt\mu$
#   a step, whatever $\lambda$ is. At best, a valley costs $\sqrt\kappa$ where it cost $\kappa$.
# - Adam's $m$ is $(1 - \mu)\, v$: the same shape, another rate.
# - Nesterov's step is $g + \mu v$. It looks ahead, and damps the steep axes more.
# - torch multiplies by the rate when the parameter moves. The papers keep the rate in the velocity, and that differs as
#   soon as the rate changes.

# %% [markdown] lang="fr"
# ## À retenir
#
# - La vitesse est une somme de gradients qui s'effacent : ce qui change de signe se compense, ce qui dure s'ajoute
#   jusqu'à $g/(1 - \mu)$.
# - $\mu = (1 - \sqrt{\eta\lambda})^2$ est critique. Avec moins, l'erreur se traîne ; avec plus, elle oscille et chaque
#   pas la multiplie par $\sqrt\mu$, quel que soit $\lambda$. Au mieux, une vallée coûte $\sqrt\kappa$ au lieu de
#   $\kappa$.
# - Le $m$ d'Adam est $(1 - \mu)\, v$ : la même forme, un autre taux.
# - Le pas de Nesterov est $g + \mu v$. Il regarde devant lui, et amortit davantage les axes raides.
# - torch multiplie par le taux quand le paramètre se déplace. Les articles gardent le taux dans la vitesse, et la
#   différence apparaît dès que le taux change.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **A momentum that nobody has to tune.** Take $f = \frac{1}{2}(x^2 + 100\,y^2)$ from $(1, 1)$, your `Nesterov` with
#    the rate $1/100$, and count the steps until the distance stays below a thousandth. Before step $t$ write
#    $\mu_t = (t - 1)/(t + 2)$ into the group (Nesterov 1983). *Expect* 371 steps: the momentum comes so near to 1 that
#    the path swings for long. Now let it restart: after a step that went uphill, $g \cdot (\theta_t - \theta_{t-1}) > 0$,
#    clear the state and begin again with $t = 1$ (O'Donoghue and Candès, *Adaptive Restart for Accelerated Gradient
#    Schemes*, Foundations of Computational Mathematics 15, 2015). *Expect* 71 steps. The best constant,
#    $\mu = (\sqrt\kappa - 1)/(\sqrt\kappa + 1)$, needs 87, and somebody must know $\kappa$ for it.
# 2. **A function on which momentum never arrives.** The slope of a convex function of $x$ is $25x$ left of 1, $x + 24$
#    between 1 and 2, and $25x - 24$ right of 2. Its curvatures are 1 and 25, for which $\eta = 1/9$ and $\mu = 4/9$
#    are best on a parabola. Start at 3.3. *Expect* your `Momentum` to end up going round three places for ever, 2.116,
#    0.647 and −1.802 (Lessard, Recht and Packard, *Analysis and Design of Optimization Algorithms via Integral Quadratic
#    Constraints*, SIAM Journal on Optimization 26, 2016). What does SGD do at the rate $1/13$, and what your `Nesterov`
#    at $1/25$ with $\mu = 2/3$? Which sentence of this notebook holds for parabolas only?

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : programmez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Un élan que personne n'a à régler.** Prenez $f = \frac{1}{2}(x^2 + 100\,y^2)$ depuis $(1\,;\ 1)$ et votre
#    `Nesterov` avec le taux $1/100$, et comptez les pas jusqu'à ce que la distance reste sous un millième. Avant le pas
#    $t$, écrivez $\mu_t = (t - 1)/(t + 2)$ dans le groupe (Nesterov 1983). *Attendez-vous* à 371 pas : l'élan s'approche
#    tant de 1 que le chemin oscille longtemps. Faites-le maintenant repartir : après un pas qui a monté,
#    $g \cdot (\theta_t - \theta_{t-1}) > 0$, videz l'état et recommencez à $t = 1$ (O'Donoghue et Candès, *Adaptive
#    Restart for Accelerated Gradient Schemes*, Foundations of Computational Mathematics 15, 2015). *Attendez-vous* à 71
#    pas. La meilleure constante, $\mu = (\sqrt\kappa - 1)/(\sqrt\kappa + 1)$, en demande 87, et il faut connaître
#    $\kappa$.
# 2. **Une fonction où l'élan n'arrive jamais.** La pente d'une fonction convexe de $x$ est $25x$ à gauche de 1,
#    $x + 24$ entre 1 et 2, et $25x - 24$ à droite de 2. Ses courbures sont 1 et 25 ; sur une parabole, le meilleur choix
#    serait $\eta = 1/9$ et $\mu = 4/9$. Partez de 3,3. *Attendez-vous* à ce que votre `Momentum` finisse par tourner
#    sans fin entre trois endroits, 2,116, 0,647 et −1,802 (Lessard, Recht et Packard, *Analysis and Design of
#    Optimization Algorithms via Integral Quadratic Constraints*, SIAM Journal on Optimization 26, 2016). Que fait SGD au
#    taux $1/13$, et votre `Nesterov` à $1/25$ avec $\mu = 2/3$ ? Quelle phrase de ce notebook ne vaut que pour les
#    paraboles ?
