"""A sandbox answers with numbers; whatever a student's code does there costs one question and no more."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.grading.notebook.execute import execute
from coursekit.grading.sandbox import warm
from coursekit.grading.sandbox.forking import watch
from coursekit.grading.sandbox.patience import USUAL, Patience
from coursekit.grading.sandbox.sandboxed import RESTARTS, Sandboxed
from coursekit.judging.calls import Argument, CallScenario, TableScenario
from coursekit.judging.running import run
from coursekit.judging.trajectories import compare
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import stand_in

RIGHT = """
import torch
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data -= group["lr"] * p.grad
"""
SCENARIOS = [trial.scenario for rung in ladder("SGD") for trial in rung.trials]
ONE_STEP = SCENARIOS[0]
WAIT = "__import__('time').sleep(0.01)"
TWO_GROUPS = next(scenario for scenario in SCENARIOS if len(scenario.groups) == 2)


def with_first_line(line: str) -> str:
    return RIGHT.replace("        for group", f"        {line}\n        for group", 1)


def test_the_numbers_from_the_sandbox_are_those_of_the_class():
    with Sandboxed((RIGHT,)) as student:
        answer = student.ask("SGD", ONE_STEP)
    assert answer.failure is None
    assert compare(answer, run(stand_in("SGD"), ONE_STEP)) is None


def test_what_students_print_does_not_reach_the_answer(capfd):
    with Sandboxed(
        ("print('hello')", with_first_line("import sys, os; print('x'); os.write(1, b'y'); sys.stderr.write('z')"))
    ) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
    assert capfd.readouterr() == ("", "")


def test_magics_in_a_cell_work_as_in_a_notebook():
    with Sandboxed(("%matplotlib inline\n%time x = 1\n" + RIGHT,)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None


@pytest.mark.parametrize("line", ["os._exit(0)", "os.kill(os.getpid(), 9)", "os.closerange(3, 99)"])
def test_a_worker_that_dies_is_replaced_for_the_next_question(line):
    dying = with_first_line(f"if len(self.param_groups) == 2: import os; {line}")
    with Sandboxed((dying,)) as student:
        lost = student.ask("SGD", TWO_GROUPS)
        assert lost.failure is not None
        assert lost.failure.kind == "WorkerError"
        assert student.ask("SGD", ONE_STEP).failure is None


def test_an_endless_loop_ends():
    with Sandboxed((with_first_line("while True: pass"),), patience=Patience(question=0.5)) as student:
        assert student.ask("SGD", ONE_STEP).failure.kind == "TimeLimitExceeded"


def test_what_did_not_end_is_not_tried_again_and_other_questions_are():
    waiting = with_first_line(f"while len(self.param_groups) == 2: {WAIT}")
    with Sandboxed((waiting,), patience=Patience(question=0.5)) as student:
        for _ in range(USUAL.hanging + 1):
            assert student.ask("SGD", TWO_GROUPS).failure.kind == "TimeLimitExceeded"
        assert student.ask("SGD", ONE_STEP).failure is None


def test_after_a_question_that_hung_the_others_get_less_time():
    waiting = with_first_line(f"while self.defaults['lr'] < 0.4: {WAIT}")
    with Sandboxed((waiting,), patience=Patience(question=1.0, again=0.5)) as student:
        told = [
            student.ask("SGD", replace(ONE_STEP, hyperparameters={"learning_rate": rate})) for rate in (0.1, 0.2, 0.5)
        ]
    assert [answer.failure and answer.failure.message for answer in told] == [
        "did not end within 1 s",
        "did not end within 0.5 s",
        None,
    ]


def test_after_definitions_that_hung_questions_get_less_time_and_right_answers_all_they_need():
    cells = ("while True: pass", RIGHT, with_first_line("while True: pass").replace("class SGD", "class Looping"))
    with Sandboxed(cells, patience=Patience(definition=0.5, again=0.5, hanging=2)) as student:
        told = [student.ask(name, ONE_STEP).failure for name in ("SGD", "Looping")]
        told += [student.ask(name, TWO_GROUPS).failure for name in ("SGD", "Looping")]
        with student.another() as other:
            told.append(other.ask("SGD", ONE_STEP).failure)
    assert [failure and failure.message for failure in told] == [
        None,
        "did not end within 0.5 s",
        *["did not end in time before"] * 2,
        None,
    ]


def test_after_too_many_that_hung_nothing_is_asked_any_more():
    waiting = with_first_line(f"while self.defaults['lr'] < 0.4: {WAIT}")
    with Sandboxed((waiting,), patience=Patience(question=0.5, hanging=1)) as student:
        told = [student.ask("SGD", replace(ONE_STEP, hyperparameters={"learning_rate": rate})) for rate in (0.1, 0.5)]
    assert [answer.failure.message for answer in told] == ["did not end within 0.5 s", "did not end in time before"]


def test_a_loop_that_swallows_the_inner_limit_is_ended_from_outside():
    stubborn = with_first_line("import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])").replace(
        "        for group", f"        while True: {WAIT}\n        for group", 1
    )
    with Sandboxed((stubborn,), patience=Patience(question=0.3, grace=0.5)) as student:
        assert student.ask("SGD", ONE_STEP).failure.kind == "TimeLimitExceeded"


def test_a_cell_that_does_not_run_is_why_the_name_is_missing():
    with Sandboxed(("class SGD(:\n    pass",)) as student:
        failure = student.ask("SGD", ONE_STEP).failure
    assert failure.kind == "SyntaxError"


def test_a_cell_that_ends_the_worker_costs_itself():
    stubborn = f"while True:\n    try:\n        while True: {WAIT}\n    except BaseException: pass"
    with Sandboxed(
        ("import os; os._exit(0)", stubborn, RIGHT), patience=Patience(definition=1.0, grace=0.5)
    ) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
    assert [[each.failure.kind for each in own] for own in student.lost] == [["WorkerError"], ["TimeLimitExceeded"], []]


def test_too_many_cells_that_end_the_worker_cost_everything():
    with Sandboxed(("import os; os._exit(0)",) * (RESTARTS + 1) + (RIGHT,)) as student:
        assert student.ask("SGD", ONE_STEP).failure.kind == "WorkerError"


def test_what_only_the_desk_has_is_passed_over():
    with Sandboxed(("!pip install x\nimport nowhere, torch\n" + RIGHT, "import nowhere\nname = nowhere.x")) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
        assert student.ask("name", ONE_STEP).failure.kind == "ModuleNotFoundError"


def test_a_name_nobody_defined_is_said():
    with Sandboxed(("x = 1",)) as student:
        assert student.ask("SGD", ONE_STEP).failure.message == "name 'SGD' is not defined"


def test_sandboxes_share_nothing():
    with Sandboxed(("import torch; torch.optim.SGD.step = None; secret = 1",)) as student:
        student.ask("secret", ONE_STEP)
    with Sandboxed((RIGHT,)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
        assert student.ask("secret", ONE_STEP).failure.kind == "NameError"


def test_the_same_code_gives_the_same_numbers_each_time():
    noisy = RIGHT.replace("p.data -= ", "p.data -= torch.rand(1).item() * ")
    answers = []
    for _ in range(2):
        with Sandboxed((noisy,)) as student:
            answers.append(student.ask("SGD", ONE_STEP))
    assert np.array_equal(answers[0].rows[1][0], answers[1].rows[1][0])


def test_the_grader_s_environment_is_not_there():
    assert "PYTEST_CURRENT_TEST" in os.environ  # and was, when the first sandbox of these tests was ordered
    with Sandboxed(
        ("import os\nfound = {'SGD': {'learning_rate': float('PYTEST_CURRENT_TEST' in os.environ)}}",)
    ) as student:
        answer = student.ask("found", TableScenario(rows=("SGD",), columns=("learning_rate",)))
    assert answer.rows[0][0].tolist() == [0.0]


def test_an_answer_to_what_was_not_asked_costs_the_question_and_no_wait(monkeypatch):
    monkeypatch.setattr(warm, "NOTICE", None)  # to wait for the end of a process that lives would take for ever
    forging = with_first_line("forge()")
    forge = """
