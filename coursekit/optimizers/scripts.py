"""Scenarios as lines of Python: for a student who wants to see what was found, and for who must settle a dispute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from coursekit.judging.calling import Names
from coursekit.judging.calls import Argument, CallScenario
from coursekit.judging.faults import Fault
from coursekit.judging.script import Script
from coursekit.judging.trajectories import Scenario
from coursekit.optimizers.closeness import ClosenessScenario
from coursekit.optimizers.given import CRITERIA, TYPES, entries_of, sizes_of
from coursekit.optimizers.ladders.questions import QUESTIONS
from coursekit.optimizers.race_scripts import comparison_script, tuning_script
from coursekit.optimizers.racing import ComparisonScenario, TuningScenario
from coursekit.optimizers.references import PLATEAU, SCHEDULES, SIGNATURES, torch_call
from coursekit.optimizers.scenarios import WHOLE, OptimizerScenario, SchedulerScenario, Values
from coursekit.optimizers.stability import AveragingScenario, ClippingScenario, ReturnedNormScenario

_METRICS = {
    "step": "{}",
    "step_float": "{}",
    "step_tensor": "torch.tensor([{}])",
    "step_scalar": "torch.tensor({})",
    "step_loss": "torch.tensor({}, requires_grad=True) * 1.0",
}
_GRADIENTS = "yield [math.nan if p.grad is None else p.grad.tolist() for p in params]"
_NORM = "yield [torch.as_tensor(norm).detach().double().squeeze().tolist()]"
_ROW = "torch.as_tensor(row, dtype=torch.float64).tolist()"
_AVERAGES = "yield [torch.as_tensor(each).tolist() for each in average.averages]"
_LENT = "from coursekit.optimizers.references import"
_RIGHT = {
    "minimise": (
        "def right(optimizer_class, function, start, steps, **hyperparameters):",
        "    from coursekit.optimizers.ladders.calls import descent",
        "",
        "    return descent(optimizer_class.__name__, function, [start.numpy()], steps, hyperparameters)",
    ),
    "train_network": (
        "def right(optimizer_class, x, y, steps, **hyperparameters):",
        "    from coursekit.optimizers.ladders.network import training",
        "",
        "    return training(optimizer_class.__name__, (x.item(), y.item()), steps, hyperparameters)",
    ),
    "forward": (f"{_LENT} forward as right  # two of torch's linear layers",),
    "loss": (f"{_LENT} loss as right  # torch's mean squared error, of one number",),
    "make_data": (f"{_LENT} make_data as right",),
    "clip_gradients": (f"{_LENT} clip_gradients as right  # torch.nn.utils.clip_grad_norm_",),
    "close": (f"{_LENT} close as right  # torch.allclose, and the lengths and shapes",),
    "AveragedWeights": (f"{_LENT} AveragedWeights as right  # torch.optim.swa_utils.AveragedModel",),
    "newton_schulz": ("from coursekit.optimizers.matrices import newton_schulz as right  # by torch.linalg.svd",),
    "sign_test": (
        "def right(losses, others):",
        "    import numpy as np",
        "",
        "    from coursekit.optimizers.ladders.race import p_value",
        "",
        "    return p_value(np.array(losses), np.array(others))",
    ),
    "train": (f"{_LENT} train as right  # with the gradients of torch.autograd.grad",),
    **{
        name: (
            "def right(*given):",
            "    from coursekit.optimizers.ladders.questions import answer",
            "",
            f'    return answer("{name}", given)',
        )
        for name in QUESTIONS
    },
}


def script(scenario: Scenario, exercise: str, faults: Collection[Fault] = ()) -> Script | None:
    """Write a scenario as a script; None where no calls say it.

    Parameters
    ----------
    scenario
        Of the ladder of `exercise`.
    exercise
        The course's name for the student's code.
    faults
        The faults that were seen when the student's code ran it: they tell the names of its arguments.
    """
    if isinstance(scenario, OptimizerScenario):
        return _optimizer(scenario, exercise, faults)
    if isinstance(scenario, SchedulerScenario):
        return _scheduler(scenario, exercise, faults)
    if isinstance(scenario, CallScenario):
        return _call(scenario, exercise)
    if isinstance(scenario, ClosenessScenario):
        steps = (*closeness(scenario), "yield [float(bool(make(got, expected)))]")
        student = ("def student(*given):", f"    return {exercise}(*given)")
        return Script(steps=steps, student=student, right=_RIGHT.get(exercise, ()))
    if isinstance(scenario, ClippingScenario | AveragingScenario):
        return _stable(scenario, exercise, faults)
    if isinstance(scenario, TuningScenario):
        return tuning_script(scenario, exercise, written)
    if isinstance(scenario, ComparisonScenario):
        return comparison_script(scenario, exercise, written)
    return None


def steps_of(scenario: OptimizerScenario, make: Callable[[str], str], see: str = "", given: str = "") -> Iterator[str]:
    """Write the steps of an optimizer one below the other.

    Parameters
    ----------
    scenario
        The scenario to write.
    make
        Writes the call that makes an optimizer of what is in a variable.
    see
        A line that follows each step.
    given
        The argument of a step.
    """
    yield from _parameters("params", scenario.start, scenario.dtype)
    yield f"optimizer = {make('params')}"
    if scenario.has("neighbour"):
        yield from _parameters("others", [value + 1.0 for value in scenario.start], scenario.dtype)
        yield f"neighbour = {make('others')}"
    if scenario.has("partner"):
        yield f"partner = {make('params')}"
    yield from [see] if see else []
    loaded = False
    before: Values = ()
    for call in scenario.calls:
        optimizer = "optimizer" if loaded and call.by == "partner" else call.by
        if call.name == "reload":
            yield f"state = copy.deepcopy({optimizer}.state_dict())"
            yield "params = [torch.nn.Parameter(p.detach().clone()) for p in params]"
            yield f"optimizer = {make('params')}"
            yield "optimizer.load_state_dict(state)"
            loaded = True
        elif call.name == "write":
            yield from _rate(optimizer, call.rate)
        elif call.name == "place":
            for number, value in enumerate(each for each in call.values if each is not None):
                yield f"params[{number}].data.copy_(params[{number}].new_tensor({written(value)}))"
        else:
            if call.name != "step_again":
                reused = before if call.name == "step_into" else ()
                yield from _gradients("params" if call.is_step else "others", call.values, reused)
            yield f"{optimizer}.step({given})"
            if call.is_step:
                before = call.values
                yield from [see] if see else []


def argument(given: Argument, dtype: str = "") -> str:
    """Write an argument of a call; a tensor with its dtype, where one is named."""
    if given.kind == "number":
        return f"{given.value.item():g}"
    if given.of_first:
        made, settings, _ = torch_call(given.name, dict(zip(SIGNATURES[given.name], given.value, strict=False)), [])
        return f"{made}(model.parameters(){keywords(settings)})"
    if given.name in SIGNATURES:
        return given.name
    if given.name == "losses":
        return written(given.value)
    if given.name == "model":
        return f"{_model(given.value.tolist())}.double()"
    if given.name in CRITERIA:
        return f"torch.nn.{given.name}()"
    if given.kind == "named":
        return f"coursekit.functions.{given.name}({', '.join(map(number, given.value.tolist()))})"
    return f"torch.tensor({written(given.value)}{f', dtype={dtype}' if dtype else ''})"


def arguments(scenario: CallScenario, dtype: str = "") -> tuple[list[str], str]:
    """Write the arguments of a call; one that others are made for is made in a line above it."""
    if scenario.arguments[0].name == "keeping":
        return list(_keeping(scenario.arguments[0].value.tolist())), "optimizer"
    first, *others = (argument(each, dtype) for each in scenario.arguments)
    if any(each.of_first for each in scenario.arguments):
        return [f"model = {first}"], ", ".join(["model", *others])
    return [], ", ".join([first, *others])


def clipping(scenario: ClippingScenario, call: str, see: str = "") -> Iterator[str]:
    """Write calls of what clips gradients: each as `call`, a line with `{params}` and `{limit}`, and then `see`."""
    yield from _parameters("params", scenario.start, "float64")
    given = {"params": "(p for p in params)" if scenario.generator else "params", "limit": number(scenario.max_norm)}
    for gradients in scenario.calls:
        yield from _gradients("params", gradients)
        yield call.format(**given)
        yield from [see] if see else []


def closeness(scenario: ClosenessScenario) -> Iterator[str]:
    """Write the two lists of tensors that are compared."""
    for name, row in (("got", scenario.got), ("expected", scenario.expected)):
        yield f"{name} = [{', '.join(f'torch.tensor({written(value)}, dtype=torch.float64)' for value in row)}]"


def averaging(scenario: AveragingScenario, make: str, see: str = "") -> Iterator[str]:
    """Write turns of what averages weights, which `make` makes; `see` follows whenever the averages are looked at."""
    yield from _parameters("params", scenario.start, "float64")
    given = "(p for p in params)" if scenario.generator else "params"
    yield f"average = {make}({given}{keywords(scenario.hyperparameters)})"
    if any(turn.by == "neighbour" for turn in scenario.turns):
        yield f"neighbour = {make}({given}, decay={number(scenario.others)})"
    for turn in scenario.turns:
        if turn.name == "update":
            yield f"{turn.by}.update()"
        for place, value in enumerate(turn.values):
            there = f"params[{place}].new_tensor({written(value)})"
            yield f"params[{place}].data{f' = {there}' if turn.name == 'replace' else f'.copy_({there})'}"
        if see and turn.name in ("update", "look") and turn.by == "average":
            yield see


def entry_of(scenario: CallScenario) -> str:
    """Write where the entries are that are looked at after a call."""
    return "dict(model.named_parameters())" if scenario.part == "argument" else "result[1]"


def keywords(values: Mapping[str, Any]) -> str:
    """Write keyword arguments, each with a comma before it."""
    return "".join(f", {name}={_value(name, value)}" for name, value in values.items())


def written(value: np.ndarray, digits: int = 17) -> str:
    """Write an array of floats as Python does."""
    if value.ndim == 0:
        return number(float(f"{value.item():.{digits}g}"))
    return f"[{', '.join(written(each, digits) for each in value)}]"


def number(value: float) -> str:
    """Write a number as Python reads it: a float stays one."""
    return {"inf": "math.inf", "-inf": "-math.inf", "nan": "math.nan"}.get(str(value), str(value))


def _optimizer(scenario: OptimizerScenario, exercise: str, faults: Collection[Fault]) -> Script:
    overridden = [name for _, over in scenario.groups for name in over if name != "lr"]
    called = Names.seen(faults, [*scenario.hyperparameters, *overridden])
    theirs = [called.renamed(over, scenario.hyperparameters) for _, over in scenario.groups]
    name, values, groups = torch_call(exercise, scenario.hyperparameters, [over for _, over in scenario.groups])
    given = "None" if Fault("step_argument") in faults else ""
    steps = steps_of(scenario, lambda what: f"make({what})", "yield [p.tolist() for p in params]", given)
    student = f"{exercise}({_given(scenario, theirs)}{keywords(called.keywords(scenario.hyperparameters))})"
    above = () if name.startswith("torch.") else (f"    from coursekit.optimizers.matrices import {name}", "")
    return Script(
        steps=_lending(steps, scenario.lent),
        student=("def student(params):", f"    return {student}"),
        right=("def right(params):", *above, f"    return {name}({_given(scenario, groups)}{keywords(values)})"),
    )


def _lending(steps: Iterable[str], lent: tuple[str, ...]) -> tuple[str, ...]:
    """Let steps find the course's own of something."""
    if not lent:
        return tuple(steps)
    lending = f"with lending(make, {lent}):"
    return "from coursekit.judging.calls import lending", lending, *(f"    {step}" for step in steps)


