"""The ladders of the base scheduler and of the one that reduces the rate on a plateau."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from coursekit.behaviours import Behaviour, Trial
from coursekit.following import follow
from coursekit.references import Plateau
from coursekit.trajectories import Row, SchedulerScenario, Trajectory

NAN = float("nan")


def base(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `LRScheduler`."""
    stream = np.random.default_rng(seed)
    first, second, third, initial = stream.uniform(0.01, 0.5, 4)

    def trial(label: str, *calls: tuple[str, float], raises: str = "") -> Trial:
        scenario = SchedulerScenario(rates=(first, second), hyperparameters={"initial_lr": initial}, calls=calls)
        return Trial(label=label, scenario=scenario, reference=lambda: _written(scenario), raises=raises)

    return (
        Behaviour(
            name="initial_rate",
            title="The initial rate is written into every group",
            trials=(trial("two groups, scheduler just made"),),
        ),
        Behaviour(
            name="get_lr",
            title="get_lr returns the rate in force, a float",
            trials=(
                trial("scheduler just made", ("get_lr", 0.0)),
                trial("somebody else wrote the rate", ("write", third), ("get_lr", 0.0)),
            ),
        ),
        Behaviour(
            name="set_lr",
            title="set_lr writes the rate into every group",
            trials=(
                trial("two groups, rate set twice", ("set_lr", second), ("set_lr", third)),
                trial("rate set, then asked for", ("set_lr", third), ("get_lr", 0.0)),
            ),
        ),
        Behaviour(
            name="step",
            title="step raises NotImplementedError in the base class",
            trials=(trial("step(0.5) called", ("step", 0.5), raises="NotImplementedError"),),
        ),
    )