import os, stat
from coursekit.grading.sandbox.wire import Answer, encode
from coursekit.judging.trajectories import Trajectory
frame = encode(Answer(trajectory=Trajectory(), number=0))
def forge():
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.write(fd, len(frame).to_bytes(4, "big") + frame)
        except OSError:
            pass
"""
    with Sandboxed((forge, forging)) as student:
        assert student.ask("SGD", ONE_STEP).failure.message == "The code answered what was not asked."


def test_cells_that_take_their_time_leave_the_others_a_moment():
    slow = ("import time; time.sleep(1)", *["import time; time.sleep(60)"] * 2)
    with Sandboxed((*slow, RIGHT), patience=Patience(definitions=2.0, moment=0.5)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
    assert [[each.failure.kind for each in own] for own in student.lost] == [[], *[["TimeLimitExceeded"]] * 2, []]


def test_however_many_cells_take_their_time_loading_them_ends():
    slow = ("import time; time.sleep(60)",) * 20
    with Sandboxed((*slow, RIGHT), patience=Patience(definitions=0.5)) as student:
        assert student.ask("SGD", ONE_STEP).failure.message == "did not end in time before"


def test_what_takes_too_long_altogether_counts_as_hanging():
    with Sandboxed((with_first_line("import time; time.sleep(0.5)"),), patience=Patience(questions=0.5)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
        assert student.ask("SGD", TWO_GROUPS).failure.message == "did not end in time before"


@pytest.mark.parametrize(
    "kept",
    [
        "theirs._single_tensor_sgd",
        "types.FunctionType(theirs._single_tensor_sgd.__code__, vars(theirs))",
        "next(f for f in gc.get_objects() if type(f) is types.FunctionType and f.__name__ == '_single_tensor_sgd')",
        "inspect.unwrap(torch.optim.SGD.step)",
        "lambda *_: torch.optim.SGD([torch.zeros(1)])",
        "lambda *_: torch._fused_sgd_([ONE], [ONE], [], maximize=False, is_first_step=True, **ZERO)",
    ],
)
def test_no_rule_of_torch_can_be_kept_from_before_the_first_question(kept):
    cell = f"""
