"""What a check cell does: it shows the report, or one line, and raises what is wrong in one line."""

from functools import partial

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.errors import CheckFailed
from coursekit.optimizers.ladders import ladder
from coursekit.student.checks import check
from tests.bank.wrong import RIGHT
from tests.solutions import EXERCISES, defined, solution

STUB = """
import torch

class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        {constructor}

    def step(self):
        # YOUR CODE HERE
        raise NotImplementedError()
"""
NOTHING_WRITTEN = STUB.format(constructor="# YOUR CODE HERE\n        raise NotImplementedError()")
STEP_NOT_WRITTEN = STUB.format(constructor='super().__init__(params, {"lr": learning_rate})')
UPHILL = RIGHT["SGD"].replace("p -= ", "p += ")
BORROWED = """
import torch

class SGD(torch.optim.SGD):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, lr=learning_rate)
"""


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")


def sgd(source):
    return defined(source)["SGD"]


@pytest.mark.parametrize("name", EXERCISES)
def test_check_of_a_reference_solution_shows_the_report_and_raises_nothing(name, capsys):
    check(solution(name), name)
    shown = capsys.readouterr()
    count = len(ladder(name))
    assert (f"{name}: all {count} behaviours are right." if count > 1 else f"{name} is right.") in shown.out
    assert shown.err == ""


def test_check_of_a_wrong_answer_shows_the_report_and_raises_its_summary(capsys):
    with pytest.raises(CheckFailed, match=r"^SGD: 9 of 11 behaviours are right\. Fix first: One step is exact\.$"):
        check(sgd(UPHILL))
    assert "It moved the wrong way." in capsys.readouterr().out


def test_check_names_the_mistake_in_the_language_of_the_notebook(capsys, monkeypatch):
    with pytest.raises(CheckFailed):
        check(sgd(UPHILL))
    assert "Your numbers are those of SGD going uphill." in capsys.readouterr().out
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    with pytest.raises(CheckFailed):
        check(sgd(UPHILL))
    assert "Vos nombres correspondent à ceci : SGD montant au lieu de descendre." in capsys.readouterr().out


# one line


@pytest.mark.parametrize(
    ("source", "function"), [(NOTHING_WRITTEN, "SGD.__init__"), (STEP_NOT_WRITTEN, "SGD.step")], ids=["all", "step"]
)
def test_check_of_a_stub_raises_one_line_and_shows_nothing(source, function, capsys, monkeypatch):
    with pytest.raises(CheckFailed, match=rf"^`{function}` is not written yet\.$"):
        check(sgd(source))
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    with pytest.raises(CheckFailed, match=rf"^`{function}` n'est pas encore écrit\.$"):
        check(sgd(source))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["minimise", "tuned", "forward", "loss", "train_network"])
def test_check_of_a_function_that_is_a_stub_raises_one_line(name):
    stub = defined(f"def {name}(*_, **__):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n")[name]
    with pytest.raises(CheckFailed, match=f"^`{name}` is not written yet.$"):
        check(stub)


def test_check_of_a_scheduler_that_is_a_stub_raises_one_line():
    methods = "".join(
        f"    def {name}:\n        raise NotImplementedError()\n"
        for name in ("__init__(self, optimizer, initial_lr)", "get_lr(self)", "set_lr(self, lr)")
    )
    with pytest.raises(CheckFailed, match=r"^`LRScheduler\.__init__` is not written yet\.$"):
        check(defined(f"class LRScheduler:\n{methods}")["LRScheduler"])


def test_check_of_what_uses_torchs_own_raises_one_line_and_shows_nothing(capsys, monkeypatch):
    with pytest.raises(CheckFailed, match=r"^Your code uses `torch\.optim\.SGD` of torch\. Write the rule yourself"):
        check(sgd(BORROWED))
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    with pytest.raises(CheckFailed, match=r"^Votre code utilise `torch\.optim\.SGD` de torch\."):
        check(sgd(BORROWED))
    assert capsys.readouterr().out == ""


def test_check_leaves_torch_as_it_was():
    with pytest.raises(CheckFailed):
        check(sgd(BORROWED))
    assert torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1).param_groups[0]["lr"] == 0.1


def test_check_waits_only_once_for_code_that_does_not_end(monkeypatch, capsys):
    monkeypatch.setattr("coursekit.student.checks.TIME_LIMIT", 0.1)
    begun = []

    class Endless(sgd(RIGHT["SGD"])):
        def step(self):
            begun.append(self)
            while True:
                pass

    with pytest.raises(CheckFailed, match="0 of 11"):
        check(Endless, "SGD")
    assert "did not end in time" in capsys.readouterr().out
    assert len(begun) == 1


def test_notebook_shows_a_failed_check_as_one_line(capsys):
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=settings)
    shell.run_cell(NOTHING_WRITTEN + "\nfrom coursekit import check")
    shell.run_cell("check(SGD)")
    shown = capsys.readouterr()
    assert shown.out.strip() == "`SGD.__init__` is not written yet."
    assert shown.err == ""


# names


def test_check_of_something_unknown_says_what_it_knows():
    known = ", ".join(EXERCISES)
    with pytest.raises(CheckFailed) as caught:
        check(torch.optim.LBFGS)
    assert str(caught.value) == f"check() knows {known}; not 'LBFGS'."


@pytest.mark.parametrize(
    ("given", "found", "name"),
    [
        ((), "nothing", "SGD"),
        ((None,), "nothing", "SGD"),
        (("Adam",), "a text", "Adam"),
        ((partial(max, 0),), "a value of type `partial`", "SGD"),
        ((sgd(RIGHT["SGD"])([torch.nn.Parameter(torch.zeros(1))]),), "a value of type `SGD`", "SGD"),
    ],
)
def test_check_of_what_is_neither_class_nor_function_says_what_it_wants(given, found, name, monkeypatch):
    wants = f"and wants the class or the function itself: coursekit.check({name})."
    with pytest.raises(CheckFailed) as caught:
        check(*given)
    assert str(caught.value) == f"check() was given {found}, {wants}"
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    with pytest.raises(CheckFailed, match="attend la classe ou la fonction elle-même"):
        check(*given)


@pytest.mark.parametrize(
    "made",
    [
        "lambda step, decay: step * decay / (1 - decay)",
        "functools.partial(lambda factor, step, decay: factor * step * decay / (1 - decay), 1)",
    ],
)
def test_check_finds_the_name_under_which_a_function_stands(made, capsys):
    exec(f"import functools\nlag = {made}\ncheck(lag)", {"check": check})
    assert "lag is right." in capsys.readouterr().out


def test_check_takes_the_name_of_the_course_for_another_one(capsys):
    class MyOwn(sgd(RIGHT["SGD"])):
        pass

    check(MyOwn, "SGD")
    assert "SGD: all 11 behaviours are right." in capsys.readouterr().out
