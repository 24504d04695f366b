"""Calls of `tuned_rate` and of `compare` as lines of Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from coursekit.judging.script import Script
from coursekit.optimizers.ladders.race import compared
from coursekit.optimizers.racing import (
    ComparisonScenario,
    CountedComparisonScenario,
    CountedTuningScenario,
    Table,
    TuningScenario,
)

Written = Callable[..., str]  # see `coursekit.optimizers.scripts.written`


def tuning_script(scenario: TuningScenario, exercise: str, written: Written) -> Script:
    """Write a call of `tuned_rate` as a script."""
    rates, seeds = list(scenario.rates), list(scenario.seeds)
    steps = [
        "from coursekit.optimizers.racing import Table",
        "",
        f"table = {_table(scenario.table, written)}",
        f"rate = make(table.run, {rates}, {seeds})",
    ]
    if isinstance(scenario, CountedTuningScenario):
        steps += ["for calls in table.calls.ravel():", "    yield [calls.item()]"]
    else:
        steps.append("yield [torch.as_tensor(rate, dtype=torch.float64).tolist()]")
    right = (
        "def right(run, rates, seeds):",
        "    for rate in rates:",
        "        for seed in seeds:",
        "            run(rate, seed)",
        f"    return {scenario.table.best(rates, seeds)}",
    )
    return Script(steps=tuple(steps), student=_student(exercise), right=right)


def comparison_script(scenario: ComparisonScenario, exercise: str, written: Written) -> Script:
    """Write a call of `compare` as a script."""
    steps = [
        *(["from coursekit.judging.calls import lending"] if scenario.lends else []),
        f"from coursekit.optimizers.racing import Table{', choosing' if scenario.lends else ''}",
        "",
        "tables = {",
        *(f'    "{name}": {_table(table, written)},' for name, table in scenario.tables.items()),
        "}",
        "runs = {name: table.run for name, table in tables.items()}",
        _lists(scenario),
    ]
    call = f"result = make(runs, rates, {scenario.budget}, {list(scenario.tuning_seeds)}, {list(scenario.seeds)})"
    if scenario.lends:
        steps += ['with lending(make, {"tuned_rate": choosing(tables)}):', f"    {call}"]
    else:
        steps.append(call)
    counted = isinstance(scenario, CountedComparisonScenario)
    seen = (
        "tables[name].calls.sum().item()" if counted else "torch.as_tensor(result[name], dtype=torch.float64).tolist()"
    )
    steps += ["for name in tables:", f"    yield [{seen}]"]
    right = (
        "def right(runs, rates, budget, tuning_seeds, seeds):",
        "    for name, run in runs.items():",
        "        for rate in rates[name][:budget]:",
        "            for seed in tuning_seeds:",
        "                run(rate, seed)",
        "        for seed in seeds:",
        "            run(rate, seed)",
        "    return {",
        *(
            f'        "{name}": {written(row[0])},'
            for name, row in zip(scenario.names, measured(scenario), strict=True)
        ),
        "    }",
    )
    return Script(steps=tuple(steps), student=_student(exercise), right=right)


def tuning_by_hand(scenario: TuningScenario, exercise: str, written: Written) -> Iterator[str]:
    """Write a call of `tuned_rate` with all that its runs leave, and what is right as the last line."""
    yield "losses = {}"
    yield from _losses("", scenario.table, written)
    given = f"{list(scenario.rates)}, {list(scenario.seeds)}"
    yield f"print({exercise}(lambda rate, seed: losses[rate][seed], {given}))"
    yield str(scenario.table.best(scenario.rates, scenario.seeds))


def comparison_by_hand(scenario: ComparisonScenario, exercise: str, row: int, written: Written) -> Iterator[str]:
    """Write a call of `compare` with all that its runs leave, and what is right of one optimizer as the last line."""
    yield "losses = {}"
    for name, table in scenario.tables.items():
        yield from _losses(f'"{name}", ', table, written)
    named = ", ".join(f'"{name}"' for name in scenario.names)
    yield f"runs = {{name: lambda rate, seed, name=name: losses[name, rate][seed] for name in [{named}]}}"
    yield _lists(scenario)
    given = f"{scenario.budget}, {list(scenario.tuning_seeds)}, {list(scenario.seeds)}"
    yield f"result = {exercise}(runs, rates, {given})"
    yield f'print(result["{scenario.names[row]}"])'
    yield written(measured(scenario)[row][0])


def measured(scenario: ComparisonScenario) -> tuple[tuple[np.ndarray, ...], ...]:
    """Return what is right of the result, also where runs are counted."""
    kept = ("names", "rates", "known", "budget", "tuning_seeds", "seeds", "losses")
    return compared(ComparisonScenario(**{name: getattr(scenario, name) for name in kept}))


def _lists(scenario: ComparisonScenario) -> str:
    return f"rates = { ({name: list(rates) for name, rates in scenario.rates.items()}) }"


def _losses(before: str, table: Table, written: Written) -> Iterator[str]:
    for rate, rows in zip(table.rates.tolist(), table.losses, strict=True):
        runs = (f"{seed}: {_run(row, written)}" for seed, row in zip(table.seeds.tolist(), rows, strict=True))
        yield f"losses[{before}{rate}] = {{{', '.join(runs)}}}"


def _run(losses: np.ndarray, written: Written) -> str:
    """Write the losses of a run, short where they are all the same."""
    first = written(losses[0])
    return f"[{first}] * {len(losses)}" if {written(each) for each in losses} == {first} else written(losses)


def _table(table: Table, written: Written) -> str:
    return f"Table({table.rates.tolist()}, {table.seeds.tolist()}, {written(table.losses)})"


def _student(exercise: str) -> tuple[str, ...]:
    return ("def student(*given):", f"    return {exercise}(*given)")
