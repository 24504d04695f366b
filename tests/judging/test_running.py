"""Following student code through a scenario, whatever it does."""

import math
import random
import threading
import time
import warnings
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from coursekit.judging.calls import Argument, CallScenario, TableScenario
from coursekit.judging.faults import Fault
from coursekit.judging.running import run
from coursekit.judging.trajectories import Precision, compare
from coursekit.optimizers.references import SIGNATURES, Plateau, stand_in
from coursekit.optimizers.scenarios import Call, OptimizerScenario, SchedulerScenario, in_turn, with_neighbour, write
from tests.solutions import defined

THREE_STEPS = OptimizerScenario(
    start=(np.array([1.0, -2.0]), np.array(3.0)),
    calls=(Call("step", (np.array([0.5, 1.0]), np.array(-1.0))),) * 3,
    hyperparameters={"learning_rate": 0.1},
)
HALVES = SchedulerScenario(rates=(0.4,), hyperparameters={"initial_lr": 0.2, "patience": 0, "factor": 0.5})


class Moves(torch.optim.Optimizer):
    """Plain gradient descent; each test overrides how one parameter moves."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for number, p in enumerate(group["params"]):
                if p.grad is not None:
                    self.move(group, number, p)

    def move(self, group, _number, p):
        p -= group["lr"] * p.grad


# following


def test_rows_are_the_parameters_before_the_first_step_and_after_each():
    first, second = zip(*run(Moves, THREE_STEPS).rows, strict=True)
    np.testing.assert_allclose(first, [[1.0, -2.0], [0.95, -2.1], [0.9, -2.2], [0.85, -2.3]])
    np.testing.assert_allclose(second, [3.0, 3.1, 3.2, 3.3])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float64"])
def test_rows_are_float64_copies_in_every_dtype(dtype):
    scenario = OptimizerScenario(start=THREE_STEPS.start, calls=THREE_STEPS.calls, dtype=dtype)
    trajectory = run(Moves, scenario)
    assert {item.dtype for row in trajectory.rows for item in row} == {np.dtype("float64")}
    assert trajectory.rows[0][1] == 3.0
    assert trajectory.rows[1][1] > 3.0


def test_gradient_of_none_reaches_the_optimizer_as_none():
    calls = (Call("step", (np.ones(2), None)), Call("step", (None, np.array(1.0))))
    scenario = OptimizerScenario(start=THREE_STEPS.start, calls=calls)
    _, one, two = run(Moves, scenario).rows
    assert one[1] == 3.0
    assert two[1] == 2.99
    np.testing.assert_array_equal(one[0], two[0])


def test_groups_hold_their_own_hyperparameters():
    scenario = OptimizerScenario(
        start=THREE_STEPS.start,
        calls=THREE_STEPS.calls[:1],
        hyperparameters={"learning_rate": 0.1},
        groups=(((1,), {"lr": 1.0}), ((0,), {})),
    )
    _, after = run(Moves, scenario).rows
    np.testing.assert_allclose(after[0], [0.95, -2.1])
    assert after[1] == 4.0


def test_rate_is_written_before_its_step():
    scenario = OptimizerScenario(start=(np.array(0.0),), calls=(Call("step", (np.array(-1.0),)),) * 3)
    rows = run(Moves, scenario.before(1, write(10.0))).rows
    assert [round(row[0].item(), 9) for row in rows] == [
        0.0,
        0.01,
        10.01,
        20.01,
    ]


def test_state_is_saved_into_a_fresh_optimizer():
    made = []

    class Counts(Moves):
        def __init__(self, params, learning_rate=0.01):
            super().__init__(params, learning_rate)
            made.append(self)

        def move(self, _group, _number, p):
            self.state[p]["t"] = self.state[p].get("t", 0) + 1

    scenario = OptimizerScenario(start=THREE_STEPS.start, calls=THREE_STEPS.calls)
    assert run(Counts, scenario.before(2, Call("reload"))).failure is None
    old, new = made
    assert [entry["t"] for entry in old.state.values()] == [2, 2]
    assert [entry["t"] for entry in new.state.values()] == [3, 3]
    assert not set(old.state) & set(new.state)


def test_neighbour_steps_first_with_gradients_of_its_own():
    seen = []

    class Watches(Moves):
        def move(self, _group, _number, p):
            seen.append(p.grad.item())

    run(Watches, with_neighbour(OptimizerScenario(start=(np.array(1.0),), calls=(Call("step", (np.array(2.0),)),))))
    assert seen == [-6.0, 2.0]


def test_neighbour_steps_before_each_step_and_moves_parameters_of_its_own():
    made = []

    class Watches(Moves):
        def __init__(self, params, learning_rate=0.01):
            super().__init__(params, learning_rate)
            self.order = []
            made.append(self)

        def step(self):
            self.order.append(len(made[0].order))
            super().step()

    alone = OptimizerScenario(start=THREE_STEPS.start, calls=THREE_STEPS.calls)
    trajectory = run(Watches, with_neighbour(alone))
    own, neighbour = made
    assert (own.order, neighbour.order) == ([0, 1, 2], [0, 1, 2])
    assert compare(trajectory, run(Moves, alone)) is None


def test_neighbour_has_no_gradient_where_there_is_none():
    scenario = OptimizerScenario(start=THREE_STEPS.start, calls=(Call("step", (None, np.array(1.0))),))
    assert run(Moves, with_neighbour(scenario)).failure is None


class Numbered(Moves):
    """Moves by as much as it has made steps, and by nothing else."""

    def move(self, _group, _number, p):
        self.state[p]["t"] = self.state[p].get("t", 0) + 1
        p += self.state[p]["t"]


FIVE_STEPS = OptimizerScenario(start=(np.array(0.0),), calls=(Call("step", (np.array(1.0),)),) * 5)


def values(subject, scenario):
    return [row[0].item() for row in run(subject, scenario).rows]


def test_two_optimizers_step_in_turn_on_the_same_parameters():
    assert values(Numbered, FIVE_STEPS) == [0, 1, 3, 6, 10, 15]
    assert values(Numbered, in_turn(FIVE_STEPS)) == [0, 1, 2, 4, 6, 9]


def test_optimizers_that_step_in_turn_are_both_made_before_the_first_step():
    made = []

    class Watches(Numbered):
        def __init__(self, params, learning_rate=0.01):
            super().__init__(params, learning_rate)
            made.append([p.item() for p in self.param_groups[0]["params"]])

    values(Watches, in_turn(FIVE_STEPS))
    assert made == [[0.0], [0.0]]


def test_one_optimizer_goes_on_alone_after_saving():
    assert values(Numbered, in_turn(FIVE_STEPS.before(3, Call("reload")))) == [0, 1, 2, 4, 6, 9]
    assert values(Numbered, in_turn(FIVE_STEPS.before(2, Call("reload")))) == [0, 1, 2, 4, 7, 11]


def test_parameters_are_placed_before_each_step():
    placed = tuple((np.array(10.0 * step),) for step in range(5))
    assert values(Numbered, FIVE_STEPS.placed(placed)) == [0, 1, 12, 23, 34, 45]


def test_placing_changes_the_same_tensor():
    class Watches(Moves):
        def move(self, _group, _number, p):
            self.state[p]["t"] = self.state[p].get("t", 0) + 1
            p.fill_(self.state[p]["t"])

    placed = FIVE_STEPS.placed([(np.array(7.0),)] * 5)
    assert values(Watches, placed) == [0, 1, 2, 3, 4, 5]
    assert run(Watches, placed).faults == ()


def test_gradient_tensors_are_reused_on_demand():
    def tensors(reuse):
        kept = []

        class Watches(Moves):
            def move(self, _group, _number, p):
                kept.append(p.grad)

        calls = tuple(Call("step_into" if reuse else "step", (np.array(value),)) for value in (2.0, 3.0))
        run(Watches, OptimizerScenario(start=(np.array(1.0),), calls=calls))
        return kept

    one, two = tensors(reuse=True)
    assert one is two
    one, two = tensors(reuse=False)
    assert one is not two


def test_parameters_come_as_a_generator_on_demand():
    class Exhausts(Moves):
        def __init__(self, params, learning_rate=0.01):
            list(params)
            super().__init__(params, learning_rate)

    scenario = OptimizerScenario(start=THREE_STEPS.start, calls=THREE_STEPS.calls, generator=True)
    assert run(Moves, scenario).failure is None
    assert run(Exhausts, scenario).failure.kind == "ValueError"


def test_scheduler_rows_are_the_rates_and_what_get_lr_returned():
    scenario = SchedulerScenario(
        rates=(0.9, 0.8), hyperparameters={"initial_lr": 0.2}, calls=(("write", 0.5), ("get_lr", 0.0), ("set_lr", 0.1))
    )
    made, written, asked, was_set = run(Plateau, scenario).rows
    assert [item.tolist() for item in made] == [[0.2, 0.2]]
    assert [item.tolist() for item in written] == [[0.5, 0.5]]
    assert [item.tolist() for item in asked] == [[0.5, 0.5], 0.5]
    assert [item.tolist() for item in was_set] == [[0.1, 0.1]]


@pytest.mark.parametrize(
    ("call", "seen"),
    [
        ("step_float", 0.25),
        ("step_tensor", torch.tensor([0.25])),
        ("step_scalar", torch.tensor(0.25)),
        ("step_bare", None),
    ],
)
def test_scheduler_is_given_the_metric_in_the_form_that_is_asked_for(call, seen):
    given = []

    class Watches(Plateau):
        def step(self, metric=None):
            given.append(metric)

    scenario = SchedulerScenario(rates=(0.1,), hyperparameters={"initial_lr": 0.1}, calls=((call, 0.25),))
    assert len(run(Watches, scenario).rows) == 2
    (metric,) = given
    assert type(metric) is type(seen)
    assert metric == seen
    assert getattr(metric, "shape", None) == getattr(seen, "shape", None)


def test_a_metric_is_a_number_that_may_be_asked_for_its_item():
    class Asks(Plateau):
        def step(self, metric):
            self.set_lr(metric.item())

    scenario = SchedulerScenario(rates=(0.1,), hyperparameters={"initial_lr": 0.1}, calls=(("step", 0.25),))
    assert [row[0].tolist() for row in run(Asks, scenario).rows] == [[0.1], [0.25]]
    assert run(Asks, replace(scenario, calls=(("step_float", 0.25),))).failure.kind == "AttributeError"


def test_function_is_called_with_what_its_arguments_say():
    def student(optimizer_class, function, start, steps, **hyperparameters):
        optimizer = optimizer_class([torch.nn.Parameter(start)], **hyperparameters)
        return [function(start), optimizer.param_groups[0]["lr"], steps, start.dtype == torch.float64]

    arguments = (
        Argument(kind="named", name="SGD"),
        Argument(kind="named", name="quadratic", value=np.array([3.0, 1.0])),
        Argument(kind="tensor", value=np.array(2.0)),
        Argument(kind="number", value=np.array(7.0)),
    )
    trajectory = run(student, CallScenario(arguments=arguments, hyperparameters={"learning_rate": 0.25}))
    assert [row[0].item() for row in trajectory.rows] == [3.0, 0.25, 7.0, 1.0]


@pytest.mark.parametrize(
    ("part", "entries", "rows"),
    [
        ("first", (), [3.0, 4.0]),
        ("entries", ("bias", "weight"), [6.0, 5.0]),
        ("argument", ("weight", "bias"), [0.5, 0.0]),
    ],
)
def test_part_of_what_a_function_returns_or_changes_is_looked_at(part, entries, rows):
    def student(model, optimizer):
        model.weight.grad = torch.full_like(model.weight, -5.0)
        optimizer.step()
        return [3.0, 4.0], {"weight": [[5.0]], "bias": 6.0}

    model = Argument(kind="named", name="model", value=np.zeros(2))
    optimizer = Argument(kind="named", name="SGD", value=np.array([0.1]), of_first=True)
    trajectory = run(student, CallScenario(arguments=(model, optimizer), part=part, entries=entries))
    assert [row[0].item() for row in trajectory.rows] == rows


@pytest.mark.parametrize("table", [{"SGD": {"decay": 0.5}}, lambda: {"SGD": {"decay": 0.5}}], ids=["itself", "made"])
def test_table_is_read_row_by_row_with_nan_for_what_is_missing(table):
    ((row,),) = run(table, TableScenario(rows=("SGD",), columns=("learning_rate", "decay"))).rows
    np.testing.assert_array_equal(row, [np.nan, 0.5])


def test_table_with_an_unknown_hyperparameter_fails():
    trajectory = run({"SGD": {"lr": 0.5}}, TableScenario(rows=("SGD",), columns=("learning_rate",)))
    assert trajectory.failure.message == "\"SGD has no hyperparameter 'lr'\""


@pytest.mark.parametrize("name", SIGNATURES)
def test_following_twice_gives_the_same_trajectory(name):
    one, two = run(stand_in(name), THREE_STEPS), run(stand_in(name), THREE_STEPS)
    assert compare(one, two, Precision(travelled=0.0, size=0.0)) is None


# without torch's help


class Borrows(torch.optim.SGD):
    """Torch's own under the signature of the course."""

    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, lr=learning_rate)


