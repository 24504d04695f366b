"""Calls of a student's function that tells whether two lists of tensors are close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from coursekit.judging.faults import Faults
from coursekit.judging.trajectories import Row, Scenario, Trajectory


@dataclass(frozen=True, eq=False, kw_only=True)
class ClosenessScenario(Scenario):
    """A call of `close(got, expected)`; its only row is 1 where it says that they are close, and 0 where it does not.

    Attributes
    ----------
    got, expected
        The tensors of both lists, any shapes.
    """

    got: Row
    expected: Row

    def fits(self, trajectory: Trajectory) -> bool:
        """Look for the one number."""
        return [[item.shape for item in row] for row in trajectory.rows] == [[()]]

    def run(self, written: Any, faults: Faults) -> Iterator[Row]:  # noqa: ARG002
        """Call it, and take its answer for true or false, as `assert` does."""
        lists = [[torch.from_numpy(np.array(value, np.float64)) for value in row] for row in (self.got, self.expected)]
        yield (np.array(float(bool(written(*lists)))),)
