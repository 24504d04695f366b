# %% [markdown] lang="en"
# # 15 · Write the test that kills this optimizer
#
# <div class="alert alert-info">
#
# **You will write** `close`, which compares numbers as far as they can be compared, and three tests, `test_adam`,
# `test_decay` and `test_use`. They must find the mistakes of twelve optimizers that were once released, and may refuse
# none that is right.
#
# **Time** 75 minutes, and 15 for what is optional · **Difficulty** ●●●●○ · **Points** 22
#
# **You need** Adam (notebook 4), AdamW (notebook 5), parameter groups and `state_dict` (notebooks 1 and 2).
#
# **Begin** with the cell under “Your turn: close enough”: write the function there, run it, then run the check below
# it. *Run All* stops at that check until it passes. What is marked as optional can be left out: nothing later needs it.
#
# </div>

# %% [markdown] lang="fr"
# # 15 · Écrire le test qui tue cet optimiseur
#
# <div class="alert alert-info">
#
# **Vous écrirez** `close`, qui compare des nombres autant qu'on peut les comparer, et trois tests, `test_adam`,
# `test_decay` et `test_use`. Ils doivent trouver les erreurs de douze optimiseurs qui ont été publiés un jour, et n'ont
# le droit d'en refuser aucun qui soit juste.
#
# **Durée** 75 minutes, et 15 pour ce qui est facultatif · **Difficulté** ●●●●○ · **Points** 22
#
# **Il vous faut** Adam (notebook 4), AdamW (notebook 5), les groupes de paramètres et `state_dict` (notebooks 1 et 2).
#
# **Commencez** par la cellule sous « À vous : assez proche » : écrivez-y la fonction, exécutez-la, puis exécutez la
# vérification qui suit. *Run All* s'arrête à cette vérification tant qu'elle n'est pas réussie. Ce qui est marqué comme
# facultatif peut être laissé de côté : rien de ce qui suit n'en a besoin.
#
# </div>

# %%
import coursekit

coursekit.doctor()

# %% given="setup"
import copy

import torch

import coursekit

AdamW = coursekit.own_class("AdamW")

# %% [markdown] lang="en"
# ## The idea
#
# In 2017 somebody found that brackets were missing in the RMSProp of MXNet. The first thing that a maintainer asked
# was: *why was the test passing?* The answer: there was no test for this case (apache/mxnet, pull request 5043). Every
# mistake in this notebook was in code that people used, and no test had found it.
#
# A test is a program that looks for a mistake. You cannot see how good it is when it passes, only when it fails: give
# it programs of which you know that they are wrong, and count how many it refuses. Such a program is called a *mutant*,
# and a test that refuses it is said to *kill* it (DeMillo, Lipton and Sayward, *Hints on Test Data Selection: Help for
# the Practicing Programmer*, IEEE Computer 1978). Usually a machine makes the mutants, one change at a time. Ours were
# made by people, and went unnoticed.
#
# Two things make a test good:
#
# - **It kills.** Its numbers are such that the mistake shows, and it looks at the number in which it shows.
# - **It spares.** Whoever computes the same in another order gets other last digits. A test that takes this for a
#   mistake will be switched off in a week.

# %% [markdown] lang="fr"
# ## L'idée
#
# En 2017, quelqu'un a remarqué qu'il manquait des parenthèses dans le RMSProp de MXNet. La première question d'un
# mainteneur fut : *pourquoi le test passait-il ?* Réponse : il n'y avait pas de test pour ce cas (apache/mxnet, pull
# request 5043). Chaque erreur de ce notebook se trouvait dans du code dont on se servait, et aucun test ne l'avait
# trouvée.
#
# Un test est un programme qui cherche une erreur. Ce qu'il vaut ne se voit pas quand il passe, mais quand il échoue :
# donnez-lui des programmes que l'on sait faux, et comptez ceux qu'il refuse. Un tel programme s'appelle un *mutant*, et
# le test qui le refuse le *tue* (DeMillo, Lipton et Sayward, *Hints on Test Data Selection: Help for the Practicing
# Programmer*, IEEE Computer 1978). D'habitude, une machine fabrique les mutants, un changement à la fois. Les nôtres
# ont été faits par des gens, et personne ne les avait remarqués.
#
# Deux choses font un bon test :
#
# - **Il tue.** Ses nombres sont tels que l'erreur se voit, et il regarde le nombre où elle se voit.
# - **Il épargne.** Qui calcule la même chose dans un autre ordre obtient d'autres derniers chiffres. Un test qui prend
#   cela pour une erreur est désactivé au bout d'une semaine.

# %% [markdown] lang="en"
# ## A step by hand
#
# Two mistakes and their first step, from $\theta = 0$, with $\eta = 0.1$, $\beta_1 = \beta_2 = 0.75$ and $g = 2$. Then
# $m = 0.5$ and $v = 1$, $\hat m = 2$ and $\hat v = 4$.
#
# | | its step | $\varepsilon = 10^{-8}$ | $\varepsilon = 3$ |
# |---|---|---|---|
# | right | $\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)$ | $0.1 \cdot 2/2 = 0.1$ | $0.1 \cdot 2/5 = 0.04$ |
# | no bias correction | $\eta\, m / (\sqrt{v} + \varepsilon)$ | $0.1 \cdot 0.5/1 = 0.05$ | $0.1 \cdot 0.5/4 = 0.0125$ |
# | ε before the correction | $\eta\, \hat m \sqrt{1 - \beta_2} / (\sqrt{v} + \varepsilon)$ | $0.1 \cdot 2 \cdot 0.5/1 = 0.1$ | $0.1 \cdot 2 \cdot 0.5/4 = 0.025$ |
#
# With the $\varepsilon$ that everybody uses the last one has the right number: no test in float32 with this
# $\varepsilon$ and a gradient of 2 can refuse it. With $\varepsilon = 3$ anybody sees it. **Tests need other
# hyperparameters than trainings do.** The function `walk` takes such steps, here and, if
# you like, in your tests.

