"""At a student's desk: going on where something is not written, and classes from the student's earlier notebooks."""

import nbformat
import pytest
import torch

import coursekit
from coursekit.optimizers import references
from coursekit.optimizers.references import COMPARED
from tests.bank.wrong import RIGHT
from tests.solutions import defined


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, in English, and not as the grader."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path


def notebook(stem, *cells):
    """Write a student's notebook into the working folder."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Words")])
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(made, f"{stem}.ipynb")


def test_block_that_meets_a_stub_says_so_and_the_notebook_goes_on(capsys):
    stub = defined("class SGD:\n    def step(self):\n        raise NotImplementedError()\n")["SGD"]
    with coursekit.once_written():
        stub().step()
        raise AssertionError("not reached")
    assert capsys.readouterr() == ("`SGD.step` is not written yet.\n", "")


def test_block_that_meets_another_exception_shows_it():
    with pytest.raises(ZeroDivisionError), coursekit.once_written():
        1 / 0  # noqa: B018 - it is here to fail


def test_block_that_meets_nothing_prints_nothing(capsys):
    with coursekit.once_written():
        pass
    assert capsys.readouterr().out == ""


def test_own_class_comes_from_the_notebook_in_this_folder(capsys):
    notebook("01_sgd", RIGHT["SGD"] + "\nclass SGD(SGD):\n    mine = True\n")
    assert coursekit.own_class("SGD").mine
    assert capsys.readouterr().out == "SGD: yours, from 01_sgd.ipynb.\n"


def test_own_class_may_lie_in_the_folder_of_another_assignment_beside(folder, capsys, monkeypatch):
    for name in ("optimizers", "beyond"):
        (folder / name).mkdir()
    monkeypatch.chdir(folder / "optimizers")
    notebook("01_sgd", RIGHT["SGD"] + "\nclass SGD(SGD):\n    mine = True\n")
    monkeypatch.chdir(folder / "beyond")
    assert coursekit.own_class("SGD").mine
    assert capsys.readouterr().out == "SGD: yours, from 01_sgd.ipynb.\n"


def test_own_class_runs_definitions_and_nothing_else(capsys):
    notebook(
        "01_sgd",
        "%matplotlib inline\n!exit 3\nimport torch\nRATE = 0.25",
        "this is no Python",
        "print('noise')\n1 / 0\nopen('trace', 'w').close()",
        RIGHT["SGD"].replace("learning_rate=0.01", "learning_rate=RATE"),
        "coursekit.check(SGD)",
    )
    found = coursekit.own_class("SGD")
    assert found([torch.nn.Parameter(torch.zeros(1))]).param_groups[0]["lr"] == 0.25
    warning = "Its check finds one behaviour wrong: what it draws here may mislead."
    assert capsys.readouterr().out == f"SGD: yours, from 01_sgd.ipynb. {warning}\n"


def test_own_class_that_is_wrong_is_used_with_a_warning(capsys):
    notebook("01_sgd", RIGHT["SGD"].replace("p -= ", "p += "))
    assert coursekit.own_class("SGD").__name__ == "SGD"
    warning = "Its check finds 2 behaviours wrong: what it draws here may mislead."
    assert capsys.readouterr().out == f"SGD: yours, from 01_sgd.ipynb. {warning}\n"


def test_warning_of_a_wrong_class_is_said_in_french(capsys, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    notebook("01_sgd", RIGHT["SGD"].replace("p -= ", "p += "))
    coursekit.own_class("SGD")
    assert "Sa vérification trouve 2 comportements faux" in capsys.readouterr().out


def test_missing_notebook_gives_the_class_of_the_course(capsys):
    substitute = object()
    assert coursekit.own_class("Adam", substitute) is substitute
    assert capsys.readouterr().out == "Adam: the course's, because 04_adam.ipynb is not in this folder.\n"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("x = 1", "it is not written yet in 01_sgd.ipynb"),
        ("class SGD:\n    def __init__(self, params):\n        pass", "yours in 01_sgd.ipynb raises AttributeError"),
        (RIGHT["SGD"].replace("p -= lr * g", "raise NotImplementedError"), "it is not written yet in 01_sgd.ipynb"),
        (RIGHT["SGD"].replace("p -= lr * g", "p -= rate * g"), "yours in 01_sgd.ipynb raises NameError"),
        (
            "import nothing_of_this_name as other\n" + RIGHT["SGD"].replace("p -= lr * g", "p -= lr * other.of(g)"),
            "yours in 01_sgd.ipynb raises ModuleNotFoundError",
        ),
        ("class SGD(:\n    pass", "yours in 01_sgd.ipynb raises SyntaxError"),
    ],
    ids=["no class", "no optimizer", "a stub", "a crash", "an import that fails", "no Python"],
)
def test_class_that_cannot_be_used_gives_the_class_of_the_course(cell, reason, capsys):
    notebook("01_sgd", cell)
    substitute = object()
    assert coursekit.own_class("SGD", substitute) is substitute
    assert capsys.readouterr().out == f"SGD: the course's, because {reason}.\n"


def test_notebook_that_is_none_gives_the_class_of_the_course(folder, capsys):
    (folder / "01_sgd.ipynb").write_text("{")
    assert coursekit.own_class("SGD", "substitute") == "substitute"
    assert capsys.readouterr().out == "SGD: the course's, because 01_sgd.ipynb cannot be read.\n"


def test_graded_notebook_always_uses_the_class_of_the_course(capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    notebook("01_sgd", RIGHT["SGD"])
    assert coursekit.own_class("SGD", "substitute") == "substitute"
    assert capsys.readouterr().out == "SGD: the course's, as always when a notebook is graded.\n"


def test_own_optimizers_are_five_and_each_says_whose_it_is(capsys):
    notebook("02_rmsprop", RIGHT["RMSProp"])
    optimizers = coursekit.own_optimizers()
    assert [optimizer.__name__ for optimizer in optimizers] == list(COMPARED)
    said = capsys.readouterr().out.splitlines()
    assert [("yours" in line) for line in said] == [False, True, False, False, False]
    for optimizer in optimizers:
        assert optimizer([torch.nn.Parameter(torch.zeros(1))], learning_rate=0.5).param_groups[0]["lr"] == 0.5


def test_own_scheduler_comes_from_its_notebook(capsys):
    notebook("08_lr_scheduler", RIGHT["LRScheduler"])
    assert coursekit.own_class("LRScheduler", None).__name__ == "LRScheduler"
    assert capsys.readouterr().out == "LRScheduler: yours, from 08_lr_scheduler.ipynb.\n"


def test_own_scheduler_that_is_wrong_gives_the_one_of_the_course_and_is_the_own_when_graded_where_it_is_right(
    capsys, monkeypatch
):
    notebook("08_lr_scheduler", RIGHT["LRScheduler"].replace("return self", "return 1 + self"))
    assert coursekit.own_class("LRScheduler").__module__ == "coursekit.optimizers.references"
    assert "yours in 08_lr_scheduler.ipynb does not pass its check" in capsys.readouterr().out
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    notebook("08_lr_scheduler", RIGHT["LRScheduler"])
    assert coursekit.own_class("LRScheduler").__module__ == "__main__"


def test_reason_is_said_in_french_in_a_french_notebook(capsys, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    coursekit.own_class("SGD", "substitute")
    assert capsys.readouterr().out == "SGD\u00a0: celui du cours, car 01_sgd.ipynb n'est pas dans ce dossier.\n"


# the training loop


def test_own_loop_that_is_right_is_used(capsys):
    notebook("01_sgd", RIGHT["train"] + "\ntrain.mine = True\n")
    assert coursekit.own_class("train").mine
    assert capsys.readouterr().out == "train: yours, from 01_sgd.ipynb.\n"


@pytest.mark.parametrize(
    ("loop", "reason"),
    [
        ("def train(*_):\n    raise NotImplementedError()", "it is not written yet in 01_sgd.ipynb"),
        (
            RIGHT["train"].replace("        optimizer.zero_grad()\n", ""),
            "yours in 01_sgd.ipynb does not pass its check",
        ),
    ],
    ids=["a stub", "no zero_grad"],
)
def test_loop_that_is_not_right_gives_the_one_of_the_course(loop, reason, capsys):
    notebook("01_sgd", loop)
    assert coursekit.own_class("train") is references.train
    assert capsys.readouterr().out == f"train: the course's, because {reason}.\n"


# predictions


def test_prediction_is_shown_again_and_where_there_is_none_nothing(capsys):
    coursekit.predicted("  ")
    assert capsys.readouterr().out == ""
    coursekit.predicted("about 1")
    assert capsys.readouterr().out == "You predicted: about 1\n"
