"""A line that works only at a student's desk costs itself: the answer below it counts, and the line is named."""

from __future__ import annotations

from textwrap import indent

import nbformat
import pytest

from coursekit.grading.notebook.grade import Settings, grade, task
from coursekit.grading.notebook.verdicts import CellVerdict, judge_notebook
from coursekit.grading.sandbox.patience import Patience
from coursekit.grading.sandbox.sandboxed import Sandboxed
from coursekit.grading.submission.graft import graft
from coursekit.grading.submission.intake import take_in
from coursekit.judging.running import run
from coursekit.judging.trajectories import compare
from coursekit.optimizers.ladders import ladder
from coursekit.optimizers.references import stand_in
from tests.bank.desk_only import DESK_ONLY
from tests.grading.conftest import ROOT, answer

pytestmark = pytest.mark.slow

TESTS = ROOT / "tests" / "hidden" / "test_01_sgd.py"
IMPATIENT = Patience(definition=2.0, grace=1.0)
ONE_STEP = ladder("SGD")[0].trials[0].scenario
CLASS = """
class SGD(torch.optim.Optimizer):
    def __init__(self, params, learning_rate=0.01):
        super().__init__(params, {"lr": learning_rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
"""


@pytest.fixture
def judged(solved, release):
    """Return a function that judges the first notebook with something on top of the right answer."""

    def judge(top: str) -> CellVerdict:
        cell = answer(solved, "sgd")
        cell.source = f"{top}\n\n\n{cell.source}"
        notebook, _ = graft(solved, release)
        verdict, *_others = judge_notebook(notebook, TESTS, 1, patience=IMPATIENT)
        return verdict

    return judge


@pytest.mark.parametrize(("top", "told"), DESK_ONLY.values(), ids=DESK_ONLY)
def test_a_line_that_works_only_at_the_desk_costs_itself_and_is_named(top, told, judged):
    verdict = judged(top)
    assert verdict.score == 9.0
    assert told in verdict.left_out
    assert bool(told) == bool(verdict.left_out)
    assert verdict.left_out in verdict.table.note


UPHILL = CLASS.replace("-=", "+=")
INDENTED = indent(CLASS, "    ")


def times(factor: str) -> str:
    """Write the class with a step that has a factor."""
    return CLASS.replace("* p.grad", f"* p.grad * {factor}")


def asked(*cells: str):
    """Load cells behind `import torch`, and ask for one step; return what was raised, and what was left out."""
    with Sandboxed(("import torch", *cells), patience=IMPATIENT) as student:
        made = student.ask("SGD", ONE_STEP)
    failure = made.failure and (made.failure.kind, made.failure.message)
    assert failure or compare(made, run(stand_in("SGD"), ONE_STEP)) is None
    return failure, student.left_out


def test_only_the_lines_that_are_the_cause_are_named():
    assert asked("import pandas as pd\ntable = pd.DataFrame()\ntable.head()\n" + CLASS) == (
        None,
        "`import pandas as pd` (ModuleNotFoundError)",
    )


@pytest.mark.parametrize(
    "top",
    [
        "RATE = float(open('rate.txt').read())",
        "RATE, DECAY = float(open('rate.txt').read()), 0.9",
        "with open('rate.txt') as file:\n    RATE = float(file.read())",
        "if True:\n    RATE = float(open('rate.txt').read())",
        "text = open('rate.txt').read()\nRATE = float(text)",
    ],
)
@pytest.mark.parametrize("use", ["learning_rate=RATE", "learning_rate=0.01, other=None"])
def test_a_needed_name_that_could_not_be_defined_is_told_with_the_original_exception(top, use):
    failure, _ = asked(top, times("(RATE and 1)").replace("learning_rate=0.01", use))
    assert failure == ("FileNotFoundError", "[Errno 2] No such file or directory: 'rate.txt'")


def test_an_earlier_value_stays_where_a_later_one_fails():
    assert asked("one = 1\none = int(open('one.txt').read())", times("one"))[0] is None