def plateau(seed: int) -> tuple[Behaviour, ...]:
    """Give the rungs of `LRSchedulerOnPlateau`."""
    stream = np.random.default_rng(seed)
    rate = float(stream.uniform(0.2, 0.6))
    level = float(stream.uniform(2.0, 4.0))
    flat = [level] * 9
    falling = [level * 0.8**k for k in range(8)]

    def steps(metrics: Iterable[float], call: str = "step") -> tuple[tuple[str, float], ...]:
        return tuple((call, float(metric)) for metric in metrics)

    def trial(
        label: str,
        *calls: tuple[str, float],
        mode: str | None = None,
        groups: int = 1,
        raises: str = "",
        **hyperparameters: float,
    ) -> Trial:
        settings = {"patience": 2.0, "factor": 0.5, "min_lr": 0.0, "threshold": 1e-4} | hyperparameters
        scenario = SchedulerScenario(
            rates=(0.9,) * groups, hyperparameters={"initial_lr": rate, **settings}, mode=mode, calls=calls
        )
        return Trial(label=label, scenario=scenario, reference=lambda: follow(Plateau, scenario), raises=raises)

    few = SchedulerScenario(rates=(0.9,), hyperparameters={"initial_lr": rate}, calls=steps([level] * 30))
    bad_then_good = [level, level, level, 0.5 * level, level, level, level, level]
    up_and_down = [1, 3, 2, 1.5, 1.2, 1.1, 1.05]
    just_short, just_past = level * (1 - 0.19), level * (1 - 0.21)
    return (
        Behaviour(
            name="initial_rate",
            title="The initial rate is written, read and set as in the base class",
            trials=(trial("made, read, set", ("get_lr", 0.0), ("set_lr", rate / 3), ("get_lr", 0.0), groups=2),),
        ),
        Behaviour(
            name="improvement",
            title="While the metric improves the rate stays",
            trials=(trial("a metric that falls at every epoch", *steps(falling)),),
        ),
        Behaviour(
            name="patience",
            title="The rate falls when the bad epochs exceed patience",
            trials=(
                trial("a constant metric, patience 2", *steps(flat[:5])),
                trial("a constant metric, patience 0", *steps(flat[:3]), patience=0.0),
            ),
        ),
        Behaviour(
            name="count_reset",
            title="The count of bad epochs starts again after an improvement and after a reduction",
            trials=(
                trial("two bad epochs, an improvement, four bad epochs", *steps(bad_then_good)),
                trial("a constant metric for nine epochs", *steps(flat)),
            ),
        ),
        Behaviour(
            name="best",
            title="Only an improvement becomes the best metric",
            trials=(trial("a metric that rises, then falls again", *steps(up_and_down), patience=1.0),),
        ),
        Behaviour(
            name="factor",
            title="The rate is multiplied by factor, from the present rate",
            trials=(
                trial("factor 0.3", *steps(flat[:7]), factor=0.3),
                trial("somebody else wrote the rate", *steps(flat[:3]), ("write", rate / 7), *steps(flat[:4])),
            ),
        ),
        Behaviour(
            name="min_lr",
            title="The rate never falls below min_lr",
            trials=(trial("six reductions", *steps([level] * 14), patience=1.0, factor=0.3, min_lr=rate / 20),),
        ),
        Behaviour(
            name="threshold",
            title="A change within the relative threshold is no improvement",
            trials=(
                trial("metrics just short of the threshold", *steps([level, *[just_short] * 4]), threshold=0.2),
                trial("metrics just past the threshold", *steps([level, *[just_past] * 4]), threshold=0.2),
            ),
        ),
        Behaviour(
            name="negative",
            title="Negative metrics are compared by the same formula",
            trials=(
                trial("negative, falling slowly", *steps([-1, -1.03, -1.06, -1.09, -1.12]), threshold=0.2),
                trial("negative, mode max", *steps([-2, -2.1, -2.2, -2.3, -2.35]), mode="max", threshold=0.2),
            ),
        ),
        Behaviour(
            name="mode",
            title="With mode 'max' a higher metric is better",
            trials=(
                trial("a metric that rises", *steps([1, 2, 3, 4, 5]), mode="max", patience=1.0),
                trial("a metric that falls", *steps(falling), mode="max", patience=1.0),
                trial("just short of the threshold, mode max", *steps([1, *[1.19] * 4]), mode="max", threshold=0.2),
            ),
        ),
        Behaviour(
            name="nan",
            title="NaN counts as a bad epoch",
            trials=(
                trial("NaN after a good epoch", *steps([level, NAN, NAN, NAN, level / 2, NAN])),
                trial("NaN from the start", *steps([NAN] * 4)),
            ),
        ),
        Behaviour(
            name="metric_types",
            title="The metric may be a number or a one-element tensor",
            trials=(
                trial("a tensor with one element", *steps([3, 2, 2.5, 2.5, 2.5, 1], "step_tensor")),
                trial("numbers and tensors in turn", *steps([3]), *steps([2], "step_tensor"), *steps([2] * 4)),
            ),
        ),
        Behaviour(
            name="groups",
            title="Every group gets the new rate",
            trials=(trial("three groups, a constant metric", *steps(flat), groups=3),),
        ),
        Behaviour(
            name="validation",
            title="A wrong mode or factor is a ValueError",
            trials=(
                trial("mode 'low'", mode="low", raises="ValueError"),
                *(trial(f"factor {factor}", factor=factor, raises="ValueError") for factor in (1.0, 0.0, 1.5, -0.5)),
            ),
        ),
        Behaviour(
            name="defaults",
            title="The hyperparameters have their default values",
            trials=(
                Trial(
                    label="no hyperparameter given, a constant metric for 30 epochs",
                    scenario=few,
                    reference=lambda: follow(Plateau, few),
                ),
            ),
        ),
    )


def _written(scenario: SchedulerScenario) -> Trajectory:
    """Write down what a scheduler that does nothing by itself leads to."""
    rate = scenario.hyperparameters["initial_lr"]
    groups = len(scenario.rates)
    rows: list[Row] = [(np.full(groups, rate),)]
    for call, number in scenario.calls:
        if call != "get_lr":
            rate = number
        rows.append((np.full(groups, rate), np.array(rate)) if call == "get_lr" else (np.full(groups, rate),))
    return Trajectory(rows=tuple(rows))