def _given(scenario: OptimizerScenario, groups: list[dict[str, Any]]) -> str:
    """Write what an optimizer is given to move."""
    if not scenario.groups:
        return "(p for p in params)" if scenario.generator else "params"
    return f"[{', '.join(_group(members, over) for (members, _), over in zip(scenario.groups, groups, strict=True))}]"


def _group(members: tuple[int, ...], over: Mapping[str, Any]) -> str:
    entries = "".join(f', "{name}": {_value(name, value)}' for name, value in over.items())
    return f'{{"params": [{", ".join(f"params[{each}]" for each in members)}]{entries}}}'


def _scheduler(scenario: SchedulerScenario, exercise: str, faults: Collection[Fault]) -> Script:
    values: dict[str, Any] = dict(scenario.hyperparameters)
    if scenario.mode is not None:
        values["mode"] = scenario.mode
    called = Names.seen(faults, values)
    return Script(
        steps=tuple(_calls(scenario, "None" if Fault("step_argument") in faults else "")),
        student=("def student(optimizer):", f"    return {exercise}(optimizer{keywords(called.keywords(values))})"),
        right=tuple(_right_scheduler(scenario, exercise, values)),
    )


def _calls(scenario: SchedulerScenario, bare: str) -> Iterator[str]:
    groups = ", ".join(f'{{"params": [torch.zeros(1)], "lr": {number(rate)}}}' for rate in scenario.rates)
    rates = '[group["lr"] for group in optimizer.param_groups]'
    made = f"torch.optim.SGD([{groups}], lr=0.1)"
    yield f"optimizer = {made}"
    yield "scheduler = make(optimizer)"
    if any(call == "neighbour" for call, _ in scenario.calls):
        yield f"neighbour = make({made})"
    yield f"yield [{rates}]"
    for call, value in scenario.calls:
        if call == "write":
            yield from _rate("optimizer", value)
        elif call == "set_lr":
            yield f"scheduler.set_lr({number(value)})"
        elif call == "get_lr":
            yield "rate = scheduler.get_lr()"
            yield "if not isinstance(rate, float):"
            yield '    raise TypeError(f"get_lr() must return a float, not {type(rate).__name__}")'
        elif call in ("step_bare", "neighbour"):
            yield f"{'scheduler' if call == 'step_bare' else call}.step({bare})"
        else:
            yield f"scheduler.step({_METRICS[call].format(number(value))})"
        yield f"yield [{rates}{', rate' if call == 'get_lr' else ''}]"


