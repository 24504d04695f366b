"""A check says what a right class uses that may not be there when it is graded."""

import importlib
import sys

import pytest

from coursekit.student.checks import check
from coursekit.student.elsewhere import not_there
from tests.bank.habits import CLASS
from tests.solutions import defined

HELPER = "ONE = 1.25 / 1.25\n\n\ndef same(value):\n    return value\n\n\nclass Base:\n    pass\n"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return a function that writes a module into a folder from which Python imports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")
    monkeypatch.setattr(sys, "modules", dict(sys.modules))

    def write(path="my_utils.py", text=HELPER):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        monkeypatch.syspath_prepend(file.parent)
        importlib.invalidate_caches()

    return write


def told(top, factor="1", base="torch.optim.Optimizer"):
    source = CLASS.replace("* p.grad", f"* p.grad * {factor}").replace("torch.optim.Optimizer", base)
    return list(not_there(defined(f"import torch\n{top}\n{source}")["SGD"]))


@pytest.mark.parametrize(
    ("top", "factor", "base"),
    [
        ("import my_utils", "my_utils.same(1)", "torch.optim.Optimizer"),
        ("import my_utils as mine", "mine.ONE", "torch.optim.Optimizer"),
        ("from my_utils import same", "same(1)", "torch.optim.Optimizer"),
        ("from my_utils import same as alike", "alike(1)", "torch.optim.Optimizer"),
        ("from my_utils import *", "ONE", "torch.optim.Optimizer"),
        ("", "__import__('my_utils').ONE * (lambda: same())()", "torch.optim.Optimizer"),
        ("from my_utils import Base", "1", "Base, torch.optim.Optimizer"),
        ("from my_utils import same\n\n\ndef mine(x):\n    return same(x)", "mine(1)", "torch.optim.Optimizer"),
        (
            "import my_utils\n\n\n@my_utils.same\ndef mine(x):\n    return my_utils.same(x)",
            "mine(1)",
            "torch.optim.Optimizer",
        ),
    ],
)
def test_a_module_beside_the_notebook_is_named(top, factor, base, module):
    module()
    if not top:
        top = "def same():\n    import my_utils\n\n    return my_utils.ONE"
    assert told(top, factor, base) == [
        "Your code uses `my_utils`, from a file beside this notebook: hand that file in, too."
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/deep/my_utils.py", "`my_utils`, which will not be there when this is graded"),
        ("site-packages/my_utils.py", "`my_utils`, which the course does not need: it may be missing"),
    ],
)
def test_a_module_from_elsewhere_is_named_with_what_to_do(path, text, module):
    module(path)
    (line,) = told("import my_utils", "my_utils.ONE")
    assert text in line


@pytest.mark.parametrize(
    ("top", "factor"),
    [
        ("import my_utils", "1"),
        ("import math, numpy as np, random", "math.cos(0) * np.cos(0) * (random.random() >= 0)"),
        ("from torch import nn", "(nn.Linear is not None)"),
        ("import my_utils, numpy as np\n\nmy_utils.np = np", "np.cos(0)"),
        ("import my_utils\nfrom math import cos\n\nmy_utils.cos = cos", "cos(0)"),
        ("one = 1.0\n\n\ndef mine():\n    return one", "mine()"),
        ("", "missing"),
    ],
)
def test_what_is_there_or_not_used_is_not_named(top, factor, module):
    module()
    assert told(top, factor) == []


def test_a_class_that_is_imported_itself_is_named(module):
    module("mine.py", f"import torch\n\n\n{CLASS}")
    assert told("from mine import SGD as Mine", base="Mine") == [
        "Your code uses `mine`, from a file beside this notebook: hand that file in, too."
    ]


def test_a_check_says_it_below_its_table_in_the_language_of_the_notebook(module, monkeypatch, capsys):
    module()
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "fr")
    right = CLASS.replace("* p.grad", "* p.grad * ONE")
    check(defined(f"import torch\nfrom my_utils import ONE\n{right}")["SGD"])
    table, _, line = capsys.readouterr().out.rstrip().rpartition("\n")
    assert table
    assert line == "Votre code utilise `my_utils`, d'un fichier à côté de ce notebook\u00a0: rendez ce fichier aussi."