# %% [markdown] lang="fr"
# ## Un pas à la main
#
# Deux erreurs et leur premier pas, depuis $\theta = 0$, avec $\eta = 0{,}1$, $\beta_1 = \beta_2 = 0{,}75$ et $g = 2$.
# Alors $m = 0{,}5$ et $v = 1$, $\hat m = 2$ et $\hat v = 4$.
#
# | | son pas | $\varepsilon = 10^{-8}$ | $\varepsilon = 3$ |
# |---|---|---|---|
# | juste | $\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)$ | $0{,}1 \cdot 2/2 = 0{,}1$ | $0{,}1 \cdot 2/5 = 0{,}04$ |
# | sans correction de biais | $\eta\, m / (\sqrt{v} + \varepsilon)$ | $0{,}1 \cdot 0{,}5/1 = 0{,}05$ | $0{,}1 \cdot 0{,}5/4 = 0{,}0125$ |
# | ε avant la correction | $\eta\, \hat m \sqrt{1 - \beta_2} / (\sqrt{v} + \varepsilon)$ | $0{,}1 \cdot 2 \cdot 0{,}5/1 = 0{,}1$ | $0{,}1 \cdot 2 \cdot 0{,}5/4 = 0{,}025$ |
#
# Avec le $\varepsilon$ de tout le monde, le dernier a le bon nombre : aucun test en float32 avec ce $\varepsilon$ et un
# gradient de 2 ne peut le refuser. Avec $\varepsilon = 3$, cela saute aux yeux. **Un test demande d'autres
# hyperparamètres qu'un entraînement.** La fonction `walk` fait de tels pas, ici et, si
# vous voulez, dans vos tests.

# %% given="walk"
def walk(optimizer_class, weights, gradients, **hyperparameters):
    """Return the weights of one parameter after each step, as a list of tensors.

    weights: the numbers before the first step, a list
    gradients: for each step a list of as many numbers
    """
    p = torch.tensor(weights, dtype=torch.float32, requires_grad=True)
    optimizer, after = optimizer_class([p], **hyperparameters), []
    for gradient in gradients:
        p.grad = torch.tensor(gradient, dtype=torch.float32)
        optimizer.step()
        after.append(p.detach().clone())
    return after

# %%
for epsilon in (1e-8, 3.0):
    given = {"learning_rate": 0.1, "beta1": 0.75, "beta2": 0.75, "epsilon": epsilon, "weight_decay": 0.0}
    for kind in (AdamW, coursekit.suspects.NoCorrection, coursekit.suspects.ScaledEpsilon):
        (theta,) = walk(kind, [0.0], [[2.0]], **given)
        print(f"ε = {epsilon:g}   {kind.__name__:14} step {-theta.item():.4f}")

# %% [markdown] lang="en"
# ## Twelve suspects
#
# Each of these mistakes was in a library that others used. Some of them were in another rule there, such as RAdam or
# SGDW; here all are built into one and the same AdamW, so that one test can be put to all of them. They are classes of
# `coursekit.suspects`, called as yours is: `params`, `learning_rate`, `beta1`, `beta2`, `epsilon`, `weight_decay`
# (write `coursekit.suspects.NoCorrection`; there is nothing to import).
#
# | class | what it does | read of it in |
# |---|---|---|
# | `NoCorrection` | $m$ and $v$ are used uncorrected | MLX, pull request 1640 |
# | `ScaledEpsilon` | ε is added before the correction of $v$, and scaled with it | torch, pull request 22628 |
# | `CorrectedInPlace` | $\hat m$ and $\hat v$ take the place of $m$ and $v$ | Holocron, issue 1 |
# | `FrozenCount` | $t$ stays at 1 | OLMo-core, pull request 317 |
# | `Penalty` | $\lambda\theta$ is added to the gradient: Adam with L2 | Keras, issue 19051 |
# | `WithoutWeight` | the decay is $\eta\lambda$, not $\eta\lambda\theta$ | torchopt for R, pull request 14; pytorch-optimizer, issue 454 |
# | `DecayAfter` | what decays is the weight after its step | transformers, issues 3407 and 14539; CS336, assignment 1, issue 54 |
# | `CountPerParameter` | every parameter raises one common $t$ | flashlight, issue 143; DiffSharp, issue 292 |
# | `FirstRate` | all groups use the learning rate of the first | RAdam, issue 24 |
# | `DecaysAlways` | a parameter without gradient decays as well | Muon, issue 54 |
# | `LostCount` | `load_state_dict` forgets $t$ | DeepSpeed, issue 562 |
# | `ChangedGradient` | $\lambda\theta$ is added to `.grad`, and stays there | torch, issue 12218 |
#
# And there are right ones, all of them torch's: one tensor after the other, all at once, fused into one loop, in
# another unit, in float64 inside, with the last digit rounded the other way, and into new memory. Their last digits
# differ. They are in `coursekit.suspects.RIGHT`.

# %% [markdown] lang="fr"
# ## Douze suspects
#
# Chacune de ces erreurs se trouvait dans une bibliothèque dont d'autres se servaient. Pour certaines, c'était dans une
# autre règle, comme RAdam ou SGDW ; ici, toutes sont mises dans un seul et même AdamW, pour qu'un même test puisse leur
# être appliqué à toutes. Ce sont des classes de `coursekit.suspects`, qui s'appellent comme la vôtre : `params`,
# `learning_rate`, `beta1`, `beta2`, `epsilon`, `weight_decay` (écrivez `coursekit.suspects.NoCorrection` ; il n'y a
# rien à importer).
#
# | classe | ce qu'elle fait | à lire dans |
# |---|---|---|
# | `NoCorrection` | $m$ et $v$ servent sans correction | MLX, pull request 1640 |
# | `ScaledEpsilon` | ε s'ajoute avant la correction de $v$, et elle le multiplie | torch, pull request 22628 |
# | `CorrectedInPlace` | $\hat m$ et $\hat v$ prennent la place de $m$ et de $v$ | Holocron, issue 1 |
# | `FrozenCount` | $t$ reste à 1 | OLMo-core, pull request 317 |
# | `Penalty` | $\lambda\theta$ s'ajoute au gradient : Adam avec L2 | Keras, issue 19051 |
# | `WithoutWeight` | la décroissance vaut $\eta\lambda$, non $\eta\lambda\theta$ | torchopt pour R, pull request 14 ; pytorch-optimizer, issue 454 |
# | `DecayAfter` | ce qui décroît est le poids après son pas | transformers, issues 3407 et 14539 ; CS336, assignment 1, issue 54 |
# | `CountPerParameter` | chaque paramètre fait monter un $t$ commun | flashlight, issue 143 ; DiffSharp, issue 292 |
# | `FirstRate` | tous les groupes utilisent le taux du premier | RAdam, issue 24 |
# | `DecaysAlways` | un paramètre sans gradient décroît aussi | Muon, issue 54 |
# | `LostCount` | `load_state_dict` oublie $t$ | DeepSpeed, issue 562 |
# | `ChangedGradient` | $\lambda\theta$ s'ajoute à `.grad`, et y reste | torch, issue 12218 |
#
# Et il y en a de justes, tous de torch : un tenseur après l'autre, tous à la fois, fondus en une seule boucle, dans une
# autre unité, en float64 à l'intérieur, avec le dernier chiffre arrondi dans l'autre sens, et dans une nouvelle mémoire.
# Leurs derniers chiffres diffèrent. Ils sont dans `coursekit.suspects.RIGHT`.

