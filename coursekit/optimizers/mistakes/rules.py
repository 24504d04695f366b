"""The family of wrong rules of an optimizer: simulated with numpy, on any scenario in float64."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coursekit.judging.diagnosis import Choices
from coursekit.judging.trajectories import Scenario
from coursekit.optimizers.mistakes.entry import Variant
from coursekit.optimizers.mistakes.lanes import Lanes
from coursekit.optimizers.mistakes.running import Run
from coursekit.optimizers.mistakes.simulated import Running, Simulated
from coursekit.optimizers.scenarios import OptimizerScenario


class Rules(Simulated):
    """The wrong variants of a rule, and of what it keeps."""

    def __init__(self, subject: str, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self._subject = subject
        # With groups, or where a state is saved, their numbers depend on where the mistaken code keeps them.
        self._plain = np.array(["counted" in each.picks or each.picks.get("state") == "shape" for each in variants])

    def speak(self, choices: Choices, scenario: Scenario) -> np.ndarray:
        """Tell which of the choices have something to say of a scenario."""
        if not isinstance(scenario, OptimizerScenario) or scenario.dtype != "float64":
            return np.zeros(len(choices), bool)
        if scenario.groups or scenario.has("reload"):
            return np.logical_not(self._plain[choices].any(axis=1))
        return np.ones(len(choices), bool)

    def start(self, lanes: Lanes, scenario: Scenario) -> Running:
        """Let lanes start on a scenario."""
        assert isinstance(scenario, OptimizerScenario)
        return Run(self._subject, lanes, scenario)