def _right_scheduler(scenario: SchedulerScenario, exercise: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Write torch's own scheduler, where its own methods are all that is called; else as the course lends it."""
    yield "def right(optimizer):"
    of_the_course = exercise == "LRScheduler" or exercise in SCHEDULES
    if of_the_course or any(call in ("get_lr", "set_lr") for call, _ in scenario.calls):
        yield f"    {_LENT} {exercise if of_the_course else 'Plateau'} as Lent"
        yield ""
        yield f"    return Lent(optimizer{keywords(values)})"
        return
    rest = PLATEAU | {name: value for name, value in values.items() if name != "initial_lr"}
    yield from (f"    {line}" for line in _rate("optimizer", values["initial_lr"]))
    settings = keywords(rest | {"threshold_mode": "rel", "eps": 0.0})
    yield f"    return torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer{settings})"


def _call(scenario: CallScenario, exercise: str) -> Script:
    optimizers = [each.name for each in scenario.arguments if each.name in SIGNATURES and not each.of_first]
    steps = [f"{_LENT} stand_in"] if optimizers else []
    steps += [f'{name} = stand_in("{name}")  # torch.optim\'s, with the arguments of the course' for name in optimizers]
    above, given = arguments(scenario, "torch.float64")
    steps += above
    call = f"result = make({given}{keywords(scenario.hyperparameters)})"
    steps += _lending([call], scenario.lent)
    if scenario.entries:
        steps.append(f"for name in {scenario.entries}:")
        steps.append(f"    yield [torch.as_tensor({entry_of(scenario)}[name], dtype=torch.float64).squeeze().tolist()]")
    elif scenario.part == "first":
        steps += ["for row in result[0]:", f"    yield [{_ROW}]"]
    elif optimizers or exercise == "make_data":
        steps += ["for row in result:", f"    yield [{_ROW}]"]
    else:
        numbers = "torch.atleast_1d(torch.as_tensor(result, dtype=torch.float64))"
        steps += [f"for number in {numbers}:", "    yield [number.tolist()]"]
    student = ("def student(*given, **keywords):", f"    return {exercise}(*given, **keywords)")
    right = _RIGHT.get(exercise, ())
    if scenario.arguments[0].name == "keeping":  # what is listed is added up, and a sum is all that can be said
        listed = entries_of(scenario.arguments[0].value.tolist())
        right = ("def right(optimizer):", f"    return {sum(size * each for _, size, each in listed)}")
    return Script(steps=tuple(steps), student=student, right=right)


def _stable(scenario: ClippingScenario | AveragingScenario, exercise: str, faults: Collection[Fault]) -> Script:
    """Write calls of what clips gradients, or turns of what averages weights."""
    right = _RIGHT[exercise]
    if isinstance(scenario, ClippingScenario):
        of_norm = isinstance(scenario, ReturnedNormScenario)
        steps = clipping(scenario, "norm = make({params}, {limit})", _NORM if of_norm else _GRADIENTS)
        student = ("def student(*given):", f"    return {exercise}(*given)")
        return Script(steps=tuple(steps), student=student, right=right)
    called = Names.seen(faults, scenario.hyperparameters)
    theirs = called.known.get("decay", "decay")
    given = "" if not theirs else f', **{{"{theirs}": value for value in given.values()}}'
    further = keywords(dict.fromkeys(called.further, 0.0))
    student = (
        "def student(params, **given):",
        f"    return {exercise}(params{', **given' if theirs == 'decay' else given}{further})",
    )
    return Script(steps=tuple(averaging(scenario, "make", _AVERAGES)), student=student, right=right)


def _model(values: list[float]) -> str:
    """Write linear models with `Tanh` between them, of a weight and a bias for each."""
    layers = [
        f"coursekit.linear_model({weight}, {bias})" for weight, bias in zip(values[::2], values[1::2], strict=True)
    ]
    return layers[0] if len(layers) == 1 else f"torch.nn.Sequential({', torch.nn.Tanh(), '.join(layers)})"


def _keeping(values: list[float]) -> Iterator[str]:
    """Write an optimizer that keeps what is listed, see `coursekit.optimizers.given.keeping`."""
    entries = entries_of(values)
    yield f"params = [torch.nn.Parameter(torch.zeros(size)) for size in {sizes_of(entries)}]"
    groups = [f'{{"params": params[{first}:{first + 2}]}}' for first in range(0, len(sizes_of(entries)), 2)]
    yield f"optimizer = torch.optim.SGD([{', '.join(groups)}], lr=0.1)"
    for place, (parameter, size, each) in enumerate(entries):
        kept = f"torch.zeros({size}, dtype={TYPES[each]})" if each else f"{size}"
        yield f'optimizer.state[params[{parameter}]]["kept_{place}"] = {kept}'


def _parameters(name: str, values: Any, dtype: str) -> Iterator[str]:
    yield f"{name} = [torch.nn.Parameter(torch.tensor(start, dtype=torch.{dtype}))"
    yield f"{' ' * len(name)}    for start in [{', '.join(map(written, values))}]]"


def _gradients(name: str, values: Values, before: Values = ()) -> Iterator[str]:
    """Write the gradients of a step; where there was one `before`, its tensor is written into."""
    for place, value in enumerate(values):
        given = "None" if value is None else f"{name}[{place}].new_tensor({written(value)})"
        copied = value is not None and len(before) and before[place] is not None
        yield f"{name}[{place}].grad.copy_({given})" if copied else f"{name}[{place}].grad = {given}"


def _rate(optimizer: str, rate: float) -> Iterator[str]:
    yield f"for group in {optimizer}.param_groups:"
    yield f'    group["lr"] = {number(rate)}'


def _value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"({', '.join(map(number, value))})"
    return str(int(value)) if name in WHOLE else number(value)