import gc, inspect, sys, types, torch
gc.unfreeze()
theirs = sys.modules["torch.optim.sgd"]
ONE = torch.ones(1)
ZERO = {{"weight_decay": 0, "momentum": 0, "lr": 0, "dampening": 0, "nesterov": False}}
kept = {kept}
{with_first_line("kept(self)")}"""
    with Sandboxed((cell,)) as student:
        failure = student.ask("SGD", ONE_STEP).failure
    assert failure.kind == "Delegated"
    assert "sgd" in failure.message.lower()


def test_a_function_that_is_given_an_optimizer_may_use_torch_s():
    given = CallScenario(arguments=(Argument(kind="number", value=np.array(2.0)),))
    with Sandboxed(
        (RIGHT, "def twice(x):\n    torch.optim.SGD([torch.zeros(1)], lr=0.1)\n    return 2.0 * x")
    ) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
        assert student.ask("twice", given).rows[0][0] == 4.0


WHAT_IT_WRITES_TO = """
import os
own = os.stat("/dev/shm").st_dev
own = f"{os.major(own):02x}:{os.minor(own):02x}"
maps = [line.split() for line in open("/proc/self/maps")]
held = [f"{device}:{inode}" for _, rights, _, device, inode, *_ in maps if rights[1::2] == "ws" and device != own]
held += [os.readlink(f"/proc/self/fd/{each}") for each in range(99) if os.path.exists(f"/proc/self/fd/{each}")]
raise ValueError(" ".join(each for each in held if any(map(str.isdigit, each))))
"""


def in_answers(cell: str, *, unaided: bool) -> str:
    with Sandboxed((cell,)) as student:
        student.ask("SGD", ONE_STEP if unaided else TableScenario(rows=(), columns=()))
        return student.lost[0][-1].failure.message


def in_cells(cell: str) -> str:
    notebook = new_notebook(cells=[new_code_cell(cell)])
    execute(notebook, sandbox=True, patience=USUAL)
    return notebook.cells[0].outputs[0].evalue


@pytest.mark.parametrize("told", [partial(in_answers, unaided=True), partial(in_answers, unaided=False), in_cells])
def test_two_workers_of_a_kind_share_nothing_that_both_can_write_to(told):
    first, second = (set(told(WHAT_IT_WRITES_TO).split()) for _ in range(2))
    assert first
    assert first & second == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="there is one user for all")
def test_the_processes_of_each_sandbox_are_counted_apart_from_those_of_others():
    told = {in_answers("import os; raise ValueError(os.getuid())", unaided=True) for _ in range(3)}
    assert len(told) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_what_workers_are_forked_from_is_made_again_when_it_has_died():
    with Sandboxed((RIGHT,)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None
    for process in psutil.Process().children():
        for template in process.children():
            template.kill()
    with Sandboxed((RIGHT,)) as student:
        assert student.ask("SGD", ONE_STEP).failure is None


def test_a_grader_that_hangs_up_ends_the_worker_whatever_it_has_not_read():
    for unread in (b"", b"news"):
        line, grader = socket.socketpair()
        with line, subprocess.Popen(["sleep", "60"]) as process:
            line.sendall(unread)
            grader.close()
            assert watch(process.pid, line, SimpleNamespace(overflows=lambda: False)).text == "It was ended."
            process.kill()