# %% given="refuses"
def refuses(test, optimizer_class):
    """Tell whether a test refuses an optimizer: what it asserts is not true."""
    try:
        test(optimizer_class)
    except AssertionError:
        return True
    return False

# %% given="table"
SUSPECTS = coursekit.suspects.SUSPECTS


def table_of(tests, title):
    """Draw which test refuses which of the suspects."""
    table = {test.__name__: [refuses(test, kind) for kind in SUSPECTS] for test in tests}
    coursekit.plots.marks(
        table, [kind.about for kind in SUSPECTS], title, ("test", "optimizer"), ("refused", "accepted")
    )
    for test, refused in zip(tests, table.values(), strict=True):
        killed = [kind.__name__ for kind, told in zip(SUSPECTS, refused, strict=True) if told]
        accepted = sum(not refuses(test, kind) for kind in coursekit.suspects.RIGHT)
        print(f"{test.__name__}: accepts {accepted} of 7 right ones, refuses {len(killed)} of 12 suspects", *killed, sep="\n    ")

# %% [markdown] lang="en"
# ## How they passed (optional)
#
# Four tests of the kinds that these libraries have had, in short forms and with numbers of ours:
#
# - `test_shapes`: a step keeps the shapes. MLX's first test of its optimizers looked at nothing else.
# - `test_arrives`: a hundred steps without decay end within 0.01 of the target. So transformers tested its `AdamW`.
# - `test_one_step`: the first step from some weights, against numbers to four digits: the test that one writes first.
# - `test_no_decay`: many steps against another program, and `weight_decay` is 0. MXNet's tests had no decay.
#
# Predict in the next cell: how many of the twelve does each of them refuse?

# %% [markdown] lang="fr"
# ## Comment ils ont échappé aux tests (facultatif)
#
# Quatre tests du genre de ceux qu'ont eus ces bibliothèques, abrégés et avec nos propres nombres :
#
# - `test_shapes` : un pas garde les formes. Le premier test de MLX pour ses optimiseurs ne regardait rien d'autre.
# - `test_arrives` : cent pas sans décroissance finissent à moins de 0,01 du but. C'est ainsi que transformers testait
#   son `AdamW`.
# - `test_one_step` : le premier pas depuis quelques poids, comparé à des nombres à quatre chiffres : le test que l'on
#   écrit d'abord.
# - `test_no_decay` : beaucoup de pas, comparés à un autre programme, et `weight_decay` vaut 0. Les tests de MXNet
#   n'avaient pas de décroissance.
#
# Prédisez dans la cellule suivante : combien des douze chacun d'eux refuse-t-il ?

# %% prediction=true
prediction_1 = ""

# %% given="their_tests"
def test_shapes(optimizer_class):
    p = torch.zeros(2, 3, requires_grad=True)
    p.grad = torch.ones(2, 3)
    optimizer_class([p], learning_rate=0.1).step()
    assert p.shape == (2, 3)


def test_arrives(optimizer_class):
    p, target = torch.tensor([0.3, -0.1], requires_grad=True), torch.tensor([-0.2, 0.4])
    optimizer = optimizer_class([p], learning_rate=0.1, weight_decay=0.0)
    for _ in range(100):
        p.grad = 2 * (p.detach() - target)
        optimizer.step()
    assert (p - target).abs().max() < 0.01


def test_one_step(optimizer_class):
    p = torch.tensor([1.0, 2.0, -3.0], requires_grad=True)
    p.grad = torch.tensor([2.0, -1.0, 5.0])
    optimizer_class([p], learning_rate=0.2, weight_decay=0.005).step()
    assert torch.allclose(p, torch.tensor([0.7990, 2.1980, -3.1970]), rtol=0, atol=1e-4)


def test_no_decay(optimizer_class):
    p, q = torch.tensor([1.0, -2.0], requires_grad=True), torch.tensor([1.0, -2.0], requires_grad=True)
    optimizer = optimizer_class([p], learning_rate=0.01, weight_decay=0.0)
    other = torch.optim.Adam([q], lr=0.01)
    for step in range(20):
        p.grad, q.grad = torch.tensor([[1.0, 3.0], [-2.0, 1.0]][step % 2]).repeat(2, 1)
        optimizer.step()
        other.step()
    assert torch.allclose(p, q, rtol=1e-4)

# %%
coursekit.predicted(prediction_1)
table_of([test_shapes, test_arrives, test_one_step, test_no_decay], "Twelve mistakes and four tests that were passed")

# %% [markdown] lang="en"
# **What to see.** The shapes say nothing. That an optimizer arrives says little: Adam with nearly any mistake in it
# still goes downhill, only faster or slower. The two tests with numbers find six mistakes between them, each those for
# which its numbers are made: with a single step nothing that is remembered can be wrong, without a decay no decay can.
# The other six, `ScaledEpsilon` among them, pass all four tests. And MLX's mistake passes the kind of test that MLX
# had, that of transformers the kind that transformers had: neither had been written with this mistake in mind.

# %% [markdown] lang="fr"
# **À voir.** Les formes ne disent rien. Qu'un optimiseur arrive dit peu : Adam avec presque n'importe quelle erreur
# descend quand même, plus ou moins vite. Les deux tests avec des nombres trouvent six erreurs à eux deux, chacun celles
# pour lesquelles ses nombres sont faits : avec un seul pas, rien de ce qui est retenu ne peut être faux ; sans
# décroissance, aucune décroissance ne peut l'être. Les six autres, dont celle de ε, échappent aux quatre tests. Et
# l'erreur de MLX échappe au genre de test qu'avait MLX, celle de transformers à celui qu'avait transformers : ni l'un
# ni l'autre n'avait été écrit en pensant à cette erreur.

# %% [markdown] lang="en"
# ## Your turn: close enough
#
# Two right programs rarely have the same last digits, for a sum in another order is rounded in other places. In float32
# rounding is about $10^{-7}$ of a number, and grows with every step. So `==` refuses what is right. A fixed limit such
# as $0.01$ accepts nearly everything where the numbers are small. What one needs is a limit that is a share of the
# number, and for numbers near zero, of which any share is nothing, a small one of their own:
#
# $$|a - b| \le 10^{-5}\, |b| + 10^{-8}$$
#
# Here $b$ is the expected number. `torch.allclose` has just these two limits (and may be used); but there is more to
# compare than numbers:
#
# - `got` and `expected` are lists of tensors. *Every* number of every tensor must be close.
# - Lists of different lengths are not close, nor are tensors of different shapes: beware of `zip`, which stops with the
#   shorter list, and of broadcasting, which compares a column with a row.
# - `nan` is close to nothing, not even to `nan`.
#
# A third argument of your own, such as a tolerance, needs a default value. The check writes 1 for True and 0 for False.

