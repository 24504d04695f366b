"""The optimizers and schedulers as a subject: what the engine asks of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar

from coursekit.judging.faults import Fault
from coursekit.judging.subject import VISIBLE_SEED, Exercise, Subject

if TYPE_CHECKING:
    from coursekit.judging.behaviours import Behaviour, Finding
    from coursekit.judging.diagnosis import Known
    from coursekit.judging.help import Advice
    from coursekit.judging.script import Script
    from coursekit.judging.trajectories import Scenario
    from coursekit.language import Say


class Optimizers(Subject):
    """Five optimizers, their comparison, a small network, two schedulers; beyond these, what came after."""

    """Five optimizers, their comparison, a small network, two schedulers; beyond these, momentum, stability, tests."""

    assignments: ClassVar[Mapping[int, Mapping[str, str]]] = {
        1: {"optimizers": "en", "optimiseurs": "fr"},
        10: {"beyond": "en", "au-dela": "fr"},
    }
    used: ClassVar[tuple[str, ...]] = (
        "coursekit.optimizers.training",
        "coursekit.optimizers.data",
        "coursekit.optimizers.functions",
    )
    drawing: ClassVar[tuple[str, ...]] = ("coursekit.optimizers.plots", "coursekit.optimizers.playground", "contourpy")
    exercises: ClassVar[Mapping[str, Exercise]] = {
        "SGD": Exercise(home="01_sgd", points=9, lent=True),
        "make_data": Exercise(home="01_sgd", points=1),
        "train": Exercise(home="01_sgd", points=8, lent=True, only_right=True),
        "moved_uncleared": Exercise(home="01_sgd", points=1),
        "largest_rate_of_sum": Exercise(home="01_sgd", points=1),
        "RMSProp": Exercise(home="02_rmsprop", lent=True),
        "step_at_jump": Exercise(home="02_rmsprop", points=1),
        "first_step_inside": Exercise(home="02_rmsprop", points=1),
        "Adagrad": Exercise(home="03_adagrad", lent=True),
        "rare_step": Exercise(home="03_adagrad", points=1),
        "shared_first_step": Exercise(home="03_adagrad", points=1),
        "Adam": Exercise(home="04_adam", lent=True),
        "step_half_corrected": Exercise(home="04_adam", points=1),
        "step_after_turn": Exercise(home="04_adam", points=1),
        "AdamW": Exercise(home="05_adamw", lent=True),
        "lost_to_decay": Exercise(home="05_adamw", points=1),
        "first_move_inside": Exercise(home="05_adamw", points=1),
        "minimise": Exercise(home="06_evaluation", points=9),
        "tuned": Exercise(home="06_evaluation", points=9),
        "rate_for": Exercise(home="06_evaluation", points=1),
        "place_of_rest": Exercise(home="06_evaluation", points=1),
        "forward": Exercise(home="07_neural_network", points=4),
        "loss": Exercise(home="07_neural_network", points=2),
        "train_network": Exercise(home="07_neural_network", points=12),
        "parameters_of": Exercise(home="07_neural_network", points=1),
        "gradient_through_tanh": Exercise(home="07_neural_network", points=1),
        "LRScheduler": Exercise(home="08_lr_scheduler", only_right=True),
        "rate_after_writing": Exercise(home="08_lr_scheduler", points=1),
        "noise_floor": Exercise(home="08_lr_scheduler", points=1),
        "LRSchedulerOnPlateau": Exercise(home="09_lr_on_plateau"),
        "reduction_in_keras": Exercise(home="09_lr_on_plateau", points=1),
        "rate_if_not_reset": Exercise(home="09_lr_on_plateau", points=1),
        "Momentum": Exercise(home="10_momentum", points=12),
        "Nesterov": Exercise(home="10_momentum", points=6),
        "rolls_on": Exercise(home="10_momentum", points=1),
        "step_after_cut": Exercise(home="10_momentum", points=1),
        "clip_gradients": Exercise(home="11_stability", points=8),
        "AveragedWeights": Exercise(home="11_stability", points=7),
        "bytes_kept": Exercise(home="11_stability", points=3),
        "longest_step": Exercise(home="11_stability", points=1),
        "lag": Exercise(home="11_stability", points=1),
        "WarmUp": Exercise(home="12_schedules", points=5),
        "CosineDecay": Exercise(home="12_schedules", points=6),
        "WarmUpStableDecay": Exercise(home="12_schedules", points=7),
        "rate_after_resuming": Exercise(home="12_schedules", points=1),
        "edge_with_momentum": Exercise(home="12_schedules", points=1),
        "SignSGD": Exercise(home="13_matrices", points=5),
        "newton_schulz": Exercise(home="13_matrices", points=6),
        "Muon": Exercise(home="13_matrices", points=7),
        "rate_like_sign": Exercise(home="13_matrices", points=1),
        "stretched_by_largest": Exercise(home="13_matrices", points=1),
        "close": Exercise(home="15_tests", points=3),
        "test_adam": Exercise(home="15_tests", points=5),
        "test_decay": Exercise(home="15_tests", points=4),
        "test_use": Exercise(home="15_tests", points=6),
        "epsilon_factor": Exercise(home="15_tests", points=1),
        "decay_gap": Exercise(home="15_tests", points=1),
        "tuned_rate": Exercise(home="14_fair_race", points=7),
        "compare": Exercise(home="14_fair_race", points=7),
        "sign_test": Exercise(home="14_fair_race", points=4),
        "seeds_needed": Exercise(home="14_fair_race", points=1),
        "chance_of_more_tries": Exercise(home="14_fair_race", points=1),
    }

    def ladder(self, exercise: str, seed: int = VISIBLE_SEED) -> tuple[Behaviour, ...]:
        """Return the behaviours of an exercise; see `coursekit.optimizers.ladders`."""
        from coursekit.optimizers.ladders import ladder

        return ladder(exercise, seed)

    def scenarios(self) -> tuple[type[Scenario], ...]:
        """Return runs of optimizers and schedulers, calls and tables."""
        from coursekit.judging.calls import CallScenario, TableScenario
        from coursekit.optimizers import racing
        from coursekit.optimizers.closeness import ClosenessScenario
        from coursekit.optimizers.conversations import ConversationScenario
        from coursekit.optimizers.scenarios import OptimizerScenario, SchedulerScenario, ScheduleScenario
        from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario

        stable = ClippingScenario, ReturnedNormScenario, AveragingScenario
        tuned = racing.TuningScenario, racing.CountedTuningScenario
        raced = *tuned, racing.ComparisonScenario, racing.CountedComparisonScenario
        beyond = *stable, *raced, ClosenessScenario, ConversationScenario
        return OptimizerScenario, SchedulerScenario, ScheduleScenario, CallScenario, TableScenario, *beyond

    def known(self, exercise: str) -> Known | None:
        """Return the known mistakes; see `coursekit.optimizers.mistakes` and `mistakes_in_functions`."""
        from coursekit.optimizers import mistakes, mistakes_in_functions

        return mistakes.known(exercise) or mistakes_in_functions.known(exercise)

    def named(self, name: str, *values: Any) -> Any:
        """Make what a call of the course is given; see `coursekit.optimizers.given`."""
        from coursekit.optimizers.given import named

        return named(name, *values)

    def substitute(self, exercise: str) -> Any:
        """Return torch's own behind the signature of the course."""
        from coursekit.optimizers.references import FUNCTIONS, stand_in

        return FUNCTIONS.get(exercise) or stand_in(exercise)

    def advise(self, finding: Finding, exercise: str, say: Say) -> Advice:
        """Say what is known of a finding; see `coursekit.optimizers.advice`."""
        from coursekit.optimizers.advice import advise

        return advise(finding, exercise, say)

    def script(self, scenario: Scenario, exercise: str, faults: Collection[Fault] = ()) -> Script | None:
        """Write a scenario as a script; see `coursekit.optimizers.scripts`."""
        from coursekit.optimizers.scripts import script

        return script(scenario, exercise, faults)

    def warm_up(self) -> None:
        """Make the first step of a torch optimizer, which takes longer than others."""
        import torch

        from coursekit.optimizers.uncompiled import leave_compiler_out

        leave_compiler_out()
        parameter = torch.nn.Parameter(torch.zeros(1, device="cpu"))
        parameter.grad = torch.zeros(1, device="cpu")
        torch.optim.SGD([parameter], lr=0.1).step()

    def refused(self) -> AbstractContextManager[object]:
        """Refuse torch's own optimizers and schedulers."""
        from coursekit.optimizers.delegation import refused

        return refused()

    def borrowable(self) -> tuple[str, ...]:
        """Find torch's rules, and return the folder of its optimizers."""
        from coursekit.optimizers.forgetting import torch_s_folder, torch_s_rules

        torch_s_rules()
        return (torch_s_folder(),)

    def forget(self) -> None:
        """Take torch's rules out of this process."""
        from coursekit.optimizers.forgetting import forget_rules

        forget_rules()