def test_torchs_own_is_refused_where_the_subject_is_unaided():
    assert run(Borrows, THREE_STEPS).failure is None
    failure = run(Borrows, THREE_STEPS, unaided=True).failure
    assert (failure.kind, failure.message) == ("Delegated", "torch.optim.SGD")
    assert run(Borrows, THREE_STEPS).failure is None


def test_own_class_has_the_same_trajectory_unaided():
    assert compare(run(Moves, THREE_STEPS, unaided=True), run(Moves, THREE_STEPS)) is None


# what student code raises


class Unprintable(Exception):  # noqa: N818 - a name as a student may choose it
    def __str__(self):
        raise RuntimeError("no text")


class Stops(BaseException):
    """Not even an `Exception`."""


@pytest.mark.parametrize("error", [ValueError, RecursionError, SystemExit, GeneratorExit, StopIteration, Stops])
def test_whatever_student_code_raises_becomes_a_failure(error):
    class Raises(Moves):
        def move(self, _group, _number, _p):
            raise error("enough")

    trajectory = run(Raises, THREE_STEPS)
    assert trajectory.failure.kind in (error.__name__, "RuntimeError")
    assert len(trajectory.rows) == trajectory.failure.row == 1


def test_exception_without_text_becomes_a_failure():
    def student():
        raise Unprintable

    assert run(student, CallScenario(arguments=())).failure.kind == "Unprintable"


