"""Wrong variants of the parts of a function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from coursekit.judging.mistakes import Mistake
from coursekit.judging.trajectories import Row

# Of a function's parts those that are wrong, each with its wrong variant.
Choice: TypeAlias = Mapping[str, str]
# What a function leaves, row by row: an array each, or several; None where the mistakes say nothing of a scenario.
Rows: TypeAlias = np.ndarray | Sequence[np.ndarray] | Sequence[Row] | None
Simulate: TypeAlias = Callable[[Choice, Any], Rows]  # of a choice and a scenario of the kind that the function has


@dataclass(frozen=True)
class Variant:
    """A mistake in one part of a function: no other mistake can be in the same part; `way` is how it is made."""

    mistake: Mistake
    part: str
    way: str

    @property
    def parts(self) -> Collection[str]:
        """The parts that it decides."""
        return (self.part,)


def variant(part: str, name: str, title: str, looks: str, why: str, *, where: str, way: str = "") -> Variant:
    """Make a variant; its way of being made has the name of the mistake, where it has none of its own."""
    return Variant(Mistake(name=name, title=title, looks=looks, why=why, where=where), part, way or name)
