"""What a wrong variant of a part of a function is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from coursekit.judging.calls import CallScenario
from coursekit.judging.mistakes import Mistake

# Of a function's parts those that are wrong, each with its wrong variant.
Choice: TypeAlias = Mapping[str, str]
# (choice, scenario) -> what the function then returns, row by row; None where it says nothing about such a call
Simulate: TypeAlias = Callable[[Choice, CallScenario], np.ndarray | None]


@dataclass(frozen=True, kw_only=True)
class Variant(Mistake):
    """A mistake in one part of a function: no other mistake can be in the same part.

    Attributes
    ----------
    part
        Of the function; the name of the mistake says which wrong variant of it this is.
    """

    part: str
