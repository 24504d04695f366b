"""Mistakes in `bytes_kept`: what is counted, and how large a number is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.optimizers.given import entries_of, sizes_of
from coursekit.optimizers.ladders.stability import kept_in_all
from coursekit.optimizers.mistakes_in_functions.variant import Choice, variant

_KEPT = "Your turn: the bytes"


def counted(choice: Choice, scenario: CallScenario) -> np.ndarray:
    """Return the number of bytes with these mistakes in it."""
    (optimizer,) = scenario.arguments
    if not choice:
        return kept_in_all(optimizer.value.tolist())
    entries = entries_of(optimizer.value.tolist())
    last = max(place for place, *_ in entries)
    weights = [(0, size, 4) for size in sizes_of(entries)]
    what = choice.get("what", "")
    if what == "weights":
        entries = weights
    elif what == "first_group":
        entries = [entry for entry in entries if entry[0] < 2]
    elif what == "first_parameter":
        entries = [entry for entry in entries if entry[0] == 0]
    elif what == "last_parameter":
        entries = [entry for entry in entries if entry[0] == last]
    elif what == "first_tensor":
        entries = [next(entry for entry in entries if entry[0] == place) for place in range(last + 1)]
    elif what == "last_tensor":
        entries = [[entry for entry in entries if entry[0] == place][-1] for place in range(last + 1)]
    elif what == "nothing":
        entries = []
    entries = entries + weights if "weights" in choice else entries
    size_of: Callable[[int], int] = {
        "numbers": lambda each: 1 if each else 0,
        "four": lambda each: 4 if each else 0,
        "eight": lambda each: 8 if each else 0,
        "bits": lambda each: 8 * each,
    }.get(choice.get("size", ""), lambda each: each)
    total = float(sum(size * size_of(each) for _, size, each in entries))
    counts = [size for _, size, each in entries if not each]
    of_a_count = {"four_for_a_count": 4, "eight_for_a_count": 8, "int_for_a_count": 28}
    added = {name: each * len(counts) for name, each in of_a_count.items()} | {"count_itself": sum(counts)}
    return np.array(total + added.get(choice.get("counts", ""), 0))


MISTAKES = (
    variant(
        "size",
        "numbers_counted",
        "how many numbers are kept, not how many bytes",
        "`numel()` is summed.",
        "A number in float32 has 4 bytes: multiply by `element_size()`.",
        where=_KEPT,
        way="numbers",
    ),
    *(
        variant(
            "size",
            "one_size_for_all",
            "bytes of numbers that are all taken for equally large",
            "A number such as 4, or the size of another tensor, stands where its own `element_size()` should.",
            "A tensor may be kept in another type than float32: ask each of them.",
            where=_KEPT,
            way=way,
        )
        for way in ("four", "eight")
    ),
    variant(
        "size",
        "bits_counted",
        "bits in the place of bytes",
        "The sum is multiplied by 8.",
        "`element_size()` is in bytes already.",
        where=_KEPT,
        way="bits",
    ),
    variant(
        "what",
        "weights_counted",
        "the bytes of the weights, not of the state",
        "The tensors of `param_groups` are counted.",
        "The weights belong to the model. Asked for is what stands in `optimizer.state`.",
        where=_KEPT,
        way="weights",
    ),
    variant(
        "weights",
        "weights_counted_too",
        "the bytes of the weights added to those of the state",
        "The tensors of `param_groups` are counted as well.",
        "The weights belong to the model. Asked for is what stands in `optimizer.state`.",
        where=_KEPT,
    ),
    variant(
        "what",
        "first_group_counted",
        "what is kept for the first group alone",
        "`param_groups[0]` stands where all groups should be gone through.",
        "`optimizer.state` has an entry for each parameter, whatever group it is in.",
        where=_KEPT,
        way="first_group",
    ),
    *(
        variant(
            "what",
            "one_parameter_counted",
            "what is kept for one parameter alone",
            "`return` stands inside the loop, or `=` where `+=` should.",
            "`optimizer.state` has an entry for each parameter: add all of them up.",
            where=_KEPT,
            way=way,
        )
        for way in ("first_parameter", "last_parameter")
    ),
    *(
        variant(
            "what",
            "one_tensor_counted",
            "one tensor for each parameter, where several are kept",
            "Only one entry of `optimizer.state[p]` is looked at.",
            "Adam keeps two for each parameter, under different names: go through `.values()`.",
            where=_KEPT,
            way=way,
        )
        for way in ("first_tensor", "last_tensor")
    ),
    variant(
        "what",
        "nothing_counted",
        "no bytes at all",
        "No tensor is ever met, as where `isinstance` is asked of the dictionaries in `optimizer.state`.",
        "`optimizer.state` has parameters as keys and dictionaries as values: go through `.values()` twice.",
        where=_KEPT,
        way="nothing",
    ),
    *(
        variant(
            "counts",
            "counts_counted",
            "bytes of what is no tensor as well",
            "A step count, which is an `int`, is added up with the tensors.",
            "One number for a whole tensor is nothing: look at what is a `torch.Tensor`, and at nothing else.",
            where=_KEPT,
            way=way,
        )
        for way in ("four_for_a_count", "eight_for_a_count", "int_for_a_count", "count_itself")
    ),
)