# %% [markdown] lang="fr"
# ## À vous : assez proche
#
# Deux programmes justes ont rarement les mêmes derniers chiffres, car une somme faite dans un autre ordre est arrondie
# à d'autres endroits. En float32, l'arrondi est d'environ $10^{-7}$ du nombre, et il grandit à chaque pas. Ainsi `==`
# refuse ce qui est juste. Une limite fixe comme $0{,}01$ accepte presque tout là où les nombres sont petits. Il faut
# une limite qui soit une part du nombre et, pour les nombres proches de zéro, dont toute part est nulle, une petite
# limite à part :
#
# $$|a - b| \le 10^{-5}\, |b| + 10^{-8}$$
#
# Ici, $b$ est le nombre attendu. `torch.allclose` a justement ces deux limites (et vous pouvez l'utiliser) ; mais il y
# a plus à comparer que des nombres :
#
# - `got` et `expected` sont des listes de tenseurs. *Chaque* nombre de chaque tenseur doit être proche.
# - Des listes de longueurs différentes ne sont pas proches, ni des tenseurs de formes différentes : méfiez-vous de
#   `zip`, qui s'arrête avec la plus courte, et du *broadcasting*, qui compare une colonne à une ligne.
# - `nan` n'est proche de rien, pas même de `nan`.
#
# Un troisième argument à vous, comme une tolérance, doit avoir une valeur par défaut. La vérification écrit 1 pour True
# et 0 pour False.

# %% solution="close"
def close(got, expected, tolerance=1e-5):
    """Tell whether two lists of tensors have the same numbers, up to rounding.

    got: a list of tensors
    expected: a list of tensors

    Return True or False.
    """
    ### BEGIN SOLUTION
    if len(got) != len(expected):
        return False
    for a, b in zip(got, expected, strict=True):
        if a.shape != b.shape or not torch.all((a - b).abs() <= tolerance * b.abs() + 1e-8):
            return False
    return True
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: what to do first</summary>
#
# Compare the lengths, then go through both lists with `zip`. Inside, compare the shapes before the numbers.
#
# </details>
# <details><summary>Hint 2: all numbers of a tensor</summary>
#
# `(a - b).abs() <= limit` is a tensor of True and False; `.all()` tells whether all of them are True. Without `abs`, a
# number that is far too small would be fine.
#
# </details>
# <details><summary>Hint 3: NaN</summary>
#
# Every comparison with NaN is False. So ask whether the difference *is within* the limit, and not whether it is beyond.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : par où commencer</summary>
#
# Comparez les longueurs, puis parcourez les deux listes avec `zip`. Dans la boucle, comparez les formes avant les
# nombres.
#
# </details>
# <details><summary>Indice 2 : tous les nombres d'un tenseur</summary>
#
# `(a - b).abs() <= limit` est un tenseur de True et de False ; `.all()` dit si tous valent True. Sans `abs`, un nombre
# bien trop petit conviendrait.
#
# </details>
# <details><summary>Indice 3 : NaN</summary>
#
# Toute comparaison avec NaN vaut False. Demandez donc si l'écart *est en deçà* de la limite, et non s'il est au-delà.
#
# </details>

# %% check="close_check" points=3
coursekit.check(close)

# %% [markdown] lang="en"
# ## Where a tolerance must lie (optional)
#
# How far are the right ones from torch, and how far the wrong ones? The next cell makes thirty steps in float32 with
# the usual hyperparameters, and thirty with large ones, $\eta = 0.1$, $\varepsilon = 0.1$ and $\lambda = 0.5$. Predict:
# does a tolerance of $10^{-5}$ lie between right and wrong in both?

# %% [markdown] lang="fr"
# ## Où placer une tolérance (facultatif)
#
# À quelle distance de torch sont les justes, et à quelle distance les faux ? La cellule suivante fait trente pas en
# float32 avec les hyperparamètres usuels, et trente avec de grands, $\eta = 0{,}1$, $\varepsilon = 0{,}1$ et
# $\lambda = 0{,}5$. Prédisez : une tolérance de $10^{-5}$ sépare-t-elle le juste du faux dans les deux cas ?

# %% prediction=true
prediction_2 = ""

# %%
def path(kind, **hyperparameters):
    """Return where two numbers are after each of thirty steps."""
    gradients = [[0.3 - 0.5 * (step % 3), 1.0 - 0.7 * (step % 2)] for step in range(30)]
    return torch.stack(walk(kind, [1.0, -3.0], gradients, **hyperparameters))


def away(kind, **hyperparameters):
    """Return how far an optimizer is from torch after each step, as a share of the number."""
    right = path(coursekit.suspects.AdamW, **hyperparameters)
    return ((path(kind, **hyperparameters) - right).abs() / right.abs()).amax(dim=1).clamp(min=1e-9)


coursekit.predicted(prediction_2)
panels = []
shown = [coursekit.suspects.ScaledEpsilon, coursekit.suspects.Penalty, coursekit.suspects.DecayAfter]
for name, given in {
    "usual values": {},
    "large values": {"learning_rate": 0.1, "epsilon": 0.1, "weight_decay": 0.5},
}.items():
    right = torch.stack([away(kind, **given) for kind in coursekit.suspects.RIGHT]).amax(dim=0)
    curves = {"right ones, at most": right} | {kind.about: away(kind, **given) for kind in shown}
    curves["tolerance"] = [1e-5] * 30
    panels.append((name, curves))
coursekit.plots.stacked(panels, "How far from torch, as a share of the number", "step", log=("usual values", "large values"))

# %% [markdown] lang="en"
# **What to see.** The right ones stay below $10^{-6}$ in both panels: a tolerance of $10^{-5}$ leaves them room. With
# the usual hyperparameters no tolerance at all separates right from wrong: two of the mistakes give exactly torch's
# numbers (they are drawn at $10^{-9}$). With large ones the nearest mistake is four powers of ten away from rounding.

# %% [markdown] lang="fr"
# **À voir.** Les justes restent sous $10^{-6}$ dans les deux panneaux : une tolérance de $10^{-5}$ leur laisse
# de la place. Avec les hyperparamètres usuels, aucune tolérance ne sépare le juste du faux : deux des erreurs donnent
# exactement les nombres de torch (elles sont tracées à $10^{-9}$). Avec les grands, l'erreur la plus proche est à
# quatre puissances de dix de l'arrondi.