def test_interrupt_by_the_user_is_not_kept_from_the_user():
    def student():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(student, CallScenario(arguments=()))


@pytest.mark.parametrize("subject", [None, 3, "SGD", object, lambda: None, {}])
@pytest.mark.parametrize("scenario", [THREE_STEPS, HALVES, TableScenario(rows=("SGD",), columns=())])
def test_something_else_than_what_is_asked_for_becomes_a_failure(subject, scenario):
    assert run(subject, scenario).failure


@pytest.mark.parametrize("answer", [None, "text", [[1.0], [1.0, 2.0]], object()])
def test_result_that_is_no_number_becomes_a_failure(answer):
    assert run(lambda: answer, CallScenario(arguments=())).failure


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (None, "nothing"),
        (f"{0.18}", "a text"),
        ({"lag": 0.18}, "a dictionary"),
        ({0.18}, "a set"),
        ((each for each in (0.18,)), "a generator"),
        (1 + 2j, "a complex number"),
        (torch.tensor(1 + 2j), "a complex number"),
        ([], "a list with nothing in it"),
        ([0.18, None], "a list with something in it that is no number"),
        (math.sqrt, "a function or a class"),
        (torch.nn.MSELoss(), "a value of type `MSELoss`"),
    ],
)
def test_result_that_is_no_number_is_called_what_it_is(answer, found):
    failure = run(lambda: answer, CallScenario(arguments=())).failure
    assert (failure.kind, failure.message, failure.function) == ("Unreadable", f"{found}; a number or a tensor", "")


