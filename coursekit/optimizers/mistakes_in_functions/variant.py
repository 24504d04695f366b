"""Wrong variants of the parts of a function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.judging.mistakes import Mistake

# Of a function's parts those that are wrong, each with its wrong variant.
Choice: TypeAlias = Mapping[str, str]
# (choice, scenario) -> what the function then returns, row by row
Simulate: TypeAlias = Callable[[Choice, CallScenario], np.ndarray | list[np.ndarray]]


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