# %% [markdown] lang="en"
# ## Your turn: the rule
#
# A test is a function that takes a class and uses `assert`: where what it asserts is not true, an `AssertionError` is
# raised, and the class is refused. Raise nothing else: `refuses` catches only `AssertionError`. In a file of its own,
# `pytest` would find these functions by their names.
#
# `test_adam` is about Adam alone, so call the class with `weight_decay=0.0`. It must refuse the first four suspects,
# and an optimizer that never moves, and accept all seven right ones. Where do the right numbers come from? Work out a few
# steps by the formula, in plain numbers inside your test, or let your own `AdamW` take the same steps: the check has
# said that it is right. `walk` from the step by hand takes the steps of any class.
#
# It is not the tolerance that finds a mistake, it is the numbers: first choose such that the mistake is large, and then
# the tolerance hardly matters.
#
# So that nothing but numbers can tell your test what it has before it:
#
# - The check gives it a class that answers with the numbers of one optimizer after the other. It is called `AdamW` each
#   time, and there is no code in it to read.
# - What stands in `optimizer.state` and in `state_dict()["state"]` is the optimizer's own: a right one may call it
#   anything, or keep it elsewhere. Assert nothing about it.
# - Give all groups when you make the optimizer: it takes none later.
# - A test does the same each time. What it draws at random needs a seed inside the test.
# - It makes at most 150 calls (making an optimizer, `step`, `state_dict`, `load_state_dict`; your own `AdamW` does not
#   count). About thirty are enough.
#
# If it refuses one right optimizer, it brings no points at all. For each wrong one that it accepts, that behaviour is
# lost. The hidden tests use the same mistakes in a weaker form.

# %% [markdown] lang="fr"
# ## À vous : la règle
#
# Un test est une fonction qui prend une classe et se sert d'`assert` : là où ce qu'il affirme n'est pas vrai, une
# `AssertionError` est levée, et la classe est refusée. Ne levez rien d'autre : `refuses` n'attrape qu'`AssertionError`.
# Dans un fichier à part, `pytest` trouverait ces fonctions par leurs noms.
#
# `test_adam` ne porte que sur Adam : appelez donc la classe avec `weight_decay=0.0`. Il doit refuser les quatre
# premiers suspects, et un optimiseur qui ne bouge jamais, et accepter les sept optimiseurs justes. D'où viennent les
# bons nombres ? Calculez quelques pas avec la formule, en simples nombres dans votre test, ou faites faire les mêmes
# pas à votre propre `AdamW` : la vérification a dit qu'il est juste. `walk`, du pas à la main, fait faire des pas à
# n'importe quelle classe.
#
# Ce n'est pas la tolérance qui trouve une erreur, ce sont les nombres : choisissez-les d'abord pour que l'erreur soit
# grande, et la tolérance n'a presque plus d'importance.
#
# Pour que seuls les nombres disent à votre test ce qu'il a devant lui :
#
# - La vérification lui donne une classe qui répond avec les nombres d'un optimiseur après l'autre. Elle s'appelle
#   chaque fois `AdamW`, et il n'y a en elle aucun code à lire.
# - Ce que contiennent `optimizer.state` et `state_dict()["state"]` ne regarde que l'optimiseur : un optimiseur juste
#   peut l'appeler comme il veut, ou le garder ailleurs. N'affirmez rien à ce sujet.
# - Donnez tous les groupes en créant l'optimiseur : il n'en prend pas d'autres ensuite.
# - Un test fait chaque fois la même chose. Ce qu'il tire au hasard demande une graine dans le test.
# - Il fait au plus 150 appels (créer un optimiseur, `step`, `state_dict`, `load_state_dict` ; votre propre `AdamW`
#   ne compte pas). Une trentaine suffit.
#
# S'il refuse un seul optimiseur juste, il ne rapporte aucun point. Chaque optimiseur faux qu'il accepte fait perdre
# son comportement. Les tests cachés essaient les mêmes erreurs, sous une forme atténuée.

# %% solution="test_adam"
def test_adam(optimizer_class):
    """Raise an AssertionError where an optimizer does not follow Adam's rule.

    optimizer_class: a class with the arguments params, learning_rate, beta1, beta2, epsilon and weight_decay
    """
    ### BEGIN SOLUTION
    rate, beta1, beta2, epsilon = 0.1, 0.8, 0.9, 0.5
    given = {"learning_rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weight_decay": 0.0}
    gradients = [1.0, -2.0, 0.5]
    x, m, v, expected = 1.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x -= rate * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + epsilon)
        expected.append(torch.tensor([x]))
    assert close(walk(optimizer_class, [1.0], [[g] for g in gradients], **given), expected)
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: the frame</summary>
#
# `walk(optimizer_class, [1.0], [[1.0], [-2.0]], weight_decay=0.0)` returns a list of two tensors, the weight after each
# step. Choose more of its numbers yourself, make the list that a right optimizer would leave, and assert that the two
# lists are `close`.
#
# </details>
# <details><summary>Hint 2: the right numbers</summary>
#
# `walk` makes the second list, too: with your own `AdamW` and the same weights, gradients and hyperparameters.
#
# </details>
# <details><summary>Hint 3: one of them survives</summary>
#
# Write down its formula beside the right one. For which gradients and hyperparameters do they part? Look at the table
# of the step by hand: which step is it, and how large is ε?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : le cadre</summary>
#
# `walk(optimizer_class, [1.0], [[1.0], [-2.0]], weight_decay=0.0)` renvoie une liste de deux tenseurs, le poids après
# chaque pas. Choisissez vous-même davantage de ses nombres, faites la liste que laisserait un optimiseur juste, et
# affirmez que les deux listes sont proches, avec `close`.
#
# </details>
# <details><summary>Indice 2 : les bons nombres</summary>
#
# `walk` fait aussi la seconde liste : avec votre propre `AdamW` et les mêmes poids, gradients et hyperparamètres.
#
# </details>
# <details><summary>Indice 3 : l'un d'eux survit</summary>
#
# Écrivez sa formule à côté de la bonne. Pour quels gradients et quels hyperparamètres se séparent-elles ? Regardez le
# tableau du pas à la main : de quel pas s'agit-il, et combien vaut ε ?
#
# </details>

# %% check="adam_check" points=5
coursekit.check(test_adam)

# %% [markdown] lang="en"
# ## Your turn: the decay
#
# Three suspects do everything right as long as `weight_decay` is 0. `test_decay` must refuse these three, and one that
# never moves.
#
# Before you write it, think of each: from which weight and which gradient can it be told from a right one in a single
# step? Where the gradient is zero, one of the three does exactly what it should.

# %% [markdown] lang="fr"
# ## À vous : la décroissance
#
# Trois suspects font tout juste tant que `weight_decay` vaut 0. `test_decay` doit refuser ces trois-là, et un
# optimiseur qui ne bouge jamais.
#
# Avant de l'écrire, pensez à chacun : à partir de quel poids et de quel gradient le distingue-t-on d'un juste en un
# seul pas ? Là où le gradient est nul, l'un des trois fait exactement ce qu'il doit.