def test_shapes_that_differ_are_told():
    failure = run(lambda: (torch.zeros(2, 1), torch.zeros(2)), CallScenario(arguments=())).failure
    assert failure.message == "things of the shapes `(2, 1), (2,)`; one shape for all of them"


@pytest.mark.parametrize("part", ["all", "number"])
@pytest.mark.parametrize("answer", [0.125, Fraction(1, 8), Decimal("0.125"), np.float32(0.125), torch.tensor([0.125])])
def test_number_of_any_kind_counts_as_one(answer, part):
    ((number,),) = run(lambda: answer, CallScenario(arguments=(), part=part)).rows
    assert number == 0.125


@pytest.mark.parametrize("answer", [[0.125], (0.125,)])
def test_list_of_one_number_is_not_one_number(answer):
    assert run(lambda: answer, CallScenario(arguments=())).failure is None
    failure = run(lambda: answer, CallScenario(arguments=(), part="number")).failure
    assert failure.message == f"a {type(answer).__name__}; one number"


def test_get_lr_must_return_a_float():
    class Lists(Plateau):
        def get_lr(self):
            return [group["lr"] for group in self.optimizer.param_groups]

    scenario = SchedulerScenario(rates=(0.1,), hyperparameters={"initial_lr": 0.1}, calls=(("get_lr", 0.0),))
    failure = run(Lists, scenario).failure
    assert (failure.kind, failure.message) == ("Unreadable", "a value of type `list`; one float")