@pytest.mark.parametrize(
    ("cells", "failure"),
    [
        (("class SGD(:\n    pass",), "SyntaxError"),
        (("%%time\nclass SGD(:\n    pass",), "SyntaxError"),
        (("class SGD(t.optim.Optimizer):\n    pass",), "NameError"),
        (("def make():\n" + INDENTED,), "NameError"),
        (("%%writefile sgd.py\n" + CLASS,), "NameError"),
        (("import sys\nsys.exit()\n", CLASS.replace("torch.no_grad()", "missing")), "NameError"),
    ],
    ids=["no Python", "no Python, timed", "a base that is missing", "in a function", "in a file", "a decorator"],
)
def test_what_is_wrong_at_the_desk_is_wrong_here(cells, failure):
    assert asked(*cells)[0][0] == failure


@pytest.mark.parametrize(
    "cell",
    [
        f"if __name__ == '__main__':\n    import seaborn\n{INDENTED}",
        f"if torch.cuda.is_available():\n    pass\nelif True:\n{INDENTED}",
        "import seaborn as sns; import math\n" + times("math.cos(0)"),
        "from math import cos, cube\n" + times("cos(0)"),
        "import nowhere, math\n" + times("math.cos(0)"),
        "off = torch.no_grad()\n" + CLASS.replace("torch.no_grad()", "off"),
        "one: 'float' = 1.0\n" + times("one"),
        "one, two = 1.0, 10**-8\n" + times("one"),
        "def set_up():\n    global one\n    one = 1.0\n\n\nset_up()\n" + times("one"),
        "from __future__ import annotations\n" + CLASS.replace("self)", "self, closure: Callable | None = None)"),
        "import asyncio\none = await asyncio.sleep(0, 1)\n" + times("one"),
        "%time one = 1.0\n" + times("one"),
        "%%time\n%%capture\none = 1.0\n" + times("one"),
        f"{CLASS}\nimport sys\nsys.exit()\n{UPHILL}",
        f"{CLASS}\nexit()\n{UPHILL}",
        f"{CLASS}\nraise KeyboardInterrupt\n{UPHILL}",
        f"return\n{CLASS}",
        f"{UPHILL}\n{CLASS}\nSGD = torch.compiled(SGD)",
        f"{CLASS.replace('step(self)', 'move(self)')}\nSGD.step = SGD.move",
    ],
)
def test_the_rest_of_a_cell_runs_as_it_would_without_the_line(cell):
    assert asked(cell)[0] is None


def test_statements_keep_their_order_within_cells_and_over_them():
    cells = ("one = 2", "one = nothing\none = 1", "if one == 1:\n    import nowhere\n    two = 2", "three = one + two")
    assert asked(*cells, times("(three == 3)")) == (
        None,
        "`one = nothing` (NameError), `import nowhere` (ModuleNotFoundError)",
    )


def test_what_is_told_of_a_line_is_short_and_can_be_printed():
    lines = [f"nothing_{number} # {'x' * 200}\x1b[31m" for number in range(9)]
    _, told = asked("\n".join(lines) + CLASS)
    assert told.count("NameError") == 4
    assert told.endswith(", …")
    assert len(told) < 450
    assert told.isprintable()


def test_the_line_stands_on_the_page_and_in_the_remark(solved, tmp_path):
    cell = answer(solved, "sgd")
    cell.source = f"import seaborn as sns\n\n\n{cell.source}"
    nbformat.write(solved, tmp_path / "01_sgd.ipynb")
    released = ROOT / "notebooks" / "optimizers" / "01_sgd.ipynb"
    graded = grade(task(take_in(tmp_path, released.parent), released, TESTS.parent, Settings(seed=1)))
    assert graded.remarks == (
        "left out, because it does not run here: `import seaborn as sns` (ModuleNotFoundError); the rest counts",
    )
    check = answer(nbformat.reads(graded.notebook, as_version=4), "sgd_check")
    assert check.outputs[0].data["text/plain"] == "9.0"
    assert (
        "Left out, because it does not run where this is graded: <code>import seaborn as sns</code> "
        "(ModuleNotFoundError). The rest was loaded." in check.outputs[0].data["text/html"]
    )


def test_however_many_lines_take_their_time_the_class_below_them_counts():
    cell = "import time\n" + "time.sleep(60)\n" * 50 + CLASS
    failure, told = asked(cell)
    assert failure is None
    assert told == "`time.sleep(60)` (TimeLimitExceeded)"