# %% solution="test_decay"
def test_decay(optimizer_class):
    """Raise an AssertionError where the weights of an optimizer do not decay as those of AdamW do.

    optimizer_class: a class with the arguments params, learning_rate, beta1, beta2, epsilon and weight_decay
    """
    ### BEGIN SOLUTION
    given = {"learning_rate": 0.1, "epsilon": 0.1, "weight_decay": 0.5}
    weights, gradients = [2.0, -3.0], [[1.0, -1.0], [-2.0, 2.0], [0.5, -0.5]]
    assert close(walk(optimizer_class, weights, gradients, **given), walk(AdamW, weights, gradients, **given))
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: what to compare</summary>
#
# The same frame as in `test_adam`, with a decay and with weights that are not zero, of either sign.
#
# </details>
# <details><summary>Hint 2: before or after</summary>
#
# A decay before the step leaves $(1 - \eta\lambda)\theta - s$, where $s$ is the step; one after it leaves
# $(1 - \eta\lambda)(\theta - s)$. How far are these apart? With which rate and which decay is it more than rounding?
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : que comparer</summary>
#
# Le même cadre que dans `test_adam`, avec une décroissance et avec des poids non nuls, des deux signes.
#
# </details>
# <details><summary>Indice 2 : avant ou après</summary>
#
# Une décroissance avant le pas laisse $(1 - \eta\lambda)\theta - s$, où $s$ est le pas ; une décroissance après laisse
# $(1 - \eta\lambda)(\theta - s)$. De combien diffèrent-elles ? Avec quel taux et quelle décroissance est-ce plus que
# l'arrondi ?
#
# </details>

# %% check="decay_check" points=4
coursekit.check(test_decay)

# %% [markdown] lang="en"
# ## Your turn: in use
#
# The last five are right on one parameter in one run. Their mistakes show in what a training does with an optimizer:
#
# - several parameters, of which some have no gradient in a step;
# - two groups, each with a rate of its own, as in `[{"params": [a], "lr": 0.1}, {"params": [b], "lr": 0.01}]`;
# - a state that is saved and loaded: `other.load_state_dict(copy.deepcopy(optimizer.state_dict()))`, where `other` is a
#   fresh optimizer of the same class, on copies of the parameters. (A file holds copies. In torch `state_dict()` hands
#   out the tensors themselves: loaded without a copy, both optimizers would share them);
# - gradients that somebody reads after the step.
#
# Here no formula is needed. Two groups must do what two optimizers with one group each do; a run that is interrupted
# must do what one without interruption does. The class itself says what is right: such a test needs no oracle.
# `test_use` must refuse the last five, and you may assert as many things in it as you like.

# %% [markdown] lang="fr"
# ## À vous : à l'usage
#
# Les cinq derniers sont justes sur un paramètre dans une exécution. Leurs erreurs se voient dans ce qu'un entraînement
# fait d'un optimiseur :
#
# - plusieurs paramètres, dont certains n'ont pas de gradient à un pas ;
# - deux groupes, chacun avec son taux, comme dans `[{"params": [a], "lr": 0.1}, {"params": [b], "lr": 0.01}]` ;
# - un état enregistré puis chargé : `other.load_state_dict(copy.deepcopy(optimizer.state_dict()))`, où `other` est un
#   optimiseur neuf de la même classe, sur des copies des paramètres. (Un fichier contient des copies. Dans torch,
#   `state_dict()` donne les tenseurs eux-mêmes : chargés sans copie, ils seraient communs aux deux optimiseurs) ;
# - des gradients que quelqu'un lit après le pas.
#
# Ici, aucune formule n'est nécessaire. Deux groupes doivent faire ce que font deux optimiseurs d'un groupe chacun ; une
# exécution interrompue doit faire ce que fait la même sans interruption. La classe elle-même dit ce qui est juste : un
# tel test n'a pas besoin d'oracle. `test_use` doit refuser les cinq derniers, et vous pouvez y affirmer autant de
# choses que vous voulez.

# %% solution="test_use"
def test_use(optimizer_class):
    """Raise an AssertionError where an optimizer does not do with many parameters what it does with one.

    optimizer_class: a class with the arguments params, learning_rate, beta1, beta2, epsilon and weight_decay
    """
    ### BEGIN SOLUTION
    given = {"epsilon": 0.1, "weight_decay": 0.5}
    a, b, idle, c, d = (torch.tensor([value], requires_grad=True) for value in (1.0, 2.0, 3.0, 1.0, 2.0))
    together = optimizer_class(
        [{"params": [a, idle], "lr": 0.1}, {"params": [b], "lr": 0.02}], learning_rate=0.1, **given
    )
    apart = [optimizer_class([c], learning_rate=0.1, **given), optimizer_class([d], learning_rate=0.02, **given)]
    for g in (1.0, -2.0, 0.5):
        for p in (a, b, c, d):
            p.grad = torch.tensor([g])
        for optimizer in (together, *apart):
            optimizer.step()
        assert close([a.detach(), b.detach()], [c.detach(), d.detach()])
        assert idle.item() == 3.0
        assert all(p.grad.item() == g for p in (a, b, c, d))
    e = c.detach().clone().requires_grad_()
    resumed = optimizer_class([e], learning_rate=0.1, **given)
    resumed.load_state_dict(copy.deepcopy(apart[0].state_dict()))
    for p, optimizer in ((e, resumed), (c, apart[0])):
        p.grad = torch.tensor([0.7])
        optimizer.step()
    assert close([e.detach()], [c.detach()])
    ### END SOLUTION

# %% [markdown] lang="en"
# <details><summary>Hint 1: one after the other</summary>
#
# Write one small part for each suspect, as a function of its own that `test_use` calls, or one below the other. Let
# `refuses` from above tell you which suspect each part refuses.
#
# </details>
# <details><summary>Hint 2: to keep what was</summary>
#
# `before = p.detach()` is the parameter itself under a second name: it moves along, and is always equal to it.
# `before = p.detach().clone()` stays.
#
# </details>
# <details><summary>Hint 3: saving and loading</summary>
#
# Make some steps. Copy the parameter with `.detach().clone().requires_grad_()`, make a fresh optimizer for the copy,
# and load the state. Then give both the same gradient, make a step with each, and compare.
#
# </details>

# %% [markdown] lang="fr"
# <details><summary>Indice 1 : l'un après l'autre</summary>
#
# Écrivez une petite partie pour chaque suspect, comme une fonction que `test_use` appelle, ou l'une sous l'autre. La
# fonction `refuses` de plus haut vous dit quel suspect chaque partie refuse.
#
# </details>
# <details><summary>Indice 2 : garder ce qui était</summary>
#
# `before = p.detach()` est le paramètre lui-même sous un second nom : il bouge avec lui, et lui est toujours égal.
# `before = p.detach().clone()` reste.
#
# </details>
# <details><summary>Indice 3 : enregistrer et charger</summary>
#
# Faites quelques pas. Copiez le paramètre avec `.detach().clone().requires_grad_()`, créez un optimiseur neuf pour la
# copie, et chargez l'état. Donnez ensuite aux deux le même gradient, faites un pas avec chacun, et comparez.
#
# </details>