def test_failure_names_the_deepest_line_of_the_student():
    source = """
def helper(x):
    return x.nothing

def student(x):
    return torch.stack([helper(x)])
"""
    student = defined("import torch\n" + source)["student"]
    failure = run(student, CallScenario(arguments=(Argument(kind="tensor"),))).failure
    assert (failure.kind, failure.function, failure.line) == ("AttributeError", "helper", "return x.nothing")


def test_rows_up_to_the_failure_are_kept():
    class Tires(Moves):
        def move(self, group, number, p):
            super().move(group, number, p)
            if p.dim() == 0 and p > 3.15:
                raise ValueError("too far")

    trajectory = run(Tires, THREE_STEPS)
    assert len(trajectory.rows) == trajectory.failure.row == 2


# the time limit


def test_endless_loop_ends_by_the_time_limit():
    def student():
        while True:
            pass

    begin = time.process_time()
    failure = run(student, CallScenario(arguments=()), seconds=0.1).failure
    assert failure.kind == "TimeLimitExceeded"
    assert time.process_time() - begin < 2


def test_except_exception_does_not_swallow_the_time_limit():
    def student():
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue

    assert run(student, CallScenario(arguments=()), seconds=0.1).failure.kind == "TimeLimitExceeded"


def test_thread_without_a_timer_goes_on_without_a_limit():
    kept = []
    thread = threading.Thread(target=lambda: kept.append(run(Moves, THREE_STEPS, seconds=0.1)))
    thread.start()
    thread.join()
    assert len(kept[0].rows) == 4


# what a notebook has set


NUMPY = np.geterr()
SETTINGS = {
    "a card that is not there": (lambda: torch.set_default_device("cuda"), lambda: torch.set_default_device(None)),
    "a device without numbers": (lambda: torch.set_default_device("meta"), lambda: torch.set_default_device(None)),
    "double precision": (
        lambda: torch.set_default_dtype(torch.float64),
        lambda: torch.set_default_dtype(torch.float32),
    ),
    "no gradients": (lambda: torch.set_grad_enabled(False), lambda: torch.set_grad_enabled(True)),
    "deterministic": (
        lambda: torch.use_deterministic_algorithms(True),
        lambda: torch.use_deterministic_algorithms(False),
    ),
    "a seed": (lambda: torch.manual_seed(5), lambda: torch.manual_seed(0)),
    "numpy raises": (lambda: np.seterr(all="raise"), lambda: np.seterr(**NUMPY)),
    "warnings raise": (lambda: warnings.simplefilter("error"), lambda: None),
}


