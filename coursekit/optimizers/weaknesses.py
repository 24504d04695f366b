"""What tests of optimizers lack, in words: why one accepts an optimizer with a mistake, or refuses a right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coursekit.judging.mistakes import Mistake
from coursekit.optimizers.suspects import DECAY, USE, AdamW

_NUMBERS, _DECAY, _USE = "Your turn: the rule", "Your turn: the decay", "Your turn: in use"


def _weakness(name: str, title: str, looks: str, why: str, where: str = _NUMBERS) -> Mistake:
    return Mistake(name=name, title=title, looks=looks, why=why, where=where, by_numbers=False)


_ALL = (
    _weakness(
        "asserts_nothing",
        "a test that accepts an optimizer which never moves",
        "There is no `assert`, or it stands in a loop over an empty list, in a branch that is not taken, or in a `try`"
        " whose `except` catches it; or what it asserts is always true, as a pair in brackets is, or a tensor that is"
        " compared with itself; or all gradients are 0.",
        "A test that nothing can fail says nothing. `before = p.detach()` is the parameter itself: `.clone()` it.",
    ),
    _weakness(
        "too_loose",
        "a test with a tolerance that is too large",
        "The numbers that it got were wrong, and it let them pass; were they further off, it would not.",
        "Rounding is a few millionths of a number in float32. What is more is another rule.",
        "Your turn: close enough",
    ),
    _weakness(
        "one_sided",
        "a test that looks to one side alone",
        "The numbers that it got were wrong, and it would let them pass however far off they were; on the other side of"
        " the right ones it would not. `p - q < limit` has no absolute value, or only the direction of a step is asked"
        " for.",
        "Too small is as wrong as too large.",
        "Your turn: close enough",
    ),
    _weakness(
        "against_itself",
        "a test that compares the class with itself",
        "It makes several optimizers of the class that it is given, and compares their numbers. All of them were wrong"
        " in the same way.",
        "What is right must come from elsewhere: from the formula, from torch, or from a run in which the mistake"
        " cannot show.",
    ),
    _weakness(
        "not_looked_at",
        "a test that does not look at the number that is wrong",
        "It got wrong numbers, of a parameter, of a step or of a gradient that no `assert` is about; or it compares a"
        " tensor with itself: `.clone()` it before the step.",
        "Compare every parameter after every step, and whatever else must have stayed as it was.",
    ),
    _weakness(
        "same_numbers",
        "a test in which this optimizer has the numbers of a right one",
        "It asserts enough, but what it does with the optimizer does not bring the mistake out.",
        "Ask where the two formulas part, and choose gradients, weights and hyperparameters that are there.",
    ),
    _weakness(
        "one_step",
        "a test of one single step",
        "No optimizer of it ever makes a second step.",
        "In the first step nothing is remembered yet: what is kept wrongly shows in the next ones.",
    ),
    _weakness(
        "tiny_epsilon",
        "a test in which ε is too small to be seen",
        "ε is 1e-8 or little more, and the gradients are not.",
        "Its place shows where it is as large as √v: take a large ε, or very small gradients.",
    ),
    _weakness(
        "no_decay",
        "a test without weight decay",
        "`weight_decay` is 0 in all of it.",
        "Where nothing decays all decays are the same.",
        _DECAY,
    ),
    _weakness(
        "zero_start",
        "a test that starts at zero",
        "Every parameter is 0 when the optimizer is made.",
        "A decay takes a share of the weight: of 0 it takes nothing.",
        _DECAY,
    ),
    _weakness(
        "one_parameter",
        "a test with one single parameter",
        "No step of it has two parameters with a gradient.",
        "What parameters must not share is seen where there are two.",
        _USE,
    ),
    _weakness(
        "one_group",
        "a test with one single group",
        "No optimizer of it has two groups.",
        "What belongs to a group is seen where there are two of them.",
        _USE,
    ),
    _weakness(
        "one_rate",
        "a test whose groups all have one rate",
        "There are two groups, and their learning rates are equal.",
        "Whose rate is used shows where they differ.",
        _USE,
    ),
    _weakness(
        "every_gradient",
        "a test in which every parameter has a gradient",
        "`.grad` is never `None`.",
        "Layers that are frozen, or not used in this batch, have none: they must stay as they are.",
        _USE,
    ),
    _weakness(
        "never_loaded",
        "a test that never loads a state",
        "`load_state_dict` is not called.",
        "What is lost on the way through a file shows after it.",
        _USE,
    ),
    _weakness(
        "too_exact",
        "a test that asks for more digits than there are",
        "`==`, `torch.equal`, or a tolerance below rounding: torch's own passes, and another right one does not.",
        "Two right programs differ in the last digits, by the order in which they compute.",
        "Your turn: close enough",
    ),
    _weakness(
        "keeps_memory",
        "a test that holds on to the memory of a parameter",
        "`values = p.data`, or `p.detach()`, is read after a step.",
        "A right optimizer may write its numbers into new memory. Read the parameter itself, after each step.",
    ),
    _weakness(
        "refuses_torch",
        "a test that not even torch's own optimizer passes",
        "It expects a number that is wrong, or more digits than there are. Or the two were not treated alike: the same"
        " hyperparameters (`weight_decay` is 0.01 if you do not give it), and a gradient for both. Or `before` is the"
        " parameter itself: `.clone()` it.",
        "A test is a program as well. Let a right optimizer pass it before it judges others.",
    ),
)
WEAKNESSES: dict[str, Mistake] = {each.name: each for each in _ALL}


def weakness(name: str, among: Sequence[type[AdamW]]) -> Mistake:
    """Return what a test lacks; what any test may lack is in the section of its exercise."""
    found = WEAKNESSES[name]
    if found.where != _NUMBERS:
        return found
    return replace(
        found, where=_USE if issubclass(among[-1], USE) else _DECAY if issubclass(among[-1], DECAY) else _NUMBERS
    )