# %% check="use_check" points=6
coursekit.check(test_use)

# %% [markdown] lang="en"
# ## Which test kills which
#
# All twelve, and your three tests. Predict: does `test_use` refuse some of the first seven? Does `test_adam` refuse a
# mistake in the decay?

# %% [markdown] lang="fr"
# ## Quel test tue lequel
#
# Les douze, et vos trois tests. Prédisez : `test_use` refuse-t-il certains des sept premiers ? `test_adam` refuse-t-il
# une erreur dans la décroissance ?

# %% prediction=true
prediction_3 = ""

# %%
coursekit.predicted(prediction_3)
with coursekit.once_written():
    table_of([test_adam, test_decay, test_use], "Twelve mistakes and your tests")

# %% [markdown] lang="en"
# **What to see.** In every row there is at least one square, and no right one is refused. A `test_decay` that follows
# the whole rule also finds most of what `test_adam` finds. A test that only compares an optimizer with itself is blind
# to the rule: an optimizer that does the same wrong thing everywhere is consistent. And one that follows the rule on
# one parameter is blind to what happens between parameters. No single test is good; together they are.

# %% [markdown] lang="fr"
# **À voir.** Chaque ligne a au moins un carré, et aucun optimiseur juste n'est refusé. Un `test_decay` qui suit toute
# la règle trouve aussi l'essentiel de ce que trouve `test_adam`. Un test qui ne compare un optimiseur qu'à lui-même est
# aveugle à la règle : qui fait partout la même faute est cohérent. Et celui qui suit la règle sur un paramètre est
# aveugle à ce qui se passe entre les paramètres. Aucun test n'est bon à lui seul ; ensemble, ils le sont.

# %% [markdown] lang="en"
# ## What usually goes wrong
#
# **A tensor that is compared with itself.** `before = p.detach()` shares its memory with `p`. **A loop over nothing**:
# an empty list, or a generator that has been gone through, and no `assert` is reached. **An `assert` inside `try`**,
# whose `except` catches it. **The first step alone**: $\hat m = g$ and $\hat v = g^2$, whatever the betas are. **One
# gradient for all steps**: the right averages then hardly depend on the betas. **$\varepsilon = 10^{-8}$**, and
# **weights of zero**, which cannot decay. The next cell shows what the first of these says of an optimizer that never
# moves.

# %% [markdown] lang="fr"
# ## Erreurs fréquentes
#
# **Un tenseur comparé à lui-même.** `before = p.detach()` partage sa mémoire avec `p`. **Une boucle sur rien** : une
# liste vide, ou un générateur déjà parcouru, et aucun `assert` n'est atteint. **Un `assert` dans un `try`** dont le
# `except` l'attrape. **Le premier pas seul** : $\hat m = g$ et $\hat v = g^2$, quels que soient les bêtas. **Un même
# gradient à tous les pas** : les bonnes moyennes ne dépendent alors guère des bêtas. **$\varepsilon = 10^{-8}$**, et
# **des poids nuls**, qui ne peuvent pas décroître. La cellule suivante montre ce que la première dit d'un optimiseur
# qui ne bouge jamais.

# %%
def test_with_itself(optimizer_class):
    p = torch.tensor([1.0], requires_grad=True)
    optimizer, before = optimizer_class([p], learning_rate=0.1), p.detach()
    p.grad = torch.tensor([1.0])
    optimizer.step()
    assert p.item() == before.item()  # meant to be refused by whatever moves


for kind in (coursekit.suspects.AdamW, coursekit.suspects.Still):
    print(f"{kind.about}: {'refused' if refuses(test_with_itself, kind) else 'accepted'}")

# %% [markdown] lang="en"
# ## Two questions in numbers
#
# Each answer is one line: a function of a few numbers. What counts is what you know of the rule: no training and no
# loop is needed. Do not round. The hidden tests call your function with other numbers.
#
# **1.** `ScaledEpsilon` and a right Adam make their first step, with the same gradient, which is positive. The wrong
# step is shorter: which share of the right one is it?
#
# <details><summary>Hint</summary>
#
# Divide the two steps of the table in “A step by hand”. In the first step $v = (1 - \beta_2) g^2$. What is left of
# $\eta$ and of $\hat m$?
#
# </details>

# %% [markdown] lang="fr"
# ## Deux questions en nombres
#
# Chaque réponse tient en une ligne : une fonction de quelques nombres. Ce qui compte est ce que vous savez de la
# règle : il ne faut ni entraînement ni boucle. N'arrondissez pas. Les tests cachés appellent votre fonction avec
# d'autres nombres.
#
# **1.** `ScaledEpsilon` et un Adam juste font leur premier pas, avec le même gradient, qui est positif. Le pas faux est
# plus court : quelle part du bon est-il ?
#
# <details><summary>Indice</summary>
#
# Divisez les deux pas du tableau d'« Un pas à la main ». Au premier pas, $v = (1 - \beta_2) g^2$. Que reste-t-il de
# $\eta$ et de $\hat m$ ?
#
# </details>

# %% solution="epsilon_factor"
def epsilon_factor(gradient, epsilon, beta2):
    """Return the first step of ScaledEpsilon as a share of the right one."""
    ### BEGIN SOLUTION
    return (gradient + epsilon) / (gradient + epsilon / (1 - beta2) ** 0.5)
    ### END SOLUTION

# %%
with coursekit.once_written():
    steps = []
    for kind in (coursekit.suspects.ScaledEpsilon, coursekit.suspects.AdamW):
        theta = torch.zeros(1, requires_grad=True)
        theta.grad = torch.tensor([2.0])
        kind([theta], learning_rate=0.1, beta2=0.75, epsilon=3.0, weight_decay=0.0).step()
        steps.append(theta.item())
    print(f"two runs        {steps[0] / steps[1]:.4f}")
    print(f"epsilon_factor  {float(epsilon_factor(2.0, 3.0, 0.75)):.4f}")

# %% check="epsilon_factor_check" points=1
coursekit.check(epsilon_factor)

# %% [markdown] lang="en"
# **2.** `DecayAfter` and a right AdamW make their first step, with a positive gradient and $\varepsilon = 0$. How much
# higher does `DecayAfter` end?
#
# <details><summary>Hint</summary>
#
# How long is the first step of Adam where $\varepsilon = 0$? The weight itself decays in both. What decays in one of
# them only?
#
# </details>