def careless(x):
    """Use all that a notebook may have set."""
    warnings.warn("old ways", stacklevel=1)
    made = torch.zeros(1, requires_grad=True)
    (made + torch.tensor([0.1])).backward()
    infinite = np.array(1.0) / np.array(0.0)
    drawn = [torch.rand(1).item(), np.random.rand(), random.random()]
    return torch.tensor([made.grad.item(), torch.tensor(0.1).double().item(), 1 / infinite, *drawn]) + 0 * x


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.filterwarnings("default")
def test_what_a_notebook_has_set_makes_no_difference_and_is_put_back(setting):
    scenario = CallScenario(arguments=(Argument(kind="tensor", value=np.array(2.0)),))
    plain = run(careless, scenario)
    assert plain.failure is None
    choose, undo = SETTINGS[setting]
    choose()
    try:
        chosen = state()
        told = run(careless, scenario)
        assert state() == chosen
    finally:
        undo()
    assert told.failure is None
    assert [row[0].tolist() for row in told.rows] == [row[0].tolist() for row in plain.rows]


def state():
    """List all that a scenario must leave as it was."""
    drawn = [torch.get_rng_state().tolist(), repr(np.random.get_state()), random.getstate()]
    modes = [torch.is_grad_enabled(), torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled()]
    return [*drawn, *modes, np.geterr(), list(warnings.filters)]


# the faults


def _replaces(self, group, number, p):
    group["params"][number] = torch.nn.Parameter(p - group["lr"] * p.grad)


def _detaches(self, group, number, p):
    p.requires_grad_(False)


def _records(self, group, number, p):
    with torch.enable_grad():
        self.state[p]["before"] = 2 * p


def _records_in_a_tuple(self, group, number, p):
    with torch.enable_grad():
        self.state[p] = (1, 2 * p)


def _records_in_a_bare_tensor(self, group, number, p):
    with torch.enable_grad():
        self.state[p] = 2 * p


def _scales_the_gradient(self, group, number, p):
    p.grad *= group["lr"]


def _takes_the_gradient_away(self, group, number, p):
    p.grad = None


def _puts_another_gradient(self, group, number, p):
    p.grad = p.grad.clone()


def _widens(self, group, number, p):
    p.data = p.data.to(torch.float64)
    p.grad = None


def _flattens(self, group, number, p):
    p.data = p.data.reshape(-1, 1)


@pytest.mark.parametrize(
    ("fault", "move"),
    [
        ("replaced", _replaces),
        ("detached", _detaches),
        ("graph", _records),
        ("graph", _records_in_a_tuple),
        ("graph", _records_in_a_bare_tensor),
        ("gradient_changed", _scales_the_gradient),
        ("gradient_changed", _takes_the_gradient_away),
        ("gradient_changed", _puts_another_gradient),
        ("dtype", _widens),
        ("shape", _flattens),
    ],
)
def test_fault_is_seen(fault, move):
    scenario = OptimizerScenario(start=(np.ones(2),), calls=(Call("step", (np.ones(2),)),), dtype="float32")
    subject = type("Faulty", (Moves,), {"move": move})
    assert Fault(fault) in run(subject, scenario).faults
    assert run(Moves, scenario).faults == ()


def test_gradients_switched_off_are_seen_and_switched_on_again():
    class SwitchesOff(Moves):
        def step(self):
            torch.set_grad_enabled(False)

    assert run(SwitchesOff, THREE_STEPS).faults == (Fault("grad_mode"),)
    assert torch.is_grad_enabled()


def test_parameter_in_two_groups_of_state_is_no_fault():
    class KeepsMuch(Moves):
        def move(self, _group, _number, p):
            self.state[p] = {"seen": [p.grad], "n": 1, "copy": p.clone()}

    assert run(KeepsMuch, THREE_STEPS).faults == ()