# %% [markdown] lang="fr"
# **2.** `DecayAfter` et un AdamW juste font leur premier pas, avec un gradient positif et $\varepsilon = 0$. De combien
# `DecayAfter` finit-il plus haut ?
#
# <details><summary>Indice</summary>
#
# Quelle est la longueur du premier pas d'Adam quand $\varepsilon = 0$ ? Le poids lui-même décroît dans les deux.
# Qu'est-ce qui ne décroît que dans l'un d'eux ?
#
# </details>

# %% solution="decay_gap"
def decay_gap(learning_rate, weight_decay):
    """Return how much higher DecayAfter is than AdamW after the first step with a positive gradient."""
    ### BEGIN SOLUTION
    return learning_rate**2 * weight_decay
    ### END SOLUTION

# %%
with coursekit.once_written():
    ends = []
    for kind in (coursekit.suspects.DecayAfter, coursekit.suspects.AdamW):
        theta = torch.ones(1, dtype=torch.float64, requires_grad=True)
        theta.grad = torch.ones(1, dtype=torch.float64)
        kind([theta], learning_rate=0.1, epsilon=0.0, weight_decay=0.5).step()
        ends.append(theta.item())
    print(f"two runs   {ends[0] - ends[1]:.4g}")
    print(f"decay_gap  {float(decay_gap(0.1, 0.5)):.4g}   usual hyperparameters: {float(decay_gap(0.001, 0.01)):.4g}")

# %% check="decay_gap_check" points=1
coursekit.check(decay_gap)

# %% [markdown] lang="en"
# ## A question
#
# A library has a test for its optimizer that runs every line of it, and it passes. Why does that say little about
# whether the optimizer is right? How would you find out what the test is worth, and why would you give it right
# optimizers as well as wrong ones? Answer in a few sentences.

# %% [markdown] lang="fr"
# ## Une question
#
# Une bibliothèque a pour son optimiseur un test qui en exécute chaque ligne, et il passe. Pourquoi cela dit-il peu de
# choses sur la justesse de l'optimiseur ? Comment trouveriez-vous ce que vaut le test, et pourquoi lui donneriez-vous
# des optimiseurs justes autant que des faux ? Répondez en quelques phrases.

# %% [markdown] lang="en" answer="tests_words" points=2
# That a line is run does not mean that its number is looked at, nor that the number is another one where the line is
# wrong: with ε = 1e-8, a decay of 0 or a single step, many wrong formulas have right numbers. What a test is worth one
# sees by what it refuses: change the optimizer in one place at a time, in ways in which people go wrong, and count the
# changes that the test does not notice; each of them says which scenario or which `assert` is missing. Right optimizers
# that compute in another order belong to it, because a test could refuse everything wrong by refusing nearly
# everything. One that fails for the last digits is soon ignored or loosened, and then it finds nothing at all.

# %% [markdown] lang="fr" answer="tests_words" points=2
# Qu'une ligne soit exécutée ne veut pas dire que l'on regarde son nombre, ni que ce nombre soit autre là où la ligne
# est fausse : avec ε = 1e-8, une décroissance de 0 ou un seul pas, bien des formules fausses ont des nombres justes. Ce
# que vaut un test se voit à ce qu'il refuse : changez l'optimiseur en un endroit à la fois, comme des gens se trompent,
# et comptez les changements que le test ne remarque pas ; chacun dit quel scénario ou quel `assert` manque. Il y faut
# aussi des optimiseurs justes qui calculent dans un autre ordre, car un test pourrait refuser tout ce qui est faux en
# refusant presque tout. Celui qui échoue pour les derniers chiffres est bientôt ignoré ou relâché, et alors il ne
# trouve plus rien.

# %% [markdown] lang="en"
# ## What to remember
#
# - A test is worth what it refuses. Try it on programs that are known to be wrong, and on right ones that work in
#   another way.
# - The numbers find a mistake, not the tolerance: large ε, rate and decay, weights that are not zero, gradients that
#   change, several steps.
# - Compare every parameter after every step, with a tolerance that is a share of the number, some hundred roundings
#   wide.
# - Groups, missing gradients and saved states need no oracle: the optimizer is compared with itself in a plainer use.

# %% [markdown] lang="fr"
# ## À retenir
#
# - Un test vaut ce qu'il refuse. Essayez-le sur des programmes que l'on sait faux, et sur des justes qui s'y prennent
#   autrement.
# - Ce sont les nombres qui trouvent une erreur, non la tolérance : ε, taux et décroissance grands, poids non nuls,
#   gradients qui changent, plusieurs pas.
# - Comparez chaque paramètre après chaque pas, avec une tolérance qui est une part du nombre, large d'une centaine
#   d'arrondis.
# - Groupes, gradients absents et états enregistrés se passent d'oracle : l'optimiseur est comparé à lui-même dans un
#   usage plus simple.

# %% [markdown] lang="en"
# ## Going further
#
# Two harder exercises. They bring no points: write them below, in cells of your own and under new names.
#
# 1. **The smallest test.** Write one test that refuses all twelve and calls `step` of the optimizer that it tests as
#    few times as possible. *Expect* two calls: with one, `CorrectedInPlace` is right. Which suspect needs which part of
#    it?
# 2. **Without any right number.** Which of the first seven can a test refuse that knows no formula and no other
#    optimizer? AdamW has laws. With one constant gradient and no decay all steps are equally long. Weights and
#    gradients of the opposite sign make the opposite run. Where gradients are zero, all weights lose the same share.
#    *Expect* six of seven with these three. Which law finds the last one, `DecayAfter`? Look at the first step from a
#    weight of zero.

# %% [markdown] lang="fr"
# ## Pour aller plus loin
#
# Deux exercices plus difficiles. Ils ne rapportent aucun point : écrivez-les ci-dessous, dans des cellules à vous et
# sous des noms nouveaux.
#
# 1. **Le plus petit test.** Écrivez un seul test qui refuse les douze et appelle aussi peu que possible le `step` de
#    l'optimiseur qu'il teste. *Attendez-vous* à deux appels : avec un seul, `CorrectedInPlace` est juste. Quel suspect
#    demande quelle partie du test ?
# 2. **Sans aucun bon nombre.** Lesquels des sept premiers peut refuser un test qui ne connaît ni formule ni autre
#    optimiseur ? AdamW a des lois. Avec un gradient constant et sans décroissance, tous les pas ont la même longueur.
#    Des poids et des gradients de signe opposé donnent l'exécution opposée. Là où les gradients sont nuls, tous les
#    poids perdent la même part. *Attendez-vous* à six sur sept avec ces trois lois. Quelle loi trouve le dernier,
#    `DecayAfter` ? Regardez le premier pas depuis un poids nul.
